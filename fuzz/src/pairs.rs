//! Two users that have nothing to do with each other, under a context that is read from JSON, with limits from 0 on.
//!
//! The bytes are a vendor (`0` to `2`), a depth, a length (each a byte that is the limit, the length in units of four; `-` for that
//! of the context), then up to six parts separated by NUL: a context, a user, another user, a body, a field mask, the next body.

use user_patch::{
    engine::{Json, Limits},
    exchange::{Verdict, answer},
    report::{Applied, Diff},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

use super::{
    holds,
    laws::{self, Case, Law, Page, Request, tree::Tree},
    update::{Target, own_user},
};

/// What no message may have, and nothing else has.
const SECRET: &str = "pl4nted!secret#";

/// Every law on the pair, and that no message tells what is planted in its texts.
pub fn run(data: &[u8]) {
    let Some((&[vendor, depth, length], rest)) = data.split_first_chunk::<3>() else { return };
    // A fuzzer finds the text, and may name a member by it: names are shown.
    if data.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()) {
        return;
    }
    let mut parts = rest.splitn(6, |&byte| byte == 0);
    let parts = [(); 6].map(|()| parts.next().unwrap_or_default());
    match vendor ^ b'0' {
        0 => pair::<Fireworks>([depth, length], parts),
        1 => pair::<TrustedTwin>([depth, length], parts),
        2 => pair::<Elastic>([depth, length], parts),
        _ => {}
    }
}

fn pair<M: Page + Target>([depth, length]: [u8; 2], parts: [&[u8]; 6]) {
    let [context, user, other, body, mask, next] = parts;
    holds(no_line_tells(M::VENDOR, parts), &parts.map(String::from_utf8_lossy));
    let Ok(ctx) = serde_json::from_slice::<M::Context>(if context.is_empty() { b"{}" } else { context }) else {
        return;
    };
    let own = M::body_limits(&ctx);
    let limits = Limits {
        max_bytes: if length == b'-' { own.max_bytes } else { Some(4 * usize::from(length)) },
        max_depth: if depth == b'-' { own.max_depth } else { depth },
    };
    let ctx = M::limited(&ctx, limits);
    let seed = u64::from(depth) << 8 | u64::from(length);
    let stored = |text: &[u8], at| match M::user(text) {
        Ok(_) => text.to_vec(),
        Err(_) => own_user::<M>(at).into_bytes(),
    };
    let mask = String::from_utf8_lossy(mask);
    let mask = if M::VENDOR.has_mask_and_create() { &*mask } else { "" };
    let request = |body: &[u8]| Request { body: body.to_vec(), mask: mask.to_owned() };
    let case = Case {
        user: stored(user, depth),
        other: stored(other, length),
        ours: request(body),
        next: Request { mask: String::new(), ..request(next) },
        last: request(next),
        ctx,
        seed,
    };
    laws::hold::<M>(&case);
    holds(nothing_planted_is_told::<M>(&case), &case);
}

/// The text with the secret in the place of each string that is a value.
fn planted(text: &[u8]) -> Option<Vec<u8>> {
    /// Whether no name has the secret already, in whatever spelling.
    fn plant(tree: &mut Tree) -> bool {
        match tree {
            Tree::String(text) => SECRET.clone_into(text),
            Tree::Array(elements) => return elements.iter_mut().all(plant),
            Tree::Object(members) => {
                return members.iter_mut().all(|(name, value)| !name.contains(SECRET) && plant(value));
            }
            Tree::Null | Tree::Bool(_) | Tree::Number(_) => {}
        }
        true
    }
    let mut tree = Tree::try_read(text)?;
    plant(&mut tree).then(|| tree.text().into_bytes())
}

/// The user with the secret in it: everywhere, or where it would be none, in a member of its own.
fn planted_user<M: UpdateModel>(text: &[u8]) -> Option<M::User> {
    if let Some(user) = planted(text).and_then(|text| M::user(&text).ok()) {
        return Some(user);
    }
    M::user_with(&M::user(text).ok()?, &["x_planted"], Json::string(SECRET)).ok()
}

fn hides(what: &str, told: &str) -> Law {
    if told.contains(SECRET) { Err(format!("{what} tells what is planted: {told}")) } else { Ok(()) }
}

fn nothing_planted_is_told<M: Page>(case: &Case<M::Context>) -> Law {
    let ctx = &case.ctx;
    let tells = |what: &str, diff: Result<Diff<M::Patch<'static>>, _>| match diff {
        Ok(diff) => hides(what, &format!("{diff:?}")),
        Err::<_, user_patch::report::Unreachable>(unreachable) => {
            hides(what, &format!("{unreachable} {unreachable:?}"))
        }
    };
    let users = [planted_user::<M>(&case.user), planted_user::<M>(&case.other)];
    let [Some(user), Some(other)] = &users else { return Ok(()) };
    hides("a user", &format!("{user:?}"))?;
    tells("a diff", M::diff(user, other, ctx))?;
    tells("an undo", M::undo(user, other, ctx))?;
    hides("an audit", &format!("{:?}", M::audit(user, other)))?;
    let Some(body) = planted(&case.ours.body) else { return Ok(()) };
    let ours = Request { body, mask: case.ours.mask.clone() };
    let failure = M::failure(400, [("x-cloud-error-codes", SECRET), (SECRET, SECRET)], &ours.body);
    hides("a failure", &format!("{failure} {failure:?} {:?}", failure.errors()))?;
    if let Err(wrong) = M::user(&ours.body) {
        hides("what is no user", &format!("{wrong} {wrong:?}"))?;
    }
    let patch = match ours.parse::<M>(ctx) {
        Ok(patch) => patch,
        Err(violations) => {
            let reply = M::refused(&violations, ctx);
            return hides("a body that is not read", &format!("{violations} {violations:?} {reply:?} {}", reply.body));
        }
    };
    hides("a patch", &format!("{patch:?}"))?;
    for user in [user, other] {
        let mut after = user.clone();
        match M::apply(&patch, &mut after, ctx) {
            Ok(applied) => hides("an update", &format!("{applied:?} {} {after:?}", Applied::notices(&applied)))?,
            Err(violations) => {
                let reply = M::refused(&violations, ctx);
                hides("a refusal", &format!("{violations} {violations:?} {reply:?} {}", reply.body))?;
            }
        }
    }
    match M::rebase(user, &patch, other) {
        Ok(moved) => hides("a moved patch", &format!("{moved:?}"))?,
        Err(conflict) => hides("a conflict", &format!("{conflict} {conflict:?}"))?,
    }
    match M::then(&patch, &patch) {
        Ok(both) => hides("one patch for two", &format!("{both:?}")),
        Err(none) => hides("why there is none", &format!("{none} {none:?}")),
    }
}

/// The same as lines, with everything planted, the context too: a line that is not answered by an update tells nothing of it.
fn no_line_tells(vendor: Vendor, parts: [&[u8]; 6]) -> Law {
    let [context, user, other, body, mask, next] = parts;
    let plain = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    let [planted_context, user, other, body, next] = [context, user, other, body, next]
        .map(|text| planted(text).map_or_else(|| plain(text), |text| String::from_utf8_lossy(&text).into_owned()));
    let mask = Json::string(&plain(mask));
    for context in [plain(context), planted_context] {
        let context = if context.is_empty() { "null" } else { &*context };
        let head = format!(r#"{{"id":1,"vendor":"{vendor}","context":{context}"#);
        let masked = if vendor.has_mask_and_create() { format!(r#","mask":{mask}"#) } else { String::new() };
        let account = Json::string(SECRET);
        for line in [
            format!(r#"{head},"user":{user},"patch":{body}{masked}}}"#),
            format!(r#"{head},"op":"check","user":{user},"patch":{body}{masked}}}"#),
            format!(r#"{head},"op":"diff","from":{user},"to":{other}}}"#),
            format!(r#"{head},"op":"undo","from":{user},"to":{other}}}"#),
            format!(r#"{head},"op":"then","patch":{body},"next":{next}{masked}}}"#),
            format!(r#"{head},"op":"rebase","base":{user},"patch":{body},"theirs":{other}{masked}}}"#),
            format!(r#"{head},"op":"create","account":{account},"userId":{mask},"patch":{body}}}"#),
            format!(r#"{head},"op":"create","account":{mask},"userId":{account},"patch":{body}}}"#),
        ] {
            laws::exchange::any_line_is_answered(line.as_bytes())?;
            let answered = answer(1, line.as_bytes());
            if answered.verdict != Verdict::Accepted {
                hides("a line", &answered.line)?;
            }
        }
    }
    Ok(())
}

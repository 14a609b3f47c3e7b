//! How a decision is told: which rule and where, nothing of a value, and never at greater length than what it is about.

use user_patch::{
    engine::Json,
    report::{Applied, Effect, ErrorCode, FieldError, Findings, LISTED_MAX, Refuses, Reply, Violation},
    vendor::{CodeOf, UpdateModel, Vendor},
};

use super::{Case, Law, Page, Refused, accepted, agree, applied, mask_of, tree::Tree};

/// What the update is refused with, be it read or not; `None` where it is accepted, or there is no user.
fn refused<M: Page>(case: &Case<M::Context>) -> Option<Refused<M>> {
    let user = case.stored::<M>()?;
    match case.ours.parse::<M>(&case.ctx) {
        Ok(patch) => M::check(&patch, &user, &case.ctx).err(),
        Err(violations) => Some(violations),
    }
}

/// A refusal names rules and places in their order, and answers in the vendor's form.
pub(crate) fn a_refusal_says_which_rule_and_where<M: Page>(case: &Case<M::Context>) -> Law {
    let Some(violations) = refused::<M>(case) else { return Ok(()) };
    let place = |told: &Violation<M::Refusal>| (told.pointer().clone(), told.rule().id);
    let places: Vec<_> = violations.iter().map(place).collect();
    ensure!(!places.is_empty() && places.is_sorted(), "{places:?}");
    ensure!(places.len() <= LISTED_MAX && (violations.omitted() == 0 || places.len() == LISTED_MAX), "{places:?}");
    ensure_eq!((violations.len(), violations.first()), (places.len(), violations.iter().next()));
    let rules = M::rules();
    for told in &violations {
        ensure!(told.refusal().rule() == told.rule() && violations.contains(told.refusal()), "{told}");
        ensure!(rules.contains(&told.rule()) && told.rule().effect == Effect::Refuses, "{told}");
        ensure!(!told.message().is_empty(), "{told}");
    }
    let text = violations.to_string();
    ensure!(!text.contains(char::is_control), "{text:?}");
    let reply = M::refused(&violations, &case.ctx);
    ensure!(M::STATUSES.contains(&reply.status), "{}", reply.status);
    in_form(&reply)
}

/// An accepted update answers with the user.
pub(crate) fn an_acceptance_answers_with_the_user<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let Some((after, told)) = accepted::<M>(&patch, &before, &case.ctx) else { return Ok(()) };
    let reply = M::accepted(&after, &case.ctx);
    ensure_eq!(reply.status, 200);
    in_form(&reply)?;
    let again = M::user(reply.body.as_bytes()).map_err(|wrong| format!("{wrong}: {}", reply.body))?;
    ensure!(agree::<M>(&again, &after), "{}", reply.body);
    if M::replies_as_stored(&case.ctx) {
        ensure_eq!(reply.body, M::user_json(&after));
    }
    let places: Vec<_> = told.notices().iter().map(|told| (told.pointer().clone(), told.rule().id)).collect();
    ensure!(places.is_sorted_by(|one, other| one < other), "{places:?}");
    ensure!(places.len() <= LISTED_MAX, "{places:?}");
    let rules = M::rules();
    for notice in told.notices() {
        ensure!(rules.contains(&notice.rule()) && !notice.message().is_empty(), "{notice}");
        ensure!(told.notices().contains(notice.rule().id), "{notice}");
    }
    Ok(())
}

/// A reply to a refusal says to whoever reads it what was refused: its status, its codes, its fields.
pub(crate) fn what_is_answered_is_read_back<M: Page>(case: &Case<M::Context>) -> Law {
    refused::<M>(case).map_or(Ok(()), |violations| reads_back::<M>(&violations, &M::refused(&violations, &case.ctx)))
}

/// A reply to these violations reads back as what they are.
pub(crate) fn reads_back<M: UpdateModel>(violations: &Refused<M>, reply: &Reply) -> Law {
    let headers = reply.headers.iter().map(|(name, value)| (*name, value.as_str()));
    let failure = M::failure(reply.status, headers, reply.body.as_bytes());
    ensure!(failure.is_in_form() && failure.status() == reply.status, "{failure}: {}", reply.body);
    ensure!(failure.codes().count() == failure.errors().len(), "{failure}");
    ensure!(failure.codes().all(|code| code.status() == reply.status), "{failure}");
    let all: Vec<CodeOf<M>> = violations.iter().map(|told| told.refusal().code()).collect();
    let mut fields: Vec<_> = failure.fields().map(FieldError::field).collect();
    let places: Vec<_> = violations.iter().map(|told| told.pointer().dotted()).collect();
    match M::VENDOR {
        Vendor::Fireworks => {
            ensure!(failure.codes().eq(all.first().copied()) && all.iter().all(|code| Some(code) == all.first()));
            ensure_eq!(fields.len(), places.len());
            for (told, read) in violations.iter().zip(failure.fields()) {
                let beside = ["updateMask", "accountId", "userId"].contains(&read.field());
                ensure!(read.field() == told.pointer().dotted() || beside, "{told}");
                ensure_eq!(read.message(), Some(told.message()));
            }
        }
        Vendor::TrustedTwin => {
            // A role is looked up only for a request that is in order.
            let decisive = all.iter().find(|code| code.status() != 404).or(all.first());
            ensure!(failure.codes().eq(decisive.copied()), "{failure}: {violations}");
            ensure_eq!(fields, Vec::<&str>::new());
            let message = failure.errors().first().and_then(|error| error.message()).unwrap_or_default();
            let told = violations.iter().filter(|told| Some(&told.refusal().code()) == decisive);
            for told in told {
                ensure!(message.contains(told.message()) && message.contains(told.pointer().as_str()), "{message}");
            }
        }
        Vendor::Elastic => {
            ensure!(failure.codes().all(|code| all.contains(&code)), "{failure}: {violations}");
            ensure!(all.iter().all(|&code| failure.has(code)), "{failure}: {violations}");
            let mut places: Vec<_> = places.iter().map(|place| &**place).filter(|place| !place.is_empty()).collect();
            places.sort_unstable();
            fields.sort_unstable();
            ensure_eq!(fields, places);
        }
    }
    Ok(())
}

/// Whatever comes back from whoever answered is read, and shown by its status and its known codes alone.
pub(crate) fn any_answer_can_be_read<M: Page>(case: &Case<M::Context>) -> Law {
    for body in [&case.user, &case.ours.body, &case.next.body] {
        let text = String::from_utf8_lossy(body);
        let status = (case.seed % 1000) as u16;
        let failure = M::failure(status, [("x-cloud-error-codes", &*text), ("", "")], body);
        ensure_eq!(failure.status(), status);
        let shown = format!("{failure} {failure:?} {:?}", failure.errors());
        let secret = secrets(body).find(|secret| shown.contains(secret));
        ensure!(secret.is_none(), "{secret:?} is shown: {shown}");
    }
    Ok(())
}

/// Strict JSON, headers in small letters.
fn in_form(reply: &Reply) -> Law {
    is_json(&reply.body)?;
    for (name, value) in &reply.headers {
        ensure!(name.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase()), "{name:?}");
        ensure!(value.bytes().all(|byte| byte.is_ascii_graphic()), "{value:?}");
    }
    Ok(())
}

/// Strict JSON text, without white space between its tokens.
pub(crate) fn is_json(text: &str) -> Law {
    let json = Json::parse(text.as_bytes(), &user_patch::engine::Limits::STORED);
    let json = json.map_err(|wrong| format!("{wrong}: {text}"))?;
    ensure_eq!(json.compact().text(), text);
    Ok(())
}

/// The values of a body that no message may repeat, found without reading it: what stands between two quotes, is long, and
/// has a character that no message of ours has. Not what is, or is part of, a member's name: messages name members, join their
/// names by slashes and dots, and have a colon behind them.
pub(crate) fn secrets(body: &[u8]) -> impl Iterator<Item = &str> {
    let parts: Vec<_> = match body.contains(&b'\\') {
        false => body.split(|&byte| byte == b'"').map(|part| std::str::from_utf8(part).unwrap_or_default()).collect(),
        true => Vec::new(),
    };
    let is_name = |at: usize| parts.get(at + 1).is_some_and(|next| next.trim_start().starts_with(':'));
    let names: Vec<_> = (0..parts.len()).filter(|&at| is_name(at)).map(|at| parts[at]).collect();
    parts.into_iter().filter(move |part| {
        part.len() >= 8
            && part.contains(|character: char| !character.is_ascii() || "@!#$%&^?=+".contains(character))
            && !part.contains(['/', '.', '~', ':'])
            && !names.iter().any(|name| name.contains(part))
    })
}

/// Whether a member's name has this in it, found without reading the body.
fn is_in_a_name(body: &[u8], text: &str) -> bool {
    let body = String::from_utf8_lossy(body);
    let parts: Vec<_> = body.split('"').collect();
    parts.windows(2).any(|parts| parts[0].contains(text) && parts[1].trim_start().starts_with(':'))
}

/// No refusal, notice, reason, `Debug` or audit carries what it must not: a value of the request; and of a password not even
/// the user has it.
pub(crate) fn nothing_is_told_of_a_value<M: Page>(case: &Case<M::Context>) -> Law {
    let Some(before) = case.stored::<M>() else { return Ok(()) };
    let hides = |told: &str| {
        let texts = [&case.user, &case.other, &case.ours.body];
        let shown = texts.into_iter().flat_map(|text| secrets(text)).find(|secret| {
            // What is a value in one text may be a name in another.
            told.contains(secret) && !texts.into_iter().any(|text| is_in_a_name(text, secret))
        });
        shown.map_or(Ok(()), |secret| Err(format!("{secret} is shown: {told}")))
    };
    hides(&format!("{before:?}"))?;
    if let Some(other) = case.stored::<M>()
        && let Err(unreachable) = M::diff(&before, &other, &case.ctx)
    {
        hides(&format!("{unreachable} {unreachable:?}"))?;
    }
    if let Some(violations) = refused::<M>(case) {
        let reply = M::refused(&violations, &case.ctx);
        hides(&format!("{violations} {violations:?} {reply:?}"))?;
    }
    let Ok(patch) = case.ours.parse::<M>(&case.ctx) else { return Ok(()) };
    hides(&format!("{patch:?}"))?;
    let Some((after, told)) = accepted::<M>(&patch, &before, &case.ctx) else { return Ok(()) };
    hides(&format!("{after:?} {told:?} {}", told.notices()))?;
    let Some(password) = told.into_password() else { return Ok(()) };
    // Where it is one of a kind, it is known where it comes from.
    let (body, secret) = (M::patch_json(&patch), password.expose());
    let is_plain = secret.contains([' ', '!', '#', '%']) && !secret.contains(['"', '\\']);
    if is_plain && body.matches(secret).count() == 1 && !M::user_json(&before).contains(secret) {
        let audit = M::audit(&before, &after);
        let reply = M::accepted(&after, &case.ctx);
        let shown = format!("{} {reply:?} {after:?} {password:?} {patch:?} {audit:?} {audit}", M::user_json(&after));
        ensure!(!shown.contains(secret), "{shown}");
    }
    Ok(())
}

/// How much longer than what it is about anything may get, and what it may have in any case.
pub(crate) const TIMES: usize = 6;
pub(crate) const BESIDE: usize = 64 * 1024;

/// No reply and no list is longer than six times what came in, and 64 kB.
pub(crate) fn nothing_is_longer_than_what_it_is_about<M: Page>(case: &Case<M::Context>) -> Law {
    let came_in = |texts: &[&[u8]]| texts.iter().map(|text| text.len()).sum::<usize>();
    let keeps = |what: &str, length: usize, texts: &[&[u8]]| {
        let most = TIMES * came_in(texts) + BESIDE;
        ensure!(length <= most, "{what} takes {length} bytes, where {most} are allowed");
        Ok(())
    };
    let Case { user, other, ours, next, ctx, .. } = case;
    let request: &[&[u8]] = &[user, &ours.body, ours.mask.as_bytes()];
    if let Some(violations) = refused::<M>(case) {
        keeps("the words of a refusal", violations.to_string().len(), request)?;
        // A line of `batch` has both.
        let listed: usize = violations.iter().map(|told| length_of(told.finding())).sum();
        keeps("a refusal with its violations", length_of_reply(&M::refused(&violations, ctx)) + listed, request)?;
    }
    if let Some((before, after)) = case.both::<M>() {
        let users: &[&[u8]] = &[user, other];
        keeps("an audit", M::audit(&before, &after).to_json().len(), users)?;
        match M::diff(&before, &after, ctx) {
            Ok(diff) => keeps("a diff", diff.patch().map_or(0, |patch| length_of_patch::<M>(&patch)), users)?,
            Err(unreachable) => keeps("reasons", length_of_list(unreachable.reasons()), users)?,
        }
    }
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    keeps("a body", length_of_patch::<M>(&patch), request)?;
    if let Some((after, told)) = accepted::<M>(&patch, &before, ctx) {
        let listed = length_of_list(told.notices()) + length_of_changes(&told);
        keeps("a reply with its lists", length_of_reply(&M::accepted(&after, ctx)) + listed, request)?;
        keeps("the audit of an update", M::audit(&before, &after).to_json().len(), request)?;
        keeps("the audit of an undoing", M::audit(&after, &before).to_json().len(), request)?;
        match M::undo(&before, &after, ctx) {
            Ok(diff) => keeps("an undoing", diff.patch().map_or(0, |patch| length_of_patch::<M>(&patch)), request)?,
            Err(unreachable) => keeps("reasons against an undoing", length_of_list(unreachable.reasons()), request)?,
        }
    }
    let Ok(second) = next.parse::<M>(ctx) else { return Ok(()) };
    let requests: &[&[u8]] = &[user, &ours.body, ours.mask.as_bytes(), &next.body, next.mask.as_bytes()];
    match M::then(&patch, &second) {
        Ok(both) => keeps("one patch for two", length_of_patch::<M>(&both), requests)?,
        Err(none) => keeps("why there is none", none.to_string().len(), requests)?,
    }
    let Some(theirs) = applied::<M>(&second, &before, ctx) else { return Ok(()) };
    match M::rebase(&before, &patch, &theirs) {
        Ok(moved) => keeps("a moved patch", moved.patch().map_or(0, |patch| length_of_patch::<M>(&patch)), requests),
        Err(conflict) => {
            let pointers = conflict.pointers().iter().map(|pointer| pointer.as_str().len() + 3);
            keeps("conflicts", pointers.sum::<usize>() + conflict.to_string().len(), requests)
        }
    }
}

/// How long a finding is as `{"rule":"…","pointer":"…","message":"…"}`.
fn length_of(told: &user_patch::report::Finding) -> usize {
    let texts = [told.rule().id, told.pointer().as_str(), told.message()];
    40 + texts.map(|text| Tree::string(text).text().len()).iter().sum::<usize>()
}

fn length_of_list(told: &Findings) -> usize {
    told.iter().map(length_of).sum()
}

fn length_of_changes(told: &Applied) -> usize {
    told.changed().iter().map(|pointer| 1 + Tree::string(pointer.as_str()).text().len()).sum()
}

fn length_of_reply(reply: &Reply) -> usize {
    reply.body.len() + reply.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
}

fn length_of_patch<M: UpdateModel>(patch: &M::Patch<'_>) -> usize {
    M::patch_json(patch).len() + mask_of::<M>(patch).map_or(0, |mask| mask.len())
}

//! The laws that every room keeps.

use serde_json::Value;
use user_patch::{
    engine::{Fault, Json, Limits},
    report::{Audit, Diff, Effect, InvalidUser, Refuses, Reply, Unreachable, Violations},
};

use super::{room::Room, update::Update};

const DEEPEST: Limits = Limits { max_bytes: None, max_depth: u8::MAX };

/// Reads the update, and holds every law of it.
pub fn hold<R: Room>(update: &Update<'_>) {
    let ctx = R::context(update.selectors);
    let before = stored::<R>(update);
    let patch = match R::parse(update.body, &ctx) {
        Ok(patch) => R::with_mask(patch, &update.mask),
        Err(violations) => return refused::<R>(&violations, update.body, &ctx),
    };
    renders::<R>(&patch, update, &ctx);
    let mut after = before.clone();
    match (R::check(&patch, &before, &ctx), R::apply(&patch, &mut after, &ctx)) {
        (Ok(()), Ok(applied)) => {
            assert_eq!(R::notices(&patch, &before, &ctx).len(), R::told(&applied).1.len());
            Accepted::<R> { before, patch, after, applied, ctx, update }.hold();
        }
        (Err(checked), Err(violations)) => {
            assert_eq!(checked, violations, "check and apply agree");
            assert_eq!(R::to_json(&after), R::to_json(&before), "a refusal leaves the user as it was");
            refused::<R>(&violations, update.body, &ctx);
        }
        (checked, applied) => panic!("check says {checked:?}, apply does {applied:?}"),
    }
}

/// The user that is written out, where it is one, else one of the room's own.
pub fn stored<R: Room>(update: &Update<'_>) -> R::User {
    let own = R::USERS[usize::from(update.selectors.user) % R::USERS.len()];
    let own = R::user(own.as_bytes()).expect("a stored user");
    let Some(text) = update.user else { return own };
    if let Ok(value) = serde_json::from_slice::<Value>(text)
        && let Ok(user) = R::user_of(&value)
    {
        is_stored::<R>(&user);
    }
    match R::user(text) {
        Ok(user) => {
            is_stored::<R>(&user);
            user
        }
        Err(wrong) => {
            let told = format!("{wrong} {wrong:?}");
            assert!(secrets(text).all(|secret| !told.contains(secret)), "{told}");
            own
        }
    }
}

/// What is written is read, and is the same.
fn is_stored<R: Room>(user: &R::User) {
    let text = R::to_json(user);
    let again = R::user(text.as_bytes()).expect("what is written is read");
    assert_eq!(again, *user);
    assert_eq!(R::to_json(&again), text);
}

/// The body that a patch stands for is that patch.
fn renders<R: Room>(patch: &R::Patch<'_>, update: &Update<'_>, ctx: &R::Context) {
    let body = R::to_body(patch);
    is_json(&body);
    let again = R::with_mask(R::parse(body.as_bytes(), ctx).expect("what is rendered is read"), &update.mask);
    assert!(R::same(&again, patch), "{body}");
    assert_eq!(R::to_body(&again), body);
    assert!(R::same(&R::into_owned(patch.clone()), patch));
    let told = format!("{patch:?}");
    assert!(secrets(update.body).all(|secret| !told.contains(secret)), "{told}");
}

/// A refusal names rules and places, in their order, and nothing of the request; so does the reply.
pub fn refused<R: Room>(violations: &Violations<R::Refusal>, body: &[u8], ctx: &R::Context) {
    let rules = R::rules();
    let place =
        |violation: &user_patch::report::Violation<R::Refusal>| (violation.pointer().clone(), violation.rule().id);
    let places: Vec<_> = violations.iter().map(place).collect();
    assert!(!places.is_empty() && places.is_sorted(), "{places:?}");
    for violation in violations {
        assert_eq!(violation.refusal().rule(), violation.rule());
        assert!(rules.contains(&violation.rule()) && violation.rule().effect == Effect::Refuses);
    }
    let reply = R::refused(violations, ctx);
    assert!(R::STATUSES.contains(&reply.status), "{}", reply.status);
    is_reply(&reply);

    let told = [violations.to_string(), format!("{violations:?}"), reply.body];
    assert!(!told[0].contains(char::is_control), "{}", told[0]);
    for secret in secrets(body) {
        assert!(!told.iter().any(|told| told.contains(secret)), "{told:?}");
    }
}

fn is_reply(reply: &Reply) {
    is_json(&reply.body);
    for (name, value) in &reply.headers {
        assert!(name.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase()));
        assert!(value.bytes().all(|byte| byte.is_ascii_graphic()), "{value:?}");
    }
}

/// Strict JSON text, without white space between its tokens.
fn is_json(text: &str) {
    let json = Json::parse(text.as_bytes(), &DEEPEST).unwrap_or_else(|wrong| panic!("{wrong}: {text}"));
    assert_eq!(json.compact().text(), text);
}

/// The values of a body that no message may repeat, found without reading it: what stands between two quotes, is long, and
/// has a character that no message of ours has. Not what is, or is part of, a member's name: messages name members, and join
/// their names by slashes and dots.
fn secrets(body: &[u8]) -> impl Iterator<Item = &str> {
    let parts: Vec<_> = match body.contains(&b'\\') {
        false => body.split(|&byte| byte == b'"').map(|part| str::from_utf8(part).unwrap_or_default()).collect(),
        true => Vec::new(),
    };
    let is_name = |at: usize| parts.get(at + 1).is_some_and(|next| next.trim_start().starts_with(':'));
    let names: Vec<_> = (0..parts.len()).filter(|&at| is_name(at)).map(|at| parts[at]).collect();
    parts.into_iter().filter(move |part| {
        part.len() >= 8
            && part.contains(|character: char| !character.is_ascii() || "@!#$%&^?=+".contains(character))
            && !part.contains(['/', '.', '~'])
            && !names.iter().any(|name| name.contains(part))
    })
}

/// An update that was accepted.
struct Accepted<'d, R: Room> {
    before: R::User,
    patch: R::Patch<'d>,
    after: R::User,
    applied: R::Applied,
    ctx: R::Context,
    update: &'d Update<'d>,
}

impl<R: Room> Accepted<'_, R> {
    fn hold(&self) {
        self.is_stored();
        let (changed, _) = R::told(&self.applied);
        assert!(changed.is_sorted_by(|one, other| one < other), "{changed:?}");
        if !R::is_update(&self.applied) {
            assert_eq!(R::to_json(&self.after), R::to_json(&self.before), "nothing changed");
        }
        let reply = R::accepted(&self.after);
        is_reply(&reply);
        assert_eq!((reply.status, reply.body), (200, R::to_json(&self.after)));
        self.audit(&self.after);

        // The time of the update is set by the server, and by no patch: without a clock, the rest is the patch's alone.
        let ctx = R::without_clock(&self.ctx);
        let mut still = self.before.clone();
        let applied = R::apply(&self.patch, &mut still, &ctx).expect("the clock decides nothing");
        assert_eq!(applied, self.applied);
        assert_eq!(changed.is_empty(), still == self.before);
        assert_eq!(changed.is_empty(), R::to_json(&still) == R::to_json(&self.before));

        let mut twice = still.clone();
        let again = R::apply(&self.patch, &mut twice, &ctx).expect("what was accepted once is accepted again");
        assert_eq!((R::told(&again).0, R::to_json(&twice)), (&[][..], R::to_json(&still)), "twice is once");

        self.audit(&still);
        self.says_again(&still, &ctx);
        let moved = R::rebase(&self.before, &self.patch, &self.before).expect("nobody else changed anything");
        assert!(R::same(&moved, &self.patch), "{}", R::to_body(&moved));
        self.with_itself(&still, &ctx);
        self.with_next(&still, &ctx);
    }

    /// An accepted user is a valid stored user. Only its depth can keep it from being read: a policy may let a body be deeper
    /// than the 128 levels to which stored users are read.
    fn is_stored(&self) {
        let text = R::to_json(&self.after);
        match R::user(text.as_bytes()) {
            Ok(_) => is_stored::<R>(&self.after),
            Err(InvalidUser::Malformed(wrong)) if R::limits(&self.ctx).max_depth > 128 => {
                assert_eq!(wrong.fault(), Fault::TooDeep { limit: 128 });
            }
            Err(wrong) => panic!("{wrong}: {text}"),
        }
    }

    /// Forwards from the old rendering to the new one, and back.
    fn audit(&self, after: &R::User) {
        let audit = R::audit(&self.before, after);
        assert_eq!(audit.is_empty(), self.before == *after, "{audit}");
        is_json(&audit.to_json());
        let texts = [&self.before, after].map(R::to_json);
        if let [Ok(before), Ok(after)] = texts.map(|text| serde_json::from_str::<Value>(&text)) {
            assert_eq!(patched(&before, &audit), after);
            assert_eq!(patched(&after, &audit.inverted()), before);
        }
    }

    /// The diff does what the update did, and each of its members is needed.
    fn says_again(&self, after: &R::User, ctx: &R::Context) {
        match R::diff(&self.before, after, ctx) {
            Ok(Diff::Unchanged) => assert_eq!(self.before, *after),
            Ok(Diff::Patch(patch)) => {
                assert_ne!(self.before, *after);
                self.reaches(&patch, after, ctx);
            }
            Err(why) => match R::diff(&self.before, after, &R::without_size(ctx)) {
                // Said in another way, it can be longer than the update that was accepted.
                Ok(Diff::Patch(patch)) => {
                    assert!(R::to_body(&patch).len() > R::limits(ctx).max_bytes.expect("the size is limited"));
                    assert!(reasons(&why).all(|id| id.ends_with(".body.size")), "{why}");
                    self.reaches(&patch, after, ctx);
                }
                Ok(Diff::Unchanged) => panic!("{why}, for no change"),
                Err(why) => assert!(R::cannot_say_again(&self.before, self.update, ctx, &why), "{why}"),
            },
        }
    }

    fn reaches(&self, patch: &R::Patch<'_>, after: &R::User, ctx: &R::Context) {
        let mut there = self.before.clone();
        let applied = R::apply(patch, &mut there, ctx).expect("a diff is accepted");
        assert_eq!(there, *after);
        assert!(!R::told(&applied).0.is_empty());
        let body = R::to_body(patch);
        let json = Json::parse(body.as_bytes(), &DEEPEST).expect("a body is JSON");
        let members: Vec<_> = json.members().map(|(name, value)| format!("{}:{value}", Json::string(&name))).collect();
        for at in 0..members.len() {
            let less = [&members[..at], &members[at + 1..]].concat();
            let less = format!("{{{}}}", less.join(","));
            let less = R::parse(less.as_bytes(), &R::without_size(ctx)).expect("a part of a body is one");
            let mut there = self.before.clone();
            assert!(R::apply(&less, &mut there, ctx).is_err() || there != *after, "{body} can be smaller");
        }
    }

    fn with_itself(&self, after: &R::User, ctx: &R::Context) {
        // What cannot be composed says so.
        let Ok(both) = R::then(&self.patch, &self.patch) else { return };
        let mut at_once = self.before.clone();
        let applied = R::apply(&both, &mut at_once, ctx).expect("an update and the same again are one");
        assert_eq!((&at_once, &R::told(&applied).0), (after, &R::told(&self.applied).0));
    }

    /// One patch for two does what the two do in turn.
    fn with_next(&self, after: &R::User, ctx: &R::Context) {
        let Some(Ok(next)) = self.update.next.map(|next| R::parse(next, ctx)) else { return };
        let next = R::with_mask(next, self.update.mask_of_next());
        let both = R::then(&self.patch, &next);
        let mut in_turn = after.clone();
        if let (Ok(_), Ok(both)) = (R::apply(&next, &mut in_turn, ctx), both) {
            let mut at_once = self.before.clone();
            let _ = R::apply(&both, &mut at_once, ctx).expect("two accepted updates are one");
            assert_eq!(at_once, in_turn, "one patch for two");
        }
        // Somebody else's update of the same user.
        let mut theirs = self.before.clone();
        if R::apply(&next, &mut theirs, ctx).is_ok() {
            let moved = R::rebase(&self.before, &self.patch, &theirs);
            if let (true, Ok(moved)) = (theirs == *after, &moved) {
                let mut there = theirs.clone();
                if R::apply(moved, &mut there, ctx).is_ok() {
                    assert_eq!(there, theirs, "what both did is done");
                }
            }
            if let Err(conflict) = moved {
                assert!(!conflict.pointers().is_empty() && theirs != *after);
            }
        }
    }
}

fn reasons(why: &Unreachable) -> impl Iterator<Item = &'static str> {
    why.iter().map(|reason| reason.rule().id)
}

#[track_caller]
fn patched(before: &Value, audit: &Audit) -> Value {
    let mut value = before.clone();
    let patch = audit.to_patch().expect("both renderings could be held");
    json_patch::patch(&mut value, &patch).unwrap_or_else(|wrong| panic!("{wrong}: {audit}"));
    value
}

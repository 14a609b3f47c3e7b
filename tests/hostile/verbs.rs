//! Everything that can be done with a user and a body, done; each answer within its bound.

use user_patch::{
    engine::{FieldMask, Json, Limits, Timestamp},
    exchange::{Verdict, answer},
    fireworks,
    report::{Diff, Findings, InvalidUser, Outside, Refuses, Reply, Violations},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

/// How much longer than what came in an answer may be, and what it may have in any case.
const TIMES: usize = 6;
const BESIDE: usize = 64 * 1024;

/// What is driven.
#[derive(Clone, Copy)]
pub(crate) struct Given<'t> {
    pub user: &'t [u8],
    /// A second user.
    pub other: &'t [u8],
    pub body: &'t [u8],
    /// A second body.
    pub next: &'t [u8],
    /// The field mask, an account, a user id, a name: any text.
    pub text: &'t str,
    pub context: &'t str,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Whether the first user is one.
    pub user: bool,
    /// Whether the body was read, or the rule against it.
    pub parsed: Result<(), &'static str>,
    /// Whether the update was accepted; no where the user is none.
    pub accepted: bool,
    /// How the line of `batch` was answered that asks for the update.
    pub line: Verdict,
}

/// Drives it through every verb of a vendor.
pub(crate) fn drive(vendor: Vendor, given: Given<'_>) -> Ended {
    let line = lines(vendor, given);
    let (user, parsed, accepted) = match vendor {
        Vendor::Fireworks => {
            create(given);
            verbs::<Fireworks>(given)
        }
        Vendor::TrustedTwin => verbs::<TrustedTwin>(given),
        Vendor::Elastic => verbs::<Elastic>(given),
    };
    Ended { user, parsed, accepted, line }
}

impl Given<'_> {
    /// Holds an answer within six times all that was given, and 64 kB.
    #[track_caller]
    fn bound(&self, what: &str, length: usize) {
        let given = self.user.len() + self.other.len() + self.body.len() + self.next.len() + self.text.len();
        assert!(length <= TIMES * given + BESIDE, "{what}: {length} bytes for {given}");
    }

    #[track_caller]
    fn findings(&self, what: &str, findings: &Findings) {
        self.bound(what, findings.to_string().len() + format!("{findings:?}").len());
    }

    #[track_caller]
    fn reply(&self, what: &str, reply: &Reply) {
        let headers: usize = reply.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.bound(what, reply.body.len() + headers);
        let read = Json::parse(reply.body.as_bytes(), &Limits::STORED);
        assert!(reply.body.is_empty() || read.is_ok(), "{what}: {read:?}");
    }

    #[track_caller]
    fn invalid(&self, wrong: &InvalidUser) {
        self.bound("an invalid user", wrong.to_string().len());
        self.bound("an invalid user for a programmer", format!("{wrong:?}").len());
    }
}

fn verbs<M: UpdateModel>(given: Given<'_>) -> (bool, Result<(), &'static str>, bool) {
    let ctx: M::Context = serde_json::from_str(given.context).unwrap();
    texts::<M>(given);
    for text in [given.user, given.body, given.other] {
        failure::<M>(given, text);
    }
    let read = |text: &[u8]| M::user(text).inspect_err(|wrong| given.invalid(wrong)).ok();
    let (user, other) = (read(given.user), read(given.other));
    for user in [&user, &other].into_iter().flatten() {
        one_user::<M>(given, user, &ctx);
    }
    if let (Some(user), Some(other)) = (&user, &other) {
        two_users::<M>(given, user, other, &ctx);
        two_users::<M>(given, other, user, &ctx);
    }
    let refused = |violations: &Violations<M::Refusal>| refused::<M>(given, violations, &ctx);
    // With the text as a mask, and without.
    if let Some(masked) = M::parse_masked(given.body, given.text, &ctx) {
        match masked {
            Ok(patch) => {
                let next = M::parse(given.next, &ctx).ok();
                patches::<M>(given, &patch, next.as_ref(), [&user, &other], &ctx);
            }
            Err(violations) => refused(&violations),
        }
    }
    match M::parse(given.body, &ctx) {
        Ok(patch) => {
            let next = M::parse(given.next, &ctx).inspect_err(refused).ok();
            let accepted = patches::<M>(given, &patch, next.as_ref(), [&user, &other], &ctx);
            (user.is_some(), Ok(()), accepted)
        }
        Err(violations) => {
            refused(&violations);
            (user.is_some(), Err(violations.first().unwrap().refusal().rule().id), false)
        }
    }
}

/// What is read of a text by itself.
fn texts<M: UpdateModel>(given: Given<'_>) {
    if let Ok(mask) = given.text.parse::<FieldMask>() {
        given.bound("a mask", mask.to_string().len());
        assert!(mask.union(&mask) == mask);
        mask.covers(given.text);
    }
    if let Ok(time) = given.text.parse::<Timestamp>() {
        assert_eq!(time.to_string().parse::<Timestamp>().as_ref(), Ok(&time));
    }
    M::mask_of_query(&format!("updateMask={}", given.text));
    M::takes(Some(given.text));
}

fn failure<M: UpdateModel>(given: Given<'_>, body: &[u8]) {
    for status in [0, 200, 400, 404, 503, u16::MAX] {
        let failure = M::failure(status, [("x-cloud-error-codes", given.text), (given.text, given.text)], body);
        assert_eq!(failure.status(), status);
        given.bound("a failure", failure.to_string().len() + format!("{failure:?} {:?}", failure.errors()).len());
    }
}

fn one_user<M: UpdateModel>(given: Given<'_>, user: &M::User, ctx: &M::Context) {
    let text = M::user_json(user);
    given.bound("a user", text.len());
    given.bound("a user for a programmer", format!("{user:?}").len());
    assert!(M::user(text.as_bytes()).unwrap() == *user, "what is written reads back");
    given.reply("an acceptance", &M::accepted(user, ctx));
    for path in [&[][..], &[given.text], &["x", given.text], &["x", "x", "x"]] {
        for value in [Json::null(), Json::string(given.text)] {
            match M::user_with(user, path, value) {
                Ok(with) => given.bound("a user with a value", M::user_json(&with).len()),
                Err(wrong) => given.invalid(&wrong),
            }
        }
        match M::user_without(user, path) {
            Ok(without) => given.bound("a user without a value", M::user_json(&without).len()),
            Err(wrong) => given.invalid(&wrong),
        }
    }
    if let Ok(value) = serde_json::from_slice(text.as_bytes()) {
        match M::user_from_value(&value) {
            Ok(user) => given.bound("a user from a value", M::user_json(&user).len()),
            Err(wrong) => given.invalid(&wrong),
        }
    }
    for which in Outside::ALL {
        given.reply("what is outside", &M::outside(*which, ctx));
    }
}

fn two_users<M: UpdateModel>(given: Given<'_>, before: &M::User, after: &M::User, ctx: &M::Context) {
    let audit = M::audit(before, after);
    let json = audit.to_json();
    given.bound("an audit", json.len());
    given.bound("an audit for a person", audit.to_string().len());
    given.bound("an audit inverted", audit.inverted().to_json().len());
    assert!(
        Json::parse(json.as_bytes(), &Limits::STORED)
            .is_ok_and(|json| json.elements().count() == audit.operations().len())
            || json.len() > 512
    );
    for diff in [M::diff(before, after, ctx), M::undo(before, after, ctx)] {
        match diff {
            Ok(Diff::Unchanged) => {}
            Ok(Diff::Patch(patch)) => given.bound("a diff", M::patch_json(&patch).len()),
            Err(unreachable) => {
                given.bound("reasons", unreachable.to_string().len());
                given.findings("reasons", unreachable.reasons());
            }
        }
    }
}

/// Everything that a patch is good for. Whether it was accepted for the first user.
fn patches<M: UpdateModel>(
    given: Given<'_>,
    patch: &M::Patch<'_>,
    next: Option<&M::Patch<'_>>,
    users: [&Option<M::User>; 2],
    ctx: &M::Context,
) -> bool {
    given.bound("a body", M::patch_json(patch).len());
    given.bound("a patch for a programmer", format!("{patch:?}").len());
    given.bound("a mask", M::mask(patch).map_or(0, |mask| mask.len()));
    M::mentioned(patch);
    let owned = M::into_owned(patch.clone());
    if let Some(next) = next {
        for both in [M::then(patch, next), M::then(next, patch)] {
            match both {
                Ok(both) => given.bound("one patch for two", M::patch_json(&both).len()),
                Err(none) => given.bound("why there is none", none.to_string().len()),
            }
        }
    }
    if let [Some(base), Some(theirs)] = users {
        match M::rebase(base, patch, theirs) {
            Ok(moved) => given.bound("a moved patch", moved.patch().map_or(0, |patch| M::patch_json(&patch).len())),
            Err(conflict) => given.bound("a conflict", conflict.to_string().len()),
        }
    }
    let mut accepted = Vec::new();
    for before in users.into_iter().flatten() {
        let mut user = before.clone();
        match (M::check(patch, before, ctx), M::apply(&owned, &mut user, ctx)) {
            (Ok(notices), Ok(applied)) => {
                given.findings("notices", &notices);
                given.bound("what changed", applied.changed().iter().map(|pointer| pointer.as_str().len() + 3).sum());
                given.bound("an update for a programmer", format!("{applied:?}").len());
                given.reply("an acceptance", &M::accepted(&user, ctx));
                assert!(M::user(M::user_json(&user).as_bytes()).is_ok(), "what is accepted is a stored user");
                accepted.push(true);
            }
            (Err(violations), Err(again)) => {
                refused::<M>(given, &violations, ctx);
                assert!(violations == again && user == *before, "a refusal changes nothing");
                accepted.push(false);
            }
            (checked, applied) => panic!("{checked:?}, {applied:?}"),
        }
    }
    users[0].is_some() && accepted[0]
}

fn refused<M: UpdateModel>(given: Given<'_>, violations: &Violations<M::Refusal>, ctx: &M::Context) {
    given.bound("violations", violations.to_string().len());
    given.bound("violations for a programmer", format!("{violations:?}").len());
    let reply = M::refused(violations, ctx);
    given.reply("a refusal", &reply);
    let headers = reply.headers.iter().map(|(name, value)| (*name, value.as_str()));
    assert!(M::failure(reply.status, headers, reply.body.as_bytes()).is_in_form());
}

/// The one verb that one vendor has.
fn create(given: Given<'_>) {
    let ctx: fireworks::Context = serde_json::from_str(given.context).unwrap();
    let Ok(patch) = fireworks::Patch::parse(given.body, &ctx) else { return };
    for (account, id) in [("acme", Some("ada")), (given.text, Some("ada")), ("acme", Some(given.text)), ("acme", None)]
    {
        match patch.create(account, id, &ctx) {
            Ok((user, _)) => given.reply("a new user", &user.reply(&ctx)),
            Err(violations) => refused::<Fireworks>(given, &violations, &ctx),
        }
    }
}

/// The members of a line, with their texts.
type Members<'t> = &'t [(&'t str, &'t [u8])];

/// The same as lines of `batch`, each with the texts as they stand.
fn lines(vendor: Vendor, given: Given<'_>) -> Verdict {
    let Given { user, other, body, next, text, context } = given;
    let text = Json::string(text).text().to_owned();
    let quoted = std::str::from_utf8(body).map(|body| Json::string(body).text().to_owned());
    let quoted = quoted.unwrap_or_else(|_| "1".to_owned());
    let (text, quoted, context) = (text.as_bytes(), quoted.as_bytes(), context.as_bytes());
    let update: Members<'_> = &[("user", user), ("patch", body), ("context", context)];
    let asked: [(&str, Members<'_>); 11] = [
        ("apply", update),
        ("apply", &[("user", user), ("patchText", quoted), ("mask", text), ("context", context)]),
        ("check", update),
        ("audit", update),
        ("create", &[("account", text), ("userId", text), ("patch", body), ("context", context)]),
        ("create", &[("account", b"\"acme\""), ("patch", body), ("context", context)]),
        ("diff", &[("from", user), ("to", other), ("context", context)]),
        ("undo", &[("from", user), ("to", other)]),
        ("then", &[("patch", body), ("next", next), ("context", context)]),
        ("rebase", &[("base", user), ("patch", body), ("theirs", other), ("context", context)]),
        ("apply", &[("user", body), ("patch", user), ("context", user)]),
    ];
    let verdicts = asked.map(|(op, members)| {
        let mut line = format!(r#"{{"id":7,"vendor":"{vendor}","op":"{op}""#).into_bytes();
        for (name, value) in members {
            line.extend([b",\"", name.as_bytes(), b"\":", value].concat());
        }
        line.push(b'}');
        ask(&line)
    });
    // A line that is a body, and one whose `id` is.
    ask(body);
    ask(&[b"{\"id\":", body, b"}"].concat());
    verdicts[0]
}

fn ask(line: &[u8]) -> Verdict {
    let answer = answer(1, line);
    assert!(answer.line.len() <= TIMES * line.len() + BESIDE, "{} bytes for {}", answer.line.len(), line.len());
    let strict = Json::parse(answer.line.as_bytes(), &Limits::STORED);
    // What is at the deepest level that a user may have is a level deeper in the line.
    assert!(strict.is_ok() || answer.line.len() > 512, "{:.200}: {strict:?}", answer.line);
    assert!(!answer.line.contains('\n'));
    answer.verdict
}

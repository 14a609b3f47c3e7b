//! Nothing leaks: what a request holds as a value shows in no message, no `Debug`, no refusal; a password shows nowhere.
//!
//! The names of members may show, as a place has to be told. Every path is walked with values that can be recognised.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::{error::Error, fmt::Debug};

use user_patch::{
    elastic,
    engine::{Document, FieldMask, Json, Limits, Malformed, MergePatch},
    exchange::{Decision, InvalidPart, Pair, Question, Update, Verdict, answer},
    fireworks,
    report::{InvalidUser, Violations},
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

/// Stands in every text that must not show, in small letters and without an escape.
const WORD: &str = "hush4711hush";
/// Stands in every number that must not show, and in every UUID.
const DIGITS: &str = "471147114711";
const PASSWORD: &str = "correct hush4711hush";

/// Values that hold what must not show.
fn values() -> Vec<String> {
    let long = format!("\"{}\"", WORD.repeat(30));
    let deep = format!("{}\"{WORD}\"{}", "[{\"a\":".repeat(5), "}]".repeat(5));
    [
        r#""hush4711hush""#,
        r#""h\u0075sh4711hush""#,
        r#"" hush4711hush ""#,
        r#""hush4711hush\n""#,
        r#""é hush4711hush\u0000""#,
        r#""47114711-4711-4711-4711-471147114711""#,
        r#""{47114711-4711-4711-4711-471147114711}""#,
        "471147114711471147114711",
        "-47.471147114711e-400",
        r#"["hush4711hush",471147114711]"#,
        r#"["hush4711hush","hush4711hush"]"#,
        r#"[["hush4711hush"]]"#,
        r#"{"a":"hush4711hush","b":{"c":471147114711}}"#,
        r#"{"enabled":"hush4711hush","type":471147114711,"code":"hush4711hush","message":["hush4711hush"]}"#,
        &long,
        &deep,
    ]
    .map(str::to_owned)
    .into()
}

/// Collects what is told, and fails where it tells too much.
#[derive(Default)]
struct Ear {
    heard: usize,
}

impl Ear {
    #[track_caller]
    fn hears(&mut self, what: &str, of: &str) {
        self.heard += 1;
        let told = what.to_lowercase();
        for secret in ["hush", DIGITS] {
            assert!(!told.contains(secret), "{of:.400}\n  tells {what:.400}");
        }
    }

    #[track_caller]
    fn hears_debug(&mut self, what: impl Debug, of: &str) {
        self.hears(&format!("{what:?}"), of);
        self.hears(&format!("{what:#?}"), of);
    }

    #[track_caller]
    fn hears_error(&mut self, error: &dyn Error, of: &str) {
        self.hears_debug(error, of);
        self.hears(&error.to_string(), of);
        if let Some(source) = error.source() {
            self.hears_error(source, of);
        }
    }

    #[track_caller]
    fn hears_violations<M: UpdateModel>(&mut self, violations: &Violations<M::Refusal>, ctx: &M::Context, of: &str) {
        self.hears_error(violations, of);
        for violation in violations {
            self.hears_debug(violation, of);
            self.hears(&violation.to_string(), of);
            self.hears(violation.message(), of);
            self.hears(violation.pointer().as_str(), of);
        }
        let reply = M::refused(violations, ctx);
        self.hears_debug(&reply, of);
        self.hears(&reply.body, of);
    }
}

/// A vendor's stored users, contexts, and the places in a body, marked by `$`, at which a value may stand.
struct Cases {
    users: &'static [&'static str],
    contexts: &'static [&'static str],
    places: &'static [&'static str],
}

const FIREWORKS: Cases = Cases {
    users: &[
        r#"{"role":"user"}"#,
        r#"{"role":"custom","permissionPreset":"read-only","serviceAccount":true,"email":"a@example.com"}"#,
    ],
    contexts: &[
        "{}",
        r#"{"policy":{"role":"whenMasked","roles":"open","unknownMembers":"ignore"}}"#,
        r#"{"admin":false,"policy":{"readOnly":"refuse","immutable":true,"leavingCustom":"refuse","camelCaseMask":false}}"#,
        r#"{"policy":{"readOnly":"refuseChanged","withoutMask":"replace","emptyMembers":"emit","customNeedsPreset":false}}"#,
        r#"{"policy":{"withoutMask":"populated"},"now":"2026-01-01T00:00:00Z"}"#,
    ],
    places: &[
        "$",
        r#"{"role":$}"#,
        r#"{"role":"user","name":$}"#,
        r#"{"role":"user","displayName":$}"#,
        r#"{"role":"user","serviceAccount":$}"#,
        r#"{"role":"user","createTime":$}"#,
        r#"{"role":"user","email":$}"#,
        r#"{"role":"user","state":$}"#,
        r#"{"role":"user","status":$}"#,
        r#"{"role":"user","status":{"code":$}}"#,
        r#"{"role":"user","status":{"message":$}}"#,
        r#"{"role":"user","status":{"details":$}}"#,
        r#"{"role":"user","updateTime":$}"#,
        r#"{"role":"user","permissionPreset":$}"#,
        r#"{"role":"custom","permissionPreset":$,"email":$,"displayName":$}"#,
        r#"{"role":"user","password":$}"#,
        r#"{"role":$,"email":$,"email":$}"#,
    ],
};

const TRUSTED_TWIN: Cases = Cases {
    users: &[
        r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"a":1}}"#,
    ],
    contexts: &[
        "{}",
        r#"{"roles":[],"trace":"4f2a"}"#,
        r#"{"policy":{"unknownMembers":"ignore","maxBytes":null}}"#,
        r#"{"statement":{"effect":"deny","actions":["update_user"]}}"#,
        r#"{"policy":{"maxBytes":20}}"#,
        r#"{"policy":{"unknownMembers":"keep","readOnly":"refuseChanged","emptyBody":"unchanged","subcode":"number"}}"#,
        r#"{"policy":{"readOnly":"ignore"},"now":1700000000.123}"#,
    ],
    places: &[
        "$",
        r#"{"name":$}"#,
        r#"{"role":$}"#,
        r#"{"description":$}"#,
        r#"{"description":{"a":$}}"#,
        r#"{"description":{"A":$}}"#,
        r#"{"description":{"a":$,"a":$}}"#,
        r#"{"uuid":$,"account":$,"created_ts":$,"updated_ts":$}"#,
        r#"{"password":$}"#,
        r#"{"name":$,"role":$,"description":$,"x":$}"#,
    ],
};

const ELASTIC: Cases = Cases {
    users: &[
        r#"{"user_name":"ada","security":{}}"#,
        r#"{"user_name":"ada","security":{"roles":["ece_platform_admin"],"enabled":true,"permissions":["a"],"security_realm":{"type":"native"}},"metadata":{"created_by":"root"},"builtin":false,"email":"ada@example.com"}"#,
        r#"{"user_name":"ada","security":{},"builtin":true}"#,
        r#"{"user_name":"ada","security":{"security_realm":{"type":"ldap"}}}"#,
    ],
    contexts: &[
        "{}",
        r#"{"policy":{"unknownMembers":"refuse","stringBody":"decode"}}"#,
        r#"{"knownRoles":[],"assignableRoles":[],"policy":{"roleCombinations":false}}"#,
        r#"{"knownRoles":["hush4711hush"],"assignableRoles":[]}"#,
        r#"{"policy":{"misplacedPassword":"keep"},"now":"2026-01-01T00:00:00Z","actor":"root"}"#,
    ],
    places: &[
        "$",
        r#"{"user_name":$}"#,
        r#"{"full_name":$}"#,
        r#"{"email":$}"#,
        r#"{"builtin":$}"#,
        r#"{"metadata":$}"#,
        r#"{"metadata":{"created_by":$,"created_at":$,"updated_by":$,"updated_at":$,"first_login_at":$,"last_login_at":$,"x":$}}"#,
        r#"{"security":$}"#,
        r#"{"security":{"roles":$}}"#,
        r#"{"security":{"roles":["ece_platform_admin",$]}}"#,
        r#"{"security":{"permissions":$,"elevated_permissions":$,"security_realm":$}}"#,
        r#"{"security":{"elevated_permissions":{"enabled":$,"expires_at":$},"security_realm":{"type":$,"id":$}}}"#,
        r#"{"security":{"enabled":$}}"#,
        r#"{"security":{"password":$}}"#,
        r#"{"security":{"password":$,"enabled":$,"roles":$,"x":$}}"#,
        r#"{"security":{"password":$,"password":$}}"#,
        r#"{"x":$}"#,
        r#"{"password":$}"#,
        r#"{"x":[{"PassWord":$}],"security":{"Password":$},"metadata":{"pASSWORD":$}}"#,
    ],
};

/// Sends a body through everything that is done with one.
fn walk<M: UpdateModel>(cases: &Cases, body: &[u8], mask: &str, ear: &mut Ear) {
    let of = &format!("{} {}", M::VENDOR, String::from_utf8_lossy(body));
    for ctx in cases.contexts {
        let ctx: M::Context = serde_json::from_str(ctx).unwrap();
        let patch = match mask {
            "" => M::parse(body, &ctx),
            _ => M::parse_masked(body, mask, &ctx).expect("the vendor has field masks"),
        };
        let patch = match patch {
            Ok(patch) => patch,
            Err(violations) => {
                ear.hears_violations::<M>(&violations, &ctx, of);
                continue;
            }
        };
        ear.hears_debug(&patch, of);
        ear.hears_debug(M::into_owned(patch.clone()), of);
        for stored in cases.users {
            let before = M::user(stored.as_bytes()).unwrap();
            match M::check(&patch, &before, &ctx) {
                Ok(notices) => {
                    ear.hears_debug(&notices, of);
                    ear.hears(&notices.to_string(), of);
                    notices.iter().for_each(|notice| ear.hears(notice.message(), of));
                }
                Err(violations) => ear.hears_violations::<M>(&violations, &ctx, of),
            }
            let mut after = before.clone();
            let applied = M::apply(&patch, &mut after, &ctx);
            // What a user holds shows in no `Debug` of it.
            ear.hears_debug(&after, of);
            match applied {
                Ok(applied) => ear.hears_debug(applied, of),
                Err(violations) => {
                    ear.hears_violations::<M>(&violations, &ctx, of);
                    continue;
                }
            }
            ear.hears_debug(M::audit(&before, &after), of);
            for (from, to) in [(&before, &after), (&after, &before)] {
                for there_or_back in [M::diff(from, to, &ctx), M::undo(from, to, &ctx)] {
                    match there_or_back {
                        Ok(diff) => ear.hears_debug(diff, of),
                        Err(unreachable) => {
                            ear.hears_error(&unreachable, of);
                            ear.hears_debug(unreachable.reasons(), of);
                        }
                    }
                }
                match M::rebase(from, &patch, to) {
                    Ok(moved) => ear.hears_debug(moved, of),
                    Err(conflict) => ear.hears_error(&conflict, of),
                }
            }
            match M::then(&patch, &patch) {
                Ok(both) => ear.hears_debug(both, of),
                Err(not_composable) => ear.hears_error(&not_composable, of),
            }
        }
    }
}

/// Sends a stored user's text through everything that reads one.
fn walk_stored<M: UpdateModel>(text: &str, ear: &mut Ear) {
    let told = |outcome: Result<M::User, InvalidUser>, ear: &mut Ear| match outcome {
        Ok(user) => ear.hears_debug(user, text),
        Err(wrong) => ear.hears_error(&wrong, text),
    };
    told(M::user(text.as_bytes()), ear);
    if let Ok(value) = serde_json::from_str(text) {
        told(M::user_from_value(&value), ear);
    }
}

fn each<M: UpdateModel>(cases: &Cases) {
    let mut ear = Ear::default();
    for place in cases.places {
        for value in values() {
            let body = place.replace('$', &value);
            walk::<M>(cases, body.as_bytes(), "", &mut ear);
            walk_stored::<M>(&body, &mut ear);
            // The members of the body after those of a stored user: a name that comes twice, or one more.
            let more = body.strip_prefix('{').unwrap_or("}");
            for stored in cases.users {
                walk_stored::<M>(&format!("{},{more}", stored.strip_suffix('}').unwrap()), &mut ear);
            }
        }
    }
    assert!(ear.heard > 10_000, "{} tells something: {}", M::VENDOR, ear.heard);
}

#[test]
fn fireworks_tells_no_value() {
    each::<Fireworks>(&FIREWORKS);
}

#[test]
fn trusted_twin_tells_no_value() {
    each::<TrustedTwin>(&TRUSTED_TWIN);
}

#[test]
fn elastic_tells_no_value() {
    each::<Elastic>(&ELASTIC);
}

#[test]
fn fireworks_tells_no_value_under_a_mask() {
    let mut ear = Ear::default();
    // Every place with every mask and value, contexts in turn.
    let mut contexts = FIREWORKS.contexts.chunks(1).cycle();
    for place in FIREWORKS.places {
        for mask in
            ["*", "role", "email,displayName", "status.code,state", "no such field", "a..b", "role,*", "hush4711hush,"]
        {
            for (value, contexts) in values().iter().zip(&mut contexts) {
                let cases = Cases { contexts, ..FIREWORKS };
                walk::<Fireworks>(&cases, place.replace('$', value).as_bytes(), mask, &mut ear);
            }
        }
    }
    assert!(ear.heard > 10_000, "{}", ear.heard);
}

#[test]
fn what_makes_a_stored_user_invalid_is_told_without_its_value() {
    let mut ear = Ear::default();
    for value in values() {
        for member in ["uuid", "name", "account", "role", "description", "created_ts", "updated_ts"] {
            let user =
                TRUSTED_TWIN.users[0].replacen(&format!("\"{member}\":"), &format!("\"{member}\":{value},\"_\":"), 1);
            walk_stored::<TrustedTwin>(&user, &mut ear);
        }
        walk_stored::<Fireworks>(&format!(r#"{{"role":{value}}}"#), &mut ear);
        walk_stored::<Elastic>(&format!(r#"{{"user_name":{value},"security":{value}}}"#), &mut ear);
    }
    assert!(ear.heard > 100);
}

/// Bodies that hold what must not show and are cut, or broken, at every byte.
fn broken() -> Vec<Vec<u8>> {
    let whole = "{\n\"name\" : \"hush4711hush\",\"b\":[1,{\"c\":\"\\u00e9 hush4711hush é\"}],\n \"security\":{\"password\":\"hush4711hush\"},\"n\":471147114711.5e1,\"t\":true}";
    let mut bodies = Vec::new();
    for at in 0..whole.len() {
        bodies.push(whole.as_bytes()[..at].to_vec());
        for junk in [
            &b"\""[..],
            b"\\",
            b"\\u",
            b"\\ud800",
            b"\xFF",
            b"\xC3",
            b"\x00",
            b"\n",
            b"{",
            b"}",
            b"[",
            b"]",
            b":",
            b",",
            b"x",
            b"0",
            b"-",
            b".",
            b"'",
            b"/*",
            b"\xEF\xBB\xBF",
        ] {
            let mut body = whole.as_bytes().to_vec();
            body.splice(at..at, junk.iter().copied());
            bodies.push(body);
            let mut body = whole.as_bytes().to_vec();
            body.splice(at..=at, junk.iter().copied());
            bodies.push(body);
        }
    }
    for tail in ["x", "{}", "\"hush4711hush\"", ",", "}"] {
        bodies.push([whole, tail].concat().into_bytes());
    }
    for nest in ["[", "{\"a\":"] {
        bodies.push([&nest.repeat(200), "\"hush4711hush\""].concat().into_bytes());
    }
    bodies
}

/// The line of a request, unless it is too long to print, and how it is answered.
fn answered(vendor: Vendor, members: &str) -> (String, String, Verdict) {
    let line = format!(r#"{{"id":1,"vendor":"{vendor}",{members}}}"#);
    let answer = answer(1, line.as_bytes());
    Ear::default().hears_debug(&answer, &line);
    (line, answer.line, answer.verdict)
}

/// Asks on a line, and hears what is not accepted.
fn hears_line<M: UpdateModel>(ear: &mut Ear, members: &str) {
    let (line, told, verdict) = answered(M::VENDOR, members);
    if verdict != Verdict::Accepted {
        ear.hears(&told, &line);
    }
}

/// Asks for everything that can be asked about a body on a line, of which only what is accepted may hold a value.
fn lines<M: UpdateModel>(cases: &Cases) {
    let mut ear = Ear::default();
    // Every place with every value, users and contexts in turn.
    let mut turn = 0..;
    for place in cases.places {
        for (value, turn) in values().iter().zip(&mut turn) {
            let body = place.replace('$', value);
            let (user, ctx) = (cases.users[turn % cases.users.len()], cases.contexts[turn % cases.contexts.len()]);
            for op in ["apply", "audit"] {
                hears_line::<M>(&mut ear, &format!(r#""op":"{op}","user":{user},"patch":{body},"context":{ctx}"#));
            }
            hears_line::<M>(&mut ear, &format!(r#""op":"then","patch":{body},"next":{body},"context":{ctx}"#));
            hears_line::<M>(
                &mut ear,
                &format!(r#""op":"rebase","base":{user},"patch":{body},"theirs":{body},"context":{ctx}"#),
            );
            hears_line::<M>(&mut ear, &format!(r#""op":"diff","from":{user},"to":{body},"context":{ctx}"#));
            hears_line::<M>(&mut ear, &format!(r#""op":"undo","from":{user},"to":{body},"context":{ctx}"#));
            hears_line::<M>(&mut ear, &format!(r#""user":{body},"patch":{{}},"context":{ctx}"#));
            // A context that is none, and members that are of no request.
            hears_line::<M>(&mut ear, &format!(r#""user":{user},"patch":{{}},"context":{body}"#));
            hears_line::<M>(&mut ear, &format!(r#""user":{user},"patch":{{}},"op":{value}"#));
            hears_line::<M>(&mut ear, &format!(r#""user":{user},"patchText":{value},"mask":{value}"#));
            hears_line::<M>(&mut ear, &format!(r#""op":"create","account":{value},"userId":{value},"patch":{body}"#));
            // What may be done has no value of the body either, as long as it is not done.
            let (line, told, _) =
                answered(M::VENDOR, &format!(r#""op":"check","user":{user},"patch":{body},"context":{ctx}"#));
            ear.hears(&told, &line);
        }
    }
    assert!(ear.heard > 1_000, "{} tells something: {}", M::VENDOR, ear.heard);
}

#[test]
fn no_line_of_fireworks_holds_what_was_refused() {
    lines::<Fireworks>(&FIREWORKS);
}

#[test]
fn no_line_of_trusted_twin_holds_what_was_refused() {
    lines::<TrustedTwin>(&TRUSTED_TWIN);
}

#[test]
fn no_line_of_elastic_holds_what_was_refused() {
    lines::<Elastic>(&ELASTIC);
}

fn ask<'t>(vendor: Vendor, body: &'t str, user: &'t str, ctx: &'t str) -> Vec<Result<Decision, InvalidPart>> {
    let update =
        || Update { user: user.as_bytes(), patch: body.as_bytes().into(), mask: "".into(), context: ctx.as_bytes() };
    let pair = || Pair { from: user.as_bytes(), to: body.as_bytes(), context: ctx.as_bytes() };
    let then = Question::Then {
        patch: body.as_bytes().into(),
        mask: "".into(),
        next: body.as_bytes().into(),
        next_mask: "".into(),
        context: ctx.as_bytes(),
    };
    let questions = [
        Question::Check(update()),
        Question::Audit(update()),
        Question::Diff(pair()),
        Question::Undo(pair()),
        then,
        Question::Rebase { ours: update(), theirs: user.as_bytes() },
        Question::Rebase { ours: update(), theirs: body.as_bytes() },
        Question::Apply(update()),
    ];
    for question in &questions {
        Ear::default().hears_debug(question, body);
    }
    Ear::default().hears_debug((update(), pair()), body);
    questions.iter().map(|question| question.ask(vendor)).collect()
}

#[test]
fn a_decision_shows_no_value_in_debug() {
    let mut ear = Ear::default();
    for (vendor, cases) in
        [(Vendor::Fireworks, &FIREWORKS), (Vendor::TrustedTwin, &TRUSTED_TWIN), (Vendor::Elastic, &ELASTIC)]
    {
        let mut contexts = cases.contexts.iter().cycle();
        for place in cases.places {
            for (value, ctx) in values().iter().zip(&mut contexts) {
                let body = place.replace('$', value);
                for decision in ask(vendor, &body, cases.users[0], ctx) {
                    match decision {
                        // The reply to an update that is done is the user.
                        Ok(Decision::Done { changed, notices, .. }) => ear.hears_debug((changed, notices), &body),
                        Ok(decision) => ear.hears_debug(decision, &body),
                        Err(wrong) => {
                            ear.hears_error(&wrong, &body);
                            ear.hears(wrong.message(), &body);
                        }
                    }
                }
            }
        }
    }
    assert!(ear.heard > 3_000, "{}", ear.heard);
}

#[track_caller]
fn hears_malformed(wrong: &Malformed, of: &str, ear: &mut Ear) {
    ear.hears_error(wrong, of);
    ear.hears_debug(wrong.fault(), of);
    ear.hears(wrong.pointer().as_str(), of);
    let place = format!(" at line {} column {}", wrong.place().line, wrong.place().column);
    assert!(wrong.to_string().ends_with(&place), "{of} is told without a place: {wrong}");
}

#[test]
fn a_body_that_cannot_be_read_is_told_by_line_and_column_alone() {
    let mut ear = Ear::default();
    let limits = Limits::default();
    for body in broken() {
        let of = &*String::from_utf8_lossy(&body);
        let outcomes = [
            Json::parse(&body, &limits).err(),
            Document::parse(&body, &limits).err(),
            Document::parse_object(&body, &limits).err(),
            MergePatch::parse(&body, &limits).err(),
        ];
        for wrong in outcomes.iter().flatten() {
            hears_malformed(wrong, of, &mut ear);
        }
        let answer = answer(1, &body);
        assert_eq!(answer.verdict, Verdict::Error, "{of}");
        ear.hears(&answer.line, of);
    }
    assert!(ear.heard > 10_000, "{}", ear.heard);
}

#[test]
fn a_vendor_tells_of_a_body_that_cannot_be_read_by_line_and_column_alone() {
    fn check<M: UpdateModel>(ear: &mut Ear) {
        let ctx = M::Context::default();
        for body in broken() {
            let of = &*String::from_utf8_lossy(&body);
            if let Err(violations) = M::parse(&body, &ctx) {
                ear.hears_violations::<M>(&violations, &ctx, of);
                assert_eq!(violations.len(), 1, "{of}");
                let message = violations.first().unwrap().message();
                assert!(message.contains(" at line ") && message.contains(" column "), "{of}: {message}");
            }
            if let Err(wrong) = M::user(&body) {
                ear.hears_error(&wrong, of);
            }
        }
    }
    let mut ear = Ear::default();
    check::<Fireworks>(&mut ear);
    check::<TrustedTwin>(&mut ear);
    check::<Elastic>(&mut ear);
    assert!(ear.heard > 10_000, "{}", ear.heard);
}

#[test]
fn the_engine_shows_no_value_in_debug() {
    let mut ear = Ear::default();
    for value in values() {
        let limits = Limits::default();
        let json = Json::parse(value.as_bytes(), &limits).unwrap();
        ear.hears_debug(&json, &value);
        let document = Document::parse(value.as_bytes(), &limits).unwrap();
        ear.hears_debug(&document, &value);
        ear.hears_debug(document.value(), &value);
        ear.hears_debug(document.clone().into_owned(), &value);
        ear.hears_debug(MergePatch::from(document.clone()), &value);
        ear.hears_debug(MergePatch::from(document).into_owned(), &value);
        let object = format!(r#"{{"a":{value},"b":[{value}],"c":{{"d":{value}}}}}"#);
        ear.hears_debug(Document::parse_object(object.as_bytes(), &limits).unwrap(), &object);
        ear.hears_debug(Json::parse(object.as_bytes(), &limits).unwrap(), &object);
    }
}

#[test]
fn what_is_no_mask_and_no_name_is_told_without_it() {
    let mut ear = Ear::default();
    for text in ["hush4711hush ", "hush4711hush,,a", "hush4711hush,*", "hush4711hush[0]", ".hush4711hush"] {
        ear.hears_error(&text.parse::<FieldMask>().unwrap_err(), text);
        ear.hears_error(&text.parse::<fireworks::AccountId>().unwrap_err(), text);
        ear.hears_error(&text.parse::<fireworks::UserId>().unwrap_err(), text);
        ear.hears_error(&format!("accounts/{text}/users/a").parse::<fireworks::UserName>().unwrap_err(), text);

        let ctx = fireworks::Context::default();
        let body = format!(r#"{{"role":"user","email":"{text}@"}}"#);
        let patch = fireworks::Patch::parse(body.as_bytes(), &ctx).unwrap();
        let refused = patch.create(text, Some(text), &ctx).unwrap_err();
        ear.hears_violations::<Fireworks>(&refused, &ctx, text);
        match fireworks::Patch::parse_masked(body.as_bytes(), text, &ctx) {
            Ok(masked) => {
                ear.hears_debug(masked.mask(), text);
                ear.hears_debug(&masked, text);
                let user = fireworks::User::from_json(FIREWORKS.users[0].as_bytes()).unwrap();
                ear.hears_violations::<Fireworks>(&masked.check(&user, &ctx).unwrap_err(), &ctx, text);
            }
            Err(violations) => ear.hears_violations::<Fireworks>(&violations, &ctx, text),
        }
    }
}

#[test]
fn what_was_done_is_told_without_values() {
    let mut ear = Ear::default();
    let ctx = fireworks::Context::default();
    let body = r#"{"role":"admin","displayName":"hush4711hush","email":"hush4711hush","state":"READY"}"#;
    let mut user = fireworks::User::from_json(br#"{"role":"user"}"#).unwrap();
    let applied = fireworks::Patch::parse(body.as_bytes(), &ctx).unwrap().apply(&mut user, &ctx).unwrap();
    assert_eq!((applied.changed().len(), applied.notices().len()), (3, 1));
    ear.hears_debug(applied, body);

    let ctx = trusted_twin::Context::default();
    let body = r#"{"name":"hush4711hush","description":{"a":"hush4711hush"}}"#;
    let mut user = trusted_twin::User::from_json(TRUSTED_TWIN.users[0].as_bytes()).unwrap();
    let applied = trusted_twin::Patch::parse(body.as_bytes(), &ctx).unwrap().apply(&mut user, &ctx).unwrap();
    assert_eq!(applied.changed().len(), 2);
    ear.hears_debug(applied, body);

    let ctx = elastic::Context::default();
    let body = r#"{"email":"hush4711hush","security":{"password":"correct hush4711hush","x":471147114711}}"#;
    let mut user = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
    let applied = elastic::Patch::parse(body.as_bytes(), &ctx).unwrap().apply(&mut user, &ctx).unwrap();
    assert_eq!(applied.changed().len(), 3);
    ear.hears_debug(applied, body);
}

/// No text that is made of a user shows the password.
#[track_caller]
fn holds_no_password(user: &elastic::User, ear: &mut Ear) {
    let json = user.to_json();
    ear.hears(&json, "the user");
    ear.hears_debug(user, "the user");
    ear.hears(&user.document().to_string(), "the user");
    ear.hears_debug(user.document(), "the user");
    ear.hears(&user.document().value().to_value().unwrap().to_string(), "the user");
    ear.hears_debug(user.reply(), "the user");
    assert!(!json.contains("password"), "{json}");
    assert!(user.document().value().at(&["security", "password"]).is_none());
}

#[test]
fn a_new_password_is_handed_over_once_and_shows_nowhere() {
    let mut ear = Ear::default();
    let mut ctx = elastic::Context::default();
    ctx.now = Some("2026-01-01T00:00:00Z".parse().unwrap());
    for body in [
        r#"{"security":{"password":"correct hush4711hush"}}"#,
        r#"{"s\u0065curity":{"p\u0061ssword":"correct \u0068ush4711hush"}}"#,
        r#"{"full_name":"Ada","security":{"roles":[],"enabled":true,"password":"correct hush4711hush"}}"#,
    ] {
        for stored in &ELASTIC.users[..1] {
            let before = elastic::User::from_json(stored.as_bytes()).unwrap();
            let mut user = before.clone();
            let patch = elastic::Patch::parse(body.as_bytes(), &ctx).unwrap();
            ear.hears_debug(&patch, body);
            let applied = patch.apply(&mut user, &ctx).unwrap();
            ear.hears_debug(&applied, body);
            ear.hears_debug(applied.changed(), body);
            ear.hears_debug(applied.notices(), body);
            assert!(applied.changed().iter().any(|place| place.as_str() == "/security/password"), "{body}");
            holds_no_password(&user, &mut ear);
            let audit = elastic::audit(&before, &user);
            ear.hears(&audit.to_json(), body);
            ear.hears(&audit.inverted().to_json(), body);

            ear.hears_debug(&applied, body);
            let password = applied.into_password().expect("a password");
            ear.hears_debug(&password, body);
            assert_eq!(password.expose(), PASSWORD);
        }
    }
}

#[test]
fn a_password_that_was_stored_is_not_read() {
    let mut ear = Ear::default();
    for value in values() {
        for name in ["password", r"p\u0061ssword"] {
            let stored = format!(r#"{{"user_name":"ada","security":{{"{name}":{value},"enabled":true}}}}"#);
            let mut user = elastic::User::from_json(stored.as_bytes()).unwrap();
            holds_no_password(&user, &mut ear);
            if let Ok(value) = serde_json::from_str(&stored) {
                holds_no_password(&elastic::User::from_value(&value).unwrap(), &mut ear);
            }
            let ctx = elastic::Context::default();
            let applied =
                elastic::Patch::parse(br#"{"full_name":"Ada"}"#, &ctx).unwrap().apply(&mut user, &ctx).unwrap();
            assert!(!applied.has_password());
            holds_no_password(&user, &mut ear);
        }
    }
}

#[test]
fn a_refused_update_hands_over_no_password() {
    let mut ear = Ear::default();
    let ctx = elastic::Context::default();
    for body in [
        r#"{"user_name":"eve","security":{"password":"correct hush4711hush"}}"#,
        r#"{"security":{"password":"correct hush4711hush","enabled":false}}"#,
        r#"{"security":{"password":"correct hush4711hush","roles":["root"]}}"#,
        r#"{"security":{"password":["correct hush4711hush"]}}"#,
        r#"{"security":{"password":{"password":"correct hush4711hush"}}}"#,
        r#"{"security":{"password":471147114711}}"#,
        r#"{"security":["correct hush4711hush"]}"#,
        r#"{"security":"correct hush4711hush"}"#,
    ] {
        let mut user = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
        let before = user.to_json();
        let violations = elastic::Patch::parse(body.as_bytes(), &ctx).unwrap().apply(&mut user, &ctx).unwrap_err();
        ear.hears_violations::<Elastic>(&violations, &ctx, body);
        assert_eq!(user.to_json(), before);
    }
    for stored in &ELASTIC.users[2..] {
        let mut user = elastic::User::from_json(stored.as_bytes()).unwrap();
        let body = r#"{"security":{"password":"correct hush4711hush"}}"#;
        let violations = elastic::Patch::parse(body.as_bytes(), &ctx).unwrap().apply(&mut user, &ctx).unwrap_err();
        ear.hears_violations::<Elastic>(&violations, &ctx, body);
        holds_no_password(&user, &mut ear);
    }
    // Shorter than eight characters, and told without a character of it.
    let mut user = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
    let patch = elastic::Patch::parse(br#"{"security":{"password":"hush"}}"#, &ctx).unwrap();
    let violations = patch.apply(&mut user, &ctx).unwrap_err();
    ear.hears_violations::<Elastic>(&violations, &ctx, "a short one");
}

#[test]
fn a_body_in_a_string_tells_no_more_than_one_without() {
    let mut ear = Ear::default();
    let mut policy = elastic::Policy::default();
    policy.string_body = elastic::StringBody::Decode;
    let ctx = elastic::Context::with_policy(policy);
    for inner in broken().iter().filter_map(|body| str::from_utf8(body).ok()) {
        let body = Json::string(inner).to_string();
        match elastic::Patch::parse(body.as_bytes(), &ctx) {
            Ok(patch) => ear.hears_debug(patch, &body),
            Err(violations) => {
                ear.hears_violations::<Elastic>(&violations, &ctx, &body);
                let message = violations.first().unwrap().message();
                assert!(message.contains(" at line ") && message.contains(" column "), "{body}: {message}");
            }
        }
        let strict = elastic::Context::default();
        let violations = elastic::Patch::parse(body.as_bytes(), &strict).unwrap_err();
        ear.hears_violations::<Elastic>(&violations, &strict, &body);
    }
    for value in values() {
        for place in ELASTIC.places {
            let body = Json::string(&place.replace('$', &value)).to_string();
            let cases = Cases { contexts: &ELASTIC.contexts[..2], ..ELASTIC };
            walk::<Elastic>(&cases, body.as_bytes(), "", &mut ear);
        }
    }

    let body = Json::string(r#"{"security":{"password":"correct hush4711hush"}}"#).to_string();
    let mut user = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
    let patch = elastic::Patch::parse(body.as_bytes(), &ctx).unwrap();
    ear.hears_debug(&patch, &body);
    let applied = patch.apply(&mut user, &ctx).unwrap();
    ear.hears_debug(&applied, &body);
    holds_no_password(&user, &mut ear);
    assert_eq!(applied.into_password().unwrap().expose(), PASSWORD);
}

#[test]
fn patches_of_patches_show_no_password() {
    let mut ear = Ear::default();
    let body = r#"{"security":{"password":"correct hush4711hush"},"email":"ada@example.com"}"#;
    let ctx = elastic::Context::default();
    let patch = elastic::Patch::parse(body.as_bytes(), &ctx).unwrap();
    let base = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
    let both = elastic::Patch::parse(br#"{"full_name":"Ada"}"#, &ctx).unwrap().then(&patch).unwrap();
    let moved = elastic::rebase(&base, &patch, &base).unwrap().patch().unwrap();
    for patch in [both, moved, patch.into_owned()] {
        ear.hears_debug(&patch, body);
        let mut user = base.clone();
        let applied = patch.apply(&mut user, &ctx).unwrap();
        holds_no_password(&user, &mut ear);
        assert_eq!(applied.into_password().unwrap().expose(), PASSWORD);
        ear.hears_debug(elastic::diff(&base, &user, &ctx).unwrap(), body);
        ear.hears_debug(elastic::undo(&base, &user, &ctx).unwrap(), body);
    }
}

#[test]
fn a_new_password_is_on_no_line_and_in_no_decision() {
    let mut ear = Ear::default();
    let body = r#"{"security":{"password":"correct hush4711hush"},"full_name":"Ada"}"#;
    let user = ELASTIC.users[0];
    for op in ["apply", "check", "audit"] {
        let (line, told, verdict) = answered(Vendor::Elastic, &format!(r#""op":"{op}","user":{user},"patch":{body}"#));
        assert_eq!(verdict, Verdict::Accepted, "{told}");
        ear.hears(&told, &line);
        assert_eq!(told.contains("/security/password"), op == "apply", "{told}");
    }
    for decision in ask(Vendor::Elastic, body, user, "null").into_iter().flatten() {
        ear.hears_debug(decision, body);
    }
    // The patch that two are, or that is moved, has to have it, or it would be another patch.
    let (_, told, _) = answered(Vendor::Elastic, &format!(r#""op":"then","patch":{body},"next":{{"email":"a"}}"#));
    assert!(told.contains(PASSWORD), "{told}");
    let (_, told, _) =
        answered(Vendor::Elastic, &format!(r#""op":"rebase","base":{user},"patch":{body},"theirs":{user}"#));
    assert!(told.contains(PASSWORD), "{told}");
}

/// Bodies with a password that stands where no password belongs.
const MISPLACED: [(&str, &str); 8] = [
    (r#"{"password":"correct hush4711hush"}"#, "/password"),
    (r#"{"Password":"correct hush4711hush"}"#, "/Password"),
    (r#"{"PASSWORD":471147114711}"#, "/PASSWORD"),
    (r#"{"security":{"Password":"correct hush4711hush"}}"#, "/security/Password"),
    (r#"{"metadata":{"password":["correct hush4711hush"]}}"#, "/metadata/password"),
    (r#"{"security":{"x":{"passWord":"correct hush4711hush"}}}"#, "/security/x/passWord"),
    (r#"{"x":{"y":{"p\u0061ssword":{"a":"correct hush4711hush"}}}}"#, "/x/y/password"),
    (r#"{"x":[1,{"password":"correct hush4711hush"}]}"#, "/x/1/password"),
];

#[test]
fn a_misplaced_password_is_refused_and_told_without_it() {
    let mut ear = Ear::default();
    let ctx = elastic::Context::default();
    for (body, _) in MISPLACED {
        let mut user = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
        let patch = elastic::Patch::parse(body.as_bytes(), &ctx).unwrap();
        let violations = patch.apply(&mut user, &ctx).unwrap_err();
        ear.hears_violations::<Elastic>(&violations, &ctx, body);
        assert!(violations.contains(elastic::Refusal::PasswordMisplaced), "{body}: {violations}");
        let reply = violations.reply();
        assert!(reply.body.contains("user_patch.password.misplaced") && reply.status == 400, "{}", reply.body);
        holds_no_password(&user, &mut ear);
    }
}

#[test]
fn a_misplaced_password_that_is_kept_shows_in_the_reply_alone() {
    let mut ear = Ear::default();
    let mut policy = elastic::Policy::default();
    policy.misplaced_password = elastic::MisplacedPassword::Keep;
    let ctx = elastic::Context::with_policy(policy);
    let before = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
    for (body, place) in MISPLACED {
        let patch = elastic::Patch::parse(body.as_bytes(), &ctx).unwrap();
        let mut after = before.clone();
        let applied = patch.apply(&mut after, &ctx).unwrap();
        assert!(!applied.has_password(), "{body}");
        ear.hears_debug(&applied, body);
        ear.hears_debug(&after, body);
        ear.hears_debug(&patch, body);
        let shown = after.reply().body;
        assert!(shown.contains("hush4711hush") || shown.contains(DIGITS), "{shown}");
        for (from, to) in [(&before, &after), (&after, &before)] {
            let audit = elastic::audit(from, to);
            ear.hears(&audit.to_json(), body);
            ear.hears(&audit.inverted().to_json(), body);
            ear.hears(&audit.to_string(), body);
            ear.hears_debug(&audit, body);
            ear.hears_debug(elastic::diff(from, to, &ctx), body);
        }
        // One that is stored may be repeated and taken away, whatever the policy.
        let strict = elastic::Context::default();
        let echo = after.to_json();
        let repeated = elastic::Patch::parse(echo.as_bytes(), &strict).unwrap();
        assert!(repeated.apply(&mut after.clone(), &strict).unwrap().changed().is_empty(), "{place}");
        let back = elastic::undo(&before, &after, &strict).unwrap().patch().unwrap();
        let mut undone = after.clone();
        let _ = back.apply(&mut undone, &strict).unwrap();
        assert_eq!(undone, before, "{place}");
        let (line, told, verdict) = answered(
            Vendor::Elastic,
            &format!(
                r#""op":"audit","user":{},"patch":{body},"context":{{"policy":{{"misplacedPassword":"keep"}}}}"#,
                ELASTIC.users[0]
            ),
        );
        assert_eq!(verdict, Verdict::Accepted, "{told}");
        ear.hears(&told, &line);
    }
}

#[test]
fn debug_of_a_user_names_its_members() {
    fn names<M: UpdateModel>(user: &str) -> String {
        format!("{:?}", M::user(user.as_bytes()).unwrap())
    }
    assert_eq!(names::<Fireworks>(r#"{"role":"hush4711hush","x":1}"#), r#"User {"role", "x"}"#);
    let twin = TRUSTED_TWIN.users[0].replace(r#""a":1"#, r#""a":"hush4711hush""#);
    assert_eq!(names::<TrustedTwin>(&twin), r#"User {"uuid", "name", "role", "description"}"#);
    let ada = r#"{"user_name":"hush4711hush","security":{"x":"hush4711hush"},"x":1}"#;
    assert_eq!(names::<Elastic>(ada), r#"User {"user_name", "security", "x"}"#);
}

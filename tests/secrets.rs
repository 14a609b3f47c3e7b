//! Nothing leaks: what a request holds as a value shows in no message, no `Debug`, no refusal; a password shows nowhere.
//!
//! The names of members may show, as a place has to be told. Every path is walked with values that can be recognised.

mod common;

use std::{error::Error, fmt::Debug};

use common::{Elastic, Fireworks, Room, TrustedTwin};
use user_patch::{
    elastic,
    engine::{Field, FieldMask, Json, Limits, Malformed, MergePatch, Node, Object, Reader},
    fireworks,
    report::{InvalidUser, Violations},
    trusted_twin,
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
    fn hears_violations<R: Room>(&mut self, violations: &Violations<R::Refusal>, ctx: &R::Context, of: &str) {
        self.hears_error(violations, of);
        for violation in violations {
            self.hears_debug(violation, of);
            self.hears(&violation.to_string(), of);
            self.hears(violation.message(), of);
            self.hears(violation.pointer().as_str(), of);
        }
        let reply = R::refused(violations, ctx);
        self.hears_debug(&reply, of);
        self.hears(&reply.body, of);
    }
}

/// A room with its stored users, its contexts, and the places in a body, marked by `$`, at which a value may stand.
struct House {
    users: &'static [&'static str],
    contexts: &'static [&'static str],
    places: &'static [&'static str],
}

const FIREWORKS: House = House {
    users: &[
        r#"{"role":"user"}"#,
        r#"{"role":"custom","permissionPreset":"read-only","serviceAccount":true,"email":"a@example.com"}"#,
    ],
    contexts: &[
        "{}",
        r#"{"policy":{"role":"whenMasked","roles":"open","unknownMembers":"ignore"}}"#,
        r#"{"admin":false,"policy":{"readOnly":"refuse","immutable":true,"leavingCustom":"refuse","camelCaseMask":false}}"#,
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

const TRUSTED_TWIN: House = House {
    users: &[
        r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"a":1}}"#,
    ],
    contexts: &[
        "{}",
        r#"{"roles":[],"trace":"4f2a"}"#,
        r#"{"policy":{"unknownMembers":"ignore","maxBytes":null}}"#,
        r#"{"statement":{"effect":"deny","actions":["update_user"]}}"#,
        r#"{"policy":{"maxBytes":20}}"#,
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

const ELASTIC: House = House {
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
    ],
};

/// Sends a body through everything a room does with one.
fn walk<R: Room>(house: &House, body: &[u8], mask: &str, ear: &mut Ear) {
    let of = &format!("{} {}", R::NAME, String::from_utf8_lossy(body));
    for ctx in house.contexts {
        let ctx: R::Context = serde_json::from_str(ctx).unwrap();
        let patch = match R::parse(body, &ctx) {
            Ok(patch) => R::with_mask(patch, mask),
            Err(violations) => {
                ear.hears_violations::<R>(&violations, &ctx, of);
                continue;
            }
        };
        ear.hears_debug(&patch, of);
        ear.hears_debug(R::into_owned(patch.clone()), of);
        for stored in house.users {
            let before = R::user(stored.as_bytes()).unwrap();
            for notice in R::notices(&patch, &before, &ctx) {
                ear.hears_debug(&notice, of);
                ear.hears(&notice.to_string(), of);
            }
            let mut after = before.clone();
            match R::apply(&patch, &mut after, &ctx) {
                Ok((changed, _)) => ear.hears_debug(changed, of),
                Err(violations) => {
                    ear.hears_violations::<R>(&violations, &ctx, of);
                    ear.hears_debug(&after, of);
                    continue;
                }
            }
            ear.hears_debug(R::audit(&before, &after), of);
            for (from, to) in [(&before, &after), (&after, &before)] {
                match R::diff(from, to, &ctx) {
                    Ok(diff) => ear.hears_debug(diff, of),
                    Err(unreachable) => ear.hears_error(&unreachable, of),
                }
                match R::rebase(from, &patch, to) {
                    Ok(moved) => ear.hears_debug(moved, of),
                    Err(conflict) => ear.hears_error(&conflict, of),
                }
            }
            match R::then(&patch, &patch) {
                Ok(both) => ear.hears_debug(both, of),
                Err(not_composable) => ear.hears_error(&not_composable, of),
            }
        }
    }
}

/// Sends a stored user's text through everything that reads one.
fn walk_stored<R: Room>(text: &str, ear: &mut Ear) {
    let told = |outcome: Result<R::User, InvalidUser>, ear: &mut Ear| {
        if let Err(wrong) = outcome {
            ear.hears_error(&wrong, text);
        }
    };
    told(R::user(text.as_bytes()), ear);
    if let Ok(value) = serde_json::from_str(text) {
        told(R::user_of(&value), ear);
    }
}

fn each<R: Room>(house: &House) {
    let mut ear = Ear::default();
    for place in house.places {
        for value in values() {
            let body = place.replace('$', &value);
            walk::<R>(house, body.as_bytes(), "", &mut ear);
            walk_stored::<R>(&body, &mut ear);
            // The members of the body after those of a stored user: a name that comes twice, or one more.
            let more = body.strip_prefix('{').unwrap_or("}");
            for stored in house.users {
                walk_stored::<R>(&format!("{},{more}", stored.strip_suffix('}').unwrap()), &mut ear);
            }
        }
    }
    assert!(ear.heard > 10_000, "{} tells something: {}", R::NAME, ear.heard);
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
    for place in FIREWORKS.places {
        for mask in
            ["*", "role", "email,displayName", "status.code,state", "no such field", "a..b", "role,*", "hush4711hush,"]
        {
            for value in values() {
                walk::<Fireworks>(&FIREWORKS, place.replace('$', &value).as_bytes(), mask, &mut ear);
            }
        }
    }
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

#[track_caller]
fn hears_malformed(wrong: &Malformed, of: &str, ear: &mut Ear) {
    ear.hears_error(wrong, of);
    ear.hears_debug(wrong.fault(), of);
    ear.hears(wrong.pointer().as_str(), of);
    let place = format!(" at line {} column {}", wrong.line(), wrong.column());
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
            Node::parse(&body, &limits).err(),
            Object::parse(&body, &limits).err(),
            MergePatch::parse(&body, &limits).err(),
            Reader::read_object(&body, &limits, |_, reader| reader.value().map(|_| ())).err(),
            Reader::read_envelope(&body, |_, _| Ok(())).err(),
        ];
        for wrong in outcomes.iter().flatten() {
            hears_malformed(wrong, of, &mut ear);
        }
    }
    assert!(ear.heard > 10_000, "{}", ear.heard);
}

#[test]
fn a_room_tells_of_a_body_that_cannot_be_read_by_line_and_column_alone() {
    fn check<R: Room>(ear: &mut Ear) {
        let ctx = R::Context::default();
        for body in broken() {
            let of = &*String::from_utf8_lossy(&body);
            if let Err(violations) = R::parse(&body, &ctx) {
                ear.hears_violations::<R>(&violations, &ctx, of);
                assert_eq!(violations.iter().count(), 1, "{of}");
                let message = violations.iter().next().unwrap().message();
                assert!(message.contains(" at line ") && message.contains(" column "), "{of}: {message}");
            }
            if let Err(wrong) = R::user(&body) {
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
        ear.hears_debug(Field::Set(json.clone()), &value);
        ear.hears_debug(MergePatch::from(json.clone()), &value);
        ear.hears_debug(MergePatch::from(json.into_owned()).into_owned(), &value);
        ear.hears_debug(Node::parse(value.as_bytes(), &limits).unwrap(), &value);
        let object = format!(r#"{{"a":{value},"b":[{value}],"c":{{"d":{value}}}}}"#);
        ear.hears_debug(Object::parse(object.as_bytes(), &limits).unwrap(), &object);
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
        let patch = fireworks::Patch::parse(body.as_bytes()).unwrap();
        let refused = patch.create(text, Some(text), &ctx).unwrap_err();
        ear.hears_violations::<Fireworks>(&refused, &ctx, text);
        let masked = patch.with_mask(text);
        ear.hears_debug(masked.mask(), text);
    }
}

#[test]
fn what_was_done_is_told_without_values() {
    let mut ear = Ear::default();
    let body = r#"{"role":"admin","displayName":"hush4711hush","email":"hush4711hush","state":"hush4711hush"}"#;
    let mut user = fireworks::User::from_json(br#"{"role":"user"}"#).unwrap();
    let applied = fireworks::Patch::parse(body.as_bytes()).unwrap().apply(&mut user, &Default::default()).unwrap();
    assert_eq!((applied.changed().len(), applied.notices().len()), (3, 1));
    ear.hears_debug(applied, body);

    let body = r#"{"name":"hush4711hush","description":{"a":"hush4711hush"}}"#;
    let mut user = trusted_twin::User::from_json(TRUSTED_TWIN.users[0].as_bytes()).unwrap();
    let applied = trusted_twin::Patch::parse(body.as_bytes()).unwrap().apply(&mut user, &Default::default()).unwrap();
    assert_eq!(applied.changed().len(), 2);
    ear.hears_debug(applied, body);

    let body = r#"{"email":"hush4711hush","security":{"password":"correct hush4711hush","x":471147114711}}"#;
    let mut user = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
    let applied = elastic::Patch::parse(body.as_bytes()).unwrap().apply(&mut user, &Default::default()).unwrap();
    assert_eq!(applied.changed().len(), 2);
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
    ear.hears(&user.document().to_value().unwrap().to_string(), "the user");
    ear.hears_debug(user.reply(), "the user");
    assert!(!json.contains("password"), "{json}");
    assert!(user.document().at(&["security", "password"]).is_none());
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
            let patch = elastic::Patch::parse(body.as_bytes()).unwrap();
            ear.hears_debug(&patch, body);
            let mut applied = patch.apply(&mut user, &ctx).unwrap();
            ear.hears_debug(&applied, body);
            ear.hears_debug(applied.changed(), body);
            ear.hears_debug(applied.notices(), body);
            assert!(!applied.changed().iter().any(|place| place.as_str().contains("password")), "{body}");
            holds_no_password(&user, &mut ear);
            let audit = elastic::audit(&before, &user);
            ear.hears(&audit.to_json(), body);
            ear.hears(&audit.inverted().to_json(), body);

            let password = applied.take_password().expect("a password");
            ear.hears_debug(&password, body);
            assert_eq!(password.expose(), PASSWORD);
            assert_eq!(password.into_string(), PASSWORD);
            assert_eq!(applied.take_password(), None, "handed over once");
            ear.hears_debug(&applied, body);
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
            let mut applied = elastic::Patch::parse(br#"{"full_name":"Ada"}"#)
                .unwrap()
                .apply(&mut user, &Default::default())
                .unwrap();
            assert_eq!(applied.take_password(), None);
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
        let violations = elastic::Patch::parse(body.as_bytes()).unwrap().apply(&mut user, &ctx).unwrap_err();
        ear.hears_violations::<Elastic>(&violations, &ctx, body);
        assert_eq!(user.to_json(), before);
    }
    for stored in &ELASTIC.users[2..] {
        let mut user = elastic::User::from_json(stored.as_bytes()).unwrap();
        let body = r#"{"security":{"password":"correct hush4711hush"}}"#;
        let violations = elastic::Patch::parse(body.as_bytes()).unwrap().apply(&mut user, &ctx).unwrap_err();
        ear.hears_violations::<Elastic>(&violations, &ctx, body);
        holds_no_password(&user, &mut ear);
    }
    // Shorter than eight characters, and told without a character of it.
    let mut user = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
    let patch = elastic::Patch::parse(br#"{"security":{"password":"hush"}}"#).unwrap();
    let violations = patch.apply(&mut user, &ctx).unwrap_err();
    ear.hears_violations::<Elastic>(&violations, &ctx, "a short one");
}

#[test]
fn a_body_in_a_string_tells_no_more_than_one_without() {
    let mut ear = Ear::default();
    let mut ctx = elastic::Context::default();
    ctx.policy.string_body = elastic::StringBody::Decode;
    for inner in broken().iter().filter_map(|body| str::from_utf8(body).ok()) {
        let body = Json::string(inner).to_string();
        match elastic::Patch::parse_with(body.as_bytes(), &ctx.policy) {
            Ok(patch) => ear.hears_debug(patch, &body),
            Err(violations) => {
                ear.hears_violations::<Elastic>(&violations, &ctx, &body);
                let message = violations.iter().next().unwrap().message();
                assert!(message.contains(" at line ") && message.contains(" column "), "{body}: {message}");
            }
        }
        let violations = elastic::Patch::parse(body.as_bytes()).unwrap_err();
        ear.hears_violations::<Elastic>(&violations, &ctx, &body);
    }
    for value in values() {
        for place in ELASTIC.places {
            let body = Json::string(&place.replace('$', &value)).to_string();
            walk::<Elastic>(&ELASTIC, body.as_bytes(), "", &mut ear);
        }
    }

    let body = Json::string(r#"{"security":{"password":"correct hush4711hush"}}"#).to_string();
    let mut user = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
    let patch = elastic::Patch::parse_with(body.as_bytes(), &ctx.policy).unwrap();
    ear.hears_debug(&patch, &body);
    let mut applied = patch.apply(&mut user, &ctx).unwrap();
    ear.hears_debug(&applied, &body);
    holds_no_password(&user, &mut ear);
    assert_eq!(applied.take_password().unwrap().expose(), PASSWORD);
    assert_eq!(applied.take_password(), None);
}

#[test]
fn patches_of_patches_show_no_password() {
    let mut ear = Ear::default();
    let body = r#"{"security":{"password":"correct hush4711hush"},"email":"ada@example.com"}"#;
    let patch = elastic::Patch::parse(body.as_bytes()).unwrap();
    let base = elastic::User::from_json(ELASTIC.users[0].as_bytes()).unwrap();
    let both = elastic::Patch::parse(br#"{"full_name":"Ada"}"#).unwrap().then(&patch).unwrap();
    let moved = elastic::rebase(&base, &patch, &base).unwrap();
    for patch in [both, moved, patch.into_owned()] {
        ear.hears_debug(&patch, body);
        let mut user = base.clone();
        let mut applied = patch.apply(&mut user, &Default::default()).unwrap();
        holds_no_password(&user, &mut ear);
        assert_eq!(applied.take_password().unwrap().expose(), PASSWORD);
        ear.hears_debug(elastic::diff(&base, &user).unwrap(), body);
    }
}

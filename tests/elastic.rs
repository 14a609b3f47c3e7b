//! What a fixture cannot hold: the password that is handed over once, the 404, texts byte for byte, stored users that are
//! none, bodies too long to print.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use serde_json::json;
use user_patch::{
    elastic::{
        Context, MEDIA_TYPES, MisplacedPassword, PASSWORD_MIN, Patch, Policy, ROLES, Refusal, StringBody,
        UnknownMembers, User, Violations, audit, not_found,
    },
    report::{Applied, InvalidUser},
};

/// A password that nothing but [`Applied::into_password`] may show.
const MARKER: &str = "Tr0ub4dor-MARKER";

/// Reads a body in the context that is given to nobody in particular.
fn parse(body: &[u8]) -> Result<Patch<'_>, Violations> {
    Patch::parse(body, &Context::default())
}

/// A context with one switch of its policy turned.
fn policy(turn: impl FnOnce(&mut Policy)) -> Context {
    let mut policy = Policy::default();
    turn(&mut policy);
    Context::with_policy(policy)
}

fn stored(text: &str) -> User {
    User::from_json(text.as_bytes()).unwrap()
}

#[track_caller]
fn applied(user: &mut User, body: &str) -> Applied {
    parse(body.as_bytes()).unwrap().apply(user, &Context::default()).unwrap()
}

/// The members that the patch changes.
#[track_caller]
fn changed(user: &str, body: &str) -> Vec<String> {
    applied(&mut stored(user), body).changed().iter().map(ToString::to_string).collect()
}

/// The user's text after the patch.
#[track_caller]
fn patched(user: &str, body: &str) -> String {
    let mut user = stored(user);
    let _ = applied(&mut user, body);
    user.to_json()
}

#[track_caller]
fn refusals<T>(outcome: Result<T, Violations>) -> Vec<(Refusal, String)> {
    let Err(violations) = outcome else { panic!("it is accepted") };
    violations.iter().map(|violation| (violation.refusal(), violation.pointer().as_str().to_owned())).collect()
}

const MIN: &str = r#"{"user_name":"ada","security":{}}"#;

// The password.

#[test]
fn a_password_is_handed_over_once() {
    let mut user = stored(MIN);
    let applied = applied(&mut user, r#"{"security":{"password":"correct \u0068orse \ud83d\ude00"}}"#);
    // It counts as a change, and leaves none in the user.
    assert_eq!(applied.changed().iter().map(ToString::to_string).collect::<Vec<_>>(), ["/security/password"]);
    assert_eq!(user.to_json(), MIN);
    let password = applied.into_password().unwrap();
    assert_eq!(password.expose(), "correct horse 😀");
}

/// What was done is the same where it changed and said the same, and set a password or none: passwords are not compared.
#[test]
fn what_was_done_is_compared_without_its_password() {
    let done = |user: &str, body: &str| applied(&mut stored(user), body);
    let set = done(MIN, r#"{"security":{"password":"correct horse"}}"#);
    assert!(set.has_password());
    assert_eq!(set, done(MIN, r#"{"security":{"password":"battery staple"}}"#));
    assert_eq!(
        format!("{set:?}"),
        r#"Applied { changed: [Pointer("/security/password")], notices: Findings(List { kept: [], omitted: 0 }), password: Some(Password(…)) }"#
    );
    let named = done(MIN, r#"{"full_name":"Ada"}"#);
    assert_eq!(named, done(MIN, r#"{"full_name":"Bob"}"#));
    assert_ne!(named, done(MIN, r#"{"email":"ada@example.com"}"#), "another member");
    assert_ne!(named, set);
    let nothing = done(MIN, "{}");
    assert_ne!(nothing, done(MIN, r#"{"security":{"password":null}}"#), "what was said in vain");
    assert_eq!(nothing, done(MIN, MIN));
}

#[test]
fn a_password_moves_the_time_of_update() {
    let mut ctx = Context::default();
    ctx.now = Some("2026-01-01T00:00:00Z".parse().unwrap());
    ctx.actor = Some("root".to_owned());
    let mut user = stored(MIN);
    let body = br#"{"security":{"password":"correct horse"}}"#;
    let _ = Patch::parse(body, &ctx).unwrap().apply(&mut user, &ctx).unwrap();
    let metadata = user.document().value().get("metadata").unwrap();
    assert_eq!(metadata.get("updated_at").unwrap().as_str().unwrap(), "2026-01-01T00:00:00Z");
    assert_eq!(metadata.get("updated_by").unwrap().as_str().unwrap(), "root");
    assert_eq!(metadata.len(), 2);
}

#[test]
fn a_password_that_is_null_is_told_as_said_in_vain() {
    let mut user = stored(MIN);
    let applied = applied(&mut user, r#"{"security":{"password":null}}"#);
    assert!(applied.changed().is_empty());
    let told: Vec<_> =
        applied.notices().iter().map(|notice| format!("{} {}", notice.rule().id, notice.pointer())).collect();
    assert_eq!(told, ["elastic.password.null /security/password"]);
}

#[test]
fn each_update_hands_its_own_password_over() {
    let patch = parse(br#"{"security":{"password":"correct horse"}}"#).unwrap();
    let (mut ada, mut bob) = (stored(MIN), stored(r#"{"user_name":"bob","security":{}}"#));
    for user in [&mut ada, &mut bob] {
        let applied = patch.apply(user, &Context::default()).unwrap();
        assert_eq!(applied.into_password().unwrap().expose(), "correct horse");
    }
}

#[test]
fn without_a_password_there_is_none_to_take() {
    for body in
        ["{}", r#"{"security":{}}"#, r#"{"security":{"password":null}}"#, r#"{"security":{"pass":"correct horse"}}"#]
    {
        assert!(!applied(&mut stored(MIN), body).has_password(), "{body}");
    }
}

#[test]
fn the_shortest_password_has_eight_scalar_values() {
    assert_eq!(PASSWORD_MIN, 8);
    let combined = "e\u{301}".repeat(4);
    let body = format!(r#"{{"security":{{"password":"{combined}"}}}}"#);
    assert_eq!(applied(&mut stored(MIN), &body).into_password().unwrap().expose(), combined);
}

#[test]
fn nothing_shows_a_password() {
    let user = stored(&format!(r#"{{"user_name":"ada","security":{{"password":"{MARKER}","enabled":true}}}}"#));
    let mut shown = format!("{user:?} {} {}", user.to_json(), user.document());
    let ctx = Context::default();
    let accepted = format!(r#"{{"security":{{"password":"{MARKER}","roles":[]}},"full_name":"Ada"}}"#);
    let patch = parse(accepted.as_bytes()).unwrap();
    let mut after = user.clone();
    let applied = patch.apply(&mut after, &ctx).unwrap();
    write!(shown, "{patch:?} {:?} {applied:?} {after:?} {:?}", patch.clone().into_owned(), after.reply()).unwrap();
    write!(shown, "{:?}", applied.into_password()).unwrap();

    for refused in [
        r#"{"security":{"password":"MARK"}}"#,
        r#"{"security":{"password":["MARK"]}}"#,
        r#"{"security":{"password":{"MARK":"MARK"}}}"#,
        r#"{"security":{"password":"MARK","enabled":"MARK","roles":["MARK"],"security_realm":{"type":"MARK"}}}"#,
        r#"{"user_name":"MARK","email":["MARK"],"full_name":{"MARK":1},"metadata":"MARK","builtin":"MARK"}"#,
        r#"{"security":{"password":"MARK","password":"MARK"}}"#,
        r#"{"password":"MARK","security":{"Password":"MARK"},"x":{"PASSWORD":["MARK"]}}"#,
        r#"{"security":{"password":"MARK\ud800"}}"#,
        r#"{"security":{"password":"MARK"#,
        r#""MARK""#,
        r#"["MARK"]"#,
        "MARK",
    ] {
        // Seven characters: too short for a password.
        let body = refused.replace("MARK", "marker!");
        let violations = parse(body.as_bytes()).and_then(|patch| patch.check(&user, &ctx)).expect_err("it is refused");
        write!(shown, "{violations} {violations:?} {:?}", violations.reply()).unwrap();
    }
    let stored_as = format!(r#"{{"user_name":5,"security":{{"password":"{MARKER}"}}}}"#);
    let invalid = User::from_json(stored_as.as_bytes()).unwrap_err();
    write!(shown, "{invalid} {invalid:?}").unwrap();
    assert!(!shown.contains("MARKER") && !shown.contains("marker!"), "{shown}");
}

/// Whether a disabled user may be enabled is a question of values that say so.
#[test]
fn enabled_is_restricted_where_it_would_change_and_nowhere_else() {
    let refused =
        |user: &str, body: &str| refusals(parse(body.as_bytes()).unwrap().check(&stored(user), &Context::default()));
    let of_type = |place: &str| (Refusal::WrongType, place.to_owned());
    let restricted = (Refusal::EnabledRestricted, "/security/enabled".to_owned());
    let disabled = r#"{"user_name":"ada","security":{"enabled":false}}"#;
    let admin = r#"{"user_name":"ada","security":{"enabled":false,"roles":["ece_platform_admin"]}}"#;
    // Of another type it says nothing.
    assert_eq!(refused(disabled, r#"{"security":{"enabled":"yes"}}"#), [of_type("/security/enabled")]);
    assert_eq!(refused(disabled, r#"{"security":{"enabled":null}}"#), std::slice::from_ref(&restricted));
    // With what is around it, it goes back to the default.
    assert_eq!(refused(disabled, r#"{"security":5}"#), [of_type("/security"), restricted]);
    assert_eq!(refused(disabled, r#"{"metadata":5}"#), [of_type("/metadata")]);
    assert_eq!(refused(admin, r#"{"security":5}"#), [of_type("/security")]);
    assert_eq!(refused(MIN, r#"{"security":5}"#), [of_type("/security")]);
    assert_eq!(refused(MIN, r#"{"security":{"password":5}}"#), [of_type("/security/password")]);
}

#[test]
fn a_password_that_stands_elsewhere_is_refused_unless_it_stands_there_already() {
    let places = |body: &str| refusals(parse(body.as_bytes()).unwrap().check(&stored(MIN), &Context::default()));
    let misplaced = |place: &str| (Refusal::PasswordMisplaced, place.to_owned());
    assert_eq!(places(r#"{"password":"correct horse"}"#), [misplaced("/password")]);
    // Inside a documented member, which then is of a wrong type.
    assert_eq!(
        places(r#"{"email":{"password":"correct horse"}}"#),
        [misplaced("/email"), (Refusal::WrongType, "/email".to_owned())]
    );
    assert_eq!(
        places(r#"{"PassWord":1,"security":{"Password":1}}"#),
        [misplaced("/PassWord"), misplaced("/security/Password")]
    );
    assert!(
        places(r#"{"a":{"b":[{"password":1}]}}"#).iter().all(|(refusal, _)| *refusal == Refusal::PasswordMisplaced)
    );

    let user = r#"{"user_name":"ada","security":{},"password":"old","a":{"Password":1}}"#;
    assert!(changed(user, r#"{"password":"old","a":{"Password":1}}"#).is_empty());
    assert_eq!(
        patched(user, r#"{"password":null,"a":{"Password":null,"b":1}}"#),
        r#"{"user_name":"ada","security":{},"a":{"b":1}}"#
    );
    // An object with nothing in it is another value than a text.
    let replaced = |body: &str| refusals(parse(body.as_bytes()).unwrap().check(&stored(user), &Context::default()));
    assert_eq!(replaced(r#"{"password":{}}"#), [misplaced("/password")]);
    assert_eq!(replaced(r#"{"password":{"a":null}}"#), [misplaced("/password")]);
    // What stands in an array is no member of what is around it.
    assert_eq!(
        places(r#"{"security":[{"password":"short","roles":["x"],"enabled":false}]}"#),
        [misplaced("/security"), (Refusal::WrongType, "/security".to_owned())]
    );
    // Where there is none, null takes none away.
    assert!(changed(MIN, r#"{"password":null}"#).is_empty());

    let ctx = policy(|policy| policy.misplaced_password = MisplacedPassword::Keep);
    let (before, mut after) = (stored(MIN), stored(MIN));
    let body = br#"{"password":"correct horse","n":1}"#;
    let applied = Patch::parse(body, &ctx).unwrap().apply(&mut after, &ctx).unwrap();
    assert_eq!((applied.changed().len(), applied.has_password()), (2, false));
    assert_eq!(after.reply().body, r#"{"user_name":"ada","security":{},"password":"correct horse","n":1}"#);
    assert!(!audit(&before, &after).to_json().contains("correct horse"));
}

// Replies.

#[test]
fn where_there_is_no_user_the_reply_is_404() {
    let reply = not_found();
    assert_eq!(reply.status, 404);
    assert_eq!(reply.headers, [("x-cloud-error-codes", "user.not_found".to_owned())]);
    let body: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(body["errors"].as_array().unwrap().len(), 1);
    assert_eq!(body["errors"][0]["code"], "user.not_found");
    assert!(body["errors"][0]["message"].is_string());
}

#[test]
fn no_decision_about_a_user_that_is_there_is_not_found() {
    let ctx = Context::default();
    let user = stored(r#"{"user_name":"ada","security":{},"builtin":true}"#);
    let refused = parse(b"{}").unwrap().check(&user, &ctx).unwrap_err().reply();
    assert_eq!((refused.status, stored(MIN).reply().status), (400, 200));
    assert_ne!(refused.headers, not_found().headers);
}

#[test]
fn the_media_types_and_roles_are_public() {
    assert_eq!(MEDIA_TYPES, ["application/json", "application/merge-patch+json"]);
    assert_eq!(ROLES, ["ece_platform_admin", "ece_platform_viewer", "ece_deployment_manager", "ece_deployment_viewer"]);
}

// Patches.

#[test]
fn a_decoded_body_outlives_the_text_it_came_in() {
    let ctx = policy(|policy| policy.string_body = StringBody::Decode);
    let patch: Patch<'static> = {
        let body = r#""{\"full_name\": \"\\u0041da\", \"n\": 1.0, \"security\": {\"password\": \"correct horse\"}}""#
            .to_owned();
        Patch::parse(body.as_bytes(), &ctx).unwrap().into_owned()
    };
    let mut user = stored(MIN);
    let applied = patch.apply(&mut user, &ctx).unwrap();
    assert_eq!(user.full_name().unwrap(), "Ada");
    assert_eq!(user.to_json(), r#"{"user_name":"ada","security":{},"full_name":"\u0041da","n":1.0}"#);
    assert_eq!(applied.into_password().unwrap().expose(), "correct horse");
}

#[test]
fn a_decoded_body_is_the_patch_that_it_holds() {
    let ctx = policy(|policy| policy.string_body = StringBody::Decode);
    let inner = br#"{"full_name":"Ada","team":{"a":null}}"#;
    let outer = serde_json::to_string(str::from_utf8(inner).unwrap()).unwrap();
    assert_eq!(Patch::parse(outer.as_bytes(), &ctx).unwrap(), parse(inner).unwrap());
}

#[test]
fn members_keep_their_order_and_new_ones_come_last() {
    assert_eq!(
        patched(
            r#"{"email":"a","security":{"zone":1,"enabled":true,"area":2},"user_name":"ada","x":{"b":1,"a":2}}"#,
            r#"{"new":[ 1 , 2 ],"x":{"c":{"z":1,"y":null},"a":3},"security":{"area":null,"more":{ }},"email":"b"}"#
        ),
        r#"{"email":"b","security":{"zone":1,"enabled":true,"more":{}},"user_name":"ada","x":{"b":1,"a":3,"c":{"z":1}},"new":[1,2]}"#
    );
}

#[test]
fn new_members_come_in_the_order_of_the_page_and_then_of_the_body() {
    assert_eq!(
        patched(
            r#"{"user_name":"ada","security":{}}"#,
            r#"{"z":1,"metadata":{"b":1,"a":2},"email":"a","a":2,"full_name":"Ada","security":{"y":1,"x":2}}"#
        ),
        r#"{"user_name":"ada","security":{"y":1,"x":2},"metadata":{"b":1,"a":2},"full_name":"Ada","email":"a","z":1,"a":2}"#
    );
}

/// The stamp is not lost with the object that it was in, and the members behind that are changed as any others.
#[test]
fn an_object_that_goes_leaves_the_stamp_of_the_update() {
    let mut ctx = Context::default();
    ctx.actor = Some("root".to_owned());
    let before =
        r#"{"user_name":"ada","security":{},"metadata":{"updated_by":null,"n":1},"email":"a@x.org","badge":1}"#;
    let mut user = stored(before);
    let patch = Patch::parse(br#"{"badge":2,"email":"b@x.org","metadata":null}"#, &ctx).unwrap();
    let _ = patch.apply(&mut user, &ctx).unwrap();
    assert_eq!(
        user.to_json(),
        r#"{"user_name":"ada","security":{},"metadata":{"updated_by":"root"},"email":"b@x.org","badge":2}"#
    );
}

#[test]
fn the_order_of_members_in_a_body_changes_nothing() {
    let user = r#"{"user_name":"ada","security":{"enabled":true},"email":"a","x":{"y":1}}"#;
    let (one, other) = (
        patched(user, r#"{"email":null,"x":{"y":2,"z":3},"security":{"roles":[],"note":1}}"#),
        patched(user, r#"{"security":{"note":1,"roles":[]},"x":{"z":3,"y":2},"email":null}"#),
    );
    assert_eq!(stored(&one), stored(&other));
}

#[test]
fn applied_again_a_patch_changes_nothing() {
    let mut user = stored(r#"{"user_name":"ada","security":{},"email":"a","x":{"y":1}}"#);
    let body = r#"{"email":null,"x":{"y":[null],"z":{"a":null}},"security":{"roles":null,"note":1}}"#;
    assert!(!applied(&mut user, body).changed().is_empty());
    let before = user.to_json();
    assert!(applied(&mut user, body).changed().is_empty());
    assert_eq!(user.to_json(), before);
}

#[test]
fn sending_back_what_was_read_is_accepted() {
    for user in [
        MIN,
        r#"{"user_name":"ada","security":{"permissions":["a"],"security_realm":{"type":"native","id":"x"}},"builtin":false,"metadata":{"created_by":"root"}}"#,
        // Some servers write what is not there as null.
        r#"{"user_name":"ada","security":{},"full_name":null,"email":null}"#,
        r#"{"user_name":"ada","security":{"permissions":null,"elevated_permissions":null,"security_realm":null}}"#,
        r#"{"user_name":"ada","security":{"elevated_permissions":{"enabled":false,"expires_at":null}}}"#,
        r#"{"user_name":"ada","security":{},"metadata":{"created_by":null,"last_login_at":null},"builtin":null}"#,
    ] {
        let patch = parse(user.as_bytes()).unwrap();
        let checked = patch.check(&stored(user), &Context::default());
        assert!(checked.is_ok(), "{user}: {}", checked.unwrap_err());
    }
}

/// What the vendor's own client writes differently from what it read.
#[test]
fn sending_back_what_was_read_in_another_spelling_is_accepted() {
    let user = r#"{"user_name":"ada","security":{"permissions":["a","b"],"roles":["x","y"],"elevated_permissions":{"expires_at":"2024-05-04T09:42:00+00:00"}},"metadata":{"created_at":"2024-05-04T09:42:00+00:00"}}"#;
    for body in [
        r#"{"metadata":{"created_at":"2024-05-04T09:42:00Z"}}"#,
        r#"{"metadata":{"created_at":"2024-05-04T09:42:00.000Z"}}"#,
        r#"{"metadata":{"created_at":"2024-05-04T11:42:00+02:00"}}"#,
        r#"{"security":{"elevated_permissions":{"expires_at":"2024-05-04T09:42:00Z"}}}"#,
        r#"{"security":{"permissions":["b","a"]}}"#,
        r#"{"security":{"permissions":["b","a","b"]}}"#,
        r#"{"security":{"roles":["y","x"]}}"#,
        r#"{"builtin":false}"#,
    ] {
        assert!(changed(user, body).is_empty(), "{body}");
        assert_eq!(patched(user, body), user, "what is stored stays as it is written");
    }
}

#[test]
fn a_wrong_type_is_told_beside_what_it_would_take_away() {
    let user = stored(r#"{"user_name":"ada","security":{"permissions":["a"]},"metadata":{"created_by":"root"}}"#);
    for (body, expected) in [
        (r#"{"metadata":5}"#, [(Refusal::Restricted, "/metadata/created_by"), (Refusal::WrongType, "/metadata")]),
        (r#"{"user_name":5}"#, [(Refusal::Restricted, "/user_name"), (Refusal::WrongType, "/user_name")]),
    ] {
        let mut told = refusals(parse(body.as_bytes()).unwrap().check(&user, &Context::default()));
        told.sort_by_key(|(refusal, _)| *refusal != Refusal::Restricted);
        assert_eq!(told, expected.map(|(refusal, place)| (refusal, place.to_owned())), "{body}");
    }
}

#[test]
fn debug_names_the_members_and_not_their_values() {
    let patch = parse(br#"{"full_name":"Ada","security":{"password":"correct horse"}}"#).unwrap();
    assert_eq!(format!("{patch:?}"), r#"Patch {"full_name", "security"}"#);
    assert_eq!(format!("{:?}", stored(MIN)), r#"User {"user_name", "security"}"#);
}

#[test]
fn a_depth_of_128_passes_and_129_does_not() {
    let body = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1));
    let mut user = stored(MIN);
    let _ = applied(&mut user, &body(128));
    assert_eq!(stored(&user.to_json()), user);
    assert_eq!(refusals(parse(body(129).as_bytes())), [(Refusal::TooDeep, String::new())]);
    assert_eq!(refusals(parse("[".repeat(1_000_000).as_bytes())), [(Refusal::TooDeep, String::new())]);
    assert_eq!(refusals(parse(r#"{"a":"#.repeat(200_000).as_bytes())), [(Refusal::TooDeep, String::new())]);
}

#[test]
fn a_body_has_a_mebibyte_unless_the_policy_has_no_limit() {
    let body = |bytes: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - r#"{"a":""}"#.len()));
    let (fits, too_long) = (body(1_048_576), body(1_048_577));
    assert!(parse(fits.as_bytes()).is_ok());
    assert_eq!(refusals(parse(too_long.as_bytes())), [(Refusal::TooLong, String::new())]);
    assert!(Patch::parse(too_long.as_bytes(), &policy(|policy| policy.max_bytes = None)).is_ok());
    // Before anything else is known of it.
    assert_eq!(refusals(parse(r#"{"a":"#.repeat(1_000_000).as_bytes())), [(Refusal::TooLong, String::new())]);
}

#[test]
fn a_user_of_a_deeper_policy_can_be_read_again() {
    let ctx = policy(|policy| policy.max_depth = 255);
    let body = format!(r#"{{"a":{}{}}}"#, "[".repeat(254), "]".repeat(254));
    let mut user = stored(MIN);
    let _ = Patch::parse(body.as_bytes(), &ctx).unwrap().apply(&mut user, &ctx).unwrap();
    assert_eq!(User::from_json(user.to_json().as_bytes()), Ok(user));
}

// Users.

#[test]
fn a_user_tells_what_the_page_names() {
    let user = stored(
        r#"{"user_name":"\u0061da","security":{"roles":["ece_platform_admin","\u0078"],"enabled":false,"security_realm":{"type":"native","id":"n"}},"full_name":"Ada","email":"ada@example.com","builtin":true}"#,
    );
    assert_eq!(user.user_name(), "ada");
    assert_eq!(user.full_name().unwrap(), "Ada");
    assert_eq!(user.email().unwrap(), "ada@example.com");
    assert_eq!(user.roles().collect::<Vec<_>>(), ["ece_platform_admin", "x"]);
    assert_eq!(user.realm_type().unwrap(), "native");
    assert!(!user.is_enabled() && user.is_builtin() && user.is_platform_admin());
}

#[test]
fn what_a_user_does_not_tell_is_the_default() {
    for text in [
        MIN,
        r#"{"user_name":"ada","security":{"roles":null,"enabled":null,"security_realm":null},"full_name":null,"email":null,"builtin":null}"#,
    ] {
        let user = stored(text);
        assert_eq!((user.full_name(), user.email(), user.realm_type()), (None, None, None));
        assert_eq!(user.roles().count(), 0);
        assert!(user.is_enabled() && !user.is_builtin() && !user.is_platform_admin());
    }
}

#[test]
fn a_stored_user_is_written_as_it_was_read() {
    let text = r#"{"z":1e400,"user_name":"\u0061da","security":{"x":-0.0,"roles":[]},"n":123456789012345678901234567890,"metadata":{"one":1.0}}"#;
    assert_eq!(stored(text).to_json(), text);
    assert_eq!(stored(text).reply().body, text);
    assert_eq!(patched(text, "{}"), text);
}

#[test]
fn a_password_in_a_stored_text_is_dropped() {
    for value in [r#""secret""#, "null", "5", r#"{"a":"secret"}"#] {
        let user = stored(&format!(r#"{{"user_name":"ada","security":{{"password":{value},"enabled":true}}}}"#));
        assert_eq!(user.to_json(), r#"{"user_name":"ada","security":{"enabled":true}}"#);
    }
    let value = json!({"user_name": "ada", "security": {"password": "secret"}});
    assert_eq!(User::from_value(&value).unwrap(), stored(MIN));
}

#[test]
fn what_is_no_user() {
    for (text, pointer) in [
        (r#"{"security":{}}"#, "/user_name"),
        (r#"{"user_name":null,"security":{}}"#, "/user_name"),
        (r#"{"user_name":5,"security":{}}"#, "/user_name"),
        (r#"{"user_name":"ada"}"#, "/security"),
        (r#"{"user_name":"ada","security":null}"#, "/security"),
        (r#"{"user_name":"ada","security":[]}"#, "/security"),
        (r#"{"user_name":"ada","security":{"roles":"x"}}"#, "/security/roles"),
        (r#"{"user_name":"ada","security":{"roles":[5]}}"#, "/security/roles"),
        (r#"{"user_name":"ada","security":{"roles":{}}}"#, "/security/roles"),
        (r#"{"user_name":"ada","security":{"permissions":[null]}}"#, "/security/permissions"),
        (r#"{"user_name":"ada","security":{"elevated_permissions":true}}"#, "/security/elevated_permissions"),
        (
            r#"{"user_name":"ada","security":{"elevated_permissions":{"enabled":"yes"}}}"#,
            "/security/elevated_permissions/enabled",
        ),
        (
            r#"{"user_name":"ada","security":{"elevated_permissions":{"expires_at":5}}}"#,
            "/security/elevated_permissions/expires_at",
        ),
        (r#"{"user_name":"ada","security":{"enabled":"true"}}"#, "/security/enabled"),
        (r#"{"user_name":"ada","security":{"security_realm":"native"}}"#, "/security/security_realm"),
        (r#"{"user_name":"ada","security":{"security_realm":{"type":1}}}"#, "/security/security_realm/type"),
        (r#"{"user_name":"ada","security":{"security_realm":{"id":1}}}"#, "/security/security_realm/id"),
        (r#"{"user_name":"ada","security":{},"metadata":[]}"#, "/metadata"),
        (r#"{"user_name":"ada","security":{},"metadata":{"created_by":1}}"#, "/metadata/created_by"),
        (r#"{"user_name":"ada","security":{},"metadata":{"created_at":20240504}}"#, "/metadata/created_at"),
        (r#"{"user_name":"ada","security":{},"metadata":{"updated_at":1714815720}}"#, "/metadata/updated_at"),
        (r#"{"user_name":"ada","security":{},"full_name":{}}"#, "/full_name"),
        (r#"{"user_name":"ada","security":{},"email":false}"#, "/email"),
        (r#"{"user_name":"ada","security":{},"builtin":"false"}"#, "/builtin"),
    ] {
        match User::from_json(text.as_bytes()) {
            Err(InvalidUser::Members(members)) => {
                assert_eq!(members.iter().map(|(at, _)| at.as_str()).collect::<Vec<_>>(), [pointer], "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
        assert_eq!(
            User::from_value(&serde_json::from_str(text).unwrap()).unwrap_err().to_string(),
            User::from_json(text.as_bytes()).unwrap_err().to_string()
        );
    }
    for text in
        ["", "[]", r#""ada""#, "null", r#"{"user_name":"ada","security":{},"x":1,"x":1}"#, r#"{"user_name":"ada""#]
    {
        assert!(matches!(User::from_json(text.as_bytes()), Err(InvalidUser::Malformed(_))), "{text}");
    }
    for value in [json!([]), json!(null), json!("ada")] {
        assert!(matches!(User::from_value(&value), Err(InvalidUser::Value(_))), "{value}");
    }
}

#[test]
fn a_stored_user_is_told_with_all_its_faults() {
    let text = r#"{"security":{"roles":5,"enabled":"true"},"metadata":{"updated_by":1},"email":false}"#;
    let Err(InvalidUser::Members(members)) = User::from_json(text.as_bytes()) else { panic!("it is a user") };
    let places: Vec<_> = members.iter().map(|(at, _)| at.as_str()).collect();
    assert_eq!(places, ["/email", "/metadata/updated_by", "/security/enabled", "/security/roles", "/user_name"]);
}

#[test]
fn a_stored_value_that_breaks_a_rule_is_read_and_may_be_repeated() {
    for user in [
        r#"{"user_name":"ada","security":{"elevated_permissions":{"expires_at":"soon"}}}"#,
        r#"{"user_name":"ada","security":{},"metadata":{"created_at":"2024-05-04"}}"#,
        r#"{"user_name":"","security":{"roles":["root","ece_platform_admin","root"]}}"#,
    ] {
        assert_eq!(stored(user).to_json(), user);
        assert!(changed(user, user).is_empty(), "{user}");
        assert_eq!(patched(user, user), user);
    }
    // Taking roles away is never refused for what remains.
    let user = r#"{"user_name":"ada","security":{"roles":["root","ece_platform_admin","ece_platform_viewer"]}}"#;
    let body = r#"{"security":{"roles":["ece_platform_admin","root"]}}"#;
    assert_eq!(changed(user, body), ["/security/roles"]);
}

// Contexts.

#[test]
fn a_context_names_what_it_does_not_know() {
    for text in [r#"{"admin":true}"#, r#"{"policy":{"readOnly":"refuse"}}"#, r#"{"policy":{"stringBody":"keep"}}"#] {
        assert!(serde_json::from_str::<Context>(text).is_err(), "{text}");
    }
    let ctx: Context = serde_json::from_str(
        r#"{"policy":{"maxBytes":1048576,"maxDepth":128,"unknownMembers":"keep","stringBody":"refuse","roleCombinations":true,"misplacedPassword":"refuse"}}"#,
    )
    .unwrap();
    assert_eq!(ctx, Context::default());
    let ctx: Context = serde_json::from_str(r#"{"policy":{"maxBytes":null}}"#).unwrap();
    assert_eq!(ctx, policy(|policy| policy.max_bytes = None));
}

// Size.

/// So many members `"<prefix><number>":<value>`.
fn many(count: usize, prefix: &str, value: &str) -> String {
    let members: Vec<_> = (0..count).map(|at| format!(r#""{prefix}{at:04}":{value}"#)).collect();
    members.join(",")
}

/// Holds what `work` takes at 5,000 members against what ten times 500 take: as much where the cost is that of the length,
/// some five times as much where each member meets each other one. A machine that does other things at the same time
/// disturbs measurements, so that the shortest of several counts.
#[track_caller]
fn assert_linear(work: impl Fn(usize) -> Duration) {
    let (mut few, mut all) = (Duration::MAX, Duration::MAX);
    let is_linear = (0..30).any(|_| {
        // As many in all, so that whatever else the machine does takes its time from both.
        (few, all) = (few.min((0..10).map(|_| work(500)).sum()), all.min(work(5000)));
        all < few * 3
    });
    assert!(is_linear, "{few:?} for ten times 500 and {all:?} for 5,000");
}

#[test]
fn five_thousand_members_meet_five_thousand() {
    assert_linear(|count| {
        let (stored_members, change) =
            (many(count, "member", r#"{"a":1,"b":2}"#), many(count, "member", r#"{"a":null,"c":3}"#));
        let mut user = stored(&format!(
            r#"{{"user_name":"ada","security":{{{0}}},"metadata":{{{0}}},"x":{{{0}}},{0}}}"#,
            stored_members
        ));
        let body = format!(r#"{{{change},"security":{{{change}}},"metadata":{{{change}}},"x":{{{change}}}}}"#);
        let start = Instant::now();
        let done = applied(&mut user, &body);
        let taken = start.elapsed();
        // Each member of the user, of its security and its metadata; of `x`, which the page does not name, the whole.
        assert_eq!(done.changed().len(), 3 * count + 1);
        assert_eq!(user.to_json().matches(r#"{"b":2,"c":3}"#).count(), 4 * count);
        taken
    });
}

#[test]
fn five_thousand_members_go_and_five_thousand_come() {
    assert_linear(|count| {
        let mut user = stored(&format!(r#"{{"user_name":"ada","security":{{}},{}}}"#, many(count, "old", "1")));
        let body = format!("{{{},{}}}", many(count, "old", "null"), many(count, "new", "1"));
        let start = Instant::now();
        let done = applied(&mut user, &body);
        let taken = start.elapsed();
        assert_eq!(done.changed().len(), 2 * count);
        assert_eq!(user.to_json(), format!(r#"{{"user_name":"ada","security":{{}},{}}}"#, many(count, "new", "1")));
        taken
    });
}

#[test]
fn five_thousand_unknown_members_are_refused_and_the_first_256_named() {
    let ctx = policy(|policy| policy.unknown_members = UnknownMembers::Refuse);
    assert_linear(|count| {
        let body = format!("{{{}}}", many(count, "member", "1"));
        let start = Instant::now();
        let violations = parse(body.as_bytes()).unwrap().check(&stored(MIN), &ctx).unwrap_err();
        let reply = violations.reply();
        let taken = start.elapsed();
        assert_eq!((violations.len(), violations.omitted()), (256, count - 256));
        assert!(reply.body.contains(r#""member0000""#) && reply.body.contains(r#""member0255""#), "{}", reply.body);
        assert!(!reply.body.contains(r#""member0256""#) && reply.body.contains(&format!("and {} more", count - 256)));
        taken
    });
}

#[test]
fn five_thousand_roles_are_the_same_set_in_another_order() {
    assert_linear(|count| {
        let roles: Vec<_> = (0..count).map(|at| format!("role{at}")).collect();
        let turned: Vec<_> = roles.iter().rev().collect();
        let mut user = stored(&json!({"user_name": "ada", "security": {"roles": roles}}).to_string());
        let body = json!({"security": {"roles": turned}}).to_string();
        let start = Instant::now();
        let done = applied(&mut user, &body);
        let taken = start.elapsed();
        assert!(done.changed().is_empty());
        taken
    });
}

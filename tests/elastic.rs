//! What a fixture cannot hold: the password that is handed over once, the 404, texts byte for byte, stored users that are
//! none, bodies too long to print.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use serde_json::json;
use user_patch::{
    elastic::{
        Applied, Context, MEDIA_TYPES, PASSWORD_MIN, Patch, Policy, ROLES, Refusal, StringBody, UnknownMembers, User,
        Violations, not_found,
    },
    report::InvalidUser,
};

/// A password that nothing but [`Applied::take_password`] may show.
const MARKER: &str = "Tr0ub4dor-MARKER";

fn stored(text: &str) -> User {
    User::from_json(text.as_bytes()).unwrap()
}

#[track_caller]
fn applied(user: &mut User, body: &str) -> Applied {
    Patch::parse(body.as_bytes()).unwrap().apply(user, &Context::default()).unwrap()
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
    let mut applied = applied(&mut user, r#"{"security":{"password":"correct \u0068orse \ud83d\ude00"}}"#);
    let password = applied.take_password().unwrap();
    assert_eq!(password.expose(), "correct horse 😀");
    assert_eq!(password.into_string(), "correct horse 😀");
    assert_eq!(applied.take_password(), None);
    assert!(applied.changed().is_empty());
    assert_eq!(user.to_json(), MIN);
}

#[test]
fn each_update_hands_its_own_password_over() {
    let patch = Patch::parse(br#"{"security":{"password":"correct horse"}}"#).unwrap();
    let (mut ada, mut bob) = (stored(MIN), stored(r#"{"user_name":"bob","security":{}}"#));
    for user in [&mut ada, &mut bob] {
        let mut applied = patch.apply(user, &Context::default()).unwrap();
        assert_eq!(applied.take_password().unwrap().expose(), "correct horse");
    }
}

#[test]
fn without_a_password_there_is_none_to_take() {
    for body in
        ["{}", r#"{"security":{}}"#, r#"{"security":{"password":null}}"#, r#"{"security":{"pass":"correct horse"}}"#]
    {
        assert_eq!(applied(&mut stored(MIN), body).take_password(), None, "{body}");
    }
}

#[test]
fn the_shortest_password_has_eight_scalar_values() {
    assert_eq!(PASSWORD_MIN, 8);
    let combined = "e\u{301}".repeat(4);
    let body = format!(r#"{{"security":{{"password":"{combined}"}}}}"#);
    assert_eq!(applied(&mut stored(MIN), &body).take_password().unwrap().expose(), combined);
}

#[test]
fn nothing_shows_a_password() {
    let user = stored(&format!(r#"{{"user_name":"ada","security":{{"password":"{MARKER}","enabled":true}}}}"#));
    let mut shown = format!("{user:?} {} {}", user.to_json(), user.document());
    let ctx = Context::default();
    let accepted = format!(r#"{{"security":{{"password":"{MARKER}","roles":[]}},"full_name":"Ada"}}"#);
    let patch = Patch::parse(accepted.as_bytes()).unwrap();
    let mut after = user.clone();
    let mut applied = patch.apply(&mut after, &ctx).unwrap();
    write!(shown, "{patch:?} {:?} {applied:?} {after:?} {:?}", patch.clone().into_owned(), after.reply()).unwrap();
    write!(shown, "{:?} {applied:?}", applied.take_password()).unwrap();

    for refused in [
        r#"{"security":{"password":"MARK"}}"#,
        r#"{"security":{"password":["MARK"]}}"#,
        r#"{"security":{"password":{"MARK":"MARK"}}}"#,
        r#"{"security":{"password":"MARK","enabled":"MARK","roles":["MARK"],"security_realm":{"type":"MARK"}}}"#,
        r#"{"user_name":"MARK","email":["MARK"],"full_name":{"MARK":1},"metadata":"MARK","builtin":"MARK"}"#,
        r#"{"security":{"password":"MARK","password":"MARK"}}"#,
        r#"{"security":{"password":"MARK\ud800"}}"#,
        r#"{"security":{"password":"MARK"#,
        r#""MARK""#,
        r#"["MARK"]"#,
        "MARK",
    ] {
        // Seven characters: too short for a password.
        let body = refused.replace("MARK", "marker!");
        let violations =
            Patch::parse(body.as_bytes()).and_then(|patch| patch.check(&user, &ctx)).expect_err("it is refused");
        write!(shown, "{violations} {violations:?} {:?}", violations.reply(&ctx)).unwrap();
    }
    let stored_as = format!(r#"{{"user_name":5,"security":{{"password":"{MARKER}"}}}}"#);
    let invalid = User::from_json(stored_as.as_bytes()).unwrap_err();
    write!(shown, "{invalid} {invalid:?}").unwrap();
    assert!(!shown.contains("MARKER") && !shown.contains("marker!"), "{shown}");
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
    let refused = Patch::parse(b"{}").unwrap().check(&user, &ctx).unwrap_err().reply(&ctx);
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
    let mut policy = Policy::default();
    policy.string_body = StringBody::Decode;
    let patch: Patch<'static> = {
        let body = r#""{\"full_name\": \"\\u0041da\", \"n\": 1.0, \"security\": {\"password\": \"correct horse\"}}""#
            .to_owned();
        Patch::parse_with(body.as_bytes(), &policy).unwrap().into_owned()
    };
    let mut user = stored(MIN);
    let mut applied = patch.apply(&mut user, &Context::default()).unwrap();
    assert_eq!(user.full_name().unwrap(), "Ada");
    assert_eq!(user.to_json(), r#"{"user_name":"ada","security":{},"full_name":"\u0041da","n":1.0}"#);
    assert_eq!(applied.take_password().unwrap().expose(), "correct horse");
}

#[test]
fn a_decoded_body_is_the_patch_that_it_holds() {
    let mut policy = Policy::default();
    policy.string_body = StringBody::Decode;
    let inner = br#"{"full_name":"Ada","team":{"a":null}}"#;
    let outer = serde_json::to_string(str::from_utf8(inner).unwrap()).unwrap();
    assert_eq!(Patch::parse_with(outer.as_bytes(), &policy).unwrap(), Patch::parse(inner).unwrap());
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
        let patch = Patch::parse(user.as_bytes()).unwrap();
        let checked = patch.check(&stored(user), &Context::default());
        assert!(checked.is_ok(), "{user}: {}", checked.unwrap_err());
    }
}

#[test]
fn debug_names_the_members_and_not_their_values() {
    let patch = Patch::parse(br#"{"full_name":"Ada","security":{"password":"correct horse"}}"#).unwrap();
    assert_eq!(format!("{patch:?}"), r#"Patch{"full_name", "security"}"#);
}

#[test]
fn a_depth_of_128_passes_and_129_does_not() {
    let body = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1));
    let mut user = stored(MIN);
    let _ = applied(&mut user, &body(128));
    assert_eq!(stored(&user.to_json()), user);
    assert_eq!(refusals(Patch::parse(body(129).as_bytes())), [(Refusal::TooDeep, String::new())]);
    assert_eq!(refusals(Patch::parse("[".repeat(1_000_000).as_bytes())), [(Refusal::TooDeep, String::new())]);
    assert_eq!(refusals(Patch::parse(r#"{"a":"#.repeat(1_000_000).as_bytes())), [(Refusal::TooDeep, String::new())]);
}

#[test]
fn a_user_of_a_deeper_policy_can_be_read_again() {
    let mut ctx = Context::default();
    ctx.policy.max_depth = 255;
    let body = format!(r#"{{"a":{}{}}}"#, "[".repeat(254), "]".repeat(254));
    let mut user = stored(MIN);
    let _ = Patch::parse_with(body.as_bytes(), &ctx.policy).unwrap().apply(&mut user, &ctx).unwrap();
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
            r#"{"user_name":"ada","security":{"elevated_permissions":{"expires_at":"soon"}}}"#,
            "/security/elevated_permissions/expires_at",
        ),
        (r#"{"user_name":"ada","security":{"enabled":"true"}}"#, "/security/enabled"),
        (r#"{"user_name":"ada","security":{"security_realm":"native"}}"#, "/security/security_realm"),
        (r#"{"user_name":"ada","security":{"security_realm":{"type":1}}}"#, "/security/security_realm/type"),
        (r#"{"user_name":"ada","security":{"security_realm":{"id":1}}}"#, "/security/security_realm/id"),
        (r#"{"user_name":"ada","security":{},"metadata":[]}"#, "/metadata"),
        (r#"{"user_name":"ada","security":{},"metadata":{"created_by":1}}"#, "/metadata/created_by"),
        (r#"{"user_name":"ada","security":{},"metadata":{"created_at":"2024-05-04"}}"#, "/metadata/created_at"),
        (r#"{"user_name":"ada","security":{},"metadata":{"updated_at":1714815720}}"#, "/metadata/updated_at"),
        (r#"{"user_name":"ada","security":{},"full_name":{}}"#, "/full_name"),
        (r#"{"user_name":"ada","security":{},"email":false}"#, "/email"),
        (r#"{"user_name":"ada","security":{},"builtin":"false"}"#, "/builtin"),
    ] {
        match User::from_json(text.as_bytes()) {
            Err(InvalidUser::Member { pointer: at, .. }) => assert_eq!(at.as_str(), pointer, "{text}"),
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

// Contexts.

#[test]
fn a_context_names_what_it_does_not_know() {
    for text in [r#"{"admin":true}"#, r#"{"policy":{"readOnly":"refuse"}}"#, r#"{"policy":{"stringBody":"keep"}}"#] {
        assert!(serde_json::from_str::<Context>(text).is_err(), "{text}");
    }
    let ctx: Context = serde_json::from_str(
        r#"{"policy":{"maxBytes":null,"maxDepth":128,"unknownMembers":"keep","stringBody":"refuse","roleCombinations":true}}"#,
    )
    .unwrap();
    assert_eq!(ctx, Context::default());
}

// Size.

/// So many members `"<prefix><number>":<value>`.
fn many(count: usize, prefix: &str, value: &str) -> String {
    let members: Vec<_> = (0..count).map(|at| format!(r#""{prefix}{at:04}":{value}"#)).collect();
    members.join(",")
}

/// Holds what `work` takes at 5,000 members against what it takes at 500: ten times as much where the cost is that of
/// the length, some fifty times where each member meets each other one. A machine that does other things at the same time
/// may disturb one measurement, not all.
#[track_caller]
fn assert_linear(work: impl Fn(usize) -> Duration) {
    let mut seen = Vec::new();
    let is_linear = (0..6).any(|_| {
        let (few, all) = (work(500), work(5000));
        seen.push((few, all));
        all < few * 30
    });
    assert!(is_linear, "{seen:?} for 500 and 5,000");
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
        assert_eq!(done.changed().len(), 4 * 2 * count);
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
fn five_thousand_unknown_members_are_refused_by_name() {
    let mut ctx = Context::default();
    ctx.policy.unknown_members = UnknownMembers::Refuse;
    assert_linear(|count| {
        let body = format!("{{{}}}", many(count, "member", "1"));
        let start = Instant::now();
        let violations = Patch::parse(body.as_bytes()).unwrap().check(&stored(MIN), &ctx).unwrap_err();
        let reply = violations.reply(&ctx);
        let taken = start.elapsed();
        assert_eq!(violations.iter().count(), count);
        assert!(reply.body.ends_with(&format!(r#","member{:04}"]}}]}}"#, count - 1)));
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
        assert_eq!(done.changed().len(), 1);
        taken
    });
}

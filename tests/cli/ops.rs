//! The ops of `batch` beside `apply`, `check`, `create` and `diff`: `audit`, `undo`, `then` and `rebase`.

use serde_json::{Value, json};

use crate::{Folder, run};

const ADA: &str = r#"{"user_name":"ada","security":{"roles":[]},"email":"ada@example.com","badge":7}"#;
const OPERATOR: &str = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#;
const ALICE: &str = r#"{"role":"custom","email":"alice@example.com","permissionPreset":"read-only"}"#;

/// The line that answers a request of these members, whose id is 7.
#[track_caller]
fn line(vendor: &str, members: &str) -> String {
    let run = run(&["batch"], format!(r#"{{"id":7,"vendor":"{vendor}",{members}}}"#).as_bytes());
    assert_eq!((&*run.stderr, run.stdout.lines().count()), ("", 1), "{}", run.stdout);
    assert_eq!(run.status, i32::from(run.stdout.contains(r#""error":"#)), "{}", run.stdout);
    run.stdout.trim_end().to_owned()
}

#[track_caller]
fn reply(vendor: &str, members: &str) -> Value {
    serde_json::from_str(&line(vendor, members)).unwrap()
}

/// The request is none, for this reason; its id comes back.
#[track_caller]
fn assert_error(vendor: &str, members: &str, error: &str) {
    assert_eq!(reply(vendor, members), json!({"id": 7, "error": error, "line": 1}));
}

#[test]
fn audit_is_what_apply_would_change() {
    let audit = |vendor, user, rest: &str| line(vendor, &format!(r#""op":"audit","user":{user},{rest}"#));
    assert_eq!(
        audit("elastic", ADA, r#""patch":{"email":null,"badge":123456789012345678901234567890}"#),
        r#"{"id":7,"audit":[{"op":"remove","path":"/email"},{"op":"replace","path":"/badge","value":123456789012345678901234567890}]}"#
    );
    assert_eq!(
        audit("trusted-twin", OPERATOR, r#""patch":{"description":{"a":null}},"context":{"now":1.5}"#),
        r#"{"id":7,"audit":[{"op":"add","path":"/description","value":{"a":null}},{"op":"add","path":"/updated_ts","value":1.5}]}"#
    );
    assert_eq!(
        audit("fireworks", ALICE, r#""patch":{"email":"lost"},"mask":"email,displayName""#),
        r#"{"id":7,"audit":[{"op":"replace","path":"/email","value":"lost"}]}"#
    );
    assert_eq!(audit("elastic", ADA, r#""patch":{}"#), r#"{"id":7,"audit":[]}"#);
    let refused = r#""patch":{"user_name":"eve"}"#;
    assert_eq!(
        audit("elastic", ADA, refused),
        line("elastic", &format!(r#""user":{ADA},{refused}"#)),
        "a refusal is that of apply"
    );
}

#[test]
fn audit_has_no_password() {
    let audit = |patch: &str, context: &str| {
        line("elastic", &format!(r#""op":"audit","user":{ADA},"patch":{patch},"context":{context}"#))
    };
    assert_eq!(audit(r#"{"security":{"password":"geheim-neu"}}"#, "null"), r#"{"id":7,"audit":[]}"#);
    let kept = r#"{"policy":{"misplacedPassword":"keep"}}"#;
    for patch in
        [r#"{"Password":"geheim-neu"}"#, r#"{"x":{"password":"geheim-neu"}}"#, r#"{"x":[{"password":"geheim-neu"}]}"#]
    {
        assert!(!audit(patch, kept).contains("geheim"), "{}", audit(patch, kept));
    }
}

/// Applies, asks for the way back, and goes it.
#[track_caller]
fn there_and_back(vendor: &str, user: &str, patch: &str, context: &str, undo: &Value) {
    let there = line(vendor, &format!(r#""user":{user},"patch":{patch},"context":{context}"#));
    let after = there.split_once(r#""body":"#).unwrap().1.split_once(r#","changed":"#).unwrap().0;
    let back = reply(vendor, &format!(r#""op":"undo","from":{user},"to":{after},"context":{context}"#));
    let mut expected = undo.clone();
    expected["id"] = json!(7);
    assert_eq!(back, expected);
    let mask = back.get("mask").map_or(String::new(), |mask| format!(r#","mask":{mask}"#));
    let undone = reply(vendor, &format!(r#""user":{after},"patch":{}{mask},"context":{context}"#, back["patch"]));
    assert_eq!(undone["status"], 200, "{undone}");
    let left = reply(vendor, &format!(r#""op":"diff","from":{user},"to":{},"context":{context}"#, undone["body"]));
    assert_eq!(left["unchanged"], true, "{left}");
}

#[test]
fn undo_leads_back_after_the_clock_has_moved() {
    let now = r#"{"now":"2026-01-01T00:00:00Z"}"#;
    there_and_back(
        "fireworks",
        ALICE,
        r#"{"role":"custom","email":"b"}"#,
        now,
        &json!({"patch": {"email": "alice@example.com"}, "mask": "email"}),
    );
    there_and_back(
        "fireworks",
        ALICE,
        r#"{"role":"user"}"#,
        now,
        &json!({"patch": {"role": "custom", "permissionPreset": "read-only"}, "mask": "permission_preset,role"}),
    );
    there_and_back(
        "trusted-twin",
        OPERATOR,
        r#"{"name":"Operator-7","description":{"a":1}}"#,
        r#"{"now":1767225600.123}"#,
        &json!({"patch": {"name": "Operator", "description": null}}),
    );
    there_and_back(
        "elastic",
        ADA,
        r#"{"email":null,"badge":8}"#,
        r#"{"now":"2026-01-01T00:00:00Z","actor":"root"}"#,
        &json!({"patch": {"email": "ada@example.com", "badge": 7}}),
    );
}

#[test]
fn undo_says_where_there_is_nothing_to_undo_and_where_there_is_no_way_back() {
    let undo = |vendor, from: &str, to: &str| reply(vendor, &format!(r#""op":"undo","from":{from},"to":{to}"#));
    assert_eq!(undo("elastic", ADA, ADA), json!({"id": 7, "patch": {}, "unchanged": true}));
    let none = undo("elastic", &ADA.replace("7", "null"), ADA);
    assert_eq!(none["unreachable"][0]["pointer"], "/badge");
    assert_error("elastic", r#""op":"undo","from":{}"#, "`to` is missing");
    assert_error(
        "elastic",
        r#""op":"undo","from":{},"to":{},"patch":{}"#,
        "`patch` does not belong to op `undo`, which has `from`, `to` and `context`",
    );
}

#[test]
fn then_is_one_patch_for_two() {
    let then = |vendor, members: &str| line(vendor, &format!(r#""op":"then",{members}"#));
    assert_eq!(
        then("trusted-twin", r#""patch":{"name":"Operator","description":{"a":1}},"next":{"description":null}"#),
        r#"{"id":7,"patch":{"name":"Operator","description":null}}"#
    );
    assert_eq!(
        then("elastic", r#""patchText":"{\"email\":\"a\"}","next":{"full_name":"Ada"}"#),
        r#"{"id":7,"patch":{"email":"a","full_name":"Ada"}}"#
    );
    let masked = then(
        "fireworks",
        r#""patch":{"displayName":"A","email":"lost"},"mask":"displayName","next":{},"nextMask":"email""#,
    );
    assert_eq!(masked, r#"{"id":7,"patch":{"displayName":"A"},"mask":"display_name,email"}"#);
    assert_eq!(
        then("fireworks", r#""patch":{"role":"user","email":"a"},"next":{"role":"admin"}"#),
        r#"{"id":7,"patch":{"role":"admin","email":"a","permissionPreset":""},"mask":"email,permission_preset,role"}"#
    );
}

#[test]
fn then_names_the_member_that_makes_two_patches_of_them() {
    let none = line("elastic", r#""op":"then","patch":{"a":null},"next":{"a":{"b":1}}"#);
    assert_eq!(none, r#"{"id":7,"notComposable":"/a"}"#);
    let none = line(
        "fireworks",
        r#""op":"then","patch":{"permissionPreset":"q"},"mask":"permission_preset","next":{"role":"custom"},"nextMask":"role""#,
    );
    assert_eq!(none, r#"{"id":7,"notComposable":"/permissionPreset"}"#);
}

#[test]
fn a_patch_of_then_that_cannot_be_read_is_refused_as_apply_refuses_it() {
    for members in [r#""patch":[],"next":{}"#, r#""patch":{},"next":[]"#] {
        let refused = reply("elastic", &format!(r#""op":"then",{members}"#));
        assert_eq!(
            (&refused["status"], &refused["violations"][0]["rule"]),
            (&json!(400), &json!("elastic.body.object"))
        );
    }
    let denied = r#""op":"then","patch":{},"next":{},"context":{"statement":{"effect":"allow","actions":null}}"#;
    assert_eq!(reply("trusted-twin", denied)["status"], 403);
    assert_error("elastic", r#""op":"then","patch":{}"#, "`next` is missing");
    assert_error("elastic", r#""op":"then","next":{}"#, "`patch` or `patchText` is missing");
    assert_error("elastic", r#""op":"then","patch":{},"next":{},"nextMask":"email""#, "`nextMask` is for `fireworks`");
    assert_error("fireworks", r#""op":"then","patch":{},"next":{},"nextMask":5"#, "`nextMask` must be a string");
}

#[test]
fn rebase_moves_a_patch_onto_what_somebody_else_has_made() {
    let rebase = |vendor, base: &str, patch: &str, theirs: &str| {
        line(vendor, &format!(r#""op":"rebase","base":{base},"patch":{patch},"theirs":{theirs}"#))
    };
    let theirs = ADA.replace(r#""badge":7"#, r#""badge":8"#);
    assert_eq!(
        rebase("elastic", ADA, r#"{"badge":7,"email":"b","user_name":"ada"}"#, &theirs),
        r#"{"id":7,"patch":{"email":"b","user_name":"ada"}}"#,
        "an echo of what was read does not undo their change"
    );
    assert_eq!(
        rebase("elastic", ADA, r#"{"badge":9,"email":null}"#, &theirs.replace("ada@", "eve@")),
        r#"{"id":7,"conflicts":["/badge","/email"]}"#
    );
    assert_eq!(rebase("elastic", ADA, r#"{"badge":8}"#, &theirs), r#"{"id":7,"patch":{},"unchanged":true}"#);

    let theirs = OPERATOR.replace(r#""Operator""#, r#""Operator-7""#);
    assert_eq!(
        rebase("trusted-twin", OPERATOR, r#"{"name":"Operator","description":{}}"#, &theirs),
        r#"{"id":7,"patch":{"description":{}}}"#
    );
    assert_eq!(
        rebase("trusted-twin", OPERATOR, r#"{"name":"Operator-8"}"#, &theirs),
        r#"{"id":7,"conflicts":["/name"]}"#
    );
    assert_eq!(
        rebase("trusted-twin", OPERATOR, r#"{"name":"Operator-7"}"#, &theirs),
        r#"{"id":7,"patch":{},"unchanged":true}"#
    );

    let theirs = ALICE.replace("alice@", "bob@");
    let masked = |mask: &str, patch: &str| {
        line("fireworks", &format!(r#""op":"rebase","base":{ALICE},"patch":{patch},"mask":"{mask}","theirs":{theirs}"#))
    };
    assert_eq!(
        masked("email,displayName", r#"{"email":"alice@example.com","displayName":"A"}"#),
        r#"{"id":7,"patch":{"displayName":"A"},"mask":"display_name"}"#
    );
    assert_eq!(masked("email", r#"{"email":"c"}"#), r#"{"id":7,"conflicts":["/email"]}"#);
    assert_eq!(masked("email", r#"{"email":"bob@example.com"}"#), r#"{"id":7,"patch":{},"unchanged":true}"#);
}

#[test]
fn rebase_tells_which_of_its_users_is_none() {
    let rebase = |base: &str, theirs: &str| format!(r#""op":"rebase","base":{base},"patch":{{}},"theirs":{theirs}"#);
    let begin = |text: &str| format!(r#"{{"id":7,"vendor":"elastic",{text}"#).chars().count();
    assert_error(
        "elastic",
        &rebase(r#"{"user_name":"ada"}"#, ADA),
        &format!("`base`: not a user: /security must be there at column {}", begin(r#""op":"rebase","base":"#) + 1),
    );
    let before = format!(r#""op":"rebase","base":{ADA},"patch":{{}},"theirs":"#);
    assert_error(
        "elastic",
        &rebase(ADA, r#"{"user_name":5,"security":{}}"#),
        &format!("`theirs`: not a user: /user_name must be a string at column {}", begin(&before) + 2),
    );
    assert_error("elastic", &format!(r#""op":"rebase","base":{ADA},"patch":{{}}"#), "`theirs` is missing");
    assert_error("elastic", &format!(r#""op":"rebase","theirs":{ADA},"patch":{{}}"#), "`base` is missing");
    let refused = reply("elastic", &format!(r#""op":"rebase","base":{ADA},"patchText":"nope","theirs":{ADA}"#));
    assert_eq!(
        (&refused["status"], &refused["violations"][0]["rule"]),
        (&json!(400), &json!("elastic.body.malformed"))
    );
}

/// So many members that the page does not name.
fn unknown(count: usize) -> String {
    (0..count).map(|at| format!(r#""x{at:04}":1"#)).collect::<Vec<_>>().join(",")
}

#[test]
fn a_list_that_was_capped_tells_how_many_are_left_out() {
    let capped = |members: &str, list: &str| {
        let reply = reply("trusted-twin", members);
        (reply[list].as_array().unwrap().len(), reply.get("omitted").cloned())
    };
    for (count, listed, omitted) in [(255, 255, None), (256, 256, None), (257, 256, Some(1)), (1000, 256, Some(744))] {
        let (members, omitted) = (unknown(count), omitted.map(|omitted: u32| json!(omitted)));
        let apply = format!(r#""user":{OPERATOR},"patch":{{{members}}}"#);
        assert_eq!(capped(&apply, "violations"), (listed, omitted.clone()));
        let ignored = format!(r#"{apply},"context":{{"policy":{{"unknownMembers":"ignore"}}}}"#);
        assert_eq!(capped(&ignored, "notices"), (listed, omitted.clone()));
        let checked = format!(r#"{ignored},"op":"check""#);
        assert_eq!(capped(&checked, "notices"), (listed, omitted.clone()));
        let more = OPERATOR.replacen('{', &format!("{{{members},"), 1);
        assert_eq!(capped(&format!(r#""op":"diff","from":{OPERATOR},"to":{more}"#), "unreachable"), (listed, omitted));
    }
}

#[test]
fn a_person_is_told_how_many_are_left_out() {
    let folder = Folder::new("omitted");
    let user = folder.file("user.json", OPERATOR);
    let body = format!("{{{}}}", unknown(1000));
    let refused = run(&["check", "trusted-twin", "--user", &user, "--patch", "-"], body.as_bytes());
    assert!(refused.stderr.starts_with("refused with status 400, 1000 violations\n"), "{}", refused.stderr);
    assert!(refused.stderr.ends_with("\nand 744 more\n"), "{}", refused.stderr);
    assert_eq!(refused.stderr.matches("trusted_twin.unknown_member at ").count(), 256);
    // A reply is not longer than a few times its request.
    let reply = run(&["apply", "trusted-twin", "--user", &user, "--patch", "-"], body.as_bytes());
    assert!(reply.json()["body"]["description"].as_str().unwrap().ends_with("; and 744 more"), "{}", reply.stdout);
    assert!(reply.stdout.len() < 16 * (body.len() + OPERATOR.len()), "{}", reply.stdout.len());
}

#[test]
fn a_vendor_may_be_spelled_as_its_module() {
    let folder = Folder::new("alias");
    let (user, patch) = (folder.file("user.json", OPERATOR), folder.file("patch.json", r#"{"name":"Operator-7"}"#));
    for vendor in ["trusted-twin", "trusted_twin"] {
        let done = run(&["apply", vendor, "--user", &user, "--patch", &patch], b"");
        assert_eq!((done.status, &done.json()["body"]["name"]), (0, &json!("Operator-7")));
        for command in ["check", "audit"] {
            assert_eq!(run(&[command, vendor, "--user", &user, "--patch", &patch], b"").status, 0);
        }
        assert_eq!(run(&["diff", vendor, "--from", &user, "--to", &user], b"").json()["unchanged"], true);
        assert!(run(&["rules", vendor], b"").stdout.starts_with("trusted_twin."));
        assert_eq!(reply(vendor, &format!(r#""user":{OPERATOR},"patch":{{}}"#))["status"], 200);
    }
    run(&["rules", "trusted twin"], b"").assert_usage("[possible values: fireworks, trusted-twin, elastic]");
    assert_error("trusted twin", r#""user":{}"#, "`vendor` must be `fireworks`, `trusted-twin` or `elastic`");
}

#[test]
fn the_help_of_batch_names_every_op() {
    let help = run(&["batch", "--help"], b"").stdout;
    for op in ["apply", "check", "audit", "create", "diff", "undo", "then", "rebase"] {
        assert!(help.contains(op), "{op} is not in {help}");
    }
}

/// A reply that has more members than the user is no user to store; then the reply has that beside it, and only then.
#[test]
fn the_user_to_store_is_told_where_it_is_not_the_body() {
    let apply = |policy: &str| {
        let members = format!(
            r#""user":{{"role":"user","badge":1.0}},"patch":{{"role":"admin"}},"context":{{"policy":{policy}}}"#
        );
        line("fireworks", &members)
    };
    let told = apply(r#"{"emptyMembers":"emit"}"#);
    assert!(told.ends_with(r#""violations":[],"user":{"role":"admin","badge":1.0}}"#), "{told}");
    assert!(!apply("{}").contains(r#""user":"#));
    let created = line(
        "fireworks",
        r#""op":"create","account":"acme","userId":"al","patch":{"role":"user"},"context":{"policy":{"emptyMembers":"emit"}}"#,
    );
    assert!(created.ends_with(r#","user":{"role":"user","name":"accounts/acme/users/al"}}"#), "{created}");
}

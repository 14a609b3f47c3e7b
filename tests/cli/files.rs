//! `apply`, `check`, `diff` and `audit`: files in, a decision out.

use std::fs;

use serde_json::json;

use crate::{Folder, run};

const ADA: &str =
    r#"{"user_name":"ada","security":{"roles":["ece_platform_viewer"]},"badge":123456789012345678901234567890}"#;
const OPERATOR: &str = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#;

#[test]
fn apply_prints_the_reply() {
    let folder = Folder::new("apply");
    let user = folder.file("user.json", r#"{"role":"user","n":123456789012345678901234567890}"#);
    let patch = folder.file("patch.json", r#"{"role":"admin","state":"READY"}"#);
    let done = run(&["apply", "fireworks", "--user", &user, "--patch", &patch], b"");
    let expected = concat!(
        r#"{"id":null,"status":200,"headers":{},"body":{"role":"admin","n":123456789012345678901234567890},"#,
        r#""changed":["/role"],"notices":[{"rule":"fireworks.read_only.ignored","pointer":"/state","#,
        r#""message":"ignored, being read-only"}],"violations":[]}"#,
        "\n"
    );
    assert_eq!((done.status, &*done.stdout, &*done.stderr), (0, expected, ""));
}

#[test]
fn a_refusal_has_the_headers_and_ends_with_1() {
    let folder = Folder::new("refused");
    let user = folder.file("user.json", ADA);
    let refused = run(&["apply", "elastic", "--user", &user, "--patch", "-"], br#"{"user_name":"eve"}"#);
    let reply = refused.json();
    assert_eq!((refused.status, &*refused.stderr), (1, ""));
    assert_eq!(reply["status"], 400);
    assert_eq!(reply["headers"], json!({"x-cloud-error-codes": "user.restricted_field"}));
    assert_eq!(reply["body"]["errors"][0]["fields"], json!(["user_name"]));
    assert_eq!(reply["violations"][0]["rule"], "elastic.restricted");
    assert_eq!(reply["violations"][0]["pointer"], "/user_name");
    assert_eq!((&reply["changed"], &reply["notices"], &reply["id"]), (&json!([]), &json!([]), &json!(null)));
}

#[test]
fn standard_input_is_either_file() {
    let folder = Folder::new("stdin");
    let patch = folder.file("patch.json", r#"{"name":"Chief Operator"}"#);
    let done = run(&["apply", "trusted-twin", "--user", "-", "--patch", &patch], OPERATOR.as_bytes());
    assert_eq!((done.status, &done.json()["body"]["name"]), (0, &json!("Chief Operator")));
    run(&["apply", "elastic", "--user", "-", "--patch", "-"], b"").assert_failed("only one file can be standard input");
    run(&["apply", "elastic", "--user", &patch, "--patch", "-", "--context", "-"], b"")
        .assert_failed("only one file can be standard input");
    run(&["apply", "trusted-twin", "--user", "-", "--patch", &patch], b"{")
        .assert_failed("standard input: not a user: ends before a member's name at line 1 column 2");
}

#[test]
fn a_body_is_whatever_its_bytes_are() {
    let folder = Folder::new("bytes");
    let user = folder.file("user.json", ADA);
    for (body, rule) in [
        (&b""[..], "elastic.body.malformed"),
        (b"\xff\xfe", "elastic.body.malformed"),
        (b"[]", "elastic.body.object"),
        (br#"{"a":1,"\u0061":2}"#, "elastic.body.duplicate"),
    ] {
        let refused = run(&["apply", "elastic", "--user", &user, "--patch", "-"], body);
        assert_eq!((refused.status, &refused.json()["violations"][0]["rule"]), (1, &json!(rule)));
    }
}

#[test]
fn input_that_cannot_be_read_is_named() {
    let folder = Folder::new("unreadable");
    let patch = folder.file("patch.json", "{}");
    let apply = |vendor, user: &str| run(&["apply", vendor, "--user", user, "--patch", &patch], b"");
    let malformed = folder.file("malformed.json", "{\"role\": \"user\",\n \"né\": \"geheim\", \"n\u{e9}\": 1}");
    apply("fireworks", &malformed)
        .assert_failed(&format!("{malformed}: not a user: the same member twice at line 2 column 18"));
    let member = folder.file("member.json", r#"{"user_name":"geheim","security":{"roles":"geheim"}}"#);
    apply("elastic", &member).assert_failed(&format!(
        "{member}: not a user: /security/roles must be an array of strings at line 1 column 35"
    ));
    apply("fireworks", &member).assert_failed(&format!("{member}: not a user: /role must be there at line 1 column 1"));
    let missing = apply("fireworks", "no/such/file.json");
    missing.assert_usage("no/such/file.json: cannot be read: ");
    let user = folder.file("user.json", ADA);
    run(&["check", "elastic", "--user", &user, "--patch", "no/such/patch"], b"").assert_usage("no/such/patch");
}

#[test]
fn each_command_names_the_file_that_is_at_fault() {
    let folder = Folder::new("at_fault");
    let (fine, wrong) = (folder.file("fine.json", ADA), folder.file("wrong.json", "[]"));
    let no_user = format!("{wrong}: not a user: not a JSON object at line 1 column 1");
    for command in ["apply", "check", "audit"] {
        let ask = |user: &str, patch: &str, context: &str| {
            run(&[command, "elastic", "--user", user, "--patch", patch, "--context", context], b"{}")
        };
        assert_eq!(ask(&fine, &fine, "{}").status, 0, "{command}");
        ask(&wrong, &fine, "{}").assert_failed(&no_user);
        ask(&fine, &fine, &wrong)
            .assert_failed(&format!("{wrong}: not a context: not a JSON object at line 1 column 1"));
        for [user, patch, context] in [["no/such", &fine, "{}"], [&fine, "no/such", "{}"], [&fine, &fine, "no/such"]] {
            ask(user, patch, context).assert_usage("error: no/such: cannot be read: ");
        }
        for [user, patch, context] in [["-", "-", "{}"], ["-", &fine, "-"], [&fine, "-", "-"]] {
            ask(user, patch, context).assert_failed("only one file can be standard input");
        }
    }
    let diff = |from: &str, to: &str| run(&["diff", "elastic", "--from", from, "--to", to], b"{}");
    assert_eq!(diff(&fine, &fine).status, 0);
    diff(&wrong, &fine).assert_failed(&no_user);
    diff(&fine, &wrong).assert_failed(&no_user);
    diff("no/such", &fine).assert_usage("error: no/such: cannot be read: ");
    diff(&fine, "no/such").assert_usage("error: no/such: cannot be read: ");
    diff("-", "-").assert_failed("only one file can be standard input");
}

/// A name may come from a file, and says nothing to the terminal.
#[test]
fn a_name_is_told_without_what_acts_on_a_terminal() {
    let wrong = run(&["apply", "elastic", "--user", "no\u{1b}[2J\nsuch\u{9b}", "--patch", "-"], b"{}");
    assert!(wrong.stderr.starts_with("error: no\\u{1b}[2J\\nsuch\\u{9b}: cannot be read: "), "{:?}", wrong.stderr);
    assert_eq!((wrong.status, wrong.stderr.lines().count(), &*wrong.stdout), (2, 1, ""));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_a_failure() {
    let folder = Folder::new("full");
    let user = folder.file("user.json", ADA);
    let patch = folder.file("patch.json", "{}");
    let request = folder.file("request.ndjson", format!(r#"{{"vendor":"elastic","user":{ADA},"patch":{{}}}}"#));
    let of = |command| vec![command, "elastic", "--user", &user, "--patch", &patch];
    let with = |command, more: &'static str| [of(command), vec![more]].concat();
    for args in [
        of("apply"),
        with("check", "--json"),
        of("audit"),
        with("audit", "--human"),
        vec!["diff", "elastic", "--from", &user, "--to", &user],
        vec!["rules"],
        vec!["rules", "--json"],
        vec!["batch"],
    ] {
        let mut command = crate::user_patch();
        command.args(&args).stdin(fs::File::open(&request).unwrap());
        let output = command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap()).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.starts_with("error: cannot write to standard output: "), "{args:?}: {told}");
        assert_eq!(output.status.code(), Some(2));
    }
}

#[cfg(unix)]
#[test]
fn a_standard_input_that_cannot_be_read_is_a_failure() {
    let folder = Folder::new("folder");
    let user = folder.file("user.json", ADA);
    for args in [&["batch"][..], &["apply", "elastic", "--user", &user, "--patch", "-"]] {
        let output = crate::user_patch().args(args).stdin(fs::File::open(&folder.0).unwrap()).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.starts_with("error: standard input: cannot be read: "), "{told}");
        assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]));
    }
}

#[test]
fn a_context_is_a_file_or_the_object_itself() {
    let folder = Folder::new("context");
    let user = folder.file("user.json", r#"{"role":"user"}"#);
    let apply = |context: &str| {
        let args = ["apply", "fireworks", "--user", &user, "--patch", "-", "--context", context];
        run(&args, br#"{"role":"user","serviceAccount":true}"#)
    };
    assert_eq!(apply(" {\"admin\":true}").status, 0);
    assert_eq!(apply(r#"{"admin":false}"#).json()["status"], 403);
    assert_eq!(apply(&folder.file("context.json", r#"{"admin":false}"#)).json()["status"], 403);
    assert_eq!(apply(&folder.file("null.json", "null")).status, 0);
    let known = "`maxBytes`, `maxDepth`, `role`, `roles`, `unknownMembers`, `readOnly`, `withoutMask`, \
                 `emptyMembers`, `customNeedsPreset`, `leavingCustom`, `immutable`, `camelCaseMask`";
    apply(r#"{"policy":{"bogus":1}}"#).assert_failed(&format!(
        "--context: not a context: unknown field `bogus`, expected one of {known} at line 1 column 18"
    ));
    let file = folder.file("wrong.json", "{\n\"policy\": {\"role\": \"geheim\"}}");
    apply(&file)
        .assert_failed(&format!("{file}: not a context: expected `inBody` or `whenMasked` at line 2 column 27"));
    apply(r#"{"admin":"geheim, expected geheim"}"#)
        .assert_failed("--context: not a context: expected a boolean at line 1 column 34");
    apply(r#"{"now":"geheim"}"#).assert_failed(
        "--context: not a context: not an RFC 3339 date and time between the years 0 and 9999 at line 1 column 15",
    );
    apply("{").assert_failed("--context: not a context: ends before a member's name at line 1 column 2");
    let array = folder.file("array.json", "[false]");
    apply(&array).assert_failed(&format!("{array}: not a context: not a JSON object at line 1 column 1"));
}

#[test]
fn a_mask_is_for_fireworks() {
    let folder = Folder::new("mask");
    let user = folder.file("user.json", r#"{"role":"user","displayName":"Ada","email":"ada@example.com"}"#);
    let apply = |vendor, mask| run(&["apply", vendor, "--user", &user, "--patch", "-", "--mask", mask], b"{}");
    assert_eq!(apply("fireworks", "displayName,email").json()["body"], json!({"role": "user"}));
    assert_eq!(apply("fireworks", "no such").status, 1);
    apply("elastic", "email").assert_failed("elastic has no field masks: --mask is for fireworks");
}

#[test]
fn check_tells_a_person_the_rule_the_place_and_the_words_of_the_page() {
    let folder = Folder::new("check");
    let user = folder.file("user.json", r#"{"role":"user"}"#);
    let long = "geheim".repeat(20);
    let check = |body: String| run(&["check", "fireworks", "--user", &user, "--patch", "-"], body.as_bytes());
    let refused = check(format!(r#"{{"role":"admin","displayName":"{long}"}}"#));
    assert_eq!(
        refused.stderr,
        "refused with status 400, 1 violation\n\n\
         fireworks.display_name.length at /displayName\n  \
         must be fewer than 64 characters long (Unicode scalar values)\n  \
         stated (https://docs.fireworks.ai/api-reference/update-user): \"Must be fewer than 64 characters long.\"\n"
    );
    assert_eq!((refused.status, &*refused.stdout), (1, ""));

    let accepted = check(r#"{"role":"admin","state":"READY"}"#.to_owned());
    assert!(accepted.stderr.starts_with("accepted, 1 notice\n\nfireworks.read_only.ignored at /state\n"));
    assert_eq!((accepted.status, &*accepted.stdout), (0, ""));
    assert_eq!(check(r#"{"role":"admin"}"#.to_owned()).stderr, "accepted\n");
    assert!(check("nope".to_owned()).stderr.contains("fireworks.body.malformed at the whole body\n"));
}

#[test]
fn check_with_json_has_the_shape_of_apply() {
    let folder = Folder::new("check_json");
    let user = folder.file("user.json", r#"{"role":"user"}"#);
    let check = |body: &[u8]| run(&["check", "fireworks", "--json", "--user", &user, "--patch", "-"], body);
    let accepted = check(br#"{"role":"admin","updateTime":null,"state":1}"#);
    assert_eq!((accepted.status, &*accepted.stderr), (0, ""));
    let notice = |pointer| json!({"rule": "fireworks.read_only.ignored", "pointer": pointer, "message": "ignored, being read-only"});
    assert_eq!(
        accepted.json(),
        json!({"id": null, "status": 200, "headers": {}, "body": null, "changed": [],
               "notices": [notice("/state"), notice("/updateTime")], "violations": []})
    );
    let refused = check(br#"{"role":"root"}"#);
    let applied = run(&["apply", "fireworks", "--user", &user, "--patch", "-"], br#"{"role":"root"}"#);
    assert_eq!((refused.status, refused.stdout), (1, applied.stdout));
}

#[test]
fn a_password_is_nowhere() {
    let folder = Folder::new("password");
    let user = folder.file("user.json", r#"{"user_name":"ada","security":{"roles":[],"password":"geheim-alt"}}"#);
    for (body, status) in
        [(r#"{"security":{"password":"geheim-neu"}}"#, 0), (r#"{"security":{"password":"geheim"}}"#, 1)]
    {
        for command in ["apply", "check"] {
            let run = run(&[command, "elastic", "--user", &user, "--patch", "-"], body.as_bytes());
            assert_eq!(run.status, status);
            assert!(!format!("{}{}", run.stdout, run.stderr).contains("geheim"), "{}{}", run.stdout, run.stderr);
        }
    }
}

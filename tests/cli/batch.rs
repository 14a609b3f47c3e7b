//! `batch`: requests in, replies out, in order.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::Stdio,
};

use serde_json::{Value, json};

use crate::{run, user_patch};

const ADA: &str = r#"{"user_name":"ada","security":{"roles":[]}}"#;
const OPERATOR: &str = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#;

/// The replies to these lines, and the exit status.
#[track_caller]
fn batch(lines: &[&str]) -> (Vec<String>, i32) {
    let run = run(&["batch"], lines.join("\n").as_bytes());
    assert_eq!(run.stderr, "", "no progress into a pipe");
    let replies: Vec<_> = run.stdout.lines().map(str::to_owned).collect();
    assert_eq!(replies.len(), lines.len(), "{replies:#?}");
    (replies, run.status)
}

/// The reply to one line.
#[track_caller]
fn reply(line: &str) -> Value {
    serde_json::from_str(&batch(&[line]).0[0]).unwrap()
}

/// The line is no request, for this reason, and no id can be read of it.
#[track_caller]
fn assert_error(line: &str, error: &str) {
    assert_error_with_id("null", line, error);
}

/// The line is no request, for this reason, and its id comes back as it was sent.
#[track_caller]
fn assert_error_with_id(id: &str, line: &str, error: &str) {
    let (replies, status) = batch(&[line]);
    assert_eq!(replies[0], format!(r#"{{"id":{id},"error":{},"line":1}}"#, json!(error)));
    assert_eq!(status, 1);
}

/// A request of exactly this many bytes.
fn request_of(bytes: usize) -> String {
    let request = |padding: &str| {
        format!(r#"{{"id":"{padding}","vendor":"fireworks","user":{{"role":"user"}},"patch":{{"role":"user"}}}}"#)
    };
    request(&"x".repeat(bytes - request("").len()))
}

/// What `batch` answers for a line that is longer than this.
fn too_long(limit: usize, line: usize) -> String {
    format!(
        r#"{{"id":null,"error":"the line is longer than {limit} bytes, which is all that --max-line lets in","line":{line}}}"#
    )
}

#[test]
fn every_vendor_answers() {
    let (replies, status) = batch(&[
        r#"{"id":1,"vendor":"fireworks","user":{"role":"user"},"patch":{"role":"admin"}}"#,
        &format!(
            r#"{{"id":"two","vendor":"trusted-twin","op":"apply","user":{OPERATOR},"patch":{{"name":"x"}},"context":{{"trace":"t"}}}}"#
        ),
        &format!(r#"{{"vendor":"elastic","user":{ADA},"patch":{{"user_name":"eve"}},"context":null}}"#),
    ]);
    assert_eq!(
        replies[0],
        r#"{"id":1,"status":200,"headers":{},"body":{"role":"admin"},"changed":["/role"],"notices":[],"violations":[]}"#
    );
    assert!(replies[1].starts_with(r#"{"id":"two","status":400,"headers":{},"body":{"subcode":"400589","trace":"t","#));
    assert!(replies[2].starts_with(
        r#"{"id":null,"status":400,"headers":{"x-cloud-error-codes":"user.restricted_field"},"body":{"errors":["#
    ));
    assert_eq!(status, 0, "a refusal is an answer");
}

#[test]
fn a_line_that_is_no_request_is_told_and_the_run_goes_on() {
    let good = r#"{"id":1,"vendor":"fireworks","user":{"role":"user"},"patch":{"role":"user"}}"#;
    let (replies, status) = batch(&[
        good,
        "nope",
        "",
        r#"{"id":4,"vendor":"acme"}"#,
        r#"{"id":5,"vendor":"elastic","user":{"user_name":"geheim"},"patch":{}}"#,
        good,
    ]);
    assert_eq!(
        replies[1..5],
        [
            r#"{"id":null,"error":"not a request: expected a value at column 1","line":2}"#,
            r#"{"id":null,"error":"not a request: the line is empty","line":3}"#,
            r#"{"id":4,"error":"`vendor` must be `fireworks`, `trusted-twin` or `elastic`","line":4}"#,
            r#"{"id":5,"error":"`user`: not a user: /security must be there at column 35","line":5}"#,
        ]
    );
    assert!(replies[0] == replies[5] && replies[5].starts_with(r#"{"id":1,"status":200"#));
    assert_eq!(status, 1);
}

#[test]
fn lines_end_as_they_like() {
    let line = r#"{"id":1,"vendor":"fireworks","user":{"role":"user"},"patch":{"role":"user"}}"#;
    let count = |input: String| run(&["batch"], input.as_bytes()).stdout.lines().count();
    for input in [format!("{line}\n{line}\n"), format!("{line}\r\n{line}\r\n"), format!("{line}\n{line}")] {
        assert_eq!(count(input), 2);
    }
    assert_eq!(count(String::new()), 0);
    assert_eq!(
        run(&["batch"], b"\n").stdout,
        "{\"id\":null,\"error\":\"not a request: the line is empty\",\"line\":1}\n"
    );
    let bytes = run(&["batch"], b"{\"id\":\"\xff\"}\n\n");
    assert_eq!((bytes.stdout.lines().count(), bytes.status), (2, 1));
}

#[test]
fn the_id_comes_back_as_it_was_sent() {
    for id in ["null", "1.0", "123456789012345678901234567890", r#""\u0041é""#, r#"{"a": [1e400, true]}"#] {
        let request =
            format!(r#"{{"id":{id},"vendor":"fireworks","user":{{"role":"user"}},"patch":{{"role":"user"}}}}"#);
        let (replies, _) = batch(&[&request]);
        assert!(replies[0].starts_with(&format!(r#"{{"id":{id},"status":200,"#)), "{}", replies[0]);
    }
    assert_error(r#"{"id":{"a":1,"a":2},"vendor":"elastic"}"#, "`id`: the same member twice at column 14");
    assert_error(r#"{"é":1,"id":"\ud800"}"#, &unknown("é"));
    assert_error(r#"{"vendor":"elastic","id":"\ud800"}"#, "`id`: a lone surrogate escape at column 27");
}

#[test]
fn the_id_comes_back_where_the_line_cannot_be_answered() {
    for id in ["null", "1.0", r#""\u0041é""#, r#"{"a": [1e400, true]}"#] {
        assert_error_with_id(id, &format!(r#"{{"id":{id}}}"#), "`vendor` is missing");
        assert_error_with_id(id, &format!(r#"{{"é":1,"id":{id}}}"#), &unknown("é"));
        let column = id.chars().count() + 17;
        let error = format!("not a request: expected a value at column {column}");
        assert_error_with_id(id, &format!(r#"{{"id":{id},"vendor":nope}}"#), &error);
    }
    // Before the fault there was none, there were two, or it is none to write into a line.
    assert_error(r#"{"vendor":nope,"id":1}"#, "not a request: expected a value at column 11");
    assert_error(r#"{"id":1,"id":2,"vendor":7}"#, "not a request: the same member twice at column 9");
    assert_error(r#"{"vendor":7,"id":"\ud800"}"#, "`id`: a lone surrogate escape at column 19");
}

#[test]
fn a_line_is_as_long_as_the_limit_and_not_longer() {
    let limit = request_of(200).len();
    assert_eq!(limit, 200);
    for (request, fits) in [(request_of(limit), true), (request_of(limit + 1), false)] {
        for (end, after) in [("", 0), ("\n", 0), ("\r\n", 0), ("\n", 1), ("\r\n", 2)] {
            let input = format!("{request}{end}{}", (request_of(limit) + end).repeat(after));
            let run = run(&["batch", "--max-line", "200"], input.as_bytes());
            let replies: Vec<_> = run.stdout.lines().collect();
            assert_eq!(replies.len(), 1 + after, "{end:?}");
            let (answered, others) = replies.split_first().unwrap();
            assert_eq!(*answered != too_long(limit, 1), fits, "{end:?}: {answered}");
            assert!(others.iter().chain(fits.then_some(answered)).all(|reply| reply.contains(r#"x","status":200"#)));
            assert_eq!((run.status, &*run.stderr), (i32::from(!fits), ""));
        }
    }
    // A carriage return is of the line where no line feed follows.
    assert_eq!(
        run(&["batch", "--max-line", "200"], (request_of(200) + "\r").as_bytes()).stdout.trim(),
        too_long(200, 1)
    );
    assert_eq!(run(&["batch", "--max-line", "1"], b"1\n\n12\n").stdout.lines().nth(2).unwrap(), too_long(1, 3));
}

#[test]
fn long_lines_are_passed_over_in_their_order() {
    let good = request_of(300);
    let long = |bytes: usize| "[".repeat(bytes);
    // Barely too long, as long as what is read at once, longer than all that waits; in a row, between others, at the end.
    let lines =
        [&good, &long(301), &long(65_536), &long(1_000_000), &good, "", &long(302), &good, &good, &long(3_000_000)];
    for end in ["", "\n", "\r\n"] {
        for jobs in ["1", "4"] {
            let input = lines.join(if end.is_empty() { "\n" } else { end }) + end;
            let run = run(&["batch", "--jobs", jobs, "--max-line", "300"], input.as_bytes());
            let replies: Vec<_> = run.stdout.lines().collect();
            assert_eq!((replies.len(), run.status, &*run.stderr), (lines.len(), 1, ""));
            for (at, (line, reply)) in lines.iter().zip(&replies).enumerate() {
                match line.len() {
                    0 => assert!(reply.ends_with(r#"the line is empty","line":6}"#), "{reply}"),
                    300 => assert!(reply.contains(r#","status":200,"#), "{reply}"),
                    _ => assert_eq!(*reply, too_long(300, at + 1)),
                }
            }
        }
    }
}

#[test]
fn without_an_option_a_line_has_16_mib() {
    let limit = 16 * 1024 * 1024;
    let input = [request_of(limit), request_of(limit + 1), request_of(100)].join("\n");
    let run = run(&["batch"], input.as_bytes());
    let replies: Vec<_> = run.stdout.lines().collect();
    assert!(replies[0].contains(r#"x","status":200,"#) && replies[2].contains(r#"x","status":200,"#));
    assert_eq!((replies[1], replies.len(), run.status), (&*too_long(limit, 2), 3, 1));
}

#[test]
fn a_line_without_an_end_is_answered_and_not_kept() {
    let mut child = user_patch()
        .args(["batch", "--jobs", "1", "--max-line", "1000"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut requests = child.stdin.take().unwrap();
    let mut replies = BufReader::new(child.stdout.take().unwrap());
    let piece = [b'['; 64 * 1024];
    requests.write_all(request_of(100).as_bytes()).unwrap();
    requests.write_all(b"\n").unwrap();
    requests.write_all(&piece).unwrap();
    let mut reply = String::new();
    replies.read_line(&mut reply).unwrap();
    assert!(reply.contains(r#"x","status":200,"#), "{reply}");
    reply.clear();
    replies.read_line(&mut reply).unwrap();
    assert_eq!(reply.trim_end(), too_long(1000, 2), "the line goes on");
    for _ in 0..1_000 {
        requests.write_all(&piece).unwrap();
    }
    // Of 64 MB that were written, all but what a pipe holds were read.
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(peak < 32_000, "{peak} kB");
    }
    drop(requests);
    let mut rest = String::new();
    replies.read_to_string(&mut rest).unwrap();
    assert_eq!((&*rest, child.wait().unwrap().code()), ("", Some(1)));
}

fn unknown(name: &str) -> String {
    format!(
        "unknown member `{name}`, a request has `id`, `vendor`, `op`, `user`, `patch`, `patchText`, `mask`, `context`, \
         `account`, `userId`, `from`, `to`, `next`, `nextMask`, `base` and `theirs`"
    )
}

#[test]
fn a_body_is_decided_by_the_vendor() {
    let request = |patch: &str| reply(&format!(r#"{{"vendor":"elastic","user":{ADA},{patch}}}"#));
    for (patch, rule) in [
        (r#""patch":{"a":1,"\u0061":2}"#, "elastic.body.duplicate"),
        (r#""patch":{"a":"\udc00"}"#, "elastic.body.malformed"),
        (r#""patch":null"#, "elastic.body.object"),
        (r#""patchText":"{nope""#, "elastic.body.malformed"),
        (r#""patchText":"""#, "elastic.body.malformed"),
    ] {
        let reply = request(patch);
        assert_eq!((&reply["status"], &reply["violations"][0]["rule"]), (&json!(400), &json!(rule)), "{patch}");
    }
    assert_eq!(request(r#""patchText":"{\"full_name\":\"Ada\"}""#)["changed"], json!(["/full_name"]));
}

#[test]
fn digits_survive() {
    let number = "123456789012345678901234567890";
    let (replies, _) = batch(&[&format!(
        r#"{{"vendor":"trusted-twin","user":{OPERATOR},"patch":{{"description":{{"n":{number},"one":1.0,"big":1e400}}}}}}"#
    )]);
    assert!(replies[0].contains(&format!(r#""description":{{"n":{number},"one":1.0,"big":1e400}}"#)), "{}", replies[0]);
}

#[test]
fn check_says_what_apply_would_without_the_body() {
    let accepted = reply(
        r#"{"id":1,"vendor":"fireworks","op":"check","user":{"role":"user"},"patch":{"role":"admin","state":1}}"#,
    );
    assert_eq!((&accepted["status"], &accepted["body"], &accepted["changed"]), (&json!(200), &json!(null), &json!([])));
    assert_eq!(accepted["notices"][0]["pointer"], "/state");
    let refused = reply(r#"{"id":1,"vendor":"fireworks","op":"check","user":{"role":"user"},"patch":{"role":"root"}}"#);
    assert_eq!((&refused["status"], &refused["body"]["code"]), (&json!(400), &json!(3)));
}

#[test]
fn create_makes_a_fireworks_user() {
    let made = reply(
        r#"{"vendor":"fireworks","op":"create","account":"acme","patch":{"role":"user","email":"Ada.L@example.com"}}"#,
    );
    assert_eq!(made["body"]["name"], "accounts/acme/users/ada-l");
    let named = reply(
        r#"{"vendor":"fireworks","op":"create","account":"acme","userId":"ada","patch":{"role":"user"},"context":{"now":"2026-01-01T00:00:00Z"}}"#,
    );
    assert_eq!(named["body"]["name"], "accounts/acme/users/ada");
    assert_eq!(named["body"]["createTime"], "2026-01-01T00:00:00Z");
    let refused = reply(r#"{"vendor":"fireworks","op":"create","account":"Acme","patch":{"role":"user"}}"#);
    let rules: Vec<_> = refused["violations"].as_array().unwrap().iter().map(|violation| &violation["rule"]).collect();
    assert_eq!(rules, ["fireworks.create.account", "fireworks.create.user_id_source"]);
    assert_error(r#"{"vendor":"elastic","op":"create","account":"acme","patch":{}}"#, "op `create` is for `fireworks`");
    assert_error(r#"{"vendor":"fireworks","op":"create","patch":{}}"#, "`account` is missing");
    assert_error(
        r#"{"vendor":"fireworks","op":"create","account":"a","user":{},"patch":{}}"#,
        "`user` does not belong to op `create`, which has `account`, `userId`, `patch`, `patchText` and `context`",
    );
}

#[test]
fn a_mask_is_for_fireworks() {
    let cleared =
        reply(r#"{"vendor":"fireworks","mask":"email","user":{"role":"user","email":"a@example.com"},"patch":{}}"#);
    assert_eq!(cleared["body"], json!({"role": "user"}));
    assert_error(
        &format!(r#"{{"vendor":"elastic","mask":"email","user":{ADA},"patch":{{}}}}"#),
        "`mask` is for `fireworks`",
    );
    assert_error(
        r#"{"vendor":"fireworks","mask":["email"],"user":{"role":"user"},"patch":{}}"#,
        "`mask` must be a string",
    );
}

#[test]
fn a_request_has_the_members_of_its_op() {
    assert_error(r#"{"vendor":"elastic","usr":"geheim"}"#, &unknown("usr"));
    assert_error_with_id("1", r#"{"id":1}"#, "`vendor` is missing");
    assert_error(r#"{"vendor":"acme"}"#, "`vendor` must be `fireworks`, `trusted-twin` or `elastic`");
    assert_error(r#"{"vendor":7}"#, "`vendor` must be a string");
    assert_error(
        r#"{"vendor":"elastic","op":"geheim"}"#,
        "`op` must be `apply`, `check`, `audit`, `create`, `diff`, `undo`, `then` or `rebase`",
    );
    assert_error(r#"{"vendor":"elastic","patch":{}}"#, "`user` is missing");
    assert_error(&format!(r#"{{"vendor":"elastic","user":{ADA}}}"#), "`patch` or `patchText` is missing");
    assert_error(
        &format!(r#"{{"vendor":"elastic","user":{ADA},"patch":{{}},"patchText":"{{}}"}}"#),
        "`patch` and `patchText` exclude each other",
    );
    assert_error(&format!(r#"{{"vendor":"elastic","user":{ADA},"patchText":{{}}}}"#), "`patchText` must be a string");
    assert_error(r#"{"vendor":"elastic","vendor":"elastic"}"#, "not a request: the same member twice at column 21");
    assert_error("[1]", "not a request: not a JSON object at column 1");
    assert_error(
        r#"{"vendor":"elastic","account":"a"}"#,
        "`account` does not belong to op `apply`, which has `user`, `patch`, `patchText`, `mask` and `context`",
    );
    assert_error(r#"{"vendor":"elastic","op":"diff","from":{}}"#, "`to` is missing");
    assert_error(
        r#"{"vendor":"fireworks","op":"diff","from":{"role":"user"},"to":{"role":5}}"#,
        "`to`: not a user: /role must be a string at column 64",
    );
}

/// Of each op every member: left out, where it is needed, and with a value that is none.
#[test]
fn each_op_names_the_member_that_is_wrong() {
    let user = r#"{"role":"user"}"#;
    for (op, needed, users, texts) in [
        ("apply", &["user", "patch"][..], &["user"][..], &["mask"][..]),
        ("check", &["user", "patch"], &["user"], &["mask"]),
        ("audit", &["user", "patch"], &["user"], &["mask"]),
        ("diff", &["from", "to"], &["from", "to"], &[]),
        ("undo", &["from", "to"], &["from", "to"], &[]),
        ("then", &["patch", "next"], &[], &["mask", "nextMask"]),
        ("rebase", &["base", "patch", "theirs"], &["base", "theirs"], &["mask"]),
        ("create", &["account", "patch"], &[], &["account", "userId"]),
    ] {
        let line = |other: &str, value: Option<&str>| {
            let mut line = format!(r#"{{"vendor":"fireworks","op":"{op}""#);
            for name in
                needed.iter().chain(texts).chain(&["context"]).copied().collect::<std::collections::BTreeSet<_>>()
            {
                let usual = match name {
                    _ if users.contains(&name) => user,
                    "account" => "\"acme\"",
                    "userId" => "\"ada\"",
                    _ if texts.contains(&name) => "\"role\"",
                    "context" => "{}",
                    _ => user,
                };
                if let Some(value) = if name == other { value } else { Some(usual) } {
                    line.push_str(&format!(r#","{name}":{value}"#));
                }
            }
            line + "}"
        };
        let answered = reply(&line("", None));
        assert!(answered["error"].is_null(), "{answered}");
        let error = |name: &str, value| reply(&line(name, value))["error"].as_str().unwrap_or_default().to_owned();
        for name in needed {
            let told = if *name == "patch" { "`patch` or `patchText`".to_owned() } else { format!("`{name}`") };
            assert_eq!(error(name, None), format!("{told} is missing"), "{op}");
        }
        for name in users {
            let told = error(name, Some("[]"));
            assert!(told.starts_with(&format!("`{name}`: not a user: not a JSON object at column ")), "{op}: {told}");
        }
        for name in texts {
            assert_eq!(error(name, Some("7")), format!("`{name}` must be a string"), "{op}");
            let told = error(name, Some(r#"{"a":1,"a":2}"#));
            assert!(told.starts_with(&format!("`{name}`: the same member twice at column ")), "{op}: {told}");
        }
        let told = error("context", Some(r#"{"admin":"geheim"}"#));
        assert!(told.starts_with("`context`: not a context: expected a boolean at column "), "{op}: {told}");
    }
}

#[test]
fn what_is_wrong_is_told_by_its_column_in_the_line() {
    assert_error_with_id(
        r#""é""#,
        r#"{"id":"é","vendor":"elastic","user":{"user_name":"a","user_name":"geheim"},"patch":{}}"#,
        "`user`: not a user: the same member twice at column 54",
    );
    let context =
        |context: &str| format!(r#"{{"vendor":"trusted-twin","user":{OPERATOR},"patch":{{}},"context":{context}}}"#);
    let begin = context("").len();
    assert_error(
        &context(r#"{"policy":{"bogus":1}}"#),
        &format!(
            "`context`: not a context: unknown field `bogus`, expected one of `maxBytes`, `maxDepth`, \
             `unknownMembers`, `readOnly`, `emptyBody`, `subcode` at column {}",
            begin + 17
        ),
    );
    assert_error(
        &context(r#"{"trace":{"a":"geheim"}}"#),
        &format!("`context`: not a context: expected a string at column {}", begin + 8),
    );
    assert_error(&context("[]"), &format!("`context`: not a context: not a JSON object at column {begin}"));
}

#[test]
fn a_reply_does_not_wait_for_the_end_of_the_input() {
    for jobs in ["1", "4"] {
        let mut child = user_patch()
            .args(["batch", "--jobs", jobs])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut requests = child.stdin.take().unwrap();
        let mut replies = BufReader::new(child.stdout.take().unwrap());
        for id in 0..9 {
            writeln!(
                requests,
                r#"{{"id":{id},"vendor":"fireworks","user":{{"role":"user"}},"patch":{{"role":"user"}}}}"#
            )
            .unwrap();
            let mut reply = String::new();
            replies.read_line(&mut reply).unwrap();
            assert!(reply.starts_with(&format!(r#"{{"id":{id},"status":200"#)), "{reply}");
        }
        drop(requests);
        let mut rest = String::new();
        replies.read_to_string(&mut rest).unwrap();
        assert_eq!((rest, child.wait().unwrap().code()), (String::new(), Some(0)));
    }
}

#[test]
fn replies_keep_the_order_of_requests() {
    // Every seventh line takes far longer than its neighbours.
    let lines: Vec<_> = (0..2_000)
        .map(|id| {
            let padding = "x".repeat(if id % 7 == 0 { 20_000 } else { 1 });
            format!(r#"{{"id":{id},"vendor":"elastic","user":{ADA},"patch":{{"note":"{padding}"}}}}"#)
        })
        .collect();
    let one = run(&["batch", "--jobs", "1"], lines.join("\n").as_bytes());
    let four = run(&["batch", "--jobs", "4"], lines.join("\n").as_bytes());
    assert!(one.stdout == four.stdout, "the number of jobs changes nothing");
    assert_eq!(four.stdout.lines().count(), 2_000);
    for (id, reply) in four.stdout.lines().enumerate() {
        assert!(reply.starts_with(&format!(r#"{{"id":{id},"status":200"#)));
    }
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let mut child =
        user_patch().arg("batch").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut requests = child.stdin.take().unwrap();
    drop(child.stdout.take());
    writeln!(requests, r#"{{"vendor":"fireworks","user":{{"role":"user"}},"patch":{{"role":"user"}}}}"#).unwrap();
    // The input stays open: the command ends all the same.
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((stderr, child.wait().unwrap().code()), (String::new(), Some(0)));
    drop(requests);
}

//! `diff` and `audit`, and the op `diff` of `batch`.

use super::{Folder, run};
use serde_json::json;

const ADA: &str = r#"{"user_name":"ada","security":{"roles":["ece_platform_admin"],"enabled":false},"email":"ada@example.com","n":1}"#;

#[test]
fn diff_prints_the_smallest_patch() {
    let folder = Folder::new("diff");
    let from = folder.file("from.json", ADA);
    let to = folder
        .file("to.json", r#"{"user_name":"ada","security":{"roles":["ece_platform_admin"],"enabled":true},"n":1.0}"#);
    let diff = run(&["diff", "elastic", "--from", &from, "--to", &to], b"");
    assert_eq!((diff.status, &*diff.stderr), (0, ""));
    assert_eq!(diff.stdout, "{\"id\":null,\"patch\":{\"email\":null,\"n\":1.0,\"security\":{\"enabled\":true}}}\n");
}

#[test]
fn diff_of_fireworks_has_the_mask_too() {
    let folder = Folder::new("diff_mask");
    let from = folder.file("from.json", r#"{"role":"user"}"#);
    let diff = run(&["diff", "fireworks", "--from", &from, "--to", "-"], br#"{"role":"user","displayName":"A"}"#);
    assert_eq!(diff.json(), json!({"id": null, "patch": {"displayName": "A"}, "mask": "display_name"}));
    let diff = run(&["diff", "fireworks", "--from", &from, "--to", "-"], br#"{"role":"admin"}"#);
    assert_eq!(diff.json(), json!({"id": null, "patch": {"role": "admin"}, "mask": "role"}));
}

#[test]
fn diff_of_equal_users_says_so() {
    let folder = Folder::new("diff_equal");
    let user = folder.file("user.json", ADA);
    let diff = run(&["diff", "elastic", "--from", &user, "--to", &user], b"");
    assert_eq!((diff.status, diff.json()), (0, json!({"id": null, "patch": {}, "unchanged": true})));
}

#[test]
fn diff_tells_each_reason_why_no_patch_gets_there() {
    let folder = Folder::new("diff_unreachable");
    let from = folder.file("from.json", ADA);
    let to = folder.file("to.json", ADA.replace(r#""ada""#, r#""eve""#).replace(r#""n":1"#, r#""n":null"#));
    let diff = run(&["diff", "elastic", "--from", &from, "--to", &to], b"");
    assert_eq!(diff.status, 1);
    let pointers: Vec<_> =
        diff.json()["unreachable"].as_array().unwrap().iter().map(|reason| reason["pointer"].clone()).collect();
    assert_eq!(pointers, ["/n", "/user_name"]);
    assert_eq!(diff.json()["unreachable"][1]["rule"], "elastic.restricted");
}

#[test]
fn diff_names_the_file_that_is_no_user() {
    let folder = Folder::new("diff_file");
    let from = folder.file("from.json", ADA);
    let to = folder.file("to.json", "{\"user_name\": \"ada\",\n \"security\": {\n  \"roles\": 5}}");
    run(&["diff", "elastic", "--from", &from, "--to", &to], b"")
        .assert_failed(&format!("{to}: not a user: /security/roles must be an array of strings at line 3 column 3"));
}

#[test]
fn audit_prints_an_rfc_6902_patch() {
    let folder = Folder::new("audit");
    let user = folder.file("user.json", ADA);
    let audit = run(
        &["audit", "elastic", "--user", &user, "--patch", "-"],
        br#"{"email":null,"n":123456789012345678901234567890,"security":{"password":"geheim-neu"}}"#,
    );
    assert_eq!((audit.status, &*audit.stderr), (0, ""));
    assert_eq!(
        audit.stdout,
        "[{\"op\":\"remove\",\"path\":\"/email\"},{\"op\":\"replace\",\"path\":\"/n\",\"value\":123456789012345678901234567890}]\n"
    );
}

#[test]
fn audit_of_a_refused_update_is_the_refusal() {
    let folder = Folder::new("audit_refused");
    let user = folder.file("user.json", r#"{"role":"user"}"#);
    let audit = run(&["audit", "fireworks", "--user", &user, "--patch", "-"], br#"{"role":"root"}"#);
    assert_eq!((audit.status, &audit.json()["status"]), (1, &json!(400)));
}

#[test]
fn batch_answers_diff() {
    let line =
        |from: &str, to: &str| format!(r#"{{"id":7,"vendor":"trusted-twin","op":"diff","from":{from},"to":{to}}}"#);
    let user = |name: &str| {
        format!(
            r#"{{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"{name}","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}}"#
        )
    };
    let requests = format!("{}\n{}\n", line(&user("One"), &user("Two")), line(&user("One"), &user("One")));
    let batch = run(&["batch"], requests.as_bytes());
    assert_eq!(batch.stdout, "{\"id\":7,\"patch\":{\"name\":\"Two\"}}\n{\"id\":7,\"patch\":{},\"unchanged\":true}\n");
    assert_eq!(batch.status, 0);
}

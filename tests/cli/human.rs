//! `audit --human`: what an update changes, a line a member.

use crate::{Folder, Run, run};

fn audit(folder: &Folder, vendor: &str, user: &str, patch: &str, more: &[&str]) -> Run {
    let user = folder.file("user.json", user);
    let mut args = vec!["audit", vendor, "--user", &user, "--patch", "-", "--human"];
    args.extend(more);
    run(&args, patch.as_bytes())
}

#[track_caller]
fn assert_told(run: &Run, lines: &str) {
    assert_eq!((run.status, &*run.stderr), (0, ""), "{}", run.stdout);
    assert_eq!(run.stdout, lines);
}

const ADA: &str = r#"{"user_name":"ada","security":{"roles":[]},"email":"ada@example.com","badge":7}"#;

#[test]
fn each_member_is_a_line_before_and_after() {
    let folder = Folder::new("human");
    // Beside a member that is longer than the changes, as users have.
    let ada = ADA.replacen('{', &format!("{{\"note\":\"{}\",", "n".repeat(200)), 1);
    assert_told(
        &audit(&folder, "elastic", &ada, r#"{"email":null,"badge":123456789012345678901,"full_name":"Ada"}"#, &[]),
        "- /email: \"ada@example.com\"\n~ /badge: 7 → 123456789012345678901\n+ /full_name: \"Ada\"\n",
    );
    // Also where the audit is shorter for replacing the whole user.
    assert_told(
        &audit(&folder, "elastic", ADA, r#"{"email":null,"badge":8,"n":1}"#, &[]),
        "- /email: \"ada@example.com\"\n~ /badge: 7 → 8\n+ /n: 1\n",
    );
    let alice = r#"{"role":"user","email":"alice@example.com","displayName":"Al"}"#;
    assert_told(
        &audit(&folder, "fireworks", alice, r#"{"displayName":"Alice"}"#, &["--mask", "displayName"]),
        "~ /displayName: \"Al\" → \"Alice\"\n",
    );
    let operator = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#;
    assert_told(
        &audit(&folder, "trusted-twin", operator, r#"{"description":{"a":null}}"#, &["--context", r#"{"now":1.5}"#]),
        "+ /description: {\"a\":null}\n+ /updated_ts: 1.5\n",
    );
    assert_told(&audit(&folder, "elastic", ADA, r#"{"badge":7}"#, &[]), "nothing changes\n");
}

#[test]
fn a_password_changes_and_is_not_shown() {
    let folder = Folder::new("human_password");
    assert_told(
        &audit(&folder, "elastic", ADA, r#"{"security":{"password":"geheim-neu"}}"#, &[]),
        "~ /security/password: (not shown)\n",
    );
    let kept = ["--context", r#"{"policy":{"misplacedPassword":"keep"}}"#];
    for patch in [
        r#"{"Password":"geheim-neu"}"#,
        r#"{"x":{"password":"geheim-neu"}}"#,
        r#"{"x":[{"password":"geheim-neu"}]}"#,
        r#"{"newPassword":"geheim-neu"}"#,
        r#"{"x":{"y":{"password_again":{"z":"geheim-neu"}},"n":1}}"#,
    ] {
        let told = audit(&folder, "elastic", ADA, patch, &kept);
        assert_eq!(told.status, 0, "{}", told.stderr);
        assert!(!told.stdout.contains("geheim") && told.stdout.lines().count() == 1, "{}", told.stdout);
    }
}

#[test]
fn a_refusal_is_told_in_words() {
    let folder = Folder::new("human_refused");
    let refused = audit(&folder, "elastic", ADA, r#"{"user_name":"eve"}"#, &[]);
    assert_eq!((refused.status, &*refused.stdout), (1, ""));
    assert!(refused.stderr.starts_with("refused with status 400, 1 violation\n\nelastic.restricted at /user_name\n"));
    let user = folder.file("user.json", ADA);
    let check = run(&["check", "elastic", "--user", &user, "--patch", "-"], br#"{"user_name":"eve"}"#);
    assert_eq!(refused.stderr, check.stderr, "as `check` tells it");
    let none = audit(&folder, "elastic", "[]", "{}", &[]);
    assert_eq!((none.status, &*none.stdout), (2, ""));
}

/// A name or a value can neither act on a terminal nor pass for another line.
#[test]
fn what_others_wrote_does_not_act() {
    let folder = Folder::new("human_terminal");
    let patch = "{\"full_name\":\"\u{9b}2J\u{7f}\u{202e}\\u001b[31m\",\"a: 1\\n+ /b\":\"\\n- /email\"}";
    let told = audit(&folder, "elastic", ADA, patch, &[]);
    assert_told(&told, "+ /full_name: \"\\u009b2J\\u007f\\u202e\\u001b[31m\"\n+ \"/a: 1\\n+ ~1b\": \"\\n- /email\"\n");
    assert!(told.stdout.chars().all(|letter| letter == '\n' || !letter.is_control()));
}

/// At most six times what came in, and 64 kB.
#[test]
fn what_is_told_is_bounded() {
    let folder = Folder::new("human_bounded");
    let members = |letter: &str, count: usize| {
        let member = |at| format!("\"\u{7f}{at}\":\"{}\"", letter.repeat(100));
        (0..count).map(member).collect::<Vec<_>>().join(",")
    };
    let name = "\u{7f}".repeat(500);
    for count in [1, 1_000] {
        let user = format!(r#"{{"user_name":"ada","security":{{}},"{name}":{{{}}}}}"#, members("\u{7f}", count));
        let patch = format!(r#"{{"{name}":{{{}}}}}"#, members("\u{80}", count));
        let told = audit(&folder, "elastic", &user, &patch, &[]);
        assert_eq!(told.status, 0, "{}", told.stderr);
        assert!(told.stdout.len() <= 6 * (user.len() + patch.len()) + 65_536, "{}", told.stdout.len());
        assert!(told.stdout.contains(" more)"));
    }
}

//! What a person sees at a terminal: colours, and how far a batch is.
//!
//! `script` of util-linux makes the terminal. Where there is none, nothing is asked.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::{Folder, Run};

/// Runs a line of a shell on a terminal, `$UP` being the command. All that was written to the terminal is standard output.
fn at_terminal(line: &str, no_color: &str) -> Option<Run> {
    let is_there = Command::new("script")
        .arg("--version")
        .output()
        .is_ok_and(|told| told.stdout.starts_with(b"script from util-linux"));
    if !is_there {
        return None;
    }
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", line, "/dev/null"])
        .envs([
            ("UP", env!("CARGO_BIN_EXE_user-patch")),
            ("TERM", "xterm"),
            ("NO_COLOR", no_color),
            ("SHELL", "/bin/sh"),
        ])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    Some(Run { status: output.status.code().unwrap(), stdout, stderr: String::from_utf8(output.stderr).unwrap() })
}

#[test]
fn words_have_colours_unless_they_are_not_wanted() {
    let folder = Folder::new("colours");
    let user = folder.file("user.json", r#"{"role":"user","email":"a@x.org"}"#);
    let [fine, wrong] =
        [("fine", r#"{"role":"admin","displayName":"A","email":null}"#), ("wrong", r#"{"role":"root"}"#)]
            .map(|(name, body)| folder.file(name, body));
    for (words, body, status, told) in [
        (
            "check",
            &wrong,
            1,
            [
                "\x1b[1m\x1b[31mrefused with status 400, 1 violation\x1b[0m",
                "\x1b[1mfireworks.role.known\x1b[0m at /role",
            ],
        ),
        ("check", &fine, 0, ["\x1b[1m\x1b[32maccepted", "\x1b[0m"]),
        (
            "audit --human",
            &fine,
            0,
            ["\x1b[33m~ /role: \"user\" → \"admin\"\x1b[0m", "\x1b[32m+ /displayName: \"A\"\x1b[0m"],
        ),
    ] {
        let line = format!("\"$UP\" {words} fireworks --user '{user}' --patch '{body}'");
        let Some(run) = at_terminal(&line, "") else { return };
        assert_eq!(run.status, status, "{}", run.stdout);
        for told in told {
            assert!(run.stdout.contains(told), "{told:?} is not in {:?}", run.stdout);
        }
        let plain = at_terminal(&line, "1").unwrap();
        assert_eq!((plain.status, plain.stdout.contains('\x1b')), (status, false), "{:?}", plain.stdout);
    }
}

#[test]
fn a_batch_tells_how_far_it_is_and_leaves_its_replies_alone() {
    let folder = Folder::new("progress");
    let request =
        |role: &str| format!(r#"{{"vendor":"fireworks","user":{{"role":"user"}},"patch":{{"role":"{role}"}}}}"#);
    let lines = [request("admin"), request("root"), "no request".to_owned(), request("admin")].join("\n");
    let requests = folder.file("requests.ndjson", lines);
    let replies = folder.0.join("replies.ndjson");
    let expected = crate::run(&["batch"], &fs::read(&requests).unwrap());
    let in_file = format!("\"$UP\" batch < '{requests}' > '{}'", replies.to_str().unwrap());
    let Some(run) = at_terminal(&in_file, "") else { return };
    assert_eq!((run.status, fs::read_to_string(&replies).unwrap()), (1, expected.stdout.clone()));
    // The last state stays.
    let last = run.stdout.rsplit(['\r', '\n']).find(|line| line.contains("lines")).unwrap();
    assert!(last.contains("4 lines, ") && last.contains(" a second, 1 refused, 1 not a request"), "{last:?}");

    // On one terminal with the replies, each of which is a line by itself.
    let run = at_terminal(&format!("\"$UP\" batch < '{requests}'"), "").unwrap();
    for reply in expected.stdout.lines() {
        assert!(run.stdout.contains(&format!("{reply}\r\n")), "{reply} is not in {:?}", run.stdout);
    }
    assert!(run.stdout.contains("4 lines, "), "{:?}", run.stdout);
    let run = at_terminal(&format!("head -n 1 '{requests}' | \"$UP\" batch > /dev/null"), "").unwrap();
    let last = run.stdout.rsplit(['\r', '\n']).find(|line| line.contains("lines")).unwrap();
    assert!(
        last.contains("1 lines, ") && last.contains(" a second, 0 refused") && !last.contains("request"),
        "{last:?}"
    );
}

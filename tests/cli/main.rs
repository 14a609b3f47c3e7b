//! The command `user-patch`, run as a program: what it prints, where, and its exit status.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod algebra;
mod batch;
mod contexts;
mod files;
mod human;
mod ops;
mod rules;
#[cfg(target_os = "linux")]
mod terminal;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The command, ready to be given arguments.
fn user_patch() -> Command {
    Command::new(env!("CARGO_BIN_EXE_user-patch"))
}

/// What a run printed, and how it ended.
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    /// Standard output as one JSON value.
    #[track_caller]
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|wrong| panic!("{wrong}: {}{}", self.stdout, self.stderr))
    }

    /// Exit status 2, nothing on standard output, exactly this on standard error.
    #[track_caller]
    fn assert_failed(&self, message: &str) {
        assert_eq!(self.stderr, format!("error: {message}\n"));
        assert_eq!((self.status, &*self.stdout), (2, ""));
    }

    #[track_caller]
    fn assert_usage(&self, contains: &str) {
        assert!(self.stderr.contains(contains), "{}", self.stderr);
        assert_eq!((self.status, &*self.stdout), (2, ""));
    }
}

fn run(args: &[&str], stdin: &[u8]) -> Run {
    let mut child =
        user_patch().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    // It may end without reading, which breaks the pipe.
    let writer = std::thread::spawn(move || drop(input.write_all(&stdin)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The files of one test, in a folder of its own.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(test);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file and gives its path.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

#[test]
fn version_and_help_are_no_failures() {
    let version = run(&["--version"], b"");
    assert_eq!((version.status, &*version.stdout), (0, concat!("user-patch ", env!("CARGO_PKG_VERSION"), "\n")));
    let help = run(&["--help"], b"");
    assert_eq!(help.status, 0);
    for command in ["apply", "check", "diff", "audit", "rules", "batch"] {
        assert!(help.stdout.contains(&format!("\n  {command} ")), "{}", help.stdout);
        let help = run(&[command, "--help"], b"");
        assert_eq!(help.status, 0);
        assert!(help.stdout.contains(&format!("Example:\n  user-patch {command}")), "{}", help.stdout);
    }
}

#[test]
fn usage_that_is_wrong_ends_with_2() {
    run(&[], b"").assert_usage("Usage: user-patch");
    run(&["bogus"], b"").assert_usage("unrecognized subcommand");
    run(&["rules", "acme"], b"").assert_usage("[possible values: fireworks, trusted-twin, elastic]");
    run(&["apply", "elastic"], b"").assert_usage("--user <FILE>");
    run(&["batch", "--jobs", "0"], b"").assert_usage("--jobs");
}

#[test]
fn nothing_but_words_goes_to_a_pipe() {
    let folder = Folder::new("plain");
    let user = folder.file("user.json", r#"{"role":"user"}"#);
    let refused = run(&["check", "fireworks", "--user", &user, "--patch", "-"], br#"{"role":"root"}"#);
    assert!(!refused.stderr.contains('\x1b'), "{:?}", refused.stderr);
    assert!(!run(&["rules"], b"").stdout.contains('\x1b'));
}

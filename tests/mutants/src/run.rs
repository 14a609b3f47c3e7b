//! Each mutant on the tests that come to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::instrument::Source;

/// How long a mutant may take: what goes on is caught.
const LIMIT: Duration = Duration::from_secs(90);

/// Tests that measure time, which a busy machine fails.
const TIMED: [&str; 4] = [
    "five_thousand_unknown_members_are_refused_and_the_first_256_named",
    "five_thousand_members_meet_five_thousand",
    "five_thousand_members_go_and_five_thousand_come",
    "five_thousand_roles_are_the_same_set_in_another_order",
];

/// The tests by which a mutant is met, for each binary, after the seconds that the whole of it takes.
type Met = BTreeMap<u32, BTreeMap<(u64, PathBuf), BTreeSet<String>>>;

fn command(copy: &Path, binary: &Path) -> Command {
    let mut command = Command::new(binary);
    command
        .current_dir(copy)
        .env("CARGO_MANIFEST_DIR", copy)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .env("RUST_BACKTRACE", "0");
    if !is_of_another_harness(binary) {
        TIMED.iter().for_each(|test| {
            command.args(["--skip", test]);
        });
    }
    command
}

fn met(copy: &Path, binaries: &[PathBuf]) -> Met {
    let mut met = Met::new();
    for binary in binaries {
        let trace = copy.join("mutants.trace");
        let _ = fs::remove_file(&trace);
        let begin = Instant::now();
        let passed = command(copy, binary).env("MUTANT_TRACE", &trace).status().expect("a test binary").success();
        assert!(passed, "{} fails by itself", binary.display());
        let seconds = begin.elapsed().as_secs();
        let text = fs::read_to_string(&trace).unwrap_or_default();
        for line in text.lines() {
            let Some((id, test)) = line.split_once('\t') else { continue };
            let tests =
                met.entry(id.parse().expect("an id")).or_default().entry((seconds, binary.clone())).or_default();
            tests.insert(test.to_owned());
        }
        println!("{:?}: {seconds} s", binary.file_name().unwrap_or_default());
    }
    assert!(!met.is_empty(), "the tests come to no mutant at all");
    met
}

/// Whether tests fail, or do not end, with a mutant on.
fn fails(copy: &Path, binary: &Path, id: u32, tests: &BTreeSet<String>) -> Option<&'static str> {
    let mut command = command(copy, binary);
    command.env("MUTANT", id.to_string());
    // libtest names a thread as its test; any other name may be of any test.
    if tests.iter().all(|test| test != "main" && test != "?") && tests.len() < 200 && !is_of_another_harness(binary) {
        command.arg("--exact").args(tests);
    }
    let mut child = command.spawn().expect("a test binary");
    let begin = Instant::now();
    loop {
        match child.try_wait().expect("a test binary") {
            Some(status) => return (!status.success()).then_some("caught"),
            None if begin.elapsed() > LIMIT => {
                let _ = child.kill();
                let _ = child.wait();
                return Some("timeout");
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
}

fn is_of_another_harness(binary: &Path) -> bool {
    binary.file_name().is_some_and(|name| name.to_string_lossy().starts_with("fixtures"))
}

pub fn run(copy: &Path, sources: &[Source], binaries: &[PathBuf]) {
    let met = met(copy, binaries);
    let mut report = String::new();
    for source in sources {
        let mut counts = BTreeMap::new();
        for mutant in &source.mutants {
            let nowhere = BTreeMap::new();
            let places = met.get(&mutant.id).unwrap_or(&nowhere);
            let ended = if !mutant.is_viable {
                "unviable"
            } else if places.is_empty() {
                "unreached"
            } else {
                // The quick ones first.
                places.iter().find_map(|((_, binary), tests)| fails(copy, binary, mutant.id, tests)).unwrap_or("missed")
            };
            *counts.entry(ended).or_insert(0) += 1;
            if ended != "caught" {
                println!("{ended} {}", mutant.name);
            }
            report.push_str(&format!("{ended}\t{}\n", mutant.name));
        }
        println!("{}: {counts:?}", source.path);
        report.push_str(&format!("# {}: {counts:?}\n", source.path));
        fs::write(copy.join("mutants.report"), &report).expect("the report");
    }
}

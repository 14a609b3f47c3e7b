//! Each mutant on the tests that come to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    build,
    instrument::{Mutant, Source},
};

/// How many seconds the tests that come to a mutant may take beyond three times what the whole binary takes: what goes on is caught.
/// `MUTANT_LIMIT` says another number, of all they may take.
const LIMIT: u64 = 10;

/// Tests that measure time, which a busy machine fails.
const TIMED: [&str; 4] = [
    "five_thousand_unknown_members_are_refused_and_the_first_256_named",
    "five_thousand_members_meet_five_thousand",
    "five_thousand_members_go_and_five_thousand_come",
    "five_thousand_roles_are_the_same_set_in_another_order",
];

/// The tests by which a mutant is met, for each binary, after the milliseconds that the whole of it takes.
type Met = BTreeMap<u32, BTreeMap<(u64, PathBuf), BTreeSet<String>>>;

/// What became of each mutant.
type Ended = BTreeMap<u32, &'static str>;

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

fn met(copy: &Path, targets: &str) -> Met {
    let mut met = Met::new();
    for binary in &build::tests(copy, targets) {
        let trace = copy.join("mutants.trace");
        let _ = fs::remove_file(&trace);
        let begin = Instant::now();
        let passes = |command: &mut Command| command.status().expect("a test binary").success();
        // Tests that count allocations count those of the notes as well.
        let is_good = passes(command(copy, binary).env("MUTANT_TRACE", &trace)) || passes(&mut command(copy, binary));
        let name = binary.file_name().unwrap_or_default().display();
        let takes = begin.elapsed().as_millis() as u64;
        println!("{name}: {takes} ms");
        // Or every mutant would be caught by it.
        if !is_good {
            println!("{name} fails by itself, and is left out");
            continue;
        }
        let text = fs::read_to_string(&trace).unwrap_or_default();
        for line in text.lines() {
            let Some((id, test)) = line.split_once('\t') else { continue };
            let tests = met.entry(id.parse().expect("an id")).or_default().entry((takes, binary.clone())).or_default();
            tests.insert(test.to_owned());
        }
    }
    met
}

/// Whether tests fail, or do not end, with a mutant on.
fn fails(copy: &Path, (takes, binary): &(u64, PathBuf), id: u32, tests: &BTreeSet<String>) -> Option<&'static str> {
    let mut command = command(copy, binary);
    command.env("MUTANT", id.to_string());
    if !is_of_another_harness(binary) {
        // One test that fails is enough. A stable compiler's harness knows the option too, but has to be told that it may.
        command.env("RUSTC_BOOTSTRAP", "1").args(["-Zunstable-options", "--fail-fast"]);
    }
    // libtest names a thread as its test; any other name may be of any test.
    if tests.iter().all(|test| test != "main" && test != "?") && tests.len() < 200 && !is_of_another_harness(binary) {
        command.arg("--exact").args(tests);
    }
    let limit = number("MUTANT_LIMIT").unwrap_or(LIMIT + takes * 3 / 1000);
    let mut child = command.spawn().expect("a test binary");
    let begin = Instant::now();
    loop {
        match child.try_wait().expect("a test binary") {
            Some(status) => return (!status.success()).then_some("caught"),
            None if begin.elapsed() > Duration::from_secs(limit) => {
                let _ = child.kill();
                let _ = child.wait();
                return Some("timeout");
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Those of the tests that are unit tests of a source file, if any is.
fn own(source: &Source, tests: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let module =
        source.path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
    let own: BTreeSet<_> =
        tests.iter().filter(|test| test.starts_with(&format!("{module}::tests::"))).cloned().collect();
    (!own.is_empty()).then_some(own)
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}

fn is_of_another_harness(binary: &Path) -> bool {
    binary.file_name().is_some_and(|name| name.to_string_lossy().starts_with("fixtures"))
}

/// Tries each mutant that is not settled, and writes what is known.
fn tried(copy: &Path, sources: &[Source], ended: &mut Ended, targets: &str, caught: &'static str) {
    let met = met(copy, targets);
    let at_once = number("MUTANTS_AT_ONCE").unwrap_or(1);
    for source in sources {
        let (next, known) = (AtomicUsize::new(0), Mutex::new(&mut *ended));
        let work = || {
            while let Some(mutant) = source.mutants.get(next.fetch_add(1, Ordering::Relaxed)) {
                let so_far = known.lock().expect("what is known").get(&mutant.id).copied();
                let places = met.get(&mutant.id).into_iter().flatten();
                let end = match so_far {
                    Some("missed" | "unreached") | None if source.is_held(mutant) => "constant",
                    None if !mutant.is_viable => "unviable",
                    None | Some("missed" | "unreached") if met.contains_key(&mutant.id) => {
                        // The unit tests of its own file first, then the quick ones.
                        let own = places.clone().find_map(|(binary, tests)| Some((binary, own(source, tests)?)));
                        let mut failed = own.and_then(|(binary, tests)| fails(copy, binary, mutant.id, &tests));
                        for (binary, tests) in places {
                            failed = failed.or_else(|| fails(copy, binary, mutant.id, tests));
                        }
                        // One that has a reason has been tried to see that the reason is one.
                        let missed = if mutant.has_reason { "reason" } else { "missed" };
                        failed.map_or(missed, |how| if how == "caught" { caught } else { how })
                    }
                    None if mutant.has_reason => "reason",
                    None => "unreached",
                    Some(end) => end,
                };
                known.lock().expect("what is known").insert(mutant.id, end);
                if so_far != Some(end) && end != "caught" {
                    println!("{end} {}", mutant.name);
                }
            }
        };
        thread::scope(|scope| (0..at_once).for_each(|_| drop(scope.spawn(work))));
        write(copy, sources, ended);
    }
}

fn write(copy: &Path, sources: &[Source], ended: &Ended) {
    let mut report = String::new();
    for source in sources {
        let mut counts = BTreeMap::new();
        for mutant in &source.mutants {
            let Some(end) = ended.get(&mutant.id) else { continue };
            *counts.entry(end).or_insert(0) += 1;
            report.push_str(&format!("{end}\t{}\n", mutant.name));
        }
        report.push_str(&format!("# {}: {counts:?}\n", source.path));
    }
    fs::write(copy.join("mutants.report"), &report).expect("the report");
}

/// What an earlier run caught, of which `MUTANTS_KNOWN` is the report, is not tried again, nor what it missed with a reason.
fn known(sources: &[Source]) -> Ended {
    let report = env::var_os("MUTANTS_KNOWN").map(|path| fs::read_to_string(path).expect("a report"));
    let lines = report.iter().flat_map(|report| report.lines());
    let ends: BTreeMap<_, _> = lines.filter_map(|line| line.split_once('\t')).map(|(end, name)| (name, end)).collect();
    let end = |mutant: &Mutant| match *ends.get(&*mutant.name)? {
        "caught" => Some("caught"),
        "late" => Some("late"),
        "timeout" => Some("timeout"),
        "missed" | "unreached" | "reason" if mutant.has_reason => Some("reason"),
        _ => None,
    };
    sources.iter().flat_map(|source| &source.mutants).filter_map(|mutant| Some((mutant.id, end(mutant)?))).collect()
}

pub fn run(copy: &Path, sources: &[Source]) {
    let mut ended = known(sources);
    tried(copy, sources, &mut ended, build::TARGETS, "caught");
    if ended.values().any(|end| ["missed", "unreached"].contains(end)) {
        tried(copy, sources, &mut ended, build::REST, "late");
    }
}

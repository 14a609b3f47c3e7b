//! One build for all mutants: those that do not compile are left out until the rest does.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::instrument::Source;

/// The test targets: those that take a second or few. What survives them is tried on all by hand.
const TARGETS: &str = "--lib --test fixtures --test elastic --test fireworks --test trusted_twin --test algebra --test engine \
                       --test wishes --test outside --test words";

/// Reads the environment: which mutant is on, and where the mutants are noted that a thread comes to.
const SWITCH: &str = r#"
/// Whether a mutant is on.
pub(crate) fn mutant(id: u32) -> bool {
    use std::{cell::RefCell, collections::HashSet, io::Write, sync::OnceLock};
    static ON: OnceLock<(u32, Option<std::path::PathBuf>)> = OnceLock::new();
    thread_local!(static MET: RefCell<HashSet<u32>> = RefCell::default());
    let (on, trace) = ON.get_or_init(|| {
        let on = std::env::var("MUTANT").ok().and_then(|on| on.parse().ok()).unwrap_or(0);
        (on, std::env::var_os("MUTANT_TRACE").map(Into::into))
    });
    if let Some(trace) = trace {
        let is_new = MET.try_with(|met| met.try_borrow_mut().is_ok_and(|mut met| met.insert(id))).unwrap_or(false);
        if is_new {
            let thread = std::thread::current();
            let line = format!("{id}\t{}\n", thread.name().unwrap_or("?"));
            let file = std::fs::OpenOptions::new().append(true).create(true).open(trace);
            let _ = file.and_then(|mut file| file.write_all(line.as_bytes()));
        }
    }
    *on == id
}
"#;

pub fn cargo(copy: &Path, arguments: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments.split_whitespace()).current_dir(copy);
    command
}

/// Writes the changed files and builds the tests; gives the binaries.
pub fn build(copy: &Path, sources: &mut [Source]) -> Vec<PathBuf> {
    let lib = copy.join("src/lib.rs");
    let door = fs::read_to_string(&lib).expect("src/lib.rs");
    if !door.contains("fn mutant(") {
        fs::write(&lib, door + SWITCH).expect("src/lib.rs");
    }
    for round in 1.. {
        let mut ranges = Vec::new();
        for source in sources.iter() {
            let (text, own) = source.instrumented();
            fs::write(copy.join(&source.path), text).expect("a source file");
            ranges.push(own);
        }
        let out = cargo(copy, "check --lib --all-features --message-format=json").output().expect("cargo check");
        if out.status.success() {
            break;
        }
        let mut unviable = HashSet::new();
        for line in String::from_utf8_lossy(&out.stdout).lines() {
            let Ok(told) = serde_json::from_str::<serde_json::Value>(line) else { continue };
            if told["message"]["level"] != "error" {
                continue;
            }
            for span in told["message"]["spans"].as_array().into_iter().flatten() {
                let (from, to) = (span["byte_start"].as_u64().unwrap_or(0), span["byte_end"].as_u64().unwrap_or(0));
                let at = sources.iter().position(|source| span["file_name"] == *source.path);
                for (id, range) in at.into_iter().flat_map(|at| &ranges[at]) {
                    if (range.start as u64) < to && from < range.end as u64 {
                        unviable.insert(*id);
                    }
                }
            }
        }
        println!("round {round}: {} do not compile", unviable.len());
        if unviable.is_empty() {
            println!("{}", String::from_utf8_lossy(&out.stderr).chars().take(3000).collect::<String>());
            for line in
                String::from_utf8_lossy(&out.stdout).lines().filter(|line| line.contains("\"level\":\"error\"")).take(3)
            {
                println!("{line:.1500}");
            }
            panic!("an error outside of any mutant");
        }
        for mutant in sources.iter_mut().flat_map(|source| &mut source.mutants) {
            mutant.is_viable &= !unviable.contains(&mutant.id);
        }
    }
    let out = cargo(copy, &format!("test --no-run --all-features {TARGETS} --message-format=json"))
        .output()
        .expect("cargo test");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let told = String::from_utf8_lossy(&out.stdout);
    let told = told.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    told.filter(|told| told["profile"]["test"] == true)
        .filter_map(|told| told["executable"].as_str().map(PathBuf::from))
        .collect()
}

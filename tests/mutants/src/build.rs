//! One build for all mutants: those that do not compile are left out until the rest does.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::instrument::Source;

/// The test targets: those that take a second or few.
pub const TARGETS: &str = "--lib --test fixtures --test elastic --test fireworks --test trusted_twin --test algebra --test engine \
                       --test wishes --test outside --test words";

/// What survives those is tried on these: not on `hostile` and `growth`, which take a minute a mutant and more, nor on `allocations`,
/// which counts what a branch allocates.
pub const REST: &str = "--test arbitrary --test axum --test cli --test conformance --test http --test laws --test provenance \
                        --test rules_page --test secrets --test spec --test stand_in --test threads --test wiped";

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

/// What is iterated over, and what a mutant has instead of it.
#[derive(Clone)]
pub(crate) enum Changed<T, U> {
    Own(T),
    Other(U),
}

impl<T: Iterator, U: Iterator<Item = T::Item>> Iterator for Changed<T, U> {
    type Item = T::Item;

    fn next(&mut self) -> Option<T::Item> {
        match self {
            Self::Own(own) => own.next(),
            Self::Other(other) => other.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Own(own) => own.size_hint(),
            Self::Other(other) => other.size_hint(),
        }
    }
}

impl<T: ExactSizeIterator, U: ExactSizeIterator<Item = T::Item>> ExactSizeIterator for Changed<T, U> {}

impl<T: DoubleEndedIterator, U: DoubleEndedIterator<Item = T::Item>> DoubleEndedIterator for Changed<T, U> {
    fn next_back(&mut self) -> Option<T::Item> {
        match self {
            Self::Own(own) => own.next_back(),
            Self::Other(other) => other.next_back(),
        }
    }
}
"#;

pub fn cargo(copy: &Path, arguments: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments.split_whitespace()).current_dir(copy);
    command
}

/// Writes the changed files, without the mutants that do not compile.
pub fn build(copy: &Path, sources: &mut [Source]) {
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
        let mut needed = HashSet::new();
        for line in String::from_utf8_lossy(&out.stdout).lines() {
            let Ok(told) = serde_json::from_str::<serde_json::Value>(line) else { continue };
            if told["message"]["level"] != "error" {
                continue;
            }
            // A constant that calls what is no constant function any more.
            if told["message"]["code"]["code"] == "E0015" {
                let message = told["message"]["message"].as_str().unwrap_or_default();
                let name = message.split('`').nth(1).unwrap_or_default();
                needed.insert(owned(name));
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
        println!("round {round}: {} do not compile, {} have to be constant", unviable.len(), needed.len());
        let mut is_new = !unviable.is_empty();
        for constant in sources.iter_mut().flat_map(|source| &mut source.constants) {
            is_new |= !constant.is_needed && needed.contains(&constant.name);
            constant.is_needed |= needed.contains(&constant.name);
        }
        if !is_new {
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
}

/// A function by its type and its name: `a::Type::<b::T>::name` and `a::name` as `Type::name` and `::name`.
fn owned(path: &str) -> String {
    let mut depth = 0;
    let bare: String = path
        .chars()
        .filter(|character| {
            depth += i32::from(*character == '<');
            let is_outside = depth == 0;
            depth -= i32::from(*character == '>');
            is_outside
        })
        .collect();
    let parts: Vec<_> = bare.split("::").filter(|part| !part.is_empty()).collect();
    let (name, of) = parts.split_last().unwrap_or((&"", &[]));
    let of = of.last().filter(|of| of.starts_with(char::is_uppercase)).unwrap_or(&"");
    format!("{of}::{name}")
}

/// Builds tests; gives the binaries.
pub fn tests(copy: &Path, targets: &str) -> Vec<PathBuf> {
    let out = cargo(copy, &format!("test --no-run --all-features {targets} --message-format=json"))
        .output()
        .expect("cargo test");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let told = String::from_utf8_lossy(&out.stdout);
    let told = told.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    told.filter(|told| told["profile"]["test"] == true)
        .filter_map(|told| told["executable"].as_str().map(PathBuf::from))
        .collect()
}

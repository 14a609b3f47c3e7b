//! The mutants of `cargo mutants`, compiled together: each is a branch that an environment variable chooses, so that one build
//! does for all, and each mutant is tried on the tests alone that reach it.
//!
//! `mutants-of-user-patch COPY FILE…` changes the files in `COPY`, a copy of the repository that is lost by it, builds its tests
//! and writes `caught`, `late` (by the tests that take minutes), `reason` (not caught, and listed in `.cargo/mutants.toml`),
//! `missed`, `unreached`, `unviable` and `constant` (in a function that a constant needs). What each mutant is is the list of
//! `cargo mutants --list`, but for those of constants and of what stands in macros, which a branch cannot hold.

mod build;
mod instrument;
mod run;

use std::{env, path::PathBuf, process::exit};

fn main() {
    let mut arguments = env::args().skip(1);
    let Some(copy) = arguments.next().and_then(|copy| PathBuf::from(copy).canonicalize().ok()) else {
        eprintln!("usage: mutants-of-user-patch COPY FILE…");
        exit(2)
    };
    let files: Vec<String> = arguments.collect();
    let mut sources = instrument::read(&copy, &files);
    build::build(&copy, &mut sources);
    run::run(&copy, &sources);
}

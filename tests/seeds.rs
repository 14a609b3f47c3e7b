//! The fuzz targets of `fuzz/`, run on their seeds: every case that a fuzzer started from, and every one that it found. They make
//! their requests of bytes as the feature `arbitrary` does.
#![cfg(feature = "arbitrary")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

// Included, as the crate of the targets needs libFuzzer. What is public there is not here.
#[allow(unreachable_pub)]
#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::{fs, path::Path};

#[track_caller]
fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut seeds: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    seeds.sort();
    assert!(seeds.len() > 30, "the seeds are found");
    for seed in seeds {
        let data = fs::read(&seed).unwrap();
        // Shown where a law is broken.
        println!("{}", seed.display());
        run(&data);
    }
}

#[test]
fn fireworks() {
    replay("fireworks", targets::fireworks::run);
}

#[test]
fn trusted_twin() {
    replay("trusted_twin", targets::trusted_twin::run);
}

#[test]
fn elastic() {
    replay("elastic", targets::elastic::run);
}

#[test]
fn merge() {
    replay("merge", targets::merge::run);
}

#[test]
fn mask() {
    replay("mask", targets::mask::run);
}

#[test]
fn json() {
    replay("json", targets::json::run);
}

#[test]
fn pairs() {
    replay("pairs", targets::pairs::run);
}

#[test]
fn made() {
    replay("made", targets::made::run);
}

/// What the README shows to those who embed the library is a target, which `cargo check` compiles.
#[test]
fn the_harness_of_the_readme_is_a_target() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let [readme, target] =
        ["README.md", "fuzz_targets/embedder.rs"].map(|file| fs::read_to_string(fuzz.join(file)).unwrap());
    assert!(
        readme.contains(&format!("```rust\n{target}```\n")),
        "fuzz/README.md does not show fuzz_targets/embedder.rs"
    );
}

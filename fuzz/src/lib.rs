//! The laws of `user_patch` on arbitrary bytes: `run` of each target's module panics where one is broken.
//!
//! The laws are those of the library's own tests; this says how bytes become what they are about. `fuzz_targets/` calls it from
//! libFuzzer, and `tests/seeds.rs` of the library from an ordinary test, which includes this file as a module: nothing here may
//! need more than the library with its feature `arbitrary`, and `arbitrary`, `serde_json` and `json_patch`.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[macro_use]
#[path = "../../tests/laws/laws/mod.rs"]
mod laws;
mod update;

pub mod elastic;
pub mod fireworks;
pub mod json;
pub mod made;
pub mod mask;
pub mod merge;
pub mod pairs;
pub mod trusted_twin;

/// Ends a run where a law is broken.
#[track_caller]
fn holds(law: laws::Law, about: &impl std::fmt::Debug) {
    if let Err(wrong) = law {
        panic!("{wrong}\n{about:?}");
    }
}

//! The laws of `user_patch` as functions of arbitrary bytes: `run` of each target's module panics where one is broken.
//!
//! `fuzz_targets/` calls them from libFuzzer, and `tests/seeds.rs` of the library from an ordinary test, which includes this
//! file as a module: nothing here may need more than the library, `serde_json` and `json_patch`.

pub mod elastic;
pub mod fireworks;
pub mod json;
pub mod mask;
pub mod merge;
pub mod trusted_twin;

mod laws;
mod room;
mod update;

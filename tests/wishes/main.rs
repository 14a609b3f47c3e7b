//! What starts from a wish and not from a text: built patches, edited users, intents.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod built;
mod edited;
mod intents;
mod tree;

use proptest::{
    strategy::Strategy,
    test_runner::{Config, TestRunner},
};

/// Tries a law.
#[track_caller]
fn holds<S: Strategy>(strategy: S, law: impl Fn(S::Value)) {
    let config = Config { failure_persistence: None, ..Config::default() };
    let tried = TestRunner::new(config).run(&strategy, |case| {
        law(case);
        Ok(())
    });
    if let Err(failure) = tried {
        panic!("{failure}");
    }
}

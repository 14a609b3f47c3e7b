//! The laws that hold the algebra: what is true of every user and every update, tried on random ones.
//!
//! `laws` has their text, which `fuzz` shares; `laws_hold` makes a test of each for each vendor. Each runs as often as
//! `PROPTEST_CASES` says, 256 times by default; the long run is
//! `PROPTEST_CASES=100000 cargo test --release --features proptest --test laws`.
//! The users, updates and contexts that are tried are those of the library's feature `proptest`, of which `cases` and
//! `large_cases` make what a law is about; `promises` holds the strategies to what their documentation says, and `reach` to both
//! outcomes of every decision; `found` keeps what a law has found as a case of its own.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod cases;
mod large_cases;
#[macro_use]
mod laws;

/// Makes a test of each of these generic functions for each vendor.
macro_rules! for_every_vendor {
    ($($law:ident),* $(,)?) => {
        for_vendor!(fireworks Fireworks: $($law),*);
        for_vendor!(trusted_twin TrustedTwin: $($law),*);
        for_vendor!(elastic Elastic: $($law),*);
    };
}
macro_rules! for_vendor {
    ($module:ident $model:ident: $($law:ident),*) => {
        mod $module {
            $(#[test]
            fn $law() {
                super::$law::<user_patch::vendor::$model>();
            })*
        }
    };
}

#[path = "."]
mod laws_hold {
    mod breaks_one_rule;
    mod field_mask;
    mod found;
    mod json;
    mod large;
    mod matchers;
    mod merge_patch;
    mod own;
    mod promises;
    mod reach;
    mod vendors;

    use proptest::{
        strategy::Strategy,
        test_runner::{Config, TestCaseError, TestRunner},
    };

    use crate::laws::Law;

    /// Tries a law.
    #[track_caller]
    pub(crate) fn holds<S: Strategy>(strategy: S, law: impl Fn(&S::Value) -> Law) {
        holds_for(Config::default().cases, strategy, law);
    }

    /// Tries a law so many times.
    #[track_caller]
    pub(crate) fn holds_for<S: Strategy>(cases: u32, strategy: S, law: impl Fn(&S::Value) -> Law) {
        // What fails is kept in `found.rs`, not in a file beside it.
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let tried = TestRunner::new(config).run(&strategy, |case| law(&case).map_err(TestCaseError::fail));
        if let Err(failure) = tried {
            panic!("{failure}");
        }
    }
}

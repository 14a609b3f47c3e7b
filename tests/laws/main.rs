//! The laws that hold the algebra: what is true of every user and every patch, tried on random ones.
//!
//! Each law runs as often as `PROPTEST_CASES` says, 256 times by default; the long run is
//! `PROPTEST_CASES=100000 cargo test --release laws`. `strategies` says what users, patches and contexts are tried;
//! `reach` holds the strategies to reach both outcomes of every decision; `found` keeps what a law has found as a case of
//! its own.

#[path = "../common/mod.rs"]
mod common;
mod strategies;

#[path = "."]
mod laws {
    mod algebra;
    mod audit;
    mod breaks_one_rule;
    mod decisions;
    mod field_mask;
    mod found;
    mod matchers;
    mod merge_patch;
    mod reach;
    mod rebase;
    mod rendering;
}

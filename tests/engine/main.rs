//! The ground floor, held to the standards it implements: one test a statement, named after it.
//!
//! RFC 8259 (JSON), RFC 7386 and 7396 (JSON Merge Patch), RFC 6901 (JSON Pointer), RFC 3339 (timestamps), AIP-161 (field masks).

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod document;
mod field_mask;
mod json;
mod merge_patch;
mod pointer;
mod reader;
mod timestamp;

use std::{sync::mpsc, thread, time::Duration};

use user_patch::engine::{Document, Json, Limits};

#[track_caller]
fn json(text: &str) -> Json<'_> {
    match Json::parse(text.as_bytes(), &Limits::default()) {
        Ok(value) => value,
        Err(wrong) => panic!("{text:.200} was refused: {wrong}"),
    }
}

#[track_caller]
fn document(text: &str) -> Document<'_> {
    match Document::parse(text.as_bytes(), &Limits::default()) {
        Ok(document) => document,
        Err(wrong) => panic!("{text:.200} was refused: {wrong}"),
    }
}

/// `levels` arrays inside each other.
fn arrays(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}

/// `levels` objects inside each other, around `inside`.
fn objects(levels: usize, inside: &str) -> String {
    r#"{"a":"#.repeat(levels) + inside + &"}".repeat(levels)
}

/// An object with the members `k0` to `k<count - 1>`, written by `member`.
fn many(names: impl Iterator<Item = usize>, member: impl Fn(usize) -> String) -> String {
    let members: Vec<_> = names.map(member).collect();
    format!("{{{}}}", members.join(","))
}

/// Fails where `work` takes so long that its cost cannot be in proportion to its input.
#[track_caller]
fn soon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, result) = mpsc::channel();
    thread::spawn(move || done.send(work()));
    result.recv_timeout(Duration::from_secs(20)).expect("it neither panics nor takes more than 20 seconds")
}

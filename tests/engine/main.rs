//! The ground floor, held to the standards it implements: one test a statement, named after it.
//!
//! RFC 8259 (JSON), RFC 7386 (JSON Merge Patch), RFC 6901 (JSON Pointer), RFC 3339 (timestamps), AIP-161 (field masks).

mod timestamp;

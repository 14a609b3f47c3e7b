//! The strict reading against `serde_json`. The bytes are one body.

use super::{holds, laws};

/// Every law of a reading.
pub fn run(body: &[u8]) {
    holds(laws::json::hold(body), &String::from_utf8_lossy(body));
}

//! The strict reading against `serde_json`, and a line of `batch`. The bytes are one body, or one line.

use super::{holds, laws};

/// Every law of a reading, and that any line is answered.
pub fn run(body: &[u8]) {
    holds(laws::exchange::any_line_is_answered(body), &String::from_utf8_lossy(body));
    holds(laws::json::hold(body), &String::from_utf8_lossy(body));
}

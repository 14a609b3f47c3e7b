//! What nobody sends who means well: depth, length, and the texts that JSON parsers have been found to disagree on, through
//! every verb of each vendor and as a line of `batch`.
//!
//! `verbs` drives whatever it is given through everything, and holds every answer within its bound; the other files make what it
//! is given, and say how it has to end. What costs out of proportion is in `tests/growth`, the strict reading by itself in
//! `tests/engine/reader.rs`.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod deep;
mod grammar;
mod long;
mod verbs;

use user_patch::vendor::Vendor;

/// The bytes of these parts in a row.
fn bytes(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// A place in which a vendor lets any value stand: around it a stored user, and a body.
struct Place {
    user: [&'static str; 2],
    body: [&'static str; 2],
    /// How many levels are around the value.
    levels: usize,
}

impl Place {
    /// A member that the page does not name, or the value of a key of the description.
    fn of(vendor: Vendor) -> Self {
        match vendor {
            Vendor::Fireworks => {
                Self { user: [r#"{"role":"user","x":"#, "}"], body: [r#"{"role":"admin","x":"#, "}"], levels: 1 }
            }
            Vendor::TrustedTwin => Self {
                user: [
                    r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"x":"#,
                    "}}",
                ],
                body: [r#"{"description":{"x":"#, "}}"],
                levels: 2,
            },
            Vendor::Elastic => Self {
                user: [r#"{"user_name":"ada","security":{},"metadata":{"x":"#, "}}"],
                body: [r#"{"metadata":{"x":"#, "}}"],
                levels: 2,
            },
        }
    }

    fn user(&self, value: &[u8]) -> Vec<u8> {
        bytes(&[self.user[0].as_bytes(), value, self.user[1].as_bytes()])
    }

    fn body(&self, value: &[u8]) -> Vec<u8> {
        bytes(&[self.body[0].as_bytes(), value, self.body[1].as_bytes()])
    }
}

/// A context under which nothing is refused for its size, and nothing for its depth that can be read at all.
fn unlimited(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Fireworks => r#"{"policy":{"maxBytes":null,"maxDepth":255,"unknownMembers":"ignore"}}"#,
        Vendor::TrustedTwin | Vendor::Elastic => r#"{"policy":{"maxBytes":null,"maxDepth":255}}"#,
    }
}

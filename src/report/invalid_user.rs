use crate::engine::{Malformed, Pointer};

/// A stored user that is not one in the sense of the vendor's page.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUser {
    /// The text is no strict JSON object.
    #[error("not a user: {0}")]
    Malformed(#[from] Malformed),
    /// A member that the page describes is missing or of another form.
    #[error("not a user: {pointer} {expected}")]
    Member {
        /// The member.
        pointer: Pointer,
        /// What the page has there: "must be a string".
        expected: &'static str,
    },
    /// A value built by a program that is no object, or nested too deep.
    #[error("not a user: {0}")]
    Value(#[from] crate::engine::InvalidValue),
}

impl InvalidUser {
    pub(crate) fn member(pointer: Pointer, expected: &'static str) -> Self {
        Self::Member { pointer, expected }
    }
}

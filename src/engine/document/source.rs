//! What the values of a document are parts of.

use std::borrow::Cow;

use super::tape::{Entry, Tape};

/// A text that has been read, with the places of its members. A value is a reference to it and a few offsets, so that it costs
/// little to hand on.
#[derive(Clone)]
pub(super) struct Source<'a> {
    pub text: Cow<'a, str>,
    pub tape: Tape,
    /// Whether there is no white space between tokens.
    pub is_compact: bool,
    /// Whether no string has an escape.
    pub is_plain: bool,
}

impl Source<'_> {
    #[inline]
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    #[inline]
    pub(super) fn entries(&self) -> &[Entry] {
        &self.tape
    }
}

//! What the values of a document are parts of.

use std::borrow::Cow;

use super::{
    name::{Name, is_same},
    tape::{Entry, Tape},
};
use crate::engine::text::slice;

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

    /// Whether the member of this entry is named by these bytes.
    #[inline]
    pub(super) fn is_named(&self, entry: &Entry, name: &[u8]) -> bool {
        match entry.is_escaped() {
            false => self.text.as_bytes().get(entry.name_range()).is_some_and(|there| is_same(there, name)),
            true => name_in(&self.text, *entry).is(name),
        }
    }

    #[inline]
    pub(super) fn entries(&self) -> &[Entry] {
        &self.tape
    }
}

#[inline]
pub(in crate::engine) fn name_in(text: &str, entry: Entry) -> Name<'_> {
    Name { raw: slice(text, entry.name_range()), escaped: entry.is_escaped() }
}

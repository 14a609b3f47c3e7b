//! The one strict reading of a JSON text (RFC 8259), without a copy of it.
//!
//! It refuses what readers disagree on: a member that comes twice at any depth (compared after unescaping), a lone
//! surrogate escape, a byte order mark, anything after the value, nesting deeper than the limit. What it accepts is a
//! [`Document`]: the text and the places of its members.
//!
//! A cursor passes over the text and says no more than whether it may stand; where it may not, a reader goes over it once more to
//! tell why. What is accepted pays nothing for explanations.
//!
//! Written by hand, because no kept library refuses what it refuses: `serde_json` takes a member twice and, in what it skips,
//! a lone surrogate; `jiter`, `sonic-rs` and `hifijson` find no member that comes twice either. It is fuzzed against
//! `serde_json`. What a change costs is told by `cargo bench --bench instructions`: the inlining that is asked for here was
//! measured there.

mod cursor;
mod duplicates;
mod envelope;
mod explain;
mod limits;
mod malformed;
mod scan;
mod wrong;

use super::{Document, Json};
use cursor::{Cursor, Passed};
use explain::{Reader, Rigor};
pub use limits::Limits;
pub use malformed::{Fault, Malformed, Place};

impl<'a> Document<'a> {
    /// Reads any value strictly (RFC 8259): it refuses a member that comes twice at any depth, compared after unescaping, a
    /// lone surrogate escape, a byte order mark, and anything but white space after the value.
    ///
    /// # Errors
    /// What makes the text unreadable, and where.
    #[inline] // A document is large enough that a move of it shows.
    pub fn parse(text: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        let mut document = Self::empty();
        read(&mut document, text, limits)?;
        Ok(document)
    }

    /// As [`parse`](Self::parse), where only an object makes sense.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), or that it is not an object.
    #[inline]
    pub fn parse_object(text: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        let mut document = Self::empty();
        document.read_object(text, limits)?;
        Ok(document)
    }

    /// As [`parse_object`](Self::parse_object), into the place of a document, which is large enough that a move of it shows.
    #[inline]
    pub(crate) fn read_object(&mut self, text: &'a [u8], limits: &Limits) -> Result<(), Malformed> {
        read(self, text, limits)?;
        match self.value().is_object() {
            true => Ok(()),
            false => Err(Malformed::at(Fault::NotAnObject, text, self.value().offset())),
        }
    }
}

impl<'a> Json<'a> {
    /// Reads any value strictly, as [`Document::parse`] does.
    ///
    /// # Errors
    /// What makes it unreadable.
    pub fn parse(text: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        let document = Document::parse(text, limits)?;
        let (is_compact, is_plain) = (document.is_compact(), document.is_plain());
        Ok(Self::of(document.into_cow(), is_compact, is_plain))
    }
}

/// Reads a text that may be any value into an empty document.
fn read<'a>(document: &mut Document<'a>, text: &'a [u8], limits: &Limits) -> Result<(), Malformed> {
    let text = checked(text, limits)?;
    match Cursor::new(text, limits.max_depth, document.entries()).whole() {
        Some(Passed { range, is_compact, is_plain }) => {
            document.is_read(text, range, is_compact, is_plain);
            Ok(())
        }
        None => explain(document, text, limits),
    }
}

/// Reads a text that the cursor did not accept, to tell why.
#[cold]
fn explain<'a>(document: &mut Document<'a>, text: &'a str, limits: &Limits) -> Result<(), Malformed> {
    document.entries().clear();
    let mut reader = Reader::of(text, limits.max_depth, Rigor::Strict, document.entries());
    match reader.whole() {
        Ok((range, is_compact)) => {
            let is_plain = !reader.scan.met_escape;
            document.is_read(text, range, is_compact, is_plain);
            Ok(())
        }
        Err(wrong) => Err(wrong.told(text.as_bytes())),
    }
}

/// The bytes as text, if they are within the limit.
#[inline]
fn checked<'a>(text: &'a [u8], limits: &Limits) -> Result<&'a str, Malformed> {
    let limit = limits.bytes();
    if text.len() > limit {
        return Err(Malformed::at(Fault::TooLong { limit }, &[], 0));
    }
    simdutf8::basic::from_utf8(text).map_err(|_| not_utf8(text))
}

#[cold]
fn not_utf8(text: &[u8]) -> Malformed {
    let offset = std::str::from_utf8(text).map_or_else(|wrong| wrong.valid_up_to(), str::len);
    Malformed::at(Fault::NotUtf8, text, offset)
}

//! A JSON text that is looked into and changed member by member: the text, and where its members stand.

mod builder;
mod index;
mod name;
mod same;
mod tape;
mod value;

use std::{borrow::Cow, fmt, ops::Range};

pub(crate) use builder::Builder;
pub(crate) use index::{Index, index};
pub(crate) use name::Name;
pub(super) use name::Secret;
pub(super) use same::same;
use smallvec::SmallVec;
pub(super) use tape::{Entry, Tape};
use value::Source;
pub use value::Value;

use super::{
    Fault, Json, Limits, Malformed,
    reader,
    text::write_string,
};

/// A JSON text that has been read strictly, with the places of its members.
///
/// Any value may be a document; only the members of objects have places, and what is inside an array is one value. The text
/// is kept as it was written: a 30-digit integer, `1.0` beside `1`, `1e400` stay what they are.
///
/// Equality is that of JSON values; see [`Value`].
///
/// ```
/// use user_patch::engine::{Document, Limits};
///
/// let document = Document::parse(br#"{"n": 1.0, "\u0062": [2]}"#, &Limits::default())?;
/// let members: Vec<_> = document.value().members().map(|(name, value)| (name, value.text())).collect();
/// assert_eq!(members, [("n".into(), "1.0"), ("b".into(), "[2]")]);
/// # Ok::<(), user_patch::engine::Malformed>(())
/// ```
#[derive(Clone)]
pub struct Document<'a> {
    text: Cow<'a, str>,
    start: u32,
    end: u32,
    entries: Tape,
    is_compact: bool,
    is_plain: bool,
}

/// A value built by a program that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidValue {
    /// Nested deeper than 128 levels.
    #[error("nested deeper than 128 levels")]
    TooDeep,
    /// Not a JSON object, where only an object makes sense.
    #[error("not a JSON object")]
    NotAnObject,
    /// Its text would be longer than [`Limits::MAX_BYTES`].
    #[error("longer than {} bytes", Limits::MAX_BYTES)]
    TooLong,
}

impl<'a> Document<'a> {
    /// Reads any value strictly (RFC 8259): it refuses a member that comes twice at any depth, compared after unescaping, a
    /// lone surrogate escape, a byte order mark, and anything but white space after the value.
    ///
    /// # Errors
    /// What makes the text unreadable, and where.
    pub fn parse(text: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        reader::read(text, limits)
    }

    /// As [`parse`](Self::parse), where only an object makes sense.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), or that it is not an object.
    #[inline]
    pub fn parse_object(text: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        reader::read(text, limits)?.object_in(text)
    }

    /// The envelope around values that are read on their own, which may be 255 levels deep: the names of the object are read
    /// strictly, the values have to be grammatical and no more. Where it cannot be read to its end, the document has the
    /// members before the fault.
    pub(crate) fn parse_envelope(text: &'a [u8]) -> (Self, Result<(), Malformed>) {
        let (document, read) = reader::read_envelope(text);
        let read = read.and_then(|()| match document.value().is_object() {
            true => Ok(()),
            false => Err(Malformed::at(Fault::NotAnObject, text, document.start as usize)),
        });
        (document, read)
    }

    #[inline]
    fn object_in(self, text: &[u8]) -> Result<Self, Malformed> {
        match self.value().is_object() {
            true => Ok(self),
            false => Err(Malformed::at(Fault::NotAnObject, text, self.start as usize)),
        }
    }

    #[inline]
    pub(super) fn read(text: &'a str, range: Range<usize>, entries: Tape, is_compact: bool, is_plain: bool) -> Self {
        Self {
            text: Cow::Borrowed(text),
            start: range.start as u32,
            end: range.end as u32,
            entries,
            is_compact,
            is_plain,
        }
    }

    /// The document `{}`.
    pub(crate) fn empty() -> Self {
        Self { text: Cow::Borrowed("{}"), start: 0, end: 2, entries: Tape::new(), is_compact: true, is_plain: true }
    }

    /// The value.
    #[inline]
    pub fn value(&self) -> Value<'_> {
        let source =
            Source { text: &self.text, entries: &self.entries, is_compact: self.is_compact, is_plain: self.is_plain };
        Value::whole(source, self.start, self.end)
    }

    /// The member whose entry has this index, which [`Value::index_of`] tells.
    #[inline]
    pub(crate) fn member(&self, index: u32) -> Option<Value<'_>> {
        self.value().value_at(index)
    }

    /// The text, without the white space around it.
    pub fn text(&self) -> &str {
        self.value().text()
    }

    /// The length in bytes of the text, the white space around it included.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Whether there is no white space between tokens.
    pub(crate) const fn is_compact(&self) -> bool {
        self.is_compact
    }

    /// Whether a document that was built rather than read keeps within limits.
    ///
    /// # Errors
    /// What a reading of it would say of them.
    pub(crate) fn within(&self, limits: &Limits) -> Result<(), Malformed> {
        let (text, limit) = (self.text.as_bytes(), limits.bytes());
        if text.len() > limit {
            return Err(Malformed::at(Fault::TooLong { limit }, &[], 0));
        }
        match super::text::deeper_than(limits.max_depth, text) {
            Some(at) => Err(Malformed::at(Fault::TooDeep { limit: limits.max_depth }, text, at)),
            None => Ok(()),
        }
    }

    /// The same document, with the text as its own.
    pub fn into_owned(self) -> Document<'static> {
        Document {
            text: Cow::Owned(self.text.into_owned()),
            start: self.start,
            end: self.end,
            entries: self.entries,
            is_compact: self.is_compact,
            is_plain: self.is_plain,
        }
    }

    /// The text alone, cut out of what is around it.
    pub(super) fn into_cow(self) -> Cow<'a, str> {
        let range = self.start as usize..self.end as usize;
        match self.text {
            Cow::Borrowed(text) => Cow::Borrowed(super::text::slice(text, range)),
            Cow::Owned(text) => Cow::Owned(super::text::slice(&text, range).to_owned()),
        }
    }

    /// The same value without white space, with the text as its own.
    pub fn compact(&self) -> Document<'static> {
        if self.is_compact && self.start == 0 && self.end as usize == self.text.len() {
            return self.clone().into_owned();
        }
        let mut out = Builder::with_capacity(self.end as usize - self.start as usize, self.entries.len());
        out.copy(self.value());
        out.finish()
    }
}

impl Document<'static> {
    pub(super) fn written(text: String, range: Range<usize>, entries: SmallVec<[Entry; 24]>, is_plain: bool) -> Self {
        let (start, end) = (range.start as u32, range.end as u32);
        Self { text: Cow::Owned(text), start, end, entries, is_compact: true, is_plain }
    }

    /// The text, which is compact, and nothing around it.
    pub(crate) fn into_text(self) -> String {
        self.text.into_owned()
    }
}

/// A value that a program built, as text. It may be nested as deep as memory goes: the depth is counted, not trusted.
pub(crate) fn text_of(value: &serde_json::Value) -> Result<String, InvalidValue> {
    let mut out = String::new();
    write(value, Limits::default().max_depth, &mut out)?;
    if out.len() > Limits::MAX_BYTES { Err(InvalidValue::TooLong) } else { Ok(out) }
}

fn write(value: &serde_json::Value, levels: u8, out: &mut String) -> Result<(), InvalidValue> {
    let inside = || levels.checked_sub(1).ok_or(InvalidValue::TooDeep);
    match value {
        serde_json::Value::Object(members) => {
            let inside = inside()?;
            out.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write_string(out, name);
                out.push(':');
                write(value, inside, out)?;
            }
            out.push('}');
        }
        serde_json::Value::Array(elements) => {
            let inside = inside()?;
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(element, inside, out)?;
            }
            out.push(']');
        }
        serde_json::Value::String(text) => write_string(out, text),
        scalar => out.push_str(&scalar.to_string()),
    }
    Ok(())
}

/// A value that a program built.
impl TryFrom<&serde_json::Value> for Document<'static> {
    type Error = InvalidValue;

    fn try_from(value: &serde_json::Value) -> Result<Self, InvalidValue> {
        let text = text_of(value)?;
        // Written from a value, the text can only be too deep, which has been looked at.
        Ok(Document::parse(text.as_bytes(), &Limits::STORED).map_err(|_| InvalidValue::TooDeep)?.into_owned())
    }
}

impl PartialEq for Document<'_> {
    fn eq(&self, other: &Document<'_>) -> bool {
        self.value() == other.value()
    }
}

impl Eq for Document<'_> {}

impl From<Document<'static>> for Json<'static> {
    fn from(document: Document<'static>) -> Self {
        document.value().to_json().compact().into_owned()
    }
}

impl fmt::Display for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}

/// The names alone, since a value may be a secret.
impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}

use std::{borrow::Cow, fmt, ops::Range};

use zeroize::Zeroize;

use super::{name::Name, source::Source, tape::Tape, value::Value};
use crate::engine::{
    Fault, Json, Limits, Malformed, Pointer,
    text::{deeper_than, slice},
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
    source: Source<'a>,
    /// Where the value is in the text.
    start: u32,
    end: u32,
}

impl<'a> Document<'a> {
    /// Where the places of members are put while a text is read.
    pub(in crate::engine) const fn entries(&mut self) -> &mut Tape {
        &mut self.source.tape
    }

    /// The text has been read: where its value is, and what was met in it.
    #[inline]
    pub(in crate::engine) fn is_read(&mut self, text: &'a str, range: Range<usize>, is_compact: bool, is_plain: bool) {
        self.source.text = Cow::Borrowed(text);
        (self.source.is_compact, self.source.is_plain) = (is_compact, is_plain);
        (self.start, self.end) = (range.start as u32, range.end as u32);
    }

    /// The document `{}`.
    #[inline]
    pub(crate) fn empty() -> Self {
        let source = Source { text: Cow::Borrowed("{}"), tape: Tape::new(), is_compact: true, is_plain: true };
        Self { source, start: 0, end: 2 }
    }

    /// A value without members and without white space.
    pub(crate) fn leaf(value: &'a Json<'_>) -> Self {
        let source = Source {
            text: Cow::Borrowed(value.text()),
            tape: Tape::new(),
            is_compact: true,
            is_plain: value.is_plain(),
        };
        Self { start: 0, end: value.text().len() as u32, source }
    }

    /// The value.
    #[inline]
    pub fn value(&self) -> Value<'_> {
        Value::whole(&self.source, self.start, self.end)
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

    /// The fault of a member that stands for the same as an earlier one under another name.
    #[cold]
    pub(crate) fn repeated(&self, name: Name<'_>) -> Malformed {
        let name = name.decoded();
        let offset = self.value().located(&name).map_or(0, |(offset, _)| offset);
        Malformed::at(Fault::Duplicate, self.source.text.as_bytes(), offset).of_member(Pointer::root().child(&name))
    }

    /// The length in bytes of the text, the white space around it included.
    pub(crate) fn bytes(&self) -> usize {
        self.source.text.len()
    }

    /// How many members have places, at all depths.
    pub(crate) fn places(&self) -> usize {
        self.source.tape.len()
    }

    /// Whether there is no white space between tokens.
    pub(crate) const fn is_compact(&self) -> bool {
        self.source.is_compact
    }

    /// Whether there is no white space around the value either.
    pub(crate) fn is_bare(&self) -> bool {
        self.source.is_compact && self.end as usize - self.start as usize == self.source.text.len()
    }

    /// Whether a document that was built rather than read keeps within limits.
    ///
    /// # Errors
    /// What a reading of it would say of them.
    pub(crate) fn within(&self, limits: &Limits) -> Result<(), Malformed> {
        let (text, limit) = (self.source.text.as_bytes(), limits.bytes());
        if text.len() > limit {
            return Err(Malformed::at(Fault::TooLong { limit }, &[], 0));
        }
        // Each level takes two brackets, so that a short text needs no look.
        if text.len() / 2 <= usize::from(limits.max_depth) {
            return Ok(());
        }
        match deeper_than(limits.max_depth, text) {
            Some(at) => Err(Malformed::at(Fault::TooDeep { limit: limits.max_depth }, text, at)),
            None => Ok(()),
        }
    }

    /// Whether no string has an escape.
    pub(in crate::engine) const fn is_plain(&self) -> bool {
        self.source.is_plain
    }

    /// The same document, with the text as its own.
    pub fn into_owned(self) -> Document<'static> {
        let Source { text, tape, is_compact, is_plain } = self.source;
        let source = Source { text: Cow::Owned(text.into_owned()), tape, is_compact, is_plain };
        Document { source, start: self.start, end: self.end }
    }

    /// Wipes the text, where it is its own.
    #[inline]
    pub(crate) fn wipe(&mut self) {
        if let Cow::Owned(text) = &mut self.source.text {
            text.zeroize();
        }
    }

    /// The text alone, cut out of what is around it.
    pub(in crate::engine) fn into_cow(self) -> Cow<'a, str> {
        let range = self.start as usize..self.end as usize;
        match self.source.text {
            Cow::Borrowed(text) => Cow::Borrowed(slice(text, range)),
            Cow::Owned(text) => Cow::Owned(slice(&text, range).to_owned()),
        }
    }
}

impl Document<'static> {
    #[inline(always)] // A document is large enough that a move of it shows.
    pub(super) fn written(text: String, range: Range<usize>, tape: Tape, is_plain: bool) -> Self {
        let source = Source { text: Cow::Owned(text), tape, is_compact: true, is_plain };
        Self { source, start: range.start as u32, end: range.end as u32 }
    }

    #[inline]
    pub(super) const fn source(&self) -> &Source<'static> {
        &self.source
    }

    #[inline]
    pub(super) const fn end(&self) -> u32 {
        self.end
    }

    /// The text to be changed, with its places.
    #[inline]
    pub(super) const fn text_mut(&mut self) -> &mut Cow<'static, str> {
        &mut self.source.text
    }

    /// A value has come in, in which no string has an escape or one may have.
    #[inline]
    pub(super) const fn note_escapes(&mut self, is_plain: bool) {
        self.source.is_plain &= is_plain;
    }

    /// The text has been changed.
    #[inline]
    pub(super) fn is_rewritten(&mut self, text: String) {
        self.end = text.len() as u32;
        self.source.text = Cow::Owned(text);
    }

    /// The text, which is compact, and nothing around it.
    pub(crate) fn into_text(self) -> String {
        self.source.text.into_owned()
    }
}

#[cfg(test)]
impl Document<'_> {
    /// All that is known of the members: where the name is and whether it has escapes, where the value is, and which entry
    /// comes next.
    pub(in crate::engine) fn tape(&self) -> Vec<(Range<usize>, bool, u32, u32, u32)> {
        self.source.tape.iter().map(|at| (at.name_range(), at.is_escaped(), at.start, at.end, at.next)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::{self, document, holds};

    /// What was built keeps within limits where a reading of its text says so, and is refused for the same at the same place.
    #[test]
    fn limits_are_those_of_a_reading() {
        holds((random::text(), 0..8_u8, 0..5_usize), |(text, max_depth, more)| {
            let built = document(&text).compact();
            let length = built.text().len();
            for max_bytes in [None, Some(length + more), (length + more).checked_sub(2), Some(more)] {
                let limits = Limits { max_bytes, max_depth };
                let read = Document::parse(built.text().as_bytes(), &limits).map(drop);
                assert_eq!(built.within(&limits), read, "{built} within {limits:?}");
            }
        });
    }

    #[test]
    fn what_is_around_a_value_is_known() {
        for (text, is_compact, is_bare) in [
            (r#"{"a":1}"#, true, true),
            (r#" {"a":1}"#, true, false),
            ("{\"a\":1}\n", true, false),
            ("\t{\"a\":1} ", true, false),
            (r#"{"a": 1}"#, false, false),
            (r#" {"a": 1}"#, false, false),
        ] {
            let document = document(text);
            assert_eq!((document.is_compact(), document.is_bare()), (is_compact, is_bare), "{text}");
            assert_eq!((document.bytes(), document.places()), (text.len(), 1));
            assert_eq!(document.text(), text.trim());
            assert_eq!(document.clone().into_owned().into_cow(), text.trim());
            assert_eq!(document.into_cow(), text.trim());
        }
    }
}

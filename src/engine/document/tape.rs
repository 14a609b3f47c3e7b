//! Where the members of a document stand in its text.

use smallvec::SmallVec;

/// One member of an object. Offsets count bytes of the document's text; they are 32 bits wide, as a text is no longer than
/// [`Limits::MAX_BYTES`](crate::engine::Limits::MAX_BYTES).
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Entry {
    /// Where the name begins, behind its opening quote.
    pub name: u32,
    /// The length of the name between its quotes, and in the highest bit whether it has escapes.
    name_len: u32,
    /// Where the value begins.
    pub start: u32,
    /// The offset behind the value.
    pub end: u32,
    /// The entry behind those of the value: the next member of the same object, if there is one.
    pub next: u32,
}

const ESCAPED: u32 = 1 << 31;

impl Entry {
    #[inline]
    pub(crate) const fn new(name: usize, name_len: usize, escaped: bool, start: usize) -> Self {
        let flag = if escaped { ESCAPED } else { 0 };
        Self { name: offset(name), name_len: offset(name_len) | flag, start: offset(start), end: 0, next: 0 }
    }

    /// The value has been read: what is behind it, in the text and among the entries.
    #[inline]
    pub(crate) const fn close(&mut self, end: usize, next: usize) {
        (self.end, self.next) = (offset(end), offset(next));
    }

    /// As [`close`](Self::close).
    #[inline]
    pub(crate) const fn closed(mut self, end: usize, next: usize) -> Self {
        self.close(end, next);
        self
    }

    #[inline]
    pub(crate) const fn is_escaped(self) -> bool {
        self.name_len & ESCAPED != 0
    }

    /// Where the name is.
    #[inline]
    pub(crate) const fn name_range(self) -> std::ops::Range<usize> {
        self.name as usize..self.name as usize + (self.name_len & !ESCAPED) as usize
    }

    /// The same entry in a text that begins elsewhere, among entries that do.
    #[inline]
    pub(crate) const fn moved(self, text: u32, entries: u32) -> Self {
        Self {
            name: self.name.wrapping_add(text),
            name_len: self.name_len,
            start: self.start.wrapping_add(text),
            end: self.end.wrapping_add(text),
            next: self.next.wrapping_add(entries),
        }
    }
}

/// An offset or an index as it is kept.
#[inline]
pub(in crate::engine) const fn offset(at: usize) -> u32 {
    at as u32
}

/// The members of all objects that are not inside an array, each before those of its value. The first few lie on the stack.
pub(in crate::engine) type Tape = SmallVec<[Entry; 26]>;

//! Writing a document: its text and the places of its members in one go.

use std::ops::Range;

use super::{
    index::Index,
    name::Name,
    tape::{Entry, Tape, offset},
    value::Value,
    whole::Document,
};
use crate::engine::{
    Json,
    text::{slice, write_string},
};

/// Writes the text of a document and notes where its members are.
pub(crate) struct Builder {
    text: String,
    entries: Tape,
    /// Whether nothing with an escape has been written.
    is_plain: bool,
}

/// How far a document has been written.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    text: usize,
    entries: usize,
}

impl Builder {
    /// `bytes` is about how long the text gets, and `members` how many members it has.
    pub fn with_capacity(bytes: usize, members: usize) -> Self {
        Self { text: String::with_capacity(bytes), entries: Tape::with_capacity(members), is_plain: true }
    }

    /// A document that is an object with these members.
    pub fn document(bytes: usize, members: usize, write: impl FnOnce(&mut Self)) -> Document<'static> {
        let mut builder = Self::with_capacity(bytes, members);
        builder.object(write);
        builder.finish()
    }

    pub fn finish(self) -> Document<'static> {
        let end = self.text.len();
        Document::written(self.text, 0..end, self.entries, self.is_plain)
    }

    /// An object, whose members `write` writes.
    #[inline]
    pub fn object<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.text.push('{');
        let told = write(self);
        self.text.push('}');
        told
    }

    /// A member, whose value `write` writes.
    #[inline]
    pub fn member<T>(&mut self, name: Name<'_>, write: impl FnOnce(&mut Self) -> T) -> T {
        self.comma();
        self.text.push('"');
        let at = self.text.len();
        self.text.push_str(name.raw);
        self.text.push_str("\":");
        self.is_plain &= !name.escaped;
        let index = self.entries.len();
        self.entries.push(Entry::new(at, name.raw.len(), name.escaped, self.text.len()));
        let told = write(self);
        let (end, next) = (offset(self.text.len()), offset(self.entries.len()));
        if let Some(entry) = self.entries.get_mut(index) {
            entry.end = end;
            entry.next = next;
        }
        told
    }

    /// No value ends in an opening brace, so that it tells whether a member is the first.
    #[inline]
    fn comma(&mut self) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
    }

    /// A member that is a string.
    pub fn string_member(&mut self, name: &'static str, value: &str) {
        self.member(Name::plain(name), |out| out.string(value));
    }

    /// A string.
    pub fn string(&mut self, value: &str) {
        let before = self.text.len();
        write_string(&mut self.text, value);
        self.is_plain &= self.text.len() == before + value.len() + 2;
    }

    /// A value that is not looked into: anything but an object with members.
    pub fn leaf(&mut self, value: &Json<'_>) {
        self.is_plain &= value.is_plain();
        value.write_compact(&mut self.text);
    }

    /// A text that is compact and has neither members nor escapes.
    pub fn fixed(&mut self, text: &'static str) {
        self.text.push_str(text);
    }

    /// A value of another document, with its members.
    pub fn copy(&mut self, value: Value<'_>) {
        if !value.is_object() {
            return self.leaf(&value.to_json());
        }
        if !value.is_compact() {
            return self.object(|out| {
                for (name, value) in value.named() {
                    out.member(name, |out| out.copy(value));
                }
            });
        }
        let by = offset(self.text.len()).wrapping_sub(value.start());
        let (entries, first) = value.subtree();
        self.shift(entries, first, by);
        self.text.push_str(value.text());
        self.is_plain &= value.source().is_plain;
    }

    /// The members of an object, but for those that `takes` asks for: `write` writes what comes in their place, or nothing.
    /// What stands between is copied in one piece.
    #[inline]
    pub fn copy_except<'d, T>(
        &mut self,
        object: Value<'d>,
        mut takes: impl FnMut(Name<'d>, Value<'d>) -> Option<T>,
        mut write: impl FnMut(Name<'d>, Value<'d>, T, &mut Self),
    ) {
        let mut kept = Kept::of(object);
        for (name, value) in object.named() {
            match takes(name, value) {
                Some(taken) => {
                    kept.flush(self);
                    write(name, value, taken, self);
                }
                None => kept.keep(value, self),
            }
        }
        kept.flush(self);
    }

    /// The members of `first` and of `next`, those of `next` in place of those of one name, as far as `takes` takes them.
    pub fn overlay(&mut self, first: Value<'_>, next: Value<'_>, takes: impl Fn(Name<'_>) -> bool) {
        let later = Index::of(next);
        self.copy_except(
            first,
            |name, _| later.get(name).filter(|_| takes(name)),
            |name, _, later, out| out.member(name, |out| out.copy(later)),
        );
        let earlier = Index::of(first);
        let is_new = |name| earlier.get(name).is_none() && takes(name);
        self.copy_except(next, |name, _| (!is_new(name)).then_some(()), |_, _, (), _| {});
    }

    fn shift(&mut self, entries: &[Entry], first: u32, by: u32) {
        let entries_by = offset(self.entries.len()).wrapping_sub(first);
        self.entries.extend(entries.iter().map(|entry| entry.moved(by, entries_by)));
    }

    /// Whether what has been written last is an object without members.
    pub fn ends_empty(&self) -> bool {
        self.text.ends_with("{}")
    }

    pub fn mark(&self) -> Mark {
        Mark { text: self.text.len(), entries: self.entries.len() }
    }

    /// Takes back what has been written since.
    pub fn rewind(&mut self, mark: Mark) {
        self.text.truncate(mark.text);
        self.entries.truncate(mark.entries);
    }
}

/// Members of an object that are copied as they stand: neighbours in one piece, text and places.
pub(crate) struct Kept<'d> {
    object: Value<'d>,
    /// The entries of the members that are still to be copied, and where their text is.
    run: Option<(Range<u32>, Range<u32>)>,
}

impl<'d> Kept<'d> {
    pub fn of(object: Value<'d>) -> Self {
        Self { object, run: None }
    }

    /// Copies a member of the object, sooner or later: at the latest when the run is flushed, which has to be done before
    /// anything else is written.
    #[inline]
    pub fn keep(&mut self, value: Value<'d>, out: &mut Builder) {
        let Some((index, entry)) = self.object.entry(value.index_of()) else { return };
        if !self.object.is_compact() {
            return out.member(self.object.name_of(entry), |out| out.copy(value));
        }
        match &mut self.run {
            Some((entries, text)) if entries.end == index => (entries.end, text.end) = (entry.next, entry.end),
            _ => {
                self.flush(out);
                self.run = Some((index..entry.next, entry.name - 1..entry.end));
            }
        }
    }

    /// Copies what has been kept.
    #[inline]
    pub fn flush(&mut self, out: &mut Builder) {
        let Some((entries, text)) = self.run.take() else { return };
        out.comma();
        let source = self.object.source();
        let by = offset(out.text.len()).wrapping_sub(text.start);
        let range = entries.start as usize..entries.end as usize;
        out.shift(source.entries.get(range).unwrap_or_default(), entries.start, by);
        out.text.push_str(slice(source.text, text.start as usize..text.end as usize));
        out.is_plain &= source.is_plain;
    }
}

impl Document<'_> {
    /// The same value without white space, with the text as its own.
    pub fn compact(&self) -> Document<'static> {
        if self.is_compact() && self.text().len() == self.bytes() {
            return self.clone().into_owned();
        }
        let mut out = Builder::with_capacity(self.text().len(), 0);
        out.copy(self.value());
        out.finish()
    }
}

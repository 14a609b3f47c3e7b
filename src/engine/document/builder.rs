//! Writing a document: its text and the places of its members in one go.

use std::ops::Range;

use super::{
    index::Index,
    name::Name,
    strings::StringSet,
    tape::{Entry, Tape, offset},
    value::Value,
    whole::Document,
};
use crate::engine::{
    Json, Kind,
    text::{slice, write_string, write_text},
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
    #[inline(always)] // As below.
    pub(crate) fn with_capacity(bytes: usize, members: usize) -> Self {
        let mut builder = Self { text: String::with_capacity(bytes), entries: Tape::new(), is_plain: true };
        if members > builder.entries.inline_size() {
            builder.entries.reserve_exact(members);
        }
        builder
    }

    /// A document that is an object with these members.
    #[inline] // A document is large enough that a move of it shows.
    pub(crate) fn document(bytes: usize, members: usize, write: impl FnOnce(&mut Self)) -> Document<'static> {
        let mut builder = Self::with_capacity(bytes, members);
        builder.object(write);
        builder.finish()
    }

    #[inline(always)] // As above.
    pub(crate) fn finish(self) -> Document<'static> {
        let end = self.text.len();
        Document::written(self.text, 0..end, self.entries, self.is_plain)
    }

    /// An object, whose members `write` writes.
    #[inline]
    pub(crate) fn object<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.text.push('{');
        let told = write(self);
        self.text.push('}');
        told
    }

    /// A member, whose value `write` writes.
    #[inline]
    pub(crate) fn member<T>(&mut self, name: Name<'_>, write: impl FnOnce(&mut Self) -> T) -> T {
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

    /// A member whose name is written with the escapes it needs.
    pub(crate) fn member_named<T>(&mut self, name: &str, write: impl FnOnce(&mut Self) -> T) -> T {
        let mut raw = String::with_capacity(name.len());
        write_text(&mut raw, name);
        self.member(Name { raw: &raw, escaped: raw.len() != name.len() }, write)
    }

    /// No value ends in an opening brace, so that it tells whether a member is the first.
    #[inline]
    fn comma(&mut self) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
    }

    /// A member that is a string.
    pub(crate) fn string_member(&mut self, name: &'static str, value: &str) {
        self.member(Name::plain(name), |out| out.string(value));
    }

    /// A string.
    pub(crate) fn string(&mut self, value: &str) {
        let before = self.text.len();
        write_string(&mut self.text, value);
        self.is_plain &= self.text.len() == before + value.len() + 2;
    }

    /// An array of strings, each once.
    pub(crate) fn strings(&mut self, strings: &StringSet<'_>) {
        self.text.push('[');
        let mut separator = "\"";
        strings.for_each(|string| {
            self.text.push_str(separator);
            self.text.push_str(string.raw);
            self.text.push('"');
            self.is_plain &= !string.escaped;
            separator = ",\"";
        });
        self.text.push(']');
    }

    /// A value that is not looked into: anything but an object with members, or any value where the text alone is wanted.
    pub(crate) fn leaf(&mut self, value: &Json<'_>) {
        self.is_plain &= value.is_plain();
        value.write_compact(&mut self.text);
    }

    /// A text that is compact and has neither members nor escapes.
    pub(crate) fn fixed(&mut self, text: &'static str) {
        self.text.push_str(text);
    }

    /// A value of another document, with its members.
    pub(crate) fn copy(&mut self, value: Value<'_>) {
        if !value.is_object() {
            self.is_plain &= value.source().is_plain;
            // Nothing but an array may hold white space between tokens.
            return match value.is_compact() || value.kind() != Kind::Array {
                true => self.text.push_str(value.text()),
                false => value.to_json().write_compact(&mut self.text),
            };
        }
        let Some((entries, first)) = value.subtree().filter(|_| value.is_compact()) else {
            return self.object(|out| {
                for (name, value) in value.named() {
                    out.member(name, |out| out.copy(value));
                }
            });
        };
        let by = offset(self.text.len()).wrapping_sub(value.start());
        self.shift(entries, first, by);
        self.text.push_str(value.text());
        self.is_plain &= value.source().is_plain;
    }

    /// The members of an object, but for those that `takes` asks for: `write` writes what comes in their place, or nothing.
    /// What stands between is copied in one piece.
    #[inline]
    pub(crate) fn copy_except<'d, T>(
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

    /// The members of `first` and of `next`, those of `next` in place of those of one name, as far as `takes` takes them. What is
    /// repeated stays as it is written.
    pub(crate) fn overlay(&mut self, first: Value<'_>, next: Value<'_>, takes: impl Fn(Name<'_>) -> bool) {
        let later = Index::of(next);
        self.copy_except(
            first,
            |name, earlier| later.get(name).filter(|later| takes(name) && *later != earlier),
            |name, _, later, out| out.member(name, |out| out.copy(later)),
        );
        let earlier = Index::of(first);
        let is_new = |name| earlier.get(name).is_none() && takes(name);
        self.copy_except(next, |name, _| (!is_new(name)).then_some(()), |_, _, (), _| {});
    }

    /// Neighbouring members of an object, by their indices and as they stand.
    #[inline]
    pub(crate) fn copy_members(&mut self, object: Value<'_>, members: Range<u32>) {
        if !members.is_empty() {
            self.copy_some(object, members);
        }
    }

    fn copy_some(&mut self, object: Value<'_>, members: Range<u32>) {
        let source = object.source();
        let entries = source.entries().get(members.start as usize..members.end as usize);
        let Some(entries) = entries.filter(|_| source.is_compact) else {
            let mut at = members.start;
            while let Some((name, value)) = object.member(at).filter(|_| at < members.end) {
                self.member(name, |out| out.copy(value));
                at = value.indices().end;
            }
            return;
        };
        self.comma();
        let text = object.text_of(members.clone());
        let by = offset(self.text.len()).wrapping_sub(text.start);
        self.shift(entries, members.start, by);
        self.text.push_str(slice(source.text(), text.start as usize..text.end as usize));
        self.is_plain &= source.is_plain;
    }

    fn shift(&mut self, entries: &[Entry], first: u32, by: u32) {
        let entries_by = offset(self.entries.len()).wrapping_sub(first);
        // Many come at once, and a list that grows by doubling is twice as long.
        if entries.len() > 64 {
            self.entries.reserve_exact(entries.len());
        }
        self.entries.extend(entries.iter().map(|entry| entry.moved(by, entries_by)));
    }

    /// Whether what has been written last is an object without members.
    pub(crate) fn ends_empty(&self) -> bool {
        self.text.ends_with("{}")
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { text: self.text.len(), entries: self.entries.len() }
    }

    /// Takes back what has been written since.
    pub(crate) fn rewind(&mut self, mark: Mark) {
        self.text.truncate(mark.text);
        self.entries.truncate(mark.entries);
    }
}

/// Members of an object that are copied as they stand: neighbours in one piece, text and places.
pub(crate) struct Kept<'d> {
    object: Value<'d>,
    /// The indices of the members that are still to be copied.
    run: Range<u32>,
}

impl<'d> Kept<'d> {
    pub(crate) fn of(object: Value<'d>) -> Self {
        Self { object, run: 0..0 }
    }

    /// Copies a member of the object, sooner or later: at the latest when the run is flushed, which has to be done before
    /// anything else is written.
    #[inline]
    pub(crate) fn keep(&mut self, value: Value<'d>, out: &mut Builder) {
        let (start, end) = (value.index_of(), value.indices().end);
        if self.run.end != start {
            self.flush(out);
            self.run.start = start;
        }
        self.run.end = end;
    }

    /// Copies what has been kept.
    #[inline]
    pub(crate) fn flush(&mut self, out: &mut Builder) {
        out.copy_members(self.object, self.run.clone());
        self.run.start = self.run.end;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::random::{self, document, holds, is_as_read};

    /// What becomes of a member, told by a number for each first byte of a name.
    fn fate(fates: &[u8; 4], name: Name<'_>) -> u8 {
        fates[usize::from(name.decoded().bytes().next().unwrap_or(0)) % 4]
    }

    /// The members as they are written, without white space, in their order.
    fn members(value: Value<'_>) -> Vec<(String, String)> {
        value.named().map(|(name, value)| (name.raw.to_owned(), value.to_json().compact().to_string())).collect()
    }

    fn object(write: impl FnOnce(&mut Builder)) -> Document<'static> {
        let written = Builder::document(0, 0, write);
        is_as_read(&written);
        written
    }

    #[test]
    fn a_copy_is_the_same_value_without_white_space() {
        holds(random::text(), |text| {
            let read = document(&text);
            let mut out = Builder::with_capacity(0, 0);
            out.copy(read.value());
            let copy = out.finish();
            is_as_read(&copy);
            assert_eq!(copy, read);
            assert_eq!(copy.text(), read.value().to_json().compact().text());
            is_as_read(&read.compact());
            assert_eq!(read.compact().text(), copy.text());
            is_as_read(&copy.compact());
            is_as_read(&read.into_owned().compact());
        });
    }

    /// Members of documents, and members of members, some compact and some not, behind each other in one object.
    #[test]
    fn copies_stand_in_one_object() {
        holds((random::text(), random::text(), random::object_text()), |(one, other, third)| {
            let [one, other, third] = [&one, &other, &third].map(|text| document(text));
            let written = object(|out| {
                out.member(Name::plain("one"), |out| out.copy(one.value()));
                out.member(Name { raw: "\\u006fther", escaped: true }, |out| {
                    out.object(|out| {
                        out.string_member("string", "é\n");
                        out.member(Name::plain("inside"), |out| out.copy(other.value()));
                        for (name, value) in third.value().named() {
                            out.member(name, |out| out.copy(value));
                        }
                        let leaf = if one.value().is_empty() { one.value().to_json() } else { Json::null() };
                        out.member(Name::plain("leaf"), |out| out.leaf(&leaf));
                    });
                });
                out.member(Name::plain("last"), |out| out.fixed("null"));
            });
            assert_eq!(written.value().get("one"), Some(one.value()));
            assert_eq!(written.value().at(&["other", "inside"]), Some(other.value()));
            if one.value().is_empty() {
                assert_eq!(written.value().at(&["other", "leaf"]), Some(one.value()));
            }
            assert_eq!(written.value().get("other").unwrap().len(), third.value().len() + 3);
        });
    }

    #[test]
    fn members_are_copied_but_for_some() {
        holds((random::object_text(), random::text(), any::<[u8; 4]>()), |(text, instead, fates)| {
            let (read, instead) = (document(&text), document(&instead));
            // First a member of its own, so that no run of copied members is the beginning of the object.
            for first in [false, true] {
                let written = object(|out| {
                    if first {
                        out.string_member("first", "");
                    }
                    out.copy_except(
                        read.value(),
                        |name, _| (fate(&fates, name) % 4 < 2).then_some(fate(&fates, name) % 4),
                        |name, _, fate, out| {
                            if fate == 0 {
                                out.member(name, |out| out.copy(instead.value()));
                            }
                        },
                    );
                });
                let mut expected = members(read.value());
                expected.retain(|(name, _)| fate(&fates, written_name(name)) % 4 != 1);
                for (name, value) in &mut expected {
                    if fate(&fates, written_name(name)).is_multiple_of(4) {
                        *value = instead.value().to_json().compact().to_string();
                    }
                }
                assert_eq!(members(written.value())[usize::from(first)..], expected);
            }
        });
    }

    fn written_name(raw: &str) -> Name<'_> {
        Name { raw, escaped: raw.contains('\\') }
    }

    #[test]
    fn the_later_of_two_members_of_one_name_stands_in_place_of_the_earlier() {
        holds((random::object_text(), random::object_text(), any::<[u8; 4]>()), |(first, next, fates)| {
            let (first, next) = (document(&first), document(&next));
            let takes = |name: Name<'_>| !fate(&fates, name).is_multiple_of(3);
            let written = object(|out| out.overlay(first.value(), next.value(), takes));
            let later = |name: Name<'_>| next.value().find(name).filter(|_| takes(name));
            let text = |value: Value<'_>| value.to_json().compact().to_string();
            let stay =
                first.value().named().map(|(name, value)| (name.raw.to_owned(), text(later(name).unwrap_or(value))));
            let come = next.value().named().filter(|&(name, _)| takes(name) && first.value().find(name).is_none());
            let come = come.map(|(name, value)| (name.raw.to_owned(), text(value)));
            assert_eq!(members(written.value()), stay.chain(come).collect::<Vec<_>>());
        });
    }

    #[test]
    fn what_is_taken_back_leaves_nothing() {
        holds((random::object_text(), random::text()), |(kept, dropped)| {
            let (kept, dropped) = (document(&kept), document(&dropped));
            let written = object(|out| {
                for (at, (name, value)) in kept.value().named().enumerate() {
                    let mark = out.mark();
                    out.member(Name::plain("dropped"), |out| out.copy(dropped.value()));
                    out.member(Name::plain("too"), |out| {
                        out.object(|out| out.copy_except(kept.value(), |_, _| None::<()>, |_, _, (), _| {}))
                    });
                    out.rewind(mark);
                    out.member(name, |out| out.copy(value));
                    let mark = out.mark();
                    if at % 2 == 0 {
                        out.member(Name::plain("dropped"), |out| out.copy(dropped.value()));
                    }
                    out.rewind(mark);
                }
            });
            assert_eq!(members(written.value()), members(kept.value()));
        });
    }

    #[test]
    fn an_empty_object_is_known_by_its_end() {
        let mut out = Builder::with_capacity(0, 0);
        out.object(|out| {
            out.member(Name::plain("a"), |out| out.fixed("{}"));
            assert!(out.ends_empty());
            out.string_member("b", "{}");
            assert!(!out.ends_empty());
            out.member(Name::plain("c"), |out| out.object(|_| {}));
            assert!(out.ends_empty());
        });
        assert!(!out.ends_empty());
        let written = out.finish();
        is_as_read(&written);
        assert_eq!(written.text(), r#"{"a":{},"b":"{}","c":{}}"#);
        is_as_read(&Document::empty());
    }

    /// A string that is handed out unescaped where nothing with an escape was written.
    #[test]
    fn escapes_are_known_however_they_came_in() {
        let escaped = document(r#"{"a":"\n","\u0062":"c"}"#);
        let (escaped_strings, strings) = (document(r#"["a","\u0062","a"]"#), document(r#"["a","b","a"]"#));
        let written: [&dyn Fn(&mut Builder); 6] = [
            &|out| out.copy(escaped.value()),
            &|out| out.strings(&StringSet::of(Some(escaped_strings.value()))),
            &|out| out.string("\n"),
            &|out| out.leaf(&escaped.value().get("a").unwrap().to_json()),
            &|out| out.object(|out| out.member(written_name("\\u0062"), |out| out.string("c"))),
            &|out| out.object(|out| out.copy_except(escaped.value(), |_, _| None::<()>, |_, _, (), _| {})),
        ];
        for write in written {
            let written = object(|out| {
                out.string_member("plain", "a");
                out.member(Name::plain("escaped"), write);
            });
            assert!(!written.is_plain());
            assert_eq!(written.value().get("plain").unwrap().as_str().unwrap(), "a");
        }
        let named = object(|out| {
            out.member_named("a\"é\n", |out| out.fixed("1"));
            out.member_named("😀/", |out| out.fixed("2"));
        });
        assert_eq!(named.text(), r#"{"a\"é\n":1,"😀/":2}"#);
        let plain = object(|out| {
            out.member_named("/", |out| out.fixed("[]"));
            out.string_member("é", "😀/");
            out.member(Name::plain("a"), |out| out.strings(&StringSet::of(Some(strings.value()))));
            out.member(Name::plain("b"), |out| out.copy(document(r#"{"c":["d"]}"#).value()));
        });
        assert!(plain.is_plain());
    }
}

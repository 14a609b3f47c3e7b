//! Changing members of a document where it stands: what is not touched is not looked at. Its text is copied in one piece with
//! that of its neighbours, and its entries are moved.

use std::{borrow::Cow, mem};

use super::{
    builder::Builder,
    name::Name,
    tape::{Entry, Tape, offset},
    value::Value,
    whole::Document,
};
use crate::engine::text::slice;

/// A document of which members change, one after the other in the order in which they stand. Indices and offsets are those that
/// they had before, in the whole of it.
pub(crate) struct Changing<'d> {
    document: &'d mut Document<'static>,
    /// The text as it was, and how much of it is over.
    old: Cow<'static, str>,
    from: u32,
    /// The text as it becomes.
    new: String,
    /// The entries as they become are before `written`, those as they were from `read` on. Between them is room.
    written: u32,
    read: u32,
    /// How many entries room has been made for.
    room: u32,
}

/// For up to this many entries no room is made before they come.
const FEW: usize = 8;

/// Where an object ends: the index behind those of its members, and the offset of the closing brace.
#[derive(Clone, Copy)]
pub(crate) struct End {
    pub(crate) index: u32,
    text: u32,
}

impl Document<'static> {
    /// Changes members of an object without white space. `bytes` is about how much longer its text gets, and `entries` how many
    /// members come to it at most: each that comes beyond that moves all that stand behind it.
    #[inline]
    pub(crate) fn change(&mut self, bytes: usize, entries: usize, change: impl FnOnce(&mut Changing<'_>, End)) {
        let end = End { index: offset(self.places()), text: self.end() - 1 };
        let old = mem::take(self.text_mut());
        let new = String::with_capacity(old.len() + bytes);
        let mut changing = Changing { document: self, old, from: 0, new, written: 0, read: 0, room: 0 };
        // A few are let in one by one.
        if entries > FEW {
            changing.make_room(entries);
        }
        change(&mut changing, end);
        changing.finish();
    }
}

impl Changing<'_> {
    /// Puts a value in the place of that of a member. Gives the index behind those of the member.
    #[inline]
    pub(crate) fn replace(&mut self, at: u32, value: Value<'_>) -> u32 {
        self.settle(at);
        let Some(old) = self.entry(at) else { return at };
        self.copy_until(old.start);
        let entry = old.moved(self.by(), 0);
        (self.from, self.read) = (old.end, old.next + self.room);
        self.put(entry, value);
        old.next
    }

    /// Takes away a member of an object that ends there. The rest is as with [`replace`](Self::replace).
    pub(crate) fn remove(&mut self, at: u32, end: End) -> u32 {
        self.settle(at);
        let Some(old) = self.entry(at) else { return at };
        self.copy_until(old.name - 1);
        self.from = match self.entry(old.next).filter(|next| next.name < end.text) {
            // With the comma between them.
            Some(next) => next.name - 1,
            None => {
                if self.new.ends_with(',') {
                    self.new.pop();
                }
                end.text
            }
        };
        self.read = old.next + self.room;
        old.next
    }

    /// Puts a new member into an object that ends there, before the member of this index or behind all of them.
    pub(crate) fn insert(&mut self, at: u32, end: End, name: Name<'_>, value: Value<'_>) {
        self.settle(at);
        let next = self.entry(at).filter(|next| next.name < end.text);
        self.begin(next.map_or(end.text, |next| next.name - 1), next.is_none());
        self.new.push('"');
        let start = self.new.len();
        self.new.push_str(name.raw);
        self.new.push_str("\":");
        self.put(Entry::new(start, name.raw.len(), name.escaped, self.new.len()), value);
        self.document.note_escapes(!name.escaped);
        if next.is_some() {
            self.new.push(',');
        }
    }

    /// Puts members of another document behind all of an object that ends there: neighbours, from one to another.
    pub(crate) fn append(&mut self, end: End, of: Value<'_>, first: u32, last: u32) {
        let source = of.source();
        let Some((_, last)) = of.member(last) else { return };
        let behind = last.indices().end;
        if !source.is_compact {
            let mut at = first;
            while let Some((name, value)) = of.member(at).filter(|_| at < behind) {
                self.insert(end.index, end, name, value);
                at = value.indices().end;
            }
            return;
        }
        self.settle(end.index);
        self.begin(end.text, true);
        let entries = source.entries().get(first as usize..behind as usize).unwrap_or_default();
        let start = entries.first().map_or(0, |first| first.name - 1);
        self.make_room(entries.len());
        self.write(entries, offset(self.new.len()).wrapping_sub(start), first);
        self.new.push_str(slice(source.text(), start as usize..last.end() as usize));
        self.document.note_escapes(source.is_plain);
    }

    /// Changes members of the object that a member is.
    pub(crate) fn inside(&mut self, at: u32, change: impl FnOnce(&mut Self, End)) {
        self.settle(at);
        let Some(old) = self.entry(at) else { return };
        self.settle(at + 1);
        let place = self.written as usize - 1;
        change(self, End { index: old.next, text: old.end - 1 });
        self.settle(old.next);
        let (end, next) = (old.end.wrapping_add(self.by()), self.written);
        if let Some(entry) = self.tape().get_mut(place) {
            entry.close(end as usize, next as usize);
        }
    }

    /// A new member follows: before another one, or behind all.
    fn begin(&mut self, place: u32, is_last: bool) {
        self.copy_until(place);
        if is_last && !self.new.ends_with('{') {
            self.new.push(',');
        }
    }

    /// Writes the value of a member, and its entries.
    #[inline]
    fn put(&mut self, entry: Entry, value: Value<'_>) {
        if !value.is_empty() || !value.is_compact() && value.is_container() {
            return self.put_container(entry, value);
        }
        self.make_room(1);
        self.new.push_str(value.text());
        self.written += 1;
        let (end, next) = (self.new.len(), self.written as usize);
        if let Some(room) = self.tape().get_mut(next - 1) {
            *room = entry.closed(end, next);
        }
        self.document.note_escapes(value.source().is_plain);
    }

    fn put_container(&mut self, entry: Entry, value: Value<'_>) {
        if !value.is_compact() {
            let mut out = Builder::with_capacity(value.text().len(), 0);
            out.copy(value);
            return self.put(entry, out.finish().value());
        }
        let (entries, first) = value.subtree().unwrap_or_default();
        self.make_room(1 + entries.len());
        let (place, by) = (self.written as usize, offset(self.new.len()).wrapping_sub(value.start()));
        self.written += 1;
        self.write(entries, by, first);
        self.new.push_str(value.text());
        let (end, next) = (self.new.len(), self.written as usize);
        if let Some(room) = self.tape().get_mut(place) {
            *room = entry.closed(end, next);
        }
        self.document.note_escapes(value.source().is_plain);
    }

    /// Writes entries of another document, the first of which has this index there, and whose text comes `by` bytes later.
    fn write(&mut self, entries: &[Entry], by: u32, first: u32) {
        let (written, entries_by) = (self.written as usize, self.written.wrapping_sub(first));
        if let Some(room) = self.tape().get_mut(written..written + entries.len()) {
            room.iter_mut().zip(entries).for_each(|(room, entry)| *room = entry.moved(by, entries_by));
        }
        self.written += offset(entries.len());
    }

    fn tape(&mut self) -> &mut Tape {
        self.document.entries()
    }

    /// An entry as it was.
    fn entry(&self, at: u32) -> Option<Entry> {
        self.document.source().entries().get((at + self.room) as usize).copied()
    }

    /// What the text has grown by, modulo 2^32.
    fn by(&self) -> u32 {
        offset(self.new.len()).wrapping_sub(self.from)
    }

    /// Room for so many entries.
    #[inline]
    fn make_room(&mut self, entries: usize) {
        let there = (self.read - self.written) as usize;
        if entries > there {
            self.make_more_room(entries - there);
        }
    }

    fn make_more_room(&mut self, entries: usize) {
        let (tape, at) = (self.document.entries(), self.written as usize);
        tape.reserve_exact(entries);
        tape.insert_many(at, std::iter::repeat_n(Entry::new(0, 0, false, 0), entries));
        self.read += offset(entries);
        self.room += offset(entries);
    }

    /// Moves the entries before this one to where they are by now.
    #[inline]
    fn settle(&mut self, at: u32) {
        if self.read < at + self.room {
            self.settle_more(at);
        }
    }

    fn settle_more(&mut self, at: u32) {
        let (from, to, written) = (self.read as usize, (at + self.room) as usize, self.written as usize);
        let (by, entries_by) = (self.by(), self.written.wrapping_add(self.room).wrapping_sub(self.read));
        let tape = self.tape();
        if tape.len() < to {
            return;
        }
        if from > written {
            tape.copy_within(from..to, written);
        }
        if by != 0 || entries_by != 0 {
            let moved = tape.get_mut(written..written + to - from).unwrap_or_default();
            moved.iter_mut().for_each(|entry| *entry = entry.moved(by, entries_by));
        }
        self.written += offset(to - from);
        self.read = offset(to);
    }

    /// Copies the text up to an offset as it was.
    fn copy_until(&mut self, to: u32) {
        self.new.push_str(slice(&self.old, self.from as usize..to as usize));
        self.from = to;
    }

    fn finish(mut self) {
        let end = offset(self.tape().len()) - self.room;
        self.settle(end);
        self.copy_until(offset(self.old.len()));
        let written = self.written as usize;
        self.tape().truncate(written);
        self.document.is_rewritten(self.new);
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::engine::random::{self, document, holds, is_as_read};

    /// Changes members as `fates` say, and writes how the object is to look.
    fn change(
        object: Value<'_>,
        (other, more): (Value<'_>, Value<'_>),
        fates: &mut impl Iterator<Item = u8>,
        (out, end): (&mut Changing<'_>, End),
    ) -> String {
        let other_text = other.to_json().compact().to_string();
        let mut members = Vec::new();
        for (name, value) in object.named() {
            let (at, behind) = (value.index_of(), value.indices().end);
            let fate = fates.next().unwrap();
            if fate & 8 != 0 {
                let new = if fate & 16 != 0 { format!("\\u006eew{at}") } else { format!("new{at}") };
                out.insert(at, end, Name { raw: &new, escaped: fate & 16 != 0 }, other);
                members.push(format!("\"{new}\":{other_text}"));
            }
            match fate % 8 {
                0 => {
                    assert_eq!(out.remove(at, end), behind);
                    continue;
                }
                1 | 2 => {
                    assert_eq!(out.replace(at, other), behind);
                    members.push(format!("\"{}\":{other_text}", name.raw));
                }
                3..=5 if value.is_object() => {
                    let mut inside = String::new();
                    out.inside(at, |out, end| inside = change(value, (other, more), fates, (out, end)));
                    members.push(format!("\"{}\":{inside}", name.raw));
                }
                _ => members.push(format!("\"{}\":{}", name.raw, value.text())),
            }
        }
        let indices: Vec<_> = more.named().map(|(_, value)| value.index_of()).collect();
        let (first, last) = (usize::from(fates.next().unwrap()), usize::from(fates.next().unwrap()));
        let (first, last) = (first % (2 * indices.len()), last % indices.len());
        if first <= last {
            out.append(end, more, indices[first], indices[last]);
            let taken = more.named().skip(first).take(last - first + 1);
            members.extend(taken.map(|(name, value)| format!("\"{}\":{}", name.raw, value.to_json().compact().text())));
        }
        format!("{{{}}}", members.join(","))
    }

    /// Of objects with white space and without, at all depths, with and without room for what comes in.
    #[test]
    fn what_changes_is_written_and_all_else_stays() {
        let fates = prop_oneof![vec(any::<u8>(), 1..40), vec(mostly_nothing(), 1..40)];
        holds((random::object_text(), random::text(), random::text(), fates, 0..40_usize), |inputs| {
            let (text, other, inside, fates, room) = inputs;
            let before = document(&text).compact();
            let more = format!(r#"{{ "more" : {inside}, "m\u006fre2":{inside},"more3":[ {inside}] }}"#);
            let (other, spaced) = (document(&other), document(&more));
            let compact = spaced.compact();
            for more in [&spaced, &compact] {
                let (mut after, mut expected) = (before.clone(), String::new());
                after.change(0, room, |out, end| {
                    let mut fates = fates.iter().copied().cycle();
                    expected = change(before.value(), (other.value(), more.value()), &mut fates, (out, end));
                });
                assert_eq!(after.text(), expected, "{before} with {other}");
                is_as_read(&after);
            }
        });
    }

    /// Mostly nothing happens to a member.
    fn mostly_nothing() -> impl Strategy<Value = u8> {
        prop_oneof![4 => Just(7), 1 => any::<u8>()]
    }

    #[test]
    fn members_come_and_go_wherever_they_stand() {
        let one = document("1");
        let put = |at: u32, name: &'static str| {
            move |out: &mut Changing<'_>, end: End| out.insert(at, end, Name::plain(name), document("1").value())
        };
        let becomes = |before: &str, change: &dyn Fn(&mut Changing<'_>, End), after: &str| {
            let mut changed = document(before).into_owned();
            changed.change(0, 0, change);
            assert_eq!(changed.text(), after, "{before}");
            is_as_read(&changed);
        };
        becomes("{}", &|_, _| {}, "{}");
        becomes("{}", &put(0, "a"), r#"{"a":1}"#);
        becomes(r#"{"b":2}"#, &put(0, "a"), r#"{"a":1,"b":2}"#);
        becomes(r#"{"b":2}"#, &put(1, "c"), r#"{"b":2,"c":1}"#);
        becomes(r#"{"b":{"x":0},"d":2}"#, &put(2, "c"), r#"{"b":{"x":0},"c":1,"d":2}"#);
        for (gone, left) in [
            (vec![0], r#"{"b":2,"c":3}"#),
            (vec![1], r#"{"a":{},"c":3}"#),
            (vec![2], r#"{"a":{},"b":2}"#),
            (vec![0, 1], r#"{"c":3}"#),
            (vec![1, 2], r#"{"a":{}}"#),
            (vec![0, 1, 2], "{}"),
        ] {
            let remove = |out: &mut Changing<'_>, end: End| gone.iter().for_each(|&at| _ = out.remove(at, end));
            becomes(r#"{"a":{},"b":2,"c":3}"#, &remove, left);
        }
        let all_new = |out: &mut Changing<'_>, end: End| {
            out.remove(0, end);
            out.insert(1, end, Name::plain("x"), one.value());
        };
        becomes(r#"{"a":1}"#, &all_new, r#"{"x":1}"#);
        becomes(r#"{"a":1,"b":2}"#, &all_new, r#"{"x":1,"b":2}"#);
    }

    /// A string is handed out unescaped where nothing with an escape came in.
    #[test]
    fn escapes_are_known_however_they_come_in() {
        let (plain, escaped) = (document(r#"{"b":"c"}"#), document(r#"{"b":"\n"}"#));
        for (raw, value, is_plain) in [("a", &plain, true), ("\\u0061", &plain, false), ("a", &escaped, false)] {
            let mut changed = document("{}").into_owned();
            changed.change(0, 0, |out, end| out.insert(0, end, Name { raw, escaped: raw != "a" }, value.value()));
            assert_eq!(changed.is_plain(), is_plain, "{changed}");
            assert_eq!(changed.value().at(&["a", "b"]), value.value().get("b"));
        }
    }

    /// What is not there changes nothing.
    #[test]
    fn an_index_behind_all_members_is_none() {
        let mut document = document(r#"{"a":{"b":1}}"#).into_owned();
        let before = document.clone();
        document.change(0, 0, |out, end| {
            assert_eq!((out.replace(2, before.value()), out.remove(2, end)), (2, 2));
            out.inside(2, |_, _| panic!("there is no such member"));
        });
        assert_eq!(document.text(), before.text());
        is_as_read(&document);
    }
}

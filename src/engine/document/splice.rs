//! What changes of an object, put into a text of it that is written in another way.

use std::ops::Range;

use super::{index::Finder, name::Name, value::Value};
use crate::engine::text::slice;

/// How a stored text stands to what was read from it.
pub(crate) struct Splice {
    /// The name under which a member was read.
    pub(crate) read_as: fn(Name<'_>) -> Name<'_>,
    /// Whether an object that changes is changed inside, and not replaced.
    pub(crate) inside: bool,
    /// The path of a member that is in no text that is written.
    pub(crate) never: &'static [&'static str],
}

impl Splice {
    /// The text `stored`, from which `before` was read, after the change from `before` to `after`. What is the same in both stays
    /// as it stands, byte for byte, and what is in neither too; what is new comes last in its object.
    pub(crate) fn text(&self, stored: Value<'_>, before: Value<'_>, after: Value<'_>) -> String {
        // Escapes and white space are in the stored text, so that it is not shorter than what was read from it.
        let text = stored.source().text();
        let mut out = String::with_capacity(text.len() + after.text().len().saturating_sub(before.text().len()));
        out.push_str(slice(text, 0..stored.start() as usize));
        self.write(stored, before, after, self.never, &mut out);
        out.push_str(slice(text, stored.end() as usize..text.len()));
        out
    }

    fn write(&self, stored: Value<'_>, before: Value<'_>, after: Value<'_>, never: &[&str], out: &mut String) {
        let text = stored.source().text();
        let copy = |range: Range<usize>, out: &mut String| out.push_str(slice(text, range));
        let (mut was, mut is) = (Finder::of(before), Finder::of(after));
        // The members of `after` that are in the text, by their indices.
        let mut there = Vec::new();
        // Up to where the text has been copied or left out; behind the last member that stays, and behind the last one.
        let (mut at, mut kept, mut last) = (stored.start() as usize, None, stored.start() as usize + 1);
        // Whether all members so far have gone, so that what separates them from the next one goes too.
        let mut is_led = false;
        for (index, entry) in stored.entries() {
            let Some((name, value)) = stored.member(index) else { break };
            let (quote, start, end) = (entry.name as usize - 1, entry.start as usize, entry.end as usize);
            last = end;
            if is_led && kept.is_none() {
                at = quote;
            }
            let never = match never {
                [first, rest @ ..] if name == **first => Some(rest),
                _ => None,
            };
            let read_as = (self.read_as)(name);
            let (old, new) = (was.get(read_as), is.get(read_as));
            if old.is_some() && new.is_none() || never.is_some_and(<[_]>::is_empty) {
                match kept {
                    // What separates it from the one before goes with it.
                    Some(kept) if at <= kept => copy(at..kept, out),
                    Some(_) => {}
                    None if is_led => {}
                    None => {
                        copy(at..quote, out);
                        is_led = true;
                    }
                }
                at = end;
                continue;
            }
            if let Some(new) = new {
                there.push(new.index_of());
                let are_objects = |old: &Value<'_>| old.is_object() && new.is_object() && value.is_object();
                match old.filter(|old| self.inside && are_objects(old)) {
                    // Not compared first: what is deep inside would be compared once a level.
                    Some(old) => {
                        copy(at..start, out);
                        self.write(value, old, new, never.unwrap_or(&[]), out);
                        at = end;
                    }
                    None if old.is_some_and(|old| old.is_written_as(new)) => {}
                    None => {
                        copy(at..start, out);
                        out.push_str(new.text());
                        at = end;
                    }
                }
            }
            kept = Some(end);
        }
        match kept {
            Some(kept) if at <= kept => copy(at..kept, out),
            None if !is_led => copy(at..last, out),
            Some(_) | None => {}
        }
        there.sort_unstable();
        let mut separator = if kept.is_some() { separator(stored) } else { "" };
        for (name, new) in after.named().filter(|(_, new)| there.binary_search(&new.index_of()).is_err()) {
            out.push_str(separator);
            out.push('"');
            out.push_str(name.raw);
            out.push_str("\":");
            out.push_str(new.text());
            separator = self::separator(stored);
        }
        copy(last..stored.end() as usize, out);
    }
}

/// The longest text, in bytes, that is put between new members as it stands between others: an object of many members is not
/// to be many times as long as they are.
const SEPARATOR_MOST: usize = 16;

/// What stands between the first two members of an object, as it may stand between others.
fn separator<'d>(object: Value<'d>) -> &'d str {
    let mut entries = object.entries().map(|(_, entry)| entry);
    let between = match (entries.next(), entries.next()) {
        (Some(first), Some(next)) => slice(object.source().text(), first.end as usize..next.name as usize - 1),
        _ => ",",
    };
    if between.len() <= SEPARATOR_MOST { between } else { "," }
}

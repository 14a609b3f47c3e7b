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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::random::{self, document, holds};

    const AS_IT_IS: fn(Name<'_>) -> Name<'_> = |name| name;
    const WHOLE: Splice = Splice { read_as: AS_IT_IS, inside: false, never: &[] };
    const INSIDE: Splice = Splice { read_as: AS_IT_IS, inside: true, never: &[] };

    #[track_caller]
    fn becomes(splice: &Splice, stored: &str, after: &str, expected: &str) {
        let (read, after) = (document(stored), document(after));
        assert_eq!(splice.text(read.value(), read.value(), after.value()), expected);
    }

    #[test]
    fn what_is_stored_becomes_what_is_there_afterwards() {
        holds((random::two_objects(), random::object_text()), |((stored, after), other)| {
            let stored = document(&stored);
            for after in [document(&after), document(&other)] {
                for splice in [WHOLE, INSIDE] {
                    let text = splice.text(stored.value(), stored.value(), after.value());
                    assert_eq!(document(&text), after, "{stored} and {after} make {text}");
                }
            }
            for splice in [WHOLE, INSIDE] {
                let text = splice.text(stored.value(), stored.value(), stored.value());
                assert_eq!(text.trim(), stored.text());
            }
        });
    }

    /// A member that is in neither stays, one that was read and is there no more goes, each other one is as it is afterwards.
    #[test]
    fn what_was_not_read_stays() {
        holds((random::two_objects(), any::<u8>()), |((stored, after), unread)| {
            let (stored, after) = (document(&stored), document(&after));
            let is_read = |at: usize| unread >> (at % 8) & 1 == 0;
            let members: Vec<_> = stored.value().named().enumerate().collect();
            let read = members.iter().filter(|(at, _)| is_read(*at));
            let read: Vec<_> = read.map(|(_, (name, value))| format!("\"{}\":{value}", name.raw())).collect();
            let read = format!("{{{}}}", read.join(","));
            let text = WHOLE.text(stored.value(), document(&read).value(), after.value());
            let made = document(&text);
            for (at, (name, value)) in members {
                let expected = after.value().find(name).or((!is_read(at)).then_some(value));
                assert_eq!(made.value().find(name), expected, "{stored}, read as {read}, and {after} make {text}");
            }
            let come = after.value().named().filter(|&(name, _)| stored.value().find(name).is_none()).count();
            let stay = stored.value().named().filter(|&(name, _)| made.value().find(name).is_some()).count();
            assert_eq!(made.value().len(), come + stay);
        });
    }

    #[test]
    fn what_stays_stays_to_the_letter() {
        let stored = r#" { "a" : 1.0 ,  "b":[ 1 ] , "c": { "d" : 1 } } "#;
        for splice in [WHOLE, INSIDE] {
            becomes(&splice, stored, r#"{"a":1.0,"b":[ 1 ],"c":{ "d" : 1 }}"#, stored);
            becomes(&splice, stored, r#"{"b":[ 1 ],"c":{ "d" : 1 }}"#, r#" { "b":[ 1 ] , "c": { "d" : 1 } } "#);
            becomes(&splice, stored, r#"{"a":1.0,"c":{ "d" : 1 }}"#, r#" { "a" : 1.0 , "c": { "d" : 1 } } "#);
            becomes(&splice, stored, r#"{"a":1.0,"b":[ 1 ]}"#, r#" { "a" : 1.0 ,  "b":[ 1 ] } "#);
            becomes(&splice, stored, r#"{"c":{ "d" : 1 }}"#, r#" { "c": { "d" : 1 } } "#);
            becomes(&splice, stored, r#"{"a":1.0}"#, r#" { "a" : 1.0 } "#);
            becomes(&splice, stored, r#"{"b":[ 1 ]}"#, r#" { "b":[ 1 ] } "#);
            becomes(&splice, stored, r#"{"a":2}"#, r#" { "a" : 2 } "#);
            becomes(&splice, stored, r#"{"a":1.0,"e":2,"f":[3]}"#, r#" { "a" : 1.0 ,  "e":2 ,  "f":[3] } "#);
            becomes(&splice, "{}", r#"{"a":1}"#, r#"{"a":1}"#);
            becomes(&splice, "{ }", r#"{"a":1,"b":2}"#, r#"{"a":1,"b":2 }"#);
            becomes(&splice, r#"{"a":1}"#, r#"{"b":1}"#, r#"{"b":1}"#);
            becomes(&splice, r#"{"a":1}"#, r#"{"a":1,"b":1}"#, r#"{"a":1,"b":1}"#);
        }
        becomes(&INSIDE, stored, r#"{"c":{"d":2,"e":3}}"#, r#" { "c": { "d" : 2,"e":3 } } "#);
        becomes(&WHOLE, stored, r#"{"c":{"d":2,"e":3}}"#, r#" { "c": {"d":2,"e":3} } "#);
    }

    /// What stands between members is put between new ones as well, unless there is much of it.
    #[test]
    fn long_separators_are_not_repeated() {
        for (spaces, is_repeated) in [(0, true), (15, true), (16, false), (100, false)] {
            let space = " ".repeat(spaces);
            let stored = format!(r#"{{"a":1,{space}"b":2}}"#);
            let separator = if is_repeated { format!(",{space}") } else { ",".to_owned() };
            let expected = format!(r#"{{"a":1,{space}"b":2{separator}"c":3}}"#);
            becomes(&WHOLE, &stored, r#"{"a":1,"b":2,"c":3}"#, &expected);
        }
    }

    #[test]
    fn what_is_never_written_goes_wherever_it_stands() {
        let splice = Splice { never: &["in", "secret"], ..INSIDE };
        for (stored, expected) in [
            (r#"{"in":{"secret":1}}"#, r#"{"in":{}}"#),
            (r#"{"in":{"a":0,"secret":1},"secret":2}"#, r#"{"in":{"a":0},"secret":2}"#),
            (r#"{"secret":{"in":1},"in":{"secret":1,"a":0}}"#, r#"{"secret":{"in":1},"in":{"a":0}}"#),
            (r#"{"a":{"secret":1},"in":{"in":{"secret":1}}}"#, r#"{"a":{"secret":1},"in":{"in":{"secret":1}}}"#),
            (r#"{"in":{"\u0073ecret":1}}"#, r#"{"in":{}}"#),
        ] {
            // It is not read either, so that it is in no user.
            let (stored, read) = (document(stored), document(expected));
            assert_eq!(splice.text(stored.value(), read.value(), read.value()), expected);
        }
        let stored = document(r#"{"a":{"b":0,"secret":1},"in":{"secret":2}}"#);
        let read = document(r#"{"a":{"b":0},"in":{}}"#);
        let text = splice.text(stored.value(), read.value(), read.value());
        assert_eq!(text, r#"{"a":{"b":0,"secret":1},"in":{}}"#);
    }

    #[test]
    fn a_member_may_be_read_under_another_name() {
        let splice = Splice { read_as: |name| if name == *"old" { Name::plain("new") } else { name }, ..WHOLE };
        let stored = document(r#"{ "old" : 1, "b" : 2 }"#);
        let (before, after) = (document(r#"{"new":1,"b":2}"#), document(r#"{"new":3,"b":2}"#));
        assert_eq!(splice.text(stored.value(), before.value(), after.value()), r#"{ "old" : 3, "b" : 2 }"#);
        let after = document(r#"{"b":2}"#);
        assert_eq!(splice.text(stored.value(), before.value(), after.value()), r#"{ "b" : 2 }"#);
    }
}

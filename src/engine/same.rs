//! Whether two texts are the same JSON value.

use std::borrow::Cow;

use super::text::{Unescaped, slice, string_end, unescape};

/// Whether two well-formed texts are one value: whatever the order of members, white space, or the spelling of strings.
///
/// Both are walked once, in step. Where two objects have different names at one place, their digests tell whether the
/// difference is more than one of order; only then are the ends of all containers noted, so that no level looks again
/// through what is below it.
pub(super) fn same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let is_container = |text: &str| text.starts_with(['{', '[']);
    if !is_container(one) || !is_container(other) {
        return same_scalar(one, other);
    }
    match in_step(&mut Walk(one, 0), &mut Walk(other, 0)) {
        Step::Same => true,
        Step::Different => false,
        Step::OtherOrder if digest(&mut Walk(one, 0)) != digest(&mut Walk(other, 0)) => false,
        Step::OtherOrder => Pair { one: Ends::of(one), other: Ends::of(other) }.same(0, 0).is_some(),
    }
}

/// What two values that are walked at once are.
pub(super) enum Step {
    Same,
    Different,
    /// The members of two objects come in different orders, or are different.
    OtherOrder,
}

/// A text and how far it has been walked.
struct Walk<'t>(&'t str, usize);

impl<'t> Walk<'t> {
    fn token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.0.as_bytes().get(self.1) {
            self.1 += 1;
        }
        self.0.as_bytes().get(self.1).copied()
    }

    /// Passes over a punctuation mark, and tells whether it was there.
    fn take(&mut self, mark: u8) -> bool {
        let is_there = self.token() == Some(mark);
        self.1 += usize::from(is_there);
        is_there
    }

    /// The next scalar: a string with its quotes, a number or a literal.
    fn scalar(&mut self) -> &'t str {
        self.token();
        let start = self.1;
        self.1 = scalar_end(self.0.as_bytes(), start);
        slice(self.0, start..self.1)
    }
}

/// The offset behind the scalar that begins at `at`.
fn scalar_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'"') => string_end(bytes, at),
        _ => {
            let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b':' | b' ' | b'\n' | b'\r' | b'\t');
            let rest = bytes.get(at..).unwrap_or_default();
            at + rest.iter().position(ends).unwrap_or(rest.len())
        }
    }
}

/// Whether two scalars are one value: strings by what they stand for, numbers as they are written.
fn same_scalar(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    match (inside(one), inside(other)) {
        (Some(one), Some(other)) => Unescaped::of(one).eq(Unescaped::of(other)),
        _ => false,
    }
}

/// What stands between the quotes of a string.
fn inside(string: &str) -> Option<&str> {
    string.strip_prefix('"')?.strip_suffix('"')
}

fn in_step(one: &mut Walk<'_>, other: &mut Walk<'_>) -> Step {
    let (close, is_object) = match (one.token(), other.token()) {
        (Some(b'{'), Some(b'{')) => (b'}', true),
        (Some(b'['), Some(b'[')) => (b']', false),
        (Some(b'{' | b'['), _) | (_, Some(b'{' | b'[')) => return Step::Different,
        _ => return if same_scalar(one.scalar(), other.scalar()) { Step::Same } else { Step::Different },
    };
    (one.1, other.1) = (one.1 + 1, other.1 + 1);
    loop {
        match (one.take(close), other.take(close)) {
            (true, true) => return Step::Same,
            (false, false) => {}
            _ => return Step::Different,
        }
        if is_object {
            if !same_scalar(one.scalar(), other.scalar()) {
                return Step::OtherOrder;
            }
            one.take(b':');
            other.take(b':');
        }
        match in_step(one, other) {
            Step::Same => {}
            // Only the whole of two objects tells whether a member is somewhere else.
            told => return told,
        }
        one.take(b',');
        other.take(b',');
    }
}

/// A number that is the same for equal values: in an object, the sum over its members. Nothing is allocated for it. It needs
/// no secret, as those who make two values with one digest have them compared in full.
fn digest(walk: &mut Walk<'_>) -> u64 {
    let (close, is_object) = match walk.token() {
        Some(b'{') => (b'}', true),
        Some(b'[') => (b']', false),
        _ => return digest_of_scalar(walk.scalar()),
    };
    walk.1 += 1;
    let mut digest_so_far = u64::from(close);
    while !walk.take(close) && walk.token().is_some() {
        if is_object {
            let name = digest_of_scalar(walk.scalar());
            walk.take(b':');
            digest_so_far = digest_so_far.wrapping_add(mixed(name, digest(walk)));
        } else {
            digest_so_far = mixed(digest_so_far, digest(walk));
        }
        walk.take(b',');
    }
    digest_so_far
}

fn digest_of_scalar(scalar: &str) -> u64 {
    match inside(scalar) {
        Some(text) => Unescaped::of(text).fold(1, |digest, character| mixed(digest, u64::from(character))),
        None => scalar.bytes().fold(0, |digest, byte| mixed(digest, u64::from(byte))),
    }
}

/// The fraction of the golden section, which has ones and zeros everywhere.
const fn mixed(digest: u64, more: u64) -> u64 {
    (digest.rotate_left(23) ^ more).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A text with the ends of its objects and arrays, by their beginnings.
struct Ends<'t> {
    text: &'t str,
    ends: Vec<(u32, u32)>,
}

impl<'t> Ends<'t> {
    fn of(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let (mut ends, mut open, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    at = string_end(bytes, at);
                    continue;
                }
                b'{' | b'[' => {
                    open.push(ends.len());
                    ends.push((at as u32, 0));
                }
                b'}' | b']' => {
                    if let Some((_, end)) = open.pop().and_then(|index: usize| ends.get_mut(index)) {
                        *end = at as u32 + 1;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Self { text, ends }
    }

    fn walk(&self, at: usize) -> Walk<'t> {
        Walk(self.text, at)
    }

    /// The offset behind the value that begins at `at`.
    fn end(&self, at: usize) -> usize {
        match self.text.as_bytes().get(at) {
            Some(b'{' | b'[') => match self.ends.binary_search_by_key(&(at as u32), |&(start, _)| start) {
                Ok(index) => self.ends.get(index).map_or(self.text.len(), |&(_, end)| end as usize),
                Err(_) => self.text.len(),
            },
            _ => scalar_end(self.text.as_bytes(), at),
        }
    }

    /// The members of the object that begins at `at`, in the order of their names, each with the beginning of its value.
    fn sorted(&self, at: usize) -> Vec<(Cow<'t, str>, usize)> {
        let mut walk = self.walk(at + 1);
        let mut members = Vec::new();
        while !walk.take(b'}') && walk.token().is_some() {
            let name = walk.scalar();
            walk.take(b':');
            walk.token();
            members.push((inside(name).map_or(Cow::Borrowed(name), unescape), walk.1));
            walk.1 = self.end(walk.1);
            walk.take(b',');
        }
        members.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        members
    }
}

struct Pair<'o, 't> {
    one: Ends<'o>,
    other: Ends<'t>,
}

impl Pair<'_, '_> {
    /// Compares the values that begin at two offsets; `None` where they differ.
    fn same(&self, one: usize, other: usize) -> Option<()> {
        let (mut ours, mut theirs) = (self.one.walk(one), self.other.walk(other));
        match (ours.token()?, theirs.token()?) {
            (b'{', b'{') => {
                let (ours, theirs) = (self.one.sorted(ours.1), self.other.sorted(theirs.1));
                if ours.len() != theirs.len() {
                    return None;
                }
                ours.iter().zip(&theirs).try_for_each(|((name, at), (their_name, their_at))| {
                    (name == their_name).then(|| self.same(*at, *their_at))?
                })
            }
            (b'[', b'[') => {
                (ours.1, theirs.1) = (ours.1 + 1, theirs.1 + 1);
                loop {
                    match (ours.take(b']'), theirs.take(b']')) {
                        (true, true) => return Some(()),
                        (false, false) => {}
                        _ => return None,
                    }
                    self.same(ours.1, theirs.1)?;
                    (ours.1, theirs.1) = (self.one.end(ours.1), self.other.end(theirs.1));
                    ours.take(b',');
                    theirs.take(b',');
                }
            }
            (b'{' | b'[', _) | (_, b'{' | b'[') => None,
            _ => same_scalar(ours.scalar(), theirs.scalar()).then_some(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::{self, canonical, document, holds};

    #[track_caller]
    fn is_same(one: &str, other: &str, expected: bool) {
        assert_eq!(same(one, other), expected, "{one:.200} and {other:.200}");
        assert_eq!(same(other, one), expected, "{other:.200} and {one:.200}");
        // What is compared in full needs no digest to tell a difference.
        let pair = Pair { one: Ends::of(one), other: Ends::of(other) };
        assert_eq!(pair.same(0, 0).is_some(), expected, "{one:.200} and {other:.200}, in full");
    }

    #[test]
    fn texts_are_the_same_where_they_stand_for_the_same() {
        holds((random::text(), random::text()), |(one, other)| {
            let value = |text: &str| canonical(&document(text).value().to_json());
            is_same(document(&one).text(), document(&other).text(), value(&one) == value(&other));
        });
    }

    #[test]
    fn the_order_and_the_spelling_do_not_count() {
        holds(random::two_of_one(), |(one, other)| {
            is_same(document(&one).text(), document(&other).text(), true);
        });
    }

    /// One scalar is another one, in a value whose members come in another order.
    #[test]
    fn a_difference_anywhere_counts() {
        holds(random::two_of_one(), |(one, other)| {
            for (at, _) in one.match_indices("true") {
                let changed = format!("{}false{}", &one[..at], &one[at + 4..]);
                is_same(document(&changed).text(), document(&other).text(), false);
            }
        });
    }

    #[test]
    fn objects_with_other_members_differ() {
        is_same(r#"{"a":1,"b":2}"#, r#"{"b":2,"c":1}"#, false);
        is_same(r#"{"a":1,"b":2}"#, r#"{"b":2}"#, false);
        is_same(r#"{"a":1}"#, r#"{"b":2,"a":1}"#, false);
        is_same(r#"{"a":{"x":1,"y":2},"b":3}"#, r#"{"b":3,"a":{"y":2,"x":2}}"#, false);
        is_same(r#"[{"a":1,"b":2},1]"#, r#"[{"b":2,"a":1},2]"#, false);
        is_same(r#"[{"a":1,"b":2},1]"#, r#"[{"b":2,"a":1}]"#, false);
        is_same(r#"[{"a":1,"b":2}]"#, r#"[{"b":2,"a":[]}]"#, false);
        is_same("{}", r#"{"a":1}"#, false);
    }

    #[test]
    fn escapes_in_names_and_strings_are_undone() {
        is_same(r#"{"\u0061":"\n","b":1}"#, r#"{"b":1,"a":"\u000A"}"#, true);
        is_same(r#"{"\\":1,"b":"\/"}"#, r#"{"b":"/","\u005c":1}"#, true);
        is_same(r#"{"\"":1,"b":2}"#, r#"{"b":2,"\u0022":1}"#, true);
    }

    /// Members in another order at every one of 255 levels: were the members below each level looked for anew, the steps would
    /// double from level to level.
    #[test]
    fn deep_values_in_another_order_are_compared_in_a_few_steps() {
        let nested =
            |levels: usize, open: &str, inside: &str, close: &str| open.repeat(levels) + inside + &close.repeat(levels);
        for (one, other) in [("1", "1"), ("1", "2"), (r#"{"x":1,"y":2}"#, r#"{"y":2,"x":1}"#), ("[]", "{}")] {
            let expected = one == other || one.len() > 2;
            is_same(&nested(255, r#"{"k":0,"a":"#, one, "}"), &nested(255, r#"{"a":"#, other, r#","k":0}"#), expected);
            is_same(
                &nested(127, r#"[{"k":0,"a":"#, one, "}]"),
                &nested(127, r#"[{"a":"#, other, r#","k":0}]"#),
                expected,
            );
        }
        // And what is at the bottom is looked at once, not once for each level.
        let long: String = (0..20_000).map(|at| format!("{at},")).collect();
        is_same(
            &nested(255, r#"{"k":0,"a":"#, &format!("[{long}0]"), "}"),
            &nested(255, r#"{"a":"#, &format!("[{long}0]"), r#","k":0}"#),
            true,
        );
    }

    #[test]
    fn wide_values_in_another_order_are_compared_in_a_few_steps() {
        let member = |at: usize| format!(r#""k{at}":{{"n":{at}}}"#);
        let object = |members: Vec<String>| format!("{{{}}}", members.join(","));
        let (one, other) = (object((0..10_000).map(member).collect()), object((0..10_000).rev().map(member).collect()));
        is_same(&one, &other, true);
        is_same(&one, &other.replace(r#"{"n":7}"#, r#"{"n":8}"#), false);
    }
}

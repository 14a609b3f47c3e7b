//! The cursor that accepts: a reading that answers yes or no, and says nothing of what is wrong.

use std::ops::Range;

use super::{
    duplicates::Sieve,
    scan::{literal_end, number_end},
};
use crate::engine::{
    document::{Entry, Tape},
    text::{plain_end, space_end, unit},
};

/// A text that is read strictly. Where it is, is handed from step to step, and not kept: what is wanted of a usual body is that
/// it is passed.
pub(super) struct Cursor<'a, 't> {
    text: &'a str,
    bytes: &'a [u8],
    max_depth: u8,
    tape: &'t mut Tape,
    /// How many entries the tape has, and for how many it has room: it tells neither as fast.
    count: usize,
    room: usize,
    /// Whether there was white space between tokens.
    met_space: bool,
    /// Whether a string had an escape.
    met_escape: bool,
}

/// What has been passed.
pub(super) struct Passed {
    /// Where the value is.
    pub range: Range<usize>,
    pub is_compact: bool,
    pub is_plain: bool,
}

/// A string with escapes that has been passed.
struct Spelled {
    /// Where its closing quote is.
    quote: usize,
    /// By how many bytes what it stands for is shorter.
    saved: usize,
    ends_in_escape: bool,
}

impl<'a, 't> Cursor<'a, 't> {
    pub(super) fn new(text: &'a str, max_depth: u8, tape: &'t mut Tape) -> Self {
        let (count, room) = (tape.len(), tape.capacity());
        Self { text, bytes: text.as_bytes(), max_depth, tape, count, room, met_space: false, met_escape: false }
    }

    /// The value, with nothing but white space around it.
    #[inline(always)] // It shows in the smallest bodies.
    pub(super) fn whole(mut self) -> Option<Passed> {
        let (start, first) = self.token(0)?;
        self.met_space = false;
        let end = match first {
            b'{' => self.object(start + 1, 0)?,
            _ => self.leaf(start, first, 0)?,
        };
        let (is_compact, is_plain) = (!self.met_space, !self.met_escape);
        self.token(end).is_none().then_some(Passed { range: start..end, is_compact, is_plain })
    }

    /// An object, from behind its brace. Gives the offset behind it, as all do that pass something.
    fn object(&mut self, at: usize, depth: u8) -> Option<usize> {
        let depth = self.descend(depth)?;
        let first = self.count;
        let mut sieve = Sieve::new();
        let (mut at, mut byte) = self.token(at)?;
        while byte != b'}' {
            if byte != b'"' {
                return None;
            }
            let name = at + 1;
            let end = plain_end(self.bytes, name);
            let (quote, start, first_byte, escaped) = match self.bytes.get(end..)? {
                [b'"', b':', first, ..] if *first > b' ' => (end, end + 2, *first, false),
                [b'"', b':', b' ', first, ..] if *first > b' ' => {
                    self.met_space = true;
                    (end, end + 3, *first, false)
                }
                _ => self.rest_of_name(name, end, &mut sieve)?,
            };
            if !escaped {
                // Of an empty name it is the quotes.
                sieve.add(*self.bytes.get(name)?, *self.bytes.get(quote - 1)?, quote - name);
            }
            let entry = Entry::new(name, quote - name, escaped, start);
            let end = if first_byte == b'{' {
                let index = self.count;
                self.push(entry, start);
                let end = self.object(start + 1, depth)?;
                let next = self.count;
                self.tape.get_mut(index)?.close(end, next);
                end
            } else {
                // Most values have no members, so that their entries are written once, and most are strings.
                let end = match first_byte == b'"' {
                    true => self.string(start + 1)? + 1,
                    false => self.leaf(start, first_byte, depth)?,
                };
                self.push(entry.closed(end, self.count + 1), end);
                end
            };
            (at, byte) = match self.bytes.get(end..)? {
                [b',', b'"', ..] => (end + 1, b'"'),
                // Most white space is a line break and its indentation.
                [b',', b'\n', ..] => {
                    self.met_space = true;
                    let at = space_end(self.bytes, end + 1);
                    (at, *self.bytes.get(at).filter(|&&byte| byte == b'"')?)
                }
                _ => self.behind_member(end)?,
            };
        }
        if sieve.is_suspicious && sieve.finds_repeated(self.text, self.tape.get(first..)?, first) {
            return None;
        }
        Some(at + 1)
    }

    /// The rest of a name that holds escapes or has white space around its colon: where its quote is, where the value begins and its
    /// first byte, and whether it holds escapes.
    #[inline(never)] // So that its caller stays small.
    fn rest_of_name(&mut self, name: usize, end: usize, sieve: &mut Sieve) -> Option<(usize, usize, u8, bool)> {
        let escaped = self.bytes.get(end)? != &b'"';
        let quote = match escaped {
            false => end,
            true => {
                let Spelled { quote, saved, ends_in_escape } = self.spelled_string(end)?;
                match end == name || ends_in_escape {
                    true => sieve.add_any(),
                    false => sieve.add(*self.bytes.get(name)?, *self.bytes.get(quote - 1)?, quote - name - saved),
                }
                quote
            }
        };
        let (colon, b':') = self.token(quote + 1)? else { return None };
        let (start, first) = self.token(colon + 1)?;
        Some((quote, start, first, escaped))
    }

    /// The next member, or the closing brace.
    #[inline(never)] // So that its caller stays small.
    fn behind_member(&mut self, at: usize) -> Option<(usize, u8)> {
        match self.token(at)? {
            (at, b',') => self.token(at + 1).filter(|&(_, byte)| byte == b'"'),
            end @ (_, b'}') => Some(end),
            _ => None,
        }
    }

    /// An array, from behind its bracket. What is in it is one value to every rule, so the members in it are forgotten once they
    /// are known to differ.
    fn array(&mut self, at: usize, depth: u8) -> Option<usize> {
        let depth = self.descend(depth)?;
        let mark = self.count;
        let (mut at, mut byte) = self.token(at)?;
        if byte == b']' {
            return Some(at + 1);
        }
        loop {
            let end = match byte {
                b'{' => {
                    let end = self.object(at + 1, depth)?;
                    self.tape.truncate(mark);
                    self.count = mark;
                    end
                }
                _ => self.leaf(at, byte, depth)?,
            };
            (at, byte) = self.token(end)?;
            match byte {
                b',' => (at, byte) = self.token(at + 1)?,
                b']' => return Some(at + 1),
                _ => return None,
            }
        }
    }

    /// A value that is no object, which begins with this byte.
    #[inline(always)] // So that a string or a number costs no call.
    fn leaf(&mut self, at: usize, first: u8, depth: u8) -> Option<usize> {
        match first {
            b'"' => Some(self.string(at + 1)? + 1),
            b'-' | b'0'..=b'9' => number_end(self.bytes, at),
            b'[' => self.array(at + 1, depth),
            b't' => literal_end(self.bytes, at, b"true"),
            b'f' => literal_end(self.bytes, at, b"false"),
            b'n' => literal_end(self.bytes, at, b"null"),
            _ => None,
        }
    }

    /// A string, from behind its quote: where its closing quote is.
    #[inline(always)] // Most of a body is strings.
    fn string(&mut self, at: usize) -> Option<usize> {
        let end = plain_end(self.bytes, at);
        match self.bytes.get(end) {
            Some(b'"') => Some(end),
            _ => self.rest_of_string(end),
        }
    }

    /// The rest of a string, from a byte on that is not plain: where its closing quote is.
    #[inline(never)] // So that its caller stays small.
    fn rest_of_string(&mut self, at: usize) -> Option<usize> {
        self.spelled_string(at).map(|spelled| spelled.quote)
    }

    fn spelled_string(&mut self, mut at: usize) -> Option<Spelled> {
        self.met_escape = true;
        let (mut saved, mut escape_end) = (0, 0);
        loop {
            let rest = self.bytes.get(at..)?;
            match rest {
                [b'"', ..] => return Some(Spelled { quote: at, saved, ends_in_escape: escape_end == at }),
                [b'\\', b'u', digits @ ..] => {
                    let (end, len) = match unit(digits.first_chunk()?)? {
                        0..0x80 => (6, 1),
                        0x80..0x800 => (6, 2),
                        first @ 0xD800..0xE000 => (surrogates_end(first, rest)?, 4),
                        _ => (6, 3),
                    };
                    (saved, at) = (saved + end - len, at + end);
                }
                [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => {
                    (saved, at) = (saved + 1, at + 2)
                }
                _ => return None,
            }
            escape_end = at;
            at = plain_end(self.bytes, at);
        }
    }

    /// The next token, behind the white space, of which a minified body has none: where it is, and its first byte.
    #[inline(always)] // A comparison and a branch.
    fn token(&mut self, at: usize) -> Option<(usize, u8)> {
        match self.bytes.get(at) {
            Some(..=b' ') => self.token_behind_space(at),
            Some(&byte) => Some((at, byte)),
            None => None,
        }
    }

    #[inline(never)] // So that its caller stays small.
    fn token_behind_space(&mut self, at: usize) -> Option<(usize, u8)> {
        self.met_space = true;
        let at = space_end(self.bytes, at);
        Some((at, *self.bytes.get(at)?))
    }

    #[inline]
    fn descend(&self, depth: u8) -> Option<u8> {
        (depth < self.max_depth).then(|| depth + 1)
    }

    #[inline]
    fn push(&mut self, entry: Entry, read: usize) {
        if self.count == self.room {
            make_room(self.tape, read, self.bytes.len() - read);
            self.room = self.tape.capacity();
        }
        self.tape.push(entry);
        self.count += 1;
    }
}

/// How long the escapes of a surrogate pair are, the first of which is known.
fn surrogates_end(first: u32, rest: &[u8]) -> Option<usize> {
    let [b'\\', b'u', second @ ..] = rest.get(6..)? else { return None };
    let is_pair = first < 0xDC00 && (0xDC00..0xE000).contains(&unit(second.first_chunk()?)?);
    is_pair.then_some(12)
}

/// Room for as many members as the rest of the text has, if they come as densely as those before, which a few dense ones say
/// little about.
#[cold]
pub(super) fn make_room(tape: &mut Tape, read: usize, rest: usize) {
    // A member takes at least five bytes (`"":0,`).
    let expected = ((tape.len() as u64 * rest as u64 / read.max(1) as u64) as usize).min(rest / 5);
    tape.reserve_exact((expected + expected / 8 + 8).min(tape.len() * 64));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        Document, Limits,
        random::{self, holds},
        reader::explain::{Reader, Rigor},
    };

    /// What a tape says of each member: its name, whether that has escapes, its value, the next member.
    fn places(tape: &Tape) -> Vec<(Range<usize>, bool, u32, u32, u32)> {
        tape.iter().map(|entry| (entry.name_range(), entry.is_escaped(), entry.start, entry.end, entry.next)).collect()
    }

    /// Whether the text is accepted. Both say the same of it, and find the same in it: what the reader that explains says yes to
    /// is accepted too, so that a cursor that says no without need only costs time.
    #[track_caller]
    fn are_agreed(text: &str, max_depth: u8) -> bool {
        let (mut passed, mut explained) = (Tape::new(), Tape::new());
        let cursor = Cursor::new(text, max_depth, &mut passed).whole();
        let mut reader = Reader::of(text, max_depth, Rigor::Strict, &mut explained);
        match (cursor, reader.whole()) {
            (Some(cursor), Ok((range, is_compact))) => {
                let is_plain = !reader.scan.met_escape;
                assert_eq!((cursor.range, cursor.is_compact, cursor.is_plain), (range, is_compact, is_plain), "{text}");
                assert_eq!(places(&passed), places(&explained), "{text}");
                true
            }
            (None, Err(_)) => false,
            (cursor, _) => panic!("the cursor says {}: {text}", if cursor.is_some() { "yes" } else { "no" }),
        }
    }

    #[test]
    fn it_says_yes_where_nothing_is_to_be_explained() {
        holds((random::text(), 0..8_u8), |(text, max_depth)| {
            assert!(are_agreed(&text, u8::MAX));
            are_agreed(&text, max_depth);
        });
    }

    /// White space of whatever kind and length between the tokens, names with every escape, values of every kind.
    #[test]
    fn it_says_yes_however_a_text_is_spaced() {
        let tokens = r#"{ "a" : "b" , "" : { } , "\u0041\n" : [ ] , "c\ud83d\ude00" : { "d" : -1.5e3 } , "\u00e9\u20ac/" : [ 0 , { "e" : [ true , false , null ] } , "\"" ] , "f" : { "g" : { } } }"#;
        let spaces = ["", " ", "\n", "\t", "\r\n", "\n  ", "                  ", "\n\t\n                 "];
        for space in spaces {
            let text = tokens.replace(' ', space);
            assert!(are_agreed(&text, 4), "{text}");
            assert!(!are_agreed(&text, 3) && !are_agreed(&text[..text.len() - 1], 4));
            // At one place alone.
            for (at, _) in tokens.match_indices(' ') {
                let text = format!("{}{space}{}", tokens[..at].replace(' ', ""), tokens[at..].replace(' ', ""));
                assert!(are_agreed(&text, 4), "{text}");
                let control = format!("{}\u{b}{}", tokens[..at].replace(' ', ""), tokens[at..].replace(' ', ""));
                assert!(!are_agreed(&control, 4), "{control}");
            }
        }
    }

    /// Any byte left out, changed or put in, and any beginning.
    #[test]
    fn it_says_no_where_something_is_to_be_explained() {
        let text = r#"{"a": [1.5e-3, -0, true, null, {"b\n": "\u0041 \ud83d\ude00 "}],
            "c": {"d": false}, "a\u0062" : "", "a\/b":{"a/c":0},"": ""}"#;
        assert!(are_agreed(text, 3));
        for at in 0..text.len() {
            let (before, rest) = text.split_at(at);
            are_agreed(before, 3);
            are_agreed(&format!("{before}{}", &rest[1..]), 3);
            for byte in 0..0x80_u8 {
                are_agreed(&format!("{before}{}{}", byte as char, &rest[1..]), 3);
                are_agreed(&format!("{before}{}{rest}", byte as char), 3);
            }
        }
    }

    /// However the name is spelled and whatever stands around its colon.
    #[test]
    fn a_name_that_comes_twice_is_never_passed() {
        let names = ["a", "abc", "", "\\u0061", "ab\\u0063", "\\u0061b\\u0063", "a\\u0062c", "é", "\\u00e9"];
        let colons = [":", " :", ": ", "\n:\n"];
        for (one, other) in names.iter().flat_map(|one| names.map(|other| (*one, other))) {
            for (first, second) in colons.iter().flat_map(|first| colons.map(|second| (*first, second))) {
                are_agreed(&format!(r#"{{"{one}"{first}1,"{other}"{second}2}}"#), 1);
                are_agreed(&format!(r#"{{"x":{{"y":0}},"{one}"{first}{{}},"z":[],"{other}"{second}2}}"#), 2);
                are_agreed(&format!(r#"{{"x":{{"y":0,"{one}"{first}1,"{other}"{second}2}}}}"#), 2);
            }
        }
    }

    /// Of each two escapes at an end of a range of units, alone and behind each other.
    #[test]
    fn surrogates_stand_in_pairs() {
        const UNITS: [u32; 6] = [0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000];
        let is_surrogate = |unit: u32| (0xD800..0xE000).contains(&unit);
        let is_read = |text: &str| Document::parse(text.as_bytes(), &Limits::default()).is_ok();
        for one in UNITS {
            assert_eq!(is_read(&format!(r#""\u{one:04x}""#)), !is_surrogate(one), "{one:x}");
            for other in UNITS {
                let is_pair = one < 0xDC00 && is_surrogate(one) && other >= 0xDC00 && is_surrogate(other);
                let may_stand = is_pair || !is_surrogate(one) && !is_surrogate(other);
                assert_eq!(is_read(&format!(r#""\u{one:04x}\u{other:04X}""#)), may_stand, "{one:x} {other:x}");
                let apart = is_read(&format!(r#""\u{one:04x}-\u{other:04X}""#));
                assert_eq!(apart, !is_surrogate(one) && !is_surrogate(other), "{one:x} - {other:x}");
            }
        }
    }
}

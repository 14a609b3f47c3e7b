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
            match self.bytes.get(at..)? {
                [b'"', ..] => return Some(Spelled { quote: at, saved, ends_in_escape: escape_end == at }),
                [b'\\', b'u', ..] => {
                    let (end, len) = unicode_escape(self.bytes, at)?;
                    (saved, at) = (saved + (end - at) - len, end);
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

/// An escape of a Unicode scalar value, which may be two of a surrogate pair: where it ends, and how many bytes the character has.
fn unicode_escape(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    match unit(bytes, at + 2)? {
        0xD800..0xDC00 => {
            let is_pair = bytes.get(at + 6..)?.starts_with(b"\\u") && (0xDC00..0xE000).contains(&unit(bytes, at + 8)?);
            is_pair.then_some((at + 12, 4))
        }
        0xDC00..0xE000 => None,
        0..0x80 => Some((at + 6, 1)),
        0x80..0x800 => Some((at + 6, 2)),
        _ => Some((at + 6, 3)),
    }
}

/// Room for as many members as the rest of the text has, if they come as densely as those before, which a few dense ones say
/// little about.
#[cold]
pub(super) fn make_room(tape: &mut Tape, read: usize, rest: usize) {
    // A member takes at least five bytes (`"":0,`).
    let expected = ((tape.len() as u64 * rest as u64 / read.max(1) as u64) as usize).min(rest / 5);
    tape.reserve_exact((expected + expected / 8 + 8).min(tape.len() * 64));
}

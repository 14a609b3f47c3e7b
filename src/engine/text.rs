//! The text of JSON strings: where they end, what their escapes mean, how they are written.

use std::borrow::Cow;

const ONES: u64 = u64::MAX / 0xFF;
const HIGH_BITS: u64 = ONES * 0x80;

/// The first byte from `at` on that ends a run of plain string text: a quote, a backslash, a control character, or the
/// end of the input.
#[inline]
pub(super) fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    let mut rest = bytes.get(at..).unwrap_or_default();
    while let Some((chunk, further)) = rest.split_first_chunk::<8>() {
        match special(u64::from_le_bytes(*chunk)) {
            0 => (at, rest) = (at + 8, further),
            found => return at + first_of(found),
        }
    }
    at + plain_tail(bytes, rest)
}

/// How many of the last bytes, which are too few for a word, are plain.
#[inline(never)] // In the middle of a body it is never needed.
fn plain_tail(bytes: &[u8], rest: &[u8]) -> usize {
    match bytes.last_chunk::<8>() {
        // Zeros are shifted in. They are control characters, so that it ends where the input does.
        Some(chunk) if !rest.is_empty() => first_of(special(u64::from_le_bytes(*chunk) >> (8 * (8 - rest.len())))),
        _ => rest.iter().take_while(|&&byte| byte >= 0x20 && byte != b'"' && byte != b'\\').count(),
    }
}

/// The byte that the lowest bit is in.
#[inline]
const fn first_of(found: u64) -> usize {
    (found.trailing_zeros() / 8) as usize
}

/// The high bit of each byte that is a quote, a backslash or a control character. A borrow can set a bit too many, but
/// only above one that is right, and only the lowest is looked at.
const fn special(word: u64) -> u64 {
    // Flipped in its second bit, the quote is 0x20, right behind the control characters, which stay below.
    let control_or_quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    (control_or_quote | backslash) & !word & HIGH_BITS
}

/// A part of a text that has been read before: its ends lie next to ASCII characters, so that it is never cut inside of one.
#[inline]
pub(crate) fn slice(text: &str, range: std::ops::Range<usize>) -> &str {
    text.get(range).unwrap_or("")
}

/// The offset behind the closing quote of the string that begins at `at`, in a text that has been read before.
pub(super) fn string_end(bytes: &[u8], mut at: usize) -> usize {
    at += 1;
    loop {
        at = plain_end(bytes, at);
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            Some(_) => return at + 1,
            None => return bytes.len(),
        }
    }
}

/// Where a text that has been read before goes deeper than this many levels.
pub(super) fn deeper_than(levels: u8, bytes: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'{' | b'[' if depth == usize::from(levels) => return Some(at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The characters that the text between two quotes stands for, one by one.
pub(super) struct Unescaped<'t>(std::str::Chars<'t>);

impl<'t> Unescaped<'t> {
    pub fn of(raw: &'t str) -> Self {
        Self(raw.chars())
    }
}

impl Iterator for Unescaped<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self.0.next()? {
            '\\' => escaped(&mut self.0),
            plain => Some(plain),
        }
    }
}

/// What an escape stands for, whose backslash has been passed. The text has been read before, so every escape is whole; half
/// a surrogate pair, which only a lenient reading lets through, becomes U+FFFD.
fn escaped(characters: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match characters.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let mut unit = take_unit(characters);
            if let (0xD800..0xDC00, Some(second)) = (unit, characters.as_str().strip_prefix("\\u")) {
                let mut ahead = second.chars();
                if let low @ 0xDC00..0xE000 = take_unit(&mut ahead) {
                    unit = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                    *characters = ahead;
                }
            }
            char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        itself => itself,
    })
}

/// What the text between two quotes stands for.
pub(super) fn unescape(raw: &str) -> Cow<'_, str> {
    // Neither a quote nor a control character can stand in it, so that a backslash is all that ends a plain run.
    let (plain, mut rest) = raw.split_at(plain_end(raw.as_bytes(), 0));
    if rest.is_empty() {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    text.push_str(plain);
    while let Some(behind) = rest.strip_prefix('\\') {
        let mut characters = behind.chars();
        text.extend(escaped(&mut characters));
        rest = characters.as_str();
        let (plain, further) = rest.split_at(rest.find('\\').unwrap_or(rest.len()));
        text.push_str(plain);
        rest = further;
    }
    Cow::Owned(text)
}

fn take_unit(characters: &mut std::str::Chars<'_>) -> u32 {
    characters.by_ref().take(4).fold(0, |unit, digit| unit << 4 | digit.to_digit(16).unwrap_or(0))
}

/// Whether a string of this text is written without escapes.
pub(super) fn is_plain(text: &str) -> bool {
    plain_end(text.as_bytes(), 0) == text.len()
}

/// Writes `text` as a JSON string, with the escapes that RFC 8259 section 7 demands and no other.
pub(crate) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    write_text(out, text);
    out.push('"');
}

/// As [`write_string`], without the quotes, for a string that is written in parts.
#[inline]
pub(crate) fn write_text(out: &mut String, text: &str) {
    let (plain, rest) = text.split_at(plain_end(text.as_bytes(), 0));
    out.push_str(plain);
    if !rest.is_empty() {
        write_escaped(out, rest);
    }
}

/// Writes the rest of a string, from the first character on that has to be escaped.
fn write_escaped(out: &mut String, mut rest: &str) {
    loop {
        let mut characters = rest.chars();
        match characters.next() {
            None => break,
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            Some(control) => {
                out.push_str("\\u00");
                let digits = [u32::from(control) >> 4, u32::from(control) & 15];
                out.extend(digits.map(|digit| char::from_digit(digit, 16).unwrap_or('0')));
            }
        }
        let (plain, further) = characters.as_str().split_at(plain_end(characters.as_str().as_bytes(), 0));
        out.push_str(plain);
        rest = further;
    }
}

//! The text of JSON strings: where they end, what their escapes mean, how they are written.

use std::borrow::Cow;

use super::chunk::{self, Chunk};

/// The first byte from `at` on that ends a run of plain string text: a quote, a backslash, a control character, or the
/// end of the input.
#[inline(always)] // Most of a body is strings, and most of them are short.
pub(super) fn plain_end(bytes: &[u8], at: usize) -> usize {
    match Chunk::at(bytes, at).map(Chunk::special) {
        Some(0) => further_plain_end(bytes, at + chunk::LEN),
        Some(found) => at + found.trailing_zeros() as usize,
        None => plain_tail(bytes, at),
    }
}

/// As [`plain_end`], behind a chunk that has no end.
#[inline(never)] // So that its callers stay small.
fn further_plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = Chunk::at(bytes, at) {
        match chunk.special() {
            0 => at += chunk::LEN,
            found => return at + found.trailing_zeros() as usize,
        }
    }
    plain_tail(bytes, at)
}

/// As [`plain_end`], of the last bytes, which are too few for a chunk.
#[inline(never)] // In the middle of a body it is never needed.
fn plain_tail(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    match bytes.last_chunk() {
        // What has been passed is shifted out, and a bit behind the end ends it.
        Some(last) => {
            let found = (Chunk::of(last).special() | 1 << chunk::LEN) >> (chunk::LEN - rest.len());
            at + found.trailing_zeros() as usize
        }
        None => at + rest.iter().take_while(|&&byte| byte >= 0x20 && byte != b'"' && byte != b'\\').count(),
    }
}

const ONES: u64 = u64::MAX / 0xFF;
const HIGH_BITS: u64 = ONES * 0x80;

/// The first byte from `at` on that does not pass: `others` tells those of a chunk, `passes` of the last bytes, which are too few
/// for one.
#[inline(always)] // Its callers are loops over bytes.
fn run_end(bytes: &[u8], mut at: usize, others: impl Fn(Chunk) -> u32, passes: impl Fn(u8) -> bool) -> usize {
    while let Some(chunk) = Chunk::at(bytes, at) {
        match others(chunk) {
            0 => at += chunk::LEN,
            found => return at + found.trailing_zeros() as usize,
        }
    }
    at + bytes.get(at..).unwrap_or_default().iter().take_while(|&&byte| passes(byte)).count()
}

/// The first byte from `at` on that is no white space between tokens.
#[inline]
pub(super) fn space_end(bytes: &[u8], at: usize) -> usize {
    run_end(bytes, at, Chunk::others_than_space, |byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))
}

/// The first byte from `at` on that is no lower-case letter, no digit and no underscore.
#[inline]
pub(super) fn word_end(bytes: &[u8], at: usize) -> usize {
    run_end(bytes, at, Chunk::others_than_word, |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// The words of eight bytes each, and the bytes behind the last.
#[inline]
pub(super) fn words(bytes: &[u8]) -> (impl Iterator<Item = u64>, &[u8]) {
    let chunks = bytes.chunks_exact(8);
    let rest = chunks.remainder();
    (chunks.filter_map(|chunk| chunk.first_chunk()).map(|word| u64::from_le_bytes(*word)), rest)
}

/// Whether one of two bytes is there.
pub(super) fn contains_either(bytes: &[u8], one: u8, other: u8) -> bool {
    let has = |word: u64, byte: u8| {
        let difference = word ^ (ONES * u64::from(byte));
        difference.wrapping_sub(ONES) & !difference & HIGH_BITS != 0
    };
    let (mut words, rest) = words(bytes);
    words.any(|word| has(word, one) || has(word, other)) || rest.iter().any(|&byte| byte == one || byte == other)
}

/// A part of a text that has been read before: its ends lie next to ASCII characters, so that it is never cut inside of one.
#[inline]
pub(crate) fn slice(text: &str, range: std::ops::Range<usize>) -> &str {
    text.get(range).unwrap_or("")
}

/// The offset behind the closing quote of the string that begins at `at`, in a text that has been read before.
#[inline]
pub(super) fn string_end(bytes: &[u8], at: usize) -> usize {
    let end = plain_end(bytes, at + 1);
    match bytes.get(end) {
        Some(b'"') => end + 1,
        _ => rest_of_string_end(bytes, end),
    }
}

/// The strings that stand behind each other in a text.
pub(crate) fn strings(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (string, behind) = rest.split_at_checked(string_end(rest.as_bytes(), 0))?;
        rest = behind;
        Some(unescape(string.strip_prefix('"')?.strip_suffix('"')?))
    })
}

/// As [`string_end`], in a text without escapes.
#[inline(always)] // Its callers ask for few strings.
pub(super) fn plain_string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(chunk) = Chunk::at(bytes, at) {
        match chunk.equal(b'"') {
            0 => at += chunk::LEN,
            found => return at + found.trailing_zeros() as usize + 1,
        }
    }
    rest_of_string_end(bytes, at)
}

/// As [`string_end`], from a byte on that is no part of an escape.
#[inline(never)] // So that its caller stays small.
fn rest_of_string_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(b'\\') => at = plain_end(bytes, at + 2),
            Some(b'"') => return at + 1,
            Some(_) => at = plain_end(bytes, at + 1),
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
    pub(super) fn of(raw: &'t str) -> Self {
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

/// What the text between two quotes stands for, where it has no more bytes than there is room: how many.
pub(super) fn unescape_into(raw: &str, room: &mut [u8]) -> Option<usize> {
    let (mut at, mut len) = (0, 0);
    while let Some(&byte) = raw.as_bytes().get(at) {
        if byte != b'\\' {
            *room.get_mut(len)? = byte;
            (at, len) = (at + 1, len + 1);
            continue;
        }
        let mut behind = slice(raw, at + 1..raw.len()).chars();
        let character = escaped(&mut behind)?;
        at = raw.len() - behind.as_str().len();
        len += character.encode_utf8(room.get_mut(len..len + character.len_utf8())?).len();
    }
    Some(len)
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
        if let Some(character) = escaped(&mut characters) {
            text.push(character);
        }
        rest = characters.as_str();
        let (plain, further) = rest.split_at(plain_end(rest.as_bytes(), 0));
        text.push_str(plain);
        rest = further;
    }
    Cow::Owned(text)
}

/// What the four hexadecimal digits stand for that begin at `at`, if they are ones.
#[inline]
pub(super) fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    const NONE: u8 = 0xFF;
    /// What each byte stands for as a hexadecimal digit.
    #[allow(clippy::indexing_slicing)] // While the crate is built, within the table.
    const DIGITS: [u8; 256] = {
        let mut digits = [NONE; 256];
        let mut byte = 0;
        while byte < 256 {
            if let Some(digit) = (byte as u8 as char).to_digit(16) {
                digits[byte] = digit as u8;
            }
            byte += 1;
        }
        digits
    };
    let digits = bytes.get(at..)?.first_chunk::<4>()?;
    let [a, b, c, d] = digits.map(|byte| u32::from(DIGITS.get(usize::from(byte)).copied().unwrap_or(NONE)));
    ((a | b | c | d) < 16).then_some(a << 12 | b << 8 | c << 4 | d)
}

/// The four hexadecimal digits of an escape.
fn take_unit(characters: &mut std::str::Chars<'_>) -> u32 {
    let rest = characters.as_str();
    let digits = rest.as_bytes().first_chunk::<4>().copied().unwrap_or_default();
    *characters = slice(rest, 4..rest.len()).chars();
    // The lower half of a digit is its value, that of a letter is nine less.
    digits.iter().fold(0, |unit, digit| unit << 4 | (u32::from(digit & 0xF) + 9 * u32::from(digit >> 6)))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::{
        Document, Fault, Limits, Place,
        random::{self, holds},
    };

    fn plain_end_byte_by_byte(bytes: &[u8], at: usize) -> usize {
        let ends = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
        bytes[at..].iter().position(ends).map_or(bytes.len(), |run| at + run)
    }

    /// Four hexadecimal digits and nothing else, whichever two of them are something else.
    #[test]
    fn four_digits_are_a_unit() {
        let bytes = *b"09afAFgG/:@`\"+- \0\x7F\xFF";
        for (first, second) in (0..4).flat_map(|first| (0..4).map(move |second| (first, second))) {
            for (one, other) in bytes.iter().flat_map(|one| bytes.map(|other| (*one, other))) {
                let mut digits = *b"1c2D";
                (digits[first], digits[second]) = (one, other);
                let are_digits = digits.iter().all(u8::is_ascii_hexdigit);
                let text = String::from_utf8_lossy(&digits);
                let expected = are_digits.then(|| u32::from_str_radix(&text, 16).unwrap());
                assert_eq!(unit(&digits, 0), expected, "{text}");
                assert_eq!(unit(&[b"\\u", &digits[..]].concat(), 2), expected, "{text}");
            }
        }
        assert_eq!((unit(b"123", 0), unit(b"1234", 1), unit(b"1234", 5)), (None, None, None));
    }

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for length in 0..20 {
            assert!(!contains_either(&vec![b'}'; length], b'~', b'/'));
            for at in 0..length {
                for (byte, is_there) in [(b'~', true), (b'/', true), (b'.', false), (0xAF, false), (0xFE, false)] {
                    let mut text = vec![b'0'; length];
                    text[at] = byte;
                    assert_eq!(contains_either(&text, b'~', b'/'), is_there, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn a_plain_run_ends_at_the_same_byte_at_every_length_and_alignment() {
        // Neighbours of what ends a run, and bytes that equal it in their lower bits.
        let plain = [b'a', 0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F, 0x80, 0x9F, 0xA2, 0xDC, 0xFF];
        for length in 0..40 {
            let text: Vec<u8> = plain.iter().copied().cycle().take(length).collect();
            for at in 0..=length {
                assert_eq!(plain_end(&text, at), length);
            }
            for stop in 0..length {
                for byte in [b'"', b'\\', 0, 0x1F, b'\n'] {
                    let mut text = text.clone();
                    text[stop] = byte;
                    for at in 0..=length {
                        assert_eq!(plain_end(&text, at), plain_end_byte_by_byte(&text, at), "{text:?} from {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_byte_ends_a_plain_run_or_does_not() {
        for byte in 0..=u8::MAX {
            for length in [1, 7, 8, 9, 16, 17] {
                for place in 0..length {
                    let mut text = vec![b'x'; length];
                    text[place] = byte;
                    assert_eq!(plain_end(&text, 0), plain_end_byte_by_byte(&text, 0), "{byte} at {place} of {length}");
                }
            }
        }
    }

    #[test]
    fn a_plain_run_ends_where_a_byte_by_byte_search_ends_it() {
        holds(prop::collection::vec(any::<u8>(), 0..64), |text| {
            for at in 0..=text.len() {
                assert_eq!(plain_end(&text, at), plain_end_byte_by_byte(&text, at));
            }
        });
    }

    /// Of those that look at sixteen bytes at once, and at fewer at the end.
    #[test]
    fn white_space_and_words_end_where_a_look_at_each_byte_ends_them() {
        let is_space = |byte: u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        let is_in_word = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        type Kind<'k> = (fn(&[u8], usize) -> usize, &'k dyn Fn(u8) -> bool, &'k [u8]);
        let kinds: [Kind<'_>; 2] = [(space_end, &is_space, b" \n\t\r"), (word_end, &is_in_word, b"az_09")];
        for (end, passes, passed) in kinds {
            for length in 0..40 {
                for stop in 0..=length {
                    let mut text: Vec<u8> = passed.iter().copied().cycle().take(length).collect();
                    for byte in [b'"', b'`', b'{', b'/', b':', b'A', b'^', 0x0B, 0x0E, 0x1F, 0x21, 0x80, 0xFF] {
                        if let Some(place) = text.get_mut(stop) {
                            *place = byte;
                        }
                        for at in 0..=length {
                            let run = text[at..].iter().position(|&byte| !passes(byte));
                            assert_eq!(end(&text, at), run.map_or(length, |run| at + run), "{text:?} from {at}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn behind_the_end_there_is_nothing() {
        for text in ["", "a", "longer than a word"] {
            assert_eq!(plain_end(text.as_bytes(), text.len()), text.len());
        }
    }

    #[track_caller]
    fn stands_for(raw: &str, expected: &str) {
        assert_eq!(unescape(raw), expected);
        let mut room = [0; 64];
        if expected.len() <= room.len() {
            let len = unescape_into(raw, &mut room).unwrap();
            assert_eq!(&room[..len], expected.as_bytes());
        }
        let mut too_little = vec![0; expected.len().saturating_sub(1)];
        assert!(expected.is_empty() || unescape_into(raw, &mut too_little).is_none(), "{raw}");
        assert!(Unescaped::of(raw).eq(expected.chars()), "{raw}");
    }

    #[test]
    fn escapes_stand_for_characters() {
        stands_for("", "");
        stands_for("plain é😀", "plain é😀");
        stands_for(r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t");
        stands_for(r"\u0041\u00e9\u20AC\u0000", "Aé€\0");
        stands_for(r"\ud83d\ude00", "😀");
        stands_for(r"a\ud83d\ude00b\uDBFF\uDFFF", "a😀b\u{10ffff}");
        stands_for(r"\\u0041", r"\u0041");
        stands_for(r"é\n😀\\", "é\n😀\\");
    }

    /// As they can stand in an envelope.
    #[test]
    fn half_a_surrogate_pair_becomes_a_replacement_character() {
        stands_for(r"\ud83d", "\u{fffd}");
        stands_for(r"\ude00", "\u{fffd}");
        stands_for(r"\ud83dx", "\u{fffd}x");
        stands_for(r"\ud83d\n", "\u{fffd}\n");
        stands_for(r"\ud83d\u0041", "\u{fffd}A");
        stands_for(r"\ud83d\ud83d\ude00", "\u{fffd}😀");
        stands_for(r"\ude00\ud83d", "\u{fffd}\u{fffd}");
    }

    #[test]
    fn what_is_written_as_a_string_is_read_as_the_same_text() {
        holds(".{0,40}", |text: String| {
            let mut out = String::new();
            write_string(&mut out, &text);
            assert_eq!(string_end(out.as_bytes(), 0), out.len());
            let raw = &out[1..out.len() - 1];
            stands_for(raw, &text);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        });
    }

    /// One by one or as a whole, with each character spelled in any of its ways.
    #[test]
    fn both_ways_to_unescape_agree_with_serde_json() {
        let spelled = any::<char>().prop_flat_map(|character| {
            let mut units = [0; 2];
            let units =
                character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
            let mut plain = String::new();
            write_text(&mut plain, &character.to_string());
            prop_oneof![Just(units.clone()), Just(units.to_uppercase().replace("\\U", "\\u")), Just(plain)]
        });
        holds(prop::collection::vec(spelled, 0..20), |parts| {
            let raw = parts.concat();
            stands_for(&raw, &serde_json::from_str::<String>(&format!("\"{raw}\"")).unwrap());
        });
    }

    #[test]
    fn a_string_ends_behind_its_closing_quote() {
        for (text, end) in [
            (r#""" x"#, 2),
            (r#""abc":1"#, 5),
            (r#""a\"b""#, 6),
            (r#""\\""#, 4),
            (r#""\\\"",1"#, 6),
            (r#""éé""#, 6),
            (r#""longer than a word\"", "b""#, 22),
        ] {
            assert_eq!(string_end(text.as_bytes(), 0), end, "{text}");
            assert_eq!(string_end(format!("[[{text}").as_bytes(), 2), end + 2);
        }
        for cut in [r#""abc"#, r#""abc\"#, r#"""#] {
            assert_eq!(string_end(cut.as_bytes(), 0), cut.len());
        }
    }

    /// It has to tell of a text that was written what a reading of it would.
    #[test]
    fn too_deep_is_what_a_reading_finds_too_deep() {
        holds((random::text(), 0..8_u8), |(text, levels)| {
            let limits = Limits { max_depth: levels, ..Limits::default() };
            let read = Document::parse(text.as_bytes(), &limits).map(|_| ());
            match deeper_than(levels, text.as_bytes()) {
                None => assert_eq!(read, Ok(())),
                Some(at) => {
                    let wrong = read.unwrap_err();
                    assert_eq!(wrong.fault(), Fault::TooDeep { limit: levels });
                    assert_eq!(wrong.place(), Place::at(text.as_bytes(), at));
                }
            }
        });
    }

    #[test]
    fn brackets_in_strings_are_no_levels() {
        assert_eq!(deeper_than(1, br#"{"[[{":"{{[\"[["}"#), None);
        assert_eq!(deeper_than(0, br#""[""#), None);
        assert_eq!(deeper_than(0, b" {}"), Some(1));
        assert_eq!(deeper_than(1, b"[{}]"), Some(1));
        assert_eq!(deeper_than(2, br#"[[],{},[{}]]"#), Some(8));
        assert_eq!(deeper_than(2, br#"[[],{},[],{"a":1}]"#), None);
        assert_eq!(deeper_than(u8::MAX, "[".repeat(255).as_bytes()), None);
        assert_eq!(deeper_than(u8::MAX, "[".repeat(256).as_bytes()), Some(255));
    }
}

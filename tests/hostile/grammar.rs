//! The kinds of text on which JSON parsers have been found to disagree, as the public suites sort them, generated: numbers,
//! strings and their escapes, surrogates, UTF-8, byte order marks, NUL, control characters, structure.
//!
//! Each is tried as a body by itself, as a value in a body and in a stored user, and as a line of `batch`. Whether it is JSON is
//! decided by a naive reading of RFC 8259 here, and not by the crate.

use regex::Regex;
use user_patch::{exchange::Verdict, vendor::Vendor};

use crate::{
    Place, unlimited,
    verbs::{Given, drive},
};

/// Tries a text in every place where a value may stand: it has to be taken in all of them, or in none.
#[track_caller]
fn value(text: &[u8], is_json: bool) {
    for vendor in Vendor::ALL.iter().copied() {
        let place = Place::of(vendor);
        let (user, body) = (place.user(text), place.body(text));
        let (plain, context) = (place.user(b"0"), unlimited(vendor));
        let given = Given { user: &user, other: &plain, body: &body, next: text, text: "", context };
        let ended = drive(vendor, given);
        let shown = String::from_utf8_lossy(text);
        assert_eq!(ended.user, is_json, "{vendor}, as stored: {shown}");
        assert_eq!(ended.parsed.is_ok(), is_json, "{vendor}, in a body: {shown}: {ended:?}");
        assert_eq!(ended.accepted, is_json, "{vendor}: {shown}: {ended:?}");
        assert_eq!(ended.line == Verdict::Accepted, is_json, "{vendor}, a line: {shown}: {ended:?}");
        if !is_json {
            let rule = ended.parsed.unwrap_err();
            let is_text = std::str::from_utf8(text).is_ok();
            let is_known = rule.ends_with(".malformed") || !is_text && rule.ends_with(".utf8");
            assert!(is_known, "{vendor}: {shown}: {rule}");
        }
        // By itself it is never an update, unless it is an object. One vendor a text: what reads it is the same for all.
        if vendor != Vendor::ALL[text.len() % 3] {
            continue;
        }
        let whole = drive(vendor, Given { user: &plain, other: &user, body: text, next: &body, ..given });
        assert!(
            whole.user && (whole.parsed.is_err() || text.trim_ascii_start().starts_with(b"{")),
            "{vendor}: {shown}"
        );
    }
}

/// A string, given by what stands between its quotes: as a value, and as a name.
#[track_caller]
fn string(inside: &[u8], is_json: bool) {
    value(&[b"\"", inside, b"\""].concat(), is_json);
    value(&[b"{\"", inside, b"\":0}"].concat(), is_json);
}

/// "number = [ minus ] int [ frac ] [ exp ]" (RFC 8259 section 6).
#[test]
fn numbers() {
    let number = Regex::new(r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$").unwrap();
    let signs = ["", "-", "+", "--", "- "];
    let integers = ["", "0", "00", "01", "1", "90", "0x1", "1_0", "\u{ff11}", "123456789012345678901234567890"];
    let fractions = ["", ".", ".0", ".5", "..5", ".0e", ".00000000000000000000000000001", ".1.2"];
    let exponents = ["", "e", "E1", "e+", "e-0", "e+400", "E-400", "e1.5", "e99999999999999999999", "ee1", "e\u{661}"];
    let (mut taken, mut refused) = (0, 0);
    for sign in signs {
        for integer in integers {
            for fraction in fractions {
                // The exponents in turn: all of each would be eight thousand documents.
                for exponent in exponents.iter().skip((sign.len() + integer.len() + fraction.len()) % 3).step_by(3) {
                    let text = format!("{sign}{integer}{fraction}{exponent}");
                    let is_json = number.is_match(&text);
                    *(if is_json { &mut taken } else { &mut refused }) += 1;
                    value(text.as_bytes(), is_json);
                }
            }
        }
    }
    for word in
        ["NaN", "-NaN", "Infinity", "-Infinity", "inf", "0x42", "1e", "1f", "1L", "0b1", ".", "-", "1 000", "1,0"]
    {
        value(word.as_bytes(), false);
    }
    assert!(taken > 50 && refused > 500, "{taken} taken, {refused} refused");
}

/// One `\u` escape after another, with and without something between: half of a pair is no text.
#[test]
fn surrogates() {
    let high = ["\\ud800", "\\uD83D", "\\udbff"];
    let low = ["\\udc00", "\\uDE00", "\\udfff"];
    let other = ["", "a", "\\n", "\\\\", "\\u0041", "\\ud7ff", "\\ue000", "\u{1F600}"];
    for one in high {
        for two in low {
            for between in other {
                string(format!("{one}{between}{two}").as_bytes(), between.is_empty());
            }
            string(format!("{two}{one}").as_bytes(), false);
            string(format!("{one}{two}{two}").as_bytes(), false);
            string(format!("{one}{one}{two}").as_bytes(), false);
            string(format!("{one}{two}{one}{two}").as_bytes(), true);
        }
        for after in other {
            string(format!("{one}{after}").as_bytes(), false);
            string(format!("x{one}{after}").as_bytes(), false);
        }
    }
    for two in low {
        for before in other {
            string(format!("{before}{two}").as_bytes(), false);
        }
    }
}

#[test]
fn escapes() {
    for byte in 0x20..0x7f {
        let is_json = b"\"\\/bfnrt".contains(&byte);
        string(&[b'\\', byte, b'x'], is_json);
    }
    // All but a digit of four that has a byte of another kind in it.
    for at in 0..4 {
        for byte in [b'0', b'9', b'a', b'f', b'A', b'F', b'g', b'G', b'/', b':', b'@', b'`', b' ', b'+', b'-', b'.'] {
            let mut digits = *b"0041";
            digits[at] = byte;
            let is_json = byte.is_ascii_hexdigit() && !(at == 0 && byte.eq_ignore_ascii_case(&b'd'));
            string(&[b"\\u", &digits[..]].concat(), is_json);
        }
    }
    for cut in ["\\", "\\u", "\\u0", "\\u00", "\\u004", "\\U0041", "\\x41", "\\ud83d\\", "\\ud83d\\u", "\\ud83d\\u0"] {
        string(cut.as_bytes(), false);
    }
    string("\\u0000".as_bytes(), true);
}

/// Every sequence of the bytes at the ends of what UTF-8 allows, up to four: overlong, truncated, a surrogate, too high.
#[test]
fn utf8() {
    const EDGES: [u8; 15] = [0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff];
    let tried = |sequence: &[u8]| {
        let is_text = std::str::from_utf8(sequence).is_ok();
        // All in one vendor's body would do for the reader; the places differ by what stands around.
        string(sequence, is_text);
    };
    for one in EDGES {
        tried(&[one]);
        for two in EDGES {
            tried(&[one, two]);
        }
    }
    for lead in [0xe0, 0xe1, 0xed, 0xef] {
        for second in [0x7f, 0x80, 0x8f, 0x9f, 0xa0, 0xbf, 0xc0] {
            for third in [0x7f, 0x80, 0xbf, 0xc0] {
                tried(&[lead, second, third]);
            }
            tried(&[lead, second]);
        }
    }
    for lead in [0xf0, 0xf1, 0xf4, 0xf5, 0xf8, 0xfc] {
        for second in [0x80, 0x8f, 0x90, 0xbf, 0xc0] {
            tried(&[lead, second, 0x80, 0x80]);
            tried(&[lead, second, 0xbf, 0xbf]);
            tried(&[lead, second, 0x80]);
            tried(&[lead, second, 0x80, 0x41]);
        }
    }
    // Five and six bytes, as UTF-8 had once.
    tried(&[0xf8, 0x88, 0x80, 0x80, 0x80]);
    tried(&[0xfc, 0x84, 0x80, 0x80, 0x80, 0x80]);
    // Not in a string.
    for sequence in [&b"\xe9"[..], b"\xc3\xa9", b"[\xff]", b"{\xff:0}", b"1\xff", b"\xff\"\"", b"true\x80"] {
        value(sequence, false);
    }
}

/// "Implementations MUST NOT add a byte order mark" (section 8.1); nor is UTF-16 or UTF-32 read.
#[test]
fn byte_order_marks_and_other_encodings() {
    for text in ["\u{feff}1", "1\u{feff}", "\u{feff}", "[\u{feff}]", "{\u{feff}}", "\u{fffe}1"] {
        value(text.as_bytes(), false);
    }
    string("\u{feff}".as_bytes(), true);
    for vendor in Vendor::ALL.iter().copied() {
        let place = Place::of(vendor);
        let (user, body) = (place.user(b"1"), place.body(b"2"));
        let of = |text: &[u8], unit: fn(u16) -> Vec<u8>| -> Vec<u8> {
            std::str::from_utf8(text).unwrap().encode_utf16().flat_map(unit).collect()
        };
        let units: [fn(u16) -> Vec<u8>; 3] = [
            |unit| unit.to_le_bytes().to_vec(),
            |unit| unit.to_be_bytes().to_vec(),
            |unit| u32::from(unit).to_le_bytes().to_vec(),
        ];
        let encoded = units.into_iter().map(|unit| [of(&user, unit), of(&body, unit)]);
        let marks: [&[u8]; 4] = [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];
        for texts in encoded.chain([[user.clone(), body.clone()]]) {
            for mark in marks {
                let [user, body] = [&texts[0], &texts[1]].map(|text| [mark, text].concat());
                let is_plain = mark.is_empty() && body == place.body(b"2");
                let given = Given { user: &user, other: &user, body: &body, next: &body, text: "", context: "{}" };
                let ended = drive(vendor, Given { context: unlimited(vendor), ..given });
                assert_eq!((ended.user, ended.accepted), (is_plain, is_plain), "{vendor}: {mark:?}: {ended:?}");
            }
        }
    }
}

/// "… the control characters (U+0000 through U+001F)" stand in no string; outside of one, four are white space.
#[test]
fn nul_and_control_characters() {
    for byte in 0..0x20 {
        let is_space = b"\t\n\r".contains(&byte);
        string(&[byte], false);
        string(&[b'a', byte, b'b'], false);
        string(&[b'\\', byte], false);
        for text in [&[byte, b'1'][..], &[b'1', byte], &[b'[', byte, b']'], &[b'{', byte, b'}']] {
            // A line ends where a line ends, for whoever cuts them: here it is handed over as it is.
            value(text, is_space);
        }
        value(&[b'1', byte, b'2'], false);
        value(&[b't', byte, b'r', b'u', b'e'], false);
    }
    for space in ["\u{7f}", "\u{85}", "\u{a0}", "\u{2028}", "\u{2029}", "\u{3000}"] {
        string(space.as_bytes(), true);
        value(format!("{space}1").as_bytes(), false);
        value(format!("[1{space}]").as_bytes(), false);
    }
}

/// Every text of up to five of these tokens, of which few are values.
#[test]
fn structure() {
    const TOKENS: [&str; 8] = ["[", "]", "{", "}", ",", ":", "1", "\"a\""];
    let (mut taken, mut tried) = (0, 0);
    for length in 1..=4_u32 {
        for at in 0..TOKENS.len().pow(length) {
            let text: String = (0..length).map(|place| TOKENS[at / TOKENS.len().pow(place) % TOKENS.len()]).collect();
            let is_json = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            tried += 1;
            taken += usize::from(is_json);
            // What closes what is around it, or adds to it, is another text than a value.
            if is_contained(&text) {
                value(text.as_bytes(), is_json)
            }
        }
    }
    assert!(taken > 8 && tried > 4000, "{taken} of {tried}");
    for word in
        ["nul", "nulll", "tru", "True", "TRUE", "fals", "undefined", "None", "'a'", "a", "\"a", "a\"", "/**/1", "1//"]
    {
        value(word.as_bytes(), false);
    }
    for text in [
        "",
        " ",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{a:1}",
        "[1}",
        "{\"a\":1]",
        "[",
        "{",
        "[[",
        "\"",
        "[\"a",
        "{\"a\":",
    ] {
        value(text.as_bytes(), false);
    }
}

/// Whether no bracket is closed that the text has not opened, and no comma and no colon stands outside of its brackets.
fn is_contained(text: &str) -> bool {
    let mut open = 0_i32;
    text.bytes().all(|byte| {
        open += i32::from(matches!(byte, b'[' | b'{')) - i32::from(matches!(byte, b']' | b'}'));
        open >= 0 && (open > 0 || !matches!(byte, b',' | b':'))
    })
}

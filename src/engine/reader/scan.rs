//! The tokens of a JSON text as the reader that explains takes them, and the numbers and literals of both readings.

use super::{
    malformed::Fault,
    wrong::{Step, Wrong},
};
use crate::engine::{
    chunk::{self, Chunk},
    text::{plain_end, unit},
};

/// A text and how far it has been read.
pub(super) struct Scan<'a> {
    pub text: &'a str,
    pub at: usize,
    /// Whether there was white space between tokens.
    pub met_space: bool,
    /// Whether a string had an escape.
    pub met_escape: bool,
}

impl<'a> Scan<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, met_space: false, met_escape: false }
    }

    /// Reads a string, and tells whether it holds escapes. `strict` refuses half a surrogate pair.
    pub(super) fn string(&mut self, strict: bool) -> Step<bool> {
        self.at = plain_end(self.text.as_bytes(), self.at + 1);
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(false);
        }
        self.rest_of_string(strict).map(|()| true)
    }

    /// The rest of a string, from the first byte on that is not plain.
    pub(super) fn rest_of_string(&mut self, strict: bool) -> Step<()> {
        self.met_escape = true;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape(strict)?,
                Some(_) => return self.wrong(Fault::ControlCharacter),
                None => return self.unexpected("the closing quote"),
            }
            self.at = plain_end(self.text.as_bytes(), self.at);
        }
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self, strict: bool) -> Step<()> {
        let start = self.at;
        match self.text.as_bytes().get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => {
                let lone = || match strict {
                    true => Err(Box::new(Wrong { fault: Fault::LoneSurrogate, offset: start, path: Vec::new() })),
                    false => Ok(()),
                };
                match self.unit()? {
                    0xD800..0xDC00 if self.text.as_bytes().get(self.at..self.at + 2) == Some(b"\\u") => {
                        let before_second = self.at;
                        if !(0xDC00..0xE000).contains(&self.unit()?) {
                            // Not its other half: an escape of its own.
                            self.at = before_second;
                            return lone();
                        }
                        Ok(())
                    }
                    0xD800..0xE000 => lone(),
                    _ => Ok(()),
                }
            }
            None => {
                self.at += 1;
                self.unexpected("the rest of an escape")
            }
            Some(_) => self.wrong(Fault::InvalidEscape),
        }
    }

    /// The four hexadecimal digits after `\u`.
    fn unit(&mut self) -> Step<u32> {
        let digits = self.text.as_bytes().get(self.at + 2..).and_then(|rest| rest.first_chunk());
        match digits.and_then(unit) {
            Some(unit) => {
                self.at += 6;
                Ok(unit)
            }
            None => self.wrong(Fault::InvalidEscape),
        }
    }

    pub(super) fn number(&mut self) -> Step<()> {
        match number_end(self.text.as_bytes(), self.at) {
            Some(end) => {
                self.at = end;
                Ok(())
            }
            None => self.wrong(Fault::InvalidNumber),
        }
    }

    pub(super) fn literal(&mut self, word: &'static [u8]) -> Step<()> {
        match literal_end(self.text.as_bytes(), self.at, word) {
            Some(end) => {
                self.at = end;
                Ok(())
            }
            None => self.unexpected("a value"),
        }
    }

    /// After an element: whether another one comes, or the closing bracket.
    pub(super) fn another(&mut self, close: u8, expected: &'static str) -> Step<bool> {
        match self.token() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => self.unexpected(expected),
        }
    }

    /// The first byte of the next token, behind the white space, of which a minified body has none.
    pub(super) fn token(&mut self) -> Option<u8> {
        match self.peek() {
            Some(..=b' ') => {
                self.met_space = true;
                while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
                    self.at += 1;
                }
                self.peek()
            }
            first => first,
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[cold]
    pub(super) fn unexpected<T>(&self, expected: &'static str) -> Step<T> {
        self.wrong(match self.at < self.text.len() {
            true => Fault::Expected { expected },
            false => Fault::UnexpectedEnd { expected },
        })
    }

    #[cold]
    pub(super) fn wrong<T>(&self, fault: Fault) -> Step<T> {
        Err(Box::new(Wrong { fault, offset: self.at, path: Vec::new() }))
    }
}

/// The offset behind the number that begins at `at`.
#[inline(never)] // So that its caller stays small.
pub(super) fn number_end(bytes: &[u8], at: usize) -> Option<usize> {
    let first = at + usize::from(bytes.get(at) == Some(&b'-'));
    // Sixteen bytes have all of most numbers: what is no digit among them is a point, and the end.
    let others = Chunk::at(bytes, first).map_or(0, Chunk::others_than_digits);
    let digits = others.trailing_zeros() as usize;
    let end = match bytes.get(first + digits) {
        Some(b'.') => (others & others.wrapping_sub(1)).trailing_zeros() as usize,
        _ => digits,
    };
    let is_whole = digits == 1 || digits > 1 && bytes.get(first) != Some(&b'0');
    let has_fraction = end > digits + 1;
    match bytes.get(first + end) {
        Some(b',' | b'}' | b'\n') if end < chunk::LEN && is_whole && (end == digits || has_fraction) => {
            Some(first + end)
        }
        _ => any_number_end(bytes, first),
    }
}

/// As [`number_end`], of any number, behind its sign.
#[inline(never)] // So that its caller stays small.
fn any_number_end(bytes: &[u8], first: usize) -> Option<usize> {
    let mut end = digits_end(bytes, first)?;
    if end > first + 1 && bytes.get(first) == Some(&b'0') {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        end = digits_end(bytes, end + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        end = digits_end(bytes, end + 1 + signed)?;
    }
    Some(end)
}

/// The offset behind the digits that begin at `at`, of which there has to be one.
fn digits_end(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = bytes.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0).then_some(at + digits)
}

/// The offset behind a word that stands at `at`.
#[inline]
pub(super) fn literal_end(bytes: &[u8], at: usize, word: &'static [u8]) -> Option<usize> {
    let end = at + word.len();
    (bytes.get(at..end) == Some(word)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However many digits there are before and behind the point, and whatever comes then: around the end of what is looked at at
    /// once, and around the end of the text.
    #[test]
    fn a_number_ends_where_a_look_at_each_byte_ends_it() {
        let behind =
            [",", "}", "]", "\n", " ", "", "e1,", "E-05]", "e,", ".", ".5,", "x", ",1.5,-0.g", "}1234567890123456,7"];
        for (whole, fraction) in (0..20).flat_map(|whole| (0..20).map(move |fraction| (whole, fraction))) {
            for (sign, first) in ["", "-"].into_iter().flat_map(|sign| ["1", "0"].map(|first| (sign, first))) {
                for point in ["", "."] {
                    for behind in behind {
                        let (whole, fraction) = (first.repeat(whole), "7".repeat(fraction));
                        let text = format!("[{sign}{whole}{point}{fraction}{behind}");
                        for text in [text.clone(), format!("{text}{}", "1,".repeat(20))] {
                            let expected = any_number_end(text.as_bytes(), 1 + sign.len());
                            assert_eq!(number_end(text.as_bytes(), 1), expected, "{text}");
                        }
                    }
                }
            }
        }
    }

    /// Wherever it begins, points and ends that stand further on are none of it.
    #[test]
    fn what_stands_further_on_is_no_part_of_a_number() {
        for (start, behind) in (0..40).flat_map(|start| (0..40).map(move |behind| (start, behind))) {
            for number in ["12,3", "1,2", "123,4", "-12,3", "12.5,6", "12x3"] {
                let text = format!("{}{number}}}{}.5,.5,.5}}.5\n", " ".repeat(start), "0".repeat(behind));
                let first = start + usize::from(number.starts_with('-'));
                let expected = any_number_end(text.as_bytes(), first);
                assert_eq!(number_end(text.as_bytes(), start), expected, "{text}");
            }
        }
    }

    #[test]
    fn a_number_is_what_rfc_8259_says() {
        for number in
            ["0", "-0", "10", "0.5", "-1.25", "1e5", "0E+10", "1.5e-300", "123456789012345.5", "1234567890123456.5"]
        {
            for behind in ["", ",", "}", " 1"] {
                let text = format!("{number}{behind}");
                assert_eq!(number_end(text.as_bytes(), 0), Some(number.len()), "{text}");
            }
        }
        for text in ["", "-", "00", "01", "-01", ".5", "1.", "1.,5", "1e", "1e+", "-x", "1.e5", "0123456789012345678"] {
            assert_eq!(number_end(text.as_bytes(), 0), None, "{text}");
        }
    }
}

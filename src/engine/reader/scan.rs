//! The tokens of a JSON text: strings, numbers, literals, punctuation, white space.

use super::{
    malformed::Fault,
    wrong::{Step, Wrong},
};
use crate::engine::text::plain_end;

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
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0, met_space: false, met_escape: false }
    }

    /// Reads a string, and tells whether it holds escapes. `strict` refuses half a surrogate pair.
    #[inline(always)] // Most of a body is strings.
    pub fn string(&mut self, strict: bool) -> Step<bool> {
        self.at = plain_end(self.text.as_bytes(), self.at + 1);
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(false);
        }
        self.rest_of_string(strict).map(|()| true)
    }

    /// The rest of a string, from the first byte on that is not plain.
    #[inline(never)] // So that its caller stays small.
    fn rest_of_string(&mut self, strict: bool) -> Step<()> {
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
        let digits = self.text.as_bytes().get(self.at + 2..self.at + 6);
        let unit = digits.and_then(|digits| {
            digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))
        });
        match unit {
            Some(unit) => {
                self.at += 6;
                Ok(unit)
            }
            None => self.wrong(Fault::InvalidEscape),
        }
    }

    pub fn number(&mut self) -> Step<()> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let digits = |from: usize| {
            let mut at = from;
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            (at > from).then_some(at)
        };
        let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
        let whole = match bytes.get(at) {
            Some(b'0') => Some(at + 1).filter(|&next| !bytes.get(next).is_some_and(u8::is_ascii_digit)),
            _ => digits(at),
        };
        let Some(whole) = whole else { return self.wrong(Fault::InvalidNumber) };
        at = whole;
        if bytes.get(at) == Some(&b'.') {
            let Some(fraction) = digits(at + 1) else { return self.wrong(Fault::InvalidNumber) };
            at = fraction;
        }
        if let Some(b'e' | b'E') = bytes.get(at) {
            let signed = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            let Some(exponent) = digits(at + 1 + signed) else { return self.wrong(Fault::InvalidNumber) };
            at = exponent;
        }
        self.at = at;
        Ok(())
    }

    pub fn literal(&mut self, word: &'static str) -> Step<()> {
        match self.text.as_bytes().get(self.at..self.at + word.len()) {
            Some(bytes) if bytes == word.as_bytes() => {
                self.at += word.len();
                Ok(())
            }
            _ => self.unexpected("a value"),
        }
    }

    /// After an element: whether another one comes, or the closing bracket.
    #[inline]
    pub fn another(&mut self, close: u8, expected: &'static str) -> Step<bool> {
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
    #[inline(always)] // A comparison and a branch.
    pub fn token(&mut self) -> Option<u8> {
        match self.peek() {
            Some(..=b' ') => self.token_behind_space(),
            first => first,
        }
    }

    #[inline(never)] // So that its caller stays small.
    fn token_behind_space(&mut self) -> Option<u8> {
        self.met_space = true;
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[cold]
    pub fn unexpected<T>(&self, expected: &'static str) -> Step<T> {
        self.wrong(match self.at < self.text.len() {
            true => Fault::Expected { expected },
            false => Fault::UnexpectedEnd { expected },
        })
    }

    #[cold]
    pub fn wrong<T>(&self, fault: Fault) -> Step<T> {
        Err(Box::new(Wrong { fault, offset: self.at, path: Vec::new() }))
    }
}

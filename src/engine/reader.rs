//! The guard at the door, written by hand because no kept library refuses what it refuses: `serde_json` takes a member twice
//! and, in what it skips, a lone surrogate; `jiter`, `sonic-rs` and `hifijson` find no member that comes twice either, and the
//! last costs double. Measured when it was chosen, in instructions on the payloads of the benches, as a share of what
//! `serde_json` takes to make a `Value`:
//!
//! | | 149 B | 188 B | 8 keys | 64 keys | 1,000 keys | |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | `serde_json`, `IgnoredAny` | .25 | .26 | .25 | .20 | .16 | keeps nothing |
//! | `jiter`, skipping | .30 | .28 | .29 | .24 | .19 | 13 crates |
//! | `sonic-rs`, lazy value | .36 | .34 | .30 | .23 | .18 | `unsafe` |
//! | `hifijson`, strings decoded | .57 | .52 | .51 | .40 | .32 | |
//! | this one, duplicates found | .30 | .27 | .29 | .26 | .21 | adds `smallvec` |
//!
//! It is fuzzed against `serde_json`. What a change costs is told by `cargo bench --bench instructions`: the inlining that is
//! asked for here was measured there, too.

use std::{borrow::Cow, cell::Cell};

use super::{
    Fault, Json, Kind, Malformed, Pointer,
    keys::{Keys, Name, Sieve},
    text::{plain_end, unescape},
};

/// What a body may measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The length in bytes above which a body is refused unread; `None` for no limit.
    pub max_bytes: Option<usize>,
    /// How many arrays and objects may stand inside each other, the outermost counted. The type is the upper bound: at
    /// 255 levels no recursion over a document overflows a thread's stack.
    pub max_depth: u8,
}

impl Limits {
    /// For what is stored: a policy may have let in more than the default, and what was accepted has to be readable.
    pub const STORED: Self = Self { max_bytes: None, max_depth: u8::MAX };
}

impl Default for Limits {
    /// No limit on bytes, 128 levels.
    fn default() -> Self {
        Self { max_bytes: None, max_depth: 128 }
    }
}

/// How closely nested values are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rigor {
    /// Every promise: no duplicates, no lone surrogates.
    Strict,
    /// The grammar of RFC 8259 alone, for the envelope around bodies that a strict reading decides later.
    Grammar,
}

/// The one strict reading of a JSON body (RFC 8259), without a copy.
///
/// It refuses what readers disagree on: a member that comes twice at any depth (compared after unescaping), a lone
/// surrogate escape, a byte order mark, anything after the value, nesting deeper than [`Limits::max_depth`]. What it
/// passes over without being asked is checked all the same and handed out as [`Json`], the exact text.
///
/// ```
/// use user_patch::engine::{Limits, Reader};
///
/// let mut names = Vec::new();
/// Reader::read_object(br#"{"a": 1.0, "\u0062": [2]}"#, &Limits::default(), |name, reader| {
///     names.push((name.to_owned(), reader.value()?.to_string()));
///     Ok(())
/// })?;
/// assert_eq!(names, [("a".to_owned(), "1.0".to_owned()), ("b".to_owned(), "[2]".to_owned())]);
/// # Ok::<(), user_patch::engine::Malformed>(())
/// ```
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
    max_depth: u8,
    rigor: Rigor,
    /// Whether something was found wrong: a caller that drops an error does not make a body well-formed.
    failed: Cell<bool>,
    /// Where the name read last begins.
    name_at: usize,
    /// How often white space was passed over.
    spaces: usize,
    /// How many strings had escapes.
    escaped: usize,
    keys: Keys<'a>,
}

impl<'a> Reader<'a> {
    /// Reads a body that has to be one object. `each` is called with every member's name, unescaped, and must read its
    /// value, with [`value`](Self::value), [`object`](Self::object) or [`value_with`](Self::value_with). Gives the object's
    /// text.
    ///
    /// # Errors
    /// What makes the body unreadable, or [`Fault::NotAnObject`] for a well-formed value of another type.
    pub fn read_object<F>(body: &'a [u8], limits: &Limits, each: F) -> Result<Json<'a>, Malformed>
    where
        F: FnMut(&str, &mut Self) -> Result<(), Malformed>,
    {
        Self::over(Self::checked(body, limits)?, limits).whole(each)
    }

    /// The members of an envelope: an object whose own names are read strictly, while the values only have to be
    /// grammatical and are given as text, to be read on their own. A request that carries a body with a duplicate is still
    /// a request.
    ///
    /// # Errors
    /// As [`read_object`](Self::read_object); nested values may be 255 levels deep.
    pub fn read_envelope<F>(body: &'a [u8], mut each: F) -> Result<(), Malformed>
    where
        F: FnMut(&str, &'a str) -> Result<(), Malformed>,
    {
        let mut reader = Self::over(Self::checked(body, &Limits::STORED)?, &Limits::STORED);
        reader.whole(|name, reader| {
            let first = reader.token();
            let start = reader.at;
            reader.rigor = Rigor::Grammar;
            reader.pass(first)?;
            reader.rigor = Rigor::Strict;
            each(name, reader.slice(start))
        })?;
        Ok(())
    }

    /// The line and column of the member at `pointer`, or of the innermost object on the way that is there, for a message
    /// about a text that a program has already found wrong. Both count from 1, the column in scalar values.
    pub fn locate(text: &'a [u8], pointer: &Pointer) -> (usize, usize) {
        let tokens: Vec<_> = pointer.tokens().collect();
        let mut at = 0;
        // What cannot be read to its end is read as far as it goes.
        let _ = Self::read_value(text, &Limits::STORED, |reader| {
            at = reader.at;
            reader.find(&tokens, &mut at)
        });
        let place = Malformed::at(Fault::Empty, text, at);
        (place.line(), place.column())
    }

    /// Passes over a value, and puts the offset of the member at the end of the path into `found`.
    fn find(&mut self, path: &[Cow<'_, str>], found: &mut usize) -> Result<(), Malformed> {
        let Some((first, rest)) = path.split_first().filter(|_| self.at_object()) else { return self.skip() };
        self.members(|name, reader| match name.decoded() == *first {
            true => {
                *found = name.at;
                reader.find(rest, found)
            }
            false => reader.skip(),
        })
    }

    /// Reads a body that may be any value.
    pub(super) fn read_value<T>(
        body: &'a [u8],
        limits: &Limits,
        read: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        let mut reader = Self::over(Self::checked(body, limits)?, limits);
        reader.start()?;
        let value = read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    }

    /// The body as text.
    fn checked(body: &'a [u8], limits: &Limits) -> Result<&'a str, Malformed> {
        if let Some(limit) = limits.max_bytes.filter(|&limit| body.len() > limit) {
            return Err(Malformed::at(Fault::TooLong { limit }, &[], 0));
        }
        let text = str::from_utf8(body).map_err(|wrong| Malformed::at(Fault::NotUtf8, body, wrong.valid_up_to()))?;
        if text.starts_with('\u{FEFF}') {
            return Err(Malformed::at(Fault::ByteOrderMark, body, 0));
        }
        Ok(text)
    }

    #[inline] // The names lie inside: as a call it would move them.
    fn over(text: &'a str, limits: &Limits) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            max_depth: limits.max_depth,
            rigor: Rigor::Strict,
            failed: Cell::new(false),
            name_at: 0,
            spaces: 0,
            escaped: 0,
            keys: Keys::new(),
        }
    }

    /// The white space before the value.
    #[inline]
    fn start(&mut self) -> Result<(), Malformed> {
        match self.token() {
            Some(_) => Ok(()),
            None => Err(self.fault(Fault::Empty)),
        }
    }

    fn whole<F>(&mut self, each: F) -> Result<Json<'a>, Malformed>
    where
        F: FnMut(&str, &mut Self) -> Result<(), Malformed>,
    {
        self.start()?;
        let start = self.at;
        let value = self.value_with(each)?;
        self.finish()?;
        match value.kind() {
            Kind::Object => Ok(value),
            _ => Err(self.fault_at(Fault::NotAnObject, start)),
        }
    }

    #[inline]
    fn finish(&mut self) -> Result<(), Malformed> {
        match self.token() {
            None if !self.failed.get() => Ok(()),
            _ => Err(self.fault(Fault::TrailingData)),
        }
    }

    /// Reads an object, member by member.
    ///
    /// # Errors
    /// What makes it unreadable; [`Fault::NotAnObject`] where another value comes.
    pub fn object<F>(&mut self, mut each: F) -> Result<(), Malformed>
    where
        F: FnMut(&str, &mut Self) -> Result<(), Malformed>,
    {
        self.members(|name, reader| {
            let unescaped;
            let name = match name.escaped {
                true => {
                    unescaped = unescape(name.raw);
                    &*unescaped
                }
                false => name.raw,
            };
            each(name, reader)
        })
    }

    /// [`object`](Self::object) for the names as they stand in the body.
    fn members<F>(&mut self, mut each: F) -> Result<(), Malformed>
    where
        F: FnMut(Name<'a>, &mut Self) -> Result<(), Malformed>,
    {
        if self.token() != Some(b'{') {
            return Err(self.fault(Fault::NotAnObject));
        }
        self.descend()?;
        let (mark, mut sieve) = (self.keys.mark(), Sieve::new());
        if self.token() == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                let name = self.name()?;
                sieve.add(&name);
                each(name, self).map_err(|wrong| wrong.within(&name.decoded()))?;
                if !self.another(b'}', "`,` or `}`")? {
                    break;
                }
            }
        }
        self.depth -= 1;
        match self.keys.close(mark, &sieve) {
            Some(twice) if self.rigor == Rigor::Strict => {
                Err(self.fault_at(Fault::Duplicate, twice.at).named(&twice.decoded()))
            }
            _ => Ok(()),
        }
    }

    /// Reads any value, which becomes its exact text.
    ///
    /// # Errors
    /// What makes it unreadable.
    #[inline(always)] // As `pass`.
    pub fn value(&mut self) -> Result<Json<'a>, Malformed> {
        let first = self.token();
        let mark = self.mark();
        self.pass(first)?;
        Ok(self.since(mark))
    }

    /// Reads any value, which becomes its exact text; where it is an object, `each` is called for every member on the
    /// way and must read its value.
    ///
    /// # Errors
    /// What makes it unreadable.
    pub fn value_with<F>(&mut self, each: F) -> Result<Json<'a>, Malformed>
    where
        F: FnMut(&str, &mut Self) -> Result<(), Malformed>,
    {
        let first = self.token();
        let mark = self.mark();
        match first {
            Some(b'{') => self.object(each)?,
            _ => self.pass(first)?,
        }
        Ok(self.since(mark))
    }

    /// Reads any value, which becomes its exact text; where it is an array, `each` is called for every element with the
    /// text of the string it is, unescaped, or `None` where it is none.
    ///
    /// # Errors
    /// What makes it unreadable.
    pub fn value_with_strings(&mut self, mut each: impl FnMut(Option<Cow<'a, str>>)) -> Result<Json<'a>, Malformed> {
        let first = self.token();
        let mark = self.mark();
        match first {
            Some(b'[') => self.elements(|reader| {
                each(match reader.token() {
                    Some(b'"') => Some(reader.text()?),
                    first => {
                        reader.pass(first)?;
                        None
                    }
                });
                Ok(())
            })?,
            _ => self.pass(first)?,
        }
        Ok(self.since(mark))
    }

    /// Where a value begins, behind its white space.
    #[inline]
    const fn mark(&self) -> (usize, usize, usize) {
        (self.at, self.spaces, self.escaped)
    }

    /// The value that has been read since.
    #[inline]
    fn since(&self, (start, spaces, escaped): (usize, usize, usize)) -> Json<'a> {
        Json::read(self.slice(start), spaces == self.spaces, escaped == self.escaped)
    }

    /// Whether an object comes next.
    pub(super) fn at_object(&mut self) -> bool {
        self.token() == Some(b'{')
    }

    /// The fault of the member whose name was handed out last: it comes twice, under two spellings that only the caller
    /// knows to be one. Its name is added by [`object`](Self::object), as for every fault inside a member.
    #[cold]
    pub(crate) fn duplicate(&self) -> Malformed {
        self.fault_at(Fault::Duplicate, self.name_at)
    }

    /// Passes over a value.
    #[inline]
    fn skip(&mut self) -> Result<(), Malformed> {
        let first = self.token();
        self.pass(first)
    }

    /// Passes over the value that begins here, with this byte.
    #[inline(always)] // So that a string or a number costs no call.
    fn pass(&mut self, first: Option<u8>) -> Result<(), Malformed> {
        match first {
            Some(b'"') => self.string().map(drop),
            Some(b'{') => self.skip_object(),
            Some(b'[') => self.array(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn skip_object(&mut self) -> Result<(), Malformed> {
        self.members(|_, reader| reader.skip())
    }

    fn array(&mut self) -> Result<(), Malformed> {
        self.elements(|reader| reader.skip())
    }

    /// Reads an array, element by element.
    fn elements(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), Malformed>) -> Result<(), Malformed> {
        self.descend()?;
        if self.token() == Some(b']') {
            self.at += 1;
        } else {
            for index in 0_usize.. {
                each(self).map_err(|wrong| wrong.within(&index.to_string()))?;
                if !self.another(b']', "`,` or `]`")? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    #[inline]
    fn descend(&mut self) -> Result<(), Malformed> {
        if self.depth >= self.max_depth {
            return Err(self.fault(Fault::TooDeep { limit: self.max_depth }));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// After an element: whether another one comes, or the closing bracket.
    #[inline]
    fn another(&mut self, close: u8, expected: &'static str) -> Result<bool, Malformed> {
        match self.token() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// A member's name and its colon.
    #[inline(always)] // One caller in many shapes; as a call of its own it makes a reading a tenth dearer.
    fn name(&mut self) -> Result<Name<'a>, Malformed> {
        if self.token() != Some(b'"') {
            return Err(self.unexpected("a member's name"));
        }
        let at = self.at;
        let (raw, escaped) = self.raw_string()?;
        let name = Name { at, raw, escaped };
        self.name_at = at;
        self.keys.push(name, self.text.len() - self.at);
        if self.token() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok(name)
    }

    /// Reads a string: the text between the quotes, and whether it holds escapes.
    #[inline(always)] // As `name`, of which it is most.
    fn raw_string(&mut self) -> Result<(&'a str, bool), Malformed> {
        let start = self.at + 1;
        let escaped = self.string()?;
        Ok((self.text.get(start..self.at - 1).unwrap_or_default(), escaped))
    }

    /// Reads a string, unescaped.
    #[inline]
    fn text(&mut self) -> Result<Cow<'a, str>, Malformed> {
        let (raw, escaped) = self.raw_string()?;
        Ok(if escaped { unescape(raw) } else { Cow::Borrowed(raw) })
    }

    /// Reads a string, and tells whether it holds escapes.
    #[inline]
    fn string(&mut self) -> Result<bool, Malformed> {
        self.at = plain_end(self.text.as_bytes(), self.at + 1);
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(false);
        }
        self.rest_of_string().map(|()| true)
    }

    /// The rest of a string, from the first byte on that is not plain.
    fn rest_of_string(&mut self) -> Result<(), Malformed> {
        self.escaped += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(self.fault(Fault::ControlCharacter)),
                None => return Err(self.unexpected("the closing quote")),
            }
            self.at = plain_end(self.text.as_bytes(), self.at);
        }
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        match self.text.as_bytes().get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => {
                let lone = |reader: &Self| match reader.rigor {
                    Rigor::Strict => Err(reader.fault_at(Fault::LoneSurrogate, start)),
                    Rigor::Grammar => Ok(()),
                };
                match self.unit()? {
                    0xD800..0xDC00 if self.text.as_bytes().get(self.at..self.at + 2) == Some(b"\\u") => {
                        let before_second = self.at;
                        if !(0xDC00..0xE000).contains(&self.unit()?) {
                            // Not its other half: an escape of its own.
                            self.at = before_second;
                            return lone(self);
                        }
                        Ok(())
                    }
                    0xD800..0xE000 => lone(self),
                    _ => Ok(()),
                }
            }
            None => {
                self.at += 1;
                Err(self.unexpected("the rest of an escape"))
            }
            Some(_) => Err(self.fault(Fault::InvalidEscape)),
        }
    }

    /// The four hexadecimal digits after `\u`.
    fn unit(&mut self) -> Result<u32, Malformed> {
        let digits = self.text.as_bytes().get(self.at + 2..self.at + 6);
        let unit = digits.and_then(|digits| {
            digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))
        });
        match unit {
            Some(unit) => {
                self.at += 6;
                Ok(unit)
            }
            None => Err(self.fault(Fault::InvalidEscape)),
        }
    }

    fn number(&mut self) -> Result<(), Malformed> {
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
        at = whole.ok_or_else(|| self.fault(Fault::InvalidNumber))?;
        if bytes.get(at) == Some(&b'.') {
            at = digits(at + 1).ok_or_else(|| self.fault(Fault::InvalidNumber))?;
        }
        if let Some(b'e' | b'E') = bytes.get(at) {
            let signed = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            at = digits(at + 1 + signed).ok_or_else(|| self.fault(Fault::InvalidNumber))?;
        }
        self.at = at;
        Ok(())
    }

    fn literal(&mut self, word: &'static str) -> Result<(), Malformed> {
        match self.text.as_bytes().get(self.at..self.at + word.len()) {
            Some(bytes) if bytes == word.as_bytes() => {
                self.at += word.len();
                Ok(())
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    /// The first byte of the next token, behind the white space, of which a minified body has none.
    #[inline(always)] // A comparison and a branch.
    fn token(&mut self) -> Option<u8> {
        match self.peek() {
            Some(..=b' ') => self.token_behind_space(),
            first => first,
        }
    }

    #[inline(never)] // So that its caller stays small.
    fn token_behind_space(&mut self) -> Option<u8> {
        self.spaces += 1;
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The text from `start` to here. Both are next to ASCII characters, so it is never cut in the middle of one.
    #[inline]
    fn slice(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    #[cold]
    fn unexpected(&self, expected: &'static str) -> Malformed {
        self.fault(match self.at < self.text.len() {
            true => Fault::Expected { expected },
            false => Fault::UnexpectedEnd { expected },
        })
    }

    #[cold]
    fn fault(&self, fault: Fault) -> Malformed {
        self.fault_at(fault, self.at)
    }

    #[cold]
    fn fault_at(&self, fault: Fault, offset: usize) -> Malformed {
        self.failed.set(true);
        Malformed::at(fault, self.text.as_bytes(), offset)
    }
}

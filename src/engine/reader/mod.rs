//! The one strict reading of a JSON text (RFC 8259), without a copy of it.
//!
//! It refuses what readers disagree on: a member that comes twice at any depth (compared after unescaping), a lone
//! surrogate escape, a byte order mark, anything after the value, nesting deeper than the limit. What it accepts is a
//! [`Document`]: the text and the places of its members.
//!
//! A cursor passes over the text and says no more than whether it may stand; where it may not, a reader goes over it once more to
//! tell why. What is accepted pays nothing for explanations.
//!
//! Written by hand, because no kept library refuses what it refuses: `serde_json` takes a member twice and, in what it skips,
//! a lone surrogate; `jiter`, `sonic-rs` and `hifijson` find no member that comes twice either. It is fuzzed against
//! `serde_json`. What a change costs is told by `cargo bench --bench instructions`: the inlining that is asked for here was
//! measured there.

mod cursor;
mod duplicates;
mod limits;
mod malformed;
mod scan;
mod wrong;

use std::ops::Range;

use super::{
    Document, Json,
    document::{Entry, Name, Tape},
    text::slice,
};
use cursor::{Cursor, Passed, make_room};
use duplicates::{Sieve, first_repeated};
pub use limits::Limits;
pub use malformed::{Fault, Malformed, Place};
use scan::Scan;
use wrong::{Step, Wrong};

impl<'a> Document<'a> {
    /// Reads any value strictly (RFC 8259): it refuses a member that comes twice at any depth, compared after unescaping, a
    /// lone surrogate escape, a byte order mark, and anything but white space after the value.
    ///
    /// # Errors
    /// What makes the text unreadable, and where.
    #[inline] // A document is large enough that a move of it shows.
    pub fn parse(text: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        let mut document = Self::empty();
        read(&mut document, text, limits)?;
        Ok(document)
    }

    /// As [`parse`](Self::parse), where only an object makes sense.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), or that it is not an object.
    #[inline]
    pub fn parse_object(text: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        let mut document = Self::empty();
        document.read_object(text, limits)?;
        Ok(document)
    }

    /// As [`parse_object`](Self::parse_object), into the place of a document, which is large enough that a move of it shows.
    #[inline]
    pub(crate) fn read_object(&mut self, text: &'a [u8], limits: &Limits) -> Result<(), Malformed> {
        read(self, text, limits)?;
        match self.value().is_object() {
            true => Ok(()),
            false => Err(Malformed::at(Fault::NotAnObject, text, self.value().offset())),
        }
    }

    /// The envelope around values that are read on their own, which may be 255 levels deep: the names of the object are read
    /// strictly, the values have to be grammatical and no more. Where it cannot be read to its end, the document has the
    /// members before the fault.
    pub(crate) fn parse_envelope(text: &'a [u8]) -> (Self, Result<(), Malformed>) {
        let (document, read) = read_envelope(text);
        let read = read.and_then(|()| match document.value().is_object() {
            true => Ok(()),
            false => Err(Malformed::at(Fault::NotAnObject, text, document.value().offset())),
        });
        (document, read)
    }
}

impl<'a> Json<'a> {
    /// Reads any value strictly, as [`Document::parse`] does.
    ///
    /// # Errors
    /// What makes it unreadable.
    pub fn parse(text: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        let document = Document::parse(text, limits)?;
        let (is_compact, is_plain) = (document.is_compact(), document.is_plain());
        Ok(Self::of(document.into_cow(), is_compact, is_plain))
    }
}

/// How closely nested values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rigor {
    /// Every promise: no duplicates, no lone surrogates.
    Strict,
    /// The grammar of RFC 8259 alone below the members of the outermost object: for the envelope around bodies that a strict
    /// reading decides later. A request that carries a body with a duplicate is still a request.
    Envelope,
}

/// Reads a text that may be any value into an empty document.
fn read<'a>(document: &mut Document<'a>, text: &'a [u8], limits: &Limits) -> Result<(), Malformed> {
    let text = checked(text, limits)?;
    match Cursor::new(text, limits.max_depth, document.entries()).whole() {
        Some(Passed { range, is_compact, is_plain }) => {
            document.is_read(text, range, is_compact, is_plain);
            Ok(())
        }
        None => explain(document, text, limits),
    }
}

/// Reads a text that the cursor did not accept, to tell why.
#[cold]
fn explain<'a>(document: &mut Document<'a>, text: &'a str, limits: &Limits) -> Result<(), Malformed> {
    document.entries().clear();
    let mut reader = Reader::of(text, limits.max_depth, Rigor::Strict, document.entries());
    match reader.whole() {
        Ok((range, is_compact)) => {
            let is_plain = !reader.scan.met_escape;
            document.is_read(text, range, is_compact, is_plain);
            Ok(())
        }
        Err(wrong) => Err(wrong.told(text.as_bytes())),
    }
}

/// Reads an envelope as far as it can be read: the document has the outermost members before the fault.
fn read_envelope(text: &[u8]) -> (Document<'_>, Result<(), Malformed>) {
    let mut document = Document::empty();
    let text = match checked(text, &Limits::STORED) {
        Ok(text) => text,
        Err(wrong) => return (document, Err(wrong)),
    };
    let mut reader = Reader::of(text, Limits::STORED.max_depth, Rigor::Envelope, document.entries());
    let (range, told) = match reader.whole() {
        Ok((range, _)) => (range, Ok(())),
        Err(wrong) => {
            // The members whose values end: the last one that was begun has no end yet. In an array they are no envelope's.
            let mut whole = 0;
            let is_object = text.trim_start().starts_with('{');
            while let Some(entry) = reader.tape.get(whole).filter(|entry| is_object && entry.next != 0) {
                whole = entry.next as usize;
            }
            reader.tape.truncate(whole);
            (0..reader.scan.at.min(text.len()), Err(wrong.told(text.as_bytes())))
        }
    };
    document.is_read(text, range, false, false);
    (document, told)
}

/// The bytes as text, if they are within the limit.
fn checked<'a>(text: &'a [u8], limits: &Limits) -> Result<&'a str, Malformed> {
    let limit = limits.bytes();
    if text.len() > limit {
        return Err(Malformed::at(Fault::TooLong { limit }, &[], 0));
    }
    let checked = str::from_utf8(text).map_err(|wrong| Malformed::at(Fault::NotUtf8, text, wrong.valid_up_to()))?;
    if checked.starts_with('\u{FEFF}') {
        return Err(Malformed::at(Fault::ByteOrderMark, text, 0));
    }
    Ok(checked)
}

/// The reader that explains: it knows at each step what would have to come.
struct Reader<'a, 't> {
    scan: Scan<'a>,
    depth: u8,
    max_depth: u8,
    rigor: Rigor,
    tape: &'t mut Tape,
}

impl<'a, 't> Reader<'a, 't> {
    fn of(text: &'a str, max_depth: u8, rigor: Rigor, tape: &'t mut Tape) -> Self {
        Self { scan: Scan::new(text), depth: 0, max_depth, rigor, tape }
    }

    /// The value, with nothing but white space around it: where it is, and whether it has white space inside.
    fn whole(&mut self) -> Step<(Range<usize>, bool)> {
        let Some(first) = self.scan.token() else { return self.scan.wrong(Fault::Empty) };
        let start = self.scan.at;
        self.scan.met_space = false;
        self.value(Some(first))?;
        let (end, is_compact) = (self.scan.at, !self.scan.met_space);
        match self.scan.token() {
            None => Ok((start..end, is_compact)),
            Some(_) => self.scan.wrong(Fault::TrailingData),
        }
    }

    /// Reads the value that begins here, with this byte.
    fn value(&mut self, first: Option<u8>) -> Step<()> {
        match first {
            Some(b'"') => self.scan.string(self.rigor == Rigor::Strict).map(drop),
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'-' | b'0'..=b'9') => self.scan.number(),
            Some(b't') => self.scan.literal(b"true"),
            Some(b'f') => self.scan.literal(b"false"),
            Some(b'n') => self.scan.literal(b"null"),
            _ => self.scan.unexpected("a value"),
        }
    }

    fn object(&mut self) -> Step<()> {
        self.descend()?;
        let first = self.tape.len();
        let mut sieve = Sieve::new();
        if self.scan.token() == Some(b'}') {
            self.scan.at += 1;
        } else {
            loop {
                let at = self.tape.len();
                let next_byte = self.name(&mut sieve)?;
                match self.value(next_byte) {
                    Ok(()) => {}
                    Err(wrong) => return Err(self.within(wrong, at)),
                }
                let (end, next) = (self.scan.at, self.tape.len());
                if self.rigor == Rigor::Envelope && self.depth > 1 {
                    self.tape.truncate(at); // Whoever gets the text of the value reads it anew.
                } else if let Some(entry) = self.tape.get_mut(at) {
                    entry.close(end, next);
                }
                if !self.scan.another(b'}', "`,` or `}`")? {
                    break;
                }
            }
        }
        if sieve.is_suspicious {
            self.refuse_duplicates(first)?
        }
        self.depth -= 1;
        Ok(())
    }

    /// A member's name and its colon; gives the first byte of the value.
    fn name(&mut self, sieve: &mut Sieve) -> Step<Option<u8>> {
        if self.scan.token() != Some(b'"') {
            return self.scan.unexpected("a member's name");
        }
        let name = self.scan.at + 1;
        let escaped = self.scan.string(self.rigor == Rigor::Strict || self.depth == 1)?;
        let length = self.scan.at - 1 - name;
        let raw = self.scan.text.as_bytes().get(name..self.scan.at - 1);
        sieve.add(raw.unwrap_or(b""), escaped);
        if self.scan.token() != Some(b':') {
            return self.scan.unexpected("`:`");
        }
        self.scan.at += 1;
        let first = self.scan.token();
        if self.tape.len() == self.tape.capacity() {
            make_room(self.tape, self.scan.at, self.scan.text.len() - self.scan.at);
        }
        self.tape.push(Entry::new(name, length, escaped, self.scan.at));
        Ok(first)
    }

    #[cold]
    fn refuse_duplicates(&mut self, first: usize) -> Step<()> {
        if self.rigor == Rigor::Envelope && self.depth > 1 {
            return Ok(());
        }
        let members = self.tape.get(first..).unwrap_or_default();
        match first_repeated(self.scan.text, members, first as u32) {
            None => Ok(()),
            Some(entry) => {
                let wrong = Wrong { fault: Fault::Duplicate, offset: entry.name as usize - 1, path: Vec::new() };
                Err(self.named(Box::new(wrong), entry))
            }
        }
    }

    /// The fault, seen from one level further out.
    #[cold]
    fn within(&self, wrong: Box<Wrong>, at: usize) -> Box<Wrong> {
        match self.tape.get(at) {
            Some(&entry) if wrong.fault == Fault::Duplicate => self.named(wrong, entry),
            _ => wrong,
        }
    }

    fn named(&self, mut wrong: Box<Wrong>, entry: Entry) -> Box<Wrong> {
        let name = Name { raw: slice(self.scan.text, entry.name_range()), escaped: entry.is_escaped() };
        wrong.path.push(name.decoded().into());
        wrong
    }

    /// Reads an array. What is in it is one value to every rule, so the members in it are forgotten once they are known to
    /// differ.
    fn array(&mut self) -> Step<()> {
        self.descend()?;
        let mark = self.tape.len();
        if self.scan.token() == Some(b']') {
            self.scan.at += 1;
        } else {
            for index in 0_usize.. {
                let first = self.scan.token();
                if let Err(mut wrong) = self.value(first) {
                    if wrong.fault == Fault::Duplicate {
                        wrong.path.push(index.to_string().into());
                    }
                    return Err(wrong);
                }
                self.tape.truncate(mark);
                if !self.scan.another(b']', "`,` or `]`")? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    #[inline]
    fn descend(&mut self) -> Step<()> {
        if self.depth >= self.max_depth {
            return self.scan.wrong(Fault::TooDeep { limit: self.max_depth });
        }
        self.depth += 1;
        self.scan.at += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The members of an envelope, each with its exact text.
    fn envelope(body: &str) -> Result<Vec<(String, String)>, Malformed> {
        let (document, read) = Document::parse_envelope(body.as_bytes());
        read.map(|()| members(&document))
    }

    /// The members that stand before the fault.
    fn before_fault(body: &str) -> Vec<(String, String)> {
        let (document, read) = Document::parse_envelope(body.as_bytes());
        assert!(read.is_err());
        members(&document)
    }

    fn members(document: &Document<'_>) -> Vec<(String, String)> {
        document.value().members().map(|(name, value)| (name.into_owned(), value.text().to_owned())).collect()
    }

    #[track_caller]
    fn strict(body: &str) -> Fault {
        Document::parse(body.as_bytes(), &Limits::default()).unwrap_err().fault()
    }

    #[test]
    fn an_envelope_hands_out_the_exact_text_of_its_members() {
        let members = envelope(r#" { "b\u006fdy" : { "a" : 1.0 } , "x":[ ] } "#).unwrap();
        let members: Vec<_> = members.iter().map(|(name, text)| (&**name, &**text)).collect();
        assert_eq!(members, [("body", r#"{ "a" : 1.0 }"#), ("x", "[ ]")]);
    }

    #[test]
    fn an_envelope_lets_nested_duplicates_pass() {
        for body in [r#"{"body":{"a":1,"a":2}}"#, r#"{"body":[{"x":{"a":1,"\u0061":2}}]}"#] {
            envelope(body).unwrap();
            assert_eq!(strict(body), Fault::Duplicate);
        }
    }

    #[test]
    fn an_envelope_lets_nested_lone_surrogates_pass() {
        for body in [
            r#"{"body":"\ud800"}"#,
            r#"{"body":["\udead"]}"#,
            r#"{"body":{"\ud83d\ud83d\ude00":1}}"#,
            r#"{"body":"\ud83dx"}"#,
            r#"{"body":"\ud83d\n"}"#,
        ] {
            envelope(body).unwrap();
            assert_eq!(strict(body), Fault::LoneSurrogate);
        }
    }

    #[test]
    fn an_envelope_refuses_its_own_duplicates() {
        let wrong = envelope(r#"{"body":{},"b\u006fdy":{}}"#).unwrap_err();
        assert_eq!((wrong.fault(), wrong.pointer().as_str()), (Fault::Duplicate, "/body"));
    }

    #[test]
    fn an_envelope_refuses_lone_surrogates_in_its_own_names() {
        let wrong = envelope(r#"{"\ud800":1}"#).unwrap_err();
        assert_eq!(wrong.fault(), Fault::LoneSurrogate);
    }

    #[test]
    fn an_envelope_refuses_what_is_no_json() {
        for (body, fault) in [
            (r#"{"body":{"a":1,}}"#, Fault::Expected { expected: "a member's name" }),
            (r#"{"body":[01]}"#, Fault::InvalidNumber),
            (r#"{"body":"\x"}"#, Fault::InvalidEscape),
            (r#"{"body":"\ud83d\u12"}"#, Fault::InvalidEscape),
            ("{\"body\":\"\n\"}", Fault::ControlCharacter),
            (r#"{"body":{}} x"#, Fault::TrailingData),
            ("", Fault::Empty),
            ("\u{FEFF}{}", Fault::ByteOrderMark),
        ] {
            assert_eq!(envelope(body).unwrap_err().fault(), fault, "{body}");
        }
        assert_eq!(Document::parse_envelope(b"{\"a\":\"\xFF\"}").1.unwrap_err().fault(), Fault::NotUtf8);
    }

    #[test]
    fn an_envelope_may_be_255_levels_deep() {
        let arrays = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        envelope(&format!(r#"{{"body":{}}}"#, arrays(254))).unwrap();
        let wrong = envelope(&format!(r#"{{"body":{}}}"#, arrays(255))).unwrap_err();
        assert_eq!(wrong.fault(), Fault::TooDeep { limit: 255 });
    }

    #[test]
    fn an_envelope_is_an_object() {
        for body in ["[]", r#"["Zed","r",null]"#, "1", r#""{}""#, "null", "true", "\n [1]"] {
            assert_eq!(envelope(body).unwrap_err().fault(), Fault::NotAnObject, "{body}");
        }
        assert_eq!(envelope("\n [1]").unwrap_err().place(), Place { line: 2, column: 2 });
    }

    #[test]
    fn a_million_levels_in_an_envelope_are_refused_without_an_overflow() {
        for open in ["[", r#"{"a":"#, r#"[{"a":"#] {
            let wrong = envelope(&format!(r#"{{"m":{}"#, open.repeat(1_000_000))).unwrap_err();
            assert_eq!(wrong.fault(), Fault::TooDeep { limit: 255 });
        }
    }

    /// So that an answer to an envelope that cannot be read can name it.
    #[test]
    fn the_members_before_the_fault_are_handed_out() {
        let id = || vec![("id".to_owned(), "7".to_owned())];
        for body in [
            r#"{"id":7,"body":x}"#,
            r#"{"id":7,"body":{"a":1,"b":[2,{"c":3}"#,
            r#"{"id":7,"body":[{"id":1},{"id":2,"c":"#,
            r#"{"id":7,"body"}"#,
            r#"{"id":7,}"#,
            r#"{"id":7"#,
            r#"{"id":7 "body":1}"#,
            r#" {"id":7} x"#,
            r#"{"id":7,"\ud800":1}"#,
        ] {
            assert_eq!(before_fault(body), id(), "{body}");
        }
        for body in [r#"{"id":"#, r#"{"id":[7"#, r#"{"id":{"id":7}"#[..10].into(), "{", "", "x", r#"{"id"}"#] {
            assert_eq!(before_fault(body), [], "{body}");
        }
    }

    /// Nor are those of the elements of an array, which is no envelope.
    #[test]
    fn the_members_inside_another_value_are_no_members_of_the_envelope() {
        for body in [
            r#"[{"id":7,x"#,
            r#"[{"id":7}"#,
            r#"[{"id":7,"a":[{"id":1"#,
            r#"{"a":{"id":7,"b":x}}"#,
            r#"{"a":[{"id":7,"b":x}]}"#,
        ] {
            assert_eq!(before_fault(body), [], "{body}");
        }
    }
}

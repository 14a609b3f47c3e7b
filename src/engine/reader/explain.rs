//! The reader that explains: where the cursor says no, it goes over the text again and tells what is wrong, and where.

use std::ops::Range;

use super::{
    cursor::make_room,
    duplicates::{Sieve, first_repeated},
    malformed::Fault,
    scan::Scan,
    wrong::{Step, Wrong},
};
use crate::engine::{
    document::{Entry, Name, Tape},
    text::slice,
};

/// How closely nested values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rigor {
    /// Every promise: no duplicates, no lone surrogates.
    Strict,
    /// The grammar of RFC 8259 alone below the members of the outermost object: for the envelope around bodies that a strict
    /// reading decides later. A request that carries a body with a duplicate is still a request.
    Envelope,
}

/// The reader that explains: it knows at each step what would have to come.
pub(super) struct Reader<'a, 't> {
    pub(super) scan: Scan<'a>,
    depth: u8,
    max_depth: u8,
    rigor: Rigor,
    pub(super) tape: &'t mut Tape,
}

impl<'a, 't> Reader<'a, 't> {
    pub(super) fn of(text: &'a str, max_depth: u8, rigor: Rigor, tape: &'t mut Tape) -> Self {
        Self { scan: Scan::new(text), depth: 0, max_depth, rigor, tape }
    }

    /// The value, with nothing but white space around it: where it is, and whether it has white space inside.
    pub(super) fn whole(&mut self) -> Step<(Range<usize>, bool)> {
        if self.scan.text.starts_with('\u{FEFF}') {
            return self.scan.wrong(Fault::ByteOrderMark);
        }
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
        let byte = |at: usize| self.scan.text.as_bytes().get(at).copied().unwrap_or_default();
        match escaped {
            false => sieve.add(byte(name), byte(name + length - 1), length),
            true => sieve.add_any(),
        }
        if self.scan.token() != Some(b':') {
            return self.scan.unexpected("`:`");
        }
        self.scan.at += 1;
        let first = self.scan.token();
        self.push(Entry::new(name, length, escaped, self.scan.at));
        Ok(first)
    }

    #[inline]
    fn push(&mut self, entry: Entry) {
        if self.tape.len() == self.tape.capacity() {
            make_room(self.tape, self.scan.at, self.scan.text.len() - self.scan.at);
        }
        self.tape.push(entry);
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

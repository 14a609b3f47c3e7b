//! The names of the objects that are open while a body is read, to find the one that comes twice.

use std::{borrow::Cow, collections::HashSet};

use smallvec::SmallVec;

use super::text::unescape;

/// A member's name as it stands in the body.
#[derive(Clone, Copy)]
pub(super) struct Name<'a> {
    /// The offset of its opening quote.
    pub at: usize,
    /// The text between the quotes.
    pub raw: &'a str,
    pub escaped: bool,
}

impl<'a> Name<'a> {
    pub fn decoded(self) -> Cow<'a, str> {
        match self.escaped {
            true => unescape(self.raw),
            false => Cow::Borrowed(self.raw),
        }
    }

    fn same_as(self, other: Self) -> bool {
        match self.escaped || other.escaped {
            true => self.decoded() == other.decoded(),
            false => self.raw == other.raw,
        }
    }
}

/// Up to this many names are compared pair by pair, which costs less than hashing them.
const FEW: usize = 12;

/// One stack for all open objects: the innermost one's names are its end. The first few lie on the call stack.
pub(super) struct Keys<'a>(SmallVec<[Name<'a>; 24]>);

impl<'a> Keys<'a> {
    pub fn new() -> Self {
        Self(SmallVec::new())
    }

    /// Where the names of an object that is opened now will begin.
    pub fn mark(&self) -> usize {
        self.0.len()
    }

    /// Adds a name. `remaining` is the length of the body that is still to be read: a member takes at least five bytes
    /// of it (`"":0,`), so that room for a sixteenth of it grows twice at most.
    #[inline]
    pub fn push(&mut self, name: Name<'a>, remaining: usize) {
        if self.0.len() == self.0.capacity() && !self.0.spilled() {
            self.0.reserve(remaining / 16);
        }
        self.0.push(name);
    }

    /// Closes the object whose names begin at `mark`, and gives the first name found to repeat an earlier one.
    pub fn close(&mut self, mark: usize) -> Option<Name<'a>> {
        let names = self.0.get(mark..).unwrap_or_default();
        let twice = match names.len() {
            ..=FEW => (1..names.len()).find_map(|end| {
                let (last, earlier) = names.get(..=end)?.split_last()?;
                earlier.iter().any(|name| name.same_as(*last)).then_some(*last)
            }),
            // `HashSet` is keyed anew in each process, so no body can be made to collide.
            many => {
                let mut seen = HashSet::with_capacity(many);
                names.iter().find(|name| !seen.insert(name.decoded())).copied()
            }
        };
        self.0.truncate(mark);
        twice
    }
}

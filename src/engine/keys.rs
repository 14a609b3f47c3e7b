//! The names of the objects that are open while a body is read, to find the one that comes twice.

use std::{
    borrow::Cow,
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

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
    #[inline]
    pub fn decoded(self) -> Cow<'a, str> {
        match self.escaped {
            true => unescape(self.raw),
            false => Cow::Borrowed(self.raw),
        }
    }

    /// A number that is the same for the same names.
    fn tag(self, secret: u64) -> u64 {
        let name = self.decoded();
        let (words, rest) = name.as_bytes().as_chunks::<8>();
        let rest = rest.iter().fold(1, |word, &byte| word << 8 | u64::from(byte));
        let words = words.iter().map(|&word| u64::from_le_bytes(word));
        words.chain([rest]).fold(0_u64, |tag, word| {
            // Both halves of the product: the upper bits of a word do not reach the lower ones of a half alone.
            let product = u128::from(tag ^ word) * u128::from(secret);
            (product >> 64) as u64 ^ product as u64
        })
    }
}

/// Up to this many names are compared pair by pair, which costs less than counting them.
const FEW: usize = 24;

/// One stack for all open objects: the innermost one's names are its end. The first few lie on the call stack.
pub(super) struct Keys<'a>(SmallVec<[Name<'a>; FEW]>);

impl<'a> Keys<'a> {
    #[inline]
    pub fn new() -> Self {
        Self(SmallVec::new())
    }

    /// Where the names of an object that is opened now will begin.
    #[inline]
    pub fn mark(&self) -> usize {
        self.0.len()
    }

    /// Adds a name. `remaining` is the length of the body that is still to be read: a member takes at least five bytes
    /// of it (`"":0,`), so that room for a sixteenth of it grows twice at most.
    #[inline(always)]
    pub fn push(&mut self, name: Name<'a>, remaining: usize) {
        if self.0.len() == FEW {
            self.0.reserve(remaining / 16);
        }
        self.0.push(name);
    }

    /// Closes the object whose names begin at `mark`, and gives the first name found to repeat an earlier one. The sieve
    /// has seen each of them.
    #[inline]
    pub fn close(&mut self, mark: usize, sieve: &Sieve) -> Option<Name<'a>> {
        let twice = if sieve.is_suspicious { self.repeated_since(mark) } else { None };
        self.0.truncate(mark);
        twice
    }

    #[inline(never)] // Most objects never get here.
    fn repeated_since(&self, mark: usize) -> Option<Name<'a>> {
        let names = self.0.get(mark..).unwrap_or_default();
        let are_alike = names.len() > FEW || names.iter().any(|name| name.escaped) || has_pair(names);
        if are_alike { first_repeated(names) } else { None }
    }
}

/// A first look at the names of one object, which clears most objects of a few: no two of them share their bit.
pub(super) struct Sieve {
    bits: u64,
    is_suspicious: bool,
}

impl Sieve {
    #[inline]
    pub const fn new() -> Self {
        Self { bits: 0, is_suspicious: false }
    }

    /// Equal names have the same bit; a name with escapes may equal one that is written otherwise.
    #[inline(always)] // It runs for every name.
    pub fn add(&mut self, name: &Name<'_>) {
        let (first, last) = match name.raw.as_bytes() {
            [first, .., last] => (usize::from(*first), usize::from(*last)),
            [only] => (usize::from(*only), 0),
            [] => (0, 0),
        };
        let bit = 1 << ((first + last + name.raw.len() * 8) % 64);
        self.is_suspicious |= name.escaped | (self.bits & bit != 0);
        self.bits |= bit;
    }
}

/// Whether two of the names are written alike.
fn has_pair(names: &[Name<'_>]) -> bool {
    let mut rest = names;
    while let [first, others @ ..] = rest {
        if others.iter().any(|other| same(first.raw, other.raw)) {
            return true;
        }
        rest = others;
    }
    false
}

/// Names of one length mostly differ in their last byte: `tag_1`, `tag_2`.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().last() == other.as_bytes().last() && one == other
}

/// Counts the names by a small number made of each, and compares those alone that share theirs with another.
fn first_repeated<'a>(names: &[Name<'a>]) -> Option<Name<'a>> {
    // `RandomState` is keyed anew in each process, so no body can be made to collide.
    let keyed = RandomState::new();
    let secret = keyed.hash_one(()) | 1;
    let mut counts = vec![0_u8; (names.len() * 16).next_power_of_two()];
    let last = counts.len() - 1;
    let slots: Vec<_> = names.iter().map(|name| (name.tag(secret) >> 32) as usize & last).collect();
    for &slot in &slots {
        if let Some(count) = counts.get_mut(slot) {
            *count = count.saturating_add(1);
        }
    }
    // Few are to be expected in it, and whatever they are, it is allocated once.
    let mut seen = HashSet::with_capacity_and_hasher(names.len(), keyed);
    let shared = |slot: usize| counts.get(slot).is_some_and(|&count| count > 1);
    names.iter().zip(slots).find(|&(name, slot)| shared(slot) && !seen.insert(name.decoded())).map(|(name, _)| *name)
}

//! Finds the member of an object that comes twice.

use hashbrown::{HashTable, hash_table};
use smallvec::SmallVec;

use crate::engine::{
    document::{Entry, Name, Secret},
    text::slice,
};

/// Up to this many names are compared pair by pair, which costs less than a table.
const FEW: usize = 24;

/// A first look at the names of one object, which clears most objects of a few: no two of them share their bit.
pub(super) struct Sieve {
    bits: u64,
    pub is_suspicious: bool,
}

impl Sieve {
    #[inline]
    pub const fn new() -> Self {
        Self { bits: 0, is_suspicious: false }
    }

    /// Equal names have the same bit; a name with escapes may equal one that is written otherwise.
    #[inline(always)] // It runs for every name.
    pub fn add(&mut self, raw: &str, escaped: bool) {
        let (first, last) = match raw.as_bytes() {
            [first, .., last] => (usize::from(*first), usize::from(*last)),
            [only] => (usize::from(*only), 0),
            [] => (0, 0),
        };
        let bit = 1 << ((first + last + raw.len() * 8) % 64);
        self.is_suspicious |= escaped | (self.bits & bit != 0);
        self.bits |= bit;
    }
}

/// The first member of the object whose entries these are, those of its values among them, that has the name of an earlier
/// one. `base` is the index of the first entry.
#[inline(never)] // Most objects never get here.
pub(super) fn first_repeated(text: &str, entries: &[Entry], base: u32) -> Option<Entry> {
    let name = |entry: Entry| Name { raw: slice(text, entry.name_range()), escaped: entry.is_escaped() };
    let members = || {
        let mut at = base;
        std::iter::from_fn(move || {
            let entry = *entries.get((at - base) as usize)?;
            at = entry.next;
            Some(entry)
        })
    };
    if members().nth(FEW).is_none() {
        let mut seen = SmallVec::<[Name<'_>; FEW]>::new();
        return members().find(|&entry| {
            let name = name(entry);
            let repeats = seen.iter().any(|&earlier| earlier == name);
            seen.push(name);
            repeats
        });
    }
    let secret = Secret::new();
    let mut seen = HashTable::<u32>::with_capacity(members().count());
    let at = |index: u32| entries.get(index as usize).map(|&entry| name(entry));
    let mut index = 0;
    members().find(|&entry| {
        let name = name(entry);
        let repeats = match seen.entry(
            name.hash(secret),
            |&other| at(other) == Some(name),
            |&other| at(other).map_or(0, |name| name.hash(secret)),
        ) {
            hash_table::Entry::Occupied(_) => true,
            hash_table::Entry::Vacant(vacant) => {
                vacant.insert(index);
                false
            }
        };
        index = entry.next - base;
        repeats
    })
}

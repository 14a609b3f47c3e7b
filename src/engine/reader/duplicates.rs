//! Finds the member of an object that comes twice.

use crate::engine::{
    bit_of_name,
    document::{Entry, Names, Secret, hash, name_in},
};

/// Up to this many names need no memory but the stack.
const FEW: usize = 64;

/// A first look at the names of one object, which clears most objects of a few: no two of them share their bit.
pub(super) struct Sieve {
    bits: u64,
    /// How many names there are.
    count: usize,
    pub is_suspicious: bool,
}

impl Sieve {
    #[inline]
    pub(super) const fn new() -> Self {
        Self { bits: 0, count: 0, is_suspicious: false }
    }

    /// Equal names have the same bit: by the first byte, the last one and the length.
    #[inline(always)] // It runs for every name.
    pub(super) const fn add(&mut self, first: u8, last: u8, len: usize) {
        let bit = bit_of_name(first, last, len);
        self.is_suspicious |= self.bits & bit != 0;
        self.bits |= bit;
        self.count += 1;
    }

    /// A name that may be any: it has to be compared.
    #[inline]
    pub(super) const fn add_any(&mut self) {
        self.is_suspicious = true;
        self.count += 1;
    }

    /// Whether a name comes twice, where that is suspected, in the object whose entries these are, those of its values among
    /// them. `base` is the index of the first entry.
    #[inline]
    pub(super) fn finds_repeated(&self, text: &str, entries: &[Entry], base: usize) -> bool {
        let base = base as u32;
        may_repeat(text, entries, base, self.count) && first_repeated(text, entries, base).is_some()
    }
}

/// Whether two of the names have the same 31 bits of a hash, which of a few thousand different ones hardly any two have. Names
/// are hashed with a secret, so that no body can be made to collide.
#[inline(never)] // Most objects never get here.
fn may_repeat(text: &str, entries: &[Entry], base: u32, count: usize) -> bool {
    let (bytes, secret) = (text.as_bytes(), Secret::new());
    // At most half full. Nothing is 0.
    let (mut on_stack, mut on_heap) = ([0_u32; 2 * FEW], Vec::new());
    let seen = match count <= FEW {
        true => &mut on_stack[..],
        false => {
            on_heap.resize((count * 2).next_power_of_two(), 0_u32);
            &mut on_heap[..]
        }
    };
    let last = seen.len() - 1;
    let mut at = 0;
    while let Some(&entry) = entries.get(at) {
        at = (entry.next - base) as usize;
        let hash = match bytes.get(entry.name_range()) {
            Some(name) if !entry.is_escaped() => hash(name, secret),
            _ => name_in(text, entry).with_bytes(|name| hash(name, secret)),
        };
        let (mut place, kept) = (hash as usize & last, (hash >> 32) as u32 | 1);
        loop {
            match seen.get_mut(place) {
                Some(slot) if *slot == 0 => {
                    *slot = kept;
                    break;
                }
                Some(slot) if *slot != kept => place = (place + 1) & last,
                Some(_) | None => return true,
            }
        }
    }
    false
}

/// The first member of the object whose entries these are, those of its values among them, that has the name of an earlier
/// one. `base` is the index of the first entry.
#[inline(never)] // Most objects never get here.
pub(super) fn first_repeated(text: &str, entries: &[Entry], base: u32) -> Option<Entry> {
    let members = || {
        let mut at = base;
        std::iter::from_fn(move || {
            let entry = *entries.get((at - base) as usize)?;
            at = entry.next;
            Some(entry)
        })
    };
    let mut seen = Names::with_capacity(members().count());
    let at = |number: u32| entries.get(number as usize).map(|&entry| name_in(text, entry));
    let mut number = 0;
    members().find(|&entry| {
        let repeats = seen.add(name_in(text, entry), number, at).is_some();
        number = entry.next - base;
        repeats
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::engine::{Document, Fault, Limits, Place, random::holds};

    /// The names of an object's members, each plain or with an escape, and the values between them.
    fn body(names: &[(u8, bool)]) -> String {
        let values = ["0", "{}", r#"{"k1":{"k2":0}}"#, r#"[{"k3":0}]"#];
        let members = names.iter().enumerate().map(|(at, (name, escaped))| {
            let first = if *escaped { "\\u006b" } else { "k" };
            format!(r#""{first}{name}":{}"#, values[at % values.len()])
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }

    #[test]
    fn the_first_name_to_repeat_another_is_found() {
        let few = prop::collection::vec((0..12_u8, any::<bool>()), 0..10);
        let many = prop::collection::vec((any::<u8>(), any::<bool>()), 15..60);
        holds(prop_oneof![few, many], |names| {
            let mut seen = HashSet::new();
            let repeats = names.iter().position(|(name, _)| !seen.insert(name));
            let text = body(&names);
            match (repeats, Document::parse(text.as_bytes(), &Limits::default())) {
                (None, read) => assert_eq!(read.unwrap().value().len(), names.len()),
                (Some(at), read) => {
                    let wrong = read.unwrap_err();
                    assert_eq!(wrong.fault(), Fault::Duplicate);
                    assert_eq!(wrong.pointer().as_str(), format!("/k{}", names[at].0));
                    let before = body(&names[..at]).len() - usize::from(at == 0);
                    assert_eq!(wrong.place(), Place { line: 1, column: before + 1 });
                }
            }
        });
    }

    #[test]
    fn a_repetition_is_found_at_every_place_among_however_many() {
        for count in [2, 3, FEW - 1, FEW, FEW + 1, FEW + 2, 100, 255] {
            for (one, other) in [(0, 1), (0, count - 1), (count / 2, count - 1), (count - 2, count - 1)] {
                let mut names: Vec<_> = (0..count).map(|at| (at as u8, false)).collect();
                assert!(Document::parse(body(&names).as_bytes(), &Limits::default()).is_ok());
                for escaped in [false, true] {
                    names[other] = (one as u8, escaped);
                    let wrong = Document::parse(body(&names).as_bytes(), &Limits::default()).map(|_| ());
                    let found = wrong.map_err(|wrong| wrong.pointer().to_string());
                    let expected = if one == other { Ok(()) } else { Err(format!("/k{one}")) };
                    assert_eq!(found, expected);
                }
            }
        }
    }

    /// A name that begins with an escape is compared with all others, however many those are.
    #[test]
    fn however_many_names_begin_with_an_escape() {
        for count in [FEW, 2 * FEW, 2 * FEW + 1, 1000] {
            let member = |at: usize| format!(r#""\u006b{at}":{at}"#);
            let members = (0..count).map(member).collect::<Vec<_>>().join(",");
            let read = |body: &str| Document::parse(body.as_bytes(), &Limits::default()).map(|read| read.places());
            assert_eq!(read(&format!("{{{members}}}")), Ok(count));
            let wrong = read(&format!("{{{members},{}}}", member(count / 2))).unwrap_err();
            assert_eq!(wrong.pointer().as_str(), format!("/k{}", count / 2));
        }
    }

    /// Adds a name as it stands between its quotes.
    fn add(sieve: &mut Sieve, name: &str) {
        let bytes = name.as_bytes();
        sieve.add(*bytes.first().unwrap_or(&b'"'), *bytes.last().unwrap_or(&b'"'), bytes.len());
    }

    #[test]
    fn equal_names_are_suspicious() {
        for name in ["", "a", "é", "longer than eight bytes"] {
            let mut sieve = Sieve::new();
            add(&mut sieve, name);
            assert!(!sieve.is_suspicious);
            add(&mut sieve, name);
            assert!(sieve.is_suspicious);
        }
    }

    /// A name with escapes among others: where they are inside of it, the length of what it stands for tells it from most.
    #[test]
    fn a_name_is_known_in_whatever_spelling() {
        for (plain, spelled) in [
            ("a-b", "a\\u002db"),
            ("ab", "\\u0061b"),
            ("ab", "a\\u0062"),
            ("aé\u{2028}b", "a\\u00e9\\u2028b"),
            ("a𝄞b", "a\\uD834\\udd1eb"),
            ("x/y", "x\\/y"),
            ("x\\\\y", "x\\u005cy"),
            ("", ""),
        ] {
            for (one, other) in [(plain, spelled), (spelled, plain), (spelled, spelled)] {
                for more in [0, FEW] {
                    let others: String = (0..more).map(|at| format!(r#""k{at}":0,"#)).collect();
                    let body = format!(r#"{{{others}"{one}":1,"{other}":2}}"#);
                    let wrong = Document::parse(body.as_bytes(), &Limits::default()).unwrap_err();
                    assert_eq!(wrong.fault(), Fault::Duplicate, "{body}");
                    let body = format!(r#"{{{others}"{one}":1,"{other}2":2}}"#);
                    assert!(Document::parse(body.as_bytes(), &Limits::default()).is_ok(), "{body}");
                }
            }
        }
    }

    #[test]
    fn the_names_of_a_usual_object_are_not_suspicious() {
        for names in [
            &["role", "displayName", "serviceAccount", "email", "permissionPreset"][..],
            &["uuid", "name", "description", "account"],
        ] {
            let mut sieve = Sieve::new();
            names.iter().for_each(|name| add(&mut sieve, name));
            assert!(!sieve.is_suspicious);
        }
    }
}

//! The names of members as they stand in a text.

use std::{
    borrow::Cow,
    cmp::Ordering,
    hash::{BuildHasher, RandomState},
};

use once_cell::sync::Lazy;

use crate::engine::text::{Unescaped, unescape, unescape_into};

/// A member's name: the text between its quotes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'a> {
    pub(in crate::engine) raw: &'a str,
    pub(in crate::engine) escaped: bool,
}

impl<'a> Name<'a> {
    /// A name that has nothing to escape.
    pub(crate) const fn plain(name: &'static str) -> Name<'static> {
        Name { raw: name, escaped: false }
    }

    /// The name itself.
    #[inline]
    pub(crate) fn decoded(self) -> Cow<'a, str> {
        if self.escaped { unescape(self.raw) } else { Cow::Borrowed(self.raw) }
    }

    /// The name as it is written.
    #[inline]
    pub(crate) const fn raw(self) -> &'a str {
        self.raw
    }

    /// Whether it is this name of ASCII characters, in whatever case of letters.
    #[inline]
    pub(crate) fn is_in_any_case(self, name: &str) -> bool {
        match self.escaped {
            false => self.raw.eq_ignore_ascii_case(name),
            // An escape of an ASCII character takes six bytes at most.
            true => {
                self.raw.len() <= 6 * name.len()
                    && self.with_unescaped(|unescaped| unescaped.eq_ignore_ascii_case(name.as_bytes()))
            }
        }
    }

    /// Looks at the bytes of the name itself. A name of usual length is not copied to the heap.
    #[inline(always)] // Most names are written without escapes.
    pub(crate) fn with_bytes<T>(self, look: impl FnOnce(&[u8]) -> T) -> T {
        match self.escaped {
            false => look(self.raw.as_bytes()),
            true => self.with_unescaped(look),
        }
    }

    #[inline(never)] // So that its caller stays small.
    fn with_unescaped<T>(self, look: impl FnOnce(&[u8]) -> T) -> T {
        let mut room = [0; 64];
        match unescape_into(self.raw, &mut room).and_then(|len| room.get(..len)) {
            Some(bytes) => look(bytes),
            None => look(unescape(self.raw).as_bytes()),
        }
    }

    /// Whether these are the bytes of the name itself.
    #[inline]
    pub(in crate::engine) fn is(self, bytes: &[u8]) -> bool {
        match self.escaped {
            false => is_same(self.raw.as_bytes(), bytes),
            // No escape is longer than six times what it stands for: a question costs no more than it is long.
            true => self.raw.len() <= 6 * bytes.len() && self.with_unescaped(|unescaped| unescaped == bytes),
        }
    }
}

/// A number that is the same for equal names, of the bytes of one.
#[inline]
pub(in crate::engine) fn hash(name: &[u8], secret: Secret) -> u64 {
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let (mut seed, (first, last)) = (
        secret.seed,
        match (name.first_chunk(), name.last_chunk()) {
            // They overlap, and with the length they tell up to sixteen bytes.
            (Some(first), Some(last)) => (word(first), word(last)),
            _ => (name.iter().fold(1, |word, &byte| word << 8 | u64::from(byte)), 0),
        },
    );
    // Of a longer name each eight bytes but the last.
    for bytes in name.get(8..name.len().saturating_sub(8)).unwrap_or_default().chunks(8) {
        let bytes = bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
        seed = mixed(seed ^ bytes, secret.factor);
    }
    let both = mixed(first ^ seed, last ^ secret.factor);
    // Some factors leave names that are numbered side by side, whatever the seed. The golden ratio's bits spread them.
    mixed(both ^ name.len() as u64, 0x9E37_79B9_7F4A_7C15)
}

/// Both halves of the product: the upper bits of a word do not reach the lower ones of a half alone.
#[inline]
fn mixed(word: u64, factor: u64) -> u64 {
    let product = u128::from(word) * u128::from(factor);
    (product >> 64) as u64 ^ product as u64
}

/// Whether two names without escapes are the same. Those of one length mostly differ in their last byte: `tag_1`, `tag_2`.
#[inline]
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.last() == other.last() && one == other
}

/// Equal names may be written with different escapes. Nothing is unescaped but what has to be looked at.
impl PartialEq for Name<'_> {
    #[inline]
    fn eq(&self, other: &Name<'_>) -> bool {
        match self.escaped | other.escaped {
            false => is_same(self.raw.as_bytes(), other.raw.as_bytes()),
            true => Unescaped::of(self.raw).eq(Unescaped::of(other.raw)),
        }
    }
}

impl Eq for Name<'_> {}

/// By what they stand for, character by character.
impl Ord for Name<'_> {
    fn cmp(&self, other: &Name<'_>) -> Ordering {
        match self.escaped | other.escaped {
            // The order of UTF-8 is that of the characters.
            false => self.raw.cmp(other.raw),
            true => Unescaped::of(self.raw).cmp(Unescaped::of(other.raw)),
        }
    }
}

impl PartialOrd for Name<'_> {
    fn partial_cmp(&self, other: &Name<'_>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<str> for Name<'_> {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        if self.escaped { Unescaped::of(self.raw).eq(other.chars()) } else { self.raw == other }
    }
}

/// What names are hashed with: keyed anew in each process, so that no body can be made to collide.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Secret {
    seed: u64,
    factor: u64,
}

impl Secret {
    pub(crate) fn new() -> Self {
        static SECRET: Lazy<Secret> = Lazy::new(|| {
            let keyed = RandomState::new();
            Secret { seed: keyed.hash_one(0_u8), factor: keyed.hash_one(1_u8) | 1 }
        });
        *SECRET
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::random::holds;

    /// Each letter an escape of six bytes, which is as long as it gets.
    #[test]
    fn a_name_is_known_in_any_case_and_spelling() {
        let spelled = |text: &str| text.bytes().map(|byte| format!("\\u{byte:04x}")).collect::<String>();
        for (text, is_it) in
            [("password", true), ("PassWord", true), ("passwor", false), ("passwords", false), ("", false)]
        {
            let raw = spelled(text);
            assert_eq!(Name { raw: &raw, escaped: true }.is_in_any_case("password"), is_it, "{raw}");
            assert_eq!(Name { raw: text, escaped: false }.is_in_any_case("password"), is_it, "{text}");
        }
        assert!(Name { raw: "p\\u0041ssword", escaped: true }.is_in_any_case("password"));
    }

    /// Whatever the secret, names that are numbered take few steps to be found in a table that is half full.
    #[test]
    fn names_that_are_numbered_are_spread() {
        let mut state = 1_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ state >> 29
        };
        for _ in 0..300 {
            let secret = Secret { seed: random(), factor: random() | 1 };
            for start in ["role_", "k", "a_longer_name_of_a_member_"] {
                let (count, mut taken, mut steps) = (1_000, vec![false; 2_048], 0);
                for number in 0..count {
                    let text = format!("{start}{number:06}");
                    let mut place = (hash(text.as_bytes(), secret) >> 32) as usize & (taken.len() - 1);
                    while taken[place] {
                        place = (place + 1) & (taken.len() - 1);
                        steps += 1;
                    }
                    taken[place] = true;
                }
                assert!(steps < 3 * count, "{steps} steps, {start} with {secret:?}");
            }
        }
    }

    fn name(raw: &str) -> Name<'_> {
        Name { raw, escaped: raw.contains('\\') }
    }

    /// A text of few characters, each spelled in one of its ways.
    fn raw() -> impl Strategy<Value = String> {
        const SPELLINGS: [&str; 13] = [
            "a",
            "\\u0061",
            "b",
            "\\u0000",
            "é",
            "\\u00e9",
            "\\u00E9",
            "/",
            "\\/",
            "\\n",
            "\\u000a",
            "😀",
            "\\ud83d\\ude00",
        ];
        prop::collection::vec(prop::sample::select(&SPELLINGS[..]), 0..12).prop_map(|parts| parts.concat())
    }

    #[test]
    fn names_are_equal_and_in_order_by_what_they_stand_for() {
        holds((raw(), raw()), |(one, other)| {
            let (one, other) = (name(&one), name(&other));
            let equal = one.decoded() == other.decoded();
            assert_eq!((one == other, other == one), (equal, equal));
            assert_eq!(one == *other.decoded(), equal);
            assert!(one == one && one == *one.decoded());
            let order = one.decoded().cmp(&other.decoded());
            assert_eq!((one.cmp(&other), one.partial_cmp(&other)), (order, Some(order)));
        });
    }

    #[test]
    fn equal_names_have_one_hash() {
        holds(raw(), |raw| {
            let secret = Secret::new();
            let decoded = name(&raw).decoded().into_owned();
            let all: String = decoded
                .chars()
                .flat_map(|letter| {
                    let mut units = [0; 2];
                    letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04X}")).collect::<Vec<_>>()
                })
                .collect();
            let of = |raw: &str| name(raw).with_bytes(|name| hash(name, secret));
            assert_eq!(of(&raw), of(&all));
            assert_eq!(name(&raw), name(&all));
        });
    }

    /// Names that differ in length, in the last bytes or in the first ones.
    #[test]
    fn different_names_have_different_hashes() {
        let secret = Secret::new();
        let long = "x".repeat(40);
        let texts = (0..1000)
            .flat_map(|at| [format!("tag_{at}"), format!("{at}_tag"), format!("{long}{at}"), format!("{at}{long}")]);
        let mut texts: Vec<_> =
            texts.chain(["".into(), "\\u0000".into(), "\\u0000\\u0000".into(), "\\u0001".into()]).collect();
        texts.extend((1..40).map(|length| "y".repeat(length)));
        let hashes: std::collections::HashSet<_> =
            texts.iter().map(|raw| name(raw).with_bytes(|name| hash(name, secret))).collect();
        assert_eq!(hashes.len(), texts.len());
    }

    /// Or names that differ there could be made to collide.
    #[test]
    fn each_bit_of_a_name_counts_in_its_hash() {
        let secret = Secret::new();
        for length in 1..48 {
            let name = vec![b'm'; length];
            let flipped = (0..length * 8).map(|bit| {
                let mut other = name.clone();
                other[bit / 8] ^= 1 << (bit % 8);
                other
            });
            let hashes: std::collections::HashSet<_> =
                flipped.chain([name.clone()]).map(|name| hash(&name, secret)).collect();
            assert_eq!(hashes.len(), length * 8 + 1);
        }
    }

    #[test]
    fn a_name_is_known_by_all_of_its_text() {
        assert!(name("tag_1") != name("tag_2") && name("1_tag") != name("2_tag") && name("a") != name("aa"));
        assert!(name("") == name("") && name("") != name("a") && name("\\u0061") != name(""));
        assert!(name("\\u0061") == *"a" && name("\\u0061") != *"ab" && name("\\u0061b") != *"a");
        assert_eq!(Name::plain("a"), name("\\u0061"));
        // One of them with escapes, or both.
        for (one, other) in [("\\u0061", "b"), ("a", "\\u0062"), ("b\\n", "\\u0063"), ("Z", "\\u0061"), ("a", "ab")] {
            assert!(name(one) < name(other) && name(other) > name(one), "{one} comes before {other}");
        }
    }
}

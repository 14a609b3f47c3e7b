//! The names of members as they stand in a text.

use std::{
    borrow::Cow,
    hash::{BuildHasher, RandomState},
};

use once_cell::sync::Lazy;

use crate::engine::text::{Unescaped, unescape};

/// A member's name: the text between its quotes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'a> {
    pub(in crate::engine) raw: &'a str,
    pub(in crate::engine) escaped: bool,
}

impl<'a> Name<'a> {
    /// A name that has nothing to escape.
    pub const fn plain(name: &'static str) -> Name<'static> {
        Name { raw: name, escaped: false }
    }

    /// The name itself.
    #[inline]
    pub fn decoded(self) -> Cow<'a, str> {
        if self.escaped { unescape(self.raw) } else { Cow::Borrowed(self.raw) }
    }

    /// A number that is the same for equal names.
    pub(in crate::engine) fn hash(self, secret: Secret) -> u64 {
        let name = self.decoded();
        let (words, rest) = name.as_bytes().as_chunks::<8>();
        let rest = rest.iter().fold(1, |word, &byte| word << 8 | u64::from(byte));
        let words = words.iter().map(|&word| u64::from_le_bytes(word));
        words.chain([rest]).fold(secret.seed, |hash, word| {
            // Both halves of the product: the upper bits of a word do not reach the lower ones of a half alone.
            let product = u128::from(hash ^ word) * u128::from(secret.factor);
            (product >> 64) as u64 ^ product as u64
        })
    }
}

/// Equal names may be written with different escapes. Nothing is unescaped but what has to be looked at.
impl PartialEq for Name<'_> {
    #[inline]
    fn eq(&self, other: &Name<'_>) -> bool {
        match self.escaped | other.escaped {
            // Names of one length mostly differ in their last byte: `tag_1`, `tag_2`.
            false => {
                self.raw.len() == other.raw.len()
                    && self.raw.as_bytes().last() == other.raw.as_bytes().last()
                    && self.raw == other.raw
            }
            true => Unescaped::of(self.raw).eq(Unescaped::of(other.raw)),
        }
    }
}

impl Eq for Name<'_> {}

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
    pub fn new() -> Self {
        static SECRET: Lazy<Secret> = Lazy::new(|| {
            let keyed = RandomState::new();
            Secret { seed: keyed.hash_one(0_u8), factor: keyed.hash_one(1_u8) | 1 }
        });
        *SECRET
    }
}

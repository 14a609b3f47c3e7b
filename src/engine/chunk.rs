//! Sixteen bytes of a text that are looked at at once.
//!
//! Each question gives one bit a byte, the first byte's the lowest. `wide` compares them in one instruction where the machine has
//! it, and one by one elsewhere.

use wide::u8x16;

/// How many bytes are looked at at once.
pub(super) const LEN: usize = 16;

/// Sixteen bytes.
#[derive(Clone, Copy)]
pub(super) struct Chunk(u8x16);

impl Chunk {
    #[inline(always)] // A load.
    pub(super) const fn of(bytes: &[u8; LEN]) -> Self {
        Self(u8x16::new(*bytes))
    }

    /// The bytes from `at` on, if there are as many.
    #[inline(always)]
    pub(super) fn at(bytes: &[u8], at: usize) -> Option<Self> {
        bytes.get(at..)?.first_chunk().map(Self::of)
    }

    /// Those that cannot stand in a string as they are, or end it: a quote, a backslash, a control character.
    #[inline(always)]
    pub(super) fn special(self) -> u32 {
        let control = self.0.min(u8x16::splat(0x1F)).cmp_eq(self.0);
        bits(control | self.is(b'"') | self.is(b'\\'))
    }

    /// Those that are this byte.
    #[inline(always)]
    pub(super) fn equal(self, byte: u8) -> u32 {
        bits(self.is(byte))
    }

    /// Those that are no white space between tokens.
    #[inline(always)]
    pub(super) fn others_than_space(self) -> u32 {
        !bits(self.among(b'\t', b'\n') | self.is(b'\r') | self.is(b' ')) & ALL
    }

    /// Those that are no decimal digit.
    #[inline(always)]
    pub(super) fn others_than_digits(self) -> u32 {
        !bits(self.among(b'0', b'9')) & ALL
    }

    /// Those that are no lower-case letter, no digit and no underscore.
    #[inline(always)]
    pub(super) fn others_than_word(self) -> u32 {
        !bits(self.among(b'a', b'z') | self.among(b'0', b'9') | self.is(b'_')) & ALL
    }

    #[inline(always)]
    fn is(self, byte: u8) -> u8x16 {
        self.0.cmp_eq(u8x16::splat(byte))
    }

    /// From the one to the other, both included.
    #[inline(always)]
    fn among(self, first: u8, last: u8) -> u8x16 {
        let above = self.0 - u8x16::splat(first);
        above.min(u8x16::splat(last - first)).cmp_eq(above)
    }
}

const ALL: u32 = (1 << LEN) - 1;

#[inline(always)]
fn bits(lanes: u8x16) -> u32 {
    lanes.move_mask() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each byte at each place, among others that are not asked for.
    #[test]
    fn a_bit_tells_each_byte() {
        type Question = (&'static str, fn(Chunk) -> u32, fn(u8) -> bool);
        let questions: [Question; 5] = [
            ("special", Chunk::special, |byte| byte < 0x20 || byte == b'"' || byte == b'\\'),
            ("equal", |chunk| chunk.equal(b' '), |byte| byte == b' '),
            ("space", Chunk::others_than_space, |byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')),
            ("digits", Chunk::others_than_digits, |byte| !byte.is_ascii_digit()),
            ("word", Chunk::others_than_word, |byte| !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')),
        ];
        for (name, ask, is_asked_for) in questions {
            for byte in 0..=255 {
                for (place, around) in (0..LEN).flat_map(|place| [b'5', b'"'].map(|around| (place, around))) {
                    let mut bytes = [around; LEN];
                    bytes[place] = byte;
                    let expected = (0..LEN).filter(|&at| is_asked_for(bytes[at])).fold(0, |bits, at| bits | 1 << at);
                    assert_eq!(ask(Chunk::of(&bytes)), expected, "{name}: {byte:#x} at {place}");
                }
            }
        }
    }

    #[test]
    fn there_are_sixteen_bytes_or_none() {
        let bytes = [b'a'; 20];
        assert!(Chunk::at(&bytes, 4).is_some() && Chunk::at(&bytes, 5).is_none() && Chunk::at(&bytes, 21).is_none());
    }
}

//! How bytes choose.

use ::arbitrary::{Error, Result, Unstructured};

use crate::{engine::Limits, report::InvalidUser};

/// The bytes that a length at the end says.
pub(super) fn of_length<'a>(u: &mut Unstructured<'a>) -> Result<Unstructured<'a>> {
    let length = u.arbitrary_len::<u8>()?;
    u.bytes(length).map(Unstructured::new)
}

/// The user of a selector and a text: the text where it is one, else one of these, some of which break rules.
pub(super) fn user<U>(mut u: Unstructured<'_>, read: fn(&[u8]) -> Result<U, InvalidUser>, users: &[&str]) -> Result<U> {
    let at = usize::from(selector(&mut u) & 15);
    read(u.take_rest()).or_else(|_| {
        let own = users.get(at % users.len().max(1)).copied().unwrap_or_default();
        read(own.as_bytes()).map_err(|_| Error::IncorrectFormat)
    })
}

/// The next character, counted from `0`; where there is none, `0`.
fn selector(u: &mut Unstructured<'_>) -> u8 {
    u.bytes(1).ok().and_then(|bytes| bytes.first().copied()).unwrap_or(b'0') ^ b'0'
}

/// The bits of the three selectors.
#[derive(Clone, Copy)]
pub(super) struct Selectors {
    user: u8,
    context: u8,
    policy: u8,
}

impl Selectors {
    pub(super) fn take(u: &mut Unstructured<'_>) -> Self {
        Self { user: selector(u), context: selector(u), policy: selector(u) }
    }

    /// The bytes that they were taken of.
    pub(super) const fn bytes(self) -> [u8; 3] {
        [self.user ^ b'0', self.context ^ b'0', self.policy ^ b'0']
    }

    pub(super) const fn context(self, bit: u8) -> bool {
        self.context >> bit & 1 == 1
    }

    /// The bits of the third selector, and from 8 on the upper ones of the first.
    pub(super) const fn policy(self, bit: u8) -> bool {
        ((self.user as u16 >> 4) << 8 | self.policy as u16) >> bit & 1 == 1
    }

    /// The limits of a body, which two bits of the context choose: the vendor's own, few bytes, few levels, many levels.
    pub(super) fn limits(self, bits: [u8; 2], own: Limits) -> Limits {
        match bits.map(|bit| self.context(bit)) {
            [false, false] => own,
            [true, false] => Limits { max_bytes: Some(48), ..own },
            [false, true] => Limits { max_depth: 3, ..own },
            [true, true] => Limits { max_depth: u8::MAX, ..own },
        }
    }
}

/// One of the values of a switch, the default first, which bits choose, the lowest first.
pub(super) fn one_of<T: Copy + Default, const N: usize>(values: &[T], bits: [bool; N]) -> T {
    let at = bits.into_iter().rev().fold(0, |at, bit| 2 * at + usize::from(bit));
    values.get(at % values.len().max(1)).copied().unwrap_or_default()
}

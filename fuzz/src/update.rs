//! How the bytes of the three vendors' targets are read.

use arbitrary::{Arbitrary, Unstructured};
use user_patch::{arbitrary::Request as Made, vendor::UpdateModel};

use super::laws::{Case, Request};

/// A vendor whose requests can be made of bytes.
pub trait Target: UpdateModel<User: for<'a> Arbitrary<'a>, Context: for<'a> Arbitrary<'a>> {}

impl<M: UpdateModel<User: for<'a> Arbitrary<'a>, Context: for<'a> Arbitrary<'a>>> Target for M {}

/// The bytes of `user_patch::arbitrary::Request`, that is three selectors and up to three parts separated by NUL, and up to two
/// parts more: `body`, `user body`, `user mask body`, `user mask body next`, or `user mask body next other`. The last part may
/// hold any byte.
///
/// Two bits of the context choose the mask of the next body: see [`mask_of_next`](Self::mask_of_next).
pub struct Update<'d> {
    selectors: &'d [u8; 3],
    user: Option<&'d [u8]>,
    mask: &'d [u8],
    body: &'d [u8],
    /// A second body, for after the first.
    next: Option<&'d [u8]>,
    /// A second user.
    other: Option<&'d [u8]>,
    seed: u64,
}

impl<'d> Update<'d> {
    pub fn read(data: &'d [u8]) -> Option<Self> {
        let (selectors, rest) = data.split_first_chunk::<3>()?;
        let parts: Vec<_> = rest.splitn(5, |&byte| byte == 0).collect();
        let (user, mask, body, next, other) = match *parts {
            [body] => (None, &[][..], body, None, None),
            [user, body] => (Some(user), &[][..], body, None, None),
            [user, mask, body] => (Some(user), mask, body, None, None),
            [user, mask, body, next] => (Some(user), mask, body, Some(next), None),
            [user, mask, body, next, other] => (Some(user), mask, body, Some(next), Some(other)),
            _ => return None,
        };
        // FNV-1a.
        let seed = data
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Some(Self { selectors, user, mask, body, next, other, seed })
    }

    /// Empty for none; of no use outside Fireworks.
    pub fn mask(&self) -> String {
        String::from_utf8_lossy(self.mask).into_owned()
    }

    /// What the laws are about. The user that is written out, where it is one, else one of the library's.
    pub fn case<M: Target>(&self) -> Case<M::Context> {
        let bytes = [self.selectors, self.user.unwrap_or_default(), &[0], self.mask, &[0], self.body].concat();
        let made = Made::<M>::arbitrary_take_rest(Unstructured::new(&bytes)).expect("a request");
        let is_user = |text: &&[u8]| <M as UpdateModel>::user(text).is_ok();
        let user = self.user.filter(is_user).map_or_else(|| M::user_json(&made.user).into_bytes(), <[u8]>::to_vec);
        // What is no user is read as such too.
        let other = self
            .other
            .or(self.user.filter(|text| !is_user(text)))
            .map_or_else(|| own_user::<M>((self.selectors[0] ^ b'0').wrapping_add(1)).into_bytes(), <[u8]>::to_vec);
        let request = |body: &[u8], mask: &str| Request { body: body.to_vec(), mask: mask.to_owned() };
        let (mask, mask_of_next) = (made.mask.unwrap_or_default(), self.mask_of_next());
        Case {
            user,
            other,
            ours: request(&made.body, &mask),
            next: request(self.next.unwrap_or(b"{}"), &mask_of_next),
            last: request(self.body, &mask_of_next),
            ctx: made.ctx,
            seed: self.seed,
        }
    }

    /// None, the mask of the first body, or `*`, which bits 4 and 5 of the context choose.
    fn mask_of_next(&self) -> String {
        match [4, 5].map(|bit| (self.selectors[1] ^ b'0') >> bit & 1 == 1) {
            [false, false] => String::new(),
            [true, _] => self.mask(),
            [false, true] => "*".to_owned(),
        }
    }
}

/// One of the users that the library has for bytes that are none.
pub fn own_user<M: Target>(at: u8) -> String {
    let user = M::User::arbitrary_take_rest(Unstructured::new(&[b'0' ^ at & 15])).expect("a user");
    M::user_json(&user)
}

//! How the bytes of the three vendors' targets are read.

use std::borrow::Cow;

use user_patch::{engine::Limits, vendor::UpdateModel};

use super::laws::{Case, Page, Request};

/// What bytes choose from.
pub trait Target: Page {
    /// Stored users, some of which break rules.
    const USERS: &'static [&'static str];

    /// The context that the selectors choose.
    fn context(selectors: Selectors) -> Self::Context;
}

/// Three selectors, then up to five parts separated by NUL, which no JSON text holds: `body`, `user body`,
/// `user mask body`, `user mask body next`, or `user mask body next other`.
///
/// A selector is a character counted from `0`: which stored user (where none is written out), which context, which policy.
/// So `000{}` is the empty body under every default. The last part may hold any byte.
pub struct Update<'d> {
    user: Option<&'d [u8]>,
    /// Empty for none; of no use outside Fireworks.
    pub mask: Cow<'d, str>,
    body: &'d [u8],
    /// A second body, for after the first.
    next: Option<&'d [u8]>,
    /// A second user.
    other: Option<&'d [u8]>,
    selectors: Selectors,
    seed: u64,
}

/// The bits of the selectors.
#[derive(Clone, Copy)]
pub struct Selectors {
    user: u8,
    context: u8,
    policy: u8,
}

impl<'d> Update<'d> {
    pub fn read(data: &'d [u8]) -> Option<Self> {
        let (selectors, rest) = data.split_first_chunk::<3>()?;
        let [user, context, policy] = selectors.map(|selector| selector ^ b'0');
        let selectors = Selectors { user, context, policy };
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
        Some(Self { user, mask: String::from_utf8_lossy(mask), body, next, other, selectors, seed })
    }

    /// What the laws are about. The user that is written out, where it is one, else one of our own.
    pub fn case<M: Target>(&self) -> Case<M::Context> {
        let own = |at: usize| M::USERS[at % M::USERS.len()].as_bytes();
        let at = usize::from(self.selectors.user & 15);
        let is_user = |text: &&[u8]| <M as UpdateModel>::user(text).is_ok();
        let user = self.user.filter(is_user).unwrap_or(own(at));
        // What is no user is read as such too.
        let other = self.other.or(self.user.filter(|text| !is_user(text))).unwrap_or(own(at + 1));
        let request = |body: &[u8], mask: &str| Request { body: body.to_vec(), mask: mask.to_owned() };
        let ours = request(self.body, &self.mask);
        let next = request(self.next.unwrap_or(b"{}"), self.mask_of_next());
        Case {
            user: user.to_vec(),
            other: other.to_vec(),
            last: request(self.body, self.mask_of_next()),
            ours,
            next,
            ctx: M::context(self.selectors),
            seed: self.seed,
        }
    }

    /// None, the mask of the first body, or `*`, which two bits of the context choose.
    fn mask_of_next(&self) -> &str {
        match [4, 5].map(|bit| self.selectors.context(bit)) {
            [false, false] => "",
            [true, _] => &self.mask,
            [false, true] => "*",
        }
    }
}

impl Selectors {
    pub fn context(self, bit: u8) -> bool {
        self.context >> bit & 1 == 1
    }

    /// The bits of the third selector, and from 8 on the upper ones of the first.
    pub fn policy(self, bit: u8) -> bool {
        (u16::from(self.user >> 4) << 8 | u16::from(self.policy)) >> bit & 1 == 1
    }

    /// One of the values of a switch, the default first, which two bits of the policy choose.
    pub fn switch<T: Copy>(self, bits: [u8; 2], values: &[T]) -> T {
        let [low, high] = bits.map(|bit| usize::from(self.policy(bit)));
        values[(low + 2 * high) % values.len()]
    }

    /// The limits of the policy, which two bits of the context choose: the vendor's own, few bytes, few levels, many levels.
    pub fn limited<M: Page>(self, bits: [u8; 2], ctx: &M::Context) -> M::Context {
        let own = M::limits(ctx);
        let limits = match bits.map(|bit| self.context(bit)) {
            [false, false] => own,
            [true, false] => Limits { max_bytes: Some(48), ..own },
            [false, true] => Limits { max_depth: 3, ..own },
            [true, true] => Limits { max_depth: u8::MAX, ..own },
        };
        M::limited(ctx, limits)
    }
}

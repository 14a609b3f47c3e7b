//! How the bytes of the three rooms' targets are read.

use std::borrow::Cow;

/// Three selectors, then up to four parts separated by NUL, which no JSON text holds: `body`, `user body`,
/// `user mask body`, or `user mask body next`.
///
/// A selector is a character counted from `0`: which stored user (where none is written out), which context, which policy.
/// So `000{}` is the empty body under every default. The last part may hold any byte.
pub struct Update<'d> {
    pub user: Option<&'d [u8]>,
    /// Empty for none; of no use outside Fireworks.
    pub mask: Cow<'d, str>,
    pub body: &'d [u8],
    /// A second body, for after the first.
    pub next: Option<&'d [u8]>,
    pub selectors: Selectors,
}

/// The bits of the selectors.
#[derive(Clone, Copy)]
pub struct Selectors {
    pub user: u8,
    context: u8,
    policy: u8,
}

impl<'d> Update<'d> {
    pub fn read(data: &'d [u8]) -> Option<Self> {
        let (selectors, rest) = data.split_first_chunk::<3>()?;
        let [user, context, policy] = selectors.map(|selector| selector ^ b'0');
        let selectors = Selectors { user, context, policy };
        let parts: Vec<_> = rest.splitn(4, |&byte| byte == 0).collect();
        let (user, mask, body, next) = match *parts {
            [body] => (None, &[][..], body, None),
            [user, body] => (Some(user), &[][..], body, None),
            [user, mask, body] => (Some(user), mask, body, None),
            [user, mask, body, next] => (Some(user), mask, body, Some(next)),
            _ => return None,
        };
        Some(Self { user, mask: String::from_utf8_lossy(mask), body, next, selectors })
    }

    /// None, the mask of the first body, or `*`, which two bits of the context choose.
    pub fn mask_of_next(&self) -> &str {
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

    pub fn policy(self, bit: u8) -> bool {
        self.policy >> bit & 1 == 1
    }

    /// The limits of the policy, which two bits of the context choose: the room's own, few bytes, few levels, many levels.
    pub fn limit(self, bits: [u8; 2], max_bytes: &mut Option<usize>, max_depth: &mut u8) {
        match bits.map(|bit| self.context(bit)) {
            [false, false] => {}
            [true, false] => *max_bytes = Some(48),
            [false, true] => *max_depth = 3,
            [true, true] => *max_depth = u8::MAX,
        }
    }
}

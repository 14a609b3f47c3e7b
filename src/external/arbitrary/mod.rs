//! `Arbitrary` of the crate `arbitrary`, feature `arbitrary`: users, contexts, policies and requests made of bytes, for fuzzers.
//! The fuzz targets of this crate are run on them.
//!
//! A target has a [`Request`] as its argument, and holds what an application does of it against what the library says that the
//! vendor does. With `libfuzzer_sys::fuzz_target!` in place of the call:
//!
//! ```
//! use user_patch::{arbitrary::Request, vendor::{Elastic, UpdateModel}};
//!
//! # fn my_service(user: &str, body: &[u8]) -> u16 {
//! #     let user = Elastic::user(user.as_bytes()).unwrap();
//! #     Request::<Elastic> { user, body: body.to_vec(), mask: None, ctx: Default::default() }.reply().status
//! # }
//! let target = |mut request: Request<Elastic>| {
//!     request.ctx = Default::default(); // the one that the service is for
//!     let status = my_service(&Elastic::user_json(&request.user), &request.body);
//!     assert_eq!(status, request.reply().status);
//! };
//!
//! use arbitrary::{Arbitrary, Unstructured};
//! let bytes = b"000{\"user_name\":\"ada\",\"security\":{}}\0{\"full_name\":\"Ada\"}";
//! target(Request::arbitrary_take_rest(Unstructured::new(bytes))?);
//! # Ok::<(), arbitrary::Error>(())
//! ```
//!
//! # The bytes
//!
//! Texts in them stay as they stand, so that a dictionary of JSON is of use and a seed can be written by hand: three selectors,
//! then up to three parts separated by NUL, which no JSON text holds: `body`, `user body`, or `user mask body`. The last part may
//! hold any byte.
//!
//! A selector is a character counted from `0`: which stored user (where none is written out, or the text is none) in its lower
//! four bits and more of the policy in its upper ones, which context, which policy. So `000{}` is the empty body under every
//! default, and so is what ends too early.
//!
//! - A `User` is the first of these selectors and its text.
//! - A `Context` and a `Policy` are the three selectors, whose bits the [vendor's table](#the-bits) has.
//!
//! Of a user and a request, [`arbitrary`](::arbitrary::Arbitrary::arbitrary) takes as many bytes as a length at the end says, and
//! [`arbitrary_take_rest`](::arbitrary::Arbitrary::arbitrary_take_rest) all. Neither fails: any bytes are a request.
//!
//! # The bits
//!
//! | bit | Fireworks | Trusted Twin | Elastic |
//! | --- | --- | --- | --- |
//! | context 0 | not an admin | a statement that denies | the caller may assign two roles alone |
//! | 1 | a clock | without `update_user` in it | the platform has two roles of its own |
//! | 2 | at most 48 bytes | the roles of the account are known | a clock and somebody who updates |
//! | 3 | at most 3 levels; with 2, 255 | a clock and a trace | |
//! | 4 | | at most 48 bytes | at most 48 bytes |
//! | 5 | | at most 3 levels; with 4, 255 | at most 3 levels; with 4, 255 |
//! | 6, 7 | what a body without a mask means | | |
//! | policy 0 | role `whenMasked` | unknown members ignored, | unknown members refused |
//! | 1 | open roles | or kept | a string is decoded |
//! | 2 | unknown members ignored | read-only members refused where they differ, | any combination of roles |
//! | 3 | read-only members refused | or ignored | passwords kept wherever they stand |
//! | 4 | no preset needed | no bytes change nothing | |
//! | 5 | leaving `custom` refused | subcodes as numbers | |
//! | 6 | email and service account immutable | | |
//! | 7 | no camel case in masks | | |
//! | first selector 4 | read-only members refused where they differ | | |
//! | 5 | empty members emitted | | |

mod elastic;
mod fireworks;
mod selectors;
mod trusted_twin;

use ::arbitrary::{Arbitrary, Result, Unstructured};

use crate::vendor::UpdateModel;
use selectors::{Selectors, of_length};

pub use super::request::Request;

impl<'a, M> Arbitrary<'a> for Request<M>
where
    M: UpdateModel<User: for<'b> Arbitrary<'b>, Context: for<'b> Arbitrary<'b>>,
{
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_take_rest(of_length(u)?)
    }

    fn arbitrary_take_rest(mut u: Unstructured<'a>) -> Result<Self> {
        let selectors = Selectors::take(&mut u);
        let rest = u.take_rest();
        let mut parts = rest.splitn(3, |&byte| byte == 0);
        let (user, mask, body) = match (parts.next(), parts.next(), parts.next()) {
            (Some(user), Some(mask), Some(body)) => (user, mask, body),
            (Some(user), Some(body), None) => (user, &[][..], body),
            (body, ..) => (&[][..], &[][..], body.unwrap_or_default()),
        };
        let [first, ..] = selectors.bytes();
        let user = M::User::arbitrary_take_rest(Unstructured::new(&[&[first], user].concat()))?;
        Ok(Self {
            user,
            body: body.to_vec(),
            mask: (!mask.is_empty()).then(|| String::from_utf8_lossy(mask).into_owned()),
            ctx: M::Context::arbitrary_take_rest(Unstructured::new(&selectors.bytes()))?,
        })
    }
}

/// Makes the users, contexts and policies of a vendor of bytes.
macro_rules! made_of_bytes {
    ($module:ident) => {
        impl<'a> Arbitrary<'a> for crate::$module::User {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Self::arbitrary_take_rest(of_length(u)?)
            }

            fn arbitrary_take_rest(u: Unstructured<'a>) -> Result<Self> {
                selectors::user(u, Self::from_json, &$module::USERS)
            }
        }

        impl<'a> Arbitrary<'a> for crate::$module::Context {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Ok($module::context(Selectors::take(u)))
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (0, Some(3))
            }
        }

        impl<'a> Arbitrary<'a> for crate::$module::Policy {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Ok($module::context(Selectors::take(u)).policy().clone())
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (0, Some(3))
            }
        }
    };
}

made_of_bytes!(fireworks);
made_of_bytes!(trusted_twin);
made_of_bytes!(elastic);

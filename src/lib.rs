//! What a user looks like after this PATCH, or precisely why it is refused, exactly as three vendors document it.
//!
//! Each vendor has a module, and the modules share their verbs: read a body, check it, apply it, answer.
//!
//! | module | vendor | update model |
//! | --- | --- | --- |
//! | [`fireworks`] | Fireworks AI | field mask: the members of the body are set |
//! | [`trusted_twin`] | Trusted Twin | members replaced; a description dictionary replaced whole, emptied or removed |
//! | [`elastic`] | Elastic Cloud Enterprise | JSON Merge Patch (RFC 7386) on the current user |
//!
//! ```
//! use user_patch::fireworks::{Context, Patch, User};
//!
//! let mut user = User::from_json(br#"{"role":"user","displayName":"Alice"}"#)?;
//! let ctx = Context::default();
//!
//! let patch = Patch::parse(br#"{"role":"admin","displayName":"Alice A."}"#, &ctx)?; // borrowed from the body
//! patch.check(&user, &ctx)?; // every violation at once; nothing changes
//! let applied = patch.apply(&mut user, &ctx)?; // done, or refused and untouched
//! assert_eq!(applied.changed().len(), 2);
//! assert_eq!(user.reply(&ctx).status, 200);
//!
//! let refused = Patch::parse(br#"{"role":"root"}"#, &ctx)?.apply(&mut user, &ctx).unwrap_err();
//! assert_eq!(refused.reply().status, 400);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! But for the stand-in, the crate is pure logic: no clock, no input or output, no `unsafe`. [`vendor`] is the three as one for generic code,
//! [`exchange`] a request and its decision as text, [`intent`] one wish in the words of each vendor; below them lie [`report`],
//! how a decision is told, and [`engine`], JSON and nothing but JSON.
//!
//! # Features
//!
//! None is on by default. What each adds in crates, and in seconds of one core to a debug build from nothing (`cargo build`,
//! user and system time; without features 27 crates and 28 s):
//!
//! | feature | brings | crates | seconds |
//! | --- | --- | ---: | ---: |
//! | `http` | `user_patch::http`: replies to and from `http::Response` | 2 | 1 |
//! | `axum` | `user_patch::axum`: an extractor for a body, responses; with `http` | 11 | 5 |
//! | `proptest` | `user_patch::proptest`: strategies for users, contexts, requests, and for requests that break one rule | 13 | 23 |
//! | `arbitrary` | `user_patch::arbitrary`: the same of bytes, for fuzzers | 1 | 4 |
//! | `conformance` | `user_patch::conformance`: the pages as cases, and what holds a service against them | 0 | 0 |
//! | `serve` | `user_patch::stand_in`: the vendors' endpoints over SQLite; with `axum` | 45 | 37 |
//! | `cli` | the command `user-patch` | 17 | 13 |

#![deny(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod context;
pub mod elastic;
pub mod engine;
pub mod exchange;
mod external;
pub mod fireworks;
pub mod intent;
pub mod report;
#[cfg(feature = "serve")]
#[cfg_attr(docsrs, doc(cfg(feature = "serve")))]
pub mod stand_in;
pub mod trusted_twin;
pub mod vendor;

#[cfg(feature = "arbitrary")]
#[cfg_attr(docsrs, doc(cfg(feature = "arbitrary")))]
pub use external::arbitrary;
#[cfg(feature = "axum")]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
pub use external::axum;
#[cfg(feature = "conformance")]
#[cfg_attr(docsrs, doc(cfg(feature = "conformance")))]
pub use external::conformance;
#[cfg(feature = "http")]
#[cfg_attr(docsrs, doc(cfg(feature = "http")))]
pub use external::http;
#[cfg(feature = "proptest")]
#[cfg_attr(docsrs, doc(cfg(feature = "proptest")))]
pub use external::proptest;

/// The README's examples compile and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

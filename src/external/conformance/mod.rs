//! The vendors' pages as cases, and what holds a service against them. Feature `conformance`.
//!
//! For whoever *implements* one of these APIs: a stand-in, a gateway, a rewrite. Each [`Case`] is a request and the reply that
//! the page asks for, with the page's words and the [rule](crate::report::Rule) that it shows; this crate is held to the same
//! cases. They are of two kinds, and [`Case::target`] tells which: a PATCH of a user, and for Fireworks the POST that makes one.
//! What relates patches to each other (a diff, an undo) is asked of no service, and is no case.
//!
//! A service is a function from a case to a [`Response`]. What it has to do, whatever it is written in:
//!
//! 1. hold the [stored user](Target::User), or the account;
//! 2. let the caller, the roles that there are, and the clock be those of [`Case::context`], whose members are those of the
//!    vendor's `Context`. `null`, or a member that is not there, leaves the default: for Fireworks an admin asks, for Trusted Twin
//!    one who may update users, for Elastic the user themselves. A service whose clock cannot be set says so with
//!    [`Response::with_own_clock`];
//! 3. be sent [`Case::body`], byte for byte, as [`Case::method`], with [`Case::mask`] in the query;
//! 4. give back status, headers and body.
//!
//! Where the page is silent, a service decides for itself: the cases that [are of the default
//! policy](Case::is_of_default_policy) rest on what this crate does by default, the others name in `policy` what they rest on.
//!
//! # One call
//!
//! [`report`] asks every case, and tells rule by rule what came of it.
//!
//! ```
//! use user_patch::{conformance::{Case, Response, cases, report}, exchange::Decision, vendor::Vendor};
//!
//! // Where a real test sends a request, this one asks the library.
//! fn service(case: &Case) -> Response {
//!     match case.question().ask(case.vendor()) {
//!         Ok(Decision::Done { reply, .. } | Decision::Refused { reply, .. }) => reply.into(),
//!         _ => Response::new(500, "{}"),
//!     }
//! }
//!
//! let report = report(cases(Vendor::TrustedTwin), service);
//! assert!(report.is_conformant(), "{report}");
//! ```
//!
//! # A named test for each case
//!
//! With `libtest-mimic` among the dependencies and `harness = false`, [`conformance_main!`](crate::conformance_main) is the
//! whole test:
//!
//! ```no_run
//! # use user_patch::{conformance::{Case, Response, cases}, vendor::Vendor};
//! # fn service(case: &Case) -> Response { Response::new(501, "{}") }
//! user_patch::conformance_main! { cases(Vendor::Elastic) => service }
//! ```
//!
//! Any other harness that is given tests at run time takes [`trials`], pairs of a name and a closure.

mod case;
mod embedded;
mod mismatch;
mod read;
mod response;
mod run;

pub use case::{Case, Expected, Target};
pub use mismatch::{Difference, Mismatch};
pub use read::cases;
pub use response::Response;
pub use run::{Report, Row, report, trials};

//! Elastic Cloud Enterprise: a JSON Merge Patch on the current user.
//!
//! `PATCH /user`. The page, in its order:
//!
//! - "All changes in the specified object are applied to the current user according to the JSON Merge Patch processing
//!   rules. Omitting existing fields causes the same values to be reapplied. Specifying a null value reverts the field to
//!   the default value, or removes the field when no default value exists."
//! - The response: `user_name` and `security` are required, "additional properties are allowed".
//! - 400: roles that are invalid or forbidden, restricted fields, external and built-in users, each with its code in the
//!   body and in the header `x-cloud-error-codes`. 404: [`not_found`], one of what is answered [`outside`] of a patch.
//!   [`Failure`] reads all of these.
//!
//! An update reads the body ([`Patch::parse`]), holds it against the user ([`Patch::check`]) and does it
//! ([`Patch::apply`]). [`rules`] lists every decision with its basis.

// In the order in which a reader needs their methods, which rustdoc shows them in.
mod patch;
mod user;

mod build;

mod check;

mod apply;

mod store;

mod relate;
mod then;

mod code;
mod context;
mod difference;
mod member;
mod misplaced;
mod reply;
mod roles;
mod rules;
#[cfg(test)]
mod samples;
mod write;

pub use build::PatchBuilder;
pub use check::PASSWORD_MIN;
pub use code::Code;
pub use context::{Context, MisplacedPassword, Policy, Service, StringBody, UnknownMembers};
pub use patch::Patch;
pub use relate::{audit, diff, rebase, undo};
pub use reply::{CODES_HEADER, Failure, MEDIA_TYPES, not_found, outside};
pub use roles::ROLES;
pub use rules::{Refusal, Violation, Violations, rules};
pub use store::store;
pub use user::User;

//! Trusted Twin: an update of a user's name, role and description.
//!
//! `PATCH /users/{user}`, operation `update_user`. The page, in its order:
//!
//! - "In order for a User to perform the "update_user" operation, the "update_user" permission must be included in the
//!   list of allowed actions in the statement of the User's Role": [`Statement`].
//! - `{user}`: the user's UUID ([`parse_uuid`]; [`invalid_path`] where it is none).
//! - `name` must match [`NAME_PATTERN`]; `role` is a UUID.
//! - `description` is a dictionary whose keys must match [`KEY_PATTERN`] and whose values are any JSON. It is replaced
//!   whole; `{}` empties it, `null` removes it.
//! - "Any optional parameters not provided in the request will be left unchanged."
//! - "Requests to this endpoint result in generic status codes": what is answered [`outside`] of a patch. [`Failure`] reads
//!   any error.
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

mod code;
mod context;
mod member;
mod patterns;
mod reply;
mod rules;

pub use build::PatchBuilder;
pub use code::Code;
pub use context::{Context, Effect, EmptyBody, Policy, ReadOnly, Service, Statement, Subcode, UnknownMembers};
pub use patch::Patch;
pub use patterns::{KEY_PATTERN, NAME_PATTERN, is_key, is_name, parse_uuid};
pub use relate::{audit, diff, rebase, undo};
pub use reply::{Failure, MEDIA_TYPES, invalid_path, outside};
pub use rules::{Refusal, Violation, Violations, rules};
pub use store::store;
pub use user::User;

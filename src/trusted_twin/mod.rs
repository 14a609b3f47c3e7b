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
//!
//! An update reads the body ([`Patch::parse`]), holds it against the user ([`Patch::check`]) and does it
//! ([`Patch::apply`]). [`rules`] lists every decision with its basis.

mod algebra;
mod check;
mod context;
mod patch;
mod patterns;
mod refusal;
mod reply;
mod rules;
mod user;

pub use algebra::{audit, diff, diff_with, rebase};
pub use context::{Context, Effect, Policy, Statement, UnknownMembers, parse_uuid};
pub use patch::Patch;
pub use patterns::{KEY_PATTERN, NAME_PATTERN, is_key, is_name};
pub use refusal::Refusal;
pub use reply::invalid_path;
pub use rules::rules;
pub use user::User;

/// A reason why an update of this room is refused.
pub type Violation = crate::report::Violation<Refusal>;
/// Every reason why an update of this room is refused.
pub type Violations = crate::report::Violations<Refusal>;

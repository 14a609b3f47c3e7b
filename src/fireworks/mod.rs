//! Fireworks AI: a partial update of a user by field mask.
//!
//! `PATCH /v1/accounts/{account_id}/users/{user_id}` sets the members that the body has. The page, in its order:
//!
//! - "The properties of the User being updated. `user.name` must be populated with the updated resource's name": the
//!   path names the user ([`UserName`]); a `name` in the body is read-only.
//! - `role`, required: "admin, user, contributor, inference-user, or custom. When set to "custom", the user's
//!   permissions are governed by `permission_preset`."
//! - `displayName`: "Must be fewer than 64 characters long."
//! - `serviceAccount`: the older page adds "can only be set by admins".
//! - `email`.
//! - `permissionPreset`: "Only valid when role is "custom"."
//!
//! An update reads the body ([`Patch::parse`]), holds it against the user ([`Patch::check`]) and does it
//! ([`Patch::apply`]); [`Patch::create`] does the same for the POST. [`rules`] lists every decision with its basis.

mod algebra;
mod check;
mod code;
mod context;
mod create;
mod member;
mod patch;
mod refusal;
mod reply;
mod resource;
mod rules;
mod user;

pub use algebra::{audit, diff, diff_with, rebase};
pub use code::Code;
pub use context::{Context, LeavingCustom, Policy, ReadOnly, RolePresence, Roles, UnknownMembers};
pub use patch::{Patch, ROLES};
pub use refusal::Refusal;
pub use resource::{AccountId, InvalidName, UserId, UserName};
pub use rules::rules;
pub use user::{DISPLAY_NAME_MAX, User};

/// A reason why an update of this room is refused.
pub type Violation = crate::report::Violation<Refusal>;
/// Every reason why an update of this room is refused.
pub type Violations = crate::report::Violations<Refusal>;

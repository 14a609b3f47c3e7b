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
//! - The status codes of the older page: [`Code`], what is answered [`outside`] of a patch, and [`Failure`], which reads any
//!   error.
//!
//! An update reads the body ([`Patch::parse`], [`Patch::parse_masked`]), holds it against the user ([`Patch::check`]) and
//! does it ([`Patch::apply`]); [`Patch::create`] does the same for the POST. [`rules`] lists every decision with its basis.

// In the order in which a reader needs their methods, which rustdoc shows them in.
mod patch;
mod user;

mod build;

mod check;

mod apply;

mod store;

mod compose;
mod relate;

mod create;

mod code;
mod context;
mod form;
mod mask;
mod member;
mod query;
mod reading;
mod reply;
mod resource;
mod rules;
mod said;
mod set;
mod update;

pub use build::PatchBuilder;
pub use code::Code;
pub use context::{
    Context, EmptyMembers, LeavingCustom, Policy, ReadOnly, RolePresence, Roles, Service, UnknownMembers, WithoutMask,
};
#[cfg(feature = "serve")]
pub(crate) use form::STATES;
pub use form::{DISPLAY_NAME_MAX, ROLES};
pub use patch::Patch;
pub use query::mask_of_query;
#[cfg(feature = "serve")]
pub(crate) use query::parameters;
pub use relate::{audit, diff, rebase, undo};
pub use reply::{Failure, MEDIA_TYPES, outside};
pub use resource::{AccountId, InvalidName, UserId, UserName};
pub use rules::{Refusal, Violation, Violations, rules};
pub use store::{store, store_masked};
pub use user::User;

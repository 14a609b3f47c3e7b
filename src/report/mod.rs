//! How a decision is told, in the same words for every vendor: a [`Rule`] and its [`Basis`], the [`Violations`] that refuse an
//! update, the [`Findings`] of what was accepted and ignored, the HTTP [`Reply`]; what is answered [`Outside`] of a patch, and a
//! vendor's [`Failure`], read back.

mod applied;
mod audit;
pub(crate) mod body;
mod catalogue;
mod diff;
mod error_code;
mod failure;
mod finding;
mod invalid_user;
mod media_type;
mod outside;
mod reply;
mod rule;
mod secret;
mod shown;
mod stored;
mod violations;

pub use applied::Applied;
pub(crate) use applied::Places;
pub use audit::{Audit, Change, Changes, Inapplicable, InvalidAudit, Operation};
pub(crate) use body as rule_body;
pub(crate) use catalogue::rules;
pub use diff::{Diff, Unreachable};
pub use error_code::ErrorCode;
pub use failure::{Failure, FieldError, VendorError};
pub(crate) use failure::{code_text, member, read_body, text};
pub use finding::{Finding, Findings, LISTED_MAX};
pub use invalid_user::InvalidUser;
pub use media_type::is_media_type;
pub use outside::Outside;
pub use reply::Reply;
pub use rule::{Basis, Effect, Rule};
pub use secret::Password;
#[cfg(feature = "conformance")]
pub(crate) use shown::Shown;
pub use stored::{NotStored, Stored};
pub(crate) use violations::Search;
pub use violations::{Refuses, Violation, Violations};

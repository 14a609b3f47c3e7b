//! How a decision is told, in the same words for every vendor: a [`Rule`] and its [`Basis`], the [`Violations`] that refuse an
//! update, the [`Findings`] of what was accepted and ignored, the HTTP [`Reply`].

mod applied;
mod audit;
pub(crate) mod body;
mod catalogue;
mod diff;
mod finding;
mod invalid_user;
mod reply;
mod rule;
mod secret;
mod shown;
mod violations;

pub use applied::Applied;
pub use audit::{Audit, Change, Changes, Inapplicable, InvalidAudit, Operation};
pub(crate) use body as rule_body;
pub(crate) use catalogue::rules;
pub use diff::{Diff, Unreachable};
pub use finding::{Finding, Findings, LISTED_MAX};
pub use invalid_user::InvalidUser;
pub use reply::Reply;
pub use rule::{Basis, Effect, Rule};
pub use secret::Password;
#[cfg(feature = "conformance")]
pub(crate) use shown::Shown;
pub(crate) use violations::Search;
pub use violations::{Refuses, Violation, Violations};

//! The first floor: how a decision is told. The same words in every room: a [`Rule`] and its [`Basis`], the
//! [`Violations`] that refuse a patch, the [`Notice`]s of what was accepted and ignored, the HTTP [`Reply`].

mod applied;
mod audit;
mod diff;
mod invalid_user;
mod notice;
mod reply;
mod rule;
mod violations;

pub use applied::Applied;
pub use audit::{Audit, Operation};
pub use diff::{Diff, Reason, Unreachable};
pub use invalid_user::InvalidUser;
pub use notice::Notice;
pub use reply::Reply;
pub(crate) use rule::body as rule_body;
pub use rule::{Basis, Effect, Rule};
pub use violations::{Refuses, Violation, Violations};

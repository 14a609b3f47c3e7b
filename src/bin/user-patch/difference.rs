//! What lies between two users, and its line of JSON.

use user_patch::report::{Reason, Unreachable};

use crate::reply::{Finding, Outcome, list, quoted};

/// The smallest patch between two users, or why none gets there.
pub enum Difference {
    /// Nothing to send.
    Unchanged,
    /// A body, and its field mask where the vendor has masks.
    Patch {
        body: String,
        mask: Option<String>,
    },
    Unreachable(Vec<Finding>),
}

impl Difference {
    pub fn unreachable(reasons: &Unreachable) -> Self {
        Self::Unreachable(reasons.iter().map(Finding::from).collect())
    }

    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Unchanged | Self::Patch { .. } => Outcome::Accepted,
            Self::Unreachable(_) => Outcome::Refused,
        }
    }

    /// The reply, without a line end. `id` is JSON text.
    pub fn line(&self, id: &str) -> String {
        match self {
            Self::Unchanged => format!(r#"{{"id":{id},"patch":{{}},"unchanged":true}}"#),
            Self::Patch { body, mask: None } => format!(r#"{{"id":{id},"patch":{body}}}"#),
            Self::Patch { body, mask: Some(mask) } => {
                format!(r#"{{"id":{id},"patch":{body},"mask":{}}}"#, quoted(mask))
            }
            Self::Unreachable(reasons) => {
                format!(r#"{{"id":{id},"unreachable":[{}]}}"#, list(reasons, Finding::object))
            }
        }
    }
}

impl From<&Reason> for Finding {
    fn from(reason: &Reason) -> Self {
        Self { rule: reason.rule(), pointer: reason.pointer().clone(), message: reason.message().to_owned() }
    }
}

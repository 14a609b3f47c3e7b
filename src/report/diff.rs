use std::{borrow::Cow, fmt};

use super::{Refuses, Rule, Violation};
use crate::engine::Pointer;

/// The smallest patch between two users, where there is something to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Diff<P> {
    /// The users are equal. This is not an empty patch, which a vendor may refuse.
    Unchanged,
    /// The patch that makes the second of the first.
    Patch(P),
}

impl<P> Diff<P> {
    /// The patch, where there is one.
    pub fn patch(self) -> Option<P> {
        match self {
            Self::Unchanged => None,
            Self::Patch(patch) => Some(patch),
        }
    }
}

/// A user that no accepted patch makes of another: every reason, ordered by JSON Pointer and then by rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable(Vec<Reason>);

/// One reason why no patch gets there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    rule: &'static Rule,
    pointer: Pointer,
    message: Cow<'static, str>,
}

impl Reason {
    pub(crate) fn new(rule: &'static Rule, pointer: Pointer, message: &'static str) -> Self {
        Self { rule, pointer, message: Cow::Borrowed(message) }
    }

    /// The rule that stands in the way.
    pub const fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// The member that cannot be reached.
    pub const fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// Why, for a person.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// A patch that would get there, were it not refused.
impl<R: Refuses> From<&Violation<R>> for Reason {
    fn from(violation: &Violation<R>) -> Self {
        let message = Cow::Owned(violation.message().to_owned());
        Self { rule: violation.rule(), pointer: violation.pointer().clone(), message }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(f, "{}: {}", self.rule.id, self.message),
            _ => write!(f, "{} at {}: {}", self.rule.id, self.pointer, self.message),
        }
    }
}

impl Unreachable {
    /// `Ok` where nothing stands in the way.
    pub(crate) fn of(mut reasons: Vec<Reason>) -> Result<(), Self> {
        reasons.sort_by(|one, other| (&one.pointer, one.rule.id).cmp(&(&other.pointer, other.rule.id)));
        reasons.dedup_by(|one, other| one.pointer == other.pointer && one.rule.id == other.rule.id);
        if reasons.is_empty() { Ok(()) } else { Err(Self(reasons)) }
    }

    /// The reasons in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Reason> {
        self.0.iter()
    }
}

impl<'u> IntoIterator for &'u Unreachable {
    type Item = &'u Reason;
    type IntoIter = std::slice::Iter<'u, Reason>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, reason) in self.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{reason}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Unreachable {}

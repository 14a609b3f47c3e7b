use std::fmt;

use super::{Finding, Findings};

/// The smallest patch between two users, where there is something to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Diff<P> {
    /// There is nothing to send. This is not an empty patch, which a vendor may refuse.
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

/// A user that no accepted patch makes of another: every reason, ordered by JSON Pointer and then by rule; the first 256 of
/// them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable(Findings);

impl Unreachable {
    /// `Ok` where nothing stands in the way.
    pub(crate) fn of(reasons: Findings) -> Result<(), Self> {
        if reasons.is_empty() { Ok(()) } else { Err(Self(reasons.settled())) }
    }

    /// Why no patch gets there: each a rule, and the member that cannot be reached.
    pub const fn reasons(&self) -> &Findings {
        &self.0
    }

    /// The reasons in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }
}

impl<'u> IntoIterator for &'u Unreachable {
    type Item = &'u Finding;
    type IntoIter = std::slice::Iter<'u, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Unreachable {}

use super::Notice;
use crate::engine::Pointer;

/// What an accepted patch did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct Applied {
    changed: Vec<Pointer>,
    notices: Vec<Notice>,
}

impl Applied {
    /// The notices come in their order, see [`Notice::sort`].
    pub(crate) fn new(mut changed: Vec<Pointer>, notices: Vec<Notice>) -> Self {
        changed.sort_unstable();
        Self { changed, notices }
    }

    /// The members that have another value now, in the order of their pointers. The time of the update, which the vendor
    /// keeps, is not among them.
    pub fn changed(&self) -> &[Pointer] {
        &self.changed
    }

    /// What was ignored, or done unasked, and by which rule.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }
}

use super::Password;
use crate::{
    engine::Pointer,
    report::{self, Notice},
};

/// What an accepted patch did, and the password it set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct Applied {
    report: report::Applied,
    password: Option<Password>,
}

impl Applied {
    pub(super) fn new(report: report::Applied, password: Option<Password>) -> Self {
        Self { report, password }
    }

    /// The members that have another value now, in the order of their pointers. A password is not among them, as no user
    /// has one to show, nor is `metadata.updated_at`, which the vendor keeps.
    pub fn changed(&self) -> &[Pointer] {
        self.report.changed()
    }

    /// What was done unasked, and by which rule.
    pub fn notices(&self) -> &[Notice] {
        self.report.notices()
    }

    /// The new password, the first time it is asked for.
    pub fn take_password(&mut self) -> Option<Password> {
        self.password.take()
    }
}

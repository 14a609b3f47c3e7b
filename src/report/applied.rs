use super::{Findings, Password};
use crate::engine::Pointer;

/// What an accepted update did.
///
/// ```
/// use user_patch::elastic::{Context, Patch, User};
///
/// let mut user = User::from_json(br#"{"user_name":"ada","security":{}}"#)?;
/// let ctx = Context::default();
/// let applied = Patch::parse(br#"{"security":{"password":"correct horse"}}"#, &ctx)?.apply(&mut user, &ctx)?;
/// assert_eq!(applied.changed()[0].as_str(), "/security/password");
/// assert_eq!(applied.into_password().unwrap().expose(), "correct horse"); // Once, to be hashed.
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
#[must_use]
pub struct Applied {
    changed: Vec<Pointer>,
    notices: Findings,
    password: Option<Password>,
}

impl Applied {
    pub(crate) fn new(mut changed: Vec<Pointer>, notices: Findings) -> Self {
        changed.sort_unstable();
        changed.dedup();
        Self { changed, notices: notices.settled(), password: None }
    }

    /// As [`new`](Self::new), where the places are in their order, each once.
    pub(crate) fn in_order(changed: Vec<Pointer>, notices: Findings) -> Self {
        Self { changed, notices: notices.settled(), password: None }
    }

    pub(crate) fn with_password(self, password: Option<Password>) -> Self {
        Self { password, ..self }
    }

    /// The members that have another value now, in the order of their pointers: each a member that the page names, or, below
    /// that, the first one that it does not name. The time of the update, which the vendor keeps, is not among them.
    pub fn changed(&self) -> &[Pointer] {
        &self.changed
    }

    /// What was ignored, or done unasked, and by which rule.
    pub const fn notices(&self) -> &Findings {
        &self.notices
    }

    /// Whether the update sets a password. Only Elastic has passwords in an update.
    pub const fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// The new password, which is handed over once.
    pub fn into_password(self) -> Option<Password> {
        self.password
    }
}

/// The same changes and notices, and a password or none: two passwords are not compared.
impl PartialEq for Applied {
    fn eq(&self, other: &Self) -> bool {
        self.changed == other.changed && self.notices == other.notices && self.has_password() == other.has_password()
    }
}

impl Eq for Applied {}

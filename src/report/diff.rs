use std::fmt;

use super::{Finding, Findings};

/// The smallest patch between two users, where there is something to say.
///
/// ```
/// use user_patch::{fireworks::{Context, User, diff}, report::Diff};
///
/// let user = User::from_json(br#"{"role":"user"}"#)?;
/// assert_eq!(diff(&user, &user, &Context::default())?, Diff::Unchanged);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// ```
/// use user_patch::elastic::{Context, User, diff};
///
/// let user = |name: &str| User::from_json(format!(r#"{{"user_name":"{name}","security":{{}}}}"#).as_bytes());
/// let unreachable = diff(&user("ada")?, &user("bob")?, &Context::default()).unwrap_err();
/// assert_eq!(unreachable.reasons().first().unwrap().pointer().as_str(), "/user_name");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

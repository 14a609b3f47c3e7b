//! An update that starts from a wish and not from a body.

use std::fmt;

use zeroize::Zeroizing;

use super::{context::Context, member::Member, patch::Patch, rules::Violations};
use crate::engine::{Edits, Json};

/// Builds a [`Patch`] member by member. What no method names is not mentioned; the last word on a member counts. To clear is to
/// say null: "Specifying a null value reverts the field to the default value, or removes the field when no default value exists."
///
/// `Debug` names the members, never their values. What it was told is wiped when it is dropped.
///
/// ```
/// use user_patch::elastic::{Context, Patch};
///
/// let ctx = Context::default();
/// let patch = Patch::builder()
///     .full_name("Ada")
///     .clear_email()
///     .roles(["ece_deployment_viewer"])
///     .with(&["metadata", "badge"], 7)
///     .build(&ctx)?;
/// assert_eq!(
///     patch.to_json(),
///     r#"{"email":null,"full_name":"Ada","metadata":{"badge":7},"security":{"roles":["ece_deployment_viewer"]}}"#,
/// );
/// # Ok::<(), user_patch::elastic::Violations>(())
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct PatchBuilder {
    body: Edits,
}

impl Patch<'static> {
    /// A patch that mentions nothing yet.
    pub fn builder() -> PatchBuilder {
        PatchBuilder::default()
    }
}

impl PatchBuilder {
    /// "The set of roles assigned to a user": these and no others.
    pub fn roles<R: AsRef<str>>(self, roles: impl IntoIterator<Item = R>) -> Self {
        let roles: Json<'static> = roles.into_iter().map(|role| Json::string(role.as_ref())).collect();
        self.set(Member::Roles, roles)
    }

    /// Takes all roles away, which is the default.
    pub fn clear_roles(self) -> Self {
        self.set(Member::Roles, Json::null())
    }

    /// "The user's password. Only used when modifying a user.": no user has one to clear.
    pub fn password(self, password: &str) -> Self {
        self.set(Member::Password, password)
    }

    /// "True if the user is enabled"
    pub fn enabled(self, is_enabled: bool) -> Self {
        self.set(Member::Enabled, is_enabled)
    }

    /// Enables the user, which is the default.
    pub fn clear_enabled(self) -> Self {
        self.set(Member::Enabled, Json::null())
    }

    /// "The user's optional full name"
    pub fn full_name(self, name: &str) -> Self {
        self.set(Member::FullName, name)
    }

    /// Takes the full name away.
    pub fn clear_full_name(self) -> Self {
        self.set(Member::FullName, Json::null())
    }

    /// "The user's optional email address"
    pub fn email(self, email: &str) -> Self {
        self.set(Member::Email, email)
    }

    /// Takes the email address away.
    pub fn clear_email(self) -> Self {
        self.set(Member::Email, Json::null())
    }

    /// Any member by the path of its names, with any value, whether the page names it or not: "Additional properties are allowed."
    pub fn with<'v>(mut self, path: &[&str], value: impl Into<Json<'v>>) -> Self {
        self.body.set(path, value.into());
        self
    }

    /// The patch, which is the one that [`Patch::parse`] reads of its body.
    ///
    /// # Errors
    /// As [`Patch::parse`]: where the body is longer than the limit of the context, or a value nested deeper, which is named. What
    /// is wrong with a value is told by [`Patch::check`].
    pub fn build(&self, ctx: &Context) -> Result<Patch<'static>, Violations> {
        let body = Zeroizing::new(self.body.text(None, &ctx.policy().limits())?);
        Patch::parse(body.as_bytes(), ctx).map(Patch::into_owned)
    }

    fn set<'v>(self, member: Member, value: impl Into<Json<'v>>) -> Self {
        self.with(member.path(), value)
    }
}

impl fmt::Debug for PatchBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PatchBuilder ")?;
        f.debug_set().entries(self.body.names()).finish()
    }
}

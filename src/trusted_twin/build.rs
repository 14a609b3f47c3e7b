//! An update that starts from a wish and not from a body.

use std::fmt;

use super::{context::Context, member::Member, patch::Patch, rules::Violations};
use crate::engine::{Edits, Json};

/// Builds a [`Patch`] member by member. What no method names is not mentioned; the last word on a member counts.
///
/// `Debug` names the members, never their values.
///
/// ```
/// use user_patch::{engine::{Json, Limits}, trusted_twin::{Context, Patch}};
///
/// let ctx = Context::default();
/// let quota = Json::parse(b"123456789012345678901234567890", &Limits::default())?; // not a digit is lost
/// let patch = Patch::builder().name("Operator").attribute("quota", quota).attribute("on", true).build(&ctx)?;
/// assert_eq!(
///     patch.to_json(),
///     r#"{"name":"Operator","description":{"quota":123456789012345678901234567890,"on":true}}"#,
/// );
/// assert_eq!(Patch::builder().empty_description().build(&ctx)?.to_json(), r#"{"description":{}}"#);
/// assert_eq!(Patch::builder().clear_description().build(&ctx)?.to_json(), r#"{"description":null}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
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
    /// "Name of the User." It cannot be cleared.
    pub fn name(self, name: &str) -> Self {
        self.with(&[Member::Name.name()], name)
    }

    /// "Role UUID." It cannot be cleared.
    pub fn role(self, role: &str) -> Self {
        self.with(&[Member::Role.name()], role)
    }

    /// "If the "description" field with attributes is provided in the request body, the "description" field from the request body
    /// will replace the current "description" field.": a dictionary, as one value.
    pub fn description<'v>(self, dictionary: impl Into<Json<'v>>) -> Self {
        self.with(&[Member::Description.name()], dictionary)
    }

    /// An attribute of the new description, with any JSON value, null among them. It comes to those that have been given, and
    /// those that have not been are gone after the update.
    pub fn attribute<'v>(self, key: &str, value: impl Into<Json<'v>>) -> Self {
        self.with(&[Member::Description.name(), key], value)
    }

    /// "If no attributes are provided in the request body of "description" ("description": {}), all attributes from the current
    /// "description" will be removed. The response will return an empty dictionary".
    pub fn empty_description(self) -> Self {
        self.description(Json::fixed("{}"))
    }

    /// "If "description" with the value null is provided in the request body, all attributes from the current "description" will be
    /// removed. The response will not return the "description" field."
    pub fn clear_description(self) -> Self {
        self.description(Json::null())
    }

    /// Any member by the path of its names, with any value, whether the page names it or not: as a body may have it.
    pub fn with<'v>(mut self, path: &[&str], value: impl Into<Json<'v>>) -> Self {
        self.body.set(path, value.into());
        self
    }

    /// The patch, which is the one that [`Patch::parse`] reads of its body.
    ///
    /// # Errors
    /// As [`Patch::parse`]: that the caller may not update users; or where the body is longer than the limit of the context, or a
    /// value nested deeper, which is named. What is wrong with a value is told by [`Patch::check`].
    pub fn build(&self, ctx: &Context) -> Result<Patch<'static>, Violations> {
        // Whether the caller may do it comes before what the body is.
        Patch::parse(b"{}", ctx)?;
        let body = self.body.text(None, &ctx.policy().limits())?;
        Patch::parse(body.as_bytes(), ctx).map(Patch::into_owned)
    }
}

impl fmt::Debug for PatchBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PatchBuilder ")?;
        f.debug_set().entries(self.body.names()).finish()
    }
}

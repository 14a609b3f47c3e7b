//! An update that starts from a wish and not from a body.

use std::fmt;

use super::{
    context::{Context, WithoutMask},
    member::Member,
    patch::Patch,
    rules::Violations,
};
use crate::engine::{Edits, FieldMask, Json};

/// Builds a [`Patch`] member by member. What no method names is not mentioned; the last word on a member counts.
///
/// `Debug` names the members, never their values.
///
/// ```
/// use user_patch::fireworks::{Context, Patch, User};
///
/// let mut user = User::from_json(br#"{"role":"user","displayName":"Al","email":"al@example.com"}"#)?;
/// let ctx = Context::default();
///
/// let patch = Patch::builder().role("admin").display_name("Alice").clear_email().build(&ctx)?;
/// assert_eq!(patch.to_json(), r#"{"role":"admin","displayName":"Alice","email":""}"#);
///
/// // The page requires a role, unless a mask says that it is not meant.
/// let _ = Patch::builder().clear_email().masked().build(&ctx)?.apply(&mut user, &ctx)?;
/// assert_eq!(user.to_json(), r#"{"role":"user","displayName":"Al"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct PatchBuilder {
    body: Edits,
    mask: Mask,
}

/// Which members the update means.
#[derive(Clone, Default)]
enum Mask {
    /// Those that the body has.
    #[default]
    Body,
    /// The same, by an explicit mask.
    Mentioned,
    /// Those of this mask.
    Given(FieldMask),
}

impl Patch<'static> {
    /// A patch that mentions nothing yet.
    pub fn builder() -> PatchBuilder {
        PatchBuilder::default()
    }
}

impl PatchBuilder {
    /// "The user's role: admin, user, contributor, inference-user, or custom." It cannot be cleared.
    pub fn role(self, role: &str) -> Self {
        self.set(Member::Role, role)
    }

    /// "Human-readable display name of the user."
    pub fn display_name(self, name: &str) -> Self {
        self.set(Member::DisplayName, name)
    }

    /// Clears the display name: the empty string and no string are the same (proto3).
    pub fn clear_display_name(self) -> Self {
        self.display_name("")
    }

    /// "Whether this user is a service account (can only be set by admins)". False and cleared are the same (proto3).
    pub fn service_account(self, is_one: bool) -> Self {
        self.set(Member::ServiceAccount, is_one)
    }

    /// "The user's email address."
    pub fn email(self, email: &str) -> Self {
        self.set(Member::Email, email)
    }

    /// Clears the email address, as [`clear_display_name`](Self::clear_display_name) clears the name.
    pub fn clear_email(self) -> Self {
        self.email("")
    }

    /// "The permission preset for this user. Only valid when role is "custom"."
    pub fn permission_preset(self, preset: &str) -> Self {
        self.set(Member::PermissionPreset, preset)
    }

    /// Clears the preset, as [`clear_display_name`](Self::clear_display_name) clears the name.
    pub fn clear_permission_preset(self) -> Self {
        self.permission_preset("")
    }

    /// Any member by the path of its names, with any value, whether the page names it or not: as a body may have it.
    pub fn with<'v>(mut self, path: &[&str], value: impl Into<Json<'v>>) -> Self {
        self.body.set(&Member::spelled(path), value.into());
        self
    }

    /// With this field mask beside the body: a member that it names and the body lacks is cleared, one that the body has and it
    /// does not name stays. The empty mask is none.
    pub fn mask(mut self, mask: FieldMask) -> Self {
        self.mask = Mask::Given(mask);
        self
    }

    /// With a field mask of the members that are set or cleared, so that the update means these and no others under any policy,
    /// and needs no role.
    pub fn masked(mut self) -> Self {
        self.mask = Mask::Mentioned;
        self
    }

    /// The patch, which is the one that [`Patch::parse_masked`] reads of its body and its mask. Where the policy `withoutMask`
    /// would not take the members of the body for those that are meant, the mask says it, as with [`masked`](Self::masked).
    ///
    /// ```
    /// use user_patch::fireworks::{Context, Patch, Refusal};
    ///
    /// let ctx = Context::default();
    /// let long = Patch::builder().display_name(&"a".repeat(2_000_000)).build(&ctx).unwrap_err();
    /// assert!(long.contains(Refusal::TooLong));
    /// ```
    ///
    /// # Errors
    /// As [`Patch::parse`]: where the body is longer than the limit of the context, or a value nested deeper, which is named. What
    /// is wrong with a value is told by [`Patch::check`].
    pub fn build(&self, ctx: &Context) -> Result<Patch<'static>, Violations> {
        let policy = ctx.policy();
        let body = self.body.text(None, &policy.limits())?;
        let mask = match (&self.mask, policy.without_mask) {
            (Mask::Body, WithoutMask::FromBody) => FieldMask::default(),
            (Mask::Mentioned, _) | (Mask::Body, WithoutMask::Populated | WithoutMask::Replace) => {
                let patch = Patch::parse(body.as_bytes(), ctx)?;
                FieldMask::derive(patch.said().mentioned().iter().map(Member::name_in_masks))
            }
            (Mask::Given(mask), _) => mask.clone(),
        };
        // A path that another one covers is given all the same: it may name no field.
        let mask = mask.given().collect::<Vec<_>>().join(",");
        Patch::parse_masked(body.as_bytes(), &mask, ctx).map(Patch::into_owned)
    }

    fn set<'v>(self, member: Member, value: impl Into<Json<'v>>) -> Self {
        self.with(&[member.name()], value)
    }
}

impl fmt::Debug for PatchBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PatchBuilder ")?;
        f.debug_set().entries(self.body.names()).finish()
    }
}

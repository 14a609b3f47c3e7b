//! The three vendors as one: [`UpdateModel`] for code that is generic over them, [`Vendor`] for a name that is known when the
//! program runs.

mod models;

use std::fmt::{self, Debug};

use serde::de::DeserializeOwned;

use crate::{
    engine::{Conflict, Json, Limits, NotComposable, Pointer},
    report::{
        Applied, Audit, Diff, Failure, Findings, InvalidUser, NotStored, Outside, Refuses, Reply, Rule, Stored,
        Unreachable, Violations, is_media_type,
    },
};

pub use models::{Elastic, Fireworks, TrustedTwin};

/// The codes by which a vendor tells its errors apart.
pub type CodeOf<M> = <<M as UpdateModel>::Refusal as Refuses>::Code;

mod sealed {
    pub trait Sealed {}
}

/// A vendor's update model: its types and its verbs, which are the inherent methods and functions of the vendor's module.
///
/// ```
/// use user_patch::vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel};
///
/// /// Decides a request: the reply, and the user to store where it was accepted.
/// fn decide<M: UpdateModel>(stored: &[u8], body: &[u8], ctx: &M::Context) -> (u16, Option<String>) {
///     let mut user = M::user(stored).expect("what is stored is a user");
///     match M::parse(body, ctx).and_then(|patch| M::apply(&patch, &mut user, ctx)) {
///         Ok(_) => (M::accepted(&user, ctx).status, Some(M::user_json(&user))),
///         Err(violations) => (M::refused(&violations, ctx).status, None),
///     }
/// }
///
/// let (status, stored) = decide::<Elastic>(br#"{"user_name":"ada","security":{}}"#, br#"{"full_name":"Ada"}"#, &Default::default());
/// assert_eq!((status, &*stored.unwrap()), (200, r#"{"user_name":"ada","security":{},"full_name":"Ada"}"#));
/// ```
pub trait UpdateModel: sealed::Sealed + Debug + Copy + Send + Sync + 'static {
    /// Which vendor it is.
    const VENDOR: Vendor;
    /// A stored user.
    type User: Clone + Eq + Debug + Send + Sync;
    /// The body of an update.
    type Patch<'a>: Clone + Eq + Debug + Send + Sync;
    /// Who asks, when, of which service.
    type Context: Clone + Default + Eq + Debug + DeserializeOwned + Send + Sync;
    /// The media types of a body.
    const MEDIA_TYPES: &'static [&'static str];
    /// Why an update can be refused.
    type Refusal: Refuses;

    /// Reads a stored user.
    ///
    /// # Errors
    /// Where it is none.
    fn user(text: &[u8]) -> Result<Self::User, InvalidUser>;

    /// Takes a user that a program has built.
    ///
    /// # Errors
    /// Where it is none.
    fn user_from_value(value: &serde_json::Value) -> Result<Self::User, InvalidUser>;

    /// The same user with a value at a path of names, in place of what is there.
    ///
    /// # Errors
    /// Where it would be none.
    fn user_with(user: &Self::User, path: &[&str], value: Json<'_>) -> Result<Self::User, InvalidUser>;

    /// The same user without what is at a path of names.
    ///
    /// # Errors
    /// Where it would be none.
    fn user_without(user: &Self::User, path: &[&str]) -> Result<Self::User, InvalidUser>;

    /// The user as the vendor writes it.
    fn user_json(user: &Self::User) -> String;

    /// Reads a body within the limits of the context.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn parse<'a>(body: &'a [u8], ctx: &Self::Context) -> Result<Self::Patch<'a>, Violations<Self::Refusal>>;

    /// Reads a body that comes with a field mask; `None` where the vendor has no field masks.
    fn parse_masked<'a>(
        body: &'a [u8],
        mask: &str,
        ctx: &Self::Context,
    ) -> Option<Result<Self::Patch<'a>, Violations<Self::Refusal>>>;

    /// The explicit field mask of a patch, where it has one: it travels beside the body.
    fn explicit_mask(patch: &Self::Patch<'_>) -> Option<String>;

    /// The field mask in effect, explicit or not; `None` where the vendor has no field masks.
    fn mask(patch: &Self::Patch<'_>) -> Option<String>;

    /// The same patch, with the text as its own.
    fn into_owned(patch: Self::Patch<'_>) -> Self::Patch<'static>;

    /// The body that a patch stands for.
    fn patch_json(patch: &Self::Patch<'_>) -> String;

    /// The members that the page names and the body has, in the page's order.
    fn mentioned(patch: &Self::Patch<'_>) -> Vec<Pointer>;

    /// Whether an update may be done, and what it would say in vain or do unasked.
    ///
    /// # Errors
    /// Every violation.
    fn check(
        patch: &Self::Patch<'_>,
        user: &Self::User,
        ctx: &Self::Context,
    ) -> Result<Findings, Violations<Self::Refusal>>;

    /// Updates a user, or leaves it as it was.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    fn apply(
        patch: &Self::Patch<'_>,
        user: &mut Self::User,
        ctx: &Self::Context,
    ) -> Result<Applied, Violations<Self::Refusal>>;

    /// Updates the text of a stored user: what a backend does between its `SELECT` and its `UPDATE`.
    ///
    /// ```
    /// use user_patch::vendor::{TrustedTwin, UpdateModel};
    ///
    /// let stored = br#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#;
    /// let done = TrustedTwin::store(stored, br#"{"name":"Operator"}"#, &Default::default())?;
    /// assert!(done.is_changed() && done.text().contains(r#""name":"Operator""#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where the stored text is no user; else where the update is refused, with the reply.
    fn store<'s>(stored: &'s [u8], body: &[u8], ctx: &Self::Context) -> Result<Stored<'s>, NotStored<Self::Refusal>>;

    /// As [`store`](Self::store), of a body that comes with a field mask; `None` where the vendor has no field masks.
    fn store_masked<'s>(
        stored: &'s [u8],
        body: &[u8],
        mask: &str,
        ctx: &Self::Context,
    ) -> Option<Result<Stored<'s>, NotStored<Self::Refusal>>>;

    /// The vendor's reply to an accepted update.
    fn accepted(user: &Self::User, ctx: &Self::Context) -> Reply;

    /// The vendor's reply to a refused update.
    fn refused(violations: &Violations<Self::Refusal>, ctx: &Self::Context) -> Reply;

    /// What a body may measure, by the policy of the context.
    fn body_limits(ctx: &Self::Context) -> Limits;

    /// The refusal of a caller who may update nobody, where that is known before there is a body.
    fn denied(ctx: &Self::Context) -> Option<Violations<Self::Refusal>>;

    /// Whether a body may come with this `content-type`: one of [`MEDIA_TYPES`](Self::MEDIA_TYPES), in the sense of
    /// [`is_media_type`], or none. A body without one is looked at as it is (RFC 9110 section 8.3): the client of Trusted Twin
    /// names no type where it sends no bytes, and no page asks for one.
    fn takes(content_type: Option<&str>) -> bool {
        content_type.is_none_or(|content_type| is_media_type(content_type, Self::MEDIA_TYPES))
    }

    /// The field mask in the query of a request; `None` where it has none, or the vendor has no field masks.
    fn mask_of_query(query: &str) -> Option<String>;

    /// The vendor's reply to what lies outside of a patch.
    fn outside(which: Outside, ctx: &Self::Context) -> Reply;

    /// Reads an error reply of the vendor's: its status, its headers by name and value, its body.
    fn failure<'h>(
        status: u16,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
        body: &[u8],
    ) -> Failure<CodeOf<Self>>;

    /// The smallest patch between two users.
    ///
    /// # Errors
    /// Every reason why there is none.
    fn diff(
        before: &Self::User,
        after: &Self::User,
        ctx: &Self::Context,
    ) -> Result<Diff<Self::Patch<'static>>, Unreachable>;

    /// The patch that leads back from `after` to `before`.
    ///
    /// # Errors
    /// As [`diff`](Self::diff).
    fn undo(
        before: &Self::User,
        after: &Self::User,
        ctx: &Self::Context,
    ) -> Result<Diff<Self::Patch<'static>>, Unreachable> {
        Self::diff(after, before, ctx)
    }

    /// One patch for two.
    ///
    /// # Errors
    /// The member that makes it impossible.
    fn then(first: &Self::Patch<'_>, next: &Self::Patch<'_>) -> Result<Self::Patch<'static>, NotComposable>;

    /// A patch made on `base`, for `theirs`.
    ///
    /// # Errors
    /// The members that both changed, and differently.
    fn rebase(
        base: &Self::User,
        ours: &Self::Patch<'_>,
        theirs: &Self::User,
    ) -> Result<Diff<Self::Patch<'static>>, Conflict>;

    /// What an update changed.
    fn audit(before: &Self::User, after: &Self::User) -> Audit;

    /// The catalogue.
    fn rules() -> Vec<&'static Rule>;
}

/// A vendor, where its name is known when the program runs.
///
/// ```
/// use user_patch::vendor::Vendor;
///
/// assert_eq!(Vendor::named("trusted_twin"), Some(Vendor::TrustedTwin));
/// assert_eq!(Vendor::TrustedTwin.name(), "trusted-twin");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vendor {
    /// Fireworks AI.
    Fireworks,
    /// Trusted Twin.
    TrustedTwin,
    /// Elastic Cloud Enterprise.
    Elastic,
}

impl Vendor {
    /// All three.
    pub const ALL: &'static [Self] = &[Self::Fireworks, Self::TrustedTwin, Self::Elastic];

    /// The name on the command line and in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fireworks => "fireworks",
            Self::TrustedTwin => "trusted-twin",
            Self::Elastic => "elastic",
        }
    }

    /// The name of its module in this crate.
    pub const fn module(self) -> &'static str {
        match self {
            Self::Fireworks => "fireworks",
            Self::TrustedTwin => "trusted_twin",
            Self::Elastic => "elastic",
        }
    }

    /// The vendor of this name, or of the name of its module.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|vendor| name == vendor.name() || name == vendor.module())
    }

    /// The vendor's rules: first those that refuse, then those that decide what an accepted update does.
    pub fn rules(self) -> Vec<&'static Rule> {
        match self {
            Self::Fireworks => Fireworks::rules(),
            Self::TrustedTwin => TrustedTwin::rules(),
            Self::Elastic => Elastic::rules(),
        }
    }

    /// Whether the vendor knows field masks, and documents how a user is made.
    pub const fn has_mask_and_create(self) -> bool {
        match self {
            Self::Fireworks => true,
            Self::TrustedTwin | Self::Elastic => false,
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

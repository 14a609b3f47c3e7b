//! A request that a generator makes, and what the library decides of it.

use std::fmt;

use crate::{
    report::{Applied, Reply, Violations},
    vendor::UpdateModel,
};

/// A stored user, and a request to update it: made up, for a test.
///
/// A failing test has to show what it fails with, so `Debug` shows all of it: the user, the body, the mask, the context. That
/// of a [`User`](UpdateModel::User) shows no value.
///
/// ```
/// # #[cfg(feature = "proptest")] use user_patch::proptest::Request;
/// # #[cfg(not(feature = "proptest"))] use user_patch::arbitrary::Request;
/// use user_patch::vendor::{Elastic, UpdateModel};
///
/// let request = Request::<Elastic> {
///     user: Elastic::user(br#"{"user_name":"ada","security":{}}"#)?,
///     body: br#"{"full_name":"Ada"}"#.to_vec(),
///     mask: None,
///     ctx: Default::default(),
/// };
/// let (user, applied) = request.decide()?;
/// assert_eq!((user.full_name().as_deref(), applied.changed().len()), (Some("Ada"), 1));
/// assert_eq!(request.reply().status, 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Request<M: UpdateModel> {
    /// The user as it is stored before the update.
    pub user: M::User,
    /// The body, which need not be JSON.
    pub body: Vec<u8>,
    /// The explicit field mask that comes with it; none where the vendor has no field masks.
    pub mask: Option<String>,
    /// Who asks, when, of which service.
    pub ctx: M::Context,
}

impl<M: UpdateModel> Request<M> {
    /// The patch that the request is.
    ///
    /// # Errors
    /// Where the body or the mask cannot be read.
    pub fn patch(&self) -> Result<M::Patch<'_>, Violations<M::Refusal>> {
        let masked = self.mask.as_deref().and_then(|mask| M::parse_masked(&self.body, mask, &self.ctx));
        masked.unwrap_or_else(|| M::parse(&self.body, &self.ctx))
    }

    /// What the request comes to: the updated user, and what changed.
    ///
    /// # Errors
    /// Every violation.
    pub fn decide(&self) -> Result<(M::User, Applied), Violations<M::Refusal>> {
        let mut user = self.user.clone();
        let applied = M::apply(&self.patch()?, &mut user, &self.ctx)?;
        Ok((user, applied))
    }

    /// The reply that the vendor documents for it.
    pub fn reply(&self) -> Reply {
        match self.decide() {
            Ok((user, _)) => M::accepted(&user, &self.ctx),
            Err(violations) => M::refused(&violations, &self.ctx),
        }
    }
}

impl<M: UpdateModel> PartialEq for Request<M> {
    fn eq(&self, other: &Self) -> bool {
        self.user == other.user && self.body == other.body && self.mask == other.mask && self.ctx == other.ctx
    }
}

impl<M: UpdateModel> Eq for Request<M> {}

impl<M: UpdateModel> fmt::Debug for Request<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = match std::str::from_utf8(&self.body) {
            Ok(text) => text.to_owned(),
            Err(_) => self.body.escape_ascii().to_string(),
        };
        f.debug_struct("Request")
            .field("user", &format_args!("{}", M::user_json(&self.user)))
            .field("body", &format_args!("{body}"))
            .field("mask", &self.mask)
            .field("ctx", &self.ctx)
            .finish()
    }
}

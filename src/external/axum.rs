//! Feature `axum`: an endpoint of a vendor in a few lines, for axum 0.8.
//!
//! [`PatchBody`] reads the body of an update, within the limit of the context while it reads, and answers what cannot be read in
//! the vendor's words. [`Refused`] and [`Reply`] are responses. The context of a request is an extension of it, which
//! whatever authenticates the caller has put there, or else is made of the state of the router.
//!
//! ```
//! use std::{collections::HashMap, sync::{Arc, Mutex}};
//!
//! use axum::{Router, extract::{FromRef, Path, State}, routing::patch};
//! use user_patch::{axum::{PatchBody, Refused}, fireworks, report::{Outside, Reply}, vendor::Fireworks};
//!
//! #[derive(Clone, Default)]
//! struct App {
//!     service: Arc<fireworks::Service>,
//!     users: Arc<Mutex<HashMap<String, fireworks::User>>>,
//! }
//!
//! /// Who asks where nobody says: here, whoever authenticates callers would be asked, and the clock.
//! impl FromRef<App> for fireworks::Context {
//!     fn from_ref(app: &App) -> Self {
//!         Self::of(app.service.clone())
//!     }
//! }
//!
//! async fn update(
//!     State(app): State<App>,
//!     Path((account, user)): Path<(String, String)>,
//!     body: PatchBody<Fireworks>,
//! ) -> Result<Reply, Refused<Fireworks>> {
//!     let name = format!("accounts/{account}/users/{user}");
//!     let mut users = app.users.lock().map_err(|_| body.outside(Outside::Internal))?;
//!     let user = users.get_mut(&name).ok_or_else(|| body.outside(Outside::NotFound))?;
//!     let _ = body.apply(user)?; // done, or refused and untouched
//!     Ok(body.reply(user))
//! }
//!
//! let router: Router = Router::new()
//!     .route("/v1/accounts/{account_id}/users/{user_id}", patch(update))
//!     .with_state(App::default());
//! ```

use std::{error::Error, fmt, future::poll_fn, pin::Pin};

use ::http::{HeaderMap, StatusCode, header, request::Parts};
use axum_core::{
    body::Body,
    extract::{FromRef, FromRequest, Request},
    response::{IntoResponse, Response},
};
use http_body::Body as _;
use zeroize::Zeroizing;

use crate::{
    engine::{Fault, Limits, Malformed},
    report::{Applied, Findings, Outside, Reply, Violations},
    vendor::UpdateModel,
};

/// The body of an update and the context of its request, read.
///
/// In this order: a caller who may update nobody is refused before a byte is read; a `content-type` that the vendor does not
/// take ([`UpdateModel::takes`]) and a `content-length` above the limit of the context's policy are answered; the body is read, no
/// further than the piece with which it exceeds the limit, however it is sent; the field mask is taken from the query, where
/// the vendor has field masks; the patch is parsed.
///
/// The context is the extension of its type in the request, or else [`FromRef`] of the state, which is asked for each request.
///
/// No other limit is asked: neither axum's `DefaultBodyLimit` nor the time that a body takes, which is the server's to bound.
///
/// ```
/// use axum::extract::Extension;
/// use user_patch::{axum::{PatchBody, Refused}, report::Reply, vendor::Elastic};
///
/// // The current user is known to whatever authenticates the caller.
/// async fn update(
///     Extension(mut user): Extension<user_patch::elastic::User>,
///     body: PatchBody<Elastic>,
/// ) -> Result<Reply, Refused<Elastic>> {
///     let applied = body.apply(&mut user)?;
///     if !applied.changed().is_empty() {
///         // Store the user, and the password that `applied` hands over once.
///     }
///     Ok(body.reply(&user))
/// }
/// ```
#[derive(Debug, Clone)]
pub struct PatchBody<M: UpdateModel> {
    patch: M::Patch<'static>,
    ctx: M::Context,
}

impl<M: UpdateModel> PatchBody<M> {
    /// The patch.
    pub const fn patch(&self) -> &M::Patch<'static> {
        &self.patch
    }

    /// Who asks, when, of which service.
    pub const fn context(&self) -> &M::Context {
        &self.ctx
    }

    /// The patch and the context.
    pub fn into_parts(self) -> (M::Patch<'static>, M::Context) {
        (self.patch, self.ctx)
    }

    /// Whether the update may be done; nothing changes.
    ///
    /// # Errors
    /// Every violation.
    pub fn check(&self, user: &M::User) -> Result<Findings, Refused<M>> {
        M::check(&self.patch, user, &self.ctx).map_err(|violations| Refused::of_violations(violations, &self.ctx))
    }

    /// Updates a user, or leaves it as it was.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn apply(&self, user: &mut M::User) -> Result<Applied, Refused<M>> {
        M::apply(&self.patch, user, &self.ctx).map_err(|violations| Refused::of_violations(violations, &self.ctx))
    }

    /// The vendor's reply to an accepted update.
    pub fn reply(&self, user: &M::User) -> Reply {
        M::accepted(user, &self.ctx)
    }

    /// The vendor's reply to what is no matter of the patch, such as [`Outside::NotFound`].
    pub fn outside(&self, which: Outside) -> Refused<M> {
        Refused::of_outside(which, &self.ctx)
    }
}

impl<S: Send + Sync, M: UpdateModel> FromRequest<S> for PatchBody<M>
where
    M::Context: FromRef<S>,
{
    type Rejection = Refused<M>;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused<M>> {
        let (parts, body) = request.into_parts();
        let ctx = parts.extensions.get::<M::Context>().cloned().unwrap_or_else(|| M::Context::from_ref(state));
        if let Some(denied) = M::denied(&ctx) {
            return Err(Refused::of_violations(denied, &ctx));
        }
        if !takes::<M>(&parts.headers) {
            return Err(Refused::of_outside(Outside::UnsupportedMediaType, &ctx));
        }
        let bytes = match read(body, &parts.headers, M::body_limits(&ctx)).await {
            Ok(bytes) => bytes,
            Err(wrong) => return Err(Refused::of_violations(wrong.into(), &ctx)),
        };
        match parse::<M>(&bytes, &parts, &ctx) {
            Ok(patch) => Ok(Self { patch, ctx }),
            Err(violations) => Err(Refused::of_violations(violations, &ctx)),
        }
    }
}

fn parse<M: UpdateModel>(
    body: &[u8],
    parts: &Parts,
    ctx: &M::Context,
) -> Result<M::Patch<'static>, Violations<M::Refusal>> {
    let mask = parts.uri.query().and_then(M::mask_of_query);
    let masked = mask.and_then(|mask| M::parse_masked(body, &mask, ctx));
    masked.unwrap_or_else(|| M::parse(body, ctx)).map(M::into_owned)
}

/// Whether the headers name a media type that the vendor takes, or none; of two, nobody knows which one is meant.
fn takes<M: UpdateModel>(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    match (types.next(), types.next()) {
        (None, _) => M::takes(None),
        (Some(only), None) => only.to_str().is_ok_and(|only| M::takes(Some(only))),
        (Some(_), Some(_)) => false,
    }
}

/// Reads a body no further than the piece with which it exceeds the limit. A length that is declared is believed where it is
/// too large, and nowhere else.
async fn read(mut body: Body, headers: &HeaderMap, limits: Limits) -> Result<Zeroizing<Vec<u8>>, Malformed> {
    let limit = limits.bytes();
    let too_long = || Malformed::at(Fault::TooLong { limit }, &[], 0);
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(too_long());
    }
    let mut bytes = Zeroizing::new(Vec::new());
    while let Some(frame) = poll_fn(|task| Pin::new(&mut body).poll_frame(task)).await {
        let Ok(frame) = frame else {
            let fault = Fault::UnexpectedEnd { expected: "all of it has come" };
            return Err(Malformed::at(fault, &bytes, bytes.len()));
        };
        if let Some(piece) = frame.data_ref() {
            if piece.len() > limit - bytes.len() {
                return Err(too_long());
            }
            append(&mut bytes, piece);
        }
    }
    Ok(bytes)
}

/// Appends to a body, which may hold a password: where it has to move, no copy is left behind.
fn append(bytes: &mut Zeroizing<Vec<u8>>, piece: &[u8]) {
    if bytes.capacity() - bytes.len() < piece.len() {
        let mut larger = Zeroizing::new(Vec::with_capacity(2 * (bytes.len() + piece.len())));
        larger.extend_from_slice(bytes);
        *bytes = larger;
    }
    bytes.extend_from_slice(piece);
}

/// An update that is refused, or what lies outside of one, with the vendor's reply to it.
///
/// ```
/// use user_patch::{axum::Refused, report::Outside, trusted_twin::Context, vendor::TrustedTwin};
///
/// let mut ctx = Context::default();
/// ctx.trace = Some("7f3a".to_owned());
/// let refused = Refused::<TrustedTwin>::of_outside(Outside::Unauthenticated, &ctx);
/// assert!(refused.reply().body.contains(r#""trace":"7f3a""#));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused<M: UpdateModel> {
    why: Why<M>,
    reply: Reply,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Why<M: UpdateModel> {
    Violations(Violations<M::Refusal>),
    Outside(Outside),
}

impl<M: UpdateModel> Refused<M> {
    /// The refusal of an update, answered in the context of its request.
    pub fn of_violations(violations: Violations<M::Refusal>, ctx: &M::Context) -> Self {
        let reply = M::refused(&violations, ctx);
        Self { why: Why::Violations(violations), reply }
    }

    /// What lies outside of an update, answered in the context of its request.
    pub fn of_outside(which: Outside, ctx: &M::Context) -> Self {
        Self { why: Why::Outside(which), reply: M::outside(which, ctx) }
    }

    /// Every violation, where it is an update that is refused.
    pub const fn violations(&self) -> Option<&Violations<M::Refusal>> {
        match &self.why {
            Why::Violations(violations) => Some(violations),
            Why::Outside(_) => None,
        }
    }

    /// What lies outside of an update, where it is not the update that is refused.
    pub const fn outside(&self) -> Option<Outside> {
        match self.why {
            Why::Violations(_) => None,
            Why::Outside(which) => Some(which),
        }
    }

    /// The vendor's reply.
    pub const fn reply(&self) -> &Reply {
        &self.reply
    }

    /// The vendor's reply, for the caller to keep.
    pub fn into_reply(self) -> Reply {
        self.reply
    }
}

impl<M: UpdateModel> fmt::Display for Refused<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.why {
            Why::Violations(violations) => violations.fmt(f),
            Why::Outside(which) => which.fmt(f),
        }
    }
}

impl<M: UpdateModel> Error for Refused<M> {}

/// The vendor's reply.
impl<M: UpdateModel> IntoResponse for Refused<M> {
    fn into_response(self) -> Response {
        self.reply.into_response()
    }
}

/// The reply as JSON. One that no response can carry, which only a program that changed it can have made, is a bare 500.
impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        self.try_into().unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}

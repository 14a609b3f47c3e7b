//! Who asks, and what every endpoint does before it looks at what is asked.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{FromRequest, Path, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, Method, header},
    response::{IntoResponse, Response},
};

use super::{
    app::App,
    faults::{Answered, Break, Faults},
    passwords::Hashed,
    seed::{Caller, Callers},
    served::{FromExtension, Served, now},
    store::{Key, StoreError},
};
use crate::{
    axum::{PatchBody, Refused},
    engine::Pointer,
    report::{Applied, Effect, Outside, Refuses, Reply, Rule, Violations},
    vendor::UpdateModel,
};

/// A request.
pub(super) type Request = axum::extract::Request;

/// The names in a path, where they are text.
pub(super) type Asking<T> = Result<Path<T>, PathRejection>;

/// A request whose caller is known.
pub(super) struct Asked<M: Served> {
    pub(super) who: M::Who,
    pub(super) ctx: M::Context,
    /// The refusal that the request asks for.
    broken: Option<M::Refusal>,
    /// The token of a login, where it was asked with one.
    pub(super) token: Option<String>,
}

/// Whether a request is one that a rule can refuse.
pub(super) fn decides(method: &Method) -> bool {
    *method == Method::PATCH || *method == Method::POST
}

impl<M: Served> Asked<M> {
    /// Lets a request in, or answers it: where it asks for an error, or where its key is none.
    pub(super) fn admit(
        app: &App,
        callers: &Callers<M>,
        method: &Method,
        headers: &HeaderMap,
    ) -> Result<Self, Answered> {
        let caller = M::key(headers).and_then(|key| callers.get(key)).cloned();
        Self::admit_as(app, caller, headers, decides(method))
    }

    /// As [`admit`](Self::admit), of a caller who is known already, or known to be none.
    pub(super) fn admit_as(
        app: &App,
        caller: Option<Caller<M>>,
        headers: &HeaderMap,
        decides: bool,
    ) -> Result<Self, Answered> {
        let (who, ctx, broken) = heard::<M>(app, caller, headers, decides)?;
        match who {
            Some(who) => Ok(Self { who, ctx, broken, token: None }),
            None => Err(outside::<M>(Outside::Unauthenticated, &ctx).into()),
        }
    }

    /// The vendor's answer to what lies outside of an update.
    pub(super) fn outside(&self, which: Outside) -> Response {
        outside::<M>(which, &self.ctx)
    }

    /// The vendor's answer to a method that the path does not have.
    pub(super) fn method_not_allowed(&self, allow: &'static str) -> Response {
        method_not_allowed::<M>(allow, &self.ctx)
    }

    /// The refusal that the request asks for.
    pub(super) fn broken(&self) -> Option<Response> {
        let violations = Violations::one(self.broken?, Pointer::root());
        Some(M::refused(&violations, &self.ctx).into_response())
    }

    /// Reads the body of an update.
    pub(super) async fn body(&self, request: Request) -> Result<PatchBody<M>, Refused<M>> {
        body(&self.ctx, request).await
    }
}

/// What a request has heard of, whoever asks: who that is, where it is known, and the refusal that the request asks for.
pub(super) type Heard<M> =
    (Option<<M as Served>::Who>, <M as UpdateModel>::Context, Option<<M as UpdateModel>::Refusal>);

/// Answers a request that asks for an error, and reads the policy of any other.
pub(super) fn heard<M: Served>(
    app: &App,
    caller: Option<Caller<M>>,
    headers: &HeaderMap,
    decides: bool,
) -> Result<Heard<M>, Answered> {
    let faults = if app.faults { Faults::<M>::read(headers, decides)? } else { Faults::none() };
    let (mut ctx, who) = match caller {
        Some(Caller { ctx, who, .. }) => (ctx, Some(who)),
        None => (M::unbound(), None),
    };
    faults.with_policy(&mut ctx)?;
    M::at(&mut ctx, who.as_ref(), now());
    match faults.broken {
        Some(Break::Outside(which)) => Err(outside::<M>(which, &ctx).into()),
        Some(Break::Refusal(refusal)) => Ok((who, ctx, Some(refusal))),
        None => Ok((who, ctx, None)),
    }
}

/// Reads a body as that of an update.
pub(super) async fn body<M: Served>(ctx: &M::Context, mut request: Request) -> Result<PatchBody<M>, Refused<M>> {
    request.extensions_mut().insert(ctx.clone());
    PatchBody::from_request(request, &FromExtension).await
}

/// The vendor's answer to a method that the path does not have.
pub(super) fn method_not_allowed<M: Served>(allow: &'static str, ctx: &M::Context) -> Response {
    let mut response = outside::<M>(Outside::MethodNotAllowed, ctx);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

/// On whose behalf a user is updated.
#[derive(Clone, Copy)]
pub(super) enum By {
    /// As the vendor's page has it.
    Page,
    /// By another one, an admin.
    Admin,
}

/// Updates a user, and answers.
pub(super) async fn update<M: Served>(app: &App, asked: Asked<M>, key: Key, request: Request, by: By) -> Response {
    if let Some(broken) = asked.broken() {
        return broken;
    }
    let left_out = app.left_out;
    if left_out.is_some_and(|rule| rule.effect == Effect::Decides) {
        return show(app, asked, key).await;
    }
    let body = match asked.body(request).await {
        Ok(body) => body,
        Err(refused) if refused.violations().is_some_and(|violations| is_left_out(left_out, violations)) => {
            return show(app, asked, key).await;
        }
        Err(refused) => return refused.into_response(),
    };
    let (patch, ctx) = body.into_parts();
    let hashed = match hashed::<M>(app, &key, &patch, &ctx, by).await {
        Ok(hashed) => hashed,
        Err(wrong) => return answered::<M>(Err(wrong), &asked.ctx),
    };
    let (sessions, token) = (Arc::clone(&app.sessions), asked.token.clone());
    let updated = app.store.write(move |users| {
        // It may have ended while its request was read and hashed, and the user may be another one of that name.
        if token.is_some_and(|token| sessions.who(&token, Instant::now()).is_none()) {
            return Ok(None);
        }
        let Some(stored) = users.get(&key)? else { return Ok(Some(M::outside(Outside::NotFound, &ctx))) };
        let mut user = M::user(stored.as_bytes()).map_err(|_| StoreError::NoUser)?;
        Ok(Some(match applied::<M>(&patch, &mut user, &ctx, by) {
            Ok(applied) => {
                let updated = M::user_json(&user);
                if updated != stored {
                    users.put(&key, &updated)?;
                }
                let password = applied.into_password();
                if password.is_some() || M::is_shut_out(&user) {
                    sessions.end_of(&key.id);
                }
                if let Some(password) = password {
                    // Where the user has changed since it was looked at, it may be here that it is heard of first.
                    users.set_password(&key, &hashed.map_or_else(|| Hashed::of(&password), Ok)?)?;
                }
                M::accepted(&user, &ctx)
            }
            Err(violations) if is_left_out(left_out, &violations) => M::accepted(&user, &ctx),
            Err(violations) => M::refused(&violations, &ctx),
        }))
    });
    match updated.await.transpose() {
        Some(updated) => answered::<M>(updated, &asked.ctx),
        None => asked.outside(Outside::Unauthenticated),
    }
}

fn applied<M: Served>(
    patch: &M::Patch<'_>,
    user: &mut M::User,
    ctx: &M::Context,
    by: By,
) -> Result<Applied, Violations<M::Refusal>> {
    match by {
        By::Page => M::apply(patch, user, ctx),
        By::Admin => M::apply_by_admin(patch, user, ctx),
    }
}

/// The hash of the password that an update sets, where it sets one and is accepted. It is made before the users are held, as it
/// takes as long as hundreds of updates.
async fn hashed<M: Served>(
    app: &App,
    key: &Key,
    patch: &M::Patch<'static>,
    ctx: &M::Context,
    by: By,
) -> Result<Option<Hashed>, StoreError> {
    if !M::sets_password(patch) {
        return Ok(None);
    }
    let key = key.clone();
    let Some(stored) = app.store.read(move |users| users.get(&key)).await? else { return Ok(None) };
    let mut user = M::user(stored.as_bytes()).map_err(|_| StoreError::NoUser)?;
    let password = applied::<M>(patch, &mut user, ctx, by).ok().and_then(Applied::into_password);
    match password {
        Some(password) => Ok(Some(app.passwords.hashed(password).await?)),
        None => Ok(None),
    }
}

/// Answers with a user.
pub(super) async fn show<M: Served>(app: &App, asked: Asked<M>, key: Key) -> Response {
    show_as(app, asked, key, |user| user).await
}

/// Answers with what is left of the JSON of a user.
pub(super) async fn show_as<M: Served>(
    app: &App,
    asked: Asked<M>,
    key: Key,
    left: impl FnOnce(String) -> String + Send + 'static,
) -> Response {
    let ctx = asked.ctx.clone();
    let found = app.store.read(move |users| {
        let Some(stored) = users.get(&key)? else { return Ok(M::outside(Outside::NotFound, &ctx)) };
        let user = M::user(stored.as_bytes()).map_err(|_| StoreError::NoUser)?;
        let reply = M::accepted(&user, &ctx);
        Ok(Reply { body: left(reply.body), ..reply })
    });
    answered::<M>(found.await, &asked.ctx)
}

/// The reply that the store gave, or the vendor's answer where it failed.
pub(super) fn answered<M: Served>(done: Result<Reply, StoreError>, ctx: &M::Context) -> Response {
    match done {
        Ok(reply) => reply.into_response(),
        Err(wrong) => {
            tracing::error!(vendor = M::VENDOR.name(), %wrong, "the store failed");
            outside::<M>(Outside::Internal, ctx)
        }
    }
}

/// Whether a rule is the only one that refuses, and is left out.
pub(super) fn is_left_out<R: Refuses>(left_out: Option<&Rule>, violations: &Violations<R>) -> bool {
    left_out.is_some_and(|rule| violations.iter().all(|violation| violation.rule().id == rule.id))
}

/// The vendor's answer to what lies outside of an update, with what HTTP asks for beside it.
pub(super) fn outside<M: Served>(which: Outside, ctx: &M::Context) -> Response {
    let mut response = M::outside(which, ctx).into_response();
    if which == Outside::Unauthenticated {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, M::CHALLENGE);
    }
    response
}

//! What an endpoint knows of a vendor beyond its update model.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::Arc,
    time::SystemTime,
};

use axum::{
    extract::FromRef,
    http::{HeaderMap, HeaderValue, header},
};
use uuid::{Builder, Uuid};

use crate::{
    elastic,
    engine::{Json, Limits, Timestamp},
    exchange::{InvalidPart, context},
    fireworks,
    report::{Applied, Violations},
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

/// The state of no router: the context of a request is always an extension of it.
pub(super) struct FromExtension;

macro_rules! from_extension {
    ($($vendor:ident)*) => {
        $(impl FromRef<FromExtension> for $vendor::Context {
            fn from_ref(_: &FromExtension) -> Self {
                Self::default()
            }
        })*
    };
}

from_extension! { fireworks trusted_twin elastic }

/// A vendor whose endpoints the stand-in has.
pub(super) trait Served: UpdateModel<Context: FromRef<FromExtension>> {
    /// What is known of a caller beside the context of its requests.
    type Who: Clone + Send + Sync + 'static;
    /// What a request without a key is asked for: RFC 9110 section 11.6.1.
    const CHALLENGE: HeaderValue;

    /// The key of a request, where it has one in the vendor's form.
    fn key(headers: &HeaderMap) -> Option<&str>;

    /// The context of a caller who may do everything.
    fn unbound() -> Self::Context;

    /// A policy as the command line takes it, in place of the one that the context has.
    fn set_policy(ctx: &mut Self::Context, policy: &str) -> Result<(), InvalidPart>;

    /// The context of a request that comes now, where the context does not say when and how it is called.
    fn at(ctx: &mut Self::Context, who: Option<&Self::Who>, now: Option<Timestamp>);

    /// Whether an update sets a password.
    fn sets_password(_: &Self::Patch<'_>) -> bool {
        false
    }

    /// Whether no session of a user lasts on.
    fn is_shut_out(_: &Self::User) -> bool {
        false
    }

    /// An update of a user by an admin who is another one.
    fn apply_by_admin(
        patch: &Self::Patch<'_>,
        user: &mut Self::User,
        ctx: &Self::Context,
    ) -> Result<Applied, Violations<Self::Refusal>> {
        Self::apply(patch, user, ctx)
    }
}

/// The one value of the header `authorization`.
fn authorization(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The credentials of a scheme, whose name may be in any case.
pub(super) fn credentials<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let (given, key) = authorization(headers)?.split_once(' ')?;
    (given.eq_ignore_ascii_case(scheme)).then_some(key.trim())
}

/// The policy in a context that holds nothing else.
fn policy_of<C: serde::de::DeserializeOwned + Default>(policy: &str) -> Result<C, InvalidPart> {
    match Json::parse(policy.as_bytes(), &Limits::default()) {
        Ok(policy) => context(format!(r#"{{"policy":{}}}"#, policy.text()).as_bytes()),
        // It is no value by itself, and is told as such.
        Err(_) => context(policy.as_bytes()),
    }
}

impl Served for Fireworks {
    /// The one account whose users the key is for, where it is not for all.
    type Who = Option<fireworks::AccountId>;
    const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer");

    fn key(headers: &HeaderMap) -> Option<&str> {
        credentials(headers, "Bearer")
    }

    fn unbound() -> fireworks::Context {
        fireworks::Context::default()
    }

    fn set_policy(ctx: &mut fireworks::Context, policy: &str) -> Result<(), InvalidPart> {
        ctx.service = policy_of::<fireworks::Context>(policy)?.service;
        Ok(())
    }

    fn at(ctx: &mut fireworks::Context, _: Option<&Self::Who>, now: Option<Timestamp>) {
        ctx.now = ctx.now.or(now);
    }
}

impl Served for TrustedTwin {
    /// Whether errors carry a trace where the context has none.
    type Who = bool;
    const CHALLENGE: HeaderValue = HeaderValue::from_static("Secret");

    /// The bare secret: no scheme stands before it.
    fn key(headers: &HeaderMap) -> Option<&str> {
        authorization(headers).map(str::trim).filter(|key| !key.contains(' '))
    }

    fn unbound() -> trusted_twin::Context {
        let statement = trusted_twin::Statement { effect: trusted_twin::Effect::Deny, actions: Vec::new() };
        trusted_twin::Context { statement, ..Default::default() }
    }

    fn set_policy(ctx: &mut trusted_twin::Context, policy: &str) -> Result<(), InvalidPart> {
        let given = policy_of::<trusted_twin::Context>(policy)?;
        let mut service = (*ctx.service).clone();
        service.policy = given.policy().clone();
        ctx.service = Arc::new(service);
        Ok(())
    }

    fn at(ctx: &mut trusted_twin::Context, who: Option<&bool>, now: Option<Timestamp>) {
        ctx.now = ctx.now.or(now);
        if who.is_none_or(|is_traced| *is_traced) {
            ctx.trace.get_or_insert_with(|| any_uuid().to_string());
        }
    }
}

impl Served for Elastic {
    /// The current user.
    type Who = Arc<str>;
    const CHALLENGE: HeaderValue = HeaderValue::from_static("ApiKey, Bearer");

    fn key(headers: &HeaderMap) -> Option<&str> {
        credentials(headers, "ApiKey").or_else(|| credentials(headers, "Bearer"))
    }

    fn unbound() -> elastic::Context {
        elastic::Context::default()
    }

    fn set_policy(ctx: &mut elastic::Context, policy: &str) -> Result<(), InvalidPart> {
        let given = policy_of::<elastic::Context>(policy)?;
        let mut service = (*ctx.service).clone();
        service.policy = given.policy().clone();
        ctx.service = Arc::new(service);
        Ok(())
    }

    fn at(ctx: &mut elastic::Context, _: Option<&Self::Who>, now: Option<Timestamp>) {
        ctx.now = ctx.now.or(now);
    }

    fn sets_password(patch: &elastic::Patch<'_>) -> bool {
        patch.has_password()
    }

    fn is_shut_out(user: &elastic::User) -> bool {
        !user.is_enabled()
    }

    /// Whether a user is enabled is for an admin to say, and the update model, that of the current user, asks it of the user that
    /// is updated: where that alone is refused, it is set first.
    fn apply_by_admin(
        patch: &elastic::Patch<'_>,
        user: &mut elastic::User,
        ctx: &elastic::Context,
    ) -> Result<Applied, elastic::Violations> {
        let is_enabled = |refused: &elastic::Violations| {
            refused.iter().all(|violation| violation.refusal() == elastic::Refusal::EnabledRestricted)
        };
        let refused = match patch.apply(user, ctx) {
            Err(refused) if is_enabled(&refused) => refused,
            decided => return decided,
        };
        let Ok(mut other) = user.with(&["security", "enabled"], !user.is_enabled()) else { return Err(refused) };
        let applied = patch.apply(&mut other, ctx)?;
        if applied.changed().is_empty() {
            // That it was set is the whole of the update.
            let now = ctx.now.map(|now| now.to_string());
            for (name, value) in [("updated_by", &ctx.actor), ("updated_at", &now)] {
                let Some(value) = value else { continue };
                let Ok(stamped) = other.with(&["metadata", name], value.as_str()) else { return Err(refused) };
                other = stamped;
            }
        }
        *user = other;
        Ok(applied)
    }
}

/// A UUID of no meaning. The randomness is that of the keys of hash tables: enough to be no other one.
pub(super) fn any_uuid() -> Uuid {
    let half = || RandomState::new().build_hasher().finish();
    let bytes = (u128::from(half()) << 64 | u128::from(half())).to_be_bytes();
    Builder::from_random_bytes(bytes).into_uuid()
}

/// The time of the system, to the millisecond.
pub(super) fn now() -> Option<Timestamp> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Timestamp::from_unix_millis(i64::try_from(since.as_millis()).ok()?).ok()
}

//! Strategies of `proptest`, feature `proptest`: users, contexts and updates of each vendor, and requests that break one rule.
//! The laws of this crate are tried on them.
//!
//! Each function takes the vendor as a type: [`Fireworks`](crate::vendor::Fireworks),
//! [`TrustedTwin`](crate::vendor::TrustedTwin), [`Elastic`](crate::vendor::Elastic), or any [`Strategies`]. What it makes is made
//! up, and its `Debug` shows it. What an application does of a request is held against what [`Request`] says that the vendor
//! does:
//!
//! ```
//! use proptest::prelude::*;
//! use user_patch::{elastic::{Context, Patch, User}, proptest::requests, vendor::Elastic};
//!
//! /// Yours: the status of the answer.
//! fn my_service(mut user: User, body: &[u8], ctx: &Context) -> u16 {
//!     let applied = Patch::parse(body, ctx).and_then(|patch| patch.apply(&mut user, ctx));
//!     if applied.is_ok() { 200 } else { 400 }
//! }
//!
//! proptest!(|(request in requests::<Elastic>())| {
//!     let status = my_service(request.user.clone(), &request.body, &request.ctx);
//!     prop_assert_eq!(status, request.reply().status);
//! });
//! ```
//!
//! | | |
//! | --- | --- |
//! | [`valid_users`], [`kept_users`], [`users`] | stored users: in accord with the page, left so by another version of it, either |
//! | [`pairs`], [`joinable`] | two users: any, or such that a patch leads from the first to the second |
//! | [`drafts`], [`requests`], [`bodies`] | updates: before there is a user, with one, the body alone |
//! | [`breaking`], [`broken`] | requests that break one rule and no other: that one, or any |
//! | [`contexts`], [`policies`] | who asks, when, of which service |
//! | [`documents`], [`ordinary_documents`] | JSON texts |

mod broken;
mod draft;
mod elastic;
mod fireworks;
mod json;
mod stored;
mod strategies;
mod tree;
mod trusted_twin;
mod unreadable;

use ::proptest::{collection::vec, prelude::*, sample::select};

use crate::report::{Diff, Refuses};

pub use super::request::Request;
pub use broken::{Broken, Create};
pub use draft::Draft;
pub use stored::Stored;
pub use strategies::Strategies;

/// Users in accord with the page: none of their values breaks a rule under the default policy, and an update may change them.
/// They have members that the page does not name too.
pub fn valid_users<M: Strategies>() -> BoxedStrategy<Stored<M>> {
    M::valid_users()
}

/// Users as a database may have kept them: readable, and most with values that break a rule, since rules arrive later than
/// users. An update may change them; what it does not touch stays.
pub fn kept_users<M: Strategies>() -> BoxedStrategy<Stored<M>> {
    M::kept_users()
}

/// Any stored users: most of them [valid](valid_users), some [kept](kept_users), a few that no update may change, where the vendor
/// has such.
pub fn users<M: Strategies>() -> BoxedStrategy<Stored<M>> {
    M::users()
}

/// Two stored users: three times in four the second is the first with some members changed, else they are strangers. A patch
/// may lead from the first to the second or not.
pub fn pairs<M: Strategies>() -> BoxedStrategy<(Stored<M>, Stored<M>)> {
    M::pairs()
}

/// Two stored users that a patch joins: under the default context [`diff`](crate::vendor::UpdateModel::diff) has one that leads
/// from the first to the second.
///
/// ```
/// use proptest::prelude::*;
/// use user_patch::{proptest::joinable, vendor::{TrustedTwin, UpdateModel}};
///
/// proptest!(|((before, after) in joinable::<TrustedTwin>())| {
///     let patch = TrustedTwin::diff(&before, &after, &Default::default()).unwrap().patch().unwrap();
///     let mut user = before.into_user();
///     TrustedTwin::apply(&patch, &mut user, &Default::default()).unwrap();
///     prop_assert_eq!(user.name(), after.name());
/// });
/// ```
pub fn joinable<M: Strategies>() -> BoxedStrategy<(Stored<M>, Stored<M>)> {
    // Enough updates that one of them is accepted and changes something.
    (M::pairs(), vec(M::drafts(), 12))
        .prop_filter_map("users that a patch joins", |((before, other), drafts)| {
            let ctx = M::Context::default();
            let made =
                drafts.iter().filter_map(|draft| Some(Stored::new(draft.request(&before, &ctx).decide().ok()?.0)));
            let joins = |after: &Stored<M>| matches!(M::diff(&before, after, &ctx), Ok(Diff::Patch(_)));
            let after = std::iter::once(other).chain(made).find(joins)?;
            Some((before, after))
        })
        .boxed()
}

/// Updates before there is a user to make them for. [`Draft::request`] makes one for a user: the body is a JSON object, and most
/// are accepted for a valid user under the default context.
pub fn drafts<M: Strategies>() -> BoxedStrategy<Draft<M>> {
    M::drafts()
}

/// Requests: one of the [`users`], an update that is [made](drafts) for it, and one of the [`contexts`]. Each outcome comes often:
/// accepted with a change or without one, and refused.
pub fn requests<M: Strategies>() -> BoxedStrategy<Request<M>> {
    (M::users(), M::drafts(), M::contexts()).prop_map(|(user, draft, ctx)| draft.request(&user, &ctx)).boxed()
}

/// Bodies of updates: those of [`requests`], JSON objects all.
pub fn bodies<M: Strategies>() -> BoxedStrategy<String> {
    requests::<M>().prop_filter_map("a text", |request| String::from_utf8(request.body).ok()).boxed()
}

/// Requests that break this rule and no other: the refusal is one violation, of this rule at the place that [`Broken`] has. There
/// are some for each rule that can refuse.
///
/// ```
/// use proptest::prelude::*;
/// use user_patch::{fireworks::Refusal, proptest::breaking, vendor::Fireworks};
///
/// proptest!(|(broken in breaking::<Fireworks>(Refusal::RoleUnknown))| {
///     let violations = broken.decide().unwrap_err();
///     let told: Vec<_> = violations.iter().map(|told| (told.refusal(), told.pointer().as_str())).collect();
///     prop_assert_eq!(told, [(Refusal::RoleUnknown, "/role")]);
/// });
/// ```
pub fn breaking<M: Strategies>(refusal: M::Refusal) -> BoxedStrategy<Broken<M>> {
    M::breaking(refusal)
}

/// Requests that break one rule and no other, be it which it may.
pub fn broken<M: Strategies>() -> BoxedStrategy<Broken<M>> {
    select(M::Refusal::ALL).prop_flat_map(M::breaking).boxed()
}

/// Contexts: often the default one, else any caller at any time under one of the [`policies`]. Most let most updates be.
pub fn contexts<M: Strategies>() -> BoxedStrategy<M::Context> {
    M::contexts()
}

/// Policies: every switch in each of its positions. The limits on bodies are the default ones.
pub fn policies<M: Strategies>() -> BoxedStrategy<M::Policy> {
    M::policies()
}

/// JSON texts without white space, a few levels deep: few names, so that two documents share some, awkward ones among them, and
/// numbers that only their text keeps, like `1e400`.
pub fn documents() -> BoxedStrategy<String> {
    json::trees().prop_map(|tree| tree.text()).boxed()
}

/// The same with numbers that `serde_json` holds without a loss.
pub fn ordinary_documents() -> BoxedStrategy<String> {
    json::ordinary_trees().prop_map(|tree| tree.text()).boxed()
}

//! Requests that break one rule.

use ::proptest::prelude::*;

use super::{stored::Stored, tree::Tree};
use crate::{external::request::Request, vendor::UpdateModel};

/// A request that breaks one rule and no other, and where.
///
/// [`decide`](Self::decide) has what it comes to.
///
/// ```
/// use proptest::prelude::*;
/// use user_patch::{proptest::{Broken, broken}, report::Refuses, vendor::Fireworks};
///
/// proptest!(|(broken in broken::<Fireworks>())| {
///     let Broken { refusal, pointer, create, .. } = &broken;
///     let violations = broken.decide().unwrap_err();
///     prop_assert_eq!((violations.len(), violations.contains(*refusal)), (1, true));
///     prop_assert_eq!(violations.first().unwrap().pointer().as_str(), pointer);
///     let is_of_post = refusal.rule().id.starts_with("fireworks.create.");
///     prop_assert_eq!(create.as_ref().map(|named| named.account.is_empty()), is_of_post.then_some(false));
/// });
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Broken<M: UpdateModel> {
    /// The rule.
    pub refusal: M::Refusal,
    /// The place that the violation is told at, as a JSON Pointer (RFC 6901); empty for the request as a whole.
    pub pointer: String,
    /// The request, under a context in which the rule is in force.
    pub request: Request<M>,
    /// Where the rule is one that only the making of a user can break: what is made, of the body of the request.
    pub create: Option<Create>,
}

/// Under which name a user is to be made: see [`Broken`].
///
/// ```
/// use proptest::{prelude::*, test_runner::TestRunner};
/// use user_patch::{fireworks::Refusal, proptest::breaking, vendor::Fireworks};
///
/// let broken = breaking::<Fireworks>(Refusal::AccountId).new_tree(&mut TestRunner::deterministic()).unwrap().current();
/// assert!(broken.create.is_some_and(|create| !create.account.is_empty() || create.user_id.is_empty()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Create {
    /// The account.
    pub account: String,
    /// The id of the user; empty for none.
    pub user_id: String,
}

/// A request that breaks a rule, while it is put together.
#[derive(Clone, Debug)]
pub(super) struct Attempt<C> {
    pub(super) user: Tree,
    pub(super) ctx: C,
    pub(super) body: Vec<u8>,
    pub(super) mask: Option<String>,
    pub(super) create: Option<Create>,
    pub(super) pointer: String,
}

/// A user, a context and a body that is accepted.
pub(super) type Fine<C> = BoxedStrategy<(Tree, C, Tree)>;

impl<C> Attempt<C> {
    pub(super) fn new(user: Tree, ctx: C, body: &Tree, pointer: impl Into<String>) -> Self {
        Self { user, ctx, body: body.text().into_bytes(), mask: None, create: None, pointer: pointer.into() }
    }

    pub(super) fn masked(mut self, mask: impl Into<String>) -> Self {
        self.mask = Some(mask.into());
        self
    }

    pub(super) fn making(mut self, account: impl Into<String>, user_id: impl Into<String>) -> Self {
        self.create = Some(Create { account: account.into(), user_id: user_id.into() });
        self
    }
}

/// The requests that attempts come to.
pub(super) fn broken<M: UpdateModel>(
    refusal: M::Refusal,
    attempts: BoxedStrategy<Attempt<M::Context>>,
) -> BoxedStrategy<Broken<M>> {
    attempts
        .prop_filter_map("a user", move |attempt| {
            let Attempt { user, ctx, body, mask, create, pointer } = attempt;
            let user = Stored::<M>::of(&user)?.into_user();
            Some(Broken { refusal, pointer, request: Request { user, body, mask, ctx }, create })
        })
        .boxed()
}

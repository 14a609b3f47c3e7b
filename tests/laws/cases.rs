//! What every law is tried on, made of the library's own strategies.

use std::fmt::Debug;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use user_patch::{
    proptest::{Draft, Strategies, contexts, drafts, pairs},
    vendor::UpdateModel,
};

use crate::laws::{Case, Page, Request, applied};

/// Two users of which one may be made of the other, and updates in turn or beside each other.
pub(crate) fn cases<M: Strategies + Page>() -> BoxedStrategy<Case<M::Context>> {
    let updates = [drafts::<M>(), drafts::<M>(), drafts::<M>()];
    (pairs::<M>(), updates, contexts::<M>(), any::<bool>(), any::<u64>())
        .prop_map(|((user, other), [ours, next, last], ctx, in_turn, seed)| {
            let ours = request_of(&ours, &user);
            let after = |user: &M::User, request: &Request| {
                let updated = request.parse::<M>(&ctx).ok().and_then(|patch| applied::<M>(&patch, user, &ctx));
                updated.filter(|_| in_turn).unwrap_or_else(|| user.clone())
            };
            let once = after(&user, &ours);
            let next = request_of(&next, &once);
            let last = request_of(&last, &after(&once, &next));
            let [user, other] = [user, other].map(|user| user.text().as_bytes().to_vec());
            Case { user, other, ours, next, last, ctx, seed }
        })
        .boxed()
}

/// The request that a draft comes to for a user.
pub(crate) fn request_of<M: UpdateModel>(draft: &Draft<M>, user: &M::User) -> Request {
    request(draft.request(user, &M::Context::default()))
}

/// The text of a request.
pub(crate) fn request<M: UpdateModel>(made: user_patch::proptest::Request<M>) -> Request {
    Request { body: made.body, mask: made.mask.unwrap_or_default() }
}

/// One of what a strategy makes, always the same.
pub(crate) fn sample<T: Debug>(strategy: &impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    strategy.new_tree(runner).expect("a strategy that rejects little").current()
}

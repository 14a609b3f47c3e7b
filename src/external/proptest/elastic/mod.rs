//! The strategies of Elastic Cloud Enterprise.

mod breaking;
mod updates;
mod users;

use std::{collections::BTreeSet, sync::Arc};

use ::proptest::{prelude::*, sample::select};

use super::{
    broken::{Broken, broken},
    draft::Draft,
    json::maybe,
    stored::{Stored, pairs, stored},
    strategies::Strategies,
    tree::Tree,
};
use crate::{
    elastic::{Context, MisplacedPassword, Policy, ROLES, Refusal, StringBody, UnknownMembers},
    vendor::Elastic,
};
use users::{any_users, edits, kept_users, texts, valid_users};

impl Strategies for Elastic {
    type Policy = Policy;

    fn valid_users() -> BoxedStrategy<Stored<Self>> {
        stored(valid_users())
    }

    fn kept_users() -> BoxedStrategy<Stored<Self>> {
        stored(kept_users())
    }

    fn users() -> BoxedStrategy<Stored<Self>> {
        stored(any_users())
    }

    fn pairs() -> BoxedStrategy<(Stored<Self>, Stored<Self>)> {
        pairs(any_users, edits())
    }

    fn drafts() -> BoxedStrategy<Draft<Self>> {
        updates::any_at_all().prop_map(|says| Draft::new(says, None, &[])).boxed()
    }

    fn policies() -> BoxedStrategy<Policy> {
        let unknown = prop_oneof![4 => Just(UnknownMembers::Keep), 1 => Just(UnknownMembers::Refuse)];
        let misplaced = prop_oneof![2 => Just(MisplacedPassword::Refuse), 1 => Just(MisplacedPassword::Keep)];
        (unknown, select(StringBody::ALL), any::<bool>(), misplaced)
            .prop_map(|(unknown_members, string_body, combinations, misplaced)| {
                let mut policy = Policy::default();
                (policy.unknown_members, policy.string_body) = (unknown_members, string_body);
                (policy.role_combinations, policy.misplaced_password) = (combinations, misplaced);
                policy
            })
            .boxed()
    }

    fn contexts() -> BoxedStrategy<Context> {
        let set = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect::<BTreeSet<_>>();
        let every = set(ROLES);
        let known = prop_oneof![4 => Just(None), 1 => Just(Some(&every | &set(&["house_role"])))];
        let assignable = prop_oneof![
            2 => Just(None),
            2 => Just(Some(every)),
            1 => Just(Some(set(&["ece_platform_viewer"]))),
        ];
        let odd = (assignable, known, any::<bool>(), maybe(texts()), Self::policies()).prop_map(
            |(assignable_roles, known_roles, clock, actor, policy)| {
                let mut ctx = Context::with_policy(policy);
                Arc::make_mut(&mut ctx.service).known_roles = known_roles;
                ctx.assignable_roles = assignable_roles;
                if let Some(Tree::String(actor)) = actor {
                    ctx.actor = Some(actor);
                }
                if clock {
                    ctx.now = "2026-01-01T00:00:00.25Z".parse().ok();
                }
                ctx
            },
        );
        prop_oneof![2 => Just(Context::default()), 3 => odd].boxed()
    }

    fn breaking(refusal: Refusal) -> BoxedStrategy<Broken<Self>> {
        broken(refusal, breaking::attempts(refusal))
    }
}

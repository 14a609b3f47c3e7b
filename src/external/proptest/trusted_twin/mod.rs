//! Trusted Twin's strategies.

mod breaking;
mod users;

use std::{collections::BTreeSet, sync::Arc};

use ::proptest::{prelude::*, sample::select, strategy::LazyJust};

use super::{
    broken::{Broken, broken},
    draft::{Draft, says, seldom},
    json::{all, objects, trees},
    stored::{Stored, pairs, stored},
    strategies::Strategies,
    tree::Tree,
};
use crate::{
    trusted_twin::{
        Context, Effect, EmptyBody, Policy, ReadOnly, Refusal, Statement, Subcode, UnknownMembers, parse_uuid,
    },
    vendor::TrustedTwin,
};
use users::{UUIDS, any_users, descriptions, edits, kept_users, names, times, uuids, valid_users};

impl Strategies for TrustedTwin {
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
        let parts = vec![
            says(&["name"], names()),
            says(&["role"], uuids()),
            says(&["description"], prop_oneof![3 => descriptions(), 1 => Just(Tree::Null)]),
            seldom(&["name"], trees()),
            seldom(&["role"], trees()),
            seldom(&["description"], trees()),
            seldom(&["description"], objects()),
            seldom(&["uuid"], uuids()),
            seldom(&["account"], uuids()),
            seldom(&["created_ts"], times()),
            seldom(&["updated_ts"], times()),
            seldom(&["a"], trees()),
            seldom(&["nickname"], trees()),
        ];
        all(parts).prop_map(|says| Draft::new(says, None, &[])).boxed()
    }

    fn policies() -> BoxedStrategy<Policy> {
        let read_only = prop_oneof![2 => Just(ReadOnly::Refuse), 3 => select(ReadOnly::ALL)];
        (select(UnknownMembers::ALL), read_only, select(EmptyBody::ALL), select(Subcode::ALL))
            .prop_map(|(unknown_members, read_only, empty_body, subcode)| {
                let mut policy = Policy::default();
                (policy.unknown_members, policy.read_only) = (unknown_members, read_only);
                (policy.empty_body, policy.subcode) = (empty_body, subcode);
                policy
            })
            .boxed()
    }

    fn contexts() -> BoxedStrategy<Context> {
        let uuids = || UUIDS.iter().filter_map(|uuid| parse_uuid(uuid));
        let roles = prop_oneof![
            6 => Just(None),
            2 => LazyJust::new(move || Some(uuids().collect::<BTreeSet<_>>())),
            1 => LazyJust::new(move || Some(uuids().take(1).collect())),
        ];
        let denying = |action: &str| Just(Statement { effect: Effect::Deny, actions: vec![action.to_owned()] });
        let statements = prop_oneof![
            8 => Just(Statement::default()),
            1 => denying("delete_user"),
            1 => denying("update_user"),
        ];
        let odd = (statements, roles, Self::policies(), any::<bool>()).prop_map(|(statement, roles, policy, clock)| {
            let mut ctx = Context::with_policy(policy);
            Arc::make_mut(&mut ctx.service).roles = roles;
            ctx.statement = statement;
            if clock {
                ctx.now = "2026-01-01T00:00:00.250Z".parse().ok();
                ctx.trace = Some("a1b2\"c3\n".to_owned());
            }
            ctx
        });
        prop_oneof![2 => Just(Context::default()), 3 => odd].boxed()
    }

    fn breaking(refusal: Refusal) -> BoxedStrategy<Broken<Self>> {
        broken(refusal, breaking::attempts(refusal))
    }
}

//! The strategies of Fireworks.

mod breaking;
mod users;

use ::proptest::{
    prelude::*,
    sample::{select, subsequence},
};

use super::{
    broken::{Broken, Create, broken},
    draft::{Draft, Say, Spelled, says, seldom},
    json::{all, flags, trees},
    stored::{Stored, pairs, stored},
    strategies::Strategies,
    tree::Tree,
};
use crate::{
    external::request::Request,
    fireworks::{
        Context, EmptyMembers, LeavingCustom, Policy, ReadOnly, Refusal, RolePresence, Roles, UnknownMembers, User,
        Violations, WithoutMask,
    },
    vendor::{Fireworks, UpdateModel},
};
use users::{any_users, display_names, edits, emails, kept_users, plain_roles, presets, read_only, valid_users};

/// The names that ProtoJSON also takes in another spelling.
const SNAKE: Spelled = &[
    ("displayName", "display_name"),
    ("serviceAccount", "service_account"),
    ("permissionPreset", "permission_preset"),
    ("createTime", "create_time"),
    ("updateTime", "update_time"),
];

/// The members that a mask can name: the fields of the page, in either spelling.
fn masks() -> BoxedStrategy<Option<String>> {
    let paths = vec![
        "role",
        "displayName",
        "display_name",
        "service_account",
        "email",
        "permission_preset",
        "name",
        "status.code",
    ];
    prop_oneof![
        8 => Just(None),
        1 => Just(Some("*".to_owned())),
        4 => subsequence(paths, 1..5).prop_shuffle().prop_map(|paths| Some(paths.join(","))),
    ]
    .boxed()
}

impl Strategies for Fireworks {
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
        let value = |name: &'static str, value| vec![(vec![name], Say::Value(value))];
        let echo = |name: &'static str| vec![(vec![name], Say::Echo)];
        let standing = prop_oneof![
            6 => Just(echo("role")),
            6 => plain_roles().prop_map(move |role| value("role", role)),
            4 => presets().prop_map(move |preset| {
                [value("role", Tree::string("custom")), value("permissionPreset", preset)].concat()
            }),
            2 => Just([echo("role"), echo("permissionPreset")].concat()),
            3 => Just(value("role", Tree::string("custom"))),
            2 => plain_roles().prop_map(move |role| {
                [value("role", role), value("permissionPreset", Tree::Null)].concat()
            }),
            1 => presets().prop_map(move |preset| value("permissionPreset", preset)),
            2 => Just(Vec::new()),
            1 => trees().prop_map(move |role| value("role", role)),
        ];
        let parts = vec![
            standing.boxed(),
            says(&["displayName"], prop_oneof![4 => display_names(), 1 => Just(Tree::Null)]),
            says(&["email"], prop_oneof![4 => emails(), 1 => Just(Tree::Null)]),
            says(&["serviceAccount"], prop_oneof![4 => flags(), 1 => Just(Tree::Null)]),
            seldom(&["displayName"], trees()),
            seldom(&["serviceAccount"], trees()),
            seldom(&["permissionPreset"], trees()),
            seldom(&["a"], trees()),
            seldom(&["nickname"], trees()),
            seldom(&["name"], read_only("name")),
            seldom(&["createTime"], trees()),
            seldom(&["state"], trees()),
            seldom(&["status"], trees()),
            Just(echo("status")).prop_union(Just(Vec::new())).boxed(),
        ];
        (all(parts), masks(), any::<bool>())
            .prop_map(|(says, mask, snake)| Draft::new(says, mask, if snake { SNAKE } else { &[] }))
            .boxed()
    }

    fn policies() -> BoxedStrategy<Policy> {
        let seldom = || prop::bool::weighted(0.3);
        let without_mask = prop_oneof![5 => Just(WithoutMask::FromBody), 2 => select(WithoutMask::ALL)];
        let switches = (
            select(RolePresence::ALL),
            prop_oneof![2 => Just(Roles::Closed), 1 => Just(Roles::Open)],
            prop_oneof![2 => Just(UnknownMembers::Refuse), 1 => Just(UnknownMembers::Ignore)],
            prop_oneof![2 => Just(ReadOnly::Ignore), 1 => select(ReadOnly::ALL)],
            prop_oneof![2 => Just(LeavingCustom::ClearPreset), 1 => Just(LeavingCustom::Refuse)],
            select(EmptyMembers::ALL),
        );
        (switches, without_mask, seldom(), seldom(), seldom())
            .prop_map(|(switches, without_mask, free, immutable, snake)| {
                let mut policy = Policy::default();
                (
                    policy.role,
                    policy.roles,
                    policy.unknown_members,
                    policy.read_only,
                    policy.leaving_custom,
                    policy.empty_members,
                ) = switches;
                policy.without_mask = without_mask;
                policy.custom_needs_preset = !free;
                policy.immutable = immutable;
                policy.camel_case_mask = !snake;
                policy
            })
            .boxed()
    }

    fn contexts() -> BoxedStrategy<Context> {
        let odd = (Self::policies(), prop::bool::weighted(0.3), any::<bool>()).prop_map(|(policy, no_admin, clock)| {
            let mut ctx = Context::with_policy(policy);
            ctx.admin = !no_admin;
            if clock {
                ctx.now = "2026-01-01T00:00:00.25Z".parse().ok();
            }
            ctx
        });
        prop_oneof![2 => Just(Context::default()), 3 => odd].boxed()
    }

    fn breaking(refusal: Refusal) -> BoxedStrategy<Broken<Self>> {
        broken(refusal, breaking::attempts(refusal, SNAKE))
    }

    fn create(request: &Request<Self>, named: &Create) -> Result<User, Violations> {
        let patch = Self::parse(&request.body, &request.ctx)?;
        patch.create(&named.account, Some(&named.user_id), &request.ctx).map(|(user, _)| user)
    }
}

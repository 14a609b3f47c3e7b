//! Trusted Twin users, patches and contexts.

use std::{collections::BTreeSet, sync::Arc};

use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::select,
    strategy::LazyJust,
};
use user_patch::{
    trusted_twin::{
        Context, Effect, EmptyBody, Policy, ReadOnly, Refusal, Statement, Subcode, UnknownMembers, parse_uuid,
    },
    vendor::TrustedTwin,
};

use super::{
    Broken, Edit, Strategies, Unreadable, Wish, all,
    json::{documents, objects, others, strings},
    maybe, object, pointer_of, says, seldom, some_of, strange_names, unfit, unreadable,
};
use crate::laws::tree::Tree;

const UUIDS: [&str; 4] = [
    "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11",
    "F63D5C5C-0C5E-4C1A-9B1E-0D7A2F6F9A11",
    "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10",
    "00000000-0000-0000-0000-000000000000",
];
const STRANGER: &str = "11111111-2222-3333-4444-555555555555";

fn uuids() -> impl Strategy<Value = Tree> {
    select(&UUIDS[..]).prop_map(Tree::string)
}

fn names() -> impl Strategy<Value = Tree> {
    prop_oneof![
        2 => select(&["Operator", "Backup Operator-7", "A1"][..]).prop_map(Tree::string),
        1 => "[0-9A-Za-z][0-9A-Za-z_ -]{0,30}[0-9A-Za-z]".prop_map(Tree::String),
    ]
}

fn descriptions() -> BoxedStrategy<Tree> {
    let keys = prop_oneof![
        4 => select(&["a", "b", "_", "quota_1"][..]).prop_map(str::to_owned),
        1 => "[a-z_][0-9a-z_]{0,63}",
    ];
    btree_map(keys, documents(), 0..4).prop_map(Tree::Object).boxed()
}

fn times() -> impl Strategy<Value = Tree> {
    select(&["1646305837.123", "1646305837", "0", "1.50"][..]).prop_map(|text| Tree::Number(text.to_owned()))
}

/// Users as the page has them.
fn sound_users() -> BoxedStrategy<Tree> {
    users((uuids().boxed(), names().boxed(), uuids().boxed()), descriptions())
}

/// Users as a database may have kept them: with values that break a rule, or that are written otherwise than we write them.
fn kept_users() -> BoxedStrategy<Tree> {
    let names = prop_oneof![
        2 => names(),
        2 => select(&["", "A", " Operator", "Ärger", "a.b"][..]).prop_map(Tree::string),
        1 => strings().prop_map(Tree::String),
        1 => Just(Tree::Null),
    ];
    let roles = prop_oneof![
        2 => uuids(),
        2 => select(&["", "operator", "f63d5c5c0c5e4c1a9b1e0d7a2f6f9a11"][..]).prop_map(Tree::string),
        1 => Just(Tree::string(STRANGER)),
    ];
    let uuids = prop_oneof![uuids(), strings().prop_map(Tree::String)];
    let descriptions = prop_oneof![descriptions(), objects(), Just(Tree::Null)];
    users((uuids.boxed(), names.boxed(), roles.boxed()), descriptions.boxed())
}

type Required = (BoxedStrategy<Tree>, BoxedStrategy<Tree>, BoxedStrategy<Tree>);

fn users(required: Required, descriptions: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    let optional = (maybe(uuids()), maybe(descriptions), maybe(times()), maybe(times()));
    (required, optional, others())
        .prop_map(|((uuid, name, role), (account, description, created, updated), others)| {
            let mut user = Tree::Object(others);
            let optional =
                [("account", account), ("description", description), ("created_ts", created), ("updated_ts", updated)];
            for (name, value) in optional {
                value.into_iter().for_each(|value| user.set(&[name], value));
            }
            for (name, value) in [("uuid", uuid), ("name", name), ("role", role)] {
                user.set(&[name], value);
            }
            user
        })
        .boxed()
}

/// A user, a context and a body that is accepted.
fn fine() -> BoxedStrategy<(Tree, Context, Tree)> {
    (sound_users(), maybe(names()), maybe(uuids()), maybe(prop_oneof![descriptions(), Just(Tree::Null)]))
        .prop_map(|(user, name, role, description)| {
            let body = [("name", name), ("role", role), ("description", description)];
            let body = object(body.into_iter().filter_map(|(name, value)| Some((name, value?))));
            (user, Context::default(), body)
        })
        .boxed()
}

/// The same with one member that breaks a rule.
fn with(member: &'static str, values: impl Strategy<Value = Tree> + 'static) -> Option<BoxedStrategy<Broken<Context>>> {
    let broken = (fine(), values).prop_map(move |((user, ctx, mut body), value)| {
        body.set(&[member], value);
        Broken::new(user, ctx, &body, &pointer_of(member))
    });
    Some(broken.boxed())
}

fn no_strings() -> BoxedStrategy<Tree> {
    unfit(|value| matches!(value, Tree::String(_)))
}

fn policies() -> impl Strategy<Value = Policy> {
    let read_only = prop_oneof![2 => Just(ReadOnly::Refuse), 3 => select(ReadOnly::ALL)];
    (select(UnknownMembers::ALL), read_only, select(EmptyBody::ALL), select(Subcode::ALL)).prop_map(
        |(unknown_members, read_only, empty_body, subcode)| {
            let mut policy = Policy::default();
            (policy.unknown_members, policy.read_only) = (unknown_members, read_only);
            (policy.empty_body, policy.subcode) = (empty_body, subcode);
            policy
        },
    )
}

impl Strategies for TrustedTwin {
    fn users() -> BoxedStrategy<Tree> {
        prop_oneof![4 => sound_users(), 1 => kept_users()].boxed()
    }

    fn edits() -> BoxedStrategy<Vec<Edit>> {
        let edit = prop_oneof![
            6 => names().prop_map(|name| (vec!["name"], Some(name))),
            6 => uuids().prop_map(|role| (vec!["role"], Some(role))),
            8 => maybe(descriptions()).prop_map(|description| (vec!["description"], description)),
            1 => uuids().prop_map(|uuid| (vec!["uuid"], Some(uuid))),
            1 => maybe(uuids()).prop_map(|uuid| (vec!["account"], uuid)),
            1 => maybe(times()).prop_map(|time| (vec!["updated_ts"], time)),
            1 => maybe(times()).prop_map(|time| (vec!["created_ts"], time)),
            1 => maybe(documents()).prop_map(|value| (vec!["a"], value)),
        ];
        some_of(edit.boxed())
    }

    fn wishes() -> BoxedStrategy<Wish> {
        let parts = vec![
            says(&["name"], names()),
            says(&["role"], uuids()),
            says(&["description"], prop_oneof![3 => descriptions(), 1 => Just(Tree::Null)]),
            seldom(&["name"], documents()),
            seldom(&["role"], documents()),
            seldom(&["description"], documents()),
            seldom(&["description"], objects()),
            seldom(&["uuid"], uuids()),
            seldom(&["account"], uuids()),
            seldom(&["created_ts"], times()),
            seldom(&["updated_ts"], times()),
            seldom(&["a"], documents()),
            seldom(&["nickname"], documents()),
        ];
        all(parts).prop_map(|says| Wish { says, ..Wish::default() }).boxed()
    }

    fn contexts() -> BoxedStrategy<Context> {
        let uuids = || UUIDS.iter().map(|uuid| parse_uuid(uuid).unwrap());
        let roles = prop_oneof![
            6 => Just(None),
            2 => LazyJust::new(move || Some(uuids().collect::<BTreeSet<_>>())),
            1 => LazyJust::new(move || Some(uuids().take(1).collect())),
        ];
        let statements = prop_oneof![
            8 => Just(Statement::default()),
            1 => Just(Statement { effect: Effect::Deny, actions: vec!["delete_user".to_owned()] }),
            1 => Just(Statement { effect: Effect::Deny, actions: vec!["update_user".to_owned()] }),
        ];
        let odd = (statements, roles, policies(), any::<bool>()).prop_map(|(statement, roles, policy, clock)| {
            let mut ctx = Context::with_policy(policy);
            Arc::make_mut(&mut ctx.service).roles = roles;
            ctx.statement = statement;
            ctx.now = clock.then(|| "2026-01-01T00:00:00.250Z".parse().unwrap());
            ctx.trace = clock.then(|| "a1b2\"c3\n".to_owned());
            ctx
        });
        prop_oneof![2 => Just(Context::default()), 3 => odd].boxed()
    }

    fn places() -> Vec<Vec<&'static str>> {
        vec![vec![], vec!["description"]]
    }

    fn breaks(refusal: Refusal) -> Option<BoxedStrategy<Broken<Context>>> {
        Some(match refusal {
            Refusal::Malformed => unreadable::<Self>(fine(), Unreadable::Malformed),
            Refusal::NotUtf8 => unreadable::<Self>(fine(), Unreadable::NotUtf8),
            Refusal::Duplicate => unreadable::<Self>(fine(), Unreadable::Duplicate),
            Refusal::TooDeep => unreadable::<Self>(fine(), Unreadable::TooDeep),
            Refusal::TooLong => unreadable::<Self>(fine(), Unreadable::TooLong),
            Refusal::NotAnObject => unreadable::<Self>(fine(), Unreadable::NotAnObject),
            Refusal::NotAllowed => {
                let statements = prop_oneof![
                    vec(select(&["delete_user", "Update_User", ""][..]).prop_map(str::to_owned), 0..3)
                        .prop_map(|actions| Statement { effect: Effect::Allow, actions }),
                    vec(select(&["delete_user", "get_user"][..]).prop_map(str::to_owned), 0..3).prop_map(
                        |mut actions| {
                            actions.push("update_user".to_owned());
                            Statement { effect: Effect::Deny, actions }
                        }
                    ),
                ];
                (fine(), statements)
                    .prop_map(|((user, mut ctx, body), statement)| {
                        ctx.statement = statement;
                        Broken::new(user, ctx, &body, "")
                    })
                    .boxed()
            }
            Refusal::UnknownMember => (fine(), strange_names(), documents())
                .prop_map(|((user, ctx, mut body), name, value)| {
                    body.set(&[name], value);
                    Broken::new(user, ctx, &body, &pointer_of(name))
                })
                .boxed(),
            Refusal::ReadOnly => (fine(), select(&["uuid", "account", "created_ts", "updated_ts"][..]), documents())
                .prop_map(|((user, ctx, mut body), name, other)| {
                    let value = user.at(&[name]).cloned().unwrap_or(other);
                    body.set(&[name], value);
                    Broken::new(user, ctx, &body, &pointer_of(name))
                })
                .boxed(),
            Refusal::WrongType => prop_oneof![with("name", no_strings())?, with("role", no_strings())?].boxed(),
            Refusal::Name => {
                let texts =
                    select(&["", "A", " Operator", "Operator ", "Operator\n", "-a", "Ärger", "a.b", "\u{212A}1"][..]);
                let long = "[0-9A-Za-z][0-9A-Za-z_ -]{31,40}[0-9A-Za-z]";
                with("name", prop_oneof![texts.prop_map(Tree::string), long.prop_map(Tree::String)])?
            }
            Refusal::Role => {
                let texts = select(
                    &[
                        "",
                        "f63d5c5c0c5e4c1a9b1e0d7a2f6f9a11",
                        "{f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11}",
                        "urn:uuid:f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11",
                        "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a1g",
                        "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11 ",
                        "f63d5c5c0-c5e-4c1a-9b1e-0d7a2f6f9a11",
                    ][..],
                );
                with("role", texts.prop_map(Tree::string))?
            }
            Refusal::NoSuchRole => (fine(), any::<bool>())
                .prop_map(|((user, mut ctx, mut body), any_at_all)| {
                    let known = UUIDS.iter().filter_map(|uuid| parse_uuid(uuid)).filter(|_| any_at_all);
                    Arc::make_mut(&mut ctx.service).roles = Some(known.collect());
                    body.set(&["role"], Tree::string(STRANGER));
                    Broken::new(user, ctx, &body, "/role")
                })
                .boxed(),
            Refusal::Description => with("description", unfit(|value| matches!(value, Tree::Object(_) | Tree::Null)))?,
            Refusal::Key => {
                let keys = prop_oneof![
                    select(&["", "A", "0a", "a-b", "é", "\u{212A}", "a\n", "a/b", "m~n"][..]).prop_map(str::to_owned),
                    "[a-z_][0-9a-z_]{64,70}",
                ];
                (fine(), descriptions(), keys, documents())
                    .prop_map(|((user, ctx, mut body), mut description, key, value)| {
                        description.set(&[&key], value);
                        body.set(&["description"], description);
                        Broken::new(user, ctx, &body, &format!("/description{}", pointer_of(&key)))
                    })
                    .boxed()
            }
            _ => return None,
        })
    }
}

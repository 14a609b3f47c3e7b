//! Users of Trusted Twin, and what their members hold.

use ::proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::select,
};

use super::super::{
    json::{maybe, objects, others, strings, texts_of, trees},
    stored::Edit,
    tree::Tree,
};

pub(super) const UUIDS: [&str; 4] = [
    "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11",
    "F63D5C5C-0C5E-4C1A-9B1E-0D7A2F6F9A11",
    "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10",
    "00000000-0000-0000-0000-000000000000",
];
pub(super) const STRANGER: &str = "11111111-2222-3333-4444-555555555555";

pub(super) fn uuids() -> impl Strategy<Value = Tree> {
    select(&UUIDS[..]).prop_map(Tree::string)
}

pub(super) fn names() -> impl Strategy<Value = Tree> {
    prop_oneof![
        2 => texts_of(&["Operator", "Backup Operator-7", "A1"]),
        1 => "[0-9A-Za-z][0-9A-Za-z_ -]{0,30}[0-9A-Za-z]".prop_map(Tree::String),
    ]
}

pub(super) fn descriptions() -> BoxedStrategy<Tree> {
    let keys = prop_oneof![
        4 => select(&["a", "b", "_", "quota_1"][..]).prop_map(str::to_owned),
        1 => "[a-z_][0-9a-z_]{0,63}",
    ];
    btree_map(keys, trees(), 0..4).prop_map(Tree::Object).boxed()
}

pub(super) fn times() -> impl Strategy<Value = Tree> {
    select(&["1646305837.123", "1646305837", "0", "1.50"][..]).prop_map(Tree::number)
}

/// Users as the page has them.
pub(super) fn valid_users() -> BoxedStrategy<Tree> {
    users((uuids().boxed(), names().boxed(), uuids().boxed()), descriptions())
}

/// Users as a database may have kept them: with values that break a rule, or that are written otherwise than we write them.
pub(super) fn kept_users() -> BoxedStrategy<Tree> {
    let names = prop_oneof![
        2 => names(),
        2 => texts_of(&["", "A", " Operator", "Ärger", "a.b"]),
        1 => strings().prop_map(Tree::String),
        1 => Just(Tree::Null),
    ];
    let roles = prop_oneof![
        2 => uuids(),
        2 => texts_of(&["", "operator", "f63d5c5c0c5e4c1a9b1e0d7a2f6f9a11"]),
        1 => Just(Tree::string(STRANGER)),
    ];
    let uuids = prop_oneof![uuids(), strings().prop_map(Tree::String)];
    let descriptions = prop_oneof![descriptions(), objects(), Just(Tree::Null)];
    users((uuids.boxed(), names.boxed(), roles.boxed()), descriptions.boxed())
}

pub(super) fn any_users() -> BoxedStrategy<Tree> {
    prop_oneof![4 => valid_users(), 1 => kept_users()].boxed()
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

/// What makes another user of a user: mostly members that an update has.
pub(super) fn edits() -> BoxedStrategy<Vec<Edit>> {
    let edit = prop_oneof![
        6 => names().prop_map(|name| (vec!["name"], Some(name))),
        6 => uuids().prop_map(|role| (vec!["role"], Some(role))),
        8 => maybe(descriptions()).prop_map(|description| (vec!["description"], description)),
        1 => uuids().prop_map(|uuid| (vec!["uuid"], Some(uuid))),
        1 => maybe(uuids()).prop_map(|uuid| (vec!["account"], uuid)),
        1 => maybe(times()).prop_map(|time| (vec!["updated_ts"], time)),
        1 => maybe(times()).prop_map(|time| (vec!["created_ts"], time)),
        1 => maybe(trees()).prop_map(|value| (vec!["a"], value)),
    ];
    vec(edit, 1..4).boxed()
}

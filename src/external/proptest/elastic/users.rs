//! Users of Elastic Cloud Enterprise, and what their members hold.

use ::proptest::{collection::vec, prelude::*, sample::select};

use super::super::{
    json::{flags, maybe, objects, others, strings, texts_of, trees},
    stored::Edit,
    tree::Tree,
};
use crate::elastic::ROLES;

pub(super) const ADMIN: &str = "ece_platform_admin";

pub(super) fn role_list(roles: &[&str]) -> Tree {
    Tree::Array(roles.iter().copied().map(Tree::string).collect())
}

/// Roles that go together.
pub(super) fn valid_roles() -> impl Strategy<Value = Tree> {
    prop_oneof![
        3 => Just(role_list(&[ADMIN])),
        1 => Just(role_list(&[])),
        1 => Just(role_list(&["ece_platform_viewer"])),
        1 => Just(role_list(&["ece_platform_viewer", "ece_deployment_viewer"])),
        1 => Just(role_list(&["ece_deployment_manager", "ece_platform_viewer"])),
        1 => Just(role_list(&["ece_platform_viewer", "ece_platform_viewer"])),
    ]
}

/// Any list of roles.
pub(super) fn some_roles() -> impl Strategy<Value = Tree> {
    let one = prop_oneof![8 => select(ROLES), 1 => Just("house_role")];
    vec(one.prop_map(Tree::string), 0..4).prop_map(Tree::Array)
}

pub(super) fn texts() -> impl Strategy<Value = Tree> {
    prop_oneof![2 => texts_of(&["Ada", "Bob", ""]), 1 => strings().prop_map(Tree::String)]
}

pub(super) fn times() -> impl Strategy<Value = Tree> {
    texts_of(&["2023-11-07T05:31:56Z", "2024-02-29T23:59:59.5+01:00", "2026-01-01T00:00:00Z"])
}

pub(super) fn or_null(value: impl Strategy<Value = Tree> + 'static) -> BoxedStrategy<Tree> {
    prop_oneof![9 => value, 1 => Just(Tree::Null)].boxed()
}

/// Members that may be there, one by one.
fn members(parts: Vec<(&'static str, BoxedStrategy<Tree>)>) -> impl Strategy<Value = Tree> {
    let parts: Vec<_> =
        parts.into_iter().map(|(name, value)| maybe(value).prop_map(move |value| (name, value)).boxed()).collect();
    parts.prop_map(|parts| Tree::object(parts.into_iter().filter_map(|(name, value)| Some((name, value?)))))
}

fn metadata() -> BoxedStrategy<Tree> {
    members(vec![
        ("created_by", or_null(texts())),
        ("created_at", or_null(times())),
        ("updated_at", or_null(times())),
        ("last_login_at", or_null(times())),
        ("office", trees()),
    ])
    .boxed()
}

pub(super) fn elevated() -> BoxedStrategy<Tree> {
    members(vec![("enabled", or_null(flags())), ("expires_at", or_null(times())), ("a", trees())]).boxed()
}

pub(super) fn native_realms() -> BoxedStrategy<Tree> {
    members(vec![("type", Just(Tree::string("native")).boxed()), ("id", or_null(texts())), ("a", trees())]).boxed()
}

pub(super) fn permissions() -> BoxedStrategy<Tree> {
    vec(texts(), 0..3).prop_map(Tree::Array).boxed()
}

fn security(roles: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    members(vec![
        ("roles", roles),
        ("enabled", or_null(flags())),
        ("permissions", permissions()),
        ("elevated_permissions", elevated()),
        ("security_realm", native_realms()),
        ("extra", trees()),
    ])
    .boxed()
}

/// Users as the page has them, that an update can change.
pub(super) fn valid_users() -> BoxedStrategy<Tree> {
    users_with(prop_oneof![6 => valid_roles(), 1 => Just(Tree::Null)].boxed())
}

/// Users as a database may have kept them, with values that break a rule.
pub(super) fn kept_users() -> BoxedStrategy<Tree> {
    let exclusive = select(vec![
        role_list(&[ADMIN, "ece_platform_viewer"]),
        role_list(&["ece_deployment_viewer", "ece_deployment_manager"]),
        role_list(&["house_role", ADMIN, "ece_deployment_viewer"]),
    ]);
    let users = users_with(prop_oneof![2 => some_roles(), 2 => exclusive, 1 => valid_roles()].boxed());
    let times = texts_of(&["then", "2024-02-29T23:59:59.500000+01:00", "2023-11-07"]);
    let places = [
        (&["x", "password"][..], false),
        (&["metadata", "office", "PASSWORD"], false),
        (&["security", "extra", "Password"], false),
        (&["password"], false),
        (&["metadata", "created_at"], true),
        (&["metadata", "updated_at"], true),
    ];
    (users, maybe(times), select(places.to_vec()), any::<bool>())
        .prop_map(|(mut user, time, (place, is_time), list)| {
            if let Some(time) = time {
                let list = list && !is_time;
                let value = if list { Tree::Array(vec![Tree::object([("password", time)])]) } else { time };
                user.set(place, value);
            }
            user
        })
        .boxed()
}

/// Users that nobody can update.
fn closed_users() -> BoxedStrategy<Tree> {
    (valid_users(), any::<bool>())
        .prop_map(|(mut user, builtin)| {
            match builtin {
                true => user.set(&["builtin"], Tree::Bool(true)),
                false => user.set(&["security", "security_realm", "type"], Tree::string("saml")),
            }
            user
        })
        .boxed()
}

pub(super) fn any_users() -> BoxedStrategy<Tree> {
    prop_oneof![18 => valid_users(), 6 => kept_users(), 1 => closed_users()].boxed()
}

fn users_with(roles: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    let rest = members(vec![
        ("full_name", or_null(texts())),
        ("email", or_null(texts())),
        ("metadata", prop_oneof![6 => metadata(), 1 => Just(Tree::Null)].boxed()),
        ("builtin", or_null(Just(Tree::Bool(false)))),
    ]);
    (texts(), security(roles), rest, others())
        .prop_map(|(user_name, security, rest, mut others)| {
            if let Tree::Object(rest) = rest {
                others.extend(rest);
            }
            let mut user = Tree::Object(others);
            user.set(&["user_name"], user_name);
            user.set(&["security"], security);
            user
        })
        .boxed()
}

/// What makes another user of a user: mostly members that an update has.
pub(super) fn edits() -> BoxedStrategy<Vec<Edit>> {
    let member = |path: &'static [&'static str], values: BoxedStrategy<Tree>| {
        maybe(values).prop_map(move |value| (path.to_vec(), value))
    };
    let edit = prop_oneof![
        4 => member(&["full_name"], texts().boxed()),
        4 => member(&["email"], texts().boxed()),
        4 => member(&["a"], trees()),
        4 => member(&["b"], objects()),
        4 => member(&["a", "b"], trees()),
        4 => member(&["security", "extra"], trees()),
        4 => member(&["metadata", "office"], trees()),
        3 => member(&["security", "roles"], valid_roles().boxed()),
        3 => member(&["security", "enabled"], flags().boxed()),
        1 => member(&["metadata"], metadata()),
        1 => member(&["metadata", "updated_at"], times().boxed()),
        1 => member(&["security", "security_realm"], native_realms()),
        1 => texts().prop_map(|name| (vec!["user_name"], Some(name))),
        1 => Just((vec!["metadata"], Some(Tree::Null))),
    ];
    vec(edit, 1..4).boxed()
}

//! Users of Fireworks, and what their members hold.

use ::proptest::{collection::vec, prelude::*, sample::select};

use super::super::{
    json::{flags, maybe, others, strings, texts_of, trees},
    stored::Edit,
    tree::Tree,
};

pub(super) const READ_ONLY: [&str; 5] = ["name", "createTime", "state", "status", "updateTime"];

/// Every role but `custom`.
pub(super) fn plain_roles() -> impl Strategy<Value = Tree> {
    texts_of(&["admin", "user", "contributor", "inference-user"])
}

pub(super) fn presets() -> impl Strategy<Value = Tree> {
    texts_of(&["read-only", "billing"])
}

/// So many letters, each of one to four bytes.
pub(super) fn letters(count: std::ops::Range<usize>) -> impl Strategy<Value = Tree> {
    vec(select(&['a', 'é', '𝄞', '"', '\n'][..]), count).prop_map(|letters| Tree::String(String::from_iter(letters)))
}

pub(super) fn display_names() -> BoxedStrategy<Tree> {
    prop_oneof![
        4 => texts_of(&["", "Alice", "Bob"]),
        1 => letters(0..64),
    ]
    .boxed()
}

pub(super) fn emails() -> BoxedStrategy<Tree> {
    prop_oneof![
        3 => texts_of(&["", "a@example.com", "Ada.Lovelace@example.com"]),
        1 => strings().prop_map(Tree::String),
    ]
    .boxed()
}

fn times() -> impl Strategy<Value = Tree> {
    texts_of(&["2023-11-07T05:31:56Z", "2024-02-29T23:59:59.5+01:00"])
}

fn states() -> impl Strategy<Value = Tree> {
    prop_oneof![Just(Tree::string("READY")), Just(Tree::number("2")), Just(Tree::number("-0"))]
}

pub(super) fn statuses() -> impl Strategy<Value = Tree> {
    let codes = prop_oneof![
        texts_of(&["OK", "CANCELLED", "UNAUTHENTICATED"]),
        select(&["2", "-0"][..]).prop_map(Tree::number),
    ];
    let member = prop_oneof![Just(None), codes.prop_map(Some), Just(Some(Tree::Null))];
    (member, maybe(strings().prop_map(Tree::String))).prop_map(|(code, message)| {
        let members = [("code", code), ("message", message)];
        Tree::object(members.into_iter().filter_map(|(name, value)| Some((name, value?))))
    })
}

pub(super) fn read_only(name: &str) -> BoxedStrategy<Tree> {
    match name {
        "name" => texts_of(&["accounts/acme/users/ada", "accounts/acme/users/bob"]).boxed(),
        "state" => states().boxed(),
        "status" => statuses().boxed(),
        _ => times().boxed(),
    }
}

type Standing = (Tree, Option<Tree>);

/// Role and preset of a stored user, in accord with the page.
fn standings() -> BoxedStrategy<Standing> {
    prop_oneof![
        plain_roles().prop_map(|role| (role, None)),
        presets().prop_map(|preset| (Tree::string("custom"), Some(preset))),
    ]
    .boxed()
}

/// The same, as another version of the page may have left them.
fn kept_standings() -> BoxedStrategy<Standing> {
    let custom = || Tree::string("custom");
    prop_oneof![
        3 => (plain_roles(), presets()).prop_map(|(role, preset)| (role, Some(preset))),
        2 => Just((custom(), None)),
        2 => Just((Tree::string("legacy"), None)),
        1 => presets().prop_map(|preset| (Tree::string("legacy"), Some(preset))),
        1 => standings(),
    ]
    .boxed()
}

/// Users as the page has them.
pub(super) fn valid_users() -> BoxedStrategy<Tree> {
    users(standings(), display_names())
}

/// Users as a database may have kept them, with values that break a rule.
pub(super) fn kept_users() -> BoxedStrategy<Tree> {
    users(kept_standings(), prop_oneof![3 => display_names(), 1 => letters(64..80)].boxed())
}

pub(super) fn any_users() -> BoxedStrategy<Tree> {
    prop_oneof![4 => valid_users(), 1 => kept_users()].boxed()
}

fn users(standings: BoxedStrategy<Standing>, display_names: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    let writable = (standings, maybe(display_names), maybe(flags()), maybe(emails()));
    let read_only = READ_ONLY.map(|name| maybe(read_only(name)).prop_map(move |value| (name, value)));
    (writable, read_only, others())
        .prop_map(|(((role, preset), display_name, service_account, email), read_only, others)| {
            let mut user = Tree::Object(others);
            let writable = [
                ("role", Some(role)),
                ("permissionPreset", preset),
                ("displayName", display_name),
                ("serviceAccount", service_account),
                ("email", email),
            ];
            for (name, value) in writable.into_iter().chain(read_only) {
                value.into_iter().for_each(|value| user.set(&[name], value));
            }
            user
        })
        .boxed()
}

/// What makes another user of a user: mostly members that an update has.
pub(super) fn edits() -> BoxedStrategy<Vec<Edit>> {
    let standing = |(role, preset)| vec![(vec!["role"], Some(role)), (vec!["permissionPreset"], preset)];
    let member = |name: &'static str, values: BoxedStrategy<Tree>| {
        maybe(values).prop_map(move |value| vec![(vec![name], value)])
    };
    let edit = prop_oneof![
        4 => plain_roles().prop_map(move |role| standing((role, None))),
        4 => presets().prop_map(move |preset| standing((Tree::string("custom"), Some(preset)))),
        1 => kept_standings().prop_map(standing),
        4 => member("displayName", display_names()),
        4 => member("email", emails()),
        4 => member("serviceAccount", flags().boxed()),
        1 => member("state", states().boxed()),
        1 => member("status", statuses().boxed()),
        1 => member("updateTime", times().boxed()),
        1 => member("a", trees()),
    ];
    vec(edit, 1..4).prop_map(|edits| edits.concat()).boxed()
}

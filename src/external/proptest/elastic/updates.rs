//! What the updates of Elastic Cloud Enterprise say.

use ::proptest::prelude::*;

use super::{
    super::{
        draft::{Said, says, seldom},
        json::{all, flags, objects, texts_of, trees},
        tree::Tree,
    },
    users::{elevated, native_realms, or_null, permissions, some_roles, texts, times, valid_roles},
};

/// What a new or changed member may hold: a merge patch.
pub(super) fn free() -> Vec<BoxedStrategy<Vec<Said>>> {
    vec![
        says(&["full_name"], or_null(texts())),
        says(&["email"], or_null(texts())),
        says(&["metadata", "office"], trees()),
        says(&["security", "extra"], trees()),
        seldom(&["a"], trees()),
        seldom(&["b"], trees()),
        seldom(&["c"], trees()),
        seldom(&["d"], objects()),
        seldom(&["a", "b"], trees()),
        seldom(&["m~n"], trees()),
        seldom(&["security", "password"], Just(Tree::string("correct horse"))),
        seldom(&["security", "password"], Just(Tree::Null)),
    ]
}

/// What any update may say.
pub(super) fn any_at_all() -> impl Strategy<Value = Vec<Said>> {
    let roles = prop_oneof![4 => valid_roles(), 1 => some_roles(), 2 => Just(Tree::Null)];
    let parts = vec![
        seldom(&["security"], prop_oneof![trees(), Just(Tree::Null)]),
        seldom(&["metadata"], prop_oneof![trees(), Just(Tree::Null)]),
        seldom(&["metadata"], Just(Tree::empty())),
        says(&["security", "roles"], roles),
        says(&["security", "enabled"], prop_oneof![flags(), Just(Tree::Null)]),
        seldom(&["user_name"], texts()),
        seldom(&["builtin"], flags()),
        seldom(&["security", "permissions"], permissions()),
        seldom(&["security", "elevated_permissions"], elevated()),
        seldom(&["security", "security_realm"], native_realms()),
        seldom(&["metadata", "updated_at"], or_null(times())),
        seldom(&["metadata", "updated_by"], texts()),
        seldom(&["password"], texts()),
        seldom(&["security", "extra", "Password"], texts()),
        seldom(&["security", "password"], texts_of(&["correct horse", "battery staple"])),
        seldom(&["security", "roles"], trees()),
        seldom(&["security", "enabled"], trees()),
        seldom(&["full_name"], trees()),
    ];
    all([parts, free()].concat())
}

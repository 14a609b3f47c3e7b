//! JSON documents, and the parts that the strategies of the vendors share.

use std::fmt::Debug;

use ::proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::select,
};

use super::tree::{Members, Tree};

/// Numbers that only exact text keeps, among others.
fn exact_numbers() -> impl Strategy<Value = Tree> {
    const TEXTS: [&str; 9] =
        ["0", "1", "1.0", "-0", "0.10", "1e400", "1E+2", "123456789012345678901234567890", "18446744073709551616"];
    select(&TEXTS[..]).prop_map(Tree::number)
}

/// Numbers that `serde_json` holds without a loss.
fn ordinary_numbers() -> impl Strategy<Value = Tree> {
    const TEXTS: [&str; 7] = ["0", "1", "-1", "7", "42", "0.5", "-2.25"];
    select(&TEXTS[..]).prop_map(Tree::number)
}

pub(super) fn strings() -> impl Strategy<Value = String> {
    const LETTERS: [char; 13] = ['a', 'b', 'Z', '0', ' ', '"', '\\', '/', '\n', '\u{7f}', 'é', '\u{212A}', '𝄞'];
    vec(select(&LETTERS[..]), 0..5).prop_map(String::from_iter)
}

/// Names of members: few, so that documents often share them, and awkward ones among them.
fn names() -> impl Strategy<Value = String> {
    select(&["a", "b", "c", "d", "", "a/b", "m~n", "é", "\"", "$serde_json::private::Number"][..])
        .prop_map(str::to_owned)
}

fn trees_of(numbers: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    let leaves = prop_oneof![
        1 => Just(Tree::Null),
        1 => any::<bool>().prop_map(Tree::Bool),
        3 => numbers,
        2 => strings().prop_map(Tree::String),
    ];
    leaves
        .prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                1 => vec(inner.clone(), 0..3).prop_map(Tree::Array),
                3 => btree_map(names(), inner, 0..4).prop_map(Tree::Object),
            ]
        })
        .boxed()
}

/// Any JSON value, numbers exact.
pub(super) fn trees() -> BoxedStrategy<Tree> {
    trees_of(exact_numbers().boxed())
}

/// Any JSON value that `serde_json` holds without a loss.
pub(super) fn ordinary_trees() -> BoxedStrategy<Tree> {
    trees_of(ordinary_numbers().boxed())
}

/// Any object.
pub(super) fn objects() -> BoxedStrategy<Tree> {
    btree_map(names(), trees(), 0..4).prop_map(Tree::Object).boxed()
}

/// The members that a page does not name, in a stored user.
pub(super) fn others() -> BoxedStrategy<Members> {
    prop_oneof![2 => Just(Members::new()), 1 => btree_map(names(), trees(), 1..4)].boxed()
}

pub(super) fn flags() -> impl Strategy<Value = Tree> {
    any::<bool>().prop_map(Tree::Bool)
}

/// One of these strings.
pub(super) fn texts_of(texts: &'static [&'static str]) -> impl Strategy<Value = Tree> {
    select(texts).prop_map(Tree::string)
}

/// A member that may be missing.
pub(super) fn maybe(strategy: impl Strategy<Value = Tree>) -> impl Strategy<Value = Option<Tree>> {
    ::proptest::option::of(strategy)
}

/// Values of another type: what fits is put into an array, which does not.
pub(super) fn unfit(fits: impl Fn(&Tree) -> bool + 'static) -> BoxedStrategy<Tree> {
    trees().prop_map(move |value| if fits(&value) { Tree::Array(vec![value]) } else { value }).boxed()
}

/// Names that no page has.
pub(super) fn strange_names() -> impl Strategy<Value = &'static str> {
    select(&["nickname", "Role", "DisplayName", "user-name", "a/b", "m~n", "", "é"][..])
}

/// The pointer of a member of the body.
pub(super) fn pointer_of(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Several strategies for parts of a list, as one.
pub(super) fn all<T: Debug + Clone + 'static>(parts: Vec<BoxedStrategy<Vec<T>>>) -> impl Strategy<Value = Vec<T>> {
    parts.prop_map(|parts| parts.concat())
}

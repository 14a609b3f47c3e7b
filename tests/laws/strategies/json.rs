//! Random JSON documents.

use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::select,
};

use crate::laws::tree::{Members, Tree};

/// Numbers that only exact text keeps, among others.
pub(crate) fn exact_numbers() -> impl Strategy<Value = Tree> {
    const TEXTS: [&str; 9] =
        ["0", "1", "1.0", "-0", "0.10", "1e400", "1E+2", "123456789012345678901234567890", "18446744073709551616"];
    select(&TEXTS[..]).prop_map(|text| Tree::Number(text.to_owned()))
}

/// Numbers that `serde_json` holds without a loss.
pub(crate) fn ordinary_numbers() -> impl Strategy<Value = Tree> {
    const TEXTS: [&str; 7] = ["0", "1", "-1", "7", "42", "0.5", "-2.25"];
    select(&TEXTS[..]).prop_map(|text| Tree::Number(text.to_owned()))
}

pub(crate) fn strings() -> impl Strategy<Value = String> {
    const LETTERS: [char; 13] = ['a', 'b', 'Z', '0', ' ', '"', '\\', '/', '\n', '\u{7f}', 'é', '\u{212A}', '𝄞'];
    vec(select(&LETTERS[..]), 0..5).prop_map(String::from_iter)
}

/// Names of members: few, so that documents often share them, and awkward ones among them.
pub(crate) fn names() -> impl Strategy<Value = String> {
    select(&["a", "b", "c", "d", "", "a/b", "m~n", "é", "\"", "$serde_json::private::Number"][..])
        .prop_map(str::to_owned)
}

fn documents_of(numbers: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
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

/// Any document, numbers exact.
pub(crate) fn documents() -> BoxedStrategy<Tree> {
    documents_of(exact_numbers().boxed())
}

/// Any document that `serde_json` holds without a loss.
pub(crate) fn ordinary_documents() -> BoxedStrategy<Tree> {
    documents_of(ordinary_numbers().boxed())
}

/// Any object.
pub(crate) fn objects() -> BoxedStrategy<Tree> {
    btree_map(names(), documents(), 0..4).prop_map(Tree::Object).boxed()
}

/// The members that a page does not name, in a stored user.
pub(crate) fn others() -> BoxedStrategy<Members> {
    prop_oneof![2 => Just(Members::new()), 1 => btree_map(names(), documents(), 1..4)].boxed()
}

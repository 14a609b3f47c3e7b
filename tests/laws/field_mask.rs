//! Field masks: what a body derives, how they are written, what they cover.

use proptest::{collection::vec, prelude::*, sample::select};

use super::holds;
use crate::laws::mask;

fn parts() -> impl Strategy<Value = String> {
    let few = select(&["a", "b", "role", "displayName", "a_b", "aB", "_"][..]);
    prop_oneof![3 => few.prop_map(str::to_owned), 1 => "[A-Za-z_][A-Za-z0-9_]{0,4}"]
}

fn paths() -> impl Strategy<Value = String> {
    vec(parts(), 1..4).prop_map(|parts| parts.join("."))
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => vec(paths(), 0..5).prop_map(|paths| paths.join(",")),
        1 => Just("*".to_owned()),
        1 => "[a-zA-Z0-9_.,*é \\[\\]]{0,12}",
    ]
}

#[test]
fn reading_and_writing_is_a_naive_reading_of_the_text() {
    holds((texts(), paths()), |(text, path)| mask::reads(text, path));
}

#[test]
fn union_is_a_union() {
    holds((texts(), texts(), texts(), paths()), |(one, other, third, path)| mask::unites([one, other, third], path));
}

#[test]
fn derivation_takes_what_can_be_a_path() {
    let names = prop_oneof![3 => parts(), 1 => ".{0,4}"];
    holds(vec(names, 0..6), |names| mask::derives(&Vec::from_iter(names.iter().map(|name| &**name))));
}

//! Field masks: what a body derives, how they are written, what they cover.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*, sample::select};
use user_patch::{engine::FieldMask, fireworks::Patch};

use crate::{
    common::Fireworks,
    strategies::{Strategies, holds},
};

/// The fields of a user, as the page and as a mask spells them.
const FIELDS: [(&str, &str); 10] = [
    ("role", "role"),
    ("name", "name"),
    ("displayName", "display_name"),
    ("serviceAccount", "service_account"),
    ("createTime", "create_time"),
    ("email", "email"),
    ("state", "state"),
    ("status", "status"),
    ("updateTime", "update_time"),
    ("permissionPreset", "permission_preset"),
];

fn parts() -> impl Strategy<Value = String> {
    let few = select(&["a", "b", "role", "displayName", "a_b", "aB", "_"][..]);
    prop_oneof![3 => few.prop_map(str::to_owned), 1 => "[A-Za-z_][A-Za-z0-9_]{0,4}"]
}

fn texts() -> impl Strategy<Value = String> {
    let path = vec(parts(), 1..4).prop_map(|parts| parts.join("."));
    prop_oneof![8 => vec(path, 0..5).prop_map(|paths| paths.join(",")), 1 => Just("*".to_owned())]
}

fn masks() -> impl Strategy<Value = FieldMask> {
    texts().prop_map(|text| text.parse().unwrap())
}

fn snake_case(name: &str) -> String {
    let letter = |letter: char| match letter.is_ascii_uppercase() {
        true => format!("_{}", letter.to_ascii_lowercase()),
        false => letter.to_string(),
    };
    name.chars().map(letter).collect()
}

/// Whether one of these paths is this one or one around it.
fn covered(paths: &BTreeSet<String>, path: &str) -> bool {
    paths.iter().any(|other| other == "*" || path == other || path.starts_with(&format!("{other}.")))
}

#[test]
fn derivation_is_a_naive_reading_of_the_body() {
    holds((Fireworks::users(), Fireworks::wishes()), |(user, wish)| {
        let body = wish.on(&user).body;
        let names = body.members().unwrap();
        let is_there = |(camel, snake): &&(&str, &str)| names.contains_key(*camel) || names.contains_key(*snake);
        let expected: BTreeSet<_> = FIELDS.iter().filter(is_there).map(|(_, snake)| *snake).collect();
        let text = body.text();
        let mask = Patch::parse(text.as_bytes()).unwrap().mask().unwrap();
        prop_assert_eq!(mask.paths().collect::<Vec<_>>(), Vec::from_iter(expected));
        Ok(())
    });
}

#[test]
fn derivation_takes_what_can_be_a_path() {
    let names = prop_oneof![3 => parts(), 1 => ".{0,4}"];
    holds(vec(names, 0..6), |names| {
        let is_field = |name: &&String| {
            let mut letters = name.chars();
            letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
                && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        };
        let expected: BTreeSet<_> = names.iter().filter(is_field).map(|name| snake_case(name)).collect();
        let mask = FieldMask::derive(names.iter().map(|name| &**name));
        prop_assert_eq!(mask.paths().collect::<Vec<_>>(), Vec::from_iter(&expected));
        prop_assert_eq!(mask.to_string().parse(), Ok(mask));
        Ok(())
    });
}

#[test]
fn parse_and_print_are_a_round_trip() {
    holds(texts(), |text| {
        let mask: FieldMask = text.parse().unwrap();
        let printed = mask.to_string();
        let again: FieldMask = printed.parse().unwrap();
        prop_assert_eq!(&again, &mask);
        prop_assert_eq!(again.to_string(), printed);
        prop_assert!(!again.has_camel_case());
        prop_assert_eq!(mask.is_empty(), text.is_empty());
        prop_assert_eq!(mask.is_all(), text == "*");
        prop_assert_eq!(mask.has_camel_case(), text.contains(|letter: char| letter.is_ascii_uppercase()));
        Ok(())
    });
}

#[test]
fn covers_is_a_naive_reading_of_the_text() {
    holds((texts(), texts()), |(text, paths)| {
        let mask: FieldMask = text.parse().unwrap();
        let named: BTreeSet<_> = text.split(',').filter(|path| !path.is_empty()).map(snake_case).collect();
        for path in paths.split(',').filter(|&path| path != "*").map(snake_case) {
            prop_assert_eq!(mask.covers(&path), covered(&named, &path), "{}", path);
        }
        for path in mask.paths() {
            prop_assert!(mask.covers(path) && named.contains(path));
            let around = |other: &str| other != path && path.starts_with(&format!("{other}."));
            prop_assert!(!mask.paths().any(around), "{} is said already", path);
        }
        Ok(())
    });
}

#[test]
fn union_is_a_union() {
    holds((masks(), masks(), masks(), texts()), |(one, two, three, paths)| {
        let both = one.union(&two);
        prop_assert_eq!(&both, &two.union(&one));
        prop_assert_eq!(both.union(&three), one.union(&two.union(&three)));
        prop_assert_eq!(&one.union(&one), &one);
        prop_assert_eq!(&one.union(&FieldMask::default()), &one);
        prop_assert_eq!(one.union(&FieldMask::all()), FieldMask::all());
        for path in paths.split(',').map(snake_case) {
            prop_assert_eq!(both.covers(&path), one.covers(&path) || two.covers(&path), "{}", path);
        }
        prop_assert_eq!(both.to_string().parse(), Ok(both));
        Ok(())
    });
}

#[test]
fn no_text_makes_it_panic() {
    holds("[a-zA-Z0-9_.,*é \\[\\]]{0,12}", |text: String| {
        if let Ok(mask) = text.parse::<FieldMask>() {
            prop_assert_eq!(mask.to_string().parse(), Ok(mask));
        }
        Ok(())
    });
}

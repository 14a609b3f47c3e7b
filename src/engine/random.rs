//! Random JSON texts for the tests inside the engine, spelled in the many ways that JSON allows.

use std::collections::{BTreeMap, HashSet};

use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestRunner};

use super::{Document, Json, Kind, Limits};

/// Names by what they stand for, each in several spellings. Few, so that two documents have some in common.
const NAMES: [&[&str]; 8] = [
    &["a", "\\u0061"],
    &["b"],
    &[""],
    &["é", "\\u00e9", "\\u00E9"],
    &["😀", "\\ud83d\\ude00"],
    &["a/b", "a\\/b"],
    &["\\\"{", "\\u0022\\u007b"],
    &["longer than eight bytes", "longer than eight \\u0062ytes"],
];

/// Values that have nothing inside.
const SCALARS: [&str; 16] = [
    "null",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "1.0",
    "1e400",
    "\"\"",
    "\"a\"",
    "\"\\u0061\"",
    "\"é😀\"",
    "\"{\\\"a\\\":\"",
    "\"\\\\\"",
    "\"]}, [{ :\"",
];

#[derive(Debug, Clone)]
enum Tree {
    Scalar(&'static str),
    Array(Vec<Tree>),
    Object(Vec<(usize, usize, Tree)>),
}

/// A JSON text: any value, compact or with white space.
pub(crate) fn text() -> impl Strategy<Value = String> {
    spelled(tree().boxed())
}

/// The text of an object.
pub(crate) fn object_text() -> impl Strategy<Value = String> {
    spelled(object(tree().boxed()).boxed())
}

fn spelled(tree: BoxedStrategy<Tree>) -> impl Strategy<Value = String> {
    let spaces = select(vec!["", "", " ", "\n\t ", "  "]);
    (tree, prop_oneof![Just(vec![""]), vec(spaces, 1..40)]).prop_map(|(tree, spaces)| {
        let mut out = String::new();
        let mut spaces = spaces.into_iter().cycle();
        let mut space = || spaces.next().unwrap();
        out.push_str(space());
        write(&tree, &mut space, &mut out);
        out.push_str(space());
        out
    })
}

fn tree() -> impl Strategy<Value = Tree> {
    select(&SCALARS[..]).prop_map(Tree::Scalar).prop_recursive(
        5,
        48,
        6,
        |inside| prop_oneof![1 => vec(inside.clone(), 0..5).prop_map(Tree::Array), 4 => object(inside)],
    )
}

fn object(inside: BoxedStrategy<Tree>) -> impl Strategy<Value = Tree> {
    vec((0..NAMES.len(), 0..3_usize, inside), 0..8).prop_map(|mut members| {
        let mut known = HashSet::new();
        members.retain(|&(name, ..)| known.insert(name));
        Tree::Object(members)
    })
}

fn write(tree: &Tree, space: &mut impl FnMut() -> &'static str, out: &mut String) {
    match tree {
        Tree::Scalar(text) => out.push_str(text),
        Tree::Array(elements) => {
            out.push('[');
            out.push_str(space());
            for (at, element) in elements.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                    out.push_str(space());
                }
                write(element, space, out);
                out.push_str(space());
            }
            out.push(']');
        }
        Tree::Object(members) => {
            out.push('{');
            out.push_str(space());
            for (at, (name, spelling, value)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                    out.push_str(space());
                }
                let spellings = NAMES[*name];
                out.push_str(&format!("\"{}\"", spellings[spelling % spellings.len()]));
                out.push_str(space());
                out.push(':');
                out.push_str(space());
                write(value, space, out);
                out.push_str(space());
            }
            out.push('}');
        }
    }
}

/// Two texts of one value, in which the members of each object come in another order.
pub(crate) fn two_of_one() -> impl Strategy<Value = (String, String)> {
    (tree(), any::<u8>()).prop_map(|(tree, turn)| {
        let (mut one, mut other) = (String::new(), String::new());
        write(&tree, &mut || "", &mut one);
        write(&turned(tree, turn.into()), &mut || " ", &mut other);
        (one, other)
    })
}

/// The same value, with the members of each object in another order and the strings in another spelling.
fn turned(tree: Tree, turn: usize) -> Tree {
    match tree {
        Tree::Scalar("\"a\"") => Tree::Scalar("\"\\u0061\""),
        Tree::Scalar(text) => Tree::Scalar(text),
        Tree::Array(elements) => Tree::Array(elements.into_iter().map(|element| turned(element, turn)).collect()),
        Tree::Object(members) => {
            let mut members: Vec<_> =
                members.into_iter().map(|(name, spelling, value)| (name, spelling + 1, turned(value, turn))).collect();
            let by = turn % members.len().max(1);
            members.rotate_left(by);
            if turn.is_multiple_of(3) {
                members.reverse();
            }
            Tree::Object(members)
        }
    }
}

/// Tries a law on random inputs, as often as `PROPTEST_CASES` says.
#[track_caller]
pub(crate) fn holds<S: Strategy>(inputs: S, law: impl Fn(S::Value)) {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let held = TestRunner::new(config).run(&inputs, |input| {
        law(input);
        Ok(())
    });
    if let Err(broken) = held {
        panic!("{broken}");
    }
}

/// What a text stands for, written in one way: members in the order of their names, strings unescaped, numbers as they are.
pub(crate) fn canonical(value: &Json<'_>) -> String {
    match value.kind() {
        Kind::Object => {
            let members: BTreeMap<_, _> = value.members().map(|(name, value)| (name, canonical(&value))).collect();
            format!("{members:?}")
        }
        Kind::Array => format!("{:?}", value.elements().map(|element| canonical(&element)).collect::<Vec<_>>()),
        Kind::String => format!("{:?}", value.as_str()),
        _ => value.text().to_owned(),
    }
}

/// Two texts of objects, of which the second is often the first with some members changed.
pub(crate) fn two_objects() -> impl Strategy<Value = (String, String)> {
    let changed = (object_text(), object_text()).prop_map(|(one, other)| {
        let members = |text: &str| {
            document(text)
                .value()
                .members()
                .map(|(name, value)| (name.into_owned(), value.to_string()))
                .collect::<Vec<_>>()
        };
        let mut changed = members(&one);
        for (at, (name, value)) in members(&other).into_iter().enumerate() {
            let known = changed.iter().position(|(known, _)| *known == name);
            match (known, at % 4) {
                (Some(known), 0) => drop(changed.remove(known)),
                (Some(known), 1) => changed[known].1 = value,
                (Some(_), _) => {}
                (None, _) => changed.push((name, value)),
            }
        }
        let member = |(name, value): (String, String)| format!("{}:{value}", Json::string(&name));
        let changed = format!("{{{}}}", changed.into_iter().map(member).collect::<Vec<_>>().join(","));
        (one, changed)
    });
    prop_oneof![2 => changed, 1 => (object_text(), object_text())]
}

/// As `serde_json` holds a value. A number that it cannot hold becomes another one.
pub(crate) fn value(text: &str) -> serde_json::Value {
    serde_json::from_str(&text.replace("1e400", "1e40")).unwrap()
}

/// A text that has to be readable.
#[track_caller]
pub(crate) fn document(text: &str) -> Document<'_> {
    match Document::parse(text.as_bytes(), &Limits::STORED) {
        Ok(document) => document,
        Err(wrong) => panic!("{text:.200} was refused: {wrong}"),
    }
}

/// A document that was written has to know of itself what a reading of its text tells.
#[track_caller]
pub(crate) fn is_as_read(written: &Document<'_>) {
    let read = document(written.text());
    assert_eq!(written.tape(), read.tape(), "{written}");
    assert!(written.is_compact() && read.is_compact(), "{written} is not compact");
    assert!(!written.is_plain() || read.is_plain(), "{written} is not plain");
    assert_eq!(written.bytes(), written.text().len());
}

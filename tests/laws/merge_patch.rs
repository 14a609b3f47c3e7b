//! RFC 7386, against the reference and against the RFC's own words.

use proptest::prelude::*;
use user_patch::engine::{Limits, MergePatch, Node};

use crate::strategies::{
    holds,
    json::{Tree, documents, ordinary_documents, tokens},
};

fn node(tree: &Tree) -> Node {
    Node::parse(tree.text().as_bytes(), &Limits::default()).unwrap()
}

fn patch(tree: &Tree) -> MergePatch<'static> {
    MergePatch::parse(tree.text().as_bytes(), &Limits::default()).unwrap().into_owned()
}

fn merged(patch: &MergePatch<'_>, target: &Tree) -> Tree {
    let mut target = node(target);
    patch.apply(&mut target);
    Tree::read(&target.to_string())
}

/// A document, and another one made of it by a merge patch, so that they share much.
fn pairs() -> impl Strategy<Value = (Tree, Tree)> {
    let derived = (documents(), documents()).prop_map(|(one, patch)| {
        let other = one.merged(&patch);
        (one, other)
    });
    prop_oneof![1 => (documents(), documents()), 3 => derived]
}

#[test]
fn apply_is_json_patch_merge() {
    holds((ordinary_documents(), ordinary_documents()), |(target, body)| {
        let mut theirs: serde_json::Value = serde_json::from_str(&target.text()).unwrap();
        json_patch::merge(&mut theirs, &serde_json::from_str(&body.text()).unwrap());
        let mut ours = node(&target);
        patch(&body).apply(&mut ours);
        prop_assert_eq!(ours.to_value().unwrap(), theirs);
        Ok(())
    });
}

#[test]
fn apply_is_what_the_rfc_says_to_the_last_digit() {
    holds((documents(), documents(), any::<u64>()), |(target, body, seed)| {
        let spelled = body.spelled(seed);
        let read = MergePatch::parse(spelled.as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(merged(&read, &target), target.merged(&body));
        prop_assert_eq!(read, patch(&body));
        Ok(())
    });
}

#[test]
fn apply_twice_is_apply_once() {
    holds((documents(), documents()), |(target, body)| {
        let once = merged(&patch(&body), &target);
        prop_assert_eq!(merged(&patch(&body), &once), once);
        Ok(())
    });
}

#[test]
fn diff_arrives() {
    holds(pairs(), |(before, after)| {
        match MergePatch::diff(&node(&before), &node(&after)) {
            Ok(None) => prop_assert_eq!(before, after),
            Ok(Some(diff)) => {
                prop_assert_ne!(&before, &after);
                prop_assert_eq!(merged(&diff, &before), after.clone());
                // The smallest: no part of it gets there.
                for less in Tree::read(&diff.to_string()).without_one() {
                    prop_assert_ne!(merged(&patch(&less), &before), after.clone(), "{:?} is enough", less);
                }
            }
            Err(wrong) => {
                prop_assert!(!wrong.pointers().is_empty());
                for pointer in wrong.pointers() {
                    prop_assert_eq!(after.pointed(pointer.as_str()), Some(&Tree::Null), "{}", pointer);
                    prop_assert_ne!(before.pointed(pointer.as_str()), Some(&Tree::Null), "{}", pointer);
                }
            }
        }
        Ok(())
    });
}

#[test]
fn diff_reaches_what_a_patch_reaches() {
    holds((documents(), documents()), |(before, body)| {
        let after = merged(&patch(&body), &before);
        prop_assert!(MergePatch::diff(&node(&before), &node(&after)).is_ok());
        Ok(())
    });
}

#[test]
fn then_is_one_after_the_other() {
    holds((documents(), documents(), documents()), |(target, first, next)| {
        let in_turn = merged(&patch(&next), &merged(&patch(&first), &target));
        match patch(&first).then(&patch(&next)) {
            Ok(both) => prop_assert_eq!(merged(&both, &target), in_turn),
            Err(wrong) => {
                // Whatever stood there, an object that holds nothing of it stands there now: of two targets that
                // differ in a member that neither patch mentions no merge patch makes that.
                let place = tokens(wrong.pointer().as_str());
                let mut witness = Tree::empty();
                witness.set(&place, Tree::empty());
                let mut other = witness.clone();
                other.set(&[&place[..], &["a stranger".to_owned()]].concat(), Tree::Bool(true));
                let [one, two] =
                    [&witness, &other].map(|target| merged(&patch(&next), &merged(&patch(&first), target)));
                prop_assert_eq!(one.at(&place), two.at(&place));
                prop_assert!(two.at(&place).unwrap().members().is_some());
                prop_assert_eq!(two.at(&[&place[..], &["a stranger".to_owned()]].concat()), None);
            }
        }
        Ok(())
    });
}

#[test]
fn then_is_associative() {
    holds((documents(), documents(), documents()), |(first, second, third)| {
        let [first, second, third] = [first, second, third].map(|body| patch(&body));
        let left = first.then(&second).and_then(|both| both.then(&third));
        let right = second.then(&third).and_then(|both| first.then(&both));
        if let (Ok(left), Ok(right)) = (left, right) {
            prop_assert_eq!(left, right);
        }
        Ok(())
    });
}

#[test]
fn the_empty_patch_is_neutral() {
    holds(documents(), |body| {
        let (body, empty) = (patch(&body), patch(&Tree::empty()));
        prop_assert_eq!(empty.then(&body), Ok(body.clone()));
        // After a patch that replaces the document, the empty one makes an object of it.
        match Tree::read(&body.to_string()) {
            Tree::Object(_) => prop_assert_eq!(body.then(&empty), Ok(body)),
            _ => prop_assert_eq!(
                body.then(&empty).map_err(|wrong| wrong.pointer().as_str().to_owned()),
                Err(String::new())
            ),
        }
        Ok(())
    });
}

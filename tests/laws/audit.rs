//! `audit`: what changed, forwards and backwards.

use proptest::prelude::*;
use user_patch::report::Audit;

use crate::strategies::{
    Strategies, applied, edited, holds, in_every_room,
    json::{Tree, tokens},
    stored,
};

in_every_room! { there_and_back, there_and_back_in_json_patch, an_audit_tells_of_an_update }

/// RFC 6902, as far as an audit goes, on an exact document.
fn patched(mut document: Tree, audit: &Audit) -> Result<Tree, TestCaseError> {
    for operation in audit.operations() {
        let (op, path, value) = operation.parts();
        let path = tokens(path.as_str());
        let there = document.at(&path).is_some();
        let place = document.at(&path[..path.len() - 1]).is_some_and(|place| place.members().is_some());
        prop_assert!(place, "{} goes into an object", operation.parts().1);
        match (op, value) {
            ("add", Some(value)) => {
                prop_assert!(!there, "what is added was not there");
                document.set(&path, Tree::of(value));
            }
            ("replace", Some(value)) => {
                prop_assert!(there && document.at(&path) != Some(&Tree::of(value)), "what is replaced was another");
                document.set(&path, Tree::of(value));
            }
            ("remove", None) => {
                prop_assert!(there, "what is removed was there");
                document.remove(&path);
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }
    Ok(document)
}

/// Forwards and backwards restore both renderings, to the last digit.
fn there_and_back<R: Strategies>() {
    holds((R::users(), R::edits()), |(before, edits)| {
        let (before, after) = (stored::<R>(&before), stored::<R>(&edited(&before, &edits)));
        let [old, new] = [&before, &after].map(|user| Tree::read(&R::to_json(user)));
        let audit = R::audit(&before, &after);
        prop_assert_eq!(patched(old.clone(), &audit)?, new.clone());
        prop_assert_eq!(patched(new.clone(), &audit.inverted())?, old.clone());
        prop_assert_eq!(audit.is_empty(), old == new);
        prop_assert_eq!(audit.inverted().inverted(), audit.clone());
        prop_assert_eq!(audit.inverted(), R::audit(&after, &before));
        prop_assert!(matches!(Tree::read(&audit.to_json()), Tree::Array(_)));
        Ok(())
    });
}

/// The same by `json_patch`, where `serde_json` can hold the numbers.
fn there_and_back_in_json_patch<R: Strategies>() {
    holds((R::users(), R::edits()), |(before, edits)| {
        let (before, after) = (ordinary(before.clone()), ordinary(edited(&before, &edits)));
        let (before, after) = (stored::<R>(&before), stored::<R>(&after));
        let [old, new] = [&before, &after].map(|user| serde_json::from_str(&R::to_json(user)).unwrap());
        let audit = R::audit(&before, &after);
        let mut document: serde_json::Value = old;
        let start = document.clone();
        json_patch::patch(&mut document, &audit.to_patch().unwrap()).unwrap();
        prop_assert_eq!(&document, &new);
        json_patch::patch(&mut document, &audit.inverted().to_patch().unwrap()).unwrap();
        prop_assert_eq!(document, start);
        Ok(())
    });
}

/// A document with ordinary numbers in place of those that `serde_json` cannot hold.
fn ordinary(tree: Tree) -> Tree {
    match tree {
        Tree::Number(text) if text.len() > 14 || text.contains(['e', 'E']) || text == "-0" => {
            Tree::Number(text.len().to_string())
        }
        Tree::Array(elements) => Tree::Array(elements.into_iter().map(ordinary).collect()),
        Tree::Object(members) => {
            // A name that features of `serde_json` give a meaning to.
            let members = members.into_iter().filter(|(name, _)| !name.starts_with('$'));
            Tree::Object(members.map(|(name, value)| (name, ordinary(value))).collect())
        }
        other => other,
    }
}

/// The audit of an update is empty exactly where it changed nothing, and holds no password.
fn an_audit_tells_of_an_update<R: Strategies>() {
    holds((R::users(), R::wishes(), R::contexts()), |(user, wish, ctx)| {
        let patch = wish.on(&user).patch::<R>(&ctx);
        let before = stored::<R>(&user);
        let Some(after) = applied::<R>(&patch, &before, &ctx) else { return Ok(()) };
        let audit = R::audit(&before, &after);
        let [old, new] = [&before, &after].map(|user| Tree::read(&R::to_json(user)));
        prop_assert_eq!(audit.is_empty(), before == after);
        prop_assert_eq!(patched(old.clone(), &audit)?, new.clone());
        prop_assert_eq!(patched(new, &audit.inverted())?, old);
        prop_assert!(!audit.to_json().contains("correct horse"));
        Ok(())
    });
}

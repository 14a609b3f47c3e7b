//! RFC 7386 on any three documents: against the RFC's own words on a naive model, and against `json_patch`.

use serde_json::Value;
use user_patch::engine::{Document, Kind, Limits, MergePatch, Pointer};

use super::{
    Law,
    telling::is_json,
    tree::{Tree, tokens},
};

/// As deep as `serde_json` reads.
const LIMITS: Limits = Limits { max_bytes: None, max_depth: 127 };

/// One text in every reading.
pub(crate) struct Read<'a> {
    document: Document<'a>,
    patch: MergePatch<'a>,
    tree: Tree,
    /// None where `serde_json` has no room for a number.
    value: Option<Value>,
}

impl<'a> Read<'a> {
    /// None where the text is no document.
    pub(crate) fn of(text: &'a [u8]) -> Option<Self> {
        Some(Self {
            document: Document::parse(text, &LIMITS).ok()?,
            patch: MergePatch::parse(text, &LIMITS).ok()?,
            tree: Tree::try_read(text)?,
            value: serde_json::from_slice(text).ok(),
        })
    }
}

fn tree(document: &Document<'_>) -> Tree {
    Tree::read(document.text())
}

fn patch(tree: &Tree) -> MergePatch<'static> {
    let text = tree.text();
    MergePatch::parse(text.as_bytes(), &LIMITS).map(MergePatch::into_owned).expect("a document is a patch")
}

/// Apply is what the RFC says to the last digit, and twice is once; `json_patch` does the same.
pub(crate) fn applies(target: &Read<'_>, body: &Read<'_>) -> Law {
    let after = body.patch.apply(&target.document);
    is_json(after.text())?;
    ensure_eq!(tree(&after), target.tree.merged(&body.tree));
    ensure_eq!(body.patch.apply(&after).text(), after.text(), "twice is once");
    let owned = body.patch.clone().into_owned();
    ensure_eq!(owned, body.patch);
    ensure_eq!(owned.apply(&target.document).text(), after.text());
    if let (Some(before), Some(value)) = (&target.value, &body.value) {
        let mut expected = before.clone();
        json_patch::merge(&mut expected, value);
        // A name that features of `serde_json` give a meaning to is left to them.
        if !after.text().contains("$serde_json") {
            ensure_eq!(after.value().to_value().ok(), Some(expected));
        }
    }
    Ok(())
}

/// The diff gets there with nothing to spare, or names the nulls that keep it from there.
pub(crate) fn differs(before: &Read<'_>, after: &Read<'_>) -> Law {
    match MergePatch::diff(&before.document, &after.document) {
        Ok(None) => ensure!(before.document == after.document && before.tree == after.tree),
        Ok(Some(diff)) => {
            ensure_ne!(before.tree, after.tree);
            let text = diff.to_string();
            is_json(&text)?;
            let there = diff.apply(&before.document);
            ensure!(there == after.document, "{diff} leads to {there}");
            ensure_eq!(tree(&there), after.tree);
            ensure_eq!(MergePatch::parse(text.as_bytes(), &LIMITS), Ok(diff));
            // Each part of a patch is tried without, which takes its square.
            if after.tree.members().is_some() && text.len() <= 256 {
                for less in Tree::read(&text).without_one() {
                    ensure_ne!(before.tree.merged(&less), after.tree, "{less:?} is enough");
                }
            }
        }
        Err(wrong) => {
            ensure!(!wrong.pointers().is_empty());
            // A null stands at each of these places, or somewhere below the last that is told.
            for pointer in wrong.pointers() {
                let place = tokens(pointer.as_str());
                let Some(value) = after.tree.at(&place) else { return Err(format!("{pointer} is nowhere")) };
                ensure!(has_null(value), "no null at {pointer}");
                ensure_ne!(before.tree.at(&place), Some(value));
            }
        }
    }
    Ok(())
}

/// Whether a value is null, or an object that has one somewhere.
fn has_null(value: &Tree) -> bool {
    *value == Tree::Null || value.members().is_some_and(|members| members.values().any(has_null))
}

/// What a body makes of a document, the diff finds a way to.
pub(crate) fn reaches(before: &Read<'_>, body: &Read<'_>) -> Law {
    let after = body.patch.apply(&before.document);
    // A patch that is no object replaces the document, by nulls too.
    if body.tree.members().is_some() {
        ensure!(MergePatch::diff(&before.document, &after).is_ok(), "from {:?} to {after}", before.tree);
    }
    Ok(())
}

/// One patch for two does what the two do, on any document; where there is none, none can be.
pub(crate) fn composes(target: &Read<'_>, first: &Read<'_>, next: &Read<'_>) -> Law {
    let in_turn = |target: &Tree| target.merged(&first.tree).merged(&next.tree);
    match first.patch.then(&next.patch) {
        Ok(both) => {
            is_json(&both.to_string())?;
            ensure_eq!(tree(&both.apply(&target.document)), in_turn(&target.tree));
        }
        Err(none) => {
            // Told no further down than there are places: somewhere there the first leaves no object, and the second goes in.
            let place = tokens(none.pointer().as_str());
            let (Some(one), Some(other)) = (first.tree.at(&place), next.tree.at(&place)) else {
                return Err(format!("{} is nowhere", none.pointer()));
            };
            let inside = collision(one, other).ok_or("one patch would do")?;
            // Of two targets that differ in a member that neither mentions no patch makes the same.
            let place = [place, inside].concat();
            let mut witness = Tree::empty();
            witness.set(&place, Tree::empty());
            let mut other = witness.clone();
            other.set(&[&place[..], &["a stranger".to_owned()]].concat(), Tree::Bool(true));
            let [one, two] = [&witness, &other].map(in_turn);
            ensure_eq!(one.at(&place), two.at(&place));
            ensure!(one.at(&place).is_some_and(|there| there.members().is_some()));
        }
    }
    Ok(())
}

/// Where the second patch goes into what the first leaves as no object.
fn collision(one: &Tree, other: &Tree) -> Option<Vec<String>> {
    let other = other.members()?;
    let Some(one) = one.members() else { return Some(Vec::new()) };
    other.iter().find_map(|(name, value)| {
        let inside = collision(one.get(name)?, value)?;
        Some([vec![name.clone()], inside].concat())
    })
}

/// However three patches are put together, they are one.
pub(crate) fn associates(first: &Read<'_>, second: &Read<'_>, third: &Read<'_>) -> Law {
    let left = first.patch.then(&second.patch).and_then(|both| both.then(&third.patch));
    let right = second.patch.then(&third.patch).and_then(|both| first.patch.then(&both));
    if let (Ok(left), Ok(right)) = (left, right) {
        ensure_eq!(left, right);
    }
    Ok(())
}

/// The empty patch is neutral; after one that replaces the document it makes an object of it.
pub(crate) fn has_a_neutral(body: &Read<'_>) -> Law {
    let empty = patch(&Tree::empty());
    ensure_eq!(empty.then(&body.patch), Ok(body.patch.clone().into_owned()));
    let after = body.patch.then(&empty).map_err(|none| none.pointer().clone());
    match body.document.value().kind() {
        Kind::Object => ensure_eq!(after, Ok(body.patch.clone().into_owned())),
        _ => ensure_eq!(after, Err(Pointer::root())),
    }
    Ok(())
}

/// Every law, with every choice of these documents.
pub(crate) fn hold(texts: &[&[u8]]) -> Law {
    let documents: Vec<_> = texts.iter().filter_map(|text| Read::of(text)).collect();
    for one in &documents {
        has_a_neutral(one)?;
        for two in &documents {
            applies(one, two)?;
            differs(one, two)?;
            reaches(one, two)?;
            for three in &documents {
                composes(one, two, three)?;
            }
        }
    }
    if let [one, two, three] = &*documents {
        associates(one, two, three)?;
    }
    Ok(())
}

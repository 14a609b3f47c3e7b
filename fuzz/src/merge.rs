//! Merge patches against `json_patch::merge`. The bytes are up to three documents separated by NUL: a target, a patch, and
//! the patch that follows.

use serde_json::Value;
use user_patch::engine::{Json, Kind, Limits, MergePatch, Node, Pointer};

/// As deep as `serde_json` reads.
const LIMITS: Limits = Limits { max_bytes: None, max_depth: 127 };

/// Apply, diff and compose, with every pair of the documents that can be read.
pub fn run(data: &[u8]) {
    let texts = data.splitn(3, |&byte| byte == 0);
    let documents: Vec<_> = texts.filter_map(|text| Document::read(text).ok()).collect();
    for target in &documents {
        for patch in &documents {
            applies(target, patch);
            differs(target, patch);
            for next in &documents {
                composes(target, patch, next);
            }
        }
    }
    if let [first, second, third] = &*documents {
        associates([first, second, third]);
    }
}

/// One text in every reading.
struct Document<'a> {
    node: Node,
    patch: MergePatch<'a>,
    /// None where `serde_json` has no room for a number.
    value: Option<Value>,
}

impl<'a> Document<'a> {
    fn read(text: &'a [u8]) -> Result<Self, user_patch::engine::Malformed> {
        Ok(Self {
            node: Node::parse(text, &LIMITS)?,
            patch: MergePatch::parse(text, &LIMITS)?,
            value: serde_json::from_slice(text).ok(),
        })
    }

    fn after(&self, patch: &MergePatch<'_>) -> Node {
        let mut node = self.node.clone();
        patch.apply(&mut node);
        node
    }
}

/// Apply is what `json_patch` does, and twice is once.
fn applies(target: &Document<'_>, patch: &Document<'_>) {
    let after = target.after(&patch.patch);
    let mut twice = after.clone();
    patch.patch.apply(&mut twice);
    assert_eq!(twice.to_string(), after.to_string());
    if let (Some(before), Some(value)) = (&target.value, &patch.value) {
        let mut expected = before.clone();
        json_patch::merge(&mut expected, value);
        assert_eq!(after.to_value().expect("both could be held"), expected);
    }
}

/// The diff gets there with nothing to spare, or names the nulls that keep it from there.
fn differs(before: &Document<'_>, after: &Document<'_>) {
    match MergePatch::diff(&before.node, &after.node) {
        Ok(None) => assert_eq!(before.node, after.node),
        Ok(Some(patch)) => {
            assert_ne!(before.node, after.node);
            assert_eq!(before.after(&patch), after.node);
            let again = MergePatch::parse(patch.as_json().text().as_bytes(), &LIMITS).expect("a patch is strict JSON");
            assert_eq!(again, patch);
            // Each part of a patch is tried without, which takes its square.
            if after.node.as_object().is_some() && patch.as_json().text().len() <= 256 {
                for less in with_one_less(patch.as_json()) {
                    assert_ne!(before.after(&MergePatch::from(less)), after.node, "{patch} can be smaller");
                }
            }
        }
        Err(wrong) => {
            assert!(!wrong.pointers().is_empty());
            for pointer in wrong.pointers() {
                assert_eq!(at(&after.node, pointer).and_then(Node::as_leaf).map(Json::kind), Some(Kind::Null));
                assert_ne!(at(&before.node, pointer), at(&after.node, pointer));
            }
        }
    }
}

/// One patch for two does what the two do, on any document.
fn composes(target: &Document<'_>, first: &Document<'_>, next: &Document<'_>) {
    match first.patch.then(&next.patch) {
        Ok(both) => {
            let mut in_turn = target.after(&first.patch);
            next.patch.apply(&mut in_turn);
            assert_eq!(target.after(&both), in_turn);
        }
        Err(none) => {
            let place = none.pointer();
            assert!(at(&first.node, place).is_some_and(|node| node.as_leaf().is_some()));
            assert!(at(&next.node, place).is_some_and(|node| node.as_object().is_some()));
        }
    }
}

/// However three patches are put together, they are one.
fn associates([first, second, third]: [&Document<'_>; 3]) {
    let left = first.patch.then(&second.patch).and_then(|both| both.then(&third.patch));
    let right = second.patch.then(&third.patch).and_then(|both| first.patch.then(&both));
    if let (Ok(left), Ok(right)) = (left, right) {
        assert_eq!(left, right);
    }
}

/// What a pointer points to.
fn at<'n>(node: &'n Node, pointer: &Pointer) -> Option<&'n Node> {
    pointer.tokens().try_fold(node, |node, name| node.as_object()?.get(&name))
}

/// The value without one of its members, at whatever depth, for each of them. An object that would be left empty stays.
fn with_one_less(value: &Json<'_>) -> Vec<Json<'static>> {
    let members: Vec<_> = value.members().map(|(name, value)| (Json::string(&name), value)).collect();
    let mut found = Vec::new();
    for (at, (name, inner)) in members.iter().enumerate() {
        let (before, after) = (members.iter().take(at), members.iter().skip(at + 1));
        let others: Vec<_> = before.chain(after).map(|(name, value)| format!("{name}:{value}")).collect();
        let with = |others: &[String]| {
            let text = format!("{{{}}}", others.join(","));
            Json::parse(text.as_bytes(), &LIMITS).expect("a part of a value is one").into_owned()
        };
        found.push(with(&others));
        for inner in with_one_less(inner) {
            found.push(with(&[&*others, &[format!("{name}:{inner}")]].concat()));
        }
    }
    found
}

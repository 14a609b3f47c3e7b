//! What can be said of merge patches without applying them: the patch between two documents, one patch for two, and a
//! patch made on one document moved to another.

use super::{Json, Kind, MergePatch, Node, Object, Pointer};

/// A document that no merge patch makes of another: the places where it holds a `null` that is not there already. RFC 7386
/// section 1: a merge patch is not suited to "documents that make use of explicit null values".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a merge patch cannot write the null at {}", listed(.pointers))]
pub struct Unrepresentable {
    pointers: Vec<Pointer>,
}

impl Unrepresentable {
    /// The nulls.
    pub fn pointers(&self) -> &[Pointer] {
        &self.pointers
    }
}

/// Two patches that no single patch replaces: the first takes a member away or makes it something else than an object, and
/// the second puts members into it. One patch would leave there what the first took.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no single patch does what these two do in turn to {pointer}")]
pub struct NotComposable {
    pointer: Pointer,
}

impl NotComposable {
    pub(crate) const fn at(pointer: Pointer) -> Self {
        Self { pointer }
    }

    /// The first member that makes it so; the root for the whole document.
    pub const fn pointer(&self) -> &Pointer {
        &self.pointer
    }
}

/// Two updates of one document that both changed these members, and differently.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("both changed {}", listed(.pointers))]
pub struct Conflict {
    pointers: Vec<Pointer>,
}

impl Conflict {
    /// `Ok` where there is none.
    pub(crate) fn of(mut pointers: Vec<Pointer>) -> Result<(), Self> {
        pointers.sort_unstable();
        if pointers.is_empty() { Ok(()) } else { Err(Self { pointers }) }
    }

    /// The members, in the order of their pointers.
    pub fn pointers(&self) -> &[Pointer] {
        &self.pointers
    }
}

fn listed(pointers: &[Pointer]) -> String {
    pointers.iter().map(Pointer::to_string).collect::<Vec<_>>().join(", ")
}

impl MergePatch<'_> {
    /// The smallest merge patch that makes `after` of `before`: `None` where there is nothing to change. Arrays are compared
    /// whole, numbers by the way they are written (see [`Json`]).
    ///
    /// ```
    /// use user_patch::engine::{Limits, MergePatch, Node};
    ///
    /// let limits = Limits::default();
    /// let before = Node::parse(br#"{"a": 1, "b": {"c": 2, "d": 3}}"#, &limits)?;
    /// let after = Node::parse(br#"{"b": {"c": 2, "d": 4}}"#, &limits)?;
    /// let patch = MergePatch::diff(&before, &after)?.unwrap();
    /// assert_eq!(patch.to_string(), r#"{"a":null,"b":{"d":4}}"#);
    /// assert_eq!(MergePatch::diff(&after, &after)?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The nulls of `after` that a merge patch cannot write.
    pub fn diff(before: &Node, after: &Node) -> Result<Option<MergePatch<'static>>, Unrepresentable> {
        let mut nulls = Vec::new();
        let patch = match (before, after) {
            // At the top a null is a value like any other: the patch `null` replaces the document.
            (_, Node::Leaf(value)) => (before != after).then(|| Node::Leaf(value.clone())),
            _ => diff(Some(before), after, &Pointer::root, &mut nulls),
        };
        match nulls.is_empty() {
            true => Ok(patch.map(|patch| MergePatch::from(patch.to_json()))),
            false => Err(Unrepresentable { pointers: nulls }),
        }
    }

    /// One patch that does what this one and then `next` do, on every document.
    ///
    /// ```
    /// use user_patch::engine::{Limits, MergePatch};
    ///
    /// let limits = Limits::default();
    /// let patch = |text: &'static str| MergePatch::parse(text.as_bytes(), &limits);
    /// let both = patch(r#"{"a":{"b":1}}"#)?.then(&patch(r#"{"a":{"c":2},"d":null}"#)?)?;
    /// assert_eq!(both.to_string(), r#"{"a":{"b":1,"c":2},"d":null}"#);
    ///
    /// let none = patch(r#"{"a":null}"#)?.then(&patch(r#"{"a":{"b":1}}"#)?).unwrap_err();
    /// assert_eq!(none.pointer().as_str(), "/a");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where there is none: this patch replaces or removes what `next` goes into.
    pub fn then(&self, next: &MergePatch<'_>) -> Result<MergePatch<'static>, NotComposable> {
        let both = compose(&self.to_node(), next.to_node(), &Pointer::root)?;
        Ok(MergePatch::from(both.to_json()))
    }

    /// The patch as a document, with its nulls.
    fn to_node(&self) -> Node {
        Node::of(self.as_json())
    }
}

/// The patch for one place; `None` where nothing differs.
pub(crate) fn diff(
    before: Option<&Node>,
    after: &Node,
    place: &dyn Fn() -> Pointer,
    nulls: &mut Vec<Pointer>,
) -> Option<Node> {
    match (before, after) {
        (Some(before @ Node::Leaf(_)), Node::Leaf(_)) if before == after => None,
        (_, Node::Leaf(value)) => {
            if value.is_null() {
                nulls.push(place());
            }
            Some(after.clone())
        }
        (Some(Node::Object(before)), Node::Object(after)) => {
            let patch = diff_objects(before, after, place, nulls);
            (!patch.is_empty()).then_some(Node::Object(patch))
        }
        // A new object: all of it, and none of its nulls would come to be.
        (_, Node::Object(after)) => Some(Node::Object(diff_objects(&Object::default(), after, place, nulls))),
    }
}

/// The members of the patch between two objects: a null for each that is gone, then those that are new or
/// different in the order of `after`.
pub(crate) fn diff_objects(
    before: &Object,
    after: &Object,
    place: &dyn Fn() -> Pointer,
    nulls: &mut Vec<Pointer>,
) -> Object {
    let mut patch = Object::default();
    let (old, new) = (before.index(), after.index());
    for (name, _) in before.members().filter(|(name, _)| new.get(name).is_none()) {
        patch.push(name, Node::Leaf(Json::null()));
    }
    for (name, value) in after.members() {
        let before = old.get(name).and_then(|at| before.value_at(at));
        if let Some(value) = diff(before, value, &|| place().into_child(name), nulls) {
            patch.push(name, value);
        }
    }
    patch
}

fn compose(first: &Node, next: Node, place: &dyn Fn() -> Pointer) -> Result<Node, NotComposable> {
    match (first, next) {
        (Node::Object(first), Node::Object(next)) => {
            let mut both = first.clone();
            let index = first.index();
            for (name, value) in next.into_members() {
                match index.get(&name).and_then(|at| Some((at, first.value_at(at)?))) {
                    None => both.push(&name, value),
                    Some((at, earlier)) => {
                        let value = compose(earlier, value, &|| place().into_child(&name))?;
                        if let Some(old) = both.value_at_mut(at) {
                            *old = value;
                        }
                    }
                }
            }
            Ok(Node::Object(both))
        }
        (Node::Leaf(_), Node::Object(_)) => Err(NotComposable::at(place())),
        (_, leaf @ Node::Leaf(_)) => Ok(leaf),
    }
}

/// What becomes of one member of a patch that was made on `base` when it is moved to `theirs`: kept, or dropped as it says
/// nothing that `theirs` does not have, or in conflict. `ours` is what the patch makes of `base`.
pub(crate) fn keeps(
    base: Option<&Node>,
    ours: Option<&Node>,
    theirs: Option<&Node>,
    place: &dyn Fn() -> Pointer,
    conflicts: &mut Vec<Pointer>,
) -> bool {
    if theirs == base {
        return true;
    }
    if ours != base && ours != theirs {
        conflicts.push(place());
    }
    false
}

/// The members of a patch made on `base`, moved to `theirs`.
pub(crate) fn rebase<'p>(
    base: &Object,
    patch: impl Iterator<Item = (std::borrow::Cow<'p, str>, Json<'p>)>,
    theirs: &Object,
    place: &dyn Fn() -> Pointer,
    conflicts: &mut Vec<Pointer>,
) -> Object {
    let mut moved = Object::default();
    let (in_base, in_theirs) = (base.index(), theirs.index());
    for (name, value) in patch {
        let place = || place().into_child(&name);
        let base = in_base.get(&name).and_then(|at| base.value_at(at));
        let theirs = in_theirs.get(&name).and_then(|at| theirs.value_at(at));
        if let (Kind::Object, Some(Node::Object(base)), Some(Node::Object(theirs))) = (value.kind(), base, theirs) {
            let inner = rebase(base, value.members(), theirs, &place, conflicts);
            if !inner.is_empty() || value.members().next().is_none() {
                moved.push(&name, Node::Object(inner));
            }
            continue;
        }
        let mut ours = base.cloned();
        match value.is_null() {
            true => ours = None,
            false => MergePatch::from(value.borrowed()).apply(ours.get_or_insert(Node::Leaf(Json::null()))),
        }
        if keeps(base, ours.as_ref(), theirs, &place, conflicts) {
            moved.push(&name, Node::of(&value));
        }
    }
    moved
}

use std::{borrow::Cow, fmt};

use smallvec::SmallVec;

use super::{Json, Kind, Limits, Malformed, Node, Object, Pointer, document::FEW};

/// A JSON Merge Patch (RFC 7386), borrowed from the body it was read from.
///
/// Any JSON value is a merge patch: one that is not an object replaces its target.
///
/// ```
/// use user_patch::engine::{Limits, MergePatch, Node};
///
/// let limits = Limits::default();
/// let mut target = Node::parse(br#"{"a": "b", "c": {"d": "e", "f": "g"}}"#, &limits)?;
/// MergePatch::parse(br#"{"a": "z", "c": {"f": null}}"#, &limits)?.apply(&mut target);
/// assert_eq!(target.to_string(), r#"{"a":"z","c":{"d":"e"}}"#);
/// # Ok::<(), user_patch::engine::Malformed>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct MergePatch<'a>(Json<'a>);

impl<'a> MergePatch<'a> {
    /// Reads a patch strictly.
    ///
    /// # Errors
    /// What makes the body unreadable.
    pub fn parse(body: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        Json::parse(body, limits).map(Self)
    }

    /// The patch as the JSON value it is.
    pub const fn as_json(&self) -> &Json<'a> {
        &self.0
    }

    /// The same patch, with the text as its own.
    pub fn into_owned(self) -> MergePatch<'static> {
        MergePatch(self.0.into_owned())
    }

    /// Changes `target` as RFC 7386 section 2 says: a member that is `null` goes, an object goes into the object that is
    /// there (or a new one), anything else replaces. Nulls inside arrays are values like any other.
    pub fn apply(&self, target: &mut Node) {
        merge(target, &self.0, &Pointer::root, &mut None);
    }
}

impl<'a> From<Json<'a>> for MergePatch<'a> {
    fn from(value: Json<'a>) -> Self {
        Self(value)
    }
}

impl fmt::Display for MergePatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for MergePatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MergePatch({:?})", self.0)
    }
}

/// Where the places are put at which a merge changes something, if anybody asks.
pub(crate) type Changed<'c> = Option<&'c mut Vec<Pointer>>;

fn merge(target: &mut Node, patch: &Json<'_>, place: &dyn Fn() -> Pointer, changed: &mut Changed<'_>) {
    match (patch.kind(), &mut *target) {
        (Kind::Object, Node::Object(object)) => merge_members(object, patch.members(), place, changed),
        (_, old) if old.same_as(patch) => {}
        _ => {
            *target = fresh(patch);
            note(place, changed);
        }
    }
}

/// What a patch makes of nothing: itself, without the nulls in its objects.
fn fresh(patch: &Json<'_>) -> Node {
    let mut node = Node::of(patch);
    if let Node::Object(object) = &mut node {
        object.drop_nulls();
    }
    node
}

fn note(place: &dyn Fn() -> Pointer, changed: &mut Changed<'_>) {
    if let Some(changed) = changed {
        changed.push(place());
    }
}

/// Applies the members of a patch to an object that stands at `place`. Works through both once, so that a body of many
/// members costs no more than its length.
pub(crate) fn merge_members<'p>(
    target: &mut Object,
    patch: impl Iterator<Item = (Cow<'p, str>, Json<'p>)>,
    place: &dyn Fn() -> Pointer,
    changed: &mut Changed<'_>,
) {
    let mut gone = SmallVec::<[_; 8]>::new();
    let mut merge_one = |target: &mut Object, at, name: &str, value: &Json<'_>| {
        gone.extend(merge_member(target, at, name, value, &|| place().into_child(name), changed));
    };
    if target.len() <= FEW {
        for (name, value) in patch {
            merge_one(target, target.position(&name), &name, &value);
        }
    } else {
        let index = target.index();
        let found: Vec<_> = patch.map(|(name, value)| (index.get(&name), name, value)).collect();
        for (at, name, value) in found {
            merge_one(target, at, &name, &value);
        }
    }
    if !gone.is_empty() {
        gone.sort_unstable();
        target.drop_all(&gone);
    }
}

/// Applies one member of a patch, given where the target has it. Gives its position where it has to go.
fn merge_member(
    target: &mut Object,
    at: Option<usize>,
    name: &str,
    value: &Json<'_>,
    place: &dyn Fn() -> Pointer,
    changed: &mut Changed<'_>,
) -> Option<usize> {
    match at.and_then(|at| target.value_at_mut(at)) {
        Some(_) if value.is_null() => {
            note(place, changed);
            return at;
        }
        Some(old) => merge(old, value, place, changed),
        None if value.is_null() => {}
        None => {
            target.push(name, fresh(value));
            note(place, changed);
        }
    }
    None
}

/// As [`merge_members`], of one member, whose own place is given.
pub(crate) fn merge_into(
    target: &mut Object,
    name: &str,
    value: &Json<'_>,
    place: &dyn Fn() -> Pointer,
    changed: &mut Vec<Pointer>,
) {
    let at = target.position(name);
    if merge_member(target, at, name, value, place, &mut Some(changed)).is_some() {
        target.remove(name);
    }
}

/// The narrowest places at which `before` differs from what `patch` makes of it, put into `found`.
pub(crate) fn changes(before: Option<&Node>, patch: &Json<'_>, place: &dyn Fn() -> Pointer, found: &mut Vec<Pointer>) {
    let differs = match (patch.kind(), before) {
        (Kind::Object, Some(Node::Object(before))) => {
            changes_in(before, patch.members(), place, found);
            false
        }
        (Kind::Null, before) => before.is_some(),
        (_, Some(before)) => !before.same_as(patch),
        (_, None) => true,
    };
    if differs {
        found.push(place());
    }
}

/// As [`changes`], of the members of an object that stands at `place`.
pub(crate) fn changes_in<'p>(
    before: &Object,
    patch: impl Iterator<Item = (Cow<'p, str>, Json<'p>)>,
    place: &dyn Fn() -> Pointer,
    found: &mut Vec<Pointer>,
) {
    let index = before.index();
    for (name, value) in patch {
        let old = index.get(&name).and_then(|at| before.value_at(at));
        changes(old, &value, &|| place().into_child(&name), found);
    }
}

//! What a patch makes of a value, and whether it makes any difference.

use super::{At, Builder, Index, Name, Places, Pointer, Value, index};

/// Writes what `patch` makes of `target`.
pub(crate) fn merge(target: Option<Value<'_>>, patch: Value<'_>, out: &mut Builder) {
    match target.filter(|target| target.is_object()) {
        _ if !patch.is_object() => out.copy(patch),
        None => fresh(patch, out),
        Some(target) => out.object(|out| merge_members(target, patch, out)),
    }
}

/// Writes the members of what `patch` makes of the object `target`: those that stay or change in their order, then the new
/// ones in the order of the patch.
fn merge_members(target: Value<'_>, patch: Value<'_>, out: &mut Builder) {
    let said = Index::of(patch);
    out.copy_except(target, |name, _| said.get(name), |name, old, new, out| merge_member(name, Some(old), new, out));
    let there = Index::of(target);
    for (name, new) in patch.named().filter(|&(name, _)| there.get(name).is_none()) {
        merge_member(name, None, new, out);
    }
}

/// Writes one member of the result, unless the patch takes it away.
pub(crate) fn merge_member(name: Name<'_>, old: Option<Value<'_>>, new: Value<'_>, out: &mut Builder) {
    if !new.is_null() {
        out.member(name, |out| merge(old, new, out));
    }
}

/// Writes what a patch makes of nothing: itself, without the nulls in its objects.
pub(crate) fn fresh(patch: Value<'_>, out: &mut Builder) {
    if !patch.is_object() {
        return out.copy(patch);
    }
    out.object(|out| {
        out.copy_except(
            patch,
            |_, value| (value.is_object() || value.is_null()).then_some(()),
            |name, value, (), out| {
                if value.is_object() {
                    out.member(name, |out| fresh(value, out));
                }
            },
        );
    });
}

/// Whether `patch` makes something else of a value.
pub(crate) fn changes(before: Option<Value<'_>>, patch: Value<'_>) -> bool {
    match (patch.is_object(), before) {
        (false, before) if patch.is_null() => before.is_some(),
        (false, before) => before != Some(patch),
        (true, Some(before)) if before.is_object() => {
            let there = Index::of(before);
            patch.named().any(|(name, new)| changes(there.get(name), new))
        }
        (true, _) => true,
    }
}

/// The places at which `patch` makes something else of an object, put into `found`.
pub(crate) fn changed(
    before: Value<'_>,
    patch: Value<'_>,
    at: &Pointer,
    places: &'static Places,
    found: &mut Vec<Pointer>,
) {
    look(Some(before), patch, At::Inside(at, places), found);
}

fn look(before: Option<Value<'_>>, patch: Value<'_>, at: At<'_>, found: &mut Vec<Pointer>) {
    match (at, before.filter(|before| patch.is_object() && before.is_object())) {
        (At::Inside(..), Some(inside)) => {
            let there = index(Some(inside));
            for (name, new) in patch.named() {
                let old = there.as_ref().and_then(|there| there.get(name));
                at.member(name, |at| look(old, new, at, found));
            }
        }
        _ => {
            if changes(before, patch) {
                at.note(found);
            }
        }
    }
}

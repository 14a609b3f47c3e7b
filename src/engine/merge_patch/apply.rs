//! What a patch makes of a value, and whether it makes any difference.

use crate::engine::{
    Value,
    document::{Builder, Document, Index, Name},
};

/// Writes what `patch` makes of `target`. A value that the patch repeats stays as it is written.
pub(crate) fn merge(target: Option<Value<'_>>, patch: Value<'_>, out: &mut Builder) {
    if !patch.is_object() {
        return out.copy(target.filter(|target| *target == patch).unwrap_or(patch));
    }
    match target.filter(|target| target.is_object()) {
        None => fresh(patch, out),
        Some(target) => out.object(|out| merge_members(target, patch, out)),
    }
}

/// Writes the members of what `patch` makes of the object `target`: those that stay or change in their order, then the new
/// ones in the order of the patch.
fn merge_members(target: Value<'_>, patch: Value<'_>, out: &mut Builder) {
    let said = Index::of(patch);
    out.copy_except(target, |name, _| said.get(name), |name, old, new, out| merge_member(name, Some(old), new, out));
    let there = Index::of_names_in(target, patch);
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
pub(super) fn fresh(patch: Value<'_>, out: &mut Builder) {
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

/// What a patch makes of nothing, where that is not the patch itself.
#[inline]
pub(crate) fn without_nulls(patch: Value<'_>) -> Option<Document<'static>> {
    patch.has_null_inside().then(|| {
        let mut out = Builder::with_capacity(patch.text().len(), 0);
        fresh(patch, &mut out);
        out.finish()
    })
}

/// Whether `patch` makes something else of a value.
pub(crate) fn changes(before: Option<Value<'_>>, patch: Value<'_>) -> bool {
    match (patch.is_object(), before) {
        (false, before) if patch.is_null() => before.is_some(),
        (false, before) => before != Some(patch),
        (true, Some(before)) if before.is_object() => {
            let there = Index::of_names_in(before, patch);
            patch.named().any(|(name, new)| changes(there.get(name), new))
        }
        (true, _) => true,
    }
}

/// Whether `patch` says nothing but what is there. Unlike to [`changes`], a null says so where a null is.
pub(crate) fn repeats(before: Option<Value<'_>>, patch: Value<'_>) -> bool {
    match (patch.is_object(), before) {
        (false, before) if patch.is_null() => before.is_none_or(|before| before.is_null()),
        (false, before) => before == Some(patch),
        (true, Some(before)) if before.is_object() => {
            let there = Index::of_names_in(before, patch);
            patch.named().all(|(name, new)| repeats(there.get(name), new))
        }
        (true, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{doc, many, merged},
        *,
    };

    #[test]
    fn the_cases_of_the_appendix() {
        for (target, patch, result) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
            (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
            (r#"{"a":"foo"}"#, "null", "null"),
            (r#"{"a":"foo"}"#, r#""bar""#, r#""bar""#),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ] {
            assert_eq!(merged(target, patch), result, "{target} patched with {patch}");
            assert_eq!(changes(Some(doc(target).value()), doc(patch).value()), target != result);
        }
    }

    #[test]
    fn what_is_repeated_stays_as_it_is_written() {
        assert_eq!(
            merged(r#"{"a":"\u0041","b":[1,"\/"],"n":1.0}"#, r#"{"a":"A","b":[1, "/"],"n":1,"c":2}"#),
            r#"{"a":"\u0041","b":[1,"\/"],"n":1,"c":2}"#
        );
    }

    #[test]
    fn a_null_repeats_a_null_and_changes_it() {
        let (there, says) = (doc(r#"{"a":null,"o":{"b":null}}"#), doc(r#"{"a":null,"o":{"b":null,"c":null}}"#));
        assert!(repeats(Some(there.value()), says.value()) && changes(Some(there.value()), says.value()));
        assert!(!repeats(Some(there.value()), doc(r#"{"o":null}"#).value()));
        assert!(!repeats(None, doc("{}").value()) && repeats(None, doc("null").value()));
    }

    #[test]
    fn many_members_meet_as_many_whatever_their_order() {
        let (old, new) = (many(0..3000, "1"), many((1000..4000).rev(), "2"));
        let after = merged(&old, &new);
        assert_eq!((after.matches(":1").count(), after.matches(":2").count()), (1000, 3000));
        assert_eq!(merged(&old, &many(0..3000, "null")), "{}");
        assert!(!changes(Some(doc(&old).value()), doc(&many((0..3000).rev(), "1")).value()));
    }
}

#[cfg(test)]
mod laws {
    use super::*;
    use crate::engine::{
        Document, MergePatch,
        random::{self, document, holds, is_as_read, value},
    };

    fn applied(patch: &Document<'_>, target: &Document<'_>) -> Document<'static> {
        MergePatch::from(patch.clone()).apply(target)
    }

    #[test]
    fn a_patch_makes_what_json_patch_makes() {
        holds((random::text(), random::text()), |(target, patch)| {
            let mut theirs = value(&target);
            json_patch::merge(&mut theirs, &value(&patch));
            let ours = applied(&document(&patch), &document(&target));
            is_as_read(&ours);
            assert_eq!(value(ours.text()), theirs);
        });
        holds(random::two_objects(), |(target, patch)| {
            let mut theirs = value(&target);
            json_patch::merge(&mut theirs, &value(&patch));
            let ours = applied(&document(&patch), &document(&target));
            is_as_read(&ours);
            assert_eq!(value(ours.text()), theirs);
        });
    }

    #[test]
    fn a_patch_changes_a_value_where_it_makes_another_of_it() {
        holds(random::two_objects(), |(target, patch)| {
            let (target, patch) = (document(&target), document(&patch));
            assert_eq!(changes(Some(target.value()), patch.value()), applied(&patch, &target) != target);
            let after = applied(&patch, &target);
            assert!(!changes(Some(after.value()), patch.value()), "a second time it changes nothing");
        });
        assert!(changes(None, document("{}").value()) && changes(None, document("1").value()));
        assert!(
            !changes(None, document("null").value())
                && changes(Some(document("null").value()), document("null").value())
        );
    }

    #[test]
    fn a_new_value_is_the_patch_without_the_nulls_in_its_objects() {
        holds(random::text(), |patch| {
            let patch = document(&patch);
            let mut out = Builder::with_capacity(0, 0);
            fresh(patch.value(), &mut out);
            let made = out.finish();
            is_as_read(&made);
            assert_eq!(made, applied(&patch, &document("[]")));
        });
    }

    /// Unlike to one that changes nothing, a patch that repeats may hold a null for a null.
    #[test]
    fn a_patch_repeats_a_value_where_it_says_nothing_else() {
        holds(random::two_objects(), |(target, patch)| {
            let (target, patch) = (document(&target), document(&patch));
            assert!(repeats(Some(target.value()), target.value()));
            let changed = changes(Some(target.value()), patch.value());
            assert!(changed || repeats(Some(target.value()), patch.value()));
            if changed && repeats(Some(target.value()), patch.value()) {
                assert!(has_null(target.value()) && has_null(patch.value()));
            }
        });
    }

    fn has_null(value: Value<'_>) -> bool {
        value.is_null() || value.members().any(|(_, value)| has_null(value))
    }
}

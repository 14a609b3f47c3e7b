//! A patch made on one document, moved to another.

use super::{
    At, Builder, Places, Pointer, Value,
    apply::{changes, fresh},
    index, listed,
};

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
        pointers.dedup();
        if pointers.is_empty() { Ok(()) } else { Err(Self { pointers }) }
    }

    /// The members, in the order of their pointers.
    pub fn pointers(&self) -> &[Pointer] {
        &self.pointers
    }
}

/// Whether a member of a patch that was made on `base` is kept when it is moved to `theirs`; else it is dropped, as it says
/// nothing that `theirs` does not have, or is in conflict. `ours` tells whether the patch changes `base`, and whether it
/// arrives at what `theirs` has.
pub(crate) fn keeps(
    theirs_differs: bool,
    ours_changes: impl FnOnce() -> bool,
    ours_arrives: impl FnOnce() -> bool,
    conflict: impl FnOnce(),
) -> bool {
    if theirs_differs && ours_changes() && !ours_arrives() {
        conflict();
    }
    !theirs_differs
}

/// Writes the members of a patch made on the object `base`, moved to the object `theirs`. `skips` leaves members out that the
/// caller looks after.
pub(crate) fn rebase(
    base: Value<'_>,
    patch: Value<'_>,
    theirs: Value<'_>,
    (at, places): (&Pointer, &'static Places),
    skips: &dyn Fn(&Pointer) -> bool,
    out: &mut Builder,
    conflicts: &mut Vec<Pointer>,
) {
    members(base, patch, theirs, At::Inside(at, places), skips, out, conflicts);
}

fn members(
    base: Value<'_>,
    patch: Value<'_>,
    theirs: Value<'_>,
    at: At<'_>,
    skips: &dyn Fn(&Pointer) -> bool,
    out: &mut Builder,
    conflicts: &mut Vec<Pointer>,
) {
    let (in_base, in_theirs) = (index(Some(base)), index(Some(theirs)));
    for (name, value) in patch.named() {
        let base = in_base.as_ref().and_then(|base| base.get(name));
        let theirs = in_theirs.as_ref().and_then(|theirs| theirs.get(name));
        at.member(name, |at| {
            if matches!(at, At::Inside(pointer, _) | At::Below(pointer) if skips(pointer)) {
                return;
            }
            let object = |value: Option<Value<'_>>| value.is_some_and(|value| value.is_object());
            if let (true, Some(base), Some(theirs)) =
                (value.is_object() && object(base) && object(theirs), base, theirs)
            {
                let mark = out.mark();
                out.member(name, |out| out.object(|out| members(base, value, theirs, at, skips, out, conflicts)));
                if out.ends_empty() && !value.is_empty() {
                    out.rewind(mark);
                }
                return;
            }
            let arrives = || match theirs {
                _ if value.is_null() => theirs.is_none(),
                None => false,
                // An object goes into the one that is there, which `theirs` has not.
                Some(_) if value.is_object() && object(base) => false,
                Some(theirs) if value.is_object() => {
                    let mut made = Builder::with_capacity(value.text().len(), 0);
                    fresh(value, &mut made);
                    made.finish().value() == theirs
                }
                Some(theirs) => value == theirs,
            };
            if keeps(theirs != base, || changes(base, value), arrives, || at.note(conflicts)) {
                out.member(name, |out| out.copy(value));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        Document, MergePatch,
        random::{self, document, holds, is_as_read},
    };

    const PLACES: Places = Places(&[("a", Places(&[]))]);

    fn moved(base: &Document<'_>, ours: &Document<'_>, theirs: &Document<'_>) -> Result<Document<'static>, Conflict> {
        let mut conflicts = Vec::new();
        let mut out = Builder::with_capacity(0, 0);
        let [base, ours, theirs] = [base, ours, theirs].map(Document::value);
        out.object(|out| rebase(base, ours, theirs, (&Pointer::root(), &PLACES), &|_| false, out, &mut conflicts));
        let moved = out.finish();
        is_as_read(&moved);
        Conflict::of(conflicts).map(|()| moved)
    }

    fn applied(patch: &Document<'_>, target: &Document<'_>) -> Document<'static> {
        MergePatch::from(patch.clone()).apply(target)
    }

    #[track_caller]
    fn moves(base: &str, ours: &str, theirs: &str, expected: &str) {
        assert_eq!(moved(&document(base), &document(ours), &document(theirs)).unwrap().text(), expected);
    }

    #[track_caller]
    fn conflicts(base: &str, ours: &str, theirs: &str, expected: &[&str]) {
        let conflict = moved(&document(base), &document(ours), &document(theirs)).unwrap_err();
        assert_eq!(conflict.pointers().iter().map(Pointer::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_the_other_has_or_has_changed_alone_is_dropped() {
        moves(r#"{"x":1,"y":1}"#, r#"{"x":2}"#, r#"{"x":1,"y":2}"#, r#"{"x":2}"#);
        moves(r#"{"x":1}"#, r#"{"x":2}"#, r#"{"x":2}"#, "{}");
        moves(r#"{"x":1}"#, r#"{"x":1}"#, r#"{"x":3}"#, "{}");
        moves(r#"{"x":1}"#, r#"{"x":null}"#, "{}", "{}");
        moves("{}", r#"{"x":null}"#, r#"{"x":1}"#, "{}");
        moves("{}", r#"{"x":{"y":1,"z":null}}"#, r#"{"x":{"y":1}}"#, "{}");
        moves(r#"{"x":{"y":1}}"#, r#"{"x":{"z":2}}"#, r#"{"x":{"y":3}}"#, r#"{"x":{"z":2}}"#);
        moves(r#"{"x":{"y":1}}"#, r#"{"x":{"y":2}}"#, r#"{"x":{"y":2}}"#, "{}");
        moves(r#"{"x":{"y":1}}"#, r#"{"x":{}}"#, r#"{"x":{"y":2}}"#, r#"{"x":{}}"#);
    }

    #[test]
    fn what_both_changed_differently_is_in_conflict() {
        conflicts(r#"{"x":1}"#, r#"{"x":2}"#, r#"{"x":3}"#, &["/x"]);
        conflicts(r#"{"x":1}"#, r#"{"x":null}"#, r#"{"x":3}"#, &["/x"]);
        conflicts(r#"{"x":1}"#, r#"{"x":2}"#, "{}", &["/x"]);
        conflicts("{}", r#"{"x":{"y":1}}"#, r#"{"x":{"y":2}}"#, &["/x"]);
        conflicts(r#"{"x":{"y":1}}"#, r#"{"x":{"z":1}}"#, r#"{"x":5}"#, &["/x"]);
        conflicts(
            r#"{"a":{"b":{"c":1},"d":1},"x":1}"#,
            r#"{"x":2,"a":{"d":2,"b":{"c":2}}}"#,
            r#"{"a":{"b":{"c":3},"d":3},"x":3}"#,
            &["/a/b", "/a/d", "/x"],
        );
    }

    #[test]
    fn moved_to_where_it_was_made_a_patch_does_the_same() {
        holds(random::two_objects(), |(base, ours)| {
            let (base, ours) = (document(&base), document(&ours));
            let same = moved(&base, &ours, &base).unwrap();
            assert_eq!(applied(&same, &base), applied(&ours, &base));
        });
    }

    #[test]
    fn moved_to_what_it_makes_a_patch_does_nothing() {
        holds(random::two_objects(), |(base, ours)| {
            let (base, ours) = (document(&base), document(&ours));
            let after = applied(&ours, &base);
            let moved = moved(&base, &ours, &after).unwrap();
            assert_eq!(applied(&moved, &after), after);
        });
    }

    #[test]
    fn a_patch_that_changes_nothing_is_in_no_conflict_and_changes_nothing() {
        holds((random::object_text(), random::two_objects()), |(patch, (base, theirs))| {
            let (patch, theirs) = (document(&patch), document(&theirs));
            let base = applied(&patch, &document(&base));
            let moved = moved(&base, &patch, &theirs).unwrap();
            assert_eq!(applied(&moved, &theirs), theirs);
        });
    }

    /// Each member of the document is as one of the two has it, and never as it was before where one of them changed it.
    #[test]
    fn nothing_that_either_changed_is_lost() {
        holds((random::two_objects(), random::object_text()), |((base, ours), theirs)| {
            let [base, ours] = [&base, &ours].map(|text| document(text));
            let theirs = applied(&document(&theirs), &base);
            let Ok(patch) = moved(&base, &ours, &theirs) else { return };
            let both = applied(&patch, &theirs);
            let alone = applied(&ours, &base);
            let at = |document: &Document<'_>, name: &str| {
                document.value().get(name).map(|value| value.to_json().into_owned())
            };
            for (name, _) in [&base, &alone, &theirs].iter().flat_map(|document| document.value().members()) {
                let [base, alone, theirs, both] = [&base, &alone, &theirs, &both].map(|document| at(document, &name));
                if base == theirs {
                    assert_eq!(both, alone);
                } else if base == alone {
                    assert_eq!(both, theirs);
                }
            }
        });
    }
}

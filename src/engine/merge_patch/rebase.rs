//! A patch that was made on one document, moved to another.

use super::{
    apply::{changes, fresh},
    places::listed,
};
use crate::engine::{
    Pointer, Value,
    document::{Builder, Name, index},
};

/// Two updates of one document that both changed these members, and differently.
/// The `rebase` of each vendor's module gives it, where its pointers are those of the page's members.
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

/// Writes the members of a patch that was made on the object `base`, moved to the object `theirs`, but for those that `skips`
/// leaves to the caller. An object that is not there has no members. `conflict` is told each member that holds one.
pub(crate) fn rebase_members<'d>(
    base: Option<Value<'_>>,
    patch: Value<'d>,
    theirs: Option<Value<'_>>,
    skips: impl Fn(Name<'_>) -> bool,
    out: &mut Builder,
    conflict: &mut dyn FnMut(Name<'d>),
) {
    let (base, theirs) = (index(base), index(theirs));
    for (name, value) in patch.named().filter(|&(name, _)| !skips(name)) {
        let base = base.as_ref().and_then(|base| base.get(name));
        let theirs = theirs.as_ref().and_then(|theirs| theirs.get(name));
        let mut conflicts = false;
        member(name, base, value, theirs, out, &mut conflicts);
        if conflicts {
            conflict(name);
        }
    }
}

fn member(
    name: Name<'_>,
    base: Option<Value<'_>>,
    value: Value<'_>,
    theirs: Option<Value<'_>>,
    out: &mut Builder,
    conflicts: &mut bool,
) {
    let object = |value: Option<Value<'_>>| value.is_some_and(|value| value.is_object());
    if value.is_object() && object(base) && object(theirs) {
        let mark = out.mark();
        out.member(name, |out| {
            out.object(|out| rebase_members(base, value, theirs, |_| false, out, &mut |_| *conflicts = true));
        });
        if out.ends_empty() && !value.is_empty() {
            out.rewind(mark);
        }
        return;
    }
    if keeps(theirs != base, || changes(base, value), || arrives(base, value, theirs), || *conflicts = true) {
        out.member(name, |out| out.copy(value));
    }
}

/// Whether the patch `value` makes of `base` what `theirs` is.
fn arrives(base: Option<Value<'_>>, value: Value<'_>, theirs: Option<Value<'_>>) -> bool {
    match theirs {
        _ if value.is_null() => theirs.is_none(),
        None => false,
        Some(theirs) if !value.is_object() => value == theirs,
        // An object goes into the one that is there, which `theirs` has not.
        Some(_) if base.is_some_and(|base| base.is_object()) => false,
        Some(theirs) => {
            let mut made = Builder::with_capacity(value.text().len(), 0);
            fresh(value, &mut made);
            made.finish().value() == theirs
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{doc, many},
        *,
    };

    /// The moved patch, and the members in conflict.
    fn moved(base: &str, patch: &str, theirs: &str) -> (String, Vec<String>) {
        let (base, patch, theirs, mut conflicts) = (doc(base), doc(patch), doc(theirs), Vec::new());
        let (base, theirs) = (Some(base.value()), Some(theirs.value()));
        let moved = Builder::document(16, 0, |out| {
            rebase_members(base, patch.value(), theirs, |_| false, out, &mut |name| {
                conflicts.push(name.decoded().into_owned());
            });
        });
        (moved.into_text(), conflicts)
    }

    #[test]
    fn what_theirs_has_or_has_changed_is_dropped() {
        let base = r#"{"a":1,"o":{"b":1,"c":1}}"#;
        for (patch, theirs, left) in [
            (r#"{"a":1,"o":{"b":2}}"#, r#"{"a":2,"o":{"b":1,"c":1}}"#, r#"{"o":{"b":2}}"#),
            (r#"{"a":2,"o":{"b":1}}"#, r#"{"a":2,"o":{"b":1}}"#, r#"{"o":{"b":1}}"#),
            (r#"{"o":{"b":1,"c":2}}"#, r#"{"a":1,"o":{"b":3,"c":2}}"#, "{}"),
            (r#"{"n":{"x":1,"y":null}}"#, r#"{"a":1,"n":{"x":1},"o":{"b":1,"c":1}}"#, "{}"),
            (r#"{"a":null}"#, r#"{"o":{"b":1,"c":1}}"#, "{}"),
            (r#"{"o":{}}"#, base, r#"{"o":{}}"#),
        ] {
            assert_eq!(moved(base, patch, theirs), (left.to_owned(), vec![]), "{patch} to {theirs}");
        }
    }

    #[test]
    fn what_both_changed_is_in_conflict() {
        let base = r#"{"a":1,"o":{"b":1,"c":1}}"#;
        for (patch, theirs, conflicts) in [
            (r#"{"a":3,"o":{"b":2}}"#, r#"{"a":2,"o":{"b":3}}"#, vec!["a", "o"]),
            (r#"{"a":null}"#, r#"{"a":2,"o":{"b":1,"c":1}}"#, vec!["a"]),
            (r#"{"o":{"b":2}}"#, r#"{"a":1}"#, vec!["o"]),
            (r#"{"n":{"x":1}}"#, r#"{"a":1,"n":{},"o":{"b":1,"c":1}}"#, vec!["n"]),
        ] {
            assert_eq!(moved(base, patch, theirs).1, conflicts, "{patch} to {theirs}");
        }
    }

    #[test]
    fn many_members() {
        let (base, patch, theirs) = (many(0..3000, "1"), many((1000..4000).rev(), "2"), many(0..2000, "1"));
        let (left, conflicts) = moved(&base, &patch, &theirs);
        assert_eq!((left.matches(":2").count(), conflicts.len()), (2000, 1000));
    }
}

#[cfg(test)]
mod laws {
    use super::*;
    use crate::engine::{
        Document, MergePatch,
        random::{self, document, holds, is_as_read},
    };

    fn moved(
        base: &Document<'_>,
        ours: &Document<'_>,
        theirs: &Document<'_>,
    ) -> Result<Document<'static>, Vec<String>> {
        let mut conflicts = Vec::new();
        let (base, theirs) = (Some(base.value()), Some(theirs.value()));
        let moved = Builder::document(0, 0, |out| {
            rebase_members(base, ours.value(), theirs, |_| false, out, &mut |name| {
                conflicts.push(name.decoded().into_owned())
            });
        });
        is_as_read(&moved);
        if conflicts.is_empty() { Ok(moved) } else { Err(conflicts) }
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
        assert_eq!(conflict, expected);
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
        conflicts(r#"{"x":1}"#, r#"{"x":2}"#, r#"{"x":3}"#, &["x"]);
        conflicts(r#"{"x":1}"#, r#"{"x":null}"#, r#"{"x":3}"#, &["x"]);
        conflicts(r#"{"x":1}"#, r#"{"x":2}"#, "{}", &["x"]);
        conflicts("{}", r#"{"x":{"y":1}}"#, r#"{"x":{"y":2}}"#, &["x"]);
        conflicts(r#"{"x":{"y":1}}"#, r#"{"x":{"z":1}}"#, r#"{"x":5}"#, &["x"]);
        conflicts(
            r#"{"a":{"b":{"c":1},"d":1},"x":1}"#,
            r#"{"x":2,"a":{"d":2,"b":{"c":2}}}"#,
            r#"{"a":{"b":{"c":3},"d":3},"x":3}"#,
            &["x", "a"],
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

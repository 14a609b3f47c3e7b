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

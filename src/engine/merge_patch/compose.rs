//! One patch for two.

use super::{At, Builder, Index, Places, Pointer, Value};

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

/// Writes the patch that does what `first` and then `next` do.
pub(crate) fn compose(
    first: Value<'_>,
    next: Value<'_>,
    places: &'static Places,
    out: &mut Builder,
) -> Result<(), NotComposable> {
    write(first, next, At::Inside(&Pointer::root(), places), out)
}

fn write(first: Value<'_>, next: Value<'_>, at: At<'_>, out: &mut Builder) -> Result<(), NotComposable> {
    if !next.is_object() {
        out.copy(next);
        return Ok(());
    }
    if !first.is_object() {
        return Err(NotComposable::at(at.pointer()));
    }
    out.object(|out| {
        let said = Index::of(next);
        let mut told = Ok(());
        out.copy_except(
            first,
            |name, _| said.get(name),
            |name, earlier, later, out| {
                if told.is_ok() {
                    told = at.member(name, |at| out.member(name, |out| write(earlier, later, at, out)));
                }
            },
        );
        told?;
        let there = Index::of(first);
        for (name, later) in next.named().filter(|&(name, _)| there.get(name).is_none()) {
            out.member(name, |out| out.copy(later));
        }
        Ok(())
    })
}

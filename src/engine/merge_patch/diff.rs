//! The patch between two documents.

use super::{At, Builder, Index, Places, Pointer, Value, index, listed};

/// A document that no merge patch makes of another: the members in which it holds a `null` that is not there already. RFC
/// 7386 section 1: a merge patch is not suited to "documents that make use of explicit null values".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a merge patch cannot write the null at {}", listed(.pointers))]
pub struct Unrepresentable {
    pointers: Vec<Pointer>,
}

impl Unrepresentable {
    /// `Ok` where there is none.
    pub(super) fn of(pointers: Vec<Pointer>) -> Result<(), Self> {
        if pointers.is_empty() { Ok(()) } else { Err(Self { pointers }) }
    }

    /// The members of the document that hold such a null, in their order.
    pub fn pointers(&self) -> &[Pointer] {
        &self.pointers
    }
}

/// Writes the patch that makes the object `after` of `before`, which differs. The places of nulls that it cannot write are put
/// into `nulls`.
pub(crate) fn diff(
    before: Option<Value<'_>>,
    after: Value<'_>,
    places: &'static Places,
    out: &mut Builder,
    nulls: &mut Vec<Pointer>,
) {
    write(before, after, At::Inside(&Pointer::root(), places), out, nulls);
}

/// Writes the patch for one place, and tells whether anything differs.
fn write(before: Option<Value<'_>>, after: Value<'_>, at: At<'_>, out: &mut Builder, nulls: &mut Vec<Pointer>) -> bool {
    if !after.is_object() {
        let differs = before != Some(after);
        if differs {
            if after.is_null() {
                at.note(nulls);
            }
            out.copy(after);
        }
        return differs;
    }
    let before = before.filter(|before| before.is_object());
    // A new object: all of it, and none of its nulls would come to be.
    let mut differs = before.is_none();
    out.object(|out| {
        if let Some(before) = before {
            let stays = Index::of(after);
            for (name, _) in before.named().filter(|&(name, _)| stays.get(name).is_none()) {
                out.member(name, |out| out.fixed("null"));
                differs = true;
            }
        }
        let there = index(before);
        for (name, new) in after.named() {
            let old = there.as_ref().and_then(|there| there.get(name));
            let mark = out.mark();
            match at.member(name, |at| out.member(name, |out| write(old, new, at, out, nulls))) {
                true => differs = true,
                false => out.rewind(mark),
            }
        }
    });
    differs
}

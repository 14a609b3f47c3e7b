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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        Document, MergePatch,
        random::{self, document, holds, is_as_read, value},
    };

    /// Whether `after` has a null in one of its objects where `before` has none.
    fn has_new_null(before: Option<Value<'_>>, after: Value<'_>) -> bool {
        after.members().any(|(name, after)| {
            let before = before.and_then(|before| before.get(&name));
            after.is_null() && before != Some(after) || has_new_null(before, after)
        })
    }

    /// No member of a patch can go: each of them changes something.
    fn is_smallest(before: Option<Value<'_>>, patch: Value<'_>) -> bool {
        patch.named().all(|(name, new)| {
            let old = before.and_then(|before| before.find(name));
            crate::engine::changes(old, new) && is_smallest(old, new)
        })
    }

    fn holds_between(before: &Document<'_>, after: &Document<'_>) {
        let new_null = after.value().is_object() && has_new_null(Some(before.value()), after.value());
        match MergePatch::diff(before, after) {
            Ok(None) => assert_eq!(before, after),
            Ok(Some(patch)) => {
                is_as_read(patch.document());
                assert!(before != after && !new_null);
                assert_eq!(patch.apply(before), *after);
                assert!(is_smallest(Some(before.value()), patch.document().value()));
                let mut theirs = value(before.text());
                json_patch::merge(&mut theirs, &value(patch.document().text()));
                assert_eq!(theirs, value(after.text()));
            }
            Err(wrong) => {
                assert!(new_null);
                for pointer in wrong.pointers() {
                    let name = pointer.tokens().next().unwrap();
                    let [before, after] = [before, after].map(|document| document.value().get(&name));
                    assert!(
                        after.is_some_and(
                            |after| after.is_null() && before != Some(after) || has_new_null(before, after)
                        )
                    );
                }
            }
        }
    }

    #[test]
    fn a_difference_leads_from_one_to_the_other_and_has_nothing_too_much() {
        holds(random::two_objects(), |(before, after)| {
            let (before, after) = (document(&before), document(&after));
            holds_between(&before, &after);
            holds_between(&after, &before);
            // What a patch has made another can undo or cannot write.
            let made = MergePatch::from(after).apply(&before);
            holds_between(&before, &made);
            holds_between(&made, &before);
        });
        holds((random::text(), random::text()), |(before, after)| holds_between(&document(&before), &document(&after)));
    }

    #[test]
    fn between_two_spellings_of_one_value_there_is_nothing() {
        holds(random::two_of_one(), |(one, other)| {
            assert_eq!(MergePatch::diff(&document(&one), &document(&other)), Ok(None));
        });
    }
}

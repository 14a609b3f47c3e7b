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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        MergePatch,
        random::{self, document, holds, is_as_read, value},
    };

    /// Whether `next` puts members into something that `first` replaces or takes away.
    fn fills_what_is_gone(first: Value<'_>, next: Value<'_>) -> bool {
        next.is_object()
            && (!first.is_object()
                || next
                    .named()
                    .any(|(name, next)| first.find(name).is_some_and(|first| fills_what_is_gone(first, next))))
    }

    fn holds_of(first: &str, next: &str, targets: &[&str]) {
        let [first, next] = [first, next].map(|text| MergePatch::from(document(text)));
        match first.then(&next) {
            Ok(both) => {
                is_as_read(both.document());
                assert!(!fills_what_is_gone(first.document().value(), next.document().value()));
                for target in targets {
                    let target = document(target);
                    assert_eq!(both.apply(&target), next.apply(&first.apply(&target)));
                    let mut theirs = value(target.text());
                    json_patch::merge(&mut theirs, &value(first.document().text()));
                    json_patch::merge(&mut theirs, &value(next.document().text()));
                    assert_eq!(value(both.apply(&target).text()), theirs);
                }
            }
            Err(wrong) => {
                let [first, next] = [&first, &next].map(|patch| patch.document().value());
                let [first, next] = [first, next].map(|patch| match wrong.pointer().tokens().next() {
                    None => patch,
                    Some(name) => patch.get(&name).unwrap(),
                });
                assert!(fills_what_is_gone(first, next));
            }
        }
    }

    #[test]
    fn one_patch_does_what_two_do_to_every_target() {
        holds(
            (random::two_objects(), random::two_objects(), random::text()),
            |((first, next), (target, other), third)| {
                holds_of(&first, &next, &[&target, &other, &third, &first, &next, "{}", "null"]);
                holds_of(&first, &target, &[&next, &other]);
                holds_of(&first, &third, &[&target, &other, "[]"]);
                holds_of(&third, &first, &[&target, &other, "[]"]);
            },
        );
    }

    #[test]
    fn composing_is_associative() {
        holds((random::two_objects(), random::object_text()), |((one, two), three)| {
            let [one, two, three] = [&one, &two, &three].map(|text| MergePatch::from(document(text)));
            if let (Ok(first), Ok(last)) = (one.then(&two), two.then(&three))
                && let (Ok(left), Ok(right)) = (first.then(&three), one.then(&last))
            {
                assert_eq!(left, right);
            }
        });
    }
}

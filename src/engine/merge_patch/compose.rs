//! One patch for two.

use crate::engine::{
    Pointer, Value,
    document::{Builder, Index, Name},
};

/// Two patches that no single patch replaces: the first takes a member away or makes it something else than an object, and
/// the second puts members into it. One patch would leave there what the first took.
///
/// ```
/// use user_patch::engine::{Limits, MergePatch};
///
/// let read = |text| MergePatch::parse(text, &Limits::default());
/// // After the first, the second leaves {"b":1} in place of what was there: no single patch takes the rest away.
/// let (first, second) = (read(br#"{"a":null}"#)?, read(br#"{"a":{"b":1}}"#)?);
/// assert_eq!(first.then(&second).unwrap_err().pointer().as_str(), "/a");
/// # Ok::<(), user_patch::engine::Malformed>(())
/// ```
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

/// Writes the members of the patch that does what the objects `first` and then `next` do, but for those that `skips` leaves to
/// the caller.
///
/// # Errors
/// The member that makes it impossible.
pub(crate) fn compose_members<'d>(
    first: Value<'d>,
    next: Value<'d>,
    skips: impl Fn(Name<'_>) -> bool,
    out: &mut Builder,
) -> Result<(), Name<'d>> {
    let said = Index::of(next);
    let mut told = Ok(());
    out.copy_except(
        first,
        |name, _| match skips(name) {
            true => Some(None),
            false => said.get(name).map(Some),
        },
        |name, earlier, later, out| {
            if let (Some(later), Ok(())) = (later, &told) {
                told = out.member(name, |out| compose(earlier, later, out)).ok_or(name);
            }
        },
    );
    told?;
    let there = Index::of(first);
    let is_left_out = |name| skips(name) || there.get(name).is_some();
    out.copy_except(next, |name, _| is_left_out(name).then_some(()), |_, _, (), _| {});
    Ok(())
}

/// Writes the patch that does what `first` and then `next` do; `None` where there is none.
pub(super) fn compose(first: Value<'_>, next: Value<'_>, out: &mut Builder) -> Option<()> {
    match (first.is_object(), next.is_object()) {
        (_, false) => {
            out.copy(next);
            Some(())
        }
        (false, true) => None,
        (true, true) => out.object(|out| compose_members(first, next, |_| false, out)).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{doc, many, merged},
        *,
    };

    fn composed(first: &str, next: &str) -> Option<String> {
        let mut out = Builder::with_capacity(16, 0);
        compose(doc(first).value(), doc(next).value(), &mut out)?;
        Some(out.finish().into_text())
    }

    #[test]
    fn the_later_patch_counts_and_nulls_stay() {
        assert_eq!(
            composed(r#"{"a":{"b":1,"c":null},"d":2}"#, r#"{"e":{"f":null},"a":{"b":null}}"#).unwrap(),
            r#"{"a":{"b":null,"c":null},"d":2,"e":{"f":null}}"#
        );
        assert_eq!(composed(r#"{"a":{"b":1}}"#, r#"{"a":5}"#).unwrap(), r#"{"a":5}"#);
        assert_eq!(composed("5", "6").unwrap(), "6");
    }

    #[test]
    fn an_object_behind_something_else_has_no_equivalent() {
        for first in ["null", "1", "[]", r#""x""#] {
            assert_eq!(composed(&format!(r#"{{"a":{first}}}"#), r#"{"a":{"b":1}}"#), None);
            assert_eq!(composed(first, "{}"), None);
        }
    }

    #[test]
    fn it_does_what_the_two_do() {
        let (target, first, next) =
            (many(0..400, "1"), many(100..300, r#"{"x":1,"y":null}"#), many((200..500).rev(), r#"{"y":2}"#));
        let both = composed(&first, &next).unwrap();
        assert_eq!(doc(&merged(&target, &both)), doc(&merged(&merged(&target, &first), &next)));
    }
}

#[cfg(test)]
mod laws {
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
            let (Ok(first), Ok(last)) = (one.then(&two), two.then(&three)) else { return };
            if let (Ok(left), Ok(right)) = (first.then(&three), one.then(&last)) {
                assert_eq!(left, right);
            }
        });
    }
}

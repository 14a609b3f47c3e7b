//! The patch between two documents.

use super::places::listed;
use crate::engine::{
    Pointer, Value,
    document::{Builder, Index, Name, index},
};

/// A document that no merge patch makes of another: the members in which it holds a `null` that is not there already. RFC
/// 7386 section 1: a merge patch is not suited to "documents that make use of explicit null values".
///
/// ```
/// use user_patch::engine::{Document, Limits, MergePatch};
///
/// let read = |text| Document::parse(text, &Limits::default());
/// // In a merge patch a null takes a member away, so that none puts one there.
/// let wrong = MergePatch::diff(&read(br#"{"a":1}"#)?, &read(br#"{"a":null}"#)?).unwrap_err();
/// assert_eq!(wrong.pointers()[0].as_str(), "/a");
/// # Ok::<(), user_patch::engine::Malformed>(())
/// ```
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

/// Writes the members of the patch that makes the object `after` of the object `before`, but for those that `skips` leaves to
/// the caller. An object that is not there has no members. `null` is told each member that holds a null which no patch can
/// write.
pub(crate) fn diff_members<'d>(
    before: Option<Value<'_>>,
    after: Option<Value<'d>>,
    skips: impl Fn(Name<'_>) -> bool,
    out: &mut Builder,
    null: &mut dyn FnMut(Name<'d>),
) {
    let (there, stays) = (index(before), index(after));
    let gone = before.into_iter().flat_map(|before| before.named());
    for (name, _) in gone.filter(|&(name, _)| !skips(name) && get(&stays, name).is_none()) {
        out.member(name, |out| out.fixed("null"));
    }
    let stays = after.into_iter().flat_map(|after| after.named());
    for (name, new) in stays.filter(|&(name, _)| !skips(name)) {
        let mut holds_null = false;
        diff_member(name, get(&there, name), new, out, &mut holds_null);
        if holds_null {
            null(name);
        }
    }
}

fn get<'d>(object: &Option<Index<'d>>, name: Name<'_>) -> Option<Value<'d>> {
    object.as_ref()?.get(name)
}

/// Writes a member of the patch, where it differs. `holds_null` becomes true where a null is in it that no patch can write.
fn diff_member(name: Name<'_>, before: Option<Value<'_>>, after: Value<'_>, out: &mut Builder, holds_null: &mut bool) {
    let mark = out.mark();
    if !out.member(name, |out| write(before, after, out, holds_null)) {
        out.rewind(mark);
    }
}

/// Writes the patch for one value, and tells whether it differs.
fn write(before: Option<Value<'_>>, after: Value<'_>, out: &mut Builder, holds_null: &mut bool) -> bool {
    if !after.is_object() {
        let differs = before != Some(after);
        if differs {
            *holds_null |= after.is_null();
            out.copy(after);
        }
        return differs;
    }
    // Where there is no object yet, all of it comes new, and none of its nulls would come to be.
    let before = before.filter(|before| before.is_object());
    out.object(|out| diff_members(before, Some(after), |_| false, out, &mut |_| *holds_null = true));
    before.is_none() || !out.ends_empty()
}

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{doc, many, merged},
        *,
    };

    /// The patch, and the members that hold a null which it cannot write.
    fn diff(before: &str, after: &str) -> (String, Vec<String>) {
        let (before, after, mut nulls) = (doc(before), doc(after), Vec::new());
        let (before, after) = (Some(before.value()), Some(after.value()));
        let patch = Builder::document(16, 0, |out| {
            diff_members(before, after, |_| false, out, &mut |name| nulls.push(name.decoded().into_owned()));
        });
        (patch.into_text(), nulls)
    }

    #[test]
    fn what_differs_and_no_more() {
        for (before, after, patch) in [
            ("{}", "{}", "{}"),
            (r#"{"a":1,"b":{"c":2,"d":3}}"#, r#"{"b":{"c":2,"d":4}}"#, r#"{"a":null,"b":{"d":4}}"#),
            (r#"{"a":{"b":1}}"#, r#"{"a":{}}"#, r#"{"a":{"b":null}}"#),
            (r#"{"a":1}"#, r#"{"a":{}}"#, r#"{"a":{}}"#),
            (r#"{"a":null}"#, r#"{"a":{"b":[null]}}"#, r#"{"a":{"b":[null]}}"#),
            (r#"{"a":null,"b":1}"#, r#"{"b":1,"a":null}"#, "{}"),
            (r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, r#"{"a":[2,1]}"#),
        ] {
            assert_eq!(diff(before, after), (patch.to_owned(), vec![]), "from {before} to {after}");
            assert_eq!(doc(&merged(before, patch)), doc(after));
        }
    }

    #[test]
    fn a_null_is_told_once_for_each_member() {
        let (_, nulls) = diff(r#"{"b":{"c":1}}"#, r#"{"a":null,"b":{"c":null,"d":{"e":null}},"n":[null]}"#);
        assert_eq!(nulls, ["a", "b"]);
    }

    #[test]
    fn many_members() {
        let (before, after) = (many(0..3000, r#"{"x":1}"#), many((1000..4000).rev(), r#"{"x":1}"#));
        let (patch, nulls) = diff(&before, &after);
        assert_eq!((patch.matches("null").count(), patch.matches("{\"x\":1}").count()), (1000, 1000));
        assert!(nulls.is_empty() && doc(&merged(&before, &patch)) == doc(&after));
    }
}

#[cfg(test)]
mod laws {
    use super::{super::apply::changes, *};
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
            changes(old, new) && is_smallest(old, new)
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

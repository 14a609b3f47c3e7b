//! JSON Merge Patch: RFC 7386, and RFC 7396, which obsoletes it and changes no rule.

mod apply;
mod compose;
mod diff;
mod places;
mod rebase;
#[cfg(test)]
mod samples;

use std::fmt;

use apply::merge;
pub(crate) use apply::{changes, merge_member, repeats, without_nulls};
pub use compose::NotComposable;
use compose::compose;
pub(crate) use compose::compose_members;
pub use diff::Unrepresentable;
pub(crate) use diff::diff_members;
use places::member_at;
pub use rebase::Conflict;
pub(crate) use rebase::{keeps, rebase_members};

use super::{Document, Limits, Malformed, Pointer, document::Builder};

/// A JSON Merge Patch (RFC 7386), borrowed from the body it was read from.
///
/// Any JSON value is a merge patch: one that is not an object replaces its target.
///
/// ```
/// use user_patch::engine::{Document, Limits, MergePatch};
///
/// let limits = Limits::default();
/// let target = Document::parse(br#"{"a": "b", "c": {"d": "e", "f": "g"}}"#, &limits)?;
/// let patched = MergePatch::parse(br#"{"a": "z", "c": {"f": null}}"#, &limits)?.apply(&target);
/// assert_eq!(patched.text(), r#"{"a":"z","c":{"d":"e"}}"#);
/// # Ok::<(), user_patch::engine::Malformed>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct MergePatch<'a>(Document<'a>);

impl<'a> MergePatch<'a> {
    /// Reads a patch strictly.
    ///
    /// # Errors
    /// What makes the body unreadable.
    pub fn parse(body: &'a [u8], limits: &Limits) -> Result<Self, Malformed> {
        Document::parse(body, limits).map(Self)
    }

    /// The patch as the JSON value it is.
    pub const fn document(&self) -> &Document<'a> {
        &self.0
    }

    /// The same patch, with the text as its own.
    pub fn into_owned(self) -> MergePatch<'static> {
        MergePatch(self.0.into_owned())
    }

    /// What the patch makes of `target`, as RFC 7386 section 2 says: a member that is `null` goes, an object goes into the
    /// object that is there (or a new one), anything else replaces. Nulls inside arrays are values like any other.
    pub fn apply(&self, target: &Document<'_>) -> Document<'static> {
        let mut out = Builder::with_capacity(self.0.bytes() + target.bytes(), 0);
        merge(Some(target.value()), self.0.value(), &mut out);
        out.finish()
    }

    /// The smallest merge patch that makes `after` of `before`: `None` where there is nothing to change. Arrays are compared
    /// whole, numbers by the way they are written (see [`Value`](super::Value)).
    ///
    /// ```
    /// use user_patch::engine::{Document, Limits, MergePatch};
    ///
    /// let limits = Limits::default();
    /// let before = Document::parse(br#"{"a": 1, "b": {"c": 2, "d": 3}}"#, &limits)?;
    /// let after = Document::parse(br#"{"b": {"c": 2, "d": 4}}"#, &limits)?;
    /// let patch = MergePatch::diff(&before, &after)?.unwrap();
    /// assert_eq!(patch.to_string(), r#"{"a":null,"b":{"d":4}}"#);
    /// assert_eq!(MergePatch::diff(&after, &after)?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The members of `after` that hold a null which a merge patch cannot write.
    pub fn diff(before: &Document<'_>, after: &Document<'_>) -> Result<Option<MergePatch<'static>>, Unrepresentable> {
        if before == after {
            return Ok(None);
        }
        let mut nulls = Vec::new();
        let mut out = Builder::with_capacity(64, 0);
        let (before, after) = (Some(before.value()).filter(|before| before.is_object()), after.value());
        // At the top a null is a value like any other: the patch `null` replaces the document.
        match after.is_object() {
            true => out.object(|out| {
                diff_members(before, Some(after), |_| false, out, &mut |name| nulls.push(member_at(name)));
            }),
            false => out.copy(after),
        }
        Unrepresentable::of(nulls)?;
        Ok(Some(MergePatch(out.finish())))
    }

    /// One patch that does what this one and then `next` do, on every document.
    ///
    /// ```
    /// use user_patch::engine::{Limits, MergePatch};
    ///
    /// let limits = Limits::default();
    /// let patch = |text: &'static str| MergePatch::parse(text.as_bytes(), &limits);
    /// let both = patch(r#"{"a":{"b":1}}"#)?.then(&patch(r#"{"a":{"c":2},"d":null}"#)?)?;
    /// assert_eq!(both.to_string(), r#"{"a":{"b":1,"c":2},"d":null}"#);
    ///
    /// let none = patch(r#"{"a":null}"#)?.then(&patch(r#"{"a":{"b":1}}"#)?).unwrap_err();
    /// assert_eq!(none.pointer().as_str(), "/a");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where there is none: this patch replaces or removes what `next` goes into.
    pub fn then(&self, next: &MergePatch<'_>) -> Result<MergePatch<'static>, NotComposable> {
        let mut out = Builder::with_capacity(self.0.bytes() + next.0.bytes(), 0);
        let (first, next) = (self.0.value(), next.0.value());
        match first.is_object() && next.is_object() {
            true => out
                .object(|out| compose_members(first, next, |_| false, out))
                .map_err(|name| NotComposable::at(member_at(name)))?,
            false => compose(first, next, &mut out).ok_or(NotComposable::at(Pointer::root()))?,
        }
        Ok(MergePatch(out.finish()))
    }
}

impl<'a> From<Document<'a>> for MergePatch<'a> {
    fn from(document: Document<'a>) -> Self {
        Self(document)
    }
}

impl fmt::Display for MergePatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for MergePatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MergePatch({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{samples::doc, *};

    #[test]
    fn places_are_told_by_the_members_of_the_document() {
        let (one, other) = (MergePatch(doc(r#"{"a":{"b":{"c":1}}}"#)), MergePatch(doc(r#"{"a":{"b":{"c":{"d":1}}}}"#)));
        assert_eq!(one.then(&other).unwrap_err().pointer().as_str(), "/a");
        assert_eq!(MergePatch(doc("1")).then(&other).unwrap_err().pointer().as_str(), "");
        let nulls = MergePatch::diff(&doc("{}"), &doc(r#"{"a":{"b":{"c":null}},"d":null}"#)).unwrap_err();
        assert_eq!(nulls.pointers().iter().map(Pointer::as_str).collect::<Vec<_>>(), ["/a", "/d"]);
    }

    #[test]
    fn any_value_becomes_any_other() {
        let values = ["null", "1", "[]", "{}", r#"{"a":1}"#, r#"{"a":{"b":[]}}"#];
        for (before, after) in values.iter().flat_map(|one| values.map(|other| (doc(one), doc(other)))) {
            let patch = MergePatch::diff(&before, &after).unwrap();
            assert_eq!(patch.as_ref().map_or(before.clone(), |patch| patch.apply(&before)), after);
            assert_eq!(patch.is_none(), before == after);
        }
    }
}

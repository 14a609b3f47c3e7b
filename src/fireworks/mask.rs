//! The explicit field mask of an update, and which of its paths name what.

use super::{member::Member, set::MemberSet};
use crate::engine::{FieldMask, InvalidMask, Pointer};

/// A field mask as it was sent, and what it says. What is wrong with it is told when the update is checked.
#[derive(Debug, Clone)]
pub(super) struct Mask {
    text: Box<str>,
    read: Result<FieldMask, InvalidMask>,
    /// The members that a path names, or something in them.
    names: MemberSet,
    /// Whether a path names nothing.
    has_unknown: bool,
}

impl Mask {
    /// Reads a mask. The empty text is none, as a gateway fills in an empty mask from the body.
    pub(super) fn read(text: &str) -> Option<Box<Self>> {
        if text.is_empty() {
            return None;
        }
        let mut mask = Self { text: text.into(), read: text.parse(), names: MemberSet::EMPTY, has_unknown: false };
        let (mut names, mut has_unknown) = (MemberSet::EMPTY, false);
        for (_, member) in mask.named() {
            match member {
                Some(member) => names = names.with(member),
                None => has_unknown = true,
            }
        }
        (mask.names, mask.has_unknown) = (names, has_unknown);
        Some(Box::new(mask))
    }

    /// The text as it was sent.
    pub(super) const fn text(&self) -> &str {
        &self.text
    }

    /// What the mask says.
    ///
    /// # Errors
    /// Where it is no mask.
    pub(super) const fn paths(&self) -> Result<&FieldMask, InvalidMask> {
        match &self.read {
            Ok(mask) => Ok(mask),
            Err(wrong) => Err(*wrong),
        }
    }

    /// Whether a path was written in `camelCase`.
    pub(super) fn has_camel_case(&self) -> bool {
        self.read.as_ref().is_ok_and(FieldMask::has_camel_case)
    }

    /// Every path that was given, and the member that it names or lies in. `*` names none: it stands for those that an update
    /// may set.
    pub(super) fn named(&self) -> impl Iterator<Item = (&str, Option<Member>)> {
        let given = self.read.iter().flat_map(FieldMask::given).filter(|&path| path != "*");
        given.map(|path| (path, member_at(path)))
    }

    /// As [`named`](Self::named), with the members that `*` stands for in its place.
    pub(super) fn meant(&self) -> impl Iterator<Item = (&str, Option<Member>)> {
        let all = self.read.as_ref().is_ok_and(FieldMask::is_all).then(|| MemberSet::WRITABLE.iter());
        self.named().chain(all.into_iter().flatten().map(|member| (member.name_in_masks(), Some(member))))
    }

    /// The members that a path names, or something in them.
    pub(super) const fn names(&self) -> MemberSet {
        self.names
    }

    /// The paths that name nothing, in their order.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &str> {
        let named = self.has_unknown.then(|| self.named());
        named.into_iter().flatten().filter(|(_, member)| member.is_none()).map(|(path, _)| path)
    }

    /// The members that it means, of those that an update may set: no path names something in one of these.
    pub(super) fn means(&self) -> MemberSet {
        let is_all = self.read.as_ref().is_ok_and(FieldMask::is_all);
        if is_all { MemberSet::WRITABLE } else { self.names.and(MemberSet::WRITABLE) }
    }
}

/// The member that a path names, or in which it names a field.
fn member_at(path: &str) -> Option<Member> {
    match path.split_once('.') {
        None => Member::named_in_masks(path),
        Some((status, "code" | "message")) if status == Member::Status.name_in_masks() => Some(Member::Status),
        Some(_) => None,
    }
}

/// The place that a path would name.
pub(super) fn place(path: &str) -> Pointer {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let parts = rest.into_iter().flat_map(|rest| rest.split('.'));
    parts.fold(Pointer::root().child(first), Pointer::into_child)
}

/// Two masks are the same where an update with the one is decided as with the other.
impl PartialEq for Mask {
    fn eq(&self, other: &Self) -> bool {
        match (&self.read, &other.read) {
            (Ok(one), Ok(other)) => one.has_camel_case() == other.has_camel_case() && one.given().eq(other.given()),
            (one, other) => one == other,
        }
    }
}

impl Eq for Mask {}

#[cfg(test)]
mod tests {
    use super::Mask;

    #[test]
    fn a_mask_is_another_where_a_path_is_folded_away_that_names_nothing() {
        let mask = |text| Mask::read(text).unwrap();
        assert_eq!(mask("role,email"), mask("email,role,role"));
        assert_ne!(mask("role.nosuch,role"), mask("role"));
        assert_ne!(mask("displayName"), mask("display_name"));
        assert_eq!(mask("role,"), mask(",email"));
        assert!(Mask::read("").is_none());
    }
}

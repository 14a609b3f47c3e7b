//! A patch held against a user: which members it means, what it sets them to, and which of them change.

use super::{
    member::Member,
    patch::Patch,
    reading::{Effect, Reading},
    set::MemberSet,
    user::User,
};
use crate::report::Places;

/// A patch held against a user. What changes is not found out before it is asked for: most updates are in order, whatever
/// they change.
#[derive(Clone, Copy)]
pub(super) struct Update<'u> {
    pub(super) patch: &'u Patch<'u>,
    pub(super) user: &'u User,
    pub(super) reading: Reading<'u>,
    /// The members that the update means.
    pub(super) meant: MemberSet,
}

impl<'u> Update<'u> {
    #[inline]
    pub(super) fn of(patch: &'u Patch<'u>, user: &'u User, reading: Reading<'u>) -> Self {
        Self { patch, user, reading, meant: reading.meant(patch.said()) }
    }

    /// What the update does to a member.
    #[inline]
    pub(super) fn effect(&self, member: Member) -> Effect<'u> {
        self.patch.effect(member, self.meant)
    }

    /// Whether the update sets a member to another value than the user has. A value of another type than the page gives is
    /// another one, but for a flag: nothing can be said of whether it changes.
    pub(super) fn changes(&self, member: Member) -> bool {
        self.changed_of(MemberSet::EMPTY.with(member)).has(member)
    }

    /// Those of these members that the update changes. Only what is set and stored has to be compared: what is stored is never
    /// the default.
    fn changed_of(&self, members: MemberSet) -> MemberSet {
        let (said, stored) = (self.patch.said(), self.user.has());
        let meant = self.meant.and(members).minus(said.doubtful().and(MemberSet::FLAGS));
        let set = meant.and(said.populated());
        let differing = set.and(stored).filter(|member| self.patch.get(member) != self.user.get(member));
        let cleared = meant.minus(set).and(stored);
        set.minus(stored).or(differing).or(cleared)
    }

    /// Whether the role changes over a preset of which nothing is said: one that governed the role `custom` or lay dormant
    /// beside another role. It goes, as it would come to govern what it was not given for.
    #[inline]
    pub(super) fn leaves_preset(&self) -> bool {
        self.user.has().has(Member::PermissionPreset)
            && !self.meant.has(Member::PermissionPreset)
            && self.changes(Member::Role)
    }

    /// The members that have another value after the update.
    pub(super) fn changed(&self) -> Changed {
        Changed { said: self.changed_of(self.meant), clears_preset: self.leaves_preset() }
    }
}

/// What an update changes, found out once.
#[derive(Clone, Copy)]
pub(super) struct Changed {
    /// The members that have another value because the update says so.
    pub(super) said: MemberSet,
    /// Whether the preset goes unasked.
    pub(super) clears_preset: bool,
}

impl Changed {
    pub(super) const fn is_empty(self) -> bool {
        self.said.is_empty()
    }

    /// All of them, the preset too where it goes unasked.
    pub(super) const fn all(self) -> MemberSet {
        if self.clears_preset { self.said.with(Member::PermissionPreset) } else { self.said }
    }

    pub(super) fn places(self) -> Places {
        Places::of_named(self.all().bits(), Member::POINTERS)
    }
}

//! A patch held against a user: which members it means, what it sets them to, and which of them change.

use super::{
    form::Form,
    member::Member,
    patch::Patch,
    reading::{Effect, Reading},
    user::User,
};
use crate::engine::Pointer;

/// A patch held against a user. Nothing is found out before it is asked for: most updates are in order, whatever they change.
#[derive(Clone, Copy)]
pub(super) struct Update<'u> {
    pub(super) patch: &'u Patch<'u>,
    pub(super) user: &'u User,
    pub(super) reading: Reading<'u>,
}

impl<'u> Update<'u> {
    #[inline]
    pub(super) const fn of(patch: &'u Patch<'u>, user: &'u User, reading: Reading<'u>) -> Self {
        Self { patch, user, reading }
    }

    /// What the update does to a member.
    #[inline]
    pub(super) fn effect(&self, member: Member) -> Effect<'u> {
        self.reading.effect(member, self.patch.get(member))
    }

    /// Calls `look` for each member that the update means, and for some that it does not.
    #[inline]
    pub(super) fn each_meant(&self, look: impl FnMut(Member)) {
        match self.reading {
            Reading::FromBody | Reading::Populated | Reading::Nothing => self.patch.mentioned().for_each(look),
            Reading::Masked(_) | Reading::Replace => Member::writable().for_each(look),
        }
    }

    /// Whether the update means a member.
    #[inline]
    pub(super) fn means(&self, member: Member) -> bool {
        self.effect(member) != Effect::Keep
    }

    /// Whether the update sets a member to another value than the user has. A value of another type than the page gives is
    /// another one, but for a flag: nothing can be said of whether it changes.
    #[inline]
    pub(super) fn changes(&self, member: Member) -> bool {
        let (stored, form) = (self.user.get(member), member.form());
        match self.effect(member) {
            Effect::Keep => false,
            Effect::Clear => stored.is_some_and(|stored| !form.is_default(stored)),
            Effect::Set(value) => (form != Form::Flag || form.takes(value)) && stored != Some(value),
        }
    }

    /// Whether the role changes over a preset of which nothing is said: one that governed the role `custom` or lay dormant
    /// beside another role. It goes, as it would come to govern what it was not given for.
    #[inline]
    pub(super) fn leaves_preset(&self) -> bool {
        self.user.get(Member::PermissionPreset).is_some()
            && !self.means(Member::PermissionPreset)
            && self.changes(Member::Role)
    }

    /// The members that have another value after the update, in the page's order.
    pub(super) fn changed(&self) -> Changed {
        let mut changed = Changed { said: 0, clears_preset: self.leaves_preset() };
        self.each_meant(|member| changed.said |= u32::from(self.changes(member)) << member as u32);
        changed
    }
}

/// What an update changes, found out once.
#[derive(Clone, Copy)]
pub(super) struct Changed {
    /// One bit a member.
    said: u32,
    /// Whether the preset goes unasked.
    pub(super) clears_preset: bool,
}

impl Changed {
    /// Whether a member has another value because the update says so.
    #[inline]
    pub(super) const fn has(self, member: Member) -> bool {
        self.said >> member as u32 & 1 == 1
    }

    pub(super) const fn is_empty(self) -> bool {
        self.said == 0
    }

    /// The places.
    pub(super) fn places(self) -> Vec<Pointer> {
        let preset = self.clears_preset.then_some(Member::PermissionPreset);
        Member::writable().filter(|&member| self.has(member)).chain(preset).map(Member::pointer).collect()
    }
}

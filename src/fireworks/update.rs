//! A patch held against a user: which members it means, what it sets them to, and which of them change.

use super::{context::WithoutMask, form::Form, member::Member, patch::Patch, user::User};
use crate::engine::{FieldMask, Value, Writer};

/// How it is decided which of the members that an update may set it means.
#[derive(Clone, Copy)]
pub(super) enum Reading<'m> {
    /// By an explicit mask.
    Masked(&'m FieldMask),
    /// Those that the body has.
    FromBody,
    /// Those that the body has with another value than the default.
    Populated,
    /// All of them.
    Replace,
    /// None of them.
    Nothing,
}

/// What an update does to a member.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect<'v> {
    /// It does not mean it.
    Keep,
    /// It sets it to its default.
    Clear,
    /// It sets it to a value, which is not the default and may have another type than the page gives.
    Set(Value<'v>),
}

impl Reading<'_> {
    pub(super) const fn without_mask(policy: WithoutMask) -> Self {
        match policy {
            WithoutMask::FromBody => Self::FromBody,
            WithoutMask::Populated => Self::Populated,
            WithoutMask::Replace => Self::Replace,
        }
    }

    /// Whether an update means a member, for which its body has this.
    pub(super) fn means(self, member: Member, said: Option<Value<'_>>) -> bool {
        self.effect(member, said) != Effect::Keep
    }

    /// What an update does to a member, for which its body has this: nothing to one that it may not set.
    #[inline]
    pub(super) fn effect<'v>(self, member: Member, said: Option<Value<'v>>) -> Effect<'v> {
        let value = said.filter(|&value| !member.form().is_default(value));
        let is_meant = match self {
            Self::Masked(mask) => mask.covers(member.name_in_masks()),
            Self::FromBody => said.is_some(),
            Self::Populated => value.is_some(),
            Self::Replace => true,
            Self::Nothing => false,
        };
        match value {
            _ if !is_meant || member.writer() != Writer::Update => Effect::Keep,
            None => Effect::Clear,
            Some(value) => Effect::Set(value),
        }
    }
}

impl<'v> Effect<'v> {
    /// The effect of two in turn.
    pub(super) fn then(self, next: Self) -> Self {
        match next {
            Self::Keep => self,
            said => said,
        }
    }

    /// The value that it sets.
    pub(super) const fn set(self) -> Option<Value<'v>> {
        match self {
            Self::Keep | Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// A patch held against a user.
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

    /// What the update does to a member that it may set.
    #[inline]
    pub(super) fn effect(&self, member: Member) -> Effect<'u> {
        self.reading.effect(member, self.patch.get(member))
    }

    /// Whether the update sets a member to another value than the user has. A value of another type than the page gives is
    /// another one, but for a flag: nothing can be said of whether it changes.
    #[inline]
    pub(super) fn changes(&self, member: Member) -> bool {
        let stored = self.user.get(member);
        match (self.effect(member), member.form()) {
            (Effect::Keep, _) => false,
            (Effect::Clear, Form::Flag) => self.user.flag(member),
            (Effect::Set(value), Form::Flag) => value.as_bool().is_some_and(|flag| flag != self.user.flag(member)),
            (Effect::Clear, Form::Text | Form::Time | Form::State | Form::Status) => stored.is_some(),
            (Effect::Set(value), Form::Text | Form::Time | Form::State | Form::Status) => stored != Some(value),
        }
    }

    /// Whether the role changes over a preset of which nothing is said: one that governed the role `custom` or lay dormant
    /// beside another role. It goes, as it would come to govern what it was not given for.
    #[inline]
    pub(super) fn leaves_preset(&self) -> bool {
        self.user.get(Member::PermissionPreset).is_some()
            && self.effect(Member::PermissionPreset) == Effect::Keep
            && self.changes(Member::Role)
    }
}

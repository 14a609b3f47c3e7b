//! What an update without a user at hand means: which members, and what it does to them.

use super::{context::WithoutMask, member::Member};
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

    /// Whether an update means a member that it may set, for which its body has something, and something else than the default.
    #[inline]
    fn means(self, member: Member, is_said: bool, is_populated: bool) -> bool {
        match self {
            Self::Masked(mask) => mask.covers(member.name_in_masks()),
            Self::FromBody => is_said,
            Self::Populated => is_populated,
            Self::Replace => true,
            Self::Nothing => false,
        }
    }

    /// What an update does to a member, for which its body has this: nothing to one that it may not set.
    #[inline]
    pub(super) fn effect<'v>(self, member: Member, said: Option<Value<'v>>) -> Effect<'v> {
        let value = said.filter(|&value| !member.form().is_default(value));
        match value {
            _ if member.writer() != Writer::Update => Effect::Keep,
            _ if !self.means(member, said.is_some(), value.is_some()) => Effect::Keep,
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

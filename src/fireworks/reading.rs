//! What an update without a user at hand means: which members, and what it does to them.

use super::{context::WithoutMask, mask::Mask, said::Said, set::MemberSet};
use crate::engine::Value;

/// How it is decided which of the members that an update may set it means.
#[derive(Clone, Copy)]
pub(super) enum Reading<'m> {
    /// By an explicit mask.
    Masked(&'m Mask),
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

    /// The members that an update means, of those that it may set.
    #[inline]
    pub(super) fn meant(self, said: &Said) -> MemberSet {
        match self {
            Self::Masked(mask) => mask.means(),
            Self::FromBody => said.mentioned().and(MemberSet::WRITABLE),
            Self::Populated => said.populated().and(MemberSet::WRITABLE),
            Self::Replace => MemberSet::WRITABLE,
            Self::Nothing => MemberSet::EMPTY,
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

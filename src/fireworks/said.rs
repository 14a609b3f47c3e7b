//! What a body says of each member, told once, while it is read.

use super::{
    form::Look,
    member::{Member, Members},
    set::MemberSet,
};
use crate::engine::{Document, Value};

/// Where a body has each member, and what can be told of it without a user: everything after that asks for a bit.
#[derive(Clone, Copy)]
pub(super) struct Said {
    places: Members,
    defaults: MemberSet,
    doubtful: MemberSet,
}

impl Said {
    pub(super) const fn nothing() -> Self {
        Self { places: Members::new(), defaults: MemberSet::EMPTY, doubtful: MemberSet::EMPTY }
    }

    /// Notes what the body has for a member. False where it has been noted before.
    #[inline]
    pub(super) fn note(&mut self, member: Member, value: Value<'_>) -> bool {
        match member.form().look(value.bytes()) {
            Look::Default => self.defaults = self.defaults.with(member),
            Look::Fits => {}
            Look::Doubtful => self.doubtful = self.doubtful.with(member),
        }
        self.places.note(member as usize, value)
    }

    /// The members that the body has, null ones too.
    #[inline]
    pub(super) const fn mentioned(&self) -> MemberSet {
        MemberSet::of_bits(self.places.bits())
    }

    /// Those that it has with another value than the default.
    #[inline]
    pub(super) const fn populated(&self) -> MemberSet {
        self.mentioned().minus(self.defaults)
    }

    /// Those whose value has the wrong type, or one that a look does not tell: of what an update may set, the former alone.
    #[inline]
    pub(super) const fn doubtful(&self) -> MemberSet {
        self.doubtful
    }

    /// The value of a member in the body.
    #[inline]
    pub(super) fn value<'d>(&self, member: Member, body: &'d Document<'_>) -> Option<Value<'d>> {
        self.places.value(member as usize, body)
    }
}

//! Sets of members: who may be set, what a body mentions, what an update means and changes.

use super::{form::Form, member::Member};
use crate::engine::Writer;

/// A set of members, one bit each, so that a question about all of them costs as much as one about one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MemberSet(u32);

impl MemberSet {
    pub(super) const EMPTY: Self = Self(0);

    /// Those that an update may set.
    pub(super) const WRITABLE: Self = Self::set_by_updates(true);

    /// Those that the page marks read-only.
    pub(super) const READ_ONLY: Self = Self::set_by_updates(false);

    /// Those that are true or false.
    pub(super) const FLAGS: Self = {
        let (mut set, mut rest) = (Self::EMPTY, Member::ALL);
        while let [member, others @ ..] = rest {
            if matches!(member.form(), Form::Flag) {
                set = set.with(*member);
            }
            rest = others;
        }
        set
    };

    const fn set_by_updates(is_set: bool) -> Self {
        let (mut set, mut rest) = (Self::EMPTY, Member::ALL);
        while let [member, others @ ..] = rest {
            if matches!(member.writer(), Writer::Update) == is_set {
                set = set.with(*member);
            }
            rest = others;
        }
        set
    }

    /// Those whose bit, that of their number, is 1.
    #[inline]
    pub(super) const fn of_bits(bits: u32) -> Self {
        Self(bits)
    }

    #[inline]
    pub(super) const fn bits(self) -> u32 {
        self.0
    }

    #[inline]
    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[inline]
    pub(super) const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    #[inline]
    pub(super) const fn has(self, member: Member) -> bool {
        self.0 >> member as u32 & 1 == 1
    }

    #[inline]
    pub(super) const fn with(self, member: Member) -> Self {
        Self(self.0 | 1 << member as u32)
    }

    #[inline]
    pub(super) const fn without(self, member: Member) -> Self {
        self.minus(Self::EMPTY.with(member))
    }

    #[inline]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[inline]
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    pub(super) const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Those of the set of which something is true.
    #[inline]
    pub(super) fn filter(self, is_true: impl Fn(Member) -> bool) -> Self {
        self.iter().filter(|&member| is_true(member)).fold(Self::EMPTY, Self::with)
    }

    /// The members in the page's order.
    #[inline]
    pub(super) fn iter(self) -> impl Iterator<Item = Member> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let member = Member::ALL.get(rest.trailing_zeros() as usize).copied();
            rest &= rest.wrapping_sub(1);
            member
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_is_where_the_table_has_it() {
        for &member in Member::ALL {
            let is_set_by_updates = member.writer() == Writer::Update;
            assert_eq!(MemberSet::WRITABLE.has(member), is_set_by_updates, "{member:?}");
            assert_eq!(MemberSet::READ_ONLY.has(member), !is_set_by_updates, "{member:?}");
            assert_eq!(MemberSet::FLAGS.has(member), matches!(member.form(), Form::Flag), "{member:?}");
        }
    }

    #[test]
    fn a_member_is_in_a_set_once() {
        for &member in Member::ALL {
            let set = MemberSet::EMPTY.with(member);
            assert!(set.has(member) && set.len() == 1 && set.with(member).bits() == set.bits());
            assert!(set.with(member).without(member).is_empty());
        }
    }
}

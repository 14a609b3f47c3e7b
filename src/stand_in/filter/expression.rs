//! What a filter says, and whether a user is one that it means.

use std::cmp::Ordering;

use super::{
    pattern::{Folded, Pattern},
    seen::Seen,
};
use crate::stand_in::field::{Field, Got};

/// A filter that was read, or a part of it.
#[derive(Debug)]
pub(super) enum Expression {
    /// Each of these.
    All(Vec<Expression>),
    /// One of these at least.
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Is(Restriction),
    /// A value that stands alone: one of the texts has it.
    Says(Folded),
}

/// What a filter asks of a field.
#[derive(Debug)]
pub(super) struct Restriction {
    pub(super) field: Field,
    pub(super) wanted: Wanted,
}

#[derive(Debug)]
pub(super) enum Wanted {
    /// `field:*`: that it is there, and not the default of its form.
    Present,
    /// A text, with wildcards: or, where the flag is set, another one.
    Matching(Pattern, bool),
    /// `:` of a text.
    Containing(Folded),
    Compared(Comparison, Got<'static>),
}

/// How two values are to stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

impl Expression {
    pub(super) fn takes(&self, user: &Seen<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.takes(user)),
            Self::Any(parts) => parts.iter().any(|part| part.takes(user)),
            Self::Not(part) => !part.takes(user),
            Self::Is(restriction) => restriction.holds(user),
            Self::Says(pattern) => {
                Field::TEXTS.iter().any(|&field| user.folded(field).is_some_and(|text| pattern.is_in(text)))
            }
        }
    }
}

impl Restriction {
    /// A field that is not there is not another value: AIP-160 has a path with nothing at its end match nothing, `!=` too.
    fn holds(&self, user: &Seen<'_>) -> bool {
        let Some(got) = user.got(self.field) else { return false };
        match (&self.wanted, got) {
            (Wanted::Present, got) => !got.is_default(),
            (Wanted::Matching(pattern, another), Got::Text(text)) => pattern.is(text) != *another,
            (Wanted::Containing(pattern), _) => user.folded(self.field).is_some_and(|text| pattern.is_in(text)),
            (Wanted::Compared(how, wanted), got) => got.order(wanted).is_some_and(|order| how.holds(order)),
            (Wanted::Matching(..), _) => false,
        }
    }
}

use std::{borrow::Cow, fmt};

use super::Rule;
use crate::engine::{Fault, Malformed, Pointer};

/// What a room's enum of refusals can say of itself: one variant a rule.
pub trait Refuses: Copy + Eq + fmt::Debug + 'static {
    /// The rule that refuses.
    fn rule(self) -> &'static Rule;

    /// The refusal of a body that cannot be read.
    fn of_body(fault: Fault) -> Self;
}

/// One reason why a patch is refused, and where.
///
/// `Display` names the rule and the place, never a value of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation<R> {
    refusal: R,
    pointer: Pointer,
    message: Cow<'static, str>,
}

impl<R: Refuses> Violation<R> {
    /// The rule's own words, at a place.
    pub(crate) fn new(refusal: R, pointer: Pointer) -> Self {
        Self { refusal, pointer, message: Cow::Borrowed(refusal.rule().says) }
    }

    /// Words closer to the case than the rule's own.
    pub(crate) fn saying(refusal: R, pointer: Pointer, message: &'static str) -> Self {
        Self { refusal, pointer, message: Cow::Borrowed(message) }
    }

    /// Which of the room's refusals this is.
    pub fn refusal(&self) -> R {
        self.refusal
    }

    /// The rule that is broken.
    pub fn rule(&self) -> &'static Rule {
        self.refusal.rule()
    }

    /// The member of the body that breaks it, under the page's name for it (a member that comes twice: under the second of
    /// its spellings); the whole body where no single member does.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// What is wrong, for a person.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl<R: Refuses> fmt::Display for Violation<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(f, "{}: {}", self.rule().id, self.message),
            _ => write!(f, "{} at {}: {}", self.rule().id, self.pointer, self.message),
        }
    }
}

/// Every reason why a patch is refused: at least one, ordered by JSON Pointer and then by rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations<R>(Vec<Violation<R>>);

impl<R: Refuses> Violations<R> {
    /// `Ok` where nothing was found.
    pub(crate) fn of(mut found: Vec<Violation<R>>) -> Result<(), Self> {
        if found.is_empty() {
            return Ok(());
        }
        found.sort_by(|one, other| (&one.pointer, one.rule().id).cmp(&(&other.pointer, other.rule().id)));
        Err(Self(found))
    }

    /// About how long a reply is that tells of each place and message once or twice, so that it is allocated once.
    pub(crate) fn room(&self) -> usize {
        let texts = self.0.iter().map(|violation| violation.pointer.as_str().len() + violation.message.len());
        256 + texts.map(|length| 48 + 2 * length).sum::<usize>()
    }

    /// The violations in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation<R>> {
        self.0.iter()
    }
}

/// A body that cannot be read breaks exactly one rule: there is nothing to hold the others against.
impl<R: Refuses> From<Malformed> for Violations<R> {
    fn from(wrong: Malformed) -> Self {
        let message = Cow::Owned(wrong.to_string());
        Self(vec![Violation { refusal: R::of_body(wrong.fault()), pointer: wrong.pointer().clone(), message }])
    }
}

impl<'v, R: Refuses> IntoIterator for &'v Violations<R> {
    type Item = &'v Violation<R>;
    type IntoIter = std::slice::Iter<'v, Violation<R>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<R: Refuses> fmt::Display for Violations<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, violation) in self.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl<R: Refuses> std::error::Error for Violations<R> {}

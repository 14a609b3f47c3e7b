use std::fmt;

use super::Rule;
use crate::engine::Pointer;

/// Something that an accepted patch said and that had no effect, or an effect that it did not mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    rule: &'static Rule,
    pointer: Pointer,
}

impl Notice {
    pub(crate) const fn new(rule: &'static Rule, pointer: Pointer) -> Self {
        Self { rule, pointer }
    }

    /// Puts notices in the order of their pointers, and then of their rules.
    pub(crate) fn sort(notices: &mut [Self]) {
        notices.sort_by(|one, other| (&one.pointer, one.rule.id).cmp(&(&other.pointer, other.rule.id)));
    }

    /// The rule by which it is so.
    pub const fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// The member it is about.
    pub const fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// What happened, for a person.
    pub const fn message(&self) -> &'static str {
        self.rule.says
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(f, "{}: {}", self.rule.id, self.message()),
            _ => write!(f, "{} at {}: {}", self.rule.id, self.pointer, self.message()),
        }
    }
}

use std::{borrow::Cow, fmt};

use super::Rule;
use crate::engine::Pointer;

/// A rule that spoke, where, and what it said: what violations, notices and reasons have in common.
///
/// `Display` names the rule and the place, never a value of a request or of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    rule: &'static Rule,
    pointer: Pointer,
    message: Cow<'static, str>,
}

impl Finding {
    /// The rule's own words, at a place.
    pub(crate) const fn new(rule: &'static Rule, pointer: Pointer) -> Self {
        Self { rule, pointer, message: Cow::Borrowed(rule.says) }
    }

    /// Words closer to the case than the rule's own.
    pub(crate) fn saying(rule: &'static Rule, pointer: Pointer, message: impl Into<Cow<'static, str>>) -> Self {
        Self { rule, pointer, message: message.into() }
    }

    /// The rule.
    pub const fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// The member it is about, under the page's name for it; the whole where it is about no single member.
    pub const fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// What it says, for a person.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Findings come in the order of their pointers, and then of their rules.
    fn order(&self) -> (&Pointer, &'static str) {
        (&self.pointer, self.rule.id)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(f, "{}: {}", self.rule.id, self.message),
            _ => write!(f, "{} at {}: {}", self.rule.id, self.pointer, self.message),
        }
    }
}

/// What a list of findings is made of.
pub(super) trait Found {
    fn finding(&self) -> &Finding;
}

impl Found for Finding {
    fn finding(&self) -> &Finding {
        self
    }
}

/// How many entries a list has at most. A body may break a rule once for every few bytes, and a reply that told of each would
/// be many times as long as the request.
pub const LISTED_MAX: usize = 256;

/// Findings in their order, the first [`LISTED_MAX`] of them, and how many more there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List<T> {
    kept: Vec<T>,
    omitted: usize,
}

impl<T: Found> List<T> {
    pub const fn new() -> Self {
        Self { kept: Vec::new(), omitted: 0 }
    }

    pub fn push(&mut self, found: T) {
        // Twice as many as are kept, so that they are put in order once in as many.
        if self.kept.len() == 2 * LISTED_MAX {
            self.settle();
        }
        self.kept.push(found);
    }

    /// Puts the list in its order and drops what is too much.
    fn settle(&mut self) {
        self.kept.sort_by(|one, other| one.finding().order().cmp(&other.finding().order()));
        self.omitted += self.kept.len().saturating_sub(LISTED_MAX);
        self.kept.truncate(LISTED_MAX);
    }

    /// The list in its order.
    pub fn settled(mut self) -> Self {
        if self.kept.len() > 1 {
            self.settle();
        }
        self
    }

    pub fn entries(&self) -> &[T] {
        &self.kept
    }

    pub const fn omitted(&self) -> usize {
        self.omitted
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

impl<T: Found + fmt::Display> fmt::Display for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, found) in self.kept.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{found}")?;
        }
        match self.omitted {
            0 => Ok(()),
            more => write!(f, "; {}", AndMore(more)),
        }
    }
}

/// How many entries a list leaves out, in the words of a reply.
pub(crate) struct AndMore(pub usize);

impl fmt::Display for AndMore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "and {} more", self.0)
    }
}

/// What an accepted update ignored or did unasked, or why no update gets somewhere: in the order of the pointers, and then of
/// the rules; the first 256 of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings(List<Finding>);

impl Findings {
    pub(crate) const fn new() -> Self {
        Self(List::new())
    }

    pub(crate) fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// The same, in their order, those that say the same of the same place once.
    pub(crate) fn settled(self) -> Self {
        if self.is_empty() {
            return self;
        }
        let mut list = self.0.settled();
        list.kept.dedup_by(|one, other| one.order() == other.order());
        Self(list)
    }

    /// How many there are in the list.
    pub fn len(&self) -> usize {
        self.0.entries().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many more there were than the list has.
    pub const fn omitted(&self) -> usize {
        self.0.omitted()
    }

    /// The first.
    pub fn first(&self) -> Option<&Finding> {
        self.0.entries().first()
    }

    /// Whether a rule is among them, by its id.
    pub fn contains(&self, rule: &str) -> bool {
        self.iter().any(|finding| finding.rule().id == rule)
    }

    /// The findings in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.entries().iter()
    }
}

impl Default for Findings {
    fn default() -> Self {
        Self::new()
    }
}

impl<'f> IntoIterator for &'f Findings {
    type Item = &'f Finding;
    type IntoIter = std::slice::Iter<'f, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

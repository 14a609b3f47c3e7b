use std::{borrow::Cow, fmt};

use super::{
    ErrorCode, Finding, Rule,
    finding::{AndMore, Found, List},
};
use crate::engine::{Fault, Malformed, Pointer};

/// What a vendor's enum of refusals can say of itself: one variant a rule.
///
/// ```
/// use user_patch::{elastic::Refusal, report::Refuses};
///
/// assert_eq!(Refusal::Restricted.rule().id, "elastic.restricted");
/// assert!(Refusal::ALL.len() > 10);
/// ```
pub trait Refuses: Copy + Eq + std::hash::Hash + fmt::Debug + Send + Sync + 'static {
    /// Every refusal.
    const ALL: &'static [Self];
    /// How the vendor tells its errors apart.
    type Code: ErrorCode;

    /// The code that the vendor answers with.
    fn code(self) -> Self::Code;

    /// The HTTP status that the vendor answers with.
    fn status(self) -> u16 {
        self.code().status()
    }

    /// The rule that refuses.
    fn rule(self) -> &'static Rule;

    /// The refusal of a body that cannot be read.
    fn of_body(fault: Fault) -> Self;
}

/// One reason why an update is refused, and where.
///
/// `Display` names the rule and the place, never a value of the request.
///
/// ```
/// use user_patch::elastic::{Context, Patch, Refusal, User};
///
/// let user = User::from_json(br#"{"user_name":"ada","security":{}}"#)?;
/// let ctx = Context::default();
/// let violations = Patch::parse(br#"{"builtin":true}"#, &ctx)?.check(&user, &ctx).unwrap_err();
/// let violation = violations.first().unwrap();
/// assert_eq!((violation.refusal(), violation.pointer().as_str()), (Refusal::Restricted, "/builtin"));
/// assert_eq!(violation.rule().basis.name(), "stated");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation<R> {
    refusal: R,
    finding: Finding,
}

impl<R: Refuses> Violation<R> {
    /// The rule's own words, at a place.
    pub(crate) fn new(refusal: R, pointer: Pointer) -> Self {
        Self { refusal, finding: Finding::new(refusal.rule(), pointer) }
    }

    /// Words closer to the case than the rule's own.
    pub(crate) fn saying(refusal: R, pointer: Pointer, message: impl Into<Cow<'static, str>>) -> Self {
        Self { refusal, finding: Finding::saying(refusal.rule(), pointer, message) }
    }

    /// Which of the vendor's refusals this is.
    pub fn refusal(&self) -> R {
        self.refusal
    }

    /// The rule that is broken.
    pub fn rule(&self) -> &'static Rule {
        self.finding.rule()
    }

    /// The member of the body that breaks it, under the page's name for it (a member that comes twice: under the second of
    /// its spellings); the whole body where no single member does.
    pub fn pointer(&self) -> &Pointer {
        self.finding.pointer()
    }

    /// What is wrong, for a person.
    pub fn message(&self) -> &str {
        self.finding.message()
    }

    /// Rule, place and message.
    pub const fn finding(&self) -> &Finding {
        &self.finding
    }
}

impl<R> Found for Violation<R> {
    fn finding(&self) -> &Finding {
        &self.finding
    }
}

impl<R: Refuses> fmt::Display for Violation<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.finding.fmt(f)
    }
}

/// Every reason why an update is refused: at least one, ordered by JSON Pointer and then by rule; the first 256 of them.
///
/// ```
/// use user_patch::fireworks::{Context, Patch, Refusal, User};
///
/// let user = User::from_json(br#"{"role":"user"}"#)?;
/// let ctx = Context::default();
/// let violations = Patch::parse(br#"{"role":"root","email":5}"#, &ctx)?.check(&user, &ctx).unwrap_err();
/// assert_eq!(violations.len(), 2);
/// assert!(violations.contains(Refusal::WrongType));
/// assert_eq!(violations.omitted(), 0);
/// for violation in &violations {
///     println!("{violation}"); // The rule and the place, never a value.
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations<R>(List<Violation<R>>);

/// Violations while they are looked for.
pub(crate) struct Search<R>(List<Violation<R>>, String);

impl<R: Refuses> Search<R> {
    pub(crate) const fn new() -> Self {
        Self(List::new(), String::new())
    }

    pub(crate) fn refuse(&mut self, refusal: R, pointer: Pointer) {
        self.0.push(Violation::new(refusal, pointer));
    }

    /// As [`refuse`](Self::refuse), at a member of a place. Of many, those that the list has no room for are only counted.
    pub(crate) fn refuse_member(&mut self, refusal: R, place: &Pointer, name: &str) {
        match self.0.last_place() {
            Some(last) if place.child_is_behind(name, last, &mut self.1) => self.0.omit(1),
            Some(_) | None => self.refuse(refusal, place.child(name)),
        }
    }

    pub(crate) fn refuse_saying(&mut self, refusal: R, pointer: Pointer, message: impl Into<Cow<'static, str>>) {
        self.0.push(Violation::saying(refusal, pointer, message));
    }

    /// The verdict where there is one more to be told.
    pub(crate) fn refused(mut self, refusal: R, pointer: Pointer) -> Violations<R> {
        self.refuse(refusal, pointer);
        Violations(self.0.settled())
    }

    /// Counts violations that come behind all that a list has room for.
    pub(crate) fn omit(&mut self, violations: usize) {
        self.0.omit(violations);
    }

    /// As [`refused`](Self::refused), with words closer to the case.
    pub(crate) fn refused_saying(mut self, refusal: R, pointer: Pointer, message: &'static str) -> Violations<R> {
        self.refuse_saying(refusal, pointer, message);
        Violations(self.0.settled())
    }

    /// Whether nothing was found yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` where nothing was found.
    pub(crate) fn verdict(self) -> Result<(), Violations<R>> {
        if self.0.is_empty() { Ok(()) } else { Err(Violations(self.0.settled())) }
    }
}

impl<R: Refuses> Violations<R> {
    /// The one violation that is told alone.
    pub(crate) fn one(refusal: R, pointer: Pointer) -> Self {
        let mut search = List::new();
        search.push(Violation::new(refusal, pointer));
        Self(search)
    }

    /// About how long a reply is that tells of each place and message once or twice, so that it is allocated once.
    pub(crate) fn room(&self) -> usize {
        let texts = self.iter().map(|violation| violation.pointer().as_str().len() + violation.message().len());
        256 + texts.map(|length| 48 + 2 * length).sum::<usize>()
    }

    /// How many there are in the list: at least one.
    #[allow(clippy::len_without_is_empty)] // It never is.
    pub fn len(&self) -> usize {
        self.0.entries().len()
    }

    /// How many more there were than the list has.
    pub const fn omitted(&self) -> usize {
        self.0.omitted()
    }

    /// How the list ends where some were left out.
    pub(crate) fn and_more(&self) -> Option<AndMore> {
        (self.omitted() > 0).then(|| AndMore(self.omitted()))
    }

    /// The first.
    pub fn first(&self) -> Option<&Violation<R>> {
        self.0.entries().first()
    }

    /// Whether a refusal is among them.
    pub fn contains(&self, refusal: R) -> bool {
        self.iter().any(|violation| violation.refusal() == refusal)
    }

    /// The violations in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation<R>> {
        self.0.entries().iter()
    }
}

/// A body that cannot be read breaks exactly one rule: there is nothing to hold the others against.
impl<R: Refuses> From<Malformed> for Violations<R> {
    fn from(wrong: Malformed) -> Self {
        let mut search = List::new();
        search.push(Violation::saying(R::of_body(wrong.fault()), wrong.pointer().clone(), wrong.to_string()));
        Self(search)
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
        self.0.fmt(f)
    }
}

impl<R: Refuses> std::error::Error for Violations<R> {}

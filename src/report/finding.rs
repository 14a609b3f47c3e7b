use std::{borrow::Cow, fmt};

use super::Rule;
use crate::engine::Pointer;

/// A rule that spoke, where, and what it said: what violations, notices and reasons have in common.
///
/// `Display` names the rule and the place, never a value of a request or of a user.
///
/// ```
/// use user_patch::fireworks::{Context, Patch, User};
///
/// let user = User::from_json(br#"{"role":"user"}"#)?;
/// let ctx = Context::default();
/// let notices = Patch::parse(br#"{"role":"admin","state":"READY"}"#, &ctx)?.check(&user, &ctx)?;
/// let notice = notices.first().unwrap();
/// assert_eq!((notice.rule().id, notice.pointer().as_str()), ("fireworks.read_only.ignored", "/state"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

    /// Whether a list has this entry once where another is of the same place and the same rule.
    const IS_TOLD_ONCE: bool = false;
}

impl Found for Finding {
    const IS_TOLD_ONCE: bool = true;

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
    pub(super) const fn new() -> Self {
        Self { kept: Vec::new(), omitted: 0 }
    }

    pub(super) fn push(&mut self, found: T) {
        // Twice as many as are kept, so that they are put in order once in as many.
        if self.kept.len() >= 2 * LISTED_MAX {
            self.settle();
        }
        self.kept.push(found);
    }

    /// Puts the list in its order and drops what is too much.
    fn settle(&mut self) {
        // Mostly it is: who finds something looks at the members in the order of their pointers.
        if self.kept.len() <= LISTED_MAX
            && self.kept.is_sorted_by(|one, next| one.finding().order() < next.finding().order())
        {
            return;
        }
        self.kept.sort_by(|one, other| one.finding().order().cmp(&other.finding().order()));
        if T::IS_TOLD_ONCE {
            self.kept.dedup_by(|one, other| one.finding().order() == other.finding().order());
        }
        self.omitted += self.kept.len().saturating_sub(LISTED_MAX);
        self.kept.truncate(LISTED_MAX);
    }

    /// The last place that the list has room for, once it is full.
    pub(super) fn last_place(&self) -> Option<&Pointer> {
        let is_full = self.omitted > 0;
        self.kept.get(LISTED_MAX - 1).filter(|_| is_full).map(|found| found.finding().pointer())
    }

    /// Counts entries that come behind all that the list has room for.
    pub(super) fn omit(&mut self, entries: usize) {
        self.omitted += entries;
    }

    /// The list in its order.
    pub(super) fn settled(mut self) -> Self {
        if self.kept.len() > 1 {
            self.settle();
        }
        self
    }

    pub(super) fn entries(&self) -> &[T] {
        &self.kept
    }

    pub(super) const fn omitted(&self) -> usize {
        self.omitted
    }

    pub(super) fn is_empty(&self) -> bool {
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
///
/// ```
/// use user_patch::fireworks::{Context, Patch, User};
///
/// let user = User::from_json(br#"{"role":"user"}"#)?;
/// let ctx = Context::default();
/// let notices = Patch::parse(br#"{"role":"admin","state":"READY","createTime":null}"#, &ctx)?.check(&user, &ctx)?;
/// assert_eq!((notices.len(), notices.omitted()), (2, 0));
/// assert!(notices.contains("fireworks.read_only.ignored"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
        if self.is_empty() { self } else { Self(self.0.settled()) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Basis, Effect, ErrorCode, Refuses, Search, Violations};

    static FIRST: Rule = rule("sample.first");
    static SECOND: Rule = rule("sample.second");

    const fn rule(id: &'static str) -> Rule {
        Rule { id, says: "says it", effect: Effect::Refuses, basis: Basis::Chosen { reason: "a sample" }, page: "none" }
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    enum Refusal {
        First,
        Second,
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    struct Code;

    impl std::fmt::Display for Code {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("sample")
        }
    }

    impl ErrorCode for Code {
        const ALL: &'static [Self] = &[Self];

        fn status(self) -> u16 {
            400
        }

        fn of_text(text: &str) -> Option<Self> {
            (text == "sample").then_some(Self)
        }
    }

    impl Refuses for Refusal {
        const ALL: &'static [Self] = &[Self::First, Self::Second];
        type Code = Code;

        fn code(self) -> Code {
            Code
        }

        fn rule(self) -> &'static Rule {
            match self {
                Self::First => &FIRST,
                Self::Second => &SECOND,
            }
        }

        fn of_body(_: crate::engine::Fault) -> Self {
            Self::First
        }
    }

    fn at(number: usize) -> Pointer {
        Pointer::root().child(&format!("{number:05}"))
    }

    /// Every number below `count` once, in an order of its own.
    fn mixed(count: usize) -> impl Iterator<Item = usize> {
        // Neither 3 nor 5 divides 7,919.
        (0..count).map(move |step| (step * 7_919 + 17) % count)
    }

    fn findings(numbers: impl Iterator<Item = usize>) -> Findings {
        let mut findings = Findings::new();
        findings.extend(numbers.map(|number| Finding::new(&FIRST, at(number))));
        findings.settled()
    }

    fn violations(numbers: impl Iterator<Item = usize>) -> Violations<Refusal> {
        let mut search = Search::new();
        numbers.for_each(|number| search.refuse(Refusal::First, at(number)));
        search.verdict().unwrap_err()
    }

    /// As [`violations`], told as members of a place: those that the list has no room for are only counted.
    fn of_members(numbers: impl Iterator<Item = usize>) -> Violations<Refusal> {
        let mut search = Search::new();
        numbers.for_each(|number| search.refuse_member(Refusal::First, &Pointer::root(), &format!("{number:05}")));
        search.verdict().unwrap_err()
    }

    #[test]
    fn a_list_has_the_first_256_in_their_order_and_tells_of_the_rest() {
        for count in [1, 2, 255, 256, 257, 500, 511, 512, 513, 768, 1000, 3000] {
            let (kept, omitted) = (count.min(LISTED_MAX), count - count.min(LISTED_MAX));
            let expected: Vec<_> = (0..kept).map(at).collect();
            // The largest come first, so that the least is where the list would have its last, or behind what it keeps.
            let behind = |largest: usize| (0..count).map(|step| (step + count - largest.min(count)) % count).collect();
            let orders: [Vec<_>; 4] =
                [(0..count).rev().collect(), mixed(count).collect(), behind(LISTED_MAX - 1), behind(2 * LISTED_MAX)];
            for order in orders {
                let numbers = || order.iter().copied();
                let list = findings(numbers());
                assert_eq!((list.len(), list.omitted()), (kept, omitted));
                assert_eq!(list.iter().map(|finding| finding.pointer().clone()).collect::<Vec<_>>(), expected);
                for list in [violations(numbers()), of_members(numbers())] {
                    assert_eq!((list.len(), list.omitted()), (kept, omitted));
                    assert_eq!(list.iter().map(|violation| violation.pointer().clone()).collect::<Vec<_>>(), expected);
                }
            }
        }
    }

    #[test]
    fn the_order_is_that_of_the_places_and_then_of_the_rules() {
        let mut list = Findings::new();
        for (rule, name) in [(&SECOND, "b"), (&FIRST, "b"), (&SECOND, "a"), (&FIRST, "a/b"), (&FIRST, "")] {
            list.push(Finding::new(rule, Pointer::root().child(name)));
        }
        list.push(Finding::new(&SECOND, Pointer::root()));
        assert_eq!(
            list.settled().to_string(),
            "sample.second: says it; sample.first at /: says it; sample.second at /a: says it; \
             sample.first at /a~1b: says it; sample.first at /b: says it; sample.second at /b: says it"
        );
    }

    #[test]
    fn a_rule_says_the_same_of_a_place_once() {
        let mut list = Findings::new();
        list.push(Finding::saying(&FIRST, at(1), "in one way"));
        list.push(Finding::new(&SECOND, at(1)));
        list.push(Finding::saying(&FIRST, at(1), "in another"));
        let list = list.settled();
        assert_eq!(list.iter().map(Finding::message).collect::<Vec<_>>(), ["in one way", "says it"]);
        assert_eq!(list.omitted(), 0);
        for times in [2, 256, 257, 10_000] {
            let list = findings(std::iter::repeat_n(1, times));
            assert_eq!((list.len(), list.omitted()), (1, 0), "{times} times");
        }
    }

    /// Were repetitions counted first, they would push others out of the list and be counted as what it leaves out.
    #[test]
    fn repetitions_take_no_room_in_a_list() {
        for count in [200, 256, 300] {
            let list = findings(mixed(count).chain(mixed(count)));
            assert_eq!(
                list.iter().map(|finding| finding.pointer().clone()).collect::<Vec<_>>(),
                (0..count.min(256)).map(at).collect::<Vec<_>>()
            );
        }
        assert_eq!(findings(mixed(256).chain(mixed(256)).chain(mixed(256))).omitted(), 0);
    }

    #[test]
    fn a_list_says_how_many_it_leaves_out() {
        assert!(findings(mixed(300)).to_string().ends_with("; sample.first at /00255: says it; and 44 more"));
        assert!(violations(mixed(300)).to_string().ends_with("; sample.first at /00255: says it; and 44 more"));
        assert_eq!(violations(mixed(300)).and_more().unwrap().to_string(), "and 44 more");
        assert!(violations(mixed(256)).and_more().is_none());
        assert_eq!(findings(mixed(1)).to_string(), "sample.first at /00000: says it");
    }

    #[test]
    fn a_list_knows_its_rules() {
        let list = findings(mixed(3));
        assert!(list.contains("sample.first") && !list.contains("sample.second"));
        assert_eq!(list.first().unwrap().pointer(), &at(0));
        assert!(Findings::default().is_empty() && Findings::default().first().is_none());
        let violations = violations(mixed(3));
        assert!(violations.contains(Refusal::First) && !violations.contains(Refusal::Second));
        assert!(Search::<Refusal>::new().verdict().is_ok());
    }
}

//! What grows: shapes of users and bodies at any number of members, and the verbs of the crate on them.
//!
//! `cargo bench --bench instructions` counts each row's instructions at some sizes, `tests/allocations.rs` its bytes,
//! `tests/growth` takes single shapes at the size at which they were a fault once. [`verbs`] alone names what the crate has;
//! [`shapes`] and [`special`] make texts, [`cover`] chooses the rows.

pub(crate) mod cover;
pub(crate) mod shapes;
pub(crate) mod special;
pub(crate) mod verbs;

use std::fmt;

use shapes::Shape;
use special::Special;
pub(crate) use user_patch::vendor::Vendor;

/// What is done to a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verb {
    /// The body, with its mask where it has one, to a patch.
    Parse,
    /// The patch and the user to a verdict.
    Check,
    /// The patch and the user to the changed user.
    Apply,
    /// The changed user, or the violations, to the reply.
    Reply,
    /// The stored text and the body to the text to store and the reply.
    Store,
    /// The stored text to a user.
    FromJson,
    /// The user to its text.
    ToJson,
    /// Two users to the patch between them, or to the reasons why there is none.
    Diff,
    /// Two patches to one.
    Then,
    /// A patch moved to the user that somebody else has changed.
    Rebase,
    /// Two users to the operations between them.
    Audit,
    /// These operations to their text.
    AuditToJson,
    /// Two users to the patch that leads back.
    Undo,
    /// The patch to its text.
    PatchToJson,
    /// The text of a field mask to the mask.
    Mask,
    /// The body to a new user.
    Create,
}

impl Verb {
    pub(crate) const ALL: [Self; 16] = [
        Self::Parse,
        Self::Check,
        Self::Apply,
        Self::Reply,
        Self::Store,
        Self::FromJson,
        Self::ToJson,
        Self::Diff,
        Self::Then,
        Self::Rebase,
        Self::Audit,
        Self::AuditToJson,
        Self::Undo,
        Self::PatchToJson,
        Self::Mask,
        Self::Create,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Check => "check",
            Self::Apply => "apply",
            Self::Reply => "reply",
            Self::Store => "store",
            Self::FromJson => "from_json",
            Self::ToJson => "to_json",
            Self::Diff => "diff",
            Self::Then => "then",
            Self::Rebase => "rebase",
            Self::Audit => "audit",
            Self::AuditToJson => "audit-to_json",
            Self::Undo => "undo",
            Self::PatchToJson => "patch-to_json",
            Self::Mask => "mask",
            Self::Create => "create",
        }
    }
}

/// How a verb ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Done,
    /// By a check.
    Refused,
    /// By a diff: no patch makes the one user of the other.
    Unreachable,
    /// By a rebase: both changed the same member.
    Conflict,
    /// By the text of a field mask: it is none.
    NoMask,
}

/// The texts of a shape at one size.
#[derive(Clone)]
pub(crate) struct Texts {
    pub vendor: Vendor,
    /// The stored user.
    pub user: String,
    /// The body of the update.
    pub body: String,
    /// The body of a second update, for `then`.
    pub next: String,
    /// The user after the update, for `diff` and `audit`.
    pub after: String,
    /// What somebody else has made of the user, for `rebase`.
    pub theirs: String,
    /// The update mask; empty for none.
    pub mask: String,
    pub context: String,
    /// How reading the body ends; `None` where it is open whether this or the check refuses.
    pub parsed: Option<Verdict>,
    /// How a check ends, and what begins with one.
    pub checked: Option<Verdict>,
    /// How a diff ends.
    pub compared: Option<Verdict>,
    pub rebased: Option<Verdict>,
    pub masked: Option<Verdict>,
}

impl Texts {
    /// The bytes that a verb is given.
    pub(crate) fn given(&self, verb: Verb) -> usize {
        let Self { user, body, next, after, theirs, mask, .. } = self;
        let texts: &[&String] = match verb {
            Verb::Parse | Verb::PatchToJson | Verb::Create => &[body, mask],
            Verb::Check | Verb::Apply | Verb::Reply | Verb::Store => &[body, mask, user],
            Verb::FromJson | Verb::ToJson => &[user],
            Verb::Diff | Verb::Undo | Verb::Audit | Verb::AuditToJson => &[user, after],
            Verb::Then => &[body, next, mask],
            Verb::Rebase => &[user, body, mask, theirs],
            Verb::Mask => &[mask],
        };
        texts.iter().map(|text| text.len()).sum()
    }

    /// How the verb has to end.
    pub(crate) fn expected(&self, verb: Verb) -> Option<Verdict> {
        match verb {
            Verb::Parse => self.parsed,
            Verb::Check | Verb::Apply | Verb::Reply | Verb::Store | Verb::Create => self.checked,
            Verb::Diff => self.compared,
            Verb::Rebase => self.rebased,
            Verb::Mask => self.masked,
            _ => Some(Verdict::Done),
        }
    }
}

/// A verb on a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub verb: Verb,
    pub shape: Shape,
}

impl Row {
    /// Every row: the cover of all pairs, then the shapes that are there for a reason of their own.
    pub(crate) fn all() -> Vec<Self> {
        let mut rows = cover::rows();
        rows.extend(
            Special::ALL.iter().flat_map(|special| {
                special.verbs.iter().map(move |&verb| Self { verb, shape: Shape::Special(special) })
            }),
        );
        rows
    }

    /// The row that is shown like this.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let (verb, shape) = name.split_once(' ')?;
        let verb = Verb::ALL.into_iter().find(|known| known.name() == verb)?;
        Some(Self { verb, shape: Shape::named(shape)? })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb.name(), self.shape)
    }
}

//! What the laws know of a vendor's page beside the verbs: read naively, without a thought for speed.

use std::collections::BTreeSet;

use user_patch::{engine::Limits, vendor::UpdateModel};

use super::{Request, tree::Tree};

/// A value that breaks a rule: where, and the rule's id.
pub(crate) type Fault = (String, &'static str);

/// The page of a vendor.
pub(crate) trait Page: UpdateModel {
    /// The members of a user that the page names.
    const DOCUMENTED: &'static [&'static str];
    /// The objects whose members have places of their own, as pointers: what lies below is one value.
    const PLACES: &'static [&'static str];
    /// What the vendor keeps by itself.
    const KEPT: &'static [&'static [&'static str]];
    /// Where a user has the time of its last update.
    const UPDATED: &'static [&'static str];
    /// The statuses that a refusal can have.
    const STATUSES: &'static [u16];
    /// Whether the empty patch and any other are one.
    const EMPTY_IS_NEUTRAL: bool = true;

    /// The limits of the policy.
    fn limits(ctx: &Self::Context) -> Limits;

    /// The same context with other limits.
    fn limited(ctx: &Self::Context, limits: Limits) -> Self::Context;

    /// The same context without what the vendor would note of the update: its time, and who it is by.
    fn at_no_time(ctx: &Self::Context) -> Self::Context;

    /// Whether the caller may update the user at all.
    fn is_allowed(ctx: &Self::Context) -> bool;

    /// A user as a document in which what `User: Eq` holds to be equal is equal.
    fn meaning(user: Tree) -> Tree {
        user
    }

    /// Whether a value of a member stands for nothing, so that it need not be kept.
    fn is_nothing(value: &Tree) -> bool {
        [Tree::Null, Tree::string("")].contains(value)
    }

    /// What of a user an audit shows.
    fn audited(user: Tree) -> Tree {
        user
    }

    /// The user with what the vendor notes of an update that changed something.
    fn stamped(user: Tree, ctx: &Self::Context) -> Tree;

    /// What an accepted update without a clock makes of a user.
    fn result(before: &Tree, request: &Said, ctx: &Self::Context) -> Tree;

    /// The values of a user that break a rule.
    fn faults(user: &Tree, ctx: &Self::Context) -> BTreeSet<Fault>;

    /// What of a user may be sent back as it stands, by paths. A body may have any of them, and each with what it `needs`.
    /// None where no body can be made of a part alone.
    fn repeatable(user: &Tree, ctx: &Self::Context) -> Option<Repeatable>;

    /// An update that leaves no fault, where there is one.
    fn mending(user: &Tree, ctx: &Self::Context) -> Option<Request>;

    /// Whether a rule may keep a diff from leading back to a user `there`, which an accepted update has left for `here`.
    fn is_one_way(rule: &str, here: &Tree, there: &Tree, ctx: &Self::Context) -> bool;

    /// Whether the empty body changes nothing, and a body nothing that it does not mention.
    fn empty_is_nothing(_ctx: &Self::Context) -> bool {
        true
    }

    /// Whether a body without a mask means the members that it has, and no others.
    fn means_what_it_has(_ctx: &Self::Context) -> bool {
        true
    }

    /// Whether a reply to an accepted update is the user as it is stored.
    fn replies_as_stored(_ctx: &Self::Context) -> bool {
        true
    }
}

/// What an update says: its body under the page's names, and its mask.
pub(crate) struct Said {
    pub body: Tree,
    pub mask: String,
}

/// What of a user may be sent back.
#[derive(Default)]
pub(crate) struct Repeatable {
    /// Places of which a body may have any.
    pub any: Vec<Vec<String>>,
    /// Places that every body has to have.
    pub all: Vec<Vec<String>>,
}

/// The members of an object, as places.
pub(crate) fn members(user: &Tree) -> impl Iterator<Item = Vec<String>> {
    user.members().into_iter().flat_map(|members| members.keys().map(|name| vec![name.clone()]))
}

//! The laws, each of them once: what is true of every user, every update and every context of a vendor.
//!
//! A law is a function of texts and says nothing of where they come from. `tests/laws` tries each on the strategies of
//! the library, `fuzz` on arbitrary bytes; both include this module, so nothing here may need more than the library, `serde_json`
//! and `json_patch`. [`every_law!`] lists them: one that is not in the list is dead code to the compiler.
#![allow(dead_code)] // Each of the two uses a part of what is here.

use std::fmt;

use user_patch::{
    engine::Limits,
    report::{Applied, Violations},
    vendor::UpdateModel,
};

/// Ends a law with what is wrong, unless something holds.
macro_rules! ensure {
    ($holds:expr) => {
        ensure!($holds, "{}", stringify!($holds))
    };
    ($holds:expr, $($told:tt)+) => {
        if !$holds {
            return Err(format!($($told)+));
        }
    };
}

/// Ends a law with what is wrong, unless two values are equal.
macro_rules! ensure_eq {
    ($one:expr, $other:expr $(,)?) => {
        ensure_eq!($one, $other, "{} == {}", stringify!($one), stringify!($other))
    };
    ($one:expr, $other:expr, $($told:tt)+) => {
        match (&$one, &$other) {
            (one, other) => ensure!(*one == *other, "{}\n  left: {one:?}\n right: {other:?}", format_args!($($told)+)),
        }
    };
}

/// Ends a law with what is wrong, unless two values differ.
macro_rules! ensure_ne {
    ($one:expr, $other:expr $(,)?) => {
        ensure_ne!($one, $other, "{} != {}", stringify!($one), stringify!($other))
    };
    ($one:expr, $other:expr, $($told:tt)+) => {
        match (&$one, &$other) {
            (one, other) => ensure!(*one != *other, "{}\n  both: {one:?}", format_args!($($told)+)),
        }
    };
}

pub(crate) mod algebra;
pub(crate) mod audit;
pub(crate) mod decisions;
pub(crate) mod elastic;
pub(crate) mod exchange;
pub(crate) mod fireworks;
pub(crate) mod json;
pub(crate) mod mask;
pub(crate) mod merge;
pub(crate) mod page;
pub(crate) mod rebase;
pub(crate) mod rendering;
pub(crate) mod standing;
pub(crate) mod store;
pub(crate) mod telling;
pub(crate) mod tree;
pub(crate) mod trusted_twin;

pub(crate) use page::Page;
use tree::Tree;

/// Every law of a vendor's update, by the file that it is in: calls `$each` with what is given and the list.
macro_rules! every_law {
    ($each:ident! $($given:tt)*) => {
        $each! { $($given)*
            decisions:
                check_and_apply_agree,
                what_is_refused_changes_nothing,
                what_is_accepted_is_what_the_page_says,
                what_is_accepted_is_a_stored_user,
                an_updated_user_is_the_one_that_is_read_back,
                what_is_absent_stays,
                changed_is_what_changed,
                once_is_enough,
                the_update_time_moves_with_a_change,
                the_spelling_of_a_body_says_nothing,
                an_owned_patch_is_the_same_patch,
                a_password_is_handed_over_once;
            standing:
                a_stored_user_reads_back,
                what_is_read_is_written,
                what_stands_may_stay,
                nothing_gets_worse,
                what_is_broken_can_be_mended;
            store:
                to_store_is_to_read_apply_and_write,
                what_is_not_touched_stays_to_the_byte;
            telling:
                a_refusal_says_which_rule_and_where,
                an_acceptance_answers_with_the_user,
                what_is_answered_is_read_back,
                any_answer_can_be_read,
                nothing_is_told_of_a_value,
                nothing_is_longer_than_what_it_is_about;
            rendering:
                parse_render_parse_is_stable,
                a_rendered_body_says_the_same,
                a_patch_that_was_made_can_be_queued;
            algebra:
                diff_arrives,
                diff_is_unchanged_where_the_users_are_equal,
                diff_is_the_smallest,
                diff_tells_why_not,
                diff_keeps_within_the_limits,
                diff_reaches_what_a_patch_reaches,
                undo_leads_back,
                then_is_one_after_the_other,
                then_is_associative,
                the_same_again_is_the_same,
                the_empty_patch_is_neutral,
                then_hands_over_the_last_password;
            rebase:
                where_nothing_happened_nothing_moves,
                disjoint_patches_commute,
                the_same_change_is_no_conflict,
                a_conflict_is_what_both_changed_differently,
                nothing_of_either_is_lost;
            audit:
                there_and_back,
                there_and_back_in_json_patch,
                an_audit_tells_of_an_update;
            exchange:
                an_answer_is_the_decision;
        }
    };
}
/// A law that holds, or what is wrong.
pub(crate) type Law = Result<(), String>;

macro_rules! table {
    ($model:ident $($file:ident: $($law:ident),*;)*) => {
        [$($((concat!(stringify!($file), "::", stringify!($law)), $file::$law::<$model> as fn(&Case<_>) -> Law),)*)*]
    };
}

/// Holds every law of a vendor's update.
///
/// # Panics
/// Where one is broken.
pub(crate) fn hold<M: Page>(case: &Case<M::Context>) {
    for (name, law) in every_law!(table! M) {
        if let Err(wrong) = law(case) {
            panic!("{} breaks {name}: {wrong}\n{case:?}", M::VENDOR);
        }
    }
}

/// What a law is about.
#[derive(Clone)]
pub(crate) struct Case<C> {
    /// A stored user.
    pub user: Vec<u8>,
    /// Another stored user, which may be made of the first.
    pub other: Vec<u8>,
    /// An update of the user.
    pub ours: Request,
    /// What comes after it, or what somebody else does to the same user.
    pub next: Request,
    /// What comes after both.
    pub last: Request,
    /// Who asks, when, of which service.
    pub ctx: C,
    /// What a law chooses by: a spelling, a part.
    pub seed: u64,
}

/// The body of an update, and the mask that comes with it; empty for none, and of no use where a vendor knows no masks.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Request {
    pub body: Vec<u8>,
    pub mask: String,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.body))?;
        if self.mask.is_empty() { Ok(()) } else { write!(f, " mask {:?}", self.mask) }
    }
}

impl<C: fmt::Debug> fmt::Debug for Case<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [user, other] = [&self.user, &self.other].map(|text| String::from_utf8_lossy(text));
        let Self { ours, next, last, ctx, seed, .. } = self;
        write!(f, "user {user}\nother {other}\nours {ours:?}\nnext {next:?}\nlast {last:?}\nctx {ctx:?}\nseed {seed}")
    }
}

impl<C> Case<C> {
    /// The user, where the text is one.
    pub(crate) fn stored<M: UpdateModel>(&self) -> Option<M::User> {
        M::user(&self.user).ok()
    }

    /// The user and the update, where both can be read.
    pub(crate) fn update<M: UpdateModel<Context = C>>(&self) -> Option<(M::User, M::Patch<'_>)> {
        Some((self.stored::<M>()?, self.ours.parse::<M>(&self.ctx).ok()?))
    }

    /// Both users, where both texts are users.
    pub(crate) fn both<M: UpdateModel>(&self) -> Option<(M::User, M::User)> {
        Some((M::user(&self.user).ok()?, M::user(&self.other).ok()?))
    }
}

/// Why an update is refused.
type Refused<M> = Violations<<M as UpdateModel>::Refusal>;

impl Request {
    pub(crate) fn new(body: &Tree, mask: &str) -> Self {
        Self { body: body.text().into_bytes(), mask: mask.to_owned() }
    }

    /// The patch that the request is.
    pub(crate) fn parse<M: UpdateModel>(&self, ctx: &M::Context) -> Result<M::Patch<'_>, Refused<M>> {
        let masked = if self.mask.is_empty() { None } else { M::parse_masked(&self.body, &self.mask, ctx) };
        masked.unwrap_or_else(|| M::parse(&self.body, ctx))
    }

    /// The request that carries a patch.
    pub(crate) fn of<M: UpdateModel>(patch: &M::Patch<'_>) -> Self {
        Self { body: M::patch_json(patch).into_bytes(), mask: mask_of::<M>(patch).unwrap_or_default() }
    }
}

/// A context that refuses no body for its size or its depth.
pub(crate) fn unlimited<M: Page>(ctx: &M::Context) -> M::Context {
    M::limited(ctx, Limits::STORED)
}

/// The user as the document that it is written as.
pub(crate) fn written<M: UpdateModel>(user: &M::User) -> Tree {
    Tree::read(&M::user_json(user))
}

/// The user as a document in which what is equal to the vendor is equal.
pub(crate) fn meaning<M: Page>(user: &M::User) -> Tree {
    M::meaning(written::<M>(user))
}

/// Whether two users say the same, but for what the vendor keeps by itself. An object that either has for that alone may be
/// missing from the other.
pub(crate) fn agree<M: Page>(one: &M::User, other: &M::User) -> bool {
    let [mut one, mut other] = [one, other].map(|user| meaning::<M>(user));
    let is_kept = |tree: &Tree, place: &[&str]| tree.at(place).is_some();
    for place in M::KEPT.iter().filter(|place| is_kept(&one, place) || is_kept(&other, place)).collect::<Vec<_>>() {
        let Some((_, around)) = place.split_last() else { continue };
        for tree in [&mut one, &mut other] {
            tree.remove(place);
            let is_bare = tree.at(around).is_some_and(|around| *around == Tree::empty() || *around == Tree::Null);
            if is_bare && !around.is_empty() {
                tree.remove(around);
            }
        }
    }
    one == other
}

/// The explicit mask of a patch, which travels beside its body.
pub(crate) fn mask_of<M: UpdateModel>(patch: &M::Patch<'_>) -> Option<String> {
    M::explicit_mask(patch)
}

/// Whether two patches are one, however long each lives.
pub(crate) fn same<M: UpdateModel>(one: &M::Patch<'_>, other: &M::Patch<'_>) -> bool {
    M::into_owned(one.clone()) == M::into_owned(other.clone())
}

/// What an accepted update comes to.
pub(crate) fn accepted<M: UpdateModel>(
    patch: &M::Patch<'_>,
    user: &M::User,
    ctx: &M::Context,
) -> Option<(M::User, Applied)> {
    let mut user = user.clone();
    let applied = M::apply(patch, &mut user, ctx).ok()?;
    Some((user, applied))
}

/// The user that an accepted update makes.
pub(crate) fn applied<M: UpdateModel>(patch: &M::Patch<'_>, user: &M::User, ctx: &M::Context) -> Option<M::User> {
    accepted::<M>(patch, user, ctx).map(|(user, _)| user)
}

/// Where an update has a new password, which no user shows.
pub(crate) const PASSWORD: &str = "/security/password";

/// The members that an update changed, but for the password.
pub(crate) fn shown(applied: &Applied) -> Vec<&str> {
    let changed = applied.changed().iter().map(|pointer| pointer.as_str());
    changed.filter(|&pointer| pointer != PASSWORD).collect()
}

/// What went wrong, with the request that it went wrong with.
fn with(request: &Request) -> impl Fn(String) -> String + '_ {
    move |wrong| format!("{wrong}\nwith {request:?}")
}

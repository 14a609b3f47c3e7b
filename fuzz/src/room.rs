//! What the laws need of a room, so that they are written once.

use std::fmt::Debug;

pub use serde_json::Value;
pub use user_patch::{
    engine::{Conflict, Limits, NotComposable, Pointer},
    report::{Audit, Diff, InvalidUser, Notice, Refuses, Reply, Rule, Unreachable, Violations},
};

pub use super::update::{Selectors, Update};

pub trait Room {
    type User: Clone + PartialEq + Debug;
    type Patch<'a>: Clone + Debug;
    type Context: Clone;
    type Refusal: Refuses;
    type Applied: PartialEq + Debug;

    /// Stored users to choose from.
    const USERS: &'static [&'static str];
    /// The statuses that a refusal can have.
    const STATUSES: &'static [u16];

    fn context(selectors: Selectors) -> Self::Context;
    fn with_mask<'a>(patch: Self::Patch<'a>, _mask: &str) -> Self::Patch<'a> {
        patch
    }
    /// Whether the update moves the time of the last one.
    fn is_update(applied: &Self::Applied) -> bool {
        !Self::told(applied).0.is_empty()
    }
    /// Whether a diff may fail to say again what an accepted update did, other than by the length of its body.
    fn cannot_say_again(_before: &Self::User, _update: &Update<'_>, _ctx: &Self::Context, _why: &Unreachable) -> bool {
        false
    }

    fn limits(ctx: &Self::Context) -> Limits;
    fn without_size(ctx: &Self::Context) -> Self::Context;
    fn without_clock(ctx: &Self::Context) -> Self::Context;
    fn user(text: &[u8]) -> Result<Self::User, InvalidUser>;
    fn user_of(value: &Value) -> Result<Self::User, InvalidUser>;
    fn to_json(user: &Self::User) -> String;
    fn parse<'a>(body: &'a [u8], ctx: &Self::Context) -> Result<Self::Patch<'a>, Violations<Self::Refusal>>;
    fn to_body(patch: &Self::Patch<'_>) -> String;
    fn same(one: &Self::Patch<'_>, other: &Self::Patch<'_>) -> bool;
    fn into_owned(patch: Self::Patch<'_>) -> Self::Patch<'static>;
    fn check(patch: &Self::Patch<'_>, user: &Self::User, ctx: &Self::Context) -> Result<(), Violations<Self::Refusal>>;
    fn notices(patch: &Self::Patch<'_>, user: &Self::User, ctx: &Self::Context) -> Vec<Notice>;
    fn apply(
        patch: &Self::Patch<'_>,
        user: &mut Self::User,
        ctx: &Self::Context,
    ) -> Result<Self::Applied, Violations<Self::Refusal>>;
    fn told(applied: &Self::Applied) -> (&[Pointer], &[Notice]);
    fn accepted(user: &Self::User) -> Reply;
    fn refused(violations: &Violations<Self::Refusal>, ctx: &Self::Context) -> Reply;
    fn diff(
        before: &Self::User,
        after: &Self::User,
        ctx: &Self::Context,
    ) -> Result<Diff<Self::Patch<'static>>, Unreachable>;
    fn then(first: &Self::Patch<'_>, next: &Self::Patch<'_>) -> Result<Self::Patch<'static>, NotComposable>;
    fn rebase(base: &Self::User, ours: &Self::Patch<'_>, theirs: &Self::User)
    -> Result<Self::Patch<'static>, Conflict>;
    fn audit(before: &Self::User, after: &Self::User) -> Audit;
    fn rules() -> Vec<&'static Rule>;
}

/// The verbs, which the rooms share, and what is a room's own.
macro_rules! room {
    ($room:ident is $module:ident, applied is $applied:path, $($own:item)*) => {
        pub struct $room;

        impl Room for $room {
            type User = $module::User;
            type Patch<'a> = $module::Patch<'a>;
            type Context = $module::Context;
            type Refusal = $module::Refusal;
            type Applied = $applied;

            fn limits(ctx: &$module::Context) -> Limits {
                ctx.policy.limits()
            }
            fn without_size(ctx: &$module::Context) -> $module::Context {
                let mut ctx = ctx.clone();
                ctx.policy.max_bytes = None;
                ctx
            }
            fn without_clock(ctx: &$module::Context) -> $module::Context {
                let mut ctx = ctx.clone();
                ctx.now = None;
                ctx
            }
            fn user(text: &[u8]) -> Result<$module::User, InvalidUser> {
                $module::User::from_json(text)
            }
            fn user_of(value: &Value) -> Result<$module::User, InvalidUser> {
                $module::User::from_value(value)
            }
            fn to_json(user: &$module::User) -> String {
                user.to_json()
            }
            fn parse<'a>(body: &'a [u8], ctx: &$module::Context) -> Result<$module::Patch<'a>, $module::Violations> {
                $module::Patch::parse_with(body, &ctx.policy)
            }
            fn to_body(patch: &$module::Patch<'_>) -> String {
                patch.to_json()
            }
            fn same(one: &$module::Patch<'_>, other: &$module::Patch<'_>) -> bool {
                one == other
            }
            fn into_owned(patch: $module::Patch<'_>) -> $module::Patch<'static> {
                patch.into_owned()
            }
            fn check(
                patch: &$module::Patch<'_>,
                user: &$module::User,
                ctx: &$module::Context,
            ) -> Result<(), $module::Violations> {
                patch.check(user, ctx)
            }
            fn notices(patch: &$module::Patch<'_>, user: &$module::User, ctx: &$module::Context) -> Vec<Notice> {
                patch.notices(user, ctx)
            }
            fn apply(
                patch: &$module::Patch<'_>,
                user: &mut $module::User,
                ctx: &$module::Context,
            ) -> Result<$applied, $module::Violations> {
                patch.apply(user, ctx)
            }
            fn told(applied: &$applied) -> (&[Pointer], &[Notice]) {
                (applied.changed(), applied.notices())
            }
            fn accepted(user: &$module::User) -> Reply {
                user.reply()
            }
            fn refused(violations: &$module::Violations, ctx: &$module::Context) -> Reply {
                violations.reply(ctx)
            }
            fn diff(
                before: &$module::User,
                after: &$module::User,
                ctx: &$module::Context,
            ) -> Result<Diff<$module::Patch<'static>>, Unreachable> {
                $module::diff_with(before, after, ctx)
            }
            fn then(
                first: &$module::Patch<'_>,
                next: &$module::Patch<'_>,
            ) -> Result<$module::Patch<'static>, NotComposable> {
                first.then(next)
            }
            fn rebase(
                base: &$module::User,
                ours: &$module::Patch<'_>,
                theirs: &$module::User,
            ) -> Result<$module::Patch<'static>, Conflict> {
                $module::rebase(base, ours, theirs)
            }
            fn audit(before: &$module::User, after: &$module::User) -> Audit {
                $module::audit(before, after)
            }
            fn rules() -> Vec<&'static Rule> {
                $module::rules().collect()
            }
            $($own)*
        }
    };
}

pub(super) use room;

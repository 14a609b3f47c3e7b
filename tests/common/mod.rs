//! The floor plan that the three rooms share, held by the compiler: each has the same nouns and the same verbs.
//!
//! Each test binary uses a part of it.
#![allow(dead_code)]

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use user_patch::{
    elastic,
    engine::{Conflict, NotComposable, Pointer},
    fireworks,
    report::{Audit, Diff, InvalidUser, Notice, Refuses, Reply, Rule, Unreachable, Violations},
    trusted_twin,
};

/// What was changed, and what is to be noticed.
pub type Done = (Vec<Pointer>, Vec<Notice>);

pub trait Room {
    /// The name of its module, and of its folder under `tests/fixtures`.
    const NAME: &'static str;
    type User: Clone + PartialEq + Debug;
    type Patch<'a>: Clone + PartialEq + Debug;
    type Context: Clone + Default + Debug + PartialEq + DeserializeOwned;
    type Refusal: Refuses;

    fn user(text: &[u8]) -> Result<Self::User, InvalidUser>;
    fn user_of(value: &serde_json::Value) -> Result<Self::User, InvalidUser>;
    fn to_json(user: &Self::User) -> String;
    fn parse<'a>(body: &'a [u8], ctx: &Self::Context) -> Result<Self::Patch<'a>, Violations<Self::Refusal>>;
    /// Only Fireworks has a mask.
    fn with_mask<'a>(patch: Self::Patch<'a>, mask: &str) -> Self::Patch<'a> {
        assert_eq!(mask, "", "{} has no field masks", Self::NAME);
        patch
    }
    fn into_owned(patch: Self::Patch<'_>) -> Self::Patch<'static>;
    fn check(patch: &Self::Patch<'_>, user: &Self::User, ctx: &Self::Context) -> Result<(), Violations<Self::Refusal>>;
    fn notices(patch: &Self::Patch<'_>, user: &Self::User, ctx: &Self::Context) -> Vec<Notice>;
    fn apply(
        patch: &Self::Patch<'_>,
        user: &mut Self::User,
        ctx: &Self::Context,
    ) -> Result<Done, Violations<Self::Refusal>>;
    fn accepted(user: &Self::User) -> Reply;
    fn refused(violations: &Violations<Self::Refusal>, ctx: &Self::Context) -> Reply;
    fn to_body(patch: &Self::Patch<'_>) -> String;
    fn diff(
        before: &Self::User,
        after: &Self::User,
        ctx: &Self::Context,
    ) -> Result<Diff<Self::Patch<'static>>, Unreachable>;
    fn then(first: &Self::Patch<'_>, next: &Self::Patch<'_>) -> Result<Self::Patch<'static>, NotComposable>;
    fn rebase(base: &Self::User, ours: &Self::Patch<'_>, theirs: &Self::User)
    -> Result<Self::Patch<'static>, Conflict>;
    fn audit(before: &Self::User, after: &Self::User) -> Audit;
    fn refusals() -> &'static [Self::Refusal];
    fn rules() -> Vec<&'static Rule>;
}

macro_rules! room {
    ($room:ident is $module:ident $(, $own:item)?) => {
        pub struct $room;

        impl Room for $room {
            const NAME: &'static str = stringify!($module);
            type User = $module::User;
            type Patch<'a> = $module::Patch<'a>;
            type Context = $module::Context;
            type Refusal = $module::Refusal;

            fn user(text: &[u8]) -> Result<Self::User, InvalidUser> {
                $module::User::from_json(text)
            }
            fn user_of(value: &serde_json::Value) -> Result<Self::User, InvalidUser> {
                $module::User::from_value(value)
            }
            fn to_json(user: &Self::User) -> String {
                user.to_json()
            }
            fn parse<'a>(body: &'a [u8], ctx: &Self::Context) -> Result<Self::Patch<'a>, $module::Violations> {
                $module::Patch::parse_with(body, &ctx.policy)
            }
            fn into_owned(patch: Self::Patch<'_>) -> Self::Patch<'static> {
                patch.into_owned()
            }
            fn check(patch: &Self::Patch<'_>, user: &Self::User, ctx: &Self::Context) -> Result<(), $module::Violations> {
                patch.check(user, ctx)
            }
            fn notices(patch: &Self::Patch<'_>, user: &Self::User, ctx: &Self::Context) -> Vec<Notice> {
                patch.notices(user, ctx)
            }
            fn apply(
                patch: &Self::Patch<'_>,
                user: &mut Self::User,
                ctx: &Self::Context,
            ) -> Result<Done, $module::Violations> {
                let applied = patch.apply(user, ctx)?;
                Ok((applied.changed().to_vec(), applied.notices().to_vec()))
            }
            fn accepted(user: &Self::User) -> Reply {
                user.reply()
            }
            fn refused(violations: &$module::Violations, ctx: &Self::Context) -> Reply {
                violations.reply(ctx)
            }
            fn to_body(patch: &Self::Patch<'_>) -> String {
                patch.to_json()
            }
            fn diff(
                before: &Self::User,
                after: &Self::User,
                ctx: &Self::Context,
            ) -> Result<Diff<Self::Patch<'static>>, Unreachable> {
                let default = $module::diff(before, after);
                let diff = $module::diff_with(before, after, ctx);
                assert!(default == diff || *ctx != Self::Context::default(), "diff is diff_with under the default context");
                diff
            }
            fn then(first: &Self::Patch<'_>, next: &Self::Patch<'_>) -> Result<Self::Patch<'static>, NotComposable> {
                first.then(next)
            }
            fn rebase(
                base: &Self::User,
                ours: &Self::Patch<'_>,
                theirs: &Self::User,
            ) -> Result<Self::Patch<'static>, Conflict> {
                $module::rebase(base, ours, theirs)
            }
            fn audit(before: &Self::User, after: &Self::User) -> Audit {
                $module::audit(before, after)
            }
            fn refusals() -> &'static [Self::Refusal] {
                $module::Refusal::ALL
            }
            fn rules() -> Vec<&'static Rule> {
                $module::rules().collect()
            }
            $($own)?
        }
    };
}

room!(Fireworks is fireworks,
    fn with_mask<'a>(patch: Self::Patch<'a>, mask: &str) -> Self::Patch<'a> {
        patch.with_mask(mask)
    }
);
room!(TrustedTwin is trusted_twin);
room!(Elastic is elastic);

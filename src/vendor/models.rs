//! The models: each vendor's verbs under the names of the trait.

use super::{CodeOf, UpdateModel, Vendor, sealed};
use crate::{
    elastic,
    engine::{Conflict, Json, Limits, NotComposable, Pointer},
    fireworks,
    report::{
        Applied, Audit, Diff, Failure, Findings, InvalidUser, NotStored, Outside, Reply, Rule, Stored, Unreachable,
    },
    trusted_twin,
};

/// Implements the model by the functions of a vendor's module, but for those whose signatures differ, which follow.
macro_rules! model {
    ($(#[$doc:meta])* $model:ident is $module:ident: $($own:item)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub struct $model;

        impl sealed::Sealed for $model {}

        impl UpdateModel for $model {
            const VENDOR: Vendor = Vendor::$model;
            type User = $module::User;
            type Patch<'a> = $module::Patch<'a>;
            type Context = $module::Context;
            const MEDIA_TYPES: &'static [&'static str] = $module::MEDIA_TYPES;
            type Refusal = $module::Refusal;

            fn user(text: &[u8]) -> Result<$module::User, InvalidUser> {
                $module::User::from_json(text)
            }

            fn user_from_value(value: &serde_json::Value) -> Result<$module::User, InvalidUser> {
                $module::User::from_value(value)
            }

            fn user_with(
                user: &$module::User,
                path: &[&str],
                value: Json<'_>,
            ) -> Result<$module::User, InvalidUser> {
                user.with(path, value)
            }

            fn user_without(user: &$module::User, path: &[&str]) -> Result<$module::User, InvalidUser> {
                user.without(path)
            }

            fn user_json(user: &$module::User) -> String {
                user.to_json()
            }

            fn parse<'a>(body: &'a [u8], ctx: &$module::Context) -> Result<$module::Patch<'a>, $module::Violations> {
                $module::Patch::parse(body, ctx)
            }

            fn into_owned(patch: $module::Patch<'_>) -> $module::Patch<'static> {
                patch.into_owned()
            }

            fn patch_json(patch: &$module::Patch<'_>) -> String {
                patch.to_json()
            }

            fn mentioned(patch: &$module::Patch<'_>) -> Vec<Pointer> {
                patch.mentioned().collect()
            }

            fn check(
                patch: &$module::Patch<'_>,
                user: &$module::User,
                ctx: &$module::Context,
            ) -> Result<Findings, $module::Violations> {
                patch.check(user, ctx)
            }

            fn apply(
                patch: &$module::Patch<'_>,
                user: &mut $module::User,
                ctx: &$module::Context,
            ) -> Result<Applied, $module::Violations> {
                patch.apply(user, ctx)
            }

            fn store<'s>(
                stored: &'s [u8],
                body: &[u8],
                ctx: &$module::Context,
            ) -> Result<Stored<'s>, NotStored<$module::Refusal>> {
                $module::store(stored, body, ctx)
            }

            fn body_limits(ctx: &$module::Context) -> Limits {
                ctx.policy().limits()
            }

            fn failure<'h>(
                status: u16,
                headers: impl IntoIterator<Item = (&'h str, &'h str)>,
                body: &[u8],
            ) -> Failure<CodeOf<Self>> {
                $module::Failure::read(status, headers, body)
            }

            fn diff(
                before: &$module::User,
                after: &$module::User,
                ctx: &$module::Context,
            ) -> Result<Diff<$module::Patch<'static>>, Unreachable> {
                $module::diff(before, after, ctx)
            }

            fn rebase(
                base: &$module::User,
                ours: &$module::Patch<'_>,
                theirs: &$module::User,
            ) -> Result<Diff<$module::Patch<'static>>, Conflict> {
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

model! {
    /// Fireworks AI: [`fireworks`].
    Fireworks is fireworks:

    fn parse_masked<'a>(
        body: &'a [u8],
        mask: &str,
        ctx: &fireworks::Context,
    ) -> Option<Result<fireworks::Patch<'a>, fireworks::Violations>> {
        Some(fireworks::Patch::parse_masked(body, mask, ctx))
    }

    fn store_masked<'s>(
        stored: &'s [u8],
        body: &[u8],
        mask: &str,
        ctx: &fireworks::Context,
    ) -> Option<Result<Stored<'s>, NotStored<fireworks::Refusal>>> {
        Some(fireworks::store_masked(stored, body, mask, ctx))
    }

    fn explicit_mask(patch: &fireworks::Patch<'_>) -> Option<String> {
        patch.explicit_mask().map(str::to_owned)
    }

    fn mask(patch: &fireworks::Patch<'_>) -> Option<String> {
        patch.mask().ok().map(|mask| mask.to_string())
    }

    fn accepted(user: &fireworks::User, ctx: &fireworks::Context) -> Reply {
        user.reply(ctx)
    }

    fn refused(violations: &fireworks::Violations, _: &fireworks::Context) -> Reply {
        violations.reply()
    }

    fn denied(_: &fireworks::Context) -> Option<fireworks::Violations> {
        None
    }

    fn mask_of_query(query: &str) -> Option<String> {
        fireworks::mask_of_query(query)
    }

    fn outside(which: Outside, _: &fireworks::Context) -> Reply {
        fireworks::outside(which)
    }

    fn then(
        first: &fireworks::Patch<'_>,
        next: &fireworks::Patch<'_>,
    ) -> Result<fireworks::Patch<'static>, NotComposable> {
        first.then(next)
    }
}

model! {
    /// Trusted Twin: [`trusted_twin`].
    TrustedTwin is trusted_twin:

    fn parse_masked<'a>(
        _: &'a [u8],
        _: &str,
        _: &trusted_twin::Context,
    ) -> Option<Result<trusted_twin::Patch<'a>, trusted_twin::Violations>> {
        None
    }

    fn store_masked<'s>(
        _: &'s [u8],
        _: &[u8],
        _: &str,
        _: &trusted_twin::Context,
    ) -> Option<Result<Stored<'s>, NotStored<trusted_twin::Refusal>>> {
        None
    }

    fn explicit_mask(_: &trusted_twin::Patch<'_>) -> Option<String> {
        None
    }

    fn mask(_: &trusted_twin::Patch<'_>) -> Option<String> {
        None
    }

    fn accepted(user: &trusted_twin::User, _: &trusted_twin::Context) -> Reply {
        user.reply()
    }

    fn refused(violations: &trusted_twin::Violations, ctx: &trusted_twin::Context) -> Reply {
        violations.reply(ctx)
    }

    fn denied(ctx: &trusted_twin::Context) -> Option<trusted_twin::Violations> {
        let is_denied = !ctx.statement.allows_update();
        is_denied.then(|| trusted_twin::Violations::one(trusted_twin::Refusal::NotAllowed, Pointer::root()))
    }

    fn mask_of_query(_: &str) -> Option<String> {
        None
    }

    fn outside(which: Outside, ctx: &trusted_twin::Context) -> Reply {
        trusted_twin::outside(which, ctx)
    }

    fn then(
        first: &trusted_twin::Patch<'_>,
        next: &trusted_twin::Patch<'_>,
    ) -> Result<trusted_twin::Patch<'static>, NotComposable> {
        Ok(first.then(next))
    }
}

model! {
    /// Elastic Cloud Enterprise: [`elastic`].
    Elastic is elastic:

    fn parse_masked<'a>(
        _: &'a [u8],
        _: &str,
        _: &elastic::Context,
    ) -> Option<Result<elastic::Patch<'a>, elastic::Violations>> {
        None
    }

    fn store_masked<'s>(
        _: &'s [u8],
        _: &[u8],
        _: &str,
        _: &elastic::Context,
    ) -> Option<Result<Stored<'s>, NotStored<elastic::Refusal>>> {
        None
    }

    fn explicit_mask(_: &elastic::Patch<'_>) -> Option<String> {
        None
    }

    fn mask(_: &elastic::Patch<'_>) -> Option<String> {
        None
    }

    fn accepted(user: &elastic::User, _: &elastic::Context) -> Reply {
        user.reply()
    }

    fn refused(violations: &elastic::Violations, _: &elastic::Context) -> Reply {
        violations.reply()
    }

    fn denied(_: &elastic::Context) -> Option<elastic::Violations> {
        None
    }

    fn mask_of_query(_: &str) -> Option<String> {
        None
    }

    fn outside(which: Outside, _: &elastic::Context) -> Reply {
        elastic::outside(which)
    }

    fn then(first: &elastic::Patch<'_>, next: &elastic::Patch<'_>) -> Result<elastic::Patch<'static>, NotComposable> {
        first.then(next)
    }
}

//! Updates of a Fireworks user. The bytes are those of [`Update`].
//!
//! Context: bit 0 not an admin, 1 a clock, 2 and 3 the limits, 4 and 5 the mask of the second body, 6 and 7 what a body without
//! a mask means. Policy, bits from 0: `whenMasked`, open roles, unknown members ignored, read-only members refused, no preset
//! needed, leaving `custom` refused, immutable, no camel case; of the first selector, bit 4 read-only members refused where they
//! differ, 5 empty members emitted.

use std::sync::Arc;

use user_patch::{
    fireworks::{Context, EmptyMembers, LeavingCustom, ReadOnly, RolePresence, Roles, UnknownMembers, WithoutMask},
    vendor::Fireworks,
};

use super::{
    holds, laws,
    update::{Selectors, Target, Update},
};

/// Every law of an update, and those of Fireworks.
pub fn run(data: &[u8]) {
    let Some(update) = Update::read(data) else { return };
    let case = update.case::<Fireworks>();
    laws::hold::<Fireworks>(&case);
    let id = (!update.mask.is_empty()).then_some(&*update.mask);
    holds(laws::fireworks::what_is_made_is_a_stored_user("acme", id, &case), &case);
    holds(laws::fireworks::then_says_where_it_is_not_defined(&case), &case);
    holds(laws::fireworks::a_mask_is_kept_to(&update.mask, &case), &case);
    holds(laws::fireworks::an_implied_mask_can_be_said(&case), &case);
    holds(laws::fireworks::an_implied_mask_is_a_naive_reading(&case), &case);
}

impl Target for Fireworks {
    const USERS: &'static [&'static str] = &[
        r#"{"role":"user","name":"accounts/acme/users/ada","displayName":"Ada","email":"ada@example.com"}"#,
        r#"{"role":"custom","permissionPreset":"read-only","serviceAccount":true,"state":"READY","status":{"code":"OK"}}"#,
        r#"{"role":"owner","displayName":"","createTime":"2023-11-07T05:31:56Z","x":{"n":1.0,"big":1e400},"y":null}"#,
        r#"{"role":"custom"}"#,
        r#"{"role":"user","permissionPreset":"left over","updateTime":"2023-11-07T05:31:56Z"}"#,
        r#"{"role":"owner","permissionPreset":"left over","displayName":"0123456789012345678901234567890123456789012345678901234567890123"}"#,
    ];

    fn context(selectors: Selectors) -> Context {
        let mut ctx = Context::default();
        ctx.admin = !selectors.context(0);
        ctx.now = selectors.context(1).then(|| "2026-01-01T00:00:00.25Z".parse().expect("a moment"));
        let policy = &mut Arc::make_mut(&mut ctx.service).policy;
        policy.role = RolePresence::ALL[usize::from(selectors.policy(0))];
        policy.roles = Roles::ALL[usize::from(selectors.policy(1))];
        policy.unknown_members = UnknownMembers::ALL[usize::from(selectors.policy(2))];
        policy.read_only = match [3, 8].map(|bit| selectors.policy(bit)) {
            [false, false] => ReadOnly::Ignore,
            [true, false] => ReadOnly::Refuse,
            [_, true] => ReadOnly::RefuseChanged,
        };
        policy.custom_needs_preset = !selectors.policy(4);
        policy.leaving_custom = LeavingCustom::ALL[usize::from(selectors.policy(5))];
        policy.immutable = selectors.policy(6);
        policy.camel_case_mask = !selectors.policy(7);
        policy.empty_members = EmptyMembers::ALL[usize::from(selectors.policy(9))];
        let [low, high] = [6, 7].map(|bit| usize::from(selectors.context(bit)));
        policy.without_mask = WithoutMask::ALL[(low + 2 * high) % WithoutMask::ALL.len()];
        selectors.limited::<Fireworks>([2, 3], &ctx)
    }
}

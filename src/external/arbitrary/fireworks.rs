//! What bytes choose from for Fireworks.

use std::sync::Arc;

use super::selectors::{Selectors, one_of};
use crate::fireworks::{
    Context, EmptyMembers, LeavingCustom, ReadOnly, RolePresence, Roles, UnknownMembers, WithoutMask,
};

pub(super) const USERS: [&str; 6] = [
    r#"{"role":"user","name":"accounts/acme/users/ada","displayName":"Ada","email":"ada@example.com"}"#,
    r#"{"role":"custom","permissionPreset":"read-only","serviceAccount":true,"state":"READY","status":{"code":"OK"}}"#,
    r#"{"role":"owner","displayName":"","createTime":"2023-11-07T05:31:56Z","x":{"n":1.0,"big":1e400},"y":null}"#,
    r#"{"role":"custom"}"#,
    r#"{"role":"user","permissionPreset":"left over","updateTime":"2023-11-07T05:31:56Z"}"#,
    r#"{"role":"owner","permissionPreset":"left over","displayName":"0123456789012345678901234567890123456789012345678901234567890123"}"#,
];

pub(super) fn context(bits: Selectors) -> Context {
    let mut ctx = Context { admin: !bits.context(0), ..Context::default() };
    if bits.context(1) {
        ctx.now = "2026-01-01T00:00:00.25Z".parse().ok();
    }
    let policy = &mut Arc::make_mut(&mut ctx.service).policy;
    let limits = bits.limits([2, 3], policy.limits());
    (policy.max_bytes, policy.max_depth) = (limits.max_bytes, limits.max_depth);
    policy.without_mask = one_of(WithoutMask::ALL, [bits.context(6), bits.context(7)]);
    policy.role = one_of(RolePresence::ALL, [bits.policy(0)]);
    policy.roles = one_of(Roles::ALL, [bits.policy(1)]);
    policy.unknown_members = one_of(UnknownMembers::ALL, [bits.policy(2)]);
    policy.read_only = match [3, 8].map(|bit| bits.policy(bit)) {
        [false, false] => ReadOnly::Ignore,
        [true, false] => ReadOnly::Refuse,
        [_, true] => ReadOnly::RefuseChanged,
    };
    policy.custom_needs_preset = !bits.policy(4);
    policy.leaving_custom = one_of(LeavingCustom::ALL, [bits.policy(5)]);
    policy.immutable = bits.policy(6);
    policy.camel_case_mask = !bits.policy(7);
    policy.empty_members = one_of(EmptyMembers::ALL, [bits.policy(9)]);
    ctx
}

//! What bytes choose from for Trusted Twin.

use std::sync::Arc;

use super::selectors::{Selectors, one_of};
use crate::trusted_twin::{Context, Effect, EmptyBody, ReadOnly, Subcode, UnknownMembers, parse_uuid};

pub(super) const USERS: [&str; 4] = [
    r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#,
    r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","account":"c2a94e61-7b0d-4f38-a1c6-58e3d07b92f4","role":"5B1C7F5A-2D3E-4C7B-9A52-0F6A1E3D9C10","description":{"floor":1.0,"shift":null},"created_ts":1646305837.123,"updated_ts":1646305838.5}"#,
    r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"A1","role":"7d0e4b8c-91f3-4a6e-8c25-3b9f0d1e6a74","description":{},"x":{"n":1e400},"y":null}"#,
    r#"{"uuid":"f63d5c5c","name":" Operator\n","role":"operator","description":{"Floor":{"a":1}},"updated_ts":1e3}"#,
];

pub(super) fn context(bits: Selectors) -> Context {
    let mut ctx = Context::default();
    if bits.context(0) {
        ctx.statement.effect = Effect::Deny;
    }
    if bits.context(1) {
        ctx.statement.actions = vec!["delete_user".to_owned()];
    }
    if bits.context(3) {
        ctx.now = "2026-01-01T00:00:00.25Z".parse().ok();
        ctx.trace = Some("a1b2\"c3\n".to_owned());
    }
    let service = Arc::make_mut(&mut ctx.service);
    if bits.context(2) {
        service.roles = parse_uuid("5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10").map(|role| [role].into());
    }
    let policy = &mut service.policy;
    let limits = bits.limits([4, 5], policy.limits());
    (policy.max_bytes, policy.max_depth) = (limits.max_bytes, limits.max_depth);
    policy.unknown_members = one_of(UnknownMembers::ALL, [bits.policy(0), bits.policy(1)]);
    policy.read_only = one_of(ReadOnly::ALL, [bits.policy(2), bits.policy(3)]);
    policy.empty_body = one_of(EmptyBody::ALL, [bits.policy(4)]);
    policy.subcode = one_of(Subcode::ALL, [bits.policy(5)]);
    ctx
}

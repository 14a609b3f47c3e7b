//! Updates of a Trusted Twin user. The bytes are those of [`Update`].
//!
//! Context: bit 0 a statement that denies, 1 without `update_user` in it, 2 the roles of the account are known, 3 a clock and
//! a trace, 4 and 5 the limits. Policy: bits 0 and 1 unknown members ignored or kept, 2 and 3 read-only members refused where
//! they differ or ignored, 4 no bytes change nothing, 5 subcodes as numbers.

use std::sync::Arc;

use user_patch::{
    trusted_twin::{Context, Effect, EmptyBody, ReadOnly, Subcode, UnknownMembers, parse_uuid},
    vendor::TrustedTwin,
};

use super::{
    holds, laws,
    update::{Selectors, Target, Update},
};

/// Every law of an update, and those of Trusted Twin.
pub fn run(data: &[u8]) {
    let Some(update) = Update::read(data) else { return };
    let case = update.case::<TrustedTwin>();
    laws::hold::<TrustedTwin>(&case);
    holds(laws::trusted_twin::then_is_always_defined(&case), &case);
    holds(laws::trusted_twin::no_bytes_are_the_empty_object(&case), &case);
}

impl Target for TrustedTwin {
    const USERS: &'static [&'static str] = &[
        r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#,
        r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","account":"c2a94e61-7b0d-4f38-a1c6-58e3d07b92f4","role":"5B1C7F5A-2D3E-4C7B-9A52-0F6A1E3D9C10","description":{"floor":1.0,"shift":null},"created_ts":1646305837.123,"updated_ts":1646305838.5}"#,
        r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"A1","role":"7d0e4b8c-91f3-4a6e-8c25-3b9f0d1e6a74","description":{},"x":{"n":1e400},"y":null}"#,
        r#"{"uuid":"f63d5c5c","name":" Operator\n","role":"operator","description":{"Floor":{"a":1}},"updated_ts":1e3}"#,
    ];

    fn context(selectors: Selectors) -> Context {
        let mut ctx = Context::default();
        if selectors.context(0) {
            ctx.statement.effect = Effect::Deny;
        }
        if selectors.context(1) {
            ctx.statement.actions = vec!["delete_user".to_owned()];
        }
        if selectors.context(3) {
            ctx.now = "2026-01-01T00:00:00.25Z".parse().ok();
            ctx.trace = Some("a1b2\"c3\n".to_owned());
        }
        let service = Arc::make_mut(&mut ctx.service);
        if selectors.context(2) {
            service.roles = parse_uuid("5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10").map(|role| [role].into());
        }
        let policy = &mut service.policy;
        policy.unknown_members = selectors.switch([0, 1], UnknownMembers::ALL);
        policy.read_only = selectors.switch([2, 3], ReadOnly::ALL);
        policy.empty_body = EmptyBody::ALL[usize::from(selectors.policy(4))];
        policy.subcode = Subcode::ALL[usize::from(selectors.policy(5))];
        selectors.limited::<TrustedTwin>([4, 5], &ctx)
    }
}

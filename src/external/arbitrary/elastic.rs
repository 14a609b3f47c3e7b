//! What bytes choose from for Elastic Cloud Enterprise.

use std::sync::Arc;

use super::selectors::{Selectors, one_of};
use crate::elastic::{Context, MisplacedPassword, StringBody, UnknownMembers};

pub(super) const USERS: [&str; 7] = [
    r#"{"user_name":"ada","security":{},"full_name":"Ada","email":"ada@example.com"}"#,
    r#"{"user_name":"root","security":{"roles":["ece_platform_admin"],"enabled":false,"security_realm":{"type":"native","id":"native"}},"metadata":{"created_by":"root","created_at":"2024-05-04T09:42:00+00:00","updated_at":"2024-05-04T09:42:00+00:00","office":{"floor":1.0,"desk":null}},"builtin":false}"#,
    r#"{"user_name":"ada","security":{"roles":["ece_deployment_viewer","ece_deployment_viewer"],"permissions":["get-user"],"elevated_permissions":{"enabled":true},"enabled":true},"metadata":null,"x":{"n":1e400,"list":[null,{"a":null}]}}"#,
    r#"{"user_name":"ada","security":{"roles":null,"enabled":null,"keys":{"a":{"b":1}}},"full_name":null}"#,
    r#"{"user_name":"ldap","security":{"security_realm":{"type":"ldap"}}}"#,
    r#"{"user_name":"admin","security":{},"builtin":true}"#,
    r#"{"user_name":"ada","security":{"roles":["house_role","ece_platform_admin","ece_platform_viewer"]},"metadata":{"updated_at":"then"},"x":[{"Password":"kept"}]}"#,
];

pub(super) fn context(bits: Selectors) -> Context {
    let mut ctx = Context::default();
    let roles = |roles: [&str; 2]| Some(roles.map(str::to_owned).into());
    if bits.context(0) {
        ctx.assignable_roles = roles(["ece_deployment_viewer", "reader"]);
    }
    if bits.context(2) {
        ctx.now = "2026-01-01T00:00:00Z".parse().ok();
        ctx.actor = Some("somebody".to_owned());
    }
    let service = Arc::make_mut(&mut ctx.service);
    if bits.context(1) {
        service.known_roles = roles(["reader", "writer"]);
    }
    let policy = &mut service.policy;
    let limits = bits.limits([4, 5], policy.limits());
    (policy.max_bytes, policy.max_depth) = (limits.max_bytes, limits.max_depth);
    policy.unknown_members = one_of(UnknownMembers::ALL, [bits.policy(0)]);
    policy.string_body = one_of(StringBody::ALL, [bits.policy(1)]);
    policy.role_combinations = !bits.policy(2);
    policy.misplaced_password = one_of(MisplacedPassword::ALL, [bits.policy(3)]);
    ctx
}

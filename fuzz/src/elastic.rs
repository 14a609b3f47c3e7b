//! Updates of an Elastic user. The bytes are those of [`Update`].
//!
//! Context: bit 0 the caller may assign the viewer's role alone, 1 the platform has two roles of its own, 2 a clock and somebody
//! who updates, 4 and 5 the limits. Policy: bit 0 unknown members refused, 1 a string is decoded, 2 any combination of roles, 3
//! passwords kept wherever they stand.

use std::sync::Arc;

use user_patch::{
    elastic::{Context, MisplacedPassword, StringBody, UnknownMembers},
    vendor::Elastic,
};

use super::{
    holds, laws,
    update::{Selectors, Target, Update},
};

/// Every law of an update, and those of Elastic.
pub fn run(data: &[u8]) {
    let Some(update) = Update::read(data) else { return };
    let case = update.case::<Elastic>();
    laws::hold::<Elastic>(&case);
    holds(laws::elastic::then_is_defined_where_it_is_for_merge_patches(&case), &case);
    holds(laws::elastic::a_body_inside_a_string_is_that_body(&case), &case);
}

impl Target for Elastic {
    const USERS: &'static [&'static str] = &[
        r#"{"user_name":"ada","security":{},"full_name":"Ada","email":"ada@example.com"}"#,
        r#"{"user_name":"root","security":{"roles":["ece_platform_admin"],"enabled":false,"security_realm":{"type":"native","id":"native"}},"metadata":{"created_by":"root","created_at":"2024-05-04T09:42:00+00:00","updated_at":"2024-05-04T09:42:00+00:00","office":{"floor":1.0,"desk":null}},"builtin":false}"#,
        r#"{"user_name":"ada","security":{"roles":["ece_deployment_viewer","ece_deployment_viewer"],"permissions":["get-user"],"elevated_permissions":{"enabled":true},"enabled":true},"metadata":null,"x":{"n":1e400,"list":[null,{"a":null}]}}"#,
        r#"{"user_name":"ada","security":{"roles":null,"enabled":null,"keys":{"a":{"b":1}}},"full_name":null}"#,
        r#"{"user_name":"ldap","security":{"security_realm":{"type":"ldap"}}}"#,
        r#"{"user_name":"admin","security":{},"builtin":true}"#,
        r#"{"user_name":"ada","security":{"roles":["house_role","ece_platform_admin","ece_platform_viewer"]},"metadata":{"updated_at":"then"},"x":[{"Password":"kept"}]}"#,
    ];

    fn context(selectors: Selectors) -> Context {
        let mut ctx = Context::default();
        let roles = |roles: [&str; 2]| Some(roles.map(str::to_owned).into());
        if selectors.context(0) {
            ctx.assignable_roles = roles(["ece_deployment_viewer", "reader"]);
        }
        if selectors.context(2) {
            ctx.now = Some("2026-01-01T00:00:00Z".parse().expect("a moment"));
            ctx.actor = Some("somebody".to_owned());
        }
        let service = Arc::make_mut(&mut ctx.service);
        if selectors.context(1) {
            service.known_roles = roles(["reader", "writer"]);
        }
        let policy = &mut service.policy;
        policy.unknown_members = UnknownMembers::ALL[usize::from(selectors.policy(0))];
        policy.string_body = StringBody::ALL[usize::from(selectors.policy(1))];
        policy.role_combinations = !selectors.policy(2);
        policy.misplaced_password = MisplacedPassword::ALL[usize::from(selectors.policy(3))];
        selectors.limited::<Elastic>([4, 5], &ctx)
    }
}

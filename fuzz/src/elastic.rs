//! Updates of an Elastic user. The bytes are those of [`Update`].
//!
//! Context: bit 0 the caller may assign the viewer's role alone, 1 the platform has two roles of its own, 2 a clock, 4 and 5
//! the limits. Policy: bit 0 unknown members refused, 1 a string is decoded, 2 any combination of roles.

use user_patch::elastic::{self, Context, Patch, StringBody, UnknownMembers};

use super::{laws, room::*};

/// Every law of the rooms, and those of the password.
pub fn run(data: &[u8]) {
    let Some(update) = Update::read(data) else { return };
    laws::hold::<Elastic>(&update);
    hands_over_the_password(&update);
    hands_over_the_last_password(&update);
}

room!(Elastic is elastic, applied is elastic::Applied,
    const USERS: &'static [&'static str] = &[
        r#"{"user_name":"ada","security":{},"full_name":"Ada","email":"ada@example.com"}"#,
        r#"{"user_name":"root","security":{"roles":["ece_platform_admin"],"enabled":false,"security_realm":{"type":"native","id":"native"}},"metadata":{"created_by":"root","created_at":"2024-05-04T09:42:00+00:00","updated_at":"2024-05-04T09:42:00+00:00","office":{"floor":1.0,"desk":null}},"builtin":false}"#,
        r#"{"user_name":"ada","security":{"roles":["ece_deployment_viewer","ece_deployment_viewer"],"permissions":["get-user"],"elevated_permissions":{"enabled":true},"enabled":true},"metadata":null,"x":{"n":1e400,"list":[null,{"a":null}]}}"#,
        r#"{"user_name":"ada","security":{"roles":null,"enabled":null,"keys":{"a":{"b":1}}},"full_name":null}"#,
        r#"{"user_name":"ldap","security":{"security_realm":{"type":"ldap"}}}"#,
        r#"{"user_name":"admin","security":{},"builtin":true}"#,
    ];
    const STATUSES: &'static [u16] = &[400];

    fn context(selectors: Selectors) -> Context {
        let mut ctx = Context::default();
        let roles = |roles: [&str; 2]| Some(roles.map(str::to_owned).into());
        if selectors.context(0) {
            ctx.assignable_roles = roles(["ece_deployment_viewer", "reader"]);
        }
        if selectors.context(1) {
            ctx.known_roles = roles(["reader", "writer"]);
        }
        ctx.now = selectors.context(2).then(|| "2026-01-01T00:00:00Z".parse().expect("a moment"));
        let policy = &mut ctx.policy;
        selectors.limit([4, 5], &mut policy.max_bytes, &mut policy.max_depth);
        if selectors.policy(0) {
            policy.unknown_members = UnknownMembers::Refuse;
        }
        if selectors.policy(1) {
            policy.string_body = StringBody::Decode;
        }
        policy.role_combinations ^= selectors.policy(2);
        ctx
    }

    /// No user shows a new password, and the time of the update alone tells that there is one.
    fn is_update(applied: &elastic::Applied) -> bool {
        !applied.changed().is_empty() || applied.clone().take_password().is_some()
    }
);

/// A password is handed over once, and is nowhere else.
fn hands_over_the_password(update: &Update<'_>) {
    let ctx = Elastic::context(update.selectors);
    let mut user = laws::stored::<Elastic>(update);
    let before = user.to_json();
    let Ok(patch) = Patch::parse_with(update.body, &ctx.policy) else { return };
    let body = patch.to_json();
    let Ok(mut applied) = patch.apply(&mut user, &ctx) else { return };
    let told = format!("{applied:?}");
    let Some(password) = applied.take_password() else { return };
    assert_eq!(applied.take_password(), None);
    assert!(password.expose().chars().count() >= elastic::PASSWORD_MIN);
    // Where it is one of a kind, its place is known.
    let secret = password.expose();
    let is_plain = secret.contains(['!', '#', '%']) && !secret.contains(['"', '\\']);
    if is_plain && body.matches(secret).count() == 1 && !before.contains(secret) {
        let shown = [user.to_json(), user.reply().body, format!("{password:?}{user:?}{patch:?}"), told];
        assert!(!shown.iter().any(|shown| shown.contains(secret)), "{shown:?}");
        let audit = elastic::audit(&laws::stored::<Elastic>(update), &user).to_json();
        assert!(!audit.contains(secret), "{audit}");
    }
    assert!(user.document().at(&["security", "password"]).is_none());
}

/// One patch for two sets the password that the two in turn leave.
fn hands_over_the_last_password(update: &Update<'_>) {
    let ctx = Elastic::without_clock(&Elastic::context(update.selectors));
    let parse = |body| Patch::parse_with(body, &ctx.policy).ok();
    let (Some(first), Some(next)) = (parse(update.body), update.next.and_then(parse)) else { return };
    let Ok(both) = first.then(&next) else { return };
    let mut user = laws::stored::<Elastic>(update);
    let mut at_once = user.clone();
    let (Ok(mut one), Ok(mut other)) = (first.apply(&mut user, &ctx), next.apply(&mut user, &ctx)) else { return };
    let last = other.take_password().or(one.take_password());
    let mut applied = both.apply(&mut at_once, &ctx).expect("two accepted updates are one");
    assert_eq!(applied.take_password(), last);
}

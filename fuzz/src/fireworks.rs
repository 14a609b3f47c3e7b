//! Updates of a Fireworks user. The bytes are those of [`Update`].
//!
//! Context: bit 0 not an admin, 1 a clock, 2 and 3 the limits, 4 and 5 the mask of the second body. Policy, bits from 0:
//! `whenMasked`, open roles, unknown members ignored, read-only members refused, no preset needed, leaving `custom`
//! refused, immutable, no camel case.

use user_patch::{
    engine::FieldMask,
    fireworks::{self, Context, LeavingCustom, Patch, ROLES, ReadOnly, RolePresence, Roles, UnknownMembers, User},
};

use super::{laws, room::*};

/// Every law of the rooms, and those of the POST.
pub fn run(data: &[u8]) {
    let Some(update) = Update::read(data) else { return };
    laws::hold::<Fireworks>(&update);
    creates(&update);
}

room!(Fireworks is fireworks, applied is user_patch::report::Applied,
    const USERS: &'static [&'static str] = &[
        r#"{"role":"user","name":"accounts/acme/users/ada","displayName":"Ada","email":"ada@example.com"}"#,
        r#"{"role":"custom","permissionPreset":"read-only","serviceAccount":true,"state":"READY","status":{"code":"OK"}}"#,
        r#"{"role":"owner","displayName":"","createTime":"2023-11-07T05:31:56Z","x":{"n":1.0,"big":1e400},"y":null}"#,
        r#"{"role":"custom"}"#,
        r#"{"role":"user","permissionPreset":"left over","updateTime":"2023-11-07T05:31:56Z"}"#,
    ];
    const STATUSES: &'static [u16] = &[400, 403];

    fn context(selectors: Selectors) -> Context {
        let mut ctx = Context::default();
        ctx.admin = !selectors.context(0);
        ctx.now = selectors.context(1).then(|| "2026-01-01T00:00:00Z".parse().expect("a moment"));
        let policy = &mut ctx.policy;
        selectors.limit([2, 3], &mut policy.max_bytes, &mut policy.max_depth);
        let switch = |bit, value: &mut bool| *value ^= selectors.policy(bit);
        switch(4, &mut policy.custom_needs_preset);
        switch(6, &mut policy.immutable);
        switch(7, &mut policy.camel_case_mask);
        if selectors.policy(0) {
            policy.role = RolePresence::WhenMasked;
        }
        if selectors.policy(1) {
            policy.roles = Roles::Open;
        }
        if selectors.policy(2) {
            policy.unknown_members = UnknownMembers::Ignore;
        }
        if selectors.policy(3) {
            policy.read_only = ReadOnly::Refuse;
        }
        if selectors.policy(5) {
            policy.leaving_custom = LeavingCustom::Refuse;
        }
        ctx
    }

    fn with_mask<'a>(patch: Self::Patch<'a>, mask: &str) -> Self::Patch<'a> {
        patch.with_mask(mask)
    }

    /// A diff has no mask, so that `role` has to be in it. Where it is stored as none of the five, or as `custom` without a
    /// preset, it is refused there, though an update whose mask leaves it out is not.
    fn cannot_say_again(before: &User, update: &Update<'_>, ctx: &Context, why: &Unreachable) -> bool {
        let is_custom = before.role() == "custom" && before.permission_preset().is_empty();
        let refused = match before.role() {
            role if ctx.policy.roles == Roles::Closed && !ROLES.contains(&role) => "fireworks.role.known",
            _ if ctx.policy.custom_needs_preset && is_custom => "fireworks.preset.needed",
            _ => return false,
        };
        let masks_role = update.mask.parse().is_ok_and(|mask: FieldMask| mask.is_empty() || mask.covers("role"));
        !masks_role && ctx.policy.role == RolePresence::InBody && why.iter().all(|reason| reason.rule().id == refused)
    }
);

/// A user that is made is a stored user, and has the name that it was made with.
fn creates(update: &Update<'_>) {
    let ctx = Fireworks::context(update.selectors);
    let Ok(patch) = Patch::parse_with(update.body, &ctx.policy) else { return };
    let id = (!update.mask.is_empty()).then_some(&*update.mask);
    match patch.create("acme", id, &ctx) {
        Ok((user, applied)) => {
            assert_eq!(User::from_json(user.to_json().as_bytes()).as_ref(), Ok(&user));
            let name: fireworks::UserName = user.name().parse().expect("a resource name");
            assert_eq!(name.to_string(), user.name());
            assert!(id.is_none_or(|id| name.user().as_str() == id));
            assert!(applied.changed().is_sorted_by(|one, other| one < other));
        }
        Err(violations) => laws::refused::<Fireworks>(&violations, update.body, &ctx),
    }
}

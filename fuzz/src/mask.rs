//! Field masks. The bytes are up to four parts separated by NUL: two masks, a path, and a Fireworks body.

use user_patch::{fireworks::Context, vendor::Fireworks};

use super::{
    holds, laws,
    laws::{Case, Request},
    update::own_user,
};

const BODY: &[u8] = br#"{"role":"user","displayName":"Ada","email":null,"name":"accounts/a/users/b"}"#;

/// The policies under which a mask is read differently.
const CONTEXTS: [&str; 3] =
    ["{}", r#"{"policy":{"unknownMembers":"ignore"}}"#, r#"{"policy":{"readOnly":"refuse","camelCaseMask":false}}"#];

/// The laws of masks as such, then of masks with a body.
pub fn run(data: &[u8]) {
    let mut parts = data.splitn(4, |&byte| byte == 0);
    let mut text = || String::from_utf8_lossy(parts.next().unwrap_or_default());
    let (one, other, path) = (text(), text(), text());
    for text in [&one, &other] {
        holds(laws::mask::reads(text, &path), &data);
    }
    holds(laws::mask::unites([&one, &other, &path], &path), &data);
    holds(laws::mask::derives(&[&one, &other, &path]), &data);
    let body = parts.next().unwrap_or(BODY);
    let request = |mask: &str| Request { body: body.to_vec(), mask: mask.to_owned() };
    for ctx in CONTEXTS {
        let ctx: Context = serde_json::from_str(ctx).expect("a context");
        for user in 0..6 {
            let user = own_user::<Fireworks>(user).into_bytes();
            let case = Case {
                other: user.clone(),
                user,
                ours: request(&one),
                next: request(&other),
                last: request(""),
                ctx: ctx.clone(),
                seed: 1,
            };
            holds(laws::decisions::check_and_apply_agree::<Fireworks>(&case), &case);
            holds(laws::decisions::what_is_refused_changes_nothing::<Fireworks>(&case), &case);
            holds(laws::decisions::changed_is_what_changed::<Fireworks>(&case), &case);
            holds(laws::fireworks::a_mask_is_kept_to(&one, &case), &case);
            holds(laws::fireworks::a_mask_is_kept_to(&other, &case), &case);
            holds(laws::fireworks::an_implied_mask_can_be_said(&case), &case);
        }
    }
}

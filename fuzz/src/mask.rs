//! Field masks. The bytes are up to four parts separated by NUL: two masks, a path, and a Fireworks body.

use super::{holds, laws};

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
    //    let body = parts.next().unwrap_or(BODY);
    //    for mask in [&one, &other] {
    //        holds(laws::fireworks::masks_decide(mask, body), &data);
    //    }
    //    holds(laws::fireworks::a_derived_mask_can_be_said(body), &data);
}

//const BODY: &[u8] = br#"{"role":"user","displayName":"Ada","email":null,"name":"accounts/a/users/b"}"#;

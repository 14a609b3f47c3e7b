//! What the laws have found, each as a case of its own.

use user_patch::{elastic, fireworks, trusted_twin};

/// `then_is_one_after_the_other`: a null after a value leaves the default, also where nothing was before the value.
#[test]
fn elastic_then_a_null_after_a_value_is_the_default() {
    let ctx = elastic::Context::default();
    for (first, next, default) in [
        (r#"{"security":{"roles":["ece_platform_viewer"]}}"#, r#"{"security":{"roles":null}}"#, r#"{"roles":[]}"#),
        (r#"{"security":{"enabled":true}}"#, r#"{"security":{"enabled":null}}"#, r#"{"enabled":true}"#),
    ] {
        let ctx = &mut ctx.clone();
        ctx.assignable_roles = Some(["ece_platform_viewer".to_owned()].into());
        let first = elastic::Patch::parse(first.as_bytes()).unwrap();
        let next = elastic::Patch::parse(next.as_bytes()).unwrap();
        let mut in_turn = elastic::User::from_json(br#"{"user_name":"ada","security":{}}"#).unwrap();
        let mut at_once = in_turn.clone();
        let _ = first.apply(&mut in_turn, ctx).unwrap();
        let _ = next.apply(&mut in_turn, ctx).unwrap();
        assert_eq!(in_turn.to_json(), format!(r#"{{"user_name":"ada","security":{default}}}"#));
        let _ = first.then(&next).unwrap().apply(&mut at_once, ctx).unwrap();
        assert_eq!(at_once, in_turn);
    }
}

/// `then_is_one_after_the_other`: the second repeats the time that the first has moved.
#[test]
fn elastic_then_the_time_that_the_first_moved() {
    let mut ctx = elastic::Context::default();
    ctx.now = Some("2026-01-01T00:00:00Z".parse().unwrap());
    let first = elastic::Patch::parse(br#"{"full_name":"Ada"}"#).unwrap();
    let next = br#"{"metadata":{"updated_at":"2026-01-01T00:00:00Z"},"email":"ada@example.com"}"#;
    let next = elastic::Patch::parse(next).unwrap();
    let mut in_turn = elastic::User::from_json(br#"{"user_name":"ada","security":{}}"#).unwrap();
    let mut at_once = in_turn.clone();
    let _ = first.apply(&mut in_turn, &ctx).unwrap();
    let _ = next.apply(&mut in_turn, &ctx).unwrap();
    match first.then(&next) {
        Ok(both) => {
            let _ = both.apply(&mut at_once, &ctx).unwrap();
            assert_eq!(at_once, in_turn);
        }
        Err(none) => assert_eq!(none.pointer().as_str(), "/metadata/updated_at"),
    }
}

/// `then_is_one_after_the_other`: a preset that was stored beside another role goes with the role in between.
#[test]
fn fireworks_then_a_stored_preset_goes_with_the_role_in_between() {
    let ctx = fireworks::Context::default();
    let first = fireworks::Patch::parse(br#"{"role":"custom"}"#).unwrap();
    let next = fireworks::Patch::parse(br#"{"role":"user"}"#).unwrap();
    for mask in ["", "role"] {
        let (first, next) = (first.clone().with_mask(mask), next.clone().with_mask(mask));
        let mut in_turn = fireworks::User::from_json(br#"{"role":"admin","permissionPreset":"billing"}"#).unwrap();
        let mut at_once = in_turn.clone();
        let _ = first.apply(&mut in_turn, &ctx).unwrap();
        let _ = next.apply(&mut in_turn, &ctx).unwrap();
        assert_eq!(in_turn.to_json(), r#"{"role":"user"}"#);
        let _ = first.then(&next).unwrap().apply(&mut at_once, &ctx).unwrap();
        assert_eq!(at_once, in_turn);
    }
}

/// `diff_keeps_within_the_limits`: a description deeper than the policy lets a body be.
#[test]
fn trusted_twin_diff_is_no_deeper_than_a_body_may_be() {
    let mut ctx = trusted_twin::Context::default();
    ctx.policy.max_depth = 2;
    let user = |description: &str| {
        let uuid = "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11";
        let text = format!(r#"{{"uuid":"{uuid}","name":"Operator","role":"{uuid}"{description}}}"#);
        trusted_twin::User::from_json(text.as_bytes()).unwrap()
    };
    assert!(trusted_twin::diff_with(&user(""), &user(r#","description":{"a":1}"#), &ctx).is_ok());
    let unreachable = trusted_twin::diff_with(&user(""), &user(r#","description":{"a":[]}"#), &ctx).unwrap_err();
    let reasons: Vec<_> = unreachable.iter().map(|reason| (reason.rule().id, reason.pointer().as_str())).collect();
    assert_eq!(reasons, [("trusted_twin.body.depth", "")]);
}

/// `the_spelling_of_a_body_says_nothing`: members that the page does not name, in another order.
#[test]
fn elastic_the_order_of_unknown_members() {
    let patch = |body: &'static str| elastic::Patch::parse(body.as_bytes()).unwrap();
    assert_eq!(patch(r#"{"b":1,"a":2}"#), patch(r#"{"a":2,"b":1}"#));
}

/// The same of keys that are none.
#[test]
fn trusted_twin_the_order_of_wrong_keys() {
    let patch = |body: &'static str| trusted_twin::Patch::parse(body.as_bytes()).unwrap();
    assert_eq!(patch(r#"{"description":{"B":1,"A":2}}"#), patch(r#"{"description":{"A":2,"B":1}}"#));
}

/// `where_nothing_happened_nothing_moves`: a `security` that is no object is still none when it is moved.
#[test]
fn elastic_rebase_keeps_what_is_refused() {
    let ctx = elastic::Context::default();
    let user = elastic::User::from_json(br#"{"user_name":"ada","security":{}}"#).unwrap();
    let ours = elastic::Patch::parse(br#"{"security":false}"#).unwrap();
    let moved = elastic::rebase(&user, &ours, &user).unwrap();
    assert_eq!(moved.to_json(), ours.to_json());
    assert_eq!(moved.check(&user, &ctx), ours.check(&user, &ctx));
}

/// `the_update_time_moves_with_a_change`: also where the stored `metadata` is null.
#[test]
fn elastic_the_update_time_of_a_user_without_metadata() {
    let mut ctx = elastic::Context::default();
    ctx.now = Some("2026-01-01T00:00:00Z".parse().unwrap());
    let mut user = elastic::User::from_json(br#"{"user_name":"ada","security":{},"metadata":null}"#).unwrap();
    let _ = elastic::Patch::parse(br#"{"full_name":"Ada"}"#).unwrap().apply(&mut user, &ctx).unwrap();
    let time = user.document().at(&["metadata", "updated_at"]).unwrap().to_string();
    assert_eq!(time, r#""2026-01-01T00:00:00Z""#);
}

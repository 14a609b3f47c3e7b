//! What the laws have found, each as a case of its own.

mod trusted_twin {
    use std::sync::Arc;

    use user_patch::trusted_twin::{Context, Patch, User, diff};

    /// `diff_keeps_within_the_limits`: a description deeper than the policy lets a body be.
    #[test]
    fn diff_is_no_deeper_than_a_body_may_be() {
        let mut ctx = Context::default();
        Arc::make_mut(&mut ctx.service).policy.max_depth = 2;
        let user = |description: &str| {
            let uuid = "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11";
            let text = format!(r#"{{"uuid":"{uuid}","name":"Operator","role":"{uuid}"{description}}}"#);
            User::from_json(text.as_bytes()).unwrap()
        };
        assert!(diff(&user(""), &user(r#","description":{"a":1}"#), &ctx).is_ok());
        let unreachable = diff(&user(""), &user(r#","description":{"a":[]}"#), &ctx).unwrap_err();
        let reasons: Vec<_> = unreachable.iter().map(|reason| (reason.rule().id, reason.pointer().as_str())).collect();
        assert_eq!(reasons, [("trusted_twin.body.depth", "")]);
    }

    /// `the_spelling_of_a_body_says_nothing`: keys that are none, in another order.
    #[test]
    fn the_order_of_wrong_keys() {
        let ctx = Context::default();
        let patch = |body: &'static str| Patch::parse(body.as_bytes(), &ctx).unwrap();
        assert_eq!(patch(r#"{"description":{"B":1,"A":2}}"#), patch(r#"{"description":{"A":2,"B":1}}"#));
    }
}

mod fireworks {
    use user_patch::fireworks::{Context, Patch, User};

    /// `then_is_one_after_the_other`: a preset that was stored beside another role goes with the role in between.
    #[test]
    fn then_a_stored_preset_goes_with_the_role_in_between() {
        let ctx = Context::default();
        let read = |body: &'static [u8], mask: &str| Patch::parse_masked(body, mask, &ctx).unwrap();
        let first = read(br#"{"role":"custom","permissionPreset":"read-only"}"#, "role,permission_preset");
        let next = read(br#"{"role":"user"}"#, "role");
        let mut in_turn = User::from_json(br#"{"role":"admin","permissionPreset":"billing"}"#).unwrap();
        let mut at_once = in_turn.clone();
        let _ = first.apply(&mut in_turn, &ctx).unwrap();
        let _ = next.apply(&mut in_turn, &ctx).unwrap();
        assert_eq!(in_turn.to_json(), r#"{"role":"user"}"#);
        let _ = first.then(&next).unwrap().apply(&mut at_once, &ctx).unwrap();
        assert_eq!(at_once, in_turn);
    }
}

mod elastic {
    use user_patch::elastic::{Context, Patch, User, rebase};

    /// `then_is_one_after_the_other`: a null after a value leaves the default, also where nothing was before the value.
    #[test]
    fn then_a_null_after_a_value_is_the_default() {
        for (first, next, default) in [
            (r#"{"security":{"roles":["ece_platform_viewer"]}}"#, r#"{"security":{"roles":null}}"#, r#"{"roles":[]}"#),
            (r#"{"security":{"enabled":true}}"#, r#"{"security":{"enabled":null}}"#, r#"{"enabled":true}"#),
        ] {
            let ctx: Context = serde_json::from_str(r#"{"assignableRoles":["ece_platform_viewer"]}"#).unwrap();
            let first = Patch::parse(first.as_bytes(), &ctx).unwrap();
            let next = Patch::parse(next.as_bytes(), &ctx).unwrap();
            let mut in_turn = User::from_json(br#"{"user_name":"ada","security":{}}"#).unwrap();
            let mut at_once = in_turn.clone();
            let _ = first.apply(&mut in_turn, &ctx).unwrap();
            let _ = next.apply(&mut in_turn, &ctx).unwrap();
            assert_eq!(in_turn.to_json(), format!(r#"{{"user_name":"ada","security":{default}}}"#));
            let _ = first.then(&next).unwrap().apply(&mut at_once, &ctx).unwrap();
            assert_eq!(at_once, in_turn);
        }
    }

    /// `then_is_one_after_the_other`: the second repeats the time that the first has moved.
    #[test]
    fn then_the_time_that_the_first_moved() {
        let ctx: Context = serde_json::from_str(r#"{"now":"2026-01-01T00:00:00Z"}"#).unwrap();
        let first = Patch::parse(br#"{"full_name":"Ada"}"#, &ctx).unwrap();
        let next = br#"{"metadata":{"updated_at":"2026-01-01T00:00:00Z"},"email":"ada@example.com"}"#;
        let next = Patch::parse(next, &ctx).unwrap();
        let mut in_turn = User::from_json(br#"{"user_name":"ada","security":{}}"#).unwrap();
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

    /// `the_spelling_of_a_body_says_nothing`: members that the page does not name, in another order.
    #[test]
    fn the_order_of_unknown_members() {
        let ctx = Context::default();
        let patch = |body: &'static str| Patch::parse(body.as_bytes(), &ctx).unwrap();
        assert_eq!(patch(r#"{"b":1,"a":2}"#), patch(r#"{"a":2,"b":1}"#));
    }

    /// `where_nothing_happened_nothing_moves`: a `security` that is no object is still none when it is moved.
    #[test]
    fn rebase_keeps_what_is_refused() {
        let ctx = Context::default();
        let user = User::from_json(br#"{"user_name":"ada","security":{}}"#).unwrap();
        let ours = Patch::parse(br#"{"security":false}"#, &ctx).unwrap();
        let moved = rebase(&user, &ours, &user).unwrap().patch().unwrap();
        assert_eq!(moved.to_json(), ours.to_json());
        assert_eq!(moved.check(&user, &ctx), ours.check(&user, &ctx));
    }

    /// `the_update_time_moves_with_a_change`: also where the stored `metadata` is null.
    #[test]
    fn the_update_time_of_a_user_without_metadata() {
        let ctx: Context = serde_json::from_str(r#"{"now":"2026-01-01T00:00:00Z"}"#).unwrap();
        let mut user = User::from_json(br#"{"user_name":"ada","security":{},"metadata":null}"#).unwrap();
        let _ = Patch::parse(br#"{"full_name":"Ada"}"#, &ctx).unwrap().apply(&mut user, &ctx).unwrap();
        assert!(user.to_json().contains(r#""updated_at":"2026-01-01T00:00:00Z""#));
    }
}

mod lines {
    use user_patch::exchange::{Verdict, answer};

    /// `an_answer_is_the_decision`: wrong keys of control characters, which were told by seven bytes for one.
    #[test]
    fn an_answer_is_at_most_six_times_its_line_and_64_kb() {
        let keys: Vec<_> = (0..256).map(|at| format!("\"{}{at}\":0", "\u{7F}".repeat(150))).collect();
        let uuid = "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11";
        let line = format!(
            r#"{{"vendor":"trusted_twin","user":{{"uuid":"{uuid}","name":"Operator","role":"{uuid}"}},"patch":{{"description":{{{}}}}}}}"#,
            keys.join(",")
        );
        let answer = answer(1, line.as_bytes());
        assert_eq!(answer.verdict, Verdict::Refused);
        assert!(answer.line.len() <= 6 * line.len() + 65_536, "{} bytes for {}", answer.line.len(), line.len());
    }
}

//! Diff, undo, then, rebase and audit by example: one statement a test. The laws that hold for all of them are in `laws/`.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use user_patch::{
    elastic,
    engine::{Document, Limits, MergePatch},
    fireworks,
    report::{Diff, Unreachable},
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

fn fireworks(text: &str) -> fireworks::User {
    fireworks::User::from_json(text.as_bytes()).unwrap()
}

fn twin(rest: &str) -> trusted_twin::User {
    let text = format!(
        r#"{{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10",{rest}}}"#
    );
    trusted_twin::User::from_json(text.as_bytes()).unwrap()
}

fn elastic(text: &str) -> elastic::User {
    elastic::User::from_json(text.as_bytes()).unwrap()
}

/// The reasons as `rule pointer`.
#[track_caller]
fn reasons<P: std::fmt::Debug>(diff: Result<Diff<P>, Unreachable>) -> Vec<String> {
    let unreachable = diff.unwrap_err();
    unreachable.iter().map(|reason| format!("{} {}", reason.rule().id, reason.pointer())).collect()
}

mod fireworks_users {
    use super::{fireworks as user, *};
    use fireworks::{Context, Patch, rebase, undo};

    fn patch(text: &'static str) -> Patch<'static> {
        Patch::parse(text.as_bytes(), &Context::default()).unwrap()
    }

    fn masked(text: &'static str, mask: &str) -> Patch<'static> {
        Patch::parse_masked(text.as_bytes(), mask, &Context::default()).unwrap()
    }

    fn diff(before: &fireworks::User, after: &fireworks::User) -> Result<Diff<Patch<'static>>, Unreachable> {
        fireworks::diff(before, after, &Context::default())
    }

    #[track_caller]
    fn body(before: &str, after: &str) -> String {
        diff(&user(before), &user(after)).unwrap().patch().unwrap().to_json()
    }

    #[test]
    fn a_mask_spares_the_role_where_it_stays() {
        let (before, after) = (user(r#"{"role":"user","email":"a@b.c"}"#), user(r#"{"role":"user","email":"d@e.f"}"#));
        let patch = diff(&before, &after).unwrap().patch().unwrap();
        assert_eq!((&*patch.to_json(), patch.explicit_mask()), (r#"{"email":"d@e.f"}"#, Some("email")));
        // Of two bodies that are as short, the one without a mask.
        let patch = diff(&before, &user(r#"{"role":"admin","email":"a@b.c"}"#)).unwrap().patch().unwrap();
        assert_eq!((&*patch.to_json(), patch.explicit_mask()), (r#"{"role":"admin"}"#, None));
    }

    #[test]
    fn equal_users_are_unchanged_and_not_an_empty_patch() {
        let (absent, is_false) = (user(r#"{"role":"user"}"#), user(r#"{"role":"user","serviceAccount":false}"#));
        assert_eq!(diff(&absent, &is_false), Ok(Diff::Unchanged));
    }

    #[test]
    fn leaving_custom_needs_no_word_about_the_preset() {
        assert_eq!(body(r#"{"role":"custom","permissionPreset":"p"}"#, r#"{"role":"user"}"#), r#"{"role":"user"}"#);
    }

    #[test]
    fn a_preset_kept_by_another_role_is_out_of_reach() {
        let before = user(r#"{"role":"custom","permissionPreset":"p"}"#);
        let after = user(r#"{"role":"user","permissionPreset":"p"}"#);
        assert_eq!(reasons(diff(&before, &after)), ["fireworks.preset.only_custom /permissionPreset"]);
    }

    #[test]
    fn every_reason_is_told_with_its_place() {
        let before = user(r#"{"role":"user","name":"accounts/a/users/b","x":1}"#);
        let after = user(r#"{"role":"root","name":"accounts/a/users/c","x":1.0}"#);
        assert_eq!(
            reasons(diff(&before, &after)),
            ["fireworks.read_only /name", "fireworks.role.known /role", "fireworks.unknown_member /x"]
        );
    }

    #[test]
    fn what_the_vendor_keeps_by_itself_is_not_compared() {
        let before = user(r#"{"role":"user","createTime":"2024-01-01T00:00:00Z","state":"READY"}"#);
        let after = user(
            r#"{"role":"user","createTime":"2025-01-01T00:00:00Z","updateTime":"2025-01-01T00:00:00Z","status":{"code":"OK"}}"#,
        );
        assert_eq!(diff(&before, &after), Ok(Diff::Unchanged));
    }

    #[test]
    fn an_update_is_undone_after_the_clock_has_moved() {
        let before = user(r#"{"role":"custom","permissionPreset":"p","updateTime":"2024-01-01T00:00:00Z"}"#);
        let (mut after, mut ctx) = (before.clone(), Context::default());
        ctx.now = Some("2026-01-01T00:00:00Z".parse().unwrap());
        let _ = patch(r#"{"role":"user","email":"a@b.c"}"#).apply(&mut after, &ctx).unwrap();
        let back = undo(&before, &after, &ctx).unwrap().patch().unwrap();
        let mut undone = after.clone();
        let _ = back.apply(&mut undone, &ctx).unwrap();
        assert_eq!(diff(&undone, &before), Ok(Diff::Unchanged));
        assert_eq!(undone.permission_preset(), "p");
    }

    #[test]
    fn a_role_that_is_no_longer_listed_is_repeated_or_left_out_by_a_mask() {
        let (before, after) = (r#"{"role":"root","displayName":"A"}"#, r#"{"role":"root","displayName":"B"}"#);
        let there = diff(&user(before), &user(after)).unwrap().patch().unwrap();
        let mut reached = user(before);
        let _ = there.apply(&mut reached, &Context::default()).unwrap();
        assert_eq!(reached, user(after));
        // Into a role that is not listed there is no way.
        assert_eq!(reasons(diff(&user(r#"{"role":"user"}"#), &user(before))), ["fireworks.role.known /role"]);
    }

    #[test]
    fn a_preset_that_only_a_mask_leaves_alone_is_reached_by_one() {
        let before = user(r#"{"role":"user","permissionPreset":"p","email":"a@b.c"}"#);
        let after = user(r#"{"role":"user","permissionPreset":"p"}"#);
        let there = diff(&before, &after).unwrap().patch().unwrap();
        let mut reached = before.clone();
        let _ = there.apply(&mut reached, &Context::default()).unwrap();
        assert_eq!(reached, after);
    }

    #[test]
    fn the_mask_of_a_diff_is_what_it_says() {
        let patch = diff(&user(r#"{"role":"user","displayName":"A"}"#), &user(r#"{"role":"admin","displayName":"A"}"#));
        let patch = patch.unwrap().patch().unwrap();
        assert_eq!(patch.mask().unwrap().to_string(), "role");
        assert_eq!(patch.explicit_mask(), None);
    }

    #[test]
    fn then_keeps_the_explicit_masks_of_both() {
        let first = masked(r#"{"displayName":"A","email":"lost"}"#, "display_name");
        let both = first.then(&masked("{}", "email")).unwrap();
        assert_eq!(both.mask().unwrap().to_string(), "display_name,email");
        assert_eq!(both.explicit_mask(), Some("display_name,email"));
        let mut alice = user(r#"{"role":"user","email":"a@b.c"}"#);
        let _ = both.apply(&mut alice, &Context::default()).unwrap();
        assert_eq!(alice.to_json(), r#"{"role":"user","displayName":"A"}"#);
    }

    /// A body alone would say the same here, and a mask that is sent is one that is meant.
    #[test]
    fn then_has_a_mask_where_one_of_both_has_one() {
        let (with, without) = (masked(r#"{"email":"a@b.c"}"#, "email"), patch(r#"{"role":"user"}"#));
        for (first, next, mask) in
            [(&with, &without, "role,email"), (&without, &with, "role,email"), (&with, &with, "email")]
        {
            assert_eq!(first.then(next).unwrap().explicit_mask(), Some(mask));
        }
        assert_eq!(without.then(&without).unwrap().explicit_mask(), None);
        // Two that read what they do not say in different ways are not said by one body.
        let ctx: Context = serde_json::from_str(r#"{"policy":{"withoutMask":"replace"}}"#).unwrap();
        let replace = Patch::parse(br#"{"role":"user"}"#, &ctx).unwrap();
        assert!(without.then(&replace).unwrap().explicit_mask().is_some());
    }

    #[test]
    fn a_preset_and_then_a_role_is_one_patch_where_the_preset_goes_with_the_role() {
        let first = masked(r#"{"permissionPreset":"p"}"#, "permission_preset");
        let both = first.then(&masked(r#"{"role":"user"}"#, "role")).unwrap();
        assert_eq!((&*both.to_json(), both.explicit_mask()), (r#"{"role":"user"}"#, Some("role")));
        let none = first.then(&masked(r#"{"role":"custom"}"#, "role")).unwrap_err();
        assert_eq!(none.pointer().as_str(), "/permissionPreset");
    }

    #[test]
    fn a_role_that_is_repeated_takes_no_preset_along() {
        let first = patch(r#"{"role":"custom","permissionPreset":"p"}"#);
        let both = first.then(&patch(r#"{"role":"custom"}"#)).unwrap();
        assert_eq!(both.to_json(), r#"{"role":"custom","permissionPreset":"p"}"#);
        let mut alice = user(r#"{"role":"user"}"#);
        let _ = both.apply(&mut alice, &Context::default()).unwrap();
        assert_eq!(alice, user(r#"{"role":"custom","permissionPreset":"p"}"#));
    }

    #[test]
    fn what_has_been_done_already_leaves_the_mask() {
        let (base, theirs) = (user(r#"{"role":"user"}"#), user(r#"{"role":"user","email":"a@b.c"}"#));
        let moved = |mask: &str| {
            let ours = masked(r#"{"email":"a@b.c","displayName":"A"}"#, mask);
            let moved = rebase(&base, &ours, &theirs).unwrap().patch().unwrap();
            (moved.to_json(), moved.explicit_mask().unwrap().to_owned())
        };
        let named = r#"{"displayName":"A"}"#.to_owned();
        assert_eq!(moved("email,display_name"), (named.clone(), "display_name".to_owned()));
        assert_eq!(moved("display_name,email,status.code"), (named, "display_name,status.code".to_owned()));
    }

    #[test]
    fn a_role_that_leaves_custom_and_comes_back_is_one_patch_without_its_preset() {
        let both = patch(r#"{"role":"user"}"#).then(&patch(r#"{"role":"custom"}"#)).unwrap();
        assert_eq!(both.to_json(), r#"{"role":"custom","permissionPreset":""}"#);
        let first = masked(r#"{"role":"user"}"#, "role");
        let both = first.then(&masked(r#"{"role":"custom"}"#, "role")).unwrap();
        assert_eq!((&*both.to_json(), both.explicit_mask()), (r#"{"role":"custom"}"#, Some("role,permission_preset")));
    }

    #[test]
    fn a_patch_is_composed_by_what_the_policy_of_its_reading_makes_of_it() {
        let first = patch(r#"{"role":"user","email":"a@b.c"}"#);
        let both = first.then(&patch(r#"{"role":"user"}"#)).unwrap();
        assert_eq!((&*both.to_json(), both.explicit_mask()), (r#"{"role":"user","email":"a@b.c"}"#, None));
        let ctx: Context = serde_json::from_str(r#"{"policy":{"withoutMask":"replace"}}"#).unwrap();
        let replace = |text: &'static str| Patch::parse(text.as_bytes(), &ctx).unwrap();
        let both = replace(r#"{"role":"user","email":"a@b.c"}"#).then(&replace(r#"{"role":"user"}"#)).unwrap();
        assert_eq!((&*both.to_json(), both.explicit_mask()), (r#"{"role":"user"}"#, None));
        let first = masked(r#"{"role":"user","email":"a@b.c"}"#, "role,email");
        let both = first.then(&masked(r#"{"role":"admin"}"#, "role")).unwrap();
        assert_eq!(both.to_json(), r#"{"role":"admin","email":"a@b.c"}"#);
    }

    #[test]
    fn the_same_change_on_both_sides_is_no_conflict() {
        let (base, theirs) = (user(r#"{"role":"user"}"#), user(r#"{"role":"user","email":"a@b.c"}"#));
        let moved = rebase(&base, &patch(r#"{"role":"user","email":"a@b.c","displayName":"A"}"#), &theirs).unwrap();
        assert_eq!(moved.patch().unwrap().to_json(), r#"{"role":"user","displayName":"A"}"#);
    }

    #[test]
    fn what_others_have_done_already_is_nothing_to_send() {
        let (base, theirs) = (user(r#"{"role":"user"}"#), user(r#"{"role":"user","email":"a@b.c"}"#));
        let ours = masked(r#"{"email":"a@b.c"}"#, "email");
        assert_eq!(rebase(&base, &ours, &theirs), Ok(Diff::Unchanged));
    }

    #[test]
    fn a_preset_cleared_here_and_changed_there_is_a_conflict() {
        let base = user(r#"{"role":"custom","permissionPreset":"p"}"#);
        let theirs = user(r#"{"role":"custom","permissionPreset":"q"}"#);
        let conflict = rebase(&base, &patch(r#"{"role":"user"}"#), &theirs).unwrap_err();
        assert_eq!(conflict.to_string(), "both changed /permissionPreset");
    }
}

mod trusted_twin_users {
    use super::*;
    use trusted_twin::{Context, Patch, audit, rebase, undo};

    fn diff(before: &trusted_twin::User, after: &trusted_twin::User) -> Result<Diff<Patch<'static>>, Unreachable> {
        trusted_twin::diff(before, after, &Context::default())
    }

    #[track_caller]
    fn body(before: &str, after: &str) -> String {
        diff(&twin(before), &twin(after)).unwrap().patch().unwrap().to_json()
    }

    #[test]
    fn a_description_goes_is_emptied_or_is_replaced_whole() {
        let before = r#""name":"Operator","description":{"a":1,"b":2}"#;
        assert_eq!(body(before, r#""name":"Operator""#), r#"{"description":null}"#);
        assert_eq!(body(before, r#""name":"Operator","description":{}"#), r#"{"description":{}}"#);
        assert_eq!(
            body(before, r#""name":"Operator","description":{"a":1,"b":3}"#),
            r#"{"description":{"a":1,"b":3}}"#
        );
    }

    #[test]
    fn a_null_inside_the_description_can_be_written() {
        let after = r#""name":"Operator","description":{"a":null}"#;
        assert_eq!(body(r#""name":"Operator""#, after), r#"{"description":{"a":null}}"#);
    }

    #[test]
    fn a_description_in_another_order_is_unchanged() {
        let one = twin(r#""name":"Operator","description":{"a":1,"b":2}"#);
        let other = twin(r#""name":"Operator","description":{"b":2,"a":1}"#);
        assert_eq!(diff(&one, &other), Ok(Diff::Unchanged));
    }

    #[test]
    fn what_only_the_response_has_is_out_of_reach() {
        let account = "9c1e0b52-6c2f-4f55-9d3e-1a5be3c0d7f4";
        let before = twin(r#""name":"Operator","created_ts":1.5"#);
        let after = twin(&format!(r#""name":"Operator-7","created_ts":1.25,"account":"{account}","x":1"#));
        assert_eq!(
            reasons(diff(&before, &after)),
            ["trusted_twin.read_only /account", "trusted_twin.unknown_member /x"]
        );
    }

    #[test]
    fn what_the_vendor_keeps_by_itself_is_not_compared() {
        let before = twin(r#""name":"Operator","created_ts":1.5,"updated_ts":2.5"#);
        assert_eq!(diff(&before, &twin(r#""name":"Operator","updated_ts":3.5"#)), Ok(Diff::Unchanged));
    }

    #[test]
    fn a_name_that_is_not_there_cannot_be_reached() {
        let (named, nameless) = (twin(r#""name":"Operator""#), twin(r#""x":1"#));
        assert_eq!(reasons(diff(&named, &nameless)), ["trusted_twin.type /name", "trusted_twin.unknown_member /x"]);
        assert_eq!(body(r#""description":{}"#, r#""name":"Operator","description":{}"#), r#"{"name":"Operator"}"#);
    }

    #[test]
    fn an_update_is_undone_after_the_clock_has_moved() {
        let before = twin(r#""name":"Operator","description":{"a":1},"updated_ts":2.5"#);
        let (mut after, mut ctx) = (before.clone(), Context::default());
        ctx.now = Some("2026-01-01T00:00:00Z".parse().unwrap());
        let _ = Patch::parse(br#"{"description":{}}"#, &ctx).unwrap().apply(&mut after, &ctx).unwrap();
        let back = undo(&before, &after, &ctx).unwrap().patch().unwrap();
        assert_eq!(back.to_json(), r#"{"description":{"a":1}}"#);
    }

    #[test]
    fn what_others_have_done_already_is_nothing_to_send() {
        let (base, theirs) = (twin(r#""name":"Operator""#), twin(r#""name":"Operator-7""#));
        let ours = Patch::parse(br#"{"name":"Operator-7"}"#, &Context::default()).unwrap();
        assert_eq!(rebase(&base, &ours, &theirs), Ok(Diff::Unchanged));
    }

    #[test]
    fn a_description_longer_than_a_body_is_out_of_reach() {
        let long = format!(r#""name":"Operator","description":{{"a":"{}"}}"#, "x".repeat(65_536));
        assert_eq!(reasons(diff(&twin(r#""name":"Operator""#), &twin(&long))), ["trusted_twin.body.size "]);
    }

    #[test]
    fn a_description_is_one_member_when_it_is_moved() {
        let base = twin(r#""name":"Operator","description":{"a":1}"#);
        let theirs = twin(r#""name":"Operator","description":{"a":1,"b":2}"#);
        let ours = Patch::parse(br#"{"description":{"a":2}}"#, &Context::default()).unwrap();
        assert_eq!(rebase(&base, &ours, &theirs).unwrap_err().pointers()[0].as_str(), "/description");
    }

    #[test]
    fn an_audit_names_attributes_and_can_be_undone() {
        let before = twin(
            r#""name":"Operator","description":{"a/b":1,"c":12345678901234567890123}"#.replace("a/b", "a_b").as_str(),
        );
        let after = twin(r#""name":"Operator","description":{"a_b":1}"#);
        let audit = audit(&before, &after);
        assert_eq!(audit.to_json(), r#"[{"op":"remove","path":"/description/c"}]"#);
        assert_eq!(
            audit.inverted().to_json(),
            r#"[{"op":"add","path":"/description/c","value":12345678901234567890123}]"#
        );
    }
}

mod elastic_users {
    use super::{elastic as user, *};
    use elastic::{Context, Patch, User, audit, rebase, undo};

    fn patch(text: &'static str) -> Patch<'static> {
        Patch::parse(text.as_bytes(), &Context::default()).unwrap()
    }

    fn diff(before: &User, after: &User) -> Result<Diff<Patch<'static>>, Unreachable> {
        elastic::diff(before, after, &Context::default())
    }

    #[track_caller]
    fn body(before: &str, after: &str) -> String {
        diff(&user(before), &user(after)).unwrap().patch().unwrap().to_json()
    }

    const ADMIN: &str =
        r#"{"user_name":"ada","security":{"roles":["ece_platform_admin"],"enabled":false},"m":{"a":1}}"#;

    #[test]
    fn a_default_is_written_as_its_value() {
        let after = r#"{"user_name":"ada","security":{"roles":[],"enabled":true},"m":{"a":1}}"#;
        assert_eq!(body(ADMIN, after), r#"{"security":{"enabled":true,"roles":[]}}"#);
    }

    #[test]
    fn a_default_where_nothing_was_has_to_be_written() {
        let before = r#"{"user_name":"ada","security":{}}"#;
        let after = r#"{"user_name":"ada","security":{"enabled":true}}"#;
        assert_eq!(body(before, after), r#"{"security":{"enabled":true}}"#);
    }

    #[test]
    fn a_member_with_a_default_cannot_go() {
        let after = r#"{"user_name":"ada","security":{"roles":["ece_platform_admin"]},"m":{"a":1}}"#;
        assert_eq!(reasons(diff(&user(ADMIN), &user(after))), ["elastic.null /security/enabled"]);
    }

    #[test]
    fn a_role_that_a_user_has_twice_is_written_once() {
        let with = |roles: &str| user(&format!(r#"{{"user_name":"ada","security":{{"roles":[{roles}]}}}}"#));
        let (viewer, platform) = (r#""ece_deployment_viewer""#, r#""ece_platform_viewer""#);
        let (before, after) = (with(&format!("{viewer},{platform}")), with(&format!("{platform},{platform}")));
        let patch = elastic::diff(&before, &after, &Context::default()).unwrap().patch().unwrap();
        assert_eq!(patch.to_json(), format!(r#"{{"security":{{"roles":[{platform}]}}}}"#));
    }

    #[test]
    fn a_null_that_is_not_there_cannot_be_written() {
        let before = user(r#"{"user_name":"ada","security":{},"kept":null}"#);
        let after = user(r#"{"user_name":"ada","security":{},"kept":null,"new":{"x":null}}"#);
        assert_eq!(reasons(diff(&before, &after)), ["elastic.null /new"]);
    }

    #[test]
    fn restricted_members_and_roles_are_out_of_reach() {
        let before = user(r#"{"user_name":"ada","security":{"roles":[]}}"#);
        let after = user(r#"{"user_name":"eve","security":{"roles":["ece_platform_admin"]}}"#);
        assert_eq!(
            reasons(diff(&before, &after)),
            ["elastic.roles.assignable /security/roles", "elastic.restricted /user_name"]
        );
    }

    #[test]
    fn nested_members_alone_are_said() {
        let after = ADMIN.replace(r#""m":{"a":1}"#, r#""m":{"a":1,"b":{"c":2}}"#);
        assert_eq!(body(ADMIN, &after), r#"{"m":{"b":{"c":2}}}"#);
    }

    #[test]
    fn what_is_taken_away_and_filled_again_is_not_one_patch() {
        for first in [r#"{"a":null}"#, r#"{"a":1}"#] {
            let none = patch(first).then(&patch(r#"{"a":{"b":1}}"#)).unwrap_err();
            assert_eq!(none.pointer().as_str(), "/a");
        }
    }

    #[test]
    fn one_who_becomes_admin_in_between_is_not_one_patch() {
        let first = patch(r#"{"security":{"roles":["ece_platform_admin"]}}"#);
        let none = first.then(&patch(r#"{"security":{"enabled":false}}"#)).unwrap_err();
        assert_eq!(none.pointer().as_str(), "/security/enabled");
    }

    #[test]
    fn a_password_that_is_null_leaves_the_earlier_one() {
        let first = patch(r#"{"security":{"password":"correct horse"}}"#);
        // The same set in another order does not put the first in that order.
        let roles = |order: &'static str| Patch::parse(order.as_bytes(), &Context::default()).unwrap();
        let one = r#"{"security":{"roles":["a","b"]}}"#;
        assert_eq!(roles(one).then(&roles(r#"{"security":{"roles":["b","a"]}}"#)).unwrap().to_json(), one);
        let both = first.then(&patch(r#"{"security":{"password":null}}"#)).unwrap();
        assert_eq!(both, first);
        // Nor does it take one away that is still to come.
        let both = patch(r#"{"security":{"password":null}}"#).then(&first).unwrap();
        assert_eq!(both, first);
    }

    #[test]
    fn an_echo_of_the_base_does_not_undo_their_change() {
        let base = user(r#"{"user_name":"ada","security":{},"m":{"a":1,"b":1}}"#);
        let theirs = user(r#"{"user_name":"ada","security":{},"m":{"a":2,"b":1}}"#);
        let moved = rebase(&base, &patch(r#"{"user_name":"ada","m":{"a":1,"b":3}}"#), &theirs).unwrap();
        assert_eq!(moved.patch().unwrap().to_json(), r#"{"m":{"b":3},"user_name":"ada"}"#);
    }

    #[test]
    fn what_others_have_done_already_is_nothing_to_send() {
        let base = user(r#"{"user_name":"ada","security":{},"email":"a"}"#);
        let theirs = user(r#"{"user_name":"ada","security":{},"email":"b"}"#);
        assert_eq!(rebase(&base, &patch(r#"{"email":"b"}"#), &theirs), Ok(Diff::Unchanged));
    }

    #[test]
    fn roles_in_another_order_are_unchanged() {
        let one = user(r#"{"user_name":"ada","security":{"roles":["a","b"]}}"#);
        let other = user(r#"{"user_name":"ada","security":{"roles":["b","a"]}}"#);
        assert_eq!(diff(&one, &other), Ok(Diff::Unchanged));
    }

    #[test]
    fn what_the_vendor_keeps_by_itself_is_not_compared() {
        let before = user(r#"{"user_name":"ada","security":{"permissions":["a"]},"metadata":{"created_by":"root"}}"#);
        let after = user(
            r#"{"user_name":"ada","security":{"elevated_permissions":{"enabled":true}},"metadata":{"updated_by":"eve","updated_at":"2026-01-01T00:00:00Z"}}"#,
        );
        assert_eq!(diff(&before, &after), Ok(Diff::Unchanged));
    }

    #[test]
    fn an_update_is_undone_after_the_clock_has_moved() {
        let before = user(r#"{"user_name":"ada","security":{},"email":"a","metadata":{"updated_by":"root","x":1}}"#);
        let (mut after, mut ctx) = (before.clone(), Context::default());
        ctx.now = Some("2026-01-01T00:00:00Z".parse().unwrap());
        ctx.actor = Some("eve".to_owned());
        let _ = patch(r#"{"email":"b","metadata":{"x":null}}"#).apply(&mut after, &ctx).unwrap();
        assert_eq!(after.document().value().at(&["metadata", "updated_by"]).unwrap().text(), r#""eve""#);
        let back = undo(&before, &after, &ctx).unwrap().patch().unwrap();
        assert_eq!(back, patch(r#"{"email":"a","metadata":{"x":1}}"#));
    }

    #[test]
    fn each_member_that_both_changed_is_named() {
        let base = user(r#"{"user_name":"ada","security":{},"m":{"a":1},"email":"a"}"#);
        let theirs = user(r#"{"user_name":"ada","security":{},"m":{"a":2}}"#);
        let conflict = rebase(&base, &patch(r#"{"m":{"a":3},"email":"b"}"#), &theirs).unwrap_err();
        assert_eq!(conflict.to_string(), "both changed /email, /m");
    }

    #[test]
    fn an_audit_is_a_patch_of_json_patch() {
        let (before, after) = (user(ADMIN), user(&ADMIN.replace(r#"{"a":1}"#, "[]")));
        let audit = audit(&before, &after);
        let mut document = before.document().value().to_value().unwrap();
        json_patch::patch(&mut document, &audit.to_patch().unwrap()).unwrap();
        assert_eq!(document, after.document().value().to_value().unwrap());
        json_patch::patch(&mut document, &audit.inverted().to_patch().unwrap()).unwrap();
        assert_eq!(document, before.document().value().to_value().unwrap());
    }
}

mod merge_patches {
    use super::*;

    fn document(text: &str) -> Document<'_> {
        Document::parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn no_change_is_not_the_patch_null() {
        assert_eq!(MergePatch::diff(&document("1"), &document("1")), Ok(None));
        assert_eq!(MergePatch::diff(&document("1"), &document("null")).unwrap().unwrap().to_string(), "null");
    }

    #[test]
    fn arrays_are_replaced_whole() {
        let patch = MergePatch::diff(&document(r#"{"a":[1,2]}"#), &document(r#"{"a":[1,null]}"#)).unwrap().unwrap();
        assert_eq!(patch.to_string(), r#"{"a":[1,null]}"#);
    }

    #[test]
    fn numbers_are_equal_where_they_are_written_alike() {
        assert_eq!(MergePatch::diff(&document("[1]"), &document("[1.0]")).unwrap().unwrap().to_string(), "[1.0]");
    }

    #[test]
    fn every_member_with_a_null_that_cannot_be_written_is_named() {
        let unrepresentable =
            MergePatch::diff(&document(r#"{"a":null}"#), &document(r#"{"a":null,"b":null,"c":{"d":null}}"#));
        assert_eq!(unrepresentable.unwrap_err().to_string(), "a merge patch cannot write the null at /b, /c");
    }
}

/// What [`UpdateModel`] passes on is what the modules do.
mod every_vendor {
    use super::*;

    #[track_caller]
    fn there_and_back<M: UpdateModel>(before: &str, after: &str) {
        let ctx = M::Context::default();
        let [before, after] = [before, after].map(|text| M::user(text.as_bytes()).unwrap());
        let there = M::diff(&before, &after, &ctx).unwrap().patch().unwrap();
        let mut made = before.clone();
        assert!(M::check(&there, &made, &ctx).unwrap().is_empty());
        assert!(!M::apply(&there, &mut made, &ctx).unwrap().changed().is_empty());
        assert_eq!(made, after);
        assert_eq!(M::undo(&before, &after, &ctx), M::diff(&after, &before, &ctx));
        assert_eq!(M::rebase(&before, &there, &after), Ok(Diff::Unchanged));
        assert!(M::audit(&made, &after).is_empty() && !M::audit(&before, &after).is_empty());

        // As text it is the same patch when it is read again, with its mask beside it.
        let (body, mask) = (M::patch_json(&there), M::explicit_mask(&there));
        let again = match &mask {
            Some(mask) => M::parse_masked(body.as_bytes(), mask, &ctx).unwrap(),
            None => M::parse(body.as_bytes(), &ctx),
        };
        assert_eq!(M::into_owned(again.unwrap()), there);

        let has_masks = M::VENDOR == Vendor::Fireworks;
        assert_eq!(M::VENDOR.has_mask_and_create(), has_masks);
        assert_eq!(
            (M::mask(&there).is_some(), M::parse_masked(b"{}", "email", &ctx).is_some()),
            (has_masks, has_masks)
        );

        let stored = M::user_json(&before);
        let masked = M::store_masked(stored.as_bytes(), b"{}", "email", &ctx);
        assert_eq!((masked.is_some(), M::mask_of_query("updateMask=email").is_some()), (has_masks, has_masks));

        let text = M::user_json(&made);
        assert_eq!((M::accepted(&made, &ctx).status, M::accepted(&made, &ctx).body), (200, text.clone()));
        assert_eq!(M::user_from_value(&serde_json::from_str(&text).unwrap()), Ok(made));
        let refused = M::refused(&M::parse(b"[]", &ctx).unwrap_err(), &ctx);
        assert_eq!(refused.status, 400);
        assert!(M::rules().iter().map(|rule| rule.id).eq(M::VENDOR.rules().iter().map(|rule| rule.id)));
    }

    #[test]
    fn is_reached_by_the_same_verbs() {
        there_and_back::<Fireworks>(r#"{"role":"user","email":"a"}"#, r#"{"role":"user","displayName":"A"}"#);
        there_and_back::<Fireworks>(r#"{"role":"user"}"#, r#"{"role":"custom","permissionPreset":"p"}"#);
        let twin = |name: &str| {
            format!(
                r#"{{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"{name}","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}}"#
            )
        };
        there_and_back::<TrustedTwin>(&twin("Operator"), &twin("Operator-7"));
        let ada = r#"{"user_name":"ada","security":{"enabled":true},"email":"a"}"#;
        there_and_back::<Elastic>(ada, r#"{"user_name":"ada","security":{"enabled":true},"x":{"y":[null]}}"#);
    }

    #[test]
    fn tells_which_members_of_its_page_a_body_has() {
        fn mentions<M: UpdateModel>(body: &str, names: &[&str]) {
            let patch = M::parse(body.as_bytes(), &M::Context::default()).unwrap();
            let mentioned = M::mentioned(&patch);
            assert_eq!(mentioned.iter().map(|member| member.as_str()).collect::<Vec<_>>(), names);
        }
        mentions::<Fireworks>(r#"{"nick":1,"email":null,"role":"user"}"#, &["/role", "/email"]);
        mentions::<TrustedTwin>(r#"{"description":{"k":1},"name":null}"#, &["/name", "/description"]);
        mentions::<Elastic>(r#"{"nick":1,"full_name":null,"security":{"nick":1}}"#, &["/security", "/full_name"]);
    }

    #[test]
    fn has_one_name_and_that_of_its_module() {
        for (vendor, name, module) in [
            (Vendor::Fireworks, "fireworks", "fireworks"),
            (Vendor::TrustedTwin, "trusted-twin", "trusted_twin"),
            (Vendor::Elastic, "elastic", "elastic"),
        ] {
            assert_eq!((vendor.name(), &*vendor.to_string()), (name, name));
            assert_eq!((Vendor::named(name), Vendor::named(module)), (Some(vendor), Some(vendor)));
            assert!(vendor.rules().iter().all(|rule| rule.id.starts_with(&format!("{module}."))));
        }
        for other in ["", "Elastic", "trusted twin", "trustedtwin", "trusted-twin "] {
            assert_eq!(Vendor::named(other), None, "{other:?}");
        }
    }
}

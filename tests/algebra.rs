//! Diff, then, rebase and audit by example: one statement a test. The laws that hold for all of them are in `laws/`.

use user_patch::{
    elastic,
    engine::{Limits, MergePatch, Node},
    fireworks,
    report::{Diff, Unreachable},
    trusted_twin,
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

mod fireworks_room {
    use super::{fireworks as user, *};
    use fireworks::{Patch, diff, rebase};

    fn patch(text: &'static str) -> Patch<'static> {
        Patch::parse(text.as_bytes()).unwrap()
    }

    #[track_caller]
    fn body(before: &str, after: &str) -> String {
        diff(&user(before), &user(after)).unwrap().patch().unwrap().to_json()
    }

    #[test]
    fn the_role_is_said_even_where_it_stays() {
        assert_eq!(
            body(r#"{"role":"user","email":"a@b.c"}"#, r#"{"role":"user","email":"d@e.f"}"#),
            r#"{"role":"user","email":"d@e.f"}"#
        );
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
    fn the_mask_of_a_diff_is_what_it_says() {
        let patch = diff(&user(r#"{"role":"user","displayName":"A"}"#), &user(r#"{"role":"admin","displayName":"A"}"#));
        assert_eq!(patch.unwrap().patch().unwrap().mask().unwrap().to_string(), "role");
    }

    #[test]
    fn then_keeps_the_explicit_masks_of_both() {
        let first = patch(r#"{"displayName":"A","email":"lost"}"#).with_mask("display_name");
        let both = first.then(&patch("{}").with_mask("email")).unwrap();
        assert_eq!(both.mask().unwrap().to_string(), "display_name,email");
        let mut alice = user(r#"{"role":"user","email":"a@b.c"}"#);
        let _ = both.apply(&mut alice, &fireworks::Context::default()).unwrap();
        assert_eq!(alice.to_json(), r#"{"role":"user","displayName":"A"}"#);
    }

    #[test]
    fn a_role_that_leaves_custom_and_comes_back_is_not_one_patch() {
        let none = patch(r#"{"role":"user"}"#).then(&patch(r#"{"role":"custom"}"#)).unwrap_err();
        assert_eq!(none.pointer().as_str(), "/permissionPreset");
    }

    #[test]
    fn the_same_change_on_both_sides_is_no_conflict() {
        let (base, theirs) = (user(r#"{"role":"user"}"#), user(r#"{"role":"user","email":"a@b.c"}"#));
        let moved = rebase(&base, &patch(r#"{"role":"user","email":"a@b.c","displayName":"A"}"#), &theirs).unwrap();
        assert_eq!(moved.to_json(), r#"{"role":"user","displayName":"A"}"#);
    }

    #[test]
    fn a_preset_cleared_here_and_changed_there_is_a_conflict() {
        let base = user(r#"{"role":"custom","permissionPreset":"p"}"#);
        let theirs = user(r#"{"role":"custom","permissionPreset":"q"}"#);
        let conflict = rebase(&base, &patch(r#"{"role":"user"}"#), &theirs).unwrap_err();
        assert_eq!(conflict.to_string(), "both changed /permissionPreset");
    }
}

mod trusted_twin_room {
    use super::*;
    use trusted_twin::{Patch, audit, diff, rebase};

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
        let before = twin(r#""name":"Operator","created_ts":1.5"#);
        let after = twin(r#""name":"Operator-7","created_ts":1.25,"x":1"#);
        assert_eq!(
            reasons(diff(&before, &after)),
            ["trusted_twin.read_only /created_ts", "trusted_twin.unknown_member /x"]
        );
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
        let ours = Patch::parse(br#"{"description":{"a":2}}"#).unwrap();
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

mod elastic_room {
    use super::{elastic as user, *};
    use elastic::{Patch, audit, diff, rebase};

    fn patch(text: &'static str) -> Patch<'static> {
        Patch::parse(text.as_bytes()).unwrap()
    }

    #[track_caller]
    fn body(before: &str, after: &str) -> String {
        diff(&user(before), &user(after)).unwrap().patch().unwrap().to_json()
    }

    const ADMIN: &str =
        r#"{"user_name":"ada","security":{"roles":["ece_platform_admin"],"enabled":false},"m":{"a":1}}"#;

    #[test]
    fn null_where_the_target_is_the_default() {
        let after = r#"{"user_name":"ada","security":{"roles":[],"enabled":true},"m":{"a":1}}"#;
        assert_eq!(body(ADMIN, after), r#"{"security":{"enabled":null,"roles":null}}"#);
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
    fn a_null_that_is_not_there_cannot_be_written() {
        let before = user(r#"{"user_name":"ada","security":{},"kept":null}"#);
        let after = user(r#"{"user_name":"ada","security":{},"kept":null,"new":{"x":null}}"#);
        assert_eq!(reasons(diff(&before, &after)), ["elastic.null /new/x"]);
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
        let both = first.then(&patch(r#"{"security":{"password":null}}"#)).unwrap();
        assert_eq!(both, first);
    }

    #[test]
    fn an_echo_of_the_base_does_not_undo_their_change() {
        let base = user(r#"{"user_name":"ada","security":{},"m":{"a":1,"b":1}}"#);
        let theirs = user(r#"{"user_name":"ada","security":{},"m":{"a":2,"b":1}}"#);
        let moved = rebase(&base, &patch(r#"{"user_name":"ada","m":{"a":1,"b":3}}"#), &theirs).unwrap();
        assert_eq!(moved.to_json(), r#"{"m":{"b":3},"user_name":"ada"}"#);
    }

    #[test]
    fn each_member_that_both_changed_is_named() {
        let base = user(r#"{"user_name":"ada","security":{},"m":{"a":1},"email":"a"}"#);
        let theirs = user(r#"{"user_name":"ada","security":{},"m":{"a":2}}"#);
        let conflict = rebase(&base, &patch(r#"{"m":{"a":3},"email":"b"}"#), &theirs).unwrap_err();
        assert_eq!(conflict.to_string(), "both changed /email, /m/a");
    }

    #[test]
    fn an_audit_is_a_patch_of_json_patch() {
        let (before, after) = (user(ADMIN), user(&ADMIN.replace(r#"{"a":1}"#, "[]")));
        let audit = audit(&before, &after);
        let mut document = before.document().to_value().unwrap();
        json_patch::patch(&mut document, &audit.to_patch().unwrap()).unwrap();
        assert_eq!(document, after.document().to_value().unwrap());
        json_patch::patch(&mut document, &audit.inverted().to_patch().unwrap()).unwrap();
        assert_eq!(document, before.document().to_value().unwrap());
    }
}

mod merge_patches {
    use super::*;

    fn node(text: &str) -> Node {
        Node::parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn no_change_is_not_the_patch_null() {
        assert_eq!(MergePatch::diff(&node("1"), &node("1")), Ok(None));
        assert_eq!(MergePatch::diff(&node("1"), &node("null")).unwrap().unwrap().to_string(), "null");
    }

    #[test]
    fn arrays_are_replaced_whole() {
        let patch = MergePatch::diff(&node(r#"{"a":[1,2]}"#), &node(r#"{"a":[1,null]}"#)).unwrap().unwrap();
        assert_eq!(patch.to_string(), r#"{"a":[1,null]}"#);
    }

    #[test]
    fn numbers_are_equal_where_they_are_written_alike() {
        assert_eq!(MergePatch::diff(&node("[1]"), &node("[1.0]")).unwrap().unwrap().to_string(), "[1.0]");
    }

    #[test]
    fn every_null_that_cannot_be_written_is_named() {
        let unrepresentable = MergePatch::diff(&node(r#"{"a":null}"#), &node(r#"{"a":null,"b":null,"c":{"d":null}}"#));
        assert_eq!(unrepresentable.unwrap_err().to_string(), "a merge patch cannot write the null at /b, /c/d");
    }
}

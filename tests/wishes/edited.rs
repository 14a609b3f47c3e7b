//! Stored users that are made and changed without a loss.

use proptest::{option, sample::select};
use user_patch::{
    elastic,
    engine::Json,
    fireworks,
    report::InvalidUser,
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

use crate::{
    holds,
    tree::{Tree, json, values},
};

const FIREWORKS: &[&str] = &[
    r#"{"role":"user","x":1.0}"#,
    r#"{"role":"custom","displayName":"Al","status":{"code":"OK","message":"m"},"permissionPreset":"p","n":{"\u0061":123456789012345678901234567890}}"#,
];
const TRUSTED_TWIN: &[&str] = &[
    r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#,
    r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"quota":123456789012345678901234567890,"on":{"b":1e400}},"x":[1.0]}"#,
];
const ELASTIC: &[&str] = &[
    r#"{"user_name":"ada","security":{}}"#,
    r#"{"user_name":"ada","security":{"roles":["a"],"enabled":true},"metadata":{"badge":1.0,"created_by":"root"},"full_name":"Ada","n":{"\u0061":123456789012345678901234567890}}"#,
];

/// What is done to a user is what is done to its text, and what comes is a user or is told not to be one.
fn edits_are_edits_of_the_text<M: UpdateModel>(
    users: &'static [&'static str],
    paths: &'static [&'static [&'static str]],
) {
    holds((select(users), select(paths), option::of(values())), |(stored, path, value)| {
        let user = M::user(stored.as_bytes()).unwrap();
        let mut tree = Tree::read(stored);
        tree.set(path, value.as_deref().map(Tree::read));
        let edited = match &value {
            Some(value) => M::user_with(&user, path, json(value)),
            None => M::user_without(&user, path),
        };
        let expected = M::user(tree.text().as_bytes());
        match (edited, expected) {
            (Ok(edited), Ok(expected)) => {
                assert_eq!(edited, expected, "{stored} {path:?} {value:?}");
                assert_eq!(Tree::read(&M::user_json(&edited)), Tree::read(&M::user_json(&expected)));
                // Another member is the same to the letter.
                if stored.contains(r#""\u0061":123456789012345678901234567890"#)
                    && path.first().is_some_and(|name| *name != "n")
                {
                    assert!(M::user_json(&edited).contains(r#""\u0061":123456789012345678901234567890"#));
                }
            }
            (edited, expected) => assert_eq!(edited.err(), expected.err(), "{stored} {path:?} {value:?}"),
        }
    });
}

#[test]
fn fireworks_edits_are_edits_of_the_text() {
    const PATHS: &[&[&str]] = &[
        &[],
        &["role"],
        &["displayName"],
        &["serviceAccount"],
        &["status", "message"],
        &["state"],
        &["x"],
        &["n", "a"],
        &["n", "b", "c"],
        &["new", "a/b"],
    ];
    edits_are_edits_of_the_text::<Fireworks>(FIREWORKS, PATHS);
}

#[test]
fn trusted_twin_edits_are_edits_of_the_text() {
    const PATHS: &[&[&str]] = &[
        &[],
        &["uuid"],
        &["name"],
        &["role"],
        &["description"],
        &["description", "quota"],
        &["description", "on", "b"],
        &["created_ts"],
        &["x"],
        &["new", "a/b"],
    ];
    edits_are_edits_of_the_text::<TrustedTwin>(TRUSTED_TWIN, PATHS);
}

#[test]
fn elastic_edits_are_edits_of_the_text() {
    const PATHS: &[&[&str]] = &[
        &[],
        &["user_name"],
        &["security"],
        &["security", "roles"],
        &["security", "enabled"],
        &["security", "elevated_permissions", "enabled"],
        &["metadata", "badge"],
        &["full_name"],
        &["n", "a"],
        &["n", "b", "c"],
        &["new", "a/b"],
    ];
    edits_are_edits_of_the_text::<Elastic>(ELASTIC, PATHS);
}

#[test]
fn a_user_is_made_with_what_every_user_has() {
    assert_eq!(fireworks::User::new("us\"er").unwrap().role(), "us\"er");
    assert_eq!(trusted_twin::User::new("a", "b").unwrap().to_json(), r#"{"uuid":"a","role":"b"}"#);
    assert_eq!(elastic::User::new("ada").unwrap().to_json(), r#"{"user_name":"ada","security":{}}"#);
    let wrong = fireworks::User::new("").unwrap_err();
    assert_eq!(wrong.to_string(), "not a user: /role must be there");
}

#[test]
fn either_name_of_a_member_names_it() {
    let user = fireworks::User::from_json(br#"{"role":"user","displayName":"Al"}"#).unwrap();
    let user = user.with(&["display_name"], "Bo").unwrap();
    assert_eq!(user.to_json(), r#"{"role":"user","displayName":"Bo"}"#);
    assert_eq!(user.without(&["display_name"]).unwrap().to_json(), r#"{"role":"user"}"#);
}

/// "Only used when modifying a user": no stored user has it.
#[test]
fn no_password_is_stored() {
    let user = elastic::User::new("ada").unwrap().with(&["security", "password"], "correct hush").unwrap();
    assert_eq!(user.to_json(), r#"{"user_name":"ada","security":{}}"#);
}

#[test]
fn what_is_too_deep_or_no_user_is_told_without_its_value() {
    let deep = json(&format!("{}\"hush\"{}", "[".repeat(255), "]".repeat(255)));
    let user = elastic::User::new("ada").unwrap();
    assert!(matches!(user.with(&["x"], &deep), Err(InvalidUser::Value(_))));
    assert!(matches!(user.with(&["x"; 100_000], 1), Err(InvalidUser::Value(_))));
    assert!(user.without(&["x"; 100_000]).is_err());
    assert!(user.with(&["x"], json(&format!("{}{}", "[".repeat(254), "]".repeat(254)))).is_ok());
    for wrong in [
        user.with(&["email"], ["hush"].map(Json::string).into_iter().collect::<Json<'_>>()),
        user.with(&[], "hush"),
        user.with(&["x"], &deep),
    ] {
        let wrong = wrong.unwrap_err();
        assert!(!format!("{wrong} {wrong:?}").contains("hush"), "{wrong}");
    }
}

//! Requests that were once answered otherwise, or that a reader of the pages would ask about, with their answers written by
//! hand: what the specification must say before the library is held against it.

use serde_json::{Value, json};

use crate::spec::{self, Decision, Request};

type Decide = fn(&Request) -> Decision;

/// A decision in short: the status, then the rules, or what was changed and noticed.
fn short(decide: Decide, user: &Value, text: &str, mask: &str, context: &Value) -> String {
    let decision = decide(&Request { user, text: text.as_bytes(), mask, context });
    let places = |places: &[spec::Place]| -> Vec<String> {
        let short = |rule: &str| rule.split_once('.').unwrap().1.to_owned();
        places.iter().map(|(rule, pointer)| format!("{} {pointer}", short(rule)).trim_end().to_owned()).collect()
    };
    if decision.status == 200 {
        assert_eq!(decision.rules, []);
        let told = [decision.changed, places(&decision.notices)].concat();
        return format!("200 {}", told.join(", ")).trim_end().to_owned();
    }
    assert_eq!((decision.changed, decision.notices), (vec![], vec![]));
    format!("{} {}", decision.status, places(&decision.rules).join(", "))
}

#[track_caller]
fn hold(decide: Decide, cases: &[(Value, &str, &str, Value, &str)]) {
    for (user, text, mask, context, expected) in cases {
        let actual = short(decide, user, text, mask, context);
        assert_eq!(actual, *expected, "user {user} body {text} mask {mask:?} context {context}");
    }
}

#[test]
fn the_spec_of_fireworks_by_hand() {
    let dormant = || json!({"role": "user", "permissionPreset": "legacy"});
    let owner = || json!({"role": "owner", "displayName": "Al"});
    let none = || json!({});
    let policy = |policy: Value| json!({ "policy": policy });
    let whole = || json!({"role": "user", "displayName": "Al", "email": "a@example.com", "serviceAccount": true});
    let long = json!({"role": "user", "displayName": "x".repeat(64)});
    let repeated = long.to_string();
    hold(
        spec::fireworks::decide,
        &[
            // A preset that is stored beside another role.
            (dormant(), r#"{"role":"custom"}"#, "", none(), "400 preset.needed /permissionPreset"),
            (
                dormant(),
                r#"{"role":"admin"}"#,
                "",
                none(),
                "200 /permissionPreset, /role, preset.cleared /permissionPreset",
            ),
            (dormant(), r#"{"role":"user"}"#, "", none(), "200"),
            (dormant(), r#"{"role":"user","permissionPreset":"legacy"}"#, "", none(), "200"),
            (
                dormant(),
                r#"{"role":"admin","permissionPreset":"legacy"}"#,
                "",
                none(),
                "400 preset.only_custom /permissionPreset",
            ),
            (dormant(), r#"{"role":"custom","permissionPreset":"legacy"}"#, "", none(), "200 /role"),
            (
                dormant(),
                r#"{"role":"admin"}"#,
                "",
                policy(json!({"leavingCustom": "refuse"})),
                "400 preset.left /permissionPreset",
            ),
            (
                dormant(),
                r#"{"role":"custom"}"#,
                "",
                policy(json!({"customNeedsPreset": false})),
                "200 /permissionPreset, /role, preset.cleared /permissionPreset",
            ),
            // What stands may stay.
            (json!({"role": "custom"}), r#"{"role":"custom","displayName":"Al"}"#, "", none(), "200 /displayName"),
            (json!({"role": "custom"}), r#"{"role":"custom","permissionPreset":""}"#, "", none(), "200"),
            (owner(), r#"{"role":"owner","displayName":"Bo"}"#, "", none(), "200 /displayName"),
            (owner(), r#"{"role":"chief","displayName":"Bo"}"#, "", none(), "400 role.known /role"),
            (long.clone(), &repeated, "", none(), "200"),
            // Masks.
            (whole(), r#"{"role":"admin"}"#, "role.nosuch,role", none(), "400 mask.path /role/nosuch"),
            (whole(), r#"{"role":"admin"}"#, "role,email", none(), "200 /email, /role"),
            (whole(), r#"{"role":"admin"}"#, "*", none(), "200 /displayName, /email, /role, /serviceAccount"),
            (whole(), r#"{"role":"admin"}"#, "*,role", none(), "400 mask.syntax"),
            (whole(), r#"{"role":"admin"}"#, "name", none(), "200 read_only.ignored /name, mask.outside /role"),
            // The mask that is not given.
            (
                whole(),
                r#"{"role":"user","displayName":null,"email":"","serviceAccount":false}"#,
                "",
                policy(json!({"withoutMask": "populated"})),
                "200 mask.populated /displayName, mask.populated /email, mask.populated /serviceAccount",
            ),
            (whole(), r#"{"role":""}"#, "", policy(json!({"withoutMask": "populated"})), "400 role.required /role"),
            (
                whole(),
                r#"{"role":"","email":"b@example.com"}"#,
                "",
                policy(json!({"withoutMask": "populated", "role": "whenMasked"})),
                "200 /email, mask.populated /role",
            ),
            (
                whole(),
                r#"{"role":"user"}"#,
                "",
                policy(json!({"withoutMask": "replace"})),
                "200 /displayName, /email, /serviceAccount",
            ),
            // Read-only members.
            (
                json!({"role": "user", "state": "READY"}),
                r#"{"role":"user","state":"READY","name":null}"#,
                "",
                policy(json!({"readOnly": "refuseChanged"})),
                "200 read_only.ignored /name, read_only.ignored /state",
            ),
            (
                json!({"role": "user", "state": "READY"}),
                r#"{"role":"user","state":2}"#,
                "",
                policy(json!({"readOnly": "refuseChanged"})),
                "400 read_only /state",
            ),
            (
                whole(),
                r#"{"role":"user","state":"ready","status":{"code":2.5}}"#,
                "",
                none(),
                "400 type /state, type /status/code",
            ),
            (whole(), r#"{"role":"user","createTime":"2023-11-07t05:31:56z"}"#, "", none(), "400 type /createTime"),
            // A caller who may not do it.
            (
                whole(),
                r#"{"role":"root","serviceAccount":false}"#,
                "",
                json!({"admin": false}),
                "403 service_account.admin /serviceAccount",
            ),
            (
                whole(),
                r#"{"role":"root","serviceAccount":false,"nick":1}"#,
                "",
                json!({"admin": false}),
                "400 unknown_member /nick",
            ),
            (whole(), r#"{"role":"root","serviceAccount":true}"#, "", json!({"admin": false}), "400 role.known /role"),
        ],
    );
}

#[test]
fn the_spec_of_trusted_twin_by_hand() {
    const ROLE: &str = "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10";
    let user = || {
        json!({"uuid": "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", "name": "!", "role": ROLE, "created_ts": 1.5,
        "description": {"Bad Key": 1}})
    };
    let none = || json!({});
    let policy = |policy: Value| json!({ "policy": policy });
    let statement = |effect: &str, actions: Value| json!({"statement": {"effect": effect, "actions": actions}});
    let same_role = format!(r#"{{"role":"{}"}}"#, ROLE.to_uppercase());
    hold(
        spec::trusted_twin::decide,
        &[
            // Who may.
            (user(), r#"{"name":"A1"}"#, "", statement("deny", json!(null)), "200 /name"),
            (user(), "not JSON", "", statement("allow", json!(null)), "403 statement"),
            (user(), r#"{"name":"!!"}"#, "", statement("deny", json!(["update_user"])), "403 statement"),
            // What stands may stay, and can be mended.
            (user(), r#"{"name":"!"}"#, "", none(), "200"),
            (user(), r#"{"name":"A1"}"#, "", none(), "200 /name"),
            (user(), r#"{"name":"?"}"#, "", none(), "400 name /name"),
            (user(), &same_role, "", json!({"roles": []}), "200"),
            (user(), r#"{"description":{"Bad Key":1}}"#, "", none(), "200"),
            (user(), r#"{"description":{"Bad Key":1,"ok":2}}"#, "", none(), "400 description.key /description/Bad Key"),
            (user(), r#"{"description":null}"#, "", none(), "200 /description"),
            // What only the response has, and what the page does not name.
            (user(), r#"{"created_ts":1.5}"#, "", none(), "400 read_only /created_ts"),
            (
                user(),
                r#"{"created_ts":1.5}"#,
                "",
                policy(json!({"unknownMembers": "ignore"})),
                "400 read_only /created_ts",
            ),
            (
                user(),
                r#"{"created_ts":1.5,"account":null}"#,
                "",
                policy(json!({"readOnly": "refuseChanged"})),
                "200 read_only.ignored /account, read_only.ignored /created_ts",
            ),
            (
                user(),
                r#"{"created_ts":2}"#,
                "",
                policy(json!({"readOnly": "refuseChanged"})),
                "400 read_only /created_ts",
            ),
            (
                user(),
                r#"{"created_ts":2}"#,
                "",
                policy(json!({"readOnly": "ignore"})),
                "200 read_only.ignored /created_ts",
            ),
            (user(), r#"{"activity":null}"#, "", policy(json!({"unknownMembers": "keep"})), "200 /activity"),
            (
                user(),
                r#"{"activity":null}"#,
                "",
                policy(json!({"unknownMembers": "ignore"})),
                "200 unknown_member.ignored /activity",
            ),
            (user(), "", "", none(), "400 body.malformed"),
            (user(), "", "", policy(json!({"emptyBody": "unchanged"})), "200"),
            (user(), " ", "", policy(json!({"emptyBody": "unchanged"})), "400 body.malformed"),
        ],
    );
}

#[test]
fn the_spec_of_elastic_by_hand() {
    let user = |security: Value| {
        json!({"user_name": "ada", "security": security, "metadata": {"created_by": "root",
        "created_at": "2024-05-04T09:42:00+00:00"}})
    };
    let ada = || user(json!({"roles": ["legacy", "ece_platform_viewer"], "permissions": ["a", "b"]}));
    let none = || json!({});
    let policy = |policy: Value| json!({ "policy": policy });
    hold(
        spec::elastic::decide,
        &[
            // Passwords.
            (ada(), r#"{"security":{"password":"12345678"}}"#, "", none(), "200 /security/password"),
            (ada(), r#"{"security":{"password":"1234567"}}"#, "", none(), "400 password.length /security/password"),
            (ada(), r#"{"security":{"password":null}}"#, "", none(), "200 password.null /security/password"),
            (ada(), r#"{"password":"12345678"}"#, "", none(), "400 password.misplaced /password"),
            (ada(), r#"{"security":{"PassWord":1}}"#, "", none(), "400 password.misplaced /security/PassWord"),
            (ada(), r#"{"team":[{"password":"x"}]}"#, "", none(), "400 password.misplaced /team"),
            (ada(), r#"{"password":"12345678"}"#, "", policy(json!({"misplacedPassword": "keep"})), "200 /password"),
            (
                json!({"user_name": "ada", "security": {}, "password": "x"}),
                r#"{"password":null}"#,
                "",
                none(),
                "200 /password",
            ),
            (json!({"user_name": "ada", "security": {}, "password": "x"}), r#"{"password":"x"}"#, "", none(), "200"),
            // The same value in another writing.
            (ada(), r#"{"metadata":{"created_at":"2024-05-04T09:42:00.000Z"}}"#, "", none(), "200"),
            (ada(), r#"{"security":{"permissions":["b","a"]}}"#, "", none(), "200"),
            (ada(), r#"{"builtin":false}"#, "", none(), "200"),
            (ada(), r#"{"security":{"roles":["ece_platform_viewer","legacy"]}}"#, "", none(), "200"),
            // Roles one by one.
            (ada(), r#"{"security":{"roles":["legacy"]}}"#, "", json!({"assignableRoles": []}), "200 /security/roles"),
            (ada(), r#"{"security":{"roles":["legacy","other"]}}"#, "", none(), "400 roles.known /security/roles"),
            (
                user(json!({"roles": ["ece_platform_admin", "ece_platform_viewer", "ece_deployment_viewer"]})),
                r#"{"security":{"roles":["ece_platform_admin","ece_platform_viewer"]}}"#,
                "",
                none(),
                "200 /security/roles",
            ),
            // Several at once.
            (
                ada(),
                r#"{"metadata":5}"#,
                "",
                none(),
                "400 type /metadata, restricted /metadata/created_at, restricted /metadata/created_by",
            ),
            (ada(), r#"{"user_name":5}"#, "", none(), "400 restricted /user_name, type /user_name"),
            (ada(), r#"{"security":null}"#, "", none(), "400 required /security, restricted /security/permissions"),
            // An unreadable body is told before who cannot be modified, and that alone.
            (json!({"user_name": "ada", "security": {}, "builtin": true}), "[]", "", none(), "400 body.object"),
            (json!({"user_name": "ada", "security": {}, "builtin": true}), r#"{"email":5}"#, "", none(), "400 builtin"),
            (ada(), r#"{"email":null,"security":{"enabled":true}}"#, "", none(), "200 /security/enabled"),
            (ada(), r#"{"security":{"enabled":false}}"#, "", none(), "400 restricted.enabled /security/enabled"),
        ],
    );
}

/// What only the whole decision shows.
#[test]
fn the_spec_shows_times_replies_and_codes() {
    let decide = |decide: Decide, user: Value, body: Value, context: Value| {
        let text = body.to_string();
        decide(&Request { user: &user, text: text.as_bytes(), mask: "", context: &context })
    };
    let fireworks = |user: Value, body: Value, context: Value| decide(spec::fireworks::decide, user, body, context);
    let told =
        fireworks(json!({"role": "user"}), json!({"role": "admin"}), json!({"now": "2026-01-01T01:00:00.12+01:00"}));
    assert_eq!(told.reply, json!({"role": "admin", "updateTime": "2026-01-01T00:00:00.120Z"}));
    let told = fireworks(
        json!({"role": "user", "name": "n", "serviceAccount": false}),
        json!({"role": "user"}),
        json!({"policy": {"emptyMembers": "emit"}}),
    );
    assert_eq!(told.user, json!({"role": "user", "name": "n"}));
    assert_eq!(told.reply["serviceAccount"], false);
    assert_eq!((&told.reply["state"], &told.reply["status"]), (&json!("STATE_UNSPECIFIED"), &json!(null)));

    let user = json!({"uuid": "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", "role": "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"});
    let twin = |body: Value, context: Value| decide(spec::trusted_twin::decide, user.clone(), body, context);
    assert_eq!(twin(json!({"name": "A1"}), json!({"now": 1_700_000_000.999_9})).user["updated_ts"], 1_700_000_000.999);
    let refused = twin(json!({"name": "!"}), json!({"trace": "t", "policy": {"subcode": "number"}}));
    assert_eq!(refused.reply, json!({"subcode": 400_589, "trace": "t", "description": "*"}));

    let ada = json!({"user_name": "ada", "security": {}});
    let elastic = |body: Value, context: Value| decide(spec::elastic::decide, ada.clone(), body, context);
    let told = elastic(json!({"security": {"password": "12345678"}}), json!({"actor": "root", "now": 1_700_000_000}));
    assert_eq!(told.reply["metadata"], json!({"updated_at": "2023-11-14T22:13:20Z", "updated_by": "root"}));
    assert_eq!(told.reply["security"], json!({}));
    let refused =
        elastic(json!({"user_name": "bob", "security": {"roles": ["nobody", "ece_platform_admin"]}}), json!({}));
    let codes = "user.roles.invalid,user.roles.forbidden,user.restricted_field";
    assert_eq!(refused.headers, [("x-cloud-error-codes".to_owned(), codes.to_owned())]);
}

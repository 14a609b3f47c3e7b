//! Elastic Cloud Enterprise: the classes of each member, stored state, caller and policy.

use serde_json::{Value, json};

use super::{Policies, Space, alone, bodies, contexts, each, in_pairs, objects, some};

const ADMIN: &str = "ece_platform_admin";
const VIEWER: &str = "ece_platform_viewer";
const MANAGER: &str = "ece_deployment_manager";
const WATCHER: &str = "ece_deployment_viewer";
const TIME: &str = "2024-05-04T09:42:00+00:00";
const SAME: &str = "2024-05-04T09:42:00.000Z";
const LATER: &str = "2025-01-01T00:00:00Z";

fn policies() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        ("unknownMembers", vec![json!("keep"), json!("refuse")]),
        ("stringBody", vec![json!("refuse"), json!("decode")]),
        ("roleCombinations", vec![json!(true), json!(false)]),
        ("misplacedPassword", vec![json!("refuse"), json!("keep")]),
        ("maxBytes", vec![json!(1_048_576), json!(null), json!(50)]),
        ("maxDepth", vec![json!(128), json!(2)]),
    ]
}

fn callers(nows: &[Value]) -> Vec<Value> {
    objects(&[("actor", &[json!("-"), json!("root")]), ("now", nows)])
}

/// Nobody in particular at no time, and somebody at one.
fn two_callers() -> [Value; 2] {
    [json!({}), json!({"actor": "root", "now": LATER})]
}

/// What the page's example of a user has, with other values.
fn whole() -> Value {
    json!({
        "user_name": "ada",
        "security": {
            "roles": [VIEWER],
            "permissions": ["get-users", "get-user"],
            "elevated_permissions": {"enabled": true, "expires_at": TIME},
            "enabled": true,
            "security_realm": {"type": "native", "id": "native"},
        },
        "metadata": {"created_by": "root", "created_at": TIME, "updated_by": "root", "updated_at": TIME,
            "first_login_at": TIME, "last_login_at": TIME},
        "full_name": "Ada",
        "email": "ada@example.com",
        "builtin": false,
    })
}

fn with(user: &Value, pointer: &str, value: Value) -> Value {
    let mut user = user.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    user.pointer_mut(parent).unwrap()[name] = value;
    user
}

pub(crate) fn space() -> Space {
    let policies = policies();
    let policies: Policies = &policies;
    let (alone, pairs) = (alone(policies), in_pairs(policies));
    let mut space = Space::default();
    roles(&mut space, &pairs);
    restricted(&mut space, &alone, &pairs);
    passwords(&mut space, &pairs);

    // Who cannot be modified, whatever the body; and bodies that cannot be read.
    let mut users = vec![whole()];
    for realm in ["ldap", "saml", "active_directory", "oidc", ""] {
        users.push(with(&whole(), "/security/security_realm/type", json!(realm)));
    }
    users.push(with(&whole(), "/security/security_realm/type", json!(null)));
    users.push(with(&whole(), "/security/security_realm", json!(null)));
    for builtin in [json!(true), json!(null)] {
        users.push(with(&whole(), "/builtin", builtin.clone()));
        users.push(with(&with(&whole(), "/builtin", builtin), "/security/security_realm/type", json!("saml")));
    }
    let some_callers = two_callers();
    space
        .family("users that cannot be modified", &users, &contexts(&some_callers, &pairs))
        .member(&["user_name"], each(vec![json!("bob"), json!(5), json!(null)]))
        .member(&["full_name"], each(vec![json!(null), json!(5), json!("Ada L.")]))
        .member(&["security"], some(vec![json!({}), json!(null), json!(5), json!({"password": "correct horse"})]))
        .member(&["builtin"], each(vec![json!(null), json!(true), json!(false)]))
        .member(&["password"], some(vec![json!("correct horse")]));
    space.family("bodies", &users, &contexts(&some_callers, &pairs)).bodies(bodies());
    let nows = [json!("-"), json!(1_700_000_000), json!("2025-01-02T05:04:05+02:00")];
    let mut users: Vec<Value> = [json!("-"), json!({}), json!({"note": "x"}), json!({"updated_at": TIME})]
        .iter()
        .flat_map(|metadata| {
            objects(&[
                ("user_name", &[json!("ada")]),
                ("security", &[json!({})]),
                ("metadata", std::slice::from_ref(metadata)),
            ])
        })
        .collect();
    users.push(whole());
    users.push(
        json!({"user_name": "ada", "security": {"roles": null, "enabled": null}, "full_name": null, "metadata": null}),
    );
    space
        .family("clock and actor", &users, &contexts(&callers(&nows), &pairs))
        .member(&["full_name"], each(vec![json!(null), json!("Ada L."), json!(5)]))
        .member(&["email"], each(vec![json!(null), json!("")]))
        .member(
            &["metadata"],
            some(vec![json!(null), json!({}), json!({"note": null}), json!({"note": "y"}), json!(5)]),
        )
        .member(&["security"], some(vec![json!({"password": "correct horse"}), json!({"enabled": true, "roles": []})]));
    let crowd: Value = (0..300).map(|number| (format!("m{number:03}"), json!(number))).collect();
    space
        .family("a crowd", &users, &contexts(&some_callers, &[json!({"unknownMembers": "refuse"})]))
        .bodies(vec![crowd.to_string().into_bytes()]);
    space
}

fn roles(space: &mut Space, pairs: &[Value]) {
    let mut users = vec![];
    for roles in [
        json!("-"),
        json!(null),
        json!([]),
        json!([VIEWER]),
        json!([ADMIN]),
        json!(["legacy", VIEWER]),
        json!([MANAGER, WATCHER]),
        json!([VIEWER, VIEWER]),
        json!([ADMIN, MANAGER]),
    ] {
        for security in
            objects(&[("roles", &[roles]), ("enabled", &[json!("-"), json!(null), json!(true), json!(false)])])
        {
            users.push(json!({"user_name": "ada", "security": security}));
        }
    }
    let lists = [
        json!([]),
        json!([VIEWER]),
        json!([WATCHER]),
        json!([ADMIN]),
        json!([MANAGER]),
        json!(["legacy"]),
        json!(["reader"]),
        json!([VIEWER, "legacy"]),
        json!(["legacy", VIEWER, WATCHER]),
        json!([WATCHER, MANAGER]),
        json!([MANAGER, WATCHER, VIEWER]),
        json!([VIEWER, WATCHER]),
        json!([VIEWER, VIEWER]),
        json!([VIEWER, WATCHER, VIEWER]),
        json!([ADMIN, ADMIN]),
        json!([ADMIN, VIEWER]),
        json!([MANAGER, ADMIN]),
        json!(["nobody", "nobody"]),
        json!(["nobody", ADMIN]),
        json!([""]),
        json!([5]),
        json!([null]),
        json!([VIEWER, 5]),
        json!(null),
        json!(VIEWER),
        json!({}),
    ];
    let callers = objects(&[
        ("assignableRoles", &[json!("-"), json!([]), json!([WATCHER, "reader"]), json!([ADMIN, MANAGER])]),
        ("knownRoles", &[json!("-"), json!([]), json!([VIEWER, "reader", ADMIN])]),
        ("now", &[json!("-"), json!(LATER)]),
    ]);
    space
        .family("roles and enabled", &users, &contexts(&callers, pairs))
        .member(&["security", "roles"], each(lists.into()))
        .member(&["security", "enabled"], each(vec![json!(null), json!(true), json!(false), json!("no")]))
        .member(&["user_name"], some(vec![json!("bob")]));
}

fn restricted(space: &mut Space, alone: &[Value], pairs: &[Value]) {
    let bare = json!({"user_name": "ada", "security": {}});
    let nulls = json!({"user_name": "ada", "builtin": null, "metadata": {"created_by": null, "created_at": null},
        "security": {"permissions": null, "security_realm": {"type": null}, "elevated_permissions": null}});
    let more = json!({"user_name": "ada", "metadata": {"created_by": "root", "note": "x"},
        "security": {"roles": [ADMIN], "permissions": [], "security_realm": {"type": "native", "note": 1},
            "elevated_permissions": {"enabled": false}, "enabled": false}});
    let users = [bare, nulls, whole(), more];
    let callers = two_callers();
    let times =
        vec![json!(null), json!(SAME), json!("2024-05-04T11:42:00+02:00"), json!(LATER), json!("yesterday"), json!(5)];
    space
        .family("restricted members", &users, &contexts(&callers, pairs))
        .member(&["user_name"], each(vec![json!(null), json!("bob"), json!("Ada"), json!(5)]))
        .member(&["builtin"], each(vec![json!(null), json!(false), json!(true), json!("no")]))
        .member(
            &["security", "permissions"],
            each(vec![
                json!(null),
                json!([]),
                json!(["get-user", "get-users"]),
                json!(["get-user", "get-users", "get-user"]),
                json!(["get-user"]),
                json!([5]),
                json!("get-user"),
            ]),
        )
        .member(&["metadata", "created_at"], each(times.clone()))
        .member(&["metadata", "created_by"], each(vec![json!(null), json!("root"), json!("ada"), json!(5)]))
        .member(&["full_name"], each(vec![json!("Ada L.")]));
    space
        .family("restricted objects", &users, &contexts(&callers, alone))
        .member(&["security", "security_realm"], some(vec![json!(null), json!({}), json!("native"), json!([])]))
        .member(
            &["security", "security_realm", "type"],
            each(vec![json!(null), json!("native"), json!("saml"), json!(5)]),
        )
        .member(&["security", "security_realm", "id"], each(vec![json!(null), json!("other"), json!(5)]))
        .member(&["security", "security_realm", "note"], some(vec![json!(null), json!(1)]))
        .member(&["security", "elevated_permissions"], some(vec![json!(null), json!({}), json!(5)]))
        .member(
            &["security", "elevated_permissions", "enabled"],
            each(vec![json!(null), json!(true), json!(false), json!("no")]),
        )
        .member(&["security", "elevated_permissions", "expires_at"], each(times.clone()));
    let values = vec![json!(null), json!("ada"), json!(LATER)];
    let disabled = with(&whole(), "/security/enabled", json!(false));
    let with_disabled = [users.as_slice(), &[disabled]].concat();
    space
        .family("containers", &with_disabled, &contexts(&callers, pairs))
        .member(&["security"], each(vec![json!(null), json!({}), json!(5), json!([]), json!("none")]))
        .member(&["metadata"], each(vec![json!(null), json!({}), json!(5), json!([]), json!("none")]))
        .member(&["metadata", "updated_by"], each(values.clone()))
        .member(&["metadata", "updated_at"], some(vec![json!(SAME), json!(LATER)]))
        .member(&["metadata", "first_login_at"], some(vec![json!(null), json!(SAME)]))
        .member(&["metadata", "last_login_at"], some(vec![json!(SAME)]))
        .member(&["metadata", "note"], some(vec![json!(null), json!("y")]))
        .member(&["security", "enabled"], some(vec![json!(null), json!(false)]));
    let mut users = vec![json!({"user_name": "ada", "security": {}, "team": {"a": {"b": 1, "c": [1]}}}), whole()];
    users.push(json!({"user_name": "ada", "security": {"seat": [1]}, "full_name": null, "email": null, "team": null}));
    space
        .family("other members", &users, &contexts(&callers, pairs))
        .member(&["full_name"], each(vec![json!(null), json!(""), json!("Ada L."), json!(5)]))
        .member(&["email"], each(vec![json!(null), json!("no address"), json!(["a"]), json!({})]))
        .member(
            &["team"],
            each(vec![
                json!(null),
                json!({}),
                json!({"a": {"b": null, "c": [1, null]}}),
                json!({"a": {"b": 1.0}}),
                json!({"d": {"e": null}}),
                json!([{"n": null}]),
                json!(5),
            ]),
        )
        .member(&["a/b~c"], some(vec![json!(1), json!(null)]))
        .member(&["User_Name"], some(vec![json!("bob")]))
        .member(&["security", "seat"], each(vec![json!(null), json!({"a": null, "b": 1})]));
}

/// Passwords where they belong and where they do not.
fn passwords(space: &mut Space, pairs: &[Value]) {
    let bare = json!({"user_name": "ada", "security": {}, "team": {"a": 1}, "metadata": {"note": "x"}});
    let kept = json!({"user_name": "ada", "password": "correct horse", "security": {"password": "stored and gone",
        "Password": "correct horse"}, "team": {"a": 1, "password": "correct horse"}, "list": [{"PASSWORD": 1}]});
    let callers = two_callers();
    let secrets = || vec![json!(null), json!("correct horse"), json!("battery staple"), json!(5)];
    space
        .family("passwords", &[bare, kept], &contexts(&callers, pairs))
        .member(
            &["security", "password"],
            some(vec![
                json!(null),
                json!(""),
                json!("1234567"),
                json!("12345678"),
                json!("😀".repeat(7)),
                json!("😀".repeat(8)),
                json!(12_345_678),
                json!({"new": "correct horse"}),
            ]),
        )
        .member(&["password"], some(secrets()))
        .member(&["security", "Password"], some(secrets()))
        .member(&["team", "password"], each(secrets()))
        .member(&["metadata", "passWord"], some(vec![json!("correct horse")]))
        .member(
            &["list"],
            each(vec![json!([{"password": "correct horse"}]), json!([[{"Password": {}}]]), json!(["password"])]),
        )
        .member(&["full_name"], some(vec![json!("password"), json!(5)]));
}

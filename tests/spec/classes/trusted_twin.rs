//! Trusted Twin: the classes of each member, stored state, caller and policy.

use serde_json::{Value, json};

use super::{Policies, Space, alone, bodies, contexts, each, given, in_pairs, objects, some};

const UUID: &str = "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11";
const ROLE: &str = "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10";
const OTHER: &str = "7d0e4b8c-91f3-4a6e-8c25-3b9f0d1e6a74";
const ACCOUNT: &str = "c2a94e61-7b0d-4f38-a1c6-58e3d07b92f4";

fn policies() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        ("unknownMembers", vec![json!("refuse"), json!("ignore"), json!("keep")]),
        ("readOnly", vec![json!("refuse"), json!("refuseChanged"), json!("ignore")]),
        ("emptyBody", vec![json!("refuse"), json!("unchanged")]),
        ("subcode", vec![json!("string"), json!("number")]),
        ("maxBytes", vec![json!(65_536), json!(null), json!(20)]),
        ("maxDepth", vec![json!(128), json!(1), json!(2)]),
    ]
}

fn statements() -> Vec<Value> {
    let of = |effect: &str, actions: Value| json!({"effect": effect, "actions": actions});
    vec![
        json!("-"),
        of("allow", json!(["update_user"])),
        of("allow", json!(["get_user", "update_user"])),
        of("allow", json!(["Update_User", "update_user_role"])),
        of("allow", json!([])),
        of("allow", json!(null)),
        of("deny", json!(["update_user"])),
        of("deny", json!(["get_user"])),
        of("deny", json!([])),
        of("deny", json!(null)),
    ]
}

pub(crate) fn space() -> Space {
    let policies = policies();
    let policies: Policies = &policies;
    let (alone, pairs) = (alone(policies), in_pairs(policies));
    let roles = [json!("-"), json!(null), json!([]), json!([ROLE]), json!([OTHER.to_uppercase()])];
    let mut space = Space::default();

    // Everybody who may ask, and in what account.
    let names = vec![
        json!(null),
        json!(5),
        json!([]),
        json!("A1"),
        json!("A"),
        json!(""),
        json!("Night Operator_7-b"),
        json!("a".repeat(32)),
        json!("a".repeat(33)),
        json!(" Operator"),
        json!("Operator-"),
        json!("Oper\nator"),
        json!("Zoë Operator"),
        json!("Operator\n"),
    ];
    let role_values = vec![
        json!(null),
        json!(5),
        json!({}),
        json!(OTHER),
        json!(OTHER.to_uppercase()),
        json!(ROLE.to_uppercase()),
        json!(ROLE.replace('-', "")),
        json!(format!("{{{ROLE}}}")),
        json!("manager"),
        json!(""),
    ];
    let descriptions = vec![
        json!(null),
        json!({}),
        json!({"floor": 1}),
        json!({"floor": 1.0}),
        json!({"shift": null, "floor": {"Bad Key": [1, null]}}),
        json!({"Bad Key": 1}),
        json!({"Bad Key": 2, "ok": 1}),
        json!({"": 1, "0a": 2, "a/b~c": 3}),
        json!({"a".repeat(64): 1}),
        json!({"a".repeat(65): 1}),
        json!("floor"),
        json!([]),
        json!(false),
    ];
    let users = users(&[json!(ROLE), json!(ROLE.to_uppercase()), json!("manager")]);
    let callers = objects(&[("statement", &statements()[..2]), ("roles", &roles)]);
    space
        .family("parameters", &users, &contexts(&callers, &[json!({})]))
        .member(&["name"], each(names.clone()))
        .member(&["role"], each(role_values.clone()))
        .member(&["description"], each(descriptions.clone()));

    let few = [users[0].clone(), users[7].clone(), users[14].clone(), users[users.len() - 1].clone()];
    let callers =
        objects(&[("statement", &statements()), ("roles", &roles[..4]), ("trace", &[json!("-"), json!("t-1")])]);
    space
        .family("callers", &few, &contexts(&callers, &pairs))
        .member(&["name"], each(vec![json!(null), json!("!"), json!("Night Operator")]))
        .member(&["role"], each(vec![json!("x"), json!(OTHER)]))
        .member(&["description"], some(vec![json!(null), json!({"Bad": 1}), json!([])]))
        .member(&["uuid"], some(vec![json!(UUID)]));

    // What the page has in the response alone, and what it does not have.
    let whole = [
        json!({"uuid": UUID, "name": "Operator", "role": ROLE}),
        json!({"uuid": UUID, "name": "Operator", "role": ROLE, "account": ACCOUNT, "created_ts": 1.5, "updated_ts": 2.25,
            "activity": {"a": [1, null]}}),
        json!({"uuid": UUID.to_uppercase(), "role": ROLE, "account": ACCOUNT, "created_ts": 1, "activity": null}),
        json!({"uuid": UUID, "name": "!", "role": "manager", "description": {"Bad Key": 1}, "updated_ts": 3}),
    ];
    let callers = objects(&[("roles", &[json!("-"), json!([])]), ("now", &[json!("-"), json!(1_700_000_000.123)])]);
    let other_uuid = json!(UUID.to_uppercase());
    space
        .family("read-only and unknown members", &whole, &contexts(&callers, &pairs))
        .member(&["name"], each(vec![json!("A1"), json!("!")]))
        .member(&["uuid"], each(vec![json!(null), json!(5), other_uuid]))
        .member(&["account"], each(vec![json!(null), json!("x")]))
        .member(&["created_ts"], each(vec![json!(null), json!(1.5), json!("now")]))
        .member(&["updated_ts"], each(vec![json!(null), json!(9)]))
        .member(&["activity"], each(vec![json!(null), json!({"a": [1, null]}), json!({"Bad Key": 1.0})]))
        .member(&["Name"], some(vec![json!("A1"), json!(null)]));
    space
        .family("parameters under policies", &whole, &contexts(&callers[..2], &alone))
        .member(&["name"], each(names))
        .member(&["role"], each(role_values))
        .member(&["description"], each(descriptions))
        .member(&["a/b~c"], some(vec![json!(null)]));

    // The clock: three decimals, cut.
    let nows = [
        json!(0),
        json!(1),
        json!(1_700_000_000),
        json!(1_700_000_000.25),
        json!(1_700_000_000.999_9),
        json!("2023-11-14T22:13:20.123987Z"),
        json!("2023-11-14T23:13:20.5+01:00"),
        json!("2023-11-14T22:13:20Z"),
    ];
    let nows: Vec<Value> = nows.into_iter().map(|now| json!({ "now": now })).collect();
    space
        .family("clock", &whole, &contexts(&nows, &pairs))
        .member(&["name"], each(vec![json!("A1"), json!("!")]))
        .member(&["role"], given(vec![json!(OTHER), json!(ROLE.to_uppercase())]))
        .member(&["description"], each(vec![json!(null), json!({}), json!({"floor": 1})]))
        .member(&["activity"], each(vec![json!(null), json!(1)]));
    let callers = objects(&[("statement", &statements()), ("trace", &[json!("-"), json!("t\"1\n")])]);
    space.family("bodies", &whole, &contexts(&callers, &pairs)).bodies(bodies());
    let crowd: Value = (0..300).map(|number| (format!("m{number:03}"), json!(number))).collect();
    let keys =
        json!({"description": (0..300).map(|number| (format!("M{number:03}"), json!(number))).collect::<Value>()});
    let crowds = [crowd, keys].map(|crowd| crowd.to_string().into_bytes()).into();
    space.family("a crowd", &whole, &contexts(&callers, &[json!({})])).bodies(crowds);
    space
}

fn users(roles: &[Value]) -> Vec<Value> {
    objects(&[
        ("uuid", &[json!(UUID)]),
        ("name", &[json!("Operator"), json!("-"), json!("!"), json!("a".repeat(33))]),
        ("role", roles),
        (
            "description",
            &[json!("-"), json!(null), json!({}), json!({"floor": 1}), json!({"Bad Key": 1, "ok": {"X": null}})],
        ),
    ])
}

//! Fireworks AI: the classes of each member, stored state, caller, policy and mask.

use serde_json::{Value, json};

use super::{Policies, Space, alone, bodies, contexts, each, given, in_pairs, objects, some};

const TIME: &str = "2023-11-07T05:31:56Z";
const NAME: &str = "accounts/acme/users/alice";

fn policies() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        ("role", vec![json!("inBody"), json!("whenMasked")]),
        ("roles", vec![json!("closed"), json!("open")]),
        ("unknownMembers", vec![json!("refuse"), json!("ignore")]),
        ("readOnly", vec![json!("ignore"), json!("refuse"), json!("refuseChanged")]),
        ("withoutMask", vec![json!("fromBody"), json!("populated"), json!("replace")]),
        ("emptyMembers", vec![json!("omit"), json!("emit")]),
        ("customNeedsPreset", vec![json!(true), json!(false)]),
        ("leavingCustom", vec![json!("clearPreset"), json!("refuse")]),
        ("immutable", vec![json!(false), json!(true)]),
        ("camelCaseMask", vec![json!(true), json!(false)]),
        ("maxBytes", vec![json!(1_048_576), json!(null), json!(40)]),
        ("maxDepth", vec![json!(128), json!(1)]),
    ]
}

const MASKS: [&str; 13] = [
    "",
    "*",
    "role",
    "permission_preset",
    "permissionPreset,role",
    "display_name",
    "display_name,role",
    "email",
    "role,serviceAccount",
    "role.nosuch,role",
    "role,",
    "name,role",
    "role,role",
];

/// Each way of naming, and each of being wrong.
const ODD_MASKS: [&str; 46] = [
    "role,email,role",
    "email,display_name",
    "display_name,service_account,email,permission_preset,role",
    "service_account",
    "serviceAccount,displayName",
    "*,role",
    "role,*",
    "*,*",
    "**",
    "role.*",
    "status.*",
    " ",
    "role, email",
    " role",
    "role ",
    ",",
    ",role",
    "role,,email",
    "role.",
    ".role",
    "status..code",
    "role[0]",
    "status.0",
    "0",
    "display-name",
    "/role",
    "rôle",
    "role\n",
    "role.name",
    "role.name,email",
    "email.x,email",
    "display_name.first",
    "displayName.first,role",
    "nickname",
    "nickName,role",
    "phone,nickname",
    "status",
    "status.code",
    "status.message,status.code,status",
    "status.details",
    "status.code.x",
    "name",
    "create_time,updateTime,role",
    "state,email",
    "state,state.x",
    "name,phone",
];

fn too_long() -> Value {
    json!("x".repeat(64))
}

pub(crate) fn space() -> Space {
    let policies = policies();
    let policies: Policies = &policies;
    let (alone, pairs) = (alone(policies), in_pairs(policies));
    let both = [json!({}), json!({"admin": false})];
    let mut space = Space::default();

    // Role and preset, with a name beside them.
    let users = objects(&[
        ("role", &[json!("user"), json!("admin"), json!("custom"), json!("owner")]),
        ("permissionPreset", &[json!("-"), json!("legacy")]),
        ("displayName", &[json!("-"), too_long()]),
        ("name", &[json!(NAME)]),
    ]);
    space
        .family("role and preset", &users, &contexts(&[json!({})], &pairs))
        .masks(&MASKS)
        .member(
            &["role"],
            each(vec![
                json!(null),
                json!(""),
                json!(5),
                json!("user"),
                json!("contributor"),
                json!("custom"),
                json!("root"),
                json!("Custom"),
            ]),
        )
        .member(&["permissionPreset"], each(vec![json!(null), json!(""), json!(5), json!("legacy"), json!("other")]))
        .member(&["displayName"], each(vec![json!("Bob"), json!("y".repeat(64))]));

    // The other writable members, by both callers.
    let users = objects(&[
        ("role", &[json!("user"), json!("owner")]),
        ("displayName", &[json!("-"), json!("Alice"), too_long()]),
        ("serviceAccount", &[json!("-"), json!(false), json!(true)]),
        ("email", &[json!("-"), json!("a@example.com")]),
        ("name", &[json!(NAME)]),
    ]);
    space
        .family("writable members", &users, &contexts(&both, &alone))
        .masks(&["", "*", "display_name", "service_account,email", "role,serviceAccount", "email,nosuch"])
        .member(&["role"], each(vec![json!("admin")]))
        .member(
            &["displayName"],
            each(vec![
                json!(null),
                json!(""),
                json!(5),
                json!("Bob"),
                json!("é".repeat(63)),
                json!("😀".repeat(64)),
                json!("e\u{301}".repeat(32)),
            ]),
        )
        .member(
            &["serviceAccount"],
            each(vec![json!(null), json!("true"), json!(1), json!([]), json!(false), json!(true)]),
        )
        .member(&["email"], each(vec![json!(null), json!(""), json!(["a"]), json!("no address")]));
    let users = objects(&[
        ("role", &[json!("user")]),
        ("serviceAccount", &[json!("-"), json!(true)]),
        ("email", &[json!("-"), json!("a@example.com")]),
        ("name", &[json!(NAME)]),
    ]);
    space
        .family("callers in pairs of policies", &users, &contexts(&both, &pairs))
        .masks(&["", "*", "service_account", "role"])
        .member(&["role"], each(vec![json!("root"), json!("custom")]))
        .member(&["serviceAccount"], each(vec![json!(null), json!(5), json!(true), json!(false)]))
        .member(&["email"], each(vec![json!(null), json!("b@example.com")]))
        .member(&["displayName"], some(vec![too_long(), json!("Bob")]))
        .member(&["nickname"], some(vec![json!(null)]))
        .member(&["state"], some(vec![json!("READY"), json!("NOWHERE")]));

    read_only(&mut space, &pairs);
    masks_and_bodies(&mut space, &pairs, &both);
    space
}

/// What the page marks `readOnly`, with every form of a time and of an enum.
fn read_only(space: &mut Space, pairs: &[Value]) {
    let users = [
        json!({"role": "user", "name": NAME}),
        json!({"role": "user", "name": NAME, "createTime": TIME, "state": "READY", "updateTime": TIME,
            "status": {"code": "OK", "message": ""}}),
        json!({"role": "owner", "create_time": "2023-11-07T07:31:56+02:00", "state": 2, "status": {"code": 13, "x": [1]},
            "nickname": {"n": 1}, "display_name": "Alice", "email": null, "name": NAME}),
    ];
    let masks = ["", "name,role", "status.code,create_time", "*", "state,phone"];
    let times = [
        TIME,
        "2023-11-07T05:31:56.000Z",
        "2023-11-07T07:31:56+02:00",
        "2023-11-07T05:31:56.1Z",
        "2023-11-07T05:31:56.123456789Z",
        "2023-11-07T05:31:56.1234567890Z",
        "2023-11-07T05:31:56.Z",
        "2023-11-07t05:31:56Z",
        "2023-11-07T05:31:56z",
        "2023-11-07 05:31:56Z",
        "2023-11-07T05:31:56",
        "2023-11-07T05:31:56+0200",
        "2023-11-07T05:31:56+02:60",
        "2023-11-07T05:31:60Z",
        "2016-12-31T23:59:60Z",
        "2023-11-07T24:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-02-29T00:00:00Z",
        "2023-13-01T00:00:00Z",
        "2023-00-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "10000-01-01T00:00:00Z",
        "2023-11-07",
        "",
    ];
    let mut times: Vec<Value> = times.map(|time| json!(time)).into();
    times.extend([json!(null), json!(1_699_335_116), json!({})]);
    let states = vec![
        json!(null),
        json!("READY"),
        json!("ready"),
        json!("STATE_UNSPECIFIED"),
        json!(""),
        json!("2"),
        json!(2),
        json!(2.0),
        json!(2.5),
        json!(99),
        json!(-1),
        json!(2_147_483_647),
        json!(2_147_483_648_i64),
        json!(true),
        json!([]),
    ];
    let names = vec![json!(null), json!(5), json!(""), json!("accounts/acme/users/bob")];
    space
        .family("times and state", &users, &contexts(&[json!({})], pairs))
        .masks(&masks)
        .member(&["role"], given(vec![json!("admin")]))
        .member(&["name"], each(names))
        .member(&["createTime"], each(times.clone()))
        .member(&["state"], each(states.clone()));
    let mut statuses =
        vec![json!(null), json!({}), json!([]), json!("OK"), json!({"code": "INTERNAL", "message": "no"})];
    for code in ["OK", "DATA_LOSS", "ok", ""].map(|code| json!(code)).into_iter().chain(states.iter().skip(5).cloned())
    {
        statuses.push(json!({ "code": code, "message": "" }));
    }
    statuses.extend([
        json!({"code": null, "message": null}),
        json!({"message": 5}),
        json!({"code": [], "message": {}}),
        json!({"code": "OK", "details": []}),
        json!({"code": "NO", "details": [], "Code": 1}),
    ]);
    space
        .family("status and unknown members", &users, &contexts(&[json!({})], pairs))
        .masks(&masks)
        .member(&["role"], given(vec![json!("admin")]))
        .member(&["status"], each(statuses))
        .member(&["update_time"], some(vec![json!(null), json!(TIME), json!("yesterday")]))
        .member(&["nickname"], each(vec![json!(null), json!({"a": [1]})]))
        .member(&["a/b~c"], some(vec![json!(1)]));
}

fn masks_and_bodies(space: &mut Space, pairs: &[Value], both: &[Value]) {
    let users = objects(&[
        ("role", &[json!("user"), json!("custom")]),
        ("displayName", &[json!("Alice")]),
        ("serviceAccount", &[json!("-"), json!(true)]),
        ("permissionPreset", &[json!("-"), json!("legacy")]),
        ("name", &[json!(NAME)]),
    ]);
    space
        .family("masks", &users, &contexts(both, pairs))
        .masks(&ODD_MASKS)
        .member(&["role"], some(vec![json!("admin"), json!(5), json!("root")]))
        .member(&["displayName"], some(vec![json!("Bob"), too_long()]))
        .member(&["serviceAccount"], some(vec![json!(true)]))
        .member(&["name"], some(vec![json!(NAME), json!("accounts/acme/users/bob")]));
    space
        .family("spellings", &users, &contexts(both, pairs))
        .masks(&["", "*", "display_name", "serviceAccount"])
        .member(&["role"], some(vec![json!("user"), json!("custom")]))
        .member(&["displayName"], some(vec![json!("Bob"), json!(5)]))
        .member(&["display_name"], some(vec![json!("Bob"), json!(null), json!(5)]))
        .member(&["service_account"], some(vec![json!(false)]))
        .member(&["permission_preset"], some(vec![json!("legacy")]))
        .member(&["create_time"], some(vec![json!(null)]))
        .member(&["DISPLAY_NAME"], some(vec![json!("Bob")]));
    let nows = [json!(1_699_335_116), json!("2026-01-01T00:00:00Z"), json!("2025-12-31T23:30:00.25-01:30")];
    let fine = [json!("2026-01-01T00:00:00.1234567899Z"), json!(1_700_000_000.25), json!("2026-01-01T00:00:00.1200Z")];
    let nows: Vec<Value> = nows.into_iter().chain(fine).map(|now| json!({ "now": now })).collect();
    let mut timed = users.clone();
    timed.iter_mut().for_each(|user| user["updateTime"] = json!(TIME));
    timed.extend(users.iter().cloned());
    space
        .family("clock", &timed, &contexts(&nows, pairs))
        .masks(&["", "role"])
        .member(&["role"], given(vec![json!("admin"), json!("root")]))
        .member(&["displayName"], each(vec![json!("Bob"), json!(null)]))
        .member(&["permissionPreset"], some(vec![json!("legacy")]));
    space.family("bodies", &users, &contexts(both, pairs)).masks(&["", "role", "role,"]).bodies(bodies());
    let crowd: Value = (0..300).map(|number| (format!("m{number:03}"), json!(number))).collect();
    space
        .family("a crowd", &users, &contexts(both, &[json!({})]))
        .masks(&["", "role", "role,"])
        .bodies(vec![crowd.to_string().into_bytes()]);
}

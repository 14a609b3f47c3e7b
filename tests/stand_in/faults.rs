//! Every outcome on demand.

use user_patch::{
    report::{Effect, Refuses},
    stand_in::Config,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

use super::client::{Client, Server};

const BREAK: &str = "x-user-patch-break";
const POLICY: &str = "x-user-patch-policy";

fn each_refusal<M: UpdateModel>(client: &mut Client, path: &str) {
    let before = client.get(path);
    for refusal in M::Refusal::ALL {
        let id = refusal.rule().id;
        let answer = client.send("PATCH", path, &[(BREAK, id)], b"{}");
        assert_eq!(answer.status, refusal.status(), "{id}");
        let headers = answer.headers.iter().map(|(name, value)| (&**name, &**value));
        let failure = M::failure(answer.status, headers, &answer.body);
        assert!(failure.has(refusal.code()), "{id}: {}", answer.text());
    }
    for rule in M::rules().into_iter().filter(|rule| rule.effect == Effect::Decides) {
        client.send("PATCH", path, &[(BREAK, rule.id)], b"{}").is(400, "this rule refuses nothing");
    }
    for (code, status) in [("401", 401), ("429", 429), ("500", 500), ("503", 503)] {
        for method in ["GET", "PATCH"] {
            let answer = client.send(method, path, &[(BREAK, code)], b"{}");
            assert_eq!(answer.status, status);
            assert!(M::failure(status, [], &answer.body).is_in_form());
        }
    }
    for wrong in ["", "404", "x.y", "1"] {
        let header = if wrong.is_empty() { " " } else { wrong };
        client.send("PATCH", path, &[(BREAK, header)], b"{}").is(400, r#"{"error":"x-user-patch-break: must be 401"#);
    }
    client.send("GET", path, &[(BREAK, M::Refusal::ALL[0].rule().id)], b"").is(400, "this request is none");
    for wrong in ["{", "[]", r#"{"no":1}"#, r#"{"maxBytes":"hunter2"}"#, r#"{},"now":1"#] {
        let answer = client.send("PATCH", path, &[(POLICY, wrong)], b"{}");
        answer.is(400, r#"{"error":"x-user-patch-policy: "#);
        assert!(!answer.text().contains("hunter2"));
    }
    assert_eq!(client.get(path).body, before.body, "nothing has changed");
}

#[test]
fn every_refusal_comes_on_demand() {
    let server = Server::new();
    each_refusal::<Fireworks>(&mut server.client().with_key("Bearer k"), "/v1/accounts/acme/users/alice");
    each_refusal::<TrustedTwin>(&mut server.client().with_key("k"), "/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11");
    each_refusal::<Elastic>(&mut server.client().with_key("ApiKey k"), "/api/v1/user");
}

#[test]
fn a_user_that_is_made_can_be_refused_on_demand() {
    let server = Server::new();
    let mut client = server.client();
    for (path, key, rule, status) in [
        ("/v1/accounts/acme/users", "Bearer k", "fireworks.role.known", 400),
        ("/users", "k", "trusted_twin.statement", 403),
        ("/api/v1/users", "ApiKey k", "elastic.roles.known", 400),
    ] {
        let answer = client.send("POST", path, &[("authorization", key), (BREAK, rule)], b"{}");
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}

#[test]
fn a_policy_is_for_one_request() {
    let server = Server::new();
    let mut client = server.client().with_key("k");
    let path = "/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11";
    let unchanged = [(POLICY, r#"{"emptyBody":"unchanged"}"#)];
    client.send("PATCH", path, &unchanged, b"").is(200, "Operator");
    client.send("PATCH", path, &[], b"").is(400, r#""subcode":"400415""#);
    client.send("PATCH", path, &[(POLICY, r#"{"subcode":"number"}"#)], b"").is(400, r#""subcode":400415"#);
    // Also where there is no patch, and nobody is known.
    let headers = [(POLICY, r#"{"subcode":"number"}"#), ("authorization", "a b")];
    client.send("GET", path, &headers, b"").is(401, r#""subcode":401000"#);
}

#[test]
fn each_vendor_takes_its_policy() {
    let server = Server::new();
    let patch = |key: &str, path: &str, policy: &str, body: &str| {
        server.client().with_key(key).send("PATCH", path, &[(POLICY, policy)], body.as_bytes())
    };
    let [refuse, ignore] = [r#"{"unknownMembers":"refuse"}"#, r#"{"unknownMembers":"ignore"}"#];
    let (alice, nick) = ("/v1/accounts/acme/users/alice", r#"{"role":"user","nick":"A"}"#);
    patch("Bearer k", alice, refuse, nick).is(400, r#""field":"nick""#);
    patch("Bearer k", alice, ignore, nick).is(200, "alice");
    let (admin, nick) = ("/api/v1/user", r#"{"nick":"A"}"#);
    patch("ApiKey k", admin, refuse, nick).is(400, "nick");
    patch("ApiKey k", admin, "{}", nick).is(200, r#""nick":"A""#);
    // In place of the whole policy of the caller, and of nothing else that the context has.
    let server = Server::seeded(
        r#"{"elastic":{
            "roles":["ece_deployment_viewer"],
            "callers":[{"key":"k","user":"a","context":{"now":"2026-01-01T00:00:00Z","policy":{"unknownMembers":"refuse"}}},{"key":"b","user":"a"}],
            "users":{"a":{"user_name":"a","security":{}}}
        }}"#,
    );
    let mut client = server.client().with_key("ApiKey k");
    client.patch(admin, r#"{"nick":"A"}"#).is(400, "nick");
    client.send("PATCH", admin, &[(POLICY, "{}")], br#"{"nick":"A"}"#).is(200, "2026-01-01T00:00:00");
    let unknown = br#"{"security":{"roles":["ece_platform_viewer"]}}"#;
    for policy in ["", "{}"] {
        let answer = server.client().with_key("ApiKey b").send("PATCH", admin, &[(POLICY, policy)], unknown);
        answer.is(400, "user.roles.invalid");
    }
}

#[test]
fn a_header_that_comes_twice_is_not_followed() {
    let server = Server::new();
    let mut client = server.client().with_key("ApiKey k");
    let twice = client.send("PATCH", "/api/v1/user", &[(BREAK, "503"), (BREAK, "429")], b"{}");
    twice.is(400, r#"{"error":"x-user-patch-break: must come once"}"#);
    let answer = client.send("PATCH", "/api/v1/user", &[(POLICY, r#"{"é":1}"#)], b"{}");
    answer.is(400, r#"{"error":"x-user-patch-policy: must be ASCII"}"#);
}

#[test]
fn without_faults_the_headers_mean_nothing() {
    let mut config = Config::default();
    config.faults = false;
    let server = Server::of(config);
    let mut client = server.client().with_key("ApiKey k");
    for header in
        [(BREAK, "503"), (BREAK, "no"), (BREAK, "elastic.restricted"), (POLICY, "{"), (POLICY, r#"{"maxBytes":1}"#)]
    {
        client.send("PATCH", "/api/v1/user", &[header], br#"{"full_name":"A"}"#).is(200, r#""full_name":"A""#);
    }
}

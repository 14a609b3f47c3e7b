//! What lies outside of a patch, in the vendors' voices; and the stand-in's own paths.

use user_patch::{
    report::{Outside, Reply},
    stand_in::{Config, InvalidSeed, Seed, StandIn},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

use super::client::{Answer, Client, Server, runtime};

/// A vendor's endpoint, and its key.
const ENDPOINTS: [(&str, &str, &str); 3] = [
    ("/v1/accounts/acme/users/alice", "Bearer k", "Bearer"),
    ("/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", "k", "Secret"),
    ("/api/v1/user", "ApiKey k", "ApiKey, Bearer"),
];

fn reply(vendor: usize, which: Outside) -> Reply {
    match vendor {
        0 => Fireworks::outside(which, &Default::default()),
        1 => TrustedTwin::outside(which, &Default::default()),
        _ => Elastic::outside(which, &Default::default()),
    }
}

/// The answer is this reply; a trace is of the stand-in's making.
#[track_caller]
fn is(answer: &Answer, vendor: usize, which: Outside) {
    let expected = reply(vendor, which);
    assert_eq!(answer.status, expected.status, "{}", answer.text());
    let (mut told, mut body) = (answer.json(), serde_json::from_str::<serde_json::Value>(&expected.body).unwrap());
    for value in [&mut told, &mut body] {
        if vendor == 1 {
            value["trace"] = "".into();
        }
    }
    assert_eq!(told, body);
    let code = expected.headers.first().map(|(_, value)| &**value);
    assert_eq!(answer.header("x-cloud-error-codes"), code);
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[test]
fn each_vendor_says_it_in_its_own_words() {
    let server = Server::new();
    for (vendor, (path, key, challenge)) in ENDPOINTS.into_iter().enumerate() {
        let mut client = server.client().with_key(key);
        for wrong in ["", "Basic k", "Bearer ", "ApiKey", "Bearer", "Bearer é", "ApiKey é", "é"] {
            let answer = client.send("PATCH", path, &[("authorization", wrong)], b"{}");
            if vendor == 1 && ["ApiKey", "Bearer", "Bearer "].contains(&wrong) {
                continue; // A bare secret may be any word.
            }
            is(&answer, vendor, Outside::Unauthenticated);
            assert_eq!(answer.header("www-authenticate"), Some(challenge));
        }
        let media_type = [("content-type", "text/plain")];
        is(&client.send("PATCH", path, &media_type, b"{}"), vendor, Outside::UnsupportedMediaType);
        let answer = client.send("PUT", path, &[], b"{}");
        is(&answer, vendor, Outside::MethodNotAllowed);
        assert!(answer.header("allow").unwrap().contains("GET, HEAD, PATCH"));
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(2_000_000));
        client.patch(path, &long).is(400, ["longer than 1048576", "400141", "user_patch.body.size"][vendor]);
        // Also where nobody looks at a body: who sends all of it before they read is answered.
        is(&client.send("PATCH", path, &[("authorization", "")], long.as_bytes()), vendor, Outside::Unauthenticated);
        client.get(path).is(200, "");
    }
    let mut client = server.client();
    is(
        &client.send("GET", "/v1/accounts/acme/users/nobody", &[("authorization", "Bearer k")], b""),
        0,
        Outside::NotFound,
    );
    is(&client.send("GET", "/v1/accounts/acme/users/-a", &[("authorization", "Bearer k")], b""), 0, Outside::BadPath);
    is(&client.send("GET", "/v1/accounts/A/users", &[("authorization", "Bearer k")], b""), 0, Outside::BadPath);
    is(&client.send("GET", "/users/no-uuid", &[("authorization", "k")], b""), 1, Outside::BadPath);
    is(&client.send("GET", "/users/a/b", &[("authorization", "k")], b""), 1, Outside::BadPath);
    is(&client.send("GET", "/api/v1/nothing", &[("authorization", "ApiKey k")], b""), 2, Outside::BadPath);
    client.get("/v1/nothing").is(404, r#"{"code":5,"message":"Not Found","details":[]}"#);
    is(&client.send("GET", "/v1/accounts/%ff/users", &[("authorization", "Bearer k")], b""), 0, Outside::BadPath);
    is(&client.send("GET", "/v1/accounts/acme/users/%ff", &[("authorization", "Bearer k")], b""), 0, Outside::BadPath);
    is(&client.send("GET", "/users/%ff", &[("authorization", "k")], b""), 1, Outside::BadPath);
    is(&client.send("GET", "/api/v1/users/%ff", &[("authorization", "ApiKey k")], b""), 2, Outside::BadPath);
    client.get("/nothing").is(404, "no such path");
}

#[test]
fn the_paths_of_many_users_have_methods_of_their_own() {
    let server = Server::new();
    for (vendor, path) in ["/v1/accounts/acme/users", "/users", "/api/v1/users"].into_iter().enumerate() {
        let (_, key, challenge) = ENDPOINTS[vendor];
        let mut client = server.client().with_key(key);
        for method in ["PUT", "PATCH", "DELETE"] {
            let answer = client.send(method, path, &[], b"{}");
            is(&answer, vendor, Outside::MethodNotAllowed);
            assert_eq!(answer.header("allow"), Some("GET, HEAD, POST"), "{method} {path}");
        }
        let answer = client.send("GET", path, &[("authorization", "Basic k")], b"");
        is(&answer, vendor, Outside::Unauthenticated);
        assert_eq!(answer.header("www-authenticate"), Some(challenge));
    }
    let answer = server.client().with_key("ApiKey k").send("PUT", "/api/v1/users/admin", &[], b"{}");
    is(&answer, 2, Outside::MethodNotAllowed);
    assert_eq!(answer.header("allow"), Some("DELETE, GET, HEAD, PATCH"));
}

#[test]
fn the_stand_in_has_paths_of_its_own() {
    let server = Server::new();
    let mut client = server.client();
    client.get("/").is(200, "<!doctype html>");
    let rules = client.get("/-/rules").json();
    assert!(rules.as_array().unwrap().iter().any(|rule| rule["id"] == "elastic.restricted"));
    let line = r#"{"id":7,"vendor":"elastic","user":{"user_name":"a","security":{}},"patch":{"x":1}}"#;
    client.post("/-/exchange", line).is(200, r#"{"id":7,"status":200,"#);
    client.post("/-/exchange", "no").is(200, r#""line":1"#);
    let policies = client.get("/-/policies").is(200, "").json();
    for vendor in ["fireworks", "trusted-twin", "elastic"] {
        assert!(policies.to_string().contains(vendor), "{policies}");
    }
    let users = client.get("/-/users").json();
    assert_eq!(users["fireworks"][0]["id"], "alice");
    assert_eq!(users["fireworks"][0]["account"], "acme");
    assert_eq!(users["trusted-twin"][0]["user"]["name"], "Operator");
    assert_eq!(users["elastic"][0]["user"]["user_name"], "admin");
}

#[test]
fn a_line_that_is_too_long_or_ends_too_soon_is_not_answered() {
    use std::io::{Read, Write};

    let server = Server::new();
    let line = "x".repeat(16 * 1024 * 1024);
    server.client().post("/-/exchange", &line).is(200, r#""line":1"#);
    server.client().post("/-/exchange", &(line + "x")).is(413, r#"{"error":"the line is longer than 16 MiB"#);
    let mut stream = std::net::TcpStream::connect(server.addr()).unwrap();
    // A chunk whose length is none.
    stream
        .write_all(b"POST /-/exchange HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\nno\r\n")
        .unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

/// A web site that lets its own name mean this machine reads nothing.
#[test]
fn what_is_kept_is_shown_by_an_address_alone() {
    let server = Server::new();
    for (host, status) in [
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("[::1]", 200),
        ("localhost", 200),
        ("LOCALHOST:80", 200),
        ("rebound.example", 403),
        ("rebound.example:8080", 403),
        ("127.0.0.1.example:8080", 403),
        ("localhost.example", 403),
        ("", 403),
    ] {
        for path in ["/-/users", "/-/requests"] {
            let answer = server.client().get_of(host, path);
            assert_eq!(answer.status, status, "{host} {path}");
            assert_eq!(answer.text().contains("alice"), status == 200 && path == "/-/users", "{host} {path}");
        }
    }
}

#[test]
fn the_last_hundred_requests_are_told_and_nothing_of_what_they_say() {
    let server = Server::new();
    let mut client = server.client().with_key("ApiKey hunter2");
    for number in 0..120 {
        client.patch(&format!("/api/v1/user?hunter={number}"), r#"{"full_name":"hunter2"}"#);
    }
    client.get("/-/users");
    let answer = client.get("/-/requests");
    assert!(!answer.text().contains("hunter"));
    let requests = answer.json();
    assert_eq!(requests.as_array().unwrap().len(), 100);
    let first = &requests[0];
    assert_eq!(
        (&first["method"], &first["path"], &first["status"]),
        (&"PATCH".into(), &"/api/v1/user".into(), &200.into())
    );
    assert!(first["ms"].is_number() && first["time"].as_str().unwrap().ends_with('Z'));
}

#[track_caller]
fn wrong(seed: &str, message: &str) {
    let wrong: InvalidSeed = Seed::from_json(seed.as_bytes()).unwrap_err();
    assert_eq!(wrong.to_string(), message);
}

#[test]
fn a_seed_that_is_none_is_told_by_its_place() {
    wrong("{", "line 1, column 2: ends before a member's name");
    wrong("[]", "the seed: must be an object");
    wrong(r#"{"acme":{}}"#, "/acme: unknown member, there are `fireworks`, `trustedTwin`, `elastic`");
    wrong(
        r#"{"fireworks":{"accounts":["A"]}}"#,
        "/fireworks/accounts/0: must be an account id: 1 to 63 of a-z, 0-9 and -, with no hyphen at either end",
    );
    wrong(r#"{"fireworks":{"callers":[{}]}}"#, "/fireworks/callers/0: `key` is missing");
    wrong(
        r#"{"elastic":{"callers":[{"key":"k","user":"a"},{"key":"k","user":"b"}]}}"#,
        "/elastic/callers/1/key: must not be the key of another caller",
    );
    wrong(r#"{"fireworks":{"callers":[{"key":7}]}}"#, "/fireworks/callers/0/key: must be a string");
    wrong(
        r#"{"fireworks":{"callers":[{"key":"k","context":{"admin":"hunter2"}}]}}"#,
        "/fireworks/callers/0/context: not a context: expected a boolean",
    );
    wrong(
        r#"{"fireworks":{"users":{"alice":{"role":"user"}}}}"#,
        "/fireworks/users/alice: not a name of the form accounts/{account_id}/users/{user_id}, ids being 1 to 63 of a-z, 0-9 and -",
    );
    wrong(r#"{"trustedTwin":{"users":{"hunter2":{}}}}"#, "/trustedTwin/users/hunter2: must be a hyphenated UUID");
    wrong(
        r#"{"trustedTwin":{"callers":[{"key":"k","role":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11"}]}}"#,
        "/trustedTwin/callers/0/role: must be one of `roles`",
    );
    wrong(r#"{"elastic":{"callers":[{"key":"k"}]}}"#, "/elastic/callers/0: `user` is missing: the current user's name");
    wrong(
        r#"{"elastic":{"users":{"a/b":{"user_name":"ada"}}}}"#,
        "/elastic/users/a~1b: not a user: /security must be there",
    );
    wrong(
        r#"{"elastic":{"passwords":{"ada":"hunter2"}}}"#,
        "/elastic/passwords/ada: must be the password of one of `users`",
    );
    wrong(r#"{"elastic":{"passwords":{"ada":""}}}"#, "/elastic/passwords/ada: must not be empty");
    for vendor in ["fireworks", "trustedTwin", "elastic"] {
        let seed = |part: &str| format!(r#"{{"{vendor}":{part}}}"#);
        let [unknown, no_array, no_object, no_caller] =
            [r#"{"x":1}"#, r#"{"callers":{}}"#, r#"{"users":[]}"#, r#"{"callers":[{"x":1}]}"#].map(seed);
        let told = Seed::from_json(unknown.as_bytes()).unwrap_err().to_string();
        assert!(told.starts_with(&format!("/{vendor}/x: unknown member, there are `")), "{told}");
        wrong(&no_array, &format!("/{vendor}/callers: must be an array"));
        wrong(&no_object, &format!("/{vendor}/users: must be an object"));
        let told = Seed::from_json(no_caller.as_bytes()).unwrap_err().to_string();
        assert!(told.starts_with(&format!("/{vendor}/callers/0/x: unknown member, there are `key`, ")), "{told}");
        let context = seed(r#"{"callers":[{"key":"k","user":"a","context":{"now":"hunter2"}}]}"#);
        let context = if vendor == "elastic" { context } else { context.replace(r#""user":"a","#, "") };
        let told = Seed::from_json(context.as_bytes()).unwrap_err().to_string();
        assert!(told.starts_with(&format!("/{vendor}/callers/0/context: not a context: not an RFC 3339 ")), "{told}");
    }
    wrong(r#"{"fireworks":{"accounts":7}}"#, "/fireworks/accounts: must be an array");
    wrong(r#"{"fireworks":{"accounts":[7]}}"#, "/fireworks/accounts/0: must be a string");
    wrong(
        r#"{"fireworks":{"callers":[{"key":"k","account":"A"}]}}"#,
        "/fireworks/callers/0/account: must be an account id: 1 to 63 of a-z, 0-9 and -, with no hyphen at either end",
    );
    wrong(
        r#"{"fireworks":{"users":{"accounts/a/users/b":{}}}}"#,
        "/fireworks/users/accounts~1a~1users~1b: not a user: /role must be there",
    );
    wrong(r#"{"trustedTwin":{"account":"a"}}"#, "/trustedTwin/account: must be a hyphenated UUID");
    wrong(r#"{"trustedTwin":{"account":7}}"#, "/trustedTwin/account: must be a string");
    wrong(r#"{"trustedTwin":{"roles":[]}}"#, "/trustedTwin/roles: must be an object");
    wrong(
        r#"{"trustedTwin":{"roles":{"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11":{"effect":"hunter2"}}}}"#,
        "/trustedTwin/roles/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11: not a context: expected `allow` or `deny`",
    );
    wrong(
        r#"{"trustedTwin":{"roles":{"hunter2":{"effect":"allow","actions":[]}}}}"#,
        "/trustedTwin/roles/hunter2: must be a hyphenated UUID",
    );
    wrong(
        r#"{"trustedTwin":{"callers":[{"key":"k","role":"a"}]}}"#,
        "/trustedTwin/callers/0/role: must be a hyphenated UUID",
    );
    wrong(r#"{"trustedTwin":{"callers":[{"key":"k","role":7}]}}"#, "/trustedTwin/callers/0/role: must be a string");
    wrong(
        r#"{"trustedTwin":{"callers":[{"key":"k"},{"key":"k"}]}}"#,
        "/trustedTwin/callers/1/key: must not be the key of another caller",
    );
    wrong(
        r#"{"trustedTwin":{"users":{"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11":[]}}}"#,
        "/trustedTwin/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11: not a user: not a JSON object at line 1 column 1",
    );
    wrong(r#"{"elastic":{"roles":"hunter2"}}"#, "/elastic/roles: must be an array");
    wrong(r#"{"elastic":{"callers":[{"key":"k","user":7}]}}"#, "/elastic/callers/0/user: must be a string");
    wrong(r#"{"elastic":{"passwords":[]}}"#, "/elastic/passwords: must be an object");
    wrong(r#"{"elastic":{"roles":["hunter2",7]}}"#, "/elastic/roles/1: must be a string");
    wrong(
        r#"{"trustedTwin":{"callers":[{"key":"k","role":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","context":{}}]}}"#,
        "/trustedTwin/callers/0/role: must not stand beside `context`, which has a statement",
    );
}

/// What is shown of them goes to logs.
#[test]
fn a_seed_and_what_runs_show_no_key() {
    let seed = Seed::from_json(
        br#"{"elastic":{"callers":[{"key":"hunter2","user":"a"}],"users":{"a":{"user_name":"a","security":{}}},"passwords":{"a":"hunter2"}}}"#,
    );
    let mut config = Config::default();
    config.seed = seed.unwrap();
    assert_eq!(format!("{:?}", config.seed), "Seed { users: 1, .. }");
    let stand_in = StandIn::new(config);
    assert!(!format!("{stand_in:?}").contains("hunter2"), "{stand_in:?}");
    let running = runtime().block_on(stand_in.start()).unwrap();
    assert_eq!(format!("{running:?}"), format!("Running {{ addr: {}, .. }}", running.addr()));
    runtime().block_on(running.shutdown());
}

/// Whoever sends a body that is too long is answered, whether or not they stop sending.
#[test]
fn a_body_without_end_is_answered() {
    use std::io::{Read, Write};

    let server = Server::new();
    let mut stream = std::net::TcpStream::connect(server.addr()).unwrap();
    let head = "PATCH /api/v1/user HTTP/1.1\r\nhost: x\r\nauthorization: ApiKey k\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..64 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 400");
    let mut other: Client = server.client().with_key("ApiKey k");
    other.get("/api/v1/user").is(200, "admin");
}

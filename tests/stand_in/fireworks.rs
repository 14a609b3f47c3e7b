//! The endpoints of Fireworks.

use super::client::{Client, Server};

const ALICE: &str = "/v1/accounts/acme/users/alice";
const USERS: &str = "/v1/accounts/acme/users";

fn client(server: &Server) -> Client {
    server.client().with_key("Bearer any")
}

#[test]
fn a_user_is_read_and_updated() {
    let server = Server::new();
    let mut client = client(&server);
    client.get(ALICE).is(200, r#""role":"user""#);
    let updated = client.patch(ALICE, r#"{"role":"admin","displayName":"Al"}"#);
    updated.is(200, r#""displayName":"Al""#);
    assert_ne!(updated.json()["updateTime"], updated.json()["createTime"]);
    assert_eq!(client.get(ALICE).body, updated.body);
    client.patch(ALICE, r#"{"role":"root"}"#).is(400, r#""field":"role""#);
    assert_eq!(client.get(ALICE).body, updated.body, "a refusal changes nothing");
    client.patch(&format!("{ALICE}?updateMask=display_name"), r#"{"role":"user"}"#).is(200, r#""role":"admin""#);
    let head = client.send("HEAD", ALICE, &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn a_user_is_made_once() {
    let server = Server::new();
    let mut client = client(&server);
    let made = client.post(&format!("{USERS}?userId=bob"), r#"{"role":"user"}"#);
    made.is(200, r#""name":"accounts/acme/users/bob""#);
    assert_eq!(client.get("/v1/accounts/acme/users/bob").body, made.body);
    client.post(&format!("{USERS}?user_id=bob"), r#"{"role":"admin"}"#).is(409, r#"{"code":6,"#);
    client.post(USERS, r#"{"role":"user","email":"C.D@x.org"}"#).is(200, "users/c-d");
    client.post(USERS, r#"{"role":"user"}"#).is(400, r#""field":"email""#);
    client.post("/v1/accounts//users", r#"{"role":"user"}"#).is(400, r#""field":"accountId""#);
    assert_eq!(client.get(USERS).json()["totalSize"], 3);
}

#[test]
fn a_list_has_pages() {
    let server = Server::new();
    let mut client = client(&server);
    for number in 0..250 {
        client.post(&format!("{USERS}?userId=u{number:03}"), r#"{"role":"user"}"#).is(200, "role");
    }
    for (query, sizes) in [
        ("", vec![50; 5]),
        ("pageSize=0&", vec![50; 5]),
        ("pageSize=100&", vec![100, 100]),
        ("page_size=1000&", vec![200]),
    ] {
        let (mut token, mut seen) = (String::new(), Vec::new());
        let mut pages = Vec::new();
        loop {
            let page = client.get(&format!("{USERS}?{query}pageToken={token}"));
            let page = page.is(200, "users").json();
            assert_eq!(page["totalSize"], 251);
            let users = page["users"].as_array().unwrap();
            pages.push(users.len());
            seen.extend(users.iter().map(|user| user["name"].as_str().unwrap().to_owned()));
            token = page["nextPageToken"].as_str().unwrap().to_owned();
            if token.is_empty() {
                break;
            }
        }
        let rest = 251 - sizes.iter().sum::<usize>();
        assert_eq!(pages, [sizes, vec![rest]].concat());
        assert!(seen.is_sorted() && seen.len() == 251, "each user once, in the order of names");
    }
    for wrong in ["pageSize=-1", "pageSize=many", "pageToken=zz", "pageToken=abc"] {
        client.get(&format!("{USERS}?{wrong}")).is(400, r#"{"code":3,"#);
    }
    for unsupported in ["filter=role%3D1", "orderBy=name", "readMask=role"] {
        let answer = client.get(&format!("{USERS}?{unsupported}"));
        assert_eq!(answer.is(501, r#"{"code":12,"#).header("x-should-retry"), Some("false"));
    }
}

#[test]
fn a_key_is_for_an_account() {
    let server = Server::seeded(
        r#"{"fireworks":{
            "accounts":["empty"],
            "callers":[{"key":"all"},{"key":"own","account":"acme"},{"key":"user","context":{"admin":false}}],
            "users":{"accounts/acme/users/alice":{"role":"user"}}
        }}"#,
    );
    let with = |key: &str| server.client().with_key(&format!("bearer {key}"));
    with("all").get("/v1/accounts/empty/users").is(200, r#""totalSize":0"#);
    with("own").get(ALICE).is(200, "user");
    with("own").get("/v1/accounts/empty/users").is(403, r#"{"code":7,"#);
    with("all").get("/v1/accounts/nowhere/users").is(404, r#"{"code":5,"#);
    with("other").get(ALICE).is(401, r#"{"code":16,"#);
    with("user").patch(ALICE, r#"{"role":"user","serviceAccount":true}"#).is(403, r#"{"code":7,"#);
    server.client().with_key("k").get("/users").is(401, "401000");
}

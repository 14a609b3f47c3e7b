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
}

#[test]
fn a_list_is_filtered_and_ordered_and_its_pages_are_it() {
    let users: Vec<_> = (0..120)
        .map(|at| {
            let (role, email) = (["admin", "user", "contributor"][at % 3], format!("u{}@example.com", at % 7));
            format!(r#""accounts/acme/users/u{at:03}":{{"name":"accounts/acme/users/u{at:03}","role":"{role}","email":"{email}"}}"#)
        })
        .collect();
    let server =
        Server::seeded(&format!(r#"{{"fireworks":{{"callers":[{{"key":"any"}}],"users":{{{}}}}}}}"#, users.join(",")));
    let mut client = client(&server);
    let query = "filter=role+%3D+admin+OR+role+%3D+user&orderBy=email+desc%2Crole&readMask=name,email,role";
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{USERS}?{query}&pageSize=33&pageToken={token}")).is(200, "users").json();
        assert_eq!(page["totalSize"], 80);
        seen.extend(page["users"].as_array().unwrap().iter().map(|user| {
            let text = |name: &str| user[name].as_str().unwrap().to_owned();
            (std::cmp::Reverse(text("email")), text("role"), text("name"))
        }));
        token = page["nextPageToken"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
        client.get(&format!("{USERS}?pageToken={token}")).is(400, r#"{"code":3,"message":"pageToken must come with"#);
    }
    assert!(seen.is_sorted() && seen.len() == 80, "{seen:?}");

    let all = client.get(&format!("{USERS}?pageSize=200&filter=&order_by=&read_mask=*"));
    assert_eq!(all.is(200, r#""totalSize":120"#).body, client.get(&format!("{USERS}?pageSize=200")).body);
    let none = client.get(&format!("{USERS}?filter=nobody"));
    assert_eq!(none.is(200, "").text(), r#"{"users":[],"nextPageToken":"","totalSize":0}"#);
    for (wrong, told) in [
        ("filter=nick%3Dx", "filter, character 1: no field of a user; there are role, name, displayName"),
        ("filter=role%3Dadmin+AND", "filter, character 15: a field or a value must stand here"),
        ("orderBy=nick", "orderBy, field 1: no field of a user"),
        ("readMask=nick", "readMask: a path names no field of a user"),
    ] {
        client.get(&format!("{USERS}?{wrong}")).is(400, &format!(r#"{{"code":3,"message":"{told}"#));
    }
    let deep = "(".repeat(60_000);
    client.get(&format!("{USERS}?filter={deep}")).is(400, "more than 64 parentheses inside each other");
}

#[test]
fn a_read_mask_leaves_fields_out() {
    let server = Server::new();
    let mut client = client(&server);
    let masked = |client: &mut Client, mask: &str| client.get(&format!("{ALICE}?readMask={mask}"));
    assert_eq!(masked(&mut client, "role").is(200, "").text(), r#"{"role":"user"}"#);
    assert_eq!(masked(&mut client, "display_name%2Cstate").text(), r#"{"displayName":"Alice","state":"READY"}"#);
    let whole = client.get(ALICE);
    assert_eq!(masked(&mut client, "*").body, whole.body);
    assert_eq!(masked(&mut client, "").body, whole.body);
    masked(&mut client, "nick").is(400, r#"{"code":3,"message":"readMask: "#);
    client.get("/v1/accounts/acme/users/nobody?readMask=role").is(404, "user not found");
    let list = client.get(&format!("{USERS}?readMask=email"));
    list.is(200, r#"{"users":[{"email":"alice@example.com"}],"nextPageToken":"""#);
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

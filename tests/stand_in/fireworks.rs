//! The endpoints of Fireworks.

use std::{thread, time::Duration};

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

/// Of arguments that come again, under either name, the last one counts.
#[test]
fn the_last_argument_counts() {
    let server = Server::new();
    let mut client = client(&server);
    let made = client.post(&format!("{USERS}?userId=bob&user_id=carl&userId=carol"), r#"{"role":"user"}"#);
    made.is(200, r#""name":"accounts/acme/users/carol""#);
    client.get(&format!("{USERS}?pageSize=1&page_size=2")).is(200, r#""nextPageToken":"""#);
    client.get(&format!("{ALICE}?readMask=role&read_mask=email")).is(200, r#"{"email":"alice@example.com"}"#);
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
    for wrong in ["pageToken=zz", "pageToken=abc"] {
        client.get(&format!("{USERS}?{wrong}")).is(400, r#"{"code":3,"#);
    }
    for size in ["-1", "many", "%2B5", "+5", "5.0", "2147483648", "4294967295", "99999999999"] {
        let told = r#"{"code":3,"message":"pageSize must be a number from 0 to 2147483647, of digits alone""#;
        client.get(&format!("{USERS}?pageSize={size}")).is(400, told);
    }
    let most = client.get(&format!("{USERS}?pageSize=2147483647&readMask=role")).json();
    assert_eq!(most["users"].as_array().map(Vec::len), Some(200));
}

#[test]
fn who_was_updated_last_comes_first_where_that_is_asked_for() {
    let server = Server::new();
    let mut client = client(&server);
    for id in ["bob", "carol"] {
        client.post(&format!("{USERS}?userId={id}"), r#"{"role":"user"}"#).is(200, id);
    }
    // Times are to the millisecond.
    thread::sleep(Duration::from_millis(5));
    let updated = client.patch(&format!("{USERS}/bob"), r#"{"role":"admin"}"#).json();
    let time = updated["updateTime"].as_str().unwrap();
    assert_eq!(client.get(&format!("{USERS}?orderBy=updateTime%20desc")).json()["users"][0], updated);
    let since = client.get(&format!("{USERS}?filter=updateTime%3E%3D{time}")).json();
    assert_eq!((&since["totalSize"], &since["users"][0]), (&1.into(), &updated));
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

/// The ids of a list that is walked page by page, where something happens to each page before the next one is asked for.
fn walked(client: &mut Client, query: &str, mut happens: impl FnMut(&mut Client, &[String])) -> Vec<String> {
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{USERS}?{query}&pageToken={token}")).is(200, "users").json();
        let name = |user: &serde_json::Value| user["name"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let ids: Vec<_> = page["users"].as_array().unwrap().iter().map(name).collect();
        happens(client, &ids);
        seen.extend(ids);
        token = page["nextPageToken"].as_str().unwrap().to_owned();
        if token.is_empty() {
            return seen;
        }
    }
}

#[test]
fn users_who_change_between_two_pages_hide_nobody_else() {
    let server = Server::new();
    let mut client = client(&server);
    let path = |id: &str| format!("{USERS}/{id}");
    let mut everybody = vec!["alice".to_owned()];
    for at in 0..12 {
        let user = format!(r#"{{"role":"user","displayName":"N{at:02}"}}"#);
        client.post(&format!("{USERS}?userId=u{at:02}"), &user).is(200, "role");
        everybody.push(format!("u{at:02}"));
    }
    // Each of a page is no longer meant by the filter when the next one is asked for.
    let seen = walked(&mut client, "pageSize=3&filter=role%3Duser", |client, page| {
        for id in page {
            client.patch(&path(id), r#"{"role":"admin"}"#).is(200, "admin");
        }
    });
    assert_eq!(seen, everybody);
    // The last one of a page goes to the end of the list, where it comes again.
    let mut gone = Vec::new();
    let seen = walked(&mut client, "pageSize=3&orderBy=displayName", |client, page| {
        let last = page.last().unwrap();
        if gone.len() < 3 {
            client.patch(&path(last), &format!(r#"{{"role":"admin","displayName":"ZZ{}"}}"#, gone.len())).is(200, "ZZ");
            gone.push(last.clone());
        }
    });
    assert_eq!(seen, [everybody, gone].concat());
}

/// What users are ordered by may be longer than an address.
#[test]
fn a_token_is_of_any_texts() {
    let long = "é\u{1F600}".repeat(50_000);
    let users =
        [("a", "Alice"), ("b", &*format!("{long}1")), ("c", &*format!("{long}2")), ("d", &long)].map(|(id, text)| {
            let name = format!("accounts/acme/users/{id}");
            format!(r#""{name}":{{"name":"{name}","role":"user","displayName":"{text}","permissionPreset":"{text}"}}"#)
        });
    let seed = format!(r#"{{"fireworks":{{"callers":[{{"key":"any"}}],"users":{{{}}}}}}}"#, users.join(","));
    let server = Server::seeded(&seed);
    let mut client = client(&server);
    let query = "pageSize=1&readMask=name&orderBy=displayName+desc,permissionPreset,email,role,name,status.message";
    // Texts that begin with the same 256 characters are one.
    assert_eq!(walked(&mut client, query, |_, _| ()), ["b", "c", "d", "a"]);
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
    with("own").get("/v1/accounts/empty/users/alice").is(403, r#"{"code":7,"#);
    with("all").patch("/v1/accounts/nowhere/users/alice", r#"{"role":"user"}"#).is(404, "account not found");
    with("all").get("/v1/accounts/nowhere/users").is(404, r#"{"code":5,"#);
    with("other").get(ALICE).is(401, r#"{"code":16,"#);
    with("user").patch(ALICE, r#"{"role":"user","serviceAccount":true}"#).is(403, r#"{"code":7,"#);
    server.client().with_key("k").get("/users").is(401, "401000");
}

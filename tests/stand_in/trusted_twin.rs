//! The endpoints of Trusted Twin.

use super::client::Server;

const OPERATOR: &str = "/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11";
const ROLE: &str = "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10";

#[test]
fn a_user_is_made_read_updated_and_deleted() {
    let server = Server::new();
    let mut client = server.client().with_key("secret");
    let made = client.post("/users", &format!(r#"{{"name":"Al","role":"{ROLE}","description":{{"a":1.0}}}}"#));
    let user = made.is(201, r#""description":{"a":1.0}"#).json();
    assert_eq!((user["created_ts"].is_number(), &user["created_ts"]), (true, &user["updated_ts"]));
    assert_eq!(user["account"], "3d0d8f2c-6d3b-4a65-8b0e-6d4a5b7c8d9e");
    let path = format!("/users/{}", user["uuid"].as_str().unwrap());
    assert_eq!(client.get(&path).body, made.body);
    assert_eq!(client.get(&path.to_uppercase().replace("/USERS", "/users")).body, made.body, "a UUID in either case");
    let updated = client.patch(&path, r#"{"name":"Bo"}"#);
    updated.is(200, r#""name":"Bo""#);
    let list = client.get("/users").json();
    assert_eq!(list["users"].as_object().unwrap().len(), 2);
    assert_eq!(list["users"][user["uuid"].as_str().unwrap()], updated.json());
    assert_eq!(client.delete(&path).body, updated.body, "the deleted user is returned");
    client.get(&path).is(404, "404653");
    client.delete(&path).is(404, "404653");
    client.patch(&path, r#"{"name":"Bo"}"#).is(404, "404653");
}

#[test]
fn what_makes_no_user_is_told() {
    let server = Server::new();
    let mut client = server.client().with_key("secret");
    client.post("/users", r#"{"name":"Al"}"#).is(400, "/role: must be there");
    client.post("/users", r#"{"role":"no"}"#).is(400, "/role: must be a hyphenated UUID");
    client.post("/users", "{").is(400, "400415");
    client.post("/users", &format!(r#"{{"role":"{ROLE}","uuid":"{ROLE}"}}"#)).is(400, "/uuid");
}

#[test]
fn a_role_says_what_its_users_may_do() {
    let server = Server::seeded(&format!(
        r#"{{"trustedTwin":{{
            "roles":{{
                "{ROLE}":{{"effect":"allow","actions":["get_user"]}},
                "00000000-0000-4000-8000-000000000001":{{"effect":"deny","actions":["delete_user"]}},
                "00000000-0000-4000-8000-000000000002":{{"effect":"deny","actions":["get_user"]}}
            }},
            "callers":[{{"key":"reader","role":"{ROLE}"}},{{"key":"most","role":"00000000-0000-4000-8000-000000000001"}},{{"key":"blind","role":"00000000-0000-4000-8000-000000000002"}},{{"key":"all"}}],
            "users":{{"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11":{{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","role":"{ROLE}"}}}}
        }}}}"#
    ));
    let new = format!(r#"{{"role":"{ROLE}"}}"#);
    let with = |key: &str| server.client().with_key(key);
    with("reader").get(OPERATOR).is(200, "uuid");
    with("reader").get("/users").is(403, "403535");
    assert_eq!(with("reader").send("HEAD", "/users", &[], b"").status, 403);
    assert_eq!(with("reader").send("HEAD", OPERATOR, &[], b"").status, 200);
    assert_eq!(with("most").send("HEAD", "/users", &[], b"").status, 200);
    with("reader").patch(OPERATOR, r#"{"name":"Al"}"#).is(403, "403535");
    with("reader").post("/users", &new).is(403, "403535");
    with("reader").delete(OPERATOR).is(403, "403535");
    with("most").patch(OPERATOR, r#"{"name":"Al"}"#).is(200, "Al");
    with("most").post("/users", &new).is(201, "uuid");
    with("most").delete(OPERATOR).is(403, "403535");
    with("blind").get(OPERATOR).is(403, "403535");
    assert_eq!(with("blind").send("HEAD", OPERATOR, &[], b"").status, 403);
    with("blind").get("/users").is(200, "uuid");
    let unknown = r#"{"role":"00000000-0000-4000-8000-000000000009"}"#;
    with("all").patch(OPERATOR, unknown).is(404, "404653");
    with("all").post("/users", unknown).is(404, "404653");
    // Nor is there the one that has no digit.
    with("all").post("/users", r#"{"role":"00000000-0000-0000-0000-000000000000"}"#).is(404, "404653");
    with("all").delete(OPERATOR).is(200, "uuid");
    with("nobody").get(OPERATOR).is(401, "401000");
}

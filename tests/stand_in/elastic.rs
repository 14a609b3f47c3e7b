//! The endpoints of Elastic Cloud Enterprise, with the bodies that the vendor's client `cloud-sdk-go` sends.
//!
//! The client is in Go, and what it sends was read in its sources: its model of a user always writes `user_name` and `security`,
//! if only `{}`; it writes nothing as null; it writes date-times in UTC with milliseconds.

use super::client::{Client, Server};

const SEED: &str = r#"{"elastic":{
    "callers":[{"key":"admin","user":"admin"},{"key":"ada","user":"ada"},{"key":"ldap","user":"ldap"},{"key":"gone","user":"gone"}],
    "users":{
        "admin":{"user_name":"admin","builtin":true,"security":{"enabled":true,"roles":["ece_platform_admin"]}},
        "ada":{"user_name":"ada","full_name":"Ada","builtin":false,"email":"ada@example.com",
            "security":{"enabled":true,"roles":["ece_deployment_viewer"],"permissions":["b","a"],
                "security_realm":{"id":"native","type":"native"},
                "elevated_permissions":{"enabled":false,"expires_at":"2026-01-01T00:00:00+00:00"}},
            "metadata":{"created_at":"2026-01-01T00:00:00+00:00","last_login_at":"2026-01-01T00:00:00.5+00:00"}},
        "ldap":{"user_name":"ldap","security":{"security_realm":{"id":"ldap1","type":"ldap"}}}
    }
}}"#;

fn with(server: &Server, key: &str) -> Client {
    server.client().with_key(&format!("ApiKey {key}"))
}

#[test]
fn the_bodies_of_the_vendors_client_are_taken() {
    let server = Server::seeded(SEED);
    let mut ada = with(&server, "ada");
    for (body, told) in [
        // userapi.UpdateCurrent with nothing to say, and with a member each.
        (r#"{"security":{},"user_name":"ada"}"#, r#""full_name":"Ada""#),
        (r#"{"full_name":"Ada L.","security":{},"user_name":"ada"}"#, r#""full_name":"Ada L.""#),
        (r#"{"email":"a@x.org","security":{},"user_name":"ada"}"#, r#""email":"a@x.org""#),
        (r#"{"security":{"password":"a longer one"},"user_name":"ada"}"#, r#""user_name":"ada""#),
        // What was read, sent back: date-times in the client's own normal form, permissions in any order.
        (
            r#"{"builtin":false,"email":"a@x.org","full_name":"Ada L.","metadata":{"created_at":"2026-01-01T00:00:00.000Z","last_login_at":"2026-01-01T00:00:00.500Z"},"security":{"elevated_permissions":{"enabled":false,"expires_at":"2026-01-01T00:00:00.000Z"},"enabled":true,"permissions":["a","b"],"roles":["ece_deployment_viewer"],"security_realm":{"id":"native","type":"native"}},"user_name":"ada"}"#,
            r#""created_at":"2026-01-01T00:00:00+00:00""#,
        ),
    ] {
        let answer = ada.patch("/api/v1/user", body);
        answer.is(200, told);
        assert!(!answer.text().contains("longer"), "a password is told to nobody");
    }
    ada.get("/api/v1/user").is(200, r#""updated_by":"ada""#);
}

#[test]
fn the_pages_codes_are_in_the_header() {
    let server = Server::seeded(SEED);
    for (key, body, status, code) in [
        ("ada", r#"{"security":{"roles":["root"]},"user_name":"ada"}"#, 400, "user.roles.invalid"),
        ("ada", r#"{"security":{"roles":["ece_platform_admin"]},"user_name":"ada"}"#, 400, "user.roles.forbidden"),
        ("ada", r#"{"security":{},"user_name":"bob"}"#, 400, "user.restricted_field"),
        ("ada", r#"{"security":{"enabled":false},"user_name":"ada"}"#, 400, "user.restricted_field"),
        ("admin", r#"{"full_name":"A","security":{},"user_name":"admin"}"#, 400, "user.cannot_modify"),
        ("ldap", r#"{"full_name":"A","security":{},"user_name":"ldap"}"#, 400, "user.cannot_modify_external"),
        ("gone", r#"{"full_name":"A","security":{},"user_name":"gone"}"#, 404, "user.not_found"),
        ("nobody", "{}", 401, "root.unauthenticated"),
    ] {
        let answer = with(&server, key).patch("/api/v1/user", body);
        assert_eq!(answer.is(status, code).header("x-cloud-error-codes"), Some(code));
    }
    let merge_patch = [("content-type", "application/merge-patch+json")];
    let answer = with(&server, "ada").send("PATCH", "/api/v1/user", &merge_patch, br#"{"full_name":null}"#);
    assert!(!answer.is(200, "ada").text().contains("full_name"));
}

#[test]
fn a_platform_admin_keeps_the_users() {
    let server = Server::seeded(SEED);
    let (mut admin, mut ada) = (with(&server, "admin"), with(&server, "ada"));
    let new = r#"{"user_name":"bob","full_name":"Bob","security":{"enabled":true,"password":"long enough","roles":["ece_deployment_manager"]}}"#;
    admin.post("/api/v1/users", new).is(200, r#""roles":["ece_deployment_manager"]"#);
    let again = admin.post("/api/v1/users", new);
    assert_eq!(again.is(409, "user.user_name.conflict").header("x-cloud-error-codes"), Some("user.user_name.conflict"));
    admin.post("/api/v1/users", r#"{"security":{}}"#).is(400, "user.user_name.invalid");
    admin.post("/api/v1/users", r#"{"user_name":"eve","security":{"roles":["root"]}}"#).is(400, "user.roles.invalid");

    admin.get("/api/v1/users/bob").is(200, "Bob");
    admin
        .patch("/api/v1/users/bob", r#"{"security":{"enabled":false},"user_name":"bob"}"#)
        .is(200, r#""enabled":false"#);
    admin.patch("/api/v1/users/bob", r#"{"security":{"roles":["ece_platform_admin"]}}"#).is(200, "ece_platform_admin");
    admin.patch("/api/v1/users/nobody", "{}").is(404, "user.not_found");
    let names = |client: &mut Client, query: &str| {
        let list = client.get(&format!("/api/v1/users{query}")).is(200, "users").json();
        list["users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["user_name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&mut admin, ""), ["ada", "admin", "ldap"]);
    assert_eq!(names(&mut admin, "?include_disabled=true"), ["ada", "admin", "bob", "ldap"]);
    admin.delete("/api/v1/users/bob").is(200, "{}");
    admin.get("/api/v1/users/bob").is(404, "user.not_found");
    admin.delete("/api/v1/users/admin").is(400, "user.cannot_modify");

    // Anybody else sees to themselves alone.
    ada.get("/api/v1/users/ada").is(200, "ada");
    ada.patch("/api/v1/users/ada", r#"{"full_name":"A"}"#).is(200, r#""full_name":"A""#);
    ada.get("/api/v1/users/admin").is(403, "user_patch.forbidden");
    ada.patch("/api/v1/users/admin", "{}").is(403, "user_patch.forbidden");
    ada.get("/api/v1/users").is(403, "user_patch.forbidden");
    ada.post("/api/v1/users", new).is(403, "user_patch.forbidden");
    ada.delete("/api/v1/users/ada").is(403, "user_patch.forbidden");
}

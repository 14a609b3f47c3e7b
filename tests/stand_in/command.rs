//! The command `user-patch serve`.

use std::{fs, process::Command};

use super::process::{Folder, Process};

#[test]
fn it_ends_when_it_is_told_to_and_logs_no_value() {
    let folder = Folder::new("command");
    let process = Process::start(&folder.0);
    let mut client = process.elastic();
    client.patch("/api/v1/user?hunter2=1", r#"{"full_name":"hunter2"}"#).is(200, "hunter2");
    client.patch("/api/v1/user", r#"{"user_name":"hunter2"}"#).is(400, "");
    client.get("/api/v1/users/hunter2").is(404, "");
    client.get("/hunter2").is(404, "");
    client.patch("/api/v1/user", r#"{"security":{"password":"hunter2hunter2"}}"#).is(200, "");
    let login = r#"{"username":"admin","password":"hunter2hunter2"}"#;
    let token =
        client.post("/api/v1/users/auth/_login", login).is(200, "").json()["token"].as_str().unwrap().to_owned();
    client.post("/api/v1/users/auth/_login", r#"{"username":"hunter2","password":"hunter2"}"#).is(401, "");
    client
        .send("POST", "/api/v1/users/auth/_refresh", &[("authorization", &format!("Bearer {token}"))], b"")
        .is(200, "");
    let (status, log) = process.terminate(&folder.0);
    assert_eq!(status, Some(0), "{log}");
    assert!(log.contains(r#"method="PATCH" route="/api/v1/user" status=400"#), "{log}");
    assert!(log.contains(r#"route="/api/v1/users/{user_name}" status=404"#), "{log}");
    assert!(log.ends_with("stopped\n"), "{log}");
    assert!(!log.contains("hunter2") && !log.contains(&token), "{log}");

    let process = Process::start(&folder.0);
    process.elastic().get("/api/v1/user").is(200, r#""full_name":"hunter2""#);
    process.kill();

    let process = Process::start(&folder.0);
    process.elastic().get("/api/v1/user").is(200, r#""full_name":"hunter2""#);
    let (status, log) = process.signal("-INT", &folder.0);
    assert_eq!((status, log.ends_with("stopped\n")), (Some(0), true), "{log}");
}

/// Whoever keeps it running finds out why it answers 500.
#[test]
fn a_database_that_fails_is_logged_without_a_value() {
    let folder = Folder::new("failing");
    let process = Process::start(&folder.0);
    let database = rusqlite::Connection::open(folder.0.join("users.sqlite")).unwrap();
    database.execute_batch("ALTER TABLE users RENAME TO hunter2").unwrap();
    process.elastic().patch("/api/v1/user", r#"{"full_name":"hunter2"}"#).is(500, "");
    process.elastic().get("/-/users").is(500, "");
    database.execute_batch("ALTER TABLE hunter2 RENAME TO users; UPDATE users SET user = '[\"hunter2\"]'").unwrap();
    process.trusted_twin().get("/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11").is(500, "");
    let (status, log) = process.terminate(&folder.0);
    assert_eq!(status, Some(0), "{log}");
    let failed: Vec<_> = log.lines().filter(|line| line.contains("the store failed")).collect();
    assert_eq!(failed.len(), 3, "{log}");
    assert!(failed.iter().all(|line| line.contains("ERROR")), "{log}");
    assert!(failed[0].contains(r#"vendor="elastic" wrong=the database: no such table: users"#), "{log}");
    assert!(failed[1].contains("wrong=the database: no such table: users"), "{log}");
    assert!(failed[2].contains(r#"vendor="trusted-twin" wrong=what is stored is no user"#), "{log}");
    assert!(!log.contains("hunter2"), "{log}");
}

#[test]
fn what_it_cannot_start_with_is_usage() {
    let folder = Folder::new("usage");
    let seed = folder.0.join("seed.json");
    fs::write(&seed, "{\n \"elastic\": {\"callers\": [{}]}}").unwrap();
    let told = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_user-patch")).arg("serve").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let name = seed.to_str().unwrap();
    assert_eq!(
        told(&["--seed", name]),
        format!("error: {name}: /elastic/callers/0: `user` is missing: the current user's name\n")
    );
    fs::write(&seed, "{\n ]").unwrap();
    assert!(told(&["--seed", name]).starts_with(&format!("error: {name}: line 2, column 2: ")));
    assert!(told(&["--seed", "/no/such/file"]).contains("/no/such/file: cannot be read"));
    assert!(told(&["--addr", "nowhere"]).contains("--addr"));
    assert!(told(&["--addr", "127.0.0.1:0", "--data", "/no/such/folder/users"]).contains("error: the database: "));
}

//! What is kept in a file.

use std::fs;

use user_patch::stand_in::{Config, Data, StandIn};

use super::client::{Server, runtime, seeded};

fn config(path: &std::path::Path) -> Config {
    let mut config = Config::default();
    config.data = Data::File(path.to_owned());
    config
}

#[test]
fn users_are_there_when_it_is_started_again() {
    let path = std::env::temp_dir().join(format!("user-patch-kept-{}.sqlite", std::process::id()));
    let _ = fs::remove_file(&path);
    let server = Server::of(config(&path));
    let number = r#"{"badge":123456789012345678901234567890.0}"#;
    server.client().with_key("ApiKey k").patch("/api/v1/user", number).is(200, "567890.0");
    server.client().with_key("k").delete("/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11").is(200, "uuid");
    server.stop();
    assert!(!path.with_extension("sqlite-wal").exists(), "a shutdown leaves one file");

    // The seed is for a new database: who was deleted does not come back. Who is let in is another matter.
    let server = Server::of(config(&path));
    server.client().with_key("ApiKey k").get("/api/v1/user").is(200, r#""badge":123456789012345678901234567890.0"#);
    server.client().with_key("k").get("/users").is(200, r#"{"users":{}}"#);
    server.stop();
    let mut other = seeded(r#"{"elastic":{"callers":[{"key":"other","user":"admin"}]}}"#);
    other.data = Data::File(path.clone());
    let server = Server::of(other);
    server.client().with_key("ApiKey k").get("/api/v1/user").is(401, "");
    server.client().with_key("ApiKey other").get("/api/v1/user").is(200, "567890.0");
    server.stop();
    fs::remove_file(&path).unwrap();
}

/// The texts in the files of a database.
fn contents(path: &std::path::Path) -> String {
    let files = [path.to_owned(), path.with_extension("sqlite-wal")];
    files
        .iter()
        .filter_map(|file| fs::read(file).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect()
}

#[test]
fn a_password_is_kept_as_a_hash_and_a_token_is_not_kept() {
    const LOGIN: &str = "/api/v1/users/auth/_login";
    let path = std::env::temp_dir().join(format!("user-patch-passwords-{}.sqlite", std::process::id()));
    let _ = fs::remove_file(&path);
    let mut synced = config(&path);
    synced.synced = true;
    let server = Server::of(synced);
    let mut client = server.client().with_key("ApiKey k");
    client.patch("/api/v1/user", r#"{"security":{"password":"correct horse"}}"#).is(200, "admin");
    let login = r#"{"username":"admin","password":"correct horse"}"#;
    let token = client.post(LOGIN, login).is(200, "token").json()["token"].as_str().unwrap().to_owned();
    let kept = contents(&path);
    assert!(kept.contains("ece_platform_admin") && !kept.contains("correct horse") && !kept.contains(&token));
    server.stop();

    let server = Server::of(config(&path));
    let mut client = server.client();
    client.post(LOGIN, login).is(200, "token");
    client.post(LOGIN, &login.replace("horse", "horses")).is(401, "root.unauthenticated");
    server.client().with_key(&format!("Bearer {token}")).get("/api/v1/user").is(401, "root.unauthenticated");
    server.stop();
    fs::remove_file(&path).unwrap();
}

#[test]
fn a_database_that_knows_no_passwords_learns_them() {
    let path = std::env::temp_dir().join(format!("user-patch-layout-{}.sqlite", std::process::id()));
    let _ = fs::remove_file(&path);
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch(
            r#"CREATE TABLE users (
                vendor TEXT NOT NULL, account TEXT NOT NULL, id TEXT NOT NULL, user TEXT NOT NULL,
                PRIMARY KEY (vendor, account, id)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO users VALUES ('elastic', '', 'admin', '{"user_name":"admin","full_name":"kept","security":{}}');
            PRAGMA user_version = 1"#,
        )
        .unwrap();
    drop(database);
    for _ in 0..2 {
        let server = Server::of(config(&path));
        let mut client = server.client().with_key("ApiKey k");
        client.get("/api/v1/user").is(200, "kept");
        client.patch("/api/v1/user", r#"{"security":{"password":"correct horse"}}"#).is(200, "kept");
        let login = r#"{"username":"admin","password":"correct horse"}"#;
        client.post("/api/v1/users/auth/_login", login).is(200, "token");
        server.stop();
    }
    let database = rusqlite::Connection::open(&path).unwrap();
    database.pragma_update(None, "user_version", 3).unwrap();
    drop(database);
    let wrong = runtime().block_on(StandIn::new(config(&path)).start()).unwrap_err().to_string();
    assert_eq!(wrong, "the database has the layout of another version");
    fs::remove_file(&path).unwrap();
}

#[test]
fn what_cannot_be_started_says_why() {
    let start = |config| runtime().block_on(StandIn::new(config).start()).unwrap_err().to_string();
    let folder = std::env::temp_dir();
    assert!(start(config(&folder)).starts_with("the database: "));
    let path = folder.join(format!("user-patch-none-{}", std::process::id()));
    fs::write(
        &path,
        "no database, and longer than the head of one would be: a hundred bytes, all of them plain text, at least",
    )
    .unwrap();
    assert!(start(config(&path)).starts_with("the database: "));
    fs::remove_file(&path).unwrap();
    let server = Server::new();
    let mut taken = Config::default();
    taken.addr = server.addr();
    assert!(start(taken).starts_with(&format!("cannot listen on {}: ", server.addr())));
}

#[test]
fn a_shutdown_waits_for_what_is_being_answered_and_no_longer() {
    let server = Server::new();
    // A connection that says nothing, and one that has said half.
    let _silent = std::net::TcpStream::connect(server.addr()).unwrap();
    let addr = server.addr();
    let mut client = server.client().with_key("ApiKey k");
    client.get("/api/v1/user").is(200, "admin");
    let begin = std::time::Instant::now();
    server.stop();
    assert!(begin.elapsed() < std::time::Duration::from_secs(7), "{:?}", begin.elapsed());
    assert!(std::net::TcpStream::connect(addr).is_err(), "nobody listens any more");
}

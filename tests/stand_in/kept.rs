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

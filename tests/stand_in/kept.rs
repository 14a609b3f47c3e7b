//! What is kept in a file.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use user_patch::{
    stand_in::{Config, Data, StandIn},
    vendor::Vendor,
};

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

/// What each vendor's endpoints are asked: the key, the method, the path, the body.
const ASKED: [(&str, &str, &str, &str); 17] = [
    ("Bearer k", "GET", "/v1/accounts/acme/users/alice", ""),
    ("Bearer k", "PATCH", "/v1/accounts/acme/users/alice", r#"{"role":"admin"}"#),
    ("Bearer k", "GET", "/v1/accounts/acme/users", ""),
    ("Bearer k", "GET", "/v1/accounts/acme/users?filter=role:user", ""),
    ("Bearer k", "POST", "/v1/accounts/acme/users?userId=bob", r#"{"role":"user"}"#),
    ("k", "GET", "/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", ""),
    ("k", "PATCH", "/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", r#"{"name":"Al"}"#),
    ("k", "DELETE", "/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", ""),
    ("k", "POST", "/users", r#"{"role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#),
    ("k", "GET", "/users", ""),
    ("ApiKey k", "GET", "/api/v1/user", ""),
    ("ApiKey k", "PATCH", "/api/v1/user", r#"{"full_name":"Ada"}"#),
    ("ApiKey k", "PATCH", "/api/v1/user", r#"{"security":{"password":"correct horse"}}"#),
    ("ApiKey k", "GET", "/api/v1/users", ""),
    ("ApiKey k", "DELETE", "/api/v1/users/ada", ""),
    ("ApiKey k", "POST", "/api/v1/users", r#"{"user_name":"bob","security":{}}"#),
    ("", "POST", "/api/v1/users/auth/_login", r#"{"username":"admin","password":"p"}"#),
];

/// Whoever works on the file beside the stand-in may break it. That is an error of the vendor then, for as long as it is so.
#[test]
fn a_database_that_is_broken_is_told_in_the_vendors_voice() {
    let path = std::env::temp_dir().join(format!("user-patch-broken-{}.sqlite", std::process::id()));
    let _ = fs::remove_file(&path);
    let server = Server::of(config(&path));
    let token = r#"{"username":"admin","password":"p"}"#;
    let token = server.client().post("/api/v1/users/auth/_login", token).is(200, "token").json();
    let token = format!("Bearer {}", token["token"].as_str().unwrap());
    let database = rusqlite::Connection::open(&path).unwrap();
    let fails = |(key, method, path, body): (&str, &str, &str, &str)| {
        let vendor = match path {
            _ if path.starts_with("/v1") => Vendor::Fireworks,
            _ if path.starts_with("/users") => Vendor::TrustedTwin,
            _ => Vendor::Elastic,
        };
        let answer = server.client().send(method, path, &[("authorization", key)], body.as_bytes());
        let asked = format!("{method} {path} {body}: {}", answer.text());
        assert_eq!(answer.status, 500, "{asked}");
        let code = match vendor {
            Vendor::Fireworks => r#"{"code":13,"#,
            Vendor::TrustedTwin => r#""subcode":"500"#,
            _ => r#"[{"code":"#,
        };
        assert!(answer.text().contains(code), "{asked}");
        assert!(!answer.text().contains("SELECT") && !answer.text().contains("table"), "{asked}");
    };

    database.execute_batch("ALTER TABLE users RENAME TO away").unwrap();
    ASKED.into_iter().for_each(fails);
    fails((&token, "GET", "/api/v1/user", ""));
    server.client().get("/-/users").is(500, r#"{"error":"the users cannot be read"}"#);
    database.execute_batch("ALTER TABLE away RENAME TO users").unwrap();
    server.client().with_key(&token).get("/api/v1/user").is(200, "admin");

    // What is there is no user of the vendor: those who read it as one say so, and write nothing over it.
    database.execute_batch("UPDATE users SET user = '[7]'").unwrap();
    let reads = ASKED.into_iter().filter(|(key, method, ..)| *key != "k" || ["GET", "PATCH"].contains(method));
    for asked in
        reads.filter(|(_, method, path, _)| !(*path == "/users" || *method == "POST" && path.starts_with("/v1")))
    {
        fails(asked);
    }
    let kept: Vec<_> =
        server.client().get("/-/users").is(200, "[7]").json().as_object().unwrap().values().cloned().collect();
    assert!(kept.iter().all(|users| users[0]["user"] == serde_json::json!([7]) && users[1].is_null()), "{kept:?}");
    server.stop();
    drop(database);
    fs::remove_file(&path).unwrap();
}

/// What a disk that is full does, by triggers: nothing is written, nothing else ends for it, and what is there can be read.
#[test]
fn a_database_that_takes_nothing_is_told_and_changes_nothing() {
    let path = std::env::temp_dir().join(format!("user-patch-takes-nothing-{}.sqlite", std::process::id()));
    let _ = fs::remove_file(&path);
    let server = Server::of(config(&path));
    let with = |key: &str| server.client().with_key(key);
    with("ApiKey k").post("/api/v1/users", r#"{"user_name":"ada","security":{}}"#).is(200, "ada");
    let login = r#"{"username":"admin","password":"p"}"#;
    let token = server.client().post("/api/v1/users/auth/_login", login).is(200, "token").json();
    let token = format!("Bearer {}", token["token"].as_str().unwrap());
    let before = server.client().get("/-/users");
    let database = rusqlite::Connection::open(&path).unwrap();
    for event in ["UPDATE", "INSERT", "DELETE"] {
        let fails = "BEGIN SELECT RAISE(ABORT, 'no room'); END";
        database.execute_batch(&format!("CREATE TRIGGER no_{event} BEFORE {event} ON users {fails}")).unwrap();
    }
    for (key, method, path, body) in ASKED {
        let answer = server.client().send(method, path, &[("authorization", key)], body.as_bytes());
        let status = if method == "GET" { 200 } else { 500 };
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        assert!(!answer.text().contains("no room"), "{}", answer.text());
    }
    assert_eq!(server.client().get("/-/users"), before);
    with(&token).get("/api/v1/user").is(200, "admin");
    database.execute_batch("DROP TRIGGER no_UPDATE; DROP TRIGGER no_INSERT; DROP TRIGGER no_DELETE").unwrap();
    with("ApiKey k").delete("/api/v1/users/ada").is(200, "{}");
    server.stop();
    drop(database);
    fs::remove_file(&path).unwrap();
}

#[test]
fn who_holds_the_database_for_long_is_waited_for_and_not_for_ever() {
    let path = std::env::temp_dir().join(format!("user-patch-held-{}.sqlite", std::process::id()));
    let _ = fs::remove_file(&path);
    let server = Server::of(config(&path));
    let mut client = server.client().with_key("k");
    let operator = "/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11";
    let database = rusqlite::Connection::open(&path).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    client.get(operator).is(200, "Operator");
    let begin = Instant::now();
    client.patch(operator, r#"{"name":"Al"}"#).is(500, "500");
    assert!(begin.elapsed() > Duration::from_secs(4), "{:?}", begin.elapsed());
    let other = thread::spawn(move || client.patch(operator, r#"{"name":"Bo"}"#));
    thread::sleep(Duration::from_millis(500));
    database.execute_batch("COMMIT").unwrap();
    other.join().unwrap().is(200, "Bo");
    server.stop();
    drop(database);
    fs::remove_file(&path).unwrap();
}

#[test]
fn a_shutdown_does_not_wait_for_who_asks_nothing() {
    let server = Server::new();
    let _silent = TcpStream::connect(server.addr()).unwrap();
    let addr = server.addr();
    let mut client = server.client().with_key("ApiKey k");
    client.get("/api/v1/user").is(200, "admin");
    let begin = Instant::now();
    server.stop();
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    assert!(TcpStream::connect(addr).is_err(), "nobody listens any more");
}

/// A connection that has sent the begin of an update.
fn half_sent(server: &Server) -> TcpStream {
    let mut half = TcpStream::connect(server.addr()).unwrap();
    half.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    half.write_all(b"PATCH /api/v1/user HTTP/1.1\r\nhost: x\r\nauthorization: ApiKey k\r\ncontent-length: 27\r\n\r\n{")
        .unwrap();
    // Until the stand-in has heard that much.
    thread::sleep(Duration::from_millis(200));
    half
}

#[test]
fn a_shutdown_answers_what_is_being_asked() {
    let server = Server::new();
    let mut half = half_sent(&server);
    let stopped = thread::spawn(move || server.stop());
    thread::sleep(Duration::from_millis(200));
    assert!(!stopped.is_finished(), "it waits");
    half.write_all(br#""full_name":"half a name"}"#).unwrap();
    let mut answer = String::new();
    half.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("half a name"), "{answer}");
    stopped.join().unwrap();
}

#[test]
fn a_shutdown_does_not_wait_for_ever_and_nothing_is_written_behind_it() {
    let path = std::env::temp_dir().join(format!("user-patch-closed-{}.sqlite", std::process::id()));
    let _ = fs::remove_file(&path);
    let server = Server::of(config(&path));
    let mut half = half_sent(&server);
    let begin = Instant::now();
    server.stop();
    let took = begin.elapsed();
    assert!(Duration::from_secs(4) < took && took < Duration::from_secs(8), "{took:?}");
    assert!(!path.with_extension("sqlite-wal").exists(), "the database is closed");
    // The rest comes too late.
    half.write_all(br#""full_name":"half a name"}"#).unwrap();
    let mut answer = String::new();
    half.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    assert!(!contents(&path).contains("half a name"));
    fs::remove_file(&path).unwrap();
}

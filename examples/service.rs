//! The three vendors' update endpoints over SQLite: read, check, apply, store, in one transaction.
//!
//! `cargo run --features serve --example service` listens on 127.0.0.1:8080; with `--once` it answers three requests of its
//! own and ends.

use std::{
    env,
    error::Error,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{FromRef, RawPathParams, Request, State},
    routing::patch,
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use tower::ServiceExt;
use user_patch::{
    axum::{PatchBody, Refused},
    elastic, fireworks,
    report::{Outside, Reply},
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

#[derive(Clone)]
struct App {
    users: Arc<Mutex<Connection>>,
    /// What is the same for every request, once.
    service: Arc<fireworks::Service>,
}

// Who asks: whoever authenticates callers says so here, or puts a context into the request as an extension.
impl FromRef<App> for fireworks::Context {
    fn from_ref(app: &App) -> Self {
        Self::of(Arc::clone(&app.service))
    }
}

impl FromRef<App> for trusted_twin::Context {
    fn from_ref(_: &App) -> Self {
        Self::default()
    }
}

impl FromRef<App> for elastic::Context {
    fn from_ref(_: &App) -> Self {
        Self::default()
    }
}

/// The endpoint, for all three: the path names the user, and Elastic's the current one, who is the same for everybody here.
async fn update<M: UpdateModel>(
    State(app): State<App>,
    path: RawPathParams,
    body: PatchBody<M>,
) -> Result<Reply, Refused<M>> {
    let key = path.iter().map(|(_, part)| part).collect::<Vec<_>>().join("/");
    let internal = |_| body.outside(Outside::Internal);
    let mut users = app.users.lock().map_err(|_| body.outside(Outside::Internal))?;
    let transaction = users.transaction_with_behavior(TransactionBehavior::Immediate).map_err(internal)?;
    let select = "SELECT user FROM users WHERE vendor = ?1 AND key = ?2";
    let stored = transaction.query_row(select, (M::VENDOR.name(), &key), |row| row.get::<_, String>(0));
    let stored = stored.optional().map_err(internal)?.ok_or_else(|| body.outside(Outside::NotFound))?;
    let mut user = M::user(stored.as_bytes()).map_err(|_| body.outside(Outside::Internal))?;
    // Done, or refused in the vendor's words and rolled back.
    let applied = body.apply(&mut user)?;
    let update = "UPDATE users SET user = ?3 WHERE vendor = ?1 AND key = ?2";
    transaction.execute(update, (M::VENDOR.name(), &key, M::user_json(&user))).map_err(internal)?;
    transaction.commit().map_err(internal)?;
    if let Some(password) = applied.into_password() {
        println!("a password of {} characters is to be hashed", password.expose().chars().count());
    }
    Ok(body.reply(&user))
}

fn app() -> Result<Router, Box<dyn Error>> {
    let users = Connection::open_in_memory()?;
    users.execute("CREATE TABLE users (vendor TEXT, key TEXT, user TEXT, PRIMARY KEY (vendor, key))", ())?;
    let uuid = "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11";
    let operator = format!(r#"{{"uuid":"{uuid}","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}}"#);
    for (vendor, key, user) in [
        ("fireworks", "acme/alice", r#"{"name":"accounts/acme/users/alice","role":"user"}"#),
        ("trusted-twin", uuid, &operator),
        ("elastic", "", r#"{"user_name":"ada","security":{"roles":["ece_platform_admin"]}}"#),
    ] {
        users.execute("INSERT INTO users VALUES (?1, ?2, ?3)", (vendor, key, user))?;
    }
    Ok(Router::new()
        .route("/v1/accounts/{account}/users/{user}", patch(update::<Fireworks>))
        .route("/users/{uuid}", patch(update::<TrustedTwin>))
        .route("/api/v1/user", patch(update::<Elastic>))
        .with_state(App { users: Arc::new(Mutex::new(users)), service: Arc::default() }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = app()?;
    if !env::args().any(|argument| argument == "--once") {
        return Ok(axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8080").await?, app).await?);
    }
    for (path, body) in [
        ("/v1/accounts/acme/users/alice?updateMask=displayName", r#"{"displayName":"Alice"}"#),
        ("/users/f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", r#"{"description":{"n":30000000000000000000000000001}}"#),
        ("/api/v1/user", r#"{"user_name":"countess","security":{"password":"short"}}"#),
    ] {
        let request = Request::patch(path).header("content-type", "application/json").body(Body::from(body))?;
        let reply = app.clone().oneshot(request).await?;
        let status = reply.status();
        println!("{status} {}", String::from_utf8_lossy(&to_bytes(reply.into_body(), 65536).await?));
    }
    Ok(())
}

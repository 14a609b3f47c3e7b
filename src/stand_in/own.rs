//! The stand-in's own paths, below `/-/`: what the page at `/` asks, and nothing that a vendor has.

use axum::{
    Router,
    body::to_bytes,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{app::App, asked::Request, faults::plain};
use crate::{
    engine::{ObjectWriter, write_array},
    exchange,
    report::Reply,
    vendor::Vendor,
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/-/rules", get(rules))
        .route("/-/exchange", post(answer))
        .route("/-/users", get(users))
        .route("/-/requests", get(requests))
}

/// A path that nobody has.
pub(super) fn no_route() -> Response {
    plain(404, "no such path: the vendors' are below /v1/accounts, /users and /api/v1, the page is /")
}

/// The catalogue.
async fn rules() -> Reply {
    Reply::new(200, exchange::rules(Vendor::ALL.iter().copied()))
}

/// The longest line that is answered, in bytes.
const LINE_MOST: usize = 16 * 1024 * 1024;

/// One line of [`exchange`], and its answer.
async fn answer(request: Request) -> Response {
    match to_bytes(request.into_body(), LINE_MOST).await {
        Ok(line) => Reply::new(200, exchange::answer(1, line.trim_ascii()).line).into_response(),
        Err(_) => plain(413, "the line is longer than 16 MiB, or did not come whole"),
    }
}

/// Every user, by vendor.
async fn users(State(app): State<App>) -> Response {
    let all = app.store.read(|users| {
        let mut body = String::new();
        let mut writer = ObjectWriter::new(&mut body);
        for vendor in Vendor::ALL {
            write_array(writer.plain(vendor.name()), users.all(vendor.name())?, |out, (account, id, user)| {
                let mut writer = ObjectWriter::new(out);
                if !account.is_empty() {
                    writer.string("account", &account);
                }
                writer.string("id", &id);
                writer.plain("user").push_str(&user);
                writer.end();
            });
        }
        writer.end();
        Ok(Reply::new(200, body))
    });
    match all.await {
        Ok(reply) => reply.into_response(),
        Err(wrong) => {
            tracing::error!(%wrong, "the store failed");
            plain(500, "the users cannot be read")
        }
    }
}

/// The last requests.
async fn requests(State(app): State<App>) -> Reply {
    Reply::new(200, app.requests.json())
}

/// What is not routed, in the voice of the vendor whose path it could be.
pub(super) async fn fallback(request: Request) -> Response {
    let path = request.uri().path();
    let is_below = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if is_below("/v1") {
        super::fireworks::no_route()
    } else if is_below("/users") {
        super::trusted_twin::no_route()
    } else if is_below("/api/v1") {
        super::elastic::no_route()
    } else {
        no_route()
    }
}

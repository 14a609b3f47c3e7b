//! What happens. As events, without a value of a request: no body, no query, no header, and the route in place of the path. For the
//! page, which asks for the last [`Requests`](super::requests::Requests), with the path, and with nothing else of what was said.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};

use super::{app::App, requests::Entry, served::now};

/// The longest method and path that are remembered, in characters.
const METHOD_MOST: usize = 16;
const PATH_MOST: usize = 200;

/// Notes a request and what came of it. The stand-in's own paths are none of the vendors', and are not noted.
pub(super) async fn noted(State(app): State<App>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let time = now();
    let method: String = request.method().as_str().chars().take(METHOD_MOST).collect();
    let path: String = request.uri().path().chars().take(PATH_MOST).collect();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let millis = begin.elapsed().as_secs_f64() * 1000.0;
    let status = response.status().as_u16();
    // The route and not the path, which has the names of users.
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    tracing::info!(method, route, status, millis, "request");
    if path != "/" && !path.starts_with("/-/") {
        app.requests.add(Entry { time, method, path, status, millis });
    }
    response
}

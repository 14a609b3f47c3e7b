//! What happens: the last requests, and an event for each. Neither has a body, a query, a key, or a header.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Instant, SystemTime},
};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};

use super::app::App;
use crate::engine::{ObjectWriter, Timestamp, write_array};

/// How many requests are remembered.
const KEPT: usize = 100;

/// The last requests.
#[derive(Default)]
pub(super) struct Requests(Mutex<VecDeque<Entry>>);

struct Entry {
    time: Option<Timestamp>,
    method: String,
    path: String,
    status: u16,
    millis: f64,
}

impl Requests {
    fn add(&self, entry: Entry) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// The last requests, the latest first, as a JSON array.
    pub(super) fn json(&self) -> String {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::new();
        write_array(&mut out, entries.iter().rev(), |out, entry| {
            let mut writer = ObjectWriter::new(out);
            writer.string("time", &entry.time.map(Timestamp::to_proto_json).unwrap_or_default());
            writer.string("method", &entry.method);
            writer.string("path", &entry.path);
            writer.plain("status").push_str(&entry.status.to_string());
            writer.plain("ms").push_str(&format!("{:.3}", entry.millis));
            writer.end();
        });
        out
    }
}

/// The longest path that is remembered, in characters.
const PATH_MOST: usize = 200;

/// Notes a request and what came of it. The stand-in's own paths are none of the vendors', and are not noted.
pub(super) async fn noted(State(app): State<App>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let time = now();
    let method = request.method().to_string();
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

/// The time of the system, to the millisecond.
pub(super) fn now() -> Option<Timestamp> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Timestamp::from_unix_millis(i64::try_from(since.as_millis()).ok()?).ok()
}

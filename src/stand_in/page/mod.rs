//! The page at `/`.

mod policies;

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::report::Reply;

/// What belongs to the page: its path, its media type, its text. Nothing is loaded from elsewhere.
const ASSETS: &[(&str, &str, &str)] = &[
    ("/", HTML, include_str!("index.html")),
    ("/-/page/style.css", "text/css; charset=utf-8", include_str!("style.css")),
    ("/-/page/icon.svg", "image/svg+xml", include_str!("icon.svg")),
    ("/-/page/ask.js", SCRIPT, include_str!("ask.js")),
    ("/-/page/code.js", SCRIPT, include_str!("code.js")),
    ("/-/page/examples.js", SCRIPT, include_str!("examples.js")),
    ("/-/page/form.js", SCRIPT, include_str!("form.js")),
    ("/-/page/json.js", SCRIPT, include_str!("json.js")),
    ("/-/page/main.js", SCRIPT, include_str!("main.js")),
    ("/-/page/marks.js", SCRIPT, include_str!("marks.js")),
    ("/-/page/render.js", SCRIPT, include_str!("render.js")),
    ("/-/page/standin.js", SCRIPT, include_str!("standin.js")),
    ("/-/page/state.js", SCRIPT, include_str!("state.js")),
];

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// What the page may do: load what is above, and ask this server. `trusted-types 'none'` with `require-trusted-types-for` has the
/// browser refuse to read a text as HTML, whatever the text.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
);

/// The paths of the page and of what belongs to it.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let router = Router::new().route("/-/policies", get(|| async { Reply::new(200, policies::json()) }));
    ASSETS.iter().fold(router, |router, &(path, media_type, text)| {
        router.route(path, get(move || async move { asset(media_type, text) }))
    })
}

fn asset(media_type: &'static str, text: &'static str) -> Response {
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        // Another version of the stand-in has another page.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}

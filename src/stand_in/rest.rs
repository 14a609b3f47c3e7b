//! The rest of a body that was answered before it was read.
//!
//! Most clients read an answer when they have sent all: were the connection closed while they send, they would see that, and
//! no answer. So the rest is read, within limits, before the answer goes out.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use http_body::Frame;
use tokio::time::timeout;

use super::faults::plain;

/// How much of a rest is read, in bytes, and for how long.
const MOST: usize = 16 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a body may take that is waited for.
const WHOLE: Duration = Duration::from_secs(60);

/// A body that is still there when its reader has dropped it.
#[derive(Clone)]
struct Shared(Arc<Mutex<Body>>);

impl Shared {
    fn with<T>(&self, of: impl FnOnce(Pin<&mut Body>) -> T) -> T {
        of(Pin::new(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Reads on to the end, or as far as it is read at all.
    async fn read_rest(&self) {
        let mut read = 0;
        while read <= MOST && !self.with(|body| body.is_end_stream()) {
            match poll_fn(|task| self.with(|body| body.poll_frame(task))).await {
                Some(Ok(frame)) => read += frame.data_ref().map_or(0, Bytes::len),
                Some(Err(_)) | None => break,
            }
        }
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.with(|body| body.poll_frame(task))
    }
}

/// Answers when the body has been read.
pub(super) async fn read(request: Request, next: Next) -> Response {
    // Whoever asks first whether to send a body at all is not made to.
    if request.body().is_end_stream() || request.headers().contains_key(header::EXPECT) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let body = Shared(Arc::new(Mutex::new(body)));
    let answering = next.run(Request::from_parts(parts, Body::new(body.clone())));
    let Ok(response) = timeout(WHOLE, answering).await else {
        return plain(408, "the body did not come within a minute");
    };
    let _ = timeout(PATIENCE, body.read_rest()).await;
    response
}

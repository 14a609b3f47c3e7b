//! Endpoints of each vendor, in-process: what the extractor reads, how far, and what it answers.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::{
    convert::Infallible,
    future::Future,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{FromRef, FromRequest, Request, State},
    response::IntoResponse,
    routing::patch,
};
use http::{Response, header};
use http_body::Frame;
use tower::ServiceExt;
use user_patch::{
    axum::{PatchBody, Refused},
    elastic, fireworks,
    http::failure,
    report::{Outside, Reply},
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

/// A service with one user, or none.
#[derive(Clone)]
struct App<M: UpdateModel> {
    ctx: M::Context,
    user: Arc<Mutex<Option<M::User>>>,
}

impl FromRef<App<Fireworks>> for fireworks::Context {
    fn from_ref(app: &App<Fireworks>) -> Self {
        app.ctx.clone()
    }
}

impl FromRef<App<TrustedTwin>> for trusted_twin::Context {
    fn from_ref(app: &App<TrustedTwin>) -> Self {
        app.ctx.clone()
    }
}

impl FromRef<App<Elastic>> for elastic::Context {
    fn from_ref(app: &App<Elastic>) -> Self {
        app.ctx.clone()
    }
}

async fn update<M: UpdateModel>(State(app): State<App<M>>, body: PatchBody<M>) -> Result<Reply, Refused<M>> {
    let mut user = app.user.lock().map_err(|_| body.outside(Outside::Internal))?;
    let user = user.as_mut().ok_or_else(|| body.outside(Outside::NotFound))?;
    let _ = body.apply(user)?;
    Ok(body.reply(user))
}

/// A vendor's endpoint, and a request to it that is accepted.
trait Endpoint: UpdateModel<Context: FromRef<App<Self>>> {
    const USER: &'static str;
    const BODY: &'static str;
    const AFTER: &'static str;
}

impl Endpoint for Fireworks {
    const USER: &'static str = r#"{"role":"user"}"#;
    const BODY: &'static str = r#"{"role":"admin"}"#;
    const AFTER: &'static str = r#"{"role":"admin"}"#;
}

impl Endpoint for TrustedTwin {
    const USER: &'static str =
        r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#;
    const BODY: &'static str = r#"{"description":{"a":1}}"#;
    const AFTER: &'static str = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"a":1}}"#;
}

impl Endpoint for Elastic {
    const USER: &'static str = r#"{"user_name":"ada","security":{}}"#;
    const BODY: &'static str = r#"{"full_name":"Ada"}"#;
    const AFTER: &'static str = r#"{"user_name":"ada","security":{},"full_name":"Ada"}"#;
}

/// The output of a future that waits for nothing.
fn now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    for _ in 0..10_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
    panic!("it waits")
}

fn app<M: Endpoint>(ctx: M::Context) -> App<M> {
    App { ctx, user: Arc::new(Mutex::new(Some(M::user(M::USER.as_bytes()).unwrap()))) }
}

fn send<M: Endpoint>(app: App<M>, request: Request) -> Response<Bytes> {
    let router = Router::new().route("/user", patch(update::<M>)).with_state(app);
    let (parts, body) = now(router.oneshot(request)).unwrap().into_parts();
    Response::from_parts(parts, now(to_bytes(body, usize::MAX)).unwrap())
}

fn request(content_type: Option<&str>, body: impl Into<Body>) -> Request {
    let mut request = Request::patch("/user");
    if let Some(content_type) = content_type {
        request = request.header(header::CONTENT_TYPE, content_type);
    }
    request.body(body.into()).unwrap()
}

/// What the default service answers.
fn answer<M: Endpoint>(request: Request) -> Response<Bytes> {
    send::<M>(app(M::Context::default()), request)
}

/// The response is this reply.
#[track_caller]
fn is(response: &Response<Bytes>, reply: Reply) {
    let expected: Response<Bytes> = reply.try_into().unwrap();
    assert_eq!((response.status(), response.body()), (expected.status(), expected.body()));
    for (name, value) in expected.headers() {
        assert_eq!(response.headers().get(name), Some(value));
    }
    // axum adds the length.
    assert_eq!(response.headers().len(), expected.headers().len() + 1);
}

/// The response is the vendor's answer to what lies outside of a patch.
#[track_caller]
fn is_outside<M: Endpoint>(response: &Response<Bytes>, which: Outside) {
    is(response, M::outside(which, &M::Context::default()));
}

/// The response is the vendor's answer to this body, which cannot be read.
#[track_caller]
fn is_refusal_of<M: Endpoint>(response: &Response<Bytes>, body: &[u8]) {
    let ctx = M::Context::default();
    is(response, M::refused(&M::parse(body, &ctx).unwrap_err(), &ctx));
}

/// A body in pieces, without a declared length, that counts what was taken of it.
struct Pieces {
    sizes: Vec<usize>,
    taken: Arc<AtomicUsize>,
    /// Whether the connection breaks behind the last.
    breaks: bool,
    /// Whether the next poll waits.
    waits: bool,
}

impl Pieces {
    fn of(sizes: impl IntoIterator<Item = usize>) -> (Self, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let mut sizes: Vec<_> = sizes.into_iter().collect();
        sizes.reverse();
        (Self { sizes, taken: taken.clone(), breaks: false, waits: true }, taken)
    }
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.waits = !self.waits;
        if !self.waits {
            return Poll::Pending;
        }
        let Some(size) = self.sizes.pop() else {
            let broken = std::io::Error::other("hush");
            return Poll::Ready(std::mem::take(&mut self.breaks).then_some(Err(broken)));
        };
        self.taken.fetch_add(size, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(vec![b' '; size].into()))))
    }
}

macro_rules! for_every_vendor {
    ($($test:ident),* $(,)?) => {
        for_every_vendor!(at_fireworks Fireworks $($test)*);
        for_every_vendor!(at_trusted_twin TrustedTwin $($test)*);
        for_every_vendor!(at_elastic Elastic $($test)*);
    };
    ($module:ident $model:ident $($test:ident)*) => {
        mod $module {
            $(#[test]
            fn $test() {
                super::$test::<super::$model>();
            })*
        }
    };
}

for_every_vendor! {
    an_update_is_done,
    trailers_are_passed_over,
    a_refusal_is_answered,
    there_is_no_user,
    media_types_are_looked_at,
    a_body_is_read_to_its_limit_and_no_further,
    a_declared_length_is_believed_where_it_is_too_large,
    a_broken_body_is_no_body,
    no_bytes_stop_it,
}

fn an_update_is_done<M: Endpoint>() {
    for content_type in
        M::MEDIA_TYPES.iter().map(|known| Some(*known)).chain([None, Some("application/json; charset=utf-8")])
    {
        let app = app::<M>(M::Context::default());
        let response = send(app.clone(), request(content_type, M::BODY));
        assert_eq!((response.status().as_u16(), &response.body()[..]), (200, M::AFTER.as_bytes()));
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(M::user_json(app.user.lock().unwrap().as_ref().unwrap()), M::AFTER);
    }
    // In pieces of whatever length.
    let (head, tail) = M::BODY.split_at(1);
    assert_eq!(answer::<M>(request(None, in_pieces([head, "", tail, " "]))).status(), 200);
}

/// A body of these pieces.
fn in_pieces<const N: usize>(pieces: [&'static str; N]) -> Body {
    struct Texts<const N: usize>(std::array::IntoIter<&'static str, N>);

    impl<const N: usize> http_body::Body for Texts<N> {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.next().map(|text| Ok(Frame::data(Bytes::from_static(text.as_bytes())))))
        }
    }

    Body::new(Texts(pieces.into_iter()))
}

/// What HTTP may have behind a body is no part of it.
fn trailers_are_passed_over<M: Endpoint>() {
    struct Frames(std::vec::IntoIter<Frame<Bytes>>);

    impl http_body::Body for Frames {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.next().map(Ok))
        }
    }

    let trailers = [(header::CONTENT_LENGTH, "9".parse().unwrap())].into_iter().collect();
    let frames = vec![Frame::data(Bytes::from_static(M::BODY.as_bytes())), Frame::trailers(trailers)];
    let response = answer::<M>(request(None, Body::new(Frames(frames.into_iter()))));
    assert_eq!((response.status().as_u16(), &**response.body()), (200, M::AFTER.as_bytes()));
}

fn a_refusal_is_answered<M: Endpoint>() {
    for body in ["nope", "[]", r#"{"role":1,"full_name":1}"#] {
        let ctx = M::Context::default();
        let user = M::user(M::USER.as_bytes()).unwrap();
        let violations = M::parse(body.as_bytes(), &ctx).and_then(|patch| M::check(&patch, &user, &ctx)).unwrap_err();
        let reply = M::refused(&violations, &ctx);
        let app = app::<M>(ctx);
        is(&send(app.clone(), request(None, body)), reply);
        assert_eq!(app.user.lock().unwrap().as_ref(), Some(&user), "{body}");
    }
}

fn there_is_no_user<M: Endpoint>() {
    let app = app::<M>(M::Context::default());
    *app.user.lock().unwrap() = None;
    is_outside::<M>(&send(app, request(None, M::BODY)), Outside::NotFound);
}

fn media_types_are_looked_at<M: Endpoint>() {
    for other in ["text/plain", "", "application/x-www-form-urlencoded", "application/json; charset=latin1", "*/*"] {
        let (pieces, taken) = Pieces::of([10]);
        is_outside::<M>(&answer::<M>(request(Some(other), Body::new(pieces))), Outside::UnsupportedMediaType);
        assert_eq!(taken.load(Ordering::Relaxed), 0, "{other}");
    }
    let merge_patch = answer::<M>(request(Some("application/merge-patch+json"), M::BODY));
    assert_eq!(merge_patch.status() == 200, M::MEDIA_TYPES.contains(&"application/merge-patch+json"));
    let mut two = request(Some("application/json"), M::BODY);
    two.headers_mut().append(header::CONTENT_TYPE, "application/json".parse().unwrap());
    is_outside::<M>(&answer::<M>(two), Outside::UnsupportedMediaType);
    let mut no_text = request(None, M::BODY);
    no_text.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_bytes(b"\xFF").unwrap());
    is_outside::<M>(&answer::<M>(no_text), Outside::UnsupportedMediaType);
}

/// The response is the refusal of a body that is too long.
#[track_caller]
fn is_too_long<M: Endpoint>(response: &Response<Bytes>) {
    is_refusal_of::<M>(response, &vec![b' '; limit::<M>() + 1]);
}

fn limit<M: Endpoint>() -> usize {
    M::body_limits(&M::Context::default()).max_bytes.unwrap()
}

fn a_body_is_read_to_its_limit_and_no_further<M: Endpoint>() {
    let (limit, piece) = (limit::<M>(), 10_000);
    // Endless, in pieces: taken up to the piece that exceeds the limit.
    let (pieces, taken) = Pieces::of(vec![piece; 10_000]);
    is_too_long::<M>(&answer::<M>(request(None, Body::new(pieces))));
    assert_eq!(taken.load(Ordering::Relaxed), (limit / piece + 1) * piece);

    // To the byte.
    let (pieces, taken) = Pieces::of([limit - 1, 1, 1, 1]);
    is_too_long::<M>(&answer::<M>(request(None, Body::new(pieces))));
    assert_eq!(taken.load(Ordering::Relaxed), limit + 1);

    // What is as long as the limit is read, and found to be white space.
    let (pieces, taken) = Pieces::of([limit - 1, 1]);
    is_refusal_of::<M>(&answer::<M>(request(None, Body::new(pieces))), &vec![b' '; limit]);
    assert_eq!(taken.load(Ordering::Relaxed), limit);
    let long = format!("{}{}", " ".repeat(limit - M::BODY.len()), M::BODY);
    assert_eq!(answer::<M>(request(None, long)).status(), 200);
}

fn a_declared_length_is_believed_where_it_is_too_large<M: Endpoint>() {
    let declared = |length: &str| {
        let (pieces, taken) = Pieces::of(vec![10_000; 1_000]);
        let mut request = request(None, Body::new(pieces));
        request.headers_mut().insert(header::CONTENT_LENGTH, length.parse().unwrap());
        is_too_long::<M>(&answer::<M>(request));
        taken.load(Ordering::Relaxed)
    };
    for length in [(limit::<M>() + 1).to_string(), u64::MAX.to_string()] {
        assert_eq!(declared(&length), 0, "{length}");
    }
    // A lie is found out while the body is read.
    for length in ["0", "12", "-1", "x", "99999999999999999999999"] {
        assert_eq!(declared(length), (limit::<M>() / 10_000 + 1) * 10_000, "{length}");
    }
}

fn a_broken_body_is_no_body<M: Endpoint>() {
    let (mut pieces, _) = Pieces::of([7]);
    pieces.breaks = true;
    let response = answer::<M>(request(None, Body::new(pieces)));
    let text = std::str::from_utf8(response.body()).unwrap();
    assert!(
        response.status() == 400 && text.contains("ends before all of it has come") && !text.contains("hush"),
        "{text}"
    );
}

fn no_bytes_stop_it<M: Endpoint>() {
    let mut seed = 1_u32;
    for length in 0..300_usize {
        let mut byte = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        let bytes: Vec<u8> = (0..length).map(|_| byte()).collect();
        let response = answer::<M>(request(None, bytes));
        assert!(response.status() == 400 && failure::<M, _>(&response).is_in_form());
    }
}

/// Who asks is an extension of the request, where something has put it there.
#[test]
fn an_extension_comes_before_the_state() {
    let mut ctx = trusted_twin::Context::default();
    ctx.statement.actions.clear();
    ctx.trace = Some("7f3a".to_owned());
    let (pieces, taken) = Pieces::of([10]);
    // Nor are the media type and the length of the body looked at, which say nothing to who may not ask.
    let mut asked = request(Some("text/plain"), Body::new(pieces));
    asked.headers_mut().insert(header::CONTENT_LENGTH, "999999999".parse().unwrap());
    asked.extensions_mut().insert(ctx);
    let response = answer::<TrustedTwin>(asked);
    let failure = failure::<TrustedTwin, _>(&response);
    assert_eq!((failure.status(), failure.trace()), (403, Some("7f3a")));
    assert!(failure.has(trusted_twin::Code::Forbidden));
    assert_eq!(taken.load(Ordering::Relaxed), 0);
}

/// The vendor's client sends no bytes and no media type where it is given nothing.
#[test]
fn trusted_twin_takes_a_body_of_no_bytes_where_the_policy_does() {
    let mut policy = trusted_twin::Policy::default();
    assert_eq!(answer::<TrustedTwin>(request(None, "")).status(), 400);
    policy.empty_body = trusted_twin::EmptyBody::Unchanged;
    let response = send::<TrustedTwin>(app(trusted_twin::Context::with_policy(policy)), request(None, ""));
    assert_eq!((response.status().as_u16(), &response.body()[..]), (200, TrustedTwin::USER.as_bytes()));
}

#[test]
fn the_mask_of_fireworks_is_in_the_query() {
    let ask = |query: &str, body: &'static str| {
        let mut request = request(Some("application/json"), body);
        *request.uri_mut() = format!("/user?{query}").parse().unwrap();
        let response = answer::<Fireworks>(request);
        (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
    };
    let both = r#"{"role":"admin","displayName":"Al"}"#;
    for query in
        ["", "updateMask=", "updateMask=role%2CdisplayName", "updateMask=role&updateMask=display_name", "update_mask=*"]
    {
        assert_eq!(ask(query, both), (200, both.to_owned()), "{query}");
    }
    assert_eq!(ask("x=1&updateMask=role", both), (200, r#"{"role":"admin"}"#.to_owned()));
    assert_eq!(ask("updateMask=displayName", both), (200, r#"{"role":"user","displayName":"Al"}"#.to_owned()));
    for query in ["updateMask=nosuch", "updateMask=role,", "updateMask=role&updateMask=%FF", "updateMask=role+,email"] {
        let (status, body) = ask(query, both);
        assert!(status == 400 && body.contains(r#""code":3"#), "{query}: {body}");
    }
    // No other vendor has masks.
    let mut other = request(None, Elastic::BODY);
    *other.uri_mut() = "/user?updateMask=nosuch".parse().unwrap();
    assert_eq!(answer::<Elastic>(other).status(), 200);
}

/// A mask counts as the body does.
#[test]
fn a_mask_and_a_body_have_one_limit() {
    let limit = limit::<Fireworks>();
    let body = |length: usize| format!("{}{}", " ".repeat(length - Fireworks::BODY.len()), Fireworks::BODY);
    let ask = |body: String| {
        let mut request = request(None, body);
        *request.uri_mut() = "/user?updateMask=role".parse().unwrap();
        answer::<Fireworks>(request)
    };
    assert_eq!(ask(body(limit - 4)).status(), 200);
    is_too_long::<Fireworks>(&ask(body(limit - 3)));
}

#[test]
fn a_policy_bounds_what_is_read() {
    let mut policy = elastic::Policy::default();
    policy.max_bytes = Some(20);
    let (pieces, taken) = Pieces::of([10, 10, 10, 10]);
    let response = send::<Elastic>(app(elastic::Context::with_policy(policy)), request(None, Body::new(pieces)));
    assert!(failure::<Elastic, _>(&response).has(elastic::Code::TooLong));
    assert_eq!(taken.load(Ordering::Relaxed), 30);
}

#[test]
fn what_is_read_is_handed_out() {
    async fn parts(body: PatchBody<Fireworks>) -> String {
        assert!(body.check(&fireworks::User::from_json(br#"{"role":"user"}"#).unwrap()).unwrap().is_empty());
        let refused = body.check(&fireworks::User::from_json(br#"{"role":"custom","permissionPreset":"p"}"#).unwrap());
        assert!(refused.is_ok() && body.context().admin);
        let stays = Fireworks::user(br#"{"role":"custom","permissionPreset":"p"}"#).unwrap();
        let (root, ctx) = (request(None, r#"{"role":"root"}"#), fireworks::Context::default());
        let refused = PatchBody::<Fireworks>::from_request(root, &ctx).await.unwrap().check(&stays).unwrap_err();
        let told: Vec<_> = refused.violations().unwrap().iter().map(|told| told.rule().id).collect();
        assert_eq!((refused.into_response().status().as_u16(), told), (400, vec!["fireworks.role.known"]));
        let (patch, _) = body.clone().into_parts();
        assert_eq!(&patch, body.patch());
        patch.to_json()
    }
    let router = Router::new().route("/user", patch(parts)).with_state(fireworks::Context::default());
    let response = now(router.oneshot(request(None, Fireworks::BODY))).unwrap();
    assert_eq!(now(to_bytes(response.into_body(), 100)).unwrap(), Fireworks::BODY);
}

#[test]
fn a_refusal_says_why_and_shows_no_value() {
    let ctx = fireworks::Context::default();
    let violations = fireworks::Patch::parse(br#"{"role":"hush"}"#, &ctx)
        .unwrap()
        .check(&fireworks::User::from_json(br#"{"role":"user"}"#).unwrap(), &ctx)
        .unwrap_err();
    let refused = Refused::<Fireworks>::of_violations(violations.clone(), &ctx);
    assert_eq!((refused.violations(), refused.outside()), (Some(&violations), None));
    assert_eq!((refused.to_string(), refused.reply()), (violations.to_string(), &violations.reply()));
    assert!(!format!("{refused} {refused:?}").contains("hush"));
    let outside = Refused::<Fireworks>::of_outside(Outside::Unavailable, &ctx);
    assert_eq!(
        (outside.violations(), outside.outside(), &*outside.to_string()),
        (None, Some(Outside::Unavailable), "unavailable")
    );
    assert_eq!(outside.clone().into_reply(), fireworks::outside(Outside::Unavailable));
    assert_eq!(outside.into_response().status(), 503);
}

#[test]
fn a_reply_that_no_response_can_carry_is_a_bare_500() {
    let mut reply = elastic::not_found();
    reply.status = 7;
    let response = reply.into_response();
    assert_eq!((response.status().as_u16(), response.headers().len()), (500, 0));
    assert_eq!(elastic::not_found().into_response().headers()["x-cloud-error-codes"], "user.not_found");
}

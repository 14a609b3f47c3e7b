//! What a service has answered, held against what a case expects.

use std::{collections::BTreeMap, fmt};

use super::{
    case::{Case, Target},
    mismatch::{ANY_STRING, Difference, Differences, Mismatch},
};
use crate::{
    engine::{Json, Kind, Limits, Pointer},
    report::Reply,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

/// What a service has answered to a request. `Debug` shows the status alone.
///
/// ```
/// use user_patch::conformance::Response;
///
/// let response = Response::new(400, r#"{"errors":[]}"#)
///     .with_header("X-Cloud-Error-Codes", "user.restricted_field")
///     .with_user_after(r#"{"user_name":"ada"}"#);
/// assert_eq!(response.status(), 400);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    user_after: Option<Vec<u8>>,
    has_own_clock: bool,
}

impl Response {
    /// A response without headers.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), user_after: None, has_own_clock: false }
    }

    /// The same response with a further header. Those that the page does not document are of no account, and neither is the
    /// case of their names.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same response with the user that the service has afterwards, so that a refusal is also held to have left it as it
    /// was.
    #[must_use]
    pub fn with_user_after(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.user_after = Some(text.into());
        self
    }

    /// The same response of a service whose clock is its own: where the case does not say what time it is, or who asks, the
    /// times of creation and of update and the user who updated are not compared, as long as anything changed.
    ///
    /// ```
    /// use user_patch::{conformance::{Response, cases}, vendor::Vendor};
    ///
    /// let case = cases(Vendor::TrustedTwin).iter().find(|case| case.name() == "a user by an upper case UUID").unwrap();
    /// let body = case.expected().body().text().replacen('{', r#"{"updated_ts":1700000000.123,"#, 1);
    /// assert!(case.compare(&Response::new(200, &*body).with_own_clock()).is_ok());
    /// assert!(case.compare(&Response::new(200, body)).is_err());
    /// ```
    #[must_use]
    pub const fn with_own_clock(mut self) -> Self {
        self.has_own_clock = true;
        self
    }

    /// The HTTP status code.
    pub const fn status(&self) -> u16 {
        self.status
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

impl From<Reply> for Response {
    fn from(reply: Reply) -> Self {
        let response = Self::new(reply.status, reply.body);
        reply.headers.into_iter().fold(response, |response, (name, value)| response.with_header(name, value))
    }
}

/// The headers that the pages document for a reply.
const DOCUMENTED: [&str; 1] = ["x-cloud-error-codes"];

impl Case {
    /// Holds a response against what is expected: the status, the documented headers, the body as JSON (the order of members
    /// does not count, every digit of a number does), and the user where a refusal must have left it as it was.
    ///
    /// # Errors
    /// Where it differs.
    pub fn compare(&self, response: &Response) -> Result<(), Mismatch> {
        let mut found = Differences::default();
        let expected = self.expected();
        if response.status != expected.status() {
            found.push(Difference::Status { expected: expected.status(), answered: response.status });
        }
        for name in DOCUMENTED {
            self.compare_header(name, response, &mut found);
        }
        match Json::parse(&response.body, &Limits::STORED) {
            Ok(body) => {
                let free = if response.has_own_clock { self.left_to_the_service() } else { &[] };
                Comparison { free, found: &mut found }.compare(expected.body(), &body, &Pointer::root());
            }
            Err(wrong) => found.push(Difference::Unreadable(wrong)),
        }
        if let (false, Target::User(before), Some(after)) =
            (expected.is_accepted(), self.target(), &response.user_after)
        {
            if stored(self.vendor(), before.text().as_bytes()) != stored(self.vendor(), after) {
                found.push(Difference::UserChanged);
            }
        }
        found.into_result(self)
    }

    /// The members that a service keeps by itself and of which the case does not say what is to be in them.
    fn left_to_the_service(&self) -> &'static [&'static str] {
        let says = |name: &str| self.context().members().any(|(member, _)| member == name);
        if !self.expected().is_accepted() || self.expected().changed().is_empty() {
            return &[];
        }
        match (self.vendor(), self.target(), says("now"), says("actor")) {
            (Vendor::Fireworks, Target::Account { .. }, false, _) => &["/createTime", "/updateTime"],
            (Vendor::Fireworks, Target::User(_), false, _) => &["/updateTime"],
            (Vendor::TrustedTwin, _, false, _) => &["/updated_ts"],
            (Vendor::Elastic, _, false, false) => &["/metadata/updated_at", "/metadata/updated_by"],
            (Vendor::Elastic, _, false, true) => &["/metadata/updated_at"],
            (Vendor::Elastic, _, true, false) => &["/metadata/updated_by"],
            (Vendor::Fireworks | Vendor::TrustedTwin, _, true, _) | (Vendor::Elastic, _, true, true) => &[],
        }
    }

    fn compare_header(&self, name: &'static str, response: &Response, found: &mut Differences) {
        let expected: Vec<_> =
            self.expected().headers().filter(|(known, _)| *known == name).map(|(_, value)| value).collect();
        let answered: Vec<_> = response
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_matches([' ', '\t']))
            .collect();
        if expected != answered {
            let expected = expected.first().map(|value| (*value).to_owned());
            found.push(Difference::Header { name, expected, is_there: !answered.is_empty() });
        }
    }
}

/// A user as it is kept: without a password. Nothing where it is none.
fn stored(vendor: Vendor, text: &[u8]) -> Option<Json<'static>> {
    fn kept<M: UpdateModel>(text: &[u8]) -> Option<Json<'static>> {
        let text = M::user_json(&M::user(text).ok()?);
        Json::parse(text.as_bytes(), &Limits::STORED).ok().map(Json::into_owned)
    }
    match vendor {
        Vendor::Fireworks => kept::<Fireworks>(text),
        Vendor::TrustedTwin => kept::<TrustedTwin>(text),
        Vendor::Elastic => kept::<Elastic>(text),
    }
}

/// Two values that are compared, where `"*"` stands for any string.
struct Comparison<'f> {
    /// The places where anything may be.
    free: &'static [&'static str],
    found: &'f mut Differences,
}

impl Comparison<'_> {
    /// It goes no deeper than what is expected.
    fn compare(&mut self, expected: &Json<'_>, answered: &Json<'_>, at: &Pointer) {
        match (expected.kind(), answered.kind()) {
            (Kind::String, Kind::String) if expected.text() == ANY_STRING => {}
            (Kind::Array, Kind::Array) => {
                let (mut expected, mut answered) = (expected.elements(), answered.elements());
                for index in 0_usize.. {
                    let (expected, answered) = (expected.next(), answered.next());
                    if expected.is_none() && answered.is_none() {
                        break;
                    }
                    self.compare_member(expected.as_ref(), answered.as_ref(), at.child(&index.to_string()));
                }
            }
            (Kind::Object, Kind::Object) => {
                let mut members: BTreeMap<_, _> = answered.members().collect();
                for (name, value) in expected.members() {
                    self.compare_member(Some(&value), members.remove(&name).as_ref(), at.child(&name));
                }
                for (name, value) in &members {
                    self.compare_member(None, Some(value), at.child(name));
                }
            }
            (Kind::Null | Kind::Boolean | Kind::Number | Kind::String | Kind::Array | Kind::Object, kind) => {
                if expected != answered {
                    self.differs(at.clone(), Some(expected), Some(kind));
                }
            }
        }
    }

    fn compare_member(&mut self, expected: Option<&Json<'_>>, answered: Option<&Json<'_>>, at: Pointer) {
        let is_free = |place: &Pointer| self.free.contains(&place.as_str());
        match (expected, answered) {
            _ if is_free(&at) => {}
            (Some(expected), Some(answered)) => self.compare(expected, answered, &at),
            // An object that is there for what is free alone.
            (None, Some(object)) if object.members().any(|(name, _)| is_free(&at.child(&name))) => {
                for (name, value) in object.members() {
                    self.compare_member(None, Some(&value), at.child(&name));
                }
            }
            (expected, answered) => self.differs(at, expected, answered.map(Json::kind)),
        }
    }

    fn differs(&mut self, pointer: Pointer, expected: Option<&Json<'_>>, answered: Option<Kind>) {
        let expected = expected.cloned().map(Json::into_owned);
        self.found.push(Difference::Body { pointer, expected, answered });
    }
}

//! The only place that knows status codes, subcodes and the shape of bodies.

use std::fmt;

use super::{
    code::Code,
    context::{Context, Subcode},
    rules::{Refusal, Violation, Violations},
    user::User,
};
use crate::{
    engine::{ObjectWriter, Pointer},
    report::{self, Outside, Reply, VendorError, code_text, member, read_body, text},
};

/// The media type of a body, which the vendor's client sends; with a body of no bytes it sends none.
pub const MEDIA_TYPES: &[&str] = &["application/json"];

/// An error reply of the vendor's API, read.
pub type Failure = report::Failure<Code>;

impl User {
    /// 200 with the user.
    pub fn reply(&self) -> Reply {
        Reply::new(200, self.to_json())
    }

    /// The same of a user that an update has written, whose text is not copied.
    pub(super) fn into_reply(self) -> Reply {
        Reply::new(200, self.into_text())
    }
}

/// The reply where the `{user}` of the path is no UUID ([`parse_uuid`](super::parse_uuid)): 400, subcode 400589.
///
/// ```
/// use user_patch::trusted_twin::{Context, invalid_path, parse_uuid};
///
/// assert!(parse_uuid("{f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11}").is_none());
/// assert_eq!(invalid_path(&Context::default()).status, 400);
/// ```
pub fn invalid_path(ctx: &Context) -> Reply {
    error(Code::Format, "the user in the path must be a hyphenated UUID", ctx)
}

/// What the vendor answers outside of a patch, in the form of its errors. The page: "Requests to this endpoint result in
/// generic status codes."
///
/// | | status, subcode | basis |
/// | --- | --- | --- |
/// | bad path | 400, 400589 | chosen: "User UUID", the format of the request |
/// | unauthenticated | 401, 401000 | the vendor's published client |
/// | forbidden | 403, 403535 | the vendor's status page |
/// | not found | 404, 404653 | the vendor's status page |
/// | method not allowed | 405, 405000 | chosen: RFC 9110 section 15.5.6; the subcode inferred from 401000 and 500000 |
/// | unsupported media type | 415, 415000 | chosen: RFC 5789 section 2.2; the subcode inferred |
/// | too large | 400, 400141 | the vendor's status page, as [`Refusal::TooLong`] |
/// | too many requests | 429, 429000 | chosen: RFC 6585 section 4; the subcode inferred |
/// | internal error | 500, 500000 | the vendor's published client |
/// | unavailable | 503, 503000 | chosen: RFC 9110 section 15.6.4; the subcode inferred |
///
/// ```
/// use user_patch::{report::Outside, trusted_twin::{Context, outside}};
///
/// let mut ctx = Context::default();
/// ctx.trace = Some("7f3a".to_owned());
/// let reply = outside(Outside::Unauthenticated, &ctx);
/// assert_eq!(reply.body, r#"{"subcode":"401000","trace":"7f3a","description":"the request is not authorized"}"#);
/// ```
pub fn outside(which: Outside, ctx: &Context) -> Reply {
    match which {
        Outside::BadPath => invalid_path(ctx),
        Outside::Unauthenticated => error(Code::Unauthorized, "the request is not authorized", ctx),
        Outside::Forbidden => error(Code::Forbidden, "The User is not authorized", ctx),
        Outside::NotFound => error(Code::NotFound, "there is no such user", ctx),
        Outside::MethodNotAllowed => error(Code::MethodNotAllowed, "the method is not allowed", ctx),
        Outside::UnsupportedMediaType => {
            error(Code::UnsupportedMediaType, "the media type must be application/json, in UTF-8", ctx)
        }
        Outside::TooLarge => Violations::one(Refusal::TooLong, Pointer::root()).reply(ctx),
        Outside::TooManyRequests => error(Code::TooManyRequests, "too many requests", ctx),
        Outside::Internal => error(Code::Internal, "internal error", ctx),
        Outside::Unavailable => error(Code::Unavailable, "the service is currently unavailable", ctx),
    }
}

impl Violations {
    /// The vendor's error: one subcode, the trace of the request from the context, and what the subcode is about. A role is
    /// looked up only for a request that is in order.
    pub fn reply(&self, ctx: &Context) -> Reply {
        let is_looked_up = |violation: &&Violation| violation.refusal().code() == Code::NotFound;
        let decisive = self.iter().find(|violation| !is_looked_up(violation)).or_else(|| self.first());
        let code = decisive.map_or(Code::Format, |violation| violation.refusal().code());
        let told = Told(self, code).to_string();
        error(code, &told, ctx)
    }
}

/// What the violations of one subcode say.
struct Told<'v>(&'v Violations, Code);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(violations, code) = self;
        let mut separator = "";
        for violation in violations.iter().filter(|violation| violation.refusal().code() == *code) {
            f.write_str(separator)?;
            if !violation.pointer().as_str().is_empty() {
                // As it is: escaped here, and then as JSON, a control character would be seven bytes for one.
                write!(f, "{}: ", violation.pointer().as_str())?;
            }
            f.write_str(violation.message())?;
            separator = "; ";
        }
        match violations.and_more() {
            Some(more) => write!(f, "{separator}{more}"),
            None => Ok(()),
        }
    }
}

fn error(code: Code, description: &str, ctx: &Context) -> Reply {
    let subcode = code.to_string();
    let mut body = String::with_capacity(128 + description.len());
    let mut writer = ObjectWriter::new(&mut body);
    match ctx.policy().subcode {
        Subcode::String => writer.string("subcode", &subcode),
        Subcode::Number => writer.plain("subcode").push_str(&subcode),
    }
    match &ctx.trace {
        Some(trace) => writer.string("trace", trace),
        None => writer.plain("trace").push_str("null"),
    }
    writer.string("description", description);
    writer.end();
    Reply::new(code.status(), body)
}

impl Failure {
    /// Reads an error reply. Its subcode may be a string or a number; which members it is about stands in its message alone.
    ///
    /// ```
    /// use user_patch::trusted_twin::{Code, Failure};
    ///
    /// let failure = Failure::read(404, [], br#"{"subcode":404653,"trace":"7f3a","description":"no such role"}"#);
    /// assert!(failure.has(Code::NotFound));
    /// assert_eq!((failure.trace(), failure.errors()[0].message()), (Some("7f3a"), Some("no such role")));
    /// ```
    pub fn read<'h>(status: u16, _headers: impl IntoIterator<Item = (&'h str, &'h str)>, body: &[u8]) -> Self {
        read_error(status, body).unwrap_or_else(|| Self::new(status))
    }
}

/// `{"subcode","trace","description"}`, any of which may be missing.
fn read_error(status: u16, body: &[u8]) -> Option<Failure> {
    let body = read_body(body)?;
    let [subcode, trace, description] = ["subcode", "trace", "description"].map(|name| member(&body, name));
    if subcode.is_none() && description.is_none() {
        return None;
    }
    let error = VendorError::new(
        subcode.and_then(|subcode| code_text(&subcode)),
        description.and_then(|description| text(&description)),
        Vec::new(),
    );
    Some(Failure::in_form(status, vec![error], trace.and_then(|trace| text(&trace))))
}

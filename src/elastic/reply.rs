//! The only place that knows status codes, headers and the shape of bodies.

use std::borrow::Cow;

use super::{
    code::Code,
    rules::{Refusal, Violation, Violations},
    user::User,
};
use crate::{
    engine::{Json, Kind, ObjectWriter, Pointer, write_array, write_string},
    report::{self, FieldError, Outside, Reply, VendorError, code_text, member, read_body, text},
};

/// The media types of a body: RFC 7386 (now RFC 7396) registers the second, the vendor's client sends the first.
pub const MEDIA_TYPES: &[&str] = &["application/json", "application/merge-patch+json"];

/// The header that has the codes: "The error codes associated with the response".
pub const CODES_HEADER: &str = "x-cloud-error-codes";

/// An error reply of the vendor's API, read.
pub type Failure = report::Failure<Code>;

impl User {
    /// "User successfully updated": 200 with the user.
    pub fn reply(&self) -> Reply {
        Reply::new(200, self.to_json())
    }

    /// The same of a user that an update has written, whose text is not copied.
    pub(super) fn into_reply(self) -> Reply {
        Reply::new(200, self.into_text())
    }
}

/// The reply where there is no current user: 404, `user.not_found`.
///
/// ```
/// use user_patch::elastic;
///
/// let reply = elastic::not_found();
/// assert_eq!(reply.status, 404);
/// assert_eq!(reply.headers, [("x-cloud-error-codes", "user.not_found".to_owned())]);
/// ```
pub fn not_found() -> Reply {
    error(Code::NotFound, "User not found.")
}

/// What the vendor answers outside of a patch, in the form of its errors.
///
/// | | status, code | basis |
/// | --- | --- | --- |
/// | bad path | 404 `root.resource_not_found` | inferred: the tests of the vendor's published tools have this error |
/// | unauthenticated | 401 `root.unauthenticated` | stated on the vendor's page of the login: "The supplied authentication is invalid." |
/// | forbidden | 403 `user_patch.forbidden` | chosen: RFC 9110 section 15.5.4, no code on the page |
/// | not found | 404 `user.not_found` | stated: "User not found. (code: user.not_found)" |
/// | method not allowed | 405 `user_patch.method_not_allowed` | chosen: RFC 9110 section 15.5.6, no code on the page |
/// | unsupported media type | 415 `user_patch.media_type` | chosen: RFC 5789 section 2.2, no code on the page |
/// | too large | 400 `user_patch.body.size` | chosen: as [`Refusal::TooLong`](super::Refusal::TooLong) |
/// | too many requests | 429 `user_patch.too_many_requests` | chosen: RFC 6585 section 4, no code on the page |
/// | internal error | 500 `internal.server.error` | inferred: the vendor's published client has this error |
/// | unavailable | 503 `user_patch.unavailable` | chosen: RFC 9110 section 15.6.4, no code on the page |
///
/// ```
/// use user_patch::{elastic, report::Outside};
///
/// let reply = elastic::outside(Outside::Unauthenticated);
/// assert_eq!((reply.status, &*reply.headers[0].1), (401, "root.unauthenticated"));
/// ```
pub fn outside(which: Outside) -> Reply {
    match which {
        Outside::BadPath => error(Code::ResourceNotFound, "The requested resource could not be found"),
        Outside::Unauthenticated => error(Code::Unauthenticated, "The supplied authentication is invalid."),
        Outside::Forbidden => error(Code::Forbidden, "The user may not perform this operation."),
        Outside::NotFound => not_found(),
        Outside::MethodNotAllowed => error(Code::MethodNotAllowed, "The method is not allowed."),
        Outside::UnsupportedMediaType => error(
            Code::UnsupportedMediaType,
            "The media type must be application/json or application/merge-patch+json, in UTF-8.",
        ),
        Outside::TooLarge => Violations::one(Refusal::TooLong, Pointer::root()).reply(),
        Outside::TooManyRequests => error(Code::TooManyRequests, "Too many requests."),
        Outside::Internal => error(Code::Internal, "There was an internal server error"),
        Outside::Unavailable => error(Code::Unavailable, "The service is currently unavailable."),
    }
}

/// One error without fields.
fn error(code: Code, message: &str) -> Reply {
    let mut body = String::with_capacity(128);
    let mut writer = ObjectWriter::new(&mut body);
    write_array(writer.plain("errors"), [code], |out, code| write_error(out, code, message, std::iter::empty()));
    writer.end();
    Reply { status: code.status(), headers: header([code]), body }
}

/// The header with the vendor's codes, in the order of the page, where there are any.
fn header(codes: impl IntoIterator<Item = Code>) -> Vec<(&'static str, String)> {
    let mut codes: Vec<_> = codes.into_iter().filter(|code| !code.is_own()).collect();
    codes.sort_unstable();
    codes.dedup();
    let codes: Vec<_> = codes.into_iter().map(Code::text).collect();
    if codes.is_empty() { Vec::new() } else { vec![(CODES_HEADER, codes.join(","))] }
}

impl Violations {
    /// The vendor's error: 400, an error for each rule that is broken, and the page's codes in the header.
    pub fn reply(&self) -> Reply {
        // One error a message, in the order in which they come first.
        let mut errors: Vec<&Violation> = Vec::new();
        for violation in self {
            if !errors.iter().any(|first| is_one_error(first, violation)) {
                errors.push(violation);
            }
        }
        let mut body = String::with_capacity(self.room());
        let mut writer = ObjectWriter::new(&mut body);
        let last = errors.len().saturating_sub(1);
        write_array(writer.plain("errors"), errors.into_iter().enumerate(), |out, (at, first)| {
            let places = self.iter().filter(|violation| is_one_error(first, violation));
            let fields = places.map(|violation| violation.pointer().dotted()).filter(|field| !field.is_empty());
            let message = match self.and_more().filter(|_| at == last) {
                Some(more) => Cow::Owned(format!("{}; {more}", first.message())),
                None => Cow::Borrowed(first.message()),
            };
            write_error(out, first.refusal().code(), &message, fields);
        });
        writer.end();
        Reply { status: 400, headers: header(self.iter().map(|violation| violation.refusal().code())), body }
    }
}

/// Whether two violations are told in one error, which lists the fields of both.
fn is_one_error(one: &Violation, other: &Violation) -> bool {
    one.refusal() == other.refusal() && one.message() == other.message()
}

fn write_error<'v>(out: &mut String, code: Code, message: &str, fields: impl Iterator<Item = Cow<'v, str>>) {
    let mut writer = ObjectWriter::new(out);
    writer.string("code", code.text());
    writer.string("message", message);
    let mut fields = fields.peekable();
    if fields.peek().is_some() {
        write_array(writer.plain("fields"), fields, |out, field| write_string(out, &field));
    }
    writer.end();
}

impl Failure {
    /// Reads an error reply: the errors of the body, and the codes that only the header has. Without a body in the vendor's
    /// form the codes of the header are all that is known.
    ///
    /// ```
    /// use user_patch::elastic::{Code, Failure};
    ///
    /// let body = br#"{"errors":[{"code":"user.roles.invalid","message":"No such role","fields":["security.roles"]}]}"#;
    /// let failure = Failure::read(400, [("X-Cloud-Error-Codes", "user.roles.invalid")], body);
    /// assert!(failure.has(Code::RolesInvalid));
    /// assert_eq!(failure.errors()[0].message(), Some("No such role"));
    /// assert_eq!(failure.fields().next().unwrap().field(), "security.roles");
    /// assert_eq!(failure.to_string(), "status 400: user.roles.invalid");
    ///
    /// let failure = Failure::read(404, [("x-cloud-error-codes", "user.not_found")], b"");
    /// assert!(failure.has(Code::NotFound) && !failure.is_in_form());
    /// ```
    pub fn read<'h>(status: u16, headers: impl IntoIterator<Item = (&'h str, &'h str)>, body: &[u8]) -> Self {
        let mut failure = read_errors(status, body).unwrap_or_else(|| Self::new(status));
        let headers = headers.into_iter().filter(|(name, _)| name.eq_ignore_ascii_case(CODES_HEADER));
        let codes = headers.flat_map(|(_, codes)| codes.split(','));
        failure.note_codes(codes.map(str::trim).filter(|code| !code.is_empty()));
        failure
    }
}

/// `{"errors":[{"code","message","fields"}]}`, the page's response for 400 and 404.
fn read_errors(status: u16, body: &[u8]) -> Option<Failure> {
    let errors = read_body(body)?;
    let errors = member(&errors, "errors").filter(|errors| errors.kind() == Kind::Array)?;
    let errors = errors.elements().map(|error| read_error(&error)).collect();
    Some(Failure::in_form(status, errors, None))
}

fn read_error(error: &Json<'_>) -> VendorError<Code> {
    let code = member(error, "code").and_then(|code| code_text(&code));
    let message = member(error, "message").and_then(|message| text(&message));
    let fields = member(error, "fields").unwrap_or(Json::null());
    let fields = fields.strings().flatten().map(|field| FieldError::new(field.into_owned(), None));
    VendorError::new(code, message, fields.collect())
}

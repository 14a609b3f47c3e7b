//! The only place that knows status codes and the shape of bodies.

use std::borrow::Cow;

use super::{
    code::Code,
    context::{Context, EmptyMembers},
    form::{Form, STATE_UNSPECIFIED},
    member::Member,
    rules::{Refusal, Violation, Violations},
    user::User,
};
use crate::{
    engine::{Builder, Json, Kept, Kind, Name, ObjectWriter, Pointer, Writer, write_array, write_text},
    report::{self, FieldError, Outside, Reply, VendorError, code_text, member, read_body, text},
};

/// The media type of a body: "Body application/json".
pub const MEDIA_TYPES: &[&str] = &["application/json"];

/// An error reply of the vendor's API, read.
pub type Failure = report::Failure<Code>;

impl User {
    /// "A successful response": 200 with the user.
    ///
    /// ```
    /// use user_patch::fireworks::{Context, EmptyMembers, Policy, User};
    ///
    /// let user = User::from_json(br#"{"role":"user"}"#)?;
    /// assert_eq!(user.reply(&Context::default()).body, r#"{"role":"user"}"#);
    ///
    /// let mut policy = Policy::default();
    /// policy.empty_members = EmptyMembers::Emit;
    /// assert_eq!(
    ///     user.reply(&Context::with_policy(policy)).body,
    ///     r#"{"role":"user","displayName":"","serviceAccount":false,"createTime":null,"email":"","state":"STATE_UNSPECIFIED","status":null,"updateTime":null,"permissionPreset":""}"#
    /// );
    /// # Ok::<(), user_patch::report::InvalidUser>(())
    /// ```
    pub fn reply(&self, ctx: &Context) -> Reply {
        let body = match ctx.policy().empty_members {
            EmptyMembers::Omit => self.to_json(),
            EmptyMembers::Emit => self.with_empty_members(),
        };
        Reply::new(Code::Ok.http_status(), body)
    }

    /// The same of a user that an update has written, whose text is not copied, where empty members are left out.
    pub(super) fn into_reply(self) -> Reply {
        Reply::new(Code::Ok.http_status(), self.into_text())
    }

    fn with_empty_members(&self) -> String {
        let stored = self.document();
        let document = Builder::document(stored.bytes() + 256, 0, |out| {
            let mut kept = Kept::of(stored.value());
            for &member in Member::ALL {
                if let Some(value) = self.get(member) {
                    kept.keep(value, out);
                    continue;
                }
                kept.flush(out);
                match (member.form(), member.writer()) {
                    (Form::Text, Writer::Update) => out.string_member(member.name(), ""),
                    // The name of the user comes from the path, and is never empty.
                    (Form::Text, Writer::Vendor | Writer::VendorItself) => {}
                    (Form::Flag, _) => out.member(Name::plain(member.name()), |out| out.fixed("false")),
                    (Form::State, _) => out.string_member(member.name(), STATE_UNSPECIFIED),
                    (Form::Time | Form::Status, _) => {
                        out.member(Name::plain(member.name()), |out| out.fixed("null"));
                    }
                }
            }
            self.unnamed().for_each(|(_, value)| kept.keep(value, out));
            kept.flush(out);
        });
        document.into_text()
    }
}

impl Violations {
    /// The error of the vendor's gateway: `google.rpc.Status` in its JSON form, the violations as `google.rpc.BadRequest`. A
    /// lack of permission is told alone, so that all have one code.
    pub fn reply(&self) -> Reply {
        let code = self.first().map_or(Code::InvalidArgument, |violation| violation.refusal().code());
        let mut body = String::with_capacity(self.room());
        let mut writer = error(code, &mut body);
        let message = writer.plain("message");
        message.push('"');
        for (at, violation) in self.iter().enumerate() {
            message.push_str(if at > 0 { "; " } else { "" });
            let field = field(violation);
            if !field.is_empty() {
                write_text(message, &field);
                message.push_str(": ");
            }
            write_text(message, violation.message());
        }
        if let Some(more) = self.and_more() {
            message.push_str(&format!("; {more}"));
        }
        message.push('"');
        let details = writer.plain("details");
        details.push_str(r#"[{"@type":""#);
        details.push_str(BAD_REQUEST);
        details.push_str(r#"","fieldViolations":"#);
        write_array(details, self, |out, violation| {
            let mut writer = ObjectWriter::new(out);
            writer.string("field", &field(violation));
            writer.string("description", violation.message());
            writer.end();
        });
        details.push_str("}]");
        writer.end();
        Reply::new(code.http_status(), body)
    }
}

impl Code {
    /// An error that is decided outside of an update, such as [`NotFound`](Self::NotFound), in the vendor's form.
    ///
    /// ```
    /// use user_patch::fireworks::Code;
    ///
    /// let reply = Code::NotFound.reply("user not found");
    /// assert_eq!((reply.status, &*reply.body), (404, r#"{"code":5,"message":"user not found","details":[]}"#));
    /// ```
    pub fn reply(self, message: &str) -> Reply {
        let mut body = String::with_capacity(64 + message.len());
        let mut writer = error(self, &mut body);
        writer.string("message", message);
        writer.plain("details").push_str("[]");
        writer.end();
        Reply::new(self.http_status(), body)
    }
}

/// What the vendor answers outside of a patch: `google.rpc.Status` with a code of the older page, whose status is the page's
/// "HTTP Mapping". None of its codes stands for 405, 413 or 415.
///
/// | | status, code | basis |
/// | --- | --- | --- |
/// | bad path | 400 `INVALID_ARGUMENT` | stated: "arguments that are problematic regardless of the state of the system (e.g., a malformed file name)" |
/// | unauthenticated | 401 `UNAUTHENTICATED` | stated: "The request does not have valid authentication credentials for the operation." |
/// | forbidden | 403 `PERMISSION_DENIED` | stated: "The caller does not have permission to execute the specified operation." |
/// | not found | 404 `NOT_FOUND` | stated: "Some requested entity (e.g., file or directory) was not found." |
/// | method not allowed | 501 `UNIMPLEMENTED` | standard: grpc-gateway, `DefaultRoutingErrorHandler` |
/// | unsupported media type | 400 `INVALID_ARGUMENT` | chosen: "Body application/json", and no other code fits |
/// | too large | 400 `INVALID_ARGUMENT` | chosen: as [`Refusal::TooLong`] |
/// | too many requests | 429 `RESOURCE_EXHAUSTED` | stated: "Some resource has been exhausted, perhaps a per-user quota" |
/// | internal error | 500 `INTERNAL` | stated: "Internal errors." |
/// | unavailable | 503 `UNAVAILABLE` | stated: "The service is currently unavailable." |
///
/// ```
/// use user_patch::{fireworks, report::Outside};
///
/// let reply = fireworks::outside(Outside::NotFound);
/// assert_eq!((reply.status, &*reply.body), (404, r#"{"code":5,"message":"user not found","details":[]}"#));
/// ```
pub fn outside(which: Outside) -> Reply {
    match which {
        Outside::BadPath => Code::InvalidArgument.reply(
            "the path must be accounts/{account_id}/users/{user_id}, each id 1 to 63 of a-z, 0-9 and -, with no hyphen at either end",
        ),
        Outside::Unauthenticated => Code::Unauthenticated.reply("the request has no valid API key"),
        Outside::Forbidden => Code::PermissionDenied.reply("the caller does not have permission"),
        Outside::NotFound => Code::NotFound.reply("user not found"),
        Outside::MethodNotAllowed => Code::Unimplemented.reply("Method Not Allowed"),
        Outside::UnsupportedMediaType => {
            Code::InvalidArgument.reply("the media type must be application/json, in UTF-8")
        }
        Outside::TooLarge => Violations::one(Refusal::TooLong, Pointer::root()).reply(),
        Outside::TooManyRequests => Code::ResourceExhausted.reply("too many requests"),
        Outside::Internal => Code::Internal.reply("internal error"),
        Outside::Unavailable => Code::Unavailable.reply("the service is currently unavailable"),
    }
}

/// Begins the body of an error.
fn error(code: Code, body: &mut String) -> ObjectWriter<'_> {
    let mut writer = ObjectWriter::new(body);
    writer.plain("code").push_str(&code.number().to_string());
    writer
}

/// The field of the request, as `google.rpc.BadRequest.FieldViolation` writes it: names joined by dots.
fn field(violation: &Violation) -> Cow<'_, str> {
    match violation.refusal() {
        Refusal::Mask => Cow::Borrowed("updateMask"),
        Refusal::AccountId => Cow::Borrowed("accountId"),
        Refusal::UserId => Cow::Borrowed("userId"),
        Refusal::Malformed
        | Refusal::Duplicate
        | Refusal::TooDeep
        | Refusal::TooLong
        | Refusal::NotAnObject
        | Refusal::UnknownMember
        | Refusal::WrongType
        | Refusal::ReadOnly
        | Refusal::MaskPath
        | Refusal::RoleRequired
        | Refusal::RoleUnknown
        | Refusal::DisplayNameTooLong
        | Refusal::NotAdmin
        | Refusal::PresetWithoutCustom
        | Refusal::CustomWithoutPreset
        | Refusal::PresetLeft
        | Refusal::Immutable
        | Refusal::NoUserId => violation.pointer().dotted(),
    }
}

/// The type of the details that list fields.
const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";

impl Failure {
    /// Reads an error reply: `google.rpc.Status` as the gateway writes it, or wrapped in `error` as Google's own APIs do. Its code
    /// may be a number or a name; details of another type than `google.rpc.BadRequest` are ignored.
    ///
    /// ```
    /// use user_patch::fireworks::{Code, Failure};
    ///
    /// let failure = Failure::read(429, [], br#"{"code":8,"message":"quota","details":[],"more":1}"#);
    /// assert!(failure.has(Code::ResourceExhausted));
    /// assert_eq!(failure.errors()[0].message(), Some("quota"));
    /// assert!(!Failure::read(502, [], b"<html>").is_in_form());
    /// ```
    pub fn read<'h>(status: u16, _headers: impl IntoIterator<Item = (&'h str, &'h str)>, body: &[u8]) -> Self {
        read_status(status, body).unwrap_or_else(|| Self::new(status))
    }
}

/// `{"code","message","details"}`, any of which may be missing.
fn read_status(status: u16, body: &[u8]) -> Option<Failure> {
    let body = read_body(body)?;
    let error = member(&body, "error");
    // An old gateway has the message once more under `error`, beside the others.
    let (error, told) = match &error {
        Some(error) if error.kind() == Kind::Object => (error, None),
        Some(error) => (&body, text(error)),
        None => (&body, None),
    };
    // Where there is the name of the code, a number beside it may be the HTTP status.
    let [name, code, message, details] = ["status", "code", "message", "details"].map(|name| member(error, name));
    if code.is_none() && message.is_none() && told.is_none() {
        return None;
    }
    let name = name.as_ref().and_then(text).filter(|name| Code::ALL.iter().any(|code| code.name() == name));
    let code = name.or_else(|| code_text(&code?));
    let message = message.as_ref().and_then(text).or(told);
    let details = details.unwrap_or(Json::null());
    let fields = details.elements().flat_map(|detail| read_fields(&detail)).collect();
    Some(Failure::in_form(status, vec![VendorError::new(code, message, fields)], None))
}

fn read_fields(detail: &Json<'_>) -> Vec<FieldError> {
    let is_bad_request = member(detail, "@type").is_some_and(|kind| kind.as_str().as_deref() == Some(BAD_REQUEST));
    let fields = member(detail, "fieldViolations").filter(|_| is_bad_request).unwrap_or(Json::null());
    let read = |violation: Json<'_>| {
        let [field, message] = ["field", "description"].map(|name| member(&violation, name));
        Some(FieldError::new(text(&field?)?, message.as_ref().and_then(text)))
    };
    fields.elements().filter_map(read).collect()
}

//! The only place of the room that knows status codes and the shape of bodies.

use std::borrow::Cow;

use super::{Code, Context, Refusal, User, Violation, Violations};
use crate::{
    engine::{ObjectWriter, write_array, write_text},
    report::Reply,
};

impl User {
    /// "A successful response": 200 with the user.
    pub fn reply(&self) -> Reply {
        Reply::new(Code::Ok.http_status(), self.to_json())
    }
}

impl Violations {
    /// The error of the vendor's gateway: AIP-193 in its JSON form, the violations as `google.rpc.BadRequest`.
    ///
    /// A lack of permission outranks an invalid argument: code and message are those of what the caller may not do. The
    /// details list every violation.
    pub fn reply(&self, _ctx: &Context) -> Reply {
        let denied = self.iter().any(|violation| violation.refusal().code() == Code::PermissionDenied);
        let code = if denied { Code::PermissionDenied } else { Code::InvalidArgument };
        let decisive = self.iter().filter(|violation| violation.refusal().code() == code);
        let mut body = String::with_capacity(self.room());
        let mut writer = error(code, &mut body);
        let message = writer.plain("message");
        message.push('"');
        for (at, violation) in decisive.enumerate() {
            message.push_str(if at > 0 { "; " } else { "" });
            let field = field(violation);
            if !field.is_empty() {
                write_text(message, &field);
                message.push_str(": ");
            }
            write_text(message, violation.message());
        }
        message.push('"');
        let details = writer.plain("details");
        details.push_str(r#"[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":"#);
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
        _ => violation.pointer().dotted(),
    }
}

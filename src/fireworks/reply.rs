//! The only place of the room that knows status codes and the shape of bodies.

use super::{Code, Context, Refusal, User, Violation, Violations};
use crate::{
    engine::{ObjectWriter, write_array},
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
        let decisive: Vec<_> = self.iter().filter(|violation| violation.refusal().code() == code).collect();
        let told = |violation: &&Violation| match &*field(violation) {
            "" => violation.message().to_owned(),
            field => format!("{field}: {}", violation.message()),
        };
        let messages: Vec<_> = decisive.iter().map(told).collect();
        error(code, &messages.join("; "), self.iter())
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
        error(self, message, [])
    }
}

fn error<'v>(code: Code, message: &str, violations: impl IntoIterator<Item = &'v Violation>) -> Reply {
    let mut violations = violations.into_iter().peekable();
    let mut body = String::with_capacity(256);
    let mut writer = ObjectWriter::new(&mut body);
    writer.member("code").push_str(&code.number().to_string());
    writer.string("message", message);
    let details = writer.member("details");
    match violations.peek() {
        None => details.push_str("[]"),
        Some(_) => {
            details.push_str(r#"[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":"#);
            write_array(details, violations, |out, violation| {
                let mut writer = ObjectWriter::new(out);
                writer.string("field", &field(violation));
                writer.string("description", violation.message());
                writer.end();
            });
            details.push_str("}]");
        }
    }
    writer.end();
    Reply::new(code.http_status(), body)
}

/// The field of the request, as `google.rpc.BadRequest.FieldViolation` writes it: names joined by dots.
fn field(violation: &Violation) -> String {
    match violation.refusal() {
        Refusal::Mask => "updateMask".to_owned(),
        Refusal::AccountId => "accountId".to_owned(),
        Refusal::UserId => "userId".to_owned(),
        _ => violation.pointer().dotted(),
    }
}

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
    engine::{Builder, Kept, Name, ObjectWriter, Writer, write_array, write_text},
    report::Reply,
};

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

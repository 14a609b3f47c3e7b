//! The only place of the room that knows status codes, headers and the shape of bodies.

use std::borrow::Cow;

use super::{Context, Refusal, User, Violation, Violations};
use crate::{
    engine::{ObjectWriter, write_array, write_string},
    report::Reply,
};

/// "The error codes associated with the response".
const CODES_HEADER: &str = "x-cloud-error-codes";

impl User {
    /// "User successfully updated": 200 with the user.
    pub fn reply(&self) -> Reply {
        Reply::new(200, self.to_json())
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
    const CODE: &str = "user.not_found";
    let mut body = String::new();
    let mut writer = ObjectWriter::new(&mut body);
    write_array(writer.plain("errors"), [CODE], |out, code| {
        write_error(out, code, "User not found.", std::iter::empty());
    });
    writer.end();
    Reply { status: 404, headers: vec![(CODES_HEADER, CODE.to_owned())], body }
}

/// A structured code: the vendor's list is closed, so what it has no code for gets one of this library, which the header
/// does not carry.
enum Code {
    Vendor(&'static str),
    Own(&'static str),
}

impl Refusal {
    const fn code(self) -> Code {
        match self {
            Self::Builtin => Code::Vendor("user.cannot_modify"),
            Self::External => Code::Vendor("user.cannot_modify_external"),
            Self::Restricted | Self::EnabledRestricted => Code::Vendor("user.restricted_field"),
            Self::RoleUnknown | Self::RoleCombination => Code::Vendor("user.roles.invalid"),
            Self::RoleForbidden => Code::Vendor("user.roles.forbidden"),
            Self::Malformed => Code::Own("user_patch.body.malformed"),
            Self::Duplicate => Code::Own("user_patch.body.duplicate"),
            Self::TooDeep => Code::Own("user_patch.body.depth"),
            Self::TooLong => Code::Own("user_patch.body.size"),
            Self::NotAnObject => Code::Own("user_patch.body.object"),
            Self::WrongType => Code::Own("user_patch.type"),
            Self::Required => Code::Own("user_patch.required"),
            Self::PasswordTooShort => Code::Own("user_patch.password.length"),
            Self::UnknownMember => Code::Own("user_patch.unknown_member"),
        }
    }
}

impl Violations {
    /// The vendor's error: 400, an error for each rule that is broken, and the codes in the header.
    pub fn reply(&self, _ctx: &Context) -> Reply {
        // One error a message, in the order in which they come first.
        let mut errors: Vec<&Violation> = Vec::new();
        let mut codes: Vec<&str> = Vec::new();
        for violation in self {
            if !errors.iter().any(|first| is_one_error(first, violation)) {
                errors.push(violation);
            }
            if let Code::Vendor(code) = violation.refusal().code()
                && !codes.contains(&code)
            {
                codes.push(code);
            }
        }
        let mut body = String::with_capacity(self.room());
        let mut writer = ObjectWriter::new(&mut body);
        write_array(writer.plain("errors"), errors, |out, first| {
            let (Code::Vendor(code) | Code::Own(code)) = first.refusal().code();
            let places = self.iter().filter(|violation| is_one_error(first, violation));
            let fields = places.map(|violation| violation.pointer().dotted()).filter(|field| !field.is_empty());
            write_error(out, code, first.message(), fields);
        });
        writer.end();
        let header = (!codes.is_empty()).then(|| (CODES_HEADER, codes.join(",")));
        Reply { status: 400, headers: header.into_iter().collect(), body }
    }
}

/// Whether two violations are told in one error, which lists the fields of both.
fn is_one_error(one: &Violation, other: &Violation) -> bool {
    one.refusal() == other.refusal() && one.message() == other.message()
}

fn write_error<'v>(out: &mut String, code: &str, message: &str, fields: impl Iterator<Item = Cow<'v, str>>) {
    let mut writer = ObjectWriter::new(out);
    writer.string("code", code);
    writer.string("message", message);
    let mut fields = fields.peekable();
    if fields.peek().is_some() {
        write_array(writer.plain("fields"), fields, |out, field| write_string(out, &field));
    }
    writer.end();
}

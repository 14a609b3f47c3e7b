//! The only place that knows status codes, headers and the shape of bodies.

use std::borrow::Cow;

use super::{
    rules::{Code, VendorCode, Violation, Violations},
    user::User,
};
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

impl Code {
    const fn text(self) -> &'static str {
        match self {
            Self::Vendor(code) => code.text(),
            Self::Own(code) => code,
        }
    }
}

impl VendorCode {
    const fn text(self) -> &'static str {
        match self {
            Self::RolesInvalid => "user.roles.invalid",
            Self::RolesForbidden => "user.roles.forbidden",
            Self::RestrictedField => "user.restricted_field",
            Self::CannotModifyExternal => "user.cannot_modify_external",
            Self::CannotModify => "user.cannot_modify",
        }
    }
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
            write_error(out, first.refusal().code().text(), &message, fields);
        });
        writer.end();
        Reply { status: 400, headers: self.codes().into_iter().map(|codes| (CODES_HEADER, codes)).collect(), body }
    }

    /// The page's codes, where there are any.
    fn codes(&self) -> Option<String> {
        let mut codes: Vec<_> = self.iter().filter_map(|violation| violation.refusal().code().vendor()).collect();
        codes.sort_unstable();
        codes.dedup();
        let codes: Vec<_> = codes.into_iter().map(VendorCode::text).collect();
        (!codes.is_empty()).then(|| codes.join(","))
    }
}

/// Whether two violations are told in one error, which lists the fields of both.
fn is_one_error(one: &Violation, other: &Violation) -> bool {
    one.refusal() == other.refusal() && one.message() == other.message()
}

fn write_error<'v>(out: &mut String, code: &'static str, message: &str, fields: impl Iterator<Item = Cow<'v, str>>) {
    let mut writer = ObjectWriter::new(out);
    writer.string("code", code);
    writer.string("message", message);
    let mut fields = fields.peekable();
    if fields.peek().is_some() {
        write_array(writer.plain("fields"), fields, |out, field| write_string(out, &field));
    }
    writer.end();
}

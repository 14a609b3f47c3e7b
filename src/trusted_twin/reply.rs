//! The only place that knows status codes, subcodes and the shape of bodies.

use std::fmt;

use super::{
    context::{Context, Subcode},
    rules::{Code, Violation, Violations},
    user::User,
};
use crate::{engine::ObjectWriter, report::Reply};

impl User {
    /// 200 with the user.
    pub fn reply(&self) -> Reply {
        Reply::new(200, self.to_json())
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

impl Code {
    /// The HTTP status and the subcode.
    const fn numbers(self) -> (u16, u32) {
        match self {
            Self::NotAllowed => (403, 403_535),
            Self::TooLarge => (400, 400_141),
            Self::NotUtf8 => (400, 400_314),
            Self::NotJson => (400, 400_415),
            Self::Format => (400, 400_589),
            Self::NoRole => (404, 404_653),
        }
    }
}

impl Violations {
    /// The vendor's error: one subcode, the trace of the request from the context, and what the subcode is about. A role is
    /// looked up only for a request that is in order.
    pub fn reply(&self, ctx: &Context) -> Reply {
        let is_looked_up = |violation: &&Violation| violation.refusal().code() == Code::NoRole;
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
    let (status, subcode) = code.numbers();
    let mut body = String::with_capacity(128 + description.len());
    let mut writer = ObjectWriter::new(&mut body);
    match ctx.policy().subcode {
        Subcode::String => writer.string("subcode", &subcode.to_string()),
        Subcode::Number => writer.plain("subcode").push_str(&subcode.to_string()),
    }
    match &ctx.trace {
        Some(trace) => writer.string("trace", trace),
        None => writer.plain("trace").push_str("null"),
    }
    writer.string("description", description);
    writer.end();
    Reply::new(status, body)
}

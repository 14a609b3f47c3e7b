//! The only place of the room that knows status codes, subcodes and the shape of bodies.

use std::fmt::Write;

use super::{Context, Refusal, User, Violations};
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
    let (status, subcode) = INVALID_FORMAT;
    error(status, subcode, "the user in the path must be a hyphenated UUID", ctx)
}

/// "Request format".
const INVALID_FORMAT: (u16, &str) = (400, "400589");

impl Refusal {
    /// The HTTP status and the subcode of the vendor's status page.
    const fn status(self) -> (u16, &'static str) {
        match self {
            Self::NotAllowed => (403, "403535"),
            Self::TooLong => (400, "400141"),
            Self::NotUtf8 => (400, "400314"),
            Self::Malformed => (400, "400415"),
            Self::Duplicate
            | Self::TooDeep
            | Self::NotAnObject
            | Self::UnknownMember
            | Self::ReadOnly
            | Self::WrongType
            | Self::Name
            | Self::Role
            | Self::Description
            | Self::Key => INVALID_FORMAT,
            Self::NoSuchRole => (404, "404653"),
        }
    }

    /// Which refusal decides the one subcode of a reply: who may not ask hears nothing else, and a role is looked up only
    /// for a request that is in order.
    const fn rank(self) -> u8 {
        match self.status().0 {
            403 => 0,
            400 => 1,
            _ => 2,
        }
    }
}

impl Violations {
    /// The vendor's error: one subcode, the trace of the request from the context, and what the subcode is about. A body that
    /// cannot be read has no other violation, so it is told even to a caller who may not update.
    pub fn reply(&self, ctx: &Context) -> Reply {
        let decisive = self.iter().map(|violation| violation.refusal()).min_by_key(|refusal| refusal.rank());
        let (status, subcode) = decisive.unwrap_or(Refusal::Malformed).status();
        let mut description = String::with_capacity(self.room());
        for violation in self.iter().filter(|violation| violation.refusal().status() == (status, subcode)) {
            let separator = if description.is_empty() { "" } else { "; " };
            // Nothing fails to be written into a string.
            let _ = match violation.pointer().as_str() {
                "" => write!(description, "{separator}{}", violation.message()),
                _ => write!(description, "{separator}{}: {}", violation.pointer(), violation.message()),
            };
        }
        error(status, subcode, &description, ctx)
    }
}

fn error(status: u16, subcode: &str, description: &str, ctx: &Context) -> Reply {
    let mut body = String::with_capacity(128 + description.len());
    let mut writer = ObjectWriter::new(&mut body);
    writer.string("subcode", subcode);
    match &ctx.trace {
        Some(trace) => writer.string("trace", trace),
        None => writer.plain("trace").push_str("null"),
    }
    writer.string("description", description);
    writer.end();
    Reply::new(status, body)
}

//! Where a response differs from what is expected.

use std::fmt;

use super::case::Case;
use crate::{
    engine::{Json, Kind, Malformed, Pointer},
    report::Shown,
};

/// How many differences are kept. The first few tell what is wrong, and a response may have as many as it has members.
const KEPT_MOST: usize = 16;

/// How many characters of an expected value, and of a place, are shown.
const SHOWN_MOST: usize = 200;

/// A response that differs from what its case expects.
///
/// `Display` names the case, the rule that it shows, and each difference: where it is, and what was expected, which is of this
/// crate; never a value that the service has answered. It is an error, and so what a test can fail with.
///
/// ```
/// use user_patch::{conformance::{Response, cases}, vendor::Vendor};
///
/// let case = cases(Vendor::Elastic).iter().find(|case| case.name() == "user_name as it is").unwrap();
/// let response = Response::new(403, r#"{"user_name":"bob","security":{"enabled":true}}"#);
/// assert_eq!(
///     case.compare(&response).unwrap_err().to_string(),
///     "elastic::restricted::user_name as it is\n  \
///        shows elastic.restricted: must not have another value after the merge\n  \
///        status: expected 200, answered 403\n  \
///        body at /user_name: expected \"ada\", answered another string\n  \
///        body at /security/enabled: expected nothing, answered a boolean\n  \
///        body at /full_name: expected \"Ada\", answered nothing"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    case: Box<Case>,
    differences: Vec<Difference>,
    omitted: usize,
}

/// One difference between a response and what is expected. It holds no value of the response.
///
/// ```
/// use user_patch::{conformance::{Difference, Response, cases, report}, vendor::Vendor};
///
/// let report = report(&cases(Vendor::Elastic)[..1], |_| Response::new(501, "{}"));
/// let mismatch = report.rows().first().and_then(|row| row.failures().first()).unwrap();
/// assert!(mismatch.differences().iter().any(|one| matches!(one, Difference::Status { answered: 501, .. })));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// Another HTTP status code.
    Status {
        /// The one expected.
        expected: u16,
        /// The one answered.
        answered: u16,
    },
    /// Another value of a documented header, or one too many, or none.
    Header {
        /// The name of the header, in lower case.
        name: &'static str,
        /// The value expected; none where the header must not be there.
        expected: Option<String>,
        /// Whether the header is there at all.
        is_there: bool,
    },
    /// The body is not JSON.
    Unreadable(Malformed),
    /// Another value in the body.
    Body {
        /// Where.
        pointer: Pointer,
        /// The value expected; none where nothing must be there.
        expected: Option<Json<'static>>,
        /// The type of the value that is there; none where nothing is.
        answered: Option<Kind>,
    },
    /// The request is refused, and the user is another one afterwards.
    UserChanged,
}

impl Mismatch {
    /// The case.
    pub const fn case(&self) -> &Case {
        &self.case
    }

    /// The first differences, at least one: first the status, then headers, then the body.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// How many more there are.
    pub const fn omitted(&self) -> usize {
        self.omitted
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = self.case.rule();
        write!(f, "{}\n  shows {}: {}", self.case.title(), rule.id, rule.says)?;
        for difference in &self.differences {
            write!(f, "\n  {difference}")?;
        }
        match self.omitted {
            0 => Ok(()),
            omitted => write!(f, "\n  and {omitted} more"),
        }
    }
}

impl std::error::Error for Mismatch {}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { expected, answered } => write!(f, "status: expected {expected}, answered {answered}"),
            Self::Header { name, expected, is_there } => {
                let answered = match (is_there, expected) {
                    (false, _) => "none",
                    (true, None) => "one",
                    (true, Some(_)) => "another value",
                };
                match expected {
                    Some(value) => write!(f, "header {name}: expected {value:?}, answered {answered}"),
                    None => write!(f, "header {name}: expected none, answered {answered}"),
                }
            }
            Self::Unreadable(wrong) => write!(f, "body: expected JSON, answered what is not: {wrong}"),
            Self::Body { pointer, expected, answered } => {
                match pointer.as_str() {
                    "" => f.write_str("body: expected ")?,
                    place => write!(f, "body at {}: expected ", Shown { text: place, most: SHOWN_MOST })?,
                }
                match expected {
                    Some(value) if value.text() == ANY_STRING => f.write_str("any string")?,
                    Some(value) => write!(f, "{}", Shown { text: value.text(), most: SHOWN_MOST })?,
                    None => f.write_str("nothing")?,
                }
                f.write_str(", answered ")?;
                match answered {
                    None => f.write_str("nothing"),
                    Some(kind) if expected.as_ref().is_some_and(|value| value.kind() == *kind) => {
                        write!(f, "another {}", noun(*kind))
                    }
                    Some(Kind::Null) => f.write_str(noun(Kind::Null)),
                    Some(kind @ (Kind::Array | Kind::Object)) => write!(f, "an {}", noun(*kind)),
                    Some(kind @ (Kind::Boolean | Kind::Number | Kind::String)) => write!(f, "a {}", noun(*kind)),
                }
            }
            Self::UserChanged => f.write_str("user: expected as before the refusal, answered another"),
        }
    }
}

/// What stands for any string in an expected body.
pub(super) const ANY_STRING: &str = r#""*""#;

const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Boolean => "boolean",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
    }
}

/// The differences that are found, the first of them kept.
#[derive(Default)]
pub(super) struct Differences {
    kept: Vec<Difference>,
    omitted: usize,
}

impl Differences {
    pub(super) fn push(&mut self, difference: Difference) {
        match self.kept.len() < KEPT_MOST {
            true => self.kept.push(difference),
            false => self.omitted += 1,
        }
    }

    pub(super) fn into_result(self, case: &Case) -> Result<(), Mismatch> {
        match self.kept.is_empty() {
            true => Ok(()),
            false => Err(Mismatch { case: Box::new(case.clone()), differences: self.kept, omitted: self.omitted }),
        }
    }
}

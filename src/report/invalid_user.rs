use std::fmt;

use crate::engine::{InvalidValue, Malformed, Pointer};

/// A stored user that is not one in the sense of the vendor's page.
///
/// ```
/// use user_patch::{elastic::User, report::InvalidUser};
///
/// let wrong = User::from_json(br#"{"user_name":5}"#).unwrap_err();
/// assert_eq!(wrong.to_string(), "not a user: /security must be there; /user_name must be a string");
/// assert!(matches!(wrong, InvalidUser::Members(members) if members.len() == 2));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidUser {
    /// The text is no strict JSON object.
    Malformed(Malformed),
    /// Members that the page describes are missing or of another type: each with what the page has there, as in "must be a
    /// string".
    Members(Vec<(Pointer, &'static str)>),
    /// A value built by a program that is no object, or nested too deep.
    Value(InvalidValue),
}

impl InvalidUser {
    /// `Ok` where nothing is wrong with any member.
    pub(crate) fn of(mut members: Vec<(Pointer, &'static str)>) -> Result<(), Self> {
        members.sort_unstable();
        if members.is_empty() { Ok(()) } else { Err(Self::Members(members)) }
    }
}

impl From<Malformed> for InvalidUser {
    fn from(wrong: Malformed) -> Self {
        Self::Malformed(wrong)
    }
}

impl From<InvalidValue> for InvalidUser {
    fn from(wrong: InvalidValue) -> Self {
        Self::Value(wrong)
    }
}

impl fmt::Display for InvalidUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a user: ")?;
        match self {
            Self::Malformed(wrong) => wrong.fmt(f),
            Self::Value(wrong) => wrong.fmt(f),
            Self::Members(members) => {
                for (at, (pointer, expected)) in members.iter().enumerate() {
                    let separator = if at == 0 { "" } else { "; " };
                    write!(f, "{separator}{pointer} {expected}")?;
                }
                Ok(())
            }
        }
    }
}

/// The message says what is wrong, and no source says it again.
impl std::error::Error for InvalidUser {}

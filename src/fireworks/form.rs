//! What the pages say of values.

use super::code::Code;
use crate::engine::{Kind, Timestamp, Value};

/// The five roles of the page.
pub const ROLES: &[&str] = &["admin", "user", "contributor", "inference-user", CUSTOM];

/// The role whose permissions "are governed by permission_preset".
pub(super) const CUSTOM: &str = "custom";

/// The longest display name, in Unicode scalar values: the page has "fewer than 64 characters".
pub const DISPLAY_NAME_MAX: usize = 63;

/// The state of a user of whom nothing is said.
pub(super) const STATE_UNSPECIFIED: &str = "STATE_UNSPECIFIED";

/// The "Available options" of the state.
pub(crate) const STATES: &[&str] = &[STATE_UNSPECIFIED, "CREATING", "READY", "UPDATING", "DELETING"];

/// What the page says of a value, and ProtoJSON of its form in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// "string"
    Text,
    /// "boolean"
    Flag,
    /// "string<date-time>"
    Time,
    /// "enum<string>", the state of the user.
    State,
    /// "Mimics google/rpc/status.proto · object"
    Status,
}

impl Form {
    /// What a look at the bytes of a value in a body tells of it.
    #[inline(always)] // It is asked of each member of a body.
    pub(super) const fn look(self, value: &[u8]) -> Look {
        match (self, value) {
            (_, b"null") | (Self::Text, b"\"\"") | (Self::Flag, b"false") => Look::Default,
            (Self::State, b"\"STATE_UNSPECIFIED\"") => Look::Default,
            (Self::Text, [b'"', ..]) | (Self::Flag, [b't', ..]) => Look::Fits,
            (Self::Text | Self::Flag | Self::Time | Self::State | Self::Status, _) => Look::Doubtful,
        }
    }

    /// Whether a value, which is not null, may stand in a body: for a status whether it is an object, whose members are looked
    /// at one by one ([`in_status`]).
    #[inline]
    pub(super) fn takes(self, value: Value<'_>) -> bool {
        match self {
            Self::Text => value.kind() == Kind::String,
            Self::Flag => value.kind() == Kind::Boolean,
            Self::Time => value.as_str().is_some_and(|text| Timestamp::is_proto_json(&text)),
            Self::State => is_enum(value, |name| STATES.contains(&name)),
            Self::Status => value.is_object(),
        }
    }

    /// What a value in a body must be that is not null, in words.
    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Text => "must be a string",
            Self::Flag => "must be a boolean",
            Self::Time => {
                "must be an RFC 3339 date and time in upper case, from the year 1 on, with at most nine digits of a second and no leap second"
            }
            Self::State => "must be one of the page's states, or a 32-bit integer",
            Self::Status => "must be an object",
        }
    }

    /// Whether a stored value, which is not null, has a type that can be read.
    pub(super) fn reads(self, value: Value<'_>) -> bool {
        match self {
            Self::Text | Self::Time => value.kind() == Kind::String,
            Self::Flag => value.kind() == Kind::Boolean,
            Self::State => matches!(value.kind(), Kind::String | Kind::Number),
            Self::Status => value.is_object(),
        }
    }

    /// What a stored value must be, in words.
    pub(super) const fn expected_of_stored(self) -> &'static str {
        match self {
            Self::Text | Self::Time => "must be a string",
            Self::Flag => "must be a boolean",
            Self::State => "must be a string or a number",
            Self::Status => "must be an object",
        }
    }

    /// Whether a value is the one that an absent member stands for.
    #[inline]
    pub(super) fn is_default(self, value: Value<'_>) -> bool {
        matches!(self.look(value.bytes()), Look::Default)
    }
}

/// What a look at a value in a body tells of it.
#[derive(Clone, Copy)]
pub(super) enum Look {
    /// It is the one that an absent member stands for: null, or the default of its form.
    Default,
    /// It is another one, which may stand in a body.
    Fits,
    /// It may not, or a look is not enough: [`Form::takes`] tells.
    Doubtful,
}

/// A member of `status`.
pub(super) enum InStatus {
    /// It has the form that the page gives.
    Fine,
    /// It has another: what it must be.
    Wrong(&'static str),
    /// The page does not name it.
    Unknown,
}

/// Looks at a member of `status`: "The status code." and "A developer-facing error message in English."
pub(super) fn in_status(name: &str, value: Value<'_>) -> InStatus {
    let is_code = |value| is_enum(value, |name| Code::ALL.iter().any(|code| code.name() == name));
    match name {
        "code" if value.is_null() || is_code(value) => InStatus::Fine,
        "code" => InStatus::Wrong("must be one of the page's codes, or a 32-bit integer"),
        "message" if value.is_null() || value.kind() == Kind::String => InStatus::Fine,
        "message" => InStatus::Wrong("must be a string"),
        _ => InStatus::Unknown,
    }
}

/// "Must be fewer than 64 characters long", counted in Unicode scalar values.
#[inline]
pub(super) fn is_too_long(display_name: Value<'_>) -> bool {
    // Escapes only make a text longer, so that most names need no decoding to be short enough.
    display_name.bytes().len() > DISPLAY_NAME_MAX + "\"\"".len()
        && display_name.as_str().is_some_and(|name| name.chars().nth(DISPLAY_NAME_MAX).is_some())
}

/// An enum value in ProtoJSON: the name of one, or a 32-bit integer, whether it is named or not.
fn is_enum(value: Value<'_>, is_name: impl Fn(&str) -> bool) -> bool {
    match value.kind() {
        Kind::String => value.as_str().is_some_and(|name| is_name(&name)),
        Kind::Number => is_int32(value.text()),
        Kind::Null | Kind::Boolean | Kind::Array | Kind::Object => false,
    }
}

/// Whether a JSON number is a 32-bit integer. ProtoJSON: "Exponent notation is also accepted", and `1.0` is 1.
fn is_int32(number: &str) -> bool {
    let (negative, number) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    // The zeros behind a number without a fraction count as its exponent does.
    let digits = if fraction.is_empty() { whole.trim_end_matches('0') } else { whole };
    let zeros = whole.len() - digits.len();
    let digits = digits
        .bytes()
        .chain(fraction.bytes())
        .fold(0_u64, |digits, digit| digits.saturating_mul(10).saturating_add(u64::from(digit.wrapping_sub(b'0'))));
    if digits == 0 {
        return true;
    }
    // An exponent that does not fit makes a number that does not fit.
    let Ok(exponent) = exponent.parse::<i64>() else { return false };
    let [zeros, places] = [zeros, fraction.len()].map(|length| i64::try_from(length).unwrap_or(i64::MAX));
    // A digit behind the point is no integer, and ten zeros are more than 32 bits.
    let factor = match exponent.saturating_add(zeros).saturating_sub(places) {
        zeros @ 0..10 => 10_u64.pow(zeros as u32),
        _ => return false,
    };
    let most = if negative { 1 << 31 } else { (1 << 31) - 1 };
    digits.saturating_mul(factor) <= most
}

#[cfg(test)]
mod tests {
    use super::is_int32;

    #[test]
    fn an_integer_of_32_bits_may_be_written_as_a_fraction_or_with_an_exponent() {
        for number in [
            "0",
            "-0",
            "0.0",
            "-0.0e5",
            "0e99999999999999999999",
            "1",
            "1.0",
            "1.50e1",
            "100e-2",
            "1E+3",
            "0.001e3",
            "2147483647",
            "-2147483648",
            "2147483647.000",
            "21474836.47e2",
            "1e9",
        ] {
            assert!(is_int32(number), "{number}");
        }
        for number in [
            "1.5",
            "1e-1",
            "0.1",
            "10e-2",
            "2147483648",
            "-2147483649",
            "1e10",
            "1e99999999999999999999",
            "1e400",
            "1e-99999999999999999999",
            "1.00000000000000000000000001",
            "99999999999999999999",
        ] {
            assert!(!is_int32(number), "{number}");
        }
    }
}

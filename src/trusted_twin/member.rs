//! THE table: each member of the user, its name, what it is, and who sets it.

use crate::engine::{Kind, Value, Writer, members};

members! {
    Uuid = "uuid": Form::Uuid, Writer::Vendor;
    Name = "name": Form::Text, Writer::Update;
    Account = "account": Form::Uuid, Writer::Vendor;
    Role = "role": Form::Uuid, Writer::Update;
    Description = "description": Form::Dictionary, Writer::Update;
    CreatedTs = "created_ts": Form::Seconds, Writer::VendorItself;
    UpdatedTs = "updated_ts": Form::Seconds, Writer::VendorItself;
}

impl Member {
    /// Those that no update sets, one bit each.
    pub(super) const READ_ONLY: u32 = {
        let (mut bits, mut rest) = (0, Self::ALL);
        while let [member, others @ ..] = rest {
            match member.writer() {
                Writer::Update => {}
                Writer::Vendor | Writer::VendorItself => bits |= 1 << *member as u32,
            }
            rest = others;
        }
        bits
    };

    /// Whether each user has it.
    pub(super) const fn is_required(self) -> bool {
        match self {
            Self::Uuid | Self::Role => true,
            Self::Name | Self::Account | Self::Description | Self::CreatedTs | Self::UpdatedTs => false,
        }
    }

    /// Whether null says that it is not there. Of a name and a role null is no value, whatever is stored.
    pub(super) const fn takes_null(self) -> bool {
        match self {
            Self::Name | Self::Role => false,
            Self::Uuid | Self::Account | Self::Description | Self::CreatedTs | Self::UpdatedTs => true,
        }
    }
}

/// What the page says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// "User UUID.", "Account UUID.", "Role UUID."
    Uuid,
    /// A string, as the name is.
    Text,
    /// "Attributes of the User in form of key-value pairs"
    Dictionary,
    /// "Measured in seconds (to three decimal places)"
    Seconds,
}

impl Form {
    /// Whether a value is of a type that the member can be read from. A stored value may break a rule on values all the same.
    pub(super) fn takes(self, value: Value<'_>) -> bool {
        match self {
            Self::Uuid | Self::Text => value.kind() == Kind::String,
            Self::Dictionary => value.is_object(),
            Self::Seconds => value.kind() == Kind::Number,
        }
    }

    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Uuid | Self::Text => "must be a string",
            Self::Dictionary => "must be a dictionary",
            Self::Seconds => "must be a number of seconds",
        }
    }

    /// Whether two values of this form say the same.
    #[inline]
    pub(super) fn same(self, one: Value<'_>, other: Value<'_>) -> bool {
        match self {
            Self::Uuid => one.is_written_as(other) || is_same_uuid(one, other),
            Self::Text | Self::Dictionary | Self::Seconds => one == other,
        }
    }
}

/// Whether two values that are not written alike are one UUID in two cases.
#[inline(never)] // Mostly they are written alike.
fn is_same_uuid(one: Value<'_>, other: Value<'_>) -> bool {
    if one.is_plain_string() && other.is_plain_string() {
        return one.bytes().eq_ignore_ascii_case(other.bytes());
    }
    let texts = one.as_str().zip(other.as_str());
    texts.map_or_else(|| one == other, |(one, other)| one.eq_ignore_ascii_case(&other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Document, Limits};

    /// However its letters are written, with escapes or in another case. Of any other value each letter counts.
    #[test]
    fn a_uuid_is_the_same_in_either_case() {
        let read = |text: &'static str| Document::parse(text.as_bytes(), &Limits::default()).unwrap();
        for (one, other, is_same) in [
            (r#""ab-1""#, r#""AB-1""#, true),
            (r#""ab-1""#, r#""\u0041b-1""#, true),
            (r#""\u0061b-1""#, r#""a\u0042-1""#, true),
            (r#""ab-1""#, r#""ab-2""#, false),
            (r#""\u0061b-1""#, r#""ab-2""#, false),
            (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, true),
            (r#"{"a":1}"#, r#"{"A":1}"#, false),
            ("1e5", "1E5", false),
            (r#""null""#, "null", false),
        ] {
            let (one, other) = (read(one), read(other));
            assert_eq!(Form::Uuid.same(one.value(), other.value()), is_same, "{one} and {other}");
            assert_eq!(Form::Uuid.same(other.value(), one.value()), is_same, "{other} and {one}");
        }
    }
}

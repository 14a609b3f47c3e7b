//! THE table: each member of the user, its name, what it is, and who sets it.

use super::patterns::{is_name, parse_uuid};
use crate::engine::{Kind, Value, Writer, members};

members! {
    Uuid = "uuid": Form::Uuid, Writer::Vendor;
    Name = "name": Form::Name, Writer::Update;
    Account = "account": Form::Uuid, Writer::Vendor;
    Role = "role": Form::Uuid, Writer::Update;
    Description = "description": Form::Dictionary, Writer::Update;
    CreatedTs = "created_ts": Form::Seconds, Writer::VendorItself;
    UpdatedTs = "updated_ts": Form::Seconds, Writer::VendorItself;
}

/// What the page says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// "User UUID.", "Account UUID.", "Role UUID."
    Uuid,
    /// "It must match the regular expression"
    Name,
    /// "Attributes of the User in form of key-value pairs"
    Dictionary,
    /// "Measured in seconds (to three decimal places)"
    Seconds,
}

impl Form {
    /// Whether a value is of this form.
    pub fn fits(self, value: Value<'_>) -> bool {
        let text_is = |fits: fn(&str) -> bool| value.as_str().is_some_and(|text| fits(&text));
        match self {
            Self::Uuid => text_is(|text| parse_uuid(text).is_some()),
            Self::Name => text_is(is_name),
            Self::Dictionary => value.is_object(),
            Self::Seconds => is_seconds(value),
        }
    }

    pub const fn expected(self) -> &'static str {
        match self {
            Self::Uuid => "must be a hyphenated UUID",
            Self::Name => "must match [0-9A-Za-z][0-9A-Za-z_ \\-]{0,30}[0-9A-Za-z]",
            Self::Dictionary => "must be a dictionary",
            Self::Seconds => "must be a number of seconds with at most three decimals",
        }
    }

    /// Whether two values of this form say the same.
    pub fn same(self, one: Value<'_>, other: Value<'_>) -> bool {
        match self {
            // The same UUID in another case.
            Self::Uuid => match (one.as_str(), other.as_str()) {
                (Some(one), Some(other)) => one.eq_ignore_ascii_case(&other),
                _ => one == other,
            },
            Self::Name | Self::Dictionary | Self::Seconds => one == other,
        }
    }
}

fn is_seconds(value: Value<'_>) -> bool {
    let decimals = value.text().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    value.kind() == Kind::Number && !value.text().contains(['e', 'E']) && decimals <= 3
}

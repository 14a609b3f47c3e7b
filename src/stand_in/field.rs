//! The fields of a Fireworks user, as a list is filtered, ordered and masked by them.

use std::{borrow::Cow, cmp::Ordering};

use crate::{
    engine::{Timestamp, Value},
    fireworks::{Code, STATES, User},
};

/// A field that a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Role,
    Name,
    DisplayName,
    ServiceAccount,
    CreateTime,
    Email,
    State,
    Status,
    StatusCode,
    StatusMessage,
    UpdateTime,
    PermissionPreset,
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Flag,
    Time,
    Enum,
    /// An object, in which other paths name fields.
    Message,
}

/// What a user has in a field. Texts, flags and names of enums that are not there are the default, as in every proto3 message;
/// a time or an object that is not there is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Got<'u> {
    Text(Cow<'u, str>),
    Flag(bool),
    Time(Timestamp),
    /// By its number.
    Enum(i64),
    Message,
}

impl Field {
    /// All of them by their paths, in the page's order: as the page writes it, and as field masks do.
    pub(super) const ALL: [(&'static str, &'static str, Self); 12] = [
        ("role", "role", Self::Role),
        ("name", "name", Self::Name),
        ("displayName", "display_name", Self::DisplayName),
        ("serviceAccount", "service_account", Self::ServiceAccount),
        ("createTime", "create_time", Self::CreateTime),
        ("email", "email", Self::Email),
        ("state", "state", Self::State),
        ("status", "status", Self::Status),
        ("status.code", "status.code", Self::StatusCode),
        ("status.message", "status.message", Self::StatusMessage),
        ("updateTime", "update_time", Self::UpdateTime),
        ("permissionPreset", "permission_preset", Self::PermissionPreset),
    ];

    /// Those with a text, in which a value that stands alone is looked for.
    pub(super) const TEXTS: [Self; 5] =
        [Self::Role, Self::Name, Self::DisplayName, Self::Email, Self::PermissionPreset];

    /// The field of a path, which may be written either way.
    pub(super) fn named(path: &str) -> Option<Self> {
        Self::ALL.iter().find(|(camel, snake, _)| [*camel, *snake].contains(&path)).map(|(_, _, field)| *field)
    }

    /// Every path, for one who named another.
    pub(super) fn paths() -> String {
        Self::ALL.map(|(camel, _, _)| camel).join(", ")
    }

    pub(super) const fn form(self) -> Form {
        match self {
            Self::Role
            | Self::Name
            | Self::DisplayName
            | Self::Email
            | Self::StatusMessage
            | Self::PermissionPreset => Form::Text,
            Self::ServiceAccount => Form::Flag,
            Self::CreateTime | Self::UpdateTime => Form::Time,
            Self::State | Self::StatusCode => Form::Enum,
            Self::Status => Form::Message,
        }
    }

    /// The names of an enum's values by their numbers.
    pub(super) fn enum_names(self) -> Vec<(&'static str, i64)> {
        match self {
            Self::State => STATES.iter().copied().zip(0..).collect(),
            Self::StatusCode => Code::ALL.iter().map(|code| (code.name(), i64::from(code.number()))).collect(),
            _ => Vec::new(),
        }
    }

    /// What a user has there; nothing too where it is stored in a form that the page does not have.
    pub(super) fn of(self, user: &User) -> Option<Got<'_>> {
        let time = |text: Cow<'_, str>| text.parse().ok().map(Got::Time);
        Some(match self {
            Self::Role => Got::Text(user.role()),
            Self::Name => Got::Text(user.name()),
            Self::DisplayName => Got::Text(user.display_name()),
            Self::ServiceAccount => Got::Flag(user.service_account()),
            Self::CreateTime => return time(user.create_time()),
            Self::Email => Got::Text(user.email()),
            Self::State => return self.enumerated(user.state()),
            Self::Status => user.status().map(|_| Got::Message)?,
            Self::StatusCode => return self.enumerated(in_status(user, "code")?),
            Self::StatusMessage => {
                let message = in_status(user, "message")?.and_then(|message| message.as_str());
                Got::Text(message.unwrap_or(Cow::Borrowed("")))
            }
            Self::UpdateTime => return time(user.update_time()),
            Self::PermissionPreset => Got::Text(user.permission_preset()),
        })
    }

    /// A value of an enum, written as its name or its number; one that is not there has the number 0.
    fn enumerated(self, value: Option<Value<'_>>) -> Option<Got<'static>> {
        let Some(value) = value.filter(|value| !value.is_null()) else { return Some(Got::Enum(0)) };
        let number = match value.as_str() {
            Some(name) => self.enum_names().iter().find(|(known, _)| *known == name)?.1,
            None => value.text().parse().ok()?,
        };
        Some(Got::Enum(number))
    }

    /// What a user is ordered by: what it has there, of a text no more than the begin.
    pub(super) fn ordered(self, user: &User) -> Option<Got<'static>> {
        self.of(user).map(Got::ordered)
    }
}

/// A member of the status of a user who has one.
fn in_status<'u>(user: &'u User, name: &str) -> Option<Option<Value<'u>>> {
    let mut members = user.status()?.members();
    Some(members.find(|(member, _)| member == name).map(|(_, value)| value))
}

/// How many characters of a text users are ordered by, so that what they are ordered by goes into a token.
const ORDERED_MOST: usize = 256;

impl Got<'_> {
    fn ordered(self) -> Got<'static> {
        match self {
            Self::Text(text) => Got::Text(text.chars().take(ORDERED_MOST).collect()),
            Self::Flag(flag) => Got::Flag(flag),
            Self::Time(time) => Got::Time(time),
            Self::Enum(number) => Got::Enum(number),
            Self::Message => Got::Message,
        }
    }

    /// As a text, which [`read`](Self::read) reads.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Time(time) => time.to_string(),
            Self::Enum(number) => number.to_string(),
            Self::Message => String::new(),
        }
    }

    /// What users are ordered by, of a text. There may be other texts of the same.
    pub(super) fn read(form: Form, text: &str) -> Option<Got<'static>> {
        Some(match form {
            Form::Text => Got::Text(Cow::Borrowed(text)).ordered(),
            Form::Flag => Got::Flag(text.parse().ok()?),
            Form::Time => Got::Time(text.parse().ok()?),
            Form::Enum => Got::Enum(text.parse().ok()?),
            Form::Message => Got::Message,
        })
    }

    /// The order of two values of one form.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => Some(one.cmp(other)),
            (Self::Flag(one), Self::Flag(other)) => Some(one.cmp(other)),
            (Self::Time(one), Self::Time(other)) => Some(one.cmp(other)),
            (Self::Enum(one), Self::Enum(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }

    /// Whether it is the value of a field that nobody has set.
    pub(super) fn is_default(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Flag(flag) => !flag,
            Self::Time(_) | Self::Message => false,
            Self::Enum(number) => *number == 0,
        }
    }
}

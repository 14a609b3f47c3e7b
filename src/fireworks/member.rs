use crate::engine::{Json, Kind, Pointer, Timestamp};

/// The members of a user that the pages name, in the order of the newest page's response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Member {
    Role,
    Name,
    DisplayName,
    ServiceAccount,
    CreateTime,
    Email,
    State,
    Status,
    UpdateTime,
    PermissionPreset,
}

impl Member {
    pub const ALL: [Self; 10] = [
        Self::Role,
        Self::Name,
        Self::DisplayName,
        Self::ServiceAccount,
        Self::CreateTime,
        Self::Email,
        Self::State,
        Self::Status,
        Self::UpdateTime,
        Self::PermissionPreset,
    ];

    /// Those that an update may set, as they stand among the body parameters of the page; in the order of their pointers.
    pub const WRITABLE: [Self; 5] =
        [Self::DisplayName, Self::Email, Self::PermissionPreset, Self::Role, Self::ServiceAccount];

    /// The member of this name, spelled as the page does or as the field mask does (ProtoJSON: "parsers accept both the
    /// lowerCamelCase name and the original proto field name").
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "role" => Self::Role,
            "name" => Self::Name,
            "displayName" | "display_name" => Self::DisplayName,
            "serviceAccount" | "service_account" => Self::ServiceAccount,
            "createTime" | "create_time" => Self::CreateTime,
            "email" => Self::Email,
            "state" => Self::State,
            "status" => Self::Status,
            "updateTime" | "update_time" => Self::UpdateTime,
            "permissionPreset" | "permission_preset" => Self::PermissionPreset,
            _ => return None,
        })
    }

    /// The JSON Pointer, which is a slash and the name on the page.
    const fn path(self) -> &'static str {
        match self {
            Self::Role => "/role",
            Self::Name => "/name",
            Self::DisplayName => "/displayName",
            Self::ServiceAccount => "/serviceAccount",
            Self::CreateTime => "/createTime",
            Self::Email => "/email",
            Self::State => "/state",
            Self::Status => "/status",
            Self::UpdateTime => "/updateTime",
            Self::PermissionPreset => "/permissionPreset",
        }
    }

    pub const fn pointer(self) -> Pointer {
        Pointer::fixed(self.path())
    }

    /// The name on the page.
    pub fn name(self) -> &'static str {
        self.path().strip_prefix('/').unwrap_or_default()
    }

    /// The name in a field mask.
    pub const fn path_in_mask(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Name => "name",
            Self::DisplayName => "display_name",
            Self::ServiceAccount => "service_account",
            Self::CreateTime => "create_time",
            Self::Email => "email",
            Self::State => "state",
            Self::Status => "status",
            Self::UpdateTime => "update_time",
            Self::PermissionPreset => "permission_preset",
        }
    }

    /// Whether an update may set it.
    pub fn is_writable(self) -> bool {
        Self::WRITABLE.contains(&self)
    }

    /// What a value must be that is not null, in words.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::ServiceAccount => "must be a boolean",
            Self::CreateTime | Self::UpdateTime => "must be an RFC 3339 date and time",
            Self::State => "must be a string or an integer",
            Self::Status => "must be an object",
            _ => "must be a string",
        }
    }

    /// Whether `value`, which is not null, is what the member holds.
    #[inline]
    pub fn takes(self, value: &Json<'_>) -> bool {
        match self {
            Self::ServiceAccount => value.kind() == Kind::Boolean,
            Self::CreateTime | Self::UpdateTime => value.as_str().is_some_and(|text| Timestamp::is_rfc3339(&text)),
            Self::State => is_enum_value(value),
            Self::Status => value.kind() == Kind::Object,
            _ => value.kind() == Kind::String,
        }
    }
}

/// An enum value in ProtoJSON is the name of the value or its number.
fn is_enum_value(value: &Json<'_>) -> bool {
    value.kind() == Kind::String || value.is_integer()
}

/// A member of `status`: what its value must be where it has a wrong one, or that there is no such member.
pub(super) enum InStatus {
    Fine,
    Wrong(&'static str),
    Unknown,
}

/// Looks at a member of `status`, which "mimics google/rpc/status.proto": `code` and `message`.
pub(super) fn in_status(name: &str, value: &Json<'_>) -> InStatus {
    match name {
        "code" if value.is_null() || is_enum_value(value) => InStatus::Fine,
        "code" => InStatus::Wrong("must be a string or an integer"),
        "message" if value.is_null() || value.kind() == Kind::String => InStatus::Fine,
        "message" => InStatus::Wrong("must be a string"),
        _ => InStatus::Unknown,
    }
}

//! THE table: each member of the user, its name on the page and in field masks, what it is, and who sets it.

use super::form::Form;
use crate::engine::{Writer, members};

members! {
    with masks;
    Role = "role": Form::Text, Writer::Update;
    Name = "name": Form::Text, Writer::Vendor;
    DisplayName = "displayName" | "display_name": Form::Text, Writer::Update;
    ServiceAccount = "serviceAccount" | "service_account": Form::Flag, Writer::Update;
    CreateTime = "createTime" | "create_time": Form::Time, Writer::VendorItself;
    Email = "email": Form::Text, Writer::Update;
    State = "state": Form::State, Writer::VendorItself;
    Status = "status": Form::Status, Writer::VendorItself;
    UpdateTime = "updateTime" | "update_time": Form::Time, Writer::VendorItself;
    PermissionPreset = "permissionPreset" | "permission_preset": Form::Text, Writer::Update;
}

impl Member {
    /// Those that an update may set.
    pub(super) fn writable() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|member| member.writer() == Writer::Update)
    }

    /// Those that the page marks read-only.
    pub(super) fn read_only() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|member| member.writer() != Writer::Update)
    }
}

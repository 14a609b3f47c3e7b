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
    /// A path of names, under the page's name where it begins with a member under either of its names.
    pub(super) fn spelled<'p>(path: &[&'p str]) -> Vec<&'p str> {
        let mut path = path.to_vec();
        if let Some(first) = path.first_mut() {
            *first = Self::named(first.as_bytes()).map_or(*first, |member| member.name());
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::Member;

    #[test]
    fn the_order_of_the_pointers_has_each_member_once() {
        assert!(Member::BY_POINTER.is_sorted_by(|one, other| one.pointer() < other.pointer()));
    }
}

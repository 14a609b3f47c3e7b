//! The roles of the platform, which the page calls "the set of roles assigned to a user" and does not list.

use std::{borrow::Cow, collections::HashSet};

use crate::engine::{Json, write_array};

pub(super) const PLATFORM_ADMIN: &str = "ece_platform_admin";
const DEPLOYMENT_MANAGER: &str = "ece_deployment_manager";
const DEPLOYMENT_VIEWER: &str = "ece_deployment_viewer";

/// The roles of a platform without roles of its own, from the vendor's SDK.
pub const ROLES: [&str; 4] = [PLATFORM_ADMIN, "ece_platform_viewer", DEPLOYMENT_MANAGER, DEPLOYMENT_VIEWER];

/// The roles of an array: those of [`ROLES`] by their position, which costs no allocation, and any others by name.
#[derive(Debug, Default)]
pub(super) struct RoleSet<'v> {
    own: [bool; ROLES.len()],
    others: HashSet<Cow<'v, str>>,
    /// Whether the array names one of them twice.
    pub has_duplicates: bool,
}

impl<'v> RoleSet<'v> {
    /// Reads an array of strings; nothing is an empty one.
    pub fn of(array: Option<&'v Json<'_>>) -> Self {
        let mut set = Self::default();
        for role in roles_in(array) {
            let is_new = match ROLES.iter().zip(&mut set.own).find(|(own, _)| **own == role) {
                Some((_, held)) => !std::mem::replace(held, true),
                None => set.others.insert(role),
            };
            set.has_duplicates |= !is_new;
        }
        set
    }

    pub fn contains(&self, role: &str) -> bool {
        ROLES.iter().zip(self.own).any(|(own, held)| held && *own == role) || self.others.contains(role)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let own = ROLES.into_iter().zip(self.own).filter_map(|(role, held)| held.then_some(role));
        own.chain(self.others.iter().map(|role| &**role))
    }

    /// Whether roles exclude each other: the admin has every right, and a manager has every right of a viewer.
    pub fn has_exclusive(&self) -> bool {
        self.contains(PLATFORM_ADMIN) && self.iter().count() > 1
            || self.contains(DEPLOYMENT_MANAGER) && self.contains(DEPLOYMENT_VIEWER)
    }
}

/// The same roles, whatever the order and however often.
impl PartialEq for RoleSet<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.own == other.own && self.others == other.others
    }
}

/// The roles in an array of strings.
pub(super) fn roles_in<'v>(array: Option<&'v Json<'_>>) -> impl Iterator<Item = Cow<'v, str>> {
    array.into_iter().flat_map(Json::elements).filter_map(Json::into_str)
}

/// The array with each role once, in the order in which they come first.
pub(super) fn without_duplicates(array: &Json<'_>) -> Json<'static> {
    let mut seen = HashSet::new();
    let mut out = String::with_capacity(array.text().len());
    write_array(
        &mut out,
        array.elements().filter(|role| seen.insert(role.as_str().map(Cow::into_owned))),
        |out, role| {
            out.push_str(role.text());
        },
    );
    Json::written(out)
}

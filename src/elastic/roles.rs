//! The roles of the platform, which the page calls "the set of roles assigned to a user" and does not list.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
};

use crate::engine::{Json, Kind, write_array};

const PLATFORM_ADMIN: &str = "ece_platform_admin";
const PLATFORM_VIEWER: &str = "ece_platform_viewer";
const DEPLOYMENT_MANAGER: &str = "ece_deployment_manager";
const DEPLOYMENT_VIEWER: &str = "ece_deployment_viewer";

/// The roles of a platform without roles of its own, from the vendor's SDK.
pub const ROLES: [&str; 4] = [PLATFORM_ADMIN, PLATFORM_VIEWER, DEPLOYMENT_MANAGER, DEPLOYMENT_VIEWER];

/// The roles of an array: those of [`ROLES`] by their position, which costs no allocation, and any others by name.
#[derive(Debug, Clone, Default)]
pub(super) struct RoleSet<'v> {
    own: [bool; ROLES.len()],
    others: BTreeSet<Cow<'v, str>>,
    /// Whether the array names one of them twice.
    pub has_duplicates: bool,
}

impl<'v> RoleSet<'v> {
    /// Reads an array; `None` where it holds something else than strings, or is none.
    pub fn of(array: &'v Json<'_>) -> Option<Self> {
        let mut set = Self::default();
        for role in array.strings() {
            set.insert(role?);
        }
        (array.kind() == Kind::Array).then_some(set)
    }

    pub fn insert(&mut self, role: Cow<'v, str>) {
        let [admin, platform_viewer, manager, viewer] = &mut self.own;
        let held = match &*role {
            PLATFORM_ADMIN => admin,
            PLATFORM_VIEWER => platform_viewer,
            DEPLOYMENT_MANAGER => manager,
            DEPLOYMENT_VIEWER => viewer,
            _ => {
                self.has_duplicates |= !self.others.insert(role);
                return;
            }
        };
        self.has_duplicates |= std::mem::replace(held, true);
    }

    /// The same set, with the names as its own.
    pub fn into_owned(self) -> RoleSet<'static> {
        let others = self.others.into_iter().map(|role| Cow::Owned(role.into_owned())).collect();
        RoleSet { own: self.own, others, has_duplicates: self.has_duplicates }
    }

    pub const fn has_platform_admin(&self) -> bool {
        let [admin, ..] = self.own;
        admin
    }

    /// Whether each of the roles is one of [`ROLES`].
    pub fn is_own(&self) -> bool {
        self.others.is_empty()
    }

    /// Whether roles exclude each other: the admin has every right, and a manager has every right of a viewer.
    pub fn has_exclusive(&self) -> bool {
        let [admin, platform_viewer, manager, viewer] = self.own;
        admin && (platform_viewer || manager || viewer || !self.is_own()) || manager && viewer
    }

    pub fn contains(&self, role: &str) -> bool {
        ROLES.iter().zip(self.own).any(|(own, held)| held && *own == role) || self.others.contains(role)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let own = ROLES.into_iter().zip(self.own).filter_map(|(role, held)| held.then_some(role));
        own.chain(self.others.iter().map(|role| &**role))
    }
}

/// The same roles, whatever the order and however often.
impl PartialEq for RoleSet<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.own == other.own && self.others == other.others
    }
}

impl Eq for RoleSet<'_> {}

/// The roles in an array of strings.
pub(super) fn roles_in<'v>(array: Option<&'v Json<'_>>) -> impl Iterator<Item = Cow<'v, str>> {
    array.into_iter().flat_map(Json::strings).flatten()
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

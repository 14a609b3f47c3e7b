//! The roles of the platform, which the page calls "the set of roles assigned to a user" and does not list.

use std::{borrow::Cow, collections::HashSet};

use crate::engine::{Json, write_array};

pub(super) const PLATFORM_ADMIN: &str = "ece_platform_admin";
const DEPLOYMENT_MANAGER: &str = "ece_deployment_manager";
const DEPLOYMENT_VIEWER: &str = "ece_deployment_viewer";

/// The roles of a platform without roles of its own, from the vendor's SDK.
pub const ROLES: [&str; 4] = [PLATFORM_ADMIN, "ece_platform_viewer", DEPLOYMENT_MANAGER, DEPLOYMENT_VIEWER];

/// Roles that exclude each other: the admin has every right, and a manager has every right of a viewer.
pub(super) fn exclude_each_other<'v>(roles: impl Iterator<Item = Cow<'v, str>>) -> bool {
    let (mut admin, mut others, mut manager, mut viewer) = (false, false, false, false);
    roles.for_each(|role| match &*role {
        PLATFORM_ADMIN => admin = true,
        role => {
            others = true;
            manager |= role == DEPLOYMENT_MANAGER;
            viewer |= role == DEPLOYMENT_VIEWER;
        }
    });
    admin && others || manager && viewer
}

/// The roles in an array of strings.
pub(super) fn roles_in<'v>(array: Option<&'v Json<'_>>) -> impl Iterator<Item = Cow<'v, str>> {
    array.into_iter().flat_map(Json::elements).filter_map(Json::into_str)
}

/// Up to this many roles are looked through one by one, which allocates nothing.
const FEW: usize = 16;

/// The roles of an array, to be asked for one after the other.
pub(super) enum Held<'v> {
    Few(Option<&'v Json<'v>>),
    Many(HashSet<Cow<'v, str>>),
}

impl<'v> Held<'v> {
    pub fn new(array: Option<&'v Json<'_>>) -> Self {
        match roles_in(array).nth(FEW) {
            None => Self::Few(array),
            Some(_) => Self::Many(roles_in(array).collect()),
        }
    }

    pub fn contains(&self, role: &str) -> bool {
        match self {
            Self::Few(array) => roles_in(*array).any(|held| held == role),
            Self::Many(roles) => roles.contains(role),
        }
    }
}

/// Whether two arrays hold the same roles, whatever the order and however often.
pub(super) fn same_set(one: Option<&Json<'_>>, other: Option<&Json<'_>>) -> bool {
    let holds_all = |all, of| {
        let held = Held::new(all);
        roles_in(of).all(|role| held.contains(&role))
    };
    holds_all(one, other) && holds_all(other, one)
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

//! The roles of the platform, which the page calls "the set of roles assigned to a user" and does not list.

use super::context::Context;
use crate::engine::{Name, StringSet, Value};

pub(super) const PLATFORM_ADMIN: &str = "ece_platform_admin";
const PLATFORM_VIEWER: &str = "ece_platform_viewer";
const DEPLOYMENT_MANAGER: &str = "ece_deployment_manager";
const DEPLOYMENT_VIEWER: &str = "ece_deployment_viewer";

/// The roles of a platform without roles of its own, from the vendor's SDK.
pub const ROLES: &[&str] = &[PLATFORM_ADMIN, PLATFORM_VIEWER, DEPLOYMENT_MANAGER, DEPLOYMENT_VIEWER];

/// What is wrong with the roles of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Wrong {
    /// One that is added is not known.
    pub(super) unknown: bool,
    /// One is added, and then some exclude each other.
    pub(super) exclusive: bool,
    /// One that is added may not be assigned by the caller.
    pub(super) forbidden: bool,
}

/// The roles that an update gives a user, beside those that the user holds.
pub(super) struct Roles<'r> {
    given: StringSet<'r>,
    held: StringSet<'r>,
}

impl<'r> Roles<'r> {
    #[inline]
    pub(super) fn of(given: Value<'r>, held: Option<Value<'r>>) -> Self {
        Self { given: StringSet::of(Some(given)), held: StringSet::of(held) }
    }

    pub(super) const fn given(&self) -> &StringSet<'r> {
        &self.given
    }

    /// Whether the user holds other roles than these, or none that are an array.
    pub(super) fn differ(&self) -> bool {
        !self.held.is_array_of_strings() || self.given != self.held
    }

    /// Judges the roles: each by itself where it is new, all together where one is.
    pub(super) fn wrong(&self, user_is_platform_admin: bool, ctx: &Context) -> Wrong {
        let may_assign_all = ctx.assignable_roles.is_none() && user_is_platform_admin;
        let mut wrong = Wrong::default();
        let mut is_added = false;
        self.given.for_each(|role| {
            if self.held.contains(role) {
                return;
            }
            is_added = true;
            let role = role.decoded();
            let is_known = match &ctx.service.known_roles {
                Some(known) => known.contains(&*role),
                None => ROLES.contains(&&*role),
            };
            let may_assign = || ctx.assignable_roles.as_ref().is_some_and(|roles| roles.contains(&*role));
            wrong.unknown |= !is_known;
            wrong.forbidden |= is_known && !may_assign_all && !may_assign();
        });
        wrong.exclusive = is_added && ctx.policy().role_combinations && has_exclusive(&self.given);
        wrong
    }
}

/// Whether `ece_platform_admin` is among the roles of an array.
pub(super) fn has_platform_admin(roles: Option<Value<'_>>) -> bool {
    roles.is_some_and(|roles| roles.to_json().strings().any(|role| role.is_some_and(|role| role == PLATFORM_ADMIN)))
}

/// Whether roles exclude each other: the admin has every right, and a manager has every right of a viewer.
fn has_exclusive(roles: &StringSet<'_>) -> bool {
    let holds = |role: &'static str| roles.contains(Name::plain(role));
    roles.has_several() && (holds(PLATFORM_ADMIN) || holds(DEPLOYMENT_MANAGER) && holds(DEPLOYMENT_VIEWER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Document, Limits};

    fn wrong(roles: &str, stored: &str, ctx: &Context) -> (bool, bool, bool) {
        let [roles, stored] = [roles, stored]
            .map(|text| Document::parse(text.as_bytes(), &Limits::default()).map(Document::into_owned).unwrap());
        let is_platform_admin = has_platform_admin(Some(stored.value()));
        let roles = Roles::of(roles.value(), Some(stored.value()));
        let Wrong { unknown, exclusive, forbidden } = roles.wrong(is_platform_admin, ctx);
        (unknown, exclusive, forbidden)
    }

    #[test]
    fn a_stored_role_is_never_judged() {
        let ctx = Context::default();
        for (roles, stored, judged) in [
            (r#"["x","ece_platform_viewer"]"#, r#"["ece_platform_viewer","x"]"#, (false, false, false)),
            (r#"["x"]"#, r#"["ece_platform_viewer","x"]"#, (false, false, false)),
            (r#"["x","y"]"#, r#"["x"]"#, (true, false, false)),
            (r#"["x","ece_platform_viewer"]"#, r#"["x"]"#, (false, false, true)),
            (r#"["ece_platform_viewer"]"#, r#"["ece_platform_admin"]"#, (false, false, false)),
        ] {
            assert_eq!(wrong(roles, stored, &ctx), judged, "{roles} where {stored} are");
        }
    }

    #[test]
    fn a_combination_is_judged_where_one_is_added() {
        let ctx = Context::default();
        let stored = r#"["ece_platform_admin","ece_deployment_manager","ece_deployment_viewer"]"#;
        for (roles, judged) in [
            (r#"["ece_deployment_viewer","ece_platform_admin"]"#, false),
            (r#"["ece_deployment_viewer","ece_deployment_manager"]"#, false),
            (r#"["ece_deployment_viewer","ece_deployment_manager","ece_platform_viewer"]"#, true),
            (r#"["ece_deployment_viewer","ece_platform_viewer"]"#, false),
            (r#"["ece_platform_admin","ece_platform_viewer"]"#, true),
        ] {
            assert_eq!(wrong(roles, stored, &ctx), (false, judged, false), "{roles}");
        }
        let twice = r#"["ece_platform_admin","\u0065ce_platform_admin"]"#;
        assert_eq!(wrong(twice, r#"["ece_platform_viewer"]"#, &ctx), (false, false, true));
    }
}

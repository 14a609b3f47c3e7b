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

/// The roles of an array of nothing but [`ROLES`], as one bit each: what most users and updates have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct PlatformRoles {
    bits: u8,
    has_duplicates: bool,
}

impl PlatformRoles {
    pub(super) fn of(array: Option<Value<'_>>) -> Option<Self> {
        let mut roles = Self::default();
        let are_all = array?.are_plain_strings(|name| {
            let bit = Self::bit(name);
            roles.has_duplicates |= roles.bits & bit != 0;
            roles.bits |= bit;
            bit != 0
        });
        are_all.then_some(roles)
    }

    /// The bit of a role, which is its place in [`ROLES`]; none of another one.
    #[inline]
    fn bit(role: &[u8]) -> u8 {
        ROLES.iter().position(|known| known.as_bytes() == role).map_or(0, |at| 1 << at)
    }

    /// Whether some exclude each other: the admin has every right, and a manager has every right of a viewer.
    const fn are_exclusive(self) -> bool {
        const ADMIN: u8 = 0b0001;
        const MANAGER_AND_VIEWER: u8 = 0b1100;
        self.bits.count_ones() > 1 && (self.bits & ADMIN != 0 || self.bits & MANAGER_AND_VIEWER == MANAGER_AND_VIEWER)
    }

    fn names(bits: u8) -> impl Iterator<Item = &'static str> {
        ROLES.iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1).map(|(_, role)| *role)
    }
}

/// The roles that an update gives a user, beside those that the user holds.
pub(super) enum Roles<'r> {
    /// Both are roles of the platform and no others.
    Platform { given: PlatformRoles, held: PlatformRoles },
    /// Whatever they are. In a box, so that the usual ones are moved cheaply.
    Any(Box<Sets<'r>>),
}

/// The roles that are given, beside those that are held.
pub(super) struct Sets<'r> {
    given: StringSet<'r>,
    held: StringSet<'r>,
}

impl<'r> Roles<'r> {
    /// `held_of_platform` is what [`PlatformRoles::of`] says of `held`, which is known of a user.
    #[inline]
    pub(super) fn of(given: Value<'r>, held: Option<Value<'r>>, held_of_platform: Option<PlatformRoles>) -> Self {
        // Mostly they are repeated.
        let of_platform =
            |roles: Value<'_>, known: PlatformRoles| match held.is_some_and(|held| held.is_written_as(roles)) {
                true => Some(known),
                false => PlatformRoles::of(Some(roles)),
            };
        match held_of_platform.and_then(|held| Some((of_platform(given, held)?, held))) {
            Some((given, held)) => Self::Platform { given, held },
            None => Self::any(given, held),
        }
    }

    #[inline(never)] // So that its caller stays small.
    fn any(given: Value<'r>, held: Option<Value<'r>>) -> Self {
        Self::Any(Box::new(Sets { given: StringSet::of(Some(given)), held: StringSet::of(held) }))
    }

    /// Whether what is given is an array of nothing but strings.
    pub(super) fn are_strings(&self) -> bool {
        match self {
            Self::Platform { .. } => true,
            Self::Any(sets) => sets.given.is_array_of_strings(),
        }
    }

    /// Whether a role is given twice.
    pub(super) fn have_duplicates(&self) -> bool {
        match self {
            Self::Platform { given, .. } => given.has_duplicates,
            Self::Any(sets) => sets.given.has_duplicates(),
        }
    }

    /// Whether the user holds other roles than these, or none that are an array.
    pub(super) fn differ(&self) -> bool {
        match self {
            Self::Platform { given, held } => given.bits != held.bits,
            Self::Any(sets) => !sets.held.is_array_of_strings() || sets.given != sets.held,
        }
    }

    /// Judges the roles: each by itself where it is new, all together where one is.
    pub(super) fn wrong(&self, user_is_platform_admin: bool, ctx: &Context) -> Wrong {
        let mut wrong = Wrong::default();
        let mut is_added = false;
        let mut add = |role: &str, is_of_platform: bool| {
            is_added = true;
            wrong.add(role, is_of_platform, user_is_platform_admin, ctx);
        };
        let are_exclusive = match self {
            Self::Platform { given, held } => {
                PlatformRoles::names(given.bits & !held.bits).for_each(|role| add(role, true));
                given.are_exclusive()
            }
            Self::Any(sets) => {
                let Sets { given, held } = &**sets;
                given.for_each(|role| {
                    if !held.contains(role) {
                        let role = role.decoded();
                        add(&role, ROLES.contains(&&*role));
                    }
                });
                let has = |role| given.contains(Name::plain(role));
                given.has_several() && (has(PLATFORM_ADMIN) || has(DEPLOYMENT_MANAGER) && has(DEPLOYMENT_VIEWER))
            }
        };
        wrong.exclusive = is_added && ctx.policy().role_combinations && are_exclusive;
        wrong
    }
}

impl Wrong {
    /// Judges a role that is added.
    fn add(&mut self, role: &str, is_of_platform: bool, user_is_platform_admin: bool, ctx: &Context) {
        let is_known = match &ctx.service.known_roles {
            Some(known) => known.contains(role),
            None => is_of_platform,
        };
        let may_assign = match &ctx.assignable_roles {
            Some(roles) => roles.contains(role),
            None => user_is_platform_admin,
        };
        self.unknown |= !is_known;
        self.forbidden |= is_known && !may_assign;
    }
}

/// Whether `ece_platform_admin` is among the roles of an array.
pub(super) fn has_platform_admin(roles: Option<Value<'_>>) -> bool {
    roles.is_some_and(|roles| roles.to_json().strings().any(|role| role.is_some_and(|role| role == PLATFORM_ADMIN)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Document, Limits};

    fn wrong(roles: &str, stored: &str, ctx: &Context) -> (bool, bool, bool) {
        let [roles, stored] = [roles, stored]
            .map(|text| Document::parse(text.as_bytes(), &Limits::default()).map(Document::into_owned).unwrap());
        let is_platform_admin = has_platform_admin(Some(stored.value()));
        let held = PlatformRoles::of(Some(stored.value()));
        let roles =
            [Roles::of(roles.value(), Some(stored.value()), held), Roles::any(roles.value(), Some(stored.value()))];
        let told = roles.map(|roles| {
            let Wrong { unknown, exclusive, forbidden } = roles.wrong(is_platform_admin, ctx);
            ((unknown, exclusive, forbidden), roles.differ(), roles.have_duplicates(), roles.are_strings())
        });
        assert!(ROLES.iter().enumerate().all(|(at, role)| PlatformRoles::bit(role.as_bytes()) == 1 << at));
        assert_eq!(told[0], told[1], "known by their bits or not");
        told[0].0
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

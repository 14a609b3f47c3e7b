//! Every violation of an update.

use super::{
    Context, Patch, Refusal, UnknownMembers, User, Violation,
    password::is_long_enough,
    patch::{ENABLED_AT, ROLES_AT, SECURITY},
    roles::{ROLES, RoleSet},
};
use crate::engine::{Field, Json, Kind, Node, Object, Pointer, changes};

const PASSWORD_AT: Pointer = Pointer::fixed("/security/password");

/// The members of `security` that nobody sets by an update.
pub(super) fn is_restricted_in_security(name: &str) -> bool {
    matches!(name, "permissions" | "elevated_permissions" | "security_realm")
}

/// The members of `metadata` that the page names, and that nobody sets by an update.
pub(super) fn is_restricted_in_metadata(name: &str) -> bool {
    matches!(name, "created_by" | "created_at" | "updated_by" | "updated_at" | "first_login_at" | "last_login_at")
}

impl Patch<'_> {
    pub(super) fn violations(&self, user: &User, ctx: &Context) -> Vec<Violation> {
        // Of a user that cannot be modified at all nothing else needs saying.
        if user.is_builtin() {
            return vec![Violation::new(Refusal::Builtin, Pointer::root())];
        }
        if user.is_external() {
            return vec![Violation::new(Refusal::External, Pointer::root())];
        }
        let mut found = Vec::new();
        if ctx.policy.unknown_members == UnknownMembers::Refuse {
            let names = self.unknown.iter().map(|(name, _)| Pointer::root().into_child(name));
            found.extend(names.map(|pointer| Violation::new(Refusal::UnknownMember, pointer)));
        }
        let documented = &self.documented;
        for (place, field) in [("/full_name", &documented.full_name), ("/email", &documented.email)] {
            if field.set().is_some_and(|value| value.kind() != Kind::String) {
                found.push(Violation::saying(Refusal::WrongType, Pointer::fixed(place), "must be a string"));
            }
        }
        let mut restricted = Vec::new();
        for (place, field) in [("/user_name", &documented.user_name), ("/builtin", &documented.builtin)] {
            if let Some(value) = field.said() {
                let old = user.document.get(name_at(place));
                changes(old, &value, &|| Pointer::fixed(place), &mut restricted);
            }
        }
        for (place, field, is_restricted) in [
            ("/metadata", &documented.metadata, is_restricted_in_metadata as fn(&str) -> bool),
            ("/security", &documented.security, is_restricted_in_security),
        ] {
            self.restrict_in(user, place, field, is_restricted, &mut restricted, &mut found);
        }
        for place in restricted.into_iter().filter(|place| !self.repeats_null(user, place)) {
            found.push(Violation::new(Refusal::Restricted, place));
        }
        if documented.security == Field::Null {
            found.push(Violation::new(Refusal::Required, SECURITY));
        }
        self.check_security(user, ctx, &mut found);
        found
    }

    /// Whether the patch says null where a null is stored: the value it sends back is the one it read.
    fn repeats_null(&self, user: &User, place: &Pointer) -> bool {
        if !stored(user, place).is_some_and(|node| node.as_leaf().is_some_and(Json::is_null)) {
            return false;
        }
        let path: Vec<_> = place.tokens().collect();
        let path: Vec<&str> = path.iter().map(|name| &**name).collect();
        let body = Node::of(&self.body);
        let says_null = |end| body.as_object()?.at(path.get(..end)?)?.as_leaf().map(Json::is_null);
        (1..=path.len()).any(|end| says_null(end) == Some(true))
    }

    /// Finds what changes of the restricted members inside the object at `place`.
    fn restrict_in(
        &self,
        user: &User,
        place: &'static str,
        field: &Field<Json<'_>>,
        is_restricted: fn(&str) -> bool,
        restricted: &mut Vec<Pointer>,
        found: &mut Vec<Violation>,
    ) {
        let stored = || user.document.get(name_at(place)).and_then(Node::as_object);
        let member = |name: &str| Pointer::fixed(place).into_child(name);
        match field {
            Field::Absent => {}
            Field::Null => {
                let gone = stored().into_iter().flat_map(Object::members).filter(|(name, _)| is_restricted(name));
                restricted.extend(gone.map(|(name, _)| member(name)));
            }
            Field::Set(value) if value.kind() != Kind::Object => {
                found.push(Violation::saying(Refusal::WrongType, Pointer::fixed(place), "must be an object"));
            }
            Field::Set(_) if !self.documented.mentions_restricted => {}
            Field::Set(value) => {
                let stored = stored();
                for (name, value) in value.members().filter(|(name, _)| is_restricted(name)) {
                    let old = stored.and_then(|stored| stored.get(&name));
                    changes(old, &value, &|| member(&name), restricted);
                }
            }
        }
    }

    fn check_security(&self, user: &User, ctx: &Context, found: &mut Vec<Violation>) {
        let documented = &self.documented;
        match (documented.roles.set(), &documented.role_set) {
            (None, _) => {}
            (Some(_), Some(roles)) => check_roles(roles, &user.facts.roles, ctx, found),
            (Some(_), None) => {
                found.push(Violation::saying(Refusal::WrongType, ROLES_AT, "must be an array of strings"))
            }
        }
        match documented.password.set().map(Json::as_str) {
            None => {}
            Some(None) => found.push(Violation::saying(Refusal::WrongType, PASSWORD_AT, "must be a string")),
            Some(Some(password)) if is_long_enough(&password) => {}
            Some(Some(_)) => found.push(Violation::new(Refusal::PasswordTooShort, PASSWORD_AT)),
        }
        let enabled = match &documented.enabled {
            Field::Absent => return,
            Field::Null => Some(true),
            Field::Set(value) => value.as_bool(),
        };
        match enabled {
            None => found.push(Violation::saying(Refusal::WrongType, ENABLED_AT, "must be a boolean")),
            Some(enabled) if enabled != user.is_enabled() && !user.is_platform_admin() => {
                found.push(Violation::new(Refusal::EnabledRestricted, ENABLED_AT));
            }
            Some(_) => {}
        }
    }
}

/// The name of the member at the top level that a pointer leads to.
pub(super) fn name_at(place: &'static str) -> &'static str {
    place.strip_prefix('/').unwrap_or(place)
}

/// What the stored user has at a place.
fn stored<'v>(user: &'v User, place: &Pointer) -> Option<&'v Node> {
    let mut names = place.tokens();
    let first = user.document.get(&names.next()?);
    names.fold(first, |node, name| node?.as_object()?.get(&name))
}

/// "Some of the provided roles are invalid", "Some of the provided roles are forbidden".
fn check_roles(roles: &RoleSet<'_>, held: &RoleSet<'_>, ctx: &Context, found: &mut Vec<Violation>) {
    if roles == held {
        return;
    }
    let mut refuse = |refusal| found.push(Violation::new(refusal, ROLES_AT));
    let is_known = |role: &str| ctx.known_roles.as_ref().map_or(ROLES.contains(&role), |known| known.contains(role));
    let are_known = if ctx.known_roles.is_none() { roles.is_own() } else { roles.iter().all(is_known) };
    if !are_known {
        refuse(Refusal::RoleUnknown);
    }
    if ctx.policy.role_combinations && roles.has_exclusive() {
        refuse(Refusal::RoleCombination);
    }
    let may_assign = |role: &str| ctx.assignable_roles.as_ref().is_some_and(|assignable| assignable.contains(role));
    let may_assign_all = ctx.assignable_roles.is_none() && held.has_platform_admin();
    if !may_assign_all && roles.iter().any(|role| is_known(role) && !held.contains(role) && !may_assign(role)) {
        refuse(Refusal::RoleForbidden);
    }
}

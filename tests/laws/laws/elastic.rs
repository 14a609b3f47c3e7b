//! The page of Elastic, and the laws that are its own.

use std::{collections::BTreeSet, sync::Arc};

use user_patch::{
    elastic::{Context, MisplacedPassword, StringBody, UnknownMembers},
    engine::{Limits, MergePatch, Timestamp},
    vendor::Elastic,
};

use super::{
    Case, Law, Request,
    page::{Fault, Page, Repeatable, Said},
    same,
    tree::{Members, Tree},
    unlimited,
};

const ADMIN: &str = "ece_platform_admin";
const ROLES: [&str; 4] = [ADMIN, "ece_platform_viewer", "ece_deployment_manager", "ece_deployment_viewer"];
const TIMES: [&[&str]; 5] = [
    &["metadata", "created_at"],
    &["metadata", "updated_at"],
    &["metadata", "first_login_at"],
    &["metadata", "last_login_at"],
    &["security", "elevated_permissions", "expires_at"],
];
const SETS: [&[&str]; 2] = [&["security", "roles"], &["security", "permissions"]];
/// The members that no update sets.
const RESTRICTED: [&[&str]; 15] = [
    &["user_name"],
    &["builtin"],
    &["metadata", "created_by"],
    &["metadata", "created_at"],
    &["metadata", "updated_by"],
    &["metadata", "updated_at"],
    &["metadata", "first_login_at"],
    &["metadata", "last_login_at"],
    &["security", "permissions"],
    &["security", "elevated_permissions"],
    &["security", "elevated_permissions", "enabled"],
    &["security", "elevated_permissions", "expires_at"],
    &["security", "security_realm"],
    &["security", "security_realm", "type"],
    &["security", "security_realm", "id"],
];

impl Page for Elastic {
    const DOCUMENTED: &'static [&'static str] = &["user_name", "security", "metadata", "full_name", "email", "builtin"];
    const PLACES: &'static [&'static str] =
        &["/security", "/metadata", "/security/elevated_permissions", "/security/security_realm"];
    const KEPT: &'static [&'static [&'static str]] = &[
        &["metadata", "created_by"],
        &["metadata", "created_at"],
        &["metadata", "updated_by"],
        &["metadata", "updated_at"],
        &["metadata", "first_login_at"],
        &["metadata", "last_login_at"],
        &["security", "permissions"],
        &["security", "elevated_permissions"],
    ];
    const UPDATED: &'static [&'static str] = &["metadata", "updated_at"];
    const STATUSES: &'static [u16] = &[400];

    fn limits(ctx: &Context) -> Limits {
        ctx.policy().limits()
    }

    fn limited(ctx: &Context, limits: Limits) -> Context {
        let mut ctx = ctx.clone();
        let policy = &mut Arc::make_mut(&mut ctx.service).policy;
        (policy.max_bytes, policy.max_depth) = (limits.max_bytes, limits.max_depth);
        ctx
    }

    fn at_no_time(ctx: &Context) -> Context {
        let mut ctx = ctx.clone();
        (ctx.now, ctx.actor) = (None, None);
        ctx
    }

    fn is_allowed(_: &Context) -> bool {
        true
    }

    /// Roles and permissions are sets, a date and time is a moment. Where no update sets a member, a null is nothing, and so is
    /// the default.
    fn meaning(mut user: Tree) -> Tree {
        for place in RESTRICTED {
            if user.at(place) == Some(&Tree::Null) || place == ["builtin"] && user.at(place) == Some(&Tree::Bool(false))
            {
                user.remove(place);
            }
        }
        for place in TIMES {
            if let Some(Tree::String(text)) = user.at(place)
                && let Ok(moment) = text.parse::<Timestamp>()
            {
                user.set(place, Tree::String(moment.to_string()));
            }
        }
        for place in SETS {
            if let Some(Tree::Array(elements)) = user.at(place) {
                let set: BTreeSet<_> = elements.iter().cloned().collect();
                user.set(place, Tree::Array(set.into_iter().collect()));
            }
        }
        user
    }

    /// No member named `password`.
    fn audited(user: Tree) -> Tree {
        match user {
            Tree::Array(elements) => Tree::Array(elements.into_iter().map(Self::audited).collect()),
            Tree::Object(members) => {
                let members = members.into_iter().filter(|(name, _)| !is_password(name));
                Tree::Object(members.map(|(name, value)| (name, Self::audited(value))).collect())
            }
            other => other,
        }
    }

    fn stamped(mut user: Tree, ctx: &Context) -> Tree {
        if let Some(now) = ctx.now {
            user.set(&["metadata", "updated_at"], Tree::String(now.to_string()));
        }
        if let Some(actor) = &ctx.actor {
            user.set(&["metadata", "updated_by"], Tree::string(actor));
        }
        user
    }

    fn result(before: &Tree, said: &Said, _: &Context) -> Tree {
        let mut patch = said.body.clone();
        patch.remove(&["security", "password"]);
        // What an accepted update says of these is what is there.
        RESTRICTED.iter().for_each(|place| patch.remove(place));
        // A null is the default, where there is something else.
        for (name, default) in [("roles", Tree::Array(Vec::new())), ("enabled", Tree::Bool(true))] {
            let place = ["security", name];
            if patch.at(&place) == Some(&Tree::Null) {
                match before.at(&place) {
                    None | Some(Tree::Null) => patch.remove(&place),
                    Some(_) => patch.set(&place, default),
                }
            }
        }
        Self::meaning(before.merged(&patch))
    }

    fn faults(user: &Tree, ctx: &Context) -> BTreeSet<Fault> {
        let roles = roles(user);
        let known = |role: &str| match &ctx.service.known_roles {
            Some(known) => known.contains(role),
            None => ROLES.contains(&role),
        };
        let unknown = roles.iter().filter(|role| !known(role)).map(|role| (role.clone(), "elastic.roles.known"));
        let has = |role: &str| roles.contains(role);
        let exclusive = has(ADMIN) && roles.len() > 1 || has("ece_deployment_manager") && has("ece_deployment_viewer");
        let mut faults: BTreeSet<_> = unknown.collect();
        if exclusive && ctx.policy().role_combinations {
            faults.insert(("/security/roles".to_owned(), "elastic.roles.combination"));
        }
        if ctx.policy().misplaced_password == MisplacedPassword::Refuse {
            let found = misplaced(user, &mut Vec::new());
            faults.extend(found.iter().map(|place| (place.join("/"), "elastic.password.misplaced")));
        }
        faults
    }

    fn repeatable(user: &Tree, ctx: &Context) -> Option<Repeatable> {
        let refuses_unknown = ctx.policy().unknown_members == UnknownMembers::Refuse;
        let may_repeat = |place: &Vec<String>| {
            let is_known = Self::DOCUMENTED.contains(&&*place[0]);
            // A null takes away what it names, where an update may set it.
            let is_null = user.at(place) == Some(&Tree::Null);
            let is_restricted = RESTRICTED.iter().any(|around| place.iter().take(around.len()).eq(around.iter()));
            (is_known || !refuses_unknown) && (!is_null || is_restricted)
        };
        is_open(user).then(|| Repeatable {
            any: leaves(user, &mut Vec::new()).into_iter().filter(may_repeat).collect(),
            all: Vec::new(),
        })
    }

    fn mending(user: &Tree, ctx: &Context) -> Option<Request> {
        let mut body = Tree::empty();
        for (_, rule) in Self::faults(user, ctx) {
            if rule != "elastic.password.misplaced" {
                body.set(&["security", "roles"], Tree::Array(Vec::new()));
            }
        }
        if ctx.policy().misplaced_password == MisplacedPassword::Refuse {
            for place in misplaced(user, &mut Vec::new()) {
                // As a whole, the first member that the page does not name.
                let inside = match &*place[0] {
                    "security" | "metadata" => 2,
                    name if Self::DOCUMENTED.contains(&name) => return None,
                    _ if ctx.policy().unknown_members == UnknownMembers::Refuse => return None,
                    _ => 1,
                };
                let place = &place[..inside];
                let is_restricted = RESTRICTED.iter().any(|restricted| restricted[..] == *place);
                if is_restricted {
                    return None;
                }
                body.set(place, Tree::Null);
            }
        }
        is_open(user).then(|| Request::new(&body, ""))
    }

    fn is_one_way(rule: &str, here: &Tree, there: &Tree, ctx: &Context) -> bool {
        let is_admin = roles(here).contains(ADMIN);
        match rule {
            "elastic.roles.assignable" => {
                roles(there).difference(&roles(here)).any(|role| match &ctx.assignable_roles {
                    Some(assignable) => !assignable.contains(role),
                    None => !is_admin,
                })
            }
            "elastic.restricted.enabled" => !is_admin,
            // Nor is a default taken away that was not written before.
            "elastic.null" => {
                let comes = |name: &str| {
                    let place = ["security", name];
                    there.at(&place).is_none() && here.at(&place).is_some()
                };
                has_null_beside(there, Some(here)) || comes("enabled") || comes("roles")
            }
            rule => Self::faults(there, ctx).iter().any(|(_, broken)| *broken == rule),
        }
    }
}

fn is_password(name: &str) -> bool {
    name.eq_ignore_ascii_case("password")
}

/// Whether a user can be modified at all.
fn is_open(user: &Tree) -> bool {
    let realm = user.at(&["security", "security_realm", "type"]);
    let is_native = matches!(realm, None | Some(Tree::Null)) || realm == Some(&Tree::string("native"));
    is_native && user.at(&["builtin"]) != Some(&Tree::Bool(true))
}

fn roles(user: &Tree) -> BTreeSet<String> {
    let Some(Tree::Array(roles)) = user.at(&["security", "roles"]) else { return BTreeSet::new() };
    let names = roles.iter().filter_map(|role| match role {
        Tree::String(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

/// The places of passwords that are not `security.password`, through arrays too.
fn misplaced(tree: &Tree, at: &mut Vec<String>) -> Vec<Vec<String>> {
    let inside: Vec<(String, &Tree)> = match tree {
        Tree::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Tree::Array(elements) => elements.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => return Vec::new(),
    };
    let is_object = tree.members().is_some();
    let mut found = Vec::new();
    for (name, value) in inside {
        let is_one = is_object && is_password(&name);
        at.push(name);
        if is_one && at[..] != ["security", "password"] {
            found.push(at.clone());
        }
        found.extend(misplaced(value, at));
        at.pop();
    }
    found
}

/// The places of what has no members.
fn leaves(tree: &Tree, at: &mut Vec<String>) -> Vec<Vec<String>> {
    match tree.members() {
        Some(members) if !members.is_empty() => leaves_of(members, at),
        _ if at.is_empty() => Vec::new(),
        _ => vec![at.clone()],
    }
}

fn leaves_of(members: &Members, at: &mut Vec<String>) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (name, value) in members {
        at.push(name.clone());
        found.extend(leaves(value, at));
        at.pop();
    }
    found
}

/// Whether an object holds a null that another does not hold in its place.
fn has_null_beside(tree: &Tree, other: Option<&Tree>) -> bool {
    match tree {
        Tree::Null => other != Some(&Tree::Null),
        Tree::Object(members) => members.iter().any(|(name, value)| {
            has_null_beside(value, other.and_then(Tree::members).and_then(|members| members.get(name)))
        }),
        _ => false,
    }
}

/// Two patches are one where two merge patches are, except where the first makes an admin and the second does what only an
/// admin may.
pub(crate) fn then_is_defined_where_it_is_for_merge_patches(case: &Case<Context>) -> Law {
    let (Ok(ours), Ok(next)) = (case.ours.parse::<Elastic>(&case.ctx), case.next.parse::<Elastic>(&case.ctx)) else {
        return Ok(());
    };
    let texts = [&ours, &next].map(|patch| patch.to_json());
    let [Ok(one), Ok(other)] = texts.each_ref().map(|text| MergePatch::parse(text.as_bytes(), &Limits::STORED)) else {
        return Err("a body is a merge patch".to_owned());
    };
    let Err(none) = ours.then(&next) else { return Ok(()) };
    if one.then(&other).is_ok() {
        ensure_eq!(none.pointer().as_str(), "/security/enabled");
        ensure!(Tree::read(&texts[1]).at(&["security", "enabled"]).is_some(), "{}", texts[1]);
        ensure!(texts[0].contains(ADMIN), "{}", texts[0]);
    }
    Ok(())
}

/// Under `stringBody: decode`, a string that holds a body is that body.
pub(crate) fn a_body_inside_a_string_is_that_body(case: &Case<Context>) -> Law {
    let mut ctx = unlimited::<Elastic>(&case.ctx);
    Arc::make_mut(&mut ctx.service).policy.string_body = StringBody::Decode;
    let (Ok(body), true) = (std::str::from_utf8(&case.ours.body), Tree::try_read(&case.ours.body).is_some()) else {
        return Ok(());
    };
    let string = Request { body: Tree::string(body).spelled(case.seed).into_bytes(), mask: String::new() };
    match (string.parse::<Elastic>(&ctx), case.ours.parse::<Elastic>(&ctx)) {
        (Ok(inside), Ok(patch)) => ensure!(same::<Elastic>(&inside, &patch), "{inside:?}"),
        // A string in a string is none.
        (inside, outside) => ensure!(inside.is_err(), "{inside:?} is not {outside:?}"),
    }
    Ok(())
}

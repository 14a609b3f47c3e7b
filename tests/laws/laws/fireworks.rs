//! The page of Fireworks, and the laws that are its own.

use std::{collections::BTreeSet, sync::Arc};

use user_patch::{
    engine::{FieldMask, Limits},
    fireworks::{
        Context, EmptyMembers, Patch, ReadOnly, RolePresence, Roles, UnknownMembers, User, UserName, WithoutMask,
    },
    vendor::Fireworks,
};

use super::{
    Case, Law, Request,
    mask::snake_case,
    page::{Fault, Page, Repeatable, Said, members},
    tree::Tree,
};

const ROLES: [&str; 5] = ["admin", "user", "contributor", "inference-user", "custom"];
/// The members that an update sets.
const WRITABLE: [&str; 5] = ["role", "displayName", "serviceAccount", "email", "permissionPreset"];
const READ_ONLY: [&str; 5] = ["name", "createTime", "state", "status", "updateTime"];

/// What stands for the default, beside nothing at all.
fn is_default(value: &Tree) -> bool {
    [Tree::Null, Tree::string(""), Tree::Bool(false)].contains(value)
}

/// A member that is a string, empty where there is none.
fn text<'t>(user: &'t Tree, name: &str) -> &'t str {
    match user.at(&[name]) {
        Some(Tree::String(text)) => text,
        _ => "",
    }
}

impl Page for Fireworks {
    const DOCUMENTED: &'static [&'static str] = &[
        "role",
        "name",
        "displayName",
        "serviceAccount",
        "createTime",
        "email",
        "state",
        "status",
        "updateTime",
        "permissionPreset",
    ];
    const PLACES: &'static [&'static str] = &["/status"];
    const KEPT: &'static [&'static [&'static str]] = &[&["createTime"], &["updateTime"], &["state"], &["status"]];
    const UPDATED: &'static [&'static str] = &["updateTime"];
    const STATUSES: &'static [u16] = &[400, 403];
    /// What a body without a mask means is for the context to say, and under `replace` the empty one clears everything.
    const EMPTY_IS_NEUTRAL: bool = false;

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
        ctx.now = None;
        ctx
    }

    fn is_allowed(_: &Context) -> bool {
        true
    }

    /// A service account that is false and one that is not mentioned are the same, and so are a state that is unspecified and
    /// none.
    fn meaning(mut user: Tree) -> Tree {
        for (name, default) in [("serviceAccount", Tree::Bool(false)), ("state", Tree::string("STATE_UNSPECIFIED"))] {
            if user.at(&[name]) == Some(&default) {
                user.remove(&[name]);
            }
        }
        user
    }

    fn is_nothing(value: &Tree) -> bool {
        is_default(value)
    }

    fn stamped(mut user: Tree, ctx: &Context) -> Tree {
        if let Some(now) = ctx.now {
            user.set(&["updateTime"], Tree::String(in_proto_json(&now.to_string())));
        }
        user
    }

    fn result(before: &Tree, said: &Said, ctx: &Context) -> Tree {
        let mut after = before.clone();
        let masked: Vec<_> = said.mask.split(',').map(snake_case).collect();
        let means = |name: &str| {
            let value = said.body.at(&[name]);
            match (&*said.mask, ctx.policy().without_mask) {
                ("", WithoutMask::FromBody) => value.is_some(),
                ("", WithoutMask::Populated) => value.is_some_and(|value| !is_default(value)),
                ("", _) | ("*", _) => true,
                _ => masked.iter().any(|path| *path == snake_case(name)),
            }
        };
        for name in WRITABLE.into_iter().filter(|name| means(name)) {
            match said.body.at(&[name]).filter(|value| !is_default(value)) {
                Some(value) => after.set(&[name], value.clone()),
                None => after.remove(&[name]),
            }
        }
        // A preset belongs to its role: it goes with it, and one that lay dormant does not awake.
        if before.at(&["role"]) != after.at(&["role"]) && !means("permissionPreset") {
            after.remove(&["permissionPreset"]);
        }
        after
    }

    fn faults(user: &Tree, ctx: &Context) -> BTreeSet<Fault> {
        let mut faults = BTreeSet::new();
        let mut fault = |pointer: &str, rule| _ = faults.insert((pointer.to_owned(), rule));
        let (role, preset, policy) = (text(user, "role"), text(user, "permissionPreset"), ctx.policy());
        match role {
            "" => fault("/role", "fireworks.role.required"),
            role if policy.roles == Roles::Closed && !ROLES.contains(&role) => fault("/role", "fireworks.role.known"),
            _ => {}
        }
        if text(user, "displayName").chars().count() >= 64 {
            fault("/displayName", "fireworks.display_name.length");
        }
        if role != "custom" && !preset.is_empty() {
            fault("/permissionPreset", "fireworks.preset.only_custom");
        }
        if role == "custom" && preset.is_empty() && policy.custom_needs_preset {
            fault("/permissionPreset", "fireworks.preset.needed");
        }
        faults
    }

    fn repeatable(user: &Tree, ctx: &Context) -> Option<Repeatable> {
        let policy = ctx.policy();
        let may_repeat = |name: &str| match name {
            name if WRITABLE.contains(&name) => true,
            name if READ_ONLY.contains(&name) => policy.read_only != ReadOnly::Refuse,
            _ => policy.unknown_members != UnknownMembers::Refuse,
        };
        let has_to = |name: &str| match policy.without_mask {
            WithoutMask::Replace => WRITABLE.contains(&name),
            _ => name == "role" && policy.role == RolePresence::InBody,
        };
        let has_role = !text(user, "role").is_empty();
        (has_role || !has_to("role")).then(|| Repeatable {
            any: members(user).filter(|place| may_repeat(&place[0])).collect(),
            all: members(user).filter(|place| has_to(&place[0])).collect(),
        })
    }

    fn mending(user: &Tree, ctx: &Context) -> Option<Request> {
        let (mut body, mut mask) = (Tree::empty(), Vec::new());
        for (pointer, rule) in Self::faults(user, ctx) {
            match (&*pointer, rule) {
                ("/displayName", _) => mask.push("display_name"),
                ("/role", _) => {
                    body.set(&["role"], Tree::string("user"));
                    mask.extend(["role", "permission_preset"]);
                }
                (_, "fireworks.preset.needed") => {
                    body.set(&["permissionPreset"], Tree::string("read-only"));
                    mask.push("permission_preset");
                }
                _ => mask.push("permission_preset"),
            }
        }
        Some(Request::new(&body, &mask.join(",")))
    }

    fn is_one_way(rule: &str, _: &Tree, there: &Tree, ctx: &Context) -> bool {
        // Role and preset are one pair, and there are several ways to say that they cannot be one again.
        let of_pair = |rule: &str| rule.starts_with("fireworks.preset.");
        let is_broken = |broken: &str| broken == rule || of_pair(broken) && of_pair(rule);
        Self::faults(there, ctx).iter().any(|(_, broken)| is_broken(broken))
    }

    fn empty_is_nothing(ctx: &Context) -> bool {
        ctx.policy().without_mask != WithoutMask::Replace
    }

    fn means_what_it_has(ctx: &Context) -> bool {
        ctx.policy().without_mask == WithoutMask::FromBody
    }

    fn replies_as_stored(ctx: &Context) -> bool {
        ctx.policy().empty_members == EmptyMembers::Omit
    }
}

/// A time with 0, 3, 6 or 9 digits of a second.
fn in_proto_json(time: &str) -> String {
    let Some((whole, fraction)) = time.trim_end_matches('Z').split_once('.') else { return time.to_owned() };
    let digits = fraction.len().next_multiple_of(3);
    format!("{whole}.{fraction:0<digits$}Z")
}

/// Two patches are one, except where they are one under one policy and another one under another, where a preset comes into
/// what the first leaves, or where a role is one that is no longer listed.
pub(crate) fn then_says_where_it_is_not_defined(case: &Case<Context>) -> Law {
    let (Ok(ours), Ok(next)) = (case.ours.parse::<Fireworks>(&case.ctx), case.next.parse::<Fireworks>(&case.ctx))
    else {
        return Ok(());
    };
    let Err(none) = ours.then(&next) else { return Ok(()) };
    let place = none.pointer().as_str();
    let is_writable = WRITABLE.iter().any(|name| place.strip_prefix('/') == Some(name));
    ensure!(place.is_empty() || is_writable, "{place}");
    let user = User::from_json(&case.user).map_err(|wrong| wrong.to_string())?;
    if place.is_empty() {
        let in_turn = super::applied::<Fireworks>(&ours, &user, &case.ctx)
            .and_then(|between| super::applied::<Fireworks>(&next, &between, &case.ctx));
        ensure!(in_turn.is_none(), "nobody is updated by both, but {user:?}");
    }
    // Where both have a mask, the policy says nothing.
    if !case.ours.mask.is_empty() && !case.next.mask.is_empty() && !place.is_empty() {
        ensure!(["/role", "/permissionPreset"].contains(&place), "{place}");
    }
    Ok(())
}

/// A user that is made is a stored user that breaks no rule, and has the name that it was made with.
pub(crate) fn what_is_made_is_a_stored_user(account: &str, id: Option<&str>, case: &Case<Context>) -> Law {
    let Ok(patch) = Patch::parse(&case.ours.body, &case.ctx) else { return Ok(()) };
    let Ok((user, applied)) = patch.create(account, id, &case.ctx) else { return Ok(()) };
    let text = user.to_json();
    ensure_eq!(User::from_json(text.as_bytes()).as_ref(), Ok(&user));
    let name: UserName = user.name().parse().map_err(|wrong| format!("{wrong}"))?;
    ensure_eq!(name.to_string(), user.name());
    // An empty id is none.
    ensure!(id.is_none_or(|id| id.is_empty() || name.user().as_str() == id), "{name}");
    ensure!(applied.changed().is_sorted_by(|one, other| one < other), "{applied:?}");
    let faults = Fireworks::faults(&Tree::read(&text), &case.ctx);
    ensure!(faults.is_empty(), "{faults:?}");
    Ok(())
}

/// Whatever the mask, an update is decided, and changes nothing outside it; its paths name fields of the user.
pub(crate) fn a_mask_is_kept_to(mask: &str, case: &Case<Context>) -> Law {
    const PATHS: &str = "* role name display_name service_account create_time email state status status.code \
        status.message update_time permission_preset";

    let user = User::from_json(&case.user).map_err(|wrong| wrong.to_string())?;
    let Ok(patch) = Patch::parse_masked(&case.ours.body, mask, &case.ctx) else { return Ok(()) };
    match mask {
        "" => ensure!(patch.explicit_mask().is_none() && patch.mask().is_ok(), "{patch:?}"),
        mask => {
            ensure_eq!(patch.explicit_mask(), Some(mask));
            ensure_eq!(patch.mask(), mask.parse());
        }
    }
    let Some((_, applied)) = super::accepted::<Fireworks>(&patch, &user, &case.ctx) else { return Ok(()) };
    let meant = patch.mask().map_err(|wrong| wrong.to_string())?;
    // Every path, also one that another covers.
    let given = mask.split(',').filter(|path| !path.is_empty()).map(snake_case);
    for path in given {
        ensure!(PATHS.split_whitespace().any(|known| known == path), "{path} names no field");
    }
    // A preset can be cleared unasked, and a notice says so.
    for pointer in applied.changed() {
        let member = pointer.as_str().trim_start_matches('/');
        let unasked = applied.notices().iter().any(|notice| notice.pointer() == pointer);
        ensure!(meant.covers(&snake_case(member)) || unasked, "{member} is outside {meant}");
    }
    Ok(())
}

/// A body's own mask, said aloud, changes nothing.
pub(crate) fn an_implied_mask_can_be_said(case: &Case<Context>) -> Law {
    let user = User::from_json(&case.user).map_err(|wrong| wrong.to_string())?;
    let mut ctx = super::unlimited::<Fireworks>(&case.ctx);
    // Without a mask the role has to be in the body; with one it has not.
    Arc::make_mut(&mut ctx.service).policy.role = RolePresence::WhenMasked;
    let Ok(patch) = Patch::parse(&case.ours.body, &ctx) else { return Ok(()) };
    let mask = patch.mask().map_err(|wrong| wrong.to_string())?;
    if mask.is_empty() {
        return Ok(());
    }
    let aloud = Patch::parse_masked(&case.ours.body, &mask.to_string(), &ctx).map_err(|wrong| wrong.to_string())?;
    let (mut one, mut two) = (user.clone(), user);
    let outcomes = (patch.apply(&mut one, &ctx), aloud.apply(&mut two, &ctx));
    match outcomes {
        (Ok(silent), Ok(said)) => ensure!(silent.changed() == said.changed() && one == two, "{silent:?} {said:?}"),
        (Err(silent), Err(said)) => ensure_eq!(silent, said),
        (silent, said) => return Err(format!("{silent:?} is not {said:?}")),
    }
    Ok(())
}

/// The mask that a body implies is a naive reading of the names of its members.
pub(crate) fn an_implied_mask_is_a_naive_reading(case: &Case<Context>) -> Law {
    let ctx = Context::default();
    let Ok(patch) = Patch::parse(&case.ours.body, &ctx) else { return Ok(()) };
    let Some(body) = Tree::try_read(&case.ours.body) else { return Ok(()) };
    let names = body.members().into_iter().flat_map(|members| members.keys()).map(|name| snake_case(name));
    let fields: BTreeSet<_> = Fireworks::DOCUMENTED.iter().map(|name| snake_case(name)).collect();
    // `displayName` and `display_name` are the two spellings, and no other.
    let is_spelled = |name: &String| {
        fields.contains(name)
            && Fireworks::DOCUMENTED.iter().any(|known| body.at(&[known]).is_some() && snake_case(known) == *name)
            || body.at(&[name]).is_some() && fields.contains(name)
    };
    let expected: BTreeSet<_> = names.filter(is_spelled).collect();
    let mask: FieldMask = patch.mask().map_err(|wrong| wrong.to_string())?;
    ensure_eq!(mask.paths().collect::<Vec<_>>(), Vec::from_iter(&expected));
    Ok(())
}

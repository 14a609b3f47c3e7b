//! The page of Trusted Twin, and the laws that are its own.

use std::{collections::BTreeSet, sync::Arc};

use user_patch::{
    engine::Limits,
    trusted_twin::{Context, EmptyBody, ReadOnly, UnknownMembers, parse_uuid},
    vendor::TrustedTwin,
};

use super::{
    Case, Law, Request,
    page::{Fault, Page, Repeatable, Said, members},
    tree::Tree,
};

const UUIDS: [&str; 3] = ["uuid", "account", "role"];
const READ_ONLY: [&str; 4] = ["uuid", "account", "created_ts", "updated_ts"];

impl Page for TrustedTwin {
    const DOCUMENTED: &'static [&'static str] =
        &["uuid", "name", "account", "role", "description", "created_ts", "updated_ts"];
    const PLACES: &'static [&'static str] = &[];
    const KEPT: &'static [&'static [&'static str]] = &[&["created_ts"], &["updated_ts"]];
    const UPDATED: &'static [&'static str] = &["updated_ts"];
    const STATUSES: &'static [u16] = &[400, 403, 404];

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

    fn is_allowed(ctx: &Context) -> bool {
        ctx.statement.allows_update()
    }

    /// UUIDs are equal in either case.
    fn meaning(mut user: Tree) -> Tree {
        for name in UUIDS {
            if let Some(Tree::String(text)) = user.at(&[name]).cloned() {
                user.set(&[name], Tree::String(text.to_ascii_lowercase()));
            }
        }
        user
    }

    fn stamped(mut user: Tree, ctx: &Context) -> Tree {
        if let Some(now) = ctx.now {
            user.set(&["updated_ts"], Tree::Number(now.to_seconds()));
        }
        user
    }

    fn result(before: &Tree, said: &Said, ctx: &Context) -> Tree {
        let mut after = before.clone();
        for (name, value) in said.body.members().into_iter().flatten() {
            match &**name {
                "description" if *value == Tree::Null => after.remove(&[name]),
                "name" | "role" | "description" => after.set(&[name], value.clone()),
                name if READ_ONLY.contains(&name) => {}
                name if ctx.policy().unknown_members == UnknownMembers::Keep => after.set(&[name], value.clone()),
                _ => {}
            }
        }
        Self::meaning(after)
    }

    fn faults(user: &Tree, ctx: &Context) -> BTreeSet<Fault> {
        let mut faults = BTreeSet::new();
        if let Some(Tree::String(name)) = user.at(&["name"])
            && !is_name(name)
        {
            faults.insert(("/name".to_owned(), "trusted_twin.name"));
        }
        if let Some(Tree::String(role)) = user.at(&["role"]) {
            match (is_uuid(role), &ctx.service.roles) {
                (false, _) => _ = faults.insert(("/role".to_owned(), "trusted_twin.role")),
                (true, Some(known)) if !known.iter().any(|known| known.to_string().eq_ignore_ascii_case(role)) => {
                    faults.insert(("/role".to_owned(), "trusted_twin.role.known"));
                }
                _ => {}
            }
        }
        for key in user.at(&["description"]).and_then(Tree::members).into_iter().flat_map(|members| members.keys()) {
            if !is_key(key) {
                let key = key.replace('~', "~0").replace('/', "~1");
                faults.insert((format!("/description/{key}"), "trusted_twin.description.key"));
            }
        }
        faults
    }

    fn repeatable(user: &Tree, ctx: &Context) -> Option<Repeatable> {
        let policy = ctx.policy();
        let may_repeat = |name: &str| match name {
            "name" | "role" | "description" => true,
            name if READ_ONLY.contains(&name) => policy.read_only != ReadOnly::Refuse,
            _ => policy.unknown_members != UnknownMembers::Refuse,
        };
        Some(Repeatable { any: members(user).filter(|place| may_repeat(&place[0])).collect(), all: Vec::new() })
    }

    fn mending(user: &Tree, ctx: &Context) -> Option<Request> {
        let mut body = Tree::empty();
        for (pointer, _) in Self::faults(user, ctx) {
            match pointer.split('/').nth(1)? {
                "name" => body.set(&["name"], Tree::string("Operator")),
                "role" => {
                    let any = parse_uuid("5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10")?;
                    let known = ctx.service.roles.as_ref().map_or(Some(&any), |known| known.first())?;
                    body.set(&["role"], Tree::String(known.to_string()));
                }
                _ => body.set(&["description"], Tree::empty()),
            }
        }
        Some(Request::new(&body, ""))
    }

    fn is_one_way(rule: &str, here: &Tree, there: &Tree, ctx: &Context) -> bool {
        let is_unknown = |name: &&String| !Self::DOCUMENTED.contains(&&***name);
        let added = here.members().into_iter().flat_map(|members| members.keys()).filter(is_unknown);
        match rule {
            // What was kept cannot be taken away again, as a null is kept too.
            "trusted_twin.unknown_member" => added.into_iter().any(|name| there.at(&[name]).is_none()),
            // There never was a name, and null is none.
            "trusted_twin.type" => there.at(&["name"]).is_none() && here.at(&["name"]).is_some(),
            rule => Self::faults(there, ctx).iter().any(|(_, broken)| *broken == rule),
        }
    }
}

/// `[0-9A-Za-z][0-9A-Za-z_ \-]{0,30}[0-9A-Za-z]`
fn is_name(text: &str) -> bool {
    let inside = |letter: char| letter.is_ascii_alphanumeric() || "_ -".contains(letter);
    (2..=32).contains(&text.chars().count())
        && text.chars().all(inside)
        && [text.chars().next(), text.chars().last()].into_iter().flatten().all(|end| end.is_ascii_alphanumeric())
}

/// `[a-z_][0-9a-z_]{0,63}`
fn is_key(text: &str) -> bool {
    (1..=64).contains(&text.chars().count())
        && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        && !text.starts_with(|first: char| first.is_ascii_digit())
}

/// Eight, four, four, four and twelve hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit())
}

/// Two patches are always one, however they are put together.
pub(crate) fn then_is_always_defined(case: &Case<Context>) -> Law {
    let requests = [&case.ours, &case.next, &case.last];
    let [Ok(one), Ok(two), Ok(three)] = requests.map(|request| request.parse::<TrustedTwin>(&case.ctx)) else {
        return Ok(());
    };
    ensure_eq!(one.then(&two).then(&three), one.then(&two.then(&three)));
    Ok(())
}

/// Under `emptyBody: unchanged` no bytes are the empty object.
pub(crate) fn no_bytes_are_the_empty_object(case: &Case<Context>) -> Law {
    let mut ctx = case.ctx.clone();
    Arc::make_mut(&mut ctx.service).policy.empty_body = EmptyBody::Unchanged;
    let [nothing, empty] = [&b""[..], b"{}"].map(|body| Request { body: body.to_vec(), mask: String::new() });
    ensure_eq!(nothing.parse::<TrustedTwin>(&ctx), empty.parse::<TrustedTwin>(&ctx));
    Ok(())
}

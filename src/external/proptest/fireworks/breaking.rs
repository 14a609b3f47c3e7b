//! Requests that break one rule of Fireworks.

use std::sync::Arc;

use ::proptest::{prelude::*, sample::select};

use super::{
    super::{
        broken::{Attempt, Fine},
        draft::Spelled,
        json::{flags, maybe, pointer_of, strange_names, texts_of, trees, unfit},
        tree::Tree,
        unreadable::{Unreadable, open, unreadable},
    },
    users::{READ_ONLY, display_names, emails, letters, plain_roles, presets, read_only, statuses, valid_users},
};
use crate::{
    engine::Limits,
    fireworks::{Context, LeavingCustom, Policy, ReadOnly, Refusal},
};

/// A user, a context and a body that is accepted, whatever is put into the members that it does not have.
fn fine() -> Fine<Context> {
    let role = prop_oneof![
        2 => plain_roles().prop_map(|role| vec![("role", role)]),
        1 => presets().prop_map(|preset| vec![("role", Tree::string("custom")), ("permissionPreset", preset)]),
        1 => plain_roles().prop_map(|role| vec![("role", role), ("permissionPreset", Tree::string(""))]),
    ];
    (valid_users(), role, maybe(display_names()), maybe(emails()))
        .prop_map(|(user, role, display_name, email)| {
            let rest = [("displayName", display_name), ("email", email)];
            let rest = rest.into_iter().filter_map(|(name, value)| Some((name, value?)));
            (user, Context::default(), Tree::object(role.into_iter().chain(rest)))
        })
        .boxed()
}

/// The same with one member that breaks a rule.
fn with(member: &'static str, values: impl Strategy<Value = Tree> + 'static) -> BoxedStrategy<Attempt<Context>> {
    let broken = (fine(), values).prop_map(move |((user, ctx, mut body), value)| {
        body.set(&[member], value);
        Attempt::new(user, ctx, &body, pointer_of(member))
    });
    broken.boxed()
}

fn policy(ctx: &mut Context) -> &mut Policy {
    &mut Arc::make_mut(&mut ctx.service).policy
}

fn without_reading(what: Unreadable) -> BoxedStrategy<Attempt<Context>> {
    unreadable(fine(), what, |ctx: &mut Context, limits: Limits| {
        let policy = policy(ctx);
        (policy.max_bytes, policy.max_depth) = (limits.max_bytes, limits.max_depth);
    })
}

/// Requests that break the rule; `snake` has the names that have two spellings.
pub(super) fn attempts(refusal: Refusal, snake: Spelled) -> BoxedStrategy<Attempt<Context>> {
    match refusal {
        Refusal::Malformed => {
            without_reading(Unreadable::Malformed).prop_union(without_reading(Unreadable::NotUtf8)).boxed()
        }
        Refusal::Duplicate => without_reading(Unreadable::Duplicate).prop_union(spelled_twice(snake)).boxed(),
        Refusal::TooDeep => without_reading(Unreadable::TooDeep),
        Refusal::TooLong => without_reading(Unreadable::TooLong),
        Refusal::NotAnObject => without_reading(Unreadable::NotAnObject),
        Refusal::UnknownMember => unknown_members(),
        Refusal::WrongType => wrong_types(),
        Refusal::ReadOnly => read_only_members(),
        Refusal::Mask => masks(),
        Refusal::MaskPath => mask_paths(),
        Refusal::RoleRequired => no_roles(),
        Refusal::RoleUnknown => with("role", texts_of(&["root", "Admin", "admin ", "legacy", "\u{0}"])),
        Refusal::DisplayNameTooLong => with("displayName", letters(64..80)),
        Refusal::NotAdmin => fine()
            .prop_map(|(user, mut ctx, mut body)| {
                ctx.admin = false;
                body.set(&["serviceAccount"], other_flag(&user));
                Attempt::new(user, ctx, &body, "/serviceAccount")
            })
            .boxed(),
        Refusal::PresetWithoutCustom => (fine(), plain_roles(), presets())
            .prop_map(|((user, ctx, mut body), role, preset)| {
                body.set(&["role"], role);
                body.set(&["permissionPreset"], preset);
                Attempt::new(user, ctx, &body, "/permissionPreset")
            })
            .boxed(),
        Refusal::CustomWithoutPreset => (fine(), maybe(prop_oneof![Just(Tree::Null), Just(Tree::string(""))]))
            .prop_map(|((mut user, ctx, mut body), preset)| {
                body.set(&["role"], Tree::string("custom"));
                body.remove(&["permissionPreset"]);
                match preset {
                    Some(empty) => body.set(&["permissionPreset"], empty),
                    // One who is custom without a preset may stay so.
                    None => {
                        user.set(&["role"], Tree::string("user"));
                        user.remove(&["permissionPreset"]);
                    }
                }
                Attempt::new(user, ctx, &body, "/permissionPreset")
            })
            .boxed(),
        Refusal::PresetLeft => (fine(), plain_roles(), presets())
            .prop_map(|((mut user, mut ctx, mut body), role, preset)| {
                policy(&mut ctx).leaving_custom = LeavingCustom::Refuse;
                user.set(&["role"], Tree::string("custom"));
                user.set(&["permissionPreset"], preset);
                body.set(&["role"], role);
                body.remove(&["permissionPreset"]);
                Attempt::new(user, ctx, &body, "/permissionPreset")
            })
            .boxed(),
        Refusal::Immutable => (fine(), any::<bool>())
            .prop_map(|((user, mut ctx, mut body), email)| {
                policy(&mut ctx).immutable = true;
                body.remove(&["email"]);
                if email {
                    let is_b = user.at(&["email"]) == Some(&Tree::string("b@example.com"));
                    body.set(&["email"], Tree::string(if is_b { "c@example.com" } else { "b@example.com" }));
                    return Attempt::new(user, ctx, &body, "/email");
                }
                body.set(&["serviceAccount"], other_flag(&user));
                Attempt::new(user, ctx, &body, "/serviceAccount")
            })
            .boxed(),
        Refusal::AccountId => (fine(), wrong_ids())
            .prop_map(|((user, ctx, body), id)| Attempt::new(user, ctx, &body, "").making(id, "ada"))
            .boxed(),
        Refusal::UserId => (fine(), wrong_ids())
            .prop_map(|((user, ctx, body), id)| Attempt::new(user, ctx, &body, "").making("acme", id))
            .boxed(),
        Refusal::NoUserId => (fine(), maybe(texts_of(&["", "@example.com", "--@example.com", "é@x"])))
            .prop_map(|((user, ctx, mut body), email)| {
                body.remove(&["email"]);
                email.into_iter().for_each(|email| body.set(&["email"], email));
                Attempt::new(user, ctx, &body, "/email").making("acme", "")
            })
            .boxed(),
    }
}

/// What the user's flag is not.
fn other_flag(user: &Tree) -> Tree {
    Tree::Bool(user.at(&["serviceAccount"]) != Some(&Tree::Bool(true)))
}

fn wrong_ids() -> impl Strategy<Value = String> {
    let wrong = select(&["-a", "a-", "A", "a_b", "a/b", "é", " "][..]).prop_map(str::to_owned);
    prop_oneof![wrong, "[a-z]{64,70}"]
}

/// One member in two spellings.
fn spelled_twice(snake: Spelled) -> BoxedStrategy<Attempt<Context>> {
    (fine(), select(snake), any::<bool>())
        .prop_map(|((user, ctx, mut body), (camel, snake), swapped)| {
            body.remove(&[camel]);
            let (first, second) = if swapped { (snake, camel) } else { (camel, snake) };
            let twice = format!("{}\"{first}\":null,\"{second}\":null}}", open(&body.text())).into_bytes();
            Attempt { body: twice, ..Attempt::new(user, ctx, &body, pointer_of(second)) }
        })
        .boxed()
}

fn unknown_members() -> BoxedStrategy<Attempt<Context>> {
    let top = (fine(), strange_names(), trees()).prop_map(|((user, ctx, mut body), name, value)| {
        body.set(&[name], value);
        Attempt::new(user, ctx, &body, pointer_of(name))
    });
    let inside =
        (fine(), strange_names(), trees(), statuses()).prop_map(|((user, ctx, mut body), name, value, mut status)| {
            status.set(&[name], value);
            body.set(&["status"], status);
            Attempt::new(user, ctx, &body, format!("/status{}", pointer_of(name)))
        });
    prop_oneof![top, inside].boxed()
}

fn wrong_types() -> BoxedStrategy<Attempt<Context>> {
    let texts = select(&["displayName", "email", "name", "role", "permissionPreset"][..]);
    let other = unfit(|value| matches!(value, Tree::String(_) | Tree::Null));
    let text = (fine(), texts, other).prop_map(|((user, ctx, mut body), name, value)| {
        // The preset is held against the role, and neither is said of a role that is refused itself.
        if name == "permissionPreset" {
            body.set(&["role"], Tree::string("user"));
        }
        body.set(&[name], value);
        Attempt::new(user, ctx, &body, pointer_of(name))
    });
    let wrong = |name: &'static str, fits: fn(&Tree) -> bool| {
        with(name, unfit(move |value| *value == Tree::Null || fits(value)))
    };
    let inside =
        (fine(), select(&["code", "message"][..]), flags()).prop_map(|((user, ctx, mut body), name, value)| {
            body.set(&["status", name], value);
            Attempt::new(user, ctx, &body, format!("/status/{name}"))
        });
    prop_oneof![
        text,
        wrong("serviceAccount", |value| matches!(value, Tree::Bool(_))),
        // No random string is a date and time.
        wrong("createTime", |_| false),
        wrong("updateTime", |_| false),
        // ProtoJSON takes `1.0` for an integer too.
        wrong("state", |value| matches!(value, Tree::Number(_) | Tree::String(_))),
        wrong("status", |value| matches!(value, Tree::Object(_))),
        inside,
    ]
    .boxed()
}

fn read_only_members() -> BoxedStrategy<Attempt<Context>> {
    let members = select(&READ_ONLY[..]).prop_flat_map(|name| (Just(name), read_only(name)));
    (fine(), members, any::<bool>())
        .prop_map(|((user, mut ctx, mut body), (name, value), masked)| {
            policy(&mut ctx).read_only = ReadOnly::Refuse;
            if masked {
                return Attempt::new(user, ctx, &body, pointer_of(name))
                    .masked(format!("{name},role,permission_preset"));
            }
            body.set(&[name], value);
            Attempt::new(user, ctx, &body, pointer_of(name))
        })
        .boxed()
}

fn masks() -> BoxedStrategy<Attempt<Context>> {
    let wrong = select(
        &[
            "role,",
            ",",
            "role,,email",
            "*,role",
            "role.*",
            "ro le",
            "role[0]",
            " role",
            "role;email",
            ".role",
            "status..code",
            "état",
            "0role",
        ][..],
    );
    let spelled = select(&["displayName,role", "role,permissionPreset"][..]);
    let wrong = (fine(), wrong).prop_map(|((user, ctx, body), mask)| Attempt::new(user, ctx, &body, "").masked(mask));
    let spelled = (fine(), spelled).prop_map(|((user, mut ctx, mut body), mask)| {
        policy(&mut ctx).camel_case_mask = false;
        body.set(&["role"], Tree::string("user"));
        body.set(&["permissionPreset"], Tree::string(""));
        Attempt::new(user, ctx, &body, "").masked(mask)
    });
    prop_oneof![wrong, spelled].boxed()
}

fn mask_paths() -> BoxedStrategy<Attempt<Context>> {
    const PATHS: [(&str, &str); 6] = [
        ("nickname", "/nickname"),
        ("role.x", "/role/x"),
        ("status.details", "/status/details"),
        ("Role", "/_role"),
        ("status.code.x", "/status/code/x"),
        ("emailAddress", "/email_address"),
    ];
    (fine(), select(&PATHS[..]), any::<bool>())
        .prop_map(|((user, ctx, body), (path, pointer), first)| {
            let mask = if first { format!("{path},email") } else { format!("email,{path}") };
            Attempt::new(user, ctx, &body, pointer).masked(mask)
        })
        .boxed()
}

fn no_roles() -> BoxedStrategy<Attempt<Context>> {
    let said = with("role", prop_oneof![Just(Tree::Null), Just(Tree::string(""))]);
    let absent = (fine(), any::<bool>()).prop_map(|((user, ctx, mut body), masked)| {
        body.remove(&["role"]);
        let absent = Attempt::new(user, ctx, &body, "/role");
        if masked { absent.masked("role") } else { absent }
    });
    prop_oneof![1 => said, 2 => absent].boxed()
}

//! Requests that break one rule of Elastic Cloud Enterprise.

use std::sync::Arc;

use ::proptest::{prelude::*, sample::select};

use super::{
    super::{
        broken::{Attempt, Fine},
        draft::body_for,
        json::{all, pointer_of, strange_names, strings, texts_of, trees, unfit},
        tree::Tree,
        unreadable::{Unreadable, unreadable},
    },
    updates,
    users::{ADMIN, role_list, valid_users},
};
use crate::{
    elastic::{Context, Refusal, UnknownMembers},
    engine::Limits,
};

/// Users who may assign any role.
fn admins() -> BoxedStrategy<Tree> {
    valid_users()
        .prop_map(|mut user| {
            user.set(&["security", "roles"], role_list(&[ADMIN]));
            user
        })
        .boxed()
}

/// A user, a context and a body that is accepted, whatever is put into the members that it does not have.
fn fine() -> Fine<Context> {
    fine_for(admins())
}

fn fine_for(users: BoxedStrategy<Tree>) -> Fine<Context> {
    (users, all(updates::free()))
        .prop_map(|(user, says)| {
            let body = body_for(&user, &says);
            (user, Context::default(), body)
        })
        .boxed()
}

/// The same with one member that breaks a rule.
fn with(
    path: &'static [&'static str],
    values: impl Strategy<Value = Tree> + 'static,
) -> BoxedStrategy<Attempt<Context>> {
    let broken = (fine(), values).prop_map(move |((user, ctx, mut body), value)| {
        body.set(path, value);
        Attempt::new(user, ctx, &body, pointer_to(path))
    });
    broken.boxed()
}

fn pointer_to(path: &[&str]) -> String {
    format!("/{}", path.join("/"))
}

fn without_reading(what: Unreadable) -> BoxedStrategy<Attempt<Context>> {
    unreadable(fine(), what, |ctx: &mut Context, limits: Limits| {
        let policy = &mut Arc::make_mut(&mut ctx.service).policy;
        (policy.max_bytes, policy.max_depth) = (limits.max_bytes, limits.max_depth);
    })
}

pub(super) fn attempts(refusal: Refusal) -> BoxedStrategy<Attempt<Context>> {
    match refusal {
        Refusal::Malformed => {
            without_reading(Unreadable::Malformed).prop_union(without_reading(Unreadable::NotUtf8)).boxed()
        }
        Refusal::Duplicate => without_reading(Unreadable::Duplicate),
        Refusal::TooDeep => without_reading(Unreadable::TooDeep),
        Refusal::TooLong => without_reading(Unreadable::TooLong),
        Refusal::NotAnObject => without_reading(Unreadable::NotAnObject),
        Refusal::Builtin => closed(&["builtin"], Just(Tree::Bool(true))),
        Refusal::External => {
            closed(&["security", "security_realm", "type"], texts_of(&["ldap", "saml", "active_directory", ""]))
        }
        Refusal::Restricted => restricted(),
        Refusal::EnabledRestricted => (fine_for(valid_users()), texts_of(&["ece_platform_viewer", "house_role"]))
            .prop_map(|((mut user, ctx, mut body), role)| {
                user.set(&["security", "roles"], Tree::Array(vec![role]));
                let enabled = user.at(&["security", "enabled"]) != Some(&Tree::Bool(false));
                body.set(&["security", "enabled"], Tree::Bool(!enabled));
                Attempt::new(user, ctx, &body, "/security/enabled")
            })
            .boxed(),
        Refusal::RoleUnknown => with(
            &["security", "roles"],
            texts_of(&["house_role", "", "ECE_PLATFORM_ADMIN"]).prop_map(|role| Tree::Array(vec![role])),
        ),
        Refusal::RoleCombination => {
            let lists = vec![
                role_list(&[ADMIN, "ece_platform_viewer"]),
                role_list(&["ece_deployment_viewer", ADMIN]),
                role_list(&["ece_deployment_manager", "ece_deployment_viewer"]),
                role_list(&["ece_deployment_viewer", "ece_platform_viewer", "ece_deployment_manager"]),
            ];
            with(&["security", "roles"], select(lists))
        }
        Refusal::RoleForbidden => forbidden_roles(),
        Refusal::WrongType => wrong_types(),
        Refusal::Required => fine()
            .prop_map(|(mut user, ctx, mut body)| {
                remove_restricted(&mut user);
                body.set(&["security"], Tree::Null);
                Attempt::new(user, ctx, &body, "/security")
            })
            .boxed(),
        Refusal::PasswordTooShort => with(&["security", "password"], texts_of(&["", "1234567", "𝄞𝄞𝄞𝄞𝄞𝄞𝄞"])),
        Refusal::PasswordMisplaced => misplaced_passwords(),
        Refusal::UnknownMember => (fine(), strange_names(), trees())
            .prop_map(|((user, mut ctx, mut body), name, value)| {
                Arc::make_mut(&mut ctx.service).policy.unknown_members = UnknownMembers::Refuse;
                for unknown in ["a", "b", "c", "d", "m~n"] {
                    body.remove(&[unknown]);
                }
                body.set(&[name], value);
                Attempt::new(user, ctx, &body, pointer_of(name))
            })
            .boxed(),
    }
}

/// Updates of users that nobody can update, which is told alone, whatever else is wrong.
fn closed(
    path: &'static [&'static str],
    values: impl Strategy<Value = Tree> + 'static,
) -> BoxedStrategy<Attempt<Context>> {
    (valid_users(), updates::any_at_all(), values)
        .prop_map(move |(mut user, says, value)| {
            user.set(path, value);
            let body = body_for(&user, &says);
            Attempt::new(user, Context::default(), &body, "")
        })
        .boxed()
}

/// The places that nobody changes by an update, with what each could be.
const RESTRICTED: [(&[&str], &str); 9] = [
    (&["user_name"], r#""a stranger""#),
    (&["builtin"], "true"),
    (&["metadata", "created_by"], r#""a stranger""#),
    (&["metadata", "updated_at"], r#""1999-12-31T23:59:59Z""#),
    (&["metadata", "last_login_at"], r#""1999-12-31T23:59:59Z""#),
    (&["security", "permissions"], r#"["a stranger"]"#),
    (&["security", "elevated_permissions", "expires_at"], r#""1999-12-31T23:59:59Z""#),
    (&["security", "security_realm", "id"], r#""a stranger""#),
    (&["security", "security_realm", "a"], r#"["a stranger"]"#),
];

fn restricted() -> BoxedStrategy<Attempt<Context>> {
    (fine(), select(&RESTRICTED[..]), any::<bool>())
        .prop_map(|((user, ctx, mut body), (path, stranger), null)| {
            // Where an object on the way is missing, the patch makes it.
            let is_object = |path: &[&str]| matches!(user.at(path), Some(Tree::Object(_)));
            let mut shown = path;
            while let Some((_, around)) =
                shown.split_last().filter(|(_, around)| around.len() > 1 && !is_object(around))
            {
                shown = around;
            }
            // A null takes away what is there.
            let null = null && user.at(path).is_some_and(|value| ![Tree::Null, Tree::Bool(false)].contains(value));
            body.set(path, if null { Tree::Null } else { Tree::read(stranger) });
            Attempt::new(user, ctx, &body, pointer_to(shown))
        })
        .boxed()
}

fn forbidden_roles() -> BoxedStrategy<Attempt<Context>> {
    let by_default = (fine_for(valid_users()), texts_of(&[ADMIN, "ece_deployment_viewer"])).prop_map(
        |((mut user, ctx, mut body), role)| {
            user.set(&["security", "roles"], role_list(&["ece_platform_viewer"]));
            body.set(&["security", "roles"], Tree::Array(vec![role]));
            Attempt::new(user, ctx, &body, "/security/roles")
        },
    );
    let by_context = fine().prop_map(|(user, mut ctx, mut body)| {
        ctx.assignable_roles = Some([ADMIN.to_owned(), "ece_platform_viewer".to_owned()].into());
        body.set(&["security", "roles"], role_list(&["ece_platform_viewer", "ece_deployment_viewer"]));
        Attempt::new(user, ctx, &body, "/security/roles")
    });
    prop_oneof![by_default, by_context].boxed()
}

/// Takes away what nobody may change, which would go with `security`, and be told.
fn remove_restricted(user: &mut Tree) {
    for name in ["permissions", "elevated_permissions", "security_realm"] {
        user.remove(&["security", name]);
    }
}

fn wrong_types() -> BoxedStrategy<Attempt<Context>> {
    let not = |fits: fn(&Tree) -> bool| unfit(move |value| *value == Tree::Null || fits(value));
    let text = |value: &Tree| matches!(value, Tree::String(_));
    let object = |value: &Tree| matches!(value, Tree::Object(_));
    let alone = |broken: BoxedStrategy<Attempt<Context>>| {
        broken.prop_map(|mut broken| {
            broken.user.remove(&["metadata"]);
            remove_restricted(&mut broken.user);
            broken
        })
    };
    prop_oneof![
        with(&["full_name"], not(text)),
        with(&["email"], not(text)),
        alone(with(&["metadata"], not(object))),
        alone(with(&["security"], not(object))),
        with(&["security", "password"], not(text)),
        with(&["security", "enabled"], not(|value| matches!(value, Tree::Bool(_)))),
        with(
            &["security", "roles"],
            not(|value| match value {
                Tree::Array(elements) => elements.iter().all(|element| matches!(element, Tree::String(_))),
                _ => false,
            })
        ),
    ]
    .boxed()
}

fn misplaced_passwords() -> BoxedStrategy<Attempt<Context>> {
    const PLACES: [(&[&str], &str); 5] = [
        (&["Password"], "/Password"),
        (&["password"], "/password"),
        (&["metadata", "PASSWORD"], "/metadata/PASSWORD"),
        (&["zz", "b", "password"], "/zz"),
        (&["security", "zz", "password"], "/security/zz"),
    ];
    (fine(), select(&PLACES[..]), any::<bool>(), strings())
        .prop_map(|((user, ctx, mut body), (place, pointer), list, value)| {
            let value = Tree::String(value);
            match (list, place.split_last()) {
                (true, Some((name, around))) if !around.is_empty() && around != ["metadata"] => {
                    body.set(around, Tree::Array(vec![Tree::object([(*name, value)])]));
                }
                _ => body.set(place, value),
            }
            Attempt::new(user, ctx, &body, pointer)
        })
        .boxed()
}

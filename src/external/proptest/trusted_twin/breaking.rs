//! Requests that break one rule of Trusted Twin.

use std::sync::Arc;

use ::proptest::{collection::vec, prelude::*, sample::select};

use super::{
    super::{
        broken::{Attempt, Fine},
        json::{maybe, pointer_of, strange_names, texts_of, trees, unfit},
        tree::Tree,
        unreadable::{Unreadable, unreadable},
    },
    users::{STRANGER, UUIDS, descriptions, names, uuids, valid_users},
};
use crate::{
    engine::Limits,
    trusted_twin::{Context, Effect, Refusal, Statement, parse_uuid},
};

/// A user, a context and a body that is accepted.
fn fine() -> Fine<Context> {
    (valid_users(), maybe(names()), maybe(uuids()), maybe(prop_oneof![descriptions(), Just(Tree::Null)]))
        .prop_map(|(user, name, role, description)| {
            let body = [("name", name), ("role", role), ("description", description)];
            let body = Tree::object(body.into_iter().filter_map(|(name, value)| Some((name, value?))));
            (user, Context::default(), body)
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

fn without_reading(what: Unreadable) -> BoxedStrategy<Attempt<Context>> {
    unreadable(fine(), what, |ctx: &mut Context, limits: Limits| {
        let policy = &mut Arc::make_mut(&mut ctx.service).policy;
        (policy.max_bytes, policy.max_depth) = (limits.max_bytes, limits.max_depth);
    })
}

fn no_strings() -> BoxedStrategy<Tree> {
    unfit(|value| matches!(value, Tree::String(_)))
}

pub(super) fn attempts(refusal: Refusal) -> BoxedStrategy<Attempt<Context>> {
    match refusal {
        Refusal::Malformed => without_reading(Unreadable::Malformed),
        Refusal::NotUtf8 => without_reading(Unreadable::NotUtf8),
        Refusal::Duplicate => without_reading(Unreadable::Duplicate),
        Refusal::TooDeep => without_reading(Unreadable::TooDeep),
        Refusal::TooLong => without_reading(Unreadable::TooLong),
        Refusal::NotAnObject => without_reading(Unreadable::NotAnObject),
        Refusal::NotAllowed => {
            let actions = |names: &'static [&'static str]| vec(select(names).prop_map(str::to_owned), 0..3);
            let statements = prop_oneof![
                actions(&["delete_user", "Update_User", ""])
                    .prop_map(|actions| Statement { effect: Effect::Allow, actions }),
                actions(&["delete_user", "get_user"]).prop_map(|mut actions| {
                    actions.push("update_user".to_owned());
                    Statement { effect: Effect::Deny, actions }
                }),
            ];
            (fine(), statements)
                .prop_map(|((user, mut ctx, body), statement)| {
                    ctx.statement = statement;
                    Attempt::new(user, ctx, &body, "")
                })
                .boxed()
        }
        Refusal::UnknownMember => (fine(), strange_names(), trees())
            .prop_map(|((user, ctx, mut body), name, value)| {
                body.set(&[name], value);
                Attempt::new(user, ctx, &body, pointer_of(name))
            })
            .boxed(),
        Refusal::ReadOnly => (fine(), select(&["uuid", "account", "created_ts", "updated_ts"][..]), trees())
            .prop_map(|((user, ctx, mut body), name, other)| {
                let value = user.at(&[name]).cloned().unwrap_or(other);
                body.set(&[name], value);
                Attempt::new(user, ctx, &body, pointer_of(name))
            })
            .boxed(),
        Refusal::WrongType => prop_oneof![with("name", no_strings()), with("role", no_strings())].boxed(),
        Refusal::Name => {
            let texts = texts_of(&["", "A", " Operator", "Operator ", "Operator\n", "-a", "Ärger", "a.b", "\u{212A}1"]);
            let long = "[0-9A-Za-z][0-9A-Za-z_ -]{31,40}[0-9A-Za-z]";
            with("name", prop_oneof![texts, long.prop_map(Tree::String)])
        }
        Refusal::Role => with(
            "role",
            texts_of(&[
                "",
                "f63d5c5c0c5e4c1a9b1e0d7a2f6f9a11",
                "{f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11}",
                "urn:uuid:f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11",
                "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a1g",
                "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11 ",
                "f63d5c5c0-c5e-4c1a-9b1e-0d7a2f6f9a11",
            ]),
        ),
        Refusal::NoSuchRole => (fine(), any::<bool>())
            .prop_map(|((user, mut ctx, mut body), any_at_all)| {
                let known = UUIDS.iter().filter_map(|uuid| parse_uuid(uuid)).filter(|_| any_at_all);
                Arc::make_mut(&mut ctx.service).roles = Some(known.collect());
                body.set(&["role"], Tree::string(STRANGER));
                Attempt::new(user, ctx, &body, "/role")
            })
            .boxed(),
        Refusal::Description => with("description", unfit(|value| matches!(value, Tree::Object(_) | Tree::Null))),
        Refusal::Key => {
            let keys = prop_oneof![
                select(&["", "A", "0a", "a-b", "é", "\u{212A}", "a\n", "a/b", "m~n"][..]).prop_map(str::to_owned),
                "[a-z_][0-9a-z_]{64,70}",
            ];
            (fine(), descriptions(), keys, trees())
                .prop_map(|((user, ctx, mut body), mut description, key, value)| {
                    description.set(&[&key], value);
                    body.set(&["description"], description);
                    Attempt::new(user, ctx, &body, format!("/description{}", pointer_of(&key)))
                })
                .boxed()
        }
    }
}

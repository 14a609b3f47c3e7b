//! Elastic users, patches and contexts.

use std::{collections::BTreeSet, sync::Arc};

use proptest::{collection::vec, prelude::*, sample::select};
use user_patch::{
    elastic::{Context, MisplacedPassword, Policy, ROLES, Refusal, StringBody, UnknownMembers},
    vendor::Elastic,
};

use super::{
    Broken, Edit, Said, Strategies, Unreadable, Wish, all,
    json::{documents, objects, others, strings},
    maybe, object, pointer_of, says, seldom, some_of, strange_names, unfit, unreadable,
};
use crate::laws::tree::Tree;

const ADMIN: &str = "ece_platform_admin";
const TIMES: [&str; 3] = ["2023-11-07T05:31:56Z", "2024-02-29T23:59:59.5+01:00", "2026-01-01T00:00:00Z"];

fn role_list(roles: &[&str]) -> Tree {
    Tree::Array(roles.iter().copied().map(Tree::string).collect())
}

/// Roles that go together.
fn valid_roles() -> impl Strategy<Value = Tree> {
    prop_oneof![
        3 => Just(role_list(&[ADMIN])),
        1 => Just(role_list(&[])),
        1 => Just(role_list(&["ece_platform_viewer"])),
        1 => Just(role_list(&["ece_platform_viewer", "ece_deployment_viewer"])),
        1 => Just(role_list(&["ece_deployment_manager", "ece_platform_viewer"])),
        1 => Just(role_list(&["ece_platform_viewer", "ece_platform_viewer"])),
    ]
}

/// Any list of roles.
fn some_roles() -> impl Strategy<Value = Tree> {
    let one = prop_oneof![8 => select(ROLES), 1 => Just("house_role")];
    vec(one.prop_map(Tree::string), 0..4).prop_map(Tree::Array)
}

fn flags() -> impl Strategy<Value = Tree> {
    any::<bool>().prop_map(Tree::Bool)
}

fn texts() -> impl Strategy<Value = Tree> {
    prop_oneof![2 => select(&["Ada", "Bob", ""][..]).prop_map(Tree::string), 1 => strings().prop_map(Tree::String)]
}

fn times() -> impl Strategy<Value = Tree> {
    select(&TIMES[..]).prop_map(Tree::string)
}

fn or_null(value: impl Strategy<Value = Tree> + 'static) -> BoxedStrategy<Tree> {
    prop_oneof![9 => value, 1 => Just(Tree::Null)].boxed()
}

/// Members that may be there, one by one.
fn members(parts: Vec<(&'static str, BoxedStrategy<Tree>)>) -> impl Strategy<Value = Tree> {
    let parts: Vec<_> =
        parts.into_iter().map(|(name, value)| maybe(value).prop_map(move |value| (name, value)).boxed()).collect();
    parts.prop_map(|parts| object(parts.into_iter().filter_map(|(name, value)| Some((name, value?)))))
}

fn metadata() -> BoxedStrategy<Tree> {
    members(vec![
        ("created_by", or_null(texts())),
        ("created_at", or_null(times())),
        ("updated_at", or_null(times())),
        ("last_login_at", or_null(times())),
        ("office", documents()),
    ])
    .boxed()
}

fn elevated() -> BoxedStrategy<Tree> {
    members(vec![("enabled", or_null(flags())), ("expires_at", or_null(times())), ("a", documents())]).boxed()
}

fn native_realms() -> BoxedStrategy<Tree> {
    members(vec![("type", Just(Tree::string("native")).boxed()), ("id", or_null(texts())), ("a", documents())]).boxed()
}

fn permissions() -> BoxedStrategy<Tree> {
    vec(texts(), 0..3).prop_map(Tree::Array).boxed()
}

fn security(roles: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    members(vec![
        ("roles", roles),
        ("enabled", or_null(flags())),
        ("permissions", permissions()),
        ("elevated_permissions", elevated()),
        ("security_realm", native_realms()),
        ("extra", documents()),
    ])
    .boxed()
}

/// Users that an update can change.
fn open_users() -> BoxedStrategy<Tree> {
    users_with(prop_oneof![6 => valid_roles(), 1 => Just(Tree::Null)].boxed())
}

/// The same as a database may have kept them, with values that break a rule.
fn kept_users() -> BoxedStrategy<Tree> {
    let exclusive = select(vec![
        role_list(&[ADMIN, "ece_platform_viewer"]),
        role_list(&["ece_deployment_viewer", "ece_deployment_manager"]),
        role_list(&["house_role", ADMIN, "ece_deployment_viewer"]),
    ]);
    let users = users_with(prop_oneof![2 => some_roles(), 2 => exclusive, 1 => valid_roles()].boxed());
    let times = select(&["then", "2024-02-29T23:59:59.500000+01:00", "2023-11-07"][..]).prop_map(Tree::string);
    let places = [
        &["x", "password"][..],
        &["metadata", "office", "PASSWORD"],
        &["security", "extra", "Password"],
        &["password"],
        &["metadata", "created_at"],
        &["metadata", "updated_at"],
    ];
    (users, maybe(times), select(places.to_vec()), any::<bool>())
        .prop_map(|(mut user, time, place, list)| {
            if let Some(time) = time {
                let is_time = place[place.len() - 1].ends_with("_at");
                let value = if list { Tree::Array(vec![object([("password", time.clone())])]) } else { time.clone() };
                user.set(place, if is_time { time } else { value });
            }
            user
        })
        .boxed()
}

fn users_with(roles: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    let rest = members(vec![
        ("full_name", or_null(texts())),
        ("email", or_null(texts())),
        ("metadata", prop_oneof![6 => metadata(), 1 => Just(Tree::Null)].boxed()),
        ("builtin", or_null(Just(Tree::Bool(false)))),
    ]);
    (texts(), security(roles), rest, others())
        .prop_map(|(user_name, security, rest, mut others)| {
            others.extend(rest.members().unwrap().clone());
            let mut user = Tree::Object(others);
            user.set(&["user_name"], user_name);
            user.set(&["security"], security);
            user
        })
        .boxed()
}

/// The same with this member, as a patch that breaks one rule finds it.
fn admins() -> BoxedStrategy<Tree> {
    open_users()
        .prop_map(|mut user| {
            user.set(&["security", "roles"], role_list(&[ADMIN]));
            user
        })
        .boxed()
}

/// What a new or changed member may hold: a merge patch.
fn free_wishes() -> Vec<BoxedStrategy<Vec<Said>>> {
    vec![
        says(&["full_name"], or_null(texts())),
        says(&["email"], or_null(texts())),
        says(&["metadata", "office"], documents()),
        says(&["security", "extra"], documents()),
        seldom(&["a"], documents()),
        seldom(&["b"], documents()),
        seldom(&["c"], documents()),
        seldom(&["d"], objects()),
        seldom(&["a", "b"], documents()),
        seldom(&["m~n"], documents()),
        seldom(&["security", "password"], Just(Tree::string("correct horse"))),
        seldom(&["security", "password"], Just(Tree::Null)),
    ]
}

/// A user, a context and a body that is accepted, whatever is put into the members that it does not have.
fn fine() -> BoxedStrategy<(Tree, Context, Tree)> {
    fine_for(admins())
}

fn fine_for(users: BoxedStrategy<Tree>) -> BoxedStrategy<(Tree, Context, Tree)> {
    (users, all(free_wishes()))
        .prop_map(|(user, says)| {
            let body = Wish { says, ..Wish::default() }.body(&user);
            (user, Context::default(), body)
        })
        .boxed()
}

/// The same with one member that breaks a rule.
fn with(
    path: &'static [&'static str],
    values: impl Strategy<Value = Tree> + 'static,
) -> BoxedStrategy<Broken<Context>> {
    let broken = (fine(), values).prop_map(move |((user, ctx, mut body), value)| {
        body.set(path, value);
        Broken::new(user, ctx, &body, &format!("/{}", path.join("/")))
    });
    broken.boxed()
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

fn policies() -> impl Strategy<Value = Policy> {
    let unknown = prop_oneof![4 => Just(UnknownMembers::Keep), 1 => Just(UnknownMembers::Refuse)];
    let misplaced = prop_oneof![2 => Just(MisplacedPassword::Refuse), 1 => Just(MisplacedPassword::Keep)];
    (unknown, select(StringBody::ALL), any::<bool>(), misplaced).prop_map(
        |(unknown_members, string_body, combinations, misplaced)| {
            let mut policy = Policy::default();
            (policy.unknown_members, policy.string_body) = (unknown_members, string_body);
            (policy.role_combinations, policy.misplaced_password) = (combinations, misplaced);
            policy
        },
    )
}

impl Strategies for Elastic {
    fn users() -> BoxedStrategy<Tree> {
        let closed = (open_users(), any::<bool>()).prop_map(|(mut user, builtin)| {
            match builtin {
                true => user.set(&["builtin"], Tree::Bool(true)),
                false => user.set(&["security", "security_realm", "type"], Tree::string("saml")),
            }
            user
        });
        prop_oneof![18 => open_users(), 6 => kept_users(), 1 => closed].boxed()
    }

    fn edits() -> BoxedStrategy<Vec<Edit>> {
        let edit = prop_oneof![
            4 => maybe(texts()).prop_map(|name| (vec!["full_name"], name)),
            4 => maybe(texts()).prop_map(|email| (vec!["email"], email)),
            4 => maybe(documents()).prop_map(|value| (vec!["a"], value)),
            4 => maybe(objects()).prop_map(|value| (vec!["b"], value)),
            4 => maybe(documents()).prop_map(|value| (vec!["a", "b"], value)),
            4 => maybe(documents()).prop_map(|value| (vec!["security", "extra"], value)),
            4 => maybe(documents()).prop_map(|value| (vec!["metadata", "office"], value)),
            3 => maybe(valid_roles()).prop_map(|roles| (vec!["security", "roles"], roles)),
            3 => maybe(flags()).prop_map(|flag| (vec!["security", "enabled"], flag)),
            1 => maybe(metadata()).prop_map(|value| (vec!["metadata"], value)),
            1 => maybe(times()).prop_map(|time| (vec!["metadata", "updated_at"], time)),
            1 => maybe(native_realms()).prop_map(|realm| (vec!["security", "security_realm"], realm)),
            1 => texts().prop_map(|name| (vec!["user_name"], Some(name))),
            1 => Just((vec!["metadata"], Some(Tree::Null))),
        ];
        some_of(edit.boxed())
    }

    fn wishes() -> BoxedStrategy<Wish> {
        let roles = prop_oneof![4 => valid_roles(), 1 => some_roles(), 2 => Just(Tree::Null)];
        let parts = vec![
            seldom(&["security"], prop_oneof![documents(), Just(Tree::Null)]),
            seldom(&["metadata"], prop_oneof![documents(), Just(Tree::Null)]),
            seldom(&["metadata"], Just(Tree::empty())),
            says(&["security", "roles"], roles),
            says(&["security", "enabled"], prop_oneof![flags(), Just(Tree::Null)]),
            seldom(&["user_name"], texts()),
            seldom(&["builtin"], flags()),
            seldom(&["security", "permissions"], permissions()),
            seldom(&["security", "elevated_permissions"], elevated()),
            seldom(&["security", "security_realm"], native_realms()),
            seldom(&["metadata", "updated_at"], or_null(times())),
            seldom(&["metadata", "updated_by"], texts()),
            seldom(&["password"], texts()),
            seldom(&["security", "extra", "Password"], texts()),
            seldom(&["security", "password"], select(&["correct horse", "battery staple"][..]).prop_map(Tree::string)),
            seldom(&["security", "roles"], documents()),
            seldom(&["security", "enabled"], documents()),
            seldom(&["full_name"], documents()),
        ];
        all([parts, free_wishes()].concat()).prop_map(|says| Wish { says, ..Wish::default() }).boxed()
    }

    fn contexts() -> BoxedStrategy<Context> {
        let set = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect::<BTreeSet<_>>();
        let every = set(ROLES);
        let assignable = prop_oneof![
            2 => Just(None),
            2 => Just(Some(every.clone())),
            1 => Just(Some(set(&["ece_platform_viewer"]))),
        ];
        let known = prop_oneof![4 => Just(None), 1 => Just(Some(&every | &set(&["house_role"])))];
        let odd = (assignable, known, any::<bool>(), maybe(texts()), policies()).prop_map(
            |(assignable_roles, known_roles, clock, actor, policy)| {
                let mut ctx = Context::with_policy(policy);
                Arc::make_mut(&mut ctx.service).known_roles = known_roles;
                ctx.assignable_roles = assignable_roles;
                ctx.actor = match actor {
                    Some(Tree::String(actor)) => Some(actor),
                    _ => None,
                };
                ctx.now = clock.then(|| "2026-01-01T00:00:00.25Z".parse().unwrap());
                ctx
            },
        );
        prop_oneof![2 => Just(Context::default()), 3 => odd].boxed()
    }

    fn places() -> Vec<Vec<&'static str>> {
        vec![
            vec![],
            vec!["x"],
            vec!["metadata"],
            vec!["security"],
            vec!["security", "extra"],
            vec!["security", "security_realm"],
            vec!["security", "elevated_permissions"],
        ]
    }

    fn breaks(refusal: Refusal) -> Option<BoxedStrategy<Broken<Context>>> {
        let any_path = |prefix: &[&str]| format!("/{}", prefix.join("/"));
        Some(match refusal {
            Refusal::Malformed => unreadable::<Self>(fine(), Unreadable::Malformed)
                .prop_union(unreadable::<Self>(fine(), Unreadable::NotUtf8))
                .boxed(),
            Refusal::Duplicate => unreadable::<Self>(fine(), Unreadable::Duplicate),
            Refusal::TooDeep => unreadable::<Self>(fine(), Unreadable::TooDeep),
            Refusal::TooLong => unreadable::<Self>(fine(), Unreadable::TooLong),
            Refusal::NotAnObject => unreadable::<Self>(fine(), Unreadable::NotAnObject),
            // Alone, whatever else is wrong.
            Refusal::Builtin => (open_users(), Self::wishes())
                .prop_map(|(mut user, wish)| {
                    user.set(&["builtin"], Tree::Bool(true));
                    let body = wish.body(&user);
                    Broken::new(user, Context::default(), &body, "")
                })
                .boxed(),
            Refusal::External => (open_users(), Self::wishes(), select(&["ldap", "saml", "active_directory", ""][..]))
                .prop_map(|(mut user, wish, realm)| {
                    user.set(&["security", "security_realm", "type"], Tree::string(realm));
                    let body = wish.body(&user);
                    Broken::new(user, Context::default(), &body, "")
                })
                .boxed(),
            Refusal::Restricted => (fine(), select(&RESTRICTED[..]), any::<bool>())
                .prop_map(move |((user, ctx, mut body), (path, stranger), null)| {
                    // Where an object on the way is missing, the patch makes it.
                    let mut shown = path;
                    while shown.len() > 2 && !matches!(user.at(&shown[..shown.len() - 1]), Some(Tree::Object(_))) {
                        shown = &shown[..shown.len() - 1];
                    }
                    // A null takes away what is there.
                    let null =
                        null && user.at(path).is_some_and(|value| ![Tree::Null, Tree::Bool(false)].contains(value));
                    body.set(path, if null { Tree::Null } else { Tree::read(stranger) });
                    Broken::new(user, ctx, &body, &any_path(shown))
                })
                .boxed(),
            Refusal::EnabledRestricted => (fine_for(open_users()), select(&["ece_platform_viewer", "house_role"][..]))
                .prop_map(|((mut user, ctx, mut body), role)| {
                    user.set(&["security", "roles"], role_list(&[role]));
                    let enabled = !matches!(user.at(&["security", "enabled"]), Some(Tree::Bool(false)));
                    body.set(&["security", "enabled"], Tree::Bool(!enabled));
                    Broken::new(user, ctx, &body, "/security/enabled")
                })
                .boxed(),
            Refusal::RoleUnknown => with(
                &["security", "roles"],
                select(&["house_role", "", "ECE_PLATFORM_ADMIN"][..]).prop_map(|role| role_list(&[role])),
            ),
            Refusal::RoleCombination => {
                let lists = [
                    role_list(&[ADMIN, "ece_platform_viewer"]),
                    role_list(&["ece_deployment_viewer", ADMIN]),
                    role_list(&["ece_deployment_manager", "ece_deployment_viewer"]),
                    role_list(&["ece_deployment_viewer", "ece_platform_viewer", "ece_deployment_manager"]),
                ];
                with(&["security", "roles"], select(lists.to_vec()))
            }
            Refusal::RoleForbidden => {
                let by_default = (fine_for(open_users()), select(&[ADMIN, "ece_deployment_viewer"][..])).prop_map(
                    |((mut user, ctx, mut body), role)| {
                        user.set(&["security", "roles"], role_list(&["ece_platform_viewer"]));
                        body.set(&["security", "roles"], role_list(&[role]));
                        Broken::new(user, ctx, &body, "/security/roles")
                    },
                );
                let by_context = fine().prop_map(|(user, mut ctx, mut body)| {
                    ctx.assignable_roles = Some([ADMIN.to_owned(), "ece_platform_viewer".to_owned()].into());
                    body.set(&["security", "roles"], role_list(&["ece_platform_viewer", "ece_deployment_viewer"]));
                    Broken::new(user, ctx, &body, "/security/roles")
                });
                by_default.boxed().prop_union(by_context.boxed()).boxed()
            }
            Refusal::WrongType => {
                // What is inside of it would go too, and be told.
                let object_alone = |name: &'static str, broken: BoxedStrategy<Broken<Context>>| {
                    broken.prop_map(move |mut broken| {
                        broken.user.remove(&["metadata"]);
                        for inside in ["permissions", "elevated_permissions", "security_realm"] {
                            broken.user.remove(&["security", inside]);
                        }
                        broken.pointer = pointer_of(name);
                        broken
                    })
                };
                let not = |fits: fn(&Tree) -> bool| unfit(move |value| *value == Tree::Null || fits(value));
                let text = |value: &Tree| matches!(value, Tree::String(_));
                let object = |value: &Tree| matches!(value, Tree::Object(_));
                prop_oneof![
                    with(&["full_name"], not(text)),
                    with(&["email"], not(text)),
                    object_alone("metadata", with(&["metadata"], not(object))),
                    object_alone("security", with(&["security"], not(object))),
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
            Refusal::Required => fine()
                .prop_map(|(mut user, ctx, mut body)| {
                    for name in ["permissions", "elevated_permissions", "security_realm"] {
                        user.remove(&["security", name]);
                    }
                    body.set(&["security"], Tree::Null);
                    Broken::new(user, ctx, &body, "/security")
                })
                .boxed(),
            Refusal::PasswordTooShort => {
                with(&["security", "password"], select(&["", "1234567", "𝄞𝄞𝄞𝄞𝄞𝄞𝄞"][..]).prop_map(Tree::string))
            }
            Refusal::PasswordMisplaced => {
                let places = [
                    (&["Password"][..], "/Password"),
                    (&["password"], "/password"),
                    (&["metadata", "PASSWORD"], "/metadata/PASSWORD"),
                    (&["zz", "b", "password"], "/zz"),
                    (&["security", "zz", "password"], "/security/zz"),
                ];
                (fine(), select(places.to_vec()), any::<bool>(), strings())
                    .prop_map(|((user, ctx, mut body), (place, pointer), list, value)| {
                        let value = Tree::String(value);
                        match (list, place.split_last()) {
                            (true, Some((name, around))) if !around.is_empty() && around != ["metadata"] => {
                                body.set(around, Tree::Array(vec![object([(*name, value)])]));
                            }
                            _ => body.set(place, value),
                        }
                        Broken::new(user, ctx, &body, pointer)
                    })
                    .boxed()
            }
            Refusal::UnknownMember => (fine(), strange_names(), documents())
                .prop_map(|((user, mut ctx, mut body), name, value)| {
                    Arc::make_mut(&mut ctx.service).policy.unknown_members = UnknownMembers::Refuse;
                    for unknown in ["a", "b", "c", "d", "m~n"] {
                        body.remove(&[unknown]);
                    }
                    body.set(&[name], value);
                    Broken::new(user, ctx, &body, &pointer_of(name))
                })
                .boxed(),
            _ => return None,
        })
    }
}

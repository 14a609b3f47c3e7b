//! Fireworks users, patches and contexts.

use std::sync::Arc;

use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
};
use user_patch::{
    fireworks::{
        Context, EmptyMembers, LeavingCustom, Patch, Policy, ReadOnly, Refusal, RolePresence, Roles, UnknownMembers,
        WithoutMask,
    },
    report::Violations,
    vendor::Fireworks,
};

use super::{
    Broken, Edit, Say, Strategies, Unreadable, Wish, all,
    json::{documents, others, strings},
    maybe, object, pointer_of, says, seldom, stored, strange_names, unfit, unreadable,
};
use crate::laws::tree::Tree;

const PLAIN_ROLES: [&str; 4] = ["admin", "user", "contributor", "inference-user"];
const PRESETS: [&str; 2] = ["read-only", "billing"];
const READ_ONLY: [&str; 5] = ["name", "createTime", "state", "status", "updateTime"];
const SNAKE: &[(&str, &str)] = &[
    ("displayName", "display_name"),
    ("serviceAccount", "service_account"),
    ("permissionPreset", "permission_preset"),
    ("createTime", "create_time"),
    ("updateTime", "update_time"),
];

fn plain_roles() -> impl Strategy<Value = Tree> {
    select(&PLAIN_ROLES[..]).prop_map(Tree::string)
}

fn presets() -> impl Strategy<Value = Tree> {
    select(&PRESETS[..]).prop_map(Tree::string)
}

/// So many letters, each of one to four bytes.
fn letters(count: std::ops::Range<usize>) -> impl Strategy<Value = Tree> {
    vec(select(&['a', 'é', '𝄞', '"', '\n'][..]), count).prop_map(|letters| Tree::String(String::from_iter(letters)))
}

fn display_names() -> BoxedStrategy<Tree> {
    prop_oneof![
        4 => select(&["", "Alice", "Bob"][..]).prop_map(Tree::string),
        1 => letters(0..64),
    ]
    .boxed()
}

fn emails() -> BoxedStrategy<Tree> {
    prop_oneof![
        3 => select(&["", "a@example.com", "Ada.Lovelace@example.com"][..]).prop_map(Tree::string),
        1 => strings().prop_map(Tree::String),
    ]
    .boxed()
}

fn flags() -> impl Strategy<Value = Tree> {
    any::<bool>().prop_map(Tree::Bool)
}

fn times() -> impl Strategy<Value = Tree> {
    select(&["2023-11-07T05:31:56Z", "2024-02-29T23:59:59.5+01:00"][..]).prop_map(Tree::string)
}

fn states() -> impl Strategy<Value = Tree> {
    prop_oneof![Just(Tree::string("READY")), Just(Tree::Number("2".to_owned())), Just(Tree::Number("-0".to_owned()))]
}

fn statuses() -> impl Strategy<Value = Tree> {
    let codes = prop_oneof![
        select(&["OK", "CANCELLED", "UNAUTHENTICATED"][..]).prop_map(Tree::string),
        select(&["2", "-0"][..]).prop_map(|text| Tree::Number(text.to_owned())),
    ];
    let member = prop_oneof![Just(None), codes.prop_map(Some), Just(Some(Tree::Null))];
    (member, maybe(strings().prop_map(Tree::String))).prop_map(|(code, message)| {
        object([("code", code), ("message", message)].into_iter().filter_map(|(name, value)| Some((name, value?))))
    })
}

fn read_only(name: &str) -> BoxedStrategy<Tree> {
    match name {
        "name" => select(&["accounts/acme/users/ada", "accounts/acme/users/bob"][..]).prop_map(Tree::string).boxed(),
        "state" => states().boxed(),
        "status" => statuses().boxed(),
        _ => times().boxed(),
    }
}

/// Role and preset of a stored user, in accord with the page.
fn standings() -> BoxedStrategy<(Tree, Option<Tree>)> {
    prop_oneof![
        plain_roles().prop_map(|role| (role, None)),
        presets().prop_map(|preset| (Tree::string("custom"), Some(preset))),
    ]
    .boxed()
}

/// The same, as another version of the page may have left them.
fn kept_standings() -> BoxedStrategy<(Tree, Option<Tree>)> {
    let custom = || Tree::string("custom");
    prop_oneof![
        3 => (plain_roles(), presets()).prop_map(|(role, preset)| (role, Some(preset))),
        2 => Just((custom(), None)),
        2 => Just((Tree::string("legacy"), None)),
        1 => presets().prop_map(|preset| (Tree::string("legacy"), Some(preset))),
        1 => standings(),
    ]
    .boxed()
}

/// Users as the page has them.
fn sound_users() -> BoxedStrategy<Tree> {
    users(standings(), display_names())
}

/// Users as a database may have kept them, with values that break a rule.
fn kept_users() -> BoxedStrategy<Tree> {
    users(kept_standings(), prop_oneof![3 => display_names(), 1 => letters(64..80)].boxed())
}

fn users(standings: BoxedStrategy<(Tree, Option<Tree>)>, display_names: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    let writable = (standings, maybe(display_names), maybe(flags()), maybe(emails()));
    let read_only = READ_ONLY.map(|name| maybe(read_only(name)).prop_map(move |value| (name, value)));
    (writable, read_only, others())
        .prop_map(|(((role, preset), display_name, service_account, email), read_only, others)| {
            let mut user = Tree::Object(others);
            let writable = [
                ("role", Some(role)),
                ("permissionPreset", preset),
                ("displayName", display_name),
                ("serviceAccount", service_account),
                ("email", email),
            ];
            for (name, value) in writable.into_iter().chain(read_only) {
                value.into_iter().for_each(|value| user.set(&[name], value));
            }
            user
        })
        .boxed()
}

/// A user, a context and a body that is accepted, whatever is put into the members that it does not have.
fn fine() -> BoxedStrategy<(Tree, Context, Tree)> {
    let role = prop_oneof![
        2 => plain_roles().prop_map(|role| vec![("role", role)]),
        1 => presets().prop_map(|preset| vec![("role", Tree::string("custom")), ("permissionPreset", preset)]),
        1 => plain_roles().prop_map(|role| vec![("role", role), ("permissionPreset", Tree::string(""))]),
    ];
    (sound_users(), role, maybe(display_names()), maybe(emails()))
        .prop_map(|(user, role, display_name, email)| {
            let rest = [("displayName", display_name), ("email", email)];
            let rest = rest.into_iter().filter_map(|(name, value)| Some((name, value?)));
            (user, Context::default(), object(role.into_iter().chain(rest)))
        })
        .boxed()
}

/// The same with one member that breaks a rule.
fn with(member: &'static str, values: impl Strategy<Value = Tree> + 'static) -> BoxedStrategy<Broken<Context>> {
    let broken = (fine(), values).prop_map(move |((user, ctx, mut body), value)| {
        body.set(&[member], value);
        Broken::new(user, ctx, &body, &pointer_of(member))
    });
    broken.boxed()
}

/// The members that a mask can name: the fields of the page, in either spelling.
fn masks() -> BoxedStrategy<String> {
    let paths = vec![
        "role",
        "displayName",
        "display_name",
        "service_account",
        "email",
        "permission_preset",
        "name",
        "status.code",
    ];
    prop_oneof![
        8 => Just(String::new()),
        1 => Just("*".to_owned()),
        4 => subsequence(paths, 1..5).prop_shuffle().prop_map(|paths| paths.join(",")),
    ]
    .boxed()
}

fn policies() -> impl Strategy<Value = Policy> {
    let seldom = || prop::bool::weighted(0.3);
    let without_mask = prop_oneof![5 => Just(WithoutMask::FromBody), 2 => select(WithoutMask::ALL)];
    let flags = (seldom(), seldom(), seldom());
    let switches = (
        select(RolePresence::ALL),
        prop_oneof![2 => Just(Roles::Closed), 1 => Just(Roles::Open)],
        prop_oneof![2 => Just(UnknownMembers::Refuse), 1 => Just(UnknownMembers::Ignore)],
        prop_oneof![2 => Just(ReadOnly::Ignore), 1 => select(ReadOnly::ALL)],
        prop_oneof![2 => Just(LeavingCustom::ClearPreset), 1 => Just(LeavingCustom::Refuse)],
        select(EmptyMembers::ALL),
    );
    (switches, without_mask, flags).prop_map(|(switches, without_mask, (free, immutable, snake))| {
        let mut policy = Policy::default();
        (
            policy.role,
            policy.roles,
            policy.unknown_members,
            policy.read_only,
            policy.leaving_custom,
            policy.empty_members,
        ) = switches;
        policy.without_mask = without_mask;
        policy.custom_needs_preset = !free;
        policy.immutable = immutable;
        policy.camel_case_mask = !snake;
        policy
    })
}

impl Strategies for Fireworks {
    fn users() -> BoxedStrategy<Tree> {
        prop_oneof![4 => sound_users(), 1 => kept_users()].boxed()
    }

    fn edits() -> BoxedStrategy<Vec<Edit>> {
        let edit = prop_oneof![
            4 => plain_roles().prop_map(|role| vec![(vec!["role"], Some(role)), (vec!["permissionPreset"], None)]),
            4 => presets().prop_map(|preset| {
                vec![(vec!["role"], Some(Tree::string("custom"))), (vec!["permissionPreset"], Some(preset))]
            }),
            1 => kept_standings().prop_map(|(role, preset)| {
                vec![(vec!["role"], Some(role)), (vec!["permissionPreset"], preset)]
            }),
            4 => maybe(display_names()).prop_map(|name| vec![(vec!["displayName"], name)]),
            4 => maybe(emails()).prop_map(|email| vec![(vec!["email"], email)]),
            4 => maybe(flags()).prop_map(|flag| vec![(vec!["serviceAccount"], flag)]),
            1 => maybe(states()).prop_map(|state| vec![(vec!["state"], state)]),
            1 => maybe(statuses()).prop_map(|status| vec![(vec!["status"], status)]),
            1 => maybe(times()).prop_map(|time| vec![(vec!["updateTime"], time)]),
            1 => maybe(documents()).prop_map(|value| vec![(vec!["a"], value)]),
        ];
        vec(edit, 1..4).prop_map(|edits| edits.concat()).boxed()
    }

    fn wishes() -> BoxedStrategy<Wish> {
        let value = |name: &'static str, value| vec![(vec![name], Say::Value(value))];
        let echo = |name: &'static str| vec![(vec![name], Say::Echo)];
        let standing = prop_oneof![
            6 => Just(echo("role")),
            6 => plain_roles().prop_map(move |role| value("role", role)),
            4 => presets().prop_map(move |preset| {
                [value("role", Tree::string("custom")), value("permissionPreset", preset)].concat()
            }),
            2 => Just([echo("role"), echo("permissionPreset")].concat()),
            3 => Just(value("role", Tree::string("custom"))),
            2 => plain_roles().prop_map(move |role| {
                [value("role", role), value("permissionPreset", Tree::Null)].concat()
            }),
            1 => presets().prop_map(move |preset| value("permissionPreset", preset)),
            2 => Just(Vec::new()),
            1 => documents().prop_map(move |role| value("role", role)),
        ];
        let mut parts = vec![
            standing.boxed(),
            says(&["displayName"], prop_oneof![4 => display_names(), 1 => Just(Tree::Null)]),
            says(&["email"], prop_oneof![4 => emails(), 1 => Just(Tree::Null)]),
            says(&["serviceAccount"], prop_oneof![4 => flags(), 1 => Just(Tree::Null)]),
            seldom(&["displayName"], documents()),
            seldom(&["serviceAccount"], documents()),
            seldom(&["permissionPreset"], documents()),
            seldom(&["a"], documents()),
            seldom(&["nickname"], documents()),
            seldom(&["name"], read_only("name")),
            seldom(&["createTime"], documents()),
            seldom(&["state"], documents()),
            seldom(&["status"], documents()),
        ];
        parts.push(Just(vec![(vec!["status"], Say::Echo)]).prop_union(Just(Vec::new())).boxed());
        (all(parts), masks(), any::<bool>())
            .prop_map(|(says, mask, snake)| Wish { says, mask, spelled: if snake { SNAKE } else { &[] } })
            .boxed()
    }

    fn contexts() -> BoxedStrategy<Context> {
        let odd = (policies(), prop::bool::weighted(0.3), any::<bool>()).prop_map(|(policy, no_admin, clock)| {
            let mut ctx = Context::with_policy(policy);
            ctx.admin = !no_admin;
            ctx.now = clock.then(|| "2026-01-01T00:00:00.25Z".parse().unwrap());
            ctx
        });
        prop_oneof![2 => Just(Context::default()), 3 => odd].boxed()
    }

    fn places() -> Vec<Vec<&'static str>> {
        vec![vec![], vec!["status"]]
    }

    fn masks() -> &'static [Option<&'static str>] {
        &[None, None, None, Some("nickname."), Some("role."), Some("a"), Some("status.")]
    }

    fn breaks(refusal: Refusal) -> Option<BoxedStrategy<Broken<Context>>> {
        Some(match refusal {
            Refusal::Malformed => unreadable::<Self>(fine(), Unreadable::Malformed)
                .prop_union(unreadable::<Self>(fine(), Unreadable::NotUtf8))
                .boxed(),
            Refusal::Duplicate => {
                let twice =
                    (fine(), select(SNAKE), any::<bool>()).prop_map(|((user, ctx, mut body), pair, swapped)| {
                        let (camel, snake) = pair;
                        body.remove(&[camel]);
                        let (first, second) = if swapped { (snake, camel) } else { (camel, snake) };
                        let mut broken = Broken::new(user, ctx, &body, &pointer_of(second));
                        let open = &body.text()[..body.text().len() - 1];
                        broken.request.body = format!("{open},\"{first}\":null,\"{second}\":null}}").into_bytes();
                        broken
                    });
                unreadable::<Self>(fine(), Unreadable::Duplicate).prop_union(twice.boxed()).boxed()
            }
            Refusal::TooDeep => unreadable::<Self>(fine(), Unreadable::TooDeep),
            Refusal::TooLong => unreadable::<Self>(fine(), Unreadable::TooLong),
            Refusal::NotAnObject => unreadable::<Self>(fine(), Unreadable::NotAnObject),
            Refusal::UnknownMember => {
                let top = (fine(), strange_names(), documents()).prop_map(|((user, ctx, mut body), name, value)| {
                    body.set(&[name], value);
                    Broken::new(user, ctx, &body, &pointer_of(name))
                });
                let inside = (fine(), strange_names(), documents(), statuses()).prop_map(
                    |((user, ctx, mut body), name, value, mut status)| {
                        status.set(&[name], value);
                        body.set(&["status"], status);
                        Broken::new(user, ctx, &body, &format!("/status{}", pointer_of(name)))
                    },
                );
                top.boxed().prop_union(inside.boxed()).boxed()
            }
            Refusal::WrongType => {
                let texts = select(&["displayName", "email", "name", "role", "permissionPreset"][..]);
                let other = unfit(|value| matches!(value, Tree::String(_) | Tree::Null));
                let text = (fine(), texts, other).prop_map(|((user, ctx, mut body), name, value)| {
                    // The preset is held against the role, and neither is said of a role that is refused itself.
                    if name == "permissionPreset" {
                        body.set(&["role"], Tree::string("user"));
                    }
                    body.set(&[name], value);
                    Broken::new(user, ctx, &body, &pointer_of(name))
                });
                let wrong = |name: &'static str, fits: fn(&Tree) -> bool| {
                    with(name, unfit(move |value| *value == Tree::Null || fits(value)))
                };
                let inside = (fine(), select(&["code", "message"][..]), flags()).prop_map(
                    |((user, ctx, mut body), name, value)| {
                        body.set(&["status", name], value);
                        Broken::new(user, ctx, &body, &format!("/status/{name}"))
                    },
                );
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
            Refusal::ReadOnly => {
                (fine(), select(&READ_ONLY[..]).prop_flat_map(|name| (Just(name), read_only(name))), any::<bool>())
                    .prop_map(|((user, mut ctx, mut body), (name, value), masked)| {
                        Arc::make_mut(&mut ctx.service).policy.read_only = ReadOnly::Refuse;
                        if !masked {
                            body.set(&[name], value);
                        }
                        let mut broken = Broken::new(user, ctx, &body, &pointer_of(name));
                        if masked {
                            broken.request.mask = format!("{name},role,permission_preset");
                        }
                        broken
                    })
                    .boxed()
            }
            Refusal::Mask => {
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
                let wrong = (fine(), wrong).prop_map(|((user, ctx, body), mask)| {
                    let mut broken = Broken::new(user, ctx, &body, "");
                    broken.request.mask = mask.to_owned();
                    broken
                });
                let spelled = (fine(), spelled).prop_map(|((user, mut ctx, mut body), mask)| {
                    Arc::make_mut(&mut ctx.service).policy.camel_case_mask = false;
                    body.set(&["role"], Tree::string("user"));
                    body.set(&["permissionPreset"], Tree::string(""));
                    let mut broken = Broken::new(user, ctx, &body, "");
                    broken.request.mask = mask.to_owned();
                    broken
                });
                wrong.boxed().prop_union(spelled.boxed()).boxed()
            }
            Refusal::MaskPath => {
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
                        let mut broken = Broken::new(user, ctx, &body, pointer);
                        broken.request.mask = if first { format!("{path},email") } else { format!("email,{path}") };
                        broken
                    })
                    .boxed()
            }
            Refusal::RoleRequired => {
                let said = with("role", prop_oneof![Just(Tree::Null), Just(Tree::string(""))]);
                let absent = fine().prop_map(|(user, ctx, mut body)| {
                    body.remove(&["role"]);
                    Broken::new(user, ctx, &body, "/role")
                });
                let masked = fine().prop_map(|(user, ctx, mut body)| {
                    body.remove(&["role"]);
                    let mut broken = Broken::new(user, ctx, &body, "/role");
                    broken.request.mask = "role".to_owned();
                    broken
                });
                prop_oneof![said, absent, masked].boxed()
            }
            Refusal::RoleUnknown => {
                with("role", select(&["root", "Admin", "admin ", "legacy", "\u{0}"][..]).prop_map(Tree::string))
            }
            Refusal::DisplayNameTooLong => with("displayName", letters(64..80)),
            Refusal::NotAdmin => fine()
                .prop_map(|(user, mut ctx, mut body)| {
                    ctx.admin = false;
                    body.set(&["serviceAccount"], Tree::Bool(user.at(&["serviceAccount"]) != Some(&Tree::Bool(true))));
                    Broken::new(user, ctx, &body, "/serviceAccount")
                })
                .boxed(),
            Refusal::PresetWithoutCustom => (fine(), plain_roles(), presets())
                .prop_map(|((user, ctx, mut body), role, preset)| {
                    body.set(&["role"], role);
                    body.set(&["permissionPreset"], preset);
                    Broken::new(user, ctx, &body, "/permissionPreset")
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
                    Broken::new(user, ctx, &body, "/permissionPreset")
                })
                .boxed(),
            Refusal::PresetLeft => (fine(), plain_roles(), presets())
                .prop_map(|((mut user, mut ctx, mut body), role, preset)| {
                    Arc::make_mut(&mut ctx.service).policy.leaving_custom = LeavingCustom::Refuse;
                    user.set(&["role"], Tree::string("custom"));
                    user.set(&["permissionPreset"], preset);
                    body.set(&["role"], role);
                    body.remove(&["permissionPreset"]);
                    Broken::new(user, ctx, &body, "/permissionPreset")
                })
                .boxed(),
            Refusal::Immutable => (fine(), any::<bool>())
                .prop_map(|((user, mut ctx, mut body), email)| {
                    Arc::make_mut(&mut ctx.service).policy.immutable = true;
                    body.remove(&["email"]);
                    if email {
                        let now = user.at(&["email"]).unwrap_or(&Tree::Null);
                        let other =
                            if *now == Tree::string("b@example.com") { "c@example.com" } else { "b@example.com" };
                        body.set(&["email"], Tree::string(other));
                        return Broken::new(user, ctx, &body, "/email");
                    }
                    body.set(&["serviceAccount"], Tree::Bool(user.at(&["serviceAccount"]) != Some(&Tree::Bool(true))));
                    Broken::new(user, ctx, &body, "/serviceAccount")
                })
                .boxed(),
            Refusal::AccountId | Refusal::UserId => {
                let wrong = select(&["-a", "a-", "A", "a_b", "a/b", "é", " "][..]).prop_map(str::to_owned);
                (fine(), prop_oneof![wrong, "[a-z]{64,70}"])
                    .prop_map(move |((user, ctx, body), wrong)| {
                        let mut broken = Broken::new(user, ctx, &body, "");
                        broken.create = Some(match refusal {
                            Refusal::AccountId => (wrong, "ada".to_owned()),
                            _ => ("acme".to_owned(), wrong),
                        });
                        broken
                    })
                    .boxed()
            }
            Refusal::NoUserId => (
                fine(),
                prop_oneof![Just(None), select(&["", "@example.com", "--@example.com", "é@x"][..]).prop_map(Some)],
            )
                .prop_map(|((user, ctx, mut body), email)| {
                    body.remove(&["email"]);
                    email.into_iter().for_each(|email| body.set(&["email"], Tree::string(email)));
                    let mut broken = Broken::new(user, ctx, &body, "/email");
                    broken.create = Some(("acme".to_owned(), String::new()));
                    broken
                })
                .boxed(),
            _ => return None,
        })
    }

    fn decide(broken: &Broken<Context>) -> [Result<(), Violations<Refusal>>; 2] {
        let mut user = stored::<Self>(&broken.user);
        let patch = match Patch::parse_masked(&broken.request.body, &broken.request.mask, &broken.ctx) {
            Ok(patch) => patch,
            Err(violations) => return [Err(violations.clone()), Err(violations)],
        };
        match &broken.create {
            Some((account, id)) => {
                let made = patch.create(account, Some(id), &broken.ctx).map(|_| ());
                [made.clone(), made]
            }
            None => [patch.check(&user, &broken.ctx).map(|_| ()), patch.apply(&mut user, &broken.ctx).map(|_| ())],
        }
    }
}

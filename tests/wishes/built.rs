//! A patch that is built is the one that is read of the same body.

use proptest::{collection::vec, option, prelude::*, sample::select};
use user_patch::{
    elastic,
    engine::{FieldMask, Json},
    fireworks::{self, WithoutMask},
    report::Applied,
    trusted_twin,
};

use crate::{
    holds,
    tree::{Tree, json, values},
};

/// What is said of a member.
#[derive(Clone, Debug)]
enum Say {
    Nothing,
    Set(String),
    Cleared,
}

fn says() -> impl Strategy<Value = Say> {
    prop_oneof![
        Just(Say::Nothing),
        select(&["Al", "", "é\"\n", "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", "custom"][..])
            .prop_map(|text| Say::Set(text.to_owned())),
        Just(Say::Cleared),
    ]
}

fn names() -> impl Strategy<Value = &'static str> {
    select(&["quota", "x", "a/b", "é\"", "name", "email"][..])
}

fn string(text: &str) -> String {
    Json::string(text).to_string()
}

/// A context in which a body without a mask means these members.
fn meaning(without_mask: WithoutMask) -> fireworks::Context {
    let mut policy = fireworks::Policy::default();
    policy.without_mask = without_mask;
    fireworks::Context::with_policy(policy)
}

/// Says something of a member to a builder, and to the body that is expected.
macro_rules! say {
    ($say:expr, $builder:ident, $body:ident, $path:expr, $set:ident, $clear:ident as $cleared:expr) => {
        match $say {
            Say::Nothing => {}
            Say::Set(text) => {
                $builder = $builder.$set(text);
                $body.set($path, Some(Tree::Text(string(text))));
            }
            Say::Cleared => {
                $builder = $builder.$clear();
                $body.set($path, Some(Tree::Text($cleared.to_owned())));
            }
        }
    };
    ($say:expr, $builder:ident, $body:ident, $path:expr, $set:ident) => {
        if let Say::Set(text) = $say {
            $builder = $builder.$set(text);
            $body.set($path, Some(Tree::Text(string(text))));
        }
    };
}

#[test]
fn fireworks_builds_what_it_reads() {
    let masks = || {
        select(&["", "role", "display_name,email", "*", "nosuch,role", "role.nosuch,role", "service_account"][..])
            .prop_map(Some)
    };
    let masks = prop_oneof![3 => Just(None), 3 => masks()];
    let others = vec((names().prop_filter("its own", |name| *name != "email"), values()), 0..3);
    let policies = select(&[WithoutMask::FromBody, WithoutMask::Populated, WithoutMask::Replace][..]);
    let cases = ([says(), says(), says(), says()], option::of(any::<bool>()), others, masks, any::<bool>(), policies);
    holds(cases, |([role, name, email, preset], service, others, mask, masked, without_mask)| {
        let ctx = meaning(without_mask);
        let (mut builder, mut body) = (fireworks::Patch::builder(), Tree::empty());
        say!(&role, builder, body, &["role"], role);
        say!(&name, builder, body, &["displayName"], display_name, clear_display_name as "\"\"");
        say!(&email, builder, body, &["email"], email, clear_email as "\"\"");
        say!(&preset, builder, body, &["permissionPreset"], permission_preset, clear_permission_preset as "\"\"");
        if let Some(is_one) = service {
            builder = builder.service_account(is_one);
            body.set(&["serviceAccount"], Some(Tree::Text(is_one.to_string())));
        }
        for (name, value) in &others {
            builder = builder.with(&[name], json(value));
            body.set(&[name], Some(Tree::read(value)));
        }
        const ORDER: [&str; 6] = ["role", "name", "displayName", "serviceAccount", "email", "permissionPreset"];
        let Tree::Object(members) = &body else { unreachable!() };
        let is_mentioned = |name: &&str| members.iter().any(|(known, _)| known == name);
        let mentioned: Vec<_> = ORDER.into_iter().filter(is_mentioned).collect();
        if masked {
            builder = builder.masked();
        }
        let expected_mask = match mask {
            Some(mask) => {
                builder = builder.mask(mask.parse().unwrap());
                mask.to_owned()
            }
            // Nothing but a mask says what is meant, where the policy would say otherwise.
            None if masked || without_mask != WithoutMask::FromBody => FieldMask::derive(mentioned.clone()).to_string(),
            None => String::new(),
        };
        let built = builder.build(&ctx).unwrap();
        let text = body.text();
        let read = fireworks::Patch::parse_masked(text.as_bytes(), &expected_mask, &ctx).unwrap();
        assert!(built == read, "{text} and {expected_mask}: {} and {:?}", built.to_json(), built.explicit_mask());
        let text = built.to_json();
        let mask = built.explicit_mask().unwrap_or_default();
        assert!(fireworks::Patch::parse_masked(text.as_bytes(), mask, &ctx).unwrap() == built);

        let expected: Vec<_> = mentioned.iter().map(|name| format!("/{name}")).collect();
        assert_eq!(built.mentioned().map(|pointer| pointer.to_string()).collect::<Vec<_>>(), expected);
    });
}

#[derive(Clone, Debug)]
enum Description {
    Nothing,
    Cleared,
    Emptied,
    Value(String),
}

#[test]
fn trusted_twin_builds_what_it_reads() {
    let descriptions = prop_oneof![
        Just(Description::Nothing),
        Just(Description::Cleared),
        Just(Description::Emptied),
        values().prop_map(Description::Value),
    ];
    let cases = (says(), says(), descriptions, vec((names(), values()), 0..4), option::of(values()));
    holds(cases, |(name, role, description, attributes, other)| {
        let ctx = trusted_twin::Context::default();
        let (mut builder, mut body) = (trusted_twin::Patch::builder(), Tree::empty());
        say!(&name, builder, body, &["name"], name);
        say!(&role, builder, body, &["role"], role);
        let said = match &description {
            Description::Nothing => None,
            Description::Cleared => {
                builder = builder.clear_description();
                Some("null")
            }
            Description::Emptied => {
                builder = builder.empty_description();
                Some("{}")
            }
            Description::Value(value) => {
                builder = builder.description(json(value));
                Some(&**value)
            }
        };
        if let Some(said) = said {
            body.set(&["description"], Some(Tree::read(said)));
        }
        for (key, value) in &attributes {
            builder = builder.attribute(key, json(value));
            body.set(&["description", key], Some(Tree::read(value)));
        }
        if let Some(value) = &other {
            builder = builder.with(&["activity"], json(value));
            body.set(&["activity"], Some(Tree::read(value)));
        }
        let (built, text) = (builder.build(&ctx).unwrap(), body.text());
        assert!(built == trusted_twin::Patch::parse(text.as_bytes(), &ctx).unwrap(), "{text}: {}", built.to_json());
        assert!(trusted_twin::Patch::parse(built.to_json().as_bytes(), &ctx).unwrap() == built);

        let Tree::Object(members) = &body else { unreachable!() };
        let order = ["name", "role", "description"].into_iter();
        let expected: Vec<_> = order
            .filter(|name| members.iter().any(|(known, _)| known == name))
            .map(|name| format!("/{name}"))
            .collect();
        assert_eq!(built.mentioned().map(|pointer| pointer.to_string()).collect::<Vec<_>>(), expected);
        assert_eq!(built.is_empty(), members.is_empty());
    });
}

#[test]
fn elastic_builds_what_it_reads() {
    let roles = prop_oneof![
        Just(Err(false)),
        Just(Err(true)),
        vec(select(&["ece_platform_admin", "a\"", ""][..]), 0..3).prop_map(Ok),
    ];
    let enabled = prop_oneof![Just(None), Just(Some(None)), any::<bool>().prop_map(|is| Some(Some(is)))];
    const PLACES: &[&[&str]] = &[&["badge"], &["metadata", "badge"], &["security", "badge", "x"], &["a/b", "\"é"]];
    let places = select(PLACES);
    let cases = ([says(), says(), says()], roles, enabled, vec((places, values()), 0..3));
    holds(cases, |([name, email, password], roles, enabled, others)| {
        let ctx = elastic::Context::default();
        let (mut builder, mut body) = (elastic::Patch::builder(), Tree::empty());
        say!(&name, builder, body, &["full_name"], full_name, clear_full_name as "null");
        say!(&email, builder, body, &["email"], email, clear_email as "null");
        say!(&password, builder, body, &["security", "password"], password);
        match &roles {
            Ok(roles) => {
                builder = builder.roles(roles);
                let roles: Vec<_> = roles.iter().map(|role| string(role)).collect();
                body.set(&["security", "roles"], Some(Tree::Text(format!("[{}]", roles.join(",")))));
            }
            Err(true) => {
                builder = builder.clear_roles();
                body.set(&["security", "roles"], Some(Tree::Text("null".to_owned())));
            }
            Err(false) => {}
        }
        if let Some(enabled) = enabled {
            let text = enabled.map_or("null".to_owned(), |is_enabled| is_enabled.to_string());
            builder = enabled.map_or(builder.clone().clear_enabled(), |is_enabled| builder.enabled(is_enabled));
            body.set(&["security", "enabled"], Some(Tree::Text(text)));
        }
        for (path, value) in &others {
            builder = builder.with(path, json(value));
            body.set(path, Some(Tree::read(value)));
        }
        let (built, text) = (builder.build(&ctx).unwrap(), body.text());
        assert!(built == elastic::Patch::parse(text.as_bytes(), &ctx).unwrap(), "{text}: {}", built.to_json());
        assert!(elastic::Patch::parse(built.to_json().as_bytes(), &ctx).unwrap() == built);
        assert_eq!(built.has_password(), matches!(password, Say::Set(_)));

        let has = |path: &[&str]| {
            let names = path.iter().map(|name| (*name).to_owned());
            names.into_iter().try_fold(&body, |tree, name| match tree {
                Tree::Object(members) => members.iter().find(|(known, _)| *known == name).map(|(_, value)| value),
                Tree::Text(_) => None,
            })
        };
        let order: [&[&str]; 7] = [
            &["security"],
            &["security", "roles"],
            &["security", "password"],
            &["security", "enabled"],
            &["metadata"],
            &["full_name"],
            &["email"],
        ];
        let expected: Vec<_> =
            order.iter().filter(|path| has(path).is_some()).map(|path| format!("/{}", path.join("/"))).collect();
        assert_eq!(built.mentioned().map(|pointer| pointer.to_string()).collect::<Vec<_>>(), expected);
    });
}

#[test]
fn a_null_is_no_password() {
    let ctx = elastic::Context::default();
    let has = |body: &str| elastic::Patch::parse(body.as_bytes(), &ctx).unwrap().has_password();
    assert!(has(r#"{"security":{"password":"correct horse"}}"#) && has(r#"{"security":{"passw\u006frd":"x"}}"#));
    assert!(!has(r#"{"security":{"password":null}}"#) && !has(r#"{"security":{}}"#) && !has(r#"{"password":"x"}"#));
}

#[test]
fn both_names_of_a_member_are_one_member() {
    let ctx = fireworks::Context::default();
    let built = fireworks::Patch::builder().display_name("Al").with(&["display_name"], "Bo").build(&ctx).unwrap();
    assert_eq!(built.to_json(), r#"{"displayName":"Bo"}"#);
}

/// Under each policy, what is cleared is cleared, and what is not mentioned stays.
#[test]
fn a_fireworks_wish_is_what_it_says_under_any_policy() {
    for without_mask in [WithoutMask::FromBody, WithoutMask::Populated, WithoutMask::Replace] {
        let ctx = meaning(without_mask);
        let mut user =
            fireworks::User::from_json(br#"{"role":"user","displayName":"Al","email":"al@example.com"}"#).unwrap();
        let patch = fireworks::Patch::builder().role("admin").clear_email().build(&ctx).unwrap();
        let _: Applied = patch.apply(&mut user, &ctx).unwrap();
        assert_eq!(user.to_json(), r#"{"role":"admin","displayName":"Al"}"#, "{without_mask:?}");
    }
}

#[test]
fn a_value_that_is_too_deep_is_named_and_not_shown() {
    let deep = json(&format!("{}\"hush\"{}", "[".repeat(127), "]".repeat(127)));
    let ctx = trusted_twin::Context::default();
    let builder = trusted_twin::Patch::builder().name("Operator").attribute("fine", 1).attribute("deep", deep);
    let refused = builder.build(&ctx).unwrap_err();
    assert!(refused.contains(trusted_twin::Refusal::TooDeep));
    assert_eq!(refused.iter().next().unwrap().pointer().as_str(), "/description/deep");
    for told in [refused.to_string(), format!("{refused:?}"), format!("{builder:?}")] {
        assert!(!told.contains("hush"), "{told}");
    }
    assert_eq!(format!("{builder:?}"), r#"PatchBuilder {"name", "description"}"#);

    let ctx = elastic::Context::default();
    let path = ["a"; 100_000];
    let refused = elastic::Patch::builder().with(&path, 1).build(&ctx).unwrap_err();
    assert!(refused.contains(elastic::Refusal::TooDeep));
}

#[test]
fn a_body_that_is_too_long_is_refused() {
    let ctx = trusted_twin::Context::default();
    let builder = trusted_twin::Patch::builder().attribute("a", &*"x".repeat(65_536));
    assert!(builder.build(&ctx).unwrap_err().contains(trusted_twin::Refusal::TooLong));
}

/// Who may not update users is told nothing of the body.
#[test]
fn who_may_not_is_told_that_alone() {
    let mut ctx = trusted_twin::Context::default();
    ctx.statement = serde_json::from_str(r#"{"effect":"deny","actions":["update_user"]}"#).unwrap();
    let deep = json(&format!("{}{}", "[".repeat(200), "]".repeat(200)));
    let refused = trusted_twin::Patch::builder().attribute("a", deep).build(&ctx).unwrap_err();
    assert_eq!(refused.iter().map(|one| one.refusal()).collect::<Vec<_>>(), [trusted_twin::Refusal::NotAllowed]);
}

#[test]
fn debug_shows_no_password() {
    let builder = elastic::Patch::builder().password("correct hush4711hush").email("hush4711hush");
    let built = builder.build(&elastic::Context::default()).unwrap();
    for told in [format!("{builder:?}"), format!("{builder:#?}"), format!("{built:?}")] {
        assert!(told.contains("security") && !told.contains("hush"), "{told}");
    }
    let builder = fireworks::Patch::builder().with(&[], json(r#"{"role":"hush","x":{"y":"hush"}}"#)).email("hush");
    assert_eq!(format!("{builder:?}"), r#"PatchBuilder {"role", "x", "email"}"#);
}

/// As many members as a body has room for.
#[test]
fn many_members_are_built() {
    let ctx = elastic::Context::default();
    let mut builder = elastic::Patch::builder();
    let names: Vec<_> = (0..30_000).map(|at| format!("k{at}")).collect();
    for name in &names {
        builder = builder.with(&["metadata", name], 1);
    }
    let built = builder.build(&ctx).unwrap();
    assert_eq!(built.to_json().matches(":1").count(), names.len());
}

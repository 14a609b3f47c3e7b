//! Fireworks by example, and what its verbs promise on every small patch, user and policy.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use user_patch::{
    fireworks::{
        Context, LeavingCustom, Patch, Policy, ReadOnly, Refusal, RolePresence, Roles, User, WithoutMask, diff, rebase,
        undo,
    },
    report::Diff,
};

fn user(text: &str) -> User {
    User::from_json(text.as_bytes()).unwrap()
}

fn patch<'a>(body: &'a str, mask: &str) -> Patch<'a> {
    patch_in(body, mask, &Context::default())
}

fn patch_in<'a>(body: &'a str, mask: &str, ctx: &Context) -> Patch<'a> {
    Patch::parse_masked(body.as_bytes(), mask, ctx).unwrap()
}

/// Numbers that are the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// The objects with one of these values for each member, or without it.
fn objects(members: &[(&str, &[&str])]) -> Vec<String> {
    let mut objects = vec![String::new()];
    for (name, values) in members {
        let with = |object: &String| {
            let comma = if object.is_empty() { "" } else { "," };
            values.iter().map(move |value| format!(r#"{object}{comma}"{name}":{value}"#)).collect::<Vec<_>>()
        };
        objects = objects.iter().flat_map(|object| std::iter::once(object.clone()).chain(with(object))).collect();
    }
    objects.iter().map(|object| format!("{{{object}}}")).collect()
}

const ROLES: &[&str] = &[r#""user""#, r#""admin""#, r#""custom""#, r#""owner""#];

fn bodies() -> Vec<String> {
    let roles = [ROLES, &["null"]].concat();
    objects(&[
        ("role", &roles),
        ("permissionPreset", &[r#""""#, r#""p""#, r#""q""#]),
        ("displayName", &[r#""""#, r#""A""#]),
        ("serviceAccount", &["true", "false"]),
    ])
}

const MASKS: &[&str] = &[
    "",
    "",
    "",
    "*",
    "role",
    "permission_preset",
    "role,permission_preset",
    "display_name",
    "role,display_name",
    "display_name,permission_preset,role,service_account",
    "state",
    "role.nosuch,role",
];

fn users() -> Vec<User> {
    let users = objects(&[
        ("role", ROLES),
        ("permissionPreset", &[r#""p""#, r#""q""#]),
        ("displayName", &[r#""A""#, r#""B""#]),
        ("serviceAccount", &["true"]),
    ]);
    users.iter().filter(|text| text.contains("role")).map(|text| user(text)).collect()
}

fn contexts() -> Vec<Context> {
    let mut contexts = Vec::new();
    for number in 0..192 {
        let mut policy = Policy::default();
        policy.without_mask = WithoutMask::ALL[number % 3];
        policy.role = RolePresence::ALL[number / 3 % 2];
        policy.roles = Roles::ALL[number / 6 % 2];
        policy.leaving_custom = LeavingCustom::ALL[number / 12 % 2];
        policy.custom_needs_preset = number / 24 % 2 == 0;
        policy.immutable = number / 48 % 2 == 1;
        policy.read_only = ReadOnly::RefuseChanged;
        let mut ctx = Context::with_policy(policy);
        ctx.admin = number / 96 % 2 == 0;
        contexts.push(ctx);
    }
    contexts
}

/// How many of everything is tried, more where it is built to be fast.
const TRIES: usize = if cfg!(debug_assertions) { 20_000 } else { 300_000 };

#[test]
fn one_patch_for_two_does_what_they_do() {
    let (bodies, users, contexts) = (bodies(), users(), contexts());
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let (mut composed, mut compared) = (0, 0);
    for _ in 0..TRIES {
        let mut draw = || (numbers.one(&bodies).as_str(), *numbers.one(MASKS));
        let ((first_body, first_mask), (next_body, next_mask)) = (draw(), draw());
        let ctx = numbers.one(&contexts);
        let (first, next) = (patch_in(first_body, first_mask, ctx), patch_in(next_body, next_mask, ctx));
        let Ok(both) = first.then(&next) else { continue };
        composed += 1;
        for _ in 0..8 {
            let before = numbers.one(&users);
            let (mut in_turn, mut at_once) = (before.clone(), before.clone());
            if first.apply(&mut in_turn, ctx).is_err() || next.apply(&mut in_turn, ctx).is_err() {
                continue;
            }
            compared += 1;
            let what = || {
                let both = (both.to_json(), both.explicit_mask());
                format!(
                    "{first_body} {first_mask:?} then {next_body} {next_mask:?} = {both:?} on {} in {ctx:?}",
                    before.to_json()
                )
            };
            let done = both.apply(&mut at_once, ctx);
            assert!(done.is_ok(), "{}: {done:?}", what());
            assert_eq!(at_once, in_turn, "{}: {} is not {}", what(), at_once.to_json(), in_turn.to_json());
        }
    }
    assert!(composed > TRIES / 20 && compared > TRIES / 40, "{composed} {compared}");
}

#[test]
fn a_difference_leads_there_and_back() {
    let (users, contexts) = (users(), contexts());
    let (mut reached, mut masked) = (0, 0);
    for before in &users {
        for after in &users {
            for ctx in contexts.iter().step_by(if cfg!(debug_assertions) { 23 } else { 5 }) {
                match diff(before, after, ctx) {
                    Ok(Diff::Unchanged) => assert_eq!(before, after),
                    Ok(Diff::Patch(patch)) => {
                        let mut user = before.clone();
                        let applied = patch.apply(&mut user, ctx).unwrap();
                        assert!(!applied.changed().is_empty());
                        assert_eq!(&user, after, "{patch:?} {:?} on {}", patch.explicit_mask(), before.to_json());
                        reached += 1;
                        masked += usize::from(patch.explicit_mask().is_some());
                        assert_eq!(undo(after, before, ctx), Ok(Diff::Patch(patch)));
                    }
                    Err(_) => {}
                }
            }
        }
    }
    assert!(reached > 5_000 && masked > 1_000 && masked < reached, "{reached} {masked}");
}

/// What no difference reaches is reached by no patch.
#[test]
fn what_is_out_of_reach_is() {
    let (bodies, users, contexts) = (bodies(), users(), contexts());
    let mut numbers = Numbers(0xD1B5_4A32_D192_ED03);
    for _ in 0..TRIES / 10 {
        let (before, ctx) = (numbers.one(&users), numbers.one(&contexts));
        let (body, mask) = (numbers.one(&bodies).as_str(), *numbers.one(MASKS));
        let mut after = before.clone();
        if patch_in(body, mask, ctx).apply(&mut after, ctx).is_err() {
            continue;
        }
        let found = diff(before, &after, ctx);
        assert!(found.is_ok(), "{body} {mask:?} on {} in {ctx:?}: {found:?}", before.to_json());
        let length = found.unwrap().patch().map_or(0, |patch| patch.to_json().len());
        assert!(length <= body.len(), "{body} {mask:?} on {} in {ctx:?}", before.to_json());
    }
}

#[test]
fn a_patch_that_is_moved_keeps_what_both_did() {
    let (bodies, users) = (bodies(), users());
    let contexts: Vec<_> = WithoutMask::ALL
        .iter()
        .map(|&without_mask| {
            let mut policy = Policy::default();
            policy.without_mask = without_mask;
            Context::with_policy(policy)
        })
        .collect();
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    for _ in 0..TRIES {
        let (base, body, mask) = (numbers.one(&users), numbers.one(&bodies).as_str(), *numbers.one(MASKS));
        let ctx = numbers.one(&contexts);
        let ours = patch_in(body, mask, ctx);
        assert_eq!(rebase(base, &ours, base).unwrap().patch().unwrap_or(ours.clone()), ours);
        let theirs = numbers.one(&users);
        let (mut done, mut moved) = (base.clone(), theirs.clone());
        let Ok(Diff::Patch(patch)) = rebase(base, &ours, theirs) else { continue };
        let Ok(applied) = patch.apply(&mut moved, ctx) else { continue };
        if ours.apply(&mut done, ctx).is_err() {
            continue;
        }
        let unasked = applied.notices().contains("fireworks.preset.cleared");
        let values = |user: &User| {
            [user.role().into_owned(), user.display_name().into_owned(), user.service_account().to_string()]
        };
        let all = values(base).into_iter().zip(values(theirs)).zip(values(&done).into_iter().zip(values(&moved)));
        for ((base, theirs), (ours, now)) in all {
            let expected = if ours == base { &theirs } else { &ours };
            assert_eq!(&now, expected, "{body} {mask:?} is {patch:?}");
        }
        let preset = User::permission_preset;
        if !unasked && preset(&done) != preset(base) {
            assert_eq!(preset(&moved), preset(&done), "{body} {mask:?}");
        }
    }
}

#[test]
fn what_an_update_leaves_behind_may_be_sent_back() {
    let (bodies, users, contexts) = (bodies(), users(), contexts());
    let mut numbers = Numbers(0x94D0_49BB_1331_11EB);
    for _ in 0..TRIES {
        let (before, ctx) = (numbers.one(&users), numbers.one(&contexts));
        let (body, mask) = (numbers.one(&bodies).as_str(), *numbers.one(MASKS));
        let mut after = before.clone();
        if patch_in(body, mask, ctx).apply(&mut after, ctx).is_err() {
            assert_eq!(&after, before);
            continue;
        }
        let text = after.to_json();
        let echo = Patch::parse(text.as_bytes(), ctx).unwrap();
        let applied = echo.apply(&mut after, ctx).unwrap_or_else(|wrong| panic!("{text} in {ctx:?}: {wrong}"));
        assert!(applied.changed().is_empty());
        assert_eq!(after.to_json(), text);
    }
}

#[test]
fn a_queued_patch_is_the_same_patch() {
    let ctx = Context::default();
    for mask in MASKS.iter().chain(&["displayName", "role,,", "email.x"]) {
        for body in [r#"{}"#, r#"{"displayName":null,"role":"user","x":1.0}"#] {
            let ours = patch(body, mask);
            let (queued, queued_mask) = (ours.to_json(), ours.explicit_mask().unwrap_or(""));
            assert_eq!(Patch::parse_masked(queued.as_bytes(), queued_mask, &ctx).unwrap(), ours);
        }
    }
    assert_ne!(patch("{}", "role.nosuch,role"), patch("{}", "role"));
    assert_ne!(patch("{}", ""), patch("{}", "state"));
}

#[test]
fn a_body_has_a_mebibyte() {
    let (ctx, most) = (Context::default(), 1_048_576);
    let body = |length: usize| format!(r#"{{"role":"user"{}}}"#, " ".repeat(length - 15));
    assert!(Patch::parse(body(most).as_bytes(), &ctx).is_ok());
    assert!(Patch::parse(body(most + 1).as_bytes(), &ctx).unwrap_err().contains(Refusal::TooLong));
    assert!(Patch::parse_masked(body(most - 4).as_bytes(), "role", &ctx).is_ok());
    assert!(Patch::parse_masked(body(most - 3).as_bytes(), "role", &ctx).unwrap_err().contains(Refusal::TooLong));
}

#[test]
fn a_difference_keeps_within_the_limit_with_its_mask() {
    let mut policy = Policy::default();
    policy.max_bytes = Some(20);
    let ctx = Context::with_policy(policy);
    let before = user(r#"{"role":"user","displayName":"A","email":"a"}"#);
    assert!(diff(&before, &user(r#"{"role":"user","displayName":"A"}"#), &ctx).is_ok());
    let unreachable = diff(&before, &user(r#"{"role":"user","displayName":"Anna","email":"a"}"#), &ctx).unwrap_err();
    assert!(unreachable.reasons().contains("fireworks.body.size"));
}

#[test]
fn every_fault_of_a_stored_user_is_told() {
    let wrong =
        User::from_json(br#"{"displayName":5,"state":true,"status":[],"create_time":1,"role":""}"#).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "not a user: /createTime must be a string; /displayName must be a string; /role must be there; /state must be a string or a number; /status must be an object"
    );
    let twice = User::from_json(br#"{"role":"user","displayName":null,"display_name":"A"}"#).unwrap_err();
    assert_eq!(twice.to_string(), "not a user: the same member twice at line 1 column 35");
}

/// What is stored as the crate writes it is read as it stands, and everything else is brought into that form.
#[test]
fn a_stored_user_is_written_in_one_form() {
    let text = r#"{"role":"user","name":"n","serviceAccount":true,"email":"e","state":2,"x":{"a":[1.0]},"y":null}"#;
    for written in [
        text,
        r#" {"role":"user","name":"n","serviceAccount":true,"email":"e","state":2,"x":{"a":[1.0]},"y":null}"#,
        r#"{"role": "user","name":"n","serviceAccount":true,"email":"e","state":2,"x":{"a":[1.0]},"y":null}"#,
        r#"{"name":"n","role":"user","serviceAccount":true,"email":"e","state":2,"x":{"a":[1.0]},"y":null}"#,
        r#"{"role":"user","x":{"a":[1.0]},"name":"n","serviceAccount":true,"email":"e","state":2,"y":null}"#,
        r#"{"role":"user","name":"n","service_account":true,"email":"e","state":2,"x":{"a":[1.0]},"y":null}"#,
        r#"{"r\u006fle":"user","name":"n","serviceAccount":true,"email":"e","state":2,"x":{"a":[1.0]},"y":null}"#,
        r#"{"role":"user","name":"n","displayName":"","serviceAccount":true,"email":"e","state":2,"x":{"a":[1.0]},"y":null}"#,
        r#"{"role":"user","name":"n","serviceAccount":true,"email":"e","state":2,"status":null,"x":{"a":[1.0]},"y":null}"#,
    ] {
        assert_eq!(user(written).to_json(), text, "{written}");
        assert_eq!(user(written), user(text), "{written}");
    }
    let defaults =
        r#"{"role":"user","displayName":"","serviceAccount":false,"createTime":null,"state":"STATE_UNSPECIFIED"}"#;
    assert_eq!(user(defaults).to_json(), r#"{"role":"user"}"#);
}

#[test]
fn a_list_that_is_cut_says_so() {
    let members: Vec<_> = (0..1000).map(|number| format!(r#""m{number:04}":0"#)).collect();
    let body = format!("{{{}}}", members.join(","));
    let refused = patch(&body, "").check(&user(r#"{"role":"user"}"#), &Context::default()).unwrap_err();
    assert_eq!((refused.len(), refused.omitted()), (256, 745));
    assert!(refused.reply().body.contains("; and 745 more\",\"details\""));
}

#[test]
fn a_role_and_a_preset_that_one_patch_cannot_say_are_told() {
    let pointer = |first: Patch<'_>, next: Patch<'_>| first.then(&next).unwrap_err().pointer().as_str().to_owned();
    // A dormant preset, repeated, goes with the role; one that governed stays.
    assert_eq!(
        pointer(patch(r#"{"permissionPreset":"q"}"#, "permission_preset"), patch(r#"{"role":"custom"}"#, "role")),
        "/permissionPreset"
    );
    // Without a mask the context of the reading says what a patch means.
    let (first, next) = (r#"{"role":"user","displayName":"A"}"#, r#"{"role":"admin","email":"e"}"#);
    let both = patch(first, "").then(&patch(next, "")).unwrap();
    let body = r#"{"role":"admin","displayName":"A","email":"e","permissionPreset":""}"#;
    assert_eq!((&*both.to_json(), both.explicit_mask()), (body, None));
    // Where no body says that the preset goes, a mask does.
    let mut policy = Policy::default();
    policy.without_mask = WithoutMask::Populated;
    let ctx = Context::with_policy(policy);
    let both = patch_in(first, "", &ctx).then(&patch_in(next, "", &ctx)).unwrap();
    let (body, mask) =
        (r#"{"role":"admin","displayName":"A","email":"e"}"#, "role,display_name,email,permission_preset");
    assert_eq!((&*both.to_json(), both.explicit_mask()), (body, Some(mask)));
}

//! Field masks. The bytes are up to four parts separated by NUL: two masks, a path, and a Fireworks body.

use user_patch::{
    engine::FieldMask,
    fireworks::{Context, Patch, Policy, ReadOnly, RolePresence, UnknownMembers, User},
};

const BODY: &[u8] = br#"{"role":"user","displayName":"Ada","email":null,"name":"accounts/a/users/b"}"#;
const USERS: [&str; 2] = [
    r#"{"role":"custom","permissionPreset":"read-only","displayName":"Alice","serviceAccount":true}"#,
    r#"{"role":"user","email":"a@example.com"}"#,
];

/// What a mask can name.
const PATHS: &str = "* role name display_name service_account create_time email state status status.code status.message \
    update_time permission_preset";

/// The laws of masks as such, then of masks with a body.
pub fn run(data: &[u8]) {
    let mut parts = data.splitn(4, |&byte| byte == 0);
    let mut text = || String::from_utf8_lossy(parts.next().unwrap_or_default());
    let (one, other, path) = (text(), text(), text());
    let body = parts.next().unwrap_or(BODY);

    for text in [&one, &other] {
        let mask = text.parse::<FieldMask>();
        assert_eq!(mask.is_ok(), is_mask(text), "{text:?}");
        if let Ok(mask) = mask {
            canonical(&mask);
            assert_eq!(mask.has_camel_case(), text.contains(|letter: char| letter.is_ascii_uppercase()));
            assert_eq!(mask.is_empty(), text.is_empty());
        }
    }
    if let (Ok(one), Ok(other)) = (one.parse::<FieldMask>(), other.parse::<FieldMask>()) {
        unites(&one, &other, &path);
    }
    derives([&*one, &other, &path]);
    for text in [&one, &other] {
        updates(text, body);
    }
    updates_as_derived(body);
}

/// The definition, naively: names joined by dots, joined by commas; `*` alone; nothing.
fn is_mask(text: &str) -> bool {
    matches!(text, "" | "*") || text.split(',').all(|path| path.split('.').all(is_name))
}

fn is_name(part: &str) -> bool {
    let letters = ('a'..='z').chain('A'..='Z').chain(['_']).collect::<String>();
    part.starts_with(|first| letters.contains(first))
        && part.chars().all(|letter| letters.contains(letter) || letter.is_ascii_digit())
}

/// Sorted, each path once, in snake case, and none that another one covers.
fn canonical(mask: &FieldMask) {
    let text = mask.to_string();
    let again: FieldMask = text.parse().expect("what is written is read");
    assert_eq!((&again, again.to_string()), (mask, text.clone()));
    assert!(!again.has_camel_case() && !text.contains(|letter: char| letter.is_ascii_uppercase()));
    let paths: Vec<_> = mask.paths().collect();
    assert!(paths.is_sorted_by(|one, other| one < other));
    for path in &paths {
        let alone: FieldMask = path.parse().expect("a path is a mask");
        assert!(mask.covers(path) && mask.covers(&format!("{path}.inside")));
        assert!(paths.iter().all(|other| other == path || !alone.covers(other)));
    }
    assert_eq!(mask.is_all(), paths == ["*"]);
}

fn unites(one: &FieldMask, other: &FieldMask, path: &str) {
    let both = one.union(other);
    canonical(&both);
    assert_eq!(both, other.union(one));
    assert_eq!(one.union(one), *one);
    assert_eq!(one.union(&FieldMask::default()), *one);
    assert_eq!(both.union(one), both);
    assert_eq!(one.union(&FieldMask::all()), FieldMask::all());
    assert_eq!(both.has_camel_case(), one.has_camel_case() || other.has_camel_case());
    for path in one.paths().chain(other.paths()).chain([path]) {
        assert_eq!(both.covers(path), one.covers(path) || other.covers(path), "{path:?}");
        let inside =
            |whole: &str| path.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        assert_eq!(both.covers(path), both.is_all() || both.paths().any(inside), "{path:?}");
    }
    if !one.is_all() && !other.is_all() && !one.is_empty() && !other.is_empty() {
        assert_eq!(format!("{one},{other}").parse(), Ok(both));
    }
}

/// A derived mask names the members that a mask can name.
fn derives(names: [&str; 3]) {
    let derived = FieldMask::derive(names);
    canonical(&derived);
    let expected: Vec<_> = names.into_iter().filter(|name| is_name(name)).collect();
    assert_eq!(Ok(&derived), expected.join(",").parse().as_ref());
}

/// Whatever the mask, an update is decided, and what is checked is what is done.
fn updates(mask: &str, body: &[u8]) {
    let policies = [
        Policy::default(),
        policy(|policy| policy.unknown_members = UnknownMembers::Ignore),
        policy(|policy| (policy.read_only, policy.camel_case_mask) = (ReadOnly::Refuse, false)),
    ];
    for (policy, user) in policies.iter().flat_map(|policy| USERS.map(|user| (policy, user))) {
        let mut ctx = Context::default();
        ctx.policy = policy.clone();
        let Ok(patch) = Patch::parse_with(body, policy) else { return };
        let patch = patch.with_mask(mask);
        match mask {
            "" => assert!(patch.mask().is_ok()),
            mask => assert_eq!(patch.mask(), mask.parse()),
        }
        let before = User::from_json(user.as_bytes()).expect("a user");
        let (mut after, checked) = (before.clone(), patch.check(&before, &ctx));
        match patch.apply(&mut after, &ctx) {
            Ok(applied) => {
                assert_eq!(checked, Ok(()));
                assert_eq!(applied.changed().is_empty(), after == before);
                let meant = patch.mask().expect("an accepted mask is one");
                assert!(meant.paths().all(|path| PATHS.split(' ').any(|known| known == path)), "{meant}");
                // A preset can be cleared unasked, and a notice says so.
                let changed = applied.changed().iter().map(|pointer| pointer.as_str().trim_start_matches('/'));
                let unasked = applied.notices().iter().map(|notice| notice.pointer().as_str().trim_start_matches('/'));
                let unasked: Vec<_> = unasked.collect();
                for member in changed {
                    let path = FieldMask::derive([member]).to_string();
                    assert!(meant.covers(&path) || unasked.contains(&member), "{member} is outside {meant}");
                }
            }
            Err(refused) => {
                assert_eq!(checked, Err(refused));
                assert_eq!(after.to_json(), before.to_json());
            }
        }
    }
}

/// A body's own mask, said aloud, changes nothing.
fn updates_as_derived(body: &[u8]) {
    let mut ctx = Context::default();
    ctx.policy = policy(|policy| policy.role = RolePresence::WhenMasked);
    let Ok(patch) = Patch::parse_with(body, &ctx.policy) else { return };
    let Ok(mask) = patch.mask() else { panic!("a derived mask is one") };
    for user in USERS {
        let before = User::from_json(user.as_bytes()).expect("a user");
        let (mut silent, mut said) = (before.clone(), before.clone());
        let silently = patch.apply(&mut silent, &ctx);
        let aloud = patch.clone().with_mask(&mask.to_string()).apply(&mut said, &ctx);
        match (silently, aloud) {
            (Ok(one), Ok(other)) => assert_eq!((one, silent), (other, said)),
            (Err(one), Err(other)) => assert_eq!(one, other),
            (one, other) => panic!("{one:?} is not {other:?}"),
        }
    }
}

fn policy(change: impl FnOnce(&mut Policy)) -> Policy {
    let mut policy = Policy::default();
    change(&mut policy);
    policy
}

//! What is measured: the verbs of this crate, and on the same bytes what a backend would do otherwise.
//!
//! An [`Operation`] is one closure, so that what is verified is what is counted and timed. Everything that an operation
//! only reads (the user in memory, the context, the compiled schema) is ready before it starts.

mod peers;

use std::{collections::BTreeMap, hint::black_box, rc::Rc};

use serde_json::{Value, json};
use user_patch::{
    report::Violations,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

/// A body, and a user to hold it against.
pub(crate) struct Payload {
    pub name: &'static str,
    pub vendor: Vendor,
    /// Which operations it is there for.
    pub verbs: &'static [Verb],
    pub body: Vec<u8>,
    pub user: &'static [u8],
}

/// What is done to a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verb {
    /// `serde_json` walks the body and keeps nothing.
    Ignored,
    /// `serde_json` reads the body into a derived struct that borrows its strings.
    Derived,
    /// `serde_json` reads the body into a `Value`.
    Value,
    /// `Value`, held against a precompiled JSON Schema.
    Validated,
    /// `Validated`, merged onto a clone of the user.
    Assembled,
    /// `Assembled`, with the result as the bytes of a reply.
    AssembledReply,
    /// `json_patch::diff` of two users, as two `Value`s.
    PeerDiff,
    /// The same of two equal users.
    PeerDiffUnchanged,
    /// Ours: the body to the verdict.
    Check,
    /// Ours: a body that breaks three rules to the reply that says so.
    Refuse,
    /// `serde_json` reads the body of `Refuse` into a `Value`.
    RefusedValue,
    /// `serde_json` writes the body of the reply of `Refuse`, which lies ready as a `Value`.
    RefusalWritten,
    /// Ours: the body and a clone of the user to the changed user and the bytes of the reply.
    CloneAndUpdate,
    /// Ours: the clone of the user alone.
    Clone,
    /// Ours: the users of `PeerDiff` to the patch between them.
    Diff,
    /// Ours: the users of `PeerDiffUnchanged` to nothing.
    DiffUnchanged,
}

use Verb::{
    Assembled, AssembledReply, Check, Clone as CloneUser, CloneAndUpdate, Derived, Diff, DiffUnchanged, Ignored,
    PeerDiff, PeerDiffUnchanged, RefusalWritten, Refuse, RefusedValue, Validated,
};

/// All of them, in the order of the table.
pub(crate) const FULL: &[Verb] = &[
    Ignored,
    Derived,
    Verb::Value,
    Validated,
    Assembled,
    AssembledReply,
    PeerDiff,
    PeerDiffUnchanged,
    Check,
    Refuse,
    RefusedValue,
    RefusalWritten,
    CloneAndUpdate,
    CloneUser,
    Diff,
    DiffUnchanged,
];

/// A verb on a payload, ready to be done any number of times.
pub(crate) struct Operation {
    pub run: Box<dyn Fn()>,
    /// Does it once, and panics where the outcome is not the right one.
    pub verify: Box<dyn Fn()>,
}

impl Operation {
    fn new<T>(work: impl Fn() -> T + 'static, verify: impl Fn(T) + 'static) -> Self {
        let work = Rc::new(work);
        let once_more = Rc::clone(&work);
        Self { run: Box::new(move || drop(black_box(work()))), verify: Box::new(move || verify(once_more())) }
    }
}

const THOUSAND: &[u8] = include_bytes!("../payloads/trusted_twin_1000.patch.json");

impl Payload {
    /// The names of all payloads: the five of the table, then those that one goal is about.
    pub(crate) const NAMES: [&str; 10] = [
        "fireworks",
        "trusted_twin_8",
        "trusted_twin_64",
        "trusted_twin_1000",
        "elastic",
        "elastic_1000",
        "keys_random",
        "keys_prefixed",
        "keys_sorted",
        "keys_reversed",
    ];

    pub(crate) fn named(name: &str) -> Self {
        let name = Self::NAMES.into_iter().find(|known| *known == name).unwrap();
        let body = match name {
            "fireworks" => include_bytes!("../payloads/fireworks.patch.json").to_vec(),
            "trusted_twin_8" => include_bytes!("../payloads/trusted_twin_8.patch.json").to_vec(),
            "trusted_twin_64" => include_bytes!("../payloads/trusted_twin_64.patch.json").to_vec(),
            "trusted_twin_1000" => THOUSAND.to_vec(),
            "elastic" => include_bytes!("../payloads/elastic.patch.json").to_vec(),
            "elastic_1000" => json!({ "metadata": value(THOUSAND)["description"] }).to_string().into_bytes(),
            _ => body_of_keys(&hard_keys(name)),
        };
        let (vendor, user) = match name.split('_').next() {
            Some("fireworks") => (Vendor::Fireworks, &include_bytes!("../payloads/fireworks.user.json")[..]),
            Some("elastic") => (Vendor::Elastic, &include_bytes!("../payloads/elastic.user.json")[..]),
            _ => (Vendor::TrustedTwin, &include_bytes!("../payloads/trusted_twin.user.json")[..]),
        };
        let verbs = match name {
            "elastic_1000" => &[PeerDiff, PeerDiffUnchanged, Diff, DiffUnchanged],
            _ if name.starts_with("keys") => &[Check][..],
            _ => FULL,
        };
        Self { name, vendor, verbs, body, user }
    }

    pub(crate) fn operation(&self, verb: Verb) -> Operation {
        match verb {
            Check | Refuse | RefusalWritten | CloneAndUpdate | CloneUser | Diff | DiffUnchanged => match self.vendor {
                Vendor::Fireworks => ours::<Fireworks>(self, verb),
                Vendor::TrustedTwin => ours::<TrustedTwin>(self, verb),
                Vendor::Elastic => ours::<Elastic>(self, verb),
            },
            _ => peers::operation(self, verb),
        }
    }

    /// The user after the update, made without this crate: the dictionary of Trusted Twin is replaced whole, everything
    /// else is what RFC 7386 makes of it.
    fn updated(&self) -> Value {
        let patch = value(&self.body);
        let mut user = value(self.user);
        json_patch::merge(&mut user, &patch);
        if self.vendor == Vendor::TrustedTwin {
            user["description"] = patch["description"].clone();
        }
        user
    }

    /// A body like this one that breaks three rules.
    fn refused(&self) -> Vec<u8> {
        let mut body = value(&self.body);
        match self.vendor {
            Vendor::Fireworks => {
                body["role"] = json!("user");
                body["displayName"] = json!("A".repeat(64));
                body["nickname"] = json!("ally");
            }
            Vendor::TrustedTwin => {
                body["name"] = json!("-Backup Operator");
                body["role"] = json!("operator");
                body["description"]["Quota"] = json!(1);
            }
            Vendor::Elastic => {
                body["full_name"] = json!(7);
                body["security"]["roles"] = json!(["ece_platform_viewer", "root"]);
                body["security"]["security_realm"] = json!({ "type": "saml" });
            }
        }
        body.to_string().into_bytes()
    }

    /// Two users between which there is a patch: the user before and after the update; where a dictionary makes up the user,
    /// both have it, and in the second every tenth attribute has another value, one is gone and one is new.
    fn before_and_after(&self) -> (Value, Value) {
        let dictionary = match self.name {
            "fireworks" | "elastic" => return (value(self.user), self.updated()),
            "elastic_1000" => "metadata",
            _ => "description",
        };
        let before = self.updated();
        let mut after = before.clone();
        let members = after[dictionary].as_object_mut().unwrap();
        for (_, value) in members.iter_mut().filter(|(name, _)| name.starts_with("attr_") && name.ends_with('0')) {
            *value = json!("another value");
        }
        members.remove("quota_0001").unwrap();
        members.insert("zone".into(), json!("zrh"));
        (before, after)
    }
}

/// The verbs of this crate as operations.
fn ours<M: UpdateModel>(payload: &Payload, verb: Verb) -> Operation {
    let of = |user: &Value| M::user(user.to_string().as_bytes()).unwrap();
    let ctx = context::<M>(payload);
    let user = M::user(payload.user).unwrap();
    let body = payload.body.clone();
    let (refused, rules) = (payload.refused(), broken(payload.vendor));
    let refuse = move |user: &M::User, ctx: &M::Context| {
        let refused = M::parse(&refused, ctx).and_then(|patch| M::check(&patch, user, ctx));
        refused.err().map(|violations| (M::refused(&violations, ctx), violations))
    };
    match verb {
        Check => Operation::new(
            move || M::check(&M::parse(&body, &ctx)?, &user, &ctx),
            |verdict: Result<_, Violations<M::Refusal>>| assert!(verdict.unwrap().is_empty()),
        ),
        Refuse => Operation::new(
            move || refuse(&user, &ctx),
            move |refused| {
                let (reply, violations) = refused.unwrap();
                let told = violations.iter().map(|told| (told.pointer().as_str(), told.rule().id));
                assert!(told.eq(rules) && reply.status == 400);
                assert!(rules.iter().all(|(place, _)| names(&reply.body, place)));
            },
        ),
        RefusalWritten => {
            let reply = value(refuse(&user, &ctx).unwrap().0.body.as_bytes());
            Operation::new(
                move || serde_json::to_string(&reply).unwrap(),
                move |reply| assert!(rules.iter().all(|(place, _)| names(&reply, place))),
            )
        }
        CloneAndUpdate => {
            let mut after = payload.updated();
            if payload.vendor == Vendor::Fireworks && after["serviceAccount"] == json!(false) {
                // The default, which a reply leaves out.
                after.as_object_mut().unwrap().remove("serviceAccount");
            }
            Operation::new(
                move || {
                    let mut user = user.clone();
                    let applied = M::apply(&M::parse(&body, &ctx)?, &mut user, &ctx)?;
                    Ok((M::accepted(&user, &ctx), applied, user))
                },
                move |done: Result<_, Violations<M::Refusal>>| {
                    let (reply, applied, user) = done.unwrap();
                    assert!(reply.status == 200 && value(reply.body.as_bytes()) == after);
                    assert!(user == of(&after) && !applied.changed().is_empty());
                },
            )
        }
        CloneUser => Operation::new(move || user.clone(), drop),
        Diff => {
            let (before, after) = payload.before_and_after();
            let (before, after) = (of(&before), of(&after));
            let (user, expected, diff_ctx) = (before.clone(), after.clone(), ctx.clone());
            Operation::new(
                move || M::diff(&before, &after, &diff_ctx).unwrap().patch().unwrap(),
                move |patch| {
                    let mut user = user.clone();
                    let _ = M::apply(&patch, &mut user, &ctx).unwrap();
                    assert!(user == expected);
                },
            )
        }
        DiffUnchanged => {
            let before = of(&payload.before_and_after().0);
            let copy = before.clone();
            Operation::new(move || M::diff(&before, &copy, &ctx).unwrap().patch(), |patch| assert!(patch.is_none()))
        }
        _ => unreachable!("{verb:?} is for the peers"),
    }
}

/// The default context, but for its limit: a thousand keys of 64 bytes are more than Trusted Twin takes.
fn context<M: UpdateModel>(payload: &Payload) -> M::Context {
    match payload.body.len() {
        0..=65_536 => M::Context::default(),
        longer => serde_json::from_value(json!({ "policy": { "maxBytes": longer } })).unwrap(),
    }
}

/// Where a refused body breaks which rule.
const fn broken(vendor: Vendor) -> [(&'static str, &'static str); 3] {
    match vendor {
        // A display name has fewer than 64 characters, there is no member `nickname`, and a preset is for `custom` alone.
        Vendor::Fireworks => [
            ("/displayName", "fireworks.display_name.length"),
            ("/nickname", "fireworks.unknown_member"),
            ("/permissionPreset", "fireworks.preset.only_custom"),
        ],
        // No key has a capital letter, a name begins with a letter or a digit, and a role is a UUID.
        Vendor::TrustedTwin => [
            ("/description/Quota", "trusted_twin.description.key"),
            ("/name", "trusted_twin.name"),
            ("/role", "trusted_twin.role"),
        ],
        // A full name is a string, `root` is no role, and nobody moves to another realm.
        Vendor::Elastic => [
            ("/full_name", "elastic.type"),
            ("/security/roles", "elastic.roles.known"),
            ("/security/security_realm/type", "elastic.restricted"),
        ],
    }
}

/// Whether a reply speaks of the member at `place`, by its pointer or joined by dots.
fn names(reply: &str, place: &str) -> bool {
    reply.contains(place) || reply.contains(&place[1..].replace('/', "."))
}

fn value(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap()
}

/// A thousand keys of 64 bytes: random ones, and such as a search tree, a sort or a weak hash likes least.
fn hard_keys(name: &str) -> Vec<String> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut letters = move |count: usize| -> String {
        let mut letter = || {
            // xorshift64: the same keys in every run.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(b'a' + (state >> 32) as u8 % 26)
        };
        (0..count).map(|_| letter()).collect()
    };
    if name == "keys_random" {
        return (0..1000).map(|_| letters(64)).collect();
    }
    // Sorted by what differs, which is the last four bytes; by what comes with it they are shuffled.
    let mut ends = BTreeMap::new();
    while ends.len() < 1000 {
        ends.insert(letters(4), letters(8));
    }
    let mut ends: Vec<_> = ends.into_iter().collect();
    match name {
        "keys_prefixed" => ends.sort_by(|(_, one), (_, other)| one.cmp(other)),
        "keys_reversed" => ends.reverse(),
        _ => {}
    }
    ends.into_iter().map(|(end, _)| "a".repeat(60) + &end).collect()
}

fn body_of_keys(keys: &[String]) -> Vec<u8> {
    let members: Vec<_> = keys.iter().map(|key| format!(r#""{key}":1"#)).collect();
    format!(r#"{{"description":{{{}}}}}"#, members.join(",")).into_bytes()
}

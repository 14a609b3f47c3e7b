//! Levels: as many as may be read, in little stack, and a million.

use std::thread;

use serde_json::Value;
use user_patch::{
    engine::{Document, Fault, InvalidValue, Json, Limits},
    exchange::Verdict,
    report::InvalidUser,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

use crate::{
    Place, unlimited,
    verbs::{Ended, Given, drive},
};

/// Arrays in arrays, objects in objects, or one in the other, around a value.
const OPENS: [[&str; 2]; 3] = [["[", "["], [r#"{"a":"#, r#"{"a":"#], ["[", r#"{"a":"#]];

fn nested(opens: [&str; 2], levels: usize, inside: &str) -> String {
    let mut text = String::with_capacity(levels * 6);
    (0..levels).for_each(|level| text.push_str(opens[level % 2]));
    text.push_str(inside);
    (0..levels).rev().for_each(|level| text.push(if opens[level % 2] == "[" { ']' } else { '}' }));
    text
}

/// As [`nested`], and never ended.
fn begun(opens: [&str; 2], levels: usize) -> String {
    (0..levels).map(|level| opens[level % 2]).collect()
}

fn drive_value(vendor: Vendor, value: &str, other: &str) -> Ended {
    let place = Place::of(vendor);
    let [user, theirs] = [value, other].map(|value| place.user(value.as_bytes()));
    let [next, body] = [value, other].map(|value| place.body(value.as_bytes()));
    let context = unlimited(vendor);
    drive(vendor, Given { user: &user, other: &theirs, body: &body, next: &next, text: "x", context })
}

/// In as much stack as a thread of a server may have: in an optimized build, as nobody serves from another one.
fn in_little_stack(work: impl FnOnce() + Send + 'static) {
    let stack = if cfg!(debug_assertions) { 4 << 20 } else { 512 << 10 };
    thread::Builder::new().stack_size(stack).spawn(work).unwrap().join().unwrap();
}

#[test]
fn levels_up_to_255_in_little_stack() {
    in_little_stack(|| {
        for vendor in Vendor::ALL.iter().copied() {
            let most = 255 - Place::of(vendor).levels;
            for opens in OPENS {
                for levels in [0, 1, 126, most] {
                    let [value, other] = ["1", "2"].map(|leaf| nested(opens, levels, leaf));
                    let ended = drive_value(vendor, &value, &other);
                    assert!(ended.user && ended.accepted, "{vendor}, {levels}: {ended:?}");
                }
                let [value, other] = ["1", "2"].map(|leaf| nested(opens, most + 1, leaf));
                let ended = drive_value(vendor, &value, &other);
                let id = ended.parsed.unwrap_err();
                assert!(!ended.user && id.ends_with(".depth"), "{vendor}: {ended:?}");
            }
        }
    });
}

/// Beside each other at every level, so that whoever goes down has something to come back to.
#[test]
fn trees_of_255_levels_with_siblings_in_little_stack() {
    in_little_stack(|| {
        for vendor in Vendor::ALL.iter().copied() {
            // The leaves stand in an array at the deepest level.
            let most = 254 - Place::of(vendor).levels;
            let tree = |first: &str, last: &str| {
                let open = format!(r#"{{"b":{first},"a":"#);
                format!("{}{last}{}", open.repeat(most), format!(r#","c":[{last}]}}"#).repeat(most))
            };
            let ended = drive_value(vendor, &tree("1", "2"), &tree("3", "null"));
            assert!(ended.user && ended.accepted, "{vendor}: {ended:?}");
        }
    });
}

const MILLION: usize = 1_000_000;

#[test]
fn a_million_levels_of_text() {
    in_little_stack(|| {
        for vendor in Vendor::ALL.iter().copied() {
            for opens in OPENS {
                for value in [nested(opens, MILLION, "1"), begun(opens, MILLION)] {
                    let ended = drive_value(vendor, &value, &value);
                    assert!(!ended.user && !ended.accepted && ended.parsed.is_err(), "{vendor}: {ended:?}");
                    assert_eq!(ended.line, Verdict::Error);
                }
            }
        }
    });
}

#[test]
fn a_million_levels_and_nothing_around_them() {
    in_little_stack(|| {
        for vendor in Vendor::ALL.iter().copied() {
            for opens in OPENS {
                let text = nested(opens, MILLION, "1");
                let text = text.as_bytes();
                let given = Given { user: text, other: text, body: text, next: text, text: "x", context: "null" };
                let ended = drive(vendor, Given { context: unlimited(vendor), ..given });
                assert!(!ended.user && ended.parsed.is_err(), "{vendor}: {ended:?}");
            }
        }
        let text = nested(OPENS[2], MILLION, "1");
        let wrong = Document::parse(text.as_bytes(), &Limits::STORED).unwrap_err();
        assert_eq!(wrong.fault(), Fault::TooDeep { limit: 255 });
        assert_eq!(Json::parse(text.as_bytes(), &Limits::STORED).unwrap_err(), wrong);
    });
}

/// A value that a program has built. It is taken apart by hand: `serde_json` drops a level in a level.
struct Built(Value);

impl Built {
    fn new(levels: usize, is_object: impl Fn(usize) -> bool) -> Self {
        let wrap = |inner, level| match is_object(level) {
            true => Value::Object([("a".to_owned(), inner)].into_iter().collect()),
            false => Value::Array(vec![inner]),
        };
        Self((0..levels).fold(Value::Null, wrap))
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        let mut open = vec![self.0.take()];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(elements) => open.extend(elements),
                Value::Object(members) => open.extend(members.into_iter().map(|(_, value)| value)),
                _ => {}
            }
        }
    }
}

/// The value as a member of a user that is one without it.
fn member_of_a_user<M: UpdateModel>(user: &str, mut built: Built) -> Result<M::User, InvalidUser> {
    let mut user = Built(serde_json::from_str(user).unwrap());
    user.0["x"] = built.0.take();
    M::user_from_value(&user.0)
}

fn a_built_user<M: UpdateModel>(user: &str) {
    let is_object: [fn(usize) -> bool; 3] = [|_| true, |_| false, |level| level % 2 == 0];
    for is_object in is_object {
        assert!(member_of_a_user::<M>(user, Built::new(127, is_object)).is_ok(), "{}", M::VENDOR);
        for levels in [128, 255, 256, MILLION] {
            let wrong = member_of_a_user::<M>(user, Built::new(levels, is_object)).unwrap_err();
            assert_eq!(wrong, InvalidUser::Value(InvalidValue::TooDeep), "{}, {levels}", M::VENDOR);
        }
        let wrong = M::user_from_value(&Built::new(MILLION, is_object).0).unwrap_err();
        assert!(matches!(wrong, InvalidUser::Value(_)), "{wrong}");
    }
}

#[test]
fn a_million_levels_as_a_value() {
    in_little_stack(|| {
        a_built_user::<Fireworks>(r#"{"role":"user"}"#);
        a_built_user::<TrustedTwin>(
            r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#,
        );
        a_built_user::<Elastic>(r#"{"user_name":"ada","security":{}}"#);
        let value = Built::new(MILLION, |level| level % 3 == 0);
        assert_eq!(Document::try_from(&value.0).unwrap_err(), InvalidValue::TooDeep);
    });
}

/// A setter makes a user deeper than one may be, and is refused.
#[test]
fn a_path_of_a_thousand_names() {
    fn refused<M: UpdateModel>(user: &str) {
        let user = M::user(user.as_bytes()).unwrap();
        let path = ["x"; 1000];
        assert!(M::user_with(&user, &path[..255], Json::null()).is_ok(), "{}", M::VENDOR);
        for levels in [256, 257, 1000] {
            for wrong in [M::user_with(&user, &path[..levels], Json::null()), M::user_without(&user, &path[..levels])] {
                let wrong = wrong.unwrap_err();
                assert_eq!(wrong, InvalidUser::Value(InvalidValue::TooDeep), "{}, {levels}", M::VENDOR);
            }
        }
    }
    in_little_stack(|| {
        refused::<Fireworks>(r#"{"role":"user"}"#);
        refused::<TrustedTwin>(
            r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#,
        );
        refused::<Elastic>(r#"{"user_name":"ada","security":{}}"#);
    });
}

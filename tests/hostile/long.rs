//! Names and values of ten megabytes.

use user_patch::{exchange::Verdict, vendor::Vendor};

use crate::{
    Place, unlimited,
    verbs::{Given, drive},
};

/// Less in a build that is not optimized: `.ci/run` tries both.
const LONG: usize = if cfg!(debug_assertions) { 100_000 } else { 10_000_000 };

/// Names that are as long as can be to read, to escape and to tell.
fn names() -> [String; 3] {
    ["n".repeat(LONG), "\\u0001".repeat(LONG / 6), "~/\u{e9}".repeat(LONG / 4)]
}

#[test]
fn a_name_of_ten_megabytes() {
    for vendor in Vendor::ALL.iter().copied() {
        for name in names() {
            let place = Place::of(vendor);
            let value = |leaf: &str| format!(r#"{{"{name}":{leaf}}}"#);
            let [user, other] = ["1", r#"{"y":2}"#].map(|leaf| place.user(value(leaf).as_bytes()));
            let [body, next] = ["3", "null"].map(|leaf| place.body(value(leaf).as_bytes()));
            let given = Given { user: &user, other: &other, body: &body, next: &next, text: "x", context: "{}" };
            let ended = drive(vendor, Given { context: unlimited(vendor), ..given });
            assert!(ended.user && ended.accepted && ended.line == Verdict::Accepted, "{vendor}: {ended:?}");
            // Under a policy like the one that holds where nothing is said.
            let (user, context) = (place.user(b"1"), r#"{"policy":{"maxBytes":65536}}"#);
            let ended = drive(vendor, Given { user: &user, other: &user, context, ..given });
            assert!(ended.user && ended.parsed.unwrap_err().ends_with(".size"), "{vendor}: {ended:?}");
        }
    }
}

/// Beside the members that the page names, where each vendor has something to say of it.
#[test]
fn an_unknown_member_of_ten_megabytes() {
    for vendor in Vendor::ALL.iter().copied() {
        for name in names() {
            let member = format!(r#","{name}":1}}"#);
            let beside = |text: &str| [&text.as_bytes()[..text.len() - 1], member.as_bytes()].concat();
            let place = Place::of(vendor);
            let [user, body] = [place.user(b"1"), place.body(b"2")];
            let [user, body] = [user, body].map(|text| beside(std::str::from_utf8(&text).unwrap()));
            let given = Given { user: &user, other: &user, body: &body, next: &body, text: "x", context: "{}" };
            let ended = drive(vendor, Given { context: r#"{"policy":{"maxBytes":null}}"#, ..given });
            assert!(ended.user && ended.parsed.is_ok(), "{vendor}: {ended:?}");
        }
    }
}

/// A value, a mask, an account and an id of that length.
#[test]
fn a_text_of_ten_megabytes() {
    let text = "a.".repeat(LONG / 2);
    let quoted = format!("\"{text}\"");
    for vendor in Vendor::ALL.iter().copied() {
        let place = Place::of(vendor);
        let (user, body) = (place.user(quoted.as_bytes()), place.body(quoted.as_bytes()));
        let given = Given { user: &user, other: &user, body: &body, next: &body, text: &text, context: "{}" };
        let ended = drive(vendor, Given { context: unlimited(vendor), ..given });
        assert!(ended.user && ended.accepted, "{vendor}: {ended:?}");
    }
}

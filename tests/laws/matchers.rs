//! The matchers agree with the anchored regexes of the page.

use once_cell::sync::Lazy;
use proptest::{collection::vec, prelude::*, sample::select};
use regex::Regex;
use user_patch::trusted_twin::{KEY_PATTERN, NAME_PATTERN, is_key, is_name};

use super::holds;
use crate::laws::Law;

static NAME: Lazy<Regex> = Lazy::new(|| Regex::new(&format!(r"\A(?:{NAME_PATTERN})\z")).unwrap());
static KEY: Lazy<Regex> = Lazy::new(|| Regex::new(&format!(r"\A(?:{KEY_PATTERN})\z")).unwrap());

/// Strings that match, or nearly so: of the right length, give or take, with a wrong character here and there.
fn near() -> impl Strategy<Value = String> {
    let right = "[a-z_][0-9a-z_]{0,70}";
    let mixed = "[0-9A-Za-z][0-9A-Za-z_ -]{0,34}[0-9A-Za-z]";
    let wrong = select(&["", "", "\n", "-", " ", "A", "0", "é", "\u{212A}", "\u{17F}", "\0", "\u{660}", "٣"][..]);
    (prop_oneof![right, mixed], wrong, any::<prop::sample::Index>()).prop_map(|(mut text, wrong, at)| {
        text.insert_str(at.index(text.len() + 1), wrong);
        text
    })
}

fn agree(text: &str) -> Law {
    ensure_eq!(is_name(text), NAME.is_match(text), "name {:?}", text);
    ensure_eq!(is_key(text), KEY.is_match(text), "key {:?}", text);
    Ok(())
}

#[test]
fn on_strings_near_the_patterns() {
    holds(near(), |text| agree(text));
}

#[test]
fn on_arbitrary_strings() {
    holds(".{0,40}", |text| agree(text));
    holds(vec(any::<char>(), 0..70), |letters| agree(&String::from_iter(letters)));
}

#[test]
fn on_every_short_ascii_string() {
    let letters =
        || (0..=0x7F_u32).chain([0xAA, 0x130, 0x131, 0x17F, 0x212A]).map(|code| char::from_u32(code).unwrap());
    for first in letters() {
        agree(&first.to_string()).unwrap();
        for second in letters() {
            agree(&String::from_iter([first, second])).unwrap();
        }
    }
}

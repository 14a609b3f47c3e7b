//! `RULES.md` is what the library says. `UPDATE_RULES=1 cargo test --test rules_page` writes it anew.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::{env, fmt::Write, fs};

use user_patch::{
    report::{Basis, Effect, Rule},
    vendor::Vendor,
};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/RULES.md");

#[test]
fn the_page_of_rules_is_the_librarys() {
    let current = page();
    if env::var_os("UPDATE_RULES").is_some() {
        fs::write(PAGE, &current).unwrap();
    }
    let page = fs::read_to_string(PAGE).unwrap();
    assert!(page == current, "RULES.md is out of date: run `UPDATE_RULES=1 cargo test --test rules_page`");
}

fn page() -> String {
    let mut out = String::from(
        "# The rules\n\nWhat each vendor's model asks or does, and what it rests on: *stated* on the page, in its words; a public\n\
         *standard*; *inferred* or *chosen*, with the reason. `user-patch rules` prints the same. Written by\n\
         `UPDATE_RULES=1 cargo test --test rules_page`.\n",
    );
    for &vendor in Vendor::ALL {
        let rules = vendor.rules();
        let (refusing, deciding): (Vec<_>, Vec<_>) = rules.into_iter().partition(|rule| rule.effect == Effect::Refuses);
        writeln!(out, "\n## {vendor}\n\n### What can refuse an update\n").unwrap();
        table(&mut out, &refusing);
        writeln!(out, "\n### What an accepted update does\n").unwrap();
        table(&mut out, &deciding);
    }
    out
}

fn table(out: &mut String, rules: &[&Rule]) {
    out.push_str("| rule | it says | basis |\n| --- | --- | --- |\n");
    for rule in rules {
        let basis = match rule.basis {
            Basis::Stated { quote } => format!("[stated]({}): \"{quote}\"", rule.page),
            other => format!("{}: {}", other.name(), other.words()),
        };
        let [says, basis] = [rule.says, &basis].map(|text| text.replace('|', "\\|"));
        writeln!(out, "| `{}` | {says} | {basis} |", rule.id).unwrap();
    }
}

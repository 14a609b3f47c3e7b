//! The README's table of rules is that of the library. `UPDATE_README=1 cargo test --test readme` writes it anew.

mod common;

use std::{fmt::Write, fs};

use common::{Elastic, Fireworks, Room, TrustedTwin};
use user_patch::report::Effect;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const BEGIN: &str = "<!-- rules -->\n";
const END: &str = "<!-- end of rules -->";

#[test]
fn the_table_of_rules_is_the_librarys() {
    let readme = fs::read_to_string(README).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (table, after) = rest.split_once(END).unwrap();
    let current = format!("{}{}{}", table_of::<Fireworks>(), table_of::<TrustedTwin>(), table_of::<Elastic>());
    if table != current && std::env::var_os("UPDATE_README").is_some() {
        fs::write(README, format!("{before}{BEGIN}{current}{END}{after}")).unwrap();
        return;
    }
    assert!(table == current, "the table is out of date: run `UPDATE_README=1 cargo test --test readme`");
}

fn table_of<R: Room>() -> String {
    let mut out = String::from("\n| rule | it says | basis |\n| --- | --- | --- |\n");
    for rule in R::rules() {
        let refuses = if rule.effect == Effect::Refuses { " *Refuses.*" } else { "" };
        let says = rule.says.replace('|', "\\|");
        writeln!(out, "| `{}` | {says}.{refuses} | {} |", rule.id, rule.basis.name()).unwrap();
    }
    out
}

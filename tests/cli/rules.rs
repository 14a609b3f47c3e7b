//! `rules`: the catalogue.

use serde_json::json;
use user_patch::{elastic, fireworks, trusted_twin};

use crate::run;

#[test]
fn the_catalogue_names_every_rule() {
    let all = run(&["rules"], b"");
    assert_eq!((all.status, &*all.stderr), (0, ""));
    for rule in fireworks::rules().chain(trusted_twin::rules()).chain(elastic::rules()) {
        assert!(all.stdout.contains(&format!("{} ", rule.id)) && all.stdout.contains(rule.says), "{}", rule.id);
        assert!(all.stdout.contains(rule.basis.words()) && all.stdout.contains(rule.page), "{}", rule.id);
    }
    let elastic = run(&["rules", "elastic"], b"").stdout;
    assert!(elastic.starts_with("elastic.") && !elastic.contains("\nfireworks."));
}

#[test]
fn the_catalogue_is_an_array() {
    let rules = run(&["rules", "trusted-twin", "--json"], b"").json();
    let expected: Vec<_> = trusted_twin::rules()
        .map(|rule| {
            let effect = match rule.effect {
                user_patch::report::Effect::Refuses => "refuses",
                user_patch::report::Effect::Decides => "decides",
            };
            json!({"id": rule.id, "vendor": "trusted-twin", "effect": effect, "basis": rule.basis.name(),
                   "words": rule.basis.words(), "page": rule.page, "says": rule.says})
        })
        .collect();
    assert_eq!(rules, json!(expected));
    let count = fireworks::rules().count() + trusted_twin::rules().count() + elastic::rules().count();
    assert_eq!(run(&["rules", "--json"], b"").json().as_array().map(Vec::len), Some(count));
}

//! The catalogue of rules, for a person or as JSON.

use std::io::stdout;

use user_patch::{
    engine::Json,
    report::{Effect, Rule},
    vendor::Vendor,
};

use crate::{
    failure::{Failure, print},
    words::{Palette, basis},
};

/// Prints the rules of one vendor, or of all.
pub(crate) fn list(vendor: Option<Vendor>, json: bool) -> Result<(), Failure> {
    let vendors: Vec<_> = vendor.map_or_else(|| Vendor::ALL.to_vec(), |vendor| vec![vendor]);
    let rules = vendors.into_iter().flat_map(|vendor| vendor.rules().into_iter().map(move |rule| (vendor, rule)));
    let text = if json {
        let objects: Vec<_> = rules.map(|(vendor, rule)| object(vendor, rule)).collect();
        format!("[\n{}\n]\n", objects.join(",\n"))
    } else {
        let palette = Palette::of(&stdout());
        let entries: Vec<_> = rules.map(|(_, rule)| entry(rule, &palette)).collect();
        entries.join("\n")
    };
    print(&text)
}

const fn effect(rule: &Rule) -> &'static str {
    match rule.effect {
        Effect::Refuses => "refuses",
        Effect::Decides => "decides",
    }
}

fn object(vendor: Vendor, rule: &Rule) -> String {
    let values = [rule.id, vendor.name(), effect(rule), rule.basis.name(), rule.basis.words(), rule.page, rule.says];
    let [id, vendor, effect, basis, words, page, says] = values.map(Json::string);
    format!(
        r#"{{"id":{id},"vendor":{vendor},"effect":{effect},"basis":{basis},"words":{words},"page":{page},"says":{says}}}"#
    )
}

fn entry(rule: &Rule, palette: &Palette) -> String {
    format!("{} {}\n  {}\n  {}\n", palette.strong(rule.id), effect(rule), rule.says, palette.faint(&basis(rule)))
}

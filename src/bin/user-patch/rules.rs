//! The catalogue of rules, for a person or as JSON.

use std::io::stdout;

use user_patch::{exchange, report::Rule, vendor::Vendor};

use crate::{
    failure::{Failure, print},
    words::{Palette, basis},
};

/// Prints the rules of one vendor, or of all.
pub(crate) fn list(vendor: Option<Vendor>, json: bool) -> Result<(), Failure> {
    let vendors = vendor.map_or_else(|| Vendor::ALL.to_vec(), |vendor| vec![vendor]);
    if json {
        return print(&format!("{}\n", exchange::rules(vendors)));
    }
    let palette = Palette::of(&stdout());
    let entries: Vec<_> = vendors.into_iter().flat_map(Vendor::rules).map(|rule| entry(rule, &palette)).collect();
    print(&entries.join("\n"))
}

fn entry(rule: &Rule, palette: &Palette) -> String {
    let (id, basis) = (palette.strong(rule.id), palette.faint(&basis(rule)));
    format!("{id} {}\n  {}\n  {basis}\n", rule.effect.name(), rule.says)
}

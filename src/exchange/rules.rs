//! The catalogue of rules as text.

use crate::{engine::ObjectWriter, report::Rule, vendor::Vendor};

/// A rule of a vendor as one line of JSON, without its end: the members `id`, `vendor`, `effect` (`refuses` or `decides`),
/// `basis` (`stated`, `standard`, `inferred` or `chosen`), `words` (the quotation, the reference or the reason), `page` and
/// `says`, all of them strings.
///
/// ```
/// use user_patch::{exchange, vendor::Vendor};
///
/// let rule = Vendor::Elastic.rules().into_iter().find(|rule| rule.id == "elastic.restricted").unwrap();
/// let line = exchange::rule(Vendor::Elastic, rule);
/// assert!(line.starts_with(r#"{"id":"elastic.restricted","vendor":"elastic","effect":"refuses","basis":"stated","words":"#));
/// ```
pub fn rule(vendor: Vendor, rule: &Rule) -> String {
    let mut out = String::new();
    let mut writer = ObjectWriter::new(&mut out);
    writer.string("id", rule.id);
    writer.string("vendor", vendor.name());
    writer.string("effect", rule.effect.name());
    writer.string("basis", rule.basis.name());
    writer.string("words", rule.basis.words());
    writer.string("page", rule.page);
    writer.string("says", rule.says);
    writer.end();
    out
}

/// The catalogues of these vendors as a JSON array, a line a [rule]: first those that refuse, then those that decide what an
/// accepted update does.
///
/// ```
/// use user_patch::{exchange, vendor::Vendor};
///
/// let text = exchange::rules([Vendor::Elastic]);
/// let rules: Vec<serde_json::Value> = serde_json::from_str(&text)?;
/// assert_eq!(rules.len(), Vendor::Elastic.rules().len());
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn rules(vendors: impl IntoIterator<Item = Vendor>) -> String {
    let lines = vendors.into_iter().flat_map(|vendor| vendor.rules().into_iter().map(move |entry| rule(vendor, entry)));
    format!("[\n{}\n]", lines.collect::<Vec<_>>().join(",\n"))
}

//! Field masks: any text against a naive reading of the definition.

use std::collections::BTreeSet;

use user_patch::engine::FieldMask;

use super::Law;

/// The definition: names joined by dots, joined by commas; `*` alone; nothing.
pub(crate) fn is_mask(text: &str) -> bool {
    matches!(text, "" | "*") || text.split(',').all(|path| path.split('.').all(is_name))
}

pub(crate) fn is_name(part: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    part.starts_with(is_letter) && part.chars().all(|letter| is_letter(letter) || letter.is_ascii_digit())
}

pub(crate) fn snake_case(name: &str) -> String {
    let letter = |letter: char| match letter.is_ascii_uppercase() {
        true => format!("_{}", letter.to_ascii_lowercase()),
        false => letter.to_string(),
    };
    name.chars().map(letter).collect()
}

/// The paths of a text, each as it is meant.
fn named(text: &str) -> BTreeSet<String> {
    text.split(',').filter(|path| !path.is_empty()).map(snake_case).collect()
}

/// Whether one of these paths is this one or one around it.
fn covered(paths: &BTreeSet<String>, path: &str) -> bool {
    paths.iter().any(|other| other == "*" || path == other || path.starts_with(&format!("{other}.")))
}

/// A text is a mask exactly where the definition says so, and covers what it names; it is written sorted, each path once, in
/// snake case, and none that another one covers.
pub(crate) fn reads(text: &str, path: &str) -> Law {
    let mask = text.parse::<FieldMask>();
    ensure_eq!(mask.is_ok(), is_mask(text), "{text:?}");
    let Ok(mask) = mask else { return Ok(()) };
    ensure_eq!(mask.has_camel_case(), text.contains(|letter: char| letter.is_ascii_uppercase()));
    ensure_eq!((mask.is_empty(), mask.is_all()), (text.is_empty(), text == "*"));
    is_canonical(&mask)?;
    let named = named(text);
    ensure!(mask.paths().all(|path| named.contains(path)), "{mask} of {text:?}");
    for path in named.iter().map(|path| &**path).chain([path]) {
        ensure_eq!(mask.covers(path), covered(&named, path), "{path:?} in {text:?}");
    }
    Ok(())
}

pub(crate) fn is_canonical(mask: &FieldMask) -> Law {
    let text = mask.to_string();
    let again: FieldMask = text.parse().map_err(|wrong| format!("{wrong}: {text:?}"))?;
    ensure_eq!((&again, again.to_string()), (mask, text.clone()));
    ensure!(!again.has_camel_case() && !text.contains(|letter: char| letter.is_ascii_uppercase()), "{text:?}");
    let paths: Vec<_> = mask.paths().collect();
    ensure!(paths.is_sorted_by(|one, other| one < other), "{text:?}");
    for path in &paths {
        let alone = BTreeSet::from([(*path).to_owned()]);
        ensure!(mask.covers(path) && mask.covers(&format!("{path}.inside")), "{path:?} in {text:?}");
        ensure!(paths.iter().all(|other| other == path || !covered(&alone, other)), "{path:?} covers another");
    }
    ensure_eq!(mask.is_all(), paths == ["*"]);
    Ok(())
}

/// The union of two masks covers what either covers.
pub(crate) fn unites([one, other, third]: [&str; 3], path: &str) -> Law {
    let (Ok(one), Ok(other)) = (one.parse::<FieldMask>(), other.parse::<FieldMask>()) else { return Ok(()) };
    let both = one.union(&other);
    is_canonical(&both)?;
    ensure_eq!(both, other.union(&one));
    ensure_eq!(one.union(&one), one);
    ensure_eq!(one.union(&FieldMask::default()), one);
    ensure_eq!(both.union(&one), both);
    ensure_eq!(one.union(&FieldMask::all()), FieldMask::all());
    ensure_eq!(both.has_camel_case(), one.has_camel_case() || other.has_camel_case());
    for path in one.paths().chain(other.paths()).chain([path]) {
        ensure_eq!(both.covers(path), one.covers(path) || other.covers(path), "{path:?}");
    }
    if let Ok(third) = third.parse::<FieldMask>() {
        ensure_eq!(both.union(&third), one.union(&other.union(&third)));
    }
    if !one.is_all() && !other.is_all() && !one.is_empty() && !other.is_empty() {
        ensure_eq!(format!("{one},{other}").parse(), Ok(both));
    }
    Ok(())
}

/// A derived mask names the members that a mask can name.
pub(crate) fn derives(names: &[&str]) -> Law {
    let derived = FieldMask::derive(names.iter().copied());
    is_canonical(&derived)?;
    let expected: BTreeSet<_> = names.iter().filter(|name| is_name(name)).map(|name| snake_case(name)).collect();
    ensure_eq!(derived.paths().collect::<Vec<_>>(), Vec::from_iter(&expected));
    ensure_eq!(Ok(&derived), Vec::from_iter(expected).join(",").parse().as_ref());
    Ok(())
}

//! Documents for the tests of this module.

use super::apply::merge;
use crate::engine::{Document, Limits, document::Builder};

pub(super) fn doc(text: &str) -> Document<'static> {
    Document::parse(text.as_bytes(), &Limits::default()).unwrap().into_owned()
}

pub(super) fn merged(target: &str, patch: &str) -> String {
    let mut out = Builder::with_capacity(16, 0);
    merge(Some(doc(target).value()), doc(patch).value(), &mut out);
    out.finish().into_text()
}

/// An object with these members, each of this value.
pub(super) fn many(names: impl Iterator<Item = u32>, value: &str) -> String {
    format!("{{{}}}", names.map(|name| format!(r#""m{name}":{value}"#)).collect::<Vec<_>>().join(","))
}

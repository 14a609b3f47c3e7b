//! The strings of an array as a set.

use super::{name::Name, names::Names, tape::offset, value::Value};
use crate::engine::text::{slice, string_end};

/// Up to this many strings are looked through one by one.
const FEW: usize = 8;

/// The strings of an array: whatever their order, and however often each is there.
pub(crate) struct StringSet<'d> {
    array: Option<Value<'d>>,
    /// Where each string is for the first time, where there are many.
    names: Option<Names>,
}

impl<'d> StringSet<'d> {
    /// The set of an array of strings; the empty one where it is another value, or not there.
    pub(crate) fn of(array: Option<Value<'d>>) -> Self {
        let mut set = Self { array, names: None };
        let count = set.places().count();
        if count > FEW {
            let mut names = Names::with_capacity(count);
            for (at, string) in set.places() {
                names.add(string, offset(at), |at| set.name_at(at));
            }
            set.names = Some(names);
        }
        set
    }

    pub(crate) fn contains(&self, string: Name<'_>) -> bool {
        self.first(string).is_some()
    }

    /// The strings in the order in which they come first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Name<'d>> {
        self.places().filter(|&(at, string)| self.first(string) == Some(at)).map(|(_, string)| string)
    }

    /// Whether a string is there twice.
    pub(crate) fn has_duplicates(&self) -> bool {
        self.places().any(|(at, string)| self.first(string) != Some(at))
    }

    pub(crate) fn is_subset(&self, other: &Self) -> bool {
        self.places().all(|(_, string)| other.contains(string))
    }

    /// Where a string is for the first time.
    fn first(&self, string: Name<'_>) -> Option<usize> {
        match &self.names {
            None => self.places().find(|&(_, known)| known == string).map(|(at, _)| at),
            Some(names) => names.find(string, |at| self.name_at(at)).map(|at| at as usize),
        }
    }

    /// The strings with the offsets of their quotes in the text of the array.
    fn places(&self) -> impl Iterator<Item = (usize, Name<'d>)> {
        let text = self.array.map_or("", |array| array.text());
        let mut behind = if text.starts_with('[') { 1 } else { text.len() };
        std::iter::from_fn(move || {
            let rest = text.as_bytes().get(behind..)?;
            let gap = rest.iter().position(|byte| !matches!(byte, b',' | b' ' | b'\n' | b'\r' | b'\t'))?;
            let at = behind + gap;
            if text.as_bytes().get(at) != Some(&b'"') {
                return None;
            }
            let (string, end) = self.string_at(at)?;
            behind = end;
            Some((at, string))
        })
    }

    fn name_at(&self, at: u32) -> Option<Name<'d>> {
        self.string_at(at as usize).map(|(string, _)| string)
    }

    fn string_at(&self, at: usize) -> Option<(Name<'d>, usize)> {
        let array = self.array?;
        let end = string_end(array.text().as_bytes(), at);
        let raw = slice(array.text(), at + 1..end.saturating_sub(1));
        Some((Name { raw, escaped: !array.source().is_plain && raw.contains('\\') }, end))
    }
}

/// The same strings.
impl PartialEq for StringSet<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.is_subset(other) && other.is_subset(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Document, Limits};

    fn with<T>(text: &str, look: impl FnOnce(&StringSet<'_>) -> T) -> T {
        let document = Document::parse(text.as_bytes(), &Limits::default()).unwrap();
        look(&StringSet::of(Some(document.value())))
    }

    fn is_same(one: &str, other: &str) -> bool {
        with(one, |one| with(other, |other| one == other))
    }

    #[test]
    fn neither_order_nor_number_nor_spelling_counts() {
        assert!(is_same(r#"["a","b"]"#, r#"[ "\u0062" , "a","a" ]"#));
        assert!(is_same("[]", "[ ]") && !is_same("[]", r#"[""]"#) && !is_same(r#"["a"]"#, r#"["a","b"]"#));
        assert!(is_same("[]", "5") && is_same("[]", "{}") && StringSet::of(None).iter().next().is_none());
    }

    #[test]
    fn each_is_told_once_in_the_order_in_which_it_comes_first() {
        let told = |text| with(text, |set| set.iter().map(|string| string.raw.to_owned()).collect::<Vec<_>>());
        assert_eq!(told(r#"["b","a","b","c","a"]"#), ["b", "a", "c"]);
        assert!(
            with(r#"["a","\u0061"]"#, |set| set.has_duplicates()) && !with(r#"["a","b"]"#, |set| set.has_duplicates())
        );
    }

    #[test]
    fn many_are_the_same_set_in_another_order() {
        let text = |numbers: &mut dyn Iterator<Item = u32>| {
            format!("[{}]", numbers.map(|number| format!(r#""s{number}""#)).collect::<Vec<_>>().join(","))
        };
        let (all, turned) = (text(&mut (0..5000)), text(&mut (0..5000).rev().chain(0..5000)));
        assert!(is_same(&all, &turned) && !is_same(&all, &text(&mut (0..4999))));
        assert!(!with(&all, |set| set.has_duplicates()) && with(&turned, |set| set.has_duplicates()));
        assert_eq!(with(&turned, |set| set.iter().count()), 5000);
    }
}

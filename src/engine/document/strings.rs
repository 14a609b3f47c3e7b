//! The strings of an array as a set.

use smallvec::SmallVec;

use super::{name::Name, names::Names, tape::offset, value::Value};
use crate::engine::text::{slice, string_end};

/// Up to this many strings are looked through one by one.
const FEW: usize = 8;

/// The strings of an array: whatever their order, and however often each is there.
pub(crate) struct StringSet<'d> {
    array: Option<Value<'d>>,
    found: Found<'d>,
    has_duplicates: bool,
}

/// What is known of the strings.
enum Found<'d> {
    /// Each of them, in the order in which they come first.
    Few(SmallVec<[Name<'d>; FEW]>),
    /// Where each is for the first time.
    Many(Names),
}

impl<'d> StringSet<'d> {
    /// The set of an array of strings; the empty one where it is another value, or not there.
    pub(crate) fn of(array: Option<Value<'d>>) -> Self {
        let mut set = Self { array, found: Found::Few(SmallVec::new()), has_duplicates: false };
        let mut few = SmallVec::new();
        for (_, string) in set.places() {
            if few.contains(&string) {
                set.has_duplicates = true;
            } else if few.len() == FEW {
                return set.many();
            } else {
                few.push(string);
            }
        }
        set.found = Found::Few(few);
        set
    }

    fn many(mut self) -> Self {
        let mut names = Names::with_capacity(self.places().count());
        for (at, string) in self.places() {
            self.has_duplicates |= names.add(string, offset(at), |at| self.name_at(at)).is_some();
        }
        self.found = Found::Many(names);
        self
    }

    pub(crate) fn contains(&self, string: Name<'_>) -> bool {
        match &self.found {
            Found::Few(few) => few.contains(&string),
            Found::Many(names) => self.first(names, string).is_some(),
        }
    }

    /// The strings in the order in which they come first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Name<'d>> {
        let (few, many) = match &self.found {
            Found::Few(few) => (Some(few), None),
            Found::Many(names) => (None, Some(names)),
        };
        let many = many.into_iter().flat_map(|names| {
            self.places().filter(|&(at, string)| self.first(names, string) == Some(at)).map(|(_, string)| string)
        });
        few.into_iter().flatten().copied().chain(many)
    }

    /// Whether a string is there twice.
    pub(crate) const fn has_duplicates(&self) -> bool {
        self.has_duplicates
    }

    fn is_subset(&self, other: &StringSet<'_>) -> bool {
        match &self.found {
            Found::Few(few) => few.iter().all(|&string| other.contains(string)),
            Found::Many(_) => self.places().all(|(_, string)| other.contains(string)),
        }
    }

    /// Where a string is for the first time.
    fn first(&self, names: &Names, string: Name<'_>) -> Option<usize> {
        names.find(string, |at| self.name_at(at)).map(|at| at as usize)
    }

    /// The strings with the offsets of their quotes in the text of the array.
    fn places(&self) -> impl Iterator<Item = (usize, Name<'d>)> + use<'d> {
        let array = self.array;
        let text = array.map_or("", |array| array.text());
        let mut behind = if text.starts_with('[') { 1 } else { text.len() };
        std::iter::from_fn(move || {
            let rest = text.as_bytes().get(behind..)?;
            let gap = rest.iter().position(|byte| !matches!(byte, b',' | b' ' | b'\n' | b'\r' | b'\t'))?;
            let at = behind + gap;
            if text.as_bytes().get(at) != Some(&b'"') {
                return None;
            }
            let (string, end) = string_at(array?, at);
            behind = end;
            Some((at, string))
        })
    }

    fn name_at(&self, at: u32) -> Option<Name<'d>> {
        self.array.map(|array| string_at(array, at as usize).0)
    }
}

/// The string whose quote is at this offset of the text of an array, and the offset behind it.
fn string_at<'d>(array: Value<'d>, at: usize) -> (Name<'d>, usize) {
    let end = string_end(array.text().as_bytes(), at);
    let raw = slice(array.text(), at + 1..end.saturating_sub(1));
    (Name { raw, escaped: !array.source().is_plain && raw.contains('\\') }, end)
}

/// The same strings.
impl PartialEq<StringSet<'_>> for StringSet<'_> {
    fn eq(&self, other: &StringSet<'_>) -> bool {
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

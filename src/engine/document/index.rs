//! Finding many members of one object by name.

use super::{name::Name, names::Names, value::Value};

/// Up to this many members are looked through one by one.
const FEW: usize = 16;

/// Finds members by name, in a time that does not depend on how many there are.
pub(crate) struct Index<'d> {
    object: Value<'d>,
    /// The indices of the entries by their names, where there are many.
    names: Option<Names>,
}

/// For up to this many questions an object is looked through, however many members it has.
const FEW_QUESTIONS: usize = 8;

/// Whether an object has few names to ask for. How many it has at all depths is known without a walk.
#[inline]
fn has_few(other: Value<'_>) -> bool {
    other.indices().len() <= FEW_QUESTIONS || other.entries().nth(FEW_QUESTIONS).is_none()
}

impl<'d> Index<'d> {
    /// To be asked for the names of another object, of which there may be few.
    pub(crate) fn of_names_in(object: Value<'d>, other: Value<'_>) -> Self {
        if has_few(other) { Self { object, names: None } } else { Self::of(object) }
    }

    pub(crate) fn of(object: Value<'d>) -> Self {
        if object.entries().nth(FEW).is_none() {
            return Self { object, names: None };
        }
        let mut names = Names::with_capacity(object.len());
        for glance in object.glances() {
            match glance.name {
                Some(name) => names.add_new(name, glance.index),
                None => object.name_at(glance.index).with_bytes(|name| names.add_new(name, glance.index)),
            }
        }
        Self { object, names: Some(names) }
    }

    #[inline]
    pub(crate) fn get(&self, name: Name<'_>) -> Option<Value<'d>> {
        name.with_bytes(|name| self.get_bytes(name))
    }

    fn get_bytes(&self, name: &[u8]) -> Option<Value<'d>> {
        let Some(names) = &self.names else { return self.object.find_bytes(name) };
        let index = names.find(name, |index| self.object.is_named(index, name))?;
        self.object.value_at(index)
    }
}

/// Finds members of an object that are mostly asked for in the order in which they stand.
pub(crate) struct Finder<'d> {
    object: Value<'d>,
    /// The index of the member that is likely to be asked for next.
    next: u32,
    /// Made when a member is asked for out of turn.
    index: Option<Index<'d>>,
    /// Whether few are asked for.
    are_few: bool,
}

impl<'d> Finder<'d> {
    pub(crate) fn of(object: Value<'d>) -> Self {
        Self { object, next: object.indices().start, index: None, are_few: false }
    }

    /// To be asked for the names of another object, of which there may be few.
    pub(crate) fn of_names_in(object: Value<'d>, other: Value<'_>) -> Self {
        let mut finder = Self::of(object);
        finder.are_few = has_few(other);
        finder
    }

    #[inline]
    pub(crate) fn get(&mut self, name: Name<'_>) -> Option<Value<'d>> {
        name.with_bytes(|name| self.get_bytes(name))
    }

    /// The member whose name is these bytes.
    #[inline]
    pub(crate) fn get_bytes(&mut self, name: &[u8]) -> Option<Value<'d>> {
        let is_likely = self.next < self.object.indices().end && self.object.is_named(self.next, name);
        let found = match is_likely {
            true => self.object.value_at(self.next)?,
            false if self.are_few => self.object.find_bytes(name)?,
            false => self.index.get_or_insert_with(|| Index::of(self.object)).get_bytes(name)?,
        };
        self.next = found.indices().end;
        Some(found)
    }
}

/// The index of an object that may not be there.
pub(crate) fn index(object: Option<Value<'_>>) -> Option<Index<'_>> {
    object.map(Index::of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::{self, document, holds};

    #[track_caller]
    fn finds_what_a_search_finds(object: Value<'_>, others: Value<'_>) {
        let index = Index::of(object);
        for (name, value) in object.named() {
            assert_eq!(index.get(name).map(|found| found.offset()), Some(value.offset()));
        }
        for (name, _) in others.named() {
            assert_eq!(index.get(name).map(|found| found.offset()), object.find(name).map(|found| found.offset()));
        }
    }

    #[test]
    fn an_index_finds_what_a_search_finds() {
        holds((random::object_text(), random::object_text()), |(one, other)| {
            let (one, other) = (document(&one), document(&other));
            finds_what_a_search_finds(one.value(), other.value());
        });
    }

    /// With and without a table, in objects whose members have members.
    #[test]
    fn a_name_is_found_in_whatever_spelling_among_however_many() {
        for count in (0..40).chain([200]) {
            let member = |at: usize, name: &str| format!(r#""{name}{at}":{{"k{at}":[{at}],"inside":{{}}}}"#);
            let object = |from: usize, name: &str| {
                format!("{{{}}}", (from..from + count).map(|at| member(at, name)).collect::<Vec<_>>().join(","))
            };
            let (plain, escaped, others) = (object(0, "k"), object(0, "\\u006b"), object(count / 2, "k"));
            let [plain, escaped, others] = [&plain, &escaped, &others].map(|text| document(text));
            for (one, other) in [(&plain, &escaped), (&escaped, &plain), (&plain, &others), (&escaped, &others)] {
                finds_what_a_search_finds(one.value(), other.value());
            }
            for asked in [plain.value(), escaped.value(), others.value()] {
                let mut finders = [Finder::of(plain.value()), Finder::of_names_in(plain.value(), asked)];
                for (name, _) in asked.named() {
                    let expected = plain.value().find(name).map(|found| found.offset());
                    for finder in &mut finders {
                        assert_eq!(finder.get(name).map(|found| found.offset()), expected);
                    }
                }
            }
            let index = Index::of(plain.value());
            for (at, (name, _)) in escaped.value().named().enumerate() {
                assert_eq!(index.get(name).unwrap().at(&["inside"]).unwrap().text(), "{}");
                assert_eq!(index.get(name).unwrap().get(&format!("k{at}")).unwrap().text(), format!("[{at}]"));
            }
            assert!(index.get(Name::plain("inside")).is_none());
        }
    }

    #[test]
    fn what_is_no_object_has_an_index_of_nothing() {
        for text in ["null", r#"[{"a":1}]"#, "1", r#""a""#] {
            assert!(Index::of(document(text).value()).get(Name::plain("a")).is_none());
        }
        assert!(index(None).is_none());
        assert!(index(Some(document("{}").value())).is_some());
    }

    /// Nor when the last member of the object has been found.
    #[test]
    fn what_stands_behind_an_object_is_none_of_its_members() {
        let document = document(r#"{"in":{"a":{"x":0},"b":1},"c":2,"d":3}"#);
        let (object, all) = (document.value().get("in").unwrap(), document.value());
        for mut finder in [Finder::of(object), Finder::of_names_in(object, all)] {
            for name in ["c", "b", "c", "a", "x", "d", "b"] {
                let expected = object.get(name).map(|found| found.offset());
                assert_eq!(finder.get(Name::plain(name)).map(|found| found.offset()), expected, "{name}");
            }
        }
    }
}

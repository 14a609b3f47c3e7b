//! What a program says of the members of an object: one that it makes, or one that it changes.

use std::collections::HashMap;

use super::{from_value::InvalidValue, value::Value, whole::Document};
use crate::engine::{
    Fault, Json, Limits, Malformed, Pointer,
    text::{deeper_than, write_string},
};

/// Members of an object by their paths, and what each becomes. What no path names stays as it is written, to the letter. The
/// last word on a member counts.
#[derive(Clone, Default)]
pub(crate) struct Edits {
    root: Edit,
    /// The first member of a path that no document can have.
    too_deep: Option<Pointer>,
}

/// What becomes of a value.
#[derive(Clone, Default)]
struct Edit {
    whole: Whole,
    /// What becomes of the members of that.
    inside: Members,
}

#[derive(Clone, Default)]
enum Whole {
    /// What is there, if anything is.
    #[default]
    Stays,
    Goes,
    Is(Json<'static>),
}

/// What a program says may be a secret, and is wiped.
impl Drop for Whole {
    fn drop(&mut self) {
        if let Self::Is(value) = self {
            value.wipe();
        }
    }
}

/// Edits by the names of members, in the order in which they were named first.
#[derive(Clone, Default)]
struct Members {
    edits: Vec<(Box<str>, Edit)>,
    numbers: HashMap<Box<str>, usize>,
}

impl Members {
    fn find(&self, name: &str) -> Option<(usize, &Edit)> {
        let number = *self.numbers.get(name)?;
        self.edits.get(number).map(|(_, edit)| (number, edit))
    }

    /// The edit of a member, and a new one where there is none.
    fn of(&mut self, name: &str) -> Option<&mut Edit> {
        let number = match self.numbers.get(name) {
            Some(number) => *number,
            None => {
                self.numbers.insert(name.into(), self.edits.len());
                self.edits.push((name.into(), Edit::default()));
                self.edits.len() - 1
            }
        };
        self.edits.get_mut(number).map(|(_, edit)| edit)
    }
}

impl Edits {
    /// The member at a path is this value; the objects on the way to it come into being, where they are not there.
    pub(crate) fn set(&mut self, path: &[&str], value: Json<'_>) {
        self.put(path, Whole::Is(value.into_owned()));
    }

    /// No member is at a path.
    pub(crate) fn remove(&mut self, path: &[&str]) {
        self.put(path, Whole::Goes);
    }

    fn put(&mut self, path: &[&str], whole: Whole) {
        // Edits are as deep as the longest path, and no document is deeper than that.
        if path.len() > usize::from(u8::MAX) {
            let first = path.iter().take(1).fold(Pointer::root(), |pointer, name| pointer.child(name));
            self.too_deep.get_or_insert(first);
            return;
        }
        let end = path.iter().try_fold(&mut self.root, |edit, name| edit.inside.of(name));
        if let Some(edit) = end {
            *edit = Edit { whole, inside: Members::default() };
        }
    }

    /// The names of the members of the object itself that come, for those who may not see a value.
    pub(crate) fn names(&self) -> Vec<String> {
        let Edit { whole, inside } = &self.root;
        let base = match whole {
            Whole::Is(value) => Some(value),
            Whole::Stays | Whole::Goes => None,
        };
        let own = inside.edits.iter().map(|(name, _)| name.to_string());
        base.into_iter().flat_map(Json::members).map(|(name, _)| name.into_owned()).chain(own).collect()
    }

    /// The text of an object after the edits: of the empty one where none was there.
    ///
    /// # Errors
    /// The value that is nested too deep in it.
    pub(crate) fn text(&self, stored: Option<Value<'_>>, limits: &Limits) -> Result<String, Malformed> {
        let limit = limits.max_depth;
        if let Some(first) = &self.too_deep {
            return Err(Malformed::at(Fault::TooDeep { limit }, &[], 0).of_member(first.clone()));
        }
        // Room for all of it, so that no copy of a part is left behind.
        let mut out = String::with_capacity(stored.map_or(2, |stored| stored.text().len()) + self.root.room());
        match self.root.gives(stored) {
            true => self.root.write(stored, &mut out),
            false => out.push_str("{}"),
        }
        if let Some(place) = self.root.too_deep(limit.into(), Pointer::root()) {
            // What a later edit has taken out again is not there to be too deep.
            Document::parse(out.as_bytes(), limits).map_err(|wrong| match wrong.fault() {
                Fault::TooDeep { .. } => wrong.of_member(place),
                _ => wrong,
            })?;
        }
        Ok(out)
    }
}

impl Edit {
    /// Where a value goes deeper than the levels that are left for it.
    fn too_deep(&self, levels: usize, place: Pointer) -> Option<Pointer> {
        let is_too_deep = |value: &Json<'_>| deeper_than(levels.min(255) as u8, value.text().as_bytes()).is_some();
        match &self.whole {
            Whole::Is(value) if is_too_deep(value) => return Some(place),
            Whole::Is(_) | Whole::Goes | Whole::Stays => {}
        }
        self.inside.edits.iter().find_map(|(name, edit)| match levels.checked_sub(1) {
            Some(left) => edit.too_deep(left, place.child(name)),
            None => Some(place.child(name)),
        })
    }

    /// How many bytes it adds to a text, or more.
    fn room(&self) -> usize {
        let own = match &self.whole {
            Whole::Is(value) => value.text().len(),
            Whole::Goes | Whole::Stays => 0,
        };
        // An escape has six bytes; beside a name there are two quotes, a colon, a comma, and the braces of an object.
        let inside = self.inside.edits.iter().map(|(name, edit)| 6 * name.len() + 6 + edit.room());
        own + inside.sum::<usize>()
    }

    /// Whether there is a value afterwards.
    fn gives(&self, stored: Option<Value<'_>>) -> bool {
        match &self.whole {
            Whole::Is(_) => true,
            Whole::Stays if stored.is_some() => true,
            Whole::Stays | Whole::Goes => self.inside.give(),
        }
    }

    /// Writes the value that is there afterwards.
    fn write(&self, stored: Option<Value<'_>>, out: &mut String) {
        match &self.whole {
            Whole::Stays => self.inside.write(stored, out),
            Whole::Goes => self.inside.write(None, out),
            Whole::Is(value) if self.inside.edits.is_empty() => value.write_compact(out),
            Whole::Is(value) => {
                let read = Document::parse(value.text().as_bytes(), &Limits::STORED).ok();
                self.inside.write(read.as_ref().map(Document::value), out);
            }
        }
    }
}

impl Members {
    /// Whether they make an object where there is none.
    fn give(&self) -> bool {
        self.edits.iter().any(|(_, edit)| edit.gives(None))
    }

    /// Writes what they make of a value: an object takes its place, where it is another and a member comes.
    fn write(&self, stored: Option<Value<'_>>, out: &mut String) {
        let object = stored.filter(Value::is_object);
        if let Some(stored) = stored.filter(|_| self.edits.is_empty() || object.is_none() && !self.give()) {
            return stored.to_json().write_compact(out);
        }
        out.push('{');
        let mut is_written = vec![false; self.edits.len()];
        for (name, value) in object.iter().flat_map(Value::named) {
            let found = self.find(&name.decoded());
            if let Some(is_written) = found.and_then(|(number, _)| is_written.get_mut(number)) {
                *is_written = true;
            }
            let edit = found.map(|(_, edit)| edit);
            if edit.is_none_or(|edit| edit.gives(Some(value))) {
                comma(out);
                out.push('"');
                out.push_str(name.raw());
                out.push_str("\":");
                match edit {
                    Some(edit) => edit.write(Some(value), out),
                    None => value.to_json().write_compact(out),
                }
            }
        }
        for ((name, edit), _) in self.edits.iter().zip(is_written).filter(|(_, is_written)| !is_written) {
            if edit.gives(None) {
                comma(out);
                write_string(out, name);
                out.push(':');
                edit.write(None, out);
            }
        }
        out.push('}');
    }
}

/// No value ends in an opening brace, so that it tells whether a member is the first.
fn comma(out: &mut String) {
    if !out.ends_with('{') {
        out.push(',');
    }
}

impl Document<'_> {
    /// The text of the document with another value at a path of names, or without one.
    ///
    /// # Errors
    /// Where it is nested deeper than any document.
    pub(crate) fn edited(&self, path: &[&str], value: Option<Json<'_>>) -> Result<String, InvalidValue> {
        let mut edits = Edits::default();
        match value {
            Some(value) => edits.set(path, value),
            None => edits.remove(path),
        }
        edits.text(Some(self.value()), &Limits::STORED).map_err(|_| InvalidValue::TooDeep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::{self, document, holds};

    fn json(text: &str) -> Json<'_> {
        Json::parse(text.as_bytes(), &Limits::STORED).unwrap()
    }

    /// What sayings, each a path with dots and a value or none, make of an object.
    #[track_caller]
    fn makes(stored: Option<&str>, said: &[(&str, Option<&str>)], expected: &str) {
        let mut edits = Edits::default();
        for (path, value) in said {
            let path: Vec<_> = path.split('.').filter(|name| !name.is_empty()).collect();
            match value {
                Some(value) => edits.set(&path, json(value)),
                None => edits.remove(&path),
            }
        }
        let stored = stored.map(document);
        let text = edits.text(stored.as_ref().map(Document::value), &Limits::default()).unwrap();
        assert_eq!(text, expected);
    }

    #[test]
    fn an_object_is_made_of_its_members() {
        makes(None, &[], "{}");
        makes(None, &[("b", Some("1.0")), ("a", Some(r#"{ "x" : [ 1 ] }"#))], r#"{"b":1.0,"a":{"x":[1]}}"#);
        makes(None, &[("a.b.c", Some("null"))], r#"{"a":{"b":{"c":null}}}"#);
        makes(None, &[("\"é\n", Some("1"))], r#"{"\"é\n":1}"#);
        makes(None, &[("a.b", None)], "{}");
        makes(None, &[("", Some(r#"{"a":1}"#)), ("b", Some("2"))], r#"{"a":1,"b":2}"#);
    }

    /// Beside others, and inside of itself.
    #[test]
    fn the_empty_name_is_a_name() {
        let mut edits = Edits::default();
        edits.set(&[""], json("1"));
        edits.set(&["a", "", ""], json("[]"));
        let stored = document(r#"{"a":{"":2}}"#);
        assert_eq!(edits.text(None, &Limits::default()).unwrap(), r#"{"":1,"a":{"":{"":[]}}}"#);
        assert_eq!(edits.text(Some(stored.value()), &Limits::default()).unwrap(), r#"{"a":{"":{"":[]}},"":1}"#);
    }

    #[test]
    fn the_last_word_counts() {
        makes(None, &[("a", Some("1")), ("b", Some("2")), ("a", Some("3"))], r#"{"a":3,"b":2}"#);
        makes(None, &[("a.b", Some("1")), ("a", Some("2"))], r#"{"a":2}"#);
        makes(None, &[("a", Some(r#"{"b":1,"c":2}"#)), ("a.b", Some("3"))], r#"{"a":{"b":3,"c":2}}"#);
        makes(None, &[("a", Some("null")), ("a.b", Some("3"))], r#"{"a":{"b":3}}"#);
        makes(None, &[("a", Some("1")), ("a", None)], "{}");
        // What comes into a place that was emptied finds nothing there.
        makes(Some(r#"{"a":{"b":1,"c":2}}"#), &[("a", None), ("a.d", Some("3"))], r#"{"a":{"d":3}}"#);
        makes(Some(r#"{"a":{"b":1}}"#), &[("", None), ("c", Some("3"))], r#"{"c":3}"#);
    }

    #[test]
    fn what_is_not_named_stays_to_the_letter() {
        let stored = r#"{"\u0061":123456789012345678901234567890,"b":{"\u0063":1e400,"d":[ {"e":1.0} ]},"f":"\u00e9"}"#;
        let written = stored.replace("[ {", "[{").replace("} ]", "}]");
        makes(Some(stored), &[], &written);
        makes(Some(stored), &[("b.g", Some("1"))], &written.replace("}]}", r#"}],"g":1}"#));
        makes(Some(stored), &[("b.c", Some("2"))], &written.replace("1e400", "2"));
        makes(Some(stored), &[("a", None), ("f", None)], r#"{"b":{"\u0063":1e400,"d":[{"e":1.0}]}}"#);
        makes(Some(stored), &[("b.x.y", None), ("f.x", None)], &written);
        makes(
            Some(stored),
            &[("f.x", Some("1")), ("b", None)],
            &r#"{"\u0061":N,"f":{"x":1}}"#.replace('N', "123456789012345678901234567890"),
        );
        makes(Some(stored), &[("", None)], "{}");
    }

    #[test]
    fn a_value_that_is_too_deep_is_named() {
        let text = |levels: usize, path: &[&str], depth: u8| {
            let mut edits = Edits::default();
            edits.set(path, json(&format!("{}1{}", "[".repeat(levels), "]".repeat(levels))));
            let told = edits.text(None, &Limits { max_depth: depth, ..Limits::default() });
            told.map_err(|wrong| (wrong.fault(), wrong.pointer().as_str().to_owned()))
        };
        let mut edits = Edits::default();
        edits.set(&["a"], json("[1]"));
        edits.set(&["b"], json("[[1]]"));
        let told = edits.text(None, &Limits { max_depth: 2, ..Limits::default() }).unwrap_err();
        assert_eq!(told.pointer().as_str(), "/b");
        // What is too long is too long first.
        let short = Limits { max_depth: 2, max_bytes: Some(19) };
        assert_eq!(edits.text(None, &short).unwrap_err().pointer().as_str(), "/b");
        let told = edits.text(None, &Limits { max_bytes: Some(18), ..short }).unwrap_err();
        assert_eq!((told.fault(), told.pointer().as_str()), (Fault::TooLong { limit: 18 }, ""));
        assert!(text(2, &["a", "b"], 4).is_ok());
        assert_eq!(text(3, &["a", "b"], 4), Err((Fault::TooDeep { limit: 4 }, "/a/b".to_owned())));
        assert!(text(0, &["a", "b"], 2).is_ok());
        assert_eq!(text(0, &["a", "b"], 1), Err((Fault::TooDeep { limit: 1 }, "/a/b".to_owned())));
        assert!(text(0, &["a"; 255], 255).is_ok());
        assert_eq!(text(0, &["a"; 100_000], 255), Err((Fault::TooDeep { limit: 255 }, "/a".to_owned())));
    }

    /// A text that is made keeps within the depth exactly where a reading says so.
    #[test]
    fn what_is_made_can_be_read() {
        holds((random::object_text(), random::text(), 0..4_usize, 1..8_u8), |(stored, value, length, depth)| {
            let (stored, limits) = (document(&stored), Limits { max_depth: depth, ..Limits::default() });
            let path = ["a", "b", "c"].get(..length).unwrap_or(&["b", "b"]);
            let mut edits = Edits::default();
            edits.set(path, json(&value));
            let edited = stored.edited(path, Some(json(&value))).unwrap();
            let edited = document(&edited).into_owned();
            let whole = edited.value();
            assert_eq!(whole.at(path), Some(document(&value).value()));
            if path.len() == 1 {
                let others = |of: Value<'_>| {
                    of.members()
                        .filter(|(name, _)| name != "a")
                        .map(|(name, value)| (name.into_owned(), value.to_json().compact().into_owned()))
                        .collect::<Vec<_>>()
                };
                assert_eq!(others(whole), others(stored.value()));
                assert_eq!(document(&stored.edited(path, None).unwrap()).value().get("a"), None);
            }
            let made = edits.text(None, &Limits::STORED).unwrap();
            let read = Document::parse(made.as_bytes(), &limits);
            assert_eq!(edits.text(None, &limits).is_ok(), read.is_ok(), "{made}");
        });
    }
}

//! How a body is read, by all three vendors alike.

use std::{cell::RefCell, collections::BTreeSet, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::{Place, Request, under};

/// Why a body cannot be read.
pub(crate) enum Unread {
    Size,
    Utf8,
    Malformed,
    Depth,
    Object,
    /// The first member that comes twice.
    Duplicate(String),
}

/// The rule of a vendor for it, told alone: found at the body itself, or at the member that comes twice.
pub(crate) fn unread(vendor: &str, why: Unread) -> Vec<Place> {
    let [size, utf8, malformed, depth, object, duplicate] = match vendor {
        "fireworks" => [
            "fireworks.body.size",
            "fireworks.body.malformed",
            "fireworks.body.malformed",
            "fireworks.body.depth",
            "fireworks.body.object",
            "fireworks.body.duplicate",
        ],
        "trusted_twin" => [
            "trusted_twin.body.size",
            "trusted_twin.body.utf8",
            "trusted_twin.body.malformed",
            "trusted_twin.body.depth",
            "trusted_twin.body.object",
            "trusted_twin.body.duplicate",
        ],
        _ => [
            "elastic.body.size",
            "elastic.body.malformed",
            "elastic.body.malformed",
            "elastic.body.depth",
            "elastic.body.object",
            "elastic.body.duplicate",
        ],
    };
    vec![match why {
        Unread::Size => (size, String::new()),
        Unread::Utf8 => (utf8, String::new()),
        Unread::Malformed => (malformed, String::new()),
        Unread::Depth => (depth, String::new()),
        Unread::Object => (object, String::new()),
        Unread::Duplicate(pointer) => (duplicate, pointer),
    }]
}

impl Request<'_> {
    /// The object that the body is; a string that holds one is decoded where that is asked for, and read as strictly.
    pub(crate) fn read_object(&self, max_bytes: usize, decode: bool) -> Result<Map<String, Value>, Unread> {
        let max_bytes = match self.policy("maxBytes") {
            None => Some(max_bytes),
            Some(limit) => limit.as_u64().map(|limit| limit as usize),
        };
        // The mask counts against the same limit.
        if max_bytes.is_some_and(|limit| self.text.len() + self.mask.len() > limit) {
            return Err(Unread::Size);
        }
        let text = std::str::from_utf8(self.text).map_err(|_| Unread::Utf8)?;
        let body = match self.value(text)? {
            Value::String(text) if decode => self.value(&text)?,
            body => body,
        };
        if let Value::Object(members) = body { Ok(members) } else { Err(Unread::Object) }
    }

    /// Which of two faults of one text is told first is not decided: no text here has two.
    fn value(&self, text: &str) -> Result<Value, Unread> {
        let value: Value = serde_json::from_str(text).map_err(|_| Unread::Malformed)?;
        if depth(&value) > self.policy("maxDepth").and_then(Value::as_u64).unwrap_or(128) {
            return Err(Unread::Depth);
        }
        let twice = RefCell::new(None);
        let once = Once { pointer: String::new(), twice: &twice };
        once.deserialize(&mut serde_json::Deserializer::from_str(text)).map_err(|_| Unread::Malformed)?;
        twice.into_inner().map_or(Ok(value), |pointer| Err(Unread::Duplicate(pointer)))
    }
}

/// The levels of a value: an object or array is one, and what it holds is another.
fn depth(value: &Value) -> u64 {
    match value {
        Value::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Reads a value for nothing but the first member that comes twice: a `Value` keeps the last of them without a word.
struct Once<'a> {
    pointer: String,
    twice: &'a RefCell<Option<String>>,
}

impl Once<'_> {
    fn inside(&self, name: &str) -> Self {
        Once { pointer: under(&self.pointer, name), twice: self.twice }
    }
}

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = ();

    fn expecting(&self, words: &mut fmt::Formatter) -> fmt::Result {
        words.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            let inside = self.inside(&name);
            if !names.insert(name) {
                self.twice.borrow_mut().get_or_insert(inside.pointer.clone());
            }
            members.next_value_seed(inside)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut index = 0;
        while elements.next_element_seed(self.inside(&format!("{index}")))?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

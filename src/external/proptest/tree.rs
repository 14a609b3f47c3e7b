//! JSON values that are put together member by member.

use std::{collections::BTreeMap, fmt};

use crate::engine::{Json, Kind, Limits, write_string};

/// A JSON value. Numbers are their text, so that not a digit is lost.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Tree {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Tree>),
    Object(Members),
}

pub(super) type Members = BTreeMap<String, Tree>;

impl Tree {
    /// The value of a text; `null` where it is not JSON.
    pub(super) fn read(text: &str) -> Self {
        Json::parse(text.as_bytes(), &Limits::STORED).map_or(Self::Null, |value| Self::of(&value))
    }

    fn of(value: &Json<'_>) -> Self {
        match value.kind() {
            Kind::Null => Self::Null,
            Kind::Boolean => Self::Bool(value.as_bool() == Some(true)),
            Kind::Number => Self::number(value.text()),
            Kind::String => Self::String(value.as_str().unwrap_or_default().into_owned()),
            Kind::Array => Self::Array(value.elements().map(|element| Self::of(&element)).collect()),
            Kind::Object => {
                Self::Object(value.members().map(|(name, value)| (name.into_owned(), Self::of(&value))).collect())
            }
        }
    }

    pub(super) fn string(text: &str) -> Self {
        Self::String(text.to_owned())
    }

    pub(super) fn number(text: &str) -> Self {
        Self::Number(text.to_owned())
    }

    /// The object without a member.
    pub(super) fn empty() -> Self {
        Self::Object(Members::new())
    }

    /// The object of these members.
    pub(super) fn object<'n>(members: impl IntoIterator<Item = (&'n str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    fn members(&self) -> Option<&Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |tree, name| tree.members()?.get(*name))
    }

    /// Puts a value at the end of a path, making the objects on the way.
    pub(super) fn set(&mut self, path: &[&str], value: Self) {
        let Some((first, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        if self.members().is_none() {
            *self = Self::empty();
        }
        if let Self::Object(members) = self {
            members.entry((*first).to_owned()).or_insert(Self::Null).set(rest, value);
        }
    }

    /// Takes away what is at the end of a path.
    pub(super) fn remove(&mut self, path: &[&str]) {
        let (Self::Object(members), Some((first, rest))) = (self, path.split_first()) else { return };
        match (rest, members.get_mut(*first)) {
            ([], _) => drop(members.remove(*first)),
            (rest, Some(inner)) => inner.remove(rest),
            (_, None) => {}
        }
    }

    /// Gives a member of this object another name.
    pub(super) fn rename(&mut self, name: &str, other: &str) {
        let Self::Object(members) = self else { return };
        if let Some(value) = members.remove(name) {
            members.insert(other.to_owned(), value);
        }
    }

    /// The text, without white space, members by name.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::String(text) => write_string(out, text),
            Self::Array(elements) => {
                out.push('[');
                for (at, element) in elements.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    write_string(out, name);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

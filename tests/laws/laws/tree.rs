//! A naive model of JSON documents, for what a law expects.

use std::{collections::BTreeMap, fmt::Write};

use user_patch::engine::{Json, Kind, Limits};

/// A JSON value, read naively. Numbers are their text, so that not a digit is lost.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Tree>),
    Object(BTreeMap<String, Tree>),
}

pub(crate) type Members = BTreeMap<String, Tree>;

impl Tree {
    /// The value of a text that is known to be JSON.
    #[track_caller]
    pub(crate) fn read(text: &str) -> Self {
        Self::try_read(text.as_bytes()).unwrap_or_else(|| panic!("no JSON: {text}"))
    }

    /// The value of a text that may be none.
    pub(crate) fn try_read(text: &[u8]) -> Option<Self> {
        Json::parse(text, &Limits::STORED).ok().map(|value| Self::of(&value))
    }

    pub(crate) fn of(value: &Json<'_>) -> Self {
        match value.kind() {
            Kind::Null => Self::Null,
            Kind::Boolean => Self::Bool(value.as_bool().unwrap()),
            Kind::Number => Self::Number(value.text().to_owned()),
            Kind::String => Self::String(value.as_str().unwrap().into_owned()),
            Kind::Array => Self::Array(value.elements().map(|element| Self::of(&element)).collect()),
            Kind::Object => {
                Self::Object(value.members().map(|(name, value)| (name.into_owned(), Self::of(&value))).collect())
            }
        }
    }

    pub(crate) fn string(text: &str) -> Self {
        Self::String(text.to_owned())
    }

    pub(crate) fn empty() -> Self {
        Self::Object(Members::new())
    }

    pub(crate) fn members(&self) -> Option<&Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(crate) fn at(&self, path: &[impl AsRef<str>]) -> Option<&Self> {
        path.iter().try_fold(self, |tree, name| tree.members()?.get(name.as_ref()))
    }

    /// What a JSON Pointer points to, through objects alone.
    pub(crate) fn pointed(&self, pointer: &str) -> Option<&Self> {
        self.at(&tokens(pointer))
    }

    /// Puts a value at the end of a path, making the objects on the way.
    pub(crate) fn set(&mut self, path: &[impl AsRef<str>], value: Self) {
        let Some((first, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        if self.members().is_none() {
            *self = Self::empty();
        }
        if let Self::Object(members) = self {
            members.entry(first.as_ref().to_owned()).or_insert(Self::Null).set(rest, value);
        }
    }

    pub(crate) fn remove(&mut self, path: &[impl AsRef<str>]) {
        let (Self::Object(members), Some((first, rest))) = (self, path.split_first()) else { return };
        match (rest, members.get_mut(first.as_ref())) {
            ([], _) => drop(members.remove(first.as_ref())),
            (rest, Some(inner)) => inner.remove(rest),
            (_, None) => {}
        }
    }

    /// Puts what stands at a path in `other` there, or takes it away.
    pub(crate) fn copy(&mut self, path: &[impl AsRef<str>], other: &Self) {
        match other.at(path) {
            Some(value) => self.set(path, value.clone()),
            None => self.remove(path),
        }
    }

    /// Each way to leave out one member, at any depth.
    pub(crate) fn without_one(&self) -> Vec<Self> {
        let Some(members) = self.members() else { return Vec::new() };
        let mut found = Vec::new();
        for (name, value) in members {
            let mut less = members.clone();
            less.remove(name);
            found.push(Self::Object(less));
            for inner in value.without_one() {
                let mut less = members.clone();
                less.insert(name.clone(), inner);
                found.push(Self::Object(less));
            }
        }
        found
    }

    /// RFC 7386 section 2, word by word.
    #[must_use]
    pub(crate) fn merged(&self, patch: &Self) -> Self {
        let Self::Object(patch) = patch else { return patch.clone() };
        let mut target = self.members().cloned().unwrap_or_default();
        for (name, value) in patch {
            match value {
                Self::Null => drop(target.remove(name)),
                value => {
                    let old = target.remove(name).unwrap_or(Self::Null);
                    target.insert(name.clone(), old.merged(value));
                }
            }
        }
        Self::Object(target)
    }

    /// The text without white space, members by name.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, &mut Spelling(None));
        out
    }

    /// One of the many texts of this value: members in any order, white space anywhere, characters escaped or not.
    pub(crate) fn spelled(&self, seed: u64) -> String {
        let mut out = String::new();
        self.write(&mut out, &mut Spelling(Some(seed | 1)));
        out
    }

    fn write(&self, out: &mut String, spelling: &mut Spelling) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => write!(out, "{value}").unwrap(),
            Self::Number(text) => out.push_str(text),
            Self::String(text) => spelling.string(out, text),
            Self::Array(elements) => {
                out.push('[');
                for (at, element) in elements.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    spelling.space(out);
                    element.write(out, spelling);
                    spelling.space(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                for at in (1..members.len()).rev() {
                    members.swap(at, at - spelling.below(at + 1));
                }
                out.push('{');
                for (at, (name, value)) in members.into_iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    spelling.space(out);
                    spelling.string(out, name);
                    spelling.space(out);
                    out.push(':');
                    spelling.space(out);
                    value.write(out, spelling);
                    spelling.space(out);
                }
                out.push('}');
            }
        }
    }
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

/// The unescaped names of a JSON Pointer.
pub(crate) fn tokens(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect()
}

/// The choices of a writer, made by a little generator; none where the text is to be canonical.
struct Spelling(Option<u64>);

impl Spelling {
    /// A number below `limit`, 0 where there is no choice.
    fn below(&mut self, limit: usize) -> usize {
        let Some(state) = &mut self.0 else { return 0 };
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        usize::try_from(*state >> 33).unwrap() % limit
    }

    fn space(&mut self, out: &mut String) {
        out.push_str(["", "", "", "", " ", "\n", "\t", "\r\n  "][self.below(8)]);
    }

    fn string(&mut self, out: &mut String, text: &str) {
        out.push('"');
        for letter in text.chars() {
            match letter {
                _ if self.below(8) == 7 => {
                    for unit in letter.encode_utf16(&mut [0; 2]) {
                        write!(out, "\\u{unit:04x}").unwrap();
                    }
                }
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                control @ '\0'..'\u{20}' => write!(out, "\\u{:04x}", u32::from(control)).unwrap(),
                letter => out.push(letter),
            }
        }
        out.push('"');
    }
}

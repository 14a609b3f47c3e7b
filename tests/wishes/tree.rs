//! A naive model of objects, for what is expected.

use proptest::{prelude::*, sample::select};
use user_patch::engine::{Json, Limits};

/// An object as a list of members, any other value as its text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Text(String),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    pub(crate) fn empty() -> Self {
        Self::Object(Vec::new())
    }

    pub(crate) fn read(text: &str) -> Self {
        Self::of(&json(text))
    }

    fn of(value: &Json<'_>) -> Self {
        match value.text().starts_with('{') {
            true => Self::Object(value.members().map(|(name, value)| (name.into_owned(), Self::of(&value))).collect()),
            false => Self::Text(value.borrowed().compact().to_string()),
        }
    }

    pub(crate) fn set(&mut self, path: &[&str], value: Option<Tree>) {
        let Some((first, rest)) = path.split_first() else {
            *self = value.unwrap_or(Self::empty());
            return;
        };
        if let Self::Text(_) = self {
            if value.is_none() {
                return;
            }
            *self = Self::empty();
        }
        let Self::Object(members) = self else { unreachable!() };
        let at = members.iter().position(|(name, _)| name == first);
        match (at, rest, value) {
            (Some(at), [], None) => _ = members.remove(at),
            (None, _, None) => {}
            (Some(at), _, value) => members[at].1.set(rest, value),
            (None, _, Some(value)) => {
                members.push(((*first).to_owned(), Self::empty()));
                members.last_mut().unwrap().1.set(rest, Some(value));
            }
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Object(members) => {
                let member = |(name, value): &(String, Tree)| format!("{}:{}", Json::string(name), value.text());
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
            }
        }
    }
}

#[track_caller]
pub(crate) fn json(text: &str) -> Json<'static> {
    Json::parse(text.as_bytes(), &Limits::STORED).unwrap_or_else(|wrong| panic!("{text}: {wrong}")).into_owned()
}

/// Any JSON value, among them those that only exact text keeps.
pub(crate) fn values() -> impl Strategy<Value = String> {
    select(
        &[
            "null",
            "true",
            "\"\"",
            "\"a\\u00e9\\n\"",
            "\"admin\"",
            "1",
            "1.0",
            "1e400",
            "123456789012345678901234567890",
            "[]",
            "[null,{\"b\":1.0}]",
            "{}",
            "{\"a\":null,\"b\":{\"c\":[]}}",
        ][..],
    )
    .prop_map(str::to_owned)
}

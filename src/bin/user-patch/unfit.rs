//! Texts that are no question to a room: what is wrong with a user or a context, and where, without a value of it.

use serde::de::DeserializeOwned;
use user_patch::{
    engine::{Json, Kind, Limits, Reader},
    report::InvalidUser,
};

/// The text that cannot be what it is given as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    User,
    /// The first user of a diff.
    From,
    /// The second user of a diff.
    To,
    Context,
}

/// Why a room cannot be asked: a text that is no user, or no context, of its vendor. Holds no value of it.
#[derive(Debug)]
pub struct Unfit {
    pub part: Part,
    what: String,
    /// Line and column, from 1.
    place: (usize, usize),
}

impl Unfit {
    /// For a text that is a file.
    pub fn in_file(&self, name: &str) -> String {
        let (line, column) = self.place;
        format!("{name}: {} at line {line} column {column}", self.what)
    }

    /// For a text that begins at a column of a line.
    pub fn in_line(&self, begin: usize) -> String {
        format!("{} at column {}", self.what, begin + self.place.1 - 1)
    }
}

impl Unfit {
    /// A text that is given as a user.
    pub fn user(part: Part, text: &[u8], wrong: &InvalidUser) -> Self {
        let (what, place) = match wrong {
            InvalidUser::Malformed(wrong) => (format!("not a user: {}", wrong.fault()), (wrong.line(), wrong.column())),
            InvalidUser::Member { pointer, .. } => (wrong.to_string(), Reader::locate(text, pointer)),
            _ => (wrong.to_string(), (1, 1)),
        };
        Self { part, what, place }
    }
}

/// Reads a context; `null` is the default one.
pub fn context<C: DeserializeOwned + Default>(text: &[u8]) -> Result<C, Unfit> {
    let unfit = |what: &str, line, column| {
        let what = format!("not a context: {what}");
        Unfit { part: Part::Context, what, place: (line, column) }
    };
    let json = Json::parse(text, &Limits::default())
        .map_err(|wrong| unfit(&wrong.fault().to_string(), wrong.line(), wrong.column()))?;
    match json.kind() {
        Kind::Null => Ok(C::default()),
        Kind::Object => serde_json::from_slice(text).map_err(|wrong| {
            // `serde_json` counts the bytes that it has read of the line.
            let line = text.split(|&byte| byte == b'\n').nth(wrong.line().saturating_sub(1)).unwrap_or_default();
            let read = line.get(..wrong.column()).unwrap_or(line);
            unfit(&without_value(&wrong), wrong.line().max(1), scalars(read).max(1))
        }),
        // `serde` would take an array for the members in their order.
        _ => Err(unfit("not a JSON object", 1, 1)),
    }
}

/// How many Unicode scalar values a text has: each has one byte that does not continue another.
pub fn scalars(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

/// The message without its place, and without the value that `serde` names in front of what it expected.
fn without_value(wrong: &serde_json::Error) -> String {
    let message = wrong.to_string();
    let place = format!(" at line {} column {}", wrong.line(), wrong.column());
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let names_a_value = ["invalid type: ", "invalid value: ", "invalid length ", "unknown variant `"]
        .iter()
        .any(|start| message.starts_with(start));
    // What is expected is a text of ours, so the last comma of this kind is the right one.
    match message.rfind(", expected ").and_then(|at| message.get(at + 2..)) {
        Some(expected) if names_a_value => expected.to_owned(),
        _ if names_a_value => "a value that does not belong there".to_owned(),
        _ => message.to_owned(),
    }
}

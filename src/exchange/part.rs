//! The texts that a question is made of, and what is wrong with one, without a value of it.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::{
    engine::{Document, Limits, Place},
    report::InvalidUser,
    vendor::UpdateModel,
};

/// A text that a question is made of.
///
/// ```
/// use user_patch::{exchange::{Pair, Part, Question}, vendor::Vendor};
///
/// let pair = Pair { from: br#"{"role":"user"}"#, to: b"[]", context: b"null" };
/// assert_eq!(Question::Diff(pair).ask(Vendor::Fireworks).unwrap_err().part(), Part::To);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The user that is updated.
    User,
    /// The first user of a diff; the user before an update that is undone.
    From,
    /// The second user of a diff; the user after an update that is undone.
    To,
    /// The user that a patch was made on.
    Base,
    /// The user that somebody else has made of it.
    Theirs,
    /// Who asks.
    Context,
    /// A field mask, for a vendor that has none.
    Mask,
}

/// Why a question cannot be asked: a text that is no user, or no context, of its vendor. Holds no value of it.
///
/// ```
/// use user_patch::{exchange::{Pair, Question}, vendor::Vendor};
///
/// let pair = Pair { from: b"{}", to: b"{}", context: br#"{"polcy":{}}"# };
/// let wrong = Question::Diff(pair).ask(Vendor::Fireworks).unwrap_err();
/// println!("{wrong}"); // Which text, where in it, and which members are known.
/// assert_eq!(wrong.place().line, 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPart {
    part: Part,
    message: String,
    place: Place,
}

impl InvalidPart {
    pub(super) fn new(part: Part, message: impl Into<String>, place: Place) -> Self {
        Self { part, message: message.into(), place }
    }

    /// Which text.
    pub const fn part(&self) -> Part {
        self.part
    }

    /// What is wrong with it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where in that text.
    pub const fn place(&self) -> Place {
        self.place
    }
}

impl fmt::Display for InvalidPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.message, self.place)
    }
}

impl std::error::Error for InvalidPart {}

const BEGINNING: Place = Place { line: 1, column: 1 };

/// Reads a text that is given as a user.
pub(super) fn user<M: UpdateModel>(part: Part, text: &[u8]) -> Result<M::User, InvalidPart> {
    M::user(text).map_err(|wrong| match &wrong {
        InvalidUser::Malformed(fault) => {
            InvalidPart::new(part, format!("not a user: {}", fault.fault()), fault.place())
        }
        InvalidUser::Members(members) => {
            let place = members.first().map_or(BEGINNING, |(pointer, _)| {
                let names: Vec<_> = pointer.tokens().collect();
                locate(text, &names.iter().map(|name| &**name).collect::<Vec<_>>())
            });
            InvalidPart::new(part, wrong.to_string(), place)
        }
        InvalidUser::Value(_) => InvalidPart::new(part, wrong.to_string(), BEGINNING),
    })
}

/// The place of the name of the member at the end of a path, or of the innermost one on the way that is there.
fn locate(text: &[u8], path: &[&str]) -> Place {
    let Ok(document) = Document::parse(text, &Limits::STORED) else { return BEGINNING };
    let (mut value, mut at) = (document.value(), document.value().offset());
    for name in path {
        let Some((offset, inner)) = value.located(name) else { break };
        (value, at) = (inner, offset);
    }
    Place::at(text, at)
}

/// Reads a context; `null` is the default one.
pub(crate) fn context<C: DeserializeOwned + Default>(text: &[u8]) -> Result<C, InvalidPart> {
    let invalid = |what: &str, place| InvalidPart::new(Part::Context, format!("not a context: {what}"), place);
    let document = Document::parse(text, &Limits::default())
        .map_err(|wrong| invalid(&wrong.fault().to_string(), wrong.place()))?;
    if document.value().is_null() {
        return Ok(C::default());
    }
    if !document.value().is_object() {
        return Err(invalid("not a JSON object", BEGINNING));
    }
    serde_json::from_slice(text).map_err(|wrong| {
        // `serde_json` counts the bytes that it has read of the line.
        let line = text.split(|&byte| byte == b'\n').nth(wrong.line().saturating_sub(1)).unwrap_or(b"");
        let read = line.get(..wrong.column()).unwrap_or(line);
        let place = Place { line: wrong.line().max(1), column: scalars(read).max(1) };
        invalid(&without_value(&wrong), place)
    })
}

/// How many Unicode scalar values a text has: each has one byte that does not continue another.
pub(super) fn scalars(text: &[u8]) -> usize {
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

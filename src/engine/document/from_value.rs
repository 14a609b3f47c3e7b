//! Values that a program built.

use super::whole::Document;
use crate::engine::{Limits, text::write_string};

/// A value built by a program that does not fit.
///
/// ```
/// use user_patch::engine::{Document, InvalidValue};
///
/// let deep = (0..200).fold(serde_json::Value::Null, |inside, _| serde_json::json!([inside]));
/// assert_eq!(Document::try_from(&deep).unwrap_err(), InvalidValue::TooDeep);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidValue {
    /// Nested deeper than 128 levels.
    #[error("nested deeper than 128 levels")]
    TooDeep,
    /// Not a JSON object, where only an object makes sense.
    #[error("not a JSON object")]
    NotAnObject,
    /// Its text would be longer than [`Limits::MAX_BYTES`].
    #[error("longer than {} bytes", Limits::MAX_BYTES)]
    TooLong,
}

/// An object that a program built, as text.
pub(crate) fn object_text_of(value: &serde_json::Value) -> Result<String, InvalidValue> {
    if value.is_object() { text_of(value) } else { Err(InvalidValue::NotAnObject) }
}

/// A value that a program built, as text. It may be nested as deep as memory goes: the depth is counted, not trusted.
fn text_of(value: &serde_json::Value) -> Result<String, InvalidValue> {
    let mut out = String::new();
    write(value, Limits::default().max_depth, &mut out)?;
    if out.len() > Limits::MAX_BYTES { Err(InvalidValue::TooLong) } else { Ok(out) }
}

fn write(value: &serde_json::Value, levels: u8, out: &mut String) -> Result<(), InvalidValue> {
    let inside = || levels.checked_sub(1).ok_or(InvalidValue::TooDeep);
    match value {
        serde_json::Value::Object(members) => {
            let inside = inside()?;
            out.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write_string(out, name);
                out.push(':');
                write(value, inside, out)?;
            }
            out.push('}');
        }
        serde_json::Value::Array(elements) => {
            let inside = inside()?;
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(element, inside, out)?;
            }
            out.push(']');
        }
        serde_json::Value::String(text) => write_string(out, text),
        scalar => out.push_str(&scalar.to_string()),
    }
    Ok(())
}

/// A value that a program built.
impl TryFrom<&serde_json::Value> for Document<'static> {
    type Error = InvalidValue;

    fn try_from(value: &serde_json::Value) -> Result<Self, InvalidValue> {
        let text = text_of(value)?;
        // Written from a value, the text can only be too deep, which has been looked at.
        Ok(Document::parse(text.as_bytes(), &Limits::STORED).map_err(|_| InvalidValue::TooDeep)?.into_owned())
    }
}

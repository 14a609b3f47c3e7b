use std::{borrow::Cow, fmt};

use zeroize::Zeroize;

use super::{
    same::same,
    text::{plain_end, string_end, unescape},
};

/// A JSON value, kept as the text it was written in: a 30-digit integer, `1.0` beside `1`, `1e400` stay what they are.
///
/// It is always well-formed in the sense of [`Document::parse`](super::Document::parse), since only a strict reading makes one. `Display` gives the text;
/// `Debug` gives the kind alone, since a value may be a secret.
///
/// Equality is that of JSON values: the order of an object's members, white space and the spelling of a string do not
/// count. Numbers are equal where they are written alike: `1` and `1.0` differ, as nothing here may take one for the other.
///
/// ```
/// use user_patch::engine::{Json, Limits};
///
/// let value = Json::parse(br#"{"n": 1.0, "s": "\u0041"}"#, &Limits::default())?;
/// assert_eq!(value, Json::parse(br#"{"s":"A","n":1.0}"#, &Limits::default())?);
/// assert_eq!(value.compact().to_string(), r#"{"n":1.0,"s":"\u0041"}"#);
/// # Ok::<(), user_patch::engine::Malformed>(())
/// ```
#[derive(Clone)]
pub struct Json<'a> {
    text: Cow<'a, str>,
    /// Whether the text is known to have no white space between its tokens, which spares looking.
    is_compact: bool,
    /// Whether the text is known to have no escapes, so that what stands between two quotes is a string.
    is_plain: bool,
}

/// The type of a JSON value.
///
/// ```
/// use user_patch::engine::{Json, Kind, Limits};
///
/// assert_eq!(Json::parse(b"1e400", &Limits::default())?.kind(), Kind::Number);
/// # Ok::<(), user_patch::engine::Malformed>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The type of the value that begins with this byte.
    #[inline]
    pub(super) const fn of(first: Option<u8>) -> Self {
        match first {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b'"') => Self::String,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }
}

impl<'a> Json<'a> {
    /// Text that has just been read or cut out of one.
    pub(super) const fn of(text: Cow<'a, str>, is_compact: bool, is_plain: bool) -> Self {
        Self { text, is_compact, is_plain }
    }

    /// Text that has just been read, and whether it met no white space and no escapes in it.
    #[inline]
    pub(super) const fn read(text: &'a str, is_compact: bool, is_plain: bool) -> Self {
        Self { text: Cow::Borrowed(text), is_compact, is_plain }
    }

    /// Text that this crate has just written, which is compact.
    pub(crate) const fn written(text: String) -> Json<'static> {
        Json { text: Cow::Owned(text), is_compact: true, is_plain: false }
    }

    /// Text that is known when the crate is built: compact, and without escapes.
    pub(crate) const fn fixed(text: &'static str) -> Json<'static> {
        Json { text: Cow::Borrowed(text), is_compact: true, is_plain: true }
    }

    /// The value `null`.
    pub const fn null() -> Json<'static> {
        Json::fixed("null")
    }

    /// The string value `text`.
    pub fn string(text: &str) -> Json<'static> {
        // No escape is longer than six bytes. With room for all no copy of a part is left behind, should it be a secret.
        let escapes = text.bytes().filter(|byte| matches!(byte, 0..0x20 | b'"' | b'\\')).count();
        let mut out = String::with_capacity(text.len() + 2 + 5 * escapes);
        super::write_string(&mut out, text);
        Json::written(out)
    }

    /// Wipes the text, where it is its own.
    pub(in crate::engine) fn wipe(&mut self) {
        if let Cow::Owned(text) = &mut self.text {
            text.zeroize();
        }
    }

    /// The same value, with the text as its own.
    pub fn into_owned(self) -> Json<'static> {
        Json { text: Cow::Owned(self.text.into_owned()), is_compact: self.is_compact, is_plain: self.is_plain }
    }

    /// The same value, borrowed from this one.
    pub fn borrowed(&self) -> Json<'_> {
        Json { text: Cow::Borrowed(&self.text), is_compact: self.is_compact, is_plain: self.is_plain }
    }

    /// The exact text.
    #[inline]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The type of the value.
    #[inline]
    pub fn kind(&self) -> Kind {
        Kind::of(self.text.as_bytes().first().copied())
    }

    /// Whether the value is `null`.
    #[inline]
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The value of a boolean.
    #[inline]
    pub fn as_bool(&self) -> Option<bool> {
        match &*self.text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The text of a string, unescaped.
    #[inline]
    pub fn as_str(&self) -> Option<Cow<'_, str>> {
        let inside = self.text.strip_prefix('"')?.strip_suffix('"')?;
        Some(if self.is_plain { Cow::Borrowed(inside) } else { unescape(inside) })
    }

    /// As [`as_str`](Self::as_str), without a copy where the text is borrowed and has no escapes.
    pub fn into_str(self) -> Option<Cow<'a, str>> {
        match self.text {
            Cow::Borrowed(text) => Some(unescape(text.strip_prefix('"')?.strip_suffix('"')?)),
            Cow::Owned(_) => self.as_str().map(|text| Cow::Owned(text.into_owned())),
        }
    }

    /// Whether the value is a number without fraction and exponent.
    pub fn is_integer(&self) -> bool {
        self.kind() == Kind::Number && !self.text.contains(['.', 'e', 'E'])
    }

    /// The members of an object, in their order; nothing for a value of another type.
    pub fn members(&self) -> impl Iterator<Item = (Cow<'_, str>, Json<'_>)> {
        let mut rest = Rest::inside(&self.text, '{');
        std::iter::from_fn(move || {
            let name = rest.string()?;
            rest.skip(':');
            let value = rest.next()?;
            rest.skip(',');
            Some((name, Json::read(value, self.is_compact, self.is_plain)))
        })
    }

    /// The elements of an array, in their order; nothing for a value of another type.
    pub fn elements(&self) -> impl Iterator<Item = Json<'_>> {
        let mut rest = Rest::inside(&self.text, '[');
        std::iter::from_fn(move || {
            let value = rest.next()?;
            rest.skip(',');
            Some(Json::read(value, self.is_compact, self.is_plain))
        })
    }

    /// The elements of an array that are strings, unescaped; `None` in the place of one that is not.
    pub fn strings(&self) -> impl Iterator<Item = Option<Cow<'_, str>>> {
        let mut rest = Rest::inside(&self.text, '[');
        std::iter::from_fn(move || {
            let string = rest.string();
            if string.is_none() {
                rest.next()?;
            }
            rest.skip(',');
            Some(string)
        })
    }

    /// The same value without white space between its tokens.
    pub fn compact(self) -> Self {
        if self.is_compact {
            return self;
        }
        let mut out = String::with_capacity(self.text.len());
        self.write_compact(&mut out);
        Self { text: Cow::Owned(out), is_compact: true, is_plain: self.is_plain }
    }

    /// Whether the text is known to have no escapes.
    pub(super) const fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Writes the value without white space between its tokens.
    pub(crate) fn write_compact(&self, out: &mut String) {
        if self.is_compact {
            return out.push_str(&self.text);
        }
        let mut rest = &*self.text;
        while let Some(first) = rest.bytes().next() {
            let token = match first {
                b'"' => extent(rest),
                b' ' | b'\n' | b'\r' | b'\t' => {
                    rest = rest.trim_start_matches([' ', '\n', '\r', '\t']);
                    continue;
                }
                _ => rest.find(['"', ' ', '\n', '\r', '\t']).unwrap_or(rest.len()),
            };
            let (token, further) = rest.split_at(token);
            out.push_str(token);
            rest = further;
        }
    }

    /// The value as `serde_json` holds it: numbers become what its `Number` can hold, the last digits of a long one go.
    ///
    /// # Errors
    /// Where `serde_json` cannot read the text: a number beyond an `f64` (`1e400`), more than 127 levels.
    pub fn to_value(&self) -> serde_json::Result<serde_json::Value> {
        serde_json::from_str(&self.text)
    }
}

/// The string value, as [`Json::string`] makes it: the text is not read as JSON.
impl From<&str> for Json<'static> {
    fn from(text: &str) -> Self {
        Self::string(text)
    }
}

impl From<bool> for Json<'static> {
    fn from(value: bool) -> Self {
        Self::fixed(if value { "true" } else { "false" })
    }
}

/// Integers, which are JSON numbers as they stand. A `f64` may be none.
macro_rules! from_integers {
    ($($integer:ident)*) => {
        $(impl From<$integer> for Json<'static> {
            fn from(value: $integer) -> Self {
                Self::written(value.to_string())
            }
        })*
    };
}
from_integers!(i32 u32 i64 u64);

/// The array of these values.
impl<'e> FromIterator<Json<'e>> for Json<'static> {
    fn from_iter<T: IntoIterator<Item = Json<'e>>>(elements: T) -> Self {
        let mut text = String::new();
        super::write_array(&mut text, elements, |text, element| element.write_compact(text));
        Self::written(text)
    }
}

/// The same value, borrowed.
impl<'j> From<&'j Json<'_>> for Json<'j> {
    fn from(value: &'j Json<'_>) -> Self {
        value.borrowed()
    }
}

impl PartialEq for Json<'_> {
    fn eq(&self, other: &Json<'_>) -> bool {
        same(&self.text, &other.text)
    }
}

impl Eq for Json<'_> {}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({:?})", self.kind())
    }
}

/// What is left of the inside of an array or object that has been read before.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn inside(text: &'a str, open: char) -> Self {
        let mut rest =
            Self(text.strip_prefix(open).map_or("", |inner| inner.trim_end_matches([' ', '\n', '\r', '\t'])));
        rest.0 = rest.0.get(..rest.0.len().saturating_sub(1)).unwrap_or_default();
        rest.space();
        rest
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.0.as_bytes().first() {
            self.0 = self.0.get(1..).unwrap_or_default();
        }
    }

    #[inline]
    fn skip(&mut self, punctuation: char) {
        self.space();
        self.0 = self.0.strip_prefix(punctuation).unwrap_or(self.0);
        self.space();
    }

    /// The next value, where it is a string, as a member's name is.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let inside = self.0.strip_prefix('"')?;
        let (plain, rest) = inside.split_at_checked(plain_end(inside.as_bytes(), 0))?;
        if let Some(rest) = rest.strip_prefix('"') {
            self.0 = rest;
            return Some(Cow::Borrowed(plain));
        }
        self.next()?.strip_prefix('"')?.strip_suffix('"').map(unescape)
    }

    /// The text of the next value.
    fn next(&mut self) -> Option<&'a str> {
        let (value, rest) = self.0.split_at_checked(extent(self.0))?;
        self.0 = rest;
        (!value.is_empty()).then_some(value)
    }
}

/// The length of the value with which `text`, which has been read before, begins.
fn extent(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut open) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                if open == 0 {
                    break;
                }
                continue;
            }
            b'{' | b'[' => open += 1,
            b'}' | b']' if open <= 1 => return at + open,
            b'}' | b']' => open -= 1,
            b',' | b' ' | b'\n' | b'\r' | b'\t' if open == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

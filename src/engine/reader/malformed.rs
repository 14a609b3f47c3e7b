use std::fmt;

use crate::engine::Pointer;

/// A place in a text. Both count from 1, the column in Unicode scalar values.
///
/// ```
/// use user_patch::engine::Place;
///
/// assert_eq!(Place::at("{\n  \"é\": x}".as_bytes(), 10), Place { line: 2, column: 8 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in scalar values.
    pub column: usize,
}

impl Place {
    /// The place of the byte at `offset`.
    pub fn at(text: &[u8], offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let newlines = before.iter().filter(|&&byte| byte == b'\n').count();
        // A scalar value has exactly one byte that is not a continuation byte.
        let scalars = before.iter().skip(line_start).filter(|&&byte| byte & 0xC0 != 0x80).count();
        Self { line: newlines + 1, column: scalars + 1 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} column {}", self.line, self.column)
    }
}

/// A body that cannot be read: what is wrong with it, and where. The message never repeats a value of the body.
///
/// ```
/// use user_patch::engine::{Document, Limits};
///
/// let wrong = Document::parse(b"{\"a\": 1,\n \"a\": 2}", &Limits::default()).unwrap_err();
/// assert_eq!((wrong.place().line, wrong.place().column), (2, 2));
/// assert_eq!(wrong.to_string(), "the same member twice at line 2 column 2");
/// assert_eq!(wrong.pointer().as_str(), "/a");
/// ```
// Boxed: nearly always there is none.
#[derive(Clone, PartialEq, Eq)]
pub struct Malformed(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    fault: Fault,
    place: Place,
    pointer: Pointer,
}

/// What is wrong with a body that cannot be read.
///
/// ```
/// use user_patch::engine::{Document, Fault, Limits};
///
/// let fault = |text: &[u8]| Document::parse(text, &Limits::default()).unwrap_err().fault();
/// assert_eq!(fault(b""), Fault::Empty);
/// assert_eq!(fault(b"01"), Fault::InvalidNumber);
/// assert_eq!(fault(br#""\ud800""#), Fault::LoneSurrogate);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Fault {
    /// More bytes than the limit allows.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// RFC 8259 section 8.1: "JSON text exchanged between systems that are not part of a closed ecosystem MUST be
    /// encoded using UTF-8".
    #[error("not UTF-8")]
    NotUtf8,
    /// RFC 8259 section 8.1: "Implementations MUST NOT add a byte order mark".
    #[error("starts with a byte order mark")]
    ByteOrderMark,
    /// Nothing, or nothing but white space.
    #[error("empty")]
    Empty,
    /// The body ends in the middle of a value.
    #[error("ends before {expected}")]
    UnexpectedEnd {
        /// What would have to come.
        expected: &'static str,
    },
    /// Something else than the grammar allows here.
    #[error("expected {expected}")]
    Expected {
        /// What would have to come.
        expected: &'static str,
    },
    /// Something other than white space after the value.
    #[error("something follows the JSON value")]
    TrailingData,
    /// An unescaped control character inside a string.
    #[error("a control character inside a string")]
    ControlCharacter,
    /// A backslash followed by something that RFC 8259 section 7 does not list.
    #[error("an escape that JSON does not have")]
    InvalidEscape,
    /// Half of a surrogate pair: no Unicode text (RFC 8259 section 8.2).
    #[error("a lone surrogate escape")]
    LoneSurrogate,
    /// A number outside the grammar of RFC 8259 section 6.
    #[error("a number that JSON does not have")]
    InvalidNumber,
    /// More arrays and objects inside each other than the limit allows.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit; the outermost value is level 1.
        limit: u8,
    },
    /// An object with two members of one name, compared after unescaping.
    #[error("the same member twice")]
    Duplicate,
    /// A JSON value that is not an object, where only an object makes sense.
    #[error("not a JSON object")]
    NotAnObject,
}

impl Malformed {
    #[cold]
    pub(crate) fn at(fault: Fault, text: &[u8], offset: usize) -> Self {
        Self(Box::new(Inner { fault, place: Place::at(text, offset), pointer: Pointer::root() }))
    }

    /// What is wrong.
    pub fn fault(&self) -> Fault {
        self.0.fault
    }

    /// Where.
    pub fn place(&self) -> Place {
        self.0.place
    }

    /// The member that stands twice ([`Fault::Duplicate`]), or the one that a program gave a value nested too deep
    /// ([`Fault::TooDeep`]); for every other fault the whole body, since what cannot be read has no members.
    pub fn pointer(&self) -> &Pointer {
        &self.0.pointer
    }

    #[cold]
    pub(crate) fn of_member(mut self, pointer: Pointer) -> Self {
        self.0.pointer = pointer;
        self
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.fault {
            Fault::TooLong { .. } => write!(f, "{}", self.0.fault),
            fault => write!(f, "{fault} at {}", self.0.place),
        }
    }
}

impl fmt::Debug for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Malformed({self})")
    }
}

impl std::error::Error for Malformed {}

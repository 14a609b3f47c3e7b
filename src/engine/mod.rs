//! The ground floor: JSON and nothing but JSON. No vendor word may enter here.
//!
//! A body is read once, strictly ([`Reader`]), and what no rule looks into stays the text it was sent as ([`Json`]).
//! A stored document that is changed member by member is an [`Object`]; [`MergePatch`] changes it by RFC 7386,
//! [`FieldMask`] says which members an update means, [`Field`] tells an absent member from a null one.

mod algebra;
mod document;
mod field;
mod field_mask;
mod json;
mod keys;
mod malformed;
mod merge_patch;
mod pointer;
mod reader;
mod text;
mod timestamp;
mod writer;

pub use algebra::{Conflict, NotComposable, Unrepresentable};
pub use document::{InvalidValue, Node, Object};
pub use field::Field;
pub use field_mask::{FieldMask, InvalidMask};
pub use json::{Json, Kind};
pub use malformed::{Fault, Malformed};
pub use merge_patch::MergePatch;
pub use pointer::Pointer;
pub use reader::{Limits, Reader};
pub use timestamp::{InvalidTimestamp, Timestamp};

pub(crate) use algebra::{diff_objects, keeps, rebase};
pub(crate) use merge_patch::{changes, merge_into, merge_members};
pub(crate) use text::{write_string, write_text};
pub(crate) use writer::{ObjectWriter, write_array};

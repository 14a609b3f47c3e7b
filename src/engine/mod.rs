//! JSON and nothing but JSON. No vendor word may enter here.
//!
//! A body is read once, strictly, into a [`Document`]: its text and the places of its members. What no rule looks into stays
//! the text it was sent as ([`Json`]). [`MergePatch`] changes a document by RFC 7386, [`FieldMask`] says which members an
//! update means.

mod chunk;
mod document;
mod field_mask;
mod json;
mod members;
mod merge_patch;
mod pointer;
#[cfg(test)]
pub(crate) mod random;
mod reader;
mod same;
mod text;
mod timestamp;
mod writer;

pub use document::{Document, InvalidValue, Value};
pub use field_mask::{FieldMask, InvalidMask};
pub use json::{Json, Kind};
pub use merge_patch::{Conflict, MergePatch, NotComposable, Unrepresentable};
pub use pointer::Pointer;
pub use reader::{Fault, Limits, Malformed, Place};
pub use timestamp::{InvalidTimestamp, Timestamp};

pub(crate) use document::{
    Builder, Changing, Edits, End, Finder, Glance, Index, Kept, Name, Splice, StringSet, object_text_of,
};
pub(crate) use members::{
    Absence, Slots, Writer, bit_of_name, bits, is_before, is_directly_above, members, name_bit, nested_members,
};
pub(crate) use merge_patch::{
    changes, compose_members, diff_members, keeps, merge_member, rebase_members, repeats, without_nulls,
};
pub(crate) use text::{strings, write_string, write_text};
pub(crate) use writer::{ObjectWriter, write_array};

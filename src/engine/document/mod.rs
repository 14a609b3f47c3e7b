//! A JSON text that is looked into and changed member by member: the text, and where its members stand.

mod builder;
mod edits;
mod from_value;
mod in_place;
mod index;
mod inside;
mod name;
mod names;
mod source;
mod splice;
mod strings;
mod tape;
mod value;
mod whole;

pub(crate) use builder::{Builder, Kept};
pub(crate) use edits::Edits;
pub use from_value::InvalidValue;
pub(crate) use from_value::object_text_of;
pub(crate) use in_place::{Changing, End};
pub(crate) use index::{Finder, Index, index};
pub(crate) use name::Name;
pub(super) use name::{Secret, hash};
pub(super) use names::Names;
pub(super) use source::name_in;
pub(crate) use splice::Splice;
pub(crate) use strings::StringSet;
pub(super) use tape::{Entry, Tape};
pub(crate) use value::Glance;
pub use value::Value;
pub use whole::Document;

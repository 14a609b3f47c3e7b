//! Writing JSON objects member by member.

use super::{Json, text::write_string};

/// Writes an object into a string, member by member; `end` closes it.
pub(crate) struct ObjectWriter<'o> {
    out: &'o mut String,
    first: bool,
}

impl<'o> ObjectWriter<'o> {
    pub(crate) fn new(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    /// Begins a member; the caller writes its value into what it gets.
    pub(crate) fn member(&mut self, name: &str) -> &mut String {
        if !std::mem::take(&mut self.first) {
            self.out.push(',');
        }
        write_string(self.out, name);
        self.out.push(':');
        self.out
    }

    /// Begins a member whose name is known to have nothing to escape.
    #[inline]
    pub(crate) fn plain(&mut self, name: &str) -> &mut String {
        self.out.push_str(if std::mem::take(&mut self.first) { "\"" } else { ",\"" });
        self.out.push_str(name);
        self.out.push_str("\":");
        self.out
    }

    /// A member that is a string.
    #[inline] // The name is known where it is called, so that writing it is a few stores.
    pub(crate) fn string(&mut self, name: &'static str, value: &str) {
        write_string(self.plain(name), value);
    }

    /// A member with a value that is JSON already.
    pub(crate) fn json(&mut self, name: &str, value: &Json<'_>) {
        self.member(name).push_str(value.text());
    }

    pub(crate) fn end(self) {
        self.out.push('}');
    }
}

/// Writes an array, calling `write` for each of the items.
pub(crate) fn write_array<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

//! The names of the members inside a value, at any depth, arrays included.

use super::{builder::Builder, name::Name, source::name_in, value::Value};
use crate::engine::{
    Json, Kind,
    text::{slice, string_end},
};

impl Value<'_> {
    /// Whether a member inside, at any depth, has this name, in whatever case of ASCII letters.
    #[inline]
    pub(crate) fn has_member(&self, name: &str) -> bool {
        matches!(self.kind(), Kind::Array | Kind::Object) && self.has_member_inside(name)
    }

    fn has_member_inside(&self, name: &str) -> bool {
        let source = self.source();
        is_array_with(self.text(), name)
            || self.subtree().into_iter().flat_map(|(entries, _)| entries).any(|&entry| {
                let range = entry.name_range();
                let may_be = entry.is_escaped() || range.len() == name.len();
                if may_be && name_in(source.text(), entry).is_in_any_case(name) {
                    return true;
                }
                let is_array = source.text().as_bytes().get(entry.start as usize) == Some(&b'[');
                is_array && is_array_with(slice(source.text(), entry.start as usize..entry.end as usize), name)
            })
    }
}

/// Whether a text is an array, inside of which a member has this name.
#[inline]
fn is_array_with(text: &str, name: &str) -> bool {
    text.starts_with('[') && text.contains('{') && any_name(text, name)
}

fn any_name(text: &str, name: &str) -> bool {
    let mut walk = Walk { text, at: 0 };
    while let Some(byte) = walk.byte() {
        match byte {
            b'"' => {
                let string = walk.string();
                if walk.token() == Some(b':') && string.is_in_any_case(name) {
                    return true;
                }
            }
            _ => walk.at += 1,
        }
    }
    false
}

/// A text that has been read before, and how far it has been walked.
struct Walk<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Walk<'t> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space.
    fn token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Passes over the string that comes next.
    fn string(&mut self) -> Name<'t> {
        let start = self.at + 1;
        self.at = string_end(self.text.as_bytes(), self.at);
        let raw = slice(self.text, start..self.at - 1);
        Name { raw, escaped: raw.contains('\\') }
    }

    /// Writes the value that comes next, without white space and without the members of the name `left_out`.
    fn write(&mut self, left_out: &str, out: &mut String) {
        let start = self.at;
        match self.token() {
            Some(b'{') => {
                out.push('{');
                self.at += 1;
                while let Some(b'"') = self.token() {
                    let name = self.string();
                    self.token();
                    self.at += 1; // The colon.
                    let mark = out.len();
                    if !out.ends_with('{') {
                        out.push(',');
                    }
                    out.push('"');
                    out.push_str(name.raw);
                    out.push_str("\":");
                    self.write(left_out, out);
                    if name.is_in_any_case(left_out) {
                        out.truncate(mark);
                    }
                    self.comma();
                }
                out.push('}');
                self.at += 1;
            }
            Some(b'[') => {
                out.push('[');
                self.at += 1;
                while self.token().is_some_and(|byte| byte != b']') {
                    if !out.ends_with('[') {
                        out.push(',');
                    }
                    self.write(left_out, out);
                    self.comma();
                }
                out.push(']');
                self.at += 1;
            }
            Some(b'"') => {
                let string = self.string();
                out.push('"');
                out.push_str(string.raw);
                out.push('"');
            }
            _ => {
                let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
                let rest = self.text.get(self.at..).unwrap_or("");
                let length = rest.bytes().position(|byte| ends(&byte)).unwrap_or(rest.len());
                out.push_str(slice(rest, 0..length));
                self.at += length;
            }
        }
        // Whatever the text, a value takes it further.
        self.at = self.at.max(start + 1);
    }

    fn comma(&mut self) {
        if self.token() == Some(b',') {
            self.at += 1;
        }
    }
}

impl Builder {
    /// A value of another document without the members, at any depth, that have this name, in whatever case.
    pub(crate) fn copy_without(&mut self, value: Value<'_>, left_out: &str) {
        if value.is_object() {
            return self.object(|out| {
                for (name, value) in value.named().filter(|(name, _)| !name.is_in_any_case(left_out)) {
                    out.member(name, |out| out.copy_without(value, left_out));
                }
            });
        }
        if !is_array_with(value.text(), left_out) {
            return self.copy(value);
        }
        let mut text = String::with_capacity(value.text().len());
        Walk { text: value.text(), at: 0 }.write(left_out, &mut text);
        self.leaf(&Json::written(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Document, Limits};

    fn without(text: &str) -> String {
        let document = Document::parse(text.as_bytes(), &Limits::default()).unwrap();
        let mut out = Builder::with_capacity(16, 0);
        out.copy_without(document.value(), "x");
        let left = out.finish();
        assert!(!left.value().has_member("x"));
        left.into_text()
    }

    #[test]
    fn a_name_is_found_at_any_depth() {
        for (text, is_there) in [
            (r#"{"a":{"b":{"x":1}}}"#, true),
            (r#"{"\u0078":1}"#, true),
            (r#"{"X":1}"#, true),
            (r#"{"a":[1,[{"b":[],"x" : 1}]]}"#, true),
            (r#"[{"\u0078":1}]"#, true),
            (r#"{"a":"x","b":["x",{"c":"x"},"{\"x\":1}"]}"#, false),
            (r#"{"a":["\\",{"c":"x:"}]}"#, false),
            ("5", false),
        ] {
            let document = Document::parse(text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(document.value().has_member("x"), is_there, "{text}");
        }
    }

    #[test]
    fn what_is_left_out_leaves_the_rest_exact() {
        for (text, left) in [
            (
                r#"{"x":1,"a":[ {"x":{"y":[1]},"b" : 1.0,"x2":[ ]} , 1e400 ,[]],"c":{"x":2}}"#,
                r#"{"a":[{"b":1.0,"x2":[]},1e400,[]],"c":{}}"#,
            ),
            (r#"{"a":[{"x":1},{"b":1,"x":"}]"},{"x":1,"b":"\"x"}]}"#, r#"{"a":[{},{"b":1},{"b":"\"x"}]}"#),
            (r#"[[[{"x":[{"x":1}]}]],null]"#, "[[[{}]],null]"),
            (r#"{"a":[true,{ "b":{}}]}"#, r#"{"a":[true,{"b":{}}]}"#),
        ] {
            assert_eq!(without(text), left);
        }
    }
}

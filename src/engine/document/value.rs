use std::{borrow::Cow, fmt, ops::Range};

use super::{
    name::Name,
    source::{Source, name_in},
    tape::Entry,
};
use crate::engine::{
    Json, Kind,
    same::{Step, same},
    text::{Unescaped, slice, unescape, word_end},
};

/// A value inside a [`Document`](super::Document): its exact text, and where its members are.
///
/// Equality is that of JSON values: the order of an object's members, white space and the spelling of a string do not
/// count. Numbers are equal where they are written alike: `1` and `1.0` differ, as nothing here may take one for the other.
/// `Display` gives the text; `Debug` names members and kinds alone, since a value may be a secret.
///
/// ```
/// use user_patch::engine::{Document, Kind, Limits};
///
/// let document = Document::parse(br#"{"n": 1.0, "in": {"side": [1, 2]}}"#, &Limits::default())?;
/// let inside = document.value().get("in").unwrap();
/// assert_eq!((inside.kind(), inside.len()), (Kind::Object, 1));
/// assert_eq!(document.value().at(&["in", "side"]).unwrap().text(), "[1, 2]");
/// # Ok::<(), user_patch::engine::Malformed>(())
/// ```
#[derive(Clone, Copy)]
pub struct Value<'d> {
    source: &'d Source<'d>,
    start: u32,
    end: u32,
    first: u32,
    last: u32,
}

impl<'d> Value<'d> {
    #[inline]
    pub(super) fn whole(source: &'d Source<'d>, start: u32, end: u32) -> Self {
        Self { source, start, end, first: 0, last: source.tape.len() as u32 }
    }

    #[inline]
    fn of(source: &'d Source<'d>, index: u32, entry: Entry) -> Self {
        Self { source, start: entry.start, end: entry.end, first: index + 1, last: entry.next }
    }

    /// The exact text.
    #[inline]
    pub fn text(&self) -> &'d str {
        slice(self.source.text(), self.start as usize..self.end as usize)
    }

    /// Whether it is written as another value is, to the letter.
    #[inline]
    pub(crate) fn is_written_as(&self, other: Value<'_>) -> bool {
        self.len_of_text() == other.len_of_text() && self.bytes() == other.bytes()
    }

    #[inline]
    const fn len_of_text(&self) -> u32 {
        self.end - self.start
    }

    #[inline]
    pub(super) fn is_container(&self) -> bool {
        matches!(self.kind(), Kind::Array | Kind::Object)
    }

    /// The bytes of the text, where they are only compared: they need not be cut between characters.
    #[inline]
    pub(crate) fn bytes(&self) -> &'d [u8] {
        self.source.text.as_bytes().get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The type of the value.
    #[inline]
    pub fn kind(&self) -> Kind {
        Kind::of(self.source.text().as_bytes().get(self.start as usize).copied())
    }

    /// Whether the value is `null`.
    #[inline]
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// Whether the value is an object.
    #[inline]
    pub fn is_object(&self) -> bool {
        self.kind() == Kind::Object
    }

    /// The value of a boolean.
    #[inline]
    pub fn as_bool(&self) -> Option<bool> {
        match self.text() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Whether it is a string that is known to have no escape.
    #[inline]
    pub(crate) fn is_plain_string(&self) -> bool {
        self.source.is_plain && self.kind() == Kind::String
    }

    /// The text of a string, unescaped.
    #[inline]
    pub fn as_str(&self) -> Option<Cow<'d, str>> {
        let inside = self.text().strip_prefix('"')?.strip_suffix('"')?;
        Some(if self.source.is_plain { Cow::Borrowed(inside) } else { unescape(inside) })
    }

    /// The characters of a string, one by one, so that no copy of it is made.
    pub(crate) fn characters(&self) -> Option<impl Iterator<Item = char> + use<'d>> {
        let inside = self.text().strip_prefix('"')?.strip_suffix('"')?;
        Some(Unescaped::of(inside))
    }

    /// The value by itself, borrowed.
    #[inline]
    pub fn to_json(&self) -> Json<'d> {
        Json::read(self.text(), self.source.is_compact, self.source.is_plain)
    }

    /// How many members the object has; none where it is another value.
    pub fn len(&self) -> usize {
        self.entries().count()
    }

    /// Whether there is no member.
    pub const fn is_empty(&self) -> bool {
        self.first == self.last
    }

    /// The members of an object in their order, each name unescaped; none where it is another value.
    pub fn members(&self) -> impl Iterator<Item = (Cow<'d, str>, Value<'d>)> + use<'d> {
        self.named().map(|(name, value)| (name.decoded(), value))
    }

    /// The member `name`.
    pub fn get(&self, name: &str) -> Option<Value<'d>> {
        self.find_bytes(name.as_bytes())
    }

    /// What stands at the end of a path of names.
    pub fn at(&self, path: &[&str]) -> Option<Value<'d>> {
        path.iter().try_fold(*self, |value, name| value.get(name))
    }

    /// The value as `serde_json` holds it; see [`Json::to_value`] for what becomes of numbers.
    ///
    /// # Errors
    /// As [`Json::to_value`].
    pub fn to_value(&self) -> serde_json::Result<serde_json::Value> {
        self.to_json().to_value()
    }

    /// Writes the value without white space, the members of each object in the order of their names.
    pub(crate) fn write_sorted(&self, out: &mut String) {
        if !self.is_object() {
            return self.to_json().write_compact(out);
        }
        out.push('{');
        for (at, (name, value)) in self.sorted().enumerate() {
            out.push_str(if at > 0 { ",\"" } else { "\"" });
            out.push_str(name.raw);
            out.push_str("\":");
            value.write_sorted(out);
        }
        out.push('}');
    }

    /// The members in the order of their names. Their indices are sorted, which are small beside what they stand for.
    pub(crate) fn sorted(&self) -> impl Iterator<Item = (Name<'d>, Value<'d>)> + use<'d> {
        let this = *self;
        let mut indices: Vec<u32> = self.entries().map(|(index, _)| index).collect();
        let name = |&index: &u32| this.member(index).map(|(name, _)| name);
        indices.sort_unstable_by(|one, other| name(one).cmp(&name(other)));
        indices.into_iter().filter_map(move |index| this.member(index))
    }

    /// The members with their names as they are written.
    #[inline]
    pub(crate) fn named(&self) -> impl Iterator<Item = (Name<'d>, Value<'d>)> + use<'d> {
        let source = self.source;
        self.entries().map(move |(index, entry)| (name_in(source.text(), entry), Self::of(source, index, entry)))
    }

    /// The names of the members that have nothing but lower-case letters, digits and underscores, as bytes, and `None` for each other;
    /// with the index of each.
    #[inline]
    pub(crate) fn words(&self) -> impl Iterator<Item = (Option<&'d [u8]>, u32)> + use<'d> {
        let bytes = self.source.text().as_bytes();
        self.entries().map(move |(index, entry)| {
            let range = entry.name_range();
            let is_word = word_end(bytes, range.start) >= range.end;
            (if is_word { bytes.get(range) } else { None }, index)
        })
    }

    /// What a look at each member tells.
    #[inline]
    pub(crate) fn glances(&self) -> Glances<'d> {
        Glances {
            bytes: self.source.text().as_bytes(),
            entries: self.source.entries(),
            at: self.first,
            last: self.last,
        }
    }

    /// The member `name`, as it is written in another document.
    #[inline]
    pub(crate) fn find(&self, name: Name<'_>) -> Option<Value<'d>> {
        name.with_bytes(|name| self.find_bytes(name))
    }

    /// The member whose name is these bytes.
    pub(super) fn find_bytes(&self, name: &[u8]) -> Option<Value<'d>> {
        let entries = self.source.entries();
        let mut at = self.first;
        while at < self.last {
            let entry = entries.get(at as usize)?;
            if self.source.is_named(entry, name) {
                return Some(Self::of(self.source, at, *entry));
            }
            at = entry.next;
        }
        None
    }

    /// The member `name`, and the offset of its name's opening quote.
    pub(crate) fn located(&self, name: &str) -> Option<(usize, Value<'d>)> {
        let (index, entry) = self.entries().find(|&(_, entry)| name_in(self.source.text(), entry) == *name)?;
        Some((entry.name as usize - 1, Self::of(self.source, index, entry)))
    }

    /// The entries of the members, with their indices.
    #[inline]
    pub(super) fn entries(&self) -> impl Iterator<Item = (u32, Entry)> + use<'d> {
        let (entries, last) = (self.source.entries(), self.last);
        let mut at = self.first;
        std::iter::from_fn(move || {
            if at >= last {
                return None;
            }
            let (index, entry) = (at, *entries.get(at as usize)?);
            at = entry.next;
            Some((index, entry))
        })
    }

    /// The indices of the members, and of those inside of them.
    #[inline]
    pub(crate) const fn indices(&self) -> Range<u32> {
        self.first..self.last
    }

    /// The member whose entry has this index.
    #[inline]
    pub(crate) fn member(&self, index: u32) -> Option<(Name<'d>, Value<'d>)> {
        let entry = *self.source.entries().get(index as usize)?;
        Some((name_in(self.source.text(), entry), Self::of(self.source, index, entry)))
    }

    /// False where the members of two objects alone tell that they differ: by their number, or by the first one's name. It costs
    /// little beside a look at both texts, and tells most of those that differ.
    fn may_have_the_members_of(&self, other: &Value<'_>) -> bool {
        if !self.is_object() || !other.is_object() {
            return true;
        }
        let first = self.named().next();
        self.len() == other.len() && first.is_none_or(|(name, _)| other.find(name).is_some())
    }

    /// Whether two values are the same that are not written alike. Mostly their members come in one order, and then nothing of
    /// their texts is walked that need not be compared.
    fn same_in_step(self, other: Value<'_>) -> bool {
        match self.in_step(other) {
            Step::Same => true,
            Step::Different => false,
            Step::OtherOrder => same(self.text(), other.text()),
        }
    }

    fn in_step(self, other: Value<'_>) -> Step {
        match (self.is_object(), other.is_object()) {
            (true, true) => {}
            (false, false) if self.is_written_as(other) || same(self.text(), other.text()) => return Step::Same,
            _ => return Step::Different,
        }
        let (mut ours, mut theirs) = (self.named(), other.named());
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return Step::Same,
                (Some((name, value)), Some((other_name, other))) if name == other_name => match value.in_step(other) {
                    Step::Same => {}
                    // Only the whole of two objects tells whether a member is somewhere else.
                    told => return told,
                },
                (Some(_), Some(_)) => return Step::OtherOrder,
                _ => return Step::Different,
            }
        }
    }

    /// The member whose entry has this index among all entries of the document, as [`index_of`](Self::index_of) tells it.
    #[inline]
    pub(crate) fn value_at(&self, index: u32) -> Option<Value<'d>> {
        let entry = *self.source.entries().get(index as usize)?;
        Some(Self::of(self.source, index, entry))
    }

    /// The index of the entry of a member, which this value is.
    #[inline]
    pub(crate) const fn index_of(&self) -> u32 {
        self.first.wrapping_sub(1)
    }

    /// The name of the member whose entry has this index, as it is written, in its quotes.
    #[inline]
    pub(crate) fn quoted_name_at(&self, index: u32) -> &'d str {
        let range = self.source.entries().get(index as usize).map_or(0..0, |entry| entry.name_range());
        slice(self.source.text(), range.start.wrapping_sub(1)..range.end + 1)
    }

    /// Whether the member whose entry has this index is named by these bytes.
    #[inline]
    pub(super) fn is_named(&self, index: u32, name: &[u8]) -> bool {
        self.source.entries().get(index as usize).is_some_and(|entry| self.source.is_named(entry, name))
    }

    /// The name of the member whose entry has this index.
    #[inline]
    pub(crate) fn name_at(&self, index: u32) -> Name<'d> {
        match self.source.entries().get(index as usize) {
            Some(&entry) => name_in(self.source.text(), entry),
            None => Name::plain(""),
        }
    }

    /// The entries of all members inside, and the index of the first.
    pub(super) fn subtree(&self) -> Option<(&'d [Entry], u32)> {
        let range = self.first as usize..self.last as usize;
        Some((self.source.entries().get(range)?, self.first))
    }

    /// Whether a member is null, or one inside of it. What is inside of arrays is not looked at.
    #[inline]
    pub(crate) fn has_null_inside(&self) -> bool {
        if self.is_empty() {
            return false;
        }
        let (entries, _) = self.subtree().unwrap_or_default();
        let bytes = self.source.text().as_bytes();
        entries.iter().any(|entry| bytes.get(entry.start as usize) == Some(&b'n'))
    }

    pub(super) const fn start(&self) -> u32 {
        self.start
    }

    pub(super) const fn end(&self) -> u32 {
        self.end
    }

    /// The text of neighbouring members of an object that has no white space.
    pub(super) fn text_of(&self, members: Range<u32>) -> Range<u32> {
        let entry = |index: u32| self.source.entries().get(index as usize);
        let start = entry(members.start).map_or(self.start, |first| first.name - 1);
        // Before the next member there are a comma and a quote, behind the last one there is a brace.
        let end = if members.end == self.last {
            self.end - 1
        } else {
            entry(members.end).map_or(start, |next| next.name - 2)
        };
        start..end
    }

    /// The offset of the value in the text of its document.
    pub(crate) const fn offset(&self) -> usize {
        self.start as usize
    }

    pub(super) const fn is_compact(&self) -> bool {
        self.source.is_compact
    }

    pub(super) const fn source(&self) -> &'d Source<'d> {
        self.source
    }
}

/// Looks at the members of an object.
pub(crate) struct Glances<'d> {
    bytes: &'d [u8],
    entries: &'d [Entry],
    at: u32,
    last: u32,
}

impl<'d> Iterator for Glances<'d> {
    type Item = Glance<'d>;

    #[inline(always)] // It is asked for each member of a body.
    fn next(&mut self) -> Option<Glance<'d>> {
        if self.at >= self.last {
            return None;
        }
        let (index, entry) = (self.at, self.entries.get(self.at as usize)?);
        self.at = entry.next;
        Some(Glance {
            index,
            name: if entry.is_escaped() { None } else { self.bytes.get(entry.name_range()) },
            first: self.bytes.get(entry.start as usize).copied().unwrap_or_default(),
        })
    }
}

/// What a look at a member tells.
#[derive(Clone, Copy)]
pub(crate) struct Glance<'d> {
    /// The index of its entry.
    pub(crate) index: u32,
    /// The bytes of its name, where it is written without escapes.
    pub(crate) name: Option<&'d [u8]>,
    /// The first byte of its value.
    first: u8,
}

impl Glance<'_> {
    #[inline]
    pub(crate) const fn is_object(&self) -> bool {
        self.first == b'{'
    }

    #[inline]
    pub(crate) const fn is_null(&self) -> bool {
        self.first == b'n'
    }

    /// Whether it is an array or an object.
    #[inline]
    pub(crate) const fn is_container(&self) -> bool {
        matches!(self.first, b'{' | b'[')
    }
}

impl<'d> From<Value<'d>> for Json<'d> {
    fn from(value: Value<'d>) -> Self {
        value.to_json()
    }
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Value<'_>) -> bool {
        if self.is_written_as(*other) {
            return true;
        }
        // Without white space and escapes, the texts of equal values are equally long, and those of scalars are the same.
        let is_bare = |value: &Value<'_>| value.source.is_compact && value.source.is_plain;
        let may_be =
            !is_bare(self) || !is_bare(other) || self.len_of_text() == other.len_of_text() && self.is_container();
        may_be && self.may_have_the_members_of(other) && self.same_in_step(*other)
    }
}

impl Eq for Value<'_> {}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Kind::Object => f.debug_map().entries(self.members()).finish(),
            kind => write!(f, "{kind:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{
        Document,
        random::{self, canonical, document, holds},
    };

    /// Two values are equal where their texts stand for the same, whether they are whole documents or members, and however they
    /// are written.
    #[track_caller]
    fn are_told_apart(one: &str, other: &str) {
        let around = |text: &str| format!(r#"{{"first":{{"a":0}},"value":{text},"a":"\n"}}"#);
        let (one_around, other_around) = (around(one), around(other));
        let [one, other, one_around, other_around] = [one, other, &one_around, &other_around].map(document);
        let (compact, other_compact) = (one.compact(), other.compact());
        let expected = canonical(&one.value().to_json()) == canonical(&other.value().to_json());
        let inside = |document| Document::value(document).get("value").unwrap();
        for one in [one.value(), compact.value(), inside(&one_around)] {
            for other in [other.value(), other_compact.value(), inside(&other_around)] {
                assert_eq!((one == other, other == one), (expected, expected), "{one} and {other}");
            }
        }
    }

    #[test]
    fn values_are_equal_where_they_stand_for_the_same() {
        holds((random::text(), random::text()), |(one, other)| are_told_apart(&one, &other));
        holds(random::two_objects(), |(one, other)| are_told_apart(&one, &other));
        holds(random::two_of_one(), |(one, other)| are_told_apart(&one, &other));
    }

    #[test]
    fn each_difference_counts() {
        let values = [
            r#"{"a":1,"b":2}"#,
            r#"{"b":2,"a":1}"#,
            r#"{"a":1,"b":3}"#,
            r#"{"a":1,"c":2}"#,
            r#"{"c":1,"b":2}"#,
            r#"{"a":1,"b":2,"c":3}"#,
            r#"{"a":1}"#,
            r#"{"a":{}}"#,
            r#"{"a":[]}"#,
            r#"{"a":[1,2]}"#,
            r#"{"a":[2,1]}"#,
            r#"{"a":{"b":1,"c":2}}"#,
            r#"{"a":{"c":2,"b":1}}"#,
            r#"{ "\u0061":{"c":2, "b":1}}"#,
            r#"{"a":{"c":1,"b":2}}"#,
            "{}",
            "[]",
            "[1]",
            "[2]",
            "[ 1 ]",
            r#"[{"a":1,"b":2}]"#,
            r#"[{"b":2,"a":1}]"#,
            r#"[{"b":1,"a":2}]"#,
            "1",
            "2",
            "1.0",
            "null",
            "true",
            r#""a""#,
            r#""b""#,
            r#""\u0061""#,
            r#""""#,
        ];
        for one in values {
            values.iter().for_each(|other| are_told_apart(one, other));
        }
    }

    /// What stands behind an object, and what is inside of its members, is none of its members.
    #[test]
    fn an_object_has_its_own_members_alone() {
        let text = r#"{"before":0,"in":{"a":{"inside":1},"\u0062":{}},"after":{"later":2},"":3}"#;
        let document = document(text);
        let object = document.value().get("in").unwrap();
        for name in ["before", "in", "inside", "after", "later", "", "c"] {
            assert!(object.get(name).is_none() && object.located(name).is_none(), "{name}");
        }
        for (name, value) in [("a", r#"{"inside":1}"#), ("b", "{}")] {
            assert_eq!(object.get(name).map(|found| found.text()), Some(value));
            let (offset, found) = object.located(name).unwrap();
            assert_eq!((found.text(), text.as_bytes()[offset]), (value, b'"'));
            assert_eq!(document.member(found.index_of()).map(|found| found.text()), Some(value));
        }
        assert_eq!((object.len(), object.is_empty(), object.get("b").unwrap().is_empty()), (2, false, true));
        assert_eq!(document.value().get("after").unwrap().len(), 1);
        assert!(document.value().get("in").unwrap().at(&["a", "inside"]).is_some());
    }
}

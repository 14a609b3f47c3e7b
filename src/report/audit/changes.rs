//! An audit told to a person: a line a member, before and after.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt,
};

use super::operation::{Operation, order};
use crate::{
    engine::{Json, Kind, Limits, Pointer},
    report::shown::{Shown, acts},
};

/// The longest place, in bytes, below which an object that is replaced whole is told member by member: what is told stays in
/// proportion to what there is.
const DEEPEST: usize = 24;

/// How many characters of a value, and of a place, are shown.
const SHOWN_MOST: usize = 120;

/// What stands where a secret would.
const NOT_SHOWN: &str = "(not shown)";

/// What an update changed, for a person: `Display` writes a line a member, with its value before and after.
///
/// **It shows values of users**, which nothing else in this crate does: that is what it is for, and it does not belong in a
/// log. `Debug` shows none. A member whose name has `password` in it, in whatever case and wherever it is, is told without its
/// value.
///
/// What would act on a terminal (control characters, changes of direction, what has no width) is written as JSON escapes it. Of
/// a value 120 characters are shown, and the number of the rest. The members come in the order of the
/// [`Audit`](super::Audit); what it replaces whole is told member by member all the same, unless that is deep inside.
///
/// ```
/// use user_patch::{engine::Pointer, report::Audit};
///
/// let audit = Audit::from_record(
///     br#"{"forward":[{"op":"remove","path":"/email"},{"op":"replace","path":"/badge","value":8}],
///          "inverse":[{"op":"add","path":"/email","value":"ada@example.com"},{"op":"replace","path":"/badge","value":7}]}"#,
/// )?;
/// let changed = [Pointer::root().child("badge"), Pointer::root().child("security").child("password")];
/// assert_eq!(
///     audit.changes().with_unshown(&changed).to_string(),
///     "- /email: \"ada@example.com\"\n\
///      ~ /badge: 7 → 8\n\
///      ~ /security/password: (not shown)"
/// );
/// # Ok::<(), user_patch::report::InvalidAudit>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

/// A member that an update changed. `Display` is one line, and shows the member's values; `Debug` shows none.
///
/// ```
/// use user_patch::report::{Audit, Change};
///
/// let audit = Audit::from_record(
///     br#"{"forward":[{"op":"add","path":"/a b","value":"\u001b[2J"}],"inverse":[{"op":"remove","path":"/a b"}]}"#,
/// )?;
/// let changes = audit.changes();
/// let change = changes.iter().next().unwrap();
/// assert!(matches!(change, Change::Added { path, .. } if path.as_str() == "/a b"));
/// assert_eq!(change.to_string(), r#"+ "/a b": "\u001b[2J""#);
/// # Ok::<(), user_patch::report::InvalidAudit>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// It was not there.
    Added {
        /// The member.
        path: Pointer,
        /// Its value.
        after: Json<'static>,
    },
    /// It is gone.
    Removed {
        /// The member.
        path: Pointer,
        /// The value that it had.
        before: Json<'static>,
    },
    /// It has another value.
    Replaced {
        /// The member.
        path: Pointer,
        /// The value that it had.
        before: Json<'static>,
        /// The value that it has.
        after: Json<'static>,
    },
    /// It has another value, which no user shows.
    Unshown {
        /// The member.
        path: Pointer,
    },
}

impl Changes {
    /// Of two lists, each of which undoes the other.
    pub(super) fn of(forward: &[Operation], inverse: &[Operation]) -> Self {
        let before = inverse.iter().filter(|operation| !operation.is_test()).map(Operation::parts);
        let before: HashMap<_, _> = before.map(|(_, path, value)| (path, value)).collect();
        let mut changes = Self(Vec::new());
        for operation in forward {
            let before = before.get(operation.path()).copied().flatten();
            let path = operation.path().clone();
            match (operation, before) {
                (Operation::Replace { value: after, .. }, Some(before)) => changes.tell(path, before, after),
                (Operation::Add { value, .. } | Operation::Replace { value, .. }, _) => {
                    changes.0.push(Change::Added { path, after: value.clone() });
                }
                (Operation::Remove { .. }, Some(before)) => {
                    changes.0.push(Change::Removed { path, before: before.clone() });
                }
                (Operation::Remove { .. }, None) => changes.0.push(Change::Unshown { path }),
                (Operation::Test { .. }, _) => {}
            }
        }
        changes
    }

    /// Tells of two values of one member, of objects by their members.
    fn tell(&mut self, path: Pointer, before: &Json<'_>, after: &Json<'_>) {
        let are_objects = before.kind() == Kind::Object && after.kind() == Kind::Object;
        if !are_objects || path.as_str().len() > DEEPEST {
            let [before, after] = [before, after].map(|value| value.borrowed().into_owned());
            return self.0.push(Change::Replaced { path, before, after });
        }
        let new: HashSet<_> = after.members().map(|(name, _)| name).collect();
        for (name, value) in before.members().filter(|(name, _)| !new.contains(name)) {
            self.0.push(Change::Removed { path: path.child(&name), before: value.into_owned() });
        }
        let old: HashMap<_, _> = before.members().collect();
        for (name, value) in after.members() {
            let path = path.child(&name);
            match old.get(&name) {
                None => self.0.push(Change::Added { path, after: value.into_owned() }),
                Some(before) if *before == value => {}
                Some(before) => self.tell(path, before, &value),
            }
        }
    }

    /// Adds, as [`Change::Unshown`], the members that an update has changed and the audit does not tell of: a password, which
    /// no user shows. `changed` are those of [`Applied`](crate::report::Applied::changed).
    #[must_use]
    pub fn with_unshown(mut self, changed: &[Pointer]) -> Self {
        let mut told: Vec<_> = self.iter().map(Change::path).collect();
        told.sort_unstable_by(|one, other| order(one, other));
        let is_told = |member: &Pointer| {
            // Those inside a place come right behind it.
            let at = told.partition_point(|place| order(place, member).is_lt());
            let (before, after) = told.split_at_checked(at).unwrap_or_default();
            before.last().is_some_and(|place| is_inside(member, place))
                || after.first().is_some_and(|place| is_inside(place, member))
        };
        let unshown: Vec<_> = changed.iter().filter(|member| !is_told(member)).cloned().collect();
        self.0.extend(unshown.into_iter().map(|path| Change::Unshown { path }));
        self
    }

    /// The changes, in the order of the audit.
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.0.iter()
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a place is another one, or inside it.
fn is_inside(inner: &Pointer, outer: &Pointer) -> bool {
    let rest = inner.as_str().strip_prefix(outer.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Change {
    /// The member.
    pub const fn path(&self) -> &Pointer {
        match self {
            Self::Added { path, .. }
            | Self::Removed { path, .. }
            | Self::Replaced { path, .. }
            | Self::Unshown { path } => path,
        }
    }

    fn is_secret(&self) -> bool {
        self.path().tokens().any(|name| is_secret(&name))
    }
}

/// A line a member, without the last line's end; nothing where nothing changed.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, change) in self.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            change.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mark, path) = match self {
            Self::Added { path, .. } => ('+', path),
            Self::Removed { path, .. } => ('-', path),
            Self::Replaced { path, .. } | Self::Unshown { path } => ('~', path),
        };
        write!(f, "{mark} ")?;
        write_path(f, path)?;
        f.write_str(": ")?;
        match self {
            _ if self.is_secret() => f.write_str(NOT_SHOWN),
            Self::Unshown { .. } => f.write_str(NOT_SHOWN),
            Self::Added { after: value, .. } | Self::Removed { before: value, .. } => write_value(f, value),
            Self::Replaced { before, after, .. } => {
                write_value(f, before)?;
                f.write_str(" → ")?;
                write_value(f, after)
            }
        }
    }
}

/// Writes a place, in quotes where it could be taken for more than a place.
fn write_path(f: &mut fmt::Formatter<'_>, path: &Pointer) -> fmt::Result {
    let text = path.as_str();
    if text.is_empty() {
        return f.write_str("the whole user");
    }
    if !text.contains(|character: char| character.is_whitespace() || character == '"' || acts(character)) {
        return write!(f, "{}", Shown { text, most: SHOWN_MOST });
    }
    let quoted = Json::string(text);
    write!(f, "{}", Shown { text: quoted.text(), most: SHOWN_MOST })
}

fn write_value(f: &mut fmt::Formatter<'_>, value: &Json<'_>) -> fmt::Result {
    write!(f, "{}", Shown { text: &without_secrets(value.text()), most: SHOWN_MOST })
}

fn is_secret(name: &str) -> bool {
    name.to_lowercase().contains("password")
}

/// The text of a value, which has no white space between its tokens, without the values of the secrets in it.
fn without_secrets(text: &str) -> Cow<'_, str> {
    let (mut out, mut rest, mut copied) = (String::new(), text, text);
    while let Some(at) = rest.find('"') {
        let string = rest.split_at_checked(at).map_or("", |(_, string)| string);
        let (name, after) = split(string, string_length(string));
        rest = after;
        let Some(value) = after.strip_prefix(':').filter(|_| names_secret(name)) else { continue };
        let (_, behind) = split(value, value_length(value));
        let (kept, _) = split(copied, copied.len() - value.len());
        out.push_str(kept);
        out.push_str(NOT_SHOWN);
        (rest, copied) = (behind, behind);
    }
    if copied.len() == text.len() {
        return Cow::Borrowed(text);
    }
    out.push_str(copied);
    Cow::Owned(out)
}

fn split(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Whether a string of JSON, in its quotes, is the name of a secret.
fn names_secret(string: &str) -> bool {
    match string.contains('\\') {
        false => is_secret(string),
        true => Json::parse(string.as_bytes(), &Limits::STORED)
            .is_ok_and(|name| name.as_str().is_some_and(|name| is_secret(&name))),
    }
}

/// The length of the string that a text begins with, its quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of the value that a text begins with.
fn value_length(text: &str) -> usize {
    let (mut at, mut open) = (0, 0_usize);
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => {
                at += string_length(split(text, at).1);
                if open == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => open += 1,
            b'}' | b']' if open <= 1 => return at + open,
            b'}' | b']' => open -= 1,
            b',' if open == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{super::Audit, *};
    use crate::engine::random::{self, document, holds};

    fn audit(before: &str, after: &str) -> Audit {
        Audit::between(document(before).value(), document(after).value())
    }

    fn told(before: &str, after: &str) -> String {
        audit(before, after).changes().to_string()
    }

    /// An object with a member so long that what is beside it is told member by member.
    fn beside(members: &str) -> String {
        format!(r#"{{"long":"{}",{members}}}"#, "x".repeat(500))
    }

    #[test]
    fn each_member_is_a_line() {
        assert_eq!(told("{}", "{}"), "");
        assert_eq!(
            told(
                &beside(r#""displayName":"Al","y":[1,2],"go":null,"in":{"deep":1.0}"#),
                &beside(r#""displayName":"Alice","y":[1,2],"x":{"a":1e400},"in":{"deep":1}"#)
            ),
            "- /go: null\n~ /displayName: \"Al\" → \"Alice\"\n+ /x: {\"a\":1e400}\n~ /in/deep: 1.0 → 1"
        );
    }

    #[test]
    fn what_an_audit_replaces_whole_is_told_by_its_members_unless_it_is_deep_inside() {
        assert_eq!(told(r#"{"a":1,"b":2}"#, "{}"), "- /a: 1\n- /b: 2");
        assert_eq!(
            told(&beside(r#""o":{"a":1,"b":2,"c":{},"d":0}"#), &beside(r#""o":{"a":2,"b":3,"c":{},"d":0}"#)),
            "~ /o/a: 1 → 2\n~ /o/b: 2 → 3"
        );
        assert_eq!(told(&beside(r#""o":{"a":1}"#), &beside(r#""o":[1]"#)), r#"~ /o: {"a":1} → [1]"#);
        assert_eq!(told(&beside(r#""o":[1]"#), &beside(r#""o":{"a":1}"#)), r#"~ /o: [1] → {"a":1}"#);
        let place = "n".repeat(DEEPEST - 1);
        let last = |inside: &str| beside(&format!(r#""{place}":{{{inside}}}"#));
        assert_eq!(
            told(&last(r#""a":1,"b":2"#), &last(r#""a":2,"b":3"#)),
            format!("~ /{place}/a: 1 → 2\n~ /{place}/b: 2 → 3")
        );
        let deep = |inside: &str| beside(&format!(r#""{}":{{{inside}}}"#, "n".repeat(DEEPEST)));
        let place = "n".repeat(DEEPEST);
        assert_eq!(
            told(&deep(r#""a":1,"b":2"#), &deep(r#""a":2,"b":3"#)),
            format!(r#"~ /{place}: {{"a":1,"b":2}} → {{"a":2,"b":3}}"#)
        );
    }

    /// As a record that somebody else has written may say.
    #[test]
    fn a_whole_that_is_no_object_is_told_as_the_whole() {
        let whole = |value: &str| format!(r#"[{{"op":"replace","path":"","value":{value}}}]"#);
        let told = |forward: &str, inverse: &str| {
            let record = format!(r#"{{"forward":{},"inverse":{}}}"#, whole(forward), whole(inverse));
            Audit::from_record(record.as_bytes()).unwrap().changes().to_string()
        };
        assert_eq!(told(r#"{"a":1}"#, "null"), r#"~ the whole user: null → {"a":1}"#);
        assert_eq!(told(r#"{"a":1}"#, r#"{"a":2}"#), "~ /a: 2 → 1");
    }

    #[test]
    fn tests_are_no_changes_and_the_inverse_is_told_the_other_way_round() {
        let audit = audit(r#"{"a":1}"#, r#"{"a":2}"#);
        assert_eq!(audit.with_tests().changes().to_string(), "~ /a: 1 → 2");
        assert_eq!(audit.inverted().changes().to_string(), "~ /a: 2 → 1");
    }

    #[test]
    fn nothing_acts_on_a_terminal() {
        let line = told(&beside(r#""a":1"#), &beside("\"a\":1,\"b\u{7f}\": \"\u{9b}31m\u{202e}\""));
        assert_eq!(line, r#"+ "/b\u007f": "\u009b31m\u202e""#);
        // An escape stays the escape that it is.
        assert_eq!(told("{}", r#"{"a":"\u001b[2J\n"}"#), r#"+ /a: "\u001b[2J\n""#);
        // A name that could be taken for more than a name is in quotes.
        for (name, shown) in [("a b", r#""/a b""#), ("a\\\"b", r#""/a\"b""#), ("ab", "/ab")] {
            let line = told(&beside(r#""a":1"#), &beside(&format!(r#""a":1,"{name}":2"#)));
            assert_eq!(line, format!("+ {shown}: 2"));
        }
        // A name cannot make a line, nor the semblance of one.
        let forged = told(&beside(r#""a":1"#), &beside(r#""a":1,"b: 1\n~ /role: \"user\" →":2"#));
        assert_eq!(forged, r#"+ "/b: 1\n~ ~1role: \"user\" →": 2"#.replace("~ ~1", "~0 ~1"));
    }

    #[test]
    fn what_is_long_is_cut_and_counted() {
        let (before, after) = (beside(&format!(r#""a":"{}""#, "é".repeat(200))), beside(r#""a":"b""#));
        let line = told(&before, &after);
        assert_eq!(line, format!("~ /a: \"{}… (82 more) → \"b\"", "é".repeat(119)));
        let name = "n".repeat(400);
        let line = told(&beside(r#""a":1"#), &beside(&format!(r#""a":1,"{name}":2"#)));
        assert_eq!(line, format!("+ /{}… (281 more): 2", "n".repeat(119)));
    }

    #[test]
    fn a_secret_is_told_without_its_value() {
        for name in ["password", "Password", "newPassword", "PASSWORD_HASH", "pass\\u0077ord"] {
            for value in [r#""hunter2""#, r#"{"a":["hunter2",{"b":"}\"hunter2"}]}"#, r#"["hunter2"]"#, "1234"] {
                let member = format!(r#""{name}":{value}"#);
                for (before, after) in [
                    (beside(r#""a":1"#), beside(&format!(r#""a":1,{member}"#))),
                    (beside(r#""a":1"#), beside(&format!(r#""a":2,"b":{{{member},"n":5}}"#))),
                    (beside(r#""a":1"#), beside(&format!(r#""a":[[],{{"m":[],{member}}},7]"#))),
                    ("{}".to_owned(), format!("{{{member}}}")),
                ] {
                    for line in [told(&before, &after), told(&after, &before)] {
                        assert!(!line.contains("hunter2") && !line.contains("1234"), "{line}");
                        assert!(line.contains("(not shown)"), "{line}");
                    }
                }
            }
        }
        assert_eq!(
            told("{}", r#"{"a":[{"password":{"b":[1,"]"]},"n":5},"password: 1"]}"#),
            r#"+ /a: [{"password":(not shown),"n":5},"password: 1"]"#
        );
        // A value ends where it ends.
        assert_eq!(
            told("{}", r#"{"a":{"password":{"b":[1],"c":"hunter2"},"n":5},"b":{"password":1,"n":5}}"#),
            "+ /a: {\"password\":(not shown),\"n\":5}\n+ /b: {\"password\":(not shown),\"n\":5}"
        );
        // A quote in a string does not end it.
        assert_eq!(
            told("{}", r#"{"a":{"q":"\"","password":"hunter2"},"b":{"q":"\\","password":"hunter2"}}"#),
            "+ /a: {\"q\":\"\\\"\",\"password\":(not shown)}\n+ /b: {\"q\":\"\\\\\",\"password\":(not shown)}"
        );
    }

    #[test]
    fn what_the_audit_does_not_tell_of_is_told_without_a_value() {
        let audit = audit(&beside(r#""in":{"x":1,"y":1}"#), &beside(r#""in":{"x":2,"y":2}"#));
        let place = |text: &str| Pointer::read(text).unwrap();
        assert_eq!(audit.operations()[0].path().as_str(), "/in");
        let changed = ["/in", "/in/x", "/in!", "/i", "/security/password", ""].map(place);
        let changes = audit.changes().with_unshown(&changed);
        let unshown: Vec<_> = changes.iter().filter(|change| matches!(change, Change::Unshown { .. })).collect();
        assert_eq!(
            unshown.iter().map(|change| change.path().as_str()).collect::<Vec<_>>(),
            ["/in!", "/i", "/security/password"]
        );
        assert_eq!(unshown[2].to_string(), "~ /security/password: (not shown)");
        assert_eq!(changes.len(), 5);
    }

    #[test]
    fn debug_shows_no_value() {
        let audit = audit("{}", r#"{"a":"hunter2"}"#);
        assert!(!format!("{:?}", audit.changes()).contains("hunter2"));
    }

    /// One line a change, and all of them bounded by the two users.
    #[test]
    fn there_are_as_many_lines_as_changes_and_they_are_bounded() {
        holds(random::two_objects(), |(before, after)| {
            let audit = audit(&before, &after);
            let changes = audit.changes();
            assert!(changes.len() >= audit.operations().len());
            assert_eq!(changes.to_string().lines().count(), changes.len());
            assert_eq!(changes.is_empty(), audit.is_empty());
        });
        let small = |value: u8| {
            let members: Vec<_> = (0..9000).map(|at| format!("\"{at:x}\":{value}")).collect();
            format!(r#"{{"{}":{{{}}}}}"#, "n".repeat(DEEPEST - 1), members.join(","))
        };
        for (before, after) in [(small(1), small(2)), (small(1), "{}".to_owned())] {
            let told = told(&before, &after);
            assert!(told.len() <= 6 * (before.len() + after.len()), "{}", told.len());
        }
        let user = |letter: &str| {
            let members: Vec<_> = (0..500).map(|at| format!("\"\u{7f}{at}\":\"{}\"", letter.repeat(60))).collect();
            format!(r#"{{"{}":{{"keep":"{}",{}}}}}"#, "\u{7f}".repeat(99), "k".repeat(200_000), members.join(","))
        };
        let (before, after) = (user("\u{7f}"), user("\u{80}"));
        let told = told(&before, &after);
        assert_eq!(told.lines().count(), 500);
        assert!(told.len() <= 6 * (before.len() + after.len()), "{}", told.len());
    }
}

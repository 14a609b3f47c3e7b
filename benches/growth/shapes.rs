//! The texts of a shape, at any number of members. Nothing here knows the crate.

use std::fmt;

use super::{Texts, Vendor, Verdict, special::Special};

/// What the update does to the members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// All of them are new.
    Added,
    /// Each gets another value.
    Changed,
    /// Each goes.
    Deleted,
    /// Each comes with the value that it has, in another order.
    Repeated,
    /// One of them gets another value, and nothing else is said.
    One,
}

/// What is there before the update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Nothing,
    /// One member: what is added is many times what is there.
    One,
    /// More than an object is likely to be searched for without an index.
    Seventeen,
    /// As many as the shape has.
    Many,
}

/// Where the members stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// Beside the documented members.
    Top,
    /// In one object.
    Flat,
    /// In objects of four.
    Nested,
    /// In one object whose own name has ten bytes for each of them: 40 kB above 4,000. The name has to grow along: copied for
    /// each member it costs the product of the two, which is linear in the members while the name stays the same.
    LongName,
}

/// How names are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Names {
    Plain,
    Escaped,
}

/// What the stored members hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stored {
    Values,
    Nulls,
}

/// Members, as ordinary users and bodies have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Members {
    pub vendor: Vendor,
    pub change: Change,
    pub target: Target,
    pub form: Form,
    pub names: Names,
    pub stored: Stored,
}

impl Change {
    pub(crate) const ALL: [Self; 5] = [Self::Added, Self::Changed, Self::Deleted, Self::Repeated, Self::One];
}

impl Target {
    pub(crate) const ALL: [Self; 4] = [Self::Nothing, Self::One, Self::Seventeen, Self::Many];

    fn count(self, n: usize) -> usize {
        match self {
            Self::Nothing => 0,
            Self::One => 1,
            Self::Seventeen => 17,
            Self::Many => n,
        }
    }
}

impl Form {
    pub(crate) const ALL: [Self; 4] = [Self::Top, Self::Flat, Self::Nested, Self::LongName];
}

impl Names {
    pub(crate) const ALL: [Self; 2] = [Self::Plain, Self::Escaped];
}

impl Stored {
    pub(crate) const ALL: [Self; 2] = [Self::Values, Self::Nulls];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Members(Members),
    Special(&'static Special),
}

impl Shape {
    /// The texts with about this many members; `None` where the shape is not made as large.
    pub(crate) fn texts(self, n: usize) -> Option<Texts> {
        match self {
            Self::Members(members) => Some(members.texts(n)),
            Self::Special(special) => (special.texts)(n),
        }
    }

    /// The shape that is shown like this.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let special = Special::ALL.iter().find(|special| special.name == name);
        special.map(Self::Special).or_else(|| Members::named(name).map(Self::Members))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Members(members) => members.fmt(f),
            Self::Special(special) => f.write_str(special.name),
        }
    }
}

const VENDORS: [(Vendor, &str); 3] =
    [(Vendor::Fireworks, "fireworks"), (Vendor::TrustedTwin, "trusted_twin"), (Vendor::Elastic, "elastic")];
const CHANGES: [(Change, &str); 5] = [
    (Change::Added, "added"),
    (Change::Changed, "changed"),
    (Change::Deleted, "deleted"),
    (Change::Repeated, "repeated"),
    (Change::One, "one-changed"),
];
const TARGETS: [(Target, &str); 4] =
    [(Target::Nothing, "to-none"), (Target::One, "to-1"), (Target::Seventeen, "to-17"), (Target::Many, "of-many")];
const FORMS: [(Form, &str); 4] =
    [(Form::Top, "top"), (Form::Flat, "flat"), (Form::Nested, "nested"), (Form::LongName, "long-name")];
const NAMES: [(Names, &str); 2] = [(Names::Plain, "plain"), (Names::Escaped, "escaped")];
const STORED: [(Stored, &str); 2] = [(Stored::Values, "values"), (Stored::Nulls, "nulls")];

fn shown<T: Copy + PartialEq>(names: &[(T, &'static str)], value: T) -> &'static str {
    names.iter().find(|(known, _)| *known == value).unwrap().1
}

fn read<T: Copy>(names: &[(T, &str)], name: Option<&str>) -> Option<T> {
    names.iter().find(|(_, known)| Some(*known) == name).map(|(value, _)| *value)
}

impl fmt::Display for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { vendor, change, target, form, names, stored } = *self;
        let (vendor, change, target) = (shown(&VENDORS, vendor), shown(&CHANGES, change), shown(&TARGETS, target));
        let (form, names, stored) = (shown(&FORMS, form), shown(&NAMES, names), shown(&STORED, stored));
        write!(f, "{vendor}.{change}.{target}.{form}.{names}.{stored}")
    }
}

impl Members {
    fn named(name: &str) -> Option<Self> {
        let mut parts = name.split('.');
        let members = Self {
            vendor: read(&VENDORS, parts.next())?,
            change: read(&CHANGES, parts.next())?,
            target: read(&TARGETS, parts.next())?,
            form: read(&FORMS, parts.next())?,
            names: read(&NAMES, parts.next())?,
            stored: read(&STORED, parts.next())?,
        };
        parts.next().is_none().then_some(members)
    }

    /// Whether there is such a shape.
    pub(crate) fn makes_sense(self) -> bool {
        let Self { vendor, change, target, form, stored, .. } = self;
        // What is changed, goes or is repeated is there.
        let has_target = change == Change::Added || target == Target::Many;
        let has_nulls = stored == Stored::Values || target != Target::Nothing;
        // A body of Fireworks, and one of Trusted Twin beside the description, has no member of its own.
        let has_place = vendor == Vendor::Elastic || (vendor == Vendor::TrustedTwin && form != Form::Top);
        // In a merge patch a null takes away and does not repeat.
        let is_repeated = change != Change::Repeated || stored == Stored::Values || vendor == Vendor::TrustedTwin;
        has_target && has_nulls && has_place && is_repeated
    }

    pub(crate) fn texts(self, n: usize) -> Texts {
        let stored = if self.change == Change::Added { self.target.count(n) } else { n };
        let old = if self.stored == Stored::Nulls { None } else { Some("old") };
        let mut before = Dictionary::of(self, n);
        before.extend("member", 0..stored, old);
        let (mut after, mut body, mut next) = (before.clone(), Dictionary::of(self, n), Dictionary::of(self, n));
        match self.change {
            Change::Added => {
                body.extend("added", 0..n, Some("new"));
                after.extend("added", 0..n, Some("new"));
                next.extend("added", 0..n, Some("newer"));
            }
            Change::Changed => {
                body.extend("member", 0..n, Some("new"));
                after = body.clone();
                next.extend("member", 0..n, Some("newer"));
            }
            Change::Deleted => {
                body.extend("member", 0..n, None);
                next = body.clone();
                after.groups.iter_mut().for_each(Vec::clear);
                after.keeps_empty = true;
            }
            Change::Repeated => {
                next = before.clone();
                after.reverse();
                body = after.clone();
            }
            Change::One => {
                after.groups.iter_mut().rev().find_map(Vec::pop);
                for (dictionary, value) in [(&mut after, "new"), (&mut body, "new"), (&mut next, "newer")] {
                    dictionary.extend("member", n - 1..n, Some(value));
                }
            }
        }
        let mut theirs = before.clone();
        // In objects that are there already: both adding the same one would be a conflict.
        let added_by_them = match self.form {
            Form::Top | Form::Flat => n,
            Form::Nested => stored,
            Form::LongName => n * usize::from(stored > 0),
        };
        theirs.extend("theirs", 0..added_by_them, Some("theirs"));
        if self.vendor == Vendor::TrustedTwin {
            let of = |dictionary: &Dictionary| format!(r#""description":{}"#, dictionary.text());
            return Texts {
                user: trusted_twin(&of(&before)),
                // A description is one value, replaced as a whole.
                body: object(&of(&after)),
                next: object(&of(&next)),
                after: trusted_twin(&of(&after)),
                // Had they changed it too, there would be one conflict and nothing to move.
                theirs: trusted_twin(&of(&before)).replacen("Backup", "Night", 1),
                ..Texts::new(Vendor::TrustedTwin)
            };
        }
        let of = |dictionary: &Dictionary| match self.form {
            Form::Top => dictionary.members(),
            _ => format!(r#""metadata":{}"#, dictionary.text()),
        };
        Texts {
            user: elastic(&of(&before)),
            body: object(&of(&body)),
            next: object(&of(&next)),
            after: elastic(&of(&after)),
            theirs: elastic(&of(&theirs)),
            ..Texts::new(Vendor::Elastic)
        }
    }
}

/// Members in their places, to be written.
#[derive(Clone)]
struct Dictionary {
    shape: Members,
    n: usize,
    /// Those of each object, written. One object, but where they stand in objects of four.
    groups: Vec<Vec<String>>,
    is_reversed: bool,
    /// Whether an object stays of which every member is gone.
    keeps_empty: bool,
}

impl Dictionary {
    const fn of(shape: Members, n: usize) -> Self {
        Self { shape, n, groups: Vec::new(), is_reversed: false, keeps_empty: false }
    }

    /// Adds members whose values tell this word, or are null.
    fn extend(&mut self, kind: &str, members: impl IntoIterator<Item = usize>, word: Option<&str>) {
        for at in members {
            let group = if self.shape.form == Form::Nested { at / 4 } else { 0 };
            if self.groups.len() <= group {
                self.groups.resize(group + 1, Vec::new());
            }
            let name = name(self.shape.names, self.shape.vendor, kind, at);
            let value = word.map_or_else(|| "null".to_owned(), |word| value(word, at));
            self.groups[group].push(format!("{name}:{value}"));
        }
    }

    fn reverse(&mut self) {
        self.groups.iter_mut().for_each(|group| group.reverse());
        self.is_reversed = !self.is_reversed;
    }

    /// The members without the braces around them.
    fn members(&self) -> String {
        match self.shape.form {
            Form::Top | Form::Flat => self.groups.concat().join(","),
            Form::Nested => {
                let Members { names, vendor, .. } = self.shape;
                let groups = self.groups.iter().enumerate();
                let mut groups: Vec<_> = groups
                    .filter(|(_, members)| self.keeps_empty || !members.is_empty())
                    .map(|(at, members)| format!("{}:{{{}}}", name(names, vendor, "group", at), members.join(",")))
                    .collect();
                if self.is_reversed {
                    groups.reverse();
                }
                groups.join(",")
            }
            Form::LongName => {
                let long = match self.shape.names {
                    Names::Plain => "long_name_".repeat(self.n),
                    Names::Escaped => r#"\"~/\u00e9name_"#.repeat(self.n),
                };
                let inside = format!(r#""{long}":{{{}}}"#, self.groups.concat().join(","));
                // A name of the description itself has at most 64 characters.
                if self.shape.vendor == Vendor::TrustedTwin { format!(r#""a":{{{inside}}}"#) } else { inside }
            }
        }
    }

    fn text(&self) -> String {
        object(&self.members())
    }
}

/// A member's name as JSON. Trusted Twin takes few characters, and so the escapes there are of ordinary ones.
fn name(names: Names, vendor: Vendor, kind: &str, at: usize) -> String {
    match (names, vendor) {
        (Names::Plain, _) => format!(r#""{kind}_{at:06}""#),
        (Names::Escaped, Vendor::TrustedTwin) => format!(r#""\u0078_{kind}_{at:06}""#),
        (Names::Escaped, _) => format!(r#""\"~/\u00e9{kind}_{at:06}""#),
    }
}

/// A value as JSON, of one kind or another.
fn value(word: &str, at: usize) -> String {
    match at % 4 {
        0 => format!(r#""{word} value {at}""#),
        1 => format!("{at}.{}", word.len()),
        2 => format!(r#"["{word}",{at},true]"#),
        _ => format!(r#""{word}\n\u00e9""#),
    }
}

/// As many members or elements of one kind, with commas between them.
pub(crate) fn listed(n: usize, mut member: impl FnMut(&mut String, usize)) -> String {
    let mut text = String::new();
    for at in 0..n {
        if at > 0 {
            text.push(',');
        }
        member(&mut text, at);
    }
    text
}

pub(crate) fn object(members: &str) -> String {
    format!("{{{members}}}")
}

/// A stored user with these members beside its own.
fn with(own: &str, members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!("{{{own}{comma}{members}}}")
}

pub(crate) fn fireworks(members: &str) -> String {
    with(r#""name":"accounts/acme/users/ada","role":"user","email":"ada@example.com""#, members)
}

pub(crate) fn trusted_twin(members: &str) -> String {
    let own = r#""uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Backup Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10""#;
    with(own, members)
}

pub(crate) fn elastic(members: &str) -> String {
    with(r#""user_name":"ada","security":{"roles":["ece_platform_admin"],"enabled":true}"#, members)
}

impl Texts {
    /// A user that gets another name, and another one after it.
    pub(crate) fn new(vendor: Vendor) -> Self {
        let (user, member) = match vendor {
            Vendor::Fireworks => (fireworks as fn(&str) -> String, "displayName"),
            Vendor::TrustedTwin => (trusted_twin as _, "name"),
            Vendor::Elastic => (elastic as _, "full_name"),
        };
        let role = if vendor == Vendor::Fireworks { r#""role":"user","# } else { "" };
        let body = |name: &str| format!(r#"{{{role}"{member}":"{name}"}}"#);
        Self {
            vendor,
            user: user(""),
            body: body("Ada L"),
            next: body("Ada M"),
            after: user(""),
            theirs: user(""),
            mask: String::new(),
            context: r#"{"policy":{"maxBytes":null}}"#.to_owned(),
            parsed: Some(Verdict::Done),
            checked: Some(Verdict::Done),
            compared: Some(Verdict::Done),
            rebased: Some(Verdict::Done),
            masked: Some(Verdict::Done),
        }
    }
}

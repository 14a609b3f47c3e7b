//! The strings of an array as a set.

use super::{name::Name, names::Names, tape::offset, value::Value};
use crate::engine::text::{plain_string_end, slice, string_end};

/// Up to this many strings are looked through one by one.
const FEW: usize = 8;

/// The strings of an array: whatever their order, and however often each is there.
pub(crate) struct StringSet<'d> {
    strings: Strings<'d>,
    /// Where each of the first few is for the first time.
    few: [Span; FEW],
    count: usize,
    /// Where each of them is for the first time, where there are more.
    many: Option<Box<Names>>,
    has_duplicates: bool,
    is_array_of_strings: bool,
}

impl<'d> StringSet<'d> {
    /// The set of an array of strings; the empty one where it is another value, or not there.
    pub(crate) fn of(array: Option<Value<'d>>) -> Self {
        let strings = Strings::of(array);
        let mut walk = strings.walk();
        let mut set = Self {
            strings,
            few: [Span::default(); FEW],
            count: 0,
            many: None,
            has_duplicates: false,
            is_array_of_strings: false,
        };
        while let Some(span) = walk.next() {
            if set.has_among_few(span) {
                set.has_duplicates = true;
            } else if let Some(free) = set.few.get_mut(set.count) {
                *free = span;
                set.count += 1;
            } else {
                walk = set.index();
                break;
            }
        }
        set.is_array_of_strings = walk.is_at_end();
        set
    }

    /// Finds out where each is with a table, and gives the end of the walk.
    fn index(&mut self) -> Walk<'d> {
        let mut names = Names::with_capacity(self.strings.walk().count());
        let mut walk = self.strings.walk();
        for span in walk.by_ref() {
            let known = names.add(self.strings.name(span), span.start, |at| Some(self.strings.name_at(at)));
            self.has_duplicates |= known.is_some();
        }
        self.many = Some(Box::new(names));
        walk
    }

    /// Whether each of these strings is in the set, and the value is an array of nothing but strings.
    pub(crate) const fn is_array_of_strings(&self) -> bool {
        self.is_array_of_strings
    }

    #[inline]
    pub(crate) fn contains(&self, string: Name<'_>) -> bool {
        match &self.many {
            None => self.is_among_few(string),
            Some(names) => self.first(names, string).is_some(),
        }
    }

    #[inline]
    fn is_among_few(&self, string: Name<'_>) -> bool {
        match self.strings.is_plain && !string.escaped {
            true => self.is_written_among_few(string.raw.as_bytes()),
            false => self.is_spelled_among_few(string),
        }
    }

    #[inline]
    fn has_among_few(&self, span: Span) -> bool {
        match self.strings.is_plain {
            true => self.is_written_among_few(self.strings.bytes(span)),
            false => self.is_spelled_among_few(self.strings.name(span)),
        }
    }

    #[inline(always)] // Of a few strings, most differ in length.
    fn is_written_among_few(&self, raw: &[u8]) -> bool {
        self.few().iter().any(|&span| span.len() == raw.len() && self.strings.bytes(span) == raw)
    }

    #[inline(never)] // So that its callers stay small.
    fn is_spelled_among_few(&self, string: Name<'_>) -> bool {
        self.few().iter().any(|&span| self.strings.name(span) == string)
    }

    #[inline]
    fn few(&self) -> &[Span] {
        self.few.get(..self.count).unwrap_or_default()
    }

    /// Takes the strings in the order in which they come first.
    #[inline]
    pub(crate) fn for_each(&self, mut take: impl FnMut(Name<'d>)) {
        match &self.many {
            None => self.few().iter().for_each(|&span| take(self.strings.name(span))),
            Some(names) => self.strings.walk().for_each(|span| {
                let string = self.strings.name(span);
                if self.first(names, string) == Some(span.start) {
                    take(string);
                }
            }),
        }
    }

    /// Whether there are at least two.
    pub(crate) const fn has_several(&self) -> bool {
        self.count > 1
    }

    /// Whether a string is there twice.
    pub(crate) const fn has_duplicates(&self) -> bool {
        self.has_duplicates
    }

    #[inline]
    fn is_subset(&self, other: &StringSet<'_>) -> bool {
        match &self.many {
            None => self.few().iter().all(|&span| other.contains(self.strings.name(span))),
            Some(_) => self.strings.walk().all(|span| other.contains(self.strings.name(span))),
        }
    }

    /// Where a string is for the first time.
    fn first(&self, names: &Names, string: Name<'_>) -> Option<u32> {
        string.with_bytes(|string| names.find(string, |at| self.strings.is_at(at, string)))
    }
}

/// The same strings.
impl PartialEq<StringSet<'_>> for StringSet<'_> {
    fn eq(&self, other: &StringSet<'_>) -> bool {
        self.is_subset(other) && other.is_subset(self)
    }
}

impl Value<'_> {
    /// Whether it is an array of nothing but strings.
    pub(crate) fn is_array_of_strings(&self) -> bool {
        let mut walk = Strings::of(Some(*self)).walk();
        walk.by_ref().for_each(drop);
        walk.is_at_end()
    }

    /// Whether it is an array of nothing but strings, each of which is taken: the bytes that it stands for.
    #[inline]
    pub(crate) fn are_strings(&self, mut is_taken: impl FnMut(&[u8]) -> bool) -> bool {
        let strings = Strings::of(Some(*self));
        let mut walk = strings.walk();
        let are_taken = match strings.is_plain {
            true => walk.by_ref().all(|span| is_taken(strings.bytes(span))),
            false => walk.by_ref().all(|span| strings.name(span).with_bytes(&mut is_taken)),
        };
        are_taken && walk.is_at_end()
    }
}

/// Where a string is in the text of an array, between its quotes.
#[derive(Clone, Copy, Default)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    const fn len(self) -> usize {
        (self.end - self.start) as usize
    }
}

/// An array in a text that has been read before.
#[derive(Clone, Copy)]
struct Strings<'d> {
    /// All of the text, so that the last string does not end where it does, which would be read byte by byte.
    text: &'d str,
    /// Where the array begins.
    start: usize,
    /// Whether no string has an escape.
    is_plain: bool,
}

impl<'d> Strings<'d> {
    #[inline]
    fn of(array: Option<Value<'d>>) -> Self {
        match array {
            Some(array) => {
                Self { text: array.source().text(), start: array.offset(), is_plain: array.source().is_plain }
            }
            None => Self { text: "", start: 0, is_plain: true },
        }
    }

    #[inline]
    fn walk(&self) -> Walk<'d> {
        let bytes = self.text.as_bytes();
        let is_array = bytes.get(self.start) == Some(&b'[');
        Walk { bytes, at: if is_array { self.start + 1 } else { bytes.len() }, is_plain: self.is_plain }
    }

    #[inline]
    fn name(&self, span: Span) -> Name<'d> {
        let raw = slice(self.text, span.start as usize..span.end as usize);
        Name { raw, escaped: !self.is_plain && raw.contains('\\') }
    }

    #[inline]
    fn bytes(&self, span: Span) -> &'d [u8] {
        self.text.as_bytes().get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether the string that begins here is these bytes. No escape is longer than six times what it stands for, so that a
    /// question costs no more than it is long.
    fn is_at(&self, start: u32, string: &[u8]) -> bool {
        let (bytes, begin) = (self.text.as_bytes(), start as usize);
        let near = bytes.get(..begin + 6 * string.len() + 1).unwrap_or(bytes);
        let end = string_end(near, begin - 1) - 1;
        near.get(end) == Some(&b'"') && self.name(Span { start, end: offset(end) }).is(string)
    }

    /// The string that begins here.
    fn name_at(&self, start: u32) -> Name<'d> {
        let end = string_end(self.text.as_bytes(), start as usize - 1) - 1;
        self.name(Span { start, end: offset(end) })
    }
}

#[inline(never)] // So that its callers stay small.
fn spelled_string_end(bytes: &[u8], at: usize) -> usize {
    string_end(bytes, at)
}

/// The strings of an array, one after the other, as far as nothing else stands between them.
struct Walk<'d> {
    bytes: &'d [u8],
    at: usize,
    is_plain: bool,
}

impl Walk<'_> {
    /// Whether all there is has been passed, and was an array.
    fn is_at_end(&self) -> bool {
        self.bytes.get(self.at) == Some(&b']')
    }
}

impl Iterator for Walk<'_> {
    type Item = Span;

    #[inline]
    fn next(&mut self) -> Option<Span> {
        loop {
            match self.bytes.get(self.at)? {
                b'"' => break,
                b',' | b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                _ => return None,
            }
        }
        let start = self.at + 1;
        self.at = match self.is_plain {
            true => plain_string_end(self.bytes, self.at),
            false => spelled_string_end(self.bytes, self.at),
        };
        Some(Span { start: offset(start), end: offset(self.at - 1) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::{Document, Limits, random::holds};

    fn with<T>(text: &str, look: impl FnOnce(&StringSet<'_>) -> T) -> T {
        let document = Document::parse(text.as_bytes(), &Limits::default()).unwrap();
        look(&StringSet::of(Some(document.value())))
    }

    fn is_same(one: &str, other: &str) -> bool {
        with(one, |one| with(other, |other| one == other))
    }

    #[test]
    fn neither_order_nor_number_nor_spelling_counts() {
        assert!(is_same(r#"["a","b"]"#, r#"[ "\u0062" , "a","a" ]"#));
        assert!(is_same("[]", "[ ]") && !is_same("[]", r#"[""]"#) && !is_same(r#"["a"]"#, r#"["a","b"]"#));
        assert!(is_same("[]", "5") && is_same("[]", "{}") && !StringSet::of(None).contains(Name::plain("")));
    }

    #[test]
    fn each_is_told_once_in_the_order_in_which_it_comes_first() {
        let told = |text| {
            let mut told = Vec::new();
            with(text, |set| set.for_each(|string| told.push(string.raw.to_owned())));
            told
        };
        assert_eq!(told(r#"["b","a","b","c","a"]"#), ["b", "a", "c"]);
        assert!(
            with(r#"["a","\u0061"]"#, |set| set.has_duplicates()) && !with(r#"["a","b"]"#, |set| set.has_duplicates())
        );
    }

    #[test]
    fn many_are_the_same_set_in_another_order() {
        let text = |numbers: &mut dyn Iterator<Item = u32>| {
            format!("[{}]", numbers.map(|number| format!(r#""s{number}""#)).collect::<Vec<_>>().join(","))
        };
        let (all, turned) = (text(&mut (0..5000)), text(&mut (0..5000).rev().chain(0..5000)));
        assert!(is_same(&all, &turned) && !is_same(&all, &text(&mut (0..4999))));
        assert!(!with(&all, |set| set.has_duplicates()) && with(&turned, |set| set.has_duplicates()));
        let mut count = 0;
        with(&turned, |set| set.for_each(|_| count += 1));
        assert_eq!(count, 5000);
    }

    /// A string as it may be written between its quotes: a few, each in two spellings, some longer than what is looked at at once.
    const STRINGS: [[&str; 2]; 14] = [
        ["a", "\\u0061"],
        ["b", "\\u0062"],
        ["", ""],
        ["ab", "a\\u0062"],
        ["aé", "a\\u00e9"],
        ["]", "\\u005d"],
        [",", "\\u002c"],
        ["a name of sixteen", "a name of s\\u0069xteen"],
        ["a name of sixteeN", "a name of s\\u0069xteeN"],
        ["a/b", "a\\/b"],
        ["c", "\\u0063"],
        ["d", "\\u0064"],
        ["e", "\\u0065"],
        ["f", "\\u0066"],
    ];

    /// The set is what a look at each string makes of it, however many there are and whatever stands among them.
    #[test]
    fn a_set_is_what_a_look_at_each_string_finds() {
        let string = || (0..STRINGS.len(), prop::bool::weighted(0.2));
        let plain = prop::collection::vec((0..STRINGS.len()).prop_map(|at| (at, false)), 0..20);
        let list = || prop_oneof![plain.clone(), prop::collection::vec(string(), 0..20)];
        let other = prop::option::weighted(0.3, prop::sample::select(vec!["null", "{}", "[\"a\"]", "1"]));
        let space = prop::sample::select(vec!["", " ", "\n\t", "\r"]);
        holds((list(), list(), other, space), |(one, two, other, space)| {
            let text = |list: &[(usize, bool)], other: Option<&str>| {
                let strings = list.iter().map(|&(at, spelled)| format!("\"{}\"", STRINGS[at][usize::from(spelled)]));
                let all: Vec<_> = strings.chain(other.map(str::to_owned)).collect();
                format!("[{space}{}{space}]", all.join(&format!("{space},{space}")))
            };
            let numbers = |list: &[(usize, bool)]| {
                let mut seen = Vec::new();
                list.iter().for_each(|&(at, _)| {
                    if !seen.contains(&at) {
                        seen.push(at)
                    }
                });
                seen
            };
            let (seen, two_seen) = (numbers(&one), numbers(&two));
            with(&text(&one, other), |set| {
                assert_eq!(set.is_array_of_strings(), other.is_none());
                assert_eq!(set.has_duplicates(), seen.len() < one.len());
                assert_eq!(set.has_several(), seen.len() > 1);
                for (at, spellings) in STRINGS.iter().enumerate() {
                    for raw in spellings {
                        let name = Name { raw, escaped: raw.contains('\\') };
                        assert_eq!(set.contains(name), seen.contains(&at), "{raw}");
                    }
                }
                let mut told = Vec::new();
                set.for_each(|string| told.push(string.decoded().into_owned()));
                assert_eq!(told, seen.iter().map(|&at| STRINGS[at][0]).collect::<Vec<_>>());
                let is_same = seen.len() == two_seen.len() && seen.iter().all(|at| two_seen.contains(at));
                with(&text(&two, None), |two| assert_eq!((set == two, two == set), (is_same, is_same)));
            });
            let document = Document::parse(text(&one, other).as_bytes(), &Limits::default()).unwrap().into_owned();
            let value = document.value();
            assert_eq!(value.is_array_of_strings(), other.is_none());
            assert_eq!(value.are_strings(|_| true), other.is_none());
            let is_ab = |bytes: &[u8]| [&b"a"[..], b"b"].contains(&bytes);
            let are_ab = other.is_none() && seen.iter().all(|&at| at < 2);
            assert_eq!(value.are_strings(is_ab), are_ab);
        });
    }

    /// Among many, of which some are longer: no further than a string goes is looked at one that is stored.
    #[test]
    fn a_string_is_not_the_beginning_of_another() {
        let more: Vec<_> = (0..40).map(|at| format!("\"more{at}\"")).collect();
        for (stored, asked, is_it) in [
            (r"\u0061\u0062c", "ab", false),
            (r"\u0061\u0062c", "abc", true),
            (r"\u0061\u0062\u0022", "ab", false),
            (r"\u0061\u0062\u0022", "ab\"", true),
            (r#"\u0061\u0062\""#, "ab", false),
            ("abc", "ab", false),
            ("abc", "abcd", false),
            ("abc", "", false),
            ("", "", true),
        ] {
            let text = format!(r#"["{stored}",{}]"#, more.join(","));
            with(&text, |set| {
                assert!(set.contains(Name { raw: "more7", escaped: false }), "{text}");
                let mut raw = String::new();
                crate::engine::write_text(&mut raw, asked);
                assert_eq!(set.contains(Name { raw: &raw, escaped: raw != asked }), is_it, "{asked} in {text}");
            });
        }
    }

    #[test]
    fn what_is_no_array_has_no_strings() {
        for text in [r#""a""#, r#"{"a":"a"}"#, "null", "1"] {
            let document = Document::parse(text.as_bytes(), &Limits::default()).unwrap();
            assert!(!document.value().is_array_of_strings() && !document.value().are_strings(|_| true));
            assert!(!StringSet::of(Some(document.value())).is_array_of_strings());
        }
        assert!(!StringSet::of(None).is_array_of_strings());
    }
}

//! The grammar of AIP-160, as far as a user has something that it could mean.

use super::{
    expression::{Comparison, Expression, Restriction, Wanted},
    pattern::Pattern,
};
use crate::stand_in::field::{Field, Form, Got};

/// How deep parentheses may be nested: reading and asking go down as deep.
const DEPTH_MOST: u32 = 64;
/// How much may be asked of one user. A user's fields are read and folded once, but each term looks through the texts that it asks:
/// a filter may cost as many times what it costs to search every user for one text.
const TERMS_MOST: u32 = 256;
/// How long a filter may be, in bytes.
const LENGTH_MOST: usize = 65_536;

/// Why a text is no filter, and where. Holds nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("filter, character {at}: {what}")]
pub(crate) struct InvalidFilter {
    /// The number of the character, the first being 1.
    pub(super) at: usize,
    pub(super) what: String,
}

/// Reads a filter; nothing where it is empty, and means everybody.
pub(super) fn parse(text: &str) -> Result<Option<Expression>, InvalidFilter> {
    if text.len() > LENGTH_MOST {
        let what = format!("longer than {LENGTH_MOST} bytes");
        return Err(InvalidFilter { at: 1, what });
    }
    let mut parser = Parser { text, at: 0, depth: 0, terms: 0 };
    parser.space();
    if parser.rest().is_empty() {
        return Ok(None);
    }
    let expression = parser.expression()?;
    match parser.next() {
        None => Ok(Some(expression)),
        Some(_) => Err(parser.wrong("no parenthesis is open here")),
    }
}

struct Parser<'t> {
    text: &'t str,
    /// How far it is read, in bytes.
    at: usize,
    depth: u32,
    terms: u32,
}

/// What ends a text that is not quoted, beside a colon.
fn ends_word(next: char) -> bool {
    next.is_whitespace() || matches!(next, '(' | ')' | '"' | '\'' | ',' | '=' | '<' | '>' | '!')
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes over a text where it comes next.
    fn pass(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        if is_next {
            self.at += text.len();
        }
        is_next
    }

    /// Passes over white space, and tells whether there was some.
    fn space(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start().len();
        self.at += length;
        length > 0
    }

    fn wrong(&self, what: impl Into<String>) -> InvalidFilter {
        self.wrong_at(self.at, what)
    }

    fn wrong_at(&self, at: usize, what: impl Into<String>) -> InvalidFilter {
        let before = self.text.get(..at).unwrap_or(self.text);
        InvalidFilter { at: before.chars().count() + 1, what: what.into() }
    }

    /// A text without quotes, up to what ends it.
    fn word(&mut self, ends: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let (word, _) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        self.at += word.len();
        word
    }

    /// Passes over a keyword: a word by itself, in capitals.
    fn keyword(&mut self, keyword: &str) -> bool {
        let is_end = |next: char| ends_word(next) || matches!(next, ':' | '.');
        let behind = self.rest().strip_prefix(keyword);
        behind.is_some_and(|behind| behind.chars().next().is_none_or(is_end)) && self.pass(keyword)
    }

    /// What a keyword applies to stands apart from it, or in parentheses.
    fn behind_keyword(&mut self) -> Result<(), InvalidFilter> {
        if self.space() || matches!(self.next(), None | Some('(')) {
            return Ok(());
        }
        Err(self.wrong("white space or a parenthesis must stand behind a keyword"))
    }

    /// Terms that all have to hold: with `AND` between them or nothing. `OR` binds more strongly.
    fn expression(&mut self) -> Result<Expression, InvalidFilter> {
        let mut all = vec![self.alternatives()?];
        loop {
            let is_apart = self.space();
            match self.next() {
                None | Some(')') => break,
                Some(_) if !is_apart => return Err(self.wrong("white space, AND or OR must stand between two terms")),
                Some(_) => {}
            }
            if self.keyword("AND") {
                self.behind_keyword()?;
            }
            all.push(self.alternatives()?);
        }
        Ok(joined(all, Expression::All))
    }

    fn alternatives(&mut self) -> Result<Expression, InvalidFilter> {
        let mut any = vec![self.term()?];
        loop {
            let before = self.at;
            if !(self.space() && self.keyword("OR")) {
                self.at = before;
                break;
            }
            self.behind_keyword()?;
            any.push(self.term()?);
        }
        Ok(joined(any, Expression::Any))
    }

    fn term(&mut self) -> Result<Expression, InvalidFilter> {
        let is_word = self.keyword("NOT");
        if is_word {
            self.behind_keyword()?;
        }
        let is_not = is_word || self.pass("-");
        let simple = if self.next() == Some('(') { self.group()? } else { self.simple()? };
        Ok(if is_not { Expression::Not(Box::new(simple)) } else { simple })
    }

    fn group(&mut self) -> Result<Expression, InvalidFilter> {
        let open = self.at;
        self.pass("(");
        self.depth += 1;
        if self.depth > DEPTH_MOST {
            return Err(self.wrong_at(open, format!("more than {DEPTH_MOST} parentheses inside each other")));
        }
        self.space();
        let inside = self.expression()?;
        if !self.pass(")") {
            return Err(self.wrong_at(open, "this parenthesis is not closed"));
        }
        self.depth -= 1;
        Ok(inside)
    }

    /// A field and what is asked of it, or a value that stands alone.
    fn simple(&mut self) -> Result<Expression, InvalidFilter> {
        let begin = self.at;
        self.terms += 1;
        if self.terms > TERMS_MOST {
            return Err(self.wrong(format!("more than {TERMS_MOST} terms")));
        }
        if let Some(quote @ ('"' | '\'')) = self.next() {
            let value = self.quoted(quote)?;
            let behind = self.at;
            if self.comparator().is_some() {
                return Err(self.wrong_at(begin, "the path of a field is not quoted"));
            }
            self.at = behind;
            return Ok(Expression::Says(value.folded()));
        }
        if ["AND", "OR", "NOT"].into_iter().any(|keyword| self.keyword(keyword)) {
            return Err(self.wrong_at(begin, "a field or a value must stand here"));
        }
        let word = self.word(|next| ends_word(next) || next == ':');
        if word.is_empty() {
            return Err(self.wrong("a field or a value must stand here"));
        }
        if self.next() == Some('(') {
            return Err(self.wrong_at(begin, "there are no functions"));
        }
        let behind = self.at;
        let Some(comparator) = self.comparator() else {
            self.at = behind;
            return Ok(Expression::Says(self.unquoted(begin, word)?.folded()));
        };
        let Some(field) = Field::named(word) else {
            return Err(self.wrong_at(begin, format!("no field of a user; there are {}", Field::paths())));
        };
        self.space();
        let value_at = self.at;
        let value = self.value(field.form() == Form::Time)?;
        let wanted = wanted(field, comparator, &value).map_err(|what| self.wrong_at(value_at, what))?;
        Ok(Expression::Is(Restriction { field, wanted }))
    }

    /// What stands between a field and a value, white space before it included.
    fn comparator(&mut self) -> Option<Comparator> {
        self.space();
        let (sign, comparator) = COMPARATORS.iter().find(|(sign, _)| self.rest().starts_with(sign))?;
        self.pass(sign);
        Some(*comparator)
    }

    /// What a field is compared with. A time has colons, which no other value has without quotes.
    fn value(&mut self, is_time: bool) -> Result<Pattern, InvalidFilter> {
        let begin = self.at;
        if let Some(quote @ ('"' | '\'')) = self.next() {
            return self.quoted(quote);
        }
        if self.next() == Some('(') {
            return Err(self.wrong("a field is compared with one value: join comparisons by OR"));
        }
        let word = self.word(|next| ends_word(next) || next == ':' && !is_time);
        if word.is_empty() || ["AND", "OR", "NOT"].contains(&word) {
            return Err(self.wrong_at(begin, "a value must stand here"));
        }
        self.unquoted(begin, word)
    }

    /// A value without quotes: names with dots between them, as the grammar has it.
    fn unquoted(&self, begin: usize, word: &str) -> Result<Pattern, InvalidFilter> {
        if word.split('.').any(str::is_empty) {
            return Err(self.wrong_at(begin, "a text that has a dot at an end, or two together, is to be quoted"));
        }
        self.pattern(begin, word.chars().map(|letter| (letter, false)))
    }

    /// A text in quotes. A backslash takes its meaning from a quote, a `*` or another backslash.
    fn quoted(&mut self, quote: char) -> Result<Pattern, InvalidFilter> {
        let begin = self.at;
        let mut letters = Vec::new();
        let mut inside = self.rest().char_indices().skip(1);
        while let Some((at, letter)) = inside.next() {
            match letter {
                '\\' => match inside.next() {
                    Some((_, letter @ ('"' | '\'' | '\\' | '*'))) => letters.push((letter, true)),
                    _ => return Err(self.wrong_at(begin + at, "a backslash stands before a quote, a * or a backslash")),
                },
                _ if letter == quote => {
                    self.at = begin + at + letter.len_utf8();
                    return self.pattern(begin, letters.into_iter());
                }
                _ => letters.push((letter, false)),
            }
        }
        Err(self.wrong_at(begin, "this quote is not closed"))
    }

    /// A value of letters, each with whether it was written behind a backslash.
    fn pattern(&self, begin: usize, letters: impl Iterator<Item = (char, bool)>) -> Result<Pattern, InvalidFilter> {
        let mut pattern = Pattern::default();
        for (at, (letter, is_escaped)) in letters.enumerate() {
            let is_wildcard = letter == '*' && !is_escaped;
            if pattern.is_open_behind {
                return Err(self.wrong_at(begin, "a * may stand at the begin and at the end of a value alone"));
            }
            match is_wildcard {
                true if at == 0 => pattern.is_open_before = true,
                true => pattern.is_open_behind = true,
                false => pattern.text.push(letter),
            }
        }
        Ok(pattern)
    }
}

/// One expression by itself, or several as one.
fn joined(parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match <[Expression; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) => join(parts),
    }
}

/// What stands between a field and a value.
#[derive(Clone, Copy)]
enum Comparator {
    Compare(Comparison),
    Has,
}

/// Each before those that it begins with.
const COMPARATORS: [(&str, Comparator); 7] = [
    ("<=", Comparator::Compare(Comparison::AtMost)),
    ("<", Comparator::Compare(Comparison::Less)),
    (">=", Comparator::Compare(Comparison::AtLeast)),
    (">", Comparator::Compare(Comparison::Greater)),
    ("!=", Comparator::Compare(Comparison::NotEqual)),
    ("=", Comparator::Compare(Comparison::Equal)),
    (":", Comparator::Has),
];

/// What is asked of a field, or why it cannot be.
fn wanted(field: Field, comparator: Comparator, value: &Pattern) -> Result<Wanted, String> {
    let how = match comparator {
        Comparator::Has if value.is_anything() => return Ok(Wanted::Present),
        Comparator::Has => None,
        Comparator::Compare(how) => Some(how),
    };
    let text = value.literal();
    let is_equality = matches!(how, None | Some(Comparison::Equal | Comparison::NotEqual));
    let equal = how.unwrap_or(Comparison::Equal);
    match field.form() {
        Form::Text => Ok(match how {
            None => Wanted::Containing(value.folded()),
            Some(Comparison::Equal) => Wanted::Matching(value.clone(), false),
            Some(Comparison::NotEqual) => Wanted::Matching(value.clone(), true),
            Some(how) => Wanted::Compared(how, Got::Text(text.into())),
        }),
        Form::Flag | Form::Enum if !is_equality => {
            Err("this field has no order: =, != or : must stand before it".into())
        }
        Form::Flag => match &*text {
            "true" => Ok(Wanted::Compared(equal, Got::Flag(true))),
            "false" => Ok(Wanted::Compared(equal, Got::Flag(false))),
            _ => Err("must be true or false".into()),
        },
        Form::Enum => {
            let names = field.enum_names();
            match names.iter().find(|(name, _)| *name == text) {
                Some((_, number)) => Ok(Wanted::Compared(equal, Got::Enum(*number))),
                None => Err(format!(
                    "must be one of {}",
                    names.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
                )),
            }
        }
        Form::Time => match (how, text.parse()) {
            (None, _) => Err("a time has * alone behind a colon".into()),
            (Some(how), Ok(time)) => Ok(Wanted::Compared(how, Got::Time(time))),
            (Some(_), Err(_)) => Err("must be an RFC 3339 date and time".into()),
        },
        Form::Message => Err("an object has * alone behind a colon; a path with a dot names a field in it".into()),
    }
}

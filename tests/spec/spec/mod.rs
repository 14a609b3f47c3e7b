//! What the three vendors' pages decide, as plain code over `serde_json::Value`: slow, obvious, and written from the pages
//! and the decisions alone, without a look at the library.
//!
//! A file a vendor. What they share is here: how a request is given, what a decision is, how a time is written; and in
//! `body`, how a body is read. What is decided where the pages are silent is said where it is decided.

mod body;
pub(crate) mod elastic;
pub(crate) mod fireworks;
pub(crate) mod trusted_twin;

use serde_json::{Value, json};

/// A request: the stored user, the body as bytes, the mask ("" is none), and the context in the shape of the command line.
pub(crate) struct Request<'a> {
    pub user: &'a Value,
    pub text: &'a [u8],
    pub mask: &'a str,
    pub context: &'a Value,
}

pub(crate) use body::unread;

/// A rule and the pointer to where it was found.
pub(crate) type Place = (&'static str, String);

/// A decision in full, but for the words of messages: those are `"*"`.
#[derive(Debug, PartialEq)]
pub(crate) struct Decision {
    pub status: u16,
    /// The rules that refuse, in their order; at most 256.
    pub rules: Vec<Place>,
    /// How many more there are.
    pub omitted: usize,
    pub changed: Vec<String>,
    pub notices: Vec<Place>,
    /// The user afterwards.
    pub user: Value,
    pub headers: Vec<(String, String)>,
    pub reply: Value,
}

/// How many violations a refusal lists.
pub(crate) const LISTED: usize = 256;

impl Decision {
    pub(crate) fn accepted(changed: Vec<String>, notices: Vec<Place>, user: Value, reply: Value) -> Self {
        let (mut changed, mut notices) = (changed, notices);
        changed.sort();
        notices.sort_by(by_place);
        Self { status: 200, rules: vec![], omitted: 0, changed, notices, user, headers: vec![], reply }
    }

    /// `rules` sorted and cut to what is listed; the reply is made of them by the vendor's file.
    pub(crate) fn refused(status: u16, mut rules: Vec<Place>, user: &Value, reply: impl Fn(&[Place]) -> Value) -> Self {
        sort(&mut rules);
        let omitted = rules.len().saturating_sub(LISTED);
        rules.truncate(LISTED);
        // How a reply tells of the rest is not decided.
        let reply = if omitted == 0 { reply(&rules) } else { Value::Null };
        let user = user.clone();
        Self { status, rules, omitted, changed: vec![], notices: vec![], user, headers: vec![], reply }
    }
}

/// By pointer, then by rule; each rule once at a place.
pub(crate) fn sort(places: &mut Vec<Place>) {
    places.sort_by(by_place);
    places.dedup();
}

pub(crate) fn by_place(one: &Place, other: &Place) -> std::cmp::Ordering {
    (&one.1, one.0).cmp(&(&other.1, other.0))
}

impl<'a> Request<'a> {
    /// The policy of that name, where the context has one.
    pub(crate) fn policy(&self, name: &str) -> Option<&'a Value> {
        self.context.get("policy")?.get(name)
    }

    pub(crate) fn policy_is(&self, name: &str, value: &str) -> bool {
        self.policy(name).and_then(Value::as_str) == Some(value)
    }
}

/// What a pointer without escapes points to.
pub(crate) fn at<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    pointer.split('/').skip(1).try_fold(value, |value, name| value.get(name))
}

/// A pointer to a member of what `parent` points to.
pub(crate) fn under(parent: &str, name: &str) -> String {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// A pointer as the vendors write paths: with dots, without escapes.
pub(crate) fn dotted(pointer: &str) -> String {
    let tokens = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
    tokens.collect::<Vec<_>>().join(".")
}

/// Seconds since 1970 and the digits of the fraction.
pub(crate) type Instant = (i64, String);

/// An RFC 3339 date and time: with `T` and `Z` in upper case, at most nine digits, no second 60, years from 1.
pub(crate) fn instant(text: &str) -> Option<Instant> {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| -> Option<i64> {
        let part = bytes.get(from..to)?;
        if part.iter().all(u8::is_ascii_digit) { text.get(from..to)?.parse().ok() } else { None }
    };
    let is = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    if !(is(4, b'-') && is(7, b'-') && is(10, b'T') && is(13, b':') && is(16, b':')) {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
    let mut rest = text.get(19..)?;
    let mut fraction = String::new();
    if let Some(after) = rest.strip_prefix('.') {
        fraction = after.chars().take_while(char::is_ascii_digit).collect();
        rest = &after[fraction.len()..];
        if fraction.is_empty() || fraction.len() > 9 {
            return None;
        }
    }
    let offset = if rest == "Z" {
        0
    } else {
        let at = text.len() - rest.len();
        let sign = if is(at, b'+') { 1 } else { -1 };
        let (hours, minutes) = (digits(at + 1, at + 3)?, digits(at + 4, at + 6)?);
        let well_formed = rest.len() == 6 && (is(at, b'+') || is(at, b'-')) && is(at + 3, b':');
        if !well_formed || hours > 23 || minutes > 59 {
            return None;
        }
        sign * (hours * 3600 + minutes * 60)
    };
    let in_range = year >= 1 && (1..=12).contains(&month) && hour <= 23 && minute <= 59 && second <= 59;
    if !in_range || day < 1 || day > days_of(year, month) {
        return None;
    }
    let seconds = days_before(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    // The same span of time for every offset: year 1 to year 9999 in UTC.
    let span = days_before(1, 1, 1) * 86_400..days_before(10_000, 1, 1) * 86_400;
    span.contains(&seconds).then(|| (seconds, fraction.trim_end_matches('0').to_owned()))
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01, counted out.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let past = year - 1;
    let years = past * 365 + past / 4 - past / 100 + past / 400;
    years + (1..month).map(|month| days_of(year, month)).sum::<i64>() + day - 1 - 719_162
}

/// A time without the digits beyond the ninth, which no vendor writes.
fn cut(text: &str) -> String {
    let Some((seconds, rest)) = text.split_once('.') else { return text.to_owned() };
    let digits = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    format!("{seconds}.{}{}", &rest[..digits.min(9)], &rest[digits..])
}

/// The time of the context: text, or seconds as a number whose digits are taken as they are written.
pub(crate) fn now(context: &Value) -> Option<Instant> {
    match context.get("now")? {
        Value::String(text) => instant(&cut(text)),
        Value::Number(number) => {
            let text = number.to_string();
            let (seconds, fraction) = text.split_once('.').unwrap_or((&text, ""));
            Some((seconds.parse().ok()?, fraction.trim_end_matches('0').to_owned()))
        }
        _ => None,
    }
}

/// In UTC, with 0, 3, 6 or 9 digits of a second.
pub(crate) fn rfc3339((seconds, fraction): &Instant) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let mut year = 1970 + days / 366 - 2;
    while days_before(year + 1, 1, 1) <= days {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && days_before(year, month + 1, 1) <= days {
        month += 1;
    }
    let day = days - days_before(year, month, 1) + 1;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let mut digits: String = fraction.chars().take(9).collect();
    while digits.len() % 3 != 0 {
        digits.push('0');
    }
    let point = if digits.is_empty() { "" } else { "." };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{point}{digits}Z")
}

/// Seconds with up to three decimals, the rest cut.
pub(crate) fn seconds((seconds, fraction): &Instant) -> Value {
    let decimals: String = fraction.chars().take(3).collect();
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() { json!(seconds) } else { json!(format!("{seconds}.{decimals}").parse::<f64>().unwrap()) }
}

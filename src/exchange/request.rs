//! One line: read as a request, asked, and answered as a line.

use std::{borrow::Cow, fmt};

use super::{
    decision::Verdict,
    part::{Part, scalars},
    question::{Pair, Question, Update},
};
use crate::{
    engine::{Document, Fault, Limits, Malformed, Name, ObjectWriter, Slots, Value},
    vendor::Vendor,
};

/// What a line is answered by. `Debug` shows no line: a patch that was made may have a password in it.
///
/// ```
/// use user_patch::exchange::answer;
///
/// let answer = answer(1, br#"{"id":"a","vendor":"fireworks","user":{"role":"user"},"patch":{"role":"admin"}}"#);
/// assert!(answer.line.starts_with(r#"{"id":"a","status":200,"#));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// One line of JSON, without its end.
    pub line: String,
    /// How it was answered.
    pub verdict: Verdict,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("verdict", &self.verdict).finish_non_exhaustive()
    }
}

/// Answers a line. `number`, from 1, is told where the line is not a request.
pub fn answer(number: u64, line: &[u8]) -> Answer {
    let (envelope, read) = Document::parse_envelope(line);
    let request = Request::of(line, &envelope);
    let answered = match read {
        Ok(()) => request.answer(),
        Err(wrong) if wrong.fault() == Fault::Empty => Err("not a request: the line is empty".to_owned()),
        Err(wrong) => Err(format!("not a request: {}", at(&wrong, 1))),
    };
    answered.unwrap_or_else(|message| error(&request.id_to_tell(), &message, number))
}

/// The answer to a line that is not a request. `id` has to be JSON text.
pub fn error(id: &str, message: &str, number: u64) -> Answer {
    let mut line = String::new();
    let mut writer = ObjectWriter::new(&mut line);
    writer.plain("id").push_str(id);
    writer.string("error", message);
    writer.plain("line").push_str(&number.to_string());
    writer.end();
    Answer { line, verdict: Verdict::Error }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Apply,
    Check,
    Audit,
    Create,
    Diff,
    Undo,
    Then,
    Rebase,
}

impl Op {
    pub(super) const ALL: [Self; 8] =
        [Self::Apply, Self::Check, Self::Audit, Self::Create, Self::Diff, Self::Undo, Self::Then, Self::Rebase];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Check => "check",
            Self::Audit => "audit",
            Self::Create => "create",
            Self::Diff => "diff",
            Self::Undo => "undo",
            Self::Then => "then",
            Self::Rebase => "rebase",
        }
    }

    /// The members that belong to it beside `id`, `vendor` and `op`.
    pub(super) const fn members(self) -> &'static [Key] {
        match self {
            Self::Apply | Self::Check | Self::Audit => {
                &[Key::User, Key::Patch, Key::PatchText, Key::Mask, Key::Context]
            }
            Self::Create => &[Key::Account, Key::UserId, Key::Patch, Key::PatchText, Key::Context],
            Self::Diff | Self::Undo => &[Key::From, Key::To, Key::Context],
            Self::Then => &[Key::Patch, Key::PatchText, Key::Mask, Key::Next, Key::NextMask, Key::Context],
            Self::Rebase => &[Key::Base, Key::Patch, Key::PatchText, Key::Mask, Key::Theirs, Key::Context],
        }
    }
}

/// A member of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Id,
    Vendor,
    Op,
    User,
    Patch,
    PatchText,
    Mask,
    Context,
    Account,
    UserId,
    From,
    To,
    Next,
    NextMask,
    Base,
    Theirs,
}

impl Key {
    /// All of them, in the order of their listing.
    const ALL: [Self; 16] = [
        Self::Id,
        Self::Vendor,
        Self::Op,
        Self::User,
        Self::Patch,
        Self::PatchText,
        Self::Mask,
        Self::Context,
        Self::Account,
        Self::UserId,
        Self::From,
        Self::To,
        Self::Next,
        Self::NextMask,
        Self::Base,
        Self::Theirs,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Vendor => "vendor",
            Self::Op => "op",
            Self::User => "user",
            Self::Patch => "patch",
            Self::PatchText => "patchText",
            Self::Mask => "mask",
            Self::Context => "context",
            Self::Account => "account",
            Self::UserId => "userId",
            Self::From => "from",
            Self::To => "to",
            Self::Next => "next",
            Self::NextMask => "nextMask",
            Self::Base => "base",
            Self::Theirs => "theirs",
        }
    }

    fn of(part: Part) -> Self {
        match part {
            Part::User => Self::User,
            Part::From => Self::From,
            Part::To => Self::To,
            Part::Base => Self::Base,
            Part::Theirs => Self::Theirs,
            Part::Context => Self::Context,
            Part::Mask => Self::Mask,
        }
    }
}

/// Why a line is not a request, in words that hold no value of it.
type Error = String;

/// A line whose members are known by name.
struct Request<'l> {
    line: &'l [u8],
    envelope: &'l Document<'l>,
    /// Where each member is.
    slots: Slots<{ Key::ALL.len() }>,
    /// The first member that is none of them.
    unknown: Option<Name<'l>>,
}

impl<'l> Request<'l> {
    fn of(line: &'l [u8], envelope: &'l Document<'l>) -> Self {
        let mut request = Self { line, envelope, slots: Slots::new(), unknown: None };
        for (name, value) in envelope.value().named() {
            match Key::ALL.into_iter().find(|key| name == *key.name()) {
                Some(key) => _ = request.slots.note(key as usize, value),
                None => request.unknown = request.unknown.or(Some(name)),
            }
        }
        request
    }

    fn answer(&self) -> Result<Answer, Error> {
        if let Some(name) = self.unknown {
            return Err(format!(
                "unknown member `{}`, a request has {}",
                name.decoded(),
                listed(Key::ALL.map(Key::name), "and")
            ));
        }
        let id = self.id()?;
        let vendor = self.vendor()?;
        let question = self.question(self.op(vendor)?)?;
        let decision = question.ask(vendor).map_err(|wrong| {
            let key = Key::of(wrong.part());
            let column = self.get(key).map_or(1, |value| self.column(value)) + wrong.place().column - 1;
            format!("`{}`: {} at column {column}", key.name(), wrong.message())
        })?;
        Ok(Answer { line: decision.line(&id), verdict: decision.verdict() })
    }

    fn get(&self, key: Key) -> Option<Value<'l>> {
        self.slots.value(key as usize, self.envelope)
    }

    fn needed(&self, key: Key) -> Result<&'l [u8], Error> {
        self.get(key).map(|value| value.text().as_bytes()).ok_or_else(|| format!("`{}` is missing", key.name()))
    }

    /// The column at which a value begins, in scalar values from 1.
    fn column(&self, value: Value<'_>) -> usize {
        scalars(self.line.get(..value.offset()).unwrap_or(self.line)) + 1
    }

    /// A member that is a string.
    fn string(&self, key: Key) -> Result<Option<Cow<'l, str>>, Error> {
        let Some(value) = self.get(key) else { return Ok(None) };
        self.strict(key, value)?;
        value.as_str().map(Some).ok_or_else(|| format!("`{}` must be a string", key.name()))
    }

    /// A value that no vendor's model reads, read strictly here.
    fn strict(&self, key: Key, value: Value<'_>) -> Result<(), Error> {
        // A text without escapes has no half of a surrogate pair, which is all that an envelope lets pass in a value by itself.
        if value.is_plain_scalar() {
            return Ok(());
        }
        match Document::parse(value.text().as_bytes(), &Limits::default()) {
            Ok(_) => Ok(()),
            Err(wrong) => Err(format!("`{}`: {}", key.name(), at(&wrong, self.column(value)))),
        }
    }

    /// The text to give back, as it was sent; without white space between its tokens where that has the end of a line in it.
    fn id(&self) -> Result<Cow<'l, str>, Error> {
        let Some(id) = self.get(Key::Id) else { return Ok(Cow::Borrowed("null")) };
        self.strict(Key::Id, id)?;
        Ok(match id.text().contains(['\n', '\r']) {
            true => Cow::Owned(id.to_json().compact().text().to_owned()),
            false => Cow::Borrowed(id.text()),
        })
    }

    /// The text to give back where the line cannot be answered: the one `id` in what could be read of it.
    fn id_to_tell(&self) -> Cow<'l, str> {
        // Of two it would be a guess which one the caller knows.
        match self.envelope.value().members().filter(|(name, _)| name == "id").count() {
            1 => self.id().unwrap_or(Cow::Borrowed("null")),
            _ => Cow::Borrowed("null"),
        }
    }

    fn vendor(&self) -> Result<Vendor, Error> {
        self.needed(Key::Vendor)?;
        let vendor = self.string(Key::Vendor)?.and_then(|name| Vendor::named(&name));
        vendor
            .ok_or_else(|| format!("`vendor` must be {}", listed(Vendor::ALL.iter().copied().map(Vendor::name), "or")))
    }

    /// The operation, to which every member belongs.
    fn op(&self, vendor: Vendor) -> Result<Op, Error> {
        let op = match self.string(Key::Op)? {
            None => Op::Apply,
            Some(name) => Op::ALL
                .into_iter()
                .find(|op| op.name() == name)
                .ok_or_else(|| format!("`op` must be {}", listed(Op::ALL.map(Op::name), "or")))?,
        };
        if op == Op::Create && !vendor.has_mask_and_create() {
            return Err("op `create` is for `fireworks`".to_owned());
        }
        // The first one in the line.
        let foreign = |&(key, _): &(Key, u32)| {
            let is_general = [Key::Id, Key::Vendor, Key::Op].contains(&key);
            let is_mask = [Key::Mask, Key::NextMask].contains(&key);
            !is_general && !op.members().contains(&key) || is_mask && !vendor.has_mask_and_create()
        };
        let there = self.slots.entries().filter_map(|(key, at)| Some((*Key::ALL.get(key)?, at)));
        let Some((key, _)) = there.filter(foreign).min_by_key(|(_, at)| *at) else { return Ok(op) };
        let name = key.name();
        match op.members().contains(&key) {
            true => Err(format!("`{name}` is for `fireworks`")),
            false => {
                let members = listed(op.members().iter().map(|key| key.name()), "and");
                Err(format!("`{name}` does not belong to op `{}`, which has {members}", op.name()))
            }
        }
    }

    fn question(&self, op: Op) -> Result<Question<'l>, Error> {
        let pair = || {
            Ok::<_, Error>(Pair { from: self.needed(Key::From)?, to: self.needed(Key::To)?, context: self.context() })
        };
        Ok(match op {
            Op::Apply => Question::Apply(self.update(Key::User)?),
            Op::Check => Question::Check(self.update(Key::User)?),
            Op::Audit => Question::Audit(self.update(Key::User)?),
            Op::Diff => Question::Diff(pair()?),
            Op::Undo => Question::Undo(pair()?),
            Op::Then => Question::Then {
                patch: self.patch()?,
                mask: self.text(Key::Mask)?,
                next: self.needed(Key::Next)?.into(),
                next_mask: self.text(Key::NextMask)?,
                context: self.context(),
            },
            Op::Rebase => Question::Rebase { ours: self.update(Key::Base)?, theirs: self.needed(Key::Theirs)? },
            Op::Create => {
                self.needed(Key::Account)?;
                Question::Create {
                    account: self.text(Key::Account)?,
                    user_id: self.string(Key::UserId)?,
                    patch: self.patch()?,
                    context: self.context(),
                }
            }
        })
    }

    fn update(&self, user: Key) -> Result<Update<'l>, Error> {
        Ok(Update {
            user: self.needed(user)?,
            patch: self.patch()?,
            mask: self.text(Key::Mask)?,
            context: self.context(),
        })
    }

    /// A member that is a string, empty where it is not there.
    fn text(&self, key: Key) -> Result<Cow<'l, str>, Error> {
        Ok(self.string(key)?.unwrap_or(Cow::Borrowed("")))
    }

    /// The body: the exact text of `patch`, or what `patchText` holds.
    fn patch(&self) -> Result<Cow<'l, [u8]>, Error> {
        match (self.get(Key::Patch), self.string(Key::PatchText)?) {
            (Some(json), None) => Ok(json.text().as_bytes().into()),
            (None, Some(Cow::Borrowed(text))) => Ok(text.as_bytes().into()),
            (None, Some(Cow::Owned(text))) => Ok(text.into_bytes().into()),
            (Some(_), Some(_)) => Err("`patch` and `patchText` exclude each other".to_owned()),
            (None, None) => Err("`patch` or `patchText` is missing".to_owned()),
        }
    }

    fn context(&self) -> &'l [u8] {
        self.get(Key::Context).map_or(b"null", |context| context.text().as_bytes())
    }
}

/// What is wrong with a text that begins at a column of the line.
fn at(wrong: &Malformed, begin: usize) -> String {
    format!("{} at column {}", wrong.fault(), begin + wrong.place().column - 1)
}

/// Names as a sentence lists them.
fn listed<'n>(names: impl IntoIterator<Item = &'n str>, word: &str) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value that no vendor's model reads is read strictly, be there escapes in the line or not.
    #[test]
    fn what_only_a_line_has_is_read_strictly() {
        let deep = |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
        for (id, told) in [
            ("7".to_owned(), None),
            (r#""a\u0062""#.to_owned(), None),
            (deep(128), None),
            (deep(129), Some("deeper than 128 levels")),
            (r#""\ud800""#.to_owned(), Some("a lone surrogate escape")),
            (r#"["\ud800"]"#.to_owned(), Some("a lone surrogate escape")),
            (r#"{"a":1,"a":2}"#.to_owned(), Some("the same member twice")),
        ] {
            for name in ["role", "\\u0072ole"] {
                let line = format!(
                    r#"{{"id":{id},"vendor":"fireworks","user":{{"role":"user"}},"patch":{{"{name}":"admin"}}}}"#
                );
                let answer = answer(1, line.as_bytes()).line;
                match told {
                    None => assert!(answer.starts_with(&format!(r#"{{"id":{id},"status":200"#)), "{answer}"),
                    Some(told) => assert!(answer.contains(r#""error":"`id`: "#) && answer.contains(told), "{answer}"),
                }
            }
        }
    }
}

//! One line: read as a request, asked, and answered as a line.

use std::{borrow::Cow, fmt};

use super::{
    decision::Verdict,
    part::{Part, scalars},
    question::{Pair, Question, Update},
};
use crate::{
    engine::{Document, Fault, Limits, Malformed, ObjectWriter, Value},
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
    let request = Request { line, envelope: &envelope };
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
    pub(super) const fn members(self) -> &'static [&'static str] {
        match self {
            Self::Apply | Self::Check | Self::Audit => &["user", "patch", "patchText", "mask", "context"],
            Self::Create => &["account", "userId", "patch", "patchText", "context"],
            Self::Diff | Self::Undo => &["from", "to", "context"],
            Self::Then => &["patch", "patchText", "mask", "next", "nextMask", "context"],
            Self::Rebase => &["base", "patch", "patchText", "mask", "theirs", "context"],
        }
    }
}

/// Every member of a request, in the order of their listing.
const MEMBERS: [&str; 16] = [
    "id",
    "vendor",
    "op",
    "user",
    "patch",
    "patchText",
    "mask",
    "context",
    "account",
    "userId",
    "from",
    "to",
    "next",
    "nextMask",
    "base",
    "theirs",
];

/// Why a line is not a request, in words that hold no value of it.
type Error = String;

/// A line whose members are known by name.
struct Request<'l> {
    line: &'l [u8],
    envelope: &'l Document<'l>,
}

impl<'l> Request<'l> {
    fn answer(&self) -> Result<Answer, Error> {
        if let Some((name, _)) = self.envelope.value().members().find(|(name, _)| !MEMBERS.contains(&&**name)) {
            return Err(format!("unknown member `{name}`, a request has {}", listed(MEMBERS, "and")));
        }
        let id = self.id()?;
        let vendor = self.vendor()?;
        let question = self.question(self.op(vendor)?)?;
        let decision = question.ask(vendor).map_err(|wrong| {
            let name = match wrong.part() {
                Part::User => "user",
                Part::From => "from",
                Part::To => "to",
                Part::Base => "base",
                Part::Theirs => "theirs",
                Part::Context => "context",
                Part::Mask => "mask",
            };
            let column = self.get(name).map_or(1, |value| self.column(value)) + wrong.place().column - 1;
            format!("`{name}`: {} at column {column}", wrong.message())
        })?;
        Ok(Answer { line: decision.line(&id), verdict: decision.verdict() })
    }

    fn get(&self, name: &str) -> Option<Value<'l>> {
        self.envelope.value().get(name)
    }

    fn needed(&self, name: &str) -> Result<&'l [u8], Error> {
        self.get(name).map(|value| value.text().as_bytes()).ok_or_else(|| format!("`{name}` is missing"))
    }

    /// The column at which a value begins, in scalar values from 1.
    fn column(&self, value: Value<'_>) -> usize {
        scalars(self.line.get(..value.offset()).unwrap_or(self.line)) + 1
    }

    /// A member that is a string.
    fn string(&self, name: &str) -> Result<Option<Cow<'l, str>>, Error> {
        let Some(value) = self.get(name) else { return Ok(None) };
        self.strict(name, value)?;
        value.as_str().map(Some).ok_or_else(|| format!("`{name}` must be a string"))
    }

    /// A value that no vendor's model reads, read strictly here.
    fn strict(&self, name: &str, value: Value<'_>) -> Result<(), Error> {
        match Document::parse(value.text().as_bytes(), &Limits::default()) {
            Ok(_) => Ok(()),
            Err(wrong) => Err(format!("`{name}`: {}", at(&wrong, self.column(value)))),
        }
    }

    /// The text to give back, as it was sent; without white space between its tokens where that has the end of a line in it.
    fn id(&self) -> Result<Cow<'l, str>, Error> {
        let Some(id) = self.get("id") else { return Ok(Cow::Borrowed("null")) };
        self.strict("id", id)?;
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
        self.needed("vendor")?;
        let vendor = self.string("vendor")?.and_then(|name| Vendor::named(&name));
        vendor
            .ok_or_else(|| format!("`vendor` must be {}", listed(Vendor::ALL.iter().copied().map(Vendor::name), "or")))
    }

    /// The operation, to which every member belongs.
    fn op(&self, vendor: Vendor) -> Result<Op, Error> {
        let op = match self.string("op")? {
            None => Op::Apply,
            Some(name) => Op::ALL
                .into_iter()
                .find(|op| op.name() == name)
                .ok_or_else(|| format!("`op` must be {}", listed(Op::ALL.map(Op::name), "or")))?,
        };
        if op == Op::Create && !vendor.has_mask_and_create() {
            return Err("op `create` is for `fireworks`".to_owned());
        }
        for (name, _) in self.envelope.value().members() {
            let is_general = matches!(&*name, "id" | "vendor" | "op");
            if !is_general && !op.members().contains(&&*name) {
                let members = listed(op.members().iter().copied(), "and");
                return Err(format!("`{name}` does not belong to op `{}`, which has {members}", op.name()));
            }
            if matches!(&*name, "mask" | "nextMask") && !vendor.has_mask_and_create() {
                return Err(format!("`{name}` is for `fireworks`"));
            }
        }
        Ok(op)
    }

    fn question(&self, op: Op) -> Result<Question<'l>, Error> {
        let pair =
            || Ok::<_, Error>(Pair { from: self.needed("from")?, to: self.needed("to")?, context: self.context() });
        Ok(match op {
            Op::Apply => Question::Apply(self.update("user")?),
            Op::Check => Question::Check(self.update("user")?),
            Op::Audit => Question::Audit(self.update("user")?),
            Op::Diff => Question::Diff(pair()?),
            Op::Undo => Question::Undo(pair()?),
            Op::Then => Question::Then {
                patch: self.patch()?,
                mask: self.text("mask")?,
                next: self.needed("next")?.into(),
                next_mask: self.text("nextMask")?,
                context: self.context(),
            },
            Op::Rebase => Question::Rebase { ours: self.update("base")?, theirs: self.needed("theirs")? },
            Op::Create => {
                self.needed("account")?;
                Question::Create {
                    account: self.text("account")?,
                    user_id: self.string("userId")?,
                    patch: self.patch()?,
                    context: self.context(),
                }
            }
        })
    }

    fn update(&self, user: &str) -> Result<Update<'l>, Error> {
        Ok(Update { user: self.needed(user)?, patch: self.patch()?, mask: self.text("mask")?, context: self.context() })
    }

    /// A member that is a string, empty where it is not there.
    fn text(&self, name: &str) -> Result<Cow<'l, str>, Error> {
        Ok(self.string(name)?.unwrap_or(Cow::Borrowed("")))
    }

    /// The body: the exact text of `patch`, or what `patchText` holds.
    fn patch(&self) -> Result<Cow<'l, [u8]>, Error> {
        match (self.get("patch"), self.string("patchText")?) {
            (Some(json), None) => Ok(json.text().as_bytes().into()),
            (None, Some(Cow::Borrowed(text))) => Ok(text.as_bytes().into()),
            (None, Some(Cow::Owned(text))) => Ok(text.into_bytes().into()),
            (Some(_), Some(_)) => Err("`patch` and `patchText` exclude each other".to_owned()),
            (None, None) => Err("`patch` or `patchText` is missing".to_owned()),
        }
    }

    fn context(&self) -> &'l [u8] {
        self.get("context").map_or(b"null", |context| context.text().as_bytes())
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

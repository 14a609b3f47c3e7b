//! One line of a batch: read as a request, decided, and told as a line.

use std::borrow::Cow;

use user_patch::engine::{Fault, Json, Limits, Malformed, Reader};

use crate::{
    reply::{Outcome, quoted},
    rooms::{Create, Pair, Update},
    unfit::{Part, scalars},
    vendor::Vendor,
};

/// What a line is answered by.
pub struct Answer {
    /// One line of JSON, without its end.
    pub line: String,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    Refused,
    /// The line is not a request.
    Error,
}

/// Answers the line with this number.
pub fn answer(number: u64, line: &[u8]) -> Answer {
    decide(line).unwrap_or_else(|error| Answer {
        line: format!(r#"{{"id":null,"error":{},"line":{number}}}"#, quoted(&error)),
        verdict: Verdict::Error,
    })
}

/// The members of a request, in the order of their listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
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
}

impl Member {
    const ALL: [Self; 12] = [
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
    ];

    const fn name(self) -> &'static str {
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
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Apply,
    Check,
    Create,
    Diff,
}

impl Op {
    const ALL: [Self; 4] = [Self::Apply, Self::Check, Self::Create, Self::Diff];

    const fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Check => "check",
            Self::Create => "create",
            Self::Diff => "diff",
        }
    }

    /// The members that belong to it beside `id`, `vendor` and `op`.
    const fn members(self) -> &'static [Member] {
        match self {
            Self::Apply | Self::Check => {
                &[Member::User, Member::Patch, Member::PatchText, Member::Mask, Member::Context]
            }
            Self::Create => &[Member::Account, Member::UserId, Member::Patch, Member::PatchText, Member::Context],
            Self::Diff => &[Member::From, Member::To, Member::Context],
        }
    }
}

/// Why a line is not a request, in words that hold no value of it.
type Error = String;

fn decide(line: &[u8]) -> Result<Answer, Error> {
    let request = Request::read(line)?;
    let id = request.id()?;
    let vendor = request.vendor()?;
    let op = request.op(vendor)?;
    let answered = match op {
        Op::Apply => vendor.apply(&request.update()?).map(|decision| (decision.line(id), decision.outcome())),
        Op::Check => vendor.check(&request.update()?).map(|decision| (decision.line(id), decision.outcome())),
        Op::Create => request.create()?.decide().map(|decision| (decision.line(id), decision.outcome())),
        Op::Diff => vendor.diff(&request.pair()?).map(|difference| (difference.line(id), difference.outcome())),
    };
    let (line, outcome) = answered.map_err(|unfit| {
        let member = match unfit.part {
            Part::User => Member::User,
            Part::From => Member::From,
            Part::To => Member::To,
            Part::Context => Member::Context,
        };
        format!("`{}`: {}", member.name(), unfit.in_line(request.column(member)))
    })?;
    let verdict = match outcome {
        Outcome::Accepted => Verdict::Accepted,
        Outcome::Refused => Verdict::Refused,
    };
    Ok(Answer { line, verdict })
}

/// A line whose members are known by name.
struct Request<'l> {
    line: &'l [u8],
    members: Vec<(Member, &'l str)>,
}

impl<'l> Request<'l> {
    fn read(line: &'l [u8]) -> Result<Self, Error> {
        let mut members = Vec::new();
        let mut unknown = None;
        Reader::read_envelope(line, |name, value| {
            match Member::ALL.into_iter().find(|member| member.name() == name) {
                Some(member) => members.push((member, value)),
                None => unknown = unknown.take().or_else(|| Some(name.to_owned())),
            }
            Ok(())
        })
        .map_err(|wrong| match wrong.fault() {
            Fault::Empty => "not a request: the line is empty".to_owned(),
            _ => format!("not a request: {}", at(&wrong, 1)),
        })?;
        match unknown {
            None => Ok(Self { line, members }),
            Some(name) => {
                Err(format!("unknown member `{name}`, a request has {}", listed(Member::ALL.map(Member::name), "and")))
            }
        }
    }

    fn get(&self, member: Member) -> Option<&'l str> {
        self.members.iter().find_map(|&(known, value)| (known == member).then_some(value))
    }

    fn needed(&self, member: Member) -> Result<&'l str, Error> {
        self.get(member).ok_or_else(|| format!("`{}` is missing", member.name()))
    }

    /// The column at which a member's value begins, in scalar values from 1.
    fn column(&self, member: Member) -> usize {
        // The value is a part of the line, so the distance of their beginnings is its offset.
        let begin = self.get(member).map(|value| value.as_ptr().addr().wrapping_sub(self.line.as_ptr().addr()));
        let before = begin.and_then(|begin| self.line.get(..begin)).unwrap_or_default();
        scalars(before) + 1
    }

    /// A member that is a string.
    fn string(&self, member: Member) -> Result<Option<Cow<'l, str>>, Error> {
        let Some(text) = self.get(member) else { return Ok(None) };
        let value = self.strict(member, text)?;
        value.into_str().map(Some).ok_or_else(|| format!("`{}` must be a string", member.name()))
    }

    /// A value that no room reads, read strictly here.
    fn strict(&self, member: Member, text: &'l str) -> Result<Json<'l>, Error> {
        Json::parse(text.as_bytes(), &Limits::default())
            .map_err(|wrong| format!("`{}`: {}", member.name(), at(&wrong, self.column(member))))
    }

    /// The text to give back.
    fn id(&self) -> Result<&'l str, Error> {
        let id = self.get(Member::Id).unwrap_or("null");
        self.strict(Member::Id, id)?;
        Ok(id)
    }

    fn vendor(&self) -> Result<Vendor, Error> {
        self.needed(Member::Vendor)?;
        let vendor = self.string(Member::Vendor)?.and_then(|name| Vendor::named(&name));
        vendor.ok_or_else(|| format!("`vendor` must be {}", listed(Vendor::ALL.map(Vendor::name), "or")))
    }

    /// The operation, to which every member belongs.
    fn op(&self, vendor: Vendor) -> Result<Op, Error> {
        let op = match self.string(Member::Op)? {
            None => Op::Apply,
            Some(name) => Op::ALL
                .into_iter()
                .find(|op| op.name() == name)
                .ok_or_else(|| format!("`op` must be {}", listed(Op::ALL.map(Op::name), "or")))?,
        };
        if op == Op::Create && !vendor.has_mask_and_create() {
            return Err("op `create` is for `fireworks`".to_owned());
        }
        for &(member, _) in &self.members {
            let general = matches!(member, Member::Id | Member::Vendor | Member::Op);
            if !general && !op.members().contains(&member) {
                let members = listed(op.members().iter().map(|member| member.name()), "and");
                return Err(format!("`{}` does not belong to op `{}`, which has {members}", member.name(), op.name()));
            }
            if member == Member::Mask && !vendor.has_mask_and_create() {
                return Err("`mask` is for `fireworks`".to_owned());
            }
        }
        Ok(op)
    }

    fn update(&self) -> Result<Update<'l>, Error> {
        Ok(Update {
            user: self.needed(Member::User)?.as_bytes(),
            patch: self.patch()?,
            mask: self.string(Member::Mask)?.unwrap_or_default(),
            context: self.context(),
        })
    }

    fn create(&self) -> Result<Create<'l>, Error> {
        self.needed(Member::Account)?;
        Ok(Create {
            account: self.string(Member::Account)?.unwrap_or_default(),
            user_id: self.string(Member::UserId)?,
            patch: self.patch()?,
            context: self.context(),
        })
    }

    fn pair(&self) -> Result<Pair<'l>, Error> {
        Ok(Pair {
            from: self.needed(Member::From)?.as_bytes(),
            to: self.needed(Member::To)?.as_bytes(),
            context: self.context(),
        })
    }

    /// The body: the exact text of `patch`, or what `patchText` holds.
    fn patch(&self) -> Result<Cow<'l, [u8]>, Error> {
        match (self.get(Member::Patch), self.string(Member::PatchText)?) {
            (Some(json), None) => Ok(json.as_bytes().into()),
            (None, Some(Cow::Borrowed(text))) => Ok(text.as_bytes().into()),
            (None, Some(Cow::Owned(text))) => Ok(text.into_bytes().into()),
            (Some(_), Some(_)) => Err("`patch` and `patchText` exclude each other".to_owned()),
            (None, None) => Err("`patch` or `patchText` is missing".to_owned()),
        }
    }

    fn context(&self) -> &'l [u8] {
        self.get(Member::Context).unwrap_or("null").as_bytes()
    }
}

/// What is wrong with a text that begins at a column of the line.
fn at(wrong: &Malformed, begin: usize) -> String {
    format!("{} at column {}", wrong.fault(), begin + wrong.column() - 1)
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

//! What a vendor's model decided, in the one shape that every vendor shares, and its line of JSON.

use std::fmt;

use crate::{
    engine::{Json, ObjectWriter, Pointer, write_array, write_string},
    report::{Applied, Audit, Diff, Finding, Findings, Refuses, Reply, Unreachable, Violations},
};

/// How a question was answered.
///
/// ```
/// use user_patch::exchange::{Verdict, answer};
///
/// assert_eq!(answer(1, b"not a request").verdict, Verdict::Error);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// The update is accepted, or there is a patch, or nothing to send.
    Accepted,
    /// The update is refused, or there is no patch.
    Refused,
    /// The text is not a request.
    Error,
}

/// The body of a patch as text, and its field mask where the vendor has field masks. `Debug` shows no body:
/// there may be a password in it.
///
/// ```
/// use user_patch::{exchange::{Decision, Pair, Question}, report::Diff, vendor::Vendor};
///
/// let pair = Pair { from: br#"{"role":"user"}"#, to: br#"{"role":"admin"}"#, context: b"null" };
/// let Decision::Difference(Diff::Patch(patch)) = Question::Diff(pair).ask(Vendor::Fireworks)? else { panic!() };
/// assert_eq!((&*patch.body, patch.mask.as_deref()), (r#"{"role":"admin"}"#, Some("role")));
/// # Ok::<(), user_patch::exchange::InvalidPart>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Patch {
    /// The body.
    pub body: String,
    /// The field mask.
    pub mask: Option<String>,
}

impl fmt::Debug for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patch").field("mask", &self.mask).finish_non_exhaustive()
    }
}

/// The answer to a question.
///
/// ```
/// use user_patch::{exchange::{Decision, Question, Update, Verdict}, vendor::Vendor};
///
/// let update = Update { user: br#"{"role":"user"}"#, patch: br#"{"role":"root"}"#.into(), mask: "".into(), context: b"null" };
/// let decision = Question::Check(update).ask(Vendor::Fireworks)?;
/// assert_eq!(decision.verdict(), Verdict::Refused);
/// assert!(decision.line("7").starts_with(r#"{"id":7,"status":400,"#));
/// # Ok::<(), user_patch::exchange::InvalidPart>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// An update that was done.
    Done {
        /// The vendor's reply.
        reply: Reply,
        /// The members that have another value now.
        changed: Vec<Pointer>,
        /// What was ignored or done unasked.
        notices: Findings,
        /// The user to store, where the body of the reply is another text: where the policy answers with members that are not
        /// stored.
        user: Option<Json<'static>>,
    },
    /// An update that may be done and was not.
    Allowed {
        /// What would be ignored or done unasked.
        notices: Findings,
    },
    /// An update that is refused.
    Refused {
        /// The vendor's reply.
        reply: Reply,
        /// Every violation, the first of them.
        violations: Vec<Finding>,
        /// How many more there were.
        omitted: usize,
    },
    /// What an update would change.
    Audited {
        /// The members that would have another value, each before and after.
        audit: Audit,
        /// The members that would have another value, also those that no user shows.
        changed: Vec<Pointer>,
    },
    /// A patch, or nothing to send.
    Difference(Diff<Patch>),
    /// No patch gets there.
    Unreachable(Unreachable),
    /// Two updates changed these members, and differently.
    Conflicts(Vec<Pointer>),
    /// No single patch does what two do in turn to this member.
    NotComposable(Pointer),
}

impl Decision {
    pub(super) fn done(reply: Reply, stored: String, applied: &Applied) -> Self {
        let user = (stored != reply.body).then(|| Json::written(stored));
        Self::Done { reply, changed: applied.changed().to_vec(), notices: applied.notices().clone(), user }
    }

    pub(super) fn refused<R: Refuses>(reply: Reply, violations: &Violations<R>) -> Self {
        Self::Refused {
            reply,
            violations: violations.iter().map(|violation| violation.finding().clone()).collect(),
            omitted: violations.omitted(),
        }
    }

    /// How it was answered.
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Done { .. } | Self::Allowed { .. } | Self::Audited { .. } | Self::Difference(_) => Verdict::Accepted,
            Self::Refused { .. } | Self::Unreachable(_) | Self::Conflicts(_) | Self::NotComposable(_) => {
                Verdict::Refused
            }
        }
    }

    /// The reply as one line of JSON, without its end. `id` has to be JSON text.
    pub fn line(&self, id: &str) -> String {
        let mut out = String::with_capacity(160 + self.length());
        let mut writer = ObjectWriter::new(&mut out);
        writer.plain("id").push_str(id);
        match self {
            Self::Done { reply, changed, notices, user } => {
                write_reply(&mut writer, reply, Some(&reply.body), changed, notices.iter(), &[], notices.omitted());
                if let Some(user) = user {
                    writer.json("user", user);
                }
            }
            Self::Allowed { notices } => {
                let reply = Reply::new(200, String::new());
                write_reply(&mut writer, &reply, None, &[], notices.iter(), &[], notices.omitted());
            }
            Self::Refused { reply, violations, omitted } => {
                write_reply(&mut writer, reply, Some(&reply.body), &[], [].iter(), violations, *omitted);
            }
            Self::Audited { audit, .. } => writer.plain("audit").push_str(&audit.to_json()),
            Self::Difference(Diff::Unchanged) => {
                writer.plain("patch").push_str("{}");
                writer.plain("unchanged").push_str("true");
            }
            Self::Difference(Diff::Patch(Patch { body, mask })) => {
                writer.plain("patch").push_str(body);
                if let Some(mask) = mask {
                    writer.string("mask", mask);
                }
            }
            Self::Unreachable(unreachable) => {
                write_array(writer.plain("unreachable"), unreachable, write_finding);
                write_omitted(&mut writer, unreachable.reasons().omitted());
            }
            Self::Conflicts(pointers) => {
                write_array(writer.plain("conflicts"), pointers, |out, pointer| write_string(out, pointer.as_str()));
            }
            Self::NotComposable(pointer) => writer.string("notComposable", pointer.as_str()),
        }
        writer.end();
        out
    }

    /// About how long the line is, so that it is allocated once.
    fn length(&self) -> usize {
        let listed = |findings: &mut dyn Iterator<Item = &Finding>| {
            findings.map(|finding| 96 + finding.pointer().as_str().len() + finding.message().len()).sum::<usize>()
        };
        match self {
            Self::Done { reply, notices, user, .. } => {
                reply.body.len() + user.as_ref().map_or(0, |user| user.text().len()) + listed(&mut notices.iter())
            }
            Self::Refused { reply, violations, .. } => reply.body.len() + listed(&mut violations.iter()),
            Self::Allowed { notices } => listed(&mut notices.iter()),
            Self::Unreachable(unreachable) => listed(&mut unreachable.iter()),
            Self::Difference(Diff::Patch(patch)) => patch.body.len(),
            Self::Audited { .. } | Self::Difference(Diff::Unchanged) | Self::Conflicts(_) | Self::NotComposable(_) => 0,
        }
    }
}

fn write_reply<'f>(
    writer: &mut ObjectWriter<'_>,
    reply: &Reply,
    body: Option<&str>,
    changed: &[Pointer],
    notices: impl Iterator<Item = &'f Finding>,
    violations: &[Finding],
    omitted: usize,
) {
    writer.plain("status").push_str(&reply.status.to_string());
    let mut headers = ObjectWriter::new(writer.plain("headers"));
    for (name, value) in &reply.headers {
        headers.string(name, value);
    }
    headers.end();
    writer.plain("body").push_str(body.unwrap_or("null"));
    write_array(writer.plain("changed"), changed, |out, pointer| write_string(out, pointer.as_str()));
    write_array(writer.plain("notices"), notices, write_finding);
    write_array(writer.plain("violations"), violations, write_finding);
    write_omitted(writer, omitted);
}

fn write_omitted(writer: &mut ObjectWriter<'_>, omitted: usize) {
    if omitted > 0 {
        writer.plain("omitted").push_str(&omitted.to_string());
    }
}

fn write_finding(out: &mut String, finding: &Finding) {
    let mut writer = ObjectWriter::new(out);
    writer.string("rule", finding.rule().id);
    writer.string("pointer", finding.pointer().as_str());
    writer.string("message", finding.message());
    writer.end();
}

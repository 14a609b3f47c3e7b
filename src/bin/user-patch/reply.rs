//! What a room decided, in the one shape that every vendor shares, and its line of JSON.

use user_patch::{
    engine::{Json, Pointer},
    report::{Notice, Refuses, Reply, Rule, Violation, Violations},
};

/// How a run ended, as the exit status tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Accepted,
    Refused,
}

/// A rule that spoke, where, and what it said.
pub struct Finding {
    pub rule: &'static Rule,
    pub pointer: Pointer,
    pub message: String,
}

/// The answer to a question that a room could decide.
pub struct Decision {
    pub status: u16,
    headers: Vec<(&'static str, String)>,
    /// The vendor's body, verbatim; none where nothing was done.
    body: Option<String>,
    changed: Vec<Pointer>,
    pub notices: Vec<Finding>,
    pub violations: Vec<Finding>,
}

impl Decision {
    /// An update that was done.
    pub fn done(reply: Reply, changed: &[Pointer], notices: &[Notice]) -> Self {
        Self {
            status: reply.status,
            headers: reply.headers,
            body: Some(reply.body),
            changed: changed.to_vec(),
            notices: notices.iter().map(Finding::from).collect(),
            violations: Vec::new(),
        }
    }

    /// An update that may be done and was not.
    pub fn allowed(notices: &[Notice]) -> Self {
        let notices = notices.iter().map(Finding::from).collect();
        Self { status: 200, headers: Vec::new(), body: None, changed: Vec::new(), notices, violations: Vec::new() }
    }

    pub fn refused<R: Refuses>(reply: Reply, violations: &Violations<R>) -> Self {
        Self {
            status: reply.status,
            headers: reply.headers,
            body: Some(reply.body),
            changed: Vec::new(),
            notices: Vec::new(),
            violations: violations.iter().map(Finding::from).collect(),
        }
    }

    pub fn outcome(&self) -> Outcome {
        if self.violations.is_empty() { Outcome::Accepted } else { Outcome::Refused }
    }

    /// The reply, without a line end. `id` is JSON text.
    pub fn line(&self, id: &str) -> String {
        let headers = list(&self.headers, |(name, value)| format!("{}:{}", quoted(name), quoted(value)));
        let changed = list(&self.changed, |pointer| quoted(pointer.as_str()));
        let [notices, violations] = [&self.notices, &self.violations].map(|findings| list(findings, Finding::object));
        let (status, body) = (self.status, self.body.as_deref().unwrap_or("null"));
        format!(
            r#"{{"id":{id},"status":{status},"headers":{{{headers}}},"body":{body},"changed":[{changed}],"notices":[{notices}],"violations":[{violations}]}}"#
        )
    }
}

impl Finding {
    pub fn object(&self) -> String {
        let [rule, pointer, message] = [self.rule.id, self.pointer.as_str(), &self.message].map(quoted);
        format!(r#"{{"rule":{rule},"pointer":{pointer},"message":{message}}}"#)
    }
}

impl From<&Notice> for Finding {
    fn from(notice: &Notice) -> Self {
        Self { rule: notice.rule(), pointer: notice.pointer().clone(), message: notice.message().to_owned() }
    }
}

impl<R: Refuses> From<&Violation<R>> for Finding {
    fn from(violation: &Violation<R>) -> Self {
        Self { rule: violation.rule(), pointer: violation.pointer().clone(), message: violation.message().to_owned() }
    }
}

/// A JSON string.
pub fn quoted(text: &str) -> String {
    Json::string(text).to_string()
}

pub fn list<T>(items: &[T], write: impl FnMut(&T) -> String) -> String {
    items.iter().map(write).collect::<Vec<_>>().join(",")
}

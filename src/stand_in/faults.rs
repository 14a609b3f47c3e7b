//! What a request asks for by a header: an error or a refusal, and a policy.

use axum::{
    http::{HeaderMap, HeaderName},
    response::{IntoResponse, Response},
};

use super::served::Served;
use crate::{
    engine::ObjectWriter,
    report::{Outside, Refuses, Reply},
};

/// The header that asks for an error or a refusal.
const BREAK: HeaderName = HeaderName::from_static("x-user-patch-break");
/// The header that has a policy for the request.
const POLICY: HeaderName = HeaderName::from_static("x-user-patch-policy");

/// The answer to a request that goes no further.
pub(super) type Answered = Box<Response>;

/// What is to come of a request.
pub(super) enum Break<R> {
    /// What lies outside of an update.
    Outside(Outside),
    /// The refusal of an update.
    Refusal(R),
}

/// What a request asks for.
pub(super) struct Faults<'h, M: Served> {
    pub(super) broken: Option<Break<M::Refusal>>,
    pub(super) policy: Option<&'h str>,
}

impl<'h, M: Served> Faults<'h, M> {
    pub(super) const fn none() -> Self {
        Self { broken: None, policy: None }
    }

    /// Reads the headers. `decides` is whether the request is one that a rule can refuse.
    pub(super) fn read(headers: &'h HeaderMap, decides: bool) -> Result<Self, Answered> {
        let broken = match text(headers, &BREAK)? {
            None => None,
            Some("401") => Some(Break::Outside(Outside::Unauthenticated)),
            Some("429") => Some(Break::Outside(Outside::TooManyRequests)),
            Some("500") => Some(Break::Outside(Outside::Internal)),
            Some("503") => Some(Break::Outside(Outside::Unavailable)),
            Some(id) => match M::Refusal::ALL.iter().find(|refusal| refusal.rule().id == id) {
                Some(refusal) if decides => Some(Break::Refusal(*refusal)),
                Some(_) => return Err(wrong(&BREAK, "a rule refuses an update, and this request is none")),
                None if M::rules().iter().any(|rule| rule.id == id) => {
                    return Err(wrong(&BREAK, "this rule refuses nothing: it says what an accepted update does"));
                }
                None => {
                    let what = format!("must be 401, 429, 500, 503, or the id of a rule of {} that refuses", M::VENDOR);
                    return Err(wrong(&BREAK, &what));
                }
            },
        };
        Ok(Self { broken, policy: text(headers, &POLICY)? })
    }

    /// The context with the policy that the request has.
    pub(super) fn with_policy(&self, ctx: &mut M::Context) -> Result<(), Answered> {
        let Some(policy) = self.policy else { return Ok(()) };
        M::set_policy(ctx, policy).map_err(|invalid| wrong(&POLICY, invalid.message()))
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Answered> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(|value| value.to_str().map_err(|_| wrong(name, "must be ASCII"))).transpose()?;
    if values.next().is_some() {
        return Err(wrong(name, "must come once"));
    }
    Ok(value.map(str::trim))
}

/// A header that cannot be followed: 400, and not in a vendor's voice, for no vendor has it.
fn wrong(name: &HeaderName, what: &str) -> Answered {
    Box::new(plain(400, &format!("{name}: {what}")))
}

/// The stand-in's own error.
pub(super) fn plain(status: u16, message: &str) -> Response {
    let mut body = String::new();
    let mut writer = ObjectWriter::new(&mut body);
    writer.string("error", message);
    writer.end();
    Reply::new(status, body).into_response()
}

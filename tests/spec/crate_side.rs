//! What the library makes of a request: the only file here that knows it.

use serde_json::{Value, json};
use user_patch::{
    report::{Finding, Reply},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

use crate::{
    classes::{Case, Space},
    spec::{self, Decision, LISTED, Place},
};

/// Something that decides the requests of a space.
pub(crate) trait Decides: Sync {
    fn decide(&self, case: &Case) -> Decision;
}

/// A stored user or a context that the library does not read: no decision at all.
fn unreadable(what: &'static str, why: &str) -> Decision {
    let rules = vec![(what, why.to_owned())];
    let (user, reply) = (Value::Null, Value::Null);
    Decision { status: 0, rules, omitted: 0, changed: vec![], notices: vec![], user, headers: vec![], reply }
}

fn headers(reply: &Reply) -> Vec<(String, String)> {
    reply.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// How a vendor's users are compared, and its refusals without their words.
pub(crate) trait Compared: UpdateModel {
    fn normal(user: &Value) -> Value;
    fn shown(reply: &mut Value);
}

impl Compared for Fireworks {
    fn normal(user: &Value) -> Value {
        spec::fireworks::normal(user)
    }

    fn shown(reply: &mut Value) {
        shown_by_fireworks(reply);
    }
}

impl Compared for TrustedTwin {
    fn normal(user: &Value) -> Value {
        spec::trusted_twin::normal(user)
    }

    fn shown(reply: &mut Value) {
        shown_by_trusted_twin(reply);
    }
}

impl Compared for Elastic {
    fn normal(user: &Value) -> Value {
        spec::elastic::normal(user)
    }

    fn shown(reply: &mut Value) {
        shown_by_elastic(reply);
    }
}

/// A vendor's users and contexts, each read once, and how it decides.
pub(crate) struct Model<M: Compared> {
    users: Vec<Result<(M::User, Value), String>>,
    contexts: Vec<Result<M::Context, String>>,
}

impl<M: Compared> Model<M> {
    pub(crate) fn new(space: &Space) -> Self {
        let user = |user: &Value| {
            let read = M::user(user.to_string().as_bytes()).map_err(|why| why.to_string())?;
            let shown = M::normal(&serde_json::from_str(&M::user_json(&read)).unwrap());
            Ok((read, shown))
        };
        let context = |context: &Value| serde_json::from_str(&context.to_string()).map_err(|why| why.to_string());
        Self { users: space.users.iter().map(user).collect(), contexts: space.contexts.iter().map(context).collect() }
    }
}

impl<M: Compared> Decides for Model<M> {
    fn decide(&self, case: &Case) -> Decision {
        let ctx = match &self.contexts[case.context] {
            Ok(ctx) => ctx,
            Err(why) => return unreadable("no context", why),
        };
        let (stored, stored_json) = match &self.users[case.user] {
            Ok(user) => user,
            Err(why) => return unreadable("no user", why),
        };
        let mut user = stored.clone();
        let parsed = match case.mask {
            "" => M::parse(&case.text, ctx),
            mask => M::parse_masked(&case.text, mask, ctx).expect("a mask is for a vendor that has masks"),
        };
        match parsed.and_then(|patch| M::apply(&patch, &mut user, ctx)) {
            Ok(applied) => {
                let place = |place: &Finding| -> Place { (place.rule().id, place.pointer().as_str().to_owned()) };
                let changed = applied.changed().iter().map(|pointer| pointer.as_str().to_owned()).collect();
                let notices = applied.notices().iter().map(place).collect();
                let (reply, text) = (M::accepted(&user, ctx), M::user_json(&user));
                let shown: Value = serde_json::from_str(&reply.body).unwrap();
                let after = if reply.body == text { shown.clone() } else { serde_json::from_str(&text).unwrap() };
                Decision {
                    status: reply.status,
                    rules: vec![],
                    omitted: 0,
                    changed,
                    notices,
                    user: M::normal(&after),
                    headers: headers(&reply),
                    reply: shown,
                }
            }
            Err(violations) => {
                let places = violations.iter();
                let rules: Vec<Place> =
                    places.map(|place| (place.rule().id, place.pointer().as_str().to_owned())).collect();
                let reply = M::refused(&violations, ctx);
                let mut shown: Value = serde_json::from_str(&reply.body).unwrap();
                M::shown(&mut shown);
                let after = if user == *stored { stored_json.clone() } else { Value::Null };
                Decision {
                    status: reply.status,
                    // How a reply tells of the rules that are not listed is a matter of words.
                    reply: if rules.len() + violations.omitted() > LISTED { Value::Null } else { shown },
                    omitted: violations.omitted(),
                    rules,
                    changed: vec![],
                    notices: vec![],
                    user: after,
                    headers: headers(&reply),
                }
            }
        }
    }
}

fn blank(part: Option<&mut Value>) {
    if let Some(words) = part.filter(|words| words.is_string()) {
        *words = json!("*");
    }
}

fn shown_by_fireworks(reply: &mut Value) {
    blank(reply.get_mut("message"));
    let violations = reply.pointer_mut("/details/0/fieldViolations").and_then(Value::as_array_mut);
    violations.into_iter().flatten().for_each(|violation| blank(violation.get_mut("description")));
}

fn shown_by_trusted_twin(reply: &mut Value) {
    blank(reply.get_mut("description"));
}

/// Pairs of code and field, sorted: how errors are gathered follows from their messages.
fn shown_by_elastic(reply: &mut Value) {
    let Some(errors) = reply.get_mut("errors").and_then(Value::as_array_mut) else { return };
    let mut pairs: Vec<Value> = vec![];
    for error in errors.iter() {
        match error.get("fields").and_then(Value::as_array) {
            Some(fields) => pairs.extend(fields.iter().map(|field| json!([error["code"], field]))),
            None => pairs.push(json!([error["code"], null])),
        }
    }
    pairs.sort_by_key(Value::to_string);
    *errors = pairs;
}

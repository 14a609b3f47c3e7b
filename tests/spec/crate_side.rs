//! What the library makes of a request: the only file here that knows it.

use serde_json::{Value, json};
use user_patch::{elastic, fireworks, report::Reply, trusted_twin};

use crate::{
    classes::{Case, Space},
    spec::{self, Decision, LISTED, Place},
};

/// Something that decides the requests of a space.
pub trait Decides: Sync {
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

/// A room's users and contexts, each read once, and how it decides.
macro_rules! room {
    ($name:ident, $room:ident, |$patch:ident, $case:ident| $masked:expr, $shown:path) => {
        pub struct $name {
            users: Vec<Result<($room::User, Value), String>>,
            contexts: Vec<Result<$room::Context, String>>,
        }

        impl $name {
            pub fn new(space: &Space) -> Self {
                let user = |user: &Value| {
                    let read = $room::User::from_json(user.to_string().as_bytes()).map_err(|why| why.to_string())?;
                    let shown = spec::$room::normal(&serde_json::from_str(&read.to_json()).unwrap());
                    Ok((read, shown))
                };
                let context =
                    |context: &Value| serde_json::from_str(&context.to_string()).map_err(|why| why.to_string());
                Self {
                    users: space.users.iter().map(user).collect(),
                    contexts: space.contexts.iter().map(context).collect(),
                }
            }
        }

        impl Decides for $name {
            fn decide(&self, $case: &Case) -> Decision {
                let ctx = match &self.contexts[$case.context] {
                    Ok(ctx) => ctx,
                    Err(why) => return unreadable("no context", why),
                };
                let (stored, stored_json) = match &self.users[$case.user] {
                    Ok(user) => user,
                    Err(why) => return unreadable("no user", why),
                };
                let mut user = stored.clone();
                let parsed = $room::Patch::parse_with(&$case.text, &ctx.policy);
                match parsed.and_then(|$patch| $masked.apply(&mut user, ctx)) {
                    Ok(applied) => {
                        let place = |place: &user_patch::report::Notice| -> Place {
                            (place.rule().id, place.pointer().to_string())
                        };
                        let changed = applied.changed().iter().map(|pointer| pointer.as_str().to_owned()).collect();
                        let notices = applied.notices().iter().map(place).collect();
                        let (reply, text) = (user.reply(), user.to_json());
                        let shown: Value = serde_json::from_str(&reply.body).unwrap();
                        let after =
                            if reply.body == text { shown.clone() } else { serde_json::from_str(&text).unwrap() };
                        Decision {
                            status: reply.status,
                            rules: vec![],
                            omitted: 0,
                            changed,
                            notices,
                            user: spec::$room::normal(&after),
                            headers: headers(&reply),
                            reply: shown,
                        }
                    }
                    Err(violations) => {
                        let places = violations.iter();
                        let rules: Vec<Place> =
                            places.map(|place| (place.rule().id, place.pointer().as_str().to_owned())).collect();
                        let reply = violations.reply(ctx);
                        let mut shown: Value = serde_json::from_str(&reply.body).unwrap();
                        $shown(&mut shown);
                        let after = if user == *stored { stored_json.clone() } else { Value::Null };
                        Decision {
                            status: reply.status,
                            // How a reply tells of the rules that are not listed is not decided.
                            reply: if rules.len() > LISTED { Value::Null } else { shown },
                            omitted: 0,
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
    };
}

room!(Fireworks, fireworks, |patch, case| patch.with_mask(case.mask), shown_by_fireworks);
room!(TrustedTwin, trusted_twin, |patch, case| patch, shown_by_trusted_twin);
room!(Elastic, elastic, |patch, case| patch, shown_by_elastic);

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

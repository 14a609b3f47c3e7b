//! The requests, as a product: each family is a counter with a digit for the stored user, the context, the mask and each
//! member of the body, so that the request of any number is made without those before it.

pub(crate) mod elastic;
pub(crate) mod fireworks;
pub(crate) mod trusted_twin;

use serde_json::{Map, Value, json};

/// What a member of the body may be.
pub(crate) enum Class {
    Absent,
    Is(Value),
    /// What the stored user has there; absent where it has nothing.
    Stored,
}

/// A member of the body, by the names that lead to it.
pub(crate) struct Member {
    path: &'static [&'static str],
    classes: Vec<Class>,
}

/// One product. The members of the body come in the order in which they were added, and a container before what it holds.
#[derive(Default)]
pub(crate) struct Family {
    name: &'static str,
    /// Numbers of users, contexts and masks of the space.
    users: Vec<usize>,
    contexts: Vec<usize>,
    masks: Vec<&'static str>,
    members: Vec<Member>,
    /// Instead of members: bodies as bytes.
    bodies: Vec<Vec<u8>>,
}

/// All families of a vendor.
#[derive(Default)]
pub(crate) struct Space {
    pub users: Vec<Value>,
    pub contexts: Vec<Value>,
    pub families: Vec<Family>,
}

/// A request, with the stored user and the context by their numbers in the space.
pub(crate) struct Case {
    pub user: usize,
    pub context: usize,
    pub mask: &'static str,
    pub text: Vec<u8>,
}

impl Space {
    /// Begins a family; users and contexts that the space has already are shared.
    pub(crate) fn family(&mut self, name: &'static str, users: &[Value], contexts: &[Value]) -> &mut Family {
        let users = users.iter().map(|user| number(&mut self.users, user)).collect();
        let contexts = contexts.iter().map(|context| number(&mut self.contexts, context)).collect();
        self.families.push(Family { name, users, contexts, masks: vec![""], ..Family::default() });
        self.families.last_mut().unwrap()
    }

    pub(crate) fn len(&self) -> usize {
        self.families.iter().map(Family::len).sum()
    }
}

fn number(all: &mut Vec<Value>, one: &Value) -> usize {
    all.iter().position(|known| known == one).unwrap_or_else(|| {
        all.push(one.clone());
        all.len() - 1
    })
}

impl Family {
    pub(crate) fn masks(&mut self, masks: &[&'static str]) -> &mut Self {
        self.masks = masks.to_vec();
        self
    }

    pub(crate) fn member(&mut self, path: &'static [&'static str], classes: Vec<Class>) -> &mut Self {
        self.members.push(Member { path, classes });
        self
    }

    pub(crate) fn bodies(&mut self, bodies: Vec<Vec<u8>>) -> &mut Self {
        self.bodies = bodies;
        self
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn len(&self) -> usize {
        let members: usize = self.members.iter().map(|member| member.classes.len()).product();
        let bodies = self.bodies.len().max(1);
        self.users.len() * self.contexts.len() * self.masks.len() * members * bodies
    }

    /// The request of that number. The users and contexts turn slowest.
    pub(crate) fn case(&self, space: &Space, index: usize) -> Case {
        let mut rest = index;
        let mut digit = |radix: usize| {
            let digit = rest % radix;
            rest /= radix;
            digit
        };
        let chosen: Vec<usize> = self.members.iter().map(|member| digit(member.classes.len())).collect();
        let body = digit(self.bodies.len().max(1));
        let mask = self.masks[digit(self.masks.len())];
        let user = self.users[digit(self.users.len())];
        let context = self.contexts[digit(self.contexts.len())];
        if let Some(text) = self.bodies.get(body) {
            return Case { user, context, mask, text: text.clone() };
        }
        let mut body = Value::Object(Map::new());
        for (member, chosen) in self.members.iter().zip(chosen) {
            match &member.classes[chosen] {
                Class::Absent => {}
                Class::Is(value) => put(&mut body, member.path, value),
                Class::Stored => {
                    let stored = member.path.iter().try_fold(&space.users[user], |value, name| value.get(name));
                    if let Some(stored) = stored {
                        put(&mut body, member.path, stored);
                    }
                }
            }
        }
        Case { user, context, mask, text: body.to_string().into_bytes() }
    }
}

/// Puts a member where it belongs; a container that is another value already has no members.
fn put(body: &mut Value, path: &[&str], value: &Value) {
    match path {
        [] => *body = value.clone(),
        [name, rest @ ..] => {
            if let Some(members) = body.as_object_mut() {
                let part = members.entry(*name).or_insert_with(|| json!({}));
                put(part, rest, value);
            }
        }
    }
}

/// Absent, as stored, and each of these values.
pub(crate) fn each(values: Vec<Value>) -> Vec<Class> {
    let mut classes = vec![Class::Absent, Class::Stored];
    classes.extend(values.into_iter().map(Class::Is));
    classes
}

/// Absent, and each of these values.
pub(crate) fn some(values: Vec<Value>) -> Vec<Class> {
    let mut classes = vec![Class::Absent];
    classes.extend(values.into_iter().map(Class::Is));
    classes
}

/// As stored, and each of these values.
pub(crate) fn given(values: Vec<Value>) -> Vec<Class> {
    each(values).into_iter().skip(1).collect()
}

/// Objects with each choice of each member; a choice that is `"-"` leaves it out.
pub(crate) fn objects(members: &[(&str, &[Value])]) -> Vec<Value> {
    let mut all = vec![json!({})];
    for (name, choices) in members {
        let with = |object: &Value, choice: &Value| {
            let mut object = object.clone();
            if choice != "-" {
                object[*name] = choice.clone();
            }
            object
        };
        all = all.iter().flat_map(|object| choices.iter().map(move |choice| with(object, choice))).collect();
    }
    all
}

/// The policies of a vendor: each key with its values, the default first.
pub(crate) type Policies<'a> = &'a [(&'a str, Vec<Value>)];

/// No policy, and each value of each alone.
pub(crate) fn alone(policies: Policies) -> Vec<Value> {
    let named = policies.iter().flat_map(|(key, values)| values.iter().map(move |value| json!({ *key: value })));
    [json!({})].into_iter().chain(named).collect()
}

/// Each value of each alone, and each two that are not defaults together.
pub(crate) fn in_pairs(policies: Policies) -> Vec<Value> {
    let mut all = alone(policies);
    for (at, (one, values)) in policies.iter().enumerate() {
        for (other, others) in &policies[at + 1..] {
            let pairs = values.iter().skip(1).flat_map(|value| others.iter().skip(1).map(move |more| (value, more)));
            all.extend(pairs.map(|(value, more)| json!({ *one: value, *other: more })));
        }
    }
    all
}

/// Each caller under each policy.
pub(crate) fn contexts(callers: &[Value], policies: &[Value]) -> Vec<Value> {
    let under = |policy: &Value, caller: &Value| {
        let mut context = caller.clone();
        if policy.as_object().is_some_and(|policy| !policy.is_empty()) {
            context["policy"] = policy.clone();
        }
        context
    };
    policies.iter().flat_map(|policy| callers.iter().map(move |caller| under(policy, caller))).collect()
}

/// Texts that no vendor can read, or that are no object.
pub(crate) fn bodies() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "{",
        "{}",
        " { } ",
        "{}{}",
        "{\"a\":1,}",
        "nothing",
        "null",
        "true",
        "1",
        "\"string\"",
        "\"{}\"",
        "\"{\\\"full_name\\\":\\\"Ada\\\"}\"",
        "\"[]\"",
        "\"{\"",
        "\"\\\"{}\\\"\"",
        "[]",
        "[{}]",
        "[[[]]]",
        "{\"a\":[[[]]]}",
        "\u{feff}{}",
        "{\"a\":\"\\ud800\"}",
        "\"\\ud800\"",
        "{\"a\":01}",
        "{\"role\":\"user\",\"role\":\"user\"}",
        "{\"email\":null,\"\\u0065mail\":\"a\"}",
        "{\"x\":[0,{\"a/b\":1,\"a/b\":2}]}",
        "\"{\\\"security\\\":{\\\"roles\\\":[],\\\"roles\\\":[]}}\"",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    bodies.push(vec![0xff]);
    bodies.push(b"{\"a\":\"\xc3\"}".to_vec());
    bodies
}

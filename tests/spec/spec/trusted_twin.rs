//! Trusted Twin, "Update a User", with the decisions where the page is silent.

use serde_json::{Map, Value, json};

use super::{Decision, Place, Request, now, seconds, under, unread};

/// What the page has in the response and not among the parameters.
const READ_ONLY: [&str; 4] = ["uuid", "account", "created_ts", "updated_ts"];

pub(crate) fn decide(request: &Request) -> Decision {
    // "the "update_user" permission must be included in the list of allowed actions in the statement of the User's Role":
    // known before a byte of the body is read, and told alone.
    if !allows(request.context.get("statement")) {
        return refused(vec![("trusted_twin.statement", String::new())], request);
    }
    let body = match request.read_object(65_536, false) {
        Ok(body) => body,
        Err(_) if request.text.is_empty() && request.policy_is("emptyBody", "unchanged") => Map::new(),
        Err(why) => return refused(unread("trusted_twin", why), request),
    };

    let stored = normal(request.user);
    let mut user = stored.clone();
    let (mut rules, mut changed, mut notices) = (vec![], vec![], vec![]);
    for (name, value) in &body {
        let pointer = under("", name);
        let current = stored.get(name);
        let is_changed = match name.as_str() {
            // "If "description" with the value null is provided": removed, and what is not there is null.
            "description" => *value != *current.unwrap_or(&Value::Null),
            "role" => !same_uuid(value, current),
            _ => Some(value) != current,
        };
        let wrong = match (name.as_str(), value) {
            ("name" | "role", value) if !value.is_string() => vec![("trusted_twin.type", pointer.clone())],
            // What stands may stay, whatever the rules say of it.
            ("name" | "role" | "description", _) if !is_changed => vec![],
            ("name", Value::String(name)) if !is_name(name) => vec![("trusted_twin.name", pointer.clone())],
            ("role", Value::String(role)) if !is_uuid(role) => vec![("trusted_twin.role", pointer.clone())],
            ("role", Value::String(role)) if !is_known(role, request) => {
                vec![("trusted_twin.role.known", pointer.clone())]
            }
            ("description", Value::Object(attributes)) => {
                let bad = attributes.keys().filter(|key| !is_key(key));
                bad.map(|key| ("trusted_twin.description.key", under(&pointer, key))).collect()
            }
            ("description", value) if !value.is_null() => vec![("trusted_twin.description", pointer.clone())],
            ("name" | "role" | "description", _) => vec![],
            (name, value) if READ_ONLY.contains(&name) => {
                // An absent one is null; one UUID in two cases is one.
                let is_uuid = ["uuid", "account"].contains(&name);
                let equal = *value == *current.unwrap_or(&Value::Null) || is_uuid && same_uuid(value, current);
                let ignores = match request.policy("readOnly").and_then(Value::as_str) {
                    Some("ignore") => true,
                    Some("refuseChanged") => equal,
                    _ => false,
                };
                if ignores {
                    notices.push(("trusted_twin.read_only.ignored", pointer));
                    continue;
                }
                vec![("trusted_twin.read_only", pointer.clone())]
            }
            _ => match request.policy("unknownMembers").and_then(Value::as_str) {
                Some("keep") => vec![],
                Some("ignore") => {
                    notices.push(("trusted_twin.unknown_member.ignored", pointer));
                    continue;
                }
                _ => vec![("trusted_twin.unknown_member", pointer.clone())],
            },
        };
        if wrong.is_empty() && is_changed {
            // "Any optional parameters provided in the request will replace current parameters."
            user[name] = value.clone();
            changed.push(pointer);
        }
        rules.extend(wrong);
    }
    if !rules.is_empty() {
        return refused(rules, request);
    }
    if let (false, Some(now)) = (changed.is_empty(), now(request.context)) {
        user["updated_ts"] = seconds(&now);
    }
    let user = normal(&user);
    Decision::accepted(changed, notices, user.clone(), user)
}

/// "The response will not return the "description" field": a description that is null is none.
pub(crate) fn normal(user: &Value) -> Value {
    let mut normal = user.clone();
    if user.get("description").is_some_and(Value::is_null) {
        normal.as_object_mut().unwrap().remove("description");
    }
    normal
}

/// Actions that are null are none: `{"effect":"deny","actions":null}` allows everything.
fn allows(statement: Option<&Value>) -> bool {
    let Some(statement) = statement.filter(|statement| !statement.is_null()) else { return true };
    let listed = statement["actions"].as_array().is_some_and(|actions| actions.contains(&json!("update_user")));
    if statement["effect"] == "deny" { !listed } else { listed }
}

/// One UUID in two cases is one; what is stored and no UUID is only what it is.
fn same_uuid(value: &Value, current: Option<&Value>) -> bool {
    match (value.as_str(), current.and_then(Value::as_str)) {
        (Some(new), Some(old)) => new == old || is_uuid(new) && is_uuid(old) && new.eq_ignore_ascii_case(old),
        _ => false,
    }
}

/// `[0-9A-Za-z][0-9A-Za-z_ \-]{0,30}[0-9A-Za-z]`, the whole string.
fn is_name(name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    let ends = [letters.first(), letters.last()].iter().all(|end| end.is_some_and(char::is_ascii_alphanumeric));
    let inside = letters.iter().all(|letter| letter.is_ascii_alphanumeric() || "_ -".contains(*letter));
    ends && inside && (2..=32).contains(&letters.len())
}

/// `[a-z_][0-9a-z_]{0,63}`, the whole string.
fn is_key(key: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let first_is_digit = key.starts_with(|first: char| first.is_ascii_digit());
    !first_is_digit && key.chars().all(allowed) && (1..=64).contains(&key.chars().count())
}

/// Hyphenated, in any case.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.concat().chars().all(|digit| digit.is_ascii_hexdigit())
}

/// Asked only where the context knows the roles of the account.
fn is_known(role: &str, request: &Request) -> bool {
    let Some(roles) = request.context.get("roles").and_then(Value::as_array) else { return true };
    roles.iter().filter_map(Value::as_str).any(|known| known.eq_ignore_ascii_case(role))
}

fn refused(rules: Vec<Place>, request: &Request) -> Decision {
    let code = |rule: &str| match rule {
        "trusted_twin.statement" => (403, 403_535),
        "trusted_twin.body.size" => (400, 400_141),
        "trusted_twin.body.utf8" => (400, 400_314),
        "trusted_twin.body.malformed" => (400, 400_415),
        "trusted_twin.role.known" => (404, 404_653),
        _ => (400, 400_589),
    };
    // What is wrong with the request outranks what it did not find.
    let (status, subcode) = rules.iter().map(|(rule, _)| code(rule)).min().unwrap();
    let subcode = match request.policy_is("subcode", "number") {
        true => json!(subcode),
        false => json!(subcode.to_string()),
    };
    let trace = request.context.get("trace").cloned().unwrap_or(Value::Null);
    Decision::refused(
        status,
        rules,
        &normal(request.user),
        |_| json!({"subcode": subcode, "trace": trace, "description": "*"}),
    )
}

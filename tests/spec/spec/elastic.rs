//! Elastic Cloud Enterprise, "Updates the current user", with the decisions where the page is silent.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Decision, Place, Request, at, dotted, instant, now, rfc3339, under, unread};

/// The members that the page names, with what they are; `!` marks those that no update sets.
const MEMBERS: [(&str, &str); 21] = [
    ("/user_name", "!string"),
    ("/full_name", "string"),
    ("/email", "string"),
    ("/builtin", "!boolean"),
    ("/security", "object"),
    ("/security/roles", "strings"),
    ("/security/permissions", "!strings"),
    ("/security/enabled", "boolean"),
    ("/security/elevated_permissions", "!object"),
    ("/security/elevated_permissions/enabled", "boolean"),
    ("/security/elevated_permissions/expires_at", "date"),
    ("/security/security_realm", "!object"),
    ("/security/security_realm/type", "string"),
    ("/security/security_realm/id", "string"),
    ("/metadata", "object"),
    ("/metadata/created_by", "!string"),
    ("/metadata/created_at", "!date"),
    ("/metadata/updated_by", "!string"),
    ("/metadata/updated_at", "!date"),
    ("/metadata/first_login_at", "!date"),
    ("/metadata/last_login_at", "!date"),
];

/// Those that null does not take away.
const DEFAULTED: [&str; 2] = ["/security/roles", "/security/enabled"];

const ADMIN: &str = "ece_platform_admin";
const KNOWN: [&str; 4] = [ADMIN, "ece_platform_viewer", "ece_deployment_manager", "ece_deployment_viewer"];

/// In the order of the page.
const CODES: &str =
    "user.roles.invalid user.roles.forbidden user.restricted_field user.cannot_modify_external user.cannot_modify";

pub(crate) fn decide(request: &Request) -> Decision {
    // Told before who it is that cannot be modified.
    let body = match request.read_object(1_048_576, request.policy_is("stringBody", "decode")) {
        Ok(body) => body,
        Err(why) => return refused(unread("elastic", why), request),
    };
    let stored = normal(request.user);
    if stored.get("builtin") == Some(&json!(true)) {
        return refused(vec![("elastic.builtin", String::new())], request);
    }
    if at(&stored, "/security/security_realm/type").and_then(Value::as_str).is_some_and(|realm| realm != "native") {
        return refused(vec![("elastic.external", String::new())], request);
    }

    let (mut rules, mut notices) = (vec![], vec![]);
    let mut patch = body.clone();
    let password = patch.get_mut("security").and_then(Value::as_object_mut).and_then(|part| part.remove("password"));
    let mut result = merge(&stored, &Value::Object(patch), "");
    stand(&stored, &mut result, &body, &mut notices);

    if request.policy_is("unknownMembers", "refuse") {
        let known = |name: &str| MEMBERS.iter().any(|(pointer, _)| *pointer == under("", name));
        let unknown = body.keys().filter(|name| !known(name)).map(|name| under("", name));
        rules.extend(unknown.map(|place| ("elastic.unknown_member", place)));
    }
    if !request.policy_is("misplacedPassword", "keep") {
        misplaced(&Value::Object(body.clone()), &stored, "", &mut rules);
    }
    if result.get("security").is_none() {
        rules.push(("elastic.required", "/security".to_owned()));
    }
    let mut wrong = BTreeSet::new();
    for (pointer, kind) in &MEMBERS {
        let (before, after) = (at(&stored, pointer), at(&result, pointer));
        if before != after && after.is_some_and(|value| !is_kind(value, kind.trim_start_matches('!'))) {
            wrong.insert(*pointer);
            rules.push(("elastic.type", (*pointer).to_owned()));
        }
        if kind.starts_with('!') {
            let mut differing = vec![];
            differences(there(before), there(after), pointer, &mut differing);
            rules.extend(differing.into_iter().map(|place| ("elastic.restricted", place)));
        }
    }
    let holds = roles(&stored);
    let enabled = |user: &Value| at(user, "/security/enabled").and_then(Value::as_bool).unwrap_or(true);
    if !wrong.contains("/security/enabled") && enabled(&stored) != enabled(&result) && !holds.contains(ADMIN) {
        rules.push(("elastic.restricted.enabled", "/security/enabled".to_owned()));
    }
    if !wrong.contains("/security/roles") {
        let found = wrong_roles(request, &holds, &roles(&result));
        rules.extend(found.into_iter().map(|rule| (rule, "/security/roles".to_owned())));
    }
    let place = "/security/password".to_owned();
    match &password {
        None => {}
        Some(Value::Null) => notices.push(("elastic.password.null", place)),
        Some(Value::String(password)) if password.chars().count() >= 8 => {}
        Some(Value::String(_)) => rules.push(("elastic.password.length", place)),
        Some(_) => rules.push(("elastic.type", place)),
    }
    if !rules.is_empty() {
        return refused(rules, request);
    }

    let mut changed = vec![];
    differences(Some(&stored), Some(&result), "", &mut changed);
    if password.is_some_and(|password| !password.is_null()) {
        changed.push("/security/password".to_owned());
    }
    let actor = request.context.get("actor").filter(|actor| !actor.is_null()).cloned();
    let time = now(request.context).map(|now| json!(rfc3339(&now)));
    for (name, value) in [("updated_at", time), ("updated_by", actor)] {
        if let (false, Some(value)) = (changed.is_empty(), value) {
            if !result["metadata"].is_object() {
                result["metadata"] = json!({});
            }
            result["metadata"][name] = value;
        }
    }
    Decision::accepted(changed, notices, result.clone(), result)
}

/// "Only used when modifying a user": no user has a password.
pub(crate) fn normal(user: &Value) -> Value {
    let mut normal = user.clone();
    if let Some(security) = normal.get_mut("security").and_then(Value::as_object_mut) {
        security.remove("password");
    }
    normal
}

/// RFC 7386, section 2; but that a null repeats a null that is stored where no update sets it, or where it is the default.
fn merge(target: &Value, patch: &Value, pointer: &str) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut merged = target.as_object().cloned().unwrap_or_default();
    for (name, value) in patch {
        let place = under(pointer, name);
        match (value, merged.get(name).unwrap_or(&Value::Null)) {
            (Value::Null, Value::Null) if stays(&place) => {}
            (Value::Null, _) => _ = merged.remove(name),
            (value, current) => _ = merged.insert(name.clone(), merge(current, value, &place)),
        }
    }
    Value::Object(merged)
}

fn stays(place: &str) -> bool {
    let is_in = |known: &str| place.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    MEMBERS.iter().any(|(known, kind)| kind.starts_with('!') && is_in(known)) || DEFAULTED.contains(&place)
}

/// The defaults of what was set to null, and what is the same in another writing: that stays as it is written.
fn stand(stored: &Value, result: &mut Value, body: &Map<String, Value>, notices: &mut Vec<Place>) {
    for (pointer, _) in MEMBERS.iter().filter(|(_, kind)| kind.ends_with("date")) {
        let (before, after) = (at(stored, pointer), at(result, pointer));
        let time = |value: Option<&Value>| value.and_then(Value::as_str).and_then(instant);
        if before != after && time(before).is_some() && time(before) == time(after) {
            *result.pointer_mut(pointer).unwrap() = before.unwrap().clone();
        }
    }
    if result.get("builtin") == Some(&json!(false)) && stored.get("builtin").is_none_or(Value::is_null) {
        let members = result.as_object_mut().unwrap();
        members.remove("builtin");
        members.extend(stored.get("builtin").map(|value| ("builtin".to_owned(), value.clone())));
    }
    let (Some(security), Some(given)) = (result.get_mut("security"), body.get("security")) else { return };
    if !security.is_object() {
        return;
    }
    let before = &stored["security"];
    for (name, default) in [("roles", json!([])), ("enabled", json!(true))] {
        // Where nothing is stored nothing is written.
        if given.get(name) == Some(&Value::Null) && before.get(name).is_some_and(|value| !value.is_null()) {
            security[name] = default;
        }
    }
    for name in ["roles", "permissions"] {
        let set = |part: &Value| -> Option<BTreeSet<String>> {
            let listed = part.get(name)?.as_array()?.iter();
            listed.map(|element| element.as_str().map(str::to_owned)).collect()
        };
        if set(security).is_some() && set(security) == set(before) {
            security[name] = before[name].clone();
        }
    }
    let Some(given) = given.get("roles").and_then(Value::as_array) else { return };
    let mut once: Vec<&Value> = vec![];
    for role in given {
        if !once.contains(&role) {
            once.push(role);
        }
    }
    if once.len() < given.len() && given.iter().all(Value::is_string) {
        notices.push(("elastic.roles.once", "/security/roles".to_owned()));
        if security["roles"] != before["roles"] {
            security["roles"] = json!(once);
        }
    }
}

/// A member that is null is as good as none.
fn there(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

/// The objects whose members have places of their own: what lies below the others is one value.
fn has_places(pointer: &str) -> bool {
    pointer.is_empty() || MEMBERS.iter().any(|(known, kind)| *known == pointer && kind.ends_with("object"))
}

/// Where two values differ: as deep as both are objects, and there are places.
fn differences(before: Option<&Value>, after: Option<&Value>, pointer: &str, found: &mut Vec<String>) {
    match (before, after) {
        _ if before == after => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) if has_places(pointer) => {
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            let at = |name: &str| (before.get(name), after.get(name), under(pointer, name));
            names.into_iter().map(|name| at(name)).for_each(|(one, other, at)| differences(one, other, &at, found));
        }
        _ => found.push(pointer.to_owned()),
    }
}

fn is_kind(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "boolean" => value.is_boolean(),
        "strings" => value.as_array().is_some_and(|elements| elements.iter().all(Value::is_string)),
        _ => value.is_string(),
    }
}

/// A member named password anywhere but in its place; a null takes one away, and a stored one may be repeated.
fn misplaced(value: &Value, stored: &Value, pointer: &str, rules: &mut Vec<Place>) {
    let null = &Value::Null;
    match value {
        _ if value.is_null() || value == stored || pointer == "/security/password" => {}
        _ if pointer.to_lowercase().ends_with("/password") => {
            let mut told = pointer;
            while let Some((above, _)) = told.rsplit_once('/').filter(|(above, _)| !has_places(above)) {
                told = above;
            }
            let place = ("elastic.password.misplaced", told.to_owned());
            if !rules.contains(&place) {
                rules.push(place);
            }
        }
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            misplaced(value, stored.get(name).unwrap_or(null), &under(pointer, name), rules);
        }),
        // An array is replaced whole.
        Value::Array(elements) => elements.iter().for_each(|value| misplaced(value, null, &under(pointer, "0"), rules)),
        _ => {}
    }
}

fn roles(user: &Value) -> BTreeSet<String> {
    let listed = at(user, "/security/roles").and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Roles are judged one by one, and only those that are added.
fn wrong_roles(request: &Request, holds: &BTreeSet<String>, gets: &BTreeSet<String>) -> Vec<&'static str> {
    let listed = |name: &str| -> Option<BTreeSet<String>> {
        let roles = request.context.get(name)?.as_array()?;
        Some(roles.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    };
    let known = listed("knownRoles").unwrap_or_else(|| KNOWN.map(str::to_owned).into());
    let default = if holds.contains(ADMIN) { known.clone() } else { BTreeSet::new() };
    let assignable = listed("assignableRoles").unwrap_or(default);
    let added: Vec<&String> = gets.difference(holds).collect();
    let mut found = vec![];
    if added.iter().any(|role| !known.contains(*role)) {
        found.push("elastic.roles.known");
    }
    let has = |role: &str| gets.contains(role);
    let excluded = has(ADMIN) && gets.len() > 1 || has("ece_deployment_manager") && has("ece_deployment_viewer");
    if !added.is_empty() && excluded && request.policy("roleCombinations") != Some(&json!(false)) {
        found.push("elastic.roles.combination");
    }
    if added.iter().any(|role| known.contains(*role) && !assignable.contains(*role)) {
        found.push("elastic.roles.assignable");
    }
    found
}

fn code(rule: &str) -> String {
    match rule {
        "elastic.builtin" => "user.cannot_modify".to_owned(),
        "elastic.external" => "user.cannot_modify_external".to_owned(),
        "elastic.restricted" | "elastic.restricted.enabled" => "user.restricted_field".to_owned(),
        "elastic.roles.known" | "elastic.roles.combination" => "user.roles.invalid".to_owned(),
        "elastic.roles.assignable" => "user.roles.forbidden".to_owned(),
        other => other.replacen("elastic.", "user_patch.", 1),
    }
}

/// The errors of the reply as pairs of code and field, sorted: how they are gathered follows from their messages.
fn refused(rules: Vec<Place>, request: &Request) -> Decision {
    let listed = CODES.split(' ').filter(|listed| rules.iter().any(|(rule, _)| code(rule) == *listed));
    let codes: Vec<&str> = listed.collect();
    let mut decision = Decision::refused(400, rules, &normal(request.user), |rules| {
        let field = |pointer: &str| if pointer.is_empty() { Value::Null } else { json!(dotted(pointer)) };
        let mut errors: Vec<_> = rules.iter().map(|(rule, pointer)| json!([code(rule), field(pointer)])).collect();
        errors.sort_by_key(Value::to_string);
        json!({ "errors": errors })
    });
    if !codes.is_empty() {
        decision.headers.push(("x-cloud-error-codes".to_owned(), codes.join(",")));
    }
    decision
}

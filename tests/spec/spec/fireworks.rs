//! Fireworks AI, "Update User", with the decisions where the page is silent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Decision, Place, Request, dotted, instant, now, rfc3339, under, unread};

const WRITABLE: [&str; 5] = ["role", "displayName", "serviceAccount", "email", "permissionPreset"];
const READ_ONLY: [&str; 5] = ["name", "createTime", "updateTime", "state", "status"];
/// What the proto spells in another way.
const SNAKE: [(&str, &str); 5] = [
    ("displayName", "display_name"),
    ("serviceAccount", "service_account"),
    ("permissionPreset", "permission_preset"),
    ("createTime", "create_time"),
    ("updateTime", "update_time"),
];

/// "The user's role: admin, user, contributor, inference-user, or custom."
const ROLES: [&str; 5] = ["admin", "user", "contributor", "inference-user", "custom"];

/// "STATE_UNSPECIFIED, CREATING, READY, UPDATING, DELETING"
const STATES: &str = "STATE_UNSPECIFIED CREATING READY UPDATING DELETING";

/// The options of `gatewayCode`.
const CODES: &str = "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED \
    UNAUTHENTICATED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS";

pub(crate) fn decide(request: &Request) -> Decision {
    let object = match request.read_object(1_048_576, false) {
        Ok(object) => object,
        Err(why) => return refused(unread("fireworks", why), request),
    };
    let mut body: BTreeMap<&str, &Value> = BTreeMap::new();
    for (name, value) in &object {
        // Both spellings of one member at once: a duplicate, and a body that cannot be read is told alone.
        if documented(name).is_some_and(|member| body.insert(member, value).is_some()) {
            return refused(vec![("fireworks.body.duplicate", under("", name))], request);
        }
    }

    // First the shape: what can be said without the stored user.
    let (mut shape, mut values, mut notices) = (vec![], vec![], vec![]);
    let mut unknown = |pointer: String| match request.policy_is("unknownMembers", "ignore") {
        true => notices.push(("fireworks.unknown_member.ignored", pointer)),
        false => shape.push(("fireworks.unknown_member", pointer)),
    };
    object.keys().filter(|name| documented(name).is_none()).for_each(|name| unknown(under("", name)));
    let inside = body.get("status").and_then(|status| status.as_object()).into_iter().flat_map(Map::keys);
    inside.filter(|name| *name != "code" && *name != "message").for_each(|name| unknown(under("/status", name)));
    let mut wrong = BTreeSet::new();
    for (member, value) in &body {
        let places = wrong_types(member, value);
        wrong.extend((!places.is_empty()).then_some(*member));
        shape.extend(places.into_iter().map(|pointer| ("fireworks.type", pointer)));
    }
    let explicit = !request.mask.is_empty();
    let mut read_only: BTreeSet<&str> = READ_ONLY.into_iter().filter(|member| body.contains_key(member)).collect();
    let mask = if explicit {
        explicit_mask(request, &mut shape, &mut read_only)
    } else {
        Some(derived_mask(request, &body, &mut notices))
    };

    let stored = normal(request.user);
    for member in read_only {
        // Compared as JSON values; an absent one is null, and a state that is not specified.
        let mut kept = request.user.as_object().unwrap().iter().filter(|(name, _)| documented(name) == Some(member));
        let kept = kept.next().map_or(&Value::Null, |(_, value)| value);
        let absent = |value: &Value| value.is_null() || member == "state" && *value == "STATE_UNSPECIFIED";
        let refuses = match request.policy("readOnly").and_then(Value::as_str) {
            Some("refuse") => true,
            Some("refuseChanged") => {
                body.get(member).is_some_and(|value| *value != kept && !(absent(value) && absent(kept)))
            }
            _ => false,
        };
        let (found, rule) = match refuses {
            true => (&mut values, "fireworks.read_only"),
            false => (&mut notices, "fireworks.read_only.ignored"),
        };
        found.push((rule, format!("/{member}")));
    }
    // A mask that cannot be taken does not say what it sets: no value is judged.
    let Some(masked) = mask else {
        return refused(shape.into_iter().chain(values).collect(), request);
    };

    // "" and absent are one, as are false and absent.
    let text = |member: &str| stored.get(member).and_then(Value::as_str).unwrap_or("").to_owned();
    let given = |member: &str| body.get(member).and_then(|value| value.as_str()).unwrap_or("").to_owned();
    let sets = |member: &str| masked.contains(member) && !wrong.contains(member);
    let mut next: BTreeMap<&str, Value> = BTreeMap::new();
    for member in ["role", "displayName", "email", "permissionPreset"] {
        if sets(member) && given(member) != text(member) {
            next.insert(member, json!(given(member)));
        }
    }
    let service = |user: Option<&Value>| user.and_then(Value::as_bool).unwrap_or(false);
    let is_service = service(body.get("serviceAccount").copied());
    if sets("serviceAccount") && is_service != service(stored.get("serviceAccount")) {
        next.insert("serviceAccount", json!(is_service));
    }

    // Then permission, before any value is judged.
    let is_admin = request.context.get("admin").and_then(Value::as_bool).unwrap_or(true);
    if next.contains_key("serviceAccount") && !is_admin {
        let denied = vec![("fireworks.service_account.admin", "/serviceAccount".to_owned())];
        return if shape.is_empty() { refused(denied, request) } else { refused(shape, request) };
    }

    // Then the values: those that change.
    let immutable = request.policy("immutable") == Some(&json!(true));
    for member in ["email", "serviceAccount"].into_iter().filter(|member| immutable && next.contains_key(member)) {
        values.push(("fireworks.immutable", format!("/{member}")));
    }
    if next.get("displayName").and_then(Value::as_str).is_some_and(|name| name.chars().count() >= 64) {
        values.push(("fireworks.display_name.length", "/displayName".to_owned()));
    }
    let always = !explicit && !request.policy_is("role", "whenMasked");
    let role = if masked.contains("role") { given("role") } else { text("role") };
    let role_is_wrong = if masked.contains("role") && wrong.contains("role") {
        true
    } else if masked.contains("role") && role.is_empty() || always && !masked.contains("role") {
        values.push(("fireworks.role.required", "/role".to_owned()));
        true
    } else if next.contains_key("role") && !request.policy_is("roles", "open") && !ROLES.contains(&role.as_str()) {
        values.push(("fireworks.role.known", "/role".to_owned()));
        true
    } else {
        false
    };
    // A role that is refused says nothing of the preset, nor does a preset of another type.
    let preset_is_wrong = masked.contains("permissionPreset") && wrong.contains("permissionPreset");
    if !role_is_wrong && !preset_is_wrong {
        let pointer = "/permissionPreset".to_owned();
        let needs = request.policy("customNeedsPreset") != Some(&json!(false));
        let preset = given("permissionPreset");
        let pair_changes = next.contains_key("role") || next.contains_key("permissionPreset");
        if !pair_changes {
            // What stands may stay: a dormant preset, a missing one.
        } else if masked.contains("permissionPreset") {
            if role != "custom" && !preset.is_empty() {
                values.push(("fireworks.preset.only_custom", pointer));
            } else if role == "custom" && preset.is_empty() && needs {
                values.push(("fireworks.preset.needed", pointer));
            }
        } else if role == "custom" && needs {
            // The role was another before: what is stored beside it is dormant and counts as none.
            values.push(("fireworks.preset.needed", pointer));
        } else if !text("permissionPreset").is_empty() {
            // Left behind unasked, or about to awake under a policy that needs none: cleared, or refused.
            if request.policy_is("leavingCustom", "refuse") {
                values.push(("fireworks.preset.left", pointer));
            } else {
                next.insert("permissionPreset", json!(""));
                notices.push(("fireworks.preset.cleared", pointer));
            }
        }
    }
    if !shape.is_empty() || !values.is_empty() {
        return refused(shape.into_iter().chain(values).collect(), request);
    }

    if explicit {
        let outside = WRITABLE.into_iter().filter(|member| body.contains_key(member) && !masked.contains(member));
        notices.extend(outside.map(|member| ("fireworks.mask.outside", format!("/{member}"))));
    } else if object.is_empty() {
        notices.push(("fireworks.nothing", String::new()));
    }
    let changed: Vec<_> = next.keys().map(|member| format!("/{member}")).collect();
    let mut user = stored;
    if let (false, Some(now)) = (changed.is_empty(), now(request.context)) {
        next.insert("updateTime", json!(rfc3339(&now)));
    }
    let members = user.as_object_mut().unwrap();
    members.extend(next.into_iter().map(|(member, value)| (member.to_owned(), value)));
    let user = normal(&user);
    let reply = if request.policy_is("emptyMembers", "emit") { emitted(&user) } else { user.clone() };
    Decision::accepted(changed, notices, user, reply)
}

/// The member that is spelled so: in the page's way, or in that of its proto.
fn documented(name: &str) -> Option<&'static str> {
    let camel = SNAKE.iter().find(|(_, snake)| *snake == name).map_or(name, |(camel, _)| camel);
    WRITABLE.into_iter().chain(READ_ONLY).find(|member| *member == camel)
}

/// A user in one spelling, without members that have their default value: that is how a reply shows it too.
pub(crate) fn normal(user: &Value) -> Value {
    let mut normal = Map::new();
    for (name, value) in user.as_object().unwrap() {
        let member = documented(name);
        let unspecified = member == Some("state") && *value == "STATE_UNSPECIFIED";
        if member.is_none() || !(is_empty(value) || unspecified) {
            normal.insert(member.unwrap_or(name).to_owned(), value.clone());
        }
    }
    Value::Object(normal)
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || *value == "" || *value == false
}

/// As a gateway shows it that emits unpopulated members.
fn emitted(user: &Value) -> Value {
    let mut reply = json!({"role": "", "name": "", "displayName": "", "serviceAccount": false, "createTime": null,
        "email": "", "state": "STATE_UNSPECIFIED", "status": null, "updateTime": null, "permissionPreset": ""});
    reply.as_object_mut().unwrap().extend(user.as_object().unwrap().clone());
    reply
}

/// Where a member does not have the type of the page; null is an accepted value for all.
fn wrong_types(member: &str, value: &Value) -> Vec<String> {
    let is_enum = |value: &Value, names: &str| match value {
        Value::Null => true,
        Value::String(name) => names.split(' ').any(|listed| name == listed),
        Value::Number(number) => number.as_f64().is_some_and(|number| number == f64::from(number as i32)),
        _ => false,
    };
    let right = match (member, value) {
        (_, Value::Null) => true,
        ("serviceAccount", value) => value.is_boolean(),
        ("createTime" | "updateTime", value) => value.as_str().is_some_and(|text| instant(text).is_some()),
        ("state", value) => is_enum(value, STATES),
        ("status", Value::Object(status)) => {
            let null = Value::Null;
            let (code, message) = (status.get("code").unwrap_or(&null), status.get("message").unwrap_or(&null));
            let code = (!is_enum(code, CODES)).then(|| "/status/code".to_owned());
            let message = (!message.is_null() && !message.is_string()).then(|| "/status/message".to_owned());
            return code.into_iter().chain(message).collect();
        }
        ("status", _) => false,
        (_, value) => value.is_string(),
    };
    if right { vec![] } else { vec![format!("/{member}")] }
}

type Masked = BTreeSet<&'static str>;

fn explicit_mask(request: &Request, shape: &mut Vec<Place>, read_only: &mut BTreeSet<&str>) -> Option<Masked> {
    if request.mask == "*" {
        return Some(WRITABLE.into());
    }
    let camel_case = request.policy("camelCaseMask") != Some(&json!(false));
    let lower = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    let more = |letter: char| letter.is_ascii_digit() || camel_case && letter.is_ascii_uppercase();
    let letters = |part: &str| part.starts_with(lower) && part.chars().all(|letter| lower(letter) || more(letter));
    if !request.mask.split(',').all(|path| path.split('.').all(letters)) {
        shape.push(("fireworks.mask.syntax", String::new()));
        return None;
    }
    let (mut masked, mut named, told) = (BTreeSet::new(), vec![], shape.len());
    let snake = |letter: char| match letter.is_ascii_uppercase() {
        true => format!("_{}", letter.to_ascii_lowercase()),
        false => letter.to_string(),
    };
    for path in request.mask.split(',').map(|path| path.chars().map(snake).collect::<String>()) {
        let (top, rest) = path.split_once('.').map_or((path.as_str(), None), |(top, rest)| (top, Some(rest)));
        match (documented(top), rest) {
            (Some(member), None) if WRITABLE.contains(&member) => _ = masked.insert(member),
            (Some(member), None) => named.push(member),
            (Some("status"), Some("code" | "message")) => named.push("status"),
            _ => shape.push(("fireworks.mask.path", format!("/{}", path.replace('.', "/")))),
        }
    }
    read_only.extend(named);
    (shape.len() == told).then_some(masked)
}

fn derived_mask(request: &Request, body: &BTreeMap<&str, &Value>, notices: &mut Vec<Place>) -> Masked {
    let mut masked = BTreeSet::new();
    for member in WRITABLE {
        let populated = body.get(member).is_some_and(|value| !is_empty(value));
        let masks = match request.policy("withoutMask").and_then(Value::as_str) {
            Some("replace") => true,
            Some("populated") => populated,
            _ => body.contains_key(member),
        };
        if masks {
            masked.insert(member);
        } else if body.contains_key(member) {
            notices.push(("fireworks.mask.populated", format!("/{member}")));
        }
    }
    masked
}

fn refused(rules: Vec<Place>, request: &Request) -> Decision {
    let is_denied = rules.iter().any(|(rule, _)| *rule == "fireworks.service_account.admin");
    let (status, code) = if is_denied { (403, 7) } else { (400, 3) };
    Decision::refused(status, rules, &normal(request.user), |rules| {
        let field = |(rule, pointer): &Place| match *rule {
            "fireworks.mask.syntax" => "updateMask".to_owned(),
            _ => dotted(pointer),
        };
        let violations: Vec<_> = rules.iter().map(|place| json!({"field": field(place), "description": "*"})).collect();
        let details = json!([{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}]);
        json!({"code": code, "message": "*", "details": details})
    })
}

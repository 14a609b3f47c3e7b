//! What a backend does without this crate, on the same bytes.

use std::{collections::BTreeMap, hint::black_box};

use jsonschema::Validator;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{Operation, Payload, Vendor, Verb, value};

pub(super) fn operation(payload: &Payload, verb: Verb) -> Operation {
    let (body, user) = (payload.body.clone(), value(payload.user));
    let compiled = || {
        let schema = jsonschema::validator_for(&schema(payload.vendor)).unwrap();
        assert!(!schema.is_valid(&value(&payload.refused())), "the schema looks at what the rules look at");
        schema
    };
    match verb {
        Verb::Ignored => {
            Operation::new(move || serde_json::from_slice::<IgnoredAny>(&body), |read| assert!(read.is_ok()))
        }
        Verb::Derived => derived(payload),
        Verb::Value => {
            let expected = value(&body);
            Operation::new(
                move || serde_json::from_slice::<Value>(&body).unwrap(),
                move |read| assert_eq!(read, expected),
            )
        }
        Verb::RefusedValue => {
            let body = payload.refused();
            let expected = value(&body);
            Operation::new(
                move || serde_json::from_slice::<Value>(&body).unwrap(),
                move |read| assert_eq!(read, expected),
            )
        }
        Verb::Validated => {
            let (schema, expected) = (compiled(), value(&body));
            Operation::new(move || validated(&body, &schema).unwrap(), move |read| assert_eq!(read, expected))
        }
        Verb::Assembled => {
            let (schema, expected) = (compiled(), merged(payload));
            Operation::new(move || assembled(&body, &schema, &user).unwrap(), move |after| assert_eq!(after, expected))
        }
        Verb::AssembledReply => {
            let (schema, expected) = (compiled(), merged(payload));
            Operation::new(
                move || {
                    let after = assembled(&body, &schema, &user).unwrap();
                    (serde_json::to_string(&after).unwrap(), after)
                },
                move |(reply, after)| assert!(value(reply.as_bytes()) == expected && after == expected),
            )
        }
        Verb::PeerDiff => {
            let (before, after) = payload.before_and_after();
            let (user, expected) = (before.clone(), after.clone());
            Operation::new(
                move || json_patch::diff(&before, &after),
                move |patch| {
                    let mut user = user.clone();
                    json_patch::patch(&mut user, &patch).unwrap();
                    assert_eq!(user, expected);
                },
            )
        }
        Verb::PeerDiffUnchanged => {
            let (before, _) = payload.before_and_after();
            let copy = before.clone();
            Operation::new(move || json_patch::diff(&before, &copy), |patch| assert!(patch.0.is_empty()))
        }
        _ => unreachable!("{verb:?} is ours"),
    }
}

fn validated(body: &[u8], schema: &Validator) -> Option<Value> {
    let patch = serde_json::from_slice(body).ok()?;
    schema.is_valid(&patch).then_some(patch)
}

fn assembled(body: &[u8], schema: &Validator, user: &Value) -> Option<Value> {
    let patch = validated(body, schema)?;
    let mut after = user.clone();
    json_patch::merge(&mut after, &patch);
    Some(after)
}

/// What the assembled pipeline makes of the user. It merges the dictionary of Trusted Twin, where the page replaces it, and so
/// loses the nulls in its values.
fn merged(payload: &Payload) -> Value {
    let mut user = payload.updated();
    if payload.vendor == Vendor::TrustedTwin {
        for value in user["description"].as_object_mut().unwrap().values_mut() {
            if let Value::Object(inner) = value {
                inner.retain(|_, value| !value.is_null());
            }
        }
    }
    user
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FireworksBody<'a> {
    role: Option<&'a str>,
    display_name: Option<&'a str>,
    service_account: Option<bool>,
    email: Option<&'a str>,
    permission_preset: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrustedTwinBody<'a> {
    name: Option<&'a str>,
    role: Option<&'a str>,
    #[serde(borrow)]
    description: Option<BTreeMap<&'a str, IgnoredAny>>,
}

#[derive(Deserialize)]
struct ElasticBody<'a> {
    full_name: Option<&'a str>,
    email: Option<&'a str>,
    #[serde(borrow)]
    security: Option<ElasticSecurity<'a>>,
    #[serde(borrow)]
    metadata: Option<BTreeMap<&'a str, IgnoredAny>>,
}

#[derive(Deserialize)]
struct ElasticSecurity<'a> {
    #[serde(borrow)]
    roles: Option<Vec<&'a str>>,
    enabled: Option<bool>,
}

/// The struct that comes to mind: absent and null are one, the last of two members wins where nothing forbids it, and of the
/// dictionary only the keys are read.
fn derived(payload: &Payload) -> Operation {
    let body = payload.body.clone();
    // What a struct has to hold afterwards: a value for each member that is not null, and the members of those.
    let members = value(&payload.body);
    let members = members.as_object().unwrap().values().filter(|value| !value.is_null());
    let expected: usize = members.map(|value| 1 + value.as_object().map_or(0, serde_json::Map::len)).sum();
    let work: fn(&[u8]) -> serde_json::Result<usize> = match payload.vendor {
        Vendor::Fireworks => |body| {
            let FireworksBody { role, display_name, service_account, email, permission_preset } =
                black_box(serde_json::from_slice(body)?);
            let texts = [role, display_name, email, permission_preset];
            Ok(texts.iter().flatten().count() + usize::from(service_account.is_some()))
        },
        Vendor::TrustedTwin => |body| {
            let TrustedTwinBody { name, role, description } = black_box(serde_json::from_slice(body)?);
            Ok([name, role].iter().flatten().count() + description.map_or(0, |keys| 1 + keys.len()))
        },
        Vendor::Elastic => |body| {
            let ElasticBody { full_name, email, security, metadata } = black_box(serde_json::from_slice(body)?);
            let security = security.map_or(0, |security| {
                1 + usize::from(security.roles.is_some()) + usize::from(security.enabled.is_some())
            });
            Ok([full_name, email].iter().flatten().count() + security + metadata.map_or(0, |keys| 1 + keys.len()))
        },
    };
    Operation::new(move || work(&body), move |held| assert_eq!(held.unwrap(), expected))
}

/// What the rules of the vendor say, as far as a schema can say it: neither what depends on the user nor what is to be a
/// duplicate.
fn schema(vendor: Vendor) -> Value {
    let uuid = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$";
    let text = json!({ "type": ["string", "null"] });
    match vendor {
        Vendor::Fireworks => json!({
            "type": "object",
            "required": ["role"],
            "additionalProperties": false,
            "properties": {
                "role": { "enum": ["admin", "user", "contributor", "inference-user", "custom"] },
                "displayName": { "type": ["string", "null"], "maxLength": 63 },
                "serviceAccount": { "type": ["boolean", "null"] },
                "email": text,
                "permissionPreset": text,
            },
        }),
        Vendor::TrustedTwin => json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "name": { "type": "string", "pattern": "^[0-9A-Za-z][0-9A-Za-z_ -]{0,30}[0-9A-Za-z]$" },
                "role": { "type": "string", "pattern": uuid },
                "description": {
                    "type": ["object", "null"],
                    "propertyNames": { "pattern": "^[a-z_][0-9a-z_]{0,63}$" },
                },
            },
        }),
        Vendor::Elastic => json!({
            "type": "object",
            "properties": {
                "full_name": text,
                "email": text,
                "security": {
                    "type": "object",
                    "properties": {
                        "roles": {
                            "type": ["array", "null"],
                            "items": {
                                "enum": [
                                    "ece_platform_admin",
                                    "ece_platform_viewer",
                                    "ece_deployment_manager",
                                    "ece_deployment_viewer",
                                ],
                            },
                        },
                        "enabled": { "type": ["boolean", "null"] },
                        "password": { "type": ["string", "null"], "minLength": 8 },
                    },
                },
                "metadata": { "type": ["object", "null"] },
            },
        }),
    }
}

//! The switches of the policies as text, for the page's form.

use crate::{
    elastic,
    engine::{ObjectWriter, write_array},
    fireworks, trusted_twin,
    vendor::Vendor,
};

/// A switch of a policy.
struct Switch {
    key: &'static str,
    /// Its values as JSON, the default first; of a number the default alone.
    values: Vec<String>,
    /// Whether it is a number, and `null` is one of its values.
    number: Option<bool>,
}

fn flag(key: &'static str, default: bool) -> Switch {
    Switch { key, values: vec![default.to_string(), (!default).to_string()], number: None }
}

fn limits(max_bytes: Option<usize>, max_depth: u8) -> [Switch; 2] {
    let bytes = max_bytes.map_or_else(|| "null".to_owned(), |bytes| bytes.to_string());
    [
        Switch { key: "maxBytes", values: vec![bytes], number: Some(true) },
        Switch { key: "maxDepth", values: vec![max_depth.to_string()], number: Some(false) },
    ]
}

/// The values of an enum that `switch!` made.
macro_rules! names {
    ($key:literal, $switch:ty) => {
        Switch {
            key: $key,
            values: <$switch>::ALL.iter().map(|value| format!("\"{}\"", value.name())).collect(),
            number: None,
        }
    };
}

/// The switches of a vendor's policy: the limits, then the others in the order of the policy's members.
fn switches(vendor: Vendor) -> Vec<Switch> {
    let (limits, others) = match vendor {
        Vendor::Fireworks => {
            let policy = fireworks::Policy::default();
            let others = vec![
                names!("role", fireworks::RolePresence),
                names!("roles", fireworks::Roles),
                names!("unknownMembers", fireworks::UnknownMembers),
                names!("readOnly", fireworks::ReadOnly),
                names!("withoutMask", fireworks::WithoutMask),
                names!("emptyMembers", fireworks::EmptyMembers),
                flag("customNeedsPreset", policy.custom_needs_preset),
                names!("leavingCustom", fireworks::LeavingCustom),
                flag("immutable", policy.immutable),
                flag("camelCaseMask", policy.camel_case_mask),
            ];
            (limits(policy.max_bytes, policy.max_depth), others)
        }
        Vendor::TrustedTwin => {
            let policy = trusted_twin::Policy::default();
            let others = vec![
                names!("unknownMembers", trusted_twin::UnknownMembers),
                names!("readOnly", trusted_twin::ReadOnly),
                names!("emptyBody", trusted_twin::EmptyBody),
                names!("subcode", trusted_twin::Subcode),
            ];
            (limits(policy.max_bytes, policy.max_depth), others)
        }
        Vendor::Elastic => {
            let policy = elastic::Policy::default();
            let others = vec![
                names!("unknownMembers", elastic::UnknownMembers),
                names!("stringBody", elastic::StringBody),
                flag("roleCombinations", policy.role_combinations),
                names!("misplacedPassword", elastic::MisplacedPassword),
            ];
            (limits(policy.max_bytes, policy.max_depth), others)
        }
    };
    limits.into_iter().chain(others).collect()
}

/// The switches of each vendor, as JSON: `{"fireworks":[{"key":…,"values":[…],"number":…,"nullable":…},…],…}`.
pub(super) fn json() -> String {
    let mut out = String::new();
    let mut writer = ObjectWriter::new(&mut out);
    for vendor in Vendor::ALL {
        write_array(writer.plain(vendor.name()), switches(*vendor), |out, switch| {
            let mut writer = ObjectWriter::new(out);
            writer.string("key", switch.key);
            write_array(writer.plain("values"), switch.values, |out, value| out.push_str(&value));
            writer.plain("number").push_str(if switch.number.is_some() { "true" } else { "false" });
            writer.plain("nullable").push_str(if switch.number == Some(true) { "true" } else { "false" });
            writer.end();
        });
    }
    writer.end();
    out
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::{json, switches};
    use crate::{elastic, exchange::context, fireworks, trusted_twin, vendor::Vendor};

    fn read<C: DeserializeOwned + Default>(policy: &str) -> Result<C, String> {
        context(format!("{{\"policy\":{policy}}}").as_bytes()).map_err(|wrong| wrong.message().to_owned())
    }

    fn check<C: DeserializeOwned + Default + PartialEq + std::fmt::Debug>(vendor: Vendor) {
        let switches = switches(vendor);
        for switch in &switches {
            for (at, value) in switch.values.iter().enumerate() {
                let policy = format!(r#"{{"{}":{value}}}"#, switch.key);
                let is_default = read::<C>(&policy).unwrap() == C::default();
                assert_eq!(is_default, at == 0, "{vendor}: {policy}");
            }
        }
        // The reader lists what it knows.
        let known = read::<C>(r#"{"nobody knows it":1}"#).unwrap_err();
        for switch in &switches {
            assert!(known.contains(&format!("`{}`", switch.key)), "{}: {known}", switch.key);
        }
        assert_eq!(known.matches('`').count() / 2 - 1, switches.len(), "{vendor}: {known}");
    }

    #[test]
    fn each_switch_and_each_value_is_one_of_the_policy() {
        check::<fireworks::Context>(Vendor::Fireworks);
        check::<trusted_twin::Context>(Vendor::TrustedTwin);
        check::<elastic::Context>(Vendor::Elastic);
        assert!(serde_json::from_str::<serde_json::Value>(&json()).is_ok());
    }
}

//! Users, bodies and contexts of few values, in all their combinations, for the tests of this module.

use super::{context::Context, patch::Patch, user::User};

/// What each part of a document may be; nothing where it is not there.
const SECURITY: &[&[&str]] = &[
    &[
        "",
        r#""roles":null"#,
        r#""roles":[]"#,
        r#""roles":["ece_platform_viewer"]"#,
        r#""roles":["ece_platform_admin"]"#,
        r#""roles":["ece_platform_viewer","legacy"]"#,
        r#""roles":["legacy","ece_platform_viewer","legacy"]"#,
        r#""roles":["ece_deployment_manager","ece_deployment_viewer"]"#,
    ],
    &["", "", r#""enabled":null"#, r#""enabled":true"#, r#""enabled":false"#],
    &["", "", "", r#""permissions":["a","b"]"#, r#""permissions":["b","a"]"#, r#""permissions":null"#],
    &[
        "",
        "",
        "",
        r#""security_realm":{"type":"native"}"#,
        r#""security_realm":{"type":null}"#,
        r#""security_realm":{}"#,
    ],
    &[
        "",
        "",
        r#""seat":null"#,
        r#""seat":{"a":1}"#,
        r#""seat":{"b":2}"#,
        r#""seat":5"#,
        r#""PASSWORD":"x""#,
        r#""PASSWORD":null"#,
    ],
];
const PASSWORD: &[&str] =
    &["", "", r#""password":null"#, r#""password":"correct horse""#, r#""password":"battery staple""#];
const METADATA: &[&[&str]] = &[
    &["", "", r#""created_by":"root""#, r#""created_by":null"#],
    &[
        "",
        "",
        r#""updated_at":"2024-05-04T09:42:00Z""#,
        r#""updated_at":"2024-05-04T09:42:00+00:00""#,
        r#""updated_at":"2025-01-01T00:00:00Z""#,
    ],
    &["", "", r#""updated_by":"root""#, r#""updated_by":"ada""#],
    &["", "", r#""note":null"#, r#""note":1"#, r#""note":{"a":1}"#, r#""note":{"a":null}"#],
];
const TOP: &[&[&str]] = &[
    &["", "", r#""full_name":null"#, r#""full_name":"Ada""#, r#""full_name":"\u0041da""#, r#""full_name":"Bob""#],
    &["", "", "", r#""builtin":false"#, r#""builtin":null"#],
    &[
        "",
        "",
        r#""x":null"#,
        r#""x":1"#,
        r#""x":{"a":1,"b":{"c":1}}"#,
        r#""x":{"a":null}"#,
        r#""x":{"b":{"c":2}}"#,
        r#""x":[1,null]"#,
    ],
    &[
        "",
        "",
        "",
        r#""team":{"password":"x"}"#,
        r#""team":{"password":null,"n":1}"#,
        r#""team":null"#,
        r#""team":[{"password":"x"}]"#,
    ],
];

/// Numbers that are the same in every run.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % count
    }

    fn one<'s>(&mut self, of: &[&'s str]) -> &'s str {
        of[self.below(of.len())]
    }

    /// Some of the parts; most bodies have few.
    fn some(&mut self, parts: &[&[&'static str]], sparse: bool) -> Vec<&'static str> {
        let mut some = Vec::new();
        for part in parts {
            if !sparse || self.below(3) == 0 {
                some.push(self.one(part));
            }
        }
        some.retain(|part| !part.is_empty());
        some
    }

    pub(super) fn user(&mut self) -> User {
        let mut top = vec![r#""user_name":"ada""#.to_owned()];
        top.push(format!(r#""security":{{{}}}"#, self.some(SECURITY, false).join(",")));
        match self.below(4) {
            0 => {}
            1 => top.push(r#""metadata":null"#.to_owned()),
            _ => top.push(format!(r#""metadata":{{{}}}"#, self.some(METADATA, false).join(","))),
        }
        top.extend(self.some(TOP, false).into_iter().map(str::to_owned));
        User::from_json(format!("{{{}}}", top.join(",")).as_bytes()).unwrap()
    }

    pub(super) fn patch(&mut self) -> Patch<'static> {
        let mut top: Vec<String> = self.some(TOP, true).into_iter().map(str::to_owned).collect();
        if self.below(2) == 0 {
            let mut security = self.some(SECURITY, true);
            security.push(self.one(PASSWORD));
            security.retain(|part| !part.is_empty());
            top.push(format!(r#""security":{{{}}}"#, security.join(",")));
        }
        match self.below(6) {
            0 => top.push(r#""metadata":null"#.to_owned()),
            1..=3 => top.push(format!(r#""metadata":{{{}}}"#, self.some(METADATA, true).join(","))),
            _ => {}
        }
        Patch::parse(format!("{{{}}}", top.join(",")).as_bytes(), &Context::default()).unwrap().into_owned()
    }

    pub(super) fn context(&mut self) -> Context {
        let texts = [
            "{}",
            r#"{"now":"2025-01-01T00:00:00Z","actor":"ada"}"#,
            r#"{"assignableRoles":["ece_platform_admin","ece_platform_viewer","ece_deployment_manager","ece_deployment_viewer"]}"#,
            r#"{"policy":{"misplacedPassword":"keep","roleCombinations":false}}"#,
            r#"{"now":"2025-01-01T00:00:00Z","policy":{"misplacedPassword":"keep"}}"#,
        ];
        serde_json::from_str(texts[self.below(texts.len())]).unwrap()
    }
}

/// How many times a law is tried.
pub(super) const TRIES: usize = 6_000;

/// A user without what the vendor keeps by itself.
pub(super) fn settled(user: &User) -> serde_json::Value {
    let mut value: serde_json::Value = serde_json::from_str(&user.to_json()).unwrap();
    for name in ["permissions", "elevated_permissions"] {
        value["security"].as_object_mut().unwrap().remove(name);
    }
    if let Some(roles) = value["security"].get_mut("roles").and_then(|roles| roles.as_array_mut()) {
        roles.sort_by_key(ToString::to_string);
        roles.dedup();
    }
    for (above, name) in [("/security", "security_realm"), ("", "builtin")] {
        let object = value.pointer_mut(above).unwrap().as_object_mut().unwrap();
        if object.get(name).is_some_and(|value| value.is_null() || *value == false) {
            object.remove(name);
        }
    }
    if let Some(realm) = value.pointer_mut("/security/security_realm").and_then(|realm| realm.as_object_mut()) {
        realm.retain(|_, value| !value.is_null());
    }
    let kept = ["created_by", "created_at", "updated_by", "updated_at", "first_login_at", "last_login_at"];
    if let Some(metadata) = value.get_mut("metadata") {
        if let Some(members) = metadata.as_object_mut() {
            members.retain(|name, _| !kept.contains(&&**name));
        }
        if metadata.is_null() || *metadata == serde_json::json!({}) {
            value.as_object_mut().unwrap().remove("metadata");
        }
    }
    value
}

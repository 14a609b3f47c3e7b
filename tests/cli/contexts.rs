//! Every key of a context and of its policy: what is read, and that nothing else is.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::run;

/// What a key takes.
enum Takes {
    /// One of these names, and nothing but a string.
    Names(&'static [&'static str]),
    Boolean,
    /// These texts are read, and those are not.
    Texts(&'static [&'static str], &'static [&'static str]),
}

use Takes::{Boolean, Names, Texts};

const UUID: &str = r#"["5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"]"#;

const MAX_BYTES: Takes =
    Texts(&["null", "0", "65536", "1048576", "4294967296"], &[r#""65536""#, "-1", "1.5", "[]", "{}", "true"]);
const MAX_DEPTH: Takes = Texts(&["0", "1", "128", "255"], &["null", "256", "-1", r#""128""#, "[128]", "{}", "1.5"]);
const NOW: Takes = Texts(
    &[r#""2026-01-01T00:00:00Z""#, r#""2026-01-01T00:00:00.123987654+02:00""#, "1700000000.123", "0"],
    &["true", "[]", "{}", r#""geheim""#, r#""2026-01-01""#, r#""""#, "1e400"],
);
const STRING: Takes = Texts(&[r#""""#, r#""geheim""#], &["5", "[]", "{}", "true"]);
const STRINGS: Takes = Texts(&["[]", r#"["a","a"]"#], &["5", r#""a""#, "{}", "[5]", "[null]", r#"[["a"]]"#]);

/// A vendor, a user and a patch of it that are accepted, the keys of its context, and those of its policy.
struct Case {
    vendor: &'static str,
    request: &'static str,
    context: &'static [(&'static str, Takes)],
    policy: &'static [(&'static str, Takes)],
}

const CASES: [Case; 3] = [
    Case {
        vendor: "fireworks",
        request: r#""user":{"role":"user"},"patch":{"role":"user"}"#,
        context: &[("admin", Boolean), ("now", NOW), ("policy", POLICY)],
        policy: &[
            ("maxBytes", MAX_BYTES),
            ("maxDepth", MAX_DEPTH),
            ("role", Names(&["inBody", "whenMasked"])),
            ("roles", Names(&["closed", "open"])),
            ("unknownMembers", Names(&["refuse", "ignore"])),
            ("readOnly", Names(&["ignore", "refuse", "refuseChanged"])),
            ("withoutMask", Names(&["fromBody", "populated", "replace"])),
            ("emptyMembers", Names(&["omit", "emit"])),
            ("customNeedsPreset", Boolean),
            ("leavingCustom", Names(&["clearPreset", "refuse"])),
            ("immutable", Boolean),
            ("camelCaseMask", Boolean),
        ],
    },
    Case {
        vendor: "trusted-twin",
        request: r#""user":{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"},"patch":{"name":"Operator"}"#,
        context: &[
            ("statement", STATEMENT),
            (
                "roles",
                Texts(
                    &["[]", UUID, r#"["5B1C7F5A-2D3E-4C7B-9A52-0F6A1E3D9C10"]"#],
                    &["5", "{}", r#"["geheim"]"#, r#"["{5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10}"]"#, "[null]"],
                ),
            ),
            ("trace", STRING),
            ("now", NOW),
            ("policy", POLICY),
        ],
        policy: &[
            ("maxBytes", MAX_BYTES),
            ("maxDepth", MAX_DEPTH),
            ("unknownMembers", Names(&["refuse", "ignore", "keep"])),
            ("readOnly", Names(&["refuse", "refuseChanged", "ignore"])),
            ("emptyBody", Names(&["refuse", "unchanged"])),
            ("subcode", Names(&["string", "number"])),
        ],
    },
    Case {
        vendor: "elastic",
        request: r#""user":{"user_name":"ada","security":{}},"patch":{"full_name":"Ada"}"#,
        context: &[
            ("assignableRoles", STRINGS),
            ("knownRoles", STRINGS),
            ("actor", STRING),
            ("now", NOW),
            ("policy", POLICY),
        ],
        policy: &[
            ("maxBytes", MAX_BYTES),
            ("maxDepth", MAX_DEPTH),
            ("unknownMembers", Names(&["keep", "refuse"])),
            ("stringBody", Names(&["refuse", "decode"])),
            ("roleCombinations", Boolean),
            ("misplacedPassword", Names(&["refuse", "keep"])),
        ],
    },
];

const POLICY: Takes = Texts(&["{}"], &["null", "[]", "[65536]", r#"["inBody"]"#, "5", r#""open""#, "true"]);
const STATEMENT: Takes = Texts(
    &[
        r#"{"effect":"allow","actions":["update_user"]}"#,
        r#"{"actions":[],"effect":"allow"}"#,
        r#"{"effect":"deny","actions":null}"#,
        r#"{"effect":"deny","actions":["update_user","update_user"]}"#,
    ],
    &[
        "null",
        "{}",
        "[]",
        r#"["allow",["update_user"]]"#,
        r#"{"effect":"allow"}"#,
        r#"{"actions":[]}"#,
        r#"{"effect":{"allow":null},"actions":[]}"#,
        r#"{"effect":["allow"],"actions":[]}"#,
        r#"{"effect":"Allow","actions":[]}"#,
        r#"{"effect":0,"actions":[]}"#,
        r#"{"effect":null,"actions":[]}"#,
        r#"{"effect":"allow","actions":"update_user"}"#,
        r#"{"effect":"allow","actions":{"update_user":true}}"#,
        r#"{"effect":"allow","actions":[null]}"#,
        r#"{"effect":"allow","actions":[],"resources":[]}"#,
    ],
);

impl Takes {
    /// What is read.
    fn good(&self) -> Vec<String> {
        match self {
            Names(names) => names.iter().map(|name| format!(r#""{name}""#)).collect(),
            Boolean => vec!["true".to_owned(), "false".to_owned()],
            Texts(good, _) => good.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    /// What is not.
    fn bad(&self) -> Vec<String> {
        let always = ["5", "[]", "{}"].map(str::to_owned);
        match self {
            Names(names) => {
                let first = names[0];
                let others = [
                    format!(r#"{{"{first}":null}}"#),
                    format!(r#"{{"{first}":{{}}}}"#),
                    format!(r#"["{first}"]"#),
                    format!(r#""{}""#, first.to_uppercase()),
                    format!(r#"" {first}""#),
                    r#""""#.to_owned(),
                    r#""geheim""#.to_owned(),
                    "null".to_owned(),
                    "true".to_owned(),
                    "0".to_owned(),
                ];
                always.into_iter().chain(others).collect()
            }
            Boolean => {
                let others = [r#""true""#, "null", "0", "1", "[true]", r#"{"true":null}"#].map(str::to_owned);
                always.into_iter().chain(others).collect()
            }
            Texts(_, bad) => bad.iter().map(|&text| text.to_owned()).collect(),
        }
    }
}

/// What is said of each context: nothing where it is read.
fn read(case: &Case, contexts: &[String]) -> Vec<Option<String>> {
    let lines: Vec<_> = contexts
        .iter()
        .map(|context| format!(r#"{{"vendor":"{}",{},"context":{context}}}"#, case.vendor, case.request))
        .collect();
    let replies = run(&["batch"], lines.join("\n").as_bytes());
    let errors: Vec<_> = replies
        .stdout
        .lines()
        .map(|reply| {
            serde_json::from_str::<Value>(reply).unwrap().get("error").map(|error| error.as_str().unwrap().to_owned())
        })
        .collect();
    assert_eq!(errors.len(), contexts.len());
    errors
}

#[track_caller]
fn assert_read(case: &Case, contexts: &[String]) {
    for (context, error) in contexts.iter().zip(read(case, contexts)) {
        assert_eq!(error, None, "{}: {context}", case.vendor);
    }
}

#[track_caller]
fn assert_not_read(case: &Case, contexts: &[String]) {
    for (context, error) in contexts.iter().zip(read(case, contexts)) {
        let Some(error) = error else { panic!("{}: {context} is read", case.vendor) };
        assert!(error.starts_with("`context`: not a context: "), "{context}: {error}");
        assert!(!error.contains("geheim"), "{context}: {error}");
    }
}

/// What stands between back quotes behind `expected`.
fn names(error: &str) -> BTreeSet<&str> {
    let listed = error.split_once("expected").unwrap_or_else(|| panic!("{error}")).1;
    listed.split('`').skip(1).step_by(2).collect()
}

#[test]
fn each_key_takes_each_of_its_values_and_no_other() {
    for case in &CASES {
        let of = |wrap: &dyn Fn(&str, &str) -> String, keys: &[(&str, Takes)], texts: fn(&Takes) -> Vec<String>| {
            keys.iter()
                .flat_map(|(key, takes)| texts(takes).into_iter().map(|text| wrap(key, &text)).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        let member = |key: &str, text: &str| format!(r#"{{"{key}":{text}}}"#);
        let in_policy = |key: &str, text: &str| format!(r#"{{"policy":{{"{key}":{text}}}}}"#);
        assert_read(case, &of(&member, case.context, Takes::good));
        assert_read(case, &of(&in_policy, case.policy, Takes::good));
        assert_not_read(case, &of(&member, case.context, Takes::bad));
        assert_not_read(case, &of(&in_policy, case.policy, Takes::bad));
    }
}

#[test]
fn all_keys_stand_together() {
    for case in &CASES {
        let all = |keys: &[(&str, Takes)], at: usize| {
            let members: Vec<_> = keys
                .iter()
                .filter(|(key, _)| *key != "policy")
                .map(|(key, takes)| {
                    let good = takes.good();
                    format!(r#""{key}":{}"#, good[at % good.len()])
                })
                .collect();
            members.join(",")
        };
        let contexts: Vec<_> = (0..4)
            .map(|at| format!(r#"{{{},"policy":{{{}}}}}"#, all(case.context, at), all(case.policy, at)))
            .collect();
        assert_read(case, &contexts);
    }
}

#[test]
fn an_unknown_key_lists_the_known_ones() {
    for case in &CASES {
        for (context, keys) in [(r#"{"bogus":1}"#, case.context), (r#"{"policy":{"bogus":1}}"#, case.policy)] {
            let error = read(case, &[context.to_owned()]).remove(0).unwrap();
            assert!(error.contains("unknown field `bogus`"), "{error}");
            assert_eq!(names(&error), keys.iter().map(|(key, _)| *key).collect(), "{}", case.vendor);
        }
        // Keys are spelled as they are listed.
        let spelled = |key: &str| format!(r#"{{"policy":{{"{key}":null}}}}"#);
        assert_not_read(case, &["maxbytes", "max_bytes", "MaxBytes", ""].map(spelled));
    }
}

#[test]
fn a_value_that_is_none_lists_the_names() {
    for case in &CASES {
        for (key, takes) in case.policy {
            let Names(known) = takes else { continue };
            for wrong in [r#""geheim""#, "5", "[]", "null"] {
                let error = read(case, &[format!(r#"{{"policy":{{"{key}":{wrong}}}}}"#)]).remove(0).unwrap();
                assert_eq!(names(&error), known.iter().copied().collect(), "{} {key}: {error}", case.vendor);
            }
        }
    }
}

#[test]
fn a_context_is_an_object_or_null() {
    for case in &CASES {
        assert_read(case, &["null", "{}", r#"{"policy":{}}"#].map(str::to_owned));
        let none = ["[]", "[true]", "5", r#""geheim""#, "true", r#"{"policy":{},"policy":{}}"#, r#"{"now":"\ud800"}"#];
        assert_not_read(case, &none.map(str::to_owned));
    }
}

#[test]
fn limits_of_a_policy_hold_for_every_vendor() {
    for case in &CASES {
        for (policy, rule) in [(r#"{"maxBytes":14}"#, "body.size"), (r#"{"maxDepth":0}"#, "body.depth")] {
            for op in ["apply", "check", "audit"] {
                let line = format!(
                    r#"{{"vendor":"{}","op":"{op}",{},"context":{{"policy":{policy}}}}}"#,
                    case.vendor, case.request
                );
                let reply = run(&["batch"], line.as_bytes()).json();
                let expected = format!("{}.{rule}", case.vendor.replace('-', "_"));
                assert_eq!(reply["violations"][0]["rule"], expected, "{policy}: {reply}");
            }
        }
    }
    // A field mask counts against the same limit.
    let line = |mask: &str| {
        format!(
            r#"{{"vendor":"fireworks","user":{{"role":"user"}},"patch":{{}},"mask":"{mask}","context":{{"policy":{{"maxBytes":7}}}}}}"#
        )
    };
    assert_eq!(run(&["batch"], line("email").as_bytes()).json()["status"], 200);
    assert_eq!(run(&["batch"], line("email,").as_bytes()).json()["violations"][0]["rule"], "fireworks.body.size");
}

/// `docs/exchange.md` has every key, and every name of a switch, the default first.
#[test]
fn the_page_on_requests_names_every_key() {
    let page = include_str!("../../docs/exchange.md");
    for case in CASES {
        let (_, context) = page.split_once(&format!("\n{:12} = {{?", case.vendor)).unwrap();
        let (context, _) = context.split_once("\n}}").unwrap();
        let (keys, policy) = context.split_once(" policy: {\n  limits,").unwrap();
        for (key, _) in case.context {
            assert!(*key == "policy" || keys.contains(&format!(" {key}: ")), "{}: {key}", case.vendor);
        }
        assert_eq!(keys.matches('?').count() + 1, case.context.len());
        for (key, takes) in case.policy {
            let values: Vec<_> = match takes {
                Names(_) => takes.good(),
                Boolean if *key == "immutable" => takes.good().into_iter().rev().collect(),
                Boolean => takes.good(),
                Texts(..) => {
                    assert!(page.contains(&format!("? {key}: ")), "{key}");
                    continue;
                }
            };
            assert!(policy.contains(&format!("? {key}: {}", values.join(" / "))), "{}: {key}", case.vendor);
        }
        assert_eq!(policy.matches('?').count() + 2, case.policy.len(), "beside `maxBytes` and `maxDepth`");
    }
}

//! A fixture case: what it has to say, and how it is read without losing a digit.
//!
//! `tests/fixtures/<room>/*.json` are arrays of cases. `page` has the page's words (or, where the page is silent, the
//! decision), `rule` the id of the rule it shows. `user` and `patch` are JSON; `patchText` is a body that is not,
//! or not strictly;
//! `patchBytes` is a body that is not even text, in hexadecimal. `mask` and `context` are optional. A case of the POST has
//! `create` with `account` and `userId` instead of a user. The rest is what has to come of it: `reply` (a string `"*"` in
//! its body stands for any string), `changed`, `notices` and `violations` as `"<rule> <pointer>"`.
#![allow(dead_code)]

use std::{fs, path::Path};

use user_patch::engine::{Json, Kind, Limits};

/// The members of one case, as exact text.
pub(crate) struct Case {
    pub file: String,
    members: Vec<(String, Json<'static>)>,
}

impl Case {
    /// The cases of one room, in the order of file names.
    pub(crate) fn all(room: &str) -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(room);
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.retain(|file| file.extension().is_some_and(|kind| kind == "json") && !file.ends_with("sentences.json"));
        files.iter().flat_map(|file| Self::read(file)).collect()
    }

    fn read(file: &Path) -> Vec<Self> {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let text = fs::read_to_string(file).unwrap();
        let array = Json::parse(text.as_bytes(), &Limits::default()).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        let cases: Vec<_> = array
            .elements()
            .map(|case| {
                let members = case.members().map(|(name, value)| (name.into_owned(), value.into_owned()));
                Self { file: name.to_owned(), members: members.collect() }
            })
            .collect();
        const KNOWN: [&str; 14] = [
            "name",
            "page",
            "rule",
            "user",
            "patch",
            "patchText",
            "patchBytes",
            "mask",
            "context",
            "create",
            "reply",
            "changed",
            "notices",
            "violations",
        ];
        for case in &cases {
            for (member, _) in &case.members {
                assert!(KNOWN.contains(&&**member), "{name}: unknown member {member}");
            }
        }
        cases
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Json<'static>> {
        self.members.iter().find_map(|(member, value)| (member == name).then_some(value))
    }

    pub(crate) fn string(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| value.as_str().unwrap_or_else(|| panic!("{name} must be a string")).into_owned())
    }

    pub(crate) fn strings(&self, name: &str) -> Vec<String> {
        let array = self.get(name).into_iter().flat_map(Json::elements);
        array.map(|element| element.as_str().unwrap().into_owned()).collect()
    }

    /// The full name of the case.
    pub(crate) fn title(&self, room: &str) -> String {
        format!("{room}::{}::{}", self.file, self.string("name").expect("every case has a name"))
    }

    pub(crate) fn rule(&self) -> String {
        self.string("rule").expect("every case has a rule")
    }

    /// The bytes of the body.
    pub(crate) fn body(&self) -> Vec<u8> {
        let mut bodies = Vec::new();
        bodies.extend(self.get("patch").map(|value| value.text().as_bytes().to_vec()));
        bodies.extend(self.string("patchText").map(String::into_bytes));
        bodies.extend(self.string("patchBytes").map(|hex| from_hex(&hex)));
        assert_eq!(bodies.len(), 1, "a case has one body");
        bodies.remove(0)
    }

    /// A member of the expected reply.
    pub(crate) fn reply(&self, name: &str) -> Option<Json<'static>> {
        let reply = self.get("reply").expect("every case has a reply");
        reply.members().find_map(|(member, value)| (member == name).then(|| value.into_owned()))
    }

    pub(crate) fn is_accepted(&self) -> bool {
        self.reply("status").is_some_and(|status| status.text() == "200")
    }
}

fn from_hex(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Whether `actual` is what is expected, where `"*"` stands for any string.
pub(crate) fn matches(expected: &Json<'_>, actual: &Json<'_>) -> bool {
    match (expected.kind(), actual.kind()) {
        (Kind::String, Kind::String) if expected.text() == r#""*""# => true,
        (Kind::Array, Kind::Array) => {
            let (expected, actual): (Vec<_>, Vec<_>) = (expected.elements().collect(), actual.elements().collect());
            expected.len() == actual.len() && expected.iter().zip(&actual).all(|(one, other)| matches(one, other))
        }
        (Kind::Object, Kind::Object) => {
            let (expected, actual): (Vec<_>, Vec<_>) = (expected.members().collect(), actual.members().collect());
            expected.len() == actual.len()
                && expected.iter().all(|(name, value)| {
                    actual.iter().any(|(actual_name, actual_value)| name == actual_name && matches(value, actual_value))
                })
        }
        _ => expected == actual,
    }
}

//! Reading the files of cases, without losing a digit.
//!
//! A file is an array of cases. `page` has the page's words (or, where the page is silent, the decision), `rule` the id of the
//! rule that the case shows. `user` and `patch` are JSON; `patchText` is a body that is not, or not strictly; `patchBytes` is a
//! body that is not even text, in hexadecimal. `mask` and `context` are optional. A case of the POST has `create` with `account`
//! and `userId` instead of a user. The rest is what has to come of it: `reply`, `changed`, `notices` and `violations` as
//! `"<rule> <pointer>"`.

use once_cell::sync::Lazy;

use super::{
    case::{Case, Expected, Target},
    embedded::{File, files},
};
use crate::{
    engine::{Json, Limits, Pointer},
    report::Rule,
    vendor::Vendor,
};

/// The cases of a vendor, in the order of their files. Each is a request, and the reply that the page asks for.
///
/// ```
/// use user_patch::{conformance::cases, vendor::Vendor};
///
/// let refused = cases(Vendor::Elastic).iter().filter(|case| !case.expected().is_accepted());
/// assert!(refused.count() > 100);
/// ```
pub fn cases(vendor: Vendor) -> &'static [Case] {
    static FIREWORKS: Lazy<Vec<Case>> = Lazy::new(|| all(Vendor::Fireworks));
    static TRUSTED_TWIN: Lazy<Vec<Case>> = Lazy::new(|| all(Vendor::TrustedTwin));
    static ELASTIC: Lazy<Vec<Case>> = Lazy::new(|| all(Vendor::Elastic));
    match vendor {
        Vendor::Fireworks => &FIREWORKS,
        Vendor::TrustedTwin => &TRUSTED_TWIN,
        Vendor::Elastic => &ELASTIC,
    }
}

fn all(vendor: Vendor) -> Vec<Case> {
    let rules = vendor.rules();
    // A file that cannot be read is found by a test, not by whoever asks for the cases.
    files(vendor).iter().flat_map(|file| read(vendor, &rules, *file).unwrap_or_default()).collect()
}

/// Why a file is not one of cases.
type Fault = String;

fn read(vendor: Vendor, rules: &[&'static Rule], (file, text): File) -> Result<Vec<Case>, Fault> {
    let array = Json::parse(text.as_bytes(), &Limits::default()).map_err(|wrong| format!("{file}: {wrong}"))?;
    array
        .elements()
        .enumerate()
        .map(|(at, element)| {
            let reader = Reader { rules, members: Members::of(&element) };
            reader.case(vendor, file).map_err(|fault| format!("{file}: case {at}: {fault}"))
        })
        .collect()
}

/// The members of an object.
struct Members(Vec<(String, Json<'static>)>);

impl Members {
    fn of(object: &Json<'_>) -> Self {
        Self(object.members().map(|(name, value)| (name.into_owned(), value.compact().into_owned())).collect())
    }

    fn get(&self, name: &str) -> Option<&Json<'static>> {
        self.0.iter().find_map(|(member, value)| (member == name).then_some(value))
    }

    fn string(&self, name: &str) -> Result<Option<String>, Fault> {
        let string = |value: &Json<'_>| value.as_str().map(|text| text.into_owned());
        let found = self.get(name).map(|value| string(value).ok_or_else(|| format!("{name} is no string")));
        found.transpose()
    }

    fn strings(&self, name: &str) -> Result<Vec<String>, Fault> {
        let strings = self.get(name).into_iter().flat_map(Json::strings);
        strings.map(|string| Some(string?.into_owned())).collect::<Option<_>>().ok_or(format!("{name} are no strings"))
    }

    fn needed<T>(&self, name: &str, value: Option<T>) -> Result<T, Fault> {
        value.ok_or_else(|| format!("{name} is missing"))
    }

    fn only(&self, known: &[&str]) -> Result<(), Fault> {
        match self.0.iter().find(|(name, _)| !known.contains(&&**name)) {
            Some((name, _)) => Err(format!("{name} is unknown")),
            None => Ok(()),
        }
    }
}

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

/// One case that is read.
struct Reader<'r> {
    rules: &'r [&'static Rule],
    members: Members,
}

impl Reader<'_> {
    fn case(&self, vendor: Vendor, file: &'static str) -> Result<Case, Fault> {
        let members = &self.members;
        members.only(&KNOWN)?;
        let text = |name| members.string(name).and_then(|text| members.needed(name, text));
        Ok(Case {
            vendor,
            file,
            name: text("name")?,
            page: text("page")?,
            rule: self.rule(&text("rule")?)?,
            target: self.target()?,
            body: self.body()?,
            mask: members.string("mask")?,
            context: members.get("context").cloned().unwrap_or(Json::null()),
            expected: self.expected()?,
        })
    }

    fn rule(&self, id: &str) -> Result<&'static Rule, Fault> {
        self.rules.iter().find(|rule| rule.id == id).copied().ok_or_else(|| format!("{id} is no rule"))
    }

    fn target(&self) -> Result<Target, Fault> {
        match (self.members.get("user"), self.members.get("create")) {
            (Some(user), None) => Ok(Target::User(user.clone())),
            (None, Some(create)) => {
                let create = Members::of(create);
                create.only(&["account", "userId"])?;
                let account = create.string("account")?;
                Ok(Target::Account { account: create.needed("account", account)?, user_id: create.string("userId")? })
            }
            _ => Err("it has neither user nor create, or both".to_owned()),
        }
    }

    fn body(&self) -> Result<Vec<u8>, Fault> {
        let json = self.members.get("patch").map(|value| value.text().as_bytes().to_vec());
        let text = self.members.string("patchText")?.map(String::into_bytes);
        let bytes = self.members.string("patchBytes")?.map(|hex| from_hex(&hex)).transpose()?;
        match (json, text, bytes) {
            (Some(body), None, None) | (None, Some(body), None) | (None, None, Some(body)) => Ok(body),
            _ => Err("it has no body, or several".to_owned()),
        }
    }

    fn expected(&self) -> Result<Expected, Fault> {
        let reply = Members::of(self.members.needed("reply", self.members.get("reply"))?);
        reply.only(&["status", "headers", "body"])?;
        let status = reply.needed("status", reply.get("status"))?;
        let headers = reply.get("headers").into_iter().flat_map(Json::members);
        let headers = headers.map(|(name, value)| Some((name.into_owned(), value.as_str()?.into_owned())));
        let changed = self.members.strings("changed")?;
        Ok(Expected {
            status: status.text().parse().map_err(|_| "status is no status".to_owned())?,
            headers: headers.collect::<Option<_>>().ok_or("a header is no string")?,
            body: reply.needed("body", reply.get("body"))?.clone(),
            changed: changed.iter().map(|text| pointer(text)).collect::<Result<_, _>>()?,
            notices: self.findings("notices")?,
            violations: self.findings("violations")?,
        })
    }

    /// Rules and where they speak; a rule alone speaks of the whole.
    fn findings(&self, name: &str) -> Result<Vec<(&'static Rule, Pointer)>, Fault> {
        let finding = |text: &String| {
            let (rule, place) = text.split_once(' ').unwrap_or((text, ""));
            Ok((self.rule(rule)?, pointer(place)?))
        };
        self.members.strings(name)?.iter().map(finding).collect()
    }
}

fn pointer(text: &str) -> Result<Pointer, Fault> {
    Pointer::read(text).ok_or_else(|| format!("{text} is no pointer"))
}

fn from_hex(text: &str) -> Result<Vec<u8>, Fault> {
    let digits = text.chars().filter(|digit| *digit != ' ').map(|digit| digit.to_digit(16));
    let digits: Option<Vec<u32>> = digits.collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0).ok_or("patchBytes is not hexadecimal")?;
    let byte = |pair: &[u32]| pair.iter().fold(0, |byte, digit| byte * 16 + digit);
    digits.chunks(2).map(|pair| u8::try_from(byte(pair)).map_err(|_| "no byte".to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn read_one(case: &str) -> Result<Vec<Case>, Fault> {
        let vendor = Vendor::Elastic;
        let text = format!("[{case}]").leak();
        read(vendor, &vendor.rules(), ("file", text))
    }

    #[test]
    fn every_file_is_read() {
        for &vendor in Vendor::ALL {
            let (mut count, mut titles) = (0, BTreeSet::new());
            for file in files(vendor) {
                let cases = read(vendor, &vendor.rules(), *file).unwrap();
                assert!(!cases.is_empty(), "{vendor}: {} has no cases", file.0);
                count += cases.len();
                titles.extend(cases.iter().map(Case::title));
            }
            assert_eq!(titles.len(), count, "{vendor}: two cases of one title");
            assert_eq!(all(vendor).len(), count);
        }
    }

    #[test]
    fn no_digit_is_lost() {
        let text = r#"{"name":"n","page":"p","rule":"elastic.restricted","user":{"a":1.0},"patch":{"b" : 1e400,"c":123456789012345678901},
            "reply":{"status":200,"headers":{"x":"y"},"body":{"c":123456789012345678901}},"changed":["/b c"],
            "notices":["elastic.restricted /b c","elastic.restricted"]}"#;
        let case = read_one(text).unwrap().remove(0);
        assert_eq!(case.body(), br#"{"b":1e400,"c":123456789012345678901}"#);
        assert_eq!(case.target(), &Target::User(Json::fixed(r#"{"a":1.0}"#)));
        assert_eq!((case.mask(), case.context().text()), (None, "null"));
        let expected = case.expected();
        assert_eq!(expected.body().text(), r#"{"c":123456789012345678901}"#);
        assert_eq!(expected.headers().collect::<Vec<_>>(), [("x", "y")]);
        assert_eq!(expected.changed()[0].as_str(), "/b c");
        let notices: Vec<_> = expected.notices().iter().map(|(rule, place)| (rule.id, place.as_str())).collect();
        assert_eq!(notices, [("elastic.restricted", "/b c"), ("elastic.restricted", "")]);
    }

    #[test]
    fn a_case_of_another_form_is_none() {
        const CASE: &str = r#"{"name":"n","page":"p","rule":"elastic.restricted","user":{},"patchBytes":"00fF","reply":{"status":200,"body":{}}}"#;
        assert_eq!(read_one(CASE).unwrap()[0].body(), [0, 255]);
        for (part, another, fault) in [
            (r#""name":"n","#, "", "name is missing"),
            (r#""name":"n""#, r#""name":1"#, "name is no string"),
            (r#""name":"n""#, r#""name":"n","nme":1"#, "nme is unknown"),
            ("elastic.restricted", "elastic.nosuch", "elastic.nosuch is no rule"),
            (r#""user":{},"#, "", "it has neither user nor create, or both"),
            (r#""user":{}"#, r#""create":{}"#, "account is missing"),
            (r#""user":{}"#, r#""create":{"account":"a","id":"b"}"#, "id is unknown"),
            (r#""patchBytes":"00fF","#, "", "it has no body, or several"),
            (r#""patchBytes""#, r#""patch":{},"patchBytes""#, "it has no body, or several"),
            ("00fF", "00f", "patchBytes is not hexadecimal"),
            ("00fF", "00fg", "patchBytes is not hexadecimal"),
            ("200", "-1", "status is no status"),
            (r#""body":{}"#, r#""body":{},"header":{}"#, "header is unknown"),
            (r#""body":{}"#, r#""body":{},"headers":{"x":1}"#, "a header is no string"),
            (r#""user""#, r#""changed":[1],"user""#, "changed are no strings"),
            (r#""user""#, r#""changed":["a"],"user""#, "a is no pointer"),
            (r#""user""#, r#""violations":["elastic.restricted a"],"user""#, "a is no pointer"),
        ] {
            let case = CASE.replace(part, another);
            assert_ne!(case, CASE);
            assert_eq!(read_one(&case).unwrap_err(), format!("file: case 0: {fault}"));
        }
        assert!(read(Vendor::Elastic, &[], ("file", "[{]")).is_err());
    }
}

//! A request and its decision as text: what the command line's `batch`, and a front end in another language, speak.
//!
//! [`answer`] is the whole of it: a line of JSON in, a line of JSON out, and the same line for the same line, always. A front
//! end that speaks Rust asks a [`Question`] of texts, and is given a [`Decision`] to look into. [`rules`] is the catalogue.
//!
#![doc = include_str!("../../docs/exchange.md")]

mod decision;
mod part;
mod question;
mod request;
mod rules;

pub use decision::{Decision, Patch, Verdict};
#[cfg(feature = "serve")]
pub(crate) use part::context;
pub use part::{InvalidPart, Part};
pub use question::{Pair, Question, Update};
pub use request::{Answer, answer, error};
pub use rules::{rule, rules};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{answer, request::Op};
    use crate::engine::Document;

    const PAGE: &str = include_str!("../../docs/exchange.md");

    /// What stands behind the equals sign of a production of the page, with those of the groups that it names.
    fn production(is_it: impl Fn(&str, &str) -> bool) -> String {
        let starts: Vec<_> =
            PAGE.match_indices(" = ").map(|(at, _)| PAGE[..at].rfind('\n').map_or(0, |end| end + 1)).collect();
        let lines = starts.iter().map(|&start| PAGE[start..].split_once(" = ").unwrap());
        let (_, rest) =
            lines.into_iter().find(|(name, rest)| is_it(name.trim(), rest.lines().next().unwrap())).unwrap();
        // It goes on where the next line is further in.
        let end = rest.match_indices('\n').map(|(at, _)| at).find(|&at| !rest[at..].starts_with("\n   "));
        rest[..end.unwrap_or(rest.len())].to_owned()
    }

    /// The names of members in a production: those that may be left out, and the others.
    fn members(production: &str) -> (BTreeSet<String>, BTreeSet<String>) {
        let names = production.match_indices(": ").map(|(at, _)| {
            let before = &production[..at];
            let begin = before.rfind(|letter: char| !letter.is_alphanumeric()).map_or(0, |begin| begin + 1);
            (before[..begin].trim_end().ends_with('?'), before[begin..].to_owned())
        });
        let (optional, needed): (Vec<_>, Vec<_>) = names.partition(|(is_optional, _)| *is_optional);
        let only_names = |names: Vec<(bool, String)>| names.into_iter().map(|(_, name)| name).collect();
        (only_names(optional), only_names(needed))
    }

    #[test]
    fn the_page_has_the_members_of_each_op() {
        let [general, body] = ["general", "body"].map(|group| members(&production(|name, _| name == group)));
        for op in Op::ALL {
            let quoted = format!("\"{}\"", op.name());
            let rule = production(|_, rest| rest.starts_with("{general") && rest.contains(&quoted));
            let mut known: BTreeSet<_> =
                [members(&rule), general.clone()].into_iter().flat_map(|(a, b)| [a, b]).flatten().collect();
            if rule.contains(" body") {
                known.extend(body.1.clone());
            }
            let ours = op.members().iter().map(|key| key.name()).chain(["id", "vendor", "op"]).map(str::to_owned);
            assert_eq!(known, ours.collect(), "{}", op.name());
            for name in &known {
                assert!(PAGE.contains(&format!("`{name}`")), "{name} is explained");
            }
            assert!(PAGE.contains(&format!("| `{}` |", op.name())));
        }
    }

    /// What was read as one text is answered by one line.
    #[test]
    fn an_id_of_many_lines_is_given_back_on_one() {
        let line = answer(1, b"{\"id\":[1.0,\n\t{\"a\\nb\": \" \"}\r\n],\"vendor\":\"acme\"}").line;
        assert!(line.starts_with(r#"{"id":[1.0,{"a\nb":" "}],"error":"#), "{line}");
        let line = answer(1, br#"{"id":[1.0, 2],"vendor":"acme"}"#).line;
        assert!(line.starts_with(r#"{"id":[1.0, 2],"error":"#), "{line}");
    }

    #[test]
    fn the_page_has_the_members_of_each_reply() {
        const ADA: &str = r#"{"user_name":"ada","security":{},"n":null}"#;
        for (shape, request) in [
            ("decision", format!(r#""vendor":"elastic","user":{ADA},"patch":{{"x":1}}"#)),
            ("decision", format!(r#""vendor":"elastic","user":{ADA},"patch":{{"user_name":1}}"#)),
            ("decision", format!(r#""vendor":"elastic","op":"check","user":{ADA},"patch":{{"x":1}}"#)),
            ("decision", r#""vendor":"fireworks","user":{"role":"user"},"patch":{"role":"admin"},"context":{"policy":{"emptyMembers":"emit"}}"#.to_owned()),
            ("audited", format!(r#""vendor":"elastic","op":"audit","user":{ADA},"patch":{{"x":1}}"#)),
            ("difference", format!(r#""vendor":"elastic","op":"diff","from":{ADA},"to":{ADA}"#)),
            ("difference", r#""vendor":"fireworks","op":"then","patch":{"role":"user"},"next":{}"#.to_owned()),
            ("unreachable", format!(r#""vendor":"elastic","op":"diff","from":{{"user_name":"ada","security":{{}}}},"to":{ADA}"#)),
            ("conflicts", format!(r#""vendor":"elastic","op":"rebase","base":{ADA},"patch":{{"n":1}},"theirs":{{"user_name":"ada","security":{{}},"n":2}}"#)),
            ("not-composable", r#""vendor":"elastic","op":"then","patch":{"a":null},"next":{"a":{"b":1}}"#.to_owned()),
            ("error", r#""vendor":"acme""#.to_owned()),
        ] {
            let answer = answer(1, format!(r#"{{"id":1,{request}}}"#).as_bytes());
            let reply = Document::parse(answer.line.as_bytes(), &crate::engine::Limits::STORED).unwrap();
            let told: BTreeSet<_> = reply.value().members().map(|(name, _)| name.into_owned()).collect();
            let (optional, needed) = members(&production(|name, _| name == shape));
            assert!(needed.is_subset(&told), "{shape}: {}", answer.line);
            assert!(told.is_subset(&needed.union(&optional).cloned().collect()), "{shape}: {}", answer.line);
        }
    }
}

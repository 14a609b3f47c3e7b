//! An audit as it is kept: both its directions, read back strictly.

use std::fmt;

use super::operation::{Operation, order, write};
use crate::engine::{Document, Json, Kind, Limits, Malformed, ObjectWriter, Pointer};

/// A text that is no audit as [`Audit::to_record`](super::Audit::to_record) writes it. Holds no value of it.
///
/// ```
/// use user_patch::report::Audit;
///
/// let wrong = Audit::from_record(br#"{"forward":[],"inverse":[{"op":"move"}]}"#).unwrap_err();
/// println!("{wrong}"); // Where, and what would have to be there.
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidAudit {
    /// It cannot be read.
    Unreadable(Malformed),
    /// It is of another form.
    Form {
        /// Where, in the record.
        pointer: Pointer,
        /// What would have to be there.
        expected: &'static str,
    },
}

impl fmt::Display for InvalidAudit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(wrong) => wrong.fmt(f),
            Self::Form { pointer, expected } if pointer.as_str().is_empty() => write!(f, "expected {expected}"),
            Self::Form { pointer, expected } => write!(f, "expected {expected} at {pointer}"),
        }
    }
}

impl std::error::Error for InvalidAudit {}

/// What is expected where something else is.
type Expected = &'static str;

const DIRECTIONS: [&str; 2] = ["forward", "inverse"];

/// How many names a path has at most: a user is nested no deeper than this.
const DEEPEST: usize = u8::MAX as usize;

/// Writes both directions as one object.
pub(super) fn write_record(forward: &[Operation], inverse: &[Operation]) -> String {
    let mut out = String::new();
    let mut writer = ObjectWriter::new(&mut out);
    for (name, operations) in DIRECTIONS.into_iter().zip([forward, inverse]) {
        write(writer.plain(name), operations);
    }
    writer.end();
    out
}

/// Reads both directions.
pub(super) fn read_record(text: &[u8]) -> Result<(Vec<Operation>, Vec<Operation>), InvalidAudit> {
    let record = Document::parse_object(text, &Limits::STORED).map_err(InvalidAudit::Unreadable)?;
    let form = |pointer, expected| InvalidAudit::Form { pointer, expected };
    if let Some((name, _)) = record.value().members().find(|(name, _)| !DIRECTIONS.contains(&&**name)) {
        return Err(form(Pointer::root().child(&name), "`forward` and `inverse` alone"));
    }
    let direction = |name: &'static str| {
        let pointer = Pointer::root().child(name);
        let list = record.value().get(name).filter(|value| value.kind() == Kind::Array);
        let list = list.ok_or_else(|| form(pointer.clone(), "an array of operations"))?.to_json();
        let read = |(at, element): (usize, Json<'_>)| {
            operation(&element).map_err(|expected| form(pointer.child(&at.to_string()), expected))
        };
        list.elements().enumerate().map(read).collect::<Result<Vec<_>, _>>()
    };
    let [forward, inverse] = DIRECTIONS.map(direction);
    let (forward, inverse) = (forward?, inverse?);
    match are_of_one(&forward, &inverse) {
        true => Ok((forward, inverse)),
        false => Err(form(Pointer::root(), "operations of different members, and those that undo them")),
    }
}

fn operation(element: &Json<'_>) -> Result<Operation, Expected> {
    let (mut op, mut path, mut value) = (None, None, None);
    for (name, member) in element.members() {
        match &*name {
            "op" => op = Some(member),
            "path" => path = Some(member),
            "value" => value = Some(member.compact().into_owned()),
            _ => return Err("an operation of `op`, `path` and `value`"),
        }
    }
    let path = path.and_then(|path| Pointer::read(&path.as_str()?)).filter(|path| path.tokens().count() <= DEEPEST);
    let path = path.ok_or("an operation with the `path` of a member")?;
    match (op.as_ref().and_then(|op| op.as_str()).as_deref(), value) {
        (Some("add"), Some(value)) => Ok(Operation::Add { path, value }),
        (Some("remove"), None) => Ok(Operation::Remove { path }),
        (Some("replace"), Some(value)) => Ok(Operation::Replace { path, value }),
        (Some("test"), Some(value)) => Ok(Operation::Test { path, value }),
        _ => Err("an `add`, a `replace` or a `test` with a value, or a `remove` without"),
    }
}

/// Whether two lists are the two directions of one audit: operations of different members, none inside another, each undone by
/// one of the other list, and tests of these members alone.
fn are_of_one(forward: &[Operation], inverse: &[Operation]) -> bool {
    let [(forward, forward_tests), (inverse, inverse_tests)] = [sorted(forward), sorted(inverse)];
    let undoes = |(one, other): (&&Operation, &&Operation)| {
        let is_whole = one.path().as_str().is_empty();
        let is_undone = match (one, other) {
            (Operation::Add { .. }, Operation::Remove { .. }) | (Operation::Remove { .. }, Operation::Add { .. }) => {
                !is_whole
            }
            (one, other) => matches!((one, other), (Operation::Replace { .. }, Operation::Replace { .. })),
        };
        is_undone && one.path() == other.path()
    };
    let are_apart = |operations: &[&Operation]| {
        operations.iter().zip(operations.iter().skip(1)).all(|(one, other)| {
            let rest = other.path().as_str().strip_prefix(one.path().as_str());
            !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let are_known = |tests: &[&Operation], operations: &[&Operation]| {
        are_apart(tests)
            && tests.iter().all(|test| operations.binary_search_by(|known| order(known.path(), test.path())).is_ok())
    };
    forward.len() == inverse.len()
        && forward.iter().zip(&inverse).all(undoes)
        && are_apart(&forward)
        && are_known(&forward_tests, &forward)
        && are_known(&inverse_tests, &inverse)
}

/// The operations that change something and those that do not, each in the order of their paths, in which a path comes right
/// before those inside it.
fn sorted(operations: &[Operation]) -> (Vec<&Operation>, Vec<&Operation>) {
    let (mut tests, mut others): (Vec<_>, Vec<_>) = operations.iter().partition(|operation| operation.is_test());
    tests.sort_unstable_by(|one, other| order(one.path(), other.path()));
    others.sort_unstable_by(|one, other| order(one.path(), other.path()));
    (others, tests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str) {
        let (forward, inverse) = read_record(text.as_bytes()).unwrap();
        assert_eq!(write_record(&forward, &inverse), text);
    }

    /// A record of one operation and the one that undoes it.
    fn record(forward: &str, inverse: &str) -> String {
        format!(r#"{{"forward":[{forward}],"inverse":[{inverse}]}}"#)
    }

    #[track_caller]
    fn refuses(text: &str, why: &str) {
        let wrong = read_record(text.as_bytes()).unwrap_err();
        assert!(wrong.to_string().starts_with(why), "{text}: {wrong}");
    }

    const ADD: &str = r#"{"op":"add","path":"/a","value":[1.0,{"b":1e400}]}"#;
    const REMOVE: &str = r#"{"op":"remove","path":"/a"}"#;
    const TEST: &str = r#"{"op":"test","path":"/a","value":1}"#;

    #[test]
    fn a_record_is_read_back_as_it_was_written() {
        reads(&record("", ""));
        reads(&record(ADD, REMOVE));
        reads(&record(REMOVE, ADD));
        reads(&record(r#"{"op":"replace","path":"","value":{}}"#, r#"{"op":"replace","path":"","value":{"a":1}}"#));
        reads(&record(
            r#"{"op":"replace","path":"/a~1b/~0/","value":null}"#,
            r#"{"op":"replace","path":"/a~1b/~0/","value":"\u0061"}"#,
        ));
        reads(&record(&format!("{TEST},{REMOVE}"), ADD));
    }

    #[test]
    fn white_space_and_order_are_of_no_account() {
        let spaced = r#" { "inverse" : [ { "path" : "/a" , "op" : "remove" } ] , "forward" : [ { "value" : [ 1.0 , { "b" : 1e400 } ] , "path" : "\/a" , "op" : "add" } ] } "#;
        let (forward, inverse) = read_record(spaced.as_bytes()).unwrap();
        assert_eq!(write_record(&forward, &inverse), record(ADD, REMOVE));
    }

    #[test]
    fn a_record_of_another_form_is_refused() {
        refuses("", "empty at line 1 column 1");
        refuses("[]", "not a JSON object");
        refuses(r#"{"forward":[],"forward":[]}"#, "the same member twice");
        refuses("{}", "expected an array of operations at /forward");
        refuses(r#"{"forward":[]}"#, "expected an array of operations at /inverse");
        refuses(r#"{"forward":{},"inverse":[]}"#, "expected an array of operations at /forward");
        refuses(r#"{"forward":[],"inverse":[],"x/y":1}"#, "expected `forward` and `inverse` alone at /x~1y");
    }

    #[test]
    fn an_operation_of_another_form_is_refused() {
        for operation in [
            "1",
            "[]",
            "{}",
            r#"{"op":"add","value":1}"#,
            r#"{"op":"add","path":1,"value":1}"#,
            r#"{"op":"add","path":"a","value":1}"#,
            r#"{"op":"add","path":"/~","value":1}"#,
            r#"{"op":"add","path":"/~2","value":1}"#,
            r#"{"op":"add","path":"/a"}"#,
            r#"{"op":"remove","path":"/a","value":1}"#,
            r#"{"op":"replace","path":"/a"}"#,
            r#"{"op":"test","path":"/a"}"#,
            r#"{"op":"move","from":"/a","path":"/b"}"#,
            r#"{"op":"Add","path":"/a","value":1}"#,
            r#"{"op":1,"path":"/a","value":1}"#,
            r#"{"path":"/a","value":1}"#,
            r#"{"op":"add","path":"/a","value":1,"x":2}"#,
        ] {
            refuses(&record(&format!("{ADD},{operation}"), REMOVE), "expected an ");
            let wrong = read_record(record(&format!("{ADD},{operation}"), REMOVE).as_bytes()).unwrap_err();
            assert!(
                matches!(wrong, InvalidAudit::Form { pointer, .. } if pointer.as_str() == "/forward/1"),
                "{operation}"
            );
        }
    }

    /// What one direction does, the other undoes.
    #[test]
    fn operations_that_do_not_belong_together_are_refused() {
        let replace = |path: &str| format!(r#"{{"op":"replace","path":"{path}","value":1}}"#);
        let both = |operations: &[String]| record(&operations.join(","), &operations.join(","));
        for text in [
            record(ADD, ""),
            record("", REMOVE),
            record(ADD, ADD),
            record(REMOVE, REMOVE),
            record(ADD, &replace("/a")),
            record(ADD, r#"{"op":"remove","path":"/b"}"#),
            record(r#"{"op":"add","path":"","value":1}"#, r#"{"op":"remove","path":""}"#),
            record(TEST, ""),
            record(&format!("{TEST},{TEST},{REMOVE}"), ADD),
            record(&format!(r#"{REMOVE},{{"op":"test","path":"/b","value":1}}"#), ADD),
            both(&[replace("/a"), replace("/a")]),
            both(&[replace("/a"), replace("/a!"), replace("/a/b")]),
            both(&[replace("/a"), replace("")]),
        ] {
            refuses(&text, "expected operations of different members, and those that undo them");
        }
        let wrong = read_record(record(ADD, "").as_bytes()).unwrap_err();
        assert_eq!(wrong.to_string(), "expected operations of different members, and those that undo them");
        reads(&both(&[replace("/a!"), replace("/a/b"), replace("/a/c/d"), replace("/ab")]));
    }

    /// A path of a million names would be a million levels of our own.
    #[test]
    fn a_path_is_no_deeper_than_a_user() {
        let replace = |levels: usize| format!(r#"{{"op":"replace","path":"{}","value":1}}"#, "/a".repeat(levels));
        reads(&record(&replace(255), &replace(255)));
        for levels in [256, 1_000_000] {
            refuses(&record(&replace(levels), &replace(levels)), "expected an operation with the `path` of a member");
        }
    }

    #[test]
    fn a_refusal_shows_no_value() {
        for text in [
            record(r#"{"op":"hunter2","path":"/a","value":"hunter2"}"#, ""),
            record(r#"{"op":"add","path":"hunter2","value":"hunter2"}"#, ""),
        ] {
            let wrong = read_record(text.as_bytes()).unwrap_err();
            assert!(!format!("{wrong} {wrong:?}").contains("hunter2"));
        }
    }
}

//! What an update changed, as operations that can be kept, undone and done to another user.

mod apply;
mod changes;
mod operation;
mod plan;
mod record;

use std::{collections::HashMap, fmt};

pub use apply::Inapplicable;
pub use changes::{Change, Changes};
pub use operation::Operation;
pub use record::InvalidAudit;

use crate::engine::Value;

/// What an update changed: an RFC 6902 patch from the old rendering to the new one, and the one that undoes it.
///
/// The values are exact text, as everywhere; [`to_patch`](Self::to_patch) gives the types of `json_patch`. Members that are
/// not in a user are not in an audit either: no password is.
///
/// An audit can be kept: [`to_record`](Self::to_record) writes both directions, and [`from_record`](Self::from_record) reads
/// them back.
///
/// ```
/// use user_patch::report::Audit;
///
/// let record = r#"{"forward":[{"op":"replace","path":"/n","value":1.0}],"inverse":[{"op":"replace","path":"/n","value":1}]}"#;
/// let audit = Audit::from_record(record.as_bytes())?;
/// assert_eq!(audit.apply(r#"{"n":1,"big":123456789012345678901234567890}"#)?, r#"{"n":1.0,"big":123456789012345678901234567890}"#);
/// assert_eq!(audit.inverted().apply(r#"{"n":1.0}"#)?, r#"{"n":1}"#);
/// assert_eq!(audit.to_record(), record);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    forward: Vec<Operation>,
    inverse: Vec<Operation>,
}

impl Audit {
    /// Arrays are compared whole; the members of objects one by one, as deep as that is shorter than replacing the object, both
    /// ways.
    pub(crate) fn between(before: Value<'_>, after: Value<'_>) -> Self {
        Self { forward: plan::operations(before, after), inverse: plan::operations(after, before) }
    }

    /// Reads an audit that has been kept. Nothing but what [`to_record`](Self::to_record) writes is an audit: RFC 6902 has
    /// operations (`move`, `copy`, elements of arrays) that no audit has.
    ///
    /// # Errors
    /// What makes the text unreadable, or where it is of another form. A record goes three levels deeper than its user, and
    /// 255 levels can be read.
    pub fn from_record(text: &[u8]) -> Result<Self, InvalidAudit> {
        record::read_record(text).map(|(forward, inverse)| Self { forward, inverse })
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.forward.is_empty()
    }

    /// The operations that make the new user of the old one.
    pub fn operations(&self) -> &[Operation] {
        &self.forward
    }

    /// What changed, for a person: a line a member, with its values. Nothing else in this crate shows values of a user.
    pub fn changes(&self) -> Changes {
        Changes::of(&self.forward, &self.inverse)
    }

    /// The audit of the undoing.
    #[must_use]
    pub fn inverted(&self) -> Self {
        Self { forward: self.inverse.clone(), inverse: self.forward.clone() }
    }

    /// The same audit with a `test` before each operation that replaces or removes a value, so that it applies only where the
    /// old values are what they were, here and wherever RFC 6902 is implemented. That a member is not there cannot be tested.
    ///
    /// ```
    /// use user_patch::report::{Audit, Inapplicable};
    ///
    /// let audit = Audit::from_record(
    ///     br#"{"forward":[{"op":"replace","path":"/n","value":2}],"inverse":[{"op":"replace","path":"/n","value":1}]}"#,
    /// )?.with_tests();
    /// assert_eq!(audit.to_json(), r#"[{"op":"test","path":"/n","value":1},{"op":"replace","path":"/n","value":2}]"#);
    /// assert_eq!(audit.apply(r#"{"n":1}"#)?, r#"{"n":2}"#);
    /// assert!(matches!(audit.apply(r#"{"n":3}"#), Err(Inapplicable::Differs(_))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_tests(&self) -> Self {
        Self { forward: tested(&self.forward, &self.inverse), inverse: tested(&self.inverse, &self.forward) }
    }

    /// What the operations make of a user, given as JSON. What they do not name stays as it is written, but for white space; no
    /// digit is lost.
    ///
    /// As RFC 6902 has it, all operations are done or none. It is stricter in one point: a member is added only where there is
    /// none.
    ///
    /// # Errors
    /// Where the text cannot be read, or the user is not one that the operations are of.
    pub fn apply(&self, user: &str) -> Result<String, Inapplicable> {
        apply::apply(&self.forward, user)
    }

    /// The operations as the JSON array of RFC 6902, every value exact.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        operation::write(&mut out, &self.forward);
        out
    }

    /// The audit as it is kept: `{"forward":[…],"inverse":[…]}`, two JSON arrays of RFC 6902, every value exact.
    pub fn to_record(&self) -> String {
        record::write_record(&self.forward, &self.inverse)
    }

    /// The operations in the types of `json_patch`. Numbers become what `serde_json` holds.
    ///
    /// # Errors
    /// Where `serde_json` cannot hold a value: a number beyond an `f64`, more than 127 levels.
    pub fn to_patch(&self) -> serde_json::Result<json_patch::Patch> {
        serde_json::from_str(&self.to_json())
    }
}

/// The JSON array of RFC 6902.
impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

/// Operations, each behind a test of the value that is there before, which the opposite operation brings back.
fn tested(operations: &[Operation], opposite: &[Operation]) -> Vec<Operation> {
    let changes = |operations| <[Operation]>::iter(operations).filter(|operation| !operation.is_test());
    let before: HashMap<_, _> = changes(opposite).map(|operation| (operation.path(), operation.parts().2)).collect();
    let mut tested = Vec::with_capacity(2 * operations.len());
    for operation in changes(operations) {
        if let Some(Some(value)) = before.get(operation.path()) {
            tested.push(Operation::Test { path: operation.path().clone(), value: (*value).clone() });
        }
        tested.push(operation.clone());
    }
    tested
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        Pointer, Value,
        random::{self, document, holds, value},
    };

    fn audit(before: &str, after: &str) -> Audit {
        Audit::between(document(before).value(), document(after).value())
    }

    /// As `json_patch` applies it. A number that `serde_json` cannot hold becomes another one.
    fn patched(user: &str, audit: &Audit) -> Result<serde_json::Value, json_patch::PatchError> {
        let mut user = value(user);
        let patch: json_patch::Patch = serde_json::from_value(value(&audit.to_json())).unwrap();
        json_patch::patch(&mut user, &patch).map(|()| user)
    }

    #[track_caller]
    fn leads(audit: &Audit, before: &str, after: &str) {
        let made = audit.apply(before).unwrap();
        assert_eq!(document(&made), document(after));
        assert_eq!(patched(before, audit).unwrap(), value(after));
    }

    #[test]
    fn an_audit_leads_there_and_back() {
        holds(random::two_objects(), |(before, after)| {
            let audit = audit(&before, &after);
            for audit in [audit.clone(), audit.with_tests()] {
                leads(&audit, &before, &after);
                leads(&audit.inverted(), &after, &before);
                assert_eq!(audit.is_empty(), document(&before) == document(&after));
                assert_eq!(audit.inverted().inverted(), audit);
                assert_eq!(Audit::from_record(audit.to_record().as_bytes()).unwrap(), audit);
            }
            assert_eq!(audit.inverted(), Audit::between(document(&after).value(), document(&before).value()));
            assert_eq!(audit.with_tests().with_tests(), audit.with_tests());
            assert_eq!(audit.with_tests().inverted(), audit.inverted().with_tests());
        });
    }

    /// What is not named stays to the letter, but for white space.
    #[test]
    fn nothing_else_is_touched() {
        holds(random::two_objects(), |(before, after)| {
            let made = audit(&before, &after).apply(&before).unwrap();
            let (before, after, made) = (document(&before), document(&after), document(&made));
            assert!(made.is_compact());
            let spelled = |value: Value<'_>| value.to_json().compact().to_string();
            for (name, value) in
                before.value().members().filter(|(name, value)| after.value().get(name) == Some(*value))
            {
                assert_eq!(spelled(made.value().get(&name).unwrap()), spelled(value));
            }
        });
        let audit = audit(
            r#"{"a":1,"b":{"c":2,"d":[1.0,{"\u0065":1e400}],"long":"long enough to go into"}}"#,
            r#"{"a":1,"b":{"c":3,"d":[1.0,{"\u0065":1e400}],"long":"long enough to go into"}}"#,
        );
        let made = audit
            .apply(r#" { "\u0061" : 1 , "b" : { "c" : 2, "d" : [ 1.0 , { "\u0065" : 1e400 } ] , "f" : 0.10 } } "#)
            .unwrap();
        assert_eq!(made, r#"{"\u0061":1,"b":{"c":3,"d":[1.0,{"\u0065":1e400}],"f":0.10}}"#);
    }

    /// An audit that is done to another user is done as RFC 6902 has it, or not at all.
    #[test]
    fn another_user_is_changed_alike_or_not_at_all() {
        holds((random::two_objects(), random::two_objects()), |((before, after), (other, third))| {
            for audit in [audit(&before, &after), audit(&before, &after).with_tests()] {
                for user in [&other, &third, &after] {
                    match (audit.apply(user), patched(user, &audit)) {
                        (Ok(made), theirs) => assert_eq!(value(&made), theirs.unwrap()),
                        // The one point in which we are stricter.
                        (Err(Inapplicable::Present(place)), _) => {
                            let names: Vec<_> = place.tokens().collect();
                            let names: Vec<_> = names.iter().map(|name| &**name).collect();
                            assert!(document(user).value().at(&names).is_some());
                        }
                        (Err(_), theirs) => assert!(theirs.is_err(), "{audit} of {user}"),
                    }
                }
            }
        });
    }

    #[test]
    fn with_tests_it_applies_where_the_old_values_are_what_they_were() {
        let long = "x".repeat(200);
        let audit = audit(
            &format!(r#"{{"change":1,"go":{{"x":1}},"stay":0,"in":{{"deep":"old","beside":"{long}"}}}}"#),
            &format!(r#"{{"change":2,"stay":0,"in":{{"deep":"new","beside":"{long}"}},"new":null}}"#),
        )
        .with_tests();
        assert_eq!(
            audit.to_json(),
            concat!(
                r#"[{"op":"test","path":"/go","value":{"x":1}},{"op":"remove","path":"/go"},"#,
                r#"{"op":"test","path":"/change","value":1},{"op":"replace","path":"/change","value":2},"#,
                r#"{"op":"test","path":"/in/deep","value":"old"},{"op":"replace","path":"/in/deep","value":"new"},"#,
                r#"{"op":"add","path":"/new","value":null}]"#,
            )
        );
        let made = r#"{"change":2,"in":{"deep":"new"},"x":[],"new":null}"#;
        assert_eq!(audit.apply(r#"{"change":1,"go":{"\u0078":1},"in":{"deep":"old"},"x":[]}"#).unwrap(), made);
        for (user, why) in [
            (r#"{"change":1.0,"go":{"x":1},"in":{"deep":"old"}}"#, "another value is at /change"),
            (r#"{"change":1,"go":{"x":2},"in":{"deep":"old"}}"#, "another value is at /go"),
            (r#"{"change":1,"go":{"x":1},"in":{"deep":"Old"}}"#, "another value is at /in/deep"),
            (r#"{"change":1,"in":{"deep":"old"}}"#, "nothing is at /go"),
            (r#"{"change":1,"go":{"x":1},"in":{}}"#, "nothing is at /in/deep"),
            (r#"{"change":1,"go":{"x":1},"in":"deep"}"#, "nothing is at /in/deep"),
            (r#"{"change":1,"go":{"x":1}}"#, "nothing is at /in"),
            (r#"{"change":1,"go":{"x":1},"in":{"deep":"old"},"new":1}"#, "something is at /new already"),
            (r#"[]"#, "nothing is at /go"),
            (r#"{"change":1,"change":1}"#, "the same member twice at line 1 column 13"),
            ("", "empty at line 1 column 1"),
        ] {
            assert_eq!(audit.apply(user).unwrap_err().to_string(), why, "{user}");
        }
    }

    #[test]
    fn a_member_is_added_into_an_object_and_into_nothing_else() {
        let long = "x".repeat(99);
        let audit = audit(&format!(r#"{{"o":{{"a":"{long}"}}}}"#), &format!(r#"{{"o":{{"a":"{long}","b":1}}}}"#));
        assert_eq!(audit.to_json(), r#"[{"op":"add","path":"/o/b","value":1}]"#);
        assert_eq!(audit.apply(r#"{"o":{}}"#).unwrap(), r#"{"o":{"b":1}}"#);
        for user in [r#"{"o":[]}"#, r#"{"o":1}"#, r#"{"o":null}"#] {
            assert_eq!(audit.apply(user), Err(Inapplicable::Missing(Pointer::root().child("o").child("b"))));
        }
    }

    /// Lengths of operations and of what they would replace: neither direction is longer than replacing the whole.
    #[test]
    fn an_audit_is_no_longer_than_the_user_both_ways() {
        const FRAMES: usize = r#"[{"op":"replace","path":"","value":},]"#.len();
        holds(random::two_objects(), |(before, after)| {
            let [before, after] = [before, after].map(|text| document(&text).compact().text().to_owned());
            let audit = audit(&before, &after);
            assert!(audit.to_json().len() <= after.len() + FRAMES, "{audit}");
            assert!(audit.inverted().to_json().len() <= before.len() + FRAMES, "{}", audit.inverted());
            assert!(audit.with_tests().to_json().len() <= before.len() + after.len() + 2 * FRAMES);
        });
    }

    #[test]
    fn an_audit_goes_as_deep_as_is_shorter_than_replacing() {
        let [long, longer] = ["l".repeat(60), "m".repeat(200)];
        let told = |before: &str, after: &str| audit(before, after).to_json();
        let object = |inside: &str| format!(r#"{{"o":{{"keep":"{longer}",{inside}}}}}"#);
        assert_eq!(told(&object(r#""a":1"#), &object(r#""a":2"#)), r#"[{"op":"replace","path":"/o/a","value":2}]"#);
        assert_eq!(
            told(&object(r#""p":{"a":1,"b":2}"#), &object(r#""p":{"a":2,"b":3}"#)),
            r#"[{"op":"replace","path":"/o/p","value":{"a":2,"b":3}}]"#
        );
        let (one, other) = (format!(r#""p":{{"a":1,"b":"{long}"}}"#), format!(r#""p":{{"a":2,"b":"{long}"}}"#));
        assert_eq!(told(&object(&one), &object(&other)), r#"[{"op":"replace","path":"/o/p/a","value":2}]"#);
        assert_eq!(told(r#"{"a":1}"#, "{}"), r#"[{"op":"remove","path":"/a"}]"#);
        assert_eq!(told(r#"{"a":1,"b":2}"#, "{}"), r#"[{"op":"replace","path":"","value":{}}]"#);
        assert_eq!(told(r#"{"a":1}"#, r#"{"\u0061":1}"#), "[]");
    }

    /// To the byte: a name counts as long as it stands in the text of a path, and one direction that is longer is enough.
    #[test]
    fn an_operation_is_as_long_as_its_text() {
        let kept = |length: usize| format!(r#""u":"{}""#, "u".repeat(length - r#"{"u":""}"#.len()));
        let paths = |before: &str, after: &str| {
            let audit = audit(before, after);
            assert_eq!(audit.inverted(), Audit::between(document(after).value(), document(before).value()));
            audit.operations().iter().map(|operation| operation.path().as_str().to_owned()).collect::<Vec<_>>()
        };
        for (name, length) in [
            ("n".repeat(40), 40),
            ("/".repeat(20), 40),
            ("~".repeat(20), 40),
            (r#"\""#.repeat(20), 40),
            (r"\\".repeat(20), 40),
            (r"\n\r\t\b\f".repeat(4), 40),
            (r"\u0001\u001f".repeat(4), 48),
            (r"\u0020\u007f".repeat(20), 40),
            ("é".repeat(20), 40),
        ] {
            // The path is `/` and the name; in the other direction, what would replace all is longer still.
            let place = Pointer::root()
                .child(document(&format!(r#"{{"{name}":1}}"#)).value().members().next().unwrap().0.as_ref());
            for (room, path) in [(length + 1, place.as_str()), (length, "")] {
                let kept = kept(room);
                let (long, short) = (format!(r#"{{"{name}":1,{kept}}}"#), format!("{{{kept}}}"));
                assert_eq!(paths(&long, &short), [path], "{name} of {length}");
                assert_eq!(paths(&short, &long), [path], "{name} of {length}");
            }
        }
        // What stands above is in the path of each operation.
        let (one, other, above) = ("a".repeat(30), "b".repeat(30), "o".repeat(10));
        let frame = r#"{"op":"replace","path":"","value":},"#.len();
        let room = frame + (1 + above.len()) + (1 + one.len()) + (1 + other.len());
        for (room, count) in [(room, 2), (room - 1, 1)] {
            let kept = kept(room);
            let before = format!(r#"{{"{above}":{{"{one}":1,"{other}":2,{kept}}}}}"#);
            assert_eq!(paths(&before, &format!(r#"{{"{above}":{{{kept}}}}}"#)).len(), count);
        }
    }

    /// The members of an object whose name is long are not told of one by one: each would repeat the name.
    #[test]
    fn a_long_name_above_is_not_repeated_for_each_member() {
        for name in ["n".repeat(40_000), "\\u0001".repeat(40_000), "/~".repeat(20_000)] {
            let user = |value: usize| {
                let members: Vec<_> = (0..1000).map(|at| format!(r#""k{at}":{}"#, at + value)).collect();
                format!(r#"{{"{name}":{{{}}}}}"#, members.join(","))
            };
            let (before, after) = (user(0), user(1));
            let audit = audit(&before, &after);
            assert_eq!(audit.operations().len(), 1);
            assert!(audit.to_json().len() < 2 * after.len());
            leads(&audit.with_tests(), &before, &after);
        }
    }

    #[test]
    fn many_operations_are_done_in_one_walk() {
        let user = |from: usize| {
            let members: Vec<_> = (from..from + 5_000)
                .map(|at| format!(r#""k{at}":"{at} and text enough to tell of it alone""#))
                .collect();
            format!("{{{}}}", members.join(","))
        };
        let (before, after) = (user(0), user(1_000));
        let audit = audit(&before, &after).with_tests();
        let audit = Audit::from_record(audit.to_record().as_bytes()).unwrap();
        assert_eq!(document(&audit.apply(&before).unwrap()), document(&after));
        assert_eq!(document(&audit.inverted().apply(&after).unwrap()), document(&before));
    }

    #[test]
    fn deep_users_are_audited_without_an_overflow() {
        let user = |inside: &str| r#"{"a":"#.repeat(255) + inside + &"}".repeat(255);
        let (before, after) = (user("1"), user("2"));
        let audit = audit(&before, &after);
        assert_eq!(audit.apply(&before).unwrap(), after);
        assert_eq!(audit.inverted().apply(&after).unwrap(), before);
    }

    #[test]
    fn no_value_is_shown_but_in_the_operations_themselves() {
        let audit = audit(r#"{"a":1}"#, r#"{"a":"hunter2"}"#).with_tests();
        assert!(!format!("{audit:?}").contains("hunter2"));
        let wrong = audit.inverted().apply(r#"{"a":"hunter3"}"#).unwrap_err();
        assert!(!format!("{wrong} {wrong:?}").contains("hunter"));
    }
}

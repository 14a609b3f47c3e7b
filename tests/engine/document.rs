//! Documents that are changed member by member, and values that a program built.

use serde_json::{Value, json as value};
use user_patch::engine::{InvalidValue, Limits, Node, Object};

use crate::{arrays, json, many, node, object, objects, soon};

#[track_caller]
fn same(one: &str, other: &str) {
    assert!(node(one) == node(other) && node(other) == node(one), "{one:.200} is not {other:.200}");
}

#[track_caller]
fn different(one: &str, other: &str) {
    assert!(node(one) != node(other) && node(other) != node(one), "{one:.200} is {other:.200}");
}

/// `levels` containers inside each other, built from the inside without a recursion.
fn nested(levels: usize, wrap: impl Fn(usize, Value) -> Value) -> Value {
    (0..levels).fold(Value::Null, |inside, level| wrap(level, inside))
}

fn in_array(_: usize, inside: Value) -> Value {
    Value::Array(vec![inside])
}

fn in_object(_: usize, inside: Value) -> Value {
    Value::Object([("a".to_owned(), inside)].into_iter().collect())
}

fn in_turn(level: usize, inside: Value) -> Value {
    if level.is_multiple_of(2) { in_array(level, inside) } else { in_object(level, inside) }
}

// Reading and writing.

#[test]
fn the_members_keep_their_order() {
    let read = object(r#"{"b":1,"a":{"z":1,"y":2},"":3}"#);
    assert_eq!(read.members().map(|(name, _)| name).collect::<Vec<_>>(), ["b", "a", ""]);
    assert_eq!(read.to_string(), r#"{"b":1,"a":{"z":1,"y":2},"":3}"#);
}

#[test]
fn display_is_compact() {
    assert_eq!(
        object("{ \"a\" : [ 1 , { \"b\" : \" \" } ] ,\n\"c\" : { } }").to_string(),
        r#"{"a":[1,{"b":" "}],"c":{}}"#
    );
    assert_eq!(node(" [ ] ").to_string(), "[]");
}

#[test]
fn a_leaf_keeps_its_exact_text() {
    let text = r#"{"a":123456789012345678901234567890,"b":[1.0,1e400,-0],"c":{"d":"\u0041\/"}}"#;
    assert_eq!(object(text).to_string(), text);
}

#[test]
fn names_are_written_with_the_escapes_they_need_and_no_others() {
    assert_eq!(object(r#"{"\u0061\"\\\/\n\u0001\u00e9\u007f":1}"#).to_string(), "{\"a\\\"\\\\/\\n\\u0001é\u{7f}\":1}");
}

#[test]
fn what_is_written_is_read_as_the_same_document() {
    let text = r#"{"\"":{"\\":[{"x":" y "}]},"\u0000":"\u0000","":{}}"#;
    let read = object(text);
    assert_eq!(object(&read.to_string()), read);
}

#[test]
fn an_object_is_a_document_and_anything_else_is_a_leaf() {
    assert!(node("{}").as_object().is_some() && node("{}").as_leaf().is_none());
    for text in ["[]", "[{}]", "1", "null", r#""{}""#, "true"] {
        assert!(node(text).as_leaf().is_some() && node(text).as_object().is_none());
        assert_eq!(node(text).as_leaf().unwrap().text(), text);
    }
}

#[test]
fn an_object_knows_how_many_members_it_has() {
    assert!(object("{}").is_empty());
    assert_eq!(object("{}").len(), 0);
    assert!(!object(r#"{"a":null}"#).is_empty());
    assert_eq!(object(r#"{"a":null,"b":{"c":1}}"#).len(), 2);
    assert_eq!(Object::default(), object("{}"));
}

#[test]
fn a_member_is_found_by_its_unescaped_name() {
    let read = object(r#"{"\u0061":1,"B":2}"#);
    assert_eq!(read.get("a").unwrap().to_string(), "1");
    assert!(read.get("b").is_none());
    assert!(read.get("\\u0061").is_none());
}

#[test]
fn a_path_leads_through_objects() {
    let read = object(r#"{"a":{"b":{"c":1},"":2},"l":[{"x":1}],"n":null}"#);
    let at = |path: &[&str]| read.at(path).map(ToString::to_string);
    assert_eq!(at(&["a", "b", "c"]).as_deref(), Some("1"));
    assert_eq!(at(&["a", "b"]).as_deref(), Some(r#"{"c":1}"#));
    assert_eq!(at(&["a", ""]).as_deref(), Some("2"));
    assert_eq!(at(&["n"]).as_deref(), Some("null"));
}

#[test]
fn a_path_that_leads_nowhere_finds_nothing() {
    let read = object(r#"{"a":{"b":1},"l":[{"x":1}],"n":null}"#);
    for path in [&["x"][..], &["a", "x"], &["a", "b", "c"], &["l", "0"], &["l", "x"], &["n", "x"], &["a.b"], &[""]] {
        assert!(read.at(path).is_none());
    }
}

#[test]
fn debug_shows_names_and_kinds_and_no_value() {
    let shown = format!("{:?}", object(r#"{"password":"hunter2","in":{"n":4711,"l":["hunter2"]}}"#));
    assert_eq!(shown, r#"{"password": Json(String), "in": {"n": Json(Number), "l": Json(Array)}}"#);
}

// Equality.

#[test]
fn the_order_of_members_does_not_count() {
    same(r#"{"a":1,"b":{"c":2,"d":3}}"#, r#"{"b":{"d":3,"c":2},"a":1}"#);
    same(r#"{"l":[{"a":1,"b":2}]}"#, r#"{"l":[{"b":2,"a":1}]}"#);
}

#[test]
fn the_order_of_many_members_does_not_count() {
    let member = |at: usize| format!(r#""k{at}":{{"n":{at}}}"#);
    for count in [15, 16, 17, 18, 100, 1000] {
        same(&many(0..count, member), &many((0..count).rev(), member));
        different(&many(0..count, member), &many((1..=count).rev(), member));
        different(&many(0..count, member), &many((0..count).rev(), |at| format!(r#""k{at}":{{"n":{}}}"#, at / 7)));
    }
}

#[test]
fn the_spelling_of_strings_and_names_does_not_count() {
    same(r#"{"A":"A"}"#, r#"{"\u0041":"\u0041"}"#);
}

#[test]
fn documents_that_differ_anywhere_differ() {
    different(r#"{"a":1}"#, r#"{"a":2}"#);
    different(r#"{"a":1}"#, r#"{"a":1.0}"#);
    different(r#"{"a":1}"#, r#"{"b":1}"#);
    different(r#"{"a":1}"#, r#"{"a":1,"b":null}"#);
    different(r#"{"a":{}}"#, r#"{"a":[]}"#);
    different(r#"{"a":{"b":{"c":1}}}"#, r#"{"a":{"b":{"c":2}}}"#);
}

#[test]
fn deep_documents_are_compared_in_reasonable_time() {
    soon(|| {
        different(&objects(128, "1"), &objects(128, "2"));
        same(&objects(127, r#"{"x":1,"y":2}"#), &objects(127, r#"{"y":2,"x":1}"#));
        different(&objects(127, r#"{"x":1,"y":2}"#), &objects(127, r#"{"y":2,"x":3}"#));
    });
}

#[test]
fn the_deepest_document_overflows_nothing() {
    let limits = Limits { max_depth: u8::MAX, ..Limits::default() };
    let text = objects(255, "1");
    let read = Object::parse(text.as_bytes(), &limits).unwrap();
    assert_eq!(read.to_string(), text);
    assert!(format!("{read:?}").ends_with(&"}".repeat(255)));
    assert!(read.clone() == read);
    assert_eq!(Object::try_from(&read.to_value().unwrap()), Err(InvalidValue::TooDeep));
}

// `serde_json` and back.

#[test]
fn a_value_makes_the_round_trip() {
    for before in [
        value!({}),
        value!({"a": 1, "b": [null, true, -2.5, "x\n\"é"], "c": {"d": {"": []}}}),
        value!({"max": u64::MAX, "min": i64::MIN, "big": 1e300, "small": -5e-324}),
        value!({"\"\\\n\u{0}": "\"\\\n\u{0}\u{10ffff}", "l": [{"m": {"n": [{}]}}]}),
    ] {
        let object = Object::try_from(&before).unwrap();
        assert_eq!(object.to_value().unwrap(), before);
        assert_eq!(Node::try_from(&before).unwrap().to_value().unwrap(), before);
        // And is the document that its text is.
        assert_eq!(object, crate::object(&before.to_string()));
    }
}

#[test]
fn any_value_is_a_node() {
    for before in [value!(null), value!(1), value!("a"), value!([1, {"a": [2]}]), value!(false), value!({"a": 1})] {
        let node = Node::try_from(&before).unwrap();
        assert_eq!(node.to_value().unwrap(), before);
        assert_eq!(node, crate::node(&before.to_string()));
    }
}

#[test]
fn only_an_object_is_an_object() {
    for before in [value!(null), value!(1), value!("{}"), value!([{}]), value!(true)] {
        assert_eq!(Object::try_from(&before), Err(InvalidValue::NotAnObject));
    }
}

#[test]
fn a_document_becomes_what_serde_json_reads() {
    let text = r#"{"a":[1,{"b":2.50}],"c":{"\u0064":"\ud83d\ude00"},"e":null}"#;
    assert_eq!(object(text).to_value().unwrap(), serde_json::from_str::<Value>(text).unwrap());
}

#[test]
fn a_number_beyond_an_f64_has_no_serde_json_value() {
    assert!(object(r#"{"a":{"b":1e400}}"#).to_value().is_err());
    assert!(node("[1e400]").to_value().is_err());
}

#[test]
fn a_value_of_128_levels_is_a_node() {
    for wrap in [in_array, in_object, in_turn] {
        let node = Node::try_from(&nested(128, wrap)).unwrap();
        assert_eq!(node, crate::node(&nested(128, wrap).to_string()));
    }
    let text = Node::try_from(&nested(128, in_array)).unwrap().to_string();
    assert_eq!(text, arrays(128).replace("[]", "[null]"));
}

#[test]
fn a_value_of_129_levels_is_refused() {
    for wrap in [in_array, in_object, in_turn] {
        assert_eq!(Node::try_from(&nested(129, wrap)), Err(InvalidValue::TooDeep));
    }
    assert_eq!(Object::try_from(&nested(129, in_object)), Err(InvalidValue::TooDeep));
    assert_eq!(InvalidValue::TooDeep.to_string(), "nested deeper than 128 levels");
}

#[test]
fn a_value_of_100_000_levels_is_refused_without_an_overflow() {
    for wrap in [in_array, in_object, in_turn] {
        let value = nested(100_000, wrap);
        assert_eq!(Node::try_from(&value), Err(InvalidValue::TooDeep));
        assert!(Object::try_from(&value).is_err());
        let value = value!({"beside": 1}).as_object().map(|beside| {
            let mut members = beside.clone();
            members.insert("deep".to_owned(), value);
            Value::Object(members)
        });
        let value = value.unwrap();
        assert_eq!(Object::try_from(&value), Err(InvalidValue::TooDeep));
        // To drop it would recurse 100,000 levels deep.
        std::mem::forget(value);
    }
}

#[test]
fn a_negative_zero_of_a_program_stays_one() {
    assert_eq!(Node::try_from(&value!(-0.0)).unwrap().as_leaf().unwrap(), &json("-0.0"));
}

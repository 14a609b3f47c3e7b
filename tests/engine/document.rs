//! Documents that are changed member by member, and values that a program built.

use serde_json::{Value, json as value};
use user_patch::engine::{Document, InvalidValue, Kind, Limits};

use crate::{arrays, document, many, objects, soon};

#[track_caller]
fn same(one: &str, other: &str) {
    assert!(document(one) == document(other) && document(other) == document(one), "{one:.200} is not {other:.200}");
}

#[track_caller]
fn different(one: &str, other: &str) {
    assert!(document(one) != document(other) && document(other) != document(one), "{one:.200} is {other:.200}");
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
    if level % 2 == 0 { in_array(level, inside) } else { in_object(level, inside) }
}

// Reading and writing.

#[test]
fn the_members_keep_their_order() {
    let read = document(r#"{"b":1,"a":{"z":1,"y":2},"":3}"#);
    assert_eq!(read.value().members().map(|(name, _)| name).collect::<Vec<_>>(), ["b", "a", ""]);
    assert_eq!(read.to_string(), r#"{"b":1,"a":{"z":1,"y":2},"":3}"#);
}

#[test]
fn display_is_the_text_without_what_is_around_it() {
    let text = "{ \"a\" : [ 1 , { \"b\" : \" \" } ] ,\n\"c\" : { } }";
    assert_eq!(document(&format!("\n {text}\t")).to_string(), text);
    assert_eq!(document(&format!("\n {text}\t")).text(), text);
    assert_eq!(document(&format!("\n {text}\t")).into_owned().text(), text);
}

#[test]
fn the_compact_form_has_no_white_space_around_tokens() {
    let read = document("\n { \"a\" : [ 1 , { \"b\" : \" \" } ] ,\n\"c\" : { } } ");
    assert_eq!(read.compact().text(), r#"{"a":[1,{"b":" "}],"c":{}}"#);
    for (text, compact) in
        [(" [ ] ", "[]"), (" {} ", "{}"), (" {}", "{}"), ("{} ", "{}"), ("\t1.0\n", "1.0"), ("{}", "{}")]
    {
        assert_eq!(document(text).compact().text(), compact);
    }
}

#[test]
fn the_compact_form_has_the_same_members() {
    for text in [
        "{ \"a\" : { \"\\u0062\" : [ 1 ] , \"c\" : { } } , \"d\" : \" \\u0065 \" }",
        "\n {\"a\":{\"\\u0062\":[1],\"c\":{}},\"d\":\" \\u0065 \"}\t",
        r#"{"a":{"\u0062":[1],"c":{}},"d":" \u0065 "}"#,
    ] {
        for read in [document(text), document(text).into_owned()] {
            let compact = read.compact();
            assert_eq!(compact, read);
            assert_eq!(compact.text(), r#"{"a":{"\u0062":[1],"c":{}},"d":" \u0065 "}"#);
            assert_eq!(compact.value().at(&["a", "b"]).unwrap().text(), "[1]");
            assert_eq!(compact.value().at(&["a", "c"]).unwrap().text(), "{}");
            assert_eq!(compact.value().get("d").unwrap().as_str().unwrap(), " e ");
        }
    }
}

#[test]
fn a_leaf_keeps_its_exact_text() {
    let text = r#"{"a":123456789012345678901234567890,"b":[1.0,1e400,-0],"c":{"d":"\u0041\/"}}"#;
    assert_eq!(document(text).to_string(), text);
    assert_eq!(document(text).compact().to_string(), text);
}

#[test]
fn a_name_keeps_the_escapes_it_was_written_with() {
    let text = r#"{"\u0061\"\\\/\n\u0001\u00e9\u007f":1}"#;
    let read = document(text);
    assert_eq!(read.compact().text(), text);
    assert_eq!(read.value().members().next().unwrap().0, "a\"\\/\n\u{1}é\u{7f}");
}

#[test]
fn names_of_a_program_are_written_with_the_escapes_they_need_and_no_others() {
    let built = value!({"a\"\\/\n\u{1}é\u{7f}": 1});
    assert_eq!(Document::try_from(&built).unwrap().text(), "{\"a\\\"\\\\/\\n\\u0001é\u{7f}\":1}");
}

#[test]
fn what_is_written_is_read_as_the_same_document() {
    let text = r#"{"\"":{"\\":[{"x":" y "}]},"\u0000":"\u0000","":{}}"#;
    let read = document(text);
    assert_eq!(document(&read.to_string()), read);
}

#[test]
fn only_an_object_has_members() {
    assert!(document("{}").value().is_object());
    for text in ["[]", r#"[{"a":1}]"#, "1", "null", r#""{}""#, "true"] {
        let read = document(text);
        let value = read.value();
        assert!(!value.is_object() && value.is_empty() && (value.len(), value.members().count()) == (0, 0));
        assert_eq!(value.text(), text);
        assert_eq!(value.is_null(), text == "null");
    }
}

#[test]
fn a_value_is_of_the_kind_that_its_text_is_of() {
    let read = document(r#"{"o":{},"l":[],"s":"","n":-1,"t":true,"f":false,"z":null}"#);
    let kinds: Vec<_> = read.value().members().map(|(_, value)| value.kind()).collect();
    let (kinds, booleans) = (&kinds, [Kind::Boolean; 2]);
    assert_eq!(kinds[..4], [Kind::Object, Kind::Array, Kind::String, Kind::Number]);
    assert_eq!((&kinds[4..6], kinds[6]), (&booleans[..], Kind::Null));
    let get = |name: &str| read.value().get(name).unwrap();
    assert_eq!((get("t").as_bool(), get("f").as_bool(), get("z").as_bool()), (Some(true), Some(false), None));
    assert_eq!((get("s").as_str().as_deref(), get("n").as_str()), (Some(""), None));
}

#[test]
fn a_string_is_unescaped_wherever_the_escapes_are() {
    let read = document(r#"{"plain":"a","escaped":"\u0061\n","p\u006c":"b"}"#);
    let strings: Vec<_> = read.value().members().map(|(name, value)| (name, value.as_str().unwrap())).collect();
    assert_eq!(strings, [("plain".into(), "a".into()), ("escaped".into(), "a\n".into()), ("pl".into(), "b".into())]);
}

#[test]
fn a_value_by_itself_is_the_same_value() {
    let read = document(r#" { "a" : { "b" : [ 1 , "\u0063" ] } } "#);
    let inside = read.value().get("a").unwrap();
    assert_eq!(inside.to_json().text(), r#"{ "b" : [ 1 , "\u0063" ] }"#);
    assert_eq!(inside.to_json().compact().text(), r#"{"b":[1,"\u0063"]}"#);
    let list = inside.get("b").unwrap().to_json();
    assert_eq!(list.elements().last().unwrap().as_str().unwrap(), "c");
}

/// Offsets count bytes, and a character has up to four of them.
#[test]
fn characters_of_many_bytes_are_not_cut() {
    let text = r#"{"é":"😀","😀":{"€":"é","a":["€"]},"x":"\u00e9€"}"#;
    for text in [text.to_owned(), format!(" {text}"), text.replace(':', " : ")] {
        let read = document(&text);
        for read in [&read, &read.compact(), &read.clone().into_owned()] {
            let at = |path: &[&str]| read.value().at(path).unwrap();
            assert_eq!(at(&["é"]).as_str().unwrap(), "😀");
            assert_eq!(at(&["😀", "€"]).as_str().unwrap(), "é");
            assert_eq!(at(&["😀", "a"]).text(), r#"["€"]"#);
            assert_eq!(at(&["x"]).as_str().unwrap(), "é€");
        }
    }
}

#[test]
fn an_object_knows_how_many_members_it_has() {
    assert!(document("{}").value().is_empty());
    assert_eq!(document("{}").value().len(), 0);
    assert!(!document(r#"{"a":null}"#).value().is_empty());
    assert_eq!(document(r#"{"a":null,"b":{"c":1}}"#).value().len(), 2);
    assert_eq!(document(r#"{"a":[{"b":1},{"c":2}],"d":{"e":{},"f":[{}]},"g":3}"#).value().len(), 3);
}

#[test]
fn a_member_is_found_by_its_unescaped_name() {
    let read = document(r#"{"\u0061":1,"B":2}"#);
    let get = |name: &str| read.value().get(name).map(|value| value.to_string());
    assert_eq!(get("a").as_deref(), Some("1"));
    assert!(get("b").is_none());
    assert!(get("\\u0061").is_none());
}

#[test]
fn a_path_leads_through_objects() {
    let read = document(r#"{"a":{"b":{"c":1},"":2},"l":[{"x":1}],"n":null}"#);
    let at = |path: &[&str]| read.value().at(path).map(|value| value.to_string());
    assert_eq!(at(&["a", "b", "c"]).as_deref(), Some("1"));
    assert_eq!(at(&["a", "b"]).as_deref(), Some(r#"{"c":1}"#));
    assert_eq!(at(&["a", ""]).as_deref(), Some("2"));
    assert_eq!(at(&["n"]).as_deref(), Some("null"));
}

#[test]
fn a_path_that_leads_nowhere_finds_nothing() {
    let read = document(r#"{"a":{"b":1},"l":[{"x":1}],"n":null}"#);
    for path in [&["x"][..], &["a", "x"], &["a", "b", "c"], &["l", "0"], &["l", "x"], &["n", "x"], &["a.b"], &[""]] {
        assert!(read.value().at(path).is_none());
    }
}

#[test]
fn debug_shows_names_and_kinds_and_no_value() {
    let shown = format!("{:?}", document(r#"{"password":"hunter2","in":{"n":4711,"l":["hunter2"]}}"#));
    assert_eq!(shown, r#"{"password": String, "in": {"n": Number, "l": Array}}"#);
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
    let read = Document::parse(text.as_bytes(), &limits).unwrap();
    assert_eq!(read.to_string(), text);
    assert!(format!("{read:?}").ends_with(&"}".repeat(255)));
    assert!(read.clone() == read);
    let spaced = text.replace(':', " : ");
    let spaced = Document::parse(spaced.as_bytes(), &limits).unwrap();
    assert!(spaced == read);
    assert_eq!(spaced.compact().text(), text);
    // `serde_json` reads 127 levels, and we write 128.
    assert!(read.value().to_value().is_err());
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
        let built = Document::try_from(&before).unwrap();
        assert_eq!(built.value().to_value().unwrap(), before);
        // And is the document that its text is.
        assert_eq!(built, document(&before.to_string()));
    }
}

#[test]
fn any_value_is_a_document() {
    for before in [value!(null), value!(1), value!("a"), value!([1, {"a": [2]}]), value!(false), value!({"a": 1})] {
        let built = Document::try_from(&before).unwrap();
        assert_eq!(built.value().to_value().unwrap(), before);
        assert_eq!(built, document(&before.to_string()));
        assert_eq!(built.text(), before.to_string());
    }
}

#[test]
fn a_document_becomes_what_serde_json_reads() {
    let text = r#"{"a":[1,{"b":2.50}],"c":{"\u0064":"\ud83d\ude00"},"e":null}"#;
    assert_eq!(document(text).value().to_value().unwrap(), serde_json::from_str::<Value>(text).unwrap());
}

#[test]
fn a_number_beyond_an_f64_has_no_serde_json_value() {
    let read = document(r#"{"a":{"b":1e400},"c":1}"#);
    assert!(read.value().to_value().is_err());
    assert_eq!(read.value().get("c").unwrap().to_value().unwrap(), value!(1));
    assert!(document("[1e400]").value().to_value().is_err());
}

#[test]
fn a_value_of_128_levels_is_a_document() {
    for wrap in [in_array, in_object, in_turn] {
        let built = Document::try_from(&nested(128, wrap)).unwrap();
        assert_eq!(built, document(&nested(128, wrap).to_string()));
    }
    let text = Document::try_from(&nested(128, in_array)).unwrap().to_string();
    assert_eq!(text, arrays(128).replace("[]", "[null]"));
}

#[test]
fn a_value_of_129_levels_is_refused() {
    for wrap in [in_array, in_object, in_turn] {
        assert_eq!(Document::try_from(&nested(129, wrap)), Err(InvalidValue::TooDeep));
    }
    assert_eq!(InvalidValue::TooDeep.to_string(), "nested deeper than 128 levels");
}

#[test]
fn a_value_of_100_000_levels_is_refused_without_an_overflow() {
    for wrap in [in_array, in_object, in_turn] {
        let value = nested(100_000, wrap);
        assert_eq!(Document::try_from(&value), Err(InvalidValue::TooDeep));
        let value = value!({"beside": 1}).as_object().map(|beside| {
            let mut members = beside.clone();
            members.insert("deep".to_owned(), value);
            Value::Object(members)
        });
        let value = value.unwrap();
        assert_eq!(Document::try_from(&value), Err(InvalidValue::TooDeep));
        // To drop it would recurse 100,000 levels deep.
        std::mem::forget(value);
    }
}

#[test]
fn a_negative_zero_of_a_program_stays_one() {
    assert_eq!(Document::try_from(&value!(-0.0)).unwrap().text(), "-0.0");
}

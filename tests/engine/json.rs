//! Values kept as the text they were written in.

use user_patch::engine::{Json, Kind, Limits};

use crate::{arrays, json, many, objects, soon};

/// One value of each type, and the edges of some.
const VALUES: [&str; 12] = [
    "null",
    "true",
    "false",
    "0",
    "-1.5e+3",
    r#""""#,
    r#""a b""#,
    "[]",
    "[1,[2]]",
    "{}",
    r#"{"a":{"b":null}}"#,
    "\"é😀\"",
];

#[track_caller]
fn same(one: &str, other: &str) {
    assert!(json(one) == json(other) && json(other) == json(one), "{one} is not {other}");
}

#[track_caller]
fn different(one: &str, other: &str) {
    assert!(json(one) != json(other) && json(other) != json(one), "{one} is {other}");
}

#[track_caller]
fn compact(text: &str, expected: &str) {
    let compact = json(text).compact();
    assert_eq!(compact.text(), expected);
    assert!(compact == json(text));
}

#[track_caller]
fn members(text: &str) -> Vec<(String, String)> {
    json(text).members().map(|(name, value)| (name.into_owned(), value.text().to_owned())).collect()
}

#[track_caller]
fn has_members(text: &str, expected: &[(&str, &str)]) {
    let members = members(text);
    let members: Vec<_> = members.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(members, expected);
}

#[track_caller]
fn has_elements(text: &str, expected: &[&str]) {
    let read = json(text);
    let elements: Vec<_> = read.elements().map(|element| element.text().to_owned()).collect();
    assert_eq!(elements, expected);
}

// The text.

#[test]
fn a_number_keeps_its_exact_text() {
    let fraction = format!("0.{}1", "3".repeat(400));
    let numbers = [
        "123456789012345678901234567890",
        "1.0",
        "1",
        "1.50",
        "1e400",
        "-1E-400",
        "-0",
        "18446744073709551616",
        "1e+05",
    ];
    for number in numbers.into_iter().chain([&*fraction]) {
        assert_eq!(json(number).text(), number);
        assert_eq!(json(number).to_string(), number);
        has_elements(&format!("[ {number} ]"), &[number]);
        has_members(&format!(r#"{{"n":{number}}}"#), &[("n", number)]);
    }
}

#[test]
fn a_string_keeps_the_escapes_it_was_written_with() {
    let text = r#""\u0041\/\n\ud83d\ude00""#;
    assert_eq!(json(text).text(), text);
    assert_eq!(json(text).as_str().unwrap(), "A/\n😀");
}

#[test]
fn white_space_inside_a_value_is_kept_and_outside_is_not() {
    assert_eq!(json(" [ 1 ,\n2 ]\t").text(), "[ 1 ,\n2 ]");
}

#[test]
fn an_owned_value_is_the_same_value() {
    for text in VALUES {
        let owned: Json<'static> = json(text).into_owned();
        assert_eq!(owned.text(), text);
        assert_eq!(owned.borrowed().text(), text);
        assert_eq!(owned.clone(), owned);
    }
}

#[test]
fn debug_shows_the_kind_and_no_text() {
    for (text, shown) in [
        (r#""hunter2""#, "Json(String)"),
        ("4711", "Json(Number)"),
        ("true", "Json(Boolean)"),
        ("null", "Json(Null)"),
        (r#"["hunter2"]"#, "Json(Array)"),
        (r#"{"password":"hunter2"}"#, "Json(Object)"),
    ] {
        assert_eq!(format!("{:?}", json(text)), shown);
        assert_eq!(format!("{:#?}", json(text)), shown);
    }
}

#[test]
fn a_string_made_from_text_is_that_text() {
    let all: String = ('\0'..='\u{ff}').chain(['\u{2028}', '\u{feff}', '😀', '\u{10ffff}']).collect();
    for text in ["", "a", "\"", "\\", "a\"b\\c/d", "\n\r\t\u{8}\u{c}\u{1f}", &all] {
        let value = Json::string(text);
        assert_eq!(value.as_str().unwrap(), text);
        // And it is JSON, for others as well as for us.
        assert_eq!(json(value.text()).as_str().unwrap(), text);
        assert_eq!(serde_json::from_str::<String>(value.text()).unwrap(), text);
    }
}

/// Whatever stands before it, a character that must be escaped is escaped.
#[test]
fn a_string_made_from_text_escapes_at_every_place() {
    for special in ('\0'..' ').chain(['"', '\\']) {
        for (before, after) in (0..20).flat_map(|before| (0..10).map(move |after| (before, after))) {
            let (before, after) = ("~".repeat(before), "~".repeat(after));
            let text = format!("{}{special}{before}{special}{after}", "é".repeat(before.len() / 2));
            assert_eq!(serde_json::from_str::<String>(Json::string(&text).text()).unwrap(), text);
            assert_eq!(Json::string(&before).text(), format!("\"{before}\""));
        }
    }
}

#[test]
fn null_is_null() {
    assert!(Json::null().is_null());
    assert_eq!(Json::null().text(), "null");
}

// What a value is.

#[test]
fn the_kind_is_that_of_the_grammar() {
    for (text, kind) in [
        ("null", Kind::Null),
        ("true", Kind::Boolean),
        ("false", Kind::Boolean),
        ("0", Kind::Number),
        ("-1e5", Kind::Number),
        (r#""null""#, Kind::String),
        ("[null]", Kind::Array),
        (r#"{"a":1}"#, Kind::Object),
    ] {
        assert_eq!(json(text).kind(), kind);
        assert_eq!(json(text).is_null(), kind == Kind::Null);
    }
}

#[test]
fn only_a_boolean_is_a_bool() {
    assert_eq!(json("true").as_bool(), Some(true));
    assert_eq!(json("false").as_bool(), Some(false));
    for text in ["null", "1", r#""true""#, "[true]"] {
        assert_eq!(json(text).as_bool(), None);
    }
}

#[test]
fn only_a_string_is_a_str() {
    for text in ["null", "1", "true", r#"["a"]"#, r#"{"a":"b"}"#] {
        assert_eq!(json(text).as_str(), None);
    }
}

#[test]
fn an_integer_is_a_number_without_fraction_and_exponent() {
    for text in ["0", "-0", "12", "123456789012345678901234567890"] {
        assert!(json(text).is_integer());
    }
    for text in ["1.0", "1e5", "1E5", "-0.0", r#""1""#, "[1]", "null", "true"] {
        assert!(!json(text).is_integer());
    }
}

// What is inside.

#[test]
fn the_members_of_an_object_come_in_their_order() {
    has_members(
        r#"{"b":1,"a":[2,{"x":3}],"c":{"d":{"e":4}}}"#,
        &[("b", "1"), ("a", r#"[2,{"x":3}]"#), ("c", r#"{"d":{"e":4}}"#)],
    );
}

#[test]
fn white_space_is_no_part_of_a_member() {
    has_members(
        "{ \t\"a\"\r\n : \n1\n ,\n\n\"b\" :\t[ 1 , 2 ]\t, \"c\":{ } , \"d\" : \"x y\" ,\"e\":null\n}",
        &[("a", "1"), ("b", "[ 1 , 2 ]"), ("c", "{ }"), ("d", "\"x y\""), ("e", "null")],
    );
}

#[test]
fn the_names_of_members_are_unescaped() {
    has_members(
        r#"{"\u0061\"":1,"\\":2,"\ud83d\ude00":3,"":4,"\\\"\\":5}"#,
        &[("a\"", "1"), ("\\", "2"), ("😀", "3"), ("", "4"), ("\\\"\\", "5")],
    );
}

#[test]
fn punctuation_inside_strings_is_text() {
    has_members(
        r#"{"a}],:{[":"}],:{[\"","b\\":["]","\\","\"]"],"c":{"}":"}","{":"\\\""}}"#,
        &[("a}],:{[", r#""}],:{[\"""#), ("b\\", r#"["]","\\","\"]"]"#), ("c", r#"{"}":"}","{":"\\\""}"#)],
    );
    has_elements(
        r#"["]", "[", ",", "\"", "\\", "\\\"],", {"]":"["}]"#,
        &[r#""]""#, r#""[""#, r#"",""#, r#""\"""#, r#""\\""#, r#""\\\"],""#, r#"{"]":"["}"#],
    );
}

#[test]
fn the_elements_of_an_array_come_in_their_order() {
    has_elements(
        r#"[1,"a",null,true,[2],{"b":3},-0.5e1]"#,
        &["1", r#""a""#, "null", "true", "[2]", r#"{"b":3}"#, "-0.5e1"],
    );
}

#[test]
fn white_space_is_no_part_of_an_element() {
    has_elements(
        "[ 1\t,\r\n[ 2 ,3]\n, { \"a\" : 4 } ,\"x y\" ,null ]",
        &["1", "[ 2 ,3]", "{ \"a\" : 4 }", "\"x y\"", "null"],
    );
}

#[test]
fn an_empty_container_has_nothing_inside() {
    for text in ["{}", "{ }", "{\n\t}"] {
        has_members(text, &[]);
    }
    for text in ["[]", "[ ]", "[\r\n]"] {
        has_elements(text, &[]);
    }
    has_elements("[[],{},[ ],{ }]", &["[]", "{}", "[ ]", "{ }"]);
}

#[test]
fn another_value_has_nothing_inside() {
    for text in VALUES {
        if json(text).kind() != Kind::Object {
            has_members(text, &[]);
        }
        if json(text).kind() != Kind::Array {
            has_elements(text, &[]);
        }
    }
}

#[test]
fn every_value_comes_out_of_a_container_as_it_went_in() {
    for one in VALUES {
        for other in VALUES {
            has_elements(&format!("[{one},{other}]"), &[one, other]);
            has_elements(&format!("[ {one} , {other} ]"), &[one, other]);
            has_members(&format!(r#"{{"a":{one},"b":{other}}}"#), &[("a", one), ("b", other)]);
            has_members(&format!(r#"{{ "a" : {one} , "b" : {other} }}"#), &[("a", one), ("b", other)]);
        }
    }
}

// Without white space.

#[test]
fn the_compact_form_has_no_white_space_between_tokens() {
    compact(" { \"a\" : [ 1 ,\r\n\t2 ] , \"b\" : { } , \"c\" : true } ", r#"{"a":[1,2],"b":{},"c":true}"#);
    compact("[ [ ] , null ]", "[[],null]");
}

#[test]
fn the_compact_form_keeps_the_white_space_of_strings() {
    compact(r#"{ "a b" : " \" c \\" , "\\ " : " " }"#, r#"{"a b":" \" c \\","\\ ":" "}"#);
    compact(r#"" a ""#, r#"" a ""#);
}

#[test]
fn the_compact_form_keeps_numbers_and_escapes_as_they_are_written() {
    compact(r#"[ 1.0 , 1e400 , "\u0041" , -0 ]"#, r#"[1.0,1e400,"\u0041",-0]"#);
}

#[test]
fn the_compact_form_of_a_compact_value_is_that_value() {
    for text in VALUES {
        compact(text, text);
    }
}

// Equality.

#[test]
fn every_value_equals_itself_and_no_other() {
    for one in VALUES {
        for other in VALUES {
            match one == other {
                true => same(one, other),
                false => different(one, other),
            }
        }
    }
}

#[test]
fn the_order_of_members_does_not_count() {
    same(r#"{"a":1,"b":2,"c":3}"#, r#"{"c":3,"a":1,"b":2}"#);
    same(r#"{"x":{"a":1,"b":[{"c":2,"d":3}]}}"#, r#"{"x":{"b":[{"d":3,"c":2}],"a":1}}"#);
    same(r#"{"same":0,"a":1,"b":2}"#, r#"{"same":0,"b":2,"a":1}"#);
}

#[test]
fn the_order_of_many_members_does_not_count() {
    let member = |at: usize| format!(r#""k{at}":{at}"#);
    same(&many(0..1000, member), &many((0..1000).rev(), member));
    different(&many(0..1000, member), &many((1..1001).rev(), member));
}

#[test]
fn the_order_of_elements_counts() {
    different("[1,2]", "[2,1]");
}

#[test]
fn white_space_does_not_count() {
    same(r#"{"a":[1,2]}"#, "{ \"a\" : [ 1 ,\n2 ] }");
}

#[test]
fn the_spelling_of_a_string_does_not_count() {
    same(r#""A/😀""#, r#""\u0041\/\ud83d\ude00""#);
    same(r#"{"A":"\n"}"#, r#"{"\u0041":"\u000a"}"#);
    different(r#""a""#, r#""A""#);
}

#[test]
fn numbers_are_equal_where_they_are_written_alike() {
    different("1", "1.0");
    different("1e2", "100");
    different("0", "-0");
    different("1e5", "1E5");
    different("18446744073709551616", "18446744073709551617");
    different("[1]", "[1.0]");
    different(r#"{"a":1}"#, r#"{"a":1.0}"#);
}

#[test]
fn values_of_two_kinds_differ() {
    different("1", r#""1""#);
    different("null", r#""null""#);
    different("{}", "[]");
    different("null", "{}");
    different("false", "0");
}

#[test]
fn a_container_with_less_or_more_inside_differs() {
    different("[1]", "[1,2]");
    different("[]", "[null]");
    different(r#"{"a":1}"#, r#"{"a":1,"b":2}"#);
    different("{}", r#"{"a":null}"#);
    different(r#"{"a":1,"b":2}"#, r#"{"a":1,"c":2}"#);
    different(r#"{"a":1,"b":2}"#, r#"{"b":1,"a":2}"#);
}

#[test]
fn deep_values_are_compared_in_reasonable_time() {
    soon(|| {
        different(&objects(127, r#"{"x":1,"y":2}"#), &objects(127, r#"{"y":2,"x":3}"#));
        same(&objects(127, r#"{"x":1,"y":2}"#), &objects(127, r#"{"y":2,"x":1}"#));
        let both = |inside: &str, first: bool| match first {
            true => r#"{"k":0,"a":"#.repeat(127) + inside + &"}".repeat(127),
            false => r#"{"a":"#.repeat(127) + inside + &r#","k":0}"#.repeat(127),
        };
        same(&both("{}", true), &both("{}", false));
        different(&both("{}", true), &both("[]", false));
    });
}

// As a `serde_json::Value`.

#[test]
fn a_value_becomes_what_serde_json_reads() {
    for text in VALUES {
        assert_eq!(json(text).to_value().unwrap(), serde_json::from_str::<serde_json::Value>(text).unwrap());
    }
}

#[test]
fn a_number_beyond_an_f64_has_no_serde_json_value() {
    for text in ["1e400", "-1e400", "[1e400]", r#"{"a":{"b":1e400}}"#] {
        assert!(json(text).to_value().is_err());
    }
}

#[test]
fn a_value_of_127_levels_has_a_serde_json_value() {
    assert!(json(&arrays(127)).to_value().is_ok());
    assert!(json(&arrays(128)).to_value().is_err());
}

#[test]
fn the_deepest_value_overflows_nothing() {
    let limits = Limits { max_depth: u8::MAX, ..Limits::default() };
    for text in [arrays(255), objects(255, "1")] {
        let value = Json::parse(text.as_bytes(), &limits).unwrap();
        let spaced = text.replace('a', "\\u0061").replace('[', "[ ");
        let spaced = Json::parse(spaced.as_bytes(), &limits).unwrap();
        assert!(value == spaced);
        assert_eq!(value.members().count() + value.elements().count(), 1);
        assert!(value.to_value().is_err());
        assert_eq!(spaced.compact().text().replace("\\u0061", "a"), text);
    }
}

#[test]
fn a_string_is_taken_with_its_escapes_undone() {
    let read = |text: &'static str| Json::parse(text.as_bytes(), &Limits::default()).unwrap();
    for (text, expected) in [(r#""plain""#, "plain"), (r#""""#, ""), (r#""a\u0041\n""#, "aA\n")] {
        assert_eq!(read(text).into_str().as_deref(), Some(expected));
        assert_eq!(read(text).into_owned().into_str().as_deref(), Some(expected));
    }
    for text in ["1", "null", "[]", "{}"] {
        assert_eq!((read(text).into_str(), read(text).into_owned().into_str()), (None, None));
    }
}

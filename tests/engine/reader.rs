//! RFC 8259, read strictly.

use std::borrow::Cow;

use user_patch::engine::{Document, Fault, Json, Limits, Malformed, MergePatch, Place};

use crate::{arrays, document, json, many, objects};

const VALUE: Fault = Fault::Expected { expected: "a value" };
const NAME: Fault = Fault::Expected { expected: "a member's name" };
const COLON: Fault = Fault::Expected { expected: "`:`" };
const IN_ARRAY: Fault = Fault::Expected { expected: "`,` or `]`" };
const IN_OBJECT: Fault = Fault::Expected { expected: "`,` or `}`" };

/// Reads a body in every way there is, which must all agree.
#[track_caller]
fn read(body: &[u8], limits: &Limits) -> Result<(), Malformed> {
    let whole = Json::parse(body, limits).map(|_| ());
    assert_eq!(whole, Document::parse(body, limits).map(|_| ()));
    assert_eq!(whole, MergePatch::parse(body, limits).map(|_| ()));
    match Document::parse_object(body, limits).map(|_| ()) {
        Err(wrong) if wrong.fault() == Fault::NotAnObject => assert_eq!(whole, Ok(())),
        object => assert_eq!(whole, object),
    }
    whole
}

#[track_caller]
fn refused(body: impl AsRef<[u8]>) -> Malformed {
    let body = body.as_ref();
    match read(body, &Limits::default()) {
        Err(wrong) => wrong,
        Ok(()) => panic!("{:.200} was accepted", String::from_utf8_lossy(body)),
    }
}

/// A body that is refused as a whole.
#[track_caller]
fn refuses(body: impl AsRef<[u8]>, fault: Fault) {
    assert_eq!(refused(body).fault(), fault);
}

/// A value that is refused wherever it stands: alone, as a member's value, inside a value that is kept verbatim.
#[track_caller]
fn refuses_value(value: &str, fault: Fault) {
    refuses(value, fault);
    refuses(format!(r#"{{"m":{value}}}"#), fault);
    refuses(format!(r#"{{"m":[{value}]}}"#), fault);
    refuses(format!(r#"{{"m":[0,{{"n":{value}}}]}}"#), fault);
}

/// A string that is refused as a value and as a member's name.
#[track_caller]
fn refuses_string(string: &str, fault: Fault) {
    refuses_value(string, fault);
    refuses_value(&format!("{{{string}:0}}"), fault);
}

#[track_caller]
fn accepts(body: impl AsRef<[u8]>) {
    let body = body.as_ref();
    if let Err(wrong) = read(body, &Limits::default()) {
        panic!("{:.200} was refused: {wrong}", String::from_utf8_lossy(body));
    }
}

#[track_caller]
fn duplicate(body: impl AsRef<[u8]>, pointer: &str) {
    let wrong = refused(body);
    assert_eq!((wrong.fault(), wrong.pointer().as_str()), (Fault::Duplicate, pointer));
}

/// The line and column of the fault in a body.
#[track_caller]
fn fault_at(body: impl AsRef<[u8]>, line: usize, column: usize) {
    let wrong = refused(body);
    assert_eq!(wrong.place(), Place { line, column }, "{wrong}");
}

// Section 2, the grammar.

#[test]
fn any_json_value_is_a_json_text() {
    for text in ["{}", "[]", "0", r#""""#, "true", "false", "null"] {
        accepts(text);
    }
}

/// "Insignificant whitespace is allowed before or after any of the six structural characters."
#[test]
fn white_space_is_allowed_around_structural_characters() {
    accepts(
        " \t\r\n{ \t\r\n\"a\" \t\r\n: \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n, \"b\" : { } , \"c\" : [ ] } \t\r\n",
    );
}

#[test]
fn no_other_white_space_is_allowed() {
    for space in ["\u{b}", "\u{c}", "\u{a0}", "\u{2028}", "\u{3000}", "\0"] {
        refuses(format!("{space}{{}}"), VALUE);
        refuses(format!("{{}}{space}"), Fault::TrailingData);
    }
}

#[test]
fn an_empty_body_is_refused() {
    refuses("", Fault::Empty);
}

#[test]
fn a_body_of_white_space_is_refused() {
    refuses(" \r\n\t ", Fault::Empty);
}

#[test]
fn nothing_may_follow_the_value() {
    for body in ["{}x", "{} {}", "{},", "{}}", "[]]", "1 2", "null null", "{}\0", "truefalse"] {
        refuses(body, Fault::TrailingData);
    }
}

#[test]
fn a_body_that_ends_early_says_what_is_missing() {
    let missing = |expected| Fault::UnexpectedEnd { expected };
    refuses("{", missing("a member's name"));
    refuses(r#"{"a"#, missing("the closing quote"));
    refuses(r#"{"a\"#, missing("the rest of an escape"));
    refuses(r#"{"a""#, missing("`:`"));
    refuses(r#"{"a":"#, missing("a value"));
    refuses(r#"{"a":1"#, missing("`,` or `}`"));
    refuses(r#"{"a":1,"#, missing("a member's name"));
    refuses("[", missing("a value"));
    refuses("[1", missing("`,` or `]`"));
    refuses("[1,", missing("a value"));
}

#[test]
fn every_beginning_of_a_body_is_refused() {
    let body = r#"{"a": [1.5e-3, true, null, {"b\n": "\ud83d\ude00 é"}], "c": {"d": false}}"#;
    accepts(body);
    for end in 0..body.len() {
        refused(&body.as_bytes()[..end]);
    }
}

/// One byte changed in every way there is: what is accepted is JSON, and what is refused is not, or has a member twice.
#[test]
fn what_is_accepted_is_what_the_grammar_allows() {
    let body = br#"{"a": [1.5e-3, -0, true, null, {"b\n": "\u0041 \ud83d\ude00 "}], "c": {"d": false}, "": ""}"#;
    let mut changed = body.to_vec();
    for at in 0..body.len() {
        for byte in 0..=u8::MAX {
            changed[at] = byte;
            match (read(&changed, &Limits::default()), serde_json::from_slice::<serde_json::Value>(&changed)) {
                (Ok(()), Ok(_)) | (Err(_), Err(_)) => {}
                (Err(wrong), Ok(_)) if wrong.fault() == Fault::Duplicate => {}
                (ours, theirs) => panic!("{}: {ours:?}, {theirs:?}", String::from_utf8_lossy(&changed)),
            }
        }
        changed[at] = body[at];
    }
}

// Section 3, values.

/// "The literal names MUST be lowercase. No other literal names are allowed."
#[test]
fn no_other_literal_names_are_allowed() {
    for word in ["True", "FALSE", "Null", "nul", "tru", "fals", "undefined", "NULL", "yes", "x"] {
        refuses_value(word, VALUE);
    }
}

#[test]
fn single_quotes_are_refused() {
    refuses_value("'a'", VALUE);
    refuses("{'a':1}", NAME);
}

#[test]
fn comments_are_refused() {
    refuses("/* a */{}", VALUE);
    refuses("// a\n{}", VALUE);
    refuses("{}// a", Fault::TrailingData);
    refuses("{/* a */}", NAME);
    refuses(r#"{"a":/* a */1}"#, VALUE);
    refuses("{\"a\":1 // a\n}", IN_OBJECT);
    refuses("[1 # a\n]", IN_ARRAY);
}

// Sections 4 and 5, objects and arrays.

#[test]
fn a_trailing_comma_is_refused() {
    refuses_value(r#"{"a":1,}"#, NAME);
    refuses_value("[1,]", VALUE);
}

#[test]
fn a_comma_without_a_value_before_it_is_refused() {
    refuses_value("{,}", NAME);
    refuses_value(r#"{"a":1,,"b":2}"#, NAME);
    refuses_value("[,]", VALUE);
    refuses_value("[1,,2]", VALUE);
}

#[test]
fn a_missing_comma_is_refused() {
    refuses_value(r#"{"a":1 "b":2}"#, IN_OBJECT);
    refuses_value("[1 2]", IN_ARRAY);
}

#[test]
fn a_missing_colon_is_refused() {
    refuses_value(r#"{"a" 1}"#, COLON);
    refuses_value(r#"{"a"}"#, COLON);
    refuses_value(r#"{"a"=1}"#, COLON);
}

#[test]
fn a_missing_value_is_refused() {
    refuses_value(r#"{"a":}"#, VALUE);
    refuses_value(r#"{"a":,"b":1}"#, VALUE);
}

#[test]
fn a_name_must_be_a_string() {
    for object in ["{a:1}", "{1:1}", "{null:1}", "{[]:1}", "{{}:1}"] {
        refuses_value(object, NAME);
    }
}

#[test]
fn brackets_must_match() {
    refuses_value("[1}", IN_ARRAY);
    refuses_value(r#"{"a":1]"#, IN_OBJECT);
    refuses_value("[}", VALUE);
    refuses_value("{]", NAME);
}

#[test]
fn the_empty_name_is_a_name() {
    let read = document(r#"{"": {"": 1}}"#);
    assert_eq!(read.value().at(&["", ""]).unwrap().to_string(), "1");
}

// Section 6, numbers.

#[test]
fn every_form_of_number_is_accepted() {
    let numbers =
        ["0", "-0", "10", "-1", "0.0", "-0.5", "1.50", "1e5", "1E5", "1e+5", "1E-5", "0e0", "1.5e05", "1e400"];
    for number in numbers {
        accepts(number);
        accepts(format!(r#"{{"m":[{number}]}}"#));
    }
}

/// "Leading zeros are not allowed."
#[test]
fn leading_zeros_are_refused() {
    for number in ["00", "01", "-01", "-00", "007.5"] {
        refuses_value(number, Fault::InvalidNumber);
    }
}

#[test]
fn a_point_without_digits_after_it_is_refused() {
    for number in ["1.", "-1.", "1.e5", "1..5", "0."] {
        refuses_value(number, Fault::InvalidNumber);
    }
}

#[test]
fn a_point_without_digits_before_it_is_refused() {
    refuses_value(".5", VALUE);
    refuses_value("-.5", Fault::InvalidNumber);
}

#[test]
fn a_plus_sign_is_refused() {
    refuses_value("+1", VALUE);
}

#[test]
fn a_minus_without_digits_is_refused() {
    for number in ["-", "--1", "- 1", "-a"] {
        refuses_value(number, Fault::InvalidNumber);
    }
}

#[test]
fn an_exponent_without_digits_is_refused() {
    for number in ["1e", "1E", "1e+", "1e-", "1.5e", "1ee5", "1e+-5"] {
        refuses_value(number, Fault::InvalidNumber);
    }
}

/// "Numeric values that cannot be represented in the grammar below (such as Infinity and NaN) are not permitted."
#[test]
fn infinity_and_nan_are_refused() {
    for number in ["NaN", "nan", "Infinity", "inf"] {
        refuses_value(number, VALUE);
    }
    refuses_value("-Infinity", Fault::InvalidNumber);
    refuses_value("-NaN", Fault::InvalidNumber);
}

#[test]
fn hexadecimal_numbers_and_separators_are_refused() {
    for number in ["0x10", "1_000", "1n", "1.5f", "1,5e"] {
        refused(format!(r#"{{"m":{number}}}"#));
        refused(format!("[{number}]"));
    }
}

// Section 7, strings.

#[test]
fn all_other_characters_may_stand_in_a_string() {
    accepts(
        "{\"\u{7f}\u{80}\u{2028}\u{feff}\u{fffd}\u{10ffff}/'\": \"\u{7f}\u{80}\u{2028}\u{feff}\u{fffd}\u{10ffff}/'\"}",
    );
}

/// "… except for the characters that MUST be escaped: quotation mark, reverse solidus, and the control characters
/// (U+0000 through U+001F)."
#[test]
fn control_characters_in_strings_are_refused() {
    for control in '\0'..' ' {
        for before in 0..20 {
            // Wherever it stands among characters that may stand there.
            let plain = "é~\u{7f}\u{1F600}!";
            let before: String = plain.chars().cycle().take(before).collect();
            refuses_string(&format!("\"{before}{control}{plain}{plain}\""), Fault::ControlCharacter);
        }
    }
}

#[test]
fn every_escape_is_accepted() {
    let read = json(r#"["\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\uDE00\u0000"]"#);
    let strings: Vec<_> = read.elements().map(|string| string.as_str().unwrap().into_owned()).collect();
    assert_eq!(strings, ["\"\\/\u{8}\u{c}\n\r\tAé€😀\0"]);
}

#[test]
fn an_escape_that_json_does_not_have_is_refused() {
    for escape in ["\\x", "\\x41", "\\a", "\\v", "\\0", "\\'", "\\U0041", "\\ ", "\\é", "\\\n", "\\N"] {
        refuses_string(&format!("\"{escape}\""), Fault::InvalidEscape);
    }
}

#[test]
fn a_unicode_escape_has_four_hexadecimal_digits() {
    for escape in ["\\u", "\\u1", "\\u12", "\\u123", "\\u12G4", "\\u+041", "\\u-041", "\\u{41}", "\\u 041", "\\u00é"] {
        refuses_string(&format!("\"{escape}\""), Fault::InvalidEscape);
        refuses_string(&format!("\"\\ud83d{escape}\""), Fault::InvalidEscape);
    }
}

// Section 8.1, character encoding.

/// "JSON text exchanged between systems that are not part of a closed ecosystem MUST be encoded using UTF-8".
#[test]
fn what_is_not_utf_8_is_refused() {
    let wrong: [&[u8]; 8] = [
        b"\xFF",
        b"{\"a\":\"\xFF\"}",
        b"{\"a\":[\"\xC3\"]}",
        b"{\"\xE2\x82\":1}",
        b"{\"a\":\"\xC0\x80\"}",
        // A surrogate and a number above U+10FFFF, encoded.
        b"{\"a\":\"\xED\xA0\x80\"}",
        b"{\"a\":\"\xF4\x90\x80\x80\"}",
        b"{}\x80",
    ];
    for body in wrong {
        refuses(body, Fault::NotUtf8);
    }
}

#[test]
fn utf_16_is_refused() {
    let text = r#"{"a":1}"#;
    refused(text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    refused(text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>());
    refuses(b"\xFF\xFE{\0}\0", Fault::NotUtf8);
}

/// "Implementations MUST NOT add a byte order mark (U+FEFF) to the beginning of a networked-transmitted JSON text."
#[test]
fn a_byte_order_mark_is_refused() {
    refuses("\u{FEFF}{}", Fault::ByteOrderMark);
    refuses("\u{FEFF}", Fault::ByteOrderMark);
    refuses(" \u{FEFF}{}", VALUE);
    refuses("{}\u{FEFF}", Fault::TrailingData);
}

// Section 8.2, Unicode characters.

#[test]
fn both_halves_of_a_surrogate_pair_are_one_character() {
    for (escapes, character) in [("\\ud83d\\ude00", "😀"), ("\\uD800\\uDC00", "𐀀"), ("\\uDBFF\\uDFFF", "\u{10ffff}")]
    {
        let text = format!(r#"{{"{escapes}":"{escapes}"}}"#);
        let read = json(&text);
        let (name, value) = read.members().next().unwrap();
        assert_eq!((&*name, &*value.as_str().unwrap()), (character, character));
    }
}

#[test]
fn the_neighbours_of_the_surrogates_are_characters() {
    assert_eq!(json(r#""\ud7ff\ue000""#).as_str().unwrap(), "\u{d7ff}\u{e000}");
}

/// "… the ABNF in this specification allows member names and string values to contain bit sequences that cannot encode
/// Unicode characters; for example, "\uDEAD" (a single unpaired UTF-16 surrogate)."
#[test]
fn a_lone_low_surrogate_is_refused() {
    for escapes in ["\\uDEAD", "\\udc00", "\\udfff", "a\\udc00b", "\\ude00\\ud83d"] {
        refuses_string(&format!("\"{escapes}\""), Fault::LoneSurrogate);
    }
}

#[test]
fn a_lone_high_surrogate_is_refused() {
    for escapes in ["\\ud800", "\\uDBFF", "a\\ud83d"] {
        refuses_string(&format!("\"{escapes}\""), Fault::LoneSurrogate);
    }
}

#[test]
fn a_high_surrogate_before_a_high_one_is_refused() {
    refuses_string(r#""\ud83d\ud83d""#, Fault::LoneSurrogate);
    refuses_string(r#""\ud83d\ud83d\ude00""#, Fault::LoneSurrogate);
}

#[test]
fn a_high_surrogate_before_anything_else_is_refused() {
    for escapes in
        ["\\ud83dx", "\\ud83d\\n", "\\ud83d\\\\", "\\ud83d\\u0041", "\\ud83d\\ue000", "\\ud83dude00", "\\ud83d😀"]
    {
        refuses_string(&format!("\"{escapes}\""), Fault::LoneSurrogate);
    }
}

#[test]
fn a_low_surrogate_after_a_pair_is_refused() {
    refuses_string(r#""\ud83d\ude00\ude00""#, Fault::LoneSurrogate);
}

#[test]
fn an_escaped_backslash_before_u_is_no_unicode_escape() {
    assert_eq!(json(r#""\\ud83d""#).as_str().unwrap(), "\\ud83d");
}

// Section 4: "The names within an object SHOULD be unique."

#[test]
fn a_member_that_comes_twice_is_refused() {
    duplicate(r#"{"a":1,"a":2}"#, "/a");
    duplicate(r#"{"a":1,"b":2,"a":3}"#, "/a");
}

#[test]
fn a_member_that_comes_twice_is_refused_even_with_one_value() {
    duplicate(r#"{"a":1,"a":1}"#, "/a");
    duplicate(r#"{"a":null,"a":null}"#, "/a");
}

#[test]
fn a_member_that_comes_twice_is_refused_at_every_depth() {
    for levels in [1, 2, 5, 127] {
        let pointer = "/a".repeat(levels) + "/x";
        duplicate(objects(levels, r#"{"x":1,"x":2}"#), &pointer);
    }
}

#[test]
fn a_member_that_comes_twice_inside_arrays_has_their_indexes_in_its_pointer() {
    duplicate(r#"{"a":[{"b":1,"b":2}]}"#, "/a/0/b");
    duplicate(r#"{"a":[0,{"b":1},[[],{"b":1,"c":2,"b":3}]]}"#, "/a/2/1/b");
    duplicate(r#"[{},{"x":1,"x":1}]"#, "/1/x");
}

#[test]
fn names_are_compared_after_unescaping() {
    duplicate(r#"{"role":"user","\u0072ole":"admin"}"#, "/role");
    duplicate(r#"{"\u0072ole":"user","role":"admin"}"#, "/role");
    duplicate(r#"{"\u0072ole":"user","r\u006fle":"admin"}"#, "/role");
    duplicate(r#"{"m":{"\u0072ole":"user","role":"admin"}}"#, "/m/role");
    duplicate(r#"{"/":1,"\/":2}"#, "/~1");
    duplicate(r#"{"\n":1,"\u000A":2}"#, "/\n");
    duplicate(r#"{"\u00e9":1,"\u00E9":2}"#, "/é");
    duplicate(r#"{"😀":1,"\ud83d\ude00":2}"#, "/😀");
}

#[test]
fn the_member_with_the_duplicate_is_named_after_unescaping() {
    duplicate(r#"{"\u0061":[{"\u0062":{"c":1,"c":2}}]}"#, "/a/0/b/c");
}

#[test]
fn the_empty_name_twice_is_a_duplicate() {
    duplicate(r#"{"":1,"":2}"#, "/");
}

#[test]
fn the_pointer_of_a_duplicate_escapes_its_names() {
    duplicate(r#"{"a/b":{"m~n":1,"m~n":2}}"#, "/a~1b/m~0n");
}

/// "Implementations that transform the textual representation into sequences of Unicode code units and then perform the
/// comparison numerically, code unit by code unit, are interoperable" (section 8.3).
#[test]
fn names_that_only_look_alike_are_two() {
    accepts(r#"{"a":1,"A":2,"a ":3,"":4,"\u0000":5,"\\u0061":6}"#);
    // One letter with its accent, and the letter before the accent.
    accepts("{\"\u{e9}\":1,\"e\u{301}\":2}");
    accepts(r#"{"\u00e9":1,"e\u0301":2}"#);
}

#[test]
fn one_name_in_two_objects_is_no_duplicate() {
    accepts(r#"{"a":{"a":{"a":1}},"b":{"a":1},"c":[{"a":1},{"a":1}]}"#);
}

#[test]
fn a_duplicate_is_found_over_the_objects_in_between() {
    duplicate(r#"{"a":{"x":1,"y":2},"b":[{"x":1},{"a":2}],"a":{}}"#, "/a");
}

#[test]
fn many_members_are_no_duplicates() {
    for count in [11, 12, 13, 14, 24, 25, 100, 1000, 5000] {
        accepts(many(0..count, |at| format!(r#""k{at}":{{"k{at}":{at}}}"#)));
    }
}

/// Names of one length with one first and one last letter.
#[test]
fn names_that_look_alike_are_no_duplicates() {
    for names in [&["acdb", "adcb", "aeeb", "affb"][..], &["aab", "abb"], &["", "a", "aa", "aaa"]] {
        let body = |names: &[&str]| many(0..names.len(), |at| format!(r#""{}":0"#, names[at]));
        accepts(body(names));
        accepts(format!(r#"{{"in":{}}}"#, body(names)));
        for twice in names {
            duplicate(body(&[names, &[*twice]].concat()), &format!("/{twice}"));
        }
    }
}

#[test]
fn a_duplicate_among_many_members_is_found() {
    for count in [2, 11, 12, 13, 14, 24, 25, 100, 1000, 5000] {
        for twice in [0, count / 2, count - 1] {
            let body = many((0..count).chain([twice]), |at| format!(r#""k{at}":{at}"#));
            duplicate(&body, &format!("/k{twice}"));
            duplicate(format!(r#"{{"a":[{body}]}}"#), &format!("/a/0/k{twice}"));
        }
    }
}

#[test]
fn a_duplicate_among_many_members_is_found_under_another_spelling() {
    for count in [12, 13, 1001] {
        let plain = many(0..count, |at| format!(r#""k{at}":{at}"#));
        duplicate(plain.replace("{", r#"{"\u006b1":0,"#), "/k1");
        duplicate(plain.replace("}", r#","\u006b1":0}"#), "/k1");
    }
}

#[test]
fn the_first_member_to_repeat_another_is_the_one_reported() {
    for filler in [0, 20] {
        let filler: String = (0..filler).map(|at| format!(r#""k{at}":0,"#)).collect();
        let wrong = refused(format!("{{{filler}\n\"a\":1,\"b\":1,\"b\":2,\"a\":2}}"));
        assert_eq!((wrong.pointer().as_str(), wrong.place()), ("/b", Place { line: 2, column: 13 }));
    }
}

#[test]
fn only_a_duplicate_has_a_pointer() {
    assert_eq!(refused(r#"{"a":[{"b":x}]}"#).pointer().as_str(), "");
}

// Lines and columns.

#[test]
fn lines_and_columns_count_from_one() {
    fault_at("", 1, 1);
    fault_at("x", 1, 1);
    fault_at("{x", 1, 2);
}

#[test]
fn lines_end_with_a_line_feed() {
    fault_at("{\n\t\"a\": 1,\n\t\"b\": x\n}", 3, 7);
    fault_at("{\n\nx", 3, 1);
    fault_at("{\r\n x", 2, 2);
    fault_at("\n\n ", 3, 2);
}

#[test]
fn columns_count_scalar_values() {
    fault_at(r#"{"é": x}"#, 1, 7);
    fault_at(r#"{"😀€": x}"#, 1, 8);
    // An accent of its own is a scalar value of its own.
    fault_at("{\"e\u{301}\": x}", 1, 8);
    fault_at("{\n\"😀\": \"é\", x}", 2, 11);
}

#[test]
fn a_fault_stands_where_the_wrong_thing_begins() {
    fault_at(r#"{"a":01}"#, 1, 6);
    fault_at(r#"{"a":"b\x"}"#, 1, 8);
    fault_at(r#"{"a":"b\ud83dc"}"#, 1, 8);
    fault_at("{\"a\":\"b\tc\"}", 1, 8);
    fault_at(r#"{"a":1,}"#, 1, 8);
    fault_at("{} x", 1, 4);
    fault_at(b"{\"\xC3\xA9\": \"x\xFF\"}", 1, 9);
}

#[test]
fn an_early_end_stands_at_the_end() {
    fault_at(r#"{"a": "bcd"#, 1, 11);
    fault_at("{\"a\":\n \"bcd\\", 2, 7);
    fault_at("{\"a\": [1,\n2", 2, 2);
}

#[test]
fn a_duplicate_stands_at_its_second_name() {
    fault_at("{\"a\": 1,\n \"b\": 2,\n  \"a\": 3}", 3, 3);
    fault_at("{\"é\": [\n{\"b\": 1, \"b\": 2}]}", 2, 10);
}

// Section 9: "An implementation may set limits on the maximum depth of nesting."

#[test]
fn arrays_nest_128_levels_and_no_more() {
    accepts(arrays(128));
    refuses(arrays(129), Fault::TooDeep { limit: 128 });
}

#[test]
fn objects_nest_128_levels_and_no_more() {
    accepts(objects(128, "1"));
    refuses(objects(129, "1"), Fault::TooDeep { limit: 128 });
    accepts(objects(127, "{}"));
    refuses(objects(128, "{}"), Fault::TooDeep { limit: 128 });
}

#[test]
fn arrays_and_objects_count_together() {
    let mixed = |pairs: usize, inside: &str| r#"{"a":["#.repeat(pairs) + inside + &"]}".repeat(pairs);
    accepts(mixed(64, "1"));
    refuses(mixed(64, "[]"), Fault::TooDeep { limit: 128 });
    refuses(mixed(64, "{}"), Fault::TooDeep { limit: 128 });
}

#[test]
fn the_level_that_is_too_deep_is_where_the_fault_stands() {
    fault_at(arrays(129), 1, 129);
}

#[test]
fn wide_is_not_deep() {
    accepts(format!("[{}[]]", "[[]],".repeat(10_000)));
    accepts(many(0..1000, |at| format!(r#""k{at}":{{"a":[{{}}]}}"#)));
}

#[test]
fn the_depth_can_be_limited_to_less() {
    let limits = |max_depth| Limits { max_depth, ..Limits::default() };
    let fault = |body: &str, max_depth| read(body.as_bytes(), &limits(max_depth)).map_err(|wrong| wrong.fault());
    assert_eq!(fault(r#"{"a":1}"#, 1), Ok(()));
    assert_eq!(fault(r#"{"a":{}}"#, 1), Err(Fault::TooDeep { limit: 1 }));
    assert_eq!(fault(r#"{"a":[[]]}"#, 3), Ok(()));
    assert_eq!(fault(r#"{"a":[[]]}"#, 2), Err(Fault::TooDeep { limit: 2 }));
    assert_eq!(fault("1", 0), Ok(()));
    assert_eq!(fault("{}", 0), Err(Fault::TooDeep { limit: 0 }));
}

#[test]
fn the_depth_can_be_limited_to_more() {
    let limits = Limits { max_depth: u8::MAX, ..Limits::default() };
    assert_eq!(read(arrays(255).as_bytes(), &limits), Ok(()));
    assert_eq!(read(objects(255, "1").as_bytes(), &limits), Ok(()));
    let wrong = read(arrays(256).as_bytes(), &limits).unwrap_err();
    assert_eq!(wrong.fault(), Fault::TooDeep { limit: 255 });
}

#[test]
fn a_million_levels_are_refused_without_an_overflow() {
    for open in ["[", r#"{"a":"#, r#"[{"a":"#] {
        let body = open.repeat(1_000_000);
        refuses(&body, Fault::TooDeep { limit: 128 });
        refuses(format!(r#"{{"m":{body}"#), Fault::TooDeep { limit: 128 });
    }
    refuses(arrays(1_000_000), Fault::TooDeep { limit: 128 });
}

/// "An implementation may set limits on the size of texts that it accepts."
#[test]
fn a_body_may_be_as_long_as_the_limit_and_no_longer() {
    let limits = |max_bytes| Limits { max_bytes: Some(max_bytes), ..Limits::default() };
    let body = r#"{"a":"é"}"#.as_bytes();
    assert_eq!(body.len(), 10);
    assert_eq!(read(body, &limits(10)), Ok(()));
    let wrong = Document::parse_object(body, &limits(9)).unwrap_err();
    assert_eq!(wrong.fault(), Fault::TooLong { limit: 9 });
    assert_eq!(wrong.to_string(), "longer than 9 bytes");
}

#[test]
fn a_body_that_is_too_long_is_refused_unread() {
    let limits = Limits { max_bytes: Some(3), ..Limits::default() };
    for body in [&b"\xFF\xFF\xFF\xFF"[..], b"\xEF\xBB\xBF{}", b"    ", b"[[[[", b"1234"] {
        assert_eq!(Document::parse_object(body, &limits).unwrap_err().fault(), Fault::TooLong { limit: 3 });
    }
}

#[test]
fn without_a_limit_a_body_may_have_any_length() {
    accepts(format!(r#"{{"a":"{}"}}"#, "x".repeat(1 << 20)));
}

// A body that has to be an object.

#[test]
fn a_value_of_another_type_is_not_an_object() {
    for body in ["[]", r#"["Zed","r",null]"#, "1", r#""{}""#, "null", "true", "\n [1]"] {
        let wrong = Document::parse_object(body.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(wrong.fault(), Fault::NotAnObject);
    }
}

#[test]
fn not_an_object_is_said_of_the_place_where_the_value_begins() {
    let wrong = Document::parse_object(b"\n  [1, 2]  ", &Limits::default()).unwrap_err();
    assert_eq!(wrong.to_string(), "not a JSON object at line 2 column 3");
}

#[test]
fn not_an_object_is_only_said_of_what_is_well_formed() {
    let fault = |body: &str| Document::parse_object(body.as_bytes(), &Limits::default()).unwrap_err().fault();
    assert_eq!(fault("["), Fault::UnexpectedEnd { expected: "a value" });
    assert_eq!(fault("[1,]"), VALUE);
    assert_eq!(fault("[] []"), Fault::TrailingData);
    assert_eq!(fault(r#"["\ud800"]"#), Fault::LoneSurrogate);
    assert_eq!(fault(r#"[{"a":1,"a":2}]"#), Fault::Duplicate);
    assert_eq!(fault("nul"), VALUE);
    assert_eq!(fault("-"), Fault::InvalidNumber);
    assert_eq!(fault(&arrays(129)), Fault::TooDeep { limit: 128 });
}

#[test]
fn members_are_handed_out_in_their_order_with_their_exact_text() {
    let body = br#" { "b" : 1.0 , "\u0061" : [ 1 , {"x" : "\u0041"} ] , "" : { } , "n":null } "#;
    let read = Document::parse_object(body, &Limits::default()).unwrap();
    let members: Vec<_> = read.value().members().map(|(name, value)| (name, value.text())).collect();
    let members: Vec<_> = members.iter().map(|(name, text)| (&**name, *text)).collect();
    assert_eq!(members, [("b", "1.0"), ("a", r#"[ 1 , {"x" : "\u0041"} ]"#), ("", "{ }"), ("n", "null")]);
}

#[test]
fn the_object_itself_is_handed_out_with_its_exact_text() {
    let text = |body: &str| Document::parse_object(body.as_bytes(), &Limits::default()).unwrap().text().to_owned();
    assert_eq!(text(" \n{ \"a\" : 1.0 }\t"), r#"{ "a" : 1.0 }"#);
    assert_eq!(text("{}"), "{}");
}

#[test]
fn a_name_without_escapes_is_not_copied() {
    let read = document(r#"{"a":1,"\u0062":2,"c":"\n"}"#);
    let is_copied = |name| matches!(name, Cow::Owned(_));
    let copied: Vec<_> = read.value().members().map(|(name, _)| is_copied(name)).collect();
    assert_eq!(copied, [false, true, false]);
}

#[test]
fn a_member_that_is_an_object_has_members_with_their_exact_text() {
    for (value, inside) in [(r#"{ "x":1, "y":[2] }"#, vec!["x", "y"]), ("[1 ,2]", vec![]), ("1.0", vec![])] {
        let body = format!(r#"{{"a": {value} }}"#);
        let read = document(&body);
        let member = read.value().get("a").unwrap();
        assert_eq!(member.text(), value);
        assert_eq!(member.members().map(|(name, _)| name).collect::<Vec<_>>(), inside);
    }
}

#[test]
fn members_inside_arrays_are_no_members_of_what_is_around() {
    let read = document(r#"{"l":[{"a":1,"b":{"c":[{"d":2}]}},{"e":3}],"m":{"n":[{"o":4}],"p":{"q":5}},"r":6}"#);
    let names =
        |value: user_patch::engine::Value<'_>| value.members().map(|(name, _)| name.into_owned()).collect::<Vec<_>>();
    assert_eq!(names(read.value()), ["l", "m", "r"]);
    assert_eq!(names(read.value().get("m").unwrap()), ["n", "p"]);
    assert_eq!(names(read.value().at(&["m", "p"]).unwrap()), ["q"]);
    assert!(read.value().get("l").unwrap().is_empty());
}

// What is said.

#[test]
fn the_message_says_what_is_wrong_and_where() {
    for (body, message) in [
        (&b"\xFF"[..], "not UTF-8 at line 1 column 1"),
        (b"\xEF\xBB\xBF{}", "starts with a byte order mark at line 1 column 1"),
        (b"", "empty at line 1 column 1"),
        (b"{", "ends before a member's name at line 1 column 2"),
        (b"{\"a\" 1}", "expected `:` at line 1 column 6"),
        (b"{} 1", "something follows the JSON value at line 1 column 4"),
        (b"{\"\n", "a control character inside a string at line 1 column 3"),
        (b"[\"\\x\"]", "an escape that JSON does not have at line 1 column 3"),
        (b"[\"\\udead\"]", "a lone surrogate escape at line 1 column 3"),
        (b"[01]", "a number that JSON does not have at line 1 column 2"),
        (b"{\"a\":1,\n\"a\":2}", "the same member twice at line 2 column 1"),
    ] {
        let wrong = refused(body);
        assert_eq!(wrong.to_string(), message);
        assert_eq!(format!("{wrong:?}"), format!("Malformed({message})"));
    }
    assert_eq!(refused(arrays(129)).to_string(), "nested deeper than 128 levels at line 1 column 129");
}

#[test]
fn the_message_never_contains_a_value_of_the_body() {
    for body in [
        r#"{"password":"hunter2","password":"hunter2"}"#,
        r#"{"a":[{"password":"hunter2","password":"hunter2"}]}"#,
        r#"{"password":"hunter2\x"}"#,
        r#"{"password":"hunter2\ud800"}"#,
        "{\"password\":\"hunter2\t\"}",
        r#"{"password":"hunter2""#,
        r#"{"password":"hunter2"#,
        r#"{"password":hunter2}"#,
        r#"{"password":"hunter2"}hunter2"#,
        r#"{"password":"hunter2",hunter2}"#,
        r#""hunter2" hunter2"#,
        "hunter2",
    ] {
        let wrong = refused(body);
        let told = format!("{wrong} {wrong:?} {} {:?} {}", wrong.fault(), wrong.fault(), wrong.pointer());
        assert!(!told.contains("hunter"), "{told}");
    }
}

// A member's name has no power over the reader.

#[test]
fn names_that_serde_json_gives_a_meaning_are_just_names() {
    for name in ["$serde_json::private::RawValue", "$serde_json::private::Number"] {
        for inner in [r#"{\"BAD KEY\":1}"#, "123", r#"\u007b}"#] {
            let body = format!(r#"{{"{name}":"{inner}"}}"#);
            let read = document(&body);
            assert_eq!(read.value().len(), 1);
            let value = read.value().get(name).unwrap();
            assert_eq!(value.text(), format!("\"{inner}\""));
            let nested = format!(r#"{{"m":{body},"n":[{body}]}}"#);
            let nested = document(&nested);
            assert_eq!(nested.value().at(&["m", name]).unwrap(), value);
            assert_eq!(nested.value().get("n").unwrap().to_string(), format!("[{body}]"));
        }
        duplicate(format!(r#"{{"{name}":"1","{name}":"2"}}"#), &format!("/{name}"));
    }
}

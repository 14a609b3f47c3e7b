//! RFC 7386, JSON Merge Patch.

use std::collections::BTreeMap;

use user_patch::engine::{Document, Fault, Limits, MergePatch};

use crate::{document, many, objects, soon};

#[track_caller]
fn merge_patch(text: &str) -> MergePatch<'_> {
    MergePatch::from(document(text))
}

#[track_caller]
fn patched(original: &str, patch: &str) -> Document<'static> {
    let patched = merge_patch(patch).apply(&document(original));
    // However the two are written.
    let spaced = [original, patch].map(|text| format!("\t{}\n ", text.replace(',', " ,\n").replace(':', " : ")));
    let [of_spaced, by_spaced] =
        spaced.each_ref().map(|text| Document::parse(text.as_bytes(), &Limits::default()).unwrap());
    assert_eq!(MergePatch::from(by_spaced).apply(&of_spaced).to_string(), patched.to_string());
    patched
}

#[track_caller]
fn merges(original: &str, patch: &str, result: &str) {
    let after = patched(original, patch);
    assert_eq!(after.to_string(), result, "{original} patched with {patch}");
    assert_eq!(after, document(result));
}

// Appendix A, "Example Test Cases".

const APPENDIX_A: [(&str, &str, &str); 15] = [
    (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
    (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
    (r#"{"a":"b"}"#, r#"{"a":null}"#, r#"{}"#),
    (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
    (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
    (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
    (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
    (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
    (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
    (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
    (r#"{"a":"foo"}"#, r#"null"#, r#"null"#),
    (r#"{"a":"foo"}"#, r#""bar""#, r#""bar""#),
    (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
    (r#"[1,2]"#, r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
    (r#"{}"#, r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
];

#[test]
fn every_case_of_appendix_a_comes_out_as_the_rfc_says() {
    for (original, patch, result) in APPENDIX_A {
        merges(original, patch, result);
    }
}

#[test]
fn every_case_of_appendix_a_comes_out_the_same_a_second_time() {
    for (_, patch, result) in APPENDIX_A {
        merges(result, patch, result);
    }
}

/// Each patch of the appendix on each of its originals, against another implementation.
#[test]
fn another_implementation_agrees() {
    for (original, _, _) in APPENDIX_A {
        for (_, patch, _) in APPENDIX_A {
            let mut expected = serde_json::from_str(original).unwrap();
            json_patch::merge(&mut expected, &serde_json::from_str(patch).unwrap());
            assert_eq!(
                patched(original, patch).value().to_value().unwrap(),
                expected,
                "{original} patched with {patch}"
            );
        }
    }
}

/// Section 3, "Example".
#[test]
fn the_example_of_section_3_comes_out_as_the_rfc_says() {
    let original = r#"{
        "title": "Goodbye!",
        "author": {"givenName": "John", "familyName": "Doe"},
        "tags": ["example", "sample"],
        "content": "This will be unchanged"
    }"#;
    let patch = r#"{
        "title": "Hello!",
        "phoneNumber": "+01-123-456-7890",
        "author": {"familyName": null},
        "tags": ["example"]
    }"#;
    let result = r#"{
        "title": "Hello!",
        "author": {"givenName": "John"},
        "tags": ["example"],
        "content": "This will be unchanged",
        "phoneNumber": "+01-123-456-7890"
    }"#;
    assert_eq!(patched(original, patch), document(result));
}

// Section 1 and 2, sentence by sentence.

/// "If the provided merge patch contains members that do not appear within the target, those members are added."
#[test]
fn a_member_that_the_target_does_not_have_is_added_last() {
    merges(r#"{"b":1}"#, r#"{"a":2}"#, r#"{"b":1,"a":2}"#);
    merges(r#"{"b":{"x":1}}"#, r#"{"b":{"a":[2]}}"#, r#"{"b":{"x":1,"a":[2]}}"#);
}

/// "If the target does contain the member, the value is replaced."
#[test]
fn a_member_that_the_target_has_is_replaced_in_its_place() {
    merges(r#"{"a":1,"b":2,"c":3}"#, r#"{"b":"x"}"#, r#"{"a":1,"b":"x","c":3}"#);
    merges(r#"{"a":{"x":1},"c":3}"#, r#"{"a":5}"#, r#"{"a":5,"c":3}"#);
}

/// "Null values in the merge patch are given special meaning to indicate the removal of existing values in the target."
#[test]
fn a_null_removes_a_member() {
    merges(r#"{"a":1,"b":{"c":2,"d":3},"e":{}}"#, r#"{"a":null,"b":{"d":null},"e":null}"#, r#"{"b":{"c":2}}"#);
    merges(r#"{"a":null}"#, r#"{"a":null}"#, "{}");
}

#[test]
fn a_null_for_a_member_that_is_not_there_does_nothing() {
    merges(r#"{"a":1}"#, r#"{"b":null,"c":null}"#, r#"{"a":1}"#);
}

#[test]
fn a_null_in_the_target_stays_where_the_patch_does_not_mention_it() {
    merges(r#"{"a":null,"b":{"c":null}}"#, r#"{"b":{"d":1}}"#, r#"{"a":null,"b":{"c":null,"d":1}}"#);
}

#[test]
fn an_empty_patch_changes_nothing() {
    for original in ["{}", r#"{"a":null,"b":[1.0,{"c":null}]}"#] {
        merges(original, "{}", original);
    }
}

/// "… it is not possible to patch part of a target that is not an object, such as to replace just some of the values in
/// an array."
#[test]
fn an_array_is_replaced_as_a_whole() {
    merges(r#"{"a":[1,2,3]}"#, r#"{"a":[9]}"#, r#"{"a":[9]}"#);
    merges(r#"{"a":[{"b":1,"c":2}]}"#, r#"{"a":[{"b":3}]}"#, r#"{"a":[{"b":3}]}"#);
}

#[test]
fn a_null_inside_an_array_is_kept() {
    merges(r#"{"a":1}"#, r#"{"a":[null,{"b":null},[null]]}"#, r#"{"a":[null,{"b":null},[null]]}"#);
    merges("{}", r#"[null,{"b":null}]"#, r#"[null,{"b":null}]"#);
    merges("{}", r#"{"x":{"a":[{"b":null}]}}"#, r#"{"x":{"a":[{"b":null}]}}"#);
}

#[test]
fn a_null_inside_a_new_object_is_dropped() {
    merges("{}", r#"{"a":{"b":null,"c":{"d":null,"e":1}}}"#, r#"{"a":{"c":{"e":1}}}"#);
    merges(r#"{"a":[1]}"#, r#"{"a":{"b":null}}"#, r#"{"a":{}}"#);
    merges(r#"{"a":null}"#, r#"{"a":{"b":null,"c":2}}"#, r#"{"a":{"c":2}}"#);
}

/// "if Target is not an Object: Target = {} # Ignore the contents and set it to an empty Object".
#[test]
fn a_target_that_is_no_object_becomes_one() {
    for original in ["null", "1", r#""a""#, "true", r#"[{"a":1}]"#] {
        merges(original, r#"{"a":{"b":1},"c":null}"#, r#"{"a":{"b":1}}"#);
        merges(original, "{}", "{}");
        merges(&format!(r#"{{"m":{original}}}"#), r#"{"m":{"a":1}}"#, r#"{"m":{"a":1}}"#);
    }
}

#[test]
fn a_patch_that_is_no_object_replaces_the_target() {
    for patch in ["null", "1.0", r#""a""#, "false", r#"[{"a":null}]"#] {
        for original in ["{}", r#"{"a":{"b":1}}"#, "[1]", "0"] {
            merges(original, patch, patch);
        }
    }
}

#[test]
fn names_are_matched_after_unescaping() {
    merges(r#"{"role":1,"é":2}"#, r#"{"\u0072ole":3,"\u00e9":null}"#, r#"{"role":3}"#);
}

#[test]
fn the_empty_name_is_a_name() {
    merges(r#"{"":1,"a":{"":2}}"#, r#"{"":null,"a":{"":3}}"#, r#"{"a":{"":3}}"#);
}

#[test]
fn a_path_is_no_name() {
    merges(r#"{"a":{"b":1}}"#, r#"{"a.b":2,"/a/b":3}"#, r#"{"a":{"b":1},"a.b":2,"/a/b":3}"#);
}

// What is not asked for survives.

#[test]
fn exact_numbers_survive_in_the_target() {
    let untouched = r#""i":123456789012345678901234567890,"f":1.0,"e":1e400,"z":-0,"l":[1.50,{"x":2.0}]"#;
    merges(&format!("{{{untouched}}}"), r#"{"a":1}"#, &format!(r#"{{{untouched},"a":1}}"#));
}

#[test]
fn exact_numbers_survive_in_the_patch() {
    let set = r#""i":123456789012345678901234567890,"f":1.0,"e":1e400,"z":-0,"l":[1.50,{"x":2.0}]"#;
    merges(r#"{"f":1,"i":0}"#, &format!("{{{set}}}"), &format!(r#"{{"f":1.0,{}}}"#, set.replace(r#""f":1.0,"#, "")));
    merges("{}", &format!(r#"{{"m":{{{set}}}}}"#), &format!(r#"{{"m":{{{set}}}}}"#));
}

#[test]
fn white_space_of_the_patch_does_not_reach_the_document() {
    merges(
        "{}",
        "{ \"a\" : [ 1 , { \"b\" : 2 } ] , \"c\" : { \"d\" : \" x \" } }",
        r#"{"a":[1,{"b":2}],"c":{"d":" x "}}"#,
    );
    merges("{}", "[ 1 , 2 ]", "[1,2]");
}

// Many members.

/// A thousand members, patched with a thousand in another order: a third not mentioned, half of the patch nulls, some
/// of them for members that are not there, the rest replaced or new.
#[test]
fn a_large_object_is_patched_right_whatever_the_order() {
    let original = many(0..1000, |at| format!(r#""k{at}":{at}"#));
    let changes = |at: usize| if at.is_multiple_of(2) { "null".to_owned() } else { format!("-{at}") };
    // 7 and 1000 have no common divisor, so that every member comes once.
    let order = (0..1000).map(|step: usize| 333 + (step * 7) % 1000);
    let patch = many(order, |at| format!(r#""k{at}":{}"#, changes(at)));

    let mut expected: BTreeMap<String, String> = (0..1000).map(|at| (format!("k{at}"), at.to_string())).collect();
    for at in 333_usize..1333 {
        match at.is_multiple_of(2) {
            true => expected.remove(&format!("k{at}")),
            false => expected.insert(format!("k{at}"), changes(at)),
        };
    }

    let after = patched(&original, &patch);
    let after = after.value();
    assert_eq!(after.len(), expected.len());
    for (name, value) in after.members() {
        assert_eq!(expected.get(&*name), Some(&value.to_string()));
    }
    // What stayed has kept its order, and what is new comes after it.
    let numbers: Vec<usize> = after.members().map(|(name, _)| name[1..].parse().unwrap()).collect();
    let stayed = numbers.partition_point(|&at| at < 1000);
    assert!(numbers[..stayed].is_sorted());
    assert!(numbers[stayed..].iter().all(|&at| at >= 1000));
}

#[test]
fn a_large_object_can_be_emptied() {
    let original = many(0..1000, |at| format!(r#""k{at}":{at}"#));
    merges(&original, &many((0..1000).rev(), |at| format!(r#""k{at}":null"#)), "{}");
}

#[test]
fn a_large_patch_costs_no_more_than_its_length() {
    soon(|| {
        let original = many(0..100_000, |at| format!(r#""k{at}":{at}"#));
        let patch =
            many((50_000..150_000).rev(), |at| format!(r#""k{at}":{}"#, if at < 75_000 { "null" } else { "[]" }));
        assert_eq!(patched(&original, &patch).value().len(), 125_000);
    });
}

#[test]
fn the_deepest_patch_is_applied_without_an_overflow() {
    let limits = Limits { max_depth: u8::MAX, ..Limits::default() };
    let (original, patch) = (objects(255, "1"), objects(255, "2"));
    let original = Document::parse(original.as_bytes(), &limits).unwrap();
    let merge = MergePatch::parse(patch.as_bytes(), &limits).unwrap();
    assert_eq!(merge.apply(&original).text(), patch);
    assert_eq!(merge.apply(&document("{}")).text(), patch);
    assert_eq!(MergePatch::diff(&original, merge.document()).unwrap().unwrap(), merge);
    assert_eq!(MergePatch::diff(&document("{}"), merge.document()).unwrap().unwrap(), merge);
    assert_eq!(merge.then(&merge).unwrap(), merge);
}

// The patch itself.

#[test]
fn a_patch_is_read_strictly() {
    let fault = |body: &str| MergePatch::parse(body.as_bytes(), &Limits::default()).unwrap_err().fault();
    assert_eq!(fault(r#"{"a":1,"a":null}"#), Fault::Duplicate);
    assert_eq!(fault(r#"{"a":[{"b":"\ud800"}]}"#), Fault::LoneSurrogate);
    assert_eq!(fault(r#"{"a":1,}"#), Fault::Expected { expected: "a member's name" });
}

#[test]
fn a_patch_shows_its_text_to_display_and_only_names_and_kinds_to_debug() {
    let patch = MergePatch::parse(br#"{"password": "hunter2"}"#, &Limits::default()).unwrap();
    assert_eq!(patch.to_string(), r#"{"password": "hunter2"}"#);
    assert_eq!(format!("{patch:?}"), "MergePatch({\"password\": String})");
}

#[test]
fn an_owned_patch_is_the_same_patch() {
    let patch = merge_patch(r#"{"a":[1, 2]}"#);
    let owned: MergePatch<'static> = patch.clone().into_owned();
    assert_eq!(owned, patch);
    assert_eq!(owned.document(), patch.document());
}

#[test]
fn patches_are_equal_as_json_values() {
    assert_eq!(merge_patch(r#"{"a":1,"b":2}"#), merge_patch(r#"{ "b":2, "\u0061":1 }"#));
    assert_ne!(merge_patch(r#"{"a":1}"#), merge_patch(r#"{"a":null}"#));
    assert_ne!(merge_patch("null"), merge_patch("{}"));
}

#[test]
fn applying_a_patch_twice_is_applying_it_once() {
    let patch = merge_patch(r#"{"a":{"b":null,"c":[null]},"d":null,"e":1.0}"#);
    for original in [r#"{"a":{"b":1},"d":2}"#, "[]", r#"{"a":[]}"#] {
        let once = patch.apply(&document(original));
        assert_eq!(once, patch.apply(&once));
    }
}

#[test]
fn a_document_that_was_patched_is_a_document_that_can_be_read() {
    let after = patched(r#"{"a":{"\"":1}}"#, r#"{"a":{"\\":"\n","\u0000":{"x":[ ]}}}"#);
    assert_eq!(document(&after.to_string()), after);
    assert_eq!(document(&after.to_string()).value().len(), 1);
}

// The patch between two documents.

#[track_caller]
fn differs(before: &str, after: &str, expected: &str) {
    let patch = MergePatch::diff(&document(before), &document(after)).unwrap().unwrap();
    assert_eq!(patch.to_string(), expected, "from {before} to {after}");
    assert_eq!(patch.apply(&document(before)), document(after));
}

#[track_caller]
fn unrepresentable(before: &str, after: &str, pointers: &[&str]) {
    let wrong = MergePatch::diff(&document(before), &document(after)).unwrap_err();
    assert_eq!(wrong.pointers().iter().map(|pointer| pointer.as_str()).collect::<Vec<_>>(), pointers);
}

#[test]
fn a_difference_is_the_smallest_patch() {
    differs(r#"{"a":1,"b":2}"#, r#"{"b":2,"c":3}"#, r#"{"a":null,"c":3}"#);
    differs(r#"{"a":{"b":1,"c":{"d":2,"e":3}}}"#, r#"{"a":{"b":1,"c":{"d":2}}}"#, r#"{"a":{"c":{"e":null}}}"#);
    differs(r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, r#"{"a":[2,1]}"#);
    differs(r#"{"a":1}"#, r#"{"a":1.0}"#, r#"{"a":1.0}"#);
    differs(r#"{"a":1}"#, r#"{"a":{}}"#, r#"{"a":{}}"#);
    differs(r#"{"a":{"b":1}}"#, r#"{"a":{}}"#, r#"{"a":{"b":null}}"#);
    differs(r#"{"a":{"b":1}}"#, r#"{"a":5}"#, r#"{"a":5}"#);
    differs("{}", r#"{"a":{"b":{"c":1}}}"#, r#"{"a":{"b":{"c":1}}}"#);
    differs("[1]", r#"{"a":1}"#, r#"{"a":1}"#);
    differs("[1]", "{}", "{}");
    differs(r#"{"a":1}"#, "null", "null");
    differs(r#"{"a":1}"#, "[null]", "[null]");
}

#[test]
fn between_equal_documents_there_is_no_patch() {
    for (one, other) in
        [("{}", "{ }"), ("null", "null"), (r#"{"a":null,"b":1}"#, r#"{"b":1,"\u0061":null}"#), ("[1]", "[ 1 ]")]
    {
        assert_eq!(MergePatch::diff(&document(one), &document(other)).unwrap(), None);
    }
}

/// "… merge patch … is not appropriate for … documents that make use of explicit null values".
#[test]
fn a_null_that_is_not_there_cannot_be_written() {
    unrepresentable("{}", r#"{"a":null}"#, &["/a"]);
    unrepresentable(r#"{"a":1}"#, r#"{"a":null}"#, &["/a"]);
    unrepresentable(r#"{"c":0}"#, r#"{"c":1,"b":null,"a":null}"#, &["/b", "/a"]);
    // Below the members of the document no place is told.
    unrepresentable(r#"{"a":1}"#, r#"{"a":{"b":null,"c":null}}"#, &["/a"]);
    unrepresentable("[]", r#"{"a":{"b":{"c":null}}}"#, &["/a"]);
}

#[test]
fn a_null_that_is_there_may_stay() {
    differs(r#"{"a":null,"b":{"c":null},"d":1}"#, r#"{"a":null,"b":{"c":null},"d":2}"#, r#"{"d":2}"#);
    differs("{}", r#"{"a":[null,{"b":null}]}"#, r#"{"a":[null,{"b":null}]}"#);
}

#[test]
fn an_error_lists_a_few_places_and_counts_the_others() {
    let after = many(0..100, |at| format!(r#""k{at}":null"#));
    let wrong = MergePatch::diff(&document("{}"), &document(&after)).unwrap_err();
    assert_eq!(wrong.pointers().len(), 100);
    let told = "a merge patch cannot write the null at /k0, /k1, /k2, /k3, /k4, /k5, /k6, /k7 and 92 more";
    assert_eq!(wrong.to_string(), told);
}

// Two patches in turn.

#[track_caller]
fn composes(first: &str, next: &str, expected: &str) {
    let (first, next) = (merge_patch(first), merge_patch(next));
    let both = first.then(&next).unwrap();
    assert_eq!(both.to_string(), expected);
    for target in ["{}", r#"{"a":{"b":0,"z":0},"d":{"e":{"f":1}}}"#, r#"{"a":5,"d":[]}"#, "null", "[1]"] {
        let target = document(target);
        assert_eq!(both.apply(&target), next.apply(&first.apply(&target)), "{first} then {next} of {target}");
    }
}

#[track_caller]
fn composes_not(first: &str, next: &str, pointer: &str) {
    let wrong = merge_patch(first).then(&merge_patch(next)).unwrap_err();
    assert_eq!(wrong.pointer().as_str(), pointer);
}

#[test]
fn one_patch_does_what_two_do() {
    composes("{}", "{}", "{}");
    composes(r#"{"a":1}"#, r#"{"b":2}"#, r#"{"a":1,"b":2}"#);
    composes(r#"{"a":1,"c":3}"#, r#"{"a":null}"#, r#"{"a":null,"c":3}"#);
    composes(r#"{"a":{"b":1}}"#, r#"{"a":{"b":null,"c":[null]}}"#, r#"{"a":{"b":null,"c":[null]}}"#);
    composes(r#"{"a":{"b":1}}"#, r#"{"a":5}"#, r#"{"a":5}"#);
    composes(r#"{"a":{}}"#, r#"{"a":{"b":{"c":null}}}"#, r#"{"a":{"b":{"c":null}}}"#);
    composes(r#"{"a":1}"#, "[2]", "[2]");
    composes("5", "null", "null");
    composes(r#"{"\u0061":{"b":1}}"#, r#"{"a":{"c":2}}"#, r#"{"\u0061":{"b":1,"c":2}}"#);
}

#[test]
fn what_a_patch_takes_away_no_patch_fills_anew() {
    composes_not(r#"{"a":null}"#, r#"{"a":{"b":1}}"#, "/a");
    composes_not(r#"{"a":1}"#, r#"{"a":{"b":1}}"#, "/a");
    composes_not(r#"{"a":1}"#, r#"{"a":{}}"#, "/a");
    composes_not(r#"{"x":{},"a":{"b":[]}}"#, r#"{"x":{"y":1},"a":{"b":{}}}"#, "/a");
    composes_not("null", "{}", "");
}

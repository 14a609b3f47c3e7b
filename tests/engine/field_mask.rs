//! Field masks: `google.protobuf.FieldMask` in its JSON form, and AIP-161.

use std::collections::HashSet;

use user_patch::engine::{FieldMask, InvalidMask};

#[track_caller]
fn mask(text: &str) -> FieldMask {
    match text.parse() {
        Ok(mask) => mask,
        Err(wrong) => panic!("{text:?} was refused: {wrong}"),
    }
}

#[track_caller]
fn canonical(text: &str, expected: &str) {
    assert_eq!(mask(text).to_string(), expected);
    // The canonical form is its own.
    assert_eq!(mask(expected).to_string(), expected);
}

#[track_caller]
fn refuses(text: &str, why: InvalidMask) {
    assert_eq!(text.parse::<FieldMask>(), Err(why), "{text:?}");
}

#[track_caller]
fn union(one: &str, other: &str, expected: &str) {
    assert_eq!(mask(one).union(&mask(other)).to_string(), expected);
    assert_eq!(mask(other).union(&mask(one)).to_string(), expected);
}

// The canonical form.

#[test]
fn a_path_is_a_mask() {
    canonical("role", "role");
    canonical("status.code", "status.code");
    canonical("a1._b.c_2", "a1._b.c_2");
}

#[test]
fn paths_are_sorted() {
    canonical("role,email,display_name", "display_name,email,role");
}

#[test]
fn a_path_that_comes_twice_counts_once() {
    canonical("role,email,role", "email,role");
    canonical("displayName,display_name", "display_name");
}

#[test]
fn camel_case_becomes_snake_case() {
    canonical("displayName", "display_name");
    canonical("serviceAccount,permissionPreset", "permission_preset,service_account");
    canonical("fooBar.bazQux", "foo_bar.baz_qux");
    canonical("aBC", "a_b_c");
}

#[test]
fn a_path_that_another_one_covers_is_left_out() {
    canonical("status.code,status", "status");
    canonical("a.b.c,a.b,x", "a.b,x");
    canonical("a,a.b,a.b.c,ab,a_b.c", "a,a_b.c,ab");
}

#[test]
fn paths_that_only_begin_alike_stay_beside_each_other() {
    canonical("ab,a_b,a.b", "a.b,a_b,ab");
}

#[test]
fn the_paths_are_those_of_the_canonical_form() {
    assert_eq!(mask("role,displayName,role").paths().collect::<Vec<_>>(), ["display_name", "role"]);
}

#[test]
fn the_empty_text_is_the_empty_mask() {
    assert!(mask("").is_empty());
    assert_eq!(mask(""), FieldMask::default());
    assert_eq!(mask("").to_string(), "");
    assert_eq!(mask("").paths().count(), 0);
}

#[test]
fn a_mask_with_a_path_is_not_empty() {
    assert!(!mask("a").is_empty());
    assert!(!mask("*").is_empty());
}

#[test]
fn a_mask_remembers_that_it_was_written_in_camel_case() {
    assert!(mask("role,displayName").has_camel_case());
    assert!(!mask("role,display_name").has_camel_case());
    assert!(mask("role").union(&mask("displayName")).has_camel_case());
    assert!(!mask("*").has_camel_case());
}

#[test]
fn masks_with_the_same_paths_are_equal_however_they_were_written() {
    assert_eq!(mask("email,role"), mask("role,email,role"));
    assert_eq!(mask("displayName"), mask("display_name"));
    assert_eq!(mask("displayName"), FieldMask::derive(["displayName"]));
    assert_eq!(HashSet::from([mask("displayName"), mask("display_name")]).len(), 1);
}

// What a mask covers.

#[test]
fn a_path_covers_itself() {
    assert!(mask("a").covers("a"));
    assert!(mask("a.b").covers("a.b"));
    assert!(mask("x,displayName").covers("display_name"));
}

#[test]
fn a_path_covers_what_is_inside() {
    for inside in ["a.b", "a.b.c", "a.a"] {
        assert!(mask("a").covers(inside));
    }
    assert!(mask("a.b").covers("a.b.c"));
}

#[test]
fn a_path_does_not_cover_another_that_only_begins_alike() {
    for other in ["ab", "a_b", "ab.c", "b", "b.a", ""] {
        assert!(!mask("a").covers(other), "{other}");
    }
    assert!(!mask("a.b").covers("a.bc"));
}

#[test]
fn a_path_does_not_cover_what_is_around_it() {
    assert!(!mask("a.b").covers("a"));
    assert!(!mask("a.b").covers("a.c"));
}

#[test]
fn the_empty_mask_covers_nothing() {
    assert!(!mask("").covers("a"));
    assert!(!mask("").covers("a.b"));
}

#[test]
fn the_wildcard_covers_everything() {
    for path in ["a", "a.b", "display_name"] {
        assert!(FieldMask::all().covers(path));
    }
}

// The wildcard.

/// AIP-161: the wildcard stands for all fields.
#[test]
fn the_wildcard_alone_is_the_whole_mask() {
    assert_eq!(mask("*"), FieldMask::all());
    assert!(mask("*").is_all());
    assert_eq!(mask("*").to_string(), "*");
    assert!(!mask("a").is_all());
    assert!(!mask("").is_all());
}

#[test]
fn the_wildcard_beside_anything_is_refused() {
    for text in ["*,role", "role,*", "*,*", "a,*,b", "*.a", "a.*", "a.*.b", "**", "a*", "* ", " *"] {
        refuses(text, InvalidMask::WildcardNotAlone);
    }
}

// What is refused.

#[test]
fn a_space_is_refused() {
    for text in [" ", "role ", " role", "role, email", "display name", "a\t", "a\n,b", "a\u{a0}"] {
        refuses(text, InvalidMask::Character);
    }
}

#[test]
fn an_empty_path_is_refused() {
    for text in [",", "role,,email", ",,"] {
        refuses(text, InvalidMask::EmptyPart);
    }
}

#[test]
fn a_leading_or_trailing_comma_is_refused() {
    refuses(",role", InvalidMask::EmptyPart);
    refuses("role,", InvalidMask::EmptyPart);
}

#[test]
fn a_leading_trailing_or_double_dot_is_refused() {
    for text in [".", ".role", "role.", "a..b", "a.,b"] {
        refuses(text, InvalidMask::EmptyPart);
    }
}

#[test]
fn an_index_is_refused() {
    for text in ["a[0]", "a[0].b", "a.0", "a.0.b", "[0]", "a[]"] {
        refuses(text, InvalidMask::Character);
    }
}

#[test]
fn a_name_that_begins_with_a_digit_is_refused() {
    for text in ["1a", "1", "a.1b", "a,2"] {
        refuses(text, InvalidMask::Character);
    }
}

#[test]
fn a_character_that_no_name_has_is_refused() {
    for text in ["dis-play", "a/b", "a:b", "a;b", "é", "rôle", "a\"b", "a`b`", "$a", "a\0"] {
        refuses(text, InvalidMask::Character);
    }
}

#[test]
fn a_refusal_says_why_and_not_what() {
    assert_eq!(InvalidMask::EmptyPart.to_string(), "a path of the field mask has an empty part");
    assert_eq!(InvalidMask::Character.to_string(), "a path of the field mask has a character that no field's name has");
    assert_eq!(InvalidMask::WildcardNotAlone.to_string(), "`*` must be the whole field mask");
}

// Union.

#[test]
fn a_union_has_the_paths_of_both() {
    union("role", "email,display_name", "display_name,email,role");
    union("a", "a", "a");
    union("a", "", "a");
    union("", "", "");
}

#[test]
fn a_union_is_in_canonical_form() {
    union("a.b,c", "a,c.d", "a,c");
    union("a.b", "a.c", "a.b,a.c");
}

#[test]
fn a_union_with_the_wildcard_is_the_wildcard() {
    union("*", "a,b.c", "*");
    union("*", "", "*");
    union("*", "*", "*");
}

// Derived from a body.

#[test]
fn the_members_of_a_body_are_a_mask() {
    assert_eq!(FieldMask::derive(["role", "displayName", "email"]).to_string(), "display_name,email,role");
}

#[test]
fn both_spellings_of_a_member_are_one_path() {
    assert_eq!(FieldMask::derive(["displayName", "display_name"]).to_string(), "display_name");
}

#[test]
fn a_body_without_members_is_the_empty_mask() {
    assert!(FieldMask::derive([]).is_empty());
    assert_eq!(FieldMask::derive([]), FieldMask::default());
}

/// The names of a body are anyone's choice: none of them may widen the update.
#[test]
fn a_member_named_like_the_wildcard_is_not_the_wildcard() {
    let derived = FieldMask::derive(["*", "role"]);
    assert!(!derived.is_all());
    assert!(!derived.covers("email"));
}

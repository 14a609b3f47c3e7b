//! RFC 6901, JSON Pointer.

use user_patch::engine::Pointer;

#[track_caller]
fn pointer(names: &[&str]) -> Pointer {
    names.iter().fold(Pointer::root(), |pointer, name| pointer.child(name))
}

/// A path of names, its text, and back.
#[track_caller]
fn stands_for(names: &[&str], text: &str) {
    let pointer = pointer(names);
    assert_eq!(pointer.as_str(), text);
    assert_eq!(pointer.tokens().collect::<Vec<_>>(), names);
}

/// The table of section 5, "JSON String Representation".
#[test]
fn every_example_of_section_5_is_written_as_the_rfc_says() {
    stands_for(&[], "");
    stands_for(&["foo"], "/foo");
    stands_for(&["foo", "0"], "/foo/0");
    stands_for(&[""], "/");
    stands_for(&["a/b"], "/a~1b");
    stands_for(&["c%d"], "/c%d");
    stands_for(&["e^f"], "/e^f");
    stands_for(&["g|h"], "/g|h");
    stands_for(&["i\\j"], "/i\\j");
    stands_for(&["k\"l"], "/k\"l");
    stands_for(&[" "], "/ ");
    stands_for(&["m~n"], "/m~0n");
}

/// "Because the characters '~' (%x7E) and '/' (%x2F) have special meanings in JSON Pointer, '~' needs to be encoded as
/// '~0' and '/' needs to be encoded as '~1' when these characters appear in a reference token" (section 3).
#[test]
fn tildes_and_slashes_are_encoded() {
    stands_for(&["~", "/", "~1", "~0", "//~~"], "/~0/~1/~01/~00/~1~1~0~0");
}

#[test]
fn empty_names_are_names() {
    stands_for(&["", ""], "//");
    stands_for(&["a", "", "b"], "/a//b");
}

#[test]
fn the_empty_pointer_is_the_whole_document() {
    assert_eq!(Pointer::root().as_str(), "");
    assert_eq!(Pointer::root().tokens().count(), 0);
    assert_eq!(Pointer::default(), Pointer::root());
}

#[test]
fn any_name_makes_the_way_there_and_back() {
    stands_for(&["é😀", "\n", "\0", "a b", "a.b"], "/é😀/\n/\0/a b/a.b");
}

#[test]
fn display_is_the_text() {
    assert_eq!(pointer(&["a/b", "é", "m~n"]).to_string(), "/a~1b/é/m~0n");
}

#[test]
fn display_escapes_what_would_break_a_line() {
    let shown = pointer(&["a\nb\r\u{1b}[31m\0\u{85}\u{7f}"]).to_string();
    assert_eq!(shown, r"/a\nb\r\u{1b}[31m\u{0}\u{85}\u{7f}");
}

#[test]
fn the_dotted_form_joins_the_names() {
    assert_eq!(pointer(&["security", "roles"]).dotted(), "security.roles");
    assert_eq!(pointer(&["a/b", "m~n"]).dotted(), "a/b.m~n");
    assert_eq!(pointer(&["a", "", "b"]).dotted(), "a..b");
    assert_eq!(Pointer::root().dotted(), "");
}

#[test]
fn the_dotted_form_keeps_an_empty_first_name() {
    assert_eq!(pointer(&["", "a"]).dotted(), ".a");
}

#[test]
fn pointers_order_by_their_text() {
    let mut pointers = [pointer(&["b"]), pointer(&["a", "b"]), Pointer::root(), pointer(&["a"]), pointer(&["a-b"])];
    pointers.sort();
    assert_eq!(pointers.each_ref().map(Pointer::as_str), ["", "/a", "/a-b", "/a/b", "/b"]);
}

#[test]
fn a_child_leaves_its_parent_as_it_is() {
    let parent = pointer(&["a"]);
    assert_eq!(parent.child("b").as_str(), "/a/b");
    assert_eq!(parent.as_str(), "/a");
}

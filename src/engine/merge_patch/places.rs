//! How places are told.

use crate::engine::{Pointer, document::Name};

/// The place of a member of the document itself. What lies below is told as it: a list of places cannot become longer than what
/// it is about.
pub(super) fn member_at(name: Name<'_>) -> Pointer {
    Pointer::root().child(&name.decoded())
}

/// Places as an error lists them: the first few, and how many more there are.
pub(super) fn listed(pointers: &[Pointer]) -> String {
    const MOST: usize = 8;
    let mut text = pointers.iter().take(MOST).map(Pointer::to_string).collect::<Vec<_>>().join(", ");
    if let Some(more) = pointers.len().checked_sub(MOST).filter(|&more| more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Name;

    const PLACES: Places = Places(&[("a", Places(&[]))]);

    fn noted(path: &[&'static str]) -> Vec<Pointer> {
        fn go(at: At<'_>, path: &[&'static str], found: &mut Vec<Pointer>) {
            match path {
                [] => at.note(found),
                [name, further @ ..] => at.member(Name::plain(name), |at| go(at, further, found)),
            }
        }
        let mut found = Vec::new();
        let root = Pointer::root();
        go(At::Inside(&root, &PLACES), path, &mut found);
        go(At::Inside(&root, &PLACES), path, &mut found);
        found
    }

    #[test]
    fn a_place_is_told_once_and_no_further_down_than_there_are_places() {
        let told = |path: &[&'static str]| noted(path).iter().map(Pointer::to_string).collect::<Vec<_>>();
        assert_eq!(told(&[]), [""]);
        assert_eq!(told(&["a"]), ["/a"]);
        assert_eq!(told(&["a", "b"]), ["/a/b"]);
        assert_eq!(told(&["a", "b", "c", "d"]), ["/a/b"]);
        assert_eq!(told(&["a", "x/y", "z"]), ["/a/x~1y"]);
        assert_eq!(told(&["b", "a", "b"]), ["/b"]);
    }
}

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

    #[test]
    fn a_member_is_told_by_its_unescaped_name() {
        assert_eq!(member_at(Name::plain("a/b")).as_str(), "/a~1b");
        assert_eq!(member_at(Name::plain("")).as_str(), "/");
    }

    #[test]
    fn a_few_places_are_listed_and_the_others_counted() {
        let places = |count: usize| (0..count).map(|at| Pointer::root().child(&at.to_string())).collect::<Vec<_>>();
        assert_eq!(listed(&places(1)), "/0");
        assert_eq!(listed(&places(8)), "/0, /1, /2, /3, /4, /5, /6, /7");
        assert_eq!(listed(&places(9)), "/0, /1, /2, /3, /4, /5, /6, /7 and 1 more");
    }
}

//! How far down a place is told.

use crate::engine::Pointer;

/// The objects whose members have places of their own. What lies below is one value to every rule, and told as one: a list
/// of places cannot become longer than what it is about.
#[derive(Debug)]
pub(crate) struct Places(pub &'static [(&'static str, Places)]);

impl Places {
    /// The members of the document itself, and nothing below.
    pub const TOP: &'static Self = &Self(&[]);

    /// The places inside a member, where it has any.
    fn inside(&self, name: &str) -> Option<&'static Places> {
        let Self(members) = self;
        members.iter().find_map(|(known, places)| (*known == name).then_some(places))
    }
}

/// Where a walk is, told no further down than there are places.
#[derive(Clone, Copy)]
pub(super) enum At<'p> {
    /// An object whose members have places.
    Inside(&'p Pointer, &'static Places),
    /// A value that has a place, or something inside it.
    Below(&'p Pointer),
}

impl At<'_> {
    pub fn pointer(self) -> Pointer {
        let (Self::Inside(pointer, _) | Self::Below(pointer)) = self;
        pointer.clone()
    }

    /// Goes into a member. Nothing is written where there is no further place.
    #[inline]
    pub fn member<T>(self, name: super::Name<'_>, go: impl FnOnce(At<'_>) -> T) -> T {
        match self {
            Self::Below(_) => go(self),
            Self::Inside(pointer, places) => {
                let name = name.decoded();
                let pointer = pointer.child(&name);
                match places.inside(&name) {
                    Some(inside) => go(At::Inside(&pointer, inside)),
                    None => go(At::Below(&pointer)),
                }
            }
        }
    }

    /// Adds this place, once.
    pub fn note(self, found: &mut Vec<Pointer>) {
        let (Self::Inside(pointer, _) | Self::Below(pointer)) = self;
        if found.last() != Some(pointer) {
            found.push(pointer.clone());
        }
    }
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

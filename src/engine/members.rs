//! The members that a vendor documents: one table makes the enum, its names, its places and what each member is.

use super::{Document, Name, Value};

/// Makes of one table the enum `Member`, with all that is asked of a member. A row is
/// `Variant = "name on the page": form, writer;`.
///
/// Where the vendor has field masks the table begins with `with masks;`, and a row whose name is another one there says both:
/// `Variant = "nameOnThePage" | "name_in_masks": form, writer;`. A body may use either.
macro_rules! members {
    (with masks; $($(#[$doc:meta])* $member:ident = $name:literal $(| $in_masks:literal)?: $form:expr, $writer:expr;)*) => {
        $crate::engine::members! { $($(#[$doc])* $member = $name $(| $in_masks)?: $form, $writer;)* }

        impl Member {
            /// The name in a field mask.
            pub(super) const fn name_in_masks(self) -> &'static str {
                match self {
                    $(Self::$member => $crate::engine::members!(@ last $name $($in_masks)?),)*
                }
            }

            /// The member of this name in a field mask.
            pub(super) fn named_in_masks(name: &str) -> Option<Self> {
                Some(match name {
                    $($crate::engine::members!(@ last $name $($in_masks)?) => Self::$member,)*
                    _ => return None,
                })
            }
        }
    };
    (@ last $only:literal) => { $only };
    (@ last $first:literal $last:literal) => { $last };
    ($($(#[$doc:meta])* $member:ident = $name:literal $(| $in_masks:literal)?: $form:expr, $writer:expr;)*) => {
        /// The members that the page names, in its order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Member {
            $($(#[$doc])* $member,)*
        }

        /// Where the members are in a document.
        pub(super) type Members = $crate::engine::Slots<{ Member::COUNT }>;

        impl Member {
            pub(super) const ALL: &'static [Self] = &[$(Self::$member),*];
            pub(super) const COUNT: usize = Self::ALL.len();

            /// All of them in the order of their pointers, in which it is told what an update does.
            #[allow(clippy::indexing_slicing)] // While the crate is built, within the table.
            pub(super) const BY_POINTER: [Self; Self::COUNT] = {
                let mut sorted = [$(Self::$member),*];
                let mut count = 1;
                while count < Self::COUNT {
                    let mut at = count;
                    while at > 0 && $crate::engine::is_before(sorted[at].name(), sorted[at - 1].name()) {
                        (sorted[at - 1], sorted[at]) = (sorted[at], sorted[at - 1]);
                        at -= 1;
                    }
                    count += 1;
                }
                sorted
            };

            /// The name on the page.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    $(Self::$member => $name,)*
                }
            }

            /// The JSON Pointers of all, by their numbers.
            pub(super) const POINTERS: &'static [$crate::engine::Pointer] = &[$(Self::$member.pointer()),*];

            /// The JSON Pointer, which is a slash and the name on the page.
            pub(super) const fn pointer(self) -> $crate::engine::Pointer {
                match self {
                    $(Self::$member => $crate::engine::Pointer::fixed(concat!("/", $name)),)*
                }
            }

            /// The member whose name is these bytes.
            #[inline]
            pub(super) fn named(name: &[u8]) -> Option<Self> {
                $(if name == $name.as_bytes() $(|| name == $in_masks.as_bytes())? {
                    return Some(Self::$member);
                })*
                None
            }

            /// The member of a name as it is written.
            #[inline]
            pub(super) fn of(name: $crate::engine::Name<'_>) -> Option<Self> {
                name.with_bytes(Self::named)
            }

            /// What the page has there.
            pub(super) const fn form(self) -> Form {
                match self {
                    $(Self::$member => $form,)*
                }
            }

            /// Who sets it.
            pub(super) const fn writer(self) -> Writer {
                match self {
                    $(Self::$member => $writer,)*
                }
            }
        }
    };
}
pub(crate) use members;

/// As [`members`], where the page describes members inside of members. A row is
/// `Variant = "name" / "name inside": form, writer, absence;`, the names those on the way from the document to the member.
macro_rules! nested_members {
    (@ last $only:literal) => { $only };
    (@ last $above:literal / $($below:literal)/+) => { $crate::engine::nested_members!(@ last $($below)/+) };
    ($($(#[$doc:meta])* $member:ident = $($name:literal)/+: $form:expr, $writer:expr, $absence:expr;)*) => {
        /// The members that the page names, in its order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Member {
            $($(#[$doc])* $member,)*
        }

        impl Member {
            pub(super) const ALL: &'static [Self] = &[$(Self::$member),*];
            pub(super) const COUNT: usize = Self::ALL.len();

            /// The names on the way to it.
            pub(super) const fn path(self) -> &'static [&'static str] {
                match self {
                    $(Self::$member => &[$($name),+],)*
                }
            }

            /// The name on the page.
            #[inline]
            pub(super) const fn name(self) -> &'static str {
                match self.path() {
                    [.., name] => name,
                    [] => "",
                }
            }

            /// The JSON Pointers of all, by their numbers.
            pub(super) const POINTERS: &'static [$crate::engine::Pointer] = &[$(Self::$member.pointer()),*];

            /// The JSON Pointer.
            pub(super) const fn pointer(self) -> $crate::engine::Pointer {
                match self {
                    $(Self::$member => $crate::engine::Pointer::fixed(concat!($("/", $name),+)),)*
                }
            }

            /// The member of this name inside another, or of the document itself.
            #[inline]
            pub(super) fn inside(above: Option<Self>, name: &[u8]) -> Option<Self> {
                Self::inside_of(above, Self::bits_inside(above), name)
            }

            /// As [`inside`](Self::inside), with the bits of the names there, which is asked for many names.
            #[inline(always)]
            pub(super) fn inside_of(above: Option<Self>, bits: u64, name: &[u8]) -> Option<Self> {
                if bits & $crate::engine::name_bit(name) == 0 { None } else { Self::named_inside(above, name) }
            }

            #[inline]
            pub(super) fn bits_inside(above: Option<Self>) -> u64 {
                Self::BITS.get(above.map_or(0, |above| above as usize + 1)).copied().unwrap_or_default()
            }

            /// As [`inside`](Self::inside), of a name that may be one.
            fn named_inside(above: Option<Self>, name: &[u8]) -> Option<Self> {
                $(if name == $crate::engine::nested_members!(@ last $($name)/+).as_bytes() && Self::$member.above() == above {
                    return Some(Self::$member);
                })*
                None
            }

            /// The member of a name as it is written.
            #[inline]
            pub(super) fn of(above: Option<Self>, name: $crate::engine::Name<'_>) -> Option<Self> {
                name.with_bytes(|name| Self::inside(above, name))
            }

            /// The member that each is inside of.
            #[allow(clippy::indexing_slicing)] // While the crate is built, within the table.
            const ABOVE: [Option<Self>; Self::COUNT] = {
                let mut above = [None; Self::COUNT];
                let mut at = 0;
                while at < Self::COUNT {
                    let mut other = 0;
                    while other < at {
                        if $crate::engine::is_directly_above(Self::ALL[other].path(), Self::ALL[at].path()) {
                            above[at] = Some(Self::ALL[other]);
                        }
                        other += 1;
                    }
                    at += 1;
                }
                above
            };

            /// The bits of the names inside each, and first of those of the document itself.
            #[allow(clippy::indexing_slicing)] // While the crate is built, within the table.
            const BITS: [u64; Self::COUNT + 1] = {
                let mut bits = [0; Self::COUNT + 1];
                let mut at = 0;
                while at < Self::COUNT {
                    let above = match Self::ABOVE[at] {
                        Some(above) => above as usize + 1,
                        None => 0,
                    };
                    bits[above] |= $crate::engine::name_bit(Self::ALL[at].name().as_bytes());
                    at += 1;
                }
                bits
            };

            /// The member that it is inside of.
            #[inline]
            pub(super) fn above(self) -> Option<Self> {
                *Self::ABOVE.get(self as usize)?
            }

            /// The first member inside each, and first that of the document itself; the next inside of the same one.
            #[allow(clippy::indexing_slicing)] // While the crate is built, within the table.
            const ORDER: ([Option<Self>; Self::COUNT + 1], [Option<Self>; Self::COUNT]) = {
                let (mut first, mut next) = ([None; Self::COUNT + 1], [None; Self::COUNT]);
                let mut at = Self::COUNT;
                while at > 0 {
                    at -= 1;
                    let above = match Self::ABOVE[at] {
                        Some(above) => above as usize + 1,
                        None => 0,
                    };
                    next[at] = first[above];
                    first[above] = Some(Self::ALL[at]);
                }
                (first, next)
            };

            /// The members that are directly inside another, or in the document itself.
            #[inline]
            pub(super) fn children(above: Option<Self>) -> impl Iterator<Item = Self> {
                let (first, next) = &Self::ORDER;
                let first = first.get(above.map_or(0, |above| above as usize + 1)).copied().flatten();
                std::iter::successors(first, |member| next.get(*member as usize).copied().flatten())
            }

            /// What the page has there.
            pub(super) const fn form(self) -> Form {
                match self {
                    $(Self::$member => $form,)*
                }
            }

            /// Who sets it.
            pub(super) const fn writer(self) -> Writer {
                match self {
                    $(Self::$member => $writer,)*
                }
            }

            /// What it means that it is not there.
            pub(super) const fn absence(self) -> Absence {
                match self {
                    $(Self::$member => $absence,)*
                }
            }
        }
    };
}
pub(crate) use nested_members;

/// One bit of 64 that is the same for equal names: by the first byte, the last one and the length.
#[inline(always)] // It clears most names of what they are compared with.
pub(crate) const fn name_bit(name: &[u8]) -> u64 {
    match (name.first(), name.last()) {
        (Some(&first), Some(&last)) => bit_of_name(first, last, name.len()),
        // The quotes around it.
        _ => bit_of_name(b'"', b'"', 0),
    }
}

/// As [`name_bit`], of an empty name by the quotes around it.
#[inline(always)]
pub(crate) const fn bit_of_name(first: u8, last: u8, len: usize) -> u64 {
    1 << ((first as usize + last as usize + len * 8) % 64)
}

/// Whether a name comes before another one.
#[allow(clippy::indexing_slicing)] // While the crate is built, within the names.
pub(crate) const fn is_before(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at < other.len() && (at == one.len() || one[at] < other[at])
}

/// Whether a path of names is another without its last name.
#[allow(clippy::indexing_slicing)] // While the crate is built, within the paths.
pub(crate) const fn is_directly_above(above: &[&str], path: &[&str]) -> bool {
    let mut is_above = above.len() + 1 == path.len();
    let mut at = 0;
    while is_above && at < above.len() {
        let (one, other) = (above[at].as_bytes(), path[at].as_bytes());
        is_above = one.len() == other.len();
        let mut byte = 0;
        while is_above && byte < one.len() {
            is_above = one[byte] == other[byte];
            byte += 1;
        }
        at += 1;
    }
    is_above
}

/// Who sets a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writer {
    /// An update may.
    Update,
    /// The vendor alone: it is what the user is, or who.
    Vendor,
    /// The vendor alone, by itself: a time or a state, which moves without an update that says so.
    VendorItself,
}

/// What it means that a member is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absence {
    /// It is none: each user has it.
    Never,
    /// It has no value.
    Nothing,
    /// It has this value, as JSON text.
    Means(&'static str),
}

/// Where the documented members of an object are in a document, each by its number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slots<const N: usize> {
    /// The index of each member's entry, where the member is there.
    slots: [u32; N],
    /// One bit a member that is there.
    present: u32,
}

impl<const N: usize> Slots<N> {
    pub(crate) const fn new() -> Self {
        Self { slots: [0; N], present: 0 }
    }

    /// The members of these bits, which are the first ones of an object, in the order of their numbers.
    #[inline]
    pub(crate) fn of_first(bits: u32, object: Value<'_>) -> Self {
        let mut slots = Self::new();
        let mut rest = bits;
        for (_, value) in object.named() {
            if rest == 0 {
                break;
            }
            slots.note(rest.trailing_zeros() as usize, value);
            rest &= rest - 1;
        }
        slots
    }

    /// Notes where a member is. False where it has been noted before.
    #[inline]
    pub(crate) fn note(&mut self, member: usize, value: Value<'_>) -> bool {
        self.note_at(member, value.index_of())
    }

    /// Notes the index of a member's entry. False where it has been noted before.
    #[inline]
    pub(crate) fn note_at(&mut self, member: usize, at: u32) -> bool {
        let is_new = !self.is_present(member);
        if let Some(slot) = self.slots.get_mut(member) {
            *slot = at;
            self.present |= 1 << member;
        }
        is_new
    }

    #[inline]
    pub(crate) const fn is_present(&self, member: usize) -> bool {
        self.present >> member & 1 == 1
    }

    /// The members that are there, in the order of their numbers, with the indices of their entries.
    #[inline]
    pub(crate) fn entries(&self) -> impl Iterator<Item = (usize, u32)> + use<'_, N> {
        self.present().filter_map(|member| Some((member, *self.slots.get(member)?)))
    }

    /// One bit a member that is there.
    #[inline]
    pub(crate) const fn bits(&self) -> u32 {
        self.present
    }

    /// The members that are there, in the order of their numbers.
    #[inline]
    pub(crate) fn present(&self) -> impl Iterator<Item = usize> + use<N> {
        bits(self.present)
    }

    /// The index of a member's entry, where the member is there.
    #[inline]
    pub(crate) fn get(&self, member: usize) -> Option<u32> {
        if self.is_present(member) { self.slots.get(member).copied() } else { None }
    }

    /// Changes members of the document that they were noted in, which are its first ones, in the order of their numbers. `change`
    /// sets each, in that order, or takes it away; `bytes` is about how much longer the text gets.
    #[inline]
    pub(crate) fn change(
        &mut self,
        document: &mut Document<'static>,
        bytes: usize,
        change: impl FnOnce(&mut dyn FnMut(usize, &'static str, Option<Value<'_>>)),
    ) {
        let Self { slots, mut present } = *self;
        let last = slots.get(present.checked_ilog2().map_or(N, |last| last as usize));
        let behind = last.and_then(|last| document.member(*last)).map_or(0, |last| last.indices().end);
        let mut is_moved = false;
        document.change(bytes, 0, |document, end| {
            change(&mut |member, name, value| match (self.get(member), value) {
                (Some(at), Some(value)) => {
                    is_moved |= document.replace(at, value) != at + 1 || !value.is_empty();
                }
                (Some(at), None) => {
                    document.remove(at, end);
                    present &= !(1 << member);
                }
                (None, Some(value)) => {
                    let next = bits(self.present).find(|&other| other > member);
                    let at = next.and_then(|next| self.get(next)).unwrap_or(behind);
                    document.insert(at, end, Name::plain(name), value);
                    present |= 1 << member;
                }
                (None, None) => {}
            });
        });
        if is_moved || present != self.present {
            *self = Self::of_first(present, document.value());
        }
    }

    /// The value of a member in the document that it was noted in.
    #[inline]
    pub(crate) fn value<'d>(&self, member: usize, document: &'d Document<'_>) -> Option<Value<'d>> {
        document.member(self.get(member)?)
    }
}

/// The numbers of the bits that are set, the lowest first.
#[inline]
pub(crate) fn bits(mut rest: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = rest.trailing_zeros();
        rest &= rest.wrapping_sub(1);
        (bit < u32::BITS).then_some(bit as usize)
    })
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::engine::random::{self, document, holds, is_as_read};

    const NAMES: [&str; 4] = ["p", "q", "r", "s"];

    fn noted(document: &Document<'_>) -> Slots<4> {
        let mut slots = Slots::new();
        for (name, value) in document.value().named() {
            if let Some(member) = NAMES.iter().position(|known| name == **known) {
                slots.note(member, value);
            }
        }
        slots
    }

    /// Members that stay, come, go and get other values, before those that have no number.
    #[test]
    fn members_that_change_are_where_they_are_noted() {
        let text = |there: [bool; 4], value: &str, others: &str| {
            let named = NAMES.iter().zip(there).filter(|(_, is_there)| *is_there);
            let mut members: Vec<_> = named.map(|(name, _)| format!("\"{name}\":{value}")).collect();
            members.extend((!others.is_empty()).then(|| others.to_owned()));
            format!("{{{}}}", members.join(","))
        };
        let values = (random::text(), random::text());
        holds((values, any::<[bool; 4]>(), vec(0..3_u8, 4), any::<bool>()), |((old, new), there, fates, more)| {
            let others = if more { r#""x":{"p":0},"y":1"# } else { "" };
            let (old, new) = (document(&old).compact(), document(&new));
            let mut changed = document(&text(there, old.text(), others)).into_owned();
            let mut slots = noted(&changed);
            slots.change(&mut changed, 0, |set| {
                for ((member, name), fate) in NAMES.iter().enumerate().zip(&fates) {
                    if *fate > 0 {
                        set(member, name, (*fate == 1).then_some(new.value()));
                    }
                }
            });
            is_as_read(&changed);
            let expected = noted(&changed);
            assert_eq!(slots.bits(), expected.bits());
            for (member, name) in NAMES.iter().enumerate() {
                assert_eq!(slots.get(member), expected.get(member), "{changed}");
                let value = match fates[member] {
                    0 => there[member].then_some(old.value()),
                    1 => Some(new.value()),
                    _ => None,
                };
                assert_eq!(changed.value().get(name), value, "{changed}");
            }
            let unnamed: Vec<_> = changed.value().members().skip(slots.present().count()).collect();
            assert_eq!(unnamed.len(), if more { 2 } else { 0 }, "{changed}");
            let order: Vec<_> = slots.entries().map(|(_, at)| at).collect();
            assert!(order.is_sorted(), "{changed}");
        });
    }

    /// And one without members moves them back.
    #[test]
    fn a_value_with_members_moves_those_behind_it() {
        let mut changed = document(r#"{"p":1,"q":2}"#).into_owned();
        let mut slots = noted(&changed);
        for new in [r#"{"x":0}"#, r#"{"x":0,"y":{"z":1}}"#, "{}", r#"{"x":0}"#, "1"] {
            let value = document(new);
            slots.change(&mut changed, 0, |set| set(0, "p", Some(value.value())));
            assert_eq!(changed.text(), format!(r#"{{"p":{new},"q":2}}"#));
            assert_eq!(slots.value(0, &changed).unwrap().text(), new);
            assert_eq!(slots.value(1, &changed).unwrap().text(), "2");
        }
    }

    #[test]
    fn a_name_is_before_those_that_come_after_it() {
        let names = ["", "a", "ab", "abc", "ac", "b", "ba", "a_", "aB", "é"];
        for (one, other) in names.iter().flat_map(|one| names.map(|other| (*one, other))) {
            assert_eq!(is_before(one, other), one < other, "{one} and {other}");
        }
    }

    #[test]
    fn a_path_without_its_last_name_is_directly_above_it() {
        let paths: [&[&str]; 10] = [
            &[],
            &["a"],
            &["b"],
            &["ab"],
            &["a", "b"],
            &["a", "ab"],
            &["b", "b"],
            &["a", "b", "c"],
            &["a", "c", "c"],
            &["ab", "b", "c"],
        ];
        for (above, path) in paths.iter().flat_map(|above| paths.map(|path| (*above, path))) {
            let expected = path.split_last().is_some_and(|(_, without_last)| without_last == above);
            assert_eq!(is_directly_above(above, path), expected, "{above:?} and {path:?}");
        }
    }

    /// However it is asked for, and one alone, so that most other names have another.
    #[test]
    fn a_name_has_one_bit() {
        for name in [&b""[..], b"a", b"id", b"user_name", b"\xFF\xFF", &[b'z'; 1_000]] {
            let (first, last) = (name.first().unwrap_or(&b'"'), name.last().unwrap_or(&b'"'));
            assert_eq!(name_bit(name), bit_of_name(*first, *last, name.len()));
            assert_eq!(name_bit(name).count_ones(), 1);
        }
        assert!(name_bit(b"a") != name_bit(b"b") && name_bit(b"ab") != name_bit(b"ac"));
        assert!(name_bit(b"aa") != name_bit(b"aaa") && name_bit(b"") != name_bit(b"\""));
    }
}

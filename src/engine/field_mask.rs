use std::fmt;

use super::Limits;

/// Which members an update means: a set of paths, as `google.protobuf.FieldMask` and AIP-161 have it.
///
/// In canonical form: `snake_case`, sorted, each path once, and none that another one covers.
///
/// ```
/// use user_patch::engine::FieldMask;
///
/// let mask: FieldMask = "role,displayName,status.code,status".parse()?;
/// assert_eq!(mask.to_string(), "display_name,role,status");
/// assert!(mask.covers("status.message") && !mask.covers("email"));
/// assert_eq!(mask.union(&"email".parse()?).to_string(), "display_name,email,role,status");
/// # Ok::<(), user_patch::engine::InvalidMask>(())
/// ```
#[derive(Clone, Default)]
pub struct FieldMask {
    /// The paths in `snake_case`, joined by commas, in the order of the request.
    text: String,
    /// Where each path is, in the order of the paths, each once. Those that another one covers are here too: whether a path
    /// names a field is not known yet.
    paths: Vec<(u32, u32)>,
    /// Whether a path was written in `camelCase`, which some readers of masks do not take.
    camel_case: bool,
}

/// A text that is not a field mask.
///
/// ```
/// use user_patch::engine::{FieldMask, InvalidMask};
///
/// assert_eq!("role,,email".parse::<FieldMask>(), Err(InvalidMask::EmptyPart));
/// assert_eq!("*,email".parse::<FieldMask>(), Err(InvalidMask::WildcardNotAlone));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum InvalidMask {
    /// Nothing between two commas or dots, or at an end.
    #[error("a path of the field mask has an empty part")]
    EmptyPart,
    /// A path with a space, an index, or another character that no field's name has.
    #[error("a path of the field mask has a character that no field's name has")]
    Character,
    /// `*` beside another path, or as a part of one: it stands for all fields, alone (AIP-161).
    #[error("`*` must be the whole field mask")]
    WildcardNotAlone,
    /// A mask longer than [`Limits::MAX_BYTES`].
    #[error("longer than {} bytes", Limits::MAX_BYTES)]
    TooLong,
}

impl FieldMask {
    /// The mask that AIP-161 writes `*`: every field.
    pub fn all() -> Self {
        Self::of("*".to_owned(), false)
    }

    /// The mask of the members that a body has, as a gateway fills in a mask that the request did not send. Names may be
    /// `camelCase` or `snake_case`.
    pub fn derive<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut text = String::new();
        for name in names.into_iter().filter(|name| check_part(name).is_ok()) {
            text.push_str(if text.is_empty() { "" } else { "," });
            push_snake_case(&mut text, name);
        }
        Self::of(text, false)
    }

    /// The mask of paths in `snake_case` that are joined by commas.
    fn of(text: String, camel_case: bool) -> Self {
        let mut paths = Vec::with_capacity(text.bytes().filter(|&byte| byte == b',').count() + 1);
        let mut begin = 0;
        for path in text.split(',').filter(|path| !path.is_empty()) {
            paths.push((begin, begin + path.len() as u32));
            begin += path.len() as u32 + 1;
        }
        let path = |&(from, to): &(u32, u32)| text.get(from as usize..to as usize).unwrap_or("");
        paths.sort_unstable_by(|one, other| path(one).cmp(path(other)));
        paths.dedup_by(|one, other| path(one) == path(other));
        Self { text, paths, camel_case }
    }

    /// Whether this is the mask `*`.
    pub fn is_all(&self) -> bool {
        self.contains("*")
    }

    /// Whether no path is in the mask.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Whether a path was written in `camelCase`.
    pub const fn has_camel_case(&self) -> bool {
        self.camel_case
    }

    /// The paths of the canonical form: sorted, without those that another one covers.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let all = self.is_all();
        let mut last: Option<&str> = None;
        // No character of a name sorts before the dot, so that what a path covers comes right behind it.
        self.given().filter(move |&path| {
            let covers = |last: &str| path.strip_prefix(last).is_some_and(|rest| rest.starts_with('.'));
            let is_own = if all { path == "*" } else { !last.is_some_and(covers) };
            if is_own {
                last = Some(path);
            }
            is_own
        })
    }

    /// Every path that was given, sorted, each once.
    pub(crate) fn given(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(|path| self.path(path))
    }

    fn path(&self, &(from, to): &(u32, u32)) -> &str {
        self.text.get(from as usize..to as usize).unwrap_or("")
    }

    fn contains(&self, path: &str) -> bool {
        self.paths.binary_search_by(|known| self.path(known).cmp(path)).is_ok()
    }

    /// Whether an update with this mask means the field at `path` (in `snake_case`) as a whole.
    pub fn covers(&self, path: &str) -> bool {
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        self.is_all() || ends.filter_map(|end| path.get(..end)).any(|prefix| self.contains(prefix))
    }

    /// The mask that means what either of two means.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let comma = if self.text.is_empty() || other.text.is_empty() { "" } else { "," };
        Self::of(format!("{}{comma}{}", self.text, other.text), self.camel_case || other.camel_case)
    }
}

impl std::str::FromStr for FieldMask {
    type Err = InvalidMask;

    /// Reads paths joined by commas; the empty text is the empty mask.
    fn from_str(text: &str) -> Result<Self, InvalidMask> {
        if text.len() > Limits::MAX_BYTES {
            return Err(InvalidMask::TooLong);
        }
        if text.contains('*') {
            return if text == "*" { Ok(Self::all()) } else { Err(InvalidMask::WildcardNotAlone) };
        }
        for part in text.split([',', '.']).filter(|_| !text.is_empty()) {
            check_part(part)?;
        }
        let mut snake = String::with_capacity(text.len());
        push_snake_case(&mut snake, text);
        let camel_case = snake.len() != text.len();
        Ok(Self::of(snake, camel_case))
    }
}

/// Two masks are equal where they mean the same, however they were written.
impl PartialEq for FieldMask {
    fn eq(&self, other: &Self) -> bool {
        self.paths().eq(other.paths())
    }
}

impl Eq for FieldMask {}

impl fmt::Debug for FieldMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldMask({self})")
    }
}

impl std::hash::Hash for FieldMask {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.paths().for_each(|path| path.hash(state));
    }
}

/// The canonical form.
impl fmt::Display for FieldMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, path) in self.paths().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{path}")?;
        }
        Ok(())
    }
}

/// Whether a path may have this part: the name of a field.
fn check_part(part: &str) -> Result<(), InvalidMask> {
    match part.bytes().next() {
        None => Err(InvalidMask::EmptyPart),
        Some(first) if first.is_ascii_digit() => Err(InvalidMask::Character),
        Some(_) if part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => Ok(()),
        Some(_) => Err(InvalidMask::Character),
    }
}

/// Writes the `snake_case` form of a `lowerCamelCase` text, as ProtoJSON converts field masks.
fn push_snake_case(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(|letter: char| letter.is_ascii_uppercase()) {
        let (lower, upper) = rest.split_at(at);
        out.push_str(lower);
        let mut letters = upper.chars();
        out.push('_');
        out.extend(letters.next().map(|letter| letter.to_ascii_lowercase()));
        rest = letters.as_str();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn gives(text: &str, given: &[&str], paths: &[&str]) {
        let mask: FieldMask = text.parse().unwrap();
        assert_eq!(mask.given().collect::<Vec<_>>(), given);
        assert_eq!(mask.paths().collect::<Vec<_>>(), paths);
    }

    /// Were a covered path folded into the one that covers it, nobody would hear that it names no field.
    #[test]
    fn a_path_that_another_one_covers_is_given_all_the_same() {
        gives("a.nosuch,a", &["a", "a.nosuch"], &["a"]);
        gives("a.b.c,x,a.b,a.b.d", &["a.b", "a.b.c", "a.b.d", "x"], &["a.b", "x"]);
        gives("displayName,display_name", &["display_name"], &["display_name"]);
        gives("", &[], &[]);
        gives("*", &["*"], &["*"]);
    }

    #[test]
    fn a_union_gives_the_paths_of_both() {
        let [one, other]: [FieldMask; 2] = ["a.b,c", "a,c.d"].map(|text| text.parse().unwrap());
        assert_eq!(one.union(&other).given().collect::<Vec<_>>(), ["a", "a.b", "c", "c.d"]);
        assert_eq!(one.union(&FieldMask::default()).given().collect::<Vec<_>>(), ["a.b", "c"]);
        assert_eq!(one.union(&FieldMask::all()).paths().collect::<Vec<_>>(), ["*"]);
    }

    /// The names of a body are anyone's choice: what no path can be is not in the mask.
    #[test]
    fn a_mask_is_derived_of_names_and_not_of_paths() {
        let derived = FieldMask::derive(["*", "a.b", "a,c", "", "1a", "é", "displayName", "x_1"]);
        assert_eq!(derived.given().collect::<Vec<_>>(), ["display_name", "x_1"]);
        assert!(!derived.has_camel_case());
    }

    /// As many segments or paths as a request has room for.
    #[test]
    fn long_masks_are_read_and_asked() {
        let deep = vec!["a"; 64_000].join(".");
        let mask: FieldMask = deep.parse().unwrap();
        assert!(mask.covers(&format!("{deep}.b")) && !mask.covers("a.a"));
        let wide: Vec<_> = (0..64_000).map(|at| format!("k{at}")).collect();
        let mask: FieldMask = wide.join(",").parse().unwrap();
        assert_eq!(mask.paths().count(), 64_000);
        assert!(wide.iter().all(|path| mask.covers(path)) && !mask.covers("k64000"));
    }
}

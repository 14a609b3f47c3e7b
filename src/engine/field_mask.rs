use std::{borrow::Cow, collections::BTreeSet, fmt};

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
#[derive(Debug, Clone, Default)]
pub struct FieldMask {
    paths: BTreeSet<Box<str>>,
    /// Whether a path was written in `camelCase`, which some readers of masks do not take.
    camel_case: bool,
}

/// A text that is not a field mask.
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
}

impl FieldMask {
    /// The mask that AIP-161 writes `*`: every field.
    pub fn all() -> Self {
        Self { paths: BTreeSet::from(["*".into()]), camel_case: false }
    }

    /// The mask of the members that a body has, as a gateway fills in a mask that the request did not send. Names may be
    /// `camelCase` or `snake_case`.
    pub fn derive<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        Self {
            paths: names
                .into_iter()
                .filter(|name| check_part(name).is_ok())
                .map(|name| snake_case(name).into())
                .collect(),
            camel_case: false,
        }
    }

    /// Whether this is the mask `*`.
    pub fn is_all(&self) -> bool {
        self.paths.contains("*")
    }

    /// Whether no path is in the mask.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Whether a path was written in `camelCase`.
    pub const fn has_camel_case(&self) -> bool {
        self.camel_case
    }

    /// The paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(|path| &**path)
    }

    /// Whether an update with this mask means the field at `path` (in `snake_case`) as a whole.
    pub fn covers(&self, path: &str) -> bool {
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        self.is_all() || ends.filter_map(|end| path.get(..end)).any(|prefix| self.paths.contains(prefix))
    }

    /// The mask that means what either of two means.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let paths = self.paths.union(&other.paths).cloned().collect();
        Self { paths, camel_case: self.camel_case || other.camel_case }.canonical()
    }

    fn canonical(mut self) -> Self {
        let all = self.paths.clone();
        self.paths.retain(|path| {
            let mut prefixes = path.match_indices('.').filter_map(|(at, _)| path.get(..at));
            (**path == *"*" || !all.contains("*")) && !prefixes.any(|prefix| all.contains(prefix))
        });
        self
    }
}

impl std::str::FromStr for FieldMask {
    type Err = InvalidMask;

    /// Reads paths joined by commas; the empty text is the empty mask.
    fn from_str(text: &str) -> Result<Self, InvalidMask> {
        let mut mask = Self::default();
        for path in text.split(',').filter(|_| !text.is_empty()) {
            if path.contains('*') {
                return match text {
                    "*" => Ok(Self::all()),
                    _ => Err(InvalidMask::WildcardNotAlone),
                };
            }
            for part in path.split('.') {
                check_part(part)?;
            }
            let canonical = snake_case(path);
            mask.camel_case |= *canonical != *path;
            mask.paths.insert(canonical.into());
        }
        Ok(mask.canonical())
    }
}

/// Two masks are equal where they mean the same, however they were written.
impl PartialEq for FieldMask {
    fn eq(&self, other: &Self) -> bool {
        self.paths == other.paths
    }
}

impl Eq for FieldMask {}

impl std::hash::Hash for FieldMask {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.paths.hash(state);
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

/// The `snake_case` form of a `lowerCamelCase` name, as ProtoJSON converts field masks.
fn snake_case(name: &str) -> Cow<'_, str> {
    if !name.contains(|letter: char| letter.is_ascii_uppercase()) {
        return Cow::Borrowed(name);
    }
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    Cow::Owned(snake)
}

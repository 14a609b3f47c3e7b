use std::{fmt, sync::OnceLock};

use super::{Findings, Password};
use crate::engine::Pointer;

/// What an accepted update did.
///
/// ```
/// use user_patch::elastic::{Context, Patch, User};
///
/// let mut user = User::from_json(br#"{"user_name":"ada","security":{}}"#)?;
/// let ctx = Context::default();
/// let applied = Patch::parse(br#"{"security":{"password":"correct horse"}}"#, &ctx)?.apply(&mut user, &ctx)?;
/// assert_eq!(applied.changed()[0].as_str(), "/security/password");
/// assert_eq!(applied.into_password().unwrap().expose(), "correct horse"); // Once, to be hashed.
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
#[must_use]
pub struct Applied {
    /// Put in order when it is asked for first: of many members that is dearer than to find them.
    changed: OnceLock<Vec<Pointer>>,
    found: Places,
    notices: Findings,
    password: Option<Password>,
}

/// Places as they are found.
#[derive(Default)]
pub(crate) struct Places {
    few: Vec<Pointer>,
    /// Of others the names behind each other, and where each ends.
    names: String,
    ends: Vec<usize>,
    /// What they are members of: from the name of this number on, this.
    above: Vec<(usize, Pointer)>,
}

impl Places {
    /// Room for a few of them.
    pub(crate) fn with_capacity(few: usize) -> Self {
        let mut places = Self::default();
        places.few.reserve_exact(few);
        places
    }

    pub(crate) fn push(&mut self, place: Pointer) {
        self.few.push(place);
    }

    /// What comes now are members of this, of which there may be many.
    pub(crate) fn begin(&mut self, above: Pointer) {
        self.above.push((self.ends.len(), above));
    }

    /// A member of what has been begun.
    #[inline]
    pub(crate) fn push_child(&mut self, name: &str) {
        self.names.push_str(name);
        self.ends.push(self.names.len());
    }

    /// Room for so many members, and for their names.
    pub(crate) fn reserve(&mut self, members: usize, names: usize) {
        self.ends.reserve_exact(members);
        self.names.reserve_exact(names);
    }

    pub(crate) fn len(&self) -> usize {
        self.few.len() + self.ends.len()
    }

    /// In their order, each once.
    fn settled(&self) -> Vec<Pointer> {
        let mut places = Vec::with_capacity(self.len());
        places.extend_from_slice(&self.few);
        let is_begun = |rest: &[(usize, Pointer)], number| rest.first().is_some_and(|(first, _)| *first <= number);
        let (mut start, mut above) = (0, self.above.as_slice());
        for (number, &end) in self.ends.iter().enumerate() {
            while let Some((_, rest)) = above.split_first().filter(|(_, rest)| is_begun(rest, number)) {
                above = rest;
            }
            let name = self.names.get(start..end).unwrap_or_default();
            places.extend(above.first().map(|(_, above)| above.child(name)));
            start = end;
        }
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl Applied {
    pub(crate) fn new(mut changed: Vec<Pointer>, notices: Findings) -> Self {
        changed.sort_unstable();
        changed.dedup();
        Self::in_order(changed, notices)
    }

    /// As [`new`](Self::new), where the places are in their order, each once.
    pub(crate) fn in_order(changed: Vec<Pointer>, notices: Findings) -> Self {
        Self { changed: changed.into(), notices: notices.settled(), ..Self::default() }
    }

    /// As [`new`](Self::new), of places of which there may be many.
    pub(crate) fn found(found: Places, notices: Findings) -> Self {
        Self { found, notices: notices.settled(), ..Self::default() }
    }

    pub(crate) fn with_password(self, password: Option<Password>) -> Self {
        Self { password, ..self }
    }

    /// The members that have another value now, in the order of their pointers: each a member that the page names, or, below
    /// that, the first one that it does not name. The time of the update, which the vendor keeps, is not among them.
    pub fn changed(&self) -> &[Pointer] {
        self.changed.get_or_init(|| self.found.settled())
    }

    /// What was ignored, or done unasked, and by which rule.
    pub const fn notices(&self) -> &Findings {
        &self.notices
    }

    /// Whether the update sets a password. Only Elastic has passwords in an update.
    pub const fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// The new password, which is handed over once.
    pub fn into_password(self) -> Option<Password> {
        self.password
    }
}

/// The same changes and notices, and a password or none: two passwords are not compared.
impl PartialEq for Applied {
    fn eq(&self, other: &Self) -> bool {
        self.changed() == other.changed()
            && self.notices == other.notices
            && self.has_password() == other.has_password()
    }
}

impl Eq for Applied {}

impl fmt::Debug for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Applied")
            .field("changed", &self.changed())
            .field("notices", &self.notices)
            .field("password", &self.password)
            .finish()
    }
}

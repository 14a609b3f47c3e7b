use std::{fmt, sync::OnceLock};

use smallvec::SmallVec;

use super::{Findings, Password};
use crate::engine::{Pointer, bits, strings};

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
    /// Members that the page names: a bit for the number of each.
    named: u32,
    /// Where each number stands.
    pointers: &'static [Pointer],
    /// The names of others as they are written, each in its quotes, and how many they are.
    names: String,
    others: usize,
    /// What they are inside of: from this offset of the names on, the member of this number, or the document.
    above: SmallVec<[(usize, Option<usize>); 3]>,
}

impl Places {
    /// None yet. `pointers` has the places of the members that the page names, by their numbers.
    pub(crate) fn new(pointers: &'static [Pointer]) -> Self {
        Self { pointers, ..Self::default() }
    }

    /// The members of these bits.
    #[inline]
    pub(crate) fn of_named(named: u32, pointers: &'static [Pointer]) -> Self {
        Self { named, ..Self::new(pointers) }
    }

    /// The member of this number.
    pub(crate) const fn push(&mut self, member: usize) {
        self.named |= 1 << member;
    }

    /// What comes now are members of this one, of which there may be many, and whose names may be as long.
    pub(crate) fn begin(&mut self, above: Option<usize>, bytes: usize) {
        self.above.push((self.names.len(), above));
        self.names.reserve_exact(bytes);
    }

    /// A member of what has been begun, by its name in quotes.
    #[inline]
    pub(crate) fn push_child(&mut self, quoted: &str) {
        self.names.push_str(quoted);
        self.others += 1;
    }

    pub(crate) const fn len(&self) -> usize {
        self.named.count_ones() as usize + self.others
    }

    /// In their order, each once.
    fn settled(&self) -> Vec<Pointer> {
        let pointer = |member: usize| self.pointers.get(member).cloned().unwrap_or(Pointer::root());
        let mut places = Vec::with_capacity(self.len());
        places.extend(bits(self.named).map(pointer));
        let mut ends = self.above.iter().skip(1).map(|(start, _)| *start).chain([self.names.len()]);
        for ((start, above), end) in self.above.iter().zip(&mut ends) {
            let above = above.map_or(Pointer::root(), pointer);
            let names = self.names.get(*start..end).unwrap_or_default();
            places.extend(strings(names).map(|name| above.child(&name)));
        }
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl Applied {
    pub(crate) fn new(found: Places, notices: Findings) -> Self {
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

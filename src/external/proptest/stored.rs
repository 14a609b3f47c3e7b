//! Users that show what they hold, and pairs of them.

use std::{fmt, ops::Deref};

use ::proptest::prelude::*;

use super::tree::Tree;
use crate::vendor::UpdateModel;

/// A stored user that a strategy has made up. It is the [`User`](UpdateModel::User) within, but for `Debug`, which shows the
/// whole user, so that a failing test does.
///
/// ```
/// use user_patch::{proptest::Stored, vendor::{Elastic, UpdateModel}};
///
/// let stored = Stored::<Elastic>::new(Elastic::user(br#"{"user_name":"ada","security":{}}"#)?);
/// assert_eq!(stored.user_name(), "ada");
/// assert_eq!(format!("{stored:?}"), r#"{"user_name":"ada","security":{}}"#);
/// # Ok::<(), user_patch::report::InvalidUser>(())
/// ```
#[derive(Clone)]
pub struct Stored<M: UpdateModel> {
    user: M::User,
    text: String,
}

impl<M: UpdateModel> Stored<M> {
    /// The user, stored as the vendor writes it.
    pub fn new(user: M::User) -> Self {
        Self { text: M::user_json(&user), user }
    }

    /// The user of a value that is one.
    pub(super) fn of(tree: &Tree) -> Option<Self> {
        let text = tree.text();
        M::user(text.as_bytes()).ok().map(|user| Self { user, text })
    }

    /// The text that is stored. The vendor may write the same user otherwise.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The user alone.
    pub fn into_user(self) -> M::User {
        self.user
    }
}

impl<M: UpdateModel> Deref for Stored<M> {
    type Target = M::User;

    fn deref(&self) -> &M::User {
        &self.user
    }
}

impl<M: UpdateModel> PartialEq for Stored<M> {
    fn eq(&self, other: &Self) -> bool {
        self.user == other.user
    }
}

impl<M: UpdateModel> Eq for Stored<M> {}

impl<M: UpdateModel> fmt::Debug for Stored<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The users of values that are users: of what the strategies put together, all are.
pub(super) fn stored<M: UpdateModel>(trees: BoxedStrategy<Tree>) -> BoxedStrategy<Stored<M>> {
    trees.prop_filter_map("a user", |tree| Stored::of(&tree)).boxed()
}

/// A place in a user, and what is put there; nothing to take away what is there.
pub(super) type Edit = (Vec<&'static str>, Option<Tree>);

/// Pairs of users: one time in four two strangers, else a user and what edits make of it.
pub(super) fn pairs<M: UpdateModel>(
    users: impl Fn() -> BoxedStrategy<Tree>,
    edits: BoxedStrategy<Vec<Edit>>,
) -> BoxedStrategy<(Stored<M>, Stored<M>)> {
    (users(), users(), edits, 0..4_u8)
        .prop_filter_map("two users", |(user, stranger, edits, other)| {
            let other = if other == 0 { stranger } else { edited(&user, edits) };
            Some((Stored::of(&user)?, Stored::of(&other)?))
        })
        .boxed()
}

fn edited(user: &Tree, edits: Vec<Edit>) -> Tree {
    let mut other = user.clone();
    for (path, value) in edits {
        match value {
            Some(value) => other.set(&path, value),
            None => other.remove(&path),
        }
    }
    other
}

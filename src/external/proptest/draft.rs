//! Updates that are made for a user when there is one.

use std::marker::PhantomData;

use ::proptest::prelude::*;

use super::tree::Tree;
use crate::{external::request::Request, vendor::UpdateModel};

/// What an update says of one member.
#[derive(Clone, Debug)]
pub(super) enum Say {
    /// What the user has there already.
    Echo,
    Value(Tree),
}

/// A place in a body, and what is said there.
pub(super) type Said = (Vec<&'static str>, Say);

/// Names and how they are spelled otherwise.
pub(super) type Spelled = &'static [(&'static str, &'static str)];

/// An update before there is a user to make it for: new values for some members, and for others the value that the user will
/// have. [`request`](Self::request) makes it for a user, so that a test can make one after the other.
///
/// ```
/// use proptest::{collection::vec, prelude::*};
/// use user_patch::{proptest::{contexts, drafts, users}, vendor::Fireworks};
///
/// proptest!(|(user in users::<Fireworks>(), drafts in vec(drafts::<Fireworks>(), 1..5), ctx in contexts::<Fireworks>())| {
///     let mut user = user.into_user();
///     for draft in drafts {
///         if let Ok((updated, _)) = draft.request(&user, &ctx).decide() {
///             user = updated; // and the service under test as well
///         }
///     }
/// });
/// ```
#[derive(Clone, Debug)]
pub struct Draft<M: UpdateModel> {
    says: Vec<Said>,
    mask: Option<String>,
    spelled: Spelled,
    model: PhantomData<M>,
}

impl<M: UpdateModel> Draft<M> {
    /// What it says, under an explicit field mask or none.
    pub(super) fn new(says: Vec<Said>, mask: Option<String>, spelled: Spelled) -> Self {
        Self { says, mask, spelled, model: PhantomData }
    }

    /// The update of this user.
    pub fn request(&self, user: &M::User, ctx: &M::Context) -> Request<M> {
        let echoes = self.says.iter().any(|(_, say)| matches!(say, Say::Echo));
        let tree = if echoes { Tree::read(&M::user_json(user)) } else { Tree::Null };
        let mut body = body_for(&tree, &self.says);
        for (name, spelled) in self.spelled {
            body.rename(name, spelled);
        }
        Request { user: user.clone(), body: body.text().into_bytes(), mask: self.mask.clone(), ctx: ctx.clone() }
    }
}

/// The body that says this of a user.
pub(super) fn body_for(user: &Tree, says: &[Said]) -> Tree {
    let mut body = Tree::empty();
    for (path, say) in says {
        match say {
            Say::Echo => user.at(path).into_iter().for_each(|value| body.set(path, value.clone())),
            Say::Value(value) => body.set(path, value.clone()),
        }
    }
    body
}

/// What a body may say of one member: nothing, what is there, or something else.
pub(super) fn says(
    path: &'static [&'static str],
    values: impl Strategy<Value = Tree> + 'static,
) -> BoxedStrategy<Vec<Said>> {
    prop_oneof![
        3 => Just(Vec::new()),
        1 => Just(vec![(path.to_vec(), Say::Echo)]),
        3 => values.prop_map(move |value| vec![(path.to_vec(), Say::Value(value))]),
    ]
    .boxed()
}

/// The same of a member that an update had better leave alone.
pub(super) fn seldom(
    path: &'static [&'static str],
    values: impl Strategy<Value = Tree> + 'static,
) -> BoxedStrategy<Vec<Said>> {
    prop_oneof![
        40 => Just(Vec::new()),
        2 => Just(vec![(path.to_vec(), Say::Echo)]),
        1 => values.prop_map(move |value| vec![(path.to_vec(), Say::Value(value))]),
    ]
    .boxed()
}

//! What each vendor has to say of its own.

use std::fmt::Debug;

use ::proptest::prelude::*;

use super::{
    broken::{Broken, Create},
    draft::Draft,
    stored::Stored,
};
use crate::{external::request::Request, report::Violations, vendor::UpdateModel};

/// A vendor that there are strategies for: each of the three. Code that is generic over them names this trait, and calls the
/// functions of [`proptest`](super).
///
/// ```
/// use proptest::prelude::*;
/// use user_patch::{proptest::{Strategies, requests}, vendor::Elastic};
///
/// fn an_answer_has_a_body<M: Strategies>() {
///     proptest!(|(request in requests::<M>())| {
///         prop_assert!(!request.reply().body.is_empty());
///     });
/// }
/// an_answer_has_a_body::<Elastic>();
/// ```
pub trait Strategies: UpdateModel {
    /// The switches of the vendor's contexts.
    type Policy: Clone + Default + Eq + Debug + Send + Sync;

    #[doc(hidden)]
    fn valid_users() -> BoxedStrategy<Stored<Self>>;

    #[doc(hidden)]
    fn kept_users() -> BoxedStrategy<Stored<Self>>;

    /// Both, and users that nobody may update where the vendor has them.
    #[doc(hidden)]
    fn users() -> BoxedStrategy<Stored<Self>>;

    #[doc(hidden)]
    fn pairs() -> BoxedStrategy<(Stored<Self>, Stored<Self>)>;

    #[doc(hidden)]
    fn drafts() -> BoxedStrategy<Draft<Self>>;

    #[doc(hidden)]
    fn policies() -> BoxedStrategy<Self::Policy>;

    #[doc(hidden)]
    fn contexts() -> BoxedStrategy<Self::Context>;

    #[doc(hidden)]
    fn breaking(refusal: Self::Refusal) -> BoxedStrategy<Broken<Self>>;

    /// The making of a user; where the vendor's page has none, the request as it is.
    #[doc(hidden)]
    fn create(request: &Request<Self>, _named: &Create) -> Result<Self::User, Violations<Self::Refusal>> {
        request.decide().map(|(user, _)| user)
    }
}

impl<M: Strategies> Broken<M> {
    /// What the request comes to: the violation of the one rule, unless something is wrong.
    ///
    /// # Errors
    /// Every violation.
    pub fn decide(&self) -> Result<M::User, Violations<M::Refusal>> {
        match &self.create {
            Some(create) => M::create(&self.request, create),
            None => self.request.decide().map(|(user, _)| user),
        }
    }
}

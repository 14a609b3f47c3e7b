//! A question to a vendor's model, as the texts it comes in, and its answer.

use std::{borrow::Cow, fmt};

use super::{
    decision::{Decision, Patch},
    part::{InvalidPart, Part, context, user},
};
use crate::{
    engine::Place,
    fireworks,
    report::{Diff, Violations},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

/// An update of a user, as the texts it comes in.
///
/// ```
/// use user_patch::exchange::Update;
///
/// let update = Update { user: br#"{"role":"user"}"#, patch: br#"{"role":"admin"}"#.into(), mask: "role".into(), context: b"null" };
/// assert!(!format!("{update:?}").contains("admin")); // `Debug` shows none of the texts.
/// ```
#[derive(Clone)]
pub struct Update<'t> {
    /// The user as it is stored.
    pub user: &'t [u8],
    /// The body.
    pub patch: Cow<'t, [u8]>,
    /// The field mask; empty for none, as it has to be where the vendor has no field masks.
    pub mask: Cow<'t, str>,
    /// The context; `null` for the default one.
    pub context: &'t [u8],
}

/// Two users, as the texts they come in.
///
/// ```
/// use user_patch::{exchange::{Pair, Question, Verdict}, vendor::Vendor};
///
/// let pair = Pair { from: br#"{"role":"user"}"#, to: br#"{"role":"user"}"#, context: b"null" };
/// assert_eq!(Question::Undo(pair).ask(Vendor::Fireworks)?.verdict(), Verdict::Accepted); // There is nothing to send.
/// # Ok::<(), user_patch::exchange::InvalidPart>(())
/// ```
#[derive(Clone)]
pub struct Pair<'t> {
    /// The first.
    pub from: &'t [u8],
    /// The second.
    pub to: &'t [u8],
    /// The context; `null` for the default one.
    pub context: &'t [u8],
}

/// What can be asked, as texts: for a front end that has them apart, and need not put them together as a line.
///
/// ```
/// use user_patch::{exchange::{Decision, Part, Question, Update}, vendor::Vendor};
///
/// let update = |user: &'static [u8], body: &'static [u8]| {
///     Question::Apply(Update { user, patch: body.into(), mask: "".into(), context: b"null" })
/// };
/// let stored = br#"{"user_name":"ada","security":{}}"#;
/// match update(stored, br#"{"email":"a@example.com"}"#).ask(Vendor::Elastic)? {
///     Decision::Done { reply, changed, user, .. } => {
///         assert_eq!((reply.status, changed[0].as_str()), (200, "/email"));
///         assert_eq!(user, None, "what is to be stored is the body of the reply");
///     }
///     other => panic!("{other:?}"),
/// }
/// let refused = update(stored, br#"{"user_name":"eve"}"#).ask(Vendor::Elastic)?;
/// assert!(matches!(refused, Decision::Refused { reply, .. } if reply.status == 400));
///
/// let wrong = update(b"[]", b"{}").ask(Vendor::Elastic).unwrap_err();
/// assert_eq!(wrong.part(), Part::User);
/// # Ok::<(), user_patch::exchange::InvalidPart>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Question<'t> {
    /// What an update makes of a user.
    Apply(Update<'t>),
    /// Whether an update may be done.
    Check(Update<'t>),
    /// What an update would change.
    Audit(Update<'t>),
    /// The smallest patch between two users.
    Diff(Pair<'t>),
    /// The patch that leads back from the second user to the first.
    Undo(Pair<'t>),
    /// One patch for two.
    Then {
        /// The first body.
        patch: Cow<'t, [u8]>,
        /// Its field mask; empty for none.
        mask: Cow<'t, str>,
        /// The body after it.
        next: Cow<'t, [u8]>,
        /// The field mask of that; empty for none.
        next_mask: Cow<'t, str>,
        /// The context; `null` for the default one.
        context: &'t [u8],
    },
    /// A patch made on one user, for another that somebody else has made of it.
    Rebase {
        /// The update, and the user that it was made on.
        ours: Update<'t>,
        /// The user that it is moved to.
        theirs: &'t [u8],
    },
    /// The user that a POST makes. Of Fireworks alone.
    Create {
        /// The account of the path.
        account: Cow<'t, str>,
        /// The user id of the query.
        user_id: Option<Cow<'t, str>>,
        /// The body.
        patch: Cow<'t, [u8]>,
        /// The context; `null` for the default one.
        context: &'t [u8],
    },
}

impl Question<'_> {
    const fn name(&self) -> &'static str {
        match self {
            Self::Apply(_) => "Apply",
            Self::Check(_) => "Check",
            Self::Audit(_) => "Audit",
            Self::Diff(_) => "Diff",
            Self::Undo(_) => "Undo",
            Self::Then { .. } => "Then",
            Self::Rebase { .. } => "Rebase",
            Self::Create { .. } => "Create",
        }
    }

    /// Asks a vendor's model.
    ///
    /// # Errors
    /// Where a text is no user, or no context, of the vendor, or there is a field mask for a vendor that has none.
    pub fn ask(&self, vendor: Vendor) -> Result<Decision, InvalidPart> {
        match vendor {
            Vendor::Fireworks => self.ask_model::<Fireworks>(),
            Vendor::TrustedTwin => self.ask_model::<TrustedTwin>(),
            Vendor::Elastic => self.ask_model::<Elastic>(),
        }
    }

    fn ask_model<M: UpdateModel>(&self) -> Result<Decision, InvalidPart> {
        match self {
            Self::Apply(update) => {
                let mut user = user::<M>(Part::User, update.user)?;
                let ctx: M::Context = context(update.context)?;
                let applied =
                    read::<M>(&update.patch, &update.mask, &ctx)?.and_then(|patch| M::apply(&patch, &mut user, &ctx));
                Ok(match applied {
                    Ok(applied) => Decision::done(M::accepted(&user, &ctx), M::user_json(&user), &applied),
                    Err(violations) => refused::<M>(&violations, &ctx),
                })
            }
            Self::Check(update) => {
                let user = user::<M>(Part::User, update.user)?;
                let ctx: M::Context = context(update.context)?;
                let checked =
                    read::<M>(&update.patch, &update.mask, &ctx)?.and_then(|patch| M::check(&patch, &user, &ctx));
                Ok(match checked {
                    Ok(notices) => Decision::Allowed { notices },
                    Err(violations) => refused::<M>(&violations, &ctx),
                })
            }
            Self::Audit(update) => {
                let before = user::<M>(Part::User, update.user)?;
                let mut after = before.clone();
                let ctx: M::Context = context(update.context)?;
                let applied =
                    read::<M>(&update.patch, &update.mask, &ctx)?.and_then(|patch| M::apply(&patch, &mut after, &ctx));
                Ok(match applied {
                    Ok(applied) => {
                        Decision::Audited { audit: M::audit(&before, &after), changed: applied.changed().to_vec() }
                    }
                    Err(violations) => refused::<M>(&violations, &ctx),
                })
            }
            Self::Diff(pair) => {
                let (from, to) = (user::<M>(Part::From, pair.from)?, user::<M>(Part::To, pair.to)?);
                let ctx: M::Context = context(pair.context)?;
                Ok(match M::diff(&from, &to, &ctx) {
                    Ok(diff) => difference::<M>(diff),
                    Err(unreachable) => Decision::Unreachable(unreachable),
                })
            }
            Self::Undo(pair) => {
                let (from, to) = (user::<M>(Part::From, pair.from)?, user::<M>(Part::To, pair.to)?);
                let ctx: M::Context = context(pair.context)?;
                Ok(match M::undo(&from, &to, &ctx) {
                    Ok(diff) => difference::<M>(diff),
                    Err(unreachable) => Decision::Unreachable(unreachable),
                })
            }
            Self::Then { patch, mask, next, next_mask, context: text } => {
                let ctx: M::Context = context(text)?;
                let (first, next) = (read::<M>(patch, mask, &ctx)?, read::<M>(next, next_mask, &ctx)?);
                Ok(match first.and_then(|first| Ok((first, next?))) {
                    Ok((first, next)) => match M::then(&first, &next) {
                        Ok(both) => difference::<M>(Diff::Patch(both)),
                        Err(not) => Decision::NotComposable(not.pointer().clone()),
                    },
                    Err(violations) => refused::<M>(&violations, &ctx),
                })
            }
            Self::Rebase { ours, theirs } => {
                let (base, theirs) = (user::<M>(Part::Base, ours.user)?, user::<M>(Part::Theirs, theirs)?);
                let ctx: M::Context = context(ours.context)?;
                Ok(match read::<M>(&ours.patch, &ours.mask, &ctx)? {
                    Ok(patch) => match M::rebase(&base, &patch, &theirs) {
                        Ok(moved) => difference::<M>(moved),
                        Err(conflict) => Decision::Conflicts(conflict.pointers().to_vec()),
                    },
                    Err(violations) => refused::<M>(&violations, &ctx),
                })
            }
            Self::Create { account, user_id, patch, context: text } => {
                let ctx: fireworks::Context = context(text)?;
                let made = fireworks::Patch::parse(patch, &ctx)
                    .and_then(|patch| patch.create(account, user_id.as_deref(), &ctx));
                Ok(match made {
                    Ok((user, applied)) => Decision::done(user.reply(&ctx), user.to_json(), &applied),
                    Err(violations) => refused::<Fireworks>(&violations, &ctx),
                })
            }
        }
    }
}

/// What is asked, and nothing of the texts.
impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Nothing of the texts.
impl fmt::Debug for Update<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update").finish_non_exhaustive()
    }
}

/// Nothing of the texts.
impl fmt::Debug for Pair<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pair").finish_non_exhaustive()
    }
}

/// What comes of reading a body: a patch, or the refusal.
type Read<'t, M> = Result<<M as UpdateModel>::Patch<'t>, Violations<<M as UpdateModel>::Refusal>>;

fn read<'t, M: UpdateModel>(body: &'t [u8], mask: &str, ctx: &M::Context) -> Result<Read<'t, M>, InvalidPart> {
    if mask.is_empty() {
        return Ok(M::parse(body, ctx));
    }
    M::parse_masked(body, mask, ctx).ok_or_else(|| {
        let message = format!("{} has no field masks", M::VENDOR);
        InvalidPart::new(Part::Mask, message, Place { line: 1, column: 1 })
    })
}

fn refused<M: UpdateModel>(violations: &Violations<M::Refusal>, ctx: &M::Context) -> Decision {
    Decision::refused(M::refused(violations, ctx), violations)
}

fn difference<M: UpdateModel>(diff: Diff<M::Patch<'static>>) -> Decision {
    Decision::Difference(match diff {
        Diff::Unchanged => Diff::Unchanged,
        Diff::Patch(patch) => Diff::Patch(Patch { body: M::patch_json(&patch), mask: M::mask(&patch) }),
    })
}

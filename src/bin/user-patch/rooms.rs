//! The three rooms behind one door: texts in, a [`Decision`] out.

use std::borrow::Cow;

use crate::{
    difference::Difference,
    reply::Decision,
    unfit::{Part, Unfit, context},
    vendor::Vendor,
};

/// An update of a user, as the texts it comes in.
pub struct Update<'t> {
    pub user: &'t [u8],
    pub patch: Cow<'t, [u8]>,
    /// Empty for none, as it has to be where the vendor has no masks.
    pub mask: Cow<'t, str>,
    /// `null` for the default.
    pub context: &'t [u8],
}

/// Two users, as the texts they come in.
pub struct Pair<'t> {
    pub from: &'t [u8],
    pub to: &'t [u8],
    /// `null` for the default.
    pub context: &'t [u8],
}

/// What an update changes, where it is accepted: an RFC 6902 patch as JSON.
pub type Audited = Result<String, Decision>;

/// A Fireworks user to be made, as the texts it comes in.
pub struct Create<'t> {
    pub account: Cow<'t, str>,
    pub user_id: Option<Cow<'t, str>>,
    pub patch: Cow<'t, [u8]>,
    /// `null` for the default.
    pub context: &'t [u8],
}

/// One room's verbs, each a function from texts to a decision.
macro_rules! room {
    ($room:ident $(, $with_mask:ident, $mask:ident)?) => {
        mod $room {
            use user_patch::{
                $room::{self, Context, Patch, User, Violations},
                report::Diff,
            };

            use super::{Audited, Decision, Difference, Pair, Part, Unfit, Update, context};

            fn user(part: Part, text: &[u8]) -> Result<User, Unfit> {
                User::from_json(text).map_err(|wrong| Unfit::user(part, text, &wrong))
            }

            fn read<'t>(update: &'t Update<'_>, ctx: &Context) -> Result<Patch<'t>, Violations> {
                let patch = Patch::parse_with(&update.patch, &ctx.policy)?;
                $(let patch = patch.$with_mask(&update.mask);)?
                Ok(patch)
            }

            pub fn apply(update: &Update<'_>) -> Result<Decision, Unfit> {
                let mut user = user(Part::User, update.user)?;
                let ctx: Context = context(update.context)?;
                Ok(match read(update, &ctx).and_then(|patch| patch.apply(&mut user, &ctx)) {
                    Ok(applied) => Decision::done(user.reply(), applied.changed(), applied.notices()),
                    Err(violations) => Decision::refused(violations.reply(&ctx), &violations),
                })
            }

            pub fn check(update: &Update<'_>) -> Result<Decision, Unfit> {
                let user = user(Part::User, update.user)?;
                let ctx: Context = context(update.context)?;
                let notices = read(update, &ctx).and_then(|patch| {
                    patch.check(&user, &ctx)?;
                    Ok(patch.notices(&user, &ctx))
                });
                Ok(match notices {
                    Ok(notices) => Decision::allowed(&notices),
                    Err(violations) => Decision::refused(violations.reply(&ctx), &violations),
                })
            }

            pub fn audit(update: &Update<'_>) -> Result<Audited, Unfit> {
                let before = user(Part::User, update.user)?;
                let mut after = before.clone();
                let ctx: Context = context(update.context)?;
                Ok(match read(update, &ctx).and_then(|patch| patch.apply(&mut after, &ctx)) {
                    Ok(_) => Ok($room::audit(&before, &after).to_json()),
                    Err(violations) => Err(Decision::refused(violations.reply(&ctx), &violations)),
                })
            }

            pub fn diff(pair: &Pair<'_>) -> Result<Difference, Unfit> {
                let (before, after) = (user(Part::From, pair.from)?, user(Part::To, pair.to)?);
                let ctx: Context = context(pair.context)?;
                Ok(match $room::diff_with(&before, &after, &ctx) {
                    Ok(Diff::Unchanged) => Difference::Unchanged,
                    Ok(Diff::Patch(patch)) => {
                        let mask = None;
                        $(let mask = mask.or(patch.$mask().ok().map(|mask| mask.to_string()));)?
                        Difference::Patch { body: patch.to_json(), mask }
                    }
                    Err(unreachable) => Difference::unreachable(&unreachable),
                })
            }
        }
    };
}

room!(fireworks, with_mask, mask);
room!(trusted_twin);
room!(elastic);

impl Vendor {
    pub fn apply(self, update: &Update<'_>) -> Result<Decision, Unfit> {
        match self {
            Self::Fireworks => fireworks::apply(update),
            Self::TrustedTwin => trusted_twin::apply(update),
            Self::Elastic => elastic::apply(update),
        }
    }

    pub fn check(self, update: &Update<'_>) -> Result<Decision, Unfit> {
        match self {
            Self::Fireworks => fireworks::check(update),
            Self::TrustedTwin => trusted_twin::check(update),
            Self::Elastic => elastic::check(update),
        }
    }

    pub fn audit(self, update: &Update<'_>) -> Result<Audited, Unfit> {
        match self {
            Self::Fireworks => fireworks::audit(update),
            Self::TrustedTwin => trusted_twin::audit(update),
            Self::Elastic => elastic::audit(update),
        }
    }

    pub fn diff(self, pair: &Pair<'_>) -> Result<Difference, Unfit> {
        match self {
            Self::Fireworks => fireworks::diff(pair),
            Self::TrustedTwin => trusted_twin::diff(pair),
            Self::Elastic => elastic::diff(pair),
        }
    }
}

impl Create<'_> {
    /// The user that a POST to Fireworks makes.
    pub fn decide(&self) -> Result<Decision, Unfit> {
        use user_patch::fireworks::{Context, Patch};

        let ctx: Context = context(self.context)?;
        let made = Patch::parse_with(&self.patch, &ctx.policy)
            .and_then(|patch| patch.create(&self.account, self.user_id.as_deref(), &ctx));
        Ok(match made {
            Ok((user, applied)) => Decision::done(user.reply(), applied.changed(), applied.notices()),
            Err(violations) => Decision::refused(violations.reply(&ctx), &violations),
        })
    }
}

//! From what is stored to what is to be stored.

use super::{
    apply::ByVendor,
    context::{Context, EmptyMembers},
    member::Member,
    patch::Patch,
    rules::{Refusal, Violations},
    user::User,
};
use crate::{
    engine::{Document, Limits, Name, Splice},
    report::{InvalidUser, NotStored, Stored},
};

/// Updates the text of a stored user: reads it and the body, checks, and gives the text to store and the reply.
///
/// It decides as [`User::from_json`], [`Patch::parse`] and [`Patch::apply`] do, and reads back as their user. What the update does
/// not touch is copied byte for byte: white space, a member under its other name, one that has its default value. An update that
/// changes nothing gives the very text that was stored. In a text that is written as [`User::to_json`] writes it, a new member
/// comes in the page's order; in any other it comes last.
///
/// ```
/// use user_patch::fireworks::{Context, store};
///
/// let stored = br#"{"display_name": "Al", "email": "", "role": "user"}"#;
/// let done = store(stored, br#"{"role":"admin"}"#, &Context::default())?;
/// assert_eq!(done.text(), r#"{"display_name": "Al", "email": "", "role": "admin"}"#);
/// assert_eq!(done.reply().body, r#"{"role":"admin","displayName":"Al"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where the stored text is no user; else where the update is refused, with the reply.
pub fn store<'s>(stored: &'s [u8], body: &[u8], ctx: &Context) -> Result<Stored<'s>, NotStored<Refusal>> {
    store_by(stored, Patch::parse(body, ctx), ctx)
}

/// As [`store`], of a body that comes with an explicit field mask: see [`Patch::parse_masked`].
///
/// # Errors
/// As [`store`].
pub fn store_masked<'s>(
    stored: &'s [u8],
    body: &[u8],
    mask: &str,
    ctx: &Context,
) -> Result<Stored<'s>, NotStored<Refusal>> {
    store_by(stored, Patch::parse_masked(body, mask, ctx), ctx)
}

#[inline]
fn store_by<'s>(
    stored: &'s [u8],
    patch: Result<Patch<'_>, Violations>,
    ctx: &Context,
) -> Result<Stored<'s>, NotStored<Refusal>> {
    let mut read = Document::parse_object(stored, &Limits::STORED).map_err(InvalidUser::from)?;
    let mut user = User::read(&mut read)?;
    let refused = |violations: Violations| {
        let reply = violations.reply();
        NotStored::refused(violations, reply)
    };
    let patch = patch.map_err(refused)?;
    let (changed, applied) = patch.decided(&user, ctx).map_err(refused)?;
    if changed.is_empty() {
        return Ok(Stored::as_it_was(stored, user.reply(ctx), applied));
    }
    let (is_as_written, by_vendor) = (user.document().text().as_bytes() == stored, ByVendor::of_update(ctx));
    if is_as_written {
        patch.write(changed, &by_vendor, &mut user);
        return Ok(match ctx.policy().empty_members {
            EmptyMembers::Omit => Stored::as_replied(user.into_reply(), applied),
            EmptyMembers::Emit => Stored::written(user.to_json(), user.reply(ctx), applied),
        });
    }
    let mut after = user.clone();
    patch.write(changed, &by_vendor, &mut after);
    let reply = after.reply(ctx);
    let splice = Splice { read_as, inside: false, never: &[] };
    Ok(Stored::written(splice.text(read.value(), user.document().value(), after.document().value()), reply, applied))
}

/// A member has two names, of which a user that has been read has the page's.
fn read_as(name: Name<'_>) -> Name<'_> {
    Member::of(name).map_or(name, |member| Name::plain(member.name()))
}

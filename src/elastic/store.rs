//! From what is stored to what is to be stored.

use super::{
    context::Context,
    member::Member,
    patch::Patch,
    rules::{Refusal, Violations},
    user::User,
};
use crate::{
    engine::{Document, Limits, Splice},
    report::{InvalidUser, NotStored, Stored},
};

/// Updates the text of a stored user: reads it and the body, checks, and gives the text to store and the reply.
///
/// It decides as [`User::from_json`], [`Patch::parse`] and [`Patch::apply`] do, and reads back as their user. What the update does
/// not touch is copied byte for byte, white space too; an update that changes nothing gives the very text that was stored. A new
/// member comes last in its object. A password in the stored text, which no user keeps, is in no text that is given.
///
/// ```
/// use user_patch::elastic::{Context, store};
///
/// let done = store(br#"{"user_name":"ada","security":{}}"#, br#"{"email":"ada@example.com"}"#, &Context::default())?;
/// assert_eq!(done.text(), r#"{"user_name":"ada","security":{},"email":"ada@example.com"}"#);
/// assert_eq!((done.reply().status, &*done.reply().body), (200, done.text()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where the stored text is no user; else where the update is refused, with the reply.
pub fn store<'s>(stored: &'s [u8], body: &[u8], ctx: &Context) -> Result<Stored<'s>, NotStored<Refusal>> {
    let mut read = Document::parse_object(stored, &Limits::STORED).map_err(InvalidUser::from)?;
    let user = User::read(&mut read)?;
    let refused = |violations: Violations| {
        let reply = violations.reply();
        NotStored::refused(violations, reply)
    };
    let patch = Patch::parse(body, ctx).map_err(refused)?;
    let mut updated = None;
    let applied = patch.update_into(&mut updated, &user, ctx).map_err(refused)?;
    if user.document().text().as_bytes() == stored {
        return Ok(match updated {
            None => Stored::as_it_was(stored, user.reply(), applied),
            Some(after) => Stored::as_replied(after.into_reply(), applied),
        });
    }
    let (after, never) = (updated.as_ref().unwrap_or(&user), Member::Password.path());
    let reply = after.reply();
    if updated.is_none() && read.value().at(never).is_none() {
        return Ok(Stored::as_it_was(stored, reply, applied));
    }
    let splice = Splice { read_as: |name| name, inside: true, never };
    Ok(Stored::written(splice.text(read.value(), user.document().value(), after.document().value()), reply, applied))
}

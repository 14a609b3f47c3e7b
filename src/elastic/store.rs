//! From what is stored to what is to be stored.

use super::{
    context::Context,
    member::Member,
    patch::Patch,
    rules::{Refusal, Violations},
    user::User,
    write::Update,
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
    let mut user = User::read(&mut read)?;
    let refused = |violations: Violations| {
        let reply = violations.reply();
        NotStored::refused(violations, reply)
    };
    let patch = Patch::parse(body, ctx).map_err(refused)?;
    let mut update = Update::of(&patch, ctx);
    let applied = update.decide(&user).map_err(refused)?;
    if user.document().text().as_bytes() == stored {
        if !update.is_written {
            return Ok(Stored::as_it_was(stored, user.reply(), applied));
        }
        update.write(&mut user);
        return Ok(Stored::as_replied(user.into_reply(), applied));
    }
    let never = Member::Password.path();
    if !update.is_written && read.value().at(never).is_none() {
        return Ok(Stored::as_it_was(stored, user.reply(), applied));
    }
    let mut after = user.clone();
    if update.is_written {
        update.write(&mut after);
    }
    let reply = after.reply();
    let splice = Splice { read_as: |name| name, inside: true, never };
    Ok(Stored::written(splice.text(read.value(), user.document().value(), after.document().value()), reply, applied))
}

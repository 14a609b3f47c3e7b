//! From what is stored to what is to be stored.

use super::{
    context::Context,
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
/// not touch is copied byte for byte, white space too; an update that changes nothing gives the very text that was stored. In a
/// text that is written as [`User::to_json`] writes it, a new member comes in the page's order; in any other it comes last.
///
/// ```
/// use user_patch::trusted_twin::{Context, store};
///
/// let stored = br#"{"role": "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10", "uuid": "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", "name": "Al"}"#;
/// let done = store(stored, br#"{"name":"Operator"}"#, &Context::default())?;
/// assert_eq!(
///     done.text(),
///     r#"{"role": "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10", "uuid": "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", "name": "Operator"}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where the stored text is no user; else where the update is refused, with the reply.
pub fn store<'s>(stored: &'s [u8], body: &[u8], ctx: &Context) -> Result<Stored<'s>, NotStored<Refusal>> {
    let mut read = Document::parse_object(stored, &Limits::STORED).map_err(InvalidUser::from)?;
    let mut user = User::read(&mut read)?;
    let refused = |violations: Violations| {
        let reply = violations.reply(ctx);
        NotStored::refused(violations, reply)
    };
    let patch = Patch::parse(body, ctx).map_err(refused)?;
    let (changing, applied) = patch.decided(&user, ctx).map_err(refused)?;
    let Some(repeated) = changing else { return Ok(Stored::as_it_was(stored, user.reply(), applied)) };
    if user.document().text().as_bytes() == stored {
        patch.write(repeated, &mut user, ctx);
        return Ok(Stored::as_replied(user.into_reply(), applied));
    }
    let mut after = user.clone();
    patch.write(repeated, &mut after, ctx);
    let reply = after.reply();
    let splice = Splice { read_as: |name| name, inside: false, never: &[] };
    Ok(Stored::written(splice.text(read.value(), user.document().value(), after.document().value()), reply, applied))
}

//! From the text that is stored to the text that is to be stored.

use user_patch::{
    engine::{Document, Limits, Value},
    report::{NotStored, Stored},
};

use super::{Case, Law, Page, Request, accepted, tree::Tree, written};

/// What a law is given to store into: the text as it came, in some other spelling, and as the vendor writes it.
fn texts<M: Page>(case: &Case<M::Context>) -> Vec<Vec<u8>> {
    let spelled = Tree::try_read(&case.user).map(|tree| tree.spelled(case.seed).into_bytes());
    let written = case.stored::<M>().map(|user| M::user_json(&user).into_bytes());
    [Some(case.user.clone()), spelled, written].into_iter().flatten().collect()
}

fn stored<'s, M: Page>(
    text: &'s [u8],
    request: &Request,
    ctx: &M::Context,
) -> Result<Stored<'s>, NotStored<M::Refusal>> {
    let masked = if request.mask.is_empty() { None } else { M::store_masked(text, &request.body, &request.mask, ctx) };
    masked.unwrap_or_else(|| M::store(text, &request.body, ctx))
}

/// It decides as reading, applying and writing do, and says the same.
pub(crate) fn to_store_is_to_read_apply_and_write<M: Page>(case: &Case<M::Context>) -> Law {
    let ctx = &case.ctx;
    for text in texts::<M>(case) {
        let done = stored::<M>(&text, &case.ours, ctx);
        let user = match M::user(&text) {
            Ok(user) => user,
            Err(wrong) => {
                ensure!(done == Err(NotStored::InvalidUser(wrong)));
                continue;
            }
        };
        let decided = case.ours.parse::<M>(ctx).and_then(|patch| {
            let mut user = user.clone();
            M::apply(&patch, &mut user, ctx).map(|applied| (user, applied))
        });
        let (after, applied) = match decided {
            Ok(decided) => decided,
            Err(violations) => {
                let refused = done.err().ok_or("what is refused is not stored")?;
                ensure_eq!(refused.violations(), Some(&violations));
                ensure_eq!(refused.reply(), Some(&M::refused(&violations, ctx)));
                ensure_eq!(refused.to_string(), violations.to_string());
                continue;
            }
        };
        let done = done.map_err(|refused| format!("what is accepted is stored: {refused}"))?;
        ensure_eq!(done.applied(), &applied);
        ensure_eq!((done.changed(), done.notices()), (applied.changed(), applied.notices()));
        ensure_eq!(done.reply(), &M::accepted(&after, ctx));
        let read = M::user(done.text().as_bytes()).map_err(|wrong| format!("{wrong}: {}", done.text()))?;
        ensure_eq!(read, after);
        ensure_eq!(written::<M>(&read), written::<M>(&after));
        if M::user_json(&user).as_bytes() == text {
            ensure_eq!(done.text(), M::user_json(&after));
        }
        let is_changed = done.is_changed();
        ensure_eq!(is_changed, done.text().as_bytes() != text, "whether anything is to be written");
        let (given, reply, parts) = done.into_parts();
        ensure_eq!(reply, M::accepted(&after, ctx));
        ensure_eq!(parts, applied);
        ensure_eq!(matches!(given, std::borrow::Cow::Owned(_)), is_changed);
        let password = |applied: user_patch::report::Applied| applied.into_password().map(|it| it.expose().to_owned());
        ensure_eq!(password(parts), password(applied));
    }
    Ok(())
}

/// What the update does not touch is copied byte for byte, in its order.
pub(crate) fn what_is_not_touched_stays_to_the_byte<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((user, patch)) = case.update::<M>() else { return Ok(()) };
    let Some((after, _)) = accepted::<M>(&patch, &user, &case.ctx) else { return Ok(()) };
    let (before, after) = (written::<M>(&user), written::<M>(&after));
    for text in texts::<M>(case) {
        let done = stored::<M>(&text, &case.ours, &case.ctx).map_err(|refused| refused.to_string())?;
        let [old, new] = [&text, &done.text().as_bytes().to_vec()]
            .map(|text| Document::parse(text, &Limits::STORED).map(Document::into_owned));
        let (old, new) = old.and_then(|old| Ok((old, new?))).map_err(|wrong| wrong.to_string())?;
        stays(old.value(), new.value(), &before, &after)?;
        if before == after && Tree::of(&old.value().to_json()).at(&["security", "password"]).is_none() {
            ensure_eq!(done.text().as_bytes(), &*text);
        }
    }
    Ok(())
}

/// The members of an object that say the same before and after an update have the same text before and after, in the same order.
fn stays(old: Value<'_>, new: Value<'_>, before: &Tree, after: &Tree) -> Law {
    let mut at = 0;
    for (name, value) in old.members() {
        let [was, is] = [before, after].map(|tree| tree.at(&[&*name]));
        if was.is_none() && is.is_some() || was.is_some() && is.is_none() || name == "password" {
            continue;
        }
        let Some(place) = new.members().position(|(other, _)| other == name) else {
            // A user that is read has a member of two names under the page's, so that it may have gone.
            ensure!(was.is_none() && name.contains('_'), "{name} is lost");
            continue;
        };
        ensure!(place >= at, "{name} has moved");
        at = place;
        let Some(there) = new.get(&name) else { return Err(format!("{name} is lost")) };
        let is_inside = value.kind() == there.kind() && !value.is_empty() && name != "description";
        match (was, is) {
            (Some(was), Some(is)) if was != is && is_inside && was.members().is_some() => stays(value, there, was, is)?,
            _ if value.get("password").is_some() => {}
            _ if was == is => ensure_eq!(there.text(), value.text(), "{name} stays as it is"),
            _ => {}
        }
    }
    Ok(())
}

//! `check` and `apply`: what is decided, and that nothing else happens.

use super::{
    Case, Law, PASSWORD, Page, Request, accepted, applied, meaning,
    page::Said,
    same, shown,
    tree::{Tree, tokens},
    unlimited, with, written,
};

/// What an accepted update says, under the page's names.
fn said<M: Page>(patch: &M::Patch<'_>, request: &Request) -> Said {
    Said { body: Tree::read(&M::patch_json(patch)), mask: request.mask.clone() }
}

/// Check is Ok exactly where apply is, with the same violations and the same notices.
pub(crate) fn check_and_apply_agree<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let mut user = before.clone();
    let checked = M::check(&patch, &user, &case.ctx);
    ensure_eq!(M::user_json(&user), M::user_json(&before), "a check changes nothing");
    match (checked, M::apply(&patch, &mut user, &case.ctx)) {
        (Ok(notices), Ok(applied)) => ensure_eq!(notices, *applied.notices()),
        (Err(checked), Err(violations)) => ensure_eq!(checked, violations),
        (checked, applied) => return Err(format!("check says {checked:?}, apply does {applied:?}")),
    }
    Ok(())
}

/// A refused update leaves the user equal, byte for byte.
pub(crate) fn what_is_refused_changes_nothing<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let mut user = before.clone();
    if M::apply(&patch, &mut user, &case.ctx).is_err() {
        ensure_eq!(user, before);
        ensure_eq!(M::user_json(&user), M::user_json(&before));
    }
    Ok(())
}

/// An accepted update makes what the page says it makes.
pub(crate) fn what_is_accepted_is_what_the_page_says<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let ctx = M::at_no_time(&case.ctx);
    let Some(after) = applied::<M>(&patch, &before, &ctx) else { return Ok(()) };
    let expected = M::result(&meaning::<M>(&before), &said::<M>(&patch, &case.ours), &ctx);
    ensure_eq!(meaning::<M>(&after), expected);
    Ok(())
}

/// An accepted user is one that can be stored and read back.
pub(crate) fn what_is_accepted_is_a_stored_user<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let Some(after) = applied::<M>(&patch, &before, &case.ctx) else { return Ok(()) };
    let text = M::user_json(&after);
    let again = M::user(text.as_bytes()).map_err(|wrong| format!("{wrong}: {text}"))?;
    ensure_eq!(again, after);
    ensure_eq!(M::user_json(&again), text);
    Ok(())
}

/// Nothing is decided by what a user was before: one that was updated and one that is read back from what was written are
/// updated alike.
pub(crate) fn an_updated_user_is_the_one_that_is_read_back<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let Some(mut user) = applied::<M>(&patch, &before, &case.ctx) else { return Ok(()) };
    let Ok(next) = case.next.parse::<M>(&case.ctx) else { return Ok(()) };
    let mut again = M::user(M::user_json(&user).as_bytes()).map_err(|wrong| wrong.to_string())?;
    ensure_eq!(M::apply(&next, &mut user, &case.ctx), M::apply(&next, &mut again, &case.ctx));
    ensure_eq!(M::user_json(&user), M::user_json(&again));
    ensure_eq!(user, again);
    Ok(())
}

/// Whether a body or its mask mentions a member.
fn mentions(said: &Said, name: &str) -> bool {
    let spelled = |other: &str| other.replace('_', "").eq_ignore_ascii_case(&name.replace('_', ""));
    said.body.members().is_some_and(|members| members.keys().any(|member| spelled(member)))
        || said.mask.split([',', '.']).any(|path| path == "*" || spelled(path))
}

/// A member that the body does not mention keeps its value to the last digit, but for what a notice tells of and what the
/// vendor notes.
pub(crate) fn what_is_absent_stays<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let Some((after, told)) = accepted::<M>(&patch, &before, &case.ctx) else { return Ok(()) };
    let said = said::<M>(&patch, &case.ours);
    let unasked = |name: &str| told.notices().iter().any(|notice| tokens(notice.pointer().as_str()) == [name]);
    let (before, after) = (written::<M>(&before), written::<M>(&after));
    // Under some policies what a body leaves out is cleared.
    if M::empty_is_nothing(&case.ctx) {
        for (name, value) in before.members().into_iter().flatten() {
            if name != M::UPDATED[0] && !mentions(&said, name) && !unasked(name) {
                ensure_eq!(after.at(&[name]), Some(value), "{name} is not mentioned");
            }
        }
    }
    Ok(())
}

/// `changed` names the members that have another value now, and no other: each one that the page names, or the first below
/// that it does not name. Nothing changed is the same text.
pub(crate) fn changed_is_what_changed<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let ctx = M::at_no_time(&case.ctx);
    let Some((after, told)) = accepted::<M>(&patch, &before, &ctx) else { return Ok(()) };
    let changed: Vec<_> = told.changed().iter().map(|pointer| pointer.as_str()).collect();
    ensure!(changed.is_sorted_by(|one, other| one < other), "{changed:?}");
    let shown = shown(&told);
    ensure_eq!(shown.is_empty(), after == before);
    ensure_eq!(shown.is_empty(), M::user_json(&after) == M::user_json(&before));
    let (mut expected, after) = (meaning::<M>(&before), meaning::<M>(&after));
    for pointer in shown {
        let (around, _) = pointer.rsplit_once('/').ok_or("the whole user is no member")?;
        ensure!(around.is_empty() || M::PLACES.contains(&around), "{pointer} is inside a value");
        let path = tokens(pointer);
        ensure_ne!(expected.at(&path), after.at(&path), "{pointer} changed");
        expected.copy(&path, &after);
    }
    ensure_eq!(expected, after, "nothing else changed");

    // The clock decides nothing.
    if let Some((_, timed)) = accepted::<M>(&patch, &before, &case.ctx) {
        ensure_eq!(timed, told);
    } else {
        return Err("refused with a clock".to_owned());
    }
    Ok(())
}

/// Apply twice is apply once.
pub(crate) fn once_is_enough<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    // Who says what the time of the last update is, or that there is none, may be refused once it has moved.
    let body = Tree::read(&M::patch_json(&patch));
    let says_when = (1..=M::UPDATED.len()).any(|end| match body.at(&M::UPDATED[..end]) {
        Some(Tree::Null) => true,
        Some(_) => end == M::UPDATED.len(),
        None => false,
    });
    let ctx = if says_when { M::at_no_time(&case.ctx) } else { case.ctx.clone() };
    let Some(once) = applied::<M>(&patch, &before, &ctx) else { return Ok(()) };
    let mut twice = once.clone();
    match M::apply(&patch, &mut twice, &ctx) {
        Ok(again) => ensure!(shown(&again).is_empty(), "{:?}", again.changed()),
        Err(violations) => return Err(format!("refused the second time: {violations}")),
    }
    ensure_eq!(M::user_json(&twice), M::user_json(&once));
    Ok(())
}

/// The time of the update moves exactly where something changed, be it a password, and the time is known.
pub(crate) fn the_update_time_moves_with_a_change<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let (mut timed, mut timeless) = (before.clone(), before.clone());
    let still = M::at_no_time(&case.ctx);
    let outcome = M::apply(&patch, &mut timed, &case.ctx);
    ensure_eq!(outcome, M::apply(&patch, &mut timeless, &still), "the time decides nothing");
    let Ok(told) = outcome else { return Ok(()) };
    if told.changed().is_empty() {
        ensure_eq!(M::user_json(&timed), M::user_json(&before));
    } else if case.ctx == still {
        ensure_eq!(M::user_json(&timed), M::user_json(&timeless));
    } else {
        ensure_eq!(meaning::<M>(&timed), M::stamped(meaning::<M>(&timeless), &case.ctx));
    }
    Ok(())
}

/// The order of the members, white space and escapes change nothing.
pub(crate) fn the_spelling_of_a_body_says_nothing<M: Page>(case: &Case<M::Context>) -> Law {
    let ctx = unlimited::<M>(&case.ctx);
    let Some(user) = case.stored::<M>() else { return Ok(()) };
    let Some(body) = Tree::try_read(&case.ours.body) else { return Ok(()) };
    let other = Request { body: body.spelled(case.seed).into_bytes(), ..case.ours.clone() };
    match (case.ours.parse::<M>(&ctx), other.parse::<M>(&ctx)) {
        (Ok(patch), Ok(spelled)) => {
            let (mut one, mut two) = (user.clone(), user);
            ensure_eq!(M::apply(&patch, &mut one, &ctx), M::apply(&spelled, &mut two, &ctx));
            ensure_eq!(one, two);
            ensure_eq!(patch, spelled);
        }
        (Err(one), Err(two)) => {
            let refusals = |wrong: &super::Refused<M>| Vec::from_iter(wrong.iter().map(|told| told.refusal()));
            ensure_eq!(refusals(&one), refusals(&two));
        }
        (one, two) => return Err(format!("{one:?} is not {two:?}")),
    }
    Ok(())
}

/// A patch that owns its text decides the same.
pub(crate) fn an_owned_patch_is_the_same_patch<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, borrowed)) = case.update::<M>() else { return Ok(()) };
    let owned = M::into_owned(borrowed.clone());
    ensure!(same::<M>(&owned, &borrowed), "{owned:?}");
    ensure_eq!(Request::of::<M>(&owned), Request::of::<M>(&borrowed));
    let (mut one, mut two) = (before.clone(), before);
    ensure_eq!(M::apply(&borrowed, &mut one, &case.ctx), M::apply(&owned, &mut two, &case.ctx));
    ensure_eq!(M::user_json(&one), M::user_json(&two));
    Ok(())
}

/// A password that is accepted is handed over once, counts as a change, and is in no user.
pub(crate) fn a_password_is_handed_over_once<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let Some((after, told)) = accepted::<M>(&patch, &before, &case.ctx) else { return Ok(()) };
    let is_changed = told.changed().iter().any(|pointer| pointer.as_str() == PASSWORD);
    ensure_eq!(told.has_password(), is_changed);
    let Some(password) = told.into_password() else { return Ok(()) };
    ensure!(password.expose().chars().count() >= 8, "a password is long enough");
    let after = written::<M>(&after);
    ensure!(after.pointed(PASSWORD).is_none(), "no user has a password");
    Ok(())
}

/// The update says that it is accepted, and does what the other does.
pub(crate) fn does_the_same<M: Page>(
    patch: &M::Patch<'_>,
    other: &M::Patch<'_>,
    user: &M::User,
    ctx: &M::Context,
    request: &Request,
) -> Law {
    let (mut one, mut two) = (user.clone(), user.clone());
    let outcomes = (M::apply(patch, &mut one, ctx), M::apply(other, &mut two, ctx));
    ensure!(outcomes.0 == outcomes.1 && one == two, "{}", with(request)(format!("{outcomes:?}")));
    Ok(())
}

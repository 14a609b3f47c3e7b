//! Stored users, be they as the page would have them or as a database has kept them: read, written, repeated, mended.

use super::{
    Case, Law, Page, Request, accepted, applied, meaning, shown, telling, tree::Tree, unlimited, with, written,
};

/// What is written is what is read, however it is spelled, and nothing is lost.
pub(crate) fn a_stored_user_reads_back<M: Page>(case: &Case<M::Context>) -> Law {
    let Some(tree) = Tree::try_read(&case.user) else { return Ok(()) };
    let Some(read) = case.stored::<M>() else { return Ok(()) };
    let spelled = M::user(tree.spelled(case.seed).as_bytes()).map_err(|wrong| wrong.to_string())?;
    ensure_eq!(spelled, read);
    let text = M::user_json(&spelled);
    let again = M::user(text.as_bytes()).map_err(|wrong| format!("{wrong}: {text}"))?;
    ensure_eq!(again, read);
    ensure_eq!(M::user_json(&again), text);
    // What is left out stands for nothing.
    let kept = Tree::read(&text);
    for (name, value) in tree.members().into_iter().flatten() {
        match kept.at(&[name]) {
            Some(written) => ensure_eq!(written, value, "{name} is kept as it is"),
            None => ensure!(M::is_nothing(value), "{name} is lost"),
        }
    }
    Ok(())
}

/// Whatever the text: it is refused without a word of its values, or read and written as it was read. A value that a program
/// has built is read as its text is.
pub(crate) fn what_is_read_is_written<M: Page>(case: &Case<M::Context>) -> Law {
    for text in [&case.user, &case.other] {
        match M::user(text) {
            Ok(user) => {
                let json = M::user_json(&user);
                let again = M::user(json.as_bytes()).map_err(|wrong| format!("{wrong}: {json}"))?;
                ensure!(again == user && M::user_json(&again) == json, "{json}");
            }
            Err(wrong) => {
                let told = format!("{wrong} {wrong:?}");
                ensure!(telling::secrets(text).all(|secret| !told.contains(secret)), "{told}");
            }
        }
        // `serde_json` takes the last of two members, and loses digits.
        if let Ok(value) = serde_json::from_slice::<serde_json::Value>(text) {
            ensure_eq!(M::user_from_value(&value).ok(), M::user(value.to_string().as_bytes()).ok());
        }
    }
    Ok(())
}

/// Any part of a stored user, whatever its values, may be sent back: it is accepted, and changes nothing.
pub(crate) fn what_stands_may_stay<M: Page>(case: &Case<M::Context>) -> Law {
    let Some(user) = case.stored::<M>() else { return Ok(()) };
    let ctx = unlimited::<M>(&case.ctx);
    if !M::is_allowed(&ctx) {
        return Ok(());
    }
    let stored = written::<M>(&user);
    let Some(places) = M::repeatable(&stored, &ctx) else { return Ok(()) };
    let chosen = places.any.iter().enumerate().filter(|(at, _)| case.seed >> (at % 64) & 1 == 1);
    let mut body = Tree::empty();
    for place in chosen.map(|(_, place)| place).chain(&places.all) {
        body.copy(place, &stored);
    }
    let request = Request { body: body.spelled(case.seed).into_bytes(), mask: String::new() };
    let patch = request.parse::<M>(&ctx).map_err(|wrong| format!("{wrong}: {request:?}"))?;
    let mut after = user.clone();
    let told = M::apply(&patch, &mut after, &ctx).map_err(|wrong| format!("{wrong}\n{request:?}\nof {stored:?}"))?;
    ensure!(told.changed().is_empty(), "{:?} by {request:?}", told.changed());
    ensure_eq!(M::user_json(&after), M::user_json(&user), "{request:?}");
    Ok(())
}

/// What an accepted update leaves breaks no rule that the stored user did not break already.
pub(crate) fn nothing_gets_worse<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let Some(after) = applied::<M>(&patch, &before, &case.ctx) else { return Ok(()) };
    let [old, new] = [&before, &after].map(|user| M::faults(&written::<M>(user), &case.ctx));
    let worse: Vec<_> = new.difference(&old).collect();
    ensure!(worse.is_empty(), "{worse:?} in {:?}", written::<M>(&after));
    Ok(())
}

/// A user that breaks rules on values can be mended by an update, which leaves the rest as it is.
pub(crate) fn what_is_broken_can_be_mended<M: Page>(case: &Case<M::Context>) -> Law {
    let Some(user) = case.stored::<M>() else { return Ok(()) };
    let ctx = M::at_no_time(&unlimited::<M>(&case.ctx));
    let stored = written::<M>(&user);
    let faults = M::faults(&stored, &ctx);
    if !M::is_allowed(&ctx) || faults.is_empty() {
        return Ok(());
    }
    let Some(request) = M::mending(&stored, &ctx) else { return Ok(()) };
    let patch = request.parse::<M>(&ctx).map_err(|wrong| format!("{wrong}: {request:?}"))?;
    let mut mended = user.clone();
    let told = M::apply(&patch, &mut mended, &ctx).map_err(|wrong| with(&request)(wrong.to_string()))?;
    let left = M::faults(&written::<M>(&mended), &ctx);
    ensure!(left.is_empty(), "{left:?} is left by {request:?}");
    ensure!(!shown(&told).is_empty(), "a fault goes with a change");
    let mut expected = meaning::<M>(&user);
    for pointer in shown(&told) {
        let path = super::tree::tokens(pointer);
        expected.copy(&path, &meaning::<M>(&mended));
    }
    ensure_eq!(expected, meaning::<M>(&mended), "the rest stays");
    let twice = accepted::<M>(&patch, &mended, &ctx);
    ensure!(twice.is_some_and(|(_, again)| shown(&again).is_empty()), "what is mended is mended");
    Ok(())
}

//! `diff`, `undo` and `then`: the inverse and the product of an update.

use user_patch::{
    engine::Limits,
    report::{Diff, Unreachable},
};

use super::{
    Case, Law, Page, Request, accepted, agree, applied, mask_of, meaning, shown, telling::is_json, tree::Tree,
    unlimited, written,
};

/// The law of a diff that there is: it gets to the user, but for what the vendor keeps by itself.
fn reaches<M: Page>(patch: &M::Patch<'_>, before: &M::User, after: &M::User, ctx: &M::Context) -> Law {
    is_json(&M::patch_json(patch))?;
    let mut there = before.clone();
    let told = M::apply(patch, &mut there, ctx).map_err(|wrong| format!("a diff is refused: {wrong}"))?;
    ensure!(agree::<M>(&there, after), "{:?} leads to {:?}", Request::of::<M>(patch), written::<M>(&there));
    ensure!(!shown(&told).is_empty(), "a diff changes something");
    Ok(())
}

/// Apply(diff(a, b), a) = b.
pub(crate) fn diff_arrives<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, after)) = case.both::<M>() else { return Ok(()) };
    if let Ok(Diff::Patch(patch)) = M::diff(&before, &after, &case.ctx) {
        for ctx in [&M::at_no_time(&case.ctx), &case.ctx] {
            reaches::<M>(&patch, &before, &after, ctx)?;
        }
    }
    Ok(())
}

/// The diff is empty exactly where a = b, but for what the vendor keeps by itself.
pub(crate) fn diff_is_unchanged_where_the_users_are_equal<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((user, other)) = case.both::<M>() else { return Ok(()) };
    ensure_eq!(user == other, meaning::<M>(&user) == meaning::<M>(&other));
    let diff = M::diff(&user, &other, &case.ctx);
    ensure_eq!(diff == Ok(Diff::Unchanged), agree::<M>(&user, &other), "{diff:?}");
    let spelled = Tree::read(&M::user_json(&user)).spelled(case.seed);
    let same = M::user(spelled.as_bytes()).map_err(|wrong| wrong.to_string())?;
    ensure_eq!(M::diff(&user, &same, &case.ctx), Ok(Diff::Unchanged));
    Ok(())
}

/// No part of a diff gets there.
pub(crate) fn diff_is_the_smallest<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, after)) = case.both::<M>() else { return Ok(()) };
    let ctx = M::at_no_time(&unlimited::<M>(&case.ctx));
    let Ok(Diff::Patch(patch)) = M::diff(&before, &after, &ctx) else { return Ok(()) };
    let (body, mask) = (Tree::read(&M::patch_json(&patch)), mask_of::<M>(&patch));
    // Each part is tried without, which takes its square.
    if body.text().len() > 1024 {
        return Ok(());
    }
    let requests = match &mask {
        None => {
            let members = body.members().into_iter().flatten().enumerate();
            let some =
                members.filter(|(at, _)| case.seed >> (at % 64) & 1 == 1).map(|(_, (name, value))| (name, value));
            let several = Tree::Object(some.map(|(name, value)| (name.clone(), value.clone())).collect());
            let parts = body.without_one().into_iter().chain(Some(several).filter(|several| *several != body));
            Vec::from_iter(parts.map(|part| Request::new(&part, "")))
        }
        // What a mask names and a body lacks is cleared.
        Some(mask) => {
            let paths: Vec<_> = mask.split(',').collect();
            let without = |at: usize| [&paths[..at], &paths[at + 1..]].concat().join(",");
            let parts = (0..paths.len()).map(without).filter(|mask| !mask.is_empty());
            Vec::from_iter(parts.map(|mask| Request::new(&body, &mask)))
        }
    };
    for less in requests {
        let patch = less.parse::<M>(&ctx).map_err(|wrong| format!("a part of a diff is one: {wrong}"))?;
        let there = applied::<M>(&patch, &before, &ctx);
        ensure!(!there.is_some_and(|there| agree::<M>(&there, &after)), "{less:?} is enough, and not {body:?}");
    }
    Ok(())
}

/// Where there is no diff, each reason says where, in order and once.
pub(crate) fn diff_tells_why_not<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, after)) = case.both::<M>() else { return Ok(()) };
    let Err(unreachable) = M::diff(&before, &after, &case.ctx) else { return Ok(()) };
    let reasons: Vec<_> = unreachable.iter().map(|reason| (reason.pointer().as_str(), reason.rule().id)).collect();
    ensure!(!reasons.is_empty() && reasons.is_sorted_by(|one, other| one < other), "{reasons:?}");
    let (before, after, rules) = (written::<M>(&before), written::<M>(&after), M::rules());
    for reason in &unreachable {
        let pointer = reason.pointer().as_str();
        let documented = pointer.is_empty() || M::DOCUMENTED.iter().any(|name| pointer.split('/').nth(1) == Some(name));
        let is_there = before.pointed(pointer).is_some() || after.pointed(pointer).is_some();
        ensure!(documented || is_there, "{pointer} is nowhere");
        ensure!(rules.contains(&reason.rule()) && !reason.message().is_empty(), "{reason}");
    }
    Ok(())
}

/// A diff that is to be accepted in a context is one that can be read in it.
pub(crate) fn diff_keeps_within_the_limits<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, after)) = case.both::<M>() else { return Ok(()) };
    if !M::is_allowed(&case.ctx) {
        return Ok(());
    }
    let max_bytes = Some(2 + (case.seed % 200) as usize).filter(|_| case.seed >> 8 & 1 == 0);
    let ctx = M::limited(&case.ctx, Limits { max_bytes, max_depth: 1 + (case.seed >> 9 & 7) as u8 });
    if let Ok(Diff::Patch(patch)) = M::diff(&before, &after, &ctx) {
        let request = Request::of::<M>(&patch);
        ensure_eq!(request.parse::<M>(&ctx).map(M::into_owned), Ok(patch), "{request:?}");
    }
    Ok(())
}

/// Whether each reason against leading back from `here` to `there` is one that an accepted update can make.
fn explains<M: Page>(unreachable: &Unreachable, here: &Tree, there: &Tree, ctx: &M::Context) -> bool {
    unreachable.iter().all(|reason| M::is_one_way(reason.rule().id, here, there, ctx))
}

/// What an update makes of a user, the diff finds a way to.
pub(crate) fn diff_reaches_what_a_patch_reaches<M: Page>(case: &Case<M::Context>) -> Law {
    let ctx = M::at_no_time(&unlimited::<M>(&case.ctx));
    let Some(before) = case.stored::<M>() else { return Ok(()) };
    let Ok(patch) = case.ours.parse::<M>(&ctx) else { return Ok(()) };
    let Some(after) = applied::<M>(&patch, &before, &ctx) else { return Ok(()) };
    match M::diff(&before, &after, &ctx) {
        Ok(Diff::Unchanged) => ensure!(agree::<M>(&before, &after), "{after:?} is not {before:?}"),
        Ok(Diff::Patch(diff)) => reaches::<M>(&diff, &before, &after, &ctx)?,
        Err(unreachable) => return Err(format!("{unreachable}\nfrom {before:?}\nto {:?}", written::<M>(&after))),
    }
    Ok(())
}

/// An undoing leads back to the user before, whatever the clock did; where there is none, the user before cannot be reached
/// by anybody, or the update has taken something from the one who asks.
pub(crate) fn undo_leads_back<M: Page>(case: &Case<M::Context>) -> Law {
    let ctx = unlimited::<M>(&case.ctx);
    let Some(before) = case.stored::<M>() else { return Ok(()) };
    let Ok(patch) = case.ours.parse::<M>(&ctx) else { return Ok(()) };
    let Some(after) = applied::<M>(&patch, &before, &ctx) else { return Ok(()) };
    match M::undo(&before, &after, &ctx) {
        Ok(Diff::Unchanged) => ensure!(agree::<M>(&before, &after), "{after:?} is not {before:?}"),
        Ok(Diff::Patch(back)) => {
            for ctx in [&M::at_no_time(&ctx), &ctx] {
                reaches::<M>(&back, &after, &before, ctx)?;
            }
        }
        Err(unreachable) => {
            let [here, there] = [&after, &before].map(|user| written::<M>(user));
            ensure!(explains::<M>(&unreachable, &here, &there, &ctx), "{unreachable}\nfrom {here:?}\nto {there:?}");
        }
    }
    Ok(())
}

/// The patch of a request, and the user that it makes.
fn step<'r, M: Page>(request: &'r Request, user: &M::User, ctx: &M::Context) -> Option<(M::Patch<'r>, M::User)> {
    let patch = request.parse::<M>(ctx).ok()?;
    let after = applied::<M>(&patch, user, ctx)?;
    Some((patch, after))
}

/// Apply(p.then(q), u) = apply(q, apply(p, u)).
pub(crate) fn then_is_one_after_the_other<M: Page>(case: &Case<M::Context>) -> Law {
    let Some(user) = case.stored::<M>() else { return Ok(()) };
    let still = M::at_no_time(&case.ctx);
    for ctx in [&still, &case.ctx] {
        let Some((first, between)) = step::<M>(&case.ours, &user, ctx) else { continue };
        let Some((next, after)) = step::<M>(&case.next, &between, ctx) else { continue };
        let Ok(both) = M::then(&first, &next) else { continue };
        let told = Request::of::<M>(&both);
        ensure!(M::check(&both, &user, ctx).is_ok(), "{told:?} is refused: {:?}", M::check(&both, &user, ctx));
        let Some(at_once) = applied::<M>(&both, &user, ctx) else { return Err("check and apply agree".to_owned()) };
        if *ctx == still {
            ensure_eq!(meaning::<M>(&at_once), meaning::<M>(&after), "{told:?}");
        }
        ensure!(agree::<M>(&at_once, &after), "{told:?} makes {:?}", written::<M>(&at_once));
    }
    Ok(())
}

/// (p.then(q)).then(r) = p.then(q.then(r)), where both are defined.
pub(crate) fn then_is_associative<M: Page>(case: &Case<M::Context>) -> Law {
    let Some(user) = case.stored::<M>() else { return Ok(()) };
    let ctx = M::at_no_time(&case.ctx);
    let Some((first, after)) = step::<M>(&case.ours, &user, &ctx) else { return Ok(()) };
    let Some((second, after)) = step::<M>(&case.next, &after, &ctx) else { return Ok(()) };
    let Some((third, after)) = step::<M>(&case.last, &after, &ctx) else { return Ok(()) };
    let left = M::then(&first, &second).and_then(|both| M::then(&both, &third));
    let right = M::then(&second, &third).and_then(|both| M::then(&first, &both));
    for all in [left, right].into_iter().flatten() {
        let there = applied::<M>(&all, &user, &ctx).map(|there| meaning::<M>(&there));
        ensure_eq!(there, Some(meaning::<M>(&after)), "{:?}", Request::of::<M>(&all));
    }
    Ok(())
}

/// An update and the same again are one.
pub(crate) fn the_same_again_is_the_same<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let ctx = M::at_no_time(&case.ctx);
    let Some((after, told)) = accepted::<M>(&patch, &before, &ctx) else { return Ok(()) };
    // What cannot be composed says so.
    let Ok(both) = M::then(&patch, &patch) else { return Ok(()) };
    let Some((at_once, at_once_told)) = accepted::<M>(&both, &before, &ctx) else {
        return Err(format!("{:?} is refused", Request::of::<M>(&both)));
    };
    ensure_eq!((at_once, at_once_told.changed()), (after, told.changed()));
    Ok(())
}

/// The empty patch changes nothing, before and after.
pub(crate) fn the_empty_patch_is_neutral<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((user, patch)) = case.update::<M>() else { return Ok(()) };
    let ctx = unlimited::<M>(&case.ctx);
    let Ok(empty) = M::parse(b"{}", &ctx) else { return Ok(()) };
    if !M::empty_is_nothing(&ctx) {
        return Ok(());
    }
    for same in [M::then(&patch, &empty), M::then(&empty, &patch)] {
        let Ok(same) = same else {
            ensure!(!M::EMPTY_IS_NEUTRAL, "the empty patch can be put beside any other");
            continue;
        };
        // Alone it may be refused, and then it is no update of anybody.
        if let Some(after) = applied::<M>(&patch, &user, &ctx)
            && M::check(&empty, &user, &ctx).is_ok()
            && M::check(&empty, &after, &ctx).is_ok()
        {
            ensure_eq!(applied::<M>(&same, &user, &ctx), Some(after), "{:?}", Request::of::<M>(&same));
        }
    }
    Ok(())
}

/// One patch for two sets the password that the two in turn leave.
pub(crate) fn then_hands_over_the_last_password<M: Page>(case: &Case<M::Context>) -> Law {
    let Some(user) = case.stored::<M>() else { return Ok(()) };
    let ctx = M::at_no_time(&case.ctx);
    let (Ok(first), Ok(next)) = (case.ours.parse::<M>(&ctx), case.next.parse::<M>(&ctx)) else { return Ok(()) };
    let Ok(both) = M::then(&first, &next) else { return Ok(()) };
    let Some((between, one)) = accepted::<M>(&first, &user, &ctx) else { return Ok(()) };
    let Some((_, other)) = accepted::<M>(&next, &between, &ctx) else { return Ok(()) };
    let Some((_, at_once)) = accepted::<M>(&both, &user, &ctx) else {
        return Err(format!("{:?} is refused", Request::of::<M>(&both)));
    };
    let last = other.into_password().or(one.into_password());
    let [last, at_once] = [last, at_once.into_password()].map(|told| told.map(|told| told.expose().to_owned()));
    ensure!(at_once == last, "another password by {:?}", Request::of::<M>(&both));
    Ok(())
}

//! `rebase`: a patch made on one user, moved to another.

use user_patch::{
    report::Diff,
    vendor::{UpdateModel, Vendor},
};

use super::{
    Case, Law, Page, Request, accepted, agree, applied, meaning, same, shown,
    tree::{Members, Tree},
};

/// Rebase(base, p, base) = p, and nothing where p says nothing.
pub(crate) fn where_nothing_happened_nothing_moves<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((base, ours)) = case.update::<M>() else { return Ok(()) };
    let moved = M::rebase(&base, &ours, &base).map_err(|conflict| format!("nobody else did anything: {conflict}"))?;
    match moved {
        Diff::Patch(moved) => {
            ensure_eq!(Request::of::<M>(&moved), Request::of::<M>(&ours));
            ensure_eq!(M::check(&moved, &base, &case.ctx), M::check(&ours, &base, &case.ctx));
            ensure!(same::<M>(&moved, &ours), "{moved:?}");
        }
        Diff::Unchanged => {
            let says_nothing = Tree::read(&M::patch_json(&ours)) == Tree::empty();
            let does_nothing = applied::<M>(&ours, &base, &case.ctx).is_none_or(|after| after == base);
            ensure!(says_nothing && does_nothing, "{:?} came to nothing", Request::of::<M>(&ours));
        }
    }
    Ok(())
}

/// What one accepted patch does: the patch, the user it makes, and the places it changes.
struct Done<'r, M: UpdateModel> {
    patch: M::Patch<'r>,
    user: M::User,
    changed: Vec<String>,
}

fn done<'r, M: Page>(request: &'r Request, base: &M::User, ctx: &M::Context) -> Option<Done<'r, M>> {
    let patch = request.parse::<M>(ctx).ok()?;
    let (user, told) = accepted::<M>(&patch, base, ctx)?;
    let changed = shown(&told).into_iter().map(str::to_owned).collect();
    Some(Done { patch, user, changed })
}

/// Two accepted updates of one user, at no time.
type Fork<'r, M> = (<M as UpdateModel>::User, Done<'r, M>, Done<'r, M>, <M as UpdateModel>::Context);

/// None where a body means more or less than what it has, of which a moving knows nothing: the policy is the context's.
fn fork<M: Page>(case: &Case<M::Context>) -> Option<Fork<'_, M>> {
    if !M::means_what_it_has(&case.ctx) {
        return None;
    }
    let (base, ctx) = (case.stored::<M>()?, M::at_no_time(&case.ctx));
    let ours = done::<M>(&case.ours, &base, &ctx)?;
    let theirs = done::<M>(&case.next, &base, &ctx)?;
    Some((base, ours, theirs, ctx))
}

/// The user that a patch makes which was moved there, or the user itself where nothing was left of the patch.
fn moved_to<M: Page>(moved: &Diff<M::Patch<'static>>, user: &M::User, ctx: &M::Context) -> Option<M::User> {
    match moved {
        Diff::Patch(patch) => applied::<M>(patch, user, ctx),
        Diff::Unchanged => Some(user.clone()),
    }
}

/// Whether one place is the other or lies in it.
fn overlap(one: &str, other: &str) -> bool {
    let (one, other) = (format!("{one}/"), format!("{other}/"));
    one.starts_with(&other) || other.starts_with(&one)
}

/// Two patches on disjoint members never conflict, and commute.
pub(crate) fn disjoint_patches_commute<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((base, ours, theirs, ctx)) = fork::<M>(case) else { return Ok(()) };
    if ours.changed.iter().any(|one| theirs.changed.iter().any(|other| overlap(one, other))) {
        return Ok(());
    }
    let after = M::rebase(&base, &ours.patch, &theirs.user).map_err(|conflict| conflict.to_string())?;
    let before = M::rebase(&base, &theirs.patch, &ours.user).map_err(|conflict| conflict.to_string())?;
    // What is decided by the user, such as a role that needs a preset, may be decided otherwise by now.
    let one = moved_to::<M>(&after, &theirs.user, &ctx);
    let other = moved_to::<M>(&before, &ours.user, &ctx);
    if let (Some(one), Some(other)) = (&one, &other) {
        ensure_eq!(meaning::<M>(one), meaning::<M>(other));
    }
    if M::VENDOR == Vendor::TrustedTwin {
        ensure!(one.is_some() && other.is_some(), "no rule looks at the rest of the user");
    }
    Ok(())
}

/// Where the same change was made on both sides it is no conflict, and nothing is left to do.
pub(crate) fn the_same_change_is_no_conflict<M: Page>(case: &Case<M::Context>) -> Law {
    let (Some(base), ctx) = (case.stored::<M>(), M::at_no_time(&case.ctx)) else { return Ok(()) };
    if !M::means_what_it_has(&ctx) {
        return Ok(());
    }
    let Some(ours) = done::<M>(&case.ours, &base, &ctx) else { return Ok(()) };
    let moved = M::rebase(&base, &ours.patch, &ours.user).map_err(|conflict| conflict.to_string())?;
    let there = moved_to::<M>(&moved, &ours.user, &ctx);
    let stays = there.is_some_and(|there| agree::<M>(&there, &ours.user));
    ensure!(stays, "{:?} is left to do", moved.patch().map(|patch| Request::of::<M>(&patch)));
    Ok(())
}

/// A conflict names the members that both changed, and differently.
pub(crate) fn a_conflict_is_what_both_changed_differently<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((base, ours, theirs, _)) = fork::<M>(case) else { return Ok(()) };
    let [base_tree, our_tree, their_tree] = [&base, &ours.user, &theirs.user].map(|user| meaning::<M>(user));
    let all = |place: &str| [&base_tree, &our_tree, &their_tree].map(|tree| tree.pointed(place));
    match M::rebase(&base, &ours.patch, &theirs.user) {
        Err(conflict) => {
            let places: Vec<_> = conflict.pointers().iter().map(|pointer| pointer.as_str()).collect();
            ensure!(!places.is_empty() && places.is_sorted_by(|one, other| one < other), "{places:?}");
            for place in places {
                let [base, ours, theirs] = all(place);
                ensure!(base != ours && base != theirs && ours != theirs, "{place} is no conflict");
            }
        }
        Ok(_) => {
            for place in ours.changed.iter().filter(|place| theirs.changed.contains(place)) {
                let [base, ours, theirs] = all(place);
                ensure!(ours == theirs || merges(base, ours, theirs), "{place} is a conflict");
            }
        }
    }
    Ok(())
}

/// Whether what both made of an object, which is one place to every rule, goes together member by member.
fn merges(base: Option<&Tree>, ours: Option<&Tree>, theirs: Option<&Tree>) -> bool {
    // Where one has an object, nothing and null are one without members.
    let (nothing, is_object) =
        (Members::new(), |tree: Option<&Tree>| tree.is_some_and(|tree| tree.members().is_some()));
    let inside = |tree| match tree {
        None | Some(&Tree::Null) => Some(&nothing),
        Some(tree) => tree.members(),
    };
    let ([Some(base), Some(ours), Some(theirs)], true) =
        ([base, ours, theirs].map(inside), is_object(ours) || is_object(theirs))
    else {
        return false;
    };
    ours.keys().chain(theirs.keys()).chain(base.keys()).all(|name| {
        let [base, ours, theirs] = [base, ours, theirs].map(|members| members.get(name));
        base == ours || base == theirs || ours == theirs || merges(base, ours, theirs)
    })
}

/// A patch that is moved does to their user what it did to ours, and leaves what they did.
pub(crate) fn nothing_of_either_is_lost<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((base, ours, theirs, ctx)) = fork::<M>(case) else { return Ok(()) };
    let Ok(Diff::Patch(moved)) = M::rebase(&base, &ours.patch, &theirs.user) else { return Ok(()) };
    let Some((user, told)) = accepted::<M>(&moved, &theirs.user, &ctx) else { return Ok(()) };
    let [base, our_tree, their_tree, tree] = [&base, &ours.user, &theirs.user, &user].map(|user| meaning::<M>(user));
    let unasked = |place: &String| told.notices().iter().any(|notice| notice.pointer().as_str() == place);
    for place in &ours.changed {
        let [base, ours, theirs, both] = [&base, &our_tree, &their_tree, &tree].map(|tree| tree.pointed(place));
        ensure!(both == ours || merges(base, ours, theirs), "ours at {place}: {both:?} is not {ours:?}");
    }
    for place in theirs.changed.iter().filter(|place| !unasked(place)) {
        // Inside what they made anew we may have gone on.
        if !ours.changed.iter().any(|ours| overlap(ours, place)) {
            ensure_eq!(tree.pointed(place), their_tree.pointed(place), "theirs at {place}");
        }
    }
    Ok(())
}

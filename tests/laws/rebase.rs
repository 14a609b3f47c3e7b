//! `rebase`: a patch made on one user, moved to another.

use proptest::prelude::*;

use crate::{
    common::Room,
    strategies::{
        Request, Strategies, Wish, applied, holds, in_every_room,
        json::{Tree, tokens},
        stored,
    },
};

in_every_room! {
    where_nothing_happened_nothing_moves,
    disjoint_patches_commute,
    the_same_change_is_no_conflict,
    a_conflict_is_what_both_changed_differently,
    nothing_of_either_is_lost,
}

/// A user, a patch made on it, and another patch that somebody else made on it.
type Fork<R> = (Tree, Wish, Wish, <R as Room>::Context);

fn forks<R: Strategies>() -> impl Strategy<Value = Fork<R>> {
    (R::users(), R::wishes(), R::wishes(), R::contexts().prop_map(R::clockless))
}

/// Rebase(base, p, base) = p.
fn where_nothing_happened_nothing_moves<R: Strategies>() {
    holds((R::users(), R::wishes(), R::contexts()), |(user, wish, ctx)| {
        let ours = wish.on(&user).patch::<R>(&ctx);
        let base = stored::<R>(&user);
        let moved = R::rebase(&base, &ours, &base).unwrap();
        prop_assert_eq!(R::to_body(&moved), R::to_body(&ours));
        prop_assert_eq!(R::check(&moved, &base, &ctx), R::check(&ours, &base, &ctx));
        prop_assert_eq!(moved, ours);
        Ok(())
    });
}

/// What one accepted patch does: the patch, the user it makes, and the places it changes.
struct Done<R: Room> {
    patch: R::Patch<'static>,
    user: R::User,
    changed: Vec<String>,
}

fn done<R: Strategies>(request: &Request, base: &R::User, ctx: &R::Context) -> Option<Done<R>> {
    let patch = request.patch::<R>(ctx);
    let mut user = base.clone();
    let (changed, _) = R::apply(&patch, &mut user, ctx).ok()?;
    Some(Done { patch, user, changed: changed.iter().map(|pointer| pointer.as_str().to_owned()).collect() })
}

/// Whether one place is the other or lies in it.
fn overlap(one: &str, other: &str) -> bool {
    let (one, other) = (format!("{one}/"), format!("{other}/"));
    one.starts_with(&other) || other.starts_with(&one)
}

/// Two patches on disjoint members never conflict, and commute.
fn disjoint_patches_commute<R: Strategies>() {
    holds(forks::<R>(), |(user, ours, theirs, ctx)| {
        let base = stored::<R>(&user);
        let (Some(ours), Some(theirs)) =
            (done::<R>(&ours.on(&user), &base, &ctx), done::<R>(&theirs.on(&user), &base, &ctx))
        else {
            return Ok(());
        };
        if ours.changed.iter().any(|one| theirs.changed.iter().any(|other| overlap(one, other))) {
            return Ok(());
        }
        let after = R::rebase(&base, &ours.patch, &theirs.user).expect("no conflict");
        let before = R::rebase(&base, &theirs.patch, &ours.user).expect("no conflict");
        // What is decided by the user, such as a role that needs a preset, may be decided otherwise by now.
        let (one, other) = (applied::<R>(&after, &theirs.user, &ctx), applied::<R>(&before, &ours.user, &ctx));
        if let (Some(one), Some(other)) = (&one, &other) {
            prop_assert_eq!(one, other);
        }
        if R::NAME == "trusted_twin" {
            prop_assert!(one.is_some() && other.is_some(), "no rule looks at the user");
        }
        Ok(())
    });
}

/// Where the same change was made on both sides it is no conflict, and nothing is left to do.
fn the_same_change_is_no_conflict<R: Strategies>() {
    holds((R::users(), R::wishes(), R::contexts().prop_map(R::clockless)), |(user, wish, ctx)| {
        let base = stored::<R>(&user);
        let Some(ours) = done::<R>(&wish.on(&user), &base, &ctx) else { return Ok(()) };
        let moved = R::rebase(&base, &ours.patch, &ours.user);
        prop_assert!(moved.is_ok(), "{:?}", moved);
        prop_assert_eq!(applied::<R>(&moved.unwrap(), &ours.user, &ctx), Some(ours.user));
        Ok(())
    });
}

/// A conflict names the members that both changed, and differently.
fn a_conflict_is_what_both_changed_differently<R: Strategies>() {
    holds(forks::<R>(), |(user, ours, theirs, ctx)| {
        let base = stored::<R>(&user);
        let (Some(ours), Some(theirs)) =
            (done::<R>(&ours.on(&user), &base, &ctx), done::<R>(&theirs.on(&user), &base, &ctx))
        else {
            return Ok(());
        };
        let [base_tree, our_tree, their_tree] = [&base, &ours.user, &theirs.user].map(R::tree);
        let all = |place: &str| [&base_tree, &our_tree, &their_tree].map(|tree| tree.pointed(place));
        match R::rebase(&base, &ours.patch, &theirs.user) {
            Err(conflict) => {
                let places: Vec<_> = conflict.pointers().iter().map(|pointer| pointer.as_str()).collect();
                prop_assert!(
                    !places.is_empty() && places.is_sorted() && places.windows(2).all(|pair| pair[0] != pair[1])
                );
                for place in places {
                    let [base, ours, theirs] = all(place);
                    prop_assert!(base != ours && base != theirs && ours != theirs, "{} is no conflict", place);
                }
            }
            Ok(_) => {
                for place in ours.changed.iter().filter(|place| theirs.changed.contains(place)) {
                    let [_, ours, theirs] = all(place);
                    prop_assert_eq!(ours, theirs, "{} is a conflict", place);
                }
            }
        }
        Ok(())
    });
}

/// A patch that is moved does to their user what it did to ours, and leaves what they did.
fn nothing_of_either_is_lost<R: Strategies>() {
    holds(forks::<R>(), |(user, ours, theirs, ctx)| {
        let base = stored::<R>(&user);
        let (Some(ours), Some(theirs)) =
            (done::<R>(&ours.on(&user), &base, &ctx), done::<R>(&theirs.on(&user), &base, &ctx))
        else {
            return Ok(());
        };
        let Ok(moved) = R::rebase(&base, &ours.patch, &theirs.user) else { return Ok(()) };
        let mut user = theirs.user.clone();
        let Ok((_, notices)) = R::apply(&moved, &mut user, &ctx) else { return Ok(()) };
        let [our_tree, their_tree, tree] = [&ours.user, &theirs.user, &user].map(R::tree);
        let unasked = |place: &String| notices.iter().any(|notice| notice.pointer().as_str() == place);
        for place in &ours.changed {
            prop_assert_eq!(tree.pointed(place), our_tree.pointed(place), "ours at {}", place);
        }
        for place in theirs.changed.iter().filter(|place| !unasked(place)) {
            // Inside what they made anew we may have gone on.
            if !ours.changed.iter().any(|ours| tokens(ours).len() > tokens(place).len() && overlap(ours, place)) {
                prop_assert_eq!(tree.pointed(place), their_tree.pointed(place), "theirs at {}", place);
            }
        }
        Ok(())
    });
}

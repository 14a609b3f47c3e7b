//! The strategies reach both sides of every decision, so that no law holds of nothing.

use std::collections::BTreeMap;

use proptest::{strategy::ValueTree, test_runner::TestRunner};
use user_patch::report::Diff;

use crate::strategies::{Strategies, Wish, applied, edited, in_every_room, json::Tree, stored};

in_every_room! { the_strategies_reach_both_sides }

const TRIES: usize = 1000;

fn the_strategies_reach_both_sides<R: Strategies>() {
    use proptest::strategy::Strategy;

    let mut runner = TestRunner::deterministic();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut count = |what, is_so: bool| *counts.entry(what).or_default() += usize::from(is_so);
    let strategy = (R::users(), R::edits(), R::wishes(), R::wishes(), R::contexts());
    for _ in 0..TRIES {
        let (tree, edits, first, next, ctx) = strategy.new_tree(&mut runner).unwrap().current();
        let ctx = R::clockless(ctx);
        let user = stored::<R>(&tree);
        let diff = R::diff(&user, &stored::<R>(&edited(&tree, &edits)), &ctx);
        count("unchanged", diff == Ok(Diff::Unchanged));
        count("unreachable", diff.is_err());
        count("reachable", matches!(diff, Ok(Diff::Patch(_))));

        let on = |wish: &Wish, user: &R::User| wish.on(&Tree::read(&R::to_json(user))).patch::<R>(&ctx);
        let ours = on(&first, &user);
        let Some(after) = applied::<R>(&ours, &user, &ctx) else {
            count("refused", true);
            continue;
        };
        count("accepted", true);
        count("changes something", after != user);
        count("changes nothing", after == user);
        let second = on(&next, &after);
        if applied::<R>(&second, &after, &ctx).is_some() {
            count("accepted in turn", true);
            count("one patch for two", R::then(&ours, &second).is_ok());
        }
        count("no patch for two", R::then(&ours, &second).is_err());
        if let Some(theirs) = applied::<R>(&on(&next, &user), &user, &ctx) {
            let moved = R::rebase(&user, &ours, &theirs);
            count("in conflict", moved.is_err());
            count("moved", moved.as_ref().is_ok_and(|_| theirs != user));
            let accepted = moved.is_ok_and(|moved| applied::<R>(&moved, &theirs, &ctx).is_some());
            count("moved and accepted", accepted && theirs != user);
        }
    }
    let always_composes = R::NAME == "trusted_twin";
    for (what, least) in [
        ("unchanged", 50),
        ("unreachable", 130),
        ("reachable", 200),
        ("refused", 100),
        ("accepted", 330),
        ("changes something", 230),
        ("changes nothing", 30),
        ("accepted in turn", 130),
        ("one patch for two", 130),
        ("no patch for two", if always_composes { 0 } else { 5 }),
        ("in conflict", 15),
        ("moved", 30),
        ("moved and accepted", 30),
    ] {
        assert!(counts[what] >= least, "{} times {what}, expected {least}: {counts:?}", counts[what]);
    }
}

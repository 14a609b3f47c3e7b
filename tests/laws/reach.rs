//! The strategies reach both sides of every decision, so that no law holds of nothing.

use std::collections::BTreeMap;

use proptest::test_runner::TestRunner;
use user_patch::{proptest::Strategies, report::Diff, vendor::Vendor};

use crate::{
    cases::{cases, sample},
    laws::{Page, agree, applied, written},
};

for_every_vendor! { the_strategies_reach_both_sides }

const TRIES: usize = 1000;

fn the_strategies_reach_both_sides<M: Strategies + Page>() {
    let mut runner = TestRunner::deterministic();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut count = |what, is_so: bool| *counts.entry(what).or_default() += usize::from(is_so);
    let strategy = cases::<M>();
    for _ in 0..TRIES {
        let case = sample(&strategy, &mut runner);
        let ctx = M::at_no_time(&case.ctx);
        let (user, other) = case.both::<M>().expect("two users");
        let faults = M::faults(&written::<M>(&user), &ctx);
        count("a user that breaks a rule", !faults.is_empty());
        let diff = M::diff(&user, &other, &ctx);
        count("unchanged", diff == Ok(Diff::Unchanged));
        count("unreachable", diff.is_err());
        count("reachable", matches!(diff, Ok(Diff::Patch(_))));

        let ours = case.ours.parse::<M>(&ctx).ok();
        let Some((ours, after)) = ours.and_then(|ours| applied::<M>(&ours, &user, &ctx).map(|after| (ours, after)))
        else {
            count("refused", true);
            continue;
        };
        count("accepted", true);
        count("accepted where a rule is broken", !faults.is_empty());
        count("mended", !faults.is_empty() && M::faults(&written::<M>(&after), &ctx).is_empty());
        count("changes something", after != user);
        count("changes nothing", after == user);
        count("undone", after != user && matches!(M::undo(&user, &after, &ctx), Ok(Diff::Patch(_))));
        let Ok(second) = case.next.parse::<M>(&ctx) else { continue };
        if applied::<M>(&second, &after, &ctx).is_some() {
            count("accepted in turn", true);
            count("one patch for two", M::then(&ours, &second).is_ok());
        }
        count("no patch for two", M::then(&ours, &second).is_err());
        if let Some(theirs) = applied::<M>(&second, &user, &ctx) {
            let moves = !agree::<M>(&theirs, &user);
            let moved = M::rebase(&user, &ours, &theirs);
            count("in conflict", moved.is_err());
            count("moved", moves && moved.is_ok());
            count("came to nothing", moves && moved == Ok(Diff::Unchanged));
            let patch = moved.ok().and_then(Diff::patch);
            let accepted = patch.is_some_and(|moved| applied::<M>(&moved, &theirs, &ctx).is_some());
            count("moved and accepted", accepted && moves);
        }
    }
    let always_composes = M::VENDOR == Vendor::TrustedTwin;
    for (what, least) in [
        ("a user that breaks a rule", 60),
        ("accepted where a rule is broken", 25),
        ("mended", 5),
        ("unchanged", 40),
        ("unreachable", 130),
        ("reachable", 150),
        ("refused", 100),
        ("accepted", 300),
        ("changes something", 230),
        ("changes nothing", 30),
        ("undone", 150),
        ("accepted in turn", 130),
        ("one patch for two", 130),
        ("no patch for two", if always_composes { 0 } else { 5 }),
        ("in conflict", 15),
        ("moved", 30),
        ("came to nothing", 1),
        ("moved and accepted", 30),
    ] {
        assert!(counts[what] >= least, "{} times {what}, expected {least}: {counts:?}", counts[what]);
    }
}

//! What the documentation of a strategy promises of what it makes.

use std::collections::HashSet;

use proptest::test_runner::TestRunner;
use user_patch::{
    engine::{Json, Kind, Limits},
    proptest::{
        Draft, Stored, Strategies, bodies, contexts, documents, drafts, joinable, kept_users, ordinary_documents,
        pairs, policies, requests, users, valid_users,
    },
    report::Diff,
    vendor::Vendor,
};

use super::holds;
use crate::{
    cases::sample,
    laws::{Law, Page, agree, tree::Tree, written},
};

for_every_vendor! {
    a_stored_user_is_equal_however_it_is_written,
    a_draft_shows_what_it_says,
    valid_users_break_no_rule,
    kept_users_break_rules_and_may_be_updated,
    users_are_of_every_kind,
    a_patch_joins_users_that_are_joinable,
    pairs_are_alike_or_not,
    a_draft_is_a_request_for_its_user,
    most_updates_of_a_valid_user_are_accepted,
    bodies_are_objects,
    contexts_and_policies_have_the_default_and_others,
    a_failing_test_shows_what_it_fails_with,
}

const TRIES: usize = 400;

fn of<T: std::fmt::Debug>(strategy: impl proptest::strategy::Strategy<Value = T>) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..TRIES).map(|_| sample(&strategy, &mut runner)).collect()
}

/// How many of these are so.
fn count<T>(made: &[T], is_so: impl Fn(&T) -> bool) -> usize {
    made.iter().filter(|made| is_so(made)).count()
}

fn has_faults<M: Page>(user: &Stored<M>) -> bool {
    !M::faults(&written::<M>(user), &M::Context::default()).is_empty()
}

/// Each of these users has an update that changes it.
fn may_be_updated<M: Strategies>(made: &[Stored<M>]) {
    let mut runner = TestRunner::deterministic();
    let ctx = M::Context::default();
    let updates: Vec<_> = (0..60).map(|_| sample(&drafts::<M>(), &mut runner)).collect();
    for user in made.iter().take(TRIES / 4) {
        let changes = |draft: &Draft<M>| {
            draft.request(user, &ctx).decide().is_ok_and(|(_, applied)| !applied.changed().is_empty())
        };
        assert!(updates.iter().any(changes), "{user:?}");
    }
}

fn a_stored_user_is_equal_however_it_is_written<M: Strategies>() {
    holds(users::<M>(), |user| {
        ensure!(Stored::<M>::new(user.clone().into_user()) == *user, "{user:?}");
        Ok(())
    });
    holds(pairs::<M>(), |(before, after)| {
        ensure_eq!(before == after, **before == **after);
        Ok(())
    });
}

/// A draft that a test fails with says each value that it puts into the body.
fn a_draft_shows_what_it_says<M: Strategies>() {
    let mut shown = 0;
    for (user, draft) in of((valid_users::<M>(), drafts::<M>())) {
        let told = format!("{draft:?}");
        if told.contains("Echo") {
            continue;
        }
        let request = draft.request(&user, &M::Context::default());
        let body = Json::parse(&request.body, &Limits::default()).unwrap();
        for (_, value) in body.members().filter(|(_, value)| !matches!(value.kind(), Kind::Array | Kind::Object)) {
            assert!(told.contains(&format!("Value({value})")), "{value} is not in {told}");
            shown += 1;
        }
    }
    assert!(shown > TRIES / 20, "{shown}");
}

fn valid_users_break_no_rule<M: Strategies + Page>() {
    holds(valid_users::<M>(), |user| {
        let faults = M::faults(&written::<M>(user), &M::Context::default());
        ensure!(faults.is_empty(), "{faults:?}");
        Ok(())
    });
    may_be_updated(&of(valid_users::<M>()));
}

fn kept_users_break_rules_and_may_be_updated<M: Strategies + Page>() {
    let made = of(kept_users::<M>());
    assert!(count(&made, has_faults) > TRIES / 2, "{} of {TRIES}", count(&made, has_faults));
    may_be_updated(&made);
}

fn users_are_of_every_kind<M: Strategies + Page>() {
    let made = of(users::<M>());
    assert!(count(&made, has_faults) > TRIES / 20);
    assert!(count(&made, |user| !has_faults(user)) > TRIES / 2);
}

fn a_patch_joins_users_that_are_joinable<M: Strategies + Page>() {
    holds(joinable::<M>(), |(before, after)| {
        let ctx = M::Context::default();
        let Ok(Diff::Patch(patch)) = M::diff(before, after, &ctx) else { return Err("no patch joins them".to_owned()) };
        let mut user = before.clone().into_user();
        let _ = M::apply(&patch, &mut user, &ctx).map_err(|wrong| wrong.to_string())?;
        ensure!(agree::<M>(&user, after), "{:?}", Stored::<M>::new(user));
        Ok(())
    });
}

fn pairs_are_alike_or_not<M: Strategies>() {
    let joined = |(before, after): &(Stored<M>, Stored<M>)| M::diff(before, after, &M::Context::default());
    let made = of(pairs::<M>());
    assert!(count(&made, |pair| matches!(joined(pair), Ok(Diff::Patch(_)))) > TRIES / 20);
    assert!(count(&made, |pair| joined(pair).is_err()) > TRIES / 20);
}

fn a_draft_is_a_request_for_its_user<M: Strategies>() {
    holds((users::<M>(), drafts::<M>(), contexts::<M>()), |(user, draft, ctx)| {
        let request = draft.request(user, ctx);
        ensure!(request.user == **user && request.ctx == *ctx);
        ensure!(request == request.clone());
        is_object(&request.body)
    });
}

fn most_updates_of_a_valid_user_are_accepted<M: Strategies>() {
    let made = of((valid_users::<M>(), drafts::<M>()));
    let accepted = count(&made, |(user, draft)| draft.request(user, &M::Context::default()).decide().is_ok());
    assert!(accepted > TRIES / 2, "{accepted} of {TRIES}");
    let made = of(requests::<M>());
    let outcome = |changes: usize| {
        count(&made, |made| made.decide().is_ok_and(|(_, applied)| applied.changed().len().min(1) == changes))
    };
    let (changed, unchanged) = (outcome(1), outcome(0));
    let refused = TRIES - changed - unchanged;
    assert!(
        [changed, unchanged, refused].into_iter().all(|times| times > TRIES / 40),
        "{changed} {unchanged} {refused}"
    );
}

fn bodies_are_objects<M: Strategies>() {
    holds(bodies::<M>(), |body| is_object(body.as_bytes()));
}

fn is_object(body: &[u8]) -> Law {
    ensure!(Tree::try_read(body).is_some_and(|body| body.members().is_some()), "{}", body.escape_ascii());
    Ok(())
}

fn contexts_and_policies_have_the_default_and_others<M: Strategies + Page>() {
    let made = of(contexts::<M>());
    let default = M::Context::default();
    assert!(count(&made, |ctx| *ctx == default) > TRIES / 10);
    // All of them but the clock, or more.
    assert!(count(&made, |ctx| M::at_no_time(ctx) != default) > TRIES / 10);
    assert!(count(&made, |ctx| M::at_no_time(ctx) != *ctx) > TRIES / 10);
    assert!(made.iter().all(|ctx| M::limits(ctx) == M::limits(&default)));
    let made: HashSet<_> = of(policies::<M>()).iter().map(|policy| format!("{policy:?}")).collect();
    assert!(made.contains(&format!("{:?}", M::Policy::default())) && made.len() > 10, "{}", made.len());
}

fn a_failing_test_shows_what_it_fails_with<M: Strategies>() {
    holds(requests::<M>(), |request| {
        let shown = format!("{request:?}");
        for part in [M::user_json(&request.user), String::from_utf8_lossy(&request.body).into_owned()] {
            ensure!(shown.contains(&part), "{part} is not in {shown}");
        }
        ensure!(request.mask.is_none() || M::VENDOR == Vendor::Fireworks);
        ensure_eq!(format!("{:?}", Stored::<M>::new(request.user.clone())), M::user_json(&request.user));
        Ok(())
    });
}

#[test]
fn documents_are_what_they_are_said_to_be() {
    holds(documents(), |text| crate::laws::telling::is_json(text));
    holds(ordinary_documents(), |text| {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|wrong| wrong.to_string())?;
        ensure_eq!(Tree::read(&value.to_string()), Tree::read(text));
        Ok(())
    });
    let mut made = of(documents());
    made.retain(|text| text.contains("1e400"));
    assert!(!made.is_empty());
}

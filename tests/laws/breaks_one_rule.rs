//! A request made to break rule R reports R, and only R, at the right place: for every rule of every vendor.

use proptest::test_runner::TestRunner;
use user_patch::{
    proptest::{Create, Strategies, breaking, broken},
    report::{ErrorCode, Refuses},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

use super::holds;
use crate::{
    cases::sample,
    laws::{Law, telling::reads_back},
};

for_every_vendor! { one_broken_rule_is_one_violation, any_rule_is_broken_alone, a_refusal_is_one_rule }

fn one_broken_rule_is_one_violation<M: Strategies>() {
    for &refusal in M::Refusal::ALL {
        holds(breaking::<M>(refusal), |broken| {
            ensure_eq!(broken.refusal, refusal);
            is_broken_alone(broken)
        });
    }
}

fn any_rule_is_broken_alone<M: Strategies>() {
    holds(broken::<M>(), is_broken_alone);
}

/// Both where the request is checked and where it is done.
fn is_broken_alone<M: Strategies>(broken: &user_patch::proptest::Broken<M>) -> Law {
    let request = &broken.request;
    let checked = match (&broken.create, request.patch()) {
        (Some(_), _) => broken.decide().map(|_| ()),
        (None, Ok(patch)) => M::check(&patch, &request.user, &request.ctx).map(|_| ()),
        (None, Err(violations)) => Err(violations),
    };
    for outcome in [checked, broken.decide().map(|_| ())] {
        let Err(violations) = outcome else { return Err(format!("{broken:?} is accepted")) };
        let told: Vec<_> = violations.iter().map(|told| (told.refusal(), told.pointer().as_str())).collect();
        ensure_eq!(told, [(broken.refusal, &*broken.pointer)], "{:?}", request);
        let reply = M::refused(&violations, &request.ctx);
        ensure!(reply.status == broken.refusal.status() && reply.status == broken.refusal.code().status());
        reads_back::<M>(&violations, &reply)?;
        if broken.create.is_none() {
            ensure_eq!(request.reply(), reply);
        }
    }
    Ok(())
}

/// Only Fireworks' page has the making of a user. To another vendor the name that it is to have says nothing.
#[test]
fn where_no_user_is_made_a_name_changes_nothing() {
    fn holds_for<M: Strategies>(create: &Create) {
        holds(broken::<M>(), |broken| {
            let mut named = broken.clone();
            named.create = Some(create.clone());
            ensure!(broken.create.is_none());
            ensure_eq!(named.decide(), broken.decide());
            Ok(())
        });
    }
    let broken = breaking::<Fireworks>(user_patch::fireworks::Refusal::AccountId);
    let create = sample(&broken, &mut TestRunner::deterministic()).create.unwrap();
    holds_for::<TrustedTwin>(&create);
    holds_for::<Elastic>(&create);
}

/// No two refusals are one rule.
fn a_refusal_is_one_rule<M: UpdateModel>() {
    for (at, refusal) in M::Refusal::ALL.iter().enumerate() {
        let same = M::Refusal::ALL.iter().position(|other| other.rule().id == refusal.rule().id);
        assert_eq!(same, Some(at), "{refusal:?}");
    }
}

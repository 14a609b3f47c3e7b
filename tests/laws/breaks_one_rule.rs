//! A patch made to break rule R reports R, and only R, at the right place: for every rule of every room.

use proptest::prelude::*;
use user_patch::report::Refuses;

use crate::strategies::{Strategies, holds, in_every_room};

in_every_room! { one_broken_rule_is_one_violation, a_refusal_is_one_rule }

fn one_broken_rule_is_one_violation<R: Strategies>() {
    for &refusal in R::refusals() {
        let Some(broken) = R::breaks(refusal) else { panic!("{refusal:?} has no strategy") };
        holds(broken, |broken| {
            let body = String::from_utf8_lossy(&broken.body).into_owned();
            for outcome in R::decide(&broken) {
                let Err(violations) = outcome else {
                    return Err(TestCaseError::fail(format!("{refusal:?}: {body} is accepted")));
                };
                let told: Vec<_> = violations.iter().map(|told| (told.refusal(), told.pointer().as_str())).collect();
                prop_assert_eq!(told, [(refusal, &*broken.pointer)], "{}", body);
                let reply = R::refused(&violations, &broken.ctx);
                prop_assert!(reply.status >= 400 && !reply.body.is_empty());
            }
            Ok(())
        });
    }
}

/// No two refusals are one rule.
fn a_refusal_is_one_rule<R: Strategies>() {
    for (at, refusal) in R::refusals().iter().enumerate() {
        let same = R::refusals().iter().position(|other| other.rule().id == refusal.rule().id);
        assert_eq!(same, Some(at), "{refusal:?}");
    }
}

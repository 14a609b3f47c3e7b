//! A request made to break rule R reports R, and only R, at the right place: for every rule of every vendor.

use user_patch::{
    report::{ErrorCode, Refuses},
    vendor::UpdateModel,
};

use super::holds;
use crate::{laws::telling::reads_back, strategies::Strategies};

for_every_vendor! { one_broken_rule_is_one_violation, a_refusal_is_one_rule }

fn one_broken_rule_is_one_violation<M: Strategies>() {
    for &refusal in M::Refusal::ALL {
        let Some(broken) = M::breaks(refusal) else { panic!("{refusal:?} has no strategy") };
        holds(broken, |broken| {
            for outcome in M::decide(broken) {
                let Err(violations) = outcome else { return Err(format!("{:?} is accepted", broken.request)) };
                let told: Vec<_> = violations.iter().map(|told| (told.refusal(), told.pointer().as_str())).collect();
                ensure_eq!(told, [(refusal, &*broken.pointer)], "{:?}", broken.request);
                let reply = M::refused(&violations, &broken.ctx);
                ensure!(reply.status == refusal.status() && refusal.status() == refusal.code().status());
                reads_back::<M>(&violations, &reply)?;
            }
            Ok(())
        });
    }
}

/// No two refusals are one rule.
fn a_refusal_is_one_rule<M: UpdateModel>() {
    for (at, refusal) in M::Refusal::ALL.iter().enumerate() {
        let same = M::Refusal::ALL.iter().position(|other| other.rule().id == refusal.rule().id);
        assert_eq!(same, Some(at), "{refusal:?}");
    }
}

//! Nothing is longer than what it is about, also where that is long.

use super::holds_for;
use crate::{
    large_cases::{Roomy, large_cases},
    laws::{audit, decisions, exchange, telling},
};

for_every_vendor! { nothing_is_longer_than_what_it_is_about, large_updates_are_decided_alike, large_audits_lead_both_ways }

fn nothing_is_longer_than_what_it_is_about<M: Roomy>() {
    holds_for(64, large_cases::<M>(), telling::nothing_is_longer_than_what_it_is_about::<M>);
}

fn large_updates_are_decided_alike<M: Roomy>() {
    holds_for(8, large_cases::<M>(), |case| {
        decisions::check_and_apply_agree::<M>(case)?;
        telling::a_refusal_says_which_rule_and_where::<M>(case)?;
        exchange::an_answer_is_the_decision::<M>(case)?;
        telling::an_acceptance_answers_with_the_user::<M>(case)?;
        decisions::changed_is_what_changed::<M>(case)
    });
}

fn large_audits_lead_both_ways<M: Roomy>() {
    holds_for(16, large_cases::<M>(), |case| {
        audit::there_and_back::<M>(case)?;
        audit::an_audit_tells_of_an_update::<M>(case)
    });
}

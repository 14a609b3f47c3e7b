//! The laws that are one vendor's own.

use proptest::{prelude::*, sample::select};
use user_patch::vendor::{Elastic, Fireworks, TrustedTwin};

use super::holds;
use crate::{cases::cases, laws};

#[test]
fn trusted_twin_then_is_always_defined() {
    holds(cases::<TrustedTwin>(), laws::trusted_twin::then_is_always_defined);
}

#[test]
fn trusted_twin_no_bytes_are_the_empty_object() {
    holds(cases::<TrustedTwin>(), laws::trusted_twin::no_bytes_are_the_empty_object);
}

#[test]
fn fireworks_then_says_where_it_is_not_defined() {
    holds(cases::<Fireworks>(), laws::fireworks::then_says_where_it_is_not_defined);
}

#[test]
fn fireworks_what_is_made_is_a_stored_user() {
    let ids = || select(&[None, Some("ada"), Some("a-1"), Some("A"), Some("")][..]);
    holds((cases::<Fireworks>(), ids(), select(&["acme", "-"][..])), |(case, id, account)| {
        laws::fireworks::what_is_made_is_a_stored_user(account, *id, case)
    });
}

#[test]
fn fireworks_a_mask_is_kept_to() {
    let path = select(
        &["role", "displayName", "email", "permission_preset", "name", "status.code", "role.x", "nosuch", "*", "a..b"]
            [..],
    );
    let masks = prop::collection::vec(path, 0..4).prop_map(|paths| paths.join(","));
    holds((cases::<Fireworks>(), masks), |(case, mask)| laws::fireworks::a_mask_is_kept_to(mask, case));
}

#[test]
fn fireworks_an_implied_mask_can_be_said() {
    holds(cases::<Fireworks>(), laws::fireworks::an_implied_mask_can_be_said);
}

#[test]
fn fireworks_an_implied_mask_is_a_naive_reading() {
    holds(cases::<Fireworks>(), laws::fireworks::an_implied_mask_is_a_naive_reading);
}

#[test]
fn elastic_then_is_defined_where_it_is_for_merge_patches() {
    holds(cases::<Elastic>(), laws::elastic::then_is_defined_where_it_is_for_merge_patches);
}

#[test]
fn elastic_a_body_inside_a_string_is_that_body() {
    holds(cases::<Elastic>(), laws::elastic::a_body_inside_a_string_is_that_body);
}

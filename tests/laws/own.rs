//! The laws that are one vendor's own.

//use user_patch::vendor::{Elastic, Fireworks};
use user_patch::vendor::TrustedTwin;

use super::holds;
use crate::{laws, strategies::cases};

#[test]
fn trusted_twin_then_is_always_defined() {
    holds(cases::<TrustedTwin>(), laws::trusted_twin::then_is_always_defined);
}

#[test]
fn trusted_twin_no_bytes_are_the_empty_object() {
    holds(cases::<TrustedTwin>(), laws::trusted_twin::no_bytes_are_the_empty_object);
}

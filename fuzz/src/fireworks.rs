//! Updates of a Fireworks user. The bytes are those of [`Update`].

use user_patch::vendor::Fireworks;

use super::{holds, laws, update::Update};

/// Every law of an update, and those of Fireworks.
pub fn run(data: &[u8]) {
    let Some(update) = Update::read(data) else { return };
    let case = update.case::<Fireworks>();
    laws::hold::<Fireworks>(&case);
    let mask = update.mask();
    let id = (!mask.is_empty()).then_some(&*mask);
    holds(laws::fireworks::what_is_made_is_a_stored_user("acme", id, &case), &case);
    holds(laws::fireworks::then_says_where_it_is_not_defined(&case), &case);
    holds(laws::fireworks::a_mask_is_kept_to(&mask, &case), &case);
    holds(laws::fireworks::an_implied_mask_can_be_said(&case), &case);
    holds(laws::fireworks::an_implied_mask_is_a_naive_reading(&case), &case);
}

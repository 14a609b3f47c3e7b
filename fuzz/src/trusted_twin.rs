//! Updates of a Trusted Twin user. The bytes are those of [`Update`].

use user_patch::vendor::TrustedTwin;

use super::{holds, laws, update::Update};

/// Every law of an update, and those of Trusted Twin.
pub fn run(data: &[u8]) {
    let Some(update) = Update::read(data) else { return };
    let case = update.case::<TrustedTwin>();
    laws::hold::<TrustedTwin>(&case);
    holds(laws::trusted_twin::then_is_always_defined(&case), &case);
    holds(laws::trusted_twin::no_bytes_are_the_empty_object(&case), &case);
}

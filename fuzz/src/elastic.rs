//! Updates of an Elastic user. The bytes are those of [`Update`].

use user_patch::vendor::Elastic;

use super::{holds, laws, update::Update};

/// Every law of an update, and those of Elastic.
pub fn run(data: &[u8]) {
    let Some(update) = Update::read(data) else { return };
    let case = update.case::<Elastic>();
    laws::hold::<Elastic>(&case);
    holds(laws::elastic::then_is_defined_where_it_is_for_merge_patches(&case), &case);
    holds(laws::elastic::a_body_inside_a_string_is_that_body(&case), &case);
}

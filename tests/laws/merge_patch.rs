//! RFC 7386, on documents that share much.

use proptest::prelude::*;
use user_patch::proptest::{documents, ordinary_documents};

use super::holds;
use crate::laws::{
    merge::{self, Read},
    tree::Tree,
};

/// Three texts of documents. A document and what a patch makes of it share much.
fn texts() -> impl Strategy<Value = [String; 3]> {
    let pairs = prop_oneof![(documents(), documents()), (ordinary_documents(), ordinary_documents())];
    (pairs, documents(), any::<(bool, u64)>()).prop_map(|((one, other), third, (derived, seed))| {
        let [one, other, third] = [one, other, third].map(|text| Tree::read(&text));
        let other = if derived { one.merged(&other) } else { other };
        [one, other, third].map(|tree| tree.spelled(seed))
    })
}

/// The three in every reading.
fn read(texts: &[String; 3]) -> [Read<'_>; 3] {
    texts.each_ref().map(|text| Read::of(text.as_bytes()).expect("a document"))
}

macro_rules! laws {
    ($($law:ident: $call:expr;)*) => {
        $(#[test]
        fn $law() {
            holds(texts(), |texts| {
                let call: fn(&[Read<'_>; 3]) -> crate::laws::Law = $call;
                call(&read(texts))
            });
        })*
    };
}

laws! {
    apply_is_json_patch_merge_and_what_the_rfc_says: |[one, two, _]| merge::applies(one, two);
    diff_arrives_with_nothing_to_spare: |[one, two, _]| merge::differs(one, two);
    diff_reaches_what_a_patch_reaches: |[one, _, three]| merge::reaches(one, three);
    then_is_one_after_the_other: |[one, two, three]| merge::composes(one, two, three);
    then_is_associative: |[one, two, three]| merge::associates(one, two, three);
    the_empty_patch_is_neutral: |[one, ..]| merge::has_a_neutral(one);
}

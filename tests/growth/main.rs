//! What has cost out of proportion once, at the size at which it was found: each shape is a test.
//!
//! Bytes are counted, those allocated and those written: they are the same in every run. How many instructions a shape costs,
//! and how they grow, is counted by `cargo bench --bench instructions`, which has each of them too. A test that runs for
//! minutes has found something all the same. An endless line of `batch` is in `tests/cli`.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod bounds;
#[allow(dead_code, reason = "what the benches use of it is not used here")]
#[path = "../../benches/growth/mod.rs"]
mod growth;
mod rows;

use std::collections::BTreeSet;

use growth::{
    Row, Texts, Vendor, Verb, Verdict,
    shapes::{Shape, elastic, listed, object, trusted_twin},
};

/// Holds the verbs within their bounds, from few members on: what grows like a product is found before it takes the memory.
#[track_caller]
fn assert_bounds(verbs: &[Verb], sizes: &[usize], texts: impl Fn(usize) -> Texts) {
    for &n in sizes {
        let texts = texts(n);
        for &verb in verbs {
            let broken = bounds::broken(verb, &texts);
            assert!(broken.is_empty(), "{verb:?} of {n}: {}", broken.join("; "));
        }
    }
}

/// A shape of the benches.
fn shape(name: &str) -> impl Fn(usize) -> Texts {
    let shape = Shape::named(name).unwrap();
    move |n| shape.texts(n).unwrap()
}

/// Members as short as they can be, of which each has its value.
fn short(n: usize, value: &str) -> String {
    listed(n, |text, at| text.push_str(&format!(r#""k{at}":{value}"#)))
}

/// An Elastic user with this in `metadata`, and what makes it of the user with that.
fn metadata(before: &str, body: &str, after: &str) -> Texts {
    let of = |members: &str| format!(r#""metadata":{{{members}}}"#);
    Texts {
        user: elastic(&of(before)),
        body: object(&of(body)),
        next: object(&of(after)),
        after: elastic(&of(after)),
        theirs: elastic(&of(after)),
        ..Texts::new(Vendor::Elastic)
    }
}

/// A line of 354 kB was answered by 1.5 GB: its one long name once for each member below it.
#[test]
fn members_under_a_name_of_100_kb() {
    let under_long_name = |n: usize| {
        let name = "k".repeat(20 * n / 3);
        let under = |members: &str| format!(r#""{name}":{{{members}}}"#);
        let (old, new, newer) = (short(n, "1"), short(n, "2"), short(n, "3"));
        [
            metadata(&under(""), &under(&new), &under(&new)),
            Texts {
                theirs: metadata("", "", &under(&newer)).after,
                rebased: Some(Verdict::Conflict),
                ..metadata(&under(&old), &under(&new), &under(&new))
            },
        ]
    };
    let verbs = [Verb::Apply, Verb::Reply, Verb::Diff, Verb::Audit, Verb::AuditToJson, Verb::Then];
    assert_bounds(&verbs, &[1_000, 15_000], |n| under_long_name(n)[0].clone());
    assert_bounds(&verbs, &[1_000, 15_000], |n| under_long_name(n)[1].clone());
    assert_bounds(&[Verb::Rebase], &[1_000, 15_000], |n| under_long_name(n)[1].clone());
}

/// Each was searched for among those that had come before it: 944 ms in an optimized build.
#[test]
fn thirty_two_thousand_new_members_into_an_object_of_few() {
    for few in ["", r#""a":1"#, &short(16, "0"), &short(17, "0")] {
        let added = |n: usize| listed(n, |text, at| text.push_str(&format!(r#""added{at}":1"#)));
        let texts = |n: usize| {
            let comma = if few.is_empty() { "" } else { "," };
            metadata(few, &added(n), &format!("{few}{comma}{}", added(n)))
        };
        assert_bounds(&[Verb::Apply, Verb::Diff], &[1_000, 32_000], texts);
    }
}

/// For each the whole body was read: 15 seconds in an optimized build.
#[test]
fn eight_thousand_restricted_nulls_that_are_sent_back() {
    let verbs = [Verb::Parse, Verb::Check, Verb::Apply, Verb::Then, Verb::Rebase];
    assert_bounds(&verbs, &[500, 8_000], shape("elastic.restricted-nulls"));
    assert_bounds(&verbs, &[500, 8_000], shape("elastic.restricted-nulls-nested"));
}

/// Of each path each beginning was looked for: 7.4 seconds in an optimized build.
#[test]
fn a_mask_of_400_kb() {
    assert_bounds(&[Verb::Mask, Verb::Check], &[1_000, 200_000], shape("fireworks.mask-of-one-path"));
    assert_bounds(&[Verb::Mask, Verb::Check], &[1_000, 40_000], shape("fireworks.mask-of-many-paths"));
    assert_bounds(&[Verb::Mask], &[1_000, 30_000], shape("fireworks.mask-of-covered-paths"));
    assert_bounds(&[Verb::Mask], &[1_000, 100_000], shape("fireworks.mask-of-paths-that-cover-each-other"));
    let verbs = [Verb::Mask, Verb::Parse, Verb::Check, Verb::Apply, Verb::Then, Verb::Rebase];
    assert_bounds(&verbs, &[1_000, 50_000], shape("fireworks.mask-repeated"));
}

/// It was cloned at each of its levels: 128 MB.
#[test]
fn a_deep_tree_with_a_leaf_of_a_megabyte() {
    let deep = |depth: usize, leaf: char| {
        let (open, close) = (r#"{"a":"#.repeat(depth), "}".repeat(depth));
        format!(r#""a":{open}"{}"{close}"#, leaf.to_string().repeat(1_000_000))
    };
    let verbs = [Verb::Parse, Verb::Check, Verb::Apply, Verb::Diff, Verb::Then, Verb::PatchToJson, Verb::Audit];
    assert_bounds(&verbs, &[10, 123], |depth| {
        let [old, new, newer] = ['a', 'b', 'c'].map(|leaf| deep(depth, leaf));
        Texts { next: metadata("", &newer, "").body, ..metadata(&old, &new, &new) }
    });
    assert_bounds(&[Verb::Rebase], &[10, 123], |depth| {
        let [old, new] = ['a', 'b'].map(|leaf| deep(depth, leaf));
        Texts { theirs: metadata("", "", &format!(r#"{old},"theirs":1"#)).after, ..metadata(&old, &new, &new) }
    });
}

/// At each level all that is below was compared, or read, once more: 41 million instructions for 9 kB.
#[test]
fn deep_trees_that_are_equal() {
    let verbs = [Verb::Check, Verb::Apply, Verb::FromJson, Verb::Diff, Verb::Then, Verb::Rebase, Verb::Audit];
    assert_bounds(&verbs, &[1_000, 2_000], shape("elastic.deep-reordered"));
    assert_bounds(&verbs, &[1_000, 2_000], shape("elastic.deep-changed"));
    assert_bounds(&[Verb::Check], &[1_000, 2_000], shape("elastic.deep-restricted"));
    assert_bounds(&[Verb::Check, Verb::Apply, Verb::Diff], &[1_000, 2_000], shape("trusted_twin.deep-reordered"));
    assert_bounds(&[Verb::Parse], &[1_000, 2_000], shape("elastic.deep-duplicate"));
}

/// The whole object was made anew, and indexed, for one of its members.
#[test]
fn one_member_of_many() {
    let one = |n: usize| {
        let (before, after) = (short(n, "1"), format!(r#"{},"k{n}":2"#, short(n, "1")));
        metadata(&format!(r#"{before},"k{n}":1"#), &format!(r#""k{n}":2"#), &after)
    };
    assert_bounds(&[Verb::Check, Verb::Apply, Verb::Diff, Verb::Rebase, Verb::Audit], &[1_000, 50_000], one);
}

/// A refusal was 24 times as long as what it refused.
#[test]
fn unknown_members_each_with_its_violation() {
    let refused = |vendor: Vendor, body: String, policy: &str| Texts {
        body,
        context: format!(r#"{{"policy":{{"maxBytes":null{policy}}}}}"#),
        parsed: None,
        checked: Some(Verdict::Refused),
        ..Texts::new(vendor)
    };
    let unknown = |n: usize| object(&short(n, "1"));
    let bad_keys = |n: usize| object(&format!(r#""description":{{{}}}"#, short(n, "1").replace('k', "K")));
    let verbs = [Verb::Parse, Verb::Check, Verb::Reply];
    assert_bounds(&verbs, &[1_000, 8_000], |n| refused(Vendor::Fireworks, unknown(n), ""));
    assert_bounds(&verbs, &[1_000, 8_000], |n| refused(Vendor::TrustedTwin, unknown(n), ""));
    assert_bounds(&verbs, &[1_000, 8_000], |n| refused(Vendor::TrustedTwin, bad_keys(n), ""));
    assert_bounds(&verbs, &[1_000, 8_000], |n| refused(Vendor::Elastic, unknown(n), r#","unknownMembers":"refuse""#));
    assert_bounds(&[Verb::Apply, Verb::Create], &[1_000, 8_000], shape("fireworks.unknown-ignored"));
    assert_bounds(&[Verb::Check, Verb::Reply], &[1_000, 8_000], shape("fireworks.unknown-in-status"));
    assert_bounds(&[Verb::Check, Verb::Reply], &[1_000, 8_000], shape("elastic.restricted-changed"));
    assert_bounds(&[Verb::Diff], &[1_000, 8_000], shape("fireworks.others-differ"));
}

/// They took 19 to 30 times their bytes.
#[test]
fn a_hundred_thousand_short_members() {
    let texts = |n: usize| metadata(&short(n, "1"), &short(n, "2"), &short(n, "2"));
    let verbs = [Verb::Parse, Verb::Check, Verb::Apply, Verb::FromJson, Verb::ToJson, Verb::Diff, Verb::Then];
    assert_bounds(&verbs, &[1_000, 100_000], texts);
    assert_bounds(&[Verb::Audit, Verb::AuditToJson], &[1_000, 10_000], texts);
    assert_bounds(&[Verb::Rebase], &[1_000, 10_000], |n| Texts { rebased: Some(Verdict::Conflict), ..conflict(n) });
    assert_bounds(&[Verb::Parse, Verb::Check, Verb::FromJson, Verb::Diff], &[1_000, 100_000], |n| {
        let of = |value: &str| format!(r#""description":{{{}}}"#, short(n, value));
        Texts {
            user: trusted_twin(&of("1")),
            body: object(&of("2")),
            after: trusted_twin(&of("2")),
            ..Texts::new(Vendor::TrustedTwin)
        }
    });
}

/// Both changed all of them, and differently.
fn conflict(n: usize) -> Texts {
    let theirs = metadata("", "", &short(n, "3")).after;
    Texts { theirs, ..metadata(&short(n, "1"), &short(n, "2"), &short(n, "2")) }
}

#[test]
fn roles_are_compared_as_sets() {
    let verbs = [Verb::Parse, Verb::Check, Verb::Apply, Verb::Diff, Verb::Then];
    assert_bounds(&verbs, &[1_000, 8_000], shape("elastic.roles-added"));
    assert_bounds(&verbs, &[1_000, 8_000], shape("elastic.roles-reversed"));
    assert_bounds(&[Verb::Check], &[1_000, 8_000], shape("elastic.permissions-reversed"));
}

/// What the benches count is what is meant to be counted.
#[test]
fn the_rows_of_the_benches() {
    let rows = Row::all();
    assert!(rows.len() <= 135, "{} rows", rows.len());
    let names: BTreeSet<_> = rows.iter().map(Row::to_string).collect();
    assert_eq!(names.len(), rows.len(), "each row once");
    for row in &rows {
        assert_eq!(Row::named(&row.to_string()), Some(*row), "a row is told by its name");
    }
    assert!(Verb::ALL.into_iter().all(|verb| rows.iter().any(|row| row.verb == verb)), "each verb has a row");
}

/// What stands between two members of a stored text stands between new ones too: not where that is long.
#[test]
fn a_stored_text_with_much_white_space_is_not_written_once_a_member() {
    let space = " ".repeat(100_000);
    let stored = format!(r#"{{"user_name":"ada",{space}"security":{{}}}}"#);
    let members: Vec<_> = (0..5_000).map(|at| format!(r#""m{at}":1"#)).collect();
    let body = format!("{{{}}}", members.join(","));
    let ctx = user_patch::elastic::Context::default();
    let done = user_patch::elastic::store(stored.as_bytes(), body.as_bytes(), &ctx).unwrap();
    assert!(done.text().len() <= 6 * (stored.len() + body.len()) + 64 * 1024, "{}", done.text().len());
    assert!(done.text().contains(&space), "what is not touched stays");
    // As an editor indents it, it stays so.
    let pretty = "{\n    \"user_name\": \"ada\",\n    \"security\": {}\n}";
    let done = user_patch::elastic::store(pretty.as_bytes(), br#"{"email":"a@b.c"}"#, &ctx).unwrap();
    assert_eq!(done.text(), pretty.replace("{}", "{},\n    \"email\":\"a@b.c\""));
}

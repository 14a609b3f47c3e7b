//! Each verb on every shape that the benches count: what it holds and allocates, and how long each list and reply is.

use super::{
    bounds,
    growth::{Row, Verb},
};

/// What is out of bounds for few members is not tried with more.
#[track_caller]
fn assert_bounds(rows: impl IntoIterator<Item = Row>, sizes: &[usize]) {
    let mut found = Vec::new();
    let mut count = 0;
    for row in rows {
        let texts = sizes.iter().map_while(|&n| Some((n, row.shape.texts(n)?)));
        let broken =
            texts.map(|(n, texts)| (n, bounds::broken(row.verb, &texts))).find(|(_, broken)| !broken.is_empty());
        found.extend(broken.map(|(n, broken)| format!("{row}, {n} members: {}", broken.join("; "))));
        count += 1;
    }
    assert!(count > 0 && found.is_empty(), "{} of {count} rows:\n{}", found.len(), found.join("\n"));
}

macro_rules! bounds {
    ($($name:ident: $($verb:ident)|+;)+) => {
        $(
            #[test]
            fn $name() {
                let rows = Row::all().into_iter().filter(|row| matches!(row.verb, $(Verb::$verb)|+));
                assert_bounds(rows, &[1_000, 4_000]);
            }
        )+

        #[test]
        fn each_verb_has_its_bounds() {
            let named = [$($(Verb::$verb),+),+];
            assert!(named.len() == Verb::ALL.len() && Verb::ALL.iter().all(|verb| named.contains(verb)));
        }
    };
}

bounds! {
    reading_a_body_takes_a_few_times_its_bytes: Parse | Mask;
    a_check_takes_a_few_times_its_bytes: Check;
    an_update_takes_a_few_times_its_bytes: Apply | Create;
    what_is_stored_takes_a_few_times_its_bytes: Store;
    a_reply_takes_a_few_times_its_bytes: Reply;
    a_user_takes_a_few_times_its_bytes: FromJson | ToJson;
    a_diff_takes_a_few_times_its_bytes: Diff | Undo;
    a_composition_takes_a_few_times_its_bytes: Then | PatchToJson;
    a_rebase_takes_a_few_times_its_bytes: Rebase;
    an_audit_takes_a_few_times_its_bytes: Audit | AuditToJson;
}

//! The executable specification, and the library held against it.
//!
//! `spec` is the three vendors' pages as plain code; `cases` are requests with their answers, by hand; `classes` are the
//! requests that are compared: each member in each of its classes, each
//! stored state, caller, policy and mask; `crate_side` is what the library makes of a request. A decision is compared
//! whole: status, rules with their places, changed, notices, the user afterwards, the reply.
//!
//! ```sh
//! cargo test spec                                 # 200,000 requests and more, evenly spread
//! cargo test --release spec                       # 2,000,000 and more
//! cargo test --release -- --ignored exhaustive    # all of them
//! ```
//!
//! A difference fails the test. The report has them by kind, each with its smallest request.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod cases;
mod classes;
mod crate_side;
mod spec;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::Write as _,
    time::Instant,
};

use classes::{Case, Family, Space};
use crate_side::Decides;
use spec::{Decision, Place, Request};
use user_patch::vendor::{Elastic, Fireworks, TrustedTwin};

/// How many requests of a vendor are tried where not all of them are.
const SAMPLE: usize = if cfg!(debug_assertions) { 70_000 } else { 700_000 };

type Decide = fn(&Request) -> Decision;

#[test]
fn the_spec_and_the_library_agree_on_fireworks() {
    let space = classes::fireworks::space();
    compare("fireworks", &space, spec::fireworks::decide, &crate_side::Model::<Fireworks>::new(&space), SAMPLE);
}

#[test]
fn the_spec_and_the_library_agree_on_trusted_twin() {
    let space = classes::trusted_twin::space();
    compare("trusted_twin", &space, spec::trusted_twin::decide, &crate_side::Model::<TrustedTwin>::new(&space), SAMPLE);
}

#[test]
fn the_spec_and_the_library_agree_on_elastic() {
    let space = classes::elastic::space();
    compare("elastic", &space, spec::elastic::decide, &crate_side::Model::<Elastic>::new(&space), SAMPLE);
}

#[test]
#[ignore = "minutes"]
fn exhaustive_fireworks() {
    let space = classes::fireworks::space();
    compare("fireworks", &space, spec::fireworks::decide, &crate_side::Model::<Fireworks>::new(&space), usize::MAX);
}

#[test]
#[ignore = "minutes"]
fn exhaustive_trusted_twin() {
    let space = classes::trusted_twin::space();
    compare(
        "trusted_twin",
        &space,
        spec::trusted_twin::decide,
        &crate_side::Model::<TrustedTwin>::new(&space),
        usize::MAX,
    );
}

#[test]
#[ignore = "minutes"]
fn exhaustive_elastic() {
    let space = classes::elastic::space();
    compare("elastic", &space, spec::elastic::decide, &crate_side::Model::<Elastic>::new(&space), usize::MAX);
}

/// Differences of one kind: how many, and the smallest request with both decisions.
struct Kind {
    count: usize,
    length: usize,
    example: String,
}

fn compare(vendor: &str, space: &Space, decide: Decide, library: &dyn Decides, sample: usize) {
    let start = Instant::now();
    let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
    let mut counts = String::new();
    let (mut compared, mut accepted, mut rules) = (0, 0, BTreeSet::new());
    for (family, share) in space.families.iter().zip(shares(space, sample)) {
        for nth in 0..share {
            let case = family.case(space, spread(nth, share, family.len()));
            let (expected, actual) = (decide(&request(space, &case)), library.decide(&case));
            accepted += usize::from(expected.status == 200);
            rules.extend(expected.rules.iter().chain(&expected.notices).map(|(rule, _)| *rule));
            if expected != actual {
                note(&mut kinds, family, space, &case, &expected, &actual);
            }
        }
        compared += share;
        _ = write!(counts, ", {}: {share} of {}", family.name(), family.len());
    }
    let seconds = start.elapsed().as_secs_f32();
    let differing: usize = kinds.values().map(|kind| kind.count).sum();
    // Past the test harness, which keeps the output of a test that passes.
    _ = writeln!(
        std::io::stderr(),
        "{vendor}: {compared} of {} decisions compared in {seconds:.1} s, {accepted} accepted, {} rules met, \
         {differing} differ in {} kinds{counts}",
        space.len(),
        rules.len(),
        kinds.len(),
    );
    assert!(kinds.is_empty(), "{vendor}: {differing} differences of {} kinds\n{}", kinds.len(), report(&kinds));
}

/// The kinds from the simplest on, each with its smallest request; what is only several of those together is left out.
fn report(kinds: &BTreeMap<String, Kind>) -> String {
    let mut kinds: Vec<_> = kinds.iter().map(|(what, kind)| (what.split("; ").collect::<Vec<_>>(), kind)).collect();
    kinds.sort_by_key(|(parts, kind)| (parts.len(), kind.length));
    let (mut told, mut report) = (BTreeSet::new(), String::new());
    for (parts, kind) in kinds {
        if parts.iter().any(|part| !told.contains(part)) {
            _ = write!(report, "\n{} × {}\n{}", kind.count, parts.join("; "), kind.example);
            told.extend(parts);
        }
    }
    report
}

/// How many requests of each family: the small ones whole, the large ones as many as the rest allows.
fn shares(space: &Space, sample: usize) -> Vec<usize> {
    let mut shares = vec![0; space.families.len()];
    let mut by_size: Vec<usize> = (0..shares.len()).collect();
    by_size.sort_by_key(|at| space.families[*at].len());
    let mut left = sample;
    for (done, at) in by_size.iter().enumerate() {
        shares[*at] = space.families[*at].len().min(left / (shares.len() - done));
        left -= shares[*at];
    }
    shares
}

/// The number of the nth request of a share: all in their order, or spread by the golden section, which no digit of the
/// counter is in step with.
fn spread(nth: usize, share: usize, len: usize) -> usize {
    if share == len {
        return nth;
    }
    let mut step = len / 1000 * 618 + 1;
    while greatest_common_divisor(step, len) != 1 {
        step += 1;
    }
    nth * step % len
}

fn greatest_common_divisor(one: usize, other: usize) -> usize {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

fn request<'a>(space: &'a Space, case: &'a Case) -> Request<'a> {
    Request { user: &space.users[case.user], text: &case.text, mask: case.mask, context: &space.contexts[case.context] }
}

fn note(
    kinds: &mut BTreeMap<String, Kind>,
    family: &Family,
    space: &Space,
    case: &Case,
    expected: &Decision,
    actual: &Decision,
) {
    let new = || Kind { count: 0, length: usize::MAX, example: String::new() };
    let kind = kinds.entry(difference(expected, actual)).or_insert_with(new);
    kind.count += 1;
    if kind.count > 2000 {
        return;
    }
    let (user, context) = (&space.users[case.user], &space.contexts[case.context]);
    let text = String::from_utf8_lossy(&case.text);
    let length = text.len() + case.mask.len() + user.to_string().len() + context.to_string().len();
    if length < kind.length {
        kind.length = length;
        kind.example = format!(
            "  {}: user {user}\n  body {text}   mask {:?}   context {context}\n  spec    {}\n  library {}\n",
            family.name(),
            case.mask,
            told(expected),
            told(actual),
        );
    }
}

fn told(decision: &Decision) -> String {
    let Decision { status, rules, omitted, changed, notices, user, headers, reply } = decision;
    format!(
        "{status} rules {rules:?} and {omitted} more, changed {changed:?}, notices {notices:?}, headers {headers:?}\n    \
         user {user}\n    reply {reply}"
    )
}

/// In what the decisions differ, without values: `-` is what the specification alone has, `+` what the library alone has.
fn difference(expected: &Decision, actual: &Decision) -> String {
    if actual.status == 0 {
        let (what, why) = &actual.rules[0];
        return format!("{what}: {}", why.split(" at ").next().unwrap_or(why));
    }
    let mut told = String::new();
    if expected.status != actual.status {
        _ = write!(told, "status -{} +{}; ", expected.status, actual.status);
    }
    let words = |places: &[Place]| -> Vec<String> {
        places.iter().map(|(rule, pointer)| format!("{rule} {pointer}")).collect()
    };
    for (name, expected, actual) in [
        ("", words(&expected.rules), words(&actual.rules)),
        ("notice ", words(&expected.notices), words(&actual.notices)),
        ("changed ", expected.changed.clone(), actual.changed.clone()),
    ] {
        let mut differs = false;
        for (one, other, sign) in [(&expected, &actual, "-"), (&actual, &expected, "+")] {
            for word in one.iter().filter(|word| !other.contains(word)).take(12) {
                differs = true;
                _ = write!(told, "{sign}{name}{word}; ");
            }
        }
        if expected != actual && !differs {
            _ = write!(told, "{name}in another order; ");
        }
    }
    for (name, differs) in [
        ("omitted", expected.omitted != actual.omitted),
        ("user", expected.user != actual.user),
        ("headers", expected.headers != actual.headers),
        ("reply", expected.reply != actual.reply),
    ] {
        // What follows from another status or other rules is not told again.
        if differs && expected.status == actual.status && expected.rules == actual.rules {
            _ = write!(told, "{name}; ");
        }
    }
    told
}

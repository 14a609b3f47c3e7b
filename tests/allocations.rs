//! What is allocated, counted: a check of a usual body allocates nothing, and one of a large dictionary as often as one of a
//! larger one.
//!
//! `allocation_counter` counts what the thread of a test allocates, a vector that grows included.

use allocation_counter::measure;
use user_patch::{
    elastic,
    engine::{Json, Limits, MergePatch},
    fireworks, trusted_twin,
};

/// Room for the names of the dictionary, and three tables in which the one that comes twice is found.
const LARGE_DICTIONARY: u64 = 4;

macro_rules! payload {
    ($name:literal) => {
        include_bytes!(concat!("../benches/payloads/", $name, ".json")).as_slice()
    };
}

/// How often `work` allocates once it has been done before: what is compiled or keyed once a process is there.
fn allocations(work: impl Fn()) -> u64 {
    work();
    measure(work).count_total
}

macro_rules! check {
    ($room:ident, $user:literal, $body:expr) => {{
        let user = $room::User::from_json(payload!($user)).unwrap();
        let (ctx, body) = ($room::Context::default(), $body);
        allocations(|| $room::Patch::parse(body).unwrap().check(&user, &ctx).unwrap())
    }};
}

#[test]
fn a_check_of_a_usual_body_allocates_nothing() {
    assert_eq!(check!(fireworks, "fireworks.user", payload!("fireworks.patch")), 0);
    assert_eq!(check!(trusted_twin, "trusted_twin.user", payload!("trusted_twin_8.patch")), 0);
    assert_eq!(check!(elastic, "elastic.user", payload!("elastic.patch")), 0);
}

/// What is shared between threads neither waits nor makes room for another.
#[test]
fn a_check_allocates_nothing_while_other_threads_check() {
    let user = trusted_twin::User::from_json(payload!("trusted_twin.user")).unwrap();
    let ctx = trusted_twin::Context::default();
    let check = || trusted_twin::Patch::parse(payload!("trusted_twin_8.patch")).unwrap().check(&user, &ctx).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(allocations(|| (0..2_000).for_each(|_| check())), 0));
        }
    });
}

#[test]
fn a_check_of_a_large_dictionary_allocates_as_often_as_one_of_a_larger_one() {
    // Each check has a key of its own, and whatever it is, what the names fall into has room for them.
    for _ in 0..300 {
        assert_eq!(check!(trusted_twin, "trusted_twin.user", payload!("trusted_twin_64.patch")), LARGE_DICTIONARY);
    }
    for _ in 0..30 {
        assert_eq!(check!(trusted_twin, "trusted_twin.user", payload!("trusted_twin_1000.patch")), LARGE_DICTIONARY);
    }
}

#[test]
fn a_check_of_white_space_and_of_nested_values_allocates_nothing() {
    let nested = br#" { "description" : { "a" : [ [ { "b" : { "c" : [ 1.0, 1e400, null ] } } ] ], "d" : "text" } } "#;
    assert_eq!(check!(trusted_twin, "trusted_twin.user", nested), 0);
    let null = br#"{"email":null,"metadata":null,"security":{"enabled":null}}"#;
    let user = elastic::User::from_json(br#"{"user_name":"ada","security":{}}"#).unwrap();
    let ctx = elastic::Context::default();
    assert_eq!(allocations(|| elastic::Patch::parse(null).unwrap().check(&user, &ctx).unwrap()), 0);
}

#[test]
fn reading_a_body_without_escapes_allocates_nothing() {
    let limits = Limits::default();
    for body in [
        payload!("fireworks.patch"),
        payload!("trusted_twin_8.patch"),
        payload!("elastic.patch"),
        payload!("elastic.user"),
    ] {
        assert_eq!(allocations(|| drop(Json::parse(body, &limits).unwrap())), 0);
        assert_eq!(allocations(|| drop(MergePatch::parse(body, &limits).unwrap())), 0);
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(Box::new(std::hint::black_box(1)))), 1);
    assert_eq!(allocations(|| drop(std::hint::black_box(Vec::<u8>::new()))), 0);
}

//! What is allocated, counted: a check of a usual body allocates nothing, and one of a large dictionary as often as one of a
//! larger one.
//!
//! `allocation_counter` counts what the thread of a test allocates, a vector that grows included.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::sync::Arc;

use allocation_counter::{AllocationInfo, measure};
use user_patch::{
    elastic,
    engine::{Document, Json, Limits, MergePatch},
    fireworks,
    report::Diff,
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

/// Room for the places of the members, and a table in which the name that comes twice is found.
const LARGE_DICTIONARY: u64 = 2;

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
        allocations(|| drop($room::Patch::parse(body, &ctx).unwrap().check(&user, &ctx).unwrap()))
    }};
}

#[test]
fn a_check_of_a_usual_body_allocates_nothing() {
    assert_eq!(check!(fireworks, "fireworks.user", payload!("fireworks.patch")), 0);
    assert_eq!(check!(trusted_twin, "trusted_twin.user", payload!("trusted_twin_8.patch")), 0);
    assert_eq!(check!(elastic, "elastic.user", payload!("elastic.patch")), 0);
}

/// What belongs to the service is shared: a catalogue of 5,000 roles is not copied for a request.
#[test]
fn a_context_for_a_request_copies_nothing_of_the_service() {
    let role = |at: usize| format!("00000000-0000-4000-8000-{at:012}");
    let mut twin = trusted_twin::Service::default();
    twin.roles = Some((0..5_000).filter_map(|at| trusted_twin::parse_uuid(&role(at))).collect());
    assert_eq!(twin.roles.as_ref().map_or(0, |roles| roles.len()), 5_000);
    let twin = Arc::new(twin);
    let mut cloud = elastic::Service::default();
    cloud.known_roles = Some((0..5_000).map(|at| format!("role_{at}")).collect());
    let (cloud, ai) = (Arc::new(cloud), Arc::new(fireworks::Service::default()));
    let now = "2026-01-01T00:00:00Z".parse().ok();
    let contexts = || {
        let mut one = trusted_twin::Context::of(Arc::clone(&twin));
        one.now = now;
        let mut two = elastic::Context::of(Arc::clone(&cloud));
        two.now = now;
        let mut three = fireworks::Context::of(Arc::clone(&ai));
        (three.now, three.admin) = (now, false);
        (one, two, three)
    };
    // The default statement of a caller of Trusted Twin is a list with one name.
    assert_eq!(allocations(|| drop(contexts())), 2);
    let user = trusted_twin::User::from_json(payload!("trusted_twin.user")).unwrap();
    let known = Json::string(&role(4_999)).to_string();
    let body = format!(r#"{{"role":{known}}}"#);
    let (ctx, _, _) = contexts();
    assert!(trusted_twin::Patch::parse(body.as_bytes(), &ctx).unwrap().check(&user, &ctx).is_ok());
}

/// What is shared between threads neither waits nor makes room for another.
#[test]
fn a_check_allocates_nothing_while_other_threads_check() {
    let user = trusted_twin::User::from_json(payload!("trusted_twin.user")).unwrap();
    let ctx = trusted_twin::Context::default();
    let check = || {
        drop(trusted_twin::Patch::parse(payload!("trusted_twin_8.patch"), &ctx).unwrap().check(&user, &ctx).unwrap())
    };
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
        // For as many names the stack is large enough, so that the places of the members are all.
        assert_eq!(check!(trusted_twin, "trusted_twin.user", payload!("trusted_twin_64.patch")), LARGE_DICTIONARY - 1);
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
    assert_eq!(allocations(|| drop(elastic::Patch::parse(null, &ctx).unwrap().check(&user, &ctx).unwrap())), 0);
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
        assert_eq!(allocations(|| drop(Document::parse(body, &limits).unwrap())), 0);
        assert_eq!(allocations(|| drop(Json::parse(body, &limits).unwrap())), 0);
        assert_eq!(allocations(|| drop(MergePatch::parse(body, &limits).unwrap())), 0);
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(Box::new(std::hint::black_box(1)))), 1);
    assert_eq!(allocations(|| drop(std::hint::black_box(Vec::<u8>::new()))), 0);
}

/// A user, two bodies for it that are accepted, and one that is refused.
struct Shape {
    name: String,
    vendor: Vendor,
    user: String,
    bodies: [String; 2],
    refused: String,
}

/// Members of this many names, each with the value that `value` makes.
fn members(count: usize, name: impl Fn(usize) -> String, value: impl Fn(usize) -> String) -> String {
    let members: Vec<_> = (0..count).map(|at| format!("\"{}\":{}", name(at), value(at))).collect();
    members.join(",")
}

/// Many members: short, with escapes, under a parent with a long name, nested deep, and none.
fn shapes(count: usize) -> Vec<Shape> {
    let plain = |at: usize| format!("k{at}");
    let escaped = |at: usize| format!("k\\u002f{at}~\\n");
    let one = |_: usize| "1".to_owned();
    let two = |at: usize| if at % 2 == 0 { "2".to_owned() } else { "null".to_owned() };
    let long = "p".repeat(40_000);
    let deep = |inside: &str| format!("{}{inside}{}", "{\"d\":".repeat(100), "}".repeat(100));
    let texts: Vec<(&str, String, String)> = vec![
        ("changed and deleted", members(count, plain, one), members(count, plain, two)),
        ("added", String::new(), members(count, plain, one)),
        ("escaped names", members(count, escaped, one), members(count, escaped, two)),
        (
            "under a long name",
            format!("\"{long}\":{{{}}}", members(count, plain, one)),
            format!("\"{long}\":{{{}}}", members(count, plain, two)),
        ),
        (
            "deep",
            format!("\"a\":{}", deep(&format!("{{{}}}", members(count, plain, one)))),
            format!("\"a\":{}", deep(&format!("{{{}}}", members(count, plain, two)))),
        ),
        ("objects", members(count, plain, |_| "{}".to_owned()), members(count, plain, |at| format!("{{\"x\":{at}}}"))),
    ];
    let mut shapes = Vec::new();
    for (name, stored, said) in texts {
        let more = |text: &str| if text.is_empty() { String::new() } else { format!(",{text}") };
        shapes.push(Shape {
            name: format!("elastic, {name}"),
            vendor: Vendor::Elastic,
            user: format!("{{\"user_name\":\"ada\",\"security\":{{}}{}}}", more(&stored)),
            bodies: [format!("{{{said}}}"), format!("{{\"email\":\"a@example.com\"{}}}", more(&said))],
            refused: format!("{{\"metadata\":{{{said}}},\"user_name\":\"bob\",\"email\":5}}"),
        });
        let operator = r#""uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10""#;
        if !name.contains("escaped") && !name.contains("long") {
            shapes.push(Shape {
                name: format!("trusted twin, {name}"),
                vendor: Vendor::TrustedTwin,
                user: format!("{{{operator},\"description\":{{{stored}}}}}"),
                bodies: [format!("{{\"description\":{{{said}}}}}"), "{\"description\":{}}".to_owned()],
                refused: format!("{{{said}}}"),
            });
        }
        shapes.push(Shape {
            name: format!("fireworks, {name}"),
            vendor: Vendor::Fireworks,
            user: format!("{{\"role\":\"user\"{}}}", more(&stored)),
            bodies: [r#"{"role":"admin"}"#.to_owned(), r#"{"role":"user","email":"a@example.com"}"#.to_owned()],
            refused: format!("{{{said}}}"),
        });
    }
    shapes
}

/// What is known of the costs of one verb on one shape.
struct Cost<'s> {
    verb: &'s str,
    shape: &'s Shape,
    /// The bytes of all that came in.
    given: usize,
}

impl Cost<'_> {
    /// At its peak 8 times what came in, and 16 times in all; what it writes is at most 6 times as long; plus 64 kB each.
    fn holds(&self, info: &AllocationInfo, written: usize) {
        let Self { verb, shape, given } = self;
        let bound = |times: usize| (times * given + 65_536) as u64;
        assert!(info.bytes_max <= bound(8), "{verb}, {}: {} at its peak, for {given}", shape.name, info.bytes_max);
        assert!(info.bytes_total <= bound(16), "{verb}, {}: {} in all, for {given}", shape.name, info.bytes_total);
        assert!(written as u64 <= bound(6), "{verb}, {}: {written} written, for {given}", shape.name);
    }

    fn of(verb: &str, shape: &Shape, given: usize, work: impl FnOnce() -> usize) {
        let mut written = 0;
        let info = measure(|| written = work());
        Cost { verb, shape, given }.holds(&info, written);
    }
}

fn costs<M: UpdateModel>(shape: &Shape) {
    let ctx: M::Context = serde_json::from_str(r#"{"policy":{"maxBytes":null}}"#).unwrap();
    let user = M::user(shape.user.as_bytes()).unwrap();
    let [body, next] = shape.bodies.each_ref().map(String::as_bytes);
    let (given, both) = (shape.user.len() + body.len(), shape.user.len() + body.len() + next.len());
    Cost::of("from_json", shape, shape.user.len(), || drop_of(M::user(shape.user.as_bytes()).unwrap()));
    Cost::of("to_json", shape, shape.user.len(), || M::user_json(&user).len());
    Cost::of("parse", shape, body.len(), || drop_of(M::parse(body, &ctx).unwrap()));
    let patch = M::parse(body, &ctx).unwrap();
    Cost::of("check", shape, given, || M::check(&patch, &user, &ctx).unwrap().to_string().len());
    let mut after = user.clone();
    Cost::of("apply", shape, given, || {
        let applied = M::apply(&patch, &mut after, &ctx).unwrap();
        applied.changed().iter().map(|pointer| pointer.as_str().len() + 3).sum()
    });
    Cost::of("reply", shape, given, || M::accepted(&after, &ctx).body.len());
    Cost::of("patch to_json", shape, body.len(), || M::patch_json(&patch).len());
    let users = M::user_json(&user).len() + M::user_json(&after).len();
    Cost::of("diff", shape, users, || match M::diff(&user, &after, &ctx) {
        Ok(Diff::Patch(patch)) => M::patch_json(&patch).len(),
        Ok(Diff::Unchanged) => 0,
        Err(unreachable) => unreachable.to_string().len(),
    });
    Cost::of("undo", shape, users, || match M::undo(&user, &after, &ctx) {
        Ok(Diff::Patch(patch)) => M::patch_json(&patch).len(),
        Ok(Diff::Unchanged) => 0,
        Err(unreachable) => unreachable.to_string().len(),
    });
    Cost::of("audit", shape, users, || M::audit(&user, &after).to_json().len());
    let next = M::parse(next, &ctx).unwrap();
    Cost::of("then", shape, both, || M::then(&patch, &next).map_or(0, |both| M::patch_json(&both).len()));
    Cost::of("rebase", shape, users + body.len(), || match M::rebase(&user, &patch, &after) {
        Ok(Diff::Patch(patch)) => M::patch_json(&patch).len(),
        Ok(Diff::Unchanged) => 0,
        Err(conflict) => conflict.pointers().iter().map(|pointer| pointer.as_str().len() + 3).sum(),
    });
    let refused = shape.refused.as_bytes();
    Cost::of("refuse", shape, shape.user.len() + refused.len(), || {
        let violations = M::parse(refused, &ctx).and_then(|patch| M::check(&patch, &user, &ctx)).unwrap_err();
        let listed: usize = violations.iter().map(|violation| violation.to_string().len()).sum();
        M::refused(&violations, &ctx).body.len().max(listed)
    });
    let line = format!(
        r#"{{"vendor":"{}","user":{},"patch":{},"context":{{"policy":{{"maxBytes":null}}}}}}"#,
        M::VENDOR,
        shape.user,
        shape.refused
    );
    Cost::of("exchange", shape, line.len(), || user_patch::exchange::answer(1, line.as_bytes()).line.len());
}

fn drop_of<T>(value: T) -> usize {
    drop(value);
    0
}

#[test]
fn no_verb_costs_more_than_a_few_times_what_it_was_given() {
    // In a debug build the first name and the first key compile the patterns.
    assert!(trusted_twin::is_name("Operator") && trusted_twin::is_key("key"));
    for count in [1, 100, 20_000] {
        for shape in shapes(count) {
            match shape.vendor {
                Vendor::Fireworks => costs::<Fireworks>(&shape),
                Vendor::TrustedTwin => costs::<TrustedTwin>(&shape),
                Vendor::Elastic => costs::<Elastic>(&shape),
            }
        }
    }
}

#[test]
fn a_field_mask_costs_no_more_than_a_few_times_its_length() {
    let ctx: fireworks::Context = serde_json::from_str(r#"{"policy":{"maxBytes":null}}"#).unwrap();
    let user = fireworks::User::from_json(br#"{"role":"user"}"#).unwrap();
    let segments = vec!["a"; 64_000].join(".");
    let paths = (0..64_000).map(|at| format!("p{at}")).collect::<Vec<_>>().join(",");
    for mask in [segments, paths] {
        let info = measure(|| {
            let patch = fireworks::Patch::parse_masked(b"{}", &mask, &ctx).unwrap();
            drop(patch.check(&user, &ctx).unwrap_err().reply());
        });
        assert!(info.bytes_max <= 8 * mask.len() as u64 + 65_536, "{} at its peak, for {}", info.bytes_max, mask.len());
        assert!(info.bytes_total <= 16 * mask.len() as u64 + 65_536, "{} in all, for {}", info.bytes_total, mask.len());
    }
}

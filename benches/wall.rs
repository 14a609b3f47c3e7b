//! `cargo bench --bench wall`: the operations of the instruction bench in time, beside the peers, with updates and bytes a
//! second.
//!
//! First the families of generated bodies, then the payloads that lie in files; `cargo bench --bench wall -- elastic.echo` is one
//! of them. Requests a second of `batch` beside Node and Python are told by `benches/languages/run`.
//!
//! Wall time on a shared machine says little by itself: compare within one run. An update is timed with the clone of the user
//! that it starts from, so it looks dearer than it is; the assembled pipeline makes its clone as part of its work.

// A bench may stop where something is wrong: it measures nothing then.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[allow(dead_code, reason = "what counts instructions uses more of it")]
mod families;
mod operations;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use families::{Form, Sample, Step};
use operations::{FULL, Payload, Verb};

fn label(verb: Verb) -> &'static str {
    match verb {
        Verb::Ignored => "serde_json IgnoredAny",
        Verb::Derived => "serde_json derived struct",
        Verb::Value => "serde_json Value",
        Verb::Validated => "Value + jsonschema",
        Verb::Assembled => "Value + jsonschema + merge",
        Verb::AssembledReply => "Value + jsonschema + merge + reply",
        Verb::PeerDiff => "json_patch diff",
        Verb::PeerDiffUnchanged => "json_patch diff unchanged",
        Verb::Check => "ours check",
        Verb::Refuse => "ours refuse",
        Verb::RefusedValue => "serde_json Value of a refused body",
        Verb::RefusalWritten => "serde_json reply to a refused body",
        Verb::CloneAndUpdate => "ours clone + update",
        Verb::Clone => "ours clone",
        Verb::Diff => "ours diff",
        Verb::DiffUnchanged => "ours diff unchanged",
    }
}

/// What the families are timed for.
const STEPS: [Step; 7] = [
    Step::Lazy,
    Step::Value,
    Step::Pipeline(Form::Compiled),
    Step::PipelineStored(Form::Compiled),
    Step::Check,
    Step::Update,
    Step::Store,
];

fn families(criterion: &mut Criterion) {
    for sample in Sample::all() {
        let mut group = criterion.benchmark_group(sample.name());
        group.throughput(Throughput::ElementsAndBytes { elements: 1, bytes: sample.body.len() as u64 });
        for step in STEPS {
            group.bench_function(step.label(), |bencher| sample.perform(step, &mut |work| bencher.iter(&mut *work)));
        }
        group.finish();
    }
}

fn payloads(criterion: &mut Criterion) {
    for payload in Payload::NAMES.map(Payload::named) {
        let mut group = criterion.benchmark_group(payload.name);
        group.throughput(Throughput::ElementsAndBytes { elements: 1, bytes: payload.body.len() as u64 });
        for verb in FULL.iter().filter(|verb| payload.verbs.contains(verb)) {
            let operation = payload.operation(*verb);
            (operation.verify)();
            group.bench_function(label(*verb), |bencher| bencher.iter(&operation.run));
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    // Half a second each: there are many, and nothing is decided by them.
    config = Criterion::default()
        .warm_up_time(std::time::Duration::from_millis(100))
        .measurement_time(std::time::Duration::from_millis(500))
        .sample_size(20);
    targets = families, payloads
}
criterion_main!(benches);

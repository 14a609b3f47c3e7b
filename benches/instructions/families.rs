//! What each step costs on a body of each family, and the goals.
//!
//! As with growth, one process under callgrind does many and each is written out by itself.

use std::collections::BTreeMap;

use super::{
    Goal,
    counted_growth::{count_parts, metered, settle_allocator, workers},
    families::{Form, Kind, Sample, Step},
    grouped,
};

const FLAG: &str = "--families-run";

/// The instructions of each step on each body.
pub(crate) struct Costs {
    samples: Vec<Sample>,
    costs: BTreeMap<(usize, Step), f64>,
}

/// The bodies and steps that one of several processes does.
fn share(worker: usize, workers: usize) -> impl Iterator<Item = (usize, Step)> {
    let samples = 0..Sample::all().len();
    let tasks = samples.flat_map(|sample| Step::ALL.into_iter().map(move |step| (sample, step)));
    tasks.skip(worker).step_by(workers)
}

/// Where the arguments ask for it: does a share of everything.
pub(crate) fn perform_asked(arguments: &[String]) -> bool {
    let [flag, worker, workers] = arguments else { return false };
    if flag != FLAG {
        return false;
    }
    let samples = Sample::all();
    for (sample, step) in share(worker.parse().unwrap(), workers.parse().unwrap()) {
        samples[sample].perform(step, &mut |work| {
            settle_allocator();
            metered(work);
        });
    }
    true
}

/// Does everything once, without counting.
pub(crate) fn verify() -> usize {
    let samples = Sample::all();
    for sample in &samples {
        Step::ALL.into_iter().for_each(|step| sample.perform(step, &mut |work| work()));
    }
    samples.len()
}

pub(crate) fn count() -> Result<Costs, String> {
    let count = workers();
    let counted: Result<Vec<_>, String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..count)
            .map(|worker| {
                scope.spawn(move || {
                    let arguments = [FLAG.to_owned(), worker.to_string(), count.to_string()];
                    let parts = share(worker, count).count();
                    let costs = count_parts(&arguments, parts, &format!("families-{worker}"), |_| {})?;
                    Ok(share(worker, count).zip(costs.into_iter().map(|cost| cost as f64)).collect::<Vec<_>>())
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    Ok(Costs { samples: Sample::all(), costs: counted?.into_iter().flatten().collect() })
}

impl Costs {
    fn of(&self, sample: usize, step: Step) -> f64 {
        self.costs[&(sample, step)]
    }

    /// The cheaper one of the two forms of `jsonschema`.
    fn cheaper(&self, sample: usize, step: impl Fn(Form) -> Step) -> f64 {
        self.of(sample, step(Form::Built)).min(self.of(sample, step(Form::Compiled)))
    }

    pub(crate) fn table(&self) -> String {
        let mut out = String::from(
            "| body | bytes | `IgnoredAny` | `sonic-rs` lazy | `Value` | `Value` + `jsonschema` | **check** | … + merge + write | **update** | … from stored bytes | **store** |\n| --- |",
        );
        out.push_str(&" ---: |".repeat(10));
        for (at, sample) in self.samples.iter().enumerate() {
            let costs = [
                sample.body.len() as f64,
                self.of(at, Step::Ignored),
                self.of(at, Step::Lazy),
                self.of(at, Step::Value),
                self.cheaper(at, Step::Validated),
                self.of(at, Step::Check),
                self.cheaper(at, Step::Pipeline),
                self.of(at, Step::Update),
                self.cheaper(at, Step::PipelineStored),
                self.of(at, Step::Store),
            ];
            let name = format!("{}, {}", sample.vendor.name(), sample.kind.name().replace('_', " "));
            let cells: Vec<_> = costs.map(|cost| format!(" {} |", grouped(cost))).into_iter().collect();
            out.push_str(&format!("\n| {name} |{}", cells.concat()));
        }
        out
    }

    pub(crate) fn goals(&self) -> Vec<Goal> {
        let mut goals = Vec::new();
        for (at, sample) in self.samples.iter().enumerate() {
            let mut goal = |name: &str, ratio: f64, limit: f64| {
                let limit = honest(name, &sample.name()).unwrap_or(limit);
                goals.push(Goal { name: format!("family-{name}"), payload: sample.name(), ratio, limit });
            };
            let check = self.of(at, Step::Check);
            if sample.body.len() < 100 {
                goal("check", check / self.of(at, Step::Value), 0.45);
            } else {
                let limit = if sample.kind == Kind::Escaped { 1.1 } else { 1.0 };
                goal("check", check / self.of(at, Step::Lazy), limit);
            }
            goal("update", self.of(at, Step::Update) / self.cheaper(at, Step::Pipeline), 0.25);
            let limit = if sample.kind.is_large() { 0.25 } else { 0.40 };
            goal("store", self.of(at, Step::Store) / self.cheaper(at, Step::PipelineStored), limit);
        }
        goals
    }
}

/// What is held where the goal of `docs/performance.md` is not reached yet.
fn honest(_goal: &str, _sample: &str) -> Option<f64> {
    None
}

//! `cargo bench --bench instructions`: what each operation costs in instructions, and whether the goals are met.
//!
//! Instructions are what a busy machine cannot distort. Each operation runs in processes of its own under valgrind's
//! callgrind, once a few times and once many times, and the difference is what it costs. Before that each is verified: a fast
//! answer that is wrong fails the bench. Where a table or the hasher of a process is keyed at random, the last digits of a
//! figure differ from run to run.
//!
//! Then, how each verb grows: what it costs for twice the members of each shape of `growth`, from 250 to 4,000.
//! `-- --growth 64000` prints that alone, up to as many. Between the two come the families of `families`, which `-- --families`
//! counts alone; `-- --docs` writes their table into `docs/performance.md` and draws `docs/families.svg`. A goal whose name ends in
//! `-short` is not reached, and holds what was.
//!
//! Exits with 1 where a goal is missed, with 2 where nothing can be counted. `-- --readme` also writes the table of the README
//! and draws its chart, `docs/ratios.svg`. `-- --test`, and `cargo test --benches`, verify and count nothing.

// A bench may stop where something is wrong: it measures nothing then.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[path = "instructions/callgrind.rs"]
mod callgrind;
#[path = "instructions/chart.rs"]
mod chart;
#[path = "instructions/families.rs"]
mod counted_families;
#[path = "instructions/growth.rs"]
mod counted_growth;
#[allow(dead_code, reason = "what the clock uses of it is not used here")]
mod families;
#[allow(dead_code, reason = "what the tests use of it is not used here")]
mod growth;
mod operations;

use std::{collections::BTreeMap, env, fs, process::ExitCode};

use counted_growth::Grown;
use operations::{Payload, Verb};

/// The payloads of the table.
const COLUMNS: [&str; 5] = ["fireworks", "trusted_twin_8", "trusted_twin_64", "trusted_twin_1000", "elastic"];

/// The rows of the table.
const ROWS: [(&str, Row); 15] = [
    ("`serde_json` walk, nothing kept (`IgnoredAny`)", Row::Of(Verb::Ignored)),
    ("derived struct with borrowed strings", Row::Of(Verb::Derived)),
    ("`serde_json::Value`", Row::Of(Verb::Value)),
    ("`Value` + precompiled `jsonschema` `is_valid`", Row::Of(Verb::Validated)),
    ("… + `json_patch::merge` onto a clone: the assembled pipeline", Row::Of(Verb::Assembled)),
    ("… + the result as the bytes of a reply", Row::Of(Verb::AssembledReply)),
    ("**check**: body → verdict", Row::Of(Verb::Check)),
    ("**update**: body + user → changed user + reply", Row::Update),
    ("`Value` of a body that breaks three rules", Row::Of(Verb::RefusedValue)),
    ("… the reply to it, written from a `Value`", Row::Of(Verb::RefusalWritten)),
    ("**refuse**: that body → reply", Row::Of(Verb::Refuse)),
    ("`json_patch::diff` of two users", Row::Of(Verb::PeerDiff)),
    ("**diff**: two users → patch", Row::Of(Verb::Diff)),
    ("`json_patch::diff`, nothing changed", Row::Of(Verb::PeerDiffUnchanged)),
    ("**diff**, nothing changed", Row::Of(Verb::DiffUnchanged)),
];

#[derive(Clone, Copy)]
enum Row {
    Of(Verb),
    /// An update changes its user, so each run starts from a clone. What a clone costs (and dropping it) is counted alone and
    /// taken off.
    Update,
}

/// The instructions of each operation.
struct Figures(BTreeMap<(&'static str, Verb), f64>);

impl Figures {
    fn of(&self, payload: &'static str, verb: Verb) -> f64 {
        self.0[&(payload, verb)]
    }

    fn update(&self, payload: &'static str) -> f64 {
        self.of(payload, Verb::CloneAndUpdate) - self.of(payload, Verb::Clone)
    }

    fn row(&self, payload: &'static str, row: Row) -> f64 {
        match row {
            Row::Of(verb) => self.of(payload, verb),
            Row::Update => self.update(payload),
        }
    }
}

struct Goal {
    name: String,
    payload: String,
    ratio: f64,
    limit: f64,
}

impl Goal {
    fn is_met(&self) -> bool {
        self.ratio <= self.limit
    }
}

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    if let Some(run) = callgrind::Run::asked_for(&arguments) {
        run.perform();
        return ExitCode::SUCCESS;
    }
    if counted_growth::perform_asked(&arguments) || counted_families::perform_asked(&arguments) {
        return ExitCode::SUCCESS;
    }
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let payloads = Payload::NAMES.map(Payload::named);
    let mut count = 0;
    for payload in &payloads {
        for &verb in payload.verbs {
            (payload.operation(verb).verify)();
            count += 1;
        }
    }
    println!("{count} operations on {} payloads give the right verdict and the right user\n", payloads.len());
    let rows = growth::Row::all();
    for row in &rows {
        counted_growth::verify(*row);
    }
    println!("{} rows of growth end as they should\n", rows.len());
    println!("the bodies of {} families give the right verdict and the right user\n", counted_families::verify());
    if has("--test") || !has("--bench") {
        return ExitCode::SUCCESS;
    }
    if has("--families") {
        return match counted_families::count() {
            Ok(costs) => {
                println!("{}\n", costs.table());
                if has("--docs") {
                    costs.record();
                }
                told(&costs.goals())
            }
            Err(wrong) => unable(&wrong),
        };
    }
    let largest = arguments.iter().position(|argument| argument == "--growth").map(|at| arguments.get(at + 1));
    let sizes = match largest.map(|size| size.and_then(|size| size.parse().ok())) {
        None => counted_growth::SIZES.to_vec(),
        Some(Some(largest)) => doublings(largest),
        Some(None) => {
            eprintln!("--growth takes a number of members");
            return ExitCode::from(2);
        }
    };
    let counted = match largest {
        None => callgrind::count(&payloads).map(Figures).map(Some),
        Some(_) => Ok(None),
    };
    let (figures, grown) = match counted.and_then(|figures| Ok((figures, counted_growth::count(&rows, &sizes)?))) {
        Ok(counted) => counted,
        Err(wrong) => {
            return unable(&wrong);
        }
    };
    let mut goals = Vec::new();
    match &figures {
        Some(figures) => {
            print_tables(&payloads, figures);
            goals = self::goals(figures);
            match counted_families::count() {
                Ok(costs) => {
                    println!("{}\n", costs.table());
                    if has("--readme") || has("--docs") {
                        costs.record();
                    }
                    goals.extend(costs.goals());
                }
                Err(wrong) => return unable(&wrong),
            }
        }
        None => print_growth(&sizes, &grown),
    }
    goals.extend(grown.iter().map(|grown| Goal {
        name: format!("growth-{}", grown.row.verb.name()),
        payload: grown.row.shape.to_string(),
        ratio: grown.ratio(),
        limit: counted_growth::LIMIT,
    }));
    let told = told(&goals);
    if let Some(figures) = figures.filter(|_| has("--readme")) {
        record(&figures);
    }
    told
}

/// Prints a line a goal.
fn told(goals: &[Goal]) -> ExitCode {
    for goal in goals {
        let Goal { name, payload, ratio, limit } = goal;
        println!("goal {name} {payload} {ratio:.3} <= {limit:.2} {}", if goal.is_met() { "ok" } else { "MISSED" });
    }
    ExitCode::from(u8::from(!goals.iter().all(Goal::is_met)))
}

/// Nothing can be counted.
fn unable(wrong: &str) -> ExitCode {
    eprintln!("{wrong}");
    ExitCode::from(2)
}

/// Puts the figures of this run where the README shows them.
fn record(figures: &Figures) {
    const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ratios.svg");
    let text = fs::read_to_string(README).unwrap();
    let (before, rest) = text.split_once("<!-- costs -->").unwrap();
    let (_, after) = rest.split_once("<!-- end of costs -->").unwrap();
    let table = chart::table(figures);
    fs::write(README, format!("{before}<!-- costs -->\n\n{table}\n\n<!-- end of costs -->{after}")).unwrap();
    fs::write(CHART, chart::draw(figures)).unwrap();
}

fn goals(figures: &Figures) -> Vec<Goal> {
    let of = |payload, verb| figures.of(payload, verb);
    let mut goals = Vec::new();
    let mut goal = |name: &str, payload: &str, ratio, limit| {
        goals.push(Goal { name: name.to_owned(), payload: payload.to_owned(), ratio, limit });
    };
    for payload in COLUMNS {
        goal("check", payload, of(payload, Verb::Check) / of(payload, Verb::Value), 0.40);
    }
    for payload in COLUMNS {
        let allowed = of(payload, Verb::RefusedValue) + of(payload, Verb::RefusalWritten);
        goal("refuse", payload, of(payload, Verb::Refuse) / allowed, 1.0);
    }
    for payload in COLUMNS {
        goal("update", payload, figures.update(payload) / of(payload, Verb::AssembledReply), 0.30);
    }
    let growth = of("trusted_twin_1000", Verb::Check) / of("trusted_twin_64", Verb::Check);
    goal("growth", "trusted_twin_1000", growth, 17.0);
    for payload in ["keys_prefixed", "keys_sorted", "keys_reversed"] {
        goal("keys", payload, of(payload, Verb::Check) / of("keys_random", Verb::Check), 1.5);
    }
    for payload in ["trusted_twin_1000", "elastic_1000"] {
        goal("diff", payload, of(payload, Verb::Diff) / of(payload, Verb::PeerDiff), 0.5);
    }
    for payload in ["trusted_twin_1000", "elastic_1000"] {
        let ratio = of(payload, Verb::DiffUnchanged) / of(payload, Verb::PeerDiffUnchanged);
        goal("diff-unchanged", payload, ratio, 0.05);
    }
    goals
}

/// The same sizes and more, each twice the one before, as long as none is larger than this.
fn doublings(largest: usize) -> Vec<usize> {
    let first = counted_growth::SIZES.first().copied();
    std::iter::successors(first, |size| Some(size * 2)).take_while(|size| *size <= largest).collect()
}

/// What each row costs at each size, and how often what it costs at half of that.
fn print_growth(sizes: &[usize], grown: &[Grown]) {
    let titles: Vec<_> = sizes.iter().map(|size| format!(" {} |", grouped(*size as f64))).collect();
    println!("| instructions, and how often those at half the size |{}", titles.concat());
    println!("| --- |{}", " ---: |".repeat(sizes.len()));
    for grown in grown {
        let cells = (0..sizes.len()).map(|at| {
            let cost = |at: usize| grown.costs.get(at).copied().flatten();
            match (cost(at), at.checked_sub(1).and_then(cost)) {
                (Some(cost), Some(half)) => format!(" {} ({:.2}) |", grouped(cost as f64), cost as f64 / half as f64),
                (Some(cost), None) => format!(" {} |", grouped(cost as f64)),
                (None, _) => " |".to_owned(),
            }
        });
        println!("| {} |{}", grown.row, cells.collect::<String>());
    }
    println!();
}

fn print_tables(payloads: &[Payload], figures: &Figures) {
    let bytes =
        |name: &str| payloads.iter().find(|payload| payload.name == name).map_or(0, |payload| payload.body.len());
    let titles = COLUMNS.map(|name| format!(" {}, {} B |", label(name), grouped(bytes(name) as f64)));
    println!("| instructions an operation |{}", titles.concat());
    println!("| --- |{}", " ---: |".repeat(COLUMNS.len()));
    for (name, row) in ROWS {
        let cells = COLUMNS.map(|payload| format!(" {} |", grouped(figures.row(payload, row))));
        println!("| {name} |{}", cells.concat());
    }
    println!("\n| two users with 1,000 attributes | changed | unchanged |\n| --- | ---: | ---: |");
    for payload in ["trusted_twin_1000", "elastic_1000"] {
        for (name, changed, same) in [
            ("`json_patch::diff`", Verb::PeerDiff, Verb::PeerDiffUnchanged),
            ("**diff**", Verb::Diff, Verb::DiffUnchanged),
        ] {
            let [changed, same] = [changed, same].map(|verb| grouped(figures.of(payload, verb)));
            println!("| {}, {name} | {changed} | {same} |", label(payload));
        }
    }
    println!("\n| **check** of 1,000 keys of 64 bytes | instructions |\n| --- | ---: |");
    for payload in ["keys_random", "keys_prefixed", "keys_sorted", "keys_reversed"] {
        println!("| {} | {} |", payload.trim_start_matches("keys_"), grouped(figures.of(payload, Verb::Check)));
    }
    println!();
}

/// A payload's name for people.
fn label(payload: &str) -> String {
    match payload.rsplit_once('_') {
        Some((vendor, keys)) => format!("{}, {} keys", vendor.replace('_', " "), grouped(keys.parse().unwrap())),
        None => payload.to_owned(),
    }
}

/// A whole number with a comma before every three digits.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

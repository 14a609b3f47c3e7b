//! Counting instructions: this program runs itself under valgrind.

use std::{
    collections::BTreeMap,
    env,
    hint::black_box,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::operations::{FULL, Payload, Verb};

const FLAG: &str = "--run";
/// What happens only the first time, such as compiling a pattern, is over after these.
const FEW: u32 = 2;

/// One operation, to be done a number of times and nothing else.
pub(crate) struct Run {
    payload: String,
    verb: Verb,
    times: u32,
}

impl Run {
    pub(crate) fn asked_for(arguments: &[String]) -> Option<Self> {
        let [flag, payload, verb, times] = arguments else { return None };
        let verb = FULL.iter().find(|known| format!("{known:?}") == *verb)?;
        (flag == FLAG).then_some(Self { payload: payload.clone(), verb: *verb, times: times.parse().ok()? })
    }

    pub(crate) fn perform(&self) {
        let operation = Payload::named(&self.payload).operation(self.verb);
        for _ in 0..black_box(self.times) {
            (operation.run)();
        }
    }

    /// The instructions of a process that does this.
    fn count(&self) -> Result<u64, String> {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(env::current_exe().map_err(|wrong| wrong.to_string())?)
            .args([FLAG, &self.payload, &format!("{:?}", self.verb), &self.times.to_string()])
            .output()
            .map_err(|wrong| format!("instructions are counted by valgrind (Debian: apt install valgrind): {wrong}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let total = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
        total.filter(|_| output.status.success()).ok_or_else(|| format!("valgrind counted nothing:\n{said}"))
    }
}

/// What each operation of each payload costs.
pub(crate) fn count(payloads: &[Payload]) -> Result<BTreeMap<(&'static str, Verb), f64>, String> {
    let tasks: Vec<_> = payloads
        .iter()
        .flat_map(|payload| payload.verbs.iter().map(|&verb| (payload.name, verb, repetitions(payload, verb))))
        .collect();
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut counted = Vec::new();
        while let Some(&(payload, verb, more)) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let run = |times| Run { payload: payload.to_owned(), verb, times }.count();
            let (few, many) = (run(FEW)?, run(FEW + more)?);
            counted.push(((payload, verb), (many as f64 - few as f64) / f64::from(more)));
        }
        Ok(counted)
    };
    let counted: Result<Vec<_>, String> = thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    Ok(counted?.into_iter().flatten().collect())
}

/// How often an operation is repeated: the cheaper the oftener. Always as often, as an allocator's pace depends on it.
fn repetitions(payload: &Payload, verb: Verb) -> u32 {
    let bytes = match verb {
        Verb::RefusalWritten | Verb::Clone | Verb::DiffUnchanged => 150,
        _ => payload.body.len(),
    };
    u32::try_from(60_000 / bytes).unwrap_or(0).max(8)
}

//! How each verb grows: its instructions for twice the members.
//!
//! One process under callgrind does many rows. What is counted is [`metered`] alone, and each of its calls is written out by
//! itself, so that neither the texts nor what a verb only reads are counted, and no process has to be run for one figure.

use std::{
    array, env, fs,
    hint::black_box,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::Mutex,
    thread,
};

use crate::growth::{
    Row, Texts,
    verbs::{Meter, perform},
};

/// Twice the members may cost this many times as much.
pub(crate) const LIMIT: f64 = 2.30;
/// From one size to the next that is twice as large. At the first two it shows for little what is far from linear.
pub(crate) const SIZES: [usize; 5] = [250, 500, 1_000, 2_000, 4_000];
/// A size at which everything is cheap.
const FEW: usize = 100;
/// What no copy of a text explains.
const FAR: f64 = 3.0;
const FLAG: &str = "--growth-run";
/// The function whose calls are counted, and the one after which a count is written, as callgrind finds them among the
/// symbols.
const METERED: &str = "*counted_growth::metered";
const END: &str = "*counted_growth::end_of_metered";

/// A row, and what it costs at each size. A size at which it is not made, or before which it was too dear, has none.
pub(crate) struct Grown {
    pub row: Row,
    pub costs: Vec<Option<u64>>,
}

impl Grown {
    /// The largest growth for twice the members. Where a text outgrows its vendor, a copy of it makes one step larger and the
    /// next one smaller, so what is over the limit and not far is judged together with the step after it.
    pub(crate) fn ratio(&self) -> f64 {
        let ratios: Vec<_> = self.ratios().map_while(|ratio| ratio).collect();
        let judged = ratios.iter().enumerate().map(|(at, &ratio)| match ratios.get(at + 1) {
            Some(next) if ratio > LIMIT && ratio <= FAR => (ratio * next).sqrt(),
            _ => ratio,
        });
        judged.fold(0.0, f64::max)
    }

    /// The growth from each size to the next, where both were counted.
    pub(crate) fn ratios(&self) -> impl Iterator<Item = Option<f64>> {
        self.costs.windows(2).map(|costs| match costs {
            [Some(small), Some(large)] => Some(*large as f64 / *small as f64),
            _ => None,
        })
    }

    /// Whether the last step is over the limit, and may be made up for by the next.
    fn is_open(&self) -> bool {
        self.ratios().last().flatten().is_some_and(|ratio| ratio > LIMIT && ratio <= FAR)
    }
}

/// Where the arguments ask for it: does the rows that come on standard input with their texts, which take longer to be made
/// under callgrind than all that is counted.
pub(crate) fn perform_asked(arguments: &[String]) -> bool {
    if arguments != [FLAG] {
        return false;
    }
    let mut input = io::stdin().lock();
    while let Some(row) = read(&mut input) {
        let row = Row::named(&row).unwrap();
        // What happens only the first time, such as compiling a pattern, is over after a few members.
        let few = verify(row);
        let [user, body, next, after, theirs, mask, context] = array::from_fn(|_| read(&mut input).unwrap());
        run(row, &Texts { user, body, next, after, theirs, mask, context, ..few }, &mut |work| {
            settle_allocator();
            metered(work);
        });
    }
    true
}

/// A text up to its zero byte, which no text has inside.
fn read(input: &mut impl BufRead) -> Option<String> {
    let mut text = Vec::new();
    input.read_until(0, &mut text).unwrap();
    text.pop().map(|_| String::from_utf8(text).unwrap())
}

/// Writes what [`perform_asked`] reads.
fn write(output: &mut impl Write, row: Row, texts: &Texts) -> io::Result<()> {
    let Texts { user, body, next, after, theirs, mask, context, .. } = texts;
    for text in [&row.to_string(), user, body, next, after, theirs, mask, context] {
        output.write_all(text.as_bytes())?;
        output.write_all(&[0])?;
    }
    Ok(())
}

/// Does a row with few members, without counting. Gives the texts.
pub(crate) fn verify(row: Row) -> Texts {
    let texts = row.shape.texts(FEW).unwrap();
    run(row, &texts, &mut |work| work());
    texts
}

/// Does a row, and panics where it ends in another way than it should.
fn run(row: Row, texts: &Texts, meter: Meter<'_>) {
    let verdict = perform(row.verb, texts, meter);
    let expected = texts.expected(row.verb);
    assert!(expected.is_none_or(|expected| expected == verdict), "{row}: {verdict:?}, not {expected:?}");
}

/// An allocator puts the pieces together that were freed before, when it is asked for a large one: not in what is counted.
pub(crate) fn settle_allocator() {
    for bytes in [4 * 1024, 64 * 1024] {
        drop(black_box(Vec::<u8>::with_capacity(bytes)));
    }
}

#[inline(never)]
pub(crate) fn metered(work: &mut dyn FnMut()) {
    black_box(work)();
    end_of_metered();
}

/// Callgrind writes down what it has counted only where it is still counting.
#[inline(never)]
fn end_of_metered() {
    black_box(());
}

/// Counts each row at each of the sizes, of which each is twice the one before, and where a row ends with a step that is not
/// judged yet, at one more. A row that has missed the limit is not counted at a larger size: what is not linear takes its
/// time.
pub(crate) fn count(rows: &[Row], sizes: &[usize]) -> Result<Vec<Grown>, String> {
    let mut grown: Vec<_> = rows.iter().map(|&row| Grown { row, costs: Vec::new() }).collect();
    let one_more = sizes.last().map(|largest| largest * 2);
    for n in sizes.iter().copied().chain(one_more) {
        let is_counted = |grown: &Grown| {
            let is_asked = grown.is_open() || (grown.ratio() <= LIMIT && Some(n) != one_more);
            is_asked && grown.row.shape.texts(n).is_some()
        };
        let counted: Vec<_> = (0..grown.len()).filter(|&at| is_counted(&grown[at])).collect();
        // Dealt out in turn: what is dear stands together.
        let workers = workers();
        let parts = (0..workers).map(|first| counted.iter().copied().skip(first).step_by(workers).collect::<Vec<_>>());
        let costs = Mutex::new(vec![None; grown.len()]);
        thread::scope(|scope| {
            let (grown, costs) = (&grown, &costs);
            let workers: Vec<_> = parts
                .enumerate()
                .map(|(worker, part)| {
                    scope.spawn(move || {
                        let rows: Vec<_> = part.iter().map(|&at| grown[at].row).collect();
                        for (at, cost) in part.into_iter().zip(count_in_one_process(&rows, n, worker)?) {
                            costs.lock().unwrap()[at] = Some(cost);
                        }
                        Ok::<_, String>(())
                    })
                })
                .collect();
            workers.into_iter().try_for_each(|worker| worker.join().unwrap())
        })?;
        for (grown, cost) in grown.iter_mut().zip(costs.into_inner().unwrap()) {
            grown.costs.push(cost);
        }
    }
    Ok(grown)
}

/// The instructions of each row, in the order of the rows.
fn count_in_one_process(rows: &[Row], n: usize, worker: usize) -> Result<Vec<u64>, String> {
    count_parts(&[FLAG.to_owned()], rows.len(), &format!("growth-{worker}"), |mut input| {
        // A process that has ended early is told of below.
        let _ = rows.iter().try_for_each(|&row| write(&mut input, row, &row.shape.texts(n).unwrap()));
    })
}

/// How many processes count beside each other.
pub(crate) fn workers() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Runs this program under callgrind. Gives the instructions of each call of [`metered`], of which there are so many.
pub(crate) fn count_parts(
    arguments: &[String],
    parts: usize,
    name: &str,
    feed: impl FnOnce(process::ChildStdin),
) -> Result<Vec<u64>, String> {
    let folder = Folder::new(name)?;
    let out = folder.0.join("out");
    let mut child = Command::new("valgrind")
        // From some length on glibc copies by one instruction, which callgrind counts once for each byte: a step of twelve
        // times in what is otherwise even.
        .env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-ERMS,-FSRM")
        .args(["--tool=callgrind", "--dump-line=no"])
        .arg(format!("--toggle-collect={METERED}"))
        .arg(format!("--dump-after={END}"))
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(env::current_exe().map_err(|wrong| wrong.to_string())?)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|wrong| format!("instructions are counted by valgrind (Debian: apt install valgrind): {wrong}"))?;
    feed(child.stdin.take().unwrap());
    let output = child.wait_with_output().map_err(|wrong| wrong.to_string())?;
    let costs: Option<Vec<_>> = (1..=parts).map(|part| total(&out.with_extension(part.to_string()))).collect();
    costs.filter(|_| output.status.success()).ok_or_else(|| {
        format!("valgrind did not count each of {parts} parts:\n{}", String::from_utf8_lossy(&output.stderr))
    })
}

/// The instructions that one part of callgrind's output has.
fn total(part: &Path) -> Option<u64> {
    let text = fs::read_to_string(part).ok()?;
    text.lines().rev().find_map(|line| line.strip_prefix("totals:")?.trim().parse().ok())
}

/// A folder that is there as long as this is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self, String> {
        let path = env::temp_dir().join(format!("user-patch-{}-{name}", process::id()));
        fs::create_dir_all(&path).map_err(|wrong| format!("{}: {wrong}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left there harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

//! The pipe: a thread that reads lines, workers that answer them, the caller's thread that writes the answers in order.
//!
//! Lines travel in blocks. Block n goes to worker n modulo their number, and its answers are taken from there, so that the
//! order keeps itself. Each worker has a bounded queue on either side: what is in memory does not depend on how many lines
//! there are.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Write},
    num::NonZero,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use crate::{
    failure::Failure,
    progress::Progress,
    reply::Outcome,
    request::{Answer, Verdict, answer},
};

/// How many blocks, and how many blocks of answers, wait at one worker.
const WAITING: usize = 4;

/// The length in bytes from which on a block takes no further line.
const BLOCK: usize = 16 * 1024;

/// Lines that were there to be read at the same time.
struct Block {
    /// The number of the first line, from 1.
    first: u64,
    bytes: Vec<u8>,
}

/// The answers to a block, each with its line end.
#[derive(Default)]
struct Answers {
    text: String,
    counts: Counts,
}

/// How many lines there were, and what came of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub lines: u64,
    pub refused: u64,
    /// Lines that are not requests.
    pub errors: u64,
}

/// Answers every line. `Refused` where one was not a request.
pub fn run(jobs: Option<u16>) -> Result<Outcome, Failure> {
    let jobs = jobs.map(usize::from).or_else(|| thread::available_parallelism().ok().map(NonZero::get)).unwrap_or(1);
    // The threads are not scoped: where standard output is closed, nobody waits for a reader that waits for a line.
    let workers: io::Result<Vec<_>> = (0..jobs).map(|_| worker()).collect();
    let (blocks, answers): (Vec<_>, Vec<_>) = workers.map_err(|wrong| no_thread(&wrong))?.into_iter().unzip();
    let reader = thread::Builder::new().spawn(move || read(&blocks)).map_err(|wrong| no_thread(&wrong))?;

    let mut counts = Counts::default();
    match write(&answers, &mut counts) {
        Ok(()) => match reader.join() {
            Ok(Ok(lines)) if lines == counts.lines => Ok(counts.outcome()),
            Ok(Err(wrong)) => Err(Failure::new(format!("standard input: cannot be read: {wrong}"))),
            _ => Err(Failure::new("a worker has stopped, and lines are unanswered")),
        },
        // Nobody listens any more.
        Err(wrong) if wrong.kind() == ErrorKind::BrokenPipe => Ok(counts.outcome()),
        Err(wrong) => Err(Failure::output(&wrong)),
    }
}

fn no_thread(wrong: &io::Error) -> Failure {
    Failure::new(format!("cannot start a thread, try fewer with --jobs: {wrong}"))
}

/// Starts a worker, which ends when its blocks do.
fn worker() -> io::Result<(SyncSender<Block>, Receiver<Answers>)> {
    let (block_in, blocks) = sync_channel::<Block>(WAITING);
    let (answers_in, answers) = sync_channel(WAITING);
    thread::Builder::new().spawn(move || {
        for block in blocks {
            if answers_in.send(block.answers()).is_err() {
                break;
            }
        }
    })?;
    Ok((block_in, answers))
}

/// Reads lines until there are no more. Gives their number.
fn read(workers: &[SyncSender<Block>]) -> io::Result<u64> {
    let mut input = BufReader::with_capacity(4 * BLOCK, io::stdin().lock());
    let mut lines = 0;
    for worker in workers.iter().cycle() {
        let (first, mut bytes) = (lines + 1, Vec::new());
        // One line, and with it those that are here already: no line waits for another.
        while input.read_until(b'\n', &mut bytes)? > 0 {
            lines += 1;
            if bytes.len() >= BLOCK || !input.buffer().contains(&b'\n') {
                break;
            }
        }
        if bytes.is_empty() || worker.send(Block { first, bytes }).is_err() {
            break;
        }
    }
    Ok(lines)
}

/// Writes the answers in the order of their lines, each block as soon as it is there.
fn write(workers: &[Receiver<Answers>], counts: &mut Counts) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let progress = Progress::start();
    for worker in workers.iter().cycle() {
        let Ok(answers) = worker.recv() else { break };
        counts.add(answers.counts);
        progress.around(|| out.write_all(answers.text.as_bytes()).and_then(|()| out.flush()))?;
        progress.show(*counts);
    }
    Ok(())
}

impl Block {
    fn answers(&self) -> Answers {
        let mut answers = Answers::default();
        for (number, line) in (self.first..).zip(self.bytes.split_inclusive(|&byte| byte == b'\n')) {
            answers.add(answer(number, line.strip_suffix(b"\n").unwrap_or(line)));
        }
        answers
    }
}

impl Answers {
    fn add(&mut self, Answer { line, verdict }: Answer) {
        self.text.push_str(&line);
        self.text.push('\n');
        self.counts.add(Counts {
            lines: 1,
            refused: u64::from(verdict == Verdict::Refused),
            errors: u64::from(verdict == Verdict::Error),
        });
    }
}

impl Counts {
    fn add(&mut self, more: Self) {
        self.lines += more.lines;
        self.refused += more.refused;
        self.errors += more.errors;
    }

    fn outcome(self) -> Outcome {
        if self.errors == 0 { Outcome::Accepted } else { Outcome::Refused }
    }
}

//! The pipe: a thread that reads lines, workers that answer them, the caller's thread that writes the answers in order.
//!
//! Lines travel in blocks. Block n goes to worker n modulo their number, and its answers are taken from there, so that the
//! order keeps itself. Each worker has a bounded queue on either side, and no line is kept beyond its limit: what is in memory
//! does not depend on how many lines there are, nor on whether one ever ends.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Write},
    num::NonZero,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use memchr::memchr;
use user_patch::exchange::{self, Answer, Verdict};

use crate::{
    args::Batch,
    failure::Failure,
    progress::{Counts, Progress},
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
    /// Where each line ends, behind its line feed.
    ends: Vec<usize>,
    /// The limit that the next line is longer than, where the block ends for that. Nothing of that line is in `bytes`.
    too_long: Option<u32>,
}

/// The answers to a block, each with its line end.
#[derive(Default)]
struct Answers {
    text: String,
    counts: Counts,
}

/// Answers every line. `Refused` where one was not a request.
pub(crate) fn run(&Batch { jobs, max_line }: &Batch) -> Result<Verdict, Failure> {
    let jobs = jobs.map(usize::from).or_else(|| thread::available_parallelism().ok().map(NonZero::get)).unwrap_or(1);
    // The threads are not scoped: where standard output is closed, nobody waits for a reader that waits for a line.
    let workers: io::Result<Vec<_>> = (0..jobs).map(|_| worker()).collect();
    let (blocks, answers): (Vec<_>, Vec<_>) = workers.map_err(|wrong| no_thread(&wrong))?.into_iter().unzip();
    let reader = thread::Builder::new().spawn(move || read(&blocks, max_line)).map_err(|wrong| no_thread(&wrong))?;

    let mut counts = Counts::default();
    match write(&answers, &mut counts) {
        Ok(()) => match reader.join() {
            Ok(Ok(lines)) if lines == counts.lines => Ok(counts.verdict()),
            Ok(Err(wrong)) => Err(Failure::new(format!("standard input: cannot be read: {wrong}"))),
            _ => Err(Failure::new("a worker has stopped, and lines are unanswered")),
        },
        // Nobody listens any more.
        Err(wrong) if wrong.kind() == ErrorKind::BrokenPipe => Ok(counts.verdict()),
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
fn read(workers: &[SyncSender<Block>], max_line: u32) -> io::Result<u64> {
    let mut input = BufReader::with_capacity(4 * BLOCK, io::stdin().lock());
    let mut lines = 0;
    for worker in workers.iter().cycle() {
        let mut block = Block { first: lines + 1, bytes: Vec::new(), ends: Vec::new(), too_long: None };
        let mut rest = false;
        // One line, and with it those that are here already: no line waits for another.
        loop {
            match read_line(&mut input, max_line, &mut block.bytes)? {
                Line::None => break,
                Line::Read => {
                    lines += 1;
                    block.ends.push(block.bytes.len());
                }
                Line::TooLong { ended } => {
                    lines += 1;
                    block.too_long = Some(max_line);
                    rest = !ended;
                    break;
                }
            }
            if block.bytes.len() >= BLOCK || memchr(b'\n', input.buffer()).is_none() {
                break;
            }
        }
        if (block.bytes.is_empty() && block.too_long.is_none()) || worker.send(block).is_err() {
            break;
        }
        // Only now, for the rest may never end, and the answer does not depend on it.
        if rest {
            input.skip_until(b'\n')?;
        }
    }
    Ok(lines)
}

/// What came of reading a line.
enum Line {
    /// There is no further one.
    None,
    /// It was added, with its end.
    Read,
    /// Nothing was added. Unless the line has `ended`, its rest is still to come.
    TooLong { ended: bool },
}

/// Reads a line of at most `limit` bytes, not counting its end, which is a line feed with or without a carriage return.
fn read_line(input: &mut impl BufRead, limit: u32, bytes: &mut Vec<u8>) -> io::Result<Line> {
    let begin = bytes.len();
    // With its end, what is not too long fits into this; what fills it without an end is.
    let most = begin.saturating_add(limit as usize).saturating_add(2);
    loop {
        let here = match input.fill_buf() {
            Err(wrong) if wrong.kind() == ErrorKind::Interrupted => continue,
            here => here?,
        };
        let here = here.get(..most - bytes.len()).unwrap_or(here);
        let end = memchr(b'\n', here).map(|at| at + 1);
        let taken = here.get(..end.unwrap_or(here.len())).unwrap_or_default();
        bytes.extend_from_slice(taken);
        let (taken, is_over) = (taken.len(), taken.is_empty());
        input.consume(taken);
        if end.is_some() || is_over {
            break;
        }
    }
    if bytes.len() == begin {
        return Ok(Line::None);
    }
    let line = bytes.get(begin..).unwrap_or_default();
    let without_end = line.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    if u32::try_from(without_end.unwrap_or(line).len()).is_ok_and(|length| length <= limit) {
        return Ok(Line::Read);
    }
    let ended = without_end.is_some();
    bytes.truncate(begin);
    bytes.shrink_to_fit();
    Ok(Line::TooLong { ended })
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
        let mut numbers = self.first..;
        let mut begin = 0;
        for (&end, number) in self.ends.iter().zip(&mut numbers) {
            // Were it elsewhere, the lines that are unanswered would be told.
            let Some(line) = self.bytes.get(begin..end) else { break };
            answers.add(exchange::answer(number, line.strip_suffix(b"\n").unwrap_or(line)));
            begin = end;
        }
        if let (Some(limit), Some(number)) = (self.too_long, numbers.next()) {
            let error = format!("the line is longer than {limit} bytes, which is all that --max-line lets in");
            answers.add(exchange::error("null", &error, number));
        }
        answers
    }
}

impl Answers {
    fn add(&mut self, answer: Answer) {
        let Answer { line, verdict, .. } = answer;
        self.text.push_str(&line);
        self.text.push('\n');
        self.counts.add(Counts {
            lines: 1,
            refused: u64::from(verdict == Verdict::Refused),
            errors: u64::from(verdict == Verdict::Error),
        });
    }
}

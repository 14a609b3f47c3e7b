//! How far a batch is, on a terminal and nowhere else.

use std::{
    fmt,
    io::{IsTerminal, stderr, stdout},
};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use user_patch::exchange::Verdict;

/// How many lines there were, and what came of them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub lines: u64,
    pub refused: u64,
    /// Lines that are not requests.
    pub errors: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, more: Self) {
        self.lines += more.lines;
        self.refused += more.refused;
        self.errors += more.errors;
    }

    pub(crate) fn verdict(self) -> Verdict {
        if self.errors == 0 { Verdict::Accepted } else { Verdict::Refused }
    }
}

/// Lines, their rate, and how many were refused.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    /// Whether the replies go to a terminal too, where they must not be written into the bar.
    shared: bool,
}

impl Progress {
    /// Shows itself where standard error is a terminal.
    pub(crate) fn start() -> Self {
        let bar = stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {pos} lines, {rate} a second, {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner())
                .with_key("rate", |state: &ProgressState, out: &mut dyn fmt::Write| {
                    // A rate that cannot be shown is not worth ending a batch for.
                    let _ = write!(out, "{:.0}", state.per_sec());
                });
            ProgressBar::no_length().with_style(style)
        });
        Self { bar, shared: stdout().is_terminal() }
    }

    pub(crate) fn show(&self, Counts { lines, refused, errors }: Counts) {
        if let Some(bar) = &self.bar {
            bar.set_message(match errors {
                0 => format!("{refused} refused"),
                _ => format!("{refused} refused, {errors} not a request"),
            });
            bar.set_position(lines);
        }
    }

    /// Does something that may write to standard output.
    pub(crate) fn around<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) if self.shared => bar.suspend(write),
            _ => write(),
        }
    }
}

/// The last state stays on the terminal.
impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.abandon();
        }
    }
}

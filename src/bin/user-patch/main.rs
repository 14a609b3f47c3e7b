//! `user-patch`: the rooms of the library for a person at a shell, a test in another language, a pipe inside an engine.
//!
//! A thin caller: it reads texts, hands them to a room, writes down what the room decides. JSON goes to standard output,
//! words go to standard error, and no message holds a value of what was read.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod args;
mod batch;
mod difference;
mod failure;
mod input;
mod progress;
mod reply;
mod request;
mod rooms;
mod rules;
mod unfit;
mod vendor;
mod words;

use std::process::ExitCode;

use args::{Args, Check, Command, Diff, Update};
use clap::Parser;
use failure::{Failure, print};
use input::{PairInput, UpdateInput};
use reply::{Decision, Outcome};

fn main() -> ExitCode {
    match run(Args::parse().command) {
        Ok(Outcome::Accepted) => ExitCode::SUCCESS,
        Ok(Outcome::Refused) => ExitCode::from(1),
        Err(failure) => {
            failure.tell();
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<Outcome, Failure> {
    match command {
        Command::Apply(args) => apply(&args),
        Command::Check(args) => check(&args),
        Command::Diff(args) => diff(&args),
        Command::Audit(args) => audit(&args),
        Command::Rules(args) => rules::list(args.vendor, args.json).map(|()| Outcome::Accepted),
        Command::Batch(args) => batch::run(args.jobs),
    }
}

fn apply(args: &Update) -> Result<Outcome, Failure> {
    let input = UpdateInput::read(args)?;
    let decision = args.vendor.apply(&input.update()).map_err(|unfit| input.failure(&unfit))?;
    reply(&decision)
}

fn check(args: &Check) -> Result<Outcome, Failure> {
    let input = UpdateInput::read(&args.update)?;
    let decision = args.update.vendor.check(&input.update()).map_err(|unfit| input.failure(&unfit))?;
    if args.json {
        return reply(&decision);
    }
    words::tell(&decision);
    Ok(decision.outcome())
}

fn audit(args: &Update) -> Result<Outcome, Failure> {
    let input = UpdateInput::read(args)?;
    match args.vendor.audit(&input.update()).map_err(|unfit| input.failure(&unfit))? {
        Ok(patch) => print(&format!("{patch}\n")).map(|()| Outcome::Accepted),
        Err(refused) => reply(&refused),
    }
}

fn diff(args: &Diff) -> Result<Outcome, Failure> {
    let input = PairInput::read(args)?;
    let difference = args.vendor.diff(&input.pair()).map_err(|unfit| input.failure(&unfit))?;
    print(&format!("{}\n", difference.line("null")))?;
    Ok(difference.outcome())
}

fn reply(decision: &Decision) -> Result<Outcome, Failure> {
    print(&format!("{}\n", decision.line("null")))?;
    Ok(decision.outcome())
}

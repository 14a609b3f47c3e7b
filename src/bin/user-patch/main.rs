//! `user-patch`: the library for a person at a shell, a test in another language, a pipe inside an engine.
//!
//! It reads texts, asks the library, writes down what it decides. JSON goes to standard output, words go to standard error,
//! and no message holds a value of what was read.

mod args;
mod batch;
mod failure;
mod input;
mod progress;
mod rules;
#[cfg(feature = "serve")]
mod serve;
mod words;

use std::{io::stdout, process::ExitCode};

use args::{Args, Audit, Check, Command};
use clap::Parser;
use failure::{Failure, print};
use input::{PairInput, UpdateInput};
use user_patch::{
    exchange::{Decision, Question, Verdict},
    vendor::Vendor,
};
use words::Palette;

fn main() -> ExitCode {
    match run(Args::parse().command) {
        Ok(Verdict::Accepted) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(failure) => {
            failure.tell();
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<Verdict, Failure> {
    match command {
        Command::Apply(args) => {
            let input = UpdateInput::read(&args)?;
            let decision = ask(&Question::Apply(input.update()), args.vendor, &|wrong| input.failure(wrong))?;
            print(&format!("{}\n", decision.line("null")))?;
            Ok(decision.verdict())
        }
        Command::Check(args) => check(&args),
        Command::Audit(args) => audit(&args),
        Command::Diff(args) => {
            let input = PairInput::read(&args)?;
            let decision = ask(&Question::Diff(input.pair()), args.vendor, &|wrong| input.failure(wrong))?;
            print(&format!("{}\n", decision.line("null")))?;
            Ok(decision.verdict())
        }
        Command::Rules(args) => rules::list(args.vendor, args.json).map(|()| Verdict::Accepted),
        Command::Batch(args) => batch::run(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(&args).map(|()| Verdict::Accepted),
    }
}

fn check(args: &Check) -> Result<Verdict, Failure> {
    let input = UpdateInput::read(&args.update)?;
    let decision = ask(&Question::Check(input.update()), args.update.vendor, &|wrong| input.failure(wrong))?;
    if args.json {
        print(&format!("{}\n", decision.line("null")))?;
    } else {
        words::tell(&decision);
    }
    Ok(decision.verdict())
}

fn audit(args: &Audit) -> Result<Verdict, Failure> {
    let input = UpdateInput::read(&args.update)?;
    let decision = ask(&Question::Audit(input.update()), args.update.vendor, &|wrong| input.failure(wrong))?;
    match &decision {
        Decision::Audited { audit, changed } if args.human => {
            print(&words::changes(&audit.changes().with_unshown(changed), &Palette::of(&stdout())))?;
        }
        Decision::Audited { audit, .. } => print(&format!("{audit}\n"))?,
        refused if args.human => words::tell(refused),
        refused => print(&format!("{}\n", refused.line("null")))?,
    }
    Ok(decision.verdict())
}

fn ask(
    question: &Question<'_>,
    vendor: Vendor,
    failure: &dyn Fn(&user_patch::exchange::InvalidPart) -> Failure,
) -> Result<Decision, Failure> {
    question.ask(vendor).map_err(|wrong| failure(&wrong))
}

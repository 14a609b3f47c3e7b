//! Decisions in words, for a person at a terminal.

use std::{
    env,
    io::{IsTerminal, Write, stderr},
};

use clap::builder::styling::{AnsiColor, Style};

use user_patch::{
    exchange::{Decision, Verdict},
    report::{Basis, Change, Changes, Finding, Rule},
};

/// The styles of a stream: plain unless it is a terminal.
pub(crate) struct Palette {
    styled: bool,
}

impl Palette {
    pub(crate) fn of(stream: &impl IsTerminal) -> Self {
        let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { styled: stream.is_terminal() && !unwanted }
    }

    pub(crate) fn strong(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    pub(crate) fn faint(&self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    fn verdict(&self, verdict: Verdict, text: &str) -> String {
        let color = if verdict == Verdict::Accepted { AnsiColor::Green } else { AnsiColor::Red };
        self.paint(color.on_default().bold(), text)
    }

    fn change(&self, change: &Change) -> String {
        let color = match change {
            Change::Added { .. } => AnsiColor::Green,
            Change::Removed { .. } => AnsiColor::Red,
            _ => AnsiColor::Yellow,
        };
        self.paint(color.on_default(), &change.to_string())
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.styled { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// What an update changes, a line a member.
pub(crate) fn changes(changes: &Changes, palette: &Palette) -> String {
    match changes.is_empty() {
        true => "nothing changes\n".to_owned(),
        false => changes.iter().map(|change| palette.change(change) + "\n").collect(),
    }
}

/// Says on standard error whether an update is accepted, and by which rules.
pub(crate) fn tell(decision: &Decision) {
    let palette = Palette::of(&stderr());
    let (findings, omitted, verdict): (Vec<_>, _, _) = match decision {
        Decision::Allowed { notices } => {
            let found = count(notices.len() + notices.omitted(), "notice");
            (notices.iter().collect(), notices.omitted(), format!("accepted{found}"))
        }
        Decision::Refused { reply, violations, omitted } => {
            let found = count(violations.len() + omitted, "violation");
            (violations.iter().collect(), *omitted, format!("refused with status {}{found}", reply.status))
        }
        other => (Vec::new(), 0, other.line("null")),
    };
    let mut text = palette.verdict(decision.verdict(), &verdict);
    text.push('\n');
    for finding in findings {
        text.push_str(&paragraph(finding, &palette));
    }
    if omitted > 0 {
        text.push_str(&format!("\nand {omitted} more\n"));
    }
    // Where standard error is closed there is nobody left to tell.
    drop(stderr().write_all(text.as_bytes()));
}

fn count(number: usize, noun: &str) -> String {
    match number {
        0 => String::new(),
        1 => format!(", 1 {noun}"),
        _ => format!(", {number} {noun}s"),
    }
}

fn paragraph(finding: &Finding, palette: &Palette) -> String {
    let place = match finding.pointer().as_str() {
        "" => "the whole body".to_owned(),
        _ => finding.pointer().to_string(),
    };
    let rule = finding.rule();
    let (heading, basis) = (palette.strong(rule.id), palette.faint(&basis(rule)));
    format!("\n{heading} at {place}\n  {}\n  {basis}\n", finding.message())
}

/// What a rule rests on: the basis, the page, and the quotation, the reference or the reason.
pub(crate) fn basis(rule: &Rule) -> String {
    let words = match rule.basis {
        Basis::Stated { quote } => format!("\"{quote}\""),
        other => other.words().to_owned(),
    };
    format!("{} ({}): {words}", rule.basis.name(), rule.page)
}

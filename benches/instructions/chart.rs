//! What the README and `docs` show of a run: the table of shares, and `ratios.svg`, the same as a chart.

use std::fmt::Write;

use super::{COLUMNS, Figures, label};
use crate::operations::Verb;

const WIDTH: f64 = 760.0;
/// Where the bars begin, right of their names.
const LEFT: f64 = 264.0;
/// How long the longest is, which leaves room for its number.
const LONGEST: f64 = WIDTH - LEFT - 48.0;
const BAR: f64 = 12.0;
const STEP: f64 = 18.0;
const GROUP: f64 = 28.0;
const TOP: f64 = 58.0;

/// Every colour is of middle lightness, which stands out from white and from near black alike: whoever shows the chart need
/// not know on which it stands.
const STYLE: &str = "\
text{font:12px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#757d87}\
.head{font-weight:600}\
.ours{fill:#1a9d78}\
.peer{fill:#8b949e}\
line{stroke:#8b949e;stroke-dasharray:3 3}";

const TITLE: &str = "Instructions, as a share of parsing the body into a serde_json::Value (1.00)";

/// A bar of the chart, or a cell of the table.
struct Share {
    is_ours: bool,
    name: &'static str,
    /// Of the instructions that `serde_json` takes to parse the body into a `Value`.
    of_parsing: f64,
}

fn shares(figures: &Figures) -> [(&'static str, [Share; 4]); COLUMNS.len()] {
    COLUMNS.map(|payload| {
        let share = |is_ours, name, cost| Share { is_ours, name, of_parsing: cost / figures.of(payload, Verb::Value) };
        let shares = [
            share(true, "check", figures.of(payload, Verb::Check)),
            share(false, "Value + jsonschema", figures.of(payload, Verb::Validated)),
            share(true, "update + reply", figures.update(payload)),
            share(false, "Value + jsonschema + merge + reply", figures.of(payload, Verb::AssembledReply)),
        ];
        (payload, shares)
    })
}

pub(crate) fn table(figures: &Figures) -> String {
    let shares = shares(figures);
    let mut out = String::from("| |");
    for (payload, _) in &shares {
        write!(out, " {} |", label(payload)).unwrap();
    }
    write!(out, "\n| --- |{}", " ---: |".repeat(COLUMNS.len())).unwrap();
    for row in 0..4 {
        let Share { is_ours, name, .. } = &shares[0].1[row];
        let emphasis = if *is_ours { "**" } else { "" };
        write!(out, "\n| {emphasis}{name}{emphasis} |").unwrap();
        for (_, shares) in &shares {
            write!(out, " {:.2} |", shares[row].of_parsing).unwrap();
        }
    }
    out
}

pub(crate) fn draw(figures: &Figures) -> String {
    let shares = shares(figures);
    let unit = LONGEST / shares.iter().flat_map(|(_, bars)| bars).map(|bar| bar.of_parsing).fold(1.0, f64::max);
    let mut out = String::new();
    let mut y = TOP;
    for (payload, bars) in shares {
        text(&mut out, "head", 12.0, y, "start", &label(payload));
        y += 8.0;
        for Share { is_ours, name, of_parsing: share } in bars {
            let (bar, words) = if is_ours { ("ours", "head") } else { ("peer", "body") };
            let (length, base) = ((share * unit).round(), y + BAR - 2.0);
            text(&mut out, words, LEFT - 8.0, base, "end", name);
            writeln!(out, r#"<rect class="{bar}" x="{LEFT}" y="{y}" width="{length}" height="{BAR}" rx="2"/>"#)
                .unwrap();
            text(&mut out, words, LEFT + length + 6.0, base, "start", &format!("{share:.2}"));
            y += STEP;
        }
        y += GROUP;
    }
    whole(TITLE, &out, y - 16.0, LEFT + unit.round())
}

const FAMILIES: &str = "Instructions, as a share of what the peer takes (1.00)";

/// A group of bars for each body: ours as a share of the peer.
pub(crate) fn draw_families(bodies: &[(String, [(&'static str, f64); 3])]) -> String {
    let (mut out, mut y) = (String::new(), TOP);
    for (body, bars) in bodies {
        text(&mut out, "head", 12.0, y, "start", body);
        y += 8.0;
        for (name, share) in bars {
            let (length, base) = ((share.min(1.0) * LONGEST).round(), y + BAR - 2.0);
            text(&mut out, "body", LEFT - 8.0, base, "end", name);
            writeln!(out, r#"<rect class="ours" x="{LEFT}" y="{y}" width="{length}" height="{BAR}" rx="2"/>"#).unwrap();
            text(&mut out, "head", LEFT + length + 6.0, base, "start", &format!("{share:.2}"));
            y += STEP;
        }
        y += GROUP;
    }
    whole(FAMILIES, &out, y - 16.0, LEFT + LONGEST)
}

/// The chart of what has been drawn, with a line at 1.00.
fn whole(title: &str, drawn: &str, height: f64, at_one: f64) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">
<title>{title}</title>
<style>{STYLE}</style>
<text class="head" x="12" y="20">{title}</text>
<line x1="{at_one}" y1="36" x2="{at_one}" y2="{}"/>
{drawn}</svg>
"#,
        height - 8.0
    )
}

fn text(out: &mut String, class: &str, x: f64, y: f64, anchor: &str, words: &str) {
    writeln!(out, r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>"#).unwrap();
}

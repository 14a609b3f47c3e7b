//! `ratios.svg`: the shares of the README's table, drawn from the figures of this run.

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

/// Colours of middle lightness stand out from white and from near black; text follows what the reader prefers.
const STYLE: &str = "\
text{font:12px system-ui,-apple-system,'Segoe UI',sans-serif}\
.head{font-weight:600;fill:#1f2328}\
.body{fill:#57606a}\
.ours{fill:#1a9d78}\
.peer{fill:#8b949e}\
line{stroke:#8b949e;stroke-dasharray:3 3}\
@media(prefers-color-scheme:dark){.head{fill:#e6edf3}.body{fill:#9da7b1}}";

const TITLE: &str = "Instructions, as a share of parsing the body into a serde_json::Value (1.00)";

pub fn draw(figures: &Figures) -> String {
    let shares = COLUMNS.map(|payload| {
        let share = |cost: f64| cost / figures.of(payload, Verb::Value);
        let bars = [
            (true, "check", share(figures.of(payload, Verb::Check))),
            (false, "Value + jsonschema", share(figures.of(payload, Verb::Validated))),
            (true, "update + reply", share(figures.update(payload))),
            (false, "Value + jsonschema + merge + reply", share(figures.of(payload, Verb::AssembledReply))),
        ];
        (payload, bars)
    });
    let unit = LONGEST / shares.iter().flat_map(|(_, bars)| bars).map(|(.., share)| *share).fold(1.0, f64::max);
    let mut out = String::new();
    let mut y = TOP;
    for (payload, bars) in shares {
        text(&mut out, "head", 12.0, y, "start", &label(payload));
        y += 8.0;
        for (ours, name, share) in bars {
            let (bar, words) = if ours { ("ours", "head") } else { ("peer", "body") };
            let (length, base) = ((share * unit).round(), y + BAR - 2.0);
            text(&mut out, words, LEFT - 8.0, base, "end", name);
            writeln!(out, r#"<rect class="{bar}" x="{LEFT}" y="{y}" width="{length}" height="{BAR}" rx="2"/>"#)
                .unwrap();
            text(&mut out, words, LEFT + length + 6.0, base, "start", &format!("{share:.2}"));
            y += STEP;
        }
        y += GROUP;
    }
    let (height, at_one) = (y - 16.0, LEFT + unit.round());
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">
<title>{TITLE}</title>
<style>{STYLE}</style>
<text class="head" x="12" y="20">{TITLE}</text>
<line x1="{at_one}" y1="36" x2="{at_one}" y2="{}"/>
{out}</svg>
"#,
        height - 8.0
    )
}

fn text(out: &mut String, class: &str, x: f64, y: f64, anchor: &str, words: &str) {
    writeln!(out, r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>"#).unwrap();
}

//! The report as Markdown, for a ticket or a pull request.

use super::clean::tame;
use super::punch::{because, how_often, proved, tier, what};
use super::text::verdict_in_words;
use crate::model::Summary;

/// The summary as Markdown: verdict, what it rests on, punch list, rates of the parts. Whatever would be markup is escaped.
pub fn markdown(summary: &Summary) -> String {
    let (word, sentence) = verdict_in_words(summary.verdict);
    let run = &summary.run;
    let mut lines = vec![format!("# {word}: {sentence}"), String::new()];
    lines.extend(summary.reasons.iter().map(|reason| format!("- {}", escaped(reason))));
    if !summary.rests_on.is_empty() {
        lines.extend([String::new(), format!("The verdict: {}.", escaped(&summary.rests_on))]);
    }
    let facts = format!(
        "run {}, {} on {}, seed {}, exit code {}",
        run.id, run.scenario, run.target, run.seed, summary.exit_code
    );
    lines.extend([String::new(), escaped(&facts), String::new(), "## Punch list".to_owned(), String::new()]);
    if summary.punch.is_empty() {
        lines.push("Nothing failed.".to_owned());
    }
    for of in &summary.punch {
        lines.push(format!("1. **{}** ({}), {} people", escaped(&what(of)), tier(of.tier), of.people));
        lines.push(format!("   - {}", escaped(&how_often(of))));
        lines.extend(of.causes.iter().map(|cause| format!("   - {}", escaped(&because(cause)))));
        lines.extend(of.silence.iter().map(|why| format!("   - {}", escaped(why))));
        lines.extend(of.proofs.iter().map(|proof| format!("   - {}", escaped(&proved(proof)))));
    }
    lines.extend(
        ["", "## Rates", "", "| by | of | not good | groups | share | interval |", "|---|---|--:|--:|--:|--:|"]
            .map(str::to_owned),
    );
    for of in summary.rates.iter().filter(|of| of.rate.trials > 0) {
        let share = of.rate.estimate.map_or_else(String::new, |share| format!("{:.2} %", share * 100.0));
        let interval = of.rate.widest.map(|ends| ends.map(|end| end * 100.0));
        let interval = interval.map_or_else(String::new, |[low, high]| format!("{low:.2}–{high:.2} %"));
        let (errors, trials) = (of.rate.errors, of.rate.trials);
        lines.push(format!("| {} | {} | {errors} | {trials} | {share} | {interval} |", of.by, escaped(&of.of)));
    }
    lines.join("\n") + "\n"
}

/// Text of others: no markup, no HTML, no cell's end.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in tame(text).chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => escaped.extend(['\\', letter]),
            _ => escaped.push(letter),
        }
    }
    escaped
}

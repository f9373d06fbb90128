//! The report as one page that needs nothing else: no network, no script, no other file. For a manager's minute and an engineer's day,
//! on a phone, in print and in the dark.

mod charts;
mod records;
mod tables;
mod timeline;

use super::clean::tame;
use super::punch::{because, how_often, proved, tier, what};
use super::text::verdict_in_words;
use crate::model::{ProbeSummary, PunchLine, Summary, Tier};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The page's style; there is nothing else that it loads.
pub const STYLE: &str = include_str!("page.css");
/// What a browser may do with it: draw. Nothing in it runs, whatever a name or an answer holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The summary as an HTML page. Every text of it is escaped, and what would steer the direction of writing is written out.
pub fn html(summary: &Summary) -> String {
    let (word, _) = verdict_in_words(summary.verdict);
    let run = &summary.run;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                title { (said(&format!("{word}: {} on {}", run.scenario, run.target))) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (parts(summary))
                footer { p class="faint" { "johndoe · everybody in this report is made up" } }
            }
        }
    };
    page.into_string()
}

/// What stands in the page, for one that has a frame of its own: the head with the verdict, and all sections.
pub fn parts(summary: &Summary) -> Markup {
    let (word, sentence) = verdict_in_words(summary.verdict);
    let run = &summary.run;
    html! {
        header {
            h1 { span class=(if summary.verdict.exit_code() == 0 { "good" } else { "bad" }) { (word) } ": " (sentence) }
            ul { @for reason in &summary.reasons { li { (said(reason)) } } }
            @if !summary.rests_on.is_empty() { p { "The verdict: " (said(&summary.rests_on)) "." } }
            p class="faint" {
                (said(&format!("run {} · {} on {} · seed {} · exit code {} · ", run.id, run.scenario, run.target, run.seed, summary.exit_code)))
                (run.started_at.format("%Y-%m-%d %H:%M:%SZ")) " to "
                @match run.finished_at { Some(at) => { (at.format("%Y-%m-%d %H:%M:%SZ")) }, None => { "not finished" } }
            }
        }
        main {
            (punch(summary))
            (charts::rate(summary))
            (charts::funnel(summary))
            (charts::arrivals(summary))
            (records::worst(summary))
            (tables::all(summary))
        }
    }
}

/// One household: when it was where, and expected beside found.
pub fn household(probe: &ProbeSummary) -> Markup {
    records::record(probe)
}

/// Text of others, in one line.
fn said(text: &str) -> String {
    tame(text).into_owned()
}

/// A share in per cent.
pub fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// The ends of an interval of shares.
pub fn interval([low, high]: [f64; 2]) -> String {
    format!("{:.2}–{:.2} %", low * 100.0, high * 100.0)
}

/// The punch list of a run.
pub fn punch(summary: &Summary) -> Markup {
    html! {
        section {
            h2 id="punch" { "Punch list" }
            @if summary.punch.is_empty() { p { "Nothing failed." } }
            ol class="punch" { @for line in &summary.punch { li { (one(line)) } } }
            @if !summary.punch.is_empty() && !summary.never_varied.is_empty() {
                p class="faint" { "Not exercised, because nobody differed in it: " (said(&summary.never_varied.join(", "))) "." }
            }
        }
    }
}

fn one(line: &PunchLine) -> Markup {
    let class = match line.tier {
        Tier::CoverageImpacting | Tier::Major => "bad",
        Tier::Watch => "watch",
        Tier::Inconsequential => "faint",
    };
    html! {
        strong { (said(&what(line).replace('`', ""))) } " "
        span class={"tier " (class)} { (tier(line.tier)) }
        br; (line.people) " people · " (said(&how_often(line)))
        @for cause in &line.causes { br; strong { (said(&because(cause))) } }
        @if let Some(why) = &line.silence { br; span class="faint" { (said(&why.replace('`', ""))) } }
        @for proof in &line.proofs { br; strong { (said(&proved(proof).replace('`', ""))) } }
    }
}

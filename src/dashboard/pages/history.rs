//! *History*: runs, the latest first, and how the rate went.

use super::chart::rates;
use super::frame::page;
use super::now::Listed;
use super::told::{left, link, moment, rate, verdict};
use crate::dashboard::Asked;
use crate::report::tame;
use chrono::{DateTime, Utc};
use maud::{Markup, html};

/// Which of the runs are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spread {
    /// Only those of this scenario.
    pub scenario: Option<String>,
    /// Only those at this target.
    pub target: Option<String>,
    /// So many are passed over.
    pub from: usize,
    /// So many there are.
    pub of: usize,
}

impl Spread {
    fn at(&self, from: usize) -> Asked {
        Asked::History { scenario: self.scenario.clone(), target: self.target.clone(), from }
    }
}

/// Draws it. `shown` are at most `step` runs.
pub fn history(shown: &[Listed], spread: &Spread, step: usize, at: DateTime<Utc>) -> String {
    let only = [("of", &spread.scenario), ("on", &spread.target)];
    let only: String =
        only.iter().filter_map(|(word, name)| Some(format!(" {word} {}", tame(name.as_ref()?)))).collect();
    let until = spread.from + shown.len();
    let body = html! {
        main {
            h1 { "Runs" (only) }
            @if !only.is_empty() { p { a href="/history" { "All runs" } } }
            @if shown.is_empty() { p { "No run." } } @else {
                p class="faint" { "Runs " (spread.from + 1) " to " (until) " of " (spread.of) ", the latest first." }
                (rates(shown))
                (table(shown))
                p {
                    @if spread.from > 0 { a href=(spread.at(spread.from.saturating_sub(step)).address()) rel="prev" { "later runs" } " " }
                    @if until < spread.of { a href=(spread.at(until).address()) rel="next" { "earlier runs" } }
                }
            }
        }
    };
    page("History", &spread.at(spread.from), at, None, &body)
}

fn table(shown: &[Listed]) -> Markup {
    html! {
        section {
            h2 { "Runs" }
            div class="wide" { table class="list" {
                tr { @for head in ["run", "started", "scenario", "target", "state", "verdict", "rate, with its interval", "who stays"] { th { (head) } } }
                @for of in shown {
                    tr {
                        td { (link(&of.listing)) } td { (moment(of.listing.started_at)) }
                        td { (tame(&of.listing.scenario)) } td { (tame(&of.listing.target)) } td { (of.listing.state.as_str()) }
                        @match &of.brief {
                            Ok(brief) => { td { (verdict(&of.listing, brief)) } td class="text" { (rate(brief)) } td { (left(&of.listing, brief)) } }
                            Err(why) => { td class="bad text" colspan="3" { "cannot be judged: " (tame(why)) } }
                        }
                    }
                }
            } }
        }
    }
}

//! The rate of run after run, each with its interval.

use super::now::Listed;
use super::told::{class, moment, short};
use crate::dashboard::{Asked, Brief};
use crate::ledger::RunListing;
use crate::report::{interval, percent};
use maud::{Markup, html};

/// Its sizes, in its own units.
const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 180.0;
const LEFT: f64 = 70.0;
const BOTTOM: f64 = 30.0;

/// One mark for each run that could be judged, the earliest at the left, at equal distances: what lies between is no time in which
/// anything was measured.
pub(super) fn rates(shown: &[Listed]) -> Markup {
    let mut runs: Vec<(&RunListing, &Brief, f64, [f64; 2])> = shown
        .iter()
        .filter_map(|of| {
            let brief = of.brief.as_ref().ok()?;
            let estimate = brief.rate.estimate?;
            Some((
                &of.listing,
                brief.as_ref(),
                estimate,
                brief.rate.widest.or(brief.rate.wilson).unwrap_or([estimate; 2]),
            ))
        })
        .collect();
    runs.reverse();
    let most = runs.iter().map(|(.., ends)| ends[1]).fold(0.001, f64::max);
    let slots = f64::from(u32::try_from(runs.len()).unwrap_or(u32::MAX).max(1));
    let x = |at: usize| LEFT + (f64::from(u32::try_from(at).unwrap_or_default()) + 0.5) / slots * (WIDTH - LEFT - 10.0);
    let y = |share: f64| 10.0 + (1.0 - share / most) * (HEIGHT - BOTTOM - 10.0);
    let fixed = |number: f64| format!("{number:.1}");
    html! {
        @if !runs.is_empty() {
            section {
                h2 { "Rate of groups that are not good" }
                svg viewBox={"0 0 " (WIDTH) " " (HEIGHT)} role="img" aria-label="The rate of each run with its interval, the earliest at the left; the table below has the figures" {
                    title { "The rate of each run with its interval, the earliest at the left" }
                    line class="axis" x1=(LEFT) x2=(WIDTH) y1=(fixed(y(0.0))) y2=(fixed(y(0.0))) {}
                    line class="axis" x1=(LEFT) x2=(WIDTH) y1=(fixed(y(most))) y2=(fixed(y(most))) {}
                    text x="0" y=(fixed(y(most) + 4.0)) { (percent(most)) }
                    text x="0" y=(fixed(y(0.0) + 4.0)) { (percent(0.0)) }
                    @for (at, (run, brief, estimate, ends)) in runs.iter().enumerate() {
                        a href=(Asked::Run(run.run.to_string()).address()) {
                            title { (short(run.run.as_str())) ", " (moment(run.started_at)) ": " (percent(*estimate)) ", " (interval(*ends)) }
                            line class="mark" x1=(fixed(x(at))) x2=(fixed(x(at))) y1=(fixed(y(ends[0]))) y2=(fixed(y(ends[1]))) {}
                            circle class={"dot is-" (class(brief.verdict))} cx=(fixed(x(at))) cy=(fixed(y(*estimate))) r="5" {}
                        }
                    }
                    @if let (Some((first, ..)), Some((last, ..))) = (runs.first(), runs.last()) {
                        text x=(LEFT) y=(HEIGHT - 8.0) { (moment(first.started_at)) }
                        @if runs.len() > 1 { text x=(WIDTH) y=(HEIGHT - 8.0) text-anchor="end" { (moment(last.started_at)) } }
                    }
                }
            }
        }
    }
}

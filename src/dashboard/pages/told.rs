//! Words and figures that several pages show.

use crate::dashboard::{Asked, Brief};
use crate::ledger::{RunListing, RunState};
use crate::model::Verdict;
use crate::report::{interval, percent, tame, verdict_in_words};
use chrono::{DateTime, TimeDelta, Utc};
use maud::{Markup, html};

pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// How long ago something was, in its largest unit.
pub(super) fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let since = (now - at).max(TimeDelta::zero());
    let (number, unit) = match (since.num_days(), since.num_hours(), since.num_minutes()) {
        (0, 0, 0) => (since.num_seconds(), "s"),
        (0, 0, minutes) => (minutes, "min"),
        (0, hours, _) => (hours, "h"),
        (days, ..) => (days, "d"),
    };
    format!("{number} {unit} ago")
}

/// `good`, `bad` or `watch`.
pub(super) fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "good",
        Verdict::Fail | Verdict::SafetyStop | Verdict::HarnessError => "bad",
        Verdict::Inconclusive | Verdict::Blind | Verdict::Residue => "watch",
    }
}

/// The verdict's word, of a run that has not ended as what it comes to so far.
pub(super) fn verdict(listing: &RunListing, brief: &Brief) -> Markup {
    let (word, sentence) = verdict_in_words(brief.verdict);
    html! {
        strong class=(class(brief.verdict)) title=(sentence) { (word) }
        @if listing.state != RunState::Finished { " so far" }
    }
}

/// `2 of 16 groups, 12.50 % (3.50–36.02 %)`
pub(super) fn rate(brief: &Brief) -> String {
    let rate = &brief.rate;
    let Some(estimate) = rate.estimate else { return "no group could be judged".to_owned() };
    let within = rate.widest.or(rate.wilson).map_or_else(String::new, |ends| format!(" ({})", interval(ends)));
    format!("{} of {} groups not good, {}{within}", rate.errors, rate.trials, percent(estimate))
}

/// A run's beginning as a link: enough of its id to know it by.
pub(super) fn link(listing: &RunListing) -> Markup {
    let id = listing.run.to_string();
    html! { a href=(Asked::Run(id.clone()).address()) class="v" { (short(&id)) } }
}

/// The first eight and the last four letters: ids that begin in one minute begin alike.
pub(super) fn short(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    match letters.as_slice() {
        [first @ .., a, b, c, d] if first.len() > 8 => {
            first.iter().take(8).chain(&['…', *a, *b, *c, *d]).collect::<String>()
        }
        _ => tame(id).into_owned(),
    }
}

/// What of a run stays at the far side, or may.
pub(super) fn left(listing: &RunListing, brief: &Brief) -> Markup {
    let counts = &listing.enrollments;
    let open = counts.sending + counts.accepted + counts.indeterminate;
    html! {
        @if brief.people_left > 0 { span class="bad" { (brief.people_left) " people left behind" } }
        @else if brief.leaving > 0 { (brief.leaving) " groups not yet proved gone" }
        @else if open > 0 { span class="watch" { (open) " households still enrolled" } }
        @else if counts.cancelled > 0 { "everybody is out again" }
        @else { "nobody was enrolled" }
    }
}

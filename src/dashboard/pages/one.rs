//! One run, its punch list, and one household.

use super::frame::page;
use super::told::{ago, short};
use crate::dashboard::Asked;
use crate::dashboard::records::{Judged, OfProbe};
use crate::ledger::RunListing;
use crate::model::ProbeSummary;
use crate::report::{bad, household, parts, punch as punch_list, tame};
use chrono::{DateTime, Utc};
use maud::{Markup, html};

/// Households named on the page of a run: those that are not good first.
const NAMED: usize = 500;

fn ways(run: &str) -> Markup {
    html! {
        p {
            a href=(Asked::Run(run.to_owned()).address()) { "run " (short(run)) } " · "
            a href=(Asked::Punch(run.to_owned()).address()) { "its punch list" }
        }
    }
}

/// One run: what its report shows, with ways to its households.
pub(in crate::dashboard) fn run(listing: &RunListing, judged: &Judged, at: DateTime<Utc>) -> String {
    let summary = &judged.summary;
    let id = listing.run.to_string();
    let title = format!("Run {} of {}", short(&id), listing.scenario);
    let body = html! {
        (ways(&id))
        p class="faint" { (listing.state.as_str()) ", " (listing.entries) " entries, judged " (ago(judged.brief.judged_at, at)) }
        (parts(summary))
        section {
            h2 { "Households, one by one" }
            @let failed = bad(summary);
            @let others = summary.probes.iter().filter(|probe| !failed.iter().any(|bad| bad.index == probe.index));
            ul class="many" { @for probe in failed.iter().copied().chain(others).take(NAMED) { (way(&id, probe)) } }
            @if summary.probes.len() > NAMED { p class="faint" { (NAMED) " of " (summary.probes.len()) "; add /probes/ and a number to the address for any other." } }
        }
    };
    page(&title, &Asked::Run(id), at, None, &body)
}

fn way(run: &str, probe: &ProbeSummary) -> Markup {
    let (class, said) = match probe.good {
        Some(false) => ("bad", "not good"),
        Some(true) => ("good", "good"),
        None => ("faint", "not yet known"),
    };
    html! { li { a href=(Asked::Probe(run.to_owned(), probe.index.0).address()) { (probe.index) } " " span class=(class) { (said) } } }
}

/// The punch list of one run.
pub(in crate::dashboard) fn punch(listing: &RunListing, judged: &Judged, at: DateTime<Utc>) -> String {
    let id = listing.run.to_string();
    let title = format!("Punch list of run {}", short(&id));
    let body = html! {
        (ways(&id))
        main {
            h1 { (tame(&listing.scenario)) " on " (tame(&listing.target)) }
            (punch_list(&judged.summary))
        }
    };
    page(&title, &Asked::Punch(id), at, None, &body)
}

/// One household: when it was where, expected beside found beside the nearest who passed, and its whole story.
pub(in crate::dashboard) fn probe(listing: &RunListing, of: &OfProbe, at: DateTime<Utc>) -> String {
    let (id, index) = (listing.run.to_string(), of.index.0);
    let to = |index: u32| Asked::Probe(id.clone(), index);
    let title = format!("Probe {index} of run {}", short(&id));
    let judged = of.judged.summary.probes.iter().find(|probe| probe.index == of.index);
    let body = html! {
        (ways(&id))
        main {
            h1 { "Probe " (index) }
            p {
                @if let Some(before) = index.checked_sub(1) { a href=(to(before).address()) rel="prev" { "probe " (before) } " " }
                @if index + 1 < of.count { a href=(to(index + 1).address()) rel="next" { "probe " (index + 1) } }
            }
            @if let Some(judged) = judged { (household(judged)) (nearest(&id, judged)) }
            section {
                h2 { "Its story" }
                @match &of.story {
                    Some(story) => { pre tabindex="0" { (tame_lines(story)) } }
                    None => { p { "Nothing was sent for it." } }
                }
            }
        }
    };
    page(&title, &to(index), at, None, &body)
}

fn nearest(run: &str, judged: &ProbeSummary) -> Markup {
    let passed = judged.nearest.as_ref().and_then(|nearest| nearest.probe.rsplit('/').next()?.parse().ok());
    html! {
        @if let Some(index) = passed { p { a href=(Asked::Probe(run.to_owned(), index).address()) { "The nearest who passed: probe " (index) } } }
    }
}

/// Lines of others, of which each is tame and stays a line.
fn tame_lines(text: &str) -> String {
    text.lines().map(tame).collect::<Vec<_>>().join("\n")
}

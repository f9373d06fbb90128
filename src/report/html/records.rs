//! The worst records: expected beside found, and when each was where.

use super::{said, timeline};
use crate::model::{Discrepancy, GroupSummary, ProbeSummary, Severity, Summary};
use crate::report::worst::{bad, fates, fault, nearest};
use maud::{Markup, html};

/// Records shown whole; the table of all is at the end, and JSON has everything.
const SHOWN: usize = 25;

pub(super) fn worst(summary: &Summary) -> Markup {
    let all = bad(summary);
    html! {
        section {
            h2 { "Worst records" }
            @if all.is_empty() { p { "None." } }
            @if all.len() > SHOWN { p class="faint" { (SHOWN) " of " (all.len()) "; the JSON report has all." } }
            @for probe in all.iter().take(SHOWN) { (record(probe)) }
        }
    }
}

pub(super) fn record(probe: &ProbeSummary) -> Markup {
    html! {
        article id={"probe-" (probe.index)} {
            h3 {
                "probe " (probe.index) ": " (probe.submission)
                @if let Some(hop) = &probe.first_divergent_hop { ", first wrong at " (said(hop)) }
            }
            @if let Some(why) = &probe.reason { p { (said(why)) } }
            @if !probe.findings.is_empty() {
                ul { @for of in &probe.findings { li { strong { (of.kind) } " at " (said(&of.waypoint)) ": " (said(&of.detail)) } } }
            }
            (timeline::timeline(probe))
            @for group in &probe.groups { (differences(group)) }
            @if !nearest(probe).is_empty() { ul { @for text in nearest(probe) { li { (said(&text)) } } } }
        }
    }
}

fn differences(group: &GroupSummary) -> Markup {
    let mut told: Vec<&Discrepancy> = Vec::new();
    let mut wrong = Vec::new();
    for (at, step) in fates(group) {
        let new: Vec<_> = at.discrepancies.iter().filter(|d| !told.iter().any(|known| known.is_same(d))).collect();
        if fault(at).is_some() || !new.is_empty() {
            told.extend(&new);
            wrong.push((at, step, new));
        }
    }
    html! {
        @for (at, step, new) in wrong {
            p {
                (group.line) " " (said(&step)) "at " (said(&at.name)) ": " strong { (fault(at).unwrap_or("minor differences")) }
                @if let Some(place) = at.place.as_ref().or(at.not_found.as_ref()) { " (" (said(place)) ")" }
                @if new.is_empty() && !at.discrepancies.is_empty() { ", the same differences" }
            }
            @if !new.is_empty() {
                div class="wide" { table {
                    tr { th { "who" } th { "field" } th { "expected" } th { "found" } th { "matters" } th { "where" } }
                    @for of in new { (difference(of)) }
                } }
            }
        }
    }
}

fn difference(of: &Discrepancy) -> Markup {
    let severity = match of.severity {
        Severity::Critical => "critical",
        Severity::Major => "major",
        Severity::Minor => "minor",
    };
    let value = |value: &Option<String>| value.as_deref().map_or_else(|| "(none)".to_owned(), said);
    html! {
        tr {
            td { (said(&of.member)) }
            td { (of.field) }
            td class="v good" { (value(&of.expected)) }
            td class="v bad" { (value(&of.found)) }
            td { (severity) }
            td { @if let Some(at) = of.at { (at) } }
        }
    }
}

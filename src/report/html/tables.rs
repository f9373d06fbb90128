//! Tables: rates of the parts, steps at the exchange, files, edge cases, what was not compared, and everybody who is not good.

use super::{interval, percent, said};
use crate::model::{Field, FieldSet, Summary};
use crate::report::worst::bad;
use maud::{Markup, html};

/// Households in the list of those that are not good; JSON has all.
const MOST: usize = 10_000;

pub(super) fn all(summary: &Summary) -> Markup {
    html! {
        (rates(summary))
        (steps(summary))
        (files(summary))
        (coverage(summary))
        (not_compared(summary))
        (households(summary))
    }
}

fn rates(summary: &Summary) -> Markup {
    html! {
        section {
            h2 { "Rates of the parts" }
            div class="wide" { table {
                tr { th { "by" } th { "of" } @for head in ["not good", "groups", "share", "interval"] { th class="n" { (head) } } }
                @for of in summary.rates.iter().filter(|of| of.rate.trials > 0) {
                    tr {
                        td { (of.by) } td { (said(&of.of)) } td class="n" { (of.rate.errors) } td class="n" { (of.rate.trials) }
                        td class="n" { (of.rate.estimate.map_or_else(String::new, percent)) }
                        td class="n" { (of.rate.widest.map_or_else(String::new, interval)) }
                    }
                }
            } }
        }
    }
}

fn steps(summary: &Summary) -> Markup {
    html! {
        @if !summary.steps.is_empty() {
            section {
                h2 { "Steps at the exchange" }
                div class="wide" { table {
                    tr { th { "step" } @for head in ["requests", "errors", "p50", "p95", "max"] { th class="n" { (head) } } }
                    @for of in &summary.steps {
                        tr {
                            td { (said(&of.name)) } td class="n" { (of.requests) } td class="n" { (of.errors) }
                            @for ms in [of.p50_ms, of.p95_ms, of.max_ms] { td class="n" { (format!("{ms:.1} ms")) } }
                        }
                    }
                } }
            }
        }
    }
}

fn files(summary: &Summary) -> Markup {
    html! {
        @if !summary.files.is_empty() {
            section {
                h2 { "Files in which something is wrong" }
                ul { @for file in &summary.files { li { (said(&file.waypoint)) " " code { (said(&file.name)) } ": " (said(&file.damage)) } } }
            }
        }
    }
}

fn coverage(summary: &Summary) -> Markup {
    html! {
        @if !summary.edge_cases.is_empty() {
            section {
                h2 { "Edge cases, and how many households showed them" }
                ul { @for of in &summary.edge_cases { li { (of.name) ": " @if of.households == 0 { span class="watch" { "not covered" } } @else { (of.households) } } } }
            }
        }
    }
}

fn not_compared(summary: &Summary) -> Markup {
    let names = |fields: FieldSet| fields.iter().map(Field::name).collect::<Vec<_>>().join(", ");
    html! {
        section {
            h2 { "Not compared" }
            p { "The waypoint cannot show it, the scenario ignores it, or the target never asks for it. A pass says nothing of these." }
            ul {
                @for at in summary.waypoints.iter().filter(|at| !at.not_compared.is_empty()) { li { (said(&at.name)) ": " (names(at.not_compared)) } }
                @for at in summary.waypoints.iter().filter(|at| !at.not_understood.is_empty()) {
                    li { (said(&at.name)) ", not understood in any record: " (names(at.not_understood)) }
                }
            }
        }
    }
}

fn households(summary: &Summary) -> Markup {
    let all = bad(summary);
    html! {
        @if !all.is_empty() {
            section {
                h2 { "Households that are not good" }
                @if all.len() > MOST { p class="faint" { (MOST) " of " (all.len()) "; the JSON report has all." } }
                div class="wide" { table {
                    tr { th class="n" { "probe" } th { "submission" } th { "first wrong at" } th { "found" } }
                    @for probe in all.iter().take(MOST) {
                        tr {
                            td class="n" { (probe.index) } td { (probe.submission) }
                            td { (said(probe.first_divergent_hop.as_deref().unwrap_or_default())) }
                            td { (probe.findings.iter().map(|of| of.kind.as_str()).collect::<Vec<_>>().join(", ")) }
                        }
                    }
                } }
            }
        }
    }
}

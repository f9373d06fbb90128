//! *Search*: where an id, a name or a file stands.

use super::frame::page;
use super::told::short;
use crate::dashboard::search::SHORTEST;
use crate::dashboard::{Asked, Found, Hit};
use crate::report::tame;
use chrono::{DateTime, Utc};
use maud::{Markup, html};

/// Draws what was found.
pub(in crate::dashboard) fn search(word: &str, from: usize, found: &Found, at: DateTime<Utc>) -> String {
    let body = html! {
        main {
            h1 { "Search" }
            p class="faint" { "Any id, the name of a synthetic person, their mailbox, or a file's name, of the runs of this ledger." }
            @if word.chars().count() < SHORTEST { p { "Give " (SHORTEST) " characters at least." } } @else {
                @if found.hits.is_empty() {
                    p { "Nothing bears " strong { (tame(word)) } " in the " (found.runs) " runs that were looked through." }
                } @else {
                    p { (found.hits.len()) " places bear " strong { (tame(word)) } @if found.is_cut { ", and there are more: give more of it" } "." }
                    (table(&found.hits))
                }
                @if let Some(next) = found.next { p { a href=(Asked::Search { word: word.to_owned(), from: next }.address()) rel="next" { "look through earlier runs" } } }
            }
        }
    };
    page("Search", &Asked::Search { word: word.to_owned(), from }, at, None, &body)
}

fn table(hits: &[Hit]) -> Markup {
    html! {
        div class="wide" { table class="list" {
            tr { th { "run" } th { "probe" } th { "what" } th { "text" } }
            @for hit in hits {
                @let run = hit.run.to_string();
                tr {
                    td { a href=(Asked::Run(run.clone()).address()) class="v" { (short(&run)) } }
                    td { @if let Some(probe) = hit.probe { a href=(Asked::Probe(run.clone(), probe.0).address()) { "probe " (probe) } } @else { "–" } }
                    td { (tame(&hit.what)) } td class="v" { (tame(&hit.text)) }
                }
            }
        } }
    }
}

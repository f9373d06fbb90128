//! *Now*: the latest run of each scenario at each target, and what the canaries say.

use super::frame::page;
use super::told::{ago, class, left, link, moment, rate, verdict};
use crate::dashboard::{Asked, AtWaypoint, Brief};
use crate::ledger::RunListing;
use crate::report::{percent, tame};
use crate::watch::{AlarmStatus, Remembered};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use std::sync::Arc;

/// The page is asked for anew so often.
const AGAIN_AFTER: u32 = 30;

/// A run in a list: what the ledger says of it and, where it could be judged, the judgement; otherwise why not.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The run.
    pub listing: RunListing,
    /// Its judgement.
    pub brief: Result<Arc<Brief>, String>,
}

/// What the canaries of a ledger say, or why their lines cannot be read.
pub type Canaries = Result<Vec<Remembered>, String>;

/// Draws it. `more`: so many pairs of scenario and target are not shown.
pub fn now(latest: &[Listed], more: usize, canaries: &Canaries, at: DateTime<Utc>) -> String {
    let body = html! {
        main {
            h1 { "Now" }
            (alarms(canaries, at))
            section {
                h2 { "The latest run of each scenario" }
                @if latest.is_empty() { p { "The ledger holds no run yet; " code { "johndoe run" } " begins one." } }
                ul class="cards" { @for of in latest { (card(of, at)) } }
                @if more > 0 { p class="faint" { (more) " older pairs of scenario and target stand in the history only." } }
            }
        }
    };
    page("Now", &Asked::Now, at, Some(AGAIN_AFTER), &body)
}

fn alarms(canaries: &Canaries, at: DateTime<Utc>) -> Markup {
    html! {
        @match canaries {
            Err(why) => { section { h2 { "Canaries" } p class="bad" { "Their lines cannot be read: " (tame(why)) } } }
            Ok(canaries) => { @for canary in canaries { (of_canary(canary, at)) } }
        }
    }
}

fn of_canary(canary: &Remembered, at: DateTime<Utc>) -> Markup {
    let since = |moment: Option<DateTime<Utc>>| moment.map_or_else(|| "never".to_owned(), |moment| ago(moment, at));
    html! {
        section {
            h2 { "Canary " (tame(&canary.canary)) }
            p {
                "Last look " (since(canary.looked_at)) ", last run that came to its end " (since(canary.last_success)) ", "
                (canary.runs_under_way) " runs under way, " (canary.people_left) " people left behind."
            }
            @if let Some(by) = &canary.killed_by { p class="bad" { strong { "Nothing is sent: the kill switch was thrown by " (tame(by)) "." } } }
            @if canary.alarms.is_empty() { p class="good" { "No alarm holds." } }
            ul class="cards" { @for alarm in &canary.alarms { (of_alarm(alarm, at)) } }
        }
    }
}

fn of_alarm(alarm: &AlarmStatus, at: DateTime<Utc>) -> Markup {
    html! {
        li class="is-bad" {
            h3 { (tame(&alarm.alarm)) }
            p { strong class="bad" { (tame(&alarm.level)) } " since " (moment(alarm.raised_at)) ", " (ago(alarm.raised_at, at)) }
            @if let (Some(failed), Some(of), Some([low, high])) = (alarm.failed, alarm.of, alarm.interval) {
                p { (failed) " of " (of) " failed: between " (percent(low)) " and " (percent(high)) }
            }
            @if let Some(until) = alarm.acknowledged_until { p { "Somebody has it in hand until " (moment(until)) } }
            @if alarm.is_silenced { p { "Nothing is told of it now: it is silenced." } }
        }
    }
}

fn card(of: &Listed, at: DateTime<Utc>) -> Markup {
    let run = &of.listing;
    let history =
        Asked::History { scenario: Some(run.scenario.clone()), target: Some(run.target.clone()), from: 0 }.address();
    let since = run.finished_at.map_or_else(
        || format!("{}, began {}", run.state.as_str(), ago(run.started_at, at)),
        |ended| format!("ended {}", ago(ended, at)),
    );
    let side = of.brief.as_ref().map_or("bad", |brief| class(brief.verdict));
    html! {
        li class={"is-" (side)} {
            h3 { a href=(history) { (tame(&run.scenario)) " on " (tame(&run.target)) } }
            @match &of.brief {
                Err(why) => { p class="bad" { "It cannot be judged: " (tame(why)) } }
                Ok(brief) => { (judged(run, brief, at)) }
            }
            p class="faint" { "run " (link(run)) ", " (since) }
        }
    }
}

fn judged(run: &RunListing, brief: &Brief, at: DateTime<Utc>) -> Markup {
    html! {
        p { (verdict(run, brief)) @if let Some(why) = &brief.reason { ": " (tame(why)) } }
        p { (rate(brief)) }
        p {
            @if brief.in_flight == 0 { "Nobody is on the way" } @else {
                (brief.in_flight) " groups on the way"
                @if let Some(sent) = brief.oldest_in_flight_at { ", the oldest sent " (ago(sent, at)) }
            }
            "; " (left(run, brief)) "."
        }
        @if brief.punched > 0 { p { a href=(Asked::Punch(run.run.to_string()).address()) { "Punch list: " (brief.punched) @if brief.punched == 1 { " line" } @else { " lines" } } } }
        @if !brief.waypoints.is_empty() {
            div class="wide" { table {
                caption { "People due and arrived, groups awaited, and how much of the time it could be read" }
                tr { th { "waypoint" } @for head in ["due", "arrived", "awaited", "read"] { th class="n" { (head) } } }
                @for at in &brief.waypoints { (waypoint(at)) }
            } }
        }
        p class="faint" { "Judged " (ago(brief.judged_at, at)) "." }
    }
}

fn waypoint(at: &AtWaypoint) -> Markup {
    html! {
        tr {
            td { (tame(&at.name)) } td class="n" { (at.people_due) } td class="n" { (at.people_arrived) } td class="n" { (at.pending) }
            td class="n" { @match at.readable { Some(share) => { @if share < 1.0 { span class="watch" { (percent(share)) } } @else { span class="good" { "100 %" } } }, None => { "–" } } }
        }
    }
}

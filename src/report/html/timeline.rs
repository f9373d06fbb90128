//! When one probe was where: absent until, seen from, and its limit.

use super::charts::fixed;
use super::said;
use crate::model::{GroupAtWaypoint, ProbeSummary};
use chrono::{DateTime, Utc};
use maud::{Markup, html};

const LEFT: f64 = 230.0;
const RIGHT: f64 = 740.0;

/// One line for each group at each waypoint. Empty time is folded: moments stand in order, at equal distances, and the table behind says
/// how far apart they are.
pub(super) fn timeline(probe: &ProbeSummary) -> Markup {
    let all: Vec<(String, &GroupAtWaypoint)> = probe
        .groups
        .iter()
        .flat_map(|group| group.steps().flatten().map(move |at| (format!("{} {}", group.line, at.name), at)))
        .filter(|(_, at)| moments(at).next().is_some())
        .collect();
    let mut axis: Vec<DateTime<Utc>> = all.iter().flat_map(|(_, at)| moments(at)).chain(probe.intended_at).collect();
    axis.sort_unstable();
    axis.dedup();
    let step = (RIGHT - LEFT) / f64::from(u32::try_from(axis.len().saturating_sub(1)).unwrap_or(1).max(1));
    let x = |moment: DateTime<Utc>| {
        LEFT + step * f64::from(u32::try_from(axis.partition_point(|at| *at < moment)).unwrap_or_default())
    };
    let after = |moment: DateTime<Utc>| {
        let from = probe.intended_at.or_else(|| axis.first().copied()).unwrap_or(moment);
        format!("{:+.1} s", (moment - from).as_seconds_f64())
    };
    let name = format!("When probe {} was where", probe.index);
    html! {
        @if !all.is_empty() {
            svg viewBox={"0 0 800 " (26 * all.len() + 24)} role="img" aria-label=(name) {
                title { (name) }
                @if let Some(sent) = probe.intended_at {
                    line class="axis" x1=(fixed(x(sent))) x2=(fixed(x(sent))) y1="0" y2=(26 * all.len() + 4) { title { "sent" } }
                    text x=(fixed(x(sent) - 12.0)) y=(26 * all.len() + 18) { "sent" }
                }
                @for (at, (name, here)) in all.iter().enumerate() {
                    @let y = 26 * at + 14;
                    text x="0" y=(y + 4) { (said(name)) }
                    @if let (Some(absent), Some(seen)) = (here.last_absent_at, here.first_seen_at) {
                        line class="mark" x1=(fixed(x(absent))) x2=(fixed(x(seen))) y1=(y) y2=(y) { title { "arrived between " (after(absent)) " and " (after(seen)) } }
                    }
                    @if let Some(seen) = here.first_seen_at { circle class="dot" cx=(fixed(x(seen))) cy=(y) r="5" { title { "seen " (after(seen)) } } }
                    @if let Some(limit) = here.limit_at { line class="limit" x1=(fixed(x(limit))) x2=(fixed(x(limit))) y1=(y - 9) y2=(y + 9) { title { "limit " (after(limit)) } } }
                }
            }
            details {
                summary { "The times as a table" }
                div class="wide" { table {
                    tr { th { "where" } th class="n" { "absent until" } th class="n" { "seen from" } th class="n" { "limit" } th { "arrival" } }
                    @for (name, here) in &all {
                        tr {
                            td { (said(name)) }
                            @for moment in [here.last_absent_at, here.first_seen_at, here.limit_at] { td class="n" { (moment.map_or_else(String::new, after)) } }
                            td { (here.arrival) }
                        }
                    }
                } }
            }
        }
    }
}

fn moments(at: &GroupAtWaypoint) -> impl Iterator<Item = DateTime<Utc>> {
    [at.last_absent_at, at.first_seen_at, at.limit_at].into_iter().flatten()
}

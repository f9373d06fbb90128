//! Charts: drawn with lines and rectangles, each with a title and the table of what it shows.

use super::{interval, percent, said};
use crate::model::{ArrivalStep, Summary, WaypointSummary};
use crate::report::text::seconds;
use maud::{Markup, html};
use std::fmt::Write as _;

/// Width and left margin of every chart, in its own units.
const WIDTH: f64 = 800.0;
const LEFT: f64 = 190.0;

/// The error rate and its intervals against the objective.
pub(super) fn rate(summary: &Summary) -> Markup {
    let rate = &summary.error_rate;
    let mut rows: Vec<(String, [f64; 2])> = Vec::new();
    let mut put = |name: &str, ends: Option<[f64; 2]>| rows.extend(ends.map(|ends| (name.to_owned(), ends)));
    put("Wilson", rate.wilson);
    put("Clopper–Pearson", rate.clopper_pearson);
    put("however often one looks", rate.any_time);
    for of in &rate.clustered {
        let applies = if of.applies { "" } else { " (does not apply)" };
        put(&format!("by {}{applies}", of.by), Some(of.interval));
    }
    put("widest that applies", rate.widest);
    let (limit, estimate) = (summary.objective.error_rate_below, rate.estimate.unwrap_or_default());
    let most = rows.iter().map(|(_, ends)| ends[1]).fold(limit.unwrap_or_default(), f64::max).max(0.001);
    let x = |share: f64| LEFT + share / most * (WIDTH - LEFT - 20.0);
    let height = 30 * rows.len() + 30;
    html! {
        section {
            h2 { "Error rate against the objective" }
            @if rows.is_empty() { p { "No group could be judged." } } @else {
                p { (rate.errors) " of " (rate.trials) " enrollment groups are not good: " (percent(estimate))
                    @if let Some(limit) = limit { "; the objective is less than " (percent(limit)) }
                    "." }
                svg viewBox={"0 0 " (WIDTH) " " (height)} role="img" aria-label="Intervals of the error rate, and the objective" {
                    title { "Intervals of the error rate, and the objective" }
                    @for (at, (name, ends)) in rows.iter().enumerate() {
                        @let y = 30 * at + 20;
                        text x="0" y=(y + 4) { (said(name)) }
                        line class="mark" x1=(fixed(x(ends[0]))) x2=(fixed(x(ends[1]))) y1=(y) y2=(y) { title { (interval(*ends)) } }
                        circle class="dot" cx=(fixed(x(estimate))) cy=(y) r="5" { title { (percent(estimate)) } }
                    }
                    @if let Some(limit) = limit {
                        line class="limit" x1=(fixed(x(limit))) x2=(fixed(x(limit))) y1="5" y2=(height - 20) { title { "objective: less than " (percent(limit)) } }
                        text x=(fixed(x(limit).min(WIDTH - 120.0))) y=(height - 5) { "objective " (percent(limit)) }
                    }
                }
                (behind("The intervals as a table", &html! {
                    tr { th { "interval" } th class="n" { "from" } th class="n" { "to" } }
                    @for (name, [low, high]) in &rows { tr { td { (said(name)) } td class="n" { (percent(*low)) } td class="n" { (percent(*high)) } } }
                }))
            }
        }
    }
}

/// People along the waypoints: how many were due, and how many arrived.
pub(super) fn funnel(summary: &Summary) -> Markup {
    let most = summary.waypoints.iter().map(|at| at.people_due.max(at.people_arrived)).max().unwrap_or_default().max(1);
    let scale = |people: u64| (WIDTH - LEFT - 110.0) * ratio(people, most);
    html! {
        section {
            h2 { "People along the waypoints" }
            svg viewBox={"0 0 " (WIDTH) " " (34 * summary.waypoints.len() + 10)} role="img" aria-label="People due and arrived at each waypoint" {
                title { "People due and arrived at each waypoint" }
                @for (at, waypoint) in summary.waypoints.iter().enumerate() {
                    @let y = 34 * at + 6;
                    text x="0" y=(y + 17) { (said(&waypoint.name)) }
                    rect class="lost" x=(LEFT) y=(y) height="24" width=(fixed(scale(waypoint.people_due))) { title { (waypoint.people_due) " people due" } }
                    rect class="bar" x=(LEFT) y=(y) height="24" width=(fixed(scale(waypoint.people_arrived))) { title { (waypoint.people_arrived) " people arrived" } }
                    text x=(fixed(WIDTH - 100.0)) y=(y + 17) { (waypoint.people_arrived) " of " (waypoint.people_due) }
                }
            }
            (behind("The funnel as a table", &html! {
                tr { th { "waypoint" } @for head in ["people due", "arrived", "groups on time", "late", "missing", "altered", "blind", "pending", "undecided"] { th class="n" { (head) } } }
                @for at in &summary.waypoints {
                    @let of = &at.groups;
                    tr { td { (said(&at.name)) }
                        @for n in [at.people_due, at.people_arrived, of.on_time, of.late, of.missing, of.altered, of.blind, of.pending, of.undecided] { td class="n" { (n) } } }
                }
            }))
        }
    }
}

/// How the share that has arrived grows, at each waypoint.
pub(super) fn arrivals(summary: &Summary) -> Markup {
    html! {
        section {
            h2 { "Arrival" }
            p { "From the intended submission, counting what has not arrived (Kaplan and Meier's estimate, with its band)." }
            @for at in summary.waypoints.iter().filter(|at| !at.arrival_curve.is_empty()) { (arrival(at)) }
            div class="wide" { table {
                tr { th { "waypoint" } @for head in ["p50", "p90", "p95", "p99"] { th class="n" { (head) } } }
                @for at in summary.waypoints.iter().filter(|at| at.groups.due > 0) {
                    @let of = &at.latency_seconds;
                    tr { td { (said(&at.name)) } @for q in [of.p50, of.p90, of.p95, of.p99] { td class="n" { (crate::report::text::bounds(q)) } } }
                }
            } }
        }
    }
}

fn arrival(at: &WaypointSummary) -> Markup {
    const HEIGHT: f64 = 160.0;
    let longest = at.arrival_curve.last().map_or(1.0, |step| step.seconds).max(0.001);
    let x = |seconds: f64| 50.0 + seconds / longest * (WIDTH - 110.0);
    let y = |share: f64| 10.0 + (1.0 - share) * (HEIGHT - 40.0);
    let line = stairs(&at.arrival_curve, &x, &|step| y(step.share), y(0.0));
    let (above, below) = (
        stairs(&at.arrival_curve, &x, &|step| y(step.band[1]), y(0.0)),
        stairs(&at.arrival_curve, &x, &|step| y(step.band[0]), y(0.0)),
    );
    let back: Vec<&str> = below.split(' ').rev().collect();
    let end = at.arrival_curve.last().map_or(0.0, |step| step.share);
    let name = format!("Share that had arrived at {}: {} after {}", at.name, percent(end), seconds(longest));
    html! {
        h3 { (said(&at.name)) }
        svg viewBox={"0 0 " (WIDTH) " " (HEIGHT)} role="img" aria-label=(said(&name)) {
            title { (said(&name)) }
            line class="axis" x1="50" x2=(fixed(WIDTH - 60.0)) y1=(fixed(y(0.0))) y2=(fixed(y(0.0))) {}
            line class="axis" x1="50" x2=(fixed(WIDTH - 60.0)) y1=(fixed(y(1.0))) y2=(fixed(y(1.0))) {}
            polygon class="band" points={(above) " " (back.join(" "))} {}
            polyline class="curve" points=(line) {}
            text x="0" y=(fixed(y(1.0) + 4.0)) { "100 %" }
            text x="0" y=(fixed(y(0.0) + 4.0)) { "0 %" }
            text x="50" y=(fixed(HEIGHT - 8.0)) { "0 s" }
            text x=(fixed(WIDTH - 110.0)) y=(fixed(HEIGHT - 8.0)) { (seconds(longest)) }
        }
        (behind("The curve as a table", &html! {
            tr { th class="n" { "after" } th class="n" { "arrived" } th class="n" { "band" } }
            @for step in &at.arrival_curve { tr { td class="n" { (seconds(step.seconds)) } td class="n" { (percent(step.share)) } td class="n" { (interval(step.band)) } } }
        }))
    }
}

/// The points of a line that rises in steps.
fn stairs(steps: &[ArrivalStep], x: &dyn Fn(f64) -> f64, y: &dyn Fn(&ArrivalStep) -> f64, ground: f64) -> String {
    let mut points = format!("50.0,{ground:.1}");
    let mut before = ground;
    for step in steps {
        let (at, now) = (x(step.seconds), y(step));
        let _ = write!(points, " {at:.1},{before:.1} {at:.1},{now:.1}");
        before = now;
    }
    points
}

/// A table that lies behind a chart, for whoever reads rather than looks.
fn behind(title: &str, rows: &Markup) -> Markup {
    html! { details { summary { (title) } div class="wide" { table { (rows) } } } }
}

pub(super) fn fixed(number: f64) -> String {
    format!("{number:.1}")
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

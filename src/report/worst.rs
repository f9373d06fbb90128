//! What went wrong, counted; and the worst records, as a diff.

use super::clean::tame;
use super::style::Style;
use super::text::{line, section};
use crate::model::{
    Arrival, Discrepancy, Field, GroupAtWaypoint, GroupSummary, Integrity, ProbeSummary, Severity, Summary,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Records shown whole; the JSON report has all.
const SHOWN: usize = 10;

/// Errors by hop, class, field and issuer: a title and its lines, the most frequent first.
pub(super) fn errors_by(summary: &Summary) -> [(&'static str, Vec<String>); 4] {
    let (mut hops, mut classes, mut fields, mut issuers) = <(Tally, Tally, Tally, Tally)>::default();
    for probe in &summary.probes {
        if let Some(hop) = &probe.first_divergent_hop {
            hops.add(hop.clone());
        }
        for finding in &probe.findings {
            classes.add(format!("{} at {}", finding.kind, finding.waypoint));
        }
        for group in &probe.groups {
            if let Some((at, class, what)) = first_fault(group) {
                classes.add(format!("{what}{class} at {}", at.name));
                issuers.add(group.issuer.clone().unwrap_or_else(|| "issuer unknown".to_owned()));
            }
            for field in fields_of(group) {
                fields.add(field.name().to_owned());
            }
        }
    }
    [
        ("Where it went wrong first (households)", hops.lines()),
        ("What went wrong (groups and findings)", classes.lines()),
        ("Which fields differ (groups; minor ones are no errors)", fields.lines()),
        ("Whose enrollments (groups by issuer)", issuers.lines()),
    ]
}

#[derive(Default)]
struct Tally(BTreeMap<String, u64>);

impl Tally {
    fn add(&mut self, what: String) {
        *self.0.entry(what).or_default() += 1;
    }

    fn lines(self) -> Vec<String> {
        let mut sorted: Vec<_> = self.0.into_iter().collect();
        sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        sorted.into_iter().map(|(what, count)| format!("{count:>6}  {}", tame(&what))).collect()
    }
}

pub(super) fn fault(at: &GroupAtWaypoint) -> Option<&'static str> {
    match (at.arrival, at.integrity) {
        (Arrival::Missing, _) => Some("missing"),
        (_, Some(Integrity::Altered)) => Some("altered"),
        (Arrival::Late, _) => Some("late"),
        _ => None,
    }
}

/// What befell a group at the waypoints: its enrollment, then its change, each with the word that tells them apart.
pub(super) fn fates(group: &GroupSummary) -> impl Iterator<Item = (&GroupAtWaypoint, String)> {
    let what = |at: &GroupAtWaypoint| at.step.map_or_else(String::new, |step| format!("{} ", step.in_words()));
    group.steps().flatten().map(move |at| (at, what(at)))
}

fn first_fault(group: &GroupSummary) -> Option<(&GroupAtWaypoint, &'static str, String)> {
    fates(group).find_map(|(at, what)| fault(at).map(|class| (at, class, what)))
}

/// Each differing field once for a group, however many hops show it.
fn fields_of(group: &GroupSummary) -> Vec<Field> {
    let mut fields: Vec<_> = fates(group).flat_map(|(at, _)| &at.discrepancies).map(|d| d.field).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// How bad a probe is: lost people first, then by severity and number of what differs.
fn badness(probe: &ProbeSummary) -> (u64, u64, u64) {
    let at = || probe.groups.iter().flat_map(fates).map(|(at, _)| at);
    let missing = at().filter(|at| at.arrival == Arrival::Missing).count() as u64;
    let weight = |d: &Discrepancy| match d.severity {
        Severity::Critical => 10,
        Severity::Major => 3,
        Severity::Minor => 0,
    };
    let differing: u64 = at().flat_map(|at| &at.discrepancies).map(weight).sum();
    let late = at().filter(|at| at.arrival == Arrival::Late).count() as u64;
    (missing.min(1), differing + probe.findings.len() as u64 * 5, late + missing)
}

/// The probes that are not good, or of which something was found, the worst first.
pub fn bad(summary: &Summary) -> Vec<&ProbeSummary> {
    let is_bad = |probe: &&ProbeSummary| probe.good == Some(false) || !probe.findings.is_empty();
    let mut bad: Vec<&ProbeSummary> = summary.probes.iter().filter(is_bad).collect();
    bad.sort_by(|a, b| badness(b).cmp(&badness(a)).then(a.index.cmp(&b.index)));
    bad
}

/// The nearest household that passed beside one that failed, and by what the two differ: nothing where it is not known.
pub(super) fn nearest(probe: &ProbeSummary) -> Vec<String> {
    let Some(nearest) = &probe.nearest else { return Vec::new() };
    let index = nearest.probe.rsplit('/').next().unwrap_or_default();
    let mut lines = vec![format!("nearest who passed: probe {index}")];
    for (whose, words) in [("only this one", &nearest.failing_has), ("only that one", &nearest.passing_has)] {
        if !words.is_empty() {
            lines.push(format!("{whose}: {}", words.join(", ")));
        }
    }
    lines
}

/// Writes the worst probes, each with what was expected and found.
pub(super) fn worst(page: &mut String, summary: &Summary, style: Style) {
    let bad = bad(summary);
    if bad.is_empty() {
        return;
    }
    let title = if bad.len() > SHOWN {
        format!("Worst records ({SHOWN} of {}; the JSON report has all)", bad.len())
    } else {
        "Worst records".to_owned()
    };
    section(page, style, &title, &[String::new()]);
    page.truncate(page.trim_end().len());
    page.push('\n');
    for probe in bad.into_iter().take(SHOWN) {
        record(page, probe, style);
    }
}

fn record(page: &mut String, probe: &ProbeSummary, style: Style) {
    let hop = probe.first_divergent_hop.as_deref().map_or_else(String::new, |hop| format!(", first wrong at {hop}"));
    let why = probe.reason.as_deref().map_or_else(String::new, |why| format!(": {}", tame(why)));
    line(
        page,
        format_args!("  {} {}{hop}{why}", style.heading(format!("probe {}", probe.index)), probe.submission.told()),
    );
    for finding in &probe.findings {
        let text = format!("{} at {}: {}", finding.kind, finding.waypoint, tame(&finding.detail));
        line(page, format_args!("    {}", style.bad(style.wrap(&text, 6))));
    }
    for group in &probe.groups {
        differences(page, group, style);
    }
}

fn differences(page: &mut String, group: &GroupSummary, style: Style) {
    let mut told: Vec<&Discrepancy> = Vec::new();
    for (at, what) in fates(group) {
        let new: Vec<_> = at.discrepancies.iter().filter(|d| !told.iter().any(|known| known.is_same(d))).collect();
        let class = fault(at);
        if class.is_none() && new.is_empty() {
            continue;
        }
        let mut head = format!("{} {what}at {}: {}", group.line, at.name, class.unwrap_or("minor differences"));
        if let Some(place) = at.place.as_ref().or(at.not_found.as_ref()) {
            let _ = write!(head, " ({})", tame(place));
        }
        if new.is_empty() && !at.discrepancies.is_empty() {
            head.push_str(", the same differences");
        }
        line(page, format_args!("    {}", style.wrap(&head, 6)));
        for discrepancy in &new {
            diff(page, discrepancy, style);
        }
        told.extend(new);
    }
}

fn diff(page: &mut String, of: &Discrepancy, style: Style) {
    let member = if of.member.is_empty() { String::new() } else { format!("{} · ", tame(&of.member)) };
    let severity = match of.severity {
        Severity::Critical => "critical",
        Severity::Major => "major",
        Severity::Minor => "minor",
    };
    let at = of.at.map_or_else(String::new, |at| format!(" at {at}"));
    line(page, format_args!("      {member}{} ({severity}){at}", of.field));
    let value = |value: &Option<String>| value.as_deref().map_or("(none)".into(), tame).into_owned();
    line(page, format_args!("        {}", style.good(format!("- expected {}", value(&of.expected)))));
    line(page, format_args!("        {}", style.bad(format!("+ found    {}", value(&of.found)))));
}

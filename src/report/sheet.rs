//! A reviewer's sheet of one household: what was asked for, what was expected, what was found, and where the evidence lies.

use super::clean::tame;
use super::punch::{because, proved, what};
use super::worst::{fates, nearest};
use crate::model::{GroupAtWaypoint, ProbeSummary, Summary};
use std::fmt::Write as _;

/// The sheet, in Markdown; nothing where the run has no such probe. `steps` is what was done, in order, each in a line.
pub fn sheet(summary: &Summary, probe: &ProbeSummary, steps: &[String]) -> String {
    let run = &summary.run;
    let good = match probe.good {
        Some(true) => "as expected",
        Some(false) => "not as expected",
        None => "cannot be said yet",
    };
    let mut page = format!(
        "# Evidence {}\n\n| | |\n|---|---|\n| scenario | {} |\n| target | {} |\n| run | {}, begun {} |\n| submission | {} |\n| result | {good} |\n",
        probe.probe,
        cell(&run.scenario),
        cell(&run.target),
        run.id,
        run.started_at.format("%Y-%m-%d %H:%M:%SZ"),
        probe.submission,
    );
    page.push_str("\n## Steps\n\n");
    for (number, step) in (1..).zip(steps) {
        let _ = writeln!(page, "{number}. {}", cell(step));
    }
    page.push_str("\n## Expected and actual\n\n| where | expected | actual | evidence |\n|---|---|---|---|\n");
    for group in &probe.groups {
        for (at, step) in fates(group) {
            let whose = format!("{} {step}at `{}`", group.line, at.name);
            let _ = writeln!(page, "| {} | {} | {} | {} |", cell(&whose), due(at), actual(at), place(at));
            for of in &at.discrepancies {
                let (expected, found) = (side(of.expected.as_deref()), side(of.found.as_deref()));
                let field = format!("{} {}", of.member, of.field);
                let at = of.at.map(|at| at.to_string()).unwrap_or_default();
                let _ = writeln!(page, "| {} | {expected} | {found} | {at} |", cell(field.trim()));
            }
        }
    }
    for finding in &probe.findings {
        let _ =
            writeln!(page, "| `{}` | none | {}: {} | |", cell(&finding.waypoint), finding.kind, cell(&finding.detail));
    }
    others(&mut page, summary, probe);
    page
}

/// How it stands beside others.
fn others(page: &mut String, summary: &Summary, probe: &ProbeSummary) {
    page.push_str("\n## Beside others\n\n");
    for line in probe.befell.iter().filter_map(|at| summary.punch.get(*at as usize)) {
        let _ = writeln!(page, "- {}: {} of {} households", cell(&what(line)), line.households, line.of);
        let why = line.causes.iter().map(because).chain(line.silence.clone()).chain(line.proofs.iter().map(proved));
        for why in why {
            let _ = writeln!(page, "  - {}", cell(&why));
        }
    }
    for text in nearest(probe) {
        let _ = writeln!(page, "- {}", cell(&text));
    }
}

fn due(at: &GroupAtWaypoint) -> String {
    let by = at.limit_at.map_or_else(String::new, |limit| format!(" by {}", limit.format("%Y-%m-%d %H:%M:%SZ")));
    format!("there{by}, as it was sent")
}

fn actual(at: &GroupAtWaypoint) -> String {
    let integrity = at.integrity.map_or_else(String::new, |integrity| format!(", {integrity}"));
    let seen =
        at.first_seen_at.map_or_else(String::new, |seen| format!(", seen {}", seen.format("%Y-%m-%d %H:%M:%SZ")));
    format!("{}{integrity}{seen}", at.arrival)
}

fn place(at: &GroupAtWaypoint) -> String {
    cell(at.place.as_deref().or(at.not_found.as_deref()).unwrap_or_default())
}

fn side(of: Option<&str>) -> String {
    of.map_or_else(|| "(none)".to_owned(), cell)
}

/// Text of others in a cell: one line, with nothing in it that ends one or begins a link.
fn cell(text: &str) -> String {
    let mut clean = String::new();
    for letter in tame(text).chars() {
        if matches!(letter, '|' | '<' | '>' | '[' | ']' | '\\') {
            clean.push('\\');
        }
        clean.push(letter);
    }
    clean
}

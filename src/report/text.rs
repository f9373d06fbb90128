//! The report that people read: the verdict first, then where and what, then the evidence.

use super::clean::tame;
use super::page::Page;
use super::punch::punch;
use super::style::Style;
use super::worst::{errors_by, worst};
use crate::model::{ArrivalCounts, DamagedFile, Summary, Verdict, WaypointSummary};
use std::fmt::Write as _;

/// The summary as text: verdict and reasons, funnel, errors by hop, class, field and issuer, worst records, error rate,
/// latencies, steps, coverage of edge cases, and what was not compared. SSNs show their last four digits at most.
pub fn text(summary: &Summary, style: Style) -> Page {
    Page::of(style, |style| drawn(summary, style))
}

fn drawn(summary: &Summary, style: Style) -> String {
    let mut page = String::new();
    headline(&mut page, summary, style);
    punch(&mut page, summary, style);
    rate(&mut page, summary, style);
    funnel(&mut page, summary, style);
    changes(&mut page, summary, style);
    for (title, lines) in errors_by(summary) {
        section(&mut page, style, title, &lines);
    }
    worst(&mut page, summary, style);
    files(&mut page, summary, style);
    remaining(&mut page, summary, style);
    latencies(&mut page, summary, style);
    answers(&mut page, summary, style);
    steps(&mut page, summary, style);
    if style.full {
        rates(&mut page, summary, style);
    }
    coverage(&mut page, summary, style);
    folded(&mut page, summary, style);
    not_understood(&mut page, summary, style);
    not_compared(&mut page, summary, style);
    page
}

/// Writes a line; writing to a string cannot fail.
pub(super) fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = page.write_fmt(text);
    page.push('\n');
}

pub(super) fn section(page: &mut String, style: Style, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    line(page, format_args!("\n{}", style.heading(title)));
    for text in lines {
        line(page, format_args!("  {text}"));
    }
}

/// The verdict's word, and a sentence that says it.
pub fn verdict_in_words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Pass => ("PASS", "the pipeline held its objective"),
        Verdict::Fail => ("FAIL", "the pipeline broke its objective"),
        Verdict::Inconclusive => ("INCONCLUSIVE", "too little is known to say"),
        Verdict::Blind => ("BLIND", "waypoints could not be read when it mattered"),
        Verdict::SafetyStop => ("SAFETY STOP", "the harness stopped itself"),
        Verdict::Residue => ("PASS WITH RESIDUE", "the objective held; not everything is out again"),
        Verdict::HarnessError => ("HARNESS ERROR", "the harness failed; this says nothing of the pipeline"),
    }
}

fn headline(page: &mut String, summary: &Summary, style: Style) {
    let (word, sentence) = verdict_in_words(summary.verdict);
    let word = match summary.verdict {
        Verdict::Pass => style.good(word),
        Verdict::Fail | Verdict::SafetyStop | Verdict::HarnessError => style.bad(word),
        Verdict::Inconclusive | Verdict::Blind | Verdict::Residue => style.uncertain(word),
    };
    line(page, format_args!("{word}: {sentence} (exit code {})", summary.exit_code));
    for reason in &summary.reasons {
        line(page, format_args!("  - {}", style.wrap(&tame(reason), 4)));
    }
    if !summary.rests_on.is_empty() {
        line(page, format_args!("  - {}", style.faint(style.wrap(&tame(&summary.rests_on), 4))));
    }
    if !summary.hints.is_empty() {
        line(
            page,
            format_args!("\n{}", style.heading("Of everybody alike, and so more often the target than the pipeline")),
        );
        for hint in &summary.hints {
            line(page, format_args!("  - {}", style.wrap(&tame(hint), 4)));
        }
    }
    let run = &summary.run;
    let ended = run.finished_at.map_or_else(|| "not finished".to_owned(), |at| at.format("%H:%M:%SZ").to_string());
    let started = run.started_at.format("%Y-%m-%d %H:%M:%SZ");
    let facts =
        format!("run {} · {} on {} · seed {} · {started} to {ended}", run.id, run.scenario, run.target, run.seed);
    line(page, format_args!("\n{}", style.faint(tame(&facts))));
    submissions(page, summary);
}

fn submissions(page: &mut String, summary: &Summary) {
    let counts = &summary.counts;
    let mut sent = format!("{} households planned: {} accepted", counts.planned, counts.accepted);
    for (count, word) in [
        (counts.rejected, "rejected"),
        (counts.indeterminate, "without a trustworthy answer"),
        (counts.unsent, "not submitted"),
        (counts.not_begun, "never begun"),
    ] {
        if count > 0 {
            let _ = write!(sent, ", {count} {word}");
        }
    }
    if summary.missed_slots > 0 {
        let _ = write!(sent, "; {} slots of the schedule missed", summary.missed_slots);
    }
    line(page, format_args!("{sent}"));
    let fates: Vec<String> = [
        (counts.good, "good"),
        (counts.missing, "missing"),
        (counts.altered, "altered"),
        (counts.late, "late"),
        (counts.found.unwrap_or_default(), "not good for what was found beside"),
        (counts.undecided, "undecided"),
        (counts.pending, "pending"),
        (counts.blind, "blind"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    if !fates.is_empty() {
        line(page, format_args!("enrollment groups: {}", fates.join(", ")));
    }
    if counts.strangers_dropped > 0 {
        let records = if counts.strangers_dropped == 1 { "record" } else { "records" };
        line(page, format_args!("{} {records} of other people, counted and dropped", counts.strangers_dropped));
    }
}

fn rate(page: &mut String, summary: &Summary, style: Style) {
    let rate = &summary.error_rate;
    let (Some(estimate), Some(wilson), Some(exact)) = (rate.estimate, rate.wilson, rate.clopper_pearson) else {
        line(page, format_args!("\nerror rate: no group could be judged"));
        return;
    };
    let interval = |[low, high]: [f64; 2]| format!("{:.2}–{:.2} %", low * 100.0, high * 100.0);
    line(page, format_args!("\nerror rate {} of {} groups = {:.2} %", rate.errors, rate.trials, estimate * 100.0));
    let sure = rate.confidence * 100.0;
    line(
        page,
        format_args!(
            "  {sure:.0} % intervals (two-sided): Wilson {}, Clopper–Pearson {}",
            interval(wilson),
            interval(exact)
        ),
    );
    if let Some(any_time) = rate.any_time.filter(|_| rate.trials > 0) {
        line(page, format_args!("  however often one looks: {}", interval(any_time)));
    }
    for of in rate.clustered.iter().filter(|of| of.applies || style.full) {
        let applies = if of.applies { "" } else { " (no more than chance puts together)" };
        line(
            page,
            format_args!(
                "  by {}: errors in {} of {}, design effect {:.2}, {}{applies}",
                of.by,
                of.with_errors,
                of.clusters,
                of.design_effect,
                interval(of.interval)
            ),
        );
    }
}

/// Errors of each part of the groups.
fn rates(page: &mut String, summary: &Summary, style: Style) {
    let table: Vec<Vec<String>> = summary
        .rates
        .iter()
        .filter(|of| of.rate.trials > 0)
        .map(|of| {
            let [low, high] = of.rate.widest.unwrap_or_default().map(|share| format!("{:.2} %", share * 100.0));
            let share = of.rate.estimate.map_or_else(String::new, |share| format!("{:.2} %", share * 100.0));
            let name = format!("{} {}", of.by, tame(&of.of));
            vec![name, of.rate.errors.to_string(), of.rate.trials.to_string(), share, low, high]
        })
        .collect();
    let lines = columns(&["of", "not good", "groups", "share", "from", "to"], &table);
    section(page, style, "Rates of the parts, with their intervals", &lines);
}

fn funnel(page: &mut String, summary: &Summary, style: Style) {
    let people = |at: &WaypointSummary| at.people_due.max(at.people_arrived);
    let most = summary.waypoints.iter().map(people).max().unwrap_or_default();
    let name_width = summary.waypoints.iter().map(|at| at.name.chars().count()).max().unwrap_or_default();
    let bar_width = u64::from(style.width.clamp(60, 120)) / 3;
    let lines: Vec<String> = summary
        .waypoints
        .iter()
        .map(|at| {
            let full = if most == 0 { 0 } else { (at.people_arrived * bar_width).div_ceil(most) };
            let empty = if most == 0 { 0 } else { (at.people_due * bar_width).div_ceil(most).saturating_sub(full) };
            let bar = "█".repeat(usize::try_from(full).unwrap_or_default());
            let lost = "░".repeat(usize::try_from(empty).unwrap_or_default());
            let pad = usize::try_from(bar_width.saturating_sub(full + empty)).unwrap_or_default();
            format!(
                "{:name_width$}  {}{}{}  {} of {} people · {}",
                at.name,
                style.good(bar),
                style.bad(lost),
                " ".repeat(pad),
                at.people_arrived,
                at.people_due,
                in_words(&at.groups)
            )
        })
        .collect();
    section(page, style, "People along the waypoints", &lines);
}

fn in_words(counts: &ArrivalCounts) -> String {
    let words = [
        (counts.on_time, "on time"),
        (counts.late, "late"),
        (counts.missing, "missing"),
        (counts.altered, "altered"),
        (counts.undecided, "undecided"),
        (counts.pending, "pending"),
        (counts.blind, "blind"),
    ];
    let words: Vec<_> =
        words.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if words.is_empty() { "nothing due".to_owned() } else { words.join(", ") }
}

fn changes(page: &mut String, summary: &Summary, style: Style) {
    let told = |at: &WaypointSummary| Some(format!("{}  {}", at.name, in_words(at.changes.as_ref()?)));
    let lines: Vec<String> = summary.waypoints.iter().filter_map(told).collect();
    section(page, style, "Changes along the waypoints (groups)", &lines);
}

/// Files in which something is wrong; JSON has them all.
fn files(page: &mut String, summary: &Summary, style: Style) {
    const MOST: usize = 20;
    let told =
        |file: &DamagedFile| style.wrap(&tame(&format!("{} `{}`: {}", file.waypoint, file.name, file.damage)), 4);
    let mut lines: Vec<String> = summary.files.iter().take(MOST).map(told).collect();
    let more = summary.files.len().saturating_sub(MOST);
    if more > 0 {
        lines.push(format!("and {more} more: `johndoe report {} --json` has them as `files`", summary.run.id));
    }
    section(page, style, "Files in which something is wrong", &lines);
}

/// Whom somebody has to take out by hand; JSON has them all.
fn remaining(page: &mut String, summary: &Summary, style: Style) {
    const MOST: usize = 100;
    let all = || summary.probes.iter().filter_map(|probe| probe.remaining.as_ref());
    let mut lines: Vec<String> = all().take(MOST).map(|left| tame(&left.to_string()).into_owned()).collect();
    let more = all().count().saturating_sub(MOST);
    if more > 0 {
        lines.push(format!("and {more} more: `johndoe report {} --json` has them as `remaining`", summary.run.id));
    }
    section(page, style, "Not taken out again, or not provably: for those who run the exchange", &lines);
}

fn latencies(page: &mut String, summary: &Summary, style: Style) {
    let table: Vec<Vec<String>> = summary
        .waypoints
        .iter()
        .filter(|at| at.groups.due > 0)
        .map(|at| {
            let of = &at.latency_seconds;
            let mut row = vec![at.name.clone()];
            row.extend([of.p50, of.p90, of.p95, of.p99].map(bounds));
            row
        })
        .collect();
    let lines = columns(&["waypoint", "p50", "p90", "p95", "p99"], &table);
    section(page, style, "Latency from the intended moment, counting what has not arrived", &lines);
}

/// What CAQH CORE allows an eligibility service.
fn answers(page: &mut String, summary: &Summary, style: Style) {
    let told = |at: &WaypointSummary| {
        let it = at.answers.as_ref()?;
        let mut told = format!("{}  {} answers, {} beyond 20 s", at.name, it.answers, it.beyond_20_s);
        if it.answers > 0 {
            let _ = write!(told, ", the slowest after {:.1} s", it.max_ms / 1000.0);
        }
        if it.unanswered > 0 {
            let _ = write!(told, "; {} questions got none", it.unanswered);
        }
        Some(told)
    };
    let lines: Vec<String> = summary.waypoints.iter().filter_map(told).collect();
    section(page, style, "Answers to eligibility inquiries, which CAQH CORE allows 20 s", &lines);
}

pub(super) fn bounds(quantile: Option<[f64; 2]>) -> String {
    let Some([low, high]) = quantile else { return "not reached".to_owned() };
    if seconds(low) == seconds(high) { seconds(high) } else { format!("{} to {}", seconds(low), seconds(high)) }
}

pub(super) fn seconds(seconds: f64) -> String {
    if seconds < 120.0 {
        format!("{seconds:.1} s")
    } else if seconds < 7200.0 {
        format!("{:.1} min", seconds / 60.0)
    } else {
        format!("{:.1} h", seconds / 3600.0)
    }
}

fn steps(page: &mut String, summary: &Summary, style: Style) {
    let table: Vec<Vec<String>> = summary
        .steps
        .iter()
        .map(|step| {
            let ms = |ms: f64| format!("{ms:.1} ms");
            let numbers = [step.requests.to_string(), step.errors.to_string()];
            let times = [ms(step.p50_ms), ms(step.p95_ms), ms(step.max_ms)];
            std::iter::once(tame(&step.name).into_owned()).chain(numbers).chain(times).collect()
        })
        .collect();
    let lines = columns(&["step", "requests", "errors", "p50", "p95", "max"], &table);
    section(page, style, "Steps at the exchange", &lines);
}

/// Rows in columns, the first flush left and the others right.
fn columns(heads: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    if rows.is_empty() {
        return Vec::new();
    }
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&heads).chain(rows).collect();
    let width = |at: usize| all.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let render = |row: &Vec<String>| {
        let cell = |(at, cell): (usize, &String)| {
            let width = width(at).unwrap_or_default();
            if at == 0 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        };
        row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ")
    };
    all.iter().map(|row| render(row)).collect()
}

fn coverage(page: &mut String, summary: &Summary, style: Style) {
    let (covered, uncovered): (Vec<_>, Vec<_>) = summary.edge_cases.iter().partition(|case| case.households > 0);
    let mut lines = Vec::new();
    if !covered.is_empty() {
        let names: Vec<_> = covered.iter().map(|case| format!("{} {}", case.name, case.households)).collect();
        lines.push(style.wrap(&names.join(", "), 2));
    }
    if !uncovered.is_empty() {
        let names: Vec<_> = uncovered.iter().map(|case| case.name.as_str()).collect();
        lines.push(style.uncertain(style.wrap(&format!("not covered: {}", names.join(", ")), 2)));
    }
    section(page, style, "Edge cases, and how many households showed them", &lines);
}

/// What came through otherwise than it was drawn, because the target cannot carry it.
fn folded(page: &mut String, summary: &Summary, style: Style) {
    let people = |count: u64| if count == 1 { "1 person".to_owned() } else { format!("{count} people") };
    let told = |of: &crate::model::FoldedPeople| {
        style.wrap(&format!("{} {}: {}", of.fold.field, tame(&of.fold.what), people(of.people)), 4)
    };
    let lines: Vec<String> = summary.folded.iter().map(told).collect();
    section(page, style, "Folded together, because the target cannot carry more, and expected so", &lines);
}

/// Fields that no record was understood in.
fn not_understood(page: &mut String, summary: &Summary, style: Style) {
    let told = |at: &WaypointSummary| {
        let names: Vec<_> = at.not_understood.iter().map(crate::model::Field::name).collect();
        (!names.is_empty()).then(|| style.uncertain(style.wrap(&format!("{}: {}", at.name, names.join(", ")), 4)))
    };
    let lines: Vec<String> = summary.waypoints.iter().filter_map(told).collect();
    section(page, style, "Not understood in any record, and so not compared: the target's mistake", &lines);
}

fn not_compared(page: &mut String, summary: &Summary, style: Style) {
    let lines: Vec<String> = summary
        .waypoints
        .iter()
        .filter(|at| !at.not_compared.is_empty())
        .map(|at| {
            let names: Vec<_> = at.not_compared.iter().map(crate::model::Field::name).collect();
            style.faint(style.wrap(&format!("{}: {}", at.name, names.join(", ")), 4))
        })
        .collect();
    section(
        page,
        style,
        "Not compared: the waypoint cannot show it, the scenario ignores it, or the target never asks for it",
        &lines,
    );
}

//! Scenario text to a scenario: the tree is checked against its keys first, then for what cannot be meant.

use super::journey::journey;
use super::keys::{SCENARIO, bound, date};
use super::rows::{Around, rows};
use super::step::{Load, Scenario};
use crate::model::{
    Decide, EdgeCase, Field, FieldSet, GeneratorVersion, Objective, Population, Row, STATES, Severity, SsnPolicy,
};
use crate::source::{Diagnostics, Node, Report, duration, rate_per_second, read_layers, share};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Reads a scenario. `file` is the name shown in errors; all errors come back at once, in the file's order.
pub fn parse(text: &str, file: &str) -> Result<Scenario, Diagnostics> {
    let mut report = Report::new();
    let scenario = read_layers(text, &mut report).and_then(|root| {
        SCENARIO.check(&root, &mut report);
        scenario(&root, &mut report)
    });
    match scenario {
        Some(scenario) if report.is_empty() => Ok(scenario),
        _ => Err(report.into_diagnostics(text, file)),
    }
}

/// What the tree says. Values that the check has refused are passed over here; `None` where the root is no mapping.
fn scenario(root: &Node, report: &mut Report) -> Option<Scenario> {
    if !root.is_map() {
        return None;
    }
    let population = population(root.get("population"), report);
    Some(Scenario {
        name: root.text_of("scenario").unwrap_or_default().to_owned(),
        journey: journey(root.get("journey"), &population, report),
        population,
        severity: severities(root),
        ignore: ignored(root),
        objective: objective(root.get("objective"), report),
        load: load(root.get("load")),
        grace_share: root.text_of("grace").and_then(share).unwrap_or(1.0),
    })
}

fn population(node: Option<&Node>, report: &mut Report) -> Population {
    let text = |key: &str| node.and_then(|n| n.text_of(key));
    let as_of = text("as_of").and_then(date).unwrap_or_else(default_as_of);
    let coverage_begin = text("coverage_begin").and_then(date);
    if let (Some(entry), Some(begin)) = (node.and_then(|n| n.entry("coverage_begin")), coverage_begin)
        && begin < as_of
    {
        report
            .error(entry.value.span, format!("coverage begins on {begin}, before `as_of` ({as_of})"))
            .help("an exchange enrolls for the future; choose a later day, or leave it out");
    }
    let generator = text("generator").and_then(GeneratorVersion::parse).unwrap_or(GeneratorVersion::NEWEST);
    let rows = rows(node.and_then(|n| n.get("rows")), &Around { as_of, generator }, report);
    let (edge_case_share, edge_cases) = edge_cases(node.and_then(|n| n.get("edge_cases")), generator, report);
    Population {
        count: text("count").and_then(|t| t.parse().ok()).unwrap_or_else(|| count_of(&rows)),
        seed: text("seed").and_then(|t| t.parse().ok()).unwrap_or(0),
        as_of,
        coverage_begin,
        states: states(node.and_then(|n| n.get("states")), generator, report),
        household_size: sizes(node.and_then(|n| n.get("household_size")), report),
        edge_case_share,
        edge_cases,
        several: several(node.and_then(|n| n.get("edge_cases")), generator, report),
        dental_share: whole_share(node.and_then(|n| n.get("dental")), report),
        agent_share: whole_share(node.and_then(|n| n.get("agents")), report),
        ssn: text("ssn").and_then(SsnPolicy::parse).unwrap_or(SsnPolicy::None),
        generator,
        rows,
    }
}

/// How many households there are where nobody says it.
fn count_of(rows: &[Row]) -> u32 {
    if rows.is_empty() { 10 } else { u32::try_from(rows.len()).unwrap_or(u32::MAX) }
}

/// The Friday of the design's example: six weeks into the first open enrollment.
fn default_as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2013, 11, 15).unwrap_or_default()
}

/// A share of households: at most all of them.
fn whole_share(node: Option<&Node>, report: &mut Report) -> f64 {
    let Some(node) = node else { return 0.0 };
    let value = node.text().and_then(share).unwrap_or(0.0);
    if value > 1.0 {
        report.error(node.span, format!("found {}%, expected at most 100% of the households", value * 100.0));
    }
    value.min(1.0)
}

fn edge_cases(node: Option<&Node>, generator: GeneratorVersion, report: &mut Report) -> (f64, Vec<EdgeCase>) {
    let Some(node) = node else { return (0.0, Vec::new()) };
    let share = whole_share(node.get("share"), report);
    let mut cases: Vec<EdgeCase> = Vec::new();
    let listed = node.get("include");
    for item in listed.map_or(&[][..], Node::items) {
        let Some(case) = item.text().and_then(EdgeCase::parse) else { continue };
        if case.since() > generator {
            report
                .error(
                    item.span,
                    format!("version {generator} of the generator has no `{case}`, version {} has", case.since()),
                )
                .help("leave `generator` out, or the case");
        } else if cases.contains(&case) {
            report.error(item.span, format!("`{case}` stands in the list a second time"));
        } else {
            cases.push(case);
        }
    }
    if listed.is_none() {
        cases = EdgeCase::known_to(generator);
    }
    if let (Some(entry), true) = (node.entry("include"), share <= 0.0 && node.text_of("share").is_some()) {
        report
            .error(entry.key_span, "edge cases are listed, and their share is 0")
            .help("give a share above 0, or leave `edge_cases` out");
    }
    (share, cases)
}

/// Whether a household may show several cases; an error where it is asked for of a version that deals one alone.
fn several(node: Option<&Node>, generator: GeneratorVersion, report: &mut Report) -> bool {
    let Some(node) = node.and_then(|node| node.get("several")) else { return true };
    let wanted = node.text() != Some("false");
    if wanted && !generator.deals_several() {
        report
            .error(node.span, format!("version {generator} of the generator gives each household one case at most"))
            .help("leave `generator` out, or `several`");
    }
    wanted
}

fn states(node: Option<&Node>, generator: GeneratorVersion, report: &mut Report) -> Vec<String> {
    let Some(node) = node else { return vec!["VA".to_owned()] };
    let mut states: Vec<String> = Vec::new();
    for item in node.items() {
        let Some(state) = item.text() else { continue };
        if STATES.contains(&state) && !generator.states().contains(&state) {
            let known = generator.states().join(", ");
            report
                .error(
                    item.span,
                    format!("version {generator} of the generator knows no place in {state}, only in {known}"),
                )
                .help("leave `generator` out: the newest version knows all states");
        } else if states.iter().any(|s| s == state) {
            report.error(item.span, format!("`{state}` stands in the list a second time"));
        } else {
            states.push(state.to_owned());
        }
    }
    states
}

fn sizes(node: Option<&Node>, report: &mut Report) -> BTreeMap<u8, u32> {
    let Some(node) = node else { return [(1, 4), (2, 3), (3, 2), (4, 1)].into() };
    let weights = node.entries().iter();
    let sizes: BTreeMap<u8, u32> =
        weights.filter_map(|e| Some((e.key.parse().ok()?, e.value.text()?.parse().ok()?))).collect();
    if !sizes.is_empty() && sizes.values().all(|weight| *weight == 0) {
        report
            .error(node.span, "every household size has weight 0, so no household can be drawn")
            .help("give at least one size a weight above 0");
    }
    sizes.into_iter().filter(|(_, weight)| *weight > 0).collect()
}

fn severities(root: &Node) -> BTreeMap<Field, Severity> {
    let entries = root.get("compare").and_then(|c| c.get("severity")).map_or(&[][..], Node::entries);
    entries.iter().filter_map(|e| Some((Field::parse(&e.key)?, severity(e.value.text()?)?))).collect()
}

fn severity(word: &str) -> Option<Severity> {
    match word {
        "minor" => Some(Severity::Minor),
        "major" => Some(Severity::Major),
        "critical" => Some(Severity::Critical),
        _ => None,
    }
}

fn ignored(root: &Node) -> FieldSet {
    let items = root.get("compare").and_then(|c| c.get("ignore")).map_or(&[][..], Node::items);
    items.iter().filter_map(|i| Field::parse(i.text()?)).collect()
}

fn objective(node: Option<&Node>, report: &mut Report) -> Objective {
    let text = |key: &str| node.and_then(|n| n.text_of(key));
    let objective = Objective {
        error_rate_below: text("error_rate").map_or(Some(0.01), |t| bound(t, "<")),
        on_time_at_least: text("on_time").map_or(Some(0.99), |t| bound(t, ">=")),
        confidence: text("confidence").and_then(share).unwrap_or(0.95),
        decide: text("decide").and_then(Decide::parse).unwrap_or(Decide::Interval),
        acceptable: text("acceptable").and_then(|t| bound(t, "<")),
    };
    if let Some(node) = node {
        check_acceptable(node, &objective, report);
    }
    objective
}

/// A sequential test tells an acceptable share from the limit: it needs both, the one below the other.
fn check_acceptable(node: &Node, objective: &Objective, report: &mut Report) {
    let is_sequential = objective.decide == Decide::Sequential;
    match (node.entry("acceptable"), objective.acceptable, objective.error_rate_below) {
        (None, _, _) if is_sequential => {
            let at = node.get("decide").map_or(node.span, |decide| decide.span);
            report
                .error(at, "a sequential test needs a share of errors that is acceptable, below that of `error_rate`")
                .help("add `acceptable`, such as \"< 0.1%\"");
        }
        (Some(entry), _, _) if !is_sequential => {
            report
                .error(entry.key_span, "only a sequential test asks for the share that is acceptable")
                .help("say `decide: sequential`, or leave `acceptable` out");
        }
        (Some(entry), Some(acceptable), Some(limit)) if acceptable >= limit => {
            let [acceptable, limit] = [acceptable, limit].map(|share| format!("{}%", share * 100.0));
            report
                .error(entry.value.span, format!("found {acceptable}, expected less than `error_rate` ({limit})"))
                .help("the nearer they lie, the more records it takes");
        }
        _ => {}
    }
}

fn load(node: Option<&Node>) -> Load {
    let text = |key: &str| node.and_then(|n| n.text_of(key));
    Load {
        rate_per_second: text("rate").and_then(rate_per_second),
        in_flight: text("in_flight").and_then(|t| t.parse().ok()).unwrap_or(100),
        first_look_after: text("first_look_after").and_then(duration),
    }
}

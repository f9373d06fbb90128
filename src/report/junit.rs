//! The report as `JUnit` reads it: a test case for the verdict, and one for each household.

use super::clean::tame;
use super::text::verdict_in_words;
use super::worst::{fates, fault};
use crate::model::{ProbeSummary, Summary, Verdict};

/// The summary as XML of `JUnit`. A household of which nothing can be said is skipped, and never passes.
pub fn junit(summary: &Summary) -> String {
    let known = |good| summary.probes.iter().filter(|probe| probe.good == good).count();
    let (word, sentence) = verdict_in_words(summary.verdict);
    let is_failure = summary.verdict == Verdict::Fail;
    let is_skipped = !is_failure && summary.verdict.exit_code() != 0;
    let name = attribute(&format!("{} on {}", summary.run.scenario, summary.run.target));
    let mut page = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"0\" \
         skipped=\"{}\" timestamp=\"{}\">\n",
        summary.probes.len() + 1,
        known(Some(false)) + usize::from(is_failure),
        known(None) + usize::from(is_skipped),
        summary.run.started_at.format("%Y-%m-%dT%H:%M:%S")
    );
    let reasons = summary.reasons.join("\n");
    let outcome = match (is_failure, is_skipped) {
        (true, _) => Outcome::Failed(sentence.to_owned(), reasons),
        (_, true) => Outcome::Skipped(format!("{word}: {}", summary.reasons.first().map_or(sentence, String::as_str))),
        _ => Outcome::Passed,
    };
    case(&mut page, (&name, "objective"), &outcome);
    for probe in &summary.probes {
        let outcome = match probe.good {
            Some(true) => Outcome::Passed,
            Some(false) => Outcome::Failed(short(probe), long(probe)),
            None => Outcome::Skipped(format!("not known: {}", probe.submission)),
        };
        case(&mut page, (&name, &format!("probe {}", probe.index)), &outcome);
    }
    page += "  </testsuite>\n</testsuites>\n";
    page
}

enum Outcome {
    Passed,
    Failed(String, String),
    Skipped(String),
}

fn case(page: &mut String, (class, name): (&str, &str), outcome: &Outcome) {
    let inner = match outcome {
        Outcome::Passed => "/>\n".to_owned(),
        Outcome::Failed(short, long) => {
            format!(">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n", attribute(short), lines(long))
        }
        Outcome::Skipped(why) => format!(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", attribute(why)),
    };
    *page += &["    <testcase classname=\"", class, "\" name=\"", &attribute(name), "\"", &inner].concat();
}

fn short(probe: &ProbeSummary) -> String {
    let hop = probe.first_divergent_hop.as_deref().map_or_else(String::new, |hop| format!("first wrong at {hop}"));
    if hop.is_empty() { "not good".to_owned() } else { hop }
}

/// Everything that is wrong, a line each.
fn long(probe: &ProbeSummary) -> String {
    let findings = probe.findings.iter().map(|of| format!("{} at {}: {}", of.kind, of.waypoint, of.detail));
    let groups = probe.groups.iter().flat_map(|group| fates(group).map(move |(at, step)| (group.line, at, step)));
    let wrong = groups.flat_map(|(line, at, step)| {
        let fate = fault(at).map(|fault| format!("{line} {step}at {}: {fault}", at.name));
        let differing = at.discrepancies.iter().map(|of| {
            let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
            format!("  {} {}: expected {}, found {}", of.member, of.field, value(&of.expected), value(&of.found))
        });
        fate.into_iter().chain(differing).collect::<Vec<_>>()
    });
    findings.chain(wrong).collect::<Vec<_>>().join("\n")
}

/// Text of XML, each line tamed: what XML cannot carry is written out.
fn lines(text: &str) -> String {
    text.lines().map(attribute).collect::<Vec<_>>().join("\n")
}

fn attribute(text: &str) -> String {
    let written = tame(text);
    written
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

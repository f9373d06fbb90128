//! `x12 validate`: what is wrong in files, one finding after the other, and what to do about each kind.

use super::super::arguments::Arguments;
use super::super::console::{print, print_each, tell};
use super::super::context::World;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::answers::answers;
use super::flags::Validate;
use super::input::{Input, unreadable};
use johndoe::report::tame;
use johndoe::wire::check::{Checker, Finding, History, Layer, Options, Rule, Severity, Totals};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// Checks every file; one that cannot be read does not keep the others from it.
pub(crate) fn validate(flags: &Validate, arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    if flags.answers.is_some() && flags.files.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::usage("with --answers files are read twice, which standard input cannot be; name files"));
    }
    let mut history = History::default();
    let mut exit = Exit::Done;
    for path in &flags.files {
        match one(path, flags, (arguments, world), &mut history) {
            Ok(true) => exit = if exit == Exit::Usage { exit } else { Exit::Found },
            Ok(false) => {}
            Err(failure) if failure.exit() == Exit::Usage => {
                tell(failure.text());
                exit = Exit::Usage;
            }
            Err(failure) => return Err(failure),
        }
    }
    match &flags.answers {
        Some(answered) if exit != Exit::Usage => {
            let answers = answers(answered, flags, arguments, world)?;
            Ok(if answers == Exit::Done { exit } else { answers })
        }
        _ => Ok(exit),
    }
}

/// Whether errors were found in a file.
fn one(
    path: &Path,
    flags: &Validate,
    (arguments, world): (&Arguments, &World),
    history: &mut History,
) -> Result<bool, Failure> {
    let input = Input::open(path, arguments, world)?;
    let name = input.name.clone();
    let limit = if flags.all { u64::MAX } else { Options::default().limit };
    let options = Options { profile: flags.profile.into(), limit };
    let mut checker = Checker::new(input, options, std::mem::take(history));
    let findings = std::iter::from_fn(|| {
        loop {
            return match checker.next() {
                Ok(Some(finding)) if flags.json => Some(Ok(as_json(&finding, &name).to_string())),
                Ok(Some(finding)) if !flags.all && is_of_others(finding.rule, finding.severity) => continue,
                Ok(Some(finding)) => Some(Ok(as_text(&finding, &name))),
                Ok(None) => None,
                Err(error) => Some(Err(unreadable(&name, &error))),
            };
        }
    });
    print_each(findings)?;
    let totals = checker.totals();
    *history = checker.into_history();
    print(&if flags.json {
        totals_as_json(&totals, &name).to_string()
    } else {
        totals_as_text(&totals, &name, limit, flags.all)
    })?;
    Ok(totals.errors() > 0)
}

/// Whether a finding says only that a file which is not the exchange's does not follow the exchange's rules: a real error must
/// not be buried under these.
fn is_of_others(rule: Rule, severity: Severity) -> bool {
    rule.layer() == Layer::Marketplace && severity == Severity::Warning && rule != Rule::OldBirth
}

fn as_text(finding: &Finding, name: &str) -> String {
    let Finding { rule, severity, at, found, expected, .. } = finding;
    let element = finding.element_name();
    let element = if element.is_empty() { "file" } else { &element };
    let place = tame(&format!("{element} ({at})")).into_owned();
    let (name, found, expected) = (tame(name), tame(found), tame(expected));
    format!("{name}: {}: {place}: {}\n    found {found}\n    expected {expected}", severity.name(), rule.id())
}

fn as_json(finding: &Finding, name: &str) -> Value {
    let at = &finding.at;
    json!({
        "kind": "finding",
        "file": name,
        "rule": finding.rule.id(),
        "layer": finding.rule.layer().name(),
        "severity": finding.severity.name(),
        "interchange": at.interchange,
        "functional_group": at.functional_group,
        "transaction_set": at.transaction_set,
        "segment_number": at.segment,
        "offset": at.offset,
        "loop": finding.in_loop,
        "segment": finding.segment,
        "element": finding.element.element,
        "component": finding.element.component,
        "repetition": finding.element.repetition,
        "found": finding.found,
        "expected": finding.expected,
        "says": finding.rule.says(),
        "remedy": finding.rule.remedy(),
    })
}

fn totals_as_text(totals: &Totals, name: &str, limit: u64, is_all: bool) -> String {
    let count = |number: u64, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    let name = tame(name);
    let mut text = format!(
        "{name}: {}, {} in {}, {}, {}, {}, {}",
        count(totals.errors(), "error"),
        count(totals.warnings(), "warning"),
        count(totals.interchanges, "interchange"),
        count(totals.functional_groups, "group"),
        count(totals.transaction_sets, "set"),
        count(totals.members, "member"),
        count(totals.segments, "segment"),
    );
    let (mut others, mut of_others) = (0, 0);
    for (rule, errors, warnings) in &totals.broken {
        if !is_all && *errors == 0 && is_of_others(*rule, Severity::Warning) {
            others += 1;
            of_others += warnings;
            continue;
        }
        let (number, severity) = if *errors > 0 { (errors, Severity::Error) } else { (warnings, Severity::Warning) };
        let more = errors + warnings > limit;
        let shown = if more { format!(", {limit} shown; --all shows all") } else { String::new() };
        let _ = write!(
            text,
            "\n  {} ({}): {}{shown}\n    rule: {}\n    remedy: {}",
            rule.id(),
            rule.layer().name(),
            count(*number, severity.name()),
            rule.says(),
            rule.remedy()
        );
    }
    if others > 0 {
        let (warnings, rules) = (count(of_others, "warning"), count(others, "rule"));
        let _ = write!(
            text,
            "\n  and {warnings} by {rules} of the exchange, whose file this does not seem to be: --all shows them, --profile ffm \
             makes them errors"
        );
    }
    if totals.without_guide > 0 {
        let _ =
            write!(text, "\n  {} without a table: envelope and characters only", count(totals.without_guide, "set"));
    }
    text
}

fn totals_as_json(totals: &Totals, name: &str) -> Value {
    let broken = totals.broken.iter().map(|(rule, errors, warnings)| {
        json!({"rule": rule.id(), "layer": rule.layer().name(), "errors": errors, "warnings": warnings})
    });
    json!({
        "kind": "file",
        "file": name,
        "errors": totals.errors(),
        "warnings": totals.warnings(),
        "interchanges": totals.interchanges,
        "functional_groups": totals.functional_groups,
        "transaction_sets": totals.transaction_sets,
        "sets_without_table": totals.without_guide,
        "members": totals.members,
        "segments": totals.segments,
        "broken": broken.collect::<Vec<_>>(),
    })
}

/// Prints the catalogue.
pub(crate) fn rules() -> Result<Exit, Failure> {
    let lines = Rule::ALL.iter().map(|rule| {
        Ok(format!("{} ({})\n    {}\n    remedy: {}", rule.id(), rule.layer().name(), rule.says(), rule.remedy()))
    });
    print_each(lines).map(|()| Exit::Done)
}

//! The steps of a journey: what happens, on what terms, and what must be true then.

use super::after::after;
use super::step::Step;
use super::when::when;
use crate::model::{Correction, Destination, LifeEvent, Limit, Population, Renewal, StepTerms, SubmissionExpected};
use crate::source::{Deadline, Node, Report, deadline};

/// The steps of a journey, in order; what cannot be meant goes to the report.
pub(super) fn journey(node: Option<&Node>, people: &Population, report: &mut Report) -> Vec<Step> {
    let items = node.map_or(&[][..], Node::items);
    let mut steps: Vec<Step> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        check_include(item, report);
        let Some(event) = item.text_of("event").and_then(LifeEvent::parse) else { continue };
        check_order(item, (index, event), &steps, report);
        steps.push(Step { terms: terms(item, event, people, report), ..step(item, event, report) });
    }
    check_refusal(items, &steps, report);
    steps
}

/// A part stands by itself, and was put in before: what is still there was not read.
fn check_include(item: &Node, report: &mut Report) {
    let (include, event) = (item.entry("include"), item.entry("event"));
    match (include, event) {
        (None, None) if item.is_map() => {
            report
                .error(item.span, "key `event` is missing in an event of `journey`, expected an event such as `enroll`")
                .help("say what happens, or name a file of steps with `include`");
        }
        (Some(include), _) if item.entries().len() > 1 => {
            report
                .error(include.key_span, "`include` stands alone: the steps of that file take this place")
                .help("leave the other keys out, or write the step here");
        }
        (Some(include), None) => {
            report
                .error(include.value.span, "a part of a journey names no further parts")
                .help("name both in the scenario, one after the other");
        }
        _ => {}
    }
}

fn check_order(item: &Node, (index, event): (usize, LifeEvent), earlier: &[Step], report: &mut Report) {
    use LifeEvent::{Cancel, MissPayment, Reinstate, Terminate};
    let span = item.get("event").map_or(item.span, |n| n.span);
    if index == 0 && event != LifeEvent::Enroll {
        report.error(span, format!("the journey begins with `{event}`, expected `enroll`"));
    }
    let turns = |s: &Step| matches!(s.event, Cancel | Terminate | MissPayment | Reinstate);
    let end = earlier.iter().rev().find(|s| turns(s)).map(|s| s.event).filter(|event| *event != LifeEvent::Reinstate);
    if event == LifeEvent::Reinstate && end != Some(LifeEvent::Terminate) {
        report
            .error(span, "`reinstate` puts in force again what `terminate` ended, and nothing has ended before it")
            .help("let it follow `terminate`");
    }
    if let Some(end) = end.filter(|_| event.is_change() && event != LifeEvent::Reinstate) {
        report
            .error(span, format!("`{event}` follows `{end}`, and whoever was taken out has nothing left to change"))
            .help(format!("let it come before `{end}`"));
    }
    if earlier.iter().any(|step| step.event == LifeEvent::Renew) && event.is_change() {
        report
            .error(span, format!("`{event}` follows `renew`, after which a household has a policy for each year, and it would be told of both"))
            .help("let it come before `renew`, which `cancel` alone can follow");
    }
    if let (Cancel, Some(end @ (Terminate | MissPayment))) = (event, end) {
        report
            .error(span, format!("`cancel` follows `{end}`, and what has ended cannot be cancelled"))
            .help("leave one of them out; whoever is still in at the end is taken out all the same");
    }
    if !event.is_change() && earlier.iter().any(|s| s.event == event) {
        report.error(span, format!("`{event}` stands in the journey a second time"));
    }
}

fn step(item: &Node, event: LifeEvent, report: &mut Report) -> Step {
    let expect = item.get("expect");
    let rejected = expect.and_then(|e| e.text_of("submission")) == Some("rejected");
    let at = expect.and_then(|e| e.get("at"));
    if let (true, Some(at)) = (rejected, at) {
        report
            .error(at.span, "a rejected submission never arrives, so it has no limits")
            .help("leave `at` out, or expect `submission: accepted`");
    }
    if let (true, Some(submission)) = (rejected && event != LifeEvent::Enroll, expect.and_then(|e| e.get("submission")))
    {
        report
            .error(submission.span, format!("only `enroll` can be expected to be rejected, not `{event}`"))
            .help("leave `submission` out");
    }
    let status = expect.and_then(|e| e.get("policy_status"));
    check_status(status, event, report);
    if let (true, Some(status)) = (rejected, status) {
        report
            .error(status.span, "a rejected submission leaves no policy behind, so it has no status")
            .help("leave `policy_status` out, or expect `submission: accepted`");
    }
    let limits = at.map_or(&[][..], Node::entries).iter();
    let what = item.get("what");
    if let (Some(what), false) = (what, event == LifeEvent::CorrectPerson) {
        report.error(what.span, format!("`{event}` corrects nothing")).help("leave `what` out");
    }
    let to = item.get("to");
    check_destination(to, event, report);
    let how = item.get("how");
    if let (Some(how), false) = (how, event == LifeEvent::Renew) {
        report.error(how.span, format!("`{event}` renews nothing")).help("leave `how` out");
    }
    Step {
        event,
        to: to.and_then(|to| Destination::parse(to.text()?)),
        how: how.and_then(|how| Renewal::parse(how.text()?)),
        what: what.and_then(|what| Correction::parse(what.text()?)),
        terms: StepTerms::default(),
        submission: if rejected { SubmissionExpected::Rejected } else { SubmissionExpected::Accepted },
        at: limits.filter_map(|e| Some((e.key.clone(), limit(e.value.text()?)?))).collect(),
        policy_status: status.and_then(|status| status.text()).map(str::to_owned),
    }
}

/// `to` must be where the event can lead.
fn check_destination(node: Option<&Node>, event: LifeEvent, report: &mut Report) {
    let Some(node) = node else { return };
    let (fitting, unless_said): (&[Destination], _) = match event {
        LifeEvent::ChangePlan => (&[Destination::Plan, Destination::Issuer], "for another plan of the same issuer"),
        LifeEvent::ChangeAddress => (&[Destination::County, Destination::PoBox], "for another house in the ZIP code"),
        _ => {
            report.error(node.span, format!("`{event}` leads nowhere else")).help("leave `to` out");
            return;
        }
    };
    let led = node.text().and_then(Destination::parse);
    if let Some(to) = led.filter(|to| !fitting.contains(to)) {
        let fitting: Vec<String> = fitting.iter().map(|to| format!("`{to}`")).collect();
        report
            .error(node.span, format!("`{event}` does not lead to `{to}`, expected {}", fitting.join(" or ")))
            .help(format!("leave `to` out {unless_said}"));
    }
}

/// On what terms a step is sent.
fn terms(item: &Node, event: LifeEvent, people: &Population, report: &mut Report) -> StepTerms {
    let (for_whom, waits_for) = (item.entry("when"), item.entry("after"));
    for entry in for_whom.into_iter().chain(waits_for).filter(|_| !event.is_change()) {
        let why = match (event, entry.key.as_str()) {
            (LifeEvent::Enroll, "when") => "every household begins with `enroll`",
            (LifeEvent::Enroll, _) => "`enroll` begins the journey, and `load.rate` says when",
            (_, "when") => "whoever is in is taken out, whatever the journey says",
            _ => "everybody is taken out together, once all journeys have come to their end",
        };
        report.error(entry.key_span, why).help(format!("leave `{}` out", entry.key));
    }
    StepTerms {
        when: for_whom.map(|entry| when(&entry.value, people, report)).unwrap_or_default(),
        after: waits_for.map(|entry| after(&entry.value, report)).unwrap_or_default(),
    }
}

/// `policy_status` must be what the event can leave behind.
fn check_status(node: Option<&Node>, event: LifeEvent, report: &mut Report) {
    let Some((node, status)) = node.and_then(|n| Some((n, n.text()?))) else { return };
    let fitting: &[&str] = match event {
        LifeEvent::Cancel | LifeEvent::MissPayment => &["cancelled", "terminated"],
        LifeEvent::Terminate => &["terminated", "cancelled"],
        _ => &["initial", "effectuated"],
    };
    let known = ["initial", "effectuated", "cancelled", "terminated"].contains(&status);
    if known && !fitting.contains(&status) {
        let expected = fitting.join("` or `");
        report.error(node.span, format!("`{event}` does not leave a policy `{status}`, expected `{expected}`"));
    }
}

/// Nothing can follow an enrollment that must be refused.
fn check_refusal(items: &[Node], steps: &[Step], report: &mut Report) {
    let refused = steps.first().is_some_and(|s| s.submission == SubmissionExpected::Rejected);
    if let (true, Some(second)) = (refused, items.get(1)) {
        report
            .error(second.span, "nothing can follow an enrollment that must be rejected")
            .help("leave this event out, or expect `submission: accepted` of `enroll`");
    }
}

fn limit(text: &str) -> Option<Limit> {
    Some(match deadline(text)? {
        Deadline::Within(duration) => Limit::Within(duration),
        Deadline::Windows(count) => Limit::Windows(count),
        Deadline::ClockTime(time) => Limit::ClockTime(time),
    })
}

//! Everything known about one household, in the order in which it happened.

use super::clean::tame;
use super::concerning::Concerning;
use super::page::Page;
use super::style::Style;
use super::text::line;
use super::worst::nearest;
use crate::model::{
    Discrepancy, Entry, Equivalence, Event, Expectation, ExpectedGroup, Fact, Facts, Field, FindingKind, GroupRecord,
    GroupSummary, PassedOver, Person, ProbeIndex, ProbeSummary, Sighting, StepAtWaypoint, StepOutcome, StepTiming,
    Summary,
};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// What the judge holds of one probe: `reconcile::evidence` gives expectation and sightings.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The probe.
    pub probe: ProbeIndex,
    /// What was expected of it, with what the exchange told the consumer.
    pub expectation: &'a Expectation,
    /// The sightings that were found to be its own, in order.
    pub sightings: &'a [&'a Sighting],
}

/// One probe's story: the people, what was sent and answered, what was seen and when, each record beside what was
/// expected, and the judgement. SSNs show their last four digits.
pub fn timeline(summary: &Summary, entries: &[Entry], evidence: Evidence<'_>, style: Style) -> Page {
    Page::of(style, |style| drawn(summary, entries, evidence, style))
}

fn drawn(summary: &Summary, entries: &[Entry], evidence: Evidence<'_>, style: Style) -> String {
    let mut page = String::new();
    let Some(judged) = summary.probes.iter().find(|judged| judged.index == evidence.probe) else {
        line(&mut page, format_args!("run {} has no probe {}", summary.run.id, evidence.probe));
        return page;
    };
    line(&mut page, format_args!("{}", style.heading(format!("Probe {}", judged.probe))));
    people(&mut page, entries, evidence.probe);
    line(&mut page, format_args!("\n{}", style.heading("What happened")));
    for (at, told) in story(entries, judged, evidence) {
        line(&mut page, format_args!("  {}  {}", at.format("%m-%d %H:%M:%S%.3f"), style.wrap(&tame(&told), 23)));
    }
    let mut at_waypoints: BTreeMap<u16, Columns<'_>> = BTreeMap::new();
    for sighting in evidence.sightings {
        let title = format!("{} · {}", name_of(judged, sighting.waypoint), sighting.record.place);
        line(&mut page, format_args!("\n{}", style.heading(tame(&title))));
        let columns = at_waypoints
            .entry(sighting.waypoint)
            .or_insert_with(|| Columns::new(judged, sighting.waypoint, evidence.expectation, style));
        sides(&mut page, sighting, columns);
    }
    judgement(&mut page, judged, style);
    page
}

fn people(page: &mut String, entries: &[Entry], probe: ProbeIndex) {
    let household = entries.iter().find_map(|entry| match &entry.event {
        Event::Planned { household, .. } if household.index == probe => Some(household),
        _ => None,
    });
    let Some(household) = household else { return };
    for (at, person) in household.people.iter().enumerate() {
        line(page, format_args!("  {} {}", at + 1, about(person)));
    }
    let home = &household.address;
    line(page, format_args!("  {}, {} {} {}", home.street_1, home.city, home.state, home.zip));
    let cases: Vec<_> = household.edge_cases.iter().map(|case| case.as_str()).collect();
    if !cases.is_empty() {
        line(page, format_args!("  edge cases: {}", cases.join(", ")));
    }
}

fn about(person: &Person) -> String {
    let applies = if person.applying { "" } else { ", does not apply" };
    format!("{} · born {} · {} · {}{applies}", person.name, person.birth_date, person.sex, person.relationship)
}

fn story(entries: &[Entry], judged: &ProbeSummary, evidence: Evidence<'_>) -> Vec<(DateTime<Utc>, String)> {
    let told = entries.iter().filter_map(|entry| told(entry, judged, evidence.probe));
    let seen = evidence.sightings.iter().map(|sighting| (sighting.first_seen_at, seen(sighting, judged)));
    let mut story: Vec<_> = told.chain(seen).collect();
    story.sort_by_key(|(at, _)| *at);
    story
}

fn name_of(judged: &ProbeSummary, waypoint: u16) -> String {
    let at = judged.groups.first().and_then(|group| group.waypoints.get(usize::from(waypoint)));
    at.map_or_else(|| format!("waypoint {waypoint}"), |at| at.name.clone())
}

fn told(entry: &Entry, judged: &ProbeSummary, of: ProbeIndex) -> Option<(DateTime<Utc>, String)> {
    let at = |waypoint: &u16| name_of(judged, *waypoint);
    match &entry.event {
        Event::Planned { household, .. } if household.index == of => Some((entry.at, "drawn".to_owned())),
        Event::Began { epoch, .. } if *epoch > 1 => Some((entry.at, "another process took the run up".to_owned())),
        Event::Retargeted { file, .. } => Some((entry.at, format!("the target was read anew from {file}"))),
        Event::ClockStepped { from, to } => {
            Some((entry.at, format!("the wall clock was set from {from} to {to}; nothing is judged by that")))
        }
        Event::Sending { probe, action, intended_at, .. } if *probe == of => {
            Some((entry.at, format!("{action}: sending, intended at {}", intended_at.format("%H:%M:%S%.3f"))))
        }
        Event::Committing { probe, action, .. } if *probe == of => {
            Some((entry.at, format!("{action}: the next step may commit")))
        }
        Event::Named { probe, action, .. } if *probe == of => {
            Some((entry.at, format!("{action}: handing over, under ids of the sender's own")))
        }
        Event::Answered { probe, action, submission, reason, steps, .. } if *probe == of => {
            let reason = reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
            let steps: Vec<_> = steps.iter().map(step).collect();
            Some((entry.at, format!("{action}: {}{reason} ({})", submission.told(), steps.join(", "))))
        }
        Event::Acknowledged { acknowledgement: it } if it.probe == of => {
            let told = format!("{}: {} ({}), answering {}", at(&it.waypoint), it.words, it.place, it.message);
            Some((it.first_seen_at, told))
        }
        Event::Gone { probe, waypoint, gone_at, .. } if *probe == of => {
            Some((*gone_at, format!("{}: no longer shown", at(waypoint))))
        }
        Event::Absent { probe, waypoint, absent_at, words, .. } if *probe == of => {
            let words = words.as_deref().map_or_else(String::new, |words| format!(" ({words})"));
            Some((*absent_at, format!("{}: looked for, not there{words}", at(waypoint))))
        }
        Event::Possible { probe, waypoint } if *probe == of => Some((
            entry.at,
            format!("{}: a record may be theirs and shows too little to tell; it was not kept", at(waypoint)),
        )),
        Event::Blind { probe: Some(probe), waypoint, from, until, reason, .. } if *probe == of => {
            Some((*from, format!("{}: could not be read until {until}: {reason}", at(waypoint))))
        }
        Event::Narrowed { proof } if proof.probe == of => {
            Some((entry.at, format!("sent again by {} runs: {}", proof.runs.len(), proof.sentence)))
        }
        _ => None,
    }
}

fn step(timing: &StepTiming) -> String {
    let status = timing.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    format!("{} {status} in {} ms", timing.step, timing.micros / 1000)
}

fn seen(sighting: &Sighting, judged: &ProbeSummary) -> String {
    let before =
        sighting.last_absent_at.map_or_else(String::new, |at| format!(", absent at {}", at.format("%H:%M:%S%.3f")));
    let record = &sighting.record;
    let issuer = sighting.issuer.as_ref().map_or_else(String::new, |issuer| format!(" at issuer {issuer}"));
    format!(
        "{}{issuer}: {} of {} seen{before} ({})",
        name_of(judged, sighting.waypoint),
        record.kind,
        count(record),
        record.place
    )
}

fn count(record: &GroupRecord) -> String {
    match record.members.len() {
        1 => "1 member".to_owned(),
        members => format!("{members} members"),
    }
}

/// Group facts, then each member's: expected and found side by side.
fn sides(page: &mut String, sighting: &Sighting, columns: &Columns<'_>) {
    let style = columns.style;
    line(page, format_args!("    {:42} {:32} {}", "", style.faint(format!("{:32}", "expected")), style.faint("found")));
    let group = columns.group(&sighting.record);
    columns.facts(page, (&sighting.record.facts, group.map(|group| &group.facts)), "");
    for (at, member) in sighting.record.members.iter().enumerate() {
        let name = |field| member.text(field).map(|name: &str| format!(" {name}")).unwrap_or_default();
        let label = format!("{}{}{}", at + 1, name(Field::NameFirst), name(Field::NameLast));
        line(page, format_args!("  member {}", tame(&label)));
        let expected = group.and_then(|group| same_member(group, member));
        columns.facts(page, (member, expected), &label);
    }
}

/// What the judge said at one waypoint, for looking up.
struct Columns<'a> {
    discrepancies: Concerning<'a, Discrepancy>,
    equivalences: Concerning<'a, Equivalence>,
    expectation: &'a Expectation,
    /// What was said of records that stand at another issuer than their plan's, here.
    misrouted: Option<&'a str>,
    style: Style,
}

impl<'a> Columns<'a> {
    fn new(judged: &'a ProbeSummary, waypoint: u16, expectation: &'a Expectation, style: Style) -> Self {
        let at = usize::from(waypoint);
        let name = name_of(judged, waypoint);
        let misrouted = judged.findings.iter().find(|f| f.kind == FindingKind::Misrouted && f.waypoint == name);
        let here = || judged.groups.iter().flat_map(GroupSummary::steps).filter_map(move |step| step.get(at));
        Self {
            discrepancies: Concerning::new(
                here().flat_map(|h| &h.discrepancies).map(|d| (d, d.field, &d.found, &*d.member)),
            ),
            equivalences: Concerning::new(
                here().flat_map(|h| &h.equivalences).map(|e| (e, e.field, &e.found, &*e.member)),
            ),
            expectation,
            misrouted: misrouted.map(|finding| finding.detail.as_str()),
            style,
        }
    }

    /// The group that was expected where a record stands; `None`: nobody can tell which.
    fn group(&self, record: &GroupRecord) -> Option<&'a ExpectedGroup> {
        let groups = &self.expectation.groups;
        let same = |field| {
            let found = record.facts.text(field)?;
            groups.iter().find(|group| group.facts.text(field).is_some_and(|text| text.eq_ignore_ascii_case(found)))
        };
        let only = || groups.first().filter(|_| groups.len() == 1);
        [Field::PolicyId, Field::CoverageLine, Field::PlanId].into_iter().find_map(same).or_else(only)
    }

    fn facts(&self, page: &mut String, (facts, wanted): (&Facts, Option<&Facts>), member: &str) {
        for field in facts.stated().iter() {
            let found = value(field, facts.get(field));
            let wanted = wanted.map_or(Fact::Unstated, |wanted| wanted.get(field));
            let (expected, mark) = match self.own_issuer((field, wanted), &found) {
                Some(own) => (own, "  ≠".to_owned()),
                None => self.expected((field, is_same(wanted, facts.get(field))), &found, member),
            };
            let text = format!("    {:42} {:32} {}{mark}", field.name(), tame(&expected), tame(&found));
            let text = if mark.starts_with("  ≠") { self.style.bad(text) } else { text };
            line(page, format_args!("{text}"));
        }
    }

    /// The issuer that a record was meant for, where it is said to be misrouted to the one that stands in it.
    fn own_issuer(&self, (field, wanted): (Field, Fact<'_>), found: &str) -> Option<String> {
        let is_misrouted = field == Field::Issuer && self.misrouted?.contains(&format!("found at issuer {found} "));
        is_misrouted.then(|| value(field, wanted)).filter(|own| own != found)
    }

    /// The expected value and how the found one stands to it. A record that was not the judged one has no differences: where it
    /// does not say what was expected, nothing stands beside it.
    fn expected(&self, (field, is_as_wanted): (Field, bool), found: &str, member: &str) -> (String, String) {
        if let Some(d) = self.discrepancies.first(field, found, member) {
            return (or_none(d.expected.as_deref()), "  ≠".to_owned());
        }
        if let Some(e) = self.equivalences.first(field, found, member) {
            return (or_none(e.expected.as_deref()), format!("  ≈ {}", e.rule));
        }
        let said = if is_as_wanted { found.to_owned() } else { "·".to_owned() };
        (said, String::new())
    }
}

/// The expected member whom a record means: by id or number, or by first name and birth date, or one of them where it is nobody
/// else's.
fn same_member<'a>(group: &'a ExpectedGroup, found: &Facts) -> Option<&'a Facts> {
    let by = |fields: &[Field]| {
        let fits = |member: &&Facts| {
            fields.iter().all(|field| {
                let text = |facts: &Facts| facts.value(*field).map(ToString::to_string);
                text(found).is_some() && is_same(member.get(*field), found.get(*field))
            })
        };
        let mut fitting = group.members.iter().filter(fits);
        fitting.next().filter(|_| fitting.next().is_none())
    };
    let marks: [&[Field]; 6] = [
        &[Field::MemberId],
        &[Field::Ssn],
        &[Field::NameFirst, Field::BirthDate],
        &[Field::BirthDate],
        &[Field::NameFirst],
        &[Field::Email],
    ];
    marks.into_iter().find_map(by).or_else(|| group.members.first().filter(|_| group.members.len() == 1))
}

/// Whether two facts say the same, but for letter case and blanks around it.
fn is_same(one: Fact<'_>, other: Fact<'_>) -> bool {
    match (one, other) {
        (Fact::Value(one), Fact::Value(other)) => one.to_string().trim().eq_ignore_ascii_case(other.to_string().trim()),
        (one, other) => one == other,
    }
}

fn or_none(value: Option<&str>) -> String {
    value.unwrap_or("(none)").to_owned()
}

fn value(field: Field, fact: Fact<'_>) -> String {
    match fact {
        Fact::Value(value) if field == Field::Ssn => {
            let digits: String = value.to_string().chars().filter(char::is_ascii_digit).collect();
            let kept = digits.get(digits.len().saturating_sub(4)..).unwrap_or_default().to_owned();
            if digits.len() == 9 { format!("***-**-{kept}") } else { format!("({} digits) ***{kept}", digits.len()) }
        }
        Fact::Value(value) => value.to_string(),
        Fact::Absent | Fact::Unstated => "(none)".to_owned(),
    }
}

fn judgement(page: &mut String, judged: &ProbeSummary, style: Style) {
    line(page, format_args!("\n{}", style.heading("Judgement")));
    let good = match judged.good {
        Some(true) => style.good("good"),
        Some(false) => style.bad("not good"),
        None => style.uncertain("cannot be said yet"),
    };
    let hop = judged.first_divergent_hop.as_deref().map_or_else(String::new, |hop| format!(", first wrong at {hop}"));
    line(page, format_args!("  {}: {good}{hop}", judged.submission.told()));
    for group in &judged.groups {
        let plan = group.plan_id.as_deref().unwrap_or("plan unknown");
        let begun = group.begun_by.map_or_else(String::new, |step| format!(" · begun by the {}", step.in_words()));
        let ended = group.ended_by.map_or_else(String::new, |step| format!(" · ended by the {}", step.in_words()));
        line(page, format_args!("  {} · {plan}{begun}{ended} · cleanup: {}", group.line, group.cleanup));
        for at in group.steps().flatten() {
            let what = at.step.map_or_else(String::new, |step| format!("{} at ", step.in_words()));
            let integrity = at.integrity.map_or_else(String::new, |integrity| format!(", {integrity}"));
            let by = at.matched_by.map_or_else(String::new, |tier| format!(", recognised by {tier}"));
            let why = at.not_due.map_or_else(String::new, |why| format!(", {why}"));
            let limit = at.limit_at.map_or_else(String::new, |at| format!(", due by {}", at.format("%m-%d %H:%M:%SZ")));
            line(page, format_args!("    {what}{}: {}{why}{integrity}{by}{limit}", at.name, at.arrival));
            for d in &at.discrepancies {
                let side = |side: &Option<String>| tame(side.as_deref().unwrap_or("(none)")).into_owned();
                let place = d.at.map_or_else(String::new, |at| format!(" at {at}"));
                let (expected, found) = (side(&d.expected), side(&d.found));
                let text = format!("{} {}: expected {expected}, found {found}{place}", tame(&d.member), d.field);
                line(page, format_args!("      {}", style.bad(text.trim())));
            }
        }
        for of in &group.journey {
            let is_told = |at: &&StepAtWaypoint| matches!(at.outcome, StepOutcome::Gone | StepOutcome::Residue);
            let told = of.waypoints.iter().filter(is_told).map(|at| format!("{} {}", at.name, at.outcome));
            let told: Vec<String> = told.collect();
            if !told.is_empty() {
                line(page, format_args!("    {}: {}", of.event.in_words(), told.join(", ")));
            }
        }
    }
    for PassedOver { step, why } in &judged.passed_over {
        line(page, format_args!("  {}", style.wrap(&format!("{} passed it over: {}", step.in_words(), tame(why)), 4)));
    }
    for finding in &judged.findings {
        let text = format!("{} at {}: {}", finding.kind, finding.waypoint, tame(&finding.detail));
        line(page, format_args!("  {}", style.bad(style.wrap(&text, 4))));
    }
    for text in nearest(judged) {
        line(page, format_args!("  {}", style.wrap(&tame(&text), 4)));
    }
}

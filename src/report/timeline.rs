//! Everything known about one household, in the order in which it happened.

use super::style::{Style, tame};
use super::text::line;
use crate::model::{
    Entry, Event, Fact, Facts, Field, GroupAtWaypoint, GroupRecord, Person, ProbeIndex, ProbeSummary, Sighting, Summary,
};
use chrono::{DateTime, Utc};

/// One probe's story: the people, what was sent and answered, what was seen and when, each record beside what was
/// expected, and the judgement. `sightings` of other probes are left out; those of this one are told by the probe that was
/// asked for or by its ids (see [`crate::model::Sighting`]). SSNs show their last four digits.
pub fn timeline(summary: &Summary, entries: &[Entry], probe: ProbeIndex, style: Style) -> String {
    let mut page = String::new();
    let Some(judged) = summary.probes.iter().find(|judged| judged.index == probe) else {
        line(&mut page, format_args!("run {} has no probe {probe}", summary.run.id));
        return page;
    };
    line(&mut page, format_args!("{}", style.heading(format!("Probe {}", judged.probe))));
    people(&mut page, entries, probe);
    line(&mut page, format_args!("\n{}", style.heading("What happened")));
    for (at, told) in story(entries, judged, probe) {
        line(&mut page, format_args!("  {}  {}", at.format("%m-%d %H:%M:%S%.3f"), style.wrap(&tame(&told), 23)));
    }
    records(&mut page, entries, judged, probe, style);
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

fn story(entries: &[Entry], judged: &ProbeSummary, probe: ProbeIndex) -> Vec<(DateTime<Utc>, String)> {
    let mut story: Vec<_> = entries.iter().flat_map(|entry| told(entry, judged, probe)).collect();
    story.sort_by_key(|(at, _)| *at);
    story
}

fn name_of(judged: &ProbeSummary, waypoint: u16) -> String {
    let at = judged.groups.first().and_then(|group| group.waypoints.get(usize::from(waypoint)));
    at.map_or_else(|| format!("waypoint {waypoint}"), |at| at.name.clone())
}

fn told(entry: &Entry, judged: &ProbeSummary, of: ProbeIndex) -> Vec<(DateTime<Utc>, String)> {
    let at = |waypoint: &u16| name_of(judged, *waypoint);
    let one = |when: DateTime<Utc>, what: String| vec![(when, what)];
    match &entry.event {
        Event::Planned { household, .. } if household.index == of => one(entry.at, "drawn".to_owned()),
        Event::Sending { probe, action, intended_at } if *probe == of => {
            one(entry.at, format!("{action}: sending, intended at {}", intended_at.format("%H:%M:%S%.3f")))
        }
        Event::Answered { probe, action, submission, reason, steps, .. } if *probe == of => {
            let reason = reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
            let steps = steps.iter().map(|s| {
                let status = s.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
                format!("{} {status} in {} ms", s.step, s.micros / 1000)
            });
            let steps: Vec<_> = steps.collect();
            one(entry.at, format!("{action}: {submission}{reason} ({})", steps.join(", ")))
        }
        Event::Seen { sighting } if is_of(sighting, judged, of) => one(sighting.first_seen_at, seen(sighting, judged)),
        Event::Gone { probe, waypoint, gone_at, .. } if *probe == of => {
            one(*gone_at, format!("{}: no longer shown", at(waypoint)))
        }
        Event::Absent { probe, waypoint, absent_at, .. } if *probe == of => {
            one(*absent_at, format!("{}: looked for, not there", at(waypoint)))
        }
        Event::Blind { probe: Some(probe), waypoint, from, until, reason, .. } if *probe == of => {
            one(*from, format!("{}: could not be read until {until}: {reason}", at(waypoint)))
        }
        _ => Vec::new(),
    }
}

/// Whether the judge found the sighting to be this probe's: asked for it, or standing where its records stand.
fn is_of(sighting: &Sighting, judged: &ProbeSummary, probe: ProbeIndex) -> bool {
    let place = sighting.record.place.to_string();
    let stands = |at: &GroupAtWaypoint| at.place.as_deref() == Some(place.as_str());
    let told = judged.findings.iter().any(|finding| !place.is_empty() && finding.detail.contains(&place));
    let at = usize::from(sighting.waypoint);
    sighting.asked_for == Some(probe)
        || (sighting.asked_for.is_none()
            && (told || judged.groups.iter().filter_map(|group| group.waypoints.get(at)).any(stands)))
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

/// The records as they were seen. What was expected of the fields that differ stands in the judgement.
fn records(page: &mut String, entries: &[Entry], judged: &ProbeSummary, probe: ProbeIndex, style: Style) {
    for entry in entries {
        let Event::Seen { sighting } = &entry.event else { continue };
        if !is_of(sighting, judged, probe) {
            continue;
        }
        let title = format!("{} · {}", name_of(judged, sighting.waypoint), sighting.record.place);
        line(page, format_args!("\n{}", style.heading(tame(&title))));
        sides(page, judged, sighting, style);
    }
}

/// One line for each field: found, and expected beside it where that differs.
fn sides(page: &mut String, judged: &ProbeSummary, sighting: &Sighting, style: Style) {
    facts(page, judged, sighting, (&sighting.record.facts, ""), style);
    for (at, member) in sighting.record.members.iter().enumerate() {
        let name = |field| member.text(field).map(|name: &str| format!(" {name}")).unwrap_or_default();
        let label = format!("{}{}{}", at + 1, name(Field::NameFirst), name(Field::NameLast));
        line(page, format_args!("  member {}", tame(&label)));
        facts(page, judged, sighting, (member, &label), style);
    }
}

fn facts(page: &mut String, judged: &ProbeSummary, sighting: &Sighting, (facts, member): (&Facts, &str), style: Style) {
    let at = usize::from(sighting.waypoint);
    let here = || judged.groups.iter().filter_map(|group| group.waypoints.get(at));
    for field in facts.stated().iter() {
        let found = value(field, facts.get(field));
        let concerns = |of: &str, said: Option<&str>| {
            said.unwrap_or("(none)") == found && (field.is_group() || member.is_empty() || same_number(of, member))
        };
        let differs =
            here().flat_map(|h| &h.discrepancies).find(|d| d.field == field && concerns(&d.member, d.found.as_deref()));
        let alike =
            here().flat_map(|h| &h.equivalences).find(|e| e.field == field && concerns(&e.member, e.found.as_deref()));
        let left = format!("    {:42} {}", field.name(), tame(&found));
        let none = || "(none)".to_owned();
        match (differs, alike) {
            (Some(d), _) => {
                let expected = tame(&d.expected.clone().unwrap_or_else(none));
                line(page, format_args!("{left}   {}", style.bad(format!("≠ expected {expected}"))));
            }
            (None, Some(e)) => {
                let expected = tame(&e.expected.clone().unwrap_or_else(none));
                line(page, format_args!("{left}   {}", style.faint(format!("≈ expected {expected} ({})", e.rule))));
            }
            (None, None) => line(page, format_args!("{left}")),
        }
    }
}

/// Labels begin with the member's number among those expected; the record may be in another order, so a name that agrees
/// will do.
fn same_number(expected: &str, found: &str) -> bool {
    let name = |label: &str| label.split_once(' ').map(|(_, name)| name.to_uppercase());
    name(expected) == name(found) || expected.split(' ').next() == found.split(' ').next()
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
    line(page, format_args!("  {}: {good}{hop}", judged.submission));
    for group in &judged.groups {
        let plan = group.plan_id.as_deref().unwrap_or("plan unknown");
        line(page, format_args!("  {} · {plan} · cleanup: {}", group.line, group.cleanup));
        for at in &group.waypoints {
            let integrity = at.integrity.map_or_else(String::new, |integrity| format!(", {integrity}"));
            let by = at.matched_by.map_or_else(String::new, |tier| format!(", recognised by {tier}"));
            let limit = at.limit_at.map_or_else(String::new, |at| format!(", due by {}", at.format("%m-%d %H:%M:%SZ")));
            line(page, format_args!("    {}: {}{integrity}{by}{limit}", at.name, at.arrival));
            for d in &at.discrepancies {
                let side = |side: &Option<String>| tame(side.as_deref().unwrap_or("(none)"));
                let text = format!(
                    "{} {}: expected {}, found {}",
                    tame(&d.member),
                    d.field,
                    side(&d.expected),
                    side(&d.found)
                );
                line(page, format_args!("      {}", style.bad(text.trim())));
            }
        }
    }
    for finding in &judged.findings {
        let text = format!("{} at {}: {}", finding.kind, finding.waypoint, tame(&finding.detail));
        line(page, format_args!("  {}", style.bad(style.wrap(&text, 4))));
    }
}

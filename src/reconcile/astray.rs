//! A change of one household that another one received, as where two resemble each other and the wrong one was found.

use super::case::{Case, Seen};
use super::compare::label;
use super::told::{changed, members_of};
use crate::model::{ExpectedGroup, Facts, Field, Finding, FindingKind, ProbeIndex, RunPlan};
use std::collections::{BTreeMap, HashMap};

/// Fields of a person that tell whose they are: what two households have alike by chance proves nothing.
const TELLING: [Field; 7] =
    [Field::NameLast, Field::NameFirst, Field::BirthDate, Field::Ssn, Field::Street1, Field::Phone, Field::MailStreet1];

/// Something that a step changed of a person.
#[derive(Debug, Clone, Copy)]
struct News<'c> {
    probe: ProbeIndex,
    /// The place of the step among the lives.
    nth: usize,
    group: usize,
    member: (usize, &'c Facts),
}

type Cases<'a> = BTreeMap<ProbeIndex, Case<'a>>;

/// Households that show what a step changed of another one's, who does not show it at that waypoint; told to both.
pub(super) fn astray(plan: &RunPlan, cases: &Cases<'_>) -> Vec<(ProbeIndex, u16, Finding)> {
    let news = news(cases);
    let mut found = Vec::new();
    for (host, case) in cases.iter().filter(|_| !news.is_empty()) {
        for seen in case.seen.iter().filter(|seen| seen.is_in_force() && !seen.stray) {
            let at = seen.sighting.waypoint;
            for (field, who, of) in received(&news, cases, (*host, case), seen) {
                let waypoint = plan.waypoints.get(usize::from(at)).map(|w| w.name.to_string()).unwrap_or_default();
                let (whose, place) = (label(of.member.0, of.member.1), &seen.sighting.record.place);
                let here = format!("`{field}` of {who} is what {whose} of probe {} has now ({place})", of.probe);
                let there = format!("`{field}` of {whose} stands with {who} of probe {host} ({place})");
                for (probe, detail) in [(*host, here), (of.probe, there)] {
                    let waypoint = waypoint.clone();
                    found.push((probe, at, Finding { kind: FindingKind::WrongMember, waypoint, detail }));
                }
            }
        }
    }
    found
}

/// What steps changed of people, by what it is now.
fn news<'c>(cases: &'c Cases<'_>) -> HashMap<(Field, String), Vec<News<'c>>> {
    let mut news: HashMap<_, Vec<_>> = HashMap::new();
    for (probe, case) in cases {
        for (nth, life) in case.lives.iter().enumerate() {
            let before = nth.checked_sub(1).and_then(|at| case.lives.get(at)).map(|life| &life.expectation);
            let before = before.unwrap_or(&case.expectation);
            for (group, (was, is)) in before.groups.iter().zip(&life.expectation.groups).enumerate() {
                for (member, field, value) in changes(was, is) {
                    let of = News { probe: *probe, nth, group, member };
                    news.entry((field, value)).or_default().push(of);
                }
            }
        }
    }
    news
}

fn changes<'c>(
    was: &'c ExpectedGroup,
    is: &'c ExpectedGroup,
) -> impl Iterator<Item = ((usize, &'c Facts), Field, String)> {
    members_of(was, is).flat_map(|(at, was, is)| {
        let fields = changed(was, is);
        let told = TELLING.into_iter().filter(move |field| fields.contains(*field));
        told.filter_map(move |field| Some(((at, is), field, text(is, field)?)))
    })
}

/// What a record shows of others' news: the field, whose it should not be, and whose it is.
fn received<'c>(
    news: &HashMap<(Field, String), Vec<News<'c>>>,
    cases: &Cases<'_>,
    (host, case): (ProbeIndex, &Case<'_>),
    seen: &Seen<'_>,
) -> Vec<(Field, String, News<'c>)> {
    let mut received = Vec::new();
    for (at, member) in seen.sighting.record.members.iter().enumerate() {
        for field in TELLING {
            let Some(value) = text(member, field) else { continue };
            let known = news.get(&(field, value.clone())).into_iter().flatten();
            let of_others = known.copied().filter(|of| of.probe != host && is_lacking(cases, of, seen));
            let own = || expects(case, field, &value);
            received.extend(of_others.filter(|_| !own()).map(|of| (field, label(at, member), of)));
        }
    }
    received
}

/// Whether the one whose news it is was sent the step before the record came, and does not show it there.
fn is_lacking(cases: &Cases<'_>, of: &News<'_>, seen: &Seen<'_>) -> bool {
    let Some(case) = cases.get(&of.probe) else { return false };
    let is_sent = case.lives.get(of.nth).is_some_and(|life| seen.sighting.first_seen_at >= life.act.sent_at);
    let own = case.at(seen.sighting.waypoint, of.group);
    is_sent && !own.iter().any(|own| own.life >= Some(of.nth))
}

/// Whether anybody of a household is to have this at any time of its life.
fn expects(case: &Case<'_>, field: Field, value: &str) -> bool {
    let lives = case.lives.iter().map(|life| &life.expectation);
    let mut groups = [&case.expectation].into_iter().chain(lives).flat_map(|expectation| &expectation.groups);
    groups.any(|group| group.members.iter().any(|member| text(member, field).as_deref() == Some(value)))
}

fn text(facts: &Facts, field: Field) -> Option<String> {
    let value = facts.value(field)?.to_string().trim().to_lowercase();
    (!value.is_empty()).then_some(value)
}

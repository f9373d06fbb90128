//! What is wrong of everybody alike: of each record that a waypoint shows the same field, or nobody ever seen there. A pipeline can do
//! that; a target that reads the wrong place, in the wrong unit or words, does it more often. Nothing of this changes a verdict.

use super::tally::JudgedProbe;
use super::understood::apart;
use crate::model::{
    Arrival, Discrepancy, FeedKind, Field, GroupAtWaypoint, IssuerId, Kind, RunPlan, Severity, WaypointPlan,
};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer records, or of fewer households, say nothing of everybody.
const FEWEST_RECORDS: usize = 3;
const FEWEST_HOUSEHOLDS: usize = 2;
/// Where more fields than these differ everywhere, it is hardly one mistake.
const MOST_FIELDS: usize = 3;

/// What one waypoint, or one issuer there that is read by a mapping of its own, showed and did not show.
#[derive(Debug, Default)]
struct Shown<'a> {
    records: Vec<&'a [Discrepancy]>,
    households: BTreeSet<u32>,
    /// Households that were looked for in vain.
    missed: BTreeSet<u32>,
}

/// Whose records: a waypoint's place in the plan, and the issuer that is read apart there.
type Whose = (usize, Option<IssuerId>);

/// A sentence for each thing that is wrong of everybody.
pub(super) fn hints(plan: &RunPlan, judged: &[JudgedProbe]) -> Vec<String> {
    let shown = shown(plan, judged);
    let alike: BTreeMap<&Whose, BTreeSet<Field>> =
        shown.iter().map(|(whose, shown)| (whose, shown.in_every_record())).collect();
    let everywhere = everywhere(&alike);
    let mut told = Vec::new();
    if let Some((fields, records)) = everywhere.as_ref().filter(|(fields, _)| !fields.is_empty()) {
        told.push(format!(
            "every record at every waypoint ({records}) differs in {}: see what the target's flow says and captures of it; `johndoe try` \
             shows each answer beside what is taken from it",
            listed(fields.iter().copied())
        ));
    }
    for (whose, shown) in &shown {
        let Some(waypoint) = plan.waypoints.get(whose.0) else { continue };
        let at = match &whose.1 {
            Some(issuer) => format!("`{}` of `{issuer}`", waypoint.name),
            None => format!("`{}`", waypoint.name),
        };
        let own = |field: &Field| everywhere.as_ref().is_none_or(|(fields, _)| !fields.contains(field));
        let fields: BTreeSet<Field> = alike.get(whose).into_iter().flatten().copied().filter(own).collect();
        if !fields.is_empty() && waypoint.feed == FeedKind::JsonApi {
            told.push(format!(
                "every record that {at} showed ({}) differs in {}{}: see the target's `fields` there; `johndoe try` shows what stands \
                 in an answer",
                shown.records.len(),
                listed(fields.iter().copied()),
                shape(&fields, &shown.records)
            ));
        }
        if shown.records.is_empty() && shown.missed.len() >= FEWEST_HOUSEHOLDS {
            told.push(format!(
                "nobody of {} households was ever seen at {at}: see whether the target looks in the right place ({})",
                shown.missed.len(),
                places(waypoint)
            ));
        }
    }
    told
}

/// What is shown of enrollments that exist, by whose it is.
fn shown<'a>(plan: &RunPlan, judged: &'a [JudgedProbe]) -> BTreeMap<Whose, Shown<'a>> {
    let mut shown: BTreeMap<Whose, Shown<'a>> = BTreeMap::new();
    for probe in judged.iter().filter(|probe| probe.exists()) {
        for group in &probe.groups {
            let issuer = group.summary.issuer.as_deref().map(IssuerId::new);
            for (index, at) in group.summary.waypoints.iter().enumerate() {
                let of = plan.waypoints.get(index).and_then(|waypoint| apart(plan, &waypoint.name, issuer.as_ref()));
                shown.entry((index, of)).or_default().add(probe.summary.index.0, at);
            }
        }
    }
    shown
}

impl<'a> Shown<'a> {
    fn add(&mut self, household: u32, at: &'a GroupAtWaypoint) {
        if at.integrity.is_some() {
            self.records.push(&at.discrepancies);
            self.households.insert(household);
        } else if at.arrival == Arrival::Missing {
            self.missed.insert(household);
        }
    }

    /// The fields that matter and differ in every record.
    fn in_every_record(&self) -> BTreeSet<Field> {
        let of = |record: &&[Discrepancy]| -> BTreeSet<Field> {
            let major = record.iter().filter(|d| d.severity != Severity::Minor && d.field != Field::MemberEnrolled);
            major.map(|d| d.field).collect()
        };
        if self.records.len() < FEWEST_RECORDS || self.households.len() < FEWEST_HOUSEHOLDS {
            return BTreeSet::new();
        }
        let all = self.records.iter().map(of).reduce(|all, own| all.intersection(&own).copied().collect());
        all.filter(|fields| fields.len() <= MOST_FIELDS).unwrap_or_default()
    }
}

/// The fields that differ in every record of every waypoint that showed any, where several did; and how many records there are.
fn everywhere(alike: &BTreeMap<&Whose, BTreeSet<Field>>) -> Option<(BTreeSet<Field>, usize)> {
    let waypoints: BTreeSet<usize> = alike.keys().map(|whose| whose.0).collect();
    let common = alike.values().cloned().reduce(|all, own| all.intersection(&own).copied().collect())?;
    (waypoints.len() > 1).then_some((common, alike.len()))
}

fn listed(fields: impl Iterator<Item = Field>) -> String {
    fields.map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" and ")
}

/// How they differ, where that is one way in all of them.
fn shape(fields: &BTreeSet<Field>, records: &[&[Discrepancy]]) -> String {
    let of = |field: Field| {
        let pairs = records.iter().flat_map(|record| record.iter()).filter(move |d| d.field == field);
        pairs.filter_map(|d| Some((d.expected.as_deref()?, d.found.as_deref()?))).collect::<Vec<_>>()
    };
    let only = fields.iter().next().copied().filter(|_| fields.len() == 1);
    if let Some(field) = only {
        let pairs = of(field);
        let times =
            |a: &str, b: &str| matches!((cents(a), cents(b)), (Some(a), Some(b)) if a.checked_mul(100) == Some(b));
        return match field.kind() {
            Kind::Money if pairs.iter().all(|(expected, found)| times(expected, found)) => {
                " (each is 100 times what is expected: cents, read as dollars)".to_owned()
            }
            Kind::Money if pairs.iter().all(|(expected, found)| times(found, expected)) => {
                " (each is a hundredth of what is expected: dollars, read as cents)".to_owned()
            }
            Kind::Code => exchanged_words(&pairs),
            _ => String::new(),
        };
    }
    match fields.iter().copied().collect::<Vec<_>>().as_slice() {
        [one, other] if stand_for_each_other(*one, *other, records) => {
            " (each stands where the other is expected)".to_owned()
        }
        _ => String::new(),
    }
}

/// Two words that stand for each other.
fn exchanged_words(pairs: &[(&str, &str)]) -> String {
    let distinct: BTreeSet<(&str, &str)> = pairs.iter().copied().collect();
    match distinct.iter().copied().collect::<Vec<_>>().as_slice() {
        [(a, b), (c, d)] if a == d && b == c => format!(" (`{a}` and `{b}` are exchanged)"),
        _ => String::new(),
    }
}

fn stand_for_each_other(one: Field, other: Field, records: &[&[Discrepancy]]) -> bool {
    let mut of_people = records.iter().flat_map(|record| {
        record.iter().filter(move |d| d.field == one).map(move |d| {
            let beside = record.iter().find(|with| with.field == other && with.member == d.member);
            beside.is_some_and(|with| d.found == with.expected && with.found == d.expected)
        })
    });
    of_people.all(|is_so| is_so)
}

/// An amount as it is shown, in cents.
fn cents(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    format!("{whole}{part}").parse().ok().filter(|_| part.len() == 2)
}

/// What says where a waypoint is looked at.
fn places(waypoint: &WaypointPlan) -> &'static str {
    match waypoint.feed {
        FeedKind::EdiFolder | FeedKind::Ack => "`path`, `names`",
        FeedKind::JsonApi => "`base_url`, `lookup`, `records`",
        FeedKind::Eligibility => "`base_url`, `payer`, `ask_by`",
    }
}

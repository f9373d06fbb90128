//! Which fields a waypoint's mapping understood at all. A field that was understood in no record there is the target's
//! mistake, and says nothing of the pipeline: nothing is compared there. Where it was understood in some records, the others
//! are what they show.

use super::case::Case;
use super::compare::{Rules, shown};
use crate::model::{
    Expectation, Fact, Facts, FeedKind, Field, FieldSet, GroupRecord, IssuerId, ProbeIndex, RunPlan, Severity,
    WaypointName,
};
use std::collections::BTreeMap;

/// Whose answers at which waypoint: an issuer's that are read by a mapping of their own, or all others together.
type Whose = (u16, Option<IssuerId>);

/// What was not understood, by waypoint.
#[derive(Debug, Default)]
pub(super) struct NotUnderstood {
    fields: BTreeMap<Whose, FieldSet>,
    told: BTreeMap<(u16, Field), Told>,
}

/// One field that was not understood at a waypoint.
#[derive(Debug, Clone, Default)]
struct Told {
    records: u64,
    /// What stood there instead, where anything did.
    example: Option<String>,
}

/// How one field was read at one place.
#[derive(Debug, Default)]
struct Readings {
    understood: bool,
    /// Somebody had a value there, or something that was no value stood there.
    matters: bool,
    told: Told,
}

impl NotUnderstood {
    /// Of everything that was seen of the cases.
    pub(super) fn of(plan: &RunPlan, cases: &BTreeMap<ProbeIndex, Case<'_>>) -> Self {
        let mut read: BTreeMap<(Whose, Field), Readings> = BTreeMap::new();
        for case in cases.values() {
            for seen in &case.seen {
                let at = seen.sighting.waypoint;
                let Some(waypoint) = plan.waypoints.get(usize::from(at)) else { continue };
                if waypoint.feed != FeedKind::JsonApi {
                    continue;
                }
                let whose = (at, apart(plan, &waypoint.name, seen.sighting.issuer.as_ref()));
                add(&mut read, &whose, &case.expectation, &seen.sighting.record);
            }
        }
        let mut this = Self::default();
        for ((whose, field), readings) in read {
            if readings.told.records == 0 || readings.understood || !readings.matters {
                continue;
            }
            let told = this.told.entry((whose.0, field)).or_default();
            told.records += readings.told.records;
            told.example = told.example.take().or(readings.told.example);
            this.fields.entry(whose).or_default().insert(field);
        }
        this
    }

    /// The fields that are not compared at a waypoint of the plan, in what an issuer shows there.
    pub(super) fn at(&self, plan: &RunPlan, index: u16, issuer: Option<&str>) -> FieldSet {
        if self.fields.is_empty() {
            return FieldSet::EMPTY;
        }
        let issuer = issuer.map(IssuerId::new);
        let name = plan.waypoints.get(usize::from(index)).map(|waypoint| &waypoint.name);
        let whose = (index, name.and_then(|name| apart(plan, name, issuer.as_ref())));
        self.fields.get(&whose).copied().unwrap_or_default()
    }

    /// The fields that were not understood at a waypoint, whosever answers.
    pub(super) fn fields(&self, index: u16) -> FieldSet {
        self.told.keys().filter(|(at, _)| *at == index).map(|(_, field)| *field).collect()
    }

    /// Sentences about what matters of it: the verdict cannot be better than blind.
    pub(super) fn reasons(&self, plan: &RunPlan) -> Vec<String> {
        let reason = |((index, field), told): (&(u16, Field), &Told)| {
            let waypoint = plan.waypoints.get(usize::from(*index))?;
            let rules = Rules::at(plan, waypoint);
            if rules.ignore.contains(*field) || rules.severity(*field) == Severity::Minor {
                return None;
            }
            let records =
                if told.records == 1 { "the one record".to_owned() } else { format!("all {} records", told.records) };
            let found = told.example.as_ref().map_or_else(
                || "nothing stood where the target says that it stands".to_owned(),
                |example| format!("what stood there, such as `{example}`, is none"),
            );
            Some(format!(
                "`{field}` was not understood in {records} at `{}`, so it was not compared: {found}; correct the target's \
                 `fields` (or `status`) there, unless the pipeline lost it of everybody",
                waypoint.name
            ))
        };
        self.told.iter().filter_map(reason).collect()
    }
}

/// The issuer, where its answers are read by a mapping of their own.
fn apart(plan: &RunPlan, waypoint: &WaypointName, issuer: Option<&IssuerId>) -> Option<IssuerId> {
    let apart = plan.read_apart.get(waypoint)?;
    issuer.filter(|issuer| apart.contains(issuer)).cloned()
}

fn add(read: &mut BTreeMap<(Whose, Field), Readings>, whose: &Whose, expected: &Expectation, record: &GroupRecord) {
    let of_groups: Vec<&Facts> = expected.groups.iter().map(|group| &group.facts).collect();
    add_facts(read, whose, &of_groups, &record.facts);
    let of_members: Vec<&Facts> = expected.groups.iter().flat_map(|group| &group.members).collect();
    for member in &record.members {
        add_facts(read, whose, &of_members, member);
    }
}

fn add_facts(read: &mut BTreeMap<(Whose, Field), Readings>, whose: &Whose, expected: &[&Facts], found: &Facts) {
    let unread = found.unread();
    for field in found.stated().iter() {
        let readings = read.entry((whose.clone(), field)).or_default();
        if !unread.contains(field) {
            readings.understood = true;
            continue;
        }
        readings.told.records += 1;
        let example = shown(field, found.get(field));
        let is_wanted = || expected.iter().any(|facts| matches!(facts.get(field), Fact::Value(_)));
        // what a status means is needed to tell who is in force, whatever is expected of it
        readings.matters |= example.is_some() || field == Field::PolicyStatus || is_wanted();
        readings.told.example = readings.told.example.take().or(example);
    }
}

//! Two runs of the same people, set beside each other: what broke, what was mended, and whether that is more than chance. Pure.

use crate::model::{Field, GroupAtWaypoint, GroupSummary, ProbeSummary, RunFacts, Summary};
use crate::statistics::{holm, mcnemar};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What two runs come to, pair by pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Name and version of this comparison.
    pub schema: &'static str,
    /// The earlier run.
    pub before: RunFacts,
    /// The later run.
    pub after: RunFacts,
    /// Households of which both runs know whether they are good.
    pub pairs: u64,
    /// Good before, and not after.
    pub broken: Vec<u32>,
    /// Not good before, and good after.
    pub mended: Vec<u32>,
    /// Not good in either.
    pub still_bad: u64,
    /// Chance of so uneven a change where nothing changed (the exact test of `McNemar`, two-sided).
    pub chance: f64,
    /// The confidence that was asked for: a change is one where `chance` is at most what it leaves.
    pub confidence: f64,
    /// The same of each field that differs in either run, those first that chance explains least.
    pub fields: Vec<FieldChange>,
    /// What moved in time, waypoint by waypoint.
    pub times: Vec<TimeChange>,
}

/// Groups that arrived at a waypoint in both runs, and took longer in one of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimeChange {
    /// The waypoint.
    pub waypoint: String,
    /// Groups that arrived in both.
    pub pairs: u64,
    /// Surely later now: what was not there yet in the later run already was in the earlier one.
    pub slower: u64,
    /// Surely sooner now.
    pub faster: u64,
    /// Median of the seconds until they were first seen, in the earlier run.
    pub seconds_before: f64,
    /// The same in the later run.
    pub seconds_after: f64,
    /// Chance of so uneven a change, corrected for all waypoints together (Holm).
    pub chance: f64,
}

/// Households in which one field came to differ, or no longer does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// Households in which it differs now, and did not before.
    pub broken: u64,
    /// Households in which it differed before, and does not now.
    pub mended: u64,
    /// Chance of that, corrected for all fields together (Holm).
    pub chance: f64,
}

/// Name and version of the comparison as JSON.
const SCHEMA: &str = "johndoe.compare/1";

impl Comparison {
    /// Whether more broke than was mended, and chance does not explain it.
    pub fn is_worse(&self) -> bool {
        self.broken.len() > self.mended.len() && self.is_change()
    }

    /// Whether chance does not explain the difference.
    pub fn is_change(&self) -> bool {
        self.chance <= 1.0 - self.confidence
    }
}

/// Sets two runs beside each other, household by household. `None` where they are not of the same people: another scenario or seed.
pub fn compare(before: &Summary, after: &Summary) -> Option<Comparison> {
    if (&before.run.scenario, before.run.seed) != (&after.run.scenario, after.run.seed) {
        return None;
    }
    let earlier: BTreeMap<u32, &ProbeSummary> = before.probes.iter().map(|probe| (probe.index.0, probe)).collect();
    let pairs = after.probes.iter().filter_map(|probe| Some((*earlier.get(&probe.index.0)?, probe)));
    let pairs: Vec<_> = pairs.filter(|(one, other)| one.good.is_some() && other.good.is_some()).collect();
    let turned = |from: bool| {
        let is_turned =
            |(one, other): &&(&ProbeSummary, &ProbeSummary)| one.good == Some(from) && other.good == Some(!from);
        pairs.iter().filter(is_turned).map(|(one, _)| one.index.0).collect::<Vec<_>>()
    };
    let (broken, mended) = (turned(true), turned(false));
    let still_bad = pairs.iter().filter(|(one, other)| one.good == Some(false) && other.good == Some(false)).count();
    Some(Comparison {
        schema: SCHEMA,
        before: before.run.clone(),
        after: after.run.clone(),
        pairs: pairs.len() as u64,
        chance: mcnemar(broken.len() as u64, mended.len() as u64),
        confidence: after.objective.confidence,
        broken,
        mended,
        still_bad: still_bad as u64,
        fields: fields(&pairs),
        times: times(before, &pairs),
    })
}

/// Seconds from the intended moment within which a group arrived at a waypoint: after it was last absent, and before it was first seen.
fn took(probe: &ProbeSummary, at: &GroupAtWaypoint) -> Option<[f64; 2]> {
    let (intended, seen) = (probe.intended_at?, at.first_seen_at?);
    let since = |moment: DateTime<Utc>| (moment - intended).as_seconds_f64();
    Some([at.last_absent_at.map_or(0.0, since).max(0.0), since(seen)])
}

/// What moved in time: pair by pair, where a look saw one there before the other could have been.
fn times(before: &Summary, pairs: &[(&ProbeSummary, &ProbeSummary)]) -> Vec<TimeChange> {
    let mut changes = Vec::new();
    for waypoint in &before.waypoints {
        let of = |probe: &ProbeSummary| -> Vec<Option<[f64; 2]>> {
            let at = |group: &GroupSummary| group.waypoints.iter().find(|at| at.name == waypoint.name).cloned();
            probe.groups.iter().map(|group| at(group).and_then(|at| took(probe, &at))).collect()
        };
        let both = pairs.iter().flat_map(|(one, other)| of(one).into_iter().zip(of(other)));
        let both: Vec<([f64; 2], [f64; 2])> = both.filter_map(|(one, other)| Some((one?, other?))).collect();
        if both.is_empty() {
            continue;
        }
        let count = |is: fn(&([f64; 2], [f64; 2])) -> bool| both.iter().filter(|pair| is(pair)).count() as u64;
        changes.push(TimeChange {
            waypoint: waypoint.name.clone(),
            pairs: both.len() as u64,
            slower: count(|([_, seen], [absent, _])| absent > seen),
            faster: count(|([absent, _], [_, seen])| absent > seen),
            seconds_before: median(both.iter().map(|([_, seen], _)| *seen)),
            seconds_after: median(both.iter().map(|(_, [_, seen])| *seen)),
            chance: 1.0,
        });
    }
    let alone: Vec<f64> = changes.iter().map(|of| mcnemar(of.slower, of.faster)).collect();
    changes.iter_mut().zip(holm(&alone)).for_each(|(of, chance)| of.chance = chance);
    changes
}

/// The middle one; of an even number the lower of both. 0 without any.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = values.collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

fn fields(pairs: &[(&ProbeSummary, &ProbeSummary)]) -> Vec<FieldChange> {
    let mut changes: BTreeMap<Field, (u64, u64)> = BTreeMap::new();
    for (one, other) in pairs {
        let (one, other) = (differing(one), differing(other));
        other.difference(&one).for_each(|field| changes.entry(*field).or_default().0 += 1);
        one.difference(&other).for_each(|field| changes.entry(*field).or_default().1 += 1);
    }
    let alone: Vec<f64> = changes.values().map(|(broken, mended)| mcnemar(*broken, *mended)).collect();
    let corrected = holm(&alone);
    let change = |((field, (broken, mended)), chance)| FieldChange { field, broken, mended, chance };
    let mut fields: Vec<FieldChange> = changes.into_iter().zip(corrected).map(change).collect();
    fields.sort_by(|one, other| one.chance.total_cmp(&other.chance));
    fields
}

fn differing(probe: &ProbeSummary) -> BTreeSet<Field> {
    let at = probe.groups.iter().flat_map(|group| group.steps().flatten());
    at.flat_map(|at| &at.discrepancies).map(|of| of.field).collect()
}

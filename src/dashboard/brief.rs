//! What lists say of a run: its judgement in a few figures.

use crate::model::{Arrival, Entry, ErrorRate, Event, Summary, Verdict};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// A run in a few figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// The verdict.
    pub verdict: Verdict,
    /// The decisive reason, where there is one.
    pub reason: Option<String>,
    /// The share of groups that are not good.
    pub rate: ErrorRate,
    /// Enrollment groups that are waited for somewhere.
    pub in_flight: u64,
    /// When the one of them was to be sent that is the longest on its way.
    pub oldest_in_flight_at: Option<DateTime<Utc>>,
    /// People who could not be taken out, or not provably.
    pub people_left: u32,
    /// Households of which nobody has proved yet that they are out, though somebody asked.
    pub leaving: u64,
    /// Lines of the punch list.
    pub punched: usize,
    /// In pipeline order.
    pub waypoints: Vec<AtWaypoint>,
    /// When it was judged.
    pub judged_at: DateTime<Utc>,
}

/// One waypoint of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct AtWaypoint {
    /// Its name.
    pub name: String,
    /// People due there.
    pub people_due: u64,
    /// People who arrived there.
    pub people_arrived: u64,
    /// Groups that are waited for there.
    pub pending: u64,
    /// The share of the run's time in which no look at it failed; nothing where it was never looked at.
    pub readable: Option<f64>,
}

impl Brief {
    /// What is told of a run that was judged at `judged_at`.
    pub(super) fn of(summary: &Summary, people_left: u32, looks: &Looks, judged_at: DateTime<Utc>) -> Self {
        let groups = || summary.probes.iter().flat_map(|probe| probe.groups.iter().map(move |group| (probe, group)));
        let is_awaited = |at: &crate::model::GroupAtWaypoint| at.arrival == Arrival::Pending;
        let awaited = || groups().filter(|(_, group)| group.steps().flatten().any(is_awaited));
        let waypoints = summary.waypoints.iter().enumerate().map(|(index, at)| AtWaypoint {
            name: at.name.clone(),
            people_due: at.people_due,
            people_arrived: at.people_arrived,
            pending: at.groups.pending + at.changes.as_ref().map_or(0, |changes| changes.pending),
            readable: u16::try_from(index).ok().and_then(|index| looks.readable(index)),
        });
        Self {
            verdict: summary.verdict,
            reason: summary.reasons.first().cloned(),
            rate: summary.error_rate.clone(),
            in_flight: awaited().count() as u64,
            oldest_in_flight_at: awaited().filter_map(|(probe, _)| probe.intended_at).min(),
            people_left,
            leaving: groups().filter(|(_, group)| group.cleanup == "pending").count() as u64,
            punched: summary.punch.len(),
            waypoints: waypoints.collect(),
            judged_at,
        }
    }
}

/// From when until when looks failed.
type Spell = (DateTime<Utc>, DateTime<Utc>);

/// When the waypoints of a run could not be read, from its entries, one after the other.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// Moments of the first entry and of the last.
    ends: Option<Spell>,
    /// By waypoint the spells of failed looks, of one issuer's or one household's too; none where all looks were healthy.
    spells: BTreeMap<u16, Vec<Spell>>,
}

impl Looks {
    /// Takes up one entry.
    pub(super) fn take(&mut self, entry: &Entry) {
        self.ends = Some(self.ends.map_or((entry.at, entry.at), |(first, last)| (first, last.max(entry.at))));
        let (waypoint, spell) = match &entry.event {
            Event::Blind { waypoint, from, until, .. } => (*waypoint, Some((*from, *until))),
            Event::Looked { waypoint, .. } | Event::Absent { waypoint, .. } => (*waypoint, None),
            Event::Seen { sighting } => (sighting.waypoint, None),
            _ => return,
        };
        self.spells.entry(waypoint).or_default().extend(spell);
    }

    /// The share of the time from the run's first entry to its last in which no look at a waypoint failed: spells that overlap are
    /// counted once. Nothing where it was never looked at.
    fn readable(&self, waypoint: u16) -> Option<f64> {
        let (first, last) = self.ends?;
        let mut spells = self.spells.get(&waypoint)?.clone();
        spells.sort_unstable();
        let (mut blind, mut reached) = (0.0, first);
        for (from, until) in spells {
            let (from, until) = (from.max(reached), until.min(last));
            if until > from {
                blind += (until - from).as_seconds_f64();
                reached = until;
            }
        }
        let whole = (last - first).as_seconds_f64();
        Some(if whole > 0.0 { 1.0 - blind / whole } else { 1.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::Looks;
    use crate::model::{Entry, Event};
    use chrono::{DateTime, TimeDelta, Utc};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    fn blind(from: i64, until: i64) -> Entry {
        let event = Event::Blind {
            waypoint: 1,
            issuer: None,
            probe: None,
            from: at(from),
            until: at(until),
            reason: "503".to_owned(),
        };
        Entry { at: at(until), event }
    }

    #[test]
    fn spells_that_overlap_are_counted_once() {
        let looked =
            |second| Entry { at: at(second), event: Event::Looked { probe: None, waypoint: 1, looked_at: at(second) } };
        let entries = [looked(0), blind(20, 40), blind(30, 50), looked(100)];
        let mut looks = Looks::default();
        for entry in &entries {
            looks.take(entry);
        }
        // thirty of a hundred seconds
        assert_eq!(looks.readable(1), Some(0.7));
        assert_eq!(looks.readable(0), None, "nobody looked there");
    }
}

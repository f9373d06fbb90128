//! The units of a stream in the order in which they were meant to be sent, from the oldest undecided one on.
//!
//! A success is known in minutes and a loss only at its limit: in the order in which they become known, failures clump. People
//! who travel in one file, window or request are one unit, which has failed when one of them has.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What became of one probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// as it should be
    Passed,
    /// not as it should be
    Failed,
    /// nobody can say, or another stream says it (who was lost with a whole file): no outcome, neither for nor against
    NoOutcome,
}

/// One thing that a stream is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A unit is on its way.
    Sent {
        /// its name, unique among those that are undecided
        unit: String,
        /// when it was meant to be sent
        at: DateTime<Utc>,
        /// how many probes it has
        probes: u32,
    },
    /// One of its probes is decided.
    Decided {
        /// the unit
        unit: String,
        /// when that became known
        at: DateTime<Utc>,
        /// what it is
        fate: Fate,
    },
}

/// One unit that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unit {
    name: String,
    /// in milliseconds, when it was meant to be sent
    pub(super) at: i64,
    undecided: u32,
    passed: bool,
    failed: bool,
}

impl Unit {
    /// Failed, passed, or not decided; a unit of which nothing can be said is not in the line any more.
    pub(super) fn failed(&self) -> Option<bool> {
        match (self.failed, self.undecided) {
            (true, _) => Some(true),
            (false, 0) => Some(false),
            (false, _) => None,
        }
    }
}

/// The units from the oldest undecided one on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    units: VecDeque<Unit>,
}

impl Line {
    pub(super) fn send(&mut self, name: &str, at: DateTime<Utc>, probes: u32) {
        if let Some(known) = self.units.iter_mut().rev().find(|unit| unit.name == name) {
            known.undecided += probes;
            return;
        }
        let unit =
            Unit { name: name.to_owned(), at: at.timestamp_millis(), undecided: probes, passed: false, failed: false };
        let place = self.units.iter().rposition(|other| (other.at, &other.name) < (unit.at, &unit.name));
        self.units.insert(place.map_or(0, |before| before + 1), unit);
    }

    /// Whether this is the first failure of its unit. Of a unit that is not in the line everything has been said.
    pub(super) fn decide(&mut self, name: &str, fate: Fate) -> bool {
        let Some(place) = self.units.iter().rposition(|unit| unit.name == name) else { return false };
        let Some(unit) = self.units.get_mut(place) else { return false };
        let had_failed = unit.failed;
        unit.undecided = unit.undecided.saturating_sub(1);
        unit.passed |= fate == Fate::Passed;
        unit.failed |= fate == Fate::Failed;
        let failed = unit.failed;
        if unit.undecided == 0 && !unit.passed && !unit.failed {
            self.units.remove(place);
        }
        failed && !had_failed
    }

    /// Takes out the oldest unit if it is decided.
    pub(super) fn take_decided(&mut self) -> Option<Unit> {
        self.units.front()?.failed()?;
        self.units.pop_front()
    }

    pub(super) fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn units_stand_in_the_order_of_intended_submission() {
        let mut line = Line::default();
        for (name, second) in [("b", 2), ("d", 4), ("a", 1), ("c", 2)] {
            line.send(name, at(second), 1);
        }
        let names: Vec<_> = line.units().map(|unit| unit.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_unit_has_failed_when_one_in_it_has_and_passed_when_all_are_decided() {
        let mut line = Line::default();
        line.send("file", at(1), 3);
        assert!(!line.decide("file", Fate::Passed));
        assert!(line.take_decided().is_none());
        assert!(line.decide("file", Fate::Failed));
        assert!(!line.decide("file", Fate::Failed), "it counts once");
        assert_eq!(line.take_decided().unwrap().failed(), Some(true));
        assert!(!line.decide("file", Fate::Failed), "all has been said of it");
    }

    #[test]
    fn a_unit_of_which_nothing_can_be_said_is_no_outcome() {
        let mut line = Line::default();
        line.send("dark", at(1), 2);
        line.decide("dark", Fate::NoOutcome);
        line.decide("dark", Fate::NoOutcome);
        assert_eq!(line.units().count(), 0);
        line.send("half", at(1), 2);
        line.decide("half", Fate::NoOutcome);
        line.decide("half", Fate::Passed);
        assert_eq!(line.take_decided().unwrap().failed(), Some(false));
    }
}

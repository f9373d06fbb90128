//! The scenario as the rest of the program sees it.

use crate::model::{
    Change, Correction, Destination, Field, FieldSet, LifeEvent, Limit, Objective, Population, Renewal, Severity,
    StepTerms, SubmissionExpected,
};
use std::collections::BTreeMap;
use std::time::Duration;

/// A scenario, checked: every value is within its range and every name is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name; with the seed it determines the people.
    pub name: String,
    /// Who applies.
    pub population: Population,
    /// What happens to them, in order: `enroll` first; changes may follow, and `cancel`.
    pub journey: Vec<Step>,
    /// Severities that differ from the catalogue's.
    pub severity: BTreeMap<Field, Severity>,
    /// Fields not compared.
    pub ignore: FieldSet,
    /// What must hold of the whole run.
    pub objective: Objective,
    /// How fast, and how many at once.
    pub load: Load,
    /// Watching goes on this share of a limit beyond it before what has not come is missing; 1.0 unless the file says.
    pub grace_share: f64,
}

/// One event of the journey, and what must be true after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What happens.
    pub event: LifeEvent,
    /// What of a person is corrected, where the file says it.
    pub what: Option<Correction>,
    /// Where it leads, where the file says it.
    pub to: Option<Destination>,
    /// How coverage is renewed, where the file says it.
    pub how: Option<Renewal>,
    /// For whom it is, and when it is sent.
    pub terms: StepTerms,
    /// How the exchange must answer.
    pub submission: SubmissionExpected,
    /// Limits by waypoint name.
    pub at: BTreeMap<String, Limit>,
    /// The policy status that it must leave behind, where the file says one.
    pub policy_status: Option<String>,
}

impl Step {
    /// The change that it is, where it is one.
    pub fn change(&self) -> Change {
        Change { event: self.event, what: self.what, to: self.to, how: self.how }
    }
}

/// How fast submissions are sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// Submissions a second, kept whatever the answers take; `None`: as fast as `in_flight` and the target's limits allow.
    pub rate_per_second: Option<f64>,
    /// At most so many flows at once.
    pub in_flight: u32,
    /// Time from one look for a record to the next, at first; it backs off from there.
    pub first_look_after: Option<Duration>,
}

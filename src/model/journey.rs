//! What became of each step of a journey, wherever it can be seen.

use super::outcome::{Arrival, Integrity};
use super::words::words;
use super::{GroupAtWaypoint, LifeEvent, Submission};
use serde::{Deserialize, Serialize};

words! {
    /// Why nothing of a step is due at a waypoint.
    NotDue {
        /// A later step changed all of it again before anybody looked.
        Superseded = "superseded",
        /// The household was taken out before its enrollment was due, so that neither need ever be sent.
        Netted = "netted",
        /// Nothing of it can be told here: the waypoint shows nothing of what the step changes, or showed it so already.
        NotShown = "not_shown",
        /// The step is not for this household.
        PassedOver = "passed_over",
        /// An earlier step, or an earlier waypoint, cut it off, such as a refused submission.
        CutOff = "cut_off",
    }
}

words! {
    /// What became of one step of a group at one waypoint, in one word: the worst that is true of it, the worst first.
    StepOutcome {
        /// Not seen by a healthy look after the limit and its grace.
        Missing = "missing",
        /// Of a step that takes out: still in force, or not provably gone.
        Residue = "residue",
        /// Some field differs.
        Altered = "altered",
        /// Seen, and it was still absent at the limit.
        Late = "late",
        /// The waypoint could not be read when it mattered.
        Blind = "blind",
        /// Not seen yet, or not sent yet; the limit or its grace has not passed.
        Pending = "pending",
        /// Nobody can say.
        Undecided = "undecided",
        /// Seen by the limit, and as it was sent.
        OnTime = "on_time",
        /// Of a step that takes out: proved gone.
        Gone = "gone",
        /// A later step changed all of it again before anybody looked.
        Superseded = "superseded",
        /// The household was taken out before its enrollment was due, so that neither need ever be sent.
        Netted = "netted",
        /// Nothing of it can be told here.
        NotShown = "not_shown",
        /// The step is not for this household.
        PassedOver = "passed_over",
        /// An earlier step, or an earlier waypoint, cut it off.
        CutOff = "cut_off",
    }
}

impl From<NotDue> for StepOutcome {
    fn from(why: NotDue) -> Self {
        match why {
            NotDue::Superseded => Self::Superseded,
            NotDue::Netted => Self::Netted,
            NotDue::NotShown => Self::NotShown,
            NotDue::PassedOver => Self::PassedOver,
            NotDue::CutOff => Self::CutOff,
        }
    }
}

impl From<&GroupAtWaypoint> for StepOutcome {
    fn from(here: &GroupAtWaypoint) -> Self {
        match (here.arrival, here.integrity) {
            (Arrival::NotDue, _) => here.not_due.unwrap_or(NotDue::CutOff).into(),
            (Arrival::Missing, _) => Self::Missing,
            (_, Some(Integrity::Altered)) => Self::Altered,
            (Arrival::Late, _) => Self::Late,
            (Arrival::Blind, _) => Self::Blind,
            (Arrival::Pending, _) => Self::Pending,
            (Arrival::Undecided, _) => Self::Undecided,
            (Arrival::OnTime, _) => Self::OnTime,
        }
    }
}

/// One step of a group's life, from the step with which its policy began to the one that ended it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepOfGroup {
    /// Its place in the journey, from 0.
    pub step: u16,
    /// What happens.
    pub event: LifeEvent,
    /// The exchange's answer; `null` where it was not sent.
    pub submission: Option<Submission>,
    /// What became of it, per waypoint in pipeline order.
    pub waypoints: Vec<StepAtWaypoint>,
}

/// One step of a group at one waypoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepAtWaypoint {
    /// The waypoint's name.
    pub name: String,
    /// What became of it there.
    pub outcome: StepOutcome,
}

/// One step of the journey over all households.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTotals {
    /// Its place in the journey, from 0.
    pub step: u16,
    /// What happens.
    pub event: LifeEvent,
    /// Households by the exchange's answer, and groups by the worst that became of the step at any waypoint.
    pub counts: StepCounts,
    /// Groups by what became of the step, per waypoint in pipeline order.
    pub waypoints: Vec<StepCountsAt>,
}

/// Totals of one step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each name is the word of the taxonomy it counts")]
pub struct StepCounts {
    pub accepted: u64,
    pub rejected: u64,
    pub indeterminate: u64,
    pub unsent: u64,
    /// Households to whom it did not come, or not yet, or that it passed over.
    pub not_sent: u64,
    #[serde(flatten)]
    pub groups: OutcomeCounts,
}

/// One step at one waypoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCountsAt {
    /// The waypoint's name.
    pub name: String,
    /// Groups by what became of the step there.
    #[serde(flatten)]
    pub groups: OutcomeCounts,
}

/// Groups by what became of a step; each is counted once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each name is the word of the outcome it counts")]
pub struct OutcomeCounts {
    pub missing: u64,
    pub residue: u64,
    pub altered: u64,
    pub late: u64,
    pub blind: u64,
    pub pending: u64,
    pub undecided: u64,
    pub on_time: u64,
    pub gone: u64,
    pub superseded: u64,
    pub netted: u64,
    pub not_shown: u64,
    pub passed_over: u64,
    pub cut_off: u64,
}

impl OutcomeCounts {
    /// Counts one group.
    pub fn add(&mut self, outcome: StepOutcome) {
        *match outcome {
            StepOutcome::Missing => &mut self.missing,
            StepOutcome::Residue => &mut self.residue,
            StepOutcome::Altered => &mut self.altered,
            StepOutcome::Late => &mut self.late,
            StepOutcome::Blind => &mut self.blind,
            StepOutcome::Pending => &mut self.pending,
            StepOutcome::Undecided => &mut self.undecided,
            StepOutcome::OnTime => &mut self.on_time,
            StepOutcome::Gone => &mut self.gone,
            StepOutcome::Superseded => &mut self.superseded,
            StepOutcome::Netted => &mut self.netted,
            StepOutcome::NotShown => &mut self.not_shown,
            StepOutcome::PassedOver => &mut self.passed_over,
            StepOutcome::CutOff => &mut self.cut_off,
        } += 1;
    }
}

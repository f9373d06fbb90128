//! What repeating a failure proved: which of a household's attributes it takes.

use super::words::words;
use super::{Field, JourneyStep, ProbeIndex, PunchLine, RunId};
use serde::{Deserialize, Serialize};

words! {
    /// What the tries came to.
    Answer {
        /// It takes this one attribute: without it nothing fails.
        One = "one",
        /// It takes all of these together: without any of them nothing fails.
        Together = "together",
        /// Any of these is enough: no single change mends it.
        Either = "either",
        /// Sent again unchanged, it no longer fails.
        NotReproduced = "not_reproduced",
        /// So many tries say nothing certain.
        NotSettled = "not_settled",
    }
}

/// A kind of failure, by which it is known again in another run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureKind {
    /// Its shape in words, as the punch list has it.
    pub what: String,
    /// The first waypoint at which it showed.
    pub waypoint: String,
    /// The change of the journey that is spoken of; absent of the enrollment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<JourneyStep>,
    /// The field that differs, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
}

impl FailureKind {
    /// What a line of a punch list is of.
    pub fn of(line: &PunchLine) -> Self {
        Self { what: line.what.clone(), waypoint: line.waypoint.clone(), step: line.step, field: line.field }
    }

    /// Whether a line of a punch list is of this kind: where it first shows is where somebody could first look, and does not count.
    pub fn is_of(&self, line: &PunchLine) -> bool {
        (&self.what, self.step, self.field) == (&line.what, line.step, line.field)
    }
}

/// How often something failed, of so many tries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// Tries of which it is known whether they failed.
    pub tried: u32,
    /// Those of them that failed.
    pub failed: u32,
}

/// One attribute, and what became of the failure without it, or with it alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// What was changed: `the family name`.
    pub change: String,
    /// What held of the household that failed, and no longer does: `an apostrophe in a name`. Empty where the change is of nothing
    /// that the punch list asks after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    /// Of an attribute that it takes: the household without it. Of one that is enough: the household that had passed, with it.
    pub tries: Tries,
}

/// What repeating a failure proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The household that was sent again, by its place in the run.
    pub probe: ProbeIndex,
    /// How it had failed.
    pub failure: FailureKind,
    /// What the tries came to.
    pub answer: Answer,
    /// The same in a sentence, with its numbers.
    pub sentence: String,
    /// The household as it was, with every identity new.
    pub unchanged: Tries,
    /// The attributes that the answer names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<Factor>,
    /// Changes that could not be tried, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untried: Vec<String>,
    /// Households that were sent for it.
    pub sent: u32,
    /// The runs that sent them.
    pub runs: Vec<RunId>,
}

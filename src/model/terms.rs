//! What a scenario says of a step beside what happens: for whom it is, and when it is sent.

use super::{WaypointName, When};
use chrono::{NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a step waits for. None is sent before the one before it was answered, or is known to have got no answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// The step before is settled at every waypoint: seen there, or given up.
    #[default]
    Settled,
    /// It was answered.
    Answered,
    /// It is settled at these waypoints.
    Seen(Vec<WaypointName>),
    /// So long has passed since it was to be sent.
    Pause(Duration),
    /// A day and time of day in the exchange's zone have come.
    Moment(NaiveDateTime),
    /// This time of day in the exchange's zone has come, the first time since it was to be sent.
    ClockTime(NaiveTime),
    /// The first delivery window of this waypoint since it was to be sent has passed, with its grace.
    Window(WaypointName),
}

impl After {
    fn is_usual(&self) -> bool {
        *self == Self::Settled
    }
}

/// On what terms a step is sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StepTerms {
    /// For whom it is.
    #[serde(default, skip_serializing_if = "When::is_for_all")]
    pub when: When,
    /// What it waits for.
    #[serde(default, skip_serializing_if = "After::is_usual")]
    pub after: After,
}

impl StepTerms {
    /// Whether nothing is said: it is for everybody, and waits until the step before is settled.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// What is said where nothing is said.
    pub fn usual() -> &'static Self {
        static USUAL: StepTerms = StepTerms { when: When(Vec::new()), after: After::Settled };
        &USUAL
    }
}

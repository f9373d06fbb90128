//! A household's life in steps: what happens, and in what place of the journey.

use super::LifeEvent;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A step of a journey. Steps are told apart, and ordered, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JourneyStep {
    /// Its place in the journey, from 0; what takes the household out is the last of all, whatever the journey holds.
    pub number: u16,
    /// What happens.
    pub event: LifeEvent,
}

impl JourneyStep {
    /// The enrollment, with which every journey begins.
    pub const ENROLL: Self = Self { number: 0, event: LifeEvent::Enroll };
    /// The cancellation, the journey's own or the run's when it cleans up.
    pub const CANCEL: Self = Self { number: u16::MAX, event: LifeEvent::Cancel };

    /// The step at this place of a journey.
    pub fn new(number: u16, event: LifeEvent) -> Self {
        match event {
            LifeEvent::Enroll => Self::ENROLL,
            LifeEvent::Cancel => Self::CANCEL,
            _ => Self { number, event },
        }
    }

    /// Whether it stands where a journey has it that says each event once: versions before knew no other.
    pub fn is_only_one(self) -> bool {
        self == Self::from(self.event)
    }

    /// As a person would call it, with its place where one word may stand for several.
    pub fn in_words(self) -> String {
        let words = self.event.in_words();
        if self.is_only_one() { words.to_owned() } else { format!("{words} (step {})", self.number) }
    }
}

/// The step of a journey in which the event stands once, after the enrollment.
impl From<LifeEvent> for JourneyStep {
    fn from(event: LifeEvent) -> Self {
        Self::new(1, event)
    }
}

/// The event, with its place where one word may stand for several.
impl fmt::Display for JourneyStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_only_one() { write!(f, "{}", self.event) } else { write!(f, "{}-{}", self.event, self.number) }
    }
}

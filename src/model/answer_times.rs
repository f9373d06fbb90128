//! How long a service took to answer, against the time that a rule allows it.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Questions to an eligibility service, counted by how long their answers took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTimes {
    /// Questions that were answered, whatever the answer said.
    pub answers: u64,
    /// Of these, those answered later than [`AnswerTimes::ALLOWED`].
    pub slow: u64,
    /// Questions that were sent and that no answer came to.
    pub unanswered: u64,
    /// The longest that an answer took, in microseconds.
    pub slowest_micros: u64,
}

impl AnswerTimes {
    /// A real-time answer is due within this, through all hops, for nine questions of ten in a calendar month (CAQH CORE 156).
    pub const ALLOWED: Duration = Duration::from_secs(20);

    /// One question, answered after so long.
    pub fn answered(took: Duration) -> Self {
        let slowest_micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        Self { answers: 1, slow: u64::from(took > Self::ALLOWED), unanswered: 0, slowest_micros }
    }

    /// One question that was sent and never answered.
    pub fn unanswered() -> Self {
        Self { unanswered: 1, ..Self::default() }
    }

    /// Adds other questions.
    pub fn add(&mut self, other: &Self) {
        self.answers += other.answers;
        self.slow += other.slow;
        self.unanswered += other.unanswered;
        self.slowest_micros = self.slowest_micros.max(other.slowest_micros);
    }
}

#[cfg(test)]
mod tests {
    use super::{AnswerTimes, Duration};

    #[test]
    fn twenty_seconds_are_allowed_and_no_more() {
        let mut times = AnswerTimes::default();
        for millis in [1, 20_000, 20_001, 25_500] {
            times.add(&AnswerTimes::answered(Duration::from_millis(millis)));
        }
        times.add(&AnswerTimes::unanswered());
        let expected = AnswerTimes { answers: 4, slow: 2, unanswered: 1, slowest_micros: 25_500_000 };
        assert_eq!(times, expected);
    }
}

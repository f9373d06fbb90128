//! How many false alarms a month are allowed for everything together, and what of it each stream may spend.

use serde::{Deserialize, Serialize};

/// What a stream watches; the shares of the budget are fixed beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// a scenario at an issuer: arrived, and intact
    Issuer,
    /// on time
    Lateness,
    /// a hop that passes nothing on any more
    Stalled,
    /// files that were lost whole
    Files,
    /// failures of one class of the closed catalogue, "other" among them
    Class,
}

impl Kind {
    /// Its share of the budget; all shares sum to one.
    fn share(self) -> f64 {
        match self {
            Self::Issuer => 0.5,
            Self::Lateness | Self::Stalled | Self::Files | Self::Class => 0.125,
        }
    }
}

/// False alarms a month, for everything together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// 0.01 unless said: one in eight years
    pub false_alarms_a_month: f64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { false_alarms_a_month: 0.01 }
    }
}

impl Budget {
    /// False alarms a month that each of `streams` of this kind may raise.
    pub fn share(self, kind: Kind, streams: u32) -> f64 {
        self.false_alarms_a_month * kind.share() / f64::from(streams.max(1))
    }

    /// The threshold of a stream with so many outcomes planned a month: the expected number of outcomes to a false alarm.
    pub fn threshold(self, kind: Kind, streams: u32, outcomes_a_month: f64) -> f64 {
        outcomes_a_month / self.share(kind, streams)
    }
}

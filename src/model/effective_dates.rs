//! By which rules a target has the first day of coverage judged that its exchange tells.

use super::words::{described_words, words};
use serde::{Deserialize, Serialize};

words! {
    /// Whose rules count.
    ExchangeKind {
        /// The federal exchange, and states on its platform.
        Ffm = "ffm",
        /// A state's own exchange, which may let coverage begin earlier.
        State = "state",
    }
}

words! {
    /// The day on which the exchange takes something to be asked for.
    Today {
        /// The reference date of the scenario, which the request says.
        Ours = "ours",
        /// The day of sending, in the exchange's zone.
        Theirs = "theirs",
    }
}

described_words! {
    /// A rule of effective dates, by the name with which a target switches it off.
    DateRule {
        /// Plans selected in an open enrollment.
        OpenEnrollment = "open_enrollment",
        /// The cut-offs of December 2013, which were moved.
        December2013 = "december_2013",
        /// Deadlines of later years that HealthCare.gov extended.
        Extension = "extension",
        /// The regular dates of a special enrollment.
        Special = "special",
        /// A birth, or an adoption.
        Birth = "birth",
        /// A marriage.
        Marriage = "marriage",
        /// Coverage that was lost by the day of the selection.
        LossOfCoverage = "loss_of_coverage",
        /// What an administrator sets by casework, into the past as well.
        Casework = "casework",
        /// A renewal by the exchange.
        Renewal = "renewal",
    }
}

impl DateRule {
    /// By what an enrollment may be said to be made.
    pub const OF_ENROLLMENT: &'static [Self] =
        &[Self::OpenEnrollment, Self::Special, Self::Marriage, Self::LossOfCoverage, Self::Casework];
}

/// What a target says of effective dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectiveDates {
    /// Whose rules count.
    pub rules: ExchangeKind,
    /// From which day they are reckoned.
    pub today: Today,
    /// By what its `enroll` flow enrolls.
    pub enroll: DateRule,
    /// Rules that are switched off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub off: Vec<DateRule>,
}

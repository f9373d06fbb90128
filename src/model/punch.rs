//! The punch list: failures that are alike, each kind in one line, with what sets those who failed apart.

use super::words::words;
use super::{Field, JourneyStep, Proof};
use serde::{Deserialize, Serialize};

words! {
    /// How much a failure matters to whom it befalls, in the trade's words; the gravest first.
    Tier {
        /// Somebody is not covered who should be, or is who should not, or not as they chose.
        CoverageImpacting = "coverage_impacting",
        /// The member is affected: identity, money or address is wrong.
        Major = "major",
        /// Nobody is affected yet: late, twice, or out of order.
        Watch = "watch",
        /// Shown, and no error.
        Inconsequential = "inconsequential",
    }
}

/// What failed in one way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PunchLine {
    /// The shape of it, in words: `child recorded as spouse`.
    pub what: String,
    /// How much it matters.
    pub tier: Tier,
    /// The hop: the first waypoint at which it shows.
    pub waypoint: String,
    /// The change of the journey that is spoken of; absent of the enrollment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<JourneyStep>,
    /// The field that differs, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// People of the groups that it befell.
    pub people: u64,
    /// Households that it befell.
    pub households: u64,
    /// Households of which it is known whether it befell them.
    pub of: u64,
    /// The quotient of both; `null` without any.
    pub rate: Option<f64>,
    /// The wider of Wilson's and Clopper and Pearson's interval for it; `null` without any.
    pub interval: Option<[f64; 2]>,
    /// Probes that show it, three at most.
    pub examples: Vec<String>,
    /// Where it stands in files or answers, three places at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// What sets those who failed apart from those who did not, the strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
    /// Why no cause is named, where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<String>,
    /// What was proved by sending one of them again (`johndoe narrow`), in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
}

/// Something that those who failed have in common and others have not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// In words: `apostrophe in a name and state VA`.
    pub rule: String,
    /// Households (or files) that it holds of.
    pub covered: u64,
    /// Those of them that failed.
    pub failed: u64,
    /// All that failed in this way.
    pub of_failed: u64,
    /// Everybody it holds of failed, and nobody else.
    pub is_perfect: bool,
    /// Chance that so many of them fail where it has nothing to do with it (Fisher's exact tail), before correction.
    pub chance: f64,
    /// What holds of the same households, and cannot be told apart from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
    /// The household that would tell them apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would_tell: Option<String>,
    /// The wider rule, where it is significant too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wider: Option<String>,
}

/// Who of those who passed is most like one who failed, and by what the two differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// The household that passed, as `johndoe show` takes it.
    pub probe: String,
    /// What holds of the one who failed, and not of the one who passed.
    pub failing_has: Vec<String>,
    /// What holds of the one who passed, and not of the one who failed.
    pub passing_has: Vec<String>,
}

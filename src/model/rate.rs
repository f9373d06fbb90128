//! Shares of errors, and how far they can be trusted.

use super::run::Decide;
use super::words::words;
use serde::{Deserialize, Serialize};

/// Errors among trials, with the intervals within which the share may lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorRate {
    /// Groups that exist, limits passed, that are not good.
    pub errors: u64,
    /// Groups that exist and whose limits have passed.
    pub trials: u64,
    /// Their quotient; `null` without trials.
    pub estimate: Option<f64>,
    /// Wilson score interval; `null` without trials.
    pub wilson: Option<[f64; 2]>,
    /// Clopper–Pearson interval; `null` without trials.
    pub clopper_pearson: Option<[f64; 2]>,
    /// Confidence of all of them.
    pub confidence: f64,
    /// Interval that holds however often one looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any_time: Option<[f64; 2]>,
    /// What files and households make of it, where errors come in clusters or might.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clustered: Vec<ClusteredRate>,
    /// From the lowest to the highest end of those that apply: by this one `decide: interval` decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub widest: Option<[f64; 2]>,
    /// How the verdict was reached; absent where by the share itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decide: Option<Decide>,
    /// So many more records without an error would prove the objective; absent where none are missing, or no number would do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_clean: Option<u64>,
    /// So many more would settle it at the share found so far; absent where it is settled, or never would be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_at_this_rate: Option<u64>,
}

/// What it means that records share a fate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClusteredRate {
    /// What they share: `file` or `household`.
    pub by: String,
    /// How many such clusters there are.
    pub clusters: u64,
    /// Those in which something is wrong.
    pub with_errors: u64,
    /// How many times the variance is that of records which fail one by one.
    pub design_effect: f64,
    /// How many records that fail one by one would say as much.
    pub effective_records: f64,
    /// Errors come in clusters more than by chance, so that this interval applies.
    pub applies: bool,
    /// The interval for clustered records.
    pub interval: [f64; 2],
}

words! {
    /// Of what a rate is.
    RateBy {
        /// A step of the journey.
        Step = "step",
        /// A waypoint: the enrollment there.
        Waypoint = "waypoint",
        /// An issuer.
        Issuer = "issuer",
        /// Medical or dental.
        Line = "line",
    }
}

/// The rate of a part of the groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RateOf {
    /// By what they are parted.
    pub by: RateBy,
    /// Which part it is.
    pub of: String,
    /// Its errors and trials, with their intervals.
    #[serde(flatten)]
    pub rate: ErrorRate,
}

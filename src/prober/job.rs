//! What a run is asked to do, and what the ledger must keep so that another process can go on with it.

use crate::scenario::Scenario;
use crate::target::{Fingerprint, Target};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// A scenario at a target.
#[derive(Debug, Clone)]
pub struct Job {
    /// What to probe; flags such as `--count` and `--seed` are already in it.
    pub scenario: Arc<Scenario>,
    /// Where.
    pub target: Arc<Target>,
    /// What the ledger keeps of the files it came from.
    pub header: Header,
}

/// Kept beside the run's plan: enough to read scenario and target again, with no secret in it (references to the
/// environment and to files stay references).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Name of the scenario's file, for messages.
    pub scenario_file: String,
    /// Its text.
    pub scenario_text: String,
    /// Name of the target's file, for messages.
    pub target_file: String,
    /// Its text.
    pub target_text: String,
    /// `--count`, where it was given.
    pub count: Option<u32>,
    /// `--seed`, where it was given.
    pub seed: Option<u64>,
    /// Folder that relative paths of the target start from.
    pub folder: PathBuf,
    /// Whether the people are to stay (`--keep`).
    pub keep: bool,
    /// How long the run may go on from its first byte (`--deadline`), in seconds; `None`: as long as it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_seconds: Option<f64>,
    /// By what the target is known again; `None`: a version before kept none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// An enrollment ends after so many steps (`try --step`); `None`: after its last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_step: Option<usize>,
}

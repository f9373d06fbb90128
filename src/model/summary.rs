//! The one input of every report: what a run came to. Serialized, it is the JSON report (`johndoe.report/2`).

use super::outcome::{Arrival, Discrepancy, Equivalence, Existence, Finding, Integrity, MatchTier};
use super::punch::{Nearest, PunchLine};
use super::rate::{ErrorRate, RateOf};
use super::words::words;
use super::{
    CoverageLine, EdgeCase, FeedKind, FieldSet, Fold, JourneyStep, NotDue, Objective, ProbeIndex, Remaining,
    StepOfGroup, StepTotals, Submission,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Name and version of the JSON report.
pub const SCHEMA: &str = "johndoe.report/2";
/// The version before it, which knew no steps but who is enrolled, moves, and is taken out.
pub const SCHEMA_1: &str = "johndoe.report/1";

words! {
    /// What a run says about the pipeline.
    Verdict {
        /// The objective holds.
        Pass = "pass",
        /// The pipeline broke the objective.
        Fail = "fail",
        /// Too few records, or too many still pending, to say.
        Inconclusive = "inconclusive",
        /// Waypoints could not be read.
        Blind = "blind",
        /// The harness stopped itself.
        SafetyStop = "safety_stop",
        /// The objective holds, and something could not be taken out again.
        Residue = "residue",
        /// The harness itself failed.
        HarnessError = "harness_error",
    }
}

impl Verdict {
    /// The process exit code; the same table stands in `src/cli/exit.rs` and `docs/reference/exit-codes.md`.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Fail => 1,
            Self::Inconclusive => 3,
            Self::Blind => 4,
            Self::SafetyStop => 5,
            Self::Residue => 6,
            Self::HarnessError => 70,
        }
    }
}

/// A run, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Name and version of this report ([`SCHEMA`]).
    pub schema: String,
    /// Which run.
    pub run: RunFacts,
    /// The verdict.
    pub verdict: Verdict,
    /// Its exit code.
    pub exit_code: u8,
    /// Why, the decisive reason first.
    pub reasons: Vec<String>,
    /// When something is to be done next, where what was due was done and more is due later; the verdict so far stands in `reasons`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due_at: Option<DateTime<Utc>>,
    /// What is wrong of everybody alike, so that it is more often the target's mistake than the pipeline's. It changes no verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// Totals.
    pub counts: Counts,
    /// What had to hold, as it was set before the run.
    #[serde(default)]
    pub objective: Objective,
    /// What the verdict rests on, in one sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rests_on: String,
    /// Share of the groups that exist, limits passed, that are not good.
    pub error_rate: ErrorRate,
    /// The same of parts of them: by step of the journey, waypoint, issuer and coverage line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<RateOf>,
    /// What failed, each kind in a line, those first that befell the most people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub punch: Vec<PunchLine>,
    /// Kinds of attributes in which no two households differed, so that no cause among them could be named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub never_varied: Vec<String>,
    /// What the target cannot carry, and so came through otherwise than it was drawn: expected as it came through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folded: Vec<FoldedPeople>,
    /// Per waypoint, in pipeline order.
    pub waypoints: Vec<WaypointSummary>,
    /// Per step of the journey: the same totals, and what became of it at each waypoint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_step: Vec<StepTotals>,
    /// Per flow step, in order of first use.
    pub steps: Vec<StepSummary>,
    /// Per probe, in index order.
    pub probes: Vec<ProbeSummary>,
    /// Files in which something is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<DamagedFile>,
    /// Edge cases asked for, and how many households showed each.
    pub edge_cases: Vec<EdgeCaseCoverage>,
    /// Slots of the schedule whose submission went out too late ([`Event::MissedSlots`](super::Event::MissedSlots)).
    pub missed_slots: u64,
}

/// A file in which something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DamagedFile {
    /// The waypoint's name.
    pub waypoint: String,
    /// As the ledger calls it.
    pub name: String,
    /// What is wrong with it.
    pub damage: String,
}

/// Which run it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunFacts {
    /// The run's id.
    pub id: String,
    /// The scenario's name.
    pub scenario: String,
    /// The target's name.
    pub target: String,
    /// Seed of the people.
    pub seed: u64,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended; `null` where it has not.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Totals. Submissions are counted in probes, as are those of them that were not taken, or of which nobody knows whether they
/// exist; the fates from `good` to `blind` in enrollment groups that exist, each counted once by the worst of its waypoints;
/// findings by their number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each name is the word of the taxonomy it counts")]
pub struct Counts {
    pub planned: u64,
    #[serde(default)]
    pub not_begun: u64,
    pub accepted: u64,
    pub rejected: u64,
    pub indeterminate: u64,
    pub unsent: u64,
    #[serde(default)]
    pub existence_unknown: u64,
    #[serde(default)]
    pub not_taken: u64,
    pub good: u64,
    pub missing: u64,
    pub late: u64,
    pub altered: u64,
    /// Arrived whole and on time, and not good for what was found beside. Left out in version 1 of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<u64>,
    pub pending: u64,
    pub undecided: u64,
    pub blind: u64,
    pub duplicated: u64,
    pub misrouted: u64,
    pub unexpected: u64,
    pub split: u64,
    pub merged: u64,
    pub id_collision: u64,
    pub out_of_order: u64,
    pub flapping: u64,
    /// Left out in version 1 of the report where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<u64>,
    pub recovered: u64,
    pub residue: u64,
    #[serde(default)]
    pub rejected_by_ack: u64,
    #[serde(default)]
    pub change_refused: u64,
    #[serde(default)]
    pub wrong_member: u64,
    #[serde(default)]
    pub resurrected: u64,
    #[serde(default)]
    pub enrolled_otherwise: u64,
    #[serde(default)]
    pub damaged: u64,
    pub strangers_dropped: u64,
}

/// One thing that a target cannot carry, and for how many people that made a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoldedPeople {
    /// What became of which field.
    #[serde(flatten)]
    pub fold: Fold,
    /// People of planned households.
    pub people: u64,
}

/// One waypoint over all groups that were due there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the counts are named by the taxonomy")]
pub struct WaypointSummary {
    pub name: String,
    pub feed: FeedKind,
    /// Groups by what became of their enrollment here.
    #[serde(flatten)]
    pub groups: ArrivalCounts,
    /// People (members) of the groups due, and of those that arrived: the funnel.
    pub people_due: u64,
    pub people_arrived: u64,
    /// Fields that the waypoint cannot show and that were therefore not compared.
    pub not_compared: FieldSet,
    /// Fields that the target's mapping understood in no record here: the target's mistake, and nothing was compared there.
    #[serde(default, skip_serializing_if = "super::field_set::is_no_field")]
    pub not_understood: FieldSet,
    /// From the intended submission to the arrival, counting what has not arrived.
    pub latency_seconds: LatencyQuantiles,
    /// How the share that has arrived grows with the seconds: at most two hundred steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrival_curve: Vec<ArrivalStep>,
    /// How long answers took, where a rule says how long they may: at an eligibility service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<AnswerSummary>,
    /// Changes over all groups whose change was due there, where the journey has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<ArrivalCounts>,
}

/// From so many seconds on, so large a share had arrived.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ArrivalStep {
    /// Seconds from the intended submission.
    pub seconds: f64,
    /// The share that had arrived, of all that were due (Kaplan and Meier's estimate).
    pub share: f64,
    /// Its band (Greenwood's).
    pub band: [f64; 2],
}

/// What became of those that were due at one waypoint; `altered` counts some of those that arrived once more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the counts are named by the taxonomy")]
pub struct ArrivalCounts {
    pub due: u64,
    pub on_time: u64,
    pub late: u64,
    pub missing: u64,
    pub altered: u64,
    pub blind: u64,
    pub pending: u64,
    pub undecided: u64,
}

/// Answers of an eligibility service over all questions of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerSummary {
    /// Questions that were answered, whatever the answer said.
    pub answers: u64,
    /// Of these, those answered later than the twenty seconds that CAQH CORE 156 allows.
    pub beyond_20_s: u64,
    /// Questions that were sent and that no answer came to.
    pub unanswered: u64,
    /// The longest that an answer took, in milliseconds.
    pub max_ms: f64,
}

/// Quantiles of an interval-censored latency in seconds: lower and upper bound; `null` where not reached.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named by the quantile")]
pub struct LatencyQuantiles {
    pub p50: Option<[f64; 2]>,
    pub p90: Option<[f64; 2]>,
    pub p95: Option<[f64; 2]>,
    pub p99: Option<[f64; 2]>,
}

/// One step of a flow over all probes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named by the quantile, in milliseconds")]
pub struct StepSummary {
    pub name: String,
    pub requests: u64,
    pub errors: u64,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub max_ms: f64,
}

/// One probe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProbeSummary {
    /// Run and index, as `show` takes it.
    pub probe: String,
    /// Its index.
    pub index: ProbeIndex,
    /// When the schedule wanted it sent; `null` where it was not begun.
    #[serde(default)]
    pub intended_at: Option<DateTime<Utc>>,
    /// The exchange's answer.
    pub submission: Submission,
    /// Whether there is an enrollment, whatever was answered.
    pub existence: Existence,
    /// Why it was not accepted, where it was not; of what was, why what it told is used by nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Everything expected is on time and intact, and nothing was found; `null` while that cannot be said.
    pub good: Option<bool>,
    /// Name of the earliest waypoint at which a group is missing, late or altered, or a finding stands; `submission` where the exchange's
    /// own answer shows it.
    pub first_divergent_hop: Option<String>,
    /// Its enrollment groups.
    pub groups: Vec<GroupSummary>,
    /// What was found beside them.
    pub findings: Vec<Finding>,
    /// By what a person at the exchange finds it, where some of it was not taken out again, or not provably.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<Remaining>,
    /// Steps of the journey that passed it over, as far as the journey went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<PassedOver>,
    /// Edge cases its household shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edge_cases: Vec<EdgeCase>,
    /// Lines of the punch list that it stands in, from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub befell: Vec<u32>,
    /// Who passed and is most like it, where it failed; told of the first hundred that did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Nearest>,
}

/// A step of the journey that was not for a household, and so was not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// The step.
    pub step: JourneyStep,
    /// Why, in words.
    pub why: String,
}

/// One expected enrollment group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupSummary {
    /// Medical or dental.
    pub line: CoverageLine,
    /// The issuer expected, where it is known.
    pub issuer: Option<String>,
    /// The plan expected (14 characters, 16 with the variant), where it is known.
    pub plan_id: Option<String>,
    /// The step with which its policy began; absent where that is the enrollment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_by: Option<JourneyStep>,
    /// The step of the journey that ended its policy, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<JourneyStep>,
    /// Per waypoint, in pipeline order.
    pub waypoints: Vec<GroupAtWaypoint>,
    /// The same of its changes, one step of the journey after another, each at every waypoint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<GroupAtWaypoint>,
    /// Its life step by step: of each step one word for each waypoint. Limits and differences stand in `waypoints` and `changes`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub journey: Vec<StepOfGroup>,
    /// Whether it was proved gone after the cancellation: `gone`, `residue`, `kept`, `nothing_to_clean`, `pending`.
    pub cleanup: String,
}

impl GroupSummary {
    /// What became of it at every waypoint: of the enrollment first, then of each change.
    pub fn steps(&self) -> impl Iterator<Item = &[GroupAtWaypoint]> {
        let waypoints = self.waypoints.as_slice();
        std::iter::once(waypoints).chain(self.changes.chunks(waypoints.len().max(1)))
    }
}

/// One group at one waypoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupAtWaypoint {
    /// The waypoint's name.
    pub name: String,
    /// The change of the journey that is spoken of; absent of the enrollment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<JourneyStep>,
    /// Whether it came in time.
    pub arrival: Arrival,
    /// Why nothing is due, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_due: Option<NotDue>,
    /// Whether it is what was sent; `null` where it did not arrive.
    pub integrity: Option<Integrity>,
    /// By what it was recognised; `null` where it did not arrive.
    pub matched_by: Option<MatchTier>,
    /// When it had to be there.
    pub limit_at: Option<DateTime<Utc>>,
    /// Latest healthy look without it.
    pub last_absent_at: Option<DateTime<Utc>>,
    /// First look with it.
    pub first_seen_at: Option<DateTime<Utc>>,
    /// Where it stood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The 834 file that it stood in, at a folder of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// In what words the far side said that it is not there, where it said more than nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_found: Option<String>,
    /// Fields that differ.
    pub discrepancies: Vec<Discrepancy>,
    /// Differences that a rule explains.
    pub equivalences: Vec<Equivalence>,
}

/// A case of the edge-case catalogue and how often it was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeCaseCoverage {
    /// The case.
    pub name: EdgeCase,
    /// Households that show it.
    pub households: u64,
}

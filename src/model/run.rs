//! What a run was asked to do, resolved from scenario and target: kept with the ledger so that it can be judged again.

use super::field::{Field, Severity};
use super::field_set::FieldSet;
use super::words::words;
use super::{
    CarriedWords, Carries, EdgeCase, EffectiveDates, IssuerId, JourneyStep, Offer, RunId, StepTerms, WaypointName,
};
use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

words! {
    /// What is done to a household through the exchange.
    LifeEvent {
        /// Apply, choose a plan, be enrolled.
        Enroll = "enroll",
        /// Move, or have mail sent elsewhere, and tell it.
        ChangeAddress = "change_address",
        /// Correct what the application said of the subscriber.
        CorrectPerson = "correct_person",
        /// A child is born, and joins.
        AddDependent = "add_dependent",
        /// The last of the dependents leaves.
        RemoveDependent = "remove_dependent",
        /// The subscriber marries, and the spouse joins.
        Marry = "marry",
        /// The spouse leaves.
        Divorce = "divorce",
        /// Tell another income, from which other subsidies follow.
        ReportIncome = "report_income",
        /// Take another agent.
        ChangeAgent = "change_agent",
        /// Pay the first premium, which makes the policy effective.
        Pay = "pay",
        /// Do not pay, so that the issuer ends the policy.
        MissPayment = "miss_payment",
        /// Choose another plan: the old policy ends, and a new one begins.
        ChangePlan = "change_plan",
        /// Be covered in the next year, too, by policies that begin with it.
        Renew = "renew",
        /// The subscriber dies, and the others go on under a policy of their own.
        SubscriberDies = "subscriber_dies",
        /// End coverage that has begun.
        Terminate = "terminate",
        /// Put what was terminated in force again.
        Reinstate = "reinstate",
        /// Take the enrollment out before it begins.
        Cancel = "cancel",
    }
}

impl LifeEvent {
    /// Whether it changes a household that stays enrolled.
    pub fn is_change(self) -> bool {
        !matches!(self, Self::Enroll | Self::Cancel)
    }

    /// As a person would call it.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Enroll => "enrollment",
            Self::ChangeAddress => "change of address",
            Self::CorrectPerson => "correction of a person",
            Self::AddDependent => "birth of a dependent",
            Self::RemoveDependent => "leaving of a dependent",
            Self::Marry => "marriage",
            Self::Divorce => "divorce",
            Self::ReportIncome => "report of another income",
            Self::ChangeAgent => "change of agent",
            Self::Pay => "payment",
            Self::MissPayment => "missed payment",
            Self::ChangePlan => "change of plan",
            Self::Renew => "renewal",
            Self::SubscriberDies => "death of the subscriber",
            Self::Terminate => "termination",
            Self::Reinstate => "reinstatement",
            Self::Cancel => "cancellation",
        }
    }
}

/// A change in a household's life, as its scenario asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What happens.
    pub event: LifeEvent,
    /// What of a person is corrected, where that is what happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<Correction>,
    /// Where a change leads, where there is a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Destination>,
    /// How coverage is renewed, where that is what happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Renewal>,
}

impl Change {
    /// How coverage is renewed: by the exchange, where nothing is said.
    pub fn renewal(self) -> Renewal {
        self.how.unwrap_or(Renewal::Passive)
    }
}

impl From<LifeEvent> for Change {
    fn from(event: LifeEvent) -> Self {
        Self { event, what: None, to: None, how: None }
    }
}

words! {
    /// How coverage goes on in the next year.
    Renewal {
        /// The exchange renews it by itself, in the same plan.
        Passive = "passive",
        /// The household chooses the same plan again.
        Active = "active",
        /// The household chooses another plan of the same issuer.
        Plan = "plan",
        /// The household chooses a plan of another issuer.
        Issuer = "issuer",
    }
}

words! {
    /// Where a change leads.
    Destination {
        /// Another plan of the same issuer.
        Plan = "plan",
        /// A plan of another issuer.
        Issuer = "issuer",
        /// Another county of the same state, in another rating area where areas are known.
        County = "county",
        /// A post-office box, for mail alone.
        PoBox = "po_box",
    }
}

words! {
    /// What of a person was told wrongly at first.
    Correction {
        /// The family name.
        LastName = "last_name",
        /// The first name.
        FirstName = "first_name",
        /// The date of birth.
        BirthDate = "birth_date",
        /// The sex.
        Sex = "sex",
        /// The Social Security number, which whoever had none gets.
        Ssn = "ssn",
    }
}

words! {
    /// How a waypoint is read.
    FeedKind {
        /// Asked per probe over HTTP, answers JSON.
        JsonApi = "json_api",
        /// A folder of 834 files.
        EdiFolder = "edi_folder",
        /// A folder of acknowledgements (TA1, 999, 997) of the 834 files of another waypoint.
        Ack = "ack",
        /// X12 270 asked per member over CAQH CORE connectivity, answered with a 271.
        Eligibility = "eligibility",
    }
}

impl FeedKind {
    /// Whether each probe is asked for by itself there; a folder is read as a whole.
    pub fn is_asked_per_probe(self) -> bool {
        matches!(self, Self::JsonApi | Self::Eligibility)
    }
}

/// Delivery windows: the moments at which batches leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Windows {
    /// Clock times in the exchange's zone, each day.
    Daily {
        /// Sorted times of day.
        times: Vec<NaiveTime>,
        /// The exchange's zone.
        zone: Tz,
        /// Allowed after the window for the batch to be written and read.
        grace: Duration,
    },
    /// Every so often, counted from the Unix epoch.
    Every {
        /// Distance of two windows.
        period: Duration,
        /// Allowed after the window.
        grace: Duration,
    },
}

/// How long something may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// From the intended submission.
    Within(Duration),
    /// By the n-th delivery window that follows the submission, with the windows' grace.
    Windows(u32),
    /// By this time of day in the exchange's zone, the first such moment after the submission.
    ClockTime(NaiveTime),
}

/// One waypoint as the judge needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the target, said or not")]
pub struct WaypointPlan {
    /// Its name.
    pub name: WaypointName,
    /// How it is read; an EDI folder shows messages, a JSON API and an eligibility service states.
    pub feed: FeedKind,
    /// Fields it can show; others are not compared there.
    pub shows: FieldSet,
    /// When an enrollment must be seen.
    pub enroll_limit: Limit,
    /// When each change must be seen, in the journey's order; as an enrollment where nothing is said.
    #[serde(default, alias = "change_limit", deserialize_with = "limits", skip_serializing_if = "Vec::is_empty")]
    pub change_limits: Vec<Option<Limit>>,
    /// When a cancellation must be seen.
    pub cancel_limit: Limit,
    /// Its delivery windows, where it has any.
    pub windows: Option<Windows>,
    /// Whether an absent APTC and an APTC of zero are the same here.
    pub absent_aptc_is_zero: bool,
    /// The waypoint whose messages are acknowledged here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledges: Option<WaypointName>,
    /// Whether enrollments are due here only once they are paid for (an eligibility service that answers so): what is not
    /// in force before is not missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub due_when_paid: bool,
    /// Whether the exchange's own applications are held here: what a healthy look does not find here was never taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub holds_applications: bool,
    /// Whether only enrollments pass here, as where issuers confirm them (an effectuation is followed by no cancellation):
    /// nobody is taken out here, and nobody is waited for to be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_cancellations: bool,
    /// Words that are not told apart here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub carries: CarriedWords,
    /// The same of issuers that say their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub issuers_carry: BTreeMap<IssuerId, CarriedWords>,
}

impl WaypointPlan {
    /// Whether taking somebody out shows here. What was acknowledged stays acknowledged.
    pub fn shows_cancellations(&self) -> bool {
        self.feed != FeedKind::Ack && !self.without_cancellations
    }

    /// Whether a change of one of these shows here: nothing that is only confirmed or acknowledged changes.
    pub fn shows_changes(&self, of: FieldSet) -> bool {
        self.shows_cancellations() && !self.shows.intersection(of).is_empty()
    }

    /// The words that are not told apart here by an issuer.
    pub fn words_of(&self, issuer: Option<&str>) -> &CarriedWords {
        let own = self.issuers_carry.iter().find(|(id, _)| Some(id.as_str()) == issuer);
        own.map_or(&self.carries, |(_, words)| words)
    }

    /// When a step of the journey must be seen here.
    pub fn limit_of(&self, step: JourneyStep) -> &Limit {
        let change = || self.change_limits.get(usize::from(step.number).checked_sub(1)?)?.as_ref();
        match step.event {
            LifeEvent::Enroll => &self.enroll_limit,
            LifeEvent::Cancel => &self.cancel_limit,
            _ => change().unwrap_or(&self.enroll_limit),
        }
    }
}

words! {
    /// How it is decided whether the error rate is below its limit.
    Decide {
        /// By the share of errors itself.
        Estimate = "estimate",
        /// By the widest interval that applies: on which side of the limit it lies, or that it lies on neither.
        Interval = "interval",
        /// By a sequential test between an acceptable share and the limit.
        Sequential = "sequential",
    }
}

/// Plans written before there was a choice were decided by the share itself, and are so for ever.
impl Default for Decide {
    fn default() -> Self {
        Self::Estimate
    }
}

impl Decide {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
    fn is_estimate(&self) -> bool {
        *self == Self::Estimate
    }
}

/// What must hold of the whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Objective {
    /// The error rate must be below this share (0 to 1).
    pub error_rate_below: Option<f64>,
    /// At least this share of the groups that arrived or should have must be on time.
    pub on_time_at_least: Option<f64>,
    /// Confidence of the intervals (0 to 1), such as 0.95.
    pub confidence: f64,
    /// How both are decided.
    #[serde(default, skip_serializing_if = "Decide::is_estimate")]
    pub decide: Decide,
    /// The share of errors that is acceptable, below the limit: what a sequential test accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptable: Option<f64>,
}

impl Default for Objective {
    /// Nothing must hold, at a confidence of 95 %.
    fn default() -> Self {
        Self {
            error_rate_below: None,
            on_time_at_least: None,
            confidence: 0.95,
            decide: Decide::Estimate,
            acceptable: None,
        }
    }
}

/// What a submission must be answered with for the scenario to be satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionExpected {
    /// The exchange must enroll.
    Accepted,
    /// The exchange must refuse: an accepted application is the error.
    Rejected,
}

/// Everything a run was asked to do that judging needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunPlan {
    /// The run.
    pub run: RunId,
    /// The scenario's name.
    pub scenario: String,
    /// The target's name.
    pub target: String,
    /// Seed of the people.
    pub seed: u64,
    /// How many probes were asked for.
    pub count: u32,
    /// Version of the generator that drew the people.
    pub generator_version: u32,
    /// When the run began.
    pub started_at: DateTime<Utc>,
    /// Waypoints in pipeline order.
    pub waypoints: Vec<WaypointPlan>,
    /// What the enrollment's submission must be answered.
    pub submission_expected: SubmissionExpected,
    /// The changes of the journey, in order: its steps from 1 on.
    #[serde(default, alias = "change_is_probed", deserialize_with = "changes", skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// On what terms a step is sent, by its place in the journey, where the scenario says any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub terms: BTreeMap<u16, StepTerms>,
    /// Whether the journey itself cancels, so that a cancellation that does not arrive is an error and not only residue.
    pub cancel_is_probed: bool,
    /// Watching goes on this share of a limit beyond it before what has not come is called missing (1.0: as long again).
    pub grace_share: f64,
    /// Severities that differ from the catalogue's.
    pub severity: BTreeMap<Field, Severity>,
    /// Fields that are not compared at all.
    pub ignore: FieldSet,
    /// What must hold.
    pub objective: Objective,
    /// The exchange's zone.
    pub zone: Tz,
    /// Issuers known to the target, with the tax ids and names by which 834 files call them.
    pub issuers: BTreeMap<IssuerId, Vec<String>>,
    /// Edge cases that the scenario wanted covered.
    pub edge_cases: Vec<EdgeCase>,
    /// The plans on offer, where a step of the journey chooses among them anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// What the target can carry: expectations are folded through it.
    #[serde(default, skip_serializing_if = "Carries::is_everything")]
    pub carries: Carries,
    /// The policy status that an event must leave behind, where the scenario says one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub policy_status: BTreeMap<LifeEvent, String>,
    /// The same of each change, by its step's place in the journey.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub step_status: BTreeMap<u16, String>,
    /// Issuers whose answers are read by a mapping of their own, by waypoint: the others share one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub read_apart: BTreeMap<WaypointName, Vec<IssuerId>>,
    /// The only issuers whose records a waypoint can show, since the target has a place of each issuer's there and none for all:
    /// nobody ever looks there for another's. A waypoint that is not named shows everybody's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reads_only: BTreeMap<WaypointName, Vec<IssuerId>>,
    /// By which rules first days of coverage that the exchange tells are judged, where the target says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_dates: Option<EffectiveDates>,
}

impl RunPlan {
    /// The changes of the journey as steps, in order.
    pub fn change_steps(&self) -> impl Iterator<Item = (JourneyStep, Change)> {
        (1u16..).zip(&self.changes).map(|(number, change)| (JourneyStep::new(number, change.event), *change))
    }

    /// What happens in its journey, as far as it was asked for.
    pub fn events(&self) -> impl Iterator<Item = LifeEvent> {
        [LifeEvent::Enroll].into_iter().chain(self.changes.iter().map(|change| change.event))
    }

    /// The number of the last change of its journey; 0 where it has none.
    pub fn last_change(&self) -> u16 {
        u16::try_from(self.changes.len()).unwrap_or(u16::MAX)
    }

    /// On what terms a step is sent.
    pub fn terms_of(&self, step: JourneyStep) -> &StepTerms {
        self.terms.get(&step.number).unwrap_or(StepTerms::usual())
    }

    /// The policy status that a step must leave behind, where the scenario says one.
    pub fn status_after(&self, step: JourneyStep) -> Option<&str> {
        let of_step = self.step_status.get(&step.number);
        of_step.or_else(|| self.policy_status.get(&step.event)).map(String::as_str)
    }

    /// The change that a step is; what the plan does not say of it is as the event alone says.
    pub fn change_at(&self, step: JourneyStep) -> Change {
        let planned = self.change_steps().find(|(known, _)| *known == step);
        planned.map_or_else(|| step.event.into(), |(_, change)| change)
    }
}

/// What versions before said once is the first of several now.
#[derive(Deserialize)]
#[serde(untagged)]
enum Before<T, U> {
    Several(Vec<T>),
    One(U),
}

fn changes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Change>, D::Error> {
    Ok(match Before::deserialize(deserializer)? {
        Before::Several(changes) => changes,
        Before::One(true) => vec![LifeEvent::ChangeAddress.into()],
        Before::One(false) => Vec::new(),
    })
}

fn limits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Option<Limit>>, D::Error> {
    Ok(match Before::deserialize(deserializer)? {
        Before::Several(limits) => limits,
        Before::One(limit) => vec![limit],
    })
}

#[cfg(test)]
mod tests {
    use super::{Change, LifeEvent, Limit, changes, limits};
    use serde_json::json;
    use std::time::Duration;

    #[test]
    fn what_versions_before_said_once_is_the_first_of_several() {
        let move_ = Change::from(LifeEvent::ChangeAddress);
        for (said, expected) in [
            (json!(true), vec![move_]),
            (json!(false), vec![]),
            (json!([{"event": "change_address"}, {"event": "change_address"}]), vec![move_, move_]),
        ] {
            assert_eq!(changes(&said).unwrap(), expected, "{said}");
        }
        let limit = Limit::Within(Duration::from_secs(5));
        assert_eq!(limits(&json!(null)).unwrap(), [None]);
        assert_eq!(limits(&json!(limit)).unwrap(), [Some(limit.clone())]);
        assert_eq!(limits(&json!([limit, null])).unwrap(), [Some(limit), None]);
    }
}

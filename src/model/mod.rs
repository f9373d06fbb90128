//! The nouns: people, enrollments, what was seen, what was judged. No I/O, no clock.

mod acknowledgement;
mod act;
mod agent;
mod answer_times;
mod carries;
mod digits;
mod edge_case;
mod effective_dates;
mod enrollment;
mod event;
mod evidence;
mod evidence_words;
mod facts;
mod far_name;
mod field;
mod field_set;
mod given;
mod id;
mod journey;
mod marker;
mod masked;
mod money;
mod offer;
mod outcome;
mod person;
mod plain;
mod population;
mod position;
mod poverty;
mod proof;
mod punch;
mod rate;
mod rating_areas;
mod remaining;
mod row;
mod run;
mod shown;
mod step;
mod summary;
mod terms;
mod transaction;
mod vocabulary;
mod when;
mod words;

pub use acknowledgement::Acknowledgement;
pub(crate) use act::is_definite_no;
pub use act::{Act, Acts};
pub use agent::{Agent, SyntheticNpn};
pub use answer_times::AnswerTimes;
pub use carries::{CarriedWords, Carries, Characters, Fold};
pub use digits::hex;
pub use edge_case::EdgeCase;
pub use effective_dates::{DateRule, EffectiveDates, ExchangeKind, Today};
pub use enrollment::{Expectation, ExpectedGroup, GroupRecord, Place, RecordKind, Refused, Sighting};
pub use event::{Captures, Entry, Event, GroupCapture, HandedOver, Phase, Portion, StepTiming, Submission, UptimeAt};
pub use evidence::Evidence;
pub use facts::{Fact, Facts, Value};
pub use far_name::{FarName, Names};
pub use field::{Field, Kind, Severity};
pub use field_set::FieldSet;
pub use given::Given;
pub use id::{IssuerId, PlanId, ProbeId, ProbeIndex, RunId, WaypointName};
pub use journey::{
    NotDue, OutcomeCounts, StepAtWaypoint, StepCounts, StepCountsAt, StepOfGroup, StepOutcome, StepTotals,
};
pub use marker::{MARKER_DOMAINS, Marked, Marks, without_run};
pub use masked::{OwnWords, masked_json, masked_name, masked_text, places_of};
pub use money::Cents;
pub use offer::{Offer, next_plan};
pub use outcome::{
    Arrival, BY_THE_RULE, CANCELS_OTHERS, Discrepancy, ENROLLED_AGAIN, Equivalence, Existence, Finding, FindingKind,
    Integrity, LEFT_OTHERWISE, MatchTier, NOBODY_LOOKED, REFUSED_BY_RECEIVER, SUBMISSION,
};
pub use person::{Address, CoverageLine, Home, Household, Person, PersonName, Relationship, Sex, Since, SyntheticSsn};
pub use plain::in_ascii;
pub use population::{GeneratorVersion, Population, STATES, SsnPolicy};
pub use position::Position;
pub use poverty::Guideline;
pub use proof::{Answer, Factor, FailureKind, Proof, Tries};
pub use punch::{Cause, Nearest, PunchLine, Tier};
pub use rate::{ClusteredRate, ErrorRate, RateBy, RateOf};
pub use rating_areas::{RatingAreas, WrongLine};
pub use remaining::Remaining;
pub use row::{Row, RowPerson, Wishes};
pub use run::{
    Change, Correction, Decide, Destination, FeedKind, LifeEvent, Limit, Objective, Renewal, RunPlan,
    SubmissionExpected, WaypointPlan, Windows,
};
pub use shown::{Shown, Witness};
pub use step::JourneyStep;
pub use summary::{
    AnswerSummary, ArrivalCounts, ArrivalStep, Counts, DamagedFile, EdgeCaseCoverage, FoldedPeople, GroupAtWaypoint,
    GroupSummary, LatencyQuantiles, PassedOver, ProbeSummary, RunFacts, SCHEMA, SCHEMA_1, StepSummary, Summary,
    Verdict, WaypointSummary,
};
pub use terms::{After, StepTerms};
pub use transaction::{Direction, MemberChange, TransactionReason};
pub use when::{Condition, Draw, Span, When};

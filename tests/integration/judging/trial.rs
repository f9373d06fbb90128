//! A small language for hand-made histories: who was enrolled, what was seen where and when.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::America::New_York;
use johndoe::model::{
    Address, Agent, Captures, Carries, Cents, Change, CoverageLine, Entry, Event, Facts, FeedKind, Field, FieldSet,
    FindingKind, GroupAtWaypoint, GroupCapture, GroupRecord, Household, IssuerId, JourneyStep, LifeEvent, Limit,
    Objective, Person, PersonName, Phase, Place, PlanId, ProbeIndex, ProbeSummary, RecordKind, Relationship, RunId,
    RunPlan, Sex, Sighting, StepTiming, Submission, SubmissionExpected, Summary, WaypointName, WaypointPlan, Wishes,
};
use johndoe::reconcile::{expect, judge};
use std::collections::BTreeMap;
use std::time::Duration;

/// Waypoints of every trial.
pub(super) const EDI: u16 = 0;
pub(super) const ISSUER: u16 = 1;

/// Seconds after the run began.
pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    "2013-11-15T15:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(seconds)
}

fn waypoint(name: &str, feed: FeedKind) -> WaypointPlan {
    WaypointPlan {
        name: WaypointName::new(name),
        feed,
        shows: FieldSet::all(),
        enroll_limit: Limit::Within(Duration::from_secs(100)),
        change_limits: Vec::new(),
        cancel_limit: Limit::Within(Duration::from_secs(100)),
        windows: None,
        absent_aptc_is_zero: false,
        acknowledges: None,
        due_when_paid: false,
        holds_applications: false,
        without_cancellations: false,
        carries: BTreeMap::new(),
        issuers_carry: BTreeMap::new(),
    }
}

/// A run in the making.
#[derive(Clone)]
pub(super) struct Trial {
    pub(super) plan: RunPlan,
    pub(super) entries: Vec<Entry>,
    pub(super) now: DateTime<Utc>,
}

impl Trial {
    pub(super) fn new() -> Self {
        let plan = RunPlan {
            run: RunId::new("019ab6"),
            scenario: "trial".into(),
            target: "sandbox".into(),
            seed: 1,
            count: 1,
            generator_version: 1,
            started_at: at(0),
            waypoints: vec![waypoint("edi_834", FeedKind::EdiFolder), waypoint("issuer", FeedKind::JsonApi)],
            submission_expected: SubmissionExpected::Accepted,
            changes: Vec::new(),
            terms: BTreeMap::new(),
            cancel_is_probed: false,
            grace_share: 1.0,
            severity: BTreeMap::new(),
            ignore: FieldSet::EMPTY,
            objective: Objective {
                error_rate_below: None,
                on_time_at_least: None,
                confidence: 0.95,
                ..Objective::default()
            },
            zone: New_York,
            issuers: BTreeMap::from([(IssuerId::new("12345"), vec!["541234567".to_owned()])]),
            edge_cases: Vec::new(),
            offers: Vec::new(),
            carries: Carries::default(),
            policy_status: BTreeMap::new(),
            step_status: BTreeMap::new(),
            read_apart: BTreeMap::new(),
            reads_only: BTreeMap::new(),
            effective_dates: None,
        };
        Self { plan, entries: Vec::new(), now: at(1000) }
    }

    pub(super) fn push(mut self, seconds: i64, event: Event) -> Self {
        self.entries.push(Entry { at: at(seconds), event });
        self
    }

    /// Draws and sends a household, answered like this.
    pub(super) fn sent(self, household: Household, answer: Option<Submission>) -> Self {
        let probe = household.index;
        let captures = captures(&household);
        let plans = plans(&household);
        let trial = self
            .push(0, Event::Planned { household: Box::new(household), plans })
            .push(0, Event::Sending { probe, action: JourneyStep::ENROLL, intended_at: at(0), tells_commit: false });
        let Some(submission) = answer else { return trial };
        let captures = if submission == Submission::Accepted { captures } else { Captures::default() };
        trial.push(1, answered(probe, JourneyStep::ENROLL, submission, captures))
    }

    pub(super) fn accepted(self, household: Household) -> Self {
        self.sent(household, Some(Submission::Accepted))
    }

    /// A healthy look at both waypoints that shows nothing new.
    pub(super) fn looked(mut self, seconds: i64) -> Self {
        let probes: Vec<_> = self.probes();
        for probe in probes {
            let issuer = Some(IssuerId::new("12345"));
            self = self
                .push(seconds, Event::Absent { probe, waypoint: ISSUER, issuer, absent_at: at(seconds), words: None })
                .push(seconds, Event::Looked { probe: None, waypoint: EDI, looked_at: at(seconds) });
        }
        self
    }

    fn probes(&self) -> Vec<ProbeIndex> {
        let planned = self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Planned { household, .. } => Some(household.index),
            _ => None,
        });
        planned.collect()
    }

    /// A record seen at a waypoint, absent ten seconds before.
    pub(super) fn seen(self, waypoint: u16, seconds: i64, record: GroupRecord) -> Self {
        let issuer = (waypoint == ISSUER).then(|| IssuerId::new("12345"));
        self.seen_by(waypoint, issuer, seconds, record)
    }

    pub(super) fn seen_by(self, waypoint: u16, issuer: Option<IssuerId>, seconds: i64, record: GroupRecord) -> Self {
        let sighting = Sighting {
            waypoint,
            issuer,
            asked_for: None,
            last_absent_at: Some(at(seconds - 10)),
            first_seen_at: at(seconds),
            gone_at: None,
            record,
        };
        self.push(seconds, Event::Seen { sighting: Box::new(sighting) })
    }

    /// Arrived intact at both waypoints.
    pub(super) fn arrived(self, household: &Household) -> Self {
        let mut trial = self;
        for place in 0..household.lines.len() {
            trial = trial.seen(EDI, 20, message(household, place)).seen(ISSUER, 40, snapshot(household, place));
        }
        trial
    }

    pub(super) fn gone(self, seconds: i64, probe: u32) -> Self {
        let (probe, issuer) = (ProbeIndex(probe), Some(IssuerId::new("12345")));
        self.push(seconds, Event::Gone { probe, waypoint: ISSUER, issuer, gone_at: at(seconds) })
    }

    pub(super) fn cancelled(self, seconds: i64, probe: u32) -> Self {
        self.cancel_answered(seconds, probe, Submission::Accepted)
    }

    /// A cancellation is sent, and answered like this.
    pub(super) fn cancel_answered(self, seconds: i64, probe: u32, answer: Submission) -> Self {
        let probe = ProbeIndex(probe);
        self.push(
            seconds,
            Event::Sending { probe, action: JourneyStep::CANCEL, intended_at: at(seconds), tells_commit: false },
        )
        .push(seconds + 1, answered(probe, JourneyStep::CANCEL, answer, Captures::default()))
    }

    /// A step of the journey is sent, and answered like this.
    pub(super) fn step_sent(self, seconds: i64, action: JourneyStep, answer: Submission) -> Self {
        let probe = ProbeIndex(0);
        self.push(seconds, Event::Sending { probe, action, intended_at: at(seconds), tells_commit: false })
            .push(seconds + 1, answered(probe, action, answer, Captures::default()))
    }

    /// A change of address is sent, and answered like this.
    pub(super) fn change_sent(self, seconds: i64, probe: u32, answer: Option<Submission>) -> Self {
        let (probe, action) = (ProbeIndex(probe), JourneyStep::from(LifeEvent::ChangeAddress));
        let trial = self.push(seconds, Event::Sending { probe, action, intended_at: at(seconds), tells_commit: false });
        match answer {
            Some(submission) => trial.push(seconds + 1, answered(probe, action, submission, Captures::default())),
            None => trial,
        }
    }

    pub(super) fn phase_ended(self, seconds: i64, phase: Phase) -> Self {
        self.push(seconds, Event::PhaseEnded { phase })
    }

    pub(super) fn judged(&self) -> Summary {
        judge(&self.plan, &self.entries, self.now)
    }

    /// Judges, and picks the only probe.
    pub(super) fn probe(&self) -> ProbeSummary {
        self.judged().probes.remove(0)
    }
}

/// Families that arrived at both waypoints, of each one's record at the issuer what this leaves.
pub(super) fn shown(households: u32, change: impl Fn(u32, &mut GroupRecord)) -> Summary {
    let mut trial = Trial::new();
    for index in 0..households {
        let mut record = snapshot(&family(index), 0);
        change(index, &mut record);
        trial = trial.accepted(family(index)).seen(EDI, 20, message(&family(index), 0)).seen(ISSUER, 40, record);
    }
    trial.push(400, Event::Finished).judged()
}

/// The household after it moved.
pub(super) fn moved(household: &Household) -> Household {
    after(household, &[LifeEvent::ChangeAddress.into()])
}

/// The household after these changes.
pub(super) fn after(household: &Household, changes: &[Change]) -> Household {
    johndoe::life::after(household, changes.iter().copied())
}

pub(super) fn answered(probe: ProbeIndex, action: JourneyStep, submission: Submission, captures: Captures) -> Event {
    let steps = vec![StepTiming { step: "apply".into(), micros: 1500, status: Some(200), ok: true, requests: 1 }];
    let reason = (submission != Submission::Accepted).then(|| "status 400".to_owned());
    Event::Answered { probe, action, submission, reason, captures, steps }
}

fn person(first: &str, born: (i32, u32, u32), sex: Sex, relationship: Relationship) -> Person {
    Person {
        name: PersonName { first: first.into(), middle: None, last: "O'Neal".into(), suffix: None },
        birth_date: NaiveDate::from_ymd_opt(born.0, born.1, born.2).unwrap(),
        sex,
        relationship,
        applying: true,
        ssn: None,
        tobacco: false,
        marital_status: None,
        phone: None,
        email: None,
        language: None,
        address: None,
        tribal_member: false,
        since: None,
    }
}

/// Mother, father and daughter O'Neal; every probe's are told apart by birth dates and mailbox.
pub(super) fn family(index: u32) -> Household {
    let year = 1970 + i32::try_from(index).unwrap();
    let mut mother = person("Mary", (year, 3, 5), Sex::Female, Relationship::SelfSubscriber);
    mother.email = Some(format!("jd-{index}@example.com"));
    mother.phone = Some("7035550101".into());
    mother.marital_status = Some("married".into());
    let father = person("Sean", (year, 7, 9), Sex::Male, Relationship::Spouse);
    let daughter = person("Ann", (year + 30, 1, 2), Sex::Female, Relationship::Child);
    Household {
        index: ProbeIndex(index),
        marker: format!("jd-{index}@example.com"),
        people: vec![mother, father, daughter],
        address: Address {
            street_1: "12 Probe Street".into(),
            street_2: None,
            city: "Fairfax".into(),
            state: "VA".into(),
            zip: "22030".into(),
            county: "51600".into(),
        },
        mailing: None,
        moves_to: None,
        renewal: None,
        rating_area: "R-VA010".into(),
        agent: Some(Agent::of_number(7)),
        income_cents: 4_000_000,
        coverage_begin: NaiveDate::from_ymd_opt(2014, 1, 1).unwrap(),
        as_of: NaiveDate::from_ymd_opt(2013, 11, 15).unwrap(),
        lines: vec![CoverageLine::Medical],
        edge_cases: Vec::new(),
        wishes: Wishes::default(),
    }
}

pub(super) fn plans(household: &Household) -> BTreeMap<CoverageLine, PlanId> {
    let plan = |line: CoverageLine| match line {
        CoverageLine::Medical => PlanId::new("12345VA001000104"),
        CoverageLine::Dental => PlanId::new("12345VA002000101"),
    };
    household.lines.iter().map(|line| (*line, plan(*line))).collect()
}

/// What the exchange told the consumer.
pub(super) fn captures(household: &Household) -> Captures {
    let index = household.index.0;
    let groups = household.lines.iter().map(|line| {
        let mut facts = Facts::new();
        facts.set(Field::PolicyId, format!("P{index}{line}"));
        facts.set(Field::SubscriberId, format!("S{index}-0"));
        facts.set(Field::Aptc, Cents(if *line == CoverageLine::Medical { 25_058 } else { 0 }));
        facts.set(Field::PremiumTotal, Cents(60_000));
        GroupCapture { line: Some(*line), facts }
    });
    let applying = household.people.iter().filter(|person| person.applying);
    let members = applying.enumerate().map(|(at, _)| {
        let mut facts = Facts::new();
        facts.set(Field::MemberId, format!("S{index}-{at}"));
        facts
    });
    Captures { groups: groups.collect(), members: members.collect(), ..Captures::default() }
}

/// The record that a faultless pipeline shows.
pub(super) fn clean(household: &Household, group: usize, kind: RecordKind) -> GroupRecord {
    let expectation = expect(household, &plans(household), &captures(household));
    let expected = expectation.groups[group].clone();
    let source = if kind == RecordKind::Snapshot { "/members" } else { "OUT.D131115.T180000.T" };
    let place = Place {
        source: source.into(),
        interchange: Some("000000001".into()),
        functional_group: Some("1".into()),
        transaction_set: Some(format!("{}", household.index.0 * 10 + u32::try_from(group).unwrap())),
        segment: (kind != RecordKind::Snapshot).then_some(9),
        ..Place::default()
    };
    GroupRecord { kind, event_at: Some(at(0)), facts: expected.facts, members: expected.members, place }
}

pub(super) fn message(household: &Household, group: usize) -> GroupRecord {
    clean(household, group, RecordKind::InitialEnrollment)
}

pub(super) fn snapshot(household: &Household, group: usize) -> GroupRecord {
    clean(household, group, RecordKind::Snapshot)
}

/// A group's cancellation as the exchange sends it: the subscriber only, and next to nothing of the coverage.
pub(super) fn cancellation(household: &Household, group: usize) -> GroupRecord {
    let whole = clean(household, group, RecordKind::Cancellation);
    let mut facts = Facts::new();
    for field in [Field::PolicyId, Field::SubscriberId] {
        facts.set_or_absent(field, whole.facts.value(field).cloned());
    }
    facts.set(Field::BenefitEnd, household.coverage_begin);
    let mut place = whole.place;
    place.interchange = Some("000000002".into());
    GroupRecord { facts, members: whole.members[..1].to_vec(), place, event_at: Some(at(300)), kind: whole.kind }
}

pub(super) fn hop(probe: &ProbeSummary, waypoint: u16) -> &GroupAtWaypoint {
    &probe.groups[0].waypoints[usize::from(waypoint)]
}

/// The kinds of findings, with their waypoints.
pub(super) fn findings(probe: &ProbeSummary) -> Vec<(FindingKind, &str)> {
    probe.findings.iter().map(|finding| (finding.kind, finding.waypoint.as_str())).collect()
}

/// The fields that differ at a waypoint, with members.
pub(super) fn differing(probe: &ProbeSummary, waypoint: u16) -> Vec<(&str, Field)> {
    hop(probe, waypoint).discrepancies.iter().map(|d| (d.member.as_str(), d.field)).collect()
}

//! A made-up run with every kind of event, by hand: what the ledger tests write and expect to read.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::{DateTime, Utc};
use johndoe::model::{
    Address, Captures, Carries, CoverageLine, Entry, Event, Facts, FeedKind, Field, FieldSet, GroupCapture,
    GroupRecord, Household, IssuerId, JourneyStep, LifeEvent, Limit, Objective, Person, PersonName, Phase, Place,
    PlanId, ProbeIndex, RecordKind, Relationship, RunId, RunPlan, Sex, Sighting, StepTiming, Submission,
    SubmissionExpected, WaypointName, WaypointPlan, Windows, Wishes,
};
use std::collections::BTreeMap;
use std::time::Duration;

pub(crate) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_384_500_000 + second, 123_456_000).unwrap()
}

pub(crate) fn plan(run: &str, started: i64) -> RunPlan {
    let windows = Windows::Every { period: Duration::from_mins(1), grace: Duration::from_secs(5) };
    RunPlan {
        run: RunId::new(run),
        scenario: "first-enrollment".to_owned(),
        target: "sandbox".to_owned(),
        seed: 2013,
        count: 3,
        generator_version: 1,
        started_at: at(started),
        waypoints: vec![WaypointPlan {
            name: WaypointName::new("edi_834"),
            feed: FeedKind::EdiFolder,
            shows: FieldSet::all(),
            enroll_limit: Limit::Windows(1),
            change_limits: Vec::new(),
            cancel_limit: Limit::Within(Duration::from_mins(15)),
            windows: Some(windows),
            absent_aptc_is_zero: true,
            acknowledges: None,
            due_when_paid: false,
            holds_applications: false,
            without_cancellations: false,
            carries: BTreeMap::new(),
            issuers_carry: BTreeMap::new(),
        }],
        submission_expected: SubmissionExpected::Accepted,
        changes: Vec::new(),
        terms: BTreeMap::new(),
        cancel_is_probed: false,
        grace_share: 1.0,
        severity: BTreeMap::from([(Field::Phone, johndoe::model::Severity::Minor)]),
        ignore: FieldSet::default(),
        objective: Objective {
            error_rate_below: Some(0.01),
            on_time_at_least: None,
            confidence: 0.95,
            ..Objective::default()
        },
        zone: chrono_tz::America::New_York,
        issuers: BTreeMap::from([(IssuerId::new("12345"), vec!["ACME".to_owned()])]),
        edge_cases: Vec::new(),
        offers: Vec::new(),
        carries: Carries::default(),
        policy_status: BTreeMap::new(),
        step_status: BTreeMap::new(),
        read_apart: BTreeMap::new(),
        reads_only: BTreeMap::new(),
        effective_dates: None,
    }
}

fn household(index: u32) -> Household {
    let birth_date = chrono::NaiveDate::from_ymd_opt(1980, 2, 29).unwrap();
    let person = Person {
        name: PersonName { first: "Zoë".into(), middle: None, last: "O'Neil \"Q\"".into(), suffix: Some("Jr".into()) },
        birth_date,
        sex: Sex::Female,
        relationship: Relationship::SelfSubscriber,
        applying: true,
        ssn: None,
        tobacco: false,
        marital_status: None,
        phone: Some("2025550123".to_owned()),
        email: Some(format!("jd{index}@example.org")),
        language: None,
        address: None,
        tribal_member: false,
        since: None,
    };
    Household {
        index: ProbeIndex(index),
        marker: format!("jd{index}"),
        people: vec![person],
        address: Address {
            street_1: "1 Main St".to_owned(),
            street_2: None,
            city: "Agawam".to_owned(),
            state: "MA".to_owned(),
            zip: "01001".to_owned(),
            county: "25013".to_owned(),
        },
        mailing: None,
        moves_to: None,
        renewal: None,
        rating_area: "R-MA001".to_owned(),
        agent: None,
        income_cents: 4_200_000,
        coverage_begin: chrono::NaiveDate::from_ymd_opt(2014, 1, 1).unwrap(),
        as_of: chrono::NaiveDate::from_ymd_opt(2013, 11, 15).unwrap(),
        lines: vec![CoverageLine::Medical],
        edge_cases: Vec::new(),
        wishes: Wishes::default(),
    }
}

pub(crate) fn planned(index: u32) -> Event {
    let plans = BTreeMap::from([(CoverageLine::Medical, PlanId::new("12345MA0010001"))]);
    Event::Planned { household: Box::new(household(index)), plans }
}

pub(crate) fn sending(probe: u32, action: impl Into<JourneyStep>) -> Event {
    Event::Sending { probe: ProbeIndex(probe), action: action.into(), intended_at: at(1), tells_commit: false }
}

fn facts(pairs: &[(Field, &str)]) -> Facts {
    let mut facts = Facts::new();
    for (field, text) in pairs {
        facts.set(*field, johndoe::model::Value::parse(*field, text));
    }
    facts
}

pub(crate) fn answered(probe: u32, action: impl Into<JourneyStep>, submission: Submission) -> Event {
    let ids = [format!("POL-{probe}"), format!("SUB-{probe}"), format!("MEM-{probe}")];
    let group = facts(&[(Field::PolicyId, &ids[0]), (Field::SubscriberId, &ids[1]), (Field::Aptc, "250.58")]);
    let other = BTreeMap::from([("account".to_owned(), serde_json::json!({"id": probe, "z": [1.5, null]}))]);
    let (groups, members) =
        (vec![GroupCapture { line: None, facts: group }], vec![facts(&[(Field::MemberId, &ids[2])])]);
    let accepted = submission == Submission::Accepted;
    let step = StepTiming {
        step: "submit application".to_owned(),
        micros: 123_456,
        status: accepted.then_some(201),
        ok: accepted,
        requests: 1,
    };
    Event::Answered {
        probe: ProbeIndex(probe),
        action: action.into(),
        submission,
        reason: (!accepted).then(|| "status 503".to_owned()),
        captures: if accepted {
            Captures { groups, members, other, ..Captures::default() }
        } else {
            Captures::default()
        },
        steps: vec![step],
    }
}

pub(crate) fn seen(probe: Option<u32>, policy: &str) -> Event {
    let mut member = facts(&[
        (Field::MemberEnrolled, "yes"),
        (Field::NameLast, "O'NEIL"),
        (Field::NameFirst, "ZOE"),
        (Field::BirthDate, "1980-02-29"),
        (Field::Relationship, "self"),
        (Field::Email, "jd0@example.org"),
        (Field::Street1, "1 MAIN ST"),
        (Field::City, "AGAWAM"),
        (Field::State, "MA"),
        (Field::Zip, "01001"),
        (Field::MemberId, "MEM-0"),
    ]);
    member.set_absent(Field::Ssn);
    let record = GroupRecord {
        kind: RecordKind::InitialEnrollment,
        event_at: Some(at(3)),
        facts: facts(&[(Field::PolicyId, policy), (Field::BenefitBegin, "2014-01-01"), (Field::Aptc, "250.58")]),
        members: vec![member],
        place: Place { source: "out 1.edi".to_owned(), segment: Some(5), ..Place::default() },
    };
    Event::Seen {
        sighting: Box::new(Sighting {
            waypoint: 0,
            issuer: Some(IssuerId::new("12345")),
            asked_for: probe.map(ProbeIndex),
            last_absent_at: Some(at(4)),
            first_seen_at: at(5),
            gone_at: None,
            record,
        }),
    }
}

/// Every kind of event that there is, for three probes: one accepted, one indeterminate, one rejected.
pub(crate) fn history() -> Vec<Entry> {
    let file = |name: &str, baseline| Event::FileRead {
        waypoint: 0,
        name: name.to_owned(),
        digest: format!("digest of {name}"),
        strangers: 2,
        baseline,
        damage: baseline.then(|| "no IEA".to_owned()),
        refused: Vec::new(),
        held: Vec::new(),
    };
    let (waypoint, issuer) = (0, None);
    let events = vec![
        planned(0),
        planned(1),
        planned(2),
        file("before.edi", true),
        sending(0, LifeEvent::Enroll),
        sending(1, LifeEvent::Enroll),
        sending(2, LifeEvent::Enroll),
        answered(0, LifeEvent::Enroll, Submission::Accepted),
        answered(1, LifeEvent::Enroll, Submission::Indeterminate),
        answered(2, LifeEvent::Enroll, Submission::Rejected),
        Event::MissedSlots { slots: 4 },
        Event::PhaseEnded { phase: Phase::Submit },
        Event::Absent {
            probe: ProbeIndex(1),
            waypoint,
            issuer: Some(IssuerId::new("12345")),
            absent_at: at(4),
            words: None,
        },
        Event::Looked { probe: None, waypoint, looked_at: at(4) },
        Event::Blind { waypoint, issuer, probe: None, from: at(5), until: at(6), reason: "refused".to_owned() },
        file("out 1.edi", false),
        seen(None, "POL-0"),
        seen(Some(1), "POL-1"),
        Event::Gone { probe: ProbeIndex(1), waypoint, issuer: None, gone_at: at(9) },
        Event::Stopped { reason: "Ctrl-C".to_owned(), safety: false, next_due_at: None },
    ];
    (0..).zip(events).map(|(second, event)| Entry { at: at(second), event }).collect()
}

/// The entries as a batch of one run.
pub(crate) fn of(run: &RunId, entries: Vec<Entry>) -> Vec<(RunId, Entry)> {
    entries.into_iter().map(|entry| (run.clone(), entry)).collect()
}

/// One event as a batch.
pub(crate) fn one(run: &RunId, event: Event) -> [(RunId, Entry); 1] {
    [(run.clone(), Entry { at: at(100), event })]
}

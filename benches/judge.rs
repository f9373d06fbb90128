//! The whole way from a ledger's entries to the verdict, over the groups and files of a large run: CPU seconds.
//!
//! `cargo bench --bench judge [-- PROBES]`. Every household's enrollment stands in a file of its own at the first waypoint, every
//! tenth once more in another file, and at an issuer's API; of every hundredth the exchange gives an id that another one has, and
//! one id is everybody's in the last round. Not a criterion benchmark, because one round takes seconds; the figure to compare is
//! the time a probe takes as they become more.

use chrono::{DateTime, TimeDelta, Utc};
use johndoe::generator::Generator;
use johndoe::model::{
    Captures, Carries, CoverageLine, EdgeCase, Entry, Event, Expectation, Facts, FeedKind, Field, FieldSet,
    GeneratorVersion, GroupCapture, GroupRecord, Household, IssuerId, JourneyStep, Limit, Objective, Place, PlanId,
    Population, ProbeIndex, RecordKind, RunId, RunPlan, Sighting, SsnPolicy, Submission, SubmissionExpected,
    WaypointName, WaypointPlan,
};
use johndoe::reconcile::{expect, judge};
use std::collections::BTreeMap;
use std::time::Duration;

const EDI: u16 = 0;
const ISSUER: u16 = 1;

fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_384_527_600, 0).unwrap_or_default() + TimeDelta::seconds(seconds)
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

fn plan(count: u32) -> RunPlan {
    RunPlan {
        run: RunId::new("bench"),
        scenario: "bench".into(),
        target: "bench".into(),
        seed: 2013,
        count,
        generator_version: 1,
        started_at: moment(0),
        waypoints: vec![waypoint("edi_834", FeedKind::EdiFolder), waypoint("issuer", FeedKind::JsonApi)],
        submission_expected: SubmissionExpected::Accepted,
        changes: Vec::new(),
        terms: BTreeMap::new(),
        cancel_is_probed: false,
        grace_share: 1.0,
        severity: BTreeMap::new(),
        ignore: FieldSet::EMPTY,
        objective: Objective {
            error_rate_below: Some(0.01),
            on_time_at_least: None,
            confidence: 0.95,
            ..Objective::default()
        },
        zone: chrono_tz::America::New_York,
        issuers: BTreeMap::from([(IssuerId::new("12345"), Vec::new())]),
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

fn population(count: u32) -> Population {
    Population {
        count,
        seed: 2013,
        as_of: chrono::NaiveDate::from_ymd_opt(2013, 11, 15).unwrap_or_default(),
        coverage_begin: None,
        states: vec!["VA".to_owned()],
        household_size: BTreeMap::from([(1, 4), (2, 3), (3, 2), (4, 1)]),
        edge_case_share: 0.1,
        edge_cases: EdgeCase::ALL.to_vec(),
        several: true,
        dental_share: 0.0,
        agent_share: 0.0,
        ssn: SsnPolicy::NeverIssued,
        generator: GeneratorVersion::NEWEST,
        rows: Vec::new(),
    }
}

/// What the exchange told the consumer: ids, of every hundredth household those of the one before.
fn captures(household: &Household, one_id: bool) -> Captures {
    let probe = u64::from(household.index.0);
    let owner = if probe % 100 == 99 { probe - 1 } else { probe };
    let mut group = Facts::new();
    group.set(Field::PolicyId, (if one_id { 0 } else { owner } + 900_000_000).to_string());
    group.set(Field::SubscriberId, format!("{}0", probe + 7_000_000_000));
    let applying = household.people.iter().filter(|person| person.applying).count();
    let member = |place: usize| {
        let mut facts = Facts::new();
        facts.set(Field::MemberId, format!("{}{place}", probe + 7_000_000_000));
        facts
    };
    Captures {
        groups: vec![GroupCapture { line: None, facts: group }],
        members: (0..applying).map(member).collect(),
        ..Captures::default()
    }
}

fn record(expected: &Expectation, kind: RecordKind, source: String) -> Option<GroupRecord> {
    let group = expected.groups.first()?;
    let place = Place { source, ..Place::default() };
    Some(GroupRecord { kind, event_at: None, facts: group.facts.clone(), members: group.members.clone(), place })
}

/// All that a run writes down of its households.
fn entries(count: u32, one_id: bool) -> Vec<Entry> {
    let generator = Generator::new("bench", &population(count));
    let plans = BTreeMap::from([(CoverageLine::Medical, PlanId::parse("12345VA001000104"))]);
    let mut entries = Vec::new();
    let mut push = |seconds: i64, event| entries.push(Entry { at: moment(seconds), event });
    for index in 0..count {
        let probe = ProbeIndex(index);
        let household = generator.household(probe);
        let captures = captures(&household, one_id);
        let expected = expect(&household, &plans, &captures);
        push(0, Event::Planned { household: Box::new(household), plans: plans.clone() });
        let action = JourneyStep::ENROLL;
        push(0, Event::Sending { probe, action, intended_at: moment(0), tells_commit: false });
        push(
            1,
            Event::Answered {
                probe,
                action,
                submission: Submission::Accepted,
                captures,
                reason: None,
                steps: Vec::new(),
            },
        );
        let files: &[&str] = if index % 10 == 0 { &["a", "b"] } else { &["a"] };
        for copy in files {
            let name = format!("12345.I834.{index}{copy}.edi");
            if let Some(record) = record(&expected, RecordKind::InitialEnrollment, name.clone()) {
                push(20, seen(EDI, record));
            }
            push(20, read(name));
        }
        if let Some(record) = record(&expected, RecordKind::Snapshot, format!("GET /members/{index}")) {
            push(40, seen(ISSUER, record));
        }
    }
    push(200, Event::Looked { probe: None, waypoint: EDI, looked_at: moment(200) });
    entries
}

fn seen(waypoint: u16, record: GroupRecord) -> Event {
    let first_seen_at = moment(if waypoint == EDI { 20 } else { 40 });
    Event::Seen {
        sighting: Box::new(Sighting {
            waypoint,
            issuer: (waypoint == ISSUER).then(|| IssuerId::new("12345")),
            asked_for: None,
            last_absent_at: Some(first_seen_at - TimeDelta::seconds(10)),
            first_seen_at,
            gone_at: None,
            record,
        }),
    }
}

fn read(name: String) -> Event {
    Event::FileRead {
        waypoint: EDI,
        digest: name.clone(),
        name,
        strangers: 0,
        baseline: false,
        damage: None,
        refused: Vec::new(),
        held: Vec::new(),
    }
}

/// CPU seconds of this process, user and system, as Linux tells them.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse::<u32>().ok());
    let most = asked.unwrap_or(100_000);
    for (probes, one_id) in [(most / 10, false), (most, false), (most, true)] {
        let entries = entries(probes, one_id);
        let before = cpu_seconds();
        let summary = judge(&plan(probes), &entries, moment(1_000));
        let taken = cpu_seconds() - before;
        println!(
            "{probes} probes in {} entries{}: {taken:.2} s of CPU, {:.0} µs a probe; {} good, {} duplicated, {} ids shared",
            entries.len(),
            if one_id { ", one policy id for all" } else { "" },
            taken * 1e6 / f64::from(probes.max(1)),
            summary.counts.good,
            summary.counts.duplicated,
            summary.counts.id_collision,
        );
    }
}

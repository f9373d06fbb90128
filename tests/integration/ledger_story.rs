//! One story of a ledger from the first run to pruning, told to every backend; then what only a file can suffer.

use chrono::{DateTime, Utc};
use johndoe::ledger::{self, Error, Ledger, Recorder, RunState, SqliteLedger};
use johndoe::model::{
    Address, Captures, CoverageLine, Entry, Event, Facts, FeedKind, Field, FieldSet, GroupCapture, GroupRecord,
    Household, IssuerId, LifeEvent, Limit, Objective, Person, PersonName, Phase, Place, PlanId, ProbeIndex, RecordKind,
    Relationship, RunId, RunPlan, Sex, Sighting, StepTiming, Submission, SubmissionExpected, WaypointName,
    WaypointPlan, Windows,
};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

pub(crate) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_384_500_000 + second, 123_456_000).unwrap()
}

pub(crate) fn plan(run: &str, started: i64) -> RunPlan {
    let windows = Windows::Every { period: Duration::from_secs(60), grace: Duration::from_secs(5) };
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
            cancel_limit: Limit::Within(Duration::from_secs(900)),
            windows: Some(windows),
            absent_aptc_is_zero: true,
            one_record_per_member: false,
        }],
        submission_expected: SubmissionExpected::Accepted,
        cancel_is_probed: false,
        grace_share: 1.0,
        severity: BTreeMap::from([(Field::Phone, johndoe::model::Severity::Minor)]),
        ignore: FieldSet::default(),
        objective: Objective { error_rate_below: Some(0.01), on_time_at_least: None, confidence: 0.95 },
        zone: chrono_tz::America::New_York,
        issuers: BTreeMap::from([(IssuerId::new("12345"), vec!["ACME".to_owned()])]),
        edge_cases: Vec::new(),
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
        rating_area: "R-MA001".to_owned(),
        income_cents: 4_200_000,
        coverage_begin: chrono::NaiveDate::from_ymd_opt(2014, 1, 1).unwrap(),
        as_of: chrono::NaiveDate::from_ymd_opt(2013, 11, 15).unwrap(),
        lines: vec![CoverageLine::Medical],
        edge_cases: Vec::new(),
    }
}

fn planned(index: u32) -> Event {
    let plans = BTreeMap::from([(CoverageLine::Medical, PlanId::new("12345MA0010001"))]);
    Event::Planned { household: Box::new(household(index)), plans }
}

fn sending(probe: u32, action: LifeEvent) -> Event {
    Event::Sending { probe: ProbeIndex(probe), action, intended_at: at(1) }
}

fn facts(pairs: &[(Field, &str)]) -> Facts {
    let mut facts = Facts::new();
    for (field, text) in pairs {
        facts.set(*field, johndoe::model::Value::parse(*field, text));
    }
    facts
}

pub(crate) fn answered(probe: u32, action: LifeEvent, submission: Submission) -> Event {
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
        action,
        submission,
        reason: (!accepted).then(|| "status 503".to_owned()),
        captures: if accepted { Captures { groups, members, other } } else { Captures::default() },
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
        Event::Absent { probe: ProbeIndex(1), waypoint, issuer: Some(IssuerId::new("12345")), absent_at: at(4) },
        Event::Looked { waypoint, looked_at: at(4) },
        Event::Blind { waypoint, issuer, probe: None, from: at(5), until: at(6), reason: "refused".to_owned() },
        file("out 1.edi", false),
        seen(None, "POL-0"),
        seen(Some(1), "POL-1"),
        Event::Gone { probe: ProbeIndex(1), waypoint, issuer: None, gone_at: at(9) },
        Event::Stopped { reason: "Ctrl-C".to_owned(), safety: false },
    ];
    (0..).zip(events).map(|(second, event)| Entry { at: at(second), event }).collect()
}

fn of(run: &RunId, entries: Vec<Entry>) -> Vec<(RunId, Entry)> {
    entries.into_iter().map(|entry| (run.clone(), entry)).collect()
}

fn one(run: &RunId, event: Event) -> [(RunId, Entry); 1] {
    [(run.clone(), Entry { at: at(100), event })]
}

/// What every backend must do. `open` opens the same ledger each time.
fn story(open: &dyn Fn() -> Box<dyn Ledger>) {
    let mut ledger = open();
    assert_eq!(ledger.runs().unwrap(), vec![]);
    assert!(matches!(ledger.find_run("latest"), Err(Error::NotFound { .. })));

    a_run_is_begun_once_and_its_plan_comes_back(ledger.as_mut());
    let (first, second) = (RunId::new("0a-first"), RunId::new("0a-second"));
    let unknown = RunId::new("0b-unknown");
    assert!(matches!(ledger.append(&one(&unknown, Event::Finished)), Err(Error::NotFound { .. })));

    let seqs = ledger.append(&of(&first, history())).unwrap();
    assert_eq!(seqs.len(), history().len());
    assert!(seqs.is_sorted_by(|a, b| a < b), "{seqs:?}");
    ledger.append(&of(&second, vec![Entry { at: at(101), event: planned(0) }])).unwrap();
    assert_eq!(ledger.entries(&first).unwrap(), history(), "every kind of event comes back as it was");
    assert_eq!(open().entries(&first).unwrap(), history(), "through another connection too");

    what_is_known_of_a_probe_and_of_files(ledger.as_ref(), &first);
    runs_are_listed_and_found(ledger.as_mut(), &first, &second);
    open_enrollments_are_those_not_proven_cancelled(ledger.as_mut(), &first, &second);

    assert_eq!(ledger.foreign_ids(&first).unwrap(), Vec::<String>::new());
    assert_eq!(ledger.foreign_ids(&second).unwrap(), ["MEM-0", "POL-0", "SUB-0"]);
    pruning_deletes_one_run_that_nobody_drives(ledger.as_mut(), open().as_ref(), &first, &second);
}

fn a_run_is_begun_once_and_its_plan_comes_back(ledger: &mut dyn Ledger) {
    let header = serde_json::json!({"scenario_file": "a.yaml", "text": "count: 3\n"});
    ledger.begin_run(&plan("0a-first", 0), &header).unwrap();
    ledger.begin_run(&plan("0a-second", 9), &serde_json::Value::Null).unwrap();
    assert!(matches!(ledger.begin_run(&plan("0a-first", 0), &header), Err(Error::AlreadyBegun { .. })));
    assert_eq!(ledger.run_plan(&RunId::new("0a-first")).unwrap(), (plan("0a-first", 0), header));
}

fn what_is_known_of_a_probe_and_of_files(ledger: &dyn Ledger, run: &RunId) {
    let of_probe = ledger.entries_of_probe(run, ProbeIndex(1)).unwrap();
    let names_another = |entry: &Entry| match &entry.event {
        Event::Planned { household, .. } => household.index != ProbeIndex(1),
        Event::Sending { probe, .. } | Event::Answered { probe, .. } => *probe != ProbeIndex(1),
        _ => false,
    };
    let expected: Vec<Entry> = history().into_iter().filter(|entry| !names_another(entry)).collect();
    assert_eq!(of_probe, expected);
    let read = ledger.already_read(run, 0).unwrap();
    let names: Vec<&str> = read.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["before.edi", "out 1.edi"]);
    assert!(ledger.already_read(run, 1).unwrap().is_empty());
}

fn runs_are_listed_and_found(ledger: &mut dyn Ledger, first: &RunId, second: &RunId) {
    let listed = ledger.runs().unwrap();
    assert_eq!(listed.iter().map(|run| &run.run).collect::<Vec<_>>(), [second, first]);
    assert_eq!((listed[1].state, listed[1].entries), (RunState::Stopped, 20));
    let counts = listed[1].enrollments;
    assert_eq!((counts.accepted, counts.indeterminate, counts.rejected, counts.sending), (1, 1, 1, 0));
    assert_eq!(listed[0].state, RunState::Interrupted, "nobody drives it");

    assert_eq!(ledger.find_run("latest").unwrap(), *second);
    assert_eq!(ledger.find_run("0a-f").unwrap(), *first);
    assert_eq!(ledger.find_run("0a-first").unwrap(), *first);
    assert!(matches!(ledger.find_run("0a"), Err(Error::Ambiguous { fits, .. }) if fits.len() == 2));
    assert!(matches!(ledger.find_run(""), Err(Error::NotFound { .. })));
    assert!(matches!(ledger.find_run("%"), Err(Error::NotFound { .. })));

    let held = ledger.claim(second).unwrap();
    assert_eq!(ledger.runs().unwrap()[0].state, RunState::Running);
    assert!(matches!(ledger.claim(second), Err(Error::Claimed { .. })));
    drop(held);
    ledger.append(&one(first, Event::MissedSlots { slots: 1 })).unwrap();
    assert_eq!(ledger.runs().unwrap()[1].state, RunState::Interrupted, "a stopped run that goes on is open again");
    ledger.append(&one(second, Event::Finished)).unwrap();
    ledger.append(&one(second, Event::MissedSlots { slots: 1 })).unwrap();
    let finished = &ledger.runs().unwrap()[0];
    assert_eq!((finished.state, finished.finished_at), (RunState::Finished, Some(at(100))));
}

fn open_enrollments_are_those_not_proven_cancelled(ledger: &mut dyn Ledger, first: &RunId, second: &RunId) {
    let open = |ledger: &dyn Ledger| -> Vec<String> {
        ledger.open_enrollments().unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(open(ledger), ["0a-first/0", "0a-first/1"]);
    ledger.append(&one(second, sending(7, LifeEvent::Enroll))).unwrap();
    assert_eq!(open(ledger), ["0a-first/0", "0a-first/1", "0a-second/7"], "sent, and never answered");
    ledger.append(&one(first, sending(0, LifeEvent::Cancel))).unwrap();
    ledger.append(&one(first, answered(0, LifeEvent::Cancel, Submission::Indeterminate))).unwrap();
    assert_eq!(open(ledger).len(), 3, "a cancellation without a trustworthy answer proves nothing");
    ledger.append(&one(first, answered(0, LifeEvent::Cancel, Submission::Accepted))).unwrap();
    ledger.append(&one(second, answered(7, LifeEvent::Enroll, Submission::Unsent))).unwrap();
    assert_eq!(open(ledger), ["0a-first/1"]);
}

fn pruning_deletes_one_run_that_nobody_drives(
    ledger: &mut dyn Ledger,
    other: &dyn Ledger,
    first: &RunId,
    second: &RunId,
) {
    let held = other.claim(first).unwrap();
    assert!(matches!(ledger.prune(first), Err(Error::Claimed { .. })));
    drop(held);
    ledger.prune(first).unwrap();
    assert!(matches!(ledger.entries(first), Err(Error::NotFound { .. })));
    assert!(matches!(ledger.append(&one(first, Event::Finished)), Err(Error::NotFound { .. })));
    assert_eq!(ledger.foreign_ids(second).unwrap(), Vec::<String>::new());
    assert!(ledger.open_enrollments().unwrap().is_empty());
    assert_eq!(ledger.entries(second).unwrap().len(), 5, "the other run is whole");
}

#[test]
fn the_story_holds_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new folder").join("ledger.db");
    story(&|| ledger::open(path.to_str().unwrap()).unwrap());
}

#[test]
fn a_ledger_that_is_only_read_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.db");
    assert!(matches!(ledger::open_existing(path.to_str().unwrap()), Err(Error::NoLedger { .. })));
    assert!(!path.exists());
}

#[test]
fn a_file_that_is_no_ledger_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "Dear diary, this is no database at all. ".repeat(40)).unwrap();
    let before = std::fs::read(&text).unwrap();
    assert!(matches!(SqliteLedger::open(&text), Err(Error::NotALedger { .. })));
    assert_eq!(std::fs::read(&text).unwrap(), before);

    let other = folder.path().join("other.db");
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection.execute_batch("CREATE TABLE entry (id INTEGER)").unwrap();
    assert!(matches!(SqliteLedger::open(&other), Err(Error::NotALedger { .. })));
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete", "another program's file keeps its mode");
}

#[test]
fn a_place_that_cannot_be_written_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    std::fs::write(&file, "").unwrap();
    // Below a regular file: refused to everybody, root included.
    let Err(error) = SqliteLedger::open(&file.join("ledger.db")) else { panic!("opened below a file") };
    assert!(matches!(error, Error::Unwritable { .. }), "{error:?}");
    assert!(error.to_string().contains("--ledger"), "{error}");
    assert!(matches!(SqliteLedger::open(folder.path()), Err(Error::Unwritable { .. })), "a folder is no file");
}

#[test]
fn a_ledger_or_entry_from_the_future_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let run = RunId::new("r");
    let mut ledger = SqliteLedger::open(&path).unwrap();
    ledger.begin_run(&plan("r", 0), &serde_json::Value::Null).unwrap();
    ledger.append(&of(&run, history())).unwrap();

    let tinker = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    tinker(r#"UPDATE entry SET payload = json_set(payload, '$.added_later', 1, '$.record.facts."group.new"', 'x')"#);
    assert_eq!(ledger.entries(&run).unwrap(), history(), "a key more is passed over");
    tinker("UPDATE entry SET format = 2 WHERE kind = 'gone'");
    let error = ledger.entries(&run).unwrap_err();
    assert!(matches!(error, Error::TooNew { found: 2, known: 1, .. }), "{error:?}");
    tinker("UPDATE entry SET format = 1, payload = 'x' WHERE kind = 'gone'");
    assert!(matches!(ledger.entries(&run), Err(Error::Corrupt { .. })));
    tinker("PRAGMA user_version = 99");
    assert!(matches!(SqliteLedger::open(&path), Err(Error::TooNew { found: 99, .. })));
}

#[test]
fn readers_see_what_was_committed_while_a_writer_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let run = RunId::new("r");
    let mut writer = SqliteLedger::open(&path).unwrap();
    writer.begin_run(&plan("r", 0), &serde_json::Value::Null).unwrap();
    let reader = SqliteLedger::open(&path).unwrap();
    writer.append(&of(&run, history())).unwrap();
    let mut shown = 0;
    reader
        .visit_entries(&run, &mut |_, _| {
            shown += 1;
            writer.append(&one(&run, Event::MissedSlots { slots: 1 })).unwrap();
        })
        .unwrap();
    assert_eq!(shown, history().len(), "a reader sees the ledger as it was when it began");
    assert_eq!(reader.entries(&run).unwrap().len(), 2 * history().len());
}

fn recorder(path: &Path, limit: Option<u64>) -> Recorder {
    let mut ledger = SqliteLedger::open(path).unwrap();
    ledger.begin_run(&plan("r", 0), &serde_json::Value::Null).unwrap();
    if let Some(bytes) = limit {
        ledger.limit_size(bytes).unwrap();
    }
    Recorder::start(Box::new(ledger), RunId::new("r")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_record_at_once_and_notes_keep_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let recorder = recorder(&path, None);
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..64_u64 {
        let recorder = recorder.clone();
        tasks.spawn(async move {
            for step in 0..10 {
                let entry = Entry { at: at(0), event: Event::MissedSlots { slots: task * 100 + step } };
                if step % 2 == 0 {
                    recorder.note(&entry).unwrap();
                } else {
                    recorder.record(entry).await.unwrap();
                }
            }
        });
    }
    tasks.join_all().await;
    recorder.note(&Entry { at: at(0), event: Event::Finished }).unwrap();
    drop(recorder);
    let mut of_task: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    let mut entries = SqliteLedger::open(&path).unwrap().entries(&RunId::new("r")).unwrap();
    assert_eq!(entries.pop().map(|entry| entry.event), Some(Event::Finished), "the last note is written at the end");
    for entry in entries {
        let Event::MissedSlots { slots } = entry.event else { panic!("{entry:?}") };
        of_task.entry(slots / 100).or_default().push(slots % 100);
    }
    assert_eq!(of_task.len(), 64);
    assert!(of_task.values().all(|steps| *steps == (0..10).collect::<Vec<_>>()), "{of_task:?}");
}

#[tokio::test]
async fn a_full_disk_is_told_to_everybody_from_then_on_and_costs_nothing_recorded_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let recorder = recorder(&path, Some(300_000));
    let mut durable = 0;
    let error = loop {
        match recorder.record_all(history()).await {
            Ok(_) => durable += history().len(),
            Err(error) => break error,
        }
        assert!(durable < 100_000, "the limit did not hold");
    };
    assert!(matches!(error, Error::Full { .. }), "{error:?}");
    assert!(error.to_string().contains("resume"), "{error}");
    assert!(durable > 0);
    recorder.note(&Entry { at: at(0), event: Event::Finished }).unwrap();
    assert!(matches!(recorder.flush().await, Err(Error::Full { .. })));
    assert!(matches!(recorder.record(history().remove(19)).await, Err(Error::Full { .. })), "however small");
    drop(recorder);
    let entries = SqliteLedger::open(&path).unwrap().entries(&RunId::new("r")).unwrap();
    assert_eq!(entries.len(), durable, "all that was told durable, and no half batch");
}

/// More than the queue holds, from one thread, without awaiting: it must neither hang nor lose.
#[tokio::test]
async fn a_flood_of_notes_waits_for_room_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let recorder = recorder(&path, None);
    for slots in 0..40_000 {
        recorder.note(&Entry { at: at(0), event: Event::MissedSlots { slots } }).unwrap();
    }
    let too_many = (0..20_000).map(|slots| Entry { at: at(0), event: Event::MissedSlots { slots } }).collect();
    recorder.record_all(too_many).await.unwrap();
    recorder.flush().await.unwrap();
    let mut count = 0;
    let ledger = SqliteLedger::open(&path).unwrap();
    ledger.visit_entries(&RunId::new("r"), &mut |_, _| count += 1).unwrap();
    assert_eq!(count, 60_000);
}

/// Set in the child process that `kill_at_any_point…` starts: the ledger it writes to.
const CHILD_LEDGER: &str = "JOHNDOE_TEST_CHILD_LEDGER";

/// Not a test of its own: what the killed process does. Prints each number once the entry is told durable.
#[test]
fn child_that_appends_until_it_is_killed() {
    let Ok(path) = std::env::var(CHILD_LEDGER) else { return };
    let mut ledger = SqliteLedger::open(Path::new(&path)).unwrap();
    let run = RunId::new(format!("child-{}", std::process::id()));
    ledger.begin_run(&plan(run.as_str(), 0), &serde_json::Value::Null).unwrap();
    let _held = ledger.claim(&run).unwrap();
    println!("run {run}");
    for slots in 0.. {
        let rows: Vec<Entry> = (0..slots % 7 + 1).map(|_| Entry { at: at(0), event: seen(None, "POL") }).collect();
        for seq in ledger.append(&of(&run, rows)).unwrap() {
            println!("seq {}", seq.0);
        }
    }
}

#[test]
fn kill_at_any_point_loses_nothing_that_was_told_durable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    drop(SqliteLedger::open(&path).unwrap());
    // Numbers printed before the kill, from a fixed sequence: after 1 line, after some hundred, and between.
    for kill_after in [1, 2, 3, 5, 8, 17, 40, 101, 230, 411, 640, 977] {
        let (run, printed) = run_child_and_kill(&path, kill_after);
        let ledger = SqliteLedger::open(&path).unwrap();
        let mut kept = Vec::new();
        ledger.visit_entries(&run, &mut |seq, _| kept.push(seq.0)).unwrap();
        assert!(kept.len() >= printed.len(), "{} printed, {} kept", printed.len(), kept.len());
        assert_eq!(kept[..printed.len()], printed, "killed after {kill_after} lines");
        assert!(ledger.claim(&run).is_ok(), "a killed process holds nothing");
        let check = rusqlite::Connection::open(&path).unwrap();
        let sound: String = check.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
    }
}

/// Kills the child once it has printed so many numbers; gives its run, and all numbers it got out.
fn run_child_and_kill(path: &Path, kill_after: usize) -> (RunId, Vec<i64>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ledger_story::child_that_appends_until_it_is_killed", "--nocapture", "--test-threads=1"])
        .env(CHILD_LEDGER, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut run, mut printed) = (None, Vec::new());
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.map_while(Result::ok) {
        if let Some((_, id)) = line.split_once("run child-") {
            run = Some(RunId::new(format!("child-{id}")));
        }
        // The kill may cut the last line short: then it is no number that anybody could have read.
        printed.extend(line.strip_prefix("seq ").and_then(|seq| seq.parse::<i64>().ok()));
        if printed.len() == kill_after {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    (run.expect("the child began a run"), printed)
}

//! How many ledger events a second are made durable, by the clock on the wall and by CPU time: `cargo bench --bench ledger`.
//! The goal is 150,000.
//!
//! Entries are those of a run: for each probe a `sending`, an `answered` and two `seen`. Each figure counts everything from
//! the entry in memory to the commit on the disk, but for the first, which is of the encoding alone. CPU time is that of
//! all threads; where encoding and writing share two cores, the wall sees more events than the CPU second.

use chrono::{DateTime, Utc};
use johndoe::ledger::{Ledger, Recorder, Row, SqliteLedger};
use johndoe::model::{
    Captures, Carries, Entry, Event, Facts, Field, FieldSet, GroupCapture, GroupRecord, JourneyStep, Objective, Place,
    ProbeIndex, RecordKind, RunId, RunPlan, Sighting, StepTiming, Submission, SubmissionExpected, Value,
};
use std::collections::BTreeMap;
use std::error::Error;
use std::time::Instant;

const EVENTS: u32 = 400_000;
const BATCH: usize = 1_000;
const TASKS: u32 = 256;

fn main() -> Result<(), Box<dyn Error>> {
    let entries: Vec<Entry> = (0..EVENTS).map(entry).collect();
    describe(&entries)?;
    for round in 1..=3 {
        report(&format!("batches of {BATCH}, one thread, round {round}"), &in_batches(&entries)?);
        report(&format!("{TASKS} tasks each awaiting its commit, round {round}"), &by_tasks(&entries)?);
        report(&format!("notes, then one flush, round {round}"), &by_notes(&entries)?);
    }
    Ok(())
}

/// Seconds on the wall and seconds of CPU.
struct Took(f64, f64);

/// Starts to measure.
struct Watch(Instant, f64);

impl Watch {
    fn start() -> Self {
        Self(Instant::now(), cpu_seconds())
    }

    fn stop(&self) -> Took {
        Took(self.0.elapsed().as_secs_f64(), cpu_seconds() - self.1)
    }
}

/// CPU seconds of this process so far, of all threads, user and system, as Linux tells them; 0 elsewhere.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn report(what: &str, Took(wall, cpu): &Took) {
    let events = f64::from(EVENTS);
    println!("{what}: {:.0} events/s, {:.0} events per CPU second", events / wall, events / cpu);
}

/// How large the entries are, and what encoding alone takes.
fn describe(entries: &[Entry]) -> Result<(), Box<dyn Error>> {
    let (watch, run) = (Watch::start(), RunId::new("r"));
    let mut sizes = Vec::with_capacity(entries.len());
    for entry in entries {
        sizes.push(Row::encode(&run, entry)?.payload_len());
    }
    report("encoding alone, nothing written, one thread", &watch.stop());
    sizes.sort_unstable();
    let (total, middle) = (sizes.iter().sum::<usize>(), sizes.get(sizes.len() / 2).copied().unwrap_or_default());
    println!("payload bytes: mean {}, median {middle}, greatest {:?}", total / sizes.len().max(1), sizes.last());
    Ok(())
}

fn in_batches(entries: &[Entry]) -> Result<Took, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (mut ledger, run) = begin(&folder)?;
    let tagged: Vec<(RunId, Entry)> = entries.iter().map(|entry| (run.clone(), entry.clone())).collect();
    let watch = Watch::start();
    for batch in tagged.chunks(BATCH) {
        ledger.append(batch)?;
    }
    Ok(watch.stop())
}

fn by_tasks(entries: &[Entry]) -> Result<Took, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (ledger, run) = begin(&folder)?;
    let lock = ledger.claim(&run)?;
    let recorder = Recorder::start(Box::new(ledger), lock.claim())?;
    let shares: Vec<Vec<Entry>> = entries.chunks((EVENTS / TASKS) as usize).map(<[Entry]>::to_vec).collect();
    tokio::runtime::Runtime::new()?.block_on(async {
        let watch = Watch::start();
        let mut tasks = tokio::task::JoinSet::new();
        for share in shares {
            let recorder = recorder.clone();
            tasks.spawn(async move {
                for entry in share {
                    recorder.record(entry).await?;
                }
                Ok::<_, johndoe::ledger::Error>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok(watch.stop())
    })
}

fn by_notes(entries: &[Entry]) -> Result<Took, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (ledger, run) = begin(&folder)?;
    let lock = ledger.claim(&run)?;
    let recorder = Recorder::start(Box::new(ledger), lock.claim())?;
    let watch = Watch::start();
    for entry in entries {
        recorder.note(entry)?;
    }
    tokio::runtime::Builder::new_current_thread().build()?.block_on(recorder.flush())?;
    Ok(watch.stop())
}

fn begin(folder: &tempfile::TempDir) -> Result<(SqliteLedger, RunId), Box<dyn Error>> {
    let mut ledger = SqliteLedger::open(&folder.path().join("ledger.db"))?;
    let run = RunId::new("019ab6c0-0000-7000-8000-000000000001");
    ledger.begin_run(&plan(run.clone()), &serde_json::Value::Null)?;
    Ok((ledger, run))
}

/// The number-th entry of the run.
fn entry(number: u32) -> Entry {
    let probe = number / 4;
    let event = match number % 4 {
        0 => Event::Sending {
            probe: ProbeIndex(probe),
            action: JourneyStep::ENROLL,
            intended_at: at(probe),
            tells_commit: false,
        },
        1 => answered(probe),
        nth => seen(probe, u16::try_from(nth - 2).unwrap_or_default()),
    };
    Entry { at: at(probe), event }
}

fn at(probe: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(1_384_500_000 + i64::from(probe), 123_456_000).unwrap_or_default()
}

fn facts(pairs: &[(Field, String)]) -> Facts {
    let mut facts = Facts::new();
    for (field, text) in pairs {
        facts.set(*field, Value::parse(*field, text));
    }
    facts
}

fn answered(probe: u32) -> Event {
    let group = facts(&[
        (Field::PolicyId, format!("2014{probe:08}")),
        (Field::SubscriberId, format!("000{probe:07}")),
        (Field::PremiumTotal, "412.77".to_owned()),
        (Field::Aptc, "250.58".to_owned()),
    ]);
    let timing =
        |step: &str| StepTiming { step: step.to_owned(), micros: 48_211, status: Some(201), ok: true, requests: 1 };
    Event::Answered {
        probe: ProbeIndex(probe),
        action: JourneyStep::ENROLL,
        submission: Submission::Accepted,
        reason: None,
        captures: Captures {
            groups: vec![GroupCapture { line: None, facts: group }],
            members: Vec::new(),
            other: BTreeMap::from([("account".to_owned(), serde_json::json!(format!("a-{probe}")))]),
            ..Captures::default()
        },
        steps: ["create account", "submit application", "choose plan"].map(timing).to_vec(),
    }
}

/// A family of one (at the first waypoint) or two.
fn seen(probe: u32, waypoint: u16) -> Event {
    let members = (0..=waypoint).map(|person| member(probe, person)).collect();
    let record = GroupRecord {
        kind: RecordKind::InitialEnrollment,
        event_at: Some(at(probe)),
        facts: facts(&[
            (Field::Issuer, "12345".to_owned()),
            (Field::PlanId, "12345VA0010001".to_owned()),
            (Field::PolicyId, format!("2014{probe:08}")),
            (Field::SubscriberId, format!("000{probe:07}")),
            (Field::BenefitBegin, "2014-01-01".to_owned()),
            (Field::PremiumTotal, "412.77".to_owned()),
            (Field::Aptc, "250.58".to_owned()),
        ]),
        members,
        place: Place { source: "834_12345_20131115_0600.edi".to_owned(), segment: Some(probe), ..Place::default() },
    };
    let sighting = Sighting {
        waypoint,
        issuer: None,
        asked_for: (waypoint > 0).then_some(ProbeIndex(probe)),
        last_absent_at: Some(at(probe)),
        first_seen_at: at(probe + 1),
        gone_at: None,
        record,
    };
    Event::Seen { sighting: Box::new(sighting) }
}

fn member(probe: u32, person: u16) -> Facts {
    facts(&[
        (Field::NameLast, "MONTGOMERY".to_owned()),
        (Field::NameFirst, format!("WILHELMINA{person}")),
        (Field::BirthDate, "1979-04-18".to_owned()),
        (Field::Sex, "female".to_owned()),
        (Field::Relationship, "self".to_owned()),
        (Field::Phone, "8045550123".to_owned()),
        (Field::Email, format!("jd-{probe}@example.org")),
        (Field::Street1, "1200 NORTH FIELD ROAD".to_owned()),
        (Field::City, "RICHMOND".to_owned()),
        (Field::State, "VA".to_owned()),
        (Field::Zip, "23220".to_owned()),
        (Field::MemberId, format!("00{probe:07}{person}")),
    ])
}

fn plan(run: RunId) -> RunPlan {
    RunPlan {
        run,
        scenario: "surge".to_owned(),
        target: "sandbox".to_owned(),
        seed: 2013,
        count: EVENTS / 4,
        generator_version: 1,
        started_at: at(0),
        waypoints: Vec::new(),
        submission_expected: SubmissionExpected::Accepted,
        changes: Vec::new(),
        terms: BTreeMap::new(),
        cancel_is_probed: false,
        grace_share: 1.0,
        severity: BTreeMap::new(),
        ignore: FieldSet::default(),
        objective: Objective {
            error_rate_below: None,
            on_time_at_least: None,
            confidence: 0.95,
            ..Objective::default()
        },
        zone: chrono_tz::UTC,
        issuers: BTreeMap::new(),
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

//! A run that changes hands, or whose ledger is lost, at the worst moment: nobody is sent twice, and nothing is sent that
//! cannot be written down.

use crate::far_side::household;
use crate::trial::{Bench, TARGET, Trial, WHOLE, brisk_target, scenario_of, surroundings};
use chrono::Utc;
use johndoe::generator::Generator;
use johndoe::ledger::{self, Claim, Ledger, Row, RunListing, RunLock, Seq};
use johndoe::model::{
    Captures, Entry, Event, Field, GeneratorVersion, Household, JourneyStep, Names, Phase, Portion, ProbeId,
    ProbeIndex, RunId, RunPlan, Submission,
};
use johndoe::prober::{Error, Listener, News, Options, Prober, Surroundings};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const SWEEP: Options = Options { keep: false, cleanup_only: true, deadline: None, no_wait: false };

/// Does something to the ledger as a phase begins, before anything of it is sent.
struct AsPhaseBegins {
    phase: Phase,
    ledger: PathBuf,
    act: fn(&Path),
}

impl Listener for AsPhaseBegins {
    fn tell(&self, news: &News) {
        if matches!(news, News::PhaseBegan { phase, .. } if *phase == self.phase) {
            (self.act)(&self.ledger);
        }
    }
}

fn another_claims_it(ledger: &Path) {
    let connection = rusqlite::Connection::open(ledger).expect("the ledger");
    let raised = connection.execute("UPDATE claim SET epoch = epoch + 1, host = 'other', process = 77", []);
    assert_eq!(raised.expect("a claim"), 1);
}

fn it_is_deleted(ledger: &Path) {
    std::fs::remove_file(ledger).expect("deleted");
}

fn around(phase: Phase, bench: &Bench, act: fn(&Path)) -> Surroundings {
    let listener = AsPhaseBegins { phase, ledger: bench.ledger.clone(), act };
    Surroundings { listener: Arc::new(listener), ..surroundings() }
}

/// Applications and cancellations that came to the exchange.
fn came(bench: &Bench) -> (u32, u32) {
    let counts = bench.running.counters();
    (counts.values().map(|c| c.applications).sum(), counts.values().map(|c| c.cancellations).sum())
}

async fn bench() -> Bench {
    Trial::given("").scenario(&scenario_of(3, "")).target(&brisk_target()).begin().await
}

async fn driven(bench: &Bench, around: &Surroundings) -> (Prober, Error) {
    let opened = ledger::open(&bench.ledger.to_string_lossy()).expect("a ledger");
    let prober = Prober::begin(&bench.job, opened, around).await.unwrap_or_else(|e| panic!("{e}"));
    let error = prober.run(WHOLE).await.expect_err("it cannot go on");
    (prober, error)
}

fn is_superseded(error: &Error) -> bool {
    matches!(error, Error::Ledger(ledger::Error::Superseded { holder, .. }) if holder == "process 77 on `other`")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_superseded_enrolls_nobody() {
    let bench = bench().await;
    let (prober, error) = driven(&bench, &around(Phase::Submit, &bench, another_claims_it)).await;
    assert!(is_superseded(&error), "{error}");
    assert_eq!(came(&bench), (0, 0));
    assert!(prober.still_enrolled().is_empty());
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_superseded_cancels_nobody_nor_does_a_sweep() {
    let bench = bench().await;
    let run = bench.start(Options { keep: true, ..WHOLE }).await;
    for options in [WHOLE, SWEEP] {
        let opened = ledger::open_existing(&bench.ledger.to_string_lossy()).expect("a ledger");
        let around = around(Phase::Cleanup, &bench, another_claims_it);
        let prober = Prober::adopt(&bench.job, &run, opened, &around).await.unwrap_or_else(|e| panic!("{e}"));
        let error = prober.run(options).await.expect_err("it cannot go on");
        assert!(is_superseded(&error), "{error}");
        assert_eq!(came(&bench), (3, 0));
    }
    bench.adopt(&run, SWEEP).await;
    let (_, cancelled) = came(&bench);
    assert!(cancelled >= 3, "the next one takes them out: {cancelled}");
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_is_deleted_stops_the_run_before_the_next_request_and_all_who_are_in_are_told() {
    let bench = bench().await;
    let (prober, error) = driven(&bench, &around(Phase::Cleanup, &bench, it_is_deleted)).await;
    assert!(matches!(error, Error::Ledger(ledger::Error::Lost { .. })), "{error}");
    assert_eq!(came(&bench), (3, 0));
    let left = prober.still_enrolled();
    assert_eq!(left.len(), 3, "{left:?}");
    for household in &left {
        assert!(bench.running.counters().contains_key(&household.who.marker), "{household}");
        assert!(!household.who.ids.is_empty() && household.who.sent_at.is_some(), "{household}");
    }
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_planned_stays_who_they_are_and_nobody_is_drawn_by_another_version_of_the_generator() {
    let bench = bench().await;
    let run = bench.start(Options { keep: true, ..WHOLE }).await;
    let connection = rusqlite::Connection::open(&bench.ledger).expect("the ledger");
    let larger = "UPDATE run SET plan = json_set(plan, '$.count', 5, '$.generator_version', 99)";
    assert_eq!(connection.execute(larger, []).expect("a plan"), 1);
    connection.execute("DELETE FROM entry WHERE kind IN ('phase_ended', 'finished')", []).expect("unended");
    drop(connection);
    bench.adopt(&run, WHOLE).await;
    assert_eq!(came(&bench), (3, 3), "the three are taken out, and nobody else is enrolled");
    let summary = bench.judged(&run).summary;
    assert_eq!(
        (summary.counts.accepted, summary.counts.not_begun, summary.exit_code),
        (3, 2, 3),
        "{:?}",
        summary.reasons
    );
    assert!(summary.reasons.iter().any(|reason| reason.contains("version 99")), "{:?}", summary.reasons);
    bench.running.stop().await;
}

/// Everybody whom the ledger planned, by probe.
fn planned(bench: &Bench, run: &RunId) -> BTreeMap<ProbeIndex, Household> {
    let entries = bench.judged(run).entries.into_iter();
    let households = entries.filter_map(|entry| match entry.event {
        Event::Planned { household, .. } => Some((household.index, *household)),
        _ => None,
    });
    households.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_an_older_generator_began_is_gone_on_with_the_people_of_that_generator() {
    let bench = bench().await;
    let run = bench.start(Options { keep: true, ..WHOLE }).await;
    let connection = rusqlite::Connection::open(&bench.ledger).expect("the ledger");
    let older = "UPDATE run SET plan = json_set(plan, '$.count', 5, '$.generator_version', 1)";
    assert_eq!(connection.execute(older, []).expect("a plan"), 1);
    connection.execute("DELETE FROM entry WHERE kind IN ('phase_ended', 'finished')", []).expect("unended");
    drop(connection);
    bench.adopt(&run, WHOLE).await;
    assert_eq!(came(&bench).0, 5, "each is enrolled once");
    let (planned, scenario) = (planned(&bench, &run), &bench.job.scenario);
    let drawn_by = |version| {
        let population = scenario.population.clone().drawn_by(version);
        Generator::new(&scenario.name, &population).of_run(&run)
    };
    let (one, two) = (drawn_by(GeneratorVersion::One), drawn_by(GeneratorVersion::Two));
    for index in (0..5).map(ProbeIndex) {
        let (expected, other) = if index.0 < 3 { (&two, &one) } else { (&one, &two) };
        assert_eq!(planned[&index], expected.household(index));
        assert_ne!(planned[&index], other.household(index));
    }
    bench.running.stop().await;
}

/// A ledger whose run's former driver writes its last entry just before it lets go.
struct LateWriter {
    inner: Box<dyn Ledger>,
    ledger: PathBuf,
}

impl Ledger for LateWriter {
    fn claim(&self, run: &RunId) -> Result<RunLock, ledger::Error> {
        let mut former = ledger::open_existing(&self.ledger.to_string_lossy())?;
        let event = Event::Sending {
            probe: ProbeIndex(1),
            action: JourneyStep::ENROLL,
            intended_at: Utc::now(),
            tells_commit: false,
        };
        former.append(&[(run.clone(), Entry { at: Utc::now(), event })])?;
        self.inner.claim(run)
    }

    fn begin_run(&mut self, plan: &RunPlan, header: &Value) -> Result<(), ledger::Error> {
        self.inner.begin_run(plan, header)
    }

    fn append_rows(&mut self, rows: &[Row]) -> Result<Vec<Seq>, ledger::Error> {
        self.inner.append_rows(rows)
    }

    fn visit_entries(&self, run: &RunId, visit: &mut dyn FnMut(Seq, Entry)) -> Result<(), ledger::Error> {
        self.inner.visit_entries(run, visit)
    }

    fn entries_of_probe(&self, run: &RunId, probe: ProbeIndex) -> Result<Vec<Entry>, ledger::Error> {
        self.inner.entries_of_probe(run, probe)
    }

    fn runs(&self) -> Result<Vec<RunListing>, ledger::Error> {
        self.inner.runs()
    }

    fn run_plan(&self, run: &RunId) -> Result<(RunPlan, Value), ledger::Error> {
        self.inner.run_plan(run)
    }

    fn find_run(&self, name: &str) -> Result<RunId, ledger::Error> {
        self.inner.find_run(name)
    }

    fn already_read(&self, run: &RunId, waypoint: u16) -> Result<BTreeSet<(String, String)>, ledger::Error> {
        self.inner.already_read(run, waypoint)
    }

    fn names(&self) -> Names {
        self.inner.names()
    }

    fn open_enrollments(&self) -> Result<Vec<ProbeId>, ledger::Error> {
        self.inner.open_enrollments()
    }

    fn foreign_ids(&self, except: &RunId) -> Result<Vec<String>, ledger::Error> {
        self.inner.foreign_ids(except)
    }

    fn has_twin(&self, run: &RunId) -> Result<bool, ledger::Error> {
        self.inner.has_twin(run)
    }

    fn twin_left_residue(&self, run: &RunId) -> Result<bool, ledger::Error> {
        self.inner.twin_left_residue(run)
    }

    fn twin_ids(&self, run: &RunId) -> Result<Vec<String>, ledger::Error> {
        self.inner.twin_ids(run)
    }

    fn take_control_numbers(&mut self, count: u32) -> Result<u32, ledger::Error> {
        self.inner.take_control_numbers(count)
    }

    fn write_under(&mut self, claim: Claim) {
        self.inner.write_under(claim);
    }

    fn prune(&mut self, run: &RunId) -> Result<(), ledger::Error> {
        self.inner.prune(run)
    }
}

/// A run of three households at a target without idempotency keys, begun by a process that sent nothing.
async fn begun_without_keys() -> (Bench, RunId) {
    let without_key: Vec<_> = TARGET.lines().filter(|line| !line.contains("idempotency_header")).collect();
    let scenario = scenario_of(3, "").replace("exchange: 6s, ", "");
    let bench = Trial::given("").scenario(&scenario).target(&without_key.join("\n")).begin().await;
    let stopped = surroundings();
    stopped.stop.cancel();
    let opened = ledger::open(&bench.ledger.to_string_lossy()).expect("a ledger");
    let former = Prober::begin(&bench.job, opened, &stopped).await.unwrap_or_else(|e| panic!("{e}"));
    let run = former.run_id().clone();
    drop(former);
    (bench, run)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_former_driver_wrote_last_is_known_before_anything_is_sent() {
    let (bench, run) = begun_without_keys().await;
    let inner = ledger::open_existing(&bench.ledger.to_string_lossy()).expect("a ledger");
    let late = LateWriter { inner, ledger: bench.ledger.clone() };
    let prober =
        Prober::adopt(&bench.job, &run, Box::new(late), &surroundings()).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run(Options { deadline: Some(std::time::Duration::from_secs(1)), ..WHOLE }).await.expect("it ends");
    assert_eq!(came(&bench).0, 2, "household 1 may be on its way already");
    bench.running.stop().await;
}

/// What a process that was killed left of households 0 and 1: of the first nothing was committed, the second may exist.
fn left_by_a_killed_process() -> Vec<Event> {
    let action = JourneyStep::ENROLL;
    let sending =
        |probe| Event::Sending { probe: ProbeIndex(probe), action, intended_at: Utc::now(), tells_commit: true };
    let other = BTreeMap::from([("account".to_owned(), Value::from("A-17"))]);
    let captures = Captures { other, ..Captures::default() };
    let household = Household { index: ProbeIndex(1), ..household() };
    let planned = Event::Planned { household: Box::new(household), plans: BTreeMap::new() };
    vec![
        sending(0),
        planned,
        sending(1),
        Event::Committing { probe: ProbeIndex(1), action, portion: Portion::default(), captures },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_before_anything_was_committed_costs_nothing_and_what_may_be_committed_is_not_sent_again() {
    let (bench, run) = begun_without_keys().await;
    let mut former = ledger::open_existing(&bench.ledger.to_string_lossy()).expect("a ledger");
    let left = left_by_a_killed_process();
    let entries: Vec<_> =
        left.iter().map(|event| (run.clone(), Entry { at: Utc::now(), event: event.clone() })).collect();
    former.append(&entries).expect("written");
    drop(former);
    bench.adopt(&run, WHOLE).await;

    let counters = bench.running.counters();
    assert_eq!((counters.len(), came(&bench).0), (2, 2), "{counters:?}");
    assert!(counters.values().all(|counts| counts.enrollments == 1), "{counters:?}");
    let tried = bench.judged(&run);
    let submissions: Vec<_> = tried.summary.probes.iter().map(|probe| probe.submission).collect();
    assert_eq!(submissions, [Submission::Accepted, Submission::Indeterminate, Submission::Accepted]);
    assert_eq!(tried.summary.probes[0].good, Some(true));
    let told: Vec<_> = tried.entries.iter().map(|entry| &entry.event).collect();
    assert!(left.iter().all(|event| told.contains(&event)), "it is read as it was written");
    let knew_its_application = |event: &&Event| match event {
        Event::Committing { captures, .. } => {
            captures.groups.iter().any(|g| g.facts.text(Field::ApplicationId).is_some())
        }
        _ => false,
    };
    assert_eq!(told.into_iter().filter(knew_its_application).count(), 2);
    bench.running.stop().await;
}

//! Somebody sets the machine's clock while people are enrolled, watched and taken out, or while nobody watches: the pipeline
//! is not accused of it, and what it really does wrong is found.

use crate::trial::{Bench, Trial, Tried, WHOLE, brisk_target, scenario_of, scenario_within};
use chrono::{DateTime, TimeDelta, Utc};
use johndoe::clock::{Clock, SystemClock, Uptime};
use johndoe::ledger;
use johndoe::model::{Event, Phase, RunId, Verdict};
use johndoe::prober::{Listener, News, Prober, Surroundings};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

/// The system's clock, until it is set.
#[derive(Debug, Default)]
struct Wall(Mutex<TimeDelta>);

impl Clock for Wall {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + *self.0.lock().unwrap()
    }

    fn uptime(&self) -> Option<Uptime> {
        SystemClock.uptime()
    }
}

/// Does something when a phase begins.
struct When<F>(Phase, F);

impl<F: Fn() + Send + Sync> Listener for When<F> {
    fn tell(&self, news: &News) {
        if matches!(news, News::PhaseBegan { phase, .. } if *phase == self.0) {
            self.1();
        }
    }
}

/// Surroundings whose clock is set by so much when the phase begins.
fn set_at(phase: Phase, by: TimeDelta) -> Surroundings {
    let wall = Arc::new(Wall::default());
    let theirs = Arc::clone(&wall);
    let listener = Arc::new(When(phase, move || *theirs.0.lock().unwrap() += by));
    Surroundings { clock: wall, listener, stop: CancellationToken::new() }
}

async fn run(bench: &Bench, around: &Surroundings) -> RunId {
    let ledger = ledger::open(&bench.ledger.to_string_lossy()).unwrap();
    let prober = Prober::begin(&bench.job, ledger, around).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run(WHOLE).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run_id().clone()
}

/// A trip through a faultless pipeline, with limits that no busy machine exceeds.
fn faultless() -> Trial {
    let target = brisk_target().replace("within: 8s", "within: 120s").replace("within: 5s", "within: 30s");
    Trial::given("").scenario(&scenario_within("120s", "120s", "120s", "25%", 6, "")).target(&target)
}

fn steps(tried: &Tried) -> usize {
    tried.entries.iter().filter(|entry| matches!(entry.event, Event::ClockStepped { .. })).count()
}

async fn nobody_is_accused_when_set_at(phase: Phase) {
    let by = [TimeDelta::seconds(-5), TimeDelta::hours(-1), TimeDelta::hours(1)];
    let trips = by.map(|by| async move {
        let bench = faultless().begin().await;
        let tried = bench.judged(&run(&bench, &set_at(phase, by)).await);
        assert_eq!(tried.bad().first(), None, "set by {by}");
        assert!(tried.summary.probes.iter().all(|probe| probe.findings.is_empty()), "set by {by}");
        assert_eq!(tried.summary.verdict, Verdict::Pass, "set by {by}: {:?}", tried.summary.reasons);
        assert_eq!(steps(&tried), 1, "set by {by}: what was done to the clock is written down");
        let began = tried.entries.first().expect("an entry");
        assert!(matches!(began.event, Event::Began { epoch: 1, .. }), "{began:?}");
        assert!(tried.entries.iter().all(|entry| entry.at >= began.at && entry.at < began.at + TimeDelta::minutes(30)));
        bench.running.stop().await;
    });
    futures_util::future::join_all(trips).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_while_people_are_enrolled_accuses_nobody() {
    nobody_is_accused_when_set_at(Phase::Submit).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_while_they_are_watched_accuses_nobody() {
    nobody_is_accused_when_set_at(Phase::Watch).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_while_they_are_taken_out_accuses_nobody() {
    nobody_is_accused_when_set_at(Phase::Cleanup).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_is_found_all_the_same() {
    let bench = Trial::given("lose=0.5").scenario(&scenario_of(6, "")).begin().await;
    let tried = bench.judged(&run(&bench, &set_at(Phase::Watch, TimeDelta::hours(-1))).await);
    let lost = bench.running.truth().len() as u64;
    assert!(lost > 0, "nothing was planted");
    assert_eq!((tried.summary.counts.missing, steps(&tried)), (lost, 1), "{:?}", tried.summary.reasons);
    bench.running.stop().await;
}

/// One process ends while it watches, the clock is set, and another goes on.
async fn taken_up_after_setting(by: TimeDelta) -> (Bench, Tried) {
    let bench = faultless().begin().await;
    let stop = CancellationToken::new();
    let theirs = stop.clone();
    let listener = Arc::new(When(Phase::Watch, move || theirs.cancel()));
    let first = run(&bench, &Surroundings { clock: Arc::new(SystemClock), listener, stop }).await;
    let ledger = ledger::open_existing(&bench.ledger.to_string_lossy()).unwrap();
    let around = Surroundings { clock: Arc::new(Wall(Mutex::new(by))), ..set_at(Phase::Change, TimeDelta::zero()) };
    let prober = Prober::adopt(&bench.job, &first, ledger, &around).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run(WHOLE).await.unwrap_or_else(|e| panic!("{e}"));
    let tried = bench.judged(&first);
    (bench, tried)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_between_two_processes_leaves_undecided_what_came_across_it() {
    let trips = [TimeDelta::hours(-1), TimeDelta::hours(1)].map(|by| async move {
        let (bench, tried) = taken_up_after_setting(by).await;
        let accused: Vec<_> = tried.summary.probes.iter().filter(|probe| probe.good == Some(false)).collect();
        assert!(accused.is_empty(), "set by {by}: {:#?}", accused.first());
        assert!(tried.summary.probes.iter().all(|probe| probe.findings.is_empty()), "set by {by}");
        let counts = &tried.summary.counts;
        assert!(counts.undecided > 0, "set by {by}: {counts:?}");
        assert_eq!((counts.missing, counts.late, counts.residue), (0, 0, 0), "set by {by}: {counts:?}");
        let mut moments: Vec<_> = tried.entries.iter().map(|entry| entry.at).collect();
        let second = tried.entries.iter().position(|entry| matches!(entry.event, Event::Began { epoch: 2, .. }));
        let later = moments.split_off(second.expect("a second process"));
        assert!(moments.iter().max() < later.iter().min(), "set by {by}: the second process is later than the first");
        bench.running.stop().await;
    });
    futures_util::future::join_all(trips).await;
}

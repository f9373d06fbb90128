//! Two runs of one scenario and seed at one clean pipeline, each with a ledger of its own: the same people but for their markers, and
//! neither says anything of the other's.

use crate::trial::{Bench, Trial, WHOLE, brisk_target, scenario_within, surroundings};
use johndoe::ledger;
use johndoe::model::{LifeEvent, RunId, Summary, Verdict};
use johndoe::prober::{Listener, News, Options, Prober, Surroundings};
use johndoe::reconcile;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Notify;

/// Four households, some with a dental policy; they move between enrollment and cancellation.
async fn bench(steps: &str) -> (Bench, PathBuf) {
    let scenario = scenario_within("30s", "30s", "30s", "25%", 4, "").replace("grace:", &format!("{steps}grace:"));
    let scenario = scenario.replace("dental: 0.2", "dental: 0.5");
    let bench = Trial::given("").scenario(&scenario).target(&brisk_target()).begin().await;
    let other = bench.ledger.with_file_name("other.db");
    (bench, other)
}

async fn run(bench: &Bench, ledger: &Path, (options, around): (Options, Surroundings)) -> RunId {
    let ledger = ledger::open(&ledger.to_string_lossy()).expect("a ledger");
    let prober = Prober::begin(&bench.job, ledger, &around).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run(options).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run_id().clone()
}

fn judged(ledger: &Path, run: &RunId) -> Summary {
    let ledger = ledger::open_existing(&ledger.to_string_lossy()).expect("the ledger");
    let (plan, _) = ledger.run_plan(run).expect("a plan");
    let entries = ledger.entries(run).expect("entries");
    reconcile::judge(&plan, &entries, entries.last().expect("an entry").at)
}

#[track_caller]
fn passes(summary: &Summary) {
    let bad: Vec<_> = summary.probes.iter().filter(|p| p.good != Some(true) || !p.findings.is_empty()).collect();
    assert!(bad.is_empty(), "{} of {}, such as {:#?}", bad.len(), summary.probes.len(), bad.first());
    assert!(summary.probes.iter().flat_map(|probe| &probe.groups).all(|group| group.cleanup == "gone"));
    assert_eq!(summary.verdict, Verdict::Pass, "{:?}", summary.reasons);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_that_begin_together_pass_both() {
    let (bench, other) = bench("").await;
    let around = || (WHOLE, surroundings());
    let (one, two) = tokio::join!(run(&bench, &bench.ledger, around()), run(&bench, &other, around()));
    passes(&judged(&bench.ledger, &one));
    passes(&judged(&other, &two));
    bench.running.stop().await;
}

/// Wakes who waits once the first household of a run was told to move: all of it is enrolled, or on its way.
struct AtMove(Arc<Notify>);

impl Listener for AtMove {
    fn tell(&self, news: &News) {
        if matches!(news, News::Answered { action, .. } if action.event == LifeEvent::ChangeAddress) {
            self.0.notify_one();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_people_another_takes_out_of_the_same_pipeline_meanwhile_passes() {
    let (bench, other) = bench("  - event: change_address\n  - event: change_address\n").await;
    let earlier = run(&bench, &bench.ledger, (Options { keep: true, ..WHOLE }, surroundings())).await;
    let moves = Arc::new(Notify::new());
    let around = Surroundings { listener: Arc::new(AtMove(Arc::clone(&moves))), ..surroundings() };
    let takes_out = async {
        moves.notified().await;
        bench.adopt(&earlier, Options { cleanup_only: true, ..WHOLE }).await;
    };
    let (later, ()) = tokio::join!(run(&bench, &other, (WHOLE, around)), takes_out);
    passes(&judged(&other, &later));
    passes(&judged(&bench.ledger, &earlier));
    bench.running.stop().await;
}

//! People who move after they were enrolled: whether their new address arrives.

use crate::trial::{Bench, job};
use crate::trial::{Trial, WHOLE, brisk_target, overlay, scenario_within, start_sandbox, surroundings};
use johndoe::ledger;
use johndoe::model::{Arrival, Event, GroupAtWaypoint, Integrity, ProbeSummary, RecordKind};
use johndoe::prober::{Listener, News, Prober, Surroundings};
use johndoe::reconcile;
use std::sync::Arc;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// With a change of address, due within `limit` everywhere.
fn scenario(limit: &str, count: u32) -> String {
    let change = format!(
        "  - event: change_address\n    expect: {{at: {{exchange: {limit}, edi_834: {limit}, issuer: {limit}}}}}\n"
    );
    scenario_within("30s", "30s", "30s", "25%", count, "").replace("grace:", &format!("{change}grace:"))
}

fn changes(probe: &ProbeSummary) -> Vec<&GroupAtWaypoint> {
    probe.groups.iter().flat_map(|group| &group.changes).collect()
}

fn has_moved(probe: &ProbeSummary) -> bool {
    let is_whole = |at: &&GroupAtWaypoint| at.arrival == Arrival::OnTime && at.integrity == Some(Integrity::Intact);
    !changes(probe).is_empty() && changes(probe).iter().all(is_whole)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_never_sent_is_missing_and_every_other_arrives() {
    let tried = Trial::given("change_lost=0.4").scenario(&scenario("10s", 14)).target(&brisk_target()).run().await;
    let markers = tried.markers();
    let (mut lost, mut moved) = (0, 0);
    for probe in &tried.summary.probes {
        let planted = tried.truth.iter().filter(|fault| fault.marker == markers[&probe.index.0]).count();
        let missing: Vec<_> = changes(probe).into_iter().filter(|at| at.arrival == Arrival::Missing).collect();
        if planted > 0 {
            assert_eq!(missing.len(), 2 * planted, "in the files and at the issuer: {probe:#?}");
            assert_eq!((probe.good, probe.first_divergent_hop.as_deref()), (Some(false), Some("edi_834")));
            lost += 1;
        } else {
            assert!(has_moved(probe) && probe.good == Some(true), "{probe:#?}");
            moved += 1;
        }
        assert!(probe.groups.iter().all(|group| group.cleanup == "gone"), "{probe:#?}");
    }
    assert!(lost > 1 && moved > 1, "{lost} lost, {moved} moved");
    let sums: Vec<_> = tried.summary.waypoints.iter().map(|at| at.changes.clone().expect("counted")).collect();
    assert_eq!(sums[0].missing, 0, "the exchange itself holds every change");
    assert!(sums[1].missing > 0 && sums[1].missing == sums[2].missing, "{sums:?}");
}

/// Stops the run when the first change was answered.
struct StopsAtFirstChange(CancellationToken);

impl Listener for StopsAtFirstChange {
    fn tell(&self, news: &News) {
        if matches!(news, News::Answered { action, .. } if action.event.is_change()) {
            self.0.cancel();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_while_it_tells_changes_a_run_goes_on_and_tells_each_once() {
    let target = brisk_target().replace("rate: 1000/s", "rate: 10/s");
    let bench: Bench = Trial::given("").scenario(&scenario("60s", 10)).target(&target).begin().await;
    let stop = CancellationToken::new();
    let around = Surroundings { listener: Arc::new(StopsAtFirstChange(stop.clone())), stop, ..surroundings() };
    let opened = ledger::open(&bench.ledger.to_string_lossy()).expect("a ledger");
    let prober = Prober::begin(&bench.job, opened, &around).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run(WHOLE).await.unwrap_or_else(|e| panic!("{e}"));
    let run = prober.run_id().clone();
    drop(prober);
    let sent = |tried: &crate::trial::Tried| {
        let is_change = |event: &Event| matches!(event, Event::Sending { action, .. } if action.event.is_change());
        tried.entries.iter().filter(|entry| is_change(&entry.event)).count()
    };
    let stopped = sent(&bench.judged(&run));
    assert!((1..10).contains(&stopped), "{stopped} changes were sent before the stop");

    bench.adopt(&run, WHOLE).await;
    let tried = bench.judged(&run);
    assert_eq!(sent(&tried), 10);
    for probe in &tried.summary.probes {
        assert!(has_moved(probe) && probe.good == Some(true), "{probe:#?}");
    }
    let told = tried.entries.iter().filter(|entry| match &entry.event {
        Event::Seen { sighting } => sighting.record.kind == RecordKind::Maintenance,
        _ => false,
    });
    let groups: usize = tried.summary.probes.iter().map(|probe| probe.groups.len()).sum();
    assert_eq!(told.count(), groups, "one message for each group");
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employer_hands_the_change_over_as_an_834() {
    let folder = TempDir::new().expect("a folder");
    let running = start_sandbox(folder.path(), "", 1).await;
    let target =
        include_str!("../../../scenarios/targets/sandbox-employer.yaml").replace("within: 2 windows", "within: 30s");
    let scenario = scenario("30s", 6).replace("[VA, OH, MA]", "[VA, OH]").replace("exchange: 30s, ", "");
    let job = job(&scenario, &target, &overlay(&running), folder.path());
    let path = folder.path().join("ledger.db");
    let opened = ledger::open(&path.to_string_lossy()).expect("a ledger");
    let prober = Prober::begin(&job, opened, &surroundings()).await.unwrap_or_else(|e| panic!("{e}"));
    prober.run(WHOLE).await.unwrap_or_else(|e| panic!("{e}"));
    let (run, plan) = (prober.run_id().clone(), prober.plan().clone());
    drop(prober);
    let entries = ledger::open_existing(&path.to_string_lossy()).expect("a ledger").entries(&run).expect("entries");
    let summary = reconcile::judge(&plan, &entries, entries.last().expect("an entry").at);
    for probe in &summary.probes {
        assert!(has_moved(probe) && probe.good == Some(true), "{probe:#?}");
    }
    let files =
        std::fs::read_dir(running.intake.join("taken")).expect("a folder").map(|file| file.expect("a file").path());
    let texts: Vec<String> = files.map(|file| std::fs::read_to_string(file).expect("text")).collect();
    let told = texts.iter().filter(|text| text.contains("*001*43*") && text.contains("*DEMOGRAPHIC CHANGE~"));
    assert_eq!(told.count(), 6, "a file for each household: INS03 001, INS04 43");
    assert!(running.troubles().is_empty(), "{:?}", running.troubles());
    running.stop().await;
}

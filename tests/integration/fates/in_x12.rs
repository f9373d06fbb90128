//! Whole trips at the shipped target that sees all that the sandbox says in X12: enrollments, their acknowledgements, effectuations
//! and eligibility.

use super::faults::in_x12;
use super::matrix::assert_diagonal;
use crate::trial::{Bench, Trial, Tried, WHOLE, scenario_within};
use johndoe::model::{Arrival, FindingKind, Integrity, Verdict};
use johndoe::prober::Options;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

const SHIPPED: &str = include_str!("../../../scenarios/targets/sandbox-edi.yaml");

/// The shipped target, with more frequent looks and windows.
fn target() -> String {
    SHIPPED
        .replace("every: 500ms", "every: 300ms")
        .replace("first_after: 1s, every: 1s, at_most: 10s", "first_after: 1s, every: 3s, at_most: 10s")
        .replace("{every: 2s, grace: 3s}", "{every: 500ms, grace: 1500ms}")
}

/// Limits that only what is lost reaches, at every waypoint, in the states where the target has plans.
fn scenario(count: u32, within: &str, more: &str) -> String {
    let all = format!("{within}, ack: {within}, effectuation: {within}, eligibility: {within}");
    scenario_within(within, within, &all, "100%", count, more)
        .replace(&format!("exchange: {within}, "), "")
        .replace("states: [VA, OH, MA]", "states: [VA, OH]")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_pipeline_passes_at_every_waypoint_and_everybody_is_taken_out_where_that_can_be_seen() {
    let cancelled = "  - event: cancel\n    expect: {policy_status: cancelled}\n";
    let honest = scenario(24, "60s", "").replace("grace:", &format!("{cancelled}grace:"));
    let tried = Trial::given("").scenario(&honest).target(&target()).run().await;
    assert!(tried.bad().is_empty(), "{:#?}", tried.bad().first());
    assert_eq!(tried.summary.verdict, Verdict::Pass, "{:?}", tried.summary.reasons);
    let (counts, groups) = (&tried.summary.counts, tried.summary.probes.iter().flat_map(|probe| &probe.groups));
    assert_eq!((counts.accepted, counts.residue, counts.strangers_dropped), (24, 0, 0), "{counts:?}");
    for group in groups {
        assert_eq!(group.cleanup, "gone");
        let at: Vec<_> = group.waypoints.iter().map(|at| at.name.as_str()).collect();
        assert_eq!(at, ["edi_834", "ack", "issuer", "effectuation", "eligibility"]);
        let whole = |at: &johndoe::model::GroupAtWaypoint| {
            at.arrival == Arrival::OnTime && at.integrity == Some(Integrity::Intact)
        };
        assert!(group.waypoints.iter().all(whole), "{group:#?}");
    }
    assert_answers_are_counted(&tried);
}

/// Every member was asked for at the eligibility services, and each answer came in time.
fn assert_answers_are_counted(tried: &Tried) {
    for at in &tried.summary.waypoints {
        assert_eq!(at.answers.is_some(), at.name == "eligibility", "{}", at.name);
    }
    let asked =
        tried.summary.waypoints.iter().find_map(|at| at.answers.as_ref().map(|answers| (answers, at.people_due)));
    let (answers, people) = asked.unwrap();
    assert!(answers.answers >= people, "{answers:?} of {people} people");
    assert!(answers.max_ms > 0.0, "{answers:?}");
    let page = johndoe::report::text(&tried.summary, johndoe::report::Style::plain());
    assert!(
        page.contains(&format!(
            "eligibility  {} answers, {} beyond 20 s, the slowest after ",
            answers.answers, answers.beyond_20_s
        )),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_in_x12_is_found_named_and_placed_and_nothing_where_there_is_none() {
    let scenario = scenario(60, "40s", "").replace("rate: 60/s", "rate: 12/s");
    assert_diagonal(&in_x12(), &scenario, &target(), 10..60).await;
}

/// Runs four households to their end with this fault in each, waits until what comes after their cancellation has come, and
/// looks once more, as a later sweep does.
async fn swept(fault: &str, has_come: impl Fn(&Path) -> bool) -> (Bench, Tried) {
    let four = scenario(4, "60s", "").replace("dental: 0.2", "dental: 0.0");
    let trial = Trial::given(&format!("{fault}@windows=4=1")).scenario(&four).target(&target());
    let bench = trial.begin().await;
    let run = bench.start(WHOLE).await;
    while !has_come(&bench.running.outbound) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // the receiver answers it, and loads it where it is one to load
    tokio::time::sleep(Duration::from_secs(2)).await;
    bench.adopt(&run, Options { cleanup_only: true, ..WHOLE }).await;
    let tried = bench.judged(&run);
    assert_eq!(tried.truth.len(), 4, "{:?}", tried.truth);
    (bench, tried)
}

fn findings(tried: &Tried) -> BTreeMap<(String, FindingKind), usize> {
    let all = tried.summary.probes.iter().flat_map(|probe| &probe.findings);
    all.fold(BTreeMap::new(), |mut found, finding| {
        *found.entry((finding.waypoint.clone(), finding.kind)).or_default() += 1;
        found
    })
}

fn names(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let visible = entries.filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'));
    let read = |path: std::path::PathBuf| {
        let bytes = std::fs::read(&path).unwrap_or_default();
        (path.file_name().unwrap().to_string_lossy().into_owned(), bytes)
    };
    visible.map(read).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_file_that_comes_again_after_the_cancellations_is_a_duplicate_and_its_refusal_is_nobodys() {
    let replayed = |folder: &Path| {
        let mut times: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
        for (_, bytes) in names(folder) {
            *times.entry(bytes).or_default() += 1;
        }
        times.values().filter(|times| **times == 2).count() == 4
    };
    let (bench, tried) = swept("replay_file", replayed).await;
    let expected = BTreeMap::from([(("edi_834".to_owned(), FindingKind::Duplicated), 4)]);
    assert_eq!(findings(&tried), expected, "{:#?}", tried.summary.probes);
    assert!(tried.summary.probes.iter().all(|probe| probe.groups[0].cleanup == "gone"));
    let refused = tried.entries.iter().filter(
        |entry| matches!(&entry.event, johndoe::model::Event::Acknowledged { acknowledgement: it } if it.is_repetition),
    );
    assert!(refused.count() >= 4, "each copy was refused with TA1 025");
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrollment_retransmitted_after_its_cancellation_is_out_of_order() {
    let retransmitted = |folder: &Path| names(folder).iter().filter(|(name, _)| name.contains(".I834RT.")).count() == 4;
    let (bench, tried) = swept("retransmit", retransmitted).await;
    let expected = BTreeMap::from([(("edi_834".to_owned(), FindingKind::OutOfOrder), 4)]);
    assert_eq!(findings(&tried), expected, "{:#?}", tried.summary.probes);
    assert!(tried.summary.probes.iter().all(|probe| probe.groups[0].cleanup == "gone"));
    bench.running.stop().await;
}

#[test]
fn only_a_folder_of_enrollments_can_be_without_cancellations() {
    let names = crate::trial::Overlay(BTreeMap::new());
    let read = |text: &str| johndoe::target::parse(text, "t.yaml", &names).map_err(|e| e.to_string());
    let plans = |text: &str| {
        let without = read(text).unwrap().waypoints.into_iter().map(|waypoint| waypoint.without_cancellations);
        without.collect::<Vec<_>>()
    };
    assert_eq!(plans(SHIPPED), [false, false, false, true, false]);
    for other in ["feed: ack,", "feed: json_api\n", "feed: eligibility\n"] {
        let more = if other.ends_with(',') { " cancellations: false," } else { "    cancellations: false\n" };
        let told = read(&SHIPPED.replace(other, &format!("{other}{more}"))).unwrap_err();
        assert!(told.contains("belongs to the feed `edi_folder`"), "{told}");
    }
}

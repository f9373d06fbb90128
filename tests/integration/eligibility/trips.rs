//! Whole trips through the sandbox with its eligibility services: what is planted is named and placed, the rest is good.

use crate::trial::{Trial, Tried, brisk_target, overlay, scenario_within, start_sandbox};
use johndoe::ledger;
use johndoe::model::{Arrival, Event, Field, GroupAtWaypoint, Integrity, Phase, ProbeIndex, ProbeSummary, Verdict};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The shipped target's eligibility waypoint, asked more often, behind the waypoints of the other trials.
pub(crate) fn target(before_payment: &str) -> String {
    let shipped = include_str!("../../../scenarios/targets/sandbox-eligibility.yaml");
    let (_, tail) = shipped.split_once("  - name: eligibility\n").unwrap();
    let (waypoint, _) = tail.split_once("windows: {edi_834").unwrap();
    let waypoint = format!("  - name: eligibility\n{waypoint}")
        .replace("within: 30s", "within: 8s")
        .replace("every: 1s, at_most: 10s", "every: 2s, at_most: 4s")
        .replace("before_payment: active", &format!("before_payment: {before_payment}"));
    let (head, tail) =
        brisk_target().split_once("windows: {edi_834").map(|(h, t)| (h.to_owned(), t.to_owned())).unwrap();
    format!("{head}{waypoint}windows: {{edi_834{tail}")
}

fn scenario(count: u32, more: &str) -> String {
    scenario_within("12s", "12s", "12s, eligibility: 12s", "50%", count, more)
}

fn at<'t>(probe: &'t ProbeSummary, name: &str) -> &'t GroupAtWaypoint {
    probe.groups[0].waypoints.iter().find(|at| at.name == name).unwrap()
}

/// The probe in which something was planted.
fn sick(tried: &Tried) -> &ProbeSummary {
    let markers = tried.markers();
    let of = |probe: &&ProbeSummary| markers[&probe.index.0] == tried.truth[0].marker;
    tried.summary.probes.iter().find(of).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn honest_payers_know_everybody_and_after_the_cancellation_nobody_any_more() {
    let tried = Trial::given("").scenario(&scenario(30, "")).target(&target("active")).run().await;
    assert!(tried.bad().is_empty(), "{:#?}", tried.bad().first());
    assert_eq!(tried.summary.verdict, Verdict::Pass, "{:?}", tried.summary.reasons);
    let (counts, groups) = (&tried.summary.counts, tried.summary.probes.iter().flat_map(|probe| &probe.groups));
    assert_eq!((counts.residue, counts.altered, counts.strangers_dropped), (0, 0, 0), "{counts:?}");
    assert!(groups.clone().all(|group| group.cleanup == "gone"));
    let here: Vec<_> = groups.flat_map(|group| &group.waypoints).filter(|at| at.name == "eligibility").collect();
    assert!(here.iter().all(|at| at.arrival == Arrival::OnTime && at.integrity == Some(Integrity::Intact)));
    let words = |entry: &johndoe::model::Entry| match &entry.event {
        Event::Seen { sighting } if sighting.record.place.source.starts_with("270 TRN ") => {
            sighting.record.place.source.split_once(", ").map(|(_, words)| words.to_owned())
        }
        _ => None,
    };
    let told: std::collections::BTreeSet<String> = tried.entries.iter().filter_map(words).collect();
    assert!(told.contains("EB 5: active, pending investigation") && told.contains("EB 6: inactive"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_an_eligibility_service_is_named_and_placed_and_no_other_household_is() {
    for (fault, arrival, integrity, differing) in [
        ("eligibility_contradicts", Arrival::OnTime, Some(Integrity::Altered), vec![Field::PolicyStatus]),
        ("payer_busy@for=5m", Arrival::Blind, None, Vec::new()),
        ("payer_busy@for=3s", Arrival::OnTime, Some(Integrity::Intact), Vec::new()),
        ("lose_at_issuer", Arrival::Missing, None, Vec::new()),
    ] {
        let households = scenario(8, "").replace("dental: 0.2", "dental: 0.0");
        let parsed = johndoe::scenario::parse(&households, "trial.yaml").unwrap_or_else(|e| panic!("{e}"));
        let generator = johndoe::generator::Generator::new(&parsed.name, &parsed.population);
        let marker = generator.household(ProbeIndex(3)).marker;
        let planted = format!("{fault}@marker={}=1", marker.split('@').next().unwrap());
        let trial = Trial::given(&planted).scenario(&households).target(&target("active")).keep();
        let tried = trial.run().await;
        assert_eq!(tried.truth.len(), 1, "{fault}: {:?}", tried.truth);
        let hop = if fault == "lose_at_issuer" { "issuer" } else { "eligibility" };
        assert_eq!(tried.truth[0].hop.as_str(), hop);
        let here = at(sick(&tried), "eligibility");
        assert_eq!((here.arrival, here.integrity), (arrival, integrity), "{fault}: {here:#?}");
        assert_eq!(here.discrepancies.iter().map(|d| d.field).collect::<Vec<_>>(), differing, "{fault}");
        let wrong = tried.bad().len();
        assert_eq!(wrong, usize::from(fault != "payer_busy@for=3s"), "{fault}: {:#?}", tried.bad());
        if arrival == Arrival::Missing {
            assert_eq!(sick(&tried).first_divergent_hop.as_deref(), Some("issuer"));
            assert!(
                here.not_found.as_deref().unwrap().starts_with("AAA 75 in 2100C: subscriber not found"),
                "{here:?}"
            );
        } else if wrong == 1 && arrival == Arrival::OnTime {
            assert_eq!(sick(&tried).first_divergent_hop.as_deref(), Some("eligibility"));
            assert!(here.place.as_deref().unwrap().contains("EB 6: inactive"), "{here:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_coverage_is_due_only_when_paid_nobody_is_missing_for_being_inactive() {
    let faults = "eligibility_contradicts=1";
    let trial = Trial::given(faults).scenario(&scenario(4, "")).target(&target("inactive"));
    let tried = trial.run().await;
    assert!(tried.bad().is_empty(), "{:#?}", tried.bad().first());
    let arrivals: Vec<_> = tried.summary.probes.iter().map(|probe| at(probe, "eligibility").arrival).collect();
    assert_eq!(arrivals, [Arrival::NotDue; 4], "{:?}", tried.summary.reasons);
    assert_eq!(tried.summary.counts.residue, 0, "{:?}", tried.summary.counts);
}

/// Answers that the run's ledger counts while its watching goes on; `None` once that is over, or before it begins.
fn counted_while_it_watches(path: &Path) -> Option<u64> {
    let ledger = ledger::open_existing(&path.to_string_lossy()).ok()?;
    let entries = ledger.entries(&ledger.find_run("latest").ok()?).ok()?;
    let is_over = |event: &Event| matches!(event, Event::PhaseEnded { phase: Phase::Watch });
    let answers = |event: &Event| match event {
        Event::AnswersTimed { times, .. } => times.answers,
        _ => 0,
    };
    let watched = entries.iter().map(|entry| &entry.event).take_while(|event| !is_over(event));
    (!entries.iter().any(|entry| is_over(&entry.event))).then(|| watched.map(answers).sum())
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_came_in_time_are_still_counted_when_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    // whoever is lost is looked for to the end: the watching goes on long after the first answers
    let running = start_sandbox(folder.path(), "lose=1", 1).await;
    std::fs::write(at("scenario.yaml"), scenario_within("60s", "60s", "60s, eligibility: 60s", "50%", 4, "")).unwrap();
    std::fs::write(at("target.yaml"), target("active")).unwrap();
    let johndoe = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_johndoe"));
        command.args(words).arg("--ledger").arg(at("ledger.db")).current_dir(folder.path()).envs(overlay(&running).0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    };
    let mut process = johndoe(&["run", "scenario.yaml", "--target", "target.yaml"]).spawn().unwrap();
    let counted = loop {
        match counted_while_it_watches(&at("ledger.db")) {
            Some(counted) if counted > 0 => break counted,
            _ => assert!(process.try_wait().unwrap().is_none(), "it ended, and nothing was counted before"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    process.kill().unwrap();
    process.wait().unwrap();
    let report = johndoe(&["report", "latest", "--json"]).output().unwrap();
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let of = |name: &str| report["waypoints"].as_array().unwrap().iter().find(|w| w["name"] == name).unwrap().clone();
    let answers = of("eligibility")["answers"]["answers"].as_u64().unwrap();
    assert!(answers >= counted, "{counted} were written down, and {answers} are reported");
    running.stop().await;
}

//! The edges of a run: a deadline, systems that are not there, a process that another takes over from.

use super::class::Class;
use crate::far_side::{FarSide, told};
use crate::trial::{Trial, Tried, WHOLE, brisk_target, scenario_within};
use johndoe::model::{Submission, Verdict};
use std::collections::BTreeMap;
use std::time::Duration;

/// Nothing listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_leaves_what_has_not_come_pending_and_the_verdict_open() {
    let scenario = scenario_within("1h", "1h", "1h", "25%", 6, "");
    let trial = Trial::given("delay@for=2h=1").scenario(&scenario).keep().deadline(Duration::from_secs(3));
    let tried = trial.run().await;
    assert_eq!(tried.summary.verdict, Verdict::Inconclusive, "{:?}", tried.summary.reasons);
    assert!(tried.summary.counts.pending >= 6, "{:?}", tried.summary.counts);
    assert_eq!((tried.summary.counts.missing, tried.summary.error_rate.trials), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_that_is_not_there_leaves_everybody_unsent_and_says_so() {
    let target = brisk_target().replace("${env:JOHNDOE_EXCHANGE_URL:-http://127.0.0.1:8340}", NOWHERE);
    let tried = Trial::given("").target(&target).run().await;
    assert_eq!(tried.summary.verdict, Verdict::Inconclusive, "{:?}", tried.summary.reasons);
    let counts = &tried.summary.counts;
    assert_eq!((counts.accepted, counts.indeterminate, counts.missing, counts.residue), (0, 0, 0, 0), "{counts:?}");
    assert!(counts.unsent >= 5, "{counts:?}");
    let told = tried.summary.reasons.join("; ");
    assert!(told.contains("could not be submitted") && told.contains("127.0.0.1"), "{told}");
    for probe in tried.summary.probes.iter().filter(|p| p.reason.is_some()) {
        assert_eq!(probe.submission, Submission::Unsent);
        assert!(probe.reason.as_ref().is_some_and(|r| r.contains("127.0.0.1")), "{:?}", probe.reason);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_is_never_there_is_blind_and_nobody_is_missing_at_it() {
    // but for the first question of all: without an answer to that nobody would be enrolled
    let issuers = FarSide::start(|_, before| told(if before == 0 { 404 } else { 503 }, "")).await;
    let mut target = brisk_target();
    for (issuer, port) in [("12345", "8341"), ("54321", "8342")] {
        let address = format!("${{env:JOHNDOE_ISSUER_{issuer}_URL:-http://127.0.0.1:{port}}}");
        target = target.replace(&address, &issuers.url());
    }
    let scenario = scenario_within("20s", "20s", "3s", "0%", 8, "");
    let tried = Trial::given("").scenario(&scenario).target(&target).keep().run().await;
    let counts = &tried.summary.counts;
    assert_eq!(tried.summary.verdict, Verdict::Blind, "{:?}", tried.summary.reasons);
    assert_eq!((counts.missing, counts.late), (0, 0), "{counts:?}");
    for probe in &tried.summary.probes {
        assert_eq!(Class::of(&tried.plan, probe), Class::at("issuer", &["blind"]), "{probe:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_without_a_trustworthy_answer_is_indeterminate_and_found_all_the_same() {
    let target = brisk_target().replace("          retry: {attempts: 4, pause: 500ms}\n", "");
    let target = target.replace("      idempotency_header: Idempotency-Key\n", "");
    let scenario = scenario_within("20s", "20s", "20s", "25%", 8, "");
    let tried = Trial::given("error_after_accept=1").scenario(&scenario).target(&target).run().await;
    for probe in &tried.summary.probes {
        let good = Class::good().answered(Submission::Indeterminate);
        assert_eq!(Class::of(&tried.plan, probe), good, "{probe:#?}");
        assert!(probe.groups.iter().all(|group| group.cleanup == "gone"), "{probe:#?}");
    }
    assert_eq!(tried.summary.counts.indeterminate, 8);
}

fn classes(tried: &Tried) -> BTreeMap<u32, Class> {
    tried.summary.probes.iter().map(|probe| (probe.index.0, Class::of(&tried.plan, probe))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_another_process_takes_over_is_judged_like_an_undisturbed_one() {
    let faults = "flapping=0.3,duplicate_at_issuer=0.3,duplicate_envelope=0.3";
    let trial = || Trial::given(faults).scenario(&scenario_within("30s", "30s", "30s", "25%", 20, "")).keep();
    let undisturbed = trial().run().await;
    for moment in [2, 5] {
        let bench = trial().begin().await;
        let run = bench.start_and_stop(Duration::from_secs(moment)).await;
        bench.adopt(&run, johndoe::prober::Options { keep: true, ..WHOLE }).await;
        assert_eq!(classes(&bench.judged(&run)), classes(&undisturbed), "stopped after {moment} s");
        bench.running.stop().await;
    }
}

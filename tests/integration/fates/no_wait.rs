//! Long lives in short processes: each does what is due now, and the last gives the verdict.

use super::terms::{all_came, scenario, sent};
use crate::trial::{Bench, Trial, WHOLE, brisk_target};
use chrono::{TimeDelta, Utc};
use johndoe::model::{Event, RunId, Summary, Verdict};
use johndoe::prober::Options;
use std::time::Duration;

const NO_WAIT: Options = Options { no_wait: true, ..WHOLE };

/// Calls again and again, each time when more is due; what was said after each call.
async fn called_until_the_end(bench: &Bench, run: &RunId) -> Vec<Summary> {
    let mut told = vec![bench.judged(run).summary];
    while let Some(at) = told.last().and_then(|summary| summary.next_due_at) {
        assert!(told.len() < 300, "{:?}", told.last().map(|summary| &summary.reasons));
        let wait = (at - Utc::now()).to_std().unwrap_or_default().min(Duration::from_millis(400));
        tokio::time::sleep(wait).await;
        bench.adopt(run, NO_WAIT).await;
        told.push(bench.judged(run).summary);
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn each_call_does_what_is_due_and_only_the_last_says_what_the_run_came_to() {
    let steps = ["event: change_address, after: 4s, when: {index: ..3}", "event: pay, after: answered"];
    let bench = Trial::given("").scenario(&scenario(5, &steps)).target(&brisk_target()).begin().await;
    let run = bench.start(NO_WAIT).await;
    let told = called_until_the_end(&bench, &run).await;
    assert!(told.len() > 2, "{} calls", told.len());
    for summary in &told[..told.len() - 1] {
        assert_eq!((summary.verdict, summary.exit_code), (Verdict::Inconclusive, 3));
        assert!(summary.reasons[0].starts_with("more is due later, next at "), "{:?}", summary.reasons);
        assert!(summary.reasons[1].starts_with("so far: "), "{:?}", summary.reasons);
        assert_eq!(summary.run.finished_at, None);
    }
    let tried = bench.judged(&run);
    all_came(&tried);
    for probe in 0..5 {
        let moved = sent(&tried, probe, 1);
        assert_eq!(moved.is_some(), probe < 4, "{probe}");
        let enrolled = sent(&tried, probe, 0).expect("sent").0;
        assert!(moved.is_none_or(|(intended, _)| intended - enrolled >= TimeDelta::seconds(4)));
    }
    let sendings = tried.entries.iter().filter(|entry| matches!(entry.event, Event::Sending { .. })).count();
    assert_eq!(sendings, 5 + 4 + 5 + 5, "nothing is sent twice");
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_more_is_due_an_error_is_told_so_far_and_decides_at_the_end() {
    let given = Trial::given("lose=1").scenario(&scenario(3, &["event: pay, after: 30s"])).target(&brisk_target());
    let bench = given.begin().await;
    let run = bench.start(NO_WAIT).await;
    let first = bench.judged(&run).summary;
    assert_eq!((first.verdict, first.next_due_at.is_some()), (Verdict::Inconclusive, true));
    // ends steps, and nobody is left in
    bench.adopt(&run, Options { deadline: Some(Duration::from_millis(1)), ..WHOLE }).await;
    let tried = bench.judged(&run);
    assert_eq!((tried.summary.next_due_at, tried.summary.run.finished_at.is_some()), (None, true));
    assert!((0..3).all(|probe| sent(&tried, probe, 1).is_none()), "its time was up");
    let gone = tried.summary.probes.iter().flat_map(|probe| &probe.groups).all(|group| group.cleanup == "gone");
    assert!(gone, "{:?}", tried.summary.reasons);
    bench.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_counts_from_the_first_byte_whichever_process_is_at_work() {
    let given = Trial::given("").scenario(&scenario(3, &["event: pay, after: 60s"])).target(&brisk_target());
    let bench = given.begin().await;
    let run = bench.start(NO_WAIT).await;
    let sent_at = sent(&bench.judged(&run), 0, 0).expect("sent").1;
    let deadline = Duration::from_secs(6);
    bench.adopt(&run, Options { deadline: Some(deadline), ..WHOLE }).await;
    let tried = bench.judged(&run);
    let ended = tried
        .entries
        .iter()
        .find(|entry| matches!(entry.event, Event::Sending { action, .. } if action.number == u16::MAX));
    let until = sent_at + TimeDelta::from_std(deadline).expect("a time");
    assert!(ended.expect("taken out").at >= until, "nobody is taken out before");
    assert_eq!(sent(&tried, 0, 1), None);
    bench.running.stop().await;
}

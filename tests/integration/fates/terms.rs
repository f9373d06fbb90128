//! Steps that are sent on terms: for whom they are, and what they wait for.

use crate::trial::{Trial, Tried, brisk_target, scenario_within};
use chrono::{DateTime, TimeDelta, Utc};
use johndoe::model::{Arrival, Event, JourneyStep, ProbeIndex, Verdict};

/// Enrolled, and then this, due within eight seconds everywhere.
pub(super) fn scenario(count: u32, steps: &[&str]) -> String {
    let at = "expect: {at: {exchange: 8s, edi_834: 8s, issuer: 8s}}";
    let steps: Vec<String> = steps.iter().map(|step| format!("  - {{{step}, {at}}}\n")).collect();
    scenario_within("8s", "8s", "8s", "25%", count, "").replace("grace:", &format!("{}grace:", steps.concat()))
}

async fn run(count: u32, steps: &[&str]) -> Tried {
    Trial::given("").scenario(&scenario(count, steps)).target(&brisk_target()).run().await
}

/// When a household's step was to be sent, and when it was announced.
pub(super) fn sent(tried: &Tried, probe: u32, number: u16) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    tried.entries.iter().find_map(|entry| match &entry.event {
        Event::Sending { probe: of, action, intended_at, .. } if (of.0, action.number) == (probe, number) => {
            Some((*intended_at, entry.at))
        }
        _ => None,
    })
}

fn answered(tried: &Tried, probe: u32, number: u16) -> DateTime<Utc> {
    let is_it = |of: &ProbeIndex, action: &JourneyStep| (of.0, action.number) == (probe, number);
    let at = tried.entries.iter().find_map(|entry| match &entry.event {
        Event::Answered { probe: of, action, .. } if is_it(of, action) => Some(entry.at),
        _ => None,
    });
    at.expect("an answer")
}

/// When a household was first seen at a waypoint.
fn seen(tried: &Tried, probe: u32, waypoint: u16) -> DateTime<Utc> {
    let marker = &tried.markers()[&probe];
    let at = tried.entries.iter().find_map(|entry| match &entry.event {
        Event::Seen { sighting } if sighting.waypoint == waypoint => {
            let text = format!("{:?}", sighting.record);
            (text.contains(marker) || sighting.asked_for == Some(ProbeIndex(probe))).then_some(entry.at)
        }
        _ => None,
    });
    at.expect("a sighting")
}

pub(super) fn all_came(tried: &Tried) {
    let of = |arrival: Arrival| matches!(arrival, Arrival::OnTime | Arrival::NotDue);
    for probe in &tried.summary.probes {
        let all = probe.groups.iter().flat_map(|group| group.steps().flatten());
        let wrong: Vec<_> = all.filter(|at| !of(at.arrival)).map(|at| (at.name.clone(), at.step, at.arrival)).collect();
        assert_eq!((wrong, probe.good), (vec![], Some(true)), "{probe:#?}");
        assert!(probe.groups.iter().all(|group| group.cleanup == "gone"), "{probe:#?}");
    }
    assert_eq!(tried.summary.verdict, Verdict::Pass, "{:?}", tried.summary.reasons);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_is_sent_to_those_only_for_whom_it_is_and_all_is_good() {
    let tried = run(12, &["event: change_address, when: {children: 1..}", "event: pay, when: {index: ..5}"]).await;
    all_came(&tried);
    let mut passed_over = 0;
    for probe in &tried.summary.probes {
        let told: Vec<u16> = probe.passed_over.iter().map(|passed| passed.step.number).collect();
        for number in [1, 2] {
            let was_sent = sent(&tried, probe.index.0, number).is_some();
            assert_eq!(was_sent, !told.contains(&number), "{} at {number}", probe.index);
        }
        assert_eq!(told.contains(&2), probe.index.0 > 5);
        passed_over += told.len();
    }
    assert!(passed_over > 6, "somebody has no child: {passed_over}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_waits_for_the_answer_alone_overtakes_the_enrollment_and_both_are_waited_for() {
    let tried = run(8, &["event: change_address, after: answered"]).await;
    all_came(&tried);
    let overtook = (0..8).filter(|probe| {
        let (_, sent_at) = sent(&tried, *probe, 1).expect("everybody moves");
        assert!(sent_at >= answered(&tried, *probe, 0));
        sent_at < seen(&tried, *probe, 2)
    });
    assert!(overtook.count() > 2, "the issuer had not shown them when they moved");
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_that_follow_one_another_at_once_are_each_waited_for() {
    let steps = ["event: change_address, after: answered", "event: correct_person, after: answered"];
    let tried = run(8, &steps).await;
    all_came(&tried);
    for probe in 0..8 {
        assert!(sent(&tried, probe, 2).expect("sent").1 >= answered(&tried, probe, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_waits_for_the_waypoint_that_it_names_and_for_no_other() {
    let tried = run(6, &["event: change_address, after: {seen: edi_834}"]).await;
    all_came(&tried);
    for probe in 0..6 {
        assert!(sent(&tried, probe, 1).expect("sent").1 >= seen(&tried, probe, 1), "{probe} was seen in the files");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_counts_from_when_the_step_before_was_to_be_sent_and_limits_from_its_end() {
    let tried = run(6, &["event: change_address, after: 3s"]).await;
    all_came(&tried);
    for probe in &tried.summary.probes {
        let enrolled = sent(&tried, probe.index.0, 0).expect("sent").0;
        let (intended, sent_at) = sent(&tried, probe.index.0, 1).expect("sent");
        let pause = intended - enrolled;
        assert!(sent_at >= intended, "{sent_at} before {intended}");
        assert!(pause >= TimeDelta::seconds(3), "{pause}: never before");
        let due: Vec<_> = probe.groups[0].changes.iter().filter_map(|at| at.limit_at).collect();
        assert!(!due.is_empty());
        assert!(due.iter().all(|limit| *limit == intended + TimeDelta::seconds(8)), "{due:?} after {intended}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_waits_for_a_window_is_sent_when_that_has_passed() {
    let tried = run(4, &["event: change_address, after: {window: edi_834}"]).await;
    all_came(&tried);
    let windows = tried.plan.waypoints[1].windows.clone();
    for probe in 0..4 {
        let enrolled = sent(&tried, probe, 0).expect("sent").0;
        let limit = johndoe::model::Limit::Windows(1);
        let passed = johndoe::reconcile::limit_at(&limit, windows.as_ref(), tried.plan.zone, enrolled);
        assert!(sent(&tried, probe, 1).expect("sent").0 >= passed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_goes_on_waiting_for_the_same_moment_and_asks_nobody_twice() {
    let steps = ["event: change_address, after: 4s, when: {index: ..3}", "event: pay, after: answered"];
    let bench = Trial::given("").scenario(&scenario(6, &steps)).target(&brisk_target()).begin().await;
    let run = bench.start_and_stop(std::time::Duration::from_millis(1500)).await;
    bench.adopt(&run, bench.options).await;
    let tried = bench.judged(&run);
    all_came(&tried);
    for probe in 0..6 {
        let (enrolled, moved) = (sent(&tried, probe, 0).expect("sent").0, sent(&tried, probe, 1));
        assert_eq!(moved.is_some(), probe < 4, "{probe}");
        assert!(moved.is_none_or(|(intended, _)| intended - enrolled >= TimeDelta::seconds(4)));
        assert!(sent(&tried, probe, 2).is_some());
    }
    let sendings = tried.entries.iter().filter(|entry| matches!(entry.event, Event::Sending { .. })).count();
    assert_eq!(sendings, 6 + 4 + 6 + 6, "enrolled, moved, paid, taken out");
    bench.running.stop().await;
}

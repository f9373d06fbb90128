//! By what it is decided: the share itself, the widest interval that applies, or a sequential test.

use super::trial::{EDI, ISSUER, Trial, family, message, snapshot};
use johndoe::model::{Decide, Event, Objective, RateBy, Summary, Verdict};

/// So many households of which some are lost here and there, a healthy look long after their time, and the run over.
fn judged(households: u32, lost: u32, objective: Objective, ended: bool) -> Summary {
    judged_where(households, objective, ended, |index| index * lost % households < lost)
}

fn judged_where(households: u32, objective: Objective, ended: bool, is_lost: impl Fn(u32) -> bool) -> Summary {
    let mut trial = Trial::new();
    trial.plan.objective = objective;
    for index in 0..households {
        trial = trial.accepted(family(index));
        if !is_lost(index) {
            trial = trial.arrived(&family(index));
        }
    }
    let trial = trial.looked(900);
    if ended { trial.push(1000, Event::Finished).judged() } else { trial.judged() }
}

fn below(limit: f64, decide: Decide) -> Objective {
    Objective { error_rate_below: Some(limit), decide, ..Objective::default() }
}

fn verdict(households: u32, lost: u32, limit: f64) -> Verdict {
    judged(households, lost, below(limit, Decide::Interval), true).verdict
}

#[test]
fn the_whole_interval_decides_and_not_the_share() {
    assert_eq!(verdict(40, 0, 0.1), Verdict::Pass, "0 of 40: 8.8 % at most");
    assert_eq!(verdict(30, 0, 0.1), Verdict::Inconclusive, "0 of 30: up to 11.6 %");
    assert_eq!(verdict(40, 6, 0.1), Verdict::Inconclusive, "15 % found, and 5.7 % would fit");
    assert_eq!(verdict(40, 12, 0.1), Verdict::Fail, "30 % found, 16.6 % at least");
}

#[test]
fn plans_of_before_are_decided_by_the_share_itself() {
    let objective: Objective =
        serde_json::from_str(r#"{"error_rate_below": 0.1, "on_time_at_least": null, "confidence": 0.95}"#).unwrap();
    assert_eq!((objective.decide, objective.acceptable), (Decide::Estimate, None));
    assert_eq!(judged(40, 6, objective.clone(), true).verdict, Verdict::Fail);
    let stored = serde_json::to_value(&objective).unwrap();
    assert!(stored.get("decide").is_none() && stored.get("acceptable").is_none(), "{stored}");
}

#[test]
fn what_is_not_settled_says_how_many_more_would_settle_it() {
    let summary = judged(30, 0, below(0.1, Decide::Interval), true);
    let more = summary.error_rate.more_clean.expect("a number");
    assert!(
        summary.reasons[0].contains(&format!("{more} more without an error would prove it")),
        "{:?}",
        summary.reasons
    );
    let households = 30 + u32::try_from(more).unwrap();
    assert_eq!(verdict(households, 0, 0.1), Verdict::Pass);
    assert_eq!(verdict(households - 1, 0, 0.1), Verdict::Inconclusive);
}

#[test]
fn a_run_that_is_looked_at_before_its_end_is_held_against_the_interval_for_many_looks() {
    let [at_the_end, before] = [true, false].map(|ended| judged(45, 0, below(0.1, Decide::Interval), ended));
    assert_eq!(at_the_end.verdict, Verdict::Pass, "{:?}", at_the_end.reasons);
    assert_eq!(before.verdict, Verdict::Inconclusive, "{:?}", before.reasons);
    assert!(before.error_rate.widest.unwrap()[1] > at_the_end.error_rate.widest.unwrap()[1]);
    assert!(before.rests_on.contains("repeated looks") && !at_the_end.rests_on.contains("repeated looks"));
}

#[test]
fn the_share_on_time_is_held_against_an_interval_too() {
    let on_time = |households| {
        let objective = Objective { on_time_at_least: Some(0.9), decide: Decide::Interval, ..Objective::default() };
        judged(households, 0, objective, true).verdict
    };
    assert_eq!((on_time(30), on_time(40)), (Verdict::Inconclusive, Verdict::Pass));
    let objective = Objective { on_time_at_least: Some(0.9), decide: Decide::Interval, ..Objective::default() };
    let late = judged(40, 12, objective, true);
    assert!(late.reasons.iter().any(|reason| reason.contains("28 of 40 groups arrived on time")), "{:?}", late.reasons);
}

#[test]
fn a_sequential_test_stops_in_the_order_of_sending_and_never_beyond_the_first_that_is_not_known() {
    let objective = || Objective { acceptable: Some(0.01), ..below(0.2, Decide::Sequential) };
    // ln(19) / ln(0.99 / 0.8) = 13.8
    assert_eq!(judged(14, 0, objective(), true).verdict, Verdict::Pass);
    assert_eq!(judged(13, 0, objective(), true).verdict, Verdict::Inconclusive);
    let rejected = judged(14, 2, objective(), true);
    assert_eq!(rejected.verdict, Verdict::Fail, "ln(20) is 3.0: the first one rejects");
    assert!(rejected.reasons[0].contains("rejects after 1 households"), "{:?}", rejected.reasons);
    // the first is not known yet, and whatever came after it is not counted
    let mut trial = Trial::new();
    trial.plan.objective = objective();
    trial = trial.accepted(family(0));
    for index in 1..20 {
        trial = trial.accepted(family(index)).arrived(&family(index));
    }
    assert_eq!(trial.judged().verdict, Verdict::Inconclusive);
}

#[test]
fn twelve_lost_in_a_row_are_one_file_and_not_twelve_errors() {
    let mut trial = Trial::new();
    trial.plan.objective = below(0.1, Decide::Interval);
    // twenty files of two, and six of them never seen
    for index in 0..40 {
        let household = family(index);
        trial = trial.accepted(household.clone());
        if !(10..22).contains(&index) {
            let mut record = message(&household, 0);
            record.place.source = format!("OUT.{}", index / 2);
            trial = trial.seen(EDI, 20, record).seen(ISSUER, 40, snapshot(&household, 0));
        }
    }
    let summary = trial.looked(900).push(1000, Event::Finished).judged();
    let by_file = summary.error_rate.clustered.iter().find(|of| of.by == "file").expect("files");
    assert!(by_file.applies && by_file.with_errors == 1, "{by_file:?}");
    assert_eq!(summary.verdict, Verdict::Inconclusive, "{:?}", summary.reasons);
    assert!(summary.reasons[0].contains("errors come by file"), "{:?}", summary.reasons);
    assert!(summary.rests_on.contains("errors in clusters"), "{}", summary.rests_on);
}

#[test]
fn the_parts_add_up_to_the_whole() {
    let summary = judged(20, 3, Objective::default(), true);
    let of = |by| summary.rates.iter().filter(move |of| of.by == by);
    for by in [RateBy::Issuer, RateBy::Line] {
        let (errors, trials) = of(by).fold((0, 0), |sum, of| (sum.0 + of.rate.errors, sum.1 + of.rate.trials));
        assert_eq!((errors, trials), (summary.error_rate.errors, summary.error_rate.trials), "{by}");
    }
    let waypoints: Vec<_> = of(RateBy::Waypoint).map(|of| (of.of.as_str(), of.rate.errors, of.rate.trials)).collect();
    assert_eq!(waypoints.iter().map(|(_, errors, _)| *errors).max(), Some(3), "{waypoints:?}");
    assert!(summary.rests_on.contains("20 enrollment groups of 20 households"), "{}", summary.rests_on);
}

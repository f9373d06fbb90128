//! A wall clock that was set between two processes accuses nobody; what one process saw is judged by its own time.

use super::trial::{EDI, ISSUER, Trial, at, family, findings, hop, message, snapshot};
use johndoe::model::{Arrival, Event, Verdict};

/// A first process, and everybody sent.
fn sent() -> Trial {
    began(Trial::new(), 0, (1, 0)).accepted(family(0))
}

/// Another process takes the run up.
fn began(trial: Trial, seconds: i64, (epoch, wall): (u32, i64)) -> Trial {
    trial.push(seconds, Event::Began { epoch, wall_at: at(wall), uptime: None })
}

#[test]
fn what_is_seen_after_the_clock_was_set_back_is_undecided_and_in_no_order_wrong() {
    let household = family(0);
    let trial = began(sent(), 50, (2, -3600));
    let trial = trial.seen(EDI, 60, message(&household, 0)).seen(ISSUER, 300, snapshot(&household, 0));
    let summary = trial.judged();
    let probe = &summary.probes[0];
    assert_eq!(hop(probe, EDI).arrival, Arrival::Undecided);
    assert_eq!(
        (probe.good, findings(probe)),
        (Some(false), vec![]),
        "200 s of one process are late, whatever was before"
    );
    assert_eq!(hop(probe, ISSUER).arrival, Arrival::Late);
    let soon = began(sent(), 50, (2, -3600));
    let soon = soon.seen(EDI, 60, message(&household, 0)).seen(ISSUER, 100, snapshot(&household, 0)).judged();
    assert_eq!(hop(&soon.probes[0], ISSUER).arrival, Arrival::Undecided);
    assert_eq!((soon.probes[0].good, soon.counts.undecided, soon.error_rate.errors), (None, 1, 0));
    assert_ne!(soon.verdict, Verdict::Fail);
    assert!(soon.reasons.iter().any(|reason| reason.contains("the wall clock had been set")), "{:?}", soon.reasons);
}

#[test]
fn a_latency_across_the_step_is_only_known_to_be_longer_than_until_then() {
    let household = family(0);
    let known = sent().arrived(&household).judged();
    assert_eq!(known.waypoints[1].latency_seconds.p50, Some([30.0, 40.0]));
    let trial = began(sent().seen(EDI, 20, message(&household, 0)), 25, (2, -3600));
    let across = trial.seen(ISSUER, 40, snapshot(&household, 0)).judged();
    assert_eq!(hop(&across.probes[0], EDI).arrival, Arrival::OnTime, "it was seen before");
    assert_eq!(across.waypoints[1].latency_seconds.p50, None);
}

#[test]
fn a_clock_set_forward_makes_nobody_missing_and_a_loss_is_found_by_the_new_process() {
    let stepped = Event::ClockStepped { from: at(40), to: at(3640) };
    let trial = began(sent().push(40, stepped), 3650, (2, 3650)).looked(3660);
    let mut trial = trial;
    trial.now = at(3670);
    assert_eq!(hop(&trial.probe(), ISSUER).arrival, Arrival::Pending, "ten seconds of one process prove nothing");
    let mut lost = trial.looked(3850);
    lost.now = at(3860);
    assert_eq!(hop(&lost.probe(), ISSUER).arrival, Arrival::Missing);
}

#[test]
fn what_was_decided_before_the_clock_was_set_stays_decided() {
    let missing = began(sent().looked(200), 300, (2, -3600));
    assert_eq!(hop(&missing.probe(), ISSUER).arrival, Arrival::Missing);
    assert_eq!(hop(&missing.looked(310).probe(), ISSUER).arrival, Arrival::Missing);
    let household = family(0);
    let good = began(sent().arrived(&household), 300, (2, -3600));
    assert_eq!(good.probe().good, Some(true));
}

//! The first premium is paid: who shows it, and what it leaves alone.

use super::trial::{EDI, ISSUER, Trial, answered, at, clean, family, findings, moved, snapshot};
use johndoe::model::{
    Arrival, Captures, Event, Field, GroupAtWaypoint, GroupRecord, JourneyStep, LifeEvent, Phase, ProbeIndex,
    ProbeSummary, RecordKind, Submission, Verdict,
};

const PAY: JourneyStep = JourneyStep { number: 1, event: LifeEvent::Pay };
const MOVE: JourneyStep = JourneyStep { number: 2, event: LifeEvent::ChangeAddress };

impl Trial {
    fn steps(self, seconds: i64, action: JourneyStep) -> Self {
        let probe = ProbeIndex(0);
        let sending = Event::Sending { probe, action, intended_at: at(seconds), tells_commit: false };
        let taken = answered(probe, action, Submission::Accepted, Captures::default());
        self.push(seconds, sending).push(seconds + 1, taken)
    }

    fn replaces(self, seconds: i64, record: GroupRecord) -> Self {
        self.gone(seconds, 0).seen(ISSUER, seconds, record)
    }
}

/// What the issuer shows, in a status.
fn state(status: &str, mut record: GroupRecord) -> GroupRecord {
    record.facts.set(Field::PolicyStatus, status);
    record
}

/// Enrolled, and shown as not paid; then paid after 300 seconds.
fn paid(more: &[LifeEvent]) -> Trial {
    let mut trial = Trial::new().accepted(family(0));
    trial.plan.changes = [LifeEvent::Pay].iter().chain(more).map(|event| (*event).into()).collect();
    let enrolled = super::trial::message(&family(0), 0);
    let trial = trial.seen(EDI, 20, enrolled).seen(ISSUER, 40, state("initial", snapshot(&family(0), 0)));
    trial.phase_ended(290, Phase::Watch).steps(300, PAY)
}

fn step(probe: &ProbeSummary, step: JourneyStep, waypoint: &str) -> GroupAtWaypoint {
    let all = &probe.groups[0].changes;
    all.iter().find(|at| at.step == Some(step) && at.name.as_str() == waypoint).expect("judged there").clone()
}

fn looked(seconds: i64) -> Event {
    Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at: at(seconds) }
}

#[test]
fn a_payment_is_due_where_a_state_is_shown_and_the_exchange_tells_nobody_of_it() {
    let shown = paid(&[]).replaces(330, state("effectuated", snapshot(&family(0), 0)));
    let summary = shown.push(900, Event::Finished).judged();
    let probe = &summary.probes[0];
    assert_eq!(step(probe, PAY, "issuer").arrival, Arrival::OnTime);
    assert_eq!(step(probe, PAY, "edi_834").arrival, Arrival::NotDue, "no 834 leaves the exchange for a payment");
    assert_eq!((findings(probe), probe.good, summary.verdict), (vec![], Some(true), Verdict::Pass));
}

#[test]
fn a_payment_that_leaves_the_policy_as_it_was_is_missing_and_another_status_is_altered() {
    let probe = paid(&[]).push(600, looked(600)).push(900, Event::Finished).probe();
    assert_eq!((step(&probe, PAY, "issuer").arrival, probe.good), (Arrival::Missing, Some(false)));
    assert_eq!(probe.first_divergent_hop.as_deref(), Some("issuer"));
    let probe =
        paid(&[]).replaces(330, state("terminated", snapshot(&family(0), 0))).push(900, Event::Finished).probe();
    assert_eq!(probe.good, Some(false), "{:?}", probe.groups[0].changes);
}

#[test]
fn a_message_is_never_of_a_payment_and_the_status_stays_what_the_payment_left() {
    let mut told = clean(&moved(&family(0)), 0, RecordKind::Maintenance);
    told.place.interchange = Some("000000003".into());
    told.facts.set(Field::ChangeEffective, family(0).coverage_begin);
    told.facts.set(Field::TransactionReason, "residence_change");
    let lived = |status: &str| {
        let trial = paid(&[LifeEvent::ChangeAddress]).replaces(330, state("effectuated", snapshot(&family(0), 0)));
        let trial = trial.steps(400, MOVE).seen(EDI, 420, told.clone());
        trial.replaces(430, state(status, snapshot(&moved(&family(0)), 0))).push(900, Event::Finished).probe()
    };
    let probe = lived("effectuated");
    assert_eq!(
        (step(&probe, MOVE, "edi_834").arrival, step(&probe, MOVE, "issuer").arrival),
        (Arrival::OnTime, Arrival::OnTime)
    );
    assert_eq!((findings(&probe), probe.good), (vec![], Some(true)), "{:#?}", probe.groups[0].changes);
    let probe = lived("initial");
    let differing: Vec<_> = step(&probe, MOVE, "issuer").discrepancies.iter().map(|d| d.field).collect();
    assert_eq!((differing, probe.good), (vec![Field::PolicyStatus], Some(false)));
}

#[test]
fn where_nothing_can_be_told_of_a_payment_nothing_is_missing_and_a_word_that_nobody_knows_is_blind() {
    let shown_as = |status: &str| {
        let mut trial = Trial::new().accepted(family(0));
        trial.plan.changes = vec![LifeEvent::Pay.into()];
        let enrolled = super::trial::message(&family(0), 0);
        let mut shown = state(status, snapshot(&family(0), 0));
        if status == "20" {
            shown.facts.mark_unread(Field::PolicyStatus);
        }
        let trial = trial.seen(EDI, 20, enrolled).seen(ISSUER, 40, shown);
        trial.phase_ended(290, Phase::Watch).steps(300, PAY).push(600, looked(600)).push(900, Event::Finished)
    };
    // it says from the first that the policy is in force, and goes on saying so
    assert_eq!(step(&shown_as("effectuated").probe(), PAY, "issuer").arrival, Arrival::NotDue);
    let strange = shown_as("20").judged();
    let at_issuer = step(&strange.probes[0], PAY, "issuer");
    assert_eq!((at_issuer.arrival, strange.verdict), (Arrival::Blind, Verdict::Blind), "{:?}", strange.reasons);
    assert!(strange.reasons.join(" ").contains("the status `20` at `issuer`"), "{:?}", strange.reasons);
}

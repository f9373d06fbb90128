//! What receivers say of our messages: accepted, rejected, silent, and not asked.

use super::trial::{EDI, ISSUER, Trial, at, cancellation, family, findings, hop, message, snapshot};
use johndoe::model::{
    Acknowledgement, Arrival, CoverageLine, Event, Existence, FeedKind, FieldSet, FindingKind, GroupRecord, Household,
    Integrity, Place, ProbeIndex, RecordKind, Submission, WaypointName,
};

const ACK: u16 = 2;

/// A trial whose 834 files are acknowledged in a third place.
fn trial() -> Trial {
    let mut trial = Trial::new();
    let mut waypoint = trial.plan.waypoints[usize::from(EDI)].clone();
    waypoint.name = WaypointName::new("ack");
    (waypoint.feed, waypoint.shows) = (FeedKind::Ack, FieldSet::EMPTY);
    waypoint.acknowledges = Some(WaypointName::new("edi_834"));
    trial.plan.waypoints.push(waypoint);
    trial
}

fn sent(household: &Household) -> Trial {
    trial().accepted(household.clone()).arrived(household)
}

fn acknowledged(seconds: i64, record: &GroupRecord, words: &str) -> Event {
    let acknowledgement = Acknowledgement {
        waypoint: ACK,
        probe: ProbeIndex(0),
        kind: record.kind,
        message: record.place.clone(),
        is_accepted: words.contains("accepted"),
        is_repetition: words.contains("[025]"),
        words: words.to_owned(),
        last_absent_at: Some(at(seconds - 10)),
        first_seen_at: at(seconds),
        place: Place { source: format!("{seconds}.999"), segment: Some(3), ..Place::default() },
    };
    Event::Acknowledged { acknowledgement: Box::new(acknowledgement) }
}

fn looked(seconds: i64) -> Event {
    Event::Looked { probe: None, waypoint: ACK, looked_at: at(seconds) }
}

#[test]
fn domain_7_7_an_accepted_message_is_on_time_and_good() {
    let household = family(0);
    let trial = sent(&household).push(60, acknowledged(60, &message(&household, 0), "transaction set accepted"));
    let probe = trial.probe();
    let here = hop(&probe, ACK);
    assert_eq!((here.arrival, here.integrity), (Arrival::OnTime, Some(Integrity::Intact)));
    assert_eq!((here.first_seen_at, here.place.as_deref()), (Some(at(60)), Some("60.999 segment 3")));
    assert!(findings(&probe).is_empty() && probe.good == Some(true), "{probe:?}");
    let summary = trial.judged();
    assert!(summary.waypoints[usize::from(ACK)].not_compared.is_empty(), "an acknowledgement has no fields to miss");
}

#[test]
fn an_application_whose_message_was_acknowledged_exists_whatever_was_answered() {
    let unanswered = trial().sent(family(0), Some(Submission::Indeterminate));
    assert_eq!(unanswered.probe().existence, Existence::Unknown);
    let told = acknowledged(60, &message(&family(0), 0), "transaction set accepted");
    assert_eq!(unanswered.push(60, told).probe().existence, Existence::Seen);
}

#[test]
fn domain_7_7_a_rejected_message_is_an_error_at_the_acknowledgement() {
    let household = family(0);
    let words = "transaction set rejected: one or more segments are in error [5]; segment 9 (DMG): date is invalid [8]";
    let trial = trial().accepted(household.clone()).seen(EDI, 20, message(&household, 0));
    let trial = trial.push(60, acknowledged(60, &message(&household, 0), words)).looked(500);
    let probe = trial.probe();
    assert_eq!(findings(&probe), [(FindingKind::RejectedByAck, "ack")]);
    assert!(probe.findings[0].detail.starts_with(words), "{}", probe.findings[0].detail);
    assert_eq!((hop(&probe, ACK).arrival, hop(&probe, ACK).integrity), (Arrival::OnTime, None));
    assert_eq!(probe.good, Some(false));
    // The record is missing at the issuer, which is one waypoint earlier in this plan.
    assert_eq!(probe.first_divergent_hop.as_deref(), Some("issuer"));
    assert_eq!(trial.judged().counts.rejected_by_ack, 1);
}

#[test]
fn a_rejection_is_where_it_went_wrong_first_even_where_the_issuer_has_the_record() {
    let household = family(0);
    let probe = sent(&household).push(60, acknowledged(60, &message(&household, 0), "TA1 rejected")).probe();
    assert_eq!((probe.first_divergent_hop.as_deref(), probe.good), (Some("ack"), Some(false)));
}

#[test]
fn silence_is_pending_then_missing_and_blindness_is_neither() {
    let household = family(0);
    let arrival = |trial: Trial| hop(&trial.probe(), ACK).arrival;
    assert_eq!(arrival(sent(&household).push(150, looked(150))), Arrival::Pending, "the grace is 100 s more");
    let silent = sent(&household).push(250, looked(250));
    assert_eq!(arrival(silent.clone()), Arrival::Missing);
    assert_eq!(silent.probe().first_divergent_hop.as_deref(), Some("ack"));
    let blind = Event::Blind {
        waypoint: ACK,
        issuer: None,
        probe: None,
        from: at(60),
        until: at(900),
        reason: "folder `acks` cannot be read".into(),
    };
    assert_eq!(arrival(sent(&household).push(60, blind)), Arrival::Blind);
}

#[test]
fn what_was_never_sent_on_is_not_due() {
    let household = family(0);
    let trial = trial()
        .accepted(household.clone())
        .seen(ISSUER, 40, snapshot(&household, 0))
        .looked(500)
        .push(500, looked(500));
    let probe = trial.probe();
    assert_eq!(hop(&probe, ACK).arrival, Arrival::NotDue);
    assert_eq!(probe.first_divergent_hop.as_deref(), Some("edi_834"));
}

#[test]
fn a_late_acknowledgement_is_late() {
    let household = family(0);
    let probe = sent(&household).push(160, acknowledged(160, &message(&household, 0), "accepted")).probe();
    assert_eq!(hop(&probe, ACK).arrival, Arrival::Late);
}

#[test]
fn each_group_has_its_own_message_and_its_own_answer() {
    let mut household = family(0);
    household.lines = vec![CoverageLine::Medical, CoverageLine::Dental];
    let trial = sent(&household)
        .push(60, acknowledged(60, &message(&household, 0), "accepted"))
        .push(70, acknowledged(70, &message(&household, 1), "rejected"))
        .push(250, looked(250));
    let probe = trial.probe();
    let arrivals: Vec<_> = probe.groups.iter().map(|group| group.waypoints[usize::from(ACK)].integrity).collect();
    assert_eq!(arrivals, [Some(Integrity::Intact), None]);
    assert_eq!(findings(&probe), [(FindingKind::RejectedByAck, "ack")]);
    let summary = trial.judged();
    assert_eq!((summary.counts.good, summary.error_rate.errors, summary.error_rate.trials), (1, 1, 2));
}

#[test]
fn an_answer_to_the_cancellation_answers_no_enrollment() {
    let household = family(0);
    let cancelled = cancellation(&household, 0);
    assert_eq!(cancelled.kind, RecordKind::Cancellation);
    let trial = sent(&household)
        .cancelled(300, 0)
        .seen(EDI, 320, cancelled.clone())
        .push(330, acknowledged(330, &cancelled, "rejected"))
        .push(400, looked(400));
    let probe = trial.probe();
    assert_eq!(hop(&probe, ACK).arrival, Arrival::Missing);
    assert!(findings(&probe).iter().all(|(kind, _)| *kind != FindingKind::RejectedByAck), "{probe:?}");
}

#[test]
fn a_cancellation_that_was_refused_takes_nobody_out() {
    let household = family(0);
    let cancelled = cancellation(&household, 0);
    let trial = sent(&household)
        .push(60, acknowledged(60, &message(&household, 0), "accepted"))
        .cancelled(300, 0)
        .seen(EDI, 320, cancelled.clone())
        .gone(330, 0)
        .looked(330);
    assert_eq!(trial.probe().groups[0].cleanup, "gone");
    let probe = trial.push(340, acknowledged(340, &cancelled, "transaction set rejected")).probe();
    assert_eq!(probe.groups[0].cleanup, "residue");
    let [residue] = probe.findings.as_slice() else { panic!("one finding: {probe:?}") };
    assert_eq!((residue.kind, residue.waypoint.as_str()), (FindingKind::Residue, "edi_834"));
    assert!(residue.detail.contains("refused the cancellation: transaction set rejected"), "{}", residue.detail);
    assert_eq!(probe.good, Some(true), "the enrollment itself was taken");
}

#[test]
fn the_order_of_entries_does_not_matter_and_a_group_of_the_household_is_cleaned_without_its_acknowledgement() {
    let household = family(0);
    let answered = acknowledged(60, &message(&household, 0), "accepted");
    let trial = sent(&household)
        .push(60, answered)
        .cancelled(300, 0)
        .seen(EDI, 320, cancellation(&household, 0))
        .gone(330, 0)
        .looked(330);
    let mut reversed = trial.clone();
    let last = reversed.entries.len() - 1;
    reversed.entries.swap(3, last);
    assert_eq!(trial.probe(), reversed.probe());
    assert_eq!(trial.probe().groups[0].cleanup, "gone");
}

/// A file that was accepted, and again under another name, refused because its control number had come before. The receiver
/// names the number only: what it says is said of both.
fn replayed(seconds: i64) -> Trial {
    let household = family(0);
    let mut copy = message(&household, 0);
    copy.place.source = "again.edi".into();
    let refusal = "TA1 rejected: control number has been used before (ISA13) [025]";
    sent(&household)
        .push(60, acknowledged(60, &message(&household, 0), "accepted"))
        .seen(EDI, seconds, copy.clone())
        .push(seconds + 10, acknowledged(60, &copy, "accepted"))
        .push(seconds + 10, acknowledged(seconds + 10, &message(&household, 0), refusal))
        .push(seconds + 10, acknowledged(seconds + 10, &copy, refusal))
}

#[test]
fn domain_7_5_the_refusal_of_a_replayed_file_is_not_said_of_the_message_that_was_accepted() {
    let probe = replayed(80).probe();
    assert_eq!(findings(&probe), [(FindingKind::Duplicated, "edi_834")]);
    assert_eq!((hop(&probe, ACK).arrival, hop(&probe, ACK).integrity), (Arrival::OnTime, Some(Integrity::Intact)));
    // seen at one look, the two answers have no order
    let household = family(0);
    let refusal = acknowledged(60, &message(&household, 0), "TA1 rejected [025]");
    let both = sent(&household).push(60, refusal.clone());
    let both = both.push(60, acknowledged(60, &message(&household, 0), "accepted")).probe();
    assert!(findings(&both).is_empty() && hop(&both, ACK).integrity == Some(Integrity::Intact), "{both:?}");
    let alone = sent(&household).push(60, refusal).probe();
    assert_eq!(findings(&alone), [(FindingKind::RejectedByAck, "ack")], "nobody had accepted it");
}

#[test]
fn who_was_accepted_and_replayed_is_still_there_until_the_cancellation_comes() {
    let cleaned =
        |trial: Trial| trial.phase_ended(700, johndoe::model::Phase::Cleanup).probe().groups[0].cleanup.clone();
    let cancelled = replayed(80).cancelled(300, 0).gone(330, 0).looked(330);
    assert_eq!(cleaned(cancelled.clone()), "residue");
    assert_eq!(cleaned(cancelled.seen(EDI, 320, cancellation(&family(0), 0))), "gone");
}

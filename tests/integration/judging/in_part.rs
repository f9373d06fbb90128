//! What got no trustworthy answer: shown anywhere, it was taken, and whatever does not come behind is lost; left in the middle, it may have
//! asked for a part alone.

use super::trial::{
    EDI, ISSUER, Trial, answered, at, cancellation, clean, differing, family, hop, message, moved, snapshot,
};
use johndoe::model::{
    Arrival, Captures, CoverageLine, Event, Field, GroupAtWaypoint, GroupRecord, JourneyStep, LifeEvent, Phase,
    Portion, ProbeIndex, ProbeSummary, RecordKind, Submission, Verdict,
};

const MOVE: JourneyStep = JourneyStep { number: 1, event: LifeEvent::ChangeAddress };

fn looked(waypoint: u16, seconds: i64) -> Event {
    Event::Looked { probe: (waypoint == ISSUER).then_some(ProbeIndex(0)), waypoint, looked_at: at(seconds) }
}

fn change(probe: &ProbeSummary, waypoint: &str) -> GroupAtWaypoint {
    probe.groups[0].changes.iter().find(|at| at.name.as_str() == waypoint).expect("judged there").clone()
}

/// Enrolled and well, then a change of address that was answered 502.
fn doubtful_change() -> Trial {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0));
    trial.plan.changes = vec![MOVE.event.into()];
    trial.phase_ended(290, Phase::Watch).change_sent(300, 0, Some(Submission::Indeterminate))
}

fn told_moved() -> GroupRecord {
    let mut told = clean(&moved(&family(0)), 0, RecordKind::Maintenance);
    told.facts.set(Field::ChangeEffective, family(0).coverage_begin);
    told.facts.set(Field::TransactionReason, "residence_change");
    told
}

#[test]
fn a_change_without_an_answer_that_the_file_tells_and_the_issuer_does_not_show_is_lost_there() {
    let told = doubtful_change().seen(EDI, 320, told_moved());
    let probe = told.push(800, looked(ISSUER, 800)).push(900, Event::Finished).probe();
    assert_eq!(
        (change(&probe, "edi_834").arrival, change(&probe, "issuer").arrival),
        (Arrival::OnTime, Arrival::Missing)
    );
    assert_eq!(probe.good, Some(false));
    let nowhere =
        doubtful_change().push(800, looked(ISSUER, 800)).push(800, looked(EDI, 800)).push(900, Event::Finished);
    assert_eq!(change(&nowhere.probe(), "issuer").arrival, Arrival::Pending, "nobody knows whether it was taken");
}

#[test]
fn what_shows_the_new_beside_the_old_may_be_half_of_a_change_that_was_left_in_the_middle() {
    let mut half = snapshot(&moved(&family(0)), 0);
    for (member, was) in half.members.iter_mut().zip(&snapshot(&family(0), 0).members) {
        member.set_or_absent(Field::Street1, was.value(Field::Street1).cloned());
    }
    let trial = doubtful_change().gone(330, 0).seen(ISSUER, 330, half);
    let probe = trial.push(800, looked(ISSUER, 800)).push(900, Event::Finished).probe();
    let at_issuer = change(&probe, "issuer");
    assert_eq!((at_issuer.arrival, at_issuer.discrepancies.len()), (Arrival::Pending, 0), "{at_issuer:?}");
}

#[test]
fn a_cancellation_without_an_answer_that_the_file_tells_is_ignored_by_who_still_shows_the_household() {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0));
    trial.plan.cancel_is_probed = true;
    let trial = trial.phase_ended(290, Phase::Watch).cancel_answered(300, 0, Submission::Indeterminate);
    let told = trial.seen(EDI, 320, cancellation(&family(0), 0));
    let summary =
        told.push(900, looked(ISSUER, 900)).phase_ended(950, Phase::Cleanup).push(951, Event::Finished).judged();
    assert_eq!((summary.probes[0].good, summary.verdict), (Some(false), Verdict::Fail), "{:?}", summary.reasons);
    assert!(!summary.reasons.join(" ").contains("nobody knows whether the exchange took it"), "{:?}", summary.reasons);
}

/// Two plans asked for one by one; the first was answered 502, and is shown all the same.
fn first_of_two(begun: &[CoverageLine]) -> Trial {
    let mut household = family(0);
    household.lines = vec![CoverageLine::Medical, CoverageLine::Dental];
    let mut trial = Trial::new().sent(household.clone(), None);
    for line in begun {
        let portion = Portion { is_one_of_several: true, line: Some(*line) };
        let (probe, action) = (ProbeIndex(0), JourneyStep::ENROLL);
        trial =
            trial.push(1, Event::Committing { probe, action, portion, captures: super::trial::captures(&household) });
    }
    let given_up = answered(ProbeIndex(0), JourneyStep::ENROLL, Submission::Indeterminate, Captures::default());
    let trial = trial.push(2, given_up).seen(EDI, 20, message(&household, 0)).seen(ISSUER, 40, snapshot(&household, 0));
    trial.push(800, looked(ISSUER, 800)).push(800, looked(EDI, 800)).push(900, Event::Finished)
}

#[test]
fn a_plan_for_which_nobody_was_asked_is_due_nowhere_and_one_of_which_nobody_knows_is_undecided() {
    use CoverageLine::{Dental, Medical};
    for (begun, expected) in [(&[Medical][..], Arrival::NotDue), (&[Medical, Dental], Arrival::Undecided)] {
        let summary = first_of_two(begun).judged();
        let groups = &summary.probes[0].groups;
        let arrivals = |at: usize| groups[at].waypoints.iter().map(|at| at.arrival).collect::<Vec<_>>();
        assert_eq!((arrivals(0), arrivals(1)), (vec![Arrival::OnTime; 2], vec![expected; 2]), "{begun:?}");
        assert_ne!(summary.verdict, Verdict::Fail, "{:?}", summary.reasons);
        let reasons = summary.reasons.join("\n");
        assert!(!reasons.contains("between two looks") && !reasons.contains("a record was found"), "{reasons}");
        assert_eq!(reasons.contains("nobody knows whether the exchange took"), begun.len() == 2, "{reasons}");
    }
}

#[test]
fn a_policy_that_was_refused_after_another_was_taken_arrived_between_no_looks() {
    use CoverageLine::{Dental, Medical};
    for begun in [&[Medical][..], &[Medical, Dental]] {
        let mut trial = first_of_two(begun);
        trial.plan.objective.on_time_at_least = Some(0.99);
        let reasons = trial.judged().reasons.join("\n");
        assert!(!reasons.contains("between two looks"), "{reasons}");
    }
}

#[test]
fn people_whom_no_request_may_have_named_are_not_missed_until_somebody_shows_them() {
    let trial = |in_file: usize, is_one_of_several: bool, are_told: bool| {
        let trial = Trial::new().sent(family(0), None);
        let (probe, action, portion) = (ProbeIndex(0), JourneyStep::ENROLL, Portion { is_one_of_several, line: None });
        let mut captures = super::trial::captures(&family(0));
        if !are_told {
            captures.members.clear();
        }
        let given_up = answered(probe, action, Submission::Indeterminate, Captures::default());
        let (mut told, mut shown) = (message(&family(0), 0), snapshot(&family(0), 0));
        told.members.truncate(in_file);
        shown.members.truncate(1);
        let trial = trial.push(1, Event::Committing { probe, action, portion, captures }).push(2, given_up);
        trial.seen(EDI, 20, told).seen(ISSUER, 40, shown).push(900, Event::Finished).probe()
    };
    let lacks = |probe: &ProbeSummary, at: u16| {
        differing(probe, at).into_iter().filter(|(_, field)| *field == Field::MemberEnrolled).count()
    };
    let people = family(0).people.len();
    let alone = trial(1, true, false);
    assert_eq!((lacks(&alone, EDI), lacks(&alone, ISSUER)), (0, 0), "{:?}", hop(&alone, EDI));
    for at in [EDI, ISSUER] {
        assert_eq!((hop(&alone, at).arrival, hop(&alone, at).integrity), (Arrival::Undecided, None));
        let why = hop(&alone, at).not_found.clone().unwrap_or_default();
        assert!(why.contains("2 Sean O'Neal is not found, nor 1 more") && why.contains("was asked for it"), "{why}");
    }
    assert_eq!(alone.good, None, "whom nobody looked for is not there by that");
    let whole_in_the_file = trial(people, true, false);
    assert_eq!((lacks(&whole_in_the_file, EDI), lacks(&whole_in_the_file, ISSUER)), (0, people - 1));
    let in_one_request = trial(1, false, false);
    assert_eq!((lacks(&in_one_request, EDI), lacks(&in_one_request, ISSUER)), (people - 1, people - 1));
    let with_ids = trial(1, true, true);
    assert_eq!(
        (lacks(&with_ids, EDI), lacks(&with_ids, ISSUER)),
        (people - 1, people - 1),
        "whose id was told was asked for"
    );
}

//! Households that resemble each other, and a change of one that the other received.

use super::trial::{EDI, ISSUER, Trial, after, clean, family, findings, snapshot};
use johndoe::model::{
    Change, Correction, Event, Field, FindingKind, GroupRecord, Household, JourneyStep, LifeEvent, Phase, ProbeSummary,
    RecordKind, Submission,
};

fn corrected() -> Change {
    Change { event: LifeEvent::CorrectPerson, what: Some(Correction::BirthDate), to: None, how: None }
}

/// Somebody else of the same names and birth dates, at another address.
fn double() -> Household {
    let mut double = family(1);
    for (own, of) in double.people.iter_mut().zip(family(0).people) {
        own.birth_date = of.birth_date;
    }
    double.address.street_1 = "99 Other Street".into();
    double
}

/// Both are in, and a birth date of the first is corrected.
fn corrected_of_one() -> Trial {
    let mut trial = Trial::new().accepted(family(0)).accepted(double()).arrived(&family(0)).arrived(&double());
    trial.plan.count = 2;
    trial.plan.changes = vec![corrected()];
    let step = JourneyStep::new(1, LifeEvent::CorrectPerson);
    trial.phase_ended(290, Phase::Watch).step_sent(300, step, Submission::Accepted)
}

/// The message of the change.
fn told(household: &Household) -> GroupRecord {
    let mut record = clean(household, 0, RecordKind::Maintenance);
    record.place.interchange = Some("000000101".into());
    record.facts.set(Field::ChangeEffective, household.coverage_begin);
    record
}

/// What the second one shows with the birth date of the first.
fn with_the_others(mut record: GroupRecord) -> GroupRecord {
    record.members[0].set(Field::BirthDate, after(&family(0), &[corrected()]).people[0].birth_date);
    record
}

fn wrong_at(probe: &ProbeSummary) -> Vec<&str> {
    let wrong = findings(probe).into_iter().filter(|(kind, _)| *kind == FindingKind::WrongMember);
    wrong.map(|(_, at)| at).collect()
}

#[test]
fn a_correction_that_another_household_received_is_told_of_both() {
    let trial = corrected_of_one();
    let trial = trial.seen(EDI, 320, with_the_others(told(&double())));
    let trial = trial.gone(330, 1).seen(ISSUER, 330, with_the_others(snapshot(&double(), 0)));
    let summary = trial.looked(600).push(601, Event::Finished).judged();
    for probe in &summary.probes {
        assert_eq!((wrong_at(probe), probe.good), (vec!["edi_834", "issuer"], Some(false)), "{probe:#?}");
    }
    let detail = |probe: usize| {
        let mut findings = summary.probes[probe].findings.iter();
        &findings.find(|found| found.kind == FindingKind::WrongMember).unwrap().detail
    };
    assert!(detail(0).contains("stands with 1 Mary O'Neal of probe 1"), "{}", detail(0));
    assert!(detail(1).contains("is what 1 Mary O'Neal of probe 0 has now"), "{}", detail(1));
}

#[test]
fn who_received_their_own_change_is_not_said_to_have_lost_it_to_another() {
    // the change came where it belongs; that the other's record is wrong in the same way is a difference of theirs
    let right = after(&family(0), &[corrected()]);
    let trial = corrected_of_one().seen(EDI, 320, told(&right)).gone(330, 0).seen(ISSUER, 330, snapshot(&right, 0));
    let clean = trial.clone().looked(600).judged();
    assert!(clean.probes.iter().all(|probe| findings(probe).is_empty()), "{:#?}", clean.probes);
    let trial = trial.gone(340, 1).seen(ISSUER, 340, with_the_others(snapshot(&double(), 0)));
    assert!(trial.looked(600).judged().probes.iter().all(|probe| wrong_at(probe).is_empty()));
}

#[test]
fn what_a_household_is_to_have_itself_is_nobody_elses() {
    let mut other = double();
    other.people[0].birth_date = after(&family(0), &[corrected()]).people[0].birth_date;
    let mut trial = Trial::new().accepted(family(0)).accepted(other.clone()).arrived(&family(0));
    trial.plan.count = 2;
    trial.plan.changes = vec![corrected()];
    let step = JourneyStep::new(1, LifeEvent::CorrectPerson);
    let trial = trial.phase_ended(290, Phase::Watch).step_sent(300, step, Submission::Accepted);
    let trial = trial.seen(EDI, 320, clean(&other, 0, RecordKind::InitialEnrollment));
    let summary = trial.seen(ISSUER, 330, snapshot(&other, 0)).looked(600).judged();
    assert!(summary.probes.iter().all(|probe| wrong_at(probe).is_empty()), "{:#?}", summary.probes);
}

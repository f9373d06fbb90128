//! What the exchange's own answer says that it enrolled otherwise than it was asked for.

use super::trial::{EDI, ISSUER, Trial, answered, captures, clean, family, findings, plans};
use johndoe::model::{
    Event, Field, FieldSet, FindingKind, JourneyStep, ProbeIndex, ProbeSummary, RecordKind, Submission, Value,
};
use johndoe::reconcile::expect;

/// The exchange tells this of the plan or the first day, and all that comes behind is as it told.
fn told(field: Field, value: &str, change: impl FnOnce(&mut Trial)) -> ProbeSummary {
    let household = family(0);
    let mut captures = captures(&household);
    for group in &mut captures.groups {
        group.facts.set(field, Value::parse(field, value));
    }
    let probe = ProbeIndex(0);
    let expected = expect(&household, &plans(&household), &captures).groups.remove(0);
    let shown = |kind| {
        let mut record = clean(&household, 0, kind);
        (record.facts, record.members) = (expected.facts.clone(), expected.members.clone());
        record
    };
    let mut trial = Trial::new().sent(household.clone(), None);
    change(&mut trial);
    let trial = trial.push(1, answered(probe, JourneyStep::ENROLL, Submission::Accepted, captures));
    let trial = trial.seen(EDI, 20, shown(RecordKind::InitialEnrollment)).seen(ISSUER, 40, shown(RecordKind::Snapshot));
    trial.push(900, Event::Finished).probe()
}

#[test]
fn another_plan_or_first_day_in_the_exchanges_answer_is_found_at_the_submission() {
    for (field, value, says) in [
        (
            Field::PlanId,
            "12345VA009000904",
            "asked for plan 12345VA001000104, and the exchange says that it enrolled 12345VA009000904",
        ),
        (Field::PlanId, "12345VA001000101", "enrolled 12345VA001000101"),
        (
            Field::BenefitBegin,
            "2014-02-01",
            "asked for coverage from 2014-01-01, and the exchange says that it begins on 2014-02-01",
        ),
    ] {
        let probe = told(field, value, |_| {});
        assert_eq!(findings(&probe), [(FindingKind::EnrolledOtherwise, "submission")], "{value}");
        assert!(probe.findings[0].detail.contains(says), "{:?}", probe.findings);
        assert_eq!((probe.good, probe.first_divergent_hop.as_deref()), (Some(false), Some("submission")));
    }
}

#[test]
fn what_is_told_as_it_was_asked_for_is_no_finding() {
    for (field, value) in
        [(Field::PlanId, "12345va001000104"), (Field::PlanId, "12345VA0010001"), (Field::BenefitBegin, "2014-01-01")]
    {
        let probe = told(field, value, |_| {});
        assert_eq!((findings(&probe), probe.good), (vec![], Some(true)), "{value}");
    }
}

#[test]
fn a_first_day_that_the_target_does_not_ask_for_is_the_exchanges_own() {
    let is_own = |trial: &mut Trial| trial.plan.carries.not_asked = FieldSet::from_iter([Field::BenefitBegin]);
    assert_eq!(findings(&told(Field::BenefitBegin, "2014-02-01", is_own)), []);
    let is_ignored = |trial: &mut Trial| trial.plan.ignore = FieldSet::from_iter([Field::BenefitBegin]);
    assert_eq!(findings(&told(Field::BenefitBegin, "2014-02-01", is_ignored)), []);
}

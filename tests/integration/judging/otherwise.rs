//! What the exchange's own answer says that it enrolled otherwise than it was asked for.

use super::trial::{EDI, ISSUER, Trial, answered, at, captures, clean, family, findings, plans};
use chrono::{DateTime, TimeDelta, Utc};
use johndoe::model::{
    Captures, Change, CoverageLine, DateRule, Destination, EffectiveDates, Event, ExchangeKind, Facts, Field, FieldSet,
    Finding, FindingKind, GroupCapture, JourneyStep, LifeEvent, Offer, PlanId, ProbeIndex, ProbeSummary, RecordKind,
    Submission, Today, Value,
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

/// The rules of the federal exchange.
fn ruled(trial: &mut Trial, today: Today, off: &[DateRule]) {
    // the exchange chooses the day itself
    trial.plan.carries.not_asked = FieldSet::from_iter([Field::BenefitBegin]);
    let (rules, enroll, off) = (ExchangeKind::Ffm, DateRule::OpenEnrollment, off.to_vec());
    trial.plan.effective_dates = Some(EffectiveDates { rules, today, enroll, off });
}

#[test]
fn a_first_day_that_no_rule_allows_is_found_with_the_rule_and_its_source() {
    let probe = told(Field::BenefitBegin, "2014-02-01", |trial| ruled(trial, Today::Ours, &[]));
    assert_eq!(findings(&probe), [(FindingKind::EnrolledOtherwise, "submission")]);
    assert_eq!(
        probe.findings[0].detail,
        "by the rule `open_enrollment` (45 CFR 155.410(b) and (c)) what is asked for on 2013-11-15 may begin on 2014-01-01, and the \
         exchange says of the enrollment that it begins on 2014-02-01"
    );
    // what was told is expected downstream: nothing there is altered
    assert_eq!(probe.first_divergent_hop.as_deref(), Some("submission"));
    assert!(probe.groups[0].waypoints.iter().all(|at| at.discrepancies.is_empty()), "{:?}", probe.groups[0]);
}

#[test]
fn a_first_day_that_a_rule_allows_or_of_which_no_rule_speaks_is_no_finding() {
    let quiet = |value: &str, change: &dyn Fn(&mut Trial)| {
        assert_eq!(findings(&told(Field::BenefitBegin, value, |trial| change(trial))), [], "{value}");
    };
    quiet("2014-01-01", &|trial| ruled(trial, Today::Ours, &[]));
    quiet("2014-02-01", &|trial| ruled(trial, Today::Ours, &[DateRule::OpenEnrollment]));
    // without a first day that was told nothing is judged
    let untold = told(Field::RatingArea, "R-VA007", |trial| ruled(trial, Today::Ours, &[]));
    assert_eq!(findings(&untold), []);
}

/// The same household, sent and answered at these moments; the exchange says that it begins on a day.
fn sent_at(sent: &str, answered_after: TimeDelta, begins: &str) -> Vec<String> {
    let household = family(0);
    let mut captures = captures(&household);
    let day = Value::Date(begins.parse().unwrap());
    captures.groups.iter_mut().for_each(|group| group.facts.set(Field::BenefitBegin, day.clone()));
    let sent: DateTime<Utc> = sent.parse().unwrap();
    let mut trial = Trial::new();
    ruled(&mut trial, Today::Theirs, &[]);
    let seconds = (sent - at(0)).num_seconds();
    let (probe, plans) = (household.index, plans(&household));
    let trial = trial
        .push(0, Event::Planned { household: Box::new(household), plans })
        .push(seconds, Event::Sending { probe, action: JourneyStep::ENROLL, intended_at: sent, tells_commit: false })
        .push(
            seconds + answered_after.num_seconds(),
            answered(probe, JourneyStep::ENROLL, Submission::Accepted, captures),
        );
    let probe = trial.push(seconds + 900, Event::Finished).probe();
    let of = |finding: &Finding| finding.kind == FindingKind::EnrolledOtherwise;
    probe.findings.into_iter().filter(of).map(|finding| finding.detail).collect()
}

#[test]
fn the_day_of_sending_is_that_of_the_exchanges_zone_and_of_either_side_of_its_midnight() {
    let second = TimeDelta::seconds(1);
    for (sent, answered_after, begins, is_found) in [
        // midnight in New York is five in the morning of UTC
        ("2014-01-16T04:59:00Z", second, "2014-02-01", false),
        ("2014-01-16T04:59:00Z", second, "2014-03-01", true),
        ("2014-01-16T05:00:00Z", second, "2014-02-01", true),
        ("2014-01-16T05:00:00Z", second, "2014-03-01", false),
        // nobody knows on which side of midnight it was taken
        ("2014-01-16T04:59:59Z", TimeDelta::seconds(2), "2014-02-01", false),
        ("2014-01-16T04:59:59Z", TimeDelta::seconds(2), "2014-03-01", false),
        ("2014-01-16T04:59:59Z", TimeDelta::seconds(2), "2014-04-01", true),
        // the 23rd and the 24th of December
        ("2013-12-24T04:59:00Z", second, "2014-02-01", true),
        ("2013-12-25T04:59:00Z", second, "2014-02-01", false),
        ("2013-12-25T04:59:00Z", second, "2014-01-01", false),
        ("2013-12-25T05:00:00Z", second, "2014-01-01", true),
        // no window is open, and nobody knows by what else it was enrolled
        ("2014-04-01T04:00:00Z", second, "2014-12-24", false),
    ] {
        let found = sent_at(sent, answered_after, begins);
        assert_eq!(!found.is_empty(), is_found, "sent at {sent}, begins on {begins}: {found:?}");
    }
}

/// A household that is enrolled from 2014-01-01 and then has this step, answered so; what is said of the telling.
fn step_told(change: Change, told: Captures) -> Vec<String> {
    let household = family(0);
    let mut enrolled = captures(&household);
    let begins = Value::Date("2014-01-01".parse().unwrap());
    enrolled.groups.iter_mut().for_each(|group| group.facts.set(Field::BenefitBegin, begins.clone()));
    let answer = answered(ProbeIndex(0), JourneyStep::ENROLL, Submission::Accepted, enrolled);
    let mut trial = Trial::new().sent(household, None).push(1, answer);
    ruled(&mut trial, Today::Ours, &[]);
    trial.plan.changes = vec![change];
    let offer = |plan: &str| Offer { plan_id: PlanId::new(plan), state: "VA".to_owned(), line: CoverageLine::Medical };
    trial.plan.offers = vec![offer("12345VA0010001"), offer("12345VA0030001")];
    let (probe, action) = (ProbeIndex(0), JourneyStep::new(1, change.event));
    let sending = Event::Sending { probe, action, intended_at: at(300), tells_commit: false };
    let trial = trial.push(300, sending).push(301, answered(probe, action, Submission::Accepted, told));
    let of = |finding: &Finding| finding.kind == FindingKind::EnrolledOtherwise;
    let probe = trial.push(900, Event::Finished).probe();
    probe.findings.into_iter().filter(of).map(|finding| finding.detail).collect()
}

fn policy_from(day: &str) -> Captures {
    let mut facts = Facts::new();
    facts.set(Field::PolicyId, "Q0");
    facts.set(Field::BenefitBegin, Value::Date(day.parse().unwrap()));
    Captures { groups: vec![GroupCapture { line: Some(CoverageLine::Medical), facts }], ..Captures::default() }
}

fn fourth_from(day: &str) -> Captures {
    let mut members = vec![Facts::new(); 4];
    members[3].set(Field::MemberBenefitBegin, Value::Date(day.parse().unwrap()));
    Captures { members, ..Captures::default() }
}

#[test]
fn later_steps_are_judged_by_the_rule_of_their_own_event() {
    let another = Change { to: Some(Destination::Plan), ..LifeEvent::ChangePlan.into() };
    let next_year = LifeEvent::Renew.into();
    let joins = |event: LifeEvent| Change::from(event);
    for (change, told, found) in [
        (another, policy_from("2014-01-01"), None),
        (another, policy_from("2014-02-01"), Some("by the rule `open_enrollment`")),
        (next_year, policy_from("2015-01-01"), None),
        (next_year, policy_from("2015-02-01"), Some("by the rule `renewal`")),
        // born before coverage begins, and covered with the others
        (joins(LifeEvent::AddDependent), fourth_from("2014-01-01"), None),
        (joins(LifeEvent::AddDependent), fourth_from("2014-02-01"), Some("by the rule `birth`")),
        (joins(LifeEvent::Marry), fourth_from("2014-02-01"), None),
        // of what no rule speaks nothing is said
        (joins(LifeEvent::SubscriberDies), policy_from("2014-07-04"), None),
    ] {
        let details = step_told(change, told);
        match found {
            None => assert_eq!(details, Vec::<String>::new(), "{change:?}"),
            Some(words) => assert!(details.len() == 1 && details[0].contains(words), "{change:?}: {details:?}"),
        }
    }
}

#[test]
fn a_day_that_is_told_once_is_that_of_every_policy() {
    let mut household = family(0);
    household.lines = vec![CoverageLine::Medical, CoverageLine::Dental];
    let mut facts = Facts::new();
    facts.set(Field::BenefitBegin, Value::Date("2014-02-01".parse().unwrap()));
    let once = Captures { groups: vec![GroupCapture { line: None, facts }], ..Captures::default() };
    let mut trial = Trial::new().sent(household, None);
    ruled(&mut trial, Today::Ours, &[]);
    let trial = trial.push(1, answered(ProbeIndex(0), JourneyStep::ENROLL, Submission::Accepted, once));
    let probe = trial.push(900, Event::Finished).probe();
    let told = probe.findings.iter().filter(|finding| finding.kind == FindingKind::EnrolledOtherwise);
    assert_eq!(told.count(), 2, "{:?}", probe.findings);
}

//! Records of files beside what a run expects: each compared, and said to be what it is.

use super::trial::{Trial, after, at, cancellation, clean, family, message, moved};
use johndoe::model::{
    Change, Correction, CoverageLine, Destination, Field, FieldSet, FindingKind, GroupRecord, Household, JourneyStep,
    LifeEvent, MatchTier, ProbeIndex, RecordKind, Submission, Value,
};
use johndoe::reconcile::{Account, DifferingKind, Filed, InFiles, Recognition};

/// What is said of these records of the household.
fn account(trial: &Trial, records: Vec<GroupRecord>) -> Account {
    let whose = Recognition { probe: ProbeIndex(0), tier: MatchTier::ExchangeIds };
    let records = records.into_iter().map(|record| (whose, record)).collect();
    let filed = Filed { records, ..Filed::default() };
    InFiles::of(&trial.plan, &trial.entries, None, FieldSet::EMPTY).account(filed)
}

/// A record of the household that came later, in an interchange of its own.
fn later(household: &Household, kind: RecordKind, seconds: u32) -> GroupRecord {
    let mut record = clean(household, 0, kind);
    record.event_at = Some(at(i64::from(seconds)));
    record.place.interchange = Some(format!("{seconds:09}"));
    record
}

fn said(account: &Account) -> Vec<(&'static str, &str)> {
    account.differing.iter().map(|one| (one.kind.name(), one.note.as_str())).collect()
}

fn renamed(mut record: GroupRecord) -> GroupRecord {
    record.members[2].set(Field::NameFirst, "Anne");
    record
}

#[test]
fn each_confirming_record_is_compared_and_a_difference_is_told_once() {
    let household = family(0);
    let trial = Trial::new().accepted(family(0));
    let kinds = [RecordKind::Effectuation, RecordKind::Reinstatement, RecordKind::Audit, RecordKind::Maintenance];
    let confirming = |change: fn(GroupRecord) -> GroupRecord| -> Vec<GroupRecord> {
        let later = kinds.iter().zip(10..).map(|(kind, seconds)| change(later(&household, *kind, seconds)));
        std::iter::once(message(&household, 0)).chain(later).collect()
    };
    let clean = account(&trial, confirming(|record| record));
    assert_eq!((clean.same, said(&clean)), (3, Vec::new()));
    assert_eq!(clean.again.keys().copied().collect::<std::collections::BTreeSet<_>>(), kinds.into_iter().collect());
    let wrong = account(&trial, confirming(renamed));
    assert_eq!((wrong.same, said(&wrong)), (2, vec![("changed", "in the issuer's confirmation")]));
    let place = wrong.differing[0].place.as_ref().unwrap();
    assert_eq!(place.interchange.as_deref(), Some("000000010"));
}

#[test]
fn a_change_shows_those_whom_it_concerns_and_misses_nobody_else() {
    let household = family(0);
    let trial = Trial::new().accepted(family(0));
    let mut change = later(&household, RecordKind::Maintenance, 20);
    change.members.truncate(1);
    assert!(account(&trial, vec![message(&household, 0), change.clone()]).differing.is_empty());
    let mut confirmed = change;
    confirmed.kind = RecordKind::Effectuation;
    let said_of = account(&trial, vec![message(&household, 0), confirmed]);
    assert_eq!(said(&said_of), [("missing", "not in the issuer's confirmation"); 2]);
}

#[test]
fn next_years_renewal_is_no_copy_and_not_compared() {
    let household = family(0);
    let mut next = later(&household, RecordKind::AutomaticReenrollment, 50);
    next.facts.set(Field::BenefitBegin, Value::parse(Field::BenefitBegin, "2015-01-01"));
    let said_of = account(&Trial::new().accepted(family(0)), vec![message(&household, 0), next]);
    assert_eq!((said_of.renewals, said(&said_of)), (1, Vec::new()));
}

#[test]
fn ends_are_judged_by_whether_somebody_asked_and_by_their_order() {
    let household = family(0);
    let records = || vec![message(&household, 0), cancellation(&household, 0)];
    let asked = Trial::new().accepted(family(0)).cancelled(200, 0);
    assert_eq!(said(&account(&asked, records())), []);
    let kinds = |account: &Account| account.differing.iter().map(|one| one.kind).collect::<Vec<_>>();
    let unasked = account(&Trial::new().accepted(family(0)), records());
    assert_eq!((unasked.taken_out, kinds(&unasked)), (1, vec![DifferingKind::Found(FindingKind::Unexpected)]));
    let enrolled_late = vec![cancellation(&household, 0), later(&household, RecordKind::InitialEnrollment, 400)];
    let disorder = account(&asked, enrolled_late);
    assert_eq!(kinds(&disorder), [DifferingKind::Found(FindingKind::OutOfOrder)]);
    let back = [records(), vec![later(&household, RecordKind::Reinstatement, 400)]].concat();
    assert_eq!(kinds(&account(&asked, back)), [DifferingKind::Found(FindingKind::Resurrected)]);
}

#[test]
fn a_step_is_missed_of_no_policy_of_which_it_changes_nothing_and_of_none_that_no_message_tells_of_it() {
    let mut household = family(0);
    household.lines.push(CoverageLine::Dental);
    let mut trial = Trial::new().accepted(household.clone());
    let change = Change { event: LifeEvent::ChangePlan, what: None, to: Some(Destination::Plan), how: None };
    trial.plan.changes = vec![LifeEvent::Pay.into(), change];
    trial.plan.step_status = [(1, "effectuated".to_owned())].into();
    for (number, change) in (1..).zip(trial.plan.changes.clone()) {
        trial = trial.step_sent(100 * i64::from(number), JourneyStep::new(number, change.event), Submission::Accepted);
    }
    let told = account(&trial, (0..2).map(|group| message(&household, group)).collect());
    let missing = |note: &str| note.contains("is not in the files");
    assert!(!told.differing.iter().any(|one| missing(&one.note)), "{:?}", said(&told));
}

#[test]
fn a_change_of_address_is_compared_with_where_the_household_lives_now_and_missed_where_it_is_not_told() {
    let household = family(0);
    let trial = Trial::new().accepted(family(0)).change_sent(300, 0, Some(Submission::Accepted));
    let with = |kind| vec![message(&household, 0), later(&moved(&household), kind, 310)];
    for kind in [RecordKind::Maintenance, RecordKind::Audit] {
        let told = account(&trial, with(kind));
        assert_eq!((told.same, said(&told)), (3, Vec::new()), "{kind}");
    }
    let untold = account(&trial, vec![message(&household, 0)]);
    assert_eq!(said(&untold), [("missing", "the change of address is not in the files")]);
    let mut halved = with(RecordKind::Maintenance);
    halved[1].members[1].set(Field::Street1, "12 Probe Street");
    assert_eq!(said(&account(&trial, halved)), [("changed", "in the change of address")]);
    // nobody asked for it: it differs from what the household said when it applied
    let unasked = account(&Trial::new().accepted(family(0)), with(RecordKind::Maintenance));
    assert_eq!(said(&unasked), [("changed", "in a change that nobody asked for"); 3]);
    // taken out before it had to be told
    let cut_off = trial.cancelled(310, 0);
    assert_eq!(said(&account(&cut_off, vec![message(&household, 0)])), []);
}

/// Moves, has the birth date corrected, and moves again.
fn journey() -> [Change; 3] {
    let corrected = Change { event: LifeEvent::CorrectPerson, what: Some(Correction::BirthDate), to: None, how: None };
    [LifeEvent::ChangeAddress.into(), corrected, LifeEvent::ChangeAddress.into()]
}

/// The steps were sent after 300, 400 and 500 seconds.
fn walked() -> Trial {
    let mut trial = Trial::new().accepted(family(0));
    trial.plan.changes = journey().to_vec();
    (1..=3).fold(trial, |trial, number: u16| {
        let step = JourneyStep::new(number, journey()[usize::from(number) - 1].event);
        trial.step_sent(200 + 100 * i64::from(number), step, Submission::Accepted)
    })
}

/// The message of a step, from 1.
fn told(number: usize) -> GroupRecord {
    let seconds = 210 + 100 * u32::try_from(number).unwrap();
    later(&after(&family(0), &journey()[..number]), RecordKind::Maintenance, seconds)
}

#[test]
fn each_set_is_compared_with_the_step_it_belongs_to_which_is_named() {
    let household = family(0);
    let with = |sets: Vec<GroupRecord>| account(&walked(), [vec![message(&household, 0)], sets].concat());
    let whole = with(vec![told(1), told(2), told(3)]);
    assert_eq!((whole.same, said(&whole)), (3, vec![]), "each is as it was then, and not as it is in the end");

    let mut wrong = told(3);
    wrong.members[0].set(Field::Street1, "77 Nowhere");
    let wrong = with(vec![told(1), told(2), wrong]);
    assert_eq!(said(&wrong), [("changed", "in the change of address (step 3)")]);
    assert_eq!(wrong.differing[0].step, Some(JourneyStep::new(3, LifeEvent::ChangeAddress)));

    let lost = with(vec![told(1), told(3)]);
    assert_eq!(said(&lost), [("missing", "the correction of the birth date (step 2) is not in the files")]);
    assert_eq!(lost.differing[0].step, Some(JourneyStep::new(2, LifeEvent::CorrectPerson)));
}

#[test]
fn a_set_in_the_hand_alone_is_compared_with_its_step() {
    let alone = account(&walked(), vec![told(3)]);
    let changed: Vec<_> = said(&alone).into_iter().filter(|(kind, _)| *kind == "changed").collect();
    assert_eq!(changed, [], "as it is after its step, not as it was at the enrollment");
}

#[test]
fn a_copy_of_a_change_is_no_second_change() {
    let mut again = told(1);
    again.place.interchange = Some("000000999".into());
    let copied = account(&walked(), vec![message(&family(0), 0), told(1), again.clone(), told(2), told(3)]);
    let kinds: Vec<_> = copied.differing.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [DifferingKind::Found(FindingKind::Duplicated)], "{:?}", said(&copied));
    again.place.source = "FEPHIX.DI834RT.D131115.T150000000.P.IN".into();
    let declared = account(&walked(), vec![message(&family(0), 0), told(1), again, told(2), told(3)]);
    assert_eq!(said(&declared), [], "a file of retransmissions repeats by right");
}

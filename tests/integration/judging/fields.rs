//! Field by field: people paired, noise forgiven, nothing else.

use super::trial::{EDI, Trial, differing, family, hop, message, snapshot};
use johndoe::model::{Cents, Facts, Field, GroupRecord, Household, Severity, Value};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

fn judged_at_edi(record: GroupRecord) -> johndoe::model::ProbeSummary {
    Trial::new().accepted(family(0)).seen(EDI, 20, record).probe()
}

#[test]
fn a_dropped_and_an_added_dependent_are_named() {
    let mut record = message(&family(0), 0);
    let mut stranger = Facts::new();
    stranger.set(Field::NameLast, "Roe");
    stranger.set(Field::NameFirst, "Rex");
    stranger.set(Field::BirthDate, Value::parse(Field::BirthDate, "2009-09-09"));
    stranger.set(Field::Relationship, "child");
    record.members[2] = stranger;
    let probe = judged_at_edi(record);
    assert_eq!(differing(&probe, EDI), [("3 Ann O'Neal", Field::MemberEnrolled), ("3 Rex Roe", Field::MemberEnrolled)]);
    let sides: Vec<_> = hop(&probe, EDI)
        .discrepancies
        .iter()
        .map(|d| (d.expected.as_deref(), d.found.as_deref(), d.severity))
        .collect();
    assert_eq!(sides, [(Some("yes"), Some("no"), Severity::Critical), (None, Some("yes"), Severity::Critical)]);
}

#[test]
fn swapped_people_are_named_by_what_was_exchanged() {
    let mut record = message(&family(0), 0);
    // mother and father in each other's place: the issuer has him as subscriber
    for field in [Field::Subscriber, Field::Relationship] {
        let (mother, father) =
            (record.members[0].text(field).unwrap().to_owned(), record.members[1].text(field).unwrap().to_owned());
        record.members[0].set(field, father);
        record.members[1].set(field, mother);
    }
    let probe = judged_at_edi(record);
    let both = [Field::Relationship, Field::Subscriber];
    let expected: Vec<_> =
        ["1 Mary O'Neal", "2 Sean O'Neal"].into_iter().flat_map(|m| both.map(|field| (m, field))).collect();
    assert_eq!(differing(&probe, EDI), expected);
}

#[test]
fn twins_whose_names_differ_in_one_letter_are_not_mistaken_for_each_other() {
    let mut household = family(0);
    let mut twin = household.people[2].clone();
    twin.name.first = "Anna".into();
    household.people.push(twin);
    let mut record = message(&household, 0);
    record.members.swap(2, 3);
    for member in &mut record.members {
        member.unset(Field::MemberId);
    }
    let probe = Trial::new().accepted(household).seen(EDI, 20, record).probe();
    assert!(differing(&probe, EDI).is_empty(), "{:?}", differing(&probe, EDI));
}

#[test]
fn a_member_who_stands_in_the_group_twice_is_a_duplicate_and_nobody_added() {
    let mut record = message(&family(0), 0);
    record.members.push(record.members[2].clone());
    let probe = judged_at_edi(record);
    assert!(differing(&probe, EDI).is_empty());
    assert_eq!(probe.findings.len(), 1);
    assert_eq!(probe.findings[0].kind, johndoe::model::FindingKind::Duplicated);
}

/// Every field that is stated, altered and blanked: each is found under its own name, and no other is.
#[test]
fn every_stated_field_is_found_when_altered_and_when_blanked() {
    let clean = message(&family(0), 0);
    for field in clean.facts.stated().iter() {
        for change in changes(&clean.facts, field) {
            let mut record = clean.clone();
            change(&mut record.facts);
            assert_eq!(differing(&judged_at_edi(record), EDI), [("", field)]);
        }
    }
    for field in clean.members[1].stated().iter() {
        for change in changes(&clean.members[1], field) {
            let mut record = clean.clone();
            change(&mut record.members[1]);
            assert_eq!(differing(&judged_at_edi(record), EDI), [("2 Sean O'Neal", field)]);
        }
    }
}

type Change = Box<dyn Fn(&mut Facts)>;

fn changes(facts: &Facts, field: Field) -> Vec<Change> {
    // the issuer is told by the finding `misrouted`
    if field == Field::Issuer {
        return Vec::new();
    }
    let other: Value = match facts.value(field) {
        Some(Value::Date(date)) => (*date + chrono::Days::new(1)).into(),
        Some(Value::Money(cents)) => (*cents + Cents(1)).into(),
        Some(Value::Text(text)) if text.ends_with('X') => "Y".into(),
        Some(Value::Text(text)) => format!("{text}X").into(),
        None if field == Field::BenefitEnd => Value::parse(field, "2014-06-30"),
        None => "X".into(),
    };
    // an altered line, policy or plan alone must still leave the record in its group
    let mut changes: Vec<Change> = vec![Box::new(move |facts: &mut Facts| facts.set(field, other.clone()))];
    if facts.value(field).is_some() {
        changes.push(Box::new(move |facts: &mut Facts| facts.set_absent(field)));
    }
    changes
}

/// What honest systems do to a record: upper case, cut at X12's lengths, ZIP+4, other punctuation, another order.
fn noisy(household: &Household, noise: &[bool]) -> GroupRecord {
    let on = |at: usize| noise.get(at).copied().unwrap_or_default();
    let mut record = snapshot(household, 0);
    record.kind = johndoe::model::RecordKind::InitialEnrollment;
    record.place.segment = Some(9);
    for member in &mut record.members {
        for (field, value) in member.clone().values() {
            let Some(text) = value.as_text() else { continue };
            let mut text = text.to_owned();
            match field {
                Field::Zip if on(0) => text.push_str("-1234"),
                Field::Phone if on(1) => text = format!("({}) {}-{}", &text[..3], &text[3..6], &text[6..]),
                Field::Ssn if on(2) => text = format!("{}-{}-{}", &text[..3], &text[3..5], &text[5..]),
                Field::NameLast if on(3) => text = text.chars().take(60).collect(),
                Field::NameFirst if on(3) => text = text.chars().take(35).collect(),
                Field::NameLast | Field::NameFirst if on(4) => text = text.replace('-', " "),
                _ => {}
            }
            if on(5) {
                text = text.to_uppercase();
            }
            member.set(field, text);
        }
    }
    if on(6) {
        record.members.reverse();
    }
    if on(7) {
        record.facts.set(Field::BenefitEnd, Value::parse(Field::BenefitEnd, "2014-12-31"));
    }
    if on(8) {
        record.facts.set(Field::PlanId, "12345VA0010001-");
    }
    record
}

proptest! {
    #[test]
    fn clean_records_stay_clean_however_they_are_written(
        last in "[A-Z][a-z]{1,30}(-[A-Z][a-z]{1,40}|'[A-Z][a-z]{1,40}| [A-Z][a-z]{30,40})?",
        first in "[A-Z][a-z]{0,20}([- ][A-Z][a-z]{10,20})?",
        noise in proptest::collection::vec(any::<bool>(), 9),
    ) {
        let mut household = family(0);
        household.people[0].name.last = last;
        household.people[0].name.first = first;
        household.people[1].ssn = johndoe::model::SyntheticSsn::new("666451234");
        let record = noisy(&household, &noise);
        let probe = Trial::new().accepted(household).seen(EDI, 20, record).probe();
        prop_assert_eq!(differing(&probe, EDI), []);
        prop_assert!(probe.findings.is_empty());
    }

    #[test]
    fn the_order_in_which_sightings_are_written_down_does_not_matter(
        order in proptest::sample::subsequence((0..14_usize).collect::<Vec<_>>(), 14).prop_shuffle(),
    ) {
        let mut trial = Trial::new();
        for index in 0..3 {
            trial = trial.accepted(family(index));
        }
        let sent = trial.entries.len();
        for index in 0..3 {
            trial = trial.arrived(&family(index));
        }
        let mut copy = message(&family(1), 0);
        copy.place.interchange = Some("9".into());
        let mut wrong = snapshot(&family(2), 0);
        wrong.members[0].set(Field::Sex, "male");
        let trial = trial.seen(EDI, 60, copy).gone(70, 2).seen(super::trial::ISSUER, 70, wrong).looked(300);
        let mut shuffled = trial.clone();
        let tail: Vec<_> = trial.entries[sent..].to_vec();
        for (to, from) in order.iter().enumerate().filter(|(_, from)| **from < tail.len()) {
            if let (Some(slot), Some(entry)) = (shuffled.entries.get_mut(sent + to), tail.get(*from)) {
                *slot = entry.clone();
            }
        }
        prop_assert_eq!(shuffled.judged(), trial.judged());
    }
}

#[test]
fn a_member_whose_coverage_has_other_dates_than_the_groups_differs() {
    let day = |text: &str| Value::parse(Field::BenefitBegin, text);
    let own = |begin: &str, end: &str| {
        let mut record = message(&family(0), 0);
        record.members[2].set(Field::MemberBenefitBegin, day(begin));
        record.members[2].set(Field::MemberBenefitEnd, day(end));
        differing(&judged_at_edi(record), EDI).into_iter().map(|(_, field)| field).collect::<Vec<_>>()
    };
    assert_eq!(own("2014-01-01", "2014-12-31"), [], "the group's, said once more");
    assert_eq!(own("2014-06-01", "2014-12-31"), [Field::MemberBenefitBegin]);
    assert_eq!(own("2014-01-01", "2014-01-31"), [Field::MemberBenefitEnd]);

    let mut record = message(&family(0), 0);
    record.members[1].set(Field::PolicyId, "P0medical");
    record.members[2].set(Field::PolicyId, "P-OTHER");
    record.members[2].set(Field::PlanId, "12345VA0010009");
    let expected = [("3 Ann O'Neal", Field::PlanId), ("3 Ann O'Neal", Field::PolicyId)];
    assert_eq!(differing(&judged_at_edi(record), EDI), expected);
}

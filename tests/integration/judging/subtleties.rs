//! The points of `domain.md` section 7 that touch enrollment and cancellation, each by its number. Those about time
//! (7.8) and blindness (7.10) also have their tests beside `reconcile::limit_at`.

use super::trial::{
    EDI, ISSUER, Trial, at, cancellation, captures, differing, family, findings, hop, message, plans, snapshot,
};
use johndoe::model::{
    Arrival, Captures, Cents, CoverageLine, Event, Facts, Field, FindingKind, GroupRecord, MatchTier, Phase,
    RecordKind, Value,
};
use johndoe::reconcile::{Keys, Roster, expect};

#[test]
fn domain_7_1_a_cancellation_shows_the_subscriber_only_and_nobody_is_missing() {
    let household = family(0);
    let trial = Trial::new().accepted(family(0)).arrived(&household).cancelled(300, 0);
    let probe = trial.seen(EDI, 320, cancellation(&household, 0)).gone(330, 0).looked(330).probe();
    assert!(differing(&probe, EDI).is_empty() && findings(&probe).is_empty(), "{probe:?}");
    assert_eq!(probe.groups[0].cleanup, "gone");
}

#[test]
fn domain_7_2_what_nobody_gave_is_expected_to_be_absent_and_what_only_some_have_is_asked_of_them() {
    let household = family(0);
    let expectation = expect(&household, &plans(&household), &captures(&household));
    let [subscriber, spouse, child] = &expectation.groups[0].members[..] else { panic!("three members") };
    for member in [subscriber, spouse, child] {
        assert!(member.stated().contains(Field::Ssn) && member.value(Field::Ssn).is_none());
    }
    assert_eq!((subscriber.text(Field::Tobacco), spouse.text(Field::Tobacco)), (Some("no"), Some("no")));
    assert!(!child.stated().contains(Field::Tobacco), "nobody asks a child");
    assert!(subscriber.stated().contains(Field::MaritalStatus) && !spouse.stated().contains(Field::MaritalStatus));
    assert!(subscriber.stated().contains(Field::MailZip) && subscriber.value(Field::MailZip).is_none());
    assert!(!spouse.stated().contains(Field::MailZip));
}

#[test]
fn domain_7_2_a_number_where_none_was_given_is_a_defect() {
    let mut record = message(&family(0), 0);
    record.members[0].set(Field::Ssn, "666451234");
    let trial = Trial::new().accepted(family(0)).seen(EDI, 20, record);
    let probe = trial.probe();
    assert_eq!(differing(&probe, EDI), [("1 Mary O'Neal", Field::Ssn)]);
    assert_eq!(hop(&probe, EDI).discrepancies[0].found.as_deref(), Some("***-**-1234"), "masked");
    assert!(!serde_json::to_string(&trial.judged()).unwrap().contains("666451234"));
}

#[test]
fn domain_7_2_a_mailing_address_that_repeats_the_residence_says_nothing_new() {
    let mut record = message(&family(0), 0);
    record.members[0].set(Field::MailStreet1, "12 PROBE STREET");
    let probe = Trial::new().accepted(family(0)).seen(EDI, 20, record).probe();
    assert!(differing(&probe, EDI).is_empty());
    assert_eq!(hop(&probe, EDI).equivalences[0].rule, "mailing_same_as_residence");
}

#[test]
fn domain_7_3_an_aptc_of_zero_must_be_told_unless_the_waypoint_cannot() {
    let mut household = family(0);
    household.lines = vec![CoverageLine::Dental];
    let mut record = message(&household, 0);
    record.facts.set_absent(Field::Aptc);
    let mut trial = Trial::new().accepted(household).seen(EDI, 20, record);
    assert_eq!(differing(&trial.probe(), EDI), [("", Field::Aptc)]);
    trial.plan.waypoints[0].absent_aptc_is_zero = true;
    assert!(differing(&trial.probe(), EDI).is_empty());
}

#[test]
fn domain_7_3_what_is_owed_is_the_total_without_the_credit_and_the_total_is_the_sum() {
    let household = family(0);
    let mut told = captures(&household);
    told.groups[0].facts.unset(Field::PremiumTotal);
    for (member, cents) in told.members.iter_mut().zip([30_000, 20_000, 10_001]) {
        member.set(Field::Premium, Cents(cents));
    }
    let facts = &expect(&household, &plans(&household), &told).groups[0].facts;
    assert_eq!(facts.value(Field::PremiumTotal), Some(&Value::Money(Cents(60_001))));
    assert_eq!(facts.value(Field::TotalResponsibility), Some(&Value::Money(Cents(60_001 - 25_058))));
}

#[test]
fn domain_7_4_medical_and_dental_of_the_same_people_are_two_groups_and_no_duplicate() {
    let mut household = family(0);
    household.lines = vec![CoverageLine::Medical, CoverageLine::Dental];
    let summary = Trial::new().accepted(household.clone()).arrived(&household).judged();
    assert_eq!((summary.counts.good, summary.counts.duplicated), (2, 0), "{:?}", summary.probes[0].findings);
}

#[test]
fn domain_7_4_next_years_enrollment_is_no_duplicate_and_a_second_policy_this_year_is() {
    let household = family(0);
    let mut next = message(&household, 0);
    next.kind = RecordKind::AutomaticReenrollment;
    next.place.transaction_set = Some("999".into());
    next.facts.set(Field::BenefitBegin, Value::parse(Field::BenefitBegin, "2015-01-01"));
    let mut second = message(&household, 0);
    second.place.transaction_set = Some("998".into());
    second.facts.set(Field::PolicyId, "P444");
    let base = || Trial::new().accepted(family(0)).arrived(&household);
    assert!(findings(&base().seen(EDI, 90, next).probe()).is_empty());
    assert_eq!(findings(&base().seen(EDI, 90, second).probe()), [(FindingKind::Duplicated, "edi_834")]);
}

#[test]
fn domain_7_5_a_declared_retransmission_is_no_duplicate_and_a_second_reading_is_no_second_record() {
    let household = family(0);
    let mut again = message(&household, 0);
    again.place.source = "OPR.541234567.I834RT.D131122.T060000000.P".into();
    again.place.interchange = Some("000000099".into());
    let base = || Trial::new().accepted(family(0)).arrived(&household);
    assert!(findings(&base().seen(EDI, 90, again).probe()).is_empty());
    // killed after the record, before the end of the file: read again by the next process
    assert!(findings(&base().seen(EDI, 95, message(&household, 0)).probe()).is_empty());
}

#[test]
fn domain_7_6_a_cancellation_before_its_enrollment_is_out_of_order() {
    let household = family(0);
    let trial = Trial::new().accepted(family(0)).cancelled(150, 0).seen(EDI, 160, cancellation(&household, 0));
    let probe = trial.seen(EDI, 180, message(&household, 0)).seen(ISSUER, 40, snapshot(&household, 0)).probe();
    assert!(findings(&probe).contains(&(FindingKind::OutOfOrder, "edi_834")), "{:?}", findings(&probe));
}

/// Enrolled at both waypoints, cancelled, and its enrollment seen once more in a file of this name.
fn again_after_its_cancellation(source: &str, envelope: &str) -> Trial {
    let household = family(0);
    let mut again = message(&household, 0);
    again.place.source = source.into();
    again.place.interchange = Some(envelope.into());
    let trial = Trial::new().accepted(family(0)).arrived(&household).cancelled(300, 0);
    trial.seen(EDI, 320, cancellation(&household, 0)).gone(330, 0).looked(330).seen(EDI, 900, again)
}

#[test]
fn domain_7_5_an_old_file_after_the_cancellation_is_a_duplicate_and_no_disorder() {
    for (source, envelope) in [("OUT.D131222.T060000.T", "000000001"), ("OUT.D131222.T060000.T", "000000077")] {
        let probe = again_after_its_cancellation(source, envelope).probe();
        assert_eq!(findings(&probe), [(FindingKind::Duplicated, "edi_834")], "{envelope}");
        assert_eq!(probe.groups[0].cleanup, "gone");
    }
}

#[test]
fn domain_7_6_a_retransmission_brings_all_that_followed_or_is_out_of_order() {
    let source = "OPR.541234567.I834RT.D131222.T060000000.P";
    let trial = again_after_its_cancellation(source, "000000077");
    assert_eq!(findings(&trial.probe()), [(FindingKind::OutOfOrder, "edi_834")]);
    let mut out_again = cancellation(&family(0), 0);
    out_again.place.source = source.into();
    out_again.place.interchange = Some("000000078".into());
    assert!(findings(&trial.seen(EDI, 910, out_again).probe()).is_empty());
}

#[test]
fn domain_7_4_an_effectuation_is_no_copy_of_its_enrollment_and_a_second_one_is_a_copy_of_the_first() {
    let household = family(0);
    let effectuation = |envelope: &str| {
        let mut record = message(&household, 0);
        (record.kind, record.place.interchange) = (RecordKind::Effectuation, Some(envelope.into()));
        record
    };
    let once = Trial::new().accepted(family(0)).arrived(&household).seen(EDI, 60, effectuation("000000050"));
    assert!(findings(&once.probe()).is_empty());
    assert_eq!(
        findings(&once.seen(EDI, 80, effectuation("000000051")).probe()),
        [(FindingKind::Duplicated, "edi_834")]
    );
}

#[test]
fn domain_7_6_an_enrollment_cancelled_before_its_batch_need_never_be_sent() {
    let trial = Trial::new().accepted(family(0)).cancelled(20, 0).looked(500).phase_ended(600, Phase::Cleanup);
    let probe = trial.probe();
    assert_eq!((hop(&probe, EDI).arrival, hop(&probe, ISSUER).arrival), (Arrival::NotDue, Arrival::NotDue));
    assert_eq!(probe.groups[0].cleanup, "gone");
    assert!(findings(&probe).is_empty());
}

#[test]
fn domain_7_6_a_cancellation_that_nobody_asked_for_is_unexpected() {
    let household = family(0);
    let probe = Trial::new().accepted(family(0)).arrived(&household).seen(EDI, 90, cancellation(&household, 0)).probe();
    assert_eq!(findings(&probe), [(FindingKind::Unexpected, "edi_834")]);
}

#[test]
fn domain_7_6_a_reinstatement_that_nobody_asked_for_is_resurrected() {
    let household = family(0);
    let mut back = super::trial::clean(&household, 0, RecordKind::Reinstatement);
    (back.place.interchange, back.event_at) = (Some("000000003".into()), Some(super::trial::at(400)));
    let trial = Trial::new().accepted(family(0)).arrived(&household).cancelled(300, 0).gone(330, 0).looked(330);
    let trial = trial.seen(EDI, 320, cancellation(&household, 0)).seen(EDI, 420, back);
    let in_again = [(FindingKind::Residue, "edi_834"), (FindingKind::Resurrected, "edi_834")];
    assert_eq!(findings(&trial.probe()), in_again);
    let mut out_again = cancellation(&household, 0);
    out_again.place.interchange = Some("000000004".into());
    assert!(findings(&trial.seen(EDI, 500, out_again).probe()).is_empty());
}

#[test]
fn domain_7_8_an_open_end_and_the_last_of_december_are_one() {
    let mut record = message(&family(0), 0);
    record.facts.set(Field::BenefitEnd, Value::parse(Field::BenefitEnd, "2014-12-31"));
    let probe = Trial::new().accepted(family(0)).seen(EDI, 20, record).probe();
    assert!(differing(&probe, EDI).is_empty());
    assert_eq!(hop(&probe, EDI).equivalences[0].rule, "open_end_date");
}

#[test]
fn domain_7_9_a_wrong_variant_is_critical_though_every_amount_agrees() {
    let mut record = message(&family(0), 0);
    record.facts.set(Field::CsrVariant, "01");
    let probe = Trial::new().accepted(family(0)).seen(EDI, 20, record).probe();
    assert_eq!(differing(&probe, EDI), [("", Field::CsrVariant)]);
    assert_eq!(probe.groups[0].plan_id.as_deref(), Some("12345VA001000104"));
}

#[test]
fn domain_7_9_the_issuer_is_known_by_its_tax_id_too_and_any_other_is_misrouted() {
    let mut record = message(&family(0), 0);
    record.facts.set(Field::Issuer, "541234567");
    let clean = Trial::new().accepted(family(0)).seen(EDI, 20, record.clone()).probe();
    assert!(differing(&clean, EDI).is_empty() && findings(&clean).is_empty());
    record.facts.set(Field::Issuer, "99999");
    let probe = Trial::new().accepted(family(0)).seen(EDI, 20, record).probe();
    assert_eq!(findings(&probe), [(FindingKind::Misrouted, "edi_834")]);
    assert!(differing(&probe, EDI).is_empty(), "the finding says it");
}

#[test]
fn domain_7_10_a_failed_look_is_no_evidence_of_loss() {
    let blind = Event::Blind {
        waypoint: ISSUER,
        issuer: None,
        probe: Some(family(0).index),
        from: at(150),
        until: at(300),
        reason: "status 503".into(),
    };
    let trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0)).looked(120).push(300, blind);
    assert_eq!(hop(&trial.probe(), ISSUER).arrival, Arrival::Blind);
    assert_eq!(hop(&trial.looked(400).probe(), ISSUER).arrival, Arrival::Missing);
}

fn stranger(last: &str, first: &str, born: &str) -> Facts {
    let mut facts = Facts::new();
    facts.set(Field::NameLast, last);
    facts.set(Field::NameFirst, first);
    facts.set(Field::BirthDate, Value::parse(Field::BirthDate, born));
    facts.set(Field::Zip, "90210");
    facts
}

#[test]
fn domain_7_15_strangers_who_share_a_little_with_us_are_strangers() {
    let mut roster = Roster::new();
    let household = family(0);
    roster.add(&expect(&household, &plans(&household), &captures(&household)));
    let none = Facts::new();
    let ask = |members: &[Facts]| roster.recognise(&Keys::of(&none, members)).map(|r| r.tier);
    for (last, first, born) in [
        ("O'Neal", "Jane", "1970-03-05"),
        ("Smith", "Mary", "1970-03-05"),
        ("O'Neal", "Mary", "1970-03-06"),
        ("O'Neal", "Mary", "1970-03-05"),
    ] {
        assert_eq!(ask(&[stranger(last, first, born)]), None, "{first} {last} {born} of Beverly Hills");
    }
    let mut ours = stranger("ONEAL", "MARY", "1970-03-05");
    ours.set(Field::Zip, "22030-1111");
    assert_eq!(ask(&[ours.clone()]), None, "a ZIP code is shared with thousands");
    ours.set(Field::Street1, "12 PROBE STREET");
    assert_eq!(ask(&[ours.clone()]), Some(MatchTier::NameAndBirthDate));
    ours.set(Field::Ssn, "123456789");
    assert_eq!(ask(&[ours]), None, "we have no number, so this is somebody else's");
}

#[test]
fn domain_7_15_the_same_people_of_another_run_are_not_ours() {
    let mut roster = Roster::new();
    let household = family(0);
    roster.add(&expect(&household, &plans(&household), &captures(&household)));
    let mut record = message(&household, 0);
    record.facts.set(Field::PolicyId, "OLD1");
    record.facts.set(Field::SubscriberId, "OLD2");
    for member in &mut record.members {
        member.unset(Field::MemberId);
    }
    let known = |roster: &Roster| roster.recognise(&Keys::of_record(&record)).map(|r| r.tier);
    assert_eq!(known(&roster), Some(MatchTier::Marker), "wrong ids are discrepancies");
    roster.add_foreign_id("old2");
    assert_eq!(known(&roster), None);
}

#[test]
fn domain_7_16_names_lose_case_and_accents_on_the_way_but_not_their_apostrophes() {
    let record = |last: &str| {
        let mut record = message(&family(0), 0);
        record.members[0].set(Field::NameLast, last);
        Trial::new().accepted(family(0)).seen(EDI, 20, record).probe()
    };
    assert!(differing(&record("O'NEAL"), EDI).is_empty());
    assert_eq!(differing(&record("ONEAL"), EDI), [("1 Mary O'Neal", Field::NameLast)]);
}

#[test]
fn domain_7_18_an_id_given_to_two_people_by_the_exchange_itself_is_a_collision() {
    let (mine, other) = (family(0), family(1));
    let mut trial = Trial::new().accepted(family(0)).accepted(family(1));
    for entry in &mut trial.entries {
        if let Event::Answered { probe, captures, .. } = &mut entry.event
            && *probe == other.index
        {
            captures.members[2].set(Field::MemberId, "S0-2");
        }
    }
    let mut record = message(&other, 0);
    record.members[2].set(Field::MemberId, "S0-2");
    let summary = trial.seen(EDI, 20, message(&mine, 0)).seen(EDI, 20, record).judged();
    for probe in &summary.probes {
        assert_eq!(findings(probe), [(FindingKind::IdCollision, "edi_834")]);
        assert_eq!(hop(probe, EDI).arrival, Arrival::OnTime);
        assert!(differing(probe, EDI).is_empty());
    }
}

#[test]
fn an_id_that_stood_beside_our_mailbox_says_whose_a_message_is_beside_one_of_its_people_and_alone_nothing() {
    let mut roster = Roster::new();
    let household = family(0);
    // the exchange tells no id: an enrollment is known by its mailbox, and a cancellation shows none
    roster.add(&expect(&household, &plans(&household), &Captures::default()));
    let mut told = message(&household, 0);
    told.facts.set(Field::PolicyId, "P-77");
    let mut cancels = super::trial::cancellation(&household, 0);
    cancels.facts.set(Field::PolicyId, "P-77");
    for field in [Field::Email, Field::Street1, Field::Phone, Field::MemberId] {
        cancels.members[0].unset(field);
    }
    cancels.facts.unset(Field::SubscriberId);
    cancels.facts.unset(Field::ApplicationId);
    let tier = |roster: &Roster, record: &GroupRecord| roster.recognise_record(record).map(|known| known.tier);
    assert_eq!(tier(&roster, &cancels), None);
    roster.learn(&told);
    assert_eq!(tier(&roster, &cancels), Some(MatchTier::NameAndBirthDate));
    let mut anothers = cancels.clone();
    anothers.members = vec![stranger("Smith", "Mary", "1970-03-05")];
    assert_eq!(tier(&roster, &anothers), None, "an id may stand beside our mailbox by mistake");
    // whoever shows no mailbox of ours teaches nothing
    let mut fresh = Roster::new();
    fresh.add(&expect(&household, &plans(&household), &Captures::default()));
    let mut unmarked = told;
    unmarked.members.iter_mut().for_each(|member| member.unset(Field::Email));
    fresh.learn(&unmarked);
    assert_eq!(tier(&fresh, &cancels), None);
}

//! What a target can carry, what status an event leaves behind, and what a mapping did not understand.

use super::trial::{EDI, ISSUER, Trial, cancellation, differing, family, findings, hop, message, shown, snapshot};
use chrono::{Datelike, NaiveDate};
use johndoe::model::{
    Carries, Facts, Field, FieldSet, FindingKind, GroupRecord, Household, Integrity, IssuerId, LifeEvent, Relationship,
    Summary, Value, Verdict, WaypointName,
};
use johndoe::report::{Style, text};
use std::collections::BTreeMap;

fn reasons(summary: &Summary) -> String {
    summary.reasons.join("\n")
}

/// A household whose child is a grandchild, and whose names are longer than some can hold.
fn of_three_generations(index: u32) -> Household {
    let mut household = family(index);
    household.people[2].relationship = Relationship::Grandchild;
    household.people[2].name.last = "Abernathy-Müller".into();
    household
}

fn carries(json: serde_json::Value) -> Carries {
    serde_json::from_value(json).unwrap()
}

#[test]
fn what_a_target_cannot_carry_is_expected_as_it_comes_through_and_told() {
    let household = of_three_generations(0);
    let came_through = |mut record: GroupRecord| {
        record.members[2].set(Field::Relationship, "other");
        record.members[2].set(Field::NameLast, "ABERNATHY-");
        record.members[0].set(Field::MaritalStatus, "unmarried");
        record
    };
    let mut trial = Trial::new()
        .accepted(household.clone())
        .seen(EDI, 20, came_through(message(&household, 0)))
        .seen(ISSUER, 40, came_through(snapshot(&household, 0)))
        .looked(300);
    assert_eq!(hop(&trial.probe(), ISSUER).integrity, Some(Integrity::Altered));
    trial.plan.carries = carries(serde_json::json!({
        "words": {"member.relationship": {"grandchild": "other", "niece_or_nephew": "other"}},
        "lengths": {"member.name.last": 10},
        "not_asked": ["member.marital_status"],
    }));
    let summary = trial.judged();
    assert_eq!(differing(&summary.probes[0], ISSUER), []);
    assert_eq!(summary.verdict, Verdict::Pass, "{}", reasons(&summary));
    let told: Vec<_> = summary.folded.iter().map(|of| (of.fold.field, of.fold.what.as_str(), of.people)).collect();
    assert_eq!(
        told,
        [(Field::NameLast, "cut off at 10 characters", 1), (Field::Relationship, "`grandchild` as `other`", 1)]
    );
    assert!(summary.waypoints[usize::from(EDI)].not_compared.contains(Field::MaritalStatus));
    let page = text(&summary, Style { width: 120, ..Style::plain() }).to_string();
    assert!(page.contains("member.relationship `grandchild` as `other`: 1 person"), "{page}");
    // what it can carry is expected as it was
    let mut spoiled = came_through(snapshot(&household, 0));
    spoiled.members[1].set(Field::Relationship, "other");
    let mut trial = Trial::new().accepted(household.clone()).seen(ISSUER, 40, spoiled);
    trial.plan.carries = carries(serde_json::json!({
        "words": {"member.relationship": {"grandchild": "other"}}, "lengths": {"member.name.last": 10},
        "not_asked": ["member.marital_status"],
    }));
    assert_eq!(differing(&trial.probe(), ISSUER), [("2 Sean O'Neal", Field::Relationship)]);
}

fn with_status(plan_status: &[(LifeEvent, &str)], mut trial: Trial) -> Trial {
    trial.plan.policy_status = plan_status.iter().map(|(event, word)| (*event, (*word).to_owned())).collect();
    trial
}

fn shown_as(household: &Household, status: &str) -> GroupRecord {
    let mut record = snapshot(household, 0);
    record.facts.set(Field::PolicyStatus, status);
    record
}

#[test]
fn the_status_that_an_enrollment_leaves_behind_is_compared_where_a_waypoint_shows_it() {
    let household = family(0);
    let trial = |status| Trial::new().accepted(household.clone()).seen(ISSUER, 40, shown_as(&household, status));
    assert_eq!(differing(&trial("effectuated").probe(), ISSUER), []);
    let expected = [(LifeEvent::Enroll, "initial")];
    assert_eq!(differing(&with_status(&expected, trial("initial")).probe(), ISSUER), []);
    let found = with_status(&expected, trial("effectuated")).probe();
    assert_eq!(differing(&found, ISSUER), [("", Field::PolicyStatus)]);
    let of_change = [(LifeEvent::ChangeAddress, "effectuated"), (LifeEvent::Enroll, "initial")];
    assert_eq!(differing(&with_status(&of_change, trial("initial")).probe(), ISSUER), []);
}

#[test]
fn a_cancellation_that_leaves_another_status_behind_is_residue_and_says_so() {
    let household = family(0);
    let trial = |status| {
        let enrolled = Trial::new().accepted(household.clone()).arrived(&household).cancelled(150, 0);
        let sent = enrolled.seen(EDI, 180, cancellation(&household, 0)).gone(200, 0);
        let mut trial = sent.seen(ISSUER, 201, shown_as(&household, status)).looked(900);
        trial.plan.cancel_is_probed = true;
        trial
    };
    for status in ["cancelled", "terminated"] {
        assert_eq!(findings(&trial(status).probe()), [], "{status}: either is an end where the scenario says none");
    }
    let expected = [(LifeEvent::Cancel, "cancelled")];
    assert_eq!(findings(&with_status(&expected, trial("cancelled")).probe()), []);
    let probe = with_status(&expected, trial("terminated")).probe();
    assert_eq!(findings(&probe), [(FindingKind::Residue, "issuer")]);
    assert!(probe.findings[0].detail.contains("left `terminated`"), "{:?}", probe.findings);
    // a message that terminates is no cancellation either
    let probe = with_status(&[(LifeEvent::Cancel, "terminated")], trial("terminated")).probe();
    assert_eq!(findings(&probe), [(FindingKind::Residue, "edi_834")]);
}

/// So many households, with what became of the daughter's birth date at the issuer.
fn born(count: u32, became: impl Fn(u32) -> Option<&'static str>) -> Trial {
    (0..count).fold(Trial::new(), |trial, index| {
        let mut record = snapshot(&family(index), 0);
        if let Some(text) = became(index) {
            for member in &mut record.members {
                member.set(Field::BirthDate, text);
                member.mark_unread(Field::BirthDate);
            }
        }
        trial.accepted(family(index)).seen(EDI, 20, message(&family(index), 0)).seen(ISSUER, 40, record)
    })
}

#[test]
fn a_field_that_was_understood_in_no_record_is_the_targets_mistake_and_blinds() {
    let summary = born(10, |_| Some("13/31/1980")).looked(300).judged();
    assert_eq!(summary.verdict, Verdict::Blind, "{}", reasons(&summary));
    assert!(
        reasons(&summary).contains("`member.birth_date` was not understood in all 30 records"),
        "{}",
        reasons(&summary)
    );
    assert!(reasons(&summary).contains("`13/31/1980`"), "{}", reasons(&summary));
    let mut not_understood = FieldSet::EMPTY;
    not_understood.insert(Field::BirthDate);
    assert_eq!(summary.waypoints[usize::from(ISSUER)].not_understood, not_understood);
    assert!(summary.probes.iter().all(|probe| differing(probe, ISSUER).is_empty()), "nothing is compared there");
    assert_eq!(summary.counts.altered, 0);
    let page = text(&summary, Style { width: 120, ..Style::plain() }).to_string();
    assert!(page.contains("Not understood in any record") && page.contains("issuer: member.birth_date"), "{page}");
}

#[test]
fn where_it_was_understood_in_some_records_the_others_are_altered() {
    let summary = born(10, |index| (index == 7).then_some("0000-00-00")).looked(300).judged();
    assert_eq!(summary.verdict, Verdict::Fail, "{}", reasons(&summary));
    assert_eq!(summary.counts.altered, 1);
    let altered = &summary.probes[7];
    assert_eq!(differing(altered, ISSUER).len(), 3, "each member of it");
    assert_eq!(hop(altered, ISSUER).discrepancies[0].found.as_deref(), Some("0000-00-00"));
    assert!(summary.waypoints[usize::from(ISSUER)].not_understood.is_empty());
}

#[test]
fn a_minor_field_that_was_not_understood_is_told_and_blinds_nobody() {
    let trial = (0..3).fold(Trial::new(), |trial, index| {
        let mut record = snapshot(&family(index), 0);
        record.members[0].set_absent(Field::Phone);
        record.members[0].mark_unread(Field::Phone);
        trial.accepted(family(index)).seen(EDI, 20, message(&family(index), 0)).seen(ISSUER, 40, record)
    });
    let summary = trial.looked(300).judged();
    assert_eq!(summary.verdict, Verdict::Pass, "{}", reasons(&summary));
    assert!(summary.waypoints[usize::from(ISSUER)].not_understood.contains(Field::Phone));
}

#[test]
fn a_mapping_of_an_issuers_own_is_understood_by_itself() {
    let acme = IssuerId::new("12345");
    let (mut own, mut shared) = (born(4, |_| Some("1/2")), born(4, |_| Some("1/2")));
    let other = Some(IssuerId::new("67890"));
    for trial in [&mut own, &mut shared] {
        let record = snapshot(&family(9), 0);
        *trial = trial.clone().accepted(family(9)).seen_by(ISSUER, other.clone(), 40, record).looked(300);
    }
    assert_eq!(shared.judged().verdict, Verdict::Fail, "another issuer's was understood by the same mapping");
    own.plan.read_apart = BTreeMap::from([(WaypointName::new("issuer"), vec![acme])]);
    let summary = own.judged();
    assert!(reasons(&summary).contains("was not understood in all 12 records"), "{}", reasons(&summary));
    assert_eq!(summary.counts.altered, 0, "{}", reasons(&summary));
}

#[test]
fn a_status_that_was_understood_nowhere_accuses_nobody_of_an_ignored_cancellation() {
    let household = family(0);
    let mut record = shown_as(&household, "VOIDED");
    record.facts.mark_unread(Field::PolicyStatus);
    let enrolled = Trial::new().accepted(household.clone()).seen(EDI, 20, message(&household, 0));
    let mut trial = enrolled.seen(ISSUER, 40, record).cancelled(150, 0).seen(EDI, 180, cancellation(&household, 0));
    trial.plan.cancel_is_probed = true;
    trial.now = super::trial::at(5000);
    let summary = trial.phase_ended(1000, johndoe::model::Phase::Cleanup).judged();
    assert_eq!(summary.verdict, Verdict::Blind, "{}", reasons(&summary));
    assert!(reasons(&summary).contains("`group.policy_status` was not understood"), "{}", reasons(&summary));
}

#[test]
fn dates_that_are_all_turned_round_are_not_understood_and_one_that_is_is_altered() {
    // mothers are born on 5 March, fathers on 9 July, daughters on 2 January
    let turn = |member: &mut Facts| {
        let Some(Value::Date(born)) = member.value(Field::BirthDate).cloned() else { return };
        let turned = NaiveDate::from_ymd_opt(born.year(), born.day(), born.month()).unwrap();
        member.set(Field::BirthDate, turned);
    };
    let summary = shown(2, |_, record| record.members.iter_mut().for_each(turn));
    assert_eq!((summary.verdict, summary.counts.altered), (Verdict::Blind, 0), "{:?}", summary.reasons);
    let reasons = summary.reasons.join("\n");
    assert!(reasons.contains("month and day exchanged"), "{reasons}");
    let one = shown(2, |index, record| record.members.iter_mut().filter(|_| index == 1).for_each(turn));
    assert_eq!((one.verdict, one.counts.altered), (Verdict::Fail, 1), "{:?}", one.reasons);
    let alone = shown(1, |_, record| record.members.iter_mut().for_each(turn));
    assert_eq!(alone.counts.altered, 1, "of a single household nobody can say that it is the target's mistake");
}

#[test]
fn members_that_are_found_in_no_record_are_not_understood_and_those_missing_in_one_are_missing() {
    let none = |record: &mut GroupRecord| {
        record.members.clear();
        record.facts.set_absent(Field::MemberEnrolled);
        record.facts.mark_unread(Field::MemberEnrolled);
    };
    let summary = shown(2, |_, record| none(record));
    assert_eq!((summary.verdict, summary.counts.altered), (Verdict::Blind, 0), "{:?}", summary.reasons);
    let reasons = summary.reasons.join("\n");
    assert!(reasons.contains("correct the target's `members`"), "{reasons}");
    let one = shown(2, |index, record| {
        if index == 1 {
            none(record);
        }
    });
    assert_eq!((one.verdict, one.counts.altered), (Verdict::Fail, 1), "{:?}", one.reasons);
}

/// The same words through a narrower vocabulary at the issuer alone, which shows `other` where the file says `grandchild`.
#[test]
fn a_waypoint_or_an_issuer_there_that_cannot_tell_words_apart_shows_no_difference_in_them() {
    let household = of_three_generations(0);
    let shown_as = |word: &str| {
        let mut record = snapshot(&household, 0);
        record.members[2].set(Field::Relationship, word);
        let trial = Trial::new().accepted(household.clone()).seen(EDI, 20, message(&household, 0));
        trial.seen(ISSUER, 40, record).looked(300)
    };
    let words =
        carries(serde_json::json!({"words": {"member.relationship": {"grandchild": "other", "ward": "other"}}}));
    for of_issuer in [false, true] {
        for (word, differs) in [("other", false), ("grandchild", false), ("ward", false), ("child", true)] {
            let mut trial = shown_as(word);
            let waypoint = &mut trial.plan.waypoints[usize::from(ISSUER)];
            if of_issuer {
                waypoint.issuers_carry = BTreeMap::from([(IssuerId::new("12345"), words.words.clone())]);
            } else {
                waypoint.carries = words.words.clone();
            }
            let probe = trial.probe();
            assert_eq!(differing(&probe, ISSUER).is_empty(), !differs, "{word}");
            let rules = hop(&probe, ISSUER).equivalences.iter().map(|e| e.rule.as_str()).collect::<Vec<_>>();
            assert_eq!(rules.contains(&"carried_alike"), matches!(word, "other" | "ward"), "{word}: {rules:?}");
        }
    }
    // at the file, and at another issuer, they are told apart
    let mut trial = shown_as("other");
    trial.plan.waypoints[usize::from(EDI)].carries = words.words.clone();
    trial.plan.waypoints[usize::from(ISSUER)].issuers_carry = BTreeMap::from([(IssuerId::new("54321"), words.words)]);
    assert_eq!(differing(&trial.probe(), ISSUER).len(), 1);
}

#[test]
fn a_waypoint_that_tells_apart_what_the_target_cannot_shows_no_difference() {
    let household = of_three_generations(0);
    let mut trial = Trial::new().accepted(household.clone()).arrived(&household).looked(300);
    trial.plan.carries = carries(serde_json::json!({"words": {"member.relationship": {"grandchild": "other"}}}));
    let summary = trial.judged();
    assert_eq!(summary.verdict, Verdict::Pass, "{}", reasons(&summary));
}

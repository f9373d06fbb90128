//! One history for each class of outcome.

use super::trial::{EDI, ISSUER, Trial, at, cancellation, clean, differing, family, findings, hop, message, snapshot};
use chrono::Datelike;
use johndoe::model::{
    Arrival, Event, FeedKind, Field, FindingKind, GroupRecord, Household, Integrity, IssuerId, MatchTier, Objective,
    Phase, RecordKind, Sex, Submission, SubmissionExpected, Verdict,
};

#[test]
fn a_group_that_arrives_whole_and_in_time_is_good() {
    let trial = Trial::new().accepted(family(0)).arrived(&family(0)).push(500, Event::Finished);
    let summary = trial.judged();
    let probe = &summary.probes[0];
    assert_eq!((probe.good, &probe.first_divergent_hop), (Some(true), &None), "{:?}", probe.findings);
    for waypoint in [EDI, ISSUER] {
        let here = hop(probe, waypoint);
        assert_eq!((here.arrival, here.integrity), (Arrival::OnTime, Some(Integrity::Intact)));
        assert_eq!(here.matched_by, Some(MatchTier::ExchangeIds));
        assert!(here.discrepancies.is_empty() && here.equivalences.is_empty());
    }
    assert_eq!((summary.verdict, summary.exit_code), (Verdict::Pass, 0));
    assert_eq!((summary.counts.good, summary.error_rate.errors, summary.error_rate.trials), (1, 0, 1));
    assert_eq!(summary.waypoints[1].latency_seconds.p50, Some([30.0, 40.0]));
    assert_eq!(probe.groups[0].cleanup, "kept");
}

#[test]
fn lost_before_the_file_is_missing_there_first() {
    let summary = Trial::new().accepted(family(0)).looked(200).judged();
    let probe = &summary.probes[0];
    assert_eq!(probe.first_divergent_hop.as_deref(), Some("edi_834"));
    assert_eq!((hop(probe, EDI).arrival, hop(probe, ISSUER).arrival), (Arrival::Missing, Arrival::Missing));
    assert_eq!((summary.counts.missing, summary.verdict), (1, Verdict::Fail));
    assert_eq!(summary.waypoints[0].latency_seconds.p50, None);
}

#[test]
fn lost_between_file_and_issuer_is_missing_at_the_issuer() {
    let household = family(0);
    let probe = Trial::new().accepted(family(0)).seen(EDI, 20, message(&household, 0)).looked(200).probe();
    assert_eq!(probe.first_divergent_hop.as_deref(), Some("issuer"));
    assert_eq!((hop(&probe, EDI).arrival, hop(&probe, ISSUER).arrival), (Arrival::OnTime, Arrival::Missing));
}

#[test]
fn a_look_before_the_grace_is_over_does_not_prove_loss() {
    let mut trial = Trial::new().accepted(family(0)).looked(199);
    let summary = trial.judged();
    assert_eq!(hop(&summary.probes[0], ISSUER).arrival, Arrival::Pending);
    assert_eq!((summary.verdict, summary.counts.pending), (Verdict::Inconclusive, 1));
    assert_eq!(summary.probes[0].good, None);
    trial.now = at(50);
    assert_eq!(trial.judged().verdict, Verdict::Inconclusive);
}

#[test]
fn late_and_undecided_are_told_apart_by_the_last_look_in_vain() {
    let household = family(0);
    let late = Trial::new().accepted(family(0)).arrived(&household).seen(ISSUER, 40, snapshot(&household, 0));
    assert_eq!(hop(&late.probe(), ISSUER).arrival, Arrival::OnTime);
    let run = |seconds| {
        Trial::new()
            .accepted(family(0))
            .seen(EDI, 20, message(&household, 0))
            .seen(ISSUER, seconds, snapshot(&household, 0))
            .judged()
    };
    let (late, undecided) = (run(120), run(105));
    assert_eq!(hop(&late.probes[0], ISSUER).arrival, Arrival::Late);
    assert_eq!((late.counts.late, late.verdict), (1, Verdict::Fail));
    assert_eq!(late.probes[0].first_divergent_hop.as_deref(), Some("issuer"));
    assert_eq!(hop(&undecided.probes[0], ISSUER).arrival, Arrival::Undecided);
    assert_eq!((undecided.counts.undecided, undecided.error_rate.errors, undecided.error_rate.trials), (1, 0, 1));
    assert_eq!(undecided.probes[0].good, None);
}

#[test]
fn a_waypoint_that_could_not_be_read_is_blind_and_no_loss() {
    let blind = |waypoint| Event::Blind {
        waypoint,
        issuer: None,
        probe: None,
        from: at(90),
        until: at(400),
        reason: "connection refused".into(),
    };
    let summary = Trial::new().accepted(family(0)).looked(80).push(400, blind(EDI)).push(400, blind(ISSUER)).judged();
    assert_eq!(hop(&summary.probes[0], ISSUER).arrival, Arrival::Blind);
    assert_eq!((summary.verdict, summary.exit_code, summary.counts.missing), (Verdict::Blind, 4, 0));
    assert!(summary.reasons[0].contains("connection refused"), "{:?}", summary.reasons);
}

#[test]
fn an_altered_field_is_named_with_both_values() {
    let household = family(0);
    let mut wrong = snapshot(&household, 0);
    wrong.members[1].set(Field::Relationship, "child");
    let trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&household, 0)).seen(ISSUER, 40, wrong);
    let probe = trial.probe();
    assert_eq!(differing(&probe, ISSUER), [("2 Sean O'Neal", Field::Relationship)]);
    assert_eq!(hop(&probe, ISSUER).integrity, Some(Integrity::Altered));
    assert_eq!(probe.first_divergent_hop.as_deref(), Some("issuer"));
    assert_eq!(hop(&probe, EDI).integrity, Some(Integrity::Intact));
}

#[test]
fn a_minor_difference_is_listed_and_no_error() {
    let household = family(0);
    let mut record = snapshot(&household, 0);
    record.members[0].set(Field::Phone, "7035550199");
    let trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&household, 0)).seen(ISSUER, 40, record);
    let probe = trial.probe();
    assert_eq!(differing(&probe, ISSUER), [("1 Mary O'Neal", Field::Phone)]);
    assert_eq!((hop(&probe, ISSUER).integrity, probe.good), (Some(Integrity::Intact), Some(true)));
}

#[test]
fn the_three_ways_of_duplication_are_found() {
    let household = family(0);
    let base = || Trial::new().accepted(family(0)).arrived(&household);
    // the same file again
    let mut replayed = message(&household, 0);
    replayed.place.source = "OUT.D131116.T060000.T".into();
    let mut enveloped = replayed.clone();
    enveloped.place.interchange = Some("000000077".into());
    for copy in [replayed, enveloped] {
        let probe = base().seen(EDI, 60, copy).probe();
        assert_eq!(findings(&probe), [(FindingKind::Duplicated, "edi_834")]);
        assert_eq!((probe.good, probe.first_divergent_hop.as_deref()), (Some(false), Some("edi_834")));
    }
    // twice at the issuer, in one answer
    let probe = base().seen(ISSUER, 40, snapshot(&household, 0)).probe();
    assert_eq!(findings(&probe), [(FindingKind::Duplicated, "issuer")]);
}

#[test]
fn a_file_that_came_again_under_another_name_is_a_duplicate_even_where_its_content_is_not_read_twice() {
    let household = family(0);
    let read = |name: &str| Event::FileRead {
        waypoint: EDI,
        name: name.into(),
        digest: "ab".into(),
        strangers: 2,
        baseline: false,
        damage: None,
        refused: Vec::new(),
        held: Vec::new(),
    };
    let source = message(&household, 0).place.source;
    let trial =
        Trial::new().accepted(family(0)).arrived(&household).push(20, read(&source)).push(70, read("again.txt"));
    assert_eq!(findings(&trial.probe()), [(FindingKind::Duplicated, "edi_834")]);
    assert_eq!(trial.judged().counts.strangers_dropped, 4);
}

#[test]
fn a_file_that_is_written_over_under_its_name_is_read_as_what_it_says_now_too() {
    let household = family(0);
    let at_segment = |mut record: johndoe::model::GroupRecord| {
        record.place.segment = Some(9);
        record
    };
    let first = at_segment(message(&household, 0));
    let mut over = first.clone();
    over.members[0].set(Field::BirthDate, chrono::NaiveDate::from_ymd_opt(1901, 1, 1).unwrap());
    let trial =
        Trial::new().accepted(household.clone()).seen(EDI, 20, first.clone()).seen(ISSUER, 40, snapshot(&household, 0));
    assert!(findings(&trial.clone().seen(EDI, 21, first).probe()).is_empty(), "read again by another process");
    assert_eq!(findings(&trial.seen(EDI, 22, over).probe()), [(FindingKind::Duplicated, "edi_834")]);
}

#[test]
fn where_nothing_was_answered_as_the_flow_expects_nothing_passes() {
    let household = family(0);
    let trial = Trial::new().sent(household.clone(), Some(Submission::Indeterminate));
    let summary =
        trial.seen(EDI, 20, message(&household, 0)).seen(ISSUER, 40, snapshot(&household, 0)).looked(300).judged();
    assert_eq!((summary.verdict, summary.counts.good), (Verdict::Inconclusive, 1), "{:?}", summary.reasons);
    let told = "none of 1 application was answered as the target's flow expects (status 400)";
    assert!(summary.reasons.iter().any(|reason| reason.contains(told)), "{:?}", summary.reasons);
}

#[test]
fn a_record_at_another_issuer_is_misrouted_and_missing_where_it_belongs() {
    let household = family(0);
    let other = Some(IssuerId::new("99999"));
    let probe = Trial::new()
        .accepted(family(0))
        .seen(EDI, 20, message(&household, 0))
        .seen_by(ISSUER, other, 40, snapshot(&household, 0))
        .looked(200)
        .probe();
    assert_eq!(findings(&probe), [(FindingKind::Misrouted, "issuer")]);
    assert_eq!(hop(&probe, ISSUER).arrival, Arrival::Missing);
}

#[test]
fn a_rejected_application_that_is_enrolled_all_the_same_is_unexpected() {
    let household = family(0);
    let mut trial = Trial::new().sent(family(0), Some(Submission::Rejected));
    trial.plan.submission_expected = SubmissionExpected::Rejected;
    let clean = trial.judged();
    assert_eq!((clean.verdict, clean.probes[0].good), (Verdict::Pass, Some(true)));
    assert_eq!(hop(&clean.probes[0], EDI).arrival, Arrival::NotDue);
    let ghost = trial.seen(ISSUER, 40, snapshot(&household, 0)).judged();
    assert_eq!(findings(&ghost.probes[0]), [(FindingKind::Unexpected, "issuer")]);
    assert_eq!((ghost.verdict, ghost.probes[0].good), (Verdict::Fail, Some(false)));
}

#[test]
fn a_rejection_that_was_not_expected_fails_the_run() {
    let summary = Trial::new().sent(family(0), Some(Submission::Rejected)).judged();
    assert_eq!((summary.verdict, summary.counts.rejected), (Verdict::Fail, 1));
    assert_eq!(summary.error_rate.trials, 0);
}

#[test]
fn one_household_under_two_policies_is_split() {
    let household = family(0);
    let mut first = snapshot(&household, 0);
    let mut second = first.clone();
    second.members.drain(..2);
    first.members.truncate(2);
    second.facts.set(Field::PolicyId, "P777");
    let trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&household, 0));
    let probe = trial.seen(ISSUER, 40, first).seen(ISSUER, 40, second).probe();
    assert!(findings(&probe).contains(&(FindingKind::Split, "issuer")), "{:?}", findings(&probe));
    let fields: Vec<_> = differing(&probe, ISSUER).into_iter().map(|(_, field)| field).collect();
    assert!(!fields.contains(&Field::MemberEnrolled), "{fields:?}");
}

/// A household of four in two pieces, each headed by the mother, whose policy it is.
fn headed(kind: RecordKind, change: impl Fn(&mut GroupRecord)) -> (Household, [GroupRecord; 2]) {
    let mut household = family(0);
    let mut son = household.people[2].clone();
    son.name.first = "Colm".into();
    son.birth_date = son.birth_date.with_year(2003).unwrap();
    household.people.push(son);
    let [mut first, mut second] = [clean(&household, 0, kind), clean(&household, 0, kind)];
    first.members.truncate(3);
    second.members.drain(1..3);
    second.place.transaction_set = Some("77".to_owned());
    change(&mut second);
    (household, [first, second])
}

#[test]
fn one_household_in_two_pieces_that_both_name_its_subscriber_is_split_and_nobody_in_it_is_accused() {
    for policy in [None, Some("P777")] {
        let under = |record: &mut GroupRecord| {
            if let Some(policy) = policy {
                record.facts.set(Field::PolicyId, policy);
            }
        };
        let (household, messages) = headed(RecordKind::InitialEnrollment, under);
        let (_, states) = headed(RecordKind::Snapshot, under);
        let [first, second] = messages;
        let mut trial =
            Trial::new().accepted(household.clone()).seen(EDI, 20, first.clone()).seen(EDI, 20, second.clone());
        trial = states.into_iter().fold(trial, |trial, state| trial.seen(ISSUER, 40, state));
        let out = |part: &GroupRecord, interchange: &str| {
            let mut record = cancellation(&household, 0);
            record.facts.set_or_absent(Field::PolicyId, part.facts.value(Field::PolicyId).cloned());
            record.place.interchange = Some(interchange.to_owned());
            record.place.transaction_set.clone_from(&part.place.transaction_set);
            record
        };
        let trial = trial
            .phase_ended(290, Phase::Watch)
            .cancelled(300, 0)
            .seen(EDI, 320, out(&first, "000000005"))
            .seen(EDI, 320, out(&second, "000000006"))
            .gone(330, 0)
            .looked(600)
            .phase_ended(601, Phase::Cleanup)
            .push(602, Event::Finished);
        let probe = trial.probe();
        let kinds: Vec<_> = findings(&probe);
        assert_eq!(
            kinds,
            [(FindingKind::Split, "edi_834"), (FindingKind::Split, "issuer")],
            "{policy:?} {:#?}",
            probe.findings
        );
        for waypoint in [EDI, ISSUER] {
            let fields: Vec<_> = differing(&probe, waypoint).into_iter().map(|(_, field)| field).collect();
            assert_eq!(fields, policy.map(|_| Field::PolicyId).into_iter().collect::<Vec<_>>(), "{policy:?}");
        }
        assert_eq!((probe.good, probe.groups[0].cleanup.as_str()), (Some(false), "gone"), "{policy:?}");
    }
}

#[test]
fn what_another_piece_says_otherwise_of_the_subscriber_is_told_and_the_same_people_again_are_no_piece() {
    let (household, [first, second]) =
        headed(RecordKind::Snapshot, |second| second.members[0].set(Field::Sex, Sex::Male));
    let enrolled = || Trial::new().accepted(household.clone()).seen(EDI, 20, message(&household, 0));
    let told = |records: [GroupRecord; 2]| {
        let trial = records.into_iter().fold(enrolled(), |trial, record| trial.seen(ISSUER, 40, record));
        trial.push(400, Event::Finished).probe()
    };
    let probe = told([first, second]);
    assert_eq!(differing(&probe, ISSUER), [("1 Mary O'Neal", Field::Sex)]);
    assert_eq!(findings(&probe), [(FindingKind::Split, "issuer")]);
    let whole = || clean(&household, 0, RecordKind::Snapshot);
    for short in [1, 2, 4] {
        let mut again = whole();
        again.members.truncate(short);
        again.place.transaction_set = Some("77".to_owned());
        assert_eq!(findings(&told([whole(), again])), [(FindingKind::Duplicated, "issuer")], "{short}");
    }
}

/// The mother in one record of their policy, the others in another.
fn apart(change: impl Fn(&mut GroupRecord)) -> [GroupRecord; 2] {
    let [mut first, mut second] = [snapshot(&family(0), 0), snapshot(&family(0), 0)];
    first.members.truncate(1);
    second.members.remove(0);
    change(&mut first);
    change(&mut second);
    [first, second]
}

#[test]
fn one_household_in_two_records_of_one_policy_is_split() {
    let enrolled = || Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0));
    let told = |trial: Trial| {
        let probe = trial.push(400, Event::Finished).probe();
        (findings(&probe).contains(&(FindingKind::Split, "issuer")), probe.good)
    };
    let [first, second] = apart(|_| {});
    assert_eq!(told(enrolled().seen(ISSUER, 40, first).seen(ISSUER, 40, second)), (true, Some(false)));
    // without a policy id in either the rest tells that it is one group
    let [first, second] = apart(|record| record.facts.unset(Field::PolicyId));
    assert_eq!(told(enrolled().seen(ISSUER, 40, first).seen(ISSUER, 40, second)), (true, Some(false)));
    // a state of which another took the place is no part of that
    let [first, _] = apart(|_| {});
    let grown = enrolled().seen(ISSUER, 40, first).gone(50, 0).seen(ISSUER, 50, snapshot(&family(0), 0));
    assert_eq!(told(grown), (false, Some(true)));
}

#[test]
fn members_told_in_records_of_their_own_are_one_group() {
    let household = family(0);
    let mut trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&household, 0));
    // whom a service is asked for one by one, it shows one by one
    trial.plan.waypoints[usize::from(ISSUER)].feed = FeedKind::Eligibility;
    for (at, seconds) in [(2, 40), (0, 50), (1, 60)] {
        let mut record = snapshot(&household, 0);
        record.members = vec![record.members[at].clone()];
        trial = trial.seen(ISSUER, seconds, record);
    }
    let probe = trial.probe();
    assert_eq!((findings(&probe).len(), hop(&probe, ISSUER).discrepancies.len()), (0, 0), "{probe:?}");
    assert_eq!(hop(&probe, ISSUER).first_seen_at, Some(at(60)), "it arrived with its last member");
}

#[test]
fn two_households_in_one_group_are_merged() {
    let (mine, other) = (family(0), family(1));
    let mut record = snapshot(&mine, 0);
    record.members.extend(snapshot(&other, 0).members);
    let trial = Trial::new().accepted(family(0)).arrived(&mine).accepted(family(1)).arrived(&other);
    let mut trial = trial.gone(45, 0).seen(ISSUER, 45, record);
    trial.now = at(2000);
    let summary = trial.judged();
    assert!(findings(&summary.probes[0]).contains(&(FindingKind::Merged, "issuer")));
    assert!(findings(&summary.probes[1]).is_empty(), "{:?}", findings(&summary.probes[1]));
}

#[test]
fn one_id_for_two_people_is_a_collision_even_where_the_exchange_told_both() {
    let (mine, other) = (family(0), family(1));
    let mut record = message(&other, 0);
    record.members[0].set(Field::MemberId, "S0-0");
    let trial = Trial::new().accepted(family(0)).arrived(&mine).accepted(family(1));
    let summary = trial.seen(EDI, 20, record).seen(ISSUER, 40, snapshot(&other, 0)).judged();
    for probe in &summary.probes {
        assert_eq!(findings(probe), [(FindingKind::IdCollision, "edi_834")], "{}", probe.index);
    }
    assert_eq!(differing(&summary.probes[1], EDI), [("1 Mary O'Neal", Field::MemberId)]);
    assert_eq!(summary.counts.id_collision, 2);
}

#[test]
fn ids_exchanged_within_a_household_are_discrepancies_and_no_collision() {
    let household = family(0);
    let mut record = message(&household, 0);
    record.members[1].set(Field::MemberId, "S0-2");
    record.members[2].set(Field::MemberId, "S0-1");
    let probe =
        Trial::new().accepted(family(0)).seen(EDI, 20, record).seen(ISSUER, 40, snapshot(&household, 0)).probe();
    assert_eq!(differing(&probe, EDI), [("2 Sean O'Neal", Field::MemberId), ("3 Ann O'Neal", Field::MemberId)]);
    assert!(findings(&probe).is_empty());
}

#[test]
fn shown_then_gone_is_flapping_and_a_changed_state_is_not() {
    let household = family(0);
    let base = || Trial::new().accepted(family(0)).arrived(&household);
    let probe = base().gone(60, 0).seen(ISSUER, 70, snapshot(&household, 0)).probe();
    assert_eq!(findings(&probe), [(FindingKind::Flapping, "issuer")]);
    let replaced = base().gone(60, 0).seen(ISSUER, 60, snapshot(&household, 0)).probe();
    assert_eq!(findings(&replaced), []);
}

#[test]
fn what_comes_after_it_was_given_up_is_late_and_recovered() {
    let household = family(0);
    let trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&household, 0)).looked(205);
    let probe = trial.phase_ended(210, Phase::Watch).seen(ISSUER, 300, snapshot(&household, 0)).probe();
    assert_eq!(hop(&probe, ISSUER).arrival, Arrival::Late);
    assert_eq!(findings(&probe), [(FindingKind::Recovered, "issuer")]);
}

#[test]
fn what_nobody_could_look_for_was_never_given_up() {
    let household = family(0);
    let trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&household, 0)).phase_ended(210, Phase::Watch);
    let mut trial = trial.seen(ISSUER, 300, snapshot(&household, 0));
    for entry in &mut trial.entries {
        if let Event::Seen { sighting } = &mut entry.event
            && sighting.waypoint == ISSUER
        {
            sighting.last_absent_at = None;
        }
    }
    assert_eq!(findings(&trial.probe()), []);
}

#[test]
fn what_never_got_an_answer_is_looked_for_and_counts_where_it_is_found() {
    let household = family(0);
    let found = Trial::new().sent(family(0), None).arrived(&household).judged();
    assert_eq!(found.probes[0].submission, Submission::Indeterminate);
    assert_eq!(found.probes[0].good, Some(true), "{:?}", found.probes[0].groups);
    assert_eq!((found.counts.indeterminate, found.error_rate.trials, found.waypoints[0].groups.on_time), (1, 1, 1));
    assert_eq!(hop(&found.probes[0], EDI).matched_by, Some(MatchTier::Marker));
    let lost = Trial::new().sent(family(0), None).looked(300).push(400, Event::Finished).judged();
    assert_eq!((lost.probes[0].good, lost.waypoints[0].groups.due), (None, 0));
    assert_eq!(lost.probes[0].groups[0].cleanup, "kept");
    assert_eq!(lost.verdict, Verdict::Inconclusive);
    // what never came down the pipeline may be enrolled at the exchange all the same
    let trial = Trial::new().sent(family(0), None).looked(300).phase_ended(390, Phase::Cleanup);
    let left = trial.push(400, Event::Finished).judged();
    assert_eq!(left.probes[0].groups[0].cleanup, "residue");
    let who = left.probes[0].remaining.as_ref().expect("it is told who stays");
    assert!(who.marker == household.marker && who.sent_at.is_some(), "{who:?}");
}

#[test]
fn verdicts_keep_their_precedence() {
    let empty = Trial::new().judged();
    assert_eq!((empty.verdict, empty.exit_code), (Verdict::Inconclusive, 3), "no data is never a pass");
    let stopped = |safety| Event::Stopped { reason: "too many rejections".into(), safety, next_due_at: None };
    let household = family(0);
    let good = || Trial::new().accepted(family(0)).arrived(&household);
    assert_eq!(good().push(90, stopped(true)).judged().exit_code, 5);
    assert_eq!(good().push(90, stopped(false)).judged().exit_code, 3);
    let failed = Trial::new().accepted(family(0)).looked(200).push(300, stopped(true)).judged();
    assert_eq!(failed.exit_code, 1);
}

#[test]
fn the_objective_is_broken_by_the_share_itself_and_a_pass_says_what_it_does_not_prove() {
    let mut trial = Trial::new();
    trial.plan.objective = Objective {
        error_rate_below: Some(0.1),
        on_time_at_least: Some(0.9),
        confidence: 0.95,
        ..Objective::default()
    };
    for index in 0..20 {
        trial = trial.accepted(family(index)).arrived(&family(index));
    }
    let pass = trial.judged();
    assert_eq!(pass.verdict, Verdict::Pass);
    assert!(pass.reasons.iter().any(|reason| reason.contains("9 more without an error")), "{:?}", pass.reasons);
    let fail = trial.accepted(family(20)).accepted(family(21)).accepted(family(22)).looked(300).judged();
    assert_eq!((fail.verdict, fail.error_rate.errors, fail.error_rate.trials), (Verdict::Fail, 3, 23));
    assert!(fail.reasons[0].contains("3 of 23"), "{:?}", fail.reasons);
}

#[test]
fn a_record_known_only_by_the_look_up_is_still_the_probes() {
    let household = family(0);
    let mut record = snapshot(&household, 0);
    for field in [Field::PolicyId, Field::SubscriberId] {
        record.facts.unset(field);
    }
    for member in &mut record.members {
        member.set(Field::NameLast, "OÃ¢Â€Â™Neal");
        for field in [Field::MemberId, Field::Email] {
            member.unset(field);
        }
    }
    let mut trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&household, 0)).seen(ISSUER, 40, record);
    if let Some(Event::Seen { sighting }) = trial.entries.last_mut().map(|entry| &mut entry.event) {
        sighting.asked_for = Some(household.index);
    }
    let probe = trial.probe();
    assert_eq!(hop(&probe, ISSUER).matched_by, Some(MatchTier::LookUp));
    assert_eq!(differing(&probe, ISSUER).len(), 3);
}

#[test]
fn both_feeds_are_what_this_module_takes_them_for() {
    let trial = Trial::new();
    assert_eq!(trial.plan.waypoints[usize::from(EDI)].feed, FeedKind::EdiFolder);
    assert_eq!(trial.plan.waypoints[usize::from(ISSUER)].feed, FeedKind::JsonApi);
    assert_eq!(cancellation(&family(0), 0).members.len(), 1);
}

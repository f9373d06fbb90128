//! Taken out again, or residue.

use super::trial::{EDI, ISSUER, Trial, at, cancellation, clean, family, findings, message, snapshot};
use johndoe::model::{
    Event, Facts, Field, FindingKind, GroupRecord, IssuerId, JourneyStep, Phase, ProbeIndex, RecordKind, Refused,
    Submission, Verdict, WaypointName,
};

fn enrolled() -> Trial {
    Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch).cancelled(300, 0)
}

#[test]
fn gone_at_the_issuer_and_cancelled_in_the_file_is_gone() {
    let summary = enrolled()
        .seen(EDI, 320, cancellation(&family(0), 0))
        .gone(330, 0)
        .looked(330)
        .phase_ended(340, Phase::Cleanup)
        .push(341, Event::Finished)
        .judged();
    assert_eq!(summary.probes[0].groups[0].cleanup, "gone", "{:?}", summary.probes[0].findings);
    assert_eq!((summary.verdict, summary.probes[0].good), (Verdict::Pass, Some(true)));
}

#[test]
fn a_status_of_cancelled_is_gone_too() {
    let mut out = snapshot(&family(0), 0);
    out.facts.set(johndoe::model::Field::PolicyStatus, "cancelled");
    let trial = enrolled().seen(EDI, 320, cancellation(&family(0), 0)).gone(330, 0).seen(ISSUER, 330, out);
    let probe = trial.probe();
    assert_eq!((probe.groups[0].cleanup.as_str(), probe.good), ("gone", Some(true)), "{probe:?}");
}

#[test]
fn a_status_that_nobody_understands_is_never_told_as_in_force() {
    let left = |status: &str| {
        let mut state = snapshot(&family(0), 0);
        state.facts.set(Field::PolicyStatus, status);
        let trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0)).seen(ISSUER, 40, state);
        let looked_at = at(600);
        let probe = trial
            .phase_ended(290, Phase::Watch)
            .cancelled(300, 0)
            .seen(EDI, 320, cancellation(&family(0), 0))
            .push(600, Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at })
            .phase_ended(601, Phase::Cleanup)
            .push(602, Event::Finished)
            .probe();
        assert_eq!(probe.groups[0].cleanup, "residue", "{probe:#?}");
        let residue = probe.findings.iter().find(|found| found.kind == FindingKind::Residue).expect("residue");
        residue.detail.clone()
    };
    assert!(left("initial").contains("still in force"), "{}", left("initial"));
    let strange = left("limbo");
    assert!(!strange.contains("in force") && strange.contains("a status that is not understood: `limbo`"), "{strange}");
}

#[test]
fn a_cancellation_that_is_never_sent_is_residue_and_an_error_only_where_it_is_probed() {
    let mut trial = enrolled().looked(290).phase_ended(600, Phase::Cleanup).push(601, Event::Finished);
    let summary = trial.judged();
    assert_eq!(summary.probes[0].groups[0].cleanup, "residue");
    assert_eq!(findings(&summary.probes[0]), [(FindingKind::Residue, "edi_834")]);
    assert_eq!((summary.verdict, summary.exit_code, summary.counts.residue), (Verdict::Residue, 6, 1));
    assert_eq!((summary.probes[0].good, &summary.probes[0].first_divergent_hop), (Some(true), &None));
    trial.plan.cancel_is_probed = true;
    let summary = trial.judged();
    assert_eq!((summary.verdict, summary.probes[0].good), (Verdict::Fail, Some(false)));
}

#[test]
fn what_cannot_be_looked_at_after_the_cancellation_is_residue() {
    let trial = enrolled().seen(EDI, 320, cancellation(&family(0), 0)).phase_ended(700, Phase::Cleanup);
    let probe = trial.probe();
    assert_eq!(findings(&probe), [(FindingKind::Residue, "issuer")]);
}

#[test]
fn where_no_look_ended_after_the_cancellation_nobody_looked_and_the_pipeline_is_not_accused() {
    let judged = |looked: Option<i64>| {
        let mut trial = enrolled().seen(EDI, 320, cancellation(&family(0), 0));
        trial.plan.cancel_is_probed = true;
        if let Some(at) = looked {
            let own = Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at: super::trial::at(at) };
            trial = trial.push(at, own);
        }
        trial.phase_ended(700, Phase::Cleanup).push(701, Event::Finished).judged()
    };
    assert_eq!(judged(None).verdict, Verdict::Blind);
    assert_eq!(judged(Some(310)).verdict, Verdict::Blind);
    assert_eq!(judged(Some(690)).verdict, Verdict::Fail, "a healthy look still shows it");
}

/// What is not found by an id that two households were told may be the other's absence.
#[test]
fn whoever_was_told_another_ones_id_and_was_seen_nowhere_is_not_proved_gone() {
    let cleanup = |is_shared: bool| {
        let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).accepted(family(1));
        for entry in &mut trial.entries {
            if let Event::Answered { probe: ProbeIndex(1), captures, .. } = &mut entry.event
                && is_shared
            {
                captures.groups[0].facts.set(Field::PolicyId, "P0medical");
            }
        }
        let trial = trial.phase_ended(290, Phase::Watch).cancelled(300, 1).looked(310);
        let summary = trial.phase_ended(700, Phase::Cleanup).push(701, Event::Finished).judged();
        summary.probes[1].groups[0].cleanup.clone()
    };
    assert_eq!((cleanup(false).as_str(), cleanup(true).as_str()), ("gone", "residue"));
}

#[test]
fn a_cancellation_in_what_its_receiver_refuses_is_damaged_and_takes_nobody_out() {
    let refused = Event::FileRead {
        waypoint: EDI,
        name: cancellation(&family(0), 0).place.source.as_str().into(),
        digest: "ab".into(),
        strangers: 0,
        baseline: false,
        damage: Some("trailer `GE` counts `7`; expected `1`".to_owned()),
        refused: vec![Refused {
            interchange: "000000002".to_owned(),
            functional_group: Some("1".to_owned()),
            transaction_set: None,
        }],
        held: Vec::new(),
    };
    let sent = enrolled().seen(EDI, 320, cancellation(&family(0), 0)).push(320, refused);
    let over = |trial: Trial| trial.phase_ended(700, Phase::Cleanup).push(701, Event::Finished).probe();
    let probe = over(sent.clone());
    assert!(findings(&probe).contains(&(FindingKind::Damaged, "edi_834")), "{probe:?}");
    assert_eq!((probe.groups[0].cleanup.as_str(), probe.good), ("residue", Some(false)));
    // an issuer that shows it no longer proves that it went all the same
    let gone = sent.clone().gone(330, 0).looked(330);
    let probe = over(gone);
    assert_eq!((probe.groups[0].cleanup.as_str(), probe.good), ("gone", Some(false)), "{probe:?}");
    assert_eq!(findings(&probe), [(FindingKind::Damaged, "edi_834")]);
    // and a sound copy that came, too, takes out
    let mut sound = cancellation(&family(0), 0);
    sound.place.interchange = Some("000000003".into());
    let probe = over(sent.seen(EDI, 325, sound).gone(330, 0).looked(330));
    assert!(!findings(&probe).contains(&(FindingKind::Damaged, "edi_834")), "{probe:?}");
    assert_eq!(probe.groups[0].cleanup, "gone");
}

fn blind(waypoint: u16, from: i64, until: i64) -> Event {
    Event::Blind { probe: None, waypoint, issuer: None, from: at(from), until: at(until), reason: "no login".into() }
}

#[test]
fn where_nobody_could_look_after_the_cancellation_it_is_residue_and_blindness_and_no_error() {
    let cancelled = enrolled().seen(EDI, 320, cancellation(&family(0), 0));
    let mut trial = cancelled.push(600, blind(ISSUER, 305, 600)).phase_ended(700, Phase::Cleanup);
    trial.plan.cancel_is_probed = true;
    let summary = trial.clone().push(701, Event::Finished).judged();
    let probe = &summary.probes[0];
    assert_eq!((findings(probe), probe.good), (vec![(FindingKind::Residue, "issuer")], None));
    assert!(probe.findings[0].detail.contains("nobody could look"), "{probe:?}");
    assert_eq!(probe.first_divergent_hop, None);
    assert_eq!((summary.verdict, summary.counts.blind, summary.counts.residue), (Verdict::Blind, 1, 1));
    assert_eq!(summary.counts.good, 0);
    // it was cancelled as far as the exchange says, and nothing sends that again
    let promise = summary.reasons.iter().find(|reason| reason.contains("residue")).unwrap();
    assert!(promise.contains("whatever the exchange did not say is cancelled"), "{promise}");
    // where somebody looked once time was up, and it was still there, the pipeline is at fault
    let look = Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at: at(650) };
    let seen = trial.push(650, look).push(651, Event::Finished).judged();
    assert_eq!((seen.verdict, seen.probes[0].good), (Verdict::Fail, Some(false)));
    let told = seen.reasons.iter().find(|reason| reason.contains("residue")).unwrap();
    assert!(told.contains("1 group left as residue: seen in force after the cancellation;"), "{told}");
}

#[test]
fn how_many_were_seen_in_force_and_how_many_could_not_be_proved_gone_is_told_apart() {
    let both = Trial::new().accepted(family(0)).arrived(&family(0)).accepted(family(1)).arrived(&family(1));
    let out = both.cancelled(300, 0).cancelled(300, 1);
    let out = out.seen(EDI, 320, cancellation(&family(0), 0)).seen(EDI, 320, cancellation(&family(1), 0));
    let look = Event::Looked { probe: Some(ProbeIndex(1)), waypoint: ISSUER, looked_at: at(650) };
    let summary = out.push(650, look).phase_ended(700, Phase::Cleanup).push(701, Event::Finished).judged();
    let told = summary.reasons.iter().find(|reason| reason.contains("residue")).unwrap();
    let how = "1 seen in force after the cancellation, 1 not proved gone after it;";
    assert!(told.contains(how), "{told}");
}

#[test]
fn what_is_not_there_after_the_cancellation_was_not_missing_before_it() {
    let household = family(0);
    let sent = Trial::new().accepted(household.clone()).seen(EDI, 20, message(&household, 0));
    let watched = |trial: Trial| {
        let cancelled =
            trial.phase_ended(290, Phase::Watch).cancelled(300, 0).seen(EDI, 320, cancellation(&family(0), 0));
        cancelled.looked(400).phase_ended(700, Phase::Cleanup).push(701, Event::Finished).judged()
    };
    let summary = watched(sent.clone().push(280, blind(ISSUER, 5, 280)));
    assert_eq!((summary.counts.missing, summary.counts.blind, summary.verdict), (0, 1, Verdict::Blind), "{summary:?}");
    assert_eq!(summary.probes[0].groups[0].cleanup, "gone");
    // a healthy look before it does
    let summary = watched(sent.looked(280));
    assert_eq!((summary.counts.missing, summary.counts.blind, summary.verdict), (1, 0, Verdict::Fail), "{summary:?}");
}

#[test]
fn a_folder_that_could_not_be_read_since_before_the_cancellation_proves_nothing_gone() {
    let sent = Trial::new().accepted(family(0)).seen(ISSUER, 40, snapshot(&family(0), 0));
    let blinded = sent.push(600, blind(EDI, 0, 600)).phase_ended(290, Phase::Watch).cancelled(300, 0).gone(330, 0);
    let over = blinded.clone().phase_ended(700, Phase::Cleanup).push(701, Event::Finished);
    assert_eq!(findings(&over.probe()), [(FindingKind::Residue, "edi_834")], "{:?}", over.probe());
    // nothing lies in a folder that was read after the cancellation was sent, and nothing was ever there
    let read = blinded.looked(601).phase_ended(700, Phase::Cleanup).push(701, Event::Finished);
    assert_eq!(read.probe().groups[0].cleanup, "gone", "{:?}", read.probe());
}

#[test]
fn while_there_is_time_a_cancellation_is_pending() {
    let mut trial = enrolled();
    trial.now = at(350);
    assert_eq!(trial.probe().groups[0].cleanup, "pending");
}

#[test]
fn domain_7_19_a_ghost_that_comes_back_after_its_cancellation_is_resurrected() {
    let trial = enrolled().seen(EDI, 320, cancellation(&family(0), 0)).gone(330, 0).looked(335);
    let probe = trial.seen(ISSUER, 400, snapshot(&family(0), 0)).phase_ended(900, Phase::Cleanup).probe();
    let kinds: Vec<_> = findings(&probe);
    assert!(kinds.contains(&(FindingKind::Resurrected, "issuer")), "{kinds:?}");
    assert!(kinds.contains(&(FindingKind::Residue, "issuer")), "{kinds:?}");
}

#[test]
fn what_was_kept_on_purpose_is_no_residue() {
    let trial = Trial::new().accepted(family(0)).arrived(&family(0)).push(500, Event::Finished);
    let summary = trial.judged();
    assert_eq!((summary.probes[0].groups[0].cleanup.as_str(), summary.verdict), ("kept", Verdict::Pass));
}

#[test]
fn a_rejected_application_leaves_nothing_to_clean() {
    let trial = Trial::new().sent(family(0), Some(johndoe::model::Submission::Rejected));
    assert_eq!(trial.probe().groups[0].cleanup, "nothing_to_clean");
    let _ = message(&family(0), 0);
}

/// A waypoint behind the issuer at which only effectuations are seen.
fn confirmed() -> Trial {
    let mut trial = Trial::new();
    let mut waypoint = trial.plan.waypoints[usize::from(EDI)].clone();
    waypoint.name = WaypointName::new("effectuation");
    waypoint.without_cancellations = true;
    trial.plan.waypoints.push(waypoint);
    let mut effectuation = message(&family(0), 0);
    effectuation.kind = RecordKind::Effectuation;
    effectuation.place.source = "12345.DSH.IC834.D131115.T180000123.T".into();
    trial.accepted(family(0)).arrived(&family(0)).seen(2, 60, effectuation).phase_ended(290, Phase::Watch)
}

#[test]
fn nobody_is_residue_where_no_cancellation_passes() {
    let trial = confirmed().cancelled(300, 0).seen(EDI, 320, cancellation(&family(0), 0)).gone(330, 0).looked(330);
    let mut trial = trial.phase_ended(700, Phase::Cleanup).push(701, Event::Finished);
    let probe = trial.probe();
    assert_eq!((probe.groups[0].cleanup.as_str(), probe.good), ("gone", Some(true)), "{probe:?}");
    trial.plan.waypoints[2].without_cancellations = false;
    assert_eq!(findings(&trial.probe()), [(FindingKind::Residue, "effectuation")]);
}

#[test]
fn an_issuer_that_cancels_what_nobody_cancelled_yet_is_found_whatever_comes_later() {
    let mut unpaid = cancellation(&family(0), 0);
    unpaid.place.source = "12345.DSH.IC834.D131116.T180000123.T".into();
    let trial = confirmed().seen(2, 200, unpaid);
    let expected = [(FindingKind::Unexpected, "effectuation")];
    assert_eq!(findings(&trial.probe()), expected);
    let trial = trial.cancelled(300, 0).seen(EDI, 320, cancellation(&family(0), 0)).gone(330, 0).looked(330);
    assert_eq!(findings(&trial.probe()), expected);
}

/// Another record of the household, that its cancellation did not take out.
fn second_of(household: &johndoe::model::Household) -> johndoe::model::GroupRecord {
    let mut second = snapshot(household, 0);
    second.facts.set(Field::PolicyId, "P-NEW");
    second
}

#[test]
fn a_second_record_that_stays_in_force_beside_the_cancelled_one_is_residue() {
    let household = family(0);
    let mut out = snapshot(&household, 0);
    out.facts.set(Field::PolicyStatus, "cancelled");
    let look = |trial: Trial| {
        let look = Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at: at(650) };
        trial.push(650, look).phase_ended(700, Phase::Cleanup).push(701, Event::Finished).judged()
    };
    let cancelled = enrolled().seen(EDI, 320, cancellation(&household, 0)).gone(330, 0);
    for second in [second_of(&household), snapshot(&household, 0)] {
        let summary = look(cancelled.clone().seen(ISSUER, 330, out.clone()).seen(ISSUER, 331, second));
        assert_eq!(summary.probes[0].groups[0].cleanup, "residue");
        assert!(summary.reasons.iter().any(|reason| reason.contains("seen in force")), "{:?}", summary.reasons);
    }
    let summary = look(cancelled.seen(ISSUER, 330, out));
    assert_eq!(summary.probes[0].groups[0].cleanup, "gone");
}

#[test]
fn every_policy_that_a_file_enrolled_needs_its_cancellation() {
    let household = family(0);
    let mut again = message(&household, 0);
    again.facts.set(Field::PolicyId, "P-NEW");
    again.place.transaction_set = Some("0002".into());
    let twice = Trial::new().accepted(household.clone()).arrived(&household).seen(EDI, 25, again);
    let of = |trial: Trial| {
        let out = trial.cancelled(300, 0).seen(EDI, 320, cancellation(&household, 0)).gone(330, 0).looked(330);
        out.phase_ended(700, Phase::Cleanup).probe().groups[0].cleanup.clone()
    };
    assert_eq!(of(twice.clone()), "residue");
    let mut second = cancellation(&household, 0);
    second.facts.set(Field::PolicyId, "P-NEW");
    second.place.transaction_set = Some("0009".into());
    assert_eq!(of(twice.seen(EDI, 321, second)), "gone");
    // an id that was altered on the way is one policy all the same
    let mut altered = message(&household, 0);
    altered.facts.set(Field::PolicyId, "P-ALTERED");
    let once =
        Trial::new().accepted(household.clone()).seen(EDI, 20, altered).seen(ISSUER, 40, snapshot(&household, 0));
    assert_eq!(of(once), "gone");
}

#[test]
fn a_cancellation_that_the_exchange_did_not_answer_or_refused_is_not_charged_to_the_pipeline() {
    let household = family(0);
    let of = |answer: Submission, seen_out: bool| {
        let mut trial = Trial::new().accepted(household.clone()).arrived(&household).phase_ended(290, Phase::Watch);
        trial.plan.cancel_is_probed = true;
        let trial = trial.cancel_answered(300, 0, answer);
        let trial = if seen_out { trial.seen(EDI, 320, cancellation(&household, 0)) } else { trial };
        let look = Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at: at(650) };
        trial.looked(650).push(650, look).phase_ended(700, Phase::Cleanup).push(701, Event::Finished).judged()
    };
    for (answer, seen_out, verdict, told) in [
        (
            Submission::Indeterminate,
            false,
            Verdict::Inconclusive,
            "the cancellation of 1 group got no trustworthy answer",
        ),
        (Submission::Rejected, false, Verdict::Fail, "the exchange refused to cancel 1 group (status 400)"),
        (Submission::Rejected, true, Verdict::Inconclusive, "see what the `cancel` flow expects"),
    ] {
        let summary = of(answer, seen_out);
        assert_eq!(summary.verdict, verdict, "{answer}: {:?}", summary.reasons);
        assert!(summary.reasons.iter().any(|reason| reason.contains(told)), "{answer}: {:?}", summary.reasons);
        assert_eq!((summary.error_rate.errors, summary.counts.residue), (0, 1), "{answer}: {:?}", summary.reasons);
        assert_eq!(summary.probes[0].first_divergent_hop, None);
    }
}

#[test]
fn a_cancellation_takes_out_whom_it_names_and_where_it_came() {
    let household = family(0);
    let of = |issuer: Option<IssuerId>, change: &dyn Fn(&mut GroupRecord)| {
        let mut record = cancellation(&household, 0);
        change(&mut record);
        let out = enrolled().seen_by(EDI, issuer, 320, record).gone(330, 0).looked(330);
        let probe = out.phase_ended(700, Phase::Cleanup).push(701, Event::Finished).probe();
        (probe.groups[0].cleanup.clone(), findings(&probe).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>())
    };
    let own = || Some(IssuerId::new("12345"));
    assert_eq!(of(own(), &|_| {}), ("gone".to_owned(), vec![]));
    assert_eq!(of(None, &|record| record.members.clear()), ("gone".to_owned(), vec![]));
    // only a dependent
    let dependent = |record: &mut GroupRecord| record.members[0] = message(&household, 0).members[2].clone();
    assert_eq!(of(own(), &dependent), ("residue".to_owned(), vec![FindingKind::Unexpected, FindingKind::Residue]));
    // at another issuer's, by its folder or its address
    let misrouted = ("residue".to_owned(), vec![FindingKind::Misrouted, FindingKind::Residue]);
    assert_eq!(of(Some(IssuerId::new("99999")), &|_| {}), misrouted);
    assert_eq!(of(None, &|record| record.facts.set(Field::Issuer, "99999")), misrouted);
    // another policy, or somebody else in the subscriber's place
    let altered = ("gone".to_owned(), vec![FindingKind::Unexpected]);
    assert_eq!(of(own(), &|record| record.facts.set(Field::PolicyId, "P-OTHER")), altered);
    assert_eq!(of(own(), &|record| record.members[0].set(Field::NameLast, "Zztop")), altered);
}

#[test]
fn whoever_is_enrolled_again_after_the_cancellation_is_in_force() {
    let household = family(0);
    let of = |again: GroupRecord, cancelled_once_more: bool| {
        let mut trial = enrolled().seen(EDI, 320, cancellation(&household, 0)).seen(EDI, 325, again);
        if cancelled_once_more {
            let mut second = cancellation(&household, 0);
            second.place.interchange = Some("000000005".into());
            trial = trial.seen(EDI, 330, second);
        }
        let over = trial.gone(330, 0).looked(335).phase_ended(700, Phase::Cleanup).push(701, Event::Finished);
        over.probe().groups[0].cleanup.clone()
    };
    let mut again = message(&household, 0);
    (again.place.interchange, again.event_at) = (Some("000000004".into()), Some(at(310)));
    assert_eq!(of(again.clone(), false), "residue");
    assert_eq!(of(again.clone(), true), "gone");
    // seen and sent at the moment of the cancellation, in a file that is numbered after it
    let cancelled = cancellation(&household, 0);
    let of_one_moment = |number: &str| {
        let mut again = GroupRecord { event_at: cancelled.event_at, ..again.clone() };
        (again.place.source, again.place.interchange) = ("OTHER".into(), Some(number.into()));
        let trial = enrolled().seen(EDI, 320, cancelled.clone()).seen(EDI, 320, again).gone(330, 0).looked(335);
        trial.phase_ended(700, Phase::Cleanup).push(701, Event::Finished).probe().groups[0].cleanup.clone()
    };
    assert_eq!([of_one_moment("000000003"), of_one_moment("000000001")], ["residue", "gone"]);
    // the same file once more, and what is declared to be sent again, enroll nobody anew
    assert_eq!(of(message(&household, 0), false), "gone");
    let old = GroupRecord { event_at: Some(at(0)), ..again.clone() };
    assert_eq!(of(old, false), "gone");
    again.place.source = "12345.I834RT.D131122.T180000.edi".into();
    assert_eq!(of(again, false), "gone");
}

#[test]
fn whoever_nobody_ever_saw_is_gone_only_by_the_exchanges_own_word() {
    let cleanup = |answer: Submission| {
        let trial = Trial::new().accepted(family(0)).looked(200).phase_ended(290, Phase::Watch);
        let trial = trial
            .cancel_answered(300, 0, answer)
            .looked(800)
            .push(800, Event::Looked { probe: None, waypoint: EDI, looked_at: at(800) });
        let summary = trial.phase_ended(900, Phase::Cleanup).push(901, Event::Finished).judged();
        summary.probes[0].groups[0].cleanup.clone()
    };
    assert_eq!(cleanup(Submission::Accepted), "gone");
    for answer in [Submission::Indeterminate, Submission::Rejected, Submission::Unsent] {
        assert_eq!(cleanup(answer), "residue", "{answer}");
    }
}

#[test]
fn a_cancellation_that_nobody_was_let_in_to_send_is_no_error_of_the_pipeline() {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
    trial.plan.cancel_is_probed = true;
    let trial = trial.cancel_answered(300, 0, Submission::Unsent).looked(700);
    let summary = trial.phase_ended(900, Phase::Cleanup).push(901, Event::Finished).judged();
    assert_eq!(summary.probes[0].groups[0].cleanup, "residue");
    assert_ne!(summary.verdict, Verdict::Fail, "{:?}", summary.reasons);
}

#[test]
fn what_may_be_theirs_is_not_proved_gone_by_a_look_that_shows_it() {
    let probe = family(0).index;
    let cleanup = |is_possible: bool, is_clear: bool| {
        let mut trial = Trial::new().accepted(family(0)).cancelled(400, 0);
        if is_possible {
            trial = trial.push(410, Event::Possible { probe, waypoint: ISSUER });
        }
        trial = trial.push(900, Event::Looked { probe: Some(probe), waypoint: ISSUER, looked_at: at(900) });
        trial = if is_clear { trial.looked(950) } else { trial };
        trial.phase_ended(1000, Phase::Cleanup).push(1001, Event::Finished).judged().probes[0].groups[0].cleanup.clone()
    };
    assert_eq!(cleanup(false, false), "gone");
    assert_eq!(cleanup(true, false), "residue");
    assert_eq!(cleanup(true, true), "gone", "a later look finds nothing that may be theirs");
}

#[test]
fn a_cancellation_that_was_sent_twice_may_be_told_twice_and_no_oftener() {
    let household = family(0);
    let sending = |seconds: i64| Event::Sending {
        probe: ProbeIndex(0),
        action: JourneyStep::CANCEL,
        intended_at: at(seconds),
        tells_commit: false,
    };
    let of = |sent_before: usize, told: u32| {
        let mut trial = Trial::new().accepted(family(0)).arrived(&household).phase_ended(290, Phase::Watch);
        for _ in 0..sent_before {
            // a process that was killed before it heard the answer
            trial = trial.push(295, sending(295));
        }
        trial = trial.cancelled(300, 0);
        for number in 0..told {
            let mut record = cancellation(&household, 0);
            record.place.interchange = Some(format!("00000000{}", 2 + number));
            trial = trial.seen(EDI, 320 + i64::from(number), record);
        }
        findings(&trial.gone(330, 0).looked(330).probe()).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    for (sent_before, told) in [(0, 1), (1, 1), (1, 2), (2, 3)] {
        assert_eq!(of(sent_before, told), [], "{sent_before} {told}");
    }
    for (sent_before, told) in [(0, 2), (1, 3)] {
        assert_eq!(of(sent_before, told), [FindingKind::Duplicated], "{sent_before} {told}");
    }
}

#[test]
fn a_status_of_which_nobody_knows_what_it_means_is_not_in_force() {
    let shown = |status: &str| {
        let mut out = snapshot(&family(0), 0);
        out.facts.set(Field::PolicyStatus, status);
        let cancelled = enrolled().seen(EDI, 320, cancellation(&family(0), 0));
        let mut trial = cancelled.gone(330, 0).seen(ISSUER, 330, out);
        trial.plan.cancel_is_probed = true;
        let look = Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at: at(650) };
        trial.push(650, look).phase_ended(700, Phase::Cleanup).push(701, Event::Finished).judged()
    };
    let strange = shown("NEVER EFFECTIVE");
    let probe = &strange.probes[0];
    assert_eq!((strange.verdict, probe.good), (Verdict::Blind, None), "{:?}", strange.reasons);
    assert!(strange.reasons[0].contains("`NEVER EFFECTIVE` at `issuer`"), "{:?}", strange.reasons);
    assert!(strange.reasons.iter().all(|reason| !reason.contains("could not be looked for")), "{:?}", strange.reasons);
    assert_eq!(findings(probe), [(FindingKind::Residue, "issuer")]);
    let in_force = shown("effectuated");
    assert_eq!((in_force.verdict, in_force.probes[0].good), (Verdict::Fail, Some(false)), "{:?}", in_force.reasons);
}

/// The household's own people say who is covered, as an 834 does of everybody but whom it takes out.
fn covered(mut member: Facts, says: &str) -> Facts {
    member.set(Field::MemberEnrolled, says);
    member
}

#[test]
fn a_cancellation_that_keeps_or_enrolls_a_dependent_does_not_take_everybody_out() {
    let people = message(&family(0), 0).members;
    let naming = |others: &[(usize, &str)]| {
        let mut out = cancellation(&family(0), 0);
        out.members = vec![covered(people[0].clone(), "no")];
        out.members.extend(others.iter().map(|(at, says)| covered(people[*at].clone(), says)));
        out
    };
    let over = |trial: Trial| trial.gone(330, 0).looked(330).phase_ended(700, Phase::Cleanup).probe();
    let of = |others: &[(usize, &str)]| over(enrolled().seen(EDI, 320, naming(others)));
    assert_eq!(of(&[]).groups[0].cleanup, "gone", "who is not named goes with the subscriber");
    assert_eq!(of(&[(1, "no"), (2, "no")]).groups[0].cleanup, "gone");
    for others in [&[(1, "no"), (2, "yes")][..], &[(1, "yes")][..]] {
        let probe = of(others);
        assert_eq!(probe.groups[0].cleanup, "residue", "{others:?}");
        assert_eq!(findings(&probe), [(FindingKind::Residue, "edi_834")], "{others:?}");
        assert!(probe.findings[0].detail.contains("not everybody"), "{probe:#?}");
    }
    // also where nobody saw them enrolled here
    let unseen = Trial::new().accepted(family(0)).phase_ended(290, Phase::Watch).cancelled(300, 0);
    let unseen = over(unseen.seen(EDI, 320, naming(&[(2, "yes")])));
    assert_eq!(unseen.groups[0].cleanup, "residue");
    // one that takes everybody out mends it, and is undone by it
    let placed = |mut record: GroupRecord, number: &str| {
        record.place.interchange = Some(number.into());
        record
    };
    let (part, whole) = (naming(&[(2, "yes")]), naming(&[]));
    let both = |first: &GroupRecord, second: &GroupRecord| {
        let first = enrolled().seen(EDI, 320, placed(first.clone(), "000000003"));
        over(first.seen(EDI, 325, placed(second.clone(), "000000004"))).groups[0].cleanup.clone()
    };
    assert_eq!((both(&part, &whole).as_str(), both(&whole, &part).as_str()), ("gone", "residue"));
}

#[test]
fn an_audit_after_the_cancellation_that_lists_the_policy_as_before_is_residue() {
    let audit = |seconds: i64, change: &dyn Fn(&mut GroupRecord)| {
        let mut list = clean(&family(0), 0, RecordKind::Audit);
        list.place.source = "AUDIT.edi".into();
        list.place.interchange = Some("000000009".into());
        list.event_at = Some(at(seconds));
        change(&mut list);
        let trial = enrolled().seen(EDI, 320, cancellation(&family(0), 0)).seen(EDI, 340, list);
        trial.gone(330, 0).looked(350).phase_ended(700, Phase::Cleanup).push(701, Event::Finished).probe()
    };
    let listed = audit(340, &|_| {});
    assert_eq!((listed.groups[0].cleanup.as_str(), listed.good), ("residue", Some(false)), "{listed:#?}");
    assert!(findings(&listed).contains(&(FindingKind::Resurrected, "edi_834")), "{listed:#?}");
    assert!(listed.findings.iter().any(|found| found.detail.contains("an audit lists it as before (AUDIT.edi")));
    // until the end with which they were enrolled is as before, too; an earlier one shows what ended
    let until = |day: &'static str| {
        move |list: &mut GroupRecord| list.facts.set(Field::BenefitEnd, day.parse::<chrono::NaiveDate>().unwrap())
    };
    let gone: [(&str, i64, &dyn Fn(&mut GroupRecord)); 5] = [
        ("made before the cancellation", 299, &|_| {}),
        ("showing when it ended", 340, &until("2014-01-01")),
        ("of nobody who is covered", 340, &|list| {
            list.members.iter_mut().for_each(|one| one.set(Field::MemberEnrolled, "no"));
        }),
        ("a retransmission", 340, &|list| list.place.source = "FFM.I834RT.D131115".into()),
        ("taken out", 340, &|list| list.facts.set(Field::PolicyStatus, "cancelled")),
    ];
    for (what, seconds, change) in gone {
        let probe = audit(seconds, change);
        assert_eq!(probe.groups[0].cleanup, "gone", "{what}: {probe:#?}");
    }
}

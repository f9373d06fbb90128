//! A change of address: on time, late, missing, altered, refused, or nobody could look.

use super::trial::{EDI, ISSUER, Trial, at, cancellation, clean, family, findings, hop, message, moved, snapshot};
use johndoe::model::{
    Arrival, Captures, Cents, Event, Facts, FeedKind, Field, FieldSet, FindingKind, GroupAtWaypoint, GroupCapture,
    GroupRecord, Household, Integrity, IssuerId, JourneyStep, LifeEvent, Phase, ProbeIndex, ProbeSummary, RecordKind,
    StepTiming, Submission, Verdict,
};

/// Enrolled at both waypoints; the change is sent after 300 seconds, and due after 100 more.
fn sent(answer: Option<Submission>) -> Trial {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
    trial.plan.changes = vec![LifeEvent::ChangeAddress.into()];
    trial.change_sent(300, 0, answer)
}

fn accepted() -> Trial {
    sent(Some(Submission::Accepted))
}

/// The message that a faultless pipeline sends of the change.
fn told(household: &Household) -> GroupRecord {
    let mut record = clean(&moved(household), 0, RecordKind::Maintenance);
    record.place.interchange = Some("000000003".into());
    record.facts.set(Field::ChangeEffective, household.coverage_begin);
    record.facts.set(Field::TransactionReason, "residence_change");
    record
}

/// What the issuer shows afterwards.
fn shown(household: &Household) -> GroupRecord {
    snapshot(&moved(household), 0)
}

impl Trial {
    fn replaced(self, seconds: i64, record: GroupRecord) -> Self {
        self.gone(seconds, 0).seen(ISSUER, seconds, record)
    }

    /// Both waypoints were read well, and the issuer showed no more than before.
    fn looked_since(self, seconds: i64) -> Self {
        let looked = |probe, waypoint| Event::Looked { probe, waypoint, looked_at: at(seconds) };
        self.push(seconds, looked(Some(ProbeIndex(0)), ISSUER)).push(seconds, looked(None, EDI))
    }
}

fn change(probe: &ProbeSummary, waypoint: u16) -> &GroupAtWaypoint {
    &probe.groups[0].changes[usize::from(waypoint)]
}

fn arrivals(probe: &ProbeSummary) -> [Arrival; 2] {
    [change(probe, EDI).arrival, change(probe, ISSUER).arrival]
}

fn fields(at: &GroupAtWaypoint) -> Vec<(&str, Field)> {
    at.discrepancies.iter().map(|d| (d.member.as_str(), d.field)).collect()
}

#[test]
fn a_change_that_comes_everywhere_in_time_is_good_and_the_enrollment_is_judged_without_it() {
    let trial = accepted().seen(EDI, 320, told(&family(0))).replaced(330, shown(&family(0)));
    let summary = trial.phase_ended(400, Phase::Change).push(401, Event::Finished).judged();
    let probe = &summary.probes[0];
    assert_eq!(arrivals(probe), [Arrival::OnTime, Arrival::OnTime]);
    for waypoint in [EDI, ISSUER] {
        assert_eq!(fields(change(probe, waypoint)), [], "{waypoint}");
        assert_eq!(hop(probe, waypoint).integrity, Some(Integrity::Intact), "{:?}", hop(probe, waypoint));
    }
    assert_eq!((findings(probe), probe.good), (vec![], Some(true)));
    assert_eq!(change(probe, ISSUER).limit_at, Some(at(400)));
    let counted: Vec<_> = summary.waypoints.iter().map(|at| at.changes.as_ref().unwrap()).collect();
    assert!(counted.iter().all(|it| (it.due, it.on_time) == (1, 1)), "{counted:?}");
    assert_eq!(summary.verdict, Verdict::Pass);
}

#[test]
fn a_journey_without_a_change_says_nothing_of_one() {
    let summary = Trial::new().accepted(family(0)).arrived(&family(0)).judged();
    assert_eq!(summary.probes[0].groups[0].changes, []);
    assert!(summary.waypoints.iter().all(|at| at.changes.is_none()));
}

#[test]
fn a_message_of_the_moment_at_which_the_change_was_sent_is_the_changes() {
    let trial = accepted().seen(EDI, 300, told(&family(0))).replaced(330, shown(&family(0)));
    let probe = trial.phase_ended(400, Phase::Change).push(401, Event::Finished).probe();
    assert_eq!((arrivals(&probe), findings(&probe)), ([Arrival::OnTime, Arrival::OnTime], vec![]));
}

#[test]
fn a_change_that_was_due_when_its_household_was_taken_out_should_have_come() {
    let at_folder = |cancelled| arrivals(&accepted().cancelled(cancelled, 0).looked_since(700).probe())[0];
    assert_eq!((at_folder(399), at_folder(400)), (Arrival::Pending, Arrival::Missing));
}

#[test]
fn a_change_that_never_comes_is_missing_where_somebody_looked_and_blind_where_nobody_could() {
    let trial = accepted().seen(EDI, 320, told(&family(0)));
    let probe = trial.clone().looked_since(600).probe();
    assert_eq!(arrivals(&probe), [Arrival::OnTime, Arrival::Missing]);
    assert_eq!(probe.groups[0].changes[1].last_absent_at, Some(at(600)), "it is said when it was looked for in vain");
    assert_eq!((probe.good, probe.first_divergent_hop.as_deref()), (Some(false), Some("issuer")));
    assert_eq!(trial.clone().looked_since(600).judged().counts.missing, 1);

    let early = trial.clone().looked_since(390).probe();
    assert_eq!(arrivals(&early), [Arrival::OnTime, Arrival::Pending], "the last look was before its time was up");
    assert_eq!(early.good, None);

    let blind = Event::Blind {
        probe: None,
        waypoint: ISSUER,
        issuer: Some(IssuerId::new("12345")),
        from: at(310),
        until: at(600),
        reason: "503".into(),
    };
    let summary = trial.push(600, blind).judged();
    assert_eq!(arrivals(&summary.probes[0]), [Arrival::OnTime, Arrival::Blind]);
    assert_eq!((summary.verdict, summary.counts.blind), (Verdict::Blind, 1));
}

#[test]
fn a_change_can_be_late() {
    let trial = accepted().seen(EDI, 320, told(&family(0))).replaced(450, shown(&family(0)));
    let probe = trial.probe();
    assert_eq!(arrivals(&probe), [Arrival::OnTime, Arrival::Late]);
    assert_eq!(probe.good, Some(false));
}

#[test]
fn what_the_change_did_to_others_is_told_and_what_differed_before_is_not_told_again() {
    let mut wrong = snapshot(&family(0), 0);
    wrong.members[1].set(Field::BirthDate, "1970-07-08".parse::<chrono::NaiveDate>().unwrap());
    let mut still = shown(&family(0));
    still.members[1] = {
        let mut one = still.members[1].clone();
        one.set(Field::BirthDate, "1970-07-08".parse::<chrono::NaiveDate>().unwrap());
        one
    };
    still.members[2].set(Field::Street1, "13 Probe Strt");
    let mut trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0)).seen(ISSUER, 40, wrong);
    trial.plan.changes = vec![LifeEvent::ChangeAddress.into()];
    let trial = trial.phase_ended(290, Phase::Watch).change_sent(300, 0, Some(Submission::Accepted));
    let probe = trial.seen(EDI, 320, told(&family(0))).replaced(330, still).probe();
    assert_eq!(fields(hop(&probe, ISSUER)), [("2 Sean O'Neal", Field::BirthDate)]);
    assert_eq!(fields(change(&probe, ISSUER)), [("3 Ann O'Neal", Field::Street1)]);
    assert_eq!(change(&probe, ISSUER).integrity, Some(Integrity::Altered));
    assert_eq!(fields(change(&probe, EDI)), []);
}

#[test]
fn a_message_that_says_it_changes_something_and_says_nothing_of_it_is_altered() {
    let mut empty = told(&family(0));
    for member in &mut empty.members {
        for field in [Field::Street1, Field::Phone] {
            member.unset(field);
        }
    }
    let mut as_before = told(&family(0));
    as_before.members.clone_from(&message(&family(0), 0).members);
    let places = [
        ("1 Mary O'Neal", Field::Phone),
        ("1 Mary O'Neal", Field::Street1),
        ("2 Sean O'Neal", Field::Street1),
        ("3 Ann O'Neal", Field::Street1),
    ];
    for record in [empty, as_before] {
        let probe = accepted().seen(EDI, 320, record).looked_since(600).probe();
        let mut found = fields(change(&probe, EDI));
        found.sort_by_key(|(member, field)| (*member, field.name()));
        let mut wanted = places.to_vec();
        wanted.sort_by_key(|(member, field)| (*member, field.name()));
        assert_eq!(found, wanted);
        assert_eq!(probe.first_divergent_hop.as_deref(), Some("edi_834"));
    }
}

#[test]
fn a_change_that_is_told_twice_is_duplicated_unless_it_is_declared_a_retransmission() {
    let mut again = told(&family(0));
    again.place.interchange = Some("000000004".into());
    let twice =
        |again| accepted().seen(EDI, 320, told(&family(0))).seen(EDI, 340, again).replaced(330, shown(&family(0)));
    let probe = twice(again.clone()).probe();
    assert_eq!((findings(&probe), probe.good), (vec![(FindingKind::Duplicated, "edi_834")], Some(false)));
    again.place.source = "12345.I834RT.D131122.T180000.edi".into();
    assert_eq!(findings(&twice(again).probe()), []);
}

#[test]
fn what_the_exchange_says_with_the_change_is_expected_from_then_on() {
    let mut said = Facts::new();
    said.set(Field::Aptc, Cents(10_000));
    let groups = vec![GroupCapture { line: None, facts: said }];
    let answer = |captures| Event::Answered {
        probe: ProbeIndex(0),
        action: LifeEvent::ChangeAddress.into(),
        submission: Submission::Accepted,
        reason: None,
        captures,
        steps: Vec::new(),
    };
    let trial = sent(None).push(301, answer(Captures { groups, ..Captures::default() }));
    let probe = trial.seen(EDI, 320, told(&family(0))).replaced(330, shown(&family(0))).probe();
    for waypoint in [EDI, ISSUER] {
        assert_eq!(hop(&probe, waypoint).discrepancies, [], "the enrollment was as it was then");
        assert!(fields(change(&probe, waypoint)).contains(&("", Field::Aptc)), "{probe:#?}");
    }
}

#[test]
fn a_message_may_name_those_alone_of_whom_it_tells_something() {
    let mut subscriber_only = told(&family(0));
    subscriber_only.members.truncate(1);
    let probe = accepted().seen(EDI, 320, subscriber_only).replaced(330, shown(&family(0))).probe();
    assert_eq!((arrivals(&probe), probe.good), ([Arrival::OnTime, Arrival::OnTime], Some(true)), "{probe:#?}");
}

#[test]
fn a_refused_change_is_the_exchanges_error_and_one_without_an_answer_is_looked_for() {
    let refused = sent(Some(Submission::Rejected)).looked_since(600).probe();
    assert_eq!(findings(&refused), [(FindingKind::ChangeRefused, "edi_834")]);
    assert_eq!((arrivals(&refused), refused.good), ([Arrival::NotDue, Arrival::NotDue], Some(false)));

    let unanswered = sent(None).looked_since(600).probe();
    assert_eq!((arrivals(&unanswered), unanswered.good), ([Arrival::Pending, Arrival::Pending], None));
    let seen = sent(None).seen(EDI, 320, told(&family(0))).replaced(330, shown(&family(0))).probe();
    assert_eq!((arrivals(&seen), seen.good), ([Arrival::OnTime, Arrival::OnTime], Some(true)));
}

#[test]
fn a_change_that_was_held_back_is_told_with_its_cause_and_is_not_waited_for() {
    let mut trial = sent(Some(Submission::Unsent)).looked_since(600).push(611, Event::Finished);
    for entry in &mut trial.entries {
        if let Event::Answered { action, reason, .. } = &mut entry.event
            && action.event.is_change()
        {
            *reason = Some("move: `ref` proves nobody to be ours".to_owned());
        }
    }
    let summary = trial.judged();
    let said = "a change of 1 group was not sent (move: `ref` proves nobody to be ours)";
    assert!(summary.reasons.iter().any(|reason| reason == said), "{:?}", summary.reasons);
    assert!(!summary.reasons.iter().any(|reason| reason.contains("still pending")), "{:?}", summary.reasons);
    assert_eq!(summary.verdict, Verdict::Inconclusive);
}

#[test]
fn what_was_asked_for_and_turned_away_is_not_told_as_never_sent() {
    for (action, is_change) in [("a change", true), ("the cancellation", false)] {
        let away = Some(Submission::Unsent);
        let mut trial = if is_change {
            sent(away).looked_since(600).push(611, Event::Finished)
        } else {
            let trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0)).looked(280);
            trial.cancelled(300, 0).looked(900).phase_ended(910, Phase::Cleanup).push(911, Event::Finished)
        };
        for entry in &mut trial.entries {
            if let Event::Answered { action, reason, steps, submission, .. } = &mut entry.event
                && *action != JourneyStep::ENROLL
            {
                *submission = Submission::Unsent;
                *reason = Some("move: answered 503, expected 200".to_owned());
                let asked =
                    StepTiming { step: "move".to_owned(), micros: 9, status: Some(503), ok: false, requests: 3 };
                *steps = vec![asked];
            }
        }
        let summary = trial.judged();
        let told = serde_json::to_string(&(&summary.reasons, &summary.probes[0].findings)).unwrap();
        let said = "not carried out";
        assert!(told.contains(said) && told.contains("answered 503"), "{action}: {told}");
        assert!(!told.contains("not sent") && !told.contains("unsent"), "{action}: {told}");
    }
}

#[test]
fn a_change_that_was_overtaken_by_the_cancellation_proves_nothing() {
    let overtaken = accepted().cancelled(350, 0).seen(EDI, 370, cancellation(&family(0), 0)).gone(370, 0).looked(600);
    let probe = overtaken.phase_ended(610, Phase::Cleanup).push(611, Event::Finished).probe();
    assert_eq!((arrivals(&probe), probe.good), ([Arrival::Pending, Arrival::Pending], None));
}

#[test]
fn an_enrollment_that_never_came_is_missing_once_and_its_change_is_not_waited_for() {
    let mut trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0)).looked(280);
    trial.plan.changes = vec![LifeEvent::ChangeAddress.into()];
    let trial = trial.phase_ended(290, Phase::Watch).change_sent(300, 0, Some(Submission::Accepted));
    let probe = trial.seen(EDI, 320, told(&family(0))).looked(600).probe();
    assert_eq!(hop(&probe, ISSUER).arrival, Arrival::Missing);
    assert_eq!(arrivals(&probe), [Arrival::OnTime, Arrival::NotDue]);
}

#[test]
fn where_a_move_cannot_be_seen_none_is_due() {
    let mut trial = accepted().seen(EDI, 320, told(&family(0))).looked_since(600);
    trial.plan.waypoints[1].shows = FieldSet::all().difference([Field::Street1, Field::Phone].into_iter().collect());
    assert_eq!(arrivals(&trial.probe()), [Arrival::OnTime, Arrival::NotDue]);
    trial.plan.waypoints[1].feed = FeedKind::Ack;
    assert_eq!(arrivals(&trial.probe()), [Arrival::OnTime, Arrival::NotDue]);
}

#[test]
fn where_nobody_says_where_people_live_no_move_is_due() {
    let mut silent = snapshot(&family(0), 0);
    for member in &mut silent.members {
        for field in [Field::Street1, Field::Phone] {
            member.unset(field);
        }
    }
    let mut trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0)).seen(ISSUER, 40, silent);
    trial.plan.changes = vec![LifeEvent::ChangeAddress.into()];
    let trial = trial.phase_ended(290, Phase::Watch).change_sent(300, 0, Some(Submission::Accepted));
    let probe = trial.seen(EDI, 320, told(&family(0))).looked_since(600).probe();
    assert_eq!((arrivals(&probe), probe.good), ([Arrival::OnTime, Arrival::NotDue], Some(true)));
}

#[test]
fn whoever_changed_is_taken_out_as_they_are_now() {
    let trial = accepted().seen(EDI, 320, told(&family(0))).replaced(330, shown(&family(0)));
    let out = trial.phase_ended(400, Phase::Change).cancelled(410, 0).seen(EDI, 430, cancellation(&family(0), 0));
    let still = out.clone().looked_since(440).phase_ended(600, Phase::Cleanup).probe();
    assert_eq!(still.groups[0].cleanup, "residue", "the changed record is still shown");
    let gone = out.gone(440, 0).looked(440).phase_ended(600, Phase::Cleanup).push(601, Event::Finished).judged();
    assert_eq!(gone.probes[0].groups[0].cleanup, "gone");
    assert_eq!(arrivals(&gone.probes[0]), [Arrival::OnTime, Arrival::OnTime]);
    assert_eq!(gone.probes[0].good, Some(true));
}

#[test]
fn an_audit_that_repeats_what_changed_tells_no_second_change() {
    let audit = |seconds: i64| {
        let mut record = clean(&moved(&family(0)), 0, RecordKind::Audit);
        record.place.source = format!("AUDIT{seconds}");
        record
    };
    let audited = |trial: Trial| trial.seen(EDI, 340, audit(340)).seen(EDI, 360, audit(360)).seen(EDI, 380, audit(380));
    let trial = audited(accepted().seen(EDI, 320, told(&family(0)))).replaced(330, shown(&family(0)));
    let probe = trial.probe();
    assert_eq!(
        (arrivals(&probe), findings(&probe), probe.good),
        ([Arrival::OnTime; 2], vec![], Some(true)),
        "{probe:#?}"
    );
    // and where its message was lost, the audit proves that it was taken all the same
    let probe = audited(accepted()).replaced(330, shown(&family(0))).probe();
    assert_eq!((arrivals(&probe), findings(&probe)), ([Arrival::OnTime; 2], vec![]));
}

#[test]
fn a_message_of_the_change_owes_what_changed_and_nothing_else_of_the_group() {
    // no coverage loop, and no amounts: the elements stand nowhere
    let mut bare = told(&family(0));
    for field in
        [Field::PlanId, Field::CsrVariant, Field::BenefitBegin, Field::CoverageLine, Field::PremiumTotal, Field::Aptc]
    {
        bare.facts.set_absent(field);
    }
    let of = |record: GroupRecord| accepted().seen(EDI, 320, record).replaced(330, shown(&family(0))).probe();
    let probe = of(bare.clone());
    assert_eq!((fields(change(&probe, EDI)), probe.good), (vec![], Some(true)));
    // what it says wrongly differs, as does what changed and is not said
    bare.facts.set(Field::Aptc, Cents(1));
    bare.members[0].set_absent(Field::Street1);
    let expected = [("", Field::Aptc), ("1 Mary O'Neal", Field::Street1)];
    assert_eq!(fields(change(&of(bare), EDI)), expected);
}

#[test]
fn an_enrollment_told_as_a_change_alone_is_unexpected() {
    let of = |records: &[GroupRecord]| {
        let seen = |trial: Trial, record: &GroupRecord| trial.seen(EDI, 20, record.clone());
        let probe = records.iter().fold(Trial::new().accepted(family(0)), seen).probe();
        let kinds: Vec<_> = findings(&probe).into_iter().map(|(kind, _)| kind).collect();
        (hop(&probe, EDI).arrival, kinds)
    };
    let changed = clean(&family(0), 0, RecordKind::Maintenance);
    assert_eq!(of(std::slice::from_ref(&changed)), (Arrival::OnTime, vec![FindingKind::Unexpected]));
    assert_eq!(of(&[message(&family(0), 0), changed]), (Arrival::OnTime, vec![]));
    // a change that was sent is no enrollment: that one is missing
    let mut lost = Trial::new().accepted(family(0)).change_sent(300, 0, Some(Submission::Accepted));
    lost.plan.changes = vec![LifeEvent::ChangeAddress.into()];
    let lost = lost.seen(EDI, 320, told(&family(0))).seen(EDI, 330, told(&family(0)));
    let kinds: Vec<_> = findings(&lost.probe()).into_iter().map(|(kind, _)| kind).collect();
    assert!(!kinds.contains(&FindingKind::Unexpected), "{kinds:?}");
}

#[test]
fn a_change_that_nobody_asked_for_is_unexpected_where_it_says_otherwise() {
    let changed = |record: GroupRecord| {
        let trial = Trial::new().accepted(family(0)).arrived(&family(0)).seen(EDI, 60, record);
        findings(&trial.probe()).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    let same = || clean(&family(0), 0, RecordKind::Maintenance);
    assert_eq!(changed(same()), [], "it says what is so");
    let mut alone = same();
    alone.members.truncate(1);
    assert_eq!(changed(alone), [], "it names those alone of whom it tells something");
    assert_eq!(changed(told(&family(0))), [FindingKind::Unexpected], "another street");
    let mut removed = same();
    removed.members[2].set(Field::MemberEnrolled, "no");
    assert_eq!(changed(removed.clone()), [FindingKind::Unexpected]);

    // beside the change that was sent
    let mut elsewhere = told(&family(0));
    for member in &mut elsewhere.members {
        member.set(Field::Street1, "77 Nowhere");
    }
    let beside = |record: GroupRecord| {
        let trial = accepted().seen(EDI, 320, told(&family(0))).seen(EDI, 330, record).replaced(330, shown(&family(0)));
        findings(&trial.probe()).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    assert_eq!(beside(elsewhere), [FindingKind::Unexpected]);
    // and in the very message of the change
    let mut with_it = told(&family(0));
    with_it.members[2].set(Field::MemberEnrolled, "no");
    let probe = accepted().seen(EDI, 320, with_it).replaced(330, shown(&family(0))).probe();
    assert_eq!(fields(change(&probe, EDI)), [("3 Ann O'Neal", Field::MemberEnrolled)]);
}

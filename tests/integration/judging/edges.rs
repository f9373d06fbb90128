//! Exactly at the limit, exactly at the objective, exactly as much alike as it takes: on which side each rule has its edge.

use super::trial::{EDI, ISSUER, Trial, at, cancellation, clean, differing, family, findings, hop, message, snapshot};
use johndoe::model::{
    Arrival, Cents, Event, Facts, Field, FindingKind, JourneyStep, Phase, ProbeIndex, RecordKind, Submission, Value,
    Verdict,
};
use johndoe::reconcile::{Keys, Roster, Rules, Standing, compare_group, expect};

fn looked(waypoint: u16, seconds: i64) -> Event {
    Event::Looked { probe: None, waypoint, looked_at: at(seconds) }
}

fn looked_by_itself(seconds: i64) -> Event {
    Event::Looked { probe: Some(family(0).index), waypoint: ISSUER, looked_at: at(seconds) }
}

fn blind(waypoint: u16, from: i64, until: i64) -> Event {
    let reason = "nobody answered".to_owned();
    Event::Blind { waypoint, issuer: None, probe: None, from: at(from), until: at(until), reason }
}

fn sent() -> Trial {
    Trial::new().accepted(family(0))
}

#[test]
fn what_nobody_could_see_is_blind_from_the_moment_on_at_which_it_is_given_up() {
    // the limit is 100 seconds, and the grace as many
    let trial = sent().push(190, blind(EDI, 120, 190));
    let arrival = |now: i64| {
        let mut trial = trial.clone();
        trial.now = at(now);
        hop(&trial.probe(), EDI).arrival
    };
    assert_eq!((arrival(199), arrival(200)), (Arrival::Pending, Arrival::Blind));
}

#[test]
fn a_spell_that_ends_with_a_healthy_look_hides_nothing_after_it() {
    let trial = |until| sent().push(150, looked(EDI, 150)).push(until, blind(EDI, 120, until));
    assert_eq!(hop(&trial(150).probe(), EDI).arrival, Arrival::Pending);
    assert_eq!(hop(&trial(151).probe(), EDI).arrival, Arrival::Blind);
}

#[test]
fn whoever_is_cancelled_at_the_limit_should_have_come_and_a_moment_before_need_not() {
    let arrival = |cancelled| hop(&sent().cancelled(cancelled, 0).push(300, looked(EDI, 300)).probe(), EDI).arrival;
    assert_eq!((arrival(99), arrival(100)), (Arrival::NotDue, Arrival::Missing));
}

#[test]
fn what_was_sent_again_without_an_answer_is_late_only_by_its_latest_attempt() {
    // the limit is 100 seconds: it ends 100 after the first attempt, and 300 after the second
    let came = |seconds: i64| {
        let trial = Trial::new().sent(family(0), None);
        let (probe, action) = (ProbeIndex(0), JourneyStep::ENROLL);
        let again = Event::Sending { probe, action, intended_at: at(200), tells_commit: false };
        let trial = trial.push(200, again).seen(EDI, seconds, message(&family(0), 0));
        hop(&trial.seen(ISSUER, seconds, snapshot(&family(0), 0)).probe(), EDI).arrival
    };
    assert_eq!([90, 220, 299, 330].map(came), [Arrival::OnTime, Arrival::Undecided, Arrival::Undecided, Arrival::Late]);
}

#[test]
fn what_comes_with_the_end_of_the_watch_is_not_recovered_and_what_comes_later_is() {
    let found = |seen| {
        let trial = sent().seen(ISSUER, 40, snapshot(&family(0), 0)).phase_ended(300, Phase::Watch);
        findings(&trial.seen(EDI, seen, message(&family(0), 0)).probe()).len()
    };
    assert_eq!((found(300), found(301)), (0, 1));
}

#[test]
fn what_goes_with_its_cancellation_does_not_flap_and_what_goes_before_does() {
    let found = |gone| {
        let arrived = sent().arrived(&family(0)).gone(gone, 0).cancelled(150, 0).looked(900);
        let kinds: Vec<_> = findings(&arrived.probe()).into_iter().map(|(kind, _)| kind).collect();
        kinds.contains(&FindingKind::Flapping)
    };
    assert_eq!((found(149), found(150)), (true, false));
}

/// What is said of the household's residue, where there is some.
fn residue(trial: Trial) -> Option<String> {
    let probe = trial.phase_ended(900, Phase::Cleanup).probe();
    probe.findings.into_iter().find(|found| found.kind == FindingKind::Residue).map(|found| found.detail)
}

#[test]
fn a_look_at_the_end_of_the_grace_is_late_enough_to_say_what_became_of_a_cancellation() {
    // cancelled after 150 seconds: due after 250, given up after 350
    let cancelled = sent().arrived(&family(0)).cancelled(150, 0).push(200, looked(EDI, 200));
    let said = |look| {
        let followed = cancelled.clone().seen(EDI, 180, cancellation(&family(0), 0));
        residue(followed.push(look, looked_by_itself(look))).unwrap_or_default()
    };
    assert!(said(350).contains("still in force"), "{}", said(350));
    assert!(!said(349).contains("still in force"), "{}", said(349));
    let in_folder = |look| {
        let trial = cancelled.clone().gone(300, 0).push(look, looked(EDI, look)).push(500, blind(EDI, 400, 500));
        residue(trial).unwrap_or_default()
    };
    assert!(!in_folder(350).contains("nobody could look"), "{}", in_folder(350));
    assert!(in_folder(349).contains("nobody could look"), "{}", in_folder(349));
}

#[test]
fn a_look_in_vain_proves_a_cancellation_from_the_moment_on_at_which_it_was_sent() {
    let left = |look| {
        let cancelled = sent().arrived(&family(0)).cancelled(150, 0).looked(look);
        residue(cancelled.seen(EDI, 180, cancellation(&family(0), 0)))
    };
    assert_eq!((left(149).is_some(), left(150)), (true, None));
}

#[test]
fn a_share_that_reaches_the_objective_breaks_it_and_one_on_time_that_reaches_it_holds_it() {
    let trial = |late: bool| {
        let mut altered = message(&family(1), 0);
        if !late {
            altered.facts.set(Field::Aptc, Cents(1));
        }
        let seen = if late { 150 } else { 20 };
        let both = Trial::new().accepted(family(0)).arrived(&family(0)).accepted(family(1));
        let both = both.seen(EDI, seen, altered).seen(ISSUER, 40, snapshot(&family(1), 0));
        both.push(400, Event::Finished)
    };
    let mut half = trial(false);
    half.plan.objective.error_rate_below = Some(0.5);
    assert_eq!(half.judged().verdict, Verdict::Fail, "{:?}", half.judged().reasons);
    half.plan.objective.error_rate_below = Some(0.51);
    assert_eq!(half.judged().verdict, Verdict::Pass, "{:?}", half.judged().reasons);
    let mut late = trial(true);
    late.plan.objective.error_rate_below = Some(0.9);
    late.plan.objective.on_time_at_least = Some(0.5);
    assert_eq!(late.judged().verdict, Verdict::Pass, "{:?}", late.judged().reasons);
    late.plan.objective.on_time_at_least = Some(0.51);
    assert_eq!(late.judged().verdict, Verdict::Fail, "{:?}", late.judged().reasons);
}

#[test]
fn an_application_without_an_answer_of_which_something_may_have_been_found_is_not_called_unseen() {
    let household = family(0);
    let trial =
        Trial::new().accepted(family(1)).arrived(&family(1)).sent(household.clone(), Some(Submission::Indeterminate));
    let possible = Event::Possible { probe: household.index, waypoint: ISSUER };
    let reasons = trial.push(50, possible).looked(300).push(400, Event::Finished).judged().reasons.join("\n");
    assert!(reasons.contains("undecided: a record was found") && !reasons.contains("never appeared"), "{reasons}");
}

#[test]
fn whoever_has_nothing_of_somebody_but_the_id_or_the_place_of_the_subscriber_is_that_member_altered() {
    let other = |keep: Field, of: &Facts| {
        let mut facts = Facts::new();
        for (field, text) in [(Field::NameLast, "Roe"), (Field::NameFirst, "Rex"), (Field::BirthDate, "1999-09-09")] {
            facts.set(field, Value::parse(field, text));
        }
        facts.set(keep, of.value(keep).cloned().unwrap());
        facts
    };
    for (place, keep) in [(2, Field::MemberId), (0, Field::Subscriber)] {
        let mut record = message(&family(0), 0);
        record.members[place] = other(keep, &record.members[place]);
        let probe = sent().seen(EDI, 20, record).probe();
        let fields: Vec<_> = differing(&probe, EDI).into_iter().map(|(_, field)| field).collect();
        assert!(fields.contains(&Field::NameFirst) && !fields.contains(&Field::MemberEnrolled), "{keep}: {fields:?}");
    }
}

#[test]
fn a_termination_names_its_subscriber_alone_and_misses_nobody() {
    let expected = expect(&family(0), &super::trial::plans(&family(0)), &super::trial::captures(&family(0)));
    let plan = Trial::new().plan;
    let rules = Rules::at(&plan, &plan.waypoints[0]);
    let missing = |kind| {
        let mut record = clean(&family(0), 0, kind);
        record.members.truncate(1);
        compare_group(&expected.groups[0], &record, &rules).0.len()
    };
    for (kind, dropped) in
        [(RecordKind::Cancellation, 0), (RecordKind::Termination, 0), (RecordKind::InitialEnrollment, 2)]
    {
        assert_eq!(missing(kind), dropped, "{kind:?}");
    }
}

#[test]
fn one_person_with_a_strangers_mailbox_is_nobody_of_ours_for_sure_and_a_whole_family_is() {
    let expectation = expect(&family(0), &super::trial::plans(&family(0)), &super::trial::captures(&family(0)));
    let mut roster = Roster::new();
    roster.add(&expectation);
    let stands = |people: usize| {
        let shown = |member: &Facts| {
            let mut facts = Facts::new();
            for field in [Field::NameLast, Field::NameFirst, Field::BirthDate, Field::Zip] {
                if let Some(value) = member.value(field) {
                    facts.set(field, value.clone());
                }
            }
            facts
        };
        let mut members: Vec<Facts> = expectation.groups[0].members.iter().take(people).map(shown).collect();
        members[0].set(Field::Email, "somebody@else.example");
        roster.stands(&Keys::of(&Facts::new(), &members))
    };
    assert_eq!(stands(1), Standing::Possible(family(0).index));
    assert!(matches!(stands(3), Standing::Ours(_)), "{:?}", stands(3));
}

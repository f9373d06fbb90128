//! Journeys of several changes: each is judged by itself, and what comes is the change's that it agrees with.

use super::trial::{EDI, ISSUER, Trial, after, at, cancellation, clean, family, findings, snapshot};
use johndoe::model::{
    Arrival, Change, Correction, CoverageLine, Event, Field, FindingKind, GroupAtWaypoint, GroupRecord, JourneyStep,
    LifeEvent, Phase, ProbeSummary, RecordKind, Submission, Verdict,
};

/// Moves twice, and has the birth date corrected between.
fn journey() -> [Change; 3] {
    let corrected = Change { event: LifeEvent::CorrectPerson, what: Some(Correction::BirthDate), to: None, how: None };
    [LifeEvent::ChangeAddress.into(), corrected, LifeEvent::ChangeAddress.into()]
}

/// Enrolled at both waypoints; the changes are sent after 300, 500 and 700 seconds, each due after 100 more.
fn sent() -> Trial {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
    trial.plan.changes = journey().to_vec();
    for (number, seconds) in [(1, 300), (2, 500), (3, 700)] {
        trial = trial.step_sent(
            seconds,
            JourneyStep::new(number, journey()[usize::from(number) - 1].event),
            Submission::Accepted,
        );
    }
    trial
}

/// The message of a change, from 1, as a faultless pipeline sends it.
fn told(number: usize) -> GroupRecord {
    let household = after(&family(0), &journey()[..number]);
    let mut record = clean(&household, 0, RecordKind::Maintenance);
    record.place.interchange = Some(format!("00000010{number}"));
    record.facts.set(Field::ChangeEffective, household.coverage_begin);
    record.event_at = Some(at(100 + 200 * i64::try_from(number).unwrap()));
    record
}

/// What a system shows after so many changes.
fn shown(number: usize) -> GroupRecord {
    snapshot(&after(&family(0), &journey()[..number]), 0)
}

impl Trial {
    /// The issuer shows this in place of what it showed before.
    fn shows(self, seconds: i64, record: GroupRecord) -> Self {
        self.gone(seconds, 0).seen(ISSUER, seconds, record)
    }
}

fn step(probe: &ProbeSummary, number: usize, waypoint: u16) -> &GroupAtWaypoint {
    let here = &probe.groups[0].changes[(number - 1) * 2 + usize::from(waypoint)];
    assert_eq!(here.step, Some(JourneyStep::new(u16::try_from(number).unwrap(), journey()[number - 1].event)));
    here
}

/// What became of the three changes at a waypoint.
fn at_waypoint(probe: &ProbeSummary, waypoint: u16) -> [Arrival; 3] {
    [1, 2, 3].map(|number| step(probe, number, waypoint).arrival)
}

fn differing(probe: &ProbeSummary) -> Vec<(usize, u16, Field)> {
    let all = [1, 2, 3].into_iter().flat_map(|number| [EDI, ISSUER].map(|waypoint| (number, waypoint)));
    let of = |(number, waypoint)| {
        step(probe, number, waypoint).discrepancies.iter().map(move |d| (number, waypoint, d.field))
    };
    all.flat_map(of).collect()
}

const IN_TIME: [Arrival; 3] = [Arrival::OnTime; 3];

#[test]
fn each_change_that_comes_everywhere_in_time_is_good() {
    let mut trial = sent();
    for number in 1..=3 {
        let sent_at = 100 + 200 * i64::try_from(number).unwrap();
        trial = trial.seen(EDI, sent_at + 20, told(number)).shows(sent_at + 30, shown(number));
    }
    let summary = trial.push(900, Event::Finished).judged();
    let probe = &summary.probes[0];
    assert_eq!((at_waypoint(probe, EDI), at_waypoint(probe, ISSUER)), (IN_TIME, IN_TIME));
    assert_eq!((differing(probe), findings(probe), probe.good), (vec![], vec![], Some(true)));
    assert_eq!(summary.verdict, Verdict::Pass);
    let counted: Vec<_> = summary.waypoints.iter().map(|at| at.changes.as_ref().unwrap()).collect();
    assert!(counted.iter().all(|it| (it.due, it.on_time) == (3, 3)), "{counted:?}");
}

#[test]
fn a_change_that_was_lost_is_missing_at_its_own_step_whichever_it_is() {
    for lost in 1..=3 {
        let mut trial = sent();
        for number in (1..=3).filter(|number| *number != lost) {
            let sent_at = 100 + 200 * i64::try_from(number).unwrap();
            trial = trial.seen(EDI, sent_at + 20, told(number));
        }
        for number in 1..=3 {
            trial = trial.shows(130 + 200 * i64::try_from(number).unwrap(), shown(number));
        }
        let probe = trial.looked(1000).push(1001, Event::Finished).probe();
        let mut expected = IN_TIME;
        expected[lost - 1] = Arrival::Missing;
        assert_eq!((at_waypoint(&probe, EDI), at_waypoint(&probe, ISSUER)), (expected, IN_TIME), "{lost}");
        assert_eq!((differing(&probe), findings(&probe)), (vec![], vec![]), "{lost}");
    }
}

#[test]
fn messages_that_overtake_one_another_are_still_each_their_changes() {
    let trial = sent().seen(EDI, 720, told(3)).seen(EDI, 730, told(1)).seen(EDI, 740, told(2)).shows(750, shown(3));
    let probe = trial.looked(1000).probe();
    assert_eq!(at_waypoint(&probe, EDI), [Arrival::Late, Arrival::Late, Arrival::OnTime]);
    assert_eq!(differing(&probe), []);
}

#[test]
fn what_a_message_alters_differs_at_its_step_and_what_it_says_again_is_a_copy() {
    let states =
        |trial: Trial| (1..=3).fold(trial, |trial, n| trial.shows(130 + 200 * n, shown(usize::try_from(n).unwrap())));
    let mut altered = told(2);
    altered.members[0].set(Field::BirthDate, "1900-01-01".parse::<chrono::NaiveDate>().unwrap());
    let trial = sent().seen(EDI, 320, told(1)).seen(EDI, 520, altered).seen(EDI, 720, told(3));
    let probe = states(trial).push(1000, Event::Finished).probe();
    assert_eq!((at_waypoint(&probe, EDI), differing(&probe)), (IN_TIME, vec![(2, EDI, Field::BirthDate)]));

    let mut again = told(1);
    again.place.interchange = Some("000000109".into());
    let trial = sent().seen(EDI, 320, told(1)).seen(EDI, 330, again).seen(EDI, 520, told(2)).seen(EDI, 720, told(3));
    let probe = states(trial).push(1000, Event::Finished).probe();
    assert_eq!((at_waypoint(&probe, EDI), differing(&probe)), (IN_TIME, vec![]));
    assert_eq!(findings(&probe), [(FindingKind::Duplicated, "edi_834")]);
}

#[test]
fn a_message_that_says_no_more_than_what_changed_is_its_changes() {
    // who is named, and nothing but that one field, or that address
    let bare = |number: usize, fields: &[Field]| {
        let mut record = told(number);
        for member in &mut record.members {
            for field in [Field::Street1, Field::Phone, Field::BirthDate].into_iter().filter(|f| !fields.contains(f)) {
                member.unset(field);
            }
        }
        record
    };
    let address = [Field::Street1, Field::Phone];
    let messages = [bare(1, &address), bare(2, &[Field::BirthDate]), bare(3, &address)];
    let [first, second, third] = messages;
    let trial = sent().seen(EDI, 320, first).seen(EDI, 520, second).seen(EDI, 720, third);
    let probe = (1..=3).fold(trial, |trial, n| trial.shows(130 + 200 * n, shown(usize::try_from(n).unwrap()))).probe();
    assert_eq!((at_waypoint(&probe, EDI), differing(&probe), findings(&probe)), (IN_TIME, vec![], vec![]));
}

#[test]
fn a_state_that_a_later_change_reached_too_shows_the_earlier_ones_and_differs_at_the_latest() {
    // nobody looked between: the first state that is seen has all three
    let trial = sent().shows(790, shown(3));
    let probe =
        (1..=3).fold(trial, |trial, n| trial.seen(EDI, 120 + 200 * n, told(usize::try_from(n).unwrap()))).probe();
    assert_eq!(at_waypoint(&probe, ISSUER)[2], Arrival::OnTime);
    assert_eq!(differing(&probe), []);

    let mut wrong = shown(3);
    wrong.members[0].set(Field::Street1, "77 Nowhere");
    let trial = sent().shows(330, shown(1)).shows(530, shown(2)).shows(730, wrong);
    let probe =
        (1..=3).fold(trial, |trial, n| trial.seen(EDI, 120 + 200 * n, told(usize::try_from(n).unwrap()))).probe();
    assert_eq!(differing(&probe), [(3, ISSUER, Field::Street1)]);
}

/// A record in which the correction of the first member stands with the second.
fn grafted(mut record: GroupRecord) -> GroupRecord {
    let corrected = record.members[0].value(Field::BirthDate).cloned().unwrap();
    record.members[0].set(Field::BirthDate, family(0).people[0].birth_date);
    record.members[1].set(Field::BirthDate, corrected);
    record
}

#[test]
fn a_correction_that_another_member_received_is_named_wherever_it_is_seen() {
    let wrong_at = |waypoint: &str| (FindingKind::WrongMember, waypoint.to_owned());
    let named = |trial: Trial| {
        let probe = trial.seen(EDI, 320, told(1)).looked(1000).probe();
        assert_eq!(probe.good, Some(false));
        let all: Vec<_> = probe.groups[0].steps().flatten().flat_map(|at| &at.discrepancies).map(|d| d.field).collect();
        assert!(all.contains(&Field::BirthDate), "{all:?}");
        findings(&probe).into_iter().map(|(kind, at)| (kind, at.to_owned())).collect::<Vec<_>>()
    };
    let both = sent().seen(EDI, 520, grafted(told(2))).shows(330, shown(1)).shows(530, grafted(shown(2)));
    assert_eq!(named(both), [wrong_at("edi_834"), wrong_at("issuer")]);
    // a message may name the wrong one alone
    let mut alone = grafted(told(2));
    alone.members.remove(0);
    let message = sent().seen(EDI, 520, alone).shows(330, shown(1)).shows(530, shown(2));
    assert_eq!(named(message), [wrong_at("edi_834")]);
    let state = sent().seen(EDI, 520, told(2)).shows(330, shown(1)).shows(530, grafted(shown(2)));
    assert_eq!(named(state), [wrong_at("issuer")]);
}

#[test]
fn what_another_member_received_is_told_once_and_of_the_change_alone() {
    let corrected = journey()[1];
    let household = after(&family(0), &[corrected]);
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
    trial.plan.changes = vec![corrected];
    let mut message = grafted(clean(&household, 0, RecordKind::Maintenance));
    message.place.interchange = Some("000000101".into());
    message.facts.set(Field::ChangeEffective, household.coverage_begin);
    let trial = trial.step_sent(300, JourneyStep::new(1, corrected.event), Submission::Accepted);
    let trial = trial.seen(EDI, 320, message).shows(330, grafted(snapshot(&household, 0)));
    let summary = trial.looked(1000).push(1001, Event::Finished).judged();
    let probe = &summary.probes[0];
    let of_enrollment: Vec<_> = probe.groups[0].waypoints.iter().flat_map(|at| &at.discrepancies).collect();
    assert!(of_enrollment.is_empty(), "{of_enrollment:?}");
    let wrong = |at| (FindingKind::WrongMember, at);
    assert_eq!((findings(probe), probe.good), (vec![wrong("edi_834"), wrong("issuer")], Some(false)));
    let lines: Vec<_> = summary.punch.iter().map(|line| (line.what.as_str(), line.waypoint.as_str())).collect();
    assert_eq!(lines, [("change told of another member", "edi_834")]);
}

/// All told in files in time, and these states at the issuer.
fn with_states(states: &[(i64, GroupRecord)]) -> Trial {
    let told = (1..=3).fold(sent(), |trial, n| trial.seen(EDI, 120 + 200 * n, told(usize::try_from(n).unwrap())));
    states.iter().fold(told, |trial, (seconds, record)| trial.shows(*seconds, record.clone()))
}

#[test]
fn a_change_that_is_turned_back_before_the_next_differs() {
    let all = [(330, shown(1)), (530, shown(2)), (730, shown(3))];
    assert_eq!(with_states(&all).probe().good, Some(true));
    let back = with_states(&[(330, shown(1)), (530, shown(2)), (730, shown(3)), (760, shown(2))]);
    let probe = back.cancelled(900, 0).looked(1000).probe();
    assert_eq!(at_waypoint(&probe, ISSUER), IN_TIME);
    assert!(differing(&probe).contains(&(3, ISSUER, Field::Street1)), "{:?}", differing(&probe));
    let between = with_states(&[(330, shown(1)), (360, shown(0)), (530, shown(2)), (730, shown(3))]).probe();
    assert!(differing(&between).contains(&(1, ISSUER, Field::Street1)), "{:?}", differing(&between));
}

#[test]
fn a_move_that_only_the_next_one_replaced_has_not_come() {
    // the first address is never seen, though it was looked for in time
    let probe = sent().looked(450).shows(530, shown_without_the_first(2)).shows(730, shown(3)).looked(1000).probe();
    assert_eq!(at_waypoint(&probe, ISSUER)[0], Arrival::Missing);
    assert_eq!(at_waypoint(&probe, ISSUER)[2], Arrival::OnTime);
    let here = differing(&probe).into_iter().filter(|(_, at, _)| *at == ISSUER).collect::<Vec<_>>();
    assert_eq!(here, [], "what did not come is told once");
}

/// The state after so many changes, but that the first move never reached it.
fn shown_without_the_first(number: usize) -> GroupRecord {
    snapshot(&after(&family(0), &journey()[1..number]), 0)
}

#[test]
fn a_change_without_an_answer_is_not_taken_for_granted_by_the_next() {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
    trial.plan.changes = journey()[..2].to_vec();
    let steps = [(1, 300, Submission::Indeterminate), (2, 500, Submission::Accepted)];
    for (number, seconds, answer) in steps {
        let step = JourneyStep::new(number, journey()[usize::from(number) - 1].event);
        trial = trial.step_sent(seconds, step, answer);
    }
    let mut second = told(2);
    second.members = shown_without_the_first(2).members;
    let probe = trial.seen(EDI, 520, second).shows(530, shown_without_the_first(2)).looked(1000).probe();
    let all: Vec<_> = probe.groups[0].steps().flatten().flat_map(|at| &at.discrepancies).map(|d| d.field).collect();
    assert_eq!(all, []);
    let of = |step: usize, waypoint: u16| probe.groups[0].changes[(step - 1) * 2 + usize::from(waypoint)].arrival;
    assert_eq!(
        [of(1, EDI), of(1, ISSUER), of(2, EDI), of(2, ISSUER)],
        [Arrival::Pending, Arrival::Pending, Arrival::OnTime, Arrival::OnTime]
    );
}

#[test]
fn a_second_move_of_the_subscriber_alone_is_the_second_ones_and_altered() {
    let mut part = shown(3);
    let before = shown(2);
    for at in 1..part.members.len() {
        part.members[at] = before.members[at].clone();
    }
    let probe = with_states(&[(330, shown(1)), (530, shown(2)), (730, part)]).looked(1000).probe();
    assert_eq!(at_waypoint(&probe, ISSUER), IN_TIME);
    assert!(differing(&probe).iter().all(|(step, at, field)| (*step, *at, *field) == (3, ISSUER, Field::Street1)));
    assert_eq!(differing(&probe).len(), 2, "the two who were left where they were");
}

#[test]
fn a_cancellation_may_name_the_subscriber_as_the_application_says_by_now() {
    let corrected = Change { event: LifeEvent::CorrectPerson, what: None, to: None, how: None };
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
    trial.plan.changes = vec![corrected];
    let household = after(&family(0), &[corrected]);
    let trial = trial
        .step_sent(300, JourneyStep::new(1, LifeEvent::CorrectPerson), Submission::Accepted)
        .shows(330, snapshot(&household, 0))
        .cancelled(500, 0)
        .seen(EDI, 520, cancellation(&household, 0))
        .gone(530, 0);
    let probe = trial.looked(1000).push(1001, Event::Finished).probe();
    assert!(!findings(&probe).iter().any(|(kind, _)| *kind == FindingKind::Unexpected), "{:?}", findings(&probe));
}

#[test]
fn an_audit_that_says_otherwise_is_unexpected_and_one_of_what_is_so_is_not() {
    let audit = |change: &dyn Fn(&mut GroupRecord)| {
        let mut record = clean(&family(0), 0, RecordKind::Audit);
        record.place.source = "AUDIT.edi".into();
        change(&mut record);
        let probe = Trial::new().accepted(family(0)).arrived(&family(0)).seen(EDI, 60, record).probe();
        findings(&probe).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    assert_eq!(audit(&|_| {}), []);
    assert_eq!(audit(&|record| record.members.truncate(1)), [FindingKind::Unexpected]);
    let wrong = |record: &mut GroupRecord| {
        record.members[0].set(Field::BirthDate, "1900-01-01".parse::<chrono::NaiveDate>().unwrap());
    };
    assert_eq!(audit(&wrong), [FindingKind::Unexpected]);
}

#[test]
fn each_step_leaves_its_own_status_behind() {
    let status = |of: [&str; 3], found: [&str; 3]| {
        let states: Vec<_> = (1..=3).map(|n| (130 + 200 * i64::try_from(n).unwrap(), shown(n))).collect();
        let states: Vec<_> = states
            .into_iter()
            .zip(found)
            .map(|((at, mut record), word)| {
                record.facts.set(Field::PolicyStatus, word);
                (at, record)
            })
            .collect();
        let mut trial = with_states(&states);
        trial.plan.step_status = (1..).zip(of).map(|(at, word)| (at, word.to_owned())).collect();
        differing(&trial.probe()).into_iter().filter(|(_, at, _)| *at == ISSUER).collect::<Vec<_>>()
    };
    let (initial, paid) = ("initial", "effectuated");
    assert_eq!(status([initial, paid, paid], [initial, paid, paid]), []);
    assert_eq!(status([paid, paid, paid], [initial, paid, paid]), [(1, ISSUER, Field::PolicyStatus)]);
}

#[test]
fn what_two_policies_are_told_late_and_together_is_each_ones_own_step() {
    let mut household = family(0);
    household.lines = vec![CoverageLine::Medical, CoverageLine::Dental];
    let mut trial = Trial::new().accepted(household.clone()).arrived(&household).phase_ended(290, Phase::Watch);
    trial.plan.changes = [LifeEvent::ChangeAddress.into(), LifeEvent::ChangeAddress.into()].to_vec();
    for (number, seconds) in [(1, 300), (2, 500)] {
        trial = trial.step_sent(seconds, JourneyStep::new(number, LifeEvent::ChangeAddress), Submission::Accepted);
    }
    // the folder could not be read before both had been sent
    for number in [1, 2] {
        let moved = after(&household, &[LifeEvent::ChangeAddress.into(), LifeEvent::ChangeAddress.into()][..number]);
        trial = trial.gone(130 + 200 * i64::try_from(number).unwrap(), 0);
        for group in 0..2 {
            let mut record = clean(&moved, group, RecordKind::Maintenance);
            record.event_at = Some(at(100 + 200 * i64::try_from(number).unwrap()));
            record.place.interchange = Some(format!("00000010{number}"));
            trial = trial.seen(EDI, 520, record).seen(
                ISSUER,
                130 + 200 * i64::try_from(number).unwrap(),
                snapshot(&moved, group),
            );
        }
    }
    let probe = trial.looked(1000).push(1001, Event::Finished).probe();
    let all: Vec<_> = probe.groups.iter().flat_map(|group| &group.changes).filter(|at| at.name == "edi_834").collect();
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|at| at.discrepancies.is_empty()), "{all:#?}");
    let arrivals: Vec<_> = all.iter().map(|at| (at.step.unwrap().number, at.arrival)).collect();
    let each = [(1, Arrival::Late), (2, Arrival::OnTime)];
    assert_eq!((arrivals, findings(&probe)), ([each, each].concat(), vec![]));
}

#[test]
fn what_a_system_has_wrong_since_the_second_step_was_sent_is_no_fault_of_the_first() {
    let mut garbled = shown(2);
    garbled.members[0].set(Field::BirthDate, "1900-01-01".parse::<chrono::NaiveDate>().unwrap());
    let probe = with_states(&[(330, shown(1)), (530, garbled)]).probe();
    let of_two: Vec<_> = differing(&probe).into_iter().filter(|(step, ..)| *step < 3).collect();
    assert_eq!(of_two, [(2, ISSUER, Field::BirthDate)]);
    assert_eq!(at_waypoint(&probe, ISSUER)[..2], [Arrival::OnTime; 2]);
    // the second did not come, and something else is wrong since it was sent
    let mut beside = shown(1);
    beside.members[2].set(Field::Street1, "99 Elsewhere");
    let trial = with_states(&[(330, shown(1)), (530, beside)]).looked(1000);
    let probe = trial.probe();
    assert!(differing(&probe).iter().all(|(number, ..)| *number > 1), "{:?}", differing(&probe));
    assert_eq!(at_waypoint(&probe, ISSUER)[..2], [Arrival::OnTime, Arrival::Missing]);
}

#[test]
fn a_state_that_is_older_than_the_one_before_it_is_stale() {
    let stale = |states: &[(i64, GroupRecord)]| {
        let probe = with_states(states).cancelled(900, 0).looked(1000).probe();
        (findings(&probe).into_iter().filter(|(kind, _)| *kind == FindingKind::Stale).count(), probe)
    };
    let all = [(330, shown(1)), (530, shown(2)), (730, shown(3))];
    assert_eq!(stale(&all).0, 0, "each state is newer than the one before it");
    // the old one was there first: the new one only took its time
    let slow = [(310, shown(0)), (330, shown(1)), (510, shown(1)), (530, shown(2)), (730, shown(3))];
    assert_eq!(stale(&slow).0, 0);

    let back = [(330, shown(1)), (340, shown(0)), (350, shown(1)), (530, shown(2)), (730, shown(3))];
    let (found, probe) = stale(&back);
    assert_eq!((found, probe.good, at_waypoint(&probe, ISSUER)), (1, Some(false), IN_TIME), "{probe:#?}");
    assert!(differing(&probe).is_empty(), "it is newer in the end: {:?}", differing(&probe));
    let detail = &probe.findings[0].detail;
    assert!(detail.starts_with("shown as after the change of address at ") && detail.contains("again at"), "{detail}");
    // while the next step is on its way, and while the household is taken out
    let (found, probe) = stale(&[(330, shown(1)), (530, shown(2)), (710, shown(1)), (730, shown(3))]);
    assert_eq!((found, probe.findings[0].detail.contains("the correction of a person (step 2)")), (1, true));
    let (found, probe) = stale(&[(330, shown(1)), (530, shown(2)), (730, shown(3)), (920, shown(2))]);
    assert_eq!((found, differing(&probe)), (1, vec![]), "{probe:#?}");
}

#[test]
fn of_two_records_side_by_side_neither_is_the_older() {
    // the second record stands beside the first, which stays
    let beside = sent().shows(330, shown(1)).seen(ISSUER, 340, shown(0)).shows(530, shown(2)).shows(730, shown(3));
    let probe =
        (1..=3).fold(beside, |trial, n| trial.seen(EDI, 120 + 200 * n, told(usize::try_from(n).unwrap()))).probe();
    assert!(!findings(&probe).iter().any(|(kind, _)| *kind == FindingKind::Stale), "{:?}", findings(&probe));
}

#[test]
fn a_message_behind_that_of_a_later_step_is_out_of_order_where_it_says_the_older() {
    let states = |trial: Trial| {
        (1..=3).fold(trial, |trial, n| trial.shows(130 + 200 * n, shown(usize::try_from(n).unwrap()))).probe()
    };
    let disorder = [(FindingKind::OutOfOrder, "edi_834")];
    let in_order = sent().seen(EDI, 320, told(1)).seen(EDI, 520, told(2)).seen(EDI, 720, told(3));
    assert_eq!(findings(&states(in_order)), []);
    let probe = states(sent().seen(EDI, 320, told(1)).seen(EDI, 720, told(3)).seen(EDI, 730, told(2)));
    assert_eq!(findings(&probe), disorder, "the correction tells the street before the move that was told already");
    let detail = &probe.findings[0].detail;
    assert!(detail.contains("the correction of a person (step 2)") && detail.contains("made at"), "{detail}");
    // what the later step changed it does not name: in whichever order they are taken, nothing is undone
    let mut bare = told(2);
    for member in &mut bare.members {
        member.unset(Field::Street1);
        member.unset(Field::Phone);
    }
    assert_eq!(findings(&states(sent().seen(EDI, 320, told(1)).seen(EDI, 720, told(3)).seen(EDI, 730, bare))), []);
    // of two in one look that came in files of their own the sender's times tell
    let together = sent().seen(EDI, 320, told(1)).seen(EDI, 720, told(3)).seen(EDI, 720, told(2));
    assert_eq!(findings(&states(together)), []);
}

#[test]
fn what_a_later_step_leads_back_to_is_no_older_state() {
    let journey: [Change; 2] = [LifeEvent::AddDependent.into(), LifeEvent::RemoveDependent.into()];
    let state = |number: usize| {
        let mut record = snapshot(&after(&family(0), &journey[..number]), 0);
        record.members.retain(|member| member.text(Field::MemberEnrolled) != Some("no"));
        record
    };
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
    trial.plan.changes = journey.to_vec();
    let step = |number: u16| JourneyStep::new(number, journey[usize::from(number) - 1].event);
    let born = trial.step_sent(300, step(1), Submission::Accepted).shows(330, state(1));
    let left = born.clone().step_sent(500, step(2), Submission::Accepted).shows(530, state(2));
    assert_eq!((state(1).members.len(), state(2).members.len()), (4, 3));
    let is_stale = |trial: Trial| findings(&trial.looked(1000).probe()).contains(&(FindingKind::Stale, "issuer"));
    assert!(!is_stale(left), "the child has left");
    assert!(is_stale(born.shows(400, state(0))), "nobody has left yet");
}

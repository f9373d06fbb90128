//! Families that change: somebody is born, leaves, is divorced, or earns less. Who is covered, and what it costs, must follow.

use super::trial::{EDI, ISSUER, Trial, after, at, captures, clean, family, findings, plans};
use johndoe::model::{
    Arrival, Captures, Cents, Change, CoverageLine, Event, Facts, Field, FindingKind, GroupAtWaypoint, GroupCapture,
    GroupRecord, JourneyStep, LifeEvent, MemberChange, Phase, ProbeSummary, RecordKind, Relationship, Submission,
    Verdict,
};
use johndoe::reconcile::expect;

const SENT_AT: i64 = 300;

/// What the exchange answers to a change: other amounts, and the id of whoever is new; who helps is no matter of money.
fn answer(event: LifeEvent) -> Captures {
    if event == LifeEvent::ChangeAgent {
        return Captures::default();
    }
    let mut facts = Facts::new();
    facts.set(Field::Aptc, Cents(31_000));
    facts.set(Field::TotalResponsibility, Cents(40_000));
    if event != LifeEvent::ReportIncome {
        facts.set(Field::PremiumTotal, Cents(71_000));
    }
    let group = GroupCapture { line: Some(CoverageLine::Medical), facts };
    let mut members = Vec::new();
    if event == LifeEvent::AddDependent {
        members.resize_with(4, Facts::new);
        members[3].set(Field::MemberId, "S0-3");
    }
    Captures { groups: vec![group], members, ..Captures::default() }
}

/// What a faultless pipeline says after these changes: a system of whoever is in, a message of who comes and goes, too.
fn record(kind: RecordKind, events: &[LifeEvent]) -> GroupRecord {
    let changes: Vec<Change> = events.iter().copied().map(Change::from).collect();
    let household = after(&family(0), &changes);
    let told = changes.iter().fold(captures(&family(0)), |told, change| {
        johndoe::life::told(told, &family(0), *change, answer(change.event))
    });
    let expected = expect(&household, &plans(&household), &told).groups.remove(0);
    let mut record = clean(&family(0), 0, kind);
    (record.facts, record.members) = (expected.facts, expected.members);
    if kind == RecordKind::Snapshot {
        record.members.retain(|member| member.text(Field::MemberEnrolled) != Some("no"));
        for member in &mut record.members {
            member.unset(Field::MemberEnrolled);
            member.unset(Field::MemberChange);
        }
    } else {
        record.members.retain(|member| {
            member.text(Field::MemberEnrolled) != Some("no") || member.value(Field::MemberChange).is_some()
        });
        record.place.interchange = Some(format!("00000010{}", events.len()));
        record.event_at = Some(at(100 + 200 * i64::try_from(events.len()).unwrap()));
    }
    record
}

fn step(number: usize, event: LifeEvent) -> JourneyStep {
    JourneyStep::new(u16::try_from(number).unwrap(), event)
}

/// Enrolled at both waypoints; these changes are sent after 300, 500, … seconds, each due after 100 more.
fn sent(events: &[LifeEvent]) -> Trial {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
    trial.plan.changes = events.iter().copied().map(Change::from).collect();
    for (number, event) in (1..).zip(events) {
        let seconds = 100 + 200 * i64::try_from(number).unwrap();
        trial = trial.step_sent(seconds, step(number, *event), Submission::Accepted);
        if let Some(Event::Answered { captures, .. }) = trial.entries.last_mut().map(|entry| &mut entry.event) {
            *captures = answer(*event);
        }
    }
    trial
}

/// One change, as both waypoints tell of it, if at all.
fn told(event: LifeEvent, message: Option<GroupRecord>, state: Option<GroupRecord>) -> ProbeSummary {
    let mut trial = sent(&[event]);
    if let Some(message) = message {
        trial = trial.seen(EDI, SENT_AT + 20, message);
    }
    if let Some(state) = state {
        trial = trial.gone(SENT_AT + 30, 0).seen(ISSUER, SENT_AT + 30, state);
    }
    trial.looked(1000).push(1001, Event::Finished).probe()
}

fn message(event: LifeEvent) -> GroupRecord {
    record(RecordKind::Maintenance, &[event])
}

fn state(event: LifeEvent) -> GroupRecord {
    record(RecordKind::Snapshot, &[event])
}

fn here(probe: &ProbeSummary, waypoint: u16) -> &GroupAtWaypoint {
    &probe.groups[0].changes[usize::from(waypoint)]
}

fn arrivals(probe: &ProbeSummary) -> [Arrival; 2] {
    [EDI, ISSUER].map(|waypoint| here(probe, waypoint).arrival)
}

/// Whose fields differ at a waypoint, with what was expected and found.
fn differing(probe: &ProbeSummary, waypoint: u16) -> Vec<String> {
    let say = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let all = here(probe, waypoint).discrepancies.iter();
    all.map(|d| format!("{} {} {}/{}", d.member, d.field, say(&d.expected), say(&d.found)).trim().to_owned()).collect()
}

const OF_FAMILIES: [LifeEvent; 5] = [
    LifeEvent::AddDependent,
    LifeEvent::RemoveDependent,
    LifeEvent::Divorce,
    LifeEvent::ReportIncome,
    LifeEvent::ChangeAgent,
];

#[test]
fn what_comes_everywhere_as_it_was_told_is_good() {
    for event in OF_FAMILIES {
        let probe = told(event, Some(message(event)), Some(state(event)));
        assert_eq!(arrivals(&probe), [Arrival::OnTime; 2], "{event}");
        assert_eq!((differing(&probe, EDI), differing(&probe, ISSUER)), (vec![], vec![]), "{event}");
        assert_eq!((findings(&probe), probe.good), (vec![], Some(true)), "{event}");
    }
}

#[test]
fn what_does_not_come_is_missing_where_it_does_not() {
    for event in OF_FAMILIES {
        let lost = told(event, None, None);
        assert_eq!((arrivals(&lost), lost.good), ([Arrival::Missing; 2], Some(false)), "{event}");
        let late_hop = told(event, Some(message(event)), None);
        assert_eq!(arrivals(&late_hop), [Arrival::OnTime, Arrival::Missing], "{event}");
        assert_eq!(findings(&late_hop), vec![], "{event}");
    }
}

#[test]
fn what_cannot_happen_to_a_household_is_due_nowhere() {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
    trial.plan.changes = vec![LifeEvent::Marry.into()];
    let summary = trial.looked(1000).push(1001, Event::Finished).judged();
    assert_eq!(arrivals(&summary.probes[0]), [Arrival::NotDue; 2], "she is married");
    assert_eq!((summary.probes[0].good, summary.verdict), (Some(true), Verdict::Pass));
}

/// How a record of the birth is spoiled, and what must be said of that.
#[test]
fn a_child_who_is_born_must_be_the_child_that_was_told_of_and_there_once() {
    type Spoil = fn(&mut GroupRecord);
    let child = || message(LifeEvent::AddDependent).members[3].text(Field::NameFirst).unwrap().to_owned();
    let cases: [(Spoil, &[&str]); 4] = [
        (|it| it.members[3].set(Field::Relationship, Relationship::Spouse), &["member.relationship child/spouse"]),
        (
            |it| it.members[3].set(Field::BirthDate, "2013-12-24".parse::<chrono::NaiveDate>().unwrap()),
            &["member.birth_date 2013-11-05/2013-12-24"],
        ),
        (|it| it.members[3].set(Field::MemberId, "S0-2"), &["member.exchange_assigned_member_id S0-3/S0-2"]),
        (
            |it| it.members[3].set(Field::Street1, "99 Elsewhere"),
            &["member.address.street_1 12 Probe Street/99 Elsewhere"],
        ),
    ];
    for (spoil, expected) in cases {
        let [mut spoiled, mut held] = [message(LifeEvent::AddDependent), state(LifeEvent::AddDependent)];
        spoil(&mut spoiled);
        spoil(&mut held);
        let probe = told(LifeEvent::AddDependent, Some(spoiled), Some(held));
        let expected: Vec<String> = expected.iter().map(|said| format!("4 {} O'Neal {said}", child())).collect();
        assert_eq!((differing(&probe, EDI), differing(&probe, ISSUER)), (expected.clone(), expected));
    }
    let mut twice = state(LifeEvent::AddDependent);
    twice.members.push(twice.members[3].clone());
    let probe = told(LifeEvent::AddDependent, Some(message(LifeEvent::AddDependent)), Some(twice));
    assert_eq!(findings(&probe), [(FindingKind::Duplicated, "issuer")]);
}

#[test]
fn a_message_that_says_nothing_of_who_comes_or_goes_has_not_told_it() {
    for (event, who, expected) in [
        (LifeEvent::AddDependent, "4 ", "member.enrolled yes/-"),
        (LifeEvent::RemoveDependent, "3 Ann O'Neal", "member.enrolled no/-"),
    ] {
        let mut silent = message(event);
        silent.members.retain(|member| member.value(Field::MemberChange).is_none());
        let probe = told(event, Some(silent), Some(state(event)));
        let said = differing(&probe, EDI);
        assert!(said.len() == 1 && said[0].starts_with(who) && said[0].ends_with(expected), "{event}: {said:?}");
        assert_eq!(differing(&probe, ISSUER), Vec::<String>::new());
    }
}

#[test]
fn who_is_taken_out_in_the_place_of_another_is_told_with_the_one_who_stayed() {
    let mut wrong = message(LifeEvent::RemoveDependent);
    for (place, change) in [(1, Some(MemberChange::Removed)), (2, None)] {
        wrong.members[place].set(Field::MemberEnrolled, change.is_none());
        wrong.members[place].set_or_absent(Field::MemberChange, change.map(MemberChange::as_str));
    }
    let mut held = state(LifeEvent::RemoveDependent);
    held.members[1] = clean(&family(0), 0, RecordKind::Snapshot).members[2].clone();
    let probe = told(LifeEvent::RemoveDependent, Some(wrong), Some(held));
    let both = ["2 Sean O'Neal member.enrolled yes/no", "3 Ann O'Neal member.enrolled no/yes"];
    for said in [differing(&probe, EDI), differing(&probe, ISSUER)] {
        assert!(both.iter().all(|both| said.iter().any(|said| said == both)), "{said:?}");
    }
}

#[test]
fn a_subsidy_that_stays_as_it_was_is_no_change_and_another_is_a_wrong_one() {
    let event = LifeEvent::ReportIncome;
    let with = |mut record: GroupRecord, aptc: i64| {
        record.facts.set(Field::Aptc, Cents(aptc));
        record
    };
    let probe = told(event, Some(with(message(event), 25_058)), Some(with(state(event), 99_900)));
    assert_eq!(differing(&probe, EDI), ["group.aptc 310.00/250.58"]);
    assert_eq!(differing(&probe, ISSUER), ["group.aptc 310.00/999.00"]);
    let mut silent = message(event);
    silent.facts.unset(Field::Aptc);
    silent.facts.unset(Field::TotalResponsibility);
    let probe = told(event, Some(silent), Some(state(event)));
    assert_eq!(differing(&probe, EDI), ["group.aptc 310.00/-", "group.total_responsibility 400.00/-"]);
    let mut cheap = state(LifeEvent::AddDependent);
    cheap.facts.set(Field::PremiumTotal, Cents(60_000));
    let probe = told(LifeEvent::AddDependent, Some(message(LifeEvent::AddDependent)), Some(cheap));
    assert_eq!(
        differing(&probe, ISSUER),
        ["group.premium_total 710.00/600.00"],
        "the child is covered and not paid for"
    );
}

#[test]
fn an_agent_who_is_not_the_one_told_of_is_named_where_that_shows_and_none_in_a_message_is_no_agent() {
    let event = LifeEvent::ChangeAgent;
    let own = state(event).facts.text(Field::AgentNpn).unwrap().to_owned();
    let of_another = |mut record: GroupRecord| {
        record.facts.set(Field::AgentNpn, "9912345678");
        record
    };
    let probe = told(event, Some(of_another(message(event))), Some(state(event)));
    assert_eq!(differing(&probe, EDI), [format!("group.agent_npn {own}/9912345678")]);
    assert_eq!((differing(&probe, ISSUER), probe.good), (vec![], Some(false)));
    let probe = told(event, Some(message(event)), Some(of_another(state(event))));
    assert_eq!(differing(&probe, ISSUER), [format!("group.agent_npn {own}/9912345678")]);
    let mut silent = message(event);
    silent.facts.unset(Field::AgentNpn);
    let probe = told(event, Some(silent), Some(state(event)));
    assert_eq!(differing(&probe, EDI), [format!("group.agent_npn {own}/-")]);
}

/// A journey whose every step both waypoints tell of.
fn whole(events: &[LifeEvent]) -> Trial {
    let mut trial = sent(events);
    for number in 1..=events.len() {
        let sent_at = 100 + 200 * i64::try_from(number).unwrap();
        trial = trial.seen(EDI, sent_at + 20, record(RecordKind::Maintenance, &events[..number]));
        trial = trial.gone(sent_at + 30, 0).seen(ISSUER, sent_at + 30, record(RecordKind::Snapshot, &events[..number]));
    }
    trial
}

#[test]
fn who_comes_and_goes_again_leaves_each_step_good() {
    use LifeEvent::{AddDependent, ChangeAddress, ChangeAgent, Divorce, Marry, RemoveDependent, ReportIncome};
    for events in [
        &[AddDependent, RemoveDependent][..],
        &[RemoveDependent, AddDependent],
        &[Divorce, Marry],
        &[AddDependent, ChangeAddress],
        &[RemoveDependent, ChangeAddress, AddDependent],
        &[ReportIncome, ReportIncome],
        &[AddDependent, ReportIncome, Divorce],
        &[ChangeAgent, ChangeAddress, ChangeAgent],
    ] {
        let probe = whole(events).looked(1500).push(1501, Event::Finished).probe();
        let all: Vec<_> = probe.groups[0].changes.iter().map(|at| (at.arrival, at.discrepancies.clone())).collect();
        // the exchange answers the same to a second report as to what came before: that changes nothing, and nothing is due
        let due = |at: usize| {
            if events.get(at / 2) == Some(&ReportIncome) && at > 1 { Arrival::NotDue } else { Arrival::OnTime }
        };
        let expected: Vec<_> = (0..all.len()).map(|at| (due(at), vec![])).collect();
        assert_eq!(all, expected, "{events:?}");
        assert_eq!((findings(&probe), probe.good), (vec![], Some(true)), "{events:?}");
    }
}

#[test]
fn a_child_whom_a_later_step_loses_is_missed_at_that_step() {
    let events = [LifeEvent::AddDependent, LifeEvent::ChangeAddress];
    let mut trial = whole(&events[..1]);
    trial.plan.changes = events.map(Change::from).to_vec();
    trial = trial.step_sent(500, step(2, events[1]), Submission::Accepted);
    let mut held = record(RecordKind::Snapshot, &events);
    held.members.truncate(3);
    let mut message = record(RecordKind::Maintenance, &events);
    message.facts.set(Field::TransactionReason, "residence_change");
    let trial = trial.seen(EDI, 520, message).gone(530, 0).seen(ISSUER, 530, held);
    let probe = trial.looked(1000).push(1001, Event::Finished).probe();
    let lost: Vec<_> = probe.groups[0].changes.iter().filter(|at| !at.discrepancies.is_empty()).collect();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert_eq!((lost[0].step, lost[0].name.as_str()), (Some(step(2, events[1])), "issuer"));
    assert_eq!(lost[0].discrepancies[0].field, Field::MemberEnrolled);
    assert_eq!(probe.good, Some(false));
}

/// The enrollment's amounts again.
fn as_before() -> Captures {
    let mut told = captures(&family(0));
    told.groups[0].facts.set(Field::TotalResponsibility, Cents(60_000 - 25_058));
    told
}

/// A trial in which the answer to the latest step told this.
fn answered_by(mut trial: Trial, told: Captures) -> Trial {
    let answers = trial.entries.iter_mut().rev();
    let latest = answers.filter_map(|entry| match &mut entry.event {
        Event::Answered { captures, .. } => Some(captures),
        _ => None,
    });
    *latest.into_iter().next().unwrap() = told;
    trial
}

#[test]
fn amounts_that_nobody_told_anew_are_not_expected_as_they_were() {
    let event = LifeEvent::AddDependent;
    let trial = answered_by(sent(&[event]), Captures::default());
    let trial = trial.seen(EDI, 320, message(event)).gone(330, 0).seen(ISSUER, 330, state(event));
    let probe = trial.looked(1000).push(1001, Event::Finished).probe();
    assert_eq!((arrivals(&probe), probe.good), ([Arrival::OnTime; 2], Some(true)), "{:?}", differing(&probe, ISSUER));
}

#[test]
fn the_first_day_of_who_joins_is_the_exchanges_and_compared_where_it_told_it() {
    let event = LifeEvent::AddDependent;
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let begun = |mut record: GroupRecord| {
        record.members[3].set(Field::MemberBenefitBegin, day("2013-12-01"));
        record
    };
    let probe = told(event, Some(begun(message(event))), Some(begun(state(event))));
    assert_eq!((arrivals(&probe), probe.good), ([Arrival::OnTime; 2], Some(true)), "nobody said when");
    let mut said = answer(event);
    said.members[3].set(Field::MemberBenefitBegin, day("2014-02-01"));
    let trial = answered_by(sent(&[event]), said).seen(EDI, 320, begun(message(event)));
    let probe = trial.gone(330, 0).seen(ISSUER, 330, state(event)).looked(1000).push(1001, Event::Finished).probe();
    assert_eq!(differing(&probe, EDI).len(), 1);
    assert!(differing(&probe, EDI)[0].ends_with("member.benefit_begin_date 2014-02-01/2013-12-01"));
    // of whoever was there from the first the group's day holds
    let mut moved = message(event);
    moved.members[2].set(Field::MemberBenefitBegin, day("2013-12-01"));
    let probe = told(event, Some(moved), Some(state(event)));
    assert_eq!(differing(&probe, EDI), ["3 Ann O'Neal member.benefit_begin_date 2014-01-01/2013-12-01"]);
}

#[test]
fn whether_who_joins_uses_tobacco_is_told_by_nobody() {
    let mut single = family(0);
    single.people.remove(1);
    let married = after(&single, &[LifeEvent::Marry.into()]);
    let mut trial = Trial::new().accepted(single.clone()).arrived(&single).phase_ended(290, Phase::Watch);
    trial.plan.changes = vec![LifeEvent::Marry.into()];
    let held = |kind: RecordKind| {
        let mut record = clean(&married, 0, kind);
        record.members[2].set_absent(Field::Tobacco);
        record.members[2].unset(Field::MemberId);
        record
    };
    let trial = trial.step_sent(300, step(1, LifeEvent::Marry), Submission::Accepted);
    let mut message = held(RecordKind::Maintenance);
    message.place.interchange = Some("000000101".into());
    let trial = trial.seen(EDI, 320, message).gone(330, 0).seen(ISSUER, 330, held(RecordKind::Snapshot));
    let probe = trial.looked(1000).push(1001, Event::Finished).probe();
    assert_eq!((arrivals(&probe), probe.good), ([Arrival::OnTime; 2], Some(true)), "{:?}", differing(&probe, ISSUER));
}

#[test]
fn a_state_that_is_as_it_was_at_first_shows_that_who_came_has_gone_again() {
    let events = [LifeEvent::AddDependent, LifeEvent::RemoveDependent];
    let first = clean(&family(0), 0, RecordKind::Snapshot);
    let mut trial = answered_by(sent(&events), as_before());
    for number in 1..=2 {
        let sent_at = 100 + 200 * i64::try_from(number).unwrap();
        let mut told = record(RecordKind::Maintenance, &events[..number]);
        if number == 2 {
            told.facts = first.facts.clone();
        }
        trial = trial.seen(EDI, sent_at + 20, told);
    }
    let held = record(RecordKind::Snapshot, &events[..1]);
    let gone = trial.clone().gone(330, 0).seen(ISSUER, 330, held.clone()).gone(530, 0).seen(ISSUER, 530, first);
    let probe = gone.looked(1000).push(1001, Event::Finished).probe();
    let at_issuer: Vec<_> =
        probe.groups[0].changes.iter().filter(|at| at.name == "issuer").map(|at| at.arrival).collect();
    assert_eq!((at_issuer, probe.good), (vec![Arrival::OnTime; 2], Some(true)));
    let stays = trial.gone(330, 0).seen(ISSUER, 330, held).looked(1000).push(1001, Event::Finished).probe();
    let at_issuer: Vec<_> =
        stays.groups[0].changes.iter().filter(|at| at.name == "issuer").map(|at| at.arrival).collect();
    assert_eq!(at_issuer, [Arrival::OnTime, Arrival::Missing]);
}

#[test]
fn a_newborn_whom_a_system_shows_in_two_rows_of_one_policy_is_there_twice() {
    let whole = state(LifeEvent::AddDependent);
    let mut row = whole.clone();
    row.members.drain(..3);
    let trial = |again: GroupRecord| {
        let told = sent(&[LifeEvent::AddDependent]).seen(EDI, SENT_AT + 20, message(LifeEvent::AddDependent));
        let shown = told.gone(SENT_AT + 30, 0).seen(ISSUER, SENT_AT + 30, whole.clone());
        shown.seen(ISSUER, SENT_AT + 30, again).looked(1000).push(1001, Event::Finished).probe()
    };
    let probe = trial(row);
    assert_eq!(findings(&probe), [(FindingKind::Duplicated, "issuer")], "{probe:#?}");
    assert!(probe.findings[0].detail.starts_with("member 4 "), "{:?}", probe.findings);
    assert_eq!(differing(&probe, ISSUER), [""; 0]);
}

#[test]
fn what_a_change_without_a_told_premium_left_out_is_told_of_the_change_and_not_of_the_enrollment() {
    for answered in [Submission::Accepted, Submission::Indeterminate] {
        let mut trial = sent(&[LifeEvent::AddDependent]);
        if let Some(Event::Answered { captures, submission, .. }) =
            trial.entries.last_mut().map(|entry| &mut entry.event)
        {
            (*captures, *submission) = (Captures::default(), answered);
        }
        // the new premium, and nobody new
        let mut part = state(LifeEvent::AddDependent);
        part.members.truncate(3);
        let trial = trial.gone(SENT_AT + 30, 0).seen(ISSUER, SENT_AT + 30, part);
        let probe = trial.looked(1000).push(1001, Event::Finished).probe();
        assert_eq!(probe.groups[0].waypoints[usize::from(ISSUER)].discrepancies, [], "{answered}");
        let lacks = differing(&probe, ISSUER).iter().any(|told| told.ends_with("member.enrolled yes/no"));
        assert_eq!(lacks, answered == Submission::Accepted, "{answered}: {:?}", here(&probe, ISSUER));
        assert_ne!(probe.good, Some(true), "{answered}");
    }
}

#[test]
fn a_dependent_who_left_and_is_still_there_is_told_so_and_as_nobody_who_never_applied() {
    let mut state = record(RecordKind::Snapshot, &[LifeEvent::RemoveDependent]);
    state.members = record(RecordKind::Snapshot, &[]).members;
    let mut trial = sent(&[LifeEvent::RemoveDependent]).seen(EDI, SENT_AT + 20, message(LifeEvent::RemoveDependent));
    trial = trial.gone(SENT_AT + 30, 0).seen(ISSUER, SENT_AT + 30, state);
    let summary = trial.looked(1000).push(1001, Event::Finished).judged();
    let lines: Vec<&str> = summary.punch.iter().map(|line| line.what.as_str()).collect();
    assert!(lines.contains(&"child who left, still in the group"), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("nobody applied")), "{lines:?}");
}

/// What is told, one step after another, where the last leads back to what the exchange had decided before: of each step its message.
fn led_back(events: &[LifeEvent]) -> Vec<(Captures, GroupRecord)> {
    let (mut told, first) = (captures(&family(0)), captures(&family(0)));
    let mut steps = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let mut answer = match event {
            LifeEvent::AddDependent => answer(*event),
            LifeEvent::RemoveDependent => Captures { groups: first.groups.clone(), ..Captures::default() },
            _ => Captures::default(),
        };
        answer.groups.iter_mut().for_each(|group| group.facts.unset(Field::PolicyId));
        let changes: Vec<Change> = events[..=at].iter().copied().map(Change::from).collect();
        told = johndoe::life::told(told, &family(0), changes[at], answer.clone());
        let household = after(&family(0), &changes);
        let expected = expect(&household, &plans(&household), &told).groups.remove(0);
        let mut message = record(RecordKind::Maintenance, &events[..=at]);
        (message.facts, message.members) = (expected.facts, expected.members);
        let is_named = |member: &Facts| {
            member.text(Field::MemberEnrolled) != Some("no") || member.value(Field::MemberChange).is_some()
        };
        message.members.retain(is_named);
        steps.push((answer, message));
    }
    steps
}

#[test]
fn a_message_is_of_the_step_that_changed_what_it_tells_though_a_later_one_leads_back_to_the_same_amounts() {
    let events = [LifeEvent::ChangeAddress, LifeEvent::AddDependent, LifeEvent::RemoveDependent];
    let steps = led_back(&events);
    let mut trial = sent(&events);
    let answers = trial.entries.iter_mut().filter_map(|entry| match &mut entry.event {
        Event::Answered { action, captures, .. } if action.number > 0 => Some(captures),
        _ => None,
    });
    for (captures, (answer, _)) in answers.zip(&steps) {
        captures.clone_from(answer);
    }
    let last = after(&family(0), &events.map(Change::from));
    let mut state = steps[2].1.clone();
    (state.kind, state.members) = (RecordKind::Snapshot, steps[2].1.members.clone());
    state.members.retain(|member| member.text(Field::MemberEnrolled) != Some("no"));
    for member in &mut state.members {
        member.unset(Field::MemberEnrolled);
        member.unset(Field::MemberChange);
    }
    assert_eq!(last.people.iter().filter(|person| person.applying).count(), state.members.len());
    for (_, message) in steps {
        trial = trial.seen(EDI, 720, message);
    }
    let trial = trial.gone(730, 0).seen(ISSUER, 730, state);
    let probe = trial.looked(1000).push(1001, Event::Finished).probe();
    let of_edi: Vec<_> = probe.groups[0].changes.iter().filter(|at| at.name == "edi_834").collect();
    let told: Vec<_> = of_edi.iter().map(|at| (at.arrival, at.discrepancies.len())).collect();
    assert_eq!(told.iter().map(|(_, differ)| *differ).collect::<Vec<_>>(), [0, 0, 0], "{of_edi:#?}");
    assert!(told.iter().all(|(arrival, _)| !matches!(arrival, Arrival::Missing | Arrival::NotDue)), "{of_edi:#?}");
    assert_eq!(findings(&probe), []);
}

#[test]
fn what_could_not_happen_is_not_counted_among_what_did() {
    use LifeEvent::{Divorce, Marry};
    let people = |events: &[LifeEvent]| {
        let changes: Vec<Change> = events.iter().copied().map(Change::from).collect();
        format!("{:?}", after(&family(0), &changes).people)
    };
    assert_eq!(people(&[Marry, Divorce, Marry]), people(&[Divorce, Marry]), "she was married already");
    assert_ne!(people(&[Divorce, Marry, Divorce, Marry]), people(&[Divorce, Marry]), "another spouse");
}

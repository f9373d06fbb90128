//! What an exchange tells first in the answer to a later step, since the enrollment's flow captured nothing of policies.

use super::trial::{EDI, ISSUER, Trial, after, at, captures, clean, family, findings, plans};
use johndoe::model::{
    Arrival, Captures, Cents, Change, CoverageLine, Destination, Event, Facts, Field, GroupAtWaypoint, GroupCapture,
    GroupRecord, Household, JourneyStep, LifeEvent, Offer, Phase, PlanId, ProbeSummary, RecordKind, Submission,
};
use johndoe::reconcile::expect;

/// A household with a medical and a dental policy.
fn with_dental() -> Household {
    let mut household = family(0);
    household.lines.push(CoverageLine::Dental);
    household
}

/// These amounts of a line, and its rating area.
fn told(line: CoverageLine, aptc: i64) -> Captures {
    let mut facts = Facts::new();
    facts.set(Field::Aptc, Cents(aptc));
    facts.set(Field::PremiumTotal, Cents(60_000));
    facts.set(Field::RatingArea, "R-VA007");
    Captures { groups: vec![GroupCapture { line: Some(line), facts }], ..Captures::default() }
}

/// Enrolled and arrived with an answer of which this was captured; then the event, with this answer.
fn sent(household: &Household, enrolled: Captures, change: Change, answer: Captures) -> Trial {
    let mut trial = Trial::new().accepted(household.clone());
    capture(&mut trial, enrolled);
    trial = trial.arrived(household).phase_ended(290, Phase::Watch);
    trial.plan.changes = vec![change];
    let offer = |plan: &str| Offer { plan_id: PlanId::new(plan), state: "VA".into(), line: CoverageLine::Medical };
    trial.plan.offers = vec![offer("12345VA0010001"), offer("12345VA0030001")];
    trial = trial.step_sent(300, JourneyStep::new(1, change.event), Submission::Accepted);
    capture(&mut trial, answer);
    trial
}

fn capture(trial: &mut Trial, told: Captures) {
    let answer = trial.entries.iter_mut().rev().find_map(|entry| match &mut entry.event {
        Event::Answered { captures, .. } => Some(captures),
        _ => None,
    });
    *answer.expect("an answer") = told;
}

/// A group as a faultless pipeline shows it after the event, with these amounts.
fn record(household: &Household, (event, group): (LifeEvent, usize), kind: RecordKind, aptc: i64) -> GroupRecord {
    let now = after(household, &[event.into()]);
    let line = household.lines[group];
    let mut known = captures(household);
    known.add(told(line, aptc));
    let expected = expect(&now, &plans(household), &known).groups.remove(group);
    let mut record = clean(household, group, kind);
    (record.facts, record.members) = (expected.facts, expected.members);
    record.facts.unset(Field::RatingArea);
    record.event_at = Some(at(310));
    record.place.interchange = (kind != RecordKind::Snapshot).then(|| "000000009".to_owned());
    record
}

fn judged(trial: Trial) -> ProbeSummary {
    trial.looked(1000).push(1001, Event::Finished).probe()
}

fn of_line(probe: &ProbeSummary, line: CoverageLine) -> Vec<&GroupAtWaypoint> {
    let group = probe.groups.iter().find(|group| group.line == line).expect("a group of the line");
    group.changes.iter().collect()
}

fn arrivals(probe: &ProbeSummary, line: CoverageLine) -> Vec<Arrival> {
    of_line(probe, line).into_iter().map(|at| at.arrival).collect()
}

const MEDICAL: CoverageLine = CoverageLine::Medical;
const DENTAL: CoverageLine = CoverageLine::Dental;

#[test]
fn of_a_dental_policy_beside_a_changed_medical_one_that_is_owed_which_was_told_otherwise_before() {
    let change = Change { event: LifeEvent::ChangePlan, what: None, to: Some(Destination::Plan), how: None };
    let at_dental = |before: Captures, aptc: i64| {
        let trial = sent(&with_dental(), before, change, told(DENTAL, aptc));
        arrivals(&judged(trial), DENTAL)
    };
    assert_eq!(at_dental(Captures::default(), 0), [Arrival::NotDue; 2], "it was never told");
    assert_eq!(at_dental(Captures::default(), 1_000), [Arrival::NotDue; 2], "nor is it known to have been another");
    assert_eq!(at_dental(told(DENTAL, 0), 0), [Arrival::NotDue; 2], "it stays");
    assert_eq!(at_dental(told(DENTAL, 0), 1_000), [Arrival::Missing; 2], "it was another");
}

#[test]
fn a_report_of_income_owes_what_it_decides_though_it_was_never_told_and_nothing_that_stood_there_already() {
    let after_report = |aptc: i64| {
        let change = LifeEvent::ReportIncome.into();
        let trial = sent(&family(0), Captures::default(), change, told(MEDICAL, aptc));
        arrivals(&judged(trial), MEDICAL)
    };
    assert_eq!(after_report(31_000), [Arrival::Missing; 2]);
    assert_eq!(after_report(25_058), [Arrival::NotDue; 2], "as the enrollment's records have it");
    // told to be another before, it is owed, whatever the folder says
    let enrolled = told(MEDICAL, 31_000);
    let trial = sent(&family(0), enrolled, LifeEvent::ReportIncome.into(), told(MEDICAL, 25_058));
    assert_eq!(arrivals(&judged(trial), MEDICAL)[0], Arrival::Missing);
}

#[test]
fn a_step_owes_what_it_is_for_and_of_the_rest_nothing_that_was_first_told_with_it() {
    for event in [LifeEvent::ChangeAddress, LifeEvent::CorrectPerson, LifeEvent::AddDependent] {
        let answer = Captures { members: captures(&family(0)).members, ..told(MEDICAL, 25_058) };
        let start = || sent(&family(0), Captures::default(), event.into(), answer.clone());
        let of = |kind| record(&family(0), (event, 0), kind, 25_058);
        let mut brief = of(RecordKind::Maintenance);
        for field in [Field::Aptc, Field::PremiumTotal, Field::TotalResponsibility, Field::RatingArea] {
            brief.facts.unset(field);
        }
        brief.members.iter_mut().for_each(|member| member.unset(Field::MemberId));
        let trial = start().seen(EDI, 320, brief.clone()).gone(330, 0).seen(ISSUER, 330, of(RecordKind::Snapshot));
        let probe = judged(trial);
        assert_eq!((findings(&probe), probe.good), (vec![], Some(true)), "{event}: {probe:#?}");
        assert_eq!(arrivals(&probe, MEDICAL), [Arrival::OnTime; 2], "{event}");
        let lost = judged(start());
        assert_eq!(arrivals(&lost, MEDICAL), [Arrival::Missing; 2], "{event}");
        // who says otherwise than was told is found out all the same
        let mut wrong = of(RecordKind::Snapshot);
        wrong.facts.set(Field::Aptc, Cents(99_900));
        let probe = judged(start().seen(EDI, 320, brief).gone(330, 0).seen(ISSUER, 330, wrong));
        let fields: Vec<Field> = of_line(&probe, MEDICAL)[1].discrepancies.iter().map(|d| d.field).collect();
        assert_eq!(fields, [Field::Aptc], "{event}: {probe:#?}");
    }
}

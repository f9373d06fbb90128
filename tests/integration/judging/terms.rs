//! On what terms a step is sent: for whom it is is one rule, which engine and judge share.

use super::trial::{EDI, ISSUER, Trial, after, at, clean, family, message, plans, snapshot};
use johndoe::life;
use johndoe::model::{
    Arrival, Change, Condition, CoverageLine, EdgeCase, Event, Field, Household, Integrity, JourneyStep, LifeEvent,
    RecordKind, RunPlan, Sex, Span, StepTerms, Submission, Verdict, When,
};

/// Why a step passes a household over after these changes.
fn passed_over(
    plan: &RunPlan,
    household: &Household,
    before: impl IntoIterator<Item = Change>,
    step: JourneyStep,
) -> Option<String> {
    let before: Vec<_> =
        (1..).zip(before).map(|(number, change)| (JourneyStep::new(number, change.event), change)).collect();
    life::passed_over(plan, (household, &plans(household)), &before, step)
}

fn span(text: &str) -> Span {
    Span::parse(text).unwrap()
}

fn terms(conditions: Vec<Condition>) -> StepTerms {
    StepTerms { when: When(conditions), ..StepTerms::default() }
}

/// A birth that is for whom the conditions say, and a move that is for everybody.
fn journey(conditions: Vec<Condition>) -> Trial {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0));
    trial.plan.changes = vec![LifeEvent::AddDependent.into(), LifeEvent::ChangeAddress.into()];
    trial.plan.terms = [(1, terms(conditions))].into();
    trial
}

const BIRTH: JourneyStep = JourneyStep { number: 1, event: LifeEvent::AddDependent };
const MOVE: JourneyStep = JourneyStep { number: 2, event: LifeEvent::ChangeAddress };

/// What passes a household over, were the conditions those of its first step.
fn why(conditions: Vec<Condition>, household: &Household) -> Option<String> {
    passed_over(&journey(conditions).plan, household, [], BIRTH)
}

/// What became of a step at both waypoints.
fn arrivals(trial: &Trial, number: usize) -> [Arrival; 2] {
    let probe = trial.probe();
    [EDI, ISSUER].map(|at| probe.groups[0].changes[(number - 1) * 2 + usize::from(at)].arrival)
}

#[test]
fn a_step_that_is_for_others_is_due_nowhere_and_told_with_the_reason() {
    let trial = journey(vec![Condition::Children(span("2.."))]);
    assert_eq!(arrivals(&trial, 1), [Arrival::NotDue; 2]);
    assert_eq!(arrivals(&trial, 2), [Arrival::Pending; 2], "the next one is still to come");
    let told = trial.probe().passed_over;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].step, told[0].why.as_str()), (BIRTH, "`children` is 1, the step is for 2.."));
}

#[test]
fn a_step_that_is_for_them_and_was_not_sent_proves_nothing() {
    let trial = journey(vec![Condition::Children(span("1.."))]);
    assert_eq!(arrivals(&trial, 1), [Arrival::Pending; 2]);
    assert_eq!(trial.probe().passed_over, [], "it may come yet");
    assert_ne!(trial.push(900, Event::Finished).judged().verdict, Verdict::Pass);
}

#[test]
fn whoever_was_passed_over_passes_with_what_was_sent() {
    let moved = after(&family(0), &[LifeEvent::ChangeAddress.into()]);
    let mut told = clean(&moved, 0, RecordKind::Maintenance);
    told.event_at = Some(at(300));
    told.facts.set(Field::ChangeEffective, moved.coverage_begin);
    let trial = journey(vec![Condition::Spouse(false)]).step_sent(300, MOVE, Submission::Accepted);
    let trial = trial.seen(EDI, 320, told).gone(330, 0).seen(ISSUER, 330, snapshot(&moved, 0));
    let summary = trial.push(900, Event::Finished).judged();
    assert_eq!((summary.verdict, summary.probes[0].good), (Verdict::Pass, Some(true)), "{:#?}", summary.probes[0]);
    assert_eq!(summary.probes[0].passed_over.len(), 1);
    assert_eq!(summary.waypoints[0].changes.as_ref().map(|it| (it.due, it.on_time)), Some((1, 1)));
}

#[test]
fn a_condition_is_asked_of_the_household_as_it_is_when_the_steps_turn_comes() {
    let mut plan = journey(Vec::new()).plan;
    plan.terms = [(2, terms(vec![Condition::Size(span("4"))]))].into();
    let born = Change::from(LifeEvent::AddDependent);
    assert!(passed_over(&plan, &family(0), [], MOVE).is_some());
    assert_eq!(passed_over(&plan, &family(0), [born], MOVE), None);
}

#[test]
fn what_cannot_happen_to_a_household_is_not_asked_for_any_condition() {
    let mut plan = journey(Vec::new()).plan;
    (plan.changes, plan.terms) = (vec![LifeEvent::Marry.into()], [(1, terms(vec![Condition::Spouse(true)]))].into());
    let step = JourneyStep::new(1, LifeEvent::Marry);
    assert_eq!(passed_over(&plan, &family(0), [], step).unwrap(), "the marriage cannot happen to it");
}

#[test]
fn each_condition_is_true_of_whom_it_says() {
    use Condition as C;
    let other = |change: fn(&mut Household)| {
        let mut household = family(0);
        change(&mut household);
        household
    };
    let alone = other(|it| it.people.truncate(1));
    let rich = other(|it| it.income_cents = 90_000_000);
    let dental = other(|it| it.lines.push(CoverageLine::Dental));
    let elsewhere = other(|it| (it.address.state, it.address.county) = ("OH".into(), "39049".into()));
    let case = other(|it| it.edge_cases.push(EdgeCase::Apostrophe));
    // Mary, Sean (both 43) and Ann (13)
    for (condition, other) in [
        (C::Size(span("3")), &alone),
        (C::Children(span("1")), &alone),
        (C::Spouse(true), &alone),
        (C::Youngest(span("..13")), &alone),
        (C::Subsidy(true), &rich),
        (C::Dental(false), &dental),
        (C::State(vec!["VA".into(), "MD".into()]), &elsewhere),
        (C::County(vec!["51600".into()]), &elsewhere),
        (C::Not(When(vec![C::EdgeCase(vec![EdgeCase::Apostrophe])])), &case),
        (C::Index(span("0")), &family(1)),
        (C::SubscriberAge(span("43")), &family(1)),
        (C::Oldest(span("43..")), &family(1)),
        (C::SubscriberSex(Sex::Female), &other(|it| it.people.rotate_left(1))),
        (C::Any(vec![When(vec![C::Size(span("9"))]), When(vec![C::Spouse(true), C::Children(span("1"))])]), &alone),
    ] {
        assert_eq!(why(vec![condition.clone()], &family(0)), None, "{condition:?}");
        let told = why(vec![condition.clone()], other);
        assert!(told.as_ref().is_some_and(|told| !told.is_empty()), "{condition:?}: {told:?}");
        let turned = C::Not(When(vec![condition.clone()]));
        assert_eq!((why(vec![turned.clone()], other), why(vec![turned], &family(0)).is_some()), (None, true));
    }
    let both = vec![C::Size(span("3")), C::Spouse(false)];
    assert_eq!(why(both, &family(0)).unwrap(), "has spouse", "all of them must be true");
}

#[test]
fn a_share_is_drawn_by_seed_and_step_and_said_again_the_same() {
    let of = |seed| -> Vec<bool> {
        let mut plan = journey(vec![Condition::Share(0.5)]).plan;
        plan.seed = seed;
        (0..60).map(|index| passed_over(&plan, &family(index), [], BIRTH).is_none()).collect()
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    assert!((15..45).contains(&of(1).iter().filter(|is| **is).count()));
}

/// Moved at once after the answer: the issuer shows them first as they are since.
fn overtaken(spoil: impl Fn(&mut johndoe::model::GroupRecord)) -> Trial {
    let moved = after(&family(0), &[LifeEvent::ChangeAddress.into()]);
    let mut told = clean(&moved, 0, RecordKind::Maintenance);
    told.event_at = Some(at(2));
    told.facts.set(Field::ChangeEffective, moved.coverage_begin);
    let mut state = snapshot(&moved, 0);
    spoil(&mut state);
    let mut trial = Trial::new().accepted(family(0));
    trial.plan.changes = vec![LifeEvent::ChangeAddress.into()];
    let trial = trial.step_sent(2, JourneyStep::new(1, LifeEvent::ChangeAddress), Submission::Accepted);
    let trial = trial.seen(EDI, 20, message(&family(0), 0)).seen(EDI, 20, told).seen(ISSUER, 40, state);
    trial.push(900, Event::Finished)
}

#[test]
fn an_enrollment_that_a_step_overtook_came_with_the_first_state_of_that_step() {
    let probe = overtaken(|_| {}).probe();
    let enrolled = &probe.groups[0].waypoints[1];
    assert_eq!((enrolled.arrival, enrolled.integrity), (Arrival::OnTime, Some(Integrity::Intact)), "{enrolled:#?}");
    assert_eq!((probe.groups[0].changes[1].arrival, probe.good), (Arrival::OnTime, Some(true)), "{probe:#?}");
}

#[test]
fn what_no_step_changed_and_differs_is_the_enrollments_and_told_once() {
    let probe = overtaken(|state| state.members[1].set(Field::NameFirst, "Shawn")).probe();
    let differing = |at: &johndoe::model::GroupAtWaypoint| -> Vec<Field> {
        at.discrepancies.iter().map(|found| found.field).collect()
    };
    assert_eq!(differing(&probe.groups[0].waypoints[1]), [Field::NameFirst]);
    assert_eq!((differing(&probe.groups[0].changes[1]), probe.good), (vec![], Some(false)));
}

#[test]
fn a_state_of_a_step_that_was_sent_after_the_enrollment_was_given_up_proves_no_enrollment_in_time() {
    let moved = after(&family(0), &[LifeEvent::ChangeAddress.into()]);
    let mut trial = Trial::new().accepted(family(0)).seen(EDI, 20, message(&family(0), 0)).looked(290);
    trial.plan.changes = vec![LifeEvent::ChangeAddress.into()];
    let trial = trial.step_sent(300, JourneyStep::new(1, LifeEvent::ChangeAddress), Submission::Accepted);
    let probe = trial.seen(ISSUER, 340, snapshot(&moved, 0)).push(900, Event::Finished).probe();
    assert_eq!(probe.groups[0].waypoints[1].arrival, Arrival::Missing);
}

//! Steps that end policies or begin others: another plan, the death of the subscriber, a termination.

use super::trial::{
    EDI, ISSUER, Trial, after, answered, at, cancellation, captures, clean, family, findings, message, plans, snapshot,
};
use johndoe::model::{
    Arrival, Captures, Cents, Change, CoverageLine, Destination, Event, Facts, Field, FindingKind, GroupAtWaypoint,
    GroupCapture, GroupRecord, Household, Integrity, JourneyStep, LifeEvent, Offer, Phase, PlanId, ProbeIndex,
    ProbeSummary, RecordKind, Renewal, StepTiming, Submission, Verdict,
};
use johndoe::reconcile::expect;

const OTHER_PLAN: &str = "12345VA0030001";

fn change() -> Change {
    Change { event: LifeEvent::ChangePlan, what: None, to: Some(Destination::Plan), how: None }
}

fn dies() -> Change {
    LifeEvent::SubscriberDies.into()
}

/// A family that is enrolled, arrived, and of which this step was sent after 300 seconds; it is due after 100 more.
fn sent(change: Change, answer: Submission, told: Captures) -> Trial {
    let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
    trial.plan.changes = vec![change];
    let offer = |plan: &str| Offer { plan_id: PlanId::new(plan), state: "VA".to_owned(), line: CoverageLine::Medical };
    trial.plan.offers = vec![offer("12345VA0010001"), offer(OTHER_PLAN)];
    let (probe, action) = (ProbeIndex(0), JourneyStep::new(1, change.event));
    let sending = Event::Sending { probe, action, intended_at: at(300), tells_commit: false };
    trial.push(300, sending).push(301, answered(probe, action, answer, told))
}

/// What the exchange tells of the new policy: the members' ids begin with this one.
fn told(members: usize, first: usize) -> Captures {
    let mut facts = Facts::new();
    facts.set(Field::PolicyId, "Q0");
    facts.set(Field::SubscriberId, format!("S0-{first}"));
    facts.set(Field::Aptc, Cents(20_000));
    facts.set(Field::PremiumTotal, Cents(50_000));
    let member = |at: usize| {
        let mut facts = Facts::new();
        facts.set(Field::MemberId, format!("S0-{at}"));
        facts
    };
    let groups = vec![GroupCapture { line: Some(CoverageLine::Medical), facts }];
    Captures { groups, members: (first..first + members).map(member).collect(), ..Captures::default() }
}

fn chosen() -> Trial {
    sent(change(), Submission::Accepted, told(3, 0))
}

/// The new policy of a household, as it should be shown.
fn new_policy(household: &Household, told: &Captures, plan: &str, kind: RecordKind) -> GroupRecord {
    let mut record = clean(household, 0, kind);
    for field in [Field::PolicyId, Field::SubscriberId, Field::Aptc, Field::PremiumTotal] {
        record.facts.set_or_absent(field, told.groups[0].facts.value(field).cloned());
    }
    record.facts.set(Field::PlanId, plan);
    record.facts.unset(Field::CsrVariant);
    record.facts.set(Field::TotalResponsibility, Cents(30_000));
    for (member, known) in record.members.iter_mut().zip(&told.members) {
        member.set_or_absent(Field::MemberId, known.value(Field::MemberId).cloned());
    }
    record.place.interchange = (kind != RecordKind::Snapshot).then(|| "000000004".to_owned());
    record
}

fn begun(kind: RecordKind) -> GroupRecord {
    new_policy(&after(&family(0), &[change()]), &told(3, 0), OTHER_PLAN, kind)
}

fn out(mut record: GroupRecord, status: &str) -> GroupRecord {
    record.facts.set(Field::PolicyStatus, status);
    record
}

impl Trial {
    /// The folder shows this enrollment, and the issuer this state of it.
    fn begun(self, message: GroupRecord, state: GroupRecord) -> Self {
        self.seen(EDI, 320, message).seen(ISSUER, 330, state)
    }

    /// The folder shows that the old policy is cancelled, and the issuer that it is.
    fn old_ended(self) -> Self {
        let old = out(snapshot(&family(0), 0), "cancelled");
        self.seen(EDI, 321, cancellation(&family(0), 0)).gone(311, 0).seen(ISSUER, 311, old)
    }

    /// Both waypoints were read well after all was due, and the run ended without a cancellation.
    fn kept(self) -> Self {
        let looked = |probe, waypoint| Event::Looked { probe, waypoint, looked_at: at(600) };
        self.push(600, looked(Some(ProbeIndex(0)), ISSUER))
            .push(600, looked(None, EDI))
            .phase_ended(601, Phase::Watch)
            .push(602, Event::Finished)
    }
}

/// Of each policy, in the order in which they began: its arrivals, whether it came intact, and what became of its end.
fn policies(probe: &ProbeSummary) -> Vec<(Vec<Arrival>, bool, &str)> {
    let is_intact = |at: &GroupAtWaypoint| at.integrity == Some(Integrity::Intact);
    let of = |group: &johndoe::model::GroupSummary| {
        let arrivals = group.waypoints.iter().map(|at| at.arrival).collect();
        (arrivals, group.waypoints.iter().all(is_intact))
    };
    let all = probe.groups.iter().map(|group| (of(group), group.cleanup.as_str()));
    all.map(|((arrivals, intact), cleanup)| (arrivals, intact, cleanup)).collect()
}

fn on_time() -> Vec<Arrival> {
    vec![Arrival::OnTime, Arrival::OnTime]
}

#[test]
fn another_plan_ends_one_policy_and_begins_another_and_both_are_judged() {
    let trial = chosen().begun(begun(RecordKind::InitialEnrollment), begun(RecordKind::Snapshot)).old_ended().kept();
    let (probe, summary) = (trial.probe(), trial.judged());
    assert_eq!(policies(&probe), [(on_time(), true, "gone"), (on_time(), true, "kept")], "{probe:#?}");
    assert_eq!((findings(&probe), probe.good), (vec![], Some(true)));
    let step = JourneyStep::new(1, LifeEvent::ChangePlan);
    let [old, new] = probe.groups.as_slice() else { panic!("{probe:#?}") };
    assert_eq!((old.begun_by, old.ended_by), (None, Some(step)));
    assert_eq!((new.begun_by, new.ended_by), (Some(step), None));
    assert_eq!(new.plan_id.as_deref(), Some(OTHER_PLAN));
    assert_eq!(new.waypoints[0].limit_at, Some(at(400)), "the new policy is due from the step that begins it");
    assert_eq!(summary.verdict, Verdict::Pass);
}

#[test]
fn a_new_policy_that_never_comes_is_missing_and_the_old_one_is_not() {
    let probe = chosen().old_ended().kept().probe();
    let missing = vec![Arrival::Missing, Arrival::Missing];
    assert_eq!(policies(&probe), [(on_time(), true, "gone"), (missing, false, "kept")]);
    assert_eq!((findings(&probe), probe.good), (vec![], Some(false)));
    assert_eq!(probe.first_divergent_hop.as_deref(), Some("edi_834"));
}

#[test]
fn an_old_policy_that_stays_in_force_is_an_error_of_the_step_that_was_to_end_it() {
    let trial = chosen().begun(begun(RecordKind::InitialEnrollment), begun(RecordKind::Snapshot)).kept();
    let probe = trial.probe();
    assert_eq!(policies(&probe), [(on_time(), true, "residue"), (on_time(), true, "kept")]);
    assert_eq!((findings(&probe), probe.good), (vec![(FindingKind::Residue, "edi_834")], Some(false)));
    assert!(probe.findings[0].detail.contains("the change of plan was to end it"), "{}", probe.findings[0].detail);
    assert_eq!(trial.judged().error_rate.errors, 1);
}

#[test]
fn what_is_wrong_with_the_new_policy_is_told_of_the_new_policy() {
    let wrong = |kind| {
        let mut record = begun(kind);
        record.facts.set(Field::PlanId, "12345VA0010001");
        record.members[2].set(Field::Relationship, "spouse");
        record
    };
    let probe =
        chosen().begun(wrong(RecordKind::InitialEnrollment), wrong(RecordKind::Snapshot)).old_ended().kept().probe();
    assert_eq!(policies(&probe), [(on_time(), true, "gone"), (on_time(), false, "kept")]);
    let differing: Vec<Field> = probe.groups[1].waypoints[0].discrepancies.iter().map(|found| found.field).collect();
    assert_eq!(differing, [Field::PlanId, Field::Relationship]);
}

#[test]
fn an_id_of_a_new_policy_that_was_only_read_is_what_must_stand_everywhere_though_nobody_is_recognised_by_it() {
    let read = || {
        let mut read = told(3, 0);
        let mut alone = Facts::new();
        alone.set(Field::PolicyId, read.groups[0].facts.text(Field::PolicyId).unwrap());
        read.groups[0].facts.unset(Field::PolicyId);
        read.told_alone = vec![GroupCapture { line: Some(CoverageLine::Medical), facts: alone }];
        sent(change(), Submission::Accepted, read)
    };
    let shown = |edi: &str, issuer: &str| {
        let with = |kind, id: &str| {
            let mut record = begun(kind);
            record.facts.set(Field::PolicyId, id);
            record
        };
        let (message, state) = (with(RecordKind::InitialEnrollment, edi), with(RecordKind::Snapshot, issuer));
        read().begun(message, state).old_ended().kept().probe()
    };
    let good = shown("Q0", "Q0");
    assert_eq!(policies(&good), [(on_time(), true, "gone"), (on_time(), true, "kept")], "{good:#?}");
    assert_eq!((findings(&good), good.good), (vec![], Some(true)));
    for (edi, issuer, hop) in [("Z0", "Z0", "edi_834"), ("Q0", "Z0", "issuer")] {
        let wrong = shown(edi, issuer);
        assert_eq!((wrong.good, wrong.first_divergent_hop.as_deref()), (Some(false), Some(hop)), "{wrong:#?}");
        let differs = wrong.groups[1].waypoints.iter().flat_map(|at| &at.discrepancies);
        let mut differs = differs.map(|found| (found.field, found.expected.as_deref(), found.found.as_deref()));
        assert_eq!(differs.next(), Some((Field::PolicyId, Some("Q0"), Some("Z0"))), "{wrong:#?}");
    }
}

#[test]
fn a_plan_that_could_not_be_changed_leaves_one_policy_and_a_refusal() {
    let trial = sent(change(), Submission::Rejected, Captures::default()).kept();
    let probe = trial.probe();
    assert_eq!(policies(&probe), [(on_time(), true, "kept")]);
    assert_eq!(findings(&probe), [(FindingKind::ChangeRefused, "edi_834")]);
}

/// A family whose coverage the exchange renewed by itself, and what is shown of its next year's policy.
fn renewed() -> (Trial, impl Fn(RecordKind) -> GroupRecord) {
    renewed_in(Renewal::Passive, "12345VA0010001")
}

fn renewed_in(how: Renewal, plan: &'static str) -> (Trial, impl Fn(RecordKind) -> GroupRecord) {
    let change = Change { how: Some(how), ..LifeEvent::Renew.into() };
    let next_year = move |kind| new_policy(&after(&family(0), &[change]), &told(3, 0), plan, kind);
    (sent(change, Submission::Accepted, told(3, 0)), next_year)
}

#[test]
fn a_renewal_in_another_plan_is_expected_in_that_one() {
    for (how, plan, is_right) in [
        (Renewal::Plan, OTHER_PLAN, true),
        (Renewal::Active, "12345VA0010001", true),
        (Renewal::Active, OTHER_PLAN, false),
        (Renewal::Plan, "12345VA0010001", false),
    ] {
        let (trial, next_year) = renewed_in(how, plan);
        let trial = trial.begun(next_year(RecordKind::InitialEnrollment), next_year(RecordKind::Snapshot)).kept();
        let probe = trial.probe();
        let next = (on_time(), is_right, "kept");
        assert_eq!(policies(&probe), [(on_time(), true, "kept"), next], "{how} {plan}: {probe:#?}");
        assert_eq!(probe.good, Some(is_right), "{how} {plan}");
    }
}

#[test]
fn a_renewal_begins_a_policy_and_ends_none() {
    let (trial, next_year) = renewed();
    let trial = trial.begun(next_year(RecordKind::AutomaticReenrollment), next_year(RecordKind::Snapshot)).kept();
    let probe = trial.probe();
    assert_eq!(policies(&probe), [(on_time(), true, "kept"), (on_time(), true, "kept")], "{probe:#?}");
    assert_eq!((findings(&probe), probe.good), (vec![], Some(true)));
    let step = JourneyStep::new(1, LifeEvent::Renew);
    let [this, next] = probe.groups.as_slice() else { panic!("{probe:#?}") };
    assert_eq!((this.begun_by, this.ended_by), (None, None));
    assert_eq!((next.begun_by, next.ended_by), (Some(step), None));
    assert_eq!(next.waypoints[0].limit_at, Some(at(400)), "it is due from the renewal");
}

#[test]
fn two_years_policies_in_one_plan_are_told_apart_by_their_first_days_where_no_id_is_shown() {
    let (trial, next_year) = renewed();
    let without_id = |mut record: GroupRecord| {
        record.facts.unset(Field::PolicyId);
        record
    };
    let [message, state] =
        [RecordKind::AutomaticReenrollment, RecordKind::Snapshot].map(|kind| without_id(next_year(kind)));
    let probe = trial.begun(message, state).kept().probe();
    let arrivals: Vec<_> = policies(&probe).into_iter().map(|(arrivals, ..)| arrivals).collect();
    assert_eq!(arrivals, [on_time(), on_time()], "{probe:#?}");
    assert!(!findings(&probe).iter().any(|(kind, _)| *kind == FindingKind::Duplicated), "{probe:#?}");
}

#[test]
fn a_renewal_that_never_comes_is_missing_and_one_that_ends_this_years_policy_is_told() {
    let (trial, _) = renewed();
    let probe = trial.kept().probe();
    let missing = vec![Arrival::Missing, Arrival::Missing];
    assert_eq!(policies(&probe), [(on_time(), true, "kept"), (missing, false, "kept")], "{probe:#?}");
    assert_eq!(probe.first_divergent_hop.as_deref(), Some("edi_834"));
    let (trial, next_year) = renewed();
    let both = trial.begun(next_year(RecordKind::AutomaticReenrollment), next_year(RecordKind::Snapshot));
    let probe = both.old_ended().kept().probe();
    assert_eq!(probe.good, Some(false), "{probe:#?}");
    assert!(findings(&probe).contains(&(FindingKind::Unexpected, "edi_834")), "{probe:#?}");
}

#[test]
fn a_renewal_that_begins_on_the_wrong_day_is_no_renewal_as_it_was_told() {
    let (trial, next_year) = renewed();
    let wrong = |kind| {
        let mut record = next_year(kind);
        record.facts.set(Field::BenefitBegin, "2015-02-01".parse::<chrono::NaiveDate>().unwrap());
        record
    };
    let probe = trial.begun(wrong(RecordKind::AutomaticReenrollment), wrong(RecordKind::Snapshot)).kept().probe();
    assert_eq!(policies(&probe), [(on_time(), true, "kept"), (on_time(), false, "kept")], "{probe:#?}");
    let differing: Vec<Field> = probe.groups[1].waypoints[0].discrepancies.iter().map(|found| found.field).collect();
    assert_eq!(differing, [Field::BenefitBegin]);
}

#[test]
fn an_answer_that_nobody_heard_is_believed_once_the_new_policy_is_seen() {
    let sent = |answer| sent(change(), answer, Captures::default());
    // nothing was captured: the new policy is known by its plan
    let anonymous = |kind| {
        let mut record = begun(kind);
        record.facts.set(Field::PolicyId, "Q77");
        record
    };
    let seen = sent(Submission::Indeterminate)
        .begun(anonymous(RecordKind::InitialEnrollment), anonymous(RecordKind::Snapshot));
    let probe = seen.clone().kept().probe();
    let cleanups: Vec<&str> = probe.groups.iter().map(|group| group.cleanup.as_str()).collect();
    assert_eq!(cleanups, ["residue", "kept"], "it was taken, so that the old policy had to end: {probe:#?}");
    let unseen = sent(Submission::Indeterminate).kept().probe();
    let arrivals: Vec<Arrival> = unseen.groups[1].waypoints.iter().map(|at| at.arrival).collect();
    assert_eq!(arrivals, [Arrival::Undecided, Arrival::Undecided], "nobody knows whether it was taken");
}

#[test]
fn after_the_death_of_the_subscriber_the_others_are_under_one_of_them_and_nobody_shares_an_id() {
    let left = after(&family(0), &[dies()]);
    assert_eq!(left.people.iter().map(|one| one.name.first.as_str()).collect::<Vec<_>>(), ["Sean", "Ann"]);
    let told = told(2, 1);
    let policy = |kind| {
        let mut record = new_policy(&left, &told, "12345VA0010001", kind);
        record.facts.set(Field::CsrVariant, "04");
        record
    };
    let trial = sent(dies(), Submission::Accepted, told.clone())
        .begun(policy(RecordKind::InitialEnrollment), policy(RecordKind::Snapshot))
        .old_ended()
        .kept();
    let probe = trial.probe();
    assert_eq!(policies(&probe), [(on_time(), true, "gone"), (on_time(), true, "kept")], "{probe:#?}");
    assert_eq!((findings(&probe), probe.good), (vec![], Some(true)));
    let dead_is_in = |kind| {
        let mut record = policy(kind);
        record.members.push(message(&family(0), 0).members[0].clone());
        record
    };
    let probe = sent(dies(), Submission::Accepted, told.clone())
        .begun(dead_is_in(RecordKind::InitialEnrollment), dead_is_in(RecordKind::Snapshot))
        .old_ended()
        .kept()
        .probe();
    assert_eq!(probe.good, Some(false), "the dead are in the new policy");
}

/// A family with a dental policy after these changes, as a faultless pipeline shows one of its groups, with what was told.
fn beside(changes: &[Change], told: &Captures, group: usize, kind: RecordKind) -> GroupRecord {
    let mut record = clean(&with_dental(), group, kind);
    let household = after(&with_dental(), changes);
    let mut plans = plans(&household);
    if changes.contains(&change()) {
        plans.insert(CoverageLine::Medical, PlanId::new(OTHER_PLAN));
    }
    let expected = expect(&household, &plans, told).groups.remove(group);
    (record.facts, record.members) = (expected.facts, expected.members);
    let is_in = |member: &Facts| member.text(Field::MemberEnrolled) != Some("no");
    let is_told = kind == RecordKind::Maintenance;
    record.members.retain(|member| is_in(member) || (is_told && member.value(Field::MemberChange).is_some()));
    if !is_told {
        for member in &mut record.members {
            member.unset(Field::MemberEnrolled);
            member.unset(Field::MemberChange);
        }
    }
    record.event_at = Some(at(100 + 200 * i64::try_from(changes.len()).unwrap()));
    record.place.interchange = (kind != RecordKind::Snapshot).then(|| format!("00000010{}", changes.len()));
    record
}

fn with_dental() -> Household {
    let mut household = family(0);
    household.lines.push(CoverageLine::Dental);
    household
}

/// The members' ids, each at the place of its person; who left has none.
fn ids(household: &Household) -> Captures {
    let mut members = vec![Facts::new(); household.members().count()];
    for place in household.places() {
        members[place].set(Field::MemberId, format!("S0-{place}"));
    }
    Captures { members, ..Captures::default() }
}

#[test]
fn whoever_came_or_left_before_a_policy_begins_is_no_news_to_the_one_that_goes_on_beside_it() {
    use LifeEvent::{AddDependent, Divorce, Marry, RemoveDependent};
    for events in [&[Divorce][..], &[AddDependent], &[Divorce, Marry], &[RemoveDependent, AddDependent]] {
        let household = with_dental();
        let mut trial = Trial::new().accepted(household.clone()).arrived(&household).phase_ended(290, Phase::Watch);
        let changes: Vec<Change> = events.iter().copied().map(Change::from).chain([change()]).collect();
        trial.plan.changes.clone_from(&changes);
        let offer =
            |plan: &str| Offer { plan_id: PlanId::new(plan), state: "VA".to_owned(), line: CoverageLine::Medical };
        trial.plan.offers = vec![offer("12345VA0010001"), offer(OTHER_PLAN)];
        let mut known = captures(&household);
        for (number, step) in (1..).zip(&changes) {
            let (so_far, sent_at) = (&changes[..number], 100 + 200 * i64::try_from(number).unwrap());
            let (before, now) = (after(&household, &changes[..number - 1]), after(&household, so_far));
            let mut answer = ids(&now);
            if *step == change() {
                answer.groups = told(0, 0).groups;
            }
            known = johndoe::life::told(known, &before, *step, answer.clone());
            let action = JourneyStep::new(u16::try_from(number).unwrap(), step.event);
            trial = trial.step_sent(sent_at, action, Submission::Accepted);
            if let Some(Event::Answered { captures, .. }) = trial.entries.last_mut().map(|entry| &mut entry.event) {
                *captures = answer;
            }
            let record = |group, kind| beside(so_far, &known, group, kind);
            trial = if *step == change() {
                let was = beside(&changes[..number - 1], &captures(&household), 0, RecordKind::Snapshot);
                let mut old = cancellation(&household, 0);
                old.event_at = Some(at(sent_at));
                trial
                    .seen(EDI, sent_at + 20, record(0, RecordKind::InitialEnrollment))
                    .seen(EDI, sent_at + 21, old)
                    .gone(sent_at + 30, 0)
                    .seen(ISSUER, sent_at + 30, out(was, "cancelled"))
            } else {
                let messages = (0..2).map(|group| record(group, RecordKind::Maintenance));
                messages.fold(trial, |trial, message| trial.seen(EDI, sent_at + 20, message)).gone(sent_at + 30, 0)
            };
            for group in 0..2 {
                trial = trial.seen(ISSUER, sent_at + 30, record(group, RecordKind::Snapshot));
            }
        }
        let looked = |probe, waypoint| Event::Looked { probe, waypoint, looked_at: at(990) };
        let trial = trial.push(990, looked(Some(ProbeIndex(0)), ISSUER)).push(990, looked(None, EDI));
        let probe = trial.phase_ended(991, Phase::Watch).push(992, Event::Finished).probe();
        assert_eq!((findings(&probe), probe.good), (vec![], Some(true)), "{events:?}: {probe:#?}");
        let goes_on = probe.groups.iter().find(|group| group.line == CoverageLine::Dental).expect("the dental policy");
        let steps = |number: u16| {
            let of = |at: &&GroupAtWaypoint| at.step.is_some_and(|step| step.number == number);
            goes_on.changes.iter().filter(of).map(|at| at.arrival).collect::<Vec<_>>()
        };
        assert_eq!(steps(1), on_time(), "{events:?}");
        let last = u16::try_from(changes.len()).unwrap();
        assert_eq!(steps(last), vec![Arrival::NotDue; 2], "{events:?}: {probe:#?}");
    }
}

#[test]
fn a_termination_must_come_everywhere_and_as_what_it_is() {
    let end: Change = LifeEvent::Terminate.into();
    let sent = || {
        let mut trial = sent(end, Submission::Accepted, Captures::default());
        trial.plan.step_status = [(1, "terminated".to_owned())].into();
        trial
    };
    let told = |kind| GroupRecord { kind, ..cancellation(&family(0), 0) };
    let ended = |trial: Trial, kind, status| {
        trial.seen(EDI, 321, told(kind)).gone(331, 0).seen(ISSUER, 331, out(snapshot(&family(0), 0), status))
    };
    let good = ended(sent(), RecordKind::Termination, "terminated").kept().probe();
    assert_eq!((policies(&good), findings(&good)), (vec![(on_time(), true, "gone")], vec![]));
    assert_eq!(good.good, Some(true));
    let otherwise = ended(sent(), RecordKind::Cancellation, "cancelled").kept().probe();
    assert_eq!((findings(&otherwise), otherwise.good), (vec![(FindingKind::Residue, "edi_834")], Some(false)));
    let untold = sent().kept().probe();
    assert_eq!((findings(&untold), untold.good), (vec![(FindingKind::Residue, "edi_834")], Some(false)));
}

#[test]
fn who_does_not_pay_goes_where_states_are_shown_cancelled_before_the_first_premium_and_terminated_after_it() {
    let unpaid = || sent(LifeEvent::MissPayment.into(), Submission::Accepted, Captures::default());
    let paid = || {
        let mut trial = Trial::new().accepted(family(0)).arrived(&family(0)).phase_ended(290, Phase::Watch);
        trial.plan.changes = vec![LifeEvent::Pay.into(), LifeEvent::MissPayment.into()];
        let step = |number, event| JourneyStep::new(number, event);
        let trial = trial.step_sent(292, step(1, LifeEvent::Pay), Submission::Accepted).gone(294, 0);
        let trial = trial.seen(ISSUER, 294, out(snapshot(&family(0), 0), "effectuated"));
        trial.step_sent(300, step(2, LifeEvent::MissPayment), Submission::Accepted)
    };
    let is_shown = |trial: Trial, status: &str| {
        trial.gone(330, 0).seen(ISSUER, 330, out(snapshot(&family(0), 0), status)).kept().probe()
    };
    for good in [is_shown(unpaid(), "cancelled"), is_shown(paid(), "terminated")] {
        assert_eq!(good.groups[0].cleanup, "gone", "no 834 of the exchange tells it: {good:#?}");
        assert_eq!((findings(&good), good.good), (vec![], Some(true)));
    }
    let mut paid_at_once = unpaid();
    paid_at_once.plan.policy_status = [(LifeEvent::Enroll, "effectuated".to_owned())].into();
    let at_once = is_shown(paid_at_once, "terminated");
    assert_eq!(at_once.groups[0].cleanup, "gone", "the enrollment itself was paid for: {at_once:#?}");
    for (otherwise, said) in [
        (is_shown(unpaid(), "terminated"), "it was left `terminated`"),
        (is_shown(paid(), "cancelled"), "it was left `cancelled`"),
    ] {
        assert_eq!((findings(&otherwise), otherwise.good), (vec![(FindingKind::Residue, "issuer")], Some(false)));
        assert!(otherwise.findings[0].detail.contains(said), "{}", otherwise.findings[0].detail);
    }
    let stays = unpaid().kept().probe();
    assert_eq!((findings(&stays), stays.good), (vec![(FindingKind::Residue, "issuer")], Some(false)));
}

/// A family that was terminated after 300 seconds and put in force again after 500; each is due after 100 more.
fn reinstated() -> Trial {
    let mut trial = sent(LifeEvent::Terminate.into(), Submission::Accepted, Captures::default());
    trial.plan.changes.push(LifeEvent::Reinstate.into());
    let told = GroupRecord { kind: RecordKind::Termination, ..cancellation(&family(0), 0) };
    trial.seen(EDI, 321, told).gone(331, 0).seen(ISSUER, 331, out(snapshot(&family(0), 0), "terminated")).step_sent(
        500,
        JourneyStep::new(2, LifeEvent::Reinstate),
        Submission::Accepted,
    )
}

fn back() -> GroupRecord {
    let mut record = clean(&family(0), 0, RecordKind::Reinstatement);
    record.place.interchange = Some("000000005".into());
    record
}

#[test]
fn what_is_reinstated_is_judged_anew_and_what_stays_out_is_missing() {
    let good =
        reinstated().seen(EDI, 520, back()).gone(530, 0).seen(ISSUER, 530, snapshot(&family(0), 0)).kept().probe();
    assert_eq!(policies(&good), [(on_time(), true, "gone"), (on_time(), true, "kept")], "{good:#?}");
    assert_eq!((findings(&good), good.good), (vec![], Some(true)));
    assert_eq!(good.groups[1].begun_by, Some(JourneyStep::new(2, LifeEvent::Reinstate)));
    let missing = vec![Arrival::Missing, Arrival::Missing];
    let looked = |probe, waypoint| Event::Looked { probe, waypoint, looked_at: at(800) };
    let late = reinstated().push(800, looked(Some(ProbeIndex(0)), ISSUER)).push(800, looked(None, EDI));
    let stays_out = late.phase_ended(801, Phase::Watch).push(802, Event::Finished).probe();
    assert_eq!(policies(&stays_out), [(on_time(), true, "gone"), (missing, false, "kept")], "{stays_out:#?}");
    assert_eq!(stays_out.good, Some(false));
}

#[test]
fn a_reinstatement_that_a_system_never_carried_out_is_missing_though_the_cancellation_came_there() {
    let cancelled = || out(snapshot(&family(0), 0), "cancelled");
    let looked = |probe, waypoint| Event::Looked { probe, waypoint, looked_at: at(750) };
    let trial = reinstated().seen(EDI, 520, back()).push(750, looked(Some(ProbeIndex(0)), ISSUER));
    let mut end = cancellation(&family(0), 0);
    (end.place.interchange, end.event_at) = (Some("000000009".to_owned()), Some(at(800)));
    let probe = trial
        .phase_ended(751, Phase::Watch)
        .cancelled(800, 0)
        .seen(EDI, 820, end)
        .gone(830, 0)
        .seen(ISSUER, 830, cancelled())
        .looked(990)
        .phase_ended(991, Phase::Cleanup)
        .push(992, Event::Finished)
        .probe();
    let arrivals: Vec<Arrival> = probe.groups[1].waypoints.iter().map(|at| at.arrival).collect();
    assert_eq!(arrivals, [Arrival::OnTime, Arrival::Missing], "{probe:#?}");
    assert_eq!((findings(&probe), probe.good), (vec![], Some(false)));
}

#[test]
fn a_policy_whose_id_is_told_when_it_is_put_in_force_again_is_one_policy_from_its_beginning() {
    let mut trial = sent(change(), Submission::Accepted, Captures::default());
    trial.plan.changes.extend([LifeEvent::Terminate, LifeEvent::Reinstate].map(Change::from));
    let told = told(3, 0);
    let shown = |kind| new_policy(&after(&family(0), &[change()]), &told, OTHER_PLAN, kind);
    let of_new = |kind, interchange: &str| {
        let mut record = GroupRecord { kind, ..cancellation(&family(0), 0) };
        record.facts.set(Field::PolicyId, "Q0");
        record.place.interchange = Some(interchange.to_owned());
        record
    };
    let mut back = shown(RecordKind::Reinstatement);
    back.place.interchange = Some("000000007".to_owned());
    trial = trial
        .begun(shown(RecordKind::InitialEnrollment), shown(RecordKind::Snapshot))
        .old_ended()
        .step_sent(500, JourneyStep::new(2, LifeEvent::Terminate), Submission::Accepted)
        .seen(EDI, 520, of_new(RecordKind::Termination, "000000006"))
        .gone(531, 0)
        .seen(ISSUER, 531, out(shown(RecordKind::Snapshot), "terminated"))
        .step_sent(700, JourneyStep::new(3, LifeEvent::Reinstate), Submission::Accepted);
    if let Some(Event::Answered { captures, .. }) = trial.entries.last_mut().map(|entry| &mut entry.event) {
        *captures = told.clone();
    }
    let looked = |probe, waypoint| Event::Looked { probe, waypoint, looked_at: at(990) };
    let probe = trial
        .seen(EDI, 720, back)
        .gone(730, 0)
        .seen(ISSUER, 730, shown(RecordKind::Snapshot))
        .push(990, looked(Some(ProbeIndex(0)), ISSUER))
        .push(990, looked(None, EDI))
        .phase_ended(991, Phase::Watch)
        .push(992, Event::Finished)
        .probe();
    assert_eq!(
        policies(&probe),
        [(on_time(), true, "gone"), (on_time(), true, "gone"), (on_time(), true, "kept")],
        "{probe:#?}"
    );
    assert_eq!((findings(&probe), probe.good), (vec![], Some(true)));
}

#[test]
fn a_state_that_never_showed_the_termination_is_an_error_of_that_and_not_of_the_reinstatement() {
    let mut trial = sent(LifeEvent::Terminate.into(), Submission::Accepted, Captures::default());
    trial.plan.changes.push(LifeEvent::Reinstate.into());
    let told = GroupRecord { kind: RecordKind::Termination, ..cancellation(&family(0), 0) };
    let probe = trial
        .seen(EDI, 321, told)
        .push(450, Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at: at(450) })
        .step_sent(500, JourneyStep::new(2, LifeEvent::Reinstate), Submission::Accepted)
        .seen(EDI, 520, back())
        .kept()
        .probe();
    assert_eq!(policies(&probe), [(on_time(), true, "residue"), (on_time(), true, "kept")], "{probe:#?}");
    assert_eq!(findings(&probe), [(FindingKind::Residue, "issuer")]);
}

/// The same, whose system showed this state until the reinstatement, and everybody cancelled and gone in the end.
fn never_terminated(state: Option<&str>) -> ProbeSummary {
    let mut trial = sent(LifeEvent::Terminate.into(), Submission::Accepted, Captures::default());
    trial.plan.changes.push(LifeEvent::Reinstate.into());
    let told = GroupRecord { kind: RecordKind::Termination, ..cancellation(&family(0), 0) };
    let looked = |looked_at| Event::Looked { probe: Some(ProbeIndex(0)), waypoint: ISSUER, looked_at: at(looked_at) };
    let mut end = cancellation(&family(0), 0);
    (end.place.interchange, end.event_at) = (Some("000000009".to_owned()), Some(at(800)));
    trial = trial.seen(EDI, 321, told);
    if let Some(status) = state {
        trial = trial.gone(320, 0).seen(ISSUER, 320, out(snapshot(&family(0), 0), status));
    }
    trial
        .push(550, looked(550))
        .step_sent(600, JourneyStep::new(2, LifeEvent::Reinstate), Submission::Accepted)
        .seen(EDI, 620, back())
        .push(780, looked(780))
        .phase_ended(781, Phase::Watch)
        .cancelled(800, 0)
        .seen(EDI, 820, end)
        .gone(830, 0)
        .seen(ISSUER, 830, out(snapshot(&family(0), 0), "cancelled"))
        .looked(990)
        .phase_ended(991, Phase::Cleanup)
        .push(992, Event::Finished)
        .probe()
}

#[test]
fn a_termination_that_was_never_carried_out_is_told_though_the_policy_is_cancelled_in_the_end() {
    let probe = never_terminated(None);
    assert_eq!(policies(&probe), [(on_time(), true, "residue"), (on_time(), true, "gone")], "{probe:#?}");
    assert_eq!((findings(&probe), probe.good), (vec![(FindingKind::Residue, "issuer")], Some(false)));
    let detail = &probe.findings[0].detail;
    assert!(
        detail.contains("the termination was to end it; cancelled at ") && detail.contains("still in force"),
        "{detail}"
    );
    // of a status that nobody understands nothing is said for sure
    let strange = never_terminated(Some("limbo"));
    assert!(!format!("{:?}", strange.findings).contains("in force"), "{strange:#?}");
}

#[test]
fn ends_that_name_no_policy_are_each_of_the_policy_that_was_ended_last() {
    let nameless = |kind| {
        let mut record = GroupRecord { kind, ..cancellation(&family(0), 0) };
        record.facts.unset(Field::PolicyId);
        record
    };
    let first = nameless(RecordKind::Cancellation);
    let mut second = first.clone();
    (second.place.interchange, second.event_at) = (Some("000000009".to_owned()), Some(at(700)));
    let ended = |state: GroupRecord| out(state, "cancelled");
    let probe = chosen()
        .seen(EDI, 320, begun(RecordKind::InitialEnrollment))
        .seen(EDI, 321, first)
        .gone(311, 0)
        .seen(ISSUER, 311, ended(snapshot(&family(0), 0)))
        .seen(ISSUER, 330, begun(RecordKind::Snapshot))
        .phase_ended(601, Phase::Watch)
        .cancelled(650, 0)
        .seen(EDI, 710, second)
        .gone(720, 0)
        .seen(ISSUER, 720, ended(snapshot(&family(0), 0)))
        .seen(ISSUER, 720, ended(begun(RecordKind::Snapshot)))
        .looked(800)
        .phase_ended(801, Phase::Cleanup)
        .push(802, Event::Finished)
        .probe();
    assert_eq!(policies(&probe), [(on_time(), true, "gone"), (on_time(), true, "gone")], "{probe:#?}");
    assert_eq!(findings(&probe), []);
}

/// Of what was answered yes in part and no in part nobody may say that all is well, also where all of it went in the end.
#[test]
fn a_termination_that_was_refused_in_part_is_in_doubt_and_no_pass() {
    let step =
        |status, ok| StepTiming { step: "terminate".to_owned(), micros: 1, status: Some(status), ok, requests: 1 };
    let verdict = |steps: Vec<StepTiming>| {
        let mut trial = sent(LifeEvent::Terminate.into(), Submission::Indeterminate, Captures::default());
        let last = trial.entries.last_mut().map(|entry| &mut entry.event);
        let Some(Event::Answered { steps: told, reason, .. }) = last else { panic!("an answer") };
        (*told, *reason) = (steps, Some("policy is locked".to_owned()));
        let summary = trial.old_ended().kept().judged();
        let of_part =
            |reason: &&String| reason.contains("took a part of `terminate` and refused another (policy is locked)");
        (summary.verdict, summary.reasons.iter().filter(of_part).count(), findings(&summary.probes[0]).len())
    };
    assert_eq!(verdict(vec![step(200, true), step(422, false)]), (Verdict::Inconclusive, 1, 0));
    assert_eq!(verdict(vec![step(200, true), step(502, false)]).1, 0, "who did not answer refused nothing");
}

//! What becomes of a household's policies: which step began each, and which ended it. One fold, for whoever sends and for whoever judges.

use super::{after, happening};
use crate::model::{
    Captures, Change, CoverageLine, Destination, FeedKind, Field, GroupCapture, Household, JourneyStep, LifeEvent,
    Offer, PlanId, Renewal, WaypointPlan, next_plan,
};
use std::collections::BTreeMap;

/// What becomes of the policies in force at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policies {
    /// They go on.
    GoOn,
    /// The medical one ends and another begins, of the same people.
    ReplaceMedical,
    /// All end, and others begin under another subscriber.
    Replace,
    /// All end.
    End,
    /// All end at the issuer, which tells the exchange.
    Lapse,
    /// Those that ended last go on.
    Reinstate,
    /// They go on to the end of their year, and others begin with the next, of the same people.
    Renew,
}

/// A policy of a household's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyLife {
    /// Medical or dental.
    pub line: CoverageLine,
    /// The step with which it began.
    pub opened: JourneyStep,
    /// The step that ended it, where one did.
    pub closed: Option<JourneyStep>,
    /// It stands to the end of its year, and another one follows it in the next: whatever befalls the household is that one's.
    pub is_renewed: bool,
    /// It was put in force again: from then on it is another one in this list, under the same ids.
    pub goes_on: bool,
}

/// What an event does to the policies in force.
fn does(event: LifeEvent) -> Policies {
    happening(event.into()).map_or(Policies::GoOn, |happening| happening.policies)
}

/// Whether an event ends a policy, or begins another: what it changes is who is enrolled in what.
pub fn turns_policies(event: LifeEvent) -> bool {
    does(event) != Policies::GoOn
}

/// Whether an event ends a policy.
pub fn ends_some(event: LifeEvent) -> bool {
    !matches!(does(event), Policies::GoOn | Policies::Reinstate | Policies::Renew)
}

/// Whether the policy in force of a line ends.
fn ends(does: Policies, line: CoverageLine) -> bool {
    match does {
        Policies::GoOn | Policies::Reinstate | Policies::Renew => false,
        Policies::ReplaceMedical => line == CoverageLine::Medical,
        Policies::Replace | Policies::End | Policies::Lapse => true,
    }
}

/// Whether an event ends the policy of a line, or begins another of it.
pub(super) fn turns_line(event: LifeEvent, line: CoverageLine) -> bool {
    matches!(does(event), Policies::Reinstate | Policies::Renew) || ends(does(event), line)
}

/// Whether an event begins another policy in the place of one: of one that it ends, or that ends with its year.
pub fn replaces_policies(event: LifeEvent) -> bool {
    matches!(does(event), Policies::ReplaceMedical | Policies::Replace | Policies::Renew)
}

/// To which other medical plan a change leads, where it leads to one.
pub fn other_plan(change: Change) -> Option<Destination> {
    match (change.event, change.renewal()) {
        (LifeEvent::ChangePlan, _) => Some(change.to.unwrap_or(Destination::Plan)),
        (LifeEvent::Renew, Renewal::Plan) => Some(Destination::Plan),
        (LifeEvent::Renew, Renewal::Issuer) => Some(Destination::Issuer),
        _ => None,
    }
}

/// Whether an event ends all policies and begins none: what its step says of a policy's status is said of what has ended.
pub fn ends_policies(event: LifeEvent) -> bool {
    matches!(does(event), Policies::End | Policies::Lapse)
}

/// The status in which an event leaves the policies that it ends, by the rules of the trade, after these statuses; `None` where they leave it
/// open. What was never paid for is cancelled, and what was is terminated (CMS companion guide v7.2 p. 19).
pub fn ends_as<'s>(event: LifeEvent, before: impl IntoIterator<Item = &'s str>) -> Option<&'static str> {
    let was_paid = || before.into_iter().any(|status| status == "effectuated");
    (does(event) == Policies::Lapse).then(|| if was_paid() { "terminated" } else { "cancelled" })
}

/// Whether the exchange tells of what an event does to policies, and not an issuer the exchange.
pub fn is_told_by_exchange(event: LifeEvent) -> bool {
    does(event) != Policies::Lapse
}

/// Whether a waypoint shows that an event, or the cancellation, ends a policy: who holds enrollments, and the exchange's own messages of what
/// it ends itself.
pub fn is_end_shown_at(waypoint: &WaypointPlan, event: LifeEvent) -> bool {
    let is_told = is_told_by_exchange(event) || waypoint.feed != FeedKind::EdiFolder;
    is_told && waypoint.shows_cancellations()
}

/// Every policy that a household with these lines of coverage ever has, as of these steps: in the order in which they begin, those of one
/// step in the order of the lines.
pub fn policies(lines: &[CoverageLine], steps: impl IntoIterator<Item = JourneyStep>) -> Vec<PolicyLife> {
    let begun = |line: &CoverageLine, opened| PolicyLife {
        line: *line,
        opened,
        closed: None,
        is_renewed: false,
        goes_on: false,
    };
    let mut policies: Vec<PolicyLife> = lines.iter().map(|line| begun(line, JourneyStep::ENROLL)).collect();
    for step in steps {
        let does = does(step.event);
        let mut ended = Vec::new();
        for policy in policies.iter_mut().filter(|policy| policy.closed.is_none() && ends(does, policy.line)) {
            policy.closed = Some(step);
            ended.push(policy.line);
        }
        let is_of_now = |policy: &&mut PolicyLife| policy.closed.is_none() && !policy.is_renewed;
        for policy in policies.iter_mut().filter(|_| does == Policies::Renew).filter(is_of_now) {
            policy.is_renewed = true;
            ended.push(policy.line);
        }
        if does == Policies::Reinstate {
            let last = policies.iter().filter_map(|policy| policy.closed).max();
            let is_last =
                |policy: &&mut PolicyLife| policy.closed.is_some() && policy.closed == last && !policy.goes_on;
            for policy in policies.iter_mut().filter(is_last) {
                policy.goes_on = true;
                ended.push(policy.line);
            }
        }
        if replaces_policies(step.event) || does == Policies::Reinstate {
            policies.extend(ended.iter().map(|line| begun(line, step)));
        }
    }
    policies
}

/// The plans that a household has after these changes, of those on offer. Where no plans are known to be on offer the exchange decides,
/// and what it tells is all that is known: a line whose plan was chosen anew is left out.
pub fn plans_after(
    household: &Household,
    chosen: &BTreeMap<CoverageLine, PlanId>,
    changes: impl IntoIterator<Item = Change>,
    offers: &[Offer],
) -> BTreeMap<CoverageLine, PlanId> {
    let mut plans = chosen.clone();
    for to in changes.into_iter().filter_map(other_plan) {
        let line = CoverageLine::Medical;
        let next = plans.get(&line).and_then(|plan| next_of(household, plan, to, offers));
        match next {
            Some(next) => drop(plans.insert(line, next)),
            None => drop(plans.remove(&line)),
        }
    }
    plans
}

fn next_of(household: &Household, plan: &PlanId, to: Destination, offers: &[Offer]) -> Option<PlanId> {
    next_plan(offers, (&household.address.state, CoverageLine::Medical), plan, to)
}

/// Why an event cannot happen to the policies of a household after these steps: what has ended goes through nothing but a reinstatement,
/// and nothing else is put in force again.
pub(super) fn stand_otherwise(
    household: &Household,
    before: &[(JourneyStep, Change)],
    event: LifeEvent,
) -> Option<&'static str> {
    let policies = policies(&household.lines, before.iter().map(|(step, _)| *step));
    let have_ended = !policies.is_empty() && policies.iter().all(|policy| policy.closed.is_some());
    match (have_ended, does(event) == Policies::Reinstate) {
        (true, false) => Some("its policies have ended"),
        (false, true) => Some("its policies have not ended"),
        _ => None,
    }
}

/// Whether a change needs another plan for a household with these, after these changes, and none is on offer; what is on offer nobody
/// knows where nothing is.
pub(super) fn has_no_other_plan(
    (household, chosen): (&Household, &BTreeMap<CoverageLine, PlanId>),
    before: impl IntoIterator<Item = Change>,
    change: Change,
    offers: &[Offer],
) -> bool {
    let Some(to) = other_plan(change).filter(|_| !offers.is_empty()) else { return false };
    let plans = plans_after(household, chosen, before, offers);
    plans.get(&CoverageLine::Medical).and_then(|plan| next_of(household, plan, to, offers)).is_none()
}

/// Forgets of what the exchange told whatever was the ended policies' own. `before`: the household as it was until then.
pub(super) fn forget_ended(told: &mut Captures, before: &Household, change: Change) {
    let does = does(change.event);
    if !replaces_policies(change.event) {
        return;
    }
    let kept: &[Field] = match does {
        Policies::ReplaceMedical | Policies::Renew => &[Field::ApplicationId, Field::SubscriberId],
        _ => &[Field::ApplicationId],
    };
    let is_meant =
        |group: &&mut GroupCapture| does != Policies::ReplaceMedical || group.line != Some(CoverageLine::Dental);
    for group in told.groups.iter_mut().chain(&mut told.told_alone).filter(is_meant) {
        let stated = group.facts.stated();
        stated.iter().filter(|field| !kept.contains(field)).for_each(|field| group.facts.unset(field));
    }
    // who has no place in the new policy leaves none for what was told of them
    let after = after(before, [change]);
    let stays = |place: usize| {
        let birth = before.members().nth(place).map(|one| (&one.name, one.birth_date));
        after.members().any(|one| Some((&one.name, one.birth_date)) == birth)
    };
    let places = 0..told.members.len();
    told.members = places.filter(|place| stays(*place)).filter_map(|at| told.members.get(at).cloned()).collect();
}

#[cfg(test)]
mod tests {
    use super::{PolicyLife, policies};
    use crate::model::{CoverageLine, JourneyStep, LifeEvent};

    #[test]
    fn each_policy_has_one_beginning_and_at_most_one_end() {
        let (medical, dental) = (CoverageLine::Medical, CoverageLine::Dental);
        let step = |number, event| JourneyStep::new(number, event);
        let (change, dies, end) =
            (step(1, LifeEvent::ChangePlan), step(3, LifeEvent::SubscriberDies), step(4, LifeEvent::Terminate));
        let enroll = JourneyStep::ENROLL;
        let policy = |line, opened, closed| PolicyLife { line, opened, closed, is_renewed: false, goes_on: false };
        let of = |steps: &[JourneyStep]| policies(&[medical, dental], steps.iter().copied());
        assert_eq!(of(&[]), [policy(medical, enroll, None), policy(dental, enroll, None)]);
        assert_eq!(
            of(&[change, step(2, LifeEvent::ChangeAddress)]),
            [policy(medical, enroll, Some(change)), policy(dental, enroll, None), policy(medical, change, None)]
        );
        assert_eq!(
            of(&[change, dies, end]),
            [
                policy(medical, enroll, Some(change)),
                policy(dental, enroll, Some(dies)),
                policy(medical, change, Some(dies)),
                policy(dental, dies, Some(end)),
                policy(medical, dies, Some(end)),
            ]
        );
        assert_eq!(of(&[end, step(5, LifeEvent::ChangePlan)]).len(), 2, "what has ended is not replaced");
        let (again, end_again) = (step(5, LifeEvent::Reinstate), step(6, LifeEvent::Terminate));
        let went_on = |line, opened, closed| PolicyLife { goes_on: true, ..policy(line, opened, closed) };
        assert_eq!(
            of(&[end, again, end_again]),
            [
                went_on(medical, enroll, Some(end)),
                went_on(dental, enroll, Some(end)),
                policy(medical, again, Some(end_again)),
                policy(dental, again, Some(end_again)),
            ]
        );
        assert_eq!(of(&[again]).len(), 2, "what stands is not put in force again");
        let renew = step(1, LifeEvent::Renew);
        let to_year_end = |line| PolicyLife { is_renewed: true, ..policy(line, enroll, None) };
        assert_eq!(
            of(&[renew]),
            [to_year_end(medical), to_year_end(dental), policy(medical, renew, None), policy(dental, renew, None),]
        );
        assert_eq!(of(&[change, renew])[0], policy(medical, enroll, Some(change)), "what has ended is not renewed");
    }
}

//! One probe's case: what is expected of it, and which sightings are its own.

use super::first_told::first_told;
use super::history::{History, Probe, sequence};
use super::pairing::pair;
use super::roster::Roster;
use super::status::expect_after;
use super::told::{Shown, owed, told_of};
use crate::life::{self, PolicyLife};
use crate::model::{
    Act, Change, CoverageLine, Expectation, ExpectedGroup, Fact, Facts, Field, FieldSet, GroupRecord, IssuerId,
    JourneyStep, MatchTier, PassedOver, ProbeIndex, RunPlan, Sighting, Submission, WaypointPlan,
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// A sighting that is the probe's.
#[derive(Debug, Clone)]
pub(super) struct Seen<'a> {
    pub(super) sighting: &'a Sighting,
    pub(super) tier: MatchTier,
    /// Groups it can be meant for: one, but where it shows nothing that tells them apart.
    pub(super) groups: Vec<usize>,
    /// It came in the answer to another probe's look-up.
    pub(super) stray: bool,
    /// When it was no longer shown.
    pub(super) ends_at: Option<DateTime<Utc>>,
    /// The place among the lives of the change that it tells of, or shows.
    pub(super) life: Option<usize>,
}

impl Seen<'_> {
    /// Whether it says that coverage has been taken out or has ended.
    pub(super) fn takes_out(&self) -> bool {
        self.sighting.record.takes_out()
    }

    /// Whether it shows coverage in force, or on its way there.
    pub(super) fn is_in_force(&self) -> bool {
        self.sighting.record.is_in_force()
    }

    /// The group that it is of, where it can be of one alone.
    pub(super) fn only_group(&self) -> Option<usize> {
        let [only] = self.groups.as_slice() else { return None };
        Some(*only)
    }

    /// Whether both were shown at one time.
    pub(super) fn overlaps(&self, later: &Seen<'_>) -> bool {
        let ended = |seen: &Seen<'_>, at| seen.ends_at.is_some_and(|end| end <= at);
        !ended(self, later.sighting.first_seen_at) && !ended(later, self.sighting.first_seen_at)
    }

    /// The same, where it says no status of which nobody knows what it means.
    pub(super) fn is_surely_in_force(&self) -> bool {
        self.is_in_force() && self.sighting.record.facts.status_is_known()
    }

    /// Whether it was shown at this moment.
    pub(super) fn is_shown_at(&self, at: DateTime<Utc>) -> bool {
        self.sighting.first_seen_at <= at && self.ends_at.is_none_or(|end| end > at)
    }

    /// Places of the expected members that the record shows.
    pub(super) fn covers(&self, expected: &ExpectedGroup) -> Vec<usize> {
        pair(&expected.members, &self.sighting.record.members).pairs.into_iter().map(|(e, _)| e).collect()
    }
}

/// What is expected from a change on.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) step: JourneyStep,
    pub(super) change: Change,
    pub(super) act: Act,
    /// The groups of which it was shown that it was taken, though nobody heard an answer: of another one nothing is known by that, as
    /// each may have a request of its own.
    taken_of: BTreeSet<usize>,
    pub(super) expectation: Expectation,
    /// The groups of which its answer told first how they were before it, so.
    first_told: BTreeMap<usize, ExpectedGroup>,
}

impl Life {
    /// The change as far as it is known of one group.
    pub(super) fn act_of(&self, group: usize) -> Act {
        if self.taken_of.contains(&group) { self.act.seen_taken() } else { self.act }
    }
}

/// What is expected of a probe: of its enrollment, and of its life after each change. Every one of them has a group for each policy that
/// the household ever has, in one order: what is not begun yet stands as it begins, what has ended as it ended.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) enrolled: Expectation,
    pub(super) lives: Vec<Life>,
    pub(super) policies: Vec<PolicyLife>,
}

/// A probe before the judge.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) history: &'a Probe<'a>,
    pub(super) expectation: Expectation,
    /// Its life after each change that was sent and not refused, in order.
    pub(super) lives: Vec<Life>,
    /// Its policies, one for each group.
    pub(super) policies: Vec<PolicyLife>,
    /// The groups that were shown taken out since their end was sent.
    taken_out: BTreeSet<usize>,
    pub(super) seen: Vec<Seen<'a>>,
}

impl<'a> Case<'a> {
    /// What is expected of a group after a change.
    pub(super) fn after(&self, life: usize, group: usize) -> Option<&ExpectedGroup> {
        self.lives.get(life)?.expectation.groups.get(group)
    }

    /// What was so of a group before a change, by what is known since.
    pub(super) fn before(&self, life: usize, group: usize) -> Option<&ExpectedGroup> {
        let earlier = || match life.checked_sub(1) {
            None => self.expectation.groups.get(group),
            Some(earlier) => self.after(earlier, group),
        };
        self.lives.get(life)?.first_told.get(&group).or_else(earlier)
    }

    /// What the changes up to one change of a group.
    pub(super) fn owed_until(&self, life: usize, group: usize) -> FieldSet {
        let owed = (0..=life).filter_map(|life| Some(owed(self.before(life, group)?, self.after(life, group)?)));
        owed.fold(FieldSet::EMPTY, FieldSet::union)
    }

    /// Sightings of a group at a waypoint, in order. What came by another's look-up counts only where nothing else did.
    pub(super) fn at(&self, waypoint: u16, group: usize) -> Vec<&Seen<'a>> {
        let here = |seen: &&Seen<'a>| seen.sighting.waypoint == waypoint && seen.groups.contains(&group);
        let all: Vec<_> = self.seen.iter().filter(here).collect();
        if all.iter().any(|seen| !seen.stray) { all.into_iter().filter(|seen| !seen.stray).collect() } else { all }
    }

    /// Records of a group at a waypoint that came by another's look-up alone, and say that they are other records than its own.
    pub(super) fn others_at(&self, waypoint: u16, group: usize, own: &[&Seen<'a>]) -> Vec<&Seen<'a>> {
        let id = |seen: &Seen<'_>| seen.sighting.record.facts.text(Field::PolicyId).map(str::to_ascii_uppercase);
        let is_other = |seen: &Seen<'_>| {
            let told = id(seen);
            told.is_some() && own.iter().all(|own| id(own).is_some_and(|id| Some(id) != told))
        };
        let here = |seen: &&Seen<'a>| seen.stray && seen.sighting.waypoint == waypoint && seen.groups.contains(&group);
        self.seen.iter().filter(here).filter(|seen| seen.is_in_force() && is_other(seen)).collect()
    }

    /// The step with which a group began, and what became of it as far as it is known; `None` where it was never begun.
    pub(super) fn opening_of(&self, group: usize) -> Option<(JourneyStep, Act)> {
        let opened = self.policies.get(group).map_or(JourneyStep::ENROLL, |policy| policy.opened);
        let of_life = self.lives.iter().find(|life| life.step == opened).map(|life| life.act_of(group));
        Some((opened, of_life.or_else(|| self.history.acts.of(opened))?))
    }

    /// What was sent last to end a group: the step of its journey that ends it, or the cancellation with which the run takes out
    /// whoever is left; where the one was not taken, the other. `None` where nothing was.
    pub(super) fn end_of(&self, group: usize) -> Option<(JourneyStep, Act)> {
        let own = self.policies.get(group).and_then(|policy| policy.closed);
        let own = own.and_then(|step| Some((step, self.history.acts.of(step)?)));
        let is_taken = |(_, act): &(JourneyStep, Act)| act.submission() == Submission::Accepted;
        match own.filter(is_taken) {
            Some(own) => Some(own),
            None => self.history.cancel().map(|act| (JourneyStep::CANCEL, act)).or(own),
        }
    }

    /// The step of the journey that ended a group, where one did.
    pub(super) fn ended_by(&self, group: usize) -> Option<JourneyStep> {
        self.end_of(group).map(|(step, _)| step).filter(|step| *step != JourneyStep::CANCEL)
    }

    /// What ended a group as far as it is known of it.
    pub(super) fn cancel_of(&self, group: usize) -> Option<Act> {
        let act = self.end_of(group).map(|(_, act)| act)?;
        Some(if self.taken_out.contains(&group) { act.seen_taken() } else { act })
    }

    /// What nobody heard an answer to was taken of a group where it is told of, or shown, anywhere: then what does not come behind is lost.
    fn believe(&mut self) {
        let of_life = |(nth, life): (usize, &Life)| -> BTreeSet<usize> {
            let told = self.seen.iter().filter(|seen| seen.life == Some(nth));
            let begun = |seen: &Seen<'_>| seen.only_group().filter(|group| self.is_begun_by(*group, life));
            let begun = self.seen.iter().filter(|seen| seen.is_in_force()).filter_map(begun);
            told.filter_map(|seen| self.groups_shown(nth, seen)).chain(begun).collect()
        };
        let taken: Vec<BTreeSet<usize>> = self.lives.iter().enumerate().map(of_life).collect();
        for (life, taken_of) in self.lives.iter_mut().zip(taken) {
            life.taken_of = taken_of;
        }
        let out = |seen: &&Seen<'_>| seen.takes_out() && !seen.stray;
        let groups = self.seen.iter().filter(out).filter_map(|seen| Some((seen.only_group()?, seen)));
        let since = |(group, seen): (usize, &Seen<'_>)| {
            let sent_at = self.cancelled_at(group)?;
            (seen.sighting.first_seen_at >= sent_at).then_some(group)
        };
        self.taken_out = groups.filter_map(since).collect();
    }

    /// Who the member at a place of a group is, by the place where they stand first: in a later policy they may stand at another one.
    pub(super) fn person(&self, group: usize, place: usize) -> usize {
        let Some(sought) = self.expectation.groups.get(group).and_then(|group| group.members.get(place)) else {
            return place;
        };
        let same =
            |field: Field, member: &Facts| member.value(field).is_some() && member.value(field) == sought.value(field);
        let is_same = |member: &&Facts| {
            let by_name = same(Field::NameFirst, member) && same(Field::BirthDate, member);
            let is_alike = same(Field::NameFirst, member) || same(Field::BirthDate, member);
            by_name || (is_alike && same(Field::MemberId, member))
        };
        let mut seen = 0;
        for earlier in self.expectation.groups.iter().take(group) {
            if let Some(at) = earlier.members.iter().position(|member| is_same(&member)) {
                return seen + at;
            }
            seen += earlier.members.len();
        }
        if group == 0 { place } else { seen + place }
    }

    /// Whether it is the step of this life that began a group.
    fn is_begun_by(&self, group: usize, life: &Life) -> bool {
        self.policies.get(group).is_some_and(|policy| policy.opened == life.step)
    }

    /// The group of which a record shows a change, and nothing of what it changed as before.
    fn groups_shown(&self, nth: usize, seen: &Seen<'_>) -> Option<usize> {
        let group = seen.only_group()?;
        let told = told_of(self.before(nth, group)?, self.after(nth, group)?, &seen.sighting.record);
        let is_shown = told.iter().any(|told| told.is_as_now) && !told.iter().any(|told| told.shown == Shown::AsBefore);
        is_shown.then_some(group)
    }

    /// Why a change passes the household over, after those before it that may stand; `None` where it is for it.
    pub(super) fn passed_over(&self, plan: &RunPlan, step: JourneyStep) -> Option<String> {
        let before = self.lives.iter().filter(|life| life.step < step).map(|life| (life.step, life.change));
        let whose = (self.history.household?, self.history.plans?);
        life::passed_over(plan, whose, &before.collect::<Vec<_>>(), step)
    }

    /// The steps that passed it over, as far as its journey went.
    pub(super) fn all_passed_over(&self, plan: &RunPlan) -> Vec<PassedOver> {
        let acts = &self.history.acts;
        if acts.submission(JourneyStep::ENROLL) != Some(Submission::Accepted) {
            return Vec::new();
        }
        let latest = acts.changes().last().map(|(step, _)| step);
        let unsent = plan.change_steps().map(|(step, _)| step).filter(|step| acts.of(*step).is_none());
        let told = unsent.map(|step| (step, self.passed_over(plan, step)));
        // whoever is still to be sent a step has not come to those behind it
        let reached = told.take_while(|(step, why)| why.is_some() || Some(*step) < latest);
        reached.filter_map(|(step, why)| Some(PassedOver { step, why: why? })).collect()
    }

    /// When whatever may have ended a group was sent first.
    pub(super) fn cancelled_at(&self, group: usize) -> Option<DateTime<Utc>> {
        let own = self.policies.get(group).and_then(|policy| self.history.acts.of(policy.closed?));
        own.into_iter().chain(self.history.cancel()).map(|act| act.sent_at).min()
    }
}

/// What is expected of every planned probe.
pub(super) fn expectations(plan: &RunPlan, history: &History<'_>) -> BTreeMap<ProbeIndex, Expected> {
    let none = BTreeMap::new();
    let expected = history.probes.iter().filter_map(|(index, probe)| {
        let plans = probe.plans.unwrap_or(&none);
        let enrolled = expect_after(plan, probe.household?, plans, (&[], &probe.captures));
        let mut expected = Expected { enrolled, lives: Vec::new(), policies: Vec::new() };
        expected.live(plan, probe);
        Some((*index, expected))
    });
    expected.collect()
}

impl Expected {
    /// Takes in the changes that were sent, in order.
    fn live(&mut self, plan: &RunPlan, history: &Probe<'_>) {
        let Some(household) = history.household else { return };
        let (mut steps, mut captures) = (Vec::new(), history.captures.clone());
        let mut groups = self.enrolled.groups.clone();
        self.policies = life::policies(&household.lines, []);
        for (step, act) in history.acts.changes().filter(|(_, act)| act.may_stand()) {
            let change = plan.change_at(step);
            let before = life::after(household, steps.iter().map(|(_, change)| *change));
            steps.push((step, change));
            captures = life::told(captures, &before, change, history.answer_to(step));
            let plans = history.plans.cloned().unwrap_or_default();
            let mut expectation = expect_after(plan, household, &plans, (&steps, &captures));
            self.policies = life::policies(&household.lines, steps.iter().map(|(step, _)| *step));
            let was = groups.clone();
            take_over(&mut groups, &expectation.groups, &self.policies);
            let first_told = first_told(plan, (household, &plans), &steps, (&was, &groups));
            expectation.groups.clone_from(&groups);
            self.lives.push(Life { step, change, act, taken_of: BTreeSet::new(), expectation, first_told });
        }
        for begun in [&mut self.enrolled].into_iter().chain(self.lives.iter_mut().map(|life| &mut life.expectation)) {
            let known = begun.groups.len();
            begun.groups.extend(groups.iter().skip(known).cloned());
        }
        self.begin_as_they_began();
    }

    /// What was not begun yet stands as it begins.
    fn begin_as_they_began(&mut self) {
        for (group, policy) in self.policies.iter().enumerate() {
            let of_step = |life: &&Life| life.step == policy.opened;
            let Some(begun) = self.lives.iter().find(of_step).and_then(|life| life.expectation.groups.get(group))
            else {
                continue;
            };
            let begun = begun.clone();
            let earlier = self.lives.iter_mut().filter(|life| life.step < policy.opened);
            for expectation in [&mut self.enrolled].into_iter().chain(earlier.map(|life| &mut life.expectation)) {
                expectation.groups.get_mut(group).into_iter().for_each(|group| group.clone_from(&begun));
            }
        }
    }
}

/// Has the groups of the policies in force stand as they are `now`, of which there is one for each line: the next year's, where it was
/// renewed.
fn take_over(groups: &mut Vec<ExpectedGroup>, now: &[ExpectedGroup], policies: &[PolicyLife]) {
    for (at, policy) in policies.iter().enumerate() {
        let Some(now) = now.iter().find(|group| group.line == policy.line) else { continue };
        match groups.get_mut(at) {
            None => groups.push(now.clone()),
            Some(group) if policy.closed.is_none() && !policy.is_renewed => goes_on(group, now),
            Some(_) => {}
        }
    }
}

/// Has a policy that goes on stand as it is `now`, everybody at the place that they had. Of whoever joined it nobody owes it an answer
/// about tobacco (`expect`), though a policy that began beside it since is owed one.
fn goes_on(group: &mut ExpectedGroup, now: &ExpectedGroup) {
    let was = std::mem::replace(group, now.clone());
    for (was, is) in was.members.iter().zip(&mut group.members) {
        if was.get(Field::Tobacco) == Fact::Unstated {
            is.unset(Field::Tobacco);
        }
    }
}

/// Whose sighting it is, and by what that is known. One that shows no key of ours belongs to the probe whose look-up it answered.
pub(super) fn owner(sighting: &Sighting, roster: &Roster) -> Option<(ProbeIndex, MatchTier)> {
    let known = roster.recognise_record(&sighting.record).map(|known| (known.probe, known.tier));
    known.or(sighting.asked_for.map(|asked| (asked, MatchTier::LookUp)))
}

/// Brings every sighting to its probe.
pub(super) fn cases<'a>(
    plan: &RunPlan,
    history: &'a History<'a>,
    expectations: BTreeMap<ProbeIndex, Expected>,
    roster: &Roster,
) -> BTreeMap<ProbeIndex, Case<'a>> {
    let known = |sighting: &&'a Sighting| owner(sighting, roster).map(|(probe, tier)| (*sighting, probe, tier));
    let sightings = history.sightings.iter().filter_map(known);
    cases_of(&plan.waypoints, &history.probes, expectations, sightings)
}

/// Brings sightings, each with whose it is and how that is known, to their probes. They were seen at these waypoints.
pub(super) fn cases_of<'a>(
    waypoints: &[WaypointPlan],
    probes: &'a BTreeMap<ProbeIndex, Probe<'a>>,
    expectations: BTreeMap<ProbeIndex, Expected>,
    sightings: impl Iterator<Item = (&'a Sighting, ProbeIndex, MatchTier)>,
) -> BTreeMap<ProbeIndex, Case<'a>> {
    let case = |(index, expected)| {
        let (history, Expected { enrolled: expectation, lives, policies }) = (probes.get(&index)?, expected);
        Some((index, Case { history, expectation, lives, policies, taken_out: BTreeSet::new(), seen: Vec::new() }))
    };
    let mut cases: BTreeMap<_, _> = expectations.into_iter().filter_map(case).collect();
    for (sighting, probe, tier) in sightings {
        let Some(case) = cases.get_mut(&probe) else { continue };
        let groups = meant_for(&sighting.record, sighting.issuer.as_ref(), &case.expectation.groups);
        let stray = sighting.asked_for.is_some_and(|asked| asked != probe);
        let ends_at = ends_at(case.history, sighting);
        case.seen.push(Seen { sighting, tier, groups, stray, ends_at, life: None });
    }
    for case in cases.values_mut() {
        follow_policies(&mut case.seen);
        let stood: Vec<_> = case.seen.iter().map(|seen| case.as_they_stood(seen)).collect();
        for (seen, groups) in case.seen.iter_mut().zip(stood) {
            seen.groups = groups;
        }
        case.seen.sort_by(|a, b| sequence(a.sighting).cmp(&sequence(b.sighting)));
        super::lives::assign(case, waypoints);
        case.believe();
    }
    cases
}

/// A cancellation shows the policy and neither plan nor line (CMS companion guide v7.2 p. 54): it is meant for the group
/// whose enrollment bore that policy id. The exchange itself may never have told the id.
fn follow_policies(seen: &mut [Seen<'_>]) {
    let policy = |seen: &Seen<'_>| seen.sighting.record.facts.text(Field::PolicyId).map(str::to_ascii_uppercase);
    let tells = |seen: &Seen<'_>| {
        let facts = &seen.sighting.record.facts;
        facts.text(Field::PlanId).or(facts.text(Field::CoverageLine)).is_some()
    };
    let known: BTreeMap<String, Vec<usize>> =
        seen.iter().filter(|seen| tells(seen)).filter_map(|seen| Some((policy(seen)?, seen.groups.clone()))).collect();
    for silent in seen.iter_mut().filter(|seen| !tells(seen)) {
        if let Some(groups) = policy(silent).and_then(|id| known.get(&id)) {
            silent.groups.clone_from(groups);
        }
    }
}

fn ends_at(history: &Probe<'_>, sighting: &Sighting) -> Option<DateTime<Utc>> {
    // a look that says no issuer is of all of them
    let of = |(waypoint, issuer, at): &(u16, Option<&IssuerId>, DateTime<Utc>)| {
        let here = *waypoint == sighting.waypoint && (issuer.is_none() || *issuer == sighting.issuer.as_ref());
        (here && *at > sighting.first_seen_at).then_some(*at)
    };
    history.gone.iter().filter_map(of).chain(sighting.gone_at).min()
}

/// The groups that a record can be meant for. One that shows neither policy, plan nor line speaks for each of them.
/// `issuer`: whose feed showed it.
pub(super) fn meant_for(record: &GroupRecord, issuer: Option<&IssuerId>, groups: &[ExpectedGroup]) -> Vec<usize> {
    if groups.len() < 2 {
        return (0..groups.len()).collect();
    }
    let fits: Vec<i32> = groups.iter().map(|group| fit(record, issuer, group)).collect();
    let best = fits.iter().max().copied().unwrap_or_default();
    let meant: Vec<usize> = (0..groups.len()).filter(|at| fits.get(*at) == Some(&best)).collect();
    let shown = &record.facts;
    let tells = [Field::PolicyId, Field::PlanId, Field::CoverageLine].iter().any(|field| shown.text(*field).is_some());
    if tells { meant.into_iter().take(1).collect() } else { meant }
}

fn fit(record: &GroupRecord, issuer: Option<&IssuerId>, group: &ExpectedGroup) -> i32 {
    let agrees = |field: Field, weight: i32| match (group.facts.text(field), record.facts.text(field)) {
        (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => weight,
        (Some(_), Some(_)) => -weight,
        _ => 0,
    };
    let issuer = match (issuer, group.facts.text(Field::Issuer)) {
        (Some(a), Some(b)) if a.as_str() == b => 1,
        (Some(_), Some(_)) => -1,
        _ => 0,
    };
    let begin = |facts: &Facts| facts.value(Field::BenefitBegin).cloned();
    // of two years' policies in one plan the first day tells which it is
    let year = match (begin(&group.facts), begin(&record.facts)) {
        (Some(a), Some(b)) if a == b => 2,
        (Some(_), Some(_)) => -2,
        _ => 0,
    };
    year + agrees(Field::PolicyId, 8)
        + agrees(Field::CoverageLine, 4)
        + agrees(Field::PlanId, 3)
        + issuer
        + same_subscriber(record, group)
}

/// Of two policies of one household that differ in their subscriber alone, by whom a record is headed tells which it is of.
fn same_subscriber(record: &GroupRecord, group: &ExpectedGroup) -> i32 {
    let named = record.members.iter().find(|member| member.is_subscriber());
    let of = |facts: &Facts| facts.text(Field::NameFirst).map(str::to_lowercase);
    match (named.and_then(of), group.members.first().and_then(of)) {
        (Some(a), Some(b)) if a == b => 1,
        (Some(_), Some(_)) => -1,
        _ => 0,
    }
}

/// Whether a record is of a line of coverage that nobody asked for.
pub(super) fn is_of_another_line(seen: &Seen<'_>, groups: &[ExpectedGroup]) -> bool {
    let facts = &seen.sighting.record.facts;
    let line = facts.text(Field::CoverageLine).and_then(CoverageLine::parse);
    let differs = |field: Field, group: &ExpectedGroup| match (group.facts.text(field), facts.text(field)) {
        (Some(a), Some(b)) => !a.eq_ignore_ascii_case(b),
        _ => true,
    };
    line.is_some_and(|line| {
        let policy_known = facts.text(Field::PolicyId).is_some() || facts.text(Field::PlanId).is_some();
        policy_known
            && groups
                .iter()
                .all(|group| group.line != line && differs(Field::PolicyId, group) && differs(Field::PlanId, group))
    })
}

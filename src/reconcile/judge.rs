//! A run's history into its summary.

use super::acknowledged::refusal;
use super::astray::astray;
use super::case::{Case, Expected, Seen, cases, expectations, owner};
use super::change::changes;
use super::cleanup::{Cleanup, cleanup, enrolled_again, still_in_force, still_strange, strange_status};
use super::exchanged::Exchanged;
use super::existence::{existence, existence_of};
use super::findings::{Finds, absorbed, collisions, ghosts};
use super::group::{Court, Place};
use super::history::History;
use super::journey::journey;
use super::listed::facts;
use super::otherwise::enrolled_otherwise;
use super::roster::Roster;
use super::sight::Unfound;
use super::status::left_otherwise;
use super::swapped::swapped;
use super::tally::{Fate, JudgedGroup, JudgedProbe, fate_of};
use super::understood::NotUnderstood;
use super::verdict::summary;
use crate::life;
use crate::model::{
    Arrival, CANCELS_OTHERS, CoverageLine, Entry, Existence, Expectation, Field, Finding, FindingKind, GroupAtWaypoint,
    GroupSummary, Integrity, JourneyStep, NOBODY_LOOKED, ProbeId, ProbeIndex, ProbeSummary, Proof, REFUSED_BY_RECEIVER,
    RecordKind, Remaining, RunPlan, SUBMISSION, Sighting, Submission, SubmissionExpected, Summary,
};
use crate::punch::{self, List};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Judges a run: a pure function of what it was asked to do, what happened, and what time it is. The same entries give the
/// same summary whatever the order in which sightings were written down.
///
/// The enrollment is judged on what was seen before and without the cancellation; whether the people were taken out
/// again is judged apart, per group, and is an error only where the journey itself cancels.
pub fn judge(plan: &RunPlan, entries: &[Entry], now: DateTime<Utc>) -> Summary {
    let history = History::of(entries);
    let expectations = expectations(plan, &history);
    let roster = roster_of(&expectations);
    let cases = cases(plan, &history, expectations, &roster);
    let mut shared: BTreeMap<ProbeIndex, Vec<(u16, Finding)>> = BTreeMap::new();
    let of_several = collisions(plan, &cases).into_iter().chain(swapped(plan, &cases));
    let of_others = absorbed(plan, &cases, &roster).into_iter().chain(astray(plan, &cases));
    for (probe, at, finding) in of_several.chain(of_others) {
        shared.entry(probe).or_default().push((at, finding));
    }
    let unread = NotUnderstood::of(plan, &cases);
    let exchanged = Exchanged::of(plan, &cases);
    let unfound = Unfound::of(plan, &history, &cases);
    let (unread, exchanged, unfound) = (&unread, &exchanged, &unfound);
    let court = Court { plan, history: &history, roster: &roster, unread, exchanged, unfound, now };
    let judged: Vec<JudgedProbe> = cases
        .iter()
        .map(|(index, case)| probe(court, *index, case, shared.remove(index).unwrap_or_default()))
        .collect();
    let facts = facts(court, &cases, &judged);
    let summary = summary(court, judged);
    let list = punch::list(&summary.probes, &facts, plan.objective.confidence);
    listed(summary, list, &history.proofs)
}

/// The summary with its punch list, what each probe stands for in it, and what was proved of its lines.
fn listed(mut summary: Summary, list: List, proofs: &[&Proof]) -> Summary {
    for (probe, lines) in summary.probes.iter_mut().zip(list.befell) {
        probe.befell = lines;
    }
    for (at, nearest) in list.nearest {
        summary.probes.get_mut(at).into_iter().for_each(|probe| probe.nearest = Some(nearest.clone()));
    }
    (summary.punch, summary.never_varied) = (list.lines, list.never_varied);
    for line in &mut summary.punch {
        line.proofs =
            proofs.iter().filter(|proof| proof.failure.is_of(line)).map(|proof| Proof::clone(proof)).collect();
    }
    summary
}

/// What is expected of one probe, and the sightings that are its own, in order: the evidence behind its judgement. `None`
/// where it was never planned.
pub fn evidence<'a>(
    plan: &RunPlan,
    entries: &'a [Entry],
    probe: ProbeIndex,
) -> Option<(Expectation, Vec<&'a Sighting>)> {
    let history = History::of(entries);
    let expectations = expectations(plan, &history);
    let roster = roster_of(&expectations);
    let own = |sighting: &&Sighting| owner(sighting, &roster).is_some_and(|(owner, _)| owner == probe);
    let sightings = history.sightings.iter().copied().filter(own).collect();
    expectations.get(&probe).map(|expected| (expected.enrolled.clone(), sightings))
}

/// By what records are known to be a probe's: all that it was called, and where it lived, in its life.
pub(super) fn roster_of(expectations: &BTreeMap<ProbeIndex, Expected>) -> Roster {
    let mut roster = Roster::with_capacity(expectations.len());
    for expected in expectations.values() {
        roster.add(&expected.enrolled);
        expected.lives.iter().for_each(|life| roster.add(&life.expectation));
    }
    roster
}

fn probe(court: Court<'_>, index: ProbeIndex, case: &Case<'_>, shared: Vec<(u16, Finding)>) -> JudgedProbe {
    let mut finds = Finds::default();
    for (at, finding) in shared {
        finds.put(None, at, finding);
    }
    ghosts(court.plan, case, &mut finds);
    let existence = existence(court, case);
    let of = |at| group(court, (case, existence), at, &mut finds);
    let groups: Vec<_> = (0..case.expectation.groups.len()).map(of).collect();
    let groups: Vec<JudgedGroup> = groups.into_iter().flatten().collect();
    finds.found.sort_by_key(|(group, at, finding)| (*at, finding.kind, *group));
    let submission = case.history.submission();
    let mut judged = JudgedProbe {
        intended_at: case.history.enroll().map(|act| act.intended_at),
        may_be_seen: !case.history.possible.is_empty(),
        known_until: case.history.enroll().and_then(|act| court.history.breaks.after(act.intended_at)),
        summary: ProbeSummary {
            probe: ProbeId { run: court.plan.run.clone(), index }.to_string(),
            index,
            intended_at: case.history.enroll().map(|act| act.intended_at),
            submission,
            existence,
            reason: case.history.why(JourneyStep::ENROLL).map(str::to_owned),
            good: None,
            first_divergent_hop: first_divergent_hop(court.plan, existence, &groups, &finds),
            groups: groups.iter().map(|group| group.summary.clone()).collect(),
            findings: finds.found.iter().map(|(_, _, finding)| finding.clone()).collect(),
            remaining: remaining(case).filter(|_| groups.iter().any(|group| group.cleanup.is_residue())),
            passed_over: case.all_passed_over(court.plan),
            edge_cases: case.history.edge_cases().to_vec(),
            befell: Vec::new(),
            nearest: None,
        },
        groups,
    };
    mark_errors(court.plan, &finds, &mut judged);
    judged.summary.good = good(court.plan, &finds, &judged);
    judged
}

/// By what somebody finds a household that may still be in. An id that a look only found is not among them.
fn remaining(case: &Case<'_>) -> Option<Remaining> {
    let household = case.history.household?;
    let told = &case.history.captures;
    let was_accepted = case.history.acts.submission(JourneyStep::ENROLL) == Some(Submission::Accepted);
    Some(Remaining {
        marker: household.marker.clone(),
        name: household.contact_name(),
        sent_at: case.history.enroll().map(|act| act.intended_at),
        ids: Remaining::ids_of(told.groups.iter().map(|group| &group.facts).chain(&told.members)),
        // an accepted enrollment has a reason where what its answer told is used by nothing
        not_proved: case.history.reason(JourneyStep::ENROLL).filter(|_| was_accepted).map(str::to_owned),
    })
}

/// Why a group counts as still there: its cancellation was not sent, not answered well, or not seen to arrive.
fn why_residue(place: &Place<'_>) -> String {
    let case = place.case;
    let unproved = "its cancellation could not be proved here";
    let refused = case.seen.iter().filter(|seen| seen.takes_out()).find_map(|seen| refusal(case.history, seen));
    if let Some(refused) = refused {
        return format!("{REFUSED_BY_RECEIVER}: {} ({})", refused.words, refused.place);
    }
    let cancels = |seen: &&Seen<'_>| seen.takes_out() && seen.sighting.record.kind != RecordKind::Snapshot;
    if case.at(place.index, place.group).iter().any(cancels) {
        return CANCELS_OTHERS.to_owned();
    }
    match case.end_of(place.group).zip(case.cancel_of(place.group)) {
        None => "it was never cancelled".to_owned(),
        Some(((step, _), act)) => match case.history.reason(step) {
            Some(reason) => format!("{unproved}; the {} was {}: {reason}", step.in_words(), act.submission().told()),
            None => unproved.to_owned(),
        },
    }
}

/// Notes that a group stays, or cannot be proved gone, with why; and what enrolled it again.
fn tell_residue(
    place: &Place<'_>,
    (cleanup, is_unproved): (Cleanup, bool),
    strange_status: Option<&str>,
    finds: &mut Finds,
) {
    let still = still_in_force(place).filter(|_| cleanup == Cleanup::InForce);
    let still = still.or_else(|| still_strange(place).filter(|_| cleanup == Cleanup::Residue));
    let of_another = is_unproved.then(|| OF_ANOTHER.to_owned());
    let strange = strange_status.map(|status| format!("its status is not understood: {status}"));
    let again = enrolled_again(place);
    if let Some(again) = &again {
        finds.add(place, FindingKind::Resurrected, again.clone());
    }
    let why = left_otherwise(place).or(still).or(again).or(of_another).or(strange);
    let why = why.unwrap_or_else(|| why_residue(place));
    let unseen = match place.out_of_sight() {
        _ if cleanup != Cleanup::Blind || strange_status.is_some() => String::new(),
        Some(no_address) => format!(": {NOBODY_LOOKED}, {no_address}"),
        None => format!(": {NOBODY_LOOKED} any more"),
    };
    let end = place.case.ended_by(place.group);
    let end = end.map_or_else(String::new, |step| format!("the {} was to end it; ", step.in_words()));
    finds.add(place, FindingKind::Residue, format!("{end}{why}{unseen}"));
}

const OF_ANOTHER: &str = "its id was told to another household too, and nothing of it was seen to go";

fn was_never_seen(places: &[Place<'_>]) -> bool {
    places.iter().all(|place| place.case.at(place.index, place.group).is_empty())
}

/// Whether there is a group, where the case's enrollment exists as is said.
fn existence_here(
    court: Court<'_>,
    (case, existence): (&Case<'_>, Existence),
    at: usize,
    line: CoverageLine,
) -> Existence {
    // nobody was asked for it, and nothing of it was seen
    let is_its_own = |seen: &&Seen<'_>| seen.only_group() == Some(at);
    let is_seen = || (0_u16..).zip(&court.plan.waypoints).any(|(index, _)| case.at(index, at).iter().any(is_its_own));
    let begun = case.opening_of(at);
    match existence {
        // which policy a change began is known by its own answer
        _ if begun.is_some_and(|(step, _)| step != JourneyStep::ENROLL) => {
            existence_of(begun.map(|(_, act)| act.submission()), is_seen())
        }
        existence if is_seen() => existence,
        _ if !case.history.acts.may_have(line) => Existence::NotTaken,
        // left in the middle, it may never have come to this group
        Existence::Seen if case.history.acts.is_in_part() => Existence::Unknown,
        existence => existence,
    }
}

fn group(
    court: Court<'_>,
    (case, existence): (&Case<'_>, Existence),
    at: usize,
    finds: &mut Finds,
) -> Option<JudgedGroup> {
    let expected = case.expectation.groups.get(at)?;
    let begun_by = case.opening_of(at).map(|(step, _)| step).filter(|step| *step != JourneyStep::ENROLL);
    let existence = existence_here(court, (case, existence), at, expected.line);
    let places: Vec<Place<'_>> = (0_u16..)
        .zip(&court.plan.waypoints)
        .map(|(index, waypoint)| Place { court, case, existence, group: at, expected, index, waypoint })
        .collect();
    let waypoints: Vec<GroupAtWaypoint> = places.iter().map(|place| place.judge(finds)).collect();
    if let Some(first) = places.first() {
        enrolled_otherwise(first, finds);
    }
    let changes = changes(&places, &waypoints, finds);
    let end = case.end_of(at).map_or(JourneyStep::CANCEL, |(step, _)| step).event;
    let shown: Vec<Place<'_>> = places.iter().copied().filter(|at| life::is_end_shown_at(at.waypoint, end)).collect();
    let (cleanup, residue_at) = cleanup(&shown);
    // by an id that another household was told too, another's absence may be seen
    let is_unproved = cleanup == Cleanup::Gone && finds.has(FindingKind::IdCollision) && was_never_seen(&shown);
    let (cleanup, residue_at) =
        if is_unproved { (Cleanup::Residue, shown.last().map(|place| place.index)) } else { (cleanup, residue_at) };
    let residue_at = residue_at.filter(|_| cleanup.is_residue());
    let strange_status = shown.iter().filter(|_| cleanup == Cleanup::Blind).find_map(|place| {
        let record = strange_status(place)?;
        let word = record.facts.text(Field::PolicyStatus).unwrap_or_default();
        Some(format!("`{word}` at `{}` ({})", place.waypoint.name, record.place))
    });
    if let Some(place) = residue_at.and_then(|at| places.get(usize::from(at))) {
        tell_residue(place, (cleanup, is_unproved), strange_status.as_deref(), finds);
    }
    let plan_id = expected.facts.text(Field::PlanId).map(|plan| {
        let variant = expected.facts.text(Field::CsrVariant).unwrap_or_default();
        format!("{plan}{variant}")
    });
    let journey = journey(&places, (&waypoints, &changes), cleanup);
    Some(JudgedGroup {
        people: expected.members.len() as u64,
        fate: fate_of(&waypoints).min(fate_of(&changes)),
        error: false,
        cleanup,
        strange_status,
        end: case.end_of(at).map(|(step, _)| step),
        cancel: case.cancel_of(at).map(|act| act.submission()),
        was_seen_out: places.iter().any(|at| at.case.at(at.index, at.group).iter().any(|seen| seen.takes_out())),
        summary: GroupSummary {
            line: expected.line,
            issuer: expected.facts.text(Field::Issuer).map(str::to_owned),
            plan_id,
            begun_by,
            ended_by: case.ended_by(at),
            journey,
            waypoints,
            changes,
            cleanup: cleanup.word().to_owned(),
        },
    })
}

/// The earliest waypoint at which anything is wrong. Residue is not: it stands beside the enrollment.
fn first_divergent_hop(plan: &RunPlan, existence: Existence, groups: &[JudgedGroup], finds: &Finds) -> Option<String> {
    if nobody_knows_it(existence) {
        return None;
    }
    let wrong = |at: &GroupAtWaypoint| {
        matches!(at.arrival, Arrival::Missing | Arrival::Late) || at.integrity == Some(Integrity::Altered)
    };
    let judged = groups.iter().flat_map(|group| group.summary.steps());
    let altered = judged.filter_map(|waypoints| waypoints.iter().position(wrong));
    let errors = || finds.found.iter().filter(|found| is_error(plan, groups, found));
    if errors().any(|(_, _, finding)| finding.waypoint == SUBMISSION) {
        return Some(SUBMISSION.to_owned());
    }
    let found = errors().map(|(_, at, _)| usize::from(*at));
    let first = altered.chain(found).min()?;
    plan.waypoints.get(first).map(|waypoint| waypoint.name.to_string())
}

/// Whether a finding makes the enrollment bad. A record that could not be taken out again is an error of the journey only
/// where the journey cancels, and never where nobody could look, nor where the exchange itself refused the cancellation or gave it
/// no trustworthy answer: that is told of the exchange, and nothing came down the pipeline that could have been lost.
fn is_error(plan: &RunPlan, groups: &[JudgedGroup], (of, _, finding): &(Option<usize>, u16, Finding)) -> bool {
    let group = of.and_then(|of| groups.get(of));
    let is_of_pipeline = group.is_none_or(|group| group.cleanup != Cleanup::Blind && !group.was_kept_by_exchange());
    let is_probed = group.map_or(plan.cancel_is_probed, |group| group.end_is_probed(plan));
    finding.kind != FindingKind::Residue || (is_probed && is_of_pipeline)
}

/// Whether nothing says that there is an enrollment: then nothing can be wrong with it, nor can it be left behind by a pipeline.
fn nobody_knows_it(existence: Existence) -> bool {
    matches!(existence, Existence::Unknown | Existence::NotTaken)
}

fn mark_errors(plan: &RunPlan, finds: &Finds, judged: &mut JudgedProbe) {
    if nobody_knows_it(judged.summary.existence) {
        return;
    }
    let unwanted =
        plan.submission_expected == SubmissionExpected::Rejected && judged.summary.submission == Submission::Accepted;
    let errors: Vec<Option<usize>> =
        finds.found.iter().filter(|found| is_error(plan, &judged.groups, found)).map(|(of, _, _)| *of).collect();
    for (at, group) in judged.groups.iter_mut().enumerate() {
        let found = errors.iter().any(|of| of.is_none_or(|of| of == at));
        group.error = unwanted || found || matches!(group.fate, Fate::Missing | Fate::Altered | Fate::Late);
    }
}

/// Everything expected is on time and intact and nothing was found; `None` while that cannot be said.
fn good(plan: &RunPlan, finds: &Finds, judged: &JudgedProbe) -> Option<bool> {
    if nobody_knows_it(judged.summary.existence) {
        return None;
    }
    let wrong = finds.found.iter().any(|found| is_error(plan, &judged.groups, found));
    let expected = plan.submission_expected;
    match judged.summary.submission {
        Submission::Rejected => Some(expected == SubmissionExpected::Rejected && !wrong),
        Submission::Unsent => wrong.then_some(false),
        _ if judged.groups.iter().any(|group| group.error) => Some(false),
        _ if judged.groups.iter().any(|group| group.end_is_probed(plan) && group.cleanup.is_open()) => None,
        _ => judged.groups.iter().all(|group| group.fate == Fate::Good).then_some(true),
    }
}

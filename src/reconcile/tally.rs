//! Judged probes into totals.

use super::cleanup::Cleanup;
use super::existence::NOBODY_KNOWS;
use super::expect::expect;
use super::group::{MAY_BE, NOBODY_KNOWS_IF_ASKED};
use super::history::{Damaged, History};
use crate::model::{
    AnswerSummary, AnswerTimes, Arrival, ArrivalCounts, ArrivalStep, Captures, Counts, DamagedFile, EdgeCaseCoverage,
    Existence, FeedKind, FieldSet, FindingKind, Fold, FoldedPeople, GroupAtWaypoint, GroupSummary, Integrity,
    JourneyStep, LatencyQuantiles, ProbeSummary, RunPlan, StepSummary, StepTiming, Submission, WaypointPlan,
    WaypointSummary,
};
use crate::statistics::{Arrived, Observation, Outcome, curve, quantile};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};

/// The worst that befell a group at any waypoint, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Missing,
    Altered,
    Late,
    Blind,
    Pending,
    /// Something may be it, and cannot be told from a stranger's.
    Possible,
    /// It came, and its limit fell between two looks.
    Undecided,
    Good,
    NotDue,
}

/// A group with what the totals need.
#[derive(Debug, Clone)]
pub(super) struct JudgedGroup {
    pub(super) summary: GroupSummary,
    pub(super) people: u64,
    pub(super) fate: Fate,
    /// It is not good, and that is certain.
    pub(super) error: bool,
    pub(super) cleanup: Cleanup,
    /// A status that it shows since its cancellation and that nobody can understand, and where.
    pub(super) strange_status: Option<String>,
    /// The step that ended it, or with which it was taken out: of the journey where that asks for its end, so that whether it went is
    /// part of what is judged.
    pub(super) end: Option<JourneyStep>,
    /// What the exchange answered to its cancellation, where that was sent.
    pub(super) cancel: Option<Submission>,
    /// Some waypoint showed it taken out.
    pub(super) was_seen_out: bool,
}

impl JudgedGroup {
    /// Whether the journey itself asks for its end.
    pub(super) fn end_is_probed(&self, plan: &RunPlan) -> bool {
        plan.cancel_is_probed || self.end.is_some_and(|step| step != JourneyStep::CANCEL)
    }

    /// Whether the exchange refused its cancellation, gave it no trustworthy answer, or was never asked: nobody was let in.
    pub(super) fn was_kept_by_exchange(&self) -> bool {
        matches!(self.cancel, Some(Submission::Rejected | Submission::Indeterminate | Submission::Unsent))
    }
}

impl JudgedGroup {
    /// Why nobody can say what became of it, where something is not decided at a waypoint at which it did not come whole.
    pub(super) fn undecided_because(&self) -> Option<&'static str> {
        let steps = self.summary.steps().flatten();
        let open = steps.filter(|at| at.arrival == Arrival::Undecided && at.integrity.is_none());
        let words: Vec<&str> = open.filter_map(|at| at.not_found.as_deref()).collect();
        let reasons = [MAY_BE, NOBODY_KNOWS_IF_ASKED, NOBODY_KNOWS];
        reasons.into_iter().find(|why| words.iter().any(|words| words.ends_with(why)))
    }
}

/// A probe with what the totals need.
#[derive(Debug, Clone)]
pub(super) struct JudgedProbe {
    pub(super) summary: ProbeSummary,
    pub(super) groups: Vec<JudgedGroup>,
    pub(super) intended_at: Option<DateTime<Utc>>,
    /// Something was seen that may be it, and cannot be told from a stranger's.
    pub(super) may_be_seen: bool,
    /// From here on nobody knows how long ago that was.
    pub(super) known_until: Option<DateTime<Utc>>,
}

impl JudgedProbe {
    /// Whether there is an enrollment: what every rate is of.
    pub(super) fn exists(&self) -> bool {
        matches!(self.summary.existence, Existence::Accepted | Existence::Seen)
    }

    /// Whether nobody knows if there is an enrollment, and a record that may be its was seen where it was looked for in vain.
    pub(super) fn is_told_as_possible(&self) -> bool {
        self.may_exist() && self.may_be_seen && self.groups.iter().any(|group| group.fate == Fate::Possible)
    }

    /// Whether nobody knows if there is an enrollment.
    pub(super) fn may_exist(&self) -> bool {
        self.summary.existence == Existence::Unknown
    }
}

/// The worst of a group's waypoints.
pub(super) fn fate_of(waypoints: &[GroupAtWaypoint]) -> Fate {
    let fate = |at: &GroupAtWaypoint| match (at.arrival, at.integrity) {
        (Arrival::Missing, _) => Fate::Missing,
        (_, Some(Integrity::Altered)) => Fate::Altered,
        (Arrival::Late, _) => Fate::Late,
        (Arrival::Blind, _) => Fate::Blind,
        (Arrival::Pending, _) => Fate::Pending,
        (Arrival::Undecided, None) => Fate::Possible,
        (Arrival::Undecided, Some(_)) => Fate::Undecided,
        (Arrival::OnTime, _) => Fate::Good,
        (Arrival::NotDue, _) => Fate::NotDue,
    };
    waypoints.iter().map(fate).min().unwrap_or(Fate::NotDue)
}

/// Totals over all probes.
pub(super) fn counts(plan: &RunPlan, history: &History<'_>, judged: &[JudgedProbe]) -> Counts {
    let begun = judged.len() as u64;
    let planned = u64::from(plan.count).max(begun);
    let not_begun = planned - begun;
    let strangers_dropped = history.strangers;
    let mut counts =
        Counts { planned, not_begun, strangers_dropped, found: Some(0), stale: Some(0), ..Counts::default() };
    for probe in judged {
        *match probe.summary.submission {
            Submission::Accepted => &mut counts.accepted,
            Submission::Rejected => &mut counts.rejected,
            Submission::Indeterminate => &mut counts.indeterminate,
            Submission::Unsent => &mut counts.unsent,
        } += 1;
        for finding in &probe.summary.findings {
            *of_finding(&mut counts, finding.kind) += 1;
        }
        counts.existence_unknown += u64::from(probe.may_exist());
        counts.not_taken += u64::from(probe.summary.existence == Existence::NotTaken);
        if probe.exists() {
            for group in &probe.groups {
                count_fate(plan, &mut counts, group);
            }
        }
    }
    counts
}

fn of_finding(counts: &mut Counts, kind: FindingKind) -> &mut u64 {
    match kind {
        FindingKind::Duplicated => &mut counts.duplicated,
        FindingKind::Misrouted => &mut counts.misrouted,
        FindingKind::Unexpected => &mut counts.unexpected,
        FindingKind::Split => &mut counts.split,
        FindingKind::Merged => &mut counts.merged,
        FindingKind::IdCollision => &mut counts.id_collision,
        FindingKind::OutOfOrder => &mut counts.out_of_order,
        FindingKind::Flapping => &mut counts.flapping,
        FindingKind::Stale => counts.stale.get_or_insert_default(),
        FindingKind::Recovered => &mut counts.recovered,
        FindingKind::Residue => &mut counts.residue,
        FindingKind::RejectedByAck => &mut counts.rejected_by_ack,
        FindingKind::ChangeRefused => &mut counts.change_refused,
        FindingKind::WrongMember => &mut counts.wrong_member,
        FindingKind::Resurrected => &mut counts.resurrected,
        FindingKind::EnrolledOtherwise => &mut counts.enrolled_otherwise,
        FindingKind::Damaged => &mut counts.damaged,
    }
}

fn count_fate(plan: &RunPlan, counts: &mut Counts, group: &JudgedGroup) {
    let of_cancel = group.end_is_probed(plan).then_some(group.cleanup);
    match group.fate {
        Fate::Missing => counts.missing += 1,
        Fate::Altered => counts.altered += 1,
        Fate::Late => counts.late += 1,
        Fate::Blind => counts.blind += 1,
        Fate::Pending => counts.pending += 1,
        Fate::Possible | Fate::Undecided => counts.undecided += 1,
        Fate::Good if !group.error && of_cancel == Some(Cleanup::Pending) => counts.pending += 1,
        Fate::Good if !group.error && of_cancel == Some(Cleanup::Blind) => counts.blind += 1,
        // arrived whole and on time, and still something was found
        Fate::Good if group.error => *counts.found.get_or_insert_default() += 1,
        Fate::Good => counts.good += 1,
        Fate::NotDue => {}
    }
}

/// One summary for each waypoint. Probes that may not exist are left out.
pub(super) fn waypoints(plan: &RunPlan, history: &History<'_>, judged: &[JudgedProbe]) -> Vec<WaypointSummary> {
    let times = |at| history.answer_times.get(&at).map(answers);
    let one = |(at, waypoint)| WaypointSummary { answers: times(at), ..one_waypoint(plan, at, waypoint, judged) };
    (0_u16..).zip(&plan.waypoints).map(one).collect()
}

fn answers(times: &AnswerTimes) -> AnswerSummary {
    let AnswerTimes { answers, slow, unanswered, slowest_micros } = *times;
    AnswerSummary { answers, beyond_20_s: slow, unanswered, max_ms: millis(Some(slowest_micros)) }
}

fn one_waypoint(plan: &RunPlan, at: u16, waypoint: &WaypointPlan, judged: &[JudgedProbe]) -> WaypointSummary {
    let mut sum = WaypointSummary {
        name: waypoint.name.to_string(),
        feed: waypoint.feed,
        groups: ArrivalCounts::default(),
        people_due: 0,
        people_arrived: 0,
        not_compared: not_compared(plan, waypoint),
        not_understood: FieldSet::EMPTY,
        latency_seconds: LatencyQuantiles::default(),
        arrival_curve: Vec::new(),
        answers: None,
        changes: (!plan.changes.is_empty()).then(|| changes(at, judged)),
    };
    let mut latencies = Vec::new();
    for probe in judged.iter().filter(|probe| probe.exists()) {
        for group in &probe.groups {
            let Some(here) = group.summary.waypoints.get(usize::from(at)) else { continue };
            count_arrival(&mut sum.groups, here);
            if here.arrival != Arrival::NotDue {
                sum.people_due += group.people;
                sum.people_arrived += if here.first_seen_at.is_some() { group.people } else { 0 };
            }
            latencies.extend(probe.intended_at.and_then(|from| latency(here, from, probe.known_until)));
        }
    }
    let of = |share| quantile(&latencies, share);
    sum.arrival_curve = arrival_curve(&latencies, plan.objective.confidence);
    sum.latency_seconds = LatencyQuantiles { p50: of(0.5), p90: of(0.9), p95: of(0.95), p99: of(0.99) };
    sum
}

/// The steps of the curve, thinned where there are many; the last one stays.
fn arrival_curve(latencies: &[Observation], confidence: f64) -> Vec<ArrivalStep> {
    const MOST: usize = 200;
    let steps = curve(latencies, confidence);
    let (last, every) = (steps.len().saturating_sub(1), steps.len().div_ceil(MOST).max(1));
    let kept = steps.into_iter().enumerate().filter(|(at, _)| at % every == 0 || *at == last);
    kept.map(|(_, Arrived { seconds, share, band })| ArrivalStep { seconds, share, band }).collect()
}

fn changes(at: u16, judged: &[JudgedProbe]) -> ArrivalCounts {
    let mut counts = ArrivalCounts::default();
    let groups = judged.iter().flat_map(|probe| &probe.groups);
    let steps = groups.flat_map(|group| group.summary.steps().skip(1));
    for change in steps.filter_map(|waypoints| waypoints.get(usize::from(at))) {
        count_arrival(&mut counts, change);
    }
    counts
}

/// An acknowledgement shows no fields at all, and none are missed there.
fn not_compared(plan: &RunPlan, waypoint: &WaypointPlan) -> FieldSet {
    match waypoint.feed {
        FeedKind::Ack => FieldSet::EMPTY,
        _ => FieldSet::all().difference(waypoint.shows).union(plan.ignore).union(plan.carries.not_asked),
    }
}

/// What is not due is not counted.
fn count_arrival(counts: &mut ArrivalCounts, here: &GroupAtWaypoint) {
    *match here.arrival {
        Arrival::OnTime => &mut counts.on_time,
        Arrival::Late => &mut counts.late,
        Arrival::Missing => &mut counts.missing,
        Arrival::Blind => &mut counts.blind,
        Arrival::Undecided => &mut counts.undecided,
        Arrival::Pending => &mut counts.pending,
        Arrival::NotDue => return,
    } += 1;
    counts.due += 1;
    counts.altered += u64::from(here.integrity == Some(Integrity::Altered));
}

/// How long it took, or how long it surely was not there: behind a break nobody knows how much later it is.
fn latency(here: &GroupAtWaypoint, from: DateTime<Utc>, known_until: Option<DateTime<Utc>>) -> Option<Observation> {
    let seconds = |at: DateTime<Utc>| (at - from).as_seconds_f64().max(0.0);
    let known = |at: DateTime<Utc>| known_until.map_or(at, |until| at.min(until));
    let absent = here.last_absent_at.map_or(0.0, |at| seconds(known(at)));
    match (here.arrival, here.first_seen_at) {
        (Arrival::NotDue, _) => None,
        (_, Some(seen)) if known(seen) < seen => Some(Outcome::Waiting(absent)),
        (_, Some(seen)) => Some(Outcome::Arrived(absent.min(seconds(seen)), seconds(seen))),
        (Arrival::Missing, None) => Some(Outcome::Never),
        (_, None) => Some(Outcome::Waiting(absent)),
    }
}

/// One summary for each step of a flow, in order of first use.
pub(super) fn steps(timings: &[&StepTiming]) -> Vec<StepSummary> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut steps: Vec<(&str, Vec<u64>, u64, u64)> = Vec::new();
    for timing in timings {
        let place = *places.entry(&timing.step).or_insert_with(|| {
            steps.push((&timing.step, Vec::new(), 0, 0));
            steps.len() - 1
        });
        if let Some((_, micros, requests, errors)) = steps.get_mut(place) {
            micros.push(timing.micros);
            *requests += u64::from(timing.requests);
            *errors += u64::from(!timing.ok);
        }
    }
    let summary = |(name, mut micros, requests, errors): (&str, Vec<u64>, u64, u64)| {
        micros.sort_unstable();
        let of = |percent: usize| millis(micros.get((micros.len() * percent).div_ceil(100).saturating_sub(1)).copied());
        StepSummary {
            name: name.to_owned(),
            requests,
            errors,
            p50_ms: of(50),
            p95_ms: of(95),
            max_ms: millis(micros.last().copied()),
        }
    };
    steps.into_iter().map(summary).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a request does not take 2^52 microseconds")]
fn millis(micros: Option<u64>) -> f64 {
    micros.unwrap_or_default() as f64 / 1000.0
}

/// The files in which something is wrong, in the order in which they were read.
pub(super) fn files(plan: &RunPlan, history: &History<'_>) -> Vec<DamagedFile> {
    let name = |at: u16| plan.waypoints.get(usize::from(at)).map(|waypoint| waypoint.name.to_string());
    let told = |file: &Damaged<'_>| DamagedFile {
        waypoint: name(file.waypoint).unwrap_or_default(),
        name: file.name.to_owned(),
        damage: file.what.to_owned(),
    };
    history.damaged.iter().map(told).collect()
}

/// What the target could not carry of the planned households, each once for every person whom it changed.
pub(super) fn folded(plan: &RunPlan, history: &History<'_>) -> Vec<FoldedPeople> {
    let mut people: BTreeMap<Fold, u64> = BTreeMap::new();
    if plan.carries.is_everything() {
        return Vec::new();
    }
    let households = history.probes.values().filter_map(|probe| probe.household);
    for household in households {
        let whole = expect(household, &BTreeMap::new(), &Captures::default());
        for member in whole.groups.into_iter().take(1).flat_map(|group| group.members) {
            let mut facts = member;
            plan.carries.fold(&mut facts).into_iter().for_each(|fold| *people.entry(fold).or_default() += 1);
        }
    }
    people.into_iter().map(|(fold, people)| FoldedPeople { fold, people }).collect()
}

/// How many households showed each of the cases asked for.
pub(super) fn edge_cases(plan: &RunPlan, judged: &[JudgedProbe]) -> Vec<EdgeCaseCoverage> {
    let households = |name| judged.iter().filter(|probe| probe.summary.edge_cases.contains(&name)).count() as u64;
    plan.edge_cases.iter().map(|name| EdgeCaseCoverage { name: *name, households: households(*name) }).collect()
}

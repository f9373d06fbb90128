//! Totals into a verdict, with its reasons in plain sentences.

use super::alike::hints;
use super::cleanup::Cleanup;
use super::group::Court;
use super::journey::totals;
use super::rates::{error_rate, rates, rests_on};
use super::share::{beside, percent};
use super::tally::{Fate, JudgedGroup, JudgedProbe, counts, edge_cases, files, folded, steps, waypoints};
use crate::model::{
    Counts, Decide, ErrorRate, FindingKind, GroupAtWaypoint, RunFacts, SCHEMA, Submission, SubmissionExpected, Summary,
    Verdict, WaypointSummary,
};
use crate::statistics::clean_records_needed;
use chrono::{DateTime, Utc};

/// Sums up the judged probes.
pub(super) fn summary(court: Court<'_>, judged: Vec<JudgedProbe>) -> Summary {
    let (plan, history) = (court.plan, court.history);
    let counts = counts(plan, history, &judged);
    let looked_again = history.was_looked_at_before();
    let error_rate = error_rate(plan, &judged, looked_again);
    let mut bench =
        Bench { court, counts: &counts, rate: &error_rate, judged: &judged, looked_again, rulings: Vec::new() };
    bench.rule();
    let (verdict, reasons) = so_far(bench.verdict(), history.next_due_at);
    let run = RunFacts {
        id: plan.run.to_string(),
        scenario: plan.scenario.clone(),
        target: plan.target.clone(),
        seed: plan.seed,
        started_at: plan.started_at,
        finished_at: history.finished_at,
    };
    Summary {
        schema: SCHEMA.to_owned(),
        run,
        verdict,
        exit_code: verdict.exit_code(),
        reasons,
        next_due_at: history.next_due_at,
        hints: hints(plan, &judged),
        objective: plan.objective.clone(),
        rests_on: rests_on(plan, &judged, &error_rate, looked_again),
        rates: rates(plan, &judged),
        punch: Vec::new(),
        never_varied: Vec::new(),
        folded: folded(plan, history),
        waypoints: read_at(court, waypoints(plan, history, &judged)),
        by_step: totals(plan, &judged),
        steps: steps(&history.steps),
        files: files(plan, history),
        edge_cases: edge_cases(plan, &judged),
        missed_slots: history.missed_slots,
        probes: judged.into_iter().map(|probe| probe.summary).collect(),
        counts,
        error_rate,
    }
}

/// While anything is due later nothing is decided, whatever was found: what would be said now stands among the reasons.
fn so_far((verdict, reasons): (Verdict, Vec<String>), next_due_at: Option<DateTime<Utc>>) -> (Verdict, Vec<String>) {
    let Some(at) = next_due_at else { return (verdict, reasons) };
    let due = format!("more is due later, next at {}: nothing is decided before", at.format("%Y-%m-%d %H:%M:%SZ"));
    let told = format!("so far: {}", verdict.as_str().replace('_', " "));
    (Verdict::Inconclusive, [due, told].into_iter().chain(reasons).collect())
}

/// With the fields that the target's mapping did not understand.
fn read_at(court: Court<'_>, mut waypoints: Vec<WaypointSummary>) -> Vec<WaypointSummary> {
    for (index, waypoint) in (0_u16..).zip(&mut waypoints) {
        waypoint.not_understood = court.unread.fields(index);
    }
    waypoints
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// The strongest first (design 6): when several apply, the first decides and the others are told too.
const PRECEDENCE: [Verdict; 7] = [
    Verdict::HarnessError,
    Verdict::Fail,
    Verdict::SafetyStop,
    Verdict::Blind,
    Verdict::Inconclusive,
    Verdict::Residue,
    Verdict::Pass,
];

/// Totals, and what is said of them so far.
pub(super) struct Bench<'a> {
    pub(super) court: Court<'a>,
    pub(super) counts: &'a Counts,
    pub(super) rate: &'a ErrorRate,
    pub(super) judged: &'a [JudgedProbe],
    /// What is judged was, or may have been, looked at before it was complete.
    pub(super) looked_again: bool,
    pub(super) rulings: Vec<(Verdict, String)>,
}

impl Bench<'_> {
    pub(super) fn say(&mut self, verdict: Verdict, reason: String) {
        self.rulings.push((verdict, reason));
    }

    fn verdict(mut self) -> (Verdict, Vec<String>) {
        let rank = |verdict: Verdict| PRECEDENCE.iter().position(|known| *known == verdict);
        self.rulings.sort_by_key(|(verdict, _)| rank(*verdict));
        let verdict = self.rulings.first().map_or(Verdict::Inconclusive, |(verdict, _)| *verdict);
        (verdict, self.rulings.into_iter().map(|(_, reason)| reason).collect())
    }

    fn rule(&mut self) {
        self.errors();
        self.submissions();
        self.timeliness();
        self.stops();
        self.unknown();
        self.residue();
        self.claim();
    }

    /// The share of errors, as the scenario wants it decided.
    fn errors(&mut self) {
        let objective = &self.court.plan.objective;
        match (objective.error_rate_below, objective.decide) {
            (Some(limit), Decide::Interval) => self.by_interval(limit),
            (Some(limit), Decide::Sequential) => self.by_sequence(limit),
            _ => self.by_estimate(),
        }
    }

    /// The share itself. The objective is broken where the share itself reaches the target: a user who asks for less
    /// than 1 % and reads of 3 in 50 does not expect to be told to collect more. Without an objective no error passes.
    fn by_estimate(&mut self) {
        let (errors, trials) = (self.rate.errors, self.rate.trials);
        if errors == 0 {
            return;
        }
        let rate = share(errors, trials);
        let found = |rate: String| format!("{errors} of {trials} enrollment groups are not good ({rate})");
        match self.court.plan.objective.error_rate_below {
            None => {
                let found = found(percent(rate));
                self.say(Verdict::Fail, format!("{found}; the scenario sets no objective, so none may fail"));
            }
            Some(target) => {
                let [shown, limit] = beside(rate, target);
                let (verdict, words) = if rate >= target {
                    (Verdict::Fail, "; the objective is less than")
                } else {
                    (Verdict::Pass, ", less than")
                };
                self.say(verdict, format!("{}{words} {limit}", found(shown)));
            }
        }
    }

    fn submissions(&mut self) {
        let counts = self.counts;
        match self.court.plan.submission_expected {
            SubmissionExpected::Accepted if counts.rejected > 0 => {
                let reason = format!("the exchange rejected {} of {} applications", counts.rejected, counts.planned);
                // Where all were refused and the harness stopped itself, the mistake is more likely ours than the pipeline's.
                let stopped = self.court.history.stopped.is_some_and(|(_, safety)| safety);
                let all = stopped && counts.accepted + counts.indeterminate == 0;
                self.say(if all { Verdict::SafetyStop } else { Verdict::Fail }, reason);
            }
            SubmissionExpected::Rejected if counts.accepted > 0 => {
                let reason = format!("the exchange accepted {} applications that it must reject", counts.accepted);
                self.say(Verdict::Fail, reason);
            }
            _ => {}
        }
        self.cancellations();
        let refused = |probe: &&JudgedProbe| {
            !probe.summary.submission.may_stand()
                && probe.summary.findings.iter().any(|finding| finding.kind == FindingKind::Unexpected)
        };
        let ghosts = self.judged.iter().filter(refused).count();
        if ghosts > 0 {
            self.say(Verdict::Fail, format!("{ghosts} households are enrolled whose application was never accepted"));
        }
    }

    /// What the exchange itself said no to, was not asked, or gave no trustworthy answer, where the journey cancels: nothing of it could be lost on
    /// the way. One that it said no to and that came down the pipeline all the same was misread.
    fn cancellations(&mut self) {
        let is_rejected = |group: &JudgedGroup| group.cancel == Some(Submission::Rejected);
        let (refused, why_refused) = self.uncancelled(|group| is_rejected(group) && !group.was_seen_out);
        let (misread, why_misread) = self.uncancelled(|group| is_rejected(group) && group.was_seen_out);
        let (unsent, why_unsent) = self.uncancelled(|group| group.cancel == Some(Submission::Unsent));
        let (unanswered, why_unanswered) =
            self.uncancelled(|group| group.cancel == Some(Submission::Indeterminate) && group.cleanup.is_residue());
        if refused > 0 {
            self.say(Verdict::Fail, format!("the exchange refused to cancel {}{why_refused}", groups(refused)));
        }
        if misread > 0 {
            let reason = format!(
                "the answer to the cancellation of {} was no yes{why_misread}, and it came down the pipeline all the same: see what the \
                 `cancel` flow expects",
                groups(misread)
            );
            self.say(Verdict::Inconclusive, reason);
        }
        if unsent > 0 {
            let reason = format!("the cancellation of {} was not carried out{why_unsent}", groups(unsent));
            self.say(Verdict::Inconclusive, reason);
        }
        if unanswered > 0 {
            let reason = format!(
                "the cancellation of {} got no trustworthy answer{why_unanswered}: nobody knows whether the exchange took it, and what stays \
                 is no error of the pipeline",
                groups(unanswered)
            );
            self.say(Verdict::Inconclusive, reason);
        }
    }

    /// How many groups are like this, and why the cancellation of the first of them was not taken, in brackets.
    fn uncancelled(&self, is_of_kind: impl Fn(&JudgedGroup) -> bool) -> (u64, String) {
        let is_such = |group: &JudgedGroup| group.end_is_probed(self.court.plan) && is_of_kind(group);
        let count = self.judged.iter().flat_map(|probe| &probe.groups).filter(|group| is_such(group)).count();
        let whose = |probe: &&JudgedProbe| probe.groups.iter().find(|group| is_such(group)).and_then(|group| group.end);
        let probes = self.judged.iter().filter_map(|probe| Some((&probe.summary.index, whose(&probe)?)));
        let reason = probes
            .into_iter()
            .find_map(|(index, end)| self.court.history.probes.get(index).and_then(|probe| probe.why(end)));
        (count as u64, reason.map_or_else(String::new, |reason| format!(" ({reason})")))
    }

    /// The share on time, over the groups that exist: what was undecided is counted for the pipeline, then against it; then those
    /// that may exist against it, too.
    fn timeliness(&mut self) {
        let Some(target) = self.court.plan.objective.on_time_at_least else { return };
        let (mut on_time, mut undecided, mut all) = (0, 0, 0);
        let existing = self.judged.iter().filter(|probe| probe.exists());
        for group in existing.flat_map(|probe| &probe.groups) {
            use crate::model::Arrival::{Late, Missing, OnTime, Undecided};
            let arrivals = || group.summary.waypoints.iter().map(|at| at.arrival);
            let late = arrivals().any(|arrival| matches!(arrival, Late | Missing));
            // what is undecided because nobody knows whether it was asked for, or is theirs, did not arrive between two looks
            let came = |at: &GroupAtWaypoint| at.arrival != Undecided || at.integrity.is_some();
            let known = arrivals().all(|arrival| matches!(arrival, OnTime | Undecided))
                && group.summary.waypoints.iter().all(came);
            all += u64::from(late || known);
            let uncertain = known && arrivals().any(|arrival| arrival == Undecided);
            undecided += u64::from(uncertain);
            on_time += u64::from(known && !uncertain);
        }
        if all == 0 {
            return;
        }
        if self.court.plan.objective.decide != Decide::Estimate {
            return self.on_time_by_interval(target, (on_time, undecided, all));
        }
        let at_most = share(on_time + undecided, all);
        let may_exist = self.groups_that_may_exist();
        if at_most < target {
            let [found, limit] = beside(at_most, target);
            self.say(Verdict::Fail, format!("{found} arrived on time; the objective is at least {limit}"));
        } else if share(on_time, all) < target {
            let reason = format!(
                "{undecided} groups arrived between two looks with their limit in between; without them it cannot be said \
                 whether {} were on time; {}",
                percent(target),
                self.remedy_of_undecided()
            );
            self.say(Verdict::Inconclusive, reason);
        } else if share(on_time, all + may_exist) < target {
            let reason = format!(
                "{} of applications without a trustworthy answer were not found: were they taken and lost, fewer than {} \
                 were on time",
                groups(may_exist),
                percent(target)
            );
            self.say(Verdict::Inconclusive, reason);
        }
    }

    fn stops(&mut self) {
        match self.court.history.stopped {
            Some((reason, true)) => {
                self.say(Verdict::SafetyStop, format!("stopped for safety: {reason}{}", self.not_begun()));
            }
            Some((reason, false)) => {
                self.say(Verdict::Inconclusive, format!("stopped before its end: {reason}{}", self.not_begun()));
            }
            None if self.counts.not_begun > 0 && self.court.history.finished_at.is_some() => {
                let why = self.court.history.cut_short.unwrap_or("the time that it had (`--deadline`) was up");
                self.say(Verdict::Inconclusive, format!("submitting ended early: {why}{}", self.not_begun()));
            }
            None => {}
        }
    }

    /// How many of the households asked for were never begun.
    fn not_begun(&self) -> String {
        match self.counts.not_begun {
            0 => String::new(),
            n => format!(" ({n} of {} households were never begun)", self.court.plan.count),
        }
    }

    fn residue(&mut self) {
        if self.counts.residue > 0 {
            let of_judged = self.judged.iter().flat_map(|probe| &probe.groups);
            let in_force = of_judged.filter(|group| group.cleanup == Cleanup::InForce).count() as u64;
            let how = match (in_force, self.counts.residue.saturating_sub(in_force)) {
                (0, _) => "not proved gone after the cancellation".to_owned(),
                (_, 0) => "seen in force after the cancellation".to_owned(),
                (seen, unproved) => {
                    format!("{seen} seen in force after the cancellation, {unproved} not proved gone after it")
                }
            };
            let reason = format!(
                "{} left as residue: {how}; `johndoe sweep` cancels again whatever the exchange did not say is cancelled",
                groups(self.counts.residue)
            );
            self.say(Verdict::Residue, reason);
        }
    }

    /// What so many records allow to be said.
    fn claim(&mut self) {
        let (errors, trials) = (self.rate.errors, self.rate.trials);
        let Some([_, high]) = self.rate.wilson else {
            if self.court.plan.submission_expected == SubmissionExpected::Rejected && self.counts.rejected > 0 {
                self.say(Verdict::Pass, format!("all {} rejections were as expected", self.counts.rejected));
            }
            return;
        };
        let confidence = self.rate.confidence;
        if errors == 0 && self.judged.iter().any(|probe| probe.groups.iter().any(|group| group.fate <= Fate::Good)) {
            let all = match trials {
                1 => "the one enrollment group that could be judged is good".to_owned(),
                _ => format!("all {trials} enrollment groups that could be judged are good"),
            };
            self.say(Verdict::Pass, all);
        }
        let objective = &self.court.plan.objective;
        let Some(target) = objective.error_rate_below.filter(|_| objective.decide == Decide::Estimate) else { return };
        let needed = clean_records_needed(errors, trials, target, confidence).filter(|needed| *needed > 0);
        if let Some(needed) = needed.filter(|_| share(errors, trials) < target) {
            // Two bounds of two kinds: the one interval is shown, and looks to both sides; a claim of less looks to one.
            let [high, limit] = beside(high, target);
            let sure = percent(confidence);
            let reason = format!(
                "{} alone cannot prove less than {limit}: up to {high} would fit, too (the upper end of the two-sided {sure} \
                 interval); {needed} more without an error would, by a one-sided bound of {sure}",
                groups(trials)
            );
            self.say(Verdict::Pass, reason);
        }
    }
}

pub(super) fn groups(count: u64) -> String {
    format!("{count} {}", if count == 1 { "group" } else { "groups" })
}

pub(super) fn applications(count: u64) -> String {
    format!("{count} {}", if count == 1 { "application" } else { "applications" })
}

//! What a verdict must say of what is not known: who could not be seen, was not tried, or got no answer, and why.

use super::cleanup::Cleanup;
use super::existence::NOBODY_KNOWS;
use super::group::{MAY_BE, NOBODY_KNOWS_IF_ASKED};
use super::sight::without_address;
use super::tally::{Fate, JudgedGroup, JudgedProbe};
use super::verdict::{Bench, applications, groups, share};
use crate::model::{Act, Arrival, GroupAtWaypoint, JourneyStep, Submission, SubmissionExpected, Verdict};
use std::collections::BTreeMap;

/// So many different reasons are told.
const MOST_REASONS: usize = 3;

impl Bench<'_> {
    /// What could not be seen, tried or told.
    pub(super) fn unknown(&mut self) {
        let counts = self.counts;
        let nothing_tried = match self.court.plan.submission_expected {
            SubmissionExpected::Accepted => self.rate.trials == 0,
            SubmissionExpected::Rejected => counts.rejected + counts.accepted == 0,
        };
        if nothing_tried && counts.rejected == 0 {
            let reason = "no accepted enrollment could be judged, and no data is never a pass";
            self.say(Verdict::Inconclusive, reason.to_owned());
        }
        self.nothing_accepted();
        let [unlooked, strange] = self.cancellations_nobody_saw();
        for reason in self.court.unread.reasons(self.court.plan) {
            self.say(Verdict::Blind, reason);
        }
        for reason in self.court.exchanged.reasons(self.court.plan) {
            self.say(Verdict::Inconclusive, reason);
        }
        let unseen = counts.blind.saturating_sub(unlooked + strange);
        if unseen > 0 {
            let why = self.blind_because();
            let reason = format!("{} could not be looked for when it mattered{why}", groups(unseen));
            self.say(Verdict::Blind, reason);
        }
        if unlooked > 0 {
            let why = self.blind_because();
            let reason = format!("{} could not be looked for after their cancellation{why}", groups(unlooked));
            self.say(Verdict::Blind, reason);
        }
        self.strange_statuses();
        self.refused_in_part();
        self.pending();
        if counts.unsent > 0 {
            let unsent = self.judged.iter().filter(|p| p.summary.submission == Submission::Unsent);
            let why = because(unsent).map_or_else(String::new, |why| format!(": {why}"));
            let reason = format!("{} of {} applications could not be submitted{why}", counts.unsent, counts.planned);
            self.say(Verdict::Inconclusive, reason);
        }
        let sent = self.judged.iter().filter(|probe| probe.exists() || probe.is_told_as_possible());
        let of_fate = |fate| sent.clone().flat_map(|p| &p.groups).filter(|group| group.fate == fate).count() as u64;
        let undecided = of_fate(Fate::Undecided);
        // each by what keeps it from being decided
        for why in [MAY_BE, NOBODY_KNOWS, NOBODY_KNOWS_IF_ASKED] {
            let is_so = |group: &&JudgedGroup| group.fate == Fate::Possible && group.undecided_because() == Some(why);
            let count = sent.clone().flat_map(|p| &p.groups).filter(is_so).count() as u64;
            let told = if why == NOBODY_KNOWS_IF_ASKED { "something is not found, " } else { "" };
            if count > 0 {
                self.say(Verdict::Inconclusive, format!("{} undecided: {told}{why}", groups(count)));
            }
        }
        if undecided > 0 {
            let came = "arrived whole, but between two looks with the limit in between";
            let why = if self.court.history.breaks.is_empty() {
                ""
            } else {
                ", or after a restart before which the wall clock had been set, so that nobody knows how long it took"
            };
            self.say(Verdict::Pass, format!("{} {came}{why}", groups(undecided)));
        }
        self.without_answer();
    }

    /// Groups whose status after their cancellation is a word of which nobody can say what it means.
    fn strange_statuses(&mut self) {
        let existing = self.judged.iter().filter(|probe| probe.exists()).flat_map(|probe| &probe.groups);
        let strange: Vec<&str> = existing.filter_map(|group| group.strange_status.as_deref()).collect();
        let Some(example) = strange.first() else { return };
        let reason = format!(
            "of {} the status after the cancellation was not understood, such as {example}, so nobody can say whether they are still in \
             force: ask there which word that is (`A` and `9` stand for any letter and digit), and add it to a list of the target's `status`",
            groups(strange.len() as u64)
        );
        self.say(Verdict::Blind, reason);
    }

    /// Households of which a part of a change was refused: which policies it is to be looked for at nobody can say, and what ends later
    /// leaves no trace of a policy that ought to have ended before.
    fn refused_in_part(&mut self) {
        let known = self.judged.iter().filter_map(|probe| self.court.history.probes.get(&probe.summary.index));
        let refused = known.filter_map(|known| Some((known.refused_in_part()?, known)));
        let (count, first) = refused.fold((0_u64, None), |(count, first), it| (count + 1, first.or(Some(it))));
        let Some((step, known)) = first else { return };
        let why = known.reason(step).map_or_else(String::new, |why| format!(" ({why})"));
        let reason = format!(
            "of {count} households the exchange took a part of `{}` and refused another{why}: nobody knows what of it stands",
            step.event
        );
        self.say(Verdict::Inconclusive, reason);
    }

    /// What has not come yet, and what nobody needs to wait for: a change that was not sent, or that nobody knows to be taken.
    fn pending(&mut self) {
        let (unsent, why_unsent) = self.pending_at(|step, act, probe| {
            let is_unknown = probe.summary.submission == Submission::Indeterminate;
            (act.is_none() && is_unknown).then_some(JourneyStep::ENROLL).filter(|enroll| *enroll < step)
        });
        let (unknown, why_unknown) = self
            .pending_at(|step, act, _| act.filter(|act| act.submission() == Submission::Indeterminate).map(|_| step));
        let is_unsent = |step: JourneyStep, act: Option<Act>, probe: &JudgedProbe, turned_away: bool| {
            let is_so = act.is_some_and(|act| act.submission() == Submission::Unsent);
            let known = self.court.history.probes.get(&probe.summary.index);
            (is_so && known.is_some_and(|known| known.was_turned_away(step)) == turned_away).then_some(step)
        };
        let (held_back, why_held_back) = self.pending_at(|step, act, probe| is_unsent(step, act, probe, false));
        let (turned_away, why_turned_away) = self.pending_at(|step, act, probe| is_unsent(step, act, probe, true));
        let waiting = self.counts.pending.saturating_sub(unsent + unknown + held_back + turned_away);
        if waiting > 0 {
            self.say(Verdict::Inconclusive, format!("{} still pending", groups(waiting)));
        }
        if unsent > 0 {
            let reason = format!(
                "the changes of {} were not sent: their enrollment was seen, but got no trustworthy answer{why_unsent}, and what the \
                 journey wants after it is asked of accepted enrollments only",
                groups(unsent)
            );
            self.say(Verdict::Inconclusive, reason);
        }
        if held_back > 0 {
            let reason = format!("a change of {} was not sent{why_held_back}", groups(held_back));
            self.say(Verdict::Inconclusive, reason);
        }
        if turned_away > 0 {
            let reason =
                format!("a change of {} was asked for and not carried out{why_turned_away}", groups(turned_away));
            self.say(Verdict::Inconclusive, reason);
        }
        if unknown > 0 {
            let reason = format!(
                "a change of {} got no trustworthy answer{why_unknown} and was seen nowhere whole: nobody knows whether the exchange took it",
                groups(unknown)
            );
            self.say(Verdict::Inconclusive, reason);
        }
    }

    /// Groups of which nothing is pending but a change for whose sake nobody needs to wait once the run has ended: `cause` says by
    /// which step's answer. And why that was no trustworthy one.
    fn pending_at(
        &self,
        cause: impl Fn(JourneyStep, Option<Act>, &JudgedProbe) -> Option<JourneyStep>,
    ) -> (u64, String) {
        let (mut count, mut why) = (0, None);
        let history = self.court.history;
        let ended = self.judged.iter().filter(|probe| probe.exists() && history.finished_at.is_some());
        for probe in ended {
            let Some(known) = history.probes.get(&probe.summary.index) else { continue };
            for group in probe.groups.iter().filter(|group| group.fate == Fate::Pending) {
                let is_pending = |at: &&GroupAtWaypoint| at.arrival == Arrival::Pending;
                if group.summary.waypoints.iter().any(|at| is_pending(&at)) {
                    continue;
                }
                let step = group.summary.changes.iter().find(is_pending).and_then(|at| at.step);
                let by = step.and_then(|step| cause(step, known.acts.of(step), probe));
                count += u64::from(by.is_some());
                why = why.or_else(|| by.and_then(|by| known.why(by)));
            }
        }
        (count, why.map_or_else(String::new, |why| format!(" ({why})")))
    }

    /// Where no application got the answer that a step wants, what the exchange tells its consumers is compared nowhere, such as ids
    /// and amounts; and the target is as likely to ask for the wrong thing.
    fn nothing_accepted(&mut self) {
        let counts = self.counts;
        let wanted = self.court.plan.submission_expected == SubmissionExpected::Accepted;
        if !wanted || counts.accepted > 0 || counts.rejected > 0 || self.rate.trials == 0 {
            return;
        }
        let why = because(self.judged.iter().filter(|p| p.summary.submission == Submission::Indeterminate));
        let reason = format!(
            "none of {} was answered as the target's flow expects{}: what the exchange told of them is not known, and was \
             compared nowhere",
            applications(counts.planned),
            why.map_or_else(String::new, |why| format!(" ({why})"))
        );
        self.say(Verdict::Inconclusive, reason);
    }

    /// Applications that got no trustworthy answer and of which nothing was found. They are in no rate; whether the objective
    /// would hold were they enrolled and lost decides what is said.
    fn without_answer(&mut self) {
        if self.counts.not_taken > 0 {
            let reason = format!(
                "{} got no trustworthy answer, and the exchange does not hold them: they were never taken, and are in no rate",
                applications(self.counts.not_taken)
            );
            self.say(Verdict::Pass, reason);
        }
        let unseen = self.judged.iter().filter(|p| p.may_exist() && !p.is_told_as_possible()).count() as u64;
        if unseen == 0 {
            return;
        }
        let lost = self.groups_that_may_exist();
        let (errors, trials) = (self.rate.errors + lost, self.rate.trials + lost);
        let target = self.court.plan.objective.error_rate_below;
        let would_fail = target.is_none_or(|target| share(errors, trials) >= target);
        let unanswered = self.judged.iter().filter(|p| p.may_exist() && !p.is_told_as_possible());
        let why = because(unanswered).map_or_else(String::new, |why| format!(" ({why})"));
        let told = format!(
            "{} got no trustworthy answer{why} and never appeared; nobody knows whether they were taken, and they are in no rate",
            applications(unseen)
        );
        let fails_already = self.rulings.iter().any(|(verdict, _)| *verdict == Verdict::Fail);
        if would_fail && !fails_already {
            let reason =
                format!("{told}; were they taken and lost, {errors} of {trials} enrollment groups were not good");
            self.say(Verdict::Inconclusive, reason);
        } else {
            self.say(Verdict::Pass, told);
        }
    }

    /// Groups of applications that may or may not have been taken, and that a healthy look has not found where it mattered.
    pub(super) fn groups_that_may_exist(&self) -> u64 {
        let unknown = self.judged.iter().filter(|probe| probe.may_exist() && !probe.is_told_as_possible());
        unknown.map(|probe| probe.groups.len() as u64).sum()
    }

    /// Groups whose enrollment is judged, and of which nobody could see whether they were cancelled as the journey wants; and those
    /// that were seen in a status that nobody understands.
    fn cancellations_nobody_saw(&self) -> [u64; 2] {
        let plan = self.court.plan;
        let existing = self.judged.iter().filter(|probe| probe.exists()).flat_map(|probe| &probe.groups);
        let is_blind = |group: &&JudgedGroup| {
            group.end_is_probed(plan) && group.cleanup == Cleanup::Blind && group.fate == Fate::Good
        };
        let (strange, unseen): (Vec<_>, Vec<_>) =
            existing.filter(|group| is_blind(group) && !group.error).partition(|group| group.strange_status.is_some());
        [unseen, strange].map(|groups| groups.len() as u64)
    }

    fn blind_because(&self) -> String {
        let plan = self.court.plan;
        let existing = self.judged.iter().filter(|probe| probe.exists()).flat_map(|probe| &probe.groups);
        let without = without_address(plan, existing.filter_map(|group| group.summary.issuer.as_deref()));
        let groups = self.judged.iter().filter(|probe| probe.exists()).flat_map(|probe| &probe.groups);
        let mut changes = groups.flat_map(|group| &group.summary.changes).filter(|at| at.arrival == Arrival::Blind);
        let strange = changes.find_map(|at| at.not_found.clone());
        let reasons =
            self.court.unfound.reasons(plan).into_iter().chain(without).chain(strange).chain(self.failed_look());
        let reasons: Vec<String> = reasons.collect();
        if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join("; ")) }
    }

    fn failed_look(&self) -> Option<String> {
        let own = self.court.history.probes.values().flat_map(|probe| &probe.blind);
        let reason =
            self.court.history.blind.iter().chain(own).max_by_key(|spell| spell.until).map(|spell| spell.reason);
        reason.map(str::to_owned)
    }

    /// What would have told on which side of a limit they came: more looks, or looks that do not fail.
    pub(super) fn remedy_of_undecided(&self) -> String {
        match self.failed_look() {
            None if self.answers_came_late() => {
                "looks for them began only when the exchange had answered, which was after their limit; see what its flow \
                 waits for (`until`)"
                    .to_owned()
            }
            None => "poll more often".to_owned(),
            Some(failed) => format!("looks failed in between: {failed}"),
        }
    }

    /// Whether every group that is undecided was looked for only after its limit, because its flow ended no earlier.
    fn answers_came_late(&self) -> bool {
        let came_late = |probe: &JudgedProbe| {
            let history = self.court.history.probes.get(&probe.summary.index);
            let answered = history.and_then(|history| history.answered_at(JourneyStep::ENROLL));
            let mut undecided = probe.groups.iter().flat_map(|group| &group.summary.waypoints);
            undecided.all(|at| at.arrival != Arrival::Undecided || at.integrity.is_none() || at.limit_at < answered)
        };
        self.judged.iter().filter(|probe| probe.exists()).all(came_late)
    }
}

/// Why something became of these probes' applications: the one reason, or the commonest ones, each with its number.
fn because<'a>(probes: impl Iterator<Item = &'a JudgedProbe>) -> Option<String> {
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    for reason in probes.filter_map(|probe| probe.summary.reason.as_deref()) {
        *counted.entry(reason).or_default() += 1;
    }
    let mut reasons: Vec<_> = counted.into_iter().collect();
    if let [(only, _)] = reasons.as_slice() {
        return Some((*only).to_owned());
    }
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more: u64 = reasons.iter().skip(MOST_REASONS).map(|(_, count)| count).sum();
    let told = reasons.iter().take(MOST_REASONS).map(|(reason, count)| format!("{count}: {reason}"));
    let told: Vec<_> = told.chain((more > 0).then(|| format!("{more}: for other reasons"))).collect();
    Some(told.join("; ")).filter(|told| !told.is_empty())
}

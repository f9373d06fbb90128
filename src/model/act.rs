//! What was sent for a probe and what became of it: one fold of the ledger's entries, for whoever sends and for whoever judges.

use super::{CoverageLine, Event, JourneyStep, LifeEvent, Submission};
use chrono::{DateTime, Utc};

/// One event of a household's life as far as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// When the schedule wanted the attempt from which limits count: of a cancellation the latest, of all else the first that may
    /// have done something.
    pub intended_at: DateTime<Utc>,
    /// When the first attempt that may have done something was begun.
    pub sent_at: DateTime<Utc>,
    /// When the schedule wanted the latest attempt: of what was sent again because nobody heard an answer, the far side may not have
    /// heard before.
    pub again_at: DateTime<Utc>,
    progress: Progress,
    /// How many attempts before the latest may have done something.
    before: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Its intent is written, and no step that may commit was begun: nothing exists.
    Begun,
    /// It may have been committed; whether it was is not known until it is answered.
    MayBeCommitted,
    /// It came to an end.
    Answered(Submission),
}

impl Act {
    fn new(intended_at: DateTime<Utc>, sent_at: DateTime<Utc>, progress: Progress) -> Self {
        Self { intended_at, sent_at, again_at: intended_at, progress, before: 0 }
    }

    /// The answer, where one was heard.
    pub fn answer(&self) -> Option<Submission> {
        match self.progress {
            Progress::Answered(submission) => Some(submission),
            Progress::Begun | Progress::MayBeCommitted => None,
        }
    }

    /// The answer as far as it is known: what may have been committed and was never answered may or may not exist, and before that
    /// nothing does.
    pub fn submission(&self) -> Submission {
        match self.progress {
            Progress::Begun => Submission::Unsent,
            Progress::MayBeCommitted => Submission::Indeterminate,
            Progress::Answered(submission) => submission,
        }
    }

    /// Whether it may have been committed, and nobody has heard an answer.
    pub fn is_unanswered(&self) -> bool {
        self.progress == Progress::MayBeCommitted
    }

    /// How many attempts before the latest may have done something: so many more times it may be told of.
    pub fn sent_before(self) -> u32 {
        self.before
    }

    /// The same where it was seen to have been taken: an answer that nobody heard, or could trust, says no more than that.
    #[must_use]
    pub fn seen_taken(self) -> Self {
        match self.submission() {
            Submission::Indeterminate => Self { progress: Progress::Answered(Submission::Accepted), ..self },
            _ => self,
        }
    }

    /// Whether something may be there because of it.
    pub fn may_stand(&self) -> bool {
        self.submission().may_stand()
    }
}

/// What was sent for one probe, by step, in the journey's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acts {
    steps: Vec<(JourneyStep, Act)>,
    /// Of an enrollment that is sent for each group by itself, the groups whose turn came.
    begun: Vec<CoverageLine>,
    /// The enrollment takes several requests.
    in_portions: bool,
}

impl Acts {
    /// One of its steps, where that was begun.
    pub fn of(&self, step: impl Into<JourneyStep>) -> Option<Act> {
        let step = step.into();
        self.steps.iter().find(|(known, _)| *known == step).map(|(_, act)| *act)
    }

    /// The answer to one of its steps as far as it is known; `None` where it was not begun.
    pub fn submission(&self, step: impl Into<JourneyStep>) -> Option<Submission> {
        self.of(step).map(|act| act.submission())
    }

    /// Whether the household's group of this line may be there: where each group is sent by itself, and the enrollment was not carried
    /// out to its end, nobody was asked for those whose turn did not come.
    pub fn may_have(&self, line: CoverageLine) -> bool {
        let is_whole = self.submission(JourneyStep::ENROLL) == Some(Submission::Accepted);
        is_whole || self.begun.is_empty() || self.begun.contains(&line)
    }

    /// Whether the enrollment takes several requests and was not carried out to its end: what is not there may never have been asked for.
    pub fn is_in_part(&self) -> bool {
        self.in_portions && self.submission(JourneyStep::ENROLL) != Some(Submission::Accepted)
    }

    /// The steps that were begun, in order.
    pub fn steps(&self) -> impl Iterator<Item = (JourneyStep, Act)> {
        self.steps.iter().copied()
    }

    /// Whether the household is being taken out, or was: from then on its journey goes no further.
    pub fn is_taken_out(&self) -> bool {
        self.submission(JourneyStep::CANCEL).is_some_and(|submission| submission != Submission::Unsent)
    }

    /// Whether the exchange accepted its cancellation, and no change was sent after that which may have put something in force again.
    pub fn is_cancelled(&self) -> bool {
        let cancel = self.of(JourneyStep::CANCEL).filter(|act| act.answer() == Some(Submission::Accepted));
        cancel.is_some_and(|cancel| !self.is_outdated(cancel))
    }

    /// Whether a change was sent after this act that may stand.
    fn is_outdated(&self, act: Act) -> bool {
        self.changes().any(|(_, change)| change.may_stand() && change.again_at > act.again_at)
    }

    /// The changes that were begun, in order: what lies between enrollment and end.
    pub fn changes(&self) -> impl Iterator<Item = (JourneyStep, Act)> {
        self.steps().filter(|(step, _)| step.event.is_change())
    }

    /// Takes in an entry about the probe, with its moment. What says nothing of sending changes nothing.
    pub fn take(&mut self, at: DateTime<Utc>, event: &Event) {
        match event {
            Event::Sending { action, intended_at, tells_commit, .. } => {
                let progress = if *tells_commit { Progress::Begun } else { Progress::MayBeCommitted };
                self.begin(*action, Act::new(*intended_at, at, progress));
            }
            // a file that is handed over may be taken as soon as it is named
            Event::Committing { action, .. } | Event::Named { action, .. } => {
                if let (Event::Committing { portion, .. }, JourneyStep::ENROLL) = (event, *action) {
                    self.begun.extend(portion.line);
                    self.in_portions |= portion.is_one_of_several;
                }
                self.change(*action, at, |act| {
                    if act.submission() == Submission::Unsent {
                        act.progress = Progress::MayBeCommitted;
                    }
                });
            }
            Event::Answered { action, submission, steps, .. } => {
                let last =
                    steps.last().filter(|_| *action == JourneyStep::ENROLL && *submission == Submission::Indeterminate);
                if last.is_some_and(|last| !last.ok && last.status.is_some_and(is_definite_no)) {
                    // whose own request was refused is not there, whatever became of the others
                    self.begun.pop();
                }
                self.change(*action, at, |act| {
                    // what is taken stays taken, whatever a later attempt is told
                    if act.submission() != Submission::Accepted {
                        act.progress = Progress::Answered(*submission);
                    }
                });
            }
            _ => {}
        }
    }

    /// After an attempt that did nothing it is new. Sent again while it may have been committed (under one idempotency key, or to take
    /// somebody out for certain) it is still the first; only the limits of a cancellation count anew.
    fn begin(&mut self, step: JourneyStep, new: Act) {
        let known = self.of(step);
        let before = known.map_or(0, |act| act.before.saturating_add(u32::from(act.may_stand())));
        let is_outdated = step.event == LifeEvent::Cancel && known.is_some_and(|act| self.is_outdated(act));
        let act = self.entry(step, new);
        if !act.may_stand() || is_outdated {
            *act = new;
        } else if step.event == LifeEvent::Cancel && act.submission() == Submission::Indeterminate {
            act.intended_at = new.intended_at;
            act.progress = Progress::MayBeCommitted;
        }
        act.before = before;
        if act.is_unanswered() {
            act.again_at = act.again_at.max(new.intended_at);
        }
    }

    /// Changes an act, begun at this moment where no entry said so.
    fn change(&mut self, step: JourneyStep, at: DateTime<Utc>, change: impl FnOnce(&mut Act)) {
        change(self.entry(step, Act::new(at, at, Progress::MayBeCommitted)));
    }

    /// The step's act; this one where it is new.
    fn entry(&mut self, step: JourneyStep, new: Act) -> &mut Act {
        let at = self.steps.iter().position(|(known, _)| *known >= step).unwrap_or(self.steps.len());
        if self.steps.get(at).is_none_or(|(known, _)| *known != step) {
            self.steps.insert(at, (step, new));
        }
        &mut self.steps[at].1
    }
}

/// Whether a status says that nothing was done: of a conflict, and of what came too late or too early, nobody knows.
pub(crate) fn is_definite_no(status: u16) -> bool {
    (400..500).contains(&status) && ![408, 409, 425].contains(&status)
}

#[cfg(test)]
mod tests {
    use super::Acts;
    use crate::model::{Captures, Event, HandedOver, JourneyStep, LifeEvent, Portion, ProbeIndex, Submission};
    use chrono::{DateTime, Utc};

    const PROBE: ProbeIndex = ProbeIndex(0);

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn sending(action: JourneyStep, seconds: i64, tells_commit: bool) -> Event {
        Event::Sending { probe: PROBE, action, intended_at: at(seconds), tells_commit }
    }

    fn committing(action: JourneyStep) -> Event {
        Event::Committing { probe: PROBE, action, portion: Portion::default(), captures: Captures::default() }
    }

    fn named(action: JourneyStep) -> Event {
        let file = HandedOver { step: 0, first: 1, sets: 1, file: "x.edi".to_owned() };
        Event::Named { probe: PROBE, action, captures: Captures::default(), handed_over: Some(file) }
    }

    fn answered(action: JourneyStep, submission: Submission) -> Event {
        let (reason, captures, steps) = (None, Captures::default(), Vec::new());
        Event::Answered { probe: PROBE, action, submission, reason, captures, steps }
    }

    /// When it was intended, when sent, and what is known of it; entries are a second apart, from ten on.
    fn after(action: JourneyStep, events: &[Event]) -> (i64, i64, Submission) {
        let mut acts = Acts::default();
        for (n, event) in (10..).zip(events) {
            acts.take(at(n), event);
        }
        assert!(acts.steps().all(|(step, _)| step == action));
        let act = acts.of(action).unwrap();
        assert_eq!(act.is_unanswered(), act.answer().is_none() && act.submission() == Submission::Indeterminate);
        (act.intended_at.timestamp(), act.sent_at.timestamp(), act.submission())
    }

    #[test]
    fn nothing_is_sent_until_something_may_be_committed_and_then_it_is_the_first_attempt_for_good() {
        use Submission::{Indeterminate, Unsent};
        for action in
            [JourneyStep::ENROLL, LifeEvent::ChangeAddress.into(), JourneyStep::new(3, LifeEvent::ChangeAddress)]
        {
            let sending = |seconds, tells| sending(action, seconds, tells);
            let (committing, named) = (committing(action), named(action));
            for (events, expected) in [
                (vec![sending(1, true)], (1, 10, Unsent)),
                (vec![sending(1, false)], (1, 10, Indeterminate)),
                (vec![sending(1, true), sending(2, true)], (2, 11, Unsent)),
                (vec![sending(1, true), committing.clone()], (1, 10, Indeterminate)),
                (vec![sending(1, true), named.clone()], (1, 10, Indeterminate)),
                (vec![sending(1, true), committing.clone(), sending(2, false)], (1, 10, Indeterminate)),
                (vec![sending(1, true), sending(2, true), committing.clone()], (2, 11, Indeterminate)),
                (vec![sending(1, false), answered(action, Unsent), sending(2, true)], (2, 12, Unsent)),
                (vec![committing], (10, 10, Indeterminate)),
                (vec![answered(action, Indeterminate), named], (10, 10, Indeterminate)),
            ] {
                assert_eq!(after(action, &events), expected, "{events:?}");
            }
        }
    }

    #[test]
    fn what_is_sent_again_without_an_answer_says_when_it_was_wanted_last() {
        let enroll = JourneyStep::ENROLL;
        let wanted = |events: &[Event]| {
            let mut acts = Acts::default();
            for event in events {
                acts.take(at(10), event);
            }
            let act = acts.of(enroll).unwrap();
            (act.intended_at.timestamp(), act.again_at.timestamp())
        };
        let accepted = answered(enroll, Submission::Accepted);
        assert_eq!(wanted(&[sending(enroll, 1, false)]), (1, 1));
        assert_eq!(wanted(&[sending(enroll, 1, false), sending(enroll, 8, false), accepted.clone()]), (1, 8));
        assert_eq!(wanted(&[sending(enroll, 1, false), accepted, sending(enroll, 8, false)]), (1, 1), "it was heard");
    }

    #[test]
    fn a_change_that_was_sent_after_the_cancellation_makes_it_one_of_before() {
        let (cancel, change) = (JourneyStep::CANCEL, LifeEvent::ChangePlan.into());
        let of = |events: &[Event]| {
            let mut acts = Acts::default();
            (10..).zip(events).for_each(|(second, event)| acts.take(at(second), event));
            (acts.is_taken_out(), acts.is_cancelled())
        };
        let accepted = [sending(cancel, 1, false), answered(cancel, Submission::Accepted)];
        let with = |more: &[Event]| of(&[&accepted, more].concat());
        assert_eq!(of(&[]), (false, false));
        assert_eq!(of(&accepted[..1]), (true, false), "nobody heard an answer");
        assert_eq!(of(&[accepted[0].clone(), answered(cancel, Submission::Unsent)]), (false, false));
        assert_eq!(with(&[]), (true, true));
        assert_eq!(of(&[&[sending(change, 0, false)], &accepted[..]].concat()), (true, true), "it came before");
        assert_eq!(with(&[sending(change, 5, false)]), (true, false));
        assert_eq!(with(&[sending(change, 5, true)]), (true, true), "nothing of it was sent");
        let again = [sending(change, 5, false), sending(cancel, 9, false)];
        assert_eq!(with(&again), (true, false));
        assert_eq!(with(&[&again[..], &accepted[1..]].concat()), (true, true), "taken out once more");
    }

    #[test]
    fn attempts_that_may_have_done_something_are_counted_once_another_is_begun() {
        use Submission::{Accepted, Indeterminate, Rejected, Unsent};
        let cancel = JourneyStep::CANCEL;
        for (answers, expected) in [
            (vec![], 0),
            (vec![None], 1),
            (vec![Some(Indeterminate)], 1),
            (vec![Some(Accepted)], 1),
            (vec![Some(Rejected)], 0),
            (vec![Some(Unsent)], 0),
            (vec![None, Some(Indeterminate)], 2),
            (vec![None, Some(Rejected)], 1),
        ] {
            let mut acts = Acts::default();
            for answer in &answers {
                acts.take(at(10), &sending(cancel, 1, false));
                if let Some(answer) = answer {
                    acts.take(at(11), &answered(cancel, *answer));
                }
            }
            acts.take(at(12), &sending(cancel, 2, false));
            assert_eq!(acts.of(cancel).unwrap().sent_before(), expected, "{answers:?}");
        }
    }

    #[test]
    fn what_is_taken_stays_taken_and_what_was_refused_is_begun_anew() {
        use Submission::{Accepted, Indeterminate, Rejected};
        let cancel = JourneyStep::CANCEL;
        for (first, second, expected) in [
            (Accepted, None, (1, 10, Accepted)),
            (Accepted, Some(Rejected), (1, 10, Accepted)),
            (Rejected, None, (2, 12, Indeterminate)),
            (Rejected, Some(Accepted), (2, 12, Accepted)),
            (Indeterminate, None, (2, 10, Indeterminate)),
            (Indeterminate, Some(Rejected), (2, 10, Rejected)),
        ] {
            let mut events = vec![sending(cancel, 1, false), answered(cancel, first), sending(cancel, 2, false)];
            events.extend(second.map(|second| answered(cancel, second)));
            assert_eq!(after(cancel, &events), expected, "{first} then {second:?}");
        }
        assert_eq!(after(cancel, &[sending(cancel, 1, false), sending(cancel, 2, false)]), (2, 10, Indeterminate));
    }
}

//! What was sent for a probe and what became of it: one fold of the ledger's entries, for whoever sends and for whoever judges.

use super::{Event, LifeEvent, Submission};
use chrono::{DateTime, Utc};

/// One event of a household's life as far as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// When the schedule wanted the attempt from which limits count: of a cancellation the latest, of all else the first that may
    /// have done something.
    pub intended_at: DateTime<Utc>,
    /// When the first attempt that may have done something was begun.
    pub sent_at: DateTime<Utc>,
    progress: Progress,
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
        Self { intended_at, sent_at, progress }
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

    /// Whether something may be there because of it.
    pub fn may_stand(&self) -> bool {
        self.submission().may_stand()
    }
}

/// What was sent for one probe, by event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Acts([Option<Act>; LifeEvent::ALL.len()]);

impl Acts {
    /// One of its events, where that was begun.
    pub fn of(&self, event: LifeEvent) -> Option<Act> {
        self.0.get(event as usize).copied().flatten()
    }

    /// The answer to one of its events as far as it is known; `None` where it was not begun.
    pub fn submission(&self, event: LifeEvent) -> Option<Submission> {
        self.of(event).map(|act| act.submission())
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
                self.change(*action, at, |act| {
                    if act.submission() == Submission::Unsent {
                        act.progress = Progress::MayBeCommitted;
                    }
                });
            }
            Event::Answered { action, submission, .. } => {
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
    fn begin(&mut self, event: LifeEvent, new: Act) {
        let Some(slot) = self.0.get_mut(event as usize) else { return };
        match slot.as_mut().filter(|known| known.may_stand()) {
            Some(known) if event == LifeEvent::Cancel && known.submission() == Submission::Indeterminate => {
                known.intended_at = new.intended_at;
                known.progress = Progress::MayBeCommitted;
            }
            Some(_) => {}
            None => *slot = Some(new),
        }
    }

    /// Changes an act, begun at this moment where no entry said so.
    fn change(&mut self, event: LifeEvent, at: DateTime<Utc>, change: impl FnOnce(&mut Act)) {
        if let Some(slot) = self.0.get_mut(event as usize) {
            change(slot.get_or_insert(Act::new(at, at, Progress::MayBeCommitted)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Acts;
    use crate::model::{Captures, Event, HandedOver, LifeEvent, ProbeIndex, Submission};
    use chrono::{DateTime, Utc};

    const PROBE: ProbeIndex = ProbeIndex(0);

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn sending(action: LifeEvent, seconds: i64, tells_commit: bool) -> Event {
        Event::Sending { probe: PROBE, action, intended_at: at(seconds), tells_commit }
    }

    fn committing(action: LifeEvent) -> Event {
        Event::Committing { probe: PROBE, action, captures: Captures::default() }
    }

    fn named(action: LifeEvent) -> Event {
        let file = HandedOver { step: 0, first: 1, sets: 1, file: "x.edi".to_owned() };
        Event::Named { probe: PROBE, action, captures: Captures::default(), handed_over: Some(file) }
    }

    fn answered(action: LifeEvent, submission: Submission) -> Event {
        let (reason, captures, steps) = (None, Captures::default(), Vec::new());
        Event::Answered { probe: PROBE, action, submission, reason, captures, steps }
    }

    /// When it was intended, when sent, and what is known of it; entries are a second apart, from ten on.
    fn after(action: LifeEvent, events: &[Event]) -> (i64, i64, Submission) {
        let mut acts = Acts::default();
        for (n, event) in (10..).zip(events) {
            acts.take(at(n), event);
        }
        for other in LifeEvent::ALL.iter().filter(|other| **other != action) {
            assert_eq!(acts.of(*other), None);
        }
        let act = acts.of(action).unwrap();
        assert_eq!(act.is_unanswered(), act.answer().is_none() && act.submission() == Submission::Indeterminate);
        (act.intended_at.timestamp(), act.sent_at.timestamp(), act.submission())
    }

    #[test]
    fn nothing_is_sent_until_something_may_be_committed_and_then_it_is_the_first_attempt_for_good() {
        use Submission::{Indeterminate, Unsent};
        for action in [LifeEvent::Enroll, LifeEvent::ChangeAddress] {
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
    fn what_is_taken_stays_taken_and_what_was_refused_is_begun_anew() {
        use Submission::{Accepted, Indeterminate, Rejected};
        let cancel = LifeEvent::Cancel;
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

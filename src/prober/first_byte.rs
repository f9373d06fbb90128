//! Whether anything of an enrollment may have left: known here, and asked by whatever says how a process ends.

use crate::model::{Event, JourneyStep, Submission};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Whether a run has sent anything; clones tell of the same run. While a flow is under way it may have, so that whatever breaks
/// off in between counts as sent.
#[derive(Debug, Clone, Default)]
pub struct FirstByte(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    left: AtomicBool,
    under_way: AtomicU32,
}

impl FirstByte {
    /// Whether anything has left, or may have.
    pub fn has_left(&self) -> bool {
        self.0.left.load(Ordering::SeqCst) || self.0.under_way.load(Ordering::SeqCst) > 0
    }

    /// A flow sets out.
    pub(super) fn set_out(&self) -> Flow {
        self.0.under_way.fetch_add(1, Ordering::SeqCst);
        Flow { of: self.clone(), sent: true }
    }

    /// Takes in what an earlier process wrote down: an intent without an answer may have been sent.
    pub(super) fn replay<'a>(&self, events: impl Iterator<Item = &'a Event>) {
        let mut open = 0_i64;
        let mut left = false;
        for event in events {
            match event {
                Event::Sending { action: JourneyStep::ENROLL, .. } => open += 1,
                Event::Answered { action: JourneyStep::ENROLL, submission, steps, .. } => {
                    open -= 1;
                    left |= *submission != Submission::Unsent || steps.iter().any(|step| step.requests > 0);
                }
                _ => {}
            }
        }
        if left || open > 0 {
            self.0.left.store(true, Ordering::SeqCst);
        }
    }
}

/// A flow under way: sent, unless its end says otherwise.
pub(super) struct Flow {
    of: FirstByte,
    sent: bool,
}

impl Flow {
    /// The flow came to its end, and says whether anything left.
    pub(super) fn ended(mut self, sent: bool) {
        self.sent = sent;
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        // in this order: at no moment is a byte that left not known
        if self.sent {
            self.of.0.left.store(true, Ordering::SeqCst);
        }
        self.of.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::FirstByte;
    use crate::model::{Captures, Event, JourneyStep, ProbeIndex, StepTiming, Submission};
    use chrono::DateTime;

    const ENROLL: JourneyStep = JourneyStep::ENROLL;

    fn sending() -> Event {
        Event::Sending { probe: ProbeIndex(0), action: ENROLL, intended_at: DateTime::UNIX_EPOCH, tells_commit: false }
    }

    fn answered(submission: Submission, requests: u32) -> Event {
        let step = StepTiming { step: "apply".to_owned(), micros: 1, status: None, ok: false, requests };
        let (reason, captures) = (None, Captures::default());
        Event::Answered { probe: ProbeIndex(0), action: ENROLL, submission, reason, captures, steps: vec![step] }
    }

    #[test]
    fn a_flow_under_way_or_broken_off_may_have_sent_and_one_that_ended_says_so() {
        let first = FirstByte::default();
        assert!(!first.has_left());
        let flow = first.set_out();
        assert!(first.has_left());
        flow.ended(false);
        assert!(!first.has_left());
        drop(first.set_out());
        assert!(first.has_left(), "broken off");
    }

    #[test]
    fn an_intent_without_an_answer_may_have_been_sent() {
        let cases = [
            (vec![], false),
            (vec![sending()], true),
            (vec![sending(), answered(Submission::Unsent, 0)], false),
            (vec![sending(), answered(Submission::Unsent, 1)], true),
            (vec![sending(), answered(Submission::Rejected, 0)], true),
        ];
        for (events, expected) in cases {
            let first = FirstByte::default();
            first.replay(events.iter());
            assert_eq!(first.has_left(), expected, "{events:?}");
        }
    }
}

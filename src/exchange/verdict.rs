//! What the end of a step means for the submission.

use crate::model::{LifeEvent, Submission};
use crate::target::{Answer, Flow, FlowStep, StepKind};
use std::time::Duration;

/// How a step came to its end.
#[derive(Debug)]
pub(super) enum End {
    /// The answer is what the step expects.
    Held(Box<Answer>),
    /// The step held, and there is nothing to be taken from an answer.
    Done,
    /// A definite no to the step's request.
    Refused(String),
    /// A definite no to the whole flow, in the words that the target names: whatever was answered before, nothing exists.
    Declined(String),
    /// An answer came, and what the step looks for cannot be read in it: neither yes nor no.
    Unreadable(String),
    /// The far side said that it did not process the request (429; 503 with `Retry-After`).
    Unprocessed {
        /// Why, in words.
        reason: String,
        /// How long it wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// Nothing was sent: no connection, or nothing that could be sent. `temporary`: it may go better next time.
    Unsent {
        /// Why, in words.
        reason: String,
        /// Whether another attempt makes sense.
        temporary: bool,
    },
    /// Something was sent and no answer came that could be trusted.
    Lost {
        /// Why, in words.
        reason: String,
        /// Whether the same request may be answered another time (time-out, broken connection, 5xx).
        transient: bool,
        /// How long the far side wants to be left alone.
        retry_after: Option<Duration>,
    },
}

impl End {
    /// Why the step did not hold, where it did not.
    pub(super) fn reason(&self) -> Option<&str> {
        match self {
            Self::Held(_) | Self::Done => None,
            Self::Refused(reason)
            | Self::Declined(reason)
            | Self::Unreadable(reason)
            | Self::Unprocessed { reason, .. }
            | Self::Unsent { reason, .. }
            | Self::Lost { reason, .. } => Some(reason),
        }
    }

    /// The same, with the step's name before its reason.
    pub(super) fn named(self, step: &str) -> Self {
        let named = |reason: String| format!("{step}: {reason}");
        match self {
            Self::Held(_) | Self::Done => self,
            Self::Refused(reason) => Self::Refused(named(reason)),
            Self::Declined(reason) => Self::Declined(named(reason)),
            Self::Unreadable(reason) => Self::Unreadable(named(reason)),
            Self::Unprocessed { reason, retry_after } => Self::Unprocessed { reason: named(reason), retry_after },
            Self::Unsent { reason, temporary } => Self::Unsent { reason: named(reason), temporary },
            Self::Lost { reason, transient, retry_after } => {
                Self::Lost { reason: named(reason), transient, retry_after }
            }
        }
    }

    /// The pause the far side asks for.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unprocessed { retry_after, .. } | Self::Lost { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// What the steps before have left behind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Trail {
    /// A request that may enroll may have reached the far side.
    pub(super) touched: bool,
    /// The step that the flow declares to be the committing one was answered as expected; where it declares none, one that created
    /// something or told an id.
    pub(super) committed: bool,
}

/// Whether the enrollment may exist once this step's request has been sent: from the first step on that the flow declares
/// so, or where it declares none, after every request that is not safe by HTTP and every file that is handed over.
pub(super) fn may_enroll(flow: &Flow, at: usize) -> bool {
    let Some(step) = flow.steps.get(at) else { return false };
    match flow.steps.iter().position(|s| s.commits == Some(true)) {
        Some(first) => at >= first,
        None => step.commits != Some(false) && !is_safe(step),
    }
}

/// Whether the step changes nothing at the far side: its method does not (RFC 9110 section 9.2.1).
pub(super) fn is_safe(step: &FlowStep) -> bool {
    match &step.kind {
        StepKind::Request(request) => matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS"),
        StepKind::HandOver(_) => false,
    }
}

/// Whether a cancellation was answered with a status of success and not as its step expects: the one says yes, the other no, so that
/// somebody has to look whether the household went.
pub(super) fn is_doubtful_no(event: LifeEvent, end: &End, status: Option<u16>) -> bool {
    let succeeded = status.is_some_and(|status| (200..300).contains(&status));
    event == LifeEvent::Cancel && succeeded && matches!(end, End::Refused(_))
}

/// The submission's verdict when a step ends the flow. `enrolls`: the step itself may enroll. `denied`: the no is to who asks, or to
/// how and where, and says nothing of the application.
pub(super) fn verdict(end: &End, trail: Trail, enrolls: bool, denied: bool) -> Submission {
    match end {
        End::Held(_) | End::Done => Submission::Accepted,
        End::Refused(_) if denied && trail.touched => Submission::Indeterminate,
        End::Refused(_) if denied => Submission::Unsent,
        // A no to what comes after it says nothing of the enrollment that was confirmed before.
        End::Refused(_) if trail.committed => Submission::Indeterminate,
        End::Refused(_) | End::Declined(_) => Submission::Rejected,
        End::Lost { .. } | End::Unreadable(_) if enrolls || trail.touched => Submission::Indeterminate,
        End::Unprocessed { .. } | End::Unsent { .. } if trail.touched => Submission::Indeterminate,
        End::Lost { .. } | End::Unreadable(_) | End::Unprocessed { .. } | End::Unsent { .. } => Submission::Unsent,
    }
}

#[cfg(test)]
mod tests {
    use super::{End, Trail, verdict};
    use crate::model::Submission::{self, Indeterminate, Rejected, Unsent};

    const FRESH: Trail = Trail { touched: false, committed: false };
    const TOUCHED: Trail = Trail { touched: true, committed: false };
    const COMMITTED: Trail = Trail { touched: true, committed: true };

    fn lost() -> End {
        End::Lost { reason: String::new(), transient: true, retry_after: None }
    }

    fn unsent() -> End {
        End::Unsent { reason: String::new(), temporary: true }
    }

    #[test]
    fn every_end_has_its_verdict() {
        let refused = || End::Refused(String::new());
        let (declined, unreadable) = (|| End::Declined(String::new()), || End::Unreadable(String::new()));
        assert_eq!(verdict(&refused(), FRESH, true, true), Unsent, "nobody was let in");
        assert_eq!(verdict(&refused(), TOUCHED, true, true), Indeterminate);
        let cases: [(End, Trail, bool, Submission); 14] = [
            (refused(), FRESH, true, Rejected),
            (refused(), TOUCHED, true, Rejected),
            (refused(), COMMITTED, true, Indeterminate),
            (declined(), FRESH, true, Rejected),
            (declined(), COMMITTED, true, Rejected),
            (unreadable(), FRESH, false, Unsent),
            (unreadable(), FRESH, true, Indeterminate),
            (unreadable(), COMMITTED, true, Indeterminate),
            (lost(), FRESH, false, Unsent),
            (lost(), FRESH, true, Indeterminate),
            (lost(), TOUCHED, false, Indeterminate),
            (unsent(), FRESH, true, Unsent),
            (unsent(), TOUCHED, true, Indeterminate),
            (End::Unprocessed { reason: String::new(), retry_after: None }, FRESH, true, Unsent),
        ];
        for (end, trail, enrolls, expected) in cases {
            assert_eq!(verdict(&end, trail, enrolls, false), expected, "{end:?} {trail:?} {enrolls}");
        }
    }
}

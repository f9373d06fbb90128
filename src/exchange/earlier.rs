//! What earlier attempts at a flow may have left behind at the exchange.

use super::verdict::End;
use crate::model::Submission;
use std::time::Duration;

/// What is known of attempts before this one, by this process or another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Earlier {
    /// There was one: every step before the first that may enroll may have been carried out.
    pub was_begun: bool,
    /// So long ago one began that may have enrolled, and was not heard of.
    pub may_be_committed: Option<Duration>,
}

impl Earlier {
    /// Whether a step may have been carried out before. `enrolls`: the step itself may enroll.
    pub(super) fn may_have_done(self, enrolls: bool) -> bool {
        if enrolls { self.may_be_committed.is_some() } else { self.was_begun }
    }

    /// The verdict on a step that would be `submission` if this were the first attempt. A no to what may be done already is none, but
    /// for the answer that a known key is given again; a conflict never is.
    pub(super) fn mend(self, submission: Submission, end: &End, (enrolls, status): (bool, Option<u16>)) -> Submission {
        let is_no_answer = |done: bool| done && (!enrolls || status == Some(409));
        match end {
            End::Held(_) | End::Done | End::Declined(_) => submission,
            End::Refused(_) if submission == Submission::Rejected => {
                if is_no_answer(self.may_have_done(enrolls)) {
                    Submission::Indeterminate
                } else {
                    submission
                }
            }
            _ if self.may_be_committed.is_some() => Submission::Indeterminate,
            _ => submission,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Earlier, End};
    use crate::model::Submission::{self, Accepted, Indeterminate, Rejected, Unsent};
    use std::time::Duration;

    const BEGUN: Earlier = Earlier { was_begun: true, may_be_committed: None };
    const COMMITTED: Earlier = Earlier { was_begun: true, may_be_committed: Some(Duration::from_mins(1)) };

    #[test]
    fn a_no_to_what_an_earlier_attempt_may_have_done_is_none() {
        let cases: [(Earlier, Submission, End, bool, u16, Submission); 12] = [
            (BEGUN, Unsent, End::Refused(String::new()), false, 401, Unsent),
            (Earlier::default(), Rejected, End::Refused(String::new()), false, 409, Rejected),
            (BEGUN, Rejected, End::Refused(String::new()), false, 422, Indeterminate),
            (BEGUN, Rejected, End::Refused(String::new()), true, 409, Rejected),
            (BEGUN, Unsent, End::Unreadable(String::new()), false, 200, Unsent),
            (BEGUN, Accepted, End::Done, true, 200, Accepted),
            (COMMITTED, Rejected, End::Refused(String::new()), false, 422, Indeterminate),
            (COMMITTED, Rejected, End::Refused(String::new()), true, 409, Indeterminate),
            (COMMITTED, Rejected, End::Refused(String::new()), true, 422, Rejected),
            (COMMITTED, Rejected, End::Declined(String::new()), true, 200, Rejected),
            (COMMITTED, Unsent, End::Refused(String::new()), true, 401, Indeterminate),
            (COMMITTED, Unsent, End::Unsent { reason: String::new(), temporary: true }, false, 0, Indeterminate),
        ];
        for (earlier, submission, end, enrolls, status, expected) in cases {
            let mended = earlier.mend(submission, &end, (enrolls, Some(status)));
            assert_eq!(mended, expected, "{earlier:?} {end:?} {status}");
        }
    }
}

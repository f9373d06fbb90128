//! Answers in a row that say it is no use, or not safe, to go on.

use super::first_byte::FirstByte;
use crate::exchange::{Answered, Obstacle};
use crate::model::{Submission, SubmissionExpected};
use std::sync::{Mutex, PoisonError};

/// So many flows in a row that could not even begin: the exchange is not there, and the rest would fare no better.
const UNSENT_IN_A_ROW: u32 = 5;
/// So many answers in a row that nobody can trust: going on would leave people nobody knows of.
const INDETERMINATE_IN_A_ROW: u32 = 20;
/// So many households in a row that were not let in, or asked where nothing is: a wrong password locks accounts, and neither says
/// anything of the pipeline.
const DENIED_IN_A_ROW: u32 = 3;
/// Where the first so many are all refused, the mistake is ours.
const REFUSED_FROM_THE_FIRST: u32 = 40;

/// Why submitting ended before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CutShort {
    pub(super) reason: String,
    pub(super) kind: Kind,
}

/// What the end of submitting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing has left, and the target says something that nobody can do.
    TargetFault,
    /// Nothing has left: the exchange is not there.
    NotThere,
    /// Something has left: the harness stops itself.
    Safety,
}

/// What the answers so far come to.
#[derive(Debug)]
pub(super) struct Streaks {
    first_byte: FirstByte,
    expected: SubmissionExpected,
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    answers: u32,
    rejected: u32,
    unsent: u32,
    indeterminate: u32,
    denied: u32,
    /// The latest trouble, with its words.
    latest: Option<(Obstacle, String)>,
    /// A fault of the target, with its words.
    of_target: Option<String>,
    /// The first streak that was long enough: what comes afterwards from flows under way does not undo it.
    cut: Option<String>,
}

impl Streaks {
    pub(super) fn new(first_byte: FirstByte, expected: SubmissionExpected) -> Self {
        Self { first_byte, expected, counted: Mutex::default() }
    }

    /// Takes in what a flow came to. What was cut off because the run is being ended says nothing of the target or the exchange.
    pub(super) fn count(&self, answered: &Ended) {
        if answered.obstacle == Some(Obstacle::Ended) {
            return;
        }
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.add(answered);
        if counted.cut.is_none() {
            counted.cut = counted.reason(self.expected);
        }
    }

    /// Whether to go on: `None` where a streak does not forbid it.
    pub(super) fn cut_short(&self) -> Option<CutShort> {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let reason = counted.cut.clone()?;
        let kind = match &counted.of_target {
            _ if self.first_byte.has_left() => Kind::Safety,
            Some(_) => Kind::TargetFault,
            None => Kind::NotThere,
        };
        Some(CutShort { reason, kind })
    }

    /// What it came to when every flow has ended: also a few households that nothing could be sent for say what is wrong with
    /// the target.
    pub(super) fn at_the_end(&self) -> Option<CutShort> {
        let fault = || {
            let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
            let reason = counted.of_target.clone().filter(|_| !self.first_byte.has_left())?;
            Some(CutShort { reason, kind: Kind::TargetFault })
        };
        fault().or_else(|| self.cut_short())
    }
}

/// What a flow came to, as far as streaks count it.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    pub(super) submission: Submission,
    pub(super) obstacle: Option<Obstacle>,
    pub(super) reason: String,
}

impl From<&Answered> for Ended {
    fn from(answered: &Answered) -> Self {
        let reason = answered.reason.clone().unwrap_or_default();
        Self { submission: answered.submission, obstacle: answered.obstacle, reason }
    }
}

impl Counted {
    fn add(&mut self, ended: &Ended) {
        let step = |streak: u32, goes_on: bool| if goes_on { streak + 1 } else { 0 };
        let denied = ended.obstacle.is_some_and(Obstacle::is_to_nobody);
        self.answers += 1;
        self.rejected += u32::from(ended.submission == Submission::Rejected);
        self.unsent = step(self.unsent, ended.submission == Submission::Unsent);
        self.indeterminate = step(self.indeterminate, ended.submission == Submission::Indeterminate);
        self.denied = step(self.denied, denied);
        let Some(obstacle) = ended.obstacle else { return };
        self.latest = Some((obstacle, ended.reason.clone()));
        if obstacle.is_of_target() {
            self.of_target.get_or_insert_with(|| format!("{}; {}", ended.reason, obstacle.advice()));
        }
    }

    fn reason(&self, expected: SubmissionExpected) -> Option<String> {
        let refused = self.rejected >= REFUSED_FROM_THE_FIRST && self.rejected == self.answers;
        let times = if self.denied >= DENIED_IN_A_ROW {
            in_a_row(self.denied)
        } else if self.unsent >= UNSENT_IN_A_ROW {
            in_a_row(self.unsent)
        } else if self.indeterminate >= INDETERMINATE_IN_A_ROW {
            in_a_row(self.indeterminate)
        } else if refused && expected == SubmissionExpected::Accepted {
            format!("for {} of {} households", self.rejected, self.answers)
        } else {
            return None;
        };
        let (obstacle, words) = self.latest.as_ref()?;
        Some(format!("{} {times}, and nothing more was sent: {words}; {}", obstacle.happened(), obstacle.advice()))
    }
}

fn in_a_row(times: u32) -> String {
    format!("{times} times in a row")
}

#[cfg(test)]
mod tests {
    use super::{Ended, FirstByte, Kind, Streaks};
    use crate::exchange::Obstacle::{
        self, Answered, Denied, Misaddressed, NoAnswer, NotAllowed, NotConnected, Refused,
    };
    use crate::model::Submission::{self, Accepted, Indeterminate, Rejected, Unsent};
    use crate::model::SubmissionExpected;

    fn ended(submission: Submission, obstacle: Obstacle) -> Ended {
        let obstacle = Some(obstacle).filter(|_| submission != Accepted);
        Ended { submission, obstacle, reason: "apply: why".to_owned() }
    }

    /// After how many of these submitting ends, how, and with which words.
    fn cut(sent: bool, expected: SubmissionExpected, one: &Ended) -> Option<(u32, Kind, String)> {
        let first_byte = FirstByte::default();
        first_byte.set_out().ended(sent);
        let streaks = Streaks::new(first_byte, expected);
        (1..=60).find_map(|n| {
            streaks.count(one);
            streaks.cut_short().map(|cut| (n, cut.kind, cut.reason))
        })
    }

    #[test]
    fn each_streak_ends_submitting_after_its_number_and_says_what_happened() {
        let cases = [
            (true, ended(Unsent, Denied), 3, Kind::Safety, "refused to let us in 3 times in a row"),
            (true, ended(Indeterminate, Denied), 3, Kind::Safety, "check the user, password or token"),
            (
                true,
                ended(Unsent, Misaddressed),
                3,
                Kind::Safety,
                "had nothing at the address of a step 3 times in a row",
            ),
            (true, ended(Unsent, Answered(503)), 5, Kind::Safety, "the exchange answered 503 5 times in a row"),
            (true, ended(Unsent, Answered(429)), 5, Kind::Safety, "lower `limits.rate`"),
            (true, ended(Unsent, NotAllowed), 5, Kind::Safety, "`allow_hosts` forbids"),
            (true, ended(Indeterminate, NoAnswer), 20, Kind::Safety, "gave no answer 20 times in a row"),
            (true, ended(Rejected, Refused), 40, Kind::Safety, "refused the application for 40 of 40 households"),
            (false, ended(Unsent, NotConnected), 5, Kind::NotThere, "could not be reached 5 times in a row"),
            (false, ended(Unsent, NotAllowed), 5, Kind::TargetFault, "apply: why"),
        ];
        for (sent, one, after, kind, words) in cases {
            let (n, found, reason) = cut(sent, SubmissionExpected::Accepted, &one).expect("an end");
            assert_eq!((n, found), (after, kind), "{one:?}");
            assert!(reason.contains(words), "`{words}` is not in `{reason}`");
        }
    }

    #[test]
    fn refusals_that_the_scenario_wants_or_that_come_after_an_acceptance_end_nothing() {
        assert_eq!(cut(true, SubmissionExpected::Rejected, &ended(Rejected, Refused)), None);
        let streaks = Streaks::new(FirstByte::default(), SubmissionExpected::Accepted);
        streaks.count(&ended(Accepted, Refused));
        (0..60).for_each(|_| streaks.count(&ended(Rejected, Refused)));
        assert_eq!(streaks.cut_short(), None);
    }

    #[test]
    fn an_answer_of_another_kind_begins_a_streak_anew_and_an_end_stands() {
        let streaks = Streaks::new(FirstByte::default(), SubmissionExpected::Accepted);
        for _ in 0..30 {
            (0..2).for_each(|_| streaks.count(&ended(Unsent, Denied)));
            streaks.count(&ended(Accepted, Denied));
        }
        assert_eq!(streaks.cut_short(), None);
        (0..3).for_each(|_| streaks.count(&ended(Unsent, Denied)));
        streaks.count(&ended(Accepted, Denied));
        assert!(streaks.cut_short().is_some(), "what was under way does not undo it");
    }

    #[test]
    fn what_is_cut_off_because_the_run_is_being_ended_is_nobodys_fault() {
        let streaks = Streaks::new(FirstByte::default(), SubmissionExpected::Accepted);
        (0..2).for_each(|_| streaks.count(&ended(Unsent, NotConnected)));
        for submission in [Unsent, Indeterminate] {
            (0..60).for_each(|_| streaks.count(&ended(submission, Obstacle::Ended)));
        }
        assert_eq!((streaks.cut_short(), streaks.at_the_end()), (None, None));
        (0..3).for_each(|_| streaks.count(&ended(Unsent, NotConnected)));
        assert!(streaks.cut_short().is_some(), "and it breaks no streak");
    }

    #[test]
    fn a_fault_of_the_target_among_few_households_is_told_where_nothing_has_left() {
        let first_byte = FirstByte::default();
        let streaks = Streaks::new(first_byte.clone(), SubmissionExpected::Accepted);
        streaks.count(&ended(Unsent, Obstacle::Unwritable));
        assert_eq!(streaks.cut_short(), None);
        assert_eq!(streaks.at_the_end().map(|cut| cut.kind), Some(Kind::TargetFault));
        drop(first_byte.set_out());
        assert_eq!(streaks.at_the_end(), None);
    }
}

//! What a check of acknowledgements against the file they answer finds.

use super::damage::AckDamage;
use super::record::{InterchangeAck, plain_number};
use crate::wire::x12::Location;
use std::fmt;

/// A transaction set of the file that is answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SetName {
    /// GS01.
    pub functional_id: String,
    /// GS06, as it is written.
    pub group: String,
    /// ST02, as it is written.
    pub set: String,
}

impl SetName {
    /// The name under which a set and what is said of it find each other: without leading zeros, which one may write and
    /// the other leave out.
    pub(super) fn plain(&self) -> Self {
        let plain = |control: &str| plain_number(control).to_owned();
        Self { functional_id: self.functional_id.clone(), group: plain(&self.group), set: plain(&self.set) }
    }
}

impl fmt::Display for SetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "transaction set `{}` of group {} `{}`", self.set, self.functional_id, self.group)
    }
}

/// What was said of a set that was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The set.
    pub set: SetName,
    /// Verdict, errors and segments in words, without the values of elements.
    pub words: String,
    /// Where in the acknowledgements.
    pub at: Location,
}

/// What does not fit between the acknowledgements and the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// An acknowledgement of something that is not in the file.
    #[error("{what} is acknowledged and is not in the file ({at})")]
    AnswersNothing {
        /// What.
        what: String,
        /// Where in the acknowledgements.
        at: Location,
    },
    /// Two acknowledgements of one set that do not say the same.
    #[error("{set} is acknowledged twice, differently: {first}, then {second} ({at})")]
    Contradiction {
        /// The set.
        set: SetName,
        /// The first verdict's code.
        first: String,
        /// The second's.
        second: String,
        /// Where the second stands in the acknowledgements.
        at: Location,
    },
    /// A group of an interchange that was rejected: no 999 should follow.
    #[error("{set} is acknowledged although its interchange `{interchange}` was rejected as a whole")]
    AfterRejection {
        /// ISA13.
        interchange: String,
        /// The first such set.
        set: SetName,
    },
    /// A segment in error that the set does not have.
    #[error("{set} has {segments} segments; the acknowledgement names segment {position} ({said})")]
    NoSuchSegment {
        /// The set.
        set: SetName,
        /// IK302.
        position: u32,
        /// IK301.
        said: String,
        /// How many segments the set has, ST and SE included.
        segments: u32,
    },
    /// A segment in error that is another one in the file.
    #[error("segment {position} of {set} is {found}; the acknowledgement names {said}")]
    OtherSegment {
        /// The set.
        set: SetName,
        /// IK302.
        position: u32,
        /// IK301.
        said: String,
        /// What stands there.
        found: String,
    },
    /// A count of AK9 that is not the file's.
    #[error("{element} counts {said} transaction sets of group `{group}`; the file has {found}")]
    Count {
        /// `AK902`, against the group's trailer, or `AK903`, against its sets.
        element: &'static str,
        /// GS06.
        group: String,
        /// What the acknowledgement says.
        said: u32,
        /// What the file has.
        found: u32,
    },
}

/// What acknowledgements say of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Interchanges of the file.
    pub interchanges: u64,
    /// Those that a TA1 accepted.
    pub interchanges_accepted: u64,
    /// What was said of those that a TA1 rejected.
    pub interchanges_rejected: Vec<InterchangeAck>,
    /// Transaction sets of the file.
    pub sets: u64,
    /// Those that were accepted, with or without errors noted.
    pub accepted: u64,
    /// Those that were rejected, alone or with their group.
    pub rejected: Vec<Answered>,
    /// Those that nothing was said of, and that are in no rejected interchange.
    pub silent: Vec<SetName>,
    /// What does not fit.
    pub problems: Vec<Problem>,
    /// What could not be read of the acknowledgements.
    pub damages: Vec<AckDamage>,
}

impl Findings {
    /// Whether every set was accepted, and nothing is wrong with the acknowledgements.
    pub fn is_clean(&self) -> bool {
        self.accepted == self.sets && self.problems.is_empty() && self.damages.is_empty()
    }
}

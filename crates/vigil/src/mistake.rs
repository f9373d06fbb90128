//! What is wrong with what somebody declared, as data: place, found, expected, what to do.

use std::fmt;

/// One thing that was declared and cannot work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// the path of the key, as `schedule.cron`; whoever read the file knows where it stands
    pub place: String,
    /// what stands there
    pub found: String,
    /// what would be accepted
    pub expected: String,
    /// what to do about it
    pub help: String,
}

impl Mistake {
    pub(crate) fn new(place: &str, found: impl Into<String>, expected: impl Into<String>, help: &str) -> Self {
        Self { place: place.to_owned(), found: found.into(), expected: expected.into(), help: help.to_owned() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at `{}`, expected {}; {}", self.found, self.place, self.expected, self.help)
    }
}

impl std::error::Error for Mistake {}

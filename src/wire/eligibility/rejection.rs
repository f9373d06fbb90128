//! AAA: a request, or a part of one, that was not answered.

use super::codes::{follow_up_words, reject_words};
use super::person::Level;
use crate::model::Evidence;
use std::fmt;
use std::time::Duration;

/// A rejection. Where it stands decides what it means (005010X279A1: AAA in 2000A, 2100A, 2100B, 2100C, 2100D, 2110C and
/// 2110D).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Whom it is about.
    pub level: Level,
    /// Loop, such as `2100C`.
    pub in_loop: &'static str,
    /// AAA03, the reason.
    pub code: String,
    /// AAA04, what is to be done.
    pub follow_up: String,
    /// Number of the segment in its set, ST being 1.
    pub segment: u32,
}

/// What a rejection says about the person who was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// The payer knows nobody under what was sent: an answer.
    NotFound,
    /// The question was not answered: nothing is known of the person.
    NotAnswered,
}

impl Rejection {
    /// What it says about the person. An id, name or birth date that the payer does not know is an answer, for the key that
    /// was sent is the one under which coverage had to be found; anything about provider, dates or the payer's own
    /// state is none. Of `76` and `68` (several have this id) nothing follows about the one who was meant.
    pub(super) fn sense(&self) -> Sense {
        let about_person = matches!(self.level, Level::Subscriber | Level::Dependent);
        let unknown_key = matches!(
            self.code.as_str(),
            "58" | "64" | "65" | "66" | "67" | "71" | "72" | "73" | "74" | "75" | "77" | "78"
        );
        if about_person && unknown_key { Sense::NotFound } else { Sense::NotAnswered }
    }

    /// How long the payer asks to be left alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let days = |n: u64| Some(Duration::from_hours(24 * n));
        match self.follow_up.as_str() {
            "W" => days(30),
            "X" => days(10),
            _ => None,
        }
    }

    /// What the target's author can do, where the fault is in what was asked.
    pub(super) fn remedy(&self) -> Option<&'static str> {
        match (self.level, self.code.as_str()) {
            (Level::Source, "42" | "80") => None,
            (Level::Source | Level::Receiver, _) => Some("check payer, provider, sender and receiver of the waypoint"),
            (_, "43" | "44" | "45" | "46" | "47" | "48" | "49" | "51" | "97") => Some("check the waypoint's provider"),
            (_, "56" | "57" | "62" | "63") => Some("ask for another date (`date`)"),
            (_, "68" | "76") => Some("several people have this id; ask by name and birth date (`ask_by`)"),
            _ => None,
        }
    }
}

impl fmt::Display for Rejection {
    /// `AAA 75 in 2100C: subscriber not found; please correct and resubmit`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = reject_words(&self.code).unwrap_or("a reason that is not in the code list");
        write!(f, "AAA {} in {}: {reason}", Evidence::code(&self.code), self.in_loop)?;
        follow_up_words(&self.follow_up).map_or(Ok(()), |words| write!(f, "; {words}"))
    }
}

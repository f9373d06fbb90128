//! What a receiver said of a message that held a record of ours.

use super::{Place, ProbeIndex, RecordKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An acknowledgement of a message of ours: of its transaction set, of the functional group or of the interchange it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Index of the waypoint where it was seen.
    pub waypoint: u16,
    /// Whose message it answers.
    pub probe: ProbeIndex,
    /// What the message says.
    pub kind: RecordKind,
    /// Where the message stands: file, interchange, functional group, transaction set.
    pub message: Place,
    /// Whether the message goes on to be processed; with errors noted it does.
    pub is_accepted: bool,
    /// Whether it is refused only because its control number had come before (TA1 note 025, AK905 code 6): a message that
    /// was accepted came again, and what is refused is its copy.
    #[serde(default)]
    pub is_repetition: bool,
    /// Verdict, codes in words, and the segments at fault, without the values of elements.
    pub words: String,
    /// The latest healthy look before it was there.
    pub last_absent_at: Option<DateTime<Utc>>,
    /// The look that found it.
    pub first_seen_at: DateTime<Utc>,
    /// Where the acknowledgement stands.
    pub place: Place,
}

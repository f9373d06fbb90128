//! What a look-up for one probe brought.

use crate::model::GroupRecord;
use std::collections::BTreeSet;
use std::time::Duration;

/// Says whether a record is the probe's own, given how many records the answer held (a lone answer to a probe's own
/// look-up may be recognised by that alone). Records that are not are counted and dropped at once.
pub type Ours<'a> = &'a (dyn Fn(&GroupRecord, usize) -> bool + Sync);

/// The result of one look.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// Records of the probe.
    Found {
        /// At least one; each one enrollment group.
        records: Vec<GroupRecord>,
        /// Groups in the answer that are not the probe's.
        strangers: u64,
    },
    /// A healthy look, and nothing of the probe's there.
    Absent {
        /// Groups in the answer that are not the probe's.
        strangers: u64,
    },
    /// The look failed and says nothing about the probe.
    Blind {
        /// Why, in words without secrets.
        reason: String,
        /// How long the far side asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// No look-up can be asked yet, or ever: these names are not known.
    NotAskable(BTreeSet<String>),
}

//! One transaction on its way to an issuer.

use crate::model::{Field, GroupRecord, IssuerId};
use chrono::{DateTime, Utc};

/// What becomes of the file that a transaction leaves in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum FileFate {
    /// Nothing special: it is shared with everybody's.
    Shared,
    /// A file of its own.
    Alone,
    /// A file of its own, which comes again in the next window.
    ComesTwice,
    /// A file of its own, which comes again so many windows after the cancellation of what it holds.
    ComesBack {
        /// How many, at least one.
        windows: u32,
    },
    /// A file of its own among the weekly retransmissions.
    Retransmitted,
    /// A file of its own, which is cut off before its end.
    CutOff,
    /// A file of its own, the half of which is there at once and the rest some windows later.
    InParts {
        /// How many.
        windows: u32,
    },
}

/// One transaction on its way to an issuer.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Message {
    /// Whose file it goes into.
    pub(in crate::sandbox) issuer: IssuerId,
    pub(in crate::sandbox) record: GroupRecord,
    /// Windows to wait beyond the next.
    pub(in crate::sandbox) windows_to_wait: u32,
    /// Not before this moment.
    pub(in crate::sandbox) not_before: Option<DateTime<Utc>>,
    pub(in crate::sandbox) fate: FileFate,
    /// It waits for its own cancellation to leave first, and so many windows longer.
    pub(in crate::sandbox) after_cancellation: Option<u32>,
    /// Its members go into another household's group, if one leaves with this window or so many later ones.
    pub(in crate::sandbox) merge_within: Option<u32>,
}

impl Message {
    /// A transaction that leaves with the next window.
    pub(in crate::sandbox) fn new(issuer: IssuerId, record: GroupRecord) -> Self {
        Self {
            issuer,
            record,
            windows_to_wait: 0,
            not_before: None,
            fate: FileFate::Shared,
            after_cancellation: None,
            merge_within: None,
        }
    }

    /// The policy it speaks of.
    pub(super) fn policy(&self) -> Option<&str> {
        self.record.facts.text(Field::PolicyId)
    }

    /// The same when no window offered it a group to go into: after the last one that it could wait for it leaves as it is.
    pub(super) fn unmerged(mut self) -> Self {
        self.merge_within = self.merge_within.and_then(|windows| windows.checked_sub(1));
        self
    }

    /// Whether it leaves with a window at this moment.
    pub(super) fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.after_cancellation.is_none()
            && self.windows_to_wait == 0
            && self.not_before.is_none_or(|moment| moment <= now)
    }
}

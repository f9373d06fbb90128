//! What a look-up for one probe brought.

use crate::model::{Captures, CoverageLine, GroupRecord, Household, IssuerId, PlanId};
use crate::net::Trace;
use crate::target::Context;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Says whether a record is the probe's own, given how many records the answer held (a lone answer to a probe's own
/// look-up may be recognised by that alone). Records that are not are counted and dropped at once.
pub type Ours<'a> = &'a (dyn Fn(&GroupRecord, usize) -> bool + Sync);

/// Whom a look is for, and all that is known of them.
#[derive(Debug, Clone)]
pub struct Sought {
    /// What templates may say.
    pub context: Context,
    /// The household.
    pub household: Household,
    /// The plans it chose.
    pub plans: BTreeMap<CoverageLine, PlanId>,
    /// What the exchange told, or sightings taught.
    pub known: Captures,
    /// The issuers' own ids of the members, as earlier waypoints showed them.
    pub issuer_ids: Vec<IssuerMemberId>,
    /// The probe's trace.
    pub trace: Trace,
}

/// An issuer's own id of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerMemberId {
    /// Whose id it is; `None`: not known.
    pub issuer: Option<IssuerId>,
    /// Of which policy, where it is known.
    pub line: Option<CoverageLine>,
    /// The member's place among those who apply.
    pub member: usize,
    /// The id.
    pub id: String,
}

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
    /// A healthy look, and the far side says in words that it knows nobody under what was asked.
    NotKnown {
        /// Its words, without secrets.
        words: String,
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

//! What a look-up for one probe brought.

use crate::model::{Captures, CoverageLine, Field, GroupRecord, Household, IssuerId, PlanId};
use crate::net::Trace;
use crate::target::Context;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Says whether a record is the probe's own, given the answer it stood in. Records that are not are counted and dropped at once.
pub type Ours<'a> = &'a (dyn Fn(&GroupRecord, InAnswer) -> Own + Sync);

/// The answer that a record stood in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InAnswer {
    /// How many records it held.
    pub of: usize,
    /// Whether it was asked for by ids or the marker, and not by what a stranger may share with us, such as name and birth date.
    pub by_id: bool,
    /// Whether answers there have depended on the question so far: who shows the same records to whoever asks lists them.
    pub depends: bool,
}

/// Whether a record is the probe's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// It is.
    Yes,
    /// It may be, and shows too little to tell it from a stranger's.
    Possibly,
    /// It is somebody else's.
    No,
}

/// Keeps the probe's own records and counts the others; beside that those in force that may be its own.
/// How it was asked: by ids or the marker, and where answers depend on the question.
pub(super) fn sift(
    groups: Vec<GroupRecord>,
    (by_id, depends): (bool, bool),
    ours: Ours<'_>,
) -> (Look, Vec<GroupRecord>) {
    let answer = InAnswer { of: groups.len(), by_id, depends };
    let (mut records, mut may_be, mut possible, mut strangers) = (Vec::new(), Vec::new(), false, 0);
    for record in groups {
        match ours(&record, answer) {
            Own::Yes => records.push(record),
            Own::Possibly => {
                possible = true;
                // what has ended leaves nobody in
                may_be.extend(record.is_in_force().then_some(record));
            }
            Own::No => strangers += u64::from(shows_somebody(&record)),
        }
    }
    let look = if records.is_empty() {
        Look::Absent { strangers, possible }
    } else {
        Look::Found { records, strangers, partial: None, possible: !may_be.is_empty() }
    };
    (look, may_be)
}

/// Whether a record says anything beyond whose system it stood in: what says nothing is nobody's.
pub fn shows_somebody(record: &GroupRecord) -> bool {
    let of_group = record.facts.stated().iter().any(|field| field != Field::Issuer);
    of_group || record.members.iter().any(|member| !member.stated().is_empty())
}

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
    /// What templates may say of policies that have ended, so that they are asked for, too.
    pub ended: Vec<Context>,
    /// Every look-up is asked, also after one that finds something.
    pub is_thorough: bool,
    /// What was read before that moment, for everybody at once, says nothing of this look.
    pub no_older_than: Instant,
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
        /// Why the answer shows some and not all that there is, where it does: what it does not show may be there.
        partial: Option<String>,
        /// Something else in force may be the probe's, and shows too little to tell.
        possible: bool,
    },
    /// A healthy look, and nothing of the probe's there.
    Absent {
        /// Groups in the answer that are not the probe's.
        strangers: u64,
        /// Another one may be, and shows too little to tell.
        possible: bool,
    },
    /// Some question of this look was not answered; but this look and those before it were together answered whole, each question
    /// at least once, and nothing of the probe's was there.
    AbsentSince {
        /// How long ago the oldest of these answers came: nothing was there then.
        age: Duration,
        /// Groups in the answers that are not the probe's.
        strangers: u64,
        /// Why a question of this look was not answered.
        reason: String,
        /// How long the far side asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// What a list of everybody says.
    InList {
        /// How long ago the list was asked for.
        age: Duration,
        /// People in it who are none of ours, and of whom nobody was told yet.
        strangers: u64,
        /// What it shows of the probe.
        look: Box<Look>,
    },
    /// A healthy look that found nobody of ours, and words for why that may be: the far side's own, or what is odd about its answer.
    NotKnown {
        /// In words without secrets.
        words: String,
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

#[cfg(test)]
mod tests {
    use super::{Look, Own, sift};
    use crate::model::{Facts, Field, GroupRecord, Place, RecordKind};

    #[test]
    fn a_record_that_shows_nobody_is_nobodys() {
        let of = |facts: &[Field], members: Vec<Facts>| {
            let mut all = Facts::new();
            for field in facts {
                all.set(*field, "x");
            }
            GroupRecord {
                kind: RecordKind::Snapshot,
                event_at: None,
                facts: all,
                members,
                place: Place { source: "answer".to_owned(), ..Place::default() },
            }
        };
        let mut named = Facts::new();
        named.set(Field::NameLast, "Doe");
        let sifted = |record| sift(vec![record], (true, true), &|_, _| Own::No).0;
        let dropped = |strangers| Look::Absent { strangers, possible: false };
        assert_eq!(sifted(of(&[Field::Issuer], vec![Facts::new()])), dropped(0));
        assert_eq!(sifted(of(&[Field::Issuer, Field::PolicyId], vec![])), dropped(1));
        assert_eq!(sifted(of(&[], vec![Facts::new(), named])), dropped(1));
    }

    #[test]
    fn what_may_be_ours_is_told_beside_our_own_while_it_is_in_force() {
        let of = |policy: &str, status: &str| {
            let mut facts = Facts::new();
            facts.set(Field::PolicyId, policy);
            facts.set(Field::PolicyStatus, status);
            let place = Place { source: "answer".to_owned(), ..Place::default() };
            GroupRecord { kind: RecordKind::Snapshot, event_at: None, facts, members: Vec::new(), place }
        };
        let ours = |record: &GroupRecord, _| match record.facts.text(Field::PolicyId) {
            Some("P-1") => Own::Yes,
            _ => Own::Possibly,
        };
        for (status, expected) in [("effectuated", true), ("cancelled", false)] {
            let (look, may_be) = sift(vec![of("P-1", "cancelled"), of("P-9", status)], (true, true), &ours);
            assert!(matches!(look, Look::Found { possible, .. } if possible == expected), "{look:?}");
            assert_eq!(!may_be.is_empty(), expected, "{status}");
        }
    }
}

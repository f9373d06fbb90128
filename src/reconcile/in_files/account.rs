//! What is said of files beside a run.

use crate::model::{
    CoverageLine, Discrepancy, FieldSet, FindingKind, IssuerId, JourneyStep, Place, ProbeIndex, RecordKind,
};
use std::collections::BTreeMap;

/// In what way files do not say of a person what the run expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferingKind {
    /// There, with other values.
    Changed,
    /// In one of the run's groups, and not expected in it.
    Added,
    /// Expected, and not there.
    Missing,
    /// What the judge finds beside these, told of the group's subscriber.
    Found(FindingKind),
}

impl DifferingKind {
    /// Every way in which files can differ; the first three are of single people.
    pub const ALL: [Self; 11] = [
        Self::Changed,
        Self::Added,
        Self::Missing,
        Self::Found(FindingKind::Duplicated),
        Self::Found(FindingKind::Split),
        Self::Found(FindingKind::Merged),
        Self::Found(FindingKind::Misrouted),
        Self::Found(FindingKind::Unexpected),
        Self::Found(FindingKind::Resurrected),
        Self::Found(FindingKind::OutOfOrder),
        Self::Found(FindingKind::IdCollision),
    ];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Missing => "missing",
            Self::Found(kind) => kind.as_str(),
        }
    }
}

/// A person of whom files do not say what the run expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// In what way.
    pub kind: DifferingKind,
    /// Whose household.
    pub probe: ProbeIndex,
    /// Of which coverage.
    pub line: CoverageLine,
    /// The issuer of whom it is expected, where that is known.
    pub issuer: Option<String>,
    /// First and last name.
    pub name: String,
    /// To the subscriber; empty where nothing is said of it.
    pub relationship: String,
    /// Policy id and member id, as the files show them, or else as they are expected; empty where neither is known.
    pub ids: [String; 2],
    /// Where the group begins; of somebody missing, where the group without them or its cancellation begins. What is found
    /// of a group has its places in the note.
    pub place: Option<Place>,
    /// The step of the journey that the record tells of, or that is not told at all; `None` where it is the group's beginning, or nobody can tell.
    pub step: Option<JourneyStep>,
    /// What else there is to say.
    pub note: String,
    /// What differs, group facts at the subscriber, and what an earlier record of the group differed in left out; empty unless
    /// the kind is `Changed`.
    pub fields: Vec<Discrepancy>,
}

/// What files hold of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Who differs, by probe.
    pub differing: Vec<Differing>,
    /// People who are as expected in each record that shows them; one who holds two lines of coverage counts twice.
    pub same: u64,
    /// Values that are only written differently, by a known rule.
    pub equivalences: u64,
    /// Groups and people expected of issuers that none of the files is addressed to.
    pub elsewhere: BTreeMap<IssuerId, (u64, u64)>,
    /// Groups that are not there and need not be: cancelled before they were due, or not known to be accepted.
    pub not_due: u64,
    /// Cancellations and terminations of the run's groups. Whether anybody asked for them is judged; what little they show
    /// is not compared.
    pub taken_out: u64,
    /// Records of the run's groups after the first that say a group again, by kind; each was compared, too.
    pub again: BTreeMap<RecordKind, u64>,
    /// Of these, those in files of retransmissions, which are no copies.
    pub retransmitted: u64,
    /// Renewals into another year than the run expects, which are not compared.
    pub renewals: u64,
    /// Fields that the run expects and that no compared record of the files states.
    pub not_shown: FieldSet,
    /// Fields that the run expects and that were not to be compared.
    pub ignored: FieldSet,
}

impl Account {
    /// How many differ in this way.
    pub fn count(&self, kind: DifferingKind) -> usize {
        self.differing.iter().filter(|one| one.kind == kind).count()
    }

    /// Whether there was anybody to look for in these files.
    pub fn is_of_anybody(&self) -> bool {
        self.same > 0 || !self.differing.is_empty()
    }
}

//! What is said of files beside a run.

use crate::model::{CoverageLine, Discrepancy, FieldSet, IssuerId, Place, ProbeIndex};
use std::collections::BTreeMap;

/// In what way files do not say of a person what the run expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferingKind {
    /// Expected, and not there.
    Missing,
    /// There, with other values.
    Changed,
    /// In one of the run's groups, and not expected in it.
    Added,
    /// The subscriber of a group whose enrollment is there once more.
    Repeated,
    /// The subscriber of a group of which the exchange took no application.
    Unexpected,
}

impl DifferingKind {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Repeated => "repeated",
            Self::Unexpected => "unexpected",
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
    /// Where the group begins; of somebody missing, where the group without them or its cancellation begins.
    pub place: Option<Place>,
    /// What else there is to say.
    pub note: &'static str,
    /// What differs, group facts at the subscriber; empty unless the kind is `Changed`.
    pub fields: Vec<Discrepancy>,
}

/// What files hold of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Who differs, by probe.
    pub differing: Vec<Differing>,
    /// People who are as expected; one who holds two lines of coverage counts twice.
    pub same: u64,
    /// Values that are only written differently, by a known rule.
    pub equivalences: u64,
    /// Groups and people expected of issuers that none of the files is addressed to.
    pub elsewhere: BTreeMap<IssuerId, (u64, u64)>,
    /// Groups that are not there and need not be: cancelled before they were due, or not known to be accepted.
    pub not_due: u64,
    /// Cancellations and terminations of the run's groups; they show little, and are counted only.
    pub taken_out: u64,
    /// Records of the run's groups after the first, which is the one compared.
    pub later: u64,
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

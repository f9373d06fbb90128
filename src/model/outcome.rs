//! Judgements: did it arrive, is it intact, what else was found.

use super::field::{Field, Severity};
use super::position::Position;
use super::words::words;
use serde::{Deserialize, Serialize};

words! {
    /// Whether a group arrived at a waypoint in time.
    Arrival {
        /// Seen by the limit.
        OnTime = "on_time",
        /// Seen, and it was still absent at the limit.
        Late = "late",
        /// Not seen by a healthy look after the limit and its grace.
        Missing = "missing",
        /// Not seen yet; the limit or its grace has not passed.
        Pending = "pending",
        /// The limit falls between last absent and first seen.
        Undecided = "undecided",
        /// The waypoint could not be read when it mattered.
        Blind = "blind",
        /// Cut off by an earlier step, such as a refused submission.
        NotDue = "not_due",
    }
}

words! {
    /// Whether there is an enrollment, whatever the exchange answered: what exists is what can be lost or changed.
    Existence {
        /// The exchange accepted the application.
        Accepted = "accepted",
        /// It did not, or nobody knows, and a record of it was recognised somewhere.
        Seen = "seen",
        /// It gave no answer that can be trusted, nothing of it was seen, and nobody can say whether it was taken.
        Unknown = "unknown",
        /// The same, and a healthy look at what the exchange itself holds did not find it after limit and grace.
        NotTaken = "not_taken",
        /// It was refused or never sent, and nothing of it was seen.
        No = "no",
    }
}

words! {
    /// Whether what arrived is what was sent.
    Integrity {
        /// Every field that could be compared is equal or equivalent, or differs only in ways that are minor.
        Intact = "intact",
        /// Some field differs.
        Altered = "altered",
    }
}

words! {
    /// By what a record was recognised, strongest first.
    MatchTier {
        /// Policy, subscriber or member ids that the exchange assigned.
        ExchangeIds = "exchange_ids",
        /// The application's id.
        ApplicationId = "application_id",
        /// The probe's marker (its mailbox).
        Marker = "marker",
        /// A Social Security number.
        Ssn = "ssn",
        /// Name and birth date, with plan or address where several fit.
        NameAndBirthDate = "name_and_birth_date",
        /// It was the only answer to this probe's own look-up.
        LookUp = "look_up",
    }
}

words! {
    /// Something that should not be there, or not like this.
    FindingKind {
        /// The same enrollment more than once.
        Duplicated = "duplicated",
        /// At another issuer than the plan's.
        Misrouted = "misrouted",
        /// Rejected, never submitted, or cancelled, and present all the same: a ghost.
        Unexpected = "unexpected",
        /// One household in several groups where one was expected.
        Split = "split",
        /// Several households in one group.
        Merged = "merged",
        /// One id given to two people, or households shown under each other's ids.
        IdCollision = "id_collision",
        /// Messages in an order that left the wrong state: a cancellation before its enrollment, or a step behind a later one.
        OutOfOrder = "out_of_order",
        /// Seen, then gone.
        Flapping = "flapping",
        /// A system that showed what a step made of it, and then again what was before.
        Stale = "stale",
        /// Judged missing, and came later.
        Recovered = "recovered",
        /// Not cancelled at the end, or not provably.
        Residue = "residue",
        /// Its receiver refused the message: by a TA1 the interchange, by a 999 the functional group or the transaction set.
        RejectedByAck = "rejected_by_ack",
        /// It stands in a file, or a part of one, that a receiver refuses.
        Damaged = "damaged",
        /// The exchange refused a change.
        ChangeRefused = "change_refused",
        /// A change that somebody else received: another person of the household, or another household.
        WrongMember = "wrong_member",
        /// Seen gone or taken out, and in force again, though nobody asked for that.
        Resurrected = "resurrected",
        /// The exchange itself says that it enrolled another plan, or from another day, than it was asked for, or from a day that no rule allows.
        EnrolledOtherwise = "enrolled_otherwise",
    }
}

/// One field on which expectation and sighting differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// The member as people call it (`2 Mary Doe`), empty for a group field.
    pub member: String,
    /// The field.
    pub field: Field,
    /// What was expected; `null`: none.
    pub expected: Option<String>,
    /// What was found; `null`: none.
    pub found: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// Where in the transaction set the found value stands, or should: known of files only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Position>,
}

impl Discrepancy {
    /// Whether both say the same of the same member and field, wherever it was found.
    pub fn is_same(&self, other: &Self) -> bool {
        let said = |d: &Self| (d.field, d.severity);
        said(self) == said(other)
            && (&self.member, &self.expected, &self.found) == (&other.member, &other.expected, &other.found)
    }
}

/// A difference that a named rule explains; counted and shown, no error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equivalence {
    /// The member, empty for a group field.
    pub member: String,
    /// The field.
    pub field: Field,
    /// The rule, such as `letter_case`, `zip_plus_four`, `x12_truncation`.
    pub rule: String,
    /// What was expected.
    pub expected: Option<String>,
    /// What was found.
    pub found: Option<String>,
}

/// What residue is said to be where an enrollment came after its cancellation.
pub const ENROLLED_AGAIN: &str = "enrolled again after its cancellation";

/// What residue is said to be where a cancellation came that does not take the household out.
pub const CANCELS_OTHERS: &str = "a cancellation came here, and it takes somebody else out, or not everybody";
/// How residue is told whose cancellation was refused by who received it …
pub const REFUSED_BY_RECEIVER: &str = "its receiver refused the cancellation";
/// … and, after the status that was found, residue that was left otherwise than it was to be.
pub const LEFT_OTHERWISE: &str = "by its cancellation, expected";
/// What residue is said to be where nobody could look.
pub const NOBODY_LOOKED: &str = "nobody could look";
/// What a first day of coverage is said to break.
pub const BY_THE_RULE: &str = "by the rule";

/// Where a finding stands that the exchange's answer to the enrollment shows, before any waypoint.
pub const SUBMISSION: &str = "submission";

/// Something found that stands beside arrival and integrity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// The waypoint's name; `submission` where the exchange's own answer shows it.
    pub waypoint: String,
    /// One sentence with the evidence.
    pub detail: String,
}

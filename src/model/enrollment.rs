//! Enrollment groups: as they are expected, and as a waypoint shows them.

use super::facts::Facts;
use super::words::words;
use super::{CoverageLine, Field, IssuerId, ProbeIndex};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

words! {
    /// What a record seen at a waypoint is: one message of the conversation, or the state a system holds.
    RecordKind {
        /// What a system shows when asked: it replaces what it showed before.
        Snapshot = "snapshot",
        /// 834, 021/EC: a new enrollment.
        InitialEnrollment = "initial_enrollment",
        /// 834, 024 that takes coverage out before it began.
        Cancellation = "cancellation",
        /// 834, 024 with an end after the begin.
        Termination = "termination",
        /// 834, 021/28: the issuer's confirmation of the first payment.
        Effectuation = "effectuation",
        /// 834, 001: a change.
        Maintenance = "maintenance",
        /// 834, 025.
        Reinstatement = "reinstatement",
        /// 834, 030: a full list, nothing new.
        Audit = "audit",
        /// 834, 021/41: next year's enrollment, made without the consumer.
        AutomaticReenrollment = "automatic_reenrollment",
    }
}

/// One enrollment group that an accepted application should become: what must be found downstream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedGroup {
    /// Medical or dental.
    pub line: CoverageLine,
    /// Group facts; what nobody can know yet (ids before they are captured) is unstated.
    pub facts: Facts,
    /// Members, the subscriber first.
    pub members: Vec<Facts>,
    /// Ids that are compared where `facts` state none, and that nobody is recognised by.
    #[serde(default)]
    pub told_alone: Facts,
}

impl ExpectedGroup {
    /// The place of the subscriber among the members.
    pub fn subscriber_at(&self) -> usize {
        self.members.iter().position(Facts::is_subscriber).unwrap_or_default()
    }
}

/// What a probe's applications should have become after an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// The probe.
    pub probe: ProbeIndex,
    /// The household's marker, for matching.
    pub marker: String,
    /// One or more groups.
    pub groups: Vec<ExpectedGroup>,
}

/// Where in a feed a record stood, for evidence: a file and set, or a look-up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// File name (no folder), or the look-up's path.
    pub source: String,
    /// Interchange control number (ISA13), where it is a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interchange: Option<String>,
    /// Functional group control number (GS06).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub functional_group: Option<String>,
    /// Transaction set control number (ST02).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_set: Option<String>,
    /// Segment number within the set, ST being 1, at which the group begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<u32>,
    /// To whom a file that lies in an issuer's own folder is addressed, where that is somebody else: `54321`, or
    /// `54321 by ISA08 and 12345 by N104`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressed_to: Option<String>,
}

impl Place {
    /// The transaction set it stands in, of a file.
    pub fn set(&self) -> (&str, Option<&str>, Option<&str>, Option<&str>) {
        let numbers = [&self.interchange, &self.functional_group, &self.transaction_set];
        let [interchange, group, set] = numbers.map(Option::as_deref);
        (&self.source, interchange, group, set)
    }
}

/// The part of a file that a receiver refuses: a set where all three numbers are known, else the group or the interchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// ISA13.
    pub interchange: String,
    /// GS06.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub functional_group: Option<String>,
    /// ST02.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_set: Option<String>,
}

impl Refused {
    /// Whether what stands at a place of the same file is refused with it.
    pub fn holds(&self, place: &Place) -> bool {
        let is_in = |refused: &Option<String>, of: &Option<String>| refused.is_none() || refused == of;
        place.interchange.as_ref() == Some(&self.interchange)
            && is_in(&self.functional_group, &place.functional_group)
            && is_in(&self.transaction_set, &place.transaction_set)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        for (label, value) in
            [("ISA", &self.interchange), ("GS", &self.functional_group), ("ST", &self.transaction_set)]
        {
            if let Some(value) = value {
                write!(f, " {label} {value}")?;
            }
        }
        self.segment.map_or(Ok(()), |segment| write!(f, " segment {segment}"))
    }
}

/// An enrollment group as a waypoint shows it, in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRecord {
    /// Message or state.
    pub kind: RecordKind,
    /// When the sender says the event happened, where it says so (834: REQUEST SUBMIT TIMESTAMP, else BGN03/04): orders messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_at: Option<DateTime<Utc>>,
    /// Group facts.
    pub facts: Facts,
    /// Members in the order shown. A cancellation or termination of a whole group shows the subscriber only.
    pub members: Vec<Facts>,
    /// Where it stood.
    pub place: Place,
}

impl GroupRecord {
    /// Whether it says that coverage has been taken out or has ended.
    pub fn takes_out(&self) -> bool {
        matches!(self.kind, RecordKind::Cancellation | RecordKind::Termination)
            || self.facts.has_status(&["cancelled", "terminated"])
    }

    /// Whether it shows coverage in force, or on its way there. Of a state that says no status its dates say it.
    pub fn is_in_force(&self) -> bool {
        let by_dates = || self.kind == RecordKind::Snapshot && self.facts.says_no_status() && self.ends_as_it_begins();
        !self.takes_out() && self.facts.says_in_force() && !by_dates()
    }

    /// Whether its coverage, or where only members have dates that of all of them, ends on the day it begins or the day before, as
    /// cancelled coverage does (CMS companion guide v7.2 p. 58; issuers tell the day before).
    fn ends_as_it_begins(&self) -> bool {
        let of_members = |member: &Facts| member.ends_as_it_begins(Field::MemberBenefitBegin, Field::MemberBenefitEnd);
        match self.facts.ends_as_it_begins(Field::BenefitBegin, Field::BenefitEnd) {
            Some(ends) => ends,
            None => !self.members.is_empty() && self.members.iter().all(|member| of_members(member) == Some(true)),
        }
    }
}

/// A record as first seen at a waypoint, and how sharp the clock is: it was not there at `last_absent_at`, and there at
/// `first_seen_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Index of the waypoint in pipeline order.
    pub waypoint: u16,
    /// The issuer whose feed showed it, where the feed is one issuer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<IssuerId>,
    /// The probe that the look-up asked for, where the feed is asked per probe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_for: Option<ProbeIndex>,
    /// Latest healthy look that did not show it; `None` where there was none.
    pub last_absent_at: Option<DateTime<Utc>>,
    /// First look that showed it.
    pub first_seen_at: DateTime<Utc>,
    /// The look after which a state was no longer shown, or was replaced by another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<DateTime<Utc>>,
    /// The record.
    pub record: GroupRecord,
}

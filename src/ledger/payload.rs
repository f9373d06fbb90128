//! What is stored of each kind of event, in format 1: shapes of their own, so that the model can change without old
//! ledgers becoming unreadable. Keys that are not known are passed over; what was added later has a default.

use crate::model::{
    CoverageLine, Fact, Facts, Field, GroupCapture, GroupRecord, Household, IssuerId, Phase, Place, PlanId, ProbeIndex,
    RecordKind, Sighting, StepTiming, Submission,
};
use chrono::{DateTime, Utc};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Serialize, Deserialize)]
pub(super) struct Planned<'a> {
    pub(super) household: Cow<'a, Household>,
    #[serde(default)]
    pub(super) plans: Cow<'a, BTreeMap<CoverageLine, PlanId>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Sending {
    pub(super) intended_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Answered<'a> {
    pub(super) submission: Submission,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<StoredCapture<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) members: Vec<StoredFacts<'a>>,
    #[serde(default)]
    pub(super) other: Cow<'a, BTreeMap<String, serde_json::Value>>,
    #[serde(default)]
    pub(super) steps: Vec<StoredStep<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredCapture<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<CoverageLine>,
    facts: StoredFacts<'a>,
}

impl<'a> From<&'a GroupCapture> for StoredCapture<'a> {
    fn from(capture: &'a GroupCapture) -> Self {
        Self { line: capture.line, facts: StoredFacts::from(&capture.facts) }
    }
}

impl From<StoredCapture<'_>> for GroupCapture {
    fn from(stored: StoredCapture<'_>) -> Self {
        Self { line: stored.line, facts: stored.facts.into() }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredStep<'a> {
    step: Cow<'a, str>,
    micros: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    ok: bool,
    requests: u32,
}

impl<'a> From<&'a StepTiming> for StoredStep<'a> {
    fn from(timing: &'a StepTiming) -> Self {
        let StepTiming { step, micros, status, ok, requests } = timing;
        Self { step: step.into(), micros: *micros, status: *status, ok: *ok, requests: *requests }
    }
}

impl From<StoredStep<'_>> for StepTiming {
    fn from(stored: StoredStep<'_>) -> Self {
        let StoredStep { step, micros, status, ok, requests } = stored;
        Self { step: step.into_owned(), micros, status, ok, requests }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Seen<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issuer: Option<IssuerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_absent_at: Option<DateTime<Utc>>,
    first_seen_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gone_at: Option<DateTime<Utc>>,
    record: StoredRecord<'a>,
}

/// A group as it was shown.
#[derive(Serialize, Deserialize)]
struct StoredRecord<'a> {
    kind: RecordKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event_at: Option<DateTime<Utc>>,
    facts: StoredFacts<'a>,
    members: Vec<StoredFacts<'a>>,
    place: Cow<'a, Place>,
}

impl<'a> From<&'a Sighting> for Seen<'a> {
    fn from(sighting: &'a Sighting) -> Self {
        let GroupRecord { kind, event_at, facts, members, place } = &sighting.record;
        Self {
            issuer: sighting.issuer.clone(),
            last_absent_at: sighting.last_absent_at,
            first_seen_at: sighting.first_seen_at,
            gone_at: sighting.gone_at,
            record: StoredRecord {
                kind: *kind,
                event_at: *event_at,
                facts: facts.into(),
                members: members.iter().map(StoredFacts::from).collect(),
                place: Cow::Borrowed(place),
            },
        }
    }
}

impl Seen<'_> {
    /// The sighting again; waypoint and probe stand in columns.
    pub(super) fn into_sighting(self, waypoint: u16, asked_for: Option<ProbeIndex>) -> Sighting {
        let StoredRecord { kind, event_at, facts, members, place } = self.record;
        let members = members.into_iter().map(Facts::from).collect();
        let record = GroupRecord { kind, event_at, facts: facts.into(), members, place: place.into_owned() };
        Sighting {
            waypoint,
            issuer: self.issuer,
            asked_for,
            last_absent_at: self.last_absent_at,
            first_seen_at: self.first_seen_at,
            gone_at: self.gone_at,
            record,
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Gone {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) issuer: Option<IssuerId>,
    pub(super) gone_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names as they are stored")]
pub(super) struct Absent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) issuer: Option<IssuerId>,
    pub(super) absent_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) words: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Looked {
    pub(super) looked_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Blind<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) issuer: Option<IssuerId>,
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    pub(super) reason: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct FileRead<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) digest: Cow<'a, str>,
    #[serde(default)]
    pub(super) strangers: u64,
    #[serde(default)]
    pub(super) baseline: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) damage: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StrangersDropped {
    pub(super) strangers: u64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct MissedSlots {
    pub(super) slots: u64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PhaseEnded {
    pub(super) phase: Phase,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Stopped<'a> {
    pub(super) reason: Cow<'a, str>,
    pub(super) safety: bool,
}

/// Facts by their dotted names, `null` for "there is none". A field that this version does not know is passed over.
pub(super) struct StoredFacts<'a>(Cow<'a, Facts>);

impl<'a> From<&'a Facts> for StoredFacts<'a> {
    fn from(facts: &'a Facts) -> Self {
        Self(Cow::Borrowed(facts))
    }
}

impl From<StoredFacts<'_>> for Facts {
    fn from(stored: StoredFacts<'_>) -> Self {
        stored.0.into_owned()
    }
}

impl Serialize for StoredFacts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stated = self.0.stated();
        let mut map = serializer.serialize_map(Some(stated.len()))?;
        for field in stated.iter() {
            match self.0.get(field) {
                // Text needs no formatting, and nearly everything is text.
                Fact::Value(value) => match value.as_text() {
                    Some(text) => map.serialize_entry(field.name(), text)?,
                    None => map.serialize_entry(field.name(), &format_args!("{value}"))?,
                },
                _ => map.serialize_entry(field.name(), &None::<&str>)?,
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for StoredFacts<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FactsVisitor).map(|facts| Self(Cow::Owned(facts)))
    }
}

struct FactsVisitor;

impl<'de> Visitor<'de> for FactsVisitor {
    type Value = Facts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of field names and texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Facts, A::Error> {
        let mut facts = Facts::new();
        while let Some((name, text)) = map.next_entry::<Cow<'de, str>, Option<Cow<'de, str>>>()? {
            if let Some(field) = Field::parse(&name) {
                facts.set_or_absent(field, text.map(|t| crate::model::Value::parse(field, &t)));
            }
        }
        Ok(facts)
    }
}

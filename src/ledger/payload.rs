//! What is stored of each kind of event, in format 6: shapes of their own, so that the model can change without old
//! ledgers becoming unreadable. Keys that are not known are passed over; what was added later has a default.
//!
//! Format 1 wrote moments as text, facts under their dotted names and a step's figures by name; format 2 knew
//! neither when a process began nor that a clock was set; up to format 3 files had their names as they were, which
//! `found` makes pseudonyms of; format 4 had no `committing`; format 5 knew one change in a
//! household's life. The same shapes read all.

use super::moment::Moment;
use super::names::{field_of, name_of};
use crate::model::{
    Acknowledgement, AnswerTimes, Captures, CoverageLine, Fact, Facts, GroupCapture, GroupRecord, HandedOver,
    Household, IssuerId, JourneyStep, Phase, Place, PlanId, Portion, Position, ProbeIndex, Proof, RecordKind, Refused,
    Sighting, StepTiming, Submission, UptimeAt,
};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Serialize, Deserialize)]
pub(super) struct Began<'a> {
    pub(super) epoch: u32,
    pub(super) wall_at: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) uptime: Option<Cow<'a, UptimeAt>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ClockStepped {
    pub(super) from: Moment,
    pub(super) to: Moment,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Planned<'a> {
    pub(super) household: Cow<'a, Household>,
    #[serde(default)]
    pub(super) plans: Cow<'a, BTreeMap<CoverageLine, PlanId>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Narrowed<'a> {
    pub(super) proof: Cow<'a, Proof>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Sending {
    pub(super) intended_at: Moment,
    /// The step's place in the journey, where the event alone does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) step: Option<u16>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) tells_commit: bool,
}

/// What was captured, of a step that may commit or of a file that is handed over.
#[derive(Serialize, Deserialize)]
pub(super) struct Named<'a> {
    /// The step's place in the journey, where the event alone does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) step: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) handed_over: Option<HandedOver>,
    /// Which part of an enrollment it asks for.
    #[serde(default, skip_serializing_if = "Portion::is_whole")]
    pub(super) portion: Portion,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<StoredCapture<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) members: Vec<StoredFacts<'a>>,
    #[serde(default)]
    pub(super) other: Cow<'a, BTreeMap<String, serde_json::Value>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) told_alone: Vec<StoredCapture<'a>>,
}

impl<'a> Named<'a> {
    /// These captures; with the file, where one is handed over.
    pub(super) fn of(action: JourneyStep, captures: &'a Captures, handed_over: Option<&HandedOver>) -> Self {
        Self {
            step: place_of(action),
            handed_over: handed_over.cloned(),
            portion: Portion::default(),
            groups: captures.groups.iter().map(Into::into).collect(),
            members: captures.members.iter().map(Into::into).collect(),
            other: Cow::Borrowed(&captures.other),
            told_alone: captures.told_alone.iter().map(Into::into).collect(),
        }
    }

    /// What was captured, and the file.
    pub(super) fn into_parts(self) -> (Captures, Option<HandedOver>) {
        let groups = self.groups.into_iter().map(Into::into).collect();
        let members = self.members.into_iter().map(Into::into).collect();
        let told_alone = self.told_alone.into_iter().map(Into::into).collect();
        (Captures { groups, members, other: self.other.into_owned(), told_alone }, self.handed_over)
    }
}

/// The step's place in the journey, where the event alone does not say it.
pub(super) fn place_of(action: JourneyStep) -> Option<u16> {
    (!action.is_only_one()).then_some(action.number)
}

#[derive(Serialize, Deserialize)]
pub(super) struct Answered<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) step: Option<u16>,
    pub(super) submission: Submission,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<StoredCapture<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) members: Vec<StoredFacts<'a>>,
    #[serde(default)]
    pub(super) other: Cow<'a, BTreeMap<String, serde_json::Value>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) told_alone: Vec<StoredCapture<'a>>,
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

/// Written as a list, in the order of its fields: every probe repeats them for each of its steps.
#[derive(Deserialize)]
pub(super) struct StoredStep<'a> {
    step: Cow<'a, str>,
    micros: u64,
    #[serde(default)]
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

impl Serialize for StoredStep<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.step, self.micros, self.status, self.ok, self.requests).serialize(serializer)
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
    last_absent_at: Option<Moment>,
    first_seen_at: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gone_at: Option<Moment>,
    record: StoredRecord<'a>,
}

/// A group as it was shown.
#[derive(Serialize, Deserialize)]
struct StoredRecord<'a> {
    kind: RecordKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event_at: Option<Moment>,
    facts: StoredFacts<'a>,
    members: Vec<StoredFacts<'a>>,
    place: Cow<'a, Place>,
}

impl<'a> From<&'a Sighting> for Seen<'a> {
    fn from(sighting: &'a Sighting) -> Self {
        let GroupRecord { kind, event_at, facts, members, place } = &sighting.record;
        Self {
            issuer: sighting.issuer.clone(),
            last_absent_at: sighting.last_absent_at.map(Moment),
            first_seen_at: Moment(sighting.first_seen_at),
            gone_at: sighting.gone_at.map(Moment),
            record: StoredRecord {
                kind: *kind,
                event_at: event_at.map(Moment),
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
        let event_at = event_at.map(|at| at.0);
        let record = GroupRecord { kind, event_at, facts: facts.into(), members, place: place.into_owned() };
        Sighting {
            waypoint,
            issuer: self.issuer,
            asked_for,
            last_absent_at: self.last_absent_at.map(|at| at.0),
            first_seen_at: self.first_seen_at.0,
            gone_at: self.gone_at.map(|at| at.0),
            record,
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Gone {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) issuer: Option<IssuerId>,
    pub(super) gone_at: Moment,
}

#[derive(Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names as they are stored")]
pub(super) struct Absent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) issuer: Option<IssuerId>,
    pub(super) absent_at: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) words: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Looked {
    pub(super) looked_at: Moment,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Blind<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) issuer: Option<IssuerId>,
    pub(super) from: Moment,
    pub(super) until: Moment,
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
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub(super) refused: Cow<'a, [Refused]>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub(super) held: Cow<'a, [ProbeIndex]>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Acknowledged<'a> {
    kind: RecordKind,
    message: Cow<'a, Place>,
    is_accepted: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_repetition: bool,
    words: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_absent_at: Option<Moment>,
    first_seen_at: Moment,
    place: Cow<'a, Place>,
}

impl<'a> From<&'a Acknowledgement> for Acknowledged<'a> {
    fn from(it: &'a Acknowledgement) -> Self {
        Self {
            kind: it.kind,
            message: Cow::Borrowed(&it.message),
            is_accepted: it.is_accepted,
            is_repetition: it.is_repetition,
            words: Cow::Borrowed(&it.words),
            last_absent_at: it.last_absent_at.map(Moment),
            first_seen_at: Moment(it.first_seen_at),
            place: Cow::Borrowed(&it.place),
        }
    }
}

impl Acknowledged<'_> {
    /// The acknowledgement again; waypoint and probe stand in columns.
    pub(super) fn into_acknowledgement(self, waypoint: u16, probe: ProbeIndex) -> Acknowledgement {
        Acknowledgement {
            waypoint,
            probe,
            kind: self.kind,
            message: self.message.into_owned(),
            is_accepted: self.is_accepted,
            is_repetition: self.is_repetition,
            words: self.words.into_owned(),
            last_absent_at: self.last_absent_at.map(|moment| moment.0),
            first_seen_at: self.first_seen_at.0,
            place: self.place.into_owned(),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct AnswersTimed {
    answers: u64,
    slow: u64,
    #[serde(default)]
    unanswered: u64,
    slowest_micros: u64,
}

impl From<&AnswerTimes> for AnswersTimed {
    fn from(times: &AnswerTimes) -> Self {
        let AnswerTimes { answers, slow, unanswered, slowest_micros } = *times;
        Self { answers, slow, unanswered, slowest_micros }
    }
}

impl From<AnswersTimed> for AnswerTimes {
    fn from(stored: AnswersTimed) -> Self {
        let AnswersTimed { answers, slow, unanswered, slowest_micros } = stored;
        Self { answers, slow, unanswered, slowest_micros }
    }
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
pub(super) struct Retargeted<'a> {
    pub(super) file: Cow<'a, str>,
    pub(super) digest: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PhaseEnded {
    pub(super) phase: Phase,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Stopped<'a> {
    pub(super) reason: Cow<'a, str>,
    pub(super) safety: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) next_due_at: Option<Moment>,
}

/// Facts by their stored names, `null` for "there is none", and where they stood in a file. A field that this version does
/// not know is passed over.
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
                    Some(text) => map.serialize_entry(name_of(field), text)?,
                    None => map.serialize_entry(name_of(field), &format_args!("{value}"))?,
                },
                _ => map.serialize_entry(name_of(field), &None::<&str>)?,
            }
        }
        if self.0.has_positions() {
            map.serialize_entry(POSITIONS, &positions(&self.0))?;
        }
        if !self.0.unread().is_empty() {
            let names: Vec<&str> = self.0.unread().iter().map(name_of).collect();
            map.serialize_entry(UNREAD, &names.join(" "))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for StoredFacts<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FactsVisitor).map(|facts| Self(Cow::Owned(facts)))
    }
}

/// The key of where the facts stood in a file: a word for each fact before it, `-` where that is not known. No field has
/// this name, so versions that do not know it pass it over.
const POSITIONS: &str = "@";

/// The key of the fields that were not understood where they were read, by their stored names. No field has this name, either.
const UNREAD: &str = "?";

fn positions(facts: &Facts) -> String {
    let mut words = String::new();
    for field in facts.stated().iter() {
        if !words.is_empty() {
            words.push(' ');
        }
        match facts.position(field) {
            Some(position) => words.push_str(&position.word()),
            None => words.push('-'),
        }
    }
    words
}

struct FactsVisitor;

impl<'de> Visitor<'de> for FactsVisitor {
    type Value = Facts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of field names and texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Facts, A::Error> {
        let (mut facts, mut order, mut at, mut unread) = (Facts::new(), Vec::new(), None, None);
        while let Some((name, text)) = map.next_entry::<Cow<'de, str>, Option<Cow<'de, str>>>()? {
            if name == POSITIONS {
                at = text;
                continue;
            }
            if name == UNREAD {
                unread = text;
                continue;
            }
            let field = field_of(&name);
            order.push(field);
            if let Some(field) = field {
                facts.set_or_absent(field, text.map(|t| crate::model::Value::parse(field, &t)));
            }
        }
        if let Some(at) = at {
            let words = at.split(' ').map(Position::parse_word);
            facts.set_positions(order.into_iter().zip(words).filter_map(|(field, position)| field.zip(position)));
        }
        for name in unread.iter().flat_map(|names| names.split(' ')) {
            if let Some(field) = field_of(name) {
                facts.mark_unread(field);
            }
        }
        Ok(facts)
    }
}

#[cfg(test)]
mod tests {
    use super::StoredFacts;
    use crate::model::{Facts, Field, Position};

    fn read(json: &str) -> Facts {
        serde_json::from_str::<StoredFacts<'_>>(json).unwrap().into()
    }

    #[test]
    fn positions_are_stored_beside_the_facts_and_read_again() {
        let mut facts = Facts::new();
        facts.set(Field::NameLast, "DOE");
        facts.set_absent(Field::NameMiddle);
        facts.set(Field::Sex, "female");
        let at = |element| Position::new(9, "NM1", element).unwrap();
        facts.set_positions([(Field::NameLast, at(3)), (Field::NameMiddle, at(5))]);
        let json = serde_json::to_string(&StoredFacts::from(&facts)).unwrap();
        assert_eq!(json, r#"{"last":"DOE","middle":null,"sex":"female","@":"9NM103 9NM105 -"}"#);
        let again = read(&json);
        assert_eq!(again, facts);
        let places = [Field::NameLast, Field::NameMiddle, Field::Sex].map(|field| again.position(field));
        assert_eq!(places, [Some(at(3)), Some(at(5)), None]);
    }

    #[test]
    fn what_was_not_understood_is_stored_beside_the_facts_and_read_again() {
        let mut facts = Facts::new();
        facts.set(Field::BirthDate, "0000-00-00");
        facts.set_absent(Field::Ssn);
        facts.set(Field::Sex, "female");
        facts.mark_unread(Field::BirthDate);
        facts.mark_unread(Field::Ssn);
        facts.mark_unread(Field::NameLast);
        let json = serde_json::to_string(&StoredFacts::from(&facts)).unwrap();
        assert_eq!(json, r#"{"born":"0000-00-00","sex":"female","ssn":null,"?":"born ssn"}"#);
        let again = read(&json);
        assert_eq!((again.unread(), &again), (facts.unread(), &facts));
        let mut known = facts.clone();
        known.set(Field::BirthDate, "1980-02-29");
        assert!(!known.unread().contains(Field::BirthDate), "a new value is known");
    }

    #[test]
    fn a_field_of_a_later_version_moves_no_position_and_a_spoiled_list_is_none() {
        let later = read(
            r#"{"member.name.last":"DOE","member.aura":"blue","member.sex":"female","@":"9NM103 9ZZ101 10DMG03"}"#,
        );
        assert_eq!(later.position(Field::Sex), Position::new(10, "DMG", 3));
        let spoiled = read(r#"{"member.name.last":"DOE","@":"what"}"#);
        assert_eq!((spoiled.text(Field::NameLast), spoiled.has_positions()), (Some("DOE"), false));
    }
}

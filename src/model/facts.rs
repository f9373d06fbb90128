//! What one side says of a member or a group, field by field.

use super::digits::iso_date;
use super::field::{Field, Kind};
use super::field_set::FieldSet;
use super::money::Cents;
use super::{Position, Relationship, Sex};
use chrono::NaiveDate;
use compact_str::CompactString;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};

/// One field's value in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// A date that exists.
    Date(NaiveDate),
    /// An amount.
    Money(Cents),
    /// Anything else, and also a date or amount that could not be read as one: it is shown as it was found. Up to 24 bytes
    /// (nearly every name, id and code) stand in place, because a run keeps and compares millions of them.
    Text(CompactString),
}

impl Value {
    /// Reads canonical text for a field: ISO dates and dollars become typed; what cannot be read stays text.
    pub fn parse(field: Field, text: &str) -> Self {
        let typed = match field.kind() {
            Kind::Date => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::Date),
            Kind::Money => Cents::parse_dollars(text).map(Self::Money),
            _ => None,
        };
        typed.unwrap_or_else(|| Self::Text(text.into()))
    }

    /// The text, where it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => f.write_str(&iso_date(*date)),
            Self::Money(cents) => cents.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<NaiveDate> for Value {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<Cents> for Value {
    fn from(cents: Cents) -> Self {
        Self::Money(cents)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Text(CompactString::const_new(if yes { "yes" } else { "no" }))
    }
}

impl From<Sex> for Value {
    fn from(sex: Sex) -> Self {
        Self::Text(sex.as_str().into())
    }
}

impl From<Relationship> for Value {
    fn from(relationship: Relationship) -> Self {
        Self::Text(relationship.as_str().into())
    }
}

/// What is known of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact<'a> {
    /// Nothing is said: not expected, or the waypoint cannot show it.
    Unstated,
    /// It is said that there is none (no SSN, no middle name, an empty element).
    Absent,
    /// It has this value.
    Value(&'a Value),
}

/// For each field a value, that there is none, or nothing at all. The same type serves what is expected and what was
/// seen, so that comparing is symmetrical. As JSON: an object of dotted names, `null` for "there is none".
///
/// Facts read from a file also know where each stood there; two that say the same are equal wherever they stood.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    stated: FieldSet,
    /// The fields that have a value: how many of them come before a field is where its value stands, so that finding one
    /// needs no search.
    valued: FieldSet,
    /// One for each of `valued`, in their order.
    values: Vec<Value>,
    /// Sorted by field; empty where nothing is known of positions.
    positions: Box<[(Field, Position)]>,
    /// Fields that were not understood where they were read.
    unread: FieldSet,
}

impl PartialEq for Facts {
    fn eq(&self, other: &Self) -> bool {
        self.stated == other.stated && self.valued == other.valued && self.values == other.values
    }
}

impl Eq for Facts {}

impl Hash for Facts {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.stated.hash(state);
        self.valued.hash(state);
        self.values.hash(state);
    }
}

impl Facts {
    /// Nothing said.
    pub fn new() -> Self {
        Self::default()
    }

    /// States a value; an earlier one is replaced, and its position forgotten.
    pub fn set(&mut self, field: Field, value: impl Into<Value>) {
        self.forget_position(field);
        self.unread.remove(field);
        self.stated.insert(field);
        let at = self.valued.before(field);
        match self.values.get_mut(at).filter(|_| self.valued.contains(field)) {
            Some(known) => *known = value.into(),
            None => self.values.insert(at, value.into()),
        }
        self.valued.insert(field);
    }

    /// Gives a field that has a value another one, which stands where the first did.
    pub fn replace(&mut self, field: Field, value: impl Into<Value>) {
        let at = self.valued.before(field);
        if let Some(known) = self.values.get_mut(at).filter(|_| self.valued.contains(field)) {
            *known = value.into();
        }
    }

    /// States that there is none.
    pub fn set_absent(&mut self, field: Field) {
        self.unset(field);
        self.stated.insert(field);
    }

    /// States a value, or that there is none.
    pub fn set_or_absent(&mut self, field: Field, value: Option<impl Into<Value>>) {
        match value {
            Some(value) => self.set(field, value),
            None => self.set_absent(field),
        }
    }

    /// States a plan as another system names it: hyphens and blanks dropped, the standard component in
    /// [`Field::PlanId`], and the cost-sharing variant in [`Field::CsrVariant`] where the id has 16 characters.
    pub fn set_plan(&mut self, text: &str) {
        let plan = super::PlanId::parse(text);
        self.set(Field::PlanId, plan.standard_component());
        if let Some(variant) = plan.variant() {
            self.set(Field::CsrVariant, variant);
        }
    }

    /// Says nothing of the field any more.
    pub fn unset(&mut self, field: Field) {
        self.forget_position(field);
        self.unread.remove(field);
        self.stated.remove(field);
        if self.valued.contains(field) {
            self.valued.remove(field);
            self.values.remove(self.valued.before(field));
        }
    }

    /// Says where in a file the values, and the elements without one, stood; what was said before is replaced.
    pub fn set_positions(&mut self, positions: impl IntoIterator<Item = (Field, Position)>) {
        let mut positions: Vec<_> = positions.into_iter().filter(|(field, _)| self.stated.contains(*field)).collect();
        positions.sort_by_key(|(field, _)| *field);
        positions.dedup_by_key(|(field, _)| *field);
        self.positions = positions.into_boxed_slice();
    }

    /// Where in a file the field stood, where that is known.
    pub fn position(&self, field: Field) -> Option<Position> {
        let at = self.positions.binary_search_by_key(&field, |(field, _)| *field).ok()?;
        self.positions.get(at).map(|(_, position)| *position)
    }

    /// Whether any position is known.
    pub fn has_positions(&self) -> bool {
        !self.positions.is_empty()
    }

    /// Says of a field that is stated that it was not understood: nothing stood where it should stand, or it was not written as a
    /// field of its kind is. A new value takes it back.
    pub fn mark_unread(&mut self, field: Field) {
        if self.stated.contains(field) {
            self.unread.insert(field);
        }
    }

    /// The fields that were not understood. No part of what is said: two that say the same are equal, however they were read.
    pub fn unread(&self) -> FieldSet {
        self.unread
    }

    fn forget_position(&mut self, field: Field) {
        if self.position(field).is_some() {
            self.positions = self.positions.iter().copied().filter(|(of, _)| *of != field).collect();
        }
    }

    /// What is known of the field.
    pub fn get(&self, field: Field) -> Fact<'_> {
        match self.value(field) {
            Some(value) => Fact::Value(value),
            None if self.stated.contains(field) => Fact::Absent,
            None => Fact::Unstated,
        }
    }

    /// The value, where there is one.
    pub fn value(&self, field: Field) -> Option<&Value> {
        if !self.valued.contains(field) {
            return None;
        }
        self.values.get(self.valued.before(field))
    }

    /// Whether a group's status is one of these words, whatever their case.
    pub fn has_status(&self, words: &[&str]) -> bool {
        let status = self.text(Field::PolicyStatus).unwrap_or_default();
        words.iter().any(|word| status.eq_ignore_ascii_case(word))
    }

    /// Whether a group's status says nothing against its being in force, or on its way there: neither taken out nor `inactive`, as
    /// an eligibility service says of coverage that is not paid for yet as well as of what has ended.
    pub fn says_in_force(&self) -> bool {
        !self.has_status(&["cancelled", "terminated", "inactive"])
    }

    /// Whether no status stands there, be it one that nobody understands.
    pub fn says_no_status(&self) -> bool {
        self.value(Field::PolicyStatus).is_none() && !self.unread().contains(Field::PolicyStatus)
    }

    /// Whether the second of two days is the first, or the day before it; `None` where not both are shown.
    pub fn ends_as_it_begins(&self, begin: Field, end: Field) -> Option<bool> {
        match (self.value(begin), self.value(end)) {
            (Some(Value::Date(begin)), Some(Value::Date(end))) => Some(end == begin || begin.pred_opt() == Some(*end)),
            _ => None,
        }
    }

    /// Whether a group's status, where one is shown, is a word that we have for it. Of any other nobody can say whether it means that
    /// coverage is in force.
    pub fn status_is_known(&self) -> bool {
        self.value(Field::PolicyStatus).is_none() || self.has_status(&STATUSES)
    }

    /// Whether a member says to be the subscriber.
    pub fn is_subscriber(&self) -> bool {
        self.text(Field::Subscriber) == Some("yes") || self.text(Field::Relationship) == Some("self")
    }

    /// The value's text, where there is a textual one.
    pub fn text(&self, field: Field) -> Option<&str> {
        self.value(field)?.as_text()
    }

    /// The fields of which anything is said.
    pub fn stated(&self) -> FieldSet {
        self.stated
    }

    /// The fields that have a value.
    pub fn valued(&self) -> FieldSet {
        self.valued
    }

    /// Every field that has a value, with it, in catalogue order.
    pub fn values(&self) -> impl Iterator<Item = (Field, &Value)> {
        self.valued.iter().zip(&self.values)
    }
}

/// What is said of a policy.
const STATUSES: [&str; 5] = ["initial", "effectuated", "cancelled", "terminated", "inactive"];

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.stated.len()))?;
        for field in self.stated.iter() {
            match self.value(field) {
                Some(value) => map.serialize_entry(field.name(), &format_args!("{value}"))?,
                None => map.serialize_entry(field.name(), &None::<&str>)?,
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FactsVisitor)
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
        while let Some((field, text)) = map.next_entry::<Field, Option<String>>()? {
            facts.set_or_absent(field, text.map(|t| Value::parse(field, &t)));
        }
        Ok(facts)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cents, Fact, Facts, Field, NaiveDate, Position, Value};

    #[test]
    fn stated_absence_differs_from_silence() {
        let mut facts = Facts::new();
        assert_eq!(facts.get(Field::Ssn), Fact::Unstated);
        facts.set(Field::Ssn, "666451234");
        facts.set_absent(Field::Ssn);
        assert_eq!(facts.get(Field::Ssn), Fact::Absent);
    }

    #[test]
    fn json_round_trip_keeps_types_and_absence() {
        let mut facts = Facts::new();
        facts.set(Field::Aptc, Cents(25_058));
        facts.set(Field::BenefitBegin, NaiveDate::from_ymd_opt(2014, 1, 1).unwrap());
        facts.set_absent(Field::BenefitEnd);
        let json = serde_json::to_string(&facts).unwrap();
        assert_eq!(
            json,
            r#"{"group.benefit_begin_date":"2014-01-01","group.benefit_end_date":null,"group.aptc":"250.58"}"#
        );
        assert_eq!(serde_json::from_str::<Facts>(&json).unwrap(), facts);
    }

    #[test]
    fn a_position_is_no_part_of_what_is_said_and_goes_with_its_value() {
        let mut facts = Facts::new();
        facts.set(Field::NameLast, "DOE");
        facts.set_absent(Field::NameMiddle);
        let plain = facts.clone();
        let at = |element| Position::new(9, "NM1", element).unwrap();
        let positions = [(Field::NameMiddle, at(5)), (Field::NameLast, at(3)), (Field::NameFirst, at(4))];
        facts.set_positions(positions);
        assert_eq!(facts, plain);
        assert_eq!((facts.position(Field::NameLast), facts.position(Field::NameMiddle)), (Some(at(3)), Some(at(5))));
        assert_eq!(facts.position(Field::NameFirst), None);
        facts.set(Field::NameLast, "ROE");
        assert_eq!((facts.position(Field::NameLast), facts.has_positions()), (None, true));
    }

    #[test]
    fn a_date_that_does_not_exist_stays_as_it_was_found() {
        assert_eq!(Value::parse(Field::BirthDate, "2013-02-30"), Value::from("2013-02-30"));
    }
}

//! Facts being made of elements, each with the place where it stood.

use super::locate::Locator;
use super::member::Postal;
use super::text::{cents, date, present};
use crate::model::{Facts, Field, Position, Value};

/// Facts being made. Blank is absent in a transaction that shows everything, and unstated in one that does not.
pub(super) struct Statement<'a> {
    pub(super) facts: Facts,
    pub(super) shows_all: bool,
    locator: Locator<'a>,
    positions: Vec<(Field, Position)>,
}

impl<'a> Statement<'a> {
    pub(super) fn new(shows_all: bool, locator: Locator<'a>) -> Self {
        Self { facts: Facts::new(), shows_all, locator, positions: Vec::with_capacity(24) }
    }

    /// The facts, with their positions.
    pub(super) fn finish(mut self) -> Facts {
        self.facts.set_positions(self.positions);
        self.facts
    }

    /// States what an element says: a value, or that there is none where the transaction shows everything.
    pub(super) fn option(&mut self, field: Field, value: Option<Value>, element: &[u8]) {
        match value {
            Some(value) => self.facts.set(field, value),
            None if self.shows_all => self.facts.set_absent(field),
            None => return,
        }
        self.stands(field, element);
    }

    /// States what an element says where it says anything.
    pub(super) fn some(&mut self, field: Field, value: Option<Value>, element: &[u8]) {
        if let Some(value) = value {
            self.facts.set(field, value);
            self.stands(field, element);
        }
    }

    /// Notes where a field stood.
    pub(super) fn stands(&mut self, field: Field, element: &[u8]) {
        if let Some(position) = self.locator.of(element, usual_element(field)) {
            self.positions.push((field, position));
        }
    }

    /// Notes where a field stood in an envelope.
    pub(super) fn stands_at(&mut self, field: Field, position: Option<Position>) {
        self.positions.extend(position.map(|position| (field, position)));
    }

    pub(super) fn text(&mut self, field: Field, element: &[u8]) {
        self.option(field, present(element).map(|text| Value::from(&*text)), element);
    }

    /// Text of an element that most records do not have.
    pub(super) fn some_text(&mut self, field: Field, element: &[u8]) {
        self.some(field, present(element).map(|text| Value::from(&*text)), element);
    }

    pub(super) fn coded(&mut self, field: Field, element: &[u8], canonical: fn(&str) -> &str) {
        self.option(field, present(element).map(|code| Value::from(canonical(&code))), element);
    }

    /// What is no date that exists is shown as it was found.
    pub(super) fn date(&mut self, field: Field, element: &[u8]) {
        self.option(field, day(element), element);
    }

    /// A date that most records do not have.
    pub(super) fn some_date(&mut self, field: Field, element: &[u8]) {
        self.some(field, day(element), element);
    }

    /// What is no amount is shown as it was found.
    pub(super) fn money(&mut self, field: Field, element: &[u8]) {
        self.option(field, typed(element, cents(element)), element);
    }

    pub(super) fn postal(&mut self, fields: [Field; 5], postal: &Postal<'_>) {
        let elements = [postal.street_1, postal.street_2, postal.city, postal.state, postal.zip];
        for (field, element) in fields.into_iter().zip(elements) {
            self.text(field, element);
        }
    }
}

fn day(element: &[u8]) -> Option<Value> {
    typed(element, date(element))
}

fn typed(element: &[u8], value: Option<impl Into<Value>>) -> Option<Value> {
    let found = || present(element).map(|text| Value::from(&*text));
    value.map(Into::into).or_else(found)
}

/// The element that holds a field in the segment it belongs to (005010X220A1): the rest are the second of a REF, or found by
/// where they stand.
fn usual_element(field: Field) -> usize {
    match field {
        Field::Subscriber | Field::Street1 | Field::City | Field::MailStreet1 | Field::MailCity | Field::Tobacco => 1,
        Field::NameLast
        | Field::Sex
        | Field::Zip
        | Field::MailZip
        | Field::CoverageLine
        | Field::BenefitBegin
        | Field::BenefitEnd
        | Field::MemberEnrolled => 3,
        Field::NameFirst | Field::MaritalStatus => 4,
        Field::NameMiddle => 5,
        Field::County => 6,
        Field::NameSuffix => 7,
        Field::Ssn => 9,
        _ => 2,
    }
}

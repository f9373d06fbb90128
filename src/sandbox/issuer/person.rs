//! Who a 270 asks for, and whom it finds in an issuer's records.

use super::keys::Key;
use crate::model::{Facts, Field, GroupRecord, Value};
use crate::wire::eligibility::Asked;
use chrono::NaiveDate;

/// Who is asked for.
#[derive(Debug)]
pub(super) struct Who {
    pub(super) member_id: Option<String>,
    last: String,
    first: String,
    birth_date: Option<NaiveDate>,
}

impl Who {
    pub(super) fn of(asked: &Asked) -> Self {
        let person = &asked.person;
        Self {
            member_id: Some(person.member_id.clone()).filter(|id| !id.is_empty()),
            last: person.last.to_lowercase(),
            first: person.first.to_lowercase(),
            birth_date: person.birth_date,
        }
    }

    /// By what they are looked up; `None` where too little is said.
    pub(super) fn key(&self) -> Option<Key> {
        let by_name = || Some(Key::Person(self.last.clone(), self.birth_date?.to_string()));
        self.member_id.clone().map(Key::IssuerMember).or_else(by_name)
    }

    /// The member of a record who is meant.
    pub(super) fn member_of<'r>(&self, record: &'r GroupRecord) -> Option<&'r Facts> {
        record.members.iter().find(|member| match &self.member_id {
            Some(id) => member.text(Field::IssuerMemberId) == Some(id),
            None => self.is_called(member) && self.was_born(member),
        })
    }

    /// What a payer says of a member whose id is right and whose birth date or name is not: AAA03.
    pub(super) fn contradicts(&self, member: &Facts) -> Option<&'static str> {
        let last = member.text(Field::NameLast).unwrap_or_default().to_lowercase();
        match () {
            () if self.birth_date.is_some() && !self.was_born(member) => Some("71"),
            () if last != self.last => Some("73"),
            () => None,
        }
    }

    fn is_called(&self, member: &Facts) -> bool {
        let is = |field, name: &str| member.text(field).unwrap_or_default().to_lowercase() == *name;
        is(Field::NameLast, &self.last) && is(Field::NameFirst, &self.first)
    }

    fn was_born(&self, member: &Facts) -> bool {
        self.birth_date.is_some_and(|born| member.value(Field::BirthDate) == Some(&Value::Date(born)))
    }
}

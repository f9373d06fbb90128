//! By what an issuer's records can be asked for.

use crate::model::{Field, GroupRecord};
use serde::Deserialize;

/// One way to ask, with its value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Subscriber(String),
    Policy(String),
    Application(String),
    Email(String),
    /// The issuer's own id of a member.
    IssuerMember(String),
    /// Family name in small letters, and birth date.
    Person(String, String),
}

/// A look-up's parameters; the first that is given counts.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    exchange_id: Option<String>,
    policy_id: Option<String>,
    application_id: Option<String>,
    email: Option<String>,
    last_name: Option<String>,
    birth_date: Option<String>,
}

impl Asked {
    /// The key asked by; `None` where no parameter is known.
    pub(super) fn key(self) -> Option<Key> {
        let person = self.last_name.zip(self.birth_date).map(|(last, born)| Key::Person(last.to_lowercase(), born));
        let email = self.email.map(|email| Key::Email(email.to_lowercase()));
        let ids = self.exchange_id.map(Key::Subscriber).or(self.policy_id.map(Key::Policy));
        ids.or(self.application_id.map(Key::Application)).or(email).or(person)
    }
}

/// Every key that finds a record.
pub(super) fn keys(record: &GroupRecord) -> Vec<Key> {
    let group = |field, key: fn(String) -> Key| record.facts.text(field).map(|text| key(text.to_owned()));
    let mut keys: Vec<Key> = [
        group(Field::SubscriberId, Key::Subscriber),
        group(Field::PolicyId, Key::Policy),
        group(Field::ApplicationId, Key::Application),
    ]
    .into_iter()
    .flatten()
    .collect();
    for member in &record.members {
        keys.extend(member.text(Field::Email).map(|email| Key::Email(email.to_lowercase())));
        keys.extend(member.text(Field::IssuerMemberId).map(|id| Key::IssuerMember(id.to_owned())));
        let person = member.text(Field::NameLast).zip(member.value(Field::BirthDate));
        keys.extend(person.map(|(last, born)| Key::Person(last.to_lowercase(), born.to_string())));
    }
    keys
}

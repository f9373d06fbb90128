//! Whether a request asks for a person by what strangers have too.

use crate::model::Field;
use std::collections::BTreeSet;

/// Names under which templates say something of people.
const PEOPLE: [&str; 9] =
    ["subscriber", "member", "members", "people", "household", "application", "address", "mailing", "income"];
/// What of people no stranger has.
const OWN: [&str; 2] = ["email", "marker"];

/// Ids that an exchange gives.
pub const IDS: [Field; 4] = [Field::PolicyId, Field::SubscriberId, Field::ApplicationId, Field::MemberId];

/// Whether one of these dotted names says what a stranger may share with us, such as a name or a birth date: an answer to such a
/// question may be about somebody else. Ids that an exchange gave, mailboxes and markers are nobody else's.
pub fn asks_for_a_person(names: &BTreeSet<String>) -> bool {
    names.iter().any(|name| is_personal(name))
}

fn is_personal(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    PEOPLE.contains(&first) && !OWN.contains(&last) && !is_id(last)
}

/// Whether one of these dotted names says anything of people, be it only a mailbox: whoever asks so looks for somebody.
pub fn mentions_people(names: &BTreeSet<String>) -> bool {
    let people = ["subscriber", "member", "members", "people", "household", "application"];
    let said = |name: &String| {
        (name.split('.').next().unwrap_or_default().to_owned(), name.rsplit('.').next().unwrap_or_default().to_owned())
    };
    names.iter().map(said).any(|(first, last)| people.contains(&first.as_str()) && !is_id(&last))
}

/// Whether a name is that of an id which the exchange gives.
pub fn is_id(name: &str) -> bool {
    Field::parse(name).is_some_and(|field| IDS.contains(&field))
}

#[cfg(test)]
mod tests {
    use super::asks_for_a_person;

    #[test]
    fn names_and_birth_dates_ask_for_a_person_and_ids_and_markers_do_not() {
        for (name, is_personal) in [
            ("subscriber.name.last", true),
            ("member.birth_date", true),
            ("members", true),
            ("application", true),
            ("subscriber.email", false),
            ("household.marker", false),
            ("member.exchange_assigned_member_id", false),
            ("application_id", false),
            ("account", false),
            ("probe.id", false),
        ] {
            assert_eq!(asks_for_a_person(&[name.to_owned()].into()), is_personal, "{name}");
        }
    }
}

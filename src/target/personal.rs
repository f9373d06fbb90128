//! Whether a request asks for a person by what strangers have too.

use crate::model::Field;
use std::collections::BTreeSet;

/// Names under which templates say something of people.
const PEOPLE: [&str; 9] =
    ["subscriber", "member", "members", "people", "household", "application", "address", "mailing", "income"];

/// Ids that an exchange gives.
pub const IDS: [Field; 4] = [Field::PolicyId, Field::SubscriberId, Field::ApplicationId, Field::MemberId];

/// Whether one of these places says what a stranger may share with us, such as a name or a birth date: an answer to such a question
/// may be about somebody else. Ids that an exchange gave, mailboxes and markers are nobody else's.
pub fn asks_for_a_person(places: &BTreeSet<String>) -> bool {
    places.iter().any(|place| {
        let is_captured = place.split('.').any(|part| part == "captures");
        says_somebody(place) && !is_captured && !is_mark(place) && !is_id(last(place))
    })
}

/// Whether one of these places says anything of people, be it only a mailbox: whoever asks so looks for somebody.
pub(super) fn looks_for_people(places: &BTreeSet<String>) -> bool {
    asks_for_a_person(places) || places.iter().any(|place| is_mark(place) && first(place) != "probe")
}

/// Whether these places say nothing of whom a request is about: they lead to the run at most.
pub fn names_nobody(places: &BTreeSet<String>) -> bool {
    places.iter().all(|place| first(place) == "run")
}

/// Something of our household: people, their groups, the probe's own marks.
pub(super) fn is_of_household(place: &str) -> bool {
    says_somebody(place) || is_mark(place)
}

/// What no stranger has and nobody has to tell: mailboxes, and the probe's own marks.
pub(super) fn is_mark(place: &str) -> bool {
    let of_probe = ["id", "idempotency_key"].contains(&last(place));
    matches!(last(place), "email" | "marker") || first(place) == "probe" && of_probe
}

/// People, or a group as a whole or with its people.
fn says_somebody(place: &str) -> bool {
    let of_groups = matches!(first(place), "group" | "groups");
    let with_people = || place.split('.').any(|part| part == "members" || part.starts_with("members["));
    PEOPLE.contains(&first(place)) || of_groups && (!place.contains('.') || with_people())
}

fn first(place: &str) -> &str {
    place.split(['.', '[']).next().unwrap_or_default()
}

fn last(place: &str) -> &str {
    place.rsplit('.').next().unwrap_or_default().split('[').next().unwrap_or_default()
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
            ("members[0].name.last", true),
            ("groups[0].members[0].name.last", true),
            ("groups[…]", true),
            ("groups[0].application_id", false),
            ("members[0].captures.ids", false),
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

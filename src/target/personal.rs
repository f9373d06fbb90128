//! Whether a request asks for a person by what strangers have too.

use super::flow::{Exchange, RequestStep};
use super::household::OF_A_PERSON;
use super::people::OF_A_GROUP;
use super::template::Template;
use super::tokens::{Place, is_shared_name};
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
        let is_captured = captured_of_one(place).is_some_and(|name| Field::parse(name).is_none());
        says_somebody(place) && !is_captured && !is_mark(place) && !is_id(last(place))
    })
}

/// Whether one of these places says anything of people, be it only a mailbox: whoever asks so looks for somebody.
pub(super) fn looks_for_people(places: &BTreeSet<String>) -> bool {
    asks_for_a_person(places) || places.iter().any(|place| is_mark(place) && first(place) != "probe")
}

/// Names of templates that lead to nobody, and that no answer gave.
const NOBODY: [&str; 3] = ["run", "probe", "line"];

/// Whether a request says nothing of whom it is about: no id, no mailbox or marker. A name (with its birth date too), a plan, a date
/// or a state names nobody, nor does the probe's key in a header, nor what stands where a credential or a choice has its place.
/// `is_proved`: whether what was captured under a name is proved, as far as that is known.
pub fn names_nobody(exchange: &Exchange, request: &RequestStep, is_proved: &dyn Fn(&str) -> bool) -> bool {
    let headers = exchange.headers.iter().map(|(name, template)| (Place::Header(name), template));
    let placed: Vec<_> = request.placed().into_iter().chain(headers).collect();
    let names_one = |(at, template): &(Place<'_>, &Template)| {
        template.places().iter().any(|place| names_somebody(place, (*at, template), is_proved))
    };
    !placed.iter().any(names_one)
}

/// Whether one place of a template names somebody where that stands.
fn names_somebody(place: &str, (at, template): (Place<'_>, &Template), is_proved: &dyn Fn(&str) -> bool) -> bool {
    let is_header = matches!(at, Place::Header(_));
    // whole people, and groups with their people and ids
    let is_whole = !place.contains('.') && (PEOPLE[..6].contains(&first(place)) || is_group(place));
    if is_mark(place) || is_whole {
        let of_the_request = matches!(at, Place::Field(name) if first(place) == "probe" && is_about_the_request(name));
        return !is_header && !of_the_request;
    }
    let captured = captured_of_one(place).unwrap_or_else(|| first(place));
    let is_free = !PEOPLE.contains(&captured) && !is_group(captured) && !NOBODY.contains(&captured);
    let is_link = captured == "next" && at == Place::Address;
    let is_fact = Field::parse(captured).is_some() || is_shared_name(captured) && !is_link;
    let names_one = is_id(last(place)) || is_free && !is_fact && is_proved(captured);
    names_one && !at.takes_unproved(template, if is_free { captured } else { last(place) })
}

/// The name under which something was captured of one member or group, where a place leads to that: `member.ref`,
/// `members[0].captures.ref`, `group.ref`.
fn captured_of_one(place: &str) -> Option<&str> {
    let mut parts = place.split('.').map(first);
    let mut whose = parts.next().unwrap_or_default();
    for part in parts {
        let of_a_group = ["group", "groups"].contains(&whose);
        let of_a_member = ["member", "members", "subscriber"].contains(&whose);
        match part {
            "captures" => return Some(last(place)),
            "members" if of_a_group => whose = part,
            _ if of_a_group => return (!OF_A_GROUP.contains(&part)).then_some(part),
            _ if of_a_member => return (!OF_A_PERSON.contains(&part)).then_some(part),
            _ => return None,
        }
    }
    None
}

/// Whether a field of this name says of a request which one it is.
fn is_about_the_request(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["request", "correlation", "trace", "idempotency", "transaction"].iter().any(|word| name.contains(word))
}

fn is_group(place: &str) -> bool {
    matches!(first(place), "group" | "groups")
}

/// Something of our household: people, their groups, the probe's own marks.
pub(super) fn is_of_household(place: &str) -> bool {
    says_somebody(place) || is_mark(place)
}

/// What no stranger has and nobody has to tell: mailboxes, and the probe's own marks.
pub fn is_mark(place: &str) -> bool {
    let of_probe = ["id", "idempotency_key"].contains(&last(place));
    matches!(last(place), "email" | "marker") || first(place) == "probe" && of_probe
}

/// People, or a group as a whole or with its people.
fn says_somebody(place: &str) -> bool {
    let of_groups = is_group(place);
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
            ("member.ref", false),
            ("groups[0].members[0].ref", false),
            ("member.address", true),
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

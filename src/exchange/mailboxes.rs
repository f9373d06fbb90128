//! Whether an answer shows somebody's mailbox, or somebody's name and birth date, and none of the household's: then it is of somebody else.

use crate::model::Household;
use crate::target::{has_word_of, is_made_of};
use chrono::NaiveDate;
use serde_json::Value;

/// Words of names under which a mailbox is one's who serves, and of nobody whom the answer is about.
const OF_SERVICE: [&str; 28] = [
    "support",
    "help",
    "helpdesk",
    "service",
    "agent",
    "broker",
    "assister",
    "navigator",
    "admin",
    "sender",
    "from",
    "reply",
    "office",
    "issuer",
    "carrier",
    "by",
    "employer",
    "worker",
    "caseworker",
    "representative",
    "link",
    "links",
    "notification",
    "notifications",
    "producer",
    "operator",
    "webmaster",
    "bcc",
];
/// Words that the name of a mailbox is made of which is no person's.
const OF_DESKS: [&str; 24] = [
    "noreply",
    "no",
    "not",
    "do",
    "donotreply",
    "reply",
    "info",
    "support",
    "help",
    "helpdesk",
    "desk",
    "service",
    "services",
    "customer",
    "admin",
    "contact",
    "office",
    "enroll",
    "enrollment",
    "eligibility",
    "system",
    "postmaster",
    "webmaster",
    "notifications",
];

/// Words that names of family names are made of …
const OF_FAMILY_NAMES: [&str; 8] = ["last", "name", "surname", "family", "lastname", "familyname", "legal", "nm"];
/// … and names of birth dates.
const OF_BIRTHS: [&str; 10] =
    ["dob", "birth", "born", "birthdate", "birthday", "dateofbirth", "date", "of", "day", "on"];
/// How dates are written where they can be told from other numbers.
const FORMATS: [&str; 5] = ["%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%d-%b-%Y", "%m-%d-%Y"];

/// Whether an answer is of somebody else than this household: by its mailboxes, or by its family names and birth dates together, of which
/// none is one of theirs.
pub(super) fn is_of_another(body: &Value, household: &Household) -> bool {
    let mailboxes = household.people.iter().filter_map(|person| person.email.as_deref());
    shows_another(body, mailboxes) || names_another(body, household)
}

fn names_another(body: &Value, household: &Household) -> bool {
    let (mut names, mut births) = (Vec::new(), Vec::new());
    collect_people(body, "", (&mut names, &mut births));
    let plain =
        |name: &str| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let is_ours = |name: &String| household.people.iter().any(|person| plain(&person.name.last) == plain(name));
    let is_born = |birth: &NaiveDate| household.people.iter().any(|person| person.birth_date == *birth);
    !names.is_empty() && !births.is_empty() && !names.iter().any(is_ours) && !births.iter().any(is_born)
}

fn collect_people(value: &Value, name: &str, (names, births): (&mut Vec<String>, &mut Vec<NaiveDate>)) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields.iter().filter(|(key, _)| !has_word_of(key, &OF_SERVICE)) {
                // the text of an element of XML that has attributes too
                collect_people(field, if key == "#text" { name } else { key }, (names, births));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_people(item, name, (names, births))),
        Value::String(text) => {
            let text = text.trim();
            let is_last = has_word_of(name, &["last", "surname", "family", "lastname", "familyname"]);
            if is_last && is_made_of(name, &OF_FAMILY_NAMES) && text.chars().any(char::is_alphabetic) {
                names.push(text.to_owned());
            }
            if has_word_of(name, &["dob", "birth", "born", "birthdate", "birthday", "dateofbirth"])
                && is_made_of(name, &OF_BIRTHS)
            {
                let day = text.split('T').next().unwrap_or(text);
                births.extend(FORMATS.iter().find_map(|format| NaiveDate::parse_from_str(day, format).ok()));
            }
        }
        _ => {}
    }
}

/// Whether mailboxes stand in an answer, and none of them is one of these, the household's own.
pub(super) fn shows_another<'m>(body: &Value, own: impl IntoIterator<Item = &'m str>) -> bool {
    let own: Vec<String> = own.into_iter().map(str::to_ascii_lowercase).collect();
    let mut found = Vec::new();
    collect(body, &mut found);
    !own.is_empty() && !found.is_empty() && !found.iter().any(|mailbox| own.contains(mailbox))
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields
                .iter()
                .filter(|(key, _)| !has_word_of(key, &OF_SERVICE))
                .for_each(|(_, field)| collect(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::String(text) => {
            let text = text.trim().to_ascii_lowercase();
            let mailbox = text.strip_prefix("mailto:").unwrap_or(&text);
            if is_mailbox(mailbox) && !is_nobodys(mailbox) {
                found.push(mailbox.to_owned());
            }
        }
        _ => {}
    }
}

/// Whether a mailbox is a desk's, or is masked, so that it says of nobody whose the answer is.
fn is_nobodys(mailbox: &str) -> bool {
    let name = mailbox.split('@').next().unwrap_or_default();
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    mailbox.contains('*') || words.all(|word| OF_DESKS.contains(&word))
}

fn is_mailbox(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@' || c == '/');
    text.split_once('@').is_some_and(|(name, host)| is_part(name) && is_part(host) && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::{is_of_another, shows_another};
    use serde_json::json;

    #[test]
    fn a_mailbox_of_nobody_of_the_household_makes_an_answer_somebody_elses() {
        let shows_another = |body: &serde_json::Value| shows_another(body, ["jd-7@probe.example"]);
        let other = json!({"id": "A1", "people": [{"email": "jane@example.org"}]});
        assert!(shows_another(&other));
        assert!(shows_another(&json!({"contact": {"mail": "JANE@example.org"}})));
        for answer in [
            json!({"id": "A1", "people": [{"email": "JD-7@probe.example"}, {"email": "jane@example.org"}]}),
            json!({"id": "A1", "supportEmail": "help@example.org", "agent": {"email": "a@example.org"}}),
            json!({"id": "A1", "link": "https://user@example.org/a", "note": "write to x@example.org please"}),
            json!({"id": "A1", "createdBy": "svc-probe@example.org", "links": [{"href": "mailto:jane@example.org"}]}),
            json!({"id": "A1", "contact": {"email": "no-reply@example.org"}, "to": "enroll@example.org"}),
            json!({"id": "A1", "email": "j***@probe.example"}),
            json!({"id": "A1"}),
        ] {
            assert!(!shows_another(&answer), "{answer}");
        }
    }

    #[test]
    fn another_name_with_another_birth_date_makes_it_somebody_elses_too() {
        let household = crate::target::sample_household();
        for (answer, is_another) in [
            (json!({"id": "A1", "last": "Zyxwoman", "dob": "1951-07-19"}), true),
            (
                json!({"person": {"@id": "7", "LastName": {"@kind": "legal", "#text": "Zyxwoman"}, "BirthDate": "07/19/1951"}}),
                true,
            ),
            (json!({"last": "DOE", "dob": "1951-07-19"}), false),
            (json!({"last": "Zyxwoman", "dob": "2013-11-15"}), false),
            (json!({"last": "Zyxwoman", "dob": 1_384_732_800}), false),
            (json!({"lastUpdated": "2013-11-18", "agent": {"lastName": "Zyxwoman", "dob": "1951-07-19"}}), false),
        ] {
            assert_eq!(is_of_another(&answer, &household), is_another, "{answer}");
        }
    }
}

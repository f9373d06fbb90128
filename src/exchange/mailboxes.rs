//! Whether an answer shows somebody's mailbox, and none of the household's: then it is of somebody else.

use crate::target::has_word_of;
use serde_json::Value;

/// Words of names under which a mailbox is one's who serves, and of nobody whom the answer is about.
const OF_SERVICE: [&str; 15] = [
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
];

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
        Value::String(text) if is_mailbox(text.trim()) => found.push(text.trim().to_ascii_lowercase()),
        _ => {}
    }
}

fn is_mailbox(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@' || c == '/');
    text.split_once('@').is_some_and(|(name, host)| is_part(name) && is_part(host) && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::shows_another;
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
            json!({"id": "A1"}),
        ] {
            assert!(!shows_another(&answer), "{answer}");
        }
    }
}

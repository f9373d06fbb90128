//! Whether an answer shows somebody, and nobody of the household: then it is of somebody else, whose ids are not ours.
//!
//! Looked at is whatever says who somebody is: mailboxes, family and whole names, dates of birth, SSNs, telephones and streets. One of ours
//! among them makes an answer ours; what is not said, or is masked so that it may be ours, says nothing.

use super::known_before::names_somebody_by;
use crate::model::{Household, Person};
use crate::target::{Answer, has_word_of, is_made_of};
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

/// Words that names of family names are made of, with one of which such a name begins …
const OF_FAMILY_NAMES: [&str; 13] = [
    "last",
    "lst",
    "name",
    "surname",
    "family",
    "lastname",
    "familyname",
    "legal",
    "nm",
    "subscriber",
    "member",
    "insured",
    "applicant",
];
const FAMILY_NAMES: [&str; 6] = ["last", "lst", "surname", "family", "lastname", "familyname"];
/// … names of whole names, of which one says of whom it is …
const WHOLE_NAMES: [&str; 5] = ["name", "nm", "fullname", "full", "holder"];
const OF_WHOLE_NAMES: [&str; 19] = [
    "name",
    "nm",
    "full",
    "fullname",
    "holder",
    "policyholder",
    "policy",
    "insured",
    "subscriber",
    "member",
    "person",
    "applicant",
    "enrollee",
    "customer",
    "display",
    "legal",
    "individual",
    "consumer",
    "primary",
];
/// … names of birth dates …
const BIRTHS: [&str; 8] = ["dob", "birth", "born", "birthdate", "birthday", "dateofbirth", "brth", "bday"];
const OF_BIRTHS: [&str; 20] = [
    "dob",
    "birth",
    "born",
    "birthdate",
    "birthday",
    "dateofbirth",
    "brth",
    "bday",
    "date",
    "dt",
    "of",
    "day",
    "on",
    "subscriber",
    "member",
    "insured",
    "applicant",
    "person",
    "enrollee",
    "customer",
];
/// … of numbers of Social Security …
const NUMBERS: [&str; 4] = ["ssn", "social", "socialsecuritynumber", "socialsecurity"];
/// … of telephones …
const TELEPHONES: [&str; 6] = ["phone", "tel", "telephone", "mobile", "cell", "cellphone"];
/// … and of streets.
const STREETS: [&str; 6] = ["street", "streetaddress", "addressline", "street1", "line", "addr"];
/// Where a call costs nothing, nobody lives.
const TOLL_FREE: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];
/// How dates are written where they can be told from other numbers.
const FORMATS: [&str; 5] = ["%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%d-%b-%Y", "%m-%d-%Y"];

/// Two names that are so alike are spellings of one (Jaro and Winkler).
const ALIKE: f64 = 0.85;

/// Whether an answer is of somebody else than this household: it says who somebody is, and nothing that is one of theirs.
pub(super) fn is_of_another(answer: &Answer, household: &Household) -> bool {
    let mut shown = Shown { household, ours: 0, others: 0 };
    for (_, value) in answer.headers.iter().filter(|(name, _)| name.to_ascii_lowercase().starts_with("x-")) {
        shown.text(value);
    }
    match answer.parsed() {
        Some(body) => shown.value(body, "", false),
        None => shown.text(&String::from_utf8_lossy(&answer.body)),
    }
    shown.others > 0 && shown.ours == 0
}

/// What is shown of who somebody is.
struct Shown<'a> {
    household: &'a Household,
    ours: usize,
    others: usize,
}

impl Shown<'_> {
    /// `is_somebody`: it stands in a record of a person.
    fn value(&mut self, value: &Value, name: &str, is_somebody: bool) {
        match value {
            Value::Object(fields) => {
                let is_somebody = fields.keys().any(|key| says_birth(key)) || is_somebody || names_somebody_by(name);
                for (key, field) in fields.iter().filter(|(key, _)| !has_word_of(key, &OF_SERVICE)) {
                    // the text of an element of XML that has attributes too
                    self.value(field, if key == "#text" { name } else { key }, is_somebody);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.value(item, name, is_somebody)),
            Value::String(text) => self.field(name, text.trim(), is_somebody),
            _ => {}
        }
    }

    fn field(&mut self, name: &str, text: &str, is_somebody: bool) {
        let is_name = |last: &[&str], all: &[&str]| has_word_of(name, last) && is_made_of(name, all);
        let is_whole_name =
            is_name(&WHOLE_NAMES, &OF_WHOLE_NAMES) && (is_somebody || !is_made_of(name, &["name", "nm"]));
        let has_letters = text.chars().any(char::is_alphabetic);
        let told = if is_mailbox(without_scheme(text)) {
            self.is_own_mailbox(text)
        } else if says_birth(name) {
            born(text).map(|day| self.any(|person| person.birth_date == day))
        } else if has_letters && (is_name(&FAMILY_NAMES, &OF_FAMILY_NAMES) || is_whole_name) {
            Some(self.any(|person| is_called(person, text)))
        } else if has_word_of(name, &NUMBERS) || is_ssn(text) {
            self.is_own_number(text)
        } else if has_word_of(name, &TELEPHONES) {
            self.is_own_telephone(text)
        } else if has_word_of(name, &STREETS) {
            self.is_own_street(text)
        } else {
            None
        };
        self.add(told);
    }

    /// A text of which nobody knows what its parts are: by their form alone.
    fn text(&mut self, text: &str) {
        let ends = |c: char| c.is_whitespace() || "\"'<>=,;()[]{}".contains(c);
        for word in text.split(ends).map(|word| word.trim_end_matches(['.', '!', '?', ':'])) {
            // a link to write to is of who serves
            let told = if word.starts_with("mailto:") { None } else { self.is_own_mailbox(word) };
            self.add(told.or_else(|| is_ssn(word).then(|| self.is_own_number(word)).flatten()));
        }
    }

    fn add(&mut self, told: Option<bool>) {
        self.ours += usize::from(told == Some(true));
        self.others += usize::from(told == Some(false));
    }

    fn any(&self, is: impl Fn(&Person) -> bool) -> bool {
        self.household.people.iter().any(is)
    }

    /// Of a mailbox whether it is one of ours; `None` where that cannot be told, and where the text is none.
    fn is_own_mailbox(&self, text: &str) -> Option<bool> {
        let mailbox = without_scheme(text).to_ascii_lowercase();
        if !is_mailbox(&mailbox) {
            return None;
        }
        let own = self.household.people.iter().filter_map(|person| person.email.as_deref());
        let mut own = own.chain([self.household.marker.as_str()]).map(str::to_ascii_lowercase);
        if let (Some((before, _)), Some((_, after))) = (mailbox.split_once('*'), mailbox.rsplit_once('*')) {
            let may_be_ours = own.any(|own| own.starts_with(before) && own.ends_with(after));
            return (!may_be_ours).then_some(false);
        }
        (!is_a_desks(&mailbox)).then(|| own.any(|own| own == mailbox))
    }

    /// Of a number, of which all or the last four digits are told.
    fn is_own_number(&self, text: &str) -> Option<bool> {
        let digits = digits(text);
        let is_told = matches!(digits.len(), 4 | 9) && digits.bytes().any(|digit| digit != b'0');
        let numbers = || self.household.people.iter().filter_map(|person| person.ssn.as_ref());
        let is_own = numbers().any(|own| own.as_str().ends_with(&digits));
        // four digits may be anybody's
        is_told.then_some(is_own).filter(|is_own| !(*is_own && digits.len() == 4))
    }

    fn is_own_telephone(&self, text: &str) -> Option<bool> {
        let digits = digits(text);
        let number = digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&digits);
        let is_told = number.len() == 10 && !TOLL_FREE.iter().any(|free| number.starts_with(free));
        is_told.then(|| self.any(|person| person.phone.as_deref() == Some(number)))
    }

    /// Streets are written in many ways: the first number tells them apart, or the whole where there is none.
    fn is_own_street(&self, text: &str) -> Option<bool> {
        let key = |street: &str| {
            let first =
                street.split(|c: char| !c.is_alphanumeric()).find(|word| word.bytes().any(|b| b.is_ascii_digit()));
            first.unwrap_or(street).to_ascii_lowercase()
        };
        let is_told = text.contains(' ') && text.bytes().any(|byte| byte.is_ascii_digit());
        let homes = self.household.people.iter().filter_map(|person| person.address.as_ref());
        let mut homes = homes.chain(&self.household.mailing).chain([&self.household.address]);
        is_told.then(|| {
            homes.any(|home| {
                [Some(&home.street_1), home.street_2.as_ref()].into_iter().flatten().any(|own| key(own) == key(text))
            })
        })
    }
}

/// A mailbox as it is, of a link to write to it.
fn without_scheme(text: &str) -> &str {
    text.strip_prefix("mailto:").unwrap_or(text)
}

fn says_birth(name: &str) -> bool {
    has_word_of(name, &BIRTHS) && is_made_of(name, &OF_BIRTHS)
}

fn born(text: &str) -> Option<NaiveDate> {
    let day = text.split('T').next().unwrap_or(text);
    FORMATS.iter().find_map(|format| NaiveDate::parse_from_str(day, format).ok())
}

/// Whether a name, whole or in part, is a spelling of this one's.
fn is_called(person: &Person, text: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let plain = deunicode::deunicode(text).to_ascii_lowercase();
        plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 1).map(str::to_owned).collect()
    };
    let (own, told) = (words(&format!("{} {}", person.name.last, person.name.first)), words(text));
    let whole = |text: &str| words(text).concat();
    let is_alike = |one: &str, other: &str| strsim::jaro_winkler(one, other) >= ALIKE;
    told.is_empty()
        || told.iter().any(|told| own.iter().any(|own| is_alike(own, told)))
        || is_alike(&whole(&person.name.last), &told.concat())
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a text has the form of a Social Security number as people write it.
fn is_ssn(text: &str) -> bool {
    let is_digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [area, group, serial] => is_digits(area, 3) && is_digits(group, 2) && is_digits(serial, 4),
        _ => false,
    }
}

/// Whether a mailbox is a desk's, so that it says of nobody whose the answer is.
fn is_a_desks(mailbox: &str) -> bool {
    let name = mailbox.split('@').next().unwrap_or_default();
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| OF_DESKS.contains(&word))
}

fn is_mailbox(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@' || c == '/');
    text.split_once('@').is_some_and(|(name, host)| is_part(name) && is_part(host) && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::is_of_another;
    use crate::model::SyntheticSsn;
    use crate::target::{Answer, sample_household};
    use serde_json::{Value, json};

    fn judged(headers: &[(&str, &str)], body: &str) -> bool {
        let mut household = sample_household();
        household.marker = "jd-7@probe.example".to_owned();
        household.people[0].email = Some("jd-7@probe.example".to_owned());
        household.people[0].ssn = SyntheticSsn::new("900401234");
        household.people[0].name.last = "Müller-Doe".to_owned();
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let answer = Answer { status: 200, headers, body: body.as_bytes().to_vec(), ..Answer::default() };
        is_of_another(&answer, &household)
    }

    fn is_another(body: &Value) -> bool {
        judged(&[("content-type", "application/json")], &body.to_string())
    }

    #[test]
    fn whoever_is_shown_and_is_nobody_of_the_household_is_somebody_else() {
        for answer in [
            json!({"id": "A1", "people": [{"email": "jane@example.org"}]}),
            json!({"contact": {"mail": "JANE@example.org"}}),
            json!({"id": "A1", "email": "q***@home.example"}),
            json!({"id": "A1", "ssn": "219-45-9911"}),
            json!({"id": "A1", "person": {"ssnLast4": "9911"}}),
            json!({"id": "A1", "taxpayer": "219-45-9911"}),
            json!({"id": "A1", "last": "Zyxwoman", "dob": "1951-07-19"}),
            json!({"id": "A1", "last": "Zyxwoman"}),
            json!({"id": "A1", "LAST_NM": "ZYXWOMAN", "BRTH_DT": "07/19/1951"}),
            json!({"id": "A1", "fullName": "Qvrtina Zyxwoman"}),
            json!({"id": "A1", "name": "Qvrtina Zyxwoman", "birthDate": "1951-07-19"}),
            json!({"id": "A1", "subscriber": {"name": "Qvrtina Zyxwoman"}}),
            json!({"id": "A1", "policyHolder": "Qvrtina Zyxwoman"}),
            json!({"id": "A1", "phone": "(804) 555-0199"}),
            json!({"id": "A1", "birthDate": "1951-07-19"}),
            json!({"id": "A1", "address": {"street": "77 Elm Street"}}),
            json!({"person": {"@id": "7", "LastName": {"@kind": "legal", "#text": "Zyxwoman"}, "BirthDate": "07/19/1951"}}),
        ] {
            assert!(is_another(&answer), "{answer}");
        }
    }

    #[test]
    fn one_thing_of_ours_makes_it_ours_and_what_tells_of_nobody_says_nothing() {
        for answer in [
            json!({"id": "A1"}),
            json!({"id": "A1", "people": [{"email": "JD-7@probe.example"}, {"email": "jane@example.org"}]}),
            json!({"id": "A1", "supportEmail": "help@example.org", "agent": {"email": "a@example.org", "lastName": "Zyxwoman"}}),
            json!({"id": "A1", "link": "https://user@example.org/a", "note": "write to x@example.org please"}),
            json!({"id": "A1", "createdBy": "svc-probe@example.org", "links": [{"href": "mailto:jane@example.org"}]}),
            json!({"id": "A1", "contact": {"email": "no-reply@example.org"}, "to": "enroll@example.org"}),
            json!({"id": "A1", "email": "j***@probe.example"}),
            json!({"id": "A1", "ssn": "900-40-1234", "name": "x"}),
            json!({"id": "A1", "ssn": "XXX-XX-1234"}),
            json!({"id": "A1", "last": "MULLER DOE"}),
            json!({"id": "A1", "lastName": "Mueller-Doe", "dob": "1951-07-19"}),
            json!({"id": "A1", "last": "Zyxwoman", "dob": "2013-11-15"}),
            json!({"id": "A1", "name": "Doe, Ann"}),
            json!({"id": "A1", "plan": {"name": "Silver 70"}, "name": "Silver 70", "issuer": {"phone": "8045550199"}}),
            json!({"id": "A1", "phone": "1-800-318-2596", "lastUpdated": "2013-11-18", "deadline": "by 12 noon"}),
            json!({"id": "A1", "phone": "804-555-0123", "address": {"street": "1 MAIN STREET"}}),
            json!({"lastUpdated": "2013-11-18", "agent": {"lastName": "Zyxwoman", "dob": "1951-07-19"}}),
        ] {
            assert!(!is_another(&answer), "{answer}");
        }
    }

    #[test]
    fn pages_texts_and_headers_show_somebody_by_the_form_of_it() {
        let page = |shown: &str| {
            format!("<html><body><p>Done.</p>{shown}<a href=\"mailto:a@site.example\">write</a></body></html>")
        };
        for shown in
            ["<input name=mail value=\"q.zyx@home.example\">", "<p>q.zyx@home.example.</p>", "<b>219-45-9911</b>"]
        {
            assert!(judged(&[("content-type", "text/html")], &page(shown)), "{shown}");
            let with_ours = format!("{shown}<i>jd-7@probe.example</i>");
            assert!(!judged(&[("content-type", "text/html")], &page(&with_ours)), "{with_ours}");
        }
        assert!(!judged(&[("content-type", "text/html")], &page("<p>Policy 4711-22-3333</p>")));
        assert!(judged(&[], "policy=P1;owner=q.zyx@home.example"));
        assert!(judged(&[("X-Email", "q.zyx@home.example")], "{\"id\": 1}"));
        assert!(!judged(&[("X-Email", "q.zyx@home.example"), ("x-for", "jd-7@probe.example")], "{\"id\": 1}"));
        assert!(!judged(&[("From", "ops@site.example")], "{\"id\": 1}"));
    }
}

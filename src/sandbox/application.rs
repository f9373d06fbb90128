//! An application as it is sent, and the checks that refuse it.

use super::offer::age_on;
use super::refusal::Refusal;
use crate::model::{Relationship, STATES, Sex};
use chrono::NaiveDate;
use serde::Deserialize;

/// More people than anybody enrolls at once.
const MOST_PEOPLE: usize = 20;

/// The household's application: names the sandbox does not know are ignored.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Application {
    #[serde(default)]
    pub(super) marker: Option<String>,
    #[serde(alias = "members")]
    pub(super) people: Vec<Applicant>,
    pub(super) address: Home,
    #[serde(default)]
    pub(super) mailing: Option<Home>,
    #[serde(default)]
    pub(super) rating_area: Option<String>,
    /// How it follows from the year before, where it does.
    #[serde(default)]
    pub(super) renewal: Option<String>,
    #[serde(default)]
    pub(super) agent: Option<Agent>,
    #[serde(default)]
    pub(super) income_cents: i64,
    pub(super) coverage_begin: NaiveDate,
    #[serde(default)]
    pub(super) as_of: Option<NaiveDate>,
}

/// The agent or broker who helped.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Agent {
    /// National Producer Number.
    pub(super) npn: String,
}

/// One person on it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Applicant {
    pub(super) name: Name,
    pub(super) birth_date: NaiveDate,
    pub(super) sex: Sex,
    #[serde(deserialize_with = "relationship")]
    pub(super) relationship: Relationship,
    #[serde(default = "yes")]
    pub(super) applying: bool,
    #[serde(default)]
    pub(super) ssn: Option<String>,
    #[serde(default)]
    pub(super) tobacco: bool,
    #[serde(default)]
    pub(super) tribal_member: bool,
    #[serde(default)]
    pub(super) marital_status: Option<String>,
    #[serde(default)]
    pub(super) phone: Option<String>,
    #[serde(default)]
    pub(super) email: Option<String>,
    #[serde(default)]
    pub(super) language: Option<String>,
    #[serde(default)]
    pub(super) address: Option<Home>,
}

/// A name in parts.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Name {
    #[serde(default)]
    pub(super) first: String,
    #[serde(default)]
    pub(super) middle: Option<String>,
    #[serde(default)]
    pub(super) last: String,
    #[serde(default)]
    pub(super) suffix: Option<String>,
}

/// A residence or a mailing address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Home {
    pub(super) street_1: String,
    #[serde(default)]
    pub(super) street_2: Option<String>,
    pub(super) city: String,
    pub(super) state: String,
    pub(super) zip: String,
    #[serde(default)]
    pub(super) county: Option<String>,
}

fn yes() -> bool {
    true
}

/// Reads a relationship by its word, or by its X12 code.
fn relationship<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Relationship, D::Error> {
    let text = String::deserialize(deserializer)?;
    let found = Relationship::parse(&text).or_else(|| Relationship::from_x12_code(&text));
    found.ok_or_else(|| serde::de::Error::custom(format_args!("unknown relationship `{text}`")))
}

impl Application {
    /// Reads and checks a body.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let application: Self = serde_json::from_slice(body).map_err(|error| {
            let reason = format!("not an application: {error}");
            if error.is_syntax() || error.is_eof() {
                Refusal::bad_request("not_json", reason)
            } else {
                Refusal::unprocessable("application_invalid", reason)
            }
        })?;
        application.check()?;
        Ok(application)
    }

    /// People who apply, the subscriber first.
    pub(super) fn members(&self) -> impl Iterator<Item = &Applicant> {
        self.people.iter().filter(|p| p.applying)
    }

    /// Where somebody lives.
    pub(super) fn residence<'a>(&'a self, applicant: &'a Applicant) -> &'a Home {
        applicant.address.as_ref().unwrap_or(&self.address)
    }

    /// What names the household in draws, truth and counters: its marker, or the local part of its first mailbox.
    pub(super) fn household_marker(&self) -> Option<&str> {
        let mailbox = || self.people.iter().find_map(|p| p.email.as_deref()).and_then(|e| e.split('@').next());
        self.marker.as_deref().or_else(mailbox).filter(|m| !m.is_empty())
    }

    /// Age on the first day of coverage.
    pub(super) fn age(&self, applicant: &Applicant) -> i32 {
        age_on(applicant.birth_date, self.coverage_begin)
    }

    fn check(&self) -> Result<(), Refusal> {
        let refuse = |code, reason: String| Err(Refusal::unprocessable(code, reason));
        if self.members().next().is_none() {
            return refuse("nobody_applies", "nobody on the application applies for coverage".to_owned());
        }
        if self.people.len() > MOST_PEOPLE {
            return refuse("too_many_people", format!("{} people; at most {MOST_PEOPLE} are taken", self.people.len()));
        }
        if !STATES.contains(&self.address.state.as_str()) {
            return refuse("state_not_served", format!("state `{}` is not served", self.address.state));
        }
        if self.agent.as_ref().is_some_and(|agent| !is_npn(&agent.npn)) {
            return refuse("npn_invalid", "the agent has a producer number that has not one to ten digits".to_owned());
        }
        check_zip(&self.address)?;
        self.people.iter().enumerate().try_for_each(|(i, person)| self.check_person(i + 1, person))
    }

    fn check_person(&self, number: usize, person: &Applicant) -> Result<(), Refusal> {
        let refuse = |code, what: &str| Err(Refusal::unprocessable(code, format!("person {number} {what}")));
        // a mononym is a name: either part will do
        if person.name.first.trim().is_empty() && person.name.last.trim().is_empty() {
            return refuse("name_missing", "has no name");
        }
        if self.as_of.is_some_and(|today| person.birth_date > today) {
            return refuse("birth_date_in_future", "is not born yet");
        }
        // CMS companion guide v7.2 pp. 14, 39: numbers of one repeated digit are refused
        if person.phone.as_deref().is_some_and(repeats_digit) {
            return refuse("phone_repeats_digit", "has a telephone number of one repeated digit");
        }
        if person.ssn.as_deref().is_some_and(|ssn| digits(ssn).len() != 9) {
            return refuse("ssn_invalid", "has a Social Security number that has not nine digits");
        }
        if person.ssn.as_deref().is_some_and(repeats_digit) {
            return refuse("ssn_repeats_digit", "has a Social Security number of one repeated digit");
        }
        person.address.as_ref().map_or(Ok(()), check_zip)
    }
}

fn check_zip(home: &Home) -> Result<(), Refusal> {
    let refuse = |code, what: &str| Err(Refusal::unprocessable(code, format!("ZIP code `{}` {what}", home.zip)));
    if !matches!(digits(&home.zip).len(), 5 | 9) {
        return refuse("zip_invalid", "has neither five nor nine digits");
    }
    if repeats_digit(&home.zip) {
        return refuse("zip_repeats_digit", "is one repeated digit");
    }
    Ok(())
}

/// National Producer Numbers have no leading zero.
fn is_npn(text: &str) -> bool {
    (1..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0')
}

fn digits(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_digit).collect()
}

fn repeats_digit(text: &str) -> bool {
    let digits = digits(text);
    digits.len() > 1 && digits.iter().all(|d| Some(d) == digits.first())
}

#[cfg(test)]
mod tests {
    use super::Application;
    use serde_json::json;

    fn body(change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
        let mut application = json!({
            "people": [{"name": {"first": "Ada", "last": "Quimby"}, "birth_date": "1980-02-29", "sex": "female",
                        "relationship": "18", "phone": "8045550123", "email": "ada.7@example.com"}],
            "address": {"street_1": "1 Elm St", "city": "Richmond", "state": "VA", "zip": "23219", "county": "51760"},
            "coverage_begin": "2014-01-01", "as_of": "2013-11-15", "something_else": 1
        });
        change(&mut application);
        application.to_string().into_bytes()
    }

    fn code(change: impl FnOnce(&mut serde_json::Value)) -> &'static str {
        Application::parse(&body(change)).err().map_or("accepted", |refusal| refusal.code)
    }

    #[test]
    fn a_whole_application_is_accepted_and_names_its_household() {
        let application = Application::parse(&body(|_| {})).unwrap();
        assert_eq!(application.household_marker(), Some("ada.7"));
        assert_eq!(application.age(&application.people[0]), 33);
    }

    #[test]
    fn a_mononym_is_a_name_and_no_name_is_refused() {
        assert_eq!(code(|a| a["people"][0]["name"] = json!({"last": "Suharto"})), "accepted");
        assert_eq!(code(|a| a["people"][0]["name"] = json!({"last": " "})), "name_missing");
    }

    #[test]
    fn every_refusal_has_its_code() {
        assert_eq!(code(|a| a["people"][0]["applying"] = json!(false)), "nobody_applies");
        assert_eq!(code(|a| a["people"][0]["phone"] = json!("(555) 555-5555")), "phone_repeats_digit");
        assert_eq!(code(|a| a["people"][0]["ssn"] = json!("99-9999999")), "ssn_repeats_digit");
        assert_eq!(code(|a| a["people"][0]["ssn"] = json!("12345")), "ssn_invalid");
        assert_eq!(code(|a| a["people"][0]["birth_date"] = json!("2013-11-16")), "birth_date_in_future");
        assert_eq!(code(|a| a["people"][0]["birth_date"] = json!("2013-02-30")), "application_invalid");
        assert_eq!(code(|a| a["address"]["zip"] = json!("2321")), "zip_invalid");
        assert_eq!(code(|a| a["address"]["zip"] = json!("11111")), "zip_repeats_digit");
        assert_eq!(code(|a| a["agent"] = json!({"npn": "17654321"})), "accepted");
        for npn in ["", "01", "12345678901", "NPN1"] {
            assert_eq!(code(|a| a["agent"] = json!({"npn": npn})), "npn_invalid", "{npn}");
        }
        assert_eq!(code(|a| a["address"]["state"] = json!("ZZ")), "state_not_served");
        assert_eq!(Application::parse(b"{").err().map(|r| (r.status.as_u16(), r.code)), Some((400, "not_json")));
    }
}

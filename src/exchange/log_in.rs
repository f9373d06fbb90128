//! Whether a log-in let this household in, and nobody else.

use super::of_another::is_of_another;
use super::shared::Shared;
use super::step::{is_login_address, says_what_yes_is};
use crate::model::Household;
use crate::target::{Answer, RequestStep, no_in};

/// Flags that say of a log-in that it let nobody in, where they are false.
const OF_LOG_INS: [&str; 6] = ["authenticated", "isauthenticated", "loggedin", "isloggedin", "signedin", "authorized"];

/// Whether an answer that is as the step expects says that this household is in: it asks for no password, says no no and shows nobody
/// else. Where the target says by a value in JSON what a yes is, its no is that alone.
pub(super) fn lets_in(request: &RequestStep, answer: &Answer, household: &Household) -> bool {
    let location = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("location"));
    let leads_back = location.is_some_and(|(_, to)| (300..400).contains(&answer.status) && is_log_in_again(to));
    let is_described = request.expect.conditions.iter().any(says_what_yes_is);
    let says_no = || !is_described && (no_in(answer).is_some() || denies(answer));
    !leads_back && !answer.is_login_page() && !says_no() && !is_of_another(answer, household)
}

/// Whether what lets the household in is its own: nothing that another household of the run was given, too.
pub(super) fn is_its_own<'a>(shared: &Shared, household: &Household, given: impl Iterator<Item = &'a str>) -> bool {
    let mut own = false;
    for text in given {
        shared.note_text(household.index, text);
        own |= !shared.is_told_to_others(household.index, &super::own::folded(text));
    }
    own
}

fn is_log_in_again(to: &str) -> bool {
    is_login_address(to) || crate::target::is_login_path(to.split(['?', '#']).next().unwrap_or(to))
}

fn denies(answer: &Answer) -> bool {
    let Some(fields) = answer.parsed().and_then(serde_json::Value::as_object) else { return false };
    let name = |key: &str| key.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    let is_no = |value: &serde_json::Value| {
        value.as_bool() == Some(false) || value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("false"))
    };
    fields.iter().any(|(key, value)| OF_LOG_INS.contains(&name(key).as_str()) && is_no(value))
}

//! What an answer means for the one who was asked for.

use super::codes::benefit_words;
use super::person::{Benefit, Person};
use super::read::{Acknowledgement, Item};
use super::rejection::{Rejection, Sense};
use super::status::{Scope, Status};
use std::time::Duration;

/// What was asked, as far as the answer must fit it.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// TRN02 of the question.
    pub trace: &'a str,
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// There is coverage on the day that was asked for (EB01 1 to 5).
    Active(Shown),
    /// The payer knows the person, and there is no coverage on that day (EB01 6 to 8, or `I`): not yet, or no more.
    Inactive(Shown),
    /// The payer knows nobody under what was asked.
    NotFound {
        /// Its words: `AAA 75 in 2100C: subscriber not found; please correct and resubmit`.
        words: String,
    },
    /// Nothing is known of the person: the question was not answered.
    CouldNotLook {
        /// Why, with a remedy where there is one.
        reason: String,
        /// How long the payer asks to be left alone.
        retry: Option<Duration>,
    },
}

/// A person, and the words by which the payer says whether they are covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The person.
    pub person: Person,
    /// `EB 6: inactive`.
    pub words: String,
}

/// Tells what an answer means. `AAA 75` and its kind are an answer: the payer knows nobody under what was asked. `AAA 42`, `79`,
/// `80`, a rejection of payer or provider, an acknowledgement, damage, and the answer to another question are none, and say
/// nothing of the person.
///
/// That somebody is inactive or not found does not prove that the 834 never came: before the first premium is paid a
/// payer may rightly say either. Eligibility proves effectuation, not receipt.
pub fn meaning(items: Vec<Item>, question: Question<'_>) -> Answer {
    let mut people = Vec::new();
    let (mut rejections, mut acknowledgements) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Item::Broken(broken) => return silent(format!("the answer is damaged: {broken}")),
            Item::Person(person) => people.push(*person),
            Item::Rejected(rejection) => rejections.push(rejection),
            Item::Acknowledged(acknowledgement) => acknowledgements.push(acknowledgement),
        }
    }
    if let Some(rejection) = rejections.first() {
        return of_rejection(rejection);
    }
    let nobody = people.is_empty();
    match the_one_asked_for(people, question.trace) {
        Some(person) => of_person(person),
        None if nobody => of_acknowledgements(&acknowledgements),
        None => silent("the answer is to another question: it does not repeat the trace number (TRN02)".to_owned()),
    }
}

fn silent(reason: String) -> Answer {
    Answer::CouldNotLook { reason, retry: None }
}

/// The person whose loop repeats the trace number; where nobody's bears any, the only one who is answered.
fn the_one_asked_for(people: Vec<Person>, trace: &str) -> Option<Person> {
    let echoes = |person: &Person| person.traces.iter().any(|t| t.kind == "2" && t.number.eq_ignore_ascii_case(trace));
    let bears_another = people.iter().any(|person| person.traces.iter().any(|t| t.kind == "2"));
    let mut answered: Vec<Person> = people.into_iter().filter(Person::is_answered).collect();
    if let Some(at) = answered.iter().position(echoes) {
        return Some(answered.swap_remove(at));
    }
    if answered.len() == 1 && !bears_another { answered.pop() } else { None }
}

fn of_acknowledgements(acknowledgements: &[Acknowledgement]) -> Answer {
    let refused = acknowledgements.iter().find(|a| !a.is_accepted());
    match (refused, acknowledgements.first()) {
        (Some(refused), _) => silent(format!("the question was refused and not answered: {refused}")),
        (None, Some(taken)) => silent(format!("the question was taken and not answered: {taken}")),
        (None, None) => silent("the answer holds nobody and no reason".to_owned()),
    }
}

fn of_rejection(rejection: &Rejection) -> Answer {
    match rejection.sense() {
        Sense::NotFound => Answer::NotFound { words: rejection.to_string() },
        Sense::NotAnswered => {
            let remedy = rejection.remedy().map_or_else(String::new, |remedy| format!("; {remedy}"));
            Answer::CouldNotLook { reason: format!("{rejection}{remedy}"), retry: rejection.retry_after() }
        }
    }
}

/// Coverage that is stated counts before any rejection beside it; a rejection that says nothing of the person before one
/// that does.
fn of_person(person: Person) -> Answer {
    if let Some((benefit, status)) = decisive(&person) {
        let words = format!("EB {}: {}", benefit.code, benefit_words(&benefit.code).unwrap_or_default());
        let shown = Shown { person, words };
        return if status.is_active() { Answer::Active(shown) } else { Answer::Inactive(shown) };
    }
    let unanswered = person.rejections.iter().find(|rejection| rejection.sense() == Sense::NotAnswered);
    if let Some(rejection) = unanswered.or(person.rejections.first()) {
        return of_rejection(rejection);
    }
    let said = person.benefits.iter().find_map(|benefit| Some((&benefit.code, benefit_words(&benefit.code)?)));
    silent(match said {
        Some((code, words)) => format!("the payer does not say whether there is coverage (EB {code}: {words})"),
        None => "the answer does not say whether there is coverage (no EB 1 to 8)".to_owned(),
    })
}

/// The benefit that decides: what is said of a plan before what is said of one service, active before inactive.
fn decisive(person: &Person) -> Option<(&Benefit, Status)> {
    let said = || person.benefits.iter().filter_map(|benefit| Some((benefit, benefit.status()?)));
    let of_plans = said().filter(|(benefit, _)| benefit.scope() != Scope::Service);
    let best = of_plans.min_by_key(|(_, status)| *status);
    best.or_else(|| said().min_by_key(|(_, status)| *status))
}

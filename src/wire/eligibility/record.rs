//! From a person of an answer to facts of the canonical record.

use super::person::{Benefit, Level, Period, Person};
use super::status::{Scope, Status};
use crate::model::{CoverageLine, Facts, Field, Relationship};
use chrono::NaiveDate;

/// One plan in which an answer shows a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Medical or dental.
    pub line: CoverageLine,
    /// Whether it is in force on the day asked for.
    pub status: Status,
    /// EB05, the plan's name; empty where it is not told.
    pub plan_name: String,
    /// REF*18 of the benefit or the person, the plan's number; empty where it is not told.
    pub plan_number: String,
    /// Group facts: status, first and last day, the issuer's policy id, the plan where its number is one.
    pub facts: Facts,
}

/// The plans in which an answer shows a person: what is said of a plan as a whole or of dental care alone, each plan
/// once (payers repeat it for each network). Where a line has a plan in force, those that have ended or are waiting are
/// history and left out.
pub fn coverages(person: &Person) -> Vec<Coverage> {
    let mut all: Vec<Coverage> = Vec::new();
    for benefit in &person.benefits {
        let Some(coverage) = coverage(person, benefit) else { continue };
        let same = |known: &&mut Coverage| {
            known.line == coverage.line
                && agree(&known.plan_name, &coverage.plan_name)
                && agree(&known.plan_number, &coverage.plan_number)
        };
        match all.iter_mut().find(same) {
            Some(known) if known.status > coverage.status => *known = coverage,
            Some(_) => {}
            None => all.push(coverage),
        }
    }
    let in_force: Vec<CoverageLine> = all.iter().filter(|c| c.status.is_active()).map(|c| c.line).collect();
    all.retain(|coverage| coverage.status.is_active() || !in_force.contains(&coverage.line));
    all
}

/// Whether two texts can mean one plan: a repetition may leave out what was said before.
fn agree(one: &str, other: &str) -> bool {
    one.is_empty() || other.is_empty() || one.eq_ignore_ascii_case(other)
}

fn coverage(person: &Person, benefit: &Benefit) -> Option<Coverage> {
    let status = benefit.status()?;
    let line = match benefit.scope() {
        Scope::Plan => CoverageLine::Medical,
        Scope::Dental => CoverageLine::Dental,
        Scope::Service => return None,
    };
    let referred =
        |qualifiers: &[&str]| reference(&benefit.references, qualifiers).or(reference(&person.references, qualifiers));
    let plan_number = referred(&["18"]).unwrap_or_default().to_owned();
    let mut facts = Facts::new();
    facts.set(Field::CoverageLine, line.as_str());
    facts.set(Field::PolicyStatus, status.policy_status());
    if is_plan_id(&plan_number) {
        facts.set_plan(&plan_number);
    }
    if let Some(policy) = referred(&["IG", "1L"]) {
        facts.set(Field::IssuerPolicyId, policy);
    }
    let (begin, end) = period(&benefit.dates).unwrap_or_else(|| period(&person.dates).unwrap_or_default());
    if let Some(begin) = begin {
        facts.set(Field::BenefitBegin, begin);
    }
    if let Some(end) = end {
        facts.set(Field::BenefitEnd, end);
    }
    Some(Coverage { line, status, plan_name: benefit.plan.clone(), plan_number, facts })
}

/// What an answer says of the person themselves. What it leaves out is not stated, for payers repeat what they see fit.
pub fn member_facts(person: &Person) -> Facts {
    let mut facts = Facts::new();
    let [street_1, street_2, city, state, zip] = &person.address;
    let ssn = reference(&person.references, &["SY", "34"]).unwrap_or_default();
    for (field, said) in [
        (Field::NameLast, person.last.as_str()),
        (Field::NameFirst, &person.first),
        (Field::NameMiddle, &person.middle),
        (Field::NameSuffix, &person.suffix),
        (Field::IssuerMemberId, &person.member_id),
        (Field::Ssn, ssn),
        (Field::Street1, street_1),
        (Field::Street2, street_2),
        (Field::City, city),
        (Field::State, state),
        (Field::Zip, zip),
    ] {
        if !said.is_empty() {
            facts.set(field, said);
        }
    }
    if let Some(born) = person.birth_date {
        facts.set(Field::BirthDate, born);
    }
    match person.sex.as_str() {
        "M" => facts.set(Field::Sex, "male"),
        "F" => facts.set(Field::Sex, "female"),
        _ => {}
    }
    // Whoever has a member id of their own is answered as a subscriber and may be called one: that says nothing of the
    // family. A dependent's own loop does.
    if let (Level::Dependent, Some(to)) = (person.level, Relationship::from_x12_code(&person.relationship)) {
        facts.set(Field::Relationship, to);
    }
    facts
}

fn reference<'p>(references: &'p [(String, String)], qualifiers: &[&str]) -> Option<&'p str> {
    let found = |wanted: &str| references.iter().find(|(qualifier, value)| qualifier == wanted && !value.is_empty());
    qualifiers.iter().find_map(|wanted| found(wanted).map(|(_, value)| value.as_str()))
}

/// First and last day, each from the most particular date that is told. Plan (291) and eligibility (307) count as periods
/// only: their single date is as often the day that was asked for.
fn period(dates: &[Period]) -> Option<(Option<NaiveDate>, Option<NaiveDate>)> {
    let of = |qualifier: &str| dates.iter().find(move |date| date.qualifier == qualifier);
    let begin = ["348", "356", "346"].into_iter().find_map(of).map(|date| date.from);
    let end = ["349", "357", "347"].into_iter().find_map(of).map(|date| date.from);
    let whole =
        ["348", "356", "346", "307", "291"].into_iter().filter_map(of).find_map(|date| Some((date.from, date.to?)));
    let (begin, end) = (begin.or(whole.map(|(from, _)| from)), end.or(whole.map(|(_, to)| to)));
    (begin.is_some() || end.is_some()).then_some((begin, end))
}

/// Whether a plan number is a plan's id on the exchange: five digits, two letters, seven or nine letters or digits.
fn is_plan_id(number: &str) -> bool {
    let letters: Vec<u8> = number.bytes().filter(|b| !matches!(b, b'-' | b' ')).collect();
    matches!(letters.len(), 14 | 16)
        && letters.iter().take(5).all(u8::is_ascii_digit)
        && letters.iter().skip(5).take(2).all(u8::is_ascii_alphabetic)
        && letters.iter().skip(7).all(u8::is_ascii_alphanumeric)
}

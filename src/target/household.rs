//! The household as templates see it.

use crate::model::{Address, Household, Person, RunId};
use minijinja::Value;
use minijinja::value::Serde;
use std::collections::BTreeMap;

/// Names and their values.
pub(super) type Names = BTreeMap<String, Value>;

/// The names that the household, the probe and the run go by.
pub(super) fn household_names(household: &Household, run: &RunId) -> Names {
    let people: Vec<Value> =
        household.people.iter().enumerate().map(|(i, p)| Value::from(person(household, p, i))).collect();
    let index = household.index;
    let probe = Names::from([
        ("index".to_owned(), Value::from(index.0)),
        ("marker".to_owned(), Value::from(household.marker.as_str())),
        ("id".to_owned(), Value::from(format!("{run}/{index}"))),
        ("idempotency_key".to_owned(), Value::from(format!("{run}-{index}"))),
    ]);
    Names::from([
        ("people".to_owned(), Value::from(people)),
        ("household".to_owned(), Value::from(household_facts(household))),
        ("application".to_owned(), Value::from(Serde(household))),
        ("probe".to_owned(), Value::from(probe)),
        ("run".to_owned(), Value::from(Names::from([("id".to_owned(), Value::from(run.as_str()))]))),
    ])
}

fn household_facts(household: &Household) -> Names {
    let lines: Vec<&str> = household.lines.iter().map(|l| l.as_str()).collect();
    Names::from([
        ("marker".to_owned(), Value::from(household.marker.as_str())),
        ("size".to_owned(), Value::from(household.people.len())),
        ("address".to_owned(), Value::from(address(&household.address))),
        ("mailing".to_owned(), household.mailing.as_ref().map_or(Value::from(()), |a| Value::from(address(a)))),
        ("rating_area".to_owned(), Value::from(household.rating_area.as_str())),
        ("income".to_owned(), Value::from(crate::model::Cents(household.income_cents).to_string())),
        ("income_cents".to_owned(), Value::from(household.income_cents)),
        ("coverage_begin".to_owned(), Value::from(household.coverage_begin.to_string())),
        ("as_of".to_owned(), Value::from(household.as_of.to_string())),
        ("lines".to_owned(), Value::from(Serde(lines))),
    ])
}

/// The applying people, the subscriber first.
pub(super) fn members_of(household: &Household) -> Vec<Names> {
    let applying = household.people.iter().enumerate().filter(|(_, p)| p.applying);
    let mut members: Vec<Names> = applying.map(|(i, p)| person(household, p, i)).collect();
    if let Some(subscriber) = members.first_mut() {
        // Whoever coverage hangs on is `self` to the plan, also the child of a child-only application.
        subscriber.insert("relationship".to_owned(), Value::from("self"));
        subscriber.insert("subscriber".to_owned(), Value::from(true));
    }
    members
}

fn person(household: &Household, person: &Person, index: usize) -> Names {
    let text = |value: &Option<String>| value.as_deref().map_or(Value::from(()), Value::from);
    let name = Names::from([
        ("first".to_owned(), Value::from(person.name.first.as_str())),
        ("middle".to_owned(), text(&person.name.middle)),
        ("last".to_owned(), Value::from(person.name.last.as_str())),
        ("suffix".to_owned(), text(&person.name.suffix)),
        ("full".to_owned(), Value::from(person.name.to_string())),
    ]);
    Names::from([
        ("id".to_owned(), Value::from(index + 1)),
        ("name".to_owned(), Value::from(name)),
        ("birth_date".to_owned(), Value::from(person.birth_date.to_string())),
        ("age".to_owned(), Value::from(person.age_on(household.as_of))),
        ("sex".to_owned(), Value::from(person.sex.as_str())),
        ("relationship".to_owned(), Value::from(person.relationship.as_str())),
        ("applying".to_owned(), Value::from(person.applying)),
        ("subscriber".to_owned(), Value::from(false)),
        ("ssn".to_owned(), person.ssn.as_ref().map_or(Value::from(()), |s| Value::from(s.as_str()))),
        ("tobacco".to_owned(), Value::from(person.tobacco)),
        ("marital_status".to_owned(), text(&person.marital_status)),
        ("phone".to_owned(), text(&person.phone)),
        ("email".to_owned(), text(&person.email)),
        ("language".to_owned(), text(&person.language)),
        ("address".to_owned(), Value::from(address(household.residence(person)))),
    ])
}

fn address(address: &Address) -> Names {
    Names::from([
        ("street_1".to_owned(), Value::from(address.street_1.as_str())),
        ("street_2".to_owned(), address.street_2.as_deref().map_or(Value::from(()), Value::from)),
        ("city".to_owned(), Value::from(address.city.as_str())),
        ("state".to_owned(), Value::from(address.state.as_str())),
        ("zip".to_owned(), Value::from(address.zip.as_str())),
        ("county".to_owned(), Value::from(address.county.as_str())),
    ])
}

//! The household as templates see it.

use crate::model::{Address, Agent, CoverageLine, Household, Person, PlanId, RunId, Wishes};
use minijinja::Value;
use minijinja::value::Serde;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Names and their values.
pub(super) type Names = BTreeMap<String, Value>;

/// What the household alone says. Each name's value is made when it is first asked for, and kept: a look-up asks for one
/// or two of them.
pub(super) struct Base {
    household: Household,
    pub(super) run: RunId,
    /// Line and chosen plan of each group.
    pub(super) groups: Vec<(CoverageLine, Option<PlanId>)>,
    members: OnceLock<Vec<Names>>,
    made: [OnceLock<Value>; NAMES.len()],
}

/// Makes a name's value when it is first asked for.
type Made = fn(&Base) -> Value;

/// The names of the household, the probe and the run, and how the value of each is made.
const NAMES: [(&str, Made); 6] = [
    ("people", |base| people(&base.household).into()),
    ("household", |base| household_facts(&base.household).into()),
    ("application", |base| application(&base.household)),
    ("values", |base| Value::from(Serde(&base.household.wishes.values))),
    ("probe", |base| probe(&base.household, &base.run).into()),
    ("run", |base| Names::from([("id".to_owned(), Value::from(base.run.as_str()))]).into()),
];

impl Base {
    pub(super) fn new(household: &Household, plans: &BTreeMap<CoverageLine, PlanId>, run: &RunId) -> Self {
        let groups = household.lines.iter().map(|line| (*line, plans.get(line).cloned())).collect();
        let (members, made) = (OnceLock::new(), <[OnceLock<Value>; NAMES.len()]>::default());
        Self { household: household.clone(), run: run.clone(), groups, members, made }
    }

    /// The value of one of the names.
    pub(super) fn find(&self, name: &str) -> Option<Value> {
        let known = NAMES.iter().zip(&self.made).find(|((known, _), _)| *known == name);
        known.map(|((_, make), made)| made.get_or_init(|| make(self)).clone())
    }

    /// Every name.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    pub(super) fn household(&self) -> &Household {
        &self.household
    }

    /// How many people apply.
    pub(super) fn member_count(&self) -> usize {
        self.household.people.iter().filter(|person| person.applying).count()
    }

    /// The applying people, the subscriber first.
    pub(super) fn members(&self) -> &[Names] {
        self.members.get_or_init(|| members_of(&self.household))
    }
}

/// Who applies for what; plans go by their own names, and values by theirs. Of where it may live one day nobody is told.
fn application(household: &Household) -> Value {
    Value::from(Serde(Household { wishes: Wishes::default(), moves_to: None, ..household.clone() }))
}

fn people(household: &Household) -> Vec<Value> {
    household.people.iter().enumerate().map(|(i, p)| Value::from(person(household, p, i))).collect()
}

fn probe(household: &Household, run: &RunId) -> Names {
    let index = household.index;
    Names::from([
        ("index".to_owned(), Value::from(index.0)),
        ("marker".to_owned(), Value::from(household.marker.as_str())),
        ("id".to_owned(), Value::from(format!("{run}/{index}"))),
        ("idempotency_key".to_owned(), Value::from(format!("{run}-{index}"))),
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
        ("renewal".to_owned(), household.renewal.map_or(Value::from(()), |how| Value::from(how.as_str()))),
        ("agent".to_owned(), Value::from(agent(household.agent.as_ref()))),
        ("income".to_owned(), Value::from(crate::model::Cents(household.income_cents).to_string())),
        ("income_cents".to_owned(), Value::from(household.income_cents)),
        ("coverage_begin".to_owned(), Value::from(household.coverage_begin.to_string())),
        ("as_of".to_owned(), Value::from(household.as_of.to_string())),
        ("lines".to_owned(), Value::from(Serde(lines))),
    ])
}

fn members_of(household: &Household) -> Vec<Names> {
    let applying = household.people.iter().enumerate().filter(|(_, p)| p.applying);
    let mut members: Vec<Names> = applying.map(|(i, p)| person(household, p, i)).collect();
    if let Some(subscriber) = members.first_mut() {
        // Whoever coverage hangs on is `self` to the plan, also the child of a child-only application.
        subscriber.insert("relationship".to_owned(), Value::from("self"));
        subscriber.insert("subscriber".to_owned(), Value::from(true));
    }
    members
}

/// What every person has, whatever was captured.
pub(super) const OF_A_PERSON: [&str; 16] = [
    "id",
    "name",
    "birth_date",
    "age",
    "sex",
    "relationship",
    "applying",
    "subscriber",
    "ssn",
    "tobacco",
    "tribal_member",
    "marital_status",
    "phone",
    "email",
    "language",
    "address",
];

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
        ("tribal_member".to_owned(), Value::from(person.tribal_member)),
        ("marital_status".to_owned(), text(&person.marital_status)),
        ("phone".to_owned(), text(&person.phone)),
        ("email".to_owned(), text(&person.email)),
        ("language".to_owned(), text(&person.language)),
        ("address".to_owned(), Value::from(address(household.residence(person)))),
    ])
}

/// Name and number are there, and empty where nobody helps.
fn agent(agent: Option<&Agent>) -> Names {
    let text = |of: fn(&Agent) -> &str| agent.map_or(Value::from(()), |agent| Value::from(of(agent)));
    Names::from([("name".to_owned(), text(|agent| &agent.name)), ("npn".to_owned(), text(|agent| agent.npn.as_str()))])
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

#[cfg(test)]
mod tests {
    use super::{OF_A_PERSON, person};

    #[test]
    fn what_a_person_has_is_listed() {
        let household = crate::target::read::sample_household();
        let mut listed = OF_A_PERSON.to_vec();
        listed.sort_unstable();
        let names = person(&household, &household.people[0], 0);
        assert_eq!(names.keys().map(String::as_str).collect::<Vec<_>>(), listed);
    }
}

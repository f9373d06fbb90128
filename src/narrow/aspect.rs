//! What of a household can be changed by itself: each aspect takes on what another household has, and leaves the rest.

use super::change::Shelf;
use crate::model::{Address, CoverageLine, Given, Household, Person, PlanId};

/// One thing that can be changed.
pub(super) struct Aspect {
    /// What it is called in a sentence: `the family names`.
    pub(super) name: &'static str,
    /// Gives the first household what the second has of it.
    pub(super) take: fn(&mut Given, &Given, &Shelf<'_>),
}

/// The catalogue. Identities (marker, mailboxes, numbers) are no aspects: they are new each time. What is asked after
/// beside what differs from the nearest household is asked in this order.
pub(super) const ASPECTS: &[Aspect] = &[
    Aspect { name: "the state", take: state },
    Aspect { name: "the plan", take: plan },
    Aspect { name: "the lines of coverage", take: lines },
    Aspect { name: "the county and ZIP code", take: county },
    Aspect {
        name: "the mailing address",
        take: |to, from, _| to.household.mailing.clone_from(&from.household.mailing),
    },
    Aspect { name: "the family names", take: family_names },
    Aspect {
        name: "the first names",
        take: |to, from, _| each(to, from, |to, from| to.name.first.clone_from(&from.name.first)),
    },
    Aspect {
        name: "the middle names",
        take: |to, from, _| each(to, from, |to, from| to.name.middle.clone_from(&from.name.middle)),
    },
    Aspect {
        name: "the suffixes of names",
        take: |to, from, _| each(to, from, |to, from| to.name.suffix.clone_from(&from.name.suffix)),
    },
    Aspect { name: "the number of people", take: size },
    Aspect { name: "who they are to each other", take: |to, from, _| each(to, from, relationship) },
    Aspect { name: "the dates of birth", take: |to, from, _| each(to, from, birth_date) },
    Aspect { name: "the sexes", take: |to, from, _| each(to, from, |to, from| to.sex = from.sex) },
    Aspect { name: "who uses tobacco", take: |to, from, _| each(to, from, |to, from| to.tobacco = from.tobacco) },
    Aspect { name: "the marital status", take: |to, from, _| each(to, from, marital_status) },
    Aspect {
        name: "the language",
        take: |to, from, _| each(to, from, |to, from| to.language.clone_from(&from.language)),
    },
    Aspect { name: "who lives elsewhere", take: elsewhere },
    Aspect {
        name: "the Social Security numbers",
        take: |to, from, _| each(to, from, |to, from| presence(&mut to.ssn, from.ssn.as_ref())),
    },
    Aspect {
        name: "the telephones",
        take: |to, from, _| each(to, from, |to, from| presence(&mut to.phone, from.phone.as_ref())),
    },
    Aspect { name: "the street", take: street },
    Aspect { name: "the income", take: |to, from, _| to.household.income_cents = from.household.income_cents },
];

/// The same of everybody who has somebody at their place in the other household.
fn each(to: &mut Given, from: &Given, take: impl Fn(&mut Person, &Person)) {
    to.household.people.iter_mut().zip(&from.household.people).for_each(|(to, from)| take(to, from));
}

/// Whoever bears the contact's name goes on doing so.
fn family_names(to: &mut Given, from: &Given, _: &Shelf<'_>) {
    let last = |of: &Household| of.people.first().map(|person| person.name.last.clone()).unwrap_or_default();
    let (own, others) = (last(&to.household), last(&from.household));
    for (place, person) in to.household.people.iter_mut().enumerate() {
        let theirs = from.household.people.get(place).map(|person| person.name.last.clone());
        let is_shared = person.name.last == own;
        person.name.last = theirs.filter(|_| !is_shared).unwrap_or_else(|| others.clone());
    }
}

/// Whoever is too many goes, and whoever is missing comes, under the family's name. Somebody who applies is always left.
fn size(to: &mut Given, from: &Given, _: &Shelf<'_>) {
    let (own, others) = (&mut to.household.people, &from.household.people);
    let last = |people: &[Person]| people.first().map(|person| person.name.last.clone()).unwrap_or_default();
    let (name, their_name) = (last(own), last(others));
    if own.iter().take(others.len()).any(|person| person.applying) {
        own.truncate(others.len());
    }
    for newcomer in others.iter().skip(own.len()) {
        let mut newcomer = newcomer.clone();
        if newcomer.name.last == their_name {
            newcomer.name.last.clone_from(&name);
        }
        own.push(newcomer);
    }
}

/// A relationship comes with an age that fits it.
fn relationship(to: &mut Person, from: &Person) {
    if (to.relationship, to.applying) != (from.relationship, from.applying) {
        (to.relationship, to.applying, to.birth_date) = (from.relationship, from.applying, from.birth_date);
    }
}

/// Of two who are something else to the subscriber the age stays: it would not fit.
fn birth_date(to: &mut Person, from: &Person) {
    if to.relationship == from.relationship {
        to.birth_date = from.birth_date;
    }
}

fn marital_status(to: &mut Person, from: &Person) {
    to.marital_status.clone_from(&from.marital_status);
}

/// Only whether there is one: which it is is new each time.
fn presence<T: Clone>(to: &mut Option<T>, from: Option<&T>) {
    if to.is_some() != from.is_some() {
        *to = from.cloned();
    }
}

fn elsewhere(to: &mut Given, from: &Given, _: &Shelf<'_>) {
    let address = |of: &Household| of.people.iter().find_map(|person| person.address.clone());
    match (address(&to.household), address(&from.household)) {
        (Some(_), None) => to.household.people.iter_mut().for_each(|person| person.address = None),
        (None, Some(there)) => {
            to.household.people.last_mut().into_iter().for_each(|last| last.address = Some(there.clone()));
        }
        _ => {}
    }
}

fn settle(to: &mut Given, from: &Given) {
    let (home, there) = (&mut to.household.address, &from.household.address);
    *home = Address { street_1: home.street_1.clone(), street_2: home.street_2.clone(), ..there.clone() };
    to.household.rating_area.clone_from(&from.household.rating_area);
}

/// Another state has other plans: of the same issuer, where it sells there.
fn state(to: &mut Given, from: &Given, shelf: &Shelf<'_>) {
    if to.household.address.state == from.household.address.state {
        return;
    }
    settle(to, from);
    let lines: Vec<CoverageLine> = to.plans.keys().copied().collect();
    for line in lines {
        let issuer = to.plans.get(&line).and_then(PlanId::issuer);
        let there = shelf.of(&to.household, line);
        let same = there.iter().find(|plan| plan.issuer() == issuer);
        match same.or(from.plans.get(&line)).or(there.first()) {
            Some(plan) => drop(to.plans.insert(line, plan.clone())),
            None => drop(to.plans.remove(&line)),
        }
    }
}

fn county(to: &mut Given, from: &Given, _: &Shelf<'_>) {
    if to.household.address.state == from.household.address.state {
        settle(to, from);
    }
}

fn street(to: &mut Given, from: &Given, _: &Shelf<'_>) {
    to.household.address.street_1.clone_from(&from.household.address.street_1);
    to.household.address.street_2.clone_from(&from.household.address.street_2);
}

fn lines(to: &mut Given, from: &Given, shelf: &Shelf<'_>) {
    to.household.lines.clone_from(&from.household.lines);
    to.plans.retain(|line, _| from.household.lines.contains(line));
    for line in &from.household.lines {
        if let (false, Some(plan)) = (to.plans.contains_key(line), shelf.of(&to.household, *line).into_iter().next()) {
            to.plans.insert(*line, plan);
        }
    }
}

/// Only where it is sold to them.
fn plan(to: &mut Given, from: &Given, _: &Shelf<'_>) {
    if to.household.address.state == from.household.address.state {
        for (line, plan) in &mut to.plans {
            from.plans.get(line).into_iter().for_each(|theirs| plan.clone_from(theirs));
        }
    }
}

//! What may be said of a household: by what those who fail may differ from those who do not.

use super::bits::Bits;
use crate::model::{CoverageLine, GroupSummary, Household, Person, Relationship, Sex};
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet};

/// Something that holds of some households.
#[derive(Debug)]
pub(super) struct Attribute {
    /// Of what kind it is: `state`, `county`, `edge case`.
    pub(super) kind: &'static str,
    /// In words: `state VA`.
    pub(super) words: String,
    /// Of whom it holds.
    pub(super) holds: Bits,
}

/// Kinds of which each lies within one of another: a county in a state, a plan at an issuer.
pub(super) const WITHIN: [(&str, &str); 2] = [("county", "state"), ("plan", "issuer")];

/// What is said of some households, and of which of them.
pub(super) struct Table {
    all: BTreeMap<(&'static str, String), Bits>,
    households: usize,
}

impl Table {
    /// Of households with their groups, in order; of one that nobody knows nothing is said.
    pub(super) fn of<'a>(
        households: impl ExactSizeIterator<Item = (Option<&'a Household>, &'a [GroupSummary])>,
    ) -> Self {
        let of = |(household, groups): (Option<&'a Household>, &'a [GroupSummary])| {
            let choices = groups.iter().map(|group| (group.issuer.as_deref(), group.plan_id.as_deref()));
            household.map(|household| said(household, choices)).unwrap_or_default()
        };
        Self::saying(households.map(of))
    }

    /// Of what is said of each, in order.
    pub(super) fn saying(households: impl ExactSizeIterator<Item = Said>) -> Self {
        let count = households.len();
        let mut all: BTreeMap<(&'static str, String), Bits> = BTreeMap::new();
        for (at, said) in households.enumerate() {
            for (kind, words) in said {
                all.entry((kind, words)).or_insert_with(|| Bits::none(count)).put(at);
            }
        }
        Self { all, households: count }
    }

    /// Everything that is said, in words, and of whom.
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, &Bits)> {
        self.all.iter().map(|((_, words), holds)| (words.as_str(), holds))
    }

    /// How many households there are.
    pub(super) fn households(&self) -> usize {
        self.households
    }

    /// All attributes that hold of at least three and not of all, and the kinds that never varied.
    pub(super) fn attributes(self) -> (Vec<Attribute>, Vec<String>) {
        /// What holds of fewer cannot be told from chance (R. E. Tarone, Biometrics 46, 1990).
        const LEAST: usize = 3;
        let (all, count) = (self.all, self.households);
        let mut values: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for ((kind, _), holds) in &all {
            let (known, most) = values.entry(kind).or_default();
            *known += 1;
            *most = (*most).max(holds.count());
        }
        let constant =
            values.iter().filter(|(kind, (known, most))| *known == 1 && *most == count && **kind != "edge case");
        let constant = constant.map(|(kind, _)| (*kind).to_owned()).collect();
        let attribute = |((kind, words), holds)| Attribute { kind, words, holds };
        let tells = |of: &Attribute| (LEAST..count).contains(&of.holds.count());
        (all.into_iter().map(attribute).filter(tells).collect(), constant)
    }
}

/// Attributes of one household: of what kind each is, and in words.
pub(super) type Said = BTreeSet<(&'static str, String)>;

/// Everything that is said of a household that chose so: issuer and plan of each line.
pub(super) fn said<'a>(
    household: &Household,
    choices: impl Iterator<Item = (Option<&'a str>, Option<&'a str>)>,
) -> Said {
    let mut said = whole(household);
    for (issuer, plan) in choices {
        if let Some(issuer) = issuer {
            said.insert(("issuer", format!("issuer {issuer}")));
        }
        if let Some(plan) = plan {
            said.insert(("plan", format!("plan {}", plan.get(..14).unwrap_or(plan))));
            said.extend(plan.get(14..16).map(|variant| ("variant", format!("variant {variant}"))));
        }
    }
    let applying = household.people.iter().filter(|person| person.applying);
    applying.for_each(|person| said.extend(of_person(household, person)));
    said
}

/// What is said of the household as a whole.
fn whole(household: &Household) -> Said {
    let (home, applying) = (&household.address, household.people.iter().filter(|person| person.applying));
    let either = |holds: bool, yes: &str, no: &str| if holds { yes } else { no }.to_owned();
    let size = applying.clone().count();
    let has_ssn = applying.clone().any(|person| person.ssn.is_some());
    let has_phone = household.people.iter().any(|person| person.phone.is_some());
    let mut said = Said::from([
        ("state", format!("state {}", home.state)),
        ("county", format!("county {}", home.county)),
        ("mailing address", either(household.mailing.is_some(), "a mailing address", "no mailing address")),
        ("size", if size >= 5 { "5 people or more".to_owned() } else { format!("{size} people") }),
        (
            "coverage line",
            either(household.lines.contains(&CoverageLine::Dental), "dental beside medical", "medical only"),
        ),
        ("SSN", either(has_ssn, "an SSN", "no SSN")),
        ("telephone", either(has_phone, "a telephone", "no telephone")),
    ]);
    said.extend(household.edge_cases.iter().map(|case| ("edge case", case.as_str().replace('_', " "))));
    said.extend(home.zip.starts_with('0').then(|| ("ZIP code", "ZIP code with a leading zero".to_owned())));
    let sex = |person: &Person| either(person.sex == Sex::Female, "a woman subscribes", "a man subscribes");
    said.extend(household.subscriber().map(|person| ("sex of the subscriber", sex(person))));
    said
}

/// What is said of a household because of one of its people.
fn of_person(household: &Household, person: &Person) -> Vec<(&'static str, String)> {
    let born = (person.birth_date.month(), person.birth_date.day());
    let said = [
        (person.tobacco, "tobacco", "somebody uses tobacco"),
        (person.address.is_some(), "address", "somebody lives elsewhere"),
        (born == (2, 29), "birth date", "born on 29 February"),
        (person.name.suffix.is_some(), "name", "a suffix of a name"),
        (person.name.middle.is_some(), "name", "a middle name"),
        (true, "age", age(person.age_on(household.coverage_begin))),
    ];
    let said = said.into_iter().filter(|(holds, _, _)| *holds).map(|(_, kind, words)| (kind, words.to_owned()));
    let mut said: Vec<_> = said.collect();
    if person.relationship != Relationship::SelfSubscriber {
        said.push(("relationship", format!("a {} in it", person.relationship.as_str().replace('_', " "))));
    }
    said.extend(person.language.iter().map(|language| ("language", format!("language {language}"))));
    let of_names = [&person.name.last, &person.name.first].into_iter().flat_map(|name| names(name));
    said.extend(of_names.map(|words| ("name", words.to_owned())));
    said
}

fn age(years: i32) -> &'static str {
    match years {
        ..=0 => "a baby in it",
        1..=17 => "a child under 18",
        18..=20 => "somebody of 18 to 20",
        21..=25 => "somebody of 21 to 25",
        26..=63 => "somebody of 26 to 63",
        _ => "somebody of 64 or more",
    }
}

fn names(name: &str) -> Vec<&'static str> {
    let is_apostrophe = |letter| matches!(letter, '\'' | '\u{2019}' | '\u{2bb}' | '\u{b4}' | '`');
    let has = |letter: fn(char) -> bool| name.chars().any(letter);
    let said = [
        (name.chars().any(is_apostrophe), "an apostrophe in a name"),
        (has(|letter| letter == '-'), "a hyphen in a name"),
        (name.trim().contains(' '), "a space in a name"),
        (has(|letter| letter.is_alphabetic() && !letter.is_ascii()), "a letter outside ASCII in a name"),
        (name.chars().count() > 25, "a name of more than 25 letters"),
        (name.chars().count() == 1, "a name of one letter"),
    ];
    said.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words).collect()
}

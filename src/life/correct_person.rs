//! The application said something wrong of the subscriber, and that is put right.

use super::happening::Happening;
use super::policies::Policies;
use crate::model::{Change, Correction, Field, Person, Sex, SyntheticSsn, TransactionReason};
use chrono::{Datelike, NaiveDate};

/// Names that nothing in the people's own lists is close to, so that the one before and the one after are told apart.
const FAMILY_NAMES: [&str; 3] = ["Quillfeather", "Underbridge", "Wexcombe"];
const FIRST_NAMES: [&str; 3] = ["Auberon", "Zinnia", "Isolde"];

pub(super) static HAPPENING: Happening = Happening {
    words: |change| match corrected(change) {
        Correction::LastName => "the correction of the family name",
        Correction::FirstName => "the correction of the first name",
        Correction::BirthDate => "the correction of the birth date",
        Correction::Sex => "the correction of the sex",
        Correction::Ssn => "the correction of the Social Security number",
    },
    fields: |change| [field(corrected(change))].into_iter().collect(),
    said_as: |change| match corrected(change) {
        Correction::LastName => &["name", "name.last", "name.full"],
        Correction::FirstName => &["name", "name.first", "name.full"],
        Correction::BirthDate => &["birth_date"],
        Correction::Sex => &["sex"],
        Correction::Ssn => &["ssn"],
    },
    reason: Some(TransactionReason::IdentityChange),
    unsettles: |_| &[],
    policies: Policies::GoOn,
    leaves: None,
    applies: |_, _| true,
    apply: |household, change, before| {
        let number = number(&household.marker, household.index.0, before);
        if let Some(subscriber) = household.people.iter_mut().find(|person| person.applying) {
            correct(subscriber, corrected(change), before);
            if corrected(change) == Correction::Ssn {
                subscriber.ssn = number;
            }
        }
    },
};

/// What is corrected where nothing is said.
fn corrected(change: Change) -> Correction {
    change.what.unwrap_or(Correction::LastName)
}

fn field(what: Correction) -> Field {
    match what {
        Correction::LastName => Field::NameLast,
        Correction::FirstName => Field::NameFirst,
        Correction::BirthDate => Field::BirthDate,
        Correction::Sex => Field::Sex,
        Correction::Ssn => Field::Ssn,
    }
}

fn correct(person: &mut Person, what: Correction, before: usize) {
    match what {
        Correction::LastName => person.name.last = another(&FAMILY_NAMES, &person.name.last, before),
        Correction::FirstName => person.name.first = another(&FIRST_NAMES, &person.name.first, before),
        Correction::BirthDate => person.birth_date = next_day(person.birth_date),
        // the number is the household's to say
        Correction::Ssn => {}
        Correction::Sex => person.sex = if person.sex == Sex::Female { Sex::Male } else { Sex::Female },
    }
}

/// Numbers of area 666, which nobody enrolls with first: 99 groups of 9,999 each.
const NUMBERS: u64 = 99 * 9_999;
/// Kept for each household.
const EACH: u64 = 10;

/// A number that was never issued and nobody else of the run has: households have ten each, from a place on that the run's people say
/// (the marker without the household's own part).
fn number(marker: &str, household: u32, before: usize) -> Option<SyntheticSsn> {
    let run = marker.split('@').next().and_then(|local| local.rsplit_once('.')).map_or("", |(run, _)| run);
    let start = run.bytes().fold(7_u64, |sum, byte| (sum * 131 + u64::from(byte)) % NUMBERS);
    let of_household = |turn: u64| {
        let number = (start + u64::from(household) * EACH + turn % EACH) % NUMBERS;
        SyntheticSsn::new(&format!("666{:02}{:04}", number / 9_999 + 1, number % 9_999 + 1))
    };
    // one of them has one digit nine times, and is none
    let first = before as u64;
    (first..first + EACH).find_map(of_household)
}

/// Another name than the one of now and those before, in its letter case.
fn another(names: &[&str; 3], now: &str, before: usize) -> String {
    let mut name = names.get(before % names.len()).copied().unwrap_or_default().to_owned();
    for _ in 0..before / names.len() {
        name.push_str("by");
    }
    let is_upper = now.chars().any(char::is_uppercase) && !now.chars().any(char::is_lowercase);
    if is_upper { name.to_uppercase() } else { name }
}

/// A day near by on the same side of every first of a month: whoever has had a birthday when coverage begins has had it
/// still, and no premium changes.
fn next_day(born: NaiveDate) -> NaiveDate {
    let other = match born.day() {
        1 => born.pred_opt(),
        day if day < 27 => born.succ_opt(),
        _ => born.with_day(2),
    };
    other.unwrap_or(born)
}

#[cfg(test)]
mod tests {
    use super::{NUMBERS, another, next_day, number};
    use chrono::{Datelike, NaiveDate};
    use std::collections::BTreeSet;

    #[test]
    fn each_household_has_numbers_of_its_own_and_another_each_time() {
        let marker = |household: u32| format!("john.doe.2be4d60259.01a22b.{household}@example.org");
        let mut numbers = BTreeSet::new();
        for household in 0..2_000 {
            for before in 0..3 {
                let number = number(&marker(household), household, before).unwrap();
                assert!(number.as_str().starts_with("666"));
                assert!(numbers.insert(number.as_str().to_owned()), "{household} {before}");
            }
        }
        assert_ne!(number("a.0@x", 0, 0), number("b.0@x", 0, 0), "another run begins elsewhere");
        let all: Vec<_> = (0..u32::try_from(NUMBERS).unwrap()).step_by(97).map(|at| number("a.0@x", at, 0)).collect();
        assert!(all.iter().all(Option::is_some), "there is always one");
    }

    #[test]
    fn nobody_is_older_or_younger_on_any_first_of_a_month_for_a_corrected_birth_date() {
        let first = NaiveDate::from_ymd_opt(1979, 12, 1).unwrap();
        for born in first.iter_days().take(800) {
            let other = next_day(born);
            assert_ne!(born, other);
            let firsts = first.iter_days().take(2000).filter(|day| day.day() == 1);
            for day in firsts.filter(|day| *day > born.max(other)) {
                let age = |born: NaiveDate| day.years_since(born);
                assert_eq!(age(born), age(other), "{born} and {other} on {day}");
            }
        }
    }

    #[test]
    fn a_second_correction_gives_another_name_again_in_its_letter_case() {
        let names = ["A", "B", "C"];
        assert_eq!([0, 1, 2, 3, 7].map(|before| another(&names, "O'Neal", before)), ["A", "B", "C", "Aby", "Bbyby"]);
        assert_eq!(another(&["Ab", "", ""], "O'NEAL", 0), "AB");
        assert_eq!(another(&["Ab", "", ""], "o'neal", 0), "Ab");
    }
}

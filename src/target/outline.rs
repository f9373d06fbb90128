//! What can be written in a target file, for people: its keys, and the names and filters of its templates.

use super::{examples, keys};

/// What templates can ask for, with its meaning. A test renders each one.
const NAMES: &[(&str, &str)] = &[
    ("subscriber", "the first of `members`, with `relationship` self"),
    ("members", "the people who apply, subscriber first"),
    ("people", "everybody in the household, also who does not apply"),
    (
        "household",
        "`marker`, `size`, `address`, `mailing`, `rating_area`, `agent` (`name` and `npn`, empty where nobody helps), `income`, `coverage_begin`, `as_of`, `lines`",
    ),
    ("application", "the whole household as JSON"),
    ("groups", "one for each plan taken: `line`, `plan_id`, `members`"),
    ("plan_id", "the medical plan, where one is taken; `dental_plan_id` is the dental one"),
    ("probe", "`index`, `marker`, `id`, `idempotency_key`"),
    ("run", "`id`"),
    ("member", "within `for_each: members` of a step and `per: member` of a look-up: that member"),
    ("group", "within `for_each: groups`: that group, also what it alone has by plain names (`plan_id`)"),
];

/// What each person of `members` and `people` has.
const OF_A_PERSON: &str =
    "id (from 1), name.first, name.middle, name.last, name.suffix, name.full, birth_date, age, sex,
  relationship, applying, subscriber, ssn, tobacco, tribal_member, marital_status, phone, email, language,
  address.street_1, address.street_2, address.city, address.state, address.zip, address.county";

/// What each of [`super::FILTERS`] does, in their order.
const FILTER_MEANINGS: &[&str] = &[
    "date('%m/%d/%Y'): a date in another format",
    "digits: digits only",
    "pad(9): zeros before it, up to this length",
    "upper: upper case",
    "lower: lower case",
    "map({'spouse': '01'}): our words to theirs",
    "relationship_code: the X12 code of a relationship",
    "truncate_to(35): at most so many characters",
    "ascii: without diacritics",
    "tojson: as JSON",
    "urlencode: percent-encoded; values in a path are encoded without it",
];

/// Every key of a target file with its meaning, then what its templates can say.
pub fn outline() -> String {
    let names: Vec<_> = NAMES.iter().map(|(name, meaning)| format!("  {name}: {meaning}\n")).collect();
    let filters: Vec<_> = FILTER_MEANINGS.iter().map(|meaning| format!("  {meaning}\n")).collect();
    let (of_filters, letters, conversions) = examples::told();
    format!(
        "{}\nNames in templates ({{{{ … }}}}), beside every name that a flow has captured:\n{}\nA person has: {OF_A_PERSON}.\n\n\
         A captured name that is a field (`johndoe fields`) is also what the records must hold.\n\
         \nFilters, beside those of minijinja:\n{}\nFor example:\n{of_filters}\nLetters of date formats, for 18 November 2013:\n{letters}\n\
         Conversions of captures and fields, for example:\n{conversions}",
        keys::TARGET.outline(),
        names.concat(),
        filters.concat(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::FILTERS;
    use super::{FILTER_MEANINGS, outline};

    #[test]
    fn every_filter_has_its_meaning() {
        assert_eq!(FILTERS.len(), FILTER_MEANINGS.len());
        for (name, meaning) in FILTERS.iter().zip(FILTER_MEANINGS) {
            assert!(meaning.starts_with(name), "{name}: {meaning}");
        }
        assert!(outline().contains("waypoints: (required)"));
    }
}

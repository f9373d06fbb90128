//! What the judge said of a field, found again by value and person: a group of eighty thousand has as many to look up.

use crate::model::Field;
use std::collections::HashMap;

/// What was said at one waypoint, in order; asked for one value of one person at a time.
#[derive(Debug)]
pub(super) struct Concerning<'a, T> {
    said: Vec<&'a T>,
    /// Places in `said`, each the first for its key.
    of_anybody: HashMap<Found<'a>, usize>,
    by_name: HashMap<(Found<'a>, Option<String>), usize>,
    by_number: HashMap<(Found<'a>, &'a str), usize>,
}

/// A field and the value that was found.
type Found<'a> = (Field, &'a str);

impl<'a, T> Concerning<'a, T> {
    /// Takes in what was said: each with its field, the value found (none reads `(none)`), and the person's label.
    pub(super) fn new(said: impl Iterator<Item = (&'a T, Field, &'a Option<String>, &'a str)>) -> Self {
        let mut all =
            Self { said: Vec::new(), of_anybody: HashMap::new(), by_name: HashMap::new(), by_number: HashMap::new() };
        for (at, (said, field, found, member)) in said.enumerate() {
            let found = (field, found.as_deref().unwrap_or("(none)"));
            all.said.push(said);
            all.of_anybody.entry(found).or_insert(at);
            all.by_name.entry((found, name(member))).or_insert(at);
            all.by_number.entry((found, number(member))).or_insert(at);
        }
        all
    }

    /// The first that was said of this value of this person; of a field of the whole group, whoever it was said of. Labels
    /// begin with the member's number among those expected; the record may be in another order, so a name that agrees will do.
    pub(super) fn first(&self, field: Field, found: &str, member: &str) -> Option<&'a T> {
        let found = (field, found);
        let at = if field.is_group() {
            self.of_anybody.get(&found).copied()
        } else {
            let (named, numbered) =
                (self.by_name.get(&(found, name(member))), self.by_number.get(&(found, number(member))));
            named.into_iter().chain(numbered).min().copied()
        };
        self.said.get(at?).copied()
    }
}

fn name(label: &str) -> Option<String> {
    label.split_once(' ').map(|(_, name)| name.to_uppercase())
}

fn number(label: &str) -> &str {
    label.split(' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Concerning;
    use crate::model::Field;

    type Said = (Field, Option<String>, String);

    fn of(said: &[Said]) -> Concerning<'_, Said> {
        Concerning::new(said.iter().map(|it| (it, it.0, &it.1, it.2.as_str())))
    }

    #[test]
    fn a_person_is_found_by_name_or_number_and_a_group_by_neither() {
        let said = |field, found: Option<&str>, member: &str| (field, found.map(str::to_owned), member.to_owned());
        let all = [
            said(Field::NameFirst, Some("Al"), "1 Ann Lee"),
            said(Field::NameFirst, Some("Al"), "2 Bo Lee"),
            said(Field::NameFirst, None, "3 Cy Lee"),
            said(Field::PlanId, Some("x"), ""),
        ];
        let found = of(&all);
        let at = |field, value: &str, member: &str| found.first(field, value, member).map(|it| it.2.as_str());
        assert_eq!(at(Field::NameFirst, "Al", "7 BO LEE"), Some("2 Bo Lee"));
        assert_eq!(at(Field::NameFirst, "Al", "2 Al Lee"), Some("2 Bo Lee"));
        assert_eq!(at(Field::NameFirst, "Al", "2 Ann Lee"), Some("1 Ann Lee"), "the first of both");
        assert_eq!(at(Field::NameFirst, "(none)", "3 Al Lee"), Some("3 Cy Lee"));
        assert_eq!(at(Field::NameFirst, "Al", "9 Di Lee"), None);
        assert_eq!(at(Field::NameLast, "Al", "1 Ann Lee"), None);
        assert_eq!(at(Field::PlanId, "x", "5 Di Lee"), Some(""));
    }

    /// One by one this takes ten thousand million looks.
    #[test]
    fn a_hundred_thousand_people_with_the_same_value_are_looked_up_one_by_one() {
        let all: Vec<Said> =
            (0..100_000).map(|at| (Field::Zip, Some("01002".to_owned()), format!("{at} A{at} Lee"))).collect();
        let found = of(&all);
        for said in &all {
            assert_eq!(found.first(said.0, "01002", &said.2).map(|it| &it.2), Some(&said.2));
        }
    }
}

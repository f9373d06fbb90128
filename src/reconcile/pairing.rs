//! Which member of a record is which of the people expected.

use super::spelling::{is_other_script, skeleton};
use crate::model::{Facts, Field, Value};

/// Members paired, and those left over; indices into the expected and the found list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pairing {
    pub(super) pairs: Vec<(usize, usize)>,
    pub(super) dropped: Vec<usize>,
    pub(super) added: Vec<usize>,
}

/// Which expected member each member of a record is: places in the expected and in the found list. Those whom neither name,
/// birth date nor id tells are in no pair.
pub fn paired(expected: &[Facts], found: &[Facts]) -> Vec<(usize, usize)> {
    pair(expected, found).pairs
}

/// Pairs by the sum of what agrees, best first. Who somebody is (name, birth date, SSN) weighs more than the id that is
/// attached to them, so that ids given to the wrong person show as wrong ids and not as wrong people.
pub(super) fn pair(expected: &[Facts], found: &[Facts]) -> Pairing {
    let mut pairing = Pairing::default();
    if expected.len() == found.len() && expected.iter().zip(found).all(|(e, f)| same_identity(e, f)) {
        pairing.pairs = (0..expected.len()).map(|i| (i, i)).collect();
        return pairing;
    }
    let mut candidates = Vec::new();
    for (e, wanted) in expected.iter().enumerate() {
        for (f, shown) in found.iter().enumerate() {
            let score = likeness(wanted, shown);
            if score >= LIKELY || (expected.len() == 1 && found.len() == 1) {
                candidates.push((score, e, f));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut taken, mut given) = (vec![false; expected.len()], vec![false; found.len()]);
    for (_, e, f) in candidates {
        let (Some(taken), Some(given)) = (taken.get_mut(e), given.get_mut(f)) else { continue };
        if !*taken && !*given {
            (*taken, *given) = (true, true);
            pairing.pairs.push((e, f));
        }
    }
    pairing.pairs.sort_unstable();
    pairing.dropped = unset(&taken);
    pairing.added = unset(&given);
    pairing
}

fn unset(flags: &[bool]) -> Vec<usize> {
    flags.iter().enumerate().filter(|(_, set)| !**set).map(|(at, _)| at).collect()
}

/// Whether name and birth date agree to the letter.
pub(super) fn same_identity(a: &Facts, b: &Facts) -> bool {
    [Field::BirthDate, Field::NameFirst, Field::NameLast]
        .into_iter()
        .all(|field| matches!((a.value(field), b.value(field)), (Some(a), Some(b)) if a == b))
}

/// Whether a surplus member is one of the expected people once more.
pub(super) fn is_same_person(a: &Facts, b: &Facts) -> bool {
    let same_id =
        matches!((a.text(Field::MemberId), b.text(Field::MemberId)), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b));
    let named = same(a, b, Field::NameFirst) && same(a, b, Field::NameLast);
    (named && same(a, b, Field::BirthDate)) || (same_id && (named || same(a, b, Field::BirthDate)))
}

/// From this sum on two members may be one person: a birth date or a first name must agree with something else, or an id.
const LIKELY: u32 = 8;

fn likeness(a: &Facts, b: &Facts) -> u32 {
    const WEIGHTS: [(Field, u32); 9] = [
        (Field::MemberId, 8),
        (Field::Ssn, 8),
        (Field::NameFirst, 6),
        (Field::BirthDate, 6),
        (Field::NameLast, 2),
        (Field::NameSuffix, 1),
        (Field::Sex, 1),
        (Field::Relationship, 1),
        (Field::Subscriber, 1),
    ];
    let strong = [Field::MemberId, Field::Ssn, Field::NameFirst, Field::BirthDate];
    let both_subscribers = a.text(Field::Subscriber) == Some("yes") && b.text(Field::Subscriber) == Some("yes");
    if !both_subscribers && !strong.into_iter().any(|field| same(a, b, field)) {
        return 0;
    }
    // a name in another script is compared with no spelling of it: whoever was born on that day is who is meant
    if same(a, b, Field::BirthDate)
        && [Field::NameFirst, Field::NameLast].into_iter().all(|name| is_spelled_anew(a, b, name))
    {
        return LIKELY;
    }
    let sum: u32 = WEIGHTS.iter().filter(|(field, _)| same(a, b, *field)).map(|(_, weight)| weight).sum();
    // whoever else the record calls subscriber stands in the subscriber's place
    if both_subscribers { sum.max(LIKELY) } else { sum }
}

/// Whether one of the two names is in a script that the other is not in.
fn is_spelled_anew(a: &Facts, b: &Facts, name: Field) -> bool {
    let is_other = |facts: &Facts| facts.text(name).map(is_other_script);
    matches!((is_other(a), is_other(b)), (Some(a), Some(b)) if a != b)
}

fn same(a: &Facts, b: &Facts, field: Field) -> bool {
    match (a.value(field), b.value(field)) {
        (Some(Value::Text(a)), Some(Value::Text(b))) => a == b || skeleton(a).take(24).eq(skeleton(b).take(24)),
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::paired;
    use crate::model::{Facts, Field};
    use chrono::NaiveDate;

    fn person(first: &str, last: &str, born: (i32, u32, u32)) -> Facts {
        let mut facts = Facts::new();
        facts.set(Field::NameFirst, first);
        facts.set(Field::NameLast, last);
        facts.set(Field::BirthDate, NaiveDate::from_ymd_opt(born.0, born.1, born.2).unwrap());
        facts
    }

    #[test]
    fn whoever_is_spelled_in_another_script_is_known_by_the_birth_date_among_several() {
        let expected = [person("Иван", "Петренко", (1970, 1, 2)), person("Олена", "Петренко", (1972, 3, 4))];
        let found = [person("Olena", "Petrenko", (1972, 3, 4)), person("Ivan", "Petrenko", (1970, 1, 2))];
        assert_eq!(paired(&expected, &found), [(0, 1), (1, 0)]);
        let stranger = [person("Ada", "Quill", (1970, 1, 2)), person("Olena", "Petrenko", (1972, 3, 4))];
        let latin = [person("Ivan", "Petrenko", (1970, 1, 2)), expected[1].clone()];
        assert_eq!(paired(&latin, &stranger), [(1, 1)], "who is spelled alike and called otherwise is somebody else");
    }
}

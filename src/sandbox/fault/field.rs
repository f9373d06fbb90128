//! Faults of a single field: another value, or none.

use super::dice::Dice;
use crate::model::{Cents, Facts, Field, GroupRecord, Kind, Relationship, Value};
use chrono::Days;

/// Gives the field another value of its kind, or the one asked for; of a member field, one member's that can have it.
pub(super) fn alter(record: &mut GroupRecord, field: Field, wanted: Option<&str>, dice: &Dice) -> Option<String> {
    let new_for = |facts: &Facts| {
        let old = facts.value(field)?;
        let new = wanted.map_or_else(|| wrong(field, old), |text| Some(Value::parse(field, text)))?;
        (new != *old).then_some(new)
    };
    let (whose, facts) = holder(record, field, dice, |facts| new_for(facts).is_some())?;
    let (old, new) = (facts.value(field)?.clone(), new_for(facts)?);
    let detail = format!("{field} of {whose}: `{old}` became `{new}`");
    facts.set(field, new);
    Some(detail)
}

/// Leaves the field empty; of a member field, one member's that has it.
pub(super) fn blank(record: &mut GroupRecord, field: Field, dice: &Dice) -> Option<String> {
    let (whose, facts) = holder(record, field, dice, |facts| facts.value(field).is_some())?;
    let old = facts.value(field)?.clone();
    facts.set_absent(field);
    Some(format!("{field} of {whose}: `{old}` was left out"))
}

/// The group's facts, or a member's, if they will do; with what to call them.
fn holder<'a>(
    record: &'a mut GroupRecord,
    field: Field,
    dice: &Dice,
    will_do: impl Fn(&Facts) -> bool,
) -> Option<(String, &'a mut Facts)> {
    if field.is_group() {
        return will_do(&record.facts).then(|| ("the group".to_owned(), &mut record.facts));
    }
    let fit: Vec<usize> = record.members.iter().enumerate().filter(|(_, m)| will_do(m)).map(|(i, _)| i).collect();
    let chosen = fit.get(dice.pick(fit.len())).copied()?;
    Some((format!("member {}", chosen + 1), record.members.get_mut(chosen)?))
}

/// A wrong value that no rule of equivalence explains away.
fn wrong(field: Field, old: &Value) -> Option<Value> {
    match old {
        Value::Date(day) => day.checked_add_days(Days::new(10)).map(Value::Date),
        Value::Money(cents) => Some(Value::Money(*cents + Cents(1_700))),
        Value::Text(text) => wrong_text(field, text).map(Value::from),
    }
}

fn wrong_text(field: Field, text: &str) -> Option<String> {
    match field.kind() {
        Kind::Name => Some(transposed(text)),
        Kind::Email => Some(format!("x{text}")),
        Kind::Address => Some(format!("9{text}")),
        Kind::Code => wrong_code(field, text),
        // neighbours' ids differ in the last place: nobody must come by another's by chance
        Kind::Id if field != Field::PlanId => Some(format!("9{text}")),
        Kind::Phone | Kind::Zip | Kind::Ssn | Kind::Id => Some(next_in_last_place(text)),
        Kind::Date | Kind::Money => None,
    }
}

/// Two neighbouring letters change places, as in typing; a name without two different ones gets a `q`.
fn transposed(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let differs = |pair: &[char]| matches!(pair, [a, b] if a.is_alphabetic() && b.is_alphabetic() && !a.to_lowercase().eq(b.to_lowercase()));
    match letters.windows(2).position(differs) {
        Some(at) => letters.swap(at, at + 1),
        None => letters.insert(0, 'q'),
    }
    letters.into_iter().collect()
}

/// The last digit (or letter) becomes the next one; a nine becomes an eight, so that no number turns into zeros.
fn next_in_last_place(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    match letters.iter_mut().rev().find(|c| c.is_ascii_alphanumeric()) {
        Some(last) => {
            *last = match *last {
                '9' => '8',
                'z' | 'Z' => 'a',
                other => char::from_u32(u32::from(other) + 1).unwrap_or('1'),
            }
        }
        None => letters.push('1'),
    }
    letters.into_iter().collect()
}

fn wrong_code(field: Field, text: &str) -> Option<String> {
    let other = |a: &'static str, b: &'static str| Some(if text == a { b } else { a }.to_owned());
    match field {
        Field::Sex => other("male", "female"),
        Field::Tobacco | Field::Subscriber => other("yes", "no"),
        Field::CoverageLine => other("medical", "dental"),
        Field::CsrVariant => other("01", "05"),
        Field::State | Field::MailState => other("WY", "VT"),
        Field::MaritalStatus => other("single", "married"),
        Field::Language => other("spa", "eng"),
        Field::PolicyStatus => other("cancelled", "terminated"),
        Field::Relationship => {
            other(Relationship::Other.as_str(), Relationship::Ward.as_str()).filter(|_| text != "self")
        }
        Field::County | Field::RatingArea => Some(next_in_last_place(text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{next_in_last_place, transposed};

    #[test]
    fn wrong_names_and_numbers_differ_by_more_than_case_and_punctuation() {
        assert_eq!(transposed("O'Neal"), "O'eNal");
        assert_eq!(transposed("Aa"), "qAa");
        assert_eq!(transposed("X"), "qX");
        assert_eq!(next_in_last_place("8045550199"), "8045550198");
        assert_eq!(next_in_last_place("01002"), "01003");
        assert_eq!(next_in_last_place("--"), "--1");
    }
}

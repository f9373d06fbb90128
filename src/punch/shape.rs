//! The shape of a difference: how what was found came of what was expected, in words.

use crate::model::{Cents, Discrepancy, Field, Kind, Relationship};
use chrono::{Datelike, NaiveDate};

/// What a difference is, in words. `told` are the amounts a month, in cents, of the members other than the subscriber, where the
/// exchange told them; `who` is the differing member's relationship, where it is known.
pub(super) fn shape(of: &Discrepancy, who: Option<Relationship>, told: &[i64]) -> String {
    let name = spoken(of.field);
    match (of.field, of.expected.as_deref(), of.found.as_deref()) {
        (Field::MemberEnrolled, Some("no"), Some("yes")) => {
            format!("{} who left, still in the group", who.map_or("dependent".to_owned(), |who| words(who.as_str())))
        }
        (Field::MemberEnrolled, _, found) => enrolled(found == Some("yes"), who),
        (Field::Relationship, Some(expected), Some(found)) => {
            // a stepchild who became a child is told by what he was
            let was = if kin(expected) == kin(found) { words(expected) } else { kin(expected) };
            format!("{was} recorded as {}", words(found))
        }
        (_, Some(_), None) => format!("{name} left out"),
        (_, None, Some(_)) => format!("{name} where there is none"),
        (_, None, None) => format!("{name} differs"),
        (field, Some(expected), Some(found)) => {
            let how = match field.kind() {
                Kind::Date => date(expected, found),
                Kind::Money => money(expected, found, told),
                Kind::Name | Kind::Address | Kind::Email => text(expected, found),
                Kind::Zip | Kind::Id | Kind::Phone | Kind::Ssn => digits(expected, found),
                Kind::Code => Some(format!("{} for {}", words(found), words(expected))),
            };
            // names share a shape whichever part of them shows it
            let name = if field.kind() == Kind::Name { "name" } else { &name };
            match how {
                Some(how) if field.kind() == Kind::Name && how.ends_with("dropped") => how,
                Some(how) => format!("{name} {how}"),
                None => format!("{name} is another"),
            }
        }
    }
}

fn enrolled(is_there: bool, who: Option<Relationship>) -> String {
    if is_there {
        return "somebody in the group whom nobody applied for".to_owned();
    }
    match who {
        Some(who) => format!("{} left out of the group", words(who.as_str())),
        None => "dependent left out of the group".to_owned(),
    }
}

/// A field's name as people say it: `birth date`, `premium total`.
pub(super) fn spoken(field: Field) -> String {
    let name = field.name();
    let name = name.split_once('.').map_or(name, |(_, rest)| rest);
    match field {
        Field::Aptc => "tax credit".to_owned(),
        Field::TotalResponsibility => "what the subscriber owes".to_owned(),
        Field::CsrVariant => "cost-sharing variant".to_owned(),
        _ => words(&name.replace("exchange_assigned_", "").replace(['.', '-'], " ")),
    }
}

/// Children of every kind are one kind of mistake.
fn kin(word: &str) -> String {
    match word {
        "adopted_child" | "foster_child" | "stepchild" => "child".to_owned(),
        _ => words(word),
    }
}

fn words(word: &str) -> String {
    word.replace('_', " ")
}

/// How one day became another.
fn date(expected: &str, found: &str) -> Option<String> {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let (expected, found) = (day(expected)?, day(found)?);
    let parts = |of: NaiveDate| (of.year(), of.month(), of.day());
    let ((year, month, of_month), (other_year, other_month, other_day)) = (parts(expected), parts(found));
    let days = (found - expected).num_days();
    let when = |days: i64| if days < 0 { "early" } else { "late" };
    Some(match days {
        -1 | 1 => format!("one day {}", when(days)),
        -3..=3 => format!("{} days {}", days.abs(), when(days)),
        _ if year == other_year && (month, of_month) == (other_day, other_month) => {
            "with month and day exchanged".to_owned()
        }
        _ if (month, of_month) == (other_month, other_day) && (year - other_year) % 100 == 0 => {
            "in another century".to_owned()
        }
        _ if (month, of_month) == (other_month, other_day) => {
            format!("{} years {}", (year - other_year).abs(), when(days))
        }
        _ if of_month == other_day => {
            let months = (other_year - year) * 12 + i32::try_from(other_month).ok()? - i32::try_from(month).ok()?;
            let plural = if months.abs() == 1 { "month" } else { "months" };
            format!("{} {plural} {}", months.abs(), when(days))
        }
        _ => "on another day".to_owned(),
    })
}

/// How one amount became another.
fn money(expected: &str, found: &str, told: &[i64]) -> Option<String> {
    let (expected, found) = (Cents::parse_dollars(expected)?.0, Cents::parse_dollars(found)?.0);
    let missing = expected - found;
    Some(if told.contains(&missing) {
        "without the dependent".to_owned()
    } else if told.len() > 1 && missing > 0 && missing == told.iter().sum::<i64>() {
        "without the dependents".to_owned()
    } else if found == 0 {
        "of nothing".to_owned()
    } else if expected == found * 100 || found == expected * 100 {
        "with the point in another place".to_owned()
    } else if expected / 100 * 100 == found {
        "without its cents".to_owned()
    } else if missing > 0 {
        "too low".to_owned()
    } else {
        "too high".to_owned()
    })
}

/// How one text became another.
fn text(expected: &str, found: &str) -> Option<String> {
    let without = |dropped: fn(char) -> bool| {
        let left: String = expected.chars().filter(|letter| !dropped(*letter)).collect();
        left != expected && left.eq_ignore_ascii_case(found)
    };
    let apostrophe = |letter| matches!(letter, '\'' | '\u{2019}' | '\u{2bb}' | '\u{b4}' | '`');
    let how = if without(apostrophe) {
        "apostrophe dropped"
    } else if without(|letter| matches!(letter, '-' | '\u{2010}')) {
        "hyphen dropped"
    } else if without(char::is_whitespace) {
        "space dropped"
    } else if found.contains("&#") || found.contains("&amp;") || found.contains("&quot;") || found.contains("&lt;") {
        "as an HTML entity"
    } else if found.contains('\\') && found.replace('\\', "").eq_ignore_ascii_case(&expected.replace('\u{2019}', "'")) {
        "with a backslash put in"
    } else if without(|letter| !letter.is_alphanumeric()) {
        "punctuation dropped"
    } else if found.chars().any(|letter| matches!(letter, '\u{c2}' | '\u{c3}' | '\u{fffd}'))
        || without(|l| !l.is_ascii())
        || (found.contains('?') && !expected.contains('?') && !expected.is_ascii())
    {
        "garbled: letters outside ASCII"
    } else if found.len() < expected.len() && expected.to_lowercase().starts_with(&found.to_lowercase()) {
        "cut off"
    } else if found.len() > expected.len() && found.to_lowercase().starts_with(&expected.to_lowercase()) {
        "with something behind it"
    } else {
        return None;
    };
    Some(how.to_owned())
}

/// How one number became another.
fn digits(expected: &str, found: &str) -> Option<String> {
    let bare = expected.trim_start_matches('0');
    let how = if bare != expected && bare == found {
        "without its leading zero"
    } else if found.len() < expected.len() && expected.starts_with(found) {
        "cut off"
    } else if found.len() == expected.len() && are_turned(expected, found) {
        "with two digits exchanged"
    } else {
        return None;
    };
    Some(how.to_owned())
}

/// Whether two neighbours changed places and nothing else.
fn are_turned(expected: &str, found: &str) -> bool {
    let pairs: Vec<_> =
        expected.chars().zip(found.chars()).enumerate().filter(|(_, (one, other))| one != other).collect();
    match pairs.as_slice() {
        [(at, (a, b)), (next, (c, d))] => *next == at + 1 && a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::shape;
    use crate::model::{Discrepancy, Field, Relationship, Severity};

    fn said(field: Field, expected: &str, found: &str) -> String {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let of = Discrepancy {
            member: "2 Al Lee".to_owned(),
            field,
            expected: some(expected),
            found: some(found),
            severity: Severity::Critical,
            at: None,
        };
        shape(&of, Some(Relationship::Child), &[12_050, 9_950])
    }

    #[test]
    fn a_difference_is_told_by_its_shape() {
        for (field, expected, found, words) in [
            (Field::Relationship, "child", "spouse", "child recorded as spouse"),
            (Field::Relationship, "adopted_child", "spouse", "child recorded as spouse"),
            (Field::BirthDate, "1981-11-10", "1981-11-09", "birth date one day early"),
            (Field::BirthDate, "1981-12-31", "1982-01-01", "birth date one day late"),
            (Field::BirthDate, "1981-03-04", "1981-04-03", "birth date with month and day exchanged"),
            (Field::BirthDate, "1921-03-04", "2021-03-04", "birth date in another century"),
            (Field::BirthDate, "1981-03-04", "1971-03-04", "birth date 10 years early"),
            (Field::BenefitBegin, "2014-01-01", "2014-02-01", "benefit begin date 1 month late"),
            (Field::BirthDate, "1981-03-04", "1982-07-19", "birth date on another day"),
            (Field::NameLast, "O'Neal", "ONeal", "apostrophe dropped"),
            (Field::NameFirst, "D\u{2019}Arcy", "DARCY", "apostrophe dropped"),
            (Field::NameLast, "Garcia-Lopez", "GarciaLopez", "hyphen dropped"),
            (Field::NameLast, "De La Cruz", "DeLaCruz", "space dropped"),
            (Field::NameLast, "Pe\u{f1}a", "Pe\u{c3}\u{b1}a", "name garbled: letters outside ASCII"),
            (Field::NameLast, "Pe\u{f1}a", "Pea", "name garbled: letters outside ASCII"),
            (Field::NameLast, "Pe\u{f1}a", "PEN?A", "name garbled: letters outside ASCII"),
            (Field::NameLast, "O'Neal", "O&#39;Neal", "name as an HTML entity"),
            (Field::Street2, "Unit \"C\"", "Unit &quot;C&quot;", "address street 2 as an HTML entity"),
            (Field::NameLast, "O'Neal", "O\\'Neal", "name with a backslash put in"),
            (Field::NameLast, "Keihanaikukauakahi", "Keihanai", "name cut off"),
            (Field::NameLast, "Lee", "Walker", "name is another"),
            (Field::Zip, "01002", "1002", "address zip without its leading zero"),
            (Field::Phone, "2125550123", "2125550132", "phone with two digits exchanged"),
            (Field::PremiumTotal, "500.50", "380.00", "premium total without the dependent"),
            (Field::PremiumTotal, "500.50", "280.50", "premium total without the dependents"),
            (Field::Aptc, "100.00", "0.00", "tax credit of nothing"),
            (Field::Aptc, "100.00", "63.00", "tax credit too low"),
            (Field::Aptc, "100.00", "1.00", "tax credit with the point in another place"),
            (Field::Aptc, "100.42", "100.00", "tax credit without its cents"),
            (Field::CsrVariant, "04", "01", "cost-sharing variant 01 for 04"),
            (Field::Phone, "2125550123", "", "phone left out"),
            (Field::Ssn, "", "666451234", "ssn where there is none"),
            (Field::MemberEnrolled, "yes", "no", "child left out of the group"),
            (Field::MemberEnrolled, "", "yes", "somebody in the group whom nobody applied for"),
            (Field::MemberEnrolled, "no", "yes", "child who left, still in the group"),
        ] {
            assert_eq!(said(field, expected, found), words, "{expected} {found}");
        }
    }
}

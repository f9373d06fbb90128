//! What a fault may select a household by.

use crate::model::{Fact, Facts, Field, GroupRecord, Value};
use chrono::Datelike;
use std::collections::BTreeSet;

/// Attributes by which faults select, with what they mean.
pub(super) const KNOWN: &[&str] = &[
    "apostrophe",
    "hyphen",
    "space_in_name",
    "diacritics",
    "suffix",
    "middle_name",
    "dependents",
    "child",
    "spouse",
    "ssn",
    "dental",
    "zip_leading_zero",
    "mailing",
    "subsidy",
    "tobacco",
    "leap_day_birth",
    "second_street_line",
    "phone",
];

/// The attributes that these groups of one household show.
pub(in crate::sandbox) fn traits(groups: &[&GroupRecord]) -> BTreeSet<&'static str> {
    KNOWN.iter().copied().filter(|name| groups.iter().any(|group| shows(group, name))).collect()
}

fn shows(group: &GroupRecord, name: &str) -> bool {
    let any = |field: Field, test: fn(&str) -> bool| group.members.iter().any(|m| m.text(field).is_some_and(test));
    let names = |test: fn(&str) -> bool| any(Field::NameLast, test) || any(Field::NameFirst, test);
    let stated = |field: Field| group.members.iter().any(|m| matches!(m.get(field), Fact::Value(_)));
    match name {
        "apostrophe" => names(|n| n.contains(['\'', '\u{2019}'])),
        "hyphen" => names(|n| n.contains('-')),
        "space_in_name" => names(|n| n.contains(' ')),
        "diacritics" => names(|n| !n.is_ascii()),
        "suffix" => stated(Field::NameSuffix),
        "middle_name" => stated(Field::NameMiddle),
        "dependents" => group.members.len() > 1,
        "child" => any(Field::Relationship, is_child),
        "spouse" => any(Field::Relationship, |r| r == "spouse"),
        "ssn" => stated(Field::Ssn),
        "dental" => group.facts.text(Field::CoverageLine) == Some("dental"),
        "zip_leading_zero" => any(Field::Zip, |zip| zip.starts_with('0')),
        "mailing" => stated(Field::MailStreet1),
        "subsidy" => matches!(group.facts.value(Field::Aptc), Some(Value::Money(cents)) if cents.0 > 0),
        "tobacco" => any(Field::Tobacco, |word| word == "yes"),
        "leap_day_birth" => group.members.iter().any(born_on_leap_day),
        "second_street_line" => stated(Field::Street2),
        "phone" => stated(Field::Phone),
        _ => false,
    }
}

/// Whether a relationship is a child's of some kind.
pub(super) fn is_child(relationship: &str) -> bool {
    matches!(relationship, "child" | "adopted_child" | "foster_child" | "stepchild" | "grandchild")
}

fn born_on_leap_day(member: &Facts) -> bool {
    matches!(member.value(Field::BirthDate), Some(Value::Date(day)) if (day.month(), day.day()) == (2, 29))
}

//! Whether two values of one field say the same: equal, equivalent by a named rule, or different.

use super::spelling::{bare, base_letters, is_apostrophe, is_combining, is_invisible, is_other_script, without_origin};
use crate::model::{Cents, Fact, Field, Kind, Value};
use chrono::{Datelike, NaiveDate};

/// The three answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Equality {
    /// The same.
    Equal,
    /// Written differently in a way that the named rules (joined by `+`) explain.
    Equivalent(String),
    /// Not the same.
    Different,
}

/// What the rules need to know beyond the two values.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting {
    /// Whether an absent APTC and an APTC of zero are the same at this waypoint.
    pub absent_aptc_is_zero: bool,
    /// First day of coverage, whose year an open end closes with (CMS companion guide v7.2 p. 18).
    pub begin: Option<NaiveDate>,
}

/// Compares what is stated of a field on both sides; `Unstated` on either side is equal to everything.
pub fn equality(field: Field, expected: Fact<'_>, found: Fact<'_>, setting: Setting) -> Equality {
    match (blank_is_absent(expected), blank_is_absent(found)) {
        (Fact::Value(expected), Fact::Value(found)) => values(field, expected, found),
        (Fact::Unstated, _) | (_, Fact::Unstated) | (Fact::Absent, Fact::Absent) => Equality::Equal,
        (Fact::Value(value), Fact::Absent) => missing(field, value, setting),
        (Fact::Absent, Fact::Value(value)) => surplus(field, value, setting),
    }
}

/// An empty element says that there is nothing.
fn blank_is_absent(fact: Fact<'_>) -> Fact<'_> {
    match fact {
        Fact::Value(Value::Text(text)) if text.trim().is_empty() => Fact::Absent,
        fact => fact,
    }
}

fn by(rule: &str) -> Equality {
    Equality::Equivalent(rule.to_owned())
}

fn when(holds: bool, rule: &str) -> Equality {
    if holds { by(rule) } else { Equality::Different }
}

/// A value was expected and there is none.
fn missing(field: Field, expected: &Value, setting: Setting) -> Equality {
    match (field, expected) {
        (Field::Aptc | Field::CsrAmount, Value::Money(Cents(0))) if setting.absent_aptc_is_zero => {
            by("absent_aptc_zero")
        }
        (Field::BenefitEnd, Value::Date(end)) => when(closes_year(*end, setting), "open_end_date"),
        _ => Equality::Different,
    }
}

/// Nothing was expected and there is a value.
fn surplus(field: Field, found: &Value, setting: Setting) -> Equality {
    match (field, found) {
        // the exchange sends zero where there is none (CMS companion guide v7.2 p. 22)
        (Field::Aptc | Field::CsrAmount, Value::Money(Cents(0))) => by("absent_aptc_zero"),
        (Field::BenefitEnd, Value::Date(end)) => when(closes_year(*end, setting), "open_end_date"),
        _ => Equality::Different,
    }
}

/// Systems that must write some day write a last one that nobody lives to see: 31 December 9999, 2299 and the like.
const NEVER: i32 = 2099;

fn closes_year(end: NaiveDate, setting: Setting) -> bool {
    let is_of_plan = setting.begin.is_none_or(|begin| begin.year() == end.year());
    end.month() == 12 && end.day() == 31 && (is_of_plan || end.year() >= NEVER)
}

fn values(field: Field, expected: &Value, found: &Value) -> Equality {
    if expected == found {
        return Equality::Equal;
    }
    match (expected, found) {
        (Value::Text(expected), Value::Text(found)) => texts(field, expected, found),
        _ => Equality::Different,
    }
}

fn texts(field: Field, expected: &str, found: &str) -> Equality {
    if expected.eq_ignore_ascii_case(found) && !matches!(field.kind(), Kind::Date | Kind::Money) {
        return by("letter_case");
    }
    match field.kind() {
        Kind::Name | Kind::Address => written(field, expected, found),
        Kind::Phone | Kind::Ssn | Kind::Zip if found.contains(char::is_alphabetic) => Equality::Different,
        Kind::Phone => when(phone_digits(expected) == phone_digits(found), "phone_punctuation"),
        Kind::Ssn => when(digits(expected) == digits(found), "ssn_punctuation"),
        Kind::Zip => zip(expected, found),
        Kind::Email | Kind::Id | Kind::Code => code(field, expected, found),
        Kind::Date | Kind::Money => Equality::Different,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Ten digits; a country code in front is dropped.
fn phone_digits(text: &str) -> String {
    let digits = digits(text);
    match digits.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => rest.to_owned(),
        _ => digits,
    }
}

/// The first five digits decide, and there must be five or nine: `2201` is not `02201`.
fn zip(expected: &str, found: &str) -> Equality {
    let (expected, found) = (digits(expected), digits(found));
    let whole = |zip: &str| zip.len() == 5 || zip.len() == 9;
    when(whole(&expected) && whole(&found) && expected.get(..5) == found.get(..5), "zip_plus_four")
}

fn code(field: Field, expected: &str, found: &str) -> Equality {
    if expected.trim().eq_ignore_ascii_case(found.trim()) {
        return by("white_space");
    }
    match field {
        Field::PlanId => plan_id(expected, found),
        Field::ApplicationId => {
            let (expected, found) = (without_origin(expected.trim()), without_origin(found.trim()));
            when(expected.eq_ignore_ascii_case(found), "application_origin")
        }
        Field::MaritalStatus => when(same_in_x12(expected, found), "marital_status_code"),
        _ => Equality::Different,
    }
}

/// Some exchanges print a hyphen before the variant, and some readers leave the variant on (domain: plan id 14 + 2).
fn plan_id(expected: &str, found: &str) -> Equality {
    let plain = |id: &str| -> String { id.chars().filter(char::is_ascii_alphanumeric).collect() };
    let (expected, found) = (plain(expected), plain(found));
    let component = |id: &str| id.get(..14).unwrap_or(id).to_ascii_uppercase();
    let lengths_fit = expected.len() == found.len() || (found.len() == 16 && expected.len() == 14);
    when(lengths_fit && component(&expected) == component(&found), "plan_id_hyphen")
}

/// DMG04 as the exchange sends it knows married, unmarried and unreported only (CMS companion guide v7.2 p. 40).
fn same_in_x12(expected: &str, found: &str) -> bool {
    let married = |word: &str| word.eq_ignore_ascii_case("married");
    let coarse = ["unmarried", "single", "unreported"];
    coarse.iter().any(|word| found.trim().eq_ignore_ascii_case(word))
        && (found.trim().eq_ignore_ascii_case("unreported") || !married(expected.trim()))
}

/// Ways in which a name or an address is legitimately written differently, in the order of application. Of the rules
/// that were tried only those are named without which the two would differ. An apostrophe that is dropped is under none
/// of them: `ONEAL` for `O'Neal` is another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Truncation,
    ReservedCharacters,
    Apostrophe,
    Diacritics,
    Punctuation,
    LetterCase,
    WhiteSpace,
}

const RULES: [(Rule, &str); 7] = [
    (Rule::Truncation, "x12_truncation"),
    (Rule::ReservedCharacters, "reserved_characters"),
    (Rule::Apostrophe, "curly_apostrophe"),
    (Rule::Diacritics, "diacritics"),
    (Rule::Punctuation, "punctuation"),
    (Rule::LetterCase, "letter_case"),
    (Rule::WhiteSpace, "white_space"),
];

/// Characters that X12 files use as delimiters and therefore cannot carry in a text.
const RESERVED: [char; 8] = ['*', '~', ':', '^', '|', '>', '!', '\\'];

/// Which of two customs a rule follows.
#[derive(Debug, Clone, Copy)]
struct Manner {
    /// `ü` becomes `UE` rather than `U`.
    long_accents: bool,
    /// A hyphen disappears rather than becoming a blank.
    joined: bool,
}

const MANNERS: [Manner; 4] = [
    Manner { long_accents: false, joined: false },
    Manner { long_accents: false, joined: true },
    Manner { long_accents: true, joined: false },
    Manner { long_accents: true, joined: true },
];

fn written(field: Field, expected: &str, found: &str) -> Equality {
    let mut needed = [true; RULES.len()];
    let same = |on: [bool; RULES.len()], manner: Manner| same_under(on, manner, field, (expected, found));
    let Some(manner) = MANNERS.into_iter().find(|manner| same(needed, *manner)) else {
        return transliterated(field, expected, found);
    };
    for at in 0..RULES.len() {
        let mut fewer = needed;
        if let Some(rule) = fewer.get_mut(at) {
            *rule = false;
        }
        if same(fewer, manner) {
            needed = fewer;
        }
    }
    let names: Vec<_> = RULES.iter().zip(needed).filter(|(_, on)| *on).map(|((_, name), _)| *name).collect();
    if names.is_empty() { Equality::Equal } else { Equality::Equivalent(names.join("+")) }
}

/// A name in another script cannot travel in an X12 file, and no rule says how it is to be spelled in Latin letters: any
/// spelling passes; question marks and digits spell nothing.
fn transliterated(field: Field, expected: &str, found: &str) -> Equality {
    let is_of_a_name = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.');
    let spelled = found.chars().all(is_of_a_name) && found.chars().any(|c| c.is_ascii_alphabetic());
    when(field.kind() == Kind::Name && is_other_script(expected) && spelled, "transliteration")
}

fn same_under(on: [bool; RULES.len()], manner: Manner, field: Field, (expected, found): (&str, &str)) -> bool {
    let (mut expected, mut found) = (expected.to_owned(), found.to_owned());
    for ((rule, _), _) in RULES.iter().zip(on).filter(|(_, on)| *on) {
        apply(*rule, manner, field, (&mut expected, &mut found));
    }
    expected == found
}

fn apply(rule: Rule, manner: Manner, field: Field, (expected, found): (&mut String, &mut String)) {
    // some systems keep the accents of one alphabet and drop those of another; none gains one
    let upper = |text: &str| -> Vec<char> { text.chars().flat_map(char::to_uppercase).collect() };
    let (shown, without) = (upper(expected), upper(&unaccented(expected, false)));
    let is_among = |c: char, all: &[char]| c.to_uppercase().all(|c| all.contains(&c));
    let is_bare = |c: char| bare(c) == c && base_letters(c).is_none();
    let known = |c: char| c.is_ascii() || is_among(c, &shown) || (is_bare(c) && is_among(c, &without));
    let loses_accents = found.chars().all(known) || found.contains(is_combining);
    let gains_reserved = found.chars().any(|c| RESERVED.contains(&c) && !expected.contains(c));
    // what is longer than the element was not cut to it
    let may_be_cut = found.chars().count() <= longest(field);
    let mut both = |change: &dyn Fn(&str) -> String| {
        *expected = change(expected);
        *found = change(found);
    };
    match rule {
        Rule::Truncation if may_be_cut => *expected = cut(field, expected),
        // a file loses those that are its own delimiters and keeps the others; it gains none
        Rule::ReservedCharacters if !gains_reserved => both(&|text| text.replace(RESERVED, " ")),
        Rule::Apostrophe => both(&|text| text.replace(is_apostrophe, "'")),
        // accents may get lost on the way; they do not grow
        Rule::Diacritics if loses_accents => {
            both(&|text| unaccented(text, manner.long_accents));
        }
        Rule::Truncation | Rule::ReservedCharacters | Rule::Diacritics => {}
        Rule::Punctuation => {
            let hyphen = if manner.joined { "" } else { " " };
            both(&|text| text.replace('-', hyphen).replace(['.', ',', '#'], " "));
        }
        Rule::LetterCase => both(&str::to_uppercase),
        Rule::WhiteSpace => {
            both(&|text| text.replace(is_invisible, "").split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

/// Characters that the standard's element holds (005010X220A1: NM103 60, NM104 35, NM105 25, NM107 10, N301 and N302 55,
/// N401 30).
fn longest(field: Field) -> usize {
    match field {
        Field::NameLast | Field::FormerLast | Field::CustodialLast | Field::ResponsibleLast => 60,
        Field::NameFirst | Field::FormerFirst | Field::CustodialFirst | Field::ResponsibleFirst => 35,
        Field::NameMiddle => 25,
        Field::NameSuffix => 10,
        Field::City | Field::MailCity => 30,
        _ => 55,
    }
}

/// The text as the standard's element holds it.
fn cut(field: Field, text: &str) -> String {
    let kept: String = text.chars().take(longest(field)).collect();
    if kept.len() < text.len() { kept.trim_end().to_owned() } else { kept }
}

fn unaccented(text: &str, long: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().filter(|c| !is_combining(*c)) {
        match base_letters(letter) {
            Some((short, expanded)) => {
                let base = if long { expanded } else { short };
                if letter.is_lowercase() { plain.push_str(&base.to_lowercase()) } else { plain.push_str(base) }
            }
            None => plain.push(bare(letter)),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Equality, Setting, equality};
    use crate::model::{Cents, Fact, Field, Value};
    use chrono::NaiveDate;

    fn day(year: i32, month: u32, day: u32) -> Value {
        Value::Date(NaiveDate::from_ymd_opt(year, month, day).unwrap())
    }

    fn compared(field: Field, expected: &str, found: &str) -> Equality {
        let (expected, found) = (Value::parse(field, expected), Value::parse(field, found));
        equality(field, Fact::Value(&expected), Fact::Value(&found), Setting::default())
    }

    #[test]
    fn each_rule_explains_what_it_is_for() {
        let long = "K".repeat(61);
        for (field, expected, found, rule) in [
            (Field::NameLast, "Doe", "DOE", "letter_case"),
            (Field::NameLast, "Peña", "PEÑA", "letter_case"),
            (Field::NameLast, "De  La Cruz", "De La Cruz", "white_space"),
            (Field::NameFirst, "Mary ", "Mary", "white_space"),
            (Field::NameLast, "Hodges\u{200b}", "Hodges", "white_space"),
            (Field::NameLast, "De\u{a0}La\u{a0}Cruz", "De La Cruz", "white_space"),
            (Field::NameLast, "Garcia-Lopez", "GARCIA LOPEZ", "punctuation+letter_case"),
            (Field::NameLast, "Garcia-Lopez", "GarciaLopez", "punctuation"),
            (Field::NameSuffix, "Jr.", "JR", "punctuation+letter_case+white_space"),
            (Field::NameLast, "O’Neal", "O'NEAL", "curly_apostrophe+letter_case"),
            (Field::NameLast, "Müller", "MULLER", "diacritics+letter_case"),
            (Field::NameLast, "Müller", "Mueller", "diacritics"),
            (Field::NameLast, "Dvořák", "DVORÁK", "diacritics+letter_case"),
            (Field::NameLast, "Peña", "Pen\u{303}a", "diacritics"),
            (Field::NameLast, &long, &long[..60], "x12_truncation"),
            (Field::Street1, "1 Main St * ~ 5", "1 MAIN ST 5", "reserved_characters+letter_case+white_space"),
            (Field::NameLast, "Иванова", "IVANOVA", "transliteration"),
            (Field::NameLast, "Γεωργίου", "Γεωργιου", "diacritics"),
            (Field::NameLast, "Γεωργίου", "ΓΕΩΡΓΙΟΥ", "diacritics+letter_case"),
            (Field::NameFirst, "Γεώργιος", "ΓΕΩΡΓΙΟΣ", "diacritics+letter_case"),
            (Field::NameFirst, "Άγγελος", "αγγελοσ", "diacritics+letter_case"),
            (Field::NameLast, "Королёв", "КОРОЛЕВ", "diacritics+letter_case"),
            (Field::NameLast, "Nguyễn", "NGUYEN", "diacritics+letter_case"),
            (Field::Street1, "1 Main *B~ Unit:7", "1 MAIN B~ UNIT 7", "reserved_characters+letter_case+white_space"),
            (Field::ApplicationId, "123456789", "123456789-01", "application_origin"),
            (Field::Zip, "02201", "02201-1234", "zip_plus_four"),
            (Field::Zip, "02201", "022011234", "zip_plus_four"),
            (Field::Phone, "7035550101", "+1 (703) 555-0101", "phone_punctuation"),
            (Field::Ssn, "666451234", "666-45-1234", "ssn_punctuation"),
            (Field::PlanId, "12345VA0010001", "12345VA0010001-01", "plan_id_hyphen"),
            (Field::Email, "jd7@example.com", "JD7@EXAMPLE.COM", "letter_case"),
            (Field::MaritalStatus, "divorced", "unmarried", "marital_status_code"),
        ] {
            assert_eq!(compared(field, expected, found), Equality::Equivalent(rule.into()), "{expected} / {found}");
        }
    }

    #[test]
    fn just_beyond_each_rule_the_values_differ() {
        let long = "K".repeat(61);
        for (field, expected, found) in [
            (Field::NameLast, "O'Neal", "ONEAL"),
            (Field::NameLast, "O'Neal", "O NEAL"),
            (Field::NameLast, "O’Neal", "ONEAL"),
            (Field::NameLast, "Méndez", "MÃ©ndez"),
            (Field::NameLast, "Méndez", "M?NDEZ"),
            (Field::NameLast, "Muller", "Müller"),
            (Field::NameLast, "Иванова", "???????"),
            (Field::NameLast, &long, &long[..59]),
            (Field::NameLast, "Doe", "Do"),
            (Field::NameFirst, "Mary", "Marie"),
            (Field::Street1, "1 Main Street", "1 Main St"),
            (Field::ApplicationId, "123456789", "123456780-01"),
            (Field::Street1, "1 Main B Unit 7", "1 MAIN B~ UNIT 7"),
            (Field::Zip, "02201", "2201"),
            (Field::Zip, "02201", "02202-1234"),
            (Field::Phone, "7035550101", "7035550110"),
            (Field::Ssn, "066451234", "66451234"),
            (Field::PlanId, "12345VA0010001", "12345VA0010002"),
            (Field::MemberId, "0012", "12"),
            (Field::MaritalStatus, "married", "unmarried"),
            (Field::BirthDate, "1980-01-02", "1980-01-01"),
            (Field::BirthDate, "1980-02-28", "1980-02-30"),
            (Field::Aptc, "250.58", "250.57"),
        ] {
            assert_eq!(compared(field, expected, found), Equality::Different, "{expected} / {found}");
        }
    }

    #[test]
    fn a_rule_holds_only_at_its_own_fields_length() {
        let long = "K".repeat(40);
        assert_eq!(compared(Field::NameFirst, &long, &long[..35]), Equality::Equivalent("x12_truncation".into()));
        assert_eq!(compared(Field::NameLast, &long, &long[..35]), Equality::Different);
    }

    #[test]
    fn an_open_end_is_the_last_day_of_the_plan_year_or_of_all_years_and_no_other() {
        let setting = Setting { begin: NaiveDate::from_ymd_opt(2014, 1, 1), absent_aptc_is_zero: false };
        let end = |found: &Value| equality(Field::BenefitEnd, Fact::Absent, Fact::Value(found), setting);
        assert_eq!(end(&day(2014, 12, 31)), Equality::Equivalent("open_end_date".into()));
        assert_eq!(end(&day(2014, 12, 30)), Equality::Different);
        assert_eq!(end(&day(2015, 12, 31)), Equality::Different);
        assert_eq!(end(&day(9999, 12, 31)), Equality::Equivalent("open_end_date".into()));
        assert_eq!(end(&day(2099, 12, 30)), Equality::Different);
    }

    #[test]
    fn absent_aptc_is_zero_only_where_the_waypoint_allows_it() {
        let zero = Value::Money(Cents(0));
        let at = |absent_aptc_is_zero| {
            let setting = Setting { absent_aptc_is_zero, begin: None };
            equality(Field::Aptc, Fact::Value(&zero), Fact::Absent, setting)
        };
        assert_eq!(at(true), Equality::Equivalent("absent_aptc_zero".into()));
        assert_eq!(at(false), Equality::Different);
        let cent = Value::Money(Cents(1));
        let setting = Setting { absent_aptc_is_zero: true, begin: None };
        assert_eq!(equality(Field::Aptc, Fact::Value(&cent), Fact::Absent, setting), Equality::Different);
    }
}

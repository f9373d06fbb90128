//! How the words of another system become canonical values.

use super::selector::group_or_match;
use crate::model::{Cents, Field, Kind, PlanId, Relationship, Value};
use chrono::{DateTime, NaiveDate};
use std::collections::BTreeMap;

/// How a text of another system becomes a canonical value, applied in the order of the fields here.
#[derive(Debug, Clone, Default)]
pub struct Convert {
    /// Words that mean "there is none", such as `N/A`; compared without regard to case.
    pub none: Vec<String>,
    /// First group of the expression, or the whole match; where it does not match there is none.
    pub extract: Option<regex::Regex>,
    /// Keeps digits only.
    pub digits: bool,
    /// Changes letter case.
    pub case: Option<Case>,
    /// Their words to ours; compared without regard to case. A word that is not listed stays as it is.
    pub map: BTreeMap<String, String>,
    /// `strftime` format of a date (`%m/%d/%Y`), or `epoch_seconds` or `epoch_millis`.
    pub date: Option<String>,
    /// Unit of an amount: dollars unless said.
    pub unit: Unit,
}

/// Unit of an amount of money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unit {
    /// `250.58`.
    #[default]
    Dollars,
    /// `25058`.
    Cents,
}

/// A change of letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// To capitals.
    Upper,
    /// To small letters.
    Lower,
}

impl Convert {
    /// The canonical value of a text; `None`: it is stated that there is none. Beyond what the file says, what a field's
    /// kind makes plain is understood: `M` is male, `Y` and `true` are yes, X12's relationship codes, a plan id's
    /// hyphen and variant, dates with a time behind them. What cannot be read stays as it is, to be shown.
    pub fn apply(&self, field: Option<Field>, text: &str) -> Option<Value> {
        let raw = text.trim();
        if raw.is_empty() || self.says_none(raw) {
            return None;
        }
        let text = self.reworded(text)?;
        if text.trim().is_empty() {
            return None;
        }
        let Some(field) = field else { return Some(self.free_value(&text)) };
        Some(match field.kind() {
            Kind::Date => self.date_value(&text),
            Kind::Money => self.money_value(&text),
            Kind::Ssn => digits_of(&text).into(),
            Kind::Phone => phone(&text).into(),
            Kind::Code | Kind::Id => code(field, text.trim()).into(),
            Kind::Name | Kind::Address | Kind::Email | Kind::Zip => text.into(),
        })
    }

    /// In words by what the target would read a text wrongly: its expression does not match, or what comes of it is no date, or no amount.
    pub fn unreadable(&self, field: Option<Field>, text: &str) -> Option<&'static str> {
        let raw = text.trim();
        if raw.is_empty() || self.says_none(raw) {
            return None;
        }
        let Some(reworded) = self.reworded(text) else { return Some("the `regex` of its capture does not match") };
        let is_date = self.date.is_some() || field.is_some_and(|field| field.kind() == Kind::Date);
        let is_money = field.is_some_and(|field| field.kind() == Kind::Money);
        match self.apply(field, text) {
            Some(Value::Text(_)) if is_date && !reworded.trim().is_empty() => {
                Some("is no date as its capture has it (`date`)")
            }
            Some(Value::Text(_)) if is_money && !reworded.trim().is_empty() => {
                Some("is no amount as its capture has it (`unit`)")
            }
            _ => None,
        }
    }

    /// Whether a text is one of the words for "there is none".
    pub fn says_none(&self, text: &str) -> bool {
        self.none.iter().any(|none| none.eq_ignore_ascii_case(text.trim()))
    }

    fn reworded(&self, text: &str) -> Option<String> {
        let extracted = match &self.extract {
            Some(expression) => group_or_match(&expression.captures(text)?)?.to_owned(),
            None => text.to_owned(),
        };
        let kept = if self.digits { digits_of(&extracted) } else { extracted };
        let cased = match self.case {
            Some(Case::Upper) => kept.to_uppercase(),
            Some(Case::Lower) => kept.to_lowercase(),
            None => kept,
        };
        let listed = self.map.iter().find(|(theirs, _)| theirs.to_lowercase() == cased.trim().to_lowercase());
        Some(listed.map_or(cased, |(_, ours)| ours.clone()))
    }

    /// A name that is no field: a date only where a format is given, else text.
    fn free_value(&self, text: &str) -> Value {
        if self.date.is_some() { self.date_value(text) } else { text.into() }
    }

    fn date_value(&self, text: &str) -> Value {
        let text = text.trim();
        let parsed = match &self.date {
            Some(format) if format == "epoch_seconds" => since_1970(text, 1),
            Some(format) if format == "epoch_millis" => since_1970(text, 1000),
            Some(format) => NaiveDate::parse_from_str(text, format).ok(),
            None => plain_date(text),
        };
        parsed.map_or_else(|| text.into(), Value::Date)
    }

    fn money_value(&self, text: &str) -> Value {
        let text = text.trim();
        let amount = match self.unit {
            Unit::Dollars => Cents::parse_dollars(text),
            Unit::Cents => text.parse().ok().map(Cents),
        };
        amount.map_or_else(|| text.into(), Value::Money)
    }
}

/// An amount of which whole dollars and cents stand apart, as one text: `250.08` of `250` and `8`. Where one is not there, or is no such
/// number, a text that is no amount, to be shown.
pub fn dollars_and_cents(dollars: Option<&str>, cents: Option<&str>) -> String {
    let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let whole = dollars.map(str::trim).filter(|text| is_number(&text.strip_prefix('-').unwrap_or(text)));
    let part = cents.map(str::trim).filter(|text| text.len() <= 2 && is_number(text));
    match (whole, part) {
        (Some(whole), Some(part)) => format!("{whole}.{part:0>2}"),
        _ => format!("{} dollars and {} cents", dollars.unwrap_or("no"), cents.unwrap_or("no")),
    }
}

/// `2014-01-01`, `2014-01-01T05:00:00Z` (the day as written), `20140101`.
fn plain_date(text: &str) -> Option<NaiveDate> {
    let day = text.split_once(['T', ' ']).map_or(text, |(day, _)| day);
    let compact = day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit());
    NaiveDate::parse_from_str(day, if compact { "%Y%m%d" } else { "%Y-%m-%d" }).ok()
}

/// The day, in UTC, of an instant that is written as a time since 1970, of which a second has so many parts. Midnight in the zones of
/// the United States is on the same day in UTC.
fn since_1970(text: &str, parts: i64) -> Option<NaiveDate> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let seconds = whole.parse::<i64>().ok()?.div_euclid(parts);
    Some(DateTime::from_timestamp(seconds, 0)?.date_naive())
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Ten digits, without the country code; as it is where it is no such number.
fn phone(text: &str) -> String {
    let digits = digits_of(text);
    match digits.len() {
        10 => digits,
        11 if digits.starts_with('1') => digits[1..].to_owned(),
        _ => text.to_owned(),
    }
}

/// Codes and ids whose other spellings are beyond doubt.
fn code(field: Field, text: &str) -> String {
    let lower = text.to_lowercase();
    match field {
        Field::PlanId => PlanId::parse(text).standard_component().to_owned(),
        Field::CsrVariant => PlanId::parse(text).variant().unwrap_or(text).to_owned(),
        Field::Subscriber | Field::Tobacco | Field::MemberEnrolled => yes_or_no(&lower).unwrap_or(text).to_owned(),
        Field::Sex => sex(&lower).unwrap_or(text).to_owned(),
        Field::Relationship => relationship(text, &lower),
        Field::CoverageLine => line(&lower).unwrap_or(text).to_owned(),
        Field::State | Field::MailState | Field::RatingArea => text.to_uppercase(),
        Field::MaritalStatus | Field::Language | Field::PolicyStatus => lower,
        _ => text.to_owned(),
    }
}

fn yes_or_no(lower: &str) -> Option<&'static str> {
    match lower {
        "yes" | "y" | "true" | "1" => Some("yes"),
        "no" | "n" | "false" | "0" => Some("no"),
        _ => None,
    }
}

fn sex(lower: &str) -> Option<&'static str> {
    match lower {
        "m" | "male" => Some("male"),
        "f" | "female" => Some("female"),
        _ => None,
    }
}

fn relationship(text: &str, lower: &str) -> String {
    let word = Relationship::parse(lower).or_else(|| Relationship::from_x12_code(&text.to_uppercase()));
    word.map_or_else(|| text.to_owned(), |r| r.as_str().to_owned())
}

fn line(lower: &str) -> Option<&'static str> {
    match lower {
        "medical" | "hlt" => Some("medical"),
        "dental" | "den" => Some("dental"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, Convert, Unit, dollars_and_cents};
    use crate::model::{Cents, Field, Value};

    fn apply(convert: &Convert, field: Field, text: &str) -> String {
        convert.apply(Some(field), text).map_or("(none)".to_owned(), |v| v.to_string())
    }

    #[test]
    fn what_is_not_as_its_capture_has_it_is_told_and_is_no_value() {
        let with = |regex: &str, date: Option<&str>| Convert {
            extract: (!regex.is_empty()).then(|| regex::Regex::new(regex).unwrap()),
            date: date.map(str::to_owned),
            none: vec!["N/A".to_owned()],
            ..Convert::default()
        };
        for (convert, field, text, words) in [
            (with("X([0-9]+)", None), Some(Field::PolicyId), "800636301", Some("`regex`")),
            (with("X([0-9]+)", None), None, "X8", None),
            (with("", Some("%Y-%m-%d")), Some(Field::BenefitBegin), "01.01.2014", Some("`date`")),
            (with("", Some("%d.%m.%Y")), Some(Field::BenefitBegin), "01.01.2014", None),
            (with("", None), Some(Field::BenefitBegin), "2014-01-01T00:00:00Z", None),
            (with("", None), Some(Field::Aptc), "twelve", Some("`unit`")),
            (with("", None), Some(Field::Aptc), "n/a", None),
            (with("", None), Some(Field::NameLast), "Doe", None),
        ] {
            let told = convert.unreadable(field, text);
            assert_eq!(told.is_some(), words.is_some(), "{text}: {told:?}");
            assert!(told.unwrap_or_default().contains(words.unwrap_or_default()), "{told:?}");
        }
    }

    #[test]
    fn dates_and_money_become_typed() {
        let us = Convert { date: Some("%m/%d/%Y".into()), ..Convert::default() };
        assert_eq!(apply(&us, Field::BirthDate, "02/29/1980"), "1980-02-29");
        assert_eq!(apply(&us, Field::BirthDate, "02/30/1980"), "02/30/1980");
        let plain = Convert::default();
        assert_eq!(apply(&plain, Field::BirthDate, "1980-02-29T00:00:00-05:00"), "1980-02-29");
        assert_eq!(apply(&plain, Field::BirthDate, "19800229"), "1980-02-29");
        assert_eq!(plain.apply(Some(Field::Aptc), "$250.58"), Some(Value::Money(Cents(25_058))));
        let cents = Convert { unit: Unit::Cents, ..Convert::default() };
        assert_eq!(cents.apply(Some(Field::Aptc), "25058"), Some(Value::Money(Cents(25_058))));
        assert_eq!(apply(&cents, Field::Aptc, "250.58"), "250.58");
    }

    #[test]
    fn dates_are_read_as_systems_write_them() {
        for (format, text, expected) in [
            ("epoch_seconds", "1384300800", "2013-11-13"),
            ("epoch_seconds", "-256780800", "1961-11-12"),
            ("epoch_millis", "1384318800000", "2013-11-13"),
            ("epoch_millis", "-1", "1969-12-31"),
            ("epoch_millis", "1384318800000.0", "2013-11-13"),
            ("epoch_millis", "soon", "soon"),
            ("epoch_seconds", "99999999999999999", "99999999999999999"),
            ("%d-%b-%Y", "18-NOV-2013", "2013-11-18"),
            ("%d-%b-%Y", "1-feb-2013", "2013-02-01"),
        ] {
            let convert = Convert { date: Some(format.to_owned()), ..Convert::default() };
            assert_eq!(apply(&convert, Field::BirthDate, text), expected, "{format} {text}");
        }
    }

    #[test]
    fn dollars_and_cents_that_stand_apart_are_one_amount_and_half_of_it_is_none() {
        let read = |dollars, cents| apply(&Convert::default(), Field::Aptc, &dollars_and_cents(dollars, cents));
        for (dollars, cents, expected) in [
            (Some("250"), Some("58"), "250.58"),
            (Some("250"), Some("8"), "250.08"),
            (Some("0"), Some("00"), "0.00"),
            (Some("250"), None, "250 dollars and no cents"),
            (None, Some("58"), "no dollars and 58 cents"),
            (Some("250"), Some("580"), "250 dollars and 580 cents"),
            (Some("250.5"), Some("8"), "250.5 dollars and 8 cents"),
        ] {
            assert_eq!(read(dollars, cents), expected);
        }
    }

    #[test]
    fn booleans_and_single_letters_are_words_like_others() {
        let words = |words: &[(&str, &str)]| Convert {
            map: words.iter().map(|(theirs, ours)| ((*theirs).to_owned(), (*ours).to_owned())).collect(),
            ..Convert::default()
        };
        let (letters, booleans) =
            (words(&[("T", "yes"), ("F", "no")]), words(&[("true", "female"), ("false", "male")]));
        for (convert, field, text, expected) in [
            (&letters, Field::Tobacco, "f", "no"),
            (&letters, Field::Subscriber, "T", "yes"),
            (&booleans, Field::Sex, "true", "female"),
            (&Convert::default(), Field::Tobacco, "false", "no"),
        ] {
            assert_eq!(apply(convert, field, text), expected, "{field} {text}");
        }
    }

    #[test]
    fn their_words_become_ours_in_the_documented_order() {
        let convert = Convert {
            none: vec!["N/A".into()],
            extract: Some(regex::Regex::new("rel:(.*)").unwrap()),
            case: Some(Case::Lower),
            map: [("SP".to_owned(), "spouse".to_owned())].into(),
            ..Convert::default()
        };
        assert_eq!(apply(&convert, Field::Relationship, "rel:sp"), "spouse");
        assert_eq!(apply(&convert, Field::Relationship, "n/a"), "(none)");
        assert_eq!(apply(&convert, Field::Relationship, "other"), "(none)");
        assert_eq!(apply(&convert, Field::Relationship, "rel:19"), "child");
    }

    #[test]
    fn spellings_beyond_doubt_need_no_map() {
        let plain = Convert::default();
        for (field, text, expected) in [
            (Field::Sex, "F", "female"),
            (Field::Subscriber, "true", "yes"),
            (Field::Tobacco, "N", "no"),
            (Field::Relationship, "G8", "other"),
            (Field::PlanId, "12345VA0010001-04", "12345VA0010001"),
            (Field::CsrVariant, "12345VA001000104", "04"),
            (Field::CsrVariant, "04", "04"),
            (Field::Phone, "+1 (804) 555-0123", "8045550123"),
            (Field::Phone, "555-0123", "555-0123"),
            (Field::Ssn, "666-45-1234", "666451234"),
            (Field::Zip, "01002-1234", "01002-1234"),
            (Field::NameLast, " De  La Cruz ", " De  La Cruz "),
            (Field::NameMiddle, "  ", "(none)"),
        ] {
            assert_eq!(apply(&plain, field, text), expected, "{field} {text}");
        }
    }
}

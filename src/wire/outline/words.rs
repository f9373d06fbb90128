//! A field's value as people say it: codes as what they mean, days and times as they are written.

use super::item::Field;

impl Field<'_> {
    /// The value for people; of Social Security numbers the last four digits. Not yet fit for a terminal.
    pub fn in_words(&self) -> String {
        if let Some(means) = self.means() {
            return means.to_owned();
        }
        let text = self.shown().into_owned();
        match self.name {
            // Only envelopes write a year with two digits.
            "date" if text.len() == 6 && is_number(&text) => day(&format!("{}{text}", century(&text))),
            name if is_date(name) => text.split('-').map(day).collect::<Vec<_>>().join(" to "),
            // Of a qualifier that has no name here, what follows it may be a day.
            "date" | "file_date" | "category_from" => match text.split_once(": ") {
                Some((qualifier, value)) => format!("{qualifier}: {}", day(value)),
                None => day(&text),
            },
            "time" | "created_at" => time(&text),
            "submitted_at" => moment(text),
            _ => text,
        }
    }
}

fn is_date(name: &str) -> bool {
    const DATES: &[&str] =
        &["date or period", "birth date", "last_premium_paid", "premium_paid_until", "previous_period"];
    const ENDS: &[&str] = &["birth_date", "_on", "_begin", "_end", "_from"];
    name != "category_from" && (DATES.contains(&name) || ENDS.iter().any(|end| name.ends_with(end)))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// ISA09 has been written since the eighties.
fn century(digits: &str) -> u8 {
    if digits >= "80" { 19 } else { 20 }
}

fn day(digits: &str) -> String {
    let part = |from, to| digits.get(from..to).unwrap_or_default();
    match digits.len() {
        8 if is_number(digits) => format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8)),
        _ => digits.to_owned(),
    }
}

/// A timestamp of at least CCYYMMDDHHMM.
fn moment(text: String) -> String {
    match (text.get(..8), text.get(8..)) {
        (Some(date), Some(clock)) if is_number(&text) && clock.len() >= 4 => format!("{} {}", day(date), time(clock)),
        _ => text,
    }
}

fn time(digits: &str) -> String {
    match (digits.get(..2), digits.get(2..4), digits.get(4..6)) {
        (Some(hour), Some(minute), Some(second)) => format!("{hour}:{minute}:{second}"),
        (Some(hour), Some(minute), None) => format!("{hour}:{minute}"),
        _ => digits.to_owned(),
    }
}

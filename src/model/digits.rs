//! Numbers as text, without the detour over formatting: amounts and dates are written by the million.

use chrono::{Datelike, NaiveDate};
use compact_str::{CompactString, ToCompactString as _};

/// Writes a number with at least so many digits behind a text.
pub(super) fn push_digits(text: &mut CompactString, number: u64, least: u32) {
    let mut place = 10_u64.pow(least.saturating_sub(1));
    while number / place >= 10 {
        place *= 10;
    }
    while place > 0 {
        let digit = u8::try_from(number / place % 10).unwrap_or_default();
        text.push(char::from(b'0' + digit));
        place /= 10;
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The date as ISO 8601 writes it, `2014-01-01`.
pub(super) fn iso_date(date: NaiveDate) -> CompactString {
    let Some(year) = u64::try_from(date.year()).ok().filter(|year| *year <= 9999) else {
        return date.to_compact_string();
    };
    let mut text = CompactString::const_new("");
    push_digits(&mut text, year, 4);
    for part in [date.month(), date.day()] {
        text.push('-');
        push_digits(&mut text, u64::from(part), 2);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{iso_date, push_digits};
    use chrono::NaiveDate;
    use compact_str::CompactString;

    #[test]
    fn dates_read_as_the_calendar_library_writes_them() {
        for (year, month, day) in [(2014, 1, 1), (1900, 12, 31), (7, 10, 9), (0, 2, 29), (-44, 3, 15), (10_000, 1, 1)] {
            let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            assert_eq!(iso_date(date), date.to_string());
        }
    }

    #[test]
    fn digits_are_filled_up_and_never_cut() {
        for (number, least, text) in
            [(0, 1, "0"), (7, 2, "07"), (1234, 2, "1234"), (u64::MAX, 1, "18446744073709551615")]
        {
            let mut written = CompactString::const_new("");
            push_digits(&mut written, number, least);
            assert_eq!(written, text);
        }
    }
}

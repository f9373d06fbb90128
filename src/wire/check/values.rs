//! Whether characters make up a number, a date, a time.

/// Days of CCYYMMDD, or of YYMMDD, exist in the calendar. Years before 1800 are misprints in this trade.
pub(super) fn is_date(value: &[u8]) -> bool {
    match value.len() {
        8 => digits(value).is_some_and(|day| day / 10_000 >= 1800 && exists(day / 10_000, day / 100 % 100, day % 100)),
        6 => digits(value).is_some_and(|day| exists(2000 + day / 10_000, day / 100 % 100, day % 100)),
        _ => false,
    }
}

/// The number of some digits, at most nine of them.
pub(super) fn digits(value: &[u8]) -> Option<u32> {
    if value.is_empty() || value.len() > 9 {
        return None;
    }
    value.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// The day before, of a day that exists.
pub(super) fn day_before(day: u32) -> u32 {
    let (year, month, date) = (day / 10_000, day / 100 % 100, day % 100);
    match (month, date) {
        (1, 1) => (year - 1) * 10_000 + 1231,
        (3, 1) => year * 10_000 + 228 + u32::from(is_leap(year)),
        (5 | 7 | 10 | 12, 1) => day - 100 + 29,
        (_, 1) => day - 100 + 30,
        _ => day - 1,
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn exists(year: u32, month: u32, day: u32) -> bool {
    let longest = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap(year)),
        _ => return false,
    };
    (1..=longest).contains(&day)
}

/// A time of day: HHMM, HHMMSS, HHMMSSD or HHMMSSDD.
pub(super) fn is_time(value: &[u8]) -> bool {
    let two = |from: usize| value.get(from..from + 2).and_then(digits);
    let begins = two(0).is_some_and(|hour| hour < 24) && two(2).is_some_and(|minute| minute < 60);
    let ends = match value.len() {
        4 => true,
        6..=8 => two(4).is_some_and(|second| second < 60) && value.iter().skip(6).all(u8::is_ascii_digit),
        _ => false,
    };
    begins && ends
}

/// A day, or two with a hyphen, by the format qualifier; other formats are not looked at.
pub(super) fn is_period(format: &[u8], value: &[u8]) -> bool {
    match format {
        b"D8" => value.len() == 8 && is_date(value),
        b"RD8" => match (value.get(..8), value.get(8..9), value.get(9..)) {
            (Some(first), Some(b"-"), Some(last)) => {
                last.len() == 8 && is_date(first) && is_date(last) && first <= last
            }
            _ => false,
        },
        _ => true,
    }
}

/// A moment as CCYYMMDDHHMMSS, with tenths or hundredths or without.
pub(super) fn is_moment(value: &[u8]) -> bool {
    let (Some(day), Some(time)) = (value.get(..8), value.get(8..)) else { return false };
    is_date(day) && time.len() >= 6 && is_time(time)
}

/// A whole number with an optional minus; how many digits.
pub(super) fn integer(value: &[u8]) -> Option<usize> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then_some(digits.len())
}

/// A number with an optional minus and decimal point; how many digits.
pub(super) fn decimal(value: &[u8]) -> Option<usize> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    let points = memchr::memchr_iter(b'.', digits).count();
    let is_number = digits.len() > points && points <= 1;
    (is_number && digits.iter().all(|b| b.is_ascii_digit() || *b == b'.')).then_some(digits.len() - points)
}

/// Hundredths of an amount with up to two decimals that matter.
pub(super) fn cents(value: &[u8]) -> Option<i64> {
    decimal(value)?;
    let (sign, digits) = value.strip_prefix(b"-").map_or((1, value), |digits| (-1, digits));
    let mut parts = digits.splitn(2, |b| *b == b'.');
    let (whole, fraction) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if fraction.iter().skip(2).any(|b| *b != b'0') || whole.len() > 12 {
        return None;
    }
    let places = fraction.iter().chain(b"00").take(2);
    let number = whole.iter().chain(places).fold(0, |all, byte| all * 10 + i64::from(byte - b'0'));
    Some(sign * number)
}

#[cfg(test)]
mod tests {
    use super::{cents, decimal, integer, is_date, is_period, is_time};

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for day in ["20131115", "20240229", "20000229", "131115"] {
            assert!(is_date(day.as_bytes()), "{day}");
        }
        for day in ["20130229", "19000229", "20131301", "20131100", "2013111", "00000000", "2013111a", ""] {
            assert!(!is_date(day.as_bytes()), "{day}");
        }
        assert!(is_period(b"RD8", b"20140101-20141231") && is_period(b"D8", b"20140101"));
        for (format, wrong) in [("RD8", "20141231-20140101"), ("RD8", "20140101"), ("D8", "140101")] {
            assert!(!is_period(format.as_bytes(), wrong.as_bytes()), "{wrong}");
        }
    }

    #[test]
    fn times_and_numbers() {
        assert!(["0000", "2359", "235959", "23595999"].iter().all(|time| is_time(time.as_bytes())));
        assert!(!["2400", "1260", "123", "12345", "1234567a", "12 4"].iter().any(|time| is_time(time.as_bytes())));
        assert_eq!((integer(b"-12"), integer(b"+12"), integer(b"")), (Some(2), None, None));
        assert_eq!((decimal(b"-1.50"), decimal(b"."), decimal(b"1.2.3"), decimal(b"1,5")), (Some(3), None, None, None));
        assert_eq!(
            (cents(b"831"), cents(b"831.0"), cents(b".5"), cents(b"1.005")),
            (Some(83_100), Some(83_100), Some(50), None)
        );
    }
}

//! Reads what elements hold: text of either encoding, dates, times, amounts.
//!
//! X12 names no encoding. Text is taken as UTF-8 where it is valid UTF-8, and as Latin-1 (ISO 8859-1) where it is not, so
//! that every byte becomes some character, none is lost, and a wrong encoding shows as the mojibake it is.

use crate::model::Cents;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::borrow::Cow;

/// The element's text; borrowed unless Latin-1 had to be turned into UTF-8.
pub(in crate::wire) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect()),
    }
}

/// The element's text without blanks around it; `None` where nothing else is there.
pub(super) fn present(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let bytes = bytes.trim_ascii();
    (!bytes.is_empty()).then(|| decode(bytes))
}

/// A date as CCYYMMDD (format D8), or the first of a period (RD8); `None` where it is none or does not exist.
pub(in crate::wire) fn date(bytes: &[u8]) -> Option<NaiveDate> {
    let bytes = bytes.trim_ascii();
    if bytes.len() > 8 && bytes.get(8) != Some(&b'-') {
        return None;
    }
    let [year, month, day] = [number(bytes.get(..4)?)?, number(bytes.get(4..6)?)?, number(bytes.get(6..8)?)?];
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The last date of a period (RD8), where the element holds one.
pub(in crate::wire) fn period_end(bytes: &[u8]) -> Option<NaiveDate> {
    date(bytes.trim_ascii().strip_prefix(bytes.get(..8)?)?.strip_prefix(b"-")?)
}

/// A time as HHMM, HHMMSS, or HHMMSS with hundredths.
pub(super) fn time(bytes: &[u8]) -> Option<NaiveTime> {
    let [hour, minute] = [number(bytes.get(..2)?)?, number(bytes.get(2..4)?)?];
    let second = bytes.get(4..6).map_or(Some(0), number)?;
    let hundredths = bytes.get(6..8).map_or(Some(0), number)?;
    NaiveTime::from_hms_milli_opt(hour, minute, second, hundredths * 10)
}

/// CCYYMMDDHHMMSS with or without hundredths: REQUEST SUBMIT TIMESTAMP (CMS companion guide v7.2 p. 45).
pub(super) fn timestamp(bytes: &[u8]) -> Option<NaiveDateTime> {
    let bytes = bytes.trim_ascii();
    Some(date(bytes.get(..8)?)?.and_time(time(bytes.get(8..)?)?))
}

/// An amount in dollars with or without decimals (CMS companion guide v7.2 p. 46).
pub(super) fn cents(bytes: &[u8]) -> Option<Cents> {
    std::str::from_utf8(bytes).ok().and_then(Cents::parse_dollars)
}

/// A number of ASCII digits; `None` where there is anything else, or nothing.
pub(in crate::wire) fn number(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() {
        return None;
    }
    bytes.iter().try_fold(0_u32, |sum, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

/// The zone of BGN05's code (X12 element 623); `None` where it is blank or not one a US sender uses.
pub(super) fn zone(code: &[u8]) -> Option<Tz> {
    match code {
        b"ET" | b"ES" | b"ED" => Some(Tz::America__New_York),
        b"CT" | b"CS" | b"CD" => Some(Tz::America__Chicago),
        b"MT" | b"MS" | b"MD" => Some(Tz::America__Denver),
        b"PT" | b"PS" | b"PD" => Some(Tz::America__Los_Angeles),
        b"AT" => Some(Tz::America__Anchorage),
        b"HT" | b"HS" => Some(Tz::Pacific__Honolulu),
        b"UT" | b"GM" => Some(Tz::UTC),
        _ => None,
    }
}

/// The instant of a local time: the earlier one where the clock was set back, an hour later where it was set forward.
pub(super) fn instant(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    let found = zone.from_local_datetime(&local).earliest();
    let found = found.or_else(|| zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest());
    found.map(|at| at.with_timezone(&Utc))
}

/// Whether two codes are the same but for letter case, blanks, hyphens and dashes: the spelling of N102 and of
/// maintenance reasons varies even within the guide (CMS companion guide v7.2 p. 19 and 111).
pub fn same_words(found: &[u8], wanted: &[u8]) -> bool {
    let mut wanted = wanted.iter().filter(|b| b.is_ascii_alphanumeric());
    let mut found = found.iter().filter(|b| b.is_ascii_alphanumeric());
    loop {
        match (found.next(), wanted.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {}
            _ => return false,
        }
    }
}

/// Whether a code begins with a word, but for letter case, blanks and hyphens.
pub(super) fn begins_with_word(found: &[u8], word: &[u8]) -> bool {
    let letters = found.iter().filter(|b| b.is_ascii_alphanumeric()).take(word.len());
    letters.map(u8::to_ascii_uppercase).eq(word.iter().copied())
}

/// The day before, for ends that are "begin or the day before" (CMS companion guide v7.2 p. 61).
pub(super) fn day_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::{cents, date, decode, instant, period_end, same_words, timestamp};
    use crate::model::Cents;
    use chrono::NaiveDate;
    use chrono_tz::Tz;

    #[test]
    fn latin_1_is_read_where_utf_8_is_not_valid() {
        assert_eq!(decode("PEÑA".as_bytes()), "PEÑA");
        assert_eq!(decode(b"PE\xd1A"), "PEÑA");
    }

    #[test]
    fn dates_that_do_not_exist_are_none() {
        assert_eq!(date(b"20131115"), NaiveDate::from_ymd_opt(2013, 11, 15));
        assert_eq!(date(b"20140101-20141231"), NaiveDate::from_ymd_opt(2014, 1, 1));
        assert_eq!(period_end(b"20140101-20141231"), NaiveDate::from_ymd_opt(2014, 12, 31));
        for wrong in ["20130230", "2013", "", "201311150", "2013111a"] {
            assert_eq!(date(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(period_end(b"20140101"), None);
    }

    #[test]
    fn timestamps_are_local_times_of_the_exchange() {
        let local = timestamp(b"2013111510203040").unwrap();
        let at = instant(local, Tz::America__New_York).unwrap();
        assert_eq!(at.to_rfc3339(), "2013-11-15T15:20:30.400+00:00");
        let skipped = timestamp(b"20140309023000").unwrap();
        assert_eq!(instant(skipped, Tz::America__New_York).unwrap().to_rfc3339(), "2014-03-09T07:30:00+00:00");
    }

    #[test]
    fn amounts_and_words_are_read_as_senders_write_them() {
        assert_eq!(cents(b"568.8"), Some(Cents(56_880)));
        assert_eq!(cents(b"\xff"), None);
        assert!(same_words(b"TERM - NLE", b"TERM-NLE"));
        assert!(!same_words(b"TERM", b"TERM-NLE"));
    }
}

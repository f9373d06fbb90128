//! `Retry-After`: how long the far side asks to be left alone.

use chrono::{DateTime, Utc};
use std::time::Duration;

/// The longest pause that is granted; what asks for more is answered with this.
const LONGEST: Duration = Duration::from_hours(1);

/// Reads `Retry-After` among an answer's headers, in seconds or as an HTTP date; a date counts from the answer's own
/// `Date`, so that no two clocks need to agree, and from `now` where there is none. Never more than an hour.
pub fn retry_after(headers: &[(String, String)], now: DateTime<Utc>) -> Option<Duration> {
    let header = |name: &str| headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim());
    let text = header("retry-after")?;
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let until = date(text)?;
    let from = header("date").and_then(date).unwrap_or(now);
    Some((until - from).to_std().unwrap_or_default().min(LONGEST))
}

fn date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text).ok().map(|moment| moment.to_utc())
}

#[cfg(test)]
mod tests {
    use super::retry_after;
    use chrono::DateTime;
    use std::time::Duration;

    fn read(headers: &[(&str, &str)]) -> Option<u64> {
        let headers: Vec<_> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        retry_after(&headers, DateTime::UNIX_EPOCH).map(|d: Duration| d.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_read_and_nonsense_is_not() {
        assert_eq!(read(&[("Retry-After", "7")]), Some(7));
        assert_eq!(read(&[("retry-after", "999999999")]), Some(3600));
        let date = ("Date", "Fri, 15 Nov 2013 12:00:00 GMT");
        assert_eq!(read(&[("Retry-After", "Fri, 15 Nov 2013 12:00:09 GMT"), date]), Some(9));
        assert_eq!(read(&[("Retry-After", "Fri, 15 Nov 2013 11:00:00 GMT"), date]), Some(0));
        assert_eq!(read(&[("Retry-After", "soon")]), None);
        assert_eq!(read(&[]), None);
    }
}

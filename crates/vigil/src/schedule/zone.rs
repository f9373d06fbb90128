//! Local clocks: from an instant to what the clock on the wall shows, and back where it jumps.

use chrono::{DateTime, LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// No gap in any zone is longer: the longest known took a whole day out of the calendar (Samoa, December 2011).
const LONGEST_GAP: TimeDelta = TimeDelta::hours(30);

/// What the clock on the wall shows.
pub(super) fn local(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// The first instant at which the clock on the wall shows `wall`, or has jumped over it: the end of the gap.
pub(super) fn first_at(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
        LocalResult::None => end_of_gap(wall, zone),
    }
}

/// The last instant at which the clock shows `wall`: in a doubled hour the second time.
pub(super) fn last_at(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(_, at) => at.to_utc(),
        LocalResult::None => end_of_gap(wall, zone),
    }
}

/// The first change of the offset after `after`, if there is one up to `until`.
pub(super) fn next_shift(after: DateTime<Utc>, until: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
    let before = offset(after, zone);
    let mut seen = after;
    while seen < until {
        let next = (seen + TimeDelta::days(1)).min(until);
        if offset(next, zone) != before {
            return Some(first_where(seen, next, |at| offset(at, zone) != before));
        }
        seen = next;
    }
    None
}

fn offset(at: DateTime<Utc>, zone: Tz) -> i32 {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

fn end_of_gap(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let near = wall.and_utc();
    first_where(near - LONGEST_GAP, near + LONGEST_GAP, |at| local(at, zone) >= wall)
}

/// The first whole second after `no` at which `holds`, which holds at `yes`. Offsets change at whole seconds.
fn first_where(no: DateTime<Utc>, yes: DateTime<Utc>, holds: impl Fn(DateTime<Utc>) -> bool) -> DateTime<Utc> {
    let (mut no, mut yes) = (no.timestamp(), yes.timestamp());
    while yes - no > 1 {
        let middle = no + (yes - no) / 2;
        if DateTime::from_timestamp(middle, 0).is_some_and(&holds) { yes = middle } else { no = middle }
    }
    DateTime::from_timestamp(yes, 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_that_never_was_ends_when_the_next_begins() {
        let samoa = chrono_tz::Pacific::Apia;
        assert_eq!(first_at(wall("2011-12-30T09:00:00"), samoa).to_rfc3339(), "2011-12-30T10:00:00+00:00");
    }

    #[test]
    fn a_shift_is_found_to_the_second() {
        let from = "2026-01-01T00:00:00Z".parse().unwrap();
        let until = "2027-01-01T00:00:00Z".parse().unwrap();
        let new_york = next_shift(from, until, chrono_tz::America::New_York).unwrap();
        assert_eq!(new_york.to_rfc3339(), "2026-03-08T07:00:00+00:00");
        assert_eq!(
            next_shift(new_york, until, chrono_tz::America::New_York).unwrap().to_rfc3339(),
            "2026-11-01T06:00:00+00:00"
        );
        assert_eq!(next_shift(from, until, chrono_tz::UTC), None);
    }
}

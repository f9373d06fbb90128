//! Windows of local time with half-open ends: maintenance, in which nothing is sent, and business hours, outside of which
//! nothing is.
//!
//! A window begins when the clock on the wall first shows its start, and ends when it last shows its end: in a doubled hour it
//! holds through both, without a hole.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

use super::zone::{first_at, last_at, local};
use crate::Mistake;

/// A time of day in minutes, up to 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// `hour:minute`; 24:00 is the end of the day.
    pub fn new(hour: u16, minute: u16) -> Option<Self> {
        let minutes = hour.checked_mul(60)?.checked_add(minute)?;
        (minute < 60 && minutes <= 24 * 60).then_some(Self(minutes))
    }

    fn on(self, date: NaiveDate) -> NaiveDateTime {
        date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(self.0))
    }
}

/// A stretch of local time, once or every week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    zone: Tz,
    span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Span {
    Once { from: NaiveDateTime, to: NaiveDateTime },
    Weekly { days: Vec<Weekday>, from: TimeOfDay, to: TimeOfDay, except: Vec<NaiveDate> },
}

impl Window {
    /// From one moment on the wall up to, and without, another.
    pub fn once(from: NaiveDateTime, to: NaiveDateTime, zone: Tz) -> Result<Self, Mistake> {
        let window = Self { zone, span: Span::Once { from, to } };
        let (begins_at, ends_at) = (first_at(from, zone), last_at(to, zone));
        if begins_at >= ends_at {
            return Err(empty(format!("from {from} to {to} in {zone}, which is no time at all")));
        }
        Ok(window)
    }

    /// On these days of the week, from a time of day up to, and without, another; where that is earlier, on the next day. Days
    /// in `except`, as holidays, have none; a window belongs to the day on which it begins.
    pub fn weekly(
        days: &[Weekday],
        (from, to): (TimeOfDay, TimeOfDay),
        except: &[NaiveDate],
        zone: Tz,
    ) -> Result<Self, Mistake> {
        if days.is_empty() {
            return Err(Mistake::new(
                "window.days",
                "no day",
                "at least one day",
                "write for example `days: [MON, TUE]`",
            ));
        }
        if from == to {
            return Err(empty("a window that ends when it begins".to_owned()));
        }
        let span = Span::Weekly { days: days.to_vec(), from, to, except: except.to_vec() };
        Ok(Self { zone, span })
    }

    /// When the window ends that holds at `at`, if one does.
    pub fn ends_at(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match &self.span {
            Span::Once { from, to } => self.covering(*from, *to, at),
            Span::Weekly { days, from, to, except } => {
                let today = local(at, self.zone).date();
                // the day after, where the clock was set back over midnight; two days before, where one fell out
                let around = (0..4).filter_map(|back| (today + Days::new(1)).checked_sub_days(Days::new(back)));
                around
                    .filter(|date| days.contains(&date.weekday()) && !except.contains(date))
                    .filter_map(|date| {
                        let last = if to < from { date + Days::new(1) } else { date };
                        self.covering(from.on(date), to.on(last), at)
                    })
                    .max()
            }
        }
    }

    /// Whether it holds at `at`.
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.ends_at(at).is_some()
    }

    fn covering(&self, from: NaiveDateTime, to: NaiveDateTime, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let ends_at = last_at(to, self.zone);
        (first_at(from, self.zone) <= at && at < ends_at).then_some(ends_at)
    }
}

fn empty(found: String) -> Mistake {
    Mistake::new(
        "window",
        found,
        "an end after its beginning",
        "ends are half-open; for a whole day write 00:00 to 24:00",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::America::New_York;
    use chrono_tz::Australia::Lord_Howe;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn clock(hour: u16, minute: u16) -> TimeOfDay {
        TimeOfDay::new(hour, minute).unwrap()
    }

    #[test]
    fn ends_are_half_open() {
        let hours = Window::weekly(&[Weekday::Mon], (clock(8, 0), clock(18, 0)), &[], New_York).unwrap();
        assert!(!hours.holds(at("2026-06-01T07:59:59-04:00")));
        assert!(hours.holds(at("2026-06-01T08:00:00-04:00")));
        assert!(hours.holds(at("2026-06-01T17:59:59-04:00")));
        assert!(!hours.holds(at("2026-06-01T18:00:00-04:00")));
        assert!(!hours.holds(at("2026-06-02T12:00:00-04:00")));
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let night = Window::weekly(&[Weekday::Fri], (clock(22, 0), clock(2, 0)), &[], New_York).unwrap();
        assert!(night.holds(at("2026-06-06T01:59:00-04:00")));
        assert!(!night.holds(at("2026-06-05T01:59:00-04:00")));
        let holiday = NaiveDate::from_ymd_opt(2026, 6, 5).unwrap();
        let night = Window::weekly(&[Weekday::Fri], (clock(22, 0), clock(2, 0)), &[holiday], New_York).unwrap();
        assert!(!night.holds(at("2026-06-06T01:59:00-04:00")));
    }

    #[test]
    fn a_window_has_no_hole_in_a_doubled_hour() {
        let window = Window::weekly(&[Weekday::Sun], (clock(0, 0), clock(1, 30)), &[], New_York).unwrap();
        for shown in ["2026-11-01T01:29:00-04:00", "2026-11-01T01:45:00-04:00", "2026-11-01T01:29:59-05:00"] {
            assert!(window.holds(at(shown)), "{shown}");
        }
        assert!(!window.holds(at("2026-11-01T01:30:00-05:00")));
    }

    #[test]
    fn a_window_in_a_gap_begins_when_the_gap_ends() {
        // Lord Howe shifts by half an hour, from 02:00 to 02:30 on 4 October 2026
        let window = Window::weekly(&[Weekday::Sun], (clock(2, 10), clock(3, 0)), &[], Lord_Howe).unwrap();
        assert!(!window.holds(at("2026-10-03T15:29:59Z")));
        assert_eq!(window.ends_at(at("2026-10-03T15:30:00Z")), Some(at("2026-10-03T16:00:00Z")));
    }

    #[test]
    fn a_window_of_no_time_is_a_mistake() {
        assert!(Window::weekly(&[Weekday::Sun], (clock(2, 0), clock(2, 0)), &[], New_York).is_err());
        assert!(Window::weekly(&[], (clock(2, 0), clock(3, 0)), &[], New_York).is_err());
        assert!(Window::weekly(&[Weekday::Sun], (clock(0, 0), clock(24, 0)), &[], New_York).is_ok());
        let wall = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        let swapped = Window::once(wall("2026-06-02T00:00:00"), wall("2026-06-01T00:00:00"), New_York);
        assert!(swapped.unwrap_err().to_string().contains("no time at all"));
        // the whole of it falls into the gap
        assert!(Window::once(wall("2026-03-08T02:10:00"), wall("2026-03-08T02:50:00"), New_York).is_err());
    }
}

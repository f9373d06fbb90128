//! A cron expression in a zone, through both changes of the clock.
//!
//! croner reads the expression and matches it against a clock without shifts; what a shift does is decided here:
//! a **fixed** time (neither minute nor hour begins with `*`) that a gap leaves out runs once, when the gap ends, and one in a
//! doubled hour runs once, the first time. A **wildcard** runs on elapsed time: whenever the clock on the wall shows a time that
//! matches, so in a doubled hour both times, and never for what a gap leaves out.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use super::zone::{first_at, local, next_shift};
use crate::Mistake;

/// A cron expression of five fields, in the zone in which it is meant.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    cron: Cron,
    zone: Tz,
    wildcard: bool,
}

impl Expression {
    /// Reads five fields, or a nickname as `@daily`. What can never match, as 30 February, is a mistake too.
    pub(super) fn parse(text: &str, zone: Tz) -> Result<Self, Mistake> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(text).map_err(|error| unreadable(text, &error.to_string()))?;
        let expression = Self { cron, zone, wildcard: is_wildcard(text) };
        // no expression without a year has its next match further away than eight years (29 February around 2100)
        match expression.next_on_the_wall(NaiveDateTime::default()) {
            Some(_) => Ok(expression),
            None => Err(Mistake::new(
                "schedule.cron",
                format!("`{text}`, which matches no day of any year"),
                "a day that exists",
                "look at the third and fourth field, the day and the month",
            )),
        }
    }

    pub(super) fn zone(&self) -> Tz {
        self.zone
    }

    pub(super) fn text(&self) -> &str {
        self.cron.as_str()
    }

    /// The first instant after `after` at which it runs; `None` only past the end of the calendar.
    pub(super) fn next_after(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.wildcard { self.next_by_elapsed_time(after) } else { self.next_fixed(after) }
    }

    /// Times on the wall in their order: none up to what the clock shows now is still to come, since the first instant at
    /// which it was shown or jumped over has passed.
    fn next_fixed(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut wall = local(after, self.zone);
        loop {
            wall = self.next_on_the_wall(wall)?;
            let at = first_at(wall, self.zone);
            if at > after {
                return Some(at);
            }
        }
    }

    /// From one shift to the next, in each part by its own offset.
    fn next_by_elapsed_time(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut from = after;
        loop {
            let wall = local(from, self.zone);
            let at = from + (self.next_on_the_wall(wall)? - wall);
            let Some(shift) = next_shift(from, at, self.zone) else { return Some(at) };
            // the shift itself may match, so it is looked at as what comes right after the moment before it
            from = shift;
            if self.matches(shift) {
                return Some(shift);
            }
        }
    }

    fn matches(&self, at: DateTime<Utc>) -> bool {
        self.cron.is_time_matching(&local(at, self.zone).and_utc()).unwrap_or(false)
    }

    /// The next match on a clock that never shifts.
    fn next_on_the_wall(&self, after: NaiveDateTime) -> Option<NaiveDateTime> {
        let second = after.with_nanosecond(0)?;
        let found = self.cron.find_next_occurrence(&second.and_utc(), false).ok()?.naive_utc();
        (found - after < TimeDelta::days(366 * 9)).then_some(found)
    }
}

/// As cron itself tells them apart (Vixie cron, `MIN_STAR` and `HR_STAR`): by how minute and hour begin.
fn is_wildcard(text: &str) -> bool {
    let text = text.trim();
    text.eq_ignore_ascii_case("@hourly") || text.split_whitespace().take(2).any(|field| field.starts_with(['*', '?']))
}

fn unreadable(text: &str, why: &str) -> Mistake {
    Mistake::new(
        "schedule.cron",
        format!("`{text}`, which cannot be read ({})", why.trim_end_matches('.')),
        "five fields: minute, hour, day of the month, month, day of the week",
        "write for example `*/15 8-18 * * MON-FRI`, or `@daily`",
    )
}

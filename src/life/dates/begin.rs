//! What it means that coverage begins by a rule.

use super::Selection;
use chrono::{Datelike, Months, NaiveDate};

/// When coverage begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// On 1 January after the selection.
    NextYear,
    /// On the first of the month after the selection.
    FirstOfNext,
    /// The same for what is selected by the 15th, and a month later for what is selected after it.
    Fifteenth,
    /// On the day of the event.
    OfEvent,
    /// On the first of the month after the event.
    FirstAfterEvent,
    /// On any day that is not later than that of a regular selection.
    AnyUntilRegular,
    /// On 1 January after the year that is covered already.
    AfterCoverage,
}

/// A day on which coverage may begin, or all until one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Day {
    On(NaiveDate),
    Until(NaiveDate),
}

impl Day {
    pub(super) fn allows(self, told: NaiveDate) -> bool {
        match self {
            Self::On(day) => told == day,
            Self::Until(day) => told <= day,
        }
    }
}

impl Begin {
    /// When coverage begins of what is selected so; `None` where what it goes by is not known, or no calendar has the day.
    pub(super) fn of(self, asked: &Selection) -> Option<Day> {
        let selected = asked.selected;
        let day = match self {
            Self::NextYear => january_after(selected),
            Self::FirstOfNext => first_after(selected, 1),
            Self::Fifteenth | Self::AnyUntilRegular => first_after(selected, if selected.day() <= 15 { 1 } else { 2 }),
            Self::OfEvent => asked.happened,
            Self::FirstAfterEvent => first_after(asked.happened?, 1),
            Self::AfterCoverage => january_after(asked.covered_from?),
        }?;
        // nobody is covered by a policy before it begins
        let joins = asked.joins_from.map_or(day, |policy| policy.max(day));
        Some(if self == Self::AnyUntilRegular { Day::Until(joins) } else { Day::On(joins) })
    }
}

fn first_after(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(months))
}

fn january_after(day: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year().checked_add(1)?, 1, 1)
}

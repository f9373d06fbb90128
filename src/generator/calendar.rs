//! Dates that people's lives and coverage hang on: first day of coverage, plan year, birthdays. No clock is read.

use super::draw::Stream;
use chrono::{Datelike, Days, Months, NaiveDate};

/// The first day of coverage of a plan selected on a day, in the exchange's zone: 45 CFR 155.410(c) as it stood for the
/// first open enrollment. Selected up to 15 December 2013: 1 January 2014. Later: from the 1st to the 15th the first of
/// the next month, after the 15th the first of the second next month. That cut-off moved three times (to 23 and 24
/// December 2013), so a scenario that needs another day gives it itself. What the exchange tells
/// is judged by the rules of `life::dates`.
pub fn coverage_begin(selected_on: NaiveDate) -> NaiveDate {
    let first_coverage = NaiveDate::from_ymd_opt(2014, 1, 1).unwrap_or_default();
    if NaiveDate::from_ymd_opt(2013, 12, 15).is_some_and(|cut_off| selected_on <= cut_off) {
        return first_coverage;
    }
    let months = if selected_on.day() <= 15 { 1 } else { 2 };
    selected_on.with_day(1).and_then(|first| first.checked_add_months(Months::new(months))).unwrap_or(selected_on)
}

/// The days a household's life is reckoned from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    /// The scenario's reference date.
    pub(super) as_of: NaiveDate,
    /// First day of coverage.
    pub(super) coverage_begin: NaiveDate,
}

impl Calendar {
    /// Days from the first of coverage to the end of that year: a plan year is a calendar year.
    pub(super) fn plan_year(self) -> (NaiveDate, NaiveDate) {
        let end = NaiveDate::from_ymd_opt(self.coverage_begin.year(), 12, 31).unwrap_or(self.coverage_begin);
        (self.coverage_begin, end)
    }

    /// First and last day of the month before coverage begins.
    pub(super) fn month_before_coverage(self) -> (NaiveDate, NaiveDate) {
        let first = self.coverage_begin.with_day(1).unwrap_or(self.coverage_begin);
        (years_and_months_before(first, 0, 1), days_before(first, 1))
    }

    /// The day after the application and the first day of coverage (or that day alone where they are the same), a year apart
    /// at most.
    pub(super) fn to_coverage(self) -> (NaiveDate, NaiveDate) {
        let next = self.as_of.succ_opt().unwrap_or(self.as_of).min(self.coverage_begin);
        let in_a_year = next.checked_add_days(Days::new(364)).unwrap_or(next);
        (next, in_a_year.min(self.coverage_begin))
    }

    /// A date of birth of somebody who is `age` on the reference date.
    pub(super) fn born_at_age(self, age: u32, stream: &mut Stream) -> NaiveDate {
        days_before(years_and_months_before(self.as_of, age, 0), stream.below(365))
    }

    /// A date of birth on a day of the year, of somebody who is between two ages, both included, at the reference date.
    /// `None` where no such year has the day.
    pub(super) fn born_on(
        self,
        (month, day): (u32, u32),
        (youngest, oldest): (u32, u32),
        stream: &mut Stream,
    ) -> Option<NaiveDate> {
        let year = |age: u32| self.as_of.year().saturating_sub(i32::try_from(age).unwrap_or(0));
        let years = year(oldest)..year(youngest.saturating_add(1)).saturating_add(1);
        let dates: Vec<NaiveDate> = years.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day)).collect();
        dates.get(stream.place(dates.len())).copied()
    }
}

/// A date of birth of somebody whose birthday of `years` falls between two days, both included.
pub(super) fn birthday_within(window: (NaiveDate, NaiveDate), years: u32, stream: &mut Stream) -> NaiveDate {
    let (first, last) = window;
    let days = u32::try_from((last - first).num_days()).unwrap_or(0);
    let day = first.checked_add_days(Days::new(u64::from(stream.between(0, days)))).unwrap_or(first);
    // a 29 February has no birthday in most years; its neighbour has one
    let leap_day = (day.month(), day.day()) == (2, 29);
    let day = if leap_day { day.succ_opt().filter(|d| *d <= last).or(day.pred_opt()).unwrap_or(day) } else { day };
    years_and_months_before(day, years, 0)
}

/// A day some days earlier.
pub(super) fn days_before(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(days))).unwrap_or(day)
}

/// The same day some years and months earlier, or the month's last where it has no such day.
pub(super) fn years_and_months_before(day: NaiveDate, years: u32, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(years.saturating_mul(12).saturating_add(months))).unwrap_or(day)
}

/// A person's birthday of so many years; somebody born on 29 February has it on 1 March in other years.
pub(super) fn birthday(birth: NaiveDate, years: i32) -> Option<NaiveDate> {
    let year = birth.year().checked_add(years)?;
    NaiveDate::from_ymd_opt(year, birth.month(), birth.day()).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
}

#[cfg(test)]
mod tests {
    use super::{birthday, coverage_begin};
    use chrono::NaiveDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn coverage_begins_by_the_rule_of_the_fifteenth() {
        for (selected, begins) in [
            ("2013-10-01", "2014-01-01"),
            ("2013-11-15", "2014-01-01"),
            ("2013-12-15", "2014-01-01"),
            ("2013-12-16", "2014-02-01"),
            ("2013-12-31", "2014-02-01"),
            ("2014-01-01", "2014-02-01"),
            ("2014-01-15", "2014-02-01"),
            ("2014-01-16", "2014-03-01"),
            ("2014-03-31", "2014-05-01"),
            ("2023-11-15", "2023-12-01"),
            ("2023-11-16", "2024-01-01"),
            ("2023-12-31", "2024-02-01"),
        ] {
            assert_eq!(coverage_begin(day(selected)), day(begins), "selected on {selected}");
        }
    }

    #[test]
    fn a_leap_day_birthday_falls_on_the_first_of_march() {
        assert_eq!(birthday(day("1996-02-29"), 26), Some(day("2022-03-01")));
        assert_eq!(birthday(day("1996-02-29"), 28), Some(day("2024-02-29")));
    }
}

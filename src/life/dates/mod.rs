//! When coverage begins, by rule: what a target's exchange may tell of something that is selected on a day. Pure.

mod begin;
mod rules;
#[cfg(test)]
mod tests;

use crate::model::{Change, DateRule, EffectiveDates, ExchangeKind, LifeEvent, Renewal};
use begin::Day;
use chrono::NaiveDate;
use rules::RULES;
pub use rules::Rule;
use std::fmt;

/// What is selected, and what its first day may hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// What kind of event it is.
    pub of: DateRule,
    /// The day of the selection, at the exchange.
    pub selected: NaiveDate,
    /// The day of the event, where that is another one: a birth.
    pub happened: Option<NaiveDate>,
    /// Where somebody joins a policy: its first day.
    pub joins_from: Option<NaiveDate>,
    /// The first day of what is covered already.
    pub covered_from: Option<NaiveDate>,
}

impl Selection {
    /// A selection that hangs on its day alone.
    pub fn new(of: DateRule, selected: NaiveDate) -> Self {
        Self { of, selected, happened: None, joins_from: None, covered_from: None }
    }
}

/// What a rule allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The rule.
    pub rule: &'static Rule,
    days: Vec<Day>,
}

impl Allowed {
    /// Whether coverage may begin on this day.
    pub fn allows(&self, told: NaiveDate) -> bool {
        self.days.iter().any(|day| day.allows(told))
    }
}

impl fmt::Display for Allowed {
    /// `2014-01-01`, `2014-01-01 or 2014-02-01`, `any day until 2014-02-01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, day) in self.days.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { " or " })?;
            match day {
                Day::On(day) => write!(f, "{day}")?,
                Day::Until(day) => write!(f, "any day until {day}")?,
            }
        }
        Ok(())
    }
}

/// What kind of event a step is that is asked for on a day; `None` where no rule says when it holds.
pub fn kind_of(dates: &EffectiveDates, change: Change, selected: NaiveDate) -> Option<DateRule> {
    match change.event {
        LifeEvent::Enroll => Some(dates.enroll),
        // whoever changes outside an open enrollment has a special one
        LifeEvent::ChangePlan if is_open(dates.rules, selected) => Some(DateRule::OpenEnrollment),
        LifeEvent::ChangePlan => Some(DateRule::Special),
        LifeEvent::AddDependent => Some(DateRule::Birth),
        LifeEvent::Marry => Some(DateRule::Marriage),
        LifeEvent::Renew if change.renewal() == Renewal::Passive => Some(DateRule::Renewal),
        _ => None,
    }
}

/// Whether an open enrollment goes on.
fn is_open(kind: ExchangeKind, selected: NaiveDate) -> bool {
    RULES.iter().any(|rule| rule.of == DateRule::OpenEnrollment && rule.is_of(kind, selected))
}

/// When coverage may begin of what is selected; `None` where no rule that the target leaves on says anything of it.
pub fn begins(dates: &EffectiveDates, asked: &Selection) -> Option<Allowed> {
    let rule = RULES.iter().find(|rule| rule.counts(dates, asked))?;
    let also = if dates.rules == ExchangeKind::State { rule.state_may } else { &[] };
    let mut days: Vec<Day> = rule.begins.iter().chain(also).filter_map(|begin| begin.of(asked)).collect();
    days.sort_unstable();
    days.dedup();
    (!days.is_empty()).then_some(Allowed { rule, days })
}

impl Rule {
    fn counts(&self, dates: &EffectiveDates, asked: &Selection) -> bool {
        self.of == asked.of && self.is_of(dates.rules, asked.selected) && !dates.off.contains(&self.name)
    }

    /// Whether it is one of such an exchange, on this day.
    fn is_of(&self, kind: ExchangeKind, selected: NaiveDate) -> bool {
        let is_within = day(self.from) <= Some(selected) && Some(selected) <= day(self.to);
        is_within && self.at.is_none_or(|at| at == kind)
    }
}

fn day((year, month, day): rules::Day) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

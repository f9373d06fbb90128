//! Dates of birth that fit together: parents older than children, siblings at least eleven months apart.

use super::calendar::{Calendar, birthday_within, days_before, years_and_months_before};
use super::cases::Cases;
use super::composition::{Birth, Composition};
use super::draw::{FieldGroup, Stream, Streams};
use crate::model::EdgeCase;
use chrono::{Datelike, NaiveDate};

/// The oldest a subscriber is unless a case says otherwise: from 65 people have Medicare.
const OLDEST_HEAD: u32 = 64;
/// Days between two siblings who are no twins.
const BETWEEN_SIBLINGS: u32 = 330;

/// Everybody's date of birth, in the order of the composition.
pub(super) fn birth_dates(
    composition: &Composition,
    cases: &Cases,
    calendar: Calendar,
    streams: &Streams,
) -> Vec<NaiveDate> {
    let mut stream = streams.person(FieldGroup::Birth, 0);
    let head = head((composition.adults_from, OLDEST_HEAD), cases, calendar, &mut stream);
    let partner = peer(composition, calendar, head, &mut streams.person(FieldGroup::Birth, 1));
    let has_partner = composition.roles.get(1).is_some_and(|role| role.birth == Birth::Peer);
    let younger = if has_partner { head.max(partner) } else { head };
    let mut nursery = Nursery::new(composition, calendar, younger);
    let mut dates: Vec<NaiveDate> = Vec::with_capacity(composition.roles.len());
    for (place, role) in composition.roles.iter().enumerate() {
        let mut stream = streams.person(FieldGroup::Birth, place);
        dates.push(match role.birth {
            Birth::Head => head,
            Birth::Peer => peer(composition, calendar, head, &mut stream),
            Birth::Elder => calendar.born_at_age(age(head, calendar.as_of) + stream.between(19, 34), &mut stream),
            Birth::Young => nursery.next(&mut stream),
            // of the next day none are dealt here
            Birth::Twin | Birth::NextDay => dates.last().copied().unwrap_or(head),
            Birth::Ward => {
                let oldest = age(younger, calendar.as_of).saturating_sub(18).clamp(27, 45);
                calendar.born_at_age(stream.between(27, oldest), &mut stream)
            }
            Birth::Awkward => dependent_of(cases, calendar, &mut stream),
        });
    }
    dates
}

/// `ages`: the youngest and the oldest that the first person may be, unless the case says another age.
pub(super) fn head(ages: (u32, u32), cases: &Cases, calendar: Calendar, stream: &mut Stream) -> NaiveDate {
    let begin = calendar.coverage_begin;
    let special = cases.find(|case| match case {
        EdgeCase::LeapDayBirth => calendar.born_on((2, 29), ages, stream),
        EdgeCase::BornNewYearsEve => calendar.born_on((12, 31), ages, stream),
        EdgeCase::BornNewYearsDay => calendar.born_on((1, 1), ages, stream),
        EdgeCase::BornOnCoverageDate => calendar.born_on((begin.month(), begin.day()), ages, stream),
        EdgeCase::TurnsSixtyFive => Some(birthday_within(calendar.plan_year(), 65, stream)),
        EdgeCase::TurnsTwentyOne => Some(birthday_within(calendar.to_coverage(), 21, stream)),
        EdgeCase::TurnsThirty => Some(birthday_within(calendar.plan_year(), 30, stream)),
        EdgeCase::TurnsSixtyFour => Some(birthday_within(calendar.to_coverage(), 64, stream)),
        EdgeCase::TeenParent => Some(calendar.born_at_age(18, stream)),
        EdgeCase::AllUnderThirty => Some(under_thirty(calendar, stream)),
        EdgeCase::Centenarian => Some(calendar.born_at_age(stream.between(101, 109), stream)),
        _ => None,
    });
    special.unwrap_or_else(|| calendar.born_at_age(stream.between(ages.0, ages.1), stream))
}

/// Somebody of 19 to 29 who is not yet 30 when coverage begins, however far ahead that is: then no older than a day short of it.
fn under_thirty(calendar: Calendar, stream: &mut Stream) -> NaiveDate {
    let drawn = calendar.born_at_age(stream.between(19, 28), stream);
    let of_thirty = years_and_months_before(calendar.coverage_begin, 30, 0);
    drawn.max(of_thirty.succ_opt().unwrap_or(of_thirty)).min(calendar.as_of)
}

/// Up to eight years older or younger than the first person, and old enough for the children there are.
fn peer(composition: &Composition, calendar: Calendar, head: NaiveDate, stream: &mut Stream) -> NaiveDate {
    let head_age = age(head, calendar.as_of);
    let youngest = head_age.saturating_sub(8).max(composition.adults_from);
    let oldest = head_age.saturating_add(8).min(OLDEST_HEAD);
    calendar.born_at_age(stream.between(youngest, oldest), stream)
}

/// The date of birth of the dependent whom a case is about.
pub(super) fn dependent_of(cases: &Cases, calendar: Calendar, stream: &mut Stream) -> NaiveDate {
    let special = cases.find(|case| match case {
        EdgeCase::Newborn => Some(days_before(calendar.as_of, stream.between(1, 29))),
        EdgeCase::TurnsNineteen => Some(birthday_within(calendar.month_before_coverage(), 19, stream)),
        EdgeCase::TurnsTwentySix => Some(birthday_within(calendar.plan_year(), 26, stream)),
        EdgeCase::TwentySixNewYearsEve => Some(years_and_months_before(calendar.plan_year().1, 26, 0)),
        EdgeCase::TwentySixNewYearsDay => {
            let day = calendar.plan_year().1.succ_opt().unwrap_or(calendar.as_of);
            Some(years_and_months_before(day, 26, 0))
        }
        // the parent is 18
        EdgeCase::TeenParent => Some(days_before(calendar.as_of, stream.between(30, 300))),
        EdgeCase::PersonOnTwoPolicies => Some(calendar.born_at_age(stream.between(1, 16), stream)),
        _ => None,
    });
    special.unwrap_or(calendar.as_of)
}

/// Gives the young their dates: the span of possible ages is cut into as many parts as there are children, and each is
/// born within a part of its own, away from the next.
struct Nursery {
    as_of: NaiveDate,
    born_days_ago: u32,
    part: u32,
}

impl Nursery {
    fn new(composition: &Composition, calendar: Calendar, younger_parent: NaiveDate) -> Self {
        let children = composition.roles.iter().filter(|role| role.birth == Birth::Young).count();
        let children = u32::try_from(children).unwrap_or(1).max(1);
        let oldest = age(younger_parent, calendar.as_of).saturating_sub(composition.gap).min(composition.young_to);
        let span = (oldest * 365).saturating_sub(composition.young_from_days);
        Self { as_of: calendar.as_of, born_days_ago: composition.young_from_days, part: span / children }
    }

    fn next(&mut self, stream: &mut Stream) -> NaiveDate {
        let within = stream.below(self.part.saturating_sub(BETWEEN_SIBLINGS).max(1));
        let date = days_before(self.as_of, self.born_days_ago + within);
        self.born_days_ago += self.part;
        date
    }
}

/// Age in whole years, 0 before birth.
pub(super) fn age(birth: NaiveDate, day: NaiveDate) -> u32 {
    day.years_since(birth).unwrap_or(0)
}

//! Dates of birth of version 2: families whose ages one would believe. Parents are 18 to 45 years older than their children,
//! spouses about as old as each other, and brothers and sisters at least eleven months apart, the eldest first.

use super::births::{age, dependent_of, head};
use super::calendar::{Calendar, days_before};
use super::cases::Cases;
use super::composition::{Birth, Composition, Role};
use super::draw::{FieldGroup, Stream, Streams};
use crate::model::{EdgeCase, Relationship};
use chrono::{Datelike, NaiveDate};

/// The oldest a subscriber is unless a case says otherwise: from 65 people have Medicare.
const OLDEST_HEAD: u32 = 64;
const YOUNGEST_HEAD: u32 = 19;
/// Years from a parent to a child, at least and at most.
const GAP: u32 = 18;
const LONGEST_GAP: u32 = 45;
/// The same to a grandchild.
const GAP_TO_GRANDCHILD: u32 = 36;
const LONGEST_GAP_TO_GRANDCHILD: u32 = 75;
/// Years between partners, at most.
const BETWEEN_PARTNERS: u32 = 6;
/// Days between two siblings who are no twins.
const BETWEEN_SIBLINGS: u32 = 330;

/// Everybody's date of birth, in the order of the composition. `known`: of the dependent whom a case is about, where another
/// household says it.
pub(super) fn birth_dates(
    composition: &Composition,
    cases: &Cases,
    calendar: Calendar,
    (streams, known): (&Streams, Option<NaiveDate>),
) -> Vec<NaiveDate> {
    let kin = Kin::new(composition, cases, calendar, (streams, known));
    let mut nursery = kin.nursery();
    let mut dates: Vec<NaiveDate> = Vec::with_capacity(composition.roles.len());
    for (place, role) in composition.roles.iter().enumerate() {
        let mut stream = streams.person(FieldGroup::Birth, place);
        dates.push(match role.birth {
            Birth::Head => kin.head,
            Birth::Peer if composition.is_second_adult(place) => kin.second.unwrap_or(kin.head),
            Birth::Peer if role.relationship == Relationship::Sibling => kin.sibling(place, &mut stream),
            Birth::Peer => kin.peer(&mut stream),
            Birth::Elder => kin.elder(&mut stream),
            Birth::Young if is_of_the_nursery(composition, *role) => kin.in_case(nursery.next(&mut stream)),
            Birth::Young => kin.grandchild(&mut stream),
            Birth::Twin => dates.last().copied().unwrap_or(kin.head),
            Birth::NextDay => dates.last().and_then(NaiveDate::succ_opt).unwrap_or(kin.head),
            Birth::Ward => kin.ward(&mut stream),
            Birth::Awkward => kin.dependent.unwrap_or(kin.head),
        });
    }
    dates
}

/// The ages that the others' follow from.
struct Kin<'a> {
    composition: &'a Composition,
    cases: &'a Cases,
    calendar: Calendar,
    head: NaiveDate,
    /// An adult of the first person's generation who stands second.
    second: Option<NaiveDate>,
    /// The dependent whom the case is about.
    dependent: Option<NaiveDate>,
}

impl<'a> Kin<'a> {
    fn new(
        composition: &'a Composition,
        cases: &'a Cases,
        calendar: Calendar,
        (streams, known): (&Streams, Option<NaiveDate>),
    ) -> Self {
        let awkward = composition.roles.iter().position(|role| role.birth == Birth::Awkward);
        let dependent =
            awkward.map(|place| dependent_of(cases, calendar, &mut streams.person(FieldGroup::Birth, place)));
        let dependent = known.or(dependent);
        let ages =
            head_ages(composition, dependent.map(|birth| (age(birth, calendar.as_of), days_ago(birth, calendar))));
        let head = head(ages, cases, calendar, &mut streams.person(FieldGroup::Birth, 0));
        let mut kin = Self { composition, cases, calendar, head, second: None, dependent };
        let mut stream = streams.person(FieldGroup::Birth, 1);
        kin.second = composition.roles.get(1).filter(|role| role.birth == Birth::Peer).map(|role| {
            let is_sibling = role.relationship == Relationship::Sibling;
            if is_sibling { kin.sibling(1, &mut stream) } else { kin.peer(&mut stream) }
        });
        kin
    }

    fn age(&self, birth: NaiveDate) -> u32 {
        age(birth, self.calendar.as_of)
    }

    /// About as old as the first person, the more likely the nearer.
    fn peer(&self, stream: &mut Stream) -> NaiveDate {
        let apart = stream.between(0, BETWEEN_PARTNERS) + stream.between(0, BETWEEN_PARTNERS);
        let years = (self.age(self.head) + apart).saturating_sub(BETWEEN_PARTNERS);
        self.calendar.born_at_age(years.clamp(YOUNGEST_HEAD, OLDEST_HEAD), stream)
    }

    /// A brother or sister of the first person's: two ages that are two apart are a year apart at least, so that the next one in
    /// the household is two or three years further off.
    fn sibling(&self, place: usize, stream: &mut Stream) -> NaiveDate {
        let apart = 3 * u32::try_from(place).unwrap_or(1).min(3) - stream.below(2);
        let head = self.age(self.head);
        let is_older = head < YOUNGEST_HEAD + apart || (head + apart <= OLDEST_HEAD && stream.percent(50));
        self.calendar.born_at_age(if is_older { head + apart } else { head - apart }, stream)
    }

    /// A parent of the first person's.
    fn elder(&self, stream: &mut Stream) -> NaiveDate {
        let head = self.age(self.head);
        let oldest = (head + LONGEST_GAP - 5).min(OLDEST_HEAD);
        self.calendar.born_at_age(stream.between(head + GAP + 1, oldest), stream)
    }

    /// A grandchild beside the first person's own children.
    fn grandchild(&self, stream: &mut Stream) -> NaiveDate {
        let oldest = self.younger().saturating_sub(GAP_TO_GRANDCHILD).clamp(1, self.composition.young_to);
        days_before(self.calendar.as_of, stream.between(1, oldest * 365))
    }

    fn ward(&self, stream: &mut Stream) -> NaiveDate {
        let oldest = self.younger().saturating_sub(GAP + 1).clamp(27, 45);
        self.calendar.born_at_age(stream.between(27, oldest), stream)
    }

    /// Age of the younger of the first two adults.
    fn younger(&self) -> u32 {
        let head = self.age(self.head);
        self.second.map_or(head, |second| head.min(self.age(second)))
    }

    fn older(&self) -> u32 {
        let head = self.age(self.head);
        self.second.map_or(head, |second| head.max(self.age(second)))
    }

    /// The days within which the young are born, shared out among them.
    fn nursery(&self) -> Nursery {
        let composition = self.composition;
        let young = young(composition).max(1);
        let oldest = self.younger().saturating_sub(gap(composition)).min(composition.young_to) * 365;
        let youngest = self.older().saturating_sub(longest_gap(composition) - 1) * 366;
        // who has too many children for that had the first of them late
        let room = oldest.saturating_sub(young * (BETWEEN_SIBLINGS + 30));
        let youngest = youngest.min(room).max(composition.young_from_days);
        let taken = self.dependent.map(|birth| days_ago(birth, self.calendar));
        let (youngest, oldest, taken) = beside(taken, youngest, oldest);
        let left_out = taken.map_or(0, |_| 2 * BETWEEN_SIBLINGS);
        let part = oldest.saturating_sub(youngest).saturating_sub(left_out) / young;
        Nursery { as_of: self.calendar.as_of, youngest, part, to_come: young, taken }
    }

    /// The first of twins born across New Year's comes on the last New Year's Eve before the day that was drawn.
    fn in_case(&self, birth: NaiveDate) -> NaiveDate {
        let eve = NaiveDate::from_ymd_opt(birth.year() - 1, 12, 31);
        eve.filter(|_| self.cases.has(EdgeCase::TwinsAcrossNewYear)).unwrap_or(birth)
    }
}

/// Gives the young their dates, the eldest first, each within a part of its own of the span of days.
struct Nursery {
    as_of: NaiveDate,
    youngest: u32,
    part: u32,
    to_come: u32,
    /// The first of the days too near to the sibling whose date a case fixes, where that one is born between them.
    taken: Option<u32>,
}

impl Nursery {
    fn next(&mut self, stream: &mut Stream) -> NaiveDate {
        self.to_come = self.to_come.saturating_sub(1);
        let within = stream.below(self.part.saturating_sub(BETWEEN_SIBLINGS).max(1));
        let days = self.youngest + self.part * self.to_come + within;
        let is_older = self.taken.is_some_and(|taken| days >= taken);
        days_before(self.as_of, if is_older { days + 2 * BETWEEN_SIBLINGS } else { days })
    }
}

/// The span of days for the young beside a sibling who was born so many days ago: it ends before that one's, begins after it, or
/// leaves out what lies too near from the third on.
fn beside(sibling: Option<u32>, youngest: u32, oldest: u32) -> (u32, u32, Option<u32>) {
    let Some(days) = sibling else { return (youngest, oldest, None) };
    let (from, to) = (days.saturating_sub(BETWEEN_SIBLINGS), days + BETWEEN_SIBLINGS);
    match () {
        () if to <= youngest || from >= oldest => (youngest, oldest, None),
        () if from <= youngest => (to, oldest, None),
        () if to >= oldest => (youngest, from, None),
        () => (youngest, oldest, Some(from)),
    }
}

/// The youngest and the oldest that the first person may be, so that everybody else finds room.
/// `dependent`: age in years, and days since birth, of whom a case is about.
fn head_ages(composition: &Composition, dependent: Option<(u32, u32)>) -> (u32, u32) {
    let apart = if composition.is_second_adult(1) { BETWEEN_PARTNERS } else { 0 };
    let (mut youngest, mut oldest) = (YOUNGEST_HEAD, OLDEST_HEAD);
    let young = young(composition);
    if young > 0 {
        let is_among = |(age, days): (u32, u32)| age > 0 && days < composition.young_to * 365 + BETWEEN_SIBLINGS;
        let left_out = if dependent.is_some_and(is_among) { 2 } else { 0 };
        let years = (young * BETWEEN_SIBLINGS + composition.young_from_days).div_ceil(365) + 1 + left_out;
        youngest = youngest.max(gap(composition) + apart + years);
        oldest = oldest.min((composition.young_to + longest_gap(composition)).saturating_sub(apart + years));
    }
    if let Some((age, _)) = dependent {
        youngest = youngest.max(age + 1 + GAP + apart);
        oldest = oldest.min((age + LONGEST_GAP).saturating_sub(apart + 1));
    }
    if composition.roles.iter().any(|role| role.relationship == Relationship::Grandchild) {
        youngest = youngest.max(GAP_TO_GRANDCHILD + 2 + apart);
    }
    if has(composition, Birth::Ward) {
        youngest = youngest.max(27 + 1 + GAP + apart);
    }
    if has(composition, Birth::Elder) {
        oldest = oldest.min(OLDEST_HEAD - GAP - 2);
    }
    (youngest, oldest.max(youngest))
}

/// How many are born by turns.
fn young(composition: &Composition) -> u32 {
    let young = composition.roles.iter().filter(|role| is_of_the_nursery(composition, **role)).count();
    u32::try_from(young).unwrap_or(0)
}

/// Whether somebody is a child of the first two adults', or one of grandchildren who live with no children of theirs.
fn is_of_the_nursery(composition: &Composition, role: Role) -> bool {
    let is_grandchild = role.relationship == Relationship::Grandchild;
    role.birth == Birth::Young && (!is_grandchild || are_grandchildren(composition))
}

/// Whether all who are young are grandchildren.
fn are_grandchildren(composition: &Composition) -> bool {
    let mut young = composition.roles.iter().filter(|role| role.birth == Birth::Young).peekable();
    young.peek().is_some() && young.all(|role| role.relationship == Relationship::Grandchild)
}

fn has(composition: &Composition, birth: Birth) -> bool {
    composition.roles.iter().any(|role| role.birth == birth)
}

/// Years from the younger of the first two adults to the eldest born by turns, at least.
fn gap(composition: &Composition) -> u32 {
    let has_grandchild = composition.roles.iter().any(|role| role.relationship == Relationship::Grandchild);
    match (are_grandchildren(composition), has_grandchild) {
        (true, _) => GAP_TO_GRANDCHILD,
        (false, true) => GAP,
        (false, false) => composition.gap.max(GAP),
    }
}

fn longest_gap(composition: &Composition) -> u32 {
    if are_grandchildren(composition) { LONGEST_GAP_TO_GRANDCHILD } else { LONGEST_GAP }
}

/// Days since somebody's birth, 0 before it.
fn days_ago(birth: NaiveDate, calendar: Calendar) -> u32 {
    u32::try_from((calendar.as_of - birth).num_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{BETWEEN_SIBLINGS, beside};

    #[test]
    fn the_young_keep_away_from_a_sibling_whose_date_a_case_fixes() {
        let near = BETWEEN_SIBLINGS;
        assert_eq!(beside(None, 340, 5000), (340, 5000, None));
        assert_eq!(beside(Some(6900), 340, 5000), (340, 5000, None));
        assert_eq!(beside(Some(29), 340, 5000), (29 + near, 5000, None));
        assert_eq!(beside(Some(5100), 340, 5000), (340, 5100 - near, None));
        assert_eq!(beside(Some(2000), 340, 5000), (340, 5000, Some(2000 - near)));
    }
}

//! To which households a step of the journey applies, as its scenario says it.

use super::{CoverageLine, EdgeCase, Guideline, Household, Person, Relationship, Sex};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whole numbers from one to another, both included; without an end where none is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The smallest.
    pub from: u32,
    /// The largest; `None`: whatever is larger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u32>,
}

impl Span {
    /// Reads `3`, `3..`, `..2` or `2..4`; `None` where it is none of them, or holds no number.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let span = match text.split_once("..") {
            None => number(text).map(|only| Self { from: only, to: Some(only) }),
            Some((from, to)) if from.trim().is_empty() => number(to).map(|to| Self { from: 0, to: Some(to) }),
            Some((from, to)) if to.trim().is_empty() => number(from).map(|from| Self { from, to: None }),
            Some((from, to)) => Some(Self { from: number(from)?, to: Some(number(to)?) }),
        };
        span.filter(|span| span.to.is_none_or(|to| span.from <= to))
    }

    /// Whether a number lies in it.
    pub fn holds(self, number: u32) -> bool {
        number >= self.from && self.to.is_none_or(|to| number <= to)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) if to == self.from => write!(f, "{to}"),
            Some(to) => write!(f, "{}..{to}", self.from),
            None => write!(f, "{}..", self.from),
        }
    }
}

/// One thing that must be true of a household, as it is when the step's turn comes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// So many people are covered.
    Size(Span),
    /// The subscriber is so old on the first day of coverage.
    SubscriberAge(Span),
    /// The youngest who is covered is.
    Youngest(Span),
    /// The oldest who is covered is.
    Oldest(Span),
    /// So many children are covered.
    Children(Span),
    /// Whether a spouse or life partner is covered.
    Spouse(bool),
    /// The subscriber's sex.
    SubscriberSex(Sex),
    /// The household lives in one of these states.
    State(Vec<String>),
    /// The household lives in one of these counties (five digits).
    County(Vec<String>),
    /// Whether its income lies where tax credits are given.
    Subsidy(bool),
    /// Whether it has a dental plan, too.
    Dental(bool),
    /// It shows one of these edge cases.
    EdgeCase(Vec<EdgeCase>),
    /// Its place in the run.
    Index(Span),
    /// It is of so large a share (0 to 1) of all households.
    Share(f64),
    /// At least one of these holds as a whole.
    Any(Vec<When>),
    /// This does not hold as a whole.
    Not(When),
}

/// For whom a step is: everything in it must be true. Nothing in it: for everybody.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct When(pub Vec<Condition>);

/// Which draw decides about shares: the run's seed, and the step's place in its journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// The run's seed.
    pub seed: u64,
    /// The step's place.
    pub step: u16,
}

impl When {
    /// Whether it is for everybody.
    pub fn is_for_all(&self) -> bool {
        self.0.is_empty()
    }

    /// The first of its conditions that is not true of a household, in words; `None` where the step is for it.
    pub fn broken_by(&self, household: &Household, draw: Draw) -> Option<String> {
        self.0.iter().find(|condition| !condition.holds(household, draw)).map(|condition| condition.asks_for(household))
    }
}

impl Condition {
    fn holds(&self, household: &Household, draw: Draw) -> bool {
        match self {
            Self::Size(span)
            | Self::SubscriberAge(span)
            | Self::Youngest(span)
            | Self::Oldest(span)
            | Self::Children(span)
            | Self::Index(span) => self.number_of(household).is_some_and(|number| span.holds(number)),
            Self::Spouse(wanted) => covered(household).any(is_partner) == *wanted,
            Self::SubscriberSex(sex) => household.subscriber().is_some_and(|subscriber| subscriber.sex == *sex),
            Self::State(states) => states.contains(&household.address.state),
            Self::County(counties) => counties.contains(&household.address.county),
            Self::Subsidy(wanted) => is_subsidized(household) == *wanted,
            Self::Dental(wanted) => household.lines.contains(&CoverageLine::Dental) == *wanted,
            Self::EdgeCase(cases) => cases.iter().any(|case| household.edge_cases.contains(case)),
            Self::Share(share) => drawn(household.index.0, draw) < *share,
            Self::Any(all) => all.iter().any(|when| when.broken_by(household, draw).is_none()),
            Self::Not(when) => when.broken_by(household, draw).is_some(),
        }
    }

    /// The number of a household that is asked about, where it has one.
    fn number_of(&self, household: &Household) -> Option<u32> {
        let ages = || covered(household).map(|person| age(person, household));
        match self {
            Self::Size(_) => Some(count(covered(household))),
            Self::Children(_) => Some(count(covered(household).filter(|person| is_child(person)))),
            Self::SubscriberAge(_) => household.subscriber().map(|subscriber| age(subscriber, household)),
            Self::Youngest(_) => ages().min(),
            Self::Oldest(_) => ages().max(),
            Self::Index(_) => Some(household.index.0),
            _ => None,
        }
    }

    /// What it asks for, beside what the household has, in words.
    fn asks_for(&self, household: &Household) -> String {
        let found = self.number_of(household).map_or_else(|| "none".to_owned(), |number| number.to_string());
        let yes = |wanted: &bool, what: &str| format!("{} {what}", if *wanted { "no" } else { "has" });
        match self {
            Self::Size(span) => format!("`size` is {found}, the step is for {span}"),
            Self::SubscriberAge(span) => format!("`subscriber_age` is {found}, the step is for {span}"),
            Self::Youngest(span) => format!("`youngest` is {found}, the step is for {span}"),
            Self::Oldest(span) => format!("`oldest` is {found}, the step is for {span}"),
            Self::Children(span) => format!("`children` is {found}, the step is for {span}"),
            Self::Index(span) => format!("`index` is {found}, the step is for {span}"),
            Self::Spouse(wanted) => yes(wanted, "spouse"),
            Self::Subsidy(wanted) => yes(wanted, "subsidy"),
            Self::Dental(wanted) => yes(wanted, "dental plan"),
            Self::SubscriberSex(sex) => format!("the step is for subscribers of sex {sex}"),
            Self::State(states) => {
                format!("lives in {}, the step is for {}", household.address.state, states.join(", "))
            }
            Self::County(counties) => {
                format!("lives in county {}, the step is for {}", household.address.county, counties.join(", "))
            }
            Self::EdgeCase(cases) => {
                let words: Vec<_> = cases.iter().map(|case| case.as_str()).collect();
                format!("shows no edge case {}", words.join(", "))
            }
            Self::Share(share) => format!("is not of the {} % for whom the step is", share * 100.0),
            Self::Any(_) => "nothing under `any` is true of it".to_owned(),
            Self::Not(_) => "what stands under `not` is true of it".to_owned(),
        }
    }
}

fn covered(household: &Household) -> impl Iterator<Item = &Person> {
    household.people.iter().filter(|person| person.applying)
}

fn count(people: impl Iterator) -> u32 {
    u32::try_from(people.count()).unwrap_or(u32::MAX)
}

fn age(person: &Person, household: &Household) -> u32 {
    // who is born after the first day of coverage is no year old
    u32::try_from(person.age_on(household.coverage_begin)).unwrap_or(0)
}

fn is_partner(person: &Person) -> bool {
    matches!(person.relationship, Relationship::Spouse | Relationship::LifePartner)
}

fn is_child(person: &Person) -> bool {
    use Relationship::{AdoptedChild, Child, CourtAppointed, FosterChild, Grandchild, Stepchild, Ward};
    matches!(person.relationship, Child | AdoptedChild | FosterChild | Stepchild | Grandchild | Ward | CourtAppointed)
}

/// Tax credits reach from 100 % to 400 % of the poverty line (26 USC 36B(c)(1)(A)).
fn is_subsidized(household: &Household) -> bool {
    let people = household.people.iter().filter(|person| !person.has_left()).count();
    let line = Guideline::for_coverage(household.coverage_begin, &household.address.state).line(people);
    (i64::from(line) * 100..=i64::from(line) * 400).contains(&household.income_cents)
}

/// A number from 0 to below 1 for a household at a step: the same in every process and for ever (`SplitMix64`'s mixing of the three).
fn drawn(index: u32, Draw { seed, step }: Draw) -> f64 {
    let mix = |value: u64| {
        let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    };
    let of_step = mix(seed ^ mix(u64::from(step).wrapping_add(0x9e37_79b9_7f4a_7c15)));
    let bits = mix(of_step ^ mix(u64::from(index).wrapping_add(0x9e37_79b9_7f4a_7c15))) >> 32;
    f64::from(u32::try_from(bits).unwrap_or(u32::MAX)) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::{Draw, Span, drawn};

    #[test]
    fn spans_are_numbers_with_or_without_an_end() {
        for (text, from, to) in [("3", 3, Some(3)), ("3..", 3, None), ("..2", 0, Some(2)), (" 2 .. 4 ", 2, Some(4))] {
            assert_eq!(Span::parse(text), Some(Span { from, to }), "{text}");
        }
        for bad in ["", "..", ">= 3", "4..2", "a", "1..2..3", "-1", "1.5"] {
            assert_eq!(Span::parse(bad), None, "{bad}");
        }
        let three = Span::parse("3..").unwrap();
        assert_eq!([2, 3, 900].map(|number| three.holds(number)), [false, true, true]);
        assert_eq!(Span::parse("2..4").unwrap().to_string(), "2..4");
    }

    #[test]
    fn a_share_is_as_large_as_it_says_and_another_ones_at_another_step() {
        let of = |seed, step| -> Vec<bool> { (0..10_000).map(|i| drawn(i, Draw { seed, step }) < 0.25).collect() };
        for (seed, step) in [(0, 1), (0, 2), (1, 1), (2013, 7)] {
            let some = of(seed, step).into_iter().filter(|is| *is).count();
            assert!((2_300..2_700).contains(&some), "{some} at {seed}/{step}");
        }
        let both = of(0, 1).into_iter().zip(of(0, 2)).filter(|(a, b)| *a && *b).count();
        assert!((500..750).contains(&both), "{both}: one step's draw says nothing of another's");
        assert_eq!(of(5, 3), of(5, 3));
    }

    #[test]
    fn a_draw_never_changes() {
        let first: Vec<f64> = (0..5).map(|i| (drawn(i, Draw { seed: 7, step: 2 }) * 1000.0).floor()).collect();
        assert_eq!(first, [689.0, 483.0, 463.0, 811.0, 405.0]);
    }
}

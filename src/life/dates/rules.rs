//! The rules of effective dates as data: for what kind of event, selected when, and when coverage begins then. Each has its days and its
//! source; what is not certain is left out.

use super::begin::Begin::{
    self, AfterCoverage, AnyUntilRegular, Fifteenth, FirstAfterEvent, FirstOfNext, NextYear, OfEvent,
};
use crate::model::DateRule::{
    self, Birth, Casework, December2013, Extension, LossOfCoverage, Marriage, OpenEnrollment, Renewal, Special,
};
use crate::model::ExchangeKind::{self, Ffm, State};

/// Year, month and day.
pub(super) type Day = (i32, u32, u32);

/// A rule, for what is selected within some days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// By which a target switches it off.
    pub name: DateRule,
    /// For what it is: where that has several rules for a day, the first counts.
    pub(super) of: DateRule,
    /// At whose exchange alone.
    pub(super) at: Option<ExchangeKind>,
    /// The first day of selection.
    pub(super) from: Day,
    /// The last one.
    pub(super) to: Day,
    /// When coverage begins; each of them is right.
    pub(super) begins: &'static [Begin],
    /// What is right beside them at a state's own exchange.
    pub(super) state_may: &'static [Begin],
    /// Where it is written.
    pub source: &'static str,
}

impl Rule {
    const fn of(of: DateRule, (from, to): (Day, Day), begins: &'static [Begin], source: &'static str) -> Self {
        Self { name: of, of, at: None, from, to, begins, state_may: &[], source }
    }

    const fn named(self, name: DateRule) -> Self {
        Self { name, ..self }
    }

    const fn at(self, kind: ExchangeKind) -> Self {
        Self { at: Some(kind), ..self }
    }

    const fn state_may(self, state_may: &'static [Begin]) -> Self {
        Self { state_may, ..self }
    }

    /// The part of an open enrollment in which 1 January is reached.
    const fn reaches_january(from: Day, to: Day, source: &'static str) -> Self {
        Self::of(OpenEnrollment, (from, to), &[NextYear], source)
    }

    /// The part behind it, which goes by the fifteenth of each month. A state may let all begin with the next month.
    const fn by_the_fifteenth(from: Day, to: Day, source: &'static str) -> Self {
        Self::of(OpenEnrollment, (from, to), &[Fifteenth], source).state_may(&[FirstOfNext])
    }
}

/// The first day on which anything could be selected, and the last of a rule that nothing has ended.
const FIRST: Day = (2013, 10, 1);
const OPEN: Day = (9999, 12, 31);

const OF_2014: &str = "45 CFR 155.410(b) and (c)";
const SINCE_2015: &str = "45 CFR 155.410(e) and (f)";
const OF_2018: &str = "45 CFR 155.410(e) and (f), as of 82 FR 18346";
const OF_2027: &str = "45 CFR 155.410(e) and (f), as of 90 FR 27074";
const INTERIM: &str = "78 FR 76212 of 17 December 2013";
const BIRTH: &str = "45 CFR 155.420(b)(2)(i)";

pub(super) static RULES: &[Rule] = &[
    // the interim final rule moved the 15th to the 23rd
    Rule::reaches_january((2013, 12, 16), (2013, 12, 23), INTERIM).state_may(&[FirstOfNext]).named(December2013),
    // and HealthCare.gov gave 1 January to whatever was finished before midnight of the 24th (Washington Post, Arkansas Online)
    Rule::of(OpenEnrollment, ((2013, 12, 24), (2013, 12, 24)), &[NextYear, Fifteenth], INTERIM)
        .named(December2013)
        .at(Ffm),
    // until 11:59 pm in the Pacific zone, which is the day after in the East (CMS, 15 December 2015)
    Rule::reaches_january((2015, 12, 16), (2015, 12, 17), "CMS on 15 December 2015").named(Extension).at(Ffm),
    Rule::of(OpenEnrollment, ((2015, 12, 18), (2015, 12, 18)), &[NextYear, Fifteenth], "CMS on 15 December 2015")
        .named(Extension)
        .at(Ffm),
    Rule::reaches_january((2016, 12, 16), (2016, 12, 19), "CMS on 15 December 2016").named(Extension).at(Ffm),
    Rule::of(OpenEnrollment, ((2016, 12, 20), (2016, 12, 20)), &[NextYear, Fifteenth], "CMS on 15 December 2016")
        .named(Extension)
        .at(Ffm),
    // the 15th was a holiday (Georgetown's Navigator Guide)
    Rule::of(OpenEnrollment, ((2024, 1, 16), (2024, 1, 16)), &[FirstOfNext], SINCE_2015).named(Extension).at(Ffm),
    // windows of open enrollment, by plan year
    Rule::reaches_january(FIRST, (2013, 12, 15), OF_2014),
    Rule::by_the_fifteenth((2013, 12, 16), (2014, 3, 31), OF_2014),
    Rule::reaches_january((2014, 11, 15), (2014, 12, 15), SINCE_2015),
    Rule::by_the_fifteenth((2014, 12, 16), (2015, 2, 15), SINCE_2015),
    Rule::reaches_january((2015, 11, 1), (2015, 12, 15), SINCE_2015),
    Rule::by_the_fifteenth((2015, 12, 16), (2016, 1, 31), SINCE_2015),
    Rule::reaches_january((2016, 11, 1), (2016, 12, 15), SINCE_2015),
    Rule::by_the_fifteenth((2016, 12, 16), (2017, 1, 31), SINCE_2015),
    Rule::reaches_january((2017, 11, 1), (2017, 12, 15), OF_2018),
    Rule::reaches_january((2018, 11, 1), (2018, 12, 15), OF_2018),
    Rule::reaches_january((2019, 11, 1), (2019, 12, 15), OF_2018),
    Rule::reaches_january((2020, 11, 1), (2020, 12, 15), OF_2018),
    Rule::reaches_january((2021, 11, 1), (2021, 12, 15), SINCE_2015),
    Rule::by_the_fifteenth((2021, 12, 16), (2022, 1, 15), SINCE_2015),
    Rule::reaches_january((2022, 11, 1), (2022, 12, 15), SINCE_2015),
    Rule::by_the_fifteenth((2022, 12, 16), (2023, 1, 15), SINCE_2015),
    Rule::reaches_january((2023, 11, 1), (2023, 12, 15), SINCE_2015),
    Rule::by_the_fifteenth((2023, 12, 16), (2024, 1, 15), SINCE_2015),
    Rule::reaches_january((2024, 11, 1), (2024, 12, 15), SINCE_2015),
    Rule::by_the_fifteenth((2024, 12, 16), (2025, 1, 15), SINCE_2015),
    Rule::reaches_january((2025, 11, 1), (2025, 12, 15), SINCE_2015),
    Rule::by_the_fifteenth((2025, 12, 16), (2026, 1, 15), SINCE_2015),
    // no exchange goes on into the year of coverage; one that closes earlier enrolls nobody then
    Rule::reaches_january((2026, 11, 1), (2026, 12, 31), OF_2027),
    // the regular dates of special enrollments: by the fifteenth at first, with the next month since
    Rule::of(Special, (FIRST, (2021, 12, 31)), &[Fifteenth], "45 CFR 155.420(b)(1)").state_may(&[FirstOfNext]),
    Rule::of(Special, ((2022, 1, 1), OPEN), &[FirstOfNext], "45 CFR 155.420(b), as of 85 FR 29260").at(Ffm),
    Rule::of(Special, ((2022, 1, 1), (2024, 12, 31)), &[Fifteenth, FirstOfNext], "45 CFR 155.420(b)").at(State),
    Rule::of(Special, ((2025, 1, 1), OPEN), &[FirstOfNext], "45 CFR 155.420(b), as of 89 FR 26218").at(State),
    Rule::of(Marriage, (FIRST, OPEN), &[FirstOfNext], "45 CFR 155.420(b)(2)(ii)"),
    Rule::of(LossOfCoverage, (FIRST, OPEN), &[FirstOfNext], "45 CFR 155.420(b)(2)").state_may(&[Fifteenth]),
    // since the second year an exchange may let the household choose the first of a month
    Rule::of(Birth, (FIRST, (2014, 3, 31)), &[OfEvent], BIRTH),
    Rule::of(Birth, ((2014, 4, 1), OPEN), &[OfEvent, FirstAfterEvent, FirstOfNext, Fifteenth], BIRTH),
    Rule::of(Casework, (FIRST, OPEN), &[AnyUntilRegular], "45 CFR 155.420(b)(2)"),
    Rule::of(Renewal, (FIRST, OPEN), &[AfterCoverage], "CMS companion guide v7.2 p. 96"),
];

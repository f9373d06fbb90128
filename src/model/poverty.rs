//! The poverty line, by which subsidies go.

use chrono::{Datelike, NaiveDate};

/// Poverty line of one person and of each further one, dollars a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guideline(u32, u32);

/// 48 states (78 FR 5182, 24 January 2013).
const OF_2013: Guideline = Guideline(11_490, 4_020);

/// The poverty guidelines of the Department of Health and Human Services from 2013 on: 48 states and DC, Alaska, Hawaii. As two
/// public tables of them say that agree but for two numbers (`policyengine-us`, `povguide2`); there, a third one decided, and the
/// rule that Hawaii's increment is 1.15 of the 48 states'.
const GUIDELINES: &[[Guideline; 3]] = &[
    [OF_2013, Guideline(14_350, 5_030), Guideline(13_230, 4_620)],
    [Guideline(11_670, 4_060), Guideline(14_580, 5_080), Guideline(13_420, 4_670)],
    [Guideline(11_770, 4_160), Guideline(14_720, 5_200), Guideline(13_550, 4_780)],
    [Guideline(11_880, 4_140), Guideline(14_840, 5_180), Guideline(13_670, 4_760)],
    [Guideline(12_060, 4_180), Guideline(15_060, 5_230), Guideline(13_860, 4_810)],
    [Guideline(12_140, 4_320), Guideline(15_180, 5_400), Guideline(13_960, 4_970)],
    [Guideline(12_490, 4_420), Guideline(15_600, 5_530), Guideline(14_380, 5_080)],
    [Guideline(12_760, 4_480), Guideline(15_950, 5_600), Guideline(14_680, 5_150)],
    [Guideline(12_880, 4_540), Guideline(16_090, 5_680), Guideline(14_820, 5_220)],
    [Guideline(13_590, 4_720), Guideline(16_990, 5_900), Guideline(15_630, 5_430)],
    [Guideline(14_580, 5_140), Guideline(18_210, 6_430), Guideline(16_770, 5_910)],
    [Guideline(15_060, 5_380), Guideline(18_810, 6_730), Guideline(17_310, 6_190)],
    [Guideline(15_650, 5_500), Guideline(19_550, 6_880), Guideline(17_990, 6_330)],
];
const FIRST_YEAR: i32 = 2013;

impl Guideline {
    /// What version 1 of the generator reckons with everywhere and always.
    pub const OF_2013: Self = OF_2013;

    /// What counts for coverage that begins on a day: the guideline of the year before it (26 USC 36B(d)(3)(B)), or the nearest
    /// that is known.
    pub fn for_coverage(begin: NaiveDate, state: &str) -> Self {
        let year = usize::try_from(begin.year() - 1 - FIRST_YEAR).unwrap_or(0);
        let [states, alaska, hawaii] = GUIDELINES.get(year).or(GUIDELINES.last()).copied().unwrap_or([OF_2013; 3]);
        match state {
            "AK" => alaska,
            "HI" => hawaii,
            _ => states,
        }
    }

    /// Poverty line of a household in dollars a year.
    pub fn line(self, people: usize) -> u32 {
        let further = u32::try_from(people.saturating_sub(1)).unwrap_or(0);
        self.0.saturating_add(self.1.saturating_mul(further))
    }
}

#[cfg(test)]
mod tests {
    use super::{GUIDELINES, Guideline, OF_2013};

    fn of(begin: &str, state: &str) -> Guideline {
        Guideline::for_coverage(begin.parse().unwrap(), state)
    }

    #[test]
    fn coverage_of_a_year_goes_by_the_guideline_of_the_year_before() {
        assert_eq!(of("2014-01-01", "VA"), OF_2013);
        assert_eq!(of("2014-12-01", "VA").line(4), 23_550);
        assert_eq!(of("2024-02-01", "TX").line(4), 30_000);
        assert_eq!(of("2025-01-01", "AK").line(1), 18_810);
        assert_eq!(of("2019-01-01", "HI").line(4), 28_870);
    }

    #[test]
    fn years_before_and_after_the_table_have_its_nearest() {
        assert_eq!(of("1999-01-01", "VA"), OF_2013);
        assert_eq!(of("2099-01-01", "VA").line(1), 15_650);
    }

    #[test]
    fn alaska_is_a_quarter_above_the_states_and_hawaii_fifteen_of_a_hundred() {
        for [states, alaska, hawaii] in GUIDELINES {
            for (other, percent) in [(alaska, 125), (hawaii, 115)] {
                assert!(other.1.abs_diff(states.1 * percent / 100) <= 10, "{other:?} beside {states:?}");
                assert!(other.0.abs_diff(states.0 * percent / 100) <= 30, "{other:?} beside {states:?}");
            }
        }
    }
}

//! Premium tax credit and cost-sharing variant by income, as the law of 2014 has them, without its exceptions.

use crate::model::Cents;

/// Federal poverty guideline of 2013 (used for 2014 coverage), 48 states: one person, and each further one, in cents.
const POVERTY_LINE: i64 = 1_149_000;
const POVERTY_LINE_EACH_FURTHER: i64 = 402_000;

/// Share of income expected to be paid for the benchmark plan (26 CFR 1.36B-3(g)): from and up to a percentage of the
/// poverty line, share at both ends in hundredths of a percent; linear between.
const CONTRIBUTION: [(i64, i64, i64, i64); 6] = [
    (100, 133, 200, 200),
    (133, 150, 300, 400),
    (150, 200, 400, 630),
    (200, 250, 630, 805),
    (250, 300, 805, 950),
    (300, 400, 950, 950),
];

/// What a household may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Eligibility {
    /// Largest advance premium tax credit a month.
    pub(super) aptc: Cents,
    /// Variant of a silver plan: `01`, `04` to `06` with reduced cost sharing (45 CFR 155.305(g)), or `02` and `03` of people who are all
    /// of a recognized tribe (45 CFR 155.350).
    pub(super) csr_variant: &'static str,
    /// Income as a percentage of the poverty line, rounded down.
    pub(super) percent_of_poverty: i64,
}

/// Decides by yearly income, people on the application, whether all who apply are of a recognized tribe, and the month's premium of the
/// benchmark plan for them.
pub(super) fn decide(income: Cents, people: usize, is_tribal: bool, benchmark: Cents) -> Eligibility {
    let further = i64::try_from(people.saturating_sub(1)).unwrap_or(0);
    let line = POVERTY_LINE + POVERTY_LINE_EACH_FURTHER * further;
    let percent = income.0.max(0).saturating_mul(100) / line;
    let aptc = contribution(income, percent).map_or(Cents(0), |paid| Cents((benchmark - paid).0.max(0)));
    Eligibility {
        aptc,
        csr_variant: if is_tribal { tribal_variant(percent) } else { csr_variant(percent) },
        percent_of_poverty: percent,
    }
}

/// What the household itself is expected to pay a month; `None` where its income gives no right to a credit.
fn contribution(income: Cents, percent: i64) -> Option<Cents> {
    let (from, to, low, high) = CONTRIBUTION
        .into_iter()
        .find(|(from, to, ..)| (*from..*to).contains(&percent) || (percent == 400 && *to == 400))?;
    let share = low + (high - low) * (percent - from) / (to - from);
    Some(Cents(income.0.saturating_mul(share) / 10_000 / 12))
}

fn csr_variant(percent: i64) -> &'static str {
    match percent {
        100..=150 => "06",
        151..=200 => "05",
        201..=250 => "04",
        _ => "01",
    }
}

/// No cost sharing up to 300 % of the poverty line, limited cost sharing at any income (45 CFR 155.350).
fn tribal_variant(percent: i64) -> &'static str {
    if (100..=300).contains(&percent) { "02" } else { "03" }
}

#[cfg(test)]
mod tests {
    use super::{Cents, decide};

    #[test]
    fn credit_falls_with_income_and_ends_at_four_times_the_poverty_line() {
        let benchmark = Cents(60_000);
        let at = |dollars: i64| decide(Cents(dollars * 100), 1, false, benchmark);
        assert_eq!(at(11_000).aptc, Cents(0), "below the poverty line there is no credit");
        // 17,235 is 150 %: 4 % of it a year is 689.40, a month 57.45
        assert_eq!((at(17_235).aptc, at(17_235).csr_variant), (Cents(60_000 - 5_745), "06"));
        assert_eq!(at(25_000).csr_variant, "04");
        assert!(at(40_000).aptc < at(25_000).aptc);
        assert_eq!((at(46_500).aptc, at(46_500).csr_variant), (Cents(0), "01"));
    }

    #[test]
    fn members_of_a_tribe_have_variants_of_their_own() {
        let variant = |dollars: i64| decide(Cents(dollars * 100), 1, true, Cents(60_000)).csr_variant;
        assert_eq!((variant(20_000), variant(34_470), variant(35_000), variant(90_000)), ("02", "02", "03", "03"));
    }

    #[test]
    fn a_credit_never_exceeds_the_benchmark() {
        assert!(decide(Cents(1_149_000), 1, false, Cents(100)).aptc <= Cents(100));
        assert_eq!(decide(Cents(i64::MAX), 3, false, Cents(100)).aptc, Cents(0));
        assert_eq!(decide(Cents(-5), 0, false, Cents(100)).aptc, Cents(0));
    }
}

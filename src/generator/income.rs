//! Yearly household income, as a share of the poverty line: it decides about subsidies.

use super::draw::{FieldGroup, Streams};
use crate::model::EdgeCase;

/// Poverty line of one person and of each further one, dollars a year, 48 states (78 FR 5182, 24 January 2013).
const FIRST_PERSON: u32 = 11_490;
const FURTHER_PERSON: u32 = 4_020;

/// Income in cents, whole dollars. Tax credits reach from 100 % to 400 % of the poverty line (26 USC 36B(c)(1)(A)); people are
/// kept above 138 %, where Medicaid ends in many states, unless the case is a full subsidy.
pub(super) fn income_cents(people: usize, case: Option<EdgeCase>, streams: &Streams) -> i64 {
    let mut stream = streams.household(FieldGroup::Income);
    let percent = match case {
        Some(EdgeCase::NoSubsidy) => stream.between(450, 800),
        Some(EdgeCase::FullSubsidy) => stream.between(101, 110),
        _ => stream.between(140, 395),
    };
    i64::from(poverty_line(people)) * i64::from(percent) / 100 * 100
}

/// Poverty line of a household in dollars a year.
pub(super) fn poverty_line(people: usize) -> u32 {
    let further = u32::try_from(people.saturating_sub(1)).unwrap_or(0);
    FIRST_PERSON.saturating_add(FURTHER_PERSON.saturating_mul(further))
}

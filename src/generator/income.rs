//! Yearly household income, as a share of the poverty line: it decides about subsidies.

use super::cases::Cases;
use super::draw::{FieldGroup, Streams};
use crate::model::EdgeCase;

/// Income in cents, whole dollars, of a household whose poverty line is `line` dollars. Tax credits reach from 100 % to 400 % of
/// it (26 USC 36B(c)(1)(A)); people are kept above 138 %, where Medicaid ends in many states, unless the case is a full subsidy.
pub(super) fn income_cents(line: u32, cases: &Cases, streams: &Streams) -> i64 {
    let mut stream = streams.household(FieldGroup::Income);
    let special = cases.find(|case| match case {
        EdgeCase::NoSubsidy => Some(stream.between(450, 800)),
        EdgeCase::FullSubsidy => Some(stream.between(101, 110)),
        EdgeCase::Csr73 => Some(stream.between(201, 249)),
        EdgeCase::Csr87 => Some(stream.between(151, 199)),
        EdgeCase::Csr94 => Some(stream.between(140, 149)),
        EdgeCase::TribalZeroCost => Some(stream.between(140, 295)),
        EdgeCase::TribalLimitedCost => Some(stream.between(305, 395)),
        _ => None,
    });
    let percent = special.unwrap_or_else(|| stream.between(140, 395));
    i64::from(line) * i64::from(percent) / 100 * 100
}

//! The household reports another income: the exchange decides anew about the tax credit and the cost-sharing variant.

use super::happening::Happening;
use super::policies::Policies;
use crate::model::{Field, TransactionReason};

/// Only what the exchange tells is known of what follows.
const DECIDED_ANEW: &[Field] = &[Field::Aptc, Field::TotalResponsibility, Field::CsrVariant, Field::CsrAmount];

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the report of another income",
    fields: |_| DECIDED_ANEW.iter().copied().collect(),
    said_as: |_| &["income", "income_cents"],
    reason: Some(TransactionReason::FinancialChange),
    unsettles: |_| DECIDED_ANEW,
    policies: Policies::GoOn,
    leaves: None,
    applies: |_, _| true,
    // a third less, then half as much again: there and back
    apply: |household, _, before| {
        let (times, of) = if before.is_multiple_of(2) { (2, 3) } else { (3, 2) };
        household.income_cents = household.income_cents.saturating_mul(times) / of;
    },
};

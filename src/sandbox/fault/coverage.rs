//! Faults of plan, money and dates.

use crate::model::{Cents, Field, GroupRecord, Value};
use chrono::Months;

/// What a wrong credit is wrong by.
const WRONG_BY: Cents = Cents(3_700);

/// The credit is 37 dollars less (more where there is none), and what the subscriber owes follows: the sums still agree.
pub(super) fn subsidy(record: &mut GroupRecord) -> Option<String> {
    let Some(Value::Money(old)) = record.facts.value(Field::Aptc).cloned() else { return None };
    let new = if old > WRONG_BY { old - WRONG_BY } else { old + WRONG_BY };
    record.facts.set(Field::Aptc, new);
    if let Some(Value::Money(total)) = record.facts.value(Field::PremiumTotal).cloned() {
        record.facts.set(Field::TotalResponsibility, total - new);
    }
    Some(format!("tax credit: `{old}` became `{new}`"))
}

/// Another cost-sharing variant of the same plan.
pub(super) fn variant(record: &mut GroupRecord) -> Option<String> {
    let old = record.facts.text(Field::CsrVariant)?.to_owned();
    let new = if old == "01" { "04" } else { "01" };
    record.facts.set(Field::CsrVariant, new);
    Some(format!("variant: `{old}` became `{new}`"))
}

/// Coverage begins a month late.
pub(super) fn effective_date(record: &mut GroupRecord) -> Option<String> {
    let Some(Value::Date(old)) = record.facts.value(Field::BenefitBegin).cloned() else { return None };
    let new = old.checked_add_months(Months::new(1))?;
    record.facts.set(Field::BenefitBegin, new);
    Some(format!("first day of coverage: `{old}` became `{new}`"))
}

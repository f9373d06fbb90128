//! Open enrollment: the same people are covered in the next year, too, by policies of their own that begin with it. Those of now go on to
//! the end of their year by themselves, and nobody is told of that: an enrollment is open-ended, and ends with its year (CMS companion guide v7.2 p. 18,
//! 96 and 111).

use super::change_plan::starts_anew;
use super::happening::{AMOUNTS, Happening, who_is_covered};
use super::policies::Policies;
use crate::model::{Field, Household, Renewal, TransactionReason};
use chrono::{Datelike, NaiveDate};

pub(super) static HAPPENING: Happening = Happening {
    words: |change| match change.renewal() {
        Renewal::Passive => "the renewal by the exchange",
        Renewal::Active => "the renewal",
        Renewal::Plan => "the renewal in another plan",
        Renewal::Issuer => "the renewal with another issuer",
    },
    fields: |_| [Field::BenefitBegin].into_iter().collect(),
    // what the exchange does by itself need not be said
    said_as: |change| match change.renewal() {
        Renewal::Passive => &[],
        _ => &["plan", "plans", "plan_id", "groups"],
    },
    reason: Some(TransactionReason::Passive),
    unsettles: |_| AMOUNTS,
    policies: Policies::Renew,
    apply: |household, change, _| next_year(household, change.renewal()),
    ..who_is_covered()
};

/// Everybody is covered from the first day of the next year on.
fn next_year(household: &mut Household, how: Renewal) {
    starts_anew(household);
    let first = NaiveDate::from_ymd_opt(household.coverage_begin.year() + 1, 1, 1);
    household.coverage_begin = first.unwrap_or(household.coverage_begin);
    household.renewal = Some(how);
}

#[cfg(test)]
mod tests {
    use crate::life::after;
    use crate::life::sample::household;
    use crate::model::{Change, LifeEvent, Renewal};

    #[test]
    fn the_next_year_begins_with_it_whenever_this_one_did() {
        for (begin, next) in [("2014-01-01", "2015-01-01"), ("2014-05-01", "2015-01-01"), ("2014-12-31", "2015-01-01")]
        {
            let renew = Change { how: Some(Renewal::Active), ..LifeEvent::Renew.into() };
            let life = after(&household(begin), [renew]);
            assert_eq!(life.coverage_begin, next.parse().unwrap(), "{begin}");
            assert_eq!(life.renewal, Some(Renewal::Active));
        }
    }
}

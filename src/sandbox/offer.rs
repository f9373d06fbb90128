//! Which plans are offered, and what they cost each member.

use crate::model::{Cents, CoverageLine, IssuerId, PlanId, STATES};
use chrono::{Datelike, NaiveDate};

/// A plan as offered in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    /// 14 characters.
    pub(super) plan_id: PlanId,
    /// Who offers it.
    pub(super) issuer: IssuerId,
    /// Medical (silver) or dental.
    pub(super) line: CoverageLine,
    /// Month's premium of a 21-year-old who uses no tobacco.
    base: Cents,
}

/// Children under 21 who are charged for; further ones cost nothing (45 CFR 147.102(c)(1)).
const CHARGED_CHILDREN: usize = 3;

/// Somebody to be charged for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rated {
    /// Age on the first day of coverage.
    pub(super) age: i32,
    /// Uses tobacco.
    pub(super) tobacco: bool,
}

/// Plans of one issuer, `place` being its position among the issuers, in a state: a medical and a dental one. Empty
/// where the state is not served.
pub(super) fn offers(issuer: &IssuerId, place: usize, state: &str) -> Vec<Offer> {
    let Some(nth_state) = STATES.iter().position(|s| *s == state) else { return Vec::new() };
    let (nth_state, place) = (whole(nth_state), whole(place));
    let offer = |line: CoverageLine, component: u8, base: i64| Offer {
        plan_id: PlanId::parse(&format!("{issuer}{state}{:03}{component:04}", place + 1)),
        issuer: issuer.clone(),
        line,
        base: Cents(base),
    };
    vec![
        offer(CoverageLine::Medical, 1, 23_417 + 311 * nth_state + 1_129 * place),
        offer(CoverageLine::Dental, 2, 3_145 + 17 * nth_state + 203 * place),
    ]
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(0)
}

impl Offer {
    /// Each member's premium a month, in their order: by age (45 CFR 147.102(e), in five steps), with a fifth more for
    /// tobacco, and nothing for the fourth child on.
    pub(super) fn premiums(&self, members: &[Rated]) -> Vec<Cents> {
        let mut children: Vec<usize> =
            (0..members.len()).filter(|i| members.get(*i).is_some_and(|m| m.age < 21)).collect();
        children.sort_by_key(|i| std::cmp::Reverse(members.get(*i).map(|m| m.age)));
        let free = children.get(CHARGED_CHILDREN..).unwrap_or_default();
        members
            .iter()
            .enumerate()
            .map(|(i, member)| if free.contains(&i) { Cents(0) } else { self.premium(*member) })
            .collect()
    }

    fn premium(&self, member: Rated) -> Cents {
        let thousandths = match member.age {
            ..21 => 635,
            21..30 => 1_000,
            30..45 => 1_214,
            45..60 => 1_890,
            _ => 3_000,
        };
        let by_age = self.base.0 * thousandths / 1_000;
        let smokes = member.tobacco && self.line == CoverageLine::Medical;
        Cents(if smokes { by_age * 6 / 5 } else { by_age })
    }
}

/// Age in whole years on a day.
pub(super) fn age_on(birth_date: NaiveDate, day: NaiveDate) -> i32 {
    let birthday_is_ahead = (day.month(), day.day()) < (birth_date.month(), birth_date.day());
    day.year() - birth_date.year() - i32::from(birthday_is_ahead)
}

#[cfg(test)]
mod tests {
    use super::{Cents, CoverageLine, IssuerId, Rated, STATES, offers, whole};

    #[test]
    fn every_state_has_a_medical_and_a_dental_plan_of_fourteen_characters() {
        for state in crate::model::STATES {
            let plans = offers(&IssuerId::new("54321"), 1, state);
            assert_eq!(plans.iter().map(|p| p.line).collect::<Vec<_>>(), [CoverageLine::Medical, CoverageLine::Dental]);
            assert!(
                plans.iter().all(|p| p.plan_id.as_str().len() == 14 && p.plan_id.issuer() == Some(p.issuer.clone()))
            );
        }
        assert_eq!(offers(&IssuerId::new("12345"), 0, "VA")[0].plan_id.as_str(), "12345VA0010001");
        assert!(offers(&IssuerId::new("12345"), 0, "ZZ").is_empty());
    }

    #[test]
    fn the_fourth_child_is_free_and_it_is_the_youngest() {
        let medical = &offers(&IssuerId::new("12345"), 0, "AZ")[0];
        let child = |age| Rated { age, tobacco: false };
        let premiums = medical.premiums(&[child(40), child(1), child(9), child(7), child(5)]);
        assert_eq!(premiums[1], Cents(0));
        let base = 23_417 + 311 * whole(STATES.iter().position(|state| *state == "AZ").unwrap());
        assert!(premiums[2..].iter().all(|p| *p == Cents(base * 635 / 1_000)));
    }
}

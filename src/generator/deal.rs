//! Deals the awkward cases out: in turn, so that few households show them all, and others beside them by chance.

use super::cases::Cases;
use super::draw::Stream;
use crate::model::EdgeCase;

/// The cases wanted, and the share of households that get one.
#[derive(Debug, Clone)]
pub(super) struct Deal {
    share: f64,
    cases: Vec<EdgeCase>,
    /// Of so many draws one gives a household that gets a case another one beside it; 0: none ever does.
    one_in: u32,
}

impl Deal {
    /// `share`: 0 to 1; beyond, the nearer of the two. `several`: whether a household that gets a case may get others too.
    pub(super) fn new(share: f64, cases: &[EdgeCase], several: bool) -> Self {
        // one more on the average, and of two cases the other half the time
        let others = u32::try_from(cases.len()).unwrap_or(u32::MAX).saturating_sub(1);
        let one_in = if several && others > 0 { others.max(2) } else { 0 };
        Self { share: share.clamp(0.0, 1.0), cases: cases.to_vec(), one_in }
    }

    /// The cases of a household, if it gets any: the one whose turn it is, and of those that fit to it each by a draw of its own.
    pub(super) fn cases(&self, index: u32, stream: impl FnOnce() -> Stream) -> Cases {
        let Some(first) = self.case(index) else { return Cases::default() };
        let mut cases = Cases::of(vec![first]);
        if self.one_in > 0 {
            let mut stream = stream();
            // of two that do not fit together each is asked first as often as the other
            let from = stream.place(self.cases.len());
            let around = self.cases.iter().cycle().skip(from).take(self.cases.len());
            cases = around.filter(|_| stream.below(self.one_in) == 0).copied().fold(cases, Cases::with);
        }
        cases
    }

    /// Whether there is a case among them that takes two households.
    pub(super) fn has_cases_of_two(&self) -> bool {
        self.cases.iter().any(|case| case.is_of_two())
    }

    /// The case whose turn it is. Nothing is drawn: as the index grows, so does the count of cases dealt,
    /// evenly, and whichever household makes it whole gets the next case of the list. So the first N households show the
    /// same cases whatever the count, and as many as the share promises.
    fn case(&self, index: u32) -> Option<EdgeCase> {
        let dealt_before = self.dealt(f64::from(index));
        let dealt = self.dealt(f64::from(index) + 1.0);
        if dealt == dealt_before || self.cases.is_empty() {
            return None;
        }
        let turn = dealt_before % self.cases.len() as u64;
        self.cases.get(usize::try_from(turn).ok()?).copied()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of at most 1 of at most 2^32 households is a small whole number"
    )]
    fn dealt(&self, households: f64) -> u64 {
        (households * self.share).floor() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::Deal;
    use crate::generator::cases::fit_together;
    use crate::generator::draw::{FieldGroup, Streams, key};
    use crate::model::EdgeCase;

    fn dealt(deal: &Deal, index: u32) -> Vec<EdgeCase> {
        let streams = Streams::quick(key("deal", "x", 1), index);
        deal.cases(index, || streams.household(FieldGroup::Cases)).into_vec()
    }

    #[test]
    fn cases_come_in_turn_and_in_their_share() {
        let cases = [EdgeCase::Newborn, EdgeCase::Twins, EdgeCase::PoBox];
        let deal = Deal::new(0.25, &cases, false);
        let in_turn: Vec<_> = (0..24).flat_map(|index| dealt(&deal, index)).collect();
        assert_eq!(in_turn, [cases, cases].concat());
        let households = |deal: &Deal| (0..24).filter(|index| !dealt(deal, *index).is_empty()).count();
        assert_eq!(households(&Deal::new(0.0, &cases, true)), 0);
        assert_eq!(households(&Deal::new(1.0, &cases, true)), 24);
        assert_eq!(households(&Deal::new(1.0, &[], true)), 0);
    }

    #[test]
    fn others_come_beside_the_one_whose_turn_it_is_and_only_those_that_fit() {
        let deal = Deal::new(1.0, EdgeCase::ALL, true);
        let alone = Deal::new(1.0, EdgeCase::ALL, false);
        let (mut all, households) = (0, 4_000);
        for index in 0..households {
            let cases = dealt(&deal, index);
            assert_eq!(cases.first(), dealt(&alone, index).first());
            let fits = |at: usize| cases.iter().skip(at + 1).all(|other| fit_together(cases[at], *other));
            assert!((0..cases.len()).all(fits), "{cases:?}");
            all += cases.len();
        }
        let each = f64::from(u32::try_from(all).unwrap()) / f64::from(households);
        assert!((1.5..2.0).contains(&each), "{each} cases a household");
        assert!((0..99).all(|index| dealt(&Deal::new(1.0, &[EdgeCase::Twins], true), index) == [EdgeCase::Twins]));
    }

    #[test]
    fn of_two_cases_half_the_households_show_both() {
        let deal = Deal::new(1.0, &[EdgeCase::Apostrophe, EdgeCase::PoBox], true);
        let both = (0..1_000).filter(|index| dealt(&deal, *index).len() == 2).count();
        assert!((430..570).contains(&both), "{both}");
    }
}

//! Deals the awkward cases out: in turn, so that few households show them all.

use crate::model::EdgeCase;

/// The cases wanted, and the share of households that get one.
#[derive(Debug, Clone)]
pub(super) struct Deal {
    share: f64,
    cases: Vec<EdgeCase>,
}

impl Deal {
    /// `share`: 0 to 1; beyond, the nearer of the two.
    pub(super) fn new(share: f64, cases: &[EdgeCase]) -> Self {
        Self { share: share.clamp(0.0, 1.0), cases: cases.to_vec() }
    }

    /// The case of a household, if it gets one. Nothing is drawn: as the index grows, so does the count of cases dealt,
    /// evenly, and whichever household makes it whole gets the next case of the list. So the first N households show the
    /// same cases whatever the count, and as many as the share promises.
    pub(super) fn case(&self, index: u32) -> Option<EdgeCase> {
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
    use crate::model::EdgeCase;

    #[test]
    fn cases_come_in_turn_and_in_their_share() {
        let cases = [EdgeCase::Newborn, EdgeCase::Twins, EdgeCase::PoBox];
        let deal = Deal::new(0.25, &cases);
        let dealt: Vec<_> = (0..24).filter_map(|index| deal.case(index)).collect();
        assert_eq!(dealt, [cases, cases].concat());
        assert_eq!((0..24).filter_map(|index| Deal::new(0.0, &cases).case(index)).count(), 0);
        assert_eq!((0..24).filter_map(|index| Deal::new(1.0, &cases).case(index)).count(), 24);
        assert_eq!((0..24).filter_map(|index| Deal::new(1.0, &[]).case(index)).count(), 0);
    }
}

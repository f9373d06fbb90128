//! Draws that depend on seed, fault and household alone, never on what was drawn before.

use sha2::{Digest, Sha256};

/// The draws of one fault for one household.
#[derive(Debug, Clone)]
pub(super) struct Dice {
    root: [u8; 32],
}

impl Dice {
    /// Draws of this fault (its text without the probability) for this household.
    pub(super) fn new(seed: u64, fault: &str, marker: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        hash.update(fault.as_bytes());
        hash.update([0]);
        hash.update(marker.as_bytes());
        Self { root: hash.finalize().into() }
    }

    /// Whether something of this probability happens.
    pub(super) fn hit(&self, probability: f64) -> bool {
        // 32 bits are exact in a floating point number
        f64::from(self.number(0)) < probability * 4_294_967_296.0
    }

    /// One of `count` things, evenly; 0 where there is none.
    pub(super) fn pick(&self, count: usize) -> usize {
        (self.number(4) as usize).checked_rem(count).unwrap_or(0)
    }

    fn number(&self, at: usize) -> u32 {
        self.root.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_be_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn hits_come_in_their_share_and_the_same_ones_every_time() {
        let hits = |p: f64| (0..10_000).filter(|i| Dice::new(7, "lose", &format!("m{i}")).hit(p)).collect::<Vec<_>>();
        let few = hits(0.02);
        assert!((150..250).contains(&few.len()), "{}", few.len());
        assert_eq!(few, hits(0.02));
        assert!(few.iter().all(|i| hits(0.05).contains(i)), "a larger share keeps the smaller one's households");
        assert_eq!((hits(0.0).len(), hits(1.0).len()), (0, 10_000));
    }
}

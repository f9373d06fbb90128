//! Drawing one of many by weight.

use crate::generator::draw::Stream;

/// Weights as running sums.
#[derive(Debug, Clone, Default)]
pub(super) struct Weights {
    sums: Vec<u32>,
}

impl Weights {
    /// Together the weights may be no more than a number of 32 bits holds; beyond that nothing is drawn.
    pub(super) fn new(weights: impl Iterator<Item = u32>) -> Self {
        let mut sum = 0_u32;
        Self { sums: weights.map(|weight| add(&mut sum, weight)).collect() }
    }

    /// The place of one, each as likely as its weight; 0 where there are none.
    pub(super) fn draw(&self, stream: &mut Stream) -> usize {
        let drawn = stream.below(self.total());
        self.sums.partition_point(|sum| *sum <= drawn)
    }

    pub(super) fn total(&self) -> u32 {
        self.sums.last().copied().unwrap_or(0)
    }
}

fn add(sum: &mut u32, weight: u32) -> u32 {
    *sum = sum.saturating_add(weight);
    *sum
}

#[cfg(test)]
mod tests {
    use super::Weights;
    use crate::generator::draw::{FieldGroup, Streams, key};

    #[test]
    fn each_comes_as_often_as_its_weight_says_and_nothing_with_none() {
        let weights = Weights::new([3, 0, 1].into_iter());
        let mut stream = Streams::quick(key("weights", "x", 1), 0).household(FieldGroup::Name);
        let mut counts = [0_u32; 3];
        for _ in 0..40_000 {
            counts[weights.draw(&mut stream)] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((29_500..30_500).contains(&counts[0]), "{counts:?}");
        assert_eq!(Weights::default().draw(&mut stream), 0);
    }
}

//! Sets of households, as bits.

/// Which of the households.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// None of so many.
    pub(super) fn none(of: usize) -> Self {
        Self(vec![0; of.div_ceil(64)])
    }

    pub(super) fn put(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Each of them, in order.
    pub(super) fn each(&self, mut take: impl FnMut(usize)) {
        for (place, word) in self.0.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                take(place * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Those in both.
    pub(super) fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one & other).collect())
    }

    /// Those in either.
    pub(super) fn or(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one | other).collect())
    }

    /// Those that the other lacks.
    pub(super) fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one & !other).collect())
    }

    /// How many are in both, without a set of them.
    pub(super) fn common(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).map(|(one, other)| (one & other).count_ones() as usize).sum()
    }

    /// Of those in all three sets: how many there are, how many of them are in a fourth, and a number that no other such set has.
    pub(super) fn met(&self, second: &Self, within: &Self, failing: &Self) -> (usize, usize, u128) {
        let (mut covered, mut both) = (0, 0);
        let (mut one, mut other) = (0xcbf2_9ce4_8422_2325_u64, 0x9e37_79b9_7f4a_7c15_u64);
        for (((a, b), c), f) in self.0.iter().zip(&second.0).zip(&within.0).zip(&failing.0) {
            let word = a & b & c;
            covered += word.count_ones() as usize;
            both += (word & f).count_ones() as usize;
            one = (one ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29);
            other = (other.rotate_left(23) ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
        }
        (covered, both, u128::from(one) << 64 | u128::from(other))
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<T: IntoIterator<Item = bool>>(all: T) -> Self {
        let mut bits = Self(Vec::new());
        for (at, is_in) in all.into_iter().enumerate() {
            if at % 64 == 0 {
                bits.0.push(0);
            }
            if is_in {
                bits.put(at);
            }
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn sets_do_what_sets_do() {
        let even: Bits = (0..130).map(|n| n % 2 == 0).collect();
        let third: Bits = (0..130).map(|n| n % 3 == 0).collect();
        assert_eq!((even.count(), third.count(), even.and(&third).count(), even.common(&third)), (65, 44, 22, 22));
        assert_eq!((even.or(&third).count(), even.without(&third).count()), (87, 43));
        let all: Bits = (0..130).map(|_| true).collect();
        let (covered, both, name) = even.met(&third, &all, &third);
        assert_eq!((covered, both), (22, 22));
        assert_eq!(name, third.met(&even, &all, &even).2, "the same set, the same number");
        assert_ne!(name, even.met(&all, &all, &all).2);
        assert_eq!(Bits::none(70).count(), 0);
    }
}

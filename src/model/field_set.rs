//! Sets of fields, one bit each, however many fields there are.

use super::Field;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A set of fields.
pub type FieldSet = Bits<WORDS>;

/// Words that hold a bit of every field.
const WORDS: usize = Field::ALL.len().div_ceil(WIDTH);
/// Bits of a word.
const WIDTH: usize = u64::BITS as usize;

/// A set of fields in so many words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bits<const N: usize>([u64; N]);

impl<const N: usize> Default for Bits<N> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<const N: usize> Bits<N> {
    /// No field.
    pub const EMPTY: Self = Self([0; N]);

    fn put(&mut self, bit: usize, is_in: bool) {
        if let Some(word) = self.0.get_mut(bit / WIDTH) {
            let mask = 1 << (bit % WIDTH);
            *word = if is_in { *word | mask } else { *word & !mask };
        }
    }

    fn has(&self, bit: usize) -> bool {
        self.0.get(bit / WIDTH).is_some_and(|word| word & (1 << (bit % WIDTH)) != 0)
    }

    fn count_before(&self, bit: usize) -> usize {
        let whole = self.0.iter().take(bit / WIDTH).map(|word| word.count_ones()).sum::<u32>();
        let part = self.0.get(bit / WIDTH).map_or(0, |word| (word & ((1 << (bit % WIDTH)) - 1)).count_ones());
        (whole + part) as usize
    }

    fn bits(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(at, word)| Ones(word).map(move |bit| at * WIDTH + bit))
    }

    fn zip(self, other: Self, with: impl Fn(u64, u64) -> u64) -> Self {
        let mut words = self.0;
        for (own, other) in words.iter_mut().zip(other.0) {
            *own = with(*own, other);
        }
        Self(words)
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// How many fields are in it.
    pub fn len(self) -> usize {
        self.0.iter().map(|word| word.count_ones()).sum::<u32>() as usize
    }

    /// Fields in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        self.zip(other, |own, other| own | other)
    }

    /// Fields in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        self.zip(other, |own, other| own & other)
    }

    /// Fields in this one and not in the other.
    #[must_use]
    pub fn difference(self, other: Self) -> Self {
        self.zip(other, |own, other| own & !other)
    }
}

impl FieldSet {
    /// Every field.
    pub fn all() -> Self {
        Field::ALL.iter().copied().collect()
    }

    /// Adds a field.
    pub fn insert(&mut self, field: Field) {
        self.put(field as usize, true);
    }

    /// Takes a field out.
    pub fn remove(&mut self, field: Field) {
        self.put(field as usize, false);
    }

    /// Whether the field is in the set.
    pub fn contains(self, field: Field) -> bool {
        self.has(field as usize)
    }

    /// How many fields of the set come before this one in the catalogue.
    pub fn before(self, field: Field) -> usize {
        self.count_before(field as usize)
    }

    /// The fields, in catalogue order.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        self.bits().filter_map(|bit| Field::ALL.get(bit).copied())
    }
}

/// Whether there is no field in a set, as serde asks.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
pub(super) fn is_no_field(fields: &FieldSet) -> bool {
    fields.is_empty()
}

/// The places of the bits that are set in a word, lowest first.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let bit = self.0.trailing_zeros() as usize;
        self.0 &= self.0.wrapping_sub(1);
        (bit < WIDTH).then_some(bit)
    }
}

impl FromIterator<Field> for FieldSet {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        let mut set = Self::EMPTY;
        for field in fields {
            set.insert(field);
        }
        set
    }
}

impl Serialize for FieldSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for FieldSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Field>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Bits, Field, FieldSet};

    #[test]
    fn every_field_fits_the_set() {
        assert!(Field::ALL.iter().all(|field| FieldSet::all().contains(*field)));
        assert_eq!(FieldSet::all().iter().collect::<Vec<_>>(), Field::ALL);
        assert_eq!(FieldSet::all().len(), Field::ALL.len());
        let mut some: FieldSet = [Field::Zip, Field::Aptc].into_iter().collect();
        assert_eq!(some.before(Field::Zip.max(Field::Aptc)), 1);
        some.remove(Field::Zip);
        assert!(some.iter().eq([Field::Aptc]) && !some.contains(Field::Zip));
    }

    #[test]
    fn a_set_of_more_than_sixty_four_is_as_good() {
        let of = |bits: &[usize]| {
            let mut set = Bits::<3>::EMPTY;
            for bit in bits {
                set.put(*bit, true);
            }
            set
        };
        let set = of(&[0, 63, 64, 127, 128, 191, 192]);
        assert!(set.bits().eq([0, 63, 64, 127, 128, 191]), "what is beyond it is not in it");
        assert_eq!((set.len(), set.is_empty(), Bits::<3>::EMPTY.is_empty()), (6, false, true));
        assert_eq!([0, 63, 64, 65, 128, 191].map(|bit| set.count_before(bit)), [0, 1, 2, 3, 4, 5]);
        assert!(set.has(127) && !set.has(126) && !set.has(192));
        let other = of(&[63, 65, 191]);
        assert!(set.intersection(other).bits().eq([63, 191]));
        assert!(set.difference(other).bits().eq([0, 64, 127, 128]));
        assert!(set.union(other).bits().eq([0, 63, 64, 65, 127, 128, 191]));
        let mut less = set;
        less.put(64, false);
        assert!(less.bits().eq([0, 63, 127, 128, 191]));
    }
}

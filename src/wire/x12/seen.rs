//! Control numbers that a file has used, in bounded memory.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Runs of numbers that are remembered. Senders count up, so that a file of any length is a handful of runs.
const RUNS: usize = 32 << 10;

/// The numbers of one kind of header. Beyond [`RUNS`] runs nothing new is remembered: a repeat may then go by unseen, and none is
/// ever reported that is not there, but for two numbers that are no digits and share a 64-bit hash.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// First and last of each run.
    numbers: BTreeMap<u64, u64>,
    /// Hashes of what is no number.
    names: BTreeMap<u64, u64>,
}

impl Seen {
    /// Whether a control number is new; it is known from then on. Leading zeros do not count.
    pub(super) fn is_new(&mut self, control: &str) -> bool {
        match control.parse::<u64>() {
            Ok(number) if number < u64::MAX => insert(&mut self.numbers, number),
            _ => {
                let mut hasher = DefaultHasher::new();
                control.hash(&mut hasher);
                insert(&mut self.names, hasher.finish() >> 1)
            }
        }
    }
}

fn insert(runs: &mut BTreeMap<u64, u64>, number: u64) -> bool {
    let before = runs.range(..=number).next_back().map(|(first, last)| (*first, *last));
    if before.is_some_and(|(_, last)| number <= last) {
        return false;
    }
    let first = before.filter(|(_, last)| last + 1 == number).map_or(number, |(first, _)| first);
    let last = runs.get(&(number + 1)).copied();
    if last.is_none() && first == number && runs.len() >= RUNS {
        return true;
    }
    if last.is_some() {
        runs.remove(&(number + 1));
    }
    runs.insert(first, last.unwrap_or(number));
    true
}

#[cfg(test)]
mod tests {
    use super::{RUNS, Seen};

    #[test]
    fn a_number_is_new_once_whatever_the_order() {
        let mut seen = Seen::default();
        for control in ["5", "000000007", "6", "4", "A1", "0A1"] {
            assert!(seen.is_new(control), "{control}");
        }
        for control in ["5", "7", "6", "0004", "A1"] {
            assert!(!seen.is_new(control), "{control}");
        }
        assert_eq!(seen.numbers.len(), 1);
    }

    #[test]
    fn memory_is_bounded_and_nothing_new_is_called_old() {
        let mut seen = Seen::default();
        for number in 0..100_000_u64 {
            assert!(seen.is_new(&(number * 2).to_string()));
        }
        assert!(seen.numbers.len() <= RUNS);
        assert!(!seen.is_new("0"));
    }
}

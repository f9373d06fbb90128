//! Control numbers that were seen before, in little memory: they mostly follow one another.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

/// More separate ranges than this are not kept: 2 MB.
const RANGES: usize = 1 << 16;

/// Numbers as ranges from first to last.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    ranges: BTreeMap<u64, u64>,
}

impl Seen {
    /// Takes in a control number; whether it was there before. A text that is no number is known by its hash. Past so many
    /// separate ranges new numbers are not remembered, so that a repetition may go unnoticed but none is made up.
    pub(super) fn repeats(&mut self, control: &[u8]) -> bool {
        let number = number(control);
        let before = self.ranges.range(..=number).next_back().map(|(first, last)| (*first, *last));
        match before {
            Some((_, last)) if number <= last => return true,
            Some((first, last)) if number == last + 1 => {
                self.ranges.insert(first, number);
            }
            _ if self.ranges.len() < RANGES => {
                self.ranges.insert(number, number);
            }
            _ => {}
        }
        false
    }

    pub(super) fn clear(&mut self) {
        self.ranges.clear();
    }
}

fn number(control: &[u8]) -> u64 {
    let digits = std::str::from_utf8(control).ok().filter(|text| text.len() <= 18);
    digits.and_then(|text| text.parse().ok()).unwrap_or_else(|| {
        let mut hasher = DefaultHasher::new();
        control.hash(&mut hasher);
        // Beside the numbers, which are below 10^18, and never the last, so that one can be added.
        hasher.finish() >> 1 | 1 << 62
    })
}

/// Senders whose numbers are remembered. When there are more, all are forgotten: a repetition may go unnoticed, none is made up.
const SENDERS: usize = 1 << 10;

/// Control numbers of the files that were looked at before, of each sender: the exchange wants none used again.
#[derive(Debug, Clone, Default)]
pub struct History {
    senders: HashMap<Vec<u8>, Numbers>,
}

/// The numbers of one sender.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    pub(super) interchanges: Seen,
    pub(super) groups: Seen,
    pub(super) sets: Seen,
}

impl History {
    /// The numbers of a sender, as ISA05 and ISA06 name it.
    pub(super) fn of(&mut self, sender: &[u8]) -> &mut Numbers {
        if self.senders.len() >= SENDERS && !self.senders.contains_key(sender) {
            self.senders.clear();
        }
        self.senders.entry(sender.to_vec()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn a_number_is_known_again_whatever_came_between() {
        let mut seen = Seen::default();
        for number in ["7", "8", "5", "6", "000000009", "A1", "B2"] {
            assert!(!seen.repeats(number.as_bytes()), "{number}");
        }
        for number in ["5", "6", "7", "8", "9", "A1", "B2"] {
            assert!(seen.repeats(number.as_bytes()), "{number}");
        }
        assert!(!seen.repeats(b"4") && !seen.repeats(b"10"));
    }

    #[test]
    fn numbers_that_follow_one_another_take_no_room() {
        let mut seen = Seen::default();
        assert!((0..100_000_u32).all(|number| !seen.repeats(number.to_string().as_bytes())));
        assert_eq!(seen.ranges.len(), 1);
    }
}

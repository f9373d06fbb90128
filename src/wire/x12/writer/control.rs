//! Control numbers: issued once, and refused a second time.

use crate::wire::x12::WriteError;
use std::collections::HashSet;

/// ISA13 holds nine digits; GS06 and ST02 can hold them too.
const LARGEST: u32 = 999_999_999;

/// Issues control numbers from a first one on, none twice. Whoever writes several files keeps this value between them, or
/// begins again after [`next_number`](Self::next_number): the numbers may never repeat, in any file, on any date (CMS companion guide v7.2 p. 10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlNumbers {
    next: u32,
}

impl ControlNumbers {
    /// Numbers from `first` on; zero is no control number and counts as one.
    pub fn starting_at(first: u32) -> Self {
        Self { next: first.max(1) }
    }

    /// A number that this value has not issued before. Fails after 999,999,999.
    pub fn issue(&mut self) -> Result<u32, WriteError> {
        if self.next > LARGEST {
            return Err(WriteError::NumbersExhausted);
        }
        self.next += 1;
        Ok(self.next - 1)
    }

    /// The number that would be issued next.
    pub fn next_number(&self) -> u32 {
        self.next
    }
}

/// Numbers that a file has used for one element.
#[derive(Debug)]
pub(super) struct Used {
    element: &'static str,
    numbers: HashSet<u32>,
}

impl Used {
    pub(super) fn of(element: &'static str) -> Self {
        Self { element, numbers: HashSet::new() }
    }

    /// Notes a number; fails where it was used before, is zero, or has more than nine digits.
    pub(super) fn take(&mut self, number: u32) -> Result<(), WriteError> {
        let element = self.element;
        if number == 0 || number > LARGEST {
            return Err(WriteError::ControlNumber { element, number });
        }
        if self.numbers.insert(number) { Ok(()) } else { Err(WriteError::Repeated { element, number }) }
    }
}

#[cfg(test)]
mod tests {
    use super::{ControlNumbers, Used};
    use crate::wire::x12::WriteError;

    #[test]
    fn no_number_is_issued_twice_and_none_after_the_last() {
        let mut numbers = ControlNumbers::starting_at(999_999_998);
        assert_eq!(numbers.issue(), Ok(999_999_998));
        assert_eq!(numbers.issue(), Ok(999_999_999));
        assert_eq!(numbers.issue(), Err(WriteError::NumbersExhausted));
        assert_eq!(ControlNumbers::starting_at(0).issue(), Ok(1));
    }

    #[test]
    fn a_number_is_refused_the_second_time() {
        let mut used = Used::of("ST02");
        assert_eq!(used.take(7), Ok(()));
        assert_eq!(used.take(7), Err(WriteError::Repeated { element: "ST02", number: 7 }));
        assert!(used.take(0).is_err() && used.take(1_000_000_000).is_err());
    }
}

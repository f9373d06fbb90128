//! What single segments say: telephone numbers, ZIP codes, SSNs, days.

use super::super::values::digits;

/// One digit and nothing else, several times.
pub(super) fn is_one_digit(value: &[u8]) -> bool {
    value.len() > 2 && value.windows(2).all(|pair| pair.first() == pair.last()) && value.iter().all(u8::is_ascii_digit)
}

/// Ten digits that are not all the same.
pub(super) fn is_telephone(value: &[u8]) -> bool {
    value.len() == 10 && value.iter().all(u8::is_ascii_digit) && !is_one_digit(value)
}

/// Five or nine digits that are not all the same.
pub(super) fn is_zip(value: &[u8]) -> bool {
    matches!(value.len(), 5 | 9) && value.iter().all(u8::is_ascii_digit) && !is_one_digit(value)
}

/// Nine digits that are not all the same.
pub(super) fn is_ssn(value: &[u8]) -> bool {
    value.len() == 9 && value.iter().all(u8::is_ascii_digit) && !is_one_digit(value)
}

/// A day as a number whose order is the calendar's; `None` where it is none.
pub(super) fn day(value: &[u8]) -> Option<u32> {
    digits(value).filter(|_| value.len() == 8)
}

/// Whole years between two days.
pub(super) fn age(birth: u32, today: u32) -> u32 {
    today.saturating_sub(birth) / 10_000
}

#[cfg(test)]
mod tests {
    use super::super::super::values::day_before;
    use super::{age, is_one_digit, is_ssn, is_telephone, is_zip};

    #[test]
    fn the_day_before_crosses_months_and_years() {
        let pairs = [
            (20_140_101, 20_131_231),
            (20_240_301, 20_240_229),
            (20_230_301, 20_230_228),
            (20_230_501, 20_230_430),
            (20_230_801, 20_230_731),
            (20_230_815, 20_230_814),
        ];
        assert!(pairs.iter().all(|(day, before)| day_before(*day) == *before));
        assert_eq!((age(20_000_229, 20_180_228), age(20_000_229, 20_180_301)), (17, 18));
    }

    #[test]
    fn dummies_are_told() {
        assert!(is_one_digit(b"999999999") && !is_one_digit(b"666123456"));
        assert!(is_telephone(b"8045550101") && !is_telephone(b"5555555555") && !is_telephone(b"804-555-0101"));
        assert!(is_zip(b"23220") && is_zip(b"232201234") && !is_zip(b"99999") && !is_zip(b"2322"));
        assert!(is_ssn(b"666451234") && !is_ssn(b"000000000"));
    }
}

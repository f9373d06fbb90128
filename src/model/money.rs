//! Money in whole cents; no floating point touches an amount.

use super::digits::push_digits;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// An amount of US money in cents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub i64);

impl Cents {
    /// Reads dollars with up to two decimals, as 834 files and JSON write them: `6`, `568.8`, `0.00`, `-12.50`,
    /// `$1,234.50`. `None` where the text is no amount, or has a fraction of a cent that is not zero.
    pub fn parse_dollars(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let digits = digits.strip_prefix('$').unwrap_or(digits);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut cents: i64 = 0;
        for byte in whole.bytes().filter(|b| *b != b',') {
            cents = cents.checked_mul(10)?.checked_add(i64::from(digit(byte)?))?;
        }
        let mut fraction = fraction.bytes();
        for _ in 0..2 {
            let next = fraction.next().map_or(Some(0), digit)?;
            cents = cents.checked_mul(10)?.checked_add(i64::from(next))?;
        }
        if fraction.any(|byte| byte != b'0') {
            return None;
        }
        Some(Self(if negative { -cents } else { cents }))
    }
}

fn digit(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

impl fmt::Display for Cents {
    /// Dollars with two decimals and no sign but minus: `250.58`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = CompactString::const_new(if self.0 < 0 { "-" } else { "" });
        let cents = self.0.unsigned_abs();
        push_digits(&mut text, cents / 100, 1);
        text.push('.');
        push_digits(&mut text, cents % 100, 2);
        f.write_str(&text)
    }
}

impl Add for Cents {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Cents {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::Cents;

    #[test]
    fn reads_the_amounts_that_real_files_hold() {
        for (text, cents) in [
            ("6", 600),
            ("5.", 500),
            (".5", 50),
            ("568.8", 56_880),
            ("0.00", 0),
            ("1,234.50", 123_450),
            ("$7.1", 710),
            ("-3.05", -305),
            ("12.3400", 1_234),
        ] {
            assert_eq!(Cents::parse_dollars(text), Some(Cents(cents)), "{text}");
        }
        for text in ["", "-", ".", "1.005", "12a", "1.2.3", "99999999999999999999"] {
            assert_eq!(Cents::parse_dollars(text), None, "{text}");
        }
        for (cents, text) in [(-5, "-0.05"), (25_058, "250.58"), (0, "0.00"), (i64::MIN, "-92233720368547758.08")] {
            assert_eq!(Cents(cents).to_string(), text);
        }
    }
}

//! Agents who help households, none of whom exists.

use serde::{Deserialize, Serialize};

/// A National Producer Number (NAIC) that was never given: ten digits, the first two 99. Numbers are given one after the other and have
/// eight digits by now. No other number can be held.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SyntheticNpn(String);

impl SyntheticNpn {
    /// Accepts ten digits that begin with 99.
    pub fn new(digits: &str) -> Option<Self> {
        let is_free = digits.len() == 10 && digits.starts_with("99") && digits.bytes().all(|b| b.is_ascii_digit());
        is_free.then(|| Self(digits.to_owned()))
    }

    /// The ten digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SyntheticNpn {
    type Error = &'static str;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        Self::new(&digits).ok_or("not a never-given National Producer Number")
    }
}

impl From<SyntheticNpn> for String {
    fn from(npn: SyntheticNpn) -> Self {
        npn.0
    }
}

/// Who helps a household to enroll; one helps many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Name, which is plainly nobody's.
    pub name: String,
    /// By what exchanges and issuers know an agent.
    pub npn: SyntheticNpn,
}

impl Agent {
    /// So many there are.
    pub const COUNT: u32 = 40;

    /// The agent of a number, counted from 0; beyond the last it begins anew.
    pub fn of_number(number: u32) -> Self {
        let number = number % Self::COUNT;
        // no neighbours, so that one is not taken for another whose number lost or gained a little
        let digits = format!("99{:08}", u64::from(number + 1) * SPREAD % 100_000_000);
        Self { name: format!("Test Agent {}", number + 1), npn: SyntheticNpn(digits) }
    }

    /// Another agent than this one.
    #[must_use]
    pub fn next(&self) -> Self {
        let number = (0..Self::COUNT).find(|number| Self::of_number(*number) == *self);
        Self::of_number(number.map_or(0, |number| number + 1))
    }
}

/// 10^8 divided by the golden ratio: multiples of it lie far apart.
const SPREAD: u64 = 61_803_399;

#[cfg(test)]
mod tests {
    use super::{Agent, SyntheticNpn};
    use std::collections::BTreeSet;

    #[test]
    fn only_never_given_numbers_can_be_held() {
        assert!(SyntheticNpn::new("9900000001").is_some());
        for bad in ["17654321", "9800000001", "99000000011", "990000000", "99-0000001"] {
            assert!(SyntheticNpn::new(bad).is_none(), "{bad}");
        }
        assert!(serde_json::from_str::<SyntheticNpn>("\"17654321\"").is_err());
    }

    #[test]
    fn agents_differ_and_the_last_is_followed_by_the_first() {
        let all: Vec<Agent> = (0..Agent::COUNT).map(Agent::of_number).collect();
        let numbers: BTreeSet<&str> = all.iter().map(|agent| agent.npn.as_str()).collect();
        assert_eq!(numbers.len(), all.len());
        assert!(numbers.iter().all(|npn| SyntheticNpn::new(npn).is_some()));
        for (agent, next) in all.iter().zip(all.iter().cycle().skip(1)) {
            assert_eq!(agent.next(), *next);
        }
    }
}

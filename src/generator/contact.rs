//! Telephones, mailboxes and Social Security numbers that can be nobody's.

use super::draw::{FieldGroup, Streams};
use crate::model::{SsnPolicy, SyntheticSsn};
use std::fmt::Write;

/// Domains that RFC 2606 reserves.
const DOMAINS: &[&str] = &["example.com", "example.net", "example.org"];
/// ISO 639-2, with weights.
const LANGUAGES: &[(u32, &str)] = &[(84, "eng"), (11, "spa"), (2, "vie"), (2, "kor"), (1, "tgl")];

const PREFIX: &str = "john.doe.";
/// Bytes of a scenario's key in its mailboxes.
const KEY_BYTES: usize = 5;

/// Whether a mailbox is one that a household of some scenario has; nobody else's looks so. Letter case does not count.
pub fn is_of_a_probe(mailbox: &str) -> bool {
    let mailbox = mailbox.trim().to_ascii_lowercase();
    let Some((name, domain)) = mailbox.strip_prefix(PREFIX).and_then(|rest| rest.split_once('@')) else { return false };
    let mut parts = name.split('.');
    let is_key =
        parts.next().is_some_and(|key| key.len() == 2 * KEY_BYTES && key.bytes().all(|b| b.is_ascii_hexdigit()));
    let numbers: Vec<_> = parts.collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    is_key && (1..=2).contains(&numbers.len()) && numbers.iter().all(is_number) && DOMAINS.contains(&domain)
}

/// Mailboxes of one scenario and seed.
#[derive(Debug, Clone)]
pub(super) struct Mailboxes {
    prefix: String,
}

impl Mailboxes {
    /// `key`: of the scenario's streams; five bytes of it tell scenarios and seeds apart.
    pub(super) fn new(key: [u8; 32]) -> Self {
        let mut prefix = PREFIX.to_owned();
        for byte in key.iter().take(KEY_BYTES) {
            // writing to a text cannot fail
            let _ = write!(prefix, "{byte:02x}");
        }
        Self { prefix }
    }

    /// The household contact's mailbox: nobody else of any scenario has it, so it marks the household.
    pub(super) fn marker(&self, index: u32) -> String {
        format!("{}.{index}@example.org", self.prefix)
    }

    /// Another adult's mailbox: four of ten have one.
    pub(super) fn of_member(&self, index: u32, place: usize, streams: &Streams) -> Option<String> {
        let mut stream = streams.person(FieldGroup::Mailbox, place);
        let domain = stream.word(DOMAINS);
        stream.percent(40).then(|| format!("{}.{index}.{}@{domain}", self.prefix, place + 1))
    }
}

/// A telephone in the block 555-0100 to 555-0199, which is kept for fiction.
pub(super) fn phone(area_code: &str, place: usize, streams: &Streams) -> String {
    let line = streams.person(FieldGroup::Contact, place).below(100);
    format!("{area_code}55501{line:02}")
}

/// The household contact's language.
pub(super) fn language(streams: &Streams) -> &'static str {
    streams.household(FieldGroup::Language).weighted(LANGUAGES, "eng")
}

/// Never-issued Social Security numbers of one scenario and seed. Area 9xx and group 40 to 49 or 66 to 69 were never
/// issued and are no ITIN, ATIN or IRSN (SSA POMS RM 10201.035; IRS ranges of tax ids).
#[derive(Debug, Clone, Copy)]
pub(super) struct SsnBook {
    policy: SsnPolicy,
    start: u64,
}

/// Groups that are neither issued nor tax ids.
const GROUPS: [u64; 14] = [40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 66, 67, 68, 69];
/// Areas 900 to 999.
const AREAS: u64 = 100;
/// Serials 0001 to 9999.
const SERIALS: u64 = 9_999;
const NUMBERS: u64 = AREAS * GROUPS.len() as u64 * SERIALS;
/// Has no divisor in common with the count of numbers, so that stepping by it meets each of them once.
const STEP: u64 = 7_368_787;
/// Numbers kept for each household.
const EACH: u64 = 10;

impl SsnBook {
    /// `key`: of the scenario's streams; it says where the sequence starts.
    pub(super) fn new(policy: SsnPolicy, key: [u8; 32]) -> Self {
        let start = key.iter().skip(8).take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        Self { policy, start: start % NUMBERS }
    }

    /// Somebody's number, where the population has them; the same number comes again after 1.3 million households only,
    /// because one number on two people is a finding.
    pub(super) fn number(self, index: u32, place: usize) -> Option<SyntheticSsn> {
        if self.policy == SsnPolicy::None {
            return None;
        }
        let turn = u64::from(index) * EACH + place as u64;
        let number = (self.start + turn % NUMBERS * STEP) % NUMBERS;
        let (area, group) = (900 + number / SERIALS / GROUPS.len() as u64, number / SERIALS % GROUPS.len() as u64);
        let group = GROUPS.get(usize::try_from(group).ok()?)?;
        SyntheticSsn::new(&format!("{area:03}{group:02}{:04}", number % SERIALS + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::{EACH, Mailboxes, NUMBERS, STEP, SsnBook, is_of_a_probe};
    use crate::model::SsnPolicy;
    use std::collections::BTreeSet;

    #[test]
    fn mailboxes_of_probes_are_known_and_no_others() {
        let marker = Mailboxes::new([0xa7; 32]).marker(12);
        assert!(is_of_a_probe(&marker) && is_of_a_probe(&marker.to_uppercase()), "{marker}");
        assert!(is_of_a_probe("john.doe.a7a7a7a7a7.12.3@example.net"));
        for other in ["", "john.doe@example.org", "john.doe.a7a7a7a7a7@example.org", "john.doe.a7a7a7a7a7.12@gmail.com"]
        {
            assert!(!is_of_a_probe(other), "{other}");
        }
    }

    #[test]
    fn no_number_comes_twice_among_all_there_are() {
        let (mut a, mut b) = (NUMBERS, STEP);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        assert_eq!(a, 1, "the step must have no divisor in common with the count");
        let book = SsnBook::new(SsnPolicy::NeverIssued, [7; 32]);
        let numbers: BTreeSet<_> = (0..20_000)
            .flat_map(|index| (0..EACH).map(move |place| (index, place)))
            .map(|(index, place)| book.number(index, usize::try_from(place).unwrap()).unwrap().as_str().to_owned())
            .collect();
        assert_eq!(numbers.len(), 200_000);
    }
}

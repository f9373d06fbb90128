//! Telephones, mailboxes and Social Security numbers that can be nobody's.

use super::draw::{FieldGroup, Streams};
use crate::model::{MARKER_DOMAINS, Marked, Marks, SsnPolicy, SyntheticSsn};

/// ISO 639-2, with weights.
const LANGUAGES: &[(u32, &str)] = &[(84, "eng"), (11, "spa"), (2, "vie"), (2, "kor"), (1, "tgl")];

/// Bytes of a scenario's key in its mailboxes.
const KEY_BYTES: usize = 5;

/// Whether a mailbox is one that a household of some scenario has; nobody else's looks so. Letter case does not count.
pub fn is_of_a_probe(mailbox: &str) -> bool {
    Marked::of(mailbox).is_some()
}

/// Marks of one scenario and seed, by the key of its streams: five bytes of it tell scenarios and seeds apart.
pub(super) fn marks(key: [u8; 32]) -> Marks {
    Marks::new(std::array::from_fn::<u8, KEY_BYTES, _>(|at| key.get(at).copied().unwrap_or_default()))
}

/// Another adult's mailbox: four of ten have one.
pub(super) fn mailbox_of_member(marks: &Marks, index: u32, place: usize, streams: &Streams) -> Option<String> {
    let mut stream = streams.person(FieldGroup::Mailbox, place);
    let domain = stream.word(&MARKER_DOMAINS);
    stream.percent(40).then(|| marks.member(index, place + 1, domain))
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
        if self.policy == SsnPolicy::None { None } else { self.any_number(index, place) }
    }

    /// The same, whatever the population has.
    pub(super) fn any_number(self, index: u32, place: usize) -> Option<SyntheticSsn> {
        let turn = u64::from(index) * EACH + place as u64;
        let number = (self.start + turn % NUMBERS * STEP) % NUMBERS;
        let (area, group) = (900 + number / SERIALS / GROUPS.len() as u64, number / SERIALS % GROUPS.len() as u64);
        let group = GROUPS.get(usize::try_from(group).ok()?)?;
        SyntheticSsn::new(&format!("{area:03}{group:02}{:04}", number % SERIALS + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::{EACH, NUMBERS, STEP, SsnBook};
    use crate::model::SsnPolicy;
    use std::collections::BTreeSet;

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

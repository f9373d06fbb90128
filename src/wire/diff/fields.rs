//! What of a member is compared, and by what a member is known.

use crate::wire::outline::{Field, Item};
use foldhash::quality::FixedState;
use std::hash::{BuildHasher, Hasher};

/// Amounts, of which `831` and `831.00` are the same.
const AMOUNTS: &[&str] = &[
    "premium",
    "premium_total",
    "aptc",
    "csr_amount",
    "total_responsibility",
    "employer_responsibility",
    "other_payment",
    "amount",
    "amount_premium",
    "amount_coinsurance",
    "amount_copayment",
    "amount_deductible",
    "amount_expected_expenditure",
    "amount_other",
    "amount_spend_down",
    "wage",
];

/// A value as it is compared: of an amount what does not count is taken off.
pub(super) fn canonical<'a>(field: &Field<'a>) -> &'a [u8] {
    if !field.value.contains(&b'.') || !AMOUNTS.contains(&field.name) {
        return field.value;
    }
    let zeros = field.value.iter().rev().take_while(|byte| **byte == b'0').count();
    let rest = field.value.get(..field.value.len() - zeros).unwrap_or_default();
    rest.strip_suffix(b".").unwrap_or(rest)
}

pub(super) fn is_ignored(name: &str, ignored: &[String]) -> bool {
    ignored.iter().any(|other| other == name)
}

/// Makes the two numbers of a member. They are the same in every process.
#[derive(Debug)]
pub(super) struct Prints<'a> {
    ignored: &'a [String],
    state: FixedState,
    capitals: Vec<u8>,
}

/// What can tell who a member is, as far as it is there.
#[derive(Debug, Default)]
struct Who<'a> {
    policy: &'a [u8],
    member: &'a [u8],
    subscriber: &'a [u8],
    coverage: &'a [u8],
    last: &'a [u8],
    first: &'a [u8],
    born: &'a [u8],
}

impl<'a> Who<'a> {
    /// Of several fields of a name the first counts.
    fn note(&mut self, field: &Field<'a>) {
        let place = match field.name {
            "policy_id" => &mut self.policy,
            "member_id" => &mut self.member,
            "subscriber_id" => &mut self.subscriber,
            "coverage" => &mut self.coverage,
            "last_name" => &mut self.last,
            "first_name" => &mut self.first,
            "birth_date" => &mut self.born,
            _ => return,
        };
        if place.is_empty() {
            *place = field.value;
        }
    }
}

impl<'a> Prints<'a> {
    pub(super) fn new(ignored: &'a [String]) -> Self {
        Self { ignored, state: FixedState::default(), capitals: Vec::new() }
    }

    /// A number for whoever the member is, and one for everything that is compared of it; the order of its fields does not
    /// matter.
    pub(super) fn of(&mut self, item: &Item) -> (u64, u64) {
        let (mut who, mut all) = (Who::default(), 0_u64);
        for field in item.fields() {
            who.note(&field);
            if !is_ignored(field.name, self.ignored) {
                let mut hasher = self.state.build_hasher();
                part(&mut hasher, field.name.as_bytes());
                hasher.write(canonical(&field));
                all = all.wrapping_add(hasher.finish());
            }
        }
        (self.key(&who), all)
    }

    /// Policy and member id; without a policy id subscriber and member id with the coverage line; without a member id name, birth
    /// date and subscriber. Letter case does not count.
    fn key(&mut self, who: &Who<'_>) -> u64 {
        let parts: &[&[u8]] = match (who.policy.is_empty(), who.member.is_empty()) {
            (false, false) => &[who.policy, who.member],
            (true, false) => &[who.subscriber, who.member, who.coverage],
            (_, true) => &[who.subscriber, who.last, who.first, who.born, who.coverage],
        };
        let mut hasher = self.state.build_hasher();
        hasher.write_usize(parts.len());
        for value in parts {
            self.capitals.clear();
            self.capitals.extend_from_slice(value);
            self.capitals.make_ascii_uppercase();
            part(&mut hasher, &self.capitals);
        }
        hasher.finish()
    }
}

/// A text with its length, so that what follows it cannot be taken for a part of it.
fn part(hasher: &mut impl Hasher, text: &[u8]) {
    hasher.write_usize(text.len());
    hasher.write(text);
}

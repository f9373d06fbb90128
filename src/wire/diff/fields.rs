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

/// What a set says of all its members: who pays, who insures, who brokers.
pub(super) const PARTIES: &[&str] = &[
    "master_policy",
    "sponsor",
    "sponsor_id",
    "payer",
    "payer_id",
    "broker",
    "broker_id",
    "broker_account",
    "administrator",
    "administrator_id",
];

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
    /// Of several policies or lines of coverage the least counts, in whatever order they come; of other names the first.
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
        let is_of_coverage = field.coverage > 0 && *place > field.value;
        if place.is_empty() || is_of_coverage {
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
        let mut line = Line::default();
        for field in item.fields() {
            who.note(&field);
            all = all.wrapping_add(self.of_field(&field, line.of(&field)));
        }
        (self.key(&who), all)
    }

    /// A number for what a set says of all its members.
    pub(super) fn of_parties(&self, set: &Item) -> u64 {
        let fields = set.fields().filter(|field| PARTIES.contains(&field.name));
        fields.fold(0, |all, field| all.wrapping_add(self.of_field(&field, b"")))
    }

    #[inline]
    fn of_field(&self, field: &Field<'_>, line: &[u8]) -> u64 {
        if is_ignored(field.name, self.ignored) {
            return 0;
        }
        let mut hasher = self.state.build_hasher();
        part(&mut hasher, field.name.as_bytes());
        if !line.is_empty() {
            part(&mut hasher, line);
        }
        hasher.write(canonical(field));
        hasher.finish()
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

/// Follows the line of coverage (HD03) that fields tell of.
#[derive(Debug, Default)]
pub(super) struct Line<'a> {
    coverage: u8,
    line: &'a [u8],
}

impl<'a> Line<'a> {
    /// The line that a field tells of, the fields before it having been asked for; empty where it tells of none.
    #[inline]
    pub(super) fn of(&mut self, field: &Field<'a>) -> &'a [u8] {
        if field.coverage != self.coverage {
            self.coverage = field.coverage;
            self.line = if field.name == "coverage" && field.coverage > 0 { field.value } else { b"" };
        }
        self.line
    }
}

/// A text with its length, so that what follows it cannot be taken for a part of it.
fn part(hasher: &mut impl Hasher, text: &[u8]) {
    hasher.write_usize(text.len());
    hasher.write(text);
}

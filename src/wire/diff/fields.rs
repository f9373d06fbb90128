//! What of a member is compared, and by what a member is known.

use crate::wire::outline::{Field, Item};
use foldhash::quality::FixedState;
use std::hash::{BuildHasher, Hasher};

/// Amounts, of which `831` and `831.00` are the same.
pub(super) const AMOUNTS: &[&str] = &[
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

/// What is the subscriber's own where the sponsor is: it differs from set to set.
pub(super) const OWN_PARTIES: &[&str] = &["sponsor", "sponsor_id", "broker", "broker_id", "broker_account"];

/// What a set says of all its members and is nobody's own.
pub(super) fn of_header(set: &Item) -> impl Fn(&str) -> bool + use<> {
    let has_own = set.has_own_sponsor;
    move |name| PARTIES.contains(&name) && !(has_own && OWN_PARTIES.contains(&name))
}

/// Whether the member is the one to whom a set's own sponsor belongs.
pub(super) fn is_sponsor(item: &Item) -> bool {
    item.text("is_subscriber") == b"Y"
}

pub(super) fn is_ignored(name: &str, ignored: &[String]) -> bool {
    ignored.iter().any(|other| other == name)
}

/// Makes the two numbers of a member. They are the same in every process.
#[derive(Debug)]
pub(super) struct Prints<'a> {
    ignored: &'a [String],
    /// Which of them a member or a set has shown.
    shown: Vec<bool>,
    state: FixedState,
    capitals: Vec<u8>,
}

/// What can tell who a member is, as far as it is there.
#[derive(Debug, Default)]
struct Who<'a> {
    is_federal: bool,
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
    fn note(&mut self, field: &Field<'a>, ignored: &[String]) {
        let place = match field.name {
            "policy_id" => &mut self.policy,
            "member_id" => &mut self.member,
            "subscriber_id" => &mut self.subscriber,
            "coverage" => &mut self.coverage,
            // What is not compared makes nobody another person.
            "last_name" | "first_name" | "birth_date" if is_ignored(field.name, ignored) => return,
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
        Self { ignored, shown: vec![false; ignored.len()], state: FixedState::default(), capitals: Vec::new() }
    }

    /// Of the names to ignore those that a member or a set has shown.
    pub(super) fn shown(&self) -> impl Iterator<Item = &'a str> {
        let names = self.ignored.iter().zip(&self.shown);
        names.filter(|(_, shown)| **shown).map(|(name, _)| name.as_str())
    }

    /// Who the member is, and a number for everything that is compared of it; the order of its fields and of its loops does not
    /// matter, and what a loop says counts in that loop only. `set` is what stands before the members.
    pub(super) fn of(&mut self, item: &Item, set: &Item) -> (Known, u64) {
        let mut who = Who { is_federal: item.is_federal, ..Who::default() };
        let mut sums = Sums::default();
        for field in item.fields() {
            who.note(&field, self.ignored);
            sums.enter(&field, &self.state);
            sums.add(self.of_field(&field));
        }
        let mut all = sums.finish(&self.state);
        if set.has_own_sponsor && is_sponsor(item) {
            let own = set.fields().filter(|field| OWN_PARTIES.contains(&field.name));
            all = own.fold(all, |all, field| all.wrapping_add(self.of_field(&field)));
        }
        (Known { key: self.key(&who), person: self.person(&who) }, all)
    }

    /// A number for what a set says of all its members and is nobody's own; 0 where it says nothing.
    pub(super) fn of_header(&mut self, set: &Item) -> u64 {
        let is_of_header = of_header(set);
        let fields = set.fields().filter(|field| is_of_header(field.name));
        fields.fold(0, |all, field| all.wrapping_add(self.of_field(&field)))
    }

    #[inline]
    fn of_field(&mut self, field: &Field<'_>) -> u64 {
        let mut ignored = self.ignored.iter().zip(&mut self.shown);
        if let Some((_, shown)) = ignored.find(|(name, _)| *name == field.name) {
            *shown = true;
            return 0;
        }
        let mut hasher = self.state.build_hasher();
        part(&mut hasher, field.name.as_bytes());
        hasher.write(canonical(field));
        hasher.finish()
    }

    /// Of the exchange policy and member id, without a policy id subscriber and member id with the coverage line. Elsewhere these
    /// may be a group's number and a branch's, which all share: there, and without a member id, it is subscriber, name and birth
    /// date, as long as a name is told. Letter case does not count.
    fn key(&mut self, who: &Who<'_>) -> u64 {
        let is_named = !(who.last.is_empty() && who.first.is_empty());
        let by_name = who.member.is_empty() || (!who.is_federal && is_named);
        match (by_name, who.policy.is_empty()) {
            (true, _) => self.capitals(&[who.subscriber, who.last, who.first, who.born, who.coverage]),
            (false, false) => self.capitals(&[who.policy, who.member]),
            (false, true) => self.capitals(&[who.subscriber, who.member, who.coverage]),
        }
    }

    /// A number for name and birth date.
    fn person(&mut self, who: &Who<'_>) -> u32 {
        let number = self.capitals(&[who.last, who.first, who.born]);
        u32::try_from(number >> 32).unwrap_or_default()
    }

    fn capitals(&mut self, parts: &[&[u8]]) -> u64 {
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

/// Who a member is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Known {
    /// A number for the ids.
    pub(super) key: u64,
    /// A number for name and birth date: two who share ids and are not the same person are two.
    pub(super) person: u32,
}

/// Sums up a member loop by loop, so that what changes its loop changes the sum.
#[derive(Debug, Default)]
struct Sums {
    /// The coverage and the part that are open.
    coverage: u8,
    part: u16,
    of_member: u64,
    of_coverage: u64,
    of_part: u64,
}

impl Sums {
    /// Goes to the loop that a field stands in.
    #[inline]
    fn enter(&mut self, field: &Field<'_>, state: &FixedState) {
        if field.part != self.part || field.coverage != self.coverage {
            self.leave_part(state);
        }
        if field.coverage != self.coverage {
            self.leave_coverage(state);
        }
        (self.coverage, self.part) = (field.coverage, field.part);
    }

    #[inline]
    fn add(&mut self, number: u64) {
        let open = match (self.part, self.coverage) {
            (1.., _) => &mut self.of_part,
            (0, 1..) => &mut self.of_coverage,
            (0, 0) => &mut self.of_member,
        };
        *open = open.wrapping_add(number);
    }

    fn leave_part(&mut self, state: &FixedState) {
        let part = std::mem::take(&mut self.of_part);
        // A loop of which nothing is compared is none.
        if part != 0 {
            let around = if self.coverage > 0 { &mut self.of_coverage } else { &mut self.of_member };
            *around = around.wrapping_add(state.hash_one(part));
        }
        self.part = 0;
    }

    fn leave_coverage(&mut self, state: &FixedState) {
        let coverage = std::mem::take(&mut self.of_coverage);
        if coverage != 0 {
            self.of_member = self.of_member.wrapping_add(state.hash_one(!coverage));
        }
    }

    fn finish(mut self, state: &FixedState) -> u64 {
        self.leave_part(state);
        self.leave_coverage(state);
        self.of_member
    }
}

/// A text with its length, so that what follows it cannot be taken for a part of it.
fn part(hasher: &mut impl Hasher, text: &[u8]) {
    hasher.write_usize(text.len());
    hasher.write(text);
}

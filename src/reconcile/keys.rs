//! By what a record can be recognised, borrowed from wherever it stands and hashed without copying.

use super::spelling::skeleton;
use crate::model::{Facts, Field, GroupRecord, Value};
use chrono::{Datelike, NaiveDate};

/// What a feed can ask the roster with before it keeps anything of a record. Leave empty what the record does not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys<'a> {
    /// The exchange's id of the group (834: REF*1L).
    pub policy_id: Option<&'a str>,
    /// The exchange's id of the subscriber (834: REF*0F).
    pub subscriber_id: Option<&'a str>,
    /// The application's id.
    pub application_id: Option<&'a str>,
    /// The exchange's ids of the members (834: REF*17 at member level).
    pub member_ids: Vec<&'a str>,
    /// Mailboxes.
    pub emails: Vec<&'a str>,
    /// Social Security numbers, digits or with hyphens.
    pub ssns: Vec<&'a str>,
    /// Last name, first name, birth date.
    pub people: Vec<(&'a str, &'a str, NaiveDate)>,
    /// The plan, with or without its variant: corroborates a name.
    pub plan_id: Option<&'a str>,
    /// ZIP codes of residence: decide between probes that a name fits.
    pub zips: Vec<&'a str>,
    /// First street lines of residence: corroborate a name.
    pub streets: Vec<&'a str>,
    /// Telephones: corroborate a name.
    pub phones: Vec<&'a str>,
}

impl<'a> Keys<'a> {
    /// The keys that a whole record shows.
    pub fn of_record(record: &'a GroupRecord) -> Self {
        Self::of(&record.facts, &record.members)
    }

    /// The keys of group facts and members.
    pub fn of(group: &'a Facts, members: &'a [Facts]) -> Self {
        let mut keys = Keys {
            policy_id: group.text(Field::PolicyId),
            subscriber_id: group.text(Field::SubscriberId),
            application_id: group.text(Field::ApplicationId),
            plan_id: group.text(Field::PlanId),
            member_ids: Vec::with_capacity(members.len()),
            people: Vec::with_capacity(members.len()),
            ..Keys::default()
        };
        for member in members.iter().map(OfMember::of) {
            keys.member_ids.extend(member.id);
            keys.emails.extend(member.email);
            keys.ssns.extend(member.ssn);
            keys.people.extend(member.person);
            keys.zips.extend(member.zip);
            keys.streets.extend(member.street);
            keys.phones.extend(member.phone);
        }
        keys
    }

    /// Ids that the exchange assigned.
    pub(super) fn exchange_ids(&self) -> impl Iterator<Item = u64> + '_ {
        let policy = self.policy_id.into_iter().map(|id| hash_id(Kind::Policy, id));
        let subscriber = self.subscriber_id.into_iter().map(|id| hash_id(Kind::Subscriber, id));
        policy.chain(subscriber).chain(self.member_ids.iter().map(|id| hash_id(Kind::Member, id)))
    }
}

/// What one member can be recognised by.
#[derive(Debug, Default)]
pub(super) struct OfMember<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) email: Option<&'a str>,
    pub(super) ssn: Option<&'a str>,
    pub(super) zip: Option<&'a str>,
    pub(super) street: Option<&'a str>,
    pub(super) phone: Option<&'a str>,
    /// Last name, first name, birth date.
    pub(super) person: Option<(&'a str, &'a str, NaiveDate)>,
}

impl<'a> OfMember<'a> {
    pub(super) fn of(member: &'a Facts) -> Self {
        let last = member.text(Field::NameLast);
        let first = member.text(Field::NameFirst).unwrap_or_default();
        let born = match member.value(Field::BirthDate) {
            Some(Value::Date(born)) => Some(*born),
            _ => None,
        };
        Self {
            id: member.text(Field::MemberId),
            email: member.text(Field::Email),
            ssn: member.text(Field::Ssn),
            zip: member.text(Field::Zip),
            street: member.text(Field::Street1),
            phone: member.text(Field::Phone),
            person: last.zip(born).map(|(last, born)| (last, first, born)),
        }
    }
}

/// Ids that the exchange assigned, as group facts and members show them.
pub(super) fn exchange_ids_of<'a>(group: &'a Facts, members: &'a [Facts]) -> impl Iterator<Item = u64> + 'a {
    let own = [(Kind::Policy, Field::PolicyId), (Kind::Subscriber, Field::SubscriberId)];
    let own = own.into_iter().filter_map(|(kind, field)| Some(hash_id(kind, group.text(field)?)));
    own.chain(members.iter().filter_map(|member| Some(hash_id(Kind::Member, member.text(Field::MemberId)?))))
}

/// What a hash is of, so that equal texts of different kinds do not meet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Policy = 1,
    Subscriber,
    Member,
    Application,
    Email,
    Ssn,
    Person,
    Plan,
    Zip,
    Street,
    Phone,
    AnyId,
}

/// A 64-bit hash with a fixed key: the same in every process. Two keys of a million probes meet by chance once in a
/// million runs.
#[derive(Debug, Clone, Copy)]
struct Hash(u64);

impl Hash {
    fn new(kind: Kind) -> Self {
        Self((kind as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn word(self, word: u64) -> Self {
        let product = u128::from(self.0 ^ word ^ 0xa076_1d64_78bd_642f) * u128::from(word ^ 0xe703_7ed1_a0b4_28db);
        #[expect(clippy::cast_possible_truncation, reason = "both halves are folded into one")]
        let folded = (product as u64) ^ ((product >> 64) as u64);
        Self(folded.rotate_left(23).wrapping_add(self.0))
    }

    /// Bytes eight at a time, then how many there were.
    fn bytes(mut self, bytes: impl Iterator<Item = u8>) -> Self {
        let (mut word, mut filled) = (0_u64, 0_u64);
        for byte in bytes {
            word |= u64::from(byte) << (filled % 8 * 8);
            filled += 1;
            if filled % 8 == 0 {
                self = self.word(word);
                word = 0;
            }
        }
        self.word(word).word(filled)
    }

    /// The bytes of a whole text in capitals, read eight at a time where they stand.
    fn capitals(mut self, text: &[u8]) -> Self {
        let (words, rest) = text.as_chunks::<8>();
        for word in words {
            self = self.word(capital_letters(u64::from_le_bytes(*word)));
        }
        let tail = rest.iter().rev().fold(0, |tail, byte| tail << 8 | u64::from(*byte));
        self.word(capital_letters(tail)).word(text.len() as u64)
    }
}

/// Eight bytes, `a` to `z` among them as capitals: all at once, because every id, mailbox and name goes through here.
fn capital_letters(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = word & (0x7f * EACH);
    let from_a = low + (0x80 - u64::from(b'a')) * EACH;
    let beyond_z = low + (0x7f - u64::from(b'z')) * EACH;
    let letters = (from_a ^ beyond_z) & !word & (0x80 * EACH);
    word ^ (letters >> 2)
}

/// Case and surrounding blanks do not count; a leading zero does.
pub(super) fn hash_id(kind: Kind, id: &str) -> u64 {
    Hash::new(kind).capitals(id.trim().as_bytes()).0
}

/// Digits only.
pub(super) fn hash_digits(kind: Kind, digits: &str) -> u64 {
    Hash::new(kind).bytes(digits.bytes().filter(u8::is_ascii_digit)).0
}

/// Letters of the name as far as X12 keeps the shorter of its two elements, without case, accents and punctuation; and the
/// birth date.
pub(super) fn hash_person(last: &str, first: &str, born: NaiveDate) -> u64 {
    const KEPT: usize = 24;
    let letters = |name: &str, hash: Hash| {
        if name.len() <= KEPT && name.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return hash.capitals(name.as_bytes());
        }
        if name.is_ascii() {
            let kept = name.bytes().filter(u8::is_ascii_alphanumeric).take(KEPT);
            return hash.bytes(kept.map(|b| b.to_ascii_uppercase()));
        }
        let kept: String = skeleton(name).take(KEPT).collect();
        hash.bytes(kept.bytes())
    };
    let day = u64::from(born.num_days_from_ce().unsigned_abs());
    letters(first, letters(last, Hash::new(Kind::Person).word(day))).0
}

/// The plan's first 14 letters and digits.
pub(super) fn hash_plan(plan: &str) -> u64 {
    let kept = plan.bytes().filter(u8::is_ascii_alphanumeric).take(14);
    Hash::new(Kind::Plan).bytes(kept.map(|b| b.to_ascii_uppercase())).0
}

/// The ZIP code's first five digits.
pub(super) fn hash_zip(zip: &str) -> u64 {
    Hash::new(Kind::Zip).bytes(zip.bytes().filter(u8::is_ascii_digit).take(5)).0
}

/// The street's letters and digits.
pub(super) fn hash_street(street: &str) -> u64 {
    Hash::new(Kind::Street).bytes(skeleton(street).collect::<String>().bytes()).0
}

/// The telephone's last ten digits.
pub(super) fn hash_phone(phone: &str) -> u64 {
    let digits = phone.bytes().filter(u8::is_ascii_digit);
    Hash::new(Kind::Phone).bytes(digits.clone().skip(digits.count().saturating_sub(10))).0
}

/// One of a probe's own corroborating facts.
pub(super) fn hash_own(probe: u32, fact: u64) -> u64 {
    Hash(fact).word(u64::from(probe) + 1).0
}

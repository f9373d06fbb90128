//! What of a member is compared, and by what a member is known.

use crate::wire::outline::{Field, Item};
use std::hash::{DefaultHasher, Hash, Hasher};

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
];

/// A value as it is compared: of an amount what does not count is taken off.
pub(super) fn canonical<'a>(field: &Field<'a>) -> &'a [u8] {
    if !AMOUNTS.contains(&field.name) || !field.value.contains(&b'.') {
        return field.value;
    }
    let zeros = field.value.iter().rev().take_while(|byte| **byte == b'0').count();
    let rest = field.value.get(..field.value.len() - zeros).unwrap_or_default();
    rest.strip_suffix(b".").unwrap_or(rest)
}

/// A number for everything that is compared of a member; the order of its fields does not matter.
pub(super) fn print(item: &Item, ignored: &[String]) -> u64 {
    let wanted = item.fields().filter(|field| !is_ignored(field.name, ignored));
    wanted.fold(0, |all, field| {
        let mut hasher = DefaultHasher::new();
        field.name.hash(&mut hasher);
        canonical(&field).hash(&mut hasher);
        all.wrapping_add(hasher.finish())
    })
}

pub(super) fn is_ignored(name: &str, ignored: &[String]) -> bool {
    ignored.iter().any(|other| other == name)
}

/// A number for whoever the member is: policy and member id; without a policy id subscriber and member id with the coverage line;
/// without a member id name, birth date and subscriber.
pub(super) fn key(item: &Item) -> u64 {
    let mut hasher = DefaultHasher::new();
    let (policy, member) = (item.text("policy_id"), item.text("member_id"));
    let parts: &[&str] = match (policy.is_empty(), member.is_empty()) {
        (false, false) => &["policy_id", "member_id"],
        (true, false) => &["subscriber_id", "member_id", "coverage"],
        (_, true) => &["subscriber_id", "last_name", "first_name", "birth_date", "coverage"],
    };
    parts.hash(&mut hasher);
    for part in parts {
        item.text(part).to_ascii_uppercase().hash(&mut hasher);
    }
    hasher.finish()
}

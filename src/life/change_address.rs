//! A move within the ZIP code.

use super::happening::Happening;
use super::policies::Policies;
use crate::model::{Address, Field, Household, TransactionReason};

pub(super) static HAPPENING: Happening = Happening {
    words: |_| "the change of address",
    fields: |_| [Field::Street1, Field::Phone].into_iter().collect(),
    said_as: |_| &["address", "address.street_1", "street_1", "phone"],
    reason: Some(TransactionReason::ResidenceChange),
    unsettles: &[],
    policies: Policies::GoOn,
    leaves: None,
    applies: |_, _| true,
    apply: |household, _, before| moved(household, before),
};

/// It moves: another house number for everybody who lives at its residence, another telephone number for
/// the subscriber who has one. County, rating area, plan and premium stay as they are, so that nothing else has to change
/// with it. `before`: how often it had moved already.
fn moved(household: &mut Household, before: usize) {
    next_door(&mut household.address);
    if let Some(subscriber) = household.people.iter_mut().find(|person| person.applying) {
        if let Some(own) = &mut subscriber.address {
            next_door(own);
        }
        subscriber.phone = subscriber.phone.as_deref().map(|phone| other_line(phone, before));
    }
}

/// Another house number with as many digits; a street that has none gets one.
fn next_door(address: &mut Address) {
    let street = &address.street_1;
    let begin = street.find(|c: char| c.is_ascii_digit());
    let Some(begin) = begin else {
        address.street_1 = format!("1 {street}");
        return;
    };
    let rest = street.get(begin..).unwrap_or_default();
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let last = begin + length - 1;
    let other = match street.as_bytes().get(last) {
        Some(b'9') => '1',
        Some(digit) => char::from(digit + 1),
        None => return,
    };
    address.street_1.replace_range(last..=last, other.encode_utf8(&mut [0; 4]));
}

/// Another of the hundred numbers that are nobody's (555-0100 to 555-0199), and not the one before.
fn other_line(phone: &str, before: usize) -> String {
    let on = if before == 0 { 50 } else { 7 };
    let (kept, line) = phone.split_at_checked(phone.len().saturating_sub(2)).unwrap_or((phone, ""));
    match line.parse::<u8>() {
        Ok(number) => format!("{kept}{:02}", (number + on) % 100),
        Err(_) => phone.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{next_door, other_line};
    use crate::model::Address;

    #[test]
    fn whoever_moves_has_another_number_as_long_as_the_one_before() {
        let moved = |street: &str| {
            let mut address = Address {
                street_1: street.to_owned(),
                street_2: Some("Apt 4".to_owned()),
                city: "RICHMOND".to_owned(),
                state: "VA".to_owned(),
                zip: "23220".to_owned(),
                county: "51760".to_owned(),
            };
            next_door(&mut address);
            assert_eq!(address.street_2.as_deref(), Some("Apt 4"));
            address.street_1
        };
        assert_eq!(moved("120 Sample Street"), "121 Sample Street");
        assert_eq!(moved("9 Sample Street"), "1 Sample Street");
        assert_eq!(moved("1099B Sample Street 7"), "1091B Sample Street 7");
        assert_eq!(moved("PO Box 17"), "PO Box 18");
        assert_eq!(moved("Rural Route"), "1 Rural Route");
        assert_eq!(other_line("8045550149", 0), "8045550199");
        assert_eq!(other_line("8045550171", 0), "8045550121");
        assert_eq!(other_line("8045550121", 1), "8045550128");
    }
}

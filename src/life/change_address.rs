//! A move: within the ZIP code, to another county of the state, or of the mail alone to a post-office box.

use super::happening::Happening;
use super::policies::Policies;
use crate::model::{Address, Change, Destination, Field, Household, TransactionReason};

/// What it costs depends on the rating area (45 CFR 147.102(b)), and only the exchange says how.
const DECIDED_ANEW: &[Field] = &[
    Field::RatingArea,
    Field::PremiumTotal,
    Field::Premium,
    Field::Aptc,
    Field::TotalResponsibility,
    Field::CsrVariant,
    Field::CsrAmount,
];

pub(super) static HAPPENING: Happening = Happening {
    words: |change| match change.to {
        Some(Destination::County) => "the move to another county",
        Some(Destination::PoBox) => "the change of mail to a post-office box",
        _ => "the change of address",
    },
    fields: |change| fields(change).iter().copied().collect(),
    said_as: |change| match change.to {
        Some(Destination::County) => &["address", "address.county", "address.zip", "county", "zip"],
        Some(Destination::PoBox) => &["mailing", "mailing.street_1"],
        _ => &["address", "address.street_1", "street_1", "phone"],
    },
    reason: Some(TransactionReason::ResidenceChange),
    unsettles: |change| if change.to == Some(Destination::County) { DECIDED_ANEW } else { &[] },
    policies: Policies::GoOn,
    leaves: None,
    applies: |household, change| change.to != Some(Destination::County) || household.moves_to.is_some(),
    apply: |household, change, before| match change.to {
        Some(Destination::County) => to_other_county(household),
        Some(Destination::PoBox) => to_box(household, before),
        _ => moved(household, before),
    },
};

/// What it may change: the rating area is the exchange's to tell.
fn fields(change: Change) -> &'static [Field] {
    match change.to {
        Some(Destination::County) => &[Field::Street1, Field::City, Field::Zip, Field::County, Field::RatingArea],
        Some(Destination::PoBox) => &[Field::MailStreet1, Field::MailCity, Field::MailState, Field::MailZip],
        _ => &[Field::Street1, Field::Phone],
    }
}

/// Everybody who lives at its residence moves to the place that was drawn for it, and the next time back. Whoever lives elsewhere stays
/// there; the subscriber moves in any case.
fn to_other_county(household: &mut Household) {
    let Some(next) = &mut household.moves_to else { return };
    std::mem::swap(&mut household.address, &mut next.address);
    std::mem::swap(&mut household.rating_area, &mut next.rating_area);
    if let Some(subscriber) = household.people.iter_mut().find(|person| person.applying) {
        subscriber.address = None;
    }
}

/// The first number of a box that no post office has, and how many there are; edge case `po_box` takes them, too.
const FIRST_BOX: usize = 990_000;
const BOXES: usize = 9_999;

/// Mail goes to a box in the town in which it lives, and to another one the next time.
fn to_box(household: &mut Household, before: usize) {
    let line = |turn: usize| {
        let number = FIRST_BOX + (household.index.0 as usize * 7 + turn * 13) % BOXES;
        format!("PO Box {number}")
    };
    let now = household.mailing.as_ref().map(|mailing| mailing.street_1.clone());
    let taken = |line: &String| now.as_ref() != Some(line);
    let street_1 = [before, before + 1].into_iter().map(line).find(taken).unwrap_or_default();
    household.mailing = Some(Address { street_1, street_2: None, ..household.address.clone() });
}

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
    use super::{next_door, other_line, to_box, to_other_county};
    use crate::life::sample::{at, household};
    use crate::model::Address;

    #[test]
    fn whoever_moves_to_another_county_moves_back_the_next_time() {
        let before = household("2014-01-01");
        let mut life = before.clone();
        to_other_county(&mut life);
        assert_eq!((life.address.county.as_str(), life.rating_area.as_str()), ("51059", "R-VA010"));
        to_other_county(&mut life);
        assert_eq!(life, before);
    }

    #[test]
    fn mail_goes_to_a_box_in_the_same_town_and_to_another_one_the_next_time() {
        let mut life = household("2014-01-01");
        to_box(&mut life, 0);
        // 990,000 and three times seven
        assert_eq!(life.mailing, Some(at("PO Box 990021", "51760")));
        assert_eq!(life.address, household("2014-01-01").address);
        to_box(&mut life, 1);
        assert_eq!(life.mailing, Some(at("PO Box 990034", "51760")));
        // where it has that one already
        to_box(&mut life, 1);
        assert_eq!(life.mailing, Some(at("PO Box 990047", "51760")));
    }

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

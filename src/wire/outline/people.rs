//! What an 834 says of people: names, addresses, contacts, demographics, each under the name of its loop.

use super::item::Item;
use crate::wire::guide::{Codes, codes};
use crate::wire::x12::{Delimiters, Segment};

/// Names of persons' fields, which differ by loop.
struct Names {
    last: &'static str,
    first: &'static str,
    middle: &'static str,
    prefix: &'static str,
    suffix: &'static str,
    ssn: &'static str,
    other_id: &'static str,
    street: &'static str,
    street_2: &'static str,
    city: &'static str,
    state: &'static str,
    zip: &'static str,
    country: &'static str,
    county: &'static str,
    location: &'static str,
    subdivision: &'static str,
    contact: &'static str,
    /// PER03 with the field of PER04.
    reached: [(&'static [u8], &'static str); 9],
    reached_otherwise: &'static str,
    birth_date: &'static str,
    sex: &'static str,
    marital_status: &'static str,
    race: &'static str,
    citizenship: &'static str,
    /// The field that tells which of several people of a loop this is, and what it can say.
    role: &'static str,
    roles: Codes,
}

macro_rules! names {
    ($prefix:literal, $roles:expr) => {
        Names {
            last: concat!($prefix, "last_name"),
            first: concat!($prefix, "first_name"),
            middle: concat!($prefix, "middle_name"),
            prefix: concat!($prefix, "name_prefix"),
            suffix: concat!($prefix, "name_suffix"),
            ssn: concat!($prefix, "ssn"),
            other_id: concat!($prefix, "other_id"),
            street: concat!($prefix, "street"),
            street_2: concat!($prefix, "street_2"),
            city: concat!($prefix, "city"),
            state: concat!($prefix, "state"),
            zip: concat!($prefix, "zip"),
            country: concat!($prefix, "country"),
            county: concat!($prefix, "county"),
            location: concat!($prefix, "location"),
            subdivision: concat!($prefix, "country_subdivision"),
            contact: concat!($prefix, "contact"),
            reached: [
                (b"TE", concat!($prefix, "phone")),
                (b"EM", concat!($prefix, "email")),
                (b"AP", concat!($prefix, "other_phone")),
                (b"HP", concat!($prefix, "home_phone")),
                (b"WP", concat!($prefix, "work_phone")),
                (b"CP", concat!($prefix, "cell_phone")),
                (b"BN", concat!($prefix, "beeper")),
                (b"FX", concat!($prefix, "fax")),
                (b"EX", concat!($prefix, "phone_extension")),
            ],
            reached_otherwise: concat!($prefix, "reached_by"),
            birth_date: concat!($prefix, "birth_date"),
            sex: concat!($prefix, "sex"),
            marital_status: concat!($prefix, "marital_status"),
            race: concat!($prefix, "race"),
            citizenship: concat!($prefix, "citizenship"),
            role: concat!($prefix, "role"),
            roles: $roles,
        }
    };
}

static OWN: Names = names!("", &[("74", "corrected insured")]);
static WRONG: Names = names!("incorrect_", &[]);
static MAIL: Names = names!("mail_", &[]);
static EMPLOYER: Names = names!("employer_", &[]);
static SCHOOL: Names = names!("school_", &[]);
static PARENT: Names = names!("custodial_parent_", &[]);
static RESPONSIBLE: Names = names!("responsible_person_", codes::RESPONSIBLE);
static DROP_OFF: Names = names!("drop_off_", &[]);
static PROVIDER: Names = names!("provider_", codes::PROVIDER);
static INSURER: Names = names!("other_insurer_", codes::OTHER_INSURER);

fn names(in_loop: &str) -> &'static Names {
    match in_loop {
        "2100B" => &WRONG,
        "2100C" => &MAIL,
        "2100D" => &EMPLOYER,
        "2100E" => &SCHOOL,
        "2100F" => &PARENT,
        "2100G" => &RESPONSIBLE,
        "2100H" => &DROP_OFF,
        "2310" => &PROVIDER,
        "2330" => &INSURER,
        _ => &OWN,
    }
}

pub(super) fn name(item: &mut Item, segment: Segment<'_>, in_loop: &str) {
    let [_, role, _, last, first, middle, prefix, suffix, qualifier, id, relation] = segment.elements();
    let names = names(in_loop);
    if names.roles.iter().any(|(known, _)| known.as_bytes() == role) {
        item.add_code(names.role, role, names.roles);
    }
    item.add(names.last, last);
    item.add(names.first, first);
    item.add(names.middle, middle);
    item.add(names.prefix, prefix);
    item.add(names.suffix, suffix);
    match qualifier {
        b"34" => item.add(names.ssn, id),
        _ => item.add(names.other_id, id),
    }
    item.add_code("provider_relation", relation, codes::PROVIDER_RELATION);
}

pub(super) fn street(item: &mut Item, segment: Segment<'_>, in_loop: &str) {
    let [_, street, street_2] = segment.elements();
    item.add(names(in_loop).street, street);
    item.add(names(in_loop).street_2, street_2);
}

pub(super) fn place(item: &mut Item, segment: Segment<'_>, in_loop: &str) {
    let [_, city, state, zip, country, kind, location, subdivision] = segment.elements();
    let names = names(in_loop);
    item.add(names.city, city);
    item.add(names.state, state);
    item.add(names.zip, zip);
    item.add(names.country, country);
    match kind {
        b"CY" | b"" => item.add(names.county, location),
        _ => item.add_with(names.location, kind, location),
    }
    item.add(names.subdivision, subdivision);
}

pub(super) fn contact(item: &mut Item, segment: Segment<'_>, in_loop: &str) {
    let names = names(in_loop);
    item.add(names.contact, segment.element(2));
    let mut elements = segment.split().skip(3);
    while let (Some(kind), Some(value)) = (elements.next(), elements.next()) {
        match names.reached.iter().find(|(known, _)| *known == kind) {
            Some((_, name)) => item.add(name, value),
            None => item.add_with(names.reached_otherwise, kind, value),
        }
    }
}

pub(super) fn demographics(item: &mut Item, segment: Segment<'_>, in_loop: &str, delimiters: Delimiters) {
    let [_, _, birth, sex, marital, races, citizenship, _, _, _, _, collected] = segment.elements();
    let names = names(in_loop);
    item.add(names.birth_date, birth);
    item.add_code(names.sex, sex, codes::SEX);
    item.add_code(names.marital_status, marital, codes::MARITAL_STATUS);
    for race in races.split(|byte| Some(*byte) == delimiters.repetition).filter(|race| !race.is_empty()) {
        let mut parts = delimiters.components(race);
        item.add_code(names.race, parts.next().unwrap_or_default(), codes::RACE);
        item.add_code(names.race, parts.nth(1).unwrap_or_default(), codes::RACE_OR_ETHNICITY);
    }
    item.add_code(names.citizenship, citizenship, codes::CITIZENSHIP);
    item.add("race_collected_by", collected);
}

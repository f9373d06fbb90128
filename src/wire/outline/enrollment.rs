//! The fields of an 834: which element of which segment, in which loop, has which name.

use super::item::Item;
use crate::wire::guide::codes;
use crate::wire::x12::{Delimiters, Segment};

/// Names of persons' fields, which differ by loop.
struct Names {
    last: &'static str,
    first: &'static str,
    middle: &'static str,
    suffix: &'static str,
    id: &'static str,
    street: &'static str,
    street_2: &'static str,
    city: &'static str,
    state: &'static str,
    zip: &'static str,
}

macro_rules! names {
    ($prefix:literal) => {
        Names {
            last: concat!($prefix, "last_name"),
            first: concat!($prefix, "first_name"),
            middle: concat!($prefix, "middle_name"),
            suffix: concat!($prefix, "name_suffix"),
            id: concat!($prefix, "ssn"),
            street: concat!($prefix, "street"),
            street_2: concat!($prefix, "street_2"),
            city: concat!($prefix, "city"),
            state: concat!($prefix, "state"),
            zip: concat!($prefix, "zip"),
        }
    };
}

static OWN: Names = names!("");
static WRONG: Names = names!("incorrect_");
static MAIL: Names = names!("mail_");
static EMPLOYER: Names = names!("employer_");
static SCHOOL: Names = names!("school_");
static PARENT: Names = names!("custodial_parent_");
static RESPONSIBLE: Names = names!("responsible_person_");
static DROP_OFF: Names = names!("drop_off_");
static PROVIDER: Names = names!("provider_");
static INSURER: Names = names!("other_insurer_");

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

/// Takes in a segment before the first member.
pub(super) fn header(item: &mut Item, segment: Segment<'_>) {
    match segment.id() {
        b"BGN" => {
            let [_, purpose, reference, date, time, zone, original, _, action] = segment.elements();
            item.add_code("purpose", purpose, codes::PURPOSE);
            item.add("reference", reference);
            item.add("created_on", date);
            item.add("created_at", time);
            item.add_code("time_zone", zone, codes::TIME_ZONE);
            item.add("original_reference", original);
            item.add_code("action", action, codes::ACTION);
        }
        b"REF" => item.add("master_policy", segment.element(2)),
        b"DTP" => {
            let [_, qualifier, _, value] = segment.elements();
            let name = match qualifier {
                b"007" => "effective_on",
                b"090" => "report_begins",
                b"091" => "report_ends",
                b"303" => "maintenance_effective_on",
                _ => "file_date",
            };
            item.add(name, value);
        }
        b"QTY" => {
            let [_, qualifier, value] = segment.elements();
            let name = match qualifier {
                b"TO" => "total_members",
                b"DT" => "total_dependents",
                _ => "total_employees",
            };
            item.add(name, value);
        }
        b"N1" => {
            let [_, entity, name, _, id] = segment.elements();
            let (name_of, id_of) = match entity {
                b"P5" => ("sponsor", "sponsor_id"),
                b"IN" => ("payer", "payer_id"),
                _ => ("broker", "broker_id"),
            };
            item.add(name_of, name);
            item.add(id_of, id);
        }
        _ => {}
    }
}

/// A reporting category while it is read: its name comes before its value.
#[derive(Debug, Default)]
pub(super) struct Category {
    name: Vec<u8>,
}

/// Takes in a segment of a member.
#[inline]
pub(super) fn member(
    item: &mut Item,
    category: &mut Category,
    segment: Segment<'_>,
    in_loop: &'static str,
    delimiters: Delimiters,
) {
    match segment.id() {
        b"INS" => insured(item, segment),
        b"REF" => reference(item, category, segment, in_loop),
        b"DTP" => date(item, segment, in_loop),
        b"NM1" => name(item, segment, names(in_loop)),
        b"N1" => {
            category.name.clear();
            category.name.extend_from_slice(segment.element(2));
        }
        b"PER" => contact(item, segment, in_loop),
        b"N3" => {
            let [_, street, street_2] = segment.elements();
            item.add(names(in_loop).street, street);
            item.add(names(in_loop).street_2, street_2);
        }
        b"N4" => place(item, segment, names(in_loop)),
        b"DMG" => demographics(item, segment, in_loop, delimiters),
        b"HLH" => item.add_code("tobacco", segment.element(1), codes::HEALTH),
        b"LUI" => {
            let [_, _, language, in_words, usage] = segment.elements();
            item.add("language", if language.is_empty() { in_words } else { language });
            item.add_code("language_use", usage, codes::LANGUAGE_USE);
        }
        b"HD" => coverage(item, segment),
        b"AMT" => {
            let [_, qualifier, amount] = segment.elements();
            item.add(if qualifier == b"P3" { "amount_premium" } else { "amount" }, amount);
        }
        b"COB" => {
            let [_, order, policy] = segment.elements();
            item.add_code("other_insurance", order, codes::PAYER_ORDER);
            item.add("other_insurance_policy", policy);
        }
        _ => {}
    }
}

fn insured(item: &mut Item, segment: Segment<'_>) {
    let [
        _,
        is_subscriber,
        relationship,
        maintenance,
        reason,
        status,
        _,
        cobra,
        employment,
        student,
        handicap,
        _,
        death,
    ] = segment.elements();
    item.add_code("is_subscriber", is_subscriber, codes::YES_NO);
    item.add_code("relationship", relationship, codes::RELATIONSHIP);
    item.add_code("maintenance_type", maintenance, codes::MAINTENANCE);
    item.add_code("maintenance_reason", reason, codes::REASON);
    item.add_code("benefit_status", status, codes::BENEFIT_STATUS);
    item.add_code("cobra_event", cobra, codes::COBRA_EVENT);
    item.add_code("employment_status", employment, codes::EMPLOYMENT);
    item.add_code("student_status", student, codes::STUDENT);
    item.add_code("handicapped", handicap, codes::YES_NO);
    item.add("died_on", death);
}

fn reference(item: &mut Item, category: &Category, segment: Segment<'_>, in_loop: &str) {
    let [_, qualifier, value] = segment.elements();
    let name = match (in_loop, qualifier) {
        ("2750", _) => return value_of(item, category, value),
        ("2000", b"0F") => "subscriber_id",
        ("2000", b"17") => "member_id",
        (_, b"1L") => "policy_id",
        ("2000", b"6O") => "payment_transaction_id",
        ("2000", b"ZZ") => "issuer_subscriber_id",
        ("2000", b"23") => "issuer_member_id",
        ("2000", b"Q4") => "old_issuer_subscriber_id",
        ("2000", b"ABB") => "old_issuer_member_id",
        ("2000", b"3H") => "case_number",
        ("2300", b"CE") => "plan_id",
        ("2300", b"X9") => "issuer_policy_id",
        ("2300", b"XM") => "old_issuer_policy_id",
        ("2320", _) => "other_insurance_reference",
        ("2300", _) => "coverage_reference",
        _ => "reference",
    };
    item.add(name, value);
}

fn value_of(item: &mut Item, category: &Category, value: &[u8]) {
    let name = match category.name.as_slice() {
        b"PRE AMT 1" => "premium",
        b"PRE AMT TOT" => "premium_total",
        b"APTC AMT" => "aptc",
        b"CSR AMT" => "csr_amount",
        b"TOT RES AMT" => "total_responsibility",
        b"TOT EMP RES AMT" => "employer_responsibility",
        b"OTH PAY AMT 1" => "other_payment",
        b"RATING AREA" => "rating_area",
        b"SOURCE EXCHANGE ID" => "exchange",
        b"ADDL MAINT REASON" => "additional_reason",
        b"SEP REASON" => "special_enrollment_reason",
        b"APPLICATION ID AND ORIGIN" => "application_id",
        b"REQUEST SUBMIT TIMESTAMP" => "submitted_at",
        other => return item.add_category(other, value),
    };
    item.add(name, value);
}

impl Item {
    /// A category that has no name of its own here: both in one value.
    fn add_category(&mut self, name: &[u8], value: &[u8]) {
        self.add("category", &[name, b": ", value].concat());
    }
}

fn date(item: &mut Item, segment: Segment<'_>, in_loop: &str) {
    let [_, qualifier, _, value] = segment.elements();
    let name = match (in_loop, qualifier) {
        // Dates of single categories mostly repeat the begin of coverage; `x12 inspect` has no use for them.
        ("2750", _) => return,
        (_, b"356") => "eligibility_begin",
        (_, b"357") => "eligibility_end",
        (_, b"303") => "maintenance_effective_on",
        (_, b"348") => "benefit_begin",
        (_, b"349") => "benefit_end",
        (_, b"543") => "last_premium_paid",
        (_, b"300") => "signed_on",
        (_, b"336") => "employment_begin",
        (_, b"337") => "employment_end",
        (_, b"344") => "other_insurance_begin",
        (_, b"345") => "other_insurance_end",
        _ => "date",
    };
    item.add(name, value);
}

fn name(item: &mut Item, segment: Segment<'_>, names: &Names) {
    let [_, _, _, last, first, middle, _, suffix, qualifier, id] = segment.elements();
    item.add(names.last, last);
    item.add(names.first, first);
    item.add(names.middle, middle);
    item.add(names.suffix, suffix);
    match qualifier {
        b"34" => item.add(names.id, id),
        _ => item.add("other_id", id),
    }
}

fn contact(item: &mut Item, segment: Segment<'_>, in_loop: &str) {
    let is_own = in_loop == "2100A";
    let mut elements = segment.split().skip(3);
    while let (Some(kind), Some(value)) = (elements.next(), elements.next()) {
        let name = match (is_own, kind) {
            (true, b"TE") => "phone",
            (true, b"EM") => "email",
            (true, _) => "other_phone",
            (false, b"EM") => "contact_email",
            (false, _) => "contact_phone",
        };
        item.add(name, value);
    }
}

fn place(item: &mut Item, segment: Segment<'_>, names: &Names) {
    let [_, city, state, zip, abroad, _, county] = segment.elements();
    item.add(names.city, city);
    item.add(names.state, state);
    item.add(names.zip, zip);
    item.add("country", abroad);
    item.add("county", county);
}

fn demographics(item: &mut Item, segment: Segment<'_>, in_loop: &str, delimiters: Delimiters) {
    let [_, _, birth, sex, marital, races, citizenship] = segment.elements();
    if in_loop == "2100B" {
        item.add("incorrect_birth_date", birth);
        return item.add_code("incorrect_sex", sex, codes::SEX);
    }
    item.add("birth_date", birth);
    item.add_code("sex", sex, codes::SEX);
    item.add_code("marital_status", marital, codes::MARITAL_STATUS);
    for race in races.split(|byte| Some(*byte) == delimiters.repetition).filter(|race| !race.is_empty()) {
        item.add("race", delimiters.components(race).filter(|part| !part.is_empty()).last().unwrap_or_default());
    }
    item.add_code("citizenship", citizenship, codes::CITIZENSHIP);
}

fn coverage(item: &mut Item, segment: Segment<'_>) {
    let [_, maintenance, _, line, description, level] = segment.elements();
    item.add_code("coverage_maintenance", maintenance, codes::COVERAGE_MAINTENANCE);
    item.add_code("coverage", line, codes::INSURANCE_LINE);
    item.add("coverage_description", description);
    item.add_code("coverage_level", level, codes::COVERAGE_LEVEL);
}
